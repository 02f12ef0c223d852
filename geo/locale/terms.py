"""Name every state, stage and quantity in the words of a language, so that screens, maps and exports agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.locale import MISSING, Translator
from geo.model import ActionStatus, Problem, Stage, Status


def status_name(t: Translator, status: str) -> str:
    """A status in words, short enough for a legend."""
    return {
        Status.KRITIS: t("Critical"),
        Status.TERLAMBAT: t("Late"),
        Status.WASPADA: t("Watch"),
        Status.BELUM_LAPOR: t("Not reported"),
        Status.SESUAI_RENCANA: t("On track"),
        Status.SELESAI: t("Done"),
        Status.BELUM_MULAI: t("Not started"),
        Status.TIDAK_AKTIF: t("Inactive"),
        Status.TANPA_RENCANA: t("No plan"),
    }[Status(status)]


def marking_text(t: Translator, classification: str, audience: str) -> str:
    """How confidential a file is and whom it is made for: ``BIASA · untuk umum``."""
    return f"{classification} · {audience_name(t, audience)}"


def audience_name(t: Translator, audience: str) -> str:
    """Whom a file is made for, as it stands beside its classification."""
    return t("for the public") if audience == "public" else t("internal")


def rule_text(t: Translator, rule: str, limit: float | None = None) -> str:
    """What decided a status; ``limit`` is the threshold it was held against, in points or, for actions, in percent."""
    points = t.limit(-limit if limit else limit)
    share = f"{t.limit(limit)}%"
    return {
        "stage": t("postponed or cancelled by its last report"),
        "done": t("100 % or operational"),
        "no_report": t("the plan has begun and no report has come in"),
        "no_percent": t("reports came in, but none with a percentage"),
        "plan_not_begun": t("the plan has not begun"),
        "no_plan": t("no plan to measure against"),
        "contract_period_1": t("threshold {points} (contract, Period I)", points=points),
        "contract_period_2": t("threshold {points} (contract, Period II)", points=points),
        "contract_budget_year": t("contract, Period II: at this pace it runs past the budget year"),
        "pace": t("threshold {points}", points=points),
        "late": t("beyond the watch threshold {points}", points=points),
        "watch": t("behind plan, not beyond the threshold for late"),
        "on_plan": t("on or ahead of plan"),
        "no_target": t("no target to measure against"),
        "nothing_due": t("nothing is due at this checkpoint"),
        "entered_after_closing": t("entered after the checkpoint was closed"),
        "told_after_closing": t("first reported after the checkpoint was closed"),
        "no_figure": t("reported, but without a figure"),
        "checkpoint_critical": t("below {share} of the checkpoint's target", share=share),
        "checkpoint_late": t("below {share} of the checkpoint's target", share=share),
        "checkpoint_watch": t("below the checkpoint's target"),
        "checkpoint_met": t("the checkpoint's target is met"),
    }[rule]


def next_step_text(t: Translator, step: str | None) -> str:
    """What is to be done now; empty where nothing is."""
    if not isinstance(step, str):
        return ""
    return {
        "scm": t("show cause meeting (SCM I)"),
        "recovery_plan": t("ask for a recovery plan"),
        "explanation": t("ask for the cause and the catching up"),
        "watch_next_report": t("watch the next report"),
        "request_report": t("ask for the report"),
        "request_plan": t("ask for the plan"),
        "request_target": t("ask for the targets"),
    }[step]


def judgement_text(t: Translator, row: Mapping[Any, Any]) -> str:
    """A site's status with the rule that gave it: ``Kritis: deviasi -11,2 poin, ambang -10,0 (kontrak, Periode I);
    langkah berikut: rapat pembuktian (SCM I)``.

    ``row`` has the columns of a position.
    """
    told = [rule_text(t, row["rule"], row["limit_points"])]
    if row["rule"] in _BY_DEVIATION:
        limit = row["limit_points"] if row["rule"] != "on_plan" else 0.0
        digits = digits_apart(-row["deviation_points"], limit)
        told.insert(0, t("deviation {points}", points=t.points(row["deviation_points"], digits=digits)))
    return _judgement(t, row, ", ".join(told))


def action_judgement_text(t: Translator, row: Mapping[Any, Any]) -> str:
    """An action's status with the rule that gave it: ``Terlambat: 62,5% dari target B09, di bawah 80% ...``.

    ``row`` has the columns of a position of actions.
    """
    told = rule_text(t, row["rule"], row["limit_percent"])
    if isinstance(row["rule"], str) and row["rule"].startswith("checkpoint_"):
        share = t.percent(row["achieved_percent"], digits=digits_apart(row["achieved_percent"], row["limit_percent"]))
        told = t(
            "{share} of the target of {checkpoint}", share=share, checkpoint=checkpoint_name(row["checkpoint"])
        ) + (f", {told}")
    return _judgement(t, row, told)


def digits_apart(value: float, *limits: float, least: int = 1) -> int:
    """Digits after the mark, at least ``least``, at which a figure that is not at a limit is not told as one."""
    apart = (
        digits
        for digits in range(least, 5)
        if all(round(value, digits) != round(limit, digits) or value == limit for limit in limits)
    )
    return next(apart, 5)


_BY_DEVIATION = ("contract_period_1", "contract_period_2", "contract_budget_year", "pace", "late", "watch", "on_plan")


def _judgement(t: Translator, row: Mapping[Any, Any], told: str) -> str:
    step = next_step_text(t, row["next_step"])
    said = f"{status_name(t, row['status'])}: {told}"
    return f"{said}; {t('next step: {step}', step=step)}" if step else said


def checkpoint_name(checkpoint: str | None) -> str:
    """A checkpoint as the programme writes it: ``B06``."""
    return checkpoint.upper() if isinstance(checkpoint, str) else MISSING


def action_status_name(t: Translator, status: str) -> str:
    """How an action stands, in the programme's own words."""
    return {
        ActionStatus.BELUM_LAPOR: t("Not reported"),
        ActionStatus.BELUM_MULAI: t("Not started"),
        ActionStatus.BERJALAN: t("Under way"),
        ActionStatus.SELESAI: t("Done"),
        ActionStatus.DILANJUTKAN: t("Carried over"),
        ActionStatus.DITUNDA: t("Postponed"),
        ActionStatus.DIBATALKAN: t("Cancelled"),
    }[ActionStatus(status)]


def action_kind_name(t: Translator, kind: str) -> str:
    """Physical or non-physical."""
    return {"physical": t("Physical"), "non_physical": t("Non-physical")}.get(kind, kind)


def field_name(t: Translator, field: str) -> str:
    """A field of coordination; one that is not known here is shown as it was written."""
    return {
        "polhukam": t("Politics, law and security"),
        "pmk": t("Human development and culture"),
        "perekonomian": t("Economy"),
        "marves": t("Maritime affairs and investment"),
        "pemda": t("Local governments"),
        "mitra": t("Partners"),
        "penyelenggara": t("Organising agency"),
        "lainnya": t("Other institutions"),
        "belum_teridentifikasi": t("Not yet identified"),
        "-": t("Without a field"),
    }.get(field, field)


def change_name(t: Translator, kind: str) -> str:
    """A kind of change, as a heading or a label."""
    return {
        "moved": t("Changed status"),
        "appeared": t("New on the list"),
        "gone": t("Gone from the list"),
        "obstacle_opened": t("New obstacle"),
        "obstacle_closed": t("Obstacle closed"),
        "gained": t("Progress"),
        "correction": t("Corrected figure"),
        "late_arrival": t("Report that came late"),
        "newly_silent": t("Newly silent"),
        "speaking_again": t("Reporting again"),
        "newly_critical": t("Newly critical"),
        "province_lost": t("Province falling back"),
        "province_gained": t("Province catching up"),
        "stopped": t("Stopped"),
        "worsened": t("Worse"),
        "completed": t("Completed"),
        "recovered": t("Recovered"),
    }[kind]


def finding_name(t: Translator, finding: str) -> str:
    """What a reconciliation list holds."""
    return {
        "without_budget": t("Actions without a budget"),
        "budget_without_action": t("Budget without an action"),
        "spend_ahead_actions": t("Actions whose spend runs ahead"),
        "spend_ahead_sites": t("Sites whose spend runs ahead"),
        "sites_without_action": t("Sites without an action behind them"),
        "totals": t("Stated totals against their parts"),
    }[finding]


def stage_name(t: Translator, stage: str | None) -> str:
    """A reported stage in words."""
    if not isinstance(stage, str):
        return MISSING
    return {
        Stage.PLANNED: t("planned"),
        Stage.PREPARATION: t("preparation"),
        Stage.IN_PROGRESS: t("in progress"),
        Stage.SOFT_LAUNCH: t("soft launch"),
        Stage.OPERATIONAL: t("operational"),
        Stage.POSTPONED: t("postponed"),
        Stage.CANCELLED: t("cancelled"),
        Stage.CARRIED_OVER: t("carried over"),
    }[Stage(stage)]


def reason_name(t: Translator, reason: str) -> str:
    """Why a site needs attention."""
    return {
        "critical": t("Critical"),
        "blocked": t("Blocked"),
        "late": t("Late"),
        "silent": t("Silent"),
    }[reason]


def precision_name(t: Translator, precision: str) -> str:
    """What a site's point stands for."""
    return {
        "exact": t("exact point"),
        "village": t("representative point of the village"),
        "district": t("representative point of the district"),
    }.get(precision, precision)


def data_status_name(t: Translator, status: str) -> str:
    """Where a record comes from."""
    return {
        "reported": t("publicly reported"),
        "derived": t("derived"),
        "synthetic": t("synthetic sample"),
    }.get(status, status)


def indicator_name(t: Translator, indicator: str) -> str:
    """An indicator a map can be coloured by."""
    return {
        "progress": t("Mean progress"),
        "deviation": t("Deviation from plan"),
        "sites": t("Number of sites"),
        "absorption": t("Spend of contract value"),
        "share_reporting": t("Share of sites that have reported"),
    }[indicator]


def indicator_unit(t: Translator, indicator: str) -> str:
    """The unit of an indicator's classes."""
    return {
        "progress": "%",
        "deviation": t("points"),
        "sites": t("sites"),
        "absorption": "%",
        "share_reporting": "%",
    }[indicator]


def weighting_text(t: Translator, weighting: str, base: int, sites: int) -> str:
    """How an average was made and over how many: ``rata-rata 41 dari 76 lokasi``."""
    values = {"base": t.integer(base), "sites": t.integer(sites)}
    if weighting == "contract_value":
        return t("weighted by contract value, {base} of {sites} sites", **values)
    if weighting == "mean":
        return t("plain mean of {base} of {sites} sites", **values)
    return t("no site of {sites} can be averaged", **values)


def severity_name(t: Translator, severity: int) -> str:
    """How grave an obstacle is."""
    return {1: t("minor"), 2: t("moderate"), 3: t("severe")}.get(int(severity), str(severity))


def category_name(t: Translator, category: str) -> str:
    """What an obstacle is about; a category that is not known here is shown as it was written."""
    return {
        "lahan": t("land"),
        "perizinan": t("permits"),
        "anggaran": t("budget"),
        "cuaca": t("weather"),
        "logistik": t("logistics"),
        "koordinasi": t("coordination"),
        "penyedia": t("contractor"),
        "sdm": t("staff"),
    }.get(category, category)


def claim_name(t: Translator, measure: str) -> str:
    """What a stated total counts."""
    return {"planned": t("Actions planned"), "done": t("Actions carried out")}.get(measure, measure)


def group_name(t: Translator, group: str) -> str:
    """A group of beneficiaries in words; an unknown code as it is."""
    return {
        "mitra": t("Programme partners"),
        "penyintas": t("Survivors"),
        "masyarakat": t("Community"),
    }.get(group, group)


def refusal_text(t: Translator, problem: Problem) -> str:
    """Why a meeting, a closing, a decision or a kept run was refused, and what to do; other reasons as written."""
    known = {
        "the meeting has no name": t("The meeting has no name. Name it as the invitation does."),
        "the name is too long": t("The name is too long. Shorten it."),
        "the meeting lies in the future": t("The meeting lies in the future. Record it when it is held."),
        "the figures speak of a day after the meeting": t(
            "The figures speak of a day after the meeting. Choose an earlier day."
        ),
        "this meeting is recorded already": t("This meeting is recorded already. Nothing is left to do."),
        "the checkpoint's day has not passed": t("The checkpoint's day has not passed. Close it afterwards."),
        "the checkpoint is closed already": t("The checkpoint is closed already. Nothing is left to do."),
        "no action of the year is recorded": t("No action of the year is recorded. Check the year."),
        "nothing is written here": t("Something is missing: fill in what was decided and who follows it up."),
        "the text is too long": t("The text is too long. Shorten it."),
        "personal data is refused": t("Personal data is refused: leave out identity, phone and e-mail data."),
        "this names a person": t("This names a person. Name the office or function, such as Kepala Dinas Koperasi."),
        "the due day lies before the meeting": t("The due day is missing or has passed. Choose today or a later day."),
        "the due day is more than five years away": t("The due day is too far away. Choose an earlier one."),
        "no such decision": t("This decision is not known. Load the page anew."),
        "the decision is done already": t("The decision is done already. Nothing is left to do."),
        "the run has no name": t("The run has no name. Give it one."),
        "the run has no page": t("The run has no page. Choose at least one."),
        "the note is too long": t("A note is too long. Shorten it."),
        "no run is kept under this name": t("No run is kept under this name. Choose one from the list (S)."),
    }
    return known.get(problem.message, str(problem))
