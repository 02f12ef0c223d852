"""Compute where each site stands on a day: the one place that turns reports and plans into a status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import Stage, Status
from geo.progress.clocks import (
    MISSING_DAY,
    Real,
    Whole,
    day,
    day_number,
    days,
    from_day_numbers,
    numbered,
    report_rows,
    settled_reports,
)
from geo.progress.plan import PlanPoints, overtaken_on, plan_points, planned_at
from geo.progress.thresholds import DEFAULT, Thresholds

COLUMNS: tuple[str, ...] = (
    "code",
    "plan_percent",
    "actual_percent",
    "deviation_points",
    "status",
    "as_of",
    "age_days",
    "rule",
    "stage",
    "plan_spend",
    "actual_spend",
    "silent",
    "late_since",
    "limit_points",
    "next_step",
)
"""Columns of a position, in order."""

NEXT_STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contract_period_1": "scm",
        "contract_period_2": "scm",
        "contract_budget_year": "scm",
        "pace": "recovery_plan",
        "late": "explanation",
        "watch": "watch_next_report",
        "no_report": "request_report",
        "no_percent": "request_report",
        "no_plan": "request_plan",
    }
)
"""By rule, what is to be done next; ``scm`` is the meeting to show cause (rapat pembuktian, SCM I)."""


class _Told(NamedTuple):
    """Reports in force up to the day, ordered by site and day; sites by number."""

    site: Whole
    day: Whole
    percent: Real
    spend: Real
    stage: pd.Series


def position(
    sites: pd.DataFrame,
    plans: pd.DataFrame,
    reports: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
    contract_programmes: Collection[str] | None = None,
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """Where each site stands on the day ``on``, as known at ``known_at`` (UTC; ``None``: all that is recorded).

    One row per row of ``sites``, same order, columns ``COLUMNS``:

    - ``plan_percent`` (0 to 100): the plan, linear between plan points; missing without a plan.
    - ``actual_percent``: the last percent reported for a day up to ``on``; missing, never zero, without one.
    - ``deviation_points``: realisation minus plan in percentage points, negative when late.
    - ``as_of``, ``age_days``: day of the last report and its age on ``on``.
    - ``status``: a ``geo.model.Status``; ``rule`` names what decided it.
    - ``plan_spend``, ``actual_spend``: cumulative rupiah.
    - ``silent``: still at work and no report for more than ``thresholds.silent_after_days``; where nothing was ever
      reported, since the plan began.
    - ``late_since``: day of the first report of the present run of reports behind plan, or the day on which the plan
      overtook the last report; only for sites that are behind.
    - ``limit_points``: the lateness in percentage points (late is positive, as in ``Thresholds``) beyond which the rule
      holds; zero where any lateness is enough, missing where the rule is not one of lateness.
    - ``next_step``: what the rule asks for next (``NEXT_STEPS``); missing where nothing is asked for.

    Of a plan that was revised, the revision known at ``known_at`` that was recorded last counts. Every row of ``sites``
    gets an answer: to leave out sites that were not known yet is for the caller (``geo.progress.clocks.recorded``).
    Contract rules (Permen PU 07/PRT/M/2011) apply to sites with a contract value, limited to ``contract_programmes``
    where given; everything else follows the pace rule (late by more than ``critical_points``).
    """
    at = day(on)
    frame = pd.DataFrame({"code": sites["code"].astype("object")}).reset_index(drop=True)
    codes = pd.Index(frame["code"].dropna().unique(), dtype="object")
    site = numbered(frame["code"], codes)
    points = plan_points(sites, plans, codes, known_at=known_at)
    told = _told(reports, codes, on, known_at)
    frame["plan_percent"], frame["plan_spend"] = planned_at(points, site, np.full(len(site), day_number(on)))
    # each quantity keeps the latest value reported for it
    frame["actual_percent"] = _last_number(told.site, told.percent, len(codes))[site]
    frame["actual_spend"] = _last_number(told.site, told.spend, len(codes))[site]
    frame["stage"] = pd.Series(_last_stage(told, len(codes))[site], dtype="object")
    frame["as_of"] = from_day_numbers(_last_day(told.site, told.day, len(codes))[site])
    frame["age_days"] = (at - frame["as_of"]).dt.days.astype("Int64")
    # interpolation leaves dust in the last bits; a threshold must not turn on it
    frame["deviation_points"] = (frame["actual_percent"] - frame["plan_percent"]).round(6)
    decided = _decide(frame, sites.reset_index(drop=True), at, contract_programmes, thresholds)
    frame = frame.join(decided)
    working = ~frame["status"].isin([Status.SELESAI, Status.TIDAK_AKTIF, Status.BELUM_MULAI])
    # who never reported owes since the plan began; without a plan nobody owes a first report
    begun = pd.Series(from_day_numbers(_plan_begins(points, len(codes))[site]))
    owed_days = frame["age_days"].fillna((at - begun).dt.days.astype("Int64"))
    frame["silent"] = (working & (owed_days > thresholds.silent_after_days).fillna(False)).astype(bool)
    behind = frame["status"].isin([Status.KRITIS, Status.TERLAMBAT, Status.WASPADA]).to_numpy()
    since = _late_since(points, told, np.unique(site[behind]), len(codes))
    frame["late_since"] = from_day_numbers(np.where(behind, since[site], MISSING_DAY))
    return frame[list(COLUMNS)]


# --- reports -----------------------------------------------------------------------------------------------------


def _told(reports: pd.DataFrame, codes: pd.Index, on: date, known_at: datetime | None) -> _Told:
    settled = settled_reports(reports)
    site = numbered(settled.frame["site_code"], codes)
    rows = report_rows(settled, site, on=on, known_at=known_at)
    frame = settled.frame
    percent, spend = frame["percent"].to_numpy()[rows], frame["spend"].to_numpy()[rows]
    return _Told(site[rows], settled.day[rows], percent, spend, frame["stage"].iloc[rows])


# The answers below have one place more than there are sites: it stands for a site without a number (-1) and is missing.


def _last_number(site: Whole, values: Real, count: int) -> Real:
    """By site, the last value that is not missing; rows ordered by site and day, so the last is written last."""
    last = np.full(count + 1, np.nan)
    there = ~np.isnan(values)
    last[site[there]] = values[there]
    return last


def _last_day(site: Whole, day: Whole, count: int) -> Whole:
    last = np.full(count + 1, MISSING_DAY)
    last[site] = day
    return last


def _last_stage(told: _Told, count: int) -> npt.NDArray[np.object_]:
    row = np.full(count + 1, -1)
    there = np.flatnonzero(told.stage.notna())
    row[told.site[there]] = there
    found = np.full(count + 1, None, dtype="object")
    found[row >= 0] = told.stage.iloc[row[row >= 0]].to_numpy(dtype="object")
    return found


def _plan_begins(points: PlanPoints, count: int) -> Whole:
    """By site, the first day on which the plan exceeds zero."""
    never = np.full(count, MISSING_DAY)
    return np.append(overtaken_on(points, np.arange(count), never, np.zeros(count)), MISSING_DAY)


def _late_since(points: PlanPoints, told: _Told, behind: Whole, count: int) -> Whole:
    """By site, the day since which each site of ``behind`` (unique numbers) has been behind plan.

    The first report of the last unbroken run of reports behind plan; where the last report was not behind, the day on
    which the plan overtook it.
    """
    chosen = np.zeros(count + 1, dtype=bool)
    chosen[behind] = True
    rows = np.flatnonzero(chosen[told.site] & ~np.isnan(told.percent))
    site, day, percent = told.site[rows], told.day[rows], told.percent[rows]
    level = ~(np.round(percent - planned_at(points, site, day)[0], 6) < 0)
    last_level = np.full(count + 1, -1)
    last_level[site[level]] = np.flatnonzero(level)
    last = np.full(count + 1, -1)
    last[site] = np.arange(len(site))
    since = np.full(count + 1, MISSING_DAY)
    run = np.flatnonzero(np.arange(len(site)) > last_level[site])[::-1]
    since[site[run]] = day[run]  # from the last to the first: the first is written last
    overtaken = last[(last >= 0) & (last == last_level)]
    since[site[overtaken]] = overtaken_on(points, site[overtaken], day[overtaken], percent[overtaken])
    return since


# --- status ------------------------------------------------------------------------------------------------------


def _decide(
    frame: pd.DataFrame,
    sites: pd.DataFrame,
    at: pd.Timestamp,
    contract_programmes: Collection[str] | None,
    limits: Thresholds,
) -> pd.DataFrame:
    """Status, rule, limit in points and next step of each row of ``frame``."""
    plan, actual, deviation = frame["plan_percent"], frame["actual_percent"], frame["deviation_points"]
    stage, reported = frame["stage"], frame["as_of"].notna()
    late = -deviation
    contract = pd.to_numeric(sites.get("contract_value", pd.Series(np.nan, sites.index))).gt(0).fillna(False)
    if contract_programmes is not None:
        contract &= sites["programme"].isin(list(contract_programmes))
    in_period_2 = plan.round(6) >= limits.period_2_from  # rounded: dust again
    first, second = contract & ~in_period_2, contract & in_period_2
    runs_past = second & _runs_past_budget_year(frame, sites, at)
    begun = plan > 0
    none, critical, watch = np.nan, limits.critical_points, limits.watch_points
    period_1, period_2 = limits.contract_period_1_points, limits.contract_period_2_points
    # the first condition that holds decides; the number is the lateness beyond which it holds
    choices: list[tuple[pd.Series, Status, str, float]] = [
        (stage.isin([Stage.POSTPONED, Stage.CANCELLED]), Status.TIDAK_AKTIF, "stage", none),
        ((actual >= 100) | (stage == Stage.OPERATIONAL), Status.SELESAI, "done", none),
        (~reported & plan.isna(), Status.BELUM_LAPOR, "no_report", none),
        (~reported & begun, Status.BELUM_LAPOR, "no_report", none),
        (~reported, Status.BELUM_MULAI, "plan_not_begun", none),
        (plan.isna(), Status.TANPA_RENCANA, "no_plan", none),
        (~begun & ~(actual > 0), Status.BELUM_MULAI, "plan_not_begun", none),
        (actual.isna(), Status.BELUM_LAPOR, "no_percent", none),
        (first & (late > period_1), Status.KRITIS, "contract_period_1", period_1),
        (second & (late > period_2), Status.KRITIS, "contract_period_2", period_2),
        # the regulation says "late by less than 5 points"; exactly 5 would fall between its limbs and counts here
        (runs_past & (late > 0), Status.KRITIS, "contract_budget_year", 0.0),
        (~contract & (late > critical), Status.KRITIS, "pace", critical),
        (late > watch, Status.TERLAMBAT, "late", watch),
        (late > 0, Status.WASPADA, "watch", 0.0),
    ]
    conditions = [condition.fillna(False).to_numpy(dtype=bool) for condition, *_ in choices]
    outcomes = pd.DataFrame(
        [
            (str(status), rule, limit, NEXT_STEPS.get(rule))
            for _, status, rule, limit in (*choices, (None, Status.SESUAI_RENCANA, "on_plan", none))
        ],
        columns=["status", "rule", "limit_points", "next_step"],
        dtype="object",
    ).astype({"limit_points": "float64"})
    chosen = np.select(conditions, list(range(len(choices))), default=len(choices))
    return outcomes.take(chosen).set_axis(frame.index)


def _runs_past_budget_year(frame: pd.DataFrame, sites: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    """Whether the mean pace since the start carries completion past 31 December of the budget year."""
    start = days(sites.get("start_date", pd.Series(pd.NaT, sites.index)))
    target = days(sites.get("target_date", pd.Series(pd.NaT, sites.index)))
    year = pd.to_numeric(sites.get("year", pd.Series(np.nan, sites.index))).astype("Float64")
    year = year.fillna(target.dt.year.astype("Float64"))
    year_end = pd.to_datetime({"year": year.fillna(2000).astype(int), "month": 12, "day": 31}).where(year.notna())
    elapsed = (frame["as_of"] - start).dt.days
    remaining = (100 - frame["actual_percent"]) * elapsed / frame["actual_percent"].where(frame["actual_percent"] > 0)
    left = (year_end - frame["as_of"]).dt.days
    # nothing done at all can't be finished in time; without a start date no pace can be told
    stuck = frame["actual_percent"].eq(0) & elapsed.gt(0)
    runs_past = stuck | remaining.round(6).gt(left) | year_end.lt(at)
    return pd.Series(runs_past & year_end.notna(), dtype=bool)
