"""Pictures hold together at every size, in both languages: nothing clipped, nothing on top of another thing."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from geo.drawing.print_map import LABELS, SIZES, Snapshot, draw_map, map_figure
from geo.drawing.qr import modules
from geo.drawing.snapshot import snapshot
from geo.locale import translator
from geo.model import Language, RefusedError
from tests.drawing.contact_sheet import ADDRESS, NUMBER, make
from tests.drawing.test_print_map import SNAPSHOT
from tests.views import view_of

LONGEST = "Kabupaten Administrasi Kepulauan Seribu"
TITLE = (f"Perkembangan lokasi program Sinergisitas di {LONGEST} dan sekitarnya menurut laporan " * 2)[:140]
SHEETS = [(size, language) for index, size in enumerate(SIZES) for language in (("id", "en") if index % 2 else ("id",))]
NUMBERED = replace(SNAPSHOT, number=NUMBER, address=ADDRESS)


def texts(figure: Figure) -> list[Text]:
    return [item for axes in figure.axes for item in axes.texts]


def extents(figure: Figure) -> list[tuple[str, Bbox]]:
    renderer = figure.canvas.get_renderer()
    return [(item.get_text(), item.get_window_extent(renderer)) for item in texts(figure)]


def holds(outer: Bbox, inner: Bbox) -> bool:
    return bool(outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1)


def code_box(figure: Figure) -> Bbox | None:
    """Where the modules of the code are, without its quiet zone, in pixels."""
    drawn = [patch for patch in figure.axes[0].patches if patch.get_gid() == "code"]
    return drawn[0].get_window_extent() if drawn else None


def hard(tables: dict[str, pd.DataFrame], language: Language, **filters: object) -> Snapshot:
    """A map with the longest title and names there are."""
    t = translator(language)
    drawn = snapshot(view_of(tables, **filters), t, sample=True, title=TITLE, number=NUMBER, address=ADDRESS)
    points = drawn.points.copy()
    points.loc[points.index[::3], "name"] = f"Kelompok Pembudidaya Rumput Laut {LONGEST}"
    return replace(drawn, points=points, known_at=SNAPSHOT.known_at, footer=f"Dibuat untuk rapat di {LONGEST}.")


# --- nothing clipped, nothing covered ---


@pytest.mark.parametrize(("size", "language"), SHEETS)
@pytest.mark.parametrize("filters", [{"regencies": ("35.07",)}, {"provinces": ("33", "35")}], ids=["one", "two"])
def test_no_words_are_clipped_or_lie_on_each_other_or_on_the_code(
    size: str, language: Language, filters: dict[str, object], tables: dict[str, pd.DataFrame]
) -> None:
    figure = map_figure(hard(tables, language, **filters), size=SIZES[size])
    sheet, found, code = SIZES[size], extents(figure), code_box(figure)
    assert code is not None
    inside = Bbox([[0, 0], [sheet.width_px, sheet.height_px]])
    for told, box in found:
        assert holds(inside, box), told
        assert not box.overlaps(code), told
    core = [(told, Bbox.from_extents(b.x0 + 1, b.y0 + b.height * 0.2, b.x1 - 1, b.y1)) for told, b in found]
    assert [(a, b) for (a, one), (b, other) in combinations(core, 2) if one.overlaps(other)] == []


@pytest.mark.parametrize("size", SIZES)
def test_labels_on_the_map_stay_within_its_frame(size: str, tables: dict[str, pd.DataFrame]) -> None:
    figure = map_figure(hard(tables, "id", provinces=("35",)), size=SIZES[size])
    land = figure.axes[1].get_window_extent()
    renderer = figure.canvas.get_renderer()
    italic = [item for item in texts(figure) if item.get_fontstyle() == "italic"]
    assert italic
    for item in italic:
        box = item.get_window_extent(renderer)
        assert holds(land, box), item.get_text()


@pytest.mark.parametrize("size", SIZES)
def test_the_margins_of_the_picture_are_bare_paper(size: str, tables: dict[str, pd.DataFrame]) -> None:
    sheet = SIZES[size]
    drawn = draw_map(hard(tables, "en", provinces=("52",)), size=sheet, form="png")
    pixels = np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"))
    margin = int(sheet.em_px)
    for edge in (pixels[margin:, :margin], pixels[margin:, -margin:], pixels[-margin:]):
        assert (edge == 255).all()


def test_the_smallest_letters_are_as_large_as_they_must_be() -> None:
    for size in SIZES.values():
        points = min(item.get_fontsize() for item in texts(map_figure(NUMBERED, size=size)))
        assert points >= 7 if size.is_paper else points * size.dpi / 72 >= 20 - 1e-6


def test_the_longest_names_stand_whole_on_the_sheet(tables: dict[str, pd.DataFrame]) -> None:
    for size in SIZES.values():
        figure = map_figure(hard(tables, "id", regencies=("35.07",)), size=size)
        told = " ".join(item.get_text() for item in texts(figure))
        assert " ".join(TITLE.split()) in told
        assert f"Kelompok Pembudidaya Rumput Laut {LONGEST}" in told


# --- number, code, graticule, moment ---


@pytest.mark.parametrize("size", SIZES)
def test_the_code_can_be_read_off_the_pixels_and_is_large_enough(size: str) -> None:
    sheet = SIZES[size]
    figure = map_figure(NUMBERED, size=sheet)
    box = code_box(figure)
    assert box is not None
    expected = modules(ADDRESS)
    count = len(expected) - 8
    whole_px = box.width / count * len(expected)
    assert whole_px >= (18 / 25.4 * 300 if sheet.is_paper else 132 * sheet.em_px / 20) - 1e-6
    pixels = np.asarray(Image.open(io.BytesIO(draw_map(NUMBERED, size=sheet, form="png"))).convert("L"))
    module = box.width / count
    steps = np.arange(-4, count + 4) + 0.5
    columns = (box.x0 + steps * module).astype(int)
    rows = (sheet.height_px - box.y1 + steps * module).astype(int)
    np.testing.assert_array_equal(pixels[np.ix_(rows, columns)] < 128, expected)


def test_the_number_stands_below_the_code_and_nothing_stands_there_without_an_address() -> None:
    told = [item.get_text() for item in texts(map_figure(NUMBERED, size=SIZES["layar"]))]
    assert NUMBER in told
    bare = map_figure(replace(SNAPSHOT, number=NUMBER), size=SIZES["layar"])
    assert code_box(bare) is None
    assert NUMBER not in [item.get_text() for item in texts(bare)]
    assert any(NUMBER in item.get_text() for item in texts(bare))
    assert not any("Nomor" in item.get_text() for item in texts(map_figure(SNAPSHOT, size=SIZES["layar"])))


def test_an_address_too_long_for_a_code_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="more than a QR code holds"):
        map_figure(replace(SNAPSHOT, address="http://127.0.0.1/?" + "a" * 3000), size=SIZES["layar"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_without_a_graticule_there_are_no_degrees_and_the_map_gains_their_room(language: Language) -> None:
    with_lines = map_figure(replace(SNAPSHOT, labels=LABELS[language]), size=SIZES["layar"])
    without = map_figure(replace(SNAPSHOT, labels=LABELS[language], graticule=False), size=SIZES["layar"])
    scale = LABELS[language].scale_at.split("{")[0]

    def degrees(figure: Figure) -> list[str]:
        return [told for item in texts(figure) if "°" in (told := item.get_text()) and not told.startswith(scale)]

    assert degrees(with_lines)
    assert degrees(without) == []
    assert without.axes[1].get_position().width > with_lines.axes[1].get_position().width
    assert without.axes[1].get_position().height > with_lines.axes[1].get_position().height


def test_the_note_on_boundaries_is_not_told_twice() -> None:
    once = replace(SNAPSHOT, sources=("Batas: kabupaten/kota perkiraan, bukan batas resmi",))
    told = " ".join(item.get_text() for item in texts(map_figure(once, size=SIZES["layar"])))
    assert told.count("bukan batas resmi") == 1


# --- to look at ---


def test_a_contact_sheet_shows_every_picture(tmp_path: Path) -> None:
    """With GEO_ARTEFACTS naming a folder all of them, to be looked at one by one; without, a few."""
    folder = os.environ.get("GEO_ARTEFACTS")
    made = make(Path(folder) / "contact" if folder else tmp_path, only="" if folder else "persegi-malang-10-id.png")
    assert made
    for sheet in made:
        with Image.open(sheet) as opened:
            assert len(opened.convert("L").getcolors() or ()) > 20
