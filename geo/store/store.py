"""Read and write the records: frames in, frames out, one transaction a change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select, update

from geo.model import Problem, StoreError
from geo.store import audit, batches, checks, integrity, migration, safekeeping, snapshots
from geo.store.audit import Entry
from geo.store.batches import Batch, Committed, StoredBatch
from geo.store.comparison import Compared, compared
from geo.store.counting import counting_codes
from geo.store.database import blank, naive, refuse
from geo.store.frames import read_frame, write_frame
from geo.store.ledger import Ledger
from geo.store.reading import Readings, holds_nothing, meta_values, whole
from geo.store.safekeeping import Lock
from geo.store.schema import STAMPED, metadata
from geo.store.snapshots import Exported, StoredSnapshot
from geo.store.undo import Undone, undo


class Store(Readings, Ledger):
    """The programme's records in one database.

    Frames carry the canonical columns of ``geo.store.schema`` with settled dtypes (see ``geo.store.frames``). Any
    method may raise ``StoreError`` when the database fails or its tables are missing (``migrate`` makes them).
    Instances may be shared between threads; the database serialises the writers.
    """

    # --- schema ---

    def migrate(self) -> list[str]:
        """Bring the tables up to this software, in one transaction; the revisions applied, oldest first.

        Several processes may call it at once: one does the work, the others find it done.
        """
        with self._writing() as connection:
            return migration.upgrade(connection)

    def revision(self) -> str | None:
        """The schema's revision, ``None`` before the first ``migrate``."""
        with self._reading() as connection:
            return migration.revision(connection)

    # --- writes ---

    def add(
        self,
        tables: Mapping[str, pd.DataFrame],
        *,
        actor: str,
        at: datetime,
        meta: Mapping[str, str] | None = None,
        only_if_empty: bool = False,
    ) -> dict[str, int]:
        """Append rows to several tables in one transaction: all of them or none; the number of rows by table.

        ``at`` (aware) is the moment of the change, ``actor`` the office or process that makes it. ``meta`` is written
        along. ``only_if_empty`` does nothing (and returns no count) when another process was first to fill the store.
        Where a frame of a table that notes since when a row is known brings no ``recorded_at``, it is ``at``.
        Raises ``RefusedError`` with every problem found; then nothing was written.
        """
        rows, problems = checks.typed(_stamped(tables, at))
        problems = naive("at", at) + blank("actor", actor) + problems
        with self._writing() as connection:
            if only_if_empty and not holds_nothing(connection):
                return {}
            refuse(problems + _against_stored(connection, rows))
            counts = {name: write_frame(connection, metadata.tables[name], frame) for name, frame in rows.items()}
            _write_meta(connection, meta or {})
            journal = [("add", name, count) for name, count in counts.items()]
            entry = Entry("write", ", ".join(counts) or "meta", details={"rows": counts, "meta": dict(meta or {})})
            _record(connection, actor, at, [*journal, *([("meta", "meta", len(meta))] if meta else [])], entry)
        return counts

    def set_meta(self, values: Mapping[str, str], *, actor: str, at: datetime) -> None:
        """Write what the store says of itself; a key that exists is replaced."""
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            before = {key: value for key, value in meta_values(connection).items() if key in values}
            _write_meta(connection, values)
            entry = Entry("configuration", ", ".join(sorted(values)), before=before, details=values)
            _record(connection, actor, at, [("meta", "meta", len(values))], entry)

    # --- batches ---

    def compare(self, kind: str, rows: pd.DataFrame, *, keep_recorded_at: bool = False) -> Compared:
        """What ``rows`` would do to the table ``kind``: new, changed or unchanged, by row. Nothing is written.

        A row is told by its key: reports by ``site_code`` and ``as_of``, action_reports by ``action_code`` and
        ``as_of``, beneficiaries by ``site_code``, ``as_of`` and ``group``, sites, institutions and actions by ``code``,
        obstacles by ``code`` (without one by all they say), plans by ``site_code``: a plan counts whole, so where one
        point differs all rows of the site are ``changed``.

        Columns that the frame leaves out stay as they stand and are not compared; an empty cell of a column that is
        there means that there is no value. ``recorded_at`` is not compared, but a row equal to a stored one recorded
        in the same second is ``unchanged``: an export that comes back changes nothing, corrected reports included.
        With ``keep_recorded_at`` only such a row is. Numbers are equal within 1e-9, coordinates and outlines within
        1e-7 degree. A value that cannot be read counts as missing; to check is for ``commit_batch``.
        Raises ``StoreError`` for a table that no file can fill.
        """
        with self._reading(snapshot=True) as connection:
            told = compared(connection, kind, rows.reset_index(drop=True), keep_recorded_at=keep_recorded_at)
        return told.indexed(rows.index)

    def commit_batch(
        self,
        batch: Batch,
        tables: Mapping[str, pd.DataFrame],
        *,
        actor: str,
        at: datetime,
        keep_recorded_at: bool = False,
        dry_run: bool = False,
    ) -> Committed:
        """Write what is new and changed (see ``compare``) in one transaction, all or nothing.

        Reports, reports on actions, plans and obstacles are appended beside what stood, recorded at ``at`` (a
        correction by a clock gone back: just after what it corrects), with ``keep_recorded_at`` at the moment that the
        row itself names. Of sites, institutions, actions and counts of beneficiaries the values that stood are kept as
        history, and ``recorded_at`` stays the moment since which the row is known. Of new rows a ``data_status`` that
        the frame leaves out is ``reported``.

        When every row is unchanged, nothing at all is written. ``dry_run`` finds and counts the same and writes
        nothing. ``at`` (aware) is the moment of the change, ``actor`` the office or process that makes it. The mapping
        is remembered for the institution of the batch. Raises ``RefusedError`` with every problem found (``row`` is
        the place in the frame, from 0, plus 2); then nothing was written.
        """
        problems = naive("at", at) + blank("actor", actor) + batches.blank_file(batch)
        refuse(problems)
        with self._writing() as connection:
            ready = batches.prepared(connection, tables, at=at, keep_recorded_at=keep_recorded_at)
            refuse(ready.problems)
            same = batches.batch_of_file(connection, batch.file_sha256, batch.kind)
            done = Committed(None, ready.counts, same.id if same is not None else None)
            if dry_run or done.wrote_nothing:
                return done
            number = batches.write(connection, batch, ready, actor=actor, at=at)
            journal = [("import", name, counts.new + counts.changed) for name, counts in ready.counts.items()]
            entry = Entry("import", f"batch {number}", details=_told(batch, number, done))
            _record(connection, actor, at, [change for change in journal if change[2]], entry)
        return replace(done, batch=number)

    def undo_batch(self, batch: int, *, actor: str, at: datetime) -> Undone:
        """Take a batch back: what it wrote counts no longer from ``at`` on, and what stood before counts again.

        Nothing is erased: for a moment between the commit and ``at`` the batch still shows (``history`` of ``tables``).
        Raises ``UnknownCodeError`` for a number that no batch has, and ``RefusedError`` with every reason: the batch is
        taken back already, is itself an undo or younger than ``at``; rows that count refer to what it brought in; a
        later batch changed the same rows again; what stood before refers to what no longer counts.
        """
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            undone = undo(connection, batch, actor=actor, at=at)
            counts = Counter(undone.withdrawn) + Counter(undone.restored)
            told = {"batch": undone.batch, "withdrawn": dict(undone.withdrawn), "restored": dict(undone.restored)}
            entry = Entry("undo", f"batch {undone.undone}", details=told)
            _record(connection, actor, at, [("undo", name, count) for name, count in counts.items()], entry)
        return undone

    def batch(self, number: int) -> StoredBatch:
        """One batch. Raises ``UnknownCodeError`` when there is none of this number."""
        with self._reading() as connection:
            return batches.stored_batch(connection, number)

    def batches(self) -> pd.DataFrame:
        """All batches, undos among them, the newest first; the columns are the fields of ``StoredBatch``.

        ``mapping`` is JSON text.
        """
        with self._reading() as connection:
            return batches.listed(connection)

    def find_batch(self, sha256: str, kind: str) -> StoredBatch | None:
        """The newest batch in force of a file with this hash and kind, ``None`` if there is none."""
        with self._reading() as connection:
            return batches.batch_of_file(connection, sha256, kind)

    def remember_mapping(
        self, institution_code: str, kind: str, mapping: Mapping[str, Any], *, actor: str, at: datetime
    ) -> None:
        """Keep how an institution's files of a kind are recognised, in place of what was kept; a commit does so itself.

        ``mapping`` is anything that JSON holds.
        """
        refuse(naive("at", at) + blank("actor", actor) + blank("institution_code", institution_code))
        with self._writing() as connection:
            before = batches.remembered(connection, institution_code, kind)
            batches.remember(connection, institution_code, kind, mapping, at)
            entry = Entry("configuration", f"mapping {institution_code} {kind}", before=before, details=mapping)
            _record(connection, actor, at, [("mapping", "mappings", 1)], entry)

    def remembered_mapping(self, institution_code: str, kind: str) -> dict[str, Any] | None:
        """The mapping kept for an institution's files of a kind, ``None`` if none is."""
        with self._reading() as connection:
            return batches.remembered(connection, institution_code, kind)

    # --- exports ---

    def record_snapshot(self, exported: Exported, *, actor: str, at: datetime) -> int:
        """Keep that a file was exported, by which office or process and when (aware); the number of the row.

        No version of anything changes by it. Raises ``RefusedError`` when the description is incomplete.
        """
        refuse(naive("at", at) + blank("actor", actor) + snapshots.incomplete(exported))
        with self._writing() as connection:
            number = snapshots.record(connection, exported, actor=actor, at=at)
            _record(
                connection, actor, at, [], Entry("export", exported.number, details=snapshots.told(exported, number))
            )
        return number

    def snapshots(
        self, number: str | None = None, *, sha256: str | None = None, limit: int | None = None
    ) -> list[StoredSnapshot]:
        """What was exported, the newest first: all, those of a number, those whose file has a fingerprint."""
        with self._reading() as connection:
            return snapshots.listed(connection, number=number, sha256=sha256, limit=limit)

    # --- published counts ---

    def publications(self) -> list[tuple[date, int, list[Any]]]:
        """What was published of counts of people, in that order: last day of the quarter, threshold, blocks as JSON."""
        rows = self.table("publications").to_dict("records")
        return [(row["period"].date(), int(row["threshold"]), json.loads(row["blocks"])) for row in rows]

    def keep_publication(
        self, after: int, period: date, threshold: int, blocks: Sequence[Any], *, actor: str, at: datetime
    ) -> bool:
        """Keep what is published as the next after ``after`` others; false, and nothing kept, where there are more.

        No version of anything changes by it. What is logged are numbers of blocks, none of their counts.
        """
        refuse(naive("at", at) + blank("actor", actor))
        table = metadata.tables["publications"]
        with self._writing() as connection:
            if connection.scalar(select(func.count()).select_from(table)) != after:
                return False
            text = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
            row = {"period": period, "threshold": threshold, "blocks": text, "actor": actor, "at": at}
            connection.execute(insert(table), [row])
            entry = Entry("publication", period.isoformat(), details={"threshold": threshold, "blocks": len(blocks)})
            audit.append(connection, entry, actor=actor, at=at)
        return True

    # --- kept runs ---

    def keep_story(self, name: str, content: Mapping[str, Any] | None, *, actor: str, at: datetime) -> None:
        """Keep a run of the briefing room under a name, in place of what the name stood for; ``None`` drops the name.

        ``content`` is anything that JSON holds. No version of anything that figures rest on changes by it.
        """
        refuse(naive("at", at) + blank("actor", actor) + blank("name", name))
        told = None if content is None else batches.json_text(content)
        with self._writing() as connection:
            row = {"name": name, "content": told, "actor": actor, "at": at}
            connection.execute(insert(metadata.tables["stories"]), [row])
            deed = "drop_story" if content is None else "keep_story"
            entry = Entry(deed, name, details=None if content is None else {"parts": sorted(content)})
            _record(connection, actor, at, [("story", "stories", 1)], entry)

    def stories(self) -> dict[str, dict[str, Any]]:
        """The runs that are kept, by name in alphabetical order."""
        rows = self.table("stories")
        last = {str(row["name"]): row["content"] for row in rows.to_dict("records")}
        return {name: json.loads(last[name]) for name in sorted(last) if isinstance(last[name], str)}

    # --- care ---

    def backup(self, path: Path, *, actor: str, at: datetime, lock: Lock | None = None) -> Path:
        """Copy the whole store to one new file while it stays in use (SQLite), encrypted by ``lock``; the file's path.

        Only this user can read it. That it was made is logged before it has its name. Raises ``StoreError`` when the
        file exists, cannot be written, or the database is of another kind.
        """
        refuse(naive("at", at) + blank("actor", actor))
        if self._engine.dialect.name != "sqlite":
            raise StoreError(f"{self._shown}: this copies SQLite only. Use pg_dump.")

        def logged(digest: str, length: int) -> None:
            told = {"sha256": digest, "bytes": length, "encrypted": lock is not None}
            self.log("backup", path.name, actor=actor, at=at, details=told)

        with self._reading() as connection:
            return safekeeping.back_up(connection, path, beside=Path(self._shown), lock=lock, first=logged)

    def check(self) -> list[Problem]:
        """What is wrong with the stored data: damaged pages, lost references, missing guards, a log that was altered,
        broken plans, files that others may read.
        """
        with self._reading(snapshot=True) as connection:
            found = integrity.problems(connection)
        in_file = self._engine.dialect.name == "sqlite"
        return [*found, *(safekeeping.loose(Path(self._shown)) if in_file else [])]


def _stamped(tables: Mapping[str, pd.DataFrame], at: datetime) -> dict[str, pd.DataFrame]:
    """The frames, each with the moment of the change where it should say since when its rows are known."""
    return {
        name: frame.assign(recorded_at=pd.Series(at, index=frame.index, dtype="object"))
        if name in STAMPED and "recorded_at" not in frame
        else frame
        for name, frame in tables.items()
    }


def _against_stored(connection: Connection, rows: checks.Rows) -> list[Problem]:
    """What is wrong with ``rows`` in view of what is stored, asked inside the writer's transaction."""
    found: list[Problem] = []
    for name in rows:
        table = metadata.tables[name]
        keys = [column for column in table.primary_key if column.name != "id"]
        stored = read_frame(connection, select(*keys)) if keys else None
        found += checks.repeated_keys(rows, name, stored)
    for name, column, target, target_column in checks.known_codes(rows):
        codes = counting_codes(connection, target, target_column)
        found += checks.unknown_references(rows, name, column, target, codes)
    if "plans" in rows:
        merged = pd.concat([read_frame(connection, whole(metadata.tables["plans"])), rows["plans"]])
        found += checks.broken_plans(merged, sites=set(rows["plans"]["site_code"].dropna()))
    return found


def _write_meta(connection: Connection, values: Mapping[str, str]) -> None:
    table = metadata.tables["meta"]
    for key, value in values.items():
        done = connection.execute(update(table).where(table.c.key == key).values(value=value))
        if done.rowcount == 0:
            connection.execute(insert(table).values(key=key, value=value))


def _record(
    connection: Connection, actor: str, at: datetime, done: Iterable[tuple[str, str, int]], entry: Entry
) -> None:
    """Note a change for those who cache (what, table, rows) and in the log: nothing is written without."""
    rows = [{"at": at, "actor": actor, "what": what, "table": table, "rows": count} for what, table, count in done]
    if rows:
        connection.execute(insert(metadata.tables["changes"]), rows)
    audit.append(connection, entry, actor=actor, at=at)


def _told(batch: Batch, number: int, done: Committed) -> dict[str, Any]:
    """What the log keeps of an import: the file and how many rows, nothing that stands in them."""
    return {
        "batch": number,
        "kind": batch.kind,
        "file_name": batch.file_name,
        "file_sha256": batch.file_sha256,
        "institution": batch.institution_code,
        "rows": batch.rows,
        "tables": {
            name: {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged}
            for name, counts in done.counts.items()
        },
    }
