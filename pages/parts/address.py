"""Keep the filters in the address, by code: shareable, the same in both languages, kept from screen to screen.

Streamlit's own binding writes what a widget shows (``provinsi=Jawa Timur``), which changes with the language; an
address speaks in codes (``provinsi=35``), so the two halves are kept in step here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import streamlit as st

from geo.drawing.view import INDICATORS
from geo.model import Language

Values = dict[str, list[str]]

LISTS: tuple[str, ...] = ("provinsi", "kabkota", "program", "status")
"""Parameters that take several values, repeated; their widgets hold lists of codes."""
NAMES: tuple[str, ...] = (*LISTS, "posisi", "diketahui", "lokasi", "indikator", "banding", "bahasa")

_WRITTEN = "_address_written"
_SCREEN = "_address_screen"
_PASSAGES = "_address_passages"
"""Screens that were reached by their bare address, to which the filters were then added: the bare address stays in the
browser's history, and going back comes through it."""
_HELD = "_address_held"
_PUT = "_address_put"
"""A day that a button put into the field of days, until the browser is known to have heard of it: the day, those that
the browser may still send in its place, and whether the run of that press is yet to begin."""


def language() -> Language:
    """The language to speak in this run: a new one in the address wins, then the viewer's choice, then Indonesian."""
    asked = st.query_params.get("bahasa")
    before = st.session_state.get(_WRITTEN, {}).get("bahasa", [])
    chosen = ["en"] if st.session_state.get("bahasa") == "en" else []
    if asked in ("id", "en") and [asked] != before and (_WRITTEN not in st.session_state or chosen == before):
        st.session_state["bahasa"] = asked
    return "en" if st.session_state.get("bahasa") == "en" else "id"


def adopt(
    screen: str, allowed: Mapping[str, Callable[[str], bool]], *, moment: Callable[[str], datetime], default_on: date
) -> list[str]:
    """Take over what the address says if it was changed from outside: first visit, a link, back and forward.

    ``allowed`` tells for each parameter whether a value is known, ``moment`` reads one of ``diketahui``. Returns the
    parts that were not understood, as ``name=value``; they are left out. A change of screen drops the parameters from
    the address, which is no wish to clear the filters: then the filters stay, also when the viewer later comes back
    through that bare address. Where something was chosen on the screen since the address was written, the choice
    stands: a browser that has not heard of the last address yet sends the one before it along.
    """
    _keep_put_day(default_on)
    found = _found()
    written = st.session_state.get(_WRITTEN)
    moved = st.session_state.get(_SCREEN) != screen
    st.session_state[_SCREEN] = screen
    passages = st.session_state.setdefault(_PASSAGES, set())
    st.session_state[_HELD] = False
    if found == written or (written is None and not found):
        return []
    if written is not None and not found:
        if moved:
            passages.add(screen)
            return []
        if screen in passages:
            st.session_state[_HELD] = True
            return []
    if written is not None and not moved and _chosen(default_on) != written:
        return []
    unknown: list[str] = []
    for name in NAMES:
        values = found.get(name, [])
        good = [value for value in values if allowed[name](value)]
        unknown += [f"{name}={value}" for value in values if value not in good]
        _take(name, list(dict.fromkeys(good)), moment)
    return unknown


def put_day(on: date) -> None:
    """Set the day from a button. A browser that presses on before it heard of it sends the field's old day along, which
    ``adopt`` then does not take for a choice."""
    before = st.session_state.get("posisi")
    stale = {day for day in (*st.session_state.get(_PUT, (None, ()))[1], before) if day is not None and day != on}
    st.session_state["posisi"] = on
    st.session_state[_PUT] = (on, stale, True)


def _keep_put_day(default_on: date) -> None:
    """Hold on to what a button put where the browser's address shows that it has not heard of it."""
    if _PUT not in st.session_state:
        return
    on, stale, fresh = st.session_state[_PUT]
    if fresh:
        st.session_state[_PUT] = (on, stale, False)
        return
    if not _heard(on, default_on) and st.session_state.get("posisi") in stale:
        st.session_state["posisi"] = on
    else:
        del st.session_state[_PUT]


def is_stale(day: date, default_on: date) -> bool:
    """Whether a field's day is only what the browser held before a button changed it."""
    on, stale, _ = st.session_state.get(_PUT, (None, (), False))
    return isinstance(on, date) and day in stale and not _heard(on, default_on)


def _heard(on: date, default_on: date) -> bool:
    """Whether the browser knows of a day: its address says so."""
    return _found().get("posisi", []) == ([] if on == default_on else [on.isoformat()])


def publish(default_on: date) -> None:
    """Write the filters of this run into the address; the day only where it is not the usual one."""
    wanted = _chosen(default_on)
    unchanged = wanted == st.session_state.get(_WRITTEN)
    st.session_state[_WRITTEN] = wanted
    if wanted == _found() or (st.session_state.get(_HELD) and unchanged):
        return  # written already, or on the way back: writing it anew would hold the viewer here
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in NAMES}
    st.query_params.from_dict({**others, **wanted})


def published() -> Values:
    """What the address of this run says of the filters."""
    return dict(st.session_state.get(_WRITTEN, {}))


def _chosen(default_on: date) -> Values:
    """What is chosen now, as an address says it."""
    wanted: Values = {name: list(st.session_state.get(name) or []) for name in LISTS}
    on = st.session_state.get("posisi")
    wanted["posisi"] = [on.isoformat()] if isinstance(on, date) and on != default_on else []
    known = st.session_state.get("diketahui")
    wanted["diketahui"] = [known.isoformat(timespec="minutes")] if isinstance(known, datetime) else []
    site = st.session_state.get("lokasi")
    wanted["lokasi"] = [str(site)] if site else []
    indicator, earlier = st.session_state.get("indikator"), st.session_state.get("banding")
    wanted["indikator"] = [str(indicator)] if indicator and indicator != INDICATORS[0] else []
    wanted["banding"] = [earlier.isoformat()] if isinstance(earlier, date) else []
    wanted["bahasa"] = ["en"] if st.session_state.get("bahasa") == "en" else []
    return {name: values for name, values in wanted.items() if values}


def _found() -> Values:
    """What the address says now; several codes may also be joined by commas in one value."""
    answer: Values = {}
    for name in NAMES:
        values = [part for value in st.query_params.get_all(name) for part in _parts(name, value)]
        if values:
            answer[name] = values
    return answer


def _parts(name: str, value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()] if name in LISTS else [value.strip()]


def _take(name: str, values: list[str], moment: Callable[[str], datetime]) -> None:
    if name in LISTS:
        st.session_state[name] = values
    elif name == "bahasa":
        st.session_state[name] = values[0] if values else "id"
    elif not values:
        st.session_state.pop(name, None)
    elif name in ("posisi", "banding"):
        st.session_state[name] = date.fromisoformat(values[0])
    elif name == "diketahui":
        st.session_state[name] = moment(values[0])
    else:
        st.session_state[name] = values[0]
