"""Read the cells of a table column by column: raw values become what the store keeps, with all that was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.errors import GEOSException

from geo.intake.cells import Finding, Level, Messages, ReadColumn
from geo.intake.codes import (
    Choices,
    choices_for,
    column_choices,
    column_institutions,
    column_regions,
    programme_choices,
)
from geo.intake.headings import period_in
from geo.intake.kinds import Form, Unit, Wanted
from geo.intake.values import (
    Mark,
    column_dates,
    column_moments,
    column_money,
    column_numbers,
    column_percents,
    column_words,
)
from geo.model import Programme

PLANNED: Final = frozenset({("plans", "as_of"), ("sites", "start_date"), ("sites", "target_date")})
"""Kind and column of days that may lie ahead."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Budget years that the store takes."""

_LINES: Final = frozenset({"note", "follow_up", "obstacle", "indicator"})
_LARGEST_WHOLE: Final = 2**31 - 1
_LINK: Final = r"https?://\S+"


@dataclass(frozen=True)
class Circumstances:
    """What cells are read against.

    - ``on``: the day of the import; ``at``: its moment (aware).
    - ``decimal``: the mark of decimals where the whole file follows one, such as an export of our own (``"."``).
    - ``year``: of periods that name none. ``epoch_1904``: the workbook counts its days from 1904.
    - ``institutions``: the stored table.
    """

    on: date
    at: datetime
    programmes: Mapping[str, Programme]
    institutions: pd.DataFrame
    decimal: Mark | None = None
    year: int | None = None
    epoch_1904: bool = False


def read_column(
    kind: str, wanted: Wanted, cells: pd.Series[Any], against: Circumstances, *, unit: Unit | None = None
) -> ReadColumn:
    """One column in the dtype that the store's frames have; places, regions and names take columns of their own."""
    factor = unit.factor if unit else 1
    if wanted.form in (Form.CODE, Form.TEXT) and wanted.name == "institution_code":
        return column_institutions(cells, against.institutions)
    if wanted.form is Form.CHOICE:
        return _chosen(kind, wanted, cells, against)
    if wanted.form is Form.DATE:
        planned = (kind, wanted.name) in PLANNED
        return column_dates(cells, on=against.on, planned=planned, year=against.year, epoch_1904=against.epoch_1904)
    if wanted.form is Form.PERCENT:
        return column_percents(cells, decimal=against.decimal, fraction=False if against.decimal == "." else None)
    if wanted.form is Form.MONEY:
        return column_money(cells, decimal=against.decimal, unit=factor)
    if wanted.form is Form.NUMBER:
        return _not_negative(column_numbers(cells, decimal=against.decimal, unit=factor))
    if wanted.form in (Form.WHOLE, Form.YEAR):
        return _whole(column_numbers(cells, decimal=against.decimal), year=wanted.form is Form.YEAR)
    return _BY_FORM[wanted.form](wanted, cells, against)


def _text(wanted: Wanted, cells: pd.Series[Any], _against: Circumstances) -> ReadColumn:
    return column_words(cells, lines=wanted.name in _LINES)


def _code(_wanted: Wanted, cells: pd.Series[Any], _against: Circumstances) -> ReadColumn:
    return column_words(cells, code=True)


def _region(_wanted: Wanted, cells: pd.Series[Any], _against: Circumstances) -> ReadColumn:
    return column_regions(cells)


def _moment(_wanted: Wanted, cells: pd.Series[Any], against: Circumstances) -> ReadColumn:
    return column_moments(cells, at=against.at)


def _address(_wanted: Wanted, cells: pd.Series[Any], _against: Circumstances) -> ReadColumn:
    read = column_words(cells)
    odd = read.values.notna() & ~read.values.str.fullmatch(_LINK, case=False).fillna(False)
    return _with(read, np.flatnonzero(odd.to_numpy()), Finding(Level.FLAGGED, "cell.no_link"))


def _shape(_wanted: Wanted, cells: pd.Series[Any], _against: Circumstances) -> ReadColumn:
    """Outlines written as WKT, or geometries that a spatial file brought."""
    values: list[object] = []
    findings: dict[int, tuple[Finding, ...]] = {}
    for at, cell in enumerate(cells.tolist()):
        shape, found = _outline(cell)
        values.append(shape)
        if found:
            findings[at] = (found,)
    return ReadColumn(pd.Series(values, index=cells.index, dtype=object), findings)


def _outline(cell: Any) -> tuple[shapely.Geometry | None, Finding | None]:
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell == "":
        return None, None
    try:
        shape = cell if isinstance(cell, shapely.Geometry) else shapely.from_wkt(str(cell))
    except GEOSException:
        return None, Finding(Level.REFUSED, "shape.unreadable")
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return None, Finding(Level.REFUSED, "shape.not_area")
    if shape.is_valid:
        return shape, None
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.geom_type not in ("Polygon", "MultiPolygon") or mended.is_empty:
        return None, Finding(Level.REFUSED, "shape.beyond_repair")
    return mended, Finding(Level.FLAGGED, "shape.repaired")


_BY_FORM: Final[Mapping[Form, Callable[[Wanted, pd.Series[Any], Circumstances], ReadColumn]]] = {
    Form.TEXT: _text,
    Form.CODE: _code,
    Form.REGION: _region,
    Form.MOMENT: _moment,
    Form.ADDRESS: _address,
    Form.SHAPE: _shape,
}


def _chosen(kind: str, wanted: Wanted, cells: pd.Series[Any], against: Circumstances) -> ReadColumn:
    read = column_choices(cells, choices_of(kind, wanted.name, against.programmes))
    if wanted.name != "severity":
        return read
    return ReadColumn(pd.to_numeric(read.values).astype("Int64"), read.findings)


def choices_of(kind: str, name: str, programmes: Mapping[str, Programme]) -> Choices:
    """What may stand in a column of ``Form.CHOICE``: each word of the store with the other ways to write it."""
    if name == "programme":
        return programme_choices(programmes)
    if (kind, name) == ("institutions", "kind"):
        return _INSTITUTION_KINDS
    return choices_for(name)


_INSTITUTION_KINDS: Final[Choices] = {
    "kl": ("K/L", "kementerian/lembaga", "kementerian", "lembaga", "ministry", "agency", "pusat"),
    "pemda": ("pemerintah daerah", "daerah", "local government", "OPD", "provinsi", "kabupaten", "kota"),
    "partner": ("mitra", "mitra kerja", "swasta", "perguruan tinggi"),
}


def _with(read: ReadColumn, positions: Any, finding: Finding, *, missing: bool = False) -> ReadColumn:
    """The column with one more finding at some positions, which lose their values where ``missing``."""
    places = [int(at) for at in positions]
    if not places:
        return read
    values = read.values.copy()
    if missing:
        values.iloc[places] = pd.NA
    more = {at: (*read.findings.get(at, ()), finding) for at in places}
    return ReadColumn(values, {**read.findings, **more})


def _whole(read: ReadColumn, *, year: bool) -> ReadColumn:
    numbers = read.values.to_numpy("float64", na_value=np.nan)
    known = np.isfinite(numbers)
    broken = known & (numbers != np.round(numbers))
    low, high = (FIRST_YEAR, LAST_YEAR) if year else (0, _LARGEST_WHOLE)
    outside = known & ~broken & ((numbers < low) | (numbers > high))
    kept = np.where(known & ~broken & ~outside, numbers, np.nan)
    whole = ReadColumn(pd.Series(kept, index=read.values.index, name=read.values.name).astype("Int64"), read.findings)
    whole = _with(whole, np.flatnonzero(broken), Finding(Level.REFUSED, "cell.not_whole"))
    limits = {"low": str(low), "high": str(high)}
    return _with(whole, np.flatnonzero(outside), Finding(Level.REFUSED, "cell.outside", limits))


def _not_negative(read: ReadColumn) -> ReadColumn:
    below = np.flatnonzero((read.values < 0).to_numpy())
    return _with(read, below, Finding(Level.REFUSED, "cell.negative"), missing=True)


# --- a day from a month and a year --------------------------------------------------------------------------------


def column_month_ends(months: pd.Series[Any], years: pd.Series[Any] | None, *, year: int | None) -> ReadColumn:
    """The last days of the months or quarters that a column names, with the year of another column or ``year``."""
    beside = years if years is not None else pd.Series([year] * len(months), index=months.index, dtype=object)
    pairs = list(zip(months.tolist(), beside.tolist(), strict=True))
    known = {pair: _month_end(*pair, year) for pair in {(_settled(one), _settled(two)) for one, two in pairs}}
    read = [known[_settled(one), _settled(two)] for one, two in pairs]
    values = pd.Series([day for day, _ in read], index=months.index, dtype="datetime64[us]")
    return ReadColumn(values, {at: (found,) for at, (_, found) in enumerate(read) if found})


def _settled(raw: Any) -> Any:
    return None if raw is None or raw != raw else raw


def _month_end(month: Any, year: Any, fallback: int | None) -> tuple[date | None, Finding | None]:
    if month is None:
        return None, None
    number = re.fullmatch(r"\s*(20\d\d)(?:\.0)?\s*", str(year)) if year is not None else None
    text = f"{int(month):02d}" if isinstance(month, int | float) and month == int(month) else str(month).strip()
    if re.fullmatch(r"0?[1-9]|1[0-2]", text):
        text = f"B{int(text):02d}"
    period = period_in(text)
    if period is None:
        return None, Finding(Level.REFUSED, "month.unreadable")
    day = period.end(int(number[1]) if number else fallback)
    if day is None:
        return None, Finding(Level.REFUSED, "month.no_year")
    return day, Finding(Level.NOTED, "month.end", {"day": day.isoformat()})


MESSAGES: Final[Messages] = {
    "cell.no_link": lambda t, _: (
        t("This is not the address of a page."),
        t("Write the whole address, beginning with https://."),
    ),
    "cell.not_whole": lambda t, _: (t("This must be a whole number."), t("Write it without decimals.")),
    "cell.outside": lambda t, told: (
        t("This number must lie between {low} and {high}.", **told),
        t("Correct the number."),
    ),
    "cell.negative": lambda t, _: (t("This number must not be below zero."), t("Correct the number.")),
    "shape.unreadable": lambda t, _: (
        t("This is not an outline (WKT)."),
        t("Send outlines as GeoJSON or GeoPackage, or as WKT."),
    ),
    "shape.not_area": lambda t, _: (t("An outline must be an area."), t("Send a polygon.")),
    "shape.repaired": lambda t, _: (
        t("The outline crossed itself and was repaired."),
        t("Compare the map with the land."),
    ),
    "shape.beyond_repair": lambda t, _: (
        t("The outline crosses itself and cannot be repaired."),
        t("Draw the outline again."),
    ),
    "month.unreadable": lambda t, _: (
        t("This is neither a month nor a quarter."),
        t("Write for example Juni, 6 or TW II."),
    ),
    "month.no_year": lambda t, _: (t("No year stands beside this month."), t("Add a column with the year.")),
    "month.end": lambda t, told: (
        t("Taken as the last day of the period: {day}.", day=t.date(date.fromisoformat(told["day"]))),
        "",
    ),
}
"""Every code of this module, see ``Messages``."""
