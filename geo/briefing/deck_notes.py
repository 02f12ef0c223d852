"""Write what the speaker needs below a slide: what it rests on, the rules, the sources, the numbers behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from geo.briefing.deck_sheet import Sheet
from geo.briefing.parts import Briefing, Figure, RegionPage, Table
from geo.drawing.escape import plain_text
from geo.locale import Translator
from geo.progress import Thresholds

MOST_ROWS = 40
"""Rows of a table that the notes spell out; the annex has all."""


def known_text(briefing: Briefing) -> str:
    """The day of the figures and the moment up to which records count."""
    t = briefing.t
    told = t("As of {day}", day=t.date(briefing.on))
    if briefing.known_at is None:
        return told
    return f"{told} · {t('as known on {moment}', moment=t.moment(briefing.known_at))}"


def sample_mark(t: Translator) -> str:
    return t("SAMPLE DATA – not official figures")


def footer_text(briefing: Briefing) -> str:
    """Day, moment, classification and number: what each slide says of itself beside its page."""
    return " · ".join(part for part in (known_text(briefing), briefing.marking, briefing.number) if part)


def status_rules(t: Translator, limits: Thresholds) -> tuple[str, ...]:
    """How a status comes about, with the thresholds that are in force."""
    return (
        t(
            "On track: on or ahead of plan. Watch: behind by up to {watch} points. Late: by more. Critical: by more "
            "than {critical} points. Not reported is a status of its own and in no average.",
            watch=t.limit(limits.watch_points),
            critical=t.limit(limits.critical_points),
        ),
        t(
            "Contracts (Permen PU 07/PRT/M/2011): critical by more than {one} points below {share}% of plan, by more "
            "than {two} points from there on, or late and going to run past the budget year.",
            one=t.limit(limits.contract_period_1_points),
            two=t.limit(limits.contract_period_2_points),
            share=t.limit(limits.period_2_from),
        ),
        t(
            "Silent: at work and without a report for more than {days} days. Blocked: a severe obstacle is open.",
            days=limits.silent_after_days,
        ),
    )


def plan_rules(t: Translator, limits: Thresholds) -> tuple[str, ...]:
    """How an action is judged."""
    return (
        t(
            "An action is judged by the target of the checkpoint that is due: met is on track, from {watch}% watch, "
            "from {late}% late, below critical; not reported is in no average.",
            watch=t.limit(limits.action_watch_from),
            late=t.limit(limits.action_late_from),
        ),
    )


def figure_lines(figures: Iterable[Figure]) -> list[str]:
    """Headline figures with what they mean and rest on."""
    return [f"{one.label}: {' · '.join(part for part in (one.value, one.said, one.note) if part)}" for one in figures]


def table_lines(table: Table, *, start: int = 0, count: int | None = None) -> list[str]:
    """Rows of a table as lines, each figure with its heading."""
    headings = [column.heading for column in table.columns]
    rows = table.rows[start : None if count is None else start + count]
    lines = [
        "; ".join(
            (f"{heading}: {cell.text}" if place else cell.text)
            for place, (heading, cell) in enumerate(zip(headings, row, strict=True))
            if cell.text
        )
        for row in rows[:MOST_ROWS]
    ]
    return [f"{table.title}:", *lines] if lines else [f"{table.title}: {table.empty}"]


def page_notes(page: RegionPage, briefing: Briefing, numbers: Sequence[str]) -> list[str]:
    """The notes of a region's slide."""
    t = briefing.t
    limits = page.state.thresholds
    return [
        f"{page.name} · {page.subject}",
        *page.sentences,
        t("Base of the averages: {base}.", base=page.figures[0].note or page.curve_base),
        *numbers,
        *status_rules(t, limits),
    ]


def write_notes(sheet: Sheet, briefing: Briefing, lines: Iterable[str]) -> None:
    """Set the notes: what the slide needs, what was cut on it, where the figures come from."""
    t = briefing.t
    cut = [t("In full: {text}", text=text) for text in dict.fromkeys(sheet.cut)]
    own = [footer_text(briefing), *([sample_mark(t)] if briefing.sample else [])]
    if briefing.address:
        own.append(t("The same view: {address}", address=briefing.address))
    frame: Any = sheet.slide.notes_slide.notes_text_frame
    if frame is None:  # the template's notes have no place for text
        return
    every = [*lines, *cut, *briefing.sources, *own]
    for place, line in enumerate(line for line in every if line):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        sheet.run(paragraph, plain_text(line))
