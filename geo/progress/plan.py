"""Interpolate what was planned for a day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.progress.clocks import (
    MISSING_DAY,
    Real,
    Whole,
    day_numbers,
    from_day_numbers,
    numbered,
    plan_rows,
    site_day_keys,
)


class PlanPoints(NamedTuple):
    """Plan points ordered by site and day, one for each: the number of the site, the day, percent and spend."""

    site: Whole
    day: Whole
    percent: Real
    spend: Real


def planned(sites: pd.DataFrame, plans: pd.DataFrame, moments: pd.DataFrame) -> pd.DataFrame:
    """Planned percent and spend at each moment, linear between plan points.

    ``moments`` has ``site_code`` and ``as_of``; the answer has its index and the columns ``percent`` (0 to 100) and
    ``spend`` (rupiah). Before a site's first plan point the plan rises from zero at its ``start_date`` if that is
    earlier, else it is zero; after its last point it stays there. A site without a plan gets missing values. Of a plan
    that was revised the revision recorded last counts (``plan_in_force``).
    """
    codes = _codes(plans)
    points = plan_points(sites, plans, codes)
    percent, spend = planned_at(points, numbered(moments["site_code"], codes), day_numbers(moments["as_of"]))
    return pd.DataFrame({"percent": percent, "spend": spend}, index=moments.index)


def overtaken(sites: pd.DataFrame, plans: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """By site code, the first day on which the plan exceeds a reported percent.

    ``told`` has one row per site: ``site_code``, ``as_of`` and ``percent``, not behind plan on ``as_of``. Sites whose
    plan never exceeds it are left out, and so are rows without a day.
    """
    told = told[told["as_of"].notna()]
    codes = _codes(plans)
    site = numbered(told["site_code"], codes)
    points = plan_points(sites, plans, codes)
    found = overtaken_on(points, site, day_numbers(told["as_of"]), _reals(told["percent"]))
    return pd.Series(from_day_numbers(found), index=told["site_code"], dtype="datetime64[us]").dropna()


def plan_points(
    sites: pd.DataFrame, plans: pd.DataFrame, codes: pd.Index, *, known_at: datetime | None = None
) -> PlanPoints:
    """The points of the plans in force, with a zero at the site's start where its plan's first point comes later.

    Sites are numbered by their place in ``codes`` (unique); plans of other sites are left out.
    """
    site = numbered(plans["site_code"], codes)
    rows = plan_rows(plans, site, known_at=known_at)
    kept = plans.reindex(columns=["as_of", "percent", "spend"]).iloc[rows]
    points = PlanPoints(site[rows], day_numbers(kept["as_of"]), _reals(kept["percent"]), _reals(kept["spend"]))
    zeros = _zeros_at_start(sites, points, codes)
    if not len(zeros.site):
        return points
    every_site, every_day = np.append(zeros.site, points.site), np.append(zeros.day, points.day)
    order = np.argsort(site_day_keys(every_site, every_day), kind="stable")
    percent, spend = np.append(zeros.percent, points.percent), np.append(zeros.spend, points.spend)
    return PlanPoints(every_site[order], every_day[order], percent[order], spend[order])


def planned_at(points: PlanPoints, site: Whole, day: Whole) -> tuple[Real, Real]:
    """Planned percent and spend of each site on each day, as ``planned`` says; missing without a plan or a day."""
    count = len(points.site)
    if count == 0:
        return np.full(len(site), np.nan), np.full(len(site), np.nan)
    following = np.searchsorted(site_day_keys(points.site, points.day), site_day_keys(site, day), side="right")
    before, after = np.maximum(following - 1, 0), np.minimum(following, count - 1)
    begun = (following > 0) & (points.site[before] == site)
    ongoing = (following < count) & (points.site[after] == site)
    asked = (site >= 0) & (day != MISSING_DAY) & (begun | ongoing)
    span = (points.day[after] - points.day[before]).astype("float64")
    passed = (day - points.day[before]).astype("float64")

    def between(values: Real) -> Real:
        low, high = values[before], values[after]
        with np.errstate(invalid="ignore", divide="ignore"):
            inner = low + (high - low) * passed / span
        answer: Real = np.where(asked, np.where(begun, np.where(ongoing, inner, low), 0.0), np.nan)
        return answer

    return between(points.percent), between(points.spend)


def overtaken_on(points: PlanPoints, site: Whole, day: Whole, percent: Real) -> Whole:
    """For each row (a site once at most) the first day after ``day`` on which the site's plan exceeds ``percent``.

    ``MISSING_DAY`` where it never does. The plan does not exceed ``percent`` on ``day`` itself.
    """
    row_of = np.full(int(max(site.max(initial=-1), points.site.max(initial=-1))) + 2, -1)
    row_of[site] = np.arange(len(site))
    row_of[-1] = -1  # what has no number
    points_asked = np.flatnonzero(row_of[points.site] >= 0)
    row = row_of[points.site[points_asked]]
    ahead = (points.day[points_asked] > day[row]) & (points.percent[points_asked] > percent[row])
    answered, place = np.unique(row[ahead], return_index=True)
    first = points_asked[ahead][place]  # points of a site are ordered by day
    told, before = percent[answered], np.maximum(first - 1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (told - points.percent[before]) / (points.percent[first] - points.percent[before])
        # the product's dust must not make a whole day of a day on which plan and report were level
        passed = np.round((points.day[first] - points.day[before]) * np.clip(share, 0, 1), 6)
    inner = points.day[before] + np.nan_to_num(passed).astype("int64") + 1
    # without a point before it the plan jumps to its first point on that very day
    inside = (first > 0) & (points.site[before] == points.site[first])
    found = np.full(len(site), MISSING_DAY)
    found[answered] = np.where(inside, inner, points.day[first])
    return found


def _codes(plans: pd.DataFrame) -> pd.Index:
    codes: pd.Index = pd.Index(plans["site_code"].dropna().unique(), dtype="object")
    return codes


def _reals(values: pd.Series) -> Real:
    numbers: Real = pd.to_numeric(values).to_numpy(dtype="float64", na_value=np.nan)
    return numbers


def _zeros_at_start(sites: pd.DataFrame, points: PlanPoints, codes: pd.Index) -> PlanPoints:
    """A point of zero at the start of each site that starts before its plan's first point."""
    starts = sites.reindex(columns=["code", "start_date"])
    site, day = numbered(starts["code"], codes), day_numbers(starts["start_date"])
    first = np.full(len(codes) + 1, MISSING_DAY)  # no day is earlier than a missing one
    first[points.site[::-1]] = points.day[::-1]  # ordered by day: the first one is written last
    early = (site >= 0) & (day != MISSING_DAY) & (day < first[site])
    zeros = np.zeros(int(early.sum()))
    return PlanPoints(site[early], day[early], zeros, zeros)
