"""Draw what stands on every screen: the title line, the sample mark, downloads beside tables."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo import offline
from geo.access import Sight
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.palette import Theme, status_look
from geo.drawing.symbols import svg_symbol
from geo.export import about, file_name, table_bytes, whole_money
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import Filters
from geo.progress import State
from geo.progress.since import Then
from pages.parts import queries, viewing, ways
from pages.parts.viewing import Hand

K = TypeVar("K", bound=str)


@dataclass(frozen=True)
class Screen:
    """What the frame hands to a screen for this run."""

    t: Translator
    filters: Filters
    state: State
    sample: bool


def screen() -> Screen:
    """The present run's screen, as the frame prepared it; only valid below the frame."""
    prepared = st.session_state["_screen"]
    if not isinstance(prepared, Screen):
        raise TypeError("the frame has not prepared this run")
    return prepared


def look_again() -> None:
    """Take the figures of the present run anew with what may be seen now, see ``queries.looking``."""
    now = screen()
    st.session_state["_screen"] = replace(now, state=queries.current_state(now.filters))


def theme() -> Theme:
    """Light or dark, as the viewer sees it now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def heading(title: str, *, subject: str) -> DeltaGenerator:
    """The title with region, programme and day under it, and the mark of sample data beside it; the title's line."""
    line = title_line(title)
    st.caption(f"{markdown_text(subject)} · {day_shown()}")
    return line


def day_shown() -> str:
    """The day that the figures speak of, as Markdown."""
    page = screen()
    return f"**{page.t('As of {day}', day=page.t.date(page.filters.on))}**"


def title_line(title: str) -> DeltaGenerator:
    """The title with the marks of sample data and of another moment; more may be put beside them."""
    page = screen()
    t = page.t
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with line:
        st.title(title, anchor=False, width="content")
        ways.sign(t)
        if page.sample:
            st.badge(
                t("SAMPLE DATA – not official figures"),
                icon=":material/science:",
                color="orange",
                help=t("Most figures are synthetic. Real data replaces the sample when it is imported."),
            )
        if page.filters.known_at is not None:
            st.badge(
                t("As known on {moment}", moment=t.moment(page.filters.known_at)),
                icon=":material/history:",
                color="blue",
                help=t("What was recorded later is left out. Switch this off in the sidebar."),
            )
    return line


def forget_when_moved(name: str, moment: object, keys: tuple[str, ...]) -> None:
    """Drop what a viewer chose under ``keys`` for another ``moment``: a choice of last June is none for today."""
    if st.session_state.get(f"_saat_{name}") != moment:
        st.session_state[f"_saat_{name}"] = moment
        for key in keys:
            st.session_state.pop(key, None)


def choose(label: str, names: Mapping[K, str], *, key: str, default: K, label_shown: bool = False) -> K:
    """One of several views, side by side as buttons that break into lines where it is narrow; kept for the session."""
    return st.segmented_control(
        label,
        list(names),
        default=default,
        key=key,
        persist_state="session",
        required=True,
        format_func=names.__getitem__,
        label_visibility="visible" if label_shown else "collapsed",
        wrap=True,
    )


def query(**changes: str) -> dict[str, str | list[str]]:
    """The present filters as query parameters for a link to another screen, with some of them changed."""
    shown, known = screen().filters, st.session_state.get("diketahui")
    wanted: dict[str, str | list[str]] = {
        "provinsi": list(shown.provinces),
        "kabkota": list(shown.regencies),
        "program": list(shown.programmes),
        "status": list(shown.statuses),
        "posisi": shown.on.isoformat() if shown.on != queries.default_day() else "",
        "diketahui": known.isoformat(timespec="minutes") if known is not None else "",
        "bahasa": "en" if screen().t.language == "en" else "",
        **changes,
    }
    return {name: value for name, value in wanted.items() if value}


def nonce(name: str) -> str:
    """A file name that no other viewer's download can have: Streamlit keeps large files by name and size alone."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{secrets.token_hex(4)}{dot}{ending}"


def _taken(
    table: pd.DataFrame, name: str, form: str, described: Mapping[str, str], filters: Filters, sight: Sight, by: Hand
) -> bytes:
    from pages.parts import files  # here, because it draws pictures, which takes long to load

    content = table_bytes(whole_money(table), form, about=described)
    files.log_export(by, name, form, filters, sight, content)
    return content


def downloads(table: pd.DataFrame, name: str, *, key: str, since: Then | None = None) -> None:
    """CSV and JSON of a table, with the day and the sample mark inside, made when asked for.

    ``since`` is the earlier position of a table of changes.
    """
    page = screen()
    described = about(page.filters, page.t, sample=page.sample, since=since, public=queries.sight().is_public)
    with st.container(horizontal=True, gap="small"):
        for form, mime in (("csv", "text/csv"), ("json", "application/json")):
            st.download_button(
                form.upper(),
                data=partial(_taken, table, name, form, described, page.filters, queries.sight(), viewing.hand()),
                file_name=nonce(
                    file_name(page.filters, name, form, sample=page.sample, public=queries.sight().is_public)
                ),
                mime=mime,
                key=f"{key}-{form}",
                icon=":material/download:",
                on_click="ignore",
                type="tertiary",
            )


def symbol(shape: str, status: str, *, size_px: int, title: str = "", fill: str | None = None) -> str:
    """A site's symbol as an HTML picture; ``st.html`` takes no inline SVG."""
    drawn = svg_symbol(shape, status, size_px=size_px, theme=theme(), fill=fill)
    name = f"simbol/{shape}-{status}-{size_px}-{theme()}{(fill or '').replace('#', '-')}.svg"
    url = offline.register(name, drawn.encode("utf-8"), "image/svg+xml")
    return (
        f'<img src="{url}" width="{size_px}" height="{size_px}" alt="{html_text(title)}" '
        'style="flex:none;display:block">'
    )


def status_chip(t: Translator, status: str) -> str:
    """A status as HTML: its symbol, then its word in its colour."""
    look = status_look(status, theme())
    return (
        f'<span style="display:inline-flex;align-items:center;gap:.3rem;font-weight:600;color:{look.text};'
        f'white-space:nowrap">{symbol("circle", status, size_px=18)}'
        f"{html_text(status_name(t, status))}</span>"
    )


def not_understood(unknown: list[str]) -> None:
    """Tell that parts of the address were left out, and which."""
    if unknown:
        t = screen().t
        listed = markdown_text(", ".join(unknown))
        st.warning(
            t("The address names values that are not known here: {values}. They were left out.", values=listed),
            icon=":material/link_off:",
        )


def empty(t: Translator) -> None:
    """Say that no site passes the filters, and what to do."""
    st.info(t("No site passes these filters. Clear one of them in the sidebar."), icon=":material/filter_alt:")
