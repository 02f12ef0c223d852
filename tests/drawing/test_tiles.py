"""A tile base is off unless an administrator names one, with who made it."""

from __future__ import annotations

import pytest

from geo.drawing.tiles import Tiles, TilesError, tiles

GOOD = {"GEO_TILES_URL": "https://{s}.tiles.example/{z}/{x}/{y}.png", "GEO_TILES_ATTRIBUTION": "Contoh"}


def test_without_an_address_there_is_no_tile_base() -> None:
    assert tiles({}) is None
    assert tiles({"GEO_TILES_URL": " ", "GEO_TILES_ATTRIBUTION": "Contoh"}) is None


def test_a_tile_base_has_an_origin_for_the_policy() -> None:
    assert tiles(GOOD) == Tiles(GOOD["GEO_TILES_URL"], "Contoh", 18)
    assert tiles(GOOD | {"GEO_TILES_MAX_ZOOM": "12"}) == Tiles(GOOD["GEO_TILES_URL"], "Contoh", 12)
    assert Tiles(GOOD["GEO_TILES_URL"], "Contoh").origin == "https://*.tiles.example"
    assert Tiles("http://10.0.0.5:8080/{z}/{x}/{y}.png", "Contoh").origin == "http://10.0.0.5:8080"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEO_TILES_URL", "ftp://host/{z}/{x}/{y}.png"),
        ("GEO_TILES_URL", "https:///{z}/{x}/{y}.png"),
        ("GEO_TILES_URL", "https://host/tiles.png"),
        ("GEO_TILES_URL", "https://host; script-src *//{z}/{x}/{y}.png"),
        ("GEO_TILES_ATTRIBUTION", ""),
        ("GEO_TILES_MAX_ZOOM", "30"),
        ("GEO_TILES_MAX_ZOOM", "x"),
    ],
)
def test_a_tile_base_that_cannot_work_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(TilesError, match=name):
        tiles(GOOD | {name: value})
