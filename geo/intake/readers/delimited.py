"""Read text with separators: find its encoding and its separator by counting, keep every record."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from geo.intake.readers.contents import (
    Contents,
    Grid,
    Said,
    Tell,
    UnreadableError,
    check_columns,
    check_rows,
    listed,
    said,
)

if TYPE_CHECKING:
    from geo.intake.guard import Limits

SEPARATORS: Final = ",;\t|"
"""What may stand between cells, likeliest first where everything else is equal."""

_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_RECORDS = 300
_LONGEST_CELL = 1 << 17  # characters; a spreadsheet allows 32 767, so more is a quotation mark left open
_MOST_LINES = 20  # in one cell
_END = b"\r\n\x1a"  # line breaks, and the mark of old systems for the end of a text
_BREAK = re.compile("[\r\n]")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
}
_HINT = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d{1,2}%?|-?\d+,\d+%?")
_POINT = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d{1,2}%?|-?\d+\.\d+%?")
_FOREIGN = {one: re.compile(r"[^\s" + re.escape(one) + "](?:" + "|".join(
    re.escape(other) for other in SEPARATORS if other != one) + r")\S") for one in SEPARATORS}  # fmt: skip
_QUOTED = {
    one: re.compile(
        rf"""[^"]*+(?:(?<![^{re.escape(one)}\r\n])"[^"]*+(?:""[^"]*+)*+"(?![^{re.escape(one)}\r\n])[^"]*+)*+"""
    )
    for one in SEPARATORS
}  # every quotation mark opens a cell, closes one, or is doubled within one
_NUMBER = re.compile(r"[-+(]?\s*(?:Rp\.?\s*)?\d[\d.,]*\s*[%)]?", re.IGNORECASE)


def read_delimited(path: Path, limits: Limits, tell: Tell) -> Contents:
    """The one sheet of a text file. Every record is kept, also one with too many or too few cells."""
    content = path.read_bytes()
    text, encoding, marked = decoded(content)
    tell(0.2)
    hint = _HINT.match(text)
    first_row = 2 if hint else 1
    body = text[hint.end() :] if hint else text
    body = body.rstrip(_END.decode())
    if not body or body.isspace():
        raise UnreadableError("file.empty")
    sample = _sample(body)
    separator = str(hint[1]) if hint and hint[1] in SEPARATORS else best_separator(sample)
    decimal = _decimal(sample, separator)
    contents = Contents(properties={"encoding": _NAMES[encoding], "separator": separator, "decimal": decimal})
    if encoding != "utf-8":
        contents.said.append(said("noted", "csv.encoding", encoding=_NAMES[encoding]))
    arrays = _quick(_bytes(content, body, marked, plain=encoding == "utf-8" and not hint), body, separator, limits)
    tell(0.7)
    if arrays is None:
        arrays, more = _careful(body, separator, first_row, limits)
        contents.said += more
    if '"' in body:
        contents.said += _swallowed(arrays, first_row)
    contents.sheets.append(Grid("CSV", table=arrays, first_row=first_row))
    return contents


def _bytes(content: bytes, body: str, marked: int, *, plain: bool) -> pa.Buffer:
    """``body`` in UTF-8: a view of the file's own bytes where they are ``plain`` (UTF-8 from the mark on)."""
    if not plain:
        return pa.py_buffer(body.encode())
    end = len(content)
    while end > marked and content[end - 1] in _END:
        end -= 1
    return pa.py_buffer(content).slice(marked, end - marked)


# --- encoding ----------------------------------------------------------------------------------------------------


def decoded(content: bytes) -> tuple[str, str, int]:
    """Text of the file, its encoding, and the length of the byte order mark.

    UTF-8 and UTF-16 are recognised by their own rules; what is neither is Windows-1252. Refuses text in which lines of
    two encodings are mixed, with the first line that does not fit, and text with NUL characters.
    """
    encoding, marked = _announced(content)
    try:
        text = content[marked:].decode(encoding) if marked else content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or marked:
            line = content[: marked + error.start].count(b"\n") + 1
            raise UnreadableError("csv.bad_encoding", encoding=_NAMES[encoding], line=line) from error
        encoding, text = "cp1252", _western(content)
    if "\x00" in text:
        raise UnreadableError("csv.nul", line=text.count("\n", 0, text.index("\x00")) + 1)
    return text, encoding, marked


def _announced(content: bytes) -> tuple[str, int]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding, len(mark)
    head = content[:4096]
    if head and head.count(0) > len(head) // 4:  # text of Latin letters in UTF-16 is half NUL
        odd, even = head[1::2].count(0), head[::2].count(0)
        if odd > 9 * even:
            return "utf-16-le", 0
        if even > 9 * odd:
            return "utf-16-be", 0
    return "utf-8", 0


def _western(content: bytes) -> str:
    """The text as Windows-1252; refused where other lines are UTF-8, or where a byte means nothing in it."""
    first_bad = first_good = 0
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            first_bad = first_bad or number
        else:
            first_good = first_good or number
        if first_bad and first_good:
            raise UnreadableError(
                "csv.mixed_encoding", line=max(first_bad, first_good), other=min(first_bad, first_good)
            )
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        bad = content[: error.start].count(b"\n") + 1
        raise UnreadableError("csv.bad_encoding", encoding="UTF-8, UTF-16, Windows-1252", line=bad) from error


# --- separator ---------------------------------------------------------------------------------------------------


def _sample(text: str) -> str:
    """The beginning of the text, up to a whole line."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    end = max(text.rfind("\n", 0, _SAMPLE_CHARACTERS), text.rfind("\r", 0, _SAMPLE_CHARACTERS))
    return text[: end if end > 0 else _SAMPLE_CHARACTERS]


def best_separator(sample: str) -> str:
    """The separator that gives the evenest records with the cleanest cells; a comma where there is none at all.

    A record is even when it has the commonest number of cells (two or more); a cell is clean when it is a number, or
    when no other separator stands between two of its letters or digits, as one does in ``a;1`` split at commas.
    """
    scores = {one: _score(sample, one) for one in SEPARATORS}
    best = max(SEPARATORS, key=lambda one: scores[one])
    return best if scores[best] > 0 else ","


def _score(sample: str, separator: str) -> float:
    if separator not in sample:
        return 0.0
    records = [record for record in _records(sample, separator) if any(map(str.strip, record))]
    widths = Counter(map(len, records))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda one: (one[1], one[0]))
    cells = [cell for record in records if len(record) == width for cell in record if cell]
    if not cells:
        return 0.0
    foreign = _FOREIGN[separator]
    clean = sum(1 for cell in cells if _NUMBER.fullmatch(cell) or not foreign.search(cell))
    even = count / len(records)
    return even * (clean / len(cells)) ** 2 * (1 - 0.5 / width)


def _records(sample: str, separator: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        for record in reader:
            records.append(record)
            if len(records) == _SAMPLE_RECORDS:
                break
    except csv.Error:  # a cell without end: what came before it decides
        pass
    return records


def _decimal(sample: str, separator: str) -> str:
    """The decimal mark that more cells of the sample have; an empty text where none has one."""
    cells = [cell.strip() for record in _records(sample, separator) for cell in record]
    comma = sum(1 for cell in cells if _COMMA.fullmatch(cell))
    point = sum(1 for cell in cells if _POINT.fullmatch(cell))
    return "" if comma == point == 0 else "," if comma > point else "."


# --- records -----------------------------------------------------------------------------------------------------


def _quick(content: pa.Buffer, text: str, separator: str, limits: Limits) -> list[pa.ChunkedArray] | None:
    """The columns of a text whose records all have as many cells as the first; ``None`` for any other.

    Blank lines and quotation marks in the middle of a cell mean other things to other parsers, so texts with them are
    left to the careful way.
    """
    if text[0] in "\r\n" or any(blank in text for blank in ("\n\n", "\n\r", "\r\r")):
        return None
    quoted = '"' in text
    if quoted and not _QUOTED[separator].fullmatch(text):
        return None
    first = next(csv.reader(io.StringIO(text[: _LONGEST_CELL * 2], newline=""), delimiter=separator), [])
    check_columns(len(first), limits, "CSV")
    names = [str(at) for at in range(len(first))]
    uneven = False

    def note(_: object) -> str:
        nonlocal uneven
        uneven = True
        return "skip"

    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=1 << 22),
            parse_options=pa_csv.ParseOptions(
                delimiter=separator,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:  # a record longer than a block, for one: the careful way knows what to say
        return None
    if uneven:
        return None
    return list(table.columns)


def _careful(text: str, separator: str, first_row: int, limits: Limits) -> tuple[list[pa.Array], list[Said]]:
    """The columns of any text, record by record, and what is uneven about it."""
    records = list(_every_record(text, separator, first_row, limits))
    widths = Counter(len(record) for record in records if len(record) > 1)
    usual = max(widths, key=lambda width: (widths[width], width), default=1)
    header = next((at for at, record in enumerate(records) if len(record) >= usual), 0)
    long = [at + first_row for at, record in enumerate(records) if len(record) > usual and any(record[usual:])]
    short = [
        at + first_row for at, record in enumerate(records) if 0 < len(record) < usual and at > header and any(record)
    ]
    more = []
    if long:
        more.append(said("flagged", "csv.long", rows=listed(long), count=len(long), width=usual))
    if short:
        more.append(said("flagged", "csv.short", rows=listed(short), count=len(short), width=usual))
    columns = [pa.array([cell or None for cell in column], type=pa.string()) for column in zip_longest(*records)]
    return columns, more


def _every_record(text: str, separator: str, first_row: int, limits: Limits) -> Iterator[Sequence[str]]:
    """All records; refuses a quotation mark that is never closed, because it would swallow the rest of the file."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    before = begun = filled = 0
    last: list[str] = []
    try:
        for record in reader:
            before, begun = begun, reader.line_num
            last = record
            check_columns(len(record), limits, "CSV")
            filled += any(record)
            check_rows(filled, limits)
            yield record
    except csv.Error as error:
        raise UnreadableError("csv.quote", line=begun + first_row) from error
    if last and _BREAK.search(last[-1]) and _left_open(text, separator, before):
        raise UnreadableError("csv.quote", line=before + first_row)


def _left_open(text: str, separator: str, before: int) -> bool:
    """Whether the last record, which begins behind so many lines, ends only because the text does."""
    rest = list(io.StringIO(text, newline=""))[before:]
    try:
        list(csv.reader(rest, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _swallowed(arrays: Sequence[pa.Array], first_row: int) -> list[Said]:
    """Cells of so many lines that two stray quotation marks are likelier than a text."""
    import pyarrow.compute as pc

    found: set[int] = set()
    for array in arrays:
        breaks = pc.fill_null(pc.count_substring(array, "\n"), 0)
        if len(breaks) and pc.max(breaks).as_py() > _MOST_LINES:
            found.update((pc.indices_nonzero(pc.greater(breaks, _MOST_LINES)).to_numpy() + first_row).tolist())
    return [said("flagged", "csv.swallowed", rows=listed(sorted(found)), lines=_MOST_LINES)] if found else []
