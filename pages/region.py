"""Show one region: its curve, progress by programme, budget and spend, its kabupaten/kota."""

import streamlit as st

from geo import regions
from geo.drawing.escape import markdown_text
from geo.drawing.view import map_view
from geo.locale import MISSING
from pages.parts import cards, filters, page, people, plots, tables

now = page.screen()
t, state = now.t, now.state


def go_to() -> None:
    chosen = st.session_state.get("wilayah_pilihan")
    filters.choose_region(chosen) if chosen else filters.leave_region()


provinces = filters.province_codes()
st.session_state["wilayah_pilihan"] = now.filters.provinces[0] if len(now.filters.provinces) == 1 else None
st.segmented_control(
    t("Province"),
    provinces,
    key="wilayah_pilihan",
    format_func=lambda code: markdown_text(regions.region_label(code)),
    on_change=go_to,
    label_visibility="collapsed",
    wrap=True,
)
page.heading(t("Region"), subject=map_view(state, indicator=None).subject(t))
if state.positions.empty:
    page.empty(t)
    st.stop()

cards.headline(state.national, t=t)

left, right = st.columns([57, 43], gap="medium")
with left:
    st.subheader(t("Planned and realised (S-curve)"), anchor=False)
    measure = plots.choose_measure(key="wilayah-ukuran")
    plots.curve(state.curve, key=f"kurva-{measure}", height=380, measure=measure, forecast=state.forecast)
    plots.curve_notes(state.curve, state.forecast, sites=len(state.positions))
with right:
    st.subheader(t("Status by programme"), anchor=False)
    plots.status_by_programme(state, key="status-program")

left, right = st.columns(2, gap="medium")
with left:
    st.subheader(t("Progress by programme"), anchor=False)
    plots.programme_progress(state, key="kemajuan-program")
with right:
    st.subheader(t("Contract value and spend"), anchor=False)
    plots.money(state, key="serapan")
plots.earned(state.earned)

people.section()

narrow = len(now.filters.provinces) == 1 or bool(now.filters.regencies)
rollup = state.by_regency if narrow else state.by_province
key = "regency" if narrow else "province"
names = rollup[key].map(tables.region_text)
st.subheader(t("Kabupaten/kota") if narrow else t("Provinces"), anchor=False)
plots.deviation(rollup, names, key="deviasi")
st.dataframe(
    tables.rollup_table(rollup, names, t, first=t("Region")),
    hide_index=True,
    placeholder=MISSING,
    alt=t("Figures of {count} regions, as in the charts above", count=len(rollup)),
)
page.downloads(rollup.assign(name=names.to_numpy()), "wilayah", key="wilayah-unduh")
