"""Say what a sheet of raw cells is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Sheet:
    """One table of a file, as it stands there; nothing is interpreted yet.

    - ``cells``: dtype object, columns 0 to n-1, ``Raw`` values, ``None`` where empty. Blank rows and columns at the end
      are cut off, and runs of more than 200 blank rows or 20 blank columns are left out: ``rows`` and ``columns`` show
      the gap.
    - ``rows``, ``columns``: number in the file, from 1, of each row and column of ``cells``. In a CSV a row is a record
      (a cell with line breaks is still one row), in a spatial format row 1 holds the names of the fields.
    - ``merged``: row, column, last row, last column in the file's numbers.
    - ``hidden_columns``, ``hidden_rows``: in the file's numbers.
    - ``notes``: comments as row, column, text.
    - ``uncomputed``: row and column of formulas for which the file holds no value.
    - ``geometry``: for spatial formats one geometry or ``None`` (as for row 1) for each row of ``cells``, EPSG:4326.
    """

    name: str
    hidden: bool
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    notes: tuple[tuple[int, int, str], ...] = ()
    uncomputed: tuple[tuple[int, int], ...] = ()
    geometry: list[BaseGeometry | None] | None = None
