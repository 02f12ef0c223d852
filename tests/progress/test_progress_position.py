"""Where a site stands on a day: plan, realisation, status and their dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Status
from geo.progress import POSITION_COLUMNS, position

ON = date(2026, 10, 31)
HALF = [("A", "2026-01-01", 0.0), ("A", "2026-10-31", 50.0), ("A", "2026-12-31", 100.0)]


def sites(**columns: Any) -> pd.DataFrame:
    """One site A with the canonical columns given."""
    return pd.DataFrame({"code": ["A"], "programme": ["rusun"], **{name: [value] for name, value in columns.items()}})


def plans(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["site_code", "as_of", "percent", "spend"][: len(rows[0]) if rows else 3])


def reports(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of site, day, moment of recording, percent, stage."""
    filled = [(*row, None)[:5] for row in rows]
    return pd.DataFrame(filled, columns=["site_code", "as_of", "recorded_at", "percent", "stage"])


def stands(site: pd.DataFrame, plan: pd.DataFrame, told: pd.DataFrame, **choice: Any) -> pd.Series:
    """The one row of the position of a frame with one site."""
    choice.setdefault("on", ON)
    found = position(site, plan, told, **choice)
    assert len(found) == 1
    return found.iloc[0]


def told(percent: float | None, *, stage: str | None = None, day: str = "2026-10-31") -> pd.DataFrame:
    return reports(("A", day, f"{day}T02:00Z", percent, stage))


def plan_at(percent: float) -> pd.DataFrame:
    """A plan that stands at ``percent`` on the day asked for and is completed at the end of the year."""
    return plans(("A", "2026-10-31", percent), ("A", "2026-12-31", 100.0))


# --- plan --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "planned"),
    [
        ("2026-03-31", 20.0),
        ("2026-04-05", 30.0),  # 5 of 10 days on
        ("2026-04-10", 40.0),
        ("2026-04-15", 50.0),  # 5 of 30 days on, of 60 points
        ("2026-05-10", 100.0),
    ],
)
def test_the_plan_is_linear_between_its_points(on: str, planned: float) -> None:
    points = plans(("A", "2026-03-31", 20.0), ("A", "2026-04-10", 40.0), ("A", "2026-05-10", 100.0))
    assert stands(sites(), points, reports(), on=on)["plan_percent"] == pytest.approx(planned)


def test_the_planned_spend_is_linear_as_well() -> None:
    points = plans(("A", "2026-04-01", 20.0, 1_000), ("A", "2026-04-11", 100.0, 2_000))
    assert stands(sites(), points, reports(), on="2026-04-06")["plan_spend"] == pytest.approx(1_500)


def test_before_the_first_point_the_plan_is_zero_and_after_the_last_it_stays() -> None:
    points = plans(("A", "2026-04-01", 20.0), ("A", "2026-05-01", 100.0))
    assert stands(sites(), points, reports(), on="2026-03-31")["plan_percent"] == 0.0
    assert stands(sites(), points, reports(), on="2030-01-01")["plan_percent"] == 100.0


def test_the_plan_rises_from_zero_at_the_start_date_where_that_is_earlier() -> None:
    points = plans(("A", "2026-04-11", 20.0), ("A", "2026-05-01", 100.0))
    started = sites(start_date="2026-04-01")
    assert stands(started, points, reports(), on="2026-04-01")["plan_percent"] == 0.0
    assert stands(started, points, reports(), on="2026-04-06")["plan_percent"] == pytest.approx(10.0)
    assert stands(sites(start_date="2026-04-20"), points, reports(), on="2026-04-11")["plan_percent"] == 20.0


def test_a_site_without_a_plan_has_none_rather_than_zero() -> None:
    found = stands(sites(), plans(("B", "2026-04-01", 100.0)), told(40.0))
    assert pd.isna(found["plan_percent"])
    assert pd.isna(found["deviation_points"])
    assert (found["status"], found["rule"]) == (Status.TANPA_RENCANA, "no_plan")


# --- thresholds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "status", "rule"),
    [
        (50.000001, Status.SESUAI_RENCANA, "on_plan"),
        (50.0, Status.SESUAI_RENCANA, "on_plan"),
        (49.999999, Status.WASPADA, "watch"),
        (45.0, Status.WASPADA, "watch"),
        (44.999999, Status.TERLAMBAT, "late"),
        (40.0, Status.TERLAMBAT, "late"),
        (39.999999, Status.KRITIS, "pace"),
        (0.0, Status.KRITIS, "pace"),
    ],
)
def test_without_a_contract_the_pace_decides_and_a_threshold_itself_is_the_milder_side(
    actual: float, status: Status, rule: str
) -> None:
    found = stands(sites(), plans(*HALF), told(actual))
    assert (found["status"], found["rule"]) == (status, rule)
    assert found["deviation_points"] == pytest.approx(actual - 50.0)


def test_dust_of_the_interpolation_never_makes_a_site_late() -> None:
    points = plans(("A", "2026-01-01", 0.0), ("A", "2026-01-31", 10.0), ("A", "2026-12-31", 100.0))
    for passed in range(1, 30, 3):
        day = (pd.Timestamp("2026-01-01") + pd.Timedelta(days=passed)).date()
        found = stands(sites(), points, told(passed / 3, day=day.isoformat()), on=day)
        assert found["status"] == Status.SESUAI_RENCANA, day


@pytest.mark.parametrize(
    ("planned", "actual", "status", "rule"),
    [
        (69.9, 59.9, Status.TERLAMBAT, "late"),
        (69.9, 59.8, Status.KRITIS, "contract_period_1"),
        (70.0, 65.0, Status.WASPADA, "watch"),
        (70.0, 64.9, Status.KRITIS, "contract_period_2"),
        (70.1, 65.1, Status.WASPADA, "watch"),
        (70.1, 65.0, Status.KRITIS, "contract_period_2"),
        (100.0, 95.0, Status.WASPADA, "watch"),
        (100.0, 94.9, Status.KRITIS, "contract_period_2"),
        (100.0, 100.0, Status.SELESAI, "done"),
    ],
)
def test_a_contract_is_critical_by_ten_points_below_a_plan_of_70_and_by_five_from_70(
    planned: float, actual: float, status: Status, rule: str
) -> None:
    found = stands(sites(contract_value=1_000_000), plan_at(planned), told(actual))
    assert (found["status"], found["rule"]) == (status, rule)


def test_a_plan_of_zero_with_a_contract_is_not_begun_and_not_critical() -> None:
    found = stands(sites(contract_value=1_000_000), plan_at(0.0), told(0.0))
    assert (found["status"], found["rule"]) == (Status.BELUM_MULAI, "plan_not_begun")


def test_a_contract_slightly_late_is_critical_when_its_pace_runs_past_the_budget_year() -> None:
    site = sites(contract_value=1_000_000, start_date="2026-01-01", year=2026)
    points = plans(("A", "2026-10-31", 80.0), ("A", "2026-12-31", 100.0))
    # 303 days gone and 61 left: 303 * 100 / 364 = 83.24 % is the least that still arrives in time
    assert stands(site, points, told(79.0))["rule"] == "contract_budget_year"
    assert stands(site.assign(year=2027), points, told(79.0))["rule"] == "watch"
    assert stands(site, plan_at(84.0), told(83.3))["rule"] == "watch"
    assert stands(site, plan_at(84.0), told(83.2))["rule"] == "contract_budget_year"
    assert stands(site, points, told(80.0))["rule"] == "on_plan"


def test_the_budget_year_is_that_of_the_target_where_no_year_is_given() -> None:
    site = sites(contract_value=1_000_000, start_date="2026-01-01", target_date="2026-12-15")
    assert stands(site, plan_at(80.0), told(79.0))["rule"] == "contract_budget_year"
    assert stands(site.assign(target_date="2027-06-30"), plan_at(80.0), told(79.0))["rule"] == "watch"


def test_a_contract_behind_plan_after_its_budget_year_is_critical_the_day_after_only() -> None:
    site = sites(contract_value=1_000_000, year=2026)
    points = plans(("A", "2026-06-30", 50.0), ("A", "2026-12-31", 100.0))
    late = told(99.0, day="2026-12-31")
    assert stands(site, points, late, on="2026-12-31")["rule"] == "watch"
    assert stands(site, points, late, on=pd.Timestamp("2026-12-31T10:00", tz="UTC"))["rule"] == "watch"
    assert stands(site, points, late, on="2027-01-01")["rule"] == "contract_budget_year"


def test_contract_rules_hold_only_for_the_programmes_named() -> None:
    site = sites(contract_value=1_000_000)
    critical = {"plan": plan_at(80.0), "told": told(74.0)}
    assert stands(site, *critical.values())["rule"] == "contract_period_2"
    assert stands(site, *critical.values(), contract_programmes=["rusun"])["rule"] == "contract_period_2"
    assert stands(site, *critical.values(), contract_programmes=["ktn"])["rule"] == "late"
    assert stands(site, *critical.values(), contract_programmes=[])["rule"] == "late"


def test_contract_rules_never_reach_a_site_without_a_contract_value() -> None:
    assert stands(sites(contract_value=None), plan_at(80.0), told(74.0))["rule"] == "late"


# --- other statuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "stage"), [(100.0, None), (3.0, "operational"), (None, "operational")])
def test_100_percent_or_operational_is_done(percent: float | None, stage: str | None) -> None:
    found = stands(sites(), plans(*HALF), told(percent, stage=stage))
    assert (found["status"], found["rule"]) == (Status.SELESAI, "done")


def test_99_9_percent_and_soft_launch_are_not_done() -> None:
    assert stands(sites(), plans(*HALF), told(99.9, stage="soft_launch"))["status"] == Status.SESUAI_RENCANA


@pytest.mark.parametrize("stage", ["postponed", "cancelled"])
@pytest.mark.parametrize("percent", [None, 0.0, 100.0])
def test_postponed_or_cancelled_is_inactive_whatever_the_percent(stage: str, percent: float | None) -> None:
    found = stands(sites(), plans(*HALF), told(percent, stage=stage, day="2025-01-01"))
    assert (found["status"], found["rule"]) == (Status.TIDAK_AKTIF, "stage")
    assert not found["silent"]


def test_a_site_whose_plan_has_not_begun_is_not_started_with_or_without_a_report() -> None:
    later = plans(("A", "2026-12-31", 100.0))
    assert stands(sites(), later, reports())["status"] == Status.BELUM_MULAI
    assert stands(sites(), later, told(0.0))["status"] == Status.BELUM_MULAI
    assert stands(sites(), later, told(1.0))["status"] == Status.SESUAI_RENCANA


def test_a_site_that_never_reported_is_not_zero() -> None:
    found = stands(sites(), plans(*HALF), reports())
    assert (found["status"], found["rule"]) == (Status.BELUM_LAPOR, "no_report")
    assert pd.isna(found["actual_percent"])
    assert pd.isna(found["deviation_points"])
    assert pd.isna(found["age_days"])
    assert pd.isna(found["as_of"])


def test_reports_without_any_percent_are_missing_and_never_zero() -> None:
    found = stands(sites(), plans(*HALF), told(None, stage="in_progress"))
    assert (found["status"], found["rule"]) == (Status.BELUM_LAPOR, "no_percent")
    assert pd.isna(found["actual_percent"])
    assert found["as_of"] == pd.Timestamp(ON)


def test_a_report_without_percent_leaves_the_percent_told_before() -> None:
    found = stands(
        sites(),
        plans(*HALF),
        reports(
            ("A", "2026-09-30", "2026-10-01T00:00Z", 41.0),
            ("A", "2026-10-31", "2026-10-31T00:00Z", None, "in_progress"),
        ),
    )
    assert found["actual_percent"] == 41.0
    assert found["age_days"] == 0


# --- which report counts -----------------------------------------------------------------------------------------

THREE = reports(
    ("A", "2026-09-30", "2026-10-20T00:00Z", 30.0),
    ("A", "2026-10-31", "2026-11-01T00:00Z", 45.0),
    ("A", "2026-11-30", "2026-12-01T00:00Z", 60.0),
)


def test_the_report_for_the_latest_day_up_to_the_day_counts_and_a_later_one_never() -> None:
    assert stands(sites(), plans(*HALF), THREE)["actual_percent"] == 45.0
    assert stands(sites(), plans(*HALF), THREE, on="2026-10-30")["actual_percent"] == 30.0
    assert stands(sites(), plans(*HALF), THREE, on="2026-09-29")["rule"] == "no_report"


def test_of_two_reports_for_one_day_the_one_recorded_last_counts() -> None:
    corrected = reports(
        ("A", "2026-10-31", "2026-11-05T00:00Z", 42.0),
        ("A", "2026-10-31", "2026-11-01T00:00Z", 49.0),
        ("A", "2026-09-30", "2026-11-09T00:00Z", 10.0),
    )
    assert stands(sites(), plans(*HALF), corrected)["actual_percent"] == 42.0


def test_what_was_recorded_after_the_clock_is_unknown() -> None:
    corrected = reports(
        ("A", "2026-09-30", "2026-10-02T00:00Z", 40.0),
        ("A", "2026-10-31", "2026-11-01T00:00Z", 49.0),
        ("A", "2026-10-31", "2026-11-05T00:00Z", 42.0),
    )
    clock = {"10-01": None, "10-02": 40.0, "11-01": 49.0, "11-04": 49.0, "11-05": 42.0}
    for moment, percent in clock.items():
        known_at = datetime.fromisoformat(f"2026-{moment}T00:00:00+00:00")
        found = stands(sites(), plans(*HALF), corrected, known_at=known_at)["actual_percent"]
        assert pd.isna(found) if percent is None else found == percent


def test_the_clock_is_compared_as_a_moment_whatever_the_zone() -> None:
    jakarta = datetime.fromisoformat("2026-11-01T06:59:59+07:00")
    assert stands(sites(), plans(*HALF), THREE, known_at=jakarta)["actual_percent"] == 30.0
    assert stands(sites(), plans(*HALF), THREE, known_at=datetime(2026, 11, 1, tzinfo=UTC))["actual_percent"] == 45.0


def test_a_correction_without_a_percent_withdraws_the_percent_of_that_day() -> None:
    withdrawn = reports(
        ("A", "2026-10-31", "2026-11-01T00:00Z", 49.0), ("A", "2026-10-31", "2026-11-05T00:00Z", None, "in_progress")
    )
    assert pd.isna(stands(sites(), plans(*HALF), withdrawn)["actual_percent"])


report_rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
        st.sampled_from(["2026-10-01T00:00Z", "2026-11-01T00:00Z"]),
        st.sampled_from([None, 0.0, 30.0, 47.5, 50.0, 100.0]),
        st.sampled_from([None, "in_progress", "postponed", "operational"]),
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None)
@given(st.data(), report_rows)
def test_the_order_of_the_reports_never_matters(data: st.DataObject, rows: list[tuple[Any, ...]]) -> None:
    two = pd.DataFrame({"code": ["A", "B"], "programme": ["ktn", "rusun"], "contract_value": [None, 5.0]})
    points = plans(*HALF, ("B", "2026-01-01", 0.0), ("B", "2026-12-31", 100.0))
    turned = data.draw(st.permutations(rows))
    one, other = (position(two, points, reports(*order), on=ON) for order in (rows, turned))
    pd.testing.assert_frame_equal(one, other)


def test_sites_keep_their_order_and_their_index_does_not_matter() -> None:
    two = pd.DataFrame({"code": ["B", "A"], "contract_value": [1_000.0, None]}, index=[7, 7])
    found = position(two, plan_at(80.0), told(74.0), on=ON)
    assert list(found["code"]) == ["B", "A"]
    assert list(found.index) == [0, 1]
    assert list(found["rule"]) == ["no_report", "late"]


def test_nothing_passed_in_is_altered() -> None:
    given_frames = (sites(start_date="2026-01-01", contract_value=5), plans(*HALF), THREE)
    kept = [frame.copy(deep=True) for frame in given_frames]
    position(*given_frames, on=ON, known_at=datetime(2026, 11, 2, tzinfo=UTC))
    for before, after in zip(kept, given_frames, strict=True):
        pd.testing.assert_frame_equal(before, after)


# --- age, silence, lateness --------------------------------------------------------------------------------------


def test_the_age_counts_days_from_the_day_a_report_speaks_of() -> None:
    assert stands(sites(), plans(*HALF), told(50.0, day="2026-10-31"))["age_days"] == 0
    assert stands(sites(), plans(*HALF), told(50.0, day="2025-10-31"))["age_days"] == 365


@pytest.mark.parametrize(("day", "silent"), [("2026-09-16", False), ("2026-09-15", True)])
def test_a_site_at_work_is_silent_after_45_days(day: str, *, silent: bool) -> None:
    assert bool(stands(sites(), plans(*HALF), told(10.0, day=day))["silent"]) is silent


def test_a_site_whose_plan_has_begun_and_that_never_reported_is_silent() -> None:
    assert stands(sites(), plans(*HALF), reports())["silent"]


@pytest.mark.parametrize(
    ("points", "report"),
    [
        (plans(*HALF), told(100.0, day="2025-01-01")),
        (plans(*HALF), told(1.0, stage="postponed", day="2025-01-01")),
        (plans(("A", "2026-12-31", 100.0)), reports()),
    ],
    ids=["done", "inactive", "not started"],
)
def test_what_is_done_inactive_or_not_started_is_never_silent(points: pd.DataFrame, report: pd.DataFrame) -> None:
    assert not stands(sites(), points, report)["silent"]


def test_late_since_is_the_first_report_of_the_present_run_behind_plan() -> None:
    points = plans(("A", "2026-06-30", 30.0), ("A", "2026-12-31", 100.0))
    run = reports(
        ("A", "2026-06-30", "2026-07-01T00:00Z", 20.0),
        ("A", "2026-07-31", "2026-08-01T00:00Z", 90.0),
        ("A", "2026-09-30", "2026-10-01T00:00Z", 50.0),
        ("A", "2026-10-31", "2026-11-01T00:00Z", 51.0),
    )
    assert stands(sites(), points, run)["late_since"] == pd.Timestamp("2026-09-30")
    assert stands(sites(), points, run, on="2026-06-30")["late_since"] == pd.Timestamp("2026-06-30")
    assert pd.isna(stands(sites(), points, run, on="2026-07-31")["late_since"])


def test_late_since_is_the_day_the_plan_overtook_a_last_report_that_was_not_behind() -> None:
    points = plans(("A", "2026-04-11", 100.0))
    ahead = told(29.0, day="2026-01-15")
    started = sites(start_date="2026-01-01")  # a point a day: the plan is level with the report on day 29
    assert pd.isna(stands(started, points, ahead, on="2026-01-30")["late_since"])
    assert stands(started, points, ahead, on="2026-01-31")["late_since"] == pd.Timestamp("2026-01-31")
    assert stands(started, points, ahead, on="2026-03-01")["late_since"] == pd.Timestamp("2026-01-31")


@pytest.mark.parametrize("start", [None, "2026-03-31", "2026-06-01"])
def test_a_plan_that_begins_with_a_jump_overtakes_on_that_day(start: str | None) -> None:
    points = plans(("A", "2026-03-31", 20.0), ("A", "2026-12-31", 100.0))
    found = stands(sites(start_date=start), points, told(10.0, day="2026-03-01"), on="2026-03-31")
    assert found["status"] == Status.TERLAMBAT
    assert found["late_since"] == pd.Timestamp("2026-03-31")


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.integers(0, 100), min_size=2, max_size=4).map(sorted),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 99)), min_size=1, max_size=3, unique_by=lambda told: told[0]),
    st.booleans(),
)
def test_late_since_lies_between_the_run_s_last_good_day_and_the_day_asked_for(
    levels: list[int], told_rows: list[tuple[int, int]], anchored: bool
) -> None:
    start = pd.Timestamp("2026-01-01")
    points = plans(*(("A", start + pd.Timedelta(days=10 * (n + 1)), float(level)) for n, level in enumerate(levels)))
    site = sites(start_date=start) if anchored else sites()
    rows = reports(*(("A", start + pd.Timedelta(days=d), "2026-03-01T00:00Z", float(p)) for d, p in told_rows))
    last_report = start + pd.Timedelta(days=max(d for d, _ in told_rows))
    for passed in (9, 14, 23, 40):
        on = start + pd.Timedelta(days=passed)
        found = stands(site, points, rows, on=on)
        if pd.isna(found["late_since"]):
            continue
        assert found["late_since"] <= on
        # it was behind already on the day named
        assert stands(site, points, rows, on=found["late_since"])["deviation_points"] < 0
        if found["late_since"] > last_report:  # overtaken: on the day before it was not
            before = stands(site, points, rows, on=found["late_since"] - pd.Timedelta(days=1))
            assert before["deviation_points"] >= 0


# --- frames as they come -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, lambda day: pd.Timestamp(day), lambda day: date.fromisoformat(day)])
def test_days_may_be_texts_dates_or_timestamps(kind: Any) -> None:
    points = plans(("A", kind("2026-10-01"), 40.0), ("A", kind("2026-10-31"), 70.0))
    rows = reports(("A", kind("2026-10-11"), "2026-10-12T00:00Z", 44.0))
    found = stands(sites(start_date=kind("2026-01-01")), points, rows, on=kind("2026-10-11"))
    assert found["plan_percent"] == pytest.approx(50.0)
    assert found["deviation_points"] == pytest.approx(-6.0)
    assert found["late_since"] == pd.Timestamp("2026-10-11")


def test_kinds_of_days_may_be_mixed_in_a_column() -> None:
    points = plans(("A", date(2026, 10, 1), 40.0), ("A", "2026-10-31", 70.0), ("A", pd.Timestamp("2026-12-31"), 100.0))
    assert stands(sites(), points, reports(), on=ON)["plan_percent"] == 70.0


def test_the_canonical_columns_that_matter_are_enough() -> None:
    found = position(
        pd.DataFrame({"code": ["A"]}),
        pd.DataFrame({"site_code": ["A"], "as_of": ["2026-10-31"], "percent": [50.0]}),
        pd.DataFrame({"site_code": ["A"], "as_of": ["2026-10-31"], "recorded_at": ["2026-11-01"], "percent": [47.0]}),
        on=ON,
    )
    assert list(found.columns) == list(POSITION_COLUMNS)
    assert found["status"].tolist() == ["waspada"]
    assert found["actual_spend"].isna().all()


def test_empty_frames_give_an_empty_position_with_all_columns() -> None:
    found = position(sites().iloc[:0], plans(), reports(), on=ON)
    assert list(found.columns) == list(POSITION_COLUMNS)
    assert found.empty


def test_plans_and_reports_of_unknown_sites_change_nothing() -> None:
    stray = pd.concat([told(45.0), reports(("Z", "2026-10-31", "2026-10-31T00:00Z", 1.0))])
    pd.testing.assert_series_equal(
        stands(sites(), plans(*HALF), told(45.0)), stands(sites(), plans(*HALF, ("Z", "2026-01-01", 9.0)), stray)
    )
