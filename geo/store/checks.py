"""Check rows before they are written: every problem is listed, none is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any, Final

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Date, Double, Integer, Table

from geo.model import Problem
from geo.store.columns import Geometry, UtcTime
from geo.store.schema import DATA_TABLES, canonical_columns, metadata

Rows = dict[str, pd.DataFrame]

LISTED: Final = 1_000
"""Problems listed for one column and rule; the rest are counted in one line more."""

_EXACT: Final = 2**53  # the largest whole number that float64 holds without loss
_INT32: Final = 2**31 - 1
_INT64: Final = 2**63 - 1


def typed(tables: Mapping[str, pd.DataFrame]) -> tuple[Rows, list[Problem]]:
    """The frames with the schema's columns and dtypes, and what is wrong with them on their own.

    Order of tables is the schema's; columns that a frame leaves out are missing values. Empty text counts as missing.
    The frames given are not altered. What is checked: known tables and columns, required values, types (a moment
    without time zone is refused, so is a number kept as text), ranges, allowed words, region codes, pairs of dates.
    """
    problems = [
        Problem(f"unknown table {name!r}", f"Known are: {', '.join(DATA_TABLES)}.", file=name)
        for name in tables
        if name not in DATA_TABLES
    ]
    rows: Rows = {}
    for name in DATA_TABLES:
        if name in tables:
            table = metadata.tables[name]
            problems += _heading(table, tables[name])
            rows[name] = pd.DataFrame(
                {
                    column.name: _column(table, column, tables[name], problems)
                    for column in table.columns
                    if column.name != "id"
                }
            )
            problems += _rules(name, rows[name])
    return rows, problems


def settled(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table's columns that ``frame`` brings, in settled dtypes and the schema's order; rows numbered from 0.

    Nothing is refused: a value that cannot be read is missing, and so is a column that stands twice.
    """
    columns = [column for column in metadata.tables[table].columns if column.name != "id" and column.name in frame]
    ignored: list[Problem] = []
    read = {column.name: _column(metadata.tables[table], column, frame, ignored) for column in columns}
    return pd.DataFrame(read, index=pd.RangeIndex(len(frame)))


def known_codes(rows: Rows) -> Iterator[tuple[str, str, str, str]]:
    """Every reference that ``rows`` make: (table, column, table referred to, column referred to)."""
    for name in rows:
        for column in metadata.tables[name].columns:
            for foreign in column.foreign_keys:
                yield name, column.name, foreign.column.table.name, foreign.column.name


def unknown_references(
    rows: Rows, table: str, column: str, target: str, stored: Collection[str], *, target_column: str = "code"
) -> list[Problem]:
    """References of ``table.column`` that neither the ``stored`` codes nor the rows given along hold."""
    known = set(stored) | set(rows[target][target_column].dropna() if target in rows else ())
    values = rows[table][column]
    return _listed(
        table,
        values,
        (values.notna() & ~values.isin(known)).to_numpy(),
        f"no such code in {target}",
        f"Add it to {target} first, or correct the code.",
    )


def repeated_keys(rows: Rows, table: str, stored: pd.DataFrame | None) -> list[Problem]:
    """Rows whose primary key appears twice in the frame, or is ``stored`` already."""
    keys = [column.name for column in metadata.tables[table].primary_key if column.name != "id"]
    if not keys:
        return []
    given = rows[table][keys]
    shown = given[keys[0]]
    twice = given.duplicated().to_numpy() & given.notna().all(axis="columns").to_numpy()
    found = _listed(table, shown, twice, f"{' and '.join(keys)} appear twice", "Keep one of the rows.")
    if stored is not None and len(stored):
        there = pd.MultiIndex.from_frame(given).isin(pd.MultiIndex.from_frame(stored[keys]))
        remedy = "Leave the row out; a correction is a new report." if table == "plans" else "Leave the row out."
        found += _listed(table, shown, there & ~twice, "is stored already", remedy)
    return found


def broken_plans(plans: pd.DataFrame, *, sites: Collection[str] | None = None) -> list[Problem]:
    """Sites with a plan that falls, or whose last point is not 100 percent; each revision of a plan is a whole plan."""
    chosen = plans if sites is None else plans[plans["site_code"].isin(set(sites))]
    key = ["site_code", "recorded_at"]
    ordered = chosen.dropna(subset=[*key, "as_of", "percent"]).sort_values([*key, "as_of"])
    by_revision = ordered.groupby(key, sort=True)["percent"]
    falls = ordered.loc[by_revision.diff() < 0, "site_code"].unique()
    last = by_revision.last()
    unfinished = last.index[last != 100].get_level_values("site_code").unique()
    remedy = "A plan is cumulative, its last row is 100, and a revised plan is recorded whole."
    return [
        *(
            Problem("the plan falls", remedy, file="plans", column="percent", value=str(code))
            for code in falls[:LISTED]
        ),
        *(
            Problem("the plan does not end at 100", remedy, file="plans", column="percent", value=str(code))
            for code in unfinished[:LISTED]
        ),
    ]


# --- one column --------------------------------------------------------------------------------------------------


def _heading(table: Table, frame: pd.DataFrame) -> list[Problem]:
    known = canonical_columns(table.name)
    required = [column.name for column in table.columns if not column.nullable and column.name != "id"]
    columns = list(frame.columns)
    return [
        *(
            Problem(f"unknown column {name!r}", f"Known are: {', '.join(known)}.", file=table.name, column=str(name))
            for name in columns
            if name not in known
        ),
        *(
            Problem("the column stands twice", "Keep one of them.", file=table.name, column=name)
            for name in known
            if columns.count(name) > 1
        ),
        *(
            Problem("the column is missing", "Add it.", file=table.name, column=name)
            for name in required
            if name not in columns
        ),
    ]


def _column(table: Table, column: Column[Any], frame: pd.DataFrame, problems: list[Problem]) -> pd.Series[Any]:
    """The column in its settled dtype; what cannot be read becomes missing and a problem."""
    if list(frame.columns).count(column.name) != 1:
        return pd.Series([None] * len(frame), dtype=_dtype(column))
    raw = _plain(frame[column.name])
    values, wrong, message, remedy = _read(column, raw)
    problems += _listed(table.name, raw, wrong, message, remedy, column=column.name)
    if not column.nullable:
        empty = values.isna().to_numpy() & ~wrong
        problems += _listed(table.name, raw, empty, "a value is required", "Fill it in.", column=column.name)
    problems += _limits(table.name, column, values.rename(column.name))
    return values


def _plain(values: pd.Series[Any]) -> pd.Series[Any]:
    """The values with a fresh index, categories and geometry columns spelled out."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    elif values.dtype.name == "geometry":
        values = pd.Series(values.to_numpy(dtype="object"), dtype="object", name=values.name)
    return values.reset_index(drop=True)


def _dtype(column: Column[Any]) -> str:
    return {Date: "datetime64[us]", UtcTime: "datetime64[us, UTC]", Geometry: "object"}.get(
        type(column.type),
        "Int64" if isinstance(column.type, Integer) else "float64" if isinstance(column.type, Double) else "str",
    )


def _read(column: Column[Any], raw: pd.Series[Any]) -> tuple[pd.Series[Any], Any, str, str]:
    kind = column.type
    if isinstance(kind, UtcTime):
        return (*_moments(raw), "not a moment with a time zone", "Give date, time and zone, such as +07:00.")
    if isinstance(kind, Date):
        return (*_days(raw), "not a date", "Give a day as YYYY-MM-DD, without a time.")
    if isinstance(kind, Geometry):
        wrong = raw.map(lambda value: not _is_area(value) and not _is_missing(value)).to_numpy(dtype=bool)
        return raw.astype("object").where(~wrong & raw.notna(), None), wrong, "not a valid polygon", "Mend the outline."
    if isinstance(kind, Integer):
        return (*_whole(raw, wide=kind.__visit_name__ != "integer"), "not a whole number", "Give digits only, no text.")
    if isinstance(kind, Double):
        return (*_numbers(raw), "not a number", "Give a number, not text.")
    return (*_texts(raw), "not text", "Give text; codes read as numbers lose zeros and dots.")


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def _is_area(value: object) -> bool:
    if not isinstance(value, BaseGeometry):
        return False
    if value.geom_type not in ("Polygon", "MultiPolygon") or value.is_empty or not value.is_valid:
        return False
    west, south, east, north = value.bounds
    return bool(west >= -180 and south >= -90 and east <= 180 and north <= 90)


def _texts(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Any]:
    if raw.dtype == "str":
        values = raw
        wrong = np.zeros(len(raw), dtype=bool)
    else:
        missing = raw.isna()
        wrong = (~missing & ~raw.map(lambda value: isinstance(value, str))).to_numpy(dtype=bool)
        values = raw.astype("object").where(~(missing | wrong), None).astype("str")
    nul = values.str.contains("\x00", regex=False, na=False).to_numpy(dtype=bool)
    return values.mask((values == "") | nul), wrong | nul


def _numbers(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Any]:
    if pd.api.types.is_bool_dtype(raw) or not (raw.dtype == object or pd.api.types.is_numeric_dtype(raw)):
        wrong = raw.notna().to_numpy(dtype=bool)
        return pd.Series(np.full(len(raw), np.nan)), wrong
    if raw.dtype == object:
        odd = raw.map(lambda value: not (_is_missing(value) or _is_number(value)))
        wrong = odd.to_numpy(dtype=bool)
        values = pd.to_numeric(raw.where(~odd, None), errors="coerce").astype("float64")
    else:
        wrong = np.zeros(len(raw), dtype=bool)
        values = pd.Series(raw.to_numpy(dtype="float64", na_value=np.nan))
    infinite = np.isinf(values.to_numpy())
    return values.mask(infinite), wrong | infinite


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _whole(raw: pd.Series[Any], *, wide: bool) -> tuple[pd.Series[Any], Any]:
    largest = _INT64 if wide else _INT32
    if pd.api.types.is_integer_dtype(raw):
        wrong = (raw > _INT64).fillna(False).to_numpy(dtype=bool)  # unsigned numbers reach further
        values = raw.astype("UInt64" if wrong.any() else "Int64").mask(wrong).astype("Int64")
    elif raw.dtype == object and raw.map(lambda value: type(value) is int or _is_missing(value)).all():
        fits = raw.map(lambda value: _is_missing(value) or abs(value) <= _INT64)
        wrong = (~fits).to_numpy(dtype=bool)
        values = raw.where(fits, None).astype("Int64")
    else:
        numbers, wrong = _numbers(raw)
        broken = (numbers.notna() & ((numbers % 1 != 0) | (numbers.abs() > _EXACT))).to_numpy()
        wrong = wrong | broken
        values = numbers.mask(broken).astype("Int64")
    beyond = ((values > largest) | (values < -largest)).fillna(False).to_numpy(dtype=bool)
    return values.mask(beyond), wrong | beyond


def _days(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Any]:
    if isinstance(raw.dtype, pd.DatetimeTZDtype):
        return _no_days(len(raw)), raw.notna().to_numpy(dtype=bool)
    if raw.dtype.kind == "M":
        values = raw.astype("datetime64[us]")
        timed = (values.notna() & (values != values.dt.normalize())).to_numpy()
        return values.mask(timed), timed
    if raw.dtype != object and raw.dtype != "str":
        return _no_days(len(raw)), raw.notna().to_numpy(dtype=bool)
    odd = raw.map(lambda value: not (_is_missing(value) or value == "" or _is_day(value))).to_numpy(dtype=bool)
    text = raw.astype("object").where(~odd, None).map(lambda value: str(value)[:10] if _is_day(value) else None)
    values = pd.to_datetime(text.astype("object"), format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    return values, odd | (text.notna() & values.isna()).to_numpy(dtype=bool)


def _is_day(value: object) -> bool:
    if _is_missing(value):
        return False
    if isinstance(value, datetime):
        return value.tzinfo is None and value.time() == datetime.min.time()
    return isinstance(value, date) or (isinstance(value, str) and len(value) == 10)


def _no_days(count: int) -> pd.Series[Any]:
    return pd.Series(np.full(count, np.datetime64("NaT", "us")))


def _moments(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Any]:
    if isinstance(raw.dtype, pd.DatetimeTZDtype):
        return raw.dt.tz_convert("UTC").astype("datetime64[us, UTC]"), np.zeros(len(raw), dtype=bool)
    aware = raw.map(lambda value: isinstance(value, datetime) and not _is_missing(value) and value.tzinfo is not None)
    kept = raw.astype("object").where(aware, None)
    values = pd.to_datetime(kept, utc=True).astype("datetime64[us, UTC]")
    return values, (raw.notna() & ~aware).to_numpy(dtype=bool)


# --- limits and rules --------------------------------------------------------------------------------------------


def _limits(table: str, column: Column[Any], values: pd.Series[Any]) -> list[Problem]:
    allowed, low, high, pattern = (column.info.get(word) for word in ("values", "low", "high", "pattern"))
    found: list[Problem] = []
    if allowed:
        wrong = (values.notna() & ~values.isin(list(allowed))).to_numpy(dtype=bool)
        found += _listed(table, values, wrong, "not one of the words allowed", f"Allowed are: {', '.join(allowed)}.")
    if pattern:
        wrong = (values.notna() & ~values.str.fullmatch(pattern, na=False)).to_numpy(dtype=bool)
        found += _listed(table, values, wrong, "not a region code", "Write 35 or 35.07, as text.")
    if low is not None:
        below = (values < low).fillna(False).to_numpy(dtype=bool)
        found += _listed(table, values, below, f"less than {low}", "Correct the value.")
    if high is not None:
        above = (values > high).fillna(False).to_numpy(dtype=bool)
        found += _listed(table, values, above, f"more than {high}", "Correct the value.")
    return found


def _rules(table: str, rows: pd.DataFrame) -> list[Problem]:
    """Rules between the columns of one row."""
    if table == "sites":
        return _order(table, rows, "start_date", "target_date")
    if table == "obstacles":
        nowhere = rows[["site_code", "action_code"]].isna().all(axis="columns").to_numpy()
        missing = _listed(table, rows["site_code"], nowhere, "belongs to nothing", "Name a site or an action.")
        return missing + _order(table, rows, "opened", "closed")
    told = {
        "reports": ["percent", "spend", "stage", "note"],
        "action_reports": ["achieved", "spend", "stage", "obstacle"],
    }.get(table)
    if told is None:
        return []
    silent = rows[told].isna().all(axis="columns").to_numpy()
    remedy = "Leave it out: a report of nothing would pass for a report."
    return _listed(table, rows[told[0]], silent, "the report says nothing", remedy)


def _order(table: str, rows: pd.DataFrame, first: str, then: str) -> list[Problem]:
    backwards = (rows[then] < rows[first]).to_numpy(dtype=bool)
    return _listed(table, rows[then], backwards, f"before {first}", "Correct one of the dates.")


def _listed(
    table: str, values: pd.Series[Any], wrong: Any, message: str, remedy: str, *, column: str | None = None
) -> list[Problem]:
    """One problem for each row marked ``wrong``, at most ``LISTED`` and one line for the rest."""
    places = np.flatnonzero(wrong)
    name = column or str(values.name)
    found = [
        Problem(message, remedy, file=table, row=int(place) + 2, column=name, value=_shown(values.iloc[place]))
        for place in places[:LISTED]
    ]
    if len(places) > LISTED:
        found.append(Problem(f"{message}: {len(places) - LISTED} rows more", remedy, file=table, column=name))
    return found


def _shown(value: object) -> str | None:
    return None if _is_missing(value) else str(value)[:80]
