"""Take a batch back: what it wrote counts no longer, and what stood before counts again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select

from geo.model import Problem, RefusedError
from geo.store.batches import StoredBatch, insert_batch, json_text, note, stored_batch, unknown
from geo.store.comparison import SELECTED_CODES
from geo.store.counting import KEYED, identity, read_counting
from geo.store.frames import read_frame, update_frame
from geo.store.schema import DATA_TABLES, RowEvent, absences, batch_rows, batches, metadata
from geo.store.texts import first_of, key_texts, row_texts, rows_of

_NAMED: Final = 5  # codes and batches named in one refusal

_undoes = batches.alias("undoes")


@dataclass(frozen=True)
class Undone:
    """What taking a batch back did.

    - ``batch``: the number under which the undo itself is listed; ``undone``: the batch that was taken back.
    - ``withdrawn``: by table, rows that no longer count.
    - ``restored``: by table, rows whose values before the batch are in force again.
    """

    batch: int
    undone: int
    withdrawn: Mapping[str, int]
    restored: Mapping[str, int]


def undo(connection: Connection, number: int, *, actor: str, at: datetime) -> Undone:
    """Take a batch back (see ``Store.undo_batch``)."""
    batch = stored_batch(connection, number)
    _refuse(_not_now(batch, at))
    events = read_frame(connection, select(batch_rows).where(batch_rows.c.batch == number).order_by(batch_rows.c.id))
    _refuse([*_changed_again(connection, number), *_referring(connection, events), *_gone(connection, events)])
    undone = insert_batch(
        connection,
        kind=batch.kind,
        file_name=batch.file_name,
        file_sha256=batch.file_sha256,
        institution_code=batch.institution_code,
        actor=actor,
        at=at,
        mapping=json_text({}),
        rows=int(events["rows"].sum()),
        new=0,
        changed=0,
        unchanged=0,
        undo_of=number,
    )
    for name in KEYED:
        _withdraw(connection, undone, name, _keys(events, name, RowEvent.NEW))
        _restore(connection, undone, name, events[_did(events, name, RowEvent.CHANGED)])
    restored = events[events["what"] == RowEvent.CHANGED]
    withdrawn = events[events["what"] != RowEvent.CHANGED]
    return Undone(undone, number, _sums(withdrawn), _sums(restored))


def _sums(events: pd.DataFrame) -> dict[str, int]:
    return {str(name): int(rows) for name, rows in events.groupby("table")["rows"].sum().items()}


def _did(events: pd.DataFrame, name: str, *what: RowEvent) -> Any:
    return ((events["table"] == name) & events["what"].isin([str(each) for each in what])).to_numpy()


def _keys(events: pd.DataFrame, name: str, *what: RowEvent) -> list[str]:
    keys: list[str] = events.loc[_did(events, name, *what), "key"].tolist()
    return keys


def _withdraw(connection: Connection, batch: int, name: str, keys: list[str]) -> None:
    """Let rows of a keyed table count no longer; they stay for what once referred to them."""
    if not keys:
        return
    table = metadata.tables[name]
    note(
        connection,
        batch,
        name,
        RowEvent.WITHDRAWN,
        keys=keys,
        before=row_texts(table, _current(connection, table, keys)),
    )
    connection.execute(insert(absences), [{"table": name, "key": key} for key in keys])


def _restore(connection: Connection, batch: int, name: str, changed: pd.DataFrame) -> None:
    """Let what stood before a batch stand again."""
    if changed.empty:
        return
    table = metadata.tables[name]
    keys = changed["key"].tolist()
    note(
        connection,
        batch,
        name,
        RowEvent.RESTORED,
        keys=keys,
        before=row_texts(table, _current(connection, table, keys)),
    )
    update_frame(connection, table, rows_of(table, changed["before"].tolist()))


def _current(connection: Connection, table: Table, keys: Sequence[str]) -> pd.DataFrame:
    """The rows of a keyed table with these keys, in their order."""
    rows = read_frame(connection, select(table))
    place = pd.Index(key_texts(identity(table), rows), dtype="object").get_indexer(pd.Index(list(keys), dtype="object"))
    return rows.iloc[place].reset_index(drop=True)


# --- why a batch cannot be taken back ----------------------------------------------------------------------------


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RefusedError(problems)


def _not_now(batch: StoredBatch, at: datetime) -> list[Problem]:
    if batch.undo_of is not None:
        told = f"batch {batch.id} is itself the undo of batch {batch.undo_of}"
        return [Problem(told, "Import the file again to have its rows back.")]
    if batch.undone_at is not None:
        return [
            Problem(f"batch {batch.id} was taken back already at {_shown(batch.undone_at)}", "There is nothing to do.")
        ]
    if at < batch.at:
        return [
            Problem(f"batch {batch.id} was recorded at {_shown(batch.at)}, later than this", "Set the clock right.")
        ]
    return []


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _changed_again(connection: Connection, number: int) -> list[Problem]:
    """Later batches that count and brought the same rows once more."""
    own, later = batch_rows.alias("own"), batch_rows.alias("later")
    brought = [str(RowEvent.NEW), str(RowEvent.CHANGED)]
    query = (
        select(later.c.batch, later.c.table, func.count())
        .join(own, (own.c.table == later.c.table) & (own.c.key == later.c.key) & (own.c.batch < later.c.batch))
        .outerjoin(_undoes, _undoes.c.undo_of == later.c.batch)
        .where(own.c.batch == number, own.c.what.in_(brought), later.c.what.in_(brought), _undoes.c.id.is_(None))
        .group_by(later.c.batch, later.c.table)
        .order_by(later.c.batch.desc(), later.c.table)
    )
    return [
        Problem(f"batch {batch} changed {count} of its rows again", f"Take back batch {batch} first.", file=str(table))
        for batch, table, count in connection.execute(query)
    ]


def _referring(connection: Connection, events: pd.DataFrame) -> list[Problem]:
    """Rows that count, are not of this batch, and refer to what it brought in."""
    found: list[Problem] = []
    for target in KEYED:
        codes = {first_of(key) for key in _keys(events, target, RowEvent.NEW)}
        if not codes:
            continue
        for table, column in _referrers(target):
            rows = _rows_on(connection, table, column, codes)
            rows = rows[~_own(events, table, rows)].reset_index(drop=True)
            if len(rows):
                found.append(_built_on(connection, target, table, column, rows))
    return found


def _referrers(target: str) -> Iterator[tuple[Table, str]]:
    for name in DATA_TABLES:
        for column in metadata.tables[name].columns:
            if any(foreign.column.table.name == target for foreign in column.foreign_keys):
                yield metadata.tables[name], column.name


def _rows_on(connection: Connection, table: Table, column: str, codes: set[str]) -> pd.DataFrame:
    """Identity and code of the rows that count and carry one of the codes."""
    query = select(*dict.fromkeys([*identity(table), table.columns[column]]))
    if len(codes) <= SELECTED_CODES:
        query = query.where(table.columns[column].in_(sorted(codes)))
    rows = read_counting(connection, query, table)
    return rows[rows[column].isin(codes)].reset_index(drop=True)


def _own(events: pd.DataFrame, table: Table, rows: pd.DataFrame) -> Any:
    """Which rows the batch itself brought in or changed."""
    if "id" not in table.c:
        every = (RowEvent.APPENDED, RowEvent.NEW, RowEvent.CHANGED)
        return np.isin(np.array(key_texts(identity(table), rows), dtype="object"), _keys(events, table.name, *every))
    own = np.zeros(len(rows), dtype=bool)
    for first, last in events.loc[_did(events, table.name, RowEvent.APPENDED), ["first", "last"]].itertuples(
        index=False
    ):
        own |= rows["id"].between(first, last).to_numpy(dtype=bool)
    return own


def _built_on(connection: Connection, target: str, table: Table, column: str, rows: pd.DataFrame) -> Problem:
    numbers = _batches_of(connection, table, rows)
    known = sorted({number for number in numbers if number is not None}, reverse=True)
    first = f"Take back batch {', '.join(str(number) for number in known[:_NAMED])} first." if known else ""
    loose = "Rows that came by no batch refer to it, so it has to stay." if None in numbers else ""
    codes = sorted(rows[column].unique())
    return Problem(
        f"{len(rows)} rows of {table.name} refer to {len(codes)} of the rows it brought in",
        loose or first,
        file=target,
        column="code",
        value=", ".join(codes[:_NAMED]),
    )


def _batches_of(connection: Connection, table: Table, rows: pd.DataFrame) -> set[int | None]:
    """The batches that brought the rows in or changed them last, ``None`` among them for rows of no batch."""
    brought = [str(RowEvent.APPENDED), str(RowEvent.NEW), str(RowEvent.CHANGED)]
    columns = batch_rows.c
    events = read_frame(
        connection,
        select(columns.batch, columns.first, columns.last, columns.key)
        .where(columns.table == table.name, columns.what.in_(brought))
        .order_by(columns.id),
    )
    if "id" in table.c:
        place = pd.IntervalIndex.from_arrays(events["first"].astype("int64"), events["last"].astype("int64"), "both")
        found = events["batch"].reindex(place.get_indexer(pd.Index(rows["id"].astype("int64"))))
    else:
        found = pd.Series(key_texts(identity(table), rows)).map(events.groupby("key")["batch"].last())
    return {None if pd.isna(number) else int(number) for number in found}


def _gone(connection: Connection, events: pd.DataFrame) -> list[Problem]:
    """References of the rows to be restored to what no longer counts."""
    changed = {name: events.loc[_did(events, name, RowEvent.CHANGED), "before"].tolist() for name in KEYED}
    before = {name: rows_of(metadata.tables[name], texts) for name, texts in changed.items() if texts}
    return [
        Problem(
            f"what stood before refers to what is gone: {problem.message}",
            "Bring that back first.",
            file=problem.file,
            column=problem.column,
            value=problem.value,
        )
        for problem in unknown(connection, before)
    ]
