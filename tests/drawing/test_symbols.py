"""One description of a symbol, the same in SVG, on the printed map and on the canvas of the browser."""

from __future__ import annotations

import json
import math
from xml.etree import ElementTree

import pytest

from geo.drawing.escape import js_value
from geo.drawing.palette import status_look
from geo.drawing.symbols import (
    CASING_WIDTH,
    REACH,
    SHAPES,
    area,
    canvas_symbols,
    matplotlib_path,
    shape,
    svg_path,
    svg_symbol,
    symbol_parts,
)
from geo.model import Status, UnknownCodeError

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_covers_the_same_area_and_stays_within_reach(name: str) -> None:
    points = shape(name)
    assert area(points) == pytest.approx(math.pi, rel=1e-3)
    assert max(math.hypot(x, y) for x, y in points) + CASING_WIDTH / 2 <= REACH


def test_the_shapes_a_programme_may_choose_are_the_eight_agreed_ones() -> None:
    assert set(SHAPES) == {"square", "circle", "triangle", "diamond", "pentagon", "hexagon", "star", "cross"}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("name", SHAPES)
def test_a_mark_stays_inside_its_shape(name: str, status: Status) -> None:
    parts = symbol_parts(name, status)
    path = matplotlib_path(parts.outline)
    points = [point for line in (*parts.mark.strokes, *parts.mark.fills) for point in line]
    assert all(path.contains_point((x, -y)) for x, y in points)


def test_every_status_has_its_own_drawing_in_one_ink() -> None:
    drawings = {(status_look(s).fill, symbol_parts("circle", s).line, symbol_parts("circle", s).mark) for s in Status}
    assert len(drawings) == len(Status)


def test_the_silent_and_the_unplanned_have_broken_outlines() -> None:
    assert symbol_parts("square", Status.BELUM_LAPOR).line == "dashed"
    assert symbol_parts("square", Status.TANPA_RENCANA).line == "dotted"
    assert symbol_parts("square", Status.BELUM_MULAI).line == "solid"


def test_an_svg_symbol_is_an_image_with_its_title_escaped() -> None:
    hostile = '"><script>alert(1)</script>${x}'
    text = svg_symbol("diamond", Status.KRITIS, size_px=24, title=hostile)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("width") == "24"
    assert root.findtext(f"{SVG}title") == hostile
    assert "<script" not in text
    assert "$" not in text


def test_an_svg_symbol_without_title_is_hidden_from_screen_readers() -> None:
    root = ElementTree.fromstring(svg_symbol("circle", Status.SELESAI, size_px=16))
    assert root.get("aria-hidden") == "true"
    assert root.get("role") is None


def test_a_theme_changes_colours_and_nothing_else() -> None:
    light = ElementTree.fromstring(svg_symbol("star", Status.WASPADA, size_px=20, theme="light"))
    dark = ElementTree.fromstring(svg_symbol("star", Status.WASPADA, size_px=20, theme="dark"))
    assert [path.get("d") for path in light] == [path.get("d") for path in dark]
    assert [path.get("fill") for path in light] != [path.get("fill") for path in dark]


def test_canvas_and_svg_and_print_hold_the_same_points() -> None:
    value = json.loads(js_value(canvas_symbols(SHAPES)))
    for name in SHAPES:
        outline = value["shapes"][name]["outline"]
        assert [tuple(point) for point in outline] == list(shape(name))
        assert svg_path(shape(name)) in svg_symbol(name, Status.KRITIS, size_px=10)
        assert [(x, -y) for x, y in outline] == [tuple(v) for v in matplotlib_path(shape(name)).vertices[:-1].tolist()]


def test_a_canvas_mark_times_the_room_of_its_shape_is_the_mark_of_the_symbol() -> None:
    value = json.loads(js_value(canvas_symbols(SHAPES)))
    for name in SHAPES:
        room = value["shapes"][name]["room"]
        for status in Status:
            drawn = value["statuses"][status]["strokes"]
            expected = symbol_parts(name, status).mark.strokes
            for line, expected_line in zip(drawn, expected, strict=True):
                for (x, y), (expected_x, expected_y) in zip(line, expected_line, strict=True):
                    assert (x * room, y * room) == pytest.approx((expected_x, expected_y), abs=1e-3)


def test_the_canvas_value_is_small_enough_to_travel_with_every_map() -> None:
    assert len(js_value(canvas_symbols(("square", "circle", "triangle", "diamond")))) < 9_000


def test_an_unknown_shape_is_refused_by_name() -> None:
    with pytest.raises(UnknownCodeError, match="oblong"):
        symbol_parts("oblong", Status.KRITIS)
