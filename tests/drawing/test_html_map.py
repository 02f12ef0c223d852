"""The page that stands alone: nothing is loaded, nothing runs that a stranger typed, the figures are the state's."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from geo.drawing.snapshot import picture
from geo.drawing.view import MapView, map_view
from geo.locale import translator
from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import state
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

ID = translator("id")
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=//evil.example onerror=alert(1)>",
    "${alert(1)} `x` {{7*7}}",
    "\"' onmouseover=alert(1) x='",
    "<!--<script>",
    "\u202egnp.exe\u2028",
)


class Page(HTMLParser):
    """Elements with their attributes, and the text of each script, style and table cell."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.parts: dict[str, list[str]] = {"script": [], "style": [], "td": [], "h1": [], "title": []}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.parts:
            self.parts[tag].append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.parts[self._open[-1]][-1] += data


@pytest.fixture(scope="module", autouse=True)
def shipped_boundaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_DATA_DIR", str(tmp_path_factory.mktemp("own-data")))
        yield


def hostile_view(**filters: Any) -> MapView:
    tables = shared_sample()
    sites: pd.DataFrame = tables["sites"].copy()
    sites["name"] = [HOSTILE[place % len(HOSTILE)] for place in range(len(sites))]
    chosen = Filters(**{"on": SAMPLE_AS_OF, **filters})
    return map_view(state({**tables, "sites": sites}, chosen, load_programmes()))


@pytest.fixture(scope="module")
def view() -> MapView:
    return hostile_view()


def written(view: MapView, **options: Any) -> str:
    return picture(view, ID, form="html", sample=True, **options).decode("utf-8")


@pytest.fixture(scope="module")
def text(view: MapView) -> str:
    return written(view, title=HOSTILE[1])


def test_the_page_forbids_itself_every_request_before_anything_else_is_read(text: str) -> None:
    page = Page(text)
    policy = next(attributes for tag, attributes in page.elements if attributes.get("http-equiv"))
    assert policy["http-equiv"] == "Content-Security-Policy"
    told = str(policy["content"])
    assert "default-src 'none'" in told
    assert not re.search(r"https?:|\*|unsafe-eval|'self'", told)
    tags = [tag for tag, _ in page.elements]
    assert tags.index("meta") < min(tags.index("style"), tags.index("script"), tags.index("title"))


def test_no_element_and_no_style_refers_to_another_file(text: str) -> None:
    page = Page(text)
    loading = {"src", "href", "srcset", "data", "poster", "action", "background", "ping", "formaction"}
    found = [
        (tag, name, value) for tag, attributes in page.elements for name, value in attributes.items() if name in loading
    ]
    assert found == []
    for style in page.parts["style"]:
        assert "@import" not in style
        assert all(
            target.strip("\"' ").startswith("data:") or target == "#default#VML"
            for target in re.findall(r"url\(([^)]*)\)", style)
        )
    assert "sourceMappingURL" not in text


def test_a_hostile_name_makes_no_element_and_no_attribute(view: MapView, text: str) -> None:
    page = Page(text)
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert len(page.parts["script"]) == 2
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_hostile_name_is_read_in_the_table_as_it_was_typed(view: MapView, text: str) -> None:
    cells = set(Page(text).parts["td"])
    for name in HOSTILE:
        assert name.replace("\u202e", "").replace("\u2028", " ") in cells, name


def test_a_hostile_title_is_text(text: str) -> None:
    page = Page(text)
    assert page.parts["h1"] == [HOSTILE[1]]
    assert page.parts["title"][0].startswith(HOSTILE[1])


def test_the_payload_within_the_page_is_one_literal_of_ascii_signs(view: MapView, text: str) -> None:
    script = Page(text).parts["script"][1]
    literal = re.fullmatch(
        r"\s*const map = .*?;\nprogrammeMap.start\(map, {}\);\nprogrammeMap.update\((.*)\);\s*", script, re.DOTALL
    )
    assert literal is not None
    assert literal[1].isascii()
    assert not set("<>`$") & set(literal[1])
    content = json.loads(literal[1])
    told = {row[0] for row in content["details"]["rows"] if row[1]}
    assert told == set(view.points["code"])
    assert all(isinstance(part["data"], dict) for part in content["boundaries"])


def test_the_table_has_a_row_for_each_site_with_the_figures_of_the_state(view: MapView, text: str) -> None:
    cells = Page(text).parts["td"]
    rows = [cells[start : start + 8] for start in range(0, len(cells), 8)]
    assert len(rows) == len(view.points) == len(view.state.positions)
    for row, site in zip(rows, view.points.to_dict("records"), strict=True):
        assert row[4] == ID.percent(site["actual_percent"])
        assert row[6] == ID.points(site["deviation_points"], unit=False)
        assert row[7] == ID.date_short(site["as_of"])


def test_the_page_says_its_day_its_label_its_sources_and_that_it_is_a_sample(view: MapView) -> None:
    page = html.unescape(written(view, classification="TERBATAS"))
    for told in ("31 Oktober 2026", "TERBATAS", "DATA CONTOH – bukan angka resmi", "indonesia-geodata"):
        assert told in page
    real = picture(view, ID, form="html", sample=False).decode("utf-8")
    assert "CONTOH" not in real.replace("Contoh", "")


def test_the_page_tells_the_moment_up_to_which_records_count_and_only_then() -> None:
    tables, programmes = shared_sample(), load_programmes()
    knew = Filters(on=SAMPLE_AS_OF, known_at=datetime(2026, 10, 14, 2, 0, tzinfo=UTC))
    told = {}
    for filters in (knew, knew.but(known_at=None)):
        page = html.unescape(written(map_view(state(tables, filters, programmes))))
        told[filters] = "14 Oktober 2026 09.00 WIB" in page.partition("</header>")[0]
        assert "31 Oktober 2026" in page
    assert list(told.values()) == [True, False]


def test_the_table_of_a_moment_holds_the_figures_known_then() -> None:
    tables, programmes = shared_sample(), load_programmes()
    knew = Filters(on=SAMPLE_AS_OF, known_at=datetime(2026, 8, 14, 2, 0, tzinfo=UTC))
    view = map_view(state(tables, knew, programmes))
    cells = Page(written(view)).parts["td"]
    assert len(cells) == 8 * len(view.points) < 8 * len(tables["sites"])
    assert cells[7::8] == [ID.date_short(day) for day in view.points["as_of"]]
    assert max(view.points["as_of"].dropna()) < pd.Timestamp(2026, 8, 14)


def test_the_page_of_one_province_holds_its_kabupaten_and_says_they_are_approximate() -> None:
    page = written(hostile_view(provinces=("52",)))
    assert "regencies-52" in page
    assert "perkiraan" in page.lower()


def test_the_page_of_a_choice_without_sites_has_an_empty_table() -> None:
    assert Page(written(hostile_view(search="zzz"))).parts["td"] == []
