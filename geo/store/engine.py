"""Open the database: SQLite by default, PostgreSQL/PostGIS by its address."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_dir
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from geo.model import StoreError
from geo.store import migration, safekeeping
from geo.store.store import Store

FILE_NAME: Final = "sinergisitas.sqlite"
BUSY_MS: Final = 5_000
"""How long a writer waits for another, in milliseconds."""

_DATABASES: Final = ("sqlite", "postgresql")


def open_store(url: str | None = None) -> Store:
    """Open the store at ``url``; nothing is created but an empty file, ``Store.migrate`` makes the tables.

    ``url`` defaults to the environment's ``GEO_DATABASE_URL``, else to a SQLite file in ``GEO_DATA_DIR``, else in the
    user's data folder. Raises ``StoreError`` when the folder cannot be written, the file is no database or another
    program's, the schema is newer than this software, or the driver is unknown. No message holds a password.
    """
    address = _address(url or os.environ.get("GEO_DATABASE_URL") or None)
    shown = _shown(address)
    if address.get_backend_name() == "sqlite":
        _prepare_folder(address)
    engine = _engine(address, shown)
    try:
        _look(engine, shown)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, shown=shown)


def database_file(url: str | None = None) -> Path:
    """The file of the SQLite store at ``url`` (as for ``open_store``). Raises ``StoreError`` where it is no file."""
    address = _address(url or os.environ.get("GEO_DATABASE_URL") or None)
    if address.get_backend_name() != "sqlite":
        raise StoreError(f"{_shown(address)}: this handles SQLite only. Use pg_dump and pg_restore.")
    return Path(str(address.database))


def data_folder() -> Path:
    """The folder of this user's data: ``GEO_DATA_DIR``, else the platform's own place. It may not exist yet."""
    return Path(os.environ.get("GEO_DATA_DIR") or user_data_dir("sinergisitas", appauthor=False))


def _address(url: str | None) -> URL:
    if url is None:
        return URL.create("sqlite", database=str(data_folder() / FILE_NAME))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # the cause would carry the address, and the address may carry a password
        raise StoreError(
            "The database address cannot be read. Write sqlite:////folder/file.sqlite or "
            "postgresql+psycopg://user:password@host/database."
        ) from None
    if address.get_backend_name() not in _DATABASES:
        raise StoreError(f"{address.drivername}: unknown kind of database. Use one of: {', '.join(_DATABASES)}.")
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("The store needs a file: sqlite:////folder/file.sqlite.")
    return address


def _shown(address: URL) -> str:
    """The address without user, password and options."""
    if address.get_backend_name() == "sqlite":
        return str(address.database)
    host = f"{address.host or 'local'}:{address.port}" if address.port else (address.host or "local")
    return f"{address.get_backend_name()}://{host}/{address.database or ''}"


def _prepare_folder(address: URL) -> None:
    file = Path(str(address.database))
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(f"{folder}: the folder cannot be made ({error.strerror}). Set GEO_DATA_DIR.") from error
    if not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        raise StoreError(f"{file}: cannot be written. Give this user the right to, or set GEO_DATA_DIR.")
    if not file.exists():
        # made by us, so that only this user can read it; SQLite gives its side files the same rights
        file.touch(mode=safekeeping.PRIVATE)
    safekeeping.tighten(file, folder=folder.absolute() == data_folder().absolute())


def _engine(address: URL, shown: str) -> Engine:
    try:
        engine = create_engine(address, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError, ArgumentError):
        raise StoreError(
            f"{address.drivername}: the driver is not installed. Install it, or correct the address."
        ) from None
    except TypeError as error:
        raise StoreError(f"{shown}: an option of the address is unknown.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    """Make a SQLite connection safe: this module, not the driver, begins transactions."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA foreign_keys=ON")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """Take the write lock at once where a change is made: a lock taken later may fail or lose what was read."""
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _look(engine: Engine, shown: str) -> None:
    """Refuse what this software cannot work with."""
    try:
        with engine.begin() as connection:
            current = migration.revision(connection)
            foreign = current is None and engine.dialect.name == "sqlite" and inspect(connection).get_table_names()
    except DBAPIError as error:
        raise StoreError(
            f"{shown}: cannot be opened ({error.orig}). Check that it is this software's database."
        ) from error
    if foreign:
        raise StoreError(f"{shown}: is another program's database. Choose another file.")
    if current is not None and current not in migration.known_revisions():
        raise StoreError(f"{shown}: the schema ({current}) is newer than this software. Update the software.")
