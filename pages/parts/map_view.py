"""Show the web map and turn a click on it into a choice."""

from __future__ import annotations

from urllib.parse import unquote

import streamlit as st
from streamlit_folium import st_folium

from geo.drawing import web_map
from geo.drawing.escape import markdown_text
from geo.drawing.view import MapView
from pages.parts import cards, filters, page


def show(view: MapView, *, key: str, share: float, least: int, most: int, legend: bool = True) -> None:
    """The map of a view; a click on a site chooses it (``lokasi``), one on a region narrows the filters.

    ``share`` of the window's height, between ``least`` and ``most`` pixels, is its height; ``legend`` opens the legend.
    """
    now = page.screen()
    content = web_map.payload(
        view, now.t, theme=page.theme(), selected=st.session_state.get("lokasi"), sample=now.sample
    )
    st_folium(
        web_map.base_map(share=share, least=least, most=most, legend=legend),
        key=key,
        height=least,
        use_container_width=True,
        returned_objects=["last_object_clicked_tooltip"],
        feature_group_to_add=web_map.change(content),
        on_change=lambda: _clicked(key),
    )


def _clicked(key: str) -> None:
    said = (st.session_state.get(key) or {}).get("last_object_clicked_tooltip") or ""
    kind, _, rest = str(said).partition(":")
    code = unquote(rest.rpartition(":")[0])
    check = filters.allowed()
    if kind == "site" and check["lokasi"](code):
        cards.choose_site(code)
    elif kind == "region" and (check["provinsi"](code) or check["kabkota"](code)):
        filters.choose_region(code)


def alternative(view: MapView) -> str:
    """The map in one sentence, as plain text."""
    return web_map.alternative(view, page.screen().t)


def describe(view: MapView) -> str:
    """The same as Markdown, to stand below the map."""
    return markdown_text(alternative(view))
