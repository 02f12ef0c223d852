"""The view of the web map and the extent of a picture tell of the same place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.drawing.request import Basis, Request, address, view_extent
from geo.model import Filters

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
ONE = Request(
    what="map",
    form="png",
    filters=Filters(on=date(2026, 10, 31), known_at=AT),
    basis=Basis(records="r", recorded_to=AT, programmes="p", thresholds="t", boundaries="b", software="0"),
    base="http://127.0.0.1:8501",
)


@pytest.mark.parametrize("view", ["-7.52000,112.73000,8.25", "-2.50000,118.00000,4.75", "-8.65000,116.32000,14.00"])
def test_an_extent_taken_from_a_view_reopens_that_view(view: str) -> None:
    extent = view_extent(view)
    assert extent is not None
    west, south, east, north = extent
    lat, lon, _ = map(float, view.split(","))
    assert west < lon < east
    assert south < lat < north
    told = parse_qs(urlsplit(address(replace(ONE, extent=extent))).query)
    assert told["pandang"] == [view]


@pytest.mark.parametrize(
    "view", ["", "1,2", "1,2,3,4", "a,b,c", "nan,110,6", "-7,inf,6", "-7,110,2", "-7,110,15", "88,110,6", "0,181,6"]
)
def test_what_is_no_view_has_no_extent(view: str) -> None:
    assert view_extent(view) is None


def test_a_view_at_the_edge_of_the_world_stops_there() -> None:
    extent = view_extent("0,179,4")
    assert extent is not None
    assert extent[2] == 180


def test_the_day_that_changes_are_told_since_is_part_of_the_number_and_comes_back() -> None:
    told = replace(ONE, what="atlas", form="pdf", size="a4_landscape", since=date(2026, 6, 30))
    assert told.number != replace(told, since=None).number
    assert Request.from_dict(told.as_dict()) == told
    assert "since" not in replace(told, since=None).as_dict()
