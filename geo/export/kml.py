"""Write KML: placemarks with name, look, time and their figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
import shapely

from geo.export.cells import plain_column
from geo.export.looks import OTHER, Look, looks, telling_column
from geo.export.meanings import subject_of
from geo.export.places import Shapes, shapes_of, without_places
from geo.model import Language

_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INT32: Final = 2**31 - 1


def kml_bytes(table: pd.DataFrame, about: Mapping[str, str], language: Language) -> bytes:
    """A placemark for each row that has a place; KML cannot hold the others.

    Its ``name`` is the row's name (title, site, code); its time the day the row speaks of, or from the start to the
    target of a site; its colour that of the status, else of the programme; all columns and ``about`` stand in its
    extended data, and ``about`` in the document's, too. Control characters, which XML cannot hold, are left out.
    """
    shapes = shapes_of(table, "kml")
    there = ~shapely.is_missing(shapes)
    located = table[there]
    values = {str(name): plain_column(located[name]) for name in without_places(table).columns}
    column = telling_column(values)
    known = looks(column, language)
    title = next((name for name in ("name", "title", "site_code", "code") if name in values), None)
    # readers take the placemark's name for a field of that name
    fields = {name: _field_kind(column_values) for name, column_values in values.items() if name != "name"}
    subject = subject_of(list(table.columns))
    heading = " – ".join(part for part in ("Sinergisitas", subject, about.get("posisi", "")) if part)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        f'<Document id="{subject}">',
        f"<name>{_text(heading)}</name>",
        f"<description>{_text(chr(10).join(f'{name}: {text}' for name, text in about.items()))}</description>",
        *map(_style, (*known, Look("lain", "", OTHER, OTHER))),
        _document_data(about),
        _schema(fields, about),
        f"<Folder><name>{subject}</name>",
        *_placemarks(values, shapes[there], about, title=title, fields=fields, column=column, known=known),
        "</Folder>",
        "</Document>",
        "</kml>",
    ]
    return "\n".join(part for part in parts if part).encode("utf-8")


def _placemarks(
    values: Mapping[str, list[Any]],
    shapes: Shapes,
    about: Mapping[str, str],
    *,
    title: str | None,
    fields: Mapping[str, str],
    column: str | None,
    known: Sequence[Look],
) -> list[str]:
    same = "".join(_datum(name, text) for name, text in about.items())
    styles = {look.value for look in known}
    made = []
    for place, shape in enumerate(shapes):
        name = values[title][place] if title else None
        style = values[column][place] if column else None
        told = "".join(_datum(field, values[field][place]) for field in fields)
        made.append(
            f"<Placemark><name>{_text(name)}</name>{_time(values, place)}"
            f"<styleUrl>#gaya-{style if style in styles else 'lain'}</styleUrl>"
            f'<ExtendedData><SchemaData schemaUrl="#kolom">{told}{same}</SchemaData></ExtendedData>'
            f"{_geometry(shape)}</Placemark>"
        )
    return made


def _text(value: object) -> str:
    return "" if value is None else escape(_UNWRITABLE.sub("", str(value)))


def _datum(name: str, value: Any) -> str:
    if value is None:
        return ""
    told = ("true" if value else "false") if isinstance(value, bool) else value
    return f"<SimpleData name={quoteattr(name)}>{_text(told)}</SimpleData>"


def _time(values: Mapping[str, list[Any]], place: int) -> str:
    """The day a row speaks of, or the span of a site's work."""
    day = values["as_of"][place] if "as_of" in values else None
    if day is not None:
        return f"<TimeStamp><when>{day}</when></TimeStamp>"
    begin, end = (values[name][place] if name in values else None for name in ("start_date", "target_date"))
    if begin is None and end is None:
        return ""
    told = (f"<begin>{begin}</begin>" if begin else "") + (f"<end>{end}</end>" if end else "")
    return f"<TimeSpan>{told}</TimeSpan>"


def _style(look: Look) -> str:
    red, green, blue = look.fill[1:3], look.fill[3:5], look.fill[5:7]
    return (
        f'<Style id="gaya-{look.value}"><IconStyle><color>ff{blue}{green}{red}</color><scale>0.9</scale></IconStyle>'
        f"<LabelStyle><scale>0.8</scale></LabelStyle>"
        f"<PolyStyle><color>7f{blue}{green}{red}</color></PolyStyle></Style>"
    )


def _field_kind(values: Sequence[Any]) -> str:
    """The type KML names for a column; its whole numbers have 32 bits only."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "bool"
    if kinds == {int} and max(abs(value) for value in values if value is not None) <= _INT32:
        return "int"
    return "double" if kinds and kinds <= {int, float} else "string"


def _schema(fields: Mapping[str, str], about: Mapping[str, str]) -> str:
    told = "".join(
        f"<SimpleField name={quoteattr(name)} type={quoteattr(kind)}/>"
        for name, kind in (*fields.items(), *((name, "string") for name in about))
    )
    return f'<Schema id="kolom" name="kolom">{told}</Schema>'


def _document_data(about: Mapping[str, str]) -> str:
    told = "".join(f"<Data name={quoteattr(name)}><value>{_text(text)}</value></Data>" for name, text in about.items())
    return f"<ExtendedData>{told}</ExtendedData>" if told else ""


def _geometry(shape: shapely.Geometry) -> str:
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{_corners(shape)}</coordinates></Point>"
    if shape.geom_type == "Polygon":
        inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{inner}</Polygon>"
    return f"<MultiGeometry>{''.join(_geometry(part) for part in shape.geoms)}</MultiGeometry>"


def _ring(ring: shapely.LinearRing) -> str:
    return f"<LinearRing><coordinates>{_corners(ring)}</coordinates></LinearRing>"


def _corners(shape: shapely.Geometry) -> str:
    return " ".join(f"{lon!r},{lat!r}" for lon, lat in shapely.get_coordinates(shape).tolist())
