"""What a map shows for a choice of filters."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo import regions
from geo.drawing.view import INDICATORS, shown_statuses
from geo.locale import translator
from geo.model import FOCUS_PROVINCES, Status
from geo.programmes import load_programmes
from tests.views import view_of

ID = translator("id")


def test_without_a_filter_the_focus_provinces_are_coloured(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    assert (view.level, view.province) == (1, None)
    assert view.areas["code"].tolist() == list(FOCUS_PROVINCES)
    assert view.bbox == regions.bbox_of(FOCUS_PROVINCES)


@pytest.mark.parametrize("chosen", [{"provinces": ("35",)}, {"regencies": ("35.07",)}])
def test_one_province_is_coloured_by_all_its_kabupaten_and_kota(
    tables: dict[str, pd.DataFrame], chosen: dict[str, tuple[str, ...]]
) -> None:
    view = view_of(tables, **chosen)
    assert (view.level, view.province, len(view.areas)) == (2, "35", 38)
    assert view.bbox == regions.bbox_of(next(iter(chosen.values())))


def test_two_provinces_stay_at_the_level_of_provinces(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, provinces=("35", "52"))
    assert (view.level, view.province, view.areas["code"].tolist()) == (1, None, ["35", "52"])


@pytest.mark.parametrize(
    ("indicator", "column", "factor"),
    [
        ("progress", "actual_percent", 1),
        ("deviation", "deviation_points", 1),
        ("sites", "sites", 1),
        ("absorption", "spend_share", 100),
        ("share_reporting", "share_reported", 100),
    ],
)
def test_a_province_is_coloured_by_the_figure_of_its_roll_up(
    tables: dict[str, pd.DataFrame], indicator: str, column: str, factor: int
) -> None:
    view = view_of(tables, indicator=indicator)
    expected = view.state.by_province.set_index("province")[column] * factor
    for row in view.areas.to_dict("records"):
        assert row["value"] == pytest.approx(float(expected[row["code"]])), row["code"]
        assert pd.notna(row["group"])


def test_all_indicators_have_a_figure_above() -> None:
    assert len(INDICATORS) == 5


def test_a_region_without_sites_has_neither_value_nor_class(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, indicator="sites", provinces=("35",))
    empty = view.areas[view.areas["sites"] == 0]
    assert len(empty) > 0
    assert empty["value"].isna().all()
    assert empty["group"].isna().all()
    assert (view.without_sites, view.without_data) == (len(empty), 0)
    assert sum(view.class_counts) == len(view.areas) - len(empty)


def test_before_anything_was_reported_no_region_has_progress(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, on=date(2015, 1, 1))
    assert view.areas["value"].isna().all()
    assert view.class_counts == []
    assert (view.without_sites, view.without_data) == (0, len(FOCUS_PROVINCES))


def test_without_an_indicator_nothing_is_coloured(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, indicator=None)
    assert view.areas["value"].isna().all()
    assert "status" in view.title(translator("en"))


def test_the_counts_are_those_of_the_state(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    assert sum(view.status_counts.values()) == sum(view.programme_counts.values()) == len(view.state.positions)
    assert list(view.status_counts) == [str(status) for status in Status]
    assert list(view.programme_counts) == list(load_programmes())


def test_a_site_without_a_point_is_counted_as_unplaced_and_not_drawn(tables: dict[str, pd.DataFrame]) -> None:
    lost = tables["sites"].copy()
    lost.loc[:2, "lon"] = None
    view = view_of({**tables, "sites": lost})
    assert view.unplaced == 3
    assert len(view.points) == len(lost) - 3
    assert sum(view.status_counts.values()) == len(lost)


def test_a_choice_without_sites_is_a_map_of_boundaries(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, search="zzz")
    assert view.points.empty
    assert view.areas["code"].tolist() == list(FOCUS_PROVINCES)
    assert view.areas["value"].isna().all()


def test_the_subject_names_the_place_and_the_programmes(tables: dict[str, pd.DataFrame]) -> None:
    assert view_of(tables).subject(ID) == "Lima provinsi program · semua program"
    assert view_of(tables, provinces=("35",), programmes=("ktn",)).subject(ID) == "Jawa Timur · KTN"
    assert view_of(tables, regencies=("35.07",)).subject(translator("en")).startswith("Kabupaten Malang · ")


def test_a_legend_lists_the_status_without_a_plan_only_when_it_occurs() -> None:
    usual = [str(status) for status in Status if status is not Status.TANPA_RENCANA]
    assert shown_statuses({}) == usual
    assert shown_statuses({"tanpa_rencana": 0}) == usual
    assert shown_statuses({"tanpa_rencana": 1}) == [*usual, "tanpa_rencana"]
