"""Put a backup in the place of the store: looked through first, at one stroke, the former one kept beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from geo.model import Problem, RefusedError, StoreError
from geo.store.audit import Head
from geo.store.engine import database_file, open_store
from geo.store.safekeeping import Key, fingerprint, plain_copy, private_file, settle, tighten

_SIDES: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What putting a backup back did.

    - ``place``: the database; ``kept``: where the former one is now, ``None`` where there was none.
    - ``head``: of the log as the backup held it; ``former``: of the log that was in force, ``None`` where none can be
      read. Rows of the former log after ``head`` stand in ``kept`` alone.
    """

    place: Path
    kept: Path | None
    head: Head
    former: Head | None
    encrypted: bool


def restore(file: Path, *, key: Callable[[], Key], actor: str, at: datetime, url: str | None = None) -> Restored:
    """Put a backup in the place of the store at ``url`` (as for ``open_store``), which nothing may have open.

    ``key`` is asked where the backup is encrypted. The restored store is migrated to this software, and its log says
    that it was restored. Raises ``RefusedError`` for a file that is no backup, damaged, of a newer software or whose
    log does not hold, for a wrong key, and while something has the store open; ``StoreError`` for a database that is
    not SQLite, or a folder that cannot be written. Then everything is as it was.
    """
    place = database_file(url)
    if not file.is_file():
        raise RefusedError([Problem(f"there is no file {file}", "Name a backup.")])
    if place.exists() and file.samefile(place):
        raise RefusedError([Problem(f"{file} is the store itself", "Name a backup.")])
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with private_file(place) as plain:
            encrypted = plain_copy(file, plain, key=key)
            head = _looked_through(plain, file)
            with _alone(place) as former:
                kept = _free_name(place, at) if place.exists() else None
                details = {
                    "sha256": fingerprint(file),
                    "head": head.text,
                    "former_head": None if former is None else former.text,
                    "kept": None if kept is None else kept.name,
                }
                _log(plain, file.name, details, actor=actor, at=at)
                settle(plain)
                _exchange(plain, place, kept)
    except OSError as error:
        raise StoreError(f"{place}: cannot be written ({error}). Check the folder and its free space.") from error
    return Restored(place, kept, head, former, encrypted)


def _looked_through(plain: Path, file: Path) -> Head:
    """The head of the log in a copy of a backup, migrated; refused where anything is wrong with it."""
    try:
        store = open_store(f"sqlite:///{plain}")
        try:
            if store.revision() is None:
                told = "the file is no backup of this software"
                raise RefusedError([Problem(told, "Name a file that the command backup made.", file=file.name)])
            store.migrate()
            problems = store.check()
            if problems:
                told = "the backup is damaged or was altered; nothing was restored"
                raise RefusedError([Problem(told, "Take an older backup.", file=file.name), *problems])
            return store.audit_head()
        finally:
            store.close()
    except StoreError as error:
        remedy = f"{str(error).replace(str(plain), file.name)} Or take another backup."
        raise RefusedError([Problem("the backup cannot be used", remedy, file=file.name)]) from error


@contextmanager
def _alone(place: Path) -> Iterator[Head | None]:
    """Hold the database for oneself, its side files folded in; the head of its log, if that can be read.

    Raises ``RefusedError`` while another process has it open. A database that is damaged is nobody's to hold.
    """
    if not place.exists():
        yield None
        return
    with closing(sqlite3.connect(place, isolation_level=None, timeout=0)) as connection:
        head = None
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # only the one who is alone may
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            with suppress(sqlite3.Error):
                row = connection.execute("SELECT last, hash, pruned, pruned_hash FROM audit_head").fetchone()
                head = None if row is None else Head(*row)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                told = f"{place} is in use"
                raise RefusedError(
                    [Problem(told, "Stop the dashboard and every other command, then restore.")]
                ) from error
        except sqlite3.DatabaseError:
            pass  # damaged: that is why it is being replaced
        yield head


def _log(plain: Path, name: str, details: Mapping[str, object], *, actor: str, at: datetime) -> None:
    store = open_store(f"sqlite:///{plain}")
    try:
        store.log("restore", name, actor=actor, at=at, details=details)
    finally:
        store.close()


def _free_name(place: Path, at: datetime) -> Path:
    stem = f"{place.stem}.before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{place.suffix}", *(f"{stem}-{number}{place.suffix}" for number in range(2, 100)))
    free = next((place.with_name(name) for name in names if not place.with_name(name).exists()), None)
    if free is None:
        raise StoreError(f"{place.parent}: there are too many former databases of this second. Try again.")
    return free


def _exchange(plain: Path, place: Path, kept: Path | None) -> None:
    """Give the former database another name beside its own, then the new one its name: at no moment is there none."""
    if kept is not None:
        try:
            os.link(place, kept)
        except OSError:  # a file system without second names
            shutil.copy2(place, kept)
        for end in _SIDES:  # of a damaged database: they must not meet the new one
            side = place.with_name(f"{place.name}{end}")
            if side.exists():
                side.replace(kept.with_name(f"{kept.name}{end}"))
        tighten(kept, folder=False)
    plain.replace(place)
