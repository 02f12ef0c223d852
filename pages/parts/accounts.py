"""Show the accounts and change them; every change goes through ``geo.writing`` and is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pandas as pd
import streamlit as st

from geo import regions, writing
from geo.access import RIGHTS, Deed, Role, Scope
from geo.drawing.escape import markdown_text
from geo.locale import MISSING, Translator
from geo.model import FOCUS_PROVINCES, GeoError, RefusedError
from geo.store import Account
from pages.parts import identity, queries, viewing

_TOLD: Final = "_akun_pesan"
_NEW: Final = ""
OWN_PROVINCES: Final = (Role.COORDINATOR, Role.VERIFIER)
"""Roles that work in provinces of their own."""


def message() -> None:
    """What the last change did, once."""
    told = st.session_state.pop(_TOLD, None)
    if told:
        st.success(told, icon=":material/check_circle:")


def table(t: Translator) -> Account | None:
    """All accounts; the one that is chosen."""
    found = queries.store().accounts()
    if not found:
        st.caption(t("There is no account yet. Without sign-in only this machine's administrator works here."))
        return None
    listed = pd.DataFrame(
        {
            t("Account"): [one.account for one in found],
            t("Role"): [identity.role_name(Role(one.role), t) for one in found],
            t("Provinces"): [", ".join(regions.region_label(code) for code in one.provinces) for one in found],
            t("State"): [t("disabled") if one.disabled else t("in use") for one in found],
            t("Changed on"): [t.moment(one.changed_at) for one in found],
            t("By"): [one.changed_by for one in found],
        }
    )
    chosen = st.dataframe(
        listed,
        key="akun_daftar",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=min(460, 38 + 35 * len(listed)),
        placeholder=MISSING,
        alt=t("{count} accounts with role, provinces and state", count=len(listed)),
    )
    rows = chosen["selection"]["rows"]
    return found[rows[0]] if rows and rows[0] < len(found) else None


def change(t: Translator, chosen: Account | None) -> None:
    """A form for the chosen account, or for a new one."""
    st.subheader(t("New account") if chosen is None else markdown_text(chosen.account), anchor=False)
    key = chosen.account if chosen else _NEW
    with st.form(f"akun-{key}", border=True):
        name = key
        if chosen is None:
            name = st.text_input(
                t("Account"),
                max_chars=200,
                width=420,
                help=t("As the sign-in provider calls the person: an e-mail address or a user name."),
            )
        names = {str(one): identity.role_name(one, t) for one in Role}
        picked = st.selectbox(
            t("Role"),
            list(names),
            index=list(names).index(chosen.role if chosen else str(Role.VIEWER)),
            format_func=names.__getitem__,
            width=420,
        )
        provinces = st.multiselect(
            t("Own provinces (coordinators and verifiers)"),
            sorted({*FOCUS_PROVINCES, *queries.provinces_with_sites()}),
            default=list(chosen.provinces) if chosen else [],
            format_func=regions.region_label,
            placeholder=t("choose"),
            width=640,
        )
        label = t("Make the account") if chosen is None else t("Save")
        sent = st.form_submit_button(label, type="primary", icon=":material/save:")
    if sent:
        role = Role(picked)
        own = tuple(provinces) if role in OWN_PROVINCES else ()
        if role in OWN_PROVINCES and not own:
            st.error(t("Choose at least one province for this role; nothing was changed."), icon=":material/error:")
            return
        _do(
            t,
            t("{account} is {role} now.", account=name.strip(), role=identity.role_name(role, t)),
            lambda at: writing.set_account(
                viewing.viewer(), queries.store(), name, role=role, provinces=own, at=at, new=chosen is None
            ),
        )
    if chosen is not None:
        _switches(t, chosen)


def _switches(t: Translator, chosen: Account) -> None:
    with st.container(horizontal=True):
        if chosen.disabled:
            if st.button(t("Let in again"), key="akun-aktif", icon=":material/lock_open:"):
                _do(
                    t,
                    t("{account} may sign in again.", account=chosen.account),
                    lambda at: writing.enable(viewing.viewer(), queries.store(), chosen.account, at=at),
                )
        elif st.button(t("Disable"), key="akun-nonaktif", icon=":material/block:"):
            _do(
                t,
                t("{account} is disabled; open sessions end with their next click.", account=chosen.account),
                lambda at: writing.disable(viewing.viewer(), queries.store(), chosen.account, at=at),
            )
        if st.button(t("Sign out everywhere"), key="akun-keluarkan", icon=":material/logout:"):
            _do(
                t,
                t("Every session of {account} has ended, copied ones too.", account=chosen.account),
                lambda at: writing.sign_out_everywhere(viewing.viewer(), queries.store(), chosen.account, at=at),
            )


def _do(t: Translator, told: str, deed: Callable[[datetime], object]) -> None:
    try:
        with viewing.hand().at_work():
            deed(datetime.now(UTC))
    except GeoError as refused:
        st.error(t("It was not changed:"), icon=":material/block:")
        problems = refused.problems if isinstance(refused, RefusedError) else (refused,)
        st.markdown("\n".join(f"- {markdown_text(one)}" for one in problems))
        return
    st.session_state[_TOLD] = markdown_text(told)
    st.rerun()


# --- what roles may do -------------------------------------------------------------------------------------------


def rights(t: Translator) -> None:
    """The table of rights, as it is in force."""
    with st.expander(t("What each role may do"), icon=":material/rule:"):
        marks = {Scope.OWN: t("own provinces"), Scope.OTHER: t("other provinces"), Scope.WHOLE: t("whole programme")}

        def cell(role: Role, deed: Deed) -> str:
            scopes = RIGHTS[role].get(deed, frozenset())
            if scopes == frozenset(Scope):
                return t("everywhere")
            return ", ".join(marks[scope] for scope in Scope if scope in scopes) or MISSING

        told = pd.DataFrame(
            {identity.role_name(role, t): [cell(role, deed) for deed in Deed] for role in Role},
            index=pd.Index([deed_name(t, deed) for deed in Deed], name=t("May")),
        )
        st.dataframe(told, alt=t("Rights by role"), height=38 + 35 * len(told))


def deed_name(t: Translator, deed: Deed) -> str:
    """What can be asked for, in words."""
    return {
        Deed.SEE_PUBLIC: t("see what the public may see"),
        Deed.SEE_CLEAR: t("see places, names and notes"),
        Deed.SEE_COUNTS: t("see counts of beneficiaries"),
        Deed.IMPORT: t("import"),
        Deed.UNDO: t("take a batch back"),
        Deed.EXPORT_PUBLIC: t("export for the public"),
        Deed.EXPORT_INTERNAL: t("export for internal use"),
        Deed.DECIDE: t("note decisions"),
        Deed.READ_LOG: t("read the log"),
        Deed.MANAGE_USERS: t("manage accounts"),
        Deed.CONFIGURE: t("configure, close, back up"),
    }[deed]
