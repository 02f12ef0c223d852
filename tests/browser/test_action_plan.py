"""The action plan shows every institution in every province, lets the viewer look into a cell, and freezes figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from geo.locale.terms import checkpoint_name
from geo.model import FOCUS_PROVINCES, Filters
from geo.progress.action_plan import ActionPlan, action_plan
from geo.store import open_store
from tests.browser.reading import T, cards, cell_share, database, downloaded, press, reads_well, row_count, table_rows

ON = "2026-10-31"
MATRIX = ".st-key-renaksi_matriks_institution_code"
HEAD_PX, ROW_PX = 36, 30
VIEWS = {
    "id": ("Matriks", "Non-fisik", "Rekonsiliasi", "Titik periksa"),
    "en": ("Matrix", "Non-physical", "Reconciliation", "Checkpoints"),
}


def planned(server: Any, *, checkpoint: str | None = None, provinces: tuple[str, ...] = ()) -> ActionPlan:
    """The plan of the day on the server's own data."""
    filters = Filters(on=date.fromisoformat(ON), provinces=provinces)
    return action_plan(open_store(database(server)).tables(), filters, checkpoint=checkpoint)


def told(cell: Mapping[Any, Any]) -> str:
    """A cell as the screen must say it, its mark left out; empty without actions."""
    if not cell["actions"]:
        return ""
    return f"{cell_share(cell['achieved_percent'])} · {cell['reported']}/{cell['actions']}"


def lines(plan: ActionPlan, **asked: Any) -> dict[str, list[str]]:
    """Cells of the matrix by row, from the first province to the total."""
    rows: dict[str, list[str]] = {}
    for cell in plan.matrix(**asked).to_dict("records"):
        rows.setdefault(cell["row"], []).append(told(cell))
    return rows


def plain(text: str) -> str:
    """A cell of the screen without its mark."""
    return text.partition(" ")[2]


def place_of(grid: Locator) -> tuple[float, float, float]:
    """Left and upper edge and width of the drawn grid in the window, scrolled to."""
    grid.scroll_into_view_if_needed()
    box = grid.locator("canvas").first.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"]


def all_rows(page: Page, grid: Locator) -> list[list[str]]:
    """Every row of the matrix, scrolled through from the top with the wheel."""
    left, top, _ = place_of(grid)
    page.mouse.move(left + 100, top + 100)
    found: dict[int, list[str]] = {}
    count = row_count(grid)
    while len(found) < count:
        shown = grid.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [Number(row.getAttribute('aria-rowindex')) - 2,"
            " [...row.querySelectorAll('td')].map(cell => cell.textContent)])"
        )
        found |= dict(shown)
        if len(found) < count:
            last = max(place for place, _ in shown)
            page.mouse.wheel(0, 10 * ROW_PX)
            page.wait_for_function(
                "([grid, last]) => [...document.querySelectorAll(`${grid} tbody tr`)]"
                ".some(row => Number(row.getAttribute('aria-rowindex')) - 2 > last)",
                arg=[MATRIX, last],
            )
    return [found[place] for place in range(count)]


def click_cell(page: Page, grid: Locator, row: int, column: int) -> None:
    """Click the middle of a cell of the matrix, as a hand does."""
    left, top, width = place_of(grid)
    spare = (width - 215 - 5 * 92 - 118) / 7  # the grid shares out what its columns leave over
    middle = 215 + spare + (column - 0.5) * (92 + spare)
    page.mouse.click(left + middle, top + HEAD_PX + ROW_PX * (row + 0.5))


@pytest.fixture
def plan_page(server: Any, open_tab: Callable[..., Page]) -> Page:
    """The action plan on a laptop, with the sidebar open."""
    page = open_tab(server, f"/renaksi?posisi={ON}")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("viewport", ["laptop", "phone"])
def test_every_view_reads_well(
    viewport: str, language: str, server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, f"/renaksi?posisi={ON}&bahasa={language}", viewport=viewport)
    for name in VIEWS[language]:
        press(page, "renaksi_tampilan", name, settle)
        reads_well(page)
    assert page.locator('[data-testid="stDataFrame"]').count() > 0


# --- the matrix --------------------------------------------------------------------------------------------------


def test_the_matrix_has_every_institution_and_fits_a_laptop_beside_the_sidebar(server: Any, plan_page: Page) -> None:
    grid, plan = plan_page.locator(MATRIX), planned(server)
    wanted = lines(plan)
    ministries = plan.institutions[plan.institutions["kind"] == "kl"]
    assert len(ministries) == 46
    assert set(ministries["code"]) <= set(wanted)
    heads = grid.locator("thead th").all_inner_texts()
    assert heads == ["Instansi", "Jabar", "Jateng", "Jatim", "NTB", "Sulteng", "Semua"]
    assert len(heads) == 1 + len(FOCUS_PROVINCES) + 1
    assert row_count(grid) == len(wanted)
    scroller = grid.locator(".dvn-scroller")
    assert scroller.evaluate("e => e.scrollWidth <= e.clientWidth")
    box = grid.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280

    shown = all_rows(plan_page, grid)
    assert shown[0][0] == "Semua"
    assert [plain(text) for text in shown[0][1:]] == wanted[""]
    assert Counter(tuple(map(plain, row[1:])) for row in shown[1:]) == Counter(
        tuple(cells) for key, cells in wanted.items() if key
    )
    assert len({row[0] for row in shown}) == len(wanted)


def test_the_worst_stand_first_until_another_order_is_chosen(
    server: Any, plan_page: Page, choose: Callable[[Page, str, str], None]
) -> None:
    grid, plan = plan_page.locator(MATRIX), planned(server)
    totals = {key: cells[-1] for key, cells in lines(plan).items()}

    def shares() -> list[float]:
        found = [re.search(r"([\d,]+)%", row[-1]) for row in table_rows(grid)[1:]]
        return [float(match[1].replace(",", ".")) for match in found if match]

    assert len(shares()) > 10
    assert shares() == sorted(shares())
    choose(plan_page, "renaksi_urutan", T("Most unreported first"))
    owed = plan.matrix().query("province == '' and row != ''").sort_values("not_reported", ascending=False)
    assert plain(table_rows(grid)[1][-1]) in {
        totals[key] for key in owed.loc[owed["not_reported"] == owed["not_reported"].max(), "row"]
    }
    choose(plan_page, "renaksi_urutan", T("By code"))
    in_order = [cells[-1] for key, cells in lines(plan).items() if key]
    listed = [plain(row[-1]) for row in table_rows(grid)[1:]]
    assert listed == in_order[: len(listed)]
    assert shares() != sorted(shares())


def test_kind_and_rows_change_the_matrix(server: Any, plan_page: Page, settle: Callable[[Page], None]) -> None:
    plan = planned(server)
    for name, kind in (("Fisik", "physical"), ("Non-fisik", "non_physical")):
        press(plan_page, "renaksi_jenis", name, settle)
        total = table_rows(plan_page.locator(MATRIX))[0]
        assert [plain(text) for text in total[1:]] == lines(plan, kind=kind)[""]
        assert lines(plan, kind=kind)[""] != lines(plan)[""]
    press(plan_page, "renaksi_jenis", "Semua", settle)
    for name, rows in (("Bidang", "field"), ("Program", "programme")):
        press(plan_page, "renaksi_baris", name, settle)
        shown = table_rows(plan_page.locator(f".st-key-renaksi_matriks_{rows}"))
        wanted = lines(plan, rows=rows)
        assert Counter(tuple(map(plain, row[1:])) for row in shown) == Counter(map(tuple, wanted.values()))
        assert [plain(text) for text in shown[0][1:]] == wanted[""] == lines(plan)[""]


def test_an_earlier_checkpoint_can_be_judged(server: Any, plan_page: Page, settle: Callable[[Page], None]) -> None:
    for code in ("b06", "b03", "b09"):
        plan = planned(server, checkpoint=code)
        press(plan_page, "renaksi_titik", checkpoint_name(code), settle)
        said = T("judged at {checkpoint}, {day}", checkpoint=code.upper(), day=T.date(plan.checkpoint_day))
        expect(plan_page.get_by_text(said).first).to_be_visible()
        share = cards(plan_page)[T("Share of the target of {checkpoint}", checkpoint=code.upper())]
        assert share[0] == T.percent(plan.total["achieved_percent"])
        assert [plain(text) for text in table_rows(plan_page.locator(MATRIX))[0][1:]] == lines(plan)[""]


def test_restatements_of_closed_checkpoints_stand_above_the_matrix(server: Any, plan_page: Page) -> None:
    summary = {row["checkpoint"]: row for row in planned(server).restated_summary.to_dict("records")}
    restated = summary["b06"]
    assert restated["restated_due"] > 0
    line = f"B06 direvisi: {T.integer(restated['restated_due'])} kegiatan, {T.points(restated['points'])}"
    expect(plan_page.get_by_text(line)).to_be_visible()
    assert "B09 direvisi" not in plan_page.locator("body").inner_text()


# --- a cell ------------------------------------------------------------------------------------------------------


def test_a_click_on_a_cell_lists_its_actions(
    server: Any, plan_page: Page, settle: Callable[[Page], None], tmp_path: Path
) -> None:
    plan, grid = planned(server), plan_page.locator(MATRIX)
    rows = table_rows(grid)
    row, column = next(
        (place, column)
        for place, cells in enumerate(rows[1:16], start=1)
        for column in range(len(FOCUS_PROVINCES), 0, -1)
        if "/2" in cells[column]
    )
    click_cell(plan_page, grid, row, column)
    settle(plan_page)
    marked = grid.locator("td[aria-selected=true]")
    assert marked.get_attribute("id") == f"glide-cell-{column}-{row}"
    institution = plan_page.locator(".st-key-renaksi_pilihan_baris input").input_value()
    code = str(dict(zip(plan.institutions["name"], plan.institutions["code"], strict=True))[institution])
    assert institution.split()[-1] in rows[row][0] or rows[row][0].split()[-1] in institution
    here = plan.positions["institution_code"].eq(code) & plan.positions["province"].eq(FOCUS_PROVINCES[column - 1])
    wanted = set(plan.positions.loc[here, "code"])
    assert len(wanted) == 2
    assert {one["code"] for one in downloaded(plan_page, "renaksi-unduh", tmp_path)[1]} == wanted
    listed = plan_page.locator('[data-testid="stDataFrame"]').last
    titles = set(plan.positions.loc[here, "title"])
    assert {cells[0] for cells in table_rows(listed)} == titles

    # a row of the list opens the action with its targets
    left, top, _ = place_of(listed)
    plan_page.mouse.click(left + 18, top + HEAD_PX + 17)
    settle(plan_page)
    heading = plan_page.get_by_role("heading", level=4)
    assert heading.inner_text() in titles
    expect(plan_page.get_by_text("target kumulatif")).to_be_visible()


def test_the_lists_beside_the_matrix_choose_the_same_cells(
    server: Any,
    plan_page: Page,
    choose: Callable[[Page, str, str], None],
    settle: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    plan = planned(server)
    chosen = plan.positions["institution_code"].mode().iloc[0]
    name = str(dict(zip(plan.institutions["code"], plan.institutions["name"], strict=True))[chosen])
    plan_page.locator(".st-key-renaksi_pilihan_baris").get_by_role("combobox").focus()
    plan_page.keyboard.press("ArrowDown")
    plan_page.keyboard.press("Control+a")
    plan_page.keyboard.type(name)  # the list is too long to be drawn whole
    plan_page.get_by_role("option", name=name, exact=True).click()
    settle(plan_page)
    choose(plan_page, "renaksi_pilihan_provinsi", T("All provinces"))
    listed = {one["code"] for one in downloaded(plan_page, "renaksi-unduh", tmp_path)[1]}
    assert listed == set(plan.positions.loc[plan.positions["institution_code"] == chosen, "code"])


# --- closing a checkpoint ----------------------------------------------------------------------------------------


def test_an_administrator_closes_a_checkpoint_only_by_name_and_with_a_second_word(
    fresh_server: Callable[..., Any], open_page: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    server = fresh_server()
    page = open_page(server, f"/renaksi?posisi={ON}")
    press(page, "renaksi_tampilan", "Titik periksa", settle)
    grid = page.locator('[data-testid="stDataFrame"]').first
    form = page.locator(".st-key-renaksi-kunci")
    form.locator("summary").click()
    office, sure = (
        form.get_by_role("textbox", name=T("Closed by (office, not a person)")),
        form.get_by_text("Saya paham"),
    )
    refused = page.get_by_test_id("stAlert").filter(has_text="belum ada yang dikunci")

    def send() -> None:
        form.get_by_role("button", name=T("Close the checkpoint")).click()
        settle(page)

    def closed() -> list[tuple[int, str, str]]:
        rows = open_store(database(server)).closures().query("year == 2026")
        return list(zip(rows["year"], rows["checkpoint"], rows["author"], strict=True))

    before = closed()
    assert [one[1] for one in before] == ["b03", "b06"]
    expect(grid.locator("table")).to_contain_text("terbuka")
    assert table_rows(grid)[2][1] == "terbuka"
    sure.click()
    send()
    expect(refused).to_be_visible()  # without an office
    sure.click()
    office.fill("Sekretariat uji coba")
    send()
    expect(refused).to_be_visible()  # without the second word
    assert closed() == before
    sure.click()
    send()
    expect(page.get_by_test_id("stAlert").filter(has_text="B09 sudah dikunci")).to_be_visible()
    assert closed() == [*before, (2026, "b09", "Sekretariat uji coba")]
    three_closed = re.compile(r"(dikunci.*){3}", re.DOTALL)
    expect(grid.locator("table")).to_have_text(three_closed)  # it draws what it got a moment after the run has ended
    name, state, share, *_ = table_rows(grid)[2]
    assert name.startswith("B09")
    assert state.startswith("dikunci")
    assert float(share) == pytest.approx(planned(server).total["achieved_percent"], abs=0.006)

    # it stays so for everybody, and is offered no more
    other = open_page(server, f"/renaksi?posisi={ON}")
    press(other, "renaksi_tampilan", "Titik periksa", settle)
    there = other.locator('[data-testid="stDataFrame"]').first
    expect(there.locator("table")).to_have_text(three_closed)
    assert table_rows(there)[2][1] == state
    again = other.locator(".st-key-renaksi-kunci")
    again.locator("summary").click()
    offered = again.get_by_role("button", name=T("Close the checkpoint"))
    expect(again.get_by_text("Tidak ada titik periksa 2026").or_(offered)).to_be_visible()
    assert "B09" not in again.inner_text()
