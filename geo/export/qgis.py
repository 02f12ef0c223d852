"""Write a layer's style and metadata as QGIS reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.export.looks import OTHER, Look, looks, shapes, telling_column
from geo.model import Language

METADATA_URI: Final = "http://mrcc.com/qgis.dtd"
"""What QGIS names the standard of its own metadata."""

_VERSION: Final = "3.28.0"
_SIZE_MM: Final = "3.4"
_MARKERS: Final[Mapping[str, str]] = {"cross": "cross_fill"}  # a bare "cross" is two lines without a fill


def style(columns: Sequence[str], *, areas: bool, language: Language) -> str:
    """A QML style: colour and legend by status (else programme), the shape of a point by its programme.

    ``areas`` fills regions instead. Places of no known value are grey.
    """
    root = Element("qgis", version=_VERSION, styleCategories="Symbology|Labeling")
    column = None if areas else telling_column(columns)
    named = looks(column, language)
    other = Look("", "…", OTHER, "#17242e")
    if column is None:
        renderer = SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
        shown: tuple[Look, ...] = (other,)
    else:
        renderer = SubElement(
            root, "renderer-v2", type="categorizedSymbol", attr=column, symbollevels="0", enableorderby="0"
        )
        categories = SubElement(renderer, "categories")
        shown = (*named, other)
        for place, look in enumerate(shown):
            SubElement(categories, "category", symbol=str(place), value=look.value, label=look.label, render="true")
    symbols = SubElement(renderer, "symbols")
    by_programme = {} if areas else shapes(columns)
    for place, look in enumerate(shown):
        kind = "fill" if areas else "marker"
        symbol = SubElement(symbols, "symbol", name=str(place), type=kind, alpha="1", clip_to_extent="1")
        _fill(symbol, look) if areas else _marker(symbol, look, by_programme)
    SubElement(root, "blendMode").text = "0"
    SubElement(root, "layerGeometryType").text = "2" if areas else "0"
    return tostring(root, encoding="unicode")


def _marker(symbol: Element, look: Look, by_programme: Mapping[str, str]) -> None:
    options = {
        "name": "circle", "color": _rgba(look.fill), "outline_color": _rgba(look.outline), "outline_style": "solid",
        "outline_width": "0.3", "outline_width_unit": "MM", "size": _SIZE_MM, "size_unit": "MM", "angle": "0",
    }  # fmt: skip
    layer = _layer(symbol, "SimpleMarker", options)
    if by_programme:
        _data_defined(layer, "name", _shape_expression(by_programme))


def _fill(symbol: Element, look: Look) -> None:
    options = {
        "color": _rgba(look.fill, 90), "style": "solid", "outline_color": _rgba(look.outline),
        "outline_style": "solid", "outline_width": "0.26", "outline_width_unit": "MM",
    }  # fmt: skip
    _layer(symbol, "SimpleFill", options)


def _layer(symbol: Element, kind: str, options: Mapping[str, str]) -> Element:
    """A symbol's layer, its options in the words of newer and of older releases."""
    layer = SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    held = SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        SubElement(held, "Option", name=name, type="QString", value=value)
    for name, value in options.items():
        SubElement(layer, "prop", k=name, v=value)
    return layer


def _data_defined(layer: Element, name: str, expression: str) -> None:
    held = SubElement(SubElement(layer, "data_defined_properties"), "Option", type="Map")
    SubElement(held, "Option", name="name", type="QString", value="")
    properties = SubElement(held, "Option", name="properties", type="Map")
    one = SubElement(properties, "Option", name=name, type="Map")
    SubElement(one, "Option", name="active", type="bool", value="true")
    SubElement(one, "Option", name="expression", type="QString", value=expression)
    SubElement(one, "Option", name="type", type="int", value="3")
    SubElement(held, "Option", name="type", type="QString", value="collection")


def _shape_expression(by_programme: Mapping[str, str]) -> str:
    cases = " ".join(
        f"WHEN '{programme}' THEN '{_MARKERS.get(shape, shape)}'" for programme, shape in by_programme.items()
    )
    return f"CASE \"programme\" {cases} ELSE 'circle' END"


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def metadata(about: Mapping[str, str], *, identifier: str) -> str:
    """A layer's metadata: title, what it holds, licence, language."""
    root = Element("qgis", version=_VERSION)
    told = {
        "identifier": identifier,
        "language": about.get("bahasa", ""),
        "type": "dataset",
        "title": identifier,
        "abstract": "\n".join(f"{name}: {text}" for name, text in about.items()),
        "license": about.get("lisensi", ""),
        "rights": about.get("sumber", ""),
        "encoding": "UTF-8",
    }
    for name, text in told.items():
        if text:
            SubElement(root, name).text = text
    return tostring(root, encoding="unicode")
