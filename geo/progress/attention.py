"""List what needs attention now, worst first."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.model import Status

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
    blocked = positions["blocked"].astype(bool) if "blocked" in positions else pd.Series(False, positions.index)
    critical = positions["status"] == str(Status.KRITIS)
    late = positions["status"] == str(Status.TERLAMBAT)
    silent = positions["silent"].astype(bool)
    reason = pd.Series(None, index=positions.index, dtype="object")
    for name, mask in (("silent", silent), ("late", late), ("blocked", blocked), ("critical", critical)):
        reason = reason.mask(mask, name)
    since = positions["late_since"].where(critical | late)
    if "blocked_since" in positions:
        since = since.mask(reason == "blocked", positions["blocked_since"])
    since = since.mask(reason == "silent", positions["as_of"])
    listed = positions.assign(reason=reason, since=since)[reason.notna()]
    rank = listed["reason"].map({name: place for place, name in enumerate(REASONS)})
    lag = listed["deviation_points"].where(listed["reason"] != "silent")  # silence is ranked by its length alone
    silence = -listed["age_days"].astype("Float64").fillna(float("inf"))
    return (
        listed.assign(_rank=rank, _lag=lag, _silence=silence)
        .sort_values(["_rank", "_lag", "_silence", "code"])
        .drop(columns=["_rank", "_lag", "_silence"])
        .reset_index(drop=True)
    )
