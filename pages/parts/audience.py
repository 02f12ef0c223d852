"""Choose for whom something is made; what the choice may be follows from the viewer's rights."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.access import Audience, Deed, Sight, sight_of
from geo.locale import Translator
from geo.model import Filters
from pages.parts import page, viewing

KEY: Final = "ekspor_untuk"


def offered(filters: Filters) -> list[Audience]:
    """For whom the viewer may make something of these regions, the usual choice first."""
    named = filters.provinces or tuple(sorted({code[:2] for code in filters.regencies}))
    regions: tuple[str | None, ...] = named or (None,)
    internal = all(viewing.allowed(Deed.EXPORT_INTERNAL, code) for code in regions)
    public = viewing.allowed(Deed.EXPORT_PUBLIC)
    if viewing.audience() is Audience.PUBLIC:
        internal = False  # the room must not be shown what it may not see
    return [one for one, may in ((Audience.INTERNAL, internal), (Audience.PUBLIC, public)) if may]


def choose(t: Translator, filters: Filters) -> Sight | None:
    """The choice, with what it means; what may be seen in what is made. ``None`` where the viewer may make nothing."""
    choices = offered(filters)
    if not choices:
        st.info(
            t("Your role takes nothing out of this system. Ask an administrator for the right."), icon=":material/lock:"
        )
        return None
    names = {str(Audience.INTERNAL): t("Internal"), str(Audience.PUBLIC): t("The public")}
    chosen = page.choose(
        t("Made for"),
        {str(one): names[str(one)] for one in choices},
        key=f"{KEY}_{len(choices)}",
        default=str(choices[0]),
        label_shown=True,
    )
    audience = Audience(chosen)
    st.caption(meaning(t, audience))
    return sight_of(viewing.viewer(), audience)


def meaning(t: Translator, audience: Audience) -> str:
    """What is shown to an audience."""
    if audience is Audience.PUBLIC:
        return t(
            "For the public: places are moved to a grid of 11 km, places where people live have no name, notes are "
            "left out, small counts are suppressed, and the file says so."
        )
    return t("For internal use: places, names, notes and counts as you may see them. Not to be passed on.")
