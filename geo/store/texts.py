"""Write keys and rows as JSON text, and read rows back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Column, Date, Double, Integer, Table

from geo.store.columns import Geometry, UtcTime


def key_texts(columns: Sequence[Column[Any]], rows: pd.DataFrame) -> list[str]:
    """By row the values of the key's ``columns`` as a JSON list: the same key always gives the same text."""
    values = (_plain(column, rows[column.name]) for column in columns)
    return [_json(key) for key in zip(*values, strict=True)]


def row_texts(table: Table, rows: pd.DataFrame) -> list[str]:
    """By row its values by column as a JSON object; ``rows`` has settled dtypes. Missing values are left out."""
    columns = [column for column in table.columns if column.name in rows]
    names = [column.name for column in columns]
    values = zip(*(_plain(column, rows[column.name]) for column in columns), strict=True)
    return [_json({name: value for name, value in zip(names, row, strict=True) if value is not None}) for row in values]


def rows_of(table: Table, texts: Sequence[str]) -> pd.DataFrame:
    """The rows that ``row_texts`` wrote, canonical columns in settled dtypes; a column unknown then is missing."""
    told = [json.loads(text) for text in texts]
    return pd.DataFrame(
        {
            column.name: _settled(column, [row.get(column.name) for row in told])
            for column in table.columns
            if column.name != "id"
        }
    )


def first_of(key: str) -> str:
    """The first value of a key's text."""
    return str(json.loads(key)[0])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(column: Column[Any], values: pd.Series[Any]) -> list[Any]:
    """Values that JSON holds, ``None`` where missing; moments as UTC text of fixed width, shapes as WKB in digits."""
    kind = column.type
    if isinstance(kind, Date):
        texts = np.datetime_as_string(values.to_numpy().astype("datetime64[D]")).astype("object")
    elif isinstance(kind, UtcTime):
        moments = values.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        texts = np.datetime_as_string(moments, timezone="UTC").astype("object")
    elif isinstance(kind, Geometry):
        return [None if value is None else shapely.to_wkb(value, hex=True) for value in values]
    else:
        texts = values.to_numpy(dtype="object", copy=True)
    texts[values.isna().to_numpy()] = None
    plain: list[Any] = texts.tolist()
    return plain


def _settled(column: Column[Any], values: list[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Date):
        return np.array(values, dtype="datetime64[D]").astype("datetime64[us]")
    if isinstance(kind, UtcTime):
        naive = [None if value is None else value.removesuffix("Z") for value in values]
        return pd.Series(np.array(naive, dtype="datetime64[us]")).dt.tz_localize("UTC")
    if isinstance(kind, Geometry):
        return pd.Series([None if value is None else shapely.from_wkb(value) for value in values], dtype="object")
    if isinstance(kind, Integer):
        return pd.array(values, dtype="Int64")
    if isinstance(kind, Double):
        return np.array(values, dtype="float64")
    return pd.array(values, dtype="str")
