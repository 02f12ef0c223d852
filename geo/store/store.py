"""Read and write the records: frames in, frames out, one transaction a change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Select, Table, exists, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from geo.model import DataStatus, Problem, RefusedError, StoreError
from geo.store import accounts, audit, batches, checks, integrity, migration, retention, safekeeping, snapshots
from geo.store.accounts import Account
from geo.store.audit import Chosen, Entry, Head, Mark
from geo.store.batches import Batch, Committed, StoredBatch
from geo.store.comparison import SELECTED_CODES, Compared, compared
from geo.store.counting import MARKS, counting_codes, read_counting, read_history
from geo.store.frames import read_frame, write_frame
from geo.store.retention import Pruned
from geo.store.safekeeping import Lock
from geo.store.schema import DATA_TABLES, STAMPED, metadata
from geo.store.snapshots import Exported, Records, StoredSnapshot
from geo.store.undo import Undone, undo

_WRITER = 7_305_115  # any number, as long as every process of this software takes the same


class Store:
    """The programme's records in one database.

    Frames carry the canonical columns of ``geo.store.schema`` with settled dtypes (see ``geo.store.frames``). Any
    method may raise ``StoreError`` when the database fails or its tables are missing (``migrate`` makes them).
    Instances may be shared between threads; the database serialises the writers.
    """

    def __init__(self, engine: Engine, *, shown: str) -> None:
        self._engine = engine
        self._shown = shown

    def __repr__(self) -> str:
        return f"Store({self._shown})"

    @property
    def place(self) -> str:
        """Where the records are, without user or password."""
        return self._shown

    def close(self) -> None:
        """Give back every connection; the store may be used again, which opens new ones."""
        self._engine.dispose()

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

    # --- reads ---

    # Rows of a batch that was taken back are left out of every read but those that ask for the history.

    def table(self, name: str, *, with_id: bool = False, history: bool = False) -> pd.DataFrame:
        """All rows of a table in the order of its key (append-only ones: of recording), canonical columns.

        ``with_id`` adds the serial number where the table has one. ``history``: see ``tables``. Raises ``StoreError``
        for an unknown table.
        """
        table = _known(name)
        with self._reading(snapshot=history) as connection:
            if history and name in DATA_TABLES:
                return read_history(connection, table)
            return read_counting(connection, _all(table, with_id=with_id), table)

    def tables(
        self, *names: str, columns: Mapping[str, Sequence[str]] | None = None, history: bool = False
    ) -> dict[str, pd.DataFrame]:
        """Several tables as they stood at one moment, by name; no name means all that a person fills.

        ``columns`` names, by table, the only columns to read: a long table is read in a fraction of the time without
        its texts. ``history`` adds the rows that a batch replaced or an undo took back, and the columns ``entered_at``
        and ``withdrawn_at`` (UTC; missing where a row counts): ``geo.progress.clocks.recorded`` chooses from them what
        counted at a moment; until then a code may stand more than once. Raises ``StoreError`` for an unknown table or
        column.
        """
        queries = {name: _some(_known(name), (columns or {}).get(name)) for name in names or DATA_TABLES}
        with self._reading(snapshot=True) as connection:
            if not history:
                return {
                    name: read_counting(connection, query, metadata.tables[name]) for name, query in queries.items()
                }
            return {
                name: read_history(connection, metadata.tables[name])[[*query.selected_columns.keys(), *MARKS]]
                for name, query in queries.items()
            }

    def institutions(self) -> pd.DataFrame:
        """Institutions by code."""
        return self.table("institutions")

    def sites(self, codes: Iterable[str] | None = None) -> pd.DataFrame:
        """Sites by code; ``codes`` restricts them, unknown ones are passed over. ``footprint`` in EPSG:4326."""
        if codes is None:
            return self.table("sites")
        wanted = set(codes)
        table = metadata.tables["sites"]
        query = _all(table) if len(wanted) > SELECTED_CODES else _all(table).where(table.c.code.in_(sorted(wanted)))
        with self._reading() as connection:
            found = read_counting(connection, query, table)
        return found[found["code"].isin(wanted)].reset_index(drop=True)

    def site_indicators(self) -> pd.DataFrame:
        """Claims on sites, in the order of recording; conflicting ones side by side."""
        return self.table("site_indicators")

    def plans(self) -> pd.DataFrame:
        """Cumulative plans by site and day, every revision of them."""
        return self.table("plans")

    def reports(self, *, known_at: datetime | None = None) -> pd.DataFrame:
        """Reports in the order of recording; ``known_at`` (aware) leaves out what was recorded later, and takes in what
        counted then and was withdrawn since.

        Corrections are rows beside what they correct: which one counts is the reader's question, answered by ``as_of``
        and ``recorded_at``. Raises ``RefusedError`` for a ``known_at`` without time zone.
        """
        table = metadata.tables["reports"]
        query = _all(table)
        if known_at is not None:
            _refuse(_naive("known_at", known_at))
            query = query.where(table.c.recorded_at <= known_at)
        with self._reading(snapshot=True) as connection:
            return read_counting(connection, query, table, known_at=known_at)

    def actions(self, year: int | None = None) -> pd.DataFrame:
        """Actions by code, of one budget year or of all."""
        table = metadata.tables["actions"]
        query = _all(table) if year is None else _all(table).where(table.c.year == year)
        with self._reading() as connection:
            return read_counting(connection, query, table)

    def action_reports(self) -> pd.DataFrame:
        """Reports on actions, in the order of recording."""
        return self.table("action_reports")

    def beneficiaries(self) -> pd.DataFrame:
        """Counts of beneficiaries by site, day and group."""
        return self.table("beneficiaries")

    def obstacles(self) -> pd.DataFrame:
        """Obstacles in the order of recording; rows of one code are successive states of the same obstacle."""
        return self.table("obstacles")

    def meetings(self) -> pd.DataFrame:
        """Meetings in the order of recording."""
        return self.table("meetings")

    def closures(self) -> pd.DataFrame:
        """Closed checkpoints by year."""
        return self.table("closures")

    def decisions(self) -> pd.DataFrame:
        """Decisions of meetings in the order of recording; rows of one code are successive states of the same one."""
        return self.table("decisions")

    def is_empty(self) -> bool:
        """Whether no table that a person fills holds a row."""
        with self._reading() as connection:
            return _is_empty(connection)

    def is_sample(self) -> bool:
        """Whether sample data is shown: so marked, and synthetic rows are still there."""
        with self._reading() as connection:
            marked = connection.scalar(select(metadata.tables["meta"].c.value).filter_by(key="sample"))
            tables = (metadata.tables[name] for name in ("sites", "reports"))
            return marked == "true" and any(
                connection.scalar(select(exists().where(table.c.data_status == str(DataStatus.SYNTHETIC))))
                for table in tables
            )

    def meta(self) -> dict[str, str]:
        """What the store says of itself, such as ``sample`` and ``sample_as_of``."""
        with self._reading() as connection:
            return _meta(connection)

    def data_version(self) -> str:
        """A short text that differs after every write: the key for whatever is cached from here."""
        return self.versions()[""]

    def versions(self) -> dict[str, str]:
        """For each table, and under ``""`` for the whole, a text that differs after every write to it; one read.

        It holds the moment of the write, too: a restored backup counts its writes on from where it was made.
        """
        journal = metadata.tables["changes"]
        last = select(journal.c.table, func.max(journal.c.id), func.max(journal.c.at)).group_by(journal.c.table)
        with self._reading() as connection:
            store_id = connection.scalar(select(metadata.tables["meta"].c.value).filter_by(key="store_id"))
            rows = connection.execute(last).all()
        written = {str(table): f"{number}.{at:%Y%m%dT%H%M%S%f}" for table, number, at in rows}
        newest = max(rows, key=lambda row: int(row[1]), default=None)
        whole = written[str(newest[0])] if newest else "0"
        return {"": f"{store_id}.{whole}", **{name: f"{store_id}.{written.get(name, 0)}" for name in metadata.tables}}

    def records(self) -> Records:
        """Which records there are: the version and the moment of the last write that figures rest on, in one read.

        Unlike ``data_version`` it stays the same when something else is written, such as a remembered mapping.
        """
        with self._reading(snapshot=True) as connection:
            return snapshots.records(connection)

    def tables_until(self, moment: datetime, *names: str) -> dict[str, pd.DataFrame]:
        """Several tables with their history, as ``tables`` gives them, as they stood at a moment (aware): the same rows
        whenever it is asked, unless rows that name an earlier moment are taken in afterwards.
        """
        _refuse(_naive("moment", moment))
        found = self.tables(*names, history=True)
        return {name: snapshots.until(name, rows, moment) for name, rows in found.items()}

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
        problems = _naive("at", at) + _blank("actor", actor) + problems
        with self._writing() as connection:
            if only_if_empty and not _is_empty(connection):
                return {}
            _refuse(problems + _against_stored(connection, rows))
            counts = {name: write_frame(connection, metadata.tables[name], frame) for name, frame in rows.items()}
            _write_meta(connection, meta or {})
            journal = [("add", name, count) for name, count in counts.items()]
            entry = Entry("write", ", ".join(counts) or "meta", details={"rows": counts, "meta": dict(meta or {})})
            _record(connection, actor, at, [*journal, *([("meta", "meta", len(meta))] if meta else [])], entry)
        return counts

    def set_meta(self, values: Mapping[str, str], *, actor: str, at: datetime) -> None:
        """Write what the store says of itself; a key that exists is replaced."""
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            before = {key: value for key, value in _meta(connection).items() if key in values}
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
        problems = _naive("at", at) + _blank("actor", actor) + batches.blank_file(batch)
        _refuse(problems)
        with self._writing() as connection:
            ready = batches.prepared(connection, tables, at=at, keep_recorded_at=keep_recorded_at)
            _refuse(ready.problems)
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
        _refuse(_naive("at", at) + _blank("actor", actor))
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
        _refuse(_naive("at", at) + _blank("actor", actor) + _blank("institution_code", institution_code))
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
        _refuse(_naive("at", at) + _blank("actor", actor) + snapshots.incomplete(exported))
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

    # --- accounts ---

    def account(self, name: str) -> Account | None:
        """The account of what the sign-in provider calls a person, ``None`` if there is none; a disabled one is told.

        Small and capital letters are the same. One look at one row: it may be asked on every run of a screen.
        """
        with self._reading() as connection:
            return accounts.account(connection, name)

    def accounts(self) -> list[Account]:
        """All accounts by name, disabled ones among them."""
        with self._reading() as connection:
            return accounts.listed(connection)

    def set_account(
        self,
        name: str,
        *,
        role: str,
        provinces: Sequence[str] = (),
        actor: str,
        at: datetime,
        new: bool | None = None,
    ) -> Account:
        """Make an account or give one another role and other provinces (Kemendagri codes, as ``35``); how it is now.

        A disabled one stays so. ``new`` says whether there must be none so far (true) or one (false). Raises
        ``RefusedError`` for a name or role that cannot be, for provinces where the role has none (and the other way
        round), and where the last enabled administrator would become something else.
        """
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            return accounts.set_account(connection, name, role=role, provinces=provinces, actor=actor, at=at, new=new)

    def disable(self, name: str, *, actor: str, at: datetime) -> Account:
        """Let an account do nothing any more, from the next run of a screen on; its sessions are dead for good.

        Raises ``UnknownCodeError`` for an account that nobody has, ``RefusedError`` for the last enabled administrator.
        """
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            return accounts.disable(connection, name, actor=actor, at=at)

    def enable(self, name: str, *, actor: str, at: datetime) -> Account:
        """Let a disabled account in again, after it has signed in anew. Raises as ``disable``."""
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            return accounts.enable(connection, name, actor=actor, at=at)

    def sign_out_everywhere(self, name: str, *, actor: str, at: datetime) -> Account:
        """End every session of an account that began before ``at``, copied cookies too. Raises as ``disable``."""
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            return accounts.sign_out_everywhere(connection, name, actor=actor, at=at)

    # --- log ---

    # Every method that writes adds its own row to the log, in the same transaction: see ``geo.store.audit``.

    def log(
        self,
        deed: str,
        about: str,
        *,
        actor: str,
        at: datetime,
        outcome: str = "done",
        details: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> int:
        """Log what writes nothing else, such as a sign-in or a refusal, and ``about`` what it was; the row's number.

        No version of anything changes. From where it came is what ``geo.store.audit.coming_from`` says. Raises
        ``RefusedError`` for a blank ``actor`` or a ``deed`` that is no word of small letters and underscores.
        """
        _refuse(_naive("at", at) + _blank("actor", actor))
        with self._writing() as connection:
            entry = Entry(deed, about, outcome, before=before, details=details)
            return audit.append(connection, entry, actor=actor, at=at)

    def audit_rows(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        deed: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> pd.DataFrame:
        """Rows of the log, the newest first, with all its columns.

        ``since`` is included, ``until`` is not (both aware); ``text`` is looked for in who, from where, what and the
        details, small and capital letters being the same.
        """
        _refuse([problem for moment in (since, until) if moment is not None for problem in _naive("moment", moment)])
        with self._reading() as connection:
            return audit.rows(connection, Chosen(since, until, actor, deed, text), limit=limit, offset=offset)

    def audit_count(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        deed: str | None = None,
        text: str | None = None,
    ) -> int:
        """How many rows ``audit_rows`` would give without a limit."""
        with self._reading() as connection:
            return audit.count(connection, Chosen(since, until, actor, deed, text))

    def audit_head(self) -> Head:
        """Number and hash of the newest row of the log."""
        with self._reading() as connection:
            return audit.read_head(connection)

    def verify_audit(self, *, marks: Sequence[Mark] = ()) -> list[Problem]:
        """Where the chain of the log does not hold, the first place first; ``marks`` are heads written down outside."""
        with self._reading(snapshot=True) as connection:
            return audit.broken(connection, marks=marks)

    # --- kept runs ---

    def keep_story(self, name: str, content: Mapping[str, Any] | None, *, actor: str, at: datetime) -> None:
        """Keep a run of the briefing room under a name, in place of what the name stood for; ``None`` drops the name.

        ``content`` is anything that JSON holds. No version of anything that figures rest on changes by it.
        """
        _refuse(_naive("at", at) + _blank("actor", actor) + _blank("name", name))
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

    def prune_audit(self, before: datetime, *, file: Path, actor: str, at: datetime) -> Pruned:
        """Move what the log told before a moment (aware) to a new file, and leave an anchor on which the rest follows.

        The file holds a JSON object a line, with the hashes. That it was done is logged. Raises ``RefusedError`` where
        retention forbids it (see ``geo.store.audit.kept_days``) or nothing is that old, ``StoreError`` where the file
        exists or cannot be written; then nothing was removed.
        """
        _refuse(_naive("before", before) + _naive("at", at) + _blank("actor", actor))
        _refuse(retention.refused(before, at))
        with self._writing() as connection:
            return retention.prune(connection, before, file=file, actor=actor, at=at)

    def backup(self, path: Path, *, actor: str, at: datetime, lock: Lock | None = None) -> Path:
        """Copy the whole store to one new file while it stays in use (SQLite), encrypted by ``lock``; the file's path.

        Only this user can read it. That it was made is logged before it has its name. Raises ``StoreError`` when the
        file exists, cannot be written, or the database is of another kind.
        """
        _refuse(_naive("at", at) + _blank("actor", actor))
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

    # --- transactions ---

    @contextmanager
    def _reading(self, *, snapshot: bool = False) -> Iterator[Connection]:
        """A transaction that writes nothing; ``snapshot`` freezes what it sees (SQLite does so always)."""
        frozen = snapshot and self._engine.dialect.name == "postgresql"
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ") if frozen else self._engine
        with self._mapped_errors(), engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """The one writer's transaction: taken at once, so that what is read in it stays true until it ends."""
        with self._mapped_errors(), self._engine.execution_options(writer=True).begin() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_WRITER)))
            yield connection

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise RefusedError([Problem(f"the database refused the rows: {error.orig}")]) from error
        except DBAPIError as error:
            remedy = "Try again." if "locked" in str(error.orig) else "Run the migrations, or check the database."
            raise StoreError(f"{self._shown}: {error.orig}. {remedy}") from error


def _stamped(tables: Mapping[str, pd.DataFrame], at: datetime) -> dict[str, pd.DataFrame]:
    """The frames, each with the moment of the change where it should say since when its rows are known."""
    return {
        name: frame.assign(recorded_at=pd.Series(at, index=frame.index, dtype="object"))
        if name in STAMPED and "recorded_at" not in frame
        else frame
        for name, frame in tables.items()
    }


def _known(name: str) -> Table:
    if name not in metadata.tables:
        raise StoreError(f"No table {name!r}. Known are: {', '.join(metadata.tables)}.")
    return metadata.tables[name]


def _all(table: Table, *, with_id: bool = False) -> Select[Any]:
    columns = [column for column in table.columns if with_id or column.name != "id"]
    return select(*columns).order_by(*table.primary_key.columns)


def _some(table: Table, columns: Sequence[str] | None) -> Select[Any]:
    if columns is None:
        return _all(table)
    unknown = [name for name in columns if name not in table.columns]
    if unknown:
        raise StoreError(
            f"No column {', '.join(unknown)} in {table.name}. Known are: {', '.join(table.columns.keys())}."
        )
    return select(*(table.columns[name] for name in columns)).order_by(*table.primary_key.columns)


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.scalar(select(exists(select(1).select_from(metadata.tables[name])))) for name in DATA_TABLES
    )


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
        merged = pd.concat([read_frame(connection, _all(metadata.tables["plans"])), rows["plans"]])
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


def _meta(connection: Connection) -> dict[str, str]:
    return {str(key): str(value) for key, value in connection.execute(select(metadata.tables["meta"])).all()}


def _naive(name: str, moment: datetime) -> list[Problem]:
    return [Problem(f"{name} has no time zone", "Pass an aware moment, best in UTC.")] if moment.tzinfo is None else []


def _blank(name: str, text: str) -> list[Problem]:
    return [] if text.strip() else [Problem(f"{name} is empty", "Name the office or process.")]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RefusedError(problems)
