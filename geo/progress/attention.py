"""List what needs attention now, worst first."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geo.model import Status
from geo.progress.clocks import Flags, Whole, flags

SEVERE: Final = 3
"""From this severity on an obstacle blocks its site."""

REASONS: tuple[str, ...] = ("critical", "blocked", "late", "silent")
"""Why a site is on the list, gravest first."""


def attention(positions: pd.DataFrame) -> pd.DataFrame:
    """Sites that are critical, blocked by a severe obstacle, late or silent: one row each, gravest reason first.

    Adds ``reason`` (one of ``REASONS``) and ``since`` (the day it began, missing if never reported) to the rows of
    ``positions``, which may carry ``blocked`` and ``blocked_since``. Within a reason the largest lag comes first, then
    the longest silence; among the silent only the silence counts, and who never reported comes first.
    """
    return concerns(positions).listed


class Concerns(NamedTuple):
    """The list of ``attention`` with the number that each of its rows has in the positions."""

    row: Whole
    listed: pd.DataFrame

    def among(self, kept: Flags) -> pd.DataFrame:
        """The list of those positions alone that ``kept`` marks: who is left out changes no order."""
        chosen = np.flatnonzero(kept[self.row])
        rows = self.listed if len(chosen) == len(self.listed) else self.listed.take(chosen)
        return rows.reset_index(drop=True)


def concerns(positions: pd.DataFrame) -> Concerns:
    """``attention`` and which rows of the positions it lists."""
    status = positions["status"]
    holds = {
        "critical": (status == str(Status.KRITIS)).to_numpy(dtype=bool),
        "blocked": flags(positions, "blocked"),
        "late": (status == str(Status.TERLAMBAT)).to_numpy(dtype=bool),
        "silent": flags(positions, "silent"),
    }
    rank = np.select([holds[reason] for reason in REASONS], list(range(len(REASONS))), default=len(REASONS))
    row = np.flatnonzero(rank < len(REASONS))
    columns = ["late_since", "blocked_since", "as_of", "deviation_points", "age_days", "code"]
    found = positions[[name for name in columns if name in positions]].iloc[row].set_axis(row).assign(rank=rank[row])
    silent = found["rank"] == REASONS.index("silent")
    judged = (holds["critical"] | holds["late"])[row]
    since = found["late_since"].where(judged)
    if "blocked_since" in positions:
        since = since.mask(found["rank"] == REASONS.index("blocked"), found["blocked_since"])
    found = found.assign(
        since=since.mask(silent, found["as_of"]),
        lag=found["deviation_points"].mask(silent),  # silence is ranked by its length alone
        silence=-found["age_days"].astype("Float64").fillna(float("inf")),
    ).sort_values(["rank", "lag", "silence", "code"])
    chosen = found.index.to_numpy()
    reason = pd.Series(np.array(REASONS, dtype="object")[found["rank"]], dtype="object")
    rows = positions.take(chosen).reset_index(drop=True)
    return Concerns(chosen, rows.assign(reason=reason, since=found["since"].reset_index(drop=True)))
