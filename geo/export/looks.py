"""Give exported places the looks of the screens: a status by its colour, a programme by its shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from geo.drawing.palette import GROUNDS, status_look
from geo.locale import translator
from geo.locale.terms import status_name
from geo.model import Language, Status
from geo.programmes import load_programmes

OTHER: Final = "#6b7280"
"""Colour of what has neither a known status nor a known programme."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the places of one ``value`` look, with the words for a legend."""

    value: str
    label: str
    fill: str
    outline: str


def telling_column(columns: Iterable[str]) -> str | None:
    """The column by which places differ in looks: their status, else their programme."""
    there = set(columns)
    return next((name for name in ("status", "programme") if name in there), None)


def looks(column: str | None, language: Language) -> tuple[Look, ...]:
    """The looks of the values of ``telling_column``, in the order of the legend; none for a table without one."""
    ink = GROUNDS["light"].ink
    if column == "status":
        t = translator(language)
        return tuple(Look(str(status), status_name(t, status), status_look(status).fill, ink) for status in Status)
    if column == "programme":
        programmes = load_programmes().values()
        return tuple(Look(one.code, one.name.in_language(language), one.colour, ink) for one in programmes)
    return ()


def shapes(columns: Sequence[str]) -> dict[str, str]:
    """The shape of each programme by its code, where the table names programmes."""
    return {one.code: one.symbol for one in load_programmes().values()} if "programme" in columns else {}
