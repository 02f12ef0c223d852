"""Every status comes with its rule, its threshold and what is to be done, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.locale import MISSING, Translator, translator
from geo.locale.terms import (
    action_judgement_text,
    action_kind_name,
    action_status_name,
    change_name,
    checkpoint_name,
    claim_name,
    field_name,
    finding_name,
    judgement_text,
    next_step_text,
    rule_text,
)
from geo.model import CHECKPOINTS, ActionStatus, Filters
from geo.programmes import load_programmes
from geo.progress import located
from geo.progress.action_plan import action_plan
from geo.progress.changes import BAD_NEWS, CHANGE_KINDS, GOOD_NEWS
from geo.progress.position import NEXT_STEPS
from geo.progress.reconcile import reconciliation
from tests.prepared import shared_sample

ID, EN = translator("id"), translator("en")
BOTH = pytest.mark.parametrize("t", [ID, EN], ids=["id", "en"])
DAYS = (date(2025, 3, 31), date(2025, 12, 31), date(2026, 4, 30), date(2026, 10, 31), date(2027, 1, 31))


def site(**told: Any) -> dict[str, Any]:
    usual = {"status": "kritis", "rule": "contract_period_1", "limit_points": 10.0, "deviation_points": -11.2}
    return {**usual, "next_step": "scm", **told}


def action(**told: Any) -> dict[str, Any]:
    usual = {"status": "terlambat", "rule": "checkpoint_late", "limit_percent": 80.0, "achieved_percent": 62.5}
    return {**usual, "checkpoint": "b09", "next_step": "explanation", **told}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return shared_sample()


def test_a_critical_contract_is_told_with_its_deviation_its_threshold_and_the_next_step() -> None:
    assert judgement_text(ID, site()) == (
        "Kritis: deviasi -11,2 poin, ambang -10 (kontrak, Periode I); langkah berikut: rapat pembuktian (SCM I)"
    )
    assert judgement_text(EN, site()) == (
        "Critical: deviation -11.2 points, threshold -10 (contract, Period I); next step: show cause meeting (SCM I)"
    )


def test_a_changed_threshold_changes_the_sentence() -> None:
    assert "ambang -12,5 (kontrak, Periode I)" in judgement_text(ID, site(limit_points=12.5))


def test_what_is_not_judged_by_its_deviation_names_none_and_asks_for_nothing_where_nothing_is_due() -> None:
    done = site(status="selesai", rule="done", limit_points=float("nan"), deviation_points=3.0, next_step=None)
    assert judgement_text(ID, done) == "Selesai: 100% atau sudah beroperasi"
    silent = site(status="belum_lapor", rule="no_report", deviation_points=float("nan"), next_step="request_report")
    assert judgement_text(ID, silent).endswith("; langkah berikut: minta laporan")
    assert "deviasi" not in judgement_text(ID, silent)


def test_a_slight_lag_is_not_held_against_a_threshold_of_zero() -> None:
    slight = site(
        status="waspada", rule="watch", limit_points=0.0, deviation_points=-2.9, next_step="watch_next_report"
    )
    assert judgement_text(ID, slight).startswith("Waspada: deviasi -2,9 poin, ")
    assert "0,0" not in judgement_text(ID, slight)


def test_an_action_is_told_with_its_share_of_the_checkpoint_and_the_limit_it_was_held_against() -> None:
    said = action_judgement_text(ID, action())
    assert said.startswith("Terlambat: 62,5% dari target B09, di bawah 80% ")
    assert "; langkah berikut: " in said
    assert action_judgement_text(EN, action()).startswith("Late: 62.5% of the target of B09, below 80% ")


def test_an_action_without_a_figure_names_no_share() -> None:
    untold = action(status="belum_lapor", rule="no_report", achieved_percent=float("nan"), next_step="request_report")
    assert "%" not in action_judgement_text(ID, untold)
    assert "B09" not in action_judgement_text(ID, untold)


@BOTH
def test_no_sentence_on_a_site_of_the_sample_holds_a_gap_or_a_code(
    t: Translator, tables: dict[str, pd.DataFrame]
) -> None:
    programmes = load_programmes()
    for on in DAYS:
        positions = located(tables, on=on, programmes=programmes).drop_duplicates("rule")
        for row in positions.to_dict("records"):
            said = judgement_text(t, row)
            assert not {"_", "{", MISSING} & set(said), said
            assert ("; " in said) is isinstance(row["next_step"], str), said


@BOTH
def test_no_sentence_on_an_action_of_the_sample_holds_a_gap_or_a_code(
    t: Translator, tables: dict[str, pd.DataFrame]
) -> None:
    for on in DAYS:
        for year in (2025, 2026):
            positions = action_plan(tables, Filters(on=on), year=year).positions.drop_duplicates("rule")
            for row in positions.to_dict("records"):
                said = action_judgement_text(t, row)
                assert not {"_", "{", MISSING} & set(said), said


@BOTH
def test_every_rule_of_an_action_is_put_into_words_of_its_own(t: Translator) -> None:
    limits = {"checkpoint_critical": 50.0, "checkpoint_late": 80.0, "checkpoint_watch": 100.0, "checkpoint_met": 100.0}
    others = (
        "stage", "done", "no_target", "nothing_due", "entered_after_closing", "told_after_closing", "no_figure",
        "no_report",
    )  # fmt: skip
    told = [rule_text(t, rule, limit) for rule, limit in limits.items()] + [rule_text(t, rule) for rule in others]
    assert len(set(told)) == len(limits) + len(others)


@BOTH
def test_every_next_step_is_put_into_words_of_its_own(t: Translator) -> None:
    steps = {*NEXT_STEPS.values(), "request_target"}
    assert len({next_step_text(t, step) for step in steps}) == len(steps)
    for nothing in (None, float("nan"), pd.NA):
        assert next_step_text(t, nothing) == ""


def test_a_rule_that_nobody_knows_is_a_fault_and_not_an_empty_sentence() -> None:
    with pytest.raises(KeyError):
        rule_text(ID, "hunch")


@BOTH
def test_every_kind_of_change_and_news_has_a_name_of_its_own(t: Translator) -> None:
    kinds = {*CHANGE_KINDS, *BAD_NEWS, *GOOD_NEWS}
    assert len({change_name(t, kind) for kind in kinds}) == len(kinds)


@BOTH
def test_every_finding_of_the_reconciliation_has_a_name_of_its_own(
    t: Translator, tables: dict[str, pd.DataFrame]
) -> None:
    on = date(2026, 10, 31)
    plan = action_plan(tables, Filters(on=on))
    positions = located(tables, on=on, programmes=load_programmes())
    found = reconciliation(plan.positions, positions, tables["claims"], year=2026)
    assert len({finding_name(t, name) for name in found}) == len(found) > 0


@BOTH
def test_every_status_of_an_action_and_each_field_of_the_sample_has_a_name(
    t: Translator, tables: dict[str, pd.DataFrame]
) -> None:
    assert len({action_status_name(t, str(status)) for status in ActionStatus}) == len(ActionStatus)
    fields = set(tables["institutions"]["field"].dropna())
    assert len({field_name(t, field) for field in fields}) == len(fields)
    assert all(field_name(t, field) != field for field in fields)
    assert {claim_name(t, measure) for measure in tables["claims"]["measure"]}.isdisjoint({"planned", "done"})


def test_words_that_no_list_knows_are_shown_as_they_were_written() -> None:
    assert [form(ID, "baru") for form in (field_name, action_kind_name, claim_name)] == ["baru"] * 3


def test_a_checkpoint_is_written_as_the_programme_writes_it() -> None:
    assert [checkpoint_name(checkpoint) for checkpoint in CHECKPOINTS] == ["B03", "B06", "B09", "B12"]
    assert checkpoint_name(None) == MISSING


@pytest.mark.parametrize(("limit", "told"), [(10.0, "-10"), (7.25, "-7,25"), (5.5, "-5,5")])
def test_a_threshold_is_told_with_the_digits_it_has(limit: float, told: str) -> None:
    assert rule_text(ID, "pace", limit) == f"ambang {told}"


@pytest.mark.parametrize(
    ("deviation", "told"), [(-10.04, "-10,04 poin"), (-10.0004, "-10,0004 poin"), (-11.2, "-11,2 poin")]
)
def test_a_figure_beyond_its_threshold_is_never_rounded_onto_it(deviation: float, told: str) -> None:
    assert f"deviasi {told}, ambang -10" in judgement_text(ID, site(deviation_points=deviation, limit_points=10.0))
