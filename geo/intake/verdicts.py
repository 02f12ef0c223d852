"""Say what a check found: of each cell, of each row, of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.intake.cells import Finding, Level
from geo.intake.kinds import Kind


class Verdict(StrEnum):
    """What becomes of a row of the file."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A finding and where it stands.

    - ``row``, ``column``: in the file, from 1; ``column`` is ``None`` where the finding speaks of the whole row.
    - ``name``: the canonical column or helper; empty where it speaks of the whole row.
    - ``value``: the cell as it stands in the file, shortened.
    """

    row: int
    column: int | None
    name: str
    value: str
    finding: Finding

    @property
    def level(self) -> Level:
        """How much it weighs."""
        return self.finding.level


@dataclass(frozen=True)
class Checked:
    """A table after the check; nothing is written yet.

    - ``rows``: canonical columns of the kind in the store's dtypes, one row for each row that may be taken (accepted
      and flagged). Columns that the file doesn't bring are left out, so that what the store holds there stays.
    - ``file_rows``: the file's row of each row of ``rows``.
    - ``verdicts``: file row -> verdict, for every data row of the file. Their number is the sum of accepted, flagged
      and refused.
    - ``findings``: all of them, by row and column.
    - ``places``: ``row``, ``lon``, ``lat``, ``verdict`` of rows that have a place (EPSG:4326), refused ones included.
    """

    kind: Kind
    rows: pd.DataFrame = field(repr=False)
    file_rows: npt.NDArray[np.int64] = field(repr=False)
    verdicts: Mapping[int, Verdict] = field(repr=False)
    findings: tuple[CellFinding, ...] = field(repr=False)
    places: pd.DataFrame = field(repr=False)

    def count(self, verdict: Verdict) -> int:
        """Rows of the file with this verdict."""
        return sum(one is verdict for one in self.verdicts.values())


def weight(level: Level) -> int:
    """How levels rank: noted 0, flagged 1, asked and refused 2, for what is asked cannot be taken before an answer."""
    return {Level.NOTED: 0, Level.FLAGGED: 1, Level.ASKED: 2, Level.REFUSED: 2}[level]


def shown(raw: Any) -> str:
    """A raw cell as a person sees it, at most 80 characters."""
    if raw is None or (isinstance(raw, float) and np.isnan(raw)):
        return ""
    text = " ".join(str(raw).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
