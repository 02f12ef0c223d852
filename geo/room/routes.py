"""Answer the browser of the room: its page, the pages of a run, decisions and kept runs."""

from __future__ import annotations

import asyncio
import gzip
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo import regions, writing
from geo.access import Deed, Viewer, may, sight_of
from geo.locale import Translator, translator
from geo.locale.terms import refusal_text
from geo.model import InstitutionKind, RefusedError
from geo.programmes import load_programmes
from geo.room import document
from geo.room.document import POLICY, PREFIX
from geo.room.run import Room, provinces_of
from geo.room.wish import MODE, Wish, wish_of

Identify = Callable[[Mapping[str, str]], Awaitable[Viewer | None]]
"""Who sends these cookies, ``None`` for nobody who may come in."""

PROOF_COOKIE: Final = "_paparan_bukti"
"""Holds what a change must bring along in its header; no other site's page can read or send both."""

PROOF_HEADER: Final = "x-paparan-bukti"
_LARGEST: Final = 64_000
_OF_COPIES: Final = (b"if-none-match", b"if-modified-since", b"accept-encoding")
_OFFICES_OF: Final = (str(InstitutionKind.KL), str(InstitutionKind.PEMDA))
"""Kinds of institutions that are offered as responsible."""
_PRIVATE: Final = {"Cache-Control": "no-store"}


class RoomAddress:
    """Answer ``/?mode=paparan`` with the room's page, for who is signed in; all else is passed on.

    Who is not signed in is passed on, too: the screens ask for the sign-in and lead back to this address.
    """

    def __init__(self, app: ASGIApp, routes: Callable[[], RoomRoutes]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] in {"GET", "HEAD"}:
            query = QueryParams(scope["query_string"].decode("latin-1"))
            if MODE in query.getlist("mode"):
                request = Request(scope, receive)
                viewer = await self.routes().identify(request.cookies)
                if viewer is not None:
                    answer = await self.routes().page(request, viewer)
                    await answer(scope, receive, send)
                    return
        await self.app(scope, receive, send)


class ScreenKeys:
    """Bring onto every screen the keys that lead into the room, and what the framework's look lacks for all eyes: a
    script and a style sheet of ours in the framework's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or "text/html" not in Headers(scope=scope).get("accept", "")
        ):
            await self.app(scope, receive, send)
            return
        # our page is not the framework's own, of which a browser may hold a copy; packed, nothing could be put into it
        asked = [(name, value) for name, value in scope["headers"] if name.lower() not in _OF_COPIES]
        packs = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        start: Message | None = None
        content = bytearray()

        async def send_with_keys(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_plain_page(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            content.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            ours = (
                f'<link rel="stylesheet" href="{document.asset_url("layar.css")}">'
                f'<script defer src="{document.asset_url("kunci.js")}"></script>'
            )
            body = bytes(content).replace(b"</head>", ours.encode() + b"</head>", 1)
            headers = MutableHeaders(scope=start)
            if packs:
                body = gzip.compress(body, compresslevel=6, mtime=0)
                headers["content-encoding"] = "gzip"
                headers.add_vary_header("Accept-Encoding")
            headers["content-length"] = str(len(body))
            for name in ("etag", "last-modified"):
                if name in headers:
                    del headers[name]
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self.app({**scope, "headers": asked}, receive, send_with_keys)


def _is_plain_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


class RoomRoutes:
    """The addresses of the room.

    ``actor`` names a viewer as the store keeps who wrote; ``font`` is the address of the type.
    """

    def __init__(self, room: Room, identify: Identify, *, actor: Callable[[Viewer], str], font: str) -> None:
        self.room, self.identify, self.actor, self.font = room, identify, actor, font

    def routes(self) -> list[Route]:
        """What to put into the server."""
        return [
            Route(f"{PREFIX}/aset/{{version}}/{{name}}", self.asset, methods=["GET"]),
            Route(f"{PREFIX}/putaran", self.run, methods=["GET"]),
            Route(f"{PREFIX}/versi", self.version, methods=["GET"]),
            Route(f"{PREFIX}/cerita", self.stories, methods=["GET"]),
            Route(f"{PREFIX}/cerita", self.keep, methods=["POST"]),
            Route(f"{PREFIX}/keputusan", self.note, methods=["POST"]),
        ]

    # --- reads ---

    async def asset(self, request: Request) -> Response:
        """A file of the room; its address changes with its content."""
        name = request.path_params["name"]
        if name not in document.ASSETS or not document.asset_url(name).endswith(
            f"{request.path_params['version']}/{name}"
        ):
            return PlainTextResponse("Tidak ditemukan. Not found.", status_code=404, headers=_PRIVATE)
        return Response(
            document.asset(name),
            media_type=document.ASSETS[name],
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    async def page(self, request: Request, viewer: Viewer) -> Response:
        """The room's page; the figures are begun to be put together at once."""
        wish = self._wish(request)
        proof = request.cookies.get(PROOF_COOKIE, "")
        proof = proof if 20 <= len(proof) <= 64 and proof.isascii() else secrets.token_urlsafe(24)
        written = await asyncio.to_thread(self._document, wish, viewer, proof)
        answer = Response(written, media_type="text/html", headers={**_PRIVATE, "Content-Security-Policy": POLICY})
        answer.set_cookie(PROOF_COOKIE, proof, path="/", httponly=True, samesite="strict")
        return answer

    async def run(self, request: Request) -> Response:
        """The pages of a run; with ``awal=1`` only the first one, which waits for no figures."""
        viewer = await self.identify(request.cookies)
        if viewer is None:
            return _sign_in()
        wish = self._wish(request)
        first = request.query_params.get("awal") == "1"
        try:
            told = await asyncio.to_thread(self._run, wish, viewer, first)
        except RefusedError as error:
            return _refused(error, translator(wish.language))
        return _json(told, request)

    async def version(self, request: Request) -> Response:
        """Which pages there are now; what is not prepared yet is begun."""
        viewer = await self.identify(request.cookies)
        if viewer is None:
            return _sign_in()
        wish = self._wish(request)

        def asked() -> str:
            self.room.prepare(wish, viewer)
            return self.room.version(wish, viewer)

        try:
            version = await asyncio.to_thread(asked)
        except RefusedError as error:
            return _refused(error, translator(wish.language))
        return _json({"version": version}, request)

    async def stories(self, request: Request) -> Response:
        """The runs that are kept, for who may keep some."""
        viewer = await self.identify(request.cookies)
        if viewer is None:
            return _sign_in()
        kept = await asyncio.to_thread(self.room.stories) if _may_somewhere(viewer) else {}
        public = self._wish(request).public
        told = [
            {"name": name, "pages": list(story.pages), "notes": {} if public else dict(story.notes)}
            for name, story in kept.items()
        ]
        return _json({"stories": told}, request)

    # --- writes ---

    async def note(self, request: Request) -> Response:
        """Note a decision, or that one was carried out (``close`` holds its code)."""
        return await self._changed(request, self._note)

    async def keep(self, request: Request) -> Response:
        """Keep the run under a name, or drop a name (``drop`` holds it)."""
        return await self._changed(request, self._keep)

    async def _changed(
        self, request: Request, change: Callable[[Viewer, Mapping[str, Any], Wish], dict[str, str]]
    ) -> Response:
        if not _is_own(request):
            return _json({"problems": ["Asal halaman tidak dikenal. Unknown origin."]}, request, status=403)
        viewer = await self.identify(request.cookies)
        if viewer is None:
            return _sign_in()
        wish = self._wish(request)
        t = translator(wish.language)
        told = await _body(request)
        if told is None:
            return _json({"problems": [t("The request cannot be read. Load the page anew.")]}, request, status=400)
        try:
            return _json(await asyncio.to_thread(change, viewer, told, wish), request)
        except RefusedError as error:
            return _refused(error, t)

    def _note(self, viewer: Viewer, told: Mapping[str, Any], wish: Wish) -> dict[str, str]:
        at, store = self.room.clock(), self.room.store
        closed = str(told.get("close") or "")
        if closed:
            writing.close_decision(viewer, store, closed, actor=self.actor(viewer), at=at)
            return {"code": closed}
        due = str(told.get("due") or "")
        place = str(told.get("place") or "")
        try:
            day = date.fromisoformat(due)
        except ValueError:
            day = date.min
        code = writing.note_decision(
            viewer,
            store,
            text=str(told.get("text") or ""),
            responsible=str(told.get("responsible") or ""),
            due=day,
            meeting_day=self.room.today,
            region_code=place if place and not place.startswith("site:") else None,
            site_code=place.removeprefix("site:") if place.startswith("site:") else None,
            actor=self.actor(viewer),
            at=at,
        )
        return {"code": code}

    def _keep(self, viewer: Viewer, told: Mapping[str, Any], wish: Wish) -> dict[str, str]:
        at, store = self.room.clock(), self.room.store
        dropped = str(told.get("drop") or "")
        if dropped:
            writing.drop_story(viewer, store, dropped, actor=self.actor(viewer), at=at)
            return {"name": dropped}
        listed, notes = told.get("pages"), told.get("notes")
        query = dict(QueryParams(wish.query()))
        kept = writing.keep_story(
            viewer,
            store,
            name=str(told.get("name") or ""),
            query=query,
            pages=[str(page) for page in listed] if isinstance(listed, list) else [],
            notes={str(key): str(note) for key, note in notes.items()} if isinstance(notes, dict) else {},
            actor=self.actor(viewer),
            at=at,
        )
        return {"name": kept.name}

    # --- how ---

    def _wish(self, request: Request) -> Wish:
        known = {region.code for region in regions.regions()}
        return wish_of(request.query_params, regions=known, programmes=load_programmes())

    def _document(self, wish: Wish, viewer: Viewer, proof: str) -> str:
        self.room.prepare(wish, viewer)
        self.room.prepare(replace(wish, public=not wish.public), viewer)  # so that the lock shows at once
        further = {"cerita": wish.story} if wish.story else {}
        listed = self.room.store.institutions()
        offices = listed["name"][listed["kind"].isin(_OFFICES_OF) & _may_somewhere(viewer) & (not wish.public)]
        return document.document(
            translator(wish.language),
            query=wish.query(**further),
            proof=proof,
            font=self.font,
            today=self.room.today,
            provinces=provinces_of(wish),
            responsible=sorted({str(name) for name in offices}),
            public=wish.public,
            locked=sight_of(viewer).is_public,
            may_decide=_may_somewhere(viewer),
            may_keep=may(viewer, Deed.DECIDE),
        )

    def _run(self, wish: Wish, viewer: Viewer, first: bool) -> dict[str, Any]:
        if first:
            page = self.room.opening(wish, viewer)
            return {"version": "", "pages": [] if page is None else [page.as_dict()]}
        run = self.room.run(wish, viewer)
        return {"version": run.version, "pages": [page.as_dict() for page in run.pages]}


def _may_somewhere(viewer: Viewer) -> bool:
    return may(viewer, Deed.DECIDE) or any(may(viewer, Deed.DECIDE, code) for code in viewer.provinces)


def _is_own(request: Request) -> bool:
    """Whether a change comes from our own page: the same origin, and the token of the page and the cookie are one."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    if origin is None or urlsplit(origin).netloc != host:
        return False
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    sent, kept = request.headers.get(PROOF_HEADER, ""), request.cookies.get(PROOF_COOKIE, "")
    return len(kept) >= 20 and hmac.compare_digest(sent.encode(), kept.encode())


async def _body(request: Request) -> dict[str, Any] | None:
    """The JSON object that a change brings, ``None`` for anything else."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > _LARGEST:
            return None
    try:
        told = json.loads(bytes(content))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _json(told: Mapping[str, Any], request: Request, *, status: int = 200) -> Response:
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {**_PRIVATE, "Vary": "Accept-Encoding"}
    if len(content) > 2_000 and "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, status_code=status, media_type="application/json", headers=headers)


def _refused(error: RefusedError, t: Translator) -> Response:
    told = {
        "problems": [refusal_text(t, problem) for problem in error.problems],
        "columns": [problem.column for problem in error.problems],
    }
    return Response(json.dumps(told).encode(), status_code=422, media_type="application/json", headers=_PRIVATE)


def _sign_in() -> Response:
    told = {"problems": ["Silakan masuk dahulu. Please sign in first."]}
    return Response(json.dumps(told).encode(), status_code=403, media_type="application/json", headers=_PRIVATE)
