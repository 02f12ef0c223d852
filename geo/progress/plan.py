"""Interpolate what was planned for a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.progress.clocks import days


def planned(sites: pd.DataFrame, plans: pd.DataFrame, moments: pd.DataFrame) -> pd.DataFrame:
    """Planned percent and spend at each moment, linear between plan points.

    ``moments`` has ``site_code`` and ``as_of``; the answer has its index and the columns ``percent`` (0 to 100) and
    ``spend`` (rupiah). Before a site's first plan point the plan rises from zero at its ``start_date`` if that is
    earlier, else it is zero; after its last point it stays there. A site without a plan gets missing values.
    """
    points = _plan_points(sites, plans)
    asked = pd.DataFrame(
        {"site_code": moments["site_code"].astype("object"), "as_of": days(moments["as_of"])}, index=moments.index
    )
    asked["row"] = np.arange(len(asked))
    asked = asked.sort_values("as_of", kind="stable")
    before = pd.merge_asof(asked, points.assign(at=points["as_of"]), on="as_of", by="site_code")
    after = pd.merge_asof(
        asked,
        points.assign(at=points["as_of"]),
        on="as_of",
        by="site_code",
        direction="forward",
        allow_exact_matches=False,
    )
    has_plan = asked["site_code"].isin(points["site_code"].unique()).to_numpy()
    span = (after["at"] - before["at"]).dt.days.to_numpy(dtype=float)
    passed = (before["as_of"] - before["at"]).dt.days.to_numpy(dtype=float)
    answer = pd.DataFrame(index=moments.index, columns=["percent", "spend"], dtype="float64")
    for column in ("percent", "spend"):
        low = before[column].to_numpy(dtype=float)
        high = after[column].to_numpy(dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = low + (high - low) * passed / span
        value = np.where(before["at"].isna().to_numpy(), 0.0, np.where(after["at"].isna().to_numpy(), low, value))
        value = np.where(has_plan, value, np.nan)
        ordered = np.empty(len(asked))
        ordered[asked["row"].to_numpy()] = value
        answer[column] = ordered
    return answer


def overtaken(sites: pd.DataFrame, plans: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """By site code, the first day on which the plan exceeds a reported percent.

    ``told`` has one row per site: ``site_code``, ``as_of`` and ``percent``, not behind plan on ``as_of``. Sites whose
    plan never exceeds it are left out.
    """
    points = _plan_points(sites, plans)
    ahead = points.merge(
        told[["site_code", "as_of", "percent"]].rename(columns={"as_of": "told_on", "percent": "told"}), on="site_code"
    )
    ahead["before"] = ahead.groupby("site_code")["as_of"].shift()
    ahead["before_percent"] = ahead.groupby("site_code")["percent"].shift()
    first = ahead[(ahead["as_of"] > ahead["told_on"]) & (ahead["percent"] > ahead["told"])].drop_duplicates("site_code")
    share = (first["told"] - first["before_percent"]) / (first["percent"] - first["before_percent"])
    # the product's dust must not make a whole day of a day on which plan and report were level
    passed = ((first["as_of"] - first["before"]).dt.days * share.clip(0, 1)).round(6).fillna(0).astype(int)
    # without a point before it the plan jumps to its first point on that very day
    day = (first["before"] + pd.to_timedelta(passed + 1, unit="D")).fillna(first["as_of"])
    return pd.Series(day.to_numpy(), index=first["site_code"], dtype="datetime64[us]")


def _plan_points(sites: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Plan points sorted by day, with a zero at the site's start where the plan's first point comes later."""
    points = plans.reindex(columns=["site_code", "as_of", "percent", "spend"])
    points = points.assign(
        site_code=points["site_code"].astype("object"),
        as_of=days(points["as_of"]),
        percent=pd.to_numeric(points["percent"]).astype("float64"),
        spend=pd.to_numeric(points["spend"]).astype("float64"),
    ).dropna(subset=["as_of"])
    starts = sites.reindex(columns=["code", "start_date"]).rename(columns={"code": "site_code"})
    starts = starts.assign(start_date=days(starts["start_date"])).dropna(subset=["start_date"])
    starts = starts.join(points.groupby("site_code")["as_of"].min().rename("first"), on="site_code", how="inner")
    starts = starts[starts["start_date"] < starts["first"]]
    zeros = pd.DataFrame(
        {
            "site_code": starts["site_code"].astype("object"),
            "as_of": starts["start_date"],
            "percent": 0.0,
            "spend": 0.0,
        }
    )
    every = pd.concat([zeros, points], ignore_index=True) if len(zeros) else points
    every = every.sort_values(["as_of", "site_code", "percent"], kind="stable", ignore_index=True)
    return every.drop_duplicates(["site_code", "as_of"], keep="last", ignore_index=True)
