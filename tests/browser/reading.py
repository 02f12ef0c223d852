"""Read off a screen what it shows, and off the command line what it should: for tests that hold them together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from geo.__main__ import main
from geo.locale import translator
from geo.locale.terms import digits_apart
from geo.progress import DEFAULT_THRESHOLDS
from tests.serving import Server

T = translator("id")

SCREENS = {
    "/": ("Ringkasan", "Overview"),
    "/peta": ("Peta", "Map"),
    "/wilayah": ("Wilayah", "Region"),
    "/lokasi": ("Status lokasi", "Site status"),
    "/renaksi": ("Rencana aksi", "Action plan"),
    "/perubahan": ("Apa yang berubah", "What changed"),
    "/ditunggu": ("Laporan yang ditunggu", "Awaited reports"),
    "/evaluasi": ("Evaluasi tahunan", "Annual evaluation"),
    "/impor": ("Impor", "Import"),
    "/ekspor": ("Ekspor", "Export"),
}
"""Every screen by its address, with what its title begins with in Indonesian and English."""

WORD = re.compile(r"\b(None|nan|NaN|NaT|<NA>|undefined|null|inf)\b")
"""What a missing value looks like when nobody has found words for it."""

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

_CARDS = """
() => [...document.querySelectorAll('[data-testid="stHtml"] > div')].flatMap(grid =>
  [...grid.children].map(card => [...card.querySelectorAll(':scope > div')].map(line => line.innerText.trim())))
"""
_CHARTS = """
() => [...document.querySelectorAll('.js-plotly-plot')].map(plot => {
  const holder = plot.closest('[class*="st-key-"]');
  const key = [...holder.classList].find(name => name.startsWith('st-key-')).slice('st-key-'.length);
  const plain = values => Array.from(values ?? [], value => value === undefined ? null : value);
  return [key, plot.data.map(trace => ({ name: trace.name ?? '', x: plain(trace.x), y: plain(trace.y) }))];
})
"""
_BADGES = """
() => [...new Set([...document.querySelectorAll('[data-testid="stMain"] .stMarkdownBadge')]
  .filter(badge => badge.getClientRects().length > 0)
  .map(badge => [...badge.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join('').trim()))]
"""


# --- the screens -------------------------------------------------------------------------------------------------


def reads_well(page: Page) -> None:
    """Nothing sticks out, nothing is without words, no missing value shows its bare name."""
    for what, question in (("overflow", OVERFLOW), ("outside", OUTSIDE), ("without words", WORDLESS)):
        found = page.evaluate(question)
        assert found == [], f"{what} at {page.viewport_size}: {found}"
    labels = page.locator("[aria-label]").evaluate_all("found => found.map(one => one.getAttribute('aria-label'))")
    bare = WORD.search("\n".join([page.locator("body").inner_text(), *labels]))
    assert bare is None, f"{bare} at {page.viewport_size}"


def cards(page: Page) -> dict[str, list[str]]:
    """Headline cards by their label: figure, what it means and, where there is one, its note."""
    return {lines[0]: lines[1:] for lines in page.evaluate(_CARDS) if len(lines) >= 3}


def charts(page: Page) -> dict[str, list[dict[str, Any]]]:
    """The traces (``name``, ``x``, ``y``) of every chart, by the key of the chart, once all are drawn."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=\"stPlotlyChart\"]')]"
        ".every(holder => holder.querySelector('.js-plotly-plot')?.data)"
    )
    return dict(page.evaluate(_CHARTS))


def trace(traces: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The only trace of a chart with that name."""
    (found,) = (one for one in traces if one["name"] == name)
    return found


def badges(page: Page) -> list[str]:
    """What stands beside the title of the screen."""
    found: list[str] = page.evaluate(_BADGES)
    return found


def press(page: Page, key: str, name: str, settle: Callable[[Page], None]) -> None:
    """Choose the option that begins with ``name`` of the row of buttons with that key."""
    page.locator(f".st-key-{key}").get_by_role("radio", name=re.compile(rf"^{re.escape(name)}")).click()
    settle(page)


def table_rows(table: Locator) -> list[list[str]]:
    """The cells of a grid as far as it is scrolled to (it keeps no more than about twenty rows at hand)."""
    expect(table.locator("table")).to_be_attached()
    found: list[list[str]] = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    return found


def row_count(table: Locator) -> int:
    """How many rows a grid has, its heading left out."""
    counted = table.locator("table").get_attribute("aria-rowcount")
    assert counted is not None
    return int(counted) - 1


def downloaded(page: Page, key: str, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """Name and rows of the JSON file behind the download buttons with that key."""
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key}-json").get_by_role("button").click()
    file = folder / f"{key}.json"
    waiting.value.save_as(file)
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return waiting.value.suggested_filename, rows


def visit(page: Page, name: str, settle: Callable[[Page], None]) -> None:
    """Go to a screen by its name in the navigation."""
    page.locator('[data-testid="stTopNavLink"]').filter(has_text=re.compile(rf"{re.escape(name)}$")).click()
    expect(page.locator('[data-testid="stTopNavLink"][aria-current="page"]')).to_contain_text(name)
    settle(page)


def headline(whole: dict[str, Any]) -> dict[str, list[str]]:
    """The headline cards in Indonesian as they must read for the whole of an exported roll-up."""
    lag = whole["deviation_points"]
    sites = f"dari {T.integer(whole['sites'])} lokasi"
    counts = (
        f"{T.integer(whole['kritis'])} kritis, {T.integer(whole['terlambat'])} terlambat, "
        f"{T.integer(whole['waspada'])} waspada"
    )
    return {
        "Realisasi terhadap rencana": [
            T.percent(whole["actual_percent"]),
            f"{'▼' if lag < 0 else '▲'} {T.points(lag)} · rencana {T.percent(whole['plan_percent'])}",
        ],
        "Di bawah rencana": [T.integer(whole["late"]), counts, sites],
        "Lama tak lapor": [T.integer(whole["silent"]), f"{T.integer(whole['never_reported'])} belum pernah melapor"],
        "Terhambat": [T.integer(whole["blocked"])],
        "Serapan nilai kontrak": [
            T.share(whole["spend_share"], digits=1),
            f"{T.rupiah_short(whole['spend_told'])} dari {T.rupiah_short(whole['spend_value'])}",
        ],
    }


def shows_headline(page: Page, whole: dict[str, Any]) -> None:
    """The headline cards of the screen are those of the exported whole."""
    shown, wanted = cards(page), headline(whole)
    found = {name: shown.get(name, [])[: len(lines)] for name, lines in wanted.items()}
    assert found == wanted, f"the cards say {found}, the export {wanted}"


# --- the command line --------------------------------------------------------------------------------------------


def database(server: Server) -> str:
    """The address of a server's own database."""
    return f"sqlite:///{server.data / 'sinergisitas.sqlite'}"


def exported(server: Server, what: str, day: str, folder: Path, *options: str) -> list[dict[str, Any]]:
    """The rows of ``python -m geo export --what ... --posisi ... --format json`` on a server's own data."""
    file = folder / f"export-{what}.json"
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("GEO_DATABASE_URL", database(server))
        changed.setenv("GEO_DATA_DIR", str(server.data))
        asked = ["export", "--what", what, "--format", "json", "--posisi", day, *options, "--out", str(file)]
        assert main(asked) == 0
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def cell_share(share: float | None) -> str:
    """A share as a cell of the matrix tells it: whole percent, with digits only where it would round onto a limit."""
    limits = (DEFAULT_THRESHOLDS.action_late_from, DEFAULT_THRESHOLDS.action_watch_from, 100.0)
    return T.percent(share, digits=0 if share is None else digits_apart(share, *limits, least=0))
