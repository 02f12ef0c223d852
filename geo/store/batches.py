"""Commit what a file brings as one batch, list batches, and take one back.

What a batch did is kept in ``batches`` and ``batch_rows``. Nothing that counts as history is altered: rows of
append-only tables stay and stop counting once their batch is undone (``geo.store.counting``); of keyed tables the row
is replaced and its former values go into ``batch_rows.before``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from geo.model import DataStatus, Problem, StoreError, UnknownCodeError
from geo.store import checks
from geo.store.comparison import KEYS, Compared, Counts, compared
from geo.store.counting import KEYED, counting_codes, identity
from geo.store.frames import read_frame, update_frame, write_frame
from geo.store.schema import (
    RowEvent,
    absences,
    batch_rows,
    batches,
    canonical_columns,
    mappings,
    metadata,
)
from geo.store.texts import key_texts, row_texts

_TICK: Final = pd.Timedelta(1, "us")
_NAMED: Final = 5  # codes and batches named in one refusal

_undoes = batches.alias("undoes")


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that is about to be committed.

    - ``kind``: what the file is about, a table that a file can fill.
    - ``file_name``, ``file_sha256`` (64 hexadecimal digits, lower case): the file as it was sent; it is not kept.
    - ``rows``: data rows in the file, refused ones included.
    - ``institution_code``: whose file it is, where that is known. Its mapping is then remembered by the commit itself.
    - ``mapping``: how columns were recognised, anything that JSON holds.
    """

    kind: str
    file_name: str
    file_sha256: str
    rows: int
    institution_code: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Committed:
    """What a commit did.

    - ``batch``: its number; ``None`` where nothing was written: every row is unchanged, or it was a dry run.
    - ``counts``: by table.
    - ``same_file``: number of a batch in force of the very same file and kind, ``None`` if there is none.
    """

    batch: int | None
    counts: Mapping[str, Counts]
    same_file: int | None = None

    @property
    def new(self) -> int:
        """New rows of all tables."""
        return sum(counts.new for counts in self.counts.values())

    @property
    def changed(self) -> int:
        """Changed rows of all tables."""
        return sum(counts.changed for counts in self.counts.values())

    @property
    def unchanged(self) -> int:
        """Unchanged rows of all tables."""
        return sum(counts.unchanged for counts in self.counts.values())

    @property
    def wrote_nothing(self) -> bool:
        """Whether there was nothing to write, because every row stands already."""
        return self.new == self.changed == 0


@dataclass(frozen=True)
class StoredBatch:
    """A batch as the store lists it. ``undo_of``: of an undo, the batch that it took back.

    ``undone_at``, ``undone_by``: when and by whom it was taken back, ``None`` while it is in force. Moments are UTC.
    """

    id: int
    kind: str
    file_name: str
    file_sha256: str
    institution_code: str | None
    actor: str
    at: datetime
    mapping: Mapping[str, Any]
    rows: int
    new: int
    changed: int
    unchanged: int
    undo_of: int | None
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True)
class Prepared:
    """What a commit would write: by table the checked rows, what each does, and every problem found."""

    rows: checks.Rows
    done: Mapping[str, Compared]
    problems: list[Problem]

    @property
    def counts(self) -> dict[str, Counts]:
        """By table, rows that are new, changed and unchanged."""
        return {name: compared.counts for name, compared in self.done.items()}


# --- lists -------------------------------------------------------------------------------------------------------


def listed(connection: Connection) -> pd.DataFrame:
    """All batches, the newest first; columns are the fields of ``StoredBatch``, ``mapping`` as JSON text."""
    return read_frame(connection, _listing().order_by(batches.c.id.desc()))


def stored_batch(connection: Connection, number: int) -> StoredBatch:
    """One batch. Raises ``UnknownCodeError`` when there is none of this number."""
    found = connection.execute(_listing().where(batches.c.id == number)).one_or_none()
    if found is None:
        raise UnknownCodeError(f"No batch {number}. Look at the list of batches for its number.")
    return _stored_batch(found)


def batch_of_file(connection: Connection, sha256: str, kind: str) -> StoredBatch | None:
    """The newest batch in force of a file with this hash, ``None`` if there is none."""
    same = _listing().where(batches.c.file_sha256 == sha256, batches.c.kind == kind, batches.c.undo_of.is_(None))
    found = connection.execute(same.where(_undoes.c.id.is_(None)).order_by(batches.c.id.desc()).limit(1)).first()
    return None if found is None else _stored_batch(found)


def remember(
    connection: Connection, institution_code: str, kind: str, mapping: Mapping[str, Any], at: datetime
) -> None:
    """Keep a mapping in place of the one kept for the institution and kind."""
    kept = {"mapping": json_text(mapping), "at": at}
    whose = {"institution_code": institution_code, "kind": kind}
    if connection.execute(update(mappings).filter_by(**whose).values(kept)).rowcount == 0:
        connection.execute(insert(mappings).values(**whose, **kept))


def remembered(connection: Connection, institution_code: str, kind: str) -> dict[str, Any] | None:
    """The mapping kept for the institution and kind."""
    text = connection.scalar(select(mappings.c.mapping).filter_by(institution_code=institution_code, kind=kind))
    return None if text is None else dict(json.loads(text))


def _listing() -> Select[Any]:
    undone = [_undoes.c.at.label("undone_at"), _undoes.c.actor.label("undone_by")]
    return select(*batches.columns, *undone).outerjoin_from(batches, _undoes, _undoes.c.undo_of == batches.c.id)


def _stored_batch(row: Row[Any]) -> StoredBatch:
    told = dict(row._mapping)
    return StoredBatch(**{**told, "mapping": json.loads(told["mapping"])})


def json_text(mapping: Mapping[str, Any]) -> str:
    return json.dumps(dict(mapping), ensure_ascii=False, sort_keys=True)


# --- commit ------------------------------------------------------------------------------------------------------


def prepared(
    connection: Connection, tables: Mapping[str, pd.DataFrame], *, at: datetime, keep_recorded_at: bool
) -> Prepared:
    """Hold the rows against what is stored and check them; nothing is written."""
    strange = [
        Problem(f"no file can fill {name!r}", f"Known are: {', '.join(KEYS)}.", file=name)
        for name in tables
        if name not in KEYS
    ]
    frames = {name: frame.reset_index(drop=True) for name, frame in tables.items() if name in KEYS}
    done = {
        name: compared(connection, name, frame, keep_recorded_at=keep_recorded_at) for name, frame in frames.items()
    }
    whole = {
        name: _completed(name, frame, done[name], at=at, keep_recorded_at=keep_recorded_at)
        for name, frame in frames.items()
    }
    rows, problems = checks.typed(whole)
    problems = [*strange, *problems]
    for name in rows:
        problems += _twice(name, rows[name], done[name], keep_recorded_at=keep_recorded_at)
    problems += unknown(connection, rows)
    if problems:
        return Prepared(rows, done, problems)
    rows = {
        name: _after_what_stands(connection, name, frame, done[name], keep_recorded_at=keep_recorded_at)
        for name, frame in rows.items()
    }
    return Prepared(rows, done, _broken(rows, done))


def write(connection: Connection, batch: Batch, ready: Prepared, *, actor: str, at: datetime) -> int:
    """Write what is new and changed, and that this batch did it; the number of the batch."""
    counts = ready.counts.values()
    number = insert_batch(
        connection,
        kind=batch.kind,
        file_name=batch.file_name,
        file_sha256=batch.file_sha256,
        institution_code=batch.institution_code,
        actor=actor,
        at=at,
        mapping=json_text(batch.mapping),
        rows=batch.rows,
        new=sum(each.new for each in counts),
        changed=sum(each.changed for each in counts),
        unchanged=sum(each.unchanged for each in counts),
    )
    for name, frame in ready.rows.items():
        state = ready.done[name].state
        if name in KEYED:
            _write_keyed(connection, number, name, frame, ready.done[name])
        else:
            _append(connection, number, name, frame[(state != "unchanged").to_numpy()])
    if batch.institution_code is not None and batch.mapping:
        remember(connection, batch.institution_code, batch.kind, batch.mapping, at)
    return number


def blank_file(batch: Batch) -> list[Problem]:
    """What is missing in the description of the file."""
    texts = {"kind": batch.kind, "file_name": batch.file_name, "file_sha256": batch.file_sha256}
    return [Problem(f"{name} is empty", "Say which file this is.") for name, text in texts.items() if not text.strip()]


def _completed(name: str, frame: pd.DataFrame, done: Compared, *, at: datetime, keep_recorded_at: bool) -> pd.DataFrame:
    """The frame with the columns that it leaves out as they stand, and with its moments of recording."""
    left_out = [column for column in canonical_columns(name) if column not in frame and column != "recorded_at"]
    stands = done.before[left_out].set_axis(frame.index)
    if "data_status" in stands:
        fresh = (done.state == "new").to_numpy()
        stands["data_status"] = stands["data_status"].mask(fresh, str(DataStatus.REPORTED))
    if list(frame.columns).count("recorded_at") > 1:
        return pd.concat([frame, stands], axis="columns")  # refused by the checks that follow
    moments = _moments(name, frame, done, at=at, keep_recorded_at=keep_recorded_at)
    known = frame.drop(columns="recorded_at", errors="ignore")
    return pd.concat([known, stands, moments.rename("recorded_at")], axis="columns")


def _moments(name: str, frame: pd.DataFrame, done: Compared, *, at: datetime, keep_recorded_at: bool) -> pd.Series[Any]:
    """When each row became known: now or, where that is kept, when it says; a keyed row that changes keeps its own."""
    now = pd.Series(pd.Timestamp(at), index=frame.index).dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    own = frame["recorded_at"] if keep_recorded_at and "recorded_at" in frame else None
    moments = now if own is None else own.where(own.notna(), now)
    if name not in KEYED:
        return moments
    stands = (done.state != "new").to_numpy()
    return moments.mask(stands, done.before["recorded_at"].set_axis(frame.index))


def _twice(name: str, rows: pd.DataFrame, done: Compared, *, keep_recorded_at: bool) -> list[Problem]:
    """Rows to be written that speak of the same thing as another one in the file."""
    keys = list(KEYS[name])
    if keep_recorded_at and name not in KEYED:
        if name != "plans":
            return []  # corrections of the past stand side by side
        keys.append("recorded_at")
    given = rows.loc[(done.state != "unchanged").to_numpy(), keys]
    twice = given[given.duplicated() & given.notna().all(axis="columns")]
    told = f"{' and '.join(KEYS[name])} appear twice"
    found = [
        Problem(told, "Keep one of the rows.", file=name, row=int(place) + 2, column=keys[0], value=str(value))
        for place, value in zip(twice.index[: checks.LISTED], twice[keys[0]], strict=False)
    ]
    rest = len(twice) - len(found)
    more = [Problem(f"{told}: {rest} rows more", "Keep one of the rows.", file=name)] if rest > 0 else []
    return [*found, *more]


def unknown(connection: Connection, rows: checks.Rows) -> list[Problem]:
    """References of the rows to codes that neither rows that count nor the rows themselves hold."""
    found: list[Problem] = []
    for name, column, target, target_column in checks.known_codes(rows):
        codes = counting_codes(connection, target, target_column)
        found += checks.unknown_references(rows, name, column, target, codes)
    return found


def _broken(rows: checks.Rows, done: Mapping[str, Compared]) -> list[Problem]:
    if "plans" not in rows:
        return []
    return checks.broken_plans(rows["plans"][(done["plans"].state != "unchanged").to_numpy()])


def _after_what_stands(
    connection: Connection, name: str, rows: pd.DataFrame, done: Compared, *, keep_recorded_at: bool
) -> pd.DataFrame:
    """The rows, each correction recorded after what it corrects, even by a clock that stands or goes back."""
    if name in KEYED:
        return rows
    moments = rows["recorded_at"]
    if name == "plans":
        moments = _revision_moments(connection, rows["site_code"], moments, keep_recorded_at=keep_recorded_at)
    elif not keep_recorded_at:
        stood = done.before["recorded_at"] + _TICK
        moments = moments.where(~(moments < stood), stood)
    return rows.assign(recorded_at=moments)


def _revision_moments(
    connection: Connection, site_code: pd.Series[Any], moments: pd.Series[Any], *, keep_recorded_at: bool
) -> pd.Series[Any]:
    """The moments, moved on until no stored revision of the site's plan has the same, be it a withdrawn one."""
    plans = metadata.tables["plans"]
    taken = read_frame(connection, select(plans.c.site_code, plans.c.recorded_at).distinct())
    if not keep_recorded_at:
        latest = taken.groupby("site_code")["recorded_at"].max() + _TICK
        stood = latest.reindex(pd.Index(site_code)).set_axis(moments.index)
        return moments.where(~(moments < stood), stood)
    known = pd.MultiIndex.from_frame(taken)
    while (occupied := pd.MultiIndex.from_arrays([site_code, moments]).isin(known)).any():
        moments = moments.where(~occupied, moments + _TICK)
    return moments


# --- writing -----------------------------------------------------------------------------------------------------


def insert_batch(connection: Connection, **values: object) -> int:
    """Add a row to the list of batches; its number."""
    done = connection.execute(insert(batches).values(values))
    key = done.inserted_primary_key
    if key is None:
        raise StoreError("The database gave the batch no number. Try again.")
    return int(key[0])


def _append(connection: Connection, batch: int, name: str, rows: pd.DataFrame) -> None:
    """Append rows to a table whose rows are never altered, and note which they are."""
    if rows.empty:
        return
    table = metadata.tables[name]
    if name == "plans":
        write_frame(connection, table, rows)
        sizes = rows.groupby(["site_code", "recorded_at"])["as_of"].size().rename("size").reset_index()
        keys = key_texts(identity(table), sizes)
        note(connection, batch, name, RowEvent.APPENDED, keys=keys, rows=sizes["size"].tolist())
        return
    before = connection.scalar(select(func.max(table.c.id))) or 0
    write_frame(connection, table, rows)
    span = select(func.min(table.c.id), func.max(table.c.id)).where(table.c.id > before)
    first, last = connection.execute(span).one()
    if last - first + 1 != len(rows):
        raise StoreError(f"{name}: another process wrote in between. Try again.")
    connection.execute(
        insert(batch_rows).values(
            batch=batch, table=name, what=str(RowEvent.APPENDED), rows=len(rows), first=first, last=last
        )
    )


def _write_keyed(connection: Connection, batch: int, name: str, rows: pd.DataFrame, done: Compared) -> None:
    """Insert and replace rows, and note what stood before."""
    table = metadata.tables[name]
    fresh, changed = ((done.state == state).to_numpy() for state in ("new", "changed"))
    keys = pd.Series(key_texts(identity(table), rows), dtype="object")
    there = fresh & keys.isin(_absent_keys(connection, name)).to_numpy()  # withdrawn once, back now
    _come_back(connection, name, keys[there].tolist())
    write_frame(connection, table, rows[fresh & ~there])
    update_frame(connection, table, rows[changed | there])
    note(connection, batch, name, RowEvent.NEW, keys=keys[fresh].tolist())
    before = row_texts(table, done.before[changed])
    note(connection, batch, name, RowEvent.CHANGED, keys=keys[changed].tolist(), before=before)


def note(
    connection: Connection,
    batch: int,
    name: str,
    what: RowEvent,
    *,
    keys: Sequence[str],
    before: Sequence[str] | None = None,
    rows: Sequence[int] | None = None,
) -> None:
    if not keys:
        return
    noted = pd.DataFrame(
        {
            "batch": pd.array([batch] * len(keys), dtype="Int64"),
            "table": pd.array([name] * len(keys), dtype="str"),
            "what": pd.array([str(what)] * len(keys), dtype="str"),
            "rows": pd.array(rows or [1] * len(keys), dtype="Int64"),
            "key": pd.array(list(keys), dtype="str"),
            "before": pd.array(list(before) if before else [None] * len(keys), dtype="str"),
        }
    )
    write_frame(connection, batch_rows, noted)


def _absent_keys(connection: Connection, name: str) -> set[str]:
    return set(connection.scalars(select(absences.c.key).where(absences.c.table == name)))


def _come_back(connection: Connection, name: str, keys: Iterable[str]) -> None:
    gone = [{"of_table": name, "of_key": key} for key in keys]
    if gone:
        absence = (absences.c.table == bindparam("of_table"), absences.c.key == bindparam("of_key"))
        connection.execute(delete(absences).where(*absence), gone)
