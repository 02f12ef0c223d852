"""What changed between two days: what moved, what was corrected, who fell silent, and the five that matter most."""

from __future__ import annotations

import random
from datetime import date
from typing import Any, Literal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Filters, Status
from geo.programmes import load_programmes
from geo.progress.changes import (
    BAD_NEWS,
    CHANGE_KINDS,
    GOOD_NEWS,
    RANKS,
    ROW_COLUMNS,
    TOP_COLUMNS,
    Changes,
    compare,
    rows,
    top,
)
from geo.progress.state import state
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

SINCE = date(2026, 8, 31)
ON = date(2026, 9, 30)
NUMBERS = ["plan_percent", "actual_percent", "deviation_points", "contract_value", "actual_spend", "plan_spend"]


def positions(*sites: dict[str, Any]) -> pd.DataFrame:
    """Positions with the columns that are compared; what a site leaves out is missing."""
    usual: dict[str, Any] = {
        "code": "A", "name": None, "programme": "ktn", "region_code": "35.07", "province": "35",
        "status": "sesuai_rencana", "stage": "in_progress", **dict.fromkeys(NUMBERS), "as_of": pd.Timestamp(SINCE),
        "age_days": 0, "silent": False,
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **site} for site in sites], columns=list(usual))
    frame["deviation_points"] = frame["deviation_points"].fillna(frame["actual_percent"] - frame["plan_percent"])
    frame["as_of"] = frame["as_of"].astype("datetime64[us]")
    return frame.astype({**dict.fromkeys(NUMBERS, "float64"), "age_days": "Int64"})


def obstacles(*found: dict[str, Any]) -> pd.DataFrame:
    columns = ["code", "site_code", "action_code", "opened", "closed", "category", "severity", "note", "follow_up"]
    return pd.DataFrame(list(found), columns=[*columns, "recorded_at"])


def changed(
    restated: pd.DataFrame,
    after: pd.DataFrame,
    *,
    shown: pd.DataFrame | None = None,
    against: Literal["shown", "restated"] = "restated",
    known_then: pd.DataFrame | None = None,
    known_now: pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
) -> Changes:
    return compare(
        restated,
        after,
        shown=shown,
        against=against,
        since=SINCE,
        on=ON,
        obstacles_before=obstacles() if known_then is None else known_then,
        obstacles_after=obstacles() if known_now is None else known_now,
        actions=actions,
    )


# --- sites that moved ----------------------------------------------------------------------------------------------


def test_a_site_whose_status_differs_has_moved_and_one_that_stayed_has_not() -> None:
    before = positions({"code": "A", "status": "waspada"}, {"code": "B"})
    after = positions({"code": "A", "status": "kritis"}, {"code": "B"})
    moved = changed(before, after).moved
    assert moved["code"].tolist() == ["A"]
    assert (moved.at[0, "status_before"], moved.at[0, "status_after"]) == ("waspada", "kritis")
    assert not moved.at[0, "better"]


def test_every_status_has_a_rank_but_inactive_so_giving_a_site_up_is_neither_better_nor_worse() -> None:
    assert set(RANKS) == {str(status) for status in Status} - {"tidak_aktif"}
    before = positions({"code": "A", "status": "kritis"}, {"code": "B", "status": "tidak_aktif"})
    after = positions({"code": "A", "status": "tidak_aktif"}, {"code": "B", "status": "selesai"})
    assert changed(before, after).moved["better"].isna().all()


def test_without_a_plan_and_not_begun_rank_alike() -> None:
    moved = changed(positions({"status": "belum_mulai"}), positions({"status": "tanpa_rencana"})).moved
    assert len(moved) == 1
    assert pd.isna(moved.at[0, "better"])


def test_movements_stand_worst_first() -> None:
    before = positions(*({"code": code} for code in "ABCD"), {"code": "E", "status": "kritis"})
    after = positions(
        {"code": "A", "status": "waspada", "plan_percent": 50, "actual_percent": 48},
        {"code": "B", "status": "kritis", "plan_percent": 50, "actual_percent": 38},
        {"code": "C", "status": "kritis", "plan_percent": 50, "actual_percent": 20},
        {"code": "D", "status": "tidak_aktif"},
        {"code": "E", "status": "selesai"},
    )
    assert changed(before, after).moved["code"].tolist() == ["C", "B", "A", "D", "E"]


def test_sites_on_one_side_only_appeared_or_are_gone_and_have_not_moved() -> None:
    result = changed(positions({"code": "A"}, {"code": "B"}), positions({"code": "B"}, {"code": "C"}))
    assert (result.appeared["code"].tolist(), result.gone["code"].tolist()) == (["C"], ["A"])
    assert result.moved.empty


def test_movements_start_from_what_was_shown_or_from_that_day_as_known_now() -> None:
    shown, restated = positions({"status": "kritis"}), positions({"status": "terlambat"})
    after = positions({"status": "waspada"})
    from_shown = changed(restated, after, shown=shown, against="shown").moved
    from_restated = changed(restated, after, shown=shown, against="restated").moved
    assert from_shown["status_before"].tolist() == ["kritis"]
    assert from_restated["status_before"].tolist() == ["terlambat"]


def test_a_movement_is_by_correction_where_later_knowledge_changed_the_status_of_the_day_itself() -> None:
    shown = positions({"code": "A", "status": "kritis"}, {"code": "B", "status": "kritis"})
    restated = positions({"code": "A", "status": "waspada"}, {"code": "B", "status": "kritis"})
    after = positions({"code": "A", "status": "waspada"}, {"code": "B", "status": "waspada"})
    moved = changed(restated, after, shown=shown, against="shown").moved
    assert dict(zip(moved["code"], moved["by_correction"], strict=True)) == {"A": True, "B": False}


def test_movements_against_what_was_shown_need_what_was_shown() -> None:
    with pytest.raises(ValueError, match="shown"):
        changed(positions({}), positions({}), against="shown")


# --- corrections ---------------------------------------------------------------------------------------------------


def test_a_percent_that_a_correction_changed_is_listed_with_what_was_shown() -> None:
    shown, restated = positions({"actual_percent": 60}), positions({"actual_percent": 52.5})
    result = changed(restated, restated, shown=shown)
    assert result.corrections[["shown_percent", "restated_percent", "difference_points"]].to_numpy().tolist() == [
        [60.0, 52.5, -7.5]
    ]
    assert result.late_arrivals.empty


def test_a_status_that_a_plan_revision_changed_is_a_correction_too() -> None:
    shown = positions({"actual_percent": 40, "status": "kritis"})
    restated = positions({"actual_percent": 40, "status": "waspada"})
    corrections = changed(restated, restated, shown=shown).corrections
    assert corrections[["status_shown", "status_restated"]].to_numpy().tolist() == [["kritis", "waspada"]]
    assert corrections["difference_points"].tolist() == [0.0]


@pytest.mark.parametrize(
    "shown",
    [
        positions({"status": "belum_lapor", "as_of": pd.NaT}),
        positions({"actual_percent": 30, "as_of": pd.Timestamp("2026-07-31")}),
        positions({"code": "Z"}),
    ],
    ids=["nothing reported", "an older report", "site unknown"],
)
def test_a_report_that_came_after_the_showing_is_late_and_no_correction(shown: pd.DataFrame) -> None:
    restated = positions({"actual_percent": 35})
    result = changed(restated, restated, shown=shown)
    assert result.corrections.empty
    assert result.late_arrivals["code"].tolist() == ["A"]
    assert result.late_arrivals["restated_percent"].tolist() == [35.0]


def test_a_report_that_was_never_told_is_missing_and_not_a_difference_from_zero() -> None:
    shown = positions({"as_of": pd.NaT})
    late = changed(positions({"actual_percent": 0}), positions({}), shown=shown).late_arrivals
    assert pd.isna(late.at[0, "shown_percent"])
    assert pd.isna(late.at[0, "difference_points"])


@pytest.mark.parametrize(
    ("column", "then", "now", "told"),
    [("actual_spend", 900.0, 100.0, "spend=900>100"), ("plan_percent", 60.0, 40.0, "plan=60>40")],
)
def test_corrected_money_and_a_revised_plan_are_corrections_too(
    column: str, then: float, now: float, told: str
) -> None:
    same = {"actual_percent": 50.0, "plan_percent": 50.0, "deviation_points": 0.0}
    shown, restated = positions({**same, column: then}), positions({**same, column: now})
    result = changed(restated, restated, shown=shown)
    assert result.corrections["code"].tolist() == ["A"]
    assert rows(result).set_index("kind").at["correction", "detail"] == told


def test_without_what_was_shown_there_are_no_corrections() -> None:
    result = changed(positions({"actual_percent": 10}), positions({"actual_percent": 20}))
    assert result.corrections.empty
    assert result.late_arrivals.empty


# --- progress gained -----------------------------------------------------------------------------------------------


def test_progress_gained_rests_on_the_sites_that_both_days_know() -> None:
    before = positions(
        {"code": "A", "plan_percent": 20, "actual_percent": 20}, {"code": "B", "plan_percent": 90, "actual_percent": 90}
    )
    after = positions(
        {"code": "A", "plan_percent": 40, "actual_percent": 30},
        {"code": "B", "plan_percent": 95, "status": "belum_lapor"},
        {"code": "C", "plan_percent": 5, "actual_percent": 5},
        {"code": "D", "plan_percent": 5, "actual_percent": 5},
    )
    whole = changed(before, after).gained.iloc[0]
    assert (whole["actual_before"], whole["actual_after"], whole["gained_points"]) == (20, 30, 10)
    assert (whole["deviation_before"], whole["deviation_after"], whole["deviation_change_points"]) == (0, -10, -10)
    assert (whole["n"], whole["n_before"], whole["n_after"]) == (1, 2, 3)


def test_a_site_given_up_leaves_both_sides_of_the_average() -> None:
    before = positions(
        {"code": "A", "plan_percent": 20, "actual_percent": 20}, {"code": "B", "plan_percent": 20, "actual_percent": 0}
    )
    after = positions(
        {"code": "A", "plan_percent": 40, "actual_percent": 40},
        {"code": "B", "plan_percent": 40, "actual_percent": 0, "status": "tidak_aktif"},
    )
    whole = changed(before, after).gained.iloc[0]
    assert (whole["gained_points"], whole["n"], whole["n_before"], whole["n_after"]) == (20, 1, 2, 1)


def test_an_average_is_weighted_by_contract_value_where_every_common_site_has_one() -> None:
    def two(first: float, second: float, value: float | None) -> pd.DataFrame:
        return positions(
            {"code": "A", "plan_percent": 50, "actual_percent": first, "contract_value": 3_000},
            {"code": "B", "plan_percent": 50, "actual_percent": second, "contract_value": value},
        )

    weighted = changed(two(20, 20, 1_000), two(40, 20, 1_000)).gained.iloc[0]
    plain = changed(two(20, 20, None), two(40, 20, None)).gained.iloc[0]
    assert (weighted["gained_points"], weighted["weighting"]) == (15, "contract_value")
    assert (plain["gained_points"], plain["weighting"]) == (10, "mean")


def test_a_changed_contract_value_alone_is_no_progress() -> None:
    before = positions(
        {"code": "A", "plan_percent": 50, "actual_percent": 10, "contract_value": 1_000},
        {"code": "B", "plan_percent": 50, "actual_percent": 90, "contract_value": 1_000},
    )
    after = before.assign(contract_value=[1_000.0, 9_000.0])
    assert changed(before, after).gained["gained_points"].tolist() == [0, 0]


def test_the_whole_comes_first_then_the_province_that_fell_back_most_and_one_without_figures_last() -> None:
    def three(first: float, second: float) -> pd.DataFrame:
        return positions(
            {"code": "A", "province": "32", "plan_percent": 50, "actual_percent": first},
            {"code": "B", "province": "52", "plan_percent": 50, "actual_percent": second},
            {"code": "C", "province": "33", "status": "belum_lapor", "as_of": pd.NaT},
            {"code": "D", "province": None, "plan_percent": 50, "actual_percent": first},
        )

    gained = changed(three(50, 50), three(50, 40)).gained
    assert gained["province"].tolist() == ["", "52", "32", "33"]
    assert gained["n"].tolist() == [3, 1, 1, 0]
    assert pd.isna(gained.at[3, "gained_points"])
    assert gained.at[3, "weighting"] == "none"


# --- obstacles -----------------------------------------------------------------------------------------------------


def test_an_obstacle_opened_or_closed_after_the_first_day_is_listed_and_an_older_one_is_not() -> None:
    known = obstacles(
        {"site_code": "A", "opened": "2026-09-01", "severity": 1, "note": "new"},
        {"site_code": "A", "opened": "2026-08-31", "severity": 3, "note": "old"},
        {"site_code": "A", "opened": "2026-05-01", "closed": "2026-09-30", "severity": 3, "note": "ended"},
        {"site_code": "A", "opened": "2026-05-01", "closed": "2026-08-31", "severity": 3, "note": "ended before"},
        {"site_code": "A", "opened": "2026-10-01", "severity": 3, "note": "later"},
    )
    result = changed(positions({}), positions({}), known_then=known, known_now=known)
    assert result.obstacles_opened["note"].tolist() == ["new"]
    assert result.obstacles_closed["note"].tolist() == ["ended"]
    assert result.obstacles_closed["age_days"].tolist() == [152]
    assert result.obstacles_opened["age_days"].tolist() == [29]


def test_an_obstacle_that_came_and_went_in_between_was_both_opened_and_closed() -> None:
    known = obstacles({"site_code": "A", "opened": "2026-09-02", "closed": "2026-09-20", "severity": 3})
    result = changed(positions({}), positions({}), known_then=obstacles(), known_now=known)
    assert len(result.obstacles_opened) == len(result.obstacles_closed) == 1
    assert not result.obstacles_opened.at[0, "still_open"]


def test_an_obstacle_recorded_afterwards_for_an_earlier_day_is_new_and_says_that_it_came_late() -> None:
    known = obstacles({"site_code": "A", "opened": "2026-08-01", "severity": 2})
    opened = changed(positions({}), positions({}), known_then=obstacles(), known_now=known).obstacles_opened
    assert opened["recorded_late"].tolist() == [True]


def test_an_obstacle_is_closed_by_a_later_row_of_the_same_code() -> None:
    first = {"code": "K-1", "site_code": "A", "opened": "2026-08-01", "severity": 2, "recorded_at": "2026-08-02T00:00Z"}
    last = {**first, "closed": "2026-09-10", "severity": 3, "recorded_at": "2026-09-11T00:00Z"}
    result = changed(positions({}), positions({}), known_then=obstacles(first), known_now=obstacles(last, first))
    assert result.obstacles_opened.empty
    assert result.obstacles_closed[["code", "severity"]].to_numpy().tolist() == [["K-1", 3]]


def test_an_end_that_became_known_late_closes_what_was_shown_as_open() -> None:
    first = {"code": "K-1", "site_code": "A", "opened": "2026-08-01", "severity": 2}
    last = {**first, "closed": "2026-08-20"}
    closed = changed(
        positions({}), positions({}), known_then=obstacles(first), known_now=obstacles(last)
    ).obstacles_closed
    assert closed["recorded_late"].tolist() == [True]


def test_an_obstacle_opened_again_is_new() -> None:
    first = {"code": "K-1", "site_code": "A", "opened": "2026-08-01", "closed": "2026-08-20", "severity": 2}
    again = {**first, "opened": "2026-09-05", "closed": None}
    opened = changed(positions({}), positions({}), known_then=obstacles(first), known_now=obstacles(again))
    assert opened.obstacles_opened["code"].tolist() == ["K-1"]


def test_obstacles_of_equal_content_without_a_code_are_two() -> None:
    one = {"site_code": "A", "opened": "2026-08-01", "severity": 2, "note": "same"}
    opened = changed(positions({}), positions({}), known_then=obstacles(one), known_now=obstacles(one, one))
    assert len(opened.obstacles_opened) == 1


def test_an_obstacle_of_a_site_or_action_that_is_not_looked_at_is_left_out() -> None:
    known = obstacles(
        {"site_code": "elsewhere", "opened": "2026-09-01", "severity": 3},
        {"action_code": "RA-1", "opened": "2026-09-01", "severity": 3},
        {"action_code": "RA-2", "opened": "2026-09-01", "severity": 3},
    )
    actions = pd.DataFrame({"code": ["RA-1"], "title": ["Training"], "programme": ["ktn"], "region_code": ["52.04"]})
    narrow = changed(positions({}), positions({}), known_now=known, actions=actions).obstacles_opened
    assert narrow[["action_code", "name", "province"]].to_numpy().tolist() == [["RA-1", "Training", "52"]]
    wide = changed(positions({}), positions({}), known_now=known).obstacles_opened
    assert wide["action_code"].tolist() == ["RA-1", "RA-2"]


# --- silence -------------------------------------------------------------------------------------------------------


def test_who_fell_silent_and_who_speaks_again_are_told_apart() -> None:
    july, september = pd.Timestamp("2026-07-31"), pd.Timestamp("2026-09-30")
    before = positions(
        {"code": "A", "as_of": july, "age_days": 31}, {"code": "B", "as_of": july, "age_days": 60, "silent": True}
    )
    after = positions(
        {"code": "A", "as_of": july, "age_days": 61, "silent": True}, {"code": "B", "as_of": september, "age_days": 0}
    )
    result = changed(before, after)
    assert result.newly_silent[["code", "age_before", "age_after"]].to_numpy().tolist() == [["A", 31, 61]]
    assert result.speaking_again["code"].tolist() == ["B"]


def test_a_silence_that_ends_because_the_plan_was_moved_is_no_speaking() -> None:
    before = positions({"status": "belum_lapor", "silent": True, "as_of": pd.NaT, "age_days": None})
    after = positions({"status": "belum_mulai", "silent": False, "as_of": pd.NaT, "age_days": None})
    result = changed(before, after)
    assert result.speaking_again.empty
    assert len(result.moved) == 1


def test_who_never_reported_leads_the_newly_silent_without_an_age() -> None:
    before = positions({"code": "A", "age_days": 40}, {"code": "B", "as_of": pd.NaT, "age_days": None})
    after = positions(
        {"code": "A", "age_days": 400, "silent": True},
        {"code": "B", "as_of": pd.NaT, "age_days": None, "silent": True},
    )
    silent = changed(before, after).newly_silent
    assert silent["code"].tolist() == ["B", "A"]
    assert pd.isna(silent.at[0, "age_after"])


# --- the few that matter most --------------------------------------------------------------------------------------


def busy() -> Changes:
    """A little of everything: two newly critical, a severe obstacle, a correction, a silence and two good turns."""
    shown = positions(
        *({"code": code, "plan_percent": 50, "actual_percent": 50} for code in "ABCDE"),
        {"code": "F", "status": "kritis", "plan_percent": 50, "actual_percent": 30},
    )
    restated = shown.assign(actual_percent=shown["actual_percent"].mask(shown["code"] == "C", 40))
    after = positions(
        {"code": "A", "status": "kritis", "plan_percent": 60, "actual_percent": 10, "contract_value": 1_000},
        {"code": "B", "status": "kritis", "plan_percent": 60, "actual_percent": 45, "contract_value": 9_000},
        {"code": "C", "plan_percent": 60, "actual_percent": 60},
        {"code": "D", "plan_percent": 60, "actual_percent": 60, "silent": True, "age_days": 61},
        {"code": "E", "status": "selesai", "plan_percent": 60, "actual_percent": 100},
        {"code": "F", "status": "sesuai_rencana", "plan_percent": 60, "actual_percent": 60},
    )
    found = obstacles({"site_code": "C", "opened": "2026-09-10", "severity": 3, "category": "land", "note": "x"})
    return changed(restated, after, shown=shown, against="shown", known_now=found)


def test_the_gravest_of_each_kind_stand_first_and_the_last_place_is_for_good_news() -> None:
    listed = top(busy(), 4)
    assert list(listed.columns) == list(TOP_COLUMNS)
    assert listed["kind"].tolist() == ["newly_critical", "obstacle_opened", "newly_silent", "completed"]
    assert listed["code"].tolist() == ["B", "C", "D", "E"]
    assert listed["good"].tolist() == [False, False, False, True]
    assert listed["count"].tolist() == [2, 1, 1, 1]


def test_a_second_of_a_kind_stands_once_every_kind_had_its_turn() -> None:
    assert top(busy(), 5)["code"].tolist() == ["B", "C", "D", "A", "E"]
    assert top(busy(), 9)["code"].tolist() == ["B", "C", "D", "A", "E", "F"]


def test_of_what_is_newly_critical_the_largest_contract_stands_first_then_the_largest_lag() -> None:
    before = positions(*({"code": code} for code in "ABC"))
    after = positions(
        {"code": "A", "status": "kritis", "plan_percent": 60, "actual_percent": 40},
        {"code": "B", "status": "kritis", "plan_percent": 60, "actual_percent": 10},
        {"code": "C", "status": "kritis", "plan_percent": 60, "actual_percent": 45, "contract_value": 5},
    )
    assert top(changed(before, after))["code"].tolist() == ["C", "B", "A"]


def test_one_place_goes_to_bad_news_and_none_shows_nothing() -> None:
    assert top(busy(), 1)["good"].tolist() == [False]
    assert top(busy(), 0).empty


def test_good_news_alone_fills_the_list() -> None:
    before = positions({"code": "A", "status": "kritis"}, {"code": "B", "status": "waspada"})
    after = positions({"code": "A", "status": "waspada"}, {"code": "B", "status": "selesai"})
    assert top(changed(before, after))["kind"].tolist() == ["completed", "recovered"]


def test_small_movements_of_a_province_and_small_corrections_stay_out() -> None:
    def at(actual: float) -> pd.DataFrame:
        return positions({"plan_percent": 50, "actual_percent": actual})

    assert top(changed(at(50), at(49.01), shown=at(51.99))).empty
    listed = top(changed(at(50), at(49), shown=at(52)))
    assert listed[["kind", "code", "difference"]].to_numpy().tolist() == [
        ["province_lost", "35", -1.0],
        ["correction", "A", -2.0],
    ]


@pytest.mark.parametrize("status", ["selesai", "tidak_aktif"])
def test_a_severe_obstacle_holds_up_nothing_at_a_site_that_is_done_or_given_up(status: str) -> None:
    found = obstacles({"site_code": "A", "opened": "2026-09-10", "severity": 3})
    sites = positions({"status": status})
    result = changed(sites, sites, known_now=found)
    assert len(result.obstacles_opened) == 1
    assert top(result).empty


def test_a_light_or_an_ended_obstacle_is_not_among_the_most_important() -> None:
    found = obstacles(
        {"site_code": "A", "opened": "2026-09-10", "severity": 2},
        {"site_code": "A", "opened": "2026-09-10", "closed": "2026-09-11", "severity": 3},
    )
    listed = top(changed(positions({}), positions({}), known_now=found))
    assert listed["kind"].tolist() == ["obstacle_closed"]


# --- every change as a row -----------------------------------------------------------------------------------------


def test_the_rows_hold_every_change_once_in_the_order_of_the_kinds() -> None:
    result = busy()
    listed = rows(result)
    assert list(listed.columns) == list(ROW_COLUMNS)
    sizes = {
        "moved": result.moved, "obstacle_opened": result.obstacles_opened, "gained": result.gained,
        "correction": result.corrections, "newly_silent": result.newly_silent,
    }  # fmt: skip
    assert listed["kind"].value_counts().to_dict() == {kind: len(frame) for kind, frame in sizes.items()}
    places = listed["kind"].map(CHANGE_KINDS.index)
    assert places.is_monotonic_increasing


def test_the_rows_tell_statuses_figures_units_and_the_base() -> None:
    listed = rows(busy()).set_index(["kind", "code"])
    assert listed.loc[("moved", "B"), ["before", "after", "difference", "unit", "detail"]].tolist() == [
        "sesuai_rencana", "kritis", -15.0, "points", "worse",
    ]  # fmt: skip
    assert listed.loc[("correction", "C"), ["before", "after", "difference", "unit"]].tolist() == [
        50.0, 40.0, -10.0, "points",
    ]  # fmt: skip
    assert listed.loc[("gained", "35"), "detail"] == "n=6;n_before=6;n_after=6;mean"
    assert listed.loc[("obstacle_opened", "C"), "detail"] == "land;severity=3;x"


# --- what always holds ---------------------------------------------------------------------------------------------

percents = st.one_of(st.none(), st.integers(0, 100))
sites_of_a_day = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.fixed_dictionaries(
        {
            "status": st.sampled_from([str(status) for status in Status]),
            "province": st.sampled_from(["32", "35", None]),
            "plan_percent": percents,
            "actual_percent": percents,
            "contract_value": st.one_of(st.none(), st.integers(0, 9)),
            "silent": st.booleans(),
            "as_of": st.sampled_from([pd.NaT, pd.Timestamp("2026-07-31"), pd.Timestamp(SINCE)]),
        }
    ),
)
some_obstacles = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from([None, "K-1", "K-2"]),
            "site_code": st.sampled_from(["A", "B", None]),
            "action_code": st.sampled_from([None, "RA-1"]),
            "opened": st.sampled_from(["2026-08-01", "2026-09-05", None]),
            "closed": st.sampled_from(["2026-08-15", "2026-09-10", None]),
            "severity": st.sampled_from([1, 3, None]),
            "recorded_at": st.sampled_from([None, "2026-08-02T00:00Z", "2026-09-11T00:00Z"]),
        }
    ),
    max_size=5,
)


def framed(sites: dict[str, dict[str, Any]]) -> pd.DataFrame:
    return positions(*({"code": code, **site} for code, site in sites.items()))


@settings(max_examples=10, deadline=None)
@given(sites_of_a_day)
def test_a_day_compared_with_itself_shows_no_change(sites: dict[str, dict[str, Any]]) -> None:
    day = framed(sites)
    result = changed(day, day, shown=day, against="shown")
    assert result.is_empty
    assert top(result).empty
    assert set(rows(result)["kind"]) == {"gained"}


@settings(max_examples=10, deadline=None)
@given(sites_of_a_day, sites_of_a_day)
def test_the_days_turned_round_mirror_what_moved(
    first: dict[str, dict[str, Any]], second: dict[str, dict[str, Any]]
) -> None:
    there, back = changed(framed(first), framed(second)), changed(framed(second), framed(first))
    mirrored = back.moved.set_index("code").sort_index()
    moved = there.moved.set_index("code").sort_index()
    assert moved["status_before"].tolist() == mirrored["status_after"].tolist()
    assert moved["status_after"].tolist() == mirrored["status_before"].tolist()
    assert moved["better"].tolist() == (~mirrored["better"]).tolist()
    assert set(there.appeared["code"]) == set(back.gone["code"])
    assert set(there.gone["code"]) == set(back.appeared["code"])


@settings(max_examples=10, deadline=None)
@given(sites_of_a_day, sites_of_a_day, sites_of_a_day, some_obstacles, some_obstacles, st.integers(0, 99))
def test_the_order_of_the_rows_never_matters(
    first: dict[str, dict[str, Any]],
    second: dict[str, dict[str, Any]],
    third: dict[str, dict[str, Any]],
    then: list[dict[str, Any]],
    now: list[dict[str, Any]],
    seed: int,
) -> None:
    frames = [framed(first), framed(second), framed(third), obstacles(*then), obstacles(*now)]
    lots = random.Random(seed)
    turned = [frame.iloc[lots.sample(range(len(frame)), len(frame))] for frame in frames]
    straight, shuffled = (
        changed(restated, after, shown=shown, against="shown", known_then=before, known_now=known)
        for restated, after, shown, before, known in (frames, turned)
    )
    pd.testing.assert_frame_equal(rows(straight), rows(shuffled))
    pd.testing.assert_frame_equal(top(straight), top(shuffled))
    assert set(top(straight)["kind"]) <= {*BAD_NEWS, *GOOD_NEWS}


def test_the_sample_says_something_between_any_two_months_and_every_name_is_told() -> None:
    tables, programmes = shared_sample(), load_programmes()
    since = date(2026, 6, 30)
    before = state(tables, Filters(on=since), programmes).positions
    after = state(tables, Filters(on=SAMPLE_AS_OF), programmes).positions
    result = compare(
        before,
        after,
        since=since,
        on=SAMPLE_AS_OF,
        obstacles_before=tables["obstacles"],
        obstacles_after=tables["obstacles"],
        actions=tables["actions"],
    )
    listed = top(result)
    assert len(listed) == 5
    assert listed["good"].any()
    assert rows(result).query("kind != 'gained'")["name"].notna().all()
