"""Put on every response what browsers need to know to guard a screen, and on every cookie its flags."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS: Final = "max-age=31536000"
"""A year in which browsers come back by TLS only. Not for the sub-domains: they belong to others."""


def inline_script_hashes(page: Path) -> tuple[str, ...]:
    """CSP sources for the inline scripts of an HTML file, such as ``'sha256-...'``."""
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return tuple(f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)


def content_security_policy(*script_sources: str, images: tuple[str, ...] = ()) -> str:
    """The policy of this origin with further sources for scripts and pictures; all else must come from here."""
    return "; ".join(
        (
            "default-src 'self'",  # code, fonts, frames, the websocket: this origin and nothing else
            " ".join(("script-src 'self'", *script_sources)),
            "style-src 'self' 'unsafe-inline'",  # Streamlit and Leaflet set style rules and attributes from scripts
            " ".join(
                ("img-src 'self' data: blob:", *images)
            ),  # icons of tables are data:, "save as picture" of plotly draws from a blob
            "font-src 'self' data:",  # the icons of Streamlit's tables come as a font inside their style sheet
            "worker-src blob:",  # the map charts of plotly start their workers from a blob
            "object-src 'none'",  # no plug-ins
            "base-uri 'self'",  # no page may turn relative addresses elsewhere
            "form-action 'self'",  # no form may send anything elsewhere
            "frame-ancestors 'self'",  # nobody else may put a screen in a frame (clickjacking)
        )
    )


def security_headers(policy: str) -> dict[str, str]:
    """The headers of every response, by name."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",  # not DENY: the web map is a frame of this origin
        "Referrer-Policy": "same-origin",  # filters stand in the address; no other site learns them
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",  # no page of another site may draw our pictures and data in
    }


class SecurityHeaders:
    """Add ``headers`` to every HTTP response, refusals and failures included; pass everything else untouched.

    ``frames`` gives the policies of frames with needs of their own, by the beginning of their addresses; ``secure``
    tells whether browsers reach this server by TLS.
    """

    def __init__(
        self,
        app: ASGIApp,
        headers: Mapping[str, str],
        frames: Mapping[str, str] | None = None,
        secure: Callable[[], bool] = lambda: False,
    ) -> None:
        self.app = app
        self.headers = dict(headers)
        self.frames = dict(frames or {})
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            # the second one is the refusal of a websocket, which is an HTTP response too
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                own = headers.get("Content-Security-Policy")
                headers.update(self.headers)
                if own is not None:  # an answer of ours that needs less than the screens do
                    headers["Content-Security-Policy"] = own
                for beginning, policy in self.frames.items():
                    if scope["path"].startswith(beginning):
                        headers["Content-Security-Policy"] = policy
                if scope.get("scheme") in {"https", "wss"} or self.secure():
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        await self.app(scope, receive, send_with_headers)


class GuardedCookies:
    """See that every cookie we set is sent back to us only: ``Lax``, behind TLS ``Secure``, and hidden from scripts.

    ``readable`` names the cookies that a script of ours must read. Cookies whose names begin with one of ``limited``
    are forgotten by the browser after ``age_s()`` seconds, if it would have kept them for longer.
    """

    def __init__(
        self,
        app: ASGIApp,
        secure: Callable[[], bool],
        readable: tuple[str, ...] = (),
        limited: tuple[str, ...] = (),
        age_s: Callable[[], float] = lambda: float("inf"),
    ) -> None:
        self.app = app
        self.secure = secure
        self.readable = readable
        self.limited = limited
        self.age_s = age_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in {"https", "wss"} or (scope["type"] != "lifespan" and self.secure())

        async def send_with_flags(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.accept", "websocket.http.response.start"}:
                message["headers"] = [
                    (name, self._guarded(value.decode("latin-1"), secure).encode("latin-1"))
                    if name.lower() == b"set-cookie"
                    else (name, value)
                    for name, value in message.get("headers", ())
                ]
            await send(message)

        await self.app(scope, receive, send_with_flags)

    def _guarded(self, cookie: str, secure: bool) -> str:
        named, *flags = cookie.split(";")
        name = named.partition("=")[0].strip()
        kept = {flag.strip().partition("=")[0].lower(): flag.strip() for flag in flags if flag.strip()}
        if kept.get("samesite", "").lower() not in {"samesite=lax", "samesite=strict"}:
            kept["samesite"] = "SameSite=Lax"
        if name not in self.readable:
            kept["httponly"] = "HttpOnly"
        if secure:
            kept["secure"] = "Secure"
        if name.startswith(self.limited) and self.limited:
            _, _, age = kept.get("max-age", "").partition("=")
            if age.isdigit() and int(age) > self.age_s():
                kept["max-age"] = f"Max-Age={int(self.age_s())}"
                kept.pop("expires", None)
        return "; ".join([named, *kept.values()])
