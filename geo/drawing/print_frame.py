"""Draw what stands around a printed map: title, dates, classification, highlights, sources and notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from geo.drawing.layout import GAP, MARGIN, PANEL, Box
from geo.drawing.print_content import Snapshot
from geo.drawing.print_sheet import Sheet, columns
from geo.drawing.print_type import Type


@dataclass(frozen=True, slots=True)
class Texts:
    """Wrapped text of header, highlights and footer, with the heights that follow from it.

    The footer comes twice: as wide as the map, beside the legend, and as wide as the sheet.
    """

    title: tuple[str, ...]
    title_type: Type
    subtitle: tuple[str, ...]
    date: tuple[str, ...]
    known: tuple[str, ...]
    highlights: tuple[tuple[str, ...], ...]
    footers: tuple[tuple[str, ...], tuple[str, ...]]
    header_height: float
    highlights_height: float
    footer_heights: tuple[float, float]


_DATE_SHARE: Final = 0.3


def texts_of(snapshot: Snapshot, sheet: Sheet, drawn: int) -> Texts:
    labels = snapshot.labels
    inner = sheet.size.width - 2 * MARGIN
    left, right = inner * (1 - _DATE_SHARE) - 1, inner * _DATE_SHARE
    title_type = sheet.type(2.1, weight="bold")
    title = title_type.wrap(snapshot.title, left)
    if len(title) > 2:
        title_type = sheet.type(1.5, weight="bold")
        title = title_type.wrap(snapshot.title, left, most=4)
    sub = sheet.type(1.25, muted=True)
    subtitle = sub.wrap(snapshot.subtitle, left, most=3) if snapshot.subtitle else ()
    day = format_date(snapshot.on, "d MMMM y", locale=labels.language)
    dates = sheet.type(1.35, weight="semibold").wrap(labels.position.format(date=day), right)
    known = sheet.type(1.0).wrap(_known(snapshot), right) if snapshot.known_at else ()
    header = max(
        len(title) * title_type.line + len(subtitle) * sub.line + 0.2,
        len(dates) * 1.35 * 1.22 + len(known) * 1.22 + 1.9,
    )
    notes = sheet.type(1.08).size
    columns = _highlight_boxes(snapshot, Box(0, 0, inner, 1))
    highlights = tuple(
        sheet.type(notes).wrap(text, box.width - 0.9, most=4)
        for text, box in zip(snapshot.highlights, columns, strict=False)
    )
    footers = (
        _footer_lines(snapshot, sheet, inner - PANEL - GAP, drawn),
        _footer_lines(snapshot, sheet, inner, drawn),
    )
    return Texts(
        title,
        title_type,
        subtitle,
        dates,
        known,
        highlights,
        footers,
        header,
        max((len(lines) for lines in highlights), default=0) * notes * 1.22 + (0.3 if highlights else 0),
        (len(footers[0]) * 1.22 + 0.5, len(footers[1]) * 1.22 + 0.5),
    )


def _known(snapshot: Snapshot) -> str:
    assert snapshot.known_at is not None
    moment = snapshot.known_at.astimezone(ZoneInfo("Asia/Jakarta"))
    pattern = "d MMMM y HH.mm" if snapshot.labels.language == "id" else "d MMMM y HH:mm"
    return snapshot.labels.known.format(moment=format_datetime(moment, pattern, locale=snapshot.labels.language))


def _footer_lines(snapshot: Snapshot, sheet: Sheet, width: float, drawn: int) -> tuple[str, ...]:
    labels, kind = snapshot.labels, sheet.type(1.0, muted=True)
    notes = []
    if snapshot.approximate and not any(labels.official in source for source in snapshot.sources):
        notes.append(labels.approximate)
    missing = len(snapshot.points) - drawn
    if missing:
        notes.append(labels.not_drawn.format(count=labels.count(missing)) + ".")
    if snapshot.number:
        notes.append(f"{labels.number} {snapshot.number}.")
    if snapshot.footer:
        notes.append(snapshot.footer)
    lines: list[str] = []
    if snapshot.sources:
        lines += kind.wrap(f"{labels.sources}: {'; '.join(snapshot.sources)}", width, most=4)
    if notes:
        lines += kind.wrap(" ".join(notes), width, most=4)
    return tuple(lines)


def _highlight_boxes(snapshot: Snapshot, box: Box) -> list[Box]:
    return columns(box, [1] * min(max(len(snapshot.highlights), 1), 3))


def draw_header(snapshot: Snapshot, sheet: Sheet, box: Box, texts: Texts) -> None:
    colours = sheet.colours
    sheet.box(Box(0, 0, sheet.size.width, 0.45), fill=colours.accent, zorder=3)
    y = sheet.lines(box.x, box.y, texts.title, replace(texts.title_type, colour=colours.accent))
    sheet.lines(box.x, y + 0.1, texts.subtitle, sheet.type(1.25, muted=True))
    y = sheet.lines(box.right, box.y + 0.1, texts.date, sheet.type(1.35, weight="semibold"), align="right")
    y = sheet.lines(box.right, y, texts.known, sheet.type(1.0, muted=True), align="right")
    secret = snapshot.classification != "BIASA"
    told = " · ".join(part for part in (snapshot.classification, snapshot.audience) if part)
    label = f"{snapshot.labels.classification}: {told}"
    kind = replace(sheet.type(1.0, weight="bold"), colour="#ffffff" if secret else colours.ink)
    width = kind.measure(label) + 1.2
    frame = Box(box.right - width, y + 0.2, width, 1.5)
    fill, edge = (colours.warning, colours.warning) if secret else (colours.paper, colours.border_strong)
    sheet.box(frame, fill=fill, edge=edge, zorder=5)
    sheet.text(frame.x + 0.6, frame.y + 1.06, label, kind)


def draw_highlights(snapshot: Snapshot, sheet: Sheet, box: Box, texts: Texts) -> None:
    for lines, cell in zip(texts.highlights, _highlight_boxes(snapshot, box), strict=False):
        high = len(lines) * 1.08 * 1.22
        sheet.box(Box(cell.x, cell.y + 0.1, 0.22, high), fill=sheet.colours.accent, zorder=5)
        sheet.lines(cell.x + 0.8, cell.y, lines, sheet.type(1.08))


def draw_footer(sheet: Sheet, box: Box, lines: tuple[str, ...]) -> None:
    """Draw a rule and the lines below it."""
    sheet.rule([(box.x, box.y), (box.right, box.y)], colour=sheet.colours.border, width=0.05)
    sheet.lines(box.x, box.y + 0.4, lines, sheet.type(1.0, muted=True))
