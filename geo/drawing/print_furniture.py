"""Draw what stands on a printed map beside its figures: scale, north arrow, mark of sample data."""

from __future__ import annotations

from typing import Final

from matplotlib.patches import PathPatch
from matplotlib.path import Path
from pyproj import Geod

from geo.drawing.layout import Box, Floats, View, nice_length, quietest
from geo.drawing.print_content import Labels, Snapshot
from geo.drawing.print_land import degrees_told
from geo.drawing.print_sheet import Sheet
from geo.drawing.print_type import Type

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


def draw_scale(sheet: Sheet, box: Box, view: View, labels: Labels) -> None:
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
    latitude = degrees_told(round(view.latitude, 1), labels, labels.north_suffix, labels.south_suffix)
    note = labels.scale_at.format(latitude=latitude)
    sheet.text(x, y + 1.6, note, sheet.type(1.0, muted=True), zorder=9)


def _draw_north(sheet: Sheet, x: float, top: float, letter: str) -> None:
    ink = sheet.colours.ink
    for side, fill in ((-1, ink), (1, sheet.colours.paper)):
        tip = Path([(x, top + 1.15), (x + side * 0.62, top + 3.1), (x, top + 2.65), (x, top + 1.15)], closed=True)
        sheet.page.add_artist(PathPatch(tip, facecolor=fill, edgecolor=ink, linewidth=sheet.points(0.06), zorder=9))
    sheet.text(x, top + 0.9, letter, sheet.type(1.05, weight="bold"), align="center", zorder=9)


def draw_sample_mark(sheet: Sheet, box: Box, text: str) -> None:
    sheet.plate(box, fill=sheet.colours.warning, zorder=8.8, alpha=1)
    kind = Type(1.15, "#ffffff", "bold")
    sheet.text(box.x + box.width / 2, box.y + 1.42, text, kind, align="center", zorder=9)


def furniture_places(snapshot: Snapshot, sheet: Sheet, view: View, anchors: Floats) -> tuple[Box, Box | None]:
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
    wide = Type(1.15, "", "bold").measure(snapshot.labels.sample) + 1.8
    lefts = (box.x + off, box.right - wide - off, box.x + (box.width - wide) / 2)
    tops = [Box(x, box.y + off, wide, 2.0) for x in lefts]
    tops = [spot for spot in tops if not spot.overlaps(scale_at, gap=0.2)] or tops
    return scale_at, tops[quietest(tops, anchors, radius=1.0)]
