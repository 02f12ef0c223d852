"""Plan, money and field held against one another: each finding with the figures that prove it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geo.progress.reconcile import (
    FINDINGS,
    NO_BUDGET_COLUMNS,
    SITE_COLUMNS,
    SPEND_COLUMNS,
    TOTAL_COLUMNS,
    budget_without_action,
    reconciliation,
    sites_without_action,
    spend_ahead,
    spend_ahead_sites,
    totals,
    without_budget,
)
from geo.progress.thresholds import Thresholds


def actions(*rows: dict[str, Any]) -> pd.DataFrame:
    """Positions of actions of 2026 (only the columns that count here), codes A0, A1, ..."""
    row: dict[str, Any] = {"year": 2026, "institution_code": "KL-1", "programme": "ktn"}
    row |= {"region_code": "35.07", "province": "35"}
    row |= {"site_code": None, "kind": "physical", "title": "Jalan", "budget": 1000.0, "contract": None, "spend": 0.0}
    row |= {"target_year": 10.0, "latest": 5.0, "latest_as_of": pd.Timestamp("2026-09-30"), "action_status": "berjalan"}
    row |= {"spend_percent": 0.0}
    return pd.DataFrame([{"code": f"A{number}", **row, **given} for number, given in enumerate(rows)])


def sites(*rows: dict[str, Any]) -> pd.DataFrame:
    """Positions of sites of 2026 with their columns, codes S0, S1, ..."""
    row: dict[str, Any] = {"name": "Rusun", "programme": "rusun", "institution_code": "PUPR"}
    row |= {"region_code": "35.07", "province": "35"}
    row |= {"year": 2026, "contract_value": 1000, "actual_percent": 40.0, "actual_spend": 400.0, "status": "waspada"}
    row |= {"as_of": pd.Timestamp("2026-10-31")}
    return pd.DataFrame([{"code": f"S{number}", **row, **given} for number, given in enumerate(rows)])


def claims(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of measure, region, value, unit; of 2026."""
    columns = ["measure", "region_code", "value", "unit"]
    told = pd.DataFrame([(*row, "renaksi")[:4] for row in rows], columns=columns)
    return told.assign(year=2026, source_url=None, data_status="synthetic")


# --- money and actions -------------------------------------------------------------------------------------------


def test_actions_without_a_budget_are_listed_whether_it_is_missing_or_zero() -> None:
    found = without_budget(actions({"budget": 5.0}, {"budget": 0.0}, {"budget": None}))
    assert tuple(found.columns) == NO_BUDGET_COLUMNS
    assert list(found["code"]) == ["A1", "A2"]


def test_a_budget_that_no_action_of_the_year_names_is_listed_largest_first() -> None:
    built = sites({}, {"contract_value": 5000}, {}, {"contract_value": 0}, {"contract_value": None}, {"year": 2025})
    plan = actions({"site_code": "S2"}, {"site_code": "S0", "year": 2025})
    found = budget_without_action(built, plan, year=2026)
    assert tuple(found.columns) == SITE_COLUMNS
    assert list(found["code"]) == ["S1", "S0"]
    assert list(found["contract_value"]) == [5000, 1000]


def test_sites_that_no_action_names_are_listed_unless_finished_in_an_earlier_year() -> None:
    built = sites(
        {},
        {"year": 2024},
        {"year": 2024, "status": "selesai"},
        {"status": "selesai"},
        {"year": 2027},
        {"year": None},
        {},
    )
    found = sites_without_action(built, actions({"site_code": "S6"}), year=2026)
    assert list(found["code"]) == ["S0", "S1", "S3", "S5"]


def test_sites_without_a_told_status_are_all_taken_as_unfinished() -> None:
    built = sites({}, {"year": 2024}).drop(columns="status")
    assert list(sites_without_action(built, actions({}), year=2026)["code"]) == ["S0", "S1"]


# --- spend and progress ------------------------------------------------------------------------------------------


def test_ninety_percent_spent_at_forty_percent_progress_is_listed_with_its_points() -> None:
    found = spend_ahead(actions({"spend": 900.0, "latest": 4.0}, {"spend": 300.0}))
    assert tuple(found.columns) == SPEND_COLUMNS
    (row,) = found.to_dict("records")
    assert (row["code"], row["spend_percent"], row["progress_percent"], row["ahead_points"]) == ("A0", 90, 40, 50)
    (site,) = spend_ahead_sites(sites({"actual_spend": 900.0}, {})).to_dict("records")
    assert (site["code"], site["title"], site["money"], site["ahead_points"]) == ("S0", "Rusun", 1000, 50)


def test_exactly_the_allowed_lead_is_not_listed_and_a_hair_more_is() -> None:
    at_limit, beyond = {"spend": 800.0, "latest": 5.0}, {"spend": 800.1, "latest": 5.0}
    assert list(spend_ahead(actions(at_limit, beyond))["code"]) == ["A1"]
    strict = Thresholds(spend_ahead_points=20)
    assert list(spend_ahead(actions(at_limit, beyond), thresholds=strict)["code"]) == ["A1", "A0"]


def test_more_done_than_promised_does_not_hide_overspending() -> None:
    (row,) = spend_ahead(actions({"spend": 1400.0, "latest": 30.0})).to_dict("records")
    assert (row["progress_percent"], row["ahead_points"]) == (100, 40)


@pytest.mark.parametrize("untold", [{"latest": None}, {"target_year": 0.0}, {"budget": 0.0}, {"spend": None}])
def test_where_spend_or_progress_is_untold_nothing_is_claimed(untold: dict[str, Any]) -> None:
    assert spend_ahead(actions({"spend": 900.0, **untold})).empty


# --- claimed totals ----------------------------------------------------------------------------------------------


def test_a_claimed_total_is_held_against_the_table() -> None:
    plan = actions({}, {}, {"region_code": "72.02"}, {"action_status": "selesai"}, {"year": 2025})
    stated = claims(("planned", None, 5), ("planned", "35", 3), ("planned", "72.02", 1), ("done", None, 2))
    found = totals(plan, stated, year=2026)
    assert tuple(found.columns) == TOTAL_COLUMNS
    shown = found[["measure", "region_code", "claimed", "found", "difference"]].to_dict("split")["data"]
    assert shown == [
        ["planned", None, 5, 4, -1],
        ["planned", "35", 3, 3, 0],
        ["planned", "72.02", 1, 1, 0],
        ["done", None, 2, 1, -1],
    ]


def test_a_year_that_the_table_does_not_hold_is_not_zero() -> None:
    (row,) = totals(actions({"year": 2025}), claims(("planned", None, 5)), year=2026).to_dict("records")
    assert pd.isna(row["found"])
    assert pd.isna(row["difference"])
    (other,) = totals(actions({}), claims(("planned", "52", 5)), year=2026).to_dict("records")
    assert (other["found"], other["difference"]) == (0, -5)


def test_other_units_are_not_counted_in_actions() -> None:
    (row,) = totals(actions({}), claims(("planned", None, 5, "orang")), year=2026).to_dict("records")
    assert pd.isna(row["found"])


@pytest.mark.parametrize(
    ("national", "parts", "adds_up"),
    [
        (433, {"35": 288, "72": 150}, False),  # all stated, 5 too many
        (438, {"35": 288, "72": 150}, True),
        (440, {"35": 288}, None),  # the other province may make it up
        (200, {"35": 288}, False),  # one part alone exceeds the whole
        (433, {}, None),
    ],
)
def test_parts_that_do_not_add_up_to_the_stated_total_are_found(
    national: float, parts: dict[str, float], adds_up: bool | None
) -> None:
    stated = claims(("planned", None, national), *(("planned", code, value) for code, value in parts.items()))
    row = totals(actions({}), stated, year=2026, provinces=("35", "72")).iloc[0]
    assert row["parts_n"] == len(parts)
    if parts:
        assert (row["parts"], row["parts_difference"]) == (sum(parts.values()), sum(parts.values()) - national)
    else:
        assert pd.isna(row["parts"])
    assert row["adds_up"] is pd.NA if adds_up is None else row["adds_up"] == adds_up


def test_a_province_with_two_different_totals_gives_no_sum() -> None:
    stated = claims(("planned", None, 10), ("planned", "35", 4), ("planned", "35", 6), ("planned", "72", 4))
    row = totals(actions({}), stated, year=2026, provinces=("35", "72")).iloc[0]
    assert row["parts_n"] == 2
    assert pd.isna(row["parts"])
    assert row["adds_up"] is pd.NA


def test_the_same_total_stated_twice_counts_once() -> None:
    stated = claims(("planned", None, 8), ("planned", "35", 4), ("planned", "35", 4), ("planned", "72", 4))
    row = totals(actions({}), stated, year=2026, provinces=("35", "72")).iloc[0]
    assert (row["parts"], row["adds_up"]) == (8, True)


def test_parts_of_another_measure_or_unit_are_not_added() -> None:
    stated = claims(("planned", None, 8), ("done", "35", 4), ("planned", "72", 4, "kegiatan"))
    assert totals(actions({}), stated, year=2026).iloc[0]["parts_n"] == 0


# --- all together ------------------------------------------------------------------------------------------------


def test_a_reconciliation_always_has_the_same_lists() -> None:
    nothing = reconciliation(actions({}).iloc[:0], sites({}).iloc[:0], claims(), year=2026)
    assert tuple(nothing) == FINDINGS
    assert all(found.empty for found in nothing.values())


def test_a_reconciliation_speaks_of_one_year_and_changes_nothing() -> None:
    plan = actions({"budget": None}, {"budget": None, "year": 2025}, {"spend": 900.0, "latest": 1.0, "site_code": "S1"})
    built, stated = sites({}, {}), claims(("planned", None, 2))
    copies = plan.copy(), built.copy(), stated.copy()
    found = reconciliation(plan, built, stated, year=2026)
    assert list(found["without_budget"]["code"]) == ["A0"]
    assert list(found["spend_ahead_actions"]["code"]) == ["A2"]
    assert list(found["budget_without_action"]["code"]) == ["S0"]
    assert list(found["totals"]["difference"]) == [0]
    for given, copy in zip((plan, built, stated), copies, strict=True):
        pd.testing.assert_frame_equal(given, copy)


def test_the_order_of_rows_never_matters() -> None:
    plan = actions({"budget": None}, {"budget": 0.0}, {"spend": 900.0, "latest": 1.0}, {"spend": 900.0, "latest": 1.0})
    built = sites({}, {}, {"actual_spend": 990.0})
    stated = claims(("planned", None, 9), ("planned", "35", 4), ("planned", "72", 5), ("done", None, 1))
    first = reconciliation(plan, built, stated, year=2026)
    second = reconciliation(plan[::-1], built[::-1], stated[::-1], year=2026)
    for name in FINDINGS:
        pd.testing.assert_frame_equal(first[name], second[name])
