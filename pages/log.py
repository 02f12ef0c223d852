"""Read the log: who did what, when, from where, and whether the chain holds. For auditors and administrators."""

import streamlit as st

from geo.access import Deed
from pages.parts import log_view, page, viewing

t = page.screen().t
page.title_line(t("Log"))
if not viewing.allowed(Deed.READ_LOG):
    st.info(t("The log is for auditors and administrators."), icon=":material/lock:")
    st.stop()
st.caption(
    t("Sign-ins, refusals, writes, imports, exports, changes of rights: each row is chained to the one before it.")
)
log_view.chain(t)
log_view.rows(t)
