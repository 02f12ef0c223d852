"""Show counts of beneficiaries: exact for who may see them, else as published, hidden ones hatched and explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from geo.access.people import GROUPS, People
from geo.drawing.escape import html_text
from geo.locale import MISSING, Translator
from geo.locale.terms import group_name
from geo.published import small_count
from pages.parts import page, queries, tables

_HATCH: Final = (
    "background:repeating-linear-gradient(135deg,transparent 0 4px,"
    "color-mix(in srgb,currentColor 22%,transparent) 4px 5px);font-style:italic;"
)
_CELL: Final = (
    "text-align:right;padding:.3rem .7rem;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);"
)
_NAME: Final = _CELL.replace("text-align:right", "text-align:left")


def section() -> None:
    """The counts of the sites on the screen: by programme, then by province or kabupaten/kota."""
    now = page.screen()
    t, state = now.t, now.state
    people = queries.people(now.filters)
    codes = list(state.positions["code"])
    base = people.reporting(codes)
    st.subheader(t("Beneficiaries"), anchor=False)
    told = t(
        "People at the end of the quarter, {day}; told by {n} of {all} sites.",
        day=t.date(people.period),
        n=t.integer(base),
        all=t.integer(len(codes)),
    )
    st.caption(f"{told} {_seen(t, people)}")
    if not base:
        return
    by_programme = [
        (state.programmes[str(code)].name.in_language(t.language), list(rows["code"]))
        for code, rows in state.positions.groupby("programme", sort=False)
    ]
    narrow = len(now.filters.provinces) == 1 or bool(now.filters.regencies)
    by = "regency" if narrow else "province"
    by_region = [
        (tables.region_text(str(code)), list(rows["code"])) for code, rows in state.positions.groupby(by, sort=True)
    ]
    whole = (t("All"), codes)
    st.html(_table(t, people, t("Programme"), [*by_programme, whole]))
    st.html(_table(t, people, t("Region"), [*by_region, whole]))
    if not people.is_exact:
        _why(t)


def _seen(t: Translator, people: People) -> str:
    if people.is_exact:
        return f":material/shield: **{t('Protected figures: not to be passed on.')}**"
    if people.own:
        return t("Exact in your own provinces, elsewhere as published.")
    return t("As published.")


def _table(t: Translator, people: People, first: str, rows: Sequence[tuple[str, list[str]]]) -> str:
    heads = "".join(
        f'<th scope="col" style="{_CELL}font-weight:600">{html_text(name)}</th>'
        for name in (*(group_name(t, group) for group in GROUPS), t("All groups"))
    )
    lines = "".join(
        f'<tr><th scope="row" style="{_NAME}font-weight:400;">{html_text(name)}</th>'
        + "".join(_cell(t, people, codes, groups) for groups in (*((group,) for group in GROUPS), GROUPS))
        + "</tr>"
        for name, codes in rows
    )
    return (
        '<div style="overflow-x:auto">'
        '<table style="border-collapse:collapse;width:100%;max-width:46rem;font-size:.95rem">'
        f'<tr><th scope="col" style="{_NAME}font-weight:600">{html_text(first)}</th>{heads}</tr>{lines}</table></div>'
    )


def _cell(t: Translator, people: People, codes: Sequence[str], groups: Sequence[str]) -> str:
    if not people.reporting(codes):
        return f'<td style="{_CELL}">{MISSING}</td>'
    count = people.total(codes, groups)
    if count is None:
        return f'<td style="{_CELL}{_HATCH}">{html_text(t("hidden"))}</td>'
    return f'<td style="{_CELL}">{html_text(t.integer(count))}</td>'


def _why(t: Translator) -> None:
    with st.popover(t("Why are figures hidden?"), icon=":material/visibility_off:", key="mengapa-disamarkan"):
        st.markdown(
            t(
                "Counts of people below {n} could tell who is meant, so they are not shown. Others are hidden with "
                "them, because a small count could be worked out from totals, from other groups, from an earlier "
                "quarter or from another file. A hidden count is neither zero nor missing.",
                n=t.integer(small_count()),
            )
        )


def line(t: Translator, code: str) -> str:
    """The counts of one site in a line, ``MISSING`` where none is told."""
    people = queries.people(page.screen().filters)
    if not people.reporting([code]):
        return MISSING
    parts = []
    for group in GROUPS:
        count = people.total([code], (group,))
        parts.append(f"{group_name(t, group)} {t('hidden') if count is None else t.integer(count)}")
    return " · ".join(parts)
