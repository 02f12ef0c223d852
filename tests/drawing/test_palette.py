"""Colours told apart by everybody, and values put into the class they belong to."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import get_args

import numpy as np
import pytest

from geo.drawing.palette import (
    GROUNDS,
    SCALES,
    Theme,
    class_colour,
    class_of,
    contrast_ratio,
    ground,
    ink_on,
    linear_rgb,
    scale,
    status_look,
)
from geo.model import Status, UnknownCodeError
from tests.drawing.eyes import SIGHTS, seen

THEMES: tuple[Theme, ...] = get_args(Theme)

APART = 20.0  # CIE 1976 colour difference; about 2.3 is just noticeable side by side


def lab(colour: str, sight: str) -> np.ndarray:
    return seen(np.array(linear_rgb(colour)), sight)


def difference(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_every_two_statuses_differ_in_colour_or_in_mark_and_line(theme: Theme, sight: str) -> None:
    looks = [status_look(status, theme) for status in Status]
    alike = [
        (one.status, other.status)
        for one, other in combinations(looks, 2)
        if difference(one.fill, other.fill, sight) < APART and (one.mark, one.line) == (other.mark, other.line)
    ]
    assert alike == []


@pytest.mark.parametrize("sight", ["normal", "protanopia", "deuteranopia", "tritanopia"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_filled_statuses_differ_in_colour_alone_for_every_kind_of_eye(theme: Theme, sight: str) -> None:
    filled = [look for look in (status_look(status, theme) for status in Status) if not look.hollow]
    pairs = {(a.status, b.status): difference(a.fill, b.fill, sight) for a, b in combinations(filled, 2)}
    assert min(pairs.values()) > 12, min(pairs, key=lambda pair: pairs[pair])


def test_no_two_statuses_share_mark_line_and_fill() -> None:
    looks = [status_look(status) for status in Status]
    assert len({(look.mark, look.line, look.fill) for look in looks}) == len(Status)
    assert len({look.glyph for look in looks}) == len(Status)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", Status)
def test_a_symbol_stands_out_from_land_and_sea_and_its_mark_from_its_fill(status: Status, theme: Theme) -> None:
    look = status_look(status, theme)
    assert contrast_ratio(look.outline, ground(theme).land) >= 3
    assert contrast_ratio(look.outline, ground(theme).sea) >= 3
    assert contrast_ratio(look.mark_colour, look.fill) >= 3
    assert max(contrast_ratio(look.outline, look.fill), contrast_ratio(look.fill, ground(theme).land)) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", Status)
def test_the_words_of_a_status_are_readable_on_paper(status: Status, theme: Theme) -> None:
    assert contrast_ratio(status_look(status, theme).text, ground(theme).paper) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_letters_are_readable_on_paper_land_and_sea(theme: Theme) -> None:
    colours = GROUNDS[theme]
    for back in (colours.paper, colours.land, colours.sea, colours.context):
        assert contrast_ratio(colours.ink, back) >= 7
        assert contrast_ratio(colours.muted, back) >= 4.5
    assert contrast_ratio(colours.warning, colours.paper) >= 4.5
    assert contrast_ratio(colours.accent, colours.paper) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("indicator", SCALES)
@pytest.mark.parametrize("sight", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_neighbouring_classes_are_told_apart_by_every_eye(sight: str, indicator: str, theme: Theme) -> None:
    colours = scale(indicator).colours(theme)
    assert len(colours) == scale(indicator).count
    assert min(difference(one, other, sight) for one, other in combinations(colours, 2)) > 8


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_all_classes_of_deviation_differ_clearly_from_each_other_and_from_bare_ground(sight: str, theme: Theme) -> None:
    colours = scale("deviation").colours(theme)
    assert min(difference(one, other, sight) for one, other in combinations(colours, 2)) > 16
    for bare in (ground(theme).land, ground(theme).context, ground(theme).sea):
        assert min(difference(colour, bare, sight) for colour in colours) > 12


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_the_lowest_class_of_deviation_is_not_taken_for_the_status_kritis(sight: str, theme: Theme) -> None:
    lowest = scale("deviation").colours(theme)[0]
    assert difference(lowest, status_look(Status.KRITIS, theme).fill, sight) > APART


@pytest.mark.parametrize("theme", THEMES)
def test_deviation_has_zero_in_the_middle_and_both_sides_weigh_the_same(theme: Theme) -> None:
    breaks, colours = scale("deviation").breaks, scale("deviation").colours(theme)
    assert [-edge for edge in reversed(breaks)] == list(breaks)
    assert breaks[len(breaks) // 2] == 0
    lightness = [lab(colour, "grey")[0] for colour in colours]
    assert lightness == pytest.approx(lightness[::-1], abs=3)
    below = lightness[:3]
    assert below == sorted(below, reverse=theme == "dark")
    assert min(abs(a - b) for a, b in pairwise(below)) > 12


def test_every_scale_says_how_its_classes_are_made() -> None:
    assert {scale(indicator).method for indicator in SCALES} == {"fixed"}


@pytest.mark.parametrize("theme", THEMES)
def test_sequential_classes_change_lightness_in_one_direction(theme: Theme) -> None:
    lightness = [lab(colour, "grey")[0] for colour in scale("progress").colours(theme)]
    assert lightness == sorted(lightness, reverse=theme != "dark")
    assert min(abs(a - b) for a, b in pairwise(lightness)) > 5


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (19.99, 0), (20, 1), (40, 2), (60, 3), (79.9, 3), (80, 4), (100, 4), (103, 4)],
)
def test_progress_falls_in_fifths(value: float, expected: int) -> None:
    assert class_of(value, "progress") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-40, 0), (-10.01, 0), (-10, 1), (-5.01, 1), (-5, 2), (-0.01, 2), (-1e-12, 3), (0, 3), (5, 3), (5.01, 4),
        (10, 4), (10.01, 5), (40, 5),
    ],
)  # fmt: skip
def test_deviation_classes_follow_the_rules_of_status_and_stop_at_their_upper_ends(value: float, expected: int) -> None:
    assert class_of(value, "deviation") == expected


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (10, 3), (11, 4)])
def test_counts_of_sites_have_a_class_of_their_own_for_none(value: int, expected: int) -> None:
    assert class_of(value, "sites") == expected


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
@pytest.mark.parametrize("indicator", SCALES)
def test_a_missing_value_has_no_class_and_no_colour(indicator: str, missing: float | None) -> None:
    assert class_of(missing, indicator) is None
    assert class_colour(missing, indicator) is None


def test_labels_name_every_class() -> None:
    assert scale("progress").labels() == ("0–20", "20–40", "40–60", "60–80", "80–100")
    assert scale("deviation").labels() == ("< −10", "−10 … −5", "−5 … 0", "0–5", "5–10", "> 10")
    assert scale("sites").labels() == ("0", "1–2", "3–5", "6–10", "≥ 11")


def test_an_unknown_status_or_indicator_is_refused_by_name() -> None:
    with pytest.raises(UnknownCodeError, match="gagal"):
        status_look("gagal")
    with pytest.raises(UnknownCodeError, match="luas"):
        class_of(1, "luas")


def test_contrast_is_measured_as_published() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ink_on("#ffffff") == GROUNDS["light"].ink
    assert ink_on("#0b3d3a") == "#ffffff"
