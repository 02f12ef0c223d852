"""Draw planned and realised progress through time (kurva S) as a table."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from geo.model import Status
from geo.progress.clocks import day, days, effective_reports
from geo.progress.plan import planned

CURVE_COLUMNS: tuple[str, ...] = ("as_of", "plan_percent", "actual_percent", "base", "reporting")


def curve(
    sites: pd.DataFrame,
    plans: pd.DataFrame,
    reports: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
) -> pd.DataFrame:
    """Mean plan and mean realisation at month ends and at ``on``; columns ``CURVE_COLUMNS``, sorted by ``as_of``.

    The base is fixed: the sites that the averages of ``roll_up(positions)`` rest on at ``on``, with the same weights,
    so that the curve meets the card at ``on``. A site whose plan has not begun counts as zero, one that should have
    reported by a day and had not is left out of that day's realisation (``reporting`` says how many were in).
    Realisation after ``on`` is missing. Empty when no site can be assessed.
    """
    at = day(on)
    active = positions["status"] != str(Status.TIDAK_AKTIF)
    base = positions[active & positions["plan_percent"].notna() & positions["actual_percent"].notna()]
    codes = base["code"]
    points = plans[plans["site_code"].isin(codes)]
    if base.empty or points.empty:
        return pd.DataFrame(columns=list(CURVE_COLUMNS))
    spans = days(points["as_of"])
    starts = days(sites.loc[sites["code"].isin(codes), "start_date"]) if "start_date" in sites else spans
    first = min(stamp for stamp in (spans.min(), starts.min()) if pd.notna(stamp))
    last = max(spans.max(), at)
    months = pd.date_range(first - pd.offsets.MonthEnd(1), last + pd.offsets.MonthEnd(0), freq="ME")
    moments = months.union(pd.DatetimeIndex([at]))
    values = sites.set_index("code")["contract_value"].reindex(codes) if "contract_value" in sites else None
    weights = pd.to_numeric(values).astype("float64").to_numpy() if values is not None else np.full(len(codes), np.nan)
    if not np.all(weights > 0):
        weights = np.ones(len(codes))
    grid = pd.DataFrame(
        {
            "site_code": pd.Series(np.tile(codes.to_numpy(dtype=object), len(moments)), dtype="object"),
            "as_of": np.repeat(moments.to_numpy(), len(codes)),
        }
    )
    shape = (len(moments), len(codes))
    plan = planned(sites, plans, grid)["percent"].to_numpy(dtype=float).reshape(shape)
    known = effective_reports(reports, on=on, known_at=known_at).dropna(subset=["percent"])
    known = known.assign(site_code=known["site_code"].astype("object"))
    told = pd.merge_asof(
        grid.assign(as_of=days(grid["as_of"])), known[["as_of", "site_code", "percent"]], on="as_of", by="site_code"
    )
    actual = told["percent"].to_numpy(dtype=float).reshape(shape)
    actual = np.where(np.isnan(actual) & ~(plan > 0), 0.0, actual)
    actual[moments > at] = np.nan
    there = ~np.isnan(actual)
    reporting = there.sum(axis=1)
    weighted = np.where(there, weights, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_actual = np.where(there, actual, 0.0) @ weights / weighted.sum(axis=1)
    return pd.DataFrame(
        {
            "as_of": moments,
            "plan_percent": (plan @ weights / weights.sum()).round(6),
            "actual_percent": np.where(reporting > 0, mean_actual, np.nan).round(6),
            "base": len(codes),
            "reporting": reporting,
        }
    )
