"""Ask the store and keep the answers for all viewers.

Frames and states are kept by reference (``cache_resource``): they are never altered by a screen, and copying hundreds
of thousands of reports on each rerun would cost more than everything else. The data version is part of every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from geo import regions
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


def version() -> str:
    """What every cached answer depends on: the records, the programmes, the boundaries in force."""
    boundaries = [regions.boundary_stamp(level) for level in (1, 2)]
    return sha256(f"{store().data_version()} {sorted(programmes().items())} {boundaries}".encode()).hexdigest()[:16]


def is_sample() -> bool:
    """Whether what is shown is the sample."""
    return _sample(store().data_version())[0]


def default_day() -> date:
    """The day shown when nobody asks for another: today, or with the sample the day that the sample speaks of."""
    shown, as_of = _sample(store().data_version())
    return as_of if shown and as_of is not None else today()


@st.cache_data(max_entries=4, show_spinner=False)
def _sample(records: str) -> tuple[bool, date | None]:
    del records  # the key alone
    told = store().meta().get("sample_as_of")
    return store().is_sample(), date.fromisoformat(told) if told else None


def tables() -> Mapping[str, pd.DataFrame]:
    """The tables that screens use, by name."""
    return _tables(store().data_version())


@st.cache_resource(max_entries=2, show_spinner=False)
def _tables(records: str) -> Mapping[str, pd.DataFrame]:
    del records  # the key alone
    return store().tables(*TABLES)


def current_state(filters: Filters) -> State:
    """Every figure for the filters; the same object for the same question."""
    return _state(version(), filters)


@st.cache_resource(max_entries=48, show_spinner=False)
def _state(known: str, filters: Filters) -> State:
    del known  # the key alone
    return state(tables(), filters, programmes())


def span() -> tuple[date, date]:
    """First and last day that can be asked for."""
    starts = tables()["sites"]["start_date"].dropna()
    first = starts.min().date() if len(starts) else default_day()
    return min(first, default_day()), max(today(), default_day())


def site_codes() -> frozenset[str]:
    """Codes of all sites."""
    return _codes(store().data_version())[0]


def provinces_with_sites() -> frozenset[str]:
    """Codes of the provinces in which sites lie."""
    return _codes(store().data_version())[1]


@st.cache_resource(max_entries=2, show_spinner=False)
def _codes(records: str) -> tuple[frozenset[str], frozenset[str]]:
    del records  # the key alone
    sites = tables()["sites"]
    return frozenset(sites["code"]), frozenset(code[:2] for code in sites["region_code"].dropna())
