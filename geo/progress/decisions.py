"""Tell which decisions of meetings stand, and which are still to be carried out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import pandas as pd

from geo.progress.clocks import days, recorded

DECISION_COLUMNS: Final = (
    "code",
    "text",
    "responsible",
    "due",
    "region_code",
    "site_code",
    "meeting_day",
    "state",
    "recorded_at",
)
"""Columns of a decision."""


class DecisionState(StrEnum):
    """Whether a decision is still to be carried out."""

    OPEN = "open"
    DONE = "done"


def standing_decisions(rows: pd.DataFrame, known_at: datetime | None = None) -> pd.DataFrame:
    """Each decision in its last state known at ``known_at``, the one that is due first before the others.

    Rows with the same ``code`` are successive states of one decision.
    """
    known = recorded(rows, known_at)
    known = known.reindex(columns=list(DECISION_COLUMNS)).reset_index(drop=True)
    moments = pd.to_datetime(known["recorded_at"], utc=True, format="ISO8601")
    known = known.assign(due=days(known["due"]), meeting_day=days(known["meeting_day"]), _at=moments)
    last = known.sort_values("_at", kind="stable").drop_duplicates("code", keep="last")
    ordered = last.sort_values(["due", "meeting_day", "code"], na_position="last", kind="stable")
    return ordered.drop(columns="_at").reset_index(drop=True)


def open_decisions(decisions: pd.DataFrame, *, before: date | None = None) -> pd.DataFrame:
    """Those of ``standing_decisions`` that are still open; with ``before`` only of meetings before that day."""
    kept = decisions["state"] == str(DecisionState.OPEN)
    if before is not None:
        kept &= decisions["meeting_day"] < pd.Timestamp(before)
    return decisions[kept].reset_index(drop=True)


def of_meeting(decisions: pd.DataFrame, day: date) -> pd.DataFrame:
    """Those of ``standing_decisions`` that the meeting of a day took, done ones included."""
    return decisions[decisions["meeting_day"] == pd.Timestamp(day)].reset_index(drop=True)


def overdue(decisions: pd.DataFrame, on: date) -> pd.Series:
    """Whether each decision is open and its day has passed on the day ``on``."""
    return (decisions["state"] == str(DecisionState.OPEN)) & (decisions["due"] < pd.Timestamp(on))


def within(decisions: pd.DataFrame, provinces: tuple[str, ...]) -> pd.DataFrame:
    """Decisions for these provinces and for the whole programme; all where no province is named."""
    if not provinces:
        return decisions
    places = decisions["region_code"]
    return decisions[places.isna() | places.str[:2].isin(provinces)].reset_index(drop=True)
