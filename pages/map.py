"""Show the sites on the map, large: drill-down, time, then and now, search, selection, the card of one site."""

import streamlit as st

from geo.drawing.escape import markdown_text
from geo.drawing.view import INDICATORS, map_view
from geo.locale import MISSING
from geo.locale.terms import indicator_name
from pages.parts import cards, composer_view, filters, map_tools, page, queries, tables, timeline
from pages.parts import map_view as web

now = page.screen()
t, state = now.t, now.state
chosen = st.session_state.get("indikator", INDICATORS[0])
view = map_view(state, indicator=None if chosen == filters.PLAIN else chosen)
earlier = timeline.earlier_day()
composer_view.remember()

# The map is sent first, so that it is drawn while the rest of the screen is still being made; hence these places.
top = st.container()
pictures = st.container()
below = st.container()
with below:
    twin = st.expander(t("Table of what the map shows"), icon=":material/table:", key="peta_tabel", on_change="rerun")

with pictures:
    if earlier is None:
        picture, aside = st.columns([7, 3], gap="medium")
        with picture:
            web.show(view, key="peta", share=1, less=325, least=390, most=1100, address=True, extent=bool(twin.open),
                     near=timeline.neighbours())  # fmt: skip
            clock = st.container()
    else:
        before, after = st.columns(2, gap="small")
        then = queries.current_state(now.filters.but(on=earlier))
        with before:
            timeline.choose_earlier()
            past = map_view(then, indicator=view.indicator)
            web.show(past, key="peta_dulu", share=1, less=405, least=320, most=1000, legend=False, link="peta")
        with after:
            timeline.told_now()
            web.show(view, key="peta", share=1, less=405, least=320, most=1000, legend=False, address=True, link="peta",
                     extent=bool(twin.open))  # fmt: skip
        clock = st.container()
        aside = st.container()

with top:
    title = page.title_line(t("Map"))
    crumbs = st.container(horizontal=True, vertical_alignment="center", gap="small")
with crumbs:
    map_tools.breadcrumb()
    st.caption(f"{markdown_text(view.programmes_told(t))} · {page.day_shown()}", width="content")
with title:
    map_tools.search_box()
with clock:
    timeline.control()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("Colour regions by"),
            [*INDICATORS, filters.PLAIN],
            key="indikator",
            persist_state="session",
            format_func=lambda code: t("nothing") if code == filters.PLAIN else indicator_name(t, code),
            width=230,
        )
        timeline.compare_switch()
        composer_view.to_export()
    st.caption(web.describe(view))
with aside:
    if not map_tools.search_results() and not map_tools.selection():
        site = st.session_state.get("lokasi")
        if site and cards.site_card(site, evidence=True):
            st.button(t("Close"), on_click=cards.leave_site, icon=":material/close:")
        else:
            cards.attention_list(state.needs_attention, limit=8)
with twin:
    if state.positions.empty:
        page.empty(t)
    elif twin.open:
        framed = map_tools.in_frame(state.positions)
        st.caption(
            t(
                "{n} of {all} sites lie in the map's frame.",
                n=t.integer(len(framed)),
                all=t.integer(len(state.positions)),
            )
        )
        st.dataframe(
            tables.site_table(framed, t, state.programmes, page.theme()),
            hide_index=True,
            placeholder=MISSING,
            alt=web.alternative(view),
        )
        page.downloads(framed, "peta", key="peta-unduh")
timeline.prepare_neighbours()
