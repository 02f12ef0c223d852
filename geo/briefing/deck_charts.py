"""Draw native charts that stay editable: the S-curve over days, and plan beside realisation in columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.line import LineFormat
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn

from geo.briefing.deck_books import Line, Number, bars_book, lines_book, serial
from geo.briefing.deck_sheet import ACCENT, INK, LANGUAGE_TAGS, MUTED, PAPER, RULE, Box, Sheet, rgb
from geo.briefing.parts import RegionPage
from geo.drawing.escape import plain_text
from geo.locale import Translator
from geo.progress.forecast import forecast_path

PLAN: Final = "#7b8790"
FORECAST: Final = "#b8500f"
_XY: Final[Any] = XyChartData  # the library tells no types of these two
_CATEGORIES: Final[Any] = CategoryChartData
_SIZE: Final = 14.0
_LOCALES: Final = {"id": "[$-421]", "en": "[$-809]"}
_STEPS: Final = (31, 92, 183, 365, 731, 1826)
_LONGEST_DAYS: Final = 400
"""A forecast is drawn up to this many days beyond the end of plan and day; its sentence has all of it."""


def curve_lines(page: RegionPage, t: Translator) -> tuple[Line, ...]:
    """Plan, realisation and forecast of a page as lines, figures as they are; days without a figure stay gaps.

    Realisation ends with the last day that has one. Empty where there is no curve.
    """
    rows = page.state.curve
    if rows.empty:
        return ()
    days = tuple(pd.Timestamp(day).date() for day in rows["as_of"])
    plan = _values(rows["plan_percent"])
    actual = _values(rows["actual_percent"])
    told = [at for at, value in enumerate(actual) if value is not None]
    lines = [Line(t("Planned"), days, plan)]
    if told:
        first, last = told[0], told[-1] + 1
        lines.append(Line(t("Realised"), days[first:last], actual[first:last]))
    way = _forecast(page, rows)
    if way is not None:
        lines.append(Line(t("Forecast"), *way))
    return tuple(lines)


def _forecast(page: RegionPage, rows: pd.DataFrame) -> tuple[tuple[date, ...], tuple[Number, ...]] | None:
    expected = page.forecast
    if expected.day is None:
        return None
    plan = pd.DataFrame({"as_of": rows["as_of"], "percent": rows["plan_percent"]})
    way = forecast_path(expected, expected.day, plan=plan)
    end = max(pd.Timestamp(rows["as_of"].iloc[-1]), pd.Timestamp(page.state.filters.on))
    way = way[way["as_of"] <= end + pd.Timedelta(days=_LONGEST_DAYS)]
    if len(way) < 2:
        return None
    return tuple(pd.Timestamp(day).date() for day in way["as_of"]), _values(way["percent"])


def _values(column: pd.Series) -> tuple[Number, ...]:
    numbers = pd.to_numeric(column).astype("float64").to_numpy()
    return tuple(float(value) if np.isfinite(value) else None for value in numbers)


def add_curve(sheet: Sheet, box: Box, page: RegionPage, t: Translator, *, described: str) -> bool:
    """The S-curve as a scatter chart with lines; ``False`` (and nothing drawn) where there is no curve."""
    lines = curve_lines(page, t)
    if not lines:
        return False
    data: Any = _XY(number_format="General")
    for line in lines:
        series = data.add_series(plain_text(line.name), number_format="0.0")
        for day, value in zip(line.days, line.values, strict=True):
            series.add_data_point(serial(day), value)
    frame: Any = sheet.slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *sheet.emu(box), data)
    sheet.named(frame, "Kurva S", described)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(lines_book(lines))
    _drop_missing(chart)
    _dress(sheet, chart)
    looks = ((PLAN, 2.5, MSO_LINE_DASH_STYLE.DASH), (ACCENT, 4.0, None), (FORECAST, 3.0, MSO_LINE_DASH_STYLE.ROUND_DOT))
    look_of = dict(zip((t("Planned"), t("Realised"), t("Forecast")), looks, strict=True))
    for series, line in zip(chart.plots[0].series, lines, strict=True):
        colour, weight, dash = look_of[line.name]
        _line(sheet, series.format.line, colour, weight, dash)
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        if line.name == t("Realised"):
            _tell_last(sheet, series, line, t, colour)
    _day_axis(chart.category_axis, lines, t, most=max(3, int(box.width / 0.95)))
    _percent_axis(sheet, chart.value_axis, t)
    return True


def _tell_last(sheet: Sheet, series: Any, line: Line, t: Translator, colour: str) -> None:
    """The last figure in words beside its point, as everywhere else in the deck."""
    at = len(line.values) - 1
    point = series.points[at]
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.size = 10
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = rgb(colour)
    frame = point.data_label.text_frame
    sheet.run(frame.paragraphs[0], t.percent(line.values[at]), size=16, bold=True, colour=colour)
    point.data_label.position = XL_LABEL_POSITION.RIGHT


def _day_axis(axis: Any, lines: Sequence[Line], t: Translator, *, most: int) -> None:
    days = [day for line in lines for day in line.days]
    first, last = min(days), max(days)
    start = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    span = (last - start).days + 5
    step = next((one for one in _STEPS if span / one <= most), _STEPS[-1])
    axis.minimum_scale, axis.maximum_scale = serial(start), serial(start) + step * -(-span // step)
    axis.major_unit = step * 1.0 if step < 92 else {92: 91.31, 183: 182.62}.get(step, step * 1.0)
    axis.tick_labels.number_format = f"{_LOCALES[t.language]}mmm yy"
    axis.tick_labels.number_format_is_linked = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.has_major_gridlines = False
    axis.format.line.color.rgb = rgb(MUTED)


def _percent_axis(sheet: Sheet, axis: Any, t: Translator) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 100, 25
    axis.tick_labels.number_format = '0"%"'
    axis.tick_labels.number_format_is_linked = False
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(RULE)
    axis.major_gridlines.format.line.width = sheet.pt(0.75)
    axis.format.line.fill.background()


def add_columns(
    sheet: Sheet,
    box: Box,
    names: Sequence[str],
    planned: Sequence[Number],
    actual: Sequence[Number],
    t: Translator,
    *,
    name: str,
    described: str,
) -> None:
    """Plan beside realisation in percent, one pair of columns for each name; a missing figure has no column."""
    told = [plain_text(one) for one in names]
    data: Any = _CATEGORIES(number_format="0.0")
    data.categories = told
    pairs = ((t("Planned"), planned), (t("Realised"), actual))
    for series_name, values in pairs:
        data.add_series(series_name, values)
    frame: Any = sheet.slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *sheet.emu(box), data)
    sheet.named(frame, name, described)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(bars_book(told, pairs))
    _drop_missing(chart)
    _dress(sheet, chart)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, -5
    for series, colour, values in zip(plot.series, (PLAN, ACCENT), (planned, actual), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
        series.invert_if_negative = False
        if len(names) > 8:
            continue
        for at, value in enumerate(values):
            if value is not None:
                label = series.points[at].data_label
                sheet.run(label.text_frame.paragraphs[0], t.number(value), size=_SIZE, colour=INK)
                label.position = XL_LABEL_POSITION.OUTSIDE_END
    axis = chart.category_axis
    axis.format.line.color.rgb = rgb(MUTED)
    axis.has_major_gridlines = False
    _percent_axis(sheet, chart.value_axis, t)
    chart.value_axis.major_unit = 50
    chart.value_axis.maximum_scale = 119  # room for the figure above a full column; the axis is told at 0, 50, 100


def set_language(chart: Any, language: str) -> None:
    """Mark every word of a finished chart as being of a language."""
    for letters in chart._chartSpace.iter(qn("a:defRPr"), qn("a:rPr"), qn("a:endParaRPr")):
        letters.set("lang", LANGUAGE_TAGS[language])


def _dress(sheet: Sheet, chart: Any) -> None:
    """White ground, letters of the deck's least size, the legend above."""
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.font.size = sheet.pt(_SIZE)
    chart.font.color.rgb = rgb(INK)
    space = chart._chartSpace
    ground = etree.fromstring(_GROUND.format(colour=PAPER.removeprefix("#").upper()))
    space.insert(list(space).index(space.find(qn("c:chart"))) + 1, ground)


_GROUND: Final = (
    '<c:spPr xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
)


def _line(sheet: Sheet, line: LineFormat, colour: str, weight: float, dash: Any) -> None:
    line.color.rgb = rgb(colour)
    line.width = sheet.pt(weight)
    if dash is not None:
        line.dash_style = dash


def _drop_missing(chart: Any) -> None:
    """Take points without a figure out of the kept values: a gap, as in the workbook behind."""
    for point in list(chart._chartSpace.iter(qn("c:pt"))):
        value = point.find(qn("c:v"))
        if value is None or (value.text in (None, "None", "nan") and point.getparent().tag == qn("c:numCache")):
            point.getparent().remove(point)
