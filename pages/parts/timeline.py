"""Move through the programme's months: step, slide, play; and choose an earlier day to set beside the present one."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from pages.parts import address, page, queries

SECONDS_A_MONTH: Final = 1.6
"""How long a month is shown while the months are played."""

PLAYING: Final = "_putar"
_ROUND: Final = "_putar_awal"


def months() -> list[date]:
    """Ends of the months that can be shown, the last day, and the chosen day itself."""
    first, last = queries.span()
    ends = [stamp.date() for stamp in pd.date_range(first, last, freq="ME")]
    return sorted({*ends, last, page.screen().filters.on})


def control() -> None:
    """The control over the months: buttons for one month, play and pause, a slider (arrow keys move it)."""
    t, on = page.screen().t, page.screen().filters.on
    days, playing = months(), bool(st.session_state.get(PLAYING))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            t("Earlier"),
            on_click=_step,
            args=(-1,),
            icon=":material/chevron_left:",
            disabled=on == days[0],
            help=t("One month earlier"),
        )
        st.button(
            t("Pause") if playing else t("Play"),
            key="putar",
            on_click=_toggle,
            icon=":material/pause:" if playing else ":material/play_arrow:",
            help=t("Show one month after the other"),
        )
        st.button(
            t("Later"),
            on_click=_step,
            args=(1,),
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=on == days[-1],
            help=t("One month later"),
        )
        st.session_state["waktu"] = on
        st.select_slider(t("Time"), days, key="waktu", on_change=_move_to, format_func=t.date_short, width="stretch")
    if playing:
        st.session_state[_ROUND] = True
        _tick()


def compare_switch() -> None:
    """The switch between one map and two."""
    st.session_state["banding_nyala"] = earlier_day() is not None
    st.toggle(page.screen().t("Compare with an earlier day"), key="banding_nyala", on_change=_compare)


def _move_to() -> None:
    on = st.session_state["waktu"]
    if not address.is_stale(on, queries.default_day()):
        address.put_day(on)


def _step(by: int) -> None:
    days = months()
    place = days.index(page.screen().filters.on) + by
    address.put_day(days[min(max(place, 0), len(days) - 1)])


def _toggle() -> None:
    """Start playing, from the beginning where the end is shown, or stop."""
    st.session_state[PLAYING] = not st.session_state.get(PLAYING)
    days = months()
    if st.session_state[PLAYING] and page.screen().filters.on == days[-1]:
        address.put_day(days[0])


@st.fragment(run_every=SECONDS_A_MONTH)
def _tick() -> None:
    """Go on by one month each time the clock strikes; the run of the whole screen is no strike."""
    if st.session_state.pop(_ROUND, False) or not st.session_state.get(PLAYING):
        return
    days = months()
    if page.screen().filters.on == days[-1]:
        st.session_state[PLAYING] = False
    else:
        _step(1)
    st.rerun()


# --- then and now ------------------------------------------------------------------------------------------------


def earlier_day() -> date | None:
    """The earlier day to set beside the day shown, ``None`` where none is asked for or none is earlier."""
    asked = st.session_state.get("banding")
    return asked if isinstance(asked, date) and asked < page.screen().filters.on else None


def _compare() -> None:
    """Begin with the day half a year ago, or the first there is; or leave the comparison."""
    st.session_state["banding"] = None
    if st.session_state["banding_nyala"]:
        days = _before()
        if days:
            st.session_state["banding"] = days[max(0, len(days) - 6)]


def _before() -> list[date]:
    return [day for day in months() if day < page.screen().filters.on]


def choose_earlier() -> None:
    """Choose the earlier day, above its map."""
    t = page.screen().t
    days = sorted({*_before(), st.session_state["banding"]})
    st.session_state["banding_hari"] = st.session_state["banding"]
    st.selectbox(t("Then"), days, key="banding_hari", on_change=_take_earlier, format_func=t.date, width=260)


def _take_earlier() -> None:
    st.session_state["banding"] = st.session_state["banding_hari"]


def told_now() -> None:
    """The day shown, above its map, at the height of the other one's choice."""
    t = page.screen().t
    with st.container(height=68, border=False, vertical_alignment="bottom"):
        st.markdown(f"{t('Now')}: **{t.date(page.screen().filters.on)}**")


def neighbours() -> list[date]:
    """The months before and after the one shown: what a viewer will probably ask for next."""
    days, on = months(), page.screen().filters.on
    place = days.index(on)
    return [*days[place + 1 : place + 2], *days[max(0, place - 1) : place]]


def prepare_neighbours() -> None:
    """Let the months before and after be worked out while the viewer looks at this one."""
    queries.prepare(neighbours(), page.screen().filters)
