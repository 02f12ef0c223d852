"""Completion foretold from the recent pace, with its band and the reasons for having none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.progress.curve import CURVE_COLUMNS
from geo.progress.forecast import (
    DAYS_PER_MONTH,
    NoForecast,
    Overrun,
    curve_forecast,
    forecast,
    forecast_path,
    overrun,
    pace_points,
)
from geo.progress.thresholds import Thresholds

ON = date(2026, 5, 1)


def points(*rows: tuple[Any, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["as_of", "percent"])


LEVEL = points(("2026-04-01", 10), ("2026-04-11", 20), ("2026-04-21", 30), ("2026-05-01", 40))
UNEVEN = points(("2026-04-01", 10), ("2026-04-11", 20), ("2026-04-21", 22), ("2026-05-01", 32))


def test_a_steady_pace_gives_the_exact_day_and_a_band_of_no_width() -> None:
    told = forecast(LEVEL, on=ON)  # one point a day, 60 left
    assert told.day == told.earliest == told.latest == date(2026, 6, 30)
    assert told.pace_points_per_month == pytest.approx(DAYS_PER_MONTH)
    assert (told.reports, told.last_day, told.last_percent, told.reason) == (4, ON, 40.0, None)


def test_median_and_quartiles_of_the_slopes_make_the_day_and_its_band() -> None:
    # slopes in points a day: 1, 0.6, 22/30, 0.2, 0.6, 1; ordered 0.2, 0.6, 0.6, 0.733, 1, 1
    # quartiles 0.6, 0.6667, 0.9333; 68 points left: 113.3, 102, 72.9 days
    told = forecast(UNEVEN, on=ON)
    assert told.day == ON + timedelta(days=102)
    assert told.earliest == ON + timedelta(days=73)
    assert told.latest == ON + timedelta(days=114)


def test_one_odd_report_does_not_move_the_pace_of_a_steady_row() -> None:
    odd = points(("2026-03-12", 10), ("2026-03-22", 20), ("2026-04-01", 9), ("2026-04-11", 40), ("2026-04-21", 50))
    assert forecast(odd, on=date(2026, 4, 21)).pace_points_per_month == pytest.approx(DAYS_PER_MONTH)


def test_only_the_latest_points_tell_the_recent_pace() -> None:
    early = points(("2025-01-01", 0), ("2025-06-01", 1), ("2026-03-01", 2))
    few = Thresholds(forecast_reports=4)
    assert forecast(pd.concat([early, LEVEL]), on=ON, thresholds=few) == forecast(LEVEL, on=ON, thresholds=few)


def test_points_after_the_day_and_points_without_a_figure_do_not_count() -> None:
    more = pd.concat([LEVEL, points(("2026-05-02", 99), ("2026-04-15", None), (None, 50))])
    assert forecast(more, on=ON) == forecast(LEVEL, on=ON)


def test_the_slow_end_of_the_band_is_open_where_the_slower_pace_stands_still() -> None:
    still = points(("2026-04-01", 10), ("2026-04-06", 10), ("2026-04-11", 10), ("2026-04-21", 10))
    halting = pd.concat([still, points(("2026-04-26", 20), ("2026-05-01", 30))])
    told = forecast(halting, on=ON)
    assert told.day is not None
    assert told.latest is None
    assert told.reason is None


@pytest.mark.parametrize(
    ("rows", "on", "reason"),
    [
        (LEVEL.iloc[:0], ON, NoForecast.TOO_FEW),
        (LEVEL.iloc[1:], ON, NoForecast.TOO_FEW),
        (points(("2026-05-01", 100)), ON, NoForecast.FINISHED),
        (LEVEL, date(2026, 6, 15), None),  # 45 days
        (LEVEL, date(2026, 6, 16), NoForecast.STALE),
        (LEVEL.assign(percent=40), ON, NoForecast.NO_PACE),
        (LEVEL.assign(percent=[40, 30, 20, 10]), ON, NoForecast.NO_PACE),
        (LEVEL.assign(percent=[10, 10.1, 10.2, 10.3]), ON, NoForecast.TOO_SLOW),
    ],
)
def test_where_there_is_no_forecast_the_reason_stands(rows: pd.DataFrame, on: date, reason: NoForecast | None) -> None:
    told = forecast(rows, on=on)
    assert told.reason == reason
    assert (told.day is None) == (told.earliest is None) == (reason is not None)
    assert told.least == 4


def test_a_day_that_has_passed_unreported_becomes_the_day_itself() -> None:
    nearly = LEVEL.assign(percent=[69, 79, 89, 99])
    assert forecast(nearly, on=date(2026, 5, 20)).day == date(2026, 5, 20)


# --- along the plan ---


def test_along_a_plan_that_slows_down_the_day_is_later_than_on_a_straight_line() -> None:
    plan = points(("2026-03-22", 0), ("2026-05-01", 80), ("2026-08-09", 100))  # 2 points a day, then 0.2
    told = forecast(LEVEL, on=ON, plan=plan)
    # half the plan's pace: 40 points are reached on the plan's 11 April, 120 of its days are left, 240 of ours
    assert told.day == told.latest == ON + timedelta(days=240)
    assert told.in_plan_days
    assert told.pace_points_per_month == pytest.approx(DAYS_PER_MONTH)


def test_a_straight_plan_changes_nothing() -> None:
    plan = points(("2026-01-01", 0), ("2026-12-31", 100))
    straight, along = forecast(UNEVEN, on=ON), forecast(UNEVEN, on=ON, plan=plan)
    assert (along.day, along.earliest, along.latest) == (straight.day, straight.earliest, straight.latest)


def test_a_plan_that_never_ends_is_no_measure() -> None:
    told = forecast(LEVEL, on=ON, plan=points(("2026-01-01", 0), ("2026-12-31", 90)))
    assert told == forecast(LEVEL, on=ON)
    assert not told.in_plan_days


def test_the_way_to_completion_has_the_shape_of_the_plan_that_remains() -> None:
    plan = points(("2026-03-22", 0), ("2026-05-01", 80), ("2026-08-09", 100))
    told = forecast(LEVEL, on=ON, plan=plan)
    assert told.day is not None
    way = forecast_path(told, told.day, plan=plan)
    assert way["percent"].tolist() == [40, 80, 100]
    assert way["as_of"].tolist() == [pd.Timestamp(d) for d in ("2026-05-01", "2026-06-10", "2026-12-27")]
    straight = forecast_path(forecast(LEVEL, on=ON), date(2026, 6, 30), plan=plan)
    assert straight["percent"].tolist() == [40, 100]


# --- against a target ---


def test_days_past_the_target_are_counted_for_the_day_and_its_band() -> None:
    told = forecast(UNEVEN, on=ON)
    assert overrun(told, ON + timedelta(days=100)) == Overrun(days=2, earliest=-27, latest=14)


def test_without_a_target_or_a_forecast_nothing_runs_past() -> None:
    assert overrun(forecast(LEVEL, on=ON), None) is None
    assert overrun(forecast(LEVEL.iloc[:2], on=ON), ON) is None


# --- from a curve ---


def curve_rows(*rows: tuple[Any, ...]) -> pd.DataFrame:
    names = ["as_of", "plan_percent", "actual_percent", "base", "reporting", "percents_told"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(
        as_of=pd.to_datetime(frame["as_of"]), fresh=frame["percents_told"], percents_since=frame["percents_told"]
    )


def test_of_a_single_site_only_its_reports_tell_the_pace() -> None:
    rows = curve_rows(
        ("2026-03-31", 10.0, 0.0, 1, 1, 0),
        ("2026-04-10", 20.0, 15.0, 1, 1, 1),
        ("2026-04-30", 30.0, 15.0, 1, 1, 0),
        ("2026-05-31", 40.0, None, 1, 0, 0),
    )
    told = pace_points(rows)
    assert told["as_of"].tolist() == [pd.Timestamp("2026-04-10")]
    assert told["percent"].tolist() == [15.0]


def test_of_several_sites_only_moments_with_all_of_them_and_a_new_report_count() -> None:
    rows = curve_rows(
        ("2026-01-31", 0.0, 0.0, 2, 2, 0),
        ("2026-02-28", 0.0, 0.0, 2, 2, 0),
        ("2026-03-31", 10.0, 30.0, 2, 1, 1),
        ("2026-04-30", 20.0, 20.0, 2, 2, 2),
    )
    assert pace_points(rows)["percent"].tolist() == [20.0]


def test_a_mean_that_stands_still_because_nobody_spoke_is_no_point() -> None:
    rows = curve_rows(*((f"2026-0{month}-28", 50.0, 20.0, 2, 2, int(month in (3, 5))) for month in range(3, 8)))
    assert len(pace_points(rows)) == 2
    assert curve_forecast(rows, on=date(2026, 7, 28)).reason == NoForecast.TOO_FEW


def test_moments_at_which_nobody_had_spoken_for_long_tell_no_pace() -> None:
    rows = curve_rows(("2026-03-31", 10.0, 30.0, 2, 2, 2), ("2026-06-30", 20.0, 30.0, 2, 2, 0))
    assert pace_points(rows)["as_of"].tolist() == [pd.Timestamp("2026-03-31")]


def test_an_empty_curve_has_too_few_points() -> None:
    assert curve_forecast(pd.DataFrame(columns=list(CURVE_COLUMNS)), on=ON).reason == NoForecast.TOO_FEW


def test_a_curve_is_foretold_along_its_own_plan() -> None:
    rows = curve_rows(
        ("2026-03-22", 0.0, 0.0, 3, 3, 0),
        *((row["as_of"], row["percent"] * 2, row["percent"], 3, 3, 3) for _, row in LEVEL.iterrows()),
        ("2026-08-09", 100.0, None, 3, 0, 0),
    )
    told = curve_forecast(rows, on=ON)
    assert told.in_plan_days
    assert told.day == ON + timedelta(days=240)  # as above


# --- what holds whatever comes ---

days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
some_points = st.lists(st.tuples(days_of_2026, st.integers(0, 100)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(some_points, days_of_2026, st.randoms(use_true_random=False))
def test_the_order_of_the_points_never_matters_and_the_band_holds_the_day(rows: list[Any], on: date, dice: Any) -> None:
    told = forecast(points(*rows), on=on)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert forecast(points(*shuffled), on=on) == told
    if told.day is not None and told.earliest is not None:
        assert on <= told.earliest <= told.day
        assert told.latest is None or told.day <= told.latest


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.integers(4, 6), st.integers(1, 40))
def test_points_on_a_line_give_the_day_on_which_the_line_ends(tenths: int, count: int, apart: int) -> None:
    rows = [(date(2026, 1, 1) + timedelta(days=n * apart), n * apart * tenths / 10) for n in range(count)]
    last_day, last = rows[-1]
    told = forecast(points(*rows), on=last_day)
    if last >= 100:
        assert told.reason == NoForecast.FINISHED
        return
    left = -(-round((100 - last) * 10) // tenths)  # rounded up
    assert told.day == told.earliest == told.latest == last_day + timedelta(days=left)
