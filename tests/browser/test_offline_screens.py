"""Nothing that a viewer opens, takes away or opens elsewhere asks another machine for anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

LATE_MS = 2_000
"""How long a page is listened to once it is drawn: what it asks for late counts, too."""

DRAWN_SITES = "() => Number(document.querySelector('[data-ready]').dataset.counted)"
"""Sites drawn, alone or in a ring."""

DRAWN = "() => document.querySelectorAll('.leaflet-areas-pane path').length"


@pytest.mark.parametrize("address", ["/", "/peta"])
def test_a_map_is_drawn_from_this_server_alone(
    address: str, server: Any, open_page: Callable[..., Page], map_on: Callable[[Page], Any], journal: Any
) -> None:
    shown = map_on(open_page(server, address))
    assert shown.frame.evaluate(DRAWN) >= 38, "the boundaries are missing"
    assert shown.frame.evaluate(DRAWN_SITES) == 120, "sites are missing"
    shown.page.wait_for_timeout(LATE_MS)
    assert any("/aset/" in request for request in journal.requests)
    assert journal.foreign() == []
    assert journal.errors == []


@pytest.mark.parametrize(
    "address",
    [
        "/wilayah?provinsi=35",
        "/lokasi?lokasi=KTN-TUREN",
        "/renaksi",
        "/perubahan",
        "/ditunggu",
        "/evaluasi",
        "/impor",
        "/ekspor",
    ],
)
def test_a_screen_without_a_web_map_asks_this_server_alone(
    address: str, server: Any, open_page: Callable[..., Page], journal: Any
) -> None:
    page = open_page(server, address)
    page.wait_for_timeout(LATE_MS)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(journal.requests) > 10, "the journal heard nothing"
    assert journal.foreign() == []
    assert journal.errors == []


@pytest.mark.parametrize("query", ["", "?provinsi=35&bahasa=en"])
def test_the_downloaded_page_stands_alone(
    query: str,
    server: Any,
    open_page: Callable[..., Page],
    pick: Callable[[Page, str, str], None],
    browser: Browser,
    tmp_path: Path,
) -> None:
    page = open_page(server, f"/ekspor{query}")
    pick(page, "ekspor_bentuk", "HTML")
    with page.expect_download() as waiting:
        page.locator(".st-key-ekspor-gambar-html").get_by_role("button").click()
    file = tmp_path / "peta.html"
    waiting.value.save_as(file)
    context = browser.new_context(offline=True)
    try:
        alone = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        alone.on("request", lambda request: requests.append(request.url))
        alone.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        alone.on("pageerror", lambda error: complaints.append(str(error)))
        alone.goto(file.as_uri())
        expect(alone.locator("#map[data-ready]")).to_be_visible()
        alone.wait_for_timeout(LATE_MS)
        assert alone.evaluate(DRAWN) >= 38
        assert alone.evaluate("() => programmeMap.current.placed.length") > 20
        assert alone.evaluate("() => document.querySelectorAll('details.table tbody tr').length") == alone.evaluate(
            "() => programmeMap.current.passing.length"
        )
        expect(alone.get_by_text("SAMPLE DATA" if "en" in query else "DATA CONTOH").first).to_be_visible()
        assert [request for request in requests if not request.startswith("data:")] == [file.as_uri()]
        assert complaints == []
    finally:
        context.close()
