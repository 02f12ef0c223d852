"""Change the records on behalf of a viewer: what they may not do is refused and logged, whoever asks and from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import pandas as pd

from geo import milestones
from geo.access import Deed, Viewer, refuse_unless
from geo.intake import steps
from geo.intake.steps import Proposal
from geo.model import RefusedError
from geo.store import Committed, Store, Undone

Provinces = frozenset[str | None]
"""Codes of provinces; ``None`` stands for what belongs to no province, and so to the whole programme."""

_PROVINCES: Final = "provinces"
"""Where a batch keeps in which provinces its rows lie."""


def permit(store: Store, viewer: Viewer, deed: Deed, *provinces: str | None, at: datetime, about: str = "") -> None:
    """Raise ``RefusedError`` unless the viewer may do this in these provinces (none: the whole); it is logged."""
    try:
        refuse_unless(viewer, deed, *provinces)
    except RefusedError:
        where = ",".join(sorted({province or "*" for province in provinces})) or "*"
        told = {"provinces": where, "role": str(viewer.role)}
        store.log("refused", about or str(deed), actor=viewer.account, at=at, outcome=str(deed), details=told)
        raise


def commit(
    viewer: Viewer,
    proposal: Proposal,
    store: Store,
    *,
    actor: str,
    at: datetime,
    institution: str | None = None,
    keep_recorded_at: bool = False,
    partly: bool = False,
    dry_run: bool = False,
) -> Committed:
    """Step 4 of an import, see ``geo.intake.steps.commit``; ``keep_recorded_at`` needs the right to configure."""
    about = f"import {proposal.source.name}"
    if keep_recorded_at:
        permit(store, viewer, Deed.CONFIGURE, at=at, about=about)
    touched: Provinces = frozenset({None})
    if proposal.checked is not None:
        owners = store.tables("sites", "actions", history=True)
        touched = provinces_of(proposal.checked.kind, proposal.checked.rows, owners)
    permit(store, viewer, Deed.IMPORT, *touched, at=at, about=about)
    return steps.commit(
        proposal,
        store,
        actor=actor,
        at=at,
        institution=institution,
        keep_recorded_at=keep_recorded_at,
        partly=partly,
        dry_run=dry_run,
        beside={_PROVINCES: sorted(province or "" for province in touched)},
    )


def undo(viewer: Viewer, batch: int, store: Store, *, actor: str, at: datetime) -> Undone:
    """Take a batch back, see ``Store.undo_batch``: the right is needed in every province that it wrote to."""
    permit(store, viewer, Deed.UNDO, *provinces_of_batch(store.batch(batch).mapping), at=at, about=f"undo {batch}")
    return store.undo_batch(batch, actor=actor, at=at)


def record_meeting(
    viewer: Viewer, store: Store, *, name: str, as_of: date, held_at: datetime, actor: str, at: datetime
) -> None:
    """Record a meeting, see ``geo.milestones.record_meeting``."""
    permit(store, viewer, Deed.CONFIGURE, at=at, about="meeting")
    milestones.record_meeting(store, name=name, as_of=as_of, held_at=held_at, actor=actor, at=at)


def close_checkpoint(
    viewer: Viewer, store: Store, *, year: int, checkpoint: str, author: str, actor: str, at: datetime
) -> None:
    """Close a checkpoint for good, see ``geo.milestones.close_checkpoint``."""
    permit(store, viewer, Deed.CONFIGURE, at=at, about=f"close {checkpoint} of {year}")
    milestones.close_checkpoint(store, year=year, checkpoint=checkpoint, author=author, actor=actor, at=at)


# --- where rows lie ----------------------------------------------------------------------------------------------


def provinces_of(kind: str, rows: pd.DataFrame, owners: Mapping[str, pd.DataFrame]) -> Provinces:
    """In which provinces the rows of a kind lie, by what they say and by what is stored of what they name.

    ``owners`` holds the store's ``sites`` and ``actions`` with their history: a row about a site that ever lay in
    another province touches that one, too.
    """
    found: set[str | None] = set()
    if kind not in ("sites", "actions"):
        if "site_code" not in rows and "action_code" not in rows:
            return frozenset({None})
        named = rows.reindex(columns=["site_code", "action_code"])
        if named.isna().all(axis=1).any():
            found.add(None)
    if kind in ("sites", "actions"):
        told = rows["region_code"] if "region_code" in rows else pd.Series(None, index=rows.index, dtype="object")
        found |= {code[:2] if isinstance(code, str) and code else None for code in told}
        found |= _stored(owners[kind], rows["code"])
        if "region_code" not in rows and found >= {None}:
            found.discard(None)  # rows that leave the column out stay where they are
            if set(rows["code"]) - set(owners[kind]["code"]):
                found.add(None)
    for column, table in (("site_code", "sites"), ("action_code", "actions")):
        if column in rows:
            found |= _stored(owners[table], rows[column])
    return frozenset(found)


def _stored(owners: pd.DataFrame, codes: pd.Series) -> set[str | None]:
    told = owners["region_code"][owners["code"].isin(set(codes.dropna()))]
    return {code[:2] if isinstance(code, str) and code else None for code in told}


def provinces_of_batch(mapping: Mapping[str, object]) -> Provinces:
    """In which provinces a batch wrote; one of which that is not known belongs to the whole programme."""
    told = mapping.get(_PROVINCES)
    if not isinstance(told, list) or not told:
        return frozenset({None})
    return frozenset(str(code) or None for code in told)
