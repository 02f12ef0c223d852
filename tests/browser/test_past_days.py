"""Any day that can be asked for gets an answer, and a choice made for one day does not stay for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.browser.reading import T, database

PLAN_SCREENS = ("/renaksi", "/perubahan", "/ditunggu", "/evaluasi")


@pytest.mark.parametrize("address", PLAN_SCREENS)
def test_days_before_the_first_plan_and_the_first_meeting_have_a_screen(
    address: str, server: Any, same_tab: Callable[..., Page]
) -> None:
    first = open_store(database(server)).sites()["start_date"].min()
    for day in (f"{first:%Y-%m-%d}", "2023-06-01"):
        page = same_tab(server, f"{address}?posisi={day}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.get_by_test_id("stException").count() == 0


def test_a_year_without_a_plan_is_said_to_be_one(server: Any, same_tab: Callable[..., Page]) -> None:
    page = same_tab(server, "/renaksi?posisi=2023-06-01")
    expect(page.get_by_text(T("No action of {year} passes these filters.", year=2023))).to_be_visible()


def later(page: Page, months: int, settle: Callable[[Page], None]) -> None:
    page.locator(".st-key-posisi").get_by_role("spinbutton").nth(1).focus()
    for _ in range(months):
        page.keyboard.press("ArrowUp")
    page.get_by_role("heading", level=1).click()  # a typed day counts once the field is left
    settle(page)


def test_the_checkpoint_follows_the_day(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/renaksi?posisi=2026-07-10")
    subject = page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
    expect(subject).to_contain_text("B06")
    later(page, 3, settle)
    expect(page.locator(".st-key-posisi input[type=date]")).to_have_value("2026-10-10")
    expect(subject).to_contain_text("B09")


def test_the_year_evaluated_follows_the_day(
    server: Any, open_tab: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/evaluasi?posisi=2025-10-31")
    chosen = page.locator(".st-key-evaluasi_tahun").get_by_role("radio", checked=True)
    expect(chosen).to_have_text("2025")
    page.locator(".st-key-posisi").get_by_role("spinbutton").nth(2).focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("heading", level=1).click()
    settle(page)
    expect(chosen).to_have_text("2026")
