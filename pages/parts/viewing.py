"""Know in every run who looks and what they may see; nothing else in the screens decides it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.access import LOCAL_ADMINISTRATOR, PUBLIC, Audience, Deed, Sight, Viewer, may, may_somewhere, sight_of
from geo.store import came_from, coming_from

SCREEN: Final = "layar"
"""Who does something, as the store keeps it, on a screen without sign-in."""

MEETING: Final = "mode_rapat"
"""Whether the screen is shown to a room: then everything on it is what the public may see."""


def viewer() -> Viewer:
    """Who looks, asked anew in every run."""
    from pages.parts import identity  # here, because who may come in is asked of the store, and the store is behind us

    return identity.viewer()


def actor() -> str:
    """Who does something, as the store keeps it."""
    now = viewer()
    return SCREEN if now is LOCAL_ADMINISTRATOR else now.account


@dataclass(frozen=True, slots=True)
class Hand:
    """Who takes something and from where: noted while a screen is drawn, because a file that is made when its button is
    pressed is made outside the viewer's run."""

    actor: str
    origin: str

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Within the block the log tells from where things come."""
        with coming_from(self.origin):
            yield


def hand() -> Hand:
    """The viewer's."""
    from pages.parts import identity  # as above

    return Hand(actor(), identity.address())


def note_origin() -> None:
    """Let the log tell from where whatever this run does comes."""
    came_from(hand().origin)


def audience() -> Audience:
    """For whom the screen is shown."""
    return Audience.PUBLIC if st.session_state.get(MEETING) else Audience.INTERNAL


def sight() -> Sight:
    """What may be seen now. Outside a viewer's run nobody looks, and then it is what the public has."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return PUBLIC
    return sight_of(viewer(), audience())


def allowed(deed: Deed, province: str | None = None) -> bool:
    """Whether the viewer may do this in a province, or (``None``) with the whole programme."""
    return may(viewer(), deed, province)


def allowed_somewhere(deed: Deed) -> bool:
    """Whether the viewer may do this anywhere: with the whole programme, or in a province of their own."""
    return may_somewhere(viewer(), deed)
