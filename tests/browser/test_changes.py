"""What changed is told since a meeting or a day, and a meeting that is recorded counts from then on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from geo.locale.terms import change_name
from geo.progress.changes import CHANGE_KINDS
from geo.store import open_store
from tests.browser.reading import (
    T,
    badges,
    database,
    downloaded,
    exported,
    press,
    row_count,
    shows_headline,
    visit,
)

ON = "2026-10-31"
LINES = '[data-testid="stHtml"] ol li'
FIGURES = ("actual_percent", "plan_percent", "actual_spend", "status")
"""What a correction may alter."""


def counts(page: Page) -> dict[str, int]:
    """How many changes of each kind the screen offers to list."""
    texts = page.locator(".st-key-perubahan_jenis").get_by_role("radio").all_inner_texts()
    found = [re.fullmatch(r"(.+) \(([\d.]+)\)", text.strip()) for text in texts]
    return {match[1]: int(match[2].replace(".", "")) for match in found if match}


def kinds(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The same of exported changes; progress gained stands in a table of its own."""
    counted = Counter(row["kind"] for row in rows)
    return {change_name(T, kind): counted[kind] for kind in CHANGE_KINDS if kind != "gained"}


def test_since_the_last_meeting_five_lines_matter_and_all_can_be_listed(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, f"/perubahan?posisi={ON}")
    last = open_store(database(server)).meetings().sort_values("as_of").iloc[-1]
    expect(page.locator(".st-key-perubahan_rapat input")).to_have_value(re.compile(re.escape(last["name"])))
    expect(page.get_by_text(f"rapat {T.moment(last['held_at'])}")).to_be_visible()
    rows = exported(server, "changes", ON, tmp_path)
    assert counts(page) == kinds(rows)
    expect(page.locator(LINES)).to_have_count(5)
    assert downloaded(page, "perubahan-unduh", tmp_path)[1] == rows
    for name, count in counts(page).items():
        press(page, "perubahan_jenis", f"{name} (", settle)
        if count:
            assert row_count(page.locator('[data-testid="stDataFrame"]').last) == count
        else:
            expect(page.get_by_text(T("Nothing of this kind."))).to_be_visible()


def test_a_chosen_meeting_is_compared_with_what_it_saw(
    server: Any, open_tab: Callable[..., Page], choose: Callable[[Page, str, str], None], tmp_path: Path
) -> None:
    page = open_tab(server, f"/perubahan?posisi={ON}")
    before = counts(page)
    first = open_store(database(server)).meetings().sort_values("as_of").iloc[0]
    label = T("{name} (as of {day})", name=first["name"], day=T.date_short(first["as_of"]))
    choose(page, "perubahan_rapat", label)
    assert counts(page) != before
    corrections = {
        row["code"] for row in downloaded(page, "perubahan-unduh", tmp_path)[1] if row["kind"] == "correction"
    }
    day, moment = f"{first['as_of']:%Y-%m-%d}", first["held_at"].isoformat()
    then = {row["code"]: row for row in exported(server, "position", day, tmp_path, "--known-at", moment)}
    now = {row["code"]: row for row in exported(server, "position", day, tmp_path)}
    assert corrections
    for code in corrections:
        assert [then[code][name] != now[code][name] for name in FIGURES] != [False] * len(FIGURES)


def test_since_a_day_is_what_the_command_line_tells_since_that_day(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, f"/perubahan?posisi={ON}")
    met = counts(page)
    press(page, "perubahan_cara", "Sejak tanggal", settle)
    day = page.locator(".st-key-perubahan_hari input[type=date]")
    expect(day).to_have_value("2026-09-30")  # the end of the month before
    assert counts(page) == kinds(exported(server, "changes", ON, tmp_path, "--since", "2026-09-30"))
    page.locator(".st-key-perubahan_hari").get_by_role("spinbutton").nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("heading", level=1).click()  # a typed day counts once the field is left
    settle(page)
    expect(day).to_have_value("2026-07-30")
    assert counts(page) == kinds(exported(server, "changes", ON, tmp_path, "--since", "2026-07-30"))
    assert counts(page) != met


def test_the_figures_that_a_meeting_saw_can_be_shown_on_every_screen(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_tab(server, f"/perubahan?posisi={ON}")
    last = open_store(database(server)).meetings().sort_values("as_of").iloc[-1]
    day, moment = f"{last['as_of']:%Y-%m-%d}", last["held_at"]
    page.get_by_role("button", name=T("Show the figures of that meeting")).click()
    settle(page)
    minute = moment.astimezone(ZoneInfo("Asia/Jakarta")).strftime("%Y-%m-%dT%H:%M")
    page.wait_for_url("**diketahui=**")
    assert parse_qs(urlsplit(page.url).query) == {"posisi": [day], "diketahui": [minute]}
    visit(page, "Ringkasan", settle)
    assert T("As known on {moment}", moment=T.moment(moment)) in badges(page)
    shows_headline(page, exported(server, "regions", day, tmp_path, "--known-at", moment.isoformat())[0])


def test_a_recorded_meeting_is_the_one_to_compare_with(
    fresh_server: Callable[..., Any], open_page: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    server = fresh_server()
    page = open_page(server, "/perubahan?posisi=2026-10-15")
    form = page.locator(".st-key-rapat-catat")
    form.locator("summary").click()

    def send() -> None:
        form.get_by_role("button", name=T("Record"), exact=False).last.click()
        settle(page)

    def known() -> list[str]:
        return sorted(open_store(database(server)).meetings()["name"])

    before = known()
    send()  # without a name
    expect(page.get_by_test_id("stAlert").filter(has_text="Rapat belum bernama")).to_be_visible()
    assert known() == before
    name = "Rapat <b>uji</b> [x](y) coba"
    form.get_by_role("textbox", name=T("Name of the meeting")).fill(name)
    form.get_by_role("textbox", name=T("Recorded by (office, not a person)")).fill("Sekretariat uji coba")
    send()
    expect(page.get_by_test_id("stAlert").filter(has_text=T("The meeting is recorded."))).to_be_visible()
    assert known() == sorted([*before, name])
    row = open_store(database(server)).meetings().set_index("name").loc[name]
    assert f"{row['as_of']:%Y-%m-%d}" == "2026-10-15"
    assert abs((datetime.now(row["held_at"].tzinfo) - row["held_at"]).total_seconds()) < 300

    # from the next day on it is the last meeting, for every viewer
    other = open_page(server, f"/perubahan?posisi={ON}")
    expect(other.locator(".st-key-perubahan_rapat input")).to_have_value(f"{name} (posisi 15/10/2026)")
    visit(other, "Ringkasan", settle)
    expect(other.get_by_text(f"{name} · posisi 15 Oktober 2026")).to_be_visible()
    assert other.locator("b").filter(has_text="uji").count() == 0


def test_a_day_without_a_meeting_before_it_offers_a_day(server: Any, open_tab: Callable[..., Page]) -> None:
    page = open_tab(server, "/perubahan?posisi=2026-02-28")
    expect(page.get_by_role("radio", name="Sejak tanggal")).to_be_checked()
    expect(page.locator(".st-key-perubahan_hari input[type=date]")).to_have_value("2026-01-31")


@pytest.mark.parametrize("posisi", ["2026-02-28", ON])
def test_ringkasan_tells_the_same_lines_as_the_full_view(
    posisi: str, server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, f"/?posisi={posisi}")
    short = page.locator(LINES).all_inner_texts()
    assert (short == []) == (posisi == "2026-02-28")
    if short:
        page.get_by_role("link", name=T("All changes")).click()
        expect(page.get_by_role("heading", name="Apa yang berubah", level=1)).to_be_visible()
        settle(page)
        assert page.locator(LINES).all_inner_texts() == short
