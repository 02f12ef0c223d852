"""Show charts of a state, each with its text alternative."""

from __future__ import annotations

from typing import Any, Final, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from geo.drawing import charts
from geo.drawing.escape import markdown_text
from geo.locale.terms import weighting_text
from geo.progress import State, status_counts
from geo.progress import curve as curve_of
from geo.progress.earned import earned_total
from geo.progress.forecast import Forecast, curve_forecast, overrun
from pages.parts import cards, page

_BOTH_PX: Final = 440
"""Height that two curves with their legend need, at least."""

Measure = Literal["physical", "financial", "both"]

CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def _show(figure: go.Figure, alternative: str, *, key: str, height: int | None = None) -> None:
    if height is not None:  # charts with rows know their own height
        figure.update_layout(height=height)
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alternative)


def _theme() -> charts.ChartTheme:
    return "dark" if page.theme() == "dark" else "light"


def curve(
    rows: pd.DataFrame,
    *,
    key: str,
    height: int,
    compact: bool = False,
    measure: Measure = "physical",
    forecast: Forecast | None = None,
    status: str | None = None,
) -> None:
    """The S-curve of some sites; ``compact`` leaves the legend out, for small ones side by side.

    ``status`` is that of a single site.
    """
    now = page.screen()
    figure = charts.s_curve(
        rows,
        on=now.filters.on,
        t=now.t,
        theme=_theme(),
        compact=compact,
        measure=measure,
        forecast=forecast,
        silent_after_days=now.state.thresholds.silent_after_days,
        critical_points=now.state.thresholds.critical_points,
        status=status,
    )
    told = charts.s_curve_summary(rows, on=now.filters.on, t=now.t, measure=measure, forecast=forecast)
    _show(figure, told, key=key, height=max(height, _BOTH_PX) if measure == "both" else height)


def choose_measure(*, key: str) -> Measure:
    """Let the viewer choose between progress, money and both."""
    t = page.screen().t
    names: dict[Measure, str] = {"physical": t("Physical"), "financial": t("Financial"), "both": t("Both")}
    return page.choose(t("Curve"), names, key=key, default="physical")


def curve_notes(rows: pd.DataFrame, forecast: Forecast, *, sites: int) -> None:
    """What a curve rests on: its weights and base, who spoke lately, and the forecast with how it was made."""
    now = page.screen()
    t = now.t
    if rows.empty:
        return
    today = rows[rows["as_of"] <= pd.Timestamp(now.filters.on)].iloc[-1]
    days = now.state.thresholds.silent_after_days
    base = [
        t("Weights: {weighting}.",
          weighting=weighting_text(t, str(today["weighting"]), int(today["base"]), sites)),
        t("{fresh} of {base} have reported within {days} days or are done.",
          fresh=t.integer(today["fresh"]), base=t.integer(today["base"]), days=days),
    ]  # fmt: skip
    lines = [*(base if sites > 1 else []), charts.forecast_text(forecast, t=t)]
    if forecast.day is not None:
        lines.append(
            t("Forecast: median pace of the last {count} points; the band from the quartiles of their paces.",
              count=t.integer(forecast.reports))
        )  # fmt: skip
    st.caption(markdown_text(" ".join(lines)))


def site_curve(code: str, *, height: int) -> None:
    """The S-curve of one site with its forecast, its weights and what its money earned."""
    now = page.screen()
    part = now.state.standing
    here = now.state.positions[now.state.positions["code"] == code]
    rows = curve_of(
        part.sites,
        part.plans,
        part.reports,
        here,
        on=now.filters.on,
        known_at=now.filters.known_at,
        thresholds=part.thresholds,
    )
    ahead = curve_forecast(rows, on=now.filters.on, thresholds=part.thresholds)
    measure = choose_measure(key="kurva-lokasi-ukuran")
    curve(
        rows,
        key=f"kurva-{code}-{measure}",
        height=height,
        measure=measure,
        forecast=ahead,
        status=str(here["status"].iloc[0]),
    )
    curve_notes(rows, ahead, sites=1)
    _against_target(ahead, here["target_date"].iloc[0])
    earned(earned_total(here))


def _against_target(ahead: Forecast, target: pd.Timestamp) -> None:
    """By how much the forecast runs past the target day, or stays before it."""
    t = page.screen().t
    past = overrun(ahead, None if pd.isna(target) else target.date())
    if past is None:
        return
    days = t.age(abs(past.days))
    told = t("{days} after the target", days=days) if past.days > 0 else t("{days} before the target", days=days)
    st.caption(t("Forecast against the target of {day}: {told}.", day=t.date(target), told=told))


def earned(figures: pd.Series) -> None:
    """Earned value in a line of figures, with what each means; nothing where no budget is told."""
    t = page.screen().t
    if not figures["base"]:
        if figures["sites"] > 1:
            st.caption(t("Earned value: no site has told plan, realisation, spend and a budget."))
        return
    st.html(
        cards.grid(
            [
                cards.figure("SPI", t.number(figures["spi"], digits=2), t("schedule: earned / planned"),
                             note=f"{t.rupiah_short(figures['ev'])} / {t.rupiah_short(figures['pv'])}"),
                cards.figure("CPI", t.number(figures["cpi"], digits=2), t("cost: earned / spent"),
                             note=f"{t.rupiah_short(figures['ev'])} / {t.rupiah_short(figures['ac'])}"),
                cards.figure("EAC", t.rupiah_short(figures["eac"]), t("estimate at completion"),
                             note=t("budget {budget}", budget=t.rupiah_short(figures["bac"]))),
            ],
            least_px=140,
        )
    )  # fmt: skip
    if figures["sites"] > 1:
        st.caption(
        t("Earned value over {base} of {sites} sites: those that told budget, plan, realisation and spend.",
          base=t.integer(figures["base"]), sites=t.integer(figures["sites"]))
    )  # fmt: skip


def achievement(rows: pd.DataFrame, *, key: str) -> None:
    """Share of the target for each row, with who reported."""
    t = page.screen().t
    figure = charts.achievement_bars(rows, t=t, theme=_theme())
    _show(figure, charts.achievement_summary(rows, t=t), key=key)


def years(rows: pd.DataFrame, *, key: str, pair: tuple[int, int]) -> None:
    """Two years side by side for each row."""
    t = page.screen().t
    figure = charts.year_bars(rows, t=t, theme=_theme(), years=pair)
    _show(figure, charts.year_summary(rows, t=t, years=pair), key=key)


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
