"""Bring counts of people out of the store: exact for who may see them, for everybody else what is published."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from geo.access import Sight
from geo.access.counts import THRESHOLD, Block, Count, Places, Publication, audit, publish
from geo.access.people import People, counts_in_force, places_of, quarter_before
from geo.model import Problem, RefusedError
from geo.progress.clocks import recorded
from geo.store import Store

SETTING: Final = "GEO_SMALL_COUNT"
"""Environment variable: counts below it are small (default 5)."""

_TRIES: Final = 5


def small_count() -> int:
    """The threshold that is set. Raises ``RefusedError`` for what is no whole number from 2 to 100."""
    told = os.environ.get(SETTING, "").strip() or str(THRESHOLD)
    if not told.isdigit() or not 2 <= int(told) <= 100:
        raise RefusedError([Problem(f"{SETTING} is no number from 2 to 100", "Write it as 5.", value=told)])
    return int(told)


def people_of(
    store: Store, on: date, sight: Sight, *, codes: Mapping[str, str], actor: str, at: datetime,
    known_at: datetime | None = None,
) -> People:  # fmt: skip
    """Counts of people in force at the end of the last quarter before a day, as a sight has them.

    What is published for the first time is kept, so that nothing published later gives it away. ``known_at`` leaves out
    what was recorded later; of what was published, a past moment shows what the quarter's publication of today does.
    """
    period = quarter_before(on)
    tables = store.tables("sites", "beneficiaries", history=True)
    places = places_of(tables["sites"])
    counts = counts_in_force(recorded(tables["beneficiaries"], known_at), period, places)
    elsewhere = {  # who has a site now must not have what was counted while it lay in another province
        code
        for code, region in tables["sites"][["code", "region_code"]].itertuples(index=False)
        if not (isinstance(region, str) and sight.sees_counts(region[:2]))
    }
    own = frozenset(places) - elsewhere
    exact = {(one.site, one.group): one.people for one in counts if one.site in own}
    published = None
    if len(own) < len(places):
        present = (
            counts if known_at is None else counts_in_force(recorded(tables["beneficiaries"], None), period, places)
        )
        published = _publication(store, present, places, period, actor=actor, at=at)
    return People(period, exact, own, published, codes)


def refuse_breaches(store: Store) -> None:
    """Look through all that was published once more, before a file leaves. Raises ``RefusedError``."""
    kept = [_read(*row) for row in store.publications()]
    found = audit(kept, places_of(store.tables("sites", history=True)["sites"]))
    if found:
        periods = ", ".join(sorted({one.period.isoformat() for one in found}))
        told = f"{len(found)} hidden counts could be narrowed from what was published ({periods}); nothing was exported"
        raise RefusedError([Problem(told, "Tell the administrator before anything else is published.")])


def codes_seen(raw: pd.DataFrame, seen: pd.DataFrame) -> dict[str, str]:
    """By the code under which a sight knows a site its code in the records: the same rows of the table ``sites``."""
    return {shown: code for shown, code in zip(seen["code"], raw["code"], strict=True) if shown != code}


def _publication(
    store: Store, counts: list[Count], places: Places, period: date, *, actor: str, at: datetime
) -> Publication:
    """The publication of these counts: the one that is kept already, else a new one, kept before anybody sees it."""
    for _ in range(_TRIES):
        kept = [_read(*row) for row in store.publications()]
        present = set(counts)
        for one in reversed(kept):
            if one.period == period and set(one.block_of) == present and one.threshold == small_count():
                return one
        made = publish(counts, places, period=period, earlier=kept, threshold=small_count())
        if store.keep_publication(len(kept), period, made.threshold, _written(made), actor=actor, at=at):
            return made
    raise RefusedError([Problem("others publish counts at this very moment", "Try again in a minute.")])


def _written(made: Publication) -> list[Any]:
    return [
        [block.told, [[one.site, one.group, one.as_of.isoformat(), one.people] for one in sorted(block.counts)]]
        for block in made.blocks
    ]


def _read(period: date, threshold: int, blocks: list[Any]) -> Publication:
    return Publication(
        period,
        threshold,
        tuple(
            Block(
                frozenset(Count(site, group, date.fromisoformat(as_of), people) for site, group, as_of, people in rows),
                told=told,
            )
            for told, rows in blocks
        ),
    )
