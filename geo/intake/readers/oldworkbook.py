"""Read XLS, the binary workbooks of Excel 5 to 2003."""

from __future__ import annotations

import struct
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from geo.intake.readers.contents import Contents, Grid, Tell, UnreadableError, check_columns, check_rows, said
from geo.intake.readers.workbook import form_of, moment_of, number_of

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet

    from geo.intake.cells import Raw
    from geo.intake.guard import Limits

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_STREAMS = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_NAMES: Final = {
    2: "title",
    3: "subject",
    4: "creator",
    5: "keywords",
    6: "description",
    8: "lastModifiedBy",
    14: "manager",
    15: "company",
}
_TEXT_TYPES = (30, 31)  # code page and UTF-16
_MOST_PROPERTIES = 200


def read_old_workbook(path: Path, limits: Limits, tell: Tell) -> Contents:
    """All worksheets of an XLS; raises ``UnreadableError``. The format does not say which formulas lack a value."""
    content = path.read_bytes()
    log = StringIO()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=log
        )
    except (xlrd.XLRDError, CompDocError) as error:
        text = str(error).lower()
        raise UnreadableError("file.password" if "encrypt" in text or "password" in text else "file.damaged") from error
    contents = Contents(properties=_properties(content))
    if _wide("_VBA_PROJECT") in content:
        contents.said.append(said("noted", "file.macros"))
    for number in range(book.nsheets):
        try:
            sheet = book.sheet_by_index(number)
        except (xlrd.XLRDError, CompDocError) as error:
            raise UnreadableError("file.damaged") from error
        grid = Grid(sheet.name, hidden=sheet.visibility != 0)
        _fill(grid, sheet, book, limits)
        contents.sheets.append(grid)
        book.unload_sheet(number)
        tell(0.9 * (number + 1) / book.nsheets)
    if not contents.sheets:
        raise UnreadableError("file.no_sheet")
    return contents


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _fill(grid: Grid, sheet: Sheet, book: Book, limits: Limits) -> None:
    filled = 0
    for row in range(sheet.nrows):
        cells = sheet.row(row)
        before = len(grid.columns)
        some = False
        for column, cell in enumerate(cells):
            value = _value(cell, book)
            if value is not None and value != "":
                grid.put(row + 1, column + 1, value)
                some = True
        filled += some
        check_rows(filled, limits)
        if len(grid.columns) != before:
            check_columns(len(grid.columns), limits, grid.name)
    grid.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    grid.hidden_columns = {at + 1 for at, shown in sheet.colinfo_map.items() if shown.hidden}
    grid.hidden_rows = {at + 1 for at, shown in sheet.rowinfo_map.items() if shown.hidden}
    grid.notes = sorted(
        (at + 1, to + 1, note.text.strip()) for (at, to), note in sheet.cell_note_map.items() if note.text
    )


def _value(cell: Cell, book: Book) -> Raw:
    kind, value = cell.ctype, cell.value
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind == xlrd.XL_CELL_NUMBER:
        return number_of(repr(float(value)))
    if kind == xlrd.XL_CELL_DATE:
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return moment_of(float(value), form_of(code), from_1904=bool(book.datemode))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERR!"))
    return None


# --- document properties -----------------------------------------------------------------------------------------


def _properties(content: bytes) -> dict[str, str]:
    """Texts of the document's properties (MS-OLEPS); what cannot be read of them is left out."""
    if not content.startswith(OLE):
        return {}
    found: dict[str, str] = {}
    try:
        document = CompDoc(content, logfile=StringIO())
        for name in _STREAMS:
            stream = document.get_named_stream(name)
            if stream:
                found.update(_property_set(bytes(stream), main=name == _STREAMS[0]))
    except (CompDocError, struct.error, IndexError, AssertionError, UnicodeDecodeError):
        return found
    return found


def _property_set(stream: bytes, *, main: bool) -> dict[str, str]:
    (begin,) = struct.unpack_from("<I", stream, 44)
    (count,) = struct.unpack_from("<I", stream, begin + 4)
    offsets = [struct.unpack_from("<II", stream, begin + 8 + 8 * at) for at in range(min(count, _MOST_PROPERTIES))]
    page = "cp1252"
    texts: dict[int, bytes | str] = {}
    for number, offset in offsets:
        kind, length = struct.unpack_from("<II", stream, begin + offset)
        if number == 1 and kind == 2:
            page = "utf-8" if length & 0xFFFF == 65001 else page
        if kind in _TEXT_TYPES:
            start = begin + offset + 8
            wide = kind == 31
            raw = stream[start : start + (2 * length if wide else length)]
            texts[number] = raw.decode("utf-16-le", "replace") if wide else raw
    found = {}
    for number, text in texts.items():
        if (number in _NAMES) and (number < 10) == main:
            shown = text if isinstance(text, str) else text.decode(page, "replace")
            if shown.strip("\x00 "):
                found[_NAMES[number]] = shown.strip("\x00 ")
    return found
