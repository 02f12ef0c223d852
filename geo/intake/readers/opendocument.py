"""Read ODS as a stream of XML: values, merged and hidden parts, annotations, formulas without a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from geo.intake.readers.archive import Archive
from geo.intake.readers.contents import (
    LAST_COLUMN,
    LAST_ROW,
    Contents,
    Grid,
    Tell,
    UnreadableError,
    check_columns,
    check_rows,
    said,
)
from geo.intake.readers.markup import feed, local, parser, pieces
from geo.intake.readers.workbook import number_of

if TYPE_CHECKING:
    from geo.intake.cells import Raw
    from geo.intake.guard import Limits

_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")
_HIDDEN: Final = frozenset({"collapse", "filter"})
_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})


def read_opendocument(path: Path, limits: Limits, tell: Tell) -> Contents:
    """All tables of an OpenDocument spreadsheet; raises ``UnreadableError``."""
    archive = Archive(path, limits)
    if "META-INF/manifest.xml" in archive:
        with archive.open("META-INF/manifest.xml") as stream:
            if any(True for _ in pieces(stream, {"encryption-data"})):
                raise UnreadableError("file.password")
    total = max(1, archive.size("content.xml")) if "content.xml" in archive else 1
    done = 0

    def moved(count: int) -> None:
        nonlocal done
        done += count
        tell(0.9 * done / total)

    reader = _Tables(limits)
    with archive.open("content.xml") as stream:
        reader.read(stream, moved)
    if not reader.grids:
        raise UnreadableError("file.no_sheet")
    contents = Contents(sheets=reader.grids, properties=_properties(archive))
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.names):
        contents.said.append(said("noted", "file.macros"))
    if reader.linked:
        contents.said.append(said("noted", "file.links"))
    return contents


def _properties(archive: Archive) -> dict[str, str]:
    found: dict[str, str] = {}
    if "meta.xml" in archive:
        with archive.open("meta.xml") as stream:
            for top in pieces(stream, {"meta"}):
                for node in top.children:
                    name = node.attributes.get("name", node.tag)
                    text = node.all_text().strip()
                    if text and node.tag != "document-statistic":
                        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


@dataclass
class _Cell:
    given: dict[str, str]
    repeat: int
    lines: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)


class _Tables:
    """Fill a grid for each table of the document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.grids: list[Grid] = []
        self.linked = False
        self.count = 0
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.grid: Grid | None = None
        self.row = 0
        self.column = 0
        self.repeat = 1
        self.waiting: list[tuple[int, Raw]] = []
        self.cell: _Cell | None = None
        self.depth = 0
        self.annotated = 0
        self.paragraphs = 0

    def read(self, stream: IO[bytes], moved: Callable[[int], None]) -> None:
        made = parser()
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._text
        feed(made, stream, moved)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if self.cell is not None:
            self._inside(tag, given, self.cell)
        elif tag == "style:style":
            self.style = given.get("style:name", "")
        elif tag == "style:table-properties":
            if given.get("table:display") == "false":
                self.hidden_styles.add(self.style)
        elif tag == "table:table":
            self.depth += 1
            if self.depth == 1:
                hidden = given.get("table:style-name", "") in self.hidden_styles
                self.grid = Grid(given.get("table:name", ""), hidden=hidden)
                self.row = self.column = 0
        elif tag in {"table:table-source", "table:cell-range-source"}:
            self.linked = True
        elif self.grid is not None and self.depth == 1:
            self._in_table(tag, given, self.grid)

    def _in_table(self, tag: str, given: dict[str, str], grid: Grid) -> None:
        if tag in _CELLS:
            self.cell = _Cell(given, _count(given, "table:number-columns-repeated"))
        elif tag == "table:table-row":
            self.repeat = _count(given, "table:number-rows-repeated")
            self.column = 0
            self.waiting = []
            if given.get("table:visibility") in _HIDDEN:
                last = min(self.row + self.repeat, LAST_ROW)
                grid.hidden_rows.update(range(self.row + 1, last + 1))
        elif tag == "table:table-column":
            repeat = _count(given, "table:number-columns-repeated")
            if given.get("table:visibility") in _HIDDEN:
                last = min(self.column + repeat, LAST_COLUMN)
                grid.hidden_columns.update(range(self.column + 1, last + 1))
            self.column += repeat

    def _inside(self, tag: str, given: dict[str, str], cell: _Cell) -> None:
        name = local(tag)
        if tag in _CELLS or tag == "table:table":
            raise UnreadableError("file.damaged")  # a table inside a cell
        if tag == "office:annotation":
            self.annotated += 1
        elif tag == "text:p":
            self.paragraphs += 1
        elif name in {"s", "tab", "line-break"} and tag.startswith("text:"):
            sign = {"s": " ", "tab": "\t", "line-break": "\n"}[name]
            target = cell.note if self.annotated else cell.paragraph
            target.append(sign * min(_count(given, "text:c"), 1_000))
        elif name in {"table-source", "cell-range-source"}:
            self.linked = True

    def _text(self, part: str) -> None:
        if self.cell is not None and self.paragraphs:
            (self.cell.note if self.annotated else self.cell.paragraph).append(part)

    def _end(self, tag: str) -> None:
        if tag == "table:table":
            self.depth -= 1
            if self.depth == 0 and self.grid is not None:
                self.grids.append(self.grid)
                self.grid = None
        elif self.cell is not None:
            self._end_inside(tag, self.cell)
        elif tag == "table:table-row" and self.grid is not None:
            self._end_row(self.grid)

    def _end_inside(self, tag: str, cell: _Cell) -> None:
        if tag == "office:annotation":
            self.annotated -= 1
        elif tag == "text:p":
            self.paragraphs -= 1
            if self.annotated:
                cell.note.append("\n")
            else:
                cell.lines.append("".join(cell.paragraph))
                cell.paragraph.clear()
        elif tag in _CELLS and self.grid is not None:
            self._take(cell, self.grid)
            self.column += cell.repeat
            self.cell = None

    def _take(self, cell: _Cell, grid: Grid) -> None:
        value = _value(cell.given, "\n".join(cell.lines))
        row, column = self.row + 1, self.column + 1
        if value is not None and value != "":
            last = self.column + cell.repeat
            if cell.repeat > 1:
                check_columns(cell.repeat, self.limits, grid.name)
            if last > LAST_COLUMN:
                raise UnreadableError("file.damaged")
            self.waiting += [(at, value) for at in range(column, last + 1)]
        elif "table:formula" in cell.given and "office:value-type" not in cell.given:
            grid.uncomputed.append((row, column))
        note = "".join(cell.note).strip()
        if note:
            grid.notes.append((row, column, note))
        high = _count(cell.given, "table:number-rows-spanned")
        wide = _count(cell.given, "table:number-columns-spanned")
        if high > 1 or wide > 1:
            grid.merged.append((row, column, row + high - 1, column + wide - 1))

    def _end_row(self, grid: Grid) -> None:
        if self.waiting:
            self.count += self.repeat
            check_rows(self.count, self.limits)
            if self.row + self.repeat > LAST_ROW:
                raise UnreadableError("file.damaged")
            for row in range(self.row + 1, self.row + self.repeat + 1):
                for column, value in self.waiting:
                    grid.put(row, column, value)
        self.row += self.repeat


def _count(given: dict[str, str], name: str) -> int:
    text = given.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _value(given: dict[str, str], text: str) -> Raw:
    kind = given.get("office:value-type", "")
    if kind in {"float", "percentage", "currency"}:
        return number_of(given["office:value"])
    if kind == "date":
        return _moment(given["office:date-value"])
    if kind == "time":
        return _clock(given["office:time-value"])
    if kind == "boolean":
        return given.get("office:boolean-value") == "true"
    if kind == "string":
        return given.get("office:string-value", text)
    return text or None


def _moment(text: str) -> Raw:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return date(found.year, found.month, found.day) if len(text) == 10 else found.replace(tzinfo=None)


def _clock(text: str) -> Raw:
    found = _DURATION.fullmatch(text)
    if not found:
        return text
    days, hours, minutes, seconds, _ = found.groups(default="0")
    hour, minute, second = int(hours) + 24 * int(days), int(minutes), int(seconds)
    if hour < 24 and minute < 60 and second < 60:
        return time(hour, minute, second)
    return (hour + minute / 60 + second / 3600) / 24  # a duration, in days as a workbook has it
