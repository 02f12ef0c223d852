"""Two clocks: a figure depends on the day it speaks of and on what was known, never on the order of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import LATE
from geo.progress.clocks import (
    effective_reports,
    in_force,
    obstacles_in_force,
    plan_in_force,
    recorded,
)
from geo.progress.plan import planned
from geo.progress.position import position
from geo.sample import synthetic_tables

FIRST = date(2026, 1, 1)
MOMENTS = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5)]
LAST_MOMENT = datetime(2026, 6, 1, tzinfo=UTC)

Row = tuple[Any, ...]


def plus(days: int) -> date:
    return FIRST + timedelta(days=days)


# B starts after some of its reports and plan points, C has no start and often no plan
SITES = pd.DataFrame(
    {
        "code": ["B", "A", "C"],
        "programme": ["rusun", "ktn", "rusun"],
        "start_date": [plus(20), FIRST, None],
        "contract_value": [1_000.0, None, 500.0],
        "year": [2026, 2026, 2026],
    }
)


def plans(rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["site_code", "as_of", "recorded_at", "percent", "spend"])


def reports(rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["site_code", "as_of", "recorded_at", "percent", "spend", "stage"])


def obstacles(rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["code", "site_code", "opened", "recorded_at", "severity", "closed"])


codes = st.sampled_from(["A", "B", "C"])
moments = st.sampled_from(MOMENTS)
on_days = st.integers(0, 60).map(plus)
clocks = st.one_of(st.none(), moments)
report_rows = st.lists(
    st.tuples(
        codes,
        st.sampled_from([0, 5, 15, 30, 45]).map(plus),
        moments,
        st.sampled_from([None, 0, 10, 25, 40, 50, 100]),
        st.sampled_from([None, 7, 9]),
        st.sampled_from([None, "in_progress", "postponed", "operational"]),
    ),
    max_size=8,
)
plan_rows = st.lists(
    st.tuples(
        codes,
        st.sampled_from([5, 20, 30, 50]).map(plus),
        st.sampled_from([None, *MOMENTS]),
        st.sampled_from([0, 20, 45, 80, 100]),
        st.sampled_from([None, 3, 8]),
    ),
    max_size=8,
)
obstacle_rows = st.lists(
    st.tuples(
        st.sampled_from([None, "K-1", "K-2"]),
        codes,
        st.sampled_from([0, 10]).map(plus),
        st.sampled_from([None, *MOMENTS]),
        st.sampled_from([1, 3]),
        st.sampled_from([None, plus(20)]),
    ),
    max_size=6,
)
quick = settings(max_examples=25, deadline=None)


def stands(planned_rows: Iterable[Row], told: Iterable[Row], on: date, known_at: datetime | None) -> pd.DataFrame:
    return position(SITES, plans(planned_rows), reports(told), on=on, known_at=known_at, contract_programmes=["rusun"])


# --- order -------------------------------------------------------------------------------------------------------


@quick
@given(st.data(), plan_rows, report_rows, on_days, clocks)
def test_no_order_of_arrival_changes_a_position(
    data: st.DataObject, points: list[Row], told: list[Row], on: date, known_at: datetime | None
) -> None:
    turned = data.draw(st.permutations(points)), data.draw(st.permutations(told))
    pd.testing.assert_frame_equal(stands(points, told, on, known_at), stands(*turned, on, known_at))


@quick
@given(st.data(), obstacle_rows, clocks)
def test_no_order_of_arrival_changes_the_obstacles_in_force(
    data: st.DataObject, rows: list[Row], known_at: datetime | None
) -> None:
    turned = data.draw(st.permutations(rows))
    found = obstacles_in_force(obstacles(rows), known_at)
    pd.testing.assert_frame_equal(found, obstacles_in_force(obstacles(turned), known_at), check_dtype=False)


@quick
@given(plan_rows, obstacle_rows, report_rows, clocks)
def test_what_is_in_force_stays_in_force_when_asked_again(
    points: list[Row], hindered: list[Row], told: list[Row], known_at: datetime | None
) -> None:
    plan, hindrance = plan_in_force(plans(points), known_at), obstacles_in_force(obstacles(hindered), known_at)
    once = effective_reports(reports(told), known_at=known_at)
    pd.testing.assert_frame_equal(plan_in_force(plan, known_at), plan)
    pd.testing.assert_frame_equal(obstacles_in_force(hindrance, known_at), hindrance)
    pd.testing.assert_frame_equal(effective_reports(once, known_at=known_at), once)
    assert in_force(reports(told), known_at=known_at).sum() == len(once)
    assert not once.duplicated(["site_code", "as_of"]).any()


# --- what is not known, or not yet, changes nothing --------------------------------------------------------------


@quick
@given(plan_rows, report_rows, report_rows, plan_rows, on_days, moments)
def test_what_is_recorded_after_the_clock_or_speaks_of_a_later_day_changes_nothing(
    points: list[Row], told: list[Row], more: list[Row], revised: list[Row], on: date, known_at: datetime
) -> None:
    later = [(code, day, LAST_MOMENT, *rest) for code, day, _, *rest in more]
    beyond = [(code, on + timedelta(days=1 + n), *rest) for n, (code, _, *rest) in enumerate(more)]
    amended = [(code, day, LAST_MOMENT, *rest) for code, day, _, *rest in revised]
    pd.testing.assert_frame_equal(
        stands([*points, *amended], [*later, *told, *beyond], on, known_at), stands(points, told, on, known_at)
    )


@quick
@given(plan_rows, report_rows, st.integers(0, 100), st.sampled_from([None, "in_progress"]), on_days, moments)
def test_a_correction_changes_nothing_before_it_is_known_and_then_replaces_what_it_corrects(
    points: list[Row], told: list[Row], percent: int, stage: str | None, on: date, known_at: datetime
) -> None:
    corrections = [(code, day, LAST_MOMENT, percent, None, stage) for code, day, *_ in told[:2]]
    corrected = [*corrections, *told]
    pd.testing.assert_frame_equal(stands(points, corrected, on, known_at), stands(points, told, on, known_at))
    kept = [row for row in told if row[:2] not in {correction[:2] for correction in corrections}]
    for late_clock in (LAST_MOMENT, None):
        pd.testing.assert_frame_equal(
            stands(points, corrected, on, late_clock), stands(points, [*kept, *corrections], on, late_clock)
        )


@quick
@given(plan_rows, report_rows, on_days, moments)
def test_an_amended_plan_changes_nothing_before_it_is_known_and_then_replaces_the_whole_plan(
    points: list[Row], told: list[Row], on: date, known_at: datetime
) -> None:
    revision = [("A", plus(12), LAST_MOMENT, 35, 1), ("A", plus(55), LAST_MOMENT, 100, 2)]
    amended = [*revision, *points]
    pd.testing.assert_frame_equal(stands(amended, told, on, known_at), stands(points, told, on, known_at))
    kept = [row for row in points if row[0] != "A"]
    pd.testing.assert_frame_equal(stands(amended, told, on, None), stands([*kept, *revision], told, on, None))


# --- against a slow reckoning, a site and a day at a time --------------------------------------------------------


def slow_plan(points: list[Row], code: str, known_at: datetime | None) -> list[tuple[date, int, int | None]]:
    """The plan's points by day, the start at zero included."""
    mine = [row for row in points if row[0] == code and (not known_at or not row[2] or row[2] <= known_at)]
    newest = max((row[2] or datetime.min.replace(tzinfo=UTC) for row in mine), default=None)
    chosen: dict[date, tuple[int, int | None]] = {}
    for _, day, moment, percent, spend in mine:
        if (moment or datetime.min.replace(tzinfo=UTC)) == newest:
            chosen[day] = max([chosen.get(day, (-1, None)), (percent, spend)], key=lambda one: (one[0], one[1] or -1))
    start = dict(zip(SITES["code"], SITES["start_date"], strict=True))[code]
    if chosen and isinstance(start, date) and start < min(chosen):
        chosen[start] = (0, 0)
    return [(day, *values) for day, values in sorted(chosen.items())]


def slow_planned(points: list[tuple[date, int, int | None]], day: date) -> Fraction | None:
    """Planned percent, exact."""
    if not points:
        return None
    before = [point for point in points if point[0] <= day]
    after = [point for point in points if point[0] > day]
    if not before:
        return Fraction(0)
    if not after:
        return Fraction(before[-1][1])
    (first, low, _), (second, high, _) = before[-1], after[0]
    return low + Fraction((high - low) * (day - first).days, (second - first).days)


def slow_reports(told: list[Row], code: str, on: date, known_at: datetime | None) -> list[Row]:
    """One report for each day, the last recorded; among equals the one with the greatest content."""

    def rank(row: Row) -> tuple[Any, ...]:
        _, _, moment, percent, spend, stage = row
        return moment, -1 if percent is None else percent, -1 if spend is None else spend, stage or ""

    mine = [row for row in told if row[0] == code and row[1] <= on and (not known_at or row[2] <= known_at)]
    return [max((row for row in mine if row[1] == day), key=rank) for day in sorted({row[1] for row in mine})]


def slow_late_since(points: list[tuple[date, int, int | None]], told: list[Row]) -> date | None:
    """First report of the last unbroken run behind plan, else the first day on which the plan exceeds the last one."""
    told = [row for row in told if row[3] is not None]
    since: date | None = None
    for row in told:
        behind = row[3] < (slow_planned(points, row[1]) or 0)
        since = (since or row[1]) if behind else None
    if since or not told:
        return since
    days = (told[-1][1] + timedelta(days=passed) for passed in range(1, 90))
    return next((day for day in days if (slow_planned(points, day) or 0) > told[-1][3]), None)


def latest(told: list[Row], column: int) -> Any:
    return next((row[column] for row in reversed(told) if row[column] is not None), None)


def told_or_missing(value: Any) -> Any:
    return None if pd.isna(value) else value


@settings(max_examples=50, deadline=None)
@given(plan_rows, report_rows, on_days, clocks)
def test_a_position_is_what_a_slow_reckoning_gives(
    points: list[Row], told: list[Row], on: date, known_at: datetime | None
) -> None:
    for found in stands(points, told, on, known_at).to_dict("records"):
        plan = slow_plan(points, found["code"], known_at)
        mine = slow_reports(told, found["code"], on, known_at)
        expected = slow_planned(plan, on)
        assert told_or_missing(found["plan_percent"]) == (None if expected is None else pytest.approx(float(expected)))
        assert told_or_missing(found["actual_percent"]) == latest(mine, 3)
        assert told_or_missing(found["actual_spend"]) == latest(mine, 4)
        assert told_or_missing(found["stage"]) == latest(mine, 5)
        day = mine[-1][1] if mine else None
        assert told_or_missing(found["as_of"]) == (None if day is None else pd.Timestamp(day))
        assert told_or_missing(found["age_days"]) == (None if day is None else (on - day).days)
        if found["status"] in LATE:
            assert found["late_since"] == pd.Timestamp(str(slow_late_since(plan, mine)))
        else:
            assert pd.isna(found["late_since"])


@pytest.fixture(scope="module")
def many() -> dict[str, pd.DataFrame]:
    return synthetic_tables(sites=150, months=24, seed=3)


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 6, 15), date(2026, 10, 31)])
@pytest.mark.parametrize("known_at", [None, datetime(2026, 6, 20, tzinfo=UTC)])
def test_many_sites_at_once_stand_as_each_does_alone(
    many: dict[str, pd.DataFrame], on: date, known_at: datetime | None
) -> None:
    whole = position(many["sites"], many["plans"], many["reports"], on=on, known_at=known_at)
    for code in many["sites"]["code"].iloc[::10]:
        alone = position(
            many["sites"][many["sites"]["code"] == code],
            many["plans"][many["plans"]["site_code"] == code],
            many["reports"][many["reports"]["site_code"] == code],
            on=on,
            known_at=known_at,
        )
        pd.testing.assert_frame_equal(whole[whole["code"] == code].reset_index(drop=True), alone)


# --- worked examples ---------------------------------------------------------------------------------------------


def test_a_row_without_a_moment_was_known_from_the_start() -> None:
    frame = pd.DataFrame({"code": ["A", "B", "C"], "recorded_at": [None, "2026-03-01T00:00Z", "2026-05-01T00:00Z"]})
    assert recorded(frame, None)["code"].tolist() == ["A", "B", "C"]
    assert recorded(frame, MOMENTS[0])["code"].tolist() == ["A", "B"]
    assert recorded(frame, MOMENTS[0] - timedelta(microseconds=1))["code"].tolist() == ["A"]
    assert recorded(frame[["code"]], MOMENTS[0])["code"].tolist() == ["A", "B", "C"]


def test_an_amendment_replaces_a_plan_whole_and_leaves_other_sites_alone() -> None:
    points = plans(
        [
            ("A", plus(10), MOMENTS[0], 50, None),
            ("A", plus(30), MOMENTS[0], 100, None),
            ("B", plus(30), None, 100, None),
            ("A", plus(90), MOMENTS[1], 100, None),
        ]
    )
    found = [plan_in_force(points, moment)[["site_code", "percent"]].values.tolist() for moment in MOMENTS[:2]]
    assert found[0] == [["A", 50], ["A", 100], ["B", 100]]
    assert found[1] == [["A", 100], ["B", 100]]
    before = plan_in_force(points, MOMENTS[0] - timedelta(days=1))
    assert before["site_code"].tolist() == ["B"]


def test_a_plan_without_moments_is_one_revision() -> None:
    points = plans([("A", plus(30), None, 100, None), ("A", plus(10), None, 50, None)]).drop(columns="recorded_at")
    assert plan_in_force(points, MOMENTS[0])["percent"].tolist() == [50, 100]


def test_of_two_points_for_one_day_the_higher_percent_counts_then_the_higher_spend() -> None:
    rows = [("A", plus(30), None, 90, 8), ("A", plus(30), None, 100, None), ("A", plus(30), None, 100, 7)]
    for turned in (rows, rows[::-1]):
        assert plan_in_force(plans(turned))[["percent", "spend"]].values.tolist() == [[100, 7]]


def test_a_plan_read_without_a_clock_is_the_one_recorded_last() -> None:
    points = plans([("A", plus(10), MOMENTS[0], 100, None), ("A", plus(20), MOMENTS[1], 100, None)])
    asked = pd.DataFrame({"site_code": ["A"], "as_of": [plus(10)]})
    assert planned(SITES, points, asked)["percent"].tolist() == [50.0]


def test_an_obstacle_is_closed_by_a_later_row_of_its_code() -> None:
    rows = obstacles(
        [
            ("K-1", "A", plus(5), MOMENTS[0], 3, None),
            ("K-1", "A", plus(5), MOMENTS[1], 3, plus(20)),
            (None, "A", plus(9), MOMENTS[1], 2, None),
            (None, "A", plus(9), MOMENTS[1], 2, None),
        ]
    )
    before, after = obstacles_in_force(rows, MOMENTS[0]), obstacles_in_force(rows, MOMENTS[1])
    assert before["closed"].isna().tolist() == [True]
    assert after["code"].isna().tolist() == [False, True, True]
    assert after["closed"].notna().tolist() == [True, False, False]
    assert list(after.columns) == list(rows.columns)


def test_obstacles_without_code_or_moment_all_stand() -> None:
    rows = pd.DataFrame({"site_code": ["B", "A"], "opened": ["2026-02-01", "2026-02-01"], "closed": [None, None]})
    assert obstacles_in_force(rows, MOMENTS[0])["site_code"].tolist() == ["A", "B"]


def test_nothing_passed_in_is_altered() -> None:
    frames = (
        plans([("A", plus(30), MOMENTS[0], 100, None), ("A", plus(10), MOMENTS[0], 50, None)]),
        obstacles([("K-1", "A", plus(5), MOMENTS[1], 3, plus(20)), ("K-1", "A", plus(5), MOMENTS[0], 3, None)]),
        reports([("A", plus(30), MOMENTS[0], 10, None, None), ("A", plus(10), MOMENTS[0], 5, None, None)]),
    )
    kept = [frame.copy(deep=True) for frame in frames]
    plan_in_force(frames[0], MOMENTS[1])
    obstacles_in_force(frames[1], MOMENTS[1])
    effective_reports(frames[2], known_at=MOMENTS[1])
    for before, after in zip(kept, frames, strict=True):
        pd.testing.assert_frame_equal(before, after)


# --- what was taken back -----------------------------------------------------------------------------------------


def taken_back(rows: pd.DataFrame, entered: Iterable[Any], withdrawn: Iterable[Any]) -> pd.DataFrame:
    moments = {"entered_at": list(entered), "withdrawn_at": list(withdrawn)}
    return rows.assign(**{name: pd.to_datetime(pd.Series(values), utc=True) for name, values in moments.items()})


def test_a_report_taken_back_counts_until_then() -> None:
    told = reports([("A", plus(30), MOMENTS[0], 40, None, None), ("A", plus(30), MOMENTS[1], 50, None, None)])
    told = taken_back(told, [None, MOMENTS[1]], [None, MOMENTS[2]])
    seen = [effective_reports(told, known_at=moment)["percent"].tolist() for moment in (*MOMENTS, None)]
    assert seen == [[40], [50], [40], [40]]
    assert in_force(told).tolist() == [True, False]


def test_a_row_that_named_an_earlier_moment_counts_from_its_entry_once_it_is_taken_back() -> None:
    told = taken_back(reports([("A", plus(30), MOMENTS[0], 40, None, None)]), [MOMENTS[1]], [MOMENTS[2]])
    assert [len(recorded(told, moment)) for moment in (*MOMENTS, None)] == [0, 1, 0, 0]


def test_a_plan_taken_back_gives_way_to_the_one_before() -> None:
    planned_rows = plans([("A", plus(50), MOMENTS[0], 100, None), ("A", plus(20), MOMENTS[1], 100, None)])
    history = taken_back(planned_rows, [None, MOMENTS[1]], [None, MOMENTS[2]])
    seen = [plan_in_force(history, moment)["as_of"].tolist() for moment in (*MOMENTS, None)]
    assert seen == [[plus(50)], [plus(20)], [plus(50)], [plus(50)]]


def test_an_obstacle_closed_by_mistake_is_open_again() -> None:
    states = obstacles([("K", "A", plus(0), MOMENTS[0], 1, None), ("K", "A", plus(0), MOMENTS[1], 1, plus(20))])
    history = taken_back(states, [None, MOMENTS[1]], [None, MOMENTS[2]])
    seen = [obstacles_in_force(history, moment)["closed"].notna().tolist() for moment in (*MOMENTS, None)]
    assert seen == [[False], [True], [False], [False]]
