"""The printed map of a view holds the view's figures and words."""

from __future__ import annotations

import html
from typing import Literal
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from geo.drawing.snapshot import FORMS, picture, snapshot, sources
from geo.locale import translator
from geo.model import FOCUS_PROVINCES, Language
from geo.sample import SAMPLE_AS_OF
from tests.views import view_of

ID = translator("id")


def words(svg: bytes) -> str:
    return " ".join(ET.fromstring(svg).itertext())


def test_a_snapshot_holds_the_counts_points_and_values_of_the_view(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    made = snapshot(view, ID, sample=True)
    assert (made.status_counts, made.programme_counts) == (view.status_counts, view.programme_counts)
    assert len(made.points) == len(view.points)
    values = made.areas.set_index("code")["value"]
    assert set(values.index) == set(FOCUS_PROVINCES)
    pd.testing.assert_series_equal(
        values.sort_index(), view.areas.set_index("code")["value"].sort_index(), check_index_type=False
    )
    assert made.areas.crs.to_epsg() == 4326
    assert (made.on, made.extent, made.sample) == (SAMPLE_AS_OF, view.bbox, True)


def test_only_kabupaten_and_kota_are_marked_approximate(tables: dict[str, pd.DataFrame]) -> None:
    assert not snapshot(view_of(tables), ID, sample=True).approximate
    province = view_of(tables, provinces=("52",))
    assert snapshot(province, ID, sample=True).approximate
    assert any("bukan batas resmi" in line or "perkiraan" in line for line in sources(province, ID, sample=True))


def test_without_an_indicator_the_snapshot_has_none(tables: dict[str, pd.DataFrame]) -> None:
    assert snapshot(view_of(tables, indicator=None), ID, sample=True).indicator is None


def test_a_title_given_takes_the_place_of_the_usual_one(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    assert snapshot(view, ID, sample=True).title == view.title(ID)
    assert snapshot(view, ID, sample=True, title="Rapat").title == "Rapat"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("id", ("31 Oktober 2026", "Jawa Timur", "Terlambat", "Belum lapor", "DATA CONTOH")),
        ("en", ("31 October 2026", "Jawa Timur", "Late", "Not reported", "SAMPLE DATA")),
    ],
)
def test_the_drawn_map_speaks_the_language_asked_for(
    language: Language, told: tuple[str, ...], tables: dict[str, pd.DataFrame]
) -> None:
    drawn = words(picture(view_of(tables), translator(language), form="svg", sample=True))
    for text in told:
        assert text in drawn, text


def test_real_data_is_drawn_without_the_mark(tables: dict[str, pd.DataFrame]) -> None:
    drawn = words(picture(view_of(tables, search="zzz"), ID, form="svg", sample=False))
    assert "CONTOH" not in drawn


def test_a_hostile_name_is_text_in_the_drawing(tables: dict[str, pd.DataFrame]) -> None:
    one = tables["sites"][tables["sites"]["code"] == "KTN-TUREN"].assign(name="<script>${1}</script> $x^2$")
    view = view_of({**tables, "sites": one.reset_index(drop=True)})
    drawn = picture(view, ID, form="svg", sample=True)
    assert b"<script" not in drawn
    assert "<script>${1}</script> $x^2$" in words(drawn)
    for element in ET.fromstring(drawn).iter():
        assert not any(name.startswith("on") for name in element.attrib)


def test_the_media_types_are_those_of_the_four_kinds() -> None:
    assert FORMS == {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml", "html": "text/html"}


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_picture_says_whom_it_is_made_for_and_the_public_one_that_places_are_coarse(
    tables: dict[str, pd.DataFrame], form: str
) -> None:
    view = view_of(tables, provinces=("52",))
    audiences: tuple[Literal["public", "internal"], ...] = ("public", "internal")
    told = {
        audience: html.unescape(picture(view, ID, form=form, sample=True, audience=audience).decode())
        for audience in audiences
    }
    assert "Klasifikasi: BIASA · untuk umum" in told["public"]
    assert "Klasifikasi: BIASA · internal" in told["internal"]
    assert ["kisi 11 km" in told[audience] for audience in audiences] == [True, False]
