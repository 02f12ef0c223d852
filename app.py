"""Serve the dashboard: ``streamlit run app.py``.

Around the screens of ``pages/`` stand the things that belong to the server and not to a screen: which host names it
answers to, the security headers of every response, the files that browsers load from here instead of from elsewhere,
and what happens at the start and when a screen fails.

The guards themselves are in ``geo.serving``; how they are set, and by which variables, stands in the README.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.logger import get_logger
from streamlit.runtime import Runtime
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME

ROOT: Final = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:  # so that scripts in pages/ can import geo and pages.parts, whoever started the server
    sys.path.insert(0, str(ROOT))

from geo import jobs, lane, offline, shipped  # noqa: E402  # needs the line above
from geo.access import Sight, Viewer, sight_of  # noqa: E402  # as above
from geo.drawing.tiles import tiles  # noqa: E402  # as above
from geo.model import GeoError  # noqa: E402  # as above
from geo.serving.addresses import HiddenPaths, KnownHosts, OwnOrigins, Passages  # noqa: E402  # as above
from geo.serving.doors import Doors, SignInPassage  # noqa: E402  # as above
from geo.serving.headers import (  # noqa: E402  # as above
    GuardedCookies,
    SecurityHeaders,
    content_security_policy,
    inline_script_hashes,
    security_headers,
)
from geo.serving.limits import RateLimits  # noqa: E402  # as above
from geo.serving.people import account_name  # noqa: E402  # as above
from geo.store.audit import coming_from  # noqa: E402  # as above
from pages.parts import entry, hearing, room  # noqa: E402  # as above

log: Final = get_logger("sinergisitas")
"""Streamlit's kind of logger: it writes where the server's other lines go and obeys ``logger.level``."""


# --- headers -----------------------------------------------------------------------------------------------------


PAGE_POLICY: Final = content_security_policy(
    # Streamlit's page has one inline script, allowed by its content: no other inline script runs.
    *inline_script_hashes(Path(st.__file__).parent / "static" / "index.html"),
)
MAP_FRAME: Final = "/component/streamlit_folium."


def map_policy() -> str:
    """The policy of the web map's frame alone."""
    base = tiles(os.environ)
    return content_security_policy(
        # The component makes an inline script of the map's code and evals its layers.
        "'unsafe-inline'",
        "'unsafe-eval'",
        images=(base.origin,) if base else (),  # only where an administrator has turned a tile base on
    )


MAP_POLICY: Final = map_policy()
HEADERS: Final = security_headers(PAGE_POLICY)


# --- guards ------------------------------------------------------------------------------------------------------


def may_fetch_media(rest: str, viewer: Viewer | None) -> bool:
    """Whether a file (a download, a picture) was made for this viewer."""
    if viewer is None or not Runtime.exists():
        return False
    file_id = hearing.id_in(rest)
    made = dict(Runtime.instance().media_file_mgr._files_by_session_and_coord)
    return hearing.HANDED.is_for(file_id, viewer.account) or any(
        file_id in files.values() and _is_of(session, viewer) for session, files in made.items()
    )


def may_upload(rest: str, viewer: Viewer | None) -> bool:
    """Whether an upload goes to an open session of this viewer."""
    return viewer is not None and _is_of(rest.partition("/")[0], viewer)


def _is_of(session_id: str, viewer: Viewer) -> bool:
    owner = hearing.viewer_of(session_id)
    return owner is not None and owner.account == viewer.account


def may_fetch_asset(rest: str, viewer: Viewer | None) -> bool:
    """Whether a file of ``geo.offline`` was made for what this viewer may see."""
    version, _, name = rest.partition("/")
    made_for = offline.sights(version, name)
    if viewer is None or not made_for:
        return offline.OPEN in made_for
    seen = sight_of(viewer)
    return any(
        key in (None, offline.OPEN) or (key is not None and seen.covers(Sight.from_key(key))) for key in made_for
    )


def may_listen(rest: str, viewer: Viewer | None) -> bool:
    """Whether a lane of ``geo.lane`` is this viewer's."""
    found = lane.find(rest)
    return viewer is not None and found is not None and found.owner in (None, viewer.account)


DOORS: Final = {
    "/media": may_fetch_media,
    "/_stcore/upload_file": may_upload,
    offline.PREFIX: may_fetch_asset,
    lane.PREFIX: may_listen,
}
"""Addresses behind which more lies than the code of the screens, and who may pass."""


def has_no_sign_in() -> bool:
    """Whether everybody who reaches this server is its local administrator (``Passages`` sees to who reaches it)."""
    return entry.settings().entry is None


def deed_of(scope: Scope) -> str | None:
    """What a request does that can be done too often."""
    path = scope["path"]
    if path in {"/auth/login", "/oauth2callback"}:
        return "sign_in"
    if scope["type"] == "websocket" and path == "/_stcore/stream":
        return "session"
    if path.startswith("/_stcore/upload_file/") and scope.get("method") == "PUT":
        return "upload"
    return "download" if path.startswith("/media/") else None


def sender_of(scope: Scope) -> str:
    """Whose requests are counted together: those of an account, or of an address where nobody has signed in yet."""
    claims = entry.claims_in(HTTPConnection(scope).cookies) if deed_of(scope) in {"upload", "download"} else None
    known = entry.settings().entry
    account = account_name(claims, known.claim) if claims is not None and known is not None else None
    return account or entry.settings().passage.client(scope)


async def sign_out(cookies: Mapping[str, str], scope: Scope) -> None:
    """End the sign-in of these cookies here, also in other windows and for copies, and note it in the log."""
    found = await asyncio.to_thread(entry.verdict_on, entry.claims_in(cookies))
    if found.account and found.signed_in_at:
        entry.REGISTER.end(found.account, found.signed_in_at)
        await asyncio.to_thread(_log_sign_out, found.account, entry.settings().passage.client(scope))


def _log_sign_out(account: str, address: str) -> None:
    from pages.parts.queries import store  # here, because its cache needs the started runtime

    with coming_from(address):
        store().log("sign_out", "sign-in", actor=account, at=datetime.now(UTC))


GUARDS: Final = [
    Middleware(
        SecurityHeaders,
        headers=HEADERS,
        frames={MAP_FRAME: MAP_POLICY},
        secure=lambda: entry.settings().is_secure,
    ),
    Middleware(Passages, passage=lambda: entry.settings().passage),
    Middleware(KnownHosts, passage=lambda: entry.settings().passage),
    Middleware(OwnOrigins, passage=lambda: entry.settings().passage),
    Middleware(HiddenPaths, paths=("/_stcore/metrics", "/_stcore/agent")),
    Middleware(RateLimits, buckets=entry.BUCKETS, deed=deed_of, who=sender_of, limits=lambda: entry.settings().limits),
    Middleware(
        GuardedCookies,
        secure=lambda: entry.settings().is_secure,
        readable=(XSRF_COOKIE_NAME,),
        limited=(USER_COOKIE_NAME,),  # and that of the tokens, whose name begins alike
        age_s=lambda: known.longest.total_seconds() if (known := entry.settings().entry) else 0.0,
    ),
    Middleware(SignInPassage, origin=lambda: entry.settings().passage.origin, ended=sign_out),
    Middleware(Doors, identify=entry.identify, rules=DOORS, open_=has_no_sign_in),
]
"""Around everything, the outermost first: what each response says to browsers; from where and under which name one may
ask; what is not there for anybody; how often; cookies; the way through sign-in; files for those alone who may have
them."""


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
    if found is None:
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


def is_no_refused_websocket(record: logging.LogRecord) -> bool:
    """Whether a line of the log is none with which uvicorn takes each websocket that we refuse for our mistake."""
    return "without completing handshake" not in record.getMessage()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the store, bring it up to date and fill the caches before the first visitor comes."""
    from pages.parts.queries import warm_up  # here, because its caches need the started runtime

    hearing.put_behind(Runtime.instance())
    logging.getLogger("uvicorn.error").addFilter(is_no_refused_websocket)
    try:
        if entry.settings().entry is None:
            log.warning("No sign-in is set up: whoever uses this machine is administrator, and no other is answered.")
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
        room.ROOM.close()


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
        *room.ROUTES.routes(),
    ],
    middleware=[*GUARDS, *room.LAYERS, Middleware(ShippedFiles)],
    lifespan=lifespan,
    on_script_error=show_failure,
    exception_handlers={Exception: answer_failure},
)
