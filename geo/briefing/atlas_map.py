"""Draw the map of a page for its slot in the atlas: the picture alone, its legend stands in the page's own letters."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import pandas as pd
import shapely

from geo.briefing.parts import RegionPage
from geo.drawing.layout import TICKS, Box, Size, View, filled_extent, spread, symbol_radius
from geo.drawing.palette import ground
from geo.drawing.print_content import Snapshot
from geo.drawing.print_files import metadata
from geo.drawing.print_furniture import draw_sample_mark, draw_scale, furniture_places
from geo.drawing.print_land import draw_graticule, draw_land
from geo.drawing.print_shapes import land
from geo.drawing.print_sheet import Sheet
from geo.drawing.print_sites import draw_names, draw_sites, drawable
from geo.drawing.snapshot import snapshot
from geo.locale import Translator
from geo.model import BBox

MAP_MM: Final = (130.0, 81.0)
"""Width and height of the map on a page."""
INSET_MM: Final = (47.0, 19.0)
_DPI: Final = 300
_LETTERS: Final = 7.5
"""Points of the smallest letters on the map."""
_SLOT: Final = Size("atlas", round(MAP_MM[0] / 25.4 * _DPI), round(MAP_MM[1] / 25.4 * _DPI), _DPI, _LETTERS / 72 * _DPI)
_LAND: Final = "#c9c4b6"


class MapPicture:
    """The map of a page and where it lies in the country, as SVG whose letters are text; the same page, same bytes.

    ``not_drawn`` counts the sites that have no coordinates or lie outside the frame; ``approximate`` tells that the
    boundaries are not official.
    """

    def __init__(self, page: RegionPage, t: Translator, *, sample: bool) -> None:
        content = snapshot(page.view, t, sample=sample)
        sheet = Sheet(_SLOT)
        width, height = sheet.size.width, sheet.size.height
        box = Box(TICKS, 0.1, width - TICKS - 0.1, height - TICKS - 0.2)
        view = View(filled_extent(content.extent, box), box)
        sites = drawable(content.points, view)
        _draw(content, sheet, view, sites)
        target = io.BytesIO()
        sheet.figure.savefig(target, format="svg", dpi=sheet.figure.dpi, metadata=metadata(content, "svg"))
        self.svg: str = target.getvalue().decode()
        self.inset: str = _inset(content, view.extent)
        self.not_drawn: int = len(page.view.state.positions) - len(sites)
        self.approximate: bool = content.approximate


def _draw(content: Snapshot, sheet: Sheet, view: View, sites: pd.DataFrame) -> None:
    """The map as it stands on a sheet of its own, without title and legend."""
    shapes = land(content, view, em_px=sheet.size.em_px)
    draw_land(content, sheet, view, shapes)
    draw_graticule(sheet, view, content.labels)
    anchors = view.to_sheet(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    radius = symbol_radius(anchors)
    places = spread(anchors, radius=radius * 1.18, most=radius * 5, frame=view.box)
    scale_at, mark_at = furniture_places(content, sheet, view, places)
    furniture = [scale_at] if mark_at is None else [scale_at, mark_at]
    draw_names(content, sheet, view, shapes, sites, places, radius, furniture)
    if len(sites):
        draw_sites(content, sheet, sites, anchors, places, radius)
    else:
        x, y = view.box.x + view.box.width / 2, view.box.y + view.box.height * 0.3
        sheet.text(x, y, content.labels.no_sites, sheet.type(1.2, muted=True), align="center", halo=True)
    draw_scale(sheet, scale_at, view, content.labels)
    if mark_at is not None:
        draw_sample_mark(sheet, mark_at, content.labels.sample)
    sheet.box(view.box, fill="none", edge=sheet.colours.border_strong, width=0.08, zorder=8.9)
    sheet.finish()


def _inset(content: Snapshot, shown: BBox) -> str:
    """The country with a frame around what the map shows, which is drawn no smaller than can be seen."""
    width, height = INSET_MM
    colours, outline = ground("print"), content.outline
    assert outline is not None
    west, south, east, north = (float(edge) for edge in outline.total_bounds)
    zoom = min(width / (east - west + 2), height / (north - south + 2))
    left, top = (width - (east - west) * zoom) / 2, (height - (north - south) * zoom) / 2

    def place(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * zoom, top + (north - lat) * zoom

    rings = "".join(
        f"M{'L'.join('{:.2f} {:.2f}'.format(*place(x, y)) for x, y in ring)}Z"
        for ring in _rings(outline.geometry.simplify(0.1 / zoom).to_numpy())
    )
    (x1, y1), (x2, y2) = place(shown[0], shown[3]), place(shown[2], shown[1])
    x1, y1, x2, y2 = max(x1, 0.2), max(y1, 0.2), min(x2, width - 0.2), min(y2, height - 0.2)
    mark = f'x="{x1:.2f}" y="{y1:.2f}" width="{max(x2 - x1, 1.2):.2f}" height="{max(y2 - y1, 1.2):.2f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}"><rect width="{width:g}" height="{height:g}" fill="{colours.sea}"/>'
        f'<path d="{rings}" fill="{_LAND}" fill-rule="evenodd"/>'
        f'<rect {mark} fill="none" stroke="{colours.warning}" stroke-width="0.4"/>'
        f'<rect x="0.1" y="0.1" width="{width - 0.2:g}" height="{height - 0.2:g}" fill="none" '
        f'stroke="{colours.border_strong}" stroke-width="0.15"/></svg>'
    )


def _rings(shapes: object) -> Iterator[list[tuple[float, float]]]:
    for part in shapely.get_parts(shapes):
        if part.geom_type == "Polygon":
            for ring in shapely.get_rings(part):
                yield [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1]]
