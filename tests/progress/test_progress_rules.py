"""The rule that decides a status, the limit it turns on and the step it asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geo.model import Status
from geo.progress.position import position
from geo.progress.thresholds import Thresholds

ON = "2026-10-31"
CONTRACT: dict[str, Any] = {"contract_value": 1_000_000_000, "year": 2027, "start_date": "2026-01-01"}


def stands(
    planned: float | None,
    actual: float | None,
    *,
    limits: Thresholds | None = None,
    stage: str | None = None,
    **site: Any,
) -> pd.Series:
    """The position on ``ON`` of a site of the programme ``rusun`` with this plan and this report."""
    sites = pd.DataFrame({"code": ["A"], "programme": ["rusun"], **{name: [value] for name, value in site.items()}})
    points = [] if planned is None else [("A", ON, planned), ("A", "2026-12-31", 100.0)]
    told = [] if actual is None and stage is None else [("A", ON, f"{ON}T02:00Z", actual, stage)]
    found = position(
        sites,
        pd.DataFrame(points, columns=["site_code", "as_of", "percent"]),
        pd.DataFrame(told, columns=["site_code", "as_of", "recorded_at", "percent", "stage"]),
        on=pd.Timestamp(ON),
        contract_programmes=["rusun"],
        thresholds=limits or Thresholds(),
    )
    return found.iloc[0]


def verdict(*case: Any, **site: Any) -> tuple[str, float | None, str | None]:
    """Rule, limit in points and next step; ``None`` where missing."""
    row = stands(*case, **site)
    limit, step = row["limit_points"], row["next_step"]
    return row["rule"], None if pd.isna(limit) else float(limit), None if pd.isna(step) else str(step)


# --- contracts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "actual", "expected"),
    [
        (0.0, 0.0, ("plan_not_begun", None, None)),
        (69.9, 69.9, ("on_plan", None, None)),
        (69.9, 64.9, ("watch", 0.0, "watch_next_report")),
        (69.9, 59.9, ("late", 5.0, "explanation")),
        (69.9, 59.899999, ("contract_period_1", 10.0, "scm")),
        (70.0, 65.0, ("watch", 0.0, "watch_next_report")),
        (70.0, 64.999999, ("contract_period_2", 5.0, "scm")),
        (70.1, 65.1, ("watch", 0.0, "watch_next_report")),
        (70.1, 65.099999, ("contract_period_2", 5.0, "scm")),
        (100.0, 95.0, ("watch", 0.0, "watch_next_report")),
        (100.0, 94.999999, ("contract_period_2", 5.0, "scm")),
        (100.0, 100.0, ("done", None, None)),
    ],
)
def test_a_contract_is_held_to_ten_points_below_a_plan_of_70_and_to_five_from_there(
    planned: float, actual: float, expected: tuple[str, float | None, str | None]
) -> None:
    assert verdict(planned, actual, **CONTRACT) == expected


@pytest.mark.parametrize(
    ("planned", "actual", "rule"),
    [
        (70.0, 70.0, "on_plan"),
        (70.0, 69.999999, "contract_budget_year"),
        (70.0, 65.0, "contract_budget_year"),  # exactly 5 points
        (70.0, 64.999999, "contract_period_2"),
        (100.0, 99.0, "watch"),  # 3 days left to do, 61 left of the year
        (69.9, 65.0, "watch"),  # Periode I knows no budget year
        (69.9, 64.0, "late"),
    ],
)
def test_in_period_2_a_contract_late_by_up_to_five_points_is_critical_if_it_runs_past_its_budget_year(
    planned: float, actual: float, rule: str
) -> None:
    # 303 days gone and 61 left: who stands below 83.24 percent does not arrive in time
    site = {**CONTRACT, "year": 2026}
    assert stands(planned, actual, **site)["rule"] == rule
    if rule == "contract_budget_year":
        assert verdict(planned, actual, **site) == (rule, 0.0, "scm")
        assert stands(planned, actual, **site)["status"] == Status.KRITIS
        assert verdict(planned, actual, **CONTRACT)[0] == "watch"


def test_a_pace_that_arrives_on_the_last_day_of_the_budget_year_is_in_time() -> None:
    # 75 percent in 183 days leaves 61 days for the rest, and 31 October to 31 December are 61 days
    site = {**CONTRACT, "year": 2026}
    assert stands(76.0, 75.0, **{**site, "start_date": "2026-05-01"})["rule"] == "watch"
    assert stands(76.0, 75.0, **{**site, "start_date": "2026-04-30"})["rule"] == "contract_budget_year"


def test_a_plan_of_exactly_70_that_the_interpolation_leaves_a_hair_below_is_period_2() -> None:
    plans = pd.DataFrame(
        [("A", "2026-10-01", 28.2), ("A", "2026-11-01", 87.1), ("A", "2026-12-31", 100.0)],
        columns=["site_code", "as_of", "percent"],
    )
    sites = pd.DataFrame({"code": ["A"], "contract_value": [5], "year": [2027]})
    told = pd.DataFrame(
        {"site_code": ["A"], "as_of": ["2026-10-23"], "recorded_at": ["2026-10-23T00:00Z"], "percent": [64.0]}
    )
    found = position(sites, plans, told, on=pd.Timestamp("2026-10-23")).iloc[0]
    assert found["plan_percent"] < 70.0
    assert found["rule"] == "contract_period_2"


@pytest.mark.parametrize("site", [{"contract_value": 0}, {"contract_value": None}, {}], ids=["zero", "missing", "none"])
@pytest.mark.parametrize("planned", [69.9, 70.0, 100.0])
def test_a_contract_of_zero_rupiah_is_none(site: dict[str, Any], planned: float) -> None:
    assert verdict(planned, planned - 9.9, year=2026, **site) == ("late", 5.0, "explanation")
    assert verdict(planned, planned - 10.1, year=2026, **site) == ("pace", 10.0, "recovery_plan")


@pytest.mark.parametrize("late", [1.0, 5.0, 9.9, 10.0, 10.1, 60.0])
@pytest.mark.parametrize("planned", [69.9, 70.0, 100.0])
def test_a_programme_without_contract_rules_never_gets_one(late: float, planned: float) -> None:
    priced = {**CONTRACT, "year": 2026, "programme": "ktn"}
    unpriced = {"programme": "ktn"}
    assert verdict(planned, planned - late, **priced) == verdict(planned, planned - late, **unpriced)
    assert "contract" not in stands(planned, planned - late, **priced)["rule"]


# --- the rest ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (50.0, ("on_plan", None, None)),
        (49.999999, ("watch", 0.0, "watch_next_report")),
        (45.0, ("watch", 0.0, "watch_next_report")),
        (44.999999, ("late", 5.0, "explanation")),
        (40.0, ("late", 5.0, "explanation")),
        (39.999999, ("pace", 10.0, "recovery_plan")),
    ],
)
def test_without_a_contract_the_pace_has_its_own_limits_and_a_limit_itself_is_the_milder_side(
    actual: float, expected: tuple[str, float | None, str | None]
) -> None:
    assert verdict(50.0, actual) == expected


def test_where_nothing_can_be_judged_there_is_no_limit_and_something_to_ask_for() -> None:
    assert verdict(50.0, None) == ("no_report", None, "request_report")
    assert verdict(None, None) == ("no_report", None, "request_report")
    assert verdict(50.0, None, stage="in_progress") == ("no_percent", None, "request_report")
    assert verdict(None, 40.0) == ("no_plan", None, "request_plan")


def test_what_is_done_inactive_not_begun_or_on_plan_asks_for_nothing() -> None:
    assert verdict(50.0, 100.0) == ("done", None, None)
    assert verdict(50.0, 3.0, stage="cancelled") == ("stage", None, None)
    assert verdict(0.0, None) == ("plan_not_begun", None, None)
    assert verdict(50.0, 51.0) == ("on_plan", None, None)


def test_the_limit_is_that_of_the_thresholds_in_use_and_lateness_lies_beyond_it() -> None:
    limits = Thresholds(
        watch_points=2.0, critical_points=20.0, contract_period_1_points=12.5, contract_period_2_points=3.0
    )
    assert verdict(50.0, 37.4, limits=limits, **CONTRACT) == ("contract_period_1", 12.5, "scm")
    assert verdict(80.0, 76.9, limits=limits, **CONTRACT) == ("contract_period_2", 3.0, "scm")
    assert verdict(80.0, 59.9, limits=limits) == ("pace", 20.0, "recovery_plan")
    assert verdict(80.0, 77.9, limits=limits) == ("late", 2.0, "explanation")
    for planned, actual in ((50.0, 37.4), (80.0, 59.9), (80.0, 77.9)):
        row = stands(planned, actual, limits=limits)
        assert -row["deviation_points"] > row["limit_points"]
