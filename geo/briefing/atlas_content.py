"""Gather what the atlas' template sets: every word and figure as text, every picture as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from geo import regions
from geo.briefing.atlas_map import INSET_MM, MAP_MM, MapPicture
from geo.briefing.atlas_notes import notes, status_rules
from geo.briefing.curves import curve_svg
from geo.briefing.parts import Briefing, Cell, Change, Figure, RegionPage, Table
from geo.drawing.charts import forecast_text, s_curve_summary
from geo.drawing.escape import plain_text
from geo.drawing.palette import ground, scale, status_look
from geo.drawing.print_content import LABELS, Labels
from geo.drawing.print_type import Type, Weight
from geo.drawing.qr import dark_areas, modules
from geo.drawing.symbols import svg_symbol
from geo.drawing.view import shown_statuses
from geo.drawing.web_map import alternative
from geo.locale import Translator
from geo.locale.terms import indicator_name, indicator_unit, status_name
from geo.model import Status

Progress = Callable[[float], None]
Content = dict[str, Any]

POINTS_PER_MM: Final = 72 / 25.4
PAGE_MM: Final = 182.0
"""Width between the margins of the template."""
CURVE_MM: Final = (112.0, 53.0)
_CELL_GAP: Final = 5.0
_COVER_ROWS: Final = 9
_TITLE_SIZES: Final = ((60, 30), (110, 24), (220, 17))
"""Letters of a title up to which it is set in so many points on the cover."""
_ROLLUP: Final = (2.5, 0.8, 1.0, 1.0, 1.0, 0.85, 1.1, 0.8, 1.1, 0.8, 1.05)
_SHARES: Final = {
    "late": (3.0, 1.05, 0.8, 1.0, 2.3, 3.3),
    "silent": (3.4, 2.0, 1.4, 3.0),
    "obstacles": (2.7, 0.65, 0.85, 0.9, 4.8),
    "programmes": _ROLLUP,
    "regions": _ROLLUP,
    "sites": (22.4, 42.6, 18.0, 29.6, 21.4, 11.9, 11.7, 10.2, 14.2),
}
"""Widths of columns where those of the briefing would break words on this paper."""
_FOOTER_LETTERS: Final = 190
_WHITE_SHARE: Final = 0.66
_UNTOLD: Final = "#eef0f2"

_BREAK: Final = "\u200b"
_JOINTS: Final = re.compile(r"(?<=[-/])")
_WIDEST: Final = 1.1
"""No letter is wider than this share of its size."""


class Pictures:
    """SVG by the name under which the template asks for it; a symbol is drawn once."""

    def __init__(self) -> None:
        self.drawn: dict[str, str] = {}

    def add(self, name: str, svg: str) -> str:
        self.drawn.setdefault(name, svg)
        return name

    def symbol(self, shape: str, status: str) -> str:
        return self.add(f"{shape}-{status}", svg_symbol(shape, status, size_px=20, theme="print"))

    def programme(self, shape: str) -> str:
        """A programme's shape without a status."""
        plain = svg_symbol(shape, Status.SESUAI_RENCANA, size_px=20, theme="print", fill=ground("print").grid)
        return self.add(f"{shape}-programme", plain)


def shown_pages(briefing: Briefing) -> tuple[RegionPage, ...]:
    """The pages of the briefing; where a single province holds every site, its page alone, as the two would agree."""
    if len(briefing.provinces) == 1 and len(briefing.provinces[0].state.positions) == len(briefing.sites.rows):
        return briefing.provinces
    return briefing.pages


def atlas_content(briefing: Briefing, progress: Progress) -> Content:
    """The whole atlas; ``progress`` hears shares from 0 to 1 as its pictures are drawn."""
    t, pictures = briefing.t, Pictures()
    labels = LABELS[t.language]
    pages = []
    shown = shown_pages(briefing)
    for at, page in enumerate(shown, start=1):
        pages.append(_page(page, briefing, pictures, labels))
        progress(at / len(shown))
    first = shown[0]
    return {
        "language": t.language,
        "document": plain_text(f"{briefing.title} – {briefing.subject}"),
        "title": _text(briefing.title, PAGE_MM - 10, 30, "bold"),
        "subject": _text(briefing.subject, PAGE_MM - 10, 14),
        "running": _text(_shortened(briefing.title, 48), 60, 8),
        "agency": t("National Counter-Terrorism Agency"),
        "keywords": [plain_text(word) for word in (briefing.subject, briefing.number, briefing.classification) if word],
        "position": labels.position.format(date=t.date(briefing.on)),
        "classification": f"{labels.classification}: {briefing.marking}",
        "restricted": briefing.classification != "BIASA",
        "sample": labels.sample if briefing.sample else "",
        "number": plain_text(briefing.number),
        "address": plain_text(briefing.address),
        "sources_line": _text(_sources(briefing, labels), PAGE_MM - 30, 8),
        "footer": [_text(line, PAGE_MM - 20, 7.5) for line in _footer(briefing, labels)],
        "colours": _colours(),
        "tints": {str(status): _tint(status) for status in Status},
        "map_width": MAP_MM[0],
        "curve_width": CURVE_MM[0],
        "words": {
            "contents": t("Contents"),
            "key": t("How to read the marks"),
            "programmes": labels.programmes,
            "statuses": labels.statuses_title,
            "sites": labels.sites,
            "inset": labels.inset,
            "curve": t("Planned and realised (S-curve)"),
            "changed": t("Changed since the last meeting"),
        },
        "cover": _cover(briefing, pictures, labels),
        "key": _key(first, t, pictures),
        "pages": pages,
        "plan": {
            "title": _text(briefing.plan_title, PAGE_MM, 19, "bold"),
            "figures": _figures(briefing.plan_figures),
            "matrix": _table(briefing.matrix, t, pictures),
        },
        "annex": _annex(briefing, pictures),
        "notes": {
            "title": t("Rules, sources and licences"),
            "statuses": _table(status_rules(first.state.thresholds, t), t, pictures),
            "parts": [
                {"title": title, "lines": [_text(line, PAGE_MM - 5, 9) for line in lines]}
                for title, lines in notes(briefing)
            ],
        },
        "pictures": pictures.drawn,
    }


# --- cover and contents ------------------------------------------------------------------------------------------


def _cover(briefing: Briefing, pictures: Pictures, labels: Labels) -> Content:
    t, first = briefing.t, shown_pages(briefing)[0]
    lines = [_known(briefing, labels)]
    if briefing.then is not None:
        lines.append(t("Compared with: {meeting}", meeting=first.changes_note))
    code = ""
    if briefing.address:
        code = pictures.add("code", _code_svg(plain_text(briefing.address)))
    return {
        "title_size": next((size for most, size in _TITLE_SIZES if len(briefing.title) <= most), 11),
        "lines": [_text(line, 115, 10) for line in lines],
        "sentences": [_text(line, 110, 13) for line in first.sentences],
        "figures": _figures(first.figures),
        "regions": _regions(briefing, first, pictures) if len(first.regions.rows) <= _COVER_ROWS else None,
        "code": code,
        "code_alt": t("QR code with the address that opens the same view again"),
        "code_note": t("Scan to open the same view again"),
    }


def _known(briefing: Briefing, labels: Labels) -> str:
    if briefing.known_at is None:
        return briefing.t("As known now")
    return briefing.t("Recorded until {moment}", moment=briefing.t.moment(briefing.known_at))


def _sources(briefing: Briefing, labels: Labels) -> str:
    return f"{labels.sources}: {'; '.join(briefing.sources)}"


def _footer(briefing: Briefing, labels: Labels) -> tuple[str, str]:
    t = briefing.t
    parts = [f"{labels.classification}: {briefing.marking}"]
    if briefing.number:
        parts.append(t("Number {number}", number=briefing.number))
    parts.append(_known(briefing, labels))
    told = _sources(briefing, labels)
    return " · ".join(parts), told if len(told) <= _FOOTER_LETTERS else t("Sources: see the last page")


def _code_svg(address: str) -> str:
    side = len(modules(address))
    rings = [
        f"M{'L'.join(f'{x:g} {y:g}' for x, y in ring.coords[:-1])}Z"
        for part in dark_areas(address)
        for ring in (part.exterior, *part.interiors)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{"".join(rings)}" fill-rule="evenodd"/></svg>'
    )


def _key(page: RegionPage, t: Translator, pictures: Pictures) -> Content:
    counts = page.view.status_counts
    return {
        "statuses": [
            {"symbol": pictures.symbol("circle", code), "name": f"{status_look(code).glyph} {status_name(t, code)}"}
            for code in shown_statuses(counts)
        ],
        "programmes": [
            {
                "symbol": pictures.programme(page.view.programmes[code].symbol),
                "name": page.view.programmes[code].name.in_language(t.language),
            }
            for code in page.view.programme_counts
        ],
        "lines": [
            t("The shape tells the programme; filling and mark tell the status, also in black and white."),
            t("“–” means that there is no figure; it is never a zero."),
        ],
    }


# --- pages -------------------------------------------------------------------------------------------------------


def _page(page: RegionPage, briefing: Briefing, pictures: Pictures, labels: Labels) -> Content:
    t, view = briefing.t, page.view
    drawn = MapPicture(page, t, sample=briefing.sample)
    width, height = (side * POINTS_PER_MM for side in CURVE_MM)
    counts = view.status_counts
    map_notes = [labels.approximate] if drawn.approximate else []
    if drawn.not_drawn:
        map_notes.append(f"{labels.not_drawn.format(count=labels.count(drawn.not_drawn))}.")
    return {
        "key": page.key,
        "name": _text(page.name, PAGE_MM, 19, "bold"),
        "subject": _text(page.subject, PAGE_MM, 9),
        "sentences": [_text(line, PAGE_MM, 10.5) for line in page.sentences],
        "figures": _figures(page.figures),
        "map": pictures.add(f"map-{page.key}", drawn.svg),
        "map_alt": plain_text(alternative(view, t)),
        "map_note": " ".join(map_notes),
        "inset": pictures.add(f"inset-{page.key}", drawn.inset),
        "inset_alt": t("Where the map lies in Indonesia"),
        "classes": _classes(page, t, labels),
        "legend_programmes": [
            _legend_row(
                pictures.programme(view.programmes[code].symbol),
                view.programmes[code].short.in_language(t.language),
                count,
                t,
            )
            for code, count in view.programme_counts.items()
        ],
        "legend_statuses": [
            _legend_row(pictures.symbol("circle", code), status_name(t, code), counts[code], t)
            for code in shown_statuses(counts)
        ],
        "curve": pictures.add(f"curve-{page.key}", curve_svg(page, t, width=width, height=height)),
        "curve_alt": plain_text(s_curve_summary(page.state.curve, on=briefing.on, t=t, forecast=page.forecast)),
        "curve_note": _text(_curve_note(page, t), CURVE_MM[0], 7.5),
        "changes": [_change(change) for change in page.changes],
        "changes_note": _text(page.changes_note, 60, 7.5),
        "changes_empty": t("Nothing changed.") if briefing.then is not None else "",
        **{
            table.key: _table(table, t, pictures) for table in (page.programmes, page.late, page.silent, page.obstacles)
        },
        "regions": _regions(briefing, page, pictures),
    }


def _regions(briefing: Briefing, page: RegionPage, pictures: Pictures) -> Content:
    """The regions of a page, each linked to its own page where there is one."""
    table = _table(page.regions, briefing.t, pictures)
    keys = {shown.key for shown in shown_pages(briefing)}
    for row, code in zip(table["rows"], page.regions.raw["region_code"], strict=False):
        row[0]["page"] = code if code in keys else ""
    return table


def _curve_note(page: RegionPage, t: Translator) -> str:
    if page.state.curve.empty:
        return page.curve_base
    told = f"{page.curve_base}. {forecast_text(page.forecast, t=t)}"
    return told[:1].upper() + told[1:]


def _legend_row(symbol: str, name: str, count: int, t: Translator) -> Content:
    return {"symbol": symbol, "name": _text(name, INSET_MM[0] - 12, 7.5), "count": t.integer(count), "zero": count == 0}


def _classes(page: RegionPage, t: Translator, labels: Labels) -> Content | None:
    """The classes of the map's colours with the regions in each."""
    view = page.view
    if view.indicator is None:
        return None
    scheme = scale(view.indicator)
    counts = [*view.class_counts, *[0] * scheme.count][: scheme.count]
    rows = [
        (colour, name.replace(".", labels.decimal), count)
        for colour, name, count in zip(scheme.colours("print"), scheme.labels(), counts, strict=True)
    ]
    rows.append(("", labels.no_data, view.without_data))
    if view.without_sites:
        rows.append((ground("print").land, labels.no_site, view.without_sites))
    unit = indicator_unit(t, view.indicator)
    name = indicator_name(t, view.indicator)
    return {
        "title": f"{name} ({unit}), {labels.areas}" if unit else f"{name}, {labels.areas}",
        "method": labels.class_methods[scheme.method],
        "classes": [{"colour": colour, "name": name, "count": labels.count(count)} for colour, name, count in rows],
    }


def _change(change: Change) -> Content:
    return {
        "good": change.good,
        "kind": _text(change.kind, 58, 8, "bold"),
        "name": _text(change.name, 58, 8, "semibold"),
        "place": _text(change.place, 58, 8),
        "told": _text(change.told, 58, 8),
        "others": change.others,
    }


def _figures(figures: Iterable[Figure]) -> list[Content]:
    return [
        {
            "label": _text(figure.label, 28, 8, "semibold"),
            "value": _text(figure.value, 28, 17, "bold"),
            "said": _text(figure.said, 28, 8.5, "semibold"),
            "note": _text(figure.note, 28, 7.5),
            "good": figure.good,
        }
        for figure in figures
    ]


def _table(
    table: Table, t: Translator, pictures: Pictures, *, size: float = 8, silent_symbols: bool = False
) -> Content:
    shares = _SHARES.get(table.key) or tuple(column.share for column in table.columns)
    widths = [share / sum(shares) * PAGE_MM - _CELL_GAP / POINTS_PER_MM for share in shares]
    return {
        "title": _text(table.title, PAGE_MM, 10.5, "bold"),
        "columns": [
            {"heading": _text(column.heading, width, 7.5, "semibold"), "share": share, "align": column.align}
            for column, width, share in zip(table.columns, widths, shares, strict=True)
        ],
        "rows": [
            [_cell(cell, width, size, t, pictures, silent_symbols) for cell, width in zip(row, widths, strict=True)]
            for row in table.rows
        ],
        "empty": table.empty,
        "note": table.note,
    }


def _cell(cell: Cell, width: float, size: float, t: Translator, pictures: Pictures, silent: bool) -> Content:
    symbol, said = "", ""
    if cell.symbol is not None:
        symbol = pictures.programme(cell.symbol) if cell.status is None else pictures.symbol(cell.symbol, cell.status)
        said = "" if silent or cell.status is None else status_name(t, cell.status)
    return {
        "text": _text(cell.text, width, size, "semibold" if cell.strong else "normal"),
        "strong": cell.strong,
        "status": str(cell.status or ""),
        "symbol": symbol,
        "said": said,
        "page": "",
    }


def _annex(briefing: Briefing, pictures: Pictures) -> Content:
    """Every site, a table for each province."""
    t, sites = briefing.t, briefing.sites
    whole = _table(sites, t, pictures, size=7.5, silent_symbols=True)
    parts: dict[str, list[Any]] = {}
    for row, code in zip(whole["rows"], sites.raw["region_code"], strict=True):
        parts.setdefault(code[:2] if isinstance(code, str) else "", []).append(row)
    return {
        "title": sites.title,
        "said": t.plural("{n} site", "{n} sites", len(sites.rows)),
        "empty": sites.empty,
        "parts": [
            {
                **whole,
                "title": f"{regions.region_label(code) if code else t('Without a province')} ({t.integer(len(rows))})",
                "rows": rows,
            }
            for code, rows in parts.items()
        ],
    }


# --- letters and colours -----------------------------------------------------------------------------------------


def _text(text: str, width_mm: float, size: float, weight: Weight = "normal") -> str:
    """Text as one line that cannot re-order its surroundings; a word wider than its place may be broken in it."""
    words, width, kind = plain_text(text), width_mm * POINTS_PER_MM, Type(size, "", weight)

    def fits(word: str) -> bool:
        return len(word) * size * _WIDEST <= width or kind.measure(word) <= width

    if all(map(fits, words.split())):
        return words
    return " ".join(_breakable(word, fits) for word in words.split())


def _breakable(word: str, fits: Callable[[str], bool]) -> str:
    """The word with places to break it: behind a hyphen or slash, and anywhere in a part that is still too wide."""
    if fits(word):
        return word
    parts = [part for part in _JOINTS.split(word) if part]
    return _BREAK.join(part if fits(part) else _BREAK.join(part) for part in parts)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _colours() -> dict[str, str]:
    colours = ground("print")
    names = ("ink", "muted", "border", "border_strong", "accent", "warning", "hatch")
    return {name: getattr(colours, name) for name in names} | {"wash": "#f3f6f7"}


def _tint(status: Status) -> str:
    """A status' colour so light that letters are read on it; what has no figure is grey."""
    look = status_look(status, "print")
    if look.hollow:
        return _UNTOLD
    parts = (int(look.fill[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * _WHITE_SHARE):02x}" for part in parts)
