"""Give the lines of a page's S-curve as the screens draw them, and draw them for print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geo.briefing.parts import RegionPage
from geo.drawing.charts import LABELS, CurveReading, read_curve
from geo.drawing.escape import xml_text
from geo.drawing.palette import Ground, ground, status_look
from geo.drawing.print_type import FAMILY, Type
from geo.locale import Translator
from geo.model import Status
from geo.progress.forecast import Forecast, forecast_path

Line = tuple[tuple[date, float], ...]
"""Days with percent (0 to 100), in order."""

MONTHS_BEYOND: Final = 18
"""A forecast is drawn up to this many months beyond the end of plan and day, as on the screens."""


@dataclass(frozen=True, slots=True)
class CurveLines:
    """The lines of an S-curve; empty where there is nothing to draw.

    - ``plan`` up to the day and ``ahead`` from it on, both with the day itself; ``actual`` up to the day.
    - ``forecast``: from the last point towards 100 %; ``band``: the closed outline between earliest and latest.
    - ``reading``: what the curve says on the day ``on``.
    """

    on: date
    plan: Line
    ahead: Line
    actual: Line
    forecast: Line
    band: Line
    reading: CurveReading

    @property
    def is_empty(self) -> bool:
        return not (self.plan or self.ahead or self.actual)


def curve_lines(page: RegionPage) -> CurveLines:
    """The lines of a page's curve with its forecast."""
    rows, on = page.state.curve, page.state.filters.on
    if rows.empty:
        nothing = float("nan")
        return CurveLines(on, (), (), (), (), (), CurveReading(nothing, nothing, None, nothing))
    rows = rows.assign(as_of=pd.to_datetime(rows["as_of"])).sort_values("as_of", kind="stable", ignore_index=True)
    reading, day = read_curve(rows, on=on), pd.Timestamp(on)
    planned = rows.dropna(subset=["plan_percent"])
    plan, ahead = planned[planned["as_of"] < day], planned[planned["as_of"] > day]
    if len(planned) and planned["as_of"].iloc[0] <= day <= planned["as_of"].iloc[-1]:
        now = pd.DataFrame({"as_of": [day], "plan_percent": [reading.plan]})
        plan, ahead = pd.concat([plan, now]), pd.concat([now, ahead]) if len(ahead) else ahead
    forecast, band = _forecast(page.forecast, rows, day)
    return CurveLines(
        on=on,
        plan=_line(plan, "plan_percent"),
        ahead=_line(ahead, "plan_percent"),
        actual=_line(_told(rows[rows["as_of"] <= day]), "actual_percent"),
        forecast=forecast,
        band=band,
        reading=reading,
    )


def _line(rows: pd.DataFrame, column: str) -> Line:
    known = rows.dropna(subset=[column])
    return tuple((day.date(), float(value)) for day, value in zip(known["as_of"], known[column], strict=True))


def _told(past: pd.DataFrame) -> pd.DataFrame:
    """Of a single site only the days for which it told a percentage; the others would repeat it."""
    if not (past["base"] == 1).all():
        return past
    told = past["percents_told"] > 0
    return past[told | ~told.cummax()]


def _forecast(expected: Forecast, rows: pd.DataFrame, day: pd.Timestamp) -> tuple[Line, Line]:
    """The way to 100 % and the band around it, as far as the picture goes."""
    if expected.day is None:
        return (), ()
    limit = max(rows["as_of"].iloc[-1], day) + pd.DateOffset(months=MONTHS_BEYOND)
    plan = rows[["as_of", "plan_percent"]].set_axis(["as_of", "percent"], axis=1)
    first, middle, last = (
        _within(expected, end, plan, limit) for end in (expected.earliest, expected.day, expected.latest)
    )
    edge = pd.DataFrame({"as_of": [limit], "percent": [100.0]})
    opened = first["percent"].iloc[-1] >= 100 > last["percent"].iloc[-1]
    band = pd.concat([first, edge if opened else edge.iloc[:0], last.iloc[::-1]])
    return _line(middle, "percent"), _line(band, "percent")


def _within(expected: Forecast, end: date | None, plan: pd.DataFrame, limit: pd.Timestamp) -> pd.DataFrame:
    """The way to 100 % up to the limit; without an end it stays level."""
    way = forecast_path(expected, end or limit.date(), plan=plan)
    if end is None:
        return way.iloc[[0, -1]].assign(percent=expected.last_percent)
    if way["as_of"].iloc[-1] <= limit:
        return way
    days = way["as_of"].map(pd.Timestamp.toordinal).to_numpy(dtype=float)
    reached = float(np.interp(limit.toordinal(), days, way["percent"].to_numpy(dtype=float)))
    return pd.concat([way[way["as_of"] < limit], pd.DataFrame({"as_of": [limit], "percent": [reached]})])


# --- on paper ----------------------------------------------------------------------------------------------------

_SMALL: Final = 7.5
_LEFT: Final = 24.0
_RIGHT: Final = 4.0
_BELOW: Final = 14.0
_ROW: Final = 11.0
_TOP: Final = 4.0


def curve_svg(
    page: RegionPage,
    t: Translator,
    *,
    width: float,
    height: float,
    colours: Ground | None = None,
    tone: Callable[[Status], str] | None = None,
) -> str:
    """The S-curve as SVG of a size in points; its lines differ by dash and marks, so that grey print loses nothing.

    Letters are text. The sample mark is not part of it, nor is its base: both stand on the page. ``colours`` and
    ``tone``, the colour of a status in words, are by default those of print.
    """
    lines = curve_lines(page)
    paper = _Paper(lines, t, width, height, page.state.thresholds.critical_points)
    paper.colours = colours or paper.colours
    paper.tone_of = tone or paper.tone_of
    return paper.drawn()


class _Paper:
    """The plot area of a curve in points, y down, and what has been drawn on it."""

    def __init__(self, lines: CurveLines, t: Translator, width: float, height: float, critical_points: float) -> None:
        self.lines, self.t, self.width, self.height = lines, t, width, height
        self.labels, self.colours, self.critical_points = LABELS[t.language], ground("print"), critical_points
        self.tone_of: Callable[[Status], str] = lambda status: status_look(status, "print").text
        every = [*lines.plan, *lines.ahead, *lines.actual, *lines.forecast]
        days = [day.toordinal() for day, _ in every] or [lines.on.toordinal()]
        margin = max((max(days) - min(days)) * 0.02, 3)
        self.first, self.last = min(days) - margin, max(days) + margin
        self.legend = self._legend()
        self.top = _TOP + _ROW * (max((row for row, *_ in self.legend), default=0) + 1)
        self.bottom = height - _BELOW
        self.parts: list[str] = []

    def x(self, day: date) -> float:
        share = (day.toordinal() - self.first) / (self.last - self.first)
        return _LEFT + share * (self.width - _LEFT - _RIGHT)

    def y(self, percent: float) -> float:
        return self.bottom - (self.bottom - self.top) * percent / 104

    def drawn(self) -> str:
        if self.lines.is_empty:
            self._text(self.width / 2, self.height / 2, self.labels.empty, anchor="middle", muted=True, size=9)
        else:
            self._grid()
            self._strands()
            self._mark_day()
            self._text(0, _TOP + 2.6 + 4, self.labels.percent, muted=True)
            for row, left, draw, name in self.legend:
                y = _TOP + row * _ROW + 4
                self._stroke([(left, y), (left + 18, y)], draw)
                if draw == "actual":
                    self._dot(left + 9, y)
                self._text(left + 22, y + 2.6, name)
        size = f'width="{self.width:g}pt" height="{self.height:g}pt" viewBox="0 0 {self.width:g} {self.height:g}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(self.parts)}</svg>'

    def _legend(self) -> list[tuple[int, float, str, str]]:
        """Row, left edge, kind of line and name of each entry, broken into rows that fit."""
        names = (
            ("plan", self.labels.plan, self.lines.plan),
            ("ahead", self.labels.plan_ahead, self.lines.ahead),
            ("actual", self.labels.actual, self.lines.actual),
            ("forecast", self.labels.forecast_line, self.lines.forecast),
        )
        entries, row, left = [], 1, _LEFT
        for draw, name, line in names:
            if not line:
                continue
            wide = 22 + Type(_SMALL, "").measure(name) + 10
            if left > _LEFT and left + wide - 10 > self.width:
                row, left = row + 1, _LEFT
            entries.append((row, left, draw, name))
            left += wide
        return entries

    def _grid(self) -> None:
        colours = self.colours
        for percent in (0, 25, 50, 75, 100):
            y = self.y(percent)
            self._path([(_LEFT, y), (self.width - _RIGHT, y)], f'stroke="{colours.grid}" stroke-width="0.5"')
            self._text(_LEFT - 3, y + 2.6, self.t.percent(percent, digits=0), anchor="end", muted=True)
        rule = f'stroke="{colours.border_strong}" stroke-width="0.7"'
        self._path([(_LEFT, self.bottom), (self.width - _RIGHT, self.bottom)], rule)
        for day in self._months():
            x, name = self.x(day), self.t.month(day)
            half = Type(_SMALL, "").measure(name) / 2
            self._path([(x, self.bottom), (x, self.bottom + 2.5)], rule)
            if half <= x <= self.width - half:
                self._text(x, self.bottom + 10.5, name, anchor="middle", muted=True)

    def _months(self) -> list[date]:
        """Firsts of months, as many as leave room for their names."""
        start, end = date.fromordinal(int(self.first) + 1), date.fromordinal(int(self.last))
        months = pd.date_range(start, end, freq="MS")
        room = (self.width - _LEFT) / (Type(_SMALL, "").measure("Sep 2026") + 14)
        step = next((n for n in (1, 2, 3, 6, 12, 24) if len(months) / n <= room), 36)
        return [month.date() for month in months if (month.year * 12 + month.month - 1) % step == 0]

    def _strands(self) -> None:
        lines, accent = self.lines, self.colours.accent
        if lines.band:
            points = " ".join(f"{self.x(day):.2f},{self.y(value):.2f}" for day, value in lines.band)
            self.parts.append(f'<polygon points="{points}" fill="{accent}" fill-opacity="0.14" stroke="none"/>')
        for name, line in (("plan", lines.plan), ("ahead", lines.ahead), ("forecast", lines.forecast)):
            self._stroke([(self.x(day), self.y(value)) for day, value in line], name)
        actual = [(self.x(day), self.y(value)) for day, value in lines.actual]
        self._stroke(actual, "actual")
        for x, y in actual:
            self._dot(x, y)

    def _stroke(self, points: list[tuple[float, float]], name: str) -> None:
        accent, muted = self.colours.accent, self.colours.muted
        style = {
            "plan": f'stroke="{muted}" stroke-width="1.5"',
            "ahead": f'stroke="{muted}" stroke-width="1.5" stroke-dasharray="5 3"',
            "actual": f'stroke="{accent}" stroke-width="1.8"',
            "forecast": f'stroke="{accent}" stroke-width="1.5" stroke-dasharray="1.5 2.2"',
        }[name]
        if len(points) > 1:
            self._path(points, style)

    def _dot(self, x: float, y: float) -> None:
        fill, rim = self.colours.accent, self.colours.paper
        self.parts.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.1" fill="{fill}" stroke="{rim}" stroke-width="0.6"/>'
        )

    def _mark_day(self) -> None:
        """A line at the day, the gap between plan and realisation, and both in words where they hide least."""
        on, reading = self.lines.on, self.lines.reading
        x = self.x(on)
        self._path(
            [(x, self.top), (x, self.bottom)],
            f'stroke="{self.colours.ink}" stroke-width="0.7" stroke-dasharray="2 1.6"',
        )
        told = [(self.labels.position.format(date=self.t.date(on)), self.colours.ink, "600", 8.0)]
        if not np.isnan(reading.deviation):
            tone = self._tone(reading.deviation)
            gap = [(x, self.y(reading.plan)), (x, self.y(reading.actual))]
            self._path(gap, f'stroke="{tone}" stroke-width="3"')
            told.append((f"{self.labels.deviation} {self.t.points(reading.deviation)}", tone, "700", 9.5))
        wide = max(Type(size, "", "bold").measure(words) for words, _, _, size in told)
        right = x + 6 + wide <= self.width - _RIGHT
        left = x - 6 - wide >= _LEFT
        # the curve rises from the lower left to the upper right: beside the day the lower right is empty
        low = right or not left
        start, anchor = (x + 5, "start") if right or not left else (x - 5, "end")
        if not right and not left:
            start, anchor = self.width / 2, "middle"
        y = self.bottom - 6 - 11 * (len(told) - 1) if low else self.top + 9
        for words, colour, weight, size in told:
            self._text(start, y, words, anchor=anchor, colour=colour, weight=weight, size=size, halo=True)
            y += 11

    def _tone(self, deviation: float) -> str:
        if deviation >= 0:
            return self.colours.accent
        late = Status.KRITIS if -deviation > self.critical_points else Status.TERLAMBAT
        return self.tone_of(late)

    def _path(self, points: list[tuple[float, float]], style: str) -> None:
        steps = " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        self.parts.append(f'<path d="M{steps}" fill="none" stroke-linejoin="round" {style}/>')

    def _text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        muted: bool = False,
        colour: str = "",
        weight: str = "400",
        size: float = _SMALL,
        halo: bool = False,
    ) -> None:
        fill = colour or (self.colours.muted if muted else self.colours.ink)
        family = ", ".join(f"'{name}'" for name in FAMILY)
        if halo:
            wide = Type(size, "", "bold").measure(words) + 4
            left = {"start": x - 2, "end": x - wide + 2, "middle": x - wide / 2}[anchor]
            box = f'x="{left:.2f}" y="{y - size * 0.85:.2f}" width="{wide:.2f}" height="{size * 1.15:.2f}"'
            self.parts.append(f'<rect {box} fill="{self.colours.paper}" fill-opacity="0.85"/>')
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-family="{family}" font-size="{size:g}" '
            f'font-weight="{weight}" fill="{fill}">{xml_text(words)}</text>'
        )
