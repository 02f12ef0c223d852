"""Hand out tables: which one, in which format, and what its first rows say."""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from geo.export import FORMATS, LOCATED, MAP_FORMATS, WHATS, export_frame, file_name
from geo.locale import MISSING, Translator
from geo.model import Filters
from geo.progress.since import then_of
from pages.parts import files, page, queries, viewing

_SHOWN: Final = 100
"""Rows of a table that are shown; the file has every row."""


def table_names(t: Translator) -> dict[str, str]:
    """The tables in words."""
    return {
        "sites": t("Sites"),
        "reports": t("Reports"),
        "actions": t("Actions"),
        "position": t("Position of each site"),
        "regions": t("Figures by region"),
        "changes": t("Changes since the last meeting"),
        "matrix": t("Matrix of the action plan"),
        "evaluation": t("Annual evaluation"),
        "awaited": t("Awaited reports"),
        "restatements": t("Restated figures"),
        "reconciliation": t("Reconciliation"),
        "people": t("Counts of beneficiaries"),
        "plans": t("Plans of the sites"),
        "action_reports": t("Reports on actions"),
        "beneficiaries": t("Records of beneficiaries"),
        "obstacles": t("Obstacles"),
        "institutions": t("Institutions"),
    }


def data() -> None:
    """Choose the table on the left, see its first rows on the right, take it in any format it can have."""
    now = page.screen()
    t = now.t
    names = table_names(t)
    choices, shown = st.columns([1, 2], gap="medium")
    with choices:
        left_out = set() if len(queries.meetings(now.filters)) else {"changes"}
        if queries.sight().counts == ():  # single records are not for the public
            left_out.add("beneficiaries")
        offered = [what for what in WHATS if what not in left_out]
        what = st.selectbox(
            t("Table"),
            offered,
            index=offered.index("position"),
            key="ekspor_tabel",
            persist_state="session",
            format_func=names.__getitem__,
        )
        st.markdown(f"**{t('Download as')}**")
        with st.container(horizontal=True, gap="small"):
            for form, mime in FORMATS.items():
                if form in MAP_FORMATS and what not in LOCATED:
                    continue
                st.download_button(
                    form.upper(),
                    data=partial(files.table, now.filters, what, form, t, queries.sight(), viewing.hand()),
                    file_name=page.nonce(
                        file_name(now.filters, what, form, sample=now.sample, public=queries.sight().is_public)
                    ),
                    mime=mime,
                    key=f"ekspor-data-{form}",
                    icon=":material/download:",
                    on_click="ignore",
                )
    with shown:
        rows = _rows(queries.version(), now.filters, what)
        st.dataframe(
            rows.head(_SHOWN), hide_index=True, placeholder=MISSING, height=420, alt=names[what], key="ekspor-isi"
        )
        st.caption(
            t(
                "{shown} of {n} rows; the file has all of them.",
                shown=t.integer(min(len(rows), _SHOWN)),
                n=t.integer(len(rows)),
            )
        )


@st.cache_data(max_entries=16, show_spinner=False)
def _rows(known: str, filters: Filters, what: str) -> pd.DataFrame:
    del known  # the key alone
    met = queries.meetings(filters) if what == "changes" else None
    then = then_of(met.iloc[0]) if met is not None and len(met) else None
    changes = queries.changes(filters, then) if then is not None else None
    plan = queries.current_plan(filters)
    people = queries.people(filters) if what == "people" else None
    state = queries.current_state(filters)
    rows = export_frame(what, state, queries.tables(), plan=plan, changes=changes, people=people)
    return pd.DataFrame({name: _plain(rows[name]) for name in rows.columns if name != "geometry"})


def _plain(column: pd.Series) -> pd.Series:
    """A column that a grid can show: what is neither number, day nor text becomes text."""
    return column.astype("string") if column.dtype == object else column
