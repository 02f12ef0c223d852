"""Give the sample's tables their columns and dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

TEXT, DAY, MOMENT, NUMBER, WHOLE, SHAPE = "str", "datetime64[us]", "datetime64[us, UTC]", "float64", "Int64", "object"

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "institutions": {"code": TEXT, "name": TEXT, "kind": TEXT, "field": TEXT, "recorded_at": MOMENT},
    "sites": {
        "code": TEXT,
        "programme": TEXT,
        "name": TEXT,
        "region_code": TEXT,
        "lon": NUMBER,
        "lat": NUMBER,
        "footprint": SHAPE,
        "location_precision": TEXT,
        "institution_code": TEXT,
        "start_date": DAY,
        "target_date": DAY,
        "contract_value": WHOLE,
        "year": WHOLE,
        "data_status": TEXT,
        "source_url": TEXT,
        "recorded_at": MOMENT,
    },
    "site_indicators": {
        "site_code": TEXT,
        "indicator": TEXT,
        "unit": TEXT,
        "value": NUMBER,
        "as_of": DAY,
        "source_url": TEXT,
        "recorded_at": MOMENT,
    },
    "plans": {"site_code": TEXT, "as_of": DAY, "recorded_at": MOMENT, "percent": NUMBER, "spend": WHOLE},
    "reports": {
        "site_code": TEXT,
        "as_of": DAY,
        "recorded_at": MOMENT,
        "percent": NUMBER,
        "spend": WHOLE,
        "stage": TEXT,
        "note": TEXT,
        "source_url": TEXT,
        "data_status": TEXT,
        "author": TEXT,
    },
    "actions": {
        "code": TEXT,
        "year": WHOLE,
        "institution_code": TEXT,
        "region_code": TEXT,
        "programme": TEXT,
        "site_code": TEXT,
        "kind": TEXT,
        "title": TEXT,
        "indicator": TEXT,
        "unit": TEXT,
        "target_b03": NUMBER,
        "target_b06": NUMBER,
        "target_b09": NUMBER,
        "target_b12": NUMBER,
        "budget": WHOLE,
        "contract": WHOLE,
        "recorded_at": MOMENT,
    },
    "action_reports": {
        "action_code": TEXT,
        "as_of": DAY,
        "recorded_at": MOMENT,
        "achieved": NUMBER,
        "spend": WHOLE,
        "stage": TEXT,
        "obstacle": TEXT,
        "author": TEXT,
    },
    "beneficiaries": {"site_code": TEXT, "as_of": DAY, "group": TEXT, "count": WHOLE, "recorded_at": MOMENT},
    "obstacles": {
        "code": TEXT,
        "site_code": TEXT,
        "action_code": TEXT,
        "opened": DAY,
        "category": TEXT,
        "severity": WHOLE,
        "note": TEXT,
        "follow_up": TEXT,
        "closed": DAY,
        "recorded_at": MOMENT,
    },
    "meetings": {"name": TEXT, "as_of": DAY, "held_at": MOMENT, "recorded_at": MOMENT},
    "closures": {"year": WHOLE, "checkpoint": TEXT, "closed_at": MOMENT, "author": TEXT},
    "claims": {
        "year": WHOLE,
        "measure": TEXT,
        "region_code": TEXT,
        "value": NUMBER,
        "unit": TEXT,
        "source_url": TEXT,
        "data_status": TEXT,
        "recorded_at": MOMENT,
    },
    "decisions": {
        "code": TEXT,
        "text": TEXT,
        "responsible": TEXT,
        "due": DAY,
        "region_code": TEXT,
        "site_code": TEXT,
        "meeting_day": DAY,
        "state": TEXT,
        "recorded_at": MOMENT,
    },
}
"""Canonical columns of each table, in order, with their dtypes; money is whole rupiah."""


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the columns and dtypes of ``table``; a column it lacks is missing throughout.

    Text stays text, so that ``33.10`` remains a code. Raises ``ValueError`` for a column the table does not have and
    for a value that is not of its column's kind.
    """
    kinds = COLUMNS[table]
    strange = [str(name) for name in frame.columns if name not in kinds]
    if strange:
        raise ValueError(f"{table} has no column {', '.join(strange)}")
    return pd.DataFrame({name: _column(frame, name, kind) for name, kind in kinds.items()})


def from_rows(table: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """The frame of ``table`` made of rows; a key that a row leaves out is missing."""
    return typed(table, pd.DataFrame(list(rows), columns=list(COLUMNS[table]), dtype="object"))


def joined(table: str, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames of ``table`` one below the other, with the dtypes kept and rows numbered from 0."""
    filled = [frame for frame in frames if len(frame)]
    return typed(table, pd.concat(filled, ignore_index=True)) if filled else from_rows(table, ())


def _column(frame: pd.DataFrame, name: str, kind: str) -> pd.Series[Any]:
    if name in frame.columns:
        return _settled(frame[name], kind)
    return _settled(pd.Series([None] * len(frame), index=frame.index, dtype="object"), kind)


def _settled(values: Any, kind: str) -> pd.Series[Any]:
    """A column as its kind's dtype; ``values`` is loosely typed because pandas' stubs know dtypes only as literals."""
    settled: pd.Series[Any]
    if kind == SHAPE:
        settled = values.astype("object").where(values.notna(), None)
    elif kind in (DAY, MOMENT):
        moments: Any = pd.to_datetime(values, utc=kind == MOMENT)
        settled = moments.astype(kind)
    elif kind in (WHOLE, NUMBER):
        numbers: Any = pd.to_numeric(values)
        settled = numbers.astype(kind)
    else:
        settled = values.astype(kind)
    return settled
