"""Coordinates are understood as people write them, and never guessed."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake import places
from geo.intake.cells import Level, Raw, Reading
from geo.intake.places import MESSAGES, ReadPlaces, column_coordinates, column_places, read_coordinates, read_place
from geo.locale import translator
from geo.regions import locate

TUREN = (112.685, -8.184)  # in Kabupaten Malang, 35.07
SABANG = (95.3214, 5.8926)
KATINGAN = (112.4000, -1.2000)  # in Kalimantan Tengah


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped boundaries, whoever runs the tests."""
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))


def codes(reading: Reading[tuple[float, float]]) -> list[str]:
    return [finding.code for finding in reading.findings]


def levels(reading: Reading[tuple[float, float]]) -> list[Level]:
    return [finding.level for finding in reading.findings]


def column(values: list[Raw]) -> pd.Series:
    return pd.Series(values, dtype=object)


def near(value: tuple[float, float] | None, expected: tuple[float, float], *, within: float = 1e-5) -> bool:
    return value is not None and all(abs(a - b) <= within for a, b in zip(value, expected, strict=True))


# --- degrees -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (112.685, -8.184),
        ("112.685", "-8.184"),
        ("112,685", "-8,184"),
        (" 112,6850 ", "−8,1840"),
        ("112.685°", "-8.184°"),
        ("112.685 E", "8.184 S"),
        ("112,685 BT", "8,184 LS"),
        ("BT 112,685", "LS 8,184"),
        ("Bujur: 112.685", "Lintang: -8.184"),
        ("112,685 Bujur Timur", "8,184 Lintang Selatan"),
        ("1.12685e2", "-8.184e0"),
        ("１１２．６８５", "-8.184"),
        ("112.685\u200b", "\u202d-8.184"),
        ("'112.685", "'-8.184"),
    ],
)
def test_decimal_degrees_are_read_with_comma_or_point_and_with_words(lon: Raw, lat: Raw) -> None:
    reading = read_coordinates(lon, lat)
    assert near(reading.value, TUREN)
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("112°34'04\" BT", "7°07'24\" LS"),
        ("112° 34' 04\" BT", "7° 07' 24\" LS"),
        ("112º34’04” E", "7º07’24” S"),
        ("112˚34′04″E", "7˚07′24″S"),
        ("E 112 34 04", "S 7 07 24"),
        ("112:34:04", "-7:07:24"),
        ("112-34-04 BT", "7-07-24 LS"),
        ("112°34'04''", "-7°07'24''"),
        ("112.34.04 BT", "7.07.24 LS"),
        ("112 derajat 34 menit 4 detik BT", "7 derajat 7 menit 24 detik LS"),
        ("112°34'4,0\" B.T.", "7°7'24,0\" L.S."),
        ("112o34'04\"BT", "7o07'24\"LS"),
        ("112Â°34'04\" BT", "7Â°07'24\" LS"),
        ("112*34'04\"", "-7*07'24\""),
        ("112d34m04s E", "7d07m24s S"),
    ],
)
def test_degrees_minutes_and_seconds_are_read_in_all_their_spellings(lon: str, lat: str) -> None:
    reading = read_coordinates(lon, lat)
    assert near(reading.value, (112 + 34 / 60 + 4 / 3600, -(7 + 7 / 60 + 24 / 3600)))
    assert codes(reading) == ["place.sexagesimal"]
    assert levels(reading) == [Level.NOTED]


def test_north_of_the_equator_is_positive() -> None:
    assert near(read_coordinates("95°19'17\" BT", "5°53'33\" LU").value, SABANG, within=1e-3)
    assert near(read_coordinates("95,3214", "5,8926 LU").value, SABANG)


def test_minutes_and_seconds_from_60_on_are_refused() -> None:
    reading = read_coordinates("112°74'04\" BT", "7°07'24\" LS")
    assert reading.value is None
    assert codes(reading) == ["place.sixty"]


def test_a_minus_beside_a_word_for_south_does_not_turn_the_place_north() -> None:
    reading = read_coordinates("112,685 BT", "-8,184 LS")
    assert near(reading.value, TUREN)
    assert codes(reading) == ["place.twice_turned"]
    assert levels(reading) == [Level.FLAGGED]


def test_swapped_cells_are_swapped_back_and_noted() -> None:
    for lon, lat in ((-8.184, 112.685), ("8,184 LS", "112,685 BT"), ("-8,184", "112,685")):
        reading = read_coordinates(lon, lat)
        assert near(reading.value, TUREN)
        assert codes(reading) == ["place.swapped"]
        assert levels(reading) == [Level.NOTED]


def test_two_latitudes_are_refused() -> None:
    assert codes(read_coordinates("8,184 LS", "7,5 LS")) == ["place.same_axis"]


@pytest.mark.parametrize(("lon", "lat"), [(None, None), ("", " "), (math.nan, None)])
def test_no_coordinates_are_missing_and_nothing_else(lon: Raw, lat: Raw) -> None:
    assert read_coordinates(lon, lat, region="35.07") == Reading(None)


def test_words_for_nothing_are_missing_and_noted() -> None:
    for lon, lat in (("-", "-"), ("belum ada", ""), (None, "n/a")):
        reading = read_coordinates(lon, lat)
        assert reading.value is None
        assert codes(reading) == ["place.nothing"]
        assert levels(reading) == [Level.NOTED]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (112.685, None, "place.half"),
        ("", "-8.184", "place.half"),
        (0, 0, "place.zero"),
        ("0,0", "0.000", "place.zero"),
        ("nan", "-8.184", "place.not_finite"),
        (math.inf, -8.184, "place.not_finite"),
        ("112.685", "-inf", "place.not_finite"),
        (200, -8.184, "place.impossible"),
        ("200", "-7", "place.impossible"),
        (2.3522, 48.8566, "place.outside"),
        (103.8500, 1.2900, "place.outside"),
        ("dekat balai desa", "-8.184", "place.unreadable"),
        ("112.685 meter", "-8.184", "place.unreadable"),
        (True, -8.184, "place.unreadable"),
        (date(2026, 8, 17), -8.184, "place.unreadable"),
        ("112 5678 12 9", "-8.184", "place.unreadable"),
        ("9" * 400, "-8.184", "place.unreadable"),
        ("\ud800", "-8.184", "place.unreadable"),
        (10**400, -8.184, "place.not_finite"),
        (110.0, -5.5, "place.outside"),
        ("112°34'", "7.5.5.5", "place.unreadable"),
    ],
)
def test_what_is_no_place_in_indonesia_is_refused(lon: Raw, lat: Raw, code: str) -> None:
    reading = read_coordinates(lon, lat)
    assert reading.value is None
    assert codes(reading) == [code]
    assert levels(reading) == [Level.REFUSED]


# --- the stated region -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["35.07", "35", "35.07.09", "35.07.09.1008", None, "99.99"])
def test_a_place_in_the_stated_region_is_plain(region: str | None) -> None:
    assert codes(read_coordinates(*TUREN, region=region)) == []


def test_a_place_elsewhere_is_flagged_with_how_far_and_where_it_lies() -> None:
    reading = read_coordinates(107.908, -7.227, region="35.07")  # Garut
    assert reading.value == (107.908, -7.227)
    assert codes(reading) == ["place.elsewhere"]
    assert levels(reading) == [Level.FLAGGED]
    told = reading.findings[0].told
    assert told["found_code"] == "32.05"
    assert told["region"] == "Kabupaten Malang"
    here = pyproj.Geod(ellps="WGS84").inv(107.908, -7.227, 112.3, -8.1)[2] / 1000  # about the western end of Malang
    assert abs(float(told["km"]) - here) < 25


def test_a_place_just_beyond_an_approximate_border_is_only_noted() -> None:
    reading = read_coordinates(112.6326, -7.9666, region="35.07")  # in Kota Malang, which Kabupaten Malang encloses
    assert reading.value is not None
    found = reading.findings[0]
    distance = float(found.told["km"])
    assert found.code == ("place.near_border" if distance <= 2.0 else "place.elsewhere")
    edge = next(
        (lon, -7.98)
        for lon in np.arange(112.60, 112.70, 0.001)
        if (one := locate(float(lon), -7.98)) is not None and one.code == "35.73"
    )
    at_edge = read_coordinates(float(edge[0]) + 0.0002, edge[1], region="35.07")
    assert codes(at_edge) == ["place.near_border"]
    assert levels(at_edge) == [Level.NOTED]


def test_a_place_abroad_says_how_far_it_is_from_the_stated_region() -> None:
    reading = read_coordinates(103.85, 1.29, region="35.07")
    assert reading.value is None
    assert codes(reading) == ["place.outside_far"]
    assert 1_000 < float(reading.findings[0].told["km"]) < 2_000


def test_a_forgotten_minus_is_proposed_and_not_taken() -> None:
    reading = read_coordinates(112.685, 8.184, region="35.07")
    assert reading.value is None
    assert codes(reading) == ["place.sign"]
    assert levels(reading) == [Level.ASKED]
    assert reading.findings[0].proposal == "-8.184, 112.685"
    low = read_coordinates(119.87, 0.9, region="72.71")  # Palu lies at -0.9; 0.9 is still Sulawesi Tengah's latitude
    assert low.findings[0].proposal == "-0.9, 119.87"


# --- lost decimal marks ------------------------------------------------------------------------------------------


def test_a_number_without_its_decimal_mark_is_taken_where_only_one_reading_lies_in_the_stated_region() -> None:
    for lon, lat in ((112685000, -8184000), ("112.685.000", "-8.184.000"), (112.685, -8184), ("112685000", "-8,184")):
        reading = read_coordinates(lon, lat, region="35.07")
        assert near(reading.value, TUREN)
        assert codes(reading) == ["place.power"]
        assert levels(reading) == [Level.FLAGGED]


def test_it_is_asked_where_only_a_province_is_stated() -> None:
    reading = read_coordinates(112685000, -8184000, region="35")
    assert reading.value is None
    assert codes(reading) == ["place.power_asked"]
    assert reading.findings[0].proposal == "-8.184, 112.685"


def test_it_is_asked_where_no_region_is_stated() -> None:
    reading = read_coordinates(112685000, -8184000)
    assert reading.value is None
    assert levels(reading) == [Level.ASKED]
    assert codes(reading) in (["place.power_asked"], ["place.power_several"])
    places = reading.findings[0].told["places"]
    assert "-8.184, 112.685" in places


def test_it_is_asked_with_all_readings_where_several_lie_in_indonesia() -> None:
    reading = read_coordinates(112400000, -1200000)
    assert reading.value is None
    assert codes(reading) == ["place.power_several"]
    assert "-1.2, 112.4" in reading.findings[0].told["places"]
    assert reading.findings[0].proposal is None


def test_a_lost_mark_and_a_lost_minus_together_are_only_proposed() -> None:
    reading = read_coordinates(112685000, 8184000, region="35.07")
    assert reading.value is None
    assert codes(reading) == ["place.power_asked"]
    assert reading.findings[0].proposal == "-8.184, 112.685"


def test_digits_that_fit_nowhere_are_refused() -> None:
    reading = read_coordinates(555555555, -8184000, region="35.07")
    assert reading.value is None
    assert levels(reading) == [Level.REFUSED]


# --- UTM ---------------------------------------------------------------------------------------------------------


def utm(lon: float, lat: float, zone: int) -> tuple[float, float]:
    code = f"EPSG:32{7 if lat < 0 else 6}{zone}"
    east, north = pyproj.Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(lon, lat)
    return round(east, 2), round(north, 2)


@pytest.mark.parametrize(
    "zone", ["49S", "49 S", "49s", "UTM 49S", "Zona 49 S", "49M", "49L", "49 Selatan", "49", 49, 49.0, "EPSG:32749"]
)
def test_metres_with_their_zone_become_degrees(zone: Raw) -> None:
    reading = read_coordinates(*utm(*TUREN, 49), zone=zone)
    assert near(reading.value, TUREN)
    assert codes(reading) == ["place.utm"]


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ((95.4, 5.4), "46N"), ((98.7, 3.6), "47N"), ((100.36, -0.93), "47S"), ((103.61, -1.61), "48S"),
        ((104.48, 1.03), "48N"), ((109.0, 0.9), "49N"), ((112.64, -8.17), "49S"), ((117.6, 3.3), "50N"),
        ((119.87, -0.9), "50S"), ((124.8, 1.3), 51), ((122.5, -4.0), "51S"), ((127.6, 0.9), "52N"),
        ((128.22, -3.67), "52S"), ((135.5, -3.4), "53S"), ((140.7, -2.6), "54S"),
    ],
)  # fmt: skip
def test_metres_are_read_in_every_zone_and_on_both_sides_of_the_equator(place: tuple[float, float], zone: Raw) -> None:
    number = int(str(zone)[:2])
    reading = read_coordinates(*utm(*place, number), zone=zone)
    assert near(reading.value, place)


@pytest.mark.parametrize("zone", ["33S", "60", "X", "49SS", "utara"])
def test_a_zone_that_indonesia_does_not_lie_in_is_refused(zone: str) -> None:
    assert codes(read_coordinates(*utm(*TUREN, 49), zone=zone)) == ["place.zone"]


def test_a_zone_beside_degrees_makes_no_difference() -> None:
    assert codes(read_coordinates(*TUREN, zone="49S")) == []


def test_metres_are_read_with_thousands_separators_and_swapped() -> None:
    east, north = (round(value) for value in utm(*TUREN, 49))
    grouped = f"{east:,}".replace(",", "."), f"{north:,}".replace(",", ".")
    for first, second in ((grouped[0], grouped[1]), (grouped[1], grouped[0]), (f"{east:,}", f"{north:,}.00")):
        assert near(read_coordinates(first, second, zone="49S").value, TUREN, within=1e-4)
    assert near(read_coordinates(f"49S {east}", str(north)).value, TUREN, within=1e-4)
    assert near(read_coordinates(f"{east} mT", f"{north} mU", zone="49S").value, TUREN, within=1e-4)


def test_a_missing_zone_is_asked_with_the_one_that_fits_the_stated_region() -> None:
    reading = read_coordinates(*utm(*TUREN, 49), region="35.07")
    assert reading.value is None
    assert codes(reading) == ["place.zone_proposed"]
    assert levels(reading) == [Level.ASKED]
    assert reading.findings[0].told["zones"] == "49S"
    proposal = reading.findings[0].proposal
    assert near(read_place(proposal).value, TUREN)


def test_a_missing_zone_without_a_region_is_asked_without_a_proposal() -> None:
    reading = read_coordinates(*utm(*TUREN, 49))
    assert codes(reading) == ["place.zone_asked"]
    assert "49S" in reading.findings[0].told["zones"]
    assert reading.findings[0].proposal is None


def test_metres_that_lie_on_land_in_no_zone_are_refused() -> None:
    reading = read_coordinates(500_000, 8_750_000)
    assert reading.value is None
    assert codes(reading) in (["place.no_zone"], ["place.zone_asked"])
    assert codes(read_coordinates(160_000, 8_700_500)) == ["place.no_zone"]


# --- one cell ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "-8.184, 112.685",
        "-8.184,112.685",
        "-8.184 112.685",
        "-8,184, 112,685",
        "-8,184; 112,685",
        "-8,184 112,685",
        "-8,184,112,685",
        "-8,184 / 112,685",
        "-8,184 - 112,685",
        "8,184 LS - 112,685 BT",
        "8,184 LS dan 112,685 BT",
        "lat=-8.184&lon=112.685",
        "112.685, -8.184",
        "(-8.184, 112.685)",
        "Lat: -8.184, Long: 112.685",
        "Lat -8.184 Lon 112.685",
        "8,184 LS 112,685 BT",
        "8.184 LS, 112.685 BT",
        "8.184°S, 112.685°E",
        "8.184S112.685E",
        "S 8.184 E 112.685",
        "BT 112,685 LS 8,184",
        "POINT (112.685 -8.184)",
        "Koordinat: -8.184, 112.685",
    ],
)
def test_a_cell_with_both_coordinates_is_read_in_either_order(text: str) -> None:
    reading = read_place(text)
    assert near(reading.value, TUREN)
    assert codes(reading) == []


@pytest.mark.parametrize(
    "text",
    [
        "7°07'24\" LS 112°34'04\" BT",
        "7° 7' 24\" LS, 112° 34' 4\" BT",
        "7°07'24\"S, 112°34'04\"E",
        "LS 7°07'24\" BT 112°34'04\"",
        "S 7 07.4 E 112 34.0667",
        "-7°07'24\" 112°34'04\"",
        "7o07'24\" LS dan 112o34'04\" BT".replace(" dan", ","),
        "7 derajat 7 menit 24 detik LS; 112 derajat 34 menit 4 detik BT",
    ],
)
def test_a_cell_with_degrees_and_minutes_of_both_is_read(text: str) -> None:
    reading = read_place(text)
    assert near(reading.value, (112.567778, -7.123333))
    assert codes(reading) == ["place.sexagesimal"]


@pytest.mark.parametrize(
    "template",
    [
        "49S {e} {n}", "49 S {e} {n}", "UTM 49S {e} {n}", "{e} {n} 49S", "{e}, {n}, 49S", "49M {e} mE {n} mN",
        "49S X: {e} Y: {n}", "Zona 49S; {e}; {n}",
    ],
)  # fmt: skip
def test_a_cell_with_metres_and_zone_is_read(template: str) -> None:
    east, north = utm(*TUREN, 49)
    reading = read_place(template.format(e=east, n=north))
    assert near(reading.value, TUREN)
    assert codes(reading) == ["place.utm"]


@pytest.mark.parametrize(
    ("link", "proposal"),
    [
        ("https://www.google.com/maps/@-8.184,112.685,17z", "-8.184, 112.685"),
        ("https://maps.google.com/?q=-8.184,112.685", "-8.184, 112.685"),
        ("https://www.google.com/maps/place/x/@-8.2,112.7,17z/data=!3m1!4b1!3d-8.184!4d112.685", "-8.184, 112.685"),
        ("https://www.openstreetmap.org/#map=17/-8.184/112.685", "-8.184, 112.685"),
        ("geo:-8.184,112.685", "-8.184, 112.685"),
        ("https://maps.app.goo.gl/AbCdEf", None),
        ("https://example.org/@48.85,2.35", None),
    ],
)
def test_a_link_is_refused_and_coordinates_in_it_are_proposed(link: str, proposal: str | None) -> None:
    reading = read_place(link)
    assert reading.value is None
    assert codes(reading) == ["place.link" if proposal is None else "place.link_with_place"]
    assert levels(reading) == [Level.REFUSED]
    assert reading.findings[0].proposal == proposal


@pytest.mark.parametrize("text", ["Desa Contoh", "-8.184", "112,685 BT", "1 2 3 4 5 6", "a" * 5_000, "49S", "-8.184;"])
def test_a_cell_without_two_coordinates_is_refused(text: str) -> None:
    reading = read_place(text)
    assert reading.value is None
    assert codes(reading)[0] in ("place.unreadable", "place.half")


def test_a_dash_that_may_be_a_minus_parts_no_coordinates() -> None:
    assert read_place("112,4 - 1,2345").value is None


def test_both_coordinates_in_one_of_two_cells_are_parted_and_noted() -> None:
    for lon, lat in ((None, "-8,184; 112,685"), ("-8.184, 112.685", ""), ("-8.184, 112.685", "-8.184, 112.685")):
        reading = read_coordinates(lon, lat)
        assert near(reading.value, TUREN)
        assert codes(reading) == ["place.one_cell"]


def test_a_link_in_one_of_two_cells_is_refused_with_its_coordinates() -> None:
    reading = read_coordinates(None, "https://www.google.com/maps/@-8.184,112.685,17z")
    assert reading.value is None
    assert reading.findings[-1].proposal == "-8.184, 112.685"


def test_hostile_text_is_answered_quickly() -> None:
    for text in ("1," * 40, "7 s " * 20, "°" * 80, "7°7'7\"" * 13, "-" * 80, "s " * 30 + "7", "7a" * 40, "1 " * 40):
        assert read_place(text).value is None


# --- precision ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat", "precision"),
    [
        (112.68, -8.18, "village"),
        ("112,68", "-8,18", "village"),
        (112.7, -8.2, "district"),
        ("112°41' BT", "8°11' LS", "village"),
        (112.68, -8.184, None),
        ("112.680", "-8.180", None),
        ("112°41'06\" BT", "8°11'02\" LS", None),
    ],
)
def test_few_decimals_say_that_the_point_cannot_be_the_place_itself(lon: Raw, lat: Raw, precision: str | None) -> None:
    found = column_coordinates(column([lon]), column([lat]))
    told = {finding.code for finding in found.findings.get(0, ())}
    assert ("place.coarse" in told) == (precision is not None)
    given_precision = found.precision.iloc[0]
    assert given_precision == precision if precision else pd.isna(given_precision)


# --- columns -----------------------------------------------------------------------------------------------------


def mixed() -> ReadPlaces:
    index = pd.Index([10, 11, 12, 13, 14, 15])
    lon = pd.Series([112.685, "112,685", None, -8.184, 107.908, 112685000], index=index, dtype=object)
    lat = pd.Series([-8.184, "-8,184", None, 112.685, -7.227, -8184000], index=index, dtype=object)
    regions = pd.Series(["35.07", "35.07", "35.07", "35.07", "35.07", None], index=index, dtype="str")
    return column_coordinates(lon, lat, regions=regions)


def test_a_column_keeps_its_index_and_counts_findings_from_0() -> None:
    found = mixed()
    assert found.values.index.tolist() == [10, 11, 12, 13, 14, 15]
    assert found.values.columns.tolist() == ["lon", "lat"]
    assert (found.values.dtypes == "float64").all()
    assert sorted(found.findings) == [3, 4, 5]
    assert found.values["lon"].isna().tolist() == [False, False, True, False, False, True]
    assert found.regions.tolist()[:2] == ["35.07", "35.07"]
    assert found.regions.iloc[4] == "32.05"


def test_the_cells_given_are_not_altered() -> None:
    lon, lat = column([112.685, "x"]), column([-8.184, "y"])
    before = lon.copy(), lat.copy()
    column_coordinates(lon, lat)
    assert lon.equals(before[0])
    assert lat.equals(before[1])


def test_each_row_of_a_column_reads_as_it_does_alone() -> None:
    rows: list[tuple[Raw, Raw]] = [
        (112.685, -8.184), ("112,685", "-8,184"), (-8.184, 112.685), (0, 0), (200, 1), (112685000, -8184000),
        (None, None), ("", "x"), (107.908, -7.227), (112.7, -8.2), (103.85, 1.29),
    ]  # fmt: skip
    whole = column_coordinates(
        column([lon for lon, _ in rows]), column([lat for _, lat in rows]), regions=column(["35.07"] * len(rows))
    )
    for place, (lon, lat) in enumerate(rows):
        alone = read_coordinates(lon, lat, region="35.07")
        assert whole.findings.get(place, ()) == alone.findings
        values = whole.values.iloc[place]
        assert (values["lon"], values["lat"]) == alone.value if alone.value else values.isna().all()


def test_columns_without_rows_and_of_every_dtype_are_read() -> None:
    empty = column_coordinates(column([]), column([]))
    assert len(empty.values) == 0
    assert column_places(column([])).findings == {}
    for dtype in ("float64", "str", object):
        made = pd.Series([112.685, 112.685]).astype(dtype), pd.Series([-8.184, -8.184]).astype(dtype)
        found = column_coordinates(*made, regions=pd.Series(["35.07", None], dtype="str"))
        assert found.findings == {}
        assert found.values["lon"].tolist() == [112.685, 112.685]
        assert found.regions.tolist() == ["35.07", "35.07"]


def test_a_column_of_pairs_is_read_like_its_cells() -> None:
    cells: list[Raw] = ["-8.184, 112.685", "112.685 -8.184", None, "8,184 LS 112,685 BT", "kosong", "x"]
    found = column_places(column(cells))
    assert found.values["lon"].notna().tolist() == [True, True, False, True, False, False]
    assert sorted(found.findings) == [4, 5]


# --- whatever people write ---------------------------------------------------------------------------------------

anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=90),
    st.text(alphabet="0123456789.,-°'\" LSBTUEN;:", max_size=40),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(lon=anything, lat=anything, region=st.sampled_from([None, "35.07", "72", "x"]))
def test_every_pair_of_cells_gives_a_place_in_indonesia_or_a_reason(lon: Raw, lat: Raw, region: str | None) -> None:
    reading = read_coordinates(lon, lat, region=region)
    if reading.value is None:
        if codes(reading) != ["place.nothing"] and reading.findings:
            assert reading.findings[-1].level in (Level.REFUSED, Level.ASKED)
    else:
        assert 94 < reading.value[0] < 142
        assert -12 < reading.value[1] < 7
        assert not {Level.REFUSED, Level.ASKED} & set(levels(reading))
    assert set(codes(reading)) <= set(MESSAGES)


@settings(max_examples=150, deadline=None)
@given(text=anything)
def test_every_cell_gives_a_place_in_indonesia_or_a_reason(text: Raw) -> None:
    reading = read_place(text)
    assert reading.value is None or 94 < reading.value[0] < 142
    assert set(codes(reading)) <= set(MESSAGES)


@settings(max_examples=150, deadline=None)
@given(
    lon=st.integers(112_400, 112_800), lat=st.integers(-8_250, -8_100), style=st.sampled_from(["dms", "comma", "utm"])
)
def test_a_place_written_in_another_way_is_the_same_place(lon: int, lat: int, style: str) -> None:
    x, y = lon / 1000, lat / 1000
    if style == "dms":
        seconds = [round(abs(value) * 3600) for value in (x, y)]
        texts = [f"{one // 3600}°{one // 60 % 60:02}'{one % 60:02}\"" for one in seconds]
        reading = read_coordinates(f"{texts[0]} BT", f"{texts[1]} LS")
    elif style == "comma":
        reading = read_coordinates(f"{x:.4f}".replace(".", ","), f"{y:.4f}".replace(".", ","))
    else:
        reading = read_coordinates(*utm(x, y, 49), zone="49S")
    assert near(reading.value, (x, y), within=2e-4)


def test_every_code_of_the_module_has_its_words_and_no_words_are_left_over() -> None:
    source = Path(places.__file__).read_text("utf-8")
    assert set(re.findall(r'"(place\.[a-z_]+)"', source.partition("MESSAGES: Final")[0])) == set(MESSAGES)


def test_every_finding_is_put_into_words_in_both_languages() -> None:
    told = {
        **dict.fromkeys(("place", "places", "zone", "zones", "region", "found", "found_code"), "x"),
        **{"km": "1.1", "precision": "village"},
    }
    for make in MESSAGES.values():
        for language in ("en", "id"):
            wrong, remedy = make(translator(language), told)
            assert wrong
            assert "{" not in wrong + remedy


def test_no_finding_repeats_what_stood_in_the_cell() -> None:
    secret = "Rahasia 0812 3456 7890"
    for reading in (read_coordinates(secret, secret), read_place(secret), read_coordinates(112.6, -8.1, zone=secret)):
        assert "ahasia" not in repr(reading)
        assert "7890" not in repr(reading)
