"""Keep what was exported, and tell which records an export rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, func, insert, literal, select, union_all

from geo.model import Problem, StoreError
from geo.store.batches import json_text
from geo.store.counting import MARKS
from geo.store.schema import DATA_TABLES, changes, metadata, snapshots

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment of a store to which nothing was written yet."""

_NUMBER: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")


@dataclass(frozen=True, slots=True)
class Records:
    """Which records there are.

    - ``version``: a text that differs after every write that figures rest on, and after no other.
    - ``at``: the moment (UTC) after which nothing is recorded: what was known then is all that is known now.
    """

    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was made and is about to be handed out.

    - ``number``: of the snapshot; ``what``, ``form``, ``size``: what it is, in the words of its request.
    - ``request``: everything that was asked for, as JSON holds it; ``data_version``: what it rests on.
    - ``content``: the file's bytes, which are not kept; ``file_name``: its name.
    """

    number: str
    what: str
    form: str
    size: str
    request: Mapping[str, Any]
    data_version: str
    content: bytes = field(repr=False)
    file_name: str


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """What the store holds of an export: ``sha256`` and ``bytes`` of its file, by whom (``actor``) and when (UTC)."""

    id: int
    number: str
    what: str
    form: str
    size: str
    request: Mapping[str, Any]
    data_version: str
    sha256: str
    bytes: int
    file_name: str
    actor: str
    at: datetime


def incomplete(exported: Exported) -> list[Problem]:
    """What is missing in the description of an export."""
    texts = {name: getattr(exported, name) for name in ("what", "form", "size", "data_version", "file_name")}
    found = [Problem(f"{name} is empty", "Say what was exported.") for name, text in texts.items() if not text.strip()]
    if not _NUMBER.fullmatch(exported.number):
        found.append(Problem("no number of a snapshot", "Pass the number of its request.", value=exported.number))
    if not exported.content:
        found.append(Problem("the file is empty", "Make it anew."))
    return found


def record(connection: Connection, exported: Exported, *, actor: str, at: datetime) -> int:
    """Add an export to the list; the number of its row."""
    done = connection.execute(
        insert(snapshots).values(
            number=exported.number,
            what=exported.what,
            form=exported.form,
            size=exported.size,
            request=json_text(exported.request),
            data_version=exported.data_version,
            sha256=sha256(exported.content).hexdigest(),
            bytes=len(exported.content),
            file_name=exported.file_name,
            actor=actor,
            at=at,
        )
    )
    key = done.inserted_primary_key
    if key is None:
        raise StoreError("The database gave the export no number. Try again.")
    return int(key[0])


def told(exported: Exported, row: int) -> dict[str, Any]:
    """What the log keeps of an export."""
    return {
        "snapshot": row,
        "what": exported.what,
        "form": exported.form,
        "request": exported.request,
        "data_version": exported.data_version,
        "file_name": exported.file_name,
        "sha256": sha256(exported.content).hexdigest(),
        "bytes": len(exported.content),
    }


def listed(
    connection: Connection, *, number: str | None = None, sha256: str | None = None, limit: int | None = None
) -> list[StoredSnapshot]:
    """Exports, the newest first; restricted to a number, to a file's fingerprint, to so many."""
    query = select(*snapshots.columns).order_by(snapshots.c.id.desc()).limit(limit)
    if number is not None:
        query = query.where(snapshots.c.number == number)
    if sha256 is not None:
        query = query.where(snapshots.c.sha256 == sha256)
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return [StoredSnapshot(**row | {"request": json.loads(row["request"])}) for row in rows]


# --- which records -----------------------------------------------------------------------------------------------


def records(connection: Connection) -> Records:
    """Which records there are now (see ``Store.records``)."""
    store_id = connection.scalar(select(metadata.tables["meta"].c.value).filter_by(key="store_id"))
    written = select(func.max(changes.c.id), func.max(changes.c.at)).where(changes.c.table.in_((*DATA_TABLES, "meta")))
    number, last = connection.execute(written).one()
    # a row may say that it became known later than it was written: by a clock gone back, or set wrong then
    known = union_all(
        *(
            select(literal(name).label("name"), func.max(metadata.tables[name].c[_since(name)]).label("moment"))
            for name in DATA_TABLES
        )
    )
    moments = [row.moment for row in connection.execute(known) if row.moment is not None]
    at = max([moment for moment in (last, *moments) if moment is not None], default=BEGINNING)
    return Records(f"{store_id}.{number or 0}.{at:%Y%m%dT%H%M%S%f}", at)


def until(name: str, rows: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """The rows of a table with its history as the history stood at a moment: what was recorded later is left out, and
    what was withdrawn later counts.
    """
    at = pd.Timestamp(moment)
    entered, withdrawn = MARKS
    kept = ~(rows[_since(name)] > at) & ~(rows[entered] > at)
    told = rows[kept.to_numpy(dtype=bool)]
    later = (told[withdrawn] > at).to_numpy(dtype=bool)
    return told.assign(**{mark: told[mark].mask(later) for mark in MARKS}).reset_index(drop=True)


def _since(name: str) -> str:
    """The column that says since when a row of a table is known."""
    return "closed_at" if name == "closures" else "recorded_at"
