"""The web map asks nothing of another machine, and no name that a stranger typed can act in it."""

from __future__ import annotations

import base64
import html
import json
import re
from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo import offline
from geo.drawing.points import Points, points_of
from geo.drawing.tiles import Tiles
from geo.drawing.view import MapView, map_view
from geo.drawing.web_map import (
    Asked,
    Files,
    base_map,
    boundary_urls,
    change,
    constant,
    packed,
    payload,
    shown_of_all,
    symbols_url,
)
from geo.locale import translator
from geo.model import Filters, Words
from geo.programmes import load_programmes
from geo.progress import state
from geo.sample import SAMPLE_AS_OF
from tests.views import view_of

ID, EN = translator("id"), translator("en")
HOSTILE = (
    "<script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "\"' onmouseover=alert(1)",
    "{{7*7}} {% raw %}",
    "</script><img src=x onerror=alert(1)>",
    "_aman_1 \u202egnp.exe\u2066\u200f",
)
BIDI = "\u202e\u2066\u200f"


def hostile(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    sites = tables["sites"].copy()
    sites["name"] = [HOSTILE[place % len(HOSTILE)] for place in range(len(sites))]
    return {**tables, "sites": sites}


def decoded(text: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(base64.b64decode(text, validate=True).decode("utf-8"))
    return answer


def files_of(view: MapView) -> Files:
    """Addresses as the screens give them."""
    points = points_of(view.state.standing.positions)
    return Files("/aset/4/tampilan.json", points, "/aset/1/lokasi.bin", "/aset/2/posisi.bin", "/aset/3/rincian")


def shown_rows(view: MapView, content: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """Details of the sites that a payload without addresses shows, row by row."""
    points = points_of(view.state.standing.positions)
    rows = content["details"]["rows"]
    bits = [True] * len(rows)
    if content["shown"] is not None:
        raw = base64.b64decode(content["shown"])
        bits = [bool(raw[row >> 3] & (1 << (row & 7))) for row in range(len(rows))]
    assert [row[0] for row in rows] == list(points.codes)
    return [tuple(row) for row, bit in zip(rows, bits, strict=True) if bit]


# --- the base ----------------------------------------------------------------------------------------------------


def rendered() -> str:
    text: str = base_map(share=0.5, least=300, most=600).get_root().render()
    return text


def test_every_file_that_the_base_names_is_served_by_this_application() -> None:
    addresses = re.findall(r"""(?:src|href)\s*=\s*["']?([^"'\s>]+)""", rendered())
    assert [address.rsplit("/", 1)[1] for address in addresses] == ["leaflet.js", "symbols.js", "peta.js"]
    for address in addresses:
        prefix, version, name = address.lstrip("/").split("/", 2)
        assert prefix == "aset"
        assert offline.find(version, name) is not None, address


def test_the_base_names_no_other_machine() -> None:
    text = rendered()
    assert "//" not in re.sub(r"/aset/\S+", "", text).replace("<!--", "")
    assert not re.search(r"https?:", text)
    assert "url(" not in text
    assert "tileLayer" not in text


def test_the_base_is_the_same_at_each_call_but_a_new_object() -> None:
    first, second = (base_map(share=0.5, least=300, most=600) for _ in range(2))
    assert first is not second
    same = {re.sub(r"[0-9a-f]{32}", "", text.get_root().render()) for text in (first, second)}
    assert len(same) == 1


def test_our_own_scripts_load_nothing_from_another_machine() -> None:
    rendered()
    loading = r"""(?:url\(|\bsrc|\bhref|@import|import|fetch\(|open\(|\.load\()[\s=:("'`\\]*(?:https?:)?//"""
    for name in ("peta.js", "symbols.js"):
        text = offline.asset(name).content.decode("utf-8")
        assert not re.search(loading, text), name
        assert not re.search(r"\.innerHTML\s*=(?! markup;)", text), name
    assert re.search(loading, "fetch('https://a')")
    assert symbols_url().startswith("/aset/")


# --- the payload -------------------------------------------------------------------------------------------------


def test_a_payload_is_plain_base64_without_an_underscore_and_gives_back_its_content(
    tables: dict[str, pd.DataFrame],
) -> None:
    content = payload(view_of(hostile(tables)), ID, sample=True)
    text = packed(content)
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", text)
    assert decoded(text) == content


def test_what_travels_holds_the_payload_and_no_text_from_data(tables: dict[str, pd.DataFrame]) -> None:
    content = payload(view_of(hostile(tables)), ID)
    group = change(packed(content))
    base_map(share=0.5, least=300, most=600).add_child(group)
    code: str = group.get_root().render()
    assert f'programmeMap.update("{packed(content)}");' in code
    for sign in ("alert", "7*7", "onmouseover", "gnp"):
        assert sign not in code.replace(packed(content), "")


def test_names_are_tips_as_typed_without_the_marks_that_turn_the_writing(tables: dict[str, pd.DataFrame]) -> None:
    content = payload(view_of(hostile(tables)), ID)
    names = {name for _, name, _ in decoded(packed(content))["details"]["rows"]}
    assert names == {"".join(sign for sign in name if sign not in BIDI) for name in HOSTILE}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_a_programme_reaches_no_markup_raw(name: str, tables: dict[str, pd.DataFrame]) -> None:
    programmes = {
        code: type(programme)(**{**fields_of(programme), "short": Words(name, name)})
        for code, programme in load_programmes().items()
    }
    view = map_view(state(tables, Filters(on=SAMPLE_AS_OF, programmes=("ktn",)), programmes))
    content = payload(view, ID)
    for markup in (markup_of(content["legend"]), content["attribution"]):
        assert name not in markup
        assert not set("`$\\") & set(markup)
        assert "<script" not in markup
        assert "<img" not in markup
        assert not set(BIDI) & set(markup)
    shown = "".join(sign for sign in name if sign not in BIDI)
    assert shown in html.unescape(markup_of(content["legend"]))


def markup_of(legend: dict[str, Any]) -> str:
    return legend["title"] + "".join(group["heading"] + "".join(group["rows"]) for group in legend["groups"])


def fields_of(programme: Any) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in type(programme).__dataclass_fields__}


def test_the_sites_are_those_of_the_view_each_with_its_code_and_status(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, provinces=("35",), programmes=("ktn", "rusun"))
    content = payload(view, ID)
    sites = view.points.set_index("code")
    rows = shown_rows(view, content)
    assert {code: name for code, name, _ in rows} == sites["name"].to_dict()
    day = base64.b64decode(content["day"]["data"])
    statuses = {row[0]: content["statuses"][day[place]] for place, row in enumerate(content["details"]["rows"])}
    assert {code: statuses[code] for code in sites.index} == sites["status"].to_dict()
    assert [len(part) for part in (content["shapes"], content["programme_names"])] == [4, 4]


def test_with_addresses_a_payload_carries_one_bit_for_each_site_and_no_name(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, statuses=("kritis",))
    content = payload(view, ID, files=files_of(view))
    assert content["points"] == "/aset/1/lokasi.bin"
    assert len(base64.b64decode(content["shown"])) == -(-len(tables["sites"]) // 8)
    text = json.dumps(content)
    assert not [name for name in tables["sites"]["name"] if name in text]
    assert payload(view_of(tables), ID, files=files_of(view))["shown"] is None


def test_the_chosen_site_is_told_by_its_row(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    files = files_of(view)
    row = payload(view, ID, files=files, selected="KTN-TUREN")["selected"]
    assert files.points.codes[row] == "KTN-TUREN"
    assert payload(view, ID, files=files, selected="NIHIL")["selected"] is None


def test_what_a_viewer_asks_for_besides_travels_and_changes_the_version(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    files = files_of(view)
    asked = Asked(goto={"id": "a", "view": [110, -8, 111, -7]}, ring=((110.0, -8.0), (111.0, -8.0), (111.0, -7.0)))
    plain, content = payload(view, ID, files=files), payload(view, ID, files=files, asked=asked)
    assert content["goto"] == asked.goto
    assert content["area"] == {"ring": [[110.0, -8.0], [111.0, -8.0], [111.0, -7.0]]}
    assert (plain["goto"], plain["area"], plain["extent"]) == (None, None, False)
    assert content["version"] != plain["version"]


def test_it_is_told_how_many_of_how_many_sites_have_a_place(tables: dict[str, pd.DataFrame]) -> None:
    assert shown_of_all(view_of(tables), ID) == "Menampilkan 120 dari 120 lokasi"
    sites = tables["sites"].copy()
    sites.loc[sites.index[:3], ["lon", "lat"]] = float("nan")
    view = view_of({**tables, "sites": sites})
    assert shown_of_all(view, ID) == "Menampilkan 117 dari 120 lokasi"
    assert len(shown_rows(view, payload(view, ID))) == 117


def test_focus_provinces_are_named_with_their_figure_and_kabupaten_only_where_sites_are(
    tables: dict[str, pd.DataFrame],
) -> None:
    labels = payload(view_of(tables), ID)["labels"]
    named = {name: (figure, rank) for _, _, name, figure, rank in labels}
    view = view_of(tables)
    for area in view.areas.to_dict("records"):
        assert named[area["name"]] == (ID.percent(area["value"]), 0)
    within = view_of(tables, provinces=("35",))
    finer = payload(within, ID)["labels"]
    assert {rank for *_, rank in finer} == {2}
    assert len(finer) == (within.areas["sites"] > 0).sum() < len(within.areas)


def test_a_missing_figure_is_a_dash_in_a_tip_and_never_a_zero(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, statuses=("belum_lapor",))
    never = set(view.points.loc[view.points["as_of"].isna(), "code"])
    tips = [lines for code, _, lines in shown_rows(view, payload(view, ID)) if code in never]
    assert len(tips) == len(never) > 0
    for lines in tips:
        assert "Realisasi –" in lines[2]
        assert "0,0%" not in lines[2].split(",")[0]


def test_the_boundaries_are_addresses_on_this_server_that_hold_the_regions(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, provinces=("35",))
    addresses = payload(view, ID, files=files_of(view))["boundaries"]
    assert addresses == boundary_urls(view)
    assert all(address.startswith("/aset/") for address in addresses)
    _, version, name = addresses[1].lstrip("/").split("/", 2)
    file = offline.find(version, name)
    assert file is not None
    assert len(json.loads(file.content)["features"]) == 38
    assert len(payload(view_of(tables), ID, files=files_of(view))["boundaries"]) == 1


def test_all_kabupaten_of_the_country_are_one_file_made_when_asked_for(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    address = payload(view, ID, files=files_of(view))["fine"]["url"]
    _, version, name = address.lstrip("/").split("/", 2)
    file = offline.find(version, name)
    assert file is not None
    assert len(json.loads(file.content)["features"]) == 514
    assert payload(view_of(tables, provinces=("35",)), ID, files=files_of(view))["fine"] is None


def test_a_tile_base_is_there_only_where_it_was_turned_on() -> None:
    tiles = Tiles("https://peta.example/{z}/{x}/{y}.png", 'A <b>"x"</b>', 12)
    text = base_map(share=0.5, least=300, most=600, tiles=tiles).get_root().render()
    assert "peta.example" in text
    assert "<b>" not in text
    assert "peta.example" not in rendered()


def test_an_area_has_a_class_an_empty_one_without_data_and_none_where_no_indicator_applies(
    tables: dict[str, pd.DataFrame],
) -> None:
    plain = payload(view_of(tables, indicator=None), ID)["areas"]
    assert not [area for area in plain.values() if "c" in area]
    before = payload(view_of(tables, on=date(2015, 1, 1)), ID)["areas"]
    assert {area["c"] for area in before.values()} == {None}
    view = view_of(tables, indicator="sites", provinces=("35",))
    classed = {code for code, area in payload(view, ID)["areas"].items() if isinstance(area.get("c"), int)}
    assert classed == set(view.areas.loc[view.areas["sites"] > 0, "code"])


def test_the_version_changes_with_the_content_and_only_then(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    one, same = payload(view, ID)["version"], payload(view, ID)["version"]
    assert one == same
    others = {
        payload(view, EN)["version"],
        payload(view, ID, theme="dark")["version"],
        payload(view, ID, selected="KTN-TUREN")["version"],
        payload(view, ID, sample=True)["version"],
        one,
    }
    assert len(others) == 5


def test_the_legend_counts_every_site_once(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    content = payload(view, ID)
    sums = [sum(count or 0 for count in group) for group in content["counts"]]
    assert sums == [len(view.state.positions), len(view.state.positions), len(view.areas)]
    assert [len(group) for group in content["counts"]] == [len(group["rows"]) for group in content["legend"]["groups"]]


def test_the_legend_leaves_out_programmes_that_are_filtered_away(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, programmes=("ktn",))
    content = payload(view, ID)
    rows = content["legend"]["groups"][0]["rows"]
    counted = {row: count for row, count in zip(rows, content["counts"][0], strict=True) if count is not None}
    (only,) = counted
    assert "KTN" in only
    assert counted[only] == len(view.state.positions) > 0


def test_what_the_views_of_a_look_have_in_common_is_the_same_for_every_filter_and_day(
    tables: dict[str, pd.DataFrame],
) -> None:
    views = [view_of(tables), view_of(tables, programmes=("ktn",)), view_of(tables, statuses=("kritis",))]
    views.append(map_view(state(tables, Filters(on=date(2025, 6, 30)), load_programmes())))
    common = {json.dumps(constant(view, points_of_view(view).programmes, ID)) for view in views}
    assert len(common) == 1
    dark = constant(views[0], points_of_view(views[0]).programmes, ID, theme="dark")
    assert json.dumps(dark) not in common


def points_of_view(view: MapView) -> Points:
    return points_of(view.state.standing.positions)


def test_the_sentence_for_who_cannot_see_the_map_tells_every_status(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables)
    told = payload(view, ID)["alt"]
    for count in (len(view.points), *[count for count in view.status_counts.values() if count]):
        assert str(count) in told
    assert "31 Oktober 2026" in told


def test_the_payload_of_the_sample_is_small(tables: dict[str, pd.DataFrame]) -> None:
    for view in (view_of(tables), view_of(tables, provinces=("35",), statuses=("kritis", "selesai"))):
        size = len(packed(payload(view, ID, sample=True, files=files_of(view))))
        print(f"payload of {len(tables['sites'])} sites: {size} bytes")
        assert size < 6_000  # all kabupaten of a province with their lines


def test_a_choice_without_sites_has_a_payload(tables: dict[str, pd.DataFrame]) -> None:
    view = view_of(tables, search="zzz")
    content = decoded(packed(payload(view, ID)))
    assert shown_rows(view, content) == []
    assert content["areas"]
