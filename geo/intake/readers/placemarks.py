"""Read KML, KMZ and GPX as a stream of XML, without GDAL: links are never followed, models never drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import shapely

from geo.intake.readers.archive import Archive
from geo.intake.readers.contents import Contents, Grid, Tell, UnreadableError, check_rows, said
from geo.intake.readers.geojson import fill
from geo.intake.readers.geometry import settled
from geo.intake.readers.markup import Node, pieces
from geo.intake.readers.workbook import number_of

if TYPE_CHECKING:
    from geo.intake.guard import Limits

_FIELDS = ("name", "description", "address", "phoneNumber")
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")


def read_kml(path: Path, limits: Limits, tell: Tell) -> Contents:
    """The placemarks of a KML as one sheet, names of the fields in row 1; raises ``UnreadableError``."""
    with path.open("rb") as stream:
        return _kml(stream, max(1, path.stat().st_size), limits, tell)


def read_kmz(path: Path, limits: Limits, tell: Tell) -> Contents:
    """The first KML of a KMZ (``doc.kml`` if there is one), as ``read_kml`` gives it."""
    archive = Archive(path, limits)
    names = [name for name in archive.names if name.lower().endswith(".kml")]
    if not names:
        raise UnreadableError("file.part", part="doc.kml")
    name = min(names, key=lambda one: (one.count("/"), one.lower() != "doc.kml"))
    with archive.open(name) as stream:
        contents = _kml(stream, max(1, archive.size(name)), limits, tell)
    if len(names) > 1:
        contents.said.append(said("flagged", "kml.others", count=len(names) - 1, name=name))
    return contents


def read_gpx(path: Path, limits: Limits, tell: Tell) -> Contents:
    """Waypoints, routes and tracks of a GPX as one sheet, names of the fields in row 1; raises ``UnreadableError``."""
    records: list[dict[str, Any]] = []
    shapes: list[Any] = []
    total = max(1, path.stat().st_size)
    with path.open("rb") as stream:
        for node in _watched(stream, {"wpt", "rte", "trk"}, total, tell):
            records.append(_gpx_fields(node))
            shapes.append(_shape_or_refusal(_gpx_shape, node, len(records) + 1))
            check_rows(len(records), limits)
    return _sheet("GPX", records, shapes, limits)


def _watched(stream: IO[bytes], tags: set[str], total: int, tell: Tell) -> Iterator[Node]:
    done = 0

    def moved(count: int) -> None:
        nonlocal done
        done += count
        tell(0.8 * done / total)

    return pieces(stream, tags, moved)


def _sheet(name: str, records: list[dict[str, Any]], shapes: list[Any], limits: Limits) -> Contents:
    if not records:
        raise UnreadableError("file.empty")
    geometry, told = settled(shapes, list(range(2, len(records) + 2)))
    grid = Grid(name, geometry={1: None, **geometry})
    fill(grid, records, limits)
    return Contents(sheets=[grid], said=told)


def _shape_or_refusal(build: Any, node: Node, row: int) -> Any:
    try:
        return build(node)
    except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
        raise UnreadableError("geometry.wrong", row=row) from error


# --- KML ---------------------------------------------------------------------------------------------------------


def _kml(stream: IO[bytes], total: int, limits: Limits, tell: Tell) -> Contents:
    records: list[dict[str, Any]] = []
    shapes: list[Any] = []
    linked = 0
    models = []
    declared: list[str] = []
    for node in _watched(stream, {"Placemark", "NetworkLink", "Schema"}, total, tell):
        if node.tag == "NetworkLink":
            linked += 1
            continue
        if node.tag == "Schema":
            declared += [
                name for one in node.walk() if one.tag == "SimpleField" and (name := one.attributes.get("name"))
            ]
            continue
        records.append(_kml_fields(node))
        check_rows(len(records), limits)
        row = len(records) + 1
        shapes.append(_shape_or_refusal(_kml_shape, node, row))
        if any(one.tag == "Model" for one in node.walk()):
            models.append(row)
    if linked and not records:
        raise UnreadableError("kml.link_only")
    contents = _sheet("KML", _in_order(records, declared), shapes, limits)
    if linked:
        contents.said.append(said("flagged", "kml.links", count=linked))
    if models:
        contents.said.append(said("flagged", "kml.models", rows=", ".join(map(str, models[:10])), count=len(models)))
    return contents


def _in_order(records: list[dict[str, Any]], declared: list[str]) -> list[dict[str, Any]]:
    """Records whose first one names its fields in the order in which the file declares them, not as they come.

    Only fields that a placemark fills are named.
    """
    if not records or not declared:
        return records
    met = dict.fromkeys(name for record in records for name in record)
    told = [name for name in declared if name in met]
    first = {name: records[0].get(name) for name in (*(name for name in met if name not in set(told)), *told)}
    return [first, *records[1:]]


def _kml_fields(node: Node) -> dict[str, Any]:
    """Name, description and the fields of ExtendedData; folders and styles are left out."""
    found: dict[str, Any] = {}
    for one in node.children:
        if one.tag in _FIELDS:
            found[one.tag] = one.text
    extended = node.child("ExtendedData")
    for one in extended.walk() if extended else ():
        name = one.attributes.get("name", "")
        if one.tag == "Data" and name:
            value = one.child("value")
            found[name] = value.text if value else ""
        elif one.tag == "SimpleData" and name:
            found[name] = one.text
    return found


def _kml_shape(node: Node) -> Any:
    """The placemark's geometry, ``None`` where it has none that can be drawn on a map."""
    shapes = [made for one in node.children if one.tag in _SHAPES and (made := _kml_part(one)) is not None]
    return shapes[0] if len(shapes) == 1 else _collected(shapes)


def _kml_part(node: Node) -> Any:
    if node.tag in {"MultiGeometry", "MultiTrack"}:
        return _collected(
            [made for one in node.children if one.tag in _SHAPES and (made := _kml_part(one)) is not None]
        )
    if node.tag == "Polygon":
        outer = _ring(node.child("outerBoundaryIs"))
        holes = [ring for one in node.children if one.tag == "innerBoundaryIs" and (ring := _ring(one))]
        return shapely.Polygon(outer, holes) if outer else None
    if node.tag == "Track":
        points = [_numbers(one.text.split()) for one in node.children if one.tag == "coord"]
    else:
        points = _coordinates(node)
    if not points:
        return None
    if node.tag == "Point":
        return shapely.Point(points[0])
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])


def _ring(node: Node | None) -> list[tuple[float, float]]:
    ring = node.child("LinearRing") if node else None
    points = _coordinates(ring) if ring else []
    return points if len(points) > 2 else []


def _coordinates(node: Node) -> list[tuple[float, float]]:
    given = node.child("coordinates")
    return [_numbers(one.split(",")) for one in given.text.split()] if given else []


def _numbers(parts: list[str]) -> tuple[float, float]:
    return float(parts[0]), float(parts[1])


def _collected(shapes: list[Any]) -> Any:
    """Several shapes as one: a multi-geometry where they are of one kind."""
    if not shapes:
        return None
    kinds = {shape.geom_type for shape in shapes}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind in {"Point", "LineString", "Polygon"}:
        return shapes[0] if len(shapes) == 1 else getattr(shapely, f"Multi{kind}")(shapes)
    return shapely.GeometryCollection(shapes)


# --- GPX ---------------------------------------------------------------------------------------------------------


def _gpx_fields(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"type": node.tag}
    for one in node.children:
        if one.tag in {"rtept", "trkseg", "extensions", "link"}:
            continue
        text = one.text
        found[one.tag] = _number_or_text(text) if one.tag == "ele" else text
    return found


def _number_or_text(text: str) -> Any:
    try:
        return number_of(text)
    except ValueError:
        return text


def _gpx_shape(node: Node) -> Any:
    if node.tag == "wpt":
        return shapely.Point(_gpx_point(node))
    if node.tag == "rte":
        return _line([one for one in node.children if one.tag == "rtept"])
    lines = [
        _line([one for one in part.children if one.tag == "trkpt"]) for part in node.children if part.tag == "trkseg"
    ]
    return _collected([line for line in lines if line is not None])


def _line(nodes: list[Node]) -> Any:
    points = [_gpx_point(one) for one in nodes]
    if not points:
        return None
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])


def _gpx_point(node: Node) -> tuple[float, float]:
    return float(node.attributes.get("lon", "")), float(node.attributes.get("lat", ""))
