"""What synthetic tables of any size are like."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.regions import locate_points
from geo.sample import SAMPLE_AS_OF, synthetic_tables
from geo.sample.frames import COLUMNS

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return synthetic_tables(sites=1500, months=24, seed=7)


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(tables: Tables) -> None:
    again = synthetic_tables(sites=1500, months=24, seed=7)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, again[name])
    other = synthetic_tables(sites=1500, months=24, seed=8)
    assert not other["sites"]["lon"].equals(tables["sites"]["lon"])


def test_all_tables_have_the_canonical_columns_and_dtypes(tables: Tables) -> None:
    assert list(tables) == list(COLUMNS)
    for name, frame in tables.items():
        assert {column: str(frame[column].dtype) for column in frame} == dict(COLUMNS[name]), name


def test_as_many_sites_as_asked_for_all_marked_synthetic(tables: Tables) -> None:
    sites = tables["sites"]
    assert len(sites) == 1500
    assert sites["code"].is_unique
    assert set(sites["data_status"]) == {"synthetic"}
    assert sites["name"].str.contains("Contoh").all()


def test_points_lie_in_the_regions_their_sites_name(tables: Tables) -> None:
    sites = tables["sites"]
    found = locate_points(sites[["lon", "lat"]], level=2, within_m=5_000)
    assert (found["code"].to_numpy() == sites["region_code"].to_numpy()).mean() > 0.995
    assert not sites.duplicated(["lon", "lat"]).any()


def test_plans_end_at_exactly_100_and_never_fall(tables: Tables) -> None:
    plans = tables["plans"].groupby("site_code")
    assert plans.ngroups == 1500
    assert (plans["percent"].last() == 100.0).all()
    assert not (plans["percent"].diff() < 0).any()
    assert plans["as_of"].is_monotonic_increasing.all()


def test_a_plan_is_known_when_it_begins_and_never_after_the_day(tables: Tables) -> None:
    plans = tables["plans"].groupby("site_code").agg(begins=("as_of", "min"), known=("recorded_at", "max"))
    end = pd.Timestamp(SAMPLE_AS_OF, tz="UTC") + pd.Timedelta(hours=15)
    assert (plans["known"] <= end).all()
    begun = plans[plans["begins"] <= pd.Timestamp(SAMPLE_AS_OF)]
    assert (begun["known"].dt.tz_localize(None) == begun["begins"]).all()


def test_what_a_benchmark_does_not_need_is_left_empty(tables: Tables) -> None:
    assert all(tables[name].empty for name in ("meetings", "closures", "claims", "site_indicators"))


def test_reports_speak_of_the_months_asked_for_and_stay_between_0_and_100(tables: Tables) -> None:
    reports = tables["reports"]
    assert reports["as_of"].min() >= pd.Timestamp("2024-11-30")
    assert reports["as_of"].max() == pd.Timestamp(SAMPLE_AS_OF)
    assert reports["percent"].between(0, 100).all()
    assert reports["as_of"].dt.is_month_end.all()
    assert (reports["recorded_at"].dt.tz_localize(None) >= reports["as_of"]).all()


def test_some_reports_are_corrected_later_and_some_sites_never_report(tables: Tables) -> None:
    reports = tables["reports"]
    again = reports[reports.duplicated(["site_code", "as_of"], keep=False)].groupby(["site_code", "as_of"])
    assert len(again) > 100
    assert (again["recorded_at"].nunique() == 2).all()
    assert 1500 - reports["site_code"].nunique() > 20


def test_every_reference_finds_its_row(tables: Tables) -> None:
    sites, actions = set(tables["sites"]["code"]), set(tables["actions"]["code"])
    institutions = set(tables["institutions"]["code"])
    for name in ("plans", "reports", "beneficiaries", "obstacles", "actions"):
        assert set(tables[name]["site_code"]) <= sites, name
    assert set(tables["action_reports"]["action_code"]) <= actions
    assert set(tables["actions"]["institution_code"]) | set(tables["sites"]["institution_code"]) <= institutions
    assert not tables["plans"].duplicated(["site_code", "as_of"]).any()
    assert not tables["beneficiaries"].duplicated(["site_code", "as_of", "group"]).any()


@pytest.mark.parametrize(("sites", "months"), [(1, 1), (1, 24), (3, 2), (2, 60)])
def test_the_smallest_sizes_work(sites: int, months: int) -> None:
    made = synthetic_tables(sites=sites, months=months, seed=0)
    assert len(made["sites"]) == sites
    assert set(made["plans"]["site_code"]) == set(made["sites"]["code"])


@pytest.mark.parametrize(("sites", "months"), [(0, 24), (5, 0), (-1, 3)])
def test_a_size_below_one_is_refused(sites: int, months: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        synthetic_tables(sites=sites, months=months, seed=0)
