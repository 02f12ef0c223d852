"""Turn a view into a picture file: the printed map as PNG, PDF or SVG, or a web page that stands alone."""

from __future__ import annotations

from typing import Final, Literal, cast

import geopandas as gpd

from geo import regions
from geo.drawing.html_map import html_map
from geo.drawing.print_map import CMYK_IS_FOR_PDF, LABELS, SIZES, Colours, Form, MapIndicator, Snapshot, draw_map
from geo.drawing.view import MapView
from geo.drawing.web_map import credit
from geo.locale import Translator
from geo.locale.terms import audience_name, indicator_name, indicator_unit, marking_text
from geo.model import BBox, Problem, RefusedError

Classification = Literal["BIASA", "TERBATAS"]
Audience = Literal["internal", "public"]

FORMS: Final[dict[str, str]] = {
    "png": "image/png",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "html": "text/html",
}
"""Kinds of picture with their media types."""


def snapshot(
    view: MapView,
    t: Translator,
    *,
    sample: bool,
    title: str | None = None,
    classification: Classification = "BIASA",
    audience: Audience = "internal",
    number: str = "",
    address: str = "",
    graticule: bool = True,
    extent: BBox | None = None,
) -> Snapshot:
    """The printed map of a view: the same figures as the screen, in the words of ``t``.

    ``extent`` is shown instead of the view's own regions: what a person sees on the map, in degrees (EPSG:4326).
    ``number`` and ``address`` are printed where given, the address as a QR code; ``audience`` is printed beside the
    classification, and for the public it is told that places are coarse. Raises ``RefusedError`` for an extent
    that is none.
    """
    shapes = regions.load_boundaries(view.level)
    values = view.areas[["code", "name", "value", "sites"]]
    areas = gpd.GeoDataFrame(
        shapes[["code", "geometry"]].merge(values, on="code", how="inner"), geometry="geometry", crs=shapes.crs
    )
    around = regions.load_boundaries(1)
    approximate = view.level == 2 and bool(shapes.loc[shapes["code"].isin(values["code"]), "approximate"].any())
    described = None
    if view.indicator is not None:
        described = MapIndicator(view.indicator, indicator_name(t, view.indicator), indicator_unit(t, view.indicator))
    filters = view.state.filters
    return Snapshot(
        title=title or view.title(t),
        subtitle=view.subject(t),
        on=filters.on,
        known_at=filters.known_at,
        extent=_checked(extent) if extent is not None else view.bbox,
        points=view.points[["code", "name", "programme", "status", "lon", "lat"]],
        areas=areas,
        context=around,
        outline=regions.load_outline(),
        indicator=described,
        programmes=tuple(view.programmes[code] for code in view.programme_counts),
        status_counts=view.status_counts,
        programme_counts=view.programme_counts,
        sources=sources(view, t, sample=sample),
        sample=sample,
        approximate=approximate,
        classification=classification,
        audience=audience_name(t, audience),
        footer=coarse(t, audience),
        labels=LABELS[t.language],
        number=number,
        address=address,
        graticule=graticule,
    )


def _checked(extent: BBox) -> BBox:
    west, south, east, north = extent
    if -180 <= west < east <= 180 and -90 <= south < north <= 90:
        return extent
    raise RefusedError(
        [
            Problem(
                f"{extent} is no extent of a map",
                "Give west, south, east and north in degrees, west below east and south below north.",
            )
        ]
    )


def sources(view: MapView, t: Translator, *, sample: bool) -> tuple[str, ...]:
    """Where figures and boundaries come from, one line each."""
    figures = (
        t("Figures: public reports (sources with each site) and synthetic sample records")
        if sample
        else t("Figures: reports of the Sinergisitas programme")
    )
    return figures, credit(view, t)


def coarse(t: Translator, audience: Audience) -> str:
    """That the places are not the true ones, where a file is made for the public; empty elsewhere."""
    return t("Places are moved to a grid of 11 km.") if audience == "public" else ""


def picture(
    view: MapView,
    t: Translator,
    *,
    form: str,
    size: str = "layar",
    sample: bool,
    title: str | None = None,
    classification: Classification = "BIASA",
    audience: Audience = "internal",
    number: str = "",
    address: str = "",
    graticule: bool = True,
    extent: BBox | None = None,
    colours: Colours = "rgb",
) -> bytes:
    """A picture file of a view in one of ``FORMS``; ``size`` is one of ``print_map.SIZES`` and leaves HTML alone.

    ``number``, ``address``, ``graticule`` and ``extent`` as in ``snapshot``; ``colours`` are those of a screen or, for
    a PDF alone, those of a printing press. Raises ``RefusedError`` for a form, size or colours that are not offered.
    """
    problems = []
    if form not in FORMS:
        problems.append(Problem(f"unknown kind of picture {form!r}", f"Choose one of: {', '.join(FORMS)}."))
    if size not in SIZES:
        problems.append(Problem(f"unknown size {size!r}", f"Choose one of: {', '.join(SIZES)}."))
    if colours == "cmyk" and form in FORMS and form != "pdf":
        problems.append(CMYK_IS_FOR_PDF)
    if problems:
        raise RefusedError(problems)
    if form == "html":
        return html_map(
            view,
            t,
            sample=sample,
            title=title,
            marking=marking_text(t, classification, audience),
            sources=(*sources(view, t, sample=sample), *filter(None, [coarse(t, audience)])),
            number=number,
            address=address,
            extent=_checked(extent) if extent is not None else None,
        ).encode("utf-8")
    drawn = snapshot(
        view,
        t,
        sample=sample,
        title=title,
        classification=classification,
        audience=audience,
        number=number,
        address=address,
        graticule=graticule,
        extent=extent,
    )
    return draw_map(drawn, size=SIZES[size], form=cast(Form, form), colours=colours)
