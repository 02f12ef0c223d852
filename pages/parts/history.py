"""Show one site whole: card, curve, every report, indicators with their sources, obstacles."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.drawing.escape import html_text, markdown_text
from geo.locale import MISSING, Translator
from geo.locale.terms import category_name, data_status_name, severity_name, stage_name
from geo.model import Programme
from geo.progress.clocks import in_force, recorded
from pages.parts import cards, filters, page, plots, queries, records

_NOTED_FROM = 2001
"""Plans that were there before it was noted when they came stand under the year before this one."""


def site(code: str) -> None:
    """The history of a site; a hint where the filters leave it out."""
    now = page.screen()
    t = now.t
    if not (now.state.positions["code"] == code).any():
        st.info(t("The chosen site does not pass the filters."), icon=":material/filter_alt:")
        return
    kept = queries.tables("reports", "site_indicators")
    sites = now.state.sites
    row = sites[sites["code"] == code].iloc[0]
    st.divider()
    left, right = st.columns([4, 6], gap="medium")
    with left:
        cards.site_card(code, link=False)
        _origin(row, t)
    with right:
        st.subheader(t("Planned and realised (S-curve)"), anchor=False)
        plots.site_curve(code, height=320)
    _reports(kept["reports"], code, t)
    left, right = st.columns(2, gap="medium")
    with left:
        claims = recorded(kept["site_indicators"], now.filters.known_at)
        _indicators(claims, code, now.state.programmes[str(row["programme"])], t)
    with right:
        _obstacles(now.state.standing.obstacles, code, t)


def _origin(row: pd.Series, t: Translator) -> None:
    known = recorded(queries.tables("institutions")["institutions"], page.screen().filters.known_at)
    owner = known.set_index("code")["name"].get(row["institution_code"])
    st.html(
        cards.definition_list(
            [
                (t("Code"), str(row["code"])),
                (t("In charge"), str(owner) if owner is not None else MISSING),
                (t("Start"), t.date(row["start_date"])),
                (t("Target"), t.date(row["target_date"])),
                (t("Contract value"), t.rupiah(row["contract_value"])),
                (t("Plan"), _plan_told(str(row["code"]), t)),
                (t("Data"), data_status_name(t, row["data_status"])),
            ]
        )
        + f'<p style="margin:.4rem 0 0">{records.source_link(row["source_url"], t)}</p>'
    )


def _plan_told(code: str, t: Translator) -> str:
    """Since when the plan in force is known, and how many plans it replaced."""
    plans = queries.tables("plans")["plans"]
    known = recorded(plans[plans["site_code"] == code], page.screen().filters.known_at)["recorded_at"]
    if known.empty:
        return MISSING
    revised = known.nunique() - 1
    if known.max().year < _NOTED_FROM:
        return t("known from the start")
    since = t("recorded {day}", day=t.date(known.max().tz_convert(filters.ZONE)))
    return f"{since}, {t.plural('{n} revision', '{n} revisions', revised)}" if revised else since


def _reports(reports: pd.DataFrame, code: str, t: Translator) -> None:
    """Every report up to the day and the moment."""
    now = page.screen()
    told = reports[(reports["site_code"] == code) & (reports["as_of"] <= pd.Timestamp(now.filters.on))]
    told = recorded(told, now.filters.known_at)
    st.subheader(t("Reports"), anchor=False)
    if told.empty:
        st.info(t("No report up to this day. Not reported is not zero."), icon=":material/hourglass_empty:")
        return
    records.show(
        told,
        key="site_code",
        columns=(
            (t("Realised"), "angka", lambda row: t.percent(row["percent"])),
            (t("Spend"), "angka", lambda row: t.rupiah_short(row["spend"])),
            (t("Stage"), "", lambda row: stage_name(t, row["stage"])),
            (t("Note"), "catatan", lambda row: records.text(row["note"])),
        ),
        t=t,
        rest=True,
    )
    listed = told.assign(in_force=in_force(told))
    page.downloads(listed.sort_values(["as_of", "recorded_at"]), f"laporan-{code}", key="laporan-unduh")


def _indicators(indicators: pd.DataFrame, code: str, programme: Programme, t: Translator) -> None:
    on = pd.Timestamp(page.screen().filters.on)
    told = indicators[(indicators["site_code"] == code) & ~(indicators["as_of"] > on)]
    told = told.sort_values(["indicator", "as_of"])
    st.subheader(t("Indicators"), anchor=False)
    if told.empty:
        st.caption(t("No indicator has been recorded."))
        return
    names = {one.code: one.name.in_language(t.language) for one in programme.indicators}
    units = {one.unit.id: one.unit.in_language(t.language) for one in programme.indicators}
    rows = "".join(
        "<tr>"
        f"<td>{html_text(names.get(row['indicator'], row['indicator']))}</td>"
        f'<td style="white-space:nowrap;padding-right:1rem"><strong>{html_text(_amount(t, row["value"]))}</strong>'
        f" {html_text(units.get(row['unit'], row['unit']))}</td>"
        f'<td style="white-space:nowrap;padding-right:1rem">{html_text(t.date_short(row["as_of"]))}</td>'
        f"<td>{records.source_link(row['source_url'], t)}</td></tr>"
        for row in told.to_dict("records")
    )
    heads = "".join(
        f'<th style="text-align:left;font-weight:600">{html_text(name)}</th>'
        for name in (t("Indicator"), t("Value"), t("As of day"), t("Source"))
    )
    st.html(
        '<div style="overflow-x:auto"><table style="border-collapse:separate;border-spacing:0 .25rem;width:100%">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    several = told.groupby("indicator")["value"].nunique()
    if (several > 1).any():
        st.caption(markdown_text(t("Sources differ; every claim is kept with its source.")))


def _amount(t: Translator, value: float) -> str:
    return t.integer(value) if float(value).is_integer() else t.number(value, digits=1)


def _obstacles(obstacles: pd.DataFrame, code: str, t: Translator) -> None:
    now = page.screen()
    on = pd.Timestamp(now.filters.on)
    told = obstacles[(obstacles["site_code"] == code) & (obstacles["opened"] <= on)]
    st.subheader(t("Obstacles"), anchor=False)
    if told.empty:
        st.caption(t("No obstacle has been recorded."))
        return
    for row in told.sort_values("opened", ascending=False).to_dict("records"):
        closed = pd.notna(row["closed"]) and row["closed"] <= on
        state = t("closed {day}", day=t.date_short(row["closed"])) if closed else t("open")
        with st.container(border=True):
            note, follow_up = (row[name] if isinstance(row[name], str) else "" for name in ("note", "follow_up"))
            st.html(
                f"<div><strong>{html_text(category_name(t, row['category']))}</strong> · "
                f"{html_text(severity_name(t, row['severity']))} · "
                f"{html_text(t('since {day}', day=t.date_short(row['opened'])))} · "
                f"<strong>{html_text(state)}</strong></div>"
                f'<div style="overflow-wrap:anywhere;padding:.3rem 0">{html_text(note)}</div>'
                + (
                    f'<div style="opacity:.85;font-size:.9rem;overflow-wrap:anywhere">'
                    f"{html_text(t('Follow-up: {text}', text=follow_up))}</div>"
                    if follow_up
                    else ""
                )
            )
