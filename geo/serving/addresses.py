"""Tell where a request comes from and under which name it asks, and refuse those that must not pass."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.serving.answers import refuse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
"""Always answered to: a page of another site can point its own name at this machine, but not one of these."""

FORWARDED: Final = frozenset(
    {
        "forwarded",
        "via",
        "x-client-ip",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
        "x-original-host",
        "x-real-ip",
    }
)
"""Headers by which a proxy says that it passes on what somebody else asked."""


def is_loopback(host: str | None) -> bool:
    """Whether an address or a host name means this machine and cannot be reached from another one."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def allowed_hosts(environment: str | None, *further: str) -> list[str]:
    """Host names to answer to: those of ``GEO_ALLOWED_HOSTS`` (``None`` when it is not set), ``further``, our own."""
    named = [host.strip() for host in (environment or "").split(",") if host.strip()]
    return list(dict.fromkeys([*named, *further, *LOCAL_HOSTS]))


@dataclass(frozen=True)
class Proxies:
    """Machines whose word about where a request comes from is taken."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def from_text(cls, text: str) -> Proxies:
        """Addresses and networks, separated by commas. Raises ``ValueError`` naming the first that is none."""
        return cls(tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def __contains__(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.networks)

    def client(self, peer: str | None, forwarded_for: Sequence[str]) -> str:
        """Where a request begins: the last address in the chain that is no proxy of ours.

        ``peer`` is who connects, ``forwarded_for`` the lines of the header ``X-Forwarded-For``, of which everything
        that a stranger wrote lies left of what our proxies added.
        """
        at = peer or "?"
        for host in reversed([part.strip() for line in forwarded_for for part in line.split(",")]):
            if at not in self:
                break
            at = host
        return at[:45]  # no address is longer


@dataclass(frozen=True)
class Passage:
    """How requests reach this server.

    ``alone``: without sign-in, for this machine only. ``hosts`` as Starlette takes them. ``origin`` is where the
    browsers of a deployment find it, such as ``https://peta.example.go.id``.
    """

    alone: bool
    hosts: Sequence[str]
    proxies: Proxies = field(default_factory=Proxies)
    origin: str | None = None

    def client(self, scope: Scope) -> str:
        """Where a request comes from."""
        peer = scope.get("client")
        return self.proxies.client(peer[0] if peer else None, Headers(scope=scope).getlist("x-forwarded-for"))


class Passages:
    """Let pass what comes from where it may come.

    Without sign-in that is this machine itself, asking without anybody between: a proxy in front would hand the
    rights of the local administrator to everybody whom it serves. With sign-in, a proxy has to be named: what an
    unnamed one says about the sender would be believed by the server below us.
    """

    def __init__(self, app: ASGIApp, passage: Callable[[], Passage]) -> None:
        self.app = app
        self.passage = passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        passage = self.passage()
        passed_on = not FORWARDED.isdisjoint(name.lower() for name in Headers(scope=scope))
        if passage.alone:
            ends = [scope.get("client"), scope.get("server")]
            if passed_on or not all(end and is_loopback(end[0]) for end in ends):
                await refuse(
                    scope,
                    receive,
                    send,
                    403,
                    "Peladen ini belum memakai masuk, jadi hanya menjawab mesinnya sendiri. "
                    "This server has no sign-in and answers its own machine only: set up sign-in (README).",
                )
                return
        elif passed_on and not passage.proxies.networks:
            await refuse(
                scope,
                receive,
                send,
                400,
                "Proksi ini tidak dikenal. This proxy is unknown: an administrator names it in GEO_TRUSTED_PROXIES.",
            )
            return
        await self.app(scope, receive, send)


class KnownHosts:
    """Answer to the server's own names only, so that no page of another site can point its name at this machine."""

    def __init__(self, app: ASGIApp, passage: Callable[[], Passage]) -> None:
        self.app = app
        self.passage = passage
        self._known: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if self._known is None:  # with the first request, because the settings are read after the layers are laid
            self._known = TrustedHostMiddleware(self.app, allowed_hosts=self.passage().hosts, www_redirect=False)
        await self._known(scope, receive, send)


class OwnOrigins:
    """Open websockets for our own pages only.

    A browser always says which page asks; a request that does not say it comes from no browser, and nothing else needs
    one. The framework below would also take pages of other ports of this machine.
    """

    def __init__(self, app: ASGIApp, passage: Callable[[], Passage]) -> None:
        self.app = app
        self.passage = passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self._is_own(Headers(scope=scope)):
            await refuse(scope, receive, send, 403, "Asal halaman tidak dikenal. Unknown origin.")
            return
        await self.app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        origins = headers.getlist("origin")
        if len(origins) != 1:
            return False
        if origins[0] == self.passage().origin:
            return True
        parts = urlsplit(origins[0])
        return parts.scheme in {"http", "https"} and parts.netloc == headers.get("host")


class HiddenPaths:
    """Answer 404 at addresses that tell strangers about the server, or let programs drive it; nothing needs them."""

    def __init__(self, app: ASGIApp, paths: Iterable[str]) -> None:
        self.app = app
        self.paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(
            scope["path"].rstrip("/") == path or scope["path"].startswith(f"{path}/") for path in self.paths
        ):
            await refuse(scope, receive, send, 404, "Tidak ditemukan. Not found.")
            return
        await self.app(scope, receive, send)
