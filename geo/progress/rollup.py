"""Sum positions up to regions, programmes or the whole, each average with its weighting and its base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.model import Status
from geo.progress.clocks import Coded, Flags, Real, Whole, coded, flags, numbered, reals

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

_STATUSES: Final = tuple(str(status) for status in Status)
_STATUS_BITS: Final = 4  # room for a status and for none

# what a roll-up counts of sites, besides their statuses, and what it sums; the last three say that a sum has a part
_COUNTED: Final = (
    *("base", "priced", "reported", "silent", "never_reported", "done_untold", "fresh", "blocked", "spend_base"),
    *("contract_told", "plan_spend_told", "actual_spend_told"),
)
_SUMMED: Final = (
    *("plan", "actual", "plan_value", "actual_value", "value"),
    *("contract_value", "plan_spend", "actual_spend", "spend_told", "spend_value"),
)


class Measures(NamedTuple):
    """What each site adds to a roll-up, worked out once for any number of groupings and choices of sites.

    - ``kind``: by site, the number of its kind; sites of a kind add the same to every count.
    - ``facts``: (kinds, counts) ones and zeros, the counts being ``_COUNTED`` and then the statuses.
    - ``sums``: (``_SUMMED``, sites) percent, percent times rupiah, and rupiah; zero where there is nothing to add.
    """

    kind: Whole
    facts: Whole
    sums: Real

    def of(self, rows: Whole) -> Measures:
        """The measures of some sites, by row number."""
        if len(rows) == len(self.kind):
            return self
        return Measures(self.kind[rows], self.facts, self.sums.take(rows, axis=1))


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
    if by is None:
        return rolled(measures(positions))
    keys = coded(positions[by])
    return rolled(measures(positions), keys, by=by, groups=groups)


def measures(positions: pd.DataFrame) -> Measures:
    """What each row of positions adds to a ``roll_up``."""
    plan, actual = reals(positions["plan_percent"]), reals(positions["actual_percent"])
    plan_spend, actual_spend = reals(positions["plan_spend"]), reals(positions["actual_spend"])
    contract = reals(positions["contract_value"])
    status = numbered(positions["status"], pd.Index(_STATUSES, dtype="object"))
    silent, blocked = flags(positions, "silent"), flags(positions, "blocked")
    reported = positions["as_of"].notna().to_numpy()
    active = status != _STATUSES.index(Status.TIDAK_AKTIF)
    base = active & ~np.isnan(plan) & ~np.isnan(actual)
    spend_base = active & (contract > 0) & ~np.isnan(actual_spend)
    counted = {
        "base": base,
        "priced": base & (contract > 0),
        "reported": reported,
        "silent": silent,
        "never_reported": ~reported & (status == _STATUSES.index(Status.BELUM_LAPOR)),
        "done_untold": np.isnan(actual) & (status == _STATUSES.index(Status.SELESAI)),
        "fresh": active & reported & ~silent,
        "blocked": blocked,
        "spend_base": spend_base,
        "contract_told": active & ~np.isnan(contract),
        "plan_spend_told": active & ~np.isnan(plan_spend),
        "actual_spend_told": active & ~np.isnan(actual_spend),
    }
    summed = {
        "plan": np.where(base, plan, 0),
        "actual": np.where(base, actual, 0),
        "plan_value": np.where(base, plan * contract, 0),
        "actual_value": np.where(base, actual * contract, 0),
        "value": np.where(base, contract, 0),
        "contract_value": np.where(active, contract, 0),
        "plan_spend": np.where(active, plan_spend, 0),
        "actual_spend": np.where(active, actual_spend, 0),
        "spend_told": np.where(spend_base, actual_spend, 0),
        "spend_value": np.where(spend_base, contract, 0),
    }
    kind, facts = _kinds([counted[name] for name in _COUNTED], status)
    sums = np.stack([summed[name] for name in _SUMMED])
    sums[np.isnan(sums)] = 0
    return Measures(kind, facts, sums)


def rolled(
    measured: Measures, keys: Coded | None = None, *, by: str = "", groups: Iterable[str] | None = None
) -> pd.DataFrame:
    """The ``roll_up`` of measured sites by ``keys`` (of the same sites), whose column is called ``by``.

    Without ``groups`` the rows are the keys that have sites, in their order; without ``keys`` one row for the whole.
    """
    whole = Coded(np.zeros(len(measured.kind), dtype="int64"), pd.Index([""]))
    number, names = whole if keys is None else keys
    kinds = len(measured.facts)
    # place 0 is for sites without a key
    counted = np.bincount((number + 1) * kinds + measured.kind, minlength=(len(names) + 1) * kinds)
    table: Whole = counted.reshape(len(names) + 1, kinds)[1:].astype("int64")
    sums: Real = np.stack([np.bincount(number + 1, row, minlength=len(names) + 1)[1:] for row in measured.sums])
    if keys is None:
        return pd.DataFrame(_finish(table, measured.facts, sums))
    wanted = list(groups) if groups is not None else sorted(names[np.flatnonzero(table.any(axis=1))])
    # the last place answers for -1, a group without sites
    place = names.get_indexer(pd.Index(wanted, dtype="object"))
    table = np.append(table, np.zeros((1, kinds), dtype="int64"), axis=0)[place]
    sums = np.append(sums, np.zeros((len(sums), 1)), axis=1)[:, place]
    return pd.DataFrame({by: pd.Index(wanted, dtype="str"), **_finish(table, measured.facts, sums)})


def _kinds(counted: Sequence[Flags], status: Whole) -> tuple[Whole, Whole]:
    """Number the combinations of counts and status that occur: by site its kind, and by kind what it counts."""
    packed = status + 1  # 0 is a status that no vocabulary holds
    for place, flag in enumerate(counted):
        packed = packed + (flag.astype("int64") << (place + _STATUS_BITS))
    kind, different = pd.factorize(packed)
    facts = [different >> (place + _STATUS_BITS) & 1 for place in range(len(counted))]
    facts += [different & ((1 << _STATUS_BITS) - 1) == place + 1 for place in range(len(_STATUSES))]
    return kind.astype("int64"), np.stack(facts, axis=1).astype("int64")


def _finish(table: Whole, facts: Whole, summed: Real) -> dict[str, np.ndarray[Any, Any]]:
    """``ROLLUP_COLUMNS`` from the sites by group and kind (``table``) and the sums by group."""
    counts = dict(zip((*_COUNTED, *_STATUSES), (table @ facts).T, strict=True))
    sums = dict(zip(_SUMMED, summed, strict=True))
    sites, base = table.sum(axis=1), counts["base"]
    by_value = (counts["priced"] == base) & (base > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        plan = np.where(by_value, sums["plan_value"] / sums["value"], sums["plan"] / base).round(6)
        actual = np.where(by_value, sums["actual_value"] / sums["value"], sums["actual"] / base).round(6)
        reported = counts["reported"] / sites
        share = sums["spend_told"] / sums["spend_value"]
    # an empty base or group divides zero by zero: missing, as it should be
    answer = {
        **counts,
        "sites": sites,
        "plan_percent": plan,
        "actual_percent": actual,
        "deviation_points": (actual - plan).round(6),
        "weighting": np.select([base == 0, by_value], ["none", "contract_value"], default="mean"),
        "late": counts[Status.KRITIS] + counts[Status.TERLAMBAT] + counts[Status.WASPADA],
        "contract_value": np.where(counts["contract_told"] > 0, sums["contract_value"], np.nan),
        "plan_spend": np.where(counts["plan_spend_told"] > 0, sums["plan_spend"], np.nan),
        "actual_spend": np.where(counts["actual_spend_told"] > 0, sums["actual_spend"], np.nan),
        "spend_share": share,
        "spend_told": np.where(counts["spend_base"] > 0, sums["spend_told"], np.nan),
        "spend_value": np.where(counts["spend_base"] > 0, sums["spend_value"], np.nan),
        "share_reported": reported,
    }
    return {name: answer[name] for name in ROLLUP_COLUMNS}


def status_counts(positions: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Sites per status, long: (``by``,) ``status``, ``sites``; every status occurs, zero included, in fixed order."""
    order = list(_STATUSES)
    if by is None:
        counts = positions["status"].value_counts().reindex(order, fill_value=0)
        return pd.DataFrame({"status": order, "sites": counts.to_numpy(dtype=int)})
    table = pd.crosstab(positions[by], positions["status"]).reindex(columns=order, fill_value=0)
    return table.reset_index().melt(id_vars=by, value_vars=order, var_name="status", value_name="sites")
