"""The action plan as a matrix: counts, shares with their base, the worst first, and what is not construction."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES
from geo.progress.actions import action_positions
from geo.progress.matrix import (
    IN_USE,
    IN_USE_COLUMNS,
    INDICATOR_COLUMNS,
    MATRIX_COLUMNS,
    TOTAL,
    UNPLACED,
    in_use,
    matrix,
    non_physical,
    worst_first,
)

ON = date(2026, 10, 31)


def plan(*rows: dict[str, Any]) -> pd.DataFrame:
    """Actions of 2026 with a target of 10 at B09 and 20 in the year, codes A0, A1, ..."""
    row = {"year": 2026, "institution_code": "KL-1", "region_code": "35.07", "kind": "non_physical"}
    row |= {"indicator": "Peserta", "unit": "orang", "target_b03": 0, "target_b06": 5, "target_b09": 10}
    row |= {"target_b12": 20, "budget": 100}
    return pd.DataFrame([{"code": f"A{number}", **row, **given} for number, given in enumerate(rows)])


def stand(actions: pd.DataFrame, *told: tuple[Any, ...]) -> pd.DataFrame:
    """Positions of actions, each told as (number, achieved, stage, spend) for the end of September."""
    rows = [(f"A{row[0]}", "2026-09-30", "2026-10-02T00:00Z", *(*row[1:], None, None)[:3]) for row in told]
    reports = pd.DataFrame(rows, columns=["action_code", "as_of", "recorded_at", "achieved", "stage", "spend"])
    none_closed = pd.DataFrame({"year": [], "checkpoint": [], "closed_at": []})
    return action_positions(actions, reports, none_closed, on=ON)


def cell(cells: pd.DataFrame, row: str, province: str) -> pd.Series:
    found = cells[(cells["row"] == row) & (cells["province"] == province)]
    assert len(found) == 1
    return found.iloc[0]


# --- the matrix --------------------------------------------------------------------------------------------------


def test_the_average_names_its_base_and_leaves_out_who_did_not_report() -> None:
    cells = matrix(stand(plan({}, {}, {}), (0, 4), (1, 10)))
    found = cell(cells, "KL-1", "35")
    assert (found["actions"], found["due"], found["reported"], found["due_reported"]) == (3, 3, 2, 2)
    assert found["achieved_percent"] == 70  # (40 + 100) / 2
    assert (found["met"], found["late"], found["not_reported"], found["owed"]) == (1, 1, 1, 1)


def test_one_action_that_did_more_does_not_hide_another() -> None:
    cells = matrix(stand(plan({}, {}), (0, 19), (1, 0)))
    assert cell(cells, "KL-1", TOTAL)["achieved_percent"] == 50


def test_each_action_weighs_the_same_whatever_its_unit() -> None:
    actions = plan({"target_b09": 1000, "target_b12": 2000}, {})
    cells = matrix(stand(actions, (0, 1000), (1, 0)))
    assert cell(cells, "KL-1", TOTAL)["achieved_percent"] == 50


def test_a_total_is_worked_out_from_the_actions_not_from_the_cells() -> None:
    actions = plan({}, {}, {"region_code": "72.02"})
    cells = matrix(stand(actions, (0, 10), (1, 10), (2, 1)))
    assert cell(cells, "KL-1", "35")["achieved_percent"] == 100
    assert cell(cells, "KL-1", "72")["achieved_percent"] == 10
    assert cell(cells, "KL-1", TOTAL)["achieved_percent"] == 70
    assert cell(cells, TOTAL, "72")["achieved_percent"] == 10
    assert cell(cells, TOTAL, TOTAL)["actions"] == 3


def test_a_cell_without_actions_counts_zero_and_has_no_figures() -> None:
    empty = cell(matrix(stand(plan({}), (0, 10))), "KL-1", "52")
    assert (empty["actions"], empty["reported"], empty["met"]) == (0, 0, 0)
    assert empty[["achieved_percent", "budget", "spend", "spend_percent", "last_report"]].isna().all()


def test_postponed_and_cancelled_actions_are_counted_but_not_due() -> None:
    actions = plan({}, {}, {}, {})
    told = [(0, 1, "postponed"), (1, 1, "cancelled"), (2, 10, "carried_over"), (3, 20)]
    found = cell(matrix(stand(actions, *told)), "KL-1", TOTAL)
    assert (found["postponed"], found["cancelled"], found["carried_over"], found["done"]) == (1, 1, 1, 1)
    assert (found["actions"], found["due"], found["achieved_percent"]) == (4, 2, 100)


def test_nothing_due_gives_no_average() -> None:
    actions = plan({"target_b09": 0, "target_b06": 0})
    found = cell(matrix(stand(actions, (0, 0))), "KL-1", TOTAL)
    assert (found["due"], found["reported"]) == (0, 1)
    assert pd.isna(found["achieved_percent"])


def test_the_share_of_money_spent_has_one_base_in_both_sums() -> None:
    actions = plan({"budget": 100}, {"budget": 900}, {"budget": None})
    found = cell(matrix(stand(actions, (0, 1, None, 50), (2, 1, None, 70))), "KL-1", TOTAL)
    assert (found["budget"], found["spend"]) == (1000, 120)
    assert (found["spend_percent"], found["spend_base"]) == (50, 1)


def test_all_rows_asked_for_stand_in_their_order_and_no_other_vanishes() -> None:
    actions = plan({"institution_code": "KL-9"}, {"institution_code": "KL-2"}, {"institution_code": "ODD"})
    cells = matrix(stand(actions), row_order=["KL-9", "KL-1", "KL-2"])
    assert list(cells["row"].unique()) == ["KL-9", "KL-1", "KL-2", "ODD", TOTAL]
    assert len(cells) == 5 * (len(FOCUS_PROVINCES) + 1)
    assert tuple(cells.columns) == MATRIX_COLUMNS


def test_cells_add_up_to_the_totals_whatever_the_province() -> None:
    actions = plan({}, {"region_code": "31.01"}, {"region_code": None}, {"institution_code": None})
    cells = matrix(stand(actions, (0, 5)))
    assert list(cells["province"].unique()) == [*FOCUS_PROVINCES, "31", UNPLACED, TOTAL]
    inner = cells[(cells["row"] != TOTAL) & (cells["province"] != TOTAL)]
    for column in ("actions", "due", "reported", "fresh", "due_reported", "met", "late", "not_reported", "owed"):
        assert inner[column].sum() == cell(cells, TOTAL, TOTAL)[column], column
    assert inner["budget"].sum() == cell(cells, TOTAL, TOTAL)["budget"]


def test_rows_may_be_any_column_of_the_positions() -> None:
    positions = stand(plan({}, {}), (0, 10)).assign(field=["pmk", "marves"])
    assert list(matrix(positions, rows="field")["row"].unique()) == ["marves", "pmk", TOTAL]


def test_a_matrix_without_actions_still_shows_its_rows() -> None:
    cells = matrix(stand(plan({})).iloc[:0], row_order=["KL-1"])
    assert cell(cells, "KL-1", TOTAL)["actions"] == 0
    assert worst_first(cells) == ["KL-1"]


# --- worst first -------------------------------------------------------------------------------------------------


def test_the_silent_come_first_then_the_lowest_share_and_the_empty_last() -> None:
    names = ["GOOD", "EMPTY", "BAD", "SILENT", "NOTHING-DUE"]
    actions = plan(
        {"institution_code": "GOOD"},
        {"institution_code": "BAD"},
        {"institution_code": "SILENT"},
        {"institution_code": "NOTHING-DUE", "target_b06": 0, "target_b09": 0},
    )
    cells = matrix(stand(actions, (0, 10), (1, 2), (3, 0)), row_order=names)
    assert worst_first(cells) == ["SILENT", "BAD", "GOOD", "NOTHING-DUE", "EMPTY"]


def test_of_equal_shares_the_one_where_fewer_reported_comes_first() -> None:
    both = [{"institution_code": "FULL"}, {"institution_code": "HALF"}, {"institution_code": "HALF"}]
    cells = matrix(stand(plan(*both), (0, 5), (1, 5)))
    assert worst_first(cells) == ["HALF", "FULL"]


# --- non-physical indicators -------------------------------------------------------------------------------------


def test_an_indicators_share_has_the_same_base_in_both_sums() -> None:
    actions = plan({}, {"target_b09": 90}, {"kind": "physical"}, {"unit": "desa"})
    found = non_physical(stand(actions, (0, 8)))
    assert tuple(found.columns) == INDICATOR_COLUMNS
    assert list(found["unit"]) == ["desa", "orang"]
    people = found.iloc[1]
    assert (people["actions"], people["due"], people["reported"], people["n"]) == (2, 2, 1, 1)
    assert (people["target"], people["achieved"], people["target_of_n"], people["share"]) == (100, 8, 10, 0.8)
    silent = found.iloc[0]
    assert silent["n"] == 0
    assert silent[["achieved", "share"]].isna().all()


def test_indicators_may_be_told_apart_by_another_column() -> None:
    positions = stand(plan({}, {"region_code": "72.02"}), (0, 8), (1, 4))
    found = non_physical(positions, by="province")
    assert list(found["province"]) == ["35", "72"]
    assert list(found["share"]) == [0.8, 0.4]


def test_without_non_physical_actions_there_are_no_indicators() -> None:
    assert non_physical(stand(plan({"kind": "physical"}))).empty


# --- what is in use ----------------------------------------------------------------------------------------------

SITES = pd.DataFrame(
    {
        "code": ["S1", "S2", "S3"],
        "programme": ["koperasi", "koperasi", "koperasi"],
        "stage": ["operational", "in_progress", None],
        "as_of": [pd.Timestamp("2026-10-31"), pd.Timestamp("2026-09-30"), pd.NaT],
    }
)


def values(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of site, day, value, moment of recording, unit."""
    columns = ["site_code", "as_of", "value", "recorded_at", "unit"]
    return pd.DataFrame([(*row, None, "orang")[:5] for row in rows], columns=columns).assign(indicator="anggota")


def yields(*rows: tuple[Any, ...], **choice: Any) -> pd.Series:
    """The row of the indicator ``anggota``."""
    choice.setdefault("on", ON)
    found = in_use(SITES, values(*rows), **choice)
    assert list(found["indicator"]) == [IN_USE, "anggota"]
    return found.iloc[1]


def test_outlets_in_use_are_counted_of_those_that_reported() -> None:
    found = in_use(SITES, values(), on=ON)
    assert tuple(found.columns) == IN_USE_COLUMNS
    (row,) = found.to_dict("records")
    assert (row["indicator"], row["value"], row["n"], row["sites"]) == (IN_USE, 1, 2, 3)


def test_each_site_counts_with_its_last_value_known_on_the_day() -> None:
    rows = [("S1", "2026-08-31", 10), ("S1", "2026-09-30", 12), ("S1", "2026-11-30", 99), ("S2", "2026-06-30", 5)]
    found = yields(*rows)
    assert (found["value"], found["n"], found["sites"]) == (17, 2, 3)
    assert (found["oldest"], found["newest"]) == (pd.Timestamp("2026-06-30"), pd.Timestamp("2026-09-30"))


def test_values_recorded_later_are_not_known_earlier() -> None:
    rows = [("S1", "2026-08-31", 10, "2026-09-02T00:00Z"), ("S1", "2026-08-31", 14, "2026-10-02T00:00Z")]
    assert yields(*rows)["value"] == 14
    assert yields(*rows, known_at=datetime(2026, 9, 30, tzinfo=UTC))["value"] == 10


def test_contradicting_values_are_counted_and_the_lower_one_is_taken() -> None:
    rows = [("S1", "2026-08-31", 14), ("S1", "2026-08-31", 10), ("S2", "2026-08-31", 5), ("S2", "2026-08-31", 5)]
    for order in (rows, rows[::-1]):
        found = yields(*order)
        assert (found["value"], found["conflicting"]) == (15, 1)


def test_a_value_without_a_day_counts_only_where_there_is_no_other() -> None:
    rows = [("S1", None, 99), ("S1", "2026-08-31", 10), ("S2", None, 7), ("S2", None, 8)]
    found = yields(*rows)
    assert (found["value"], found["undated"], found["conflicting"]) == (17, 1, 1)


def test_units_are_never_added_to_one_another() -> None:
    found = in_use(SITES, values(("S1", "2026-08-31", 10), ("S2", "2026-08-31", 5, None, "KK")), on=ON)
    assert list(found["unit"]) == ["site", "KK", "orang"]
    assert list(found["value"]) == [1, 5, 10]


@pytest.mark.parametrize("unit", ["mdpl", "nomor"])
def test_heights_and_numbers_of_outlets_are_not_added_up(unit: str) -> None:
    found = yields(("S1", "2026-08-31", 1500, None, unit), ("S2", "2026-08-31", 700, None, unit))
    assert pd.isna(found["value"])
    assert found["n"] == 2
