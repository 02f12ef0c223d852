"""Compose the map that leaves the house: PNG, PDF and SVG, the same bytes for the same figures.

The picture speaks for itself when it is passed on: title, cut-off date, legend with counts, scale, north, inset,
sources, classification, the number under which it is recorded and, for made-up data, a mark inside the map that
survives cropping. No clock and no settings of the machine enter it. Projection: equirectangular, true at the map's
middle latitude (EPSG:4326 in, degrees).
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from geo.drawing.layout import (
    MARGIN,
    SIZES,
    Arrangement,
    Box,
    Size,
    View,
    arrange,
    filled_extent,
    spread,
    symbol_radius,
)
from geo.drawing.palette import scale, status_look
from geo.drawing.print_content import LABELS, LABELS_EN, LABELS_ID, Labels, MapIndicator, Snapshot
from geo.drawing.print_files import CMYK_IS_FOR_PDF, Colours, Form, file_bytes
from geo.drawing.print_frame import Texts, draw_footer, draw_header, draw_highlights, texts_of
from geo.drawing.print_furniture import draw_sample_mark, draw_scale, furniture_places, scale_bar
from geo.drawing.print_land import draw_graticule, draw_land
from geo.drawing.print_legend import draw_legend_below, draw_legend_beside, height_below, height_beside
from geo.drawing.print_shapes import land
from geo.drawing.print_sheet import Sheet
from geo.drawing.print_sites import draw_names, draw_sites, drawable
from geo.drawing.symbols import shape
from geo.model import RefusedError, UnknownCodeError

__all__ = [
    "CMYK_IS_FOR_PDF",
    "LABELS",
    "LABELS_EN",
    "LABELS_ID",
    "SIZES",
    "Colours",
    "Form",
    "Labels",
    "MapIndicator",
    "Snapshot",
    "draw_map",
    "map_figure",
    "scale_bar",
]


def _compose(snapshot: Snapshot, size: Size) -> tuple[Sheet, View]:
    sheet = Sheet(size)
    below = height_below(snapshot, sheet, size.width - 2 * MARGIN)
    beside = height_beside(snapshot, sheet)

    def arranged(drawn: int) -> tuple[Texts, Arrangement]:
        texts = texts_of(snapshot, sheet, drawn)
        return texts, arrange(
            size,
            snapshot.extent,
            header=texts.header_height,
            highlights=texts.highlights_height,
            footers=texts.footer_heights,
            beside=beside,
            below=below,
            degrees=snapshot.graticule,
        )

    _, boxes = arranged(0)  # the note on sites not drawn may be needed: first with room for it
    view = View(filled_extent(snapshot.extent, boxes.map), boxes.map)
    texts, boxes = arranged(len(drawable(snapshot.points, view)))
    view = View(filled_extent(snapshot.extent, boxes.map), boxes.map)
    sites = drawable(snapshot.points, view)

    draw_header(snapshot, sheet, boxes.header, texts)
    draw_highlights(snapshot, sheet, boxes.highlights, texts)
    _draw_map(snapshot, sheet, view, sites)
    draw_legend = draw_legend_beside if boxes.place == "side" else draw_legend_below
    draw_legend(snapshot, sheet, boxes.legend, view.extent)
    draw_footer(sheet, boxes.footer, texts.footers[boxes.place == "below"])
    sheet.finish()
    return sheet, view


def _draw_map(snapshot: Snapshot, sheet: Sheet, view: View, sites: pd.DataFrame) -> None:
    shapes = land(snapshot, view, em_px=sheet.size.em_px)
    draw_land(snapshot, sheet, view, shapes)
    if snapshot.graticule:
        draw_graticule(sheet, view, snapshot.labels)
    anchors = view.to_sheet(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    radius = symbol_radius(anchors)
    places = spread(anchors, radius=radius * 1.18, most=radius * 5, frame=view.box)
    scale_at, mark_at = furniture_places(snapshot, sheet, view, places)
    furniture = [scale_at] + ([mark_at] if mark_at is not None else [])
    draw_names(snapshot, sheet, view, shapes, sites, places, radius, furniture)
    if len(sites):
        draw_sites(snapshot, sheet, sites, anchors, places, radius)
    else:
        _draw_no_sites(snapshot.labels.no_sites, sheet, view)
    draw_scale(sheet, scale_at, view, snapshot.labels)
    if mark_at is not None:
        draw_sample_mark(sheet, mark_at, snapshot.labels.sample)
    sheet.box(view.box, fill="none", edge=sheet.colours.border_strong, width=0.08, zorder=8.9)


def _draw_no_sites(words: str, sheet: Sheet, view: View) -> None:
    kind = sheet.type(1.2)
    width, middle = kind.measure(words) + 1.8, view.box.x + view.box.width / 2
    plate = Box(middle - width / 2, view.box.y + view.box.height * 0.3, width, 2.2)
    sheet.plate(plate, fill=sheet.colours.paper, zorder=8.6)
    sheet.text(middle, plate.y + 1.5, words, kind, align="center", zorder=9)


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


def map_figure(snapshot: Snapshot, *, size: Size) -> Figure:
    """The sheet as a matplotlib figure, not yet written; its axes of the page count in em from the upper left."""
    _check(snapshot)
    return _compose(snapshot, size)[0].figure


def draw_map(snapshot: Snapshot, *, size: Size, form: Form, colours: Colours = "rgb") -> bytes:
    """The sheet as the bytes of a file; the same snapshot, size and form give the same bytes.

    Letters in PDF and SVG are text and can be searched. ``colours`` are those of a screen or, for a PDF alone, those
    of a printing press. Raises ``UnknownCodeError`` for a programme of a point that is not among ``programmes``, and
    for a status, symbol or indicator that is not known; ``RefusedError`` for colours that the form cannot hold.
    """
    if colours == "cmyk" and form != "pdf":
        raise RefusedError([CMYK_IS_FOR_PDF])
    return file_bytes(map_figure(snapshot, size=size), snapshot, form=form, colours=colours)
