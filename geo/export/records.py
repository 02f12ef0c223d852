"""Hand records back as they are kept, so that taking them in again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geo.model import Problem, RefusedError
from geo.progress import State
from geo.progress.clocks import recorded
from geo.progress.state import passes
from geo.store.schema import canonical_columns

RECORDS: Final = (
    "institutions", "sites", "plans", "reports", "actions", "action_reports", "beneficiaries", "obstacles",
)  # fmt: skip
"""Kinds of records, in the order in which one may refer to another."""


def records(kind: str, tables: Mapping[str, pd.DataFrame], *, state: State | None = None) -> pd.DataFrame:
    """The records of a kind as the store keeps them: its canonical columns, every row, corrections and all.

    Dates are days, moments are UTC, money is whole rupiah, codes are text, areas are shapely objects. Written by
    ``table_bytes`` they come back the same from every format it allows: CSV, JSON, XLSX, Parquet, and for sites
    GeoJSON and GeoPackage. ``state`` keeps the records of its sites and of the actions that pass its filters, as they
    were known then; institutions always come whole. Plans reach beyond the state's day, reports do not.

    Raises ``RefusedError`` for another word.
    """
    if kind not in RECORDS:
        raise RefusedError([Problem(f"there are no records of {kind!r}", f"Choose one of: {', '.join(RECORDS)}.")])
    rows = tables[kind]
    if state is not None:
        rows = recorded(rows, state.filters.known_at)
        rows = rows[_chosen(kind, rows, tables, state)]
    return rows.reindex(columns=list(canonical_columns(kind))).reset_index(drop=True)


def _chosen(kind: str, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], state: State) -> pd.Series:
    everything = pd.Series(True, index=rows.index)
    if kind == "institutions":
        return everything
    sites = state.positions["code"]
    if kind == "sites":
        return rows["code"].isin(sites)
    if kind == "actions":
        return passes(rows, state.filters, text="title")
    actions = tables["actions"]["code"][passes(tables["actions"], state.filters, text="title")]
    kept = everything & False
    if "site_code" in rows:
        kept |= rows["site_code"].isin(sites)
    if "action_code" in rows:
        kept |= rows["action_code"].isin(actions)
    if kind in ("reports", "action_reports", "beneficiaries"):
        kept &= rows["as_of"] <= pd.Timestamp(state.filters.on)
    return kept
