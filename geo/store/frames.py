"""Turn frames into rows of the database and back, a column at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Date,
    Dialect,
    Double,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    insert,
    update,
)

from geo.store.columns import Geometry, UtcTime

_BATCH_ROWS: Final = 50_000
_FETCHED_ROWS: Final = 200  # more rows at once, each a tuple, set off Python's garbage collector again and again


# --- from the database -------------------------------------------------------------------------------------------


def read_frame(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    """The rows of ``query`` with settled dtypes, also when there is no row.

    Text is ``str``, dates ``datetime64[us]``, moments ``datetime64[us, UTC]``, whole numbers ``Int64``, numbers
    ``float64``, shapes shapely objects; a missing value is missing in the dtype's own
    way. The driver's rows are taken as they are and converted by column: a conversion by row would triple the time.
    """
    columns = list(query.selected_columns)
    result = connection.execute(query)
    pieces = [_frame(columns, part) for part in _columnar(result, len(columns))]
    result.close()
    return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)


def _columnar(result: CursorResult[Any], width: int) -> Iterator[list[list[Any]]]:
    """The driver's rows as lists by column, at least once; few rows are fetched at a time."""
    cursor = result.cursor
    part: list[list[Any]] = [[] for _ in range(width)]
    sent = False
    while cursor is not None and (rows := cursor.fetchmany(_FETCHED_ROWS)):
        for values, more in zip(part, zip(*rows, strict=True), strict=True):
            values.extend(more)
        if len(part[0]) >= _BATCH_ROWS:
            yield part
            part, sent = [[] for _ in range(width)], True
    if part[0] or not sent:
        yield part


def _frame(columns: Sequence[Any], values: Sequence[list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({column.name: _read(column, part) for column, part in zip(columns, values, strict=True)})


def _read(column: Any, values: list[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Date):
        return np.array(values, dtype="datetime64[D]").astype("datetime64[us]")
    if isinstance(kind, UtcTime):
        return _utc(values)
    if isinstance(kind, Geometry):
        return pd.Series(
            [None if value is None else shapely.from_wkb(bytes(value)) for value in values], dtype="object"
        )
    if isinstance(kind, Integer):
        return pd.array(values, dtype="Int64")
    if isinstance(kind, Double):
        return np.array(values, dtype="float64")
    return pd.array(values, dtype="str")


def _utc(values: list[Any]) -> Any:
    """Moments as SQLite's text or as the driver's aware datetimes; NumPy reads text fastest but knows no zones."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, datetime):  # a driver gives one kind only
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object"), utc=True)).astype("datetime64[us, UTC]")
    return pd.Series(np.array(values, dtype="datetime64[us]")).dt.tz_localize("UTC")


# --- to the database ---------------------------------------------------------------------------------------------


def write_frame(connection: Connection, table: Table, rows: pd.DataFrame) -> int:
    """Append checked rows (as ``geo.store.checks.typed`` leaves them) and return their number.

    Values are made ready for the driver a column at a time, so the statement goes to it directly.
    """
    columns = [table.columns[name] for name in rows.columns]
    names = [column.name for column in columns]
    statement = insert(table).inline().compile(dialect=connection.dialect, column_keys=names)
    for batch in _batches(rows):
        values = zip(*(_written(column, batch[column.name], connection.dialect) for column in columns), strict=True)
        by_position = getattr(statement, "positional", False)
        connection.exec_driver_sql(
            str(statement), list(values) if by_position else [dict(zip(names, row, strict=True)) for row in values]
        )
    return len(rows)


def update_frame(connection: Connection, table: Table, rows: pd.DataFrame) -> int:
    """Give the rows with the keys of ``rows`` (checked, all columns) the values there, and return their number."""
    keys = list(table.primary_key)
    values = [column for column in table.columns if column not in keys]
    same = and_(*(key == bindparam(f"key_{key.name}", type_=key.type) for key in keys))
    changed = {column.name: bindparam(f"set_{column.name}", type_=column.type) for column in values}
    statement = update(table).where(same).values(changed).compile(dialect=connection.dialect)
    names = [*(f"set_{column.name}" for column in values), *(f"key_{key.name}" for key in keys)]
    order = getattr(statement, "positiontup", None)
    for batch in _batches(rows):
        written = [_written(column, batch[column.name], connection.dialect) for column in (*values, *keys)]
        named = [dict(zip(names, row, strict=True)) for row in zip(*written, strict=True)]
        connection.exec_driver_sql(str(statement), [tuple(map(row.get, order)) for row in named] if order else named)
    return len(rows)


def _batches(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for start in range(0, len(rows), _BATCH_ROWS):
        yield rows.iloc[start : start + _BATCH_ROWS]


def _written(column: Column[Any], values: pd.Series[Any], dialect: Dialect) -> list[Any]:
    """Python objects as the driver takes them, ``None`` where a value is missing; SQLite takes days as text."""
    missing = values.isna().to_numpy()
    if isinstance(column.type, Date):
        days = values.to_numpy().astype("datetime64[D]")
        plain = np.datetime_as_string(days).astype("object") if dialect.name == "sqlite" else days.astype("object")
    elif isinstance(column.type, UtcTime):
        plain = _moments(values, dialect)
    elif isinstance(column.type, Geometry):
        return [column.type.process_bind_param(value, dialect) for value in values]
    else:
        plain = values.to_numpy(dtype="object", copy=True)
    plain[missing] = None
    return list(plain.tolist())


def _moments(values: pd.Series[Any], dialect: Dialect) -> Any:
    """Aware moments; for SQLite the text that ``UtcTime`` keeps there."""
    if dialect.name != "sqlite":
        return values.to_numpy(dtype="object", copy=True)
    naive = values.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return np.strings.replace(np.datetime_as_string(naive), "T", " ").astype("object")
