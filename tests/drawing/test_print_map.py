"""The map that leaves the house: complete, legible, true to scale, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text
from pyproj import Geod

from geo.drawing.layout import (
    SIZES,
    Box,
    Label,
    View,
    filled_extent,
    nice_length,
    place_labels,
    spread,
    symbol_radius,
    ticks,
    wrap,
)
from geo.drawing.print_map import LABELS_EN, LABELS_ID, Labels, MapIndicator, Snapshot, draw_map, map_figure, scale_bar
from geo.drawing.symbols import shape, svg_path
from geo.model import Programme, Status, UnknownCodeError, Words

HOSTILE = '<script>alert("x")</script> $\\alpha$ & `é`'
PROGRAMMES = (
    Programme("ktn", Words("Kawasan Terpadu Nusantara", "Integrated area"), Words("KTN", "KTN"), "square", "#0b6e4f"),
    Programme("rusun", Words("Rumah susun", "Flats"), Words("Rusun", "Flats"), "diamond", "#7a4b9a"),
)
POINTS = pd.DataFrame(
    {
        "code": ["A", "B", "C"],
        "name": ["KTN Turen", HOSTILE, "Rusun tanpa titik"],
        "programme": ["ktn", "rusun", "rusun"],
        "status": ["kritis", "belum_lapor", "selesai"],
        "lon": [112.69, 113.5, np.nan],
        "lat": [-8.18, -7.6, np.nan],
    }
)
AREAS = gpd.GeoDataFrame(
    {
        "code": ["35.07", "35.08", "35.09"],
        "name": ["Kabupaten Malang", "Kabupaten Lumajang", "Kabupaten Jember"],
        "value": [72.5, 15.0, np.nan],
    },
    geometry=[shapely.box(west, -8.5, west + 0.7, -7.2) for west in (112.2, 112.9, 113.6)],
    crs=4326,
)
CONTEXT = gpd.GeoDataFrame(
    {"name": ["Jawa Timur", "Bali"]},
    geometry=[shapely.box(112.2, -8.5, 114.3, -7.2), shapely.box(114.5, -8.8, 115.7, -8.1)],
    crs=4326,
)
OUTLINE = gpd.GeoDataFrame(geometry=[shapely.box(95, -11, 141, 6)], crs=4326)
SNAPSHOT = Snapshot(
    title="Kemajuan lokasi Jawa Timur",
    subtitle="Jawa Timur · semua program",
    on=date(2026, 10, 31),
    extent=(112.2, -8.5, 114.3, -7.2),
    points=POINTS,
    areas=AREAS,
    programmes=PROGRAMMES,
    status_counts={"kritis": 1, "belum_lapor": 1, "selesai": 1},
    programme_counts={"ktn": 1, "rusun": 1_234},
    context=CONTEXT,
    outline=OUTLINE,
    indicator=MapIndicator("progress", "Realisasi rata-rata", "%"),
    known_at=datetime(2026, 11, 2, 7, 5, tzinfo=UTC),
    sources=("Batas: sumber A (MIT)", "Laporan program"),
    highlights=("Satu lokasi kritis.",),
    footer="Dibuat untuk rapat.",
)


def texts(figure: Figure) -> list[Text]:
    return [item for axes in figure.axes for item in axes.texts if item.get_text() and item.get_gid() != "halo"]


def words(snapshot: Snapshot, size: str = "layar") -> str:
    return "\n".join(item.get_text() for item in texts(map_figure(snapshot, size=SIZES[size])))


def many(count: int) -> Snapshot:
    rng = np.random.default_rng(7)
    points = pd.DataFrame(
        {
            "code": [f"S{index:03}" for index in range(count)],
            "name": [f"Koperasi Serba Usaha Mitra Sejahtera {index}" for index in range(count)],
            "programme": ["ktn", "rusun"] * (count // 2),
            "status": [list(Status)[index % 9].value for index in range(count)],
            "lon": rng.uniform(112.3, 114.2, count),
            "lat": rng.uniform(-8.4, -7.3, count),
        }
    )
    return replace(SNAPSHOT, points=points)


# --- what stands on the sheet ---


def test_the_sheet_says_what_where_when_from_whom_and_that_it_is_a_sample() -> None:
    text = words(SNAPSHOT)
    for part in (
        "Kemajuan lokasi Jawa Timur",
        "Jawa Timur · semua program",
        "Posisi per 31 Oktober 2026",
        "Tercatat sampai 2 November 2026 14.05 WIB",
        "DATA CONTOH – bukan angka resmi",
        "Sumber: Batas: sumber A (MIT); Laporan program",
        "Batas wilayah perkiraan, bukan batas resmi.",
        "Klasifikasi: BIASA",
        "Satu lokasi kritis.",
        "Dibuat untuk rapat.",
        "Letak di Indonesia",
        "U",
        "km",
    ):
        assert part in text


def test_the_legend_names_every_status_class_and_programme_with_counts() -> None:
    lines = words(SNAPSHOT).split("\n")
    for label in LABELS_ID.statuses.values():
        assert label in lines
    for label in ("Kawasan Terpadu Nusantara", "Rumah susun", "0–20", "80–100", "Realisasi rata-rata (%)"):
        assert label in lines
    assert "1.234" in lines
    assert lines[lines.index("Belum lapor") + 1] == "1"
    assert lines[lines.index("Belum ada data") + 1] == "1"
    assert lines[lines.index("60–80") + 1] == "1"
    assert lines[lines.index("20–40") + 1] == "0"


def test_english_sheets_speak_english() -> None:
    text = words(replace(SNAPSHOT, labels=LABELS_EN))
    for part in ("As of 31 October 2026", "SAMPLE DATA", "Not reported", "No data yet", "1,234", "Flats", "113° E"):
        assert part in text


def test_real_and_official_data_carry_no_sample_mark_and_no_note_on_boundaries() -> None:
    text = words(replace(SNAPSHOT, sample=False, approximate=False))
    assert "DATA CONTOH" not in text
    assert "perkiraan" not in text


def test_a_restricted_sheet_says_so() -> None:
    assert "Klasifikasi: TERBATAS" in words(replace(SNAPSHOT, classification="TERBATAS"))


def test_a_site_without_coordinates_is_counted_on_the_sheet() -> None:
    assert "1 lokasi tidak tergambar" in words(SNAPSHOT)
    assert "tidak tergambar" not in words(replace(SNAPSHOT, points=POINTS.iloc[:2]))


def test_few_sites_are_named_and_many_give_way_to_the_regions() -> None:
    assert "KTN Turen" in words(SNAPSHOT)
    crowded = words(many(40))
    assert "Koperasi Serba" not in crowded
    assert "Lumajang" in crowded


def test_a_map_of_the_whole_country_needs_no_inset() -> None:
    assert "Letak di Indonesia" not in words(replace(SNAPSHOT, extent=(95, -11, 141, 6)))


def test_without_sites_or_indicator_the_sheet_still_stands() -> None:
    text = words(replace(SNAPSHOT, points=POINTS.iloc[:0], indicator=None, context=None, outline=None, highlights=()))
    assert "Tidak ada lokasi pada pilihan ini" in text
    assert "Realisasi" not in text


def test_a_fifth_programme_is_drawn_with_its_own_shape() -> None:
    fifth = Programme("irigasi", Words("Irigasi desa", "Irrigation"), Words("Irigasi", "Irrigation"), "star", "#225588")
    snapshot = replace(
        SNAPSHOT, programmes=(*PROGRAMMES, fifth), points=POINTS.assign(programme=["irigasi", "ktn", "rusun"])
    )
    assert "Irigasi desa" in words(snapshot)


@pytest.mark.parametrize(
    "change",
    [
        {"points": POINTS.assign(programme="siluman")},
        {"points": POINTS.assign(status="gagal")},
        {"indicator": MapIndicator("luas", "Luas", "ha")},
    ],
)
def test_what_nothing_defines_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(UnknownCodeError):
        draw_map(replace(SNAPSHOT, **change), size=SIZES["layar"], form="png")


# --- letters ---


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("snapshot", [SNAPSHOT, many(40)], ids=["few", "many"])
def test_no_text_leaves_the_sheet_or_is_too_small(size: str, snapshot: Snapshot) -> None:
    sheet = SIZES[size]
    figure = map_figure(replace(snapshot, title="Kemajuan " * 30, subtitle="Panjang" * 40), size=sheet)
    renderer = figure.canvas.get_renderer()
    for text in texts(figure):
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.x1 <= sheet.width_px, text.get_text()
        assert box.y1 <= sheet.height_px, text.get_text()
        points = text.get_fontsize()
        assert points >= 7 if sheet.dpi == 300 else points * sheet.dpi / 72 >= 20 - 1e-6


@pytest.mark.parametrize("size", ["layar", "a4_portrait"])
def test_no_two_texts_lie_on_each_other(size: str) -> None:
    figure = map_figure(replace(SNAPSHOT, points=many(14).points), size=SIZES[size])
    renderer = figure.canvas.get_renderer()
    boxes = [(item.get_text(), item.get_window_extent(renderer).shrunk(0.96, 0.7)) for item in texts(figure)]
    assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)] == []


def test_long_names_wrap_and_are_not_cut() -> None:
    long = "Pondok Pesantren Lingkar Perdamaian Desa Tenggulun Kecamatan Solokuro"
    text = words(replace(SNAPSHOT, points=POINTS.assign(name=long)))
    assert long in text.replace("\n", " ")


# --- files ---


def test_a_png_has_the_size_that_was_asked_for() -> None:
    picture = draw_map(SNAPSHOT, size=SIZES["layar"], form="png")
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1920, 1080)
    assert len(picture) < 2_000_000


def test_an_svg_holds_its_words_as_text_its_font_and_no_hostile_markup() -> None:
    picture = draw_map(SNAPSHOT, size=SIZES["layar"], form="svg")
    root = ElementTree.fromstring(picture)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in names
    content = "\n".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for part in ("Kemajuan lokasi Jawa Timur", "Belum lapor", "Posisi per 31 Oktober 2026", '<script>alert("x")'):
        assert part in content
    assert "$\\alpha$" in content.replace("\n", " ")
    source = picture.decode()
    assert "@font-face" in source
    addresses = re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?([^\"')\s>]+)", source)
    assert [a for a in addresses if not a.startswith(("#", "data:"))] == []


def test_the_symbol_on_the_map_is_the_symbol_of_the_legend_and_the_web() -> None:
    figure = map_figure(replace(SNAPSHOT, points=POINTS.iloc[:1]), size=SIZES["layar"])
    outlines = []
    for collection in figure.axes[0].collections + figure.axes[-1].collections:
        for path in collection.get_paths():
            vertices = np.asarray(path.vertices)[:-1]
            if len(vertices) == len(shape("square")):
                centred = vertices - vertices.mean(axis=0)
                outlines.append(centred / np.abs(centred).max())
    unit = np.array(shape("square")) / np.abs(np.array(shape("square"))).max()
    assert any(np.allclose(outline, unit, atol=1e-6) for outline in outlines)
    assert svg_path(shape("square")).startswith("M-")


def test_a_pdf_is_a_pdf_with_its_fonts_and_no_date() -> None:
    picture = draw_map(SNAPSHOT, size=SIZES["a4_portrait"], form="pdf")
    assert picture.startswith(b"%PDF")
    assert b"SourceSansPro" in picture
    assert b"CreationDate" not in picture


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_snapshot_gives_the_same_bytes(form: str) -> None:
    one, other = (draw_map(SNAPSHOT, size=SIZES["layar"], form=form) for _ in range(2))
    assert one == other


def test_another_process_with_another_hash_seed_draws_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.drawing.test_print_map import SNAPSHOT, SIZES, draw_map;"
        "print(*(hashlib.sha256(draw_map(SNAPSHOT, size=SIZES['layar'], form=f)).hexdigest()"
        " for f in ('png', 'svg', 'pdf')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
    )
    own = [
        hashlib.sha256(draw_map(SNAPSHOT, size=SIZES["layar"], form=form)).hexdigest() for form in ("png", "svg", "pdf")
    ]
    assert done.stdout.split() == own


def test_threads_draw_at_once_without_mixing() -> None:
    expected = {title: draw_map(replace(SNAPSHOT, title=title), size=SIZES["layar"], form="png") for title in "AB"}
    with ThreadPoolExecutor(4) as pool:
        jobs = [(t, pool.submit(draw_map, replace(SNAPSHOT, title=t), size=SIZES["layar"], form="png")) for t in "ABAB"]
        for title, job in jobs:
            assert job.result() == expected[title]


def test_drawing_leaves_its_frames_as_they_were() -> None:
    points, areas = POINTS.copy(deep=True), AREAS.copy(deep=True)
    draw_map(SNAPSHOT, size=SIZES["layar"], form="png")
    pd.testing.assert_frame_equal(POINTS, points)
    pd.testing.assert_frame_equal(pd.DataFrame(AREAS), pd.DataFrame(areas))


# --- geometry of the sheet ---


@pytest.mark.parametrize("latitude", [-8.0, -1.0, 5.0])
def test_the_scale_bar_is_true_within_one_percent(latitude: float) -> None:
    box = Box(5, 5, 60, 40)
    view = View(filled_extent((112, latitude - 1, 115, latitude + 1), box), box)
    length_km, width = scale_bar(view, widest=12)
    west, _, east, _ = view.extent
    degrees = width / box.width * (east - west)
    metres = Geod(ellps="WGS84").inv(112, view.latitude, 112 + degrees, view.latitude)[2]
    assert metres / 1000 == pytest.approx(length_km, rel=0.01)
    assert width <= 12


def test_the_bar_on_the_sheet_has_the_length_it_names() -> None:
    figure = map_figure(SNAPSHOT, size=SIZES["layar"])
    page = figure.axes[0]
    half = next(patch for patch in page.patches if patch.get_gid() == "scale-bar")
    shown = [item.get_text() for item in texts(figure)]
    named_km = float(shown[shown.index("km") - 1].replace(",", "."))
    land = figure.axes[1]
    west, east = land.get_xlim()
    south, north = land.get_ylim()
    em_width = land.get_position().width * SIZES["layar"].width
    degrees = 2 * half.get_width() / em_width * (east - west)
    middle = (south + north) / 2
    metres = Geod(ellps="WGS84").inv(113, middle, 113 + degrees, middle)[2]
    assert metres / 1000 == pytest.approx(named_km, rel=0.01)


def test_a_kilometre_is_as_long_northward_as_eastward() -> None:
    box = Box(0, 0, 60, 40)
    view = View(filled_extent((112, -8.5, 114, -7), box), box)
    places = view.to_sheet(
        np.array([113, 113 + 0.1 / np.cos(np.radians(view.latitude)), 113]), np.array([-7.75, -7.75, -7.65])
    )
    east, north = places[1] - places[0], places[2] - places[0]
    assert abs(east[0]) == pytest.approx(abs(north[1]), rel=1e-6)


def test_degrees_and_em_turn_into_each_other() -> None:
    view = View((112, -9, 115, -7), Box(3, 4, 60, 40))
    lon, lat = view.to_degrees(view.to_sheet(np.array([113.3]), np.array([-7.9])))
    assert (lon[0], lat[0]) == pytest.approx((113.3, -7.9))


def test_one_site_gets_a_map_of_some_kilometres() -> None:
    west, south, east, north = filled_extent((112.6, -8.1, 112.6, -8.1), Box(0, 0, 60, 40))
    assert 0.2 <= north - south < 1
    assert west < 112.6 < east


def test_symbols_of_one_place_are_pulled_apart_but_stay_near() -> None:
    home = np.array([[10.0, 10.0]] * 5)
    places = spread(home, radius=0.6, most=3.0, frame=Box(0, 0, 20, 20))
    gaps = [np.hypot(*(a - b)) for a, b in combinations(places, 2)]
    assert min(gaps) > 1.1
    assert np.hypot(*(places - home).T).max() <= 3.0
    assert np.array_equal(places, spread(home, radius=0.6, most=3.0, frame=Box(0, 0, 20, 20)))


def test_symbols_that_have_room_stay_on_their_site() -> None:
    home = np.array([[2.0, 2.0], [9.0, 9.0]])
    assert np.array_equal(spread(home, radius=0.6, most=3.0, frame=Box(0, 0, 20, 20)), home)


def test_crowded_symbols_are_drawn_smaller() -> None:
    crowded = np.random.default_rng(1).uniform(0, 4, (60, 2))
    assert symbol_radius(crowded) < symbol_radius(np.array([[0.0, 0.0], [30.0, 30.0]]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(2, 28), st.floats(2, 18)), min_size=1, max_size=25))
def test_placed_labels_never_touch_each_other_or_the_edge(anchors: list[tuple[float, float]]) -> None:
    frame = Box(0, 0, 30, 20)
    labels = [Label(("Nama",), 4.0, 1.2, anchor, 0.6) for anchor in anchors]
    placed = place_labels(labels, frame=frame, taken=[Box(0, 0, 5, 3)])
    assert all(frame.holds(item.box) for item in placed)
    assert not any(a.box.overlaps(b.box) for a, b in combinations(placed, 2))
    assert not any(item.box.overlaps(Box(0, 0, 5, 3)) for item in placed)


@given(st.text(st.sampled_from("ab cdefgh  "), max_size=80), st.integers(3, 30))
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width, lambda line: float(len(line)))
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_to_a_number_of_lines_shows_that_something_is_missing() -> None:
    assert wrap("satu dua tiga empat lima", 9, lambda line: float(len(line)), most=2) == ("satu dua", "tiga…")


def test_lengths_of_scale_bars_and_steps_of_ticks_are_round() -> None:
    assert [nice_length(value) for value in (1, 4.9, 5, 37, 260)] == [1, 2, 5, 20, 200]
    assert ticks(112.1, 114.9, most=4) == (113.0, 114.0)


@pytest.mark.parametrize("size", ["layar", "a4_portrait", "a3_landscape", "persegi"])
@pytest.mark.parametrize(("labels", "told"), [(LABELS_ID, "Kelas tetap"), (LABELS_EN, "Fixed classes")])
def test_the_legend_says_how_its_classes_are_made(labels: Labels, told: str, size: str) -> None:
    assert told in words(replace(SNAPSHOT, labels=labels), size)
    assert told not in words(replace(SNAPSHOT, labels=labels, indicator=None), size)


def test_the_legend_of_deviation_has_three_classes_on_either_side_of_zero_with_their_counts() -> None:
    areas = AREAS.assign(value=[-12.0, 0.0, 10.0])
    indicator = MapIndicator("deviation", "Deviasi", "poin")
    lines = words(replace(SNAPSHOT, areas=areas, indicator=indicator)).split("\n")
    start = lines.index("< −10")
    assert lines[start : start + 12 : 2] == ["< −10", "−10 … −5", "−5 … 0", "0–5", "5–10", "> 10"]
    assert lines[start + 1 : start + 12 : 2] == ["1", "0", "0", "1", "1", "0"]
