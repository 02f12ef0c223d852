"""Know how a template is laid out: its sheets, its columns, and how it writes their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, get_args

from geo.intake.kinds import KINDS, Form, Kind, Wanted, kind_columns
from geo.model import Language

DATA: Final = "data"
GUIDE: Final = {"id": "petunjuk", "en": "instructions"}
LISTS: Final = "daftar"
"""Sheets of a template: the first is filled in, the second explains, the third (hidden) holds what drop-downs offer."""

_FILLED_HERE: Final = frozenset({"recorded_at", "data_status", "location_precision", "footprint"})
"""Columns that the import fills, or that no cell holds well."""

_UNITS: Final[Mapping[Form, str]] = {Form.MONEY: "Rp", Form.PERCENT: "%"}


def template_columns(kind: Kind) -> tuple[Wanted, ...]:
    """The columns that a template asks for, in their order: those a person fills in, without helpers."""
    return tuple(one for one in kind_columns(kind).columns if not one.helper and one.name not in _FILLED_HERE)


def template_heading(wanted: Wanted, language: Language) -> str:
    """How a template writes a heading; the required ones end with ``*``."""
    words = wanted.heading if language == "id" else wanted.name.replace("_", " ").capitalize()
    unit = f" ({_UNITS[wanted.form]})" if wanted.form in _UNITS else ""
    return f"{words}{unit}{' *' if wanted.required else ''}"


def template_kind(headings: Iterable[str]) -> Kind | None:
    """The kind whose template has these very headings, in whatever order."""
    return _kinds().get(frozenset(headings))


@cache
def _kinds() -> Mapping[frozenset[str], Kind]:
    return {
        frozenset(template_heading(one, language) for one in template_columns(kind)): kind
        for kind in KINDS
        if kind != "boundaries"
        for language in get_args(Language)
    }
