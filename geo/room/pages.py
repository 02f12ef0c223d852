"""Make the pages of a run from one briefing and the decisions of meetings: the figures of both, nothing worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pandas as pd

from geo import regions
from geo.access import Sight
from geo.briefing.curves import curve_svg
from geo.briefing.parts import Briefing, Cell, Change, Figure, RegionPage, Table
from geo.drawing.charts import s_curve_summary
from geo.drawing.escape import html_text
from geo.drawing.palette import GROUNDS, SCALES, Ground, Theme, status_look
from geo.locale import MISSING, Translator
from geo.locale.terms import status_name
from geo.model import Status
from geo.progress.decisions import DecisionState, of_meeting, open_decisions, overdue
from geo.room import maps, sentences

OPENING: Final = "pembuka"
NATIONAL: Final = "nasional"
CHANGES: Final = "perubahan"
PLAN: Final = "renaksi"
DECISIONS: Final = "keputusan"

LISTED: Final = 4
"""Sites of the list of a province's page; the rest is counted."""

_ROWS: Final = 11
"""Institutions of the action plan beside the total; the worst."""

_DECIDED: Final = 8
_SELECTORS: Final[Mapping[Theme, str]] = {"light": ":root", "dark": ':root[data-theme="dark"]'}
_POINTS_PER_PX: Final = 7.5 / 20
"""The curve's smallest letters are 7.5 points on paper and 20 pixels in the room."""

_INK: Final = Ground(
    **{
        name: f"var(--{name.replace('_', '-')})"
        for name in (
            "paper", "sea", "land", "context", "border", "border_strong", "hatch", "ink", "muted", "grid", "casing",
            "accent", "warning",
        )
    }
)  # fmt: skip
"""The colours of whatever theme the page has."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a run: its ``key`` (``nasional``, ``35``) in the address, its ``title``, its ``body`` as HTML.

    ``province`` is its code where the page is about one; digits of the keyboard lead there.
    """

    key: str
    title: str
    body: str
    province: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {"key": self.key, "title": self.title, "province": self.province, "body": self.body}


def usual_keys(provinces: Sequence[str]) -> tuple[str, ...]:
    """The pages of a usual run, in order."""
    return (OPENING, NATIONAL, CHANGES, *provinces, PLAN, DECISIONS)


def figures_pages(briefing: Briefing) -> tuple[Page, ...]:
    """The pages that rest on the figures: the whole, what changed, each province, the action plan."""
    t = briefing.t
    national = briefing.national
    single = len(briefing.provinces) == 1
    return (
        Page(NATIONAL, national.name, _national(briefing)),
        Page(CHANGES, t("What changed since the last meeting"), _changed(briefing)),
        *(Page(page.key, page.name, _region(briefing, page), page.key) for page in briefing.provinces if not single),
        *(
            Page(page.key, regions.region_label(page.key), _region(briefing, page), page.key)
            for page in briefing.provinces
            if single
        ),
        Page(PLAN, briefing.plan_title.partition(" · ")[0], _plan(briefing)),
    )


def opening(
    t: Translator, *, subject: str, on: date, sample: bool, standing: pd.DataFrame, today: date, sight: Sight
) -> Page:
    """The first page: what the meeting looks at, and what earlier ones left open. It waits for no figures."""
    left = open_decisions(standing, before=today)
    said = sentences.of_decisions(left, today, t)
    title = t("Sinergisitas programme: state of progress")
    body = (
        _head(title, subject, on, t, sample=sample)
        + _sentences(said)
        + f"<h2>{html_text(t('Open decisions of earlier meetings'))}</h2>"
        + _decisions(left, today, t, sight, closable=True)
    )
    return Page(OPENING, title, body)


def closing(
    t: Translator, *, subject: str, on: date, sample: bool, standing: pd.DataFrame, today: date, sight: Sight
) -> Page:
    """The last page: what this meeting decided, and what is open from before."""
    ours = of_meeting(standing, today)
    before = open_decisions(standing, before=today)
    title = t("Decisions and follow-up")
    taken = t.plural("{n} decision was taken today", "{n} decisions were taken today", len(ours))
    carried = t.plural("{n} from before is open", "{n} from before are open", len(before))
    shown = pd.concat([part for part in (ours, before) if len(part)]) if len(ours) + len(before) else ours
    body = (
        _head(title, subject, on, t, sample=sample)
        + _sentences((f"{taken}; {carried}.",))
        + _decisions(shown, today, t, sight, closable=True, empty=t("Nothing decided yet. Press D to note a decision."))
    )
    return Page(DECISIONS, title, body)


def with_note(page: Page, note: str) -> Page:
    """The page with somebody's own words below its figures."""
    if not note:
        return page
    return replace(page, body=f'{page.body}<aside class="own-note"><p>{html_text(note)}</p></aside>')


# --- pages -------------------------------------------------------------------------------------------------------


def _national(briefing: Briefing) -> str:
    t, page = briefing.t, briefing.national
    picture = maps.map_picture(page.view, t, width=1000, height=560)
    return (
        _head(page.name, page.subject, briefing.on, t, sample=briefing.sample)
        + _figures(page.figures)
        + '<div class="split wide">'
        + f'<figure class="picture">{picture}{maps.legend(page.view, t)}</figure>'
        + '<div class="aside">'
        + _sentences(page.sentences)
        + _table(page.regions, (0, 2, 3, 4, 6, 8))
        + "</div></div>"
    )


def _changed(briefing: Briefing) -> str:
    t, page = briefing.t, briefing.national
    title = t("What changed since the last meeting")
    if briefing.then is None:
        said: tuple[str, ...] = (page.changes_note,)
    else:
        said = sentences.of_changes(page.changes, page.changes_note, t)
    worse = [change for change in page.changes if not change.good]
    better = [change for change in page.changes if change.good]
    lists = "".join(
        f'<section class="changes {name}"><h2>{mark} {html_text(words)} ({t.integer(len(found))})</h2>'
        f"{_changes(found, t)}</section>"
        for name, mark, words, found in (
            ("worse", "▼", t("For the worse"), worse),
            ("better", "▲", t("For the better"), better),
        )
    )
    return (
        _head(title, page.subject, briefing.on, t, sample=briefing.sample)
        + _sentences(said)
        + (f'<div class="halves">{lists}</div>' if page.changes else "")
    )


def _region(briefing: Briefing, page: RegionPage) -> str:
    t = briefing.t
    listed = page.late.raw.head(LISTED)
    pins = [maps.Pin(str(code), number) for number, code in enumerate(listed["code"], start=1)]
    state = page.state
    told = s_curve_summary(state.curve, on=state.filters.on, t=t, forecast=page.forecast)
    curve = curve_svg(
        page,
        t,
        width=1100 * _POINTS_PER_PX,
        height=222 * _POINTS_PER_PX,
        colours=_INK,
        tone=lambda status: "var(--bad)",
    )
    curve = curve.replace("<svg ", f'<svg class="curve" role="img" aria-label="{html_text(told)}" ', 1)
    return (
        _head(regions.region_label(page.key), page.subject, briefing.on, t, sample=briefing.sample)
        + _figures(page.figures)
        + '<div class="split">'
        + f'<figure class="picture">{maps.map_picture(page.view, t, width=680, height=500, pins=pins)}'
        + f"{maps.legend(page.view, t)}</figure>"
        + '<div class="aside">'
        + _sentences(page.sentences)
        + f'<figure class="picture">{curve}</figure>'
        + _late(page, pins, t)
        + "</div></div>"
    )


def _plan(briefing: Briefing) -> str:
    t, matrix = briefing.t, briefing.matrix
    title, _, judged = briefing.plan_title.partition(" · ")
    subject = " · ".join(part for part in (judged, briefing.subject) if part)
    head = _head(title, subject, briefing.on, t, sample=briefing.sample)
    if not matrix.rows:
        return head + _sentences((matrix.empty,))
    shown = matrix.rows[: _ROWS + 1]
    left = len(matrix.rows) - len(shown)
    cut = Table(matrix.key, matrix.title, matrix.columns, shown, matrix.raw)
    more = t.plural("and {n} more institution", "and {n} more institutions", left) if left else ""
    return (
        head
        + _figures(briefing.plan_figures)
        + _sentences(sentences.of_plan(briefing))
        + _table(cut, tuple(range(len(cut.columns))), kind="matrix")
        + f'<p class="note">{html_text(" · ".join(part for part in (more, matrix.note) if part))}</p>'
    )


# --- parts -------------------------------------------------------------------------------------------------------


def _head(title: str, subject: str, on: date, t: Translator, *, sample: bool) -> str:
    day = t("As of {day}", day=t.date(on))
    mark = f'<span class="sample">{html_text(t("SAMPLE DATA – not official figures"))}</span>' if sample else ""
    return (
        f'<header><h1 tabindex="-1">{html_text(title)}</h1>'
        f'<p class="subject">{html_text(subject)} · <strong>{html_text(day)}</strong>{mark}</p></header>'
    )


def _figures(figures: Sequence[Figure]) -> str:
    def one(figure: Figure) -> str:
        tone = {True: " good", False: " bad", None: ""}[figure.good]
        note = f'<dd class="base">{html_text(figure.note)}</dd>' if figure.note else ""
        return (
            f'<div class="figure"><dt>{html_text(figure.label)}</dt><dd class="value">{html_text(figure.value)}</dd>'
            f'<dd class="said{tone}">{html_text(figure.said)}</dd>{note}</div>'
        )

    return f'<dl class="figures">{"".join(one(figure) for figure in figures)}</dl>'


def _sentences(said: Sequence[str]) -> str:
    return f'<div class="said-whole">{"".join(f"<p>{html_text(sentence)}</p>" for sentence in said)}</div>'


def _cell(cell: Cell, align: str, *, head: bool, marked: bool) -> str:
    tag, scope = ("th", ' scope="row"') if head else ("td", "")
    names = [align] + (["strong"] if cell.strong else [])
    if marked and cell.status and cell.text:
        names.append(f"st-{cell.status}")
    sign = maps.symbol(cell.symbol, cell.status or "sesuai_rencana") if cell.symbol else ""
    return f'<{tag}{scope} class="{" ".join(names)}">{sign}{html_text(cell.text)}</{tag}>'


def _table(table: Table, columns: Sequence[int], *, kind: str = "plain") -> str:
    if not table.rows:
        return f'<p class="empty">{html_text(table.empty)}</p>'
    heads = "".join(
        f'<th scope="col" class="{table.columns[at].align}">{html_text(table.columns[at].heading)}</th>'
        for at in columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            _cell(row[at], table.columns[at].align, head=place == 0, marked=kind == "matrix")
            for place, at in enumerate(columns)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = f'<caption class="hidden">{html_text(table.title)}</caption>'
    return f'<table class="{kind}">{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _changes(changes: Sequence[Change], t: Translator) -> str:
    if not changes:
        return f'<p class="empty">{html_text(t("None"))}</p>'
    items = "".join(
        f"<li><p><strong>{html_text(change.kind)}</strong>: {html_text(change.name)}"
        f"{html_text(f', {change.place}' if change.place else '')}</p>"
        f'<p class="muted">{html_text(change.told)}{html_text(f" · {change.others}" if change.others else "")}</p></li>'
        for change in changes
    )
    return f"<ul>{items}</ul>"


def _late(page: RegionPage, pins: Sequence[maps.Pin], t: Translator) -> str:
    """What is late or blocked, and why: number on the map, name, reason, deviation, since when, rule, next step."""
    table = page.late
    heading = f"<h2>{html_text(table.title)}</h2>"
    if not table.rows:
        return heading + f'<p class="empty">{html_text(table.empty)}</p>'
    why = _obstacle_notes(page)
    items = []
    for pin, row in zip(pins, table.rows, strict=False):
        site, reason, deviation, since, place, rule = row
        status = status_name(t, site.status) if site.status else MISSING
        told = " · ".join(
            part for part in (reason.text, f"{deviation.text}", t("since {day}", day=since.text), place.text) if part
        )
        cause = why.get(pin.code) or rule.text
        items.append(
            f'<li data-site="{html_text(pin.code)}" data-name="{html_text(site.text)}">'
            f'<span class="pin">{pin.number}</span>{maps.symbol(site.symbol or "circle", site.status or "")}'
            f"<div><p><strong>{html_text(site.text)}</strong> · {html_text(told)}</p>"
            f'<p class="muted"><span class="hidden">{html_text(status)}. </span>{html_text(cause)}</p></div></li>'
        )
    left = len(table.raw) - len(items)
    more = f'<p class="note">{html_text(t.plural("and {n} more", "and {n} more", left))}</p>' if left > 0 else ""
    return f'{heading}<ol class="late">{"".join(items)}</ol>{more}'


def _obstacle_notes(page: RegionPage) -> dict[str, str]:
    """What is in the way of a site, and what is done about it, in the words of the page's own list of obstacles."""
    rows = zip(page.obstacles.raw["site_code"], page.obstacles.rows, strict=False)
    notes: dict[str, str] = {}
    for code, row in rows:
        if row[4].text != MISSING:
            notes.setdefault(str(code), f"{row[2].text}: {row[4].text}")
    return notes


def _decisions(
    rows: pd.DataFrame, today: date, t: Translator, sight: Sight, *, closable: bool, empty: str | None = None
) -> str:
    if not len(rows):
        return f'<p class="empty">{html_text(empty or t("Nothing is left open."))}</p>'
    late = overdue(rows, today)
    shown = rows.head(_DECIDED)
    lines = "".join(
        _decision(row, bool(past), t, closable=closable)
        for row, past in zip(shown.to_dict("records"), late.head(_DECIDED), strict=True)
    )
    heads = "".join(
        f'<th scope="col" class="left">{html_text(head)}</th>'
        for head in (t("Decision"), t("Responsible"), t("Due"), t("Concerns"), t("State"))
    )
    left = len(rows) - len(shown)
    more = f'<p class="note">{html_text(t.plural("and {n} more", "and {n} more", left))}</p>' if left else ""
    return (
        f'<table class="decisions"><caption class="hidden">{html_text(t("Decisions"))}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>{more}"
    )


def _decision(row: Mapping[Any, Any], past: bool, t: Translator, *, closable: bool) -> str:
    code, done = str(row["code"]), row["state"] == str(DecisionState.DONE)
    text = str(row["text"]) if isinstance(row["text"], str) else t("hidden from this audience")
    place = regions.region_label(row["region_code"]) if isinstance(row["region_code"], str) else t("Whole programme")
    state = t("Done") if done else t("Past its day") if past else t("Still open")
    button = ""
    if closable and not done:
        named = html_text(t("Mark as done: {text}", text=text))
        done_now = html_text(t("Done"))
        button = f'<button class="close" data-close="{html_text(code)}" aria-label="{named}">✓ {done_now}</button>'
    tone = "good" if done else "bad" if past else ""
    return (
        f'<tr class="{tone}"><th scope="row" class="left">{html_text(text)}</th>'
        f"<td>{html_text(row['responsible'])}</td><td>{html_text(t.date(row['due']))}</td>"
        f'<td>{html_text(place)}</td><td><span class="state">{html_text(state)}</span>{button}</td></tr>'
    )


def theme_colours() -> str:
    """The colours of statuses and classes in both themes, as rules of a style sheet."""
    rules = []
    for theme, chosen in _SELECTORS.items():
        ground = GROUNDS[theme]
        lines = [f"--{name.replace('_', '-')}: {getattr(ground, name)}" for name in Ground.__dataclass_fields__]
        for status in Status:
            look = status_look(status, theme)
            lines += [f"--fill-{status}: {look.fill}", f"--mark-{status}: {look.mark_colour}"]
        lines += [f"--class-{index}: {colour}" for index, colour in enumerate(SCALES["deviation"].colours(theme))]
        rules.append(f"{chosen} {{ {'; '.join(lines)}; }}")
    return "\n".join(rules)
