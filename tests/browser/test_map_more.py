"""An area and a distance drawn by hand, changes faster than the map, a base of tiles, fingers on a phone."""

from __future__ import annotations

import io
import math
import re
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from playwright.sync_api import Page, Route, WebSocketRoute, expect
from playwright.sync_api import TimeoutError as NotInTime
from pyproj import Geod

from tests.browser.conftest import FAILED, MAP_FRAME, READY_LIMIT_MS
from tests.browser.reading import T, cards, downloaded, exported, row_count
from tests.serving import free_port

DAY = "2026-09-30"
MONTHS_BEFORE = ["2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31"]
EARTH = Geod(ellps="WGS84")
Place = tuple[float, float]

STILL = """
() => {
  const map = programmeMap.current.map, c = map.getCenter(), now = [c.lng, c.lat, map.getZoom()].join();
  if (window.__view !== now) { window.__view = now; window.__since = performance.now(); }
  return performance.now() - window.__since > 250 && !map._animatingZoom;
}
"""
"""True once the view has not moved for 250 ms."""


def ground(shown: Any, at: Place) -> Place:
    """Longitude and latitude below a pixel of the map, worked out here from the view's centre and zoom alone."""
    lon, lat, zoom = shown.view
    size = shown.box.bounding_box()
    world = 256 * 2**zoom
    x = (lon / 360 + 0.5) * world + at[0] - size["width"] / 2
    y = (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * world + at[1] - size["height"] / 2
    return (x / world - 0.5) * 360, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / world))))


def pixel(shown: Any, place: Place) -> Place:
    """Where a longitude and latitude stand on the map, the reverse of ``ground``."""
    lon, lat, zoom = shown.view
    size = shown.box.bounding_box()
    world = 256 * 2**zoom

    def north(degrees: float) -> float:
        return math.asinh(math.tan(math.radians(degrees))) / (2 * math.pi)

    return (place[0] - lon) / 360 * world + size["width"] / 2, (north(lat) - north(place[1])) * world + size[
        "height"
    ] / 2


def on_screen(shown: Any, at: Place) -> Place:
    """A pixel of the map as a pixel of the window."""
    box = shown.box.bounding_box()
    return box["x"] + at[0], box["y"] + at[1]


def places(shown: Any) -> dict[str, Place]:
    """Longitude and latitude of every site that the map draws, by code."""
    found = shown.frame.evaluate(
        """async () => {
          const map = programmeMap.current, points = map.points;
          const row = async i => [await map.codeOf(i), points.lon[i] / 1e5, points.lat[i] / 1e5];
          return Promise.all([...map.passing].map(row));
        }"""
    )
    return {code: (lon, lat) for code, lon, lat in found}


def look_at(shown: Any, lon: float, lat: float, zoom: float) -> None:
    shown.frame.evaluate(
        "([lon, lat, zoom]) => { programmeMap.current.map.setView([lat, lon], zoom, { animate: false }); }",
        [lon, lat, zoom],
    )


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def nothing_failed(page: Page, shown: Any) -> None:
    """No message of a failed screen, and nothing on the map's note but the mark of the sample."""
    expect(page.locator(FAILED)).to_have_count(0)
    expect(shown.frame.locator(".peta-note")).to_have_text(T("SAMPLE DATA – not official figures"))


# --- an area and a distance --------------------------------------------------------------------------------------

ARROW = [(0.45, 0.38), (0.84, 0.38), (0.58, 0.57), (0.80, 0.72), (0.47, 0.72)]
"""Corners of an area with a notch, as shares of the map's width and height, free of legend and tools."""


def clear_corners(shown: Any, sites: dict[str, Place]) -> list[Place]:
    """``ARROW`` in whole pixels of the map, moved aside until no site is so near an edge that a pixel would decide."""
    size = shown.box.bounding_box()
    dots = shapely.MultiPoint([pixel(shown, place) for place in sites.values()])
    for aside in range(0, 60, 3):
        corners = [(round(x * size["width"]) - aside, round(y * size["height"])) for x, y in ARROW]
        if shapely.LinearRing(corners).distance(dots) > 3:
            return [(float(x), float(y)) for x, y in corners]
    raise AssertionError("sites lie on every one of these outlines")


@pytest.mark.parametrize("finish", ["first corner", "double click", "enter"])
def test_an_area_drawn_by_its_corners_gives_the_sites_inside_it(
    server: Any,
    open_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    tmp_path: Path,
    finish: str,
) -> None:
    page = open_tab(server, f"/peta?provinsi=35&posisi={DAY}", viewport="projector")
    shown = map_on(page)
    sites, view = places(shown), shown.view
    corners = clear_corners(shown, sites)
    area = shapely.Polygon([ground(shown, corner) for corner in corners])
    inside = {code for code, place in sites.items() if shapely.Point(place).within(area)}
    boxed = {code for code, place in sites.items() if shapely.Point(place).within(shapely.box(*area.bounds))}
    assert 0 < len(inside) < len(boxed) < len(sites), "this outline would not tell an area from its box"

    tool = shown.frame.get_by_role("button", name=T("Select an area"), exact=True)
    tool.click()
    expect(tool).to_have_attribute("aria-pressed", "true")
    for corner in corners[:-1]:
        page.mouse.click(*on_screen(shown, corner))
    if finish == "double click":
        page.mouse.dblclick(*on_screen(shown, corners[-1]))
    else:
        page.mouse.click(*on_screen(shown, corners[-1]))
        expect(page.get_by_text(T("Selected on the map"))).to_have_count(0)
        if finish == "enter":
            page.keyboard.press("Enter")
        else:
            page.mouse.click(*on_screen(shown, corners[0]))
    expect(page.get_by_role("heading", name=T("Selected on the map"))).to_be_visible()
    settle(page)
    expect(tool).to_have_attribute("aria-pressed", "false")

    assert cards(page)[T("Sites")][0] == T.integer(len(inside))
    assert row_count(page.locator('[data-testid="stDataFrame"]').first) == len(inside)
    assert {row["code"] for row in downloaded(page, "pilihan-unduh", tmp_path)[1]} == inside
    values = {row["code"]: row["contract_value"] for row in exported(server, "sites", DAY, tmp_path)}
    worth = sum(values[code] for code in inside if values[code] is not None)
    assert cards(page)[T("Contract value")][0] == T.rupiah_short(worth)
    late = sum(shown.statuses()[code] in {"kritis", "terlambat", "waspada"} for code in inside)
    assert cards(page)[T("Sites")][1].startswith(f"{T.integer(late)} ")

    assert shown.view == view, "drawing moved the map"
    ring = shown.payload["area"]["ring"]
    assert shapely.Polygon(ring).symmetric_difference(area).area < 0.02 * area.area
    outline = shown.frame.locator(".leaflet-tools-pane path")
    expect(outline).to_have_count(1)
    drawn, (west, north, east, south) = outline.bounding_box(), shapely.LineString(corners).bounds
    left, top = on_screen(shown, (west, north))
    assert drawn is not None
    assert (drawn["x"], drawn["y"]) == pytest.approx((left, top), abs=4)
    assert (drawn["width"], drawn["height"]) == pytest.approx((east - west, south - north), abs=6)

    shown.frame.get_by_role("button", name=T("Clear selection and measure"), exact=True).click()
    expect(page.get_by_role("heading", name=T("Selected on the map"))).to_have_count(0)
    expect(outline).to_have_count(0)


def test_escape_gives_up_an_area_that_is_being_drawn(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_tab(server, "/peta?provinsi=35", viewport="projector")
    shown = map_on(page)
    tool = shown.frame.get_by_role("button", name=T("Select an area"), exact=True)
    tool.click()
    size = shown.box.bounding_box()
    for x, y in ARROW[:3]:
        page.mouse.click(*on_screen(shown, (round(x * size["width"]), round(y * size["height"]))))
    expect(shown.frame.locator(".leaflet-tools-pane path")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(tool).to_have_attribute("aria-pressed", "false")
    expect(shown.frame.locator(".leaflet-tools-pane path")).to_have_count(0)
    expect(page.get_by_text(T("Selected on the map"))).to_have_count(0)
    assert not {"kabkota", "lokasi"} & set(parameters(page)), "a corner chose what lies below it"


def kilometres(label: Any) -> float:
    """The number of a label such as ``Jarak 1.234 km``."""
    told = re.fullmatch(r"Jarak ([\d.]+(?:,\d+)?) km", label.inner_text())
    assert told, label.inner_text()
    return float(told[1].replace(".", "").replace(",", "."))


@pytest.mark.parametrize(("zoom", "digits"), [(5, 0), (9, 1), (13, 2)])
def test_a_measured_distance_is_that_on_the_ellipsoid(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], zoom: int, digits: int
) -> None:
    page = open_tab(server, "/peta", viewport="projector")
    shown = map_on(page)
    look_at(shown, 112.2, -7.6, zoom)
    size = shown.box.bounding_box()
    shares = [(0.45, 0.30), (0.85, 0.72), (0.60, 0.60)]
    corners = [(float(round(x * size["width"])), float(round(y * size["height"]))) for x, y in shares]
    route = [ground(shown, corner) for corner in corners]
    first_leg = EARTH.line_length(*zip(*route[:2], strict=True)) / 1000
    both_legs = EARTH.line_length(*zip(*route, strict=True)) / 1000

    shown.frame.get_by_role("button", name=T("Measure a distance"), exact=True).click()
    label = shown.frame.locator(".peta-measure span")
    page.mouse.click(*on_screen(shown, corners[0]))
    expect(label).to_have_count(0)
    page.mouse.click(*on_screen(shown, corners[1]))
    decimals = rf",\d{{{digits}}}" if digits else ""
    expect(label).to_have_text(re.compile(rf"^Jarak [\d.]+{decimals} km$"))
    assert kilometres(label) == pytest.approx(first_leg, rel=0.01)
    at = label.bounding_box()
    end = on_screen(shown, corners[1])
    assert at is not None
    assert math.hypot(at["x"] - end[0], at["y"] + at["height"] / 2 - end[1]) < 30, "the label is not at the end"

    page.mouse.move(*on_screen(shown, corners[2]))
    page.mouse.click(*on_screen(shown, corners[2]))
    page.mouse.move(*on_screen(shown, (corners[2][0] - 90, corners[2][1] - 70)))
    page.keyboard.press("Enter")  # ends it: the leg to the pointer is dropped
    assert kilometres(label) == pytest.approx(both_legs, rel=0.01)
    page.mouse.move(*on_screen(shown, corners[0]))
    assert kilometres(label) == pytest.approx(both_legs, rel=0.01)
    assert not {"provinsi", "kabkota", "lokasi"} & set(parameters(page)), "a click of the measure chose something"

    shown.frame.get_by_role("button", name=T("Clear selection and measure"), exact=True).click()
    expect(label).to_have_count(0)
    expect(shown.frame.locator(".leaflet-tools-pane path")).to_have_count(0)


# --- changes that come faster than the map -----------------------------------------------------------------------


def agrees(page: Page, shown: Any, day: str, expected: dict[str, str]) -> None:
    """Title, control, address and map all speak of ``day``, and the map draws just the ``expected`` statuses."""
    on = pd.Timestamp(day)
    expect(page.get_by_text(T("As of {day}", day=T.date(on)), exact=True)).to_be_visible()
    expect(page.locator(".st-key-waktu")).to_contain_text(T.date_short(on))
    assert parameters(page)["posisi"] == [day]
    assert T.date(on) in str(shown.box.get_attribute("aria-label"))
    assert shown.statuses() == expected
    assert shown.told("sites") == shown.told("counted") == len(expected)
    told = T("Showing {shown} of {all} sites", shown=T.integer(len(expected)), all=T.integer(len(expected)))
    expect(shown.frame.locator(".peta-told")).to_contain_text(told)
    nothing_failed(page, shown)


def choose_at_once(page: Page, key: str, *options: str) -> None:
    """Choose options of a list one after the other, without waiting for what each of them starts."""
    field = page.locator(f".st-key-{key}")
    for option in options:
        wanted, chosen = page.get_by_role("option", name=option, exact=True), field.get_by_text(option, exact=True)
        for last in (False, False, True):
            try:
                if not wanted.is_visible():
                    field.get_by_role("combobox").focus()
                    page.keyboard.press("ArrowDown")
                wanted.click(timeout=3_000)
                expect(chosen).to_be_visible(timeout=3_000)
                break
            except (AssertionError, NotInTime):  # a run that ended just then has drawn the closed list anew
                if chosen.is_visible():
                    break
                if last:
                    raise
    page.keyboard.press("Escape")


def wait_for(page: Page, done: Callable[[], bool]) -> None:
    """Until something has happened that the test itself hears of."""
    deadline = time.monotonic() + READY_LIMIT_MS / 1000
    while not done():
        assert time.monotonic() < deadline, "nothing came"
        page.wait_for_timeout(20)  # between two looks


class SlowLine:
    """A line between browser and server on which the server's words can be kept back."""

    def __init__(self, page: Page) -> None:
        """Before the page goes to the dashboard."""
        self.slow = False
        self.said = 0
        self._page = page
        self._held: list[str | bytes] = []
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket(re.compile(r"/_stcore/stream"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        server = socket.connect_to_server()
        server.on_message(self._heard)

        def say(message: str | bytes) -> None:
            self.said += 1
            server.send(message)

        socket.on_message(say)

    def _heard(self, message: str | bytes) -> None:
        if self.slow:
            self._held.append(message)
        else:
            self._sockets[-1].send(message)

    def wait_kept_back(self, words: str) -> None:
        """Until the server has said these words, which the browser has not heard."""
        wait_for(
            self._page, lambda: any(words.encode() in message for message in self._held if isinstance(message, bytes))
        )

    def wait_said(self, before: int) -> None:
        """Until the browser has said more than ``before`` things."""
        wait_for(self._page, lambda: self.said > before)

    def release(self) -> None:
        """Let the browser hear all of it, and from now on everything at once."""
        for message in self._held:
            self._sockets[-1].send(message)
        self._held.clear()
        self.slow = False


def statuses_on(server: Any, day: str, folder: Path, *options: str) -> dict[str, str]:
    """What the command line tells of the same data."""
    return {row["code"]: row["status"] for row in exported(server, "position", day, folder, *options)}


def test_months_and_programmes_changed_while_the_map_loads_end_in_the_last_choice(
    server: Any,
    open_page: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    """The map's own library is kept back until everything has been pressed: nothing can be drawn before."""
    page = open_page(server, "/_stcore/health", wait=False)
    held: list[Route] = []
    page.route("**/leaflet/leaflet.js", lambda route: held.append(route))
    with page.expect_request("**/leaflet/leaflet.js"):
        page.goto(server.address(f"/peta?posisi={DAY}"))
    back = page.get_by_role("button", name=T("Earlier"), exact=True)
    for _ in MONTHS_BEFORE:
        back.click()
    choose_at_once(page, "program", "KTN", "Koperasi")
    frame = page.locator(MAP_FRAME).element_handle().content_frame()
    assert frame is not None
    assert frame.locator("[data-ready]").count() == 0, "the map was there before everything was pressed"
    for route in held:
        route.continue_()
    page.unroute("**/leaflet/leaflet.js")
    settle(page)
    shown = map_on(page)
    told = parameters(page)
    assert told["posisi"][0] in MONTHS_BEFORE
    assert told.get("program") == ["ktn", "koperasi"], "a choice was lost"
    expected = statuses_on(server, told["posisi"][0], tmp_path, "--program", "ktn,koperasi")
    assert 0 < len(expected) < 120
    shown.wait_drawn(len(expected))
    agrees(page, shown, told["posisi"][0], expected)


STEP_BACK = "a month back"


@pytest.mark.parametrize(
    ("first", "second", "days", "programmes"),
    [
        ("KTN", "Koperasi", [DAY], ["ktn", "koperasi"]),
        ("KTN", STEP_BACK, MONTHS_BEFORE[:1], ["ktn"]),
        (STEP_BACK, STEP_BACK, MONTHS_BEFORE[1:2], []),
        (STEP_BACK, "KTN", MONTHS_BEFORE[:1], ["ktn"]),
    ],
)
def test_a_choice_made_before_the_one_before_was_answered_holds(
    server: Any,
    open_page: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    tmp_path: Path,
    first: str,
    second: str,
    days: list[str],
    programmes: list[str],
) -> None:
    """On a slow line the browser sends, with the second choice, the address of before the first."""
    page = open_page(server, "/_stcore/health", wait=False)
    line = SlowLine(page)
    page.goto(server.address(f"/peta?posisi={DAY}"))
    settle(page)
    shown = map_on(page)

    def choose(what: str) -> None:
        before = line.said
        if what == STEP_BACK:
            page.get_by_role("button", name=T("Earlier"), exact=True).click()
        else:
            choose_at_once(page, "program", what)
        line.wait_said(before)

    line.slow = True
    choose(first)
    line.wait_kept_back(f"posisi={MONTHS_BEFORE[0]}" if first == STEP_BACK else f"program={first.lower()}")
    choose(second)
    line.release()
    settle(page)
    told = parameters(page)
    assert told.get("program", []) == programmes, "a choice was taken back"
    assert told["posisi"][0] in days
    narrowed = ("--program", ",".join(programmes)) if programmes else ()
    expected = statuses_on(server, told["posisi"][0], tmp_path, *narrowed)
    shown.wait_drawn()
    agrees(page, shown, told["posisi"][0], expected)


def test_months_stepped_through_faster_than_they_are_drawn_end_in_the_one_that_is_told(
    server: Any,
    open_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    """Streamlit may join clicks that come within one run, so which month that is stands in the address."""
    page = open_tab(server, f"/peta?posisi={DAY}")
    shown = map_on(page)
    before = shown.drawn
    back = page.get_by_role("button", name=T("Earlier"), exact=True).bounding_box()
    assert back is not None
    at = back["x"] + back["width"] / 2, back["y"] + back["height"] / 2
    for _ in MONTHS_BEFORE:
        page.mouse.click(*at)
    shown.wait_redrawn(before)
    settle(page)
    day = parameters(page)["posisi"][0]
    assert day in MONTHS_BEFORE
    shown.frame.wait_for_function(
        "day => document.querySelector('[data-ready]').getAttribute('aria-label').includes(day)",
        arg=T.date(pd.Timestamp(day)),
    )
    shown.wait_drawn()
    agrees(page, shown, day, statuses_on(server, day, tmp_path))


def test_days_that_arrive_in_the_wrong_order_leave_the_last_one_on_the_map(
    server: Any,
    open_page: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    """The files of all days but the first are kept back, also where the map fetches one before it is asked for."""
    page = open_page(server, "/_stcore/health", wait=False)
    a_day = re.compile(r"/posisi/(\d{4}-\d\d-\d\d)\.bin$")
    held: dict[str, Route] = {}

    def hold(route: Route) -> None:
        found = a_day.search(route.request.url)
        if found is None or found[1] == DAY:
            route.continue_()
        else:
            held[found[1]] = route

    page.route(a_day, hold)
    page.goto(server.address(f"/peta?posisi={DAY}"))
    settle(page)
    shown = map_on(page)
    first, last = shown.drawn, MONTHS_BEFORE[2]
    for day in MONTHS_BEFORE[:3]:
        page.get_by_role("button", name=T("Earlier"), exact=True).click()
        page.wait_for_url(lambda address, day=day: parse_qs(urlsplit(address).query)["posisi"] == [day])
        settle(page)
    wait_for(page, lambda: set(MONTHS_BEFORE[:3]) <= set(held))
    assert shown.drawn == first, "a map without its day was drawn"
    assert T.date(pd.Timestamp(DAY)) in str(shown.box.get_attribute("aria-label")), "the old sites bear a new day"
    assert shown.statuses() == statuses_on(server, DAY, tmp_path)

    held[last].continue_()
    shown.wait_redrawn(first)
    newest, expected = shown.drawn, statuses_on(server, last, tmp_path)
    agrees(page, shown, last, expected)
    for day in MONTHS_BEFORE[:2]:
        with page.expect_event("requestfinished", lambda done, day=day: done.url == held[day].request.url):
            held[day].continue_()
    shown.frame.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert shown.drawn == newest
    agrees(page, shown, last, expected)
    page.unroute(a_day)


# --- a base of tiles ---------------------------------------------------------------------------------------------

TILE = (255, 0, 200)
"""A colour that the map itself has nowhere."""

CREDIT = "Ubin <b>uji</b> & kawan"
DEEPEST = 8

TILES_SHOWN = """
() => {
  const tiles = [...document.querySelectorAll('.leaflet-tiles-pane img.leaflet-tile')];
  return tiles.length > 0 && tiles.every(tile =>
    tile.classList.contains('leaflet-tile-loaded') && tile.naturalWidth === 256
      && getComputedStyle(tile).opacity === '1');
}
"""


def png(colour: tuple[int, int, int], side: int = 256) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + bytes(colour) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@contextmanager
def tile_server() -> Iterator[tuple[str, set[tuple[int, int, int]]]]:
    """A server of tiles of one colour; its origin, and the tiles (zoom, x, y) that it was asked for."""
    asked: set[tuple[int, int, int]] = set()
    picture = png(TILE)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = re.fullmatch(r"/(\d+)/(\d+)/(\d+)\.png", self.path)
            if found is None:
                self.send_error(404)
                return
            asked.add((int(found[1]), int(found[2]), int(found[3])))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_told: Any) -> None:
            """Say nothing: a test's output is for what failed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}", asked
        finally:
            running.shutdown()
            thread.join()


def tile_below(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    """The tile that holds a place, by the usual numbering."""
    north = math.asinh(math.tan(math.radians(lat))) / math.pi
    return zoom, int((lon + 180) / 360 * 2**zoom), int((1 - north) / 2 * 2**zoom)


def variables(origin: str) -> dict[str, str]:
    return {
        "GEO_TILES_URL": origin + "/{z}/{x}/{y}.png",
        "GEO_TILES_ATTRIBUTION": CREDIT,
        "GEO_TILES_MAX_ZOOM": str(DEEPEST),
    }


def looks_like(page: Page, at: Place, wanted: tuple[float, ...], reach: int = 12) -> float:
    """Which share of the pixels of the window around ``at`` has the wanted colour, or nearly."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        x, y = round(at[0]), round(at[1])
        seen = np.asarray(picture.convert("RGB").crop((x - reach, y - reach, x + reach, y + reach)), dtype=float)
    return float((np.abs(seen - np.array(wanted)).max(axis=2) <= 6).mean())


def draws_everything(shown: Any) -> None:
    """All sites and all boundaries of the first view."""
    assert shown.told("sites") == shown.told("counted") == 120
    assert len(shown.statuses()) == 120
    regions, missing = shown.frame.evaluate(
        """() => {
          const self = programmeMap.current, frame = self.map.getBounds(), parts = [];
          self.areas.forEach(layer => layer.eachLayer(part => parts.push(part)));
          const seen = parts.filter(part => frame.contains(part.getBounds()));
          return [parts.length, seen.filter(part => part.getElement().getTotalLength() === 0).length];
        }"""
    )
    assert regions >= 38
    assert missing == 0


def test_a_base_of_tiles_is_shown_below_the_map_with_its_credit(
    fresh_server: Callable[..., Any], open_page: Callable[..., Page], map_on: Callable[[Page], Any], journal: Any
) -> None:
    with tile_server() as (origin, asked):
        journal.origins.add(origin)
        page = open_page(fresh_server(environment=variables(origin)), "/peta")
        shown = map_on(page)
        shown.frame.wait_for_function(TILES_SHOWN)
        lon, lat, zoom = shown.view
        assert tile_below(lon, lat, round(zoom)) in asked
        draws_everything(shown)
        nothing_failed(page, shown)
        credit = shown.frame.locator(".leaflet-control-attribution")
        expect(credit).to_be_visible()
        expect(credit).to_contain_text(CREDIT)
        expect(credit).to_contain_text("Batas wilayah")

        sea = on_screen(shown, pixel(shown, (112.0, -9.4)))
        assert looks_like(page, sea, TILE) > 0.5, "the tiles are not seen"

        look_at(shown, 112.6, -8.0, DEEPEST + 3)
        shown.frame.wait_for_function(TILES_SHOWN)
        assert tile_below(112.6, -8.0, DEEPEST) in asked
        assert max(zoom for zoom, _, _ in asked) == DEEPEST, "deeper tiles were asked for than there are"

        look = shown.frame.evaluate(
            """() => {
              let found = null;
              programmeMap.current.areas.forEach(layer => layer.eachLayer(part => {
                const path = part.getElement();
                if (part.feature.properties.code === '35')
                  found = [path.getAttribute('fill'), Number(path.getAttribute('fill-opacity'))];
              }));
              return found;
            }"""
        )
        fill, share = [int(look[0][start : start + 2], 16) for start in (1, 3, 5)], look[1]
        assert 0.2 < share < 0.8
        mixed = tuple(share * own + (1 - share) * below for own, below in zip(fill, TILE, strict=True))
        land = on_screen(shown, shown.free_place("35"))
        assert looks_like(page, land, mixed) > 0.2, "the tiles do not show through the land"
        page.close()


def test_tiles_that_do_not_come_take_nothing_from_the_map(
    fresh_server: Callable[..., Any],
    open_page: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
    journal: Any,
) -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    journal.origins.add(origin)
    page = open_page(fresh_server(environment=variables(origin)), "/peta")
    shown = map_on(page)
    draws_everything(shown)
    nothing_failed(page, shown)
    assert any(address.startswith(origin) for address in journal.requests), "no tile was asked for"
    assert shown.frame.evaluate(TILES_SHOWN) is False
    expect(shown.frame.locator(".leaflet-control-attribution")).to_contain_text(CREDIT)
    before = shown.drawn
    shown.click(shown.free_place("35"))
    page.wait_for_url(re.compile(r"[?&]provinsi=35"))
    shown.wait_redrawn(before)
    settle(page)
    assert all(code.startswith("35.") for code in shown.payload["areas"])
    nothing_failed(page, shown)
    page.close()
    journal.forgive(origin)


# --- fingers on a phone ------------------------------------------------------------------------------------------

PHONE = {"viewport": "phone", "has_touch": True, "is_mobile": True}


def test_two_fingers_zoom_the_map_and_not_the_page(
    server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_page(server, "/peta?provinsi=35", **PHONE)
    shown = map_on(page)
    before, framed = shown.view, shown.told("in-frame")
    size = shown.box.bounding_box()
    middle = (round(size["width"] * 0.5), round(size["height"] * 0.6))
    held = ground(shown, middle)
    x, y = on_screen(shown, middle)
    devtools = page.context.new_cdp_session(page)
    gesture = {"x": x, "y": y, "scaleFactor": 2.5, "relativeSpeed": 500, "gestureSourceType": "touch"}
    devtools.send("Input.synthesizePinchGesture", gesture)
    shown.frame.wait_for_function("zoom => programmeMap.current.map.getZoom() >= zoom + 0.75", arg=before[2])
    shown.frame.wait_for_function(STILL)
    assert page.evaluate("() => visualViewport.scale") == 1, "the page was zoomed, too"
    assert math.dist(pixel(shown, held), middle) < 40, "the map did not stay below the fingers"
    shown.wait_drawn()
    assert 0 < shown.told("in-frame") < framed
    assert shown.told("counted") == shown.told("framed")
    page.wait_for_url(re.compile(r"[?&]pandang="))
    shown.page.wait_for_function(
        "zoom => Math.abs(Number(new URLSearchParams(location.search).get('pandang').split(',')[2]) - zoom) < 0.01",
        arg=shown.view[2],
    )
    devtools.send("Input.synthesizePinchGesture", {**gesture, "scaleFactor": 0.4})
    shown.frame.wait_for_function("zoom => programmeMap.current.map.getZoom() <= zoom", arg=before[2] + 0.5)


def test_two_taps_on_the_sea_zoom_the_map(
    server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_page(server, "/peta?provinsi=35", **PHONE)
    shown = map_on(page)
    before = shown.view
    at = on_screen(shown, pixel(shown, (112.2, -9.2)))
    page.touchscreen.tap(*at)
    page.touchscreen.tap(*at)
    shown.frame.wait_for_function("zoom => programmeMap.current.map.getZoom() > zoom", arg=before[2])
    assert not {"kabkota", "lokasi"} & set(parameters(page))


def test_a_tap_on_a_symbol_opens_its_card(
    server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_page(server, "/peta?provinsi=35", **PHONE)
    shown = map_on(page)
    x, y, code, name = shown.frame.evaluate(
        """async () => {
          const self = programmeMap.current, size = self.map.getSize();
          const covered = [...document.querySelectorAll('.leaflet-control, .peta-legend, .peta-note')]
            .map(e => e.getBoundingClientRect());
          const under = (p, r) =>
            p.px > r.left - 12 && p.px < r.right + 12 && p.py > r.top - 12 && p.py < r.bottom + 12;
          const free = self.placed.filter(p => p.px > 20 && p.py > 20 && p.px < size.x - 20 && p.py < size.y - 20
            && !covered.some(r => under(p, r)));
          const apart = (p, q) => p === q ? Infinity : Math.hypot(q.px - p.px, q.py - p.py);
          const room = p => Math.min(...self.placed.map(q => apart(p, q)));
          free.sort((a, b) => room(b) - room(a));
          const row = await self.details.load(free[0].index);
          return [free[0].px, free[0].py, row[0], row[1]];
        }"""
    )
    expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(0)
    at = on_screen(shown, (x, y))
    page.touchscreen.tap(at[0] + 8, at[1] + 6)  # a finger is not exact
    page.wait_for_url(lambda address: parse_qs(urlsplit(address).query).get("lokasi") == [code])
    settle(page)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    shown.frame.wait_for_function("() => programmeMap.current.payload.selected !== null")
    shown.wait_drawn()
    assert shown.frame.evaluate("() => programmeMap.current.codeOf(programmeMap.current.payload.selected)") == code


@pytest.mark.parametrize("address", ["/peta", "/peta?provinsi=35&bahasa=en"])
def test_the_buttons_of_the_map_are_large_enough_for_a_finger(
    address: str, server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_page(server, address, **PHONE)
    shown = map_on(page)
    assert shown.frame.evaluate("() => matchMedia('(pointer: coarse)').matches"), "this is no finger's phone"
    buttons = shown.frame.locator(".peta-tool, .leaflet-control-zoom a")
    expect(buttons).to_have_count(6)
    found = shown.frame.evaluate(
        """() => [...document.querySelectorAll('.peta-tool, .leaflet-control-zoom a')].map(button => {
          const r = button.getBoundingClientRect();
          const on = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
          return [button.title, r.x, r.y, r.right, r.bottom, button.contains(on)];
        })"""
    )
    size = shown.box.bounding_box()
    for title, left, top, right, bottom, reached in found:
        assert title
        assert right - left >= 40, title
        assert bottom - top >= 40, title
        assert left >= 0, title
        assert top >= 0, title
        assert right <= size["width"], title
        assert bottom <= size["height"], title
        assert reached, f"{title} lies below something"
    boxes = [shapely.box(*edges[1:5]) for edges in found]
    assert shapely.union_all(boxes).area > 0.97 * sum(box.area for box in boxes), "buttons lie over each other"
