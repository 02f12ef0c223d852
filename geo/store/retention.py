"""Move old rows of the log to a file, so that the rest still verifies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, update

from geo.model import Problem, RefusedError, StoreError
from geo.store.audit import Entry, append, chain, read_head
from geo.store.safekeeping import fingerprint, private_file, settle
from geo.store.schema import audit, audit_head

SETTING: Final = "GEO_AUDIT_DAYS"
"""Name of the environment variable that says for how many days the log is kept at least."""

_DAYS: Final = range(1, 36_501)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed: so many ``rows``, up to the number ``last``, which stand in ``file`` from now on."""

    rows: int
    last: int
    file: Path
    sha256: str


def kept_days() -> int | None:
    """For how many days the log is kept at least; ``None``, unless ``GEO_AUDIT_DAYS`` says it: for good.

    Raises ``RefusedError`` for what is no number of days.
    """
    told = os.environ.get(SETTING, "").strip()
    if not told:
        return None
    if not told.isdecimal() or int(told) not in _DAYS:
        remedy = f"Write a whole number of days, {_DAYS[0]} to {_DAYS[-1]}, or nothing to keep all."
        raise RefusedError([Problem(f"{SETTING} is no number of days", remedy, value=told[:20])])
    return int(told)


def refused(before: datetime, at: datetime) -> list[Problem]:
    """Why what is older than ``before`` may not be removed at the moment ``at``."""
    days = kept_days()
    if days is None:
        remedy = f"Set {SETTING} to the days that it has to be kept, as 1825, if that is decided."
        return [Problem("the log is kept for good", remedy)]
    if before > at - timedelta(days=days):
        return [
            Problem(f"the log of the last {days} days has to be kept", f"Name an earlier day, or change {SETTING}.")
        ]
    return []


def prune(connection: Connection, before: datetime, *, file: Path, actor: str, at: datetime) -> Pruned:
    """Move the rows to a file, leave an anchor, log it (see ``Store.prune_audit``)."""
    first = connection.scalar(select(func.min(audit.c.id)).where(audit.c.at >= before))
    head = read_head(connection)
    last = head.last if first is None else int(first) - 1
    if last <= head.pruned:
        raise RefusedError([Problem("nothing in the log is that old", "There is nothing to do.")])
    digest = str(connection.scalar(select(audit.c.hash).where(audit.c.id == last)))
    if file.exists():
        raise StoreError(f"{file} exists already. Choose another name.")
    try:
        with private_file(file) as part:
            with part.open("w", encoding="utf-8", newline="\n") as opened:
                opened.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _until(connection, last))
            settle(part)
            written = fingerprint(part)
            part.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: cannot be written ({error}). Nothing was removed.") from error
    told = {"before": before.isoformat(), "file": file.name, "sha256": written, "last": last, "hash": digest}
    try:
        append(connection, Entry("prune", "audit", details=told), actor=actor, at=at)
        connection.execute(update(audit_head).values(pruned=last, pruned_hash=digest))
        gone = connection.execute(delete(audit).where(audit.c.id <= last)).rowcount
    except BaseException:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise
    return Pruned(gone, last, file, written)


def _until(connection: Connection, last: int) -> Iterator[dict[str, Any]]:
    for row in chain(connection):
        if row["id"] > last:
            return
        yield row
