"""Codes are text with a shape of their own."""

from __future__ import annotations

import pytest

from geo.regions.codes import codes_behind_number, dotted, is_code, level_of


@pytest.mark.parametrize(
    ("code", "level"),
    [("11", 1), ("35", 1), ("96", 1), ("35.01", 2), ("35.69", 2), ("35.71", 2), ("35.99", 2)],
)
def test_a_code_tells_its_level(code: str, level: int) -> None:
    assert level_of(code) == level
    assert is_code(code, level)


@pytest.mark.parametrize(
    "code", ["", "3", "03", "10", "3507", "35.00", "35.70", "35.7", "35.070", "a5", "35,07", "３５"]
)
def test_what_is_no_code_has_no_level(code: str) -> None:
    assert level_of(code) is None


def test_dots_are_put_where_print_has_them() -> None:
    assert [dotted(code) for code in ("3507", " 35.07 ", "35", "35.7", "３５０７")] == [
        "35.07",
        "35.07",
        "35",
        "35.7",
        "３５０７",
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [("33.1", ("33.10",)), ("35.0", ("35",)), ("3507.0", ("35.07",)), ("33.10", ()), ("35.07", ()), ("33.7", ())],
)
def test_a_number_tells_which_code_it_was(text: str, codes: tuple[str, ...]) -> None:
    assert codes_behind_number(text) == codes
