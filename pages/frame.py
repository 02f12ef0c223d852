"""Stand around every screen: language, navigation, the shared filters; then run one screen."""

from contextlib import nullcontext
from pathlib import Path

import streamlit as st

from geo.drawing import web_map
from geo.locale import translator
from pages.parts import address, filters, page, queries, timeline

ICON = Path(web_map.ASSETS) / "icon.svg"

MAP_FIRST = ("peta",)
"""Screens whose map a browser should draw before it comes to the many choices of the sidebar. They must not
``st.stop``, after which nothing more can be drawn."""

queries.begin_run()
t = translator(address.language())
st.session_state["bahasa"] = t.language

st.set_page_config(
    page_title=t("Sinergisitas – programme dashboard"),
    page_icon=str(ICON),
    layout="wide",
    initial_sidebar_state="auto",
)

chosen = st.navigation(
    [
        st.Page("overview.py", title=t("Overview"), icon=":material/dashboard:", default=True),
        st.Page("map.py", title=t("Map"), icon=":material/map:", url_path="peta"),
        st.Page("region.py", title=t("Region"), icon=":material/location_city:", url_path="wilayah"),
        st.Page("sites.py", title=t("Site status"), icon=":material/checklist:", url_path="lokasi"),
        st.Page("actions.py", title=t("Action plan"), icon=":material/task_alt:", url_path="renaksi"),
        st.Page("changes.py", title=t("Changes"), icon=":material/compare_arrows:", url_path="perubahan"),
        st.Page("waiting.py", title=t("Awaited"), icon=":material/hourglass_top:", url_path="ditunggu"),
        st.Page("evaluation.py", title=t("Evaluation"), icon=":material/fact_check:", url_path="evaluasi"),
        st.Page("intake.py", title=t("Import"), icon=":material/upload_file:", url_path="impor"),
        st.Page("export.py", title=t("Export"), icon=":material/ios_share:", url_path="ekspor"),
    ],
    position="top",
)

unknown = address.adopt(chosen.url_path, filters.allowed(), moment=filters.moment_of, default_on=queries.default_day())
shown = filters.ready()
if not st.session_state.get(timeline.PLAYING):  # else every month played would be a step of the browser's history
    address.publish(queries.default_day())

with nullcontext() if queries.at_hand(shown) else st.spinner(t("Working out the figures …")):
    state = queries.current_state(shown)
st.session_state["_screen"] = page.Screen(t=t, filters=shown, state=state, sample=queries.is_sample())
page.not_understood(unknown)
if chosen.url_path in MAP_FIRST:
    try:
        chosen.run()
    finally:  # also where the screen failed: the filters may be what makes it fail
        filters.sidebar(t)
else:
    filters.sidebar(t)
    chosen.run()
