"""Write a checked file as a batch, tell what was done, list past batches, and take one back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo import writing
from geo.access import Deed
from geo.drawing.escape import markdown_text
from geo.intake import personal
from geo.intake.steps import Proposal
from geo.intake.verdicts import Verdict
from geo.locale import MISSING, Translator
from geo.model import GeoError, RefusedError
from pages.parts import intake_check, intake_state, intake_words, queries, viewing

OFFICE: Final = "Sekretariat Sinergisitas"
"""Who writes, until there is a sign-in."""

LISTED: Final = 200
"""Past batches shown."""

_ACTOR: Final = "impor_oleh"
_TOLD: Final = "_impor_pesan"


def ask_actor(t: Translator) -> str | None:
    """The office that writes or takes back; ``None`` where what was typed cannot be one."""
    st.session_state.setdefault(_ACTOR, OFFICE)
    office = st.text_input(
        t("Recorded by (office, not a person)"), key=_ACTOR, persist_state="session", max_chars=120, width=420
    )
    name = " ".join((office or "").split())
    if not name:
        st.error(t("Name the office."), icon=":material/error:")
        return None
    if personal.personal_in_text(name):
        st.error(t("This looks like personal data. Name the office, not a person."), icon=":material/block:")
        return None
    return name


# --- the commit --------------------------------------------------------------------------------------------------


def write(t: Translator, proposal: Proposal, *, institution: str | None) -> None:
    """Step 4: one button that says what it will do."""
    checked, compared = proposal.checked, proposal.compared
    if checked is None or compared is None:
        return
    st.subheader(t("4. Commit"), anchor=False)
    counts, refused = compared.counts, checked.count(Verdict.REFUSED)
    same = queries.store().find_batch(proposal.source.sha256, checked.kind)
    if same is not None:
        st.info(
            t("This very file was written before, as batch {batch} on {moment}.",
              batch=same.id, moment=t.moment(same.at)),
            icon=":material/content_copy:",
        )  # fmt: skip
    if not proposal.takeable:
        st.error(t("No row of this file can be taken. Nothing was changed."), icon=":material/block:")
        return
    if not counts.new + counts.changed:
        with st.container(key="impor-tanpa-perubahan"):
            st.success(
                t("This file changes nothing: everything in it is recorded already."), icon=":material/check_circle:"
            )
        return
    actor = ask_actor(t)
    partly = not refused or st.checkbox(
        t.plural(
            "Leave out {n} refused row; the sender corrects it and sends it again.",
            "Leave out {n} refused rows; the sender corrects them and sends them again.",
            refused,
        ),
        key=f"impor_sebagian_{intake_state.round_number()}",
    )
    label = t(
        "Write {rows}: {new} new, {changed} changed",
        rows=t.plural("{n} row", "{n} rows", counts.new + counts.changed),
        new=t.integer(counts.new),
        changed=t.integer(counts.changed),
    )
    # another label is another button: what changed since it was drawn must not be written unseen
    key = f"impor_simpan_{intake_state.round_number()}_{counts.new}_{counts.changed}_{refused}"
    with st.container(key="impor-simpan"):
        pressed = st.button(
            label, key=key, type="primary", icon=":material/save:", disabled=actor is None or not partly
        )
    if pressed and actor is not None and partly:
        _commit(t, proposal, actor=actor, institution=institution)


def _commit(t: Translator, proposal: Proposal, *, actor: str, institution: str | None) -> None:
    try:
        with st.spinner(t("Writing …")):
            committed = writing.commit(
                viewing.viewer(),
                proposal,
                queries.store(),
                actor=actor,
                at=datetime.now(UTC),
                institution=institution,
                partly=True,
            )
    except GeoError as refused:
        _refused(t, refused)
        return
    intake_state.finish(intake_state.Done(committed, proposal, actor))
    st.rerun()


def _refused(t: Translator, refused: GeoError) -> None:
    st.error(t("It was not written, and nothing was changed:"), icon=":material/block:")
    problems = refused.problems if isinstance(refused, RefusedError) else (refused,)
    st.markdown("\n".join(f"- {markdown_text(one)}" for one in problems[:20]))


# --- what was done -----------------------------------------------------------------------------------------------


def outcome(t: Translator, file: intake_state.Upload, done: intake_state.Done) -> None:
    """What a commit did, the sender's file to give back, and the way back."""
    committed = done.committed
    with st.container(key="impor-selesai"):
        if committed.batch is None:
            st.success(t("Nothing was written: everything is recorded already."), icon=":material/check_circle:")
        else:
            counted = t(
                "{new} new, {changed} changed, {unchanged} unchanged.",
                new=t.integer(committed.new),
                changed=t.integer(committed.changed),
                unchanged=t.integer(committed.unchanged),
            )
            st.success(
                t("Written as batch {batch}.", batch=f"**{committed.batch}**") + " " + markdown_text(counted),
                icon=":material/check_circle:",
            )
    with st.container(horizontal=True):
        st.button(
            t("Another file"),
            key="impor-lain",
            on_click=intake_state.forget,
            icon=":material/restart_alt:",
            type="primary",
        )
        intake_check.returned(t, file, done.proposal)
        if committed.batch is not None:
            _take_back(t, committed.batch, done.actor, key="impor-batal-ini")


def _take_back(t: Translator, batch: int, actor: str | None, *, key: str) -> None:
    with st.popover(t("Take batch {batch} back", batch=batch), key=key, icon=":material/undo:"):
        st.markdown(
            t("What batch {batch} wrote no longer counts, and what stood before counts again. The history stays.",
              batch=batch)
        )  # fmt: skip
        if st.button(
            t("Yes, take it back"), key=f"{key}-ya", type="primary", icon=":material/undo:", disabled=actor is None
        ):
            _undo(t, batch, actor or OFFICE)


def _undo(t: Translator, batch: int, actor: str) -> None:
    try:
        undone = writing.undo(viewing.viewer(), batch, queries.store(), actor=actor, at=datetime.now(UTC))
    except GeoError as refused:
        _refused(t, refused)
        return
    st.session_state[_TOLD] = t(
        "Batch {batch} was taken back: {withdrawn} withdrawn, {restored} restored.",
        batch=undone.undone,
        withdrawn=t.integer(sum(undone.withdrawn.values())),
        restored=t.integer(sum(undone.restored.values())),
    )
    finished = intake_state.done()
    if finished is not None and finished.committed.batch == batch:
        intake_state.forget()
    st.rerun()


def message() -> None:
    """What the last action did, once."""
    told = st.session_state.pop(_TOLD, None)
    if told:
        with st.container(key="impor-pesan"):
            st.success(told, icon=":material/undo:")


# --- past batches ------------------------------------------------------------------------------------------------


def batches(t: Translator) -> None:
    """Past batches, the newest first; one that is chosen can be taken back."""
    st.subheader(t("Past batches"), anchor=False)
    found = _own(queries.store().batches()).head(LISTED)
    if found.empty:
        st.caption(t("No batch was written yet."))
        return
    listed = [_row(t, row) for row in found.to_dict("records")]
    names = [
        t("Batch"), t("State"), t("Written on"), t("File"), t("About"), t("Rows"), t("New"), t("Changed"), t("By"),
    ]  # fmt: skip
    with st.container(key="impor-kiriman"):
        chosen = st.dataframe(
            pd.DataFrame(listed, columns=names),
            key=f"impor_kiriman_{int(found['id'].max())}",
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            height=min(320, 38 + 35 * len(listed)),
            placeholder=MISSING,
            column_config={t("Batch"): st.column_config.NumberColumn(width=65, format="%d")},
            alt=t("{count} past batches with moment, office, file and counts", count=len(listed)),
        )
    rows = chosen["selection"]["rows"]
    if not rows or rows[0] >= len(found):
        st.caption(t("Choose a row to take its batch back."))
        return
    row = found.iloc[rows[0]]
    if pd.notna(row["undo_of"]) or pd.notna(row["undone_at"]):
        st.caption(t("This batch cannot be taken back: it was already, or it took another one back itself."))
        return
    actor = st.session_state.get(_ACTOR, OFFICE)
    fit = isinstance(actor, str) and actor.strip() and not personal.personal_in_text(actor)
    _take_back(t, int(row["id"]), actor.strip() if fit else None, key="impor-batal")


def _own(found: pd.DataFrame) -> pd.DataFrame:
    """The batches that the viewer may take back, see ``geo.writing.undo``."""

    def may(mapping: str) -> bool:
        touched = writing.provinces_of_batch(json.loads(mapping))
        return all(viewing.allowed(Deed.UNDO, province) for province in touched)

    return found[[may(mapping) for mapping in found["mapping"]]] if len(found) else found


def _row(t: Translator, row: dict[Any, Any]) -> tuple[Any, ...]:
    if pd.notna(row["undo_of"]):
        state = t("takes batch {batch} back", batch=int(row["undo_of"]))
    elif pd.notna(row["undone_at"]):
        state = t("taken back on {moment} by {office}", moment=t.moment(row["undone_at"]), office=row["undone_by"])
    else:
        state = t("in force")
    return (
        int(row["id"]),
        state,
        t.moment(row["at"]),
        row["file_name"],
        intake_words.kind_name(t, row["kind"]),
        t.integer(row["rows"]),
        t.integer(row["new"]),
        t.integer(row["changed"]),
        row["actor"],
    )
