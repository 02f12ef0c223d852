"""Planned and realised progress through time, over the same sites as the cards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import State, roll_up, state
from geo.progress.state import SITE_COLUMNS

ON = date(2026, 10, 31)
PROGRAMMES = load_programmes()


def sites(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"programme": "koperasi", "name": "Contoh", "region_code": "35.07", "data_status": "reported"}
    return pd.DataFrame([{**usual, **row} for row in rows], columns=["code", *SITE_COLUMNS])


def plans(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["site_code", "as_of", "percent"]).assign(spend=None)


def reports(*rows: tuple[Any, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["site_code", "as_of", "percent"])
    return frame.assign(recorded_at=pd.Timestamp("2026-11-01", tz="UTC"), spend=None, stage=None, note=None)


def state_of(site: pd.DataFrame, plan: pd.DataFrame, told: pd.DataFrame, **filters: Any) -> State:
    filters.setdefault("on", ON)
    obstacles = pd.DataFrame(columns=["site_code", "action_code", "opened", "severity", "closed"])
    tables = {"sites": site, "plans": plan, "reports": told, "obstacles": obstacles}
    return state(tables, Filters(**filters), PROGRAMMES)


def at(rows: pd.DataFrame, day: str) -> pd.Series:
    return rows.set_index("as_of").loc[pd.Timestamp(day)]


TWO = sites({"code": "A", "contract_value": 3_000}, {"code": "B", "contract_value": 1_000})
PLANS = plans(
    ("A", "2026-08-31", 0.0), ("A", "2026-12-31", 100.0), ("B", "2026-08-31", 40.0), ("B", "2026-12-31", 100.0)
)
TOLD = reports(("A", "2026-09-30", 10.0), ("A", "2026-10-31", 44.0), ("B", "2026-10-31", 60.0))


def test_the_curve_stands_at_month_ends_and_on_the_day_itself() -> None:
    rows = state_of(TWO, PLANS, TOLD, on=date(2026, 11, 10)).curve
    days = [f"2026-{day}" for day in ("07-31", "08-31", "09-30", "10-31", "11-10", "11-30", "12-31")]
    assert rows["as_of"].tolist() == [pd.Timestamp(day) for day in days]
    assert rows["plan_percent"].iloc[-1] == 100.0


def test_the_curve_is_weighted_like_the_card() -> None:
    now = state_of(TWO, PLANS, TOLD)
    there = at(now.curve, "2026-10-31")
    assert there["actual_percent"] == pytest.approx((3 * 44 + 60) / 4)
    plain = state_of(TWO.assign(contract_value=[3_000, None]), PLANS, TOLD)
    assert at(plain.curve, "2026-10-31")["actual_percent"] == pytest.approx((44 + 60) / 2)


def test_realisation_after_the_day_is_missing_and_the_plan_goes_on() -> None:
    rows = state_of(TWO, PLANS, TOLD, on=date(2026, 10, 15)).curve
    later = rows[rows["as_of"] > "2026-10-15"]
    assert len(later) == 3
    assert later["actual_percent"].isna().all()
    assert later["plan_percent"].notna().all()


def test_a_site_that_should_have_reported_and_had_not_is_a_gap_and_not_a_zero() -> None:
    rows = state_of(TWO, PLANS, TOLD).curve
    september = at(rows, "2026-09-30")
    assert september["actual_percent"] == 10.0  # A alone: B's plan had begun and B had told nothing
    assert (september["base"], september["reporting"]) == (2, 1)


def test_nobody_reporting_leaves_the_month_empty() -> None:
    begun = plans(("A", "2026-08-31", 5.0), ("A", "2026-12-31", 100.0))
    rows = state_of(TWO.iloc[:1], begun, reports(("A", "2026-10-31", 44.0))).curve
    assert pd.isna(at(rows, "2026-09-30")["actual_percent"])
    assert at(rows, "2026-09-30")["reporting"] == 0
    assert at(rows, "2026-07-31")["actual_percent"] == 0.0  # before its plan began


def test_what_was_recorded_after_the_clock_is_not_on_the_curve() -> None:
    late = TOLD.assign(recorded_at=pd.to_datetime(["2026-10-01", "2026-11-09", "2026-10-31"], utc=True))
    rows = state_of(TWO, PLANS, late, known_at=datetime(2026, 11, 1, tzinfo=UTC)).curve
    assert at(rows, "2026-10-31")["actual_percent"] == pytest.approx((3 * 10 + 60) / 4)


@pytest.mark.parametrize("told", [reports(), reports(("A", "2026-11-30", 9.0))], ids=["none", "only later"])
def test_without_a_site_that_can_be_assessed_the_curve_is_empty(told: pd.DataFrame) -> None:
    rows = state_of(TWO, PLANS, told).curve
    assert rows.empty
    assert list(rows.columns) == ["as_of", "plan_percent", "actual_percent", "base", "reporting"]


days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
site_rows = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 10**10)),  # contract value
        st.one_of(st.none(), days_of_2026),  # start
        st.lists(st.tuples(days_of_2026, st.integers(0, 100)), max_size=3, unique_by=lambda point: point[0]),
        st.lists(st.tuples(days_of_2026, st.one_of(st.none(), st.integers(0, 100))), max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(site_rows, days_of_2026)
def test_on_the_day_the_curve_meets_the_card_whatever_was_reported(rows: list[Any], on: date) -> None:
    site = sites(
        *(
            {"code": f"S{n}", "contract_value": value, "start_date": start}
            for n, (value, start, _, _) in enumerate(rows)
        )
    )
    points = []
    for n, (_, _, plan, _) in enumerate(rows):
        levels = sorted(level for _, level in plan)
        points += [(f"S{n}", day, float(level)) for day, level in zip(sorted(d for d, _ in plan), levels, strict=True)]
    told = [(f"S{n}", day, percent) for n, (_, _, _, listed) in enumerate(rows) for day, percent in listed]
    now = state_of(site, plans(*points), reports(*told), on=on)
    card = roll_up(now.positions).iloc[0]
    if card["base"] == 0:
        assert now.curve.empty
        return
    there = at(now.curve, on.isoformat())
    assert there["plan_percent"] == pytest.approx(card["plan_percent"], abs=2e-6)
    assert there["actual_percent"] == pytest.approx(card["actual_percent"], abs=2e-6)
    assert there["base"] == there["reporting"] == card["base"]
    assert now.curve.loc[now.curve["as_of"] > pd.Timestamp(on), "actual_percent"].isna().all()
    assert now.curve["as_of"].is_monotonic_increasing
