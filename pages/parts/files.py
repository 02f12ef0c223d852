"""Make the files that viewers take away, and keep what was handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import streamlit as st

from geo.access import Sight
from geo.drawing import snapshot
from geo.drawing.print_map import SIZES, draw_map
from geo.drawing.request import EVERYTHING, Basis, Request, What, address
from geo.drawing.view import MapView, map_view
from geo.export import about, export_frame, table_bytes
from geo.gather import present_basis, request_of, state_of
from geo.locale import Translator, translator
from geo.model import Filters
from geo.progress.since import then_of
from geo.published import refuse_breaches
from geo.store import Exported, StoredSnapshot
from pages.parts import queries
from pages.parts.viewing import Hand

_PREVIEW_PX: Final = (1120, 1120)
"""Most pixels of a preview, across and down."""


# --- what is asked for -------------------------------------------------------------------------------------------


def request(what: What, form: str, filters: Filters, **choices: Any) -> Request:
    """What is asked for now, wholly: it rests on what is recorded and set in this run.

    Raises ``RefusedError`` where the public address is set to what is none.
    """
    seen = queries.sight()
    audience = "public" if seen.is_public else "internal"
    told = {"audience": audience, "sight": seen.key, **choices}
    return request_of(what, form, filters, _basis(queries.version()), **told)


@st.cache_data(max_entries=4, show_spinner=False)
def _basis(known: str) -> Basis:
    del known  # the key alone
    return present_basis(queries.store())


# --- pictures ----------------------------------------------------------------------------------------------------


def preview(asked: Request) -> bytes:
    """The picture as PNG with few pixels, in the proportions and with the number of what is asked for."""
    with queries.looking(Sight.from_key(asked.sight)):
        return _preview(asked.number, asked)


@st.cache_data(max_entries=48, show_spinner=False)
def _preview(number: str, _asked: Request) -> bytes:
    """``number`` stands for all that decides the picture."""
    drawn = snapshot.snapshot(
        _view(_asked),
        translator(_asked.language),
        sample=queries.is_sample(),
        title=_asked.title,
        classification=_asked.classification,
        audience=_asked.audience,
        number=number,
        address=address(_asked),
        graticule=_asked.graticule,
        extent=_asked.extent,
    )
    size = SIZES[_asked.size]
    share = min(1.0, _PREVIEW_PX[0] / size.width_px, _PREVIEW_PX[1] / size.height_px)
    small = replace(
        size,
        width_px=round(size.width_px * share),
        height_px=round(size.height_px * share),
        em_px=size.em_px * share,
    )
    return draw_map(drawn, size=small, form="png")


def picture(asked: Request, file_name: str, by: Hand) -> bytes:
    """The picture as a file to hand out; it is recorded under its number. Made when a viewer presses the button."""
    with queries.looking(Sight.from_key(asked.sight)):
        content = _picture(asked.number, asked)
    exported = Exported(
        number=asked.number,
        what=asked.what,
        form=asked.form,
        size=asked.size,
        request=asked.as_dict(),
        data_version=asked.data_version,
        content=content,
        file_name=file_name,
    )
    with by.at_work():
        queries.store().record_snapshot(exported, actor=by.actor, at=datetime.now(UTC))
    return content


@st.cache_data(max_entries=12, show_spinner=False)
def _picture(number: str, _asked: Request) -> bytes:
    """``number`` stands for all that decides the picture."""
    return snapshot.picture(
        _view(_asked),
        translator(_asked.language),
        form=_asked.form,
        size=_asked.size,
        sample=queries.is_sample(),
        title=_asked.title,
        classification=_asked.classification,
        audience=_asked.audience,
        number=number,
        address=address(_asked),
        graticule=_asked.graticule,
        extent=_asked.extent,
        colours=_asked.colours,
    )


def _view(asked: Request) -> MapView:
    """The map of what is asked for; where something was recorded since, from the records as they stood then."""
    unchanged = _basis(queries.version()) == asked.basis
    state = queries.current_state(asked.filters) if unchanged else state_of(queries.store(), asked)
    return map_view(state, indicator=asked.indicator)


# --- tables ------------------------------------------------------------------------------------------------------


def table(filters: Filters, what: str, form: str, t: Translator, sight: Sight, by: Hand) -> bytes:
    """An export of records or figures as a file, with what a sight has of them; it is logged."""
    with queries.looking(sight):
        content = _table(filters, what, form, t)
    log_export(by, what, form, filters, sight, content)
    return content


def log_export(by: Hand, what: str, form: str, filters: Filters, sight: Sight, content: bytes) -> None:
    """Log that a table was taken: which, what was chosen, whom it was made for, the fingerprint of the file."""
    told = {
        "form": form,
        "filters": {name: str(value) for name, value in asdict(filters).items() if value},
        "audience": "public" if sight.is_public else "internal",
        "sight": sight.key,
        "sha256": sha256(content).hexdigest(),
    }
    with by.at_work():
        queries.store().log("export", what, actor=by.actor, at=datetime.now(UTC), details=told)


def _table(filters: Filters, what: str, form: str, t: Translator) -> bytes:
    state, plan = queries.current_state(filters), queries.current_plan(filters)
    met = queries.meetings(filters) if what == "changes" else None
    then = then_of(met.iloc[0]) if met is not None and len(met) else None
    changes = queries.changes(filters, then) if then is not None else None
    people = queries.people(filters) if what == "people" else None
    if people is not None:
        refuse_breaches(queries.store())
    rows = export_frame(what, state, queries.tables(), plan=plan, changes=changes, people=people)
    described = about(filters, t, sample=queries.is_sample(), since=then, public=queries.sight().is_public)
    return table_bytes(rows, form, about=described)


# --- what was handed out -----------------------------------------------------------------------------------------


def handed_out(limit: int) -> Sequence[StoredSnapshot]:
    """What was exported last, the newest first, of which the viewer may see all that it shows."""
    return [row for row in queries.store().snapshots(limit=_LOOKED_THROUGH) if _may_have(row)][:limit]


def numbered(number: str) -> Sequence[StoredSnapshot]:
    """Every export of a number of which the viewer may see all that it shows, the newest first."""
    return [row for row in queries.store().snapshots(number) if _may_have(row)]


_LOOKED_THROUGH: Final = 400


def _may_have(row: StoredSnapshot) -> bool:
    return queries.sight().covers(Sight.from_key(str(row.request.get("sight", EVERYTHING))))
