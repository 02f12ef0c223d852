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
    achievement_bars,
    achievement_summary,
    deviation_bars,
    deviation_summary,
    forecast_text,
    money_bars,
    money_summary,
    programme_progress,
    programme_summary,
    read_curve,
    s_curve,
    s_curve_summary,
    status_bars,
    status_summary,
    year_bars,
    year_summary,
)
from geo.drawing.palette import class_colour, status_look
from geo.locale import translator
from geo.locale.terms import status_name
from geo.model import Language, Status
from geo.progress.forecast import Forecast, NoForecast, forecast

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


FULL = CURVE.assign(
    base=76,
    reporting=[76, 0, 76, 0],
    fresh=[70, 0, 41, 0],
    plan_spend_percent=[5.0, 30.0, 70.0, 100.0],
    actual_spend_percent=[4.0, np.nan, 55.0, np.nan],
    plan_spend=[50e6, 300e6, 700e6, 1e9],
    actual_spend=[40e6, np.nan, 550e6, np.nan],
    spend_base=5,
    spend_reporting=[3, 0, 5, 0],
)
"""A curve of 76 sites, five of them with money."""
MARCH = date(2026, 3, 31)


def told_pace(step: float, *, since: float = 66.5) -> Forecast:
    """A forecast from five monthly points that rise by ``step`` up to the end of March."""
    ends = pd.date_range("2025-11-30", "2026-03-31", freq="ME")
    return forecast(pd.DataFrame({"as_of": ends, "percent": [since - n * step for n in range(4, -1, -1)]}), on=MARCH)


SOON = told_pace(6.0)
ACHIEVED = pd.DataFrame(
    {"name": ["Jawa Barat", "NTB", "Jawa Timur"], "share": [82.4, np.nan, 900.0], "n": [12, 0, 3], "total": [14, 5, 3]}
)
YEARS = pd.DataFrame(
    {"name": ["KTN", "Rusun"], "before": [61.2, np.nan], "after": [72.5, 34.1], "n_before": [12, 0], "n_after": [14, 3]}
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
    lambda t, theme: s_curve(FULL, on=MARCH, t=t, theme=theme, measure="both", forecast=SOON),
    lambda t, theme: s_curve(FULL, on=MARCH, t=t, theme=theme, measure="financial"),
    lambda t, theme: achievement_bars(ACHIEVED, t=t, theme=theme),
    lambda t, theme: year_bars(YEARS, t=t, theme=theme),
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


def test_a_note_at_the_day_does_not_widen_the_axis() -> None:
    low, high = s_curve(CURVE, on=MARCH, t=EN).layout.xaxis.range
    assert "2026-01" in low
    assert "2026-05" in high


def test_of_many_sites_the_hover_says_how_many_spoke_recently() -> None:
    texts = trace(s_curve(FULL, on=MARCH, t=ID), "Realisasi").hovertext
    assert "41 dari 76 lokasi melapor ≤ 45 hari" in texts[-1]
    fewer = trace(s_curve(FULL, on=MARCH, t=ID, silent_after_days=30), "Realisasi").hovertext
    assert "≤ 30 hari" in fewer[-1]
    alone = trace(s_curve(FULL.assign(base=1), on=MARCH, t=ID), "Realisasi").hovertext
    assert "melapor" not in alone[-1]


def test_the_points_of_a_single_site_are_its_reports_and_the_line_stops_at_the_last() -> None:
    days = pd.to_datetime(["2026-01-31", "2026-02-10", "2026-02-28", "2026-03-20", "2026-03-31", "2026-04-30"])
    one = pd.DataFrame(
        {
            "as_of": days,
            "plan_percent": [0.0, 5.0, 10.0, 20.0, 30.0, 40.0],
            "actual_percent": [0.0, 4.0, 4.0, 9.0, 9.0, np.nan],
            "base": 1,
            "percents_told": [0, 1, 0, 1, 0, 0],
        }
    )
    actual = trace(s_curve(one, on=MARCH, t=EN), "Realisation")
    assert actual.x == ("2026-01-31", "2026-02-10", "2026-03-20")
    assert actual.y == (0.0, 4.0, 9.0)
    reading = read_curve(one, on=MARCH)
    assert (reading.actual_as_of, reading.deviation) == (pd.Timestamp("2026-03-20"), -21.0)


# --- money beside progress ---


def test_money_has_its_own_colour_dash_and_marker() -> None:
    figure = s_curve(FULL, on=MARCH, t=EN, measure="both")
    work, money = trace(figure, "Realised progress"), trace(figure, "Actual spending")
    assert money.y == (4.0, None, 55.0)
    assert money.x[-1] == "2026-03-31"
    assert work.line.color != money.line.color
    assert work.marker.symbol != money.marker.symbol
    assert trace(figure, "Planned progress").line.dash is None
    assert trace(figure, "Planned spending").line.dash == "longdashdot"
    assert trace(figure, "Planned spending ahead").line.dash == "dashdot"


def test_the_hover_of_money_says_percent_rupiah_and_its_base() -> None:
    figure = s_curve(FULL, on=MARCH, t=ID, measure="financial")
    text = trace(figure, "Realisasi keuangan").hovertext[-1]
    assert "55,0%" in text
    assert "Rp 550 juta" in text
    assert "5 dari 5 lokasi" in text
    assert "Rp 700 juta" in trace(figure, "Rencana keuangan").hovertext[-1]


def test_the_gap_of_money_alone_is_marked_and_of_both_that_of_progress() -> None:
    def gap(figure: go.Figure) -> tuple[float, float]:
        shape = next(shape for shape in figure.layout.shapes if shape.name == "gap")
        return shape.y0, shape.y1

    assert gap(s_curve(FULL, on=MARCH, t=EN, measure="financial")) == (55.0, 70.0)
    both = s_curve(FULL, on=MARCH, t=EN, measure="both")
    assert gap(both) == (66.5, 80.0)
    assert any("Progress -13.5" in note.text and "Spending -15.0" in note.text for note in both.layout.annotations)


def test_without_money_the_chart_of_money_says_so_and_that_of_both_shows_progress() -> None:
    alone = s_curve(CURVE, on=MARCH, t=EN, measure="financial")
    assert [note.text for note in alone.layout.annotations] == [LABELS["en"].no_money]
    assert "Realised progress" in [t.name for t in s_curve(CURVE, on=MARCH, t=EN, measure="both").data]
    assert "no plan or spending" in s_curve_summary(CURVE, on=MARCH, t=EN, measure="both")


def test_money_in_words_has_percent_rupiah_and_base() -> None:
    text = s_curve_summary(FULL, on=MARCH, t=EN, measure="both")
    for part in ("plan 80.0%", "plan 70.0% (Rp 700 million)", "spent 55.0% (Rp 550 million)", "-15.0", "5 sites"):
        assert part in text


# --- forecast ---


def test_the_forecast_is_dotted_from_the_last_point_to_completion() -> None:
    line = trace(s_curve(FULL, on=MARCH, t=ID, forecast=SOON), "Perkiraan")
    assert SOON.day is not None
    assert (line.x[0], line.x[-1]) == ("2026-03-31", SOON.day.isoformat())
    assert (line.y[0], line.y[-1]) == (66.5, 100.0)
    assert line.line.dash == "dot"


def test_the_band_reaches_from_the_earliest_to_the_latest_day() -> None:
    band = trace(s_curve(FULL, on=MARCH, t=ID, forecast=SOON), "band")
    tops = {x for x, y in zip(band.x, band.y, strict=True) if y == 100}
    assert SOON.earliest is not None
    assert SOON.latest is not None
    assert tops == {SOON.earliest.isoformat(), SOON.latest.isoformat()}
    assert band.fill == "toself"


def test_a_far_forecast_leaves_the_picture_18_months_beyond_the_plan() -> None:
    far = told_pace(0.5)
    assert far.day is not None
    assert far.day > date(2030, 1, 1)
    figure = s_curve(FULL, on=MARCH, t=ID, forecast=far)
    line = trace(figure, "Perkiraan")
    assert line.x[-1] == "2027-10-30"
    assert line.y[-1] < 100
    assert max(trace(figure, "band").x) == "2027-10-30"
    assert str(far.day.year) in figure.layout.title.text


def test_an_open_band_stays_level_to_the_end_of_the_picture_and_is_called_open() -> None:
    ends = pd.date_range("2025-10-31", "2026-03-31", freq="ME")
    halting = forecast(pd.DataFrame({"as_of": ends, "percent": [10.0, 10.0, 10.0, 10.0, 30.0, 66.5]}), on=MARCH)
    assert halting.latest is None
    figure = s_curve(FULL, on=MARCH, t=EN, forecast=halting)
    band = trace(figure, "band")
    assert ("2027-10-30", 66.5) in zip(band.x, band.y, strict=True)
    assert "or later" in figure.layout.title.text


def test_a_forecast_measured_along_the_plan_has_its_shape() -> None:
    points = pd.DataFrame({"as_of": pd.date_range("2025-12-31", "2026-03-31", freq="ME"), "percent": [5, 8, 9, 66.5]})
    plan = FULL[["as_of", "plan_percent"]].set_axis(["as_of", "percent"], axis=1)
    along = forecast(points, on=MARCH, plan=plan)
    assert trace(s_curve(FULL, on=MARCH, t=EN, forecast=along), "Forecast").y == (66.5, 80.0, 100.0)
    assert "plan's shape" in forecast_text(along, t=EN)


def test_the_caption_names_month_year_and_that_it_is_a_forecast() -> None:
    known = Forecast(
        day=date(2027, 3, 9),
        earliest=date(2027, 1, 2),
        latest=date(2027, 6, 30),
        pace_points_per_month=4.5,
        reports=6,
        least=4,
        last_day=MARCH,
        last_percent=66.5,
        in_plan_days=False,
    )
    figure = s_curve(FULL, on=MARCH, t=ID, forecast=known)
    assert figure.layout.title.text == "<b>Perkiraan selesai: Maret 2027</b><br>(Jan–Jun 2027)"
    assert "Perkiraan selesai: Maret 2027 (Jan–Jun 2027)" in forecast_text(known, t=ID)
    assert "+4,5 poin per bulan" in forecast_text(known, t=ID)
    assert "Perkiraan selesai: Maret 2027" in s_curve_summary(FULL, on=MARCH, t=ID, forecast=known)
    assert s_curve(FULL, on=MARCH, t=ID, forecast=known, compact=True).layout.title.text is None


@pytest.mark.parametrize("reason", list(NoForecast))
@pytest.mark.parametrize("language", ["id", "en"])
def test_without_a_forecast_nothing_is_drawn_and_the_words_say_why(reason: NoForecast, language: Language) -> None:
    t = translator(language)
    none = Forecast(None, None, None, 0.2, 3, 4, MARCH, 66.5, in_plan_days=False, reason=reason)
    plain, asked = s_curve(FULL, on=MARCH, t=t), s_curve(FULL, on=MARCH, t=t, forecast=none)
    assert [line.name for line in asked.data] == [line.name for line in plain.data]
    words = forecast_text(none, t=t)
    assert words in s_curve_summary(FULL, on=MARCH, t=t, forecast=none)
    assert "{" not in words
    assert "–" not in words
    assert (
        len({forecast_text(Forecast(None, None, None, 0.2, 3, 4, MARCH, 9.0, False, r), t=t) for r in NoForecast}) == 5
    )


# --- achievement and years ---


def test_achievement_shows_share_and_who_reported_and_missing_is_words() -> None:
    figure = achievement_bars(ACHIEVED, t=ID)
    assert trace(figure, LABELS["id"].achieved).x == (82.4, None, 150.0)
    assert "82,4%" in titles(figure)[0]
    assert "12 dari 14 melapor" in titles(figure)[0]
    assert "belum ada data" in titles(figure)[1]
    assert "900,0%" in titles(figure)[2]  # the bar ends, the words don't
    text = achievement_summary(ACHIEVED, t=ID)
    assert "NTB: capaian belum ada data, 0 dari 5 melapor." in text
    assert "900,0%" in text


def test_no_achievement_at_all_still_makes_a_chart() -> None:
    assert achievement_bars(ACHIEVED.assign(share=np.nan), t=EN).layout.xaxis.range[1] == pytest.approx(101)


def test_two_years_stand_side_by_side_with_both_bases_and_the_change() -> None:
    figure = year_bars(YEARS, t=EN, years=(2025, 2026))
    assert trace(figure, "2025").x == (61.2, None)
    assert trace(figure, "2026").x == (72.5, 34.1)
    assert trace(figure, "2025").marker.color != trace(figure, "2026").marker.color
    for part in ("61.2% (n = 12)", "72.5% (n = 14)", "+11.3"):
        assert part in titles(figure)[0]
    assert "no data yet (n = 0)" in titles(figure)[1]
    assert "+" not in titles(figure)[1]


def test_years_in_words_compare_only_what_both_have() -> None:
    text = year_summary(YEARS, t=EN, years=(2025, 2026))
    assert "KTN: from 2025 61.2% (n = 12) to 2026 72.5% (n = 14), +11.3 points." in text
    assert "Rusun: 2025 no data yet (n = 0) and 2026 34.1% (n = 3), cannot be compared." in text


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
        achievement_bars(ACHIEVED.assign(name=HOSTILE), t=EN),
        year_bars(YEARS.assign(name=HOSTILE), t=EN),
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
        achievement_bars(ACHIEVED.iloc[:0], t=ID),
        year_bars(YEARS.iloc[:0], t=ID),
    ):
        assert [note.text for note in figure.layout.annotations] == [LABELS["id"].empty]


def test_charts_leave_their_frames_as_they_were() -> None:
    before = [frame.copy(deep=True) for frame in (CURVE, FULL, COUNTS, PROGRAMMES, DEVIATIONS, MONEY, ACHIEVED, YEARS)]
    for draw in ALL:
        draw(EN, "light")
    for frame, copy in zip((CURVE, FULL, COUNTS, PROGRAMMES, DEVIATIONS, MONEY, ACHIEVED, YEARS), before, strict=True):
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
