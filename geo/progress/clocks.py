"""Choose the rows that count for a day (`on`) as known at a moment (`known_at`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_REPORT_COLUMNS: Final = ("site_code", "as_of", "recorded_at", "percent", "spend", "stage", "note")
_REPORT_CONTENT: Final = ("percent", "spend", "stage", "note")
_OBSTACLE_CONTENT: Final = (
    "opened",
    "site_code",
    "action_code",
    "category",
    "severity",
    "note",
    "follow_up",
    "closed",
)

MISSING_DAY: Final = np.iinfo(np.int64).min
"""What ``day_numbers`` gives for a missing day."""

_YEAR_1: Final = -719_162  # 1 January of the year 1, as a day number
_DAY_BITS: Final = 22  # the days of the years 1 to 9999 need no more


# --- days --------------------------------------------------------------------------------------------------------


def day(on: date | str | pd.Timestamp) -> pd.Timestamp:
    """The day as a timestamp at midnight without a zone."""
    stamp = pd.Timestamp(on).as_unit("us")
    naive = stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    return naive.normalize()


def days(values: pd.Series) -> pd.Series:
    """A column of dates, ISO texts or timestamps as days without a zone (years 1 to 9999); missing stays missing."""
    return pd.to_datetime(values, format="ISO8601").astype("datetime64[us]").dt.normalize()


def day_numbers(values: pd.Series) -> Whole:
    """What ``days`` takes, as days since 1970-01-01; ``MISSING_DAY`` where missing."""
    stamps = pd.to_datetime(values, format="ISO8601").astype("datetime64[us]").to_numpy()
    numbers: Whole = stamps.astype("datetime64[D]").view("int64")
    return numbers


def day_number(on: date | str | pd.Timestamp) -> int:
    """The day as the number of days since 1970-01-01."""
    return int(day(on).to_datetime64().astype("datetime64[D]").astype("int64"))


def from_day_numbers(numbers: Whole) -> npt.NDArray[np.datetime64]:
    """Days since 1970-01-01 as ``datetime64[us]``; the way back from ``day_numbers``."""
    stamps: npt.NDArray[np.datetime64] = numbers.view("datetime64[D]").astype("datetime64[us]")
    return stamps


# --- keys --------------------------------------------------------------------------------------------------------


def numbered(values: pd.Series, codes: pd.Index) -> Whole:
    """The place of each value in ``codes`` (unique), -1 where it is missing or not among them.

    Sites are told apart by these numbers: sorting and joining by them costs a fraction of what texts cost.
    """
    found, different = pd.factorize(values)
    places = codes.get_indexer(pd.Index(different, dtype="object"))
    # the last place answers for -1, a missing value
    numbers: Whole = np.append(places, -1).astype("int64")[found]
    return numbers


class Coded(NamedTuple):
    """A column of texts as numbers: by row the place of its text in ``names`` (unique), -1 where it is missing."""

    number: Whole
    names: pd.Index

    def of(self, rows: Whole) -> Coded:
        """The same names with the numbers of some rows."""
        return self if len(rows) == len(self.number) else Coded(self.number[rows], self.names)

    def named(self, name_of: Callable[[str], str | None]) -> Coded:
        """What ``name_of`` makes of each name, e.g. the province of a region; ``None`` makes it missing."""
        made = coded(pd.Series([name_of(name) for name in self.names], dtype="object"))
        return Coded(np.append(made.number, -1)[self.number], made.names)

    def among(self, chosen: Collection[str], *, missing: bool = False) -> Flags:
        """By row, whether its name is one of ``chosen``; ``missing`` answers for rows without a name."""
        # the last place answers for -1
        picked: Flags = np.append(self.names.isin(list(chosen)), missing)[self.number]
        return picked

    def present(self) -> list[str]:
        """The names that rows carry."""
        carried: list[str] = self.names[np.bincount(self.number + 1, minlength=len(self.names) + 1)[1:] > 0].tolist()
        return carried

    def texts(self) -> npt.NDArray[np.object_]:
        """By row its name, ``None`` where it is missing."""
        names = np.full(len(self.names) + 1, None, dtype="object")
        names[:-1] = self.names
        column: npt.NDArray[np.object_] = names[self.number]
        return column


def coded(values: pd.Series) -> Coded:
    """A column of texts as numbers, named in the order in which they occur."""
    number, different = pd.factorize(values)
    return Coded(number.astype("int64"), pd.Index(different, dtype="object"))


def reals(values: pd.Series) -> Real:
    """A column of numbers as floats, NaN where missing."""
    numbers: Real = pd.to_numeric(values).to_numpy(dtype="float64", na_value=np.nan)
    return numbers


def flags(frame: pd.DataFrame, name: str) -> Flags:
    """A column of yes and no; no for every row where the frame has no such column."""
    told: Flags = frame[name].to_numpy(dtype=bool) if name in frame else np.zeros(len(frame), dtype=bool)
    return told


def site_day_keys(site: Whole, day_number: Whole) -> Whole:
    """One number for a site and a day, in the order of the sites and within a site of the days, a missing day last."""
    shifted = np.where(day_number == MISSING_DAY, (1 << _DAY_BITS) - 1, day_number - _YEAR_1)
    keys: Whole = (site << _DAY_BITS) + shifted
    return keys


def last_of_each(key: Whole, frame: pd.DataFrame, *deciding: Sequence[str]) -> Whole:
    """Row numbers, ordered by key: of the rows of ``frame`` with the same key the last in the order of ``deciding``.

    Each item of ``deciding`` names columns that order the rows which are equal so far, missing values first. Only such
    rows are sorted by them: ties are rare, and whole columns of text are slow to sort.
    """
    order: Whole = np.argsort(key, kind="stable")
    repeats = key[order[1:]] == key[order[:-1]]
    same = repeats
    for columns in deciding:
        if not same.any():
            break
        tied = np.append(False, same) | np.append(same, False)
        # rows that are equal so far stand together; the number of their run keeps them there
        run = np.cumsum(~np.append(False, same))[tied]
        contested = frame[list(columns)].iloc[order[tied]].set_axis(order[tied]).assign(_run=run)
        contested = contested.sort_values(["_run", *columns], na_position="first", kind="stable")
        order[tied] = contested.index.to_numpy()
        still = np.zeros(len(order), dtype=bool)
        still[tied] = contested.duplicated().to_numpy()
        same = still[1:]
    last: Whole = order[np.append(~repeats, True)[: len(order)]]
    return last


# --- what was known ----------------------------------------------------------------------------------------------


def recorded(frame: pd.DataFrame, known_at: datetime | None) -> pd.DataFrame:
    """The rows known at the moment ``known_at`` (timezone-aware; ``None``: all), in their order and with their index.

    A row without ``recorded_at``, or a frame without that column, was known from the start. Of a frame with its history
    (``withdrawn_at``) only the rows that counted then are left.
    """
    if "withdrawn_at" in frame:
        frame = frame[counted(frame, known_at)]
    if known_at is None or "recorded_at" not in frame:
        return frame
    return frame[~(_moments(frame["recorded_at"]) > pd.Timestamp(known_at))]


def counted(frame: pd.DataFrame, known_at: datetime | None) -> Flags:
    """Whether each row had not been taken back by ``known_at`` (timezone-aware; ``None``: by now).

    A row with ``withdrawn_at`` counted from ``entered_at`` (missing: from the moment it was recorded) until then; one
    without it, or in a frame without that column, counts.
    """
    if "withdrawn_at" not in frame:
        return np.ones(len(frame), dtype=bool)
    withdrawn = _moments(frame["withdrawn_at"])
    counts = withdrawn.isna()
    if known_at is not None:
        at = pd.Timestamp(known_at)
        counts |= (withdrawn > at) & ~(_moments(frame["entered_at"]) > at)
    known: Flags = counts.to_numpy(dtype=bool)
    return known


def plan_in_force(plans: pd.DataFrame, known_at: datetime | None = None) -> pd.DataFrame:
    """The plan of each site as known at ``known_at``: its points sorted by site and day, one for each day.

    A plan is revised whole: of the points known, those that share a site's last ``recorded_at`` replace all earlier
    ones. A frame without ``recorded_at`` is one revision. Of two points for one day the content decides (the higher
    percent, then the higher spend), never the order of the rows. Rows without a site or without a day are no points.
    """
    site, _ = pd.factorize(plans["site_code"], sort=True)
    rows = plan_rows(plans, site.astype("int64"), known_at=known_at)
    if len(rows) == len(plans) and bool((rows[1:] > rows[:-1]).all()):
        return plans.reset_index(drop=True)  # a large table need not be copied to stay as it is
    return plans.iloc[rows].reset_index(drop=True)


def plan_rows(plans: pd.DataFrame, site: Whole, *, known_at: datetime | None = None) -> Whole:
    """Row numbers of ``plan_in_force`` ordered by site and day; ``site`` numbers each row's site, -1 leaves it out."""
    day_of = day_numbers(plans["as_of"])
    chosen = (site >= 0) & (day_of != MISSING_DAY) & counted(plans, known_at)
    if "recorded_at" in plans:
        moments = _moments(plans["recorded_at"])
        if known_at is not None:
            chosen &= ~(moments > pd.Timestamp(known_at)).to_numpy()
        moment = _moment_numbers(moments)
        latest = np.full(int(site.max(initial=-1)) + 2, np.iinfo(np.int64).min)
        np.maximum.at(latest, site[chosen], moment[chosen])
        chosen &= moment == latest[site]
    rows = np.flatnonzero(chosen)
    points = plans.reindex(columns=["percent", "spend"]).iloc[rows]
    last: Whole = rows[last_of_each(site_day_keys(site[rows], day_of[rows]), points, ["percent", "spend"])]
    return last


def obstacles_in_force(obstacles: pd.DataFrame, known_at: datetime | None = None) -> pd.DataFrame:
    """Each obstacle in its last state known at ``known_at``, sorted by the day it arose and then by all its content.

    Rows with the same ``code`` are states of one obstacle, the one recorded last counts (of several recorded at one
    instant the content decides). A row without ``code``, or in a frame without that column, stands alone.
    """
    known = recorded(obstacles, known_at).reset_index(drop=True)
    typed = known.reindex(columns=["recorded_at", "code", *_OBSTACLE_CONTENT])
    typed = typed.assign(
        recorded_at=_moments(typed["recorded_at"]), opened=days(typed["opened"]), closed=days(typed["closed"])
    )
    code, different = pd.factorize(typed["code"])
    alone = code < 0
    key = np.where(alone, len(different) + np.cumsum(alone), code)
    rows = last_of_each(key.astype("int64"), typed, ["recorded_at"], _OBSTACLE_CONTENT)
    ordered = typed.iloc[rows].set_axis(rows).sort_values([*_OBSTACLE_CONTENT, "code", "recorded_at"], kind="stable")
    return known.iloc[ordered.index].reset_index(drop=True)


# --- reports -----------------------------------------------------------------------------------------------------


def effective_reports(
    reports: pd.DataFrame, *, on: date | None = None, known_at: datetime | None = None
) -> pd.DataFrame:
    """Reports in force: one per site and ``as_of``, the one recorded last; sorted by ``as_of``, then by site.

    ``on`` leaves out reports that speak of a later day, ``known_at`` (timezone-aware) those recorded later. The order
    of the rows in ``reports`` never matters: rows recorded at the same instant are ordered by their content.
    Columns: site_code, as_of, recorded_at, percent, spend, stage, note.
    """
    settled = settled_reports(reports)
    rows = _rows_by_site(settled, on, known_at)
    by_day = np.argsort(site_day_keys(np.zeros(len(rows), dtype="int64"), settled.day[rows]), kind="stable")
    return settled.frame.iloc[rows[by_day]].reset_index(drop=True)


def in_force(reports: pd.DataFrame, *, on: date | None = None, known_at: datetime | None = None) -> pd.Series:
    """Whether each row of ``reports`` is one of ``effective_reports``, with the index of ``reports``."""
    chosen = np.zeros(len(reports), dtype=bool)
    chosen[_rows_by_site(settled_reports(reports), on, known_at)] = True
    return pd.Series(chosen, index=reports.index, dtype=bool)


class Settled(NamedTuple):
    """Reports as they are compared: the columns that count, typed, rows numbered from 0, and their day numbers.

    ``history``: when rows were withdrawn, of a frame that says so.
    """

    frame: pd.DataFrame
    day: Whole
    history: pd.DataFrame | None = None


def settled_reports(reports: pd.DataFrame) -> Settled:
    """The columns of ``effective_reports`` for every report, in the order given."""
    kept = reports.reindex(columns=list(_REPORT_COLUMNS)).reset_index(drop=True)
    day_of = day_numbers(kept["as_of"])
    frame = kept.assign(
        as_of=from_day_numbers(day_of),
        recorded_at=_moments(kept["recorded_at"]),
        percent=pd.to_numeric(kept["percent"]).astype("float64"),
        spend=pd.to_numeric(kept["spend"]).astype("float64"),
    )
    told = reports[["entered_at", "withdrawn_at"]] if "withdrawn_at" in reports else None
    return Settled(frame, day_of, told)


def report_rows(settled: Settled, site: Whole, *, on: date | None, known_at: datetime | None) -> Whole:
    """Row numbers of ``effective_reports`` ordered by site and day; ``site`` numbers each row's site, -1 leaves out."""
    chosen = site >= 0
    if on is not None:
        chosen &= (settled.day != MISSING_DAY) & (settled.day <= day_number(on))
    if known_at is not None:
        chosen &= ~(settled.frame["recorded_at"] > pd.Timestamp(known_at)).to_numpy()
    if settled.history is not None:
        chosen &= counted(settled.history, known_at)
    rows = np.flatnonzero(chosen)
    key = site_day_keys(site[rows], settled.day[rows])
    last: Whole = rows[last_of_each(key, settled.frame.iloc[rows], ["recorded_at"], _REPORT_CONTENT)]
    return last


def _rows_by_site(settled: Settled, on: date | None, known_at: datetime | None) -> Whole:
    site, codes = pd.factorize(settled.frame["site_code"], sort=True)
    return report_rows(settled, np.where(site < 0, len(codes), site).astype("int64"), on=on, known_at=known_at)


def _moments(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values, utc=True, format="ISO8601")


def _moment_numbers(moments: pd.Series) -> Whole:
    """Microseconds since 1970; a missing moment comes before all others."""
    numbers: Whole = moments.to_numpy(dtype="datetime64[us]").view("int64")
    return numbers
