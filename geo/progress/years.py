"""Set one year beside another, and evaluate a year of the action plan."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from geo.model import ActionStatus, Status

LIKE_COLUMNS: tuple[str, ...] = (
    "key",
    "before",
    "after",
    "difference",
    "n_before",
    "n_after",
    "in_both",
)
"""Columns of ``like_for_like``, in order."""

SUMMARY_COLUMNS: tuple[str, ...] = (
    "summary",
    "before",
    "after",
    "difference",
    "n_before",
    "n_after",
    "loci_before",
    "loci_after",
)
"""Columns of ``like_for_like_summary``, in order."""

STATUS_COLUMNS: dict[ActionStatus, str] = {
    ActionStatus.SELESAI: "done",
    ActionStatus.BERJALAN: "running",
    ActionStatus.DILANJUTKAN: "carried_over",
    ActionStatus.DITUNDA: "postponed",
    ActionStatus.DIBATALKAN: "cancelled",
    ActionStatus.BELUM_MULAI: "not_started",
    ActionStatus.BELUM_LAPOR: "not_reported",
}
"""The column of ``evaluation`` that counts the actions of a status."""

EVALUATION_COLUMNS: tuple[str, ...] = (
    "actions",
    "with_target",
    "reported",
    "base",
    "achieved_percent",
    "met",
    *STATUS_COLUMNS.values(),
    "budget",
    "budget_told",
    "spend",
    "spend_told",
    "spend_base",
    "spend_percent",
)
"""Columns of ``evaluation`` behind its grouping column, in order."""


def like_for_like(
    before: pd.DataFrame, after: pd.DataFrame, *, by: str = "region_code", value: str = "achieved_percent"
) -> pd.DataFrame:
    """Two years side by side, one row of ``LIKE_COLUMNS`` per locus (the column ``by``), the greatest loss first.

    ``before`` and ``after`` are positions of actions at the same checkpoint of two years (``value`` in percent), or
    of sites (``by="code"``, ``value="actual_percent"``). ``n_before`` and ``n_after`` count the rows behind the plain
    means ``before`` and ``after``: those with a value whose ``status`` is not ``tidak_aktif``. ``in_both`` holds where
    both years have one; elsewhere ``difference`` (points) is missing, and the locus stands below the others. Rows
    without a locus belong to none.
    """
    first, second = _by_locus(before, by, value), _by_locus(after, by, value)
    keys = sorted(set(first.index) | set(second.index))
    first, second = first.reindex(keys), second.reindex(keys)
    table = pd.DataFrame({"key": pd.Series(keys, dtype="object")})
    table["before"], table["after"] = first["mean"].to_numpy(dtype=float), second["mean"].to_numpy(dtype=float)
    table["difference"] = (table["after"] - table["before"]).round(6)
    table["n_before"] = first["n"].fillna(0).astype(int).to_numpy()
    table["n_after"] = second["n"].fillna(0).astype(int).to_numpy()
    table["in_both"] = (table["n_before"] > 0) & (table["n_after"] > 0)
    return table.sort_values(["difference", "key"], ignore_index=True)[list(LIKE_COLUMNS)]


def like_for_like_summary(
    before: pd.DataFrame, after: pd.DataFrame, *, by: str = "region_code", value: str = "achieved_percent"
) -> pd.DataFrame:
    """Two rows of ``SUMMARY_COLUMNS`` for what ``like_for_like`` lists: ``in_both`` and ``all``.

    ``in_both`` rests on the loci that both years have a value for: the comparison that can be trusted. ``all`` takes
    every row of either year, those without a locus included; its difference mixes progress with a change of the loci.
    Every row weighs the same, as in the average of one year; ``n_*`` counts rows, ``loci_*`` loci. Means are missing
    where nothing is counted.
    """
    first, second = _counted(before, by, value), _counted(after, by, value)
    common = set(first["key"].dropna()) & set(second["key"].dropna())
    pairs = {
        "in_both": (first[first["key"].isin(common)], second[second["key"].isin(common)]),
        "all": (first, second),
    }
    lines = [
        {
            "summary": name,
            "before": _mean(early["value"]),
            "after": _mean(late["value"]),
            "n_before": len(early),
            "n_after": len(late),
            "loci_before": early["key"].nunique(),
            "loci_after": late["key"].nunique(),
        }
        for name, (early, late) in pairs.items()
    ]
    table = pd.DataFrame(lines)
    table["difference"] = (table["after"] - table["before"]).round(6)
    return table[list(SUMMARY_COLUMNS)]


def evaluation(
    action_positions: pd.DataFrame, *, by: str | None = None, groups: Iterable[str] | None = None
) -> pd.DataFrame:
    """How one year of the action plan turned out, or stands so far: one row per group with ``EVALUATION_COLUMNS``.

    ``action_positions`` are the positions of a year's actions on any day; the last day of the year or a later one
    gives its evaluation. Without ``by`` one row for the whole; with it (``programme``, ``province``,
    ``institution_code``...) one row per value in its order, actions without one under ``""`` so that the parts add up.
    ``groups`` fixes the rows and their order; a group without actions stays, with zeros and missing averages.

    - ``actions``; ``done``, ``running``, ``carried_over``, ``postponed``, ``cancelled``, ``not_started`` and
      ``not_reported`` count them by their status and add up to them; ``reported`` counts those that told anything.
    - ``with_target``: a target for the year above zero, neither postponed nor cancelled. ``base``: of these, those
      that told what was achieved. ``achieved_percent``: the mean over ``base`` of what was last told against the
      target of the year, each action capped at 100, so that none makes up for another. ``met``: of ``base``, the
      target reached.
    - ``budget``, ``spend`` (rupiah): sums of whatever was told, missing where nothing was. ``spend_percent`` is
      ``spend_told`` over ``budget_told``, both of the ``spend_base`` actions that told spend and have a budget.
    """
    key = by if by is not None else "_whole"
    parts = _evaluated(action_positions)
    parts[key] = _group(action_positions, by)
    names = list(groups) if groups is not None and by is not None else sorted(set(parts[key]))
    if by is None:
        names = [""]
    money = ["budget", "budget_told", "spend", "spend_told"]
    grouped = parts.groupby(key)
    sums = grouped.sum(min_count=0).reindex(names, fill_value=0)
    sums[money] = grouped[money].sum(min_count=1).reindex(names)
    table = sums.assign(
        achieved_percent=(sums["share"] / sums["base"].where(sums["base"] > 0)).round(6),
        spend_percent=(100 * sums["spend_told"] / sums["budget_told"].where(sums["spend_base"] > 0)).round(6),
    )[list(EVALUATION_COLUMNS)]
    return table.reset_index() if by is not None else table.reset_index(drop=True)


def _evaluated(positions: pd.DataFrame) -> pd.DataFrame:
    """What each action adds to the counts and sums of its group."""
    target = pd.to_numeric(positions["target_year"]).astype("float64")
    latest = pd.to_numeric(positions["latest"]).astype("float64")
    budget = pd.to_numeric(positions["budget"]).astype("float64")
    spend = pd.to_numeric(positions["spend"]).astype("float64")
    status = positions["action_status"]
    stopped = status.isin([str(ActionStatus.DITUNDA), str(ActionStatus.DIBATALKAN)])
    bearing = (target > 0) & ~stopped
    base = bearing & latest.notna()
    priced = (budget > 0) & spend.notna()
    share = (100 * latest / target.where(target > 0)).clip(upper=100)
    told = latest.notna() | positions["latest_as_of"].notna() | positions["reported"].eq(True)
    counts = {"with_target": bearing, "reported": told, "base": base, "met": base & (latest >= target)}
    counts |= {column: status == str(name) for name, column in STATUS_COLUMNS.items()}
    counts |= {"spend_base": priced}
    parts = pd.DataFrame({"actions": 1}, index=positions.index)
    parts = parts.assign(**{name: held.astype(int) for name, held in counts.items()})
    return parts.assign(
        share=share.where(base),
        budget=budget,
        spend=spend,
        budget_told=budget.where(priced),
        spend_told=spend.where(priced),
    )


def _group(positions: pd.DataFrame, by: str | None) -> pd.Series:
    if by is None:
        return pd.Series("", index=positions.index, dtype="object")
    return positions[by].astype("object").where(positions[by].notna(), "")


def _counted(positions: pd.DataFrame, by: str, value: str) -> pd.DataFrame:
    """Locus and value of the rows that count."""
    told = pd.to_numeric(positions[value]).astype("float64")
    kept = told.notna() & (positions["status"] != str(Status.TIDAK_AKTIF))
    key = positions[by].astype("object")
    return pd.DataFrame({"key": key.where(key.notna(), None), "value": told})[kept]


def _by_locus(positions: pd.DataFrame, by: str, value: str) -> pd.DataFrame:
    grouped = _counted(positions, by, value).groupby("key")["value"]
    return pd.DataFrame({"mean": grouped.mean().round(6), "n": grouped.size()})


def _mean(values: pd.Series) -> float:
    return round(float(values.mean()), 6)
