"""Draw planned and realised progress and spending through time (kurva S) as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import Stage, Status
from geo.progress.clocks import day, days, effective_reports, numbered
from geo.progress.plan import plan_points, planned_at
from geo.progress.thresholds import DEFAULT, Thresholds

CURVE_COLUMNS: tuple[str, ...] = (
    "as_of",
    "plan_percent",
    "actual_percent",
    "base",
    "reporting",
    "fresh",
    "weighting",
    "percents_told",
    "percents_since",
    "plan_spend_percent",
    "actual_spend_percent",
    "plan_spend",
    "actual_spend",
    "spend_base",
    "spend_reporting",
    "spends_told",
)
"""Columns of a curve, in order."""

Grid = npt.NDArray[np.float64]
"""A figure of each site (row) at each moment (column); NaN where it is missing."""


def curve(
    sites: pd.DataFrame,
    plans: pd.DataFrame,
    reports: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """Plan and realisation at month ends and at ``on``; columns ``CURVE_COLUMNS``, sorted by ``as_of``.

    ``plans`` are those in force; ``positions`` speak of ``on`` and choose the sites.

    - ``plan_percent``, ``actual_percent`` (0 to 100): means over the ``base`` sites that the averages of
      ``roll_up(positions)`` rest on at ``on``, with the same weights (``weighting``: ``contract_value``, ``mean`` or
      ``none``), so that the curve meets the card at ``on``. The base is fixed: a site keeps the last percent it told.
      One whose plan has not begun counts as zero; one that should have reported by a day and never had is left out of
      that day's realisation (``reporting`` says how many were in).
    - ``fresh``: sites of the base whose last report was at most ``thresholds.silent_after_days`` old that day, or that
      were finished. ``percents_told``, ``spends_told``: sites that told percent or spend for that very day;
      ``percents_since``: reports of percent for days after the moment before and up to this one.
    - ``plan_spend``, ``actual_spend`` (rupiah): sums over the ``spend_base`` sites, those with a contract value above
      zero, a planned spend and a told spend at ``on``; ``plan_spend_percent``, ``actual_spend_percent``: those sums
      over the sum of the same sites' contract values. A site that had not told its spend by a day though money was
      planned is left out of that day's sum and of its percent (``spend_reporting`` says how many were in).

    Realisation after ``on`` is missing, never zero. Where a base is a single site it is missing, too, while the last
    report is older than ``thresholds.silent_after_days`` and the site not finished; the days of its reports are among
    the moments: the line shows what was reported and stops at the last report. Empty when no site can be assessed.
    """
    at = day(on)
    base = _base(sites, positions)
    codes = pd.Index(base["code"], dtype="object")
    points = plans[numbered(plans["site_code"], codes) >= 0]
    if base.empty or points.empty:
        return pd.DataFrame(columns=list(CURVE_COLUMNS))
    chosen = sites[numbered(sites["code"], codes) >= 0]
    known = effective_reports(reports[numbered(reports["site_code"], codes) >= 0], on=on, known_at=known_at)
    site = numbered(known["site_code"], codes)
    physical, priced = base["physical"].to_numpy(), base["priced"].to_numpy()
    alone, priced_alone = physical.sum() == 1, priced.sum() == 1
    moments = _moments(chosen, points, known[((physical & alone) | (priced & priced_alone))[site]], at)
    plan_percent, plan_spend = _planned(chosen, points, codes, moments)
    told = _told(known, site, len(base), moments, thresholds.silent_after_days)
    past, stopped = np.asarray(moments <= at), told.silent & ~told.finished
    percent = np.where(~past | (stopped & alone), np.nan, _or_not_begun(told.percent, plan_percent))
    spend = np.where(~past | (stopped & priced_alone), np.nan, _or_not_begun(told.spend, plan_spend))
    contract = base["contract_value"].to_numpy(dtype=float)
    by_value = bool(np.all(contract[physical] > 0))
    weights = np.where(physical, contract if by_value else 1.0, 0.0)
    answer = {
        "as_of": moments,
        "plan_percent": _mean(plan_percent, weights),
        "actual_percent": _mean(percent, weights),
        "base": int(physical.sum()),
        "reporting": _count(~np.isnan(percent), physical),
        "fresh": _count(past & (told.finished | (told.age_days <= thresholds.silent_after_days)), physical),
        "weighting": "none" if not physical.any() else "contract_value" if by_value else "mean",
        "percents_told": _on_the_day(known.loc[physical[site], ["as_of", "percent"]], moments),
        "percents_since": _since_the_moment_before(known.loc[physical[site], ["as_of", "percent"]], moments),
        "spends_told": _on_the_day(known.loc[priced[site], ["as_of", "spend"]], moments),
        **_money(plan_spend[priced], spend[priced], contract[priced]),
    }
    return pd.DataFrame(answer, columns=list(CURVE_COLUMNS))


def _money(plan: Grid, spend: Grid, contract: npt.NDArray[np.float64]) -> dict[str, object]:
    """The columns of money from planned and told spend of the sites that have a contract value and told both."""
    return {
        "plan_spend_percent": _mean(plan / contract[:, np.newaxis] * 100, contract),
        "actual_spend_percent": _mean(spend / contract[:, np.newaxis] * 100, contract),
        "plan_spend": _sum(plan),
        "actual_spend": _sum(spend),
        "spend_base": len(contract),
        "spend_reporting": (~np.isnan(spend)).sum(axis=0),
    }


def _base(sites: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """The active sites that physical (``physical``) or financial (``priced``) progress rests on, with their values.

    A site without a contract value above zero carries NaN.
    """
    value = pd.to_numeric(sites.set_index("code").reindex(columns=["contract_value"])["contract_value"])
    contract = value.astype("float64").reindex(positions["code"]).to_numpy(dtype=float)
    active = positions["status"] != str(Status.TIDAK_AKTIF)
    priced = contract > 0
    base = pd.DataFrame(
        {
            "code": positions["code"].to_numpy(dtype=object),
            "contract_value": np.where(priced, contract, np.nan),
            "physical": active & positions["plan_percent"].notna() & positions["actual_percent"].notna(),
            "priced": active & priced & positions["plan_spend"].notna() & positions["actual_spend"].notna(),
        }
    )
    return base[base["physical"] | base["priced"]].reset_index(drop=True)


def _moments(sites: pd.DataFrame, points: pd.DataFrame, known: pd.DataFrame, at: pd.Timestamp) -> pd.DatetimeIndex:
    """Month ends from before the first start to the end of the plan, the day itself, and the days of ``known``."""
    spans = days(points["as_of"])
    starts = days(sites["start_date"]) if "start_date" in sites else spans
    first = min(stamp for stamp in (spans.min(), starts.min()) if pd.notna(stamp))
    last = max(spans.max(), at)
    months = pd.date_range(first - pd.offsets.MonthEnd(1), last + pd.offsets.MonthEnd(0), freq="ME")
    told = known.loc[known["percent"].notna() | known["spend"].notna(), "as_of"]
    return months.union(pd.DatetimeIndex([at, *told])).unique()


def _planned(
    sites: pd.DataFrame, points: pd.DataFrame, codes: pd.Index, moments: pd.DatetimeIndex
) -> tuple[Grid, Grid]:
    """Planned percent and spend of each site at each moment."""
    shape = (len(codes), len(moments))
    site, dated = np.repeat(np.arange(len(codes)), len(moments)), np.tile(_day_numbers(moments), len(codes))
    percent, spend = planned_at(plan_points(sites, points, codes), site, dated)
    return percent.reshape(shape), spend.reshape(shape)


@dataclass(frozen=True, slots=True)
class _Told:
    """What each site (row) had told by each moment (column)."""

    percent: Grid
    spend: Grid
    age_days: Grid
    silent: npt.NDArray[np.bool_]
    finished: npt.NDArray[np.bool_]


def _told(
    known: pd.DataFrame,
    site: npt.NDArray[np.int64],
    sites: int,
    moments: pd.DatetimeIndex,
    silent_after_days: int,
) -> _Told:
    """``site`` numbers the site of each row of ``known`` from 0 to ``sites`` - 1."""
    asked = _day_numbers(moments)
    dated = _day_numbers(pd.DatetimeIndex(known["as_of"]))

    def last(values: pd.Series) -> Grid:
        there = values.notna().to_numpy()
        return _last(site[there], dated[there], values.to_numpy(dtype=float, na_value=np.nan)[there], sites, asked)

    percent = last(known["percent"])
    age = asked[np.newaxis, :] - last(pd.Series(dated.astype(float)))
    operational = (known["stage"] == str(Stage.OPERATIONAL)).astype("float64").where(known["stage"].notna())
    finished = (percent >= 100) | (last(operational) == 1)
    return _Told(percent, last(known["spend"]), age, age > silent_after_days, finished)


def _last(
    site: npt.NDArray[np.int64],
    dated: npt.NDArray[np.int64],
    values: Grid,
    sites: int,
    asked: npt.NDArray[np.int64],
) -> Grid:
    """The last value of each site (0 to ``sites`` - 1) dated up to each of the ``asked`` days."""
    if not len(values):
        return np.full((sites, len(asked)), np.nan)
    origin = min(int(dated.min()), int(asked.min()))
    width = max(int(dated.max()), int(asked.max())) - origin + 1
    keys = site * width + (dated - origin)
    order = np.argsort(keys, kind="stable")
    starts = np.arange(sites)[:, np.newaxis] * width
    place = np.searchsorted(keys[order], (starts + (asked - origin)).ravel(), side="right").reshape(sites, -1) - 1
    found = (place >= 0) & (keys[order][place] >= starts)
    return np.where(found, values[order][place], np.nan)


def _day_numbers(stamps: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    return stamps.to_numpy().astype("datetime64[D]").astype(np.int64)


def _or_not_begun(told: Grid, plan: Grid) -> Grid:
    """What was told, or zero where nothing was told and nothing was planned yet."""
    return np.where(np.isnan(told) & (plan <= 0), 0.0, told)


def _mean(values: Grid, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weighted mean of each column over the sites that have a value there; NaN where none has."""
    there = ~np.isnan(values) & (weights > 0)[:, np.newaxis]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ np.where(there, values, 0.0) / (weights @ there)).round(6), dtype=float)


def _sum(values: Grid) -> npt.NDArray[np.float64]:
    """The sum of each column; NaN where no site has a value."""
    there = ~np.isnan(values)
    return np.where(there.any(axis=0), np.where(there, values, 0.0).sum(axis=0), np.nan)


def _count(there: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many of some sites are ``there`` in each column."""
    return np.asarray(there[rows].sum(axis=0), dtype=np.int64)


def _on_the_day(told: pd.DataFrame, moments: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """How many rows of ``told`` (``as_of`` and a figure) have the figure for each moment itself."""
    counts = told.dropna()["as_of"].value_counts()
    return np.asarray(counts.reindex(moments, fill_value=0).to_numpy(), dtype=np.int64)


def _since_the_moment_before(told: pd.DataFrame, moments: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """How many rows of ``told`` (``as_of`` and a figure) speak of a day up to each moment and after the one before."""
    place = moments.searchsorted(pd.DatetimeIndex(told.dropna()["as_of"]), side="left")
    return np.asarray(np.bincount(place, minlength=len(moments))[: len(moments)], dtype=np.int64)
