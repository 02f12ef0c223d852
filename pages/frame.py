"""Stand around every screen: language, navigation, the shared filters; then run one screen."""

from base64 import b64encode
from contextlib import nullcontext
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from geo.access import Deed, may_somewhere
from geo.drawing import web_map
from geo.locale import translator
from pages.parts import address, filters, identity, page, queries, timeline, viewing, ways

ICON = f"data:image/svg+xml;base64,{b64encode((Path(web_map.ASSETS) / 'icon.svg').read_bytes()).decode()}"
"""In the page itself, because who has not signed in yet may fetch no file."""

MAP_FIRST = ("peta",)
"""Screens whose map a browser should draw before it comes to the many choices of the sidebar. They must not
``st.stop``, after which nothing more can be drawn."""

t = translator(address.language())
st.session_state["bahasa"] = t.language

verdict = identity.verdict()

st.set_page_config(
    page_title=t("Sinergisitas – programme dashboard"),
    page_icon=ICON,
    layout="wide",
    initial_sidebar_state="auto",
)

screens = [
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
]
administration = [
    st.Page("users.py", title=t("Accounts"), icon=":material/manage_accounts:", url_path="akun", visibility="hidden"),
    st.Page("log.py", title=t("Log"), icon=":material/receipt_long:", url_path="catatan", visibility="hidden"),
]
"""Their links stand at the end of the sidebar: the row of screens has no room for what few people need."""
deeds = {
    "impor": (Deed.IMPORT, Deed.UNDO),
    "ekspor": (Deed.EXPORT_INTERNAL, Deed.EXPORT_PUBLIC),
    "akun": (Deed.MANAGE_USERS,),
    "catatan": (Deed.READ_LOG,),
}
"""What somebody must be allowed, anywhere, for a screen to be offered."""


def offered(one: StreamlitPage) -> bool:
    """Whether the viewer can do something on a screen."""
    needed = deeds.get(one.url_path)
    return needed is None or verdict.viewer is None or any(may_somewhere(verdict.viewer, deed) for deed in needed)


keeping = [one for one in administration if offered(one)]
chosen = st.navigation(
    [*(one for one in screens if offered(one)), *keeping],
    position="top" if verdict.viewer else "hidden",
)
identity.enter(verdict, t)  # nobody else comes further
queries.begin_run()
viewing.note_origin()

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
        ways.lock(t)
        filters.sidebar(t)
        identity.footer(verdict, t, keeping)
else:
    ways.lock(t)
    filters.sidebar(t)
    identity.footer(verdict, t, keeping)
    chosen.run()
