"""Keep what a viewer is taking in: the file as it was read, what was chosen, what would be written.

All of it lives in the memory of the session and ends with it. The bytes of an upload lie in a private folder only while
they are read; a file that is refused is not kept at all.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.intake.cells import Finding
from geo.intake.formats import ACCEPTED
from geo.intake.guard import FOLDER, Limits
from geo.intake.kinds import Kind
from geo.intake.personal import shown_name
from geo.intake.readers.source import RefusedFileError, Source
from geo.intake.steps import Choices, Proposal, propose, read
from geo.store import Committed
from pages.parts import queries

KIND: Final = "impor_jenis"
"""Key of the widget that says what a file is about; empty where it is to be found out."""

_UPLOAD: Final = "_impor_berkas"
_REFUSAL: Final = "_impor_ditolak"
_CHOICES: Final = "_impor_pilihan"
_PROPOSAL: Final = "_impor_usulan"
_DONE: Final = "_impor_selesai"
_ROUND: Final = "_impor_putaran"


@dataclass(frozen=True)
class Upload:
    """A file that was read. ``token`` tells it from every other; ``original`` are its bytes, to be given back."""

    token: str
    source: Source
    original: bytes = field(repr=False)


@dataclass(frozen=True)
class Refusal:
    """A file that was not read: its name and every reason."""

    name: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Done:
    """A file that was committed, and the proposal that it followed."""

    committed: Committed
    proposal: Proposal
    actor: str


def limits() -> Limits:
    """What an upload may cost."""
    return Limits.from_environment()


def most_mb() -> int:
    """Size of the largest file that can be sent: the server itself turns down what is larger than its own limit."""
    return min(limits().max_mb, int(st.get_option("server.maxUploadSize")))


def round_number() -> int:
    """Grows with every answer, so that a widget about an earlier state of the file is not taken for a present one."""
    return int(st.session_state.get(_ROUND, 0))


def _next_round() -> None:
    st.session_state[_ROUND] = round_number() + 1


# --- the file ----------------------------------------------------------------------------------------------------


def upload() -> Upload | None:
    """The file at hand."""
    found = st.session_state.get(_UPLOAD)
    return found if isinstance(found, Upload) else None


def refusal() -> Refusal | None:
    """Why the last file was refused."""
    found = st.session_state.get(_REFUSAL)
    return found if isinstance(found, Refusal) else None


def take(file: UploadedFile, progress: Callable[[float], None]) -> None:
    """Read an upload and keep the outcome for the session; the server's own copy of its bytes is dropped."""
    content = file.getvalue()
    name = Path(file.name.replace("\\", "/")).name
    forget()
    try:
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
            ending = Path(name).suffix.lower()
            path = Path(folder) / f"upload{ending if ending in ACCEPTED else ''}"
            path.write_bytes(content)
            source = read(path, name=name, limits=limits(), progress=progress)
    except RefusedFileError as refused:
        st.session_state[_REFUSAL] = Refusal(shown_name(name), refused.findings)
    else:
        st.session_state[_UPLOAD] = Upload(secrets.token_hex(4), source, content)
    finally:
        _drop(file)


def _drop(file: UploadedFile) -> None:
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def forget() -> None:
    """Drop the file at hand with all that was said about it."""
    for key in (_UPLOAD, _REFUSAL, _CHOICES, _PROPOSAL, _DONE):
        st.session_state.pop(key, None)
    _next_round()


# --- what is chosen ----------------------------------------------------------------------------------------------


def kind() -> Kind | None:
    """What the file is said to be about."""
    found: Kind | None = st.session_state.get(KIND) or None
    return found


def choices() -> Choices:
    """What was chosen for the file at hand; another kind makes the choices about columns void."""
    kept = st.session_state.get(_CHOICES)
    if not isinstance(kept, Choices) or kept.kind != kind():
        kept = Choices(kind=kind(), sheet=kept.sheet if isinstance(kept, Choices) else None)
        st.session_state[_CHOICES] = kept
    return kept


def choose(**changes: Any) -> None:
    """Change the choices."""
    st.session_state[_CHOICES] = replace(choices(), **changes)
    _next_round()


def choose_sheet(place: int) -> None:
    """Take another sheet; what was said about the cells of the first is void."""
    choose(sheet=place, mapping={}, constants={}, answers={}, year=None)


def choose_columns(mapping: Mapping[str, str]) -> None:
    """Take headings for other columns; answers stay, as they speak of cells."""
    choose(mapping={**choices().mapping, **mapping})


def choose_constant(name: str, text: str | None) -> None:
    """Give every row the same text in a column, or take it back."""
    constants = {key: value for key, value in choices().constants.items() if key != name}
    choose(constants=constants if text is None else {**constants, name: text})


def answer(answers: Mapping[tuple[int, int], str]) -> None:
    """Give texts in place of those of cells (file row and column)."""
    choose(answers={**choices().answers, **answers})


# --- what would be written ---------------------------------------------------------------------------------------


def proposal(file: Upload, *, institution: str | None) -> Proposal:
    """The file as it would be taken, worked out anew when a choice or the records changed."""
    asked = choices()
    key = (file.token, asked, institution, queries.today(), queries.version())
    kept = st.session_state.get(_PROPOSAL)
    if kept is not None and kept[0] == key:
        found: Proposal = kept[1]
        return found
    found = _proposed(file.source, asked, _remembered(institution, asked.kind))
    if asked.kind is None and found.found is not None:
        remembered = _remembered(institution, found.found.kind)
        found = found if remembered is None else _proposed(file.source, asked, remembered)
    st.session_state[_PROPOSAL] = (key, found)
    return found


def _proposed(source: Source, asked: Choices, remembered: Mapping[str, str] | None) -> Proposal:
    return propose(
        source,
        queries.store(),
        queries.programmes(),
        on=queries.today(),
        at=datetime.now(UTC),
        choices=asked,
        remembered=remembered,
        look=queries.narrowed_tables,
    )


def _remembered(institution: str | None, about: Kind | None) -> dict[str, str] | None:
    told = queries.store().remembered_mapping(institution, about) if institution and about else None
    return dict(told["columns"]) if told and "columns" in told else None


# --- what was written --------------------------------------------------------------------------------------------


def done() -> Done | None:
    """The commit of the file at hand."""
    found = st.session_state.get(_DONE)
    return found if isinstance(found, Done) else None


def finish(outcome: Done) -> None:
    """Remember that the file at hand was committed."""
    st.session_state[_DONE] = outcome
    _next_round()
