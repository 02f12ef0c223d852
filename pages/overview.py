"""Tell the state in one look: headline figures, map, what needs attention, the provinces side by side."""

import streamlit as st

from geo import regions
from geo.drawing.escape import markdown_text
from geo.drawing.view import map_view
from geo.locale.terms import weighting_text
from geo.progress.changes import top
from geo.progress.since import then_of
from pages.parts import cards, change_tables, filters, page, plots, queries, ways
from pages.parts import map_view as web

now = page.screen()
t, state = now.t, now.state
view = map_view(state, indicator="deviation")

with page.heading(t("Overview"), subject=view.subject(t)):
    ways.into_room_button(t)
if state.positions.empty:
    page.empty(t)
    st.stop()

cards.headline(state.national, t=t)
cards.programme_counts(state.by_programme, state.programmes, t=t)

picture, aside = st.columns([6, 4], gap="medium")
with picture:
    web.show(view, key="ringkasan", share=0.4, least=320, most=560, legend=False)
with aside:
    cards.attention_list(state.needs_attention, limit=6)

known = queries.meetings(now.filters)
if len(known):
    then = then_of(known.iloc[0])
    change_tables.since_last_meeting(
        now, top(queries.changes(now.filters, then), thresholds=state.thresholds), then.name, t.date(then.on)
    )

if len(state.by_province) > 1:
    st.subheader(t("The provinces side by side"), anchor=False)
    with st.grid(len(state.by_province), min_column_width=145, gap="small") as grid:
        for row in state.by_province.to_dict("records"):
            with grid.cell():
                name = regions.region_label(row["province"])
                st.markdown(f"**{markdown_text(name)}**")
                st.markdown(
                    t("**{actual}** of planned {plan}",
                      actual=t.percent(row["actual_percent"]), plan=t.percent(row["plan_percent"]))
                    + f" · {markdown_text(t.points(row['deviation_points']))}",
                    help=weighting_text(t, row["weighting"], row["base"], row["sites"]),
                )  # fmt: skip
                part = state.within(provinces=(row["province"],))
                plots.curve(part.curve, key=f"kurva-{row['province']}", height=170, compact=True)
                st.caption(
                    t("{sites} sites: {late} behind plan, {silent} silent, {done} done",
                      sites=t.integer(row["sites"]), late=t.integer(row["late"]),
                      silent=t.integer(row["silent"]), done=t.integer(row["selesai"]))
                )  # fmt: skip
                st.button(
                    t("Open"),
                    key=f"buka-{row['province']}",
                    on_click=filters.choose_region,
                    args=(row["province"],),
                    icon=":material/arrow_forward:",
                    type="tertiary",
                )
else:
    st.subheader(t("Planned and realised"), anchor=False)
    plots.curve(state.curve, key="kurva-wilayah", height=320)
