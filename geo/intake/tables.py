"""Find the table in a sheet: where its heading stands, which rows are data, and what was left out and why.

People put a title above the table, totals below it and signatures at the foot; they merge cells, number the columns and
repeat the heading on every page. All that is told apart here. Nothing vanishes: each row of the sheet is heading, body
or left out for a reason, and ``Table.told`` says so in findings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.intake.cells import Finding, Level, Messages
from geo.intake.kinds import KINDS, Kind, heading_words, kind_columns
from geo.intake.layout import LISTS

Numbers = npt.NDArray[np.int64]
Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, as the file counts them (from 1)."""

MOST_TITLE_ROWS: Final = 60
"""A heading is looked for in this many filled rows from the top."""

MOST_HEADER_ROWS: Final = 4
"""A heading has no more rows than this."""

MOST_FOOT_ROWS: Final = 80
"""Notes and signatures below a table have no more rows than this; what is longer is data."""

_LONGEST_HEADING: Final = 160  # characters
_MOST_LOOKED_AT: Final = 200  # cells of a row that may be the heading


class LeftOut(StrEnum):
    """Why a row of the sheet is not taken as data."""

    TITLE = "title"
    NUMBERING = "numbering"
    REPEATED = "repeated"
    BLANK = "blank"
    TOTAL = "total"
    SECTION = "section"
    NOTE = "note"
    OTHER_TABLE = "other_table"


class SheetLike(Protocol):
    """A sheet of raw cells as the readers give it; missing cells are ``None``."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def cells(self) -> pd.DataFrame: ...
    @property
    def rows(self) -> Numbers: ...
    @property
    def columns(self) -> Numbers: ...
    @property
    def merged(self) -> tuple[Merged, ...]: ...
    @property
    def hidden_rows(self) -> frozenset[int]: ...
    @property
    def hidden_columns(self) -> frozenset[int]: ...
    @property
    def geometry(self) -> Sequence[BaseGeometry | None] | None: ...


@dataclass(frozen=True)
class Table:
    """The table of a sheet.

    - ``headings``: one for each column, each once; a column without one is called by its letter: ``[C]``.
    - ``body``: the data as raw cells, its columns named by ``headings``, its index from 0.
    - ``rows``, ``columns``: where each row and column of ``body`` stands in the file, from 1.
    - ``header_rows``: file rows of the heading, of more than one row where rows were joined; empty where there is none.
    - ``left_out``: file rows not taken, by reason. Header, body and these are all rows of the sheet, each once.
    - ``titles``: the texts above the heading.
    - ``told``: what was taken and why, for a person.
    - ``shapes``: of a spatial format one geometry (EPSG:4326) or ``None`` for each row of ``body``; else ``None``.
    """

    headings: tuple[str, ...]
    body: pd.DataFrame = field(repr=False)
    rows: Numbers = field(repr=False)
    columns: Numbers
    header_rows: tuple[int, ...]
    left_out: Mapping[LeftOut, tuple[int, ...]] = field(repr=False)
    titles: tuple[str, ...] = ()
    told: tuple[Finding, ...] = ()
    shapes: tuple[BaseGeometry | None, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Choice:
    """The sheet that is proposed: its place (``None`` where none holds a table) and why.

    ``alike`` are the places of the other visible sheets with the same headings: each is a file of its own.
    """

    at: int | None
    told: tuple[Finding, ...]
    alike: tuple[int, ...] = ()


# --- the table ---------------------------------------------------------------------------------------------------


def table_in(sheet: SheetLike, *, kind: Kind | None = None) -> Table:
    """The table in a sheet as the readers give it; see ``find_table``."""
    return find_table(
        sheet.cells,
        sheet.rows,
        sheet.columns,
        merged=sheet.merged,
        kind=kind,
        hidden_rows=sheet.hidden_rows,
        hidden_columns=sheet.hidden_columns,
        shapes=sheet.geometry,
    )


def find_table(
    cells: pd.DataFrame,
    rows: Numbers,
    columns: Numbers,
    *,
    merged: Sequence[Merged] = (),
    kind: Kind | None = None,
    hidden_rows: frozenset[int] = frozenset(),
    hidden_columns: frozenset[int] = frozenset(),
    shapes: Sequence[BaseGeometry | None] | None = None,
) -> Table:
    """The table in the cells of a sheet; nothing given is altered.

    ``cells`` holds raw values (``None`` or missing where empty); ``rows`` and ``columns`` are the file's numbers (from
    1) of its rows and columns. ``merged`` are merged ranges in the file's numbers, ``kind`` what the file is said to be
    about: its headings are known words then. A sheet without anything gives a table without columns.

    ``shapes`` of a spatial format, one for each row of ``cells``: row 1 of the file then names the fields, and every
    other row with a shape or a value is data, whatever it looks like.
    """
    grid = _Grid.of(cells, rows, columns, merged)
    if not grid.filled.any():
        return _nothing(grid, shapes)
    if shapes is None:
        header = _header(grid, _vocabulary(kind))
        reasons = _left_out(grid, header)
    else:
        header = _fields(grid)
        reasons = _features(grid, header, shapes)
    taken = np.flatnonzero(reasons == _BODY)
    kept = _kept_columns(grid, header, taken)
    names, renamed = _names(grid, header, kept)
    body = _body(cells, taken, kept, names)
    body, spread, alone = _spread_down(grid, body, taken, kept)
    told = [
        *_told_header(grid, header, kept),
        *_told_rows(grid, reasons),
        *_told_columns(grid, header, kept, names, renamed),
        *_told_merged(spread, alone),
        *_told_hidden(grid, taken, kept, hidden_rows, hidden_columns),
    ]
    return Table(
        tuple(names),
        body,
        grid.rows[taken],
        grid.columns[kept],
        tuple(grid.rows[header.rows].tolist()),
        {reason: tuple(grid.rows[reasons == place].tolist()) for place, reason in enumerate(LeftOut)},
        _titles(grid, reasons),
        tuple(told),
        None if shapes is None else tuple(shapes[place] for place in taken.tolist()),
    )


def _nothing(grid: _Grid, shapes: Sequence[BaseGeometry | None] | None) -> Table:
    none = np.array([], dtype=np.int64)
    left: dict[LeftOut, tuple[int, ...]] = dict.fromkeys(LeftOut, ())
    left[LeftOut.BLANK] = tuple(grid.rows.tolist())
    only_shapes = any(shape is not None for shape in shapes or ())
    told = (Finding(Level.REFUSED, "table.only_shapes" if only_shapes else "table.nothing"),)
    return Table((), pd.DataFrame(index=pd.RangeIndex(0)), none, none, (), left, told=told)


_BODY: Final = -1
_HEADER: Final = -2
_PLACE: Final[Mapping[LeftOut, int]] = {reason: place for place, reason in enumerate(LeftOut)}


@dataclass(frozen=True)
class _Grid:
    """The cells with what is asked of them again and again. Places count from 0, in ``cells``."""

    values: npt.NDArray[np.object_]
    rows: Numbers
    columns: Numbers
    filled: npt.NDArray[np.bool_]
    counts: Numbers
    first: Numbers
    second: Numbers
    merged: tuple[Merged, ...]

    @classmethod
    def of(cls, cells: pd.DataFrame, rows: Numbers, columns: Numbers, merged: Sequence[Merged]) -> _Grid:
        values = cells.to_numpy(dtype=object)
        filled = np.array(cells.notna(), dtype=np.bool_)
        counts = filled.sum(axis=1)
        first, _ = _first_two(filled)
        if values.size:
            few = np.flatnonzero((counts > 0) & ((counts <= _FEW) | _spaces(values[np.arange(len(values)), first])))
            filled[few] &= ~_spaces(values[few].ravel()).reshape(len(few), values.shape[1])
            counts[few] = filled[few].sum(axis=1)
        rows, columns = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
        first, second = _first_two(filled)
        return cls(values, rows, columns, filled, counts, first, second, _places(merged, rows, columns))

    def value(self, row: int, column: int) -> Any:
        return self.values[row, column] if self.filled[row, column] else None

    def text(self, row: int, column: int) -> str:
        return _shown(self.value(row, column))

    def filled_in(self, row: int) -> list[int]:
        found: list[int] = np.flatnonzero(self.filled[row]).tolist()
        return found

    @cached_property
    def typical(self) -> int:
        """How many cells a row has that has any: the median."""
        return int(np.median(self.counts[self.counts > 0]))

    @cached_property
    def covers(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Place of the first cell of each merged range -> rows and columns that it covers."""
        return {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in self.merged}

    def across(self, row: int, column: int) -> int:
        """How many columns the cell covers."""
        return self.covers.get((row, column), (1, 1))[1]


_FEW: Final = 3  # cells of a row that may be a title, a section or a note


def _spaces(values: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Which values are blanks typed with the space bar."""
    return np.fromiter(
        (value.__class__ is str and (not value or value.isspace()) for value in values), np.bool_, len(values)
    )


def _first_two(filled: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """The columns of the first and the second filled cell of each row (0 where there is none)."""
    if not filled.shape[1]:
        none = np.zeros(len(filled), dtype=np.int64)
        return none, none
    first = filled.argmax(axis=1)
    rest = filled.copy()
    rest[np.arange(len(filled)), first] = False
    return first, rest.argmax(axis=1)


def _places(merged: Sequence[Merged], rows: Numbers, columns: Numbers) -> tuple[Merged, ...]:
    """Merged ranges by places instead of file numbers; those outside the cells are left out."""
    if not len(merged):
        return ()
    top, left, bottom, right = np.array(merged, dtype=np.int64).T
    places = (
        np.searchsorted(rows, top),
        np.searchsorted(columns, left),
        np.searchsorted(rows, bottom, side="right") - 1,
        np.searchsorted(columns, right, side="right") - 1,
    )
    return tuple(
        (first, leftmost, last, rightmost)
        for first, leftmost, last, rightmost in zip(*(place.tolist() for place in places), strict=True)
        if first <= last and leftmost <= rightmost
    )


# --- what a cell looks like --------------------------------------------------------------------------------------

_LONGEST: Final = 60  # characters; figures, days and codes are shorter
_NUMBER_LIKE: Final = re.compile(
    r"[-+(]?\s*(?:rp\.?)?\s*[-+]?[\d][\d.,\s]*\s*(?:%|,-|\)|rb|jt|juta|ribu|m|miliar|t)*", re.IGNORECASE
)
_DATE_LIKE: Final = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}[:.]\d\d.*)?|\d{1,2}\s+[a-z]{3,9}\.?\s+\d{2,4}", re.IGNORECASE
)
_CODE_LIKE: Final = re.compile(r"(?=.*\d)[A-Z][A-Z0-9]*(?:[-./_][A-Z0-9]+)+", re.IGNORECASE)
_YEAR_LIKE: Final = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_NOTHING_LIKE: Final = frozenset({"", "-", "–", "—", "n/a", "#n/a", "#div/0!", "#ref!", "#value!", "0"})


def _shown(value: Any) -> str:
    """A cell as one line of text."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).replace("\x00", "").split())


def _is_data(value: Any) -> bool:
    """Whether a cell can only be data: a number or a code; a year or a day may head a column too."""
    if isinstance(value, bool | time):
        return True
    if isinstance(value, datetime | date):
        return False
    text = _shown(value)
    if _YEAR_LIKE.fullmatch(text):
        return False
    if isinstance(value, int | float):
        return True
    if len(text) > _LONGEST or _DATE_LIKE.fullmatch(text):
        return False
    return bool(_NUMBER_LIKE.fullmatch(text) or _CODE_LIKE.fullmatch(text))


def _is_day(value: Any) -> bool:
    if isinstance(value, datetime | date):
        return True
    text = _shown(value)
    return len(text) <= _LONGEST and bool(_DATE_LIKE.fullmatch(text))


def _is_figure(value: Any) -> bool:
    """Whether a cell holds a number, or a sign for none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return True
    text = _shown(value)
    return text.casefold() in _NOTHING_LIKE or (len(text) <= _LONGEST and bool(_NUMBER_LIKE.fullmatch(text)))


# --- the heading -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """The rows of the heading (none: the sheet has no heading), the rows of units among them, and where data begins."""

    rows: list[int]
    starts: int
    texts: Mapping[int, str]


@cache
def _vocabulary(kind: Kind | None) -> frozenset[tuple[str, ...]]:
    kinds = (kind,) if kind else KINDS
    return frozenset(
        heading_words(alias).key for one in kinds for wanted in kind_columns(one).columns for alias in wanted.aliases
    )


def _header(grid: _Grid, known: frozenset[tuple[str, ...]]) -> _Header:
    """The likeliest row of headings, with the rows above and below that belong to it."""
    looked = np.flatnonzero(grid.counts > 0)[:MOST_TITLE_ROWS].tolist()
    scores = [(_score(grid, row, known), -place, row) for place, row in enumerate(looked)]
    best, _, row = max(scores)
    if best <= 0:
        return _Header([], looked[0], {})
    top, bottom = _topmost(grid, row, known), _bottommost(grid, row)
    rows = [one for one in range(top, bottom + 1) if grid.counts[one]]
    return _Header(rows, bottom + 1, _joined(grid, rows))


def _score(grid: _Grid, row: int, known: frozenset[tuple[str, ...]]) -> float:
    """How much a row looks like headings: known words count most, then many short and distinct texts."""
    columns = grid.filled_in(row)[:_MOST_LOOKED_AT]
    values = [grid.value(row, column) for column in columns]
    texts = [_shown(value) for value in values]
    hits = len({heading_words(text).key for text in texts if len(text) <= 80} & known)
    data = sum(_is_data(value) for value in values)
    widest = max((grid.across(row, column) for column in columns), default=1)
    typical = min(_MOST_LOOKED_AT, grid.typical)
    if (len(values) == 1 and (widest > 1 or typical > 1 or not hits)) or data > len(values) / 2:
        return 0.0
    long = sum(len(text) > 80 for text in texts)
    coverage = min(1.0, len(values) / max(1, typical))
    plain = len(set(texts)) - 2 * data - 2 * long
    if not hits and (plain <= 0 or coverage < 0.5 or not _data_below(grid, row)):
        return 0.0
    return 3.0 * hits + 0.5 * plain + 2 * coverage - 3 * data


def _data_below(grid: _Grid, row: int) -> bool:
    """Whether figures or days stand below a text of the row, or nothing is below at all."""
    below = [one for one in range(row + 1, min(row + 12, len(grid.rows))) if grid.counts[one]]
    texts = [column for column in grid.filled_in(row) if not _is_day(grid.value(row, column))]
    values = [grid.value(one, column) for one in below for column in texts]
    return not below or any(_is_data(value) or _is_day(value) for value in values)


def _fields(grid: _Grid) -> _Header:
    """Row 1 of a spatial format, which names the fields."""
    if grid.rows[0] != 1 or not grid.counts[0]:
        return _Header([], 0, {})
    return _Header([0], 1, _joined(grid, [0]))


def _features(grid: _Grid, header: _Header, shapes: Sequence[BaseGeometry | None]) -> npt.NDArray[np.int64]:
    """For each row of a spatial format whether it is heading, body or blank."""
    located = np.array([shape is not None for shape in shapes], dtype=np.bool_)
    reasons = np.where((grid.counts > 0) | located, _BODY, _PLACE[LeftOut.BLANK])
    reasons[header.rows] = _HEADER
    return reasons


def _is_heading_row(grid: _Grid, row: int) -> bool:
    """Whether nothing in the row can only be data."""
    return grid.counts[row] > 0 and not any(_is_data(grid.value(row, column)) for column in grid.filled_in(row))


def _topmost(grid: _Grid, row: int, known: frozenset[tuple[str, ...]]) -> int:
    """The first row of the heading: rows above belong to it as long as they head groups of its columns."""
    top = row
    while top > 0 and row - top < MOST_HEADER_ROWS - 1 and _heads_groups(grid, top - 1, row, known):
        top -= 1
    return top


def _heads_groups(grid: _Grid, row: int, below: int, known: frozenset[tuple[str, ...]]) -> bool:
    if not _is_heading_row(grid, row):
        return False
    over = grid.filled_in(below)
    first, last = over[0], over[-1]
    filled = grid.filled_in(row)
    if any(grid.across(row, column) >= max(2, last - first + 1) for column in filled):
        return False  # a title over everything
    tall = [column for column in filled if not grid.filled[below, column]]
    groups = [column for column in filled if column not in tall and _is_group(grid, row, column, below)]
    if len(tall) + len(groups) < len(filled):
        return False  # something else stands over a heading, such as the name of an office over the first
    spans = grid.across(row, filled[0]) > 1
    if len(filled) == 1:
        return spans and filled[0] > first
    if groups:
        return bool(tall) or spans or filled[0] > first
    return any(heading_words(grid.text(row, column)).key in known for column in tall)


def _bottommost(grid: _Grid, row: int) -> int:
    """The last row of the heading: rows below belong to it that divide its groups or only name units."""
    bottom = row
    while bottom - row < MOST_HEADER_ROWS - 1:
        below = bottom + 1
        if below >= len(grid.rows) or not grid.counts[below]:
            break
        if not (_divides(grid, bottom, below) or _names_units(grid, bottom, below)):
            break
        bottom = below
    return bottom


def _divides(grid: _Grid, row: int, below: int) -> bool:
    """Whether every text of the row below stands under a group, or under nothing."""
    if not _is_heading_row(grid, below):
        return False
    under = grid.filled_in(below)
    groups = _groups(grid, row)
    if any(
        grid.filled[row, column] and groups.get(column, column) == column and not _is_group(grid, row, column, below)
        for column in under
    ):
        return False
    grouped = [groups[column] for column in under if column in groups]
    return bool(grouped) and (max(Counter(grouped).values()) > 1 or bool(grid.merged))


def _is_group(grid: _Grid, row: int, column: int, below: int) -> bool:
    """Whether a cell heads more columns than its own."""
    if grid.across(row, column) > 1:
        return True
    beside = column + 1
    return (
        not grid.merged
        and beside < len(grid.columns)
        and not bool(grid.filled[row, beside])
        and bool(grid.filled[below, beside])
    )


def _groups(grid: _Grid, row: int) -> dict[int, int]:
    """Column -> the column whose cell in ``row`` stands over it: by merged cells, else by the blanks that follow."""
    found = {
        column: first
        for top, first, bottom, last in grid.merged
        if top <= row <= bottom and last > first
        for column in range(first, last + 1)
    }
    if found or grid.merged:
        return found
    over: int | None = None
    for column in range(len(grid.columns)):
        over = column if grid.filled[row, column] else over
        if over is not None:
            found[column] = over
    return found


_UNIT_CELL: Final = re.compile(r"[(\[].{1,20}[)\]]|%|rp\.?|rp juta|juta|ha|orang|unit|dd|°", re.IGNORECASE)
_NUMBERING: Final = re.compile(r"[(\[]?\s*(\d{1,3})\s*[)\]]?\s*(?:=.*)?")


def _names_units(grid: _Grid, row: int, below: int) -> bool:
    """Whether the row below holds nothing but units such as ``(Rp)``, each under a heading."""
    under = grid.filled_in(below)
    texts = [grid.text(below, column) for column in under]
    return (
        all(_UNIT_CELL.fullmatch(text) and not _NUMBERING.fullmatch(text) for text in texts)
        and len(under) >= 2
        and all(grid.filled[row, column] for column in under)
    )


def _joined(grid: _Grid, rows: Sequence[int]) -> dict[int, str]:
    """The heading of every column: its texts from top to bottom, those of groups spread over their columns."""
    parts: dict[int, list[str]] = {}
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        groups = {} if last and not grid.merged else _groups(grid, row)
        for column in range(len(grid.columns)):
            text = grid.text(row, column)
            source = groups.get(column, column)
            if not text and source != column and (grid.merged or _below(grid, rows[place + 1 :], column)):
                text = grid.text(row, source)
            if text and text not in parts.setdefault(column, []):
                parts[column].append(text)
    return {column: _with_unit(texts)[:_LONGEST_HEADING] for column, texts in parts.items() if texts}


def _below(grid: _Grid, rows: Sequence[int], column: int) -> bool:
    return any(bool(grid.filled[row, column]) for row in rows)


def _with_unit(texts: list[str]) -> str:
    """Texts joined by a stroke, a unit by a blank: ``Rencana / Fisik (%)``."""
    heading = texts[0]
    for text in texts[1:]:
        heading += f" {text}" if _UNIT_CELL.fullmatch(text) and text.startswith(("(", "[")) else f" / {text}"
    return heading


# --- rows that are not data --------------------------------------------------------------------------------------

_LONGEST_LABEL: Final = 120
_TOTAL: Final = re.compile(
    r"(?:grand\s*|sub[\s-]*)?(?:jumlah|total|sub\s*jumlah|rata[\s-]*rata|rerata|average|mean|sum|jml)\b"
    r"(?:\s*(?:total|seluruh(?:nya)?|keseluruhan|umum|akhir|halaman|all|semua|[ivx]+|[a-z]|\d+|"
    r"(?:provinsi|prov\.?|kab(?:upaten)?\.?|kota|program|kegiatan|per|se|k/l|tahun|nasional|realisasi)\b.*|[(+:].*))?\s*:?\s*",
    re.IGNORECASE,
)
_TOTAL_STARTS: Final = frozenset(("jum", "tot", "sub", "gra", "rat", "rer", "ave", "mea", "sum", "jml"))
_NOTE: Final = re.compile(
    r"\**\s*(?:catatan|keterangan|ket\.?|sumber|note|notes|nb|source|mengetahui|menyetujui|disetujui|disusun|dibuat|"
    r"diperiksa|penyusun|pelapor|kepala|plt\.?|ketua|sekretaris|direktur|a\.?n\.?|nip\.?|pangkat|ttd|tertanda|hormat|"
    r"dicetak|tembusan|halaman|page|updated|diperbarui|update|petunjuk)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_FOOTNOTE: Final = re.compile(r"(?:\*+|\d\)|[a-z]\))\s*\S.*", re.IGNORECASE | re.DOTALL)
_PLACE_AND_DAY: Final = re.compile(r"[^\W\d][\w .]*,\s*(?:\d{1,2}|\.{2,}|…+|_+)?\s*[^\W\d]*\s*(?:20\d\d)?", re.DOTALL)
_LONGEST_LETTER: Final = 12  # characters of a letter or Roman number before a section, with blanks and a point
_SECTION: Final = re.compile(
    r"(?:[ivxlc]+|[a-z]|\d{1,2})[.)]?\s+[^\W\d].*|[^\W\d]\S*\s+\S.*", re.IGNORECASE | re.DOTALL
)


def _left_out(grid: _Grid, header: _Header) -> npt.NDArray[np.int64]:
    """For each row ``_BODY``, ``_HEADER`` or the place of its reason in ``LeftOut``."""
    reasons = np.full(len(grid.rows), _BODY, dtype=np.int64)
    reasons[: header.starts] = _PLACE[LeftOut.TITLE]
    reasons[grid.counts == 0] = _PLACE[LeftOut.BLANK]
    reasons[header.rows] = _HEADER
    start = _numbering(grid, header, reasons)
    _repeats(grid, header, reasons)
    other = _other_table(grid, header, reasons, start)
    if other is not None:
        reasons[other:][reasons[other:] != _PLACE[LeftOut.BLANK]] = _PLACE[LeftOut.OTHER_TABLE]
    _totals(grid, reasons)
    _foot(grid, reasons)
    _sections(grid, reasons)
    return reasons


def _numbering(grid: _Grid, header: _Header, reasons: npt.NDArray[np.int64]) -> int:
    """Mark the row 1 2 3 4 below the heading, wherever the page begins anew; the first row after it."""
    start = header.starts
    for row in range(header.starts, min(header.starts + 3, len(grid.rows))):
        if grid.counts[row] and _is_numbering(grid, row):
            reasons[row] = _PLACE[LeftOut.NUMBERING]
            return row + 1
    return start


def _is_numbering(grid: _Grid, row: int) -> bool:
    found = [_NUMBERING.fullmatch(grid.text(row, column)) for column in grid.filled_in(row)]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < 3 or len(numbers) < len(found) or numbers[0] > 2:
        return False
    steps = {after - before for before, after in pairwise(numbers)}
    return steps == {1}


def _repeats(grid: _Grid, header: _Header, reasons: npt.NDArray[np.int64]) -> None:
    """Mark the heading where it stands again on a further page, with the row of numbers below it."""
    if not header.rows:
        return
    columns = [column for column in range(len(grid.columns)) if grid.filled[header.rows[0], column]]
    lead = columns[0]
    wanted = grid.text(header.rows[0], lead)
    for start in _equal_below(grid, header, lead, wanted):
        block = range(start, start + len(header.rows))
        if block[-1] >= len(grid.rows) or not all(
            _same_row(grid, own, again) for own, again in zip(header.rows, block, strict=True)
        ):
            continue
        reasons[list(block)] = _PLACE[LeftOut.REPEATED]
        after = block[-1] + 1
        if after < len(grid.rows) and grid.counts[after] and _is_numbering(grid, after):
            reasons[after] = _PLACE[LeftOut.REPEATED]


def _equal_below(grid: _Grid, header: _Header, column: int, wanted: str) -> Iterator[int]:
    starts = {wanted[:1].lower(), wanted[:1].upper(), " ", "\n", "\t", "\xa0"}
    wanted = wanted.casefold()
    length = len(wanted)
    for place, value in enumerate(grid.values[header.starts :, column].tolist()):
        likely = value.__class__ is str and len(value) >= length and value[0] in starts
        if likely and _shown(value).casefold() == wanted:
            yield header.starts + place


def _same_row(grid: _Grid, row: int, again: int) -> bool:
    width = len(grid.columns)
    other = 0
    for column in range(width):
        other += grid.text(row, column).casefold() != grid.text(again, column).casefold()
        if other > 0.1 * width:
            return False
    return True


def _totals(grid: _Grid, reasons: npt.NDArray[np.int64]) -> None:
    """Mark rows that begin with a word for a total (after a row number, if any) and otherwise hold figures only."""
    for row in _beginning_with(grid, reasons, _TOTAL_STARTS):
        columns = grid.filled_in(row)
        at = next((place for place in columns if not _is_figure(grid.value(row, place))), None)
        if at is None or not _TOTAL.fullmatch(grid.text(row, at)[:_LONGEST_LABEL]):
            continue
        rest = [grid.value(row, column) for column in columns if column > at]
        others = [value for value in rest if not _is_figure(value)]
        if not others or (len(others) == 1 and len(_shown(others[0])) <= 12 and len(rest) > 2):
            reasons[row] = _PLACE[LeftOut.TOTAL]


def _beginning_with(grid: _Grid, reasons: npt.NDArray[np.int64], starts: frozenset[str]) -> Iterator[int]:
    """Body rows whose first cell, or the one after it, begins with one of ``starts`` (three letters)."""
    body = np.flatnonzero(reasons == _BODY)
    found: set[int] = set()
    for nth in (grid.first[body], grid.second[body]):
        for column in np.unique(nth).tolist():
            rows = body[nth == column]
            values = grid.values[rows, column].tolist()
            found.update(
                row
                for row, value in zip(rows.tolist(), values, strict=True)
                if value.__class__ is str and value.lstrip()[:3].lower() in starts
            )
    yield from sorted(found)


def _full(grid: _Grid, reasons: npt.NDArray[np.int64]) -> float:
    """How many cells a full row of the body has at least: half the usual."""
    counts = grid.counts[reasons == _BODY]
    return max(2.0, float(np.median(counts)) / 2) if len(counts) else 2.0


def _foot(grid: _Grid, reasons: npt.NDArray[np.int64]) -> None:
    """Mark notes and signatures: what follows the last full row and a blank, a total or a word of theirs."""
    body = np.flatnonzero(reasons == _BODY).tolist()
    least = _full(grid, reasons)
    widest = max((int(grid.counts[row]) for row in body[:20]), default=0)
    wide = [row for row in body[:20] if grid.counts[row] > 0.75 * widest]
    figures = sum(_looks_like_data(grid, row) for row in wide) > len(wide) / 2
    last, highest = len(body), max(0, len(body) - MOST_FOOT_ROWS)
    while last > highest and not _is_full(grid, body[last - 1], least, figures=figures):
        last -= 1
    if last == highest > 0:
        return  # too long for a foot: rows with few cells are how this table is
    before = body[last - 1] if last else -1
    for place in range(last, len(body)):
        row = body[place]
        if _reads_as_note(grid, row) or (last and _apart(reasons, before, row) and not _looks_like_data(grid, row)):
            reasons[body[place:]] = _PLACE[LeftOut.NOTE]
            return


def _is_full(grid: _Grid, row: int, least: float, *, figures: bool) -> bool:
    """Whether a row has as many cells as data have, reads like no note and, in a table of figures, holds some."""
    if grid.counts[row] < least or _reads_as_note(grid, row):
        return False
    return not figures or _looks_like_data(grid, row)


def _apart(reasons: npt.NDArray[np.int64], before: int, row: int) -> bool:
    """Whether a blank or a total stands between two rows."""
    between = set(reasons[before + 1 : row].tolist())
    return bool(between & {_PLACE[LeftOut.BLANK], _PLACE[LeftOut.TOTAL]})


def _looks_like_data(grid: _Grid, row: int) -> bool:
    columns = grid.filled_in(row)
    values = [grid.value(row, column) for column in columns]
    return len(values) > 1 and any(_is_data(value) or _is_day(value) for value in values)


def _reads_as_note(grid: _Grid, row: int) -> bool:
    """Whether a row with few cells begins as a note, a footnote, or place and day of a signature."""
    columns = grid.filled_in(row)
    texts = [grid.text(row, column)[:_LONGEST_LABEL] for column in columns]
    if not texts or len(texts) > 3 or any(_is_data(grid.value(row, column)) for column in columns[:1]):
        return False
    return any(_NOTE.fullmatch(text) or (len(texts) == 1 and _FOOTNOTE.fullmatch(text)) for text in texts) or (
        len(texts) <= 2 and any(_PLACE_AND_DAY.fullmatch(text) for text in texts)
    )


def _sections(grid: _Grid, reasons: npt.NDArray[np.int64]) -> None:
    """Mark rows that only head the rows below them: one text in a table of several columns, or a letter and a text."""
    body = np.flatnonzero(reasons == _BODY)
    if not len(body) or float(np.median(grid.counts[body])) < 3:
        return
    for row in body[grid.counts[body] <= 2].tolist():
        if grid.counts[row] == 2 and len(str(grid.values[row, grid.first[row]])) > _LONGEST_LETTER:
            continue
        columns = grid.filled_in(row)
        text = " ".join(grid.text(row, column) for column in columns)
        spans = any(grid.across(row, column) > 1 for column in columns)
        single = len(columns) == 1 or bool(
            re.fullmatch(r"[ivxlcIVXLC]+|[A-Za-z]", grid.text(row, columns[0]).rstrip(".)"))
        )
        data = _is_data(grid.value(row, columns[-1])) or _is_figure(grid.value(row, columns[-1]))
        if single and not data and (spans or _SECTION.fullmatch(text)):
            reasons[row] = _PLACE[LeftOut.SECTION]


def _other_table(grid: _Grid, header: _Header, reasons: npt.NDArray[np.int64], start: int) -> int | None:
    """The row after a blank one at which another heading begins, with other words than the first."""
    if not header.rows:
        return None
    known = _vocabulary(None)
    own = {heading_words(text).key for text in header.texts.values()}
    blank = (reasons == _PLACE[LeftOut.BLANK]) & (np.arange(len(reasons)) >= start)
    after = np.flatnonzero(blank[:-1] & (reasons[1:] == _BODY)) + 1
    for row in after.tolist():
        if grid.counts[row] < 3 or not _is_heading_row(grid, row):
            continue
        keys = [heading_words(grid.text(row, column)).key for column in grid.filled_in(row)]
        hits = [key for key in keys if key in known]
        if len(hits) >= 3 and len(hits) > len(keys) / 2 and sum(key in own for key in keys) < len(keys):
            return int(row)
    return None


# --- columns and body --------------------------------------------------------------------------------------------


def _kept_columns(grid: _Grid, header: _Header, taken: Numbers) -> Numbers:
    """Columns with a heading or any data; blanks typed with the space bar are none."""
    filled = grid.filled if len(taken) == len(grid.rows) else grid.filled[taken]
    with_data: npt.NDArray[np.bool_] = np.asarray(filled.any(axis=0), dtype=np.bool_)
    return np.array(
        [
            column
            for column in range(len(grid.columns))
            if column in header.texts or (with_data[column] and _says_anything(grid, column, taken))
        ],
        dtype=np.int64,
    )


def _says_anything(grid: _Grid, column: int, taken: Numbers) -> bool:
    values = grid.values[taken, column][grid.filled[taken, column]].tolist()
    return any(not isinstance(value, str) or (value and not value.isspace()) for value in values)


def _names(grid: _Grid, header: _Header, kept: Numbers) -> tuple[list[str], list[str]]:
    """A heading for each column, each once; and those that had to be told apart."""
    names: dict[str, None] = {}
    renamed: list[str] = []
    for column in kept.tolist():
        wanted = header.texts.get(column) or f"[{column_letters(int(grid.columns[column]))}]"
        name, number = wanted, 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        if name != wanted:
            renamed.append(name)
        names[name] = None
    return list(names), renamed


def column_letters(number: int) -> str:
    """The letters of a column (from 1) as spreadsheets show them: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _body(cells: pd.DataFrame, taken: Numbers, kept: Numbers, names: Sequence[str]) -> pd.DataFrame:
    """The rows and columns taken, without a copy where they lie together."""
    one_block = len(taken) > 0 and int(taken[-1]) - int(taken[0]) + 1 == len(taken)
    rows = slice(int(taken[0]), int(taken[-1]) + 1) if one_block else taken
    body: pd.DataFrame = cells.iloc[rows, kept.tolist()]
    return body.set_axis(pd.Index(list(names), dtype=object), axis=1).reset_index(drop=True)


def _spread_down(
    grid: _Grid, body: pd.DataFrame, taken: Numbers, kept: Numbers
) -> tuple[pd.DataFrame, list[int], list[int]]:
    """The body with the texts of cells merged downwards put into each of their rows.

    Also the file rows of those texts, and of the figures that stand for several rows: these are not repeated, for their
    sum would grow.
    """
    spread: list[int] = []
    alone: list[int] = []
    column_at = {int(column): place for place, column in enumerate(kept.tolist())}
    filled: dict[int, npt.NDArray[np.object_]] = {}
    room = body.size  # ranges do not overlap; a file that says otherwise is not followed for ever
    for top, left, bottom, _ in grid.merged:
        if bottom == top or left not in column_at or not grid.filled[top, left] or room <= 0:
            continue
        first, last = np.searchsorted(taken, top + 1), np.searchsorted(taken, bottom, side="right")
        if first >= last:
            continue
        value = grid.values[top, left]
        if _is_figure(value):
            alone.append(int(grid.rows[top]))
            continue
        place = column_at[left]
        if place not in filled:
            filled[place] = body.iloc[:, place].to_numpy(dtype=object, copy=True)
        filled[place][first:last] = value
        room -= int(last - first)
        spread.append(int(grid.rows[top]))
    return _with_columns(body, filled), spread, alone


def _with_columns(body: pd.DataFrame, filled: Mapping[int, npt.NDArray[np.object_]]) -> pd.DataFrame:
    """The body with other values in the columns at these places."""
    if not filled:
        return body
    changed = body.copy()
    for place, values in filled.items():
        changed.iloc[:, place] = values
    return changed


def _titles(grid: _Grid, reasons: npt.NDArray[np.int64]) -> tuple[str, ...]:
    rows = np.flatnonzero(reasons == _PLACE[LeftOut.TITLE]).tolist()
    texts = (" ".join(grid.text(row, column) for column in grid.filled_in(row)) for row in rows)
    return tuple(text for text in texts if text)


# --- what is told ------------------------------------------------------------------------------------------------


def row_ranges(rows: Iterable[int], *, most: int = 12) -> str:
    """Row numbers for a sentence, runs drawn together: ``4, 7–9``; more than ``most`` runs end in an ellipsis."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:most]]
    return ", ".join(shown) + (", …" if len(runs) > most else "")


def listed(texts: Sequence[str], *, most: int = 20) -> str:
    """Texts for a sentence, set apart by commas; of more than ``most`` the rest is an ellipsis."""
    return ", ".join(texts[:most]) + (", …" if len(texts) > most else "")


def _told_header(grid: _Grid, header: _Header, kept: Numbers) -> Iterator[Finding]:
    if not header.rows:
        yield Finding(Level.FLAGGED, "table.no_header", {"row": str(grid.rows[header.starts])})
        return
    rows = grid.rows[header.rows].tolist()
    code = "table.header" if len(rows) == 1 else "table.header_rows"
    yield Finding(Level.NOTED, code, {"rows": row_ranges(rows), "columns": str(len(kept))})


_TOLD_ROWS: Final[Mapping[LeftOut, tuple[Level, str]]] = {
    LeftOut.TITLE: (Level.NOTED, "table.title"),
    LeftOut.NUMBERING: (Level.NOTED, "table.numbering"),
    LeftOut.REPEATED: (Level.NOTED, "table.repeated"),
    LeftOut.BLANK: (Level.NOTED, "table.blank"),
    LeftOut.TOTAL: (Level.NOTED, "table.total"),
    LeftOut.SECTION: (Level.FLAGGED, "table.section"),
    LeftOut.NOTE: (Level.NOTED, "table.note"),
    LeftOut.OTHER_TABLE: (Level.FLAGGED, "table.other_table"),
}


def _told_rows(grid: _Grid, reasons: npt.NDArray[np.int64]) -> Iterator[Finding]:
    taken = grid.rows[reasons == _BODY]
    if len(taken):
        told = {"count": str(len(taken)), "first": str(taken[0]), "last": str(taken[-1])}
        yield Finding(Level.NOTED, "table.body", told)
    else:
        yield Finding(Level.REFUSED, "table.no_rows")
    for reason, (level, code) in _TOLD_ROWS.items():
        at = reasons == _PLACE[reason]
        rows = grid.rows[at].tolist()
        if reason is LeftOut.NOTE and any(_looks_like_data(grid, row) for row in np.flatnonzero(at).tolist()):
            level = Level.FLAGGED
        if rows:
            yield Finding(level, code, {"rows": row_ranges(rows), "count": str(len(rows))})


def _told_columns(
    grid: _Grid, header: _Header, kept: Numbers, names: Sequence[str], renamed: Sequence[str]
) -> Iterator[Finding]:
    dropped = sorted(set(range(len(grid.columns))) - set(kept.tolist()))
    if dropped:
        letters = listed([column_letters(int(grid.columns[column])) for column in dropped])
        yield Finding(Level.NOTED, "table.blank_columns", {"columns": letters})
    nameless = [name for column, name in zip(kept.tolist(), names, strict=True) if column not in header.texts]
    if nameless and header.rows:
        yield Finding(Level.FLAGGED, "table.nameless", {"columns": listed(nameless)})
    if renamed:
        yield Finding(Level.FLAGGED, "table.same_heading", {"headings": listed(renamed)})


def _told_merged(spread: Sequence[int], alone: Sequence[int]) -> Iterator[Finding]:
    if spread:
        yield Finding(Level.NOTED, "table.merged", {"rows": row_ranges(sorted(set(spread)))})
    if alone:
        yield Finding(Level.FLAGGED, "table.merged_figures", {"rows": row_ranges(sorted(set(alone)))})


def _told_hidden(
    grid: _Grid, taken: Numbers, kept: Numbers, hidden_rows: frozenset[int], hidden_columns: frozenset[int]
) -> Iterator[Finding]:
    rows = sorted(hidden_rows & set(grid.rows[taken].tolist())) if hidden_rows else []
    if rows:
        yield Finding(Level.FLAGGED, "table.hidden_rows", {"rows": row_ranges(rows), "count": str(len(rows))})
    columns = sorted(hidden_columns & set(grid.columns[kept].tolist()))
    if columns:
        yield Finding(Level.FLAGGED, "table.hidden_columns", {"columns": listed([*map(column_letters, columns)])})


# --- which sheet -------------------------------------------------------------------------------------------------

_LOOKED_ROWS: Final = 300
_ASIDE: Final = re.compile(
    r"\s*(?:petunjuk|panduan|cara|baca|read\s*me|kamus|dictionary|referensi|reference|ref|daftar kode|kode|pilihan|"
    r"dropdown|list|lists|lookup|master|contoh|example|template|cover|sampul|info|about|tentang|metadata|catatan|"
    r"hasil pemeriksaan|check results|grafik|chart|dashboard|"
    r"rekap|rekapitulasi|summary|ringkasan|pivot|instruksi|instructions)\b.*",
    re.IGNORECASE,
)


def choose_sheet(sheets: Sequence[SheetLike], *, kind: Kind | None = None) -> Choice:
    """The sheet to be taken: the visible one whose headings are known best, then the one with the most rows.

    A hidden sheet is proposed only where no visible one holds a table; sheets named as instructions, lists or summaries
    come after all others. Only the first 300 rows of each are looked at.
    """
    if not sheets:
        return Choice(None, (Finding(Level.REFUSED, "sheet.nothing"),))
    looks = [_look(sheet, kind) for sheet in sheets]
    ranked = sorted(range(len(sheets)), key=lambda at: (looks[at].rank, -at), reverse=True)
    best = ranked[0]
    if not looks[best].headings:
        return Choice(None, (Finding(Level.REFUSED, "sheet.nothing"),))
    alike = tuple(
        at
        for at in range(len(sheets))
        if at != best and not sheets[at].hidden and looks[at].headings == looks[best].headings
    )
    return Choice(best, tuple(_told_sheets(sheets, looks, best, alike)), alike)


@dataclass(frozen=True)
class _Look:
    """What a sheet promises: visible, not set aside by its name, known headings, rows."""

    rank: tuple[bool, bool, bool, int, int]
    headings: tuple[tuple[str, ...], ...]


def _look(sheet: SheetLike, kind: Kind | None) -> _Look:
    rows = min(_LOOKED_ROWS, len(sheet.rows))
    table = find_table(
        sheet.cells.iloc[:rows],
        sheet.rows[:rows],
        sheet.columns,
        merged=_within(sheet.merged, sheet.rows[:rows]),
        kind=kind,
        shapes=None if sheet.geometry is None else sheet.geometry[:rows],
    )
    keys = tuple(heading_words(heading).key for heading in table.headings)
    hits = len(set(keys) & _vocabulary(kind))
    aside = _ASIDE.fullmatch(sheet.name) is not None
    # a form that nobody has filled in yet comes before the instructions that explain it
    has_table = len(keys) > 1 and (len(table.body) > 0 or (not aside and hits >= max(3, 0.8 * len(keys))))
    return _Look(
        (has_table, not sheet.hidden, not aside, hits, len(sheet.rows)),
        keys if len(keys) and (len(table.body) or table.header_rows) else (),
    )


def _within(merged: Iterable[Merged], rows: Numbers) -> tuple[Merged, ...]:
    last = int(rows[-1]) if len(rows) else 0
    return tuple(one for one in merged if one[0] <= last)


def _told_sheets(
    sheets: Sequence[SheetLike], looks: Sequence[_Look], best: int, alike: Sequence[int]
) -> Iterator[Finding]:
    name = sheets[best].name
    if sheets[best].hidden:
        yield Finding(Level.FLAGGED, "sheet.only_hidden", {"sheet": name})
    elif len(sheets) > 1:
        yield Finding(Level.NOTED, "sheet.chosen", {"sheet": name, "count": str(len(sheets))})
    others = [at for at in range(len(sheets)) if at != best and looks[at].headings]
    hidden = [sheets[at].name for at in others if sheets[at].hidden and sheets[at].name != LISTS]
    if hidden:
        yield Finding(Level.FLAGGED, "sheet.hidden", {"sheets": listed(hidden)})
    if alike:
        yield Finding(Level.FLAGGED, "sheet.alike", {"sheets": listed([sheets[at].name for at in alike])})
    rest = [sheets[at].name for at in others if sheets[at].name not in hidden and at not in alike]
    if rest:
        yield Finding(Level.NOTED, "sheet.left", {"sheets": listed(rest)})


# --- words -------------------------------------------------------------------------------------------------------

MESSAGES: Final[Messages] = {
    "table.nothing": lambda t, told: (
        t("The sheet is empty."),
        t("Choose another sheet, or fill this one in and send it again."),
    ),
    "table.only_shapes": lambda t, told: (
        t("The file holds shapes without any field: nothing says which place each of them is."),
        t("Add at least a field of codes or of names, and send the file again."),
    ),
    "table.no_rows": lambda t, told: (
        t("The table has headings and no rows of data."),
        t("Fill in at least one row below the headings."),
    ),
    "table.header": lambda t, told: (t("Row {rows} was taken as the heading of {columns} columns.", **told), ""),
    "table.header_rows": lambda t, told: (
        t("Rows {rows} were joined to one heading of {columns} columns.", **told),
        "",
    ),
    "table.no_header": lambda t, told: (
        t("No heading was found: row {row} already holds data.", **told),
        t("Say for each column what it holds, or add a row of headings."),
    ),
    "table.body": lambda t, told: (t("{count} rows were taken as data: rows {first} to {last}.", **told), ""),
    "table.title": lambda t, told: (t("Above the heading, rows {rows} were taken as titles.", **told), ""),
    "table.numbering": lambda t, told: (t("Row {rows} only numbers the columns and was left out.", **told), ""),
    "table.repeated": lambda t, told: (t("The heading stands again in rows {rows}; these were left out.", **told), ""),
    "table.blank": lambda t, told: (t("{count} blank rows were left out: rows {rows}.", **told), ""),
    "table.total": lambda t, told: (
        t("Rows {rows} hold totals or averages and were left out.", **told),
        t("Totals are worked out here from the rows themselves."),
    ),
    "table.section": lambda t, told: (
        t("Rows {rows} only head the rows below them and were left out.", **told),
        t("If they say something about these rows, put it into a column of its own."),
    ),
    "table.note": lambda t, told: (
        t("Below the table, rows {rows} were taken as notes and left out.", **told),
        t("Check that none of them is data."),
    ),
    "table.other_table": lambda t, told: (
        t("Another table begins below the first; rows {rows} were left out.", **told),
        t("Put the second table into a sheet or a file of its own."),
    ),
    "table.blank_columns": lambda t, told: (t("Blank columns were left out: {columns}.", **told), ""),
    "table.nameless": lambda t, told: (
        t("These columns hold data and have no heading: {columns}.", **told),
        t("Say what they hold, or leave them out."),
    ),
    "table.same_heading": lambda t, told: (
        t("Some headings stand more than once; they were numbered: {headings}.", **told),
        t("Check which of them is meant."),
    ),
    "table.merged": lambda t, told: (
        t("Merged cells from rows {rows} on were filled into each of their rows.", **told),
        "",
    ),
    "table.merged_figures": lambda t, told: (
        t("Figures from rows {rows} on are merged over several rows; only the first row has them.", **told),
        t("Give each row its own figure."),
    ),
    "table.hidden_rows": lambda t, told: (
        t("{count} hidden rows were taken as well: rows {rows}.", **told),
        t("Delete them from the file if they are not meant."),
    ),
    "table.hidden_columns": lambda t, told: (
        t("Hidden columns were read as well: {columns}.", **told),
        t("Delete them from the file if they are not meant."),
    ),
    "sheet.nothing": lambda t, told: (
        t("No sheet of the file holds a table."),
        t("Check that the right file was chosen."),
    ),
    "sheet.chosen": lambda t, told: (
        t("Of {count} sheets, “{sheet}” was taken: its headings are known best.", **told),
        t("Choose another sheet if it is not the right one."),
    ),
    "sheet.only_hidden": lambda t, told: (
        t("Only the hidden sheet “{sheet}” holds a table, so it was taken.", **told),
        t("Show the sheet in the file, or choose another file."),
    ),
    "sheet.hidden": lambda t, told: (
        t("Hidden sheets were not taken: {sheets}.", **told),
        t("Choose one of them if it is meant."),
    ),
    "sheet.alike": lambda t, told: (
        t("These sheets have the same headings and were not taken: {sheets}.", **told),
        t("Take them one after another."),
    ),
    "sheet.left": lambda t, told: (t("Other sheets were not taken: {sheets}.", **told), ""),
}
