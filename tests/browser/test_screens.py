"""Every screen reads well: in each size, theme and language, without failure, overflow or a picture without words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import WORD, reads_well

TITLES = {
    "/": ("Ringkasan", "Overview"),
    "/peta?provinsi=35": ("Peta", "Map"),
    "/wilayah?provinsi=35": ("Wilayah", "Region"),
    "/lokasi?lokasi=KTN-TUREN": ("Status lokasi", "Site status"),
    "/renaksi": ("Rencana aksi 2026", "Action plan 2026"),
    "/perubahan?provinsi=35": ("Apa yang berubah", "What changed"),
    "/ditunggu": ("Laporan yang ditunggu", "Awaited reports"),
    "/evaluasi?provinsi=35": ("Evaluasi tahunan", "Annual evaluation"),
    "/impor": ("Impor", "Import"),
    "/ekspor?provinsi=35": ("Ekspor", "Export"),
}
MARKS = {"id": "DATA CONTOH", "en": "SAMPLE DATA"}

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


@pytest.mark.parametrize("address", list(TITLES))
@pytest.mark.parametrize(
    ("viewport", "theme", "language"),
    [("projector", "light", "id"), ("projector", "dark", "en"), ("phone", "dark", "id"), ("phone", "light", "en")],
)
def test_the_screen_reads_well(
    address: str,
    viewport: str,
    theme: str,
    language: str,
    server: Any,
    same_tab: Callable[..., Page],
    map_on: Callable[[Page], Any],
    settle: Callable[[Page], None],
) -> None:
    """The projector's page is then made as small as a laptop's, which saves loading it again."""
    joined = "&" if "?" in address else "?"
    path = f"{address}{joined}bahasa=en" if language == "en" else address
    page = same_tab(server, path, viewport=viewport, theme=theme)
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
    reads_well(page)
    if page.locator(MAP).count():
        shown = map_on(page)
        assert shown.payload["theme"] == theme, at
        assert ("lokasi" if language == "id" else "sites") in str(shown.box.get_attribute("aria-label")), at
        assert shown.frame.locator(".peta-note").inner_text().startswith(MARKS[language]), at
        assert shown.frame.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1"), at
        assert WORD.search(shown.frame.locator("body").inner_text()) is None, at
