"""State what a request is: its number, its moment, its way through JSON, and the address that reopens its view."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.drawing.request import (
    FORMS_OF,
    Basis,
    Request,
    address,
    basis,
    canonical,
    is_extent,
    parse_number,
    public_url,
    settled,
)
from geo.drawing.view import INDICATORS
from geo.model import Filters, RefusedError
from geo.programmes import load_programmes
from geo.progress import Thresholds

WIB = ZoneInfo("Asia/Jakarta")
AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
BASIS = Basis(
    records="abc.17.20261031T045930000000",
    recorded_to=datetime(2026, 10, 31, 4, 59, 30, tzinfo=UTC),
    programmes="p1",
    thresholds="t1",
    boundaries="b1",
    software="0.2.0",
)
ONE = Request(
    what="map",
    form="png",
    filters=Filters(on=date(2026, 10, 31), known_at=AT, provinces=("35",)),
    basis=BASIS,
    base="http://127.0.0.1:8501",
)

moments = st.integers(978_307_200_000_000, 3_786_912_000_000_000).flatmap(  # microseconds: the years 2001 to 2089
    lambda us: st.sampled_from([UTC, WIB]).map(lambda zone: datetime.fromtimestamp(us / 1e6, zone))
)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
codes = st.lists(words, max_size=3).map(tuple)


@st.composite
def extents(draw: st.DrawFn) -> tuple[float, float, float, float]:
    west, east = sorted(draw(st.lists(st.floats(-180, 180), min_size=2, max_size=2, unique=True)))
    south, north = sorted(draw(st.lists(st.floats(-90, 90), min_size=2, max_size=2, unique=True)))
    return west, south, east, north


@st.composite
def requests(draw: st.DrawFn) -> Request:
    what = draw(st.sampled_from(list(FORMS_OF)))
    recorded_to = draw(moments).astimezone(UTC)
    filters = Filters(
        on=draw(st.dates(date(2001, 1, 1), date(2090, 1, 1))),
        known_at=draw(st.none() | moments),
        provinces=draw(codes),
        regencies=draw(codes),
        programmes=draw(codes),
        statuses=draw(codes),
        search=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
    )
    return Request(
        what=what,
        form=draw(st.sampled_from(FORMS_OF[what])),
        filters=settled(filters, recorded_to),
        basis=replace(BASIS, recorded_to=recorded_to, records=draw(words)),
        base=draw(st.sampled_from(["http://127.0.0.1:8501", "https://sinergisitas.example.go.id/panel"])),
        language=draw(st.sampled_from(["id", "en"])),
        size=draw(words),
        indicator=draw(st.sampled_from([None, *INDICATORS])),
        extent=draw(st.none() | extents()),
        title=draw(st.none() | words),
        classification=draw(st.sampled_from(["BIASA", "TERBATAS"])),
        graticule=draw(st.booleans()),
        colours=draw(st.sampled_from(["rgb", "cmyk"])),
        template=draw(st.none() | words),
    )


# --- JSON and number ---------------------------------------------------------------------------------------------


@given(requests())
def test_a_request_comes_back_from_json_the_same_with_its_number(request: Request) -> None:
    back = Request.from_dict(json.loads(canonical(request.as_dict())))
    assert back == request
    assert hash(back) == hash(request)
    assert back.number == request.number


@given(requests())
def test_a_number_is_read_however_a_person_types_it(request: Request) -> None:
    number = request.number
    typed = [number, number.lower(), number.replace("-", ""), f" {number[:3]} {number[3:]}\n", number.replace("-", "–")]
    typed += [number.replace("0", "O").replace("1", "l"), number.replace("0", "o").replace("1", "I")]
    assert {parse_number(text) for text in typed} == {number}


@pytest.mark.parametrize("text", ["", "K7QM3", "K7QM3-XPA2D9", "K7QM3-XPA2U", "K7QM3-XPÄ2D", "https://x"])
def test_what_is_no_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RefusedError, match=r"no number of a snapshot.*K7QM3-XPA2D"):
        parse_number(text)


def test_a_number_once_printed_stays_the_number() -> None:
    assert ONE.number == "RG8ZJ-W04MC"


@pytest.mark.parametrize(
    "change",
    [
        {"form": "pdf"},
        {"language": "en"},
        {"size": "4k"},
        {"indicator": None},
        {"extent": (110.0, -9.0, 115.0, -6.0)},
        {"title": "Rapat"},
        {"classification": "TERBATAS"},
        {"graticule": False},
        {"colours": "cmyk"},
        {"base": "https://example.go.id"},
        {"basis": replace(BASIS, records="abc.18.20261031T045930000001")},
        {"basis": replace(BASIS, software="0.3.0")},
        {"filters": ONE.filters.but(known_at=AT + timedelta(minutes=1))},
        {"filters": ONE.filters.but(on=date(2026, 10, 30))},
        {"filters": ONE.filters.but(programmes=("ktn",))},
    ],
    ids=str,
)
def test_whatever_changes_a_picture_changes_its_number(change: dict[str, Any]) -> None:
    assert replace(ONE, **change).number != ONE.number


def test_equal_requests_have_one_number_however_their_values_are_written() -> None:
    one = replace(ONE, extent=(0.0, -9.0, 115.0, -6.0))
    other = replace(
        one, extent=(-0.0, -9, 115, -6), filters=one.filters.but(known_at=AT.astimezone(WIB))
    )  # ints, another zone, minus zero
    assert one == other
    assert one.number == other.number


def test_a_request_of_a_newer_software_is_refused_not_misread() -> None:
    told = ONE.as_dict() | {"projection": "utm"}
    with pytest.raises(RefusedError, match=r"projection.*update this one"):
        Request.from_dict(told)


@pytest.mark.parametrize("lost", ["filters", "basis", "form", "extent"])
def test_a_request_that_lost_a_part_is_refused(lost: str) -> None:
    told = {name: value for name, value in ONE.as_dict().items() if name != lost}
    with pytest.raises(RefusedError, match="cannot be read"):
        Request.from_dict(told)


@pytest.mark.parametrize(
    "change",
    [
        {"filters": Filters(on=date(2026, 10, 31))},
        {"filters": Filters(on=date(2026, 10, 31), known_at=AT + timedelta(seconds=3))},
        {"filters": Filters(on=date(2026, 10, 31), known_at=AT.replace(tzinfo=None))},
        {"extent": (115.0, -9.0, 110.0, -6.0)},
        {"extent": (math.nan, -9.0, 110.0, -6.0)},
        {"form": "pptx"},
        {"what": "deck"},
    ],
    ids=str,
)
def test_what_could_not_be_made_again_is_no_request(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"settled|extent|no "):
        replace(ONE, **change)


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (0, 1, 1, 1), (-181, 0, 1, 1), (0, -91, 1, 1), (0, 0, math.inf, 1)])
def test_a_box_without_area_or_off_the_earth_is_no_extent(box: tuple[float, float, float, float]) -> None:
    assert not is_extent(box)


# --- the moment --------------------------------------------------------------------------------------------------


@given(moments)
def test_a_settled_moment_is_the_next_whole_minute_and_the_last_minute_is_the_days_end(last: datetime) -> None:
    known_at = settled(Filters(on=date(2026, 1, 1)), last).known_at
    assert known_at is not None
    assert last <= known_at < last + timedelta(minutes=2)
    local = known_at.astimezone(WIB).time()
    assert local == time.max or (local.second, local.microsecond) == (0, 0)
    assert settled(Filters(on=date(2026, 1, 1), known_at=known_at), AT).known_at == known_at


@pytest.mark.parametrize(
    ("moment", "whole"),
    [
        ("2026-10-31T09:00:00+07:00", "2026-10-31T09:00:00+07:00"),
        ("2026-10-31T09:00:00.000001+07:00", "2026-10-31T09:01:00+07:00"),
        ("2026-10-31T23:58:30+07:00", "2026-10-31T23:59:59.999999+07:00"),
        ("2026-10-31T23:59:00+07:00", "2026-10-31T23:59:59.999999+07:00"),
        ("2026-10-31T23:59:59.999999+07:00", "2026-10-31T23:59:59.999999+07:00"),
        ("2026-11-01T00:00:00+07:00", "2026-11-01T00:00:00+07:00"),
    ],
)
def test_moments_are_settled_as_the_screens_read_minutes(moment: str, whole: str) -> None:
    found = settled(Filters(on=date(2026, 10, 31)), datetime.fromisoformat(moment)).known_at
    assert found == datetime.fromisoformat(whole)


def test_records_count_to_the_last_write_or_to_an_earlier_moment_that_was_chosen() -> None:
    assert ONE.recorded_to == BASIS.recorded_to
    earlier = datetime(2026, 9, 1, tzinfo=UTC)
    assert replace(ONE, filters=ONE.filters.but(known_at=earlier)).recorded_to == earlier


# --- the basis ---------------------------------------------------------------------------------------------------


def test_the_data_version_names_records_programmes_thresholds_and_boundaries() -> None:
    programmes = load_programmes()
    first = basis("r1", AT, programmes=programmes, thresholds=Thresholds(), software="0.2.0")
    same = basis("r1", AT, programmes=dict(programmes), thresholds=Thresholds(), software="0.2.0")
    assert first == same
    assert first.data_version.startswith("records=r1; programmes=")
    fewer = {code: one for code, one in programmes.items() if code != "ktn"}
    other = basis("r1", AT, programmes=fewer, thresholds=Thresholds(silent_after_days=30), software="0.2.0")
    assert (other.programmes != first.programmes, other.thresholds != first.thresholds) == (True, True)
    assert other.boundaries == first.boundaries


# --- the address -------------------------------------------------------------------------------------------------


def parameters(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(text).query, strict_parsing=True).items()}


def test_an_address_tells_the_view_in_the_words_of_the_screens() -> None:
    filters = ONE.filters.but(
        provinces=("32", "35"), regencies=("35.07",), programmes=("ktn",), statuses=("kritis", "terlambat")
    )
    asked = replace(ONE, filters=filters, indicator=None, language="en", extent=(110.0, -9.0, 115.0, -6.0))
    told = address(asked)
    assert urlsplit(told).path == "/peta"
    pandang = parameters(told).pop("pandang")
    assert parameters(told) == {
        "provinsi": "32,35",
        "kabkota": "35.07",
        "program": "ktn",
        "status": "kritis,terlambat",
        "posisi": "2026-10-31",
        "diketahui": "2026-10-31T12:00",
        "indikator": "tanpa",
        "bahasa": "en",
        "pandang": pandang,
    }
    lat, lon, zoom = map(float, pandang.split(","))
    assert (round(lat, 1), lon) == (-7.5, 112.5)
    assert 6 <= zoom <= 8


def test_what_the_screens_show_by_themselves_is_left_out_but_never_the_clocks() -> None:
    assert address(ONE) == ("http://127.0.0.1:8501/peta?provinsi=35&posisi=2026-10-31&diketahui=2026-10-31T12:00")


def test_an_atlas_is_reopened_on_the_first_screen() -> None:
    told = address(replace(ONE, what="atlas", form="pdf", size="a4_portrait"))
    assert told == "http://127.0.0.1:8501/?provinsi=35&posisi=2026-10-31&diketahui=2026-10-31T12:00"


@given(extents())
def test_a_reopened_extent_lies_wholly_in_the_map(box: tuple[float, float, float, float]) -> None:
    lat, _, zoom = parameters(address(replace(ONE, extent=box)))["pandang"].split(",")
    assert abs(float(lat)) <= 85.1
    assert 3 <= float(zoom) <= 14
    west, south, east, north = box
    if float(zoom) > 3 and max(-south, north) < 85:
        world = 256 * 2 ** float(zoom)
        assert (east - west) / 360 * world <= 1000
        low, high = (math.asinh(math.tan(math.radians(side))) / (2 * math.pi) for side in (south, north))
        assert (high - low) * world <= 600


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ("", "http://127.0.0.1:8501"),
        ("https://sinergisitas.example.go.id/", "https://sinergisitas.example.go.id"),
        (" https://example.go.id/panel/ ", "https://example.go.id/panel"),
        ("http://10.0.0.5:8501", "http://10.0.0.5:8501"),
    ],
)
def test_the_public_address_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, told: str, base: str) -> None:
    monkeypatch.setenv("GEO_PUBLIC_URL", told)
    assert public_url() == base
    assert address(replace(ONE, base=public_url())).startswith(f"{base}/peta?provinsi=35")


@pytest.mark.parametrize(
    "told",
    [
        "example.go.id",
        "ftp://example.go.id",
        "javascript:alert(1)",
        "https://",
        "http://a b",
        "http://user:word@example.go.id",
        "https://example.go.id/?x=1",
        "https://example.go.id/#peta",
        "http://example.go.id:port",
        "http://[::1",
    ],
)
def test_a_public_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("GEO_PUBLIC_URL", told)
    with pytest.raises(RefusedError, match="GEO_PUBLIC_URL is no address of a web site"):
        public_url()
