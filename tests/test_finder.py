"""Sites, regions and institutions are found although their names are mistyped."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.finder import Found, Index, find, index
from geo.regions import region_table
from tests.prepared import shared_sample

REGIONS = pd.DataFrame(
    {
        "code": ["35", "33", "35.07", "35.73", "33.08", "35.15", "72.09", "75"],
        "name": [
            "Jawa Timur",
            "Jawa Tengah",
            "Kabupaten Malang",
            "Kota Malang",
            "Kabupaten Magelang",
            "Kabupaten Sidoarjo",
            "Kabupaten Tojo Una-Una",
            "Gorontalo",
        ],
    }
)
INSTITUTIONS = pd.DataFrame(
    {
        "code": ["KEMENSOS", "KEMENAG", "PEMDA-35.07"],
        "name": ["Kementerian Sosial", "Kementerian Agama", "Pemerintah Kabupaten Malang"],
    }
)
SITES = pd.DataFrame(
    {
        "code": ["KTN-TUREN", "KOP-1", "KOP-2", "RSN-1"],
        "name": ["KTN Turen", "Koperasi Tani Turen", "Koperasi Artha Harmoni", "Rusun Jum'at Café"],
        "region_code": ["35.07", "35.07", "35.73", None],
    }
)


@pytest.fixture(scope="module")
def names() -> Index:
    return index(SITES, REGIONS, INSTITUTIONS, other_names={"35": ("Jatim", "East Java")})


@pytest.fixture(scope="module")
def shipped() -> Index:
    tables = shared_sample()
    return index(tables["sites"], region_table(), tables["institutions"])


def codes(found: list[Found]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("mallang", {"35.07", "35.73"}),
        ("MALANG", {"35.07", "35.73"}),
        ("koprasi turen", {"KOP-1"}),
        ("turen koprasi", {"KOP-1"}),
        ("kemensos", {"KEMENSOS"}),
        ("kementrian sosial", {"KEMENSOS"}),
        ("sidorajo", {"35.15"}),
        ("tojo unauna", {"72.09"}),
        ("kab. tojo una-una", {"72.09"}),
        ("rusun jumat cafe", {"RSN-1"}),
        ("ktnturen", {"KTN-TUREN"}),
        ("goron talo", {"75"}),
        ("jatim", {"35"}),
        ("east jawa", {"35"}),
    ],
)
def test_a_mistyped_name_is_found_first(names: Index, query: str, expected: set[str]) -> None:
    assert set(codes(find(names, query, limit=len(expected)))) == expected


@pytest.mark.parametrize("query", ["zzxqy", "", "   ", "!?", "qwerty asdf", "99.99", "kabupaten zzxqy", "q\x00\x01x"])
def test_nonsense_finds_nothing(names: Index, shipped: Index, query: str) -> None:
    assert find(names, query) == []
    assert find(shipped, query) == []


@pytest.mark.parametrize("query", ["35.07", "3507", " 35.07 ", "35-07"])
def test_a_code_comes_before_every_name(names: Index, query: str) -> None:
    first = find(names, query)[0]
    assert first == Found("region", "35.07", "Kabupaten Malang", "35", 100.0)


def test_an_answer_says_what_it_is_and_where_it_lies(names: Index) -> None:
    assert find(names, "ktn turen")[0] == Found("site", "KTN-TUREN", "KTN Turen", "35.07", 100.0)
    assert find(names, "kemensos")[0] == Found("institution", "KEMENSOS", "Kementerian Sosial", "", 100.0)
    assert find(names, "jawa timur")[0] == Found("region", "35", "Jawa Timur", "", 99.0)
    assert find(names, "rusun jumat")[0].within == ""


def test_words_typed_rightly_come_before_words_mistyped(names: Index) -> None:
    found = find(names, "malang")
    assert codes(found)[:3] == ["35.73", "35.07", "PEMDA-35.07"]
    assert codes(found)[3] == "33.08"
    assert found[2].score >= 85 > found[3].score


def test_the_kind_of_a_region_decides_between_namesakes_and_may_be_wrong(names: Index) -> None:
    assert codes(find(names, "kota malang"))[0] == "35.73"
    assert codes(find(names, "kabupaten malang"))[0] == "35.07"
    assert codes(find(names, "kota sidoarjo")) == ["35.15"]


def test_the_beginning_of_a_word_is_enough(names: Index) -> None:
    assert codes(find(names, "sid")) == ["35.15"]
    assert codes(find(names, "koperasi ar")) == ["KOP-2"]


def test_a_word_may_name_the_region_around_a_site(names: Index) -> None:
    assert set(codes(find(names, "koperasi jawa timur"))) == {"KOP-1", "KOP-2"}
    assert codes(find(names, "koperasi kota malang"))[0] == "KOP-2"


def test_a_region_alone_does_not_name_the_sites_in_it(names: Index) -> None:
    assert {one.kind for one in find(names, "malang")} == {"region", "institution"}


def test_where_no_name_has_all_words_the_rarest_decides_with_a_low_score(shipped: Index) -> None:
    found = find(shipped, "koprasi turen")
    assert codes(found) == ["KTN-TUREN"]
    assert found[0].score < 70


def test_a_number_is_never_taken_for_its_neighbour() -> None:
    sites = pd.DataFrame(
        {"code": ["A-10234", "A-10235"], "name": ["Rusun 10234", "Rusun 10235"], "region_code": "35.07"}
    )
    assert codes(find(index(sites, REGIONS, INSTITUTIONS), "rusun 10234")) == ["A-10234"]


def test_hostile_names_and_requests_are_plain_text() -> None:
    hostile = '<img src=x onerror="alert(1)">${7*7}{{x}}'
    sites = pd.DataFrame({"code": ["X"], "name": [hostile], "region_code": ["35.07"]})
    names = index(sites, REGIONS, INSTITUTIONS)
    assert [one.name for one in find(names, hostile)] == [hostile]
    assert find(names, ".*") == find(names, "%_") == []


def test_equal_names_come_in_the_order_of_their_codes_however_the_rows_stand() -> None:
    sites = pd.DataFrame({"code": ["C", "A", "B"], "name": ["Rusun Damai"] * 3, "region_code": ["35.07"] * 3})
    expected = find(index(sites, REGIONS, INSTITUTIONS), "rusun damay")
    assert codes(expected) == ["A", "B", "C"]
    assert find(index(sites[::-1], REGIONS[::-1], INSTITUTIONS[::-1]), "rusun damay") == expected


def test_no_more_than_the_limit_is_given_and_scores_fall(shipped: Index) -> None:
    found = find(shipped, "k", limit=5)
    assert len(found) == 5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert find(shipped, "k", limit=0) == []


def test_empty_tables_find_nothing() -> None:
    assert find(index(SITES[:0], REGIONS[:0], INSTITUTIONS[:0]), "malang") == []


def test_the_tables_given_are_not_altered() -> None:
    copies = [table.copy() for table in (SITES, REGIONS, INSTITUTIONS)]
    find(index(SITES, REGIONS, INSTITUTIONS), "malang")
    for table, copy in zip((SITES, REGIONS, INSTITUTIONS), copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_every_shipped_name_finds_itself_and_survives_a_lost_letter(shipped: Index) -> None:
    for one in region_table().itertuples():
        mistyped = one.name[:-3] + one.name[-2:]
        assert one.code in codes(find(shipped, one.name, limit=3)), one.name
        assert one.code in codes(find(shipped, mistyped, limit=20)), mistyped


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_answered_twice_the_same(query: str) -> None:
    names = index(SITES, REGIONS, INSTITUTIONS)
    assert find(names, query) == find(names, query)
