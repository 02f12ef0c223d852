"""Pack sheets into files that another process reads without trusting them: Arrow for cells, JSON for the rest.

A column of cells becomes one Arrow column for each kind of value in it, named ``position:kind``; a cell is where it is
not null. ``rows`` and ``columns`` hold the file's numbers, ``geometry`` WKB.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from geo.intake.guard import MB
from geo.intake.readers.contents import (
    LONGEST_COLUMN_GAP,
    Contents,
    Grid,
    IntArray,
    Said,
    Tell,
    UnreadableError,
    check_cells,
    check_columns,
    check_rows,
    lines,
    reference,
)

if TYPE_CHECKING:
    from geo.intake.cells import Raw
    from geo.intake.guard import Limits

MOST_UNPACKED: Final = 5
"""Times the limit of the file's size that its cells may take: one text shared by a million cells is a bomb too."""

RESULT: Final = "result.json"

TYPES: Final[dict[str, pa.DataType]] = {
    "text": pa.large_string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "moment": pa.timestamp("us"),
    "day": pa.date32(),
    "clock": pa.time64("us"),
}
_KIND_OF: dict[type, str] = {
    str: "text",
    int: "whole",
    float: "number",
    bool: "truth",
    datetime: "moment",
    date: "day",
    time: "clock",
}

_LEAST, _MOST = -(2**63), 2**63 - 1  # whole numbers beyond these travel as text


def pack_refusal(reasons: Sequence[Said], folder: Path) -> None:
    """Write that the file was refused."""
    _write(folder, {"refused": list(reasons)})


def pack_drivers(drivers: Sequence[str], folder: Path) -> None:
    """Write that the process has drivers that it must not have."""
    _write(folder, {"drivers": list(drivers)})


def pack(contents: Contents, form: str, folder: Path, limits: Limits, tell: Tell) -> None:
    """Write all sheets and what goes with them into ``folder``; refuses what exceeds the limits."""
    sheets = []
    filled = area = size = 0
    for number, grid in enumerate(contents.sheets):
        table = _table(grid, limits)
        beside = _beside(grid, table)
        filled += int(table.schema.metadata[b"filled"])
        area += table.num_rows * len(beside["columns"])
        size += table.nbytes
        check_rows(filled, limits)
        check_cells(area, limits)
        if size > MOST_UNPACKED * limits.max_mb * MB:
            raise UnreadableError("zip.unpacked", size=size // MB, limit=MOST_UNPACKED * limits.max_mb)
        with pa.OSFile(str(folder / f"sheet-{number}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
            out.write_table(table)
        sheets.append(beside)
        grid.columns.clear()
        grid.table = None
        tell(0.9 + 0.08 * (number + 1) / len(contents.sheets))
    properties = {_clean(name): _clean(text) for name, text in contents.properties.items()}
    told = {"format": form, "sheets": sheets, "properties": properties, "said": contents.said}
    _write(folder, told)


def _write(folder: Path, told: dict[str, Any]) -> None:
    partial = folder / "result.partial"
    partial.write_text(json.dumps(told), encoding="utf-8")
    partial.replace(folder / RESULT)


def _beside(grid: Grid, table: pa.Table) -> dict[str, Any]:
    """What stands beside the cells; ``columns`` are the file's numbers of the columns."""
    return {
        "name": _clean(grid.name),
        "hidden": grid.hidden,
        "columns": json.loads(table.schema.metadata[b"columns"]),
        "merged": grid.merged,
        "hidden_columns": sorted(grid.hidden_columns),
        "hidden_rows": sorted(grid.hidden_rows),
        "notes": [(row, column, _clean(text)) for row, column, text in grid.notes],
        "uncomputed": grid.uncomputed,
        "located": grid.geometry is not None,
    }


def _clean(text: str) -> str:
    return text.replace("\x00", "")


# --- tables ------------------------------------------------------------------------------------------------------


def _table(grid: Grid, limits: Limits) -> pa.Table:
    return _dense(grid, grid.table, limits) if grid.table is not None else _sparse(grid, limits)


def _dense(grid: Grid, arrays: Sequence[pa.Array], limits: Limits) -> pa.Table:
    """A table of text columns without what is blank at its end and in long gaps."""
    filled_columns = [at + 1 for at, array in enumerate(arrays) if array.null_count < len(array)]
    check_columns(len(filled_columns), limits, grid.name)
    if not filled_columns:
        return _assembled({}, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 0)
    columns = lines(filled_columns, longest=LONGEST_COLUMN_GAP)
    height = len(arrays[0])
    filled = np.zeros(height, dtype=bool)
    for at in filled_columns:
        if arrays[at - 1].null_count == 0:
            filled[:] = True
            break
        filled |= arrays[at - 1].is_valid().to_numpy(zero_copy_only=False)
    rows = lines(np.flatnonzero(filled) + grid.first_row)
    rows = rows[rows >= grid.first_row]
    check_rows(int(filled.sum()), limits)
    check_cells(len(rows) * len(columns), limits)
    taken = None if len(rows) == height else pa.array(rows - grid.first_row)
    fields = {}
    for place, number in enumerate(columns.tolist()):
        array = arrays[number - 1]
        if array.null_count < len(array):
            fields[f"{place}:text"] = array if taken is None else array.take(taken)
    return _assembled(fields, rows, columns, int(filled.sum()))


def _sparse(grid: Grid, limits: Limits) -> pa.Table:
    filled_columns = sorted(grid.columns)
    check_columns(len(filled_columns), limits, grid.name)
    columns = lines(filled_columns, longest=LONGEST_COLUMN_GAP)
    own = [np.asarray(rows, dtype=np.int64) for rows, _ in grid.columns.values()]
    own += [np.fromiter(grid.geometry, dtype=np.int64)] if grid.geometry else []
    filled = np.unique(np.concatenate(own)) if own else np.empty(0, dtype=np.int64)
    check_rows(len(filled), limits)
    rows = lines(filled)
    check_cells(len(rows) * len(columns), limits)
    places = {number: place for place, number in enumerate(columns.tolist())}
    fields: dict[str, Any] = {}
    for number in filled_columns:
        held, values = grid.columns.pop(number)  # so that only one column at a time is held twice
        at = np.searchsorted(rows, np.asarray(held, dtype=np.int64))
        for kind, array in _kinds(values, at, len(rows)).items():
            if kind == "text":
                _check_nul(array, rows, number, grid.name)
            fields[f"{places[number]}:{kind}"] = array
    if grid.geometry is not None:
        fields["geometry"] = pa.array([grid.geometry.get(row) for row in rows.tolist()], type=pa.large_binary())
    return _assembled(fields, rows, columns, len(filled))


def _check_nul(array: pa.Array, rows: IntArray, column: int, sheet: str) -> None:
    """Refuse a NUL character, which some formats can write and no database takes."""
    import pyarrow.compute as pc

    found = pc.indices_nonzero(pc.fill_null(pc.match_substring(array, "\x00"), False))
    if len(found):
        raise UnreadableError("cell.nul", sheet=sheet, cell=reference(int(rows[found[0].as_py()]), column))


def _assembled(fields: dict[str, Any], rows: IntArray, columns: IntArray, filled: int) -> pa.Table:
    table = pa.table({"rows": pa.array(rows, type=pa.int64()), **fields})
    return table.replace_schema_metadata({"columns": json.dumps(columns.tolist()), "filled": str(filled)})


def _kinds(values: list[Raw], at: IntArray, height: int) -> dict[str, pa.Array]:
    """Arrow columns of one column of cells, by kind."""
    types = list(map(type, values))
    present = set(types)
    if int in present and any(type(value) is int and not _LEAST <= value <= _MOST for value in values):
        return _kinds([value if _fits(value) else str(value) for value in values], at, height)
    if len(present) == 1:
        return _by_kind(values, _KIND_OF[types[0]], at, height)
    arrays: dict[str, pa.Array] = {}
    for one in present:
        held = [place for place, other in enumerate(types) if other is one]
        arrays.update(_by_kind([values[place] for place in held], _KIND_OF[one], at[held], height))
    return arrays


def _fits(value: Raw) -> bool:
    return not isinstance(value, int) or _LEAST <= value <= _MOST


def _by_kind(values: list[Raw], kind: str, at: IntArray, height: int) -> dict[str, pa.Array]:
    array = pa.array(values, type=TYPES[kind])
    if len(at) == height and bool((at == np.arange(height)).all()):
        return {kind: array}
    places = np.zeros(height, dtype=np.int64)
    places[at] = np.arange(len(at))
    empty = np.ones(height, dtype=bool)
    empty[at] = False
    return {kind: array.take(pa.array(places, mask=empty))}
