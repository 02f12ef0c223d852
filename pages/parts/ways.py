"""Lead from the screens into the briefing room, and lock what a room is shown."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from geo.access import Audience
from geo.locale import Translator
from geo.room.wish import MODE
from pages.parts import address, viewing

CARRIED: Final = ("provinsi", "kabkota", "program", "status", "posisi", "diketahui", "bahasa")
"""Parameters of the address that the room takes over from a screen."""


def into_room() -> str:
    """The address of the room with the filters of this run, its language, and mode rapat where it is on."""
    chosen = address.published()
    told = {name: ",".join(chosen[name]) for name in CARRIED if chosen.get(name)}
    if in_meeting():
        told["rapat"] = "1"
    return f"/?{urlencode({'mode': MODE, **told}, safe=',:')}"


def in_meeting() -> bool:
    """Whether mode rapat is on."""
    return viewing.audience() is Audience.PUBLIC


def into_room_button(t: Translator) -> None:
    """The way into the room; the key P does the same on every screen."""
    st.link_button(
        t("Briefing room (P)"),
        into_room(),
        key="ke_paparan",
        icon=":material/slideshow:",
        help=t("Shows the run of a meeting on the whole screen: arrows turn the pages, ? lists all keys."),
    )


def lock(t: Translator) -> None:
    """The lock of mode rapat: one click, and everything on the screens is as the public may see it."""
    with st.sidebar:
        st.toggle(
            f"🔒 {t('Meeting mode')}",
            key=viewing.MEETING,
            persist_state="session",
            help=t("Hides exact points, names and small counts on this screen and in what is exported from it."),
        )


def sign(t: Translator) -> None:
    """The sign that mode rapat is on."""
    if in_meeting():
        st.badge(
            t("Meeting mode"),
            icon=":material/lock:",
            color="red",
            help=t("Hides exact points, names and small counts on this screen and in what is exported from it."),
        )
