"""Hand out files and take uploads only from and for those who may: the addresses alone are no key."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access import Viewer
from geo.serving.answers import NOT_FOUND, refuse

Rule = Callable[[str, Viewer | None], bool]
"""Whether a viewer (``None``: nobody who may come in) may have what lies at the rest of an address."""

Identify = Callable[[Mapping[str, str]], Awaitable[Viewer | None]]
"""Who sends these cookies, ``None`` for nobody who may come in."""


class Doors:
    """Let through to the addresses that begin as ``rules`` say only whom they let.

    Who is not signed in gets 403, who may not have this very file gets 404, as for one that does not exist. Where
    ``open_()`` answers true (a server without sign-in, which answers its own machine only) nothing is asked.
    """

    def __init__(
        self, app: ASGIApp, identify: Identify, rules: Mapping[str, Rule], open_: Callable[[], bool] = lambda: False
    ) -> None:
        self.app = app
        self.identify = identify
        self.rules = dict(rules)
        self.open = open_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        rule, rest = self._rule(scope["path"])
        if rule is None or self.open():
            await self.app(scope, receive, send)
            return
        viewer = await self.identify(HTTPConnection(scope).cookies)
        if not rule(rest, viewer):
            if viewer is None:
                await refuse(scope, receive, send, 403, "Silakan masuk dahulu. Please sign in first.")
            else:
                await refuse(scope, receive, send, 404, NOT_FOUND)
            return

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kept = headers.get("cache-control", "")
                headers["Cache-Control"] = kept.replace("public", "private") if "public" in kept else kept or "private"
            await send(message)

        await self.app(scope, receive, send_private)

    def _rule(self, path: str) -> tuple[Rule | None, str]:
        for beginning, rule in self.rules.items():
            if path == beginning or path.startswith(f"{beginning}/"):
                return rule, path[len(beginning) :].lstrip("/")
        return None, ""


RETURN_COOKIE: Final = "_sinergisitas_kembali"
"""Where a person wanted to go who was sent to sign in first."""

_RETURN_S: Final = 900
_LONGEST: Final = 2_000
_PATH: Final = re.compile(r"/(?:[A-Za-z0-9_-]+/?)?(?:\?[A-Za-z0-9_.~%=&+,;:@!$'()*/?-]*)?")


def way_back(address: str | None, host: str | None, origin: str | None) -> str | None:
    """Path and query of an address of this server to which one may be led after the sign-in, else ``None``."""
    if not address or len(address) > _LONGEST:
        return None
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != origin and parts.netloc != host:
        return None
    return safe_path(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")


def safe_path(path: str) -> str | None:
    """A path of a screen with its query, as it is; ``None`` for what could lead elsewhere."""
    return path if _PATH.fullmatch(path) and not path.startswith(("/auth", "/oauth2callback")) else None


class SignInPassage:
    """Bring people back, after the sign-in, to where they came from, and end a sign-in at the sign-out.

    The framework leads everybody to the first screen. Where a person was stands in the ``Referer`` of the request for
    the sign-in, and meanwhile in a cookie that only its browser sees; it leads nowhere but to a screen of ours.
    ``ended`` hears the cookies of who signs out.
    """

    def __init__(
        self,
        app: ASGIApp,
        origin: Callable[[], str | None],
        ended: Callable[[Mapping[str, str], Scope], Awaitable[None]],
    ) -> None:
        self.app = app
        self.origin = origin
        self.ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path == "/auth/login":
            await self._keep(scope, receive, send)
        elif path == "/oauth2callback":
            await self._lead_back(scope, receive, send)
        elif path == "/auth/logout":
            headers = Headers(scope=scope)
            if headers.get("sec-fetch-site") == "cross-site":
                await refuse(scope, receive, send, 403, "Asal halaman tidak dikenal. Unknown origin.")
                return
            await self.ended(HTTPConnection(scope).cookies, scope)

            async def send_cleared(message: Message) -> None:
                if message["type"] == "http.response.start":  # what the browser kept for its next user, too
                    MutableHeaders(scope=message)["Clear-Site-Data"] = '"cache"'
                await send(message)

            await self.app(scope, receive, send_cleared)
        else:
            await self.app(scope, receive, send)

    async def _keep(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        back = way_back(headers.get("referer"), headers.get("host"), self.origin())

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start" and back and back != "/":
                _set_cookie(message, back, _RETURN_S)
            await send(message)

        await self.app(scope, receive, send_kept)

    async def _lead_back(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = HTTPConnection(scope).cookies.get(RETURN_COOKIE)
        back = safe_path(_plain(kept)) if kept else None

        async def send_led(message: Message) -> None:
            if message["type"] == "http.response.start" and kept:
                headers = MutableHeaders(scope=message)
                if back and message["status"] == 302 and headers.get("location") == "/":
                    headers["location"] = back
                _set_cookie(message, "", 0)
            await send(message)

        await self.app(scope, receive, send_led)


def _set_cookie(message: Message, path: str, age_s: int) -> None:
    value = "".join(letter if letter.isalnum() and letter.isascii() else f"%{ord(letter):02X}" for letter in path)
    MutableHeaders(scope=message).append(
        "Set-Cookie", f"{RETURN_COOKIE}={value}; Path=/oauth2callback; Max-Age={age_s}; HttpOnly; SameSite=Lax"
    )


def _plain(value: str) -> str:
    return re.sub(r"%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), value)
