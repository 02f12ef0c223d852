"""What the server answers, to whom, and with which headers."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

import app
from geo import lane, offline
from geo.serving.addresses import OwnOrigins, Passage
from tests.serving import Server, serving
from tests.test_lane import run_apart

LEAFLET = offline.asset_url("leaflet/leaflet.js")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


def ask(
    server: Server, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body; the path is sent as it stands."""
    connection = http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=30)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            b"" if answer.status == 101 else answer.read(),
        )
    finally:
        connection.close()


def first_script(server: Server) -> str:
    _, _, page = ask(server, "/")
    found = re.search(rb'src="\./(static/js/[^"]+)"', page)
    assert found
    return "/" + found[1].decode()


def assert_guarded(headers: Mapping[str, str]) -> None:
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/peta", "GET", 200),
        ("/lokasi", "HEAD", 200),
        ("/_stcore/health", "GET", 200),
        ("/_stcore/host-config", "GET", 200),
        ("/favicon.png", "GET", 200),
        (LEAFLET, "GET", 200),
        (LEAFLET, "HEAD", 200),
        (LEAFLET, "POST", 405),
        ("/aset/0000000000000000/leaflet/leaflet.js", "GET", 404),
        (LEAFLET.replace("leaflet.js", "leaflet-src.js"), "GET", 404),
        ("/media/unknown.png", "GET", 404),
        ("/component/unknown/index.html", "GET", 404),
        ("/static/..%2f..%2findex.html", "GET", 400),
        ("//elsewhere.example/x", "GET", 400),
    ],
)
def test_every_kind_of_response_carries_the_security_headers(
    server: Server, path: str, method: str, status: int
) -> None:
    answered, headers, _ = ask(server, path, method=method)
    assert answered == status
    assert_guarded(headers)


def test_the_code_of_the_screens_carries_the_security_headers(server: Server) -> None:
    status, headers, body = ask(server, first_script(server))
    assert status == 200
    assert "javascript" in headers["content-type"]
    assert len(body) > 10_000
    assert_guarded(headers)


def test_the_code_of_the_screens_comes_compressed_to_who_takes_it_and_may_be_kept_for_good(server: Server) -> None:
    path = first_script(server)
    _, plain, whole = ask(server, path)
    status, headers, body = ask(server, path, headers={"Accept-Encoding": "gzip"})
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain
    assert gzip.decompress(body) == whole
    assert len(body) < 0.5 * len(whole)
    for found in (plain, headers):
        assert "immutable" in found["cache-control"]
        assert found["vary"] == "Accept-Encoding"


def test_a_screen_names_the_modules_it_will_need_and_all_are_there(server: Server) -> None:
    _, headers, page = ask(server, "/peta")
    named = re.findall(r"</static/js/([^>]+)>; rel=modulepreload; crossorigin", headers["link"])
    assert len(named) > 20
    assert any(name.startswith("Multiselect.") for name in named)
    for name in named:
        assert name.encode() not in page, "named twice"
        assert ask(server, f"/static/js/{name}", method="HEAD")[0] == 200, name
    assert "link" not in ask(server, "/_stcore/health")[1]


def test_the_code_of_the_map_s_frame_comes_compressed_too(server: Server) -> None:
    (path,) = [address for address in app.SHIPPED if "/component/" in address and address.endswith(".js")]
    status, headers, _ = ask(server, path, headers={"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "'unsafe-eval'" in headers["content-security-policy"]  # as all of the frame


def lane_answers(path: str, origin: str | None, *, carry: Callable[[], None] | None = None) -> list[Any]:
    """What the server says to a browser at the address of a lane, which goes once it has heard a text."""
    said: list[Any] = []
    guard = Middleware(OwnOrigins, passage=lambda: Passage(alone=True, hosts=("*",)))
    served = Starlette(routes=[WebSocketRoute(f"{lane.PREFIX}/{{token}}", app.lane_socket)], middleware=[guard])
    headers = [(b"host", b"peta.example"), *([(b"origin", origin.encode())] if origin else [])]
    scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}

    async def run() -> None:
        gone = asyncio.Event()
        told = iter([{"type": "websocket.connect"}])

        async def receive() -> Any:
            first = next(told, None)
            if first is None:
                await asyncio.wait_for(gone.wait(), 10)
            return first or {"type": "websocket.disconnect", "code": 1001}

        async def send(message: Any) -> None:
            said.append(message)
            if message["type"] == "websocket.accept" and carry:
                asyncio.get_running_loop().call_later(0.05, carry)
            if message["type"] == "websocket.send":
                gone.set()

        await served(scope, receive, send)

    run_apart(run())
    return said


def test_a_lane_carries_to_its_viewer_until_he_goes() -> None:
    held = lane.Lane()
    said = lane_answers(held.address, "http://peta.example", carry=lambda: held.send("isi peta"))
    assert [message["type"] for message in said] == ["websocket.accept", "websocket.send"]
    assert said[1]["text"] == "isi peta"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://peta.example:81", "null", None])
def test_a_lane_is_closed_to_pages_of_other_origins(origin: str | None) -> None:
    held = lane.Lane()
    assert lane_answers(held.address, origin) == [{"type": "websocket.close", "code": 1008, "reason": ""}]


def test_a_lane_that_nobody_holds_is_closed() -> None:
    path = f"{lane.PREFIX}/AAAAAAAAAAAAAAAAAAAAAAAA"
    assert [message["type"] for message in lane_answers(path, "http://peta.example")] == ["websocket.close"]


def test_a_failure_of_the_server_carries_the_security_headers_and_no_detail() -> None:
    async def fail(_request: Any) -> Any:
        raise ValueError("/secret/path")

    failing = Starlette(
        routes=[Route("/", fail)],
        middleware=[Middleware(app.SecurityHeaders, headers=app.HEADERS)],
        exception_handlers={Exception: app.answer_failure},
    )
    messages: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    with pytest.raises(ValueError, match="secret"):  # raised again for the server's log
        run_apart(failing(scope, receive, send))
    assert messages[0]["status"] == 500
    assert_guarded({name.decode(): value.decode() for name, value in messages[0]["headers"]})
    assert b"secret" not in messages[1]["body"]


def test_only_the_frame_of_the_web_map_may_eval() -> None:
    assert "'unsafe-eval'" in app.MAP_POLICY
    assert "'unsafe-eval'" not in app.PAGE_POLICY
    script_sources = next(part for part in app.PAGE_POLICY.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in script_sources
    assert "'sha256-" in script_sources


def test_the_policy_names_no_other_machine() -> None:
    for policy in (app.PAGE_POLICY, app.MAP_POLICY):
        assert not re.search(r"https?:|wss?:|\*", policy)


def test_the_policy_of_the_map_frame_holds_below_its_own_address_only(server: Server) -> None:
    _, map_headers, _ = ask(server, "/component/streamlit_folium.st_folium/index.html")
    _, other_headers, _ = ask(server, "/component/other.thing/index.html")
    assert map_headers["content-security-policy"] == app.MAP_POLICY
    assert other_headers["content-security-policy"] == app.PAGE_POLICY


def test_an_asset_may_be_kept_for_good_and_is_exactly_the_registered_file(server: Server) -> None:
    status, headers, body = ask(server, LEAFLET)
    assert status == 200
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in headers
    assert body == offline.asset("leaflet/leaflet.js").content


def test_an_asset_travels_compressed_to_those_who_accept_it(server: Server) -> None:
    _, headers, body = ask(server, LEAFLET, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body)
    assert gzip.decompress(body) == offline.asset("leaflet/leaflet.js").content


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("*", True), ("br, GZIP ; q=1", True), ("gzip;q=0", False), ("gzip;q=0.0", False), ("br", False)],
)
def test_gzip_is_sent_only_where_the_browser_takes_it(header: str, accepted: bool) -> None:
    assert app.accepts_gzip(header) is accepted


def test_a_missing_asset_is_not_remembered_as_missing(server: Server) -> None:
    _, headers, _ = ask(server, "/aset/0000000000000000/x.json")
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.example", "localhost.example:8501", "10.0.0.1"])
@pytest.mark.parametrize("path", ["/", LEAFLET, "/_stcore/health"])
def test_a_foreign_host_name_is_refused(server: Server, path: str, host: str) -> None:
    status, headers, _ = ask(server, path, headers={"Host": host})
    assert status == 400
    assert_guarded(headers)


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:1", "[::1]:8501"])
def test_this_machines_own_names_are_answered(server: Server, host: str) -> None:
    assert ask(server, "/_stcore/health", headers={"Host": host})[0] == 200


def test_a_websocket_opens_for_our_own_pages_only(server: Server) -> None:
    own = {**UPGRADE, "Origin": server.origin}
    assert ask(server, "/_stcore/stream", headers=own)[0] == 101
    assert ask(server, "/_stcore/stream", headers={**UPGRADE, "Origin": "http://elsewhere.example"})[0] == 403
    status, headers, _ = ask(server, "/_stcore/stream", headers={**own, "Host": "rebound.example"})
    assert status == 400
    assert_guarded(headers)


def test_an_upload_without_the_token_is_refused(server: Server) -> None:
    status, _, _ = ask(server, "/_stcore/upload_file/session/file", method="PUT")
    assert status == 403


def test_the_server_listens_on_the_loopback_address_only(server: Server) -> None:
    port = int(server.origin.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


def test_a_deployment_names_its_host_in_the_environment(tmp_path: Path) -> None:
    with serving(tmp_path / "named", environment={"GEO_ALLOWED_HOSTS": "peta.example, *.dash.example"}) as running:
        assert ask(running, "/", headers={"Host": "peta.example"})[0] == 200
        assert ask(running, "/", headers={"Host": "a.dash.example:443"})[0] == 200
        assert ask(running, "/", headers={"Host": "127.0.0.1"})[0] == 200
        assert ask(running, "/", headers={"Host": "other.example"})[0] == 400


def test_the_server_tells_nobody_its_metrics(server: Server) -> None:
    status, headers, _ = ask(server, "/_stcore/metrics")
    assert status == 404
    assert "content-security-policy" in headers
