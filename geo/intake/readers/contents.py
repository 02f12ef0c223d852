"""Hold what a reader found in a file: sparse sheets, properties, and what has to be told about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.intake.cells import Raw
    from geo.intake.guard import Limits

Tell = Callable[[float], None]
"""Takes the share of the work that is done, 0 to 1."""

IntArray = npt.NDArray[np.int64]

LONGEST_GAP: Final = 200
LONGEST_COLUMN_GAP: Final = 20
"""Runs of more blank rows (columns) than this are left out of a sheet; the numbers of the others show the gap."""

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
"""The largest sheet that any of the formats has."""

_SHOWN = 10


class Said(NamedTuple):
    """A finding on its way out of the child: level, code and what fills its sentences."""

    level: Literal["refused", "asked", "flagged", "noted"]
    code: str
    told: dict[str, str]


class UnreadableError(Exception):
    """The file cannot be taken; ``said`` tells why."""

    def __init__(self, code: str, /, **told: object) -> None:
        super().__init__(code)
        self.said = Said("refused", code, {name: str(value) for name, value in told.items()})


class UnwantedDriversError(Exception):
    """GDAL brings along drivers that nobody named: the process has to begin again without them."""

    def __init__(self, drivers: Iterable[str]) -> None:
        self.drivers = tuple(sorted(drivers))
        super().__init__(", ".join(self.drivers))


def said(level: Literal["asked", "flagged", "noted"], code: str, /, **told: object) -> Said:
    """A finding that lets the file pass."""
    return Said(level, code, {name: str(value) for name, value in told.items()})


def reference(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: row 12, column 28 is ``AB12``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def listed(numbers: Iterable[object]) -> str:
    """The first ten (numbers of rows, names of cells) and how many there are: ``3, 7, 12`` or ``1, 2, ... (25)``."""
    every = list(numbers)
    shown = ", ".join(map(str, every[:_SHOWN]))
    return shown if len(every) <= _SHOWN else f"{shown}, … ({len(every)})"


@dataclass
class Grid:
    """A sheet while it is read: for each column with content its row numbers (rising) and values, both from 1.

    A format that has a table already gives it as ``table``: one string array for each column, all rows from the first.
    ``geometry`` holds WKB (EPSG:4326) by row number.
    """

    name: str
    hidden: bool = False
    columns: dict[int, tuple[list[int], list[Raw]]] = field(default_factory=dict)
    table: list[pa.Array] | list[pa.ChunkedArray] | None = None
    first_row: int = 1
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    notes: list[tuple[int, int, str]] = field(default_factory=list)
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    geometry: dict[int, bytes | None] | None = None

    def put(self, row: int, column: int, value: Raw) -> None:
        """Set a cell; rows of a column come in rising order. Blank text is nothing."""
        if value is None or value == "":
            return
        place = self.columns.get(column)
        if place is None:
            place = self.columns[column] = ([], [])
        place[0].append(row)
        place[1].append(value)

    @property
    def blank(self) -> bool:
        """Whether there is no cell with content."""
        return not self.columns and all(array.null_count == len(array) for array in self.table or ())


@dataclass
class Contents:
    """All that one file gave."""

    sheets: list[Grid] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)


def lines(filled: Sequence[int] | IntArray, *, longest: int = LONGEST_GAP) -> IntArray:
    """Numbers of the rows (or columns) that a sheet keeps: those with content, and gaps up to ``longest``.

    ``filled`` rises, has no duplicates and counts from 1. ``[2, 4]`` gives ``[1, 2, 3, 4]``; ``[1, 5000]`` stays.
    """
    numbers = np.asarray(filled, dtype=np.int64)
    if not len(numbers):
        return numbers
    gaps = np.diff(numbers, prepend=np.int64(0))
    if int(gaps.max()) == 1:
        return numbers
    every = np.arange(1, int(numbers[-1]) + 1, dtype=np.int64)
    kept = np.ones(len(every), dtype=bool)
    for at in np.flatnonzero(gaps > longest + 1).tolist():
        end = int(numbers[at]) - 1
        kept[end - int(gaps[at]) + 1 : end] = False
    return every[kept]


def check_columns(count: int, limits: Limits, sheet: str) -> None:
    """Refuse a sheet with too many columns."""
    if count > limits.columns:
        raise UnreadableError("limit.columns", sheet=sheet, count=count, limit=limits.columns)


def check_cells(count: int, limits: Limits) -> None:
    """Refuse tables of too large an area, which would take all memory although hardly a cell is filled."""
    if count > limits.cells:
        raise UnreadableError("limit.cells", count=count, limit=limits.cells)


def check_rows(count: int, limits: Limits) -> None:
    """Refuse a file with too many rows."""
    if count > limits.rows:
        raise UnreadableError("limit.rows", count=count, limit=limits.rows)


def plain(value: object) -> Raw:
    """A value of a typed format as a raw cell: structures become text, NaN becomes nothing."""
    if value is None or isinstance(value, str | bool | int | datetime | date | time):
        return value
    if isinstance(value, float):
        return None if value != value else value
    return str(value)
