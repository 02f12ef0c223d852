"""A programme is a table of one file: a fifth one appears everywhere, and a broken file is refused whole."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from geo.drawing import charts
from geo.drawing.snapshot import picture
from geo.drawing.view import MapView, map_view
from geo.drawing.web_map import payload
from geo.export import export_frame, table_bytes
from geo.locale import translator
from geo.model import Filters, GeoError, RefusedError
from geo.programmes import SHAPES, load_programmes
from geo.progress import State, state, status_counts
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "programmes.toml"
ID = translator("id")
FIFTH = """
[jembatan]
name_id = "Jembatan <gantung>"
name_en = "Hanging bridges"
short_id = "Jembatan <gantung>"
short_en = "Bridges"
symbol = "star"
colour = "#553377"
contract_rules = true

[[jembatan.indicators]]
code = "panjang"
name_id = "Panjang"
name_en = "Length"
unit_id = "m"
unit_en = "m"
"""
SHORT = "Jembatan <gantung>"
ESCAPED = "Jembatan &lt;gantung&gt;"


@pytest.fixture(autouse=True)
def five_programmes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "five.toml"
    file.write_text(SHIPPED.read_text("utf-8") + FIFTH, "utf-8")
    monkeypatch.setenv("GEO_PROGRAMMES", str(file))
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """The sample with one site of the fifth programme, ten points and a contract behind a plan of 80 %."""
    tables = shared_sample()
    site = {"code": "JBT-1", "programme": "jembatan", "name": "Jembatan Contoh", "region_code": "35.07"}
    place = {
        "lon": 112.6,
        "lat": -8.1,
        "location_precision": "exact",
        "contract_value": 5_000,
        "data_status": "derived",
    }
    told = {
        "site_code": "JBT-1",
        "as_of": pd.Timestamp(SAMPLE_AS_OF),
        "recorded_at": pd.Timestamp(SAMPLE_AS_OF, tz="UTC"),
    }
    new = {
        "sites": {**site, **place},
        "plans": {"site_code": "JBT-1", "as_of": pd.Timestamp(SAMPLE_AS_OF), "percent": 80.0},
        "reports": {**told, "percent": 74.0, "stage": "in_progress", "data_status": "derived"},
    }
    for name, row in new.items():
        tables[name] = pd.concat(
            [tables[name], pd.DataFrame([row]).astype({"as_of": "datetime64[us]"} if "as_of" in row else {})]
        )
        tables[name] = tables[name].reset_index(drop=True)
    return tables


@pytest.fixture
def now(tables: dict[str, pd.DataFrame]) -> State:
    return state(tables, Filters(on=SAMPLE_AS_OF), load_programmes())


@pytest.fixture
def view(now: State) -> MapView:
    return map_view(now)


def test_the_fifth_programme_comes_last_with_all_that_its_table_says() -> None:
    programmes = load_programmes()
    assert list(programmes) == ["ktn", "koperasi", "warung_nkri", "rusun", "jembatan"]
    fifth = programmes["jembatan"]
    assert (fifth.name.en, fifth.symbol, fifth.geometry) == ("Hanging bridges", "star", "point")
    assert fifth.contract_rules
    assert [indicator.code for indicator in fifth.indicators] == ["panjang"]


def test_its_contract_rules_decide_the_status_of_its_sites(now: State) -> None:
    site = now.positions.set_index("code").loc["JBT-1"]
    assert (site["status"], site["rule"]) == ("kritis", "contract_period_2")


def test_it_is_in_the_map_s_payload_and_its_legend(view: MapView) -> None:
    content = payload(view, ID)
    (row,) = [row for row in content["details"]["rows"] if row[0] == "JBT-1"]
    assert row[2][0].startswith(SHORT)
    assert "star" in content["shapes"]
    assert SHORT in content["programme_names"]
    legend = str(content["legend"])
    assert ESCAPED in legend
    assert SHORT not in legend


def test_it_is_a_row_of_the_charts(now: State) -> None:
    assert now.by_programme["programme"].tolist()[-1] == "jembatan"
    assert now.by_programme["sites"].tolist()[-1] == 1
    names = {code: programme.short.in_language("id") for code, programme in now.programmes.items()}
    rows = now.by_programme.assign(name=now.by_programme["programme"].map(names), n=now.by_programme["base"])
    assert "gantung" in charts.programme_progress(rows, t=ID).to_json()
    assert SHORT in charts.programme_summary(rows, t=ID)
    counts = status_counts(now.positions, by="programme")
    assert SHORT in charts.status_summary(counts.assign(group=counts["programme"].map(names)), t=ID)


def test_it_is_on_the_printed_map_and_in_the_page_that_stands_alone(view: MapView) -> None:
    drawn = "".join(ET.fromstring(picture(view, ID, form="svg", sample=True)).itertext())
    assert "gantung" in drawn
    page = picture(view, ID, form="html", sample=True).decode("utf-8")
    assert ESCAPED in page
    assert SHORT not in page


def test_it_is_in_every_export_and_can_be_chosen(now: State, tables: dict[str, pd.DataFrame]) -> None:
    for what in ("sites", "position"):
        for form in ("csv", "json", "xlsx", "geojson", "gpkg", "kml"):
            assert table_bytes(export_frame(what, now, tables), form, about={})
        assert "JBT-1" in export_frame(what, now, tables)["code"].tolist()
    alone = state(tables, Filters(on=SAMPLE_AS_OF, programmes=("jembatan",)), load_programmes())
    rows = json.loads(table_bytes(export_frame("position", alone, tables), "json", about={}))
    assert [row["code"] for row in rows] == ["JBT-1"]
    assert map_view(alone).programme_counts == {"jembatan": 1}


# --- a file that is wrong ----------------------------------------------------------------------------------------


def refused(folder: Path, text: str | bytes) -> list[str]:
    """The problems told of a file."""
    file = folder / "wrong.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    with pytest.raises(RefusedError) as told:
        load_programmes(file)
    assert all(problem.file == "wrong.toml" for problem in told.value.problems)
    return [str(problem) for problem in told.value.problems]


GOOD = 'name_id = "A"\nname_en = "A"\nsymbol = "star"\ncolour = "#123456"\n'


def test_every_problem_of_a_file_is_told_and_not_only_the_first(tmp_path: Path) -> None:
    text = f'[one]\nname_id = "A"\nsymbol = "blob"\ncolour = "red"\ngeometry = "line"\n[Two]\n{GOOD}'
    problems = refused(tmp_path, text)
    assert len(problems) == 5
    for word in ("name_en", "blob", "#rrggbb", "line", "[Two]"):
        assert any(word in problem for problem in problems), word


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "[ktn\nname_id =")
    assert "line 1" in problem


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_that_is_offered_is_accepted(shape: str, tmp_path: Path) -> None:
    file = tmp_path / "good.toml"
    file.write_text("[one]\n" + GOOD.replace("star", shape))
    assert load_programmes(file)["one"].symbol == shape


@pytest.mark.parametrize("colour", ["#12345", "#1234567", "123456", "#12345g", "red;}", '#123456"onload'])
def test_a_colour_that_is_no_hexadecimal_triple_is_refused(colour: str, tmp_path: Path) -> None:
    text = "[one]\n" + GOOD.replace('"#123456"', json.dumps(colour))
    assert any("colour" in problem for problem in refused(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        f'[one]\n{GOOD}\n[[one.indicators]]\ncode = "a"\nname_id = "A"\n',
        f"[one]\n{GOOD}indicators = 5\n",
        'title = "Programmes"\n',
        f"[one]\n{GOOD.replace(chr(34) + 'A' + chr(34), '5', 1)}",
        b"[one]\nname_id = '\xff\xfe'\n",
    ],
    ids=[
        "indicator without a unit",
        "indicators that are no tables",
        "a value outside a table",
        "a number",
        "no UTF-8",
    ],
)
def test_a_file_of_another_form_is_refused_rather_than_a_fault(text: str | bytes, tmp_path: Path) -> None:
    assert refused(tmp_path, text)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"none\.toml"):
        load_programmes(tmp_path / "none.toml")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "changing.toml"
    file.write_text(f"[one]\n{GOOD}")
    assert list(load_programmes(file)) == ["one"]
    file.write_text(f"[two]\n{GOOD}")
    os.utime(file, ns=(1, 1))
    assert list(load_programmes(file)) == ["two"]


def test_an_answer_that_is_altered_alters_no_later_one(tmp_path: Path) -> None:
    load_programmes().clear()
    assert len(load_programmes()) == 5


@pytest.mark.parametrize("form", ["svg", "html"])
def test_sites_of_a_programme_that_the_file_lost_are_shown_or_refused_but_never_a_fault(
    form: str, tables: dict[str, pd.DataFrame]
) -> None:
    fewer = {code: programme for code, programme in load_programmes().items() if code != "jembatan"}
    view = map_view(state(tables, Filters(on=date(2026, 10, 31)), fewer))
    with suppress(GeoError):  # refused in words; any other error is a fault
        assert "jembatan" in picture(view, ID, form=form, sample=True).decode("utf-8").casefold()
