"""Bring the tables of a database up to this software."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_FOLDER: Final = Path(__file__).resolve().parent / "migrations"
_LOCK: Final = 7_305_114  # any number, as long as every process of this software takes the same


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


@cache
def known_revisions() -> tuple[str, ...]:
    """Every revision this software knows, oldest first."""
    scripts = ScriptDirectory.from_config(configuration())
    return tuple(script.revision for script in reversed(list(scripts.walk_revisions())))


def newest() -> str:
    """The revision that this software works with."""
    return known_revisions()[-1]


def revision(connection: Connection) -> str | None:
    """The revision of a database, ``None`` where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> list[str]:
    """Apply what is missing within the caller's transaction; the revisions applied, oldest first.

    The transaction must hold the database's write lock: SQLite's by ``BEGIN IMMEDIATE``; on PostgreSQL an advisory
    lock is taken here, so that of several processes one migrates and the others find it done.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    if revision(connection) == newest():
        return []
    config = configuration()
    applied: list[str] = []
    config.attributes.update(connection=connection, applied=applied)
    command.upgrade(config, "head")
    return applied
