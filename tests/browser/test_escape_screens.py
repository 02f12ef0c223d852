"""What strangers typed is shown as typed: nothing of it becomes markup, a link or code, on screen or in a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from geo.drawing.escape import plain_text
from geo.store import open_store
from tests.serving import Server, serving

BAD = "window.__hacked=1"
NAMES = {
    "X-SCRIPT": f"<script>{BAD};alert(1)</script>",
    "X-IMG": f'<img src=x onerror="{BAD};alert(2)">',
    "X-LITERAL": "${" + BAD + "} `${alert(3)}` \\`",
    "X-QUOTES": f"'\"); {BAD}; //' \\",
    "X-CLOSE": f"</script><svg onload={BAD}></svg>",
    "X-RTL": "Rusun \u202egnp.exe\u202c akhir",
    "X-LINK": f"[klik](javascript:{BAD}) ![p](http://192.0.2.1/p.png) <http://192.0.2.1/>",
    "X-MARKS": ":red[merah] :material/home: :smile: $$x^2$$ $y$ **tebal** `kode`",
    "X-TEMPLATE": "{{7*7}} {% raw %} %{x} <b>tebal</b><br>&amp;",
    "X-BLOCK": "# judul",
    "X-ITEM": "1. satu - dua | tiga ~~empat~~",
    "X-ARROWS": "Blok A -> B <- C -- D >= E <= F ~= G <-> H",
    "X-ADDRESS": "www.contoh.example http://192.0.2.1/a orang@contoh.example",
    "X-FORMULA": '=HYPERLINK("http://192.0.2.1/";"x")',
    f'X"><img src=x onerror={BAD}>': "Kode jahat",
}
URLS = (
    f"javascript:{BAD}",
    f"data:text/html,<script>{BAD}</script>",
    f'https://example.org/"><img src=x onerror={BAD}>',
    f" jAvascript:{BAD}",
)
PLANTED = (
    "script:not([src])",
    "img[src='x']",
    "[onerror]",
    "[onload]",
    "a[href^='javascript:' i]",
    "a[href^='data:' i]",
    "a[href*='192.0.2.1']",
    "a[href^='mailto:']",
    "a[href*='www.contoh']",
    "img[src*='192.0.2.1']",
    ".katex",
    "base",
    "object",
    "embed",
)
"""What the planted text would become if it became markup."""


def typed(code: str) -> str:
    """A name as a screen shows it: marks that turn text around are left out, the rest stands as typed."""
    return plain_text(NAMES[code])


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a store in which every text is hostile."""
    folder = tmp_path_factory.mktemp("planted")
    url = f"sqlite:///{folder / 'planted.sqlite'}"
    store = open_store(url)
    store.migrate()
    codes, hostile = list(NAMES), list(NAMES.values())
    count = len(codes)
    days = pd.to_datetime(["2026-01-01"] * count)
    programmes = ["ktn", "koperasi", "warung_nkri", "rusun"]
    store.add(
        {
            "institutions": pd.DataFrame(
                {"code": ["I-1"], "name": [NAMES["X-IMG"]], "kind": ["kl"], "field": [NAMES["X-SCRIPT"]]}
            ),
            "sites": pd.DataFrame(
                {
                    "code": codes,
                    "programme": [programmes[place % 4] for place in range(count)],
                    "name": hostile,
                    "region_code": ["35.07"] * count,
                    "lon": [112.3 + 0.12 * (place % 5) for place in range(count)],
                    "lat": [-8.2 + 0.12 * (place // 5) for place in range(count)],
                    "location_precision": ["exact"] * count,
                    "institution_code": ["I-1"] * count,
                    "start_date": days,
                    "target_date": pd.to_datetime(["2026-12-31"] * count),
                    "contract_value": pd.array([1_000_000_000] * count, dtype="Int64"),
                    "year": [2026] * count,
                    "data_status": ["synthetic"] * count,
                    "source_url": [URLS[place % len(URLS)] for place in range(count)],
                }
            ),
            "plans": pd.DataFrame(
                {
                    "site_code": [code for code in codes for _ in range(2)],
                    "as_of": pd.to_datetime(["2026-01-01", "2026-12-31"] * count),
                    "percent": [0.0, 100.0] * count,
                    "spend": pd.array([0, 1_000_000_000] * count, dtype="Int64"),
                }
            ),
            "reports": pd.DataFrame(
                {
                    "site_code": codes,
                    "as_of": pd.to_datetime(["2026-09-30"] * count),
                    "recorded_at": pd.to_datetime(["2026-10-01T00:00Z"] * count),
                    "percent": [30.0] * count,
                    "spend": pd.array([1] * count, dtype="Int64"),
                    "stage": ["in_progress"] * count,
                    "note": hostile,
                    "source_url": [URLS[place % len(URLS)] for place in range(count)],
                    "data_status": ["synthetic"] * count,
                    "author": hostile[::-1],
                }
            ),
            "obstacles": pd.DataFrame(
                {
                    "site_code": codes,
                    "opened": pd.to_datetime(["2026-08-01"] * count),
                    "category": hostile,
                    "severity": [3] * count,
                    "note": hostile,
                    "follow_up": hostile[::-1],
                }
            ),
            "site_indicators": pd.DataFrame(
                {
                    "site_code": codes,
                    "indicator": hostile,
                    "unit": hostile[::-1],
                    "value": [1.0] * count,
                    "as_of": pd.to_datetime(["2026-09-30"] * count),
                    "source_url": [URLS[place % len(URLS)] for place in range(count)],
                }
            ),
        },
        actor="test",
        at=datetime(2026, 10, 31, tzinfo=UTC),
        meta={"sample": "true", "sample_as_of": "2026-10-31"},
    )
    store.close()
    with serving(folder / "server", environment={"GEO_DATABASE_URL": url}) as running:
        yield running


def planted_elements(page: Page) -> dict[str, list[str]]:
    """Elements, in all frames, that the page did not mean to have; the map's frame has inline scripts of its own."""
    found: dict[str, list[str]] = {}
    for frame in page.frames:
        for selector in PLANTED:
            elements = frame.locator(selector).evaluate_all("found => found.map(one => one.outerHTML)")
            strange = [html[:200] for html in elements if not html.startswith("<script") or "__hacked" in html]
            if strange:
                found[f"{frame.url[:60]} {selector}"] = strange
    return found


def assert_harmless(page: Page) -> None:
    for frame in page.frames:
        assert frame.evaluate("() => window.__hacked") is None, f"a planted script ran in {frame.url}"
    assert planted_elements(page) == {}


def texts(found: Locator) -> list[str]:
    return [text.strip() for text in found.all_inner_texts()]


def spaced(text: str) -> str:
    """A text as a reader sees it: runs of spaces are one, signs without width are none."""
    return re.sub(r"\s+", " ", re.sub("[\u2060\u200b\u200c\u200d]", "", text)).strip()


def test_the_names_survive_on_the_first_screen(planted: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(planted)
    assert_harmless(page)
    shown = [spaced(text) for text in texts(page.get_by_test_id("stHtml").locator("strong"))]
    assert len([text for text in shown if text in {spaced(typed(code)) for code in NAMES}]) >= 5


def test_every_tip_on_the_map_says_the_name_as_typed(
    planted: Server, open_page: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_page(planted, "/peta?provinsi=35&kabkota=35.07", viewport="projector")
    shown = map_on(page)
    for code in NAMES:
        shown.hover(shown.place(code))
        expect(shown.frame.locator(".peta-tip-head")).to_have_text(spaced(typed(code)))
    assert_harmless(page)
    page.get_by_text("Tabel isi peta").click()
    expect(page.locator('[data-testid="stDataFrame"] table')).to_be_attached()
    assert_harmless(page)


def test_a_click_on_a_site_with_a_hostile_code_opens_its_card(
    planted: Server, open_page: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_page(planted, "/peta?provinsi=35&kabkota=35.07", viewport="projector")
    shown = map_on(page)
    shown.click(shown.place(next(reversed(NAMES))))
    expect(page.get_by_role("heading", name="Kode jahat")).to_be_visible()
    settle(page)
    assert_harmless(page)


@pytest.mark.parametrize("code", list(NAMES)[: len(NAMES) // 2 + 1])  # each shows a text of the other half too
def test_the_history_of_a_site_shows_its_texts_as_typed(
    code: str, planted: Server, same_tab: Callable[..., Page]
) -> None:
    page = same_tab(planted, f"/lokasi?lokasi={quote(code, safe='')}")
    expect(page.get_by_role("heading", level=4)).to_have_count(1)
    assert_harmless(page)
    assert spaced(page.get_by_role("heading", level=4).inner_text()) == spaced(typed(code))
    main = spaced(page.get_by_test_id("stMain").inner_text())
    place = list(NAMES).index(code)
    other = spaced(typed(list(NAMES)[-1 - place]))
    assert main.count(spaced(typed(code))) >= 4, "name, indicator, category and note of the obstacle"
    assert f"Tindak lanjut: {other}" in main
    assert spaced(NAMES["X-IMG"]) in main, "the institution in charge"
    url = URLS[place % len(URLS)]
    if url.startswith("https:"):
        assert page.locator("main a[target=_blank], .stMain a[target=_blank]").first.get_attribute("href") == url
        assert "Sumber: example.org" in main
    else:
        assert url.strip() in main
    notes = page.locator("table.catat td.catatan").all_text_contents()
    assert NAMES[code] in notes or typed(code) in notes, "the note of the report"


def test_the_list_and_the_table_of_sites_show_the_names_as_typed(
    planted: Server, open_page: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_page(planted, "/lokasi", viewport="projector")
    cells = page.locator('[data-testid="stDataFrame"] tbody td:first-child').all_text_contents()
    assert len(cells) >= 10
    assert set(cells) <= {*NAMES.values(), *map(plain_text, NAMES.values())}
    assert_harmless(page)
    page.get_by_role("radio", name="Daftar").click()
    listed = page.locator("[class*='st-key-daftar-']").get_by_role("button")
    expect(listed).to_have_count(len(NAMES))
    settle(page)
    shown = {spaced(text) for text in texts(listed)}
    assert {spaced(typed(code)) for code in NAMES} <= shown
    assert_harmless(page)


def test_a_region_and_an_export_with_hostile_names_open(
    planted: Server, open_page: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_page(planted, "/wilayah?provinsi=35")
    assert_harmless(page)
    page.goto(planted.address("/ekspor?provinsi=35"))
    settle(page)
    expect(page.get_by_test_id("stImage").locator("img")).to_be_visible()
    assert_harmless(page)


@pytest.mark.parametrize("form", ["html", "svg"])
def test_a_downloaded_picture_holds_hostile_names_and_titles_as_text(
    form: str,
    planted: Server,
    open_page: Callable[..., Page],
    settle: Callable[[Page], None],
    pick: Callable[[Page, str, str], None],
    browser: Browser,
    tmp_path: Path,
) -> None:
    page = open_page(planted, "/ekspor?provinsi=35")
    pick(page, "ekspor_bentuk", form.upper())
    page.get_by_text("Judul, klasifikasi, tampilan").click()
    title = f"<img src=x onerror={BAD}>$x$ `${{1}}` </title></script>"
    box = page.get_by_role("textbox", name="Judul")
    box.fill(title)
    box.press("Enter")
    settle(page)
    assert_harmless(page)
    with page.expect_download() as waiting:
        page.locator(f".st-key-ekspor-gambar-{form}").get_by_role("button").click()
    file = tmp_path / f"peta.{form}"
    waiting.value.save_as(file)
    context = browser.new_context(offline=True)
    try:
        alone = context.new_page()
        dialogs: list[str] = []
        requests: list[str] = []
        alone.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        alone.on("request", lambda request: requests.append(request.url))
        alone.goto(file.as_uri())
        if form == "html":
            expect(alone.locator("#map[data-ready]")).to_be_visible()
            expect(alone.locator("h1")).to_have_text(spaced(title))
            alone.locator("details.table summary").click()
            cells = {spaced(text) for text in alone.locator("details.table td:first-child").all_inner_texts()}
            assert cells == {spaced(typed(code)) for code in NAMES}
            for code in NAMES:
                at = alone.evaluate(
                    "code => { const m = programmeMap.current;"
                    " const i = m.indexOf(code), p = m.placed.find(p => p.index === i); return [p.px, p.py]; }",
                    code,
                )
                alone.locator("#map").hover(position={"x": at[0], "y": at[1]})
                expect(alone.locator(".peta-tip-head")).to_have_text(spaced(typed(code)))
            strange = alone.locator(", ".join(PLANTED[1:]))
        else:
            strange = alone.locator("script, [onerror], [onload], image[href^='http'], foreignObject")
        assert strange.count() == 0
        assert alone.evaluate("() => window.__hacked") is None
        assert dialogs == []
        assert [request for request in requests if not request.startswith(("data:", "file:"))] == []
    finally:
        context.close()
