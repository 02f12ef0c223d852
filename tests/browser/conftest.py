"""Start servers and Chromium for the browser tests, and fail a test whose page asked another machine for anything."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as NotInTime

from tests.serving import ROOT, Server, serving

READY_LIMIT_MS = 30_000
expect.set_options(timeout=READY_LIMIT_MS)  # what a busy machine shows late is shown all the same
VIEWPORTS = {"projector": (1920, 1080), "laptop": (1280, 720), "phone": (390, 844)}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a page of a test lives for seconds: compiling for speed costs more than it gives
    "--js-flags=--no-maglev --no-turbofan",
]

STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""What moves while it loads costs a tenth of the processor; a test of a movement asks for it."""

FAILED = '.st-key-kegagalan, [data-testid="stException"]'
"""What a viewer sees where a screen failed: the message of ``app.show_failure`` or Streamlit's own."""

MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'

STREAMLIT_PROBE = re.compile(r"status of 404 .*\(http://[^/]+/\w+/_stcore/(health|host-config)\)$")
"""At a deep link Streamlit first asks whether it is served below that path; the 404 is the answer it needs."""

GO_TO = """
address => {
  window.__idleSince = undefined;
  history.pushState({}, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}
"""
"""Shows another address in a page that stands, as the browser's own back and forward do."""

TALKS = """
(() => {
  const talk = window.__talk = {sent: -1, heard: 0};
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.__heard) {
      this.__heard = true;
      this.addEventListener('message', () => { talk.heard = performance.now(); });
    }
    talk.sent = performance.now();
    return send.call(this, data);
  };
})();
"""
"""Notes in a page when it last said something to the server and when it last heard from it."""

IS_READY = """
() => {
  const seen = selector => [...document.querySelectorAll(selector)].some(element => element.getClientRects().length);
  const drawn = grid => {
    const table = grid.querySelector('table');
    return !grid.checkVisibility() // such as in a closed expander
      || (table && (table.querySelector('tbody td') || Number(table.getAttribute('aria-rowcount')) < 2));
  };
  const app = document.querySelector('[data-testid="stApp"]');
  const idle = app
    && app.dataset.testScriptState === 'notRunning'
    && app.dataset.testConnectionState === 'CONNECTED'
    && (!window.__talk || window.__talk.heard >= window.__talk.sent)
    && !seen('[data-testid="stSkeleton"]')
    && !seen('[data-testid="stSpinner"]')
    && !document.querySelector('[data-stale="true"]')
    && [...document.querySelectorAll('[data-testid="stDataFrame"]')].every(drawn);
  if (!idle) { window.__idleSince = undefined; return false; }
  window.__idleSince ??= performance.now();
  return performance.now() - window.__idleSince > 300;
}
"""
"""True once nothing has been running for 300 ms: right after a click the old run still counts as finished.

What was said to the server must have been answered: a busy one may take longer than that to begin. A grid that is laid
out counts only once its cells can be read; it draws them a moment after the run has ended.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and run them last: what fails without a browser fails first.

    A failed one is run once more, from new fixtures, and listed as RERUN at the end of the run: two browsers and their
    servers on two cores can be later than any time a test may wait. What fails twice fails; no other test gets this.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: here in item.path.parents)


# --- servers -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only look; tests that write take ``fresh_server``."""
    with serving(tmp_path_factory.mktemp("server"), prepared=True) as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """A factory: each call starts a new server that nobody has visited, on a sample of its own.

    ``environment`` adds variables, ``root`` runs another copy of the project.
    """
    with ExitStack() as stack:

        def start(*, environment: dict[str, str] | None = None, root: Path = ROOT) -> Server:
            folder = tmp_path_factory.mktemp("fresh")
            return stack.enter_context(serving(folder, environment=environment, root=root, prepared=True))

        yield start


# --- the browser -------------------------------------------------------------------------------------------------


@dataclass
class Journal:
    """What all pages of one test asked for and complained about.

    At the end of the test each list but ``requests`` must be empty. A test that provokes a complaint on purpose takes
    it out with ``forgive``.
    """

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def foreign(self) -> list[str]:
        """Requests that left the servers of this test; ``data:`` and ``blob:`` never leave the browser."""
        return [address for address in self.requests if not self._at_home(address)]

    def forgive(self, part: str) -> None:
        """Drop the errors that contain ``part``; there must be at least one."""
        left = [error for error in self.errors if part not in error]
        assert len(left) < len(self.errors), f"no error contains {part!r}: {self.errors}"
        self.errors[:] = left

    def _at_home(self, address: str) -> bool:
        parts = urlsplit(address)
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        return scheme in {"data", "blob", "about"} or f"{scheme}://{parts.netloc}" in self.origins


@pytest.fixture
def journal() -> Journal:
    """What the pages of this test asked for; shared with ``open_page`` and ``page``."""
    return Journal()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run, the one of the system (or the one that ``CHROMIUM`` names)."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("Chromium is missing. Install it (Debian: apt-get install chromium) or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, headless=True, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, journal: Journal) -> Iterator[Callable[..., Page]]:
    """A factory of pages in contexts of their own, all watched by ``journal``.

    ``open_page(server, "/peta", viewport="phone", theme="dark")`` goes there and waits until the screen stands;
    ``wait=False`` returns at once. The test fails at its end when a page asked another machine for anything, wrote an
    error to the console, broke the Content-Security-Policy, raised an exception or opened a dialog.
    """
    contexts: list[BrowserContext] = []

    def open_at(
        at: Server,
        path: str = "/",
        *,
        viewport: Literal["projector", "laptop", "phone"] = "laptop",
        theme: Literal["light", "dark"] = "light",
        wait: bool = True,
        **options: Any,
    ) -> Page:
        width, height = VIEWPORTS[viewport]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale="id-ID", **{**STILL, **options}
        )
        contexts.append(context)
        context.add_init_script(TALKS)
        context.set_default_timeout(READY_LIMIT_MS)
        journal.origins.add(at.origin)
        context.on("page", lambda opened: watch(opened, journal))
        page = context.new_page()
        page.goto(at.address(path))
        if wait:
            wait_ready(page)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert journal.foreign() == [], "a page asked another machine"
    assert journal.errors == [], "the console shows errors"
    assert journal.dialogs == [], "a dialog opened"


@pytest.fixture
def page(open_page: Callable[..., Page], server: Server) -> Page:
    """The first screen of the shared server at 1280x720."""
    return open_page(server)


def watch(page: Page, journal: Journal) -> None:
    """Write down what a page and its frames and workers ask for and complain about."""

    def on_console(message: ConsoleMessage) -> None:
        text = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not STREAMLIT_PROBE.search(text):
            journal.errors.append(text)

    def on_dialog(dialog: Any) -> None:
        journal.dialogs.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    page.on("request", lambda request: journal.requests.append(request.url))
    page.on("websocket", lambda socket: journal.requests.append(socket.url))
    page.on("console", on_console)
    page.on("pageerror", lambda error: journal.errors.append(f"uncaught: {error}"))
    page.on("dialog", on_dialog)


def wait_ready(page: Page) -> None:
    """Wait until Streamlit has run the screen to its end, nothing is being filled in any more, and nothing failed.

    Frames of components (the web map) draw themselves afterwards: wait for what you look at inside them.
    """
    wait_idle(page)
    failed = page.locator(FAILED)
    assert failed.count() == 0, f"the screen failed: {failed.first.inner_text()}"


def wait_idle(page: Page) -> None:
    """Wait as ``wait_ready`` does, but let the screen have failed."""
    page.wait_for_function(IS_READY, polling=50, timeout=READY_LIMIT_MS)


# --- what a viewer does ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept_contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Contexts by theme that outlive a test, so that a screen's files come from the browser's cache."""
    contexts: dict[str, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


def kept_context(browser: Browser, kept: dict[str, BrowserContext], theme: Literal["light", "dark"]) -> BrowserContext:
    """The context with that theme, made when it is first asked for."""
    if theme not in kept:
        kept[theme] = browser.new_context(color_scheme=theme, locale="id-ID", **STILL)
        kept[theme].add_init_script(TALKS)
        kept[theme].set_default_timeout(READY_LIMIT_MS)
    return kept[theme]


@pytest.fixture
def open_tab(
    browser: Browser, kept_contexts: dict[str, BrowserContext], journal: Journal
) -> Iterator[Callable[..., Page]]:
    """As ``open_page``, in a context that other tests use too: much quicker, for tests that only look.

    Every page is a session of its own for the server; only the browser's cache is shared.
    """
    pages: list[Page] = []

    def open_at(
        at: Server,
        path: str = "/",
        *,
        viewport: Literal["projector", "laptop", "phone"] = "laptop",
        theme: Literal["light", "dark"] = "light",
    ) -> Page:
        journal.origins.add(at.origin)
        page = kept_context(browser, kept_contexts, theme).new_page()
        pages.append(page)
        watch(page, journal)
        width, height = VIEWPORTS[viewport]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(at.address(path))
        wait_ready(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert journal.foreign() == [], "a page asked another machine"
    assert journal.errors == [], "the console shows errors"
    assert journal.dialogs == [], "a dialog opened"


@dataclass
class KeptTab:
    """A page that outlives a test; what it asks for and complains about goes to the journal of the test that looks."""

    page: Page
    journal: Journal


@pytest.fixture(scope="module")
def kept_tabs() -> Iterator[dict[tuple[str, str, str], KeptTab]]:
    """The pages of ``same_tab`` that stand, by server, size and theme."""
    tabs: dict[tuple[str, str, str], KeptTab] = {}
    yield tabs
    for tab in tabs.values():
        tab.page.close()


@pytest.fixture
def same_tab(
    browser: Browser, kept_contexts: dict[str, BrowserContext], kept_tabs: dict[tuple[str, str, str], KeptTab]
) -> Iterator[Callable[..., Page]]:
    """As ``open_tab``, but one page for all tests of a file: it goes from screen to screen as a viewer's does.

    That takes a fifth of what loading does. For tests that only look at what an address shows, whatever was shown
    before it; an address is taken whole, nothing is left of the filters of the one before. A page with which a test
    failed is not used again.
    """
    used: dict[tuple[str, str, str], KeptTab] = {}

    def go_to(
        at: Server,
        path: str = "/",
        *,
        viewport: Literal["projector", "laptop", "phone"] = "laptop",
        theme: Literal["light", "dark"] = "light",
    ) -> Page:
        key = (at.origin, viewport, theme)
        tab = used.get(key) or kept_tabs.pop(key, None)  # put back when the test has passed
        width, height = VIEWPORTS[viewport]
        size: ViewportSize = {"width": width, "height": height}
        if tab is None:
            context = kept_context(browser, kept_contexts, theme)
            tab = used[key] = KeptTab(context.new_page(), Journal(origins={at.origin}))
            watch(tab.page, tab.journal)
            tab.page.set_viewport_size(size)
            tab.page.goto(at.address(path))
        else:
            used[key] = tab
            tab.page.set_viewport_size(size)
            tab.page.evaluate(GO_TO, path if "?" in path else f"{path}?bahasa=id")
        wait_ready(tab.page)
        return tab.page

    yield go_to
    for key, tab in used.items():
        heard = tab.journal.foreign(), list(tab.journal.errors), list(tab.journal.dialogs)
        if any(heard) or tab.page.locator(FAILED).count():
            tab.page.close()
        else:
            tab.journal.requests.clear()
            kept_tabs[key] = tab
        assert heard == ([], [], []), "a page asked another machine, wrote an error or opened a dialog"


@pytest.fixture
def settle() -> Callable[[Page], None]:
    """Wait, after a click or a key, until the run that it started has ended and nothing failed."""

    def wait(page: Page) -> None:
        page.evaluate("() => { window.__idleSince = undefined; }")
        wait_ready(page)

    return wait


@pytest.fixture
def choose(settle: Callable[[Page], None]) -> Callable[[Page, str, str], None]:
    """``choose(page, "provinsi", "Jawa Timur")`` picks an option of the list with that key, in sidebar or screen."""

    def pick(page: Page, key: str, option: str) -> None:
        box, wanted = page.locator(f".st-key-{key}"), page.get_by_role("option", name=option, exact=True)

        def open_list() -> None:
            box.get_by_role("combobox").focus()
            page.keyboard.press("ArrowDown")  # a click may scroll, and scrolling closes the list again
            expect(wanted).to_be_visible(timeout=4_000)

        for last in (False, False, True):
            try:
                open_list()
                wanted.click(timeout=4_000)
                break
            except (AssertionError, NotInTime):  # a run that ended just then has drawn the closed list anew
                if last:
                    raise
                page.keyboard.press("Escape")
                settle(page)
        page.keyboard.press("Escape")
        settle(page)

    return pick


@pytest.fixture
def pick(settle: Callable[[Page], None]) -> Callable[[Page, str, str], None]:
    """``pick(page, "ekspor_apa", "Data")`` presses one of the buttons side by side with that key."""

    def press(page: Page, key: str, label: str) -> None:
        page.locator(f".st-key-{key}").get_by_role("radio", name=label, exact=True).click()
        settle(page)

    return press


@dataclass
class WebMap:
    """The web map on a screen, in its frame."""

    page: Page
    frame: Frame

    @property
    def box(self) -> Locator:
        """The map's element inside the frame."""
        return self.frame.locator("[data-ready]")

    def wait_drawn(self, sites: int | None = None) -> None:
        """Until symbols and boundaries of one and the same payload are drawn; with ``sites`` that many of them."""
        self.frame.wait_for_function(
            """sites => {
              const box = document.querySelector('[data-ready]');
              return box && box.dataset.ready === box.dataset.drawn
                && (sites === null || box.dataset.sites === String(sites));
            }""",
            arg=sites,
            timeout=READY_LIMIT_MS,
        )

    def wait_redrawn(self, before: str) -> None:
        """Until another payload than ``before`` is drawn."""
        self.frame.wait_for_function(
            "before => document.querySelector('[data-ready]').dataset.drawn !== before",
            arg=before,
            timeout=READY_LIMIT_MS,
        )
        self.wait_drawn()

    @property
    def drawn(self) -> str:
        """The version of the payload that is drawn."""
        return str(self.box.get_attribute("data-drawn"))

    @property
    def payload(self) -> dict[str, Any]:
        """What the map was given."""
        found: dict[str, Any] = self.frame.evaluate("() => programmeMap.current.payload")
        return found

    @property
    def view(self) -> list[float]:
        """Longitude and latitude of the centre, and the zoom."""
        found: list[float] = self.frame.evaluate(
            "() => { const m = programmeMap.current.map, c = m.getCenter(); return [c.lng, c.lat, m.getZoom()]; }"
        )
        return found

    def place(self, code: str) -> tuple[float, float]:
        """Where the symbol of a site stands, in pixels from the map's corner."""
        self.frame.wait_for_function("code => programmeMap.current.indexOf(code) >= 0", arg=code)
        at = self.frame.evaluate(
            """code => {
              const map = programmeMap.current, index = map.indexOf(code);
              const p = map.placed.find(p => p.index === index);
              return [p.px, p.py];
            }""",
            code,
        )
        return at[0], at[1]

    def statuses(self) -> dict[str, str]:
        """The status of every site that passes the filters, by code, as the map draws it."""
        found: dict[str, str] = self.frame.evaluate(
            """async () => {
              const map = programmeMap.current;
              const rows = [...map.passing].map(async i => [await map.codeOf(i), map.statusOf(i)]);
              return Object.fromEntries(await Promise.all(rows));
            }"""
        )
        return found

    def told(self, name: str) -> int:
        """A number that the map tells of itself: ``sites``, ``singles``, ``groups``, ``framed``, ``counted`` ..."""
        return int(str(self.box.get_attribute(f"data-{name}")))

    def free_place(self, region: str) -> tuple[float, float]:
        """A pixel inside the map and inside a region, as far from every symbol as can be had."""
        at = self.frame.evaluate(
            """region => {
              const self = programmeMap.current, map = self.map, size = map.getSize();
              const covered = [...document.querySelectorAll('.leaflet-control, .peta-legend, .peta-note')]
                .map(e => e.getBoundingClientRect());
              let best = null, most = -1;
              self.areas.forEach(layer => layer.eachLayer(part => {
                if (part.feature.properties.code !== region) return;
                const path = part.getElement(), bounds = part.getBounds();
                const a = map.latLngToContainerPoint(bounds.getNorthWest());
                const b = map.latLngToContainerPoint(bounds.getSouthEast());
                for (let i = 1; i < 60; i++) for (let j = 1; j < 60; j++) {
                  const x = a.x + (b.x - a.x) * i / 60, y = a.y + (b.y - a.y) * j / 60;
                  if (x < 6 || y < 6 || x > size.x - 6 || y > size.y - 6) continue;
                  if (covered.some(r => x > r.left - 4 && x < r.right + 4
                    && y > r.top - 4 && y < r.bottom + 4)) continue;
                  const at = map.containerPointToLayerPoint([x, y]);
                  if (!path.isPointInFill(new DOMPoint(at.x, at.y))) continue;
                  const far = Math.min(...self.placed.map(p => Math.hypot(p.px - x, p.py - y)), 1000);
                  if (far > most) { most = far; best = [x, y, far]; }
                }
              }));
              return best;
            }""",
            region,
        )
        assert at is not None, f"no part of {region} is on the screen"
        return at[0], at[1]

    def click(self, at: tuple[float, float]) -> None:
        self.box.click(position={"x": at[0], "y": at[1]})

    def hover(self, at: tuple[float, float]) -> None:
        self.box.hover(position={"x": at[0], "y": at[1]})


@pytest.fixture
def map_on() -> Callable[[Page], WebMap]:
    """``map_on(page)`` is the web map of a screen, once it is drawn."""

    def find(page: Page) -> WebMap:
        frame = page.locator(MAP_FRAME).element_handle().content_frame()
        assert frame is not None, "the map has no frame"
        found = WebMap(page, frame)
        found.wait_drawn()
        return found

    return find
