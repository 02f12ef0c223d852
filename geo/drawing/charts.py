"""Draw the charts of progress, status and money as plotly figures, each with its sentence for those who cannot see it.

Pure functions from a small frame to a figure. Missing stays missing: a gap in a line, words instead of a bar, never a
zero. Percent run from 0 to 100, deviations are percentage points, money is rupiah. Names are escaped here; numbers and
dates are printed in the language of the translator. Nothing is fetched: months are labelled by us, not by a locale
file of the chart library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from geo.drawing.escape import html_text, plain_text
from geo.drawing.palette import class_colour, ground, ink_on, status_look
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import LATE, Language, Status
from geo.progress.forecast import Forecast, NoForecast, forecast_path
from geo.progress.thresholds import DEFAULT

ChartTheme = Literal["light", "dark"]
Measure = Literal["physical", "financial"]
"""What an S-curve tells: progress of the work, or money spent; both in percent."""


@dataclass(frozen=True, slots=True)
class ChartLabels:
    """Words of the charts in one language; ``{...}`` are filled in here."""

    plan: str
    plan_ahead: str
    actual: str
    percent: str
    deviation: str
    deviation_points: str
    position: str
    sites: str
    base: str
    no_data: str
    no_plan: str
    empty: str
    budget: str
    spend: str
    of: str
    plan_physical: str
    actual_physical: str
    plan_spend: str
    plan_spend_ahead: str
    actual_spend: str
    percent_spend: str
    percent_both: str
    physical: str
    financial: str
    deviation_on: str
    no_money: str
    fresh: str
    curve_summary: str
    curve_no_actual: str
    curve_spend: str
    curve_no_spend: str
    forecast_line: str
    forecast: str
    forecast_undated: str
    forecast_basis: str
    forecast_shape: str
    forecast_reasons: dict[NoForecast, str]
    achieved: str
    reported: str
    achievement_summary: str
    before: str
    after: str
    year_summary: str
    year_silent: str
    status_summary: str
    programme_summary: str
    deviation_summary: str
    money_summary: str
    joined: str
    silent: str
    ahead: str
    late: str
    even: str


LABELS: Final[dict[Language, ChartLabels]] = {
    "id": ChartLabels(
        plan="Rencana",
        plan_ahead="Rencana selanjutnya",
        actual="Realisasi",
        percent="Kemajuan kumulatif (%)",
        deviation="Deviasi",
        deviation_points="Deviasi dari rencana (poin)",
        position="Posisi per {date}",
        sites="lokasi",
        base="{n} dari {sites} lokasi",
        no_data="belum ada data",
        no_plan="tanpa rencana",
        empty="Belum ada data untuk pilihan ini",
        budget="Pagu",
        spend="Realisasi belanja",
        of="dari",
        plan_physical="Rencana fisik",
        actual_physical="Realisasi fisik",
        plan_spend="Rencana keuangan",
        plan_spend_ahead="Rencana keuangan selanjutnya",
        actual_spend="Realisasi keuangan",
        percent_spend="Keuangan kumulatif (% nilai kontrak)",
        percent_both="Kumulatif (%)",
        physical="Fisik",
        financial="Keuangan",
        deviation_on="Deviasi per {date}",
        no_money="Belum ada rencana dan realisasi keuangan untuk pilihan ini",
        fresh="{n} dari {sites} lokasi melapor ≤ {days} hari",
        curve_summary="Kurva S per {date}: rencana {plan}, realisasi {actual}, deviasi {deviation} ({verdict}).",
        curve_no_actual="Kurva S per {date}: rencana {plan}, belum ada realisasi yang dilaporkan.",
        curve_spend=(
            "Keuangan per {date}: rencana {plan} ({plan_money}), realisasi {actual} ({actual_money}), "
            "deviasi {deviation}, dari {base}."
        ),
        curve_no_spend="Keuangan per {date}: belum ada rencana atau realisasi yang dapat dibandingkan.",
        forecast_line="Perkiraan",
        forecast="Perkiraan selesai: {month}",
        forecast_undated="{first} atau sesudahnya",
        forecast_basis="{label}, bila laju {n} titik terakhir ({pace} per bulan) bertahan.",
        forecast_shape="{label}, bila irama {n} titik terakhir ({pace} per bulan) bertahan, menurut bentuk rencana.",
        forecast_reasons={
            NoForecast.TOO_FEW: "Belum ada perkiraan selesai: baru {n} titik laporan, perlu {least}.",
            NoForecast.FINISHED: "Sudah selesai.",
            NoForecast.STALE: "Tidak ada perkiraan selesai: laporan terakhir {date} sudah terlalu lama.",
            NoForecast.NO_PACE: "Tidak ada perkiraan selesai: tidak ada kemajuan pada {n} titik laporan terakhir.",
            NoForecast.TOO_SLOW: "Tidak ada perkiraan selesai: dengan laju {pace} per bulan lebih dari 10 tahun lagi.",
        },
        achieved="Capaian terhadap target",
        reported="{n} dari {total} melapor",
        achievement_summary="{name}: capaian {share}, {base}.",
        before="Sebelumnya",
        after="Sekarang",
        year_summary="{name}: {before} ({n_before}) menjadi {after} ({n_after}), {change}.",
        year_silent="{name}: {before} ({n_before}) dan {after} ({n_after}), tidak dapat dibandingkan.",
        status_summary="{group}: {total} lokasi – {parts}.",
        programme_summary="{name}: realisasi {actual}, rencana {plan}, {base}.",
        deviation_summary="{name}: {deviation} ({verdict}), {base}.",
        money_summary="{name}: {text}.",
        joined=" ",
        silent="{name}: belum ada data.",
        ahead="di depan rencana",
        late="di belakang rencana",
        even="sesuai rencana",
    ),
    "en": ChartLabels(
        plan="Plan",
        plan_ahead="Plan ahead",
        actual="Realisation",
        percent="Cumulative progress (%)",
        deviation="Deviation",
        deviation_points="Deviation from plan (points)",
        position="As of {date}",
        sites="sites",
        base="{n} of {sites} sites",
        no_data="no data yet",
        no_plan="no plan",
        empty="No data for this selection yet",
        budget="Budget",
        spend="Spent",
        of="of",
        plan_physical="Planned progress",
        actual_physical="Realised progress",
        plan_spend="Planned spending",
        plan_spend_ahead="Planned spending ahead",
        actual_spend="Actual spending",
        percent_spend="Cumulative spending (% of contract value)",
        percent_both="Cumulative (%)",
        physical="Progress",
        financial="Spending",
        deviation_on="Deviation as of {date}",
        no_money="No planned and actual spending for this selection yet",
        fresh="{n} of {sites} sites reported ≤ {days} days before",
        curve_summary="S-curve as of {date}: plan {plan}, realisation {actual}, deviation {deviation} ({verdict}).",
        curve_no_actual="S-curve as of {date}: plan {plan}, no realisation reported yet.",
        curve_spend=(
            "Money as of {date}: plan {plan} ({plan_money}), spent {actual} ({actual_money}), "
            "deviation {deviation}, over {base}."
        ),
        curve_no_spend="Money as of {date}: no plan or spending that could be compared yet.",
        forecast_line="Forecast",
        forecast="Forecast completion: {month}",
        forecast_undated="{first} or later",
        forecast_basis="{label}, if the pace of the last {n} points ({pace} per month) lasts.",
        forecast_shape="{label}, if the rhythm of the last {n} points ({pace} per month) lasts, in the plan's shape.",
        forecast_reasons={
            NoForecast.TOO_FEW: "No forecast of completion yet: only {n} reported points, {least} are needed.",
            NoForecast.FINISHED: "Finished.",
            NoForecast.STALE: "No forecast of completion: the last report, {date}, is too old.",
            NoForecast.NO_PACE: "No forecast of completion: no progress over the last {n} reported points.",
            NoForecast.TOO_SLOW: "No forecast of completion: at a pace of {pace} per month it takes over 10 years.",
        },
        achieved="Achieved of the target",
        reported="{n} of {total} reported",
        achievement_summary="{name}: achieved {share}, {base}.",
        before="Before",
        after="Now",
        year_summary="{name}: from {before} ({n_before}) to {after} ({n_after}), {change}.",
        year_silent="{name}: {before} ({n_before}) and {after} ({n_after}), cannot be compared.",
        status_summary="{group}: {total} sites – {parts}.",
        programme_summary="{name}: realisation {actual}, plan {plan}, {base}.",
        deviation_summary="{name}: {deviation} ({verdict}), {base}.",
        money_summary="{name}: {text}.",
        joined=" ",
        silent="{name}: no data yet.",
        ahead="ahead of plan",
        late="behind plan",
        even="on plan",
    ),
}

FONT: Final = '"Source Sans", "Source Sans Pro", "Segoe UI", "DejaVu Sans", sans-serif'
_SMALL, _NORMAL, _STRONG = 13, 14, 16
_BAR_PX: Final = 24
_LINE_PX: Final = 19
_REST_PX: Final = 14


# --- what all charts share ---------------------------------------------------------------------------------------


def _figure(t: Translator, theme: ChartTheme, *, height: int, legend: bool = True) -> go.Figure:
    colours = ground(theme)
    figure = go.Figure()
    figure.update_layout(
        template=None,
        height=height,
        separators=t.separators,
        font={"family": FONT, "size": _NORMAL, "color": colours.ink},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 20, "r": 28, "t": 44 if legend else 12, "b": 12},
        hoverlabel={
            "font": {"family": FONT, "size": _NORMAL, "color": colours.ink},
            "bgcolor": colours.paper,
            "bordercolor": colours.border_strong,
            "align": "left",
        },
        hovermode="closest",
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": _NORMAL},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        bargap=0.38,
    )
    plain = {
        "automargin": True,
        "zeroline": False,
        "linecolor": colours.border,
        "tickfont": {"size": _SMALL, "color": colours.muted},
        "title": {"font": {"size": _SMALL, "color": colours.muted}},
        "fixedrange": True,
        "tickangle": 0,
    }
    figure.update_xaxes(**plain, gridcolor=colours.grid)
    figure.update_yaxes(**plain, gridcolor=colours.grid)
    return figure


def _empty(t: Translator, theme: ChartTheme, text: str | None = None) -> go.Figure:
    """A figure that says that there is nothing to draw."""
    figure = _figure(t, theme, height=160, legend=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=html_text(text or LABELS[t.language].empty),
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"size": _STRONG, "color": ground(theme).muted},
    )
    return figure


def _rows_height(count: int, *, lines: int, legend_px: int) -> int:
    """Height of a chart of rows: each has ``lines`` of text, a bar below, and air."""
    return count * (_BAR_PX + lines * _LINE_PX + _REST_PX) + legend_px + 56


def _name(value: object) -> str:
    """A name for a row, escaped; a very long one ends in an ellipsis (the hover text has all of it)."""
    text = plain_text(value)
    return html_text(text if len(text) <= 38 else f"{text[:37].rstrip()}…")


def _row_titles(
    figure: go.Figure, names: Sequence[object], notes: Sequence[str], theme: ChartTheme, *, lines: int
) -> None:
    """Name and note (already escaped) above each bar, from the left edge: they have room on a phone, too.

    Rows run from the top down. Their positions are numbers, so that equal names do not fall together.
    """
    row_px = _BAR_PX + lines * _LINE_PX + _REST_PX
    half = _BAR_PX / 2 / row_px
    for row, (name, note) in enumerate(zip(names, notes, strict=True)):
        joint = "<br>" if lines == 2 else "  "
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=row - half,
            yanchor="bottom",
            align="left",
            text=f'<b>{_name(name)}</b>{joint}<span style="font-size:{_SMALL}px">{note}</span>',
            showarrow=False,
            borderpad=0,
            yshift=3,
            font={"size": _NORMAL, "color": ground(theme).ink},
        )
    figure.update_yaxes(
        tickvals=[],
        range=[len(names) - 1 + half + 0.1, -half - (lines * _LINE_PX + 10) / row_px],
        showgrid=False,
        showline=False,
    )


def _bar_width(lines: int, share: float = 1.0) -> float:
    """Thickness of a bar in rows."""
    return share * _BAR_PX / (_BAR_PX + lines * _LINE_PX + _REST_PX)


def _percent_axis(t: Translator, figure: go.Figure, axis: Literal["x", "y"]) -> None:
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    values = [0, 25, 50, 75, 100] if axis == "x" else [0, 20, 40, 60, 80, 100]
    update(tickmode="array", tickvals=values, ticktext=[t.percent(value, digits=0) for value in values])


def _base(t: Translator, n: float, sites: float) -> str:
    return LABELS[t.language].base.format(n=t.integer(n), sites=t.integer(sites))


def _verdict(t: Translator, deviation: float) -> str:
    labels = LABELS[t.language]
    rounded = round(deviation, 1)
    return labels.even if rounded == 0 else labels.late if rounded < 0 else labels.ahead


# --- kurva S -----------------------------------------------------------------------------------------------------

_MONEY: Final[dict[ChartTheme, str]] = {"light": "#9355ab", "dark": "#c79be0"}
"""Colour of money in curves: lighter than the accent in a black-and-white print, and no colour of a status."""

_BAND_OPACITY: Final = 0.18
_MONTHS_BEYOND: Final = 18
"""A forecast is drawn up to this many months beyond the end of plan and day; its words have all of it."""


@dataclass(frozen=True, slots=True)
class CurveReading:
    """What an S-curve says on a day: plan, the latest realisation known by then, and their difference in points.

    ``actual`` and ``deviation`` are NaN where nothing was reported by that day. ``plan_money`` and ``actual_money``
    (rupiah) stand beside percent of money and are NaN otherwise.
    """

    plan: float
    actual: float
    actual_as_of: pd.Timestamp | None
    deviation: float
    plan_money: float = float("nan")
    actual_money: float = float("nan")


@dataclass(frozen=True, slots=True)
class _Strand:
    """The columns of one measure in a curve."""

    plan: str
    actual: str
    base: str
    told: str
    plan_money: str | None = None
    actual_money: str | None = None


_STRANDS: Final[dict[Measure, _Strand]] = {
    "physical": _Strand("plan_percent", "actual_percent", "base", "percents_told"),
    "financial": _Strand(
        "plan_spend_percent", "actual_spend_percent", "spend_base", "spends_told", "plan_spend", "actual_spend"
    ),
}


def read_curve(curve: pd.DataFrame, *, on: date, measure: Measure = "physical") -> CurveReading:
    """Read a curve (``geo.progress.curve``) on a day; the plan is interpolated linearly."""
    rows, strand, day = _ordered(curve), _STRANDS[measure], pd.Timestamp(on)
    plan = _planned_on(rows, strand.plan, day)
    plan_money = _planned_on(rows, strand.plan_money, day) if strand.plan_money else float("nan")
    told = _told(rows, day, strand).dropna(subset=[strand.actual])
    if not len(told):
        return CurveReading(plan, float("nan"), None, float("nan"), plan_money)
    last = told.iloc[-1]
    actual = float(last[strand.actual])
    actual_money = float(last[strand.actual_money]) if strand.actual_money else float("nan")
    return CurveReading(plan, actual, pd.Timestamp(last["as_of"]), actual - plan, plan_money, actual_money)


def _planned_on(rows: pd.DataFrame, column: str, day: pd.Timestamp) -> float:
    plans = rows.dropna(subset=[column])
    if plans.empty:
        return float("nan")
    known = plans["as_of"].map(pd.Timestamp.toordinal).to_numpy(dtype=float)
    return float(np.interp(day.toordinal(), known, plans[column].to_numpy(dtype=float)))


def _ordered(curve: pd.DataFrame) -> pd.DataFrame:
    """Rows by day, with the columns of both measures."""
    rows = curve.assign(as_of=pd.to_datetime(curve["as_of"])).sort_values("as_of", kind="stable", ignore_index=True)
    absent = [
        column
        for strand in _STRANDS.values()
        for column in (strand.plan, strand.actual, strand.plan_money, strand.actual_money)
        if column is not None and column not in rows
    ]
    return rows.assign(**dict.fromkeys(absent, np.nan))


def _told(rows: pd.DataFrame, day: pd.Timestamp, strand: _Strand) -> pd.DataFrame:
    """The rows up to the day; of a single site without those that only repeat what an earlier report told."""
    past = rows[rows["as_of"] <= day]
    if strand.told not in past or strand.base not in past or not (past[strand.base] == 1).all():
        return past
    told = past[strand.told] > 0
    return past[told | past[strand.actual].isna() | ~told.cummax()]


def s_curve(
    curve: pd.DataFrame,
    *,
    on: date,
    t: Translator,
    theme: ChartTheme = "light",
    compact: bool = False,
    measure: Measure | Literal["both"] = "physical",
    forecast: Forecast | None = None,
    silent_after_days: int = DEFAULT.silent_after_days,
    critical_points: float = DEFAULT.critical_points,
    status: str | None = None,
) -> go.Figure:
    """Cumulative plan and realisation: plan dashed after ``on``, realisation only up to ``on``, the gap marked.

    ``curve`` is one of ``geo.progress.curve`` (``as_of``, ``plan_percent``, ``actual_percent``, 0 to 100, suffice for
    the physical measure); a missing realisation is a gap. ``measure`` chooses progress, money (percent of contract
    value, rupiah in the hover text) or both, with the gap of progress marked. ``forecast`` (of progress) adds a dotted
    line to 100 % with a band from earliest to latest, cut off at ``_MONTHS_BEYOND``; without a day it adds nothing.
    ``silent_after_days`` is what the column ``fresh`` was counted with. The gap takes the colour of ``status`` (of a
    single site, whose own rule decided) or else of a lateness beyond ``critical_points`` or within. ``compact`` leaves
    out what several small curves side by side have in common: legend, axis title, the note.
    """
    rows, day = _ordered(curve), pd.Timestamp(on)
    if rows.empty:
        return _empty(t, theme)
    shown: list[Measure] = ["physical", "financial"] if measure == "both" else [measure]
    shown = [name for name in shown if name == "physical" or _has_money(rows)]
    if not shown:
        return _empty(t, theme, LABELS[t.language].no_money)
    figure = _figure(t, theme, height=380 if measure != "both" else 440)
    if measure == "both":  # in two columns, where the names fit: one below another they would push the plot down
        figure.update_layout(legend={"entrywidth": 0.45, "entrywidthmode": "fraction"})
    for name in shown:
        _draw_strand(figure, t, rows, day, name, theme, several=measure == "both", silent_after_days=silent_after_days)
    tones = {
        name: _deviation_colour(
            read_curve(rows, on=on, measure=name).deviation,
            theme,
            critical_points,
            status if name == "physical" else None,
        )
        for name in shown
    }
    _mark_gap(figure, day, read_curve(rows, on=on, measure=shown[0]), _colour(shown[0], theme), tones[shown[0]])
    drawn = [rows[["as_of", column]] for name in shown for column in (_STRANDS[name].plan, _STRANDS[name].actual)]
    if forecast is not None and forecast.day is not None and "physical" in shown:
        drawn.append(_draw_forecast(figure, t, forecast, rows, day, theme))
    span = pd.concat([line["as_of"] for line in drawn])
    _month_axis(figure, t, span, most=2 if compact else 5)
    margin = max((span.max() - span.min()) * 0.025, pd.Timedelta(days=3))
    # a note beside the day must not widen the axis
    figure.update_xaxes(range=[f"{edge:%Y-%m-%d}" for edge in (span.min() - margin, span.max() + margin)])
    _percent_axis(t, figure, "y")
    if compact:
        figure.update_layout(showlegend=False, title=None, height=170, margin={"l": 4, "r": 12, "t": 6, "b": 4})
        figure.update_traces(marker_size=5, selector={"mode": "lines+markers"})
        figure.update_yaxes(
            range=[0, 104], tickvals=[0, 50, 100], ticktext=[t.percent(x, digits=0) for x in (0, 50, 100)]
        )
        return figure
    _mark_day(figure, t, day, {name: read_curve(rows, on=on, measure=name) for name in shown}, tones, drawn, theme)
    labels = LABELS[t.language]
    titles = {"physical": labels.percent, "financial": labels.percent_spend, "both": labels.percent_both}
    figure.update_yaxes(range=[0, 104], title_text=html_text(titles[measure]))
    return figure


def _has_money(rows: pd.DataFrame) -> bool:
    return bool(rows["plan_spend_percent"].notna().any())


def _colour(measure: Measure, theme: ChartTheme) -> str:
    return ground(theme).accent if measure == "physical" else _MONEY[theme]


def _draw_strand(
    figure: go.Figure,
    t: Translator,
    rows: pd.DataFrame,
    day: pd.Timestamp,
    measure: Measure,
    theme: ChartTheme,
    *,
    several: bool,
    silent_after_days: int,
) -> None:
    """Plan up to the day, plan ahead and realisation of one measure."""
    labels, colours, strand = LABELS[t.language], ground(theme), _STRANDS[measure]
    physical, colour = measure == "physical", _colour(measure, theme)
    names = (
        (labels.plan_spend, labels.plan_spend_ahead, labels.actual_spend)
        if not physical
        else (labels.plan_physical, labels.plan_ahead, labels.actual_physical)
        if several
        else (labels.plan, labels.plan_ahead, labels.actual)
    )
    past, ahead = _split_plan(rows, day, strand)
    style = {"color": colours.muted, "width": 2.5} if physical else {"color": colour, "width": 2, "dash": "longdashdot"}
    figure.add_trace(_line(t, past, strand.plan, names[0], style, _money_lines(t, past, strand.plan_money)))
    if len(ahead) > 1:
        dashed = {**style, "dash": "dash" if physical else "dashdot"}
        line = _line(t, ahead, strand.plan, names[1], dashed, _money_lines(t, ahead, strand.plan_money))
        figure.add_trace(line.update(showlegend=past.empty))
    told = _told(rows, day, strand)
    notes = _fresh_lines(t, told, silent_after_days) if physical else _spend_lines(t, told)
    actual = _line(t, told, strand.actual, names[2], {"color": colour, "width": 3 if physical else 2.5}, notes)
    marker = (
        {"size": 9, "color": colour, "line": {"color": colours.paper, "width": 1.5}}
        if physical
        else {"size": 9, "symbol": "diamond", "color": colours.paper, "line": {"color": colour, "width": 2}}
    )
    figure.add_trace(actual.update(mode="lines+markers", marker=marker, connectgaps=False))


def _split_plan(rows: pd.DataFrame, day: pd.Timestamp, strand: _Strand) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plan up to the day and from the day on; both hold the day itself, so that the line does not break."""
    columns = [column for column in (strand.plan, strand.plan_money) if column is not None]
    plan = rows.loc[rows[strand.plan].notna(), ["as_of", *columns]]
    if plan.empty or day < plan["as_of"].iloc[0]:
        return plan.iloc[:0], plan
    if day >= plan["as_of"].iloc[-1]:
        return plan, plan.iloc[:0]
    now = pd.DataFrame({"as_of": [day], **{column: [_planned_on(rows, column, day)] for column in columns}})
    past = pd.concat([plan[plan["as_of"] < day], now], ignore_index=True)
    return past, pd.concat([now, plan[plan["as_of"] > day]], ignore_index=True)


def _line(
    t: Translator, rows: pd.DataFrame, column: str, name: str, style: dict[str, Any], notes: Sequence[str] | None = None
) -> go.Scatter:
    """One line; ``notes`` (plain text, empty for none) stand below the figure in the hover text of each point."""
    texts = [
        f"{html_text(name)}<br>{html_text(t.date(day))}: <b>{html_text(t.percent(value))}</b>"
        + (f"<br>{html_text(note)}" if note else "")
        for day, value, note in zip(rows["as_of"], rows[column], notes or [""] * len(rows), strict=True)
    ]
    return go.Scatter(
        x=rows["as_of"].dt.strftime("%Y-%m-%d").tolist(),
        y=[None if pd.isna(value) else float(value) for value in rows[column]],
        mode="lines",
        name=html_text(name),
        line=style,
        hovertext=texts,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _money_lines(t: Translator, rows: pd.DataFrame, column: str | None) -> list[str] | None:
    return None if column is None else [t.rupiah_short(value) for value in rows[column]]


def _spend_lines(t: Translator, rows: pd.DataFrame) -> list[str]:
    """Rupiah at each point and, of several sites, how many told theirs."""
    money = [t.rupiah_short(value) for value in rows["actual_spend"]]
    if "spend_base" not in rows or "spend_reporting" not in rows:
        return money
    return [
        f"{text} · {_base(t, n, sites)}" if sites > 1 else text
        for text, n, sites in zip(money, rows["spend_reporting"], rows["spend_base"], strict=True)
    ]


def _fresh_lines(t: Translator, rows: pd.DataFrame, silent_after_days: int) -> list[str] | None:
    """How many of several sites had spoken recently; a single site's own reports are its points."""
    if "fresh" not in rows or "base" not in rows:
        return None
    told, days = LABELS[t.language].fresh, t.integer(silent_after_days)
    return [
        told.format(n=t.integer(n), sites=t.integer(sites), days=days) if sites > 1 else ""
        for n, sites in zip(rows["fresh"], rows["base"], strict=True)
    ]


def _draw_forecast(
    figure: go.Figure, t: Translator, expected: Forecast, rows: pd.DataFrame, day: pd.Timestamp, theme: ChartTheme
) -> pd.DataFrame:
    """A dotted line from the last point to 100 % and the band around it; gives the line, for the room it takes."""
    limit = max(rows["as_of"].iloc[-1], day) + pd.DateOffset(months=_MONTHS_BEYOND)
    plan = rows[["as_of", "plan_percent"]].set_axis(["as_of", "percent"], axis=1)
    first, middle, last = (
        _within(expected, end, plan, limit) for end in (expected.earliest, expected.day, expected.latest)
    )
    # where the later edge leaves the picture before it reaches 100 %, the band ends at the picture's edge
    edge = pd.DataFrame({"as_of": [limit], "percent": [100.0]}) if first["percent"].iloc[-1] >= 100 else first.iloc[:0]
    band = pd.concat([first, edge if last["percent"].iloc[-1] < 100 else edge.iloc[:0], last.iloc[::-1]])
    colour = ground(theme).accent
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    figure.add_trace(
        go.Scatter(
            x=band["as_of"].dt.strftime("%Y-%m-%d").tolist(),
            y=band["percent"].tolist(),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=f"rgba({red},{green},{blue},{_BAND_OPACITY})",
            hoverinfo="skip",
            showlegend=False,
            name="band",
        )
    )
    month, among = _forecast_words(expected, t)
    words = f"<b>{html_text(LABELS[t.language].forecast.format(month=month))}</b>"
    words += f"<br>({html_text(among)})" if among else ""
    figure.add_trace(
        go.Scatter(
            x=middle["as_of"].dt.strftime("%Y-%m-%d").tolist(),
            y=middle["percent"].tolist(),
            mode="lines",
            name=html_text(LABELS[t.language].forecast_line),
            line={"color": colour, "width": 2.5, "dash": "dot"},
            hovertext=[words] * len(middle),
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    _caption(figure, words, colour)
    return pd.concat([middle, last.tail(1)])


def _within(expected: Forecast, end: date | None, plan: pd.DataFrame, limit: pd.Timestamp) -> pd.DataFrame:
    """The way to 100 % as far as the picture goes; without an end it stays level."""
    way = forecast_path(expected, end or limit.date(), plan=plan)
    if end is None:
        return way.iloc[[0, -1]].assign(percent=expected.last_percent)
    if way["as_of"].iloc[-1] <= limit:
        return way
    at_limit = pd.DataFrame({"as_of": [limit], "percent": [_planned_on(way, "percent", limit)]})
    return pd.concat([way[way["as_of"] < limit], at_limit], ignore_index=True)


def _caption(figure: go.Figure, words: str, colour: str) -> None:
    """Words (already escaped, two lines at most) below the axis.

    In the legend they would be the widest entry and set all entries one below another.
    """
    below = _LINE_PX if "<br>" in words else 0  # a title is placed by its first line
    figure.update_layout(
        margin_b=46 + below,
        title={
            "text": words,
            "font": {"size": _NORMAL, "color": colour},
            **{"x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 20, "b": 8 + below}},
            **{"y": 0, "yref": "container", "yanchor": "bottom"},
        },
    )


def _forecast_label(expected: Forecast, t: Translator) -> str:
    """``Perkiraan selesai: Maret 2027 (Jan–Jun 2027)``; only for a forecast with a day."""
    month, among = _forecast_words(expected, t)
    return LABELS[t.language].forecast.format(month=month) + (f" ({among})" if among else "")


def _forecast_words(expected: Forecast, t: Translator) -> tuple[str, str]:
    """The month of completion, and the months of the band, empty where that is one month: the same."""
    month, first, last = _month_and_year(expected.day, t), expected.earliest, expected.latest
    if first is None or last is None:
        return month, LABELS[t.language].forecast_undated.format(first=t.month(first))
    if (first.year, first.month) == (last.year, last.month):
        return month, ""
    opening = t.month(first).split(" ")[0] if first.year == last.year else t.month(first)
    return month, f"{opening}–{t.month(last)}"


def _month_and_year(day: date | None, t: Translator) -> str:
    """``Maret 2027``: a date in words without its day, which stands first in both languages."""
    return t.date(day).partition(" ")[2]


def forecast_text(expected: Forecast, *, t: Translator) -> str:
    """A forecast as one sentence, with what it rests on, or the reason why there is none."""
    labels = LABELS[t.language]
    pace, n = t.points(expected.pace_points_per_month), t.integer(expected.reports)
    if expected.reason is not None:
        return labels.forecast_reasons[expected.reason].format(
            n=n, least=t.integer(expected.least), date=t.date(expected.last_day), pace=pace
        )
    sentence = labels.forecast_shape if expected.in_plan_days else labels.forecast_basis
    return sentence.format(label=_forecast_label(expected, t), pace=pace, n=n)


def _mark_day(
    figure: go.Figure,
    t: Translator,
    day: pd.Timestamp,
    readings: dict[Measure, CurveReading],
    tones: dict[Measure, str],
    drawn: Sequence[pd.DataFrame],
    theme: ChartTheme,
) -> None:
    """A line at the day, with date and deviation in a corner beside it that the lines leave free."""
    labels, colours, at = LABELS[t.language], ground(theme), day.strftime("%Y-%m-%d")
    rule = {"color": colours.border_strong, "width": 1}
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="y domain", layer="below", line=rule)
    told = {name: reading for name, reading in readings.items() if not np.isnan(reading.deviation)}
    several = len(readings) > 1 and len(told) > 0
    stamp = (labels.deviation_on if several else labels.position).format(date="").strip()
    text = f'<span style="font-size:{_SMALL}px">{html_text(stamp)}<br>{html_text(t.date(day))}</span>'
    names = {"physical": labels.physical, "financial": labels.financial}
    for name, reading in told.items():
        colour = tones[name]
        words = f"{names[name] if several else labels.deviation} {t.points(reading.deviation)}"
        size = _NORMAL if several else _STRONG
        text += f'<br><span style="font-size:{size}px;color:{colour}"><b>{html_text(words)}</b></span>'
    right, high = _free_corner(drawn, day, (_NOTE[0], _NOTE[1] + 0.08) if len(told) > 1 else _NOTE)
    figure.add_annotation(
        x=at,
        y=0.98 if high else 0.03,
        yref="y domain",
        xanchor="left" if right else "right",
        yanchor="top" if high else "bottom",
        xshift=6 if right else -6,
        align="left" if right else "right",
        text=text,
        showarrow=False,
        font={"size": _STRONG, "color": colours.muted},
    )


_NOTE: Final = (0.4, 0.32)
"""Room that the note at the day takes, as shares of the width and the height of the plot."""


def _free_corner(drawn: Sequence[pd.DataFrame], day: pd.Timestamp, room: tuple[float, float]) -> tuple[bool, bool]:
    """Where beside the day (right of it, at the top) the note covers the least of the lines and stays inside.

    Each of ``drawn`` has the days of a line and, second, its percent.
    """
    first = min(line["as_of"].min() for line in drawn)
    span = max((max(line["as_of"].max() for line in drawn) - first).days, 1)
    places = np.linspace(0, 1, 120)
    lines = []
    for line in (line.dropna() for line in drawn):
        if len(line):
            days = (line["as_of"] - first).dt.days.to_numpy(dtype=float) / span
            height = np.interp(places, days, line.iloc[:, 1].to_numpy(dtype=float)) / 104
            lines.append(np.where((places >= days[0]) & (places <= days[-1]), height, np.nan))
    at, (width, height_of_note) = (day - first).days / span, room

    def covered(corner: tuple[bool, bool]) -> float:
        right, high = corner
        low, top = (at, at + width) if right else (at - width, at)
        room_beside = 1 - at if right else at
        # on a phone the same words take more of the width: better not to need all of it
        outside = max(0.0, width - room_beside) + 0.2 * max(0.0, 1.3 * width - room_beside)
        inside = (places >= low) & (places <= top)
        hits = sum(
            int(((line > 1 - height_of_note) if high else (line < height_of_note))[inside].sum()) for line in lines
        )
        return float(hits + outside * 1_000)

    return min([(True, False), (False, True), (True, True), (False, False)], key=covered)


def _mark_gap(figure: go.Figure, day: pd.Timestamp, reading: CurveReading, colour: str, tone: str) -> None:
    """The difference on the day as a thick upright line; dotted back to the last report."""
    if reading.actual_as_of is None or np.isnan(reading.deviation):
        return
    at, last = day.strftime("%Y-%m-%d"), reading.actual_as_of.strftime("%Y-%m-%d")
    if last != at:
        dots = {"color": colour, "width": 1.5, "dash": "dot"}
        figure.add_shape(type="line", x0=last, x1=at, y0=reading.actual, y1=reading.actual, line=dots)
    thick = {"color": tone, "width": 4}
    figure.add_shape(type="line", x0=at, x1=at, y0=reading.actual, y1=reading.plan, line=thick, name="gap")


def _deviation_colour(deviation: float, theme: ChartTheme, critical_points: float, status: str | None) -> str:
    """The text-safe colour of a status behind plan, else of the status that such a deviation would have by pace."""
    if status is not None and status in LATE:
        return status_look(status, theme).text
    late = deviation < 0
    by_pace = Status.KRITIS if -deviation > critical_points else Status.TERLAMBAT if late else Status.SESUAI_RENCANA
    return status_look(by_pace, theme).text


def _month_axis(figure: go.Figure, t: Translator, days: pd.Series, *, most: int) -> None:
    first, last = days.min(), days.max()
    months = pd.date_range(first.to_period("M").start_time, last + pd.offsets.MonthBegin(1), freq="MS")
    step = next((n for n in (1, 2, 3, 6, 12) if len(months) / n <= most), 24)
    shown = months[::step]
    figure.update_xaxes(
        type="date",
        tickmode="array",
        tickvals=[month.strftime("%Y-%m-%d") for month in shown],
        ticktext=[html_text(t.month(month)) for month in shown],
    )


def s_curve_summary(
    curve: pd.DataFrame,
    *,
    on: date,
    t: Translator,
    measure: Measure | Literal["both"] = "physical",
    forecast: Forecast | None = None,
) -> str:
    """The S-curve in words: a sentence for each measure shown, then the forecast or why there is none."""
    labels = LABELS[t.language]
    if curve.empty:
        return f"{labels.empty}."
    sentences = []
    if measure != "financial":
        sentences.append(_physical_summary(read_curve(curve, on=on), on, t))
    if measure != "physical":
        sentences.append(_financial_summary(curve, on, t))
    if forecast is not None and measure != "financial":
        sentences.append(forecast_text(forecast, t=t))
    return labels.joined.join(sentences)


def _physical_summary(reading: CurveReading, on: date, t: Translator) -> str:
    labels, day, plan = LABELS[t.language], t.date(on), t.percent(reading.plan)
    if np.isnan(reading.actual):
        return labels.curve_no_actual.format(date=day, plan=plan)
    return labels.curve_summary.format(
        date=day,
        plan=plan,
        actual=t.percent(reading.actual),
        deviation=t.points(reading.deviation),
        verdict=_verdict(t, reading.deviation),
    )


def _financial_summary(curve: pd.DataFrame, on: date, t: Translator) -> str:
    labels, reading = LABELS[t.language], read_curve(curve, on=on, measure="financial")
    if np.isnan(reading.deviation):
        return labels.curve_no_spend.format(date=t.date(on))
    base = int(curve["spend_base"].iloc[0]) if "spend_base" in curve else 1
    return labels.curve_spend.format(
        date=t.date(on),
        plan=t.percent(reading.plan),
        plan_money=t.rupiah_short(reading.plan_money),
        actual=t.percent(reading.actual),
        actual_money=t.rupiah_short(reading.actual_money),
        deviation=t.points(reading.deviation),
        base=f"{t.integer(base)} {labels.sites}",
    )


# --- status ------------------------------------------------------------------------------------------------------

_PATTERNS: Final[dict[Status, str]] = {
    Status.KRITIS: "x",
    Status.TERLAMBAT: "\\",
    Status.WASPADA: ".",
    Status.BELUM_LAPOR: "/",
    Status.SESUAI_RENCANA: "",
    Status.SELESAI: "",
    Status.BELUM_MULAI: "",
    Status.TIDAK_AKTIF: "-",
    Status.TANPA_RENCANA: "|",
}
"""Second sign of a status in bars, for eyes and printers without colour; ``selesai`` carries its check mark."""


def _status_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Groups in their first order by status in the order of ``Status``, sites as whole numbers."""
    table = counts.assign(status=counts["status"].astype(str)).pivot_table(
        index="group", columns="status", values="sites", aggfunc="sum", fill_value=0, sort=False
    )
    return table.reindex(
        index=list(dict.fromkeys(counts["group"])), columns=[s.value for s in Status], fill_value=0
    ).astype(int)


def status_bars(counts: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light", share: bool = False) -> go.Figure:
    """Sites by status for each group, stacked; ``share`` draws every bar to 100 %.

    ``counts`` has ``group``, ``status``, ``sites``. Each part carries its count and the glyph of its status.
    """
    if counts.empty:
        return _empty(t, theme)
    table = _status_table(counts)
    totals = table.sum(axis=1)
    figure = _figure(t, theme, height=_rows_height(len(table), lines=1, legend_px=130))
    rows = list(range(len(table)))
    for status in Status:
        values = table[status.value]
        if not values.any():
            continue
        figure.add_trace(_status_trace(status, values, totals, rows, t, theme, share=share))
    figure.update_layout(barmode="stack", legend={"traceorder": "normal"})
    widest = 100.0 if share else float(max(totals.max(), 1))
    notes = [html_text(f"{t.integer(total)} {LABELS[t.language].sites}") for total in totals]
    _row_titles(figure, list(table.index), notes, theme, lines=1)
    figure.update_xaxes(range=[0, widest * 1.01])
    if share:
        _percent_axis(t, figure, "x")
    else:
        figure.update_xaxes(title_text=html_text(LABELS[t.language].sites), tickformat=",d", nticks=6)
    return figure


def _status_trace(
    status: Status,
    values: pd.Series,
    totals: pd.Series,
    rows: list[int],
    t: Translator,
    theme: ChartTheme,
    *,
    share: bool,
) -> go.Bar:
    look, colours = status_look(status, theme), ground(theme)
    name = status_name(t, status)
    lengths = (values / totals.where(totals > 0) * 100).fillna(0.0) if share else values
    room = lengths / (100 if share else max(totals.max(), 1))
    texts = [
        f"<b>{html_text(f'{look.glyph} ' if part >= 0.075 else '')}{html_text(t.integer(value))}</b>"
        if part >= 0.03
        else ""
        for value, part in zip(values, room, strict=True)
    ]
    hovers = [
        f"{html_text(group)}<br>{html_text(look.glyph)} {html_text(name)}: <b>{html_text(t.integer(value))}</b>"
        f" ({html_text(_base(t, value, total))})"
        for group, value, total in zip(values.index, values, totals, strict=True)
    ]
    return go.Bar(
        x=[float(length) for length in lengths],
        y=rows,
        orientation="h",
        name=f"{html_text(look.glyph)} {html_text(name)}",
        text=texts,
        width=_bar_width(1),
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": _SMALL, "color": ink_on(look.fill)},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "color": look.fill,
            "line": {"color": colours.border_strong, "width": 1},
            "pattern": {
                "shape": _PATTERNS[status],
                "fgcolor": look.mark_colour,
                "fgopacity": 0.2,
                "size": 7,
                "solidity": 0.18,
                "fillmode": "overlay",
            },
        },
    )


def status_summary(counts: pd.DataFrame, *, t: Translator) -> str:
    """The status bars in words, a sentence for each group; statuses without sites are left out."""
    labels = LABELS[t.language]
    if counts.empty:
        return f"{labels.empty}."
    table = _status_table(counts)
    sentences = []
    for group, row in table.iterrows():
        parts = [f"{status_name(t, s)} {t.integer(row[s.value])}" for s in Status if row[s.value]]
        total = t.integer(row.sum())
        sentences.append(
            labels.status_summary.format(group=plain_text(group), total=total, parts=", ".join(parts))
            if parts
            else labels.silent.format(name=plain_text(group))
        )
    return labels.joined.join(sentences)


# --- programmes --------------------------------------------------------------------------------------------------


def programme_progress(programmes: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light") -> go.Figure:
    """A bullet for each programme: realisation as a bar, plan as an upright tick, base beside it.

    ``programmes`` has ``programme``, ``name``, ``plan_percent``, ``actual_percent``, ``n`` (sites in the average),
    ``sites`` and optionally ``colour``. A programme without realisation says so instead of showing an empty bar.
    """
    if programmes.empty:
        return _empty(t, theme)
    labels, colours = LABELS[t.language], ground(theme)
    figure = _figure(t, theme, height=_rows_height(len(programmes), lines=2, legend_px=34))
    rows = list(range(len(programmes)))
    figure.add_trace(
        go.Bar(
            x=[100] * len(rows),
            y=rows,
            orientation="h",
            width=_bar_width(2),
            marker={"color": colours.land, "line": {"color": colours.border, "width": 1}},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    hovers = [_programme_hover(row, t) for _, row in programmes.iterrows()]
    figure.add_trace(
        go.Bar(
            x=_floats(programmes["actual_percent"]),
            y=rows,
            orientation="h",
            width=_bar_width(2, 0.55),
            name=html_text(labels.actual),
            marker=_programme_marker(programmes, theme),
            hovertext=hovers,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    plans = {"x": _floats(programmes["plan_percent"]), "y": rows, "mode": "markers"}
    rim = {"symbol": "line-ns", "size": 15, "line": {"color": colours.paper, "width": 8}}
    figure.add_trace(go.Scatter(**plans, marker=rim, hoverinfo="skip", showlegend=False))
    figure.add_trace(
        go.Scatter(
            **plans,
            name=html_text(labels.plan),
            marker={"symbol": "line-ns", "size": 16, "line": {"color": colours.ink, "width": 3.5}},
            hovertext=hovers,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.update_layout(barmode="overlay")
    notes = [_programme_note(row, t) for _, row in programmes.iterrows()]
    _row_titles(figure, programmes["name"].tolist(), notes, theme, lines=2)
    _percent_axis(t, figure, "x")
    figure.update_xaxes(range=[0, 101])
    return figure


def _programme_marker(rows: pd.DataFrame, theme: ChartTheme) -> dict[str, Any]:
    """Bars in the colours of the programmes where ``rows`` carries them (``colour``), in the accent otherwise."""
    colours = ground(theme)
    fill = rows["colour"].tolist() if "colour" in rows else colours.accent
    return {"color": fill, "line": {"color": colours.border_strong, "width": 1}}


def _floats(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _programme_note(row: pd.Series, t: Translator) -> str:
    shown = LABELS[t.language].no_data if pd.isna(row["actual_percent"]) else t.percent(row["actual_percent"])
    return f"<b>{html_text(shown)}</b>  {html_text(_base(t, row['n'], row['sites']))}"


def _programme_hover(row: pd.Series, t: Translator) -> str:
    labels = LABELS[t.language]
    actual = labels.no_data if pd.isna(row["actual_percent"]) else t.percent(row["actual_percent"])
    plan = labels.no_plan if pd.isna(row["plan_percent"]) else t.percent(row["plan_percent"])
    return (
        f"<b>{html_text(row['name'])}</b><br>{html_text(labels.actual)}: {html_text(actual)}"
        f"<br>{html_text(labels.plan)}: {html_text(plan)}<br>{html_text(_base(t, row['n'], row['sites']))}"
    )


def programme_summary(programmes: pd.DataFrame, *, t: Translator) -> str:
    """The bullets in words, a sentence for each programme."""
    labels = LABELS[t.language]
    if programmes.empty:
        return f"{labels.empty}."
    sentences = []
    for _, row in programmes.iterrows():
        name = plain_text(row["name"])
        sentences.append(
            labels.programme_summary.format(
                name=name,
                actual=labels.no_data if pd.isna(row["actual_percent"]) else t.percent(row["actual_percent"]),
                plan=labels.no_plan if pd.isna(row["plan_percent"]) else t.percent(row["plan_percent"]),
                base=_base(t, row["n"], row["sites"]),
            )
        )
    return labels.joined.join(sentences)


# --- achievement against a target --------------------------------------------------------------------------------

_MOST_SHARE: Final = 150.0
"""Bars end here: one row far beyond its target must not press all others together. The words have the figure."""


def achievement_bars(rows: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light") -> go.Figure:
    """Share of the target that was achieved, a bar for each row on a track up to 100 %, with who reported beside it.

    ``rows`` has ``name``, ``share`` (percent, may exceed 100; missing: words instead of a bar), ``n`` (reported),
    ``total`` (of all) and optionally ``colour``. Order is kept. Bars end at ``_MOST_SHARE``.
    """
    if rows.empty:
        return _empty(t, theme)
    labels, colours = LABELS[t.language], ground(theme)
    figure = _figure(t, theme, height=_rows_height(len(rows), lines=2, legend_px=0), legend=False)
    places = list(range(len(rows)))
    shared = {"y": places, "orientation": "h"}
    track = {"color": colours.land, "line": {"color": colours.border, "width": 1}}
    figure.add_trace(
        go.Bar(x=[100] * len(rows), width=_bar_width(2), marker=track, hoverinfo="skip", name="", **shared)
    )
    figure.add_trace(
        go.Bar(
            x=[None if value is None else min(value, _MOST_SHARE) for value in _floats(rows["share"])],
            width=_bar_width(2, 0.55),
            name=html_text(labels.achieved),
            marker=_programme_marker(rows, theme),
            hovertext=[f"<b>{html_text(row['name'])}</b><br>{_share_note(row, t)}" for _, row in rows.iterrows()],
            hovertemplate="%{hovertext}<extra></extra>",
            **shared,
        )
    )
    figure.update_layout(barmode="overlay")
    _row_titles(figure, rows["name"].tolist(), [_share_note(row, t) for _, row in rows.iterrows()], theme, lines=2)
    widest = float(np.nanmax([100.0, *rows["share"].astype(float).clip(upper=_MOST_SHARE)]))
    _percent_axis(t, figure, "x")
    if widest > 100:
        values = [0, 50, 100, 150]
        figure.update_xaxes(tickvals=values, ticktext=[t.percent(value, digits=0) for value in values])
        rule = {"color": colours.border_strong, "width": 2}
        figure.add_shape(
            type="line", x0=100, x1=100, y0=0, y1=1, yref="y domain", line=rule, name="target", layer="below"
        )
    figure.update_xaxes(range=[0, widest * 1.01], title_text=html_text(labels.achieved))
    return figure


def _reported(row: pd.Series, t: Translator) -> str:
    return LABELS[t.language].reported.format(n=t.integer(row["n"]), total=t.integer(row["total"]))


def _share_note(row: pd.Series, t: Translator) -> str:
    shown = LABELS[t.language].no_data if pd.isna(row["share"]) else t.percent(row["share"])
    return f"<b>{html_text(shown)}</b>  {html_text(_reported(row, t))}"


def achievement_summary(rows: pd.DataFrame, *, t: Translator) -> str:
    """The bars of achievement in words, a sentence for each row."""
    labels = LABELS[t.language]
    if rows.empty:
        return f"{labels.empty}."
    return labels.joined.join(
        labels.achievement_summary.format(
            name=plain_text(row["name"]),
            share=labels.no_data if pd.isna(row["share"]) else t.percent(row["share"]),
            base=_reported(row, t),
        )
        for _, row in rows.iterrows()
    )


# --- year against year -------------------------------------------------------------------------------------------


def year_bars(
    rows: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light", years: tuple[int, int] | None = None
) -> go.Figure:
    """Two years side by side for each row, pale before and dark after, with the change in points and both bases.

    ``rows`` has ``name``, ``before`` and ``after`` (0 to 100, missing ones are words), ``n_before`` and ``n_after``.
    ``years`` names the two in the legend. Order is kept.
    """
    if rows.empty:
        return _empty(t, theme)
    names, colours = _year_names(t, years), ground(theme)
    figure = _figure(t, theme, height=_rows_height(len(rows), lines=2, legend_px=34))
    places = np.arange(len(rows), dtype=float)
    hovers = [
        f"<b>{html_text(row['name'])}</b><br>{html_text(_year_text(row, t, names))}" for _, row in rows.iterrows()
    ]
    thickness = _bar_width(2, 0.46)
    fills = {"before": colours.land, "after": colours.accent}
    for (column, fill), name, side in zip(fills.items(), names, (-0.5, 0.5), strict=True):
        figure.add_trace(
            go.Bar(
                x=_floats(rows[column]),
                y=(places + side * _bar_width(2, 0.5)).tolist(),
                orientation="h",
                width=thickness,
                name=html_text(name),
                marker={"color": fill, "line": {"color": colours.border_strong, "width": 1}},
                hovertext=hovers,
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    figure.update_layout(barmode="overlay", legend={"traceorder": "normal"})
    notes = [_year_note(row, t) for _, row in rows.iterrows()]
    _row_titles(figure, rows["name"].tolist(), notes, theme, lines=2)
    _percent_axis(t, figure, "x")
    widest = float(np.nanmax([100.0, *rows["before"].astype(float), *rows["after"].astype(float)]))
    figure.update_xaxes(range=[0, widest * 1.01])
    return figure


def _year_names(t: Translator, years: tuple[int, int] | None) -> tuple[str, str]:
    labels = LABELS[t.language]
    return (labels.before, labels.after) if years is None else (str(years[0]), str(years[1]))


def _year_value(row: pd.Series, column: str, t: Translator) -> str:
    return LABELS[t.language].no_data if pd.isna(row[column]) else t.percent(row[column])


def _year_change(row: pd.Series, t: Translator) -> str | None:
    both = pd.notna(row["before"]) and pd.notna(row["after"])
    return t.points(float(row["after"]) - float(row["before"])) if both else None


def _year_note(row: pd.Series, t: Translator) -> str:
    before, after = (f"{_year_value(row, name, t)} (n = {t.integer(row[f'n_{name}'])})" for name in ("before", "after"))
    change = _year_change(row, t)
    return f"{html_text(before)} → {html_text(after)}" + (f"  <b>{html_text(change)}</b>" if change else "")


def _year_text(row: pd.Series, t: Translator, names: tuple[str, str]) -> str:
    """Both years in one line, plain text."""
    return " · ".join(
        f"{name}: {_year_value(row, column, t)} (n = {t.integer(row[f'n_{column}'])})"
        for name, column in zip(names, ("before", "after"), strict=True)
    )


def year_summary(rows: pd.DataFrame, *, t: Translator, years: tuple[int, int] | None = None) -> str:
    """The two years in words, a sentence for each row."""
    labels, names = LABELS[t.language], _year_names(t, years)
    if rows.empty:
        return f"{labels.empty}."
    sentences = []
    for _, row in rows.iterrows():
        change = _year_change(row, t)
        sentence = labels.year_silent if change is None else labels.year_summary
        sentences.append(
            sentence.format(
                name=plain_text(row["name"]),
                before=f"{names[0]} {_year_value(row, 'before', t)}",
                after=f"{names[1]} {_year_value(row, 'after', t)}",
                n_before=f"n = {t.integer(row['n_before'])}",
                n_after=f"n = {t.integer(row['n_after'])}",
                change=change,
            )
        )
    return labels.joined.join(sentences)


# --- deviation ---------------------------------------------------------------------------------------------------


def _worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("deviation_points", kind="stable", na_position="last").reset_index(drop=True)


def deviation_bars(rows: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light") -> go.Figure:
    """Deviation from plan in points, worst first, around a line at zero.

    ``rows`` has ``name``, ``deviation_points``, ``n`` and optionally ``sites``; a row without figure stands last, in
    words. Colours are the fixed classes of the map.
    """
    if rows.empty:
        return _empty(t, theme)
    ordered, colours, labels = _worst_first(rows), ground(theme), LABELS[t.language]
    values = ordered["deviation_points"].astype(float)
    figure = _figure(t, theme, height=_rows_height(len(ordered), lines=2, legend_px=0), legend=False)
    figure.add_trace(
        go.Bar(
            x=_floats(values),
            y=list(range(len(ordered))),
            orientation="h",
            width=_bar_width(2),
            marker={
                "color": [class_colour(value, "deviation", theme) or colours.land for value in values],
                "line": {"color": colours.border_strong, "width": 1},
            },
            hovertext=[
                f"<b>{html_text(row['name'])}</b><br>{_deviation_note(row, t)}" for _, row in ordered.iterrows()
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.add_shape(type="line", x0=0, x1=0, y0=0, y1=1, yref="y domain", line={"color": colours.ink, "width": 1.5})
    notes = [_deviation_note(row, t) for _, row in ordered.iterrows()]
    _row_titles(figure, ordered["name"].tolist(), notes, theme, lines=2)
    low, high = _deviation_range(values)
    figure.update_xaxes(range=[low, high], title_text=html_text(labels.deviation_points), nticks=7)
    return figure


def _deviation_range(values: pd.Series) -> tuple[float, float]:
    """Limits that hold zero and every bar, and at least the classes next to zero."""
    low, high = (0.0 if np.isnan(edge) else float(edge) for edge in (values.min(), values.max()))
    return min(low * 1.08, -5.5), max(high * 1.08, 5.5)


def _deviation_note(row: pd.Series, t: Translator) -> str:
    base = _deviation_base(row, t)
    if pd.isna(row["deviation_points"]):
        return f"{html_text(LABELS[t.language].no_data)}  {html_text(base)}"
    return f"<b>{html_text(t.points(row['deviation_points']))}</b>  {html_text(base)}"


def _deviation_base(row: pd.Series, t: Translator) -> str:
    return _base(t, row["n"], row["sites"]) if "sites" in row else f"n = {t.integer(row['n'])}"


def deviation_summary(rows: pd.DataFrame, *, t: Translator) -> str:
    """The deviations in words, worst first."""
    labels = LABELS[t.language]
    if rows.empty:
        return f"{labels.empty}."
    sentences = []
    for _, row in _worst_first(rows).iterrows():
        name, value = plain_text(row["name"]), row["deviation_points"]
        if pd.isna(value):
            sentences.append(labels.silent.format(name=name))
            continue
        sentences.append(
            labels.deviation_summary.format(
                name=name, deviation=t.points(value), verdict=_verdict(t, value), base=_deviation_base(row, t)
            )
        )
    return labels.joined.join(sentences)


# --- money -------------------------------------------------------------------------------------------------------


def money_bars(rows: pd.DataFrame, *, t: Translator, theme: ChartTheme = "light") -> go.Figure:
    """Budget as an open bar, spending as a filled bar within it, in rupiah written out (juta, miliar, triliun).

    ``rows`` has ``name``, ``budget``, ``spend``; missing ones are words, not zero.
    """
    if rows.empty:
        return _empty(t, theme)
    labels, colours = LABELS[t.language], ground(theme)
    figure = _figure(t, theme, height=_rows_height(len(rows), lines=2, legend_px=34))
    places = list(range(len(rows)))
    hovers = [f"<b>{html_text(row['name'])}</b><br>{html_text(money_text(row, t))}" for _, row in rows.iterrows()]
    shared = {"y": places, "orientation": "h", "hovertext": hovers, "hovertemplate": "%{hovertext}<extra></extra>"}
    figure.add_trace(
        go.Bar(
            x=_floats(rows["budget"]),
            name=html_text(labels.budget),
            width=_bar_width(2),
            marker={"color": colours.land, "line": {"color": colours.border_strong, "width": 1.5}},
            **shared,
        )
    )
    figure.add_trace(
        go.Bar(
            x=_floats(rows["spend"]),
            name=html_text(labels.spend),
            width=_bar_width(2, 0.55),
            marker=_programme_marker(rows, theme),
            **shared,
        )
    )
    figure.update_layout(barmode="overlay")
    largest = float(np.nanmax([0.0, *(float(v) for v in rows[["budget", "spend"]].to_numpy().ravel() if pd.notna(v))]))
    notes = [html_text(money_text(row, t)) for _, row in rows.iterrows()]
    _row_titles(figure, rows["name"].tolist(), notes, theme, lines=2)
    _money_axis(figure, t, largest)
    return figure


def _money_axis(figure: go.Figure, t: Translator, largest: float) -> None:
    top = largest or 1.0
    power = 10.0 ** np.floor(np.log10(top))
    step = next(power * part for part in (0.2, 0.5, 1, 2, 5) if top / (power * part) <= 3)
    values = [float(value) for value in np.arange(0, top * 1.0001, step)]
    figure.update_xaxes(
        range=[0, top * 1.04],
        tickmode="array",
        tickvals=values,
        ticktext=[html_text(t.rupiah_short(value)) for value in values],
    )


def money_text(row: pd.Series, t: Translator) -> str:
    """Spending of a budget in words: ``Rp 1,2 miliar (27%) dari Rp 4,5 miliar``; plain text, not escaped."""
    labels = LABELS[t.language]
    budget, spend = row["budget"], row["spend"]
    shown = labels.no_data if pd.isna(spend) else t.rupiah_short(spend)
    ceiling = labels.no_data if pd.isna(budget) else t.rupiah_short(budget)
    used = pd.notna(spend) and pd.notna(budget) and budget > 0
    share = f" ({t.share(spend / budget)})" if used else ""
    return f"{shown}{share} {labels.of} {ceiling}"


def money_summary(rows: pd.DataFrame, *, t: Translator) -> str:
    """Budgets and spending in words, a sentence for each row."""
    labels = LABELS[t.language]
    if rows.empty:
        return f"{labels.empty}."
    return labels.joined.join(
        labels.money_summary.format(name=plain_text(row["name"]), text=money_text(row, t)) for _, row in rows.iterrows()
    )
