"""What a viewer draws on the map chooses the sites inside; what is no area chooses nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.drawing.selection import MOST_CORNERS, read_extent, read_ring, within_box, within_ring

SITES = pd.DataFrame({"lon": [110.5, 111.0, 112.0, np.nan], "lat": [-7.5, -7.0, -9.0, -7.5]})
SQUARE = ((110.0, -8.0), (111.0, -8.0), (111.0, -7.0), (110.0, -7.0), (110.0, -8.0))


def test_a_ring_is_read_with_its_corners() -> None:
    assert read_ring("110.0 -8.0,111.0 -8.0,111.0 -7.0") == ((110.0, -8.0), (111.0, -8.0), (111.0, -7.0))


@pytest.mark.parametrize(
    "text",
    [
        "", "110 -8", "110 -8,111 -8", "110 -8,110 -8,110 -8", "110 -8,111 -8,112 -8", "110 -8,111 x,112 -7",
        "110 -8 3,111 -8 3,112 -7 3", "nan -8,111 -8,112 -7", "inf -8,111 -8,112 -7", "190 -8,111 -8,112 -7",
        "110 -98,111 -8,112 -7", ",".join(["110 -8", "111 -8", "111 -7"] * MOST_CORNERS),
    ],
)  # fmt: skip
def test_what_is_no_area_is_no_selection(text: str) -> None:
    assert read_ring(text) == ()


def test_sites_inside_and_on_the_edge_are_chosen_and_one_without_a_place_is_not() -> None:
    assert within_ring(SITES, SQUARE).tolist() == [True, True, False, False]
    assert within_box(SITES, (110.0, -8.0, 111.0, -7.0)).tolist() == [True, True, False, False]


def test_a_ring_that_crosses_itself_chooses_what_its_lines_enclose() -> None:
    bow = ((110.0, -8.0), (111.0, -7.0), (111.0, -8.0), (110.0, -7.0))
    places = pd.DataFrame({"lon": [110.1, 110.9, 110.5], "lat": [-7.5, -7.5, -7.9]})
    assert within_ring(places, bow).tolist() == [True, True, False]


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,x", "3,1,1,2", "1,3,2,1", "nan,1,2,3", "1,2,3,4,5"])
def test_what_is_no_box_is_no_extent(text: str) -> None:
    assert read_extent(text) is None


def test_an_extent_is_read() -> None:
    assert read_extent("110.0,-8.0,111.5,-7.0") == (110.0, -8.0, 111.5, -7.0)
