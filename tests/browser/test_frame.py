"""Every address passes through the frame, and no screen asks another machine for anything."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import SCREENS
from tests.serving import ROOT

NAVIGATION = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]'


@pytest.mark.parametrize("address", list(SCREENS))
def test_the_first_visitor_of_a_fresh_server_meets_the_frame_at(
    address: str, fresh_server: Callable[..., Any], open_page: Callable[..., Page], journal: Any
) -> None:
    page = open_page(fresh_server(), address)
    expect(page.get_by_role("heading", name=SCREENS[address][0], level=1)).to_be_visible()
    expect(page.locator(NAVIGATION)).to_have_count(len(SCREENS))
    expect(page.get_by_test_id("stSidebar").locator(".st-key-posisi")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").locator(".st-key-provinsi")).to_be_visible()
    assert page.url.split("?")[0].endswith(address)
    assert any(request.startswith("ws://127.0.0.1") for request in journal.requests), "the journal heard nothing"
    assert journal.foreign() == []
    assert journal.errors == []


def test_a_failing_screen_tells_the_viewer_a_reference_and_the_log_the_rest(
    tmp_path: Path, fresh_server: Callable[..., Any], open_page: Callable[..., Page]
) -> None:
    copy = tmp_path / "copy"
    for folder in ("geo", "data", ".streamlit", "pages"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", copy)
    (copy / "pages" / "overview.py").write_text("raise ValueError('token in /srv/secret')\n", encoding="utf-8")
    server = fresh_server(root=copy)
    with pytest.raises(AssertionError, match=r"(?s)the screen failed: .*Halaman ini belum dapat ditampilkan"):
        open_page(server)
    page = open_page(server, wait=False)
    told = page.get_by_test_id("stAlert").filter(has_text="Halaman ini belum dapat ditampilkan")
    expect(told).to_be_visible()
    text = page.locator("body").inner_text()
    assert "secret" not in text
    assert "ValueError" not in text
    log = server.log.read_text(encoding="utf-8")
    assert "ValueError: token in /srv/secret" in log
    references = re.findall(r"reference (\w{8})", log)
    assert any(reference in told.inner_text() for reference in references)


def test_the_browser_refuses_what_a_screen_would_fetch_from_another_machine(page: Page, journal: Any) -> None:
    elsewhere = "http://192.0.2.1/pixel.png"  # of a block reserved for documentation
    with page.expect_console_message(lambda message: elsewhere in message.text):
        page.evaluate("address => { new Image().src = address; }", elsewhere)
    journal.forgive(elsewhere)
    journal.requests[:] = [request for request in journal.requests if request != elsewhere]


def test_the_browser_runs_no_inline_script_on_a_screen(page: Page, journal: Any) -> None:
    with page.expect_console_message(lambda message: "inline script" in message.text):
        page.evaluate(
            "() => { const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s); }"
        )
    assert page.evaluate("() => window.ran") is None
    journal.forgive("inline script")


def test_the_journal_hears_dialogs_exceptions_and_complaints(page: Page, journal: Any) -> None:
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('planted'); }); }")
    page.evaluate("() => { console.error('complaint'); alert('hello'); }")
    assert journal.dialogs == ["alert: hello"]
    journal.dialogs.clear()
    journal.forgive("planted")
    journal.forgive("complaint")


def test_the_journal_tells_other_machines_from_our_own(journal: Any) -> None:
    journal.origins.add("http://127.0.0.1:9000")
    own = ["http://127.0.0.1:9000/peta", "ws://127.0.0.1:9000/_stcore/stream", "data:image/png;base64,AA", "blob:x"]
    others = ["http://127.0.0.1:9001/", "https://127.0.0.1:9000.example.org/", "wss://example.org/", "ftp://x/"]
    journal.requests.extend([*own, *others])
    assert journal.foreign() == others
