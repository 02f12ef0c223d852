"""Show the shared filters and turn them into ``Filters``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import streamlit as st

from geo import regions
from geo.drawing.view import INDICATORS
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import FOCUS_PROVINCES, Filters, Status
from pages.parts import queries

ZONE = ZoneInfo("Asia/Jakarta")
"""Moments are chosen and shown in Western Indonesian Time (WIB); widgets and addresses hold them without a zone."""


def allowed() -> Mapping[str, Callable[[str], bool]]:
    """For each parameter of the address, whether a value is known."""
    first, last = queries.span()

    def is_day(value: str) -> bool:
        try:
            return first <= date.fromisoformat(value) <= last
        except ValueError:
            return False

    def is_moment(value: str) -> bool:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return False
        return moment.tzinfo is None and EARLIEST <= moment <= latest()  # a bare day begins in the past, too

    return {
        "provinsi": lambda value: value in province_codes(),
        "kabkota": lambda value: value in regency_codes(()),
        "program": lambda value: value in queries.programmes(),
        "status": lambda value: value in set(Status),
        "posisi": is_day,
        "diketahui": is_moment,
        "lokasi": lambda value: value in queries.site_codes(),
        "indikator": lambda value: value in INDICATORS or value == PLAIN,
        "banding": is_day,
        "bahasa": lambda value: value in ("id", "en"),
    }


PLAIN = "tanpa"
"""Code of a map without an indicator."""

EARLIEST = datetime(2000, 1, 1, tzinfo=ZONE).replace(tzinfo=None)
"""Nothing is asked to be known before this."""


LAST_MINUTE = time(23, 59)


def local_now() -> datetime:
    """The present minute in WIB, without a zone."""
    return datetime.now(ZONE).replace(tzinfo=None, second=0, microsecond=0)


def latest() -> datetime:
    """The last moment that can be chosen: the end of the present minute, to which an export just made counts."""
    return local_now() + timedelta(minutes=1)


def moment_of(text: str) -> datetime:
    """A moment of an address in WIB; a bare day means its end, or now while it lasts."""
    moment = datetime.fromisoformat(text)
    return min(datetime.combine(moment, LAST_MINUTE), local_now()) if len(text) == len("2026-10-14") else moment


def known_at() -> datetime | None:
    """The moment (UTC) after which nothing recorded counts; ``None``: everything counts."""
    chosen = st.session_state.get("diketahui")
    if not isinstance(chosen, datetime):
        return None
    # the last minute of a day stands for its end
    exact = datetime.combine(chosen, time.max) if chosen.time() == LAST_MINUTE else chosen
    return exact.replace(tzinfo=ZONE).astimezone(UTC)


def show_as_known(moment: datetime, on: date) -> None:
    """Show the figures of a day as they were known at a moment (aware)."""
    st.session_state["posisi"] = on
    st.session_state["diketahui"] = moment.astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0)


def _switch_clock() -> None:
    """Begin with what was known by the end of the day shown, or leave the past."""
    if st.session_state["sebagaimana"]:
        evening = datetime.combine(st.session_state["posisi"], LAST_MINUTE)
        st.session_state["diketahui"] = min(evening, local_now())
    else:
        st.session_state["diketahui"] = None


def _clock(t: Translator) -> None:
    """The switch between what is known now and what was known then."""
    st.session_state["sebagaimana"] = st.session_state.get("diketahui") is not None
    st.toggle(
        t("As known on"),
        key="sebagaimana",
        persist_state="session",
        on_change=_switch_clock,
        help=t("Leaves out what was recorded later, so that a past briefing can be shown as it was."),
    )
    if st.session_state["diketahui"] is not None:
        st.datetime_input(
            t("As known on"),
            key="diketahui",
            persist_state="session",
            min_value=EARLIEST,
            max_value=latest(),
            format="DD/MM/YYYY",
            step=60,
            required=True,
            label_visibility="collapsed",
        )


def province_codes() -> list[str]:
    """The focus provinces, then others that have sites."""
    return [*FOCUS_PROVINCES, *sorted(queries.provinces_with_sites() - set(FOCUS_PROVINCES))]


def regency_codes(provinces: tuple[str, ...]) -> list[str]:
    """Kabupaten/kota of the chosen provinces, of all offered provinces where none is chosen."""
    return list(_regencies(tuple(provinces or province_codes()), regions.boundary_stamp(2)))


@lru_cache(maxsize=64)
def _regencies(provinces: tuple[str, ...], stamp: str) -> Mapping[str, str]:
    """Names of the kabupaten/kota of provinces, by code."""
    del stamp  # the key alone
    return {
        region.code: region.name for code in provinces for region in regions.regions(2) if region.province_code == code
    }


def ready() -> Filters:
    """Bring the filters into what can be chosen, before any screen reads them, and answer what they say.

    Their values outlive a run that ends before it draws them, as a jump to another screen does.
    """
    first, last = queries.span()
    st.session_state.setdefault("posisi", queries.default_day())
    st.session_state["posisi"] = min(max(st.session_state["posisi"] or last, first), last)
    st.session_state.setdefault("diketahui", None)
    for name in ("provinsi", "kabkota", "program", "status"):
        st.session_state.setdefault(name, [])
    offered = regency_codes(tuple(st.session_state["provinsi"]))
    st.session_state["kabkota"] = [code for code in st.session_state["kabkota"] if code in offered]
    return current()


def sidebar(t: Translator) -> None:
    """Draw the filters in the sidebar; they hold what ``ready`` left in them."""
    first, last = queries.span()
    known = queries.programmes()
    with st.sidebar:
        st.date_input(
            t("As of"),
            key="posisi",
            persist_state="session",
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            help=t("Figures speak of this day: later reports are left out."),
        )
        _clock(t)
        st.multiselect(
            t("Province"),
            province_codes(),
            key="provinsi",
            persist_state="session",
            format_func=regions.region_label,
            placeholder=t("All provinces"),
        )
        chosen = tuple(st.session_state["provinsi"] or province_codes())
        offered = _regencies(chosen, regions.boundary_stamp(2))
        st.multiselect(
            t("Kabupaten/kota"),
            list(offered),
            key="kabkota",
            persist_state="session",
            format_func=offered.__getitem__,
            placeholder=t("All kabupaten/kota"),
        )
        st.multiselect(
            t("Programme"),
            list(known),
            key="program",
            persist_state="session",
            format_func=lambda code: known[code].short.in_language(t.language),
            placeholder=t("All programmes"),
        )
        st.multiselect(
            t("Status"),
            [str(status) for status in Status],
            key="status",
            persist_state="session",
            format_func=lambda status: status_name(t, status),
            placeholder=t("All statuses"),
        )
        st.button(
            t("Clear filters"),
            on_click=clear,
            icon=":material/filter_alt_off:",
            width="stretch",
            disabled=not any(st.session_state[name] for name in ("provinsi", "kabkota", "program", "status")),
        )
        st.segmented_control(
            "Bahasa / Language",
            ["id", "en"],
            key="bahasa",
            persist_state="session",
            format_func=lambda code: {"id": "Indonesia", "en": "English"}[code],
            required=True,
        )


def current() -> Filters:
    """The filters as the widgets hold them, each value checked again."""
    check = allowed()

    def kept(name: str) -> tuple[str, ...]:
        return tuple(value for value in st.session_state.get(name) or [] if check[name](value))

    return Filters(
        on=st.session_state["posisi"],
        known_at=known_at(),
        provinces=kept("provinsi"),
        regencies=kept("kabkota"),
        programmes=kept("program"),
        statuses=kept("status"),
    )


def clear() -> None:
    """Take every restriction back, keep the day."""
    for name in ("provinsi", "kabkota", "program", "status"):
        st.session_state[name] = []


def choose_region(code: str) -> None:
    """Narrow the filters to a province or a kabupaten/kota."""
    st.session_state["provinsi"] = [code[:2]]
    st.session_state["kabkota"] = [code[:5]] if len(code) > 2 else []


def leave_region() -> None:
    """Widen the filters by one level: from kabupaten/kota to province, from province to all."""
    if st.session_state.get("kabkota"):
        st.session_state["kabkota"] = []
    else:
        st.session_state["provinsi"] = []
