"""Carry the part of the map that is looked at over to the export."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.drawing.request import view_extent
from geo.model import BBox
from pages.parts import page

EXTENT: Final = "ekspor_bingkai"
"""The choice between the whole region (``wilayah``) and the part of the map (``peta``)."""

_VIEW: Final = "_ekspor_pandang"
_SEEN: Final = "_ekspor_alamat"


def remember() -> None:
    """Keep which part of the map is looked at, as the address tells; called on the map's own screen."""
    now = page.screen().filters
    view = st.query_params.get("pandang")
    if view:
        st.session_state[_VIEW] = (view, now.provinces, now.regencies)


def to_export() -> None:
    """The button that goes on to the export with the same filters, indicator and part of the map."""
    t = page.screen().t
    if st.button(
        t("Export this view"),
        key="peta-ekspor",
        icon=":material/ios_share:",
        help=t("As a picture, an atlas or slides, with the same filters and the same part of the map."),
    ):
        carried = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state.pop(_SEEN, None)  # the same part may be meant a second time
        st.switch_page("export.py", query_params=carried)


def taken() -> BBox | None:
    """The part of the map that was looked at, while the regions are still those of then."""
    now = page.screen().filters
    regions = (now.provinces, now.regencies)
    told = st.query_params.get("pandang")
    known = st.session_state.get(_VIEW, ("", (), ()))
    if told and st.session_state.get(_SEEN) != told:  # it came with the address: that part is meant
        st.session_state[_SEEN] = told
        st.session_state[_VIEW] = known = (told, *regions)
        st.session_state[EXTENT] = "peta"
    return view_extent(known[0]) if known[0] and known[1:] == regions else None
