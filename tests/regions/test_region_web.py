"""Layers for the browser are small, carry only code and name, and are named after their content."""

from __future__ import annotations

import json
import re

import pytest
import shapely

from geo.model import UnknownCodeError
from geo.regions import active_folder, regencies_of, web_layer
from geo.regions.folders import SHIPPED_FOLDER


@pytest.mark.parametrize(
    ("level", "province", "count", "most_bytes"),
    [(1, None, 38, 250_000), (2, None, 514, 800_000), (2, "35", 38, 100_000), (2, "72", 13, 50_000)],
)
def test_a_layer_holds_every_region_in_few_bytes(level: int, province: str | None, count: int, most_bytes: int) -> None:
    name, payload = web_layer(level, province=province)
    features = json.loads(payload)["features"]
    assert len(features) == count
    assert {tuple(one["properties"]) for one in features} == {("code", "name")}
    assert shapely.is_valid(shapely.get_parts(shapely.from_geojson(payload.decode()))).all()
    assert len(payload) <= most_bytes
    assert re.fullmatch(r"(provinces|regencies(-\d\d)?)\.[0-9a-f]{8}\.json", name)


def test_a_province_layer_holds_that_province_alone() -> None:
    _, payload = web_layer(2, province="52")
    assert [one["properties"]["code"] for one in json.loads(payload)["features"]] == [
        one.code for one in regencies_of("52")
    ]


def test_the_name_changes_with_the_content_only() -> None:
    first, second = web_layer(1), web_layer(1)
    assert first == second
    active_folder().mkdir(parents=True)
    text = (SHIPPED_FOLDER / "provinces.geojson").read_text(encoding="utf-8")
    (active_folder() / "provinces.geojson").write_text(text.replace("Jawa Barat", "Pasundan"), encoding="utf-8")
    third = web_layer(1)
    assert third[0] != first[0]
    assert "Pasundan" in third[1].decode()


@pytest.mark.parametrize("province", ["99", "", "35.07"])
def test_a_layer_of_an_unknown_province_is_an_error(province: str) -> None:
    with pytest.raises(UnknownCodeError):
        web_layer(2, province=province)
