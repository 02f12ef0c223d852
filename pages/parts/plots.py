"""Show charts of a state, each with its text alternative."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from geo.drawing import charts
from geo.progress import State, status_counts
from geo.progress import curve as curve_of
from pages.parts import page, queries

CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def _show(figure: go.Figure, alternative: str, *, key: str, height: int | None = None) -> None:
    if height is not None:  # charts with rows know their own height
        figure.update_layout(height=height)
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alternative)


def _theme() -> charts.ChartTheme:
    return "dark" if page.theme() == "dark" else "light"


def curve(rows: pd.DataFrame, *, key: str, height: int, compact: bool = False) -> None:
    """The S-curve of some sites; ``compact`` leaves the legend out, for small ones side by side."""
    now = page.screen()
    figure = charts.s_curve(rows, on=now.filters.on, t=now.t, theme=_theme(), compact=compact)
    _show(figure, charts.s_curve_summary(rows, on=now.filters.on, t=now.t), key=key, height=height)


def site_curve(code: str, *, height: int) -> None:
    """The S-curve of one site."""
    now = page.screen()
    kept = queries.tables()
    rows = curve_of(
        kept["sites"],
        kept["plans"],
        kept["reports"],
        now.state.positions[now.state.positions["code"] == code],
        on=now.filters.on,
        known_at=now.filters.known_at,
    )
    curve(rows, key=f"kurva-{code}", height=height)


def status_by_programme(state: State, *, key: str) -> None:
    """Sites by status for each programme."""
    t = page.screen().t
    names = {code: programme.short.in_language(t.language) for code, programme in state.programmes.items()}
    counts = status_counts(state.positions, by="programme")
    counts = counts.assign(group=counts["programme"].map(names))
    figure = charts.status_bars(counts, t=t, theme=_theme())
    _show(figure, charts.status_summary(counts, t=t), key=key)


def programme_progress(state: State, *, key: str) -> None:
    """Realisation of each programme against its plan."""
    t = page.screen().t
    rows = state.by_programme
    rows = rows.assign(
        name=[state.programmes[code].short.in_language(t.language) for code in rows["programme"]],
        colour=[state.programmes[code].colour for code in rows["programme"]],
        n=rows["base"],
    )
    figure = charts.programme_progress(rows, t=t, theme=_theme())
    _show(figure, charts.programme_summary(rows, t=t), key=key)


def money(state: State, *, key: str) -> None:
    """Contract value and spend of each programme."""
    t = page.screen().t
    rows = state.by_programme
    rows = pd.DataFrame(
        {
            "name": [state.programmes[code].short.in_language(t.language) for code in rows["programme"]],
            "colour": [state.programmes[code].colour for code in rows["programme"]],
            "budget": rows["contract_value"].to_numpy(),
            "spend": rows["actual_spend"].to_numpy(),
        }
    )
    figure = charts.money_bars(rows, t=t, theme=_theme())
    _show(figure, charts.money_summary(rows, t=t), key=key)


def deviation(rollup: pd.DataFrame, names: pd.Series, *, key: str) -> None:
    """Deviation of each region, worst first."""
    t = page.screen().t
    rows = pd.DataFrame(
        {
            "name": names.to_numpy(),
            "deviation_points": rollup["deviation_points"].to_numpy(),
            "n": rollup["base"].to_numpy(),
        }
    )
    figure = charts.deviation_bars(rows, t=t, theme=_theme())
    _show(figure, charts.deviation_summary(rows, t=t), key=key)
