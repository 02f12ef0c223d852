"""Look through stored data for what the software relies on."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect, select

from geo.model import Problem
from geo.store import audit, migration
from geo.store.checks import broken_plans
from geo.store.frames import read_frame
from geo.store.schema import APPEND_ONLY, metadata

_GUARDS: Final[tuple[tuple[str, str], ...]] = (
    *((table, f"{table}_{guard}") for table in APPEND_ONLY for guard in ("no_update", "no_delete")),
    ("audit", "audit_in_order"),
    ("audit_head", "audit_head_no_update"),
    ("audit_head", "audit_head_no_delete"),
    ("accounts", "accounts_no_delete"),
)
"""Triggers without which rows could be altered, with their tables."""


def problems(connection: Connection) -> list[Problem]:
    """Every finding, worst first; an empty list is good news."""
    known = set(inspect(connection).get_table_names())
    missing = [name for name in metadata.tables if name not in known]
    if missing:
        return [Problem("tables are missing", "Run the migrations.", value=", ".join(missing))]
    return [
        *_pages(connection),
        *_schema(connection),
        *_guards(connection),
        *audit.broken(connection),
        *_plans(connection),
    ]


def _pages(connection: Connection) -> list[Problem]:
    if connection.dialect.name != "sqlite":
        return []
    damaged = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        *(Problem(f"the file is damaged: {line}", "Go back to the last backup.") for line in damaged if line != "ok"),
        *(
            Problem(f"refers to a missing row of {row[2]}", "Add that row.", file=str(row[0]), value=f"row id {row[1]}")
            for row in lost
        ),
    ]


def _schema(connection: Connection) -> list[Problem]:
    revision = migration.revision(connection)
    if revision == migration.newest():
        return []
    return [Problem("the schema is not this software's", "Run the migrations.", value=str(revision))]


def _guards(connection: Connection) -> list[Problem]:
    """The triggers that keep reports and the log from being altered."""
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    present = set(connection.exec_driver_sql(names).scalars())
    return [
        Problem("rows could be altered: a guard is missing", "Go back to the last backup.", file=table, value=guard)
        for table, guard in _GUARDS
        if guard not in present
    ]


def _plans(connection: Connection) -> list[Problem]:
    plans = metadata.tables["plans"]
    points = select(plans.c.site_code, plans.c.as_of, plans.c.recorded_at, plans.c.percent)
    return broken_plans(read_frame(connection, points))
