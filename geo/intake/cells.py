"""Say what was found in a cell: the value it means, and what a person has to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Generic, TypeVar

import pandas as pd

from geo.locale import Translator

T_co = TypeVar("T_co", covariant=True)

Raw = str | int | float | bool | datetime | date | time | None
"""A cell as its file holds it: text as typed, numbers and moments where the format has them."""


class Level(StrEnum):
    """What a finding means for its row."""

    REFUSED = "refused"
    """It cannot be taken."""
    ASKED = "asked"
    """It has more than one meaning: a person must say which; never guessed."""
    FLAGGED = "flagged"
    """It is taken, and somebody should look."""
    NOTED = "noted"
    """It is taken; only its form was changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one cell.

    ``code`` names it for good (``number.ambiguous``); ``told`` fills its sentences, see ``Messages``. ``proposal`` is
    what a person may accept instead, in the form in which a file would carry it. What ``told`` holds is shown: never
    put personal data into it.
    """

    level: Level
    code: str
    told: Mapping[str, str] = field(default_factory=dict)
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What a cell means (``None``: nothing, or not known) and what was found on the way."""

    value: T_co | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ReadColumn:
    """A column as it was understood.

    - ``values``: one for each cell, in the dtype of the target column; missing where none was understood.
    - ``findings``: position in ``values`` (from 0) -> what was found there; a position without an entry is plain.
    """

    values: pd.Series
    findings: Mapping[int, tuple[Finding, ...]]


Messages = Mapping[str, Callable[[Translator, Mapping[str, str]], tuple[str, str]]]
"""Code of a finding -> its two sentences in the translator's language: what is wrong, and what to do (may be empty)."""
