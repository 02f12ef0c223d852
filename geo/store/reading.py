"""Read the records: frames out, each with settled dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Table, exists, func, select

from geo.model import DataStatus, StoreError
from geo.store import snapshots
from geo.store.comparison import SELECTED_CODES
from geo.store.counting import MARKS, read_counting, read_history
from geo.store.database import Database, naive, refuse
from geo.store.schema import DATA_TABLES, metadata
from geo.store.snapshots import Records


class Readings(Database):
    """What a store answers about the records. Rows of a batch that was taken back are left out of every read but those
    that ask for the history.
    """

    def table(self, name: str, *, with_id: bool = False, history: bool = False) -> pd.DataFrame:
        """All rows of a table in the order of its key (append-only ones: of recording), canonical columns.

        ``with_id`` adds the serial number where the table has one. ``history``: see ``tables``. Raises ``StoreError``
        for an unknown table.
        """
        table = _known(name)
        with self._reading(snapshot=history) as connection:
            if history and name in DATA_TABLES:
                return read_history(connection, table)
            return read_counting(connection, whole(table, with_id=with_id), table)

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
        query = whole(table) if len(wanted) > SELECTED_CODES else whole(table).where(table.c.code.in_(sorted(wanted)))
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
        query = whole(table)
        if known_at is not None:
            refuse(naive("known_at", known_at))
            query = query.where(table.c.recorded_at <= known_at)
        with self._reading(snapshot=True) as connection:
            return read_counting(connection, query, table, known_at=known_at)

    def actions(self, year: int | None = None) -> pd.DataFrame:
        """Actions by code, of one budget year or of all."""
        table = metadata.tables["actions"]
        query = whole(table) if year is None else whole(table).where(table.c.year == year)
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
            return holds_nothing(connection)

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
            return meta_values(connection)

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
        refuse(naive("moment", moment))
        found = self.tables(*names, history=True)
        return {name: snapshots.until(name, rows, moment) for name, rows in found.items()}


def _known(name: str) -> Table:
    if name not in metadata.tables:
        raise StoreError(f"No table {name!r}. Known are: {', '.join(metadata.tables)}.")
    return metadata.tables[name]


def whole(table: Table, *, with_id: bool = False) -> Select[Any]:
    """A query for all rows of a table in the order of its key."""
    columns = [column for column in table.columns if with_id or column.name != "id"]
    return select(*columns).order_by(*table.primary_key.columns)


def _some(table: Table, columns: Sequence[str] | None) -> Select[Any]:
    if columns is None:
        return whole(table)
    unknown = [name for name in columns if name not in table.columns]
    if unknown:
        raise StoreError(
            f"No column {', '.join(unknown)} in {table.name}. Known are: {', '.join(table.columns.keys())}."
        )
    return select(*(table.columns[name] for name in columns)).order_by(*table.primary_key.columns)


def holds_nothing(connection: Connection) -> bool:
    """Whether no table that a person fills holds a row."""
    return not any(
        connection.scalar(select(exists(select(1).select_from(metadata.tables[name])))) for name in DATA_TABLES
    )


def meta_values(connection: Connection) -> dict[str, str]:
    """What the store says of itself."""
    return {str(key): str(value) for key, value in connection.execute(select(metadata.tables["meta"])).all()}
