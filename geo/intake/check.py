"""Check a recognised table: every cell read, every row judged, all problems at once; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.intake import rules
from geo.intake.cells import Finding, Level, Messages, ReadColumn
from geo.intake.codes import column_institutions, column_regions
from geo.intake.headings import CanonicalCells, Recognised, canonical_cells, running_totals
from geo.intake.kinds import Kind, kind_columns
from geo.intake.places import ReadPlaces, column_coordinates, column_places
from geo.intake.reading import Circumstances, column_month_ends, read_column
from geo.intake.references import Register, column_codes, column_names
from geo.intake.tables import Table
from geo.intake.verdicts import CellFinding, Checked, Verdict, shown, weight
from geo.store.schema import canonical_columns

Tables = Mapping[str, pd.DataFrame]
Flags = npt.NDArray[np.bool_]

_PLACE_COLUMNS: Final = ("lon", "lat", "coordinates", "utm_zone", "region_code", "region_name", "province")
_REGISTERS: Final = {"site_code": ("sites", "name"), "action_code": ("actions", "title")}
_NAME_OF: Final = {"site_code": "site_name", "action_code": "action_title"}


@dataclass(frozen=True)
class Given:
    """What stands beside the table.

    - ``shapes``: file row -> geometry of that row (EPSG:4326), of spatial formats.
    - ``uncomputed``: file row and column of formulas without a value.
    - ``constants``: canonical column -> text for every row, such as the day that a title states.
    - ``answers``: file row and column -> text that a person gives in place of the cell's.
    """

    shapes: Mapping[int, Any] = field(default_factory=dict)
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[tuple[int, int], str] = field(default_factory=dict)


def check(
    table: Table, found: Recognised, stored: Tables, against: Circumstances, *, given: Given | None = None
) -> Checked:
    """The rows of ``table`` as the store would take them, and all that a person has to know about them.

    ``stored`` holds the store's tables (``institutions``, ``sites``, ``actions`` and that of the kind) as they count
    now. Nothing given is altered. A row of the file whose cells give several rows is taken whole or not at all.
    """
    work = _Work.of(table, found, given or Given())
    rows = work.typed(stored, against)
    if found.wide is not None and found.wide.adds_up:
        rows = _summed(found.kind, rows)
    settled = work.weights >= _REFUSED
    work.add(rules.required(found.kind, rows, settled))
    remarks, dropped = rules.repeated(found.kind, rows, work.rows)
    work.add(remarks)
    good = work.weights < _REFUSED
    work.add(_at(np.flatnonzero(good), rules.of_kind(found.kind, rows[good], stored)))
    if found.kind == "plans":
        work.add(rules.broken_plans(rows, work.torn()))
    return work.result(rows, dropped)


_REFUSED: Final = weight(Level.REFUSED)


def _at(places: npt.NDArray[np.int64], remarks: Iterable[rules.Remark]) -> Iterable[rules.Remark]:
    """Remarks about chosen rows, by their positions among all."""
    return (one._replace(position=int(places[one.position])) for one in remarks)


def _summed(kind: Kind, rows: pd.DataFrame) -> pd.DataFrame:
    """Cumulative figures from those of each period."""
    columns = kind_columns(kind)
    of = rows[columns.columns[0].name]
    ordered = rows.sort_values("as_of", kind="stable")
    totals = {
        name: running_totals(ordered[name], of.loc[ordered.index]).reindex(rows.index).round(9)
        for name in columns.by_period
        if name in rows
    }
    return rows.assign(**totals)


class _Work:
    """The raw cells of a check and what was found in them so far."""

    def __init__(self, table: Table, found: Recognised, given: Given, cells: CanonicalCells) -> None:
        self.kind = found.kind
        self.found = found
        self.given = given
        self.table = table
        self.cells = cells
        self.raw = _raw(cells, given)
        self.rows = cells.rows
        self.weights = np.zeros(len(cells.rows), dtype=np.int8)
        self.remarks: list[rules.Remark] = []

    @classmethod
    def of(cls, table: Table, found: Recognised, given: Given) -> _Work:
        return cls(table, found, given, canonical_cells(table, found))

    # --- findings ---

    def add(self, remarks: Iterable[rules.Remark]) -> None:
        for one in remarks:
            self.remarks.append(one)
            self.weights[one.position] = max(self.weights[one.position], weight(one.finding.level))

    def tell(self, name: str, findings: Mapping[int, tuple[Finding, ...]]) -> None:
        self.add(rules.Remark(at, name, finding) for at, several in findings.items() for finding in several)

    def take(self, name: str, read: ReadColumn) -> pd.Series[Any]:
        self.tell(name, read.findings)
        return read.values.reset_index(drop=True)

    def torn(self) -> Flags:
        """Rows that are refused, or stand in a row of the file of which a part is."""
        bad = pd.Series(self.weights >= _REFUSED)
        torn: Flags = bad.groupby(self.rows).transform("any").to_numpy(dtype=bool)
        return torn

    # --- values ---

    def typed(self, stored: Tables, against: Circumstances) -> pd.DataFrame:
        values: dict[str, pd.Series[Any]] = {}
        self._uncomputed()
        if self.kind in ("sites", "actions"):
            values |= self._regions()
        if self.kind == "sites":
            values |= self._places(values.get("region_code"))
        values |= self._references(stored, against)
        for wanted in kind_columns(self.kind).columns:
            name = wanted.name
            if wanted.helper or name in values or name not in self.raw or name in ("lon", "lat"):
                continue
            read = read_column(self.kind, wanted, self.raw[name], against, unit=self.cells.units.get(name))
            values[name] = self.take(name, read)
        if "as_of" not in values and "month" in self.raw:
            read = column_month_ends(self.raw["month"], self.raw.get("year"), year=against.year)
            values["as_of"] = self.take("month", read)
        if self.kind == "sites" and "location_precision" in values:
            coarse = self._precision
            values["location_precision"] = values["location_precision"].fillna(coarse)
        elif self.kind == "sites" and "lon" in values:
            values["location_precision"] = self._precision
        names = [name for name in canonical_columns(self.kind) if name in values]
        return pd.DataFrame({name: values[name] for name in names}, index=pd.RangeIndex(len(self.rows)))

    def _uncomputed(self) -> None:
        """Formulas without a value are refused: a cell that only looks empty must not pass for 'not reported'."""
        if not self.given.uncomputed:
            return
        for name, columns in self.cells.columns.items():
            pairs = zip(self.rows.tolist(), columns.tolist(), strict=True)
            places = [at for at, pair in enumerate(pairs) if pair in self.given.uncomputed]
            self.add(rules.Remark(at, name, Finding(Level.REFUSED, "cell.uncomputed")) for at in places)

    def _regions(self) -> dict[str, pd.Series[Any]]:
        raw = self.raw
        provinces = None
        if "province" in raw:
            provinces = self.take("province", column_regions(raw["province"], level=1))
        if "region_code" in raw:
            read = column_regions(raw["region_code"], provinces=provinces, names=raw.get("region_name"))
            codes = self.take("region_code", read)
        elif "region_name" in raw:
            codes = self.take("region_name", column_regions(raw["region_name"], provinces=provinces))
        elif provinces is not None:
            return {"region_code": provinces}
        else:
            return {}
        if "region_code" in raw and "region_name" in raw:
            left = (codes.isna() & raw["region_code"].isna()).to_numpy()
            if left.any():
                beside = None if provinces is None else provinces[left]
                named = column_regions(raw["region_name"][left], provinces=beside)
                places = np.flatnonzero(left)
                self.tell("region_name", {int(places[at]): told for at, told in named.findings.items()})
                codes = codes.where(~left, pd.Series(named.values.to_numpy(), index=places).reindex(codes.index))
        return {"region_code": codes}

    def _places(self, regions: pd.Series[Any] | None) -> dict[str, pd.Series[Any]]:
        raw = self.raw
        zones = raw.get("utm_zone")
        name, read = "", None
        if {"lon", "lat"} <= set(raw):
            name, read = "lon", column_coordinates(raw["lon"], raw["lat"], regions=regions, zones=zones)
        elif "coordinates" in raw:
            name, read = "coordinates", column_places(raw["coordinates"], regions=regions, zones=zones)
        points, outlines = self._shapes()
        if read is None:
            if not self.given.shapes:
                return {}
            name = "lon"
            read = column_coordinates(points["lon"], points["lat"], regions=regions)
        elif self.given.shapes:
            read = self._filled(read, points, regions)
        self.tell(name, read.findings)
        values = {axis: read.values[axis].reset_index(drop=True) for axis in ("lon", "lat")}
        self._precision = read.precision.reset_index(drop=True).fillna("exact")
        inside = read.regions.reset_index(drop=True)
        stated = regions if regions is not None else pd.Series(None, index=inside.index, dtype="str")
        without = (stated.isna() & inside.notna()).to_numpy() & (self.weights < _REFUSED)
        told = Finding(Level.FLAGGED, "region.from_point")
        self.add(rules.Remark(int(at), "", told) for at in np.flatnonzero(without))
        values["region_code"] = stated.where(~without, inside)
        if outlines is not None and "footprint" not in raw:
            values["footprint"] = outlines
        return values

    def _filled(self, read: ReadPlaces, points: pd.DataFrame, regions: pd.Series[Any] | None) -> ReadPlaces:
        """Places from columns, and from the shapes where the columns are empty."""
        empty = read.values["lon"].isna() & (read.values.index.to_series().map(lambda at: at not in read.findings))
        if not empty.any():
            return read
        shaped = column_coordinates(points["lon"], points["lat"], regions=regions)
        keep = ~empty.to_numpy()
        values = read.values.where(pd.Series(keep, index=read.values.index), shaped.values, axis=0)
        precision = read.precision.where(keep, shaped.precision)
        inside = read.regions.where(keep, shaped.regions)
        more = {at: told for at, told in shaped.findings.items() if not keep[at]}
        return ReadPlaces(values, precision, inside, {**read.findings, **more})

    def _shapes(self) -> tuple[pd.DataFrame, pd.Series[Any] | None]:
        """A point inside the shape of each row, and the areas."""
        shapes = np.array([self.given.shapes.get(int(row)) for row in self.rows], dtype=object)
        points = shapely.point_on_surface(shapes) if len(shapes) else shapes
        frame = pd.DataFrame({"lon": shapely.get_x(points), "lat": shapely.get_y(points)}, dtype=object)
        areas = [shape if shape is not None and "Polygon" in shape.geom_type else None for shape in shapes]
        there = any(shape is not None for shape in areas)
        return frame.astype("float64"), pd.Series(areas, dtype=object) if there else None

    def _references(self, stored: Tables, against: Circumstances) -> dict[str, pd.Series[Any]]:
        values: dict[str, pd.Series[Any]] = {}
        raw = self.raw
        wanted = kind_columns(self.kind).names
        if "institution_code" in wanted and "institution_code" not in raw and "institution_name" in raw:
            read = column_institutions(raw["institution_name"], against.institutions)
            values["institution_code"] = self.take("institution_name", read)
        for code, (what, column) in _REGISTERS.items():
            if code not in wanted:
                continue
            rows = stored[what]
            register = Register(dict(zip(rows["code"], rows[column], strict=True)), what)
            if code in raw:
                named = any(one.column == code and one.by_name for one in self.found.matches)
                values[code] = self.take(code, (column_names if named else column_codes)(raw[code], register))
            elif _NAME_OF[code] in raw and _NAME_OF[code] in wanted:
                values[code] = self.take(_NAME_OF[code], column_names(raw[_NAME_OF[code]], register))
        return values

    # --- the end ---

    def result(self, rows: pd.DataFrame, dropped: Flags) -> Checked:
        refused = self.torn()
        verdicts = self._verdicts(refused)
        kept = ~refused & ~dropped
        places = pd.DataFrame({"row": self.rows})
        for axis in ("lon", "lat"):
            places[axis] = rows[axis].to_numpy("float64", na_value=np.nan) if axis in rows else np.nan
        places["verdict"] = [str(verdicts[row]) for row in self.rows.tolist()]
        return Checked(
            self.kind,
            rows[kept].reset_index(drop=True),
            self.rows[kept],
            verdicts,
            tuple(sorted(map(self._placed, self.remarks), key=_order)) + self._without(),
            places.dropna(subset=["lon", "lat"]).reset_index(drop=True),
        )

    def _verdicts(self, refused: Flags) -> dict[int, Verdict]:
        verdicts = dict.fromkeys(self.table.rows.tolist(), Verdict.ACCEPTED)
        verdicts |= dict.fromkeys(self.rows[self.weights == weight(Level.FLAGGED)].tolist(), Verdict.FLAGGED)
        verdicts |= dict.fromkeys(self.cells.without, Verdict.FLAGGED)
        return verdicts | dict.fromkeys(self.rows[refused].tolist(), Verdict.REFUSED)

    def _without(self) -> tuple[CellFinding, ...]:
        finding = Finding(Level.FLAGGED, "row.no_figures")
        return tuple(CellFinding(row, None, "", "", finding) for row in self.cells.without)

    def _placed(self, remark: rules.Remark) -> CellFinding:
        at, name, finding = remark
        columns = self.cells.columns.get(name)
        value = shown(self.raw[name].iloc[at]) if name in self.raw else ""
        column = None if columns is None else int(columns[at])
        return CellFinding(int(self.rows[at]), column, name, value, finding)


def _order(one: CellFinding) -> tuple[int, int]:
    return one.row, one.column or 0


def _raw(cells: CanonicalCells, given: Given) -> dict[str, pd.Series[Any]]:
    """The raw columns by canonical name, with constants and answers in place."""
    raw = {str(name): cells.cells[name].reset_index(drop=True) for name in cells.cells.columns}
    for name, text in given.constants.items():
        if name not in raw:
            raw[name] = pd.Series([text] * len(cells.rows), dtype=object)
    if not given.answers:
        return raw
    for name, columns in cells.columns.items():
        pairs = zip(cells.rows.tolist(), columns.tolist(), strict=True)
        answers = {at: given.answers[pair] for at, pair in enumerate(pairs) if pair in given.answers}
        if answers:
            column = raw[name].astype(object).copy()
            for at, text in answers.items():
                column.iloc[at] = text
            raw[name] = column
            if name == "lon" and "lat" in raw:  # an answer about a place gives both of its coordinates
                raw["lat"] = raw["lat"].astype(object).where(~raw["lat"].index.isin(list(answers)), None)
    return raw


MESSAGES: Final[Messages] = {
    "cell.uncomputed": lambda t, _: (
        t("The file holds a formula here, but not its result."),
        t("Open the file in a spreadsheet, let it calculate, save it and send it again."),
    ),
    "region.from_point": lambda t, _: (
        t("No region is stated; the one in which the point lies was taken."),
        t("Check the region."),
    ),
    "row.no_figures": lambda t, _: (t("The row holds no figure, so nothing is taken from it."), ""),
}
"""Every code of this module, see ``Messages``."""
