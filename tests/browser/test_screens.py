"""Every screen reads well: in each size, theme and language, without failure, overflow or a picture without words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

TITLES = {
    "/": ("Ringkasan", "Overview"),
    "/peta?provinsi=35": ("Peta", "Map"),
    "/wilayah?provinsi=35": ("Wilayah", "Region"),
    "/lokasi?lokasi=KTN-TUREN": ("Status lokasi", "Site status"),
    "/ekspor?provinsi=35": ("Ekspor", "Export"),
}
MARKS = {"id": "DATA CONTOH", "en": "SAMPLE DATA"}
WORD = re.compile(r"\b(None|nan|NaN|NaT|<NA>|undefined|null|inf)\b")

MAP = 'iframe[title="streamlit_folium.st_folium"]'

BRIGHTNESS = """
() => getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor
  .match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3
"""
BADGE = """
words => [...document.querySelectorAll('[data-testid="stMain"] *')].some(element => {
  if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.includes(words))) return false;
  const box = element.getBoundingClientRect();
  return box.width > 40 && box.height > 8 && box.top < 400 && box.right <= innerWidth + 1;
})
"""
"""Whether a text with these words is seen in the upper part of the screen."""

OVERFLOW = """
() => [document.documentElement, document.body, document.querySelector('[data-testid="stMain"]')]
  .filter(part => part && part.scrollWidth > part.clientWidth + 1)
  .map(part => `${part.tagName} ${part.dataset.testid || ''} ${part.scrollWidth} > ${part.clientWidth}`)
"""
OUTSIDE = """
() => {
  const seen = element => element.getClientRects().length > 0;
  const scrolls = element => { for (let e = element.parentElement; e; e = e.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX)
        && e.dataset.testid !== 'stMain' && e.tagName !== 'BODY') return true; return false; };
  return [...document.querySelectorAll('[data-testid="stMain"] *')].filter(e => seen(e) && !scrolls(e)
    && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120)).slice(0, 3);
}
"""
WORDLESS = """
() => {
  const seen = element => element.getClientRects().length > 0;
  const name = element => (element.getAttribute('aria-label') || element.getAttribute('alt') || '').trim();
  const main = document.querySelector('[data-testid="stMain"]');
  const told = selector => [...main.querySelectorAll(selector)].filter(e => seen(e) && name(e).length < 15);
  const charts = told('[data-testid="stPlotlyChart"]'), pictures = told('[data-testid="stImage"] img');
  const images = [...main.querySelectorAll('img')].filter(e => seen(e) && e.getAttribute('alt') === null);
  const tables = [...main.querySelectorAll('[data-testid="stDataFrame"]')].filter(e => seen(e)
    && ![...e.querySelectorAll('[role=region], canvas')].some(part => name(part).length > 5));
  return [...charts, ...pictures, ...images, ...tables].map(e => e.outerHTML.slice(0, 200));
}
"""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", ["projector", "phone"])
@pytest.mark.parametrize("address", list(TITLES))
def test_the_screen_reads_well(
    address: str,
    viewport: str,
    theme: str,
    language: str,
    server: Any,
    open_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
) -> None:
    """The projector's page is then made as small as a laptop's, which saves loading it again."""
    joined = "&" if "?" in address else "?"
    path = f"{address}{joined}bahasa=en" if language == "en" else address
    page = open_tab(server, path, viewport=viewport, theme=theme)
    expect(page.get_by_role("heading", name=TITLES[address][language == "en"], level=1)).to_be_visible()
    assert (page.evaluate(BRIGHTNESS) < 90) == (theme == "dark")
    check(page, theme, language, map_on)
    if viewport == "projector":
        page.set_viewport_size({"width": 1280, "height": 720})
        settle(page)
        check(page, theme, language, map_on)


def check(page: Page, theme: str, language: str, map_on: Callable[[Page], Any]) -> None:
    size = page.viewport_size
    at = f"{size} {theme}"
    assert page.evaluate(BADGE, MARKS[language]), f"the sample mark is not seen at {at}"
    assert page.evaluate(OVERFLOW) == [], at
    assert page.evaluate(OUTSIDE) == [], at
    assert page.evaluate(WORDLESS) == [], at
    if page.locator(MAP).count():
        shown = map_on(page)
        assert shown.payload["theme"] == theme, at
        assert ("lokasi" if language == "id" else "sites") in str(shown.box.get_attribute("aria-label")), at
        assert shown.frame.locator(".peta-note").inner_text().startswith(MARKS[language]), at
        assert shown.frame.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1"), at
        assert WORD.search(shown.frame.locator("body").inner_text()) is None, at
    labels = page.locator("[aria-label]").evaluate_all("found => found.map(one => one.getAttribute('aria-label'))")
    wrong = WORD.search("\n".join([page.locator("body").inner_text(), *labels]))
    assert wrong is None, f"{wrong} at {at}"
