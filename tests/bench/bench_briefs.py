"""Measure what a briefing costs, atlas, slides and annex, and how soon the preview follows a choice.

Run with ``make bench ARGS="-k briefs"``; prints two tables and asserts nothing about time. Each figure is the median of
``ROUNDS``; the arms take turns in one run.

- files: ``python -m geo brief`` as the export page starts it, from the start of the process to its end: elapsed and
  processor seconds, the most memory it ever held (at least what pytest held when it started it: 320 MB).
- preview: on ``/ekspor`` in Chromium, 1920x1080, from the key or click of a choice to the first frame with the other
  picture, measured in the page: one that was never drawn before (a new title each time), and one that was.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, redirect_stdout
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.serving import ROOT, serving

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
SITES: Final = (120, 1_000)
LIMIT_MS: Final = 120_000

WATCH: Final = """
on => {
  const shown = () => document.querySelector('[data-testid="stImage"] img');
  const before = shown().src;
  window.__took = undefined;
  addEventListener(on, () => {
    const begun = performance.now();
    const look = () => {
      const now = shown();
      if (now && now.src !== before && now.complete && now.naturalWidth) window.__took = performance.now() - begun;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, {capture: true, once: true});
}
"""
"""Notes how long after the next event of that kind another picture is there, whole."""

STANDS: Final = "() => document.querySelector('[data-testid=\"stApp\"]').dataset.testScriptState === 'notRunning'"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, dict[str, str]]:
    """The environment for a store of each size."""
    made = {}
    for sites in SITES:
        data = tmp_path_factory.mktemp(f"briefs-{sites}")
        own = {"GEO_DATA_DIR": str(data), "GEO_DATABASE_URL": f"sqlite:///{data / 'sinergisitas.sqlite'}"}
        wanted = [] if sites == SITES[0] else ["--sites", str(sites), "--months", "12", "--seed", "1"]
        command = [sys.executable, "-m", "geo", "sample", *wanted]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True, stdout=subprocess.DEVNULL)
        made[sites] = own
    return made


def _run(arguments: list[str], own: Mapping[str, str]) -> tuple[float, float, float]:
    """Elapsed and processor seconds and megabytes at the most, of a command and what it waited for."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "geo", *arguments], cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def test_briefs(stores: Mapping[int, dict[str, str]], tmp_path: Path) -> None:
    arms = {}
    for sites in SITES:
        for name, ending in (("atlas", "pdf"), ("slides", "pptx"), ("annex", "xlsx")):
            out = tmp_path / f"{sites}.{ending}"
            arms[name, sites] = (["brief", "--out", str(out), "--posisi", "2026-10-31"], stores[sites])
    taken: dict[tuple[str, int], list[tuple[float, float, float]]] = {arm: [] for arm in arms}
    for _ in range(ROUNDS):
        for arm, (arguments, own) in arms.items():
            taken[arm].append(_run(arguments, own))
    print("\n              sites  elapsed s  processor s   most MB")
    for (name, sites), rounds in taken.items():
        elapsed, busy, memory = (statistics.median(one) for one in zip(*rounds, strict=True))
        print(f"{name:12s} {sites:>6}  {elapsed:9.2f}  {busy:11.2f}  {memory:8.0f}")


@pytest.fixture
def page(stores: Mapping[int, dict[str, str]], tmp_path: Path) -> Iterator[Page]:
    """``/ekspor`` of a province, on a server that has been visited before."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path, environment=stores[SITES[1]]))
        driver = stack.enter_context(sync_playwright())
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = stack.enter_context(closing(driver.chromium.launch(executable_path=program, args=flags)))
        context: Any = stack.enter_context(closing(browser.new_context(viewport={"width": 1920, "height": 1080})))
        opened = context.new_page()
        opened.set_default_timeout(LIMIT_MS)
        opened.goto(server.address("/ekspor?provinsi=35"))
        opened.get_by_text("Judul, klasifikasi, tampilan").click()
        yield opened
        with redirect_stdout(io.StringIO()):
            stack.close()


def test_briefs_preview(page: Page) -> None:
    def new(turn: int) -> None:
        box = page.get_by_role("textbox", name="Judul")
        box.fill(f"Rapat pimpinan {turn}")
        page.evaluate(WATCH, "keydown")
        box.press("Enter")

    def seen(turn: int) -> None:
        page.evaluate(WATCH, "click")
        page.locator(".st-key-ekspor_klasifikasi").get_by_text(("TERBATAS", "BIASA")[turn % 2], exact=True).click()

    print("\npreview, 1 000 sites in 5 provinces   median s   longest s")
    for name, choose in (("never drawn before", new), ("drawn before", seen)):
        took = []
        for turn in range(2 * ROUNDS):
            page.wait_for_function(STANDS)
            page.wait_for_timeout(500)  # as a person rests
            choose(turn)
            page.wait_for_function("() => window.__took !== undefined")
            took.append(page.evaluate("window.__took") / 1000)
        took = took[2:] if choose is seen else took  # the first two were not drawn before
        print(f"{name:36s} {statistics.median(took):9.2f}   {max(took):9.2f}")
