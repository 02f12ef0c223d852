"""Planned and realised progress through time, over the same sites as the cards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import State, roll_up, state
from geo.progress.curve import CURVE_COLUMNS, curve
from geo.progress.position import position
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


def test_the_order_of_the_rows_never_matters() -> None:
    back = slice(None, None, -1)
    told = TOLD.assign(spend=[100, 900, 500])
    forth = state_of(TWO, SPENT, told).curve
    pd.testing.assert_frame_equal(state_of(TWO.iloc[back], SPENT.iloc[back], told.iloc[back]).curve, forth)


@pytest.mark.parametrize("told", [reports(), reports(("A", "2026-11-30", 9.0))], ids=["none", "only later"])
def test_without_a_site_that_can_be_assessed_the_curve_is_empty(told: pd.DataFrame) -> None:
    rows = state_of(TWO, PLANS, told).curve
    assert rows.empty
    assert list(rows.columns) == list(CURVE_COLUMNS)


# --- silence ---

PLAN_A = plans(("A", "2026-01-31", 0.0), ("A", "2026-12-31", 100.0))
A = TWO.iloc[:1]


def test_a_single_site_that_falls_silent_leaves_a_gap_until_it_speaks_again() -> None:
    rows = state_of(A, PLAN_A, reports(("A", "2026-03-10", 10.0), ("A", "2026-07-20", 50.0))).curve
    told = rows.set_index("as_of")["actual_percent"]
    assert (told["2026-03-10"], told["2026-03-31"]) == (10.0, 10.0)  # the days of its reports stand among the moments
    assert told["2026-04-30":"2026-06-30"].isna().all()  # 51 days and more
    assert told["2026-07-20"] == 50.0
    assert told["2026-09-30":].isna().all()
    assert told["2026-08-31"] == 50.0  # 42 days


def test_a_report_of_the_limit_s_age_still_counts_and_one_a_day_older_does_not() -> None:
    for first, shown in (("2026-09-16", True), ("2026-09-15", False)):
        rows = state_of(A, PLAN_A, reports(("A", first, 10.0))).curve
        assert pd.notna(at(rows, "2026-10-31")["actual_percent"]) is shown
        assert at(rows, "2026-10-31")["fresh"] == int(shown)


def test_a_finished_site_owes_nothing_and_is_no_gap() -> None:
    done = reports(("A", "2026-03-31", 100.0))
    rows = state_of(A, PLAN_A, done).curve
    assert at(rows, "2026-10-31")["actual_percent"] == 100.0
    assert at(rows, "2026-10-31")["fresh"] == 1
    opened = reports(("A", "2026-03-31", 90.0)).assign(stage="operational")
    assert at(state_of(A, PLAN_A, opened).curve, "2026-10-31")["actual_percent"] == 90.0


def test_of_several_sites_a_silent_one_keeps_its_last_percent_and_fresh_says_who_spoke() -> None:
    both = pd.concat([PLAN_A, PLAN_A.assign(site_code="B")])
    told = reports(("A", "2026-03-31", 40.0), ("B", "2026-03-31", 20.0), ("B", "2026-10-31", 60.0))
    rows = state_of(TWO, both, told).curve
    october = at(rows, "2026-10-31")
    assert october["actual_percent"] == pytest.approx((3 * 40 + 60) / 4)
    assert (october["base"], october["reporting"], october["fresh"]) == (2, 2, 1)
    june = at(rows, "2026-06-30")
    assert june["actual_percent"] == pytest.approx((3 * 40 + 20) / 4)  # no drop to zero
    assert june["fresh"] == 0
    assert at(rows, "2026-11-30")["fresh"] == 0


# --- money ---

VALUED = plans(
    ("A", "2026-08-31", 0.0), ("A", "2026-12-31", 100.0), ("B", "2026-08-31", 0.0), ("B", "2026-12-31", 100.0)
)
SPENT = VALUED.assign(spend=[0, 3_000, 0, 1_000])


def test_money_is_a_share_of_the_contract_value_of_the_sites_that_told_theirs() -> None:
    told = reports(("A", "2026-10-31", 44.0), ("B", "2026-10-31", 60.0)).assign(spend=[900, 500])
    october = at(state_of(TWO, SPENT, told).curve, "2026-10-31")
    half = 61 / 122  # days of the plan
    assert (october["plan_spend"], october["actual_spend"]) == (pytest.approx(4_000 * half), 1_400)
    assert october["plan_spend_percent"] == pytest.approx(100 * half)
    assert october["actual_spend_percent"] == pytest.approx(35)
    assert (october["spend_base"], october["spend_reporting"]) == (2, 2)


def test_a_site_without_told_spend_or_value_is_not_in_the_money() -> None:
    told = reports(("A", "2026-10-31", 44.0), ("B", "2026-10-31", 60.0))
    october = at(state_of(TWO, SPENT, told.assign(spend=[900, None])).curve, "2026-10-31")
    assert (october["spend_base"], october["actual_spend"], october["base"]) == (1, 900, 2)
    unpriced = TWO.assign(contract_value=[3_000, None])
    october = at(state_of(unpriced, SPENT, told.assign(spend=[900, 500])).curve, "2026-10-31")
    assert (october["spend_base"], october["weighting"]) == (1, "mean")
    none = state_of(TWO, PLANS, told).curve
    assert none["spend_base"].eq(0).all()
    assert none[["plan_spend", "actual_spend", "plan_spend_percent", "actual_spend_percent"]].isna().all(axis=None)


def test_the_one_site_of_many_that_tells_its_money_is_silent_in_money_alone() -> None:
    told = reports(("A", "2026-09-10", 44.0), ("B", "2026-09-10", 60.0)).assign(spend=[900, None])
    rows = state_of(TWO, SPENT, told).curve
    assert (at(rows, "2026-09-10")["spends_told"], at(rows, "2026-09-10")["actual_spend"]) == (1, 900)
    october = at(rows, "2026-10-31")  # 51 days
    assert pd.isna(october["actual_spend"])
    assert october["actual_percent"] == pytest.approx((3 * 44 + 60) / 4)


def test_spend_after_the_day_and_before_anything_was_told_is_missing_not_zero() -> None:
    told = reports(("A", "2026-10-31", 44.0), ("B", "2026-10-31", 60.0), ("B", "2026-09-30", 9.0))
    rows = state_of(TWO, SPENT, told.assign(spend=[900, 500, 90])).curve
    assert at(rows, "2026-08-31")["actual_spend"] == 0  # no money planned yet
    september = at(rows, "2026-09-30")
    assert (september["spend_reporting"], september["actual_spend"]) == (1, 90)
    assert september["actual_spend_percent"] == pytest.approx(9)  # of B's 1 000, not of both
    assert rows.loc[rows["as_of"] > "2026-10-31", ["actual_spend", "actual_spend_percent"]].isna().all(axis=None)


def test_ten_thousand_sites_over_forty_months_take_a_moment() -> None:
    codes = [f"S{n:05d}" for n in range(10_000)]
    site = pd.DataFrame({"code": codes, "contract_value": 1_000, "start_date": "2024-01-01"})
    ends = pd.date_range("2024-01-31", periods=40, freq="ME")
    plan = pd.DataFrame({"site_code": codes * 2, "as_of": [ends[0]] * 10_000 + [ends[-1]] * 10_000})
    plan = plan.assign(percent=[0.0] * 10_000 + [100.0] * 10_000, spend=None)
    months = pd.DataFrame({"as_of": ends[:12], "percent": [float(n) for n in range(12)]})
    told = pd.DataFrame({"site_code": codes}).merge(months, how="cross")
    told = told.assign(recorded_at=pd.Timestamp("2025-01-05", tz="UTC"), spend=None, stage=None, note=None)
    now = position(site.assign(programme="koperasi"), plan, told, on=date(2025, 1, 10))
    began = perf_counter()
    rows = curve(site, plan, told, now, on=date(2025, 1, 10))
    assert perf_counter() - began < 5  # a fraction of a second on an idle machine
    assert at(rows, "2024-12-31")["actual_percent"] == 11.0
    assert at(rows, "2024-12-31")["percents_told"] == 10_000


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
    told = now.curve[now.curve["actual_percent"].notna()].iloc[-1]  # a single silent site stops at its last report
    assert told["actual_percent"] == pytest.approx(card["actual_percent"], abs=2e-6)
    assert there["base"] == told["reporting"] == card["base"]
    assert card["base"] == 1 or told["as_of"] == pd.Timestamp(on)
    assert there["weighting"] == card["weighting"]
    assert there["fresh"] <= card["base"]
    assert now.curve.loc[now.curve["as_of"] > pd.Timestamp(on), "actual_percent"].isna().all()
    assert now.curve["as_of"].is_monotonic_increasing
