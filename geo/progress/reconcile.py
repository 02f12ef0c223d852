"""Hold the action plan, the money and the field against one another and list what does not fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from geo.model import FOCUS_PROVINCES, ActionStatus, Status
from geo.progress.thresholds import DEFAULT, Thresholds

FINDINGS: tuple[str, ...] = (
    "without_budget",
    "budget_without_action",
    "spend_ahead_actions",
    "spend_ahead_sites",
    "sites_without_action",
    "totals",
)
"""Keys of a reconciliation, in order."""

COUNTED_UNITS: tuple[str, ...] = ("renaksi", "kegiatan")
"""Units of a claim that count actions themselves; a claim without a unit does so, too."""

NO_BUDGET_COLUMNS: tuple[str, ...] = (
    "code",
    "title",
    "institution_code",
    "province",
    "region_code",
    "programme",
    "kind",
    "budget",
    "contract",
    "spend",
    "action_status",
)
"""Columns of the actions without a budget, in order."""

SPEND_COLUMNS: tuple[str, ...] = (
    "code",
    "title",
    "institution_code",
    "province",
    "region_code",
    "programme",
    "spend",
    "money",
    "spend_percent",
    "progress_percent",
    "ahead_points",
    "as_of",
)
"""Columns of what is spent ahead of progress, in order."""

SITE_COLUMNS: tuple[str, ...] = (
    "code",
    "name",
    "institution_code",
    "province",
    "region_code",
    "programme",
    "year",
    "contract_value",
    "status",
)
"""Columns of the lists of sites, in order."""

TOTAL_COLUMNS: tuple[str, ...] = (
    "year",
    "measure",
    "region_code",
    "unit",
    "claimed",
    "found",
    "difference",
    "parts",
    "parts_n",
    "parts_difference",
    "adds_up",
    "source_url",
    "data_status",
)
"""Columns of the comparison of claimed totals, in order."""


def reconciliation(
    action_positions: pd.DataFrame,
    site_positions: pd.DataFrame,
    claims: pd.DataFrame,
    *,
    year: int,
    provinces: Sequence[str] = FOCUS_PROVINCES,
    thresholds: Thresholds = DEFAULT,
) -> dict[str, pd.DataFrame]:
    """Every list of one budget year under the keys ``FINDINGS``; a list without findings is an empty frame.

    ``action_positions`` as ``geo.progress.actions`` makes them, ``site_positions`` a position of sites with the columns
    of its sites; both already speak of one day and one moment, and so do these lists.
    """
    chosen = action_positions[_of_year(action_positions, year)]
    return {
        "without_budget": without_budget(chosen),
        "budget_without_action": budget_without_action(site_positions, action_positions, year=year),
        "spend_ahead_actions": spend_ahead(chosen, thresholds=thresholds),
        "spend_ahead_sites": spend_ahead_sites(site_positions, thresholds=thresholds),
        "sites_without_action": sites_without_action(site_positions, action_positions, year=year),
        "totals": totals(action_positions, claims, year=year, provinces=provinces),
    }


def without_budget(action_positions: pd.DataFrame) -> pd.DataFrame:
    """Actions whose budget is missing or zero, sorted by code; ``NO_BUDGET_COLUMNS``. ``spend`` in rupiah."""
    empty = ~action_positions["budget"].gt(0).fillna(False).astype(bool)
    found = action_positions[empty].reindex(columns=list(NO_BUDGET_COLUMNS))
    return found.sort_values("code", ignore_index=True)


def budget_without_action(sites: pd.DataFrame, actions: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Sites of the budget year with a contract value above zero that no action of that year names.

    ``SITE_COLUMNS``, the largest ``contract_value`` (rupiah) first. ``sites`` may carry ``status`` and ``province``.
    """
    priced = pd.to_numeric(sites["contract_value"]).gt(0).fillna(False).astype(bool)
    found = sites[priced & _of_year(sites, year) & ~_named(sites, actions, year)]
    listed = found.reindex(columns=list(SITE_COLUMNS))
    return listed.sort_values(["contract_value", "code"], ascending=[False, True], ignore_index=True)


def sites_without_action(sites: pd.DataFrame, actions: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Sites of the year or an earlier one, or of no told year, that no action of ``year`` names; ``SITE_COLUMNS``.

    Sites of earlier years that are finished (``status``, where the sites carry it) need none. Sorted by code.
    """
    of_year = pd.to_numeric(sites["year"]).astype("Float64")
    come = ~(of_year > year).fillna(False).astype(bool)
    finished = (sites["status"] == Status.SELESAI) & (of_year < year).fillna(False) if "status" in sites else False
    found = sites[come & ~_named(sites, actions, year) & ~pd.Series(finished, index=sites.index, dtype=bool)]
    return found.reindex(columns=list(SITE_COLUMNS)).sort_values("code", ignore_index=True)


def _of_year(frame: pd.DataFrame, year: int) -> pd.Series:
    return pd.Series(pd.to_numeric(frame["year"]).eq(year).fillna(False), index=frame.index, dtype=bool)


def _named(sites: pd.DataFrame, actions: pd.DataFrame, year: int) -> pd.Series:
    """Whether an action of the year names the site."""
    codes: Collection[str] = actions.loc[_of_year(actions, year), "site_code"].dropna().unique()
    return sites["code"].isin(codes)


def spend_ahead(action_positions: pd.DataFrame, *, thresholds: Thresholds = DEFAULT) -> pd.DataFrame:
    """Actions whose spend runs more than ``thresholds.spend_ahead_points`` ahead of what was achieved.

    ``SPEND_COLUMNS``, the furthest ahead first: ``money`` is the budget and ``spend_percent`` the spend in percent of
    it; ``progress_percent`` is the last figure told in percent (0 to 100) of the target of the whole year, since the
    budget is that of the whole year, too. Where either is untold nothing can be said and the action is not listed.
    """
    target = action_positions["target_year"].where(action_positions["target_year"] > 0)
    work = action_positions.assign(
        money=action_positions["budget"],
        progress_percent=100 * (action_positions["latest"] / target).clip(upper=1),
        as_of=action_positions["latest_as_of"],
    )
    return _ahead(work, thresholds)


def spend_ahead_sites(site_positions: pd.DataFrame, *, thresholds: Thresholds = DEFAULT) -> pd.DataFrame:
    """Sites whose spend runs more than ``thresholds.spend_ahead_points`` ahead of their physical progress.

    As ``spend_ahead``: ``money`` is the contract value, ``progress_percent`` the last percent told, ``title`` the
    site's name.
    """
    work = site_positions.assign(
        money=site_positions["contract_value"],
        spend=site_positions["actual_spend"],
        progress_percent=site_positions["actual_percent"],
        title=site_positions["name"],
    )
    return _ahead(work, thresholds)


def _ahead(work: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    money = pd.to_numeric(work["money"]).astype("float64")
    spend = pd.to_numeric(work["spend"]).astype("float64")
    # rounded: a threshold must not turn on the dust that division leaves
    work = work.assign(spend=spend, money=money, spend_percent=(100 * spend / money.where(money > 0)).round(6)).reindex(
        columns=list(SPEND_COLUMNS)
    )
    work["progress_percent"] = work["progress_percent"].round(6)
    work["ahead_points"] = (work["spend_percent"] - work["progress_percent"]).round(6)
    found = work[work["ahead_points"] > thresholds.spend_ahead_points]
    return found.sort_values(["ahead_points", "code"], ascending=[False, True], ignore_index=True)


def totals(
    action_positions: pd.DataFrame,
    claims: pd.DataFrame,
    *,
    year: int,
    provinces: Sequence[str] = FOCUS_PROVINCES,
) -> pd.DataFrame:
    """Totals that somebody stated for the year's action plan, held against the table and against one another.

    One row per claim, ``TOTAL_COLUMNS``: planned before done, national ones (no ``region_code``) before the parts.
    ``found`` counts the actions of the year in the claim's region: all of them for ``planned``, the finished ones for
    ``done``. It is missing where the table holds no action of that year at all, and for units other than
    ``COUNTED_UNITS``: different quantities are not added up. ``difference`` = found - claimed.

    For national claims ``parts`` is the sum of the ``parts_n`` provincial totals stated for the same measure and unit
    and ``parts_difference`` = parts - claimed. A province with several different totals makes ``parts`` missing:
    none of them is preferred. ``adds_up`` is true where all ``provinces`` are stated and their sum is the claim,
    false where the sum differs although all are stated, or already exceeds it; else missing.
    """
    chosen = claims[_of_year(claims, year)].reindex(
        columns=["year", "measure", "region_code", "value", "unit", "source_url", "data_status"]
    )
    texts = {name: chosen[name].astype("object").where(chosen[name].notna(), "") for name in ("region_code", "unit")}
    stated = chosen.assign(claimed=pd.to_numeric(chosen["value"]).astype("float64"), **texts).reset_index(drop=True)
    stated["found"] = _found(stated, action_positions[_of_year(action_positions, year)])
    stated["difference"] = stated["found"] - stated["claimed"]
    stated = stated.join(_parts(stated), on=["measure", "unit"])
    national = stated["region_code"] == ""
    for name in ("parts", "parts_n"):
        stated[name] = stated[name].where(national)
    stated["parts_n"] = stated["parts_n"].mask(national & stated["parts_n"].isna(), 0).astype("Int64")
    stated["parts_difference"] = stated["parts"] - stated["claimed"]
    complete = stated["parts_n"].ge(len(set(provinces))).fillna(False)
    stated["adds_up"] = _adds_up(stated["parts_difference"], complete.astype(bool))
    order = ["measure", "region_code", "unit", "claimed", "source_url"]
    ordered = stated.sort_values(order, ascending=[False, True, True, True, True], ignore_index=True)
    for name in ("region_code", "unit"):
        ordered[name] = ordered[name].where(ordered[name] != "", None)
    return ordered[list(TOTAL_COLUMNS)]


def _found(stated: pd.DataFrame, actions: pd.DataFrame) -> pd.Series:
    """How many actions the table holds for each claim; missing where it can't say."""
    found = pd.Series(np.nan, index=stated.index)
    if actions.empty:
        return found
    regions = actions["region_code"].astype("object").fillna("").astype(str)
    done = actions["action_status"] == ActionStatus.SELESAI
    counted = stated["unit"].str.casefold().isin([*COUNTED_UNITS, ""])
    for code in stated["region_code"].unique():
        inside = regions.str.startswith(code) if code else pd.Series(True, index=actions.index)
        here = counted & (stated["region_code"] == code)
        found = found.mask(here & (stated["measure"] == "planned"), float(inside.sum()))
        found = found.mask(here & (stated["measure"] == "done"), float((inside & done).sum()))
    return found


def _parts(stated: pd.DataFrame) -> pd.DataFrame:
    """Sum and number of the provincial totals by measure and unit; no sum where a province contradicts itself."""
    provincial = stated[stated["region_code"].str.len() == 2].drop_duplicates(
        ["measure", "unit", "region_code", "claimed"]
    )
    keys = ["measure", "unit"]
    groups = provincial.groupby(keys)
    answer = pd.DataFrame({"parts": groups["claimed"].sum(), "parts_n": groups["region_code"].nunique()})
    return answer.assign(parts=answer["parts"].where(groups.size() == answer["parts_n"]))


def _adds_up(difference: pd.Series, complete: pd.Series) -> pd.Series:
    answer = pd.Series(pd.NA, index=difference.index, dtype="boolean")
    fits = difference.abs() < 1e-6
    answer = answer.mask(complete & fits, True)
    return answer.mask((complete & difference.notna() & ~fits) | (difference > 1e-6), False)
