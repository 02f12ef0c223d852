"""Changes reach the map by its own lane, before the page's way and without need of it, and never backwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

CHANGED = re.compile(r"/peta\?.*program=ktn")

DEAF = "() => { window.fromPage = programmeMap.update; programmeMap.update = () => {}; }"
"""Lets the map hear nothing more of what its page brings; ``fromPage`` is how the page would bring it."""


def choose(page: Page, programme: str) -> None:
    box = page.locator(".st-key-program").get_by_role("combobox")
    box.fill(programme)
    box.press("Enter")
    box.press("Escape")


def test_a_change_is_drawn_although_nothing_comes_from_the_page(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any]
) -> None:
    page = open_tab(server, "/peta")
    shown = map_on(page)
    every, before = shown.told("sites"), shown.drawn
    shown.frame.evaluate(DEAF)
    choose(page, "KTN")
    shown.wait_redrawn(before)
    assert 0 < shown.told("sites") < every
    assert set(shown.payload["counts"][0]) == {shown.told("sites"), None}


def test_a_change_is_drawn_although_the_lane_is_closed(
    server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_page(server, "/peta")
    refused: list[str] = []

    def refuse(socket: Any) -> None:
        refused.append(socket.url)
        socket.close()

    page.context.route_web_socket(re.compile(r"/langsung/"), refuse)
    page.reload()
    settle(page)
    shown = map_on(page)
    every, before = shown.told("sites"), shown.drawn
    choose(page, "KTN")
    shown.wait_redrawn(before)
    assert 0 < shown.told("sites") < every
    assert refused


def test_what_the_page_brings_late_does_not_bring_back_an_older_state(
    server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_page(server, "/peta")
    heard: list[str] = []

    def listen(socket: Any) -> None:
        if "/langsung/" in socket.url:
            socket.on("framereceived", lambda text: heard.append(text))

    page.on("websocket", listen)
    page.reload()
    settle(page)
    shown = map_on(page)
    before = shown.drawn
    shown.frame.evaluate(DEAF)
    heard.clear()
    choose(page, "KTN")
    shown.wait_redrawn(before)
    older = heard[-1]
    between = shown.drawn
    choose(page, "Rusun")
    shown.wait_redrawn(between)
    newest, sites = shown.drawn, shown.told("sites")
    shown.frame.evaluate("text => fromPage(text)", older)  # as the page would
    shown.frame.evaluate("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    assert (shown.drawn, shown.told("sites")) == (newest, sites)
    assert older != heard[-1]


def test_an_older_state_is_drawn_again_once_it_is_chosen_again(
    server: Any, open_tab: Callable[..., Page], map_on: Callable[[Page], Any], settle: Callable[[Page], None]
) -> None:
    page = open_tab(server, "/peta?program=ktn")
    shown = map_on(page)
    settle(page)
    few, first = shown.told("sites"), shown.drawn
    choose(page, "Rusun")
    shown.wait_redrawn(first)
    more, second = shown.told("sites"), shown.drawn
    page.locator(".st-key-program").get_by_role("combobox").press("Backspace")
    shown.wait_redrawn(second)
    assert shown.told("sites") == few < more
    assert shown.drawn == first
