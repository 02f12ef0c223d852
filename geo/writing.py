"""Change the records on behalf of a viewer: what they may not do is refused and logged, whoever asks and from where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

import pandas as pd

from geo import decisions, milestones, stories
from geo.access import Deed, Role, Viewer, refuse_unless
from geo.intake import steps
from geo.intake.steps import Proposal
from geo.model import RefusedError
from geo.store import Account, Committed, Store, Undone
from geo.stories import Story

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


def note_decision(
    viewer: Viewer,
    store: Store,
    *,
    text: str,
    responsible: str,
    due: date,
    meeting_day: date,
    actor: str,
    at: datetime,
    region_code: str | None = None,
    site_code: str | None = None,
) -> str:
    """Note a decision of a meeting, see ``geo.decisions.note_decision``; the right is needed where it lies."""
    place = region_code
    if site_code is not None:
        sites = store.sites([site_code])
        place = str(sites["region_code"].iloc[0]) if len(sites) else None
    permit(store, viewer, Deed.DECIDE, place[:2] if place else None, at=at, about="decision")
    return decisions.note_decision(
        store,
        text=text,
        responsible=responsible,
        due=due,
        meeting_day=meeting_day,
        actor=actor,
        at=at,
        region_code=region_code,
        site_code=site_code,
    )


def close_decision(viewer: Viewer, store: Store, code: str, *, actor: str, at: datetime) -> None:
    """Record that a decision was carried out, see ``geo.decisions.close_decision``."""
    place = decisions.decision(store, code)["region_code"]
    province = place[:2] if isinstance(place, str) else None
    permit(store, viewer, Deed.DECIDE, province, at=at, about=f"decision {code}")
    decisions.close_decision(store, code, actor=actor, at=at)


def keep_story(
    viewer: Viewer,
    store: Store,
    *,
    name: str,
    query: Mapping[str, str],
    pages: Collection[str],
    notes: Mapping[str, str],
    actor: str,
    at: datetime,
) -> Story:
    """Keep a run of the briefing room, see ``geo.stories.keep_story``; all meetings share their names."""
    permit(store, viewer, Deed.DECIDE, at=at, about="story")
    return stories.keep_story(store, name=name, query=query, pages=pages, notes=notes, actor=actor, at=at)


def drop_story(viewer: Viewer, store: Store, name: str, *, actor: str, at: datetime) -> None:
    """Forget a kept run, see ``geo.stories.drop_story``."""
    permit(store, viewer, Deed.DECIDE, at=at, about="story")
    stories.drop_story(store, name, actor=actor, at=at)


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


# --- accounts ----------------------------------------------------------------------------------------------------


def set_account(
    viewer: Viewer,
    store: Store,
    name: str,
    *,
    role: Role,
    provinces: tuple[str, ...],
    at: datetime,
    new: bool | None = None,
) -> Account:
    """Make an account or change one, see ``Store.set_account``."""
    permit(store, viewer, Deed.MANAGE_USERS, at=at, about=f"account {name}")
    return store.set_account(name, role=str(role), provinces=provinces, actor=viewer.account, at=at, new=new)


def disable(viewer: Viewer, store: Store, name: str, *, at: datetime) -> Account:
    """Let an account do nothing any more, see ``Store.disable``."""
    permit(store, viewer, Deed.MANAGE_USERS, at=at, about=f"account {name}")
    return store.disable(name, actor=viewer.account, at=at)


def enable(viewer: Viewer, store: Store, name: str, *, at: datetime) -> Account:
    """Let a disabled account in again, see ``Store.enable``."""
    permit(store, viewer, Deed.MANAGE_USERS, at=at, about=f"account {name}")
    return store.enable(name, actor=viewer.account, at=at)


def sign_out_everywhere(viewer: Viewer, store: Store, name: str, *, at: datetime) -> Account:
    """End every session of an account, see ``Store.sign_out_everywhere``."""
    permit(store, viewer, Deed.MANAGE_USERS, at=at, about=f"account {name}")
    return store.sign_out_everywhere(name, actor=viewer.account, at=at)
