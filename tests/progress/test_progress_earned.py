"""Earned value: worked figures, and missing ones where something was not told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.progress.earned import EARNED_COLUMNS, earned_by, earned_total, earned_value


def positions(*rows: tuple[Any, ...]) -> pd.DataFrame:
    names = ["code", "contract_value", "plan_percent", "actual_percent", "actual_spend", "status", "province"]
    return pd.DataFrame(rows, columns=names)


ONE = ("A", 1_000, 50.0, 40.0, 500.0, "terlambat", "35")
TWO = ("B", 3_000, 20.0, 30.0, 600.0, "sesuai_rencana", "52")
UNTOLD = ("C", 9_000, 20.0, 30.0, None, "sesuai_rencana", "35")
UNPRICED = ("D", 0, 20.0, 30.0, 600.0, "sesuai_rencana", "52")


def test_the_figures_follow_their_formulas() -> None:
    row = earned_value(positions(ONE)).iloc[0]
    assert (row["bac"], row["pv"], row["ev"], row["ac"]) == (1_000, 500, 400, 500)
    assert (row["sv"], row["cv"]) == (-100, -100)
    assert (row["spi"], row["cpi"]) == pytest.approx((0.8, 0.8))
    assert row["eac"] == pytest.approx(1_250)  # 1 000 / 0.8


def test_spend_that_was_not_told_leaves_only_the_schedule() -> None:
    row = earned_value(positions(UNTOLD)).iloc[0]
    assert (row["pv"], row["ev"], row["sv"]) == (1_800, 2_700, 900)
    assert row["spi"] == pytest.approx(1.5)
    assert row[["ac", "cv", "cpi", "eac"]].isna().all()


@pytest.mark.parametrize("value", [0, None, -5])
def test_without_a_budget_nothing_is_earned(value: int | None) -> None:
    row = earned_value(positions(("A", value, 50.0, 40.0, 500.0, "terlambat", "35"))).iloc[0]
    assert row[list(EARNED_COLUMNS)].isna().all()


def test_a_site_that_is_not_active_has_no_figures() -> None:
    row = earned_value(positions(("A", 1_000, 50.0, 40.0, 500.0, "tidak_aktif", "35"))).iloc[0]
    assert row[list(EARNED_COLUMNS)].isna().all()


@pytest.mark.parametrize(
    ("plan", "actual", "spend", "missing"),
    [
        (0.0, 10.0, 50.0, ["spi"]),
        (10.0, 10.0, 0.0, ["cpi", "eac"]),
        (10.0, 0.0, 50.0, ["eac"]),
        (0.0, 0.0, 0.0, ["spi", "cpi", "eac"]),
        (None, 10.0, 50.0, ["pv", "sv", "spi"]),
        (10.0, None, 50.0, ["ev", "sv", "cv", "spi", "cpi", "eac"]),
    ],
)
def test_nothing_is_divided_by_zero_or_by_what_is_missing(
    plan: float | None, actual: float | None, spend: float, missing: list[str]
) -> None:
    row = earned_value(positions(("A", 1_000, plan, actual, spend, "waspada", "35"))).iloc[0]
    figures = row[list(EARNED_COLUMNS)].astype(float)
    assert figures[figures.isna()].index.tolist() == [name for name in EARNED_COLUMNS if name in missing]
    assert not np.isinf(figures).any()


def test_totals_sum_the_same_sites_everywhere_and_say_how_many() -> None:
    total = earned_total(positions(ONE, TWO, UNTOLD, UNPRICED))
    assert (total["sites"], total["base"]) == (4, 2)
    assert (total["bac"], total["pv"], total["ev"], total["ac"]) == (4_000, 1_100, 1_300, 1_100)
    assert total["spi"] == pytest.approx(1_300 / 1_100)
    assert total["eac"] == pytest.approx(4_000 * 1_100 / 1_300)


def test_groups_stand_in_the_order_asked_for_and_an_empty_one_is_missing_not_zero() -> None:
    rows = earned_by(positions(ONE, TWO, UNTOLD), "province", groups=["52", "72", "35"])
    assert rows["province"].tolist() == ["52", "72", "35"]
    assert rows["base"].tolist() == [1, 0, 1]
    assert rows["sites"].tolist() == [1, 0, 2]
    assert rows.loc[1, list(EARNED_COLUMNS)].isna().all()


def test_nobody_counted_gives_missing_totals() -> None:
    total = earned_total(positions(UNTOLD))
    assert (total["sites"], total["base"]) == (1, 0)
    assert total[list(EARNED_COLUMNS)].isna().all()
    assert earned_total(positions())["sites"] == 0


def test_positions_stay_as_they_were() -> None:
    given = positions(ONE, UNTOLD)
    before = given.copy(deep=True)
    earned_total(given)
    pd.testing.assert_frame_equal(given, before)
