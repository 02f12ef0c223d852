"""Show what a check found: the sum of the rows, what would change, every finding, and the answers a person gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from geo.drawing.escape import markdown_text
from geo.intake import personal
from geo.intake.cells import Level
from geo.intake.headings import Recognised
from geo.intake.messages import sentences, sum_sentence
from geo.intake.steps import Proposal, answers_of
from geo.intake.tables import Table, column_letters
from geo.intake.verdicts import CellFinding, Checked, Verdict, shown
from geo.locale import MISSING, Translator
from geo.store import Compared
from pages.parts import cards, intake_files, intake_map, intake_state, intake_words, page
from pages.parts.intake_read import XLSX
from pages.parts.tables import styled

SHOWN: Final = 1_000
"""Findings listed; the workbook with the verdicts holds all of them."""

DIFFERENCES: Final = 300
"""Changed values listed."""

BY_HAND: Final = frozenset({"institution.nearly"})
"""Codes whose proposals are not taken at a click: institutions of nearly one name are others, so a person writes it."""

_ALL: Final = "all"
_SIGNS: Final = {Verdict.ACCEPTED: "=", Verdict.FLAGGED: "+", Verdict.REFUSED: "+"}


def check(t: Translator, file: intake_state.Upload, proposal: Proposal) -> None:
    """Step 3: everything that a person has to know before the file is written."""
    checked, compared, found, table = proposal.checked, proposal.compared, proposal.found, proposal.table
    if checked is None or compared is None or found is None or table is None:
        return
    st.subheader(t("3. Check"), anchor=False)
    _sum(t, checked)
    _effect(t, compared)
    _differences(t, found, checked, compared)
    if checked.findings:
        _findings(t, table, checked)
    else:
        st.success(t("Nothing was found that somebody should look at."), icon=":material/check_circle:")
    answers = proposal.choices.answers
    if answers:
        st.button(
            t.plural("Take back {n} answer", "Take back {n} answers", len(answers)),
            key="impor-tanpa-jawaban",
            on_click=intake_state.choose,
            kwargs={"answers": {}},
            icon=":material/undo:",
            type="tertiary",
        )
    intake_map.located(t, checked.places)
    returned(t, file, proposal)


def returned(t: Translator, file: intake_state.Upload, proposal: Proposal) -> None:
    """The sender's workbook with its verdicts, to be taken away."""
    st.download_button(
        t("Download the file with its verdicts"),
        data=partial(intake_files.returned, file.original, proposal, t),
        file_name=page.nonce(f"{t('verdicts')}-{proposal.found.kind if proposal.found else ''}.xlsx"),
        mime=XLSX,
        key="impor-hasil",
        icon=":material/download:",
        on_click="ignore",
        help=t("The file as it was sent, with a colour and a comment in each cell that was found fault with."),
    )


# --- figures -----------------------------------------------------------------------------------------------------


def _sum(t: Translator, checked: Checked) -> None:
    theme = page.theme()
    counts = Counter(checked.verdicts.values())
    shares = [
        cards.figure(
            f"{_SIGNS[verdict]} {intake_words.verdict_name(t, verdict)}",
            t.integer(counts[verdict]),
            f"{intake_words.VERDICT_LOOKS[verdict].sign} {_meaning(t, verdict)}",
            colour=intake_words.VERDICT_LOOKS[verdict].colour(theme),
        )
        for verdict in Verdict
    ]
    first = cards.figure(t("rows in the file"), t.integer(len(checked.verdicts)), t("headings and totals left out"))
    st.html(cards.grid([first, *shares], least_px=150))
    with st.container(key="impor-jumlah"):
        st.caption(sum_sentence(t, counts))


def _meaning(t: Translator, verdict: Verdict) -> str:
    return {
        Verdict.ACCEPTED: t("taken as they are"),
        Verdict.FLAGGED: t("taken; somebody should look"),
        Verdict.REFUSED: t("not taken before they are corrected"),
    }[verdict]


def _effect(t: Translator, compared: Compared) -> None:
    counts = compared.counts
    told = t(
        "{new} new, {changed} changed, {unchanged} unchanged.",
        new=t.integer(counts.new),
        changed=t.integer(counts.changed),
        unchanged=t.integer(counts.unchanged),
    )
    with st.container(key="impor-akibat"):
        st.markdown(f"{t('Records to be written:')} **{markdown_text(told)}**")


def _differences(t: Translator, found: Recognised, checked: Checked, compared: Compared) -> None:
    """The values that would replace others, each with the one that stands."""
    if not compared.counts.changed:
        return
    names = [str(name) for name in compared.differs.columns if name in checked.rows]
    marks = compared.differs[names].to_numpy(dtype=bool)
    rows = []
    for at in np.flatnonzero((compared.state == "changed").to_numpy())[:DIFFERENCES].tolist():
        for place in np.flatnonzero(marks[at]).tolist():
            name = names[place]
            before, after = compared.before[name].iloc[at], checked.rows[name].iloc[at]
            label = intake_words.column_name(t, found.kind, name)
            rows.append((int(checked.file_rows[at]), label, _value(t, before), _value(t, after)))
    with st.expander(t("What would change"), icon=":material/difference:"):
        st.dataframe(
            pd.DataFrame(rows[:DIFFERENCES], columns=[t("Row"), t("Column"), t("Stands now"), t("In the file")]),
            hide_index=True,
            placeholder=MISSING,
            height=min(320, 38 + 35 * max(1, len(rows[:DIFFERENCES]))),
            alt=t("{count} values that would change", count=len(rows)),
        )


def _value(t: Translator, value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return t.date_short(value)
    if isinstance(value, float):
        return t.limit(value)
    return MISSING if pd.api.types.is_scalar(value) and pd.isna(value) else shown(value)


# --- findings ----------------------------------------------------------------------------------------------------


def _findings(t: Translator, table: Table, checked: Checked) -> None:
    counts = Counter(one.level for one in checked.findings)
    names = {_ALL: f"{t('all')} ({t.integer(len(checked.findings))})"} | {
        str(level): f"{intake_words.LEVEL_LOOKS[level].sign} {intake_words.level_name(t, level)} "
        f"({t.integer(counts[level])})"
        for level in Level
        if counts[level]
    }
    if st.session_state.get("impor_tingkat") not in names:
        st.session_state.pop("impor_tingkat", None)
    level = page.choose(t("Findings"), names, key="impor_tingkat", default=_ALL, label_shown=True)
    every = [one for one in checked.findings if level in (_ALL, str(one.level))]
    listed = every[:SHOWN]
    key = f"impor_temuan_{level}_{intake_state.round_number()}"
    with st.container(key="impor-temuan"):
        chosen = st.dataframe(
            _table(t, table, listed),
            key=key,
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            height=min(400, 38 + 35 * len(listed)),
            placeholder=MISSING,
            column_config={
                t("Row"): st.column_config.NumberColumn(width=60, format="%d"),
                t("Cell"): st.column_config.TextColumn(width=55),
                t("Heading"): st.column_config.TextColumn(width=150),
                t("Value"): st.column_config.TextColumn(width=150),
                t("Level"): st.column_config.TextColumn(width=110),
                t("What is wrong"): st.column_config.TextColumn(width=400),
                t("What to do"): st.column_config.TextColumn(width=330),
                t("Proposal"): st.column_config.TextColumn(width=140),
            },
            alt=t("{count} findings with place, level, what is wrong and what to do", count=len(listed)),
        )
    if len(every) > SHOWN:
        st.caption(
            t(
                "The first {shown} of {count} findings; the file with its verdicts holds all of them.",
                shown=t.integer(SHOWN),
                count=t.integer(len(every)),
            )
        )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(listed):
        _one(t, checked, listed[rows[0]])
    elif any(one.column is not None and one.level is Level.ASKED for one in listed):
        st.caption(t("Choose a row of the table to answer it."))
    _proposals(t, checked)


def _table(t: Translator, table: Table, findings: Sequence[CellFinding]) -> Any:
    headings = dict(zip(table.columns.tolist(), table.headings, strict=True))
    said = [sentences(t, one.finding) for one in findings]
    signs = {level: f"{look.sign} {intake_words.level_name(t, level)}" for level, look in _looks().items()}
    shown_table = pd.DataFrame(
        {
            t("Row"): [one.row for one in findings],
            t("Cell"): [column_letters(one.column) + str(one.row) if one.column else None for one in findings],
            t("Heading"): [headings.get(one.column) if one.column else None for one in findings],
            t("Value"): [one.value or None for one in findings],
            t("Level"): [signs[one.level] for one in findings],
            t("What is wrong"): [wrong for wrong, _ in said],
            t("What to do"): [remedy or None for _, remedy in said],
            t("Proposal"): [one.finding.proposal for one in findings],
        }
    )
    colours = {signs[level]: look.colour(page.theme()) for level, look in _looks().items()}
    style = styled(shown_table, {})
    return style.map(lambda word: f"color: {colours[word]}; font-weight: 600", subset=[t("Level")])


def _looks() -> Mapping[Level, intake_words.Look]:
    return intake_words.LEVEL_LOOKS


def _one(t: Translator, checked: Checked, chosen: CellFinding) -> None:
    """A finding in full, and the text that a person gives in place of the cell's."""
    place = f"{column_letters(chosen.column)}{chosen.row}" if chosen.column else t("row {row}", row=chosen.row)
    with st.container(border=True, key="impor-satu"):
        look = intake_words.LEVEL_LOOKS[chosen.level]
        st.markdown(
            f"**{look.sign} {intake_words.level_name(t, chosen.level)} · {place}** "
            + markdown_text(intake_words.told(t, chosen.finding))
        )
        if chosen.column is None:
            return
        by_hand = chosen.finding.code in BY_HAND
        proposal = chosen.finding.proposal or ""
        key = f"impor_jawaban_{chosen.row}_{chosen.column}_{intake_state.round_number()}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            text = st.text_input(
                t("Take this in place of the cell"),
                value="" if by_hand else proposal,
                key=key,
                max_chars=200,
                placeholder=t("write the code yourself") if by_hand else "",
                width=320,
            )
            sent = st.button(t("Take it"), key="impor-jawab", icon=":material/check:")
        alike = _alike(checked, chosen)
        every = len(alike) > 1 and st.checkbox(
            t.plural("for {n} cell with this text", "for all {n} cells with this text", len(alike)),
            value=True,
            key=f"{key}_semua",
        )
        if sent and personal.personal_in_text(text):
            st.error(t("This looks like personal data and is not taken."), icon=":material/block:")
        elif sent and text.strip():
            intake_state.answer(dict.fromkeys(alike if every else [(chosen.row, chosen.column)], text.strip()))
            st.rerun()


def _alike(checked: Checked, chosen: CellFinding) -> list[tuple[int, int]]:
    """The cells of a column that hold the same text and have the same finding."""
    whole = chosen.value and not chosen.value.endswith("…")  # of a shortened text the end is not known
    return [
        (one.row, one.column)
        for one in checked.findings
        if one.column is not None
        and one.column == chosen.column
        and one.finding.code == chosen.finding.code
        and (one.row == chosen.row or (whole and one.value == chosen.value))
    ]


def _proposals(t: Translator, checked: Checked) -> None:
    """All proposals of one kind at a click."""
    by_code: dict[str, CellFinding] = {}
    for one in checked.findings:
        if one.finding.proposal is not None and one.column is not None and one.finding.code not in BY_HAND:
            by_code.setdefault(one.finding.code, one)
    if not by_code:
        return
    with st.expander(t("Accept all proposals of one kind"), icon=":material/done_all:", key="impor-usulan"):
        for code, first in by_code.items():
            answers = answers_of(checked, [code])
            wrong, _ = sentences(t, first.finding)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    t.plural("Accept {n} proposal", "Accept {n} proposals", len(answers)),
                    key=f"impor-terima-{code.replace('.', '-')}",
                    on_click=intake_state.answer,
                    args=(answers,),
                    icon=":material/check:",
                )
                st.markdown(
                    markdown_text(
                        t(
                            "such as {cell}: “{value}” becomes “{proposal}”. {wrong}",
                            cell=f"{column_letters(first.column or 1)}{first.row}",
                            value=first.value,
                            proposal=first.finding.proposal,
                            wrong=wrong,
                        )
                    ),
                    width=560,
                )
