"""Forecast completion from the recent pace, with a band, or say why that cannot be done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.progress.clocks import day, days
from geo.progress.thresholds import DEFAULT, Thresholds

Real = npt.NDArray[np.float64]

DAYS_PER_MONTH: Final = 365.25 / 12
LONGEST_DAYS: Final = 3_653
"""Ten years: what would take longer at the recent pace is not given a day."""


class NoForecast(StrEnum):
    """Why there is no forecast."""

    TOO_FEW = "too_few"
    """Fewer points than ``Thresholds.forecast_least``."""
    FINISHED = "finished"
    """The last point is at 100 percent."""
    STALE = "stale"
    """The last point is older than ``Thresholds.silent_after_days``: the pace it tells is not the recent one."""
    NO_PACE = "no_pace"
    """The recent pace is not above zero."""
    TOO_SLOW = "too_slow"
    """At the recent pace completion is more than ``LONGEST_DAYS`` away."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When 100 percent will be reached at the recent pace, or the ``reason`` why that cannot be told.

    ``day``, with ``earliest`` and ``latest`` around it, is missing exactly where a ``reason`` stands; ``latest`` alone
    is missing where the slower pace never gets there (the band is open). ``pace_points_per_month`` is missing with
    fewer than two points. ``reports`` points were used, ``least`` are needed; the last is ``last_percent`` on
    ``last_day``. ``in_plan_days`` tells that the pace was measured along the plan.
    """

    day: date | None
    earliest: date | None
    latest: date | None
    pace_points_per_month: float | None
    reports: int
    least: int
    last_day: date | None
    last_percent: float | None
    in_plan_days: bool
    reason: NoForecast | None = None


@dataclass(frozen=True, slots=True)
class Overrun:
    """Days by which a forecast lies behind a target day; negative when before it. ``latest`` may be open."""

    days: int
    earliest: int
    latest: int | None


def forecast(
    points: pd.DataFrame, *, on: date, plan: pd.DataFrame | None = None, thresholds: Thresholds = DEFAULT
) -> Forecast:
    """Completion at the pace of the last ``thresholds.forecast_reports`` points up to the day ``on``.

    ``points`` and ``plan`` have ``as_of`` and ``percent`` (0 to 100, cumulative), in any order; rows without either,
    and points after ``on``, do not count; of several for one day the highest does.

    With the points (t_i, p_i), i = 1..k, in days and percent, every pair i < j has the slope
    s_ij = (p_j - p_i) / (t_j - t_i). The pace m is the median of these slopes (it is robust: a single
    odd report does not move it), and completion is t_k + (100 - p_k) / m, rounded up to whole days. The band takes the
    quartiles of the slopes in place of m: the upper quartile gives ``earliest``, the lower ``latest``, open where that
    quartile is not above zero or would take more than ``LONGEST_DAYS``. It is the spread of the recent pace, not a
    confidence interval: it knows nothing of what stops a site. A day before ``on`` becomes ``on``, for until then
    nobody has reported completion.

    Work slows towards its end, and a straight line promises too early a day. With a ``plan`` that reaches 100 % the
    same is done in days of the plan: e(p) is the day on which the plan reaches p (linear between its points), the
    slopes are (e(p_j) - e(p_i)) / (t_j - t_i), days of plan done in a day, and completion is
    t_k + (e(100) - e(p_k)) / m. A plan that is a straight line from 0 gives the same day as none.
    """
    recent = _recent(points, on, thresholds.forecast_reports)
    told, last = recent["percent"].to_numpy(dtype=float), recent["as_of"].iloc[-1].date() if len(recent) else None
    shape = None if plan is None else _shape(plan)
    done = told if shape is None else np.interp(told, *shape)
    remaining = 0.0 if last is None else float((100 if shape is None else shape[1][-1]) - done[-1])
    days_of = recent["as_of"].to_numpy().astype("datetime64[D]").astype(float)
    slower, pace, faster = _quartiles(_slopes(days_of, done))
    reason = _reason(told, last, remaining, pace, on, thresholds)
    ends: list[date | None] = [None, None, None]
    if reason is None and last is not None:
        ends = [_end(last, remaining, slope, on) for slope in (pace, faster, slower)]
    return Forecast(
        day=ends[0],
        earliest=ends[1],
        latest=ends[2],
        pace_points_per_month=_quartiles(_slopes(days_of, told))[1] * DAYS_PER_MONTH if len(told) > 1 else None,
        reports=len(recent),
        least=thresholds.forecast_least,
        last_day=last,
        last_percent=float(told[-1]) if len(told) else None,
        in_plan_days=shape is not None,
        reason=reason,
    )


def curve_forecast(rows: pd.DataFrame, *, on: date, thresholds: Thresholds = DEFAULT) -> Forecast:
    """``forecast`` of the sites of a curve (``geo.progress.curve``) along their plan."""
    plan = pd.DataFrame({"as_of": rows["as_of"], "percent": rows["plan_percent"]})
    return forecast(pace_points(rows), on=on, plan=plan, thresholds=thresholds)


def forecast_path(expected: Forecast, end: date, *, plan: pd.DataFrame) -> pd.DataFrame:
    """The way from the last point to 100 % on the day ``end``: ``as_of`` and ``percent``, sorted.

    In the shape of what remains of the ``plan`` (``as_of``, ``percent``) where the forecast was measured along it,
    straight otherwise. Empty without a point to start from.
    """
    if expected.last_day is None or expected.last_percent is None:
        return pd.DataFrame({"as_of": pd.to_datetime([]), "percent": pd.Series(dtype="float64")})
    start, now = pd.Timestamp(expected.last_day), expected.last_percent
    shape = _shape(plan) if expected.in_plan_days else None
    percents, shares = np.array([now, 100.0]), np.array([0.0, 1.0])
    if shape is not None:
        reached = float(np.interp(now, *shape))
        ahead = shape[1] > reached
        percents = np.append(now, shape[0][ahead])
        shares = np.append(0.0, (shape[1][ahead] - reached) / (shape[1][-1] - reached))
    moments = start + pd.to_timedelta(shares * (pd.Timestamp(end) - start).days, unit="D").round("D")
    return pd.DataFrame({"as_of": moments, "percent": percents})


def overrun(expected: Forecast, target: date | None) -> Overrun | None:
    """By how many days the forecast runs past the target day; ``None`` without a forecast or a target."""
    if target is None or expected.day is None or expected.earliest is None:
        return None
    return Overrun(
        days=(expected.day - target).days,
        earliest=(expected.earliest - target).days,
        latest=None if expected.latest is None else (expected.latest - target).days,
    )


def pace_points(rows: pd.DataFrame) -> pd.DataFrame:
    """The points of a curve (``geo.progress.curve``) that tell the pace of its sites: ``as_of``, ``percent``.

    Of a single site the days on which it told its percent. Of several sites the moments at which all of them count (a
    site that joins later would look like progress) and for which one at least has told anew: a mean that stands still
    because nobody spoke tells no pace.
    """
    told = rows[rows["actual_percent"].notna() & (rows["reporting"] == rows["base"])]
    kept = told[told["percents_told"].where(told["base"] == 1, told["percents_since"]) > 0]
    return pd.DataFrame({"as_of": kept["as_of"], "percent": kept["actual_percent"]}).reset_index(drop=True)


def _recent(points: pd.DataFrame, on: date, most: int) -> pd.DataFrame:
    rows = _by_day(points)
    return rows[rows["as_of"] <= day(on)].tail(most)


def _by_day(points: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "as_of": days(points["as_of"]).to_numpy(),
            "percent": pd.to_numeric(points["percent"]).astype("float64").to_numpy(),
        }
    )
    return rows.dropna().sort_values(["as_of", "percent"]).drop_duplicates("as_of", keep="last")


def _shape(plan: pd.DataFrame) -> tuple[Real, Real] | None:
    """Percent of the plan, rising, and the day of each, up to the first at 100; ``None`` if it never gets there."""
    rows = _by_day(plan)
    percent = rows["percent"].cummax().to_numpy(dtype=float)
    if not len(percent) or percent[-1] < 100:
        return None
    until = int(np.argmax(percent >= 100)) + 1
    return percent[:until], rows["as_of"].to_numpy().astype("datetime64[D]").astype(float)[:until]


def _slopes(days_of: Real, done: Real) -> Real:
    """What was done in a day between every two of the points."""
    one, other = np.triu_indices(len(done), k=1)
    # division leaves dust in the last bits; of points on a line every slope must be the same
    return np.asarray(((done[other] - done[one]) / (days_of[other] - days_of[one])).round(12), dtype=float)


def _quartiles(slopes: Real) -> tuple[float, float, float]:
    if not len(slopes):
        return 0.0, 0.0, 0.0
    low, middle, high = np.quantile(slopes, [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)


def _reason(
    told: Real, last: date | None, remaining: float, pace: float, on: date, limits: Thresholds
) -> NoForecast | None:
    """The first reason that holds."""
    if last is None:
        return NoForecast.TOO_FEW
    if told[-1] >= 100:
        return NoForecast.FINISHED
    if len(told) < max(limits.forecast_least, 2):
        return NoForecast.TOO_FEW
    if (on - last).days > limits.silent_after_days:
        return NoForecast.STALE
    if pace <= 0:
        return NoForecast.NO_PACE
    return NoForecast.TOO_SLOW if remaining / pace > LONGEST_DAYS else None


def _end(last: date, remaining: float, slope: float, on: date) -> date | None:
    """The day on which what remains is done; ``None`` where that day is too far or never comes."""
    if slope <= 0 or remaining / slope > LONGEST_DAYS:
        return None
    return max(last + timedelta(days=math.ceil(round(remaining / slope, 4))), on)
