"""Sum positions up to regions, programmes or the whole, each average with its weighting and its base."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.model import Status

ROLLUP_COLUMNS: tuple[str, ...] = (
    "sites",
    "base",
    "reported",
    "plan_percent",
    "actual_percent",
    "deviation_points",
    "weighting",
    *(str(status) for status in Status),
    "late",
    "silent",
    "never_reported",
    "done_untold",
    "blocked",
    "contract_value",
    "plan_spend",
    "actual_spend",
    "spend_share",
    "spend_told",
    "spend_value",
    "spend_base",
    "share_reported",
    "fresh",
)
"""Columns of a roll-up behind its grouping column, in order."""

_NOT_COUNTED = (Status.TIDAK_AKTIF,)


def roll_up(positions: pd.DataFrame, *, by: str | None = None, groups: Iterable[str] | None = None) -> pd.DataFrame:
    """One row per group with ``ROLLUP_COLUMNS``; without ``by`` one row for the whole.

    ``positions`` is a position joined with its sites' ``contract_value`` and the grouping column ``by``. ``groups``
    fixes the rows and their order; a group without sites stays, with counts of zero and missing averages.

    ``plan_percent`` and ``actual_percent`` are means over the same ``base``: the active sites that have both a plan
    and a reported percent. They are weighted by contract value where every site of the base has one above zero
    (``weighting`` = ``contract_value``), else plain (``mean``); ``none`` where the base is empty. ``spend_share`` is
    0 to 1: ``spend_told`` over ``spend_value``, both of the ``spend_base`` sites that have told spend and contract
    value; ``actual_spend`` and ``contract_value`` are the sums of whatever was told. ``never_reported`` counts sites
    whose plan has begun without any report, ``done_untold`` finished sites without a percent: these are in no average.
    ``fresh`` counts the sites that have reported, are not silent and not ``tidak_aktif``.
    """
    keyed = positions if by is not None else positions.assign(_whole="")
    key = by or "_whole"
    names = list(groups) if groups is not None else sorted(keyed[key].dropna().unique())
    if by is None:
        names = [""]
    active = ~keyed["status"].isin([str(status) for status in _NOT_COUNTED])
    counted = active & keyed["plan_percent"].notna() & keyed["actual_percent"].notna()
    contract = pd.to_numeric(keyed["contract_value"]).astype("float64")
    told_spend = active & contract.gt(0) & keyed["actual_spend"].notna()
    work = pd.DataFrame(
        {
            key: keyed[key],
            "sites": 1,
            "base": counted.astype(int),
            "reported": keyed["as_of"].notna().astype(int),
            "priced": (counted & contract.gt(0)).astype(int),
            "plan": keyed["plan_percent"].where(counted),
            "actual": keyed["actual_percent"].where(counted),
            "plan_value": (keyed["plan_percent"] * contract).where(counted),
            "actual_value": (keyed["actual_percent"] * contract).where(counted),
            "value": contract.where(counted),
            "silent": keyed["silent"].astype(int),
            "never_reported": (keyed["as_of"].isna() & (keyed["status"] == str(Status.BELUM_LAPOR))).astype(int),
            "done_untold": (keyed["actual_percent"].isna() & (keyed["status"] == str(Status.SELESAI))).astype(int),
            "fresh": (active & keyed["as_of"].notna() & ~keyed["silent"].astype(bool)).astype(int),
            "blocked": keyed["blocked"].astype(int) if "blocked" in keyed else 0,
            "contract_value": contract.where(active),
            "plan_spend": keyed["plan_spend"].where(active),
            "actual_spend": keyed["actual_spend"].where(active),
            "spend_told": keyed["actual_spend"].where(told_spend),
            "spend_value": contract.where(told_spend),
            "spend_base": told_spend.astype(int),
        }
    )
    for status in Status:
        work[str(status)] = (keyed["status"] == str(status)).astype(int)
    sums = work.groupby(key).sum(min_count=0).reindex(names, fill_value=0)
    money = ["contract_value", "plan_spend", "actual_spend", "spend_told", "spend_value"]
    spends = work.groupby(key)[money].sum(min_count=1).reindex(names)
    sums[spends.columns] = spends
    return _finish(sums, key if by is not None else None)


def _finish(sums: pd.DataFrame, key: str | None) -> pd.DataFrame:
    base = sums["base"].to_numpy(dtype=float)
    by_value = (sums["priced"] == sums["base"]).to_numpy() & (base > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        plan = np.where(by_value, sums["plan_value"] / sums["value"], sums["plan"] / base)
        actual = np.where(by_value, sums["actual_value"] / sums["value"], sums["actual"] / base)
        share = (sums["spend_told"] / sums["spend_value"]).to_numpy(dtype=float)
        reported = (sums["reported"] / sums["sites"]).to_numpy(dtype=float)
    empty = base == 0
    answer = sums.assign(
        plan_percent=np.where(empty, np.nan, plan).round(6),
        actual_percent=np.where(empty, np.nan, actual).round(6),
        weighting=np.select([empty, by_value], ["none", "contract_value"], default="mean"),
        late=sums[[str(Status.KRITIS), str(Status.TERLAMBAT), str(Status.WASPADA)]].sum(axis=1),
        spend_share=np.where(sums["spend_base"] > 0, share, np.nan),
        share_reported=np.where(sums["sites"] > 0, reported, np.nan),
    )
    answer["deviation_points"] = (answer["actual_percent"] - answer["plan_percent"]).round(6)
    answer = answer[list(ROLLUP_COLUMNS)]
    return answer.reset_index() if key is not None else answer.reset_index(drop=True)


def status_counts(positions: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Sites per status, long: (``by``,) ``status``, ``sites``; every status occurs, zero included, in fixed order."""
    order = [str(status) for status in Status]
    if by is None:
        counts = positions["status"].value_counts().reindex(order, fill_value=0)
        return pd.DataFrame({"status": order, "sites": counts.to_numpy(dtype=int)})
    table = pd.crosstab(positions[by], positions["status"]).reindex(columns=order, fill_value=0)
    return table.reset_index().melt(id_vars=by, value_vars=order, var_name="status", value_name="sites")
