"""Averages over regions and programmes: how they are weighted, over how many, and what is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Status
from geo.progress import ROLLUP_COLUMNS, roll_up, status_counts

DAY = pd.Timestamp("2026-10-31")


def positions(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of a position as a roll-up needs them; what a row leaves out is missing."""
    usual = {
        "province": "35", "status": "sesuai_rencana", "plan_percent": None, "actual_percent": None, "silent": False,
        "contract_value": None, "plan_spend": None, "actual_spend": None, "as_of": DAY,
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **row} for row in rows], columns=list(usual))
    numbers = ["plan_percent", "actual_percent", "contract_value", "plan_spend", "actual_spend"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def test_means_are_weighted_by_contract_value_where_every_site_of_the_base_has_one() -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 100.0, "actual_percent": 80.0, "contract_value": 3_000},
            {"plan_percent": 20.0, "actual_percent": 0.0, "contract_value": 1_000},
        )
    ).iloc[0]
    assert (whole["plan_percent"], whole["actual_percent"], whole["deviation_points"]) == (80.0, 60.0, -20.0)
    assert (whole["weighting"], whole["base"]) == ("contract_value", 2)


@pytest.mark.parametrize("value", [None, 0])
def test_one_site_of_the_base_without_a_contract_value_makes_the_mean_plain(value: float | None) -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 100.0, "actual_percent": 80.0, "contract_value": 3_000},
            {"plan_percent": 20.0, "actual_percent": 0.0, "contract_value": value},
        )
    ).iloc[0]
    assert (whole["plan_percent"], whole["actual_percent"], whole["weighting"]) == (60.0, 40.0, "mean")


def test_a_site_outside_the_base_does_not_decide_the_weighting() -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 100.0, "actual_percent": 80.0, "contract_value": 3_000},
            {"plan_percent": 20.0, "actual_percent": 0.0, "contract_value": 1_000},
            {"plan_percent": 20.0, "status": "belum_lapor", "as_of": pd.NaT},
        )
    ).iloc[0]
    assert (whole["weighting"], whole["base"], whole["sites"], whole["reported"]) == ("contract_value", 2, 3, 2)
    assert whole["share_reported"] == pytest.approx(2 / 3)


def test_plan_and_realisation_are_means_over_the_same_sites() -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 50.0, "actual_percent": 40.0},
            {"plan_percent": 100.0, "status": "belum_lapor"},
            {"actual_percent": 100.0, "status": "tanpa_rencana"},
        )
    ).iloc[0]
    assert (whole["plan_percent"], whole["actual_percent"], whole["deviation_points"]) == (50.0, 40.0, -10.0)
    assert (whole["base"], whole["sites"]) == (1, 3)


def test_a_reported_zero_counts_and_a_missing_percent_does_not() -> None:
    two = positions({"plan_percent": 50.0, "actual_percent": 0.0}, {"plan_percent": 50.0, "status": "belum_lapor"})
    whole = roll_up(two).iloc[0]
    assert (whole["actual_percent"], whole["base"]) == (0.0, 1)


def test_an_inactive_site_is_counted_as_a_site_and_left_out_of_every_average_and_sum() -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 50.0, "actual_percent": 50.0, "contract_value": 100, "actual_spend": 50, "plan_spend": 60},
            {
                "plan_percent": 90.0, "actual_percent": 1.0, "contract_value": 900, "actual_spend": 9, "plan_spend": 8,
                "status": "tidak_aktif",
            },
        )
    ).iloc[0]  # fmt: skip
    assert (whole["sites"], whole["base"], whole["tidak_aktif"]) == (2, 1, 1)
    assert (whole["plan_percent"], whole["actual_percent"]) == (50.0, 50.0)
    assert (whole["contract_value"], whole["plan_spend"], whole["actual_spend"]) == (100, 60, 50)
    assert (whole["spend_share"], whole["spend_base"]) == (0.5, 1)


def test_fresh_counts_the_sites_that_reported_and_are_neither_silent_nor_inactive() -> None:
    whole = roll_up(
        positions(
            {"plan_percent": 50.0, "actual_percent": 0.0},
            {"actual_percent": 100.0, "status": "selesai"},
            {"silent": True},
            {"status": "belum_lapor", "as_of": pd.NaT},
            {"status": "tidak_aktif"},
        )
    ).iloc[0]
    assert (whole["fresh"], whole["reported"], whole["silent"], whole["sites"]) == (2, 4, 1, 5)


def test_the_share_of_spend_rests_on_the_sites_that_told_both_spend_and_value() -> None:
    whole = roll_up(
        positions(
            {"contract_value": 1_000, "actual_spend": 250},
            {"contract_value": 9_000},
            {"actual_spend": 70},
        )
    ).iloc[0]
    assert (whole["spend_share"], whole["spend_base"]) == (0.25, 1)
    assert (whole["spend_told"], whole["spend_value"]) == (250, 1_000)
    assert (whole["contract_value"], whole["actual_spend"]) == (10_000, 320)


def test_sums_of_money_nobody_told_are_missing_and_not_zero() -> None:
    whole = roll_up(positions({"plan_percent": 50.0, "actual_percent": 50.0})).iloc[0]
    for name in ("contract_value", "plan_spend", "actual_spend", "spend_told", "spend_value", "spend_share"):
        assert pd.isna(whole[name]), name
    assert whole["spend_base"] == 0


def test_a_group_asked_for_without_sites_stays_with_zeros_and_missing_averages() -> None:
    rows = roll_up(positions({"plan_percent": 50.0, "actual_percent": 40.0}), by="province", groups=["72", "35"])
    assert rows["province"].tolist() == ["72", "35"]
    empty = rows.iloc[0]
    assert (empty["sites"], empty["base"], empty["late"], empty["weighting"]) == (0, 0, 0, "none")
    for name in ("plan_percent", "actual_percent", "deviation_points", "spend_share", "share_reported", "actual_spend"):
        assert pd.isna(empty[name]), name


def test_nothing_at_all_rolls_up_to_one_row_without_averages() -> None:
    rows = roll_up(positions())
    assert len(rows) == 1
    assert rows["sites"].tolist() == [0]
    assert rows["actual_percent"].isna().all()


def test_the_columns_are_those_named_behind_the_grouping_column() -> None:
    two = positions({}, {"province": "33"})
    assert list(roll_up(two).columns) == list(ROLLUP_COLUMNS)
    assert list(roll_up(two, by="province").columns) == ["province", *ROLLUP_COLUMNS]


def test_status_counts_hold_every_status_in_fixed_order_zeros_included() -> None:
    two = positions({"status": "kritis"}, {"status": "kritis", "province": "33"})
    counts = status_counts(two)
    assert counts["status"].tolist() == [str(status) for status in Status]
    assert dict(zip(counts["status"], counts["sites"], strict=True))["kritis"] == 2
    assert counts["sites"].sum() == 2
    by_province = status_counts(two, by="province")
    assert len(by_province) == 2 * len(Status)
    assert by_province[by_province["status"] == "kritis"]["sites"].tolist() == [1, 1]


percents = st.one_of(st.none(), st.floats(0, 100).map(lambda number: round(number, 3)))
rows_of_sites = st.lists(
    st.fixed_dictionaries(
        {
            "province": st.sampled_from(["32", "33", "35"]),
            "status": st.sampled_from(["kritis", "waspada", "sesuai_rencana", "belum_lapor", "tidak_aktif"]),
            "plan_percent": percents,
            "actual_percent": percents,
            "contract_value": st.one_of(st.none(), st.integers(1, 10**12)),
            "actual_spend": st.one_of(st.none(), st.integers(0, 10**12)),
            "silent": st.booleans(),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(rows_of_sites)
def test_the_whole_is_the_sum_and_the_weighted_mean_of_its_parts(rows: list[dict[str, Any]]) -> None:
    frame = positions(*rows)
    whole, parts = roll_up(frame).iloc[0], roll_up(frame, by="province")
    counts = ("sites", "base", "reported", "late", "silent", "fresh", "spend_base")
    for name in (*counts, *(str(status) for status in Status)):
        assert whole[name] == parts[name].sum(), name
    for name in ("contract_value", "actual_spend", "spend_told", "spend_value"):
        assert whole[name] == parts[name].sum(min_count=1) or pd.isna(whole[name]) == parts[name].isna().all(), name
    counted = parts[parts["base"] > 0]
    if whole["weighting"] == "none":
        assert counted.empty
        return
    if whole["weighting"] == "mean":
        kinds = counted["weighting"] == "mean"
        if not kinds.all():
            return  # parts weighted by value don't add up to a plain mean, and each says so
        weights = counted["base"].to_numpy(dtype=float)
    else:
        active = frame[(frame["status"] != "tidak_aktif") & frame["plan_percent"].notna()]
        active = active[active["actual_percent"].notna()]
        weights = active.groupby("province")["contract_value"].sum().reindex(counted["province"]).to_numpy(dtype=float)
    for name in ("plan_percent", "actual_percent"):
        assert whole[name] == pytest.approx(np.average(counted[name], weights=weights), abs=1e-5), name


@settings(max_examples=10, deadline=None)
@given(rows_of_sites, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(rows: list[dict[str, Any]], random: Any) -> None:
    turned = list(rows)
    random.shuffle(turned)
    pd.testing.assert_frame_equal(
        roll_up(positions(*rows), by="province"), roll_up(positions(*turned), by="province"), atol=1e-5
    )
