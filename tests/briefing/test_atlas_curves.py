"""The printed S-curve has the lines of the screen's, told apart without colour, and says when there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pandas as pd
import pytest

from geo.briefing.curves import Line, curve_lines, curve_svg
from geo.briefing.parts import RegionPage
from geo.drawing.charts import s_curve
from geo.locale import translator
from geo.model import Language
from geo.progress.forecast import Forecast, curve_forecast
from geo.progress.thresholds import DEFAULT

ON = date(2026, 6, 30)
SVG = "{http://www.w3.org/2000/svg}"


def rows(
    plan: list[float], actual: list[float | None], *, base: int = 3, told: list[int] | None = None
) -> pd.DataFrame:
    ends = pd.date_range("2026-01-31", periods=len(plan), freq="ME")
    padded = [*actual, *[None] * (len(plan) - len(actual))]
    return pd.DataFrame(
        {
            "as_of": ends,
            "plan_percent": plan,
            "actual_percent": pd.Series(padded, dtype="float64"),
            "base": base,
            "reporting": base,
            "percents_told": told or [1] * len(plan),
            "percents_since": told or [1] * len(plan),
        }
    )


def page(curve: pd.DataFrame, *, on: date = ON) -> RegionPage:
    expected = (
        curve_forecast(curve, on=on)
        if len(curve)
        else Forecast(None, None, None, None, 0, DEFAULT.forecast_least, None, None, False)
    )
    told = SimpleNamespace(curve=curve, filters=SimpleNamespace(on=on), thresholds=DEFAULT)
    return cast(RegionPage, SimpleNamespace(state=told, forecast=expected))


RISING = rows([0, 10, 25, 45, 65, 80, 90, 96, 100], [0, 8, 20, 38, 55, 66])


def traces(one: RegionPage) -> dict[str, Line]:
    figure = s_curve(one.state.curve, on=one.state.filters.on, t=translator("en"), forecast=one.forecast)
    return {
        str(trace.name): tuple(
            (date.fromisoformat(day[:10]), float(value))
            for day, value in zip(trace.x, trace.y, strict=True)
            if value is not None and value == value
        )
        for trace in cast(Any, figure).data
    }


@pytest.mark.parametrize("on", [date(2025, 12, 1), ON, date(2026, 6, 12), date(2027, 2, 1)])
def test_paper_and_screen_draw_the_same_lines(on: date) -> None:
    one = page(RISING.assign(actual_percent=RISING["actual_percent"].where(RISING["as_of"] <= pd.Timestamp(on))), on=on)
    screen, paper = traces(one), curve_lines(one)
    assert screen.get("Plan", ()) == paper.plan
    assert screen.get("Plan ahead", ()) == paper.ahead
    assert screen.get("Realisation", ()) == paper.actual
    assert screen.get("Forecast", ()) == paper.forecast
    assert screen.get("band", ()) == paper.band


def test_a_single_site_shows_only_the_days_it_told() -> None:
    one = page(rows([0, 20, 40, 60, 80, 100], [0, 10, 10, 30, 30, 50], base=1, told=[0, 1, 0, 1, 0, 1]))
    assert [value for _, value in curve_lines(one).actual] == [0, 10, 30, 50]
    assert traces(one)["Realisation"] == curve_lines(one).actual


def test_a_missing_month_is_no_zero() -> None:
    assert [value for _, value in curve_lines(page(rows([0, 20, 40], [0, None, 30]))).actual] == [0, 30]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_drawing_tells_day_gap_and_lines_in_words(language: Language) -> None:
    t = translator(language)
    drawn = curve_svg(page(RISING), t, width=320, height=150)
    words = [node.text or "" for node in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
    assert any(t.date(ON) in text for text in words)
    assert any(t.points(66 - 80) in text for text in words)
    assert {"id": "Rencana", "en": "Plan"}[language] in words
    assert {"id": "Realisasi", "en": "Realisation"}[language] in words


def test_lines_differ_by_dash_and_marks_and_stay_within_the_drawing() -> None:
    tree = ElementTree.fromstring(curve_svg(page(RISING), translator("id"), width=320, height=150))
    strokes = {(path.get("stroke"), path.get("stroke-dasharray")) for path in tree.iter(f"{SVG}path")}
    assert len({dash for _, dash in strokes}) >= 4
    assert len(list(tree.iter(f"{SVG}circle"))) == 6 + 1
    for path in tree.iter(f"{SVG}path"):
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d", "")):
            assert -0.1 <= float(x) <= 320.1
            assert -0.1 <= float(y) <= 150.1


def test_without_a_curve_the_drawing_says_so() -> None:
    one = page(RISING.iloc[:0])
    assert curve_lines(one).is_empty
    assert "Belum ada data" in curve_svg(one, translator("id"), width=320, height=150)


def test_a_forecast_without_an_end_is_a_level_band() -> None:
    one = page(RISING)
    opened = cast(RegionPage, SimpleNamespace(state=one.state, forecast=replace(one.forecast, latest=None)))
    assert curve_lines(opened).band == traces(opened)["band"]
