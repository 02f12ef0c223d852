"""What stands around the map: where one is, the search, what lies in a drawn area, what lies in the frame."""

from __future__ import annotations

import secrets
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo import regions
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.selection import within_box, within_ring
from geo.finder import Found, find
from geo.locale import MISSING
from geo.locale.terms import status_name, weighting_text
from geo.progress import roll_up
from pages.parts import cards, filters, page, queries, tables
from pages.parts import map_view as web

SEARCH: Final = "peta_cari"
FOUND: Final = 8


# --- where one is ------------------------------------------------------------------------------------------------


def breadcrumb() -> None:
    """The way from all provinces down to the site; each step leads back up to it."""
    now = page.screen()
    t, asked = now.t, now.filters
    provinces = asked.provinces or tuple(sorted({code[:2] for code in asked.regencies}))
    steps: list[tuple[str, Any, tuple[str, ...]]] = [(t("All provinces"), _leave, ())]
    if len(provinces) == 1:
        steps.append((regions.region_label(provinces[0]), _enter, (provinces[0],)))
        if len(asked.regencies) == 1:
            steps.append((regions.region_label(asked.regencies[0]), _enter, (asked.regencies[0],)))
    site = _chosen_site()
    if site is not None:
        steps.append((str(site["name"]), None, ()))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="remah", width="content"):
        for place, (name, act, arguments) in enumerate(steps):
            if place:
                st.html('<span aria-hidden="true" style="opacity:.6">›</span>', width="content")
            if place == len(steps) - 1:
                st.markdown(f"**{markdown_text(name)}**", width="content")
            else:
                st.button(markdown_text(name), key=f"remah-{place}", on_click=act, args=arguments, type="tertiary")


def _leave() -> None:
    """Show all provinces, no site."""
    filters.leave_region()
    filters.leave_region()
    cards.leave_site()


def _enter(code: str) -> None:
    filters.choose_region(code)
    cards.leave_site()


def _chosen_site() -> pd.Series[Any] | None:
    code = st.session_state.get("lokasi")
    found = page.screen().state.positions
    rows = found[found["code"] == code] if code else found.iloc[:0]
    return rows.iloc[0] if len(rows) else None


# --- search ------------------------------------------------------------------------------------------------------


def search_box() -> None:
    """Where a name is typed; the answers stand beside the map."""
    t = page.screen().t
    st.text_input(
        t("Search the map"),
        key=SEARCH,
        type="search",
        placeholder=t("Site, kabupaten/kota or institution"),
        label_visibility="collapsed",
        width=320,
    )


_RESULTS_FIRST = "<style>@media (max-width: 640px) {[data-testid=stColumn]:has(.st-key-peta_hasil) {order: -1}}</style>"
"""On a phone what was found stands under the words that were typed, not below the map."""


def search_results() -> bool:
    """The places that fit what was typed, each leading to it; ``False`` where nothing was typed."""
    asked = (st.session_state.get(SEARCH) or "").strip()
    if not asked:
        return False
    t = page.screen().t
    found = find(queries.finder(), asked, limit=FOUND)
    st.html(_RESULTS_FIRST)
    with st.container(key="peta_hasil"):
        st.subheader(t("Search results"), anchor=False)
        if not found:
            st.info(t("Nothing is called like that. Try another spelling or a code."), icon=":material/search_off:")
        for place, one in enumerate(found):
            told = {
                "site": f"{t('Site')} · {regions.region_label(one.within)}",
                "region": regions.region_label(one.within) if one.within else t("Province"),
                "institution": t("Institution"),
            }[one.kind]
            with st.container(gap=None):
                st.button(
                    f"**{markdown_text(one.name)}**",
                    key=f"temuan-{place}",
                    on_click=_go_to,
                    args=(one,),
                    type="tertiary",
                    icon={"site": ":material/location_on:", "region": ":material/map:"}.get(
                        one.kind, ":material/account_balance:"
                    ),
                    wrap=True,
                )
                st.caption(markdown_text(f"{told} · {one.code}"))
        st.button(t("Close"), on_click=_forget, icon=":material/close:", key="temuan-tutup")
    return True


def _forget() -> None:
    st.session_state[SEARCH] = ""


def _go_to(found: Found) -> None:
    """Let the map go to what was found; filters that would hide it are taken back."""
    _forget()
    st.session_state.pop(web.RING, None)
    place = found.code.removeprefix("PEMDA-")
    if found.kind == "region":
        _widen()
        filters.choose_region(found.code)
    elif found.kind == "institution" and place != found.code and regions.region_label(place) != place:
        _widen()
        filters.choose_region(place)
    elif found.kind == "site":
        _to_site(found.code)
    else:
        _to_institution(found)


def _widen() -> None:
    filters.clear()
    cards.leave_site()


def _to_site(code: str) -> None:
    if code not in set(page.screen().state.positions["code"]):
        filters.clear()
    cards.choose_site(code)
    sites = page.screen().state.standing.positions
    site = sites[sites["code"] == code].iloc[0]
    if pd.notna(site["lon"]):
        _look_at(float(site["lon"]) - 0.12, float(site["lat"]) - 0.12, float(site["lon"]) + 0.12,
                 float(site["lat"]) + 0.12)  # fmt: skip


def _to_institution(found: Found) -> None:
    """Look at the sites in the institution's charge."""
    filters.clear()
    sites = page.screen().state.standing.positions
    own = sites[sites["institution_code"] == found.code].dropna(subset=["lon", "lat"])
    if own.empty:
        t = page.screen().t
        st.toast(markdown_text(t("{name} has no site of its own on the map.", name=found.name)), icon=":material/info:")
        return
    _look_at(own["lon"].min() - 0.1, own["lat"].min() - 0.1, own["lon"].max() + 0.1, own["lat"].max() + 0.1)


def _look_at(west: float, south: float, east: float, north: float) -> None:
    st.session_state[web.GOTO] = {
        "id": secrets.token_hex(4), "view": [round(float(edge), 4) for edge in (west, south, east, north)],
    }  # fmt: skip


# --- a drawn area and the frame ----------------------------------------------------------------------------------


def selection() -> bool:
    """Totals and sites of the area drawn on the map; ``False`` where none is drawn."""
    ring = st.session_state.get(web.RING)
    if not ring:
        return False
    now = page.screen()
    t = now.t
    inside = now.state.positions[within_ring(now.state.positions, ring)].reset_index(drop=True)
    st.subheader(t("Selected on the map"), anchor=False)
    whole = roll_up(inside).iloc[0]
    counts = inside["status"].value_counts()
    st.html(
        cards.grid(
            [
                cards.figure(
                    t("Sites"),
                    t.integer(len(inside)),
                    t(
                        "{late} behind plan, {silent} silent",
                        late=t.integer(whole["late"]),
                        silent=t.integer(whole["silent"]),
                    ),
                ),
                cards.figure(
                    t("Realised against plan"),
                    t.percent(whole["actual_percent"]),
                    t("plan {plan}", plan=t.percent(whole["plan_percent"])),
                    note=weighting_text(t, str(whole["weighting"]), int(whole["base"]), len(inside)),
                ),
                cards.figure(
                    t("Contract value"),
                    t.rupiah_short(whole["contract_value"]),
                    t("{share} spent", share=t.share(whole["spend_share"], digits=1)),
                ),
            ],
            least_px=140,
        )
    )
    told = " · ".join(f"{status_name(t, str(code))} {t.integer(count)}" for code, count in counts.items())
    if told:
        st.html(f'<div style="font-size:.92rem">{html_text(told)}</div>')
    if len(inside):
        st.dataframe(
            tables.site_table(inside, t, now.state.programmes, page.theme()),
            hide_index=True,
            placeholder=MISSING,
            height=300,
            alt=t("Sites inside the area selected on the map"),
        )
        page.downloads(inside, "pilihan", key="pilihan-unduh")
    st.button(t("Clear selection"), on_click=_unselect, icon=":material/close:", key="pilihan-tutup")
    return True


def _unselect() -> None:
    st.session_state.pop(web.RING, None)


def in_frame(positions: pd.DataFrame) -> pd.DataFrame:
    """The positions that lie in the map's frame as it was last told; all of them until it was."""
    box = st.session_state.get(web.EXTENT)
    return positions if box is None else positions[within_box(positions, box)].reset_index(drop=True)
