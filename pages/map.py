"""Show the programme's sites on the map, large: indicator, time, drill-down, the card of one site."""

from datetime import date

import pandas as pd
import streamlit as st

from geo.drawing.view import INDICATORS, map_view
from geo.locale import MISSING
from geo.locale.terms import indicator_name
from pages.parts import cards, filters, page, queries, tables
from pages.parts import map_view as web

now = page.screen()
t, state = now.t, now.state


def months() -> list[date]:
    """Ends of the months that can be shown, and the chosen day itself."""
    first, last = queries.span()
    ends = [stamp.date() for stamp in pd.date_range(first, last, freq="ME")]
    return sorted({*ends, last, now.filters.on})


def move_to() -> None:
    st.session_state["posisi"] = st.session_state["waktu"]


def step(by: int) -> None:
    days = months()
    place = days.index(now.filters.on) + by
    st.session_state["posisi"] = days[min(max(place, 0), len(days) - 1)]


top = st.container()
days = months()
with st.container(horizontal=True, vertical_alignment="bottom"):
    indicator = st.selectbox(
        t("Colour regions by"),
        ["", *INDICATORS],
        index=1,
        key="peta_indikator",
        persist_state="session",
        format_func=lambda code: indicator_name(t, code) if code else t("nothing"),
        width=230,
    )
    st.button(
        t("Earlier"),
        on_click=step,
        args=(-1,),
        icon=":material/chevron_left:",
        disabled=now.filters.on == days[0],
        help=t("One month earlier"),
    )
    st.session_state["waktu"] = now.filters.on
    st.select_slider(t("Time"), days, key="waktu", on_change=move_to, format_func=t.date_short, width="stretch")
    st.button(
        t("Later"),
        on_click=step,
        args=(1,),
        icon=":material/chevron_right:",
        icon_position="right",
        disabled=now.filters.on == days[-1],
        help=t("One month later"),
    )
    if now.filters.provinces or now.filters.regencies:
        st.button(t("Up"), on_click=filters.leave_region, icon=":material/zoom_out_map:", help=t("One level up"))

view = map_view(state, indicator=indicator or None)
with top:
    page.heading(t("Map"), subject=view.subject(t))
picture, aside = st.columns([7, 3], gap="medium")
with picture:
    web.show(view, key="peta", share=0.68, least=420, most=980)
    st.caption(web.describe(view))
with aside:
    chosen = st.session_state.get("lokasi")
    if chosen and cards.site_card(chosen):
        st.button(t("Close"), on_click=cards.leave_site, icon=":material/close:")
    else:
        cards.attention_list(state.needs_attention, limit=8)

twin = st.expander(t("Table of what the map shows"), icon=":material/table:", key="peta_tabel", on_change="rerun")
with twin:
    if state.positions.empty:
        page.empty(t)
    elif twin.open:
        st.dataframe(
            tables.site_table(state.positions, t, state.programmes, page.theme()),
            hide_index=True,
            placeholder=MISSING,
            alt=web.alternative(view),
        )
        page.downloads(state.positions, "peta", key="peta-unduh")
