"""Draw the map that leaves the house: PNG, PDF and SVG, the same bytes for the same figures.

The picture speaks for itself when it is passed on: title, cut-off date, legend with counts, scale, north, inset,
sources, classification and, for made-up data, a mark inside the map that survives cropping. No clock and no settings
of the machine enter it. Projection: equirectangular, true at the map's middle latitude (EPSG:4326 in, degrees).
"""

from __future__ import annotations

import base64
import html
import io
import math
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from babel.dates import format_date, format_datetime
from fontTools import subset  # type: ignore[import-untyped]  # it publishes no types
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.textpath import text_to_path
from pyproj import Geod

from geo.drawing.escape import plain_text
from geo.drawing.layout import (
    GAP,
    MARGIN,
    PANEL,
    SIZES,
    Arrangement,
    Box,
    Floats,
    Label,
    Placed,
    Size,
    View,
    arrange,
    filled_extent,
    nice_length,
    place_labels,
    quietest,
    spread,
    symbol_radius,
    ticks,
    wrap,
)
from geo.drawing.palette import Ground, StatusLook, class_of, ground, scale, status_look
from geo.drawing.symbols import (
    CASING_WIDTH,
    DASHES,
    OUTLINE_WIDTH,
    Points,
    shape,
    symbol_parts,
)
from geo.model import BBox, Language, Programme, Status, UnknownCodeError

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes

__all__ = ["LABELS", "LABELS_EN", "LABELS_ID", "SIZES", "Labels", "MapIndicator", "Snapshot", "draw_map", "map_figure"]

Form = Literal["png", "pdf", "svg"]


# --- what is drawn -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Labels:
    """Every word of the sheet in one language; ``{...}`` are filled in here."""

    language: Language
    position: str
    known: str
    programmes: str
    statuses_title: str
    sites: str
    areas: str
    no_data: str
    no_site: str
    no_sites: str
    not_drawn: str
    scale_at: str
    north: str
    east_suffix: str
    west_suffix: str
    south_suffix: str
    north_suffix: str
    inset: str
    sources: str
    approximate: str
    sample: str
    classification: str
    thousands: str
    decimal: str
    statuses: Mapping[Status, str]
    class_methods: Mapping[str, str]

    def count(self, number: int) -> str:
        """A whole number with the language's separator: ``1.250`` or ``1,250``."""
        return f"{number:,}".replace(",", self.thousands)

    def decimals(self, number: float) -> str:
        """A number with as few decimals as it needs, in the language's own print."""
        return f"{number:g}".replace(".", self.decimal)


LABELS_ID: Final = Labels(
    language="id",
    position="Posisi per {date}",
    known="Tercatat sampai {moment} WIB",
    programmes="Program",
    statuses_title="Status lokasi",
    sites="lokasi",
    areas="wilayah",
    no_data="Belum ada data",
    no_site="Tidak ada lokasi",
    no_sites="Tidak ada lokasi pada pilihan ini",
    not_drawn="{count} lokasi tidak tergambar (tanpa koordinat atau di luar bingkai)",
    scale_at="Skala pada lintang {latitude}",
    north="U",
    east_suffix="BT",
    west_suffix="BB",
    south_suffix="LS",
    north_suffix="LU",
    inset="Letak di Indonesia",
    sources="Sumber",
    approximate="Batas wilayah perkiraan, bukan batas resmi.",
    sample="DATA CONTOH – bukan angka resmi",
    classification="Klasifikasi",
    thousands=".",
    decimal=",",
    statuses={
        Status.KRITIS: "Kritis",
        Status.TERLAMBAT: "Terlambat",
        Status.WASPADA: "Waspada",
        Status.BELUM_LAPOR: "Belum lapor",
        Status.SESUAI_RENCANA: "Sesuai rencana",
        Status.SELESAI: "Selesai",
        Status.BELUM_MULAI: "Belum mulai",
        Status.TIDAK_AKTIF: "Tidak aktif",
        Status.TANPA_RENCANA: "Tanpa rencana",
    },
    class_methods={"fixed": "Kelas tetap: batasnya sama setiap bulan"},
)

LABELS_EN: Final = Labels(
    language="en",
    position="As of {date}",
    known="Recorded until {moment} WIB",
    programmes="Programme",
    statuses_title="Status of sites",
    sites="sites",
    areas="regions",
    no_data="No data yet",
    no_site="No site",
    no_sites="No sites in this selection",
    not_drawn="{count} sites not drawn (no coordinates, or outside the frame)",
    scale_at="Scale at latitude {latitude}",
    north="N",
    east_suffix="E",
    west_suffix="W",
    south_suffix="S",
    north_suffix="N",
    inset="Place in Indonesia",
    sources="Sources",
    approximate="Boundaries are approximate, not official.",
    sample="SAMPLE DATA – not official figures",
    classification="Classification",
    thousands=",",
    decimal=".",
    statuses={
        Status.KRITIS: "Critical",
        Status.TERLAMBAT: "Late",
        Status.WASPADA: "Watch",
        Status.BELUM_LAPOR: "Not reported",
        Status.SESUAI_RENCANA: "On track",
        Status.SELESAI: "Done",
        Status.BELUM_MULAI: "Not started",
        Status.TIDAK_AKTIF: "Inactive",
        Status.TANPA_RENCANA: "No plan",
    },
    class_methods={"fixed": "Fixed classes: the same every month"},
)

LABELS: Final[dict[Language, Labels]] = {"id": LABELS_ID, "en": LABELS_EN}


@dataclass(frozen=True, slots=True)
class MapIndicator:
    """What the areas are coloured by; ``code`` is one of ``palette.SCALES``."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a printed map shows; the same snapshot gives the same bytes.

    - ``points``: code, name, programme, status, lon, lat (degrees; missing ones are counted, not drawn).
    - ``areas``: code, name, value (missing is hatched), geometry, EPSG:4326; what the map is about. With a column
      ``sites``, areas without any are plain land: the indicator does not apply to them.
    - ``context``: geometry and optionally name: land around, drawn muted; ``outline``: geometry for the inset.
    - ``status_counts`` and ``programme_counts`` are printed as given, so they equal those on the screens.
    - ``known_at``: UTC; printed in Western Indonesian Time.
    - ``approximate``: the boundaries are not official; ``sample``: the figures are made up.
    """

    title: str
    subtitle: str
    on: date
    extent: BBox
    points: pd.DataFrame
    areas: geopandas.GeoDataFrame
    programmes: tuple[Programme, ...]
    status_counts: Mapping[str, int]
    programme_counts: Mapping[str, int]
    context: geopandas.GeoDataFrame | None = None
    outline: geopandas.GeoDataFrame | None = None
    indicator: MapIndicator | None = None
    known_at: datetime | None = None
    sources: tuple[str, ...] = ()
    sample: bool = True
    approximate: bool = True
    classification: Literal["BIASA", "TERBATAS"] = "BIASA"
    footer: str = ""
    highlights: tuple[str, ...] = ()
    labels: Labels = field(default=LABELS_ID)


# --- letters -----------------------------------------------------------------------------------------------------

_LOCK: Final = threading.Lock()  # matplotlib's fonts and settings are shared by all threads
_FAMILY: Final = ("Source Sans Pro", "DejaVu Sans")  # the second one for signs that the first lacks
_WEIGHTS: Final = {"normal": "Regular", "semibold": "Semibold", "bold": "Bold"}


def _font_file(style: str) -> Traversable:
    return files("font_source_sans_pro").joinpath("files", f"SourceSansPro-{style}.ttf")


for _style in (*_WEIGHTS.values(), "It"):
    fontManager.addfont(str(_font_file(_style)))

for _entry in [entry for entry in fontManager.ttflist if entry.name == _FAMILY[1] and entry.weight == 700]:
    fontManager.ttflist.append(replace(_entry, weight=600))  # the fallback has no semibold; its bold will do

Weight = Literal["normal", "semibold", "bold"]


@lru_cache(maxsize=64)
def _font(weight: Weight, points: float, italic: bool) -> FontProperties:
    return FontProperties(
        family=list(_FAMILY), weight=weight, size=points, style="italic" if italic and weight == "normal" else "normal"
    )


@lru_cache(maxsize=8192)
def _width_in_sizes(text: str, weight: Weight, italic: bool) -> float:
    """Width of a text as a multiple of its type size."""
    if not text:
        return 0.0
    return float(text_to_path.get_text_width_height_descent(text, _font(weight, 100.0, italic), ismath=False)[0]) / 100


@dataclass(frozen=True, slots=True)
class _Type:
    """A way of setting text: size in em, weight, colour."""

    size: float
    colour: str
    weight: Weight = "normal"
    italic: bool = False

    @property
    def line(self) -> float:
        return self.size * 1.22

    def measure(self, text: str) -> float:
        return self.size * _width_in_sizes(text, self.weight, self.italic)

    def wrap(self, text: str, width: float, *, most: int | None = None) -> tuple[str, ...]:
        return wrap(plain_text(text), width, self.measure, most=most)


class _Sheet:
    """A figure whose axes count in em from the upper left corner."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.colours: Ground = ground("print")
        self.figure = Figure(figsize=size.inches, dpi=size.dpi, facecolor=self.colours.paper)
        FigureCanvasAgg(self.figure)
        self.page = self._axes(Box(0, 0, size.width, size.height), 2)
        self.page.set_xlim(0, size.width)
        self.page.set_ylim(size.height, 0)
        self.page.patch.set_visible(False)

    def _axes(self, box: Box, zorder: float) -> Axes:
        width, height = self.size.width, self.size.height
        axes = self.figure.add_axes((box.x / width, 1 - box.bottom / height, box.width / width, box.height / height))
        axes.set_zorder(zorder)
        axes.set_axis_off()
        return axes

    def map_axes(self, view: View) -> Axes:
        """Axes in degrees that fill the view's box exactly."""
        axes = self._axes(view.box, 1)
        axes.set_xlim(view.extent[0], view.extent[2])
        axes.set_ylim(view.extent[1], view.extent[3])
        return axes

    def points(self, ems: float) -> float:
        return ems * self.size.em_points

    def type(self, size: float, *, weight: Weight = "normal", muted: bool = False, italic: bool = False) -> _Type:
        return _Type(size, self.colours.muted if muted else self.colours.ink, weight, italic)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        kind: _Type,
        *,
        align: Literal["left", "right", "center"] = "left",
        halo: bool = False,
        turn: float = 0.0,
        zorder: float = 8,
    ) -> None:
        """One line of text; a halo is drawn as a second, outlined text below, so that the letters stay text."""
        if not text:
            return
        options: dict[str, Any] = {
            "fontproperties": _font(kind.weight, round(self.points(kind.size), 4), kind.italic),
            "ha": align,
            "va": "baseline",
            "rotation": turn,
            "rotation_mode": "anchor",
            "parse_math": False,
        }
        if halo:
            rim = self.page.text(x, baseline, text, color=self.colours.casing, zorder=zorder, **options)
            rim.set_path_effects([Stroke(linewidth=self.points(0.24), foreground=self.colours.casing, alpha=0.9)])
            rim.set_gid("halo")
        self.page.text(x, baseline, text, color=kind.colour, zorder=zorder + 0.1, **options)

    def lines(
        self,
        x: float,
        top: float,
        lines: Iterable[str],
        kind: _Type,
        *,
        align: Literal["left", "right", "center"] = "left",
        halo: bool = False,
        zorder: float = 8,
    ) -> float:
        """Lines from ``top`` down; gives the lower end."""
        for line in lines:
            self.text(x, top + kind.size * 0.92, line, kind, align=align, halo=halo, zorder=zorder)
            top += kind.line
        return top

    def box(self, box: Box, *, fill: str, edge: str = "none", width: float = 0.05, zorder: float = 5) -> None:
        self.page.add_patch(
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                facecolor=fill,
                edgecolor=edge,
                linewidth=self.points(width),
                zorder=zorder,
            )
        )

    def plate(self, box: Box, *, fill: str, zorder: float, alpha: float = 0.88) -> None:
        """A rounded ground for furniture that stands on the map."""
        self.page.add_patch(
            FancyBboxPatch(
                (box.x + 0.2, box.y + 0.2),
                box.width - 0.4,
                box.height - 0.4,
                boxstyle="round,pad=0.2,rounding_size=0.25",
                facecolor=fill,
                edgecolor="none",
                alpha=alpha,
                zorder=zorder,
            )
        )

    def rule(self, points: Sequence[tuple[float, float]], *, colour: str, width: float, zorder: float = 5) -> None:
        xs, ys = zip(*points, strict=True)
        self.page.plot(xs, ys, color=colour, linewidth=self.points(width), zorder=zorder, solid_capstyle="butt")

    def symbol(self, x: float, y: float, shape_name: str, status: Status, *, radius: float, zorder: float = 7) -> None:
        self.symbols(np.array([[x, y]]), shape_name, status, radius=radius, zorder=zorder)

    def symbols(self, places: Floats, shape_name: str, status: Status, *, radius: float, zorder: float = 7) -> None:
        """The same symbol at many places; the parts are those of ``geo.drawing.symbols``."""
        parts, look = symbol_parts(shape_name, status), status_look(status, "print")
        casing = self.colours.casing
        self._paths(places, parts.outline, radius, fill=casing, edge=casing, width=CASING_WIDTH, zorder=zorder)
        self._paths(
            places,
            parts.outline,
            radius,
            fill=look.fill,
            edge=look.outline,
            width=OUTLINE_WIDTH,
            dashes=DASHES[parts.line],
            zorder=zorder + 0.01,
        )
        for points in parts.mark.strokes:
            self._strokes(places, points, radius, look, parts.mark.width, zorder + 0.02)
        for points in parts.mark.fills:
            self._paths(places, points, radius, fill=look.mark_colour, edge="none", width=0, zorder=zorder + 0.02)

    def _paths(
        self,
        places: Floats,
        points: Points,
        radius: float,
        *,
        fill: str,
        edge: str,
        width: float,
        zorder: float,
        dashes: tuple[float, ...] = (),
    ) -> None:
        outline = np.array([*points, points[0]]) * radius
        codes = [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
        pattern = (0, tuple(part / width for part in dashes)) if dashes else "solid"
        self.page.add_collection(
            PathCollection(
                [Path(outline + place, codes) for place in places],
                facecolors=fill,
                edgecolors=edge,
                linewidths=self.points(width * radius),
                linestyles=[pattern],
                joinstyle="round",
                zorder=zorder,
            ),
            autolim=False,
        )

    def _strokes(
        self, places: Floats, points: Points, radius: float, look: StatusLook, width: float, zorder: float
    ) -> None:
        line = np.array(points) * radius
        self.page.add_collection(
            LineCollection(
                [line + place for place in places],
                colors=look.mark_colour,
                linewidths=self.points(width * radius),
                capstyle="round",
                joinstyle="round",
                zorder=zorder,
            ),
            autolim=False,
        )

    def swatch(self, box: Box, *, fill: str | None) -> None:
        """A sample of a class; ``None`` is the hatch of missing data."""
        self.page.add_patch(
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                facecolor=fill or self.colours.land,
                edgecolor=self.colours.hatch if fill is None else self.colours.border_strong,
                hatch=_HATCH if fill is None else None,
                linewidth=self.points(0.05),
                zorder=5,
            )
        )


_HATCH: Final = "/////"


# --- legend ------------------------------------------------------------------------------------------------------


_HEAD: Final = 1.95
_ROW: Final = 1.5
_RADIUS: Final = 0.52
_SWATCH_ROW: Final = 1.36


def _heading(sheet: _Sheet, box: Box, title: str, unit: str) -> float:
    """Title over a thin rule, the unit of the counts at its right end; gives the y below it."""
    kind = sheet.type(1.08, weight="bold")
    sheet.text(box.x, box.y + 1.05, title, kind)
    sheet.text(box.right, box.y + 1.05, unit, sheet.type(1.0, muted=True), align="right")
    sheet.rule([(box.x, box.y + 1.42), (box.right, box.y + 1.42)], colour=sheet.colours.ink, width=0.06)
    return box.y + _HEAD


_COLUMN_GAP: Final = 1.6


def _columns(box: Box, shares: Sequence[float]) -> list[Box]:
    """The box side by side in parts, as wide as their shares say."""
    unit = (box.width - _COLUMN_GAP * (len(shares) - 1)) / sum(shares)
    columns, x = [], box.x
    for share in shares:
        columns.append(Box(x, box.y, share * unit, box.height))
        x += share * unit + _COLUMN_GAP
    return columns


def _programme_rows(snapshot: Snapshot, sheet: _Sheet, width: float) -> list[tuple[Programme, tuple[str, ...], str]]:
    kind = sheet.type(1.0)
    rows = []
    for programme in snapshot.programmes:
        count = snapshot.labels.count(int(snapshot.programme_counts.get(programme.code, 0)))
        room = width - 2.1 - kind.measure(count) - 0.8
        rows.append((programme, kind.wrap(programme.name.in_language(snapshot.labels.language), room), count))
    return rows


def _programmes_height(snapshot: Snapshot, sheet: _Sheet, width: float) -> float:
    rows = _programme_rows(snapshot, sheet, width)
    return _HEAD + sum(_ROW + (len(lines) - 1) * 1.22 for _, lines, _ in rows)


def _draw_programmes(snapshot: Snapshot, sheet: _Sheet, box: Box) -> None:
    labels, kind = snapshot.labels, sheet.type(1.0)
    y = _heading(sheet, box, labels.programmes, labels.sites)
    for programme, lines, count in _programme_rows(snapshot, sheet, box.width):
        sheet._paths(
            np.array([[box.x + 0.85, y + 0.6]]),
            shape(programme.symbol),
            _RADIUS,
            fill=sheet.colours.grid,
            edge=sheet.colours.ink,
            width=OUTLINE_WIDTH,
            zorder=7,
        )
        sheet.lines(box.x + 2.1, y, lines, kind)
        sheet.text(box.right, y + 0.92, count, sheet.type(1.0, weight="semibold"), align="right")
        y += _ROW + (len(lines) - 1) * 1.22


def _statuses_height(columns: int) -> float:
    return _HEAD + -(-len(Status) // columns) * _ROW


def _draw_statuses(snapshot: Snapshot, sheet: _Sheet, box: Box, columns: int) -> None:
    labels = snapshot.labels
    top = _heading(sheet, box, labels.statuses_title, labels.sites)
    rows = -(-len(Status) // columns)
    cells = _columns(box, [1] * columns)
    for index, status in enumerate(Status):
        cell, y = cells[index // rows], top + index % rows * _ROW
        count = int(snapshot.status_counts.get(status.value, 0))
        sheet.symbol(cell.x + 0.85, y + 0.6, "circle", status, radius=_RADIUS)
        sheet.text(cell.x + 2.1, y + 0.92, labels.statuses[status], sheet.type(1.0, muted=count == 0))
        number = sheet.type(1.0, weight="normal" if count == 0 else "semibold", muted=count == 0)
        sheet.text(cell.right, y + 0.92, labels.count(count), number, align="right")


def _class_counts(snapshot: Snapshot, code: str) -> tuple[list[int], int]:
    """How many areas fall in each class, and how many have no value although they have sites."""
    told = snapshot.areas[~_siteless(snapshot.areas)]
    classes = [class_of(value, code) for value in _values(told)]
    counts = [classes.count(index) for index in range(scale(code).count)]
    return counts, classes.count(None)


def _siteless(areas: geopandas.GeoDataFrame) -> pd.Series:
    """Areas to which the indicator does not apply, because they have no site; none where that is not told."""
    return areas["sites"].eq(0) if "sites" in areas.columns else pd.Series(False, index=areas.index)


def _values(areas: geopandas.GeoDataFrame) -> list[float | None]:
    if "value" not in areas.columns:
        return [None] * len(areas)
    return [None if pd.isna(value) else float(value) for value in areas["value"]]


def _class_title(snapshot: Snapshot, indicator: MapIndicator, sheet: _Sheet, width: float) -> tuple[str, ...]:
    kind = sheet.type(1.08, weight="bold")
    room = width - sheet.type(1.0).measure(snapshot.labels.areas) - 1
    return kind.wrap(f"{indicator.name} ({indicator.unit})" if indicator.unit else indicator.name, room)


def _classes_height(snapshot: Snapshot, indicator: MapIndicator, sheet: _Sheet, width: float) -> float:
    title = _class_title(snapshot, indicator, sheet, width)
    method = _class_method(snapshot, indicator, sheet, width)
    rows = scale(indicator.code).count + 1 + bool(_siteless(snapshot.areas).any())
    return _HEAD + (len(title) - 1) * 1.3 + rows * _SWATCH_ROW + 0.25 + len(method) * 1.22


def _class_method(snapshot: Snapshot, indicator: MapIndicator, sheet: _Sheet, width: float) -> tuple[str, ...]:
    """How the classes are made, in words."""
    return sheet.type(1.0, muted=True).wrap(snapshot.labels.class_methods[scale(indicator.code).method], width)


def _draw_classes(snapshot: Snapshot, indicator: MapIndicator, sheet: _Sheet, box: Box) -> None:
    labels = snapshot.labels
    *first, last = _class_title(snapshot, indicator, sheet, box.width)
    y = sheet.lines(box.x, box.y + 0.05, first, replace(sheet.type(1.08, weight="bold"), size=1.08))
    y = _heading(sheet, Box(box.x, y - 0.05, box.width, 1), last, labels.areas)
    counts, missing = _class_counts(snapshot, indicator.code)
    scheme = scale(indicator.code)
    names = [name.replace(".", labels.decimal) for name in scheme.labels()]
    fills: list[str | None] = [*scheme.colours("print"), None]
    names, counts = [*names, labels.no_data], [*counts, missing]
    empty = int(_siteless(snapshot.areas).sum())
    if empty:
        fills, names, counts = [*fills, sheet.colours.land], [*names, labels.no_site], [*counts, empty]
    for fill, name, count in zip(fills, names, counts, strict=True):
        sheet.swatch(Box(box.x + 0.1, y + 0.05, 2.4, 1.15), fill=fill)
        sheet.text(box.x + 3.2, y + 0.95, name, sheet.type(1.0))
        sheet.text(box.right, y + 0.95, labels.count(count), sheet.type(1.0, muted=count == 0), align="right")
        y += _SWATCH_ROW
    sheet.lines(box.x, y + 0.25, _class_method(snapshot, indicator, sheet, box.width), sheet.type(1.0, muted=True))


def _inset_height(snapshot: Snapshot, width: float) -> float:
    assert snapshot.outline is not None
    west, south, east, north = _padded(_bounds(snapshot.outline))
    return _HEAD + min(width * (north - south) / (east - west), 11.0)


def _bounds(shapes: geopandas.GeoDataFrame) -> BBox:
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    return west, south, east, north


def _padded(extent: BBox) -> BBox:
    west, south, east, north = extent
    return west - 1, south - 1, east + 1, north + 1


def _draw_inset(snapshot: Snapshot, sheet: _Sheet, box: Box, shown: BBox) -> None:
    assert snapshot.outline is not None
    top = _heading(sheet, box, snapshot.labels.inset, "")
    frame = Box(box.x, top, box.width, box.bottom - top)
    view = View(filled_extent(_padded(_bounds(snapshot.outline)), frame, padding=0), frame)
    colours = sheet.colours
    sheet.box(frame, fill=colours.sea, zorder=3)
    axes = sheet.map_axes(view)
    axes.set_zorder(3)
    axes.patch.set_visible(False)
    _add_land(axes, snapshot.outline.geometry.to_numpy(), fill="#c9c4b6", edge="none", width=0, zorder=1)
    west, south, east, north = shown
    corners = view.to_sheet(np.array([west, east]), np.array([north, south]))
    (left, upper), (right, lower) = corners.clip((frame.x, frame.y), (frame.right, frame.bottom)).tolist()
    mark = Box(left, upper, max(right - left, 0.5), max(lower - upper, 0.5))
    sheet.box(mark, fill="none", edge=colours.warning, width=0.14, zorder=6)
    sheet.box(frame, fill="none", edge=colours.border_strong, width=0.05, zorder=6)


# --- the map itself ----------------------------------------------------------------------------------------------


def _add_land(
    axes: Axes,
    shapes: np.ndarray,
    *,
    fill: str | Sequence[str],
    edge: str,
    width: float,
    zorder: float,
    hatch: str | None = None,
) -> None:
    """Polygons in degrees, drawn as given."""
    paths, owners = _polygon_paths(shapes)
    if not paths:
        return
    colours = fill if isinstance(fill, str) else [fill[index] for index in owners]
    axes.add_collection(
        PathCollection(
            paths,
            facecolors=colours,
            edgecolors=edge,
            linewidths=width,
            hatch=hatch,
            zorder=zorder,
            joinstyle="round",
        ),
        autolim=False,
    )


def _polygon_paths(shapes: np.ndarray) -> tuple[list[Path], list[int]]:
    """A path for each polygon, holes included, and the index of the shape it belongs to."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    paths, kept = [], []
    for part, owner in zip(parts, owners.tolist(), strict=True):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [Path(shapely.get_coordinates(ring), closed=True) for ring in shapely.get_rings(part)]
        paths.append(Path.make_compound_path(*rings))
        kept.append(owner)
    return paths, kept


def _seen(shapes: geopandas.GeoDataFrame, extent: BBox, detail: float) -> np.ndarray:
    """Geometries that touch the extent, no finer than ``detail`` degrees."""
    geometries = shapes.geometry.to_numpy()
    box = shapely.box(*extent)
    near = geometries[shapely.intersects(geometries, box)]
    return np.asarray(shapely.simplify(near, detail, preserve_topology=True), dtype=object)


def _draw_land(snapshot: Snapshot, sheet: _Sheet, view: View) -> None:
    colours = sheet.colours
    axes = sheet.map_axes(view)
    sheet.figure.add_artist(
        Rectangle(
            (view.box.x / sheet.size.width, 1 - view.box.bottom / sheet.size.height),
            view.box.width / sheet.size.width,
            view.box.height / sheet.size.height,
            transform=sheet.figure.transFigure,
            facecolor=colours.sea,
            edgecolor="none",
            zorder=0,
        )
    )
    detail = (view.extent[2] - view.extent[0]) / view.box.width / sheet.size.em_px * 0.6
    thin, strong = sheet.points(0.045), sheet.points(0.075)
    if snapshot.context is not None:
        around = _seen(snapshot.context, view.extent, detail)
        _add_land(axes, around, fill=colours.context, edge=colours.border, width=thin, zorder=1)
    _draw_areas(snapshot, axes, colours, thin, view.extent, detail)
    if snapshot.context is not None:
        about = _seen(snapshot.context[_holds_areas(snapshot)], view.extent, detail)
        _add_land(axes, about, fill="none", edge=colours.border_strong, width=strong, zorder=4)


def _draw_areas(snapshot: Snapshot, axes: Axes, colours: Ground, width: float, extent: BBox, detail: float) -> None:
    areas = snapshot.areas
    indicator = snapshot.indicator
    if indicator is None:
        shapes = _seen(areas, extent, detail)
        _add_land(axes, shapes, fill=colours.land, edge=colours.border, width=width, zorder=2)
        return
    fills = scale(indicator.code).colours("print")
    classes = pd.Series([class_of(value, indicator.code) for value in _values(areas)], index=areas.index, dtype=object)
    classes = classes.mask(_siteless(areas), None)
    for index, fill in enumerate(fills):
        shapes = _seen(areas[classes == index], extent, detail)
        _add_land(axes, shapes, fill=fill, edge=colours.paper, width=width, zorder=2)
    empty = _siteless(areas)
    shapes = _seen(areas[empty], extent, detail)
    _add_land(axes, shapes, fill=colours.land, edge=colours.border, width=width, zorder=2)
    missing = _seen(areas[classes.isna() & ~empty], extent, detail)
    _add_land(axes, missing, fill=colours.land, edge=colours.hatch, width=width, zorder=2, hatch=_HATCH)


def _draw_graticule(sheet: _Sheet, view: View, labels: Labels) -> None:
    west, south, east, north = view.extent
    box, kind = view.box, sheet.type(1.0, muted=True)
    most_lon, most_lat = max(2, int(box.width / 9)), max(2, int(box.height / 7))
    grid = sheet.colours.grid
    for lon in ticks(west, east, most=most_lon):
        x = box.x + (lon - west) / (east - west) * box.width
        sheet.rule([(x, box.y), (x, box.bottom)], colour=grid, width=0.04, zorder=0.5)
        text = _degrees(lon, labels, labels.east_suffix, labels.west_suffix)
        half = kind.measure(text) / 2
        if box.x + half <= x <= box.right - half:
            sheet.text(x, box.bottom + 1.15, text, kind, align="center")
    for lat in ticks(south, north, most=most_lat):
        y = box.y + (north - lat) / (north - south) * box.height
        sheet.rule([(box.x, y), (box.right, y)], colour=grid, width=0.04, zorder=0.5)
        text = _degrees(lat, labels, labels.north_suffix, labels.south_suffix)
        half = kind.measure(text) / 2
        if box.y + half <= y <= box.bottom - half:
            sheet.text(box.x - 0.4, y, text, kind, align="center", turn=90)


def _degrees(value: float, labels: Labels, positive: str, negative: str) -> str:
    suffix = "" if value == 0 else f" {positive if value > 0 else negative}"
    return f"{labels.decimals(abs(value))}°{suffix}"


# --- symbols and names on the map --------------------------------------------------------------------------------


def _drawable(points: pd.DataFrame, view: View) -> pd.DataFrame:
    """The sites with a place inside the frame, worst status first."""
    west, south, east, north = view.extent
    inside = points["lon"].between(west, east) & points["lat"].between(south, north)
    rank = {status.value: index for index, status in enumerate(Status)}
    kept = points[inside].assign(_rank=lambda rows: rows["status"].astype(str).map(rank))
    return kept.sort_values(["_rank", "code"], kind="stable").drop(columns="_rank").reset_index(drop=True)


def _draw_sites(
    snapshot: Snapshot, sheet: _Sheet, sites: pd.DataFrame, anchors: Floats, places: Floats, radius: float
) -> None:
    """Symbols, the worst status on top, with a thin line home where they were pulled apart."""
    moved = np.hypot(*(places - anchors).T) > radius * 0.5
    colours = sheet.colours
    homes = np.stack([anchors[moved], places[moved]], axis=1)
    sheet.page.add_collection(
        LineCollection(list(homes), colors=colours.muted, linewidths=sheet.points(0.06), zorder=6), autolim=False
    )
    dot = shape("circle")
    if moved.any():
        sheet._paths(anchors[moved], dot, 0.1, fill=colours.ink, edge="none", width=0, zorder=6.1)
    symbols = {programme.code: programme.symbol for programme in snapshot.programmes}
    for order, status in enumerate(reversed(Status)):
        for programme in snapshot.programmes:
            chosen = ((sites["status"] == status.value) & (sites["programme"] == programme.code)).to_numpy()
            if chosen.any():
                zorder = 7 + order * 0.05
                sheet.symbols(places[chosen], symbols[programme.code], status, radius=radius, zorder=zorder)


_NAMED_SITES: Final = 25


def _site_labels(sheet: _Sheet, sites: pd.DataFrame, places: Floats, radius: float) -> list[Label]:
    kind = sheet.type(1.0, weight="semibold")
    labels = []
    for name, (x, y) in zip(sites["name"], places.tolist(), strict=True):
        lines = kind.wrap(str(name), 13.0)
        width = max(kind.measure(line) for line in lines)
        labels.append(Label(lines, width, len(lines) * kind.line, (x, y), radius * 1.3))
    return labels


_STEPS: Final = np.array([(x, y) for y in (0, -1.1, 1.1, -2.2, 2.2) for x in (0, 1.5, -1.5, 3, -3)])
_WIDE_STEPS: Final = np.array(
    sorted(
        ((x, y) for y in np.arange(-10, 10.1, 1.0) for x in np.arange(-6, 6.1, 1.5)),
        key=lambda step: (math.hypot(step[0], 1.4 * step[1]), step[1], step[0]),
    )
)
"""Where the name of a province that the map is about may stand, nearest first: symbols often cover the province."""


def _area_labels(
    kind: _Type,
    areas: geopandas.GeoDataFrame,
    others: np.ndarray,
    view: View,
    *,
    widest: float,
    principal: bool = False,
) -> list[Label]:
    """Names of areas, the largest first, on themselves or on the sea beside: never on another area of ``others``.

    ``principal`` areas are named even where they are small on the sheet.
    """
    if "name" not in areas.columns or not len(areas):
        return []
    seen = shapely.intersection(areas.geometry.to_numpy(), shapely.box(*view.extent))
    tree = shapely.STRtree(others)
    labels = []
    for index in np.argsort(-shapely.area(seen), kind="stable").tolist():
        lines = kind.wrap(str(areas["name"].iloc[index]).removeprefix("Kabupaten "), widest)
        width = max(kind.measure(line) for line in lines)
        if shapely.is_empty(seen[index]):
            continue
        if not principal and width > _room(seen[index], view) * 1.35 + 0.5:
            continue
        centres = _centres(seen[index], tree, view, steps=_WIDE_STEPS if principal else _STEPS)
        if centres:
            labels.append(Label(lines, width, len(lines) * kind.line, centres[0], centres=centres))
    return labels


def _room(area: Any, view: View) -> float:
    """Width of an area on the sheet in em."""
    west, _, east, _ = shapely.bounds(area).tolist()
    return float((east - west) / (view.extent[2] - view.extent[0]) * view.box.width)


def _centres(area: Any, others: shapely.STRtree, view: View, *, steps: Floats) -> tuple[tuple[float, float], ...]:
    """Where the middle of an area's name may stand: around a point inside its largest part, on no other area."""
    parts = shapely.get_parts(area)
    inner = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    spots = view.to_sheet(np.array([inner.x]), np.array([inner.y])) + steps
    places = shapely.points(*view.to_degrees(spots))
    own = shapely.intersects(area, places)
    foreign = np.zeros(len(spots), dtype=bool)
    foreign[others.query(places, predicate="intersects")[0]] = True
    return tuple((float(x), float(y)) for x, y in spots[own | ~foreign])


def _draw_names(
    snapshot: Snapshot,
    sheet: _Sheet,
    view: View,
    sites: pd.DataFrame,
    places: Floats,
    radius: float,
    furniture: Sequence[Box],
) -> None:
    reach = radius * 1.25
    taken = [Box(x - reach, y - reach, 2 * reach, 2 * reach) for x, y in places.tolist()] + list(furniture)
    frame = view.box.inset(0.3)
    if len(sites) <= _NAMED_SITES:
        named = place_labels(_site_labels(sheet, sites, places, radius), frame=frame, taken=taken)
        for placed in named:
            _draw_label(sheet, placed, sheet.type(1.0, weight="semibold"), zorder=8.5)
        taken += [placed.box for placed in named]
    kind = sheet.type(1.0, muted=True, italic=True)
    principal = "code" in snapshot.areas.columns and bool((snapshot.areas["code"].str.len() == 2).all())
    groups = [(sheet.type(1.15, weight="bold") if principal else kind, snapshot.areas)]
    others = snapshot.areas.geometry.to_numpy()
    if snapshot.context is not None:
        around = snapshot.context[~_holds_areas(snapshot)]
        groups.append((replace(kind, colour="#6f7a82"), around))
        others = np.concatenate([others, around.geometry.to_numpy()])
    for style, areas in groups:
        wanted = _area_labels(
            style,
            areas,
            others,
            view,
            widest=12.0 if principal else 9.0,
            principal=principal and areas is snapshot.areas,
        )
        free = place_labels(wanted, frame=frame, taken=taken)
        for placed in free:
            _draw_label(sheet, placed, style, zorder=5)
        taken += [placed.box for placed in free]


def _holds_areas(snapshot: Snapshot) -> np.ndarray:
    """Which context shapes are, or are made up of, what the map is about."""
    assert snapshot.context is not None
    middles = shapely.point_on_surface(snapshot.areas.geometry.to_numpy())
    around = snapshot.context.geometry.to_numpy()
    held = np.zeros(len(around), dtype=bool)
    held[shapely.STRtree(middles).query(around, predicate="intersects")[0]] = True
    return held


def _draw_label(sheet: _Sheet, placed: Placed, kind: _Type, *, zorder: float) -> None:
    box = placed.box
    if placed.leader:
        x, y = placed.label.anchor
        end = (min(max(x, box.x), box.right), min(max(y, box.y + 0.3), box.bottom - 0.3))
        sheet.rule([(x, y), end], colour=sheet.colours.muted, width=0.05, zorder=6)
    at = {"left": box.x, "right": box.right, "centre": box.x + box.width / 2}[placed.side]
    align: Literal["left", "right", "center"] = "center" if placed.side == "centre" else placed.side
    sheet.lines(at, box.y, placed.label.lines, kind, align=align, halo=True, zorder=zorder)


# --- furniture ---------------------------------------------------------------------------------------------------

_WGS84: Final = Geod(ellps="WGS84")
_SCALE_BOX: Final = (17.0, 4.3)


def scale_bar(view: View, *, widest: float) -> tuple[float, float]:
    """Length in km of the scale bar and its width in em, true along the view's middle latitude (WGS 84)."""
    west, _, east, _ = view.extent
    middle = (west + east) / 2
    km_of_degree = _WGS84.inv(middle - 0.05, view.latitude, middle + 0.05, view.latitude)[2] / 100
    em_of_km = view.box.width / (east - west) / km_of_degree
    length = nice_length(widest / em_of_km)
    return length, length * em_of_km


def _draw_scale(sheet: _Sheet, box: Box, view: View, labels: Labels) -> None:
    """North arrow, bar in two tones, and the latitude at which it holds."""
    colours, kind = sheet.colours, sheet.type(1.0)
    sheet.plate(box, fill=colours.paper, zorder=8.6)
    _draw_north(sheet, box.x + 1.3, box.y + 0.5, labels.north)
    length, width = scale_bar(view, widest=box.width - 6.6)
    x, y = box.x + 3.2, box.y + 1.75
    for index in range(2):
        half = Box(x + index * width / 2, y, width / 2, 0.34)
        sheet.box(half, fill=colours.paper if index else colours.ink, edge=colours.ink, width=0.06, zorder=9)
    sheet.page.patches[-2].set_gid("scale-bar")
    sheet.text(x, y - 0.35, "0", kind, zorder=9)
    sheet.text(x + width / 2, y - 0.35, labels.decimals(length / 2), kind, align="center", zorder=9)
    sheet.text(x + width, y - 0.35, labels.decimals(length), kind, align="center", zorder=9)
    number = kind.measure(labels.decimals(length)) / 2
    sheet.text(x + width + number + 0.3, y - 0.35, "km", kind, zorder=9)
    latitude = _degrees(round(view.latitude, 1), labels, labels.north_suffix, labels.south_suffix)
    note = labels.scale_at.format(latitude=latitude)
    sheet.text(x, y + 1.6, note, sheet.type(1.0, muted=True), zorder=9)


def _draw_north(sheet: _Sheet, x: float, top: float, letter: str) -> None:
    ink = sheet.colours.ink
    for side, fill in ((-1, ink), (1, sheet.colours.paper)):
        tip = Path([(x, top + 1.15), (x + side * 0.62, top + 3.1), (x, top + 2.65), (x, top + 1.15)], closed=True)
        sheet.page.add_patch(PathPatch(tip, facecolor=fill, edgecolor=ink, linewidth=sheet.points(0.06), zorder=9))
    sheet.text(x, top + 0.9, letter, sheet.type(1.05, weight="bold"), align="center", zorder=9)


def _draw_sample_mark(sheet: _Sheet, box: Box, text: str) -> None:
    sheet.plate(box, fill=sheet.colours.warning, zorder=8.8, alpha=1)
    kind = _Type(1.15, "#ffffff", "bold")
    sheet.text(box.x + box.width / 2, box.y + 1.42, text, kind, align="center", zorder=9)


def _furniture(snapshot: Snapshot, sheet: _Sheet, view: View, anchors: Floats) -> tuple[Box, Box | None]:
    """Places of the scale and of the sample mark: the corners where they hide the fewest sites."""
    box, off = view.box, 0.6
    wide, high = min(_SCALE_BOX[0], box.width * 0.6), _SCALE_BOX[1]
    note = snapshot.labels.scale_at.format(latitude="00,0° XX")
    wide = max(wide, sheet.type(1.0).measure(note) + 4.2)
    left, right, top, bottom = box.x + off, box.right - wide - off, box.y + off, box.bottom - high - off
    corners = [Box(x, y, wide, high) for x, y in ((left, bottom), (right, bottom), (right, top), (left, top))]
    scale_at = corners[quietest(corners, anchors, radius=1.0)]
    if not snapshot.sample:
        return scale_at, None
    wide = _Type(1.15, "", "bold").measure(snapshot.labels.sample) + 1.8
    lefts = (box.x + off, box.right - wide - off, box.x + (box.width - wide) / 2)
    tops = [Box(x, box.y + off, wide, 2.0) for x in lefts]
    tops = [spot for spot in tops if not spot.overlaps(scale_at, gap=0.2)] or tops
    return scale_at, tops[quietest(tops, anchors, radius=1.0)]


# --- header, footer, the whole -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Texts:
    """Wrapped text of header, highlights and footer, with the heights that follow from it."""

    title: tuple[str, ...]
    title_type: _Type
    subtitle: tuple[str, ...]
    date: tuple[str, ...]
    known: tuple[str, ...]
    highlights: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...]
    header_height: float
    highlights_height: float
    footer_height: float


_DATE_SHARE: Final = 0.3


def _texts(snapshot: Snapshot, sheet: _Sheet, drawn: int) -> _Texts:
    labels = snapshot.labels
    inner = sheet.size.width - 2 * MARGIN
    left, right = inner * (1 - _DATE_SHARE) - 1, inner * _DATE_SHARE
    title_type = sheet.type(2.1, weight="bold")
    title = title_type.wrap(snapshot.title, left)
    if len(title) > 2:
        title_type = sheet.type(1.5, weight="bold")
        title = title_type.wrap(snapshot.title, left, most=4)
    sub = sheet.type(1.25, muted=True)
    subtitle = sub.wrap(snapshot.subtitle, left, most=3) if snapshot.subtitle else ()
    day = format_date(snapshot.on, "d MMMM y", locale=labels.language)
    dates = sheet.type(1.35, weight="semibold").wrap(labels.position.format(date=day), right)
    known = sheet.type(1.0).wrap(_known(snapshot), right) if snapshot.known_at else ()
    header = max(
        len(title) * title_type.line + len(subtitle) * sub.line + 0.2,
        len(dates) * 1.35 * 1.22 + len(known) * 1.22 + 1.9,
    )
    notes = sheet.type(1.08).size
    columns = _highlight_boxes(snapshot, Box(0, 0, inner, 1))
    highlights = tuple(
        sheet.type(notes).wrap(text, box.width - 0.9, most=4)
        for text, box in zip(snapshot.highlights, columns, strict=False)
    )
    footer = _footer_lines(snapshot, sheet, inner, drawn)
    return _Texts(
        title,
        title_type,
        subtitle,
        dates,
        known,
        highlights,
        footer,
        header,
        max((len(lines) for lines in highlights), default=0) * notes * 1.22 + (0.3 if highlights else 0),
        len(footer) * 1.22 + 0.5,
    )


def _known(snapshot: Snapshot) -> str:
    assert snapshot.known_at is not None
    moment = snapshot.known_at.astimezone(ZoneInfo("Asia/Jakarta"))
    pattern = "d MMMM y HH.mm" if snapshot.labels.language == "id" else "d MMMM y HH:mm"
    return snapshot.labels.known.format(moment=format_datetime(moment, pattern, locale=snapshot.labels.language))


def _footer_lines(snapshot: Snapshot, sheet: _Sheet, width: float, drawn: int) -> tuple[str, ...]:
    labels, kind = snapshot.labels, sheet.type(1.0, muted=True)
    notes = []
    if snapshot.approximate:
        notes.append(labels.approximate)
    missing = len(snapshot.points) - drawn
    if missing:
        notes.append(labels.not_drawn.format(count=labels.count(missing)) + ".")
    if snapshot.footer:
        notes.append(snapshot.footer)
    lines: list[str] = []
    if snapshot.sources:
        lines += kind.wrap(f"{labels.sources}: {'; '.join(snapshot.sources)}", width, most=4)
    if notes:
        lines += kind.wrap(" ".join(notes), width, most=4)
    return tuple(lines)


def _highlight_boxes(snapshot: Snapshot, box: Box) -> list[Box]:
    return _columns(box, [1] * min(max(len(snapshot.highlights), 1), 3))


def _draw_header(snapshot: Snapshot, sheet: _Sheet, box: Box, texts: _Texts) -> None:
    colours = sheet.colours
    sheet.box(Box(0, 0, sheet.size.width, 0.45), fill=colours.accent, zorder=3)
    y = sheet.lines(box.x, box.y, texts.title, replace(texts.title_type, colour=colours.accent))
    sheet.lines(box.x, y + 0.1, texts.subtitle, sheet.type(1.25, muted=True))
    y = sheet.lines(box.right, box.y + 0.1, texts.date, sheet.type(1.35, weight="semibold"), align="right")
    y = sheet.lines(box.right, y, texts.known, sheet.type(1.0, muted=True), align="right")
    secret = snapshot.classification != "BIASA"
    label = f"{snapshot.labels.classification}: {snapshot.classification}"
    kind = replace(sheet.type(1.0, weight="bold"), colour="#ffffff" if secret else colours.ink)
    width = kind.measure(label) + 1.2
    frame = Box(box.right - width, y + 0.2, width, 1.5)
    fill, edge = (colours.warning, colours.warning) if secret else (colours.paper, colours.border_strong)
    sheet.box(frame, fill=fill, edge=edge, zorder=5)
    sheet.text(frame.x + 0.6, frame.y + 1.06, label, kind)


def _draw_highlights(snapshot: Snapshot, sheet: _Sheet, box: Box, texts: _Texts) -> None:
    for lines, cell in zip(texts.highlights, _highlight_boxes(snapshot, box), strict=False):
        high = len(lines) * 1.08 * 1.22
        sheet.box(Box(cell.x, cell.y + 0.1, 0.22, high), fill=sheet.colours.accent, zorder=5)
        sheet.lines(cell.x + 0.8, cell.y, lines, sheet.type(1.08))


def _draw_footer(sheet: _Sheet, box: Box, texts: _Texts) -> None:
    sheet.rule([(box.x, box.y), (box.right, box.y)], colour=sheet.colours.border, width=0.05)
    sheet.lines(box.x, box.y + 0.4, texts.footer, sheet.type(1.0, muted=True))


def _shows_inset(snapshot: Snapshot) -> bool:
    """An inset says something only where the map shows less than half of the country's width."""
    if snapshot.outline is None or not len(snapshot.outline):
        return False
    west, _, east, _ = _bounds(snapshot.outline)
    return (snapshot.extent[2] - snapshot.extent[0]) < 0.5 * (east - west)


_SHARES: Final = {"programmes": 0.85, "statuses": 1.3, "classes": 0.95, "inset": 0.9}
_LEAST_INSET: Final = 5.0


def _legend_parts(snapshot: Snapshot) -> list[str]:
    parts = ["programmes", "statuses"]
    if snapshot.indicator is not None:
        parts.append("classes")
    if _shows_inset(snapshot):
        parts.append("inset")
    return parts


def _status_columns(width: float) -> int:
    return 2 if width >= 24.5 else 1


def _part_height(snapshot: Snapshot, sheet: _Sheet, part: str, width: float) -> float:
    if part == "programmes":
        return _programmes_height(snapshot, sheet, width)
    if part == "statuses":
        return _statuses_height(_status_columns(width))
    if part == "classes":
        assert snapshot.indicator is not None
        return _classes_height(snapshot, snapshot.indicator, sheet, width)
    return _inset_height(snapshot, width)


def _draw_part(snapshot: Snapshot, sheet: _Sheet, part: str, box: Box, shown: BBox) -> None:
    if part == "programmes":
        _draw_programmes(snapshot, sheet, box)
    elif part == "statuses":
        _draw_statuses(snapshot, sheet, box, _status_columns(box.width))
    elif part == "classes" and snapshot.indicator is not None:
        _draw_classes(snapshot, snapshot.indicator, sheet, box)
    elif part == "inset":
        _draw_inset(snapshot, sheet, box, shown)


def _rows_below(snapshot: Snapshot, width: float) -> list[list[tuple[str, float]]]:
    """The parts of the legend in rows across the sheet, each with its width."""
    parts = _legend_parts(snapshot)
    across = max(1, min(len(parts), int((width + _COLUMN_GAP) // 19)))
    rows = []
    for start in range(0, len(parts), across):
        row = parts[start : start + across]
        cells = _columns(Box(0, 0, width, 1), [_SHARES[part] for part in row])
        rows.append([(part, cell.width) for part, cell in zip(row, cells, strict=True)])
    return rows


def _height_below(snapshot: Snapshot, sheet: _Sheet, width: float) -> float:
    rows = _rows_below(snapshot, width)
    heights = [max(_part_height(snapshot, sheet, part, wide) for part, wide in row) for row in rows]
    return sum(heights) + GAP * (len(rows) - 1)


def _height_beside(snapshot: Snapshot, sheet: _Sheet) -> float:
    """Least height of the legend in a column; the inset gives way first."""
    heights = [
        _HEAD + _LEAST_INSET if part == "inset" else _part_height(snapshot, sheet, part, PANEL)
        for part in _legend_parts(snapshot)
    ]
    return sum(heights) + GAP * (len(heights) - 1)


def _draw_legend_below(snapshot: Snapshot, sheet: _Sheet, box: Box, shown: BBox) -> None:
    y = box.y
    for row in _rows_below(snapshot, box.width):
        x, high = box.x, 0.0
        for part, width in row:
            height = _part_height(snapshot, sheet, part, width)
            _draw_part(snapshot, sheet, part, Box(x, y, width, height), shown)
            x += width + _COLUMN_GAP
            high = max(high, height)
        y += high + GAP


def _draw_legend_beside(snapshot: Snapshot, sheet: _Sheet, box: Box, shown: BBox) -> None:
    y = box.y
    for part in _legend_parts(snapshot):
        height = min(_part_height(snapshot, sheet, part, box.width), box.bottom - y)
        _draw_part(snapshot, sheet, part, Box(box.x, y, box.width, height), shown)
        y += height + GAP


def _compose(snapshot: Snapshot, size: Size) -> tuple[_Sheet, View]:
    sheet = _Sheet(size)
    below = _height_below(snapshot, sheet, size.width - 2 * MARGIN)
    beside = _height_beside(snapshot, sheet)

    def arranged(drawn: int) -> tuple[_Texts, Arrangement]:
        texts = _texts(snapshot, sheet, drawn)
        return texts, arrange(
            size,
            snapshot.extent,
            header=texts.header_height,
            highlights=texts.highlights_height,
            footer=texts.footer_height,
            beside=beside,
            below=below,
        )

    _, boxes = arranged(0)  # the note on sites not drawn may be needed: first with room for it
    view = View(filled_extent(snapshot.extent, boxes.map), boxes.map)
    texts, boxes = arranged(len(_drawable(snapshot.points, view)))
    view = View(filled_extent(snapshot.extent, boxes.map), boxes.map)
    sites = _drawable(snapshot.points, view)

    _draw_header(snapshot, sheet, boxes.header, texts)
    _draw_highlights(snapshot, sheet, boxes.highlights, texts)
    _draw_map(snapshot, sheet, view, sites)
    draw_legend = _draw_legend_beside if boxes.place == "side" else _draw_legend_below
    draw_legend(snapshot, sheet, boxes.legend, view.extent)
    _draw_footer(sheet, boxes.footer, texts)
    return sheet, view


def _draw_map(snapshot: Snapshot, sheet: _Sheet, view: View, sites: pd.DataFrame) -> None:
    _draw_land(snapshot, sheet, view)
    _draw_graticule(sheet, view, snapshot.labels)
    anchors = view.to_sheet(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    radius = symbol_radius(anchors)
    places = spread(anchors, radius=radius * 1.18, most=radius * 5, frame=view.box)
    scale_at, mark_at = _furniture(snapshot, sheet, view, places)
    furniture = [scale_at] + ([mark_at] if mark_at is not None else [])
    _draw_names(snapshot, sheet, view, sites, places, radius, furniture)
    if len(sites):
        _draw_sites(snapshot, sheet, sites, anchors, places, radius)
    else:
        middle = view.box.x + view.box.width / 2
        words = sheet.type(1.2, muted=True)
        sheet.text(
            middle, view.box.y + view.box.height * 0.3, snapshot.labels.no_sites, words, align="center", halo=True
        )
    _draw_scale(sheet, scale_at, view, snapshot.labels)
    if mark_at is not None:
        _draw_sample_mark(sheet, mark_at, snapshot.labels.sample)
    sheet.box(view.box, fill="none", edge=sheet.colours.border_strong, width=0.08, zorder=8.9)


def _check(snapshot: Snapshot) -> None:
    """Raise ``UnknownCodeError`` for a programme, status, symbol or indicator that nothing defines."""
    known = {programme.code for programme in snapshot.programmes}
    strange = sorted(set(snapshot.points["programme"].astype(str)) - known)
    if strange:
        raise UnknownCodeError(f"points name programmes that are not given: {', '.join(strange)}")
    for programme in snapshot.programmes:
        shape(programme.symbol)
    for status in snapshot.points["status"].unique():
        status_look(str(status))
    if snapshot.indicator is not None:
        scale(snapshot.indicator.code)


_SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "sinergisitas",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "hatch.linewidth": 0.6,
    "axes.unicode_minus": True,
    "text.usetex": False,
    "path.simplify": True,
}


def map_figure(snapshot: Snapshot, *, size: Size) -> Figure:
    """The sheet as a matplotlib figure, not yet written; its axes of the page count in em from the upper left."""
    _check(snapshot)
    with _LOCK, mpl.rc_context(_SETTINGS):
        return _compose(snapshot, size)[0].figure


def draw_map(snapshot: Snapshot, *, size: Size, form: Form) -> bytes:
    """The sheet as the bytes of a file; the same snapshot, size and form give the same bytes.

    Letters in PDF and SVG are text and can be searched. Raises ``UnknownCodeError`` for a programme of a point that is
    not among ``programmes``, and for a status, symbol or indicator that is not known.
    """
    _check(snapshot)
    target = io.BytesIO()
    with _LOCK, mpl.rc_context(_SETTINGS):
        figure = _compose(snapshot, size)[0].figure
        figure.savefig(target, format=form, dpi=size.dpi, metadata=_metadata(snapshot, form))
        return _with_fonts(target.getvalue()) if form == "svg" else target.getvalue()


def _with_fonts(svg: bytes) -> bytes:
    """The SVG with the letters it uses embedded, so that it looks the same on a machine without the font."""
    text = svg.decode()
    signs = set("".join(re.findall(r">([^<]+)</text>", text)))
    used = {sign for sign in html.unescape("".join(sorted(signs))) + "&<>\"'" if sign.isprintable()}
    faces = "".join(_font_face(weight, style, used) for weight, style in _FACES)
    body = text[text.index("<svg ") :].replace("'DejaVu Sans'", "'DejaVu Sans', sans-serif")
    at = body.index("<defs>") + len("<defs>")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f"{head}{body[:at]}<style type='text/css'>{faces}</style>{body[at:]}".encode()


_FACES: Final = (("Regular", "400 normal"), ("It", "400 italic"), ("Semibold", "600 normal"), ("Bold", "700 normal"))


def _font_face(name: str, weight_and_style: str, signs: set[str]) -> str:
    options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False, recalc_timestamp=False)
    font = subset.load_font(io.BytesIO(_font_file(name).read_bytes()), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(sign) for sign in signs])
    cutter.subset(font)
    target = io.BytesIO()
    subset.save_font(font, target, options)
    weight, style = weight_and_style.split()
    data = base64.b64encode(target.getvalue()).decode()
    return (
        f"@font-face{{font-family:'{_FAMILY[0]}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


def _metadata(snapshot: Snapshot, form: Form) -> dict[str, str | None]:
    title = plain_text(f"{snapshot.title} – {snapshot.subtitle}")
    if form == "svg":
        return {"Title": title, "Date": None, "Creator": "Sinergisitas"}
    if form == "pdf":
        return {"Title": title, "Creator": "Sinergisitas", "Producer": "Sinergisitas", "CreationDate": None}
    return {"Title": title, "Software": "Sinergisitas"}
