"""Measure value earned against value planned and money spent, where a site has a budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import Status

EARNED_COLUMNS: tuple[str, ...] = ("bac", "pv", "ev", "ac", "sv", "cv", "spi", "cpi", "eac")
"""Figures of an earned-value analysis, in order."""

_SUMS: Final = ["bac", "pv", "ev", "ac"]


def earned_value(positions: pd.DataFrame) -> pd.DataFrame:
    """Earned value of each site: ``code`` and ``EARNED_COLUMNS``, one row per row of ``positions``, same order.

    ``positions`` has ``code``, ``contract_value``, ``plan_percent``, ``actual_percent``, ``actual_spend`` and
    ``status``. Money is rupiah, indices are plain numbers (1: as planned; below 1: behind schedule, over cost):

    - BAC (budget at completion) = contract value
    - PV (planned value) = BAC x planned percent / 100
    - EV (earned value) = BAC x realised percent / 100
    - AC (actual cost) = spend told
    - SV (schedule variance) = EV - PV; CV (cost variance) = EV - AC
    - SPI (schedule performance index) = EV / PV; CPI (cost performance index) = EV / AC
    - EAC (estimate at completion) = BAC / CPI

    The terms are those of ISO 21508. A figure is missing where something it needs was not told, where it would divide
    by zero, without a budget above zero, and for a site that is not active. Spend that is paid ahead of work (advances)
    lowers the CPI although nothing went wrong.
    """
    budget = _numbers(positions["contract_value"])
    counts = (budget > 0) & (positions["status"] != str(Status.TIDAK_AKTIF)).to_numpy()
    bac = np.where(counts, budget, np.nan)
    sums = pd.DataFrame(
        {
            "bac": bac,
            "pv": bac * _numbers(positions["plan_percent"]) / 100,
            "ev": bac * _numbers(positions["actual_percent"]) / 100,
            "ac": np.where(counts, _numbers(positions["actual_spend"]), np.nan),
        },
        index=positions.index,
    )
    return pd.concat([positions[["code"]], _indices(sums)], axis=1)


def earned_total(positions: pd.DataFrame) -> pd.Series:
    """Earned value of all sites together: ``sites``, ``base`` and ``EARNED_COLUMNS``.

    Every sum is over the same ``base`` sites: those with BAC, PV, EV and AC all told (``earned_value``). The indices
    are those of the sums, not means of indices. An empty base has missing figures.
    """
    return earned_by(positions.assign(_whole=""), "_whole", groups=[""]).iloc[0].drop("_whole")


def earned_by(positions: pd.DataFrame, by: str, *, groups: Iterable[str] | None = None) -> pd.DataFrame:
    """``earned_total`` of each group of the column ``by``: that column, ``sites``, ``base`` and ``EARNED_COLUMNS``.

    ``groups`` fixes the rows and their order; a group without sites stays, with counts of zero and missing figures.
    """
    names = list(groups) if groups is not None else sorted(positions[by].dropna().unique())
    sums = earned_value(positions)[_SUMS]
    counted = sums.notna().all(axis=1)
    work = sums.where(counted).assign(**{by: positions[by]}, sites=1, base=counted.astype(int))
    grouped = work.groupby(by)
    counts = grouped[["sites", "base"]].sum().reindex(names, fill_value=0)
    figures = _indices(grouped[_SUMS].sum(min_count=1).reindex(names))
    return pd.concat([counts, figures], axis=1).rename_axis(by).reset_index()


def _indices(sums: pd.DataFrame) -> pd.DataFrame:
    """The four sums with what follows from them, in the order of ``EARNED_COLUMNS``."""
    bac, pv, ev, ac = (sums[name] for name in _SUMS)
    answer = sums.assign(
        sv=ev - pv,
        cv=ev - ac,
        spi=ev / pv.where(pv > 0),
        cpi=ev / ac.where(ac > 0),
        eac=bac * ac.where(ac > 0) / ev.where(ev > 0),
    )
    return answer[list(EARNED_COLUMNS)]


def _numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    return np.asarray(pd.to_numeric(values).astype("float64").to_numpy(na_value=np.nan), dtype=np.float64)
