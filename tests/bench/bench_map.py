"""Measure the map of ``/peta`` beside an empty page and the usual ways to show sites, in turns in one run.

Run with ``make bench``. It prints tables and asserts nothing about time; what it asserts is that every arm shows the
same sites, that ours never goes blank or loses its view, and that ours asks no other machine for anything.

The arms, each a server of its own, in Chromium 1920x1080 on this machine, and what "drawn" means for each (the first
frame in which it holds, see ``arms/probe.js``):

- ``empty``: one toggle and its value as text; drawn when the toggle stands and the text tells the new value;
- ``ours``: ``/peta`` of this application; drawn when boundaries and symbols carry the version of the last change;
- ``markers``: a ``folium.Marker`` with a popup each, ``st_folium``; drawn when every marker and 38 provinces are there;
- ``simple_map``: ``st.map``, without provinces; drawn when WebGL was told to draw exactly the expected sites;
- ``deck``: ``st.pydeck_chart`` over provinces from a file; drawn as for ``st.map``, and the provinces too.

What WebGL then takes to rasterise is not counted, which favours the last two. A start is a trusted key press, seen in
the page itself; an opening starts with the navigation, in a context with an empty cache.

Environment
-----------
BENCH_SIZES
    Numbers of sites, ``1000,10000,100000`` unless told otherwise.
BENCH_ROUNDS
    Measured rounds after one to warm up; 5, and not fewer for figures to be quoted.
BENCH_ARMS
    Which arms run, all unless told otherwise; ``empty,ours`` for a quick look while working.
BENCH_NAIVE
    ``1`` runs ``markers`` above 1 000 sites too (minutes for a change).
BENCH_DATA
    Folder with ready stores ``geo1000/sinergisitas.sqlite`` and so on; each missing one is made, 100 000 in a minute.
BENCH_APP
    Folder of the application to measure as ours; this one.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from geo import regions
from geo.programmes import load_programmes
from tests.serving import ROOT, Server, serving

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
SIZES: Final = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000,100000").split(","))
APP: Final = Path(os.environ.get("BENCH_APP", ROOT))
ARMS: Final = Path(__file__).parent / "arms"
NAMES: Final = {
    "empty": "empty page",
    "ours": "this map",
    "markers": "folium markers",
    "simple_map": "st.map",
    "deck": "pydeck",
}
ASKED: Final = tuple(os.environ.get("BENCH_ARMS", ",".join(NAMES)).split(","))
MOST_MARKERS: Final = 1_000
VIEWERS: Final = 5
STEPS: Final = 5
LIMIT_MS: Final = 400_000 if os.environ.get("BENCH_NAIVE") == "1" else 60_000
CALM_MS: Final = 500
"""Between a drawn change and the next press: trailing messages, and whatever a map does after it was drawn."""

GOALS: Final = {1_000: (1.6, 1.2, 10), 10_000: (1.7, 1.3, 20), 100_000: (1.8, 1.5, 50)}
"""Number of sites -> the most over an empty page for opening, for a filter change, and kB for a change."""

FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # intercepting requests would turn the cache off
]
RIVAL: Final = {
    "PYTHONPATH": str(ROOT),
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_CLIENT_TOOLBAR_MODE": "minimal",
    "STREAMLIT_RUNNER_MAGIC_ENABLED": "false",
}
IDLE: Final = (
    "() => { const a = document.querySelector('[data-testid=\"stApp\"]');"
    " return a && a.dataset.testScriptState === 'notRunning' && a.dataset.testConnectionState === 'CONNECTED'; }"
)
VIEW: Final = (
    "() => { const f = document.querySelector(\"iframe[title*='folium']\").contentWindow;"
    " const m = f.programmeMap ? f.programmeMap.current.map : f.map, c = m.getCenter();"
    " return [c.lng, c.lat, m.getZoom()]; }"
)
MOVE: Final = (
    "() => { const f = document.querySelector(\"iframe[title*='folium']\").contentWindow;"
    " const m = f.programmeMap ? f.programmeMap.current.map : f.map;"
    " m.setView([-7.4, 111.3], 6.5, {animate: false}); }"
)


class Relay:
    """Pass connections on to a server of this machine and count the bytes that come back."""

    def __init__(self, port: int) -> None:
        self.bytes = 0
        self._target = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Relay:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = started.result()
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *_failure: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pump(reader, back_writer), self._pump(back_reader, writer, count=True))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, count: bool = False) -> None:
        try:
            while data := await reader.read(65_536):
                self.bytes += len(data) if count else 0
                writer.write(data)
                await writer.drain()
        except ConnectionError:  # the browser has closed the page
            pass
        finally:
            writer.close()


@dataclass
class Traffic:
    """What a page received: bytes of messages over the websocket, unpacked, bytes over HTTP by address, and what it
    asked elsewhere; through a ``relay`` also all bytes as they came over the wire.

    ``headers`` holds the Cache-Control of each address, ``cached`` the addresses that came out of the browser's cache.
    """

    relay: Relay | None = None
    socket: int = 0
    http: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    headers: dict[str, str] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One press to the drawn map: milliseconds, bytes by both ways, frames seen and how many of them were blank.

    ``wire``: everything that came over the wire, compressed as it was, where it was counted.
    """

    ms: float
    socket: int
    http: int
    frames: int
    blank: int
    sites: int
    wire: int = 0


@dataclass
class Measured:
    """Everything measured of one arm at one number of sites; times in milliseconds, memory in MB."""

    opened: list[float] = field(default_factory=list)
    opening_bytes: list[tuple[int, int]] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    wire: list[int] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    kept: bool | None = None
    heap_mb: float = 0.0
    browser_mb: float = 0.0
    viewer_mb: float = 0.0

    def median_ms(self, *kinds: str) -> float | None:
        """Median of the changes of these kinds, ``None`` without any."""
        times = [change.ms for kind in kinds for change in self.changes[kind]]
        return statistics.median(times) if times else None

    @property
    def filter_changes(self) -> list[Change]:
        return [change for kind, rows in self.changes.items() if not kind.startswith("step") for change in rows]

    @property
    def blank(self) -> int:
        return sum(change.blank for rows in self.changes.values() for change in rows)

    @property
    def frames(self) -> int:
        return sum(change.frames for rows in self.changes.values() for change in rows)


@dataclass(frozen=True)
class Stand:
    """What stands for one number of sites: the sites (programme, province, lon, lat) and a server for each arm."""

    sites: pd.DataFrame
    servers: Mapping[str, Server]

    @property
    def arms(self) -> list[str]:
        return list(self.servers)


@pytest.mark.parametrize("size", SIZES)
def test_the_map_beside_an_empty_page_and_the_usual_ways(size: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="bench-map-") as folder,
        sync_playwright() as driver,
        _stand(size, Path(folder)) as stand,
    ):
        measured = {arm: Measured() for arm in stand.arms}
        with _browser(driver) as browser:
            _warm_and_measure(browser, stand, measured)
            _tell(size, "the views")
            for arm in stand.arms:
                measured[arm].kept = _view_kept(browser, stand, arm)
                measured[arm].wire = _bytes_on_the_wire(browser, stand, arm)
            _tell(size, "the months")
            _time_steps(browser, stand, measured["ours"])
            visits = _two_visits(browser, stand)
        _tell(size, "memory")
        for arm, found in measured.items():
            with _browser(driver) as browser:
                _memory(browser, stand, arm, found)
        start_s = stand.servers["ours"].start_s
    _print_all(size, measured, visits, start_s)
    ours = measured["ours"]
    back = {change.sites for kind in ("back", "back, province") for change in ours.changes[kind]}
    assert back == {size}, "taking a filter back shows every site again"
    assert ours.blank == 0, "no frame without boundaries or without symbols"
    assert ours.kept, "a change of programme leaves the view where it was"
    assert not ours.foreign, f"asked another machine: {sorted(ours.foreign)}"


def _tell(size: int, what: str) -> None:
    """Say how far the run is: it takes minutes."""
    print(f"{size} sites: {what}", file=sys.stderr, flush=True)


# --- what has to stand -------------------------------------------------------------------------------------------


@contextmanager
def _stand(size: int, folder: Path) -> Iterator[Stand]:
    """The servers of all arms on the same sites."""
    data = folder / "store"
    data.mkdir()
    database = _store(size, data)
    sites = _sites(database)
    assert len(sites) == size
    sites.to_parquet(folder / "sites.parquet")
    (folder / "provinces.json").write_bytes(regions.web_layer(1)[1])
    own = {"GEO_DATA_DIR": str(data), "GEO_DATABASE_URL": f"sqlite:///{database}"}
    naive = size <= MOST_MARKERS or os.environ.get("BENCH_NAIVE") == "1"
    with ExitStack() as stack:
        servers = {}
        for arm in NAMES:
            if arm not in ASKED or (arm == "markers" and not naive):
                continue
            root = APP if arm == "ours" else ARMS
            environment = own if arm == "ours" else {**RIVAL, "BENCH_ARM": arm, "BENCH_SITES": str(folder)}
            servers[arm] = stack.enter_context(_quietly(folder / arm, root, environment))
        yield Stand(sites, servers)


@contextmanager
def _quietly(folder: Path, root: Path, environment: dict[str, str]) -> Iterator[Server]:
    """``serving`` without the log in the middle of the tables."""
    with ExitStack() as stack:
        server = stack.enter_context(serving(folder, root=root, environment=environment))
        try:
            yield server
        finally:
            with redirect_stdout(io.StringIO()):
                stack.close()


def _store(size: int, data: Path) -> Path:
    """A store of the sample with that many sites, copied from ``BENCH_DATA`` or made."""
    database = data / "sinergisitas.sqlite"
    ready = Path(os.environ.get("BENCH_DATA", "")) / f"geo{size}" / database.name
    if os.environ.get("BENCH_DATA") and ready.is_file():
        shutil.copy(ready, database)
        return database
    environment = {**os.environ, "GEO_DATA_DIR": str(data), "GEO_DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "-m", "geo", "sample", "--sites", str(size), "--months", "24", "--seed", "1"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return database


def _sites(database: Path) -> pd.DataFrame:
    with closing(sqlite3.connect(database)) as connection:
        asked = "SELECT programme, substr(region_code, 1, 2) AS province, name, lon, lat FROM sites ORDER BY code"
        return pd.read_sql_query(asked, connection)


@contextmanager
def _browser(driver: Playwright) -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    browser = driver.chromium.launch(executable_path=program, args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()


# --- one page ----------------------------------------------------------------------------------------------------


def _context(browser: Browser, stand: Stand, arm: str) -> BrowserContext:
    """A context with an empty cache whose pages carry the probe."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    wanted = {"sites": 0 if arm == "empty" else len(stand.sites), "not": None}
    head = f"window.benchArm = {json.dumps(arm)}; window.benchOpening = {json.dumps(wanted)};\n"
    context.add_init_script(head + (ARMS / "probe.js").read_text(encoding="utf-8"))
    return context


def _open(
    context: BrowserContext, stand: Stand, arm: str, *, relay: Relay | None = None
) -> tuple[Page, Traffic, float]:
    """A page, what it received, and the milliseconds from the navigation to the drawn map."""
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    traffic = _listen(page)
    traffic.relay = relay
    path = "/peta" if arm == "ours" else "/"
    page.goto(f"http://127.0.0.1:{relay.port}{path}" if relay else stand.servers[arm].address(path))
    page.wait_for_function("() => window.bench && bench.drawn !== null")
    opened_ms = float(page.evaluate("bench.drawn"))
    _calm(page)
    return page, traffic, opened_ms


def _listen(page: Page) -> Traffic:
    traffic = Traffic()
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    addresses: dict[str, str] = {}

    def answered(event: Mapping[str, Any]) -> None:
        answer, address = event["response"], event["response"]["url"]
        addresses[event["requestId"]] = address
        kept = {name.lower(): value for name, value in answer["headers"].items()}
        traffic.headers[address] = kept.get("cache-control", "")
        if answer.get("fromDiskCache") or answer.get("fromPrefetchCache"):
            traffic.cached.add(address)

    def finished(event: Mapping[str, Any]) -> None:
        traffic.http[addresses.get(event["requestId"], "?")] += int(event["encodedDataLength"])

    def asked(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            traffic.foreign.append(str(parts.hostname))

    def received(data: str | bytes) -> None:
        traffic.socket += len(data)

    client.on("Network.responseReceived", answered)
    client.on("Network.loadingFinished", finished)
    page.on("request", asked)
    page.on("websocket", lambda socket: socket.on("framereceived", received))
    return traffic


def _calm(page: Page) -> None:
    page.wait_for_timeout(CALM_MS)
    page.wait_for_function(IDLE)


def _press(page: Page, traffic: Traffic, key: str, *, sites: int | None) -> Change:
    """Press a key where the focus is and wait until ``sites`` sites are drawn (any number: ``None``)."""
    arm = page.evaluate("benchArm")
    known = page.evaluate("bench.look().version") if arm == "ours" else None
    page.evaluate("wanted => bench.expect(wanted)", {"sites": sites, "not": known})
    socket, http, wire = traffic.socket, sum(traffic.http.values()), traffic.relay.bytes if traffic.relay else 0
    page.keyboard.press(key)
    page.wait_for_function("() => bench.drawn !== null")
    _calm(page)
    ms, frames, blank = page.evaluate("[bench.drawn - bench.pressed, bench.frames, bench.blank]")
    shown = page.evaluate("bench.look().sites")
    carried = traffic.relay.bytes - wire if traffic.relay else 0
    return Change(ms, traffic.socket - socket, sum(traffic.http.values()) - http, frames, blank, int(shown), carried)


# --- opening and changing ----------------------------------------------------------------------------------------


def _warm_and_measure(browser: Browser, stand: Stand, measured: Mapping[str, Measured]) -> None:
    """All arms in turn, ``ROUNDS`` times after one round that is thrown away."""
    tried: set[tuple[str, ...]] = {()}
    for turn in range(ROUNDS + 1):
        for arm in stand.arms:
            _tell(len(stand.sites), f"round {turn} of {ROUNDS}, {NAMES[arm]}")
            with closing(_context(browser, stand, arm)) as context:
                page, traffic, opened_ms = _open(context, stand, arm)
                opening = (traffic.socket, sum(traffic.http.values()))
                found = Measured()
                if arm == "ours":
                    _change_ours(page, traffic, stand, turn, tried, found)
                else:
                    _change_rival(page, traffic, stand, arm, found)
                measured[arm].foreign.update(traffic.foreign)
            if turn:
                measured[arm].opened.append(opened_ms)
                measured[arm].opening_bytes.append(opening)
                for kind, rows in found.changes.items():
                    measured[arm].changes[kind] += rows


def _change_rival(page: Page, traffic: Traffic, stand: Stand, arm: str, found: Measured) -> None:
    """The toggle on and off; rivals keep nothing between two reruns but the table of all sites."""
    programmes = sorted(stand.sites["programme"].unique())
    half = int(stand.sites["programme"].isin(programmes[: len(programmes) // 2]).sum())
    for kind, on in (("first", True), ("back", False)):
        sites = int(on) if arm == "empty" else half if on else len(stand.sites)
        page.locator("[data-testid='stCheckbox'] input").focus()
        found.changes[kind].append(_press(page, traffic, "Space", sites=sites))


def _change_ours(
    page: Page, traffic: Traffic, stand: Stand, turn: int, tried: set[tuple[str, ...]], found: Measured
) -> None:
    """One programme, a second one beside it, both taken back; then a province, taken back.

    A choice that no session of this server made before is counted apart from one that was made.
    """
    programmes = [code for code in load_programmes() if code in set(stand.sites["programme"])]
    pairs = [(a, b) for gap in (1, 2) for a, b in zip(programmes, programmes[gap:] + programmes[:gap], strict=True)]
    first, second = pairs[turn % len(pairs)]
    for chosen in ((first,), (first, second), (first,), ()):
        _choose(page, traffic, stand, "program", chosen, tried, found)
    provinces = sorted(stand.sites["province"].unique())
    for chosen in ((provinces[turn % len(provinces)],), ()):
        _choose(page, traffic, stand, "provinsi", chosen, tried, found)


def _choose(
    page: Page,
    traffic: Traffic,
    stand: Stand,
    key: str,
    chosen: tuple[str, ...],
    tried: set[tuple[str, ...]],
    found: Measured,
) -> None:
    """Bring the multiselect ``key`` to ``chosen``, which is one choice more or one less than it holds."""
    holder = page.locator(f".st-key-{key} .react-aria-ComboBox")
    more = len(chosen) > holder.locator("[data-tag]").count()
    holder.locator("input").focus()
    if more:
        _walk_to(page, _label(key, chosen[-1]))
    column = "programme" if key == "program" else "province"
    sites = int(stand.sites[column].isin(chosen).sum()) if chosen else len(stand.sites)
    change = _press(page, traffic, "Enter" if more else "Backspace", sites=sites)
    page.keyboard.press("Escape")  # closes the list
    kind = "back" if not chosen else "again" if (key, *sorted(chosen)) in tried else "first"
    found.changes[f"{kind}, province" if key == "provinsi" else kind].append(change)
    tried.add((key, *sorted(chosen)))


def _label(key: str, code: str) -> str:
    return load_programmes()[code].short.id if key == "program" else regions.region_label(code)


def _walk_to(page: Page, label: str) -> None:
    """Open the list of the focused multiselect and walk down to an option."""
    for _ in range(60):
        page.keyboard.press("ArrowDown")
        page.wait_for_selector("[role='option'][data-focused]")
        if page.locator("[role='option'][data-focused]").first.inner_text() == label:
            return
    pytest.fail(f"the filter offers no {label!r}")


# --- the view, the time control, the second visit ---------------------------------------------------------------


def _view_kept(browser: Browser, stand: Stand, arm: str) -> bool | None:
    """Whether a moved and zoomed map stays there when a filter changes; ``None`` for the page without a map.

    Where the map does not tell its view, its picture before and after a filter was set and taken back must be equal.
    """
    if arm == "empty":
        return None
    with closing(_context(browser, stand, arm)) as context:
        page, traffic, _ = _open(context, stand, arm)
        if arm in ("simple_map", "deck"):
            return _same_picture(page, traffic, stand, arm)
        page.evaluate(MOVE)
        page.wait_for_timeout(2_000)
        page.wait_for_function(IDLE)
        before = page.evaluate(VIEW)
        if arm == "ours":
            _choose(page, traffic, stand, "program", (next(iter(load_programmes())),), set(), Measured())
        else:
            _change_rival(page, traffic, stand, arm, Measured())
        return bool(page.evaluate(VIEW) == before)


def _same_picture(page: Page, traffic: Traffic, stand: Stand, arm: str) -> bool:
    chart = page.locator("[data-testid='stDeckGlJsonChart']")
    whole = chart.bounding_box()
    assert whole is not None
    x, y = whole["x"] + whole["width"] * 0.85, whole["y"] + whole["height"] * 0.8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y - 60, steps=4)
    page.mouse.up()
    page.mouse.move(2, 2)
    page.wait_for_timeout(2_000)
    before = chart.screenshot()
    _change_rival(page, traffic, stand, arm, Measured())
    page.mouse.move(2, 2)
    page.wait_for_timeout(1_000)
    return bool(chart.screenshot() == before)


def _bytes_on_the_wire(browser: Browser, stand: Stand, arm: str) -> list[int]:
    """Bytes of each change as they travel, counted between the browser and the server; nothing is timed here."""
    with closing(_context(browser, stand, arm)) as context, Relay(_port(stand.servers[arm])) as relay:
        page, traffic, _ = _open(context, stand, arm, relay=relay)
        found = Measured()
        if arm == "ours":
            _change_ours(page, traffic, stand, 0, set(), found)
        else:
            _change_rival(page, traffic, stand, arm, found)
        return [change.wire for change in found.filter_changes]


def _port(server: Server) -> int:
    return urlsplit(server.origin).port or 0


def _time_steps(browser: Browser, stand: Stand, found: Measured) -> None:
    """Steps of a month: to months never shown at once, back over them, and to further ones after 4 s of rest each."""
    with closing(_context(browser, stand, "ours")) as context:
        page, traffic, _ = _open(context, stand, "ours")
        _step(page, traffic, "Mundur")
        for _ in range(STEPS):
            found.changes["step, first"].append(_step(page, traffic, "Mundur"))
        for _ in range(STEPS):
            found.changes["step, again"].append(_step(page, traffic, "Maju"))
        for _ in range(STEPS):
            _step(page, traffic, "Mundur")
        for _ in range(STEPS):
            page.wait_for_timeout(4_000)
            found.changes["step, rested"].append(_step(page, traffic, "Mundur"))


def _step(page: Page, traffic: Traffic, name: str) -> Change:
    button = page.get_by_role("button", name=name, exact=False).last
    button.focus()
    return _press(page, traffic, "Enter", sites=None)


@dataclass(frozen=True)
class Visits:
    """Bytes over HTTP of a first and a second visit with one cache: all, and below ``/aset/``; files of boundaries."""

    first: int
    first_own: dict[str, int]
    second: int
    second_own: int
    boundaries: list[tuple[str, int, int, str]]


def _two_visits(browser: Browser, stand: Stand) -> Visits:
    with closing(_context(browser, stand, "ours")) as context:
        page, first, _ = _open(context, stand, "ours")
        page.close()
        _, second, _ = _open(context, stand, "ours")
    own = {address: size for address, size in first.http.items() if "/aset/" in address}
    boundaries = [
        (address.rpartition("/")[2], size, second.http.get(address, 0), first.headers[address])
        for address, size in own.items()
        if "provinces" in address or "regencies" in address
    ]
    again = sum(size for address, size in second.http.items() if "/aset/" in address)
    return Visits(sum(first.http.values()), own, sum(second.http.values()), again, boundaries)


# --- memory ------------------------------------------------------------------------------------------------------


def _memory(browser: Browser, stand: Stand, arm: str, found: Measured) -> None:
    """Peak memory of the browser with one page and a filter set and taken back; the server's for each extra viewer."""
    process = stand.servers[arm].process.pid
    with ExitStack() as stack:
        page, traffic, _ = _open(stack.enter_context(closing(_context(browser, stand, arm))), stand, arm)
        if arm == "ours":
            _change_ours(page, traffic, stand, 0, set(), Measured())
        else:
            _change_rival(page, traffic, stand, arm, Measured())
        client = page.context.new_cdp_session(page)
        client.send("Performance.enable")
        metrics = {row["name"]: row["value"] for row in client.send("Performance.getMetrics")["metrics"]}
        found.heap_mb = metrics["JSHeapUsedSize"] / 1e6
        found.browser_mb = sum(_memory_mb(pid, "VmHWM") for pid in _renderers())
        before = _memory_mb(process, "VmRSS")
        for _ in range(VIEWERS):
            _open(stack.enter_context(closing(_context(browser, stand, arm))), stand, arm)
        found.viewer_mb = (_memory_mb(process, "VmRSS") - before) / VIEWERS


def _memory_mb(pid: int, name: str) -> float:
    """A line of ``/proc/PID/status`` in MB; 0 for a process that has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith(f"{name}:")), 0.0)


def _renderers() -> list[int]:
    """The browser's processes that hold pages or draw for them, among the descendants of this process."""
    parents, wanted = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"--type=renderer" in command or b"--type=gpu-process" in command:
            wanted.append(int(folder.name))

    def is_ours(pid: int) -> bool:
        while pid in parents and pid != os.getpid():
            pid = parents[pid]
        return pid == os.getpid()

    return [pid for pid in wanted if is_ours(pid)]


# --- tables ------------------------------------------------------------------------------------------------------


def _print_all(size: int, measured: Mapping[str, Measured], visits: Visits, start_s: float) -> None:
    print(f"\n\n### {f'{size:,}'.replace(',', ' ')} sites, medians of {ROUNDS} rounds\n")
    _print_arms(size, measured)
    _print_kinds(measured)
    print(f"\nStart of the server on a filled store {start_s:.1f} s.")
    print(
        f"First visit {visits.first / 1e3:.0f} kB over HTTP, of which /aset/ {sum(visits.first_own.values()) / 1e3:.1f}"
        f" kB; second visit {visits.second / 1e3:.1f} kB, of which /aset/ {visits.second_own / 1e3:.1f} kB."
    )
    for name, first, second, header in visits.boundaries:
        print(f"- `{name}`: first {first / 1e3:.1f} kB, second {second / 1e3:.1f} kB, `Cache-Control: {header}`")
    for address, own in sorted(visits.first_own.items(), key=lambda pair: -pair[1]):
        print(f"- {own:9d} bytes  {address.rpartition('/')[2]}")


HEAD: Final = (
    "", "open", "over empty", "goal", "filter change", "over empty", "goal", "kB per change on the wire", "goal",
    "unpacked (socket + HTTP)",
    "blank frames", "view kept", "step of a month", "page memory (heap), MB", "server MB per viewer", "asked elsewhere",
)  # fmt: skip


def _print_arms(size: int, measured: Mapping[str, Measured]) -> None:
    """The table of the README: one line for each arm."""
    print(_line(HEAD))
    print(_line(["---"] * len(HEAD)))
    floor = measured["empty"]
    goals = GOALS.get(size)
    for arm, name in NAMES.items():
        if arm not in measured:
            print(_line([name, "not run", *[""] * (len(HEAD) - 2)]))
            continue
        print(_line(_row(arm, measured[arm], floor, goals if arm == "ours" else None)))


def _row(arm: str, found: Measured, floor: Measured, goals: tuple[float, float, int] | None) -> list[str]:
    opened = statistics.median(found.opened)
    changed = statistics.median(change.ms for change in found.filter_changes)
    floor_changed = statistics.median(change.ms for change in floor.filter_changes)
    socket = statistics.median(change.socket for change in found.filter_changes)
    http = statistics.median(change.http for change in found.filter_changes)
    kept = {None: "-", True: "yes", False: "no"}[found.kept]
    told = [f"<= {goal}" for goal in goals] if goals else ["", "", ""]
    steps = [found.median_ms(kind) for kind in ("step, first", "step, again", "step, rested")]
    return [
        NAMES[arm],
        f"{opened / 1e3:.2f} s",
        f"{opened / statistics.median(floor.opened):.2f}x",
        told[0],
        f"{changed / 1e3:.3f} s",
        f"{changed / floor_changed:.2f}x",
        told[1],
        f"{statistics.median(found.wire) / 1e3:.1f} ({max(found.wire) / 1e3:.1f})",
        told[2],
        f"{socket / 1e3:.1f} + {http / 1e3:.1f}",
        "-" if arm == "empty" else f"{found.blank} of {found.frames}",
        kept,
        " / ".join(f"{step / 1e3:.3f}" for step in steps if step is not None) or "-",
        f"{found.browser_mb:.0f} ({found.heap_mb:.0f})",
        f"{found.viewer_mb:.1f}",
        str(len(found.foreign)) if found.foreign else "nothing",
    ]


def _print_kinds(measured: Mapping[str, Measured]) -> None:
    """Each kind of change apart: first = no session made it before, again = one did, back = to all sites."""
    print()
    head = ("changes apart", "kind", "n", "median", "least", "most", "over empty", "kB socket", "kB HTTP")
    print(_line(head))
    print(_line(["---"] * len(head)))
    floor = statistics.median(change.ms for change in measured["empty"].filter_changes)
    for arm, found in measured.items():
        for kind, rows in found.changes.items():
            times = [change.ms for change in rows]
            if not times:
                continue
            middle = statistics.median(times)
            figures = [f"{figure / 1e3:.3f} s" for figure in (middle, min(times), max(times))]
            carried = [
                f"{statistics.median(change.socket for change in rows) / 1e3:.1f}",
                f"{statistics.median(change.http for change in rows) / 1e3:.1f}",
            ]
            print(_line([NAMES[arm], kind, str(len(times)), *figures, f"{middle / floor:.2f}x", *carried]))


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    pytest.main([__file__, "-s"])
