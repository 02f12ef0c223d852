"""Serve the dashboard: ``streamlit run app.py``.

Around the screens of ``pages/`` stand the things that belong to the server and not to a screen: which host names it
answers to, the security headers of every response, the files that browsers load from here instead of from elsewhere,
and what happens at the start and when a screen fails.

Environment
-----------
GEO_ALLOWED_HOSTS
    Host names the server answers to besides this machine's own, separated by commas (``peta.example.go.id``,
    ``*.example.go.id``). A deployment behind a proxy must set it.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import os
import re
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.logger import get_logger

ROOT: Final = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:  # so that scripts in pages/ can import geo and pages.parts, whoever started the server
    sys.path.insert(0, str(ROOT))

from geo import jobs, lane, offline, shipped  # noqa: E402  # needs the line above
from geo.model import GeoError  # noqa: E402  # as above

log: Final = get_logger("sinergisitas")
"""Streamlit's kind of logger: it writes where the server's other lines go and obeys ``logger.level``."""


# --- headers -----------------------------------------------------------------------------------------------------


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


PAGE_POLICY: Final = content_security_policy(
    # Streamlit's page has one inline script, allowed by its content: no other inline script runs.
    *inline_script_hashes(Path(st.__file__).parent / "static" / "index.html"),
)
MAP_FRAME: Final = "/component/streamlit_folium."


def map_policy() -> str:
    """The policy of the web map's frame alone."""
    from geo.drawing.tiles import tiles  # here, because ROOT must be on the path first

    base = tiles(os.environ)
    return content_security_policy(
        # The component makes an inline script of the map's code and evals its layers.
        "'unsafe-inline'",
        "'unsafe-eval'",
        images=(base.origin,) if base else (),  # only where an administrator has turned a tile base on
    )


MAP_POLICY: Final = map_policy()
HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # not DENY: the web map is a frame of this origin
    "Referrer-Policy": "same-origin",  # filters stand in the address; no other site learns them
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Add ``HEADERS`` to every HTTP response, refusals and failures included; pass everything else untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            # the second one is the refusal of a websocket, which is an HTTP response too
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith(MAP_FRAME):
                    headers["Content-Security-Policy"] = MAP_POLICY
            await send(message)

        await self.app(scope, receive, send_with_headers)


LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
"""Always answered to: a page of another site can point its own name at this machine, but not one of these."""


class HiddenPaths:
    """Answer 404 at addresses that tell strangers about the server; nothing here needs them."""

    PATHS: Final = frozenset({"/_stcore/metrics"})

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") in self.PATHS:
            await PlainTextResponse("Tidak ditemukan. Not found.", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def allowed_hosts(environment: str | None) -> list[str]:
    """Host names to answer to, from the text of ``GEO_ALLOWED_HOSTS`` (``None`` when it is not set)."""
    named = [host.strip() for host in (environment or "").split(",") if host.strip()]
    return [*named, *LOCAL_HOSTS]


# --- files for browsers ------------------------------------------------------------------------------------------


def accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` header takes gzip (``gzip;q=0`` does not)."""
    for coding in header.lower().split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name in {"gzip", "*"}:
            return re.fullmatch(r"0(\.0*)?", weight) is None
    return False


async def asset_file(request: Request) -> Response:
    """Send a file of ``geo.offline``; its address changes with its content, so browsers may keep it for good."""
    version, _, name = request.path_params["address"].partition("/")
    found = await asyncio.to_thread(offline.find, version, name)  # some are made when they are asked for
    if found is None:
        return PlainTextResponse("Tidak ditemukan. Not found.", status_code=404, headers={"Cache-Control": "no-store"})
    return kept_for_good(found.content, found.gzipped, found.media_type, request.headers.get("accept-encoding", ""))


def kept_for_good(content: bytes, gzipped: bytes | None, media_type: str, accepted: str) -> Response:
    """The answer with a file that browsers may keep, because other bytes would have another address."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if gzipped is not None and accepts_gzip(accepted):
        content = gzipped
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def folder_of(package: str) -> Path:
    """Where an installed package lies, without importing it: a component that no screen imports first has no frame."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise GeoError(f"the package {package} is not installed. Install requirements.txt.")
    return Path(found.origin).parent


STREAMLIT: Final = Path(st.__file__).parent / "static"
SHIPPED: Final = shipped.Files(
    {
        "/static": STREAMLIT / "static",
        f"{MAP_FRAME}st_folium/static": folder_of("streamlit_folium") / "frontend" / "build" / "static",
    }
)
SOON: Final = (
    "Button", "ButtonGroup", "Checkbox", "ComponentInstance", "DateInput", "Html", "Multiselect", "PageLink",
    "Selectbox", "Slider", "TextInput",
)  # fmt: skip
"""Elements of nearly every screen, as the modules of Streamlit's front end are named."""


class ShippedFiles:
    """Answer for ``SHIPPED``, and name to the browser early which modules a screen will need."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        known = (STREAMLIT / "index.html").read_text(encoding="utf-8")
        needed = shipped.modules_needed(STREAMLIT / "static" / "js", SOON)
        late = [name for name in needed if name not in known]  # those of the page itself it names too
        self.link = ", ".join(f"</static/js/{name}>; rel=modulepreload; crossorigin" for name in late)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        found = SHIPPED.find(scope["path"])
        if found is not None:
            accepted = Headers(scope=scope).get("accept-encoding", "")
            answer = kept_for_good(found.content, found.gzipped, found.media_type, accepted)
            await answer(scope, receive, send)
            return

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/component/"):
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = self.link
            await send(message)

        await self.app(scope, receive, send_with_link)


# --- changes for maps --------------------------------------------------------------------------------------------


async def lane_socket(socket: WebSocket) -> None:
    """Send what a lane of ``geo.lane`` carries until the browser goes; it has nothing to say itself."""
    found = lane.find(socket.path_params["token"])
    origin = socket.headers.get("origin")
    if found is None or (origin is not None and urlsplit(origin).netloc != socket.headers.get("host")):
        await socket.close(code=1008)
        return
    await socket.accept()
    with found.listening() as listener:
        del found  # or the viewer's session could not end it

        async def pass_on() -> None:
            while True:
                await socket.send_text(await listener.next())

        passing = asyncio.create_task(pass_on())
        try:
            await socket.receive()  # the end, or a word that nobody expects
        finally:
            passing.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):  # it went while being sent to
                await passing


# --- start and failures ------------------------------------------------------------------------------------------


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the store, bring it up to date and fill the caches before the first visitor comes."""
    from pages.parts.queries import warm_up  # here, because its caches need the started runtime

    try:
        await asyncio.gather(asyncio.to_thread(warm_up), asyncio.to_thread(SHIPPED.read_all))
    except GeoError as error:
        log.critical("The dashboard cannot start: %s", error)
        raise
    # Streamlit collects garbage after every run of a screen: what was read before the first visitor came is none.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:  # the signal that stops a server ends the process before what is registered for its exit
        jobs.close_all()


FAILURE: Final = "kegagalan"
"""Key of the message about a failed screen, by which the browser tests see that one failed."""


def show_failure(error: Exception) -> bool:
    """Tell the viewer that a screen failed, without any detail.

    Streamlit has just logged the traceback; the reference shown on the screen stands on the line after it.

    Returns ``True``: the viewer has been told, Streamlit need not add its own message.
    """
    reference = uuid.uuid4().hex[:8]
    log.error("The failure above (%s) was shown to a viewer with reference %s", type(error).__name__, reference)
    with st.container(key=FAILURE):
        st.error(
            "**Halaman ini belum dapat ditampilkan.** Muat ulang halaman; bila terulang, sampaikan "
            f"kode **{reference}** kepada pengelola.\n\n"
            "*This page cannot be shown at the moment. Reload the page; if it happens again, give "
            f"the code {reference} to the administrator.*",
            icon=":material/error:",
        )
    return True


async def answer_failure(_request: Request, _error: Exception) -> Response:
    """Answer a request whose handling failed; the server logs the traceback. No middleware passes here any more."""
    text = "Terjadi kesalahan pada server. The server failed to answer."
    return PlainTextResponse(text, status_code=500, headers=HEADERS)


app = st.App(
    ROOT / "pages" / "frame.py",
    routes=[
        Route(f"{offline.PREFIX}/{{address:path}}", asset_file, methods=["GET"]),
        WebSocketRoute(f"{lane.PREFIX}/{{token}}", lane_socket),
    ],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(
            TrustedHostMiddleware,
            allowed_hosts=allowed_hosts(os.environ.get("GEO_ALLOWED_HOSTS")),
            www_redirect=False,
        ),
        Middleware(HiddenPaths),
        Middleware(ShippedFiles),
    ],
    lifespan=lifespan,
    on_script_error=show_failure,
    exception_handlers={Exception: answer_failure},
)
