"""Compute where each site stands on a day: the one place that turns reports and plans into a status."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import numpy as np
import pandas as pd

from geo.model import Stage, Status
from geo.progress.clocks import day, days, effective_reports
from geo.progress.plan import overtaken, planned
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
)
"""Columns of a position, in order."""


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

    Contract rules (Permen PU 07/PRT/M/2011) apply to sites with a contract value, limited to ``contract_programmes``
    where given; everything else follows the pace rule (late by more than ``critical_points``).
    """
    at = day(on)
    known = effective_reports(reports, on=on, known_at=known_at)
    frame = pd.DataFrame({"code": sites["code"].astype("object")}).reset_index(drop=True)
    plan = planned(sites, plans, pd.DataFrame({"site_code": frame["code"], "as_of": at}))
    frame["plan_percent"] = plan["percent"]
    frame["plan_spend"] = plan["spend"]
    last = known.groupby("site_code").agg(
        # GroupBy.last skips missing values: each quantity keeps the latest value reported for it
        as_of=("as_of", "max"),
        percent=("percent", "last"),
        spend=("spend", "last"),
        stage=("stage", "last"),
    )
    last = last.reindex(frame["code"]).reset_index(drop=True)
    frame["actual_percent"] = last["percent"].astype("float64")
    frame["actual_spend"] = last["spend"].astype("float64")
    frame["stage"] = last["stage"].astype("object").where(last["stage"].notna(), None)
    frame["as_of"] = days(last["as_of"])
    frame["age_days"] = (at - frame["as_of"]).dt.days.astype("Int64")
    # interpolation leaves dust in the last bits; a threshold must not turn on it
    frame["deviation_points"] = (frame["actual_percent"] - frame["plan_percent"]).round(6)
    decided = _decide(frame, sites.reset_index(drop=True), at, contract_programmes, thresholds)
    frame["status"] = decided["status"]
    frame["rule"] = decided["rule"]
    working = ~frame["status"].isin([Status.SELESAI, Status.TIDAK_AKTIF, Status.BELUM_MULAI])
    # who never reported owes since the plan began; without a plan nobody owes a first report
    owed_days = frame["age_days"].fillna(_days_since_begin(sites, plans, frame["code"], at))
    frame["silent"] = (working & (owed_days > thresholds.silent_after_days).fillna(False)).astype(bool)
    since = _late_since(sites, plans, known).reindex(frame["code"]).reset_index(drop=True)
    behind = frame["status"].isin([Status.KRITIS, Status.TERLAMBAT, Status.WASPADA])
    frame["late_since"] = since.where(behind)
    return frame[list(COLUMNS)]


def _days_since_begin(sites: pd.DataFrame, plans: pd.DataFrame, codes: pd.Series, at: pd.Timestamp) -> pd.Series:
    """Days from the first day on which the plan exceeds zero, missing without a plan."""
    never = pd.DataFrame({"site_code": codes, "as_of": pd.Timestamp(1, 1, 1), "percent": 0.0})
    begun = overtaken(sites, plans, never).reindex(codes).reset_index(drop=True)
    return pd.Series((at - begun).dt.days, dtype="Int64")


def _decide(
    frame: pd.DataFrame,
    sites: pd.DataFrame,
    at: pd.Timestamp,
    contract_programmes: Collection[str] | None,
    limits: Thresholds,
) -> pd.DataFrame:
    plan, actual, deviation = frame["plan_percent"], frame["actual_percent"], frame["deviation_points"]
    stage, reported = frame["stage"], frame["as_of"].notna()
    late = -deviation
    contract = pd.to_numeric(sites.get("contract_value", pd.Series(np.nan, sites.index))).gt(0).fillna(False)
    if contract_programmes is not None:
        contract &= sites["programme"].isin(list(contract_programmes))
    second = plan >= limits.period_2_from
    period_1 = contract & ~second & (late > limits.contract_period_1_points)
    period_2 = contract & second & (late > limits.contract_period_2_points)
    budget_year = contract & second & (late > 0) & _runs_past_budget_year(frame, sites, at)
    pace = ~contract & (late > limits.critical_points)
    begun = plan > 0
    # the first condition that holds decides
    choices: list[tuple[pd.Series, Status, str]] = [
        (stage.isin([Stage.POSTPONED, Stage.CANCELLED]), Status.TIDAK_AKTIF, "stage"),
        ((actual >= 100) | (stage == Stage.OPERATIONAL), Status.SELESAI, "done"),
        (~reported & plan.isna(), Status.BELUM_LAPOR, "no_report"),
        (~reported & begun, Status.BELUM_LAPOR, "no_report"),
        (~reported, Status.BELUM_MULAI, "plan_not_begun"),
        (plan.isna(), Status.TANPA_RENCANA, "no_plan"),
        (~begun & ~(actual > 0), Status.BELUM_MULAI, "plan_not_begun"),
        (actual.isna(), Status.BELUM_LAPOR, "no_percent"),
        (period_1, Status.KRITIS, "contract_period_1"),
        (period_2, Status.KRITIS, "contract_period_2"),
        (budget_year, Status.KRITIS, "contract_budget_year"),
        (pace, Status.KRITIS, "pace"),
        (late > limits.watch_points, Status.TERLAMBAT, "late"),
        (late > 0, Status.WASPADA, "watch"),
    ]
    conditions = [condition.fillna(False).to_numpy(dtype=bool) for condition, _, _ in choices]
    return pd.DataFrame(
        {
            "status": np.select(conditions, [str(s) for _, s, _ in choices], default=str(Status.SESUAI_RENCANA)),
            "rule": np.select(conditions, [rule for _, _, rule in choices], default="on_plan"),
        },
        index=frame.index,
        dtype="object",
    )


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
    runs_past = stuck | remaining.gt(left) | year_end.lt(at)
    return pd.Series(runs_past & year_end.notna(), dtype=bool)


def _late_since(sites: pd.DataFrame, plans: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """By site code, the day since which the site has been behind plan, were it behind on the day asked for.

    The first report of the last unbroken run of reports behind plan; where the last report was not behind, the day on
    which the plan overtook it.
    """
    told = known.dropna(subset=["percent"]).reset_index(drop=True)
    if told.empty:
        return pd.Series(dtype="datetime64[us]")
    gap = (told["percent"] - planned(sites, plans, told)["percent"]).round(6)
    told = told.assign(behind=gap < 0)
    last_good = told[~told["behind"]].groupby("site_code")["as_of"].max().rename("last_good")
    told = told.join(last_good, on="site_code")
    run = told[told["behind"] & (told["last_good"].isna() | (told["as_of"] > told["last_good"]))]
    since = run.groupby("site_code")["as_of"].min()
    last = told.drop_duplicates("site_code", keep="last")
    overtook = overtaken(sites, plans, last[~last["behind"]])
    return pd.Series(pd.concat([since, overtook]), dtype="datetime64[us]")
