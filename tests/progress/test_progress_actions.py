"""Where an action of the action plan stands: its checkpoint, its frozen and its restated figure, its status."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import ActionStatus, Status, UnknownCodeError
from geo.progress.actions import (
    ACTION_COLUMNS,
    RESTATEMENT_COLUMNS,
    SUMMARY_COLUMNS,
    action_positions,
    checkpoint_day,
    due_checkpoint,
    restatement_summary,
    restatements,
)
from geo.progress.thresholds import Thresholds

ON = date(2026, 10, 31)
TARGETS = (10.0, 20.0, 30.0, 40.0)
CLOSED_B06 = ("2026", "b06", "2026-07-31T02:00Z")


def actions(*codes: str, **columns: Any) -> pd.DataFrame:
    """One row per code (default A): training of 2026 with targets 10, 20, 30, 40 and a budget of 1000."""
    row = {
        "year": 2026,
        "institution_code": "KL-1",
        "region_code": "35.07",
        "programme": "koperasi",
        "kind": "non_physical",
        "title": "Pelatihan",
        "unit": "orang",
        **dict(zip(("target_b03", "target_b06", "target_b09", "target_b12"), TARGETS, strict=True)),
        "budget": 1000,
        **columns,
    }
    return pd.DataFrame([{"code": code, **row} for code in codes or ("A",)])


def reports(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of action, day, moment of recording, achieved, stage, spend, obstacle."""
    columns = ["action_code", "as_of", "recorded_at", "achieved", "stage", "spend", "obstacle"]
    return pd.DataFrame([(*row, *[None] * 4)[:7] for row in rows], columns=columns)


def closures(*rows: tuple[Any, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["year", "checkpoint", "closed_at"])
    return frame.assign(year=frame["year"].astype(int), author="x")


def told(achieved: float | None, *, stage: str | None = None, day: str = "2026-09-30") -> pd.DataFrame:
    return reports(("A", day, f"{day}T05:00Z", achieved, stage))


def stands(plan: pd.DataFrame, reported: pd.DataFrame, closed: pd.DataFrame | None = None, **choice: Any) -> pd.Series:
    """The one row of the position of a plan with one action."""
    choice.setdefault("on", ON)
    found = action_positions(plan, reported, closures() if closed is None else closed, **choice)
    assert len(found) == 1
    return found.iloc[0]


# --- checkpoints -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "due"),
    [
        ("2025-12-31", None),
        ("2026-03-30", None),
        ("2026-03-31", "b03"),
        ("2026-06-29", "b03"),
        ("2026-06-30", "b06"),
        ("2026-09-30", "b09"),
        ("2026-12-30", "b09"),
        ("2026-12-31", "b12"),
        ("2028-01-01", "b12"),
    ],
)
def test_a_checkpoint_is_due_from_the_last_day_of_its_month(on: str, due: str | None) -> None:
    assert due_checkpoint(2026, date.fromisoformat(on)) == due


def test_checkpoints_end_with_march_june_september_and_december() -> None:
    days = [checkpoint_day(2026, code).isoformat() for code in ("b03", "b06", "b09", "b12")]
    assert days == ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]


def test_an_unknown_checkpoint_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="b07"):
        checkpoint_day(2026, "b07")
    with pytest.raises(UnknownCodeError, match="b07"):
        stands(actions(), told(1), checkpoint="b07")


def test_the_checkpoint_is_the_one_of_the_actions_own_year() -> None:
    plan = pd.concat([actions("OLD", year=2025), actions("NOW"), actions("NEXT", year=2027)])
    found = action_positions(plan, reports(), closures(), on=ON)
    assert list(found["code"]) == ["OLD", "NOW", "NEXT"]
    assert list(found["checkpoint"]) == ["b12", "b09", None]
    assert list(found["target"].fillna(-1)) == [40, 30, -1]


def test_an_earlier_checkpoint_may_be_asked_for_but_never_a_later_one() -> None:
    assert stands(actions(), told(1), checkpoint="b06")["target"] == 20
    assert stands(actions(), told(1), checkpoint="b12")["checkpoint"] == "b09"


def test_the_target_of_the_year_falls_back_to_the_largest_told() -> None:
    assert stands(actions(), told(1))["target_year"] == 40
    assert stands(actions(target_b12=None), told(1))["target_year"] == 30


# --- what counts -------------------------------------------------------------------------------------------------


def test_the_columns_are_fixed_also_without_any_action() -> None:
    found = action_positions(actions().iloc[:0], reports(), closures(), on=ON)
    assert tuple(found.columns) == ACTION_COLUMNS
    assert found.empty


def test_what_is_told_for_a_day_after_the_checkpoint_does_not_count_for_it() -> None:
    both = reports(
        ("A", "2026-09-30", "2026-10-01T00:00Z", 12, None, 300),
        ("A", "2026-10-15", "2026-10-16T00:00Z", 33, None, 500, "Hujan"),
    )
    found = stands(actions(), both)
    assert (found["achieved"], found["achieved_percent"]) == (12, 40)
    assert (found["latest"], found["latest_as_of"], found["age_days"]) == (33, pd.Timestamp("2026-10-15"), 16)
    assert (found["spend"], found["spend_percent"], found["obstacle"]) == (500, 50, "Hujan")


def test_what_is_told_for_a_day_after_the_day_asked_for_does_not_exist() -> None:
    found = stands(actions(), told(33, day="2026-11-01"))
    assert pd.isna(found["latest"])
    assert found["action_status"] == ActionStatus.BELUM_LAPOR


def test_the_correction_recorded_last_is_in_force_whatever_the_order_of_rows() -> None:
    rows = [
        ("A", "2026-09-30", "2026-10-05T00:00Z", 15),
        ("A", "2026-09-30", "2026-10-01T00:00Z", 30),
        ("A", "2026-06-30", "2026-10-20T00:00Z", 5),
    ]
    assert stands(actions(), reports(*rows))["achieved"] == 15
    assert stands(actions(), reports(*rows[::-1]))["achieved"] == 15
    before = datetime(2026, 10, 4, tzinfo=UTC)
    assert stands(actions(), reports(*rows), known_at=before)["achieved"] == 30


def test_each_quantity_keeps_the_latest_value_told_for_it_but_the_obstacle_is_the_last_reports() -> None:
    both = reports(
        ("A", "2026-06-30", "2026-07-01T00:00Z", 12, "in_progress", 300, "Hujan"),
        ("A", "2026-09-30", "2026-10-01T00:00Z", None, None, 500),
    )
    found = stands(actions(), both)
    assert (found["achieved"], found["stage"], found["spend"]) == (12, "in_progress", 500)
    assert found["latest_as_of"] == pd.Timestamp("2026-09-30")
    assert found["obstacle"] is None


def test_a_figure_that_nobody_told_is_missing_and_zero_is_zero() -> None:
    never, zero = stands(actions(), reports()), stands(actions(), told(0))
    assert pd.isna(never["achieved"])
    assert pd.isna(never["achieved_percent"])
    assert not never["reported"]
    assert (zero["achieved_percent"], zero["reported"]) == (0, True)


def test_more_than_the_target_is_one_hundred_percent() -> None:
    assert stands(actions(), told(45))["achieved_percent"] == 100


def test_an_old_report_counts_but_is_not_fresh() -> None:
    old = stands(actions(), told(12, day="2026-06-30"))
    assert (old["achieved"], old["reported"], old["fresh"]) == (12, True, False)
    assert stands(actions(), told(12, day="2026-07-01"))["fresh"]


def test_before_the_first_checkpoint_nothing_is_due_and_the_last_report_counts() -> None:
    found = stands(actions(), told(3, day="2026-02-10"), on=date(2026, 2, 28))
    assert found["checkpoint"] is None
    assert (found["achieved"], found["reported"]) == (3, True)
    assert pd.isna(found["achieved_percent"])
    assert (found["status"], found["rule"]) == (Status.SESUAI_RENCANA, "nothing_due")
    assert stands(actions(), reports(), on=date(2026, 2, 28))["status"] == Status.BELUM_MULAI


def test_an_action_entered_later_is_not_known_earlier() -> None:
    plan = actions("A", "B").assign(recorded_at=pd.Series([None, "2026-08-01T00:00Z"]))
    july = action_positions(plan, reports(), closures(), on=ON, known_at=datetime(2026, 7, 15, tzinfo=UTC))
    assert list(july["code"]) == ["A"]
    assert len(action_positions(plan, reports(), closures(), on=ON)) == 2


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        stands(actions(), told(1), known_at=datetime.fromisoformat("2026-07-15"))


# --- status ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("achieved", "status", "rule", "limit"),
    [
        (30.0, Status.SESUAI_RENCANA, "checkpoint_met", 100),
        (29.99, Status.WASPADA, "checkpoint_watch", 100),
        (24.0, Status.WASPADA, "checkpoint_watch", 100),
        (23.99, Status.TERLAMBAT, "checkpoint_late", 80),
        (15.0, Status.TERLAMBAT, "checkpoint_late", 80),
        (14.99, Status.KRITIS, "checkpoint_critical", 50),
        (0.0, Status.KRITIS, "checkpoint_critical", 50),
    ],
)
def test_the_share_of_the_checkpoints_target_decides_with_its_rule(
    achieved: float, status: Status, rule: str, limit: float
) -> None:
    found = stands(actions(), told(achieved))
    assert (found["status"], found["rule"], found["limit_percent"]) == (status, rule, limit)


def test_every_judgement_that_asks_for_something_names_the_next_step() -> None:
    steps = {a: stands(actions(), told(a))["next_step"] for a in (0, 20, 29, 30)}
    assert steps == {0: "recovery_plan", 20: "explanation", 29: "watch_next_report", 30: None}
    assert stands(actions(), reports())["next_step"] == "request_report"


def test_thresholds_are_configurable() -> None:
    mild = Thresholds(action_watch_from=10, action_late_from=5)
    assert stands(actions(), told(3), thresholds=mild)["status"] == Status.WASPADA


@pytest.mark.parametrize(
    ("achieved", "stage", "words", "status"),
    [
        (12, "postponed", ActionStatus.DITUNDA, Status.TIDAK_AKTIF),
        (12, "cancelled", ActionStatus.DIBATALKAN, Status.TIDAK_AKTIF),
        (12, "carried_over", ActionStatus.DILANJUTKAN, Status.KRITIS),
        (12, "operational", ActionStatus.SELESAI, Status.SELESAI),
        (40, "in_progress", ActionStatus.SELESAI, Status.SELESAI),
        (39, "in_progress", ActionStatus.BERJALAN, Status.SESUAI_RENCANA),
        (0, "in_progress", ActionStatus.BERJALAN, Status.KRITIS),
        (1, "preparation", ActionStatus.BERJALAN, Status.KRITIS),
        (0, "preparation", ActionStatus.BELUM_MULAI, Status.KRITIS),
        (None, "planned", ActionStatus.BELUM_MULAI, Status.BELUM_LAPOR),
    ],
)
def test_stage_and_figures_give_the_programmes_own_word(
    achieved: float | None, stage: str, words: ActionStatus, status: Status
) -> None:
    found = stands(actions(), told(achieved, stage=stage))
    assert (found["action_status"], found["status"]) == (words, status)


def test_not_reported_is_a_word_of_its_own_once_a_target_is_due() -> None:
    assert stands(actions(), reports())["action_status"] == ActionStatus.BELUM_LAPOR
    assert stands(actions(), reports(), on=date(2026, 2, 1))["action_status"] == ActionStatus.BELUM_MULAI
    nothing_yet = actions(target_b03=0, target_b06=0, target_b09=0)
    found = stands(nothing_yet, reports())
    assert (found["action_status"], found["status"]) == (ActionStatus.BELUM_MULAI, Status.BELUM_MULAI)


def test_the_word_does_not_depend_on_the_checkpoint_asked_for() -> None:
    plan = actions(target_b03=0)
    assert stands(plan, reports(), checkpoint="b03")["action_status"] == ActionStatus.BELUM_LAPOR


def test_without_any_target_nothing_can_be_judged() -> None:
    plan = actions(target_b03=None, target_b06=None, target_b09=None, target_b12=None)
    found = stands(plan, told(3))
    assert (found["status"], found["rule"]) == (Status.TANPA_RENCANA, "no_target")
    assert not found["due"]


def test_postponed_and_cancelled_actions_are_not_due() -> None:
    assert stands(actions(), told(12))["due"]
    assert not stands(actions(), told(12, stage="postponed"))["due"]
    assert not stands(actions(), told(12, stage="cancelled"))["due"]


# --- who owes a report -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "since"),
    [("2026-10-14", None), ("2026-10-15", "2026-10-14"), ("2026-10-31", "2026-10-14"), ("2026-07-20", "2026-07-14")],
)
def test_a_report_is_owed_once_the_days_of_grace_have_passed(on: str, since: str | None) -> None:
    found = stands(actions(), told(10, day="2026-03-31"), on=date.fromisoformat(on))
    assert found["missing_since"] is pd.NaT if since is None else found["missing_since"] == pd.Timestamp(since)


@pytest.mark.parametrize("stage", ["operational", "postponed", "cancelled"])
def test_finished_and_given_up_actions_owe_nothing(stage: str) -> None:
    assert stands(actions(), told(10, stage=stage, day="2026-06-30"))["missing_since"] is pd.NaT


def test_a_report_for_any_day_of_the_quarter_is_enough() -> None:
    assert stands(actions(), told(10, day="2026-07-01"))["missing_since"] is pd.NaT
    assert stands(actions(), told(10, day="2026-06-30"))["missing_since"] == pd.Timestamp("2026-10-14")


def test_an_action_entered_after_the_last_day_for_a_report_owes_none() -> None:
    assert stands(actions(recorded_at="2026-10-20T00:00Z"), reports())["missing_since"] is pd.NaT


# --- frozen figures ----------------------------------------------------------------------------------------------

IN_TIME = ("A", "2026-06-30", "2026-07-10T00:00Z", 10)
CORRECTED = ("A", "2026-06-30", "2026-08-20T00:00Z", 18)


def test_a_closed_checkpoint_keeps_its_figure_and_shows_the_restated_one_beside_it() -> None:
    found = stands(actions(), reports(IN_TIME, CORRECTED), closures(CLOSED_B06), checkpoint="b06")
    assert (found["achieved"], found["restated"]) == (10, 18)
    assert (found["achieved_percent"], found["restated_percent"]) == (50, 90)
    assert found["closed"]
    assert found["closed_at"] == pd.Timestamp("2026-07-31T02:00Z")
    assert found["status"] == Status.TERLAMBAT


def test_an_open_checkpoint_takes_the_correction() -> None:
    found = stands(actions(), reports(IN_TIME, CORRECTED), checkpoint="b06")
    assert (found["closed"], found["achieved"], found["restated"]) == (False, 18, 18)


def test_a_closing_that_is_not_known_yet_freezes_nothing() -> None:
    before = datetime(2026, 7, 31, 1, 59, tzinfo=UTC)
    found = stands(actions(), reports(IN_TIME), closures(CLOSED_B06), checkpoint="b06", known_at=before)
    assert not found["closed"]
    at_closing = datetime(2026, 7, 31, 2, 0, tzinfo=UTC)
    assert stands(actions(), reports(IN_TIME), closures(CLOSED_B06), checkpoint="b06", known_at=at_closing)["closed"]


def test_a_report_that_first_came_after_the_closing_leaves_the_checkpoint_unreported() -> None:
    found = stands(actions(), reports(CORRECTED), closures(CLOSED_B06), checkpoint="b06")
    assert pd.isna(found["achieved"])
    assert (found["restated"], found["reported"]) == (18, False)
    assert (found["status"], found["rule"]) == (Status.BELUM_LAPOR, "told_after_closing")


def test_a_cancellation_after_the_closing_does_not_leave_the_frozen_base() -> None:
    later = reports(IN_TIME, ("A", "2026-08-15", "2026-08-20T00:00Z", None, "cancelled"))
    frozen = stands(actions(), later, closures(CLOSED_B06), checkpoint="b06")
    assert (frozen["due"], frozen["action_status"]) == (True, ActionStatus.DIBATALKAN)
    assert not stands(actions(), later, closures(CLOSED_B06))["due"]


def test_a_postponement_announced_before_the_closing_for_a_later_day_does_not_change_the_frozen_base() -> None:
    announced = reports(IN_TIME, ("A", "2026-10-01", "2026-07-20T00:00Z", None, "postponed"))
    found = stands(actions(), announced, closures(CLOSED_B06), checkpoint="b06")
    assert (found["due"], found["action_status"]) == (True, ActionStatus.DITUNDA)


@pytest.mark.parametrize(
    "later",
    [
        ("A", "2026-09-30", "2026-10-05T02:00Z", 40.0, "operational"),
        ("A", "2026-06-30", "2026-10-05T02:00Z", 8.0, "operational"),
        ("A", "2026-09-30", "2026-10-05T02:00Z", None, "cancelled"),
        ("A", "2026-06-30", "2026-10-05T02:00Z", None, "postponed"),
    ],
    ids=["done later", "said to be done", "cancelled", "postponed for the day itself"],
)
def test_the_judgement_of_a_closed_checkpoint_is_frozen_with_its_figure(later: tuple[Any, ...]) -> None:
    early = ("A", "2026-06-30", "2026-07-05T02:00Z", 8.0, "in_progress")
    closed = closures(CLOSED_B06)
    before = stands(actions(), reports(early), closed, checkpoint="b06")
    after = stands(actions(), reports(early, later), closed, checkpoint="b06")
    judged = ["achieved", "due", "status", "rule", "limit_percent", "next_step"]
    assert (before["status"], before["rule"]) == ("kritis", "checkpoint_critical")
    pd.testing.assert_series_equal(before[judged], after[judged])
    assert after["action_status"] != before["action_status"]


def test_a_blank_target_is_the_last_one_told_before_it() -> None:
    plan = actions(target_b03=5.0, target_b06=None)
    found = stands(plan, told(1, day="2026-06-30"), on=date(2026, 7, 10))
    assert (found["target"], found["status"]) == (5.0, "kritis")


def test_a_checkpoint_closed_in_the_first_hours_of_a_day_in_jakarta_is_closed_on_that_day() -> None:
    at_closing = ("A", "2026-07-31", "2026-07-30T17:30Z", None, "postponed")
    early = ("A", "2026-06-30", "2026-07-05T02:00Z", 8.0, "in_progress")
    closed = closures(("2026", "b06", "2026-07-30T18:00Z"))  # 01.00 WIB of 31 July
    assert stands(actions(), reports(early, at_closing), closed, checkpoint="b06")["status"] == "tidak_aktif"


def test_the_first_closing_holds_whatever_is_recorded_about_it_later() -> None:
    twice = closures(("2026", "b06", "2026-09-01T00:00Z"), CLOSED_B06)
    assert stands(actions(), reports(IN_TIME, CORRECTED), twice, checkpoint="b06")["achieved"] == 10


def test_an_action_entered_after_the_closing_was_not_due_then() -> None:
    plan = actions(recorded_at="2026-08-01T00:00Z")
    found = stands(plan, reports(CORRECTED), closures(CLOSED_B06), checkpoint="b06")
    assert (found["due"], found["rule"]) == (False, "entered_after_closing")


def test_the_closing_of_one_year_does_not_freeze_another() -> None:
    found = stands(actions(), reports(IN_TIME, CORRECTED), closures(("2025", "b06", "2025-07-31T02:00Z")))
    assert not found["closed"]


# --- restatements ------------------------------------------------------------------------------------------------

THREE = [
    ("A", "2026-06-30", "2026-07-10T00:00Z", 10),  # 50 %
    ("B", "2026-06-30", "2026-07-10T00:00Z", 20),  # 100 %
    ("A", "2026-06-30", "2026-08-20T00:00Z", 18),  # A corrected to 90 %
    ("C", "2026-06-30", "2026-08-21T00:00Z", 4),  # C first told after the closing: 20 %
]


def test_restatements_list_what_changed_and_what_came_late() -> None:
    found = restatements(actions("A", "B", "C"), reports(*THREE), closures(CLOSED_B06), on=ON)
    assert tuple(found.columns) == RESTATEMENT_COLUMNS
    assert list(found["code"]) == ["A", "C"]
    first, second = found.iloc[0], found.iloc[1]
    assert (first["checkpoint"], first["before"], first["after"], first["points"]) == ("b06", 10, 18, 40)
    assert pd.isna(second["before"])
    assert (second["after"], second["after_percent"]) == (4, 20)
    assert pd.isna(second["points"])


def test_the_summary_compares_the_published_share_with_todays_and_names_both_bases() -> None:
    found = restatement_summary(actions("A", "B", "C"), reports(*THREE), closures(CLOSED_B06), on=ON)
    assert tuple(found.columns) == SUMMARY_COLUMNS
    (row,) = found.to_dict("records")
    assert (row["checkpoint"], row["due"], row["restated"], row["first_told"]) == ("b06", 3, 2, 1)
    assert row["restated_due"] == 2
    assert (row["base_before"], row["percent_before"]) == (2, 75)  # (50 + 100) / 2
    assert (row["base_after"], row["percent_after"]) == (3, 70)  # (90 + 100 + 20) / 3
    assert row["points"] == -5
    assert (row["base_both"], row["points_both"]) == (2, 20)  # (40 + 0) / 2


def test_all_closed_checkpoints_up_to_the_due_one_are_covered_whichever_is_shown() -> None:
    closed = closures(("2026", "b03", "2026-04-30T02:00Z"), CLOSED_B06)
    late = ("A", "2026-03-31", "2026-05-05T00:00Z", 5)
    found = restatements(actions(), reports(late, IN_TIME, CORRECTED), closed, on=ON)
    assert list(found["checkpoint"]) == ["b03", "b06"]
    in_may = restatement_summary(actions(), reports(late, IN_TIME, CORRECTED), closed, on=date(2026, 5, 31))
    assert list(in_may["checkpoint"]) == ["b03"]


def test_a_closed_checkpoint_without_changes_stands_with_zero() -> None:
    (row,) = restatement_summary(actions(), reports(IN_TIME), closures(CLOSED_B06), on=ON).to_dict("records")
    assert (row["restated"], row["points"]) == (0, 0)
    assert restatements(actions(), reports(IN_TIME), closures(CLOSED_B06), on=ON).empty


def test_a_late_zero_where_nothing_was_due_is_listed_but_weighs_nothing() -> None:
    plan, late = actions(target_b03=0, target_b06=0), reports(("A", "2026-06-30", "2026-08-20T00:00Z", 0))
    (row,) = restatement_summary(plan, late, closures(CLOSED_B06), on=ON).to_dict("records")
    assert (row["restated"], row["restated_due"], row["due"]) == (1, 0, 0)
    assert pd.isna(row["points"])


def test_without_closings_nothing_is_restated() -> None:
    assert restatements(actions(), reports(IN_TIME, CORRECTED), closures(), on=ON).empty
    assert restatement_summary(actions(), reports(IN_TIME, CORRECTED), closures(), on=ON).empty


def test_as_known_before_the_correction_there_is_no_restatement() -> None:
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    plan, reported = actions("A", "B", "C"), reports(*THREE)
    assert restatements(plan, reported, closures(CLOSED_B06), on=ON, known_at=moment).empty


def test_a_withdrawn_figure_is_a_restatement_without_after() -> None:
    withdrawn = ("A", "2026-06-30", "2026-08-20T00:00Z", None, "preparation")
    found = restatements(actions(), reports(IN_TIME, withdrawn), closures(CLOSED_B06), on=ON)
    assert list(found["before"]) == [10]
    assert found["after"].isna().all()


# --- the two clocks, for anything that may arrive ----------------------------------------------------------------

MOMENTS = [f"2026-{month:02}-{day:02}T0{hour}:00Z" for month in range(4, 11) for day in (1, 30) for hour in (1, 5)]
REPORT = st.tuples(
    st.sampled_from(["A", "B"]),
    st.sampled_from(["2025-12-31", "2026-03-31", "2026-06-29", "2026-06-30", "2026-09-30", "2026-10-31"]),
    st.sampled_from(MOMENTS),
    st.sampled_from([None, 0.0, 7.0, 20.0, 40.0]),
    st.sampled_from([None, "preparation", "in_progress", "cancelled"]),
    st.sampled_from([None, 0, 500]),
    st.sampled_from([None, "Hujan", "Lahan"]),
)
CLOSED = closures(CLOSED_B06, ("2026", "b03", "2026-05-02T00:00Z"))


@settings(deadline=None, max_examples=12)
@given(st.lists(REPORT, max_size=8), st.randoms(use_true_random=False), st.sampled_from(["b03", "b06", None]))
def test_the_order_of_arrival_never_matters(rows: list[tuple[Any, ...]], chance: Any, checkpoint: str | None) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    plan = actions("A", "B")
    choice: dict[str, Any] = {"on": ON, "checkpoint": checkpoint, "known_at": datetime(2026, 9, 1, tzinfo=UTC)}
    first = action_positions(plan, reports(*rows), CLOSED, **choice)
    pd.testing.assert_frame_equal(first, action_positions(plan, reports(*shuffled), CLOSED.iloc[::-1], **choice))


@settings(deadline=None, max_examples=12)
@given(st.lists(REPORT, max_size=6), st.lists(REPORT, max_size=6))
def test_what_is_recorded_later_changes_nothing_for_an_earlier_moment(
    rows: list[tuple[Any, ...]], later: list[tuple[Any, ...]]
) -> None:
    added = [(*row[:2], "2026-11-05T00:00Z", *row[3:]) for row in later]
    plan, known_at = actions("A", "B"), datetime(2026, 11, 4, tzinfo=UTC)
    before = action_positions(plan, reports(*rows), CLOSED, on=ON, known_at=known_at)
    after = action_positions(plan, reports(*rows, *added), CLOSED, on=ON, known_at=known_at)
    pd.testing.assert_frame_equal(before, after)


@settings(deadline=None, max_examples=12)
@given(st.lists(REPORT, max_size=6), st.lists(REPORT, max_size=6))
def test_after_the_closing_the_frozen_figure_never_changes(
    rows: list[tuple[Any, ...]], later: list[tuple[Any, ...]]
) -> None:
    added = [(*row[:2], "2026-07-31T02:01Z", *row[3:]) for row in later]
    plan = actions("A", "B")
    frozen = ["achieved", "achieved_percent", "reported", "fresh", "due", "target", "closed_at"]
    before = action_positions(plan, reports(*rows), CLOSED, on=ON, checkpoint="b06")
    after = action_positions(plan, reports(*rows, *added), CLOSED, on=ON, checkpoint="b06")
    pd.testing.assert_frame_equal(before[frozen], after[frozen])


def test_after_the_closing_the_restated_figure_does_change() -> None:
    plan, closed = actions(), closures(CLOSED_B06)
    assert stands(plan, reports(IN_TIME), closed, checkpoint="b06")["restated"] == 10
    assert stands(plan, reports(IN_TIME, CORRECTED), closed, checkpoint="b06")["restated"] == 18


def test_what_is_passed_in_is_left_as_it_was() -> None:
    plan, reported, closed = actions("A", "B"), reports(*THREE), closures(CLOSED_B06)
    copies = plan.copy(), reported.copy(), closed.copy()
    action_positions(plan, reported, closed, on=ON)
    for given_frame, copy in zip((plan, reported, closed), copies, strict=True):
        pd.testing.assert_frame_equal(given_frame, copy)
