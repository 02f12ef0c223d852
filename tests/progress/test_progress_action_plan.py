"""One choice of filters gives one action plan: its matrix, its totals, its restatements."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES, Filters, UnknownCodeError
from geo.progress.action_plan import ROWS, ActionPlan, action_plan
from geo.progress.actions import action_positions

ON = date(2026, 10, 31)
INSTITUTIONS = pd.DataFrame(
    {
        "code": ["KL-1", "KL-2", "PEMDA-35.07", "PEMDA-33.10", "PEMDA-51.01", "MITRA-1"],
        "name": ["Kementerian A", "Kementerian B", "Pemkab C", "Pemkab D", "Pemkab E", "Mitra F"],
        "kind": ["kl", "kl", "pemda", "pemda", "pemda", "partner"],
        "field": ["pmk", "marves", "pemda", "pemda", "pemda", None],
    }
)
ACTIONS = pd.DataFrame(
    [
        # code, year, institution, region, programme, kind, title, targets of B03, B06, B09, B12
        ("A", 2026, "KL-1", "35.07", "koperasi", "non_physical", "Pelatihan pengurus", 10.0, 20.0, 30.0, 40.0),
        ("B", 2026, "KL-1", "33.10", "ktn", "physical", "Jalan kawasan", 0.0, 0.0, 50.0, 100.0),
        ("C", 2026, "PEMDA-35.07", "35.07", "ktn", "physical", "Gudang (baru)", 25.0, 50.0, 75.0, 100.0),
        ("D", 2025, "KL-2", "72.71", "ktn", "physical", "Jembatan", 25.0, 50.0, 75.0, 100.0),
        ("E", 2026, "KL-1", None, None, "non_physical", "Pedoman", 1.0, 1.0, 1.0, 1.0),
    ],
    columns=[
        "code", "year", "institution_code", "region_code", "programme", "kind", "title", "target_b03", "target_b06",
        "target_b09", "target_b12",
    ],
)  # fmt: skip
REPORTS = pd.DataFrame(
    [
        ("A", "2026-06-30", "2026-07-05T02:00Z", 20.0),
        ("A", "2026-06-30", "2026-08-20T02:00Z", 15.0),  # after B06 was closed
        ("A", "2026-09-30", "2026-10-05T02:00Z", 30.0),
        ("B", "2026-09-30", "2026-10-05T02:00Z", 20.0),
        ("C", "2026-06-30", "2026-07-05T02:00Z", 50.0),
        ("C", "2026-06-30", "2026-08-21T02:00Z", 40.0),  # after B06 was closed
        ("D", "2025-12-31", "2026-01-05T02:00Z", 100.0),
    ],
    columns=["action_code", "as_of", "recorded_at", "achieved"],
)
CLOSURES = pd.DataFrame(
    {"year": [2026], "checkpoint": ["b06"], "closed_at": ["2026-07-31T02:00Z"], "author": ["Sekretariat"]}
)
TABLES = {"actions": ACTIONS, "action_reports": REPORTS, "closures": CLOSURES, "institutions": INSTITUTIONS}


def planned(
    *,
    year: int | None = None,
    checkpoint: str | None = None,
    among: dict[str, pd.DataFrame] | None = None,
    **asked: Any,
) -> ActionPlan:
    filters = Filters(**{"on": ON, **asked})
    return action_plan(TABLES if among is None else among, filters, year=year, checkpoint=checkpoint)


def rows_of(plan: ActionPlan, **asked: Any) -> list[str]:
    return list(dict.fromkeys(plan.matrix(**asked)["row"]))


# --- which actions -----------------------------------------------------------------------------------------------


def test_the_plan_is_that_of_the_days_year_unless_another_is_asked_for() -> None:
    assert planned().positions["code"].tolist() == ["A", "B", "C", "E"]
    assert (planned(year=2025).year, planned(year=2025).positions["code"].tolist()) == (2025, ["D"])
    assert planned(on=date(2025, 12, 31)).year == 2025


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({"provinces": ("35",)}, ["A", "C"]),
        ({"regencies": ("33.10",)}, ["B"]),
        ({"programmes": ("ktn",)}, ["B", "C"]),
        ({"statuses": ("sesuai_rencana",)}, ["A"]),
        ({"statuses": ("kritis", "terlambat")}, ["B", "C"]),
        ({"search": "PELATIHAN"}, ["A"]),
        ({"search": "(baru)"}, ["C"]),
        ({"search": ".*"}, []),
    ],
)
def test_each_filter_leaves_the_actions_it_names_and_the_whole_year_stays_at_hand(
    filters: dict[str, Any], codes: list[str]
) -> None:
    plan = planned(**filters)
    assert plan.positions["code"].tolist() == codes
    assert plan.every["code"].tolist() == ["A", "B", "C", "E"]


def test_positions_are_those_of_the_actions_with_the_field_of_their_institution() -> None:
    plan = planned()
    expected = action_positions(ACTIONS[ACTIONS["year"] == 2026], REPORTS, CLOSURES, on=ON)
    pd.testing.assert_frame_equal(plan.positions[list(expected.columns)], expected)
    assert plan.positions["field"].tolist() == ["pmk", "pmk", "pemda", "pmk"]


def test_what_was_recorded_later_is_left_out() -> None:
    knew = datetime(2026, 7, 15, tzinfo=UTC)
    late = ACTIONS.assign(recorded_at=["2026-01-10T02:00Z"] * 4 + ["2026-09-01T02:00Z"])
    plan = planned(known_at=knew, among={**TABLES, "actions": late})
    assert plan.positions["code"].tolist() == ["A", "B", "C"]
    told = plan.positions.set_index("code")
    assert (told.loc["A", "latest"], told.loc["C", "latest"]) == (20.0, 50.0)
    assert plan.restated.empty


# --- the checkpoint ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 3, 30), None),
        (date(2026, 3, 31), "b03"),
        (date(2026, 9, 29), "b06"),
        (date(2026, 9, 30), "b09"),
        (date(2026, 12, 31), "b12"),
    ],
)
def test_the_checkpoint_judged_is_the_last_that_has_come(on: date, due: str | None) -> None:
    plan = planned(on=on)
    assert (plan.due, plan.checkpoint) == (due, due)


def test_an_earlier_checkpoint_can_be_asked_for_and_a_later_one_changes_nothing() -> None:
    plan = planned(checkpoint="b06")
    assert (plan.due, plan.checkpoint, plan.checkpoint_day) == ("b09", "b06", date(2026, 6, 30))
    assert planned(checkpoint="b12").checkpoint == "b09"
    with pytest.raises(UnknownCodeError):
        planned(checkpoint="b05")


def test_before_the_first_checkpoint_nothing_is_judged() -> None:
    plan = planned(on=date(2026, 2, 1))
    assert (plan.checkpoint, plan.checkpoint_day) == (None, None)
    assert plan.total["due"] == 0
    assert pd.isna(plan.total["achieved_percent"])


# --- the matrix --------------------------------------------------------------------------------------------------


def test_ministries_and_the_local_governments_of_the_focus_provinces_stand_without_an_action_too() -> None:
    assert rows_of(planned()) == ["KL-1", "KL-2", "PEMDA-33.10", "PEMDA-35.07", ""]


@pytest.mark.parametrize("filters", [{"provinces": ("35",)}, {"programmes": ("koperasi",)}, {"search": "pelatihan"}])
def test_under_a_filter_only_who_has_an_action_stands(filters: dict[str, Any]) -> None:
    plan = planned(**filters)
    assert rows_of(plan) == [*sorted(set(plan.positions["institution_code"])), ""]


def test_a_local_government_elsewhere_and_a_partner_stand_where_they_have_an_action() -> None:
    more = pd.concat(
        [
            ACTIONS,
            ACTIONS.iloc[[0]].assign(code="F", institution_code="PEMDA-51.01"),
            ACTIONS.iloc[[0]].assign(code="G", institution_code="MITRA-1"),
        ],
        ignore_index=True,
    )
    listed = rows_of(planned(among={**TABLES, "actions": more}))
    assert listed == ["KL-1", "KL-2", "PEMDA-33.10", "PEMDA-35.07", "PEMDA-51.01", "MITRA-1", ""]


def test_the_columns_are_the_provinces_chosen_or_the_focus_provinces() -> None:
    assert planned().provinces == FOCUS_PROVINCES
    assert planned(provinces=("52", "35")).provinces == ("35", "52")
    assert planned(regencies=("33.10",)).provinces == ("33",)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("kind", [None, "physical", "non_physical"])
def test_the_cells_add_up_to_the_corner_whatever_the_rows_stand_for(rows: str, kind: str | None) -> None:
    plan = planned()
    cells = plan.matrix(rows=rows, kind=kind)
    inner = cells[(cells["row"] != "") & (cells["province"] != "")]
    corner = cells[(cells["row"] == "") & (cells["province"] == "")].iloc[0]
    wanted = plan.positions if kind is None else plan.positions[plan.positions["kind"] == kind]
    assert inner["actions"].sum() == corner["actions"] == len(wanted)


def test_the_total_is_the_corner_of_the_matrix() -> None:
    plan = planned()
    cells = plan.matrix()
    corner = cells[(cells["row"] == "") & (cells["province"] == "")].iloc[0]
    pd.testing.assert_series_equal(plan.total, corner, check_names=False)
    # A 30 of 30, B 20 of 50, C 40 of 75; E told nothing
    assert (corner["due"], corner["due_reported"]) == (4, 3)
    assert corner["achieved_percent"] == pytest.approx((100 + 40 + 100 * 40 / 75) / 3, abs=1e-5)


def test_a_year_without_actions_has_a_matrix_without_figures() -> None:
    plan = planned(year=2024)
    assert (len(plan.positions), plan.checkpoint, plan.total["actions"]) == (0, None, 0)
    assert pd.isna(plan.total["achieved_percent"])
    assert plan.restated.empty
    assert plan.non_physical.empty


# --- restatements ------------------------------------------------------------------------------------------------


def test_a_closed_checkpoint_keeps_its_figures_and_tells_what_was_restated() -> None:
    plan = planned(checkpoint="b06")
    told = plan.positions.set_index("code")
    assert told.loc[["A", "C"], "achieved"].tolist() == [20.0, 50.0]
    assert told.loc[["A", "C"], "restated"].tolist() == [15.0, 40.0]
    assert sorted(plan.restated["code"]) == ["A", "C"]
    summary = plan.restated_summary.set_index("checkpoint").loc["b06"]
    assert (summary["restated"], summary["points"]) == (2, pytest.approx((75 + 80) / 2 - 100))


def test_restatements_are_limited_to_the_actions_that_pass_the_filters() -> None:
    plan = planned(programmes=("koperasi",))
    assert plan.restated["code"].tolist() == ["A"]
    assert plan.restated_summary.set_index("checkpoint").loc["b06", "points"] == pytest.approx(-25)


def test_non_physical_work_stands_by_its_own_indicators_and_never_mixes_with_building() -> None:
    told = ACTIONS.assign(indicator=["peserta", None, None, None, "dokumen"], unit=["orang", None, None, None, "buah"])
    plan = planned(among={**TABLES, "actions": told})
    assert sorted(plan.non_physical["indicator"]) == ["dokumen", "peserta"]


def test_the_order_of_rows_never_matters() -> None:
    mixed = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in TABLES.items()}
    straight, turned = planned(), planned(among=mixed)
    ordered = turned.positions.sort_values("code", ignore_index=True)
    pd.testing.assert_frame_equal(ordered, straight.positions.sort_values("code", ignore_index=True))
    pd.testing.assert_series_equal(turned.total, straight.total)
    pd.testing.assert_frame_equal(turned.restated, straight.restated)
