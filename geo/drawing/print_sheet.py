"""Draw text, boxes and symbols on a sheet that counts in em from its upper left corner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, BboxTransformTo

from geo.drawing.layout import Box, Floats, Size, View
from geo.drawing.palette import Ground, StatusLook, ground, status_look
from geo.drawing.print_type import Type, Weight, font, letters
from geo.drawing.symbols import CASING_WIDTH, DASHES, OUTLINE_WIDTH, Points, symbol_parts
from geo.model import Status

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase


Align = Literal["left", "right", "center"]
Fill = str | tuple[float, float, float, float]
Pattern = Literal["solid"] | tuple[int, tuple[float, ...]]
_NONE: Final = (0.0, 0.0, 0.0, 0.0)


class Line(Text):
    """One line of text that is drawn where it says, by the width that the layout knows, without being laid out anew."""

    shift = 0.0
    """How far in em the line begins before its place."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw the letters, turned about their anchor."""
        if not self.get_visible():
            return
        renderer.open_group("text", self.get_gid())
        to_pixels = self.get_transform()
        turn = math.radians(self.get_rotation())
        x, y = self.get_unitless_position()
        left, base = to_pixels.transform((x, y)).tolist()
        em = float(to_pixels.transform((x + 1, y))[0]) - left
        left -= self.shift * em * math.cos(turn)
        base -= self.shift * em * math.sin(turn)
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        if renderer.flipy():
            base = renderer.get_canvas_width_height()[1] - base
        told = self.get_text()
        renderer.draw_text(gc, left, base, told, self.get_fontproperties(), self.get_rotation(), mtext=self)
        gc.restore()
        renderer.close_group("text")
        self.stale = False


class Sheet:
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
        self._halos: dict[float, list[Path]] = {}
        self._em = Affine2D().scale(1 / size.width, -1 / size.height) + BboxTransformTo(self.figure.bbox)

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

    def type(self, size: float, *, weight: Weight = "normal", muted: bool = False, italic: bool = False) -> Type:
        return Type(size, self.colours.muted if muted else self.colours.ink, weight, italic)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        kind: Type,
        *,
        align: Align = "left",
        halo: bool = False,
        turn: float = 0.0,
        zorder: float = 8,
    ) -> None:
        """One line of text; its halo is drawn as outlines below all text of that ``zorder``: letters stay text."""
        if not text:
            return
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        if halo:
            outline = letters(text, kind.weight, kind.italic)
            to_sheet = Affine2D().translate(-share * kind.measure(text) / kind.size, 0).scale(kind.size, -kind.size)
            self._halos.setdefault(zorder, []).append(to_sheet.translate(x, baseline).transform_path(outline))
        line = Line(
            x,
            baseline,
            text,
            color=kind.colour,
            zorder=zorder + 0.1,
            fontproperties=font(kind.weight, round(self.points(kind.size), 4), kind.italic),
            ha=align,
            va="baseline",
            rotation=turn,
            rotation_mode="anchor",
            parse_math=False,
        )
        line.shift = share * kind.measure(text)
        self.page.add_artist(line)

    def finish(self) -> None:
        """Draw what was gathered on the way: the halos."""
        for zorder, outlines in self._halos.items():
            self.page.add_collection(
                PathCollection(
                    outlines,
                    facecolors="none",
                    edgecolors=self.colours.casing,
                    linewidths=self.points(0.24),
                    alpha=0.9,
                    joinstyle="round",
                    zorder=zorder,
                    gid="halo",
                ),
                autolim=False,
            )
        self._halos.clear()

    def lines(
        self,
        x: float,
        top: float,
        lines: Iterable[str],
        kind: Type,
        *,
        align: Align = "left",
        halo: bool = False,
        zorder: float = 8,
    ) -> float:
        """Lines from ``top`` down; gives the lower end."""
        for line in lines:
            self.text(x, top + kind.size * 0.92, line, kind, align=align, halo=halo, zorder=zorder)
            top += kind.line
        return top

    def box(self, box: Box, *, fill: str, edge: str = "none", width: float = 0.05, zorder: float = 5) -> None:
        self.page.add_artist(
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
        self.page.add_artist(
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
        self.paths(places, parts.outline, radius, fill=casing, edge=casing, width=CASING_WIDTH, zorder=zorder)
        self.paths(
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
            self.paths(
                places, points, radius, fill=look.mark_colour, edge=look.mark_colour, width=0, zorder=zorder + 0.02
            )

    def paths(
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
        """The same closed outline at many places; width and dashes in its own units."""
        outline = Path(
            np.array([*points, points[0]]) * radius, [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
        )
        pattern: Pattern = (0, tuple(part / width for part in dashes)) if dashes else "solid"
        self._stamps(places, outline, fill, edge, width * radius, zorder, pattern)

    def _strokes(
        self, places: Floats, points: Points, radius: float, look: StatusLook, width: float, zorder: float
    ) -> None:
        self._stamps(places, Path(np.array(points) * radius), _NONE, look.mark_colour, width * radius, zorder)

    def _stamps(
        self,
        places: Floats,
        path: Path,
        fill: Fill,
        edge: str,
        width: float,
        zorder: float,
        pattern: Pattern = "solid",
    ) -> None:
        """One path stamped at many places: matplotlib draws it once, and a file holds it once."""
        stamps = PathCollection(
            [path],
            offsets=places,
            offset_transform=self.page.transData,
            facecolors=[fill],
            edgecolors=[edge],
            linewidths=self.points(width),
            linestyles=[pattern],
            joinstyle="round",
            capstyle="round",
            zorder=zorder,
        )
        stamps.set_transform(self._em)
        self.page.add_collection(stamps, autolim=False)

    def swatch(self, box: Box, *, fill: str | None) -> None:
        """A sample of a class; ``None`` is the hatch of missing data."""
        sample = Rectangle(
            (box.x, box.y),
            box.width,
            box.height,
            facecolor=fill or self.colours.land,
            edgecolor=self.colours.hatch if fill is None else self.colours.border_strong,
            hatch=HATCH if fill is None else None,
            linewidth=self.points(0.05),
            zorder=5,
        )
        sample.set_hatch_linewidth(HATCH_POINTS)
        self.page.add_artist(sample)


HATCH: Final = "/////"
HATCH_POINTS: Final = 0.6
"""Width in points of the lines of the hatch."""

HEAD: Final = 1.95
"""Height in em of the heading of a part of the legend."""

COLUMN_GAP: Final = 1.6


def heading(sheet: Sheet, box: Box, title: str, unit: str) -> float:
    """Title over a thin rule, the unit of the counts at its right end; gives the y below it."""
    kind = sheet.type(1.08, weight="bold")
    sheet.text(box.x, box.y + 1.05, title, kind)
    sheet.text(box.right, box.y + 1.05, unit, sheet.type(1.0, muted=True), align="right")
    sheet.rule([(box.x, box.y + 1.42), (box.right, box.y + 1.42)], colour=sheet.colours.ink, width=0.06)
    return box.y + HEAD


def columns(box: Box, shares: Sequence[float]) -> list[Box]:
    """The box side by side in parts, as wide as their shares say."""
    unit = (box.width - COLUMN_GAP * (len(shares) - 1)) / sum(shares)
    columns, x = [], box.x
    for share in shares:
        columns.append(Box(x, box.y, share * unit, box.height))
        x += share * unit + COLUMN_GAP
    return columns
