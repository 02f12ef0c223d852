"""Two people of different rights look at the same screens in the same second: neither gets what is the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from playwright.sync_api import Browser, Page

from geo.sample import sample_tables
from tests.browser.conftest import WebMap, wait_ready, watch
from tests.serving import Server, free_port, serving
from tests.signing_in import cookie_of, make_account, secrets_text

LEADER, GUEST = "pimpinan@uji.example", "tamu@uji.example"
Come = Callable[..., Page]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("two"), secrets=secrets_text(free_port())) as server:
        make_account(server, LEADER, "viewer")
        make_account(server, GUEST, "guest")
        yield server


@pytest.fixture
def come(browser: Browser, guarded: Server, journal: Any) -> Iterator[Come]:
    """A factory: the page of somebody who is signed in, on its way to an address."""
    contexts = []
    journal.origins.add(guarded.origin)

    def at(account: str, path: str) -> Page:
        name, _, value = cookie_of(guarded, account).partition("=")
        context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="id-ID")
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": guarded.origin}])
        page = context.new_page()
        watch(page, journal)
        page.goto(guarded.address(path), wait_until="commit")
        return page

    yield at
    for context in contexts:
        context.close()
    assert journal.foreign() == []


def living_names() -> set[str]:
    sites = sample_tables()["sites"]
    return set(sites["name"][(sites["programme"] == "rusun") & sites["region_code"].str.startswith("72")])


def map_on(page: Page) -> WebMap:
    handle = page.locator('iframe[title="streamlit_folium.st_folium"]').first.element_handle(timeout=60_000)
    frame = handle.content_frame()
    assert frame is not None
    return WebMap(page, frame)


def test_in_the_same_second_each_gets_the_map_of_their_own_sight(come: Come) -> None:
    path = "/peta?provinsi=72&program=rusun"
    both = {account: come(account, path) for account in (LEADER, GUEST)}  # neither waits for the other
    told = {}
    for account, page in both.items():
        wait_ready(page)
        drawn = map_on(page)
        drawn.wait_drawn()
        told[account] = page.content() + str(drawn.payload)
    names = living_names()
    assert len(names) > 2
    assert not [name for name in names if name in told[GUEST]]
    page = both[LEADER]
    page.goto(page.url.replace("/peta", "/lokasi"))
    wait_ready(page)
    assert [name for name in names if name in page.content()]


def test_a_file_of_one_is_not_handed_to_the_other(come: Come, guarded: Server, journal: Any) -> None:
    page = come(LEADER, "/peta?provinsi=72&program=rusun")
    wait_ready(page)
    map_on(page).wait_drawn()
    own = sorted(
        {
            urlsplit(address).path
            for address in journal.requests
            if any(name in address for name in ("/lokasi.bin", "/posisi/", "/rincian/"))
        }
    )
    assert own, "the map fetched the files of its sites"
    for path in own:
        assert status(guarded, path, LEADER) == 200
        assert status(guarded, path, GUEST) in (403, 404), path
        assert status(guarded, path, None) in (403, 404), path


def status(server: Server, path: str, account: str | None) -> int:
    headers = {"Cookie": cookie_of(server, account)} if account else {}
    request = Request(server.origin + path, headers=headers)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
