"""Write a workbook: the rows, what the file is, what its columns mean."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from geo.export.cells import harmless, plain_column
from geo.export.meanings import described
from geo.model import Language, Problem, RefusedError

DATA: Final = "data"
ABOUT: Final = "keterangan"
DICTIONARY: Final = "kamus"
"""The sheets of an exported workbook; only the first holds data."""

LONGEST: Final = 32_767
"""Characters that a cell can hold."""

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet can hold, its header included."""

_EXACT: Final = 2**53  # the largest whole number that a cell keeps without loss
_UNWRITABLE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WRITTEN: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HEADER_FILL: Final = PatternFill("solid", start_color="FFE6EFF4")
_NARROWEST, _WIDEST = 11, 40


def escaped(text: str) -> str:
    """A text as XML can carry it in a cell (ECMA-376, ST_Xstring): a carriage return becomes ``_x000D_``."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that ``escaped`` was given: spreadsheets read a cell in this way."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)


def xlsx_bytes(table: pd.DataFrame, about: Mapping[str, str], language: Language) -> bytes:
    """Three sheets: ``data`` (typed cells, frozen header, filter), ``keterangan`` (``about``), ``kamus`` (meanings).

    Days are days and numbers numbers with every digit; a moment is ISO text in UTC, for a workbook knows no zones and
    no microseconds, and so is a whole number that a cell cannot hold exactly. Every text is a text, whatever it begins
    with, and stays one when somebody edits it.

    Raises ``RefusedError`` for more rows than a sheet or more characters than a cell can hold.
    """
    columns = {str(name): _cell_values(table[name]) for name in table.columns}
    _refuse_too_large(len(table), columns)
    book = Workbook(write_only=True)
    book.properties.creator = "Sinergisitas"
    book.properties.title = "Sinergisitas"
    book.properties.description = "\n".join(f"{name}: {escaped(text)}" for name, text in about.items())
    sheet = _sheet(book, DATA, columns, _widths(columns), about)
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{len(table) + 1}"
    told = {"keterangan": list(about), "isi": list(about.values())}
    _sheet(book, ABOUT, told, [16, 90], about)
    words = described(list(columns), language)
    _sheet(book, DICTIONARY, {str(name): words[name].tolist() for name in words}, [24, 16, 20, 40, 80], about)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: Workbook, title: str, columns: Mapping[str, Sequence[Any]], widths: Iterable[float], about: Mapping[str, str]
) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.HeaderFooter.oddHeader.right.text = " · ".join(
        about[name].replace("&", "&&") for name in ("posisi", "catatan") if name in about
    )
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_heading(sheet, name) for name in columns])
    cells = [_cells(sheet, values) for values in columns.values()]
    for row in zip(*cells, strict=True):
        sheet.append(row)
    return sheet


def _heading(sheet: Any, name: str) -> Any:
    cell = _text_cell(sheet, name)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _HEADER_FILL, Alignment(vertical="top")
    return cell


def _cell_values(values: pd.Series) -> list[Any]:
    """Cells as a workbook keeps them: days as ``date``, numbers, texts ready for XML, ``None`` where missing."""
    if values.dtype.kind == "M" and not isinstance(values.dtype, pd.DatetimeTZDtype):
        return [None if told is None else date.fromisoformat(told) for told in plain_column(values)]
    return [_cell_value(value) for value in plain_column(values)]


def _cell_value(value: Any) -> Any:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, int) and abs(value) > _EXACT:
        return str(value)
    return value


def _cells(sheet: Any, values: Sequence[Any]) -> list[Any]:
    """What needs more than its bare value as a cell, everything else as it is."""
    plain_texts = {
        text: not text.startswith("#") and harmless(text) == text
        for text in {value for value in values if isinstance(value, str)}
    }
    return [_cell(sheet, value, plain_texts) for value in values]


def _cell(sheet: Any, value: Any, plain_texts: Mapping[str, bool]) -> Any:
    if isinstance(value, str):
        return value if plain_texts[value] else _text_cell(sheet, value)
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        cell = WriteOnlyCell(sheet, repr(value))  # the library writes 16 digits of a number, and some need 17
        cell.data_type = "n"
        return cell
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """A text that begins like a formula stays a text, also when its cell is edited."""
    cell: Any = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _widths(columns: Mapping[str, Sequence[Any]]) -> list[float]:
    """Widths in characters, by the heading and the first rows."""
    return [
        _width([name, *(str(value) for value in values[:50] if value is not None)]) for name, values in columns.items()
    ]


def _width(texts: Iterable[str]) -> float:
    return min(_WIDEST, max(_NARROWEST, *(len(text) + 2 for text in texts)))


def _refuse_too_large(rows: int, columns: Mapping[str, Sequence[Any]]) -> None:
    if rows + 1 > MOST_ROWS:
        told = f"a sheet holds {MOST_ROWS} rows and this table has {rows + 1}"
        raise RefusedError([Problem(told, "Choose csv or parquet, or fewer rows.")])
    problems = [
        Problem(f"a cell holds {LONGEST} characters and this text has {len(value)}", "Choose csv or parquet.",
                row=place, column=name)
        for name, values in columns.items()
        for place, value in enumerate(values, start=2)
        if isinstance(value, str) and len(value) > LONGEST
    ]  # fmt: skip
    if problems:
        raise RefusedError(problems)
