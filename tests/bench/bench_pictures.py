"""Measure how fast a picture is drawn, beside a plain plot of the same layers and a browser's screenshot of the map.

Run with ``make bench ARGS="-k pictures"``; prints a table and asserts nothing about time. Each figure is the median of
``ROUNDS``; the arms take turns in one run. What is timed, for the province with most of the sites, about ``SITES``:

- ours: from the view of the figures to the bytes of the file, as a page and the command line ask for it;
- plain: the same layers (provinces, kabupaten/kota by value, sites by status) with geopandas' own ``plot`` in the same
  number of pixels: no legend of counts, no scale, no inset, no sources;
- screenshot: as a person would do it without us, a new page of ``/peta`` of that province in Chromium, 1920x1080, from
  the navigation to the saved PNG once the map is drawn.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, redirect_stdout
from typing import Final

import geopandas as gpd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from playwright.sync_api import sync_playwright

from geo import regions
from geo.drawing.print_map import SIZES
from geo.drawing.snapshot import picture
from geo.drawing.view import MapView
from geo.locale import translator
from geo.sample import synthetic_tables
from tests.serving import ROOT, serving
from tests.views import view_of

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
SITES: Final = 1_000
ALL_SITES: Final = 4_400
PROVINCE: Final = "35"
LIMIT_MS: Final = 120_000
OPTIONS: Final = {
    "number": "K7QM3-XPA2D",
    "address": "http://127.0.0.1:8501/peta?provinsi=35&posisi=2026-10-31&dikenal=2026-11-02T14%3A05",
}
DRAWN: Final = (
    "() => { const f = document.querySelector(\"iframe[title*='folium']\");"
    " const m = f && f.contentWindow && f.contentWindow.programmeMap;"
    " const a = document.querySelector('[data-testid=\"stApp\"]');"
    " return Boolean(m && m.current && m.current.map && a && a.dataset.testScriptState === 'notRunning'); }"
)

Arm = Callable[[], bytes]


@pytest.fixture(scope="module")
def view() -> MapView:
    shown = view_of(synthetic_tables(sites=ALL_SITES, months=6, seed=1), provinces=(PROVINCE,))
    assert 0.9 * SITES < len(shown.points) < 1.1 * SITES
    return shown


@pytest.fixture(scope="module")
def screenshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arm]:
    """Opens ``/peta`` anew each time, on a server that has been visited before."""
    data = tmp_path_factory.mktemp("pictures-data")
    own = {"GEO_DATA_DIR": str(data), "GEO_DATABASE_URL": f"sqlite:///{data / 'sinergisitas.sqlite'}"}
    command = [sys.executable, "-m", "geo", "sample", "--sites", str(ALL_SITES), "--months", "6", "--seed", "1"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True, stdout=subprocess.DEVNULL)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with ExitStack() as stack:
        server = stack.enter_context(serving(tmp_path_factory.mktemp("pictures"), environment=own))
        driver = stack.enter_context(sync_playwright())
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = stack.enter_context(closing(driver.chromium.launch(executable_path=program, args=flags)))

        def taken() -> bytes:
            with closing(browser.new_context(viewport={"width": 1920, "height": 1080})) as context:
                page = context.new_page()
                page.set_default_timeout(LIMIT_MS)
                page.goto(server.address(f"/peta?provinsi={PROVINCE}"))
                page.wait_for_function(DRAWN)
                return page.screenshot()

        yield taken
        with redirect_stdout(io.StringIO()):
            stack.close()


def test_pictures_beside_a_plain_plot_and_a_screenshot(view: MapView, screenshot: Arm) -> None:
    arms: dict[str, Arm] = {
        "1080p PNG, ours": lambda: _ours(view, "png", "layar"),
        "1080p PNG, plain plot": lambda: _plain(view, "png", "layar"),
        "1080p PNG, screenshot": screenshot,
        "A4 300 dpi PNG, ours": lambda: _ours(view, "png", "a4_landscape"),
        "A4 300 dpi PNG, plain plot": lambda: _plain(view, "png", "a4_landscape"),
        "A4 PDF, ours": lambda: _ours(view, "pdf", "a4_landscape"),
        "A4 PDF, plain plot": lambda: _plain(view, "pdf", "a4_landscape"),
        "1080p SVG, ours": lambda: _ours(view, "svg", "layar"),
        "HTML, ours": lambda: _ours(view, "html", "layar"),
    }
    found = _in_turns(arms)
    print(f"\n{len(view.points)} sites      first  median     kB   of plain")
    for name, (first, seconds, size) in found.items():
        plain = found.get(f"{name.rpartition(',')[0]}, plain plot")
        share = f"{seconds / plain[1]:8.2f}" if plain else " " * 8
        print(f"{name:28s} {first:6.2f} {seconds:7.2f} {size / 1000:7.0f} {share}")


def _in_turns(arms: dict[str, Arm]) -> dict[str, tuple[float, float, int]]:
    """First time, median of the others in seconds, and bytes, for each arm."""
    taken: dict[str, list[float]] = {name: [] for name in arms}
    sizes = {}
    for _ in range(ROUNDS + 1):
        for name, arm in arms.items():
            begun = time.perf_counter()
            made = arm()
            taken[name].append(time.perf_counter() - begun)
            sizes[name] = len(made)
    return {name: (times[0], statistics.median(times[1:]), sizes[name]) for name, times in taken.items()}


def _ours(view: MapView, form: str, size: str) -> bytes:
    return picture(view, translator("id"), form=form, size=size, sample=True, **OPTIONS)


def _plain(view: MapView, form: str, size: str) -> bytes:
    sheet = SIZES[size]
    figure = Figure(figsize=sheet.inches, dpi=sheet.dpi)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    regions.load_boundaries(1).plot(ax=axes, color="#ece9e0", edgecolor="#aaa498", linewidth=0.5)
    areas = regions.load_boundaries(2).merge(view.areas[["code", "value"]], on="code")
    areas.plot(
        ax=axes, column="value", cmap="YlGn", edgecolor="white", linewidth=0.5, missing_kwds={"color": "#f9f6ee"}
    )
    points = gpd.GeoDataFrame(
        view.points, geometry=gpd.points_from_xy(view.points["lon"], view.points["lat"]), crs="EPSG:4326"
    )
    points.plot(
        ax=axes, column="status", categorical=True, markersize=40, edgecolor="black", legend=True,
        legend_kwds={"loc": "lower left"},
    )  # fmt: skip
    west, south, east, north = view.bbox
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_title(view.title(translator("id")))
    target = io.BytesIO()
    figure.savefig(target, format=form, dpi=sheet.dpi)
    return target.getvalue()
