"""Charts hold the figures they were given, say what is missing, and escape what strangers wrote."""

from __future__ import annotations

import html
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from geo.drawing.charts import (
    LABELS,
    ChartTheme,
    deviation_bars,
    deviation_summary,
    money_bars,
    money_summary,
    programme_progress,
    programme_summary,
    read_curve,
    s_curve,
    s_curve_summary,
    status_bars,
    status_summary,
)
from geo.drawing.palette import class_colour, status_look
from geo.locale import translator
from geo.locale.terms import status_name
from geo.model import Language, Status

EN, ID = translator("en"), translator("id")
HOSTILE = "<img src=x onerror=alert(1)> ${alert(1)} `x`"

CURVE = pd.DataFrame(
    {
        "as_of": pd.to_datetime(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        "plan_percent": [10.0, 40.0, 80.0, 100.0],
        "actual_percent": [8.0, np.nan, 66.5, np.nan],
    }
)
PROGRAMMES = pd.DataFrame(
    {
        "programme": ["ktn", "rusun"],
        "name": ["KTN", HOSTILE],
        "plan_percent": [80.0, 50.0],
        "actual_percent": [72.5, np.nan],
        "n": [4, 0],
        "sites": [5, 3],
    }
)
DEVIATIONS = pd.DataFrame(
    {"name": ["Jawa Barat", "Jawa Timur", "NTB"], "deviation_points": [2.5, -12.0, np.nan], "n": [3, 4, 0]}
)
MONEY = pd.DataFrame(
    {"name": ["Jawa Barat", "NTB"], "budget": [4_500_000_000, 850_000_000], "spend": [1_125_000_000, np.nan]}
)
COUNTS = pd.DataFrame(
    {
        "group": ["Jawa Timur", "Jawa Timur", "NTB"],
        "status": ["kritis", "belum_lapor", "selesai"],
        "sites": [3, 1, 2],
    }
)


def trace(figure: go.Figure, name: str) -> go.Scatter | go.Bar:
    return next(t for t in figure.data if t.name == name)


def titles(figure: go.Figure) -> list[str]:
    """Name and note of each row, from the top."""
    return [note.text for note in figure.layout.annotations]


def written(figure: go.Figure) -> list[str]:
    """Every text of a figure that a reader may see."""
    texts: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list | tuple):
            for item in value:
                walk(item)

    walk(figure.to_plotly_json())
    return texts


ALL = [
    lambda t, theme: s_curve(CURVE, on=date(2026, 3, 31), t=t, theme=theme),
    lambda t, theme: status_bars(COUNTS, t=t, theme=theme),
    lambda t, theme: status_bars(COUNTS, t=t, theme=theme, share=True),
    lambda t, theme: programme_progress(PROGRAMMES, t=t, theme=theme),
    lambda t, theme: deviation_bars(DEVIATIONS, t=t, theme=theme),
    lambda t, theme: money_bars(MONEY, t=t, theme=theme),
]


# --- kurva S ---


def test_realisation_ends_at_the_day_and_a_gap_stays_a_gap() -> None:
    actual = trace(s_curve(CURVE, on=date(2026, 3, 31), t=EN), "Realisation")
    assert actual.y == (8.0, None, 66.5)
    assert actual.x[-1] == "2026-03-31"
    assert actual.connectgaps is False
    assert "markers" in actual.mode


def test_the_plan_is_dashed_only_after_the_day() -> None:
    figure = s_curve(CURVE, on=date(2026, 3, 15), t=EN)
    past, ahead = trace(figure, "Plan"), trace(figure, "Plan ahead")
    assert past.line.dash is None
    assert ahead.line.dash == "dash"
    assert past.x[-1] == ahead.x[0] == "2026-03-15"
    assert past.y[-1] == ahead.y[0] == pytest.approx(40 + 40 * 15 / 31)


def test_a_finished_plan_has_nothing_ahead() -> None:
    assert "Plan ahead" not in [t.name for t in s_curve(CURVE, on=date(2026, 6, 1), t=EN).data]


def test_a_plan_not_begun_is_all_ahead() -> None:
    figure = s_curve(CURVE, on=date(2026, 1, 1), t=EN)
    assert trace(figure, "Plan ahead").y == (10.0, 40.0, 80.0, 100.0)
    assert trace(figure, "Realisation").y == ()


def test_the_gap_is_measured_from_the_last_report_to_the_plan_of_the_day() -> None:
    reading = read_curve(CURVE, on=date(2026, 4, 15))
    assert reading.plan == pytest.approx(90)
    assert reading.actual == 66.5
    assert reading.actual_as_of == pd.Timestamp("2026-03-31")
    assert reading.deviation == pytest.approx(-23.5)


def test_the_gap_is_drawn_and_written_in_points() -> None:
    figure = s_curve(CURVE, on=date(2026, 3, 31), t=ID)
    gap = next(shape for shape in figure.layout.shapes if shape.name == "gap")
    assert (gap.y0, gap.y1) == (66.5, 80.0)
    assert any("-13,5" in note.text for note in figure.layout.annotations)


def test_without_a_report_no_gap_is_drawn() -> None:
    silent = CURVE.assign(actual_percent=np.nan)
    figure = s_curve(silent, on=date(2026, 3, 31), t=EN)
    assert not [shape for shape in figure.layout.shapes if shape.name == "gap"]
    assert "no realisation reported" in s_curve_summary(silent, on=date(2026, 3, 31), t=EN)


def test_the_vertical_axis_runs_from_0_to_100() -> None:
    axis = s_curve(CURVE, on=date(2026, 3, 31), t=EN).layout.yaxis
    assert axis.range[0] == 0
    assert axis.tickvals == (0, 20, 40, 60, 80, 100)


def test_months_are_named_in_the_language_and_need_no_locale_file() -> None:
    texts = s_curve(CURVE, on=date(2026, 3, 31), t=ID).layout.xaxis.ticktext
    assert "Mar 2026" in texts
    assert len(texts) == len(s_curve(CURVE, on=date(2026, 3, 31), t=ID).layout.xaxis.tickvals)


# --- the others ---


def test_counts_stand_in_their_groups_and_a_status_without_sites_is_not_drawn() -> None:
    figure = status_bars(COUNTS, t=EN)
    names = [bar.name for bar in figure.data]
    look = status_look(Status.KRITIS)
    assert names[0] == f"{look.glyph} {status_name(EN, 'kritis')}"
    assert len(names) == 3
    assert figure.data[0].x == (3.0, 0.0)
    first, second = titles(figure)
    assert first.startswith("<b>Jawa Timur</b>")
    assert "4 sites" in first
    assert second.startswith("<b>NTB</b>")
    assert "2 sites" in second


def test_shares_of_a_group_add_up_to_100() -> None:
    figure = status_bars(COUNTS, t=EN, share=True)
    assert np.sum([bar.x for bar in figure.data], axis=0) == pytest.approx([100, 100])


def test_every_status_has_its_own_colour_and_pattern_in_bars() -> None:
    counts = pd.DataFrame({"group": "A", "status": [s.value for s in Status], "sites": 1})
    looks = {(bar.marker.color, bar.marker.pattern.shape, bar.name) for bar in status_bars(counts, t=EN).data}
    assert len(looks) == len(Status)
    hollow = {bar.marker.pattern.shape for bar in status_bars(counts, t=EN).data if bar.marker.color == "#ffffff"}
    assert len(hollow) == 3


def test_a_bullet_shows_realisation_plan_and_base() -> None:
    figure = programme_progress(PROGRAMMES, t=EN)
    assert trace(figure, "Realisation").x == (72.5, None)
    assert trace(figure, "Plan").x == (80.0, 50.0)
    assert "72.5%" in titles(figure)[0]
    assert "4 of 5 sites" in titles(figure)[0]
    assert "no data yet" in titles(figure)[1]


def test_deviations_stand_worst_first_and_missing_ones_last_without_a_bar() -> None:
    figure = deviation_bars(DEVIATIONS, t=EN)
    assert figure.data[0].x == (-12.0, 2.5, None)
    assert [text.split("</b>")[0] for text in titles(figure)] == ["<b>Jawa Timur", "<b>Jawa Barat", "<b>NTB"]
    assert figure.data[0].marker.color[0] == class_colour(-12, "deviation")
    low, high = figure.layout.xaxis.range
    assert low < -12
    assert high > 2.5


def test_money_is_written_out_and_missing_spending_is_not_zero() -> None:
    figure = money_bars(MONEY, t=EN)
    assert trace(figure, "Spent").x == (1_125_000_000.0, None)
    assert "(25%)" in titles(figure)[0]
    assert "no data yet" in titles(figure)[1]
    assert all("Rp" in text for text in figure.layout.xaxis.ticktext)


def test_no_money_at_all_still_makes_a_chart() -> None:
    nothing = pd.DataFrame({"name": ["NTB"], "budget": [np.nan], "spend": [np.nan]})
    assert "no data yet" in titles(money_bars(nothing, t=EN))[0]


def test_all_deviations_missing_still_makes_a_chart() -> None:
    silent = DEVIATIONS.assign(deviation_points=np.nan)
    low, high = deviation_bars(silent, t=EN).layout.xaxis.range
    assert low < 0 < high


# --- what holds for all ---


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_letters_are_smaller_than_13_and_separators_follow_the_language(
    draw: object, theme: ChartTheme, language: Language
) -> None:
    assert callable(draw)
    figure = draw(translator(language), theme)
    sizes: list[float] = []

    def walk(value: object, name: str = "") -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "size" and name.endswith("font"):
                    sizes.append(item)
                walk(item, key)
        elif isinstance(value, list | tuple):
            for item in value:
                walk(item, name)

    walk(figure.to_plotly_json())
    assert min(sizes) >= 13
    assert figure.layout.separators == (",." if language == "id" else ".,")
    assert "http" not in figure.to_json()


def test_hostile_names_reach_no_chart_unescaped() -> None:
    day = date(2026, 3, 31)
    figures = [
        s_curve(CURVE, on=day, t=EN),
        status_bars(COUNTS.assign(group=HOSTILE), t=EN),
        programme_progress(PROGRAMMES.assign(name=HOSTILE), t=EN),
        deviation_bars(DEVIATIONS.assign(name=HOSTILE), t=EN),
        money_bars(MONEY.assign(name=HOSTILE), t=EN),
    ]
    texts = [text for figure in figures for text in written(figure)]
    assert not [text for text in texts if "<img" in text or "`" in text or "${" in text]
    assert any("onerror=alert(1)" in html.unescape(text) for text in texts)


def test_an_empty_frame_gives_a_figure_that_says_so() -> None:
    empty_curve, empty_counts = CURVE.iloc[:0], COUNTS.iloc[:0]
    for figure in (
        s_curve(empty_curve, on=date(2026, 3, 31), t=ID),
        status_bars(empty_counts, t=ID),
        programme_progress(PROGRAMMES.iloc[:0], t=ID),
        deviation_bars(DEVIATIONS.iloc[:0], t=ID),
        money_bars(MONEY.iloc[:0], t=ID),
    ):
        assert [note.text for note in figure.layout.annotations] == [LABELS["id"].empty]


def test_charts_leave_their_frames_as_they_were() -> None:
    before = [frame.copy(deep=True) for frame in (CURVE, COUNTS, PROGRAMMES, DEVIATIONS, MONEY)]
    for draw in ALL:
        draw(EN, "light")
    for frame, copy in zip((CURVE, COUNTS, PROGRAMMES, DEVIATIONS, MONEY), before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


# --- in words ---


def test_the_curve_in_words_has_the_figures_of_the_picture() -> None:
    text = s_curve_summary(CURVE, on=date(2026, 3, 31), t=EN)
    assert "31 March 2026" in text
    assert "plan 80.0%" in text
    assert "realisation 66.5%" in text
    assert "-13.5" in text
    assert "behind plan" in text


def test_statuses_in_words_name_counts_and_leave_out_none() -> None:
    text = status_summary(COUNTS, t=ID)
    assert text.startswith("Jawa Timur: 4 lokasi – ")
    assert f"{status_name(ID, 'belum_lapor')} 1" in text
    assert status_name(ID, "waspada") not in text


def test_the_other_summaries_carry_base_missing_values_and_money() -> None:
    assert "72.5%" in programme_summary(PROGRAMMES, t=EN)
    assert "0 of 3 sites" in programme_summary(PROGRAMMES, t=EN)
    deviations = deviation_summary(DEVIATIONS, t=EN)
    assert deviations.index("Jawa Timur") < deviations.index("Jawa Barat") < deviations.index("NTB: no data yet")
    assert "(25%) of Rp 4.5" in money_summary(MONEY, t=EN)
    assert "no data yet of Rp 850" in money_summary(MONEY, t=EN)


def test_both_languages_fill_every_word() -> None:
    for labels in LABELS.values():
        assert all(getattr(labels, name) for name in labels.__slots__)
