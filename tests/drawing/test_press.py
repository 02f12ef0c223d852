"""Colours of a printing press: nothing of RGB left, greys in black alone, letters still letters, the look kept."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pikepdf
import pytest
from pypdf import PdfReader

from geo.drawing.palette import SCALES, ground, scale, status_look
from geo.drawing.press import inks_of, press_colours, shown
from geo.drawing.print_map import LABELS_EN, SIZES, Colours, Snapshot, draw_map
from geo.drawing.snapshot import picture
from geo.locale import translator
from geo.model import RefusedError, Status
from tests.drawing.test_print_map import SNAPSHOT
from tests.drawing.test_print_quality import NUMBERED
from tests.views import view_of

SIZE = SIZES["a4_landscape"]
RGB = {"rg", "RG", "g", "G"}


def colour(code: str) -> tuple[float, float, float]:
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def opened(snapshot: Snapshot, colours: Colours) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(draw_map(snapshot, size=SIZE, form="pdf", colours=colours)))


def parts(pdf: pikepdf.Pdf) -> list[Any]:
    """Pages and all forms and patterns of a PDF."""
    drawn = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    return [*pdf.pages, *(one for one in drawn if one.get("/Subtype") == "/Form" or "/PatternType" in one)]


def test_a_pdf_for_print_holds_no_colour_but_cmyk() -> None:
    screen, press = opened(NUMBERED, "rgb"), opened(NUMBERED, "cmyk")
    operators = [
        {str(one.operator) for part in parts(pdf) for one in pikepdf.parse_content_stream(part)}
        for pdf in (screen, press)
    ]
    assert operators[0] & RGB
    assert not operators[1] & RGB
    assert {"k", "K"} <= operators[1]
    for part in parts(press):
        assert b"DeviceRGB" not in pikepdf.unparse_content_stream(pikepdf.parse_content_stream(part))
    for page in press.pages:
        assert page.obj.get("/Group", {}).get("/CS") != "/DeviceRGB"


def test_letters_are_printed_in_black_alone_and_can_be_searched() -> None:
    file = draw_map(replace(SNAPSHOT, labels=LABELS_EN), size=SIZE, form="pdf", colours="cmyk")
    told = PdfReader(io.BytesIO(file)).pages[0].extract_text()
    for words in ("Kemajuan lokasi Jawa Timur", "Not reported", "As of 31 October 2026"):
        assert words in told
    press = pikepdf.open(io.BytesIO(file))
    inks: list[tuple[float, ...]] = [(0.0, 0.0, 0.0, 1.0)]
    used = set()
    for one in pikepdf.parse_content_stream(press.pages[0]):
        if str(one.operator) == "k":
            inks.append(tuple(float(ink) for ink in one.operands))
        elif str(one.operator) == "TJ":
            used.add(inks[-1])
    coloured = {ink for ink in used if any(ink[:3])}
    assert any(not any(ink[:3]) and ink[3] > 0.9 for ink in used)
    assert coloured <= {inks_of(*colour(ground("print").accent))}


def test_transparency_and_fonts_are_kept() -> None:
    screen, press = opened(SNAPSHOT, "rgb"), opened(SNAPSHOT, "cmyk")
    for kept in ("/ExtGState", "/Font"):
        assert set(press.pages[0].Resources[kept].keys()) == set(screen.pages[0].Resources[kept].keys())


def test_the_same_map_gives_the_same_bytes_for_print() -> None:
    assert len({draw_map(SNAPSHOT, size=SIZE, form="pdf", colours="cmyk") for _ in range(2)}) == 1


@pytest.mark.parametrize("grey", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_greys_need_no_coloured_ink(grey: float) -> None:
    *coloured, black = inks_of(grey, grey, grey)
    assert coloured == [0, 0, 0]
    assert black == pytest.approx(min(1, (1 - grey) / 0.874), abs=0.01)


def test_every_colour_of_the_map_looks_in_print_as_on_the_screen() -> None:
    paints = {status_look(status, "print").fill for status in Status}
    paints |= {code for name in SCALES for code in scale(name).colours("print")}
    paints |= {ground("print").sea, ground("print").land, ground("print").context, ground("print").warning}
    for code in paints - {"none"}:
        wanted = np.array(colour(code))
        inks = np.array(inks_of(*colour(code)))
        assert np.abs(shown(inks) - wanted).max() < 0.1, code
        assert inks.sum() <= 2.6, code


@pytest.mark.parametrize("form", ["png", "svg", "html"])
def test_forms_that_cannot_hold_press_colours_refuse_them(form: str, tables: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="only a PDF"):
        picture(view_of(tables), translator("en"), form=form, sample=True, colours="cmyk")


def test_a_picture_in_other_colours_is_refused_rather_than_left_as_it_is() -> None:
    made = pikepdf.new()
    page = made.add_blank_page()
    image = made.make_stream(b"\xff\x00\x00")
    image.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1, Height=1, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = made.make_stream(b"/Im0 Do")
    target = io.BytesIO()
    made.save(target)
    with pytest.raises(ValueError, match="not turned into CMYK"):
        press_colours(target.getvalue())
