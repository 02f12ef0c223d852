"""Attack the server from outside, as it is and with one guard away: each attack fails only where its guard stands.

The weakened server is the real one, started by a script of the tests that takes layers away; nothing in the product can
do that.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from geo import offline
from tests.serving import ROOT, Server, serving
from tests.signing_in import COOKIE_SECRET, cookie_of, log_of, make_account, records, secrets_text

T = TypeVar("T")
PROVIDER_PORT = 9  # nothing listens there: no attack needs the provider
ADMIN = "admin@uji.example"
OTHER = "pimpinan@uji.example"
LEAFLET = offline.asset_url("leaflet/leaflet.js")

WEAKENED = """
import sys
sys.path.insert(0, {root!r})
import app as _whole
import streamlit as st
import streamlit.web.server.starlette.starlette_routes as _routes
from pathlib import Path
from starlette.middleware import Middleware
from geo.access import Role, Viewer
from geo.serving.people import Outcome, Verdict

_away = Path({away!r})

def _without(name):
    return name in _away.read_text().split()

class _Weak:
    def __init__(self, app, guard):
        self.app, self.guard, self.name = app, guard.cls(app, *guard.args, **guard.kwargs), guard.cls.__name__

    async def __call__(self, scope, receive, send):
        gone = scope["type"] != "lifespan" and _without(self.name)
        await (self.app if gone else self.guard)(scope, receive, send)

_judge, _xsrf = _whole.entry.verdict_on, _routes.is_xsrf_enabled

def _blunt_judge(claims, *, anew=False):
    if claims and _without("judge"):
        return Verdict(Outcome.ADMITTED, str(claims["email"]), Viewer(str(claims["email"]), Role.ADMINISTRATOR))
    return _judge(claims, anew=anew)

_whole.entry.verdict_on = _blunt_judge
_may_say = _whole.hearing.may_say
_whole.hearing.may_say = lambda session, message: _without("hearing") or _may_say(session, message)
_routes.is_xsrf_enabled = lambda: _xsrf() and not _without("xsrf")
app = st.App(
    _whole.ROOT / "pages" / "frame.py",
    routes=_whole.app._user_routes,
    middleware=[Middleware(_Weak, guard=one) for one in _whole.app._user_middleware],
    lifespan=_whole.lifespan,
    on_script_error=_whole.show_failure,
    exception_handlers={{Exception: _whole.answer_failure}},
)
"""
"""The server with each layer behind a switch, and three blunt tools: a judge who lets in whoever has a signed
cookie (as the framework does), uploads that ask for no token, and an ear for whatever a page says."""

BEHIND: Mapping[str, str] = {
    "GEO_TRUSTED_PROXIES": "127.0.0.1",
    "GEO_LIMIT_SIGN_IN": "3/600",
    "GEO_LIMIT_UPLOAD": "2/600",
    "GEO_LIMIT_SESSION": "9/600",
}


@contextmanager
def with_sign_in(
    folder: Path, script: str = "app.py", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server with sign-in and two accounts; its provider does not run, which no attack needs."""
    secrets = secrets_text(PROVIDER_PORT)
    with serving(folder, script=script, secrets=secrets, environment=dict(environment or {})) as server:
        make_account(server, ADMIN, "administrator")
        make_account(server, OTHER, "viewer")
        yield server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as it is."""
    with with_sign_in(tmp_path_factory.mktemp("guarded") / "server") as server:
        yield server


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server behind a proxy, so that each test may come from an address of its own, and with narrow limits."""
    with with_sign_in(tmp_path_factory.mktemp("behind") / "server", environment=BEHIND) as server:
        yield server


@dataclass(frozen=True)
class Weakened:
    """The server from which guards can be taken away."""

    server: Server
    away: Path

    @contextmanager
    def without(self, *names: str) -> Iterator[Server]:
        """The server while these guards are away."""
        self.away.write_text(" ".join(names), encoding="utf-8")
        try:
            yield self.server
        finally:
            self.away.write_text("", encoding="utf-8")


def weakened_script(folder: Path) -> tuple[str, Path]:
    away, script = folder / "away", folder / "weakened.py"
    away.write_text("", encoding="utf-8")
    script.write_text(WEAKENED.format(root=str(ROOT), away=str(away)), encoding="utf-8")
    return str(script), away


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weakened]:
    folder = tmp_path_factory.mktemp("weak")
    script, away = weakened_script(folder)
    with with_sign_in(folder / "server", script=script) as server:
        yield Weakened(server, away)


def ask(
    server: Server,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body; the path is sent as it stands."""
    with closing(http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=30)) as connection:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


# --- a browser's end of the websocket ----------------------------------------------------------------------------


class Session:
    """What a page says and hears: enough of the websocket and of Streamlit's messages for an attack."""

    def __init__(self, server: Server, *, cookie: str = "", origin: str | None = "", host: str | None = None) -> None:
        """``origin`` is the server's own where it is empty, and left out where it is ``None``."""
        self.server = server
        self.token = generate_xsrf_token_string()  # any will do, as long as cookie and word agree
        self.cookie = "; ".join(part for part in (cookie, f"_streamlit_xsrf={self.token}") if part)
        self.id = ""
        address = server.origin.removeprefix("http://")
        lines = [
            "GET /_stcore/stream HTTP/1.1",
            f"Host: {host or address}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            f"Sec-WebSocket-Protocol: streamlit, {self.token}",
            f"Cookie: {self.cookie}",
        ]
        if origin is not None:
            lines.append(f"Origin: {origin or server.origin}")
        name, _, port = address.partition(":")
        self._socket = socket.create_connection((name, int(port)), timeout=60)
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        while self._file.readline().strip():
            pass

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()
        self._socket.close()

    def run(self, path: str = "", query: str = "") -> list[str]:
        """Have the screen run; everything it drew, as text."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = path
        self._send(message.SerializeToString())
        drawn: list[str] = []
        while True:
            said = ForwardMsg.FromString(self._receive())
            if said.WhichOneof("type") == "new_session":
                self.id = said.new_session.initialize.session_id or self.id
            elif said.WhichOneof("type") == "script_finished":
                return drawn
            else:
                drawn.append(str(said))

    def say(self, message: BackMsg) -> None:
        """Say something that is no wish to run."""
        self._send(message.SerializeToString())

    def press(self, offer: str) -> None:
        """Press the button of a download."""
        message = BackMsg()
        message.backend_operation_request.request_id = "one"
        message.backend_operation_request.session_id = self.id
        message.backend_operation_request.deferred_file.file_id = offer
        self.say(message)

    def download(self, offer: str) -> str:
        """Press the button and wait; the address of the file that was made."""
        self.press(offer)
        while True:
            said = ForwardMsg.FromString(self._receive())
            if said.WhichOneof("type") == "backend_operation_response":
                return said.backend_operation_response.deferred_file.url

    def _send(self, content: bytes) -> None:
        mask = os.urandom(4)
        size = len(content)
        head = bytes([0x82, 0x80 | size]) if size < 126 else bytes([0x82, 0xFE]) + struct.pack(">H", size)
        self._socket.sendall(head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(content)))

    def _receive(self) -> bytes:
        whole = b""
        while True:
            first, size = self._file.read(2)
            if size == 126:
                size = struct.unpack(">H", self._file.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._file.read(8))[0]
            content = self._file.read(size)
            if first & 0x0F in (0, 1, 2):
                whole += content
                if first & 0x80:
                    return whole


def shows_records(drawn: list[str]) -> bool:
    """Whether a screen drew more than the door: the shared filters."""
    return any("Jawa Timur" in part or "Kabupaten" in part for part in drawn)


def offers_of(drawn: list[str]) -> list[str]:
    """Ids of the downloads that a screen offers; each is made when its button is pressed."""
    return re.findall(r'deferred_file_id: "(\w+)"', "".join(drawn))


def lanes_of(drawn: list[str]) -> set[str]:
    """Addresses of the lanes of maps; what a map shows is packed."""
    packed = re.findall(r"[A-Za-z0-9+/]{400,}={0,2}", "".join(drawn))
    text = b"".join(base64.b64decode(part[: len(part) // 4 * 4]) for part in packed).decode(errors="replace")
    return set(re.findall(r"/langsung/[\w-]{20,}", text))


def media_of(drawn: list[str]) -> list[str]:
    """Addresses of files in what a screen drew."""
    return re.findall(r"/media/[0-9a-f]+\.\w+", "".join(drawn))


# --- who comes ---------------------------------------------------------------------------------------------------


def test_a_screen_is_drawn_for_who_signed_in_and_for_nobody_else(guarded: Server, weak: Weakened) -> None:
    for server in (guarded, weak.server):  # with all its guards, the weakened one is the same
        with Session(server, cookie=cookie_of(server, ADMIN)) as session:
            assert shows_records(session.run())
        with Session(server) as stranger:
            drawn = stranger.run("lokasi", "provinsi=35")
            assert not shows_records(drawn)
            assert media_of(drawn) == []


def test_a_deep_link_shows_the_first_visitor_of_a_fresh_server_a_door(tmp_path: Path) -> None:
    secrets = secrets_text(PROVIDER_PORT)
    with serving(tmp_path / "fresh", secrets=secrets) as server, Session(server) as first:
        assert not shows_records(first.run("wilayah", "provinsi=35&posisi=2026-06-30"))


def test_a_cookie_that_was_copied_is_worth_nothing_once_it_was_called_back(guarded: Server, weak: Weakened) -> None:
    with weak.without("judge") as weakened:
        for server, works in ((guarded, False), (weakened, True)):
            make_account(server, "disalin@uji.example", "viewer")
            copied = cookie_of(server, "disalin@uji.example", at=datetime.now(UTC) - timedelta(minutes=5))
            with Session(server, cookie=copied) as session:
                assert shows_records(session.run())
                with records(server) as store:
                    store.sign_out_everywhere("disalin@uji.example", actor="tests", at=datetime.now(UTC))
                assert shows_records(session.run()) is works
            with Session(server, cookie=copied) as again:
                assert shows_records(again.run()) is works


def test_a_cookie_that_was_copied_is_worth_nothing_once_its_owner_signed_out(guarded: Server, weak: Weakened) -> None:
    with weak.without("SignInPassage") as weakened:
        for server, works in ((guarded, False), (weakened, True)):
            copied = cookie_of(server, OTHER, at=datetime.now(UTC) - timedelta(minutes=7))
            assert ask(server, "/auth/logout", headers={"Cookie": copied})[0] == 302
            with Session(server, cookie=copied) as session:
                assert shows_records(session.run()) is works
    assert log_of(guarded, "sign_out")[0]["actor"] == OTHER


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": COOKIE_SECRET[:-1] + "x"},
        {"origin": "http://elsewhere.example"},
        {"provider": "another"},
        {"email_verified": False},
        {"email": "admin@uji.example\u212a"},
        {"email": ["admin@uji.example"]},
        {"iat": None},
        {"iat": 1e300},
        {"at": datetime.now(UTC) - timedelta(hours=13)},
        {"is_logged_in": "true"},
    ],
)
def test_a_cookie_that_says_something_else_opens_nothing(guarded: Server, forged: Mapping[str, object]) -> None:
    cookie = cookie_of(guarded, ADMIN, **forged)  # type: ignore[arg-type]  # each is another argument
    with Session(guarded, cookie=cookie) as session:
        assert not shows_records(session.run())


def test_a_page_of_another_site_cannot_use_a_viewer_s_cookie(guarded: Server, weak: Weakened) -> None:
    for origin in ("http://elsewhere.example", "http://127.0.0.1:1", "http://localhost:3000", "null", None):
        with Session(guarded, cookie=cookie_of(guarded, ADMIN), origin=origin) as session:
            assert session.status == 403, origin
    with weak.without("OwnOrigins") as weakened:
        for origin in ("http://localhost:3000", None):
            with Session(weakened, origin=origin) as session:
                assert session.status == 101


def test_a_name_that_was_pointed_here_is_not_answered(guarded: Server, weak: Weakened) -> None:
    with weak.without("KnownHosts") as weakened:
        for server, page, socket_ in ((guarded, 400, 400), (weakened, 200, 101)):
            assert ask(server, "/", headers={"Host": "rebound.example"})[0] == page
            with Session(server, host="rebound.example", origin="http://rebound.example") as session:
                assert session.status == socket_


def test_a_proxy_in_front_of_a_server_without_sign_in_opens_nothing(tmp_path: Path) -> None:
    script, away = weakened_script(tmp_path)
    with serving(tmp_path / "server", script=script) as server:
        passed_on = {"X-Forwarded-For": "198.51.100.7"}
        assert ask(server, "/", headers=passed_on)[0] == 403
        assert ask(server, "/")[0] == 200
        with Weakened(server, away).without("Passages"):
            assert ask(server, "/", headers=passed_on)[0] == 200


def test_nobody_chooses_from_where_the_log_says_they_came(guarded: Server, weak: Weakened, behind: Server) -> None:
    with weak.without("Passages") as weakened:
        assert ask(guarded, "/", headers={"X-Forwarded-For": "198.51.100.7"})[0] == 400
        assert ask(weakened, "/", headers={"X-Forwarded-For": "198.51.100.7"})[0] == 200
    made_up = {"Cookie": cookie_of(behind, OTHER), "X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert ask(behind, "/auth/logout", headers=made_up)[0] == 302
    assert log_of(behind, "sign_out")[0]["origin"] == "198.51.100.7"


# --- files -------------------------------------------------------------------------------------------------------


def test_the_address_of_a_download_is_no_key_to_it(guarded: Server, weak: Weakened) -> None:
    for server, status in in_turns(guarded, weak, "Doors", 403, 200):
        own = cookie_of(server, ADMIN)
        with Session(server, cookie=own) as session:
            file = session.download(offers_of(session.run("lokasi"))[0])
            assert ask(server, file, headers={"Cookie": own})[0] == 200
            assert ask(server, file)[0] == status
            assert ask(server, file, method="HEAD")[0] == status


def test_a_download_is_for_the_viewer_for_whom_it_was_made(guarded: Server, weak: Weakened) -> None:
    for server, status in in_turns(guarded, weak, "Doors", 404, 200):
        with Session(server, cookie=cookie_of(server, ADMIN)) as session:
            file = session.download(offers_of(session.run("lokasi"))[0])
            assert ask(server, file, headers={"Cookie": cookie_of(server, OTHER)})[0] == status


def test_the_files_of_the_map_are_for_who_signed_in(guarded: Server, weak: Weakened) -> None:
    for server, status in in_turns(guarded, weak, "Doors", 403, 200):
        own = cookie_of(server, ADMIN)
        with Session(server, cookie=own) as session:
            found = re.findall(r"/aset/[0-9a-f]+/[\w./-]+", "".join(session.run("peta")))
        drawn = [path for path in found if "leaflet" not in path and "." in path]
        assert drawn
        assert ask(server, drawn[0], headers={"Cookie": own})[0] == 200
        assert ask(server, drawn[0])[0] == status
        assert ask(server, LEAFLET)[0] == 200


def test_who_is_disabled_fetches_no_file_any_more(guarded: Server) -> None:
    server = guarded
    make_account(server, "hilang@uji.example", "viewer")
    own = cookie_of(server, "hilang@uji.example")
    with Session(server, cookie=own) as session:
        offer = offers_of(session.run("lokasi"))[0]
        file = session.download(offer)
        assert ask(server, file, headers={"Cookie": own})[0] == 200
        with records(server) as store:
            store.disable("hilang@uji.example", actor="tests", at=datetime.now(UTC))
        before = refused_of(server)
        assert not shows_records(session.run("lokasi"))
        assert ask(server, file, headers={"Cookie": own})[0] == 403
        session.press(offer)
        session.run()
        assert refused_of(server) == before + 1


def refused_of(server: Server) -> int:
    """How many messages of pages the server has refused, as its log says."""
    return server.log.read_text(encoding="utf-8").count("A page said what it may not")


def test_nobody_has_a_file_made_that_was_offered_to_another(guarded: Server, weak: Weakened) -> None:
    for server, works in in_turns(guarded, weak, "hearing", False, True):
        with (
            Session(server, cookie=cookie_of(server, ADMIN)) as first,
            Session(server, cookie=cookie_of(server, OTHER)) as other,
        ):
            offer = offers_of(first.run("lokasi"))[0]
            other.run()
            if works:
                assert other.download(offer).startswith("/media/")
            else:
                before = refused_of(server)
                other.press(offer)
                other.run()
                assert refused_of(server) == before + 1


def test_a_page_may_not_empty_what_is_kept_for_all_nor_write_beside_the_program(
    guarded: Server, weak: Weakened
) -> None:
    def told(server: Server, cookie: str) -> int:
        before = refused_of(server)
        with Session(server, cookie=cookie) as session:
            session.run()
            session.say(BackMsg(clear_cache=True))
            session.say(BackMsg(set_run_on_save=True))
            session.say(BackMsg(load_git_info=True))
            skills = BackMsg()
            skills.backend_operation_request.session_id = session.id
            skills.backend_operation_request.install_skills.SetInParent()
            session.say(skills)
            session.run()
        return refused_of(server) - before

    assert told(guarded, "") == 4
    assert told(guarded, cookie_of(guarded, ADMIN)) == 4
    with weak.without("hearing") as weakened:
        assert told(weakened, "") == 0


def test_a_lane_is_for_its_viewer(guarded: Server, weak: Weakened) -> None:
    for server, (stranger, other) in in_turns(guarded, weak, "Doors", (403, 404), (101, 101)):
        with Session(server, cookie=cookie_of(server, ADMIN)) as session:
            (lane,) = lanes_of(session.run("peta"))
            upgrade = {
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
                "Origin": server.origin,
            }
            assert opened(server, lane, {**upgrade, "Cookie": cookie_of(server, ADMIN)}) == 101
            assert opened(server, lane, upgrade) == stranger
            assert opened(server, lane, {**upgrade, "Cookie": cookie_of(server, OTHER)}) == other


def in_turns(guarded: Server, weak: Weakened, guard: str, stands: T, falls: T) -> Iterator[tuple[Server, T]]:
    """The server as it is with what an attack comes to there, then the one without a guard with what it comes to."""
    yield guarded, stands
    with weak.without(guard) as weakened:
        yield weakened, falls


def opened(server: Server, path: str, headers: Mapping[str, str]) -> int:
    with closing(http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=30)) as connection:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status


# --- uploads -----------------------------------------------------------------------------------------------------


def upload(session: Session, target: str, *, cookie: str, token: str | None, name: str = "a.csv") -> int:
    """Send a file to an address below the uploads' own; the status."""
    text = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\na,b\r\n1,2\r\n--b--\r\n'
    headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Cookie": f"{cookie}; _streamlit_xsrf={session.token}",
        **({"X-Xsrftoken": token} if token else {}),
    }
    body = text.encode()
    return ask(session.server, f"/_stcore/upload_file/{target}", method="PUT", headers=headers, body=body)[0]


def test_an_upload_needs_the_token_that_only_our_pages_know(guarded: Server, weak: Weakened) -> None:
    for server, status in in_turns(guarded, weak, "xsrf", 403, 204):
        own = cookie_of(server, ADMIN)
        with Session(server, cookie=own) as session:
            session.run("impor")
            assert upload(session, f"{session.id}/one", cookie=own, token=session.token) == 204
            assert upload(session, f"{session.id}/two", cookie=own, token=None) == status


def test_nobody_uploads_into_the_session_of_another(guarded: Server, weak: Weakened) -> None:
    for server, (other, stranger) in in_turns(guarded, weak, "Doors", (404, 403), (204, 204)):
        with Session(server, cookie=cookie_of(server, ADMIN)) as session:
            session.run("impor")
            token = session.token
            assert upload(session, f"{session.id}/a", cookie=cookie_of(server, OTHER), token=token) == other
            assert upload(session, f"{session.id}/b", cookie="x=y", token=token) == stranger


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/x", "..\\..\\x", "//etc/passwd", "a%00b"]
)
def test_a_path_in_an_upload_leads_nowhere(guarded: Server, path: str) -> None:
    server = guarded
    own = cookie_of(server, ADMIN)
    with Session(server, cookie=own) as session:
        session.run("impor")
        before = {file for file in server.data.rglob("*") if file.suffix not in {".sqlite-wal", ".sqlite-shm"}}
        target = quote(path, safe="%/.")
        # what is one name only is the key of a file in memory, and nothing else
        assert upload(session, f"{session.id}/{target}", cookie=own, token=session.token) in {204, 400, 403, 404, 405}
        # the name of a file is only told to the viewer: no file of that name comes to be
        assert upload(session, f"{session.id}/c", cookie=own, token=session.token, name=path) in {204, 400}
        after = {file for file in server.data.rglob("*") if file.suffix not in {".sqlite-wal", ".sqlite-shm"}}
        assert before == after


# --- too often ---------------------------------------------------------------------------------------------------


def test_nobody_tries_the_sign_in_without_end(behind: Server, weak: Weakened) -> None:
    sender = {"X-Forwarded-For": "192.0.2.1"}
    tried = [ask(behind, "/oauth2callback?state=guess", headers=sender)[0] for _ in range(5)]
    assert tried == [302, 302, 302, 429, 429]
    assert ask(behind, "/oauth2callback", headers={"X-Forwarded-For": "192.0.2.2"})[0] == 302, "others wait for nobody"
    with weak.without("RateLimits") as weakened:
        assert [ask(weakened, "/oauth2callback?state=guess")[0] for _ in range(12)] == [302] * 12


def test_nobody_uploads_or_opens_pages_without_end(behind: Server, weak: Weakened) -> None:
    with weak.without("RateLimits") as weakened:
        for server, ends in ((behind, True), (weakened, False)):
            own = cookie_of(server, ADMIN)
            with Session(server, cookie=own) as session:
                session.run("impor")
                sent = [upload(session, f"{session.id}/{n}", cookie=own, token=session.token) for n in range(4)]
            assert sent == ([204, 204, 429, 429] if ends else [204] * 4)
            statuses = []
            for _ in range(12):
                with Session(server) as one:
                    statuses.append(one.status)
            assert statuses[0] == 101
            assert (429 in statuses) is ends


def test_a_refusal_for_haste_says_when_to_come_back(behind: Server) -> None:
    sender = {"X-Forwarded-For": "192.0.2.3"}
    for _ in range(3):
        ask(behind, "/auth/login", headers=sender)
    status, headers, body = ask(behind, "/auth/login", headers=sender)
    assert status == 429
    assert 100 < int(headers["retry-after"]) <= 200
    assert "Coba lagi" in body.decode()
    assert "content-security-policy" in headers


# --- what is told ------------------------------------------------------------------------------------------------


def routes() -> list[str]:
    """Every address pattern that the server answers, its own and the framework's."""
    import subprocess
    import sys

    code = (
        "import json, app; built = app.app._build_starlette_app();"
        "print(json.dumps(sorted({getattr(r, 'path', '') for r in built.routes})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_route_carries_the_security_headers_whatever_it_answers(guarded: Server, weak: Weakened) -> None:
    patterns = routes()
    assert {"/_stcore/health", "/auth/login", "/oauth2callback", "/media/{file_id:path}"} <= set(patterns)
    cookie = cookie_of(guarded, ADMIN)
    for pattern in patterns:
        path = re.sub(r"\{[^}]*\}", "x", pattern) or "/"
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "TRACE"):
            for headers in ({}, {"Cookie": cookie}):
                status, told, body = ask(guarded, path, method=method, headers=headers)
                assert status != 500, (method, path)
                for name in (
                    "content-security-policy",
                    "x-frame-options",
                    "x-content-type-options",
                    "referrer-policy",
                    "permissions-policy",
                    "cross-origin-opener-policy",
                ):
                    assert name in told, (method, path, name)
                assert b"Traceback" not in body
                assert str(ROOT).encode() not in body
    with weak.without("SecurityHeaders") as weakened:
        assert "content-security-policy" not in ask(weakened, "/")[1]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/mcp", "/_stcore/agent/x"])
def test_what_tells_about_the_server_is_not_there(guarded: Server, weak: Weakened, path: str) -> None:
    assert ask(guarded, path, headers={"Cookie": cookie_of(guarded, ADMIN)})[0] == 404
    with weak.without("HiddenPaths") as weakened:
        assert ask(weakened, "/_stcore/metrics")[0] == 200


def test_behind_tls_browsers_come_back_by_tls_only_and_cookies_with_them(behind: Server, weak: Weakened) -> None:
    _, told, _ = ask(behind, "/_stcore/health", headers={"X-Forwarded-Proto": "https"})
    assert told["strict-transport-security"].startswith("max-age=31536000")
    flags = [part.strip() for part in told["set-cookie"].split(";")]
    assert "Secure" in flags
    assert "SameSite=Lax" in flags
    _, plain, _ = ask(behind, "/_stcore/health")
    assert "strict-transport-security" not in plain
    with weak.without("GuardedCookies", "Passages") as weakened:
        _, bare, _ = ask(weakened, "/_stcore/health", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" not in bare["set-cookie"]


def test_no_secret_and_no_cookie_reaches_the_log(guarded: Server) -> None:
    server = guarded
    cookie = cookie_of(server, ADMIN)
    with Session(server, cookie=cookie) as session:
        session.run()
    ask(server, "/oauth2callback?code=q1w2e3r4t5&state=guessed")
    ask(server, "/auth/login?provider=q1w2e3r4t5")
    text = server.log.read_text(encoding="utf-8")
    for secret in (COOKIE_SECRET, "k3y-0f-the-tests", cookie.partition("=")[2][:40], "q1w2e3r4t5"):
        assert secret not in text


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/peta//x",
        "/auth/logout",
        "javascript:1",
    ],
)
def test_the_way_back_from_the_sign_in_leads_to_a_screen_only(behind: Server, back: str) -> None:
    def led(to: str) -> str:
        kept = "".join(f"%{ord(letter):02X}" for letter in to)
        sender = {"X-Forwarded-For": f"2001:db8::{sum(map(ord, back)):x}"}
        return ask(behind, "/oauth2callback", headers={**sender, "Cookie": f"_sinergisitas_kembali={kept}"})[1][
            "location"
        ]

    assert led(back) == "/"
    assert led("/peta?provinsi=35") == "/peta?provinsi=35"
