"""Record what freezes a moment: a meeting that saw the figures, a checkpoint that an administrator closes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from geo.model import CHECKPOINTS, Problem, RefusedError
from geo.progress.actions import checkpoint_day
from geo.store import Store

ZONE: Final = ZoneInfo("Asia/Jakarta")
_LONGEST_NAME: Final = 120


def record_meeting(store: Store, *, name: str, as_of: date, held_at: datetime, actor: str, at: datetime) -> None:
    """Record that a meeting saw the figures of the day ``as_of`` at the moment ``held_at`` (aware), noted at ``at``.

    From then on changes can be told since that meeting: against what was known there. Raises ``RefusedError`` with
    every reason: no name, a meeting to come, a day after the meeting, the same name and day once more.
    """
    told, held_at = " ".join(name.split()), held_at.replace(second=0, microsecond=0)  # screens know minutes
    problems = []
    if not told:
        problems.append(Problem("the meeting has no name", "Name it as the invitation does.", column="name"))
    if len(told) > _LONGEST_NAME:
        problems.append(Problem("the name is too long", f"Use at most {_LONGEST_NAME} characters.", column="name"))
    if held_at > at:
        problems.append(Problem("the meeting lies in the future", "Record it when it is held.", column="held_at"))
    if as_of > held_at.astimezone(ZONE).date():
        problems.append(
            Problem("the figures speak of a day after the meeting", "Choose an earlier day.", column="as_of")
        )
    known = store.meetings()
    if ((known["name"] == told) & (known["as_of"] == pd.Timestamp(as_of))).any():
        problems.append(
            Problem("this meeting is recorded already", "Nothing is left to do.", column="name", value=told)
        )
    if problems:
        raise RefusedError(problems)
    row = pd.DataFrame({"name": [told], "as_of": [as_of], "held_at": [held_at]})
    store.add({"meetings": row}, actor=actor, at=at)


def close_checkpoint(store: Store, *, year: int, checkpoint: str, author: str, actor: str, at: datetime) -> None:
    """Freeze the figures of a checkpoint as known at ``at`` (aware); what comes later shows as a restatement.

    ``author`` is the office that closes it, never a person. It cannot be undone. Raises ``RefusedError`` where the
    checkpoint is unknown, has not been reached, is closed already, or the year has no action.
    """
    if checkpoint not in CHECKPOINTS:
        known = ", ".join(CHECKPOINTS)
        raise RefusedError([Problem("no such checkpoint", f"Choose one of: {known}.", value=checkpoint)])
    problems = []
    if at.astimezone(ZONE).date() <= checkpoint_day(year, checkpoint):
        problems.append(Problem("the checkpoint's day has not passed", "Close it afterwards.", value=checkpoint))
    closures = store.closures()
    if ((closures["year"] == year) & (closures["checkpoint"] == checkpoint)).any():
        problems.append(Problem("the checkpoint is closed already", "Nothing is left to do.", value=checkpoint))
    if store.actions(year).empty:
        problems.append(Problem("no action of the year is recorded", "Check the year.", value=str(year)))
    if problems:
        raise RefusedError(problems)
    row = pd.DataFrame({"year": [year], "checkpoint": [checkpoint], "closed_at": [at], "author": [author or None]})
    store.add({"closures": row}, actor=actor, at=at)
