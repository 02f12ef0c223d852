"""Begin an import: what the file is about and whose it is, the template, the upload; then what was read of it."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.drawing.escape import markdown_text
from geo.intake.cells import Level
from geo.intake.formats import Format
from geo.intake.kinds import Kind
from geo.intake.messages import sum_sentence
from geo.intake.personal import shown_name
from geo.intake.steps import Proposal
from geo.intake.tables import Table, column_letters
from geo.intake.verdicts import Verdict
from geo.locale import Translator
from pages.parts import intake_files, intake_state, intake_words, page, queries

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_INSTITUTION: Final = "impor_instansi"


def ask(t: Translator) -> str | None:
    """Ask what the file is about and whose it is; offer the template. Gives the institution's code."""
    institutions = queries.tables("institutions")["institutions"]
    names = dict(zip(institutions["code"], institutions["name"], strict=True))
    if st.session_state.get(_INSTITUTION) not in names:
        st.session_state[_INSTITUTION] = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("What the file is about"),
            ["", *intake_words.OFFERED],
            key=intake_state.KIND,
            persist_state="session",
            format_func=lambda one: intake_words.kind_name(t, one) if one else t("find out"),
            width=280,
        )
        institution: str | None = st.selectbox(
            t("Institution that sent it (optional)"),
            list(names),
            index=None,
            key=_INSTITUTION,
            persist_state="session",
            format_func=names.__getitem__,
            placeholder=t("not told"),
            help=t("The columns are then recognised as in its last file of this kind."),
            width=420,
        )
        kind = intake_state.kind()
        if kind is not None:
            _template(t, kind)
    if kind is None:
        st.caption(t("Choose what the file is about to download its template."))
    return institution


def _template(t: Translator, kind: Kind) -> None:
    st.download_button(
        t("Download the template"),
        data=partial(intake_files.template, kind, t.language),
        file_name=page.nonce(f"{t('template')}-{kind}.xlsx"),
        mime=XLSX,
        key="impor-templat",
        icon=":material/download:",
        on_click="ignore",
    )


def upload(t: Translator) -> None:
    """Ask for a file, and read it."""
    limits = intake_state.limits()
    file = st.file_uploader(
        t("File to take in"),
        key=f"impor_berkas_{intake_state.round_number()}",
        max_upload_size=intake_state.most_mb(),
    )
    st.caption(
        markdown_text(
            t(
                "Formats: {formats}. At most {mb} MB, {rows} rows, {columns} columns and {seconds} seconds of reading. "
                "No personal data: no NIK, phone numbers, e-mail addresses or names of persons; such a file is refused "
                "and not kept.",
                formats=", ".join(_FORMATS),
                mb=t.integer(intake_state.most_mb()),
                rows=t.integer(limits.rows),
                columns=t.integer(limits.columns),
                seconds=t.integer(limits.seconds),
            )
        )
    )
    if file is None:
        return
    told = t("Reading {name} …", name=markdown_text(shown_name(file.name)))
    bar = st.progress(0.0, text=told)
    intake_state.take(file, lambda share: _move(bar, share, told))
    st.rerun()


def _move(bar: DeltaGenerator, share: float, told: str) -> None:
    bar.progress(min(max(share, 0.0), 1.0), text=told)


_FORMATS: Final = tuple(f"{one.value} (zip)" if one is Format.SHAPEFILE else one.value for one in Format)


def refused(t: Translator, refusal: intake_state.Refusal) -> None:
    """Say why a file was not read."""
    st.error(
        t("The file {name} was refused. Nothing was changed.", name=f"**{markdown_text(refusal.name)}**"),
        icon=":material/block:",
    )
    with st.container(key="impor-alasan"):
        st.html(intake_words.told_list(t, refusal.findings, page.theme()))


# --- what was read -----------------------------------------------------------------------------------------------


def read(t: Translator, file: intake_state.Upload, proposal: Proposal) -> None:
    """Step 1: what was taken of the file, and why; another sheet can be chosen."""
    source = proposal.source
    line = st.container(horizontal=True, vertical_alignment="center")
    line.subheader(t("1. Read"), anchor=False, width="content")
    line.button(
        t("Another file"),
        key="impor-lain",
        on_click=intake_state.forget,
        icon=":material/restart_alt:",
        type="tertiary",
    )
    name = f"**{markdown_text(source.name)}**"
    large = source.size >= 1024**2
    size = f"{t.number(source.size / 1024**2)} MB" if large else f"{t.integer(max(1, round(source.size / 1024)))} kB"
    with st.container(key="impor-dibaca"):
        st.markdown(f"{name} · {markdown_text(source.format)} · {size}")
        if proposal.table is not None and proposal.at is not None:
            st.markdown(markdown_text(_taken(t, source.sheets[proposal.at].name, proposal.table)))
    if len(source.sheets) > 1:
        names = [sheet.name for sheet in source.sheets]
        key = f"impor_lembar_{file.token}"
        if proposal.at is not None and st.session_state.get(key) != proposal.at:
            st.session_state[key] = proposal.at
        st.selectbox(
            t("Sheet"),
            range(len(names)),
            index=None if proposal.at is None else proposal.at,
            key=key,
            format_func=lambda place: names[place] + (f" ({t('hidden')})" if source.sheets[place].hidden else ""),
            on_change=lambda: intake_state.choose_sheet(st.session_state[key]),
            width=420,
        )
    findings = (*source.findings, *proposal.choice.told, *(proposal.table.told if proposal.table else ()))
    loud = [one for one in findings if one.level is not Level.NOTED]
    quiet = [one for one in findings if one.level is Level.NOTED]
    if loud:
        st.html(intake_words.told_list(t, loud, page.theme()))
    if quiet:
        with st.expander(t("How it was read"), icon=":material/info:"):
            st.html(intake_words.told_list(t, quiet, page.theme()))


def _taken(t: Translator, sheet: str, table: Table) -> str:
    if not len(table.headings):
        return t("No table was found.")
    left = sum(len(rows) for rows in table.left_out.values())
    told = [
        t(
            "Sheet “{sheet}”: columns {first} to {last}, {rows}.",
            sheet=sheet,
            first=column_letters(int(table.columns[0])),
            last=column_letters(int(table.columns[-1])),
            rows=t.plural("{n} row of data", "{n} rows of data", len(table.rows)),
        )
    ]
    if table.header_rows:
        told.append(t("Headings in row {rows}.", rows=", ".join(str(row) for row in table.header_rows)))
    if len(table.rows):
        told.append(t("Data from row {first} to {last}.", first=int(table.rows[0]), last=int(table.rows[-1])))
    if left:
        told.append(t.plural("{n} other row left out.", "{n} other rows left out.", left))
    return " ".join(told)


def whole(t: Translator, proposal: Proposal) -> None:
    """Say what is wrong with the file as a whole, such as columns that are missing."""
    first = (
        len(proposal.source.findings) + len(proposal.choice.told) + len(proposal.table.told if proposal.table else ())
    )
    later = proposal.told[first + len(proposal.found.told if proposal.found else ()) :]
    for one in later:
        st.error(markdown_text(intake_words.told(t, one)), icon=":material/error:")
    if proposal.checked is None and proposal.table is not None:
        with st.container(key="impor-jumlah-ditolak"):
            st.caption(sum_sentence(t, {Verdict.REFUSED: proposal.refused_whole}))
