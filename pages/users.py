"""See and change the accounts: role, provinces, disabled, signed out everywhere. For administrators."""

import streamlit as st

from geo.access import Deed
from pages.parts import accounts, page, viewing

t = page.screen().t
page.title_line(t("Accounts"))
if not viewing.allowed(Deed.MANAGE_USERS):
    st.info(t("Accounts are the administrators' matter."), icon=":material/lock:")
    st.stop()
st.caption(
    t(
        "Who somebody is comes from the sign-in provider; what they may do stands here and counts from their next "
        "click on."
    )
)
accounts.message()
chosen = accounts.table(t)
accounts.change(t, chosen)
accounts.rights(t)
