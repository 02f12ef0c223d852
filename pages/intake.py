"""Take a file of an institution in by four steps: read, recognise, check, commit; and take a batch back."""

import streamlit as st

from geo.access import Deed
from pages.parts import intake_check, intake_columns, intake_commit, intake_read, intake_state, page, viewing

now = page.screen()
t = now.t
page.title_line(t("Import"))
st.caption(t("A file is read, recognised and checked before anything is written; what was written can be taken back."))

intake_commit.message()
if not viewing.allowed_somewhere(Deed.IMPORT):
    st.info(t("Your role brings nothing in. Ask an administrator for the right."), icon=":material/lock:")
    if viewing.allowed_somewhere(Deed.UNDO):
        intake_commit.batches(t)
    st.stop()
institution = intake_read.ask(t)
file, done = intake_state.upload(), intake_state.done()

if file is None:
    refusal = intake_state.refusal()
    if refusal is not None:
        intake_read.refused(t, refusal)
    intake_read.upload(t)
elif done is not None:
    intake_commit.outcome(t, file, done)
else:
    with st.spinner(t("Checking …")):
        proposal = intake_state.proposal(file, institution=institution)
    intake_read.read(t, file, proposal)
    if proposal.table is not None and proposal.found is not None:
        intake_columns.recognise(t, proposal.table, proposal.found, proposal)
    intake_read.whole(t, proposal)
    intake_check.check(t, file, proposal)
    intake_commit.write(t, proposal, institution=institution)

intake_commit.batches(t)
