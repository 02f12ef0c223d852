"""Show one site whole: card, curve, every report, indicators with their sources, obstacles."""

from __future__ import annotations

from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from geo.drawing.escape import html_text, markdown_text
from geo.locale import MISSING, Translator
from geo.locale.terms import category_name, data_status_name, severity_name, stage_name
from geo.model import Programme
from geo.progress.clocks import in_force
from pages.parts import cards, page, plots, queries, tables


def site(code: str) -> None:
    """The history of a site; a hint where the filters leave it out."""
    now = page.screen()
    t = now.t
    if not (now.state.positions["code"] == code).any():
        st.info(t("The chosen site does not pass the filters."), icon=":material/filter_alt:")
        return
    kept = queries.tables()
    row = kept["sites"][kept["sites"]["code"] == code].iloc[0]
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
        _indicators(kept["site_indicators"], code, now.state.programmes[str(row["programme"])], t)
    with right:
        _obstacles(kept["obstacles"], code, t)


def _origin(row: pd.Series, t: Translator) -> None:
    owner = queries.tables()["institutions"].set_index("code")["name"].get(row["institution_code"])
    st.html(
        cards.definition_list(
            [
                (t("Code"), str(row["code"])),
                (t("In charge"), str(owner) if owner is not None else MISSING),
                (t("Start"), t.date(row["start_date"])),
                (t("Target"), t.date(row["target_date"])),
                (t("Contract value"), t.rupiah(row["contract_value"])),
                (t("Data"), data_status_name(t, row["data_status"])),
            ]
        )
        + f'<p style="margin:.4rem 0 0">{source_link(row["source_url"], t)}</p>'
    )


def source_link(url: object, t: Translator) -> str:
    """A source as HTML: a link for http(s) addresses only, named by its host; nothing else becomes a link."""
    if not isinstance(url, str) or not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return html_text(url)
    return (
        f'<a href="{html_text(url)}" target="_blank" rel="noopener noreferrer">'
        f"{html_text(t('Source: {host}', host=parts.hostname))}</a>"
    )


def _reports(reports: pd.DataFrame, code: str, t: Translator) -> None:
    now = page.screen()
    told = reports[(reports["site_code"] == code) & (reports["as_of"] <= pd.Timestamp(now.filters.on))]
    st.subheader(t("Reports"), anchor=False)
    if told.empty:
        st.info(t("No report up to this day. Not reported is not zero."), icon=":material/hourglass_empty:")
        return
    told = told.assign(in_force=in_force(told, known_at=now.filters.known_at))
    told = told.sort_values(["as_of", "recorded_at", "in_force"], ascending=False)
    table = pd.DataFrame(
        {
            t("As of day"): told["as_of"],
            t("Realised"): told["percent"],
            t("Spend"): told["spend"].astype("Float64"),
            t("Stage"): [stage_name(t, stage) for stage in told["stage"]],
            t("In force"): [t("in force") if valid else t("superseded") for valid in told["in_force"]],
            t("Recorded"): told["recorded_at"].dt.tz_localize(None),
            t("Note"): told["note"].fillna(""),
            t("Reported by"): told["author"].fillna(""),
            t("Data"): [data_status_name(t, status) for status in told["data_status"]],
            t("Source"): told["source_url"].fillna(""),
        }
    )
    st.dataframe(
        tables.styled(
            table,
            {
                t("As of day"): t.date_short,
                t("Realised"): t.percent,
                t("Spend"): t.rupiah_short,
                t("Recorded"): t.date_short,
            },
        ),
        hide_index=True,
        column_config={t("Note"): st.column_config.TextColumn(width=260)},
        placeholder=MISSING,
        height=min(360, 38 + 35 * len(table)),
        alt=t("{count} reports of the site", count=len(table)),
    )
    page.downloads(told, f"laporan-{code}", key="laporan-unduh")


def _indicators(indicators: pd.DataFrame, code: str, programme: Programme, t: Translator) -> None:
    told = indicators[indicators["site_code"] == code].sort_values(["indicator", "as_of"])
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
        f"<td>{source_link(row['source_url'], t)}</td></tr>"
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
