"""A fifth programme is a table in the programmes' file: it stands on filter, legend, map, charts and exports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geo.startup import fill
from geo.store import open_store
from tests.prepared import shared_sample
from tests.serving import ROOT, Server, serving

FIFTH = """
[sekolah]
name_id = "Sekolah Damai"
name_en = "Peace School"
short_id = "Sekolah"
short_en = "School"
symbol = "star"
colour = "#7a4fb0"
geometry = "point"
contract_rules = false
"""
AT = datetime(2026, 10, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a fifth programme, and the sample with two of its sites."""
    folder = tmp_path_factory.mktemp("five")
    shipped = (ROOT / "data" / "programmes.toml").read_text(encoding="utf-8")
    (folder / "programmes.toml").write_text(shipped + FIFTH, encoding="utf-8")
    url = f"sqlite:///{folder / 'five.sqlite'}"
    store = open_store(url)
    store.migrate()
    fill(store, shared_sample(), at=AT)
    codes = ["SKL-1", "SKL-2"]
    store.add(
        {
            "sites": pd.DataFrame(
                {
                    "code": codes,
                    "programme": ["sekolah", "sekolah"],
                    "name": ["Sekolah Contoh Satu", "Sekolah Contoh Dua"],
                    "region_code": ["35.07", "52.04"],
                    "lon": [112.6, 117.4],
                    "lat": [-8.1, -8.6],
                    "location_precision": ["exact", "exact"],
                    "start_date": pd.to_datetime(["2026-01-01"] * 2),
                    "target_date": pd.to_datetime(["2026-12-31"] * 2),
                    "data_status": ["synthetic"] * 2,
                }
            ),
            "plans": pd.DataFrame(
                {
                    "site_code": ["SKL-1", "SKL-1", "SKL-2", "SKL-2"],
                    "as_of": pd.to_datetime(["2026-01-01", "2026-12-31"] * 2),
                    "percent": [0.0, 100.0] * 2,
                }
            ),
            "reports": pd.DataFrame(
                {
                    "site_code": codes,
                    "as_of": pd.to_datetime(["2026-10-15"] * 2),
                    "recorded_at": pd.to_datetime(["2026-10-16T00:00Z"] * 2),
                    "percent": [90.0, 80.0],
                    "data_status": ["synthetic"] * 2,
                }
            ),
        },
        actor="test",
        at=AT,
    )
    store.close()
    environment = {"GEO_DATABASE_URL": url, "GEO_PROGRAMMES": str(folder / "programmes.toml")}
    with serving(folder / "server", environment=environment) as running:
        yield running


def test_the_fifth_programme_stands_in_filter_legend_and_map(
    five: Server, open_page: Callable[..., Page], map_on: Callable[[Page], Any], choose: Callable[..., None]
) -> None:
    page = open_page(five, "/peta", viewport="projector")
    shown = map_on(page)
    assert "star" in shown.payload["shapes"]
    assert shown.told("sites") == 122
    choose(page, "program", "Sekolah")
    page.wait_for_url(re.compile(r"/peta\?.*program=sekolah"))
    shown.wait_drawn(2)
    assert sorted(shown.statuses()) == ["SKL-1", "SKL-2"]
    legend = shown.frame.locator(".peta-legend li").filter(has_text="Sekolah")
    if not legend.is_visible():
        shown.frame.locator(".peta-legend summary").click()
    assert legend.inner_text().split() == ["Sekolah", "2"]
    assert legend.locator("canvas[data-shape=star]").count() == 1
    shown.hover(shown.place("SKL-1"))
    expect(shown.frame.locator(".peta-tip-head")).to_have_text("Sekolah Contoh Satu")


def test_the_fifth_programme_stands_on_cards_and_charts(five: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(five, "/?bahasa=en")
    card = page.get_by_text("Peace School", exact=True).locator("..")
    assert card.inner_text().split()[2] == "2"
    page.goto(five.address("/wilayah"))
    for figure in (".st-key-status-program", ".st-key-kemajuan-program"):
        chart = page.locator(figure).get_by_role("figure")
        expect(chart).to_have_attribute("aria-label", re.compile("Sekolah"))
        expect(chart.locator("svg").filter(has_text="Sekolah").first).to_be_attached()


def test_the_fifth_programme_is_exported(
    five: Server, open_page: Callable[..., Page], pick: Callable[[Page, str, str], None], tmp_path: Path
) -> None:
    page = open_page(five, "/ekspor?program=sekolah")
    files = {}
    for group, choice, key in (
        ("ekspor_bentuk", "SVG", "ekspor-gambar-svg"),
        ("ekspor_bentuk", "HTML", "ekspor-gambar-html"),
        ("ekspor_apa", "Data", "ekspor-data-json"),
    ):
        pick(page, group, choice)
        with page.expect_download() as waiting:
            page.locator(f".st-key-{key}").get_by_role("button").click()
        files[key] = tmp_path / key
        waiting.value.save_as(files[key])
    rows = json.loads(files["ekspor-data-json"].read_text(encoding="utf-8"))
    assert {(row["code"], row["programme"]) for row in rows} == {("SKL-1", "sekolah"), ("SKL-2", "sekolah")}
    for key in ("ekspor-gambar-svg", "ekspor-gambar-html"):
        assert "Sekolah" in files[key].read_text(encoding="utf-8")
