"""Write the map as one HTML file that needs no other file and no network."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any, Final

from geo import offline, regions
from geo.drawing.escape import html_text, js_value
from geo.drawing.qr import inline_svg
from geo.drawing.view import MapView
from geo.drawing.web_map import ASSETS, alternative, layer_script, payload, symbols_script
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import BBox

_PAGE: Final = Path(__file__).parent / "assets" / "page.css"


def html_map(
    view: MapView,
    t: Translator,
    *,
    sample: bool,
    title: str | None,
    marking: str,
    sources: tuple[str, ...],
    number: str = "",
    address: str = "",
    extent: BBox | None = None,
) -> str:
    """The map of a view as a page: title, day, sample mark, map with legend, table of the sites, sources.

    ``marking`` is the classification and whom the page is made for. ``number`` and ``address`` (an http address) are
    told at the end, the address also as a QR code; ``extent`` is what is shown first, in degrees, instead of the view's
    own. Scripts, styles and boundaries are inside; its own policy forbids the page any request. Text from data reaches
    it escaped, or as JSON that only ``textContent`` and ``fillText`` ever see.
    """
    content = payload(view, t, sample=sample)
    heading = html_text(title or view.title(t))
    filters = view.state.filters
    said = t("As of {day}", day=t.date(filters.on))
    if filters.known_at is not None:
        said += f" · {t('As known on {moment}', moment=t.moment(filters.known_at))}"
    day = html_text(said)
    label = html_text(t("Classification: {label}", label=marking))
    mark = f'<p class="sample">{html_text(content["note"])}</p>' if sample else ""
    style = _style("leaflet/leaflet.css") + (ASSETS / "peta.css").read_text("utf-8") + _PAGE.read_text("utf-8")
    code = "\n".join((_script("leaflet/leaflet.js"), symbols_script(), layer_script()))
    listed = "".join(f"<li>{html_text(line)}</li>" for line in sources)
    return f"""<!doctype html>
<html lang="{t.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{heading} – {html_text(view.subject(t))}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{heading}</h1>
<p>{html_text(view.subject(t))} · <strong>{day}</strong> · {label}</p>
{mark}
</header>
<div id="map" role="application" aria-label="{html_text(alternative(view, t))}"></div>
<details class="table"><summary>{html_text(t("Table of what the map shows"))}</summary>{_table(view, t)}</details>
<footer>{_origin(t, number=number, address=address)}<p>{html_text(t("Sources"))}</p><ul>{listed}</ul></footer>
<script>{_closed(code)}</script>
<script>
const map = L.map("map", {{zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 3, maxZoom: 14}}).setView([-5.5, 114.5], 6);
programmeMap.start(map, {{}});
programmeMap.update({js_value(content)});
{_shown(extent)}
</script>
</body>
</html>
"""


def _origin(t: Translator, *, number: str, address: str) -> str:
    """The number of the picture and the address that opens the same view, as a code, a link and letters."""
    told = (
        f'<p class="number">{html_text(t("Picture number"))} <strong>{html_text(number)}</strong></p>' if number else ""
    )
    if not address:
        return told
    code = inline_svg(address, label=t("QR code of the address"))
    plain = html_text(address)
    link = f'<a href="{plain}" rel="noreferrer">{plain}</a>' if re.match(r"https?://", address) else plain
    return f'<div class="origin">{code}<div>{told}<p>{html_text(t("The same view"))}: {link}</p></div></div>'


def _shown(extent: BBox | None) -> str:
    if extent is None:
        return ""
    west, south, east, north = extent
    return f"map.fitBounds({js_value([[south, west], [north, east]])}, {{animate: false}});"


_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def _script(name: str) -> str:
    """A script without the line that names its source map, which a browser would ask for."""
    text = offline.asset(name).content.decode("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//# sourceMappingURL"))


def _closed(code: str) -> str:
    """Code that cannot end the script element it stands in."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _style(name: str) -> str:
    """A style sheet with its pictures inside."""
    text = offline.asset(name).content.decode("utf-8")
    folder = name.rpartition("/")[0]
    for picture in ("images/layers.png", "images/layers-2x.png", "images/marker-icon.png"):
        data = base64.b64encode(offline.asset(f"{folder}/{picture}").content).decode("ascii")
        text = text.replace(f"url({picture})", f"url(data:image/png;base64,{data})")
    return text


def _table(view: MapView, t: Translator) -> str:
    heads = "".join(
        f"<th>{html_text(name)}</th>"
        for name in (
            t("Site"), t("Programme"), t("Kabupaten/kota"), t("Status"), t("Realised"), t("Planned"), t("Deviation"),
            t("Last report"),
        )
    )  # fmt: skip
    rows = "".join(_row(site, view, t) for site in view.points.to_dict("records"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(site: dict[Any, Any], view: MapView, t: Translator) -> str:
    cells = (
        site["name"],
        view.programmes[site["programme"]].short.in_language(t.language),
        regions.region_label(site["region_code"]),
        status_name(t, site["status"]),
        t.percent(site["actual_percent"]),
        t.percent(site["plan_percent"]),
        t.points(site["deviation_points"], unit=False),
        t.date_short(site["as_of"]),
    )
    return f"<tr>{''.join(f'<td>{html_text(cell)}</td>' for cell in cells)}</tr>"
