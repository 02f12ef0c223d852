"""Write the atlas' last page: the rules behind each status, how averages are made, sources and licences."""

from __future__ import annotations

import pandas as pd

from geo.briefing.parts import Briefing, Cell, Column, Table
from geo.drawing.palette import status_look
from geo.drawing.print_content import LABELS
from geo.drawing.web_map import credit
from geo.locale import Translator
from geo.locale.terms import rule_text, status_name
from geo.model import Status
from geo.progress import Thresholds


def status_rules(limits: Thresholds, t: Translator) -> Table:
    """Each status with the rule that gives it, in the order of gravity."""
    told = {
        Status.KRITIS: t(
            "contracts (Permen PU 07/PRT/M/2011): more than {first} points late below {edge}% of plan, more than "
            "{second} points from {edge}%, or late from {edge}% and going to run past the budget year; everything "
            "else: more than {pace} points late",
            first=t.limit(limits.contract_period_1_points),
            second=t.limit(limits.contract_period_2_points),
            edge=t.limit(limits.period_2_from),
            pace=t.limit(limits.critical_points),
        ),
        Status.TERLAMBAT: t("more than {points} points late, not yet critical", points=t.limit(limits.watch_points)),
        Status.WASPADA: t("up to {points} points late", points=t.limit(limits.watch_points)),
        Status.BELUM_LAPOR: f"{rule_text(t, 'no_report')}; {rule_text(t, 'no_percent')}",
        Status.SESUAI_RENCANA: rule_text(t, "on_plan"),
        Status.SELESAI: rule_text(t, "done"),
        Status.BELUM_MULAI: rule_text(t, "plan_not_begun"),
        Status.TIDAK_AKTIF: rule_text(t, "stage"),
        Status.TANPA_RENCANA: rule_text(t, "no_plan"),
    }
    return Table(
        "rules",
        t("How a status is decided"),
        (Column(t("Status"), 1.2), Column(t("Rule"), 6.0)),
        tuple(
            (
                Cell(f"{status_look(status).glyph} {status_name(t, status)}", status, "circle", strong=True),
                Cell(rule),
            )
            for status, rule in told.items()
        ),
        pd.DataFrame({"status": [str(status) for status in told]}),
    )


def notes(briefing: Briefing) -> list[tuple[str, list[str]]]:
    """Headings with their lines."""
    t = briefing.t
    labels, limits = LABELS[t.language], briefing.national.state.thresholds
    approximate = any(page.view.level == 2 for page in briefing.pages)
    return [
        (
            t("How figures are made"),
            [
                t("Deviation is realisation minus plan in percentage points; below zero is behind plan."),
                t(
                    "Averages rest on the sites that have both a plan and a report (base). They are weighted by "
                    "contract value where each of these sites has one, and plain means otherwise."
                ),
                t("Not reported is not zero: “–” is in no average."),
                t(
                    "Silent: at work, and the last report (or the begin of the plan) is more than {days} days old. "
                    "Blocked: a severe obstacle is open.",
                    days=limits.silent_after_days,
                ),
                t(
                    "An action is judged by the target of the checkpoint that is due: met, from {watch}% watch, from "
                    "{late}% late, below critical.",
                    watch=t.limit(limits.action_watch_from),
                    late=t.limit(limits.action_late_from),
                ),
                t(
                    "Every figure speaks of a day (as of) and rests on what was recorded up to a moment; changes are "
                    "told against what was known at the earlier meeting."
                ),
                t(
                    "The forecast goes on with the pace of the last {n} reports; its band is the spread of that pace.",
                    n=limits.forecast_reports,
                ),
            ],
        ),
        (
            t("Maps"),
            [
                t("Equirectangular projection, true at the middle latitude of each map (WGS 84)."),
                t("Sites that lie close together are pulled apart; a thin line leads to the true place."),
                *([labels.approximate] if approximate else []),
            ],
        ),
        (
            t("Sources and licences"),
            [
                *_sources(briefing),
                t("Letters: Source Sans Pro (SIL Open Font License 1.1), DejaVu Sans (licence of Bitstream Vera)."),
            ],
        ),
    ]


def _sources(briefing: Briefing) -> list[str]:
    """The sources of every page; one that another one begins with is not told twice."""
    every = dict.fromkeys((*briefing.sources, *(credit(page.view, briefing.t) for page in briefing.pages)))
    return [told for told in every if not any(other != told and other.startswith(told) for other in every)]
