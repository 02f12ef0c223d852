"""Show which heading was taken for which column, and let the person say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.drawing.escape import markdown_text
from geo.intake.cells import Level
from geo.intake.headings import LEAVE_OUT, Recognised
from geo.intake.kinds import Form, Kind, kind_columns
from geo.intake.steps import Proposal
from geo.intake.tables import Table
from geo.intake.verdicts import shown
from geo.locale import Translator
from pages.parts import intake_state, intake_words, page

_EXAMPLES = 3
_LOOKED_AT = 50  # rows in which examples are looked for
_FIRST_YEAR = 2000
_LAST_YEAR = 2100


def recognise(t: Translator, table: Table, found: Recognised, proposal: Proposal) -> None:
    """Step 2: the columns, with reason and first values; what is missing; what holds for every row."""
    st.subheader(t("2. Recognise"), anchor=False)
    kind = intake_words.kind_name(t, found.kind)
    st.markdown(t("Taken as: {kind}.", kind=f"**{kind}**"))
    loud = [one for one in found.told if one.level in (Level.ASKED, Level.FLAGGED)]
    if loud:
        st.html(intake_words.told_list(t, loud, page.theme()))
    _editor(t, table, found)
    missing = [group for group in found.missing if not set(group) & set(proposal.choices.constants)]
    if missing:
        with st.container(key="impor-kurang", border=True):
            st.markdown(f":material/warning: **{t('Columns are missing. Say which heading holds them.')}**")
            for group in missing:
                _ask_missing(t, table, found, group)
    _constants(t, found.kind, proposal)
    if _asks_year(proposal):
        _ask_year(t, proposal)


# --- the columns -------------------------------------------------------------------------------------------------


def _editor(t: Translator, table: Table, found: Recognised) -> None:
    none = t("not taken")
    labels = {name: intake_words.column_name(t, found.kind, name) for name in kind_columns(found.kind).names}
    names = {label: name for name, label in labels.items()} | {none: LEAVE_OUT}
    matches = {one.heading: one for one in found.matches}
    wide = {one.heading: one for one in found.wide.columns} if found.wide else {}
    rows = []
    for at, heading in enumerate(table.headings):
        match, period = matches.get(heading), wide.get(heading)
        taken = labels[match.column] if match else labels[period.into] if period else none
        reason = intake_words.reason_name(t, match) if match else ""
        if period:
            reason = t("one for each period: {period}", period=period.key or "?")
        rows.append((heading, taken, reason, _examples(table.body.iloc[:, at])))
    heading, column, reason, values = t("Heading in the file"), t("Column"), t("Why"), t("First values")
    key = f"impor_kolom_{intake_state.round_number()}"

    def changed() -> None:
        edits: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
        intake_state.choose_columns(
            {table.headings[int(at)]: names[edit[column]] for at, edit in edits.items() if edit.get(column) in names}
        )

    with st.container(key="impor-kolom"):
        st.data_editor(
            pd.DataFrame(rows, columns=[heading, column, reason, values]),
            key=key,
            hide_index=True,
            disabled=[heading, reason, values],
            height=min(430, 38 + 35 * len(rows)),
            on_change=changed,
            column_config={
                heading: st.column_config.TextColumn(width=230),
                column: st.column_config.SelectboxColumn(options=[none, *labels.values()], required=True, width=230),
                reason: st.column_config.TextColumn(width=230),
                values: st.column_config.TextColumn(width=300),
            },
            alt=t("{count} headings with the column that each is taken for", count=len(rows)),
        )
    st.caption(t("Choose another column in the table where one is not right; the check then runs again."))


def _examples(cells: pd.Series[Any]) -> str:
    """The first different values of a column."""
    seen = (shown(cell) for cell in cells.iloc[:_LOOKED_AT].tolist())
    return "; ".join(list(dict.fromkeys(text for text in seen if text))[:_EXAMPLES])


# --- what is missing ---------------------------------------------------------------------------------------------


def _ask_missing(t: Translator, table: Table, found: Recognised, group: Sequence[str]) -> None:
    names = {name: intake_words.column_name(t, found.kind, name) for name in group}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, label in names.items():
            key = f"impor_kurang_{name}_{intake_state.round_number()}"
            st.selectbox(
                t("{column}: heading that holds it", column=label),
                list(table.headings),
                index=None,
                key=key,
                placeholder=t("choose a heading"),
                on_change=_take_heading,
                args=(key, name),
                width=300,
            )
            _ask_constant(t, found.kind, name, label)
            if name in found.offered:
                text = found.offered[name]
                st.button(
                    t("Take “{value}” from the title for every row", value=markdown_text(text)),
                    key=f"impor_judul_{name}",
                    on_click=_take_constant,
                    args=(name, text),
                    icon=":material/check:",
                )


def _take_heading(key: str, name: str) -> None:
    heading = st.session_state[key]
    if heading is not None:
        intake_state.choose_columns({heading: name})


def _take_constant(name: str, text: str) -> None:
    if name == "year" and text.isdigit():
        intake_state.choose(year=int(text))
    intake_state.choose_constant(name, text)


def _ask_constant(t: Translator, kind: Kind, name: str, label: str) -> None:
    """A widget for a value that holds for every row, where one is likely."""
    wanted = kind_columns(kind).wanted(name)
    key = f"impor_tetap_{name}_{intake_state.round_number()}"
    title = t("{column}: the same for every row", column=label)
    if wanted.form is Form.DATE:
        st.date_input(
            title, value=None, key=key, format="DD/MM/YYYY", on_change=_set_constant, args=(key, name), width=240
        )
    elif wanted.form is Form.YEAR:
        st.number_input(
            title, value=None, min_value=_FIRST_YEAR, max_value=_LAST_YEAR, step=1, key=key,
            on_change=_set_constant, args=(key, name), width=240,
        )  # fmt: skip
    elif wanted.form is Form.CHOICE:
        st.selectbox(
            title, list(wanted.values), index=None, key=key, on_change=_set_constant, args=(key, name), width=240,
            placeholder=t("choose"),
        )  # fmt: skip


def _set_constant(key: str, name: str) -> None:
    value = st.session_state[key]
    if value is None:
        return
    text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
    _take_constant(name, text)


def _constants(t: Translator, kind: Kind, proposal: Proposal) -> None:
    """What holds for every row, each with a way back."""
    for name, text in proposal.choices.constants.items():
        label = intake_words.column_name(t, kind, name)
        st.button(
            t("{column} is “{value}” in every row: take it back", column=label, value=markdown_text(text)),
            key=f"impor_lepas_{name}",
            on_click=intake_state.choose_constant,
            args=(name, None),
            icon=":material/undo:",
            type="tertiary",
        )


def _asks_year(proposal: Proposal) -> bool:
    """Whether a period is named without its year."""
    codes = {one.code for one in proposal.told}
    if proposal.checked is not None:
        codes |= {one.finding.code for one in proposal.checked.findings}
    return proposal.choices.year is not None or bool(codes & {"wide.year", "month.no_year"})


def _ask_year(t: Translator, proposal: Proposal) -> None:
    key = f"impor_tahun_{intake_state.round_number()}"
    st.number_input(
        t("Year of the periods that name none"),
        value=proposal.choices.year,
        min_value=_FIRST_YEAR,
        max_value=_LAST_YEAR,
        step=1,
        key=key,
        on_change=lambda: intake_state.choose(year=st.session_state[key]),
        width=240,
    )
