"""Measure what opening and changing the map costs, beside an empty Streamlit page in the same run.

Run with ``make bench``; prints a table and asserts nothing about time. Each figure is the median of ``ROUNDS``.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import ROOT, Server, serving

ROUNDS = 5
EMPTY = "import streamlit as st\nst.toggle('x', key='x')\n"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DRAWN = "() => { const b = document.querySelector('[data-ready]'); return b && b.dataset.ready === b.dataset.drawn; }"
IDLE = (
    "() => { const a = document.querySelector('[data-testid=\"stApp\"]');"
    " return a && a.dataset.testScriptState === 'notRunning' && a.dataset.testConnectionState === 'CONNECTED'"
    " && document.querySelector('[data-testid=\"stCheckbox\"]'); }"
)


@dataclass
class Traffic:
    """Bytes that a page received: over HTTP by address, over the websocket in all."""

    http: dict[str, int] = field(default_factory=dict)
    socket: int = 0


def test_opening_and_changing_the_map_beside_an_empty_page(tmp_path: Path) -> None:
    empty_root = _empty_copy(tmp_path / "empty")
    with (
        serving(tmp_path / "map") as first,
        serving(tmp_path / "none", root=empty_root) as empty,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        opened = [_open(browser, first, "/peta", _map_drawn) for _ in range(ROUNDS + 1)][1:]
        floor = [_open(browser, empty, "/", _page_idle) for _ in range(ROUNDS + 1)][1:]
        changes = _changes(browser, first)
        browser.close()
    with serving(tmp_path / "map2", environment=_same_data(first)) as second:
        again = second.start_s
    seconds, base = statistics.median(row[0] for row in opened), statistics.median(row[0] for row in floor)
    traffic = opened[-1][1]
    own = {address: size for address, size in traffic.http.items() if "/aset/" in address}
    print(f"\nstart with an empty store (sample loaded)  {first.start_s:6.2f} s")
    print(f"second start                               {again:6.2f} s")
    print(f"open /peta to drawn map                    {seconds:6.2f} s")
    print(f"open an empty page                         {base:6.2f} s   ratio {seconds / base:.2f}")
    print(f"filter change to drawn map                 {statistics.median(row[0] for row in changes):6.2f} s")
    print(f"websocket bytes per change                 {statistics.median(row[1] for row in changes):8.0f}")
    print(f"websocket bytes, whole screen on opening   {traffic.socket:8d}")
    print(f"own files, compressed, first visit         {sum(own.values()):8d}")
    for address, size in sorted(own.items(), key=lambda pair: -pair[1]):
        print(f"    {size:8d}  {address.rpartition('/')[2]}")


def _same_data(server: Server) -> dict[str, str]:
    """The environment of a second start on what the first one left."""
    return {"GEO_DATA_DIR": str(server.data), "GEO_DATABASE_URL": f"sqlite:///{server.data / 'sinergisitas.sqlite'}"}


def _empty_copy(root: Path) -> Path:
    """The same server around a screen with nothing on it."""
    shutil.copytree(ROOT / "geo", root / "geo")
    shutil.copytree(ROOT / "data", root / "data")
    shutil.copytree(ROOT / "pages", root / "pages")
    shutil.copytree(ROOT / ".streamlit", root / ".streamlit")
    shutil.copy(ROOT / "app.py", root / "app.py")
    (root / "pages" / "frame.py").write_text(EMPTY, encoding="utf-8")
    return root


def _open(browser: Browser, server: Server, path: str, ready: Callable[[Page], None]) -> tuple[float, Traffic]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    traffic = Traffic()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    addresses: dict[str, str] = {}
    client.on("Network.responseReceived", lambda e: addresses.__setitem__(e["requestId"], e["response"]["url"]))
    client.on(
        "Network.loadingFinished",
        lambda e: traffic.http.__setitem__(addresses.get(e["requestId"], "?"), int(e["encodedDataLength"])),
    )
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: _count(traffic, data)))
    begun = time.perf_counter()
    page.goto(server.address(path))
    ready(page)
    seconds = time.perf_counter() - begun
    page.wait_for_timeout(300)  # the last messages of the network log
    context.close()
    return seconds, traffic


def _count(traffic: Traffic, data: Any) -> None:
    traffic.socket += len(data)


def _map_frame(page: Page) -> Any:
    page.wait_for_selector("iframe[title*='folium']", state="attached")
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    return frame


def _map_drawn(page: Page) -> None:
    _map_frame(page).wait_for_function(DRAWN)


def _page_idle(page: Page) -> None:
    page.wait_for_function(IDLE)


def _changes(browser: Browser, server: Server) -> list[tuple[float, int]]:
    """Steps to the month before, each from the click to the redrawn map, and the bytes that it took."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    traffic = Traffic()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: _count(traffic, data)))
    page.goto(server.address("/peta"))
    _map_drawn(page)
    page.wait_for_timeout(1_500)
    frame = _map_frame(page)
    results = []
    for _ in range(ROUNDS + 1):
        before, bytes_before = frame.evaluate("document.querySelector('[data-ready]').dataset.drawn"), traffic.socket
        begun = time.perf_counter()
        page.get_by_role("button", name="Mundur").click()
        frame.wait_for_function(
            "before => { const b = document.querySelector('[data-ready]');"
            " return b.dataset.drawn !== before && b.dataset.ready === b.dataset.drawn; }",
            arg=before,
        )
        results.append((time.perf_counter() - begun, 0))
        page.wait_for_timeout(1_200)
        results[-1] = (results[-1][0], traffic.socket - bytes_before)
    context.close()
    return results[1:]


if __name__ == "__main__":
    pytest.main([__file__, "-s"])
