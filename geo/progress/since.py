"""Compare the present with an earlier position: what a meeting was shown, or any earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

import pandas as pd

from geo.model import Filters, Programme
from geo.progress.changes import Changes, compare
from geo.progress.clocks import days, recorded
from geo.progress.state import Standing, narrowed, passes, standing
from geo.progress.thresholds import DEFAULT, Thresholds

_WIB: Final = timezone(timedelta(hours=7))
"""Western Indonesian Time: a day ends where the agency sits; it knows no summer time."""


@dataclass(frozen=True, slots=True)
class Then:
    """An earlier position: the day it spoke of and, of a meeting, its name and its moment (UTC).

    With a moment, movements start from what was known at that moment; without one, from that day as it is known now.
    """

    on: date
    held_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, eq=False)
class Earlier:
    """The two pictures of an earlier day: as it was ``shown``, and ``restated`` by what is known now."""

    then: Then
    shown: Standing
    restated: Standing


def meetings_before(meetings: pd.DataFrame, *, on: date, known_at: datetime | None = None) -> pd.DataFrame:
    """Meetings that spoke of a day before ``on`` and were held, and recorded, by ``known_at``; the last one first."""
    told = meetings.assign(
        as_of=days(meetings["as_of"]), held_at=pd.to_datetime(meetings["held_at"], utc=True, format="ISO8601")
    )
    told = recorded(told, known_at)
    kept = told["as_of"] < pd.Timestamp(on)
    if known_at is not None:
        kept &= told["held_at"] <= pd.Timestamp(known_at)
    return told[kept].sort_values(["as_of", "held_at", "name"], ascending=False, ignore_index=True)


def last_meeting(meetings: pd.DataFrame, *, on: date, known_at: datetime | None = None) -> Then | None:
    """The last of ``meetings_before``, ``None`` where there is none."""
    before = meetings_before(meetings, on=on, known_at=known_at)
    return then_of(before.iloc[0]) if len(before) else None


def then_of(meeting: pd.Series) -> Then:
    """A row of ``meetings_before`` as a position to compare with."""
    return Then(meeting["as_of"].date(), meeting["held_at"].to_pydatetime(), str(meeting["name"]))


def first_told(reports: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """The reports recorded by ``moment`` and, for a site and day of which none was, the one recorded first.

    It is what could be shown for a day before anything of it was corrected after the moment.
    """
    moments = pd.to_datetime(reports["recorded_at"], utc=True, format="ISO8601")
    keys = [reports["site_code"].astype("object"), days(reports["as_of"])]
    first = moments == moments.groupby(keys).transform("min")
    return reports[(moments <= pd.Timestamp(moment)) | first]


def earlier(
    tables: Mapping[str, pd.DataFrame],
    then: Then,
    *,
    known_at: datetime | None,
    programmes: Mapping[str, Programme],
    thresholds: Thresholds = DEFAULT,
    restated: Standing | None = None,
) -> Earlier:
    """Both pictures of an earlier day from the tables ``sites``, ``plans``, ``reports`` and ``obstacles``.

    ``known_at`` limits what is known now. A meeting was shown what had been recorded by its moment; of a plain day
    the figures were first told by its end or, if later, by each first report.
    """

    def stood(reports: pd.DataFrame, moment: datetime | None) -> Standing:
        told = {**tables, "reports": reports}
        return standing(told, on=then.on, known_at=moment, programmes=programmes, thresholds=thresholds)

    if restated is None:
        restated = stood(tables["reports"], known_at)
    if then.held_at is not None:
        return Earlier(then, stood(tables["reports"], then.held_at), restated)
    evening = datetime.combine(then.on, time.max, tzinfo=_WIB)
    return Earlier(then, stood(first_told(tables["reports"], evening), known_at), restated)


def changes_since(
    before: Earlier,
    now: Standing,
    filters: Filters,
    programmes: Mapping[str, Programme],
    *,
    actions: pd.DataFrame | None = None,
) -> Changes:
    """What changed since the earlier position, for the regions, programmes and names that the filters choose.

    ``actions`` (the table, of any years) names the actions whose obstacles count. A filter by status is left aside: a
    site that changed its status would leave it.
    """
    met = before.then.held_at is not None
    shown, restated, after = (
        narrowed(whole, filters.but(on=whole.on, known_at=whole.known_at, statuses=()), programmes).positions
        for whole in (before.shown, before.restated, now)
    )
    return compare(
        restated,
        after,
        since=before.then.on,
        on=now.on,
        obstacles_before=(before.shown if met else before.restated).obstacles,
        obstacles_after=now.obstacles,
        shown=shown,
        against="shown" if met else "restated",
        actions=None if actions is None else _of_filters(recorded(actions, now.known_at), filters),
    )


def _of_filters(actions: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    return actions[passes(actions, filters, text="title")]
