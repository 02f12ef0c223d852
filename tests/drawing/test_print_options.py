"""What is chosen for a picture reaches it in every form: number, address, extent; and its land keeps common borders."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import regions
from geo.drawing.layout import Box, View, filled_extent
from geo.drawing.print_map import SIZES, map_figure
from geo.drawing.print_shapes import outline
from geo.drawing.snapshot import picture, snapshot
from geo.locale import translator
from geo.model import RefusedError
from tests.drawing.contact_sheet import ADDRESS, NUMBER
from tests.views import view_of

ID = translator("id")
CHOSEN = {"number": NUMBER, "address": ADDRESS}
EXTENT = (112.4, -8.4, 112.9, -7.9)


def test_a_page_that_stands_alone_tells_number_and_address_and_draws_the_code(tables: dict[str, pd.DataFrame]) -> None:
    page = picture(view_of(tables), ID, form="html", sample=True, **CHOSEN).decode()
    assert f"<strong>{NUMBER}</strong>" in page
    found = re.search(r'<svg viewBox="[^"]+" class="code">.*?</svg>', page)
    assert found is not None
    assert ET.fromstring(found.group()).find(".//path") is not None
    assert f'href="{ADDRESS.replace("&", "&amp;")}"' in page
    bare = picture(view_of(tables), ID, form="html", sample=True).decode()
    assert 'class="code"' not in bare
    assert NUMBER not in bare


def test_an_address_that_is_no_web_address_is_no_link(tables: dict[str, pd.DataFrame]) -> None:
    page = picture(view_of(tables), ID, form="html", sample=True, address='javascript:alert("x")').decode()
    assert 'href="javascript' not in page
    assert "javascript:alert(&quot;x&quot;)" in page or "javascript:alert(&#34;x&#34;)" in page


def test_the_number_can_be_searched_in_a_drawing(tables: dict[str, pd.DataFrame]) -> None:
    drawn = picture(view_of(tables), ID, form="svg", sample=True, **CHOSEN)
    assert NUMBER in " ".join(ET.fromstring(drawn).itertext())


def test_the_extent_a_person_sees_is_the_extent_that_is_drawn(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, provinces=("35",))
    figure = map_figure(snapshot(view, ID, sample=True, extent=EXTENT), size=SIZES["layar"])
    (west, east), (south, north) = figure.axes[1].get_xlim(), figure.axes[1].get_ylim()
    assert west <= EXTENT[0] < EXTENT[2] <= east
    assert south <= EXTENT[1] < EXTENT[3] <= north
    assert north - south < 1
    page = picture(view, ID, form="html", sample=True, extent=EXTENT).decode()
    assert f"fitBounds({json.dumps([[EXTENT[1], EXTENT[0]], [EXTENT[3], EXTENT[2]]])}".replace(" ", "") in page.replace(
        " ", ""
    )


@pytest.mark.parametrize(
    "extent", [(113.0, -8.0, 112.0, -7.0), (112.0, -7.0, 113.0, -8.0), (112.0, -95.0, 113.0, -7.0)]
)
def test_what_is_no_extent_is_refused(
    extent: tuple[float, float, float, float], tables: dict[str, pd.DataFrame]
) -> None:
    for form in ("png", "html"):
        with pytest.raises(RefusedError, match="no extent"):
            picture(view_of(tables), ID, form=form, sample=True, extent=extent)


def test_unknown_forms_and_sizes_are_refused_together(tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(RefusedError) as refused:
        picture(view_of(tables), ID, form="bmp", size="a5", sample=True)
    assert len(refused.value.problems) == 2


def test_simplified_neighbours_leave_no_gap_and_do_not_overlap() -> None:
    shapes = regions.load_boundaries(2)
    some = shapes.loc[shapes["province_code"] == "35", "geometry"].to_numpy()
    box = Box(0, 0, 60, 40)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(some))
    plain = outline(some, View(filled_extent((west, south, east, north), box), box), em_px=20)
    assert shapely.get_num_coordinates(plain).sum() < shapely.get_num_coordinates(some).sum()
    before = shapely.area(some).sum() - shapely.area(shapely.union_all(some))
    after = shapely.area(plain).sum() - shapely.area(shapely.union_all(plain))
    assert after <= before + 1e-6
    assert shapely.area(shapely.symmetric_difference(shapely.union_all(some), shapely.union_all(plain))) < 0.01
    assert np.array_equal(
        plain, outline(some.copy(), View(filled_extent((west, south, east, north), box), box), em_px=20)
    )
