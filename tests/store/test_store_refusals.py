"""State what the store refuses, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import pytest
import shapely

from geo.model import RefusedError
from geo.store import Store

Asked = Callable[..., str]


def _plan(*percents: float, site: str = "KTN-1") -> pd.DataFrame:
    days = pd.date_range("2026-01-31", periods=len(percents), freq="ME")
    return pd.DataFrame({"site_code": site, "as_of": days, "percent": percents})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"percent": [-1.0, 0.0, 0.0]}, "row 2, column percent: less than 0"),
        ({"percent": [0.0, 100.01, 0.0]}, "row 3, column percent: more than 100"),
        ({"percent": ["40", "50", "60"]}, "row 2, column percent: not a number ('40')"),
        ({"percent": [True, False, True]}, "row 2, column percent: not a number ('True')"),
        ({"percent": [[1], 1.0, None]}, "row 2, column percent: not a number ('[1]')"),
        ({"as_of": [45_000, 45_001, 45_002]}, "row 2, column as_of: not a date ('45000')"),
        ({"recorded_at": pd.NaT}, "row 2, column recorded_at: a value is required"),
        ({"percent": [float("inf"), 1.0, 1.0]}, "row 2, column percent: not a number"),
        ({"spend": [-1, 0, 0]}, "row 2, column spend: less than 0"),
        ({"spend": [1.5, 0, 0]}, "row 2, column spend: not a whole number"),
        ({"spend": [2**63, 0, 0]}, "row 2, column spend: not a whole number"),
        ({"stage": ["done", None, None]}, "row 2, column stage: not one of the words allowed ('done')"),
        ({"data_status": ["reported", None, ""]}, "row 4, column data_status: a value is required"),
        ({"site_code": ["KTN-1", None, "KOP-1"]}, "row 3, column site_code: a value is required"),
        ({"site_code": ["KTN-1", "KTN-7", "KOP-1"]}, "row 3, column site_code: no such code in sites ('KTN-7')"),
        ({"as_of": ["2026-09-30", "30/09/2026", "2026-09-30"]}, "row 3, column as_of: not a date ('30/09/2026')"),
        ({"as_of": ["2026-02-29", "2026-02-28", "2026-02-28"]}, "row 2, column as_of: not a date ('2026-02-29')"),
        ({"as_of": pd.Timestamp("2026-09-30 10:00")}, "row 2, column as_of: not a date"),
        ({"as_of": pd.Timestamp("2026-09-30", tz="UTC")}, "row 2, column as_of: not a date"),
        ({"recorded_at": pd.Timestamp("2026-10-01")}, "row 2, column recorded_at: not a moment with a time zone"),
        ({"recorded_at": "2026-10-01T00:00Z"}, "row 2, column recorded_at: not a moment with a time zone"),
        ({"note": ["a\x00b", None, None]}, "row 2, column note: not text"),
        ({"note": [5, "x", None]}, "row 2, column note: not text ('5')"),
        ({"nilai": 1}, "column nilai: unknown column 'nilai'"),
        ({"id": 1}, "column id: unknown column 'id'"),
        ({"percent": None, "spend": None, "stage": None}, "row 2, column percent: the report says nothing"),
    ],
)
def test_a_bad_report_is_refused(
    problems_of: Asked, reports: pd.DataFrame, change: dict[str, object], told: str
) -> None:
    assert told in problems_of(reports=reports.assign(**change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"region_code": ["35.1", "35.10", "35.10"]}, "row 2, column region_code: not a region code ('35.1')"),
        ({"region_code": [35.07, 35.1, 35.1]}, "row 2, column region_code: not text ('35.07')"),
        ({"lon": [181.0, 0.0, 0.0]}, "row 2, column lon: more than 180"),
        ({"lat": [-8.0, None, -90.5]}, "row 3, column lat: a value is required"),
        ({"location_precision": "about"}, "column location_precision: not one of the words allowed"),
        ({"institution_code": "NOBODY"}, "column institution_code: no such code in institutions"),
        ({"code": ["N-1", "N-1", "N-2"]}, "row 3, column code: code appear twice ('N-1')"),
        ({"code": ["KTN-1", "N-1", "N-2"]}, "row 2, column code: is stored already ('KTN-1')"),
        ({"target_date": pd.Timestamp("2024-01-01")}, "row 2, column target_date: before start_date"),
        ({"footprint": [shapely.Point(112, -8), None, None]}, "row 2, column footprint: not a valid polygon"),
        ({"footprint": ["POLYGON EMPTY", None, None]}, "row 2, column footprint: not a valid polygon"),
        ({"year": [26, 2026, 2026]}, "row 2, column year: less than 2000"),
    ],
)
def test_a_bad_site_is_refused(problems_of: Asked, sites: pd.DataFrame, change: dict[str, object], told: str) -> None:
    assert told in problems_of(sites=sites.assign(**{"code": ["N-1", "N-2", "N-3"], **change}))


def test_a_missing_column_is_named_once(problems_of: Asked, reports: pd.DataFrame) -> None:
    told = problems_of(reports=reports.drop(columns="recorded_at"))
    assert "reports, column recorded_at: the column is missing" in told


def test_an_unknown_table_is_refused(problems_of: Asked, reports: pd.DataFrame) -> None:
    assert "unknown table 'laporan'" in problems_of(laporan=reports)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (_plan(20, 60, 90), "the plan does not end at 100 ('KTN-1')"),
        (_plan(20, 60, 50, 100), "the plan falls ('KTN-1')"),
        (_plan(100, 100, site="KTN-9"), "no such code in sites ('KTN-9')"),
    ],
)
def test_a_plan_is_cumulative_and_ends_at_100(problems_of: Asked, plan: pd.DataFrame, told: str) -> None:
    assert told in problems_of(plans=plan)


def test_rows_added_to_a_plan_are_judged_with_those_stored(filled_store: Store, at: datetime) -> None:
    filled_store.add({"plans": _plan(20, 60, 100)}, actor="test", at=at)
    after = pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-12-31"], "percent": [80.0]})
    with pytest.raises(RefusedError, match="the plan falls"):
        filled_store.add({"plans": after}, actor="test", at=at)
    assert len(filled_store.plans()) == 3


def test_counts_of_one_group_on_one_day_stand_once(problems_of: Asked) -> None:
    counts = pd.DataFrame(
        {"site_code": "KTN-1", "as_of": "2026-09-30", "group": ["mitra", "mitra", "keluarga"], "count": [3, 4, -1]}
    )
    told = problems_of(beneficiaries=counts)
    assert "row 3, column site_code: site_code and as_of and group appear twice" in told
    assert "row 4, column group: not one of the words allowed ('keluarga')" in told
    assert "row 4, column count: less than 0" in told


def test_an_obstacle_belongs_to_a_site_or_an_action(problems_of: Asked) -> None:
    obstacles = pd.DataFrame(
        {
            "site_code": [None, "KTN-1"],
            "opened": ["2026-09-01", "2026-09-01"],
            "closed": [None, "2026-08-01"],
            "category": "lahan",
            "severity": [1, 4],
        }
    )
    told = problems_of(obstacles=obstacles)
    assert "row 2, column site_code: belongs to nothing" in told
    assert "row 3, column closed: before opened" in told
    assert "row 3, column severity: more than 3" in told


def test_a_thousand_problems_are_listed_and_the_rest_counted(problems_of: Asked, reports: pd.DataFrame) -> None:
    many = pd.concat([reports.assign(percent=-1.0)] * 500, ignore_index=True)
    told = problems_of(reports=many)
    assert told.count("less than 0 ('-1.0')") == 1_000
    assert "less than 0: 500 rows more" in told


def test_a_change_needs_a_moment_with_a_zone_and_an_actor(filled_store: Store, reports: pd.DataFrame) -> None:
    naive = datetime.fromisoformat("2026-10-31T05:00:00")
    with pytest.raises(RefusedError) as refusal:
        filled_store.add({"reports": reports}, actor=" ", at=naive)
    assert [problem.message for problem in refusal.value.problems] == ["at has no time zone", "actor is empty"]
    with pytest.raises(RefusedError, match="known_at has no time zone"):
        filled_store.reports(known_at=naive)
