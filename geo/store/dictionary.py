"""Print the data dictionary from the schema it stands in."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from sqlalchemy import Column, Date, Double, Integer, Text

from geo.model import Language, Words
from geo.store.columns import Geometry, UtcTime
from geo.store.schema import DATA_TABLES, KEPT_TABLES, metadata

_TYPES: Final[tuple[tuple[type[Any], Words], ...]] = (
    (UtcTime, Words(id="waktu (UTC)", en="time (UTC)")),
    (Geometry, Words(id="geometri", en="geometry")),
    (Date, Words(id="tanggal", en="date")),
    (Integer, Words(id="bilangan bulat", en="whole number")),
    (Double, Words(id="bilangan", en="number")),
    (Text, Words(id="teks", en="text")),
)


def dictionary(language: Language, *, internal: bool = False) -> pd.DataFrame:
    """The data dictionary: one row a column, in the order of the tables.

    Columns: ``table``, ``column``, ``type``, ``unit`` (empty text where none), ``required`` (bool), ``values`` (allowed
    words or range, empty text where any), ``description``. ``internal`` adds what no person fills: serial numbers and
    the tables that the store fills by itself.
    """
    names = [*DATA_TABLES, *KEPT_TABLES] if internal else DATA_TABLES
    return pd.DataFrame(
        [
            {
                "table": name,
                "column": column.name,
                "type": _type(column).in_language(language),
                "unit": _unit(column, language),
                "required": not column.nullable,
                "values": _values(column),
                "description": str(column.info[language]),
            }
            for name in names
            for column in metadata.tables[name].columns
            if internal or column.name != "id"
        ]
    )


def _type(column: Column[Any]) -> Words:
    return next(words for kind, words in _TYPES if isinstance(column.type, kind))


def _unit(column: Column[Any], language: Language) -> str:
    unit = column.info.get("unit", "")
    return unit.in_language(language) if isinstance(unit, Words) else str(unit)


def _values(column: Column[Any]) -> str:
    values, low, high = (column.info.get(word) for word in ("values", "low", "high"))
    if values:
        return " | ".join(values)
    if low is None:
        return ""
    return f"{low} … {high}" if high is not None else f"≥ {low}"
