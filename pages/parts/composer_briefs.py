"""Compose a briefing: the atlas, the slides or the annex, made beside the screens."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Literal

import streamlit as st

from geo.drawing.escape import markdown_text
from geo.drawing.request import Request, What
from geo.drawing.view import map_view
from geo.export import file_name
from geo.locale import Translator
from geo.model import Filters
from geo.progress.since import then_of
from pages.parts import composer, files, jobs, page, queries

Brief = Literal["atlas", "deck", "annex"]

FORMS: Final[dict[Brief, str]] = {"atlas": "pdf", "deck": "pptx", "annex": "xlsx"}
_FILE_NAMES: Final[dict[Brief, str]] = {"atlas": "atlas", "deck": "paparan", "annex": "lampiran"}
_INDICATOR: Final = "deviation"
"""By what the maps of a briefing are coloured unless something else is chosen."""
_TEMPLATE: Final = "templat.pptx"
_LARGEST_MB: Final = 20


def briefing(what: Brief) -> None:
    """Choices on the left; on the right what the file will hold, and the button that makes it."""
    now = page.screen()
    t = now.t
    choices, shown = st.columns([1, 2], gap="medium")
    with choices:
        indicator = composer.indicator(t, key="ekspor_indikator", usual=_INDICATOR)
        words = composer.wording(t, key="ekspor_buku", usual_title=t("Sinergisitas programme: state of progress"))
        template = _template(t) if what == "deck" else None
    form = FORMS[what]
    asked = files.request(
        what,
        form,
        now.filters,
        language=words.language,
        indicator=indicator,
        title=words.title,
        classification=words.classification,
        template=None if template is None else sha256(template).hexdigest(),
    )
    with shown:
        _contents(t, what)
        _button(t, what, asked, template)
        jobs.show()


def _template(t: Translator) -> bytes | None:
    """An organisation's own template; what else may be wrong with it, the making of the slides tells."""
    sent = st.file_uploader(
        t("Own template (optional)"),
        type=["pptx", "potx"],
        key="ekspor_templat",
        max_upload_size=_LARGEST_MB,
        help=t("Its layouts, colours and fonts are used; its slides are left out. No macros, no password."),
    )
    if sent is None:
        return None
    content = sent.getvalue()
    if not content.startswith(b"PK"):
        st.error(
            t("The template is no PowerPoint presentation. Choose a .pptx or .potx file."), icon=":material/error:"
        )
        return None
    return content


def _contents(t: Translator, what: Brief) -> None:
    """What the file will hold, in words, with the counts of the present choice."""
    now = page.screen()
    provinces = [str(code) for code in now.state.by_province["province"] if isinstance(code, str) and code]
    lines = {
        "atlas": (
            t("PDF on A4, to be printed or read: page numbers, contents with links, bookmarks, searchable text."),
            t("Cover, and a page of the whole") if len(provinces) != 1 else t("Cover"),
            t.plural("A page for {n} province", "A page for each of {n} provinces", len(provinces)),
            t("Matrix of the action plan"),
            t.plural("Annex with {n} site", "Annex with all {n} sites", len(now.state.positions)),
        ),
        "deck": (
            t("Slides of 16:9 for PowerPoint and Impress: charts and tables stay editable, notes tell the sources."),
            t("Cover, and slides of the whole") if len(provinces) != 1 else t("Cover"),
            t.plural("Slides for {n} province", "Slides for each of {n} provinces", len(provinces)),
            t("Matrix of the action plan"),
        ),
        "annex": (
            t("Workbook with the figures behind each page of the atlas and the slides."),
            t("A sheet for each table, with every row"),
            t("The figures by region, the matrix of the action plan, every site"),
        ),
    }[what]
    first, *rest = lines
    st.markdown(markdown_text(first))
    st.markdown("\n".join(f"- {markdown_text(line)}" for line in rest))
    st.caption(markdown_text(_since(t, now.filters)))


def _since(t: Translator, filters: Filters) -> str:
    met = queries.meetings(filters)
    if not len(met):
        return t("No earlier meeting is recorded: changes are left out.")
    then = then_of(met.iloc[0])
    return t("Changes are told since {meeting}, as of {day}.", meeting=then.name, day=t.date(then.on))


def _button(t: Translator, what: Brief, asked: Request, template: bytes | None) -> None:
    now = page.screen()
    kind: What = what
    names = {"atlas": t("Make the atlas"), "deck": t("Make the slides"), "annex": t("Make the annex")}
    titles = {"atlas": t("Atlas (PDF)"), "deck": t("Slides (PPTX)"), "annex": t("Excel annex (XLSX)")}
    name = file_name(now.filters, _FILE_NAMES[what], FORMS[what], sample=now.sample, public=queries.sight().is_public)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="ekspor-hasil"):
        st.button(
            names[what],
            key=f"ekspor-buat-{kind}",
            icon=":material/play_arrow:",
            type="primary",
            disabled=jobs.is_making(asked),
            on_click=jobs.start,
            args=("brief", asked),
            kwargs={
                "name": name,
                "title": titles[what],
                "subject": f"{map_view(now.state, indicator=None).subject(t)} · {t.date(now.filters.on)}",
                "files_beside": {} if template is None else {_TEMPLATE: template},
            },
        )
    if not jobs.desk().jobs:
        st.caption(t("It is made beside the screens: go on working, its progress stands below."))
