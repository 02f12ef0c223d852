"""Keep copies of the store safe: rights of files, and encryption in the age format (age-encryption.org/v1).

A file encrypted here is opened by any program that knows age, and the other way round.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyrage
from sqlalchemy import Connection

from geo.model import Problem, RefusedError, StoreError

PRIVATE: Final = 0o600
"""Rights of every file that holds records: this user alone."""

SHORTEST: Final = 12
"""Characters that a passphrase has at least."""

_OTHERS: Final = 0o077
_AGE: Final = b"age-encryption.org/v1\n"
_SQLITE: Final = b"SQLite format 3\x00"
_SIDES: Final = ("", "-wal", "-shm", "-journal")
_PUBLIC_KEY: Final = re.compile(r"age1[0-9a-z]{40,}")
_SECRET_KEY: Final = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{40,}")


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Locks and unlocks by words that somebody knows; the file is held in memory whole while it is done."""

    words: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.words) < SHORTEST:
            told = f"the passphrase has fewer than {SHORTEST} characters"
            raise RefusedError([Problem(told, "Take several words that nobody guesses.")])

    def lock(self, plain: Path, locked: Path) -> None:
        """Encrypt a file."""
        locked.write_bytes(pyrage.passphrase.encrypt(plain.read_bytes(), self.words))

    def unlock(self, locked: Path, plain: Path) -> None:
        """Decrypt a file."""
        plain.write_bytes(pyrage.passphrase.decrypt(locked.read_bytes(), self.words))


@dataclass(frozen=True, slots=True)
class Recipients:
    """Locks for whoever has one of the secret keys that belong to these public ones; streamed."""

    keys: tuple[str, ...]

    @classmethod
    def from_file(cls, file: Path) -> Recipients:
        """The keys of a file with one a line; ``#`` begins a remark. A file of secret keys will do, too.

        Raises ``RefusedError`` for a file without keys, or that cannot be read.
        """
        found = []
        for line in _lines(file):
            if _SECRET_KEY.fullmatch(line):
                found.append(str(pyrage.x25519.Identity.from_str(line).to_public()))
            elif _PUBLIC_KEY.fullmatch(line):
                found.append(line)
        if not found:
            remedy = "It should hold lines that begin with age1; backup --make-key makes a pair of keys."
            raise RefusedError([Problem("no public key is in the file", remedy, file=file.name)])
        return cls(tuple(found))

    def lock(self, plain: Path, locked: Path) -> None:
        """Encrypt a file."""
        try:
            recipients = [pyrage.x25519.Recipient.from_str(key) for key in self.keys]
        except pyrage.RecipientError as error:
            remedy = "Take it anew from whoever holds the secret key."
            raise RefusedError([Problem(f"a public key is damaged ({error})", remedy)]) from error
        pyrage.encrypt_file(str(plain), str(locked), recipients)


@dataclass(frozen=True, slots=True)
class Identities:
    """Unlocks by secret keys; streamed."""

    keys: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_file(cls, file: Path) -> Identities:
        """The keys of a file with one a line. Raises ``RefusedError`` for a file without keys, or not to be read."""
        found = tuple(line for line in _lines(file) if _SECRET_KEY.fullmatch(line))
        if not found:
            remedy = "It should hold a line that begins with AGE-SECRET-KEY-1."
            raise RefusedError([Problem("no secret key is in the file", remedy, file=file.name)])
        return cls(found)

    def unlock(self, locked: Path, plain: Path) -> None:
        """Decrypt a file."""
        try:
            identities = [pyrage.x25519.Identity.from_str(key) for key in self.keys]
        except pyrage.IdentityError as error:
            remedy = "Take it from where it is kept safe."
            raise RefusedError([Problem(f"a secret key is damaged ({error})", remedy)]) from error
        pyrage.decrypt_file(str(locked), str(plain), identities)


Lock = Passphrase | Recipients
Key = Passphrase | Identities


def make_key(file: Path) -> str:
    """Write a new secret key to a file that only this user reads; the public key that belongs to it.

    Raises ``RefusedError`` for a file that exists or cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(made, "w", encoding="ascii") as opened:
            opened.write(f"# public key: {public}\n{identity}\n")
    except FileExistsError as error:
        raise RefusedError([Problem(f"{file} exists already", "Choose another name.")]) from error
    except OSError as error:
        told = f"{file} cannot be written ({error.strerror})"
        raise RefusedError([Problem(told, "Name a place that you may write to.")]) from error
    return public


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = "the file of keys cannot be read"
        raise RefusedError([Problem(told, "Name a text file that you may read.", file=file.name)]) from error
    yield from (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


# --- copies ------------------------------------------------------------------------------------------------------


def back_up(
    connection: Connection,
    path: Path,
    *,
    beside: Path,
    lock: Lock | None,
    first: Callable[[str, int], object],
) -> Path:
    """Copy the whole database of the connection (SQLite) to one new file, encrypted by the ``lock`` if there is one.

    ``beside`` is the database's own file: an encrypted copy is made of a plain one that lies for a moment beside it,
    never where the copy goes. ``first`` is told fingerprint and length of the copy and done before the name is its own.
    Raises ``StoreError`` when the file exists or cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already. Choose another name.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with private_file(path) as unfinished:
            if lock is None:
                copy_database(connection, unfinished)
            else:
                with private_file(beside) as plain:
                    copy_database(connection, plain)
                    lock.lock(plain, unfinished)
            first(fingerprint(unfinished), unfinished.stat().st_size)
            settle(unfinished)
            unfinished.replace(path)
    except (OSError, sqlite3.Error, pyrage.EncryptError) as error:
        raise StoreError(f"{path}: the copy failed ({error}). Check the folder and its free space.") from error
    return path


def copy_database(connection: Connection, target: Path) -> None:
    """Copy the database of a connection to a file while it stays in use."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise StoreError("The copy needs Python's own SQLite driver.")
    copy = sqlite3.connect(target)
    try:
        driver.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    finally:
        copy.close()


def plain_copy(file: Path, target: Path, *, key: Callable[[], Key]) -> bool:
    """Write the database that a backup holds to ``target``; whether the backup was encrypted.

    ``key`` is asked only where it is needed. Raises ``RefusedError`` for what is no backup, a wrong key, or an
    encrypted file that is damaged or not whole.
    """
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(_AGE))
            if begins.startswith(_SQLITE):
                opened.seek(0)
                with target.open("wb") as written:
                    while part := opened.read(1 << 20):
                        written.write(part)
                return False
    except OSError as error:
        told = f"{file} cannot be read ({error.strerror})"
        raise RefusedError([Problem(told, "Name a backup that you may read.")]) from error
    if begins != _AGE:
        told = "the file is no backup of this software"
        raise RefusedError([Problem(told, "Name a file that the command backup made.", file=file.name)])
    try:
        key().unlock(file, target)
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk, not the file: what a stream finds wrong in the file has no number
        told = f"the backup cannot be decrypted ({error}): the passphrase or key is another one, or the file is damaged"
        remedy = "Try the right one, or another copy of the file."
        raise RefusedError([Problem(told, remedy, file=file.name)]) from error
    return True


def fingerprint(file: Path) -> str:
    """SHA-256 of a file's content."""
    digest = sha256()
    with file.open("rb") as opened:
        while part := opened.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def settle(file: Path) -> None:
    """Have a file's content on the disk before its name is told."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


# --- rights ------------------------------------------------------------------------------------------------------


@contextmanager
def private_file(beside: Path) -> Iterator[Path]:
    """A new empty file beside another that only this user reads, whatever the umask is; what is left of it afterwards
    is removed.
    """
    file = beside.with_name(f".{beside.name}.{secrets.token_hex(4)}.part")
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        yield file
    finally:
        for end in _SIDES:
            with suppress(OSError):
                file.with_name(f"{file.name}{end}").unlink(missing_ok=True)


def tighten(database: Path, *, folder: bool) -> None:
    """Take the rights of others to a database and the files beside it, and with ``folder`` to its folder, away.

    What belongs to another user, and a folder that all users share, is left as it is: ``loose`` tells of it.
    """
    if os.name == "nt":
        return  # rights are lists there, inherited from the user's own folder
    for file in _present(database):
        _take_away(file)
    if folder and not database.parent.stat().st_mode & stat.S_ISVTX:
        _take_away(database.parent)


def loose(database: Path) -> list[Problem]:
    """Files of a database that others may read or write."""
    if os.name == "nt":
        return []
    return [
        Problem("others may read it", f"Take their rights away: chmod 600 {file}", file=str(file))
        for file in _present(database)
        if file.stat().st_mode & _OTHERS
    ]


def _present(database: Path) -> list[Path]:
    files = (database.with_name(f"{database.name}{end}") for end in _SIDES)
    return [file for file in files if file.exists()]


def _take_away(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        with suppress(OSError):
            path.chmod(mode & ~_OTHERS)
