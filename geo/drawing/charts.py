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
from geo.model import Language, Status

ChartTheme = Literal["light", "dark"]


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
    curve_summary: str
    curve_no_actual: str
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
        curve_summary="Kurva S per {date}: rencana {plan}, realisasi {actual}, deviasi {deviation} ({verdict}).",
        curve_no_actual="Kurva S per {date}: rencana {plan}, belum ada realisasi yang dilaporkan.",
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
        curve_summary="S-curve as of {date}: plan {plan}, realisation {actual}, deviation {deviation} ({verdict}).",
        curve_no_actual="S-curve as of {date}: plan {plan}, no realisation reported yet.",
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


def _empty(t: Translator, theme: ChartTheme) -> go.Figure:
    """A figure that says that there is nothing to draw."""
    figure = _figure(t, theme, height=160, legend=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=html_text(LABELS[t.language].empty),
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


@dataclass(frozen=True, slots=True)
class CurveReading:
    """What an S-curve says on a day: plan, the latest realisation known by then, and their difference in points.

    ``actual`` and ``deviation`` are NaN where nothing was reported by that day.
    """

    plan: float
    actual: float
    actual_as_of: pd.Timestamp | None
    deviation: float


def read_curve(curve: pd.DataFrame, *, on: date) -> CurveReading:
    """Read a curve (``as_of``, ``plan_percent``, ``actual_percent``) on a day; the plan is interpolated linearly."""
    rows = _ordered(curve)
    day = pd.Timestamp(on)
    plans = rows.dropna(subset=["plan_percent"])
    plan = float("nan")
    if len(plans):
        known = plans["as_of"].map(pd.Timestamp.toordinal).to_numpy(dtype=float)
        plan = float(np.interp(day.toordinal(), known, plans["plan_percent"].to_numpy(dtype=float)))
    told = rows[(rows["as_of"] <= day) & rows["actual_percent"].notna()]
    if not len(told):
        return CurveReading(plan, float("nan"), None, float("nan"))
    actual = float(told["actual_percent"].iloc[-1])
    return CurveReading(plan, actual, pd.Timestamp(told["as_of"].iloc[-1]), actual - plan)


def _ordered(curve: pd.DataFrame) -> pd.DataFrame:
    return curve.assign(as_of=pd.to_datetime(curve["as_of"])).sort_values("as_of", kind="stable")


def s_curve(
    curve: pd.DataFrame, *, on: date, t: Translator, theme: ChartTheme = "light", compact: bool = False
) -> go.Figure:
    """Cumulative plan and realisation: plan dashed after ``on``, realisation only up to ``on``, the gap marked.

    ``curve`` has ``as_of``, ``plan_percent``, ``actual_percent`` (0 to 100; a missing realisation is a gap).
    ``compact`` leaves out what several small curves side by side have in common: legend, axis title, the note.
    """
    rows = _ordered(curve)
    if rows.empty:
        return _empty(t, theme)
    labels, colours, day = LABELS[t.language], ground(theme), pd.Timestamp(on)
    reading = read_curve(rows, on=on)
    figure = _figure(t, theme, height=380)
    past, ahead = _split_plan(rows, day, reading.plan)
    style = {"color": colours.muted, "width": 2.5}
    figure.add_trace(_line(t, past, "plan_percent", labels.plan, style))
    if len(ahead) > 1:
        dashed = _line(t, ahead, "plan_percent", labels.plan_ahead, {**style, "dash": "dash"})
        figure.add_trace(dashed.update(showlegend=past.empty))
    told = rows[rows["as_of"] <= day]
    actual = _line(t, told, "actual_percent", labels.actual, {"color": colours.accent, "width": 3})
    actual.update(
        mode="lines+markers",
        marker={"size": 9, "color": colours.accent, "line": {"color": colours.paper, "width": 1.5}},
        connectgaps=False,
    )
    figure.add_trace(actual)
    _mark_gap(figure, day, reading, theme)
    _month_axis(figure, t, rows["as_of"], most=2 if compact else 5)
    _percent_axis(t, figure, "y")
    if compact:
        figure.update_layout(showlegend=False, height=170, margin={"l": 4, "r": 12, "t": 6, "b": 4})
        figure.update_traces(marker_size=5, selector={"mode": "lines+markers"})
        figure.update_yaxes(
            range=[0, 104], tickvals=[0, 50, 100], ticktext=[t.percent(x, digits=0) for x in (0, 50, 100)]
        )
        return figure
    _mark_day(figure, t, day, reading, rows, theme)
    figure.update_yaxes(range=[0, 104], title_text=html_text(labels.percent))
    return figure


def _split_plan(rows: pd.DataFrame, day: pd.Timestamp, plan_now: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plan up to the day and from the day on; both hold the day itself, so that the line does not break."""
    plan = rows.loc[rows["plan_percent"].notna(), ["as_of", "plan_percent"]]
    if plan.empty or day < plan["as_of"].iloc[0]:
        return plan.iloc[:0], plan
    if day >= plan["as_of"].iloc[-1]:
        return plan, plan.iloc[:0]
    now = pd.DataFrame({"as_of": [day], "plan_percent": [plan_now]})
    past = pd.concat([plan[plan["as_of"] < day], now], ignore_index=True)
    return past, pd.concat([now, plan[plan["as_of"] > day]], ignore_index=True)


def _line(t: Translator, rows: pd.DataFrame, column: str, name: str, style: dict[str, Any]) -> go.Scatter:
    texts = [
        f"{html_text(name)}<br>{html_text(t.date(day))}: <b>{html_text(t.percent(value))}</b>"
        for day, value in zip(rows["as_of"], rows[column], strict=True)
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


def _mark_day(
    figure: go.Figure, t: Translator, day: pd.Timestamp, reading: CurveReading, rows: pd.DataFrame, theme: ChartTheme
) -> None:
    """A line at the day, with date and deviation in a corner beside it that the curve leaves free."""
    labels, colours, at = LABELS[t.language], ground(theme), day.strftime("%Y-%m-%d")
    rule = {"color": colours.border_strong, "width": 1}
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="y domain", layer="below", line=rule)
    right, high = _free_corner(rows, day)
    stamp = f"{html_text(labels.position.format(date='').strip())}<br>{html_text(t.date(day))}"
    text = f'<span style="font-size:{_SMALL}px">{stamp}</span>'
    colour = colours.muted
    if not np.isnan(reading.deviation):
        colour = _deviation_colour(reading.deviation, theme)
        text += f"<br><b>{html_text(labels.deviation)} {html_text(t.points(reading.deviation))}</b>"
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
        font={"size": _STRONG, "color": colour},
    )


_NOTE: Final = (0.4, 0.32)
"""Room that the note at the day takes, as shares of the width and the height of the plot."""


def _free_corner(rows: pd.DataFrame, day: pd.Timestamp) -> tuple[bool, bool]:
    """Where beside the day (right of it, at the top) the note covers the least of both lines and stays inside."""
    first, last = rows["as_of"].iloc[0], rows["as_of"].iloc[-1]
    span = max((last - first).days, 1)
    places = np.linspace(0, 1, 120)
    days = (rows["as_of"] - first).dt.days.to_numpy(dtype=float) / span
    lines = [
        np.interp(places, days[told], rows[column].to_numpy(dtype=float)[told]) / 104
        for column, told in ((name, rows[name].notna().to_numpy()) for name in ("plan_percent", "actual_percent"))
        if told.any()
    ]
    at, (width, height) = (day - first).days / span, _NOTE

    def covered(corner: tuple[bool, bool]) -> float:
        right, high = corner
        low, top = (at, at + width) if right else (at - width, at)
        outside = max(0.0, top - 1) + max(0.0, -low)
        inside = (places >= low) & (places <= top)
        hits = sum(int(((line > 1 - height) if high else (line < height))[inside].sum()) for line in lines)
        return float(hits + outside * 1_000)

    return min([(True, False), (False, True), (True, True), (False, False)], key=covered)


def _mark_gap(figure: go.Figure, day: pd.Timestamp, reading: CurveReading, theme: ChartTheme) -> None:
    """The difference on the day as a thick upright line; dotted back to the last report."""
    if reading.actual_as_of is None or np.isnan(reading.deviation):
        return
    at, last = day.strftime("%Y-%m-%d"), reading.actual_as_of.strftime("%Y-%m-%d")
    if last != at:
        dots = {"color": ground(theme).accent, "width": 1.5, "dash": "dot"}
        figure.add_shape(type="line", x0=last, x1=at, y0=reading.actual, y1=reading.actual, line=dots)
    thick = {"color": _deviation_colour(reading.deviation, theme), "width": 4}
    figure.add_shape(type="line", x0=at, x1=at, y0=reading.actual, y1=reading.plan, line=thick, name="gap")


def _deviation_colour(deviation: float, theme: ChartTheme) -> str:
    """The text-safe colour of the status that such a deviation would have."""
    late = Status.SESUAI_RENCANA if deviation >= 0 else Status.TERLAMBAT if deviation >= -10 else Status.KRITIS
    return status_look(late, theme).text


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


def s_curve_summary(curve: pd.DataFrame, *, on: date, t: Translator) -> str:
    """The S-curve as one sentence."""
    labels = LABELS[t.language]
    if curve.empty:
        return f"{labels.empty}."
    reading = read_curve(curve, on=on)
    day, plan = t.date(on), t.percent(reading.plan)
    if np.isnan(reading.actual):
        return labels.curve_no_actual.format(date=day, plan=plan)
    return labels.curve_summary.format(
        date=day,
        plan=plan,
        actual=t.percent(reading.actual),
        deviation=t.points(reading.deviation),
        verdict=_verdict(t, reading.deviation),
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
