"""Show the web map and turn what a viewer does on it into choices."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote

import streamlit as st
from streamlit_folium import st_folium

from geo.drawing import web_map
from geo.drawing.escape import markdown_text
from geo.drawing.selection import read_extent, read_ring
from geo.drawing.tiles import tiles
from geo.drawing.view import MapView
from geo.lane import Lane
from pages.parts import cards, filters, page, queries, viewing

RING = "_bidang"
EXTENT = "_bingkai"
GOTO = "_menuju"
"""Kept for the session: the area drawn on the map, the part of the map in its frame, where to look next."""


def show(
    view: MapView,
    *,
    key: str,
    share: float,
    least: int,
    most: int,
    less: int = 0,
    legend: bool = True,
    address: bool = False,
    link: str | None = None,
    extent: bool = False,
    near: Iterable[date] = (),
) -> None:
    """The map of a view; a click on a site chooses it (``lokasi``), one on a region narrows the filters.

    ``share`` of the window's height without ``less`` pixels, between ``least`` and ``most``, is its height; ``legend``
    opens the legend.
    ``address``: this is the map of its screen, whose view stands in the address and on which the viewer searches and
    selects; ``link``: it moves together with others of that name; ``extent``: it tells which part is in its frame;
    ``near``: days to be at hand in the browser before the viewer asks for them.
    """
    now = page.screen()
    asked = web_map.Asked(
        goto=st.session_state.get(GOTO) if address else None,
        ring=st.session_state.get(RING, ()) if address else (),
        extent=extent,
    )
    lane = st.session_state.setdefault(f"_jalur_{key}", None) or Lane(owner=viewing.viewer().account)
    st.session_state[f"_jalur_{key}"] = lane  # it ends with the session
    content = web_map.payload(
        view,
        now.t,
        theme=page.theme(),
        selected=st.session_state.get("lokasi"),
        sample=now.sample,
        files=queries.map_files(view, now.t, theme=page.theme(), near=near),
        asked=asked,
        lane=lane.address,
    )
    text = web_map.packed(content)
    lane.send(text)
    time.sleep(0)  # lets the server's thread send it now
    st_folium(
        web_map.base_map(
            share=share,
            least=least,
            most=most,
            less=less,
            legend=legend,
            address=address,
            link=link,
            tiles=tiles(os.environ),
        ),
        key=key,
        height=least,
        use_container_width=True,
        returned_objects=["last_object_clicked_tooltip"],
        feature_group_to_add=web_map.change(text),
        on_change=lambda: _said(key),
    )


def _said(key: str) -> None:
    """Take over what the map told: ``kind:text:count``; anything else is left alone."""
    said = (st.session_state.get(key) or {}).get("last_object_clicked_tooltip") or ""
    kind, _, rest = str(said).partition(":")
    text = unquote(rest.rpartition(":")[0])
    check = filters.allowed()
    if kind == "site" and check["lokasi"](text):
        cards.choose_site(text)
    elif kind == "region" and (check["provinsi"](text) or check["kabkota"](text)):
        filters.choose_region(text)
    elif kind == "select":
        st.session_state[RING] = read_ring(text)
    elif kind == "extent":
        st.session_state[EXTENT] = read_extent(text)


def alternative(view: MapView) -> str:
    """The map in one sentence, as plain text."""
    return web_map.alternative(view, page.screen().t)


def describe(view: MapView) -> str:
    """The same as Markdown, to stand below the map."""
    return markdown_text(alternative(view))
