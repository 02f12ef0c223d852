"""Decide in every run who looks; let nobody further who may not come in, and say why.

Who somebody is comes from the sign-in provider; what they may do comes from the store, each time. So a role that was
changed, an account that was disabled or a sign-in that was called back counts from the next run on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from geo.access import LOCAL_ADMINISTRATOR, Role, Viewer
from geo.locale import Translator
from geo.serving.people import Outcome, Verdict
from geo.store.audit import coming_from
from pages.parts import entry, queries

_TOLD: Final = "_refusal_logged"


def verdict(*, anew: bool = True) -> Verdict:
    """Who looks in this run, and whether they may. Without sign-in it is the local administrator."""
    if entry.settings().entry is None:
        return Verdict(Outcome.ADMITTED, LOCAL_ADMINISTRATOR.account, LOCAL_ADMINISTRATOR)
    return entry.verdict_on(entry.claims_of(st.user.to_dict()), anew=anew)


def viewer() -> Viewer:
    """Who looks. Where they may not (any more), the run ends here and begins anew with the frame, which says so."""
    found = verdict(anew=False).viewer
    if found is None:
        st.rerun()
    return found


def address() -> str:
    """From which address the viewer comes."""
    peer = st.context.ip_address or "127.0.0.1"  # the framework tells nothing of this machine's own
    return entry.settings().proxies.client(peer, st.context.headers.get_all("X-Forwarded-For"))


def enter(found: Verdict, t: Translator) -> None:
    """Let in who may come in; to everybody else say what to do, and end the run before anything is read."""
    if found.viewer is not None:
        _log_entrance(found)
        return
    if found.outcome is not Outcome.NOT_SIGNED_IN and st.session_state.get(_TOLD) != found:
        st.session_state[_TOLD] = found
        _log("refused", found, outcome=str(found.outcome))
    _door(found, t)
    st.stop()


def _log_entrance(found: Verdict) -> None:
    at, by = found.signed_in_at, found.viewer
    if at is not None and by is not None and entry.REGISTER.is_new(found.account, at):
        _log("sign_in", found, outcome="done", details={"role": str(by.role)})


def _log(deed: str, found: Verdict, *, outcome: str, details: Mapping[str, object] | None = None) -> None:
    who = found.account or "?"
    with coming_from(address()):
        queries.store().log(deed, "sign-in", actor=who, at=datetime.now(UTC), outcome=outcome, details=details)


def _door(found: Verdict, t: Translator) -> None:
    """The screen of who is outside."""
    contact = entry.settings().contact or t("the administrator of this dashboard")
    st.space("medium")
    with st.container(horizontal_alignment="center"), st.container(border=True, width=460, key="pintu"):
        st.caption("Badan Nasional Penanggulangan Terorisme")
        st.title("Sinergisitas")
        if found.outcome is Outcome.NOT_SIGNED_IN:
            st.write(t("Dashboard of the Sinergisitas programme. Sign in with your account of the agency."))
        elif found.outcome is Outcome.OUTDATED:
            st.info(t("Your sign-in has ended. Please sign in again."), icon=":material/history:")
        elif found.outcome is Outcome.DISABLED:
            st.error(
                t("The account {account} is switched off. Ask {contact}.", account=_shown(found), contact=contact),
                icon=":material/block:",
            )
        else:
            st.error(
                t("The account {account} has no access. Ask {contact}.", account=_shown(found), contact=contact),
                icon=":material/block:",
            )
        if found.outcome in (Outcome.NOT_SIGNED_IN, Outcome.OUTDATED):
            if st.button(t("Sign in"), key="masuk", type="primary", icon=":material/login:", width="stretch"):
                st.login()
        elif st.button(t("Use another account"), key="keluar", icon=":material/logout:", width="stretch"):
            st.logout()
        _other_language(t)


def _other_language(t: Translator) -> None:
    other, name = ("id", "Bahasa Indonesia") if t.language == "en" else ("en", "English")
    if st.button(name, key="bahasa_lain", type="tertiary", icon=":material/translate:"):
        st.query_params["bahasa"] = other
        st.rerun()


def _shown(found: Verdict) -> str:
    """The account as text: what a provider says must not draw anything."""
    if not found.account:
        claims = entry.claims_of(st.user.to_dict()) or {}
        known = (str(claims.get(name) or "") for name in ("email", "preferred_username", "sub"))
        return _plain(next((name for name in known if name), "?"))
    return _plain(found.account)


def _plain(text: str) -> str:
    return "`" + "".join(letter for letter in text[:254] if letter.isprintable() and letter != "`") + "`"


def footer(found: Verdict, t: Translator, keeping: Iterable[StreamlitPage] = ()) -> None:
    """At the end of the sidebar: who is signed in, as what, the screens for their office (``keeping``), the way out."""
    with st.sidebar, st.container(key="siapa", gap="xsmall"):
        for screen in keeping:
            st.page_link(screen)
        if entry.settings().entry is None:
            st.caption(t("No sign-in: local administrator, this machine only"))
        elif found.viewer is not None:
            role = role_name(found.viewer.role, t)
            st.markdown(f"{_plain(found.account)} · {role}")
            if st.button(t("Sign out"), key="keluar", icon=":material/logout:", type="tertiary"):
                st.logout()


def role_name(role: Role, t: Translator) -> str:
    """What a role is called on the screens."""
    return {
        Role.ADMINISTRATOR: t("Administrator"),
        Role.VIEWER: t("Leadership"),
        Role.COORDINATOR: t("Coordinator"),
        Role.VERIFIER: t("Verifier"),
        Role.AUDITOR: t("Auditor"),
        Role.GUEST: t("Guest"),
    }[role]
