"""Tell which stored rows count, now or at a past moment.

A batch that is taken back leaves its rows where they are. Which ones no longer count follows from the tables
``batches``, ``batch_rows`` and ``absences``:

- rows of append-only tables, by serial number or (plans) by site and moment: those of a batch that another undoes;
- rows of keyed tables: those that ``absences`` names.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Column, Connection, Select, Table, exists, select

from geo.store.frames import read_frame
from geo.store.schema import RowEvent, absences, batch_rows, batches, metadata
from geo.store.texts import first_of, key_texts, rows_of

KEYED: Final[tuple[str, ...]] = ("institutions", "sites", "actions", "beneficiaries")
"""Tables with one row for each key, in the order in which one may refer to another."""

MARKS: Final[tuple[str, ...]] = ("entered_at", "withdrawn_at")
"""Columns of a frame with its history: the moments between which a row counted that no longer does."""

_undoes = batches.alias("undoes")
_Flags = npt.NDArray[np.bool_]


def identity(table: Table) -> list[Column[Any]]:
    """The columns by which ``batch_rows`` and ``absences`` name a row of the table."""
    if table.name == "plans":
        return [table.c.site_code, table.c.recorded_at]  # a plan is revised whole
    return list(table.primary_key)


def read_counting(
    connection: Connection, query: Select[Any], table: Table, *, known_at: datetime | None = None
) -> pd.DataFrame:
    """The rows of ``query``, which selects columns of ``table`` alone, that count now or, if given, at ``known_at``.

    Rows of keyed tables are always those that count now.
    """
    if not _any_undo(connection):
        return read_frame(connection, query)
    found, extra = _identified(connection, query, table)
    if table.name in KEYED:
        counts = pd.Series(~_absent(connection, table, found))
    else:
        marks = _marks(connection, table, found)
        counts = marks["withdrawn_at"].isna()
        if known_at is not None:
            at = pd.Timestamp(known_at)
            counts |= (marks["withdrawn_at"] > at) & ~(marks["entered_at"] > at)
    return found.loc[counts, [name for name in found.columns if name not in extra]].reset_index(drop=True)


def read_history(connection: Connection, table: Table) -> pd.DataFrame:
    """Every row of the table, also those that a batch replaced or an undo took back, with ``MARKS``.

    ``entered_at`` and ``withdrawn_at`` are missing where a row counts. In keyed tables ``recorded_at`` is the moment
    since which the values of the row are known.
    """
    columns = [column for column in table.columns if column.name != "id"]
    query = select(*columns).order_by(*table.primary_key)
    if table.name in KEYED:
        return _versions(connection, table, read_frame(connection, query))
    found, extra = _identified(connection, query, table)
    return found.join(_marks(connection, table, found)).drop(columns=extra)


def counting_codes(connection: Connection, table: str, column: str) -> set[str]:
    """The values of a code column in rows that count."""
    whole = metadata.tables[table]
    keys = {whole.c[column], *identity(whole)}
    return set(read_counting(connection, select(*keys), whole)[column].dropna())


# --- rows by their identity --------------------------------------------------------------------------------------


def _any_undo(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists(select(1).where(batches.c.undo_of.is_not(None))))))


def _identified(connection: Connection, query: Select[Any], table: Table) -> tuple[pd.DataFrame, list[str]]:
    """The rows of ``query`` with the columns of their identity, and which of these it did not ask for."""
    asked = {column.name for column in query.selected_columns}
    extra = [column for column in identity(table) if column.name not in asked]
    return read_frame(connection, query.add_columns(*extra)), [column.name for column in extra]


def _absent(connection: Connection, table: Table, rows: pd.DataFrame) -> _Flags:
    keys = connection.scalars(select(absences.c.key).where(absences.c.table == table.name)).all()
    return _places(table, rows, pd.Index(keys, dtype="object")) >= 0


def _places(table: Table, rows: pd.DataFrame, keys: pd.Index) -> npt.NDArray[np.int64]:
    """By row its place in ``keys`` (unique texts), -1 where it is not among them."""
    places = np.full(len(rows), -1)
    columns = identity(table)
    maybe = np.flatnonzero(rows[columns[0].name].isin({first_of(key) for key in keys}))  # texts are slow to make
    places[maybe] = keys.get_indexer(pd.Index(key_texts(columns, rows.iloc[maybe]), dtype="object"))
    return places


def _marks(connection: Connection, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """By row when it was committed and withdrawn, both missing where it counts."""
    undone = read_frame(
        connection,
        select(batch_rows.c.first, batch_rows.c.last, batch_rows.c.key, batches.c.at, _undoes.c.at.label("until"))
        .join(batches, batch_rows.c.batch == batches.c.id)
        .join(_undoes, _undoes.c.undo_of == batches.c.id)
        .where(batch_rows.c.table == table.name, batch_rows.c.what == str(RowEvent.APPENDED))
        .order_by(batch_rows.c.first, batch_rows.c.id),
    )
    if undone.empty:
        place = np.full(len(rows), -1)
    elif "id" in table.c:
        number, first, last = (
            values.to_numpy(dtype="int64") for values in (rows["id"], undone["first"], undone["last"])
        )
        place = np.searchsorted(first, number, side="right") - 1  # ranges of different batches never overlap
        place[(place >= 0) & (number > last[place])] = -1
    else:
        place = _places(table, rows, pd.Index(undone["key"], dtype="object"))
    chosen = undone[["at", "until"]].reindex(np.where(place < 0, len(undone), place))
    return chosen.set_axis(rows.index).set_axis(list(MARKS), axis="columns")


# --- versions of keyed rows --------------------------------------------------------------------------------------


def _versions(connection: Connection, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that count now, and every version that a batch or an undo put an end to."""
    events = _events(connection, table)
    never = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")
    counts = ~_absent(connection, table, rows)
    last = events[~events.duplicated("key", keep="last")].reset_index(drop=True)
    place = _places(table, rows, pd.Index(last["key"], dtype="object"))
    brought_in = (last["what"] == RowEvent.NEW) & last["since"].isna()  # for the first time
    since = last["at"].mask(brought_in).reindex(np.where(place < 0, len(last), place))
    since = since.set_axis(rows.index).fillna(rows["recorded_at"])
    now = rows.assign(recorded_at=since, entered_at=never, withdrawn_at=never)[counts]
    ended = events[events["before"].notna()].reset_index(drop=True)
    if ended.empty:
        return _by_key(table, now)
    past = rows_of(table, ended["before"].tolist())
    past = past.assign(
        recorded_at=ended["since"].where(ended["since_event"], past["recorded_at"]),
        entered_at=pd.Series(pd.NaT, index=past.index, dtype="datetime64[us, UTC]"),
        withdrawn_at=ended["at"],
    )
    return _by_key(table, pd.concat([now, past]))


def _by_key(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of key and end: what is drawn from them must not depend on what came later."""
    keys = [column.name for column in identity(table)]
    return rows.sort_values([*keys, "withdrawn_at"], kind="stable", ignore_index=True)


def _events(connection: Connection, table: Table) -> pd.DataFrame:
    """What batches did to the rows of a keyed table, in order.

    Columns: key, what, before, at; ``since``: the moment of the event before it, which began the version that this one
    ended, where ``since_event`` says so. A version that a batch brought in is known since its own ``recorded_at``,
    unless that batch was taken back.
    """
    events = read_frame(
        connection,
        select(batch_rows.c.key, batch_rows.c.what, batch_rows.c.before, batches.c.at, _undoes.c.at.label("undone_at"))
        .join(batches, batch_rows.c.batch == batches.c.id)
        .outerjoin(_undoes, _undoes.c.undo_of == batches.c.id)
        .where(batch_rows.c.table == table.name)
        .order_by(batch_rows.c.id),
    )
    earlier = events.groupby("key", sort=False)[["what", "at", "undone_at"]].shift()
    brought_in = (earlier["what"] == RowEvent.NEW) & earlier["undone_at"].isna()
    return events.assign(since=earlier["at"], since_event=earlier["what"].notna() & ~brought_in)
