"""Any two symbols look different, drawn as small as on the map, to every eye and in a grey print."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geo.drawing.palette import StatusLook, Theme, ground, status_look
from geo.drawing.symbols import (
    CASING_WIDTH,
    DASHES,
    OUTLINE_WIDTH,
    REACH,
    SHAPES,
    SymbolParts,
    matplotlib_path,
    symbol_parts,
)
from geo.model import Status
from tests.drawing.eyes import SIGHTS, linear, seen

Pixels = np.ndarray[Any, np.dtype[np.float64]]
Cell = tuple[str, Status]

SIZES_PX = (18, 24)
"""Diameters of a symbol's circle on the map and in its legend."""


# --- drawing and seeing ------------------------------------------------------------------------------------------


def draw(axes: Any, parts: SymbolParts, look: StatusLook, casing: str, *, unit_px: float) -> None:
    """The layers of a symbol at the origin of its axes: casing, outline, mark; at 72 dpi a point is a pixel."""
    path, dashes = matplotlib_path(parts.outline), DASHES[parts.line]

    def add(drawn: Path, **style: Any) -> None:
        axes.add_patch(PathPatch(drawn, joinstyle="round", capstyle="butt", **style))

    add(path, facecolor=casing, edgecolor=casing, linewidth=CASING_WIDTH * unit_px)
    style = (0, tuple(part / OUTLINE_WIDTH for part in dashes)) if dashes else "solid"
    add(path, facecolor=look.fill, edgecolor=look.outline, linewidth=OUTLINE_WIDTH * unit_px, linestyle=style)
    for points in parts.mark.strokes:
        width = parts.mark.width * unit_px
        add(matplotlib_path(points, closed=False), facecolor="none", edgecolor=look.mark_colour, linewidth=width)
    for points in parts.mark.fills:
        add(matplotlib_path(points), facecolor=look.mark_colour, edgecolor="none")


@cache
def sheet(theme: Theme, size_px: int) -> dict[Cell, Pixels]:
    """Every symbol on land, as sRGB 0 to 1, shape (side, side, 3)."""
    symbols = {(name, status): symbol_parts(name, status) for name in SHAPES for status in Status}
    return drawn({cell: (parts, status_look(cell[1], theme)) for cell, parts in symbols.items()}, theme, size_px)


def drawn(symbols: dict[Cell, tuple[SymbolParts, StatusLook]], theme: Theme, size_px: int) -> dict[Cell, Pixels]:
    side = round(size_px * REACH)
    figure = Figure(figsize=(side * len(symbols) / 72, side / 72), dpi=72, facecolor=ground(theme).land)
    canvas = FigureCanvasAgg(figure)
    for place, (parts, look) in enumerate(symbols.values()):
        axes = figure.add_axes((place / len(symbols), 0, 1 / len(symbols), 1))
        axes.set_axis_off()
        axes.set_xlim(-side / size_px, side / size_px)
        axes.set_ylim(-side / size_px, side / size_px)
        draw(axes, parts, look, ground(theme).casing, unit_px=size_px / 2)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba(), dtype=float)[..., :3] / 255
    return {cell: image[:, side * place : side * (place + 1)] for place, cell in enumerate(symbols)}


def distance(one: Pixels, other: Pixels) -> float:
    """Mean CIE 1976 difference over the pixels that either symbol covers; ``one[0, 0]`` is bare land."""
    apart = np.linalg.norm(one - other, axis=-1)
    covered = (np.linalg.norm(one - one[0, 0], axis=-1) > 1) | (np.linalg.norm(other - one[0, 0], axis=-1) > 1)
    return float(apart[covered].mean())


def peak(one: Pixels, other: Pixels) -> float:
    """CIE 1976 difference that a fortieth of the symbol's square exceeds: a spot that the eye can catch."""
    return float(np.quantile(np.linalg.norm(one - other, axis=-1), 1 - 1 / 40))


# --- told apart --------------------------------------------------------------------------------------------------

LEAST_STATUS = {"colour": (7.5, 15.0), "grey": (4.0, 10.0)}
LEAST_SHAPE = {"colour": (5.0, 20.0), "grey": (5.0, 20.0)}
"""Least mean and least peak difference; about 2.3 is just noticeable on two large areas side by side."""


def too_near(
    images: dict[Cell, Pixels], pairs: list[tuple[Cell, Cell]], sight: str, least: dict[str, tuple[float, float]]
) -> list[tuple[Cell, Cell, float, float]]:
    """Pairs nearer than they may be, with their mean and peak difference."""
    looks = {cell: seen(linear(image), sight) for cell, image in images.items()}
    mean_least, peak_least = least["grey" if sight == "grey" else "colour"]
    measured = [(a, b, distance(looks[a], looks[b]), peak(looks[a], looks[b])) for a, b in pairs]
    return [one for one in measured if one[2] < mean_least or one[3] < peak_least]


STATUS_PAIRS = [((name, one), (name, other)) for name in SHAPES for one, other in combinations(Status, 2)]
SHAPE_PAIRS = [((one, status), (other, status)) for status in Status for one, other in combinations(SHAPES, 2)]


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("size_px", SIZES_PX)
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_two_statuses_of_one_shape_look_different(theme: Theme, size_px: int, sight: str) -> None:
    assert too_near(sheet(theme, size_px), STATUS_PAIRS, sight, LEAST_STATUS) == []


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("size_px", SIZES_PX)
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_two_shapes_in_one_status_look_different(theme: Theme, size_px: int, sight: str) -> None:
    assert too_near(sheet(theme, size_px), SHAPE_PAIRS, sight, LEAST_SHAPE) == []


LATE, GOOD = ("circle", Status.TERLAMBAT), ("circle", Status.SESUAI_RENCANA)


def two(first: StatusLook, second: StatusLook, *, marks: tuple[Status, Status]) -> dict[Cell, Pixels]:
    parts = [symbol_parts("circle", status) for status in marks]
    return drawn({LATE: (parts[0], first), GOOD: (parts[1], second)}, "light", 18)


@pytest.mark.parametrize("sight", SIGHTS)
def test_statuses_with_the_same_look_are_noticed(sight: str) -> None:
    late, alike = status_look(Status.TERLAMBAT), (Status.TERLAMBAT, Status.TERLAMBAT)
    assert too_near(two(late, late, marks=alike), [(LATE, GOOD)], sight, LEAST_STATUS)
    nearly = replace(late, fill="#d85a20")
    assert too_near(two(late, nearly, marks=alike), [(LATE, GOOD)], sight, LEAST_STATUS)


def test_red_and_green_fills_without_marks_are_noticed_by_those_who_see_no_green() -> None:
    red, green = (replace(status_look(Status.SESUAI_RENCANA), fill=fill) for fill in ("#b7863f", "#87974a"))
    images = two(red, green, marks=(Status.SESUAI_RENCANA, Status.SESUAI_RENCANA))
    assert too_near(images, [(LATE, GOOD)], "normal", LEAST_STATUS) == []
    assert too_near(images, [(LATE, GOOD)], "deuteranopia", LEAST_STATUS)


def test_fills_as_bright_as_each_other_are_noticed_in_a_grey_print() -> None:
    orange, blue = (replace(status_look(Status.SESUAI_RENCANA), fill=fill) for fill in ("#e8692a", "#4aa3d8"))
    images = two(orange, blue, marks=(Status.SESUAI_RENCANA, Status.SESUAI_RENCANA))
    assert too_near(images, [(LATE, GOOD)], "normal", LEAST_STATUS) == []
    assert too_near(images, [(LATE, GOOD)], "grey", LEAST_STATUS)


def test_a_shape_drawn_for_another_is_noticed() -> None:
    look, parts = status_look(Status.KRITIS), symbol_parts("circle", Status.KRITIS)
    images = drawn({LATE: (parts, look), GOOD: (parts, look)}, "light", 24)
    assert too_near(images, [(LATE, GOOD)], "normal", LEAST_SHAPE)
