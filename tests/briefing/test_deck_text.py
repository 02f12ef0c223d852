"""Texts are measured, wrapped, shrunk and, in the end, cut so that they fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.briefing.deck_text import LINE, fit, font_factor, width, wrapped


def test_widths_are_those_of_the_letters() -> None:
    assert width("iii") < width("mmm")
    assert width("W", bold=True) == pytest.approx(0.944 * 1.03)
    assert width("é") == width("e")
    assert width("") == 0


def test_a_short_text_keeps_its_size() -> None:
    told = fit("Jawa Timur", 300, 40, size=24, least=14)
    assert (told.text, told.size, told.lines, told.cut) == ("Jawa Timur", 24, 1, False)


def test_a_longer_text_shrinks_before_it_is_cut() -> None:
    text = "Kabupaten Administrasi Kepulauan Seribu"
    shrunk = fit(text, 300, 20, size=24, least=12)
    assert shrunk.text == text
    assert 12 <= shrunk.size < 24
    cut = fit(text, 100, 20, size=24, least=14)
    assert cut.cut
    assert cut.text.endswith("…")
    assert cut.size == 14


def test_a_word_that_is_too_long_is_parted() -> None:
    assert "".join(wrapped("X" * 100, 10)) == "X" * 100
    assert len(wrapped("X" * 100, 10)) > 5


def test_signs_that_no_file_can_hold_are_left_out() -> None:
    assert fit("a\x00b\x1bc\nd", 300, 40, size=14).text == "abc d"


def test_wide_fonts_count_wider() -> None:
    assert font_factor("Verdana") > font_factor("Unknown Sans") > font_factor("Calibri") == 1.0


@given(
    st.text(max_size=120),
    st.floats(min_value=30, max_value=600),
    st.floats(min_value=18, max_value=300),
    st.booleans(),
)
def test_every_text_fits_its_box(text: str, across: float, down: float, bold: bool) -> None:
    told = fit(text, across, down, size=28, least=14, bold=bold)
    lines = wrapped(told.text, across / told.size, bold=bold)
    assert all(len(line) <= 1 or width(line, bold) * told.size <= across + 1e-6 for line in lines)
    assert len(lines) * told.size * LINE <= max(down + told.size * LINE * 0.06, told.size * LINE)
