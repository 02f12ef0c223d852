"""Name in words what an import speaks of: kinds of files, columns, levels, verdicts, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.drawing.escape import html_text
from geo.drawing.palette import Theme
from geo.intake.cells import Finding, Level
from geo.intake.headings import Matched, Reason
from geo.intake.kinds import KINDS, Kind, kind_columns
from geo.intake.messages import sentences
from geo.intake.verdicts import Verdict
from geo.locale import Translator

OFFERED: Final[tuple[Kind, ...]] = tuple(kind for kind in KINDS if kind != "boundaries")
"""Kinds that can be taken in on the screen."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a level or a verdict is marked, readable without its colour."""

    sign: str
    light: str
    dark: str

    def colour(self, theme: Theme) -> str:
        """The colour of its words, readable on the paper of the theme."""
        return self.dark if theme == "dark" else self.light


LEVEL_LOOKS: Final[Mapping[Level, Look]] = {
    Level.REFUSED: Look("✕", "#b3261e", "#f2857c"),
    Level.ASKED: Look("?", "#6a4fa3", "#b8a3e6"),
    Level.FLAGGED: Look("!", "#a05600", "#e8a356"),
    Level.NOTED: Look("i", "#1f5f99", "#84b6e8"),
}
VERDICT_LOOKS: Final[Mapping[Verdict, Look]] = {
    Verdict.ACCEPTED: Look("✓", "#2a7346", "#74c493"),
    Verdict.FLAGGED: LEVEL_LOOKS[Level.FLAGGED],
    Verdict.REFUSED: LEVEL_LOOKS[Level.REFUSED],
}


def kind_name(t: Translator, kind: str) -> str:
    """What a file is about; a kind that is not known as it is called."""
    return {
        "sites": t("Sites"),
        "plans": t("Plans of the sites"),
        "reports": t("Progress reports"),
        "actions": t("Actions of the action plan"),
        "action_reports": t("Reports on actions"),
        "beneficiaries": t("Beneficiaries"),
        "obstacles": t("Obstacles"),
        "institutions": t("Institutions"),
        "boundaries": t("Boundaries of regions"),
    }.get(kind, kind)


def column_name(t: Translator, kind: Kind, name: str) -> str:
    """A canonical column as people call it."""
    if t.language == "id":
        return kind_columns(kind).wanted(name).heading
    return name.replace("_", " ").capitalize()


def level_name(t: Translator, level: Level) -> str:
    """A level in one word."""
    return {
        Level.REFUSED: t("refused"),
        Level.ASKED: t("asked"),
        Level.FLAGGED: t("flagged"),
        Level.NOTED: t("noted"),
    }[level]


def verdict_name(t: Translator, verdict: Verdict) -> str:
    """What becomes of a row, in one word."""
    return {
        Verdict.ACCEPTED: t("accepted"),
        Verdict.FLAGGED: t("flagged"),
        Verdict.REFUSED: t("refused"),
    }[verdict]


def reason_name(t: Translator, found: Matched) -> str:
    """Why a heading was taken for a column, with how sure that is."""
    told = {
        Reason.CHOSEN: t("you chose it"),
        Reason.REMEMBERED: t("as in the last file of the institution"),
        Reason.NAME: t("by its name"),
        Reason.SIMILAR: t("by a similar name"),
        Reason.CONTENT: t("by what its cells hold"),
    }[found.reason]
    sure = found.reason in (Reason.CHOSEN, Reason.REMEMBERED)
    return told if sure else f"{told} ({t.share(found.confidence)})"


def told(t: Translator, finding: Finding) -> str:
    """What is wrong and what to do, in one line."""
    return " ".join(part for part in sentences(t, finding) if part)


def told_list(t: Translator, findings: Iterable[Finding], theme: Theme) -> str:
    """Findings as an HTML list, each with the sign of its level."""
    lines = "".join(_line(t, one, theme) for one in findings)
    return f'<ul style="list-style:none;margin:0;padding:0;line-height:1.4">{lines}</ul>'


def _line(t: Translator, finding: Finding, theme: Theme) -> str:
    look = LEVEL_LOOKS[finding.level]
    wrong, remedy = sentences(t, finding)
    said = html_text(level_name(t, finding.level))
    return (
        '<li style="display:flex;gap:.6rem;padding:.15rem 0">'
        f'<span role="img" aria-label="{said}" title="{said}" style="flex:none;width:1.1rem;text-align:center;'
        f'font-weight:700;color:{look.colour(theme)}">{look.sign}</span>'
        f'<span style="min-width:0;overflow-wrap:anywhere"><span style="font-weight:600">{html_text(wrong)}</span> '
        f"{html_text(remedy)}</span></li>"
    )
