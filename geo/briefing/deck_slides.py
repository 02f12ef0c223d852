"""Lay out the slides of a region: where it stands, its curve, what is late, silent or in the way, what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd
from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from geo.briefing.deck_charts import add_columns, add_curve, curve_lines
from geo.briefing.deck_notes import figure_lines, footer_text, page_notes, sample_mark, table_lines, write_notes
from geo.briefing.deck_sheet import (
    FOOTER_SIZE,
    GOOD,
    INK,
    MUTED,
    PAPER,
    WARNING,
    Box,
    Sheet,
    add_field,
)
from geo.briefing.deck_tables import Look, add_table, chosen
from geo.briefing.deck_template import Ground, placed
from geo.briefing.parts import Briefing, Cell, Change, Column, Figure, RegionPage, Table
from geo.drawing.charts import forecast_text
from geo.drawing.layout import Size
from geo.drawing.print_map import draw_map
from geo.drawing.snapshot import snapshot
from geo.locale import MISSING, Translator
from geo.locale.terms import status_name

TITLE_SIZE: Final = (26.0, 18.0)
"""Letters of a slide's title, at best and at least."""

MAP_DOTS: Final = 200
"""Dots to the inch of the map on a slide 13.333 inches wide: twice what a projector shows."""

_MAP_LETTERS: Final = 7.2
_SIGN: Final = re.compile(r"(?<![\w])-(?=\d)")
_BARS: Final = 10
"""Pairs of columns, and rows below them, on one slide."""


@dataclass(slots=True)
class Deck:
    """A presentation that is being filled, with the slides that a table of contents names."""

    briefing: Briefing
    ground: Ground
    contents: list[tuple[str, Any, int]] = field(default_factory=list)
    sections: list[tuple[str, list[Any]]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.ground.presentation.slides)

    def section(self, name: str) -> None:
        """Begin a part of the deck."""
        self.sections.append((name, []))

    def listed(self, words: str, sheet: Sheet) -> None:
        """Name a slide in the contents."""
        self.contents.append((words, sheet.slide, self.count))

    def sheet(self, title: str, *, cover: bool = False) -> Sheet:
        """A new slide at the end with its title; the template's other places for contents are taken out."""
        ground = self.ground
        slide = ground.presentation.slides.add_slide(ground.cover if cover else ground.plain)
        made = Sheet(
            slide=slide,
            language=self.briefing.t.language,
            body=ground.body,
            unit=ground.unit,
            ink=INK if ground.panel else ground.ink,
            muted=MUTED if ground.panel else ground.muted,
            factor=ground.factor,
            cover=cover,
        )
        self.sections[-1][1].append(slide)
        holder = slide.shapes.title
        for other in list(slide.placeholders):
            kept = other.placeholder_format.type is not None and "SUBTITLE" in str(other.placeholder_format.type)
            if other.shape_id != holder.shape_id and not (cover and kept):
                other._element.getparent().remove(other._element)
        if ground.panel:
            made.panel(Box(ground.body.x - 0.15, ground.body.y - 0.1, ground.body.width + 0.3,
                           ground.footer.bottom - ground.body.y + 0.15), name="Alas", fill=PAPER)  # fmt: skip
        self.fill_holder(made, holder, title, sizes=(36.0, 24.0) if cover else TITLE_SIZE, bold=True)
        if not cover:
            made.named(holder, "Judul")
        return made

    def fill_holder(
        self, sheet: Sheet, holder: Any, text: str, *, sizes: tuple[float, float], bold: bool | None = None
    ) -> None:
        """Words in a place of the template, at its own colour where that can be read."""
        box = placed(holder, self.ground.unit).inset(0.1 if not self.ground.house else 0.02)
        fitted = sheet.fitted(text, box, size=sizes[0], least=sizes[1], bold=bool(bold))
        frame = holder.text_frame
        for old in frame.paragraphs[0].runs:
            old._r.getparent().remove(old._r)
        sheet.run(frame.paragraphs[0], fitted.text, size=fitted.size, bold=bold, colour=self.ground.title_ink)

    def finish(self, sheet: Sheet, lines: Sequence[str]) -> None:
        """Footer and notes, when everything else stands."""
        briefing, box = self.briefing, self.ground.footer
        if sheet.cover:
            left = max(box.x, placed(sheet.slide.shapes.title, sheet.unit).x)
            box = Box(left, box.y, box.right - left, box.height)
        words, number = box.columns(box.width - 0.9, 0.8, gap=0.1)
        mark = f"{sample_mark(briefing.t)} · " if briefing.sample else ""
        told = footer_text(briefing)
        fitted = sheet.fitted(mark + told, words, size=FOOTER_SIZE, least=8, most=1)
        shape = self._around(sheet, "ftr", words, "Kaki")
        paragraph = shape.find(f"{qn('p:txBody')}/{qn('a:p')}")
        holder = _paragraph(sheet, paragraph)
        dark = sheet.ink == "#ffffff"
        if mark and fitted.text.startswith(mark):
            sheet.run(holder, mark, size=fitted.size, bold=True, colour=sheet.ink if dark else WARNING, align="left")
        rest = fitted.text.removeprefix(mark)
        sheet.run(holder, rest, size=fitted.size, colour=sheet.muted, align="left")
        shape = self._around(sheet, "sldNum", number, "Halaman")
        holder = _paragraph(sheet, shape.find(f"{qn('p:txBody')}/{qn('a:p')}"))
        place = self.ground.presentation.slides.index(sheet.slide) + 1
        holder.alignment = 3  # right
        add_field(holder, "slidenum", str(place), language=sheet.language, size=FOOTER_SIZE * sheet.unit,
                  colour=sheet.muted)  # fmt: skip
        write_notes(sheet, briefing, lines)

    def _around(self, sheet: Sheet, kind: str, box: Box, name: str) -> Any:
        """A footer or page number: in the template's own place of that kind, moved and styled; else a text box."""
        shape = sheet._box(box, name)
        element = shape._element
        for held in sheet.slide.slide_layout._element.iter(qn("p:ph")):
            if held.get("type") == kind:
                told = {"type": kind, "sz": "quarter", "idx": held.get("idx", "0")}
                etree.SubElement(element.find(f"{qn('p:nvSpPr')}/{qn('p:nvPr')}"), qn("p:ph"), told)
                element.find(f"{qn('p:nvSpPr')}/{qn('p:cNvSpPr')}").attrib.pop("txBox", None)
                break
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        return element


def _paragraph(sheet: Sheet, element: Any) -> Any:
    from pptx.text.text import _Paragraph

    return _Paragraph(element, sheet.slide.part)


# --- a region ----------------------------------------------------------------------------------------------------


def add_position(deck: Deck, page: RegionPage) -> Sheet:
    """Headline figures beside the S-curve; the first sentence is the title."""
    t = deck.briefing.t
    sheet = deck.sheet(page.sentences[0])
    body = sheet.body
    if len(page.sentences) > 1:
        told, body = body.top_part(0.56, 0.1)
        sheet.text(told, " ".join(page.sentences[1:]), name="Ringkasan", size=16, anchor=MSO_ANCHOR.MIDDLE)
    left, right = body.columns(6.3, 5.8, gap=0.25)
    _add_cards(sheet, left, page.figures)
    drawn = curve_lines(page, t)
    if drawn:
        expected = forecast_text(page.forecast, t=t)
        above, below = right.top_part(right.height - 1.4, 0.06)
        described = f"{t('Planned and realised (S-curve)')}. {page.sentences[0]} {expected}"
        add_curve(sheet, above, page, t, described=described)
        base = t("Base: {base}. A gap means that nothing is known, not zero.", base=page.curve_base)
        sheet.sentences(below, (expected, base), name="Perkiraan dan dasar", size=15)
    else:
        sheet.text(right, page.curve_base, name="Keterangan", size=20)
    numbers = [
        f"{line.name}: "
        + "; ".join(
            f"{t.date_short(day)} {t.percent(value) if value is not None else MISSING}"
            for day, value in zip(line.days, line.values, strict=True)
        )
        for line in drawn
    ]
    deck.finish(sheet, page_notes(page, deck.briefing, [*figure_lines(page.figures), *numbers]))
    return sheet


def _add_cards(sheet: Sheet, box: Box, figures: Sequence[Figure]) -> None:
    gap = 0.1
    height = (box.height - gap * (len(figures) - 1)) / max(1, len(figures))
    for place, one in enumerate(figures):
        card = Box(box.x, box.y + place * (height + gap), box.width, min(height, 1.3))
        sheet.panel(card, name="Kartu")
        edge = GOOD if one.good else WARNING if one.good is False else MUTED
        sheet.panel(Box(card.x, card.y, 0.07, card.height), name="Tepi kartu", fill=edge)
        inner = Box(card.x + 0.18, card.y + 0.05, card.width - 0.28, card.height - 0.1)
        head, rest = inner.top_part(0.27, 0.0)
        value, words = rest.columns(1.3, inner.width - 1.4, gap=0.1)
        sheet.text(head, one.label, name="Nama angka", size=15, bold=True, colour=MUTED)
        sheet.text(value, one.value, name="Angka", size=28, least=18, bold=True, colour=INK, anchor=MSO_ANCHOR.MIDDLE)
        told = " · ".join(part for part in (one.said, one.note) if part)
        sheet.text(words, told, name="Arti dan dasar", size=15, least=13, colour=INK, anchor=MSO_ANCHOR.MIDDLE)


def add_map(deck: Deck, page: RegionPage) -> Sheet:
    """The printed map over the whole slide: the one picture of the deck."""
    briefing, t = deck.briefing, deck.briefing.t
    behind = page.figures[1] if len(page.figures) > 1 else None
    told = f"{behind.said} ({behind.note})" if behind else page.subject
    sheet = deck.sheet(f"{page.name}: {told}")
    drawn = snapshot(
        page.view, t, sample=briefing.sample, classification=briefing.classification, audience=briefing.audience
    )
    box, dots = sheet.body, MAP_DOTS
    size = Size("dek", round(box.width * dots), round(box.height * dots), dots, _MAP_LETTERS / 72 * dots)
    counts = "; ".join(
        f"{status_name(t, status)}: {t.integer(count)}" for status, count in page.view.status_counts.items() if count
    )
    described = f"{page.view.title(t)}. {page.subject}. {counts}"
    sheet.picture(box, draw_map(drawn, size=size, form="png"), name="Peta", described=described)
    deck.finish(sheet, page_notes(page, briefing, [counts, *table_lines(page.regions)]))
    return sheet


_COMPARED: Final = (2.1, 0.75, 1.0, 1.0, 0.95, 0.85, 1.05, 0.8, 0.95, 0.8, 0.95)


def add_side_by_side(deck: Deck, page: RegionPage) -> list[Sheet]:
    """The regions of a page beside each other, chart above table, as many slides as they need."""
    table, t = page.regions, deck.briefing.t
    wide = replace(
        table, columns=tuple(replace(one, share=share) for one, share in zip(table.columns, _COMPARED, strict=True))
    )
    made: list[Sheet] = []
    start = 0
    while start < len(table.rows) or not made:
        part = f" ({len(made) + 1})" if made else ""
        sheet = deck.sheet(f"{_farthest_behind(page, deck)}{part}")
        if not table.rows:
            sheet.text(sheet.body, table.empty, name="Keterangan", size=20)
            deck.finish(sheet, page_notes(page, deck.briefing, []))
            return [sheet]
        above, below = sheet.body.top_part(sheet.body.height * 0.42)
        below, foot = below.top_part(below.height - 0.35, 0.05)
        placed_rows, end = add_table(sheet, below, wide, Look(rows=_BARS, lines=1), name="Tabel", start=start)
        rows = slice(start, start + placed_rows)
        _columns(sheet, above, table, rows, t)
        if table.note:
            sheet.text(Box(foot.x, min(end + 0.08, foot.y), foot.width, 0.3), table.note, name="Catatan", size=14,
                       colour=sheet.muted)  # fmt: skip
        deck.finish(sheet, page_notes(page, deck.briefing, table_lines(table, start=start, count=placed_rows)))
        made.append(sheet)
        start += max(1, placed_rows)
    return made


def _farthest_behind(page: RegionPage, deck: Deck) -> str:
    """The message of the comparison, from the figures of its rows."""
    t, raw = deck.briefing.t, page.regions.raw
    lags = pd.to_numeric(raw["deviation_points"]).astype("float64") if len(raw) else pd.Series(dtype="float64")
    if lags.notna().sum() == 0:
        return f"{page.regions.title}: {t('no region can be judged yet')}"
    worst = int(lags.fillna(float("inf")).to_numpy().argmin())
    name = page.regions.rows[worst][0].text
    if lags.iloc[worst] >= 0:
        return t("No region is behind plan on average; {place} is the last with {points}.", place=name,
                 points=t.points(lags.iloc[worst]))  # fmt: skip
    return t("{place} is furthest behind plan: {points}.", place=name, points=t.points(lags.iloc[worst]))


def _columns(sheet: Sheet, box: Box, table: Table, rows: slice, t: Translator) -> None:
    raw = table.raw.iloc[rows]
    add_columns(
        sheet,
        box,
        [row[0].text for row in table.rows[rows]],
        _numbers(raw["plan_percent"]),
        _numbers(raw["actual_percent"]),
        t,
        name="Grafik",
        described=f"{table.title}. {'; '.join(table_lines(table, start=rows.start, count=rows.stop - rows.start)[1:])}",
    )


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def add_late(deck: Deck, page: RegionPage) -> Sheet:
    """What is critical, blocked or late, gravest first."""
    t, table = deck.briefing.t, page.late
    count = len(table.raw)
    title = (
        t.plural(
            "{place}: {n} site is critical, late or blocked", "{place}: {n} sites are critical, late or blocked", count,
            place=page.name,
        )
        if count
        else f"{page.name}: {table.empty}"
    )  # fmt: skip
    sheet = deck.sheet(title)
    shares = (2.7, 1.1, 0.95, 1.15, 1.75, 3.7)
    table = replace(table, columns=tuple(replace(one, share=s) for one, s in zip(table.columns, shares, strict=True)))
    shown = _table_or_words(sheet, sheet.body, table, Look(lines=2), deck)
    deck.finish(sheet, page_notes(page, deck.briefing, table_lines(page.late, count=shown)))
    return sheet


def add_silent_and_obstacles(deck: Deck, page: RegionPage) -> Sheet:
    """Who is silent, and what stands in the way, beside each other."""
    t, silent, obstacles = deck.briefing.t, page.silent, page.obstacles
    title = "{place}: {silent}; {obstacles}".format(
        place=page.name,
        silent=t.plural("{n} silent site", "{n} silent sites", len(silent.raw)),
        obstacles=t.plural("{n} open obstacle", "{n} open obstacles", len(obstacles.raw)),
    )
    sheet = deck.sheet(title)
    left, right = sheet.body.columns(5.0, 7.0, gap=0.35)
    silent_shown = _titled(sheet, left, _shared(chosen(silent, (0, 1, 2)), (2.5, 1.45, 1.0)), Look(lines=2), deck)
    shown = _titled(sheet, right, _shared(chosen(obstacles, (0, 1, 4)), (2.15, 1.2, 3.8)), Look(lines=4), deck)
    numbers = [*table_lines(silent, count=silent_shown), *table_lines(obstacles, count=shown)]
    deck.finish(sheet, page_notes(page, deck.briefing, numbers))
    return sheet


def _shared(table: Table, shares: Sequence[float]) -> Table:
    return replace(table, columns=tuple(replace(one, share=s) for one, s in zip(table.columns, shares, strict=True)))


def _titled(sheet: Sheet, box: Box, table: Table, look: Look, deck: Deck) -> int:
    head, rest = box.top_part(0.34, 0.06)
    sheet.text(head, table.title, name="Subjudul", size=18, bold=True)
    return _table_or_words(sheet, rest, table, look, deck)


def _table_or_words(sheet: Sheet, box: Box, table: Table, look: Look, deck: Deck) -> int:
    """The table with how many rows are left out below it, or the sentence that there is nothing."""
    if not table.rows:
        sheet.text(box, table.empty, name="Keterangan", size=18)
        return 0
    room = Box(box.x, box.y, box.width, box.height - 0.34)
    shown, end = add_table(sheet, room, table, look, name=f"Tabel {table.key}")
    left = len(table.raw) - shown
    if left > 0:
        told = deck.briefing.t.plural("and {n} more (Excel annex)", "and {n} more (Excel annex)", left)
        sheet.text(Box(box.x, end + 0.06, box.width, 0.28), told, name="Sisanya", size=14, colour=sheet.muted)
    return shown


_COMPACT: Final = (0, 2, 3, 4, 5)


def add_changes(deck: Deck, page: RegionPage) -> Sheet:
    """What changed since the meeting, and the programmes: chart above table."""
    t = deck.briefing.t
    first = page.changes[0] if page.changes else None
    told = f"{first.kind} – {first.name}" if first else _no_change(deck)
    sheet = deck.sheet(f"{page.name}: {told}")
    left, right = sheet.body.columns(5.8, 6.1, gap=0.35)
    head, rest = left.top_part(0.6, 0.06)
    since = page.changes_note if deck.briefing.then is None else t("Since {meeting}", meeting=page.changes_note)
    sheet.text(head, since, name="Sejak", size=16, bold=True)
    lines = _changes_table(page, t)
    shown = 0
    if lines.rows:
        shown, _ = add_table(sheet, rest, lines, Look(lines=3), name="Tabel perubahan")
    elif deck.briefing.then is not None:
        sheet.text(rest, _no_change(deck), name="Keterangan", size=18)
    head, rest = right.top_part(0.34, 0.06)
    sheet.text(head, page.programmes.title, name="Subjudul", size=16, bold=True)
    programmes = page.programmes
    if programmes.rows:
        above, below = rest.top_part(rest.height * 0.45, 0.1)
        compact = _shared(chosen(programmes, _COMPACT), (1.8, 1.1, 1.1, 1.1, 0.9))
        fits, _ = add_table(sheet, below, compact, Look(size=15, lines=1), name="Tabel program")
        _columns(sheet, above, programmes, slice(0, fits), t)
    else:
        sheet.text(rest, programmes.empty, name="Keterangan", size=18)
    numbers = [*table_lines(lines, count=shown), *table_lines(programmes)]
    deck.finish(sheet, page_notes(page, deck.briefing, numbers))
    return sheet


def _no_change(deck: Deck) -> str:
    t, then = deck.briefing.t, deck.briefing.then
    if then is None:
        return t("No earlier meeting is recorded.")
    return t("nothing that matters has changed since {day}", day=t.date(then.on))


def _changes_table(page: RegionPage, t: Translator) -> Table:
    rows = tuple(
        (
            Cell(f"{'▲' if one.good else '▼'} {one.kind}", strong=True),
            Cell(_change_text(one)),
        )
        for one in page.changes
    )
    columns = (Column(t("What changed"), 1.9), Column(t("Where and how"), 3.9))
    return Table("changes", t("Changes"), columns, rows, pd.DataFrame(), empty=page.changes_note)


def _change_text(one: Change) -> str:
    where = f"{one.name} ({one.place})" if one.place else one.name
    told = f"{where}: {one.told}{f'; {one.others}' if one.others else ''}"
    return _SIGN.sub("\u2212", told)  # a line may break behind a hyphen, never behind a minus
