"""Name every state, stage and quantity in the words of a language, so that screens, maps and exports agree."""

from __future__ import annotations

from geo.locale import MISSING, Translator
from geo.model import Stage, Status


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


def rule_text(t: Translator, rule: str) -> str:
    """What decided a status, with its threshold."""
    return {
        "stage": t("postponed or cancelled by its last report"),
        "done": t("100 % or operational"),
        "no_report": t("the plan has begun and no report has come in"),
        "no_percent": t("reports came in, but none with a percentage"),
        "plan_not_begun": t("the plan has not begun"),
        "no_plan": t("no plan to measure against"),
        "contract_period_1": t("contract, plan below 70 %: late by more than 10 points"),
        "contract_period_2": t("contract, plan from 70 %: late by more than 5 points"),
        "contract_budget_year": t("contract, plan from 70 %: the pace runs past the budget year"),
        "pace": t("late by more than 10 points"),
        "late": t("late by more than 5 points"),
        "watch": t("late by up to 5 points"),
        "on_plan": t("on or ahead of plan"),
    }[rule]


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
