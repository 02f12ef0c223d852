"""Hold one database: transactions that read and the one that writes, and how its errors are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from geo.model import Problem, RefusedError, StoreError

_WRITER = 7_305_115  # any number, as long as every process of this software takes the same


class Database:
    """One database, shared between threads and processes; it serialises the writers."""

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


def naive(name: str, moment: datetime) -> list[Problem]:
    """What is wrong with a moment that has no time zone."""
    return [Problem(f"{name} has no time zone", "Pass an aware moment, best in UTC.")] if moment.tzinfo is None else []


def blank(name: str, text: str) -> list[Problem]:
    """What is wrong with a text that says nothing."""
    return [] if text.strip() else [Problem(f"{name} is empty", "Name the office or process.")]


def refuse(problems: list[Problem]) -> None:
    """Raise ``RefusedError`` where there are problems."""
    if problems:
        raise RefusedError(problems)
