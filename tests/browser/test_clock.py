"""Every screen can show what was known at an earlier moment, says that it does, and leads back to the present."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.browser.reading import SCREENS, T, badges, cards, database, downloaded, exported, shows_headline, visit
from tests.prepared import shared_sample

WIB = ZoneInfo("Asia/Jakarta")
NAVIGATION = {
    "/peta": "Peta",
    "/wilayah": "Wilayah",
    "/lokasi": "Status lokasi",
    "/renaksi": "Renaksi",
    "/perubahan": "Perubahan",
    "/ditunggu": "Ditunggu",
    "/evaluasi": "Evaluasi",
    "/impor": "Impor",
    "/ekspor": "Ekspor",
    "/": "Ringkasan",
}


def meetings(server: Any) -> list[tuple[str, datetime]]:
    """Day and moment (UTC) of every meeting that the server knows."""
    told = open_store(database(server)).meetings()
    return [(f"{row['as_of']:%Y-%m-%d}", row["held_at"].to_pydatetime()) for row in told.to_dict("records")]


def restated_meeting(server: Any, folder: Path) -> tuple[str, datetime]:
    """The last meeting whose figures were corrected since; without one a test could not see the clock at work."""
    for day, moment in reversed(meetings(server)):
        then = exported(server, "regions", day, folder, "--known-at", moment.isoformat())[0]
        if without_clock(then) != without_clock(exported(server, "regions", day, folder)[0]):
            return day, moment
    return pytest.fail("no figure that a meeting saw was corrected later")


def without_clock(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "diketahui"}


def address(day: str, moment: datetime, path: str = "/") -> str:
    return f"{path}?posisi={day}&diketahui={in_wib(moment)}"


def in_wib(moment: datetime) -> str:
    """A moment as addresses write it."""
    return moment.astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


def said(page: Page) -> dict[str, list[str]]:
    """What the address says, without the view of the map, which the map itself writes there."""
    found = parse_qs(urlsplit(page.url).query)
    found.pop("pandang", None)
    return found


def expect_said(page: Page, wanted: dict[str, list[str]]) -> None:
    """The address gets there while the run goes on."""
    page.wait_for_function(
        """wanted => {
          const found = new URLSearchParams(location.search), names = Object.keys(wanted);
          return new Set([...found.keys()].filter(name => name !== 'pandang')).size === names.length
            && names.every(name => found.getAll(name).join() === wanted[name].join());
        }""",
        arg=wanted,
    )


def switch(page: Page, settle: Callable[[Page], None]) -> None:
    page.locator(".st-key-sebagaimana label").first.click()
    settle(page)


def test_every_screen_says_as_of_when_its_figures_are_known(
    server: Any, same_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    assert set(NAVIGATION) == set(SCREENS)
    day, moment = restated_meeting(server, tmp_path)
    badge = T("As known on {moment}", moment=T.moment(moment))
    page = same_tab(server, address(day, moment))
    assert badge in badges(page)
    for path, name in NAVIGATION.items():
        visit(page, name, settle)
        expect(page.get_by_role("heading", name=re.compile(f"^{SCREENS[path][0]}"), level=1)).to_be_visible()
        assert badge in badges(page), path
        expect_said(page, {"posisi": [day], "diketahui": [in_wib(moment)]})


def test_the_figures_of_a_meeting_are_those_of_the_command_line_for_its_moment(
    server: Any, same_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    day, moment = restated_meeting(server, tmp_path)
    then = exported(server, "regions", day, tmp_path, "--known-at", moment.isoformat())[0]
    now = exported(server, "regions", day, tmp_path)[0]
    page = same_tab(server, address(day, moment))
    shows_headline(page, then)
    switch(page, settle)
    expect_said(page, {"posisi": [day]})
    shows_headline(page, now)
    assert badges(page) == [T("SAMPLE DATA – not official figures")]
    page.go_back()
    settle(page)
    expect_said(page, {"posisi": [day], "diketahui": [in_wib(moment)]})
    shows_headline(page, then)
    expect(page.get_by_role("switch", name="Sebagaimana diketahui pada")).to_be_checked()


def test_the_action_plan_of_an_earlier_moment_is_that_of_the_command_line(
    server: Any, same_tab: Callable[..., Page], tmp_path: Path
) -> None:
    day, moment = meetings(server)[-1]
    then = exported(server, "evaluation", day, tmp_path, "--known-at", moment.isoformat())[0]
    assert without_clock(then) != without_clock(exported(server, "evaluation", day, tmp_path)[0])
    page = same_tab(server, address(day, moment, "/evaluasi"))
    shown = cards(page)
    assert shown["Capaian target setahun"][0] == T.percent(then["achieved_percent"])
    assert shown["Rencana aksi"][2] == f"{T.integer(then['reported'])} sudah melapor"


@pytest.mark.parametrize(
    ("path", "key"),
    [("/lokasi", "lokasi-unduh"), ("/renaksi", "renaksi-matriks-unduh"), ("/ditunggu", "instansi-unduh"),
     ("/evaluasi", "evaluasi-unduh"), ("/perubahan", "perubahan-unduh"), ("/ekspor", "ekspor-data")],
)  # fmt: skip
def test_a_file_taken_away_carries_the_moment(
    path: str,
    key: str,
    server: Any,
    same_tab: Callable[..., Page],
    settle: Callable[[Page], None],
    pick: Callable[[Page, str, str], None],
    tmp_path: Path,
) -> None:
    day, moment = meetings(server)[-1]
    page = same_tab(server, address(day, moment, path))
    if path == "/ekspor":
        pick(page, "ekspor_apa", T("Data"))
    if path == "/ditunggu":
        page.get_by_role("radio", name=T("Last word of each institution")).click()
        settle(page)
    name, rows = downloaded(page, key, tmp_path)
    assert f"diketahui-{moment.astimezone(WIB):%Y%m%d-%H%M}" in name
    assert {(row["posisi"], datetime.fromisoformat(row["diketahui"])) for row in rows} == {(day, moment)}


def test_the_switch_begins_with_the_evening_of_the_day_shown(
    server: Any, same_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = same_tab(server, "/lokasi?posisi=2026-06-30")
    switch(page, settle)
    expect_said(page, {"posisi": ["2026-06-30"], "diketahui": ["2026-06-30T23:59"]})
    assert T("As known on {moment}", moment=T.moment(datetime(2026, 6, 30, 16, 59, tzinfo=UTC))) in badges(page)
    day = page.locator(".st-key-diketahui").get_by_role("spinbutton").first
    day.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    expect_said(page, {"posisi": ["2026-06-30"], "diketahui": ["2026-06-29T23:59"]})
    assert T("As known on {moment}", moment=T.moment(datetime(2026, 6, 29, 16, 59, tzinfo=UTC))) in badges(page)


@pytest.mark.parametrize(
    "typed", ["kemarin", "2026-02-30T09:00", "2999-01-01T09:00", "1900-01-01T09:00", "2026-06-30T09:00+00:00"]
)
def test_a_moment_that_cannot_be_is_told_and_left_out(typed: str, server: Any, same_tab: Callable[..., Page]) -> None:
    page = same_tab(server, f"/ditunggu?posisi=2026-06-30&diketahui={typed.replace('+', '%2B')}")
    told = page.get_by_test_id("stAlert").filter(has_text="tidak dikenal")
    expect(told).to_be_visible()
    assert f"diketahui={typed}" in told.inner_text().replace("\u2060", "")  # a joiner keeps Markdown from reading it
    expect_said(page, {"posisi": ["2026-06-30"]})
    assert badges(page) == [T("SAMPLE DATA – not official figures")]


# --- a site's history --------------------------------------------------------------------------------------------


def corrected() -> tuple[pd.Series, pd.Series]:
    """A report of the sample that another office replaced with another figure, and the one that replaced it."""
    reports = shared_sample()["reports"].dropna(subset=["percent"]).sort_values("recorded_at")
    for _, told in reports.groupby(["site_code", "as_of"]):
        first, last = told.iloc[0], told.iloc[-1]
        if len(told) == 2 and first["percent"] != last["percent"] and isinstance(last["author"], str):
            return first, last
    return pytest.fail("the sample has no report that was corrected")


def test_a_superseded_report_stays_struck_through_with_who_and_when(server: Any, same_tab: Callable[..., Page]) -> None:
    first, last = corrected()
    page = same_tab(server, f"/lokasi?lokasi={first['site_code']}")
    day, old, new = T.date_short(first["as_of"]), T.percent(first["percent"]), T.percent(last["percent"])
    rows = page.locator("table.catat tbody tr").filter(has_text=day)
    expect(rows).to_have_count(2)
    struck, stands = rows.filter(has=page.locator("s")), rows.filter(has_not=page.locator("s"))
    expect(struck.locator("s").filter(has_text=re.compile(f"^{re.escape(old)}$"))).to_be_visible()
    assert "line-through" in struck.locator("s").first.evaluate("e => getComputedStyle(e).textDecorationLine")
    expect(struck).to_contain_text(
        T("superseded on {day} by {author}", day=T.moment(last["recorded_at"]), author=last["author"])
    )
    expect(stands).to_contain_text(new)
    expect(stands).to_contain_text(T("in force"))


def test_before_its_correction_was_known_a_report_is_in_force(server: Any, same_tab: Callable[..., Page]) -> None:
    first, last = corrected()
    before = last["recorded_at"].to_pydatetime() - pd.Timedelta(minutes=1)
    page = same_tab(server, f"/lokasi?lokasi={first['site_code']}&diketahui={in_wib(before)}")
    row = page.locator("table.catat tbody tr").filter(has_text=T.date_short(first["as_of"]))
    expect(row).to_have_count(1)
    expect(row).to_contain_text(T.percent(first["percent"]))
    expect(row.locator("s")).to_have_count(0)
    expect(row).to_contain_text(T("in force"))
