"""Make the files that viewers take away, each once for the same question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from geo.drawing import snapshot
from geo.drawing.view import map_view
from geo.export import about, export_frame, file_name, table_bytes
from geo.locale import Translator, translator
from geo.model import Filters, Language
from geo.progress.since import then_of
from pages.parts import queries


@dataclass(frozen=True)
class Picture:
    """What picture is asked for."""

    filters: Filters
    indicator: str | None
    size: str
    title: str | None
    classification: Literal["BIASA", "TERBATAS"]
    language: Language

    def file_name(self, form: str, *, sample: bool) -> str:
        return file_name(self.filters, "peta", form, sample=sample)


def preview(asked: Picture) -> bytes:
    """The picture at screen resolution, in the proportions of the size asked for."""
    return _drawn(queries.version(), replace(asked, size=_PREVIEW.get(asked.size, asked.size)), "png")


def picture(asked: Picture, form: str) -> bytes:
    """The picture as a file."""
    return _drawn(queries.version(), asked, form)


_PREVIEW = {"4k": "layar"}
"""Sizes that look the same at fewer pixels."""


@st.cache_data(max_entries=24, show_spinner=False)
def _drawn(known: str, asked: Picture, form: str) -> bytes:
    del known  # part of the key alone
    view = map_view(queries.current_state(asked.filters), indicator=asked.indicator)
    return snapshot.picture(
        view,
        translator(asked.language),
        form=form,
        size=asked.size,
        sample=queries.is_sample(),
        title=asked.title,
        classification=asked.classification,
    )


def table(filters: Filters, what: str, form: str, t: Translator) -> bytes:
    """An export of records or figures as a file."""
    state, plan = queries.current_state(filters), queries.current_plan(filters)
    met = queries.meetings(filters) if what == "changes" else None
    then = then_of(met.iloc[0]) if met is not None and len(met) else None
    changes = queries.changes(filters, then) if then is not None else None
    rows = export_frame(what, state, queries.tables(), plan=plan, changes=changes)
    return table_bytes(rows, form, about=about(filters, t, sample=queries.is_sample(), since=then))
