"""A year against a year over the same loci, and the evaluation of a year of the action plan."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import ActionStatus
from geo.progress.years import (
    EVALUATION_COLUMNS,
    LIKE_COLUMNS,
    STATUS_COLUMNS,
    SUMMARY_COLUMNS,
    evaluation,
    like_for_like,
    like_for_like_summary,
)

NUMBERS = ["achieved_percent", "target_year", "latest", "budget", "spend"]


def actions(*told: dict[str, Any]) -> pd.DataFrame:
    """Positions of actions; what an action leaves out is missing."""
    usual: dict[str, Any] = {
        "region_code": "35.07", "province": "35", "programme": "ktn", "status": "sesuai_rencana",
        "action_status": "berjalan", **dict.fromkeys(NUMBERS), "latest_as_of": None, "reported": False,
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **action} for action in told], columns=list(usual))
    return frame.astype({**dict.fromkeys(NUMBERS, "float64"), "latest_as_of": "datetime64[us]"})


# --- like for like -------------------------------------------------------------------------------------------------


def test_a_locus_stands_with_both_years_their_difference_and_how_many_are_behind_it() -> None:
    before = actions({"achieved_percent": 40}, {"achieved_percent": 60})
    after = actions({"achieved_percent": 80})
    table = like_for_like(before, after)
    assert list(table.columns) == list(LIKE_COLUMNS)
    assert table.to_numpy().tolist() == [["35.07", 50.0, 80.0, 30.0, 2, 1, True]]


def test_a_locus_of_one_year_only_has_no_difference_and_stands_last() -> None:
    before = actions({"region_code": "32.01", "achieved_percent": 10}, {"achieved_percent": 50})
    after = actions({"achieved_percent": 20}, {"region_code": "33.01", "achieved_percent": 90})
    table = like_for_like(before, after)
    assert table["key"].tolist() == ["35.07", "32.01", "33.01"]
    assert table["in_both"].tolist() == [True, False, False]
    assert table["difference"].isna().tolist() == [False, True, True]
    assert pd.isna(table.at[1, "after"])
    assert table["n_after"].tolist() == [1, 0, 1]


def test_the_summary_compares_the_same_loci_and_all_and_tells_n_on_both_sides() -> None:
    before = actions({"achieved_percent": 40}, {"achieved_percent": 60}, {"region_code": "32.01"})
    after = actions(
        {"achieved_percent": 60},
        {"region_code": "33.01", "achieved_percent": 100},
        {"region_code": None, "achieved_percent": 110},
    )
    summary = like_for_like_summary(before, after)
    assert list(summary.columns) == list(SUMMARY_COLUMNS)
    assert summary.to_numpy().tolist() == [
        ["in_both", 50.0, 60.0, 10.0, 2, 1, 1, 1],
        ["all", 50.0, 90.0, 40.0, 2, 3, 1, 2],
    ]


def test_who_did_not_report_or_was_given_up_is_in_no_average_and_is_no_zero() -> None:
    before = actions({"achieved_percent": 50}, {}, {"achieved_percent": 0, "status": "tidak_aktif"})
    summary = like_for_like_summary(before, actions({"achieved_percent": 0}))
    assert summary.at[0, "before"] == 50.0
    assert summary.at[0, "after"] == 0.0
    assert summary["n_before"].tolist() == [1, 1]


def test_years_without_a_common_locus_have_no_common_average() -> None:
    summary = like_for_like_summary(
        actions({"achieved_percent": 50}), actions({"region_code": "72.71", "achieved_percent": 70})
    )
    assert summary["n_before"].tolist() == [0, 1]
    assert pd.isna(summary.at[0, "difference"])
    assert summary.at[1, "difference"] == 20.0
    assert like_for_like(actions(), actions()).empty


def test_sites_are_compared_by_their_own_code() -> None:
    before = pd.DataFrame({"code": ["A", "B"], "actual_percent": [10.0, 20.0], "status": "kritis"})
    after = pd.DataFrame({"code": ["B", "C"], "actual_percent": [50.0, 90.0], "status": "kritis"})
    table = like_for_like(before, after, by="code", value="actual_percent")
    assert table[table["in_both"]][["key", "difference"]].to_numpy().tolist() == [["B", 30.0]]


# --- evaluation ----------------------------------------------------------------------------------------------------


def test_the_share_achieved_is_held_against_the_target_of_the_year_and_nobody_makes_up_for_another() -> None:
    year = evaluation(actions({"target_year": 10, "latest": 30}, {"target_year": 10, "latest": 5})).iloc[0]
    assert (year["achieved_percent"], year["base"], year["met"]) == (75.0, 2, 1)


def test_the_target_is_met_at_exactly_the_target() -> None:
    year = evaluation(actions({"target_year": 10, "latest": 10}, {"target_year": 10, "latest": 9.999})).iloc[0]
    assert year["met"] == 1


def test_the_average_leaves_out_who_told_nothing_who_has_no_target_and_what_was_stopped() -> None:
    year = evaluation(
        actions(
            {"target_year": 10, "latest": 4},
            {"target_year": 10, "action_status": "belum_lapor"},
            {"target_year": 0, "latest": 3},
            {"latest": 3},
            {"target_year": 10, "latest": 0, "action_status": "dibatalkan"},
            {"target_year": 10, "latest": 0, "action_status": "ditunda"},
            {"target_year": 10, "latest": 6, "action_status": "dilanjutkan"},
        )
    ).iloc[0]
    assert (year["achieved_percent"], year["base"], year["with_target"], year["actions"]) == (50.0, 2, 3, 7)
    assert (year["reported"], year["carried_over"], year["postponed"], year["cancelled"]) == (6, 1, 1, 1)


def test_a_year_in_which_nobody_reported_has_no_average_and_no_spend() -> None:
    year = evaluation(actions({"target_year": 10, "budget": 100, "action_status": "belum_lapor"})).iloc[0]
    assert (year["base"], year["not_reported"], year["reported"], year["budget"]) == (0, 1, 0, 100)
    for name in ("achieved_percent", "spend", "spend_told", "budget_told", "spend_percent"):
        assert pd.isna(year[name]), name


def test_a_report_without_a_figure_is_a_report() -> None:
    told = actions({"target_year": 10, "latest_as_of": pd.Timestamp("2026-09-30")}, {"reported": True})
    year = evaluation(told).iloc[0]
    assert (year["reported"], year["base"]) == (2, 0)


def test_spend_and_budget_are_shared_over_the_actions_that_told_both() -> None:
    year = evaluation(actions({"budget": 1_000, "spend": 250}, {"budget": 9_000}, {"spend": 70}, {"budget": 0})).iloc[0]
    assert (year["spend_percent"], year["spend_base"], year["spend_told"], year["budget_told"]) == (25.0, 1, 250, 1_000)
    assert (year["budget"], year["spend"]) == (10_000, 320)


@pytest.mark.parametrize("status", list(ActionStatus))
def test_every_status_is_counted_in_a_column_of_its_own(status: ActionStatus) -> None:
    year = evaluation(actions({"action_status": str(status)})).iloc[0]
    counts = {column: year[column] for column in STATUS_COLUMNS.values()}
    assert counts == {**dict.fromkeys(STATUS_COLUMNS.values(), 0), STATUS_COLUMNS[status]: 1}


def test_groups_stand_in_order_and_what_belongs_to_none_stands_under_an_empty_name() -> None:
    two = actions({"programme": "rusun"}, {"programme": None}, {"programme": "ktn"})
    table = evaluation(two, by="programme")
    assert list(table.columns) == ["programme", *EVALUATION_COLUMNS]
    assert table["programme"].tolist() == ["", "ktn", "rusun"]
    assert list(evaluation(two).columns) == list(EVALUATION_COLUMNS)


def test_a_group_asked_for_without_actions_stays_with_zeros_and_missing_averages() -> None:
    table = evaluation(actions({"target_year": 10, "latest": 5, "spend": 1}), by="province", groups=["72", "35"])
    assert table["province"].tolist() == ["72", "35"]
    assert table["actions"].tolist() == [0, 1]
    for name in ("achieved_percent", "spend", "budget", "spend_percent"):
        assert pd.isna(table.at[0, name]), name


def test_no_actions_at_all_are_one_row_of_zeros_and_no_group() -> None:
    assert evaluation(actions())["actions"].tolist() == [0]
    assert evaluation(actions(), by="programme").empty


amounts = st.one_of(st.none(), st.integers(0, 1_000))
some_actions = st.lists(
    st.fixed_dictionaries(
        {
            "programme": st.sampled_from(["ktn", "rusun", None]),
            "action_status": st.sampled_from([str(status) for status in ActionStatus]),
            "region_code": st.sampled_from(["32.01", "35.07", None]),
            "achieved_percent": st.one_of(st.none(), st.integers(0, 100)),
            "target_year": amounts,
            "latest": amounts,
            "budget": amounts,
            "spend": amounts,
        }
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=15, deadline=None)
@given(some_actions)
def test_the_parts_add_up_to_the_whole_and_the_statuses_to_the_actions(told: list[dict[str, Any]]) -> None:
    frame = actions(*told)
    whole, parts = evaluation(frame).iloc[0], evaluation(frame, by="programme")
    counts = ["actions", "with_target", "reported", "base", "met", "spend_base", *STATUS_COLUMNS.values()]
    for name in counts:
        assert whole[name] == parts[name].sum(), name
    for name in ("budget", "spend", "spend_told", "budget_told"):
        assert parts[name].sum() == (0 if pd.isna(whole[name]) else whole[name]), name
    assert sum(whole[name] for name in STATUS_COLUMNS.values()) == whole["actions"] == len(told)
    if whole["base"]:
        weighted = (parts["achieved_percent"] * parts["base"]).sum() / whole["base"]
        assert weighted == pytest.approx(whole["achieved_percent"], abs=1e-4)


@settings(max_examples=15, deadline=None)
@given(some_actions, some_actions, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(
    first: list[dict[str, Any]], second: list[dict[str, Any]], lots: Any
) -> None:
    frames = actions(*first), actions(*second)
    turned = [frame.iloc[lots.sample(range(len(frame)), len(frame))] for frame in frames]
    pd.testing.assert_frame_equal(like_for_like(*frames), like_for_like(*turned))
    pd.testing.assert_frame_equal(like_for_like_summary(*frames), like_for_like_summary(*turned))
    pd.testing.assert_frame_equal(evaluation(frames[0], by="programme"), evaluation(turned[0], by="programme"))


@settings(max_examples=15, deadline=None)
@given(some_actions)
def test_a_year_against_itself_differs_nowhere_and_both_summaries_agree_on_placed_actions(
    told: list[dict[str, Any]],
) -> None:
    year = actions(*told)
    assert like_for_like(year, year)["difference"].eq(0).all()
    assert like_for_like_summary(year, year)["difference"].fillna(0).eq(0).all()
    placed = year[year["region_code"].notna()]
    both, everything = like_for_like_summary(placed, placed)[["before", "n_before"]].fillna(-1).to_numpy().tolist()
    assert both == everything
