"""Set a table as a native one: what fits at letters that can be read from four metres, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches

from geo.briefing.deck_sheet import ACCENT, INK, PAPER, RULE, Box, Sheet, blend, ink_for, rgb
from geo.briefing.deck_text import LEAST, LINE, Fitted, fit
from geo.briefing.parts import Cell, Column, Table
from geo.drawing.palette import status_look

_PLAIN_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid", which every version knows
_SIDE: Final = 0.07
_ABOVE: Final = 0.045
_LEAST_HEAD: Final = 12.0
_STRIPE: Final = "#f6f9fa"


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is set: sizes of letters in points, lines a cell may have, whether a status tints its whole cell."""

    size: float = 16.0
    least: float = LEAST
    lines: int = 2
    tinted: bool = False
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Cell, ...]
    fitted: tuple[Fitted, ...]
    height: float


def chosen(table: Table, wanted: Sequence[int]) -> Table:
    """The table with only some of its columns, by their places."""
    return replace(
        table,
        columns=tuple(table.columns[at] for at in wanted),
        rows=tuple(tuple(row[at] for at in wanted) for row in table.rows),
    )


def rows_that_fit(sheet: Sheet, box: Box, table: Table, look: Look, *, start: int = 0) -> int:
    """How many rows from ``start`` on have room in the box at the size that is chosen for it."""
    return len(_laid(sheet, box, table, look, start)[2])


def add_table(sheet: Sheet, box: Box, table: Table, look: Look, *, name: str, start: int = 0) -> tuple[int, float]:
    """Draw rows from ``start`` on; answers how many have found room, and where the table ends (inches).

    The largest size at which all rows fit is taken; where none is, as many rows as fit at the least size. A cell that
    is too long ends with an ellipsis, and its full words are kept for the notes.
    """
    widths, head, rows = _laid(sheet, box, table, look, start)
    height = head.height + sum(row.height for row in rows)
    frame = sheet.slide.shapes.add_table(len(rows) + 1, len(widths), *sheet.emu(Box(box.x, box.y, sum(widths), height)))
    sheet.named(frame, name, f"{table.title}. {', '.join(column.heading for column in table.columns)}")
    grid = frame.table
    _style(grid)
    for place, across in enumerate(widths):
        grid.columns[place].width = Inches(across * sheet.unit)
    for at, row in enumerate((head, *rows)):
        grid.rows[at].height = Inches(row.height * sheet.unit)
        for place, (cell, fitted) in enumerate(zip(row.cells, row.fitted, strict=True)):
            if fitted.cut:
                sheet.cut.append(cell.text)
            _fill(sheet, grid.cell(at, place), cell, fitted, table.columns[place], at, look)
    return len(rows), box.y + height


def _laid(sheet: Sheet, box: Box, table: Table, look: Look, start: int) -> tuple[list[float], _Row, list[_Row]]:
    shares = sum(column.share for column in table.columns)
    widths = [box.width * column.share / shares for column in table.columns]
    wanted = table.rows[start : None if look.rows is None else start + look.rows]
    size = look.size
    while True:
        head = _head(sheet, table, widths, size)
        room = box.height - head.height
        rows: list[_Row] = []
        for cells in wanted:
            row = _row(sheet, cells, widths, size, look.lines, tinted=look.tinted)
            if row.height > room + 1e-6:
                break
            room -= row.height
            rows.append(row)
        whole = len(rows) == len(wanted) and not any(one.cut for row in (head, *rows) for one in row.fitted)
        if whole or size <= look.least:
            return widths, head, rows
        size = max(look.least, size - 1)


def _row(
    sheet: Sheet, cells: tuple[Cell, ...], widths: Sequence[float], size: float, lines: int, *, tinted: bool = False
) -> _Row:
    fitted = tuple(
        fit(
            _words(cell, tinted),
            (across - 2 * _SIDE) * 72,
            1e6,
            size=size,
            least=size,
            bold=cell.strong,
            factor=sheet.factor,
            most=lines,
        )
        for cell, across in zip(cells, widths, strict=True)
    )
    return _Row(cells, fitted, max(one.height for one in fitted) / 72 + 2 * _ABOVE)


def _head(sheet: Sheet, table: Table, widths: Sequence[float], size: float) -> _Row:
    """The headings, smaller than the rows where a word would be parted."""
    cells = tuple(Cell(column.heading, strong=True) for column in table.columns)
    fitted = tuple(
        fit(
            cell.text, (across - 2 * _SIDE) * 72, 3 * size * LINE, size=size, least=_LEAST_HEAD, bold=True,
            factor=sheet.factor, most=3,
        )
        for cell, across in zip(cells, widths, strict=True)
    )  # fmt: skip
    return _Row(cells, fitted, max(one.height for one in fitted) / 72 + 2 * _ABOVE)


def _words(cell: Cell, tinted: bool) -> str:
    """The cell's text, behind the glyph of its status where its colour does not stand in the whole cell."""
    if cell.status is None or tinted:
        return cell.text
    glyph = status_look(cell.status).glyph
    return cell.text if cell.text.startswith(glyph) else f"{glyph} {cell.text}"


def _fill(sheet: Sheet, place: Any, cell: Cell, fitted: Fitted, column: Column, row: int, look: Look) -> None:
    place.margin_left = place.margin_right = Inches(_SIDE * sheet.unit)
    place.margin_top = place.margin_bottom = Inches(_ABOVE * sheet.unit)
    place.vertical_anchor = MSO_ANCHOR.MIDDLE
    ground = ACCENT if row == 0 else _STRIPE if row % 2 == 0 else PAPER
    ink = ink_for(ground) if row == 0 else INK
    if row and cell.status is not None:
        seen = status_look(cell.status)
        if look.tinted:
            ground = PAPER if seen.hollow else blend(seen.fill, 0.35)
        else:
            ink = seen.text
    place.fill.solid()
    place.fill.fore_color.rgb = rgb(ground)
    _edge(place)
    paragraph = place.text_frame.paragraphs[0]
    glyph, _, rest = fitted.text.partition(" ")
    if row and cell.status is not None and not look.tinted and rest and len(glyph) == 1:
        sheet.run(paragraph, f"{glyph} ", size=fitted.size, bold=True, colour=ink, align=column.align)
        sheet.run(paragraph, rest, size=fitted.size, bold=cell.strong, colour=INK)
        return
    sheet.run(paragraph, fitted.text, size=fitted.size, bold=cell.strong, colour=ink, align=column.align)


def _style(grid: Any) -> None:
    properties = grid._tbl.tblPr
    properties.set("firstRow", "1")
    properties.set("bandRow", "0")
    for old in properties.findall(qn("a:tableStyleId")):
        old.text = _PLAIN_STYLE


def _edge(place: Any) -> None:
    """A thin line below the cell; lines stand before the fill."""
    properties = place._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnB"), {"w": "9525", "cap": "flat", "cmpd": "sng", "algn": "ctr"})
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), {"val": RULE.removeprefix("#").upper()})
    etree.SubElement(line, qn("a:prstDash"), {"val": "solid"})
    properties.insert(0, line)
