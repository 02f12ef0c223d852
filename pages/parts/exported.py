"""Tell what was exported: the last files, and by the number on a picture exactly what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import streamlit as st

from geo import regions
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.request import Request, address, parse_number
from geo.locale import MISSING, Translator
from geo.locale.terms import indicator_name, status_name
from geo.model import RefusedError
from geo.store import StoredSnapshot
from pages.parts import composer, files, jobs, page, queries

LISTED: Final = 12
_POLL_S: Final = 4.0
"""How often the list looks for files that were just downloaded."""


def show() -> None:
    """The search by number, what it finds, and the last exports."""
    t = page.screen().t
    st.subheader(t("Last exports"), anchor=False)
    typed = st.text_input(
        t("Search a number"),
        key="ekspor_cari",
        type="search",
        placeholder="K7QM3-XPA2D",
        help=t("As it is printed on the picture, on every page and slide: small letters and spaces do no harm."),
        width=320,
    )
    if (typed or "").strip():
        _search(t, (typed or "").strip())
    st.fragment(_listed, run_every=_POLL_S)(t)


# --- the list ----------------------------------------------------------------------------------------------------


def _listed(t: Translator) -> None:
    rows = files.handed_out(LISTED)
    with st.container(key="ekspor-terakhir"):
        if not rows:
            st.caption(t("Nothing was exported yet."))
            return
        told = pd.DataFrame(
            [(row.number, what_told(t, row), t.moment(row.at), jobs.size_told(t, row.bytes)) for row in rows],
            columns=[t("Number"), t("What"), t("Exported on"), t("Size of the file")],
        )
        st.dataframe(
            told,
            hide_index=True,
            height=min(460, 38 + 35 * len(told)),
            alt=t("The last {count} exports with number, kind, moment and size", count=len(told)),
        )


def what_told(t: Translator, row: StoredSnapshot) -> str:
    """What an export is, in words: ``Peta · PNG · Jawa Timur``."""
    kinds = {"map": t("Map"), "atlas": t("Atlas"), "deck": t("Slides"), "annex": t("Excel annex")}
    chosen = row.request.get("filters", {})
    codes = [*(chosen.get("regencies") or chosen.get("provinces") or ())]
    place = ", ".join(regions.region_label(str(code)) for code in codes[:3]) or t("All provinces")
    more = f" +{len(codes) - 3}" if len(codes) > 3 else ""
    return f"{kinds.get(row.what, row.what)} · {row.form.upper()} · {place}{more}"


# --- one number --------------------------------------------------------------------------------------------------


def _search(t: Translator, typed: str) -> None:
    try:
        number = parse_number(typed)
    except RefusedError:
        st.warning(t("That is no number of an export. It has ten signs, such as K7QM3-XPA2D."), icon=":material/error:")
        return
    rows = files.numbered(number)
    if not rows:
        st.warning(
            t(
                "No export of the number {number} is recorded here. Compare it with the picture.",
                number=f"**{number}**",
            ),
            icon=":material/search_off:",
        )
        return
    with st.container(border=True, key="ekspor-temuan"):
        try:
            request = Request.from_dict(rows[0].request)
        except RefusedError:
            st.warning(t("A newer version of this software exported it: update this one."), icon=":material/update:")
            return
        st.markdown(f"**{number}** · {markdown_text(what_told(t, rows[0]))}")
        st.html(_described(t, request, rows))
        _reopen(t, request)


def _reopen(t: Translator, request: Request) -> None:
    parts = urlsplit(address(request, base=""))
    st.page_link(
        "map.py" if request.what == "map" else "overview.py",
        label=t("Open this view"),
        icon=":material/open_in_new:",
        query_params=parse_qs(parts.query),
    )


def _described(t: Translator, request: Request, rows: Sequence[StoredSnapshot]) -> str:
    lines = "".join(
        f'<dt style="opacity:.75">{html_text(name)}</dt>'
        f'<dd style="margin:0;min-width:0;overflow-wrap:anywhere">{html_text(told)}</dd>'
        for name, told in (*_choices(t, request), *_exports(t, rows))
    )
    return (
        '<dl style="display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.2rem 1rem;margin:0;padding:0;'
        'font-size:.95rem">'
        f"{lines}</dl>"
    )


def _choices(t: Translator, request: Request) -> Iterator[tuple[str, str]]:
    """What was chosen, line by line."""
    chosen = request.filters
    known = queries.programmes()
    places = [regions.region_label(code) for code in chosen.regencies or chosen.provinces]
    yield t("Region"), ", ".join(places) or t("All provinces")
    named = [known[code].short.in_language(t.language) if code in known else code for code in chosen.programmes]
    yield t("Programme"), ", ".join(named) or t("All programmes")
    yield t("Status"), ", ".join(status_name(t, code) for code in chosen.statuses) or t("All statuses")
    yield t("As of"), t.date(chosen.on)
    yield t("Records up to"), t.moment(request.recorded_to)
    yield t("Colour regions by"), t("nothing") if request.indicator is None else indicator_name(t, request.indicator)
    if request.what == "map":
        yield t("Size"), composer.size_names(t).get(request.size, request.size)
        yield t("Extent"), _extent(t, request)
        if request.form == "pdf":
            yield t("Colours"), t("Press (CMYK)") if request.colours == "cmyk" else t("Screen (RGB)")
    elif request.since is not None:
        yield t("Changes since"), t.date(request.since)
    if request.template is not None:
        yield t("Own template (optional)"), request.template[:16]
    yield t("Title"), request.title or t("the usual one")
    yield t("Classification"), request.classification
    yield t("Language of the file"), {"id": "Indonesia", "en": "English"}[request.language]
    yield t("Data version"), request.data_version
    yield t("Software"), request.software


def _extent(t: Translator, request: Request) -> str:
    if request.extent is None:
        return t("Whole region")
    west, south, east, north = (t.number(side, digits=2) for side in request.extent)
    return t("{west} to {east} of longitude, {south} to {north} of latitude", west=west, east=east, south=south,
             north=north)  # fmt: skip


def _exports(t: Translator, rows: Sequence[StoredSnapshot]) -> Iterator[tuple[str, str]]:
    """When and by whom it was handed out, with the fingerprint that a file is checked against."""
    for row in rows[:LISTED]:
        told = t("{moment} by {office}", moment=t.moment(row.at), office=row.actor)
        yield t("Exported on"), f"{told} · {row.file_name} · {jobs.size_told(t, row.bytes)} · SHA-256 {row.sha256}"
    if len(rows) > LISTED:
        yield MISSING, t("and {n} more times", n=t.integer(len(rows) - LISTED))
