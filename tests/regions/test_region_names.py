"""Names, aliases and codes lead to a region, and never to a guess."""

from __future__ import annotations

import pytest

from geo.regions import find_region, region, regions


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jabar", "32"),
        ("JAWA BARAT", "32"),
        ("Prov. Jawa Barat", "32"),
        ("Provinsi Jawa Barat", "32"),
        ("prov jawa  barat", "32"),
        ("NTB", "52"),
        ("Sulteng", "72"),
        ("DIY", "34"),
        ("D.I. Yogyakarta", "34"),
        ("DKI", "31"),
        ("Daerah Khusus Jakarta", "31"),
        ("Kep. Riau", "21"),
        ("Kab. Malang", "35.07"),
        ("Kabupaten Malang", "35.07"),
        ("KABUPATEN MALANG", "35.07"),
        ("Kota Malang", "35.73"),
        ("Solo", "33.72"),
        ("Kota Surakarta", "33.72"),
        ("Surabaya", "35.78"),
        ("Kota Adm. Jakarta Selatan", "31.74"),
        ("Kab. Adm. Kep. Seribu", "31.01"),
        ("Kota Baru", "63.02"),
        ("Kabupaten Lima Puluh Kota", "13.07"),
        ("Tojo Una Una", "72.09"),
        ("Toli-Toli", "72.04"),
        ("Kota Batu, Jawa Timur", "35.79"),
        ("Kab. Bandung, Jabar", "32.04"),
    ],
)
def test_a_clear_name_finds_its_region(text: str, code: str) -> None:
    match = find_region(text)
    assert match is not None
    assert match.region == region(code)
    assert not match.ambiguous


@pytest.mark.parametrize(
    ("text", "codes", "doubt"),
    [
        ("Malang", ["35.07", "35.73"], "several"),
        ("Bandung", ["32.04", "32.73"], "several"),
        ("Jogja", ["34", "34.71"], "several"),
        ("Gorontalo", ["75", "75.01", "75.71"], "several"),
        ("Malang, Jatim", ["35.07", "35.73"], "several"),
        ("Kota Sidoarjo", ["35.15"], "another_kind"),
        ("Kabupaten Surabaya", ["35.78"], "another_kind"),
        ("7201", ["72.01", "72.07"], "code_systems"),
        ("7203", ["72.03", "72.06"], "code_systems"),
        ("33.1", ["33.10"], "number"),
        ("3507.0", ["35.07"], "number"),
        ("3507 Kota Malang", ["35.07", "35.73"], "code_and_name"),
    ],
)
def test_a_doubtful_name_gives_candidates_and_the_doubt(text: str, codes: list[str], doubt: str) -> None:
    match = find_region(text)
    assert match is not None
    assert match.ambiguous
    assert match.region is None
    assert [one.code for one in match.candidates] == codes
    assert match.doubt == doubt


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("35", "35"),
        ("3507", "35.07"),
        ("35.07", "35.07"),
        (" 35.07 ", "35.07"),
        ("35.07.09.1008", "35.07"),
        ("35.07 Malang", "35.07"),
        ("3573 - Kota Malang", "35.73"),
        ("72.01", "72.01"),
        ("7208", "72.08"),
        ("7201 Banggai", "72.01"),
        ("7201 Banggai Kepulauan", "72.07"),
    ],
)
def test_a_code_with_or_without_dots_finds_its_region(text: str, code: str) -> None:
    match = find_region(text)
    assert match is not None
    assert match.region == region(code)


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "Kota", "Prov.", "Atlantis", "99", "35.70", "0", "Malang, Atlantis", "٣٥"]
)
def test_what_means_no_region_is_nothing(text: str) -> None:
    assert find_region(text) is None


def test_a_level_or_a_province_narrows_the_choice() -> None:
    for level, code in ((1, "34"), (2, "34.71")):
        match = find_region("Yogyakarta", level=level)
        assert match is not None
        assert match.region == region(code)
    assert find_region("Malang", province="33") is None
    banjar = find_region("Kota Banjar", province="32")
    assert banjar is not None
    assert banjar.region == region("32.79")


def test_the_code_list_of_bps_differs_exactly_for_seven_kabupaten() -> None:
    doubtful = []
    for one in regions(2):
        match = find_region(one.code.replace(".", ""))
        assert match is not None
        if match.doubt == "code_systems":
            doubtful.append(one.code)
        else:
            assert match.region == one
    assert doubtful == [f"72.0{number}" for number in range(1, 8)]


@pytest.mark.parametrize("level", [1, 2])
def test_every_full_name_finds_its_own_region_at_its_level(level: int) -> None:
    for one in regions(level):
        match = find_region(one.name, level=level)
        assert match is not None, one.name
        assert match.region == one, one.name
