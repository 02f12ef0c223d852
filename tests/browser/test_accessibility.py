"""No screen, and no page of the briefing room, has a barrier that axe-core calls serious: both languages and themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import GO_TO, READY_LIMIT_MS, STILL, TALKS, wait_ready
from tests.serving import Server

AXE: Final = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS: Final = (
    "/", "/peta", "/wilayah", "/lokasi", "/renaksi", "/perubahan", "/ditunggu", "/evaluasi", "/impor", "/ekspor",
    "/akun", "/catatan",
)  # fmt: skip
ROOM_PAGES: Final = 10

FRAMEWORK: Final[Mapping[str, tuple[str, str]]] = {}
"""Rules that the framework's own parts break and we cannot mend: by rule a selector of those parts and the reason."""

LOOK: Final = """
async () => {
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  });
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).flatMap(one =>
    one.nodes.map(node => ({
      rule: one.id,
      at: node.target.flat().join(' '),
      html: node.html.slice(0, 200),
      why: (node.any.concat(node.all, node.none)[0] || {}).message || one.help,
    })));
}
"""


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser context by theme, in which axe can be put onto each page."""
    made: dict[str, BrowserContext] = {}

    def context(theme: str) -> BrowserContext:
        if theme not in made:
            # the policy of the pages rightly keeps foreign scripts out; the test puts its own in all the same
            look = {"color_scheme": theme, "locale": "id-ID", **STILL}
            made[theme] = browser.new_context(bypass_csp=True, **look)
            made[theme].add_init_script(TALKS)
            made[theme].set_default_timeout(READY_LIMIT_MS)
        return made[theme]

    yield context
    for one in made.values():
        one.close()


def serious(page: Page) -> list[dict[str, Any]]:
    """What axe-core calls serious or critical, apart from what only the framework could mend."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(LOOK)
    left = []
    for one in found:
        selector, _reason = FRAMEWORK.get(one["rule"], ("", ""))
        own = selector and page.evaluate(
            "([at, selector]) => !!document.querySelector(at)?.closest(selector)", [one["at"], selector]
        )
        if not own:
            left.append(one)
    return left


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_screen_has_a_serious_barrier(
    contexts: Callable[[str], BrowserContext], server: Server, theme: str, language: str
) -> None:
    page = contexts(theme).new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(server.address(f"{SCREENS[0]}?bahasa={language}"))
    wait_ready(page)
    found, titles = {}, set()
    for screen in SCREENS:
        if screen != SCREENS[0]:  # from screen to screen as viewers go: loading each takes five times as long
            page.evaluate(GO_TO, f"{screen}?bahasa={language}")
            wait_ready(page)
        titles.add(page.get_by_role("heading", level=1).inner_text())
        barriers = serious(page)
        if barriers:
            found[screen] = [f"{one['rule']}: {one['why']} {one['html']}" for one in barriers]
    page.close()
    assert len(titles) == len(SCREENS), f"it did not get to every screen: {titles}"
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_page_of_the_room_has_a_serious_barrier(
    contexts: Callable[[str], BrowserContext], server: Server, theme: str, language: str
) -> None:
    page = contexts("light").new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(server.address(f"/?mode=paparan&halaman=pembuka&bahasa={language}"))
    expect(page.locator("html[data-ready=yes]")).to_be_attached(timeout=90_000)
    if page.locator("html").get_attribute("data-theme") != theme:
        page.keyboard.press("t")
    found = {}
    for _ in range(ROOM_PAGES):
        key = str(page.locator("section.now").get_attribute("data-key"))
        found[key] = [f"{one['rule']}: {one['why']} {one['html']}" for one in serious(page)]
        page.keyboard.press("ArrowRight")
    for key in ("?", "d", "a", "s"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        found[key] = [f"{one['rule']}: {one['why']} {one['html']}" for one in serious(page)]
        page.keyboard.press("Escape")
    page.close()
    assert len(found) == ROOM_PAGES + 4
    assert {key: barriers for key, barriers in found.items() if barriers} == {}
