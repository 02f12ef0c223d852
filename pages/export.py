"""Take a picture, a briefing or the data away: composed, previewed, numbered, recorded."""

import streamlit as st

from geo.drawing.view import map_view
from geo.locale import MISSING
from geo.store import dictionary
from pages.parts import audience, composer, composer_briefs, composer_data, exported, jobs, page, queries

now = page.screen()
t = now.t
page.heading(t("Export"), subject=map_view(now.state, indicator=None).subject(t))

what = page.choose(
    t("What to export"),
    {
        "map": t("Map picture"),
        "atlas": t("Atlas (PDF)"),
        "deck": t("Slides (PPTX)"),
        "annex": t("Excel annex (XLSX)"),
        "data": t("Data"),
    },
    key="ekspor_apa",
    default="map",
)
st.caption(t("Region, programme, status and day are those of the sidebar."))
sight = audience.choose(t, now.filters)
if sight is not None:
    with queries.looking(sight):
        page.look_again()
        match what:
            case "map":
                composer.map_picture()
            case "data":
                composer_data.data()
            case "atlas" | "deck" | "annex":
                composer_briefs.briefing(what)
    jobs.show()  # where none of them has done so

st.divider()
exported.show()

with st.expander(t("Data dictionary"), icon=":material/menu_book:"):
    words = dictionary(t.language)
    st.dataframe(words, hide_index=True, placeholder=MISSING, alt=t("Every table and column with unit and meaning"))
    page.downloads(words, "kamus-data", key="kamus-unduh")
