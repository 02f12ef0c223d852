"""Ask the store and keep the answers for all viewers.

Frames and states are kept by reference (``cache_resource``): they are never altered by a screen, and copying hundreds
of thousands of reports on each rerun would cost more than everything else. The data version is part of every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from geo.locale import translator
from geo.model import Filters, Programme
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.startup import ready_store
from geo.store import Store

TABLES: tuple[str, ...] = (
    "sites",
    "plans",
    "reports",
    "obstacles",
    "institutions",
    "site_indicators",
    "beneficiaries",
)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The database, brought up to date; an empty one is filled with the sample."""
    return ready_store(at=datetime.now(UTC))


def warm_up() -> None:
    """Do before the first visitor comes what else the first visitor would wait for.

    streamlit-folium is not touched here: its frame is only registered when a screen imports it first.
    """
    from geo.drawing import charts, web_map  # here, because it takes a second and other users of this module need none
    from geo.drawing.view import map_view

    frame = current_state(Filters(on=default_day()))
    _ = (frame.national, frame.by_province, frame.needs_attention)
    charts.s_curve(frame.curve, on=frame.filters.on, t=translator("id"))
    web_map.change(web_map.payload(map_view(frame), translator("id")))
    web_map.base_map(share=0.5, least=300, most=600)


def programmes() -> Mapping[str, Programme]:
    """Programmes by code, read again when their file changes."""
    return load_programmes()


def today() -> date:
    """The day in Jakarta, where the agency sits."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def is_sample() -> bool:
    """Whether what is shown is the sample."""
    return _sample(store().data_version())[0]


def default_day() -> date:
    """The day shown when nobody asks for another: today, or with the sample the day that the sample speaks of."""
    shown, as_of = _sample(store().data_version())
    return as_of if shown and as_of is not None else today()


@st.cache_data(max_entries=4, show_spinner=False)
def _sample(_version_key: str) -> tuple[bool, date | None]:
    told = store().meta().get("sample_as_of")
    return store().is_sample(), date.fromisoformat(told) if told else None


def tables() -> Mapping[str, pd.DataFrame]:
    """The tables that screens use, by name."""
    return _tables(store().data_version())


@st.cache_resource(max_entries=2, show_spinner=False)
def _tables(version: str) -> Mapping[str, pd.DataFrame]:
    del version  # the key alone
    return store().tables(*TABLES)


def current_state(filters: Filters) -> State:
    """Every figure for the filters; the same object for the same question."""
    return _state(store().data_version(), filters, tuple(programmes().items()))


@st.cache_resource(max_entries=48, show_spinner=False)
def _state(version: str, filters: Filters, known: tuple[tuple[str, Programme], ...]) -> State:
    del version
    return state(tables(), filters, dict(known))


def span() -> tuple[date, date]:
    """First and last day that can be asked for."""
    starts = tables()["sites"]["start_date"].dropna()
    first = starts.min().date() if len(starts) else default_day()
    return min(first, default_day()), max(today(), default_day())


def site_codes() -> frozenset[str]:
    """Codes of all sites."""
    return _site_codes(store().data_version())


@st.cache_resource(max_entries=2, show_spinner=False)
def _site_codes(version: str) -> frozenset[str]:
    del version
    return frozenset(tables()["sites"]["code"])
