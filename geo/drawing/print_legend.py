"""Draw the legend of a printed map: programmes, statuses and classes, each with its counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.drawing.layout import GAP, PANEL, Box
from geo.drawing.palette import class_of, scale
from geo.drawing.print_content import MapIndicator, Snapshot, siteless, values_of
from geo.drawing.print_place import code_size, draw_place, place_height, place_parts
from geo.drawing.print_sheet import COLUMN_GAP, HEAD, Sheet, columns, heading
from geo.drawing.symbols import OUTLINE_WIDTH, shape
from geo.model import BBox, Programme, Status

if TYPE_CHECKING:
    pass


_ROW: Final = 1.5
_RADIUS: Final = 0.52
_SWATCH_ROW: Final = 1.36


def _programme_rows(snapshot: Snapshot, sheet: Sheet, width: float) -> list[tuple[Programme, tuple[str, ...], str]]:
    kind = sheet.type(1.0)
    rows = []
    for programme in snapshot.programmes:
        count = snapshot.labels.count(int(snapshot.programme_counts.get(programme.code, 0)))
        room = width - 2.1 - kind.measure(count) - 0.8
        rows.append((programme, kind.wrap(programme.name.in_language(snapshot.labels.language), room), count))
    return rows


def _programmes_height(snapshot: Snapshot, sheet: Sheet, width: float) -> float:
    rows = _programme_rows(snapshot, sheet, width)
    return HEAD + sum(_ROW + (len(lines) - 1) * 1.22 for _, lines, _ in rows)


def _draw_programmes(snapshot: Snapshot, sheet: Sheet, box: Box) -> None:
    labels, kind = snapshot.labels, sheet.type(1.0)
    y = heading(sheet, box, labels.programmes, labels.sites)
    for programme, lines, count in _programme_rows(snapshot, sheet, box.width):
        sheet.paths(
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


def _statuses_height(across: int) -> float:
    return HEAD + -(-len(Status) // across) * _ROW


def _draw_statuses(snapshot: Snapshot, sheet: Sheet, box: Box, across: int) -> None:
    labels = snapshot.labels
    top = heading(sheet, box, labels.statuses_title, labels.sites)
    rows = -(-len(Status) // across)
    cells = columns(box, [1] * across)
    for index, status in enumerate(Status):
        cell, y = cells[index // rows], top + index % rows * _ROW
        count = int(snapshot.status_counts.get(status.value, 0))
        sheet.symbol(cell.x + 0.85, y + 0.6, "circle", status, radius=_RADIUS)
        sheet.text(cell.x + 2.1, y + 0.92, labels.statuses[status], sheet.type(1.0, muted=count == 0))
        number = sheet.type(1.0, weight="normal" if count == 0 else "semibold", muted=count == 0)
        sheet.text(cell.right, y + 0.92, labels.count(count), number, align="right")


def _class_counts(snapshot: Snapshot, code: str) -> tuple[list[int], int]:
    """How many areas fall in each class, and how many have no value although they have sites."""
    told = snapshot.areas[~siteless(snapshot.areas)]
    classes = [class_of(value, code) for value in values_of(told)]
    counts = [classes.count(index) for index in range(scale(code).count)]
    return counts, classes.count(None)


def _class_title(snapshot: Snapshot, indicator: MapIndicator, sheet: Sheet, width: float) -> tuple[str, ...]:
    kind = sheet.type(1.08, weight="bold")
    room = width - sheet.type(1.0).measure(snapshot.labels.areas) - 1
    return kind.wrap(f"{indicator.name} ({indicator.unit})" if indicator.unit else indicator.name, room)


def _classes_height(snapshot: Snapshot, indicator: MapIndicator, sheet: Sheet, width: float) -> float:
    title = _class_title(snapshot, indicator, sheet, width)
    method = _class_method(snapshot, indicator, sheet, width)
    rows = scale(indicator.code).count + 1 + bool(siteless(snapshot.areas).any())
    return HEAD + (len(title) - 1) * 1.3 + rows * _SWATCH_ROW + 0.25 + len(method) * 1.22


def _class_method(snapshot: Snapshot, indicator: MapIndicator, sheet: Sheet, width: float) -> tuple[str, ...]:
    """How the classes are made, in words."""
    return sheet.type(1.0, muted=True).wrap(snapshot.labels.class_methods[scale(indicator.code).method], width)


def _draw_classes(snapshot: Snapshot, indicator: MapIndicator, sheet: Sheet, box: Box) -> None:
    labels = snapshot.labels
    *first, last = _class_title(snapshot, indicator, sheet, box.width)
    y = sheet.lines(box.x, box.y + 0.05, first, replace(sheet.type(1.08, weight="bold"), size=1.08))
    y = heading(sheet, Box(box.x, y - 0.05, box.width, 1), last, labels.areas)
    counts, missing = _class_counts(snapshot, indicator.code)
    scheme = scale(indicator.code)
    names = [name.replace(".", labels.decimal) for name in scheme.labels()]
    fills: list[str | None] = [*scheme.colours("print"), None]
    names, counts = [*names, labels.no_data], [*counts, missing]
    empty = int(siteless(snapshot.areas).sum())
    if empty:
        fills, names, counts = [*fills, sheet.colours.land], [*names, labels.no_site], [*counts, empty]
    for fill, name, count in zip(fills, names, counts, strict=True):
        sheet.swatch(Box(box.x + 0.1, y + 0.05, 2.4, 1.15), fill=fill)
        sheet.text(box.x + 3.2, y + 0.95, name, sheet.type(1.0))
        sheet.text(box.right, y + 0.95, labels.count(count), sheet.type(1.0, muted=count == 0), align="right")
        y += _SWATCH_ROW
    sheet.lines(box.x, y + 0.25, _class_method(snapshot, indicator, sheet, box.width), sheet.type(1.0, muted=True))


_SHARES: Final = {"programmes": 0.85, "statuses": 1.3, "classes": 0.95, "place": 0.9, "inset": 0.9, "code": 0.6}
_LEAST_COLUMN: Final = 16.5
Cell = tuple[str, Box]


def _figures(snapshot: Snapshot) -> list[str]:
    return ["programmes", "statuses", *(["classes"] if snapshot.indicator is not None else [])]


def _status_columns(width: float) -> int:
    return 2 if width >= 24.5 else 1


def _part_height(snapshot: Snapshot, sheet: Sheet, part: str, width: float, *, least: bool = False) -> float:
    if part == "programmes":
        return _programmes_height(snapshot, sheet, width)
    if part == "statuses":
        return _statuses_height(_status_columns(width))
    if part == "classes":
        assert snapshot.indicator is not None
        return _classes_height(snapshot, snapshot.indicator, sheet, width)
    return place_height(snapshot, sheet, part, width, least=least)


def _draw_part(snapshot: Snapshot, sheet: Sheet, part: str, box: Box, shown: BBox) -> None:
    if part == "programmes":
        _draw_programmes(snapshot, sheet, box)
    elif part == "statuses":
        _draw_statuses(snapshot, sheet, box, _status_columns(box.width))
    elif part == "classes" and snapshot.indicator is not None:
        _draw_classes(snapshot, snapshot.indicator, sheet, box)
    else:
        draw_place(snapshot, sheet, part, box, shown)


# --- in columns across the sheet ---------------------------------------------------------------------------------


def cells_below(snapshot: Snapshot, sheet: Sheet, width: float) -> list[Cell]:
    """The parts in columns across ``width`` em, so that the legend is as low as can be; y counts from its top."""
    packed = _packed(snapshot, sheet, place_parts(snapshot), width)
    code = code_size(snapshot, sheet)
    rest = width - code[0] - COLUMN_GAP
    if not snapshot.address or rest < len(_figures(snapshot)) * _LEAST_COLUMN:
        return packed
    others = [part for part in place_parts(snapshot) if part != "code"]
    apart = [*_packed(snapshot, sheet, others, rest), ("code", Box(width - code[0], 0, *code))]
    return min(packed, apart, key=_height)


def _packed(snapshot: Snapshot, sheet: Sheet, loose: list[str], width: float) -> list[Cell]:
    fixed = _figures(snapshot)
    across = int((width + COLUMN_GAP) // (_LEAST_COLUMN + COLUMN_GAP))
    if across < len(fixed):
        return _stacked(snapshot, sheet, [*fixed, *loose], width)
    high = cache(partial(_part_height, snapshot, sheet))
    ways = []
    for count in range(len(fixed), min(across, len(fixed) + len(loose)) + 1):
        for spots in product(range(count), repeat=len(loose)):
            if set(range(len(fixed), count)) <= set(spots):
                filled: list[list[str]] = [[part] for part in fixed] + [[] for _ in range(count - len(fixed))]
                for part, spot in zip(loose, spots, strict=True):
                    filled[spot].append(part)
                ways.append(_side_by_side(filled, width, high))
    return min(ways, key=_height)


def _height(cells: list[Cell]) -> float:
    return round(max(box.bottom for _, box in cells), 6)


def _side_by_side(filled: list[list[str]], width: float, high: Callable[[str, float], float]) -> list[Cell]:
    shares = [max(_SHARES[part] for part in parts) for parts in filled]
    cells = []
    for parts, column in zip(filled, columns(Box(0, 0, width, 1), shares), strict=True):
        y = 0.0
        for part in parts:
            height = high(part, column.width)
            cells.append((part, Box(column.x, y, column.width, height)))
            y += height + GAP
    return cells


def _stacked(snapshot: Snapshot, sheet: Sheet, parts: list[str], width: float) -> list[Cell]:
    """One part below the other, on a sheet too narrow for columns."""
    cells, y = [], 0.0
    for part in parts:
        height = _part_height(snapshot, sheet, part, width)
        cells.append((part, Box(0, y, width, height)))
        y += height + GAP
    return cells


def height_below(snapshot: Snapshot, sheet: Sheet, width: float) -> float:
    """Height in em of the legend across a sheet."""
    return _height(cells_below(snapshot, sheet, width))


def draw_legend_below(snapshot: Snapshot, sheet: Sheet, box: Box, shown: BBox) -> None:
    """Draw the parts in columns; ``shown`` is what the map shows, in degrees."""
    for part, cell in cells_below(snapshot, sheet, box.width):
        at = Box(box.x + cell.x, box.y + cell.y, cell.width, cell.height)
        _draw_part(snapshot, sheet, part, at, shown)


# --- in one column beside the map --------------------------------------------------------------------------------


def _parts_beside(snapshot: Snapshot) -> list[str]:
    return [*_figures(snapshot), *(["place"] if place_parts(snapshot) else [])]


def height_beside(snapshot: Snapshot, sheet: Sheet) -> float:
    """Least height in em of the legend in a column; the inset gives way first."""
    parts = _parts_beside(snapshot)
    return sum(_part_height(snapshot, sheet, part, PANEL, least=True) for part in parts) + GAP * (len(parts) - 1)


def draw_legend_beside(snapshot: Snapshot, sheet: Sheet, box: Box, shown: BBox) -> None:
    """Draw the parts in a column; ``shown`` is what the map shows, in degrees."""
    y = box.y
    for part in _parts_beside(snapshot):
        height = min(_part_height(snapshot, sheet, part, box.width), box.bottom - y)
        _draw_part(snapshot, sheet, part, Box(box.x, y, box.width, height), shown)
        y += height + GAP
