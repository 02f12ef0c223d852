"""Lay the action plan out as a matrix, institution by province, each share with its base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from geo.model import FOCUS_PROVINCES, LATE, ActionStatus, Stage, Status
from geo.progress.clocks import day, days

TOTAL = ""
"""Key of the totals: as a province that of a row, as a row that of a column."""

UNPLACED = "-"
"""Key of the actions without a province, or without an entry for the rows; stands only where such actions are."""

IN_USE = "in_use"
"""Indicator of ``in_use`` that counts a programme's operational sites."""

NOT_SUMMED: tuple[str, ...] = ("mdpl", "nomor")
"""Units whose values name or place a thing: the sum of two heights or of two numbers of outlets means nothing."""

_COUNTS: tuple[str, ...] = (
    "actions",
    "due",
    "reported",
    "fresh",
    "due_reported",
    "met",
    "done",
    "carried_over",
    "postponed",
    "cancelled",
    "late",
    "not_reported",
    "owed",
    "spend_base",
)

MATRIX_COLUMNS: tuple[str, ...] = (
    "row",
    "province",
    *_COUNTS[:5],
    "achieved_percent",
    *_COUNTS[5:13],
    "budget",
    "spend",
    "spend_percent",
    "spend_base",
    "last_report",
)
"""Columns of a matrix, in order."""

INDICATOR_COLUMNS: tuple[str, ...] = (
    "indicator",
    "unit",
    "actions",
    "due",
    "reported",
    "target",
    "target_year",
    "achieved",
    "n",
    "achieved_of_n",
    "target_of_n",
    "share",
)
"""Columns of the non-physical indicators behind their grouping column, in order."""

IN_USE_COLUMNS: tuple[str, ...] = (
    "programme",
    "indicator",
    "unit",
    "value",
    "n",
    "sites",
    "conflicting",
    "undated",
    "oldest",
    "newest",
)
"""Columns of what is in use, in order."""


def matrix(
    positions: pd.DataFrame,
    *,
    rows: str = "institution_code",
    row_order: Iterable[str] | None = None,
    provinces: Sequence[str] = FOCUS_PROVINCES,
) -> pd.DataFrame:
    """The positions of actions by a column of theirs and by province, long: one line per cell, ``MATRIX_COLUMNS``.

    ``row`` follows ``row_order`` (all that shall stand, with or without actions), then whatever else occurs, sorted;
    ``province`` follows ``provinces``, then whatever else occurs. ``TOTAL`` as a province is the total of a row, as a
    row that of a column; both are worked out from the actions. What carries no province or no row stands under
    ``UNPLACED``, so that the cells always add up to the totals.

    - ``actions``; of these ``reported`` (any report counts for the checkpoint) and ``fresh`` (one of its own quarter).
    - ``due``: a target above zero at the checkpoint, neither postponed nor cancelled. ``due_reported`` of these told a
      figure: the base of ``achieved_percent``, the mean (0 to 100) of their shares of the target. Each action weighs
      the same and what exceeds a target is cut off, so that one action can't hide another. ``met``: at 100.
    - ``done``, ``carried_over``, ``postponed``, ``cancelled`` by the latest word; ``late``: behind the checkpoint's
      target; ``not_reported``: due without a figure; ``owed``: the report for the checkpoint is overdue.
    - ``budget``, ``spend`` in rupiah, each the sum of what was told; ``spend_percent`` of the budget over the
      ``spend_base`` actions that have both. ``last_report``: day of the last report.

    Without actions the counts are 0 and the figures missing.
    """
    work = _figures(positions).assign(row=_key(positions[rows]), province=_key(positions["province"]))
    row_names = _names(work["row"], () if row_order is None else row_order)
    province_names = _names(work["province"], provinces)
    spread = pd.concat(
        [work, work.assign(province=TOTAL), work.assign(row=TOTAL), work.assign(row=TOTAL, province=TOTAL)],
        ignore_index=True,
    )
    groups = spread.groupby(["row", "province"])
    cells = pd.MultiIndex.from_product([[*row_names, TOTAL], [*province_names, TOTAL]], names=["row", "province"])
    counts = groups[list(_COUNTS)].sum().reindex(cells, fill_value=0).astype(int)
    money = groups[["budget", "spend", "_spend", "_budget"]].sum(min_count=1).reindex(cells)
    answer = counts.join(money).assign(
        achieved_percent=groups["achieved_percent"].mean().reindex(cells).round(6),
        spend_percent=(100 * money["_spend"] / money["_budget"]).round(6),
        last_report=days(groups["latest_as_of"].max().reindex(cells)),
    )
    return answer.reset_index()[list(MATRIX_COLUMNS)]


def _key(values: pd.Series) -> pd.Series:
    texts = values.astype("object")
    return texts.where(texts.notna(), UNPLACED).astype(str).astype("object")


def _names(keys: pd.Series, first: Iterable[str]) -> list[str]:
    """The names given, once each, then what else occurs, the unplaced last."""
    given = list(dict.fromkeys(first))
    others = sorted(set(keys) - {*given, UNPLACED})
    unplaced = [UNPLACED] if UNPLACED not in given and (keys == UNPLACED).any() else []
    return [*given, *others, *unplaced]


def _figures(positions: pd.DataFrame) -> pd.DataFrame:
    """One row per action with what a cell adds up."""
    due, words, status = positions["due"].astype(bool), positions["action_status"], positions["status"]
    counted = positions["achieved_percent"].where(due)
    priced = positions["budget"].gt(0) & positions["spend"].notna()
    flags = {
        "actions": pd.Series(True, index=positions.index),
        "due": due,
        "reported": positions["reported"],
        "fresh": positions["fresh"],
        "due_reported": counted.notna(),
        "met": counted >= 100,
        "done": words == ActionStatus.SELESAI,
        "carried_over": words == ActionStatus.DILANJUTKAN,
        "postponed": words == ActionStatus.DITUNDA,
        "cancelled": words == ActionStatus.DIBATALKAN,
        "late": status.isin([str(late) for late in LATE]),
        "not_reported": status == Status.BELUM_LAPOR,
        "owed": positions["missing_since"].notna(),
        "spend_base": priced,
    }
    figures = pd.DataFrame({name: flag.astype(int) for name, flag in flags.items()})
    return figures.assign(
        achieved_percent=counted,
        budget=positions["budget"],
        spend=positions["spend"],
        _spend=positions["spend"].where(priced),
        _budget=positions["budget"].where(priced),
        latest_as_of=positions["latest_as_of"],
    )


def worst_first(cells: pd.DataFrame) -> list[str]:
    """The rows of a matrix without the column totals, worst first.

    First those with actions of which none reported, then by the share achieved in all provinces, lowest first; those
    of which nothing can be judged follow, those without actions come last. Ties by the share that reported, lowest
    first, then in the order of the matrix.
    """
    totals = cells[(cells["province"] == TOTAL) & (cells["row"] != TOTAL)].reset_index(drop=True)
    has_actions = totals["actions"] > 0
    group = np.select(
        [~has_actions, totals["reported"] == 0, totals["achieved_percent"].notna()],
        [3, 0, 1],
        default=2,
    )
    share = totals["reported"] / totals["actions"].where(has_actions)
    ranked = totals.assign(_group=group, _share=share, _place=range(len(totals)))
    ranked = ranked.sort_values(["_group", "achieved_percent", "_share", "_place"])
    return [str(name) for name in ranked["row"]]


def non_physical(positions: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Non-physical work by its own indicators: one row per (``by``,) indicator and unit, ``INDICATOR_COLUMNS``.

    ``positions`` of actions of any kind; physical ones are left out. All figures are sums in ``unit``: ``target`` at
    the checkpoint over the ``due`` actions, ``target_year`` over all that have one, ``achieved`` over all that told a
    figure (missing where none did). ``share`` (0 to 1, above 1 where more was done than promised) is ``achieved_of_n``
    over ``target_of_n``: both sums over the same ``n`` due actions that told a figure.
    """
    chosen = positions[positions["kind"] == "non_physical"]
    counted = chosen["due"].astype(bool) & chosen["achieved"].notna()
    keys = [*([by] if by else []), "indicator", "unit"]
    work = (
        chosen[keys]
        .apply(_key)
        .assign(
            actions=1,
            due=chosen["due"].astype(int),
            reported=chosen["reported"].astype(int),
            n=counted.astype(int),
            target=chosen["target"].where(chosen["due"].astype(bool)),
            target_year=chosen["target_year"],
            achieved=chosen["achieved"],
            achieved_of_n=chosen["achieved"].where(counted),
            target_of_n=chosen["target"].where(counted),
        )
    )
    groups = work.groupby(keys)
    sums = groups[["target", "target_year", "achieved", "achieved_of_n", "target_of_n"]].sum(min_count=1)
    answer = groups[["actions", "due", "reported", "n"]].sum().join(sums)
    answer["share"] = answer["achieved_of_n"] / answer["target_of_n"]
    return answer.reset_index()[[*([by] if by else []), *INDICATOR_COLUMNS]]


def in_use(
    site_positions: pd.DataFrame,
    site_indicators: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
) -> pd.DataFrame:
    """What the sites yield on the day ``on``: one row per programme, indicator and unit, ``IN_USE_COLUMNS``.

    ``site_positions`` gives the sites (code, programme, stage, as_of). The first row of each programme has the
    indicator ``IN_USE``: ``value`` operational sites (missing where none reported) of ``n`` that reported, of ``sites``
    in all. In the rows of the indicators ``value`` is the sum (missing for units ``NOT_SUMMED``) over the ``n`` sites
    that told one, each with the last value for a day up to ``on`` that was recorded by ``known_at``; a value without a
    day counts only where a site told none with a day (``undated`` of the ``n``). Sites of which several values stand
    for the deciding day are counted in ``conflicting``: the one recorded last is in the sum, among those recorded at
    one moment the lowest.
    ``oldest`` and ``newest`` are the days of the values in the sum.
    """
    sites = site_positions[["code", "programme", "stage", "as_of"]].assign(programme=_key(site_positions["programme"]))
    sizes = sites.groupby("programme").size()
    yields = _yields(sites, site_indicators, on, known_at)
    yields["sites"] = yields["programme"].map(sizes).astype("int64")
    both = pd.concat([_operational(sites), yields], ignore_index=True)
    both["_first"] = (both["indicator"] != IN_USE).astype(int)
    both = both.sort_values(["programme", "_first", "indicator", "unit"], ignore_index=True)
    return both[list(IN_USE_COLUMNS)]


def _operational(sites: pd.DataFrame) -> pd.DataFrame:
    told_on = days(sites["as_of"])
    work = sites[["programme"]].assign(
        value=(sites["stage"] == Stage.OPERATIONAL).astype(float), n=told_on.notna().astype(int), sites=1, told=told_on
    )
    groups = work.groupby("programme")
    answer = groups[["value", "n", "sites"]].sum()
    answer["value"] = answer["value"].where(answer["n"] > 0)
    answer = answer.assign(conflicting=0, undated=0, oldest=groups["told"].min(), newest=groups["told"].max())
    return answer.reset_index().assign(indicator=IN_USE, unit="site")


def _yields(sites: pd.DataFrame, site_indicators: pd.DataFrame, on: date, known_at: datetime | None) -> pd.DataFrame:
    """The last value of each site and indicator, summed by programme, indicator and unit."""
    told = _known_values(site_indicators, on, known_at)
    told = told.merge(sites[["code", "programme"]], left_on="site_code", right_on="code")
    one_day = ["site_code", "indicator", "as_of"]
    claims = told.drop_duplicates([*one_day, "unit", "value"]).groupby(one_day, dropna=False).size().rename("claims")
    last = told.drop_duplicates(["site_code", "indicator"], keep="last").join(claims, on=one_day)
    work = last[["programme", "indicator", "unit", "value", "as_of"]].assign(
        n=1, conflicting=(last["claims"] > 1).astype(int), undated=last["as_of"].isna().astype(int)
    )
    groups = work.groupby(["programme", "indicator", "unit"])
    answer = groups[["value", "n", "conflicting", "undated"]].sum()
    answer = answer.assign(oldest=groups["as_of"].min(), newest=groups["as_of"].max()).reset_index()
    return answer.assign(value=answer["value"].mask(answer["unit"].isin(NOT_SUMMED)))


def _known_values(site_indicators: pd.DataFrame, on: date, known_at: datetime | None) -> pd.DataFrame:
    """Values that count, the deciding one of each site and indicator last; only the content decides the order."""
    columns = ["site_code", "indicator", "unit", "value", "as_of", "recorded_at"]
    told = site_indicators.reindex(columns=columns).dropna(subset=["value"])
    told = told.assign(
        unit=_key(told["unit"]),
        value=pd.to_numeric(told["value"]).astype("float64"),
        as_of=days(told["as_of"]),
        recorded_at=pd.to_datetime(told["recorded_at"], utc=True, format="ISO8601"),
    )
    told = told[~(told["as_of"] > day(on))]
    if known_at is not None:
        told = told[~(told["recorded_at"] > pd.Timestamp(known_at))]
    keys = ["site_code", "indicator", "as_of", "recorded_at", "value", "unit"]
    return told.sort_values(keys, ascending=[True, True, True, True, False, True], na_position="first")
