"""The files behind the web map hold each site once, in one order, and a selection is one bit for each."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.drawing.points import UNKNOWN, Points, points_of
from geo.model import Status


def positions(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code", "programme", "region_code", "lon", "lat", "status"])


THREE = positions(
    ("B", "rusun", "35.07", 112.6, -8.1, "kritis"),
    ("A", "ktn", "33.10", 110.61234, -7.65432, "selesai"),
    ("C", "ktn", "35.07", np.nan, np.nan, "waspada"),
)


def read(points: Points) -> dict[str, Any]:
    """The file as a browser reads it."""
    raw = points.content
    length = int(np.frombuffer(raw[:4], "<u4")[0])
    header = json.loads(raw[4 : 4 + length])
    n, at = header["n"], 4 + length
    assert at % 4 == 0
    parts = {}
    for name, kind in (("lon", "<i4"), ("lat", "<i4"), ("region", "<u2"), ("programme", "u1")):
        size = np.dtype(kind).itemsize * n
        parts[name] = np.frombuffer(raw[at : at + size], kind).tolist()
        at += size
    assert at == len(raw)
    return {**header, **parts}


def test_rows_are_sorted_by_region_and_a_site_without_a_place_has_none() -> None:
    points = points_of(THREE)
    found = read(points)
    assert list(points.codes) == ["A", "B"]
    assert points.row_of == {"A": 0, "B": 1}
    assert found["n"] == 2
    assert [found["regions"][place] for place in found["region"]] == ["33.10", "35.07"]
    assert [found["programmes"][place] for place in found["programme"]] == ["ktn", "rusun"]
    assert found["lon"] == [11_061_234, 11_260_000]
    assert found["lat"] == [-765_432, -810_000]


def test_a_day_is_one_status_for_each_row() -> None:
    points = points_of(THREE)
    order = [str(status) for status in Status]
    assert [order[byte] for byte in points.day(THREE)] == ["selesai", "kritis"]
    strange = THREE.assign(status=["kritis", "entah", "selesai"])
    assert list(points.day(strange)) == [UNKNOWN, order.index("kritis")]


def test_no_mask_is_needed_where_all_are_shown_and_none_shown_is_a_mask() -> None:
    points = points_of(THREE)
    assert points.mask(np.array([True, True, False])) is None
    assert points.mask(np.array([False, False, True])) == base64.b64encode(b"\0").decode()


def test_the_version_differs_with_a_place_and_with_a_code_and_not_with_the_order_of_rows() -> None:
    version = points_of(THREE).version
    assert points_of(THREE.iloc[::-1].reset_index(drop=True)).version == version
    assert points_of(THREE.assign(lat=THREE["lat"] + 0.00001)).version != version
    assert points_of(THREE.assign(code=["X", "A", "C"])).version != version


def test_no_site_is_an_empty_file() -> None:
    points = points_of(THREE.iloc[:0])
    assert read(points)["n"] == 0
    assert points.day(THREE.iloc[:0]) == b""
    assert points.mask(np.zeros(0, dtype=bool)) is None


@given(st.lists(st.tuples(st.sampled_from(["35.07", "33.10", None]), st.booleans(), st.booleans()), max_size=40))
def test_every_bit_is_its_site(rows: list[tuple[str | None, bool, bool]]) -> None:
    frame = positions(
        *(
            (f"S{place}", "ktn", region, 110.0 if placed else np.nan, -7.0, "selesai")
            for place, (region, placed, _) in enumerate(rows)
        )
    )
    kept = np.array([chosen for _, _, chosen in rows], dtype=bool)
    points = points_of(frame)
    mask = points.mask(kept)
    bits = np.ones(len(points.codes), dtype=bool)
    if mask is not None:
        raw = np.frombuffer(base64.b64decode(mask), "u1")
        bits = np.array([bool(raw[row >> 3] & (1 << (row & 7))) for row in range(len(points.codes))], dtype=bool)
    shown = {code for code, bit in zip(points.codes, bits, strict=True) if bit}
    assert shown == {f"S{place}" for place, (_, placed, chosen) in enumerate(rows) if placed and chosen}


def test_statuses_fit_a_byte() -> None:
    assert len(Status) < UNKNOWN


@pytest.mark.parametrize("count", [1, 7, 8, 9])
def test_a_mask_has_a_bit_for_each_site_however_many(count: int) -> None:
    frame = positions(*((f"S{place}", "ktn", "35.07", 110.0, -7.0, "selesai") for place in range(count)))
    mask = points_of(frame).mask(np.zeros(count, dtype=bool))
    assert mask is not None
    assert len(base64.b64decode(mask)) == -(-count // 8)
