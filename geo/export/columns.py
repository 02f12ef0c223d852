"""Turn the columns of a table into Arrow's, each with its own type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.export.cells import plain, plain_column


def arrow_table(table: pd.DataFrame, *, moments: bool) -> pa.Table:
    """The table with days as dates, whole numbers as 64 bits, texts as texts and a missing value as null.

    ``moments`` says whether moments stay moments in UTC with their microseconds; without it they become ISO text, for
    formats that keep only thousandths of a second. Shapes become WKT.
    """
    arrays = {str(name): arrow_column(table[name], moments=moments) for name in table.columns}
    return pa.table(arrays) if arrays else pa.table({})


def arrow_column(values: pd.Series, *, moments: bool) -> pa.Array:
    """One column as ``arrow_table`` has it."""
    kind = values.dtype
    if isinstance(kind, pd.DatetimeTZDtype):
        if not moments:
            return pa.array(plain_column(values), type=pa.string())
        utc = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        return pa.array(utc, type=pa.timestamp("us"), mask=values.isna().to_numpy()).cast(pa.timestamp("us", tz="UTC"))
    if kind.kind == "M":
        days = values.to_numpy().astype("datetime64[D]")
        return pa.array(days, type=pa.date32(), mask=values.isna().to_numpy())
    if kind.kind in "iu":
        return pa.array(plain_column(values), type=pa.int64())
    if kind.kind == "f":
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        return pa.array(numbers, type=pa.float64(), mask=~np.isfinite(numbers))
    if kind.kind == "b":
        return pa.array(plain_column(values), type=pa.bool_())
    return _mixed(plain_column(values))


def _mixed(values: list[Any]) -> pa.Array:
    """Cells of one kind as that kind, of several kinds as texts."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, type=pa.bool_() if kinds else pa.string())
    if kinds <= {int}:
        return pa.array(values, type=pa.int64())
    if kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values], type=pa.float64())
    return pa.array([None if value is None else str(plain(value)) for value in values], type=pa.string())


def wkb_column(shapes: np.ndarray[Any, np.dtype[np.object_]]) -> pa.Array:
    """Shapes as WKB, null where there is none."""
    return pa.array(shapely.to_wkb(shapes).tolist(), type=pa.binary())
