"""Write the workbooks behind native charts, and set files so that the same contents give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from openpyxl import Workbook

from geo.drawing.escape import plain_text

Number = float | None

DAY_ZERO: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""

_MOMENT: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart: its name, and for each day its value in percent; ``None`` is a gap."""

    name: str
    days: tuple[date, ...]
    values: tuple[Number, ...]


def serial(day: date) -> int:
    """A day as spreadsheets count it."""
    return (day - DAY_ZERO).days


def lines_book(lines: Sequence[Line]) -> bytes:
    """The sheet that a scatter chart's references name: one block below the other, day in A and value in B."""
    book, sheet = _book()
    row = 1
    for line in lines:
        _put(sheet, row, 2, line.name)
        for at, (day, value) in enumerate(zip(line.days, line.values, strict=True), start=row + 1):
            sheet.cell(at, 1, day).number_format = "yyyy-mm-dd"
            sheet.cell(at, 2, value)
        row += len(line.days) + 2
    return _saved(book)


def bars_book(categories: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]]) -> bytes:
    """The sheet that a bar chart's references name: categories in A, a series in each further column."""
    book, sheet = _book()
    for row, name in enumerate(categories, start=2):
        _put(sheet, row, 1, name)
    for column, (name, values) in enumerate(series, start=2):
        _put(sheet, 1, column, name)
        for row, value in enumerate(values, start=2):
            sheet.cell(row, column, value)
    return _saved(book)


def _book() -> tuple[Workbook, Any]:
    book = Workbook()
    book.properties.creator = "Sinergisitas"
    sheet = book.worksheets[0]
    sheet.title = "Sheet1"
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 16
    return book, sheet


def _put(sheet: Any, row: int, column: int, text: str) -> None:
    """A text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = plain_text(text)
    cell.data_type = "s"
    cell.quotePrefix = True


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return steady(out.getvalue(), datetime(2020, 1, 1, tzinfo=UTC))


def steady(packed: bytes, at: datetime) -> bytes:
    """An office file with ``at`` as its only moment, in the properties and in the archive's own list."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            told = zipfile.ZipInfo(entry.filename, _EARLIEST)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = 0o600 << 16
            new.writestr(told, content)
    return out.getvalue()
