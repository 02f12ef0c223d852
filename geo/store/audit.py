"""Keep the log: who did what, when and from where, each row chained to the one before it by hash.

A row's hash is SHA-256 over everything it says and the hash of the row before, so an altered, removed, inserted or
exchanged row shows (``broken``). ``audit_head`` holds number and hash of the newest row, so a tail that was cut off
shows, too. Whoever can write to the database's file past its triggers can work the whole chain and the head out anew:
that shows only against a head that was written down elsewhere (``Head.text``).

Nothing about beneficiaries stands in it but how many rows were written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Self

import pandas as pd
from sqlalchemy import Connection, Select, Text, func, insert, or_, select, type_coerce

from geo.model import Problem, RefusedError, StoreError
from geo.store.frames import read_frame
from geo.store.schema import audit, audit_head, batches, snapshots

BEGINNING: Final = "0" * 64
"""What the first row follows on."""

TOLD: Final = 20
"""Findings that ``broken`` lists; whatever follows on them is told in one line more."""

_LONGEST: Final = 500  # characters of one text
_LARGEST: Final = 20_000  # characters of JSON
_FETCHED: Final = 2_000
_DEED: Final = re.compile(r"[a-z][a-z_]*")
_ODD: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

_FIELDS: Final = ("id", "at", "actor", "origin", "deed", "object", "outcome", "before", "details", "previous")
"""What a hash covers, in this order."""

_NUMBERED: Final = {"batch": ("import", "undo"), "snapshot": ("export",)}
"""What details name a thing that has a number of its own, and which deeds make one."""

_origin: ContextVar[str] = ContextVar("origin", default="")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Note in every row of the log that is written within from where it comes: an address, ``perintah``.

    It holds for this thread (for this task of an event loop) alone; without it the origin is not known.
    """
    before = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(before)


def came_from(origin: str) -> None:
    """The same as ``coming_from`` for what this thread does from now on, until it is told otherwise."""
    _origin.set(origin)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be logged. ``before``: how it stood, ``details``: what was done, or how it stands since; for JSON."""

    deed: str
    object: str
    outcome: str = "done"
    before: Mapping[str, Any] | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of the newest row, and of the newest that retention removed."""

    last: int
    hash: str
    pruned: int
    pruned_hash: str

    @property
    def text(self) -> str:
        """Number and hash, to be written down where nobody who works on the database can reach them."""
        return f"{self.last}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A head as it was written down."""

    last: int
    hash: str

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises ``RefusedError`` for what is no head."""
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
        if found is None:
            remedy = "Write it as log --head tells it: NUMBER:HASH."
            raise RefusedError([Problem("this is no head of a log", remedy, value=text[:80])])
        return cls(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows are asked for: from ``since`` on and before ``until`` (aware), of an actor, of a deed, with a text."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    deed: str | None = None
    text: str | None = None


# --- writing -----------------------------------------------------------------------------------------------------


def append(connection: Connection, entry: Entry, *, actor: str, at: datetime) -> int:
    """Add a row in the writer's transaction, which must hold the write lock; its number."""
    if not _DEED.fullmatch(entry.deed):
        raise RefusedError(
            [Problem("no deed that a log knows", "Use small letters and underscores.", value=entry.deed)]
        )
    head = read_head(connection)
    row = {
        "id": head.last + 1,
        "at": at,
        "actor": _line(actor),
        "origin": _line(_origin.get()) or None,
        "deed": entry.deed,
        "object": _line(entry.object) or "-",
        "outcome": _line(entry.outcome) or "-",
        "before": _json(entry.before),
        "details": _json(entry.details),
        "previous": head.hash,
    }
    digest = row_hash({**row, "at": moment_text(at)})
    connection.execute(insert(audit).values(**row, hash=digest))  # the database moves the head on by itself
    return head.last + 1


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash of a row, ``at`` being the text of ``moment_text``: of a JSON list of its values, in ASCII."""
    values = [row[name] for name in _FIELDS]
    return sha256(json.dumps(values, separators=(",", ":"), default=repr).encode("ascii")).hexdigest()


def moment_text(moment: datetime) -> str:
    """A moment as a hash covers it, which is how SQLite keeps it: UTC, microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _line(text: str) -> str:
    """The text on one line and of bounded length: no stranger's name writes a second row."""
    clean = _ODD.sub(" ", text).strip()
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def _json(values: Mapping[str, Any] | None) -> str | None:
    """The values as JSON; of what is too large only its fingerprint and its length."""
    if values is None:
        return None
    text = _ODD.sub(" ", json.dumps(dict(values), ensure_ascii=False, sort_keys=True, default=str))
    if len(text) <= _LARGEST:
        return text
    return json.dumps({"characters": len(text), "sha256": sha256(text.encode()).hexdigest()})


# --- reading -----------------------------------------------------------------------------------------------------


def read_head(connection: Connection) -> Head:
    """The head. Raises ``StoreError`` where it is gone."""
    columns = (audit_head.c.last, audit_head.c.hash, audit_head.c.pruned, audit_head.c.pruned_hash)
    found = connection.execute(select(*columns)).one_or_none()
    if found is None:
        raise StoreError("The head of the log is gone. Go back to the last backup.")
    return Head(*found)


def rows(connection: Connection, chosen: Chosen, *, limit: int | None, offset: int) -> pd.DataFrame:
    """The rows asked for, the newest first, with all columns of the log.

    Raises ``StoreError`` where a row was altered so that it cannot be read.
    """
    query = _where(select(audit), chosen).order_by(audit.c.id.desc()).limit(limit).offset(offset)
    try:
        return read_frame(connection, query)
    except ValueError as error:
        raise StoreError("A row of the log cannot be read. Look with: python -m geo log --verify.") from error


def count(connection: Connection, chosen: Chosen) -> int:
    """How many rows are asked for."""
    return int(connection.scalar(_where(select(func.count()).select_from(audit), chosen)) or 0)


def _where(query: Select[Any], chosen: Chosen) -> Select[Any]:
    columns = audit.c
    if chosen.since is not None:
        query = query.where(columns.at >= chosen.since)
    if chosen.until is not None:
        query = query.where(columns.at < chosen.until)
    if chosen.actor is not None:
        query = query.where(columns.actor == chosen.actor)
    if chosen.deed is not None:
        query = query.where(columns.deed == chosen.deed)
    if chosen.text:
        said = (columns.actor, columns.origin, columns.object, columns.outcome, columns.before, columns.details)
        query = query.where(or_(*(column.icontains(chosen.text, autoescape=True) for column in said)))
    return query


# --- the chain ---------------------------------------------------------------------------------------------------


def broken(connection: Connection, *, marks: Sequence[Mark] = ()) -> list[Problem]:
    """Where the chain does not hold, the first place first; an empty list is good news.

    ``marks`` are heads that were written down outside: they alone show a chain that was worked out anew as a whole, or
    a database that was put back to an earlier state.
    """
    found: list[Problem] = []
    try:
        head = read_head(connection)
    except StoreError as error:
        return [_found(str(error))]
    expected, previous = head.pruned + 1, head.pruned_hash
    wanted, anchored = {mark.last: mark for mark in marks}, head.pruned == 0
    told = dict.fromkeys(_NUMBERED, 0)
    for row in chain(connection):
        number, digest = row["id"], row["hash"]
        found += _gaps(number, expected)
        if not _sound(row):
            found.append(_found(f"row {number} was altered, or another row stands in its place", number))
        elif not _follows(row, previous):
            broke = f"row {number} does not follow on the row before it: that one was altered, removed or put in"
            found.append(_found(broke, number))
        anchored = anchored or _anchors(row, head)
        _note_numbers(row, told)
        if number in wanted and wanted.pop(number).hash != digest:
            found.append(_found(f"row {number} is not the one whose hash was written down", number))
        expected, previous = number + 1, digest
        if len(found) > TOLD:
            return [*found[:TOLD], _found("more follows; nothing after these rows was looked at")]
    return [
        *found,
        *_at_the_end(head, expected - 1, previous),
        *_unanchored(head, anchored),
        *_untold(connection, told),
        *_unmet(head, wanted),
    ]


def chain(connection: Connection) -> Iterator[dict[str, Any]]:
    """The rows in order, few at a time; moments as the text that hashes cover."""
    in_sqlite = connection.dialect.name == "sqlite"
    at = type_coerce(audit.c.at, Text).label("at") if in_sqlite else audit.c.at
    query = select(*(at if name == "at" else audit.c[name] for name in (*_FIELDS, "hash"))).order_by(audit.c.id)
    result = connection.execute(query, execution_options={"yield_per": _FETCHED})
    for found in result.mappings():
        yield dict(found) if in_sqlite else {**found, "at": moment_text(found["at"])}


def _sound(row: Mapping[str, Any]) -> bool:
    """Whether a row is what its hash was made of."""
    return bool(row_hash(row) == row["hash"])


def _follows(row: Mapping[str, Any], previous: str) -> bool:
    return bool(row["previous"] == previous)


def _gaps(number: int, expected: int) -> list[Problem]:
    if number == expected:
        return []
    if number < expected:
        return [_found(f"row {number} should have been removed by retention long ago", number)]
    gone = f"row {expected} is" if number == expected + 1 else f"rows {expected} to {number - 1} are"
    return [_found(f"{gone} missing", expected)]


def _anchors(row: Mapping[str, Any], head: Head) -> bool:
    """Whether the row tells of the very removal that the anchor stands for."""
    details = _details(row) if row["deed"] == "prune" else {}
    return (details.get("last"), details.get("hash")) == (head.pruned, head.pruned_hash)


def _note_numbers(row: Mapping[str, Any], told: dict[str, int]) -> None:
    """Keep the highest number of a batch and of an export that rows tell of."""
    for name, deeds in _NUMBERED.items():
        if row["deed"] in deeds and isinstance(number := _details(row).get(name), int):
            told[name] = max(told[name], number)


def _details(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        told = json.loads(row["details"])
    except (TypeError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _untold(connection: Connection, told: Mapping[str, int]) -> list[Problem]:
    """Batches and exports younger than any that the log tells of: their rows were cut off, head and all.

    Where no row tells of one, it may be older than the log, or retention removed its row: then nothing is said.
    """
    found = []
    for name, table in (("batch", batches), ("snapshot", snapshots)):
        newest = connection.scalar(select(func.max(table.c.id))) or 0
        if newest > told[name] > 0:
            found.append(_found(f"{name} {newest} is stored, and no row tells of it: the end of the log was cut off"))
    return found


def _at_the_end(head: Head, last: int, digest: str) -> list[Problem]:
    if last < head.last:
        gone = f"row {last + 1} is" if head.last == last + 1 else f"rows {last + 1} to {head.last} are"
        return [_found(f"{gone} missing: the end of the log was cut off", last + 1)]
    if last > head.last:
        return [_found(f"row {head.last + 1} came in past the head of the log", head.last + 1)]
    return [] if digest == head.hash else [_found(f"row {last} is not the one that the head names", last)]


def _unanchored(head: Head, anchored: bool) -> list[Problem]:
    if anchored:
        return []
    return [_found(f"rows up to {head.pruned} are missing, and no row tells that retention removed them", head.pruned)]


def _unmet(head: Head, wanted: Mapping[int, Mark]) -> list[Problem]:
    """Heads written down whose row is not there."""
    found = []
    for number, mark in sorted(wanted.items()):
        if number > head.last:
            found.append(_found(f"row {number} was written down, and the log ends at {head.last}", number))
        elif number < head.pruned:
            told = f"row {number} was removed by retention: its hash can be looked up only in the file made then"
            found.append(_found(told, number))
        elif number == head.pruned and mark.hash != head.pruned_hash:
            found.append(_found(f"row {number} is not the one whose hash was written down", number))
    return found


def _found(told: str, number: int | None = None) -> Problem:
    remedy = "Keep the database as it is, and hold it against a backup and the heads written down."
    return Problem(told, remedy, file="audit", row=number)
