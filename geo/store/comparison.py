"""Hold rows against what is stored: what is new, what is changed, and what stands already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Column, Connection, Date, Double, Select, Table, Text, select

from geo.model import StoreError
from geo.store.checks import settled
from geo.store.columns import Geometry
from geo.store.counting import read_counting
from geo.store.schema import canonical_columns, metadata

State = Literal["new", "changed", "unchanged"]
"""What a row would do to the store."""

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "institutions": ("code",),
    "sites": ("code",),
    "plans": ("site_code", "as_of"),
    "reports": ("site_code", "as_of"),
    "actions": ("code",),
    "action_reports": ("action_code", "as_of"),
    "beneficiaries": ("site_code", "as_of", "group"),
    "obstacles": ("code",),
}
"""Tables that a file can fill, and what tells whether two rows speak of the same thing."""

_TIES: Final[dict[str, tuple[str, ...]]] = {
    "plans": ("percent", "spend"),
    "reports": ("percent", "spend", "stage", "note"),
    "action_reports": ("achieved", "spend", "stage", "obstacle", "author"),
    "obstacles": ("opened", "site_code", "action_code", "category", "severity", "note", "follow_up", "closed"),
}
"""Of rows recorded at one instant the last in the order of these counts, as in ``geo.progress``."""

_DEGREES: Final = 1e-7  # about a centimetre: what formats with rounded coordinates lose
_NUMBERS: Final = 1e-9
SELECTED_CODES: Final = 500
"""More codes than this are read whole and chosen from in memory."""

_Whole = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one table by what they do; their sum is the length of the frame given."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Compared:
    """What the rows of a frame would do; everything has the index of the frame given.

    - ``state``: ``new``, ``changed`` or ``unchanged`` (dtype ``str``).
    - ``before``: the row that stands, canonical columns of the table in settled dtypes; all missing where ``new``.
    - ``differs``: bool, one column for each column of the table that the frame brought (but ``recorded_at``): where its
      value is not the one that stands. All false where ``unchanged``; where ``new``, true for each value that is there.
      In a plan, which counts whole, rows without any difference of their own can be ``changed``.
    """

    state: pd.Series[Any]
    before: pd.DataFrame
    differs: pd.DataFrame

    @property
    def counts(self) -> Counts:
        """How many rows are new, changed and unchanged."""
        return Counts(*(int((self.state == state).sum()) for state in ("new", "changed", "unchanged")))

    def indexed(self, index: pd.Index) -> Compared:
        """The same for rows with another index."""
        return Compared(self.state.set_axis(index), self.before.set_axis(index), self.differs.set_axis(index))


def compared(connection: Connection, name: str, frame: pd.DataFrame, *, keep_recorded_at: bool) -> Compared:
    """What the rows of ``frame`` (see ``Store.compare``) would do to the table; rows numbered from 0.

    Raises ``StoreError`` for a table that no file can fill.
    """
    if name not in KEYS:
        raise StoreError(f"No file can fill {name!r}. Choose one of: {', '.join(KEYS)}.")
    table = metadata.tables[name]
    rows = settled(name, frame)
    rows = rows.reindex(columns=[*rows.columns, *(key for key in KEYS[name] if key not in rows)])
    content = [column for column in canonical_columns(name) if column in rows and column in frame]
    content = [column for column in content if column != "recorded_at"]
    stored = _stored(connection, table, rows)
    if name == "plans":
        return _plans(table, rows, stored, content, keep_recorded_at=keep_recorded_at)
    return _rows(table, rows, stored, content, keep_recorded_at=keep_recorded_at)


# --- rows that count one by one ----------------------------------------------------------------------------------


def _rows(
    table: Table, rows: pd.DataFrame, stored: pd.DataFrame, content: list[str], *, keep_recorded_at: bool
) -> Compared:
    keys = list(KEYS[table.name])
    place = _last_places(table, rows, stored, keys)
    if table.name == "obstacles":
        place = _uncoded_places(rows, stored, place, content)
    before = _taken(stored, place)
    differs = _differing(table, rows, before, content)
    same = (place >= 0) & ~differs.to_numpy().any(axis=1)
    if "recorded_at" in rows and table.name in _TIES:
        back = _same_moment(table, rows, stored, keys, content)
        same = back if keep_recorded_at else same | back
    return _answer(same, place >= 0, before, differs)


def _last_places(table: Table, rows: pd.DataFrame, stored: pd.DataFrame, keys: list[str]) -> _Whole:
    """By row the place in ``stored`` (in the order of recording) of the row in force with the same key, or -1."""
    return _matched(rows, stored, keys, missing=False)


def _uncoded_places(rows: pd.DataFrame, stored: pd.DataFrame, place: _Whole, content: list[str]) -> _Whole:
    """For obstacles without a code: the place of a stored one without a code that says the same."""
    uncoded = stored[stored["code"].isna()]
    alone = np.flatnonzero(rows["code"].isna())
    said = [column for column in content if column != "code"]
    if uncoded.empty or not len(alone) or not said:
        return place
    found = place.copy()
    within = _matched(rows.iloc[alone], uncoded, said, missing=True)
    found[alone] = np.where(within < 0, -1, uncoded.index.to_numpy()[within])
    return found


def _same_moment(table: Table, rows: pd.DataFrame, stored: pd.DataFrame, keys: list[str], content: list[str]) -> _Flags:
    """Rows that are stored as they are, recorded in the same second: those of an export that comes back."""
    there = rows["recorded_at"].notna().to_numpy()
    timed, known = (frame.assign(recorded_at=frame["recorded_at"].dt.floor("s")) for frame in (rows, stored))
    wanted = keys if table.name != "obstacles" else [column for column in content if column in stored]
    place = _matched(timed, known, [*wanted, "recorded_at"], missing=table.name == "obstacles")
    equal = ~_differing(table, rows, _taken(stored, place), content).to_numpy().any(axis=1)
    same: _Flags = there & (place >= 0) & equal
    return same


# --- plans, which count whole ------------------------------------------------------------------------------------


def _plans(
    table: Table, rows: pd.DataFrame, stored: pd.DataFrame, content: list[str], *, keep_recorded_at: bool
) -> Compared:
    latest = stored.groupby("site_code")["recorded_at"].transform("max")
    in_force = stored[stored["recorded_at"] == latest].reset_index(drop=True)
    dated = "recorded_at" in rows
    place = _matched(rows, in_force, ["site_code", "as_of"], missing=False)
    before = _taken(in_force, place)
    differs = _differing(table, rows, before, content)
    revision = ["site_code", "recorded_at"] if dated else ["site_code"]
    same = _whole(rows, (place >= 0) & ~differs.to_numpy().any(axis=1), revision, in_force, ["site_code"])
    if dated:
        timed, known = (frame.assign(recorded_at=frame["recorded_at"].dt.floor("s")) for frame in (rows, stored))
        exact = _matched(timed, known, ["site_code", "as_of", "recorded_at"], missing=False)
        equal = (exact >= 0) & ~_differing(table, rows, _taken(stored, exact), content).to_numpy().any(axis=1)
        back = _whole(timed, equal, revision, known, revision)
        same = back if keep_recorded_at else same | back
    planned = rows["site_code"].isin(in_force["site_code"]).to_numpy()
    return _answer(same, planned, before, differs)


def _whole(
    rows: pd.DataFrame, equal: _Flags, revision: list[str], stored: pd.DataFrame, stored_revision: list[str]
) -> _Flags:
    """Whether all points of a row's plan are ``equal`` to a stored one, and the stored plan has no others."""
    group = rows.groupby(revision, dropna=False, sort=False)["site_code"]
    number = group.ngroup().to_numpy()
    count = np.bincount(number, minlength=1)
    alike = np.bincount(number, weights=equal, minlength=1) == count
    distinct = ~rows.duplicated([*revision, "as_of"]).to_numpy()
    once = np.bincount(number, weights=distinct, minlength=1) == count
    place = _matched(rows, stored, stored_revision, missing=False)
    sizes = stored.groupby(stored_revision, sort=False)["as_of"].transform("size").to_numpy(dtype="int64")
    whole: _Flags = (alike & once)[number] & (place >= 0) & (np.append(sizes, 0)[place] == count[number])
    return whole


# --- what is stored ----------------------------------------------------------------------------------------------


def _stored(connection: Connection, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Stored rows that may answer for ``rows``, all their columns, in the order in which they came to count."""
    columns = [column for column in table.columns if column.name != "id"]
    query = _narrowed(select(*columns), table, rows)
    found = read_counting(connection, query, table)
    if table.name not in _TIES:
        return found
    # of rows recorded at one instant the content decides; a missing value comes before all others
    return found.sort_values(["recorded_at", *_TIES[table.name]], na_position="first", kind="stable", ignore_index=True)


def _narrowed(query: Select[Any], table: Table, rows: pd.DataFrame) -> Select[Any]:
    """The query for what the rows can speak of: their codes where these are few, and their days."""
    code, *others = KEYS[table.name]
    if table.name == "obstacles":
        return query  # some have no code
    codes = rows[code].dropna().unique()
    if len(codes) <= SELECTED_CODES:
        query = query.where(table.columns[code].in_(sorted(codes)))
    spoken = rows["as_of"].dropna() if "as_of" in others and table.name != "plans" else None
    if spoken is None or spoken.empty:
        return query
    return query.where(table.c.as_of.between(spoken.min().date(), spoken.max().date()))


# --- columns against columns -------------------------------------------------------------------------------------


def _matched(rows: pd.DataFrame, stored: pd.DataFrame, keys: Sequence[str], *, missing: bool) -> _Whole:
    """By row the last place in ``stored`` with the same key, or -1; ``missing`` makes missing values equal."""
    count = len(stored)
    code = np.zeros(count + len(rows), dtype="int64")
    whole = np.ones(count + len(rows), dtype=bool)
    for key in keys:
        both = pd.concat([stored[key], rows[key]], ignore_index=True)
        number, different = pd.factorize(both)
        whole &= (number >= 0) | missing
        code = pd.factorize(code * (len(different) + 1) + number + 1)[0].astype("int64")
    last = np.full(int(code.max(initial=-1)) + 1, -1)
    places = np.flatnonzero(whole[:count])
    last[code[places]] = places
    found: _Whole = np.where(whole[count:], last[code[count:]], -1) if len(rows) else np.zeros(0, dtype="int64")
    return found


def _taken(stored: pd.DataFrame, place: _Whole) -> pd.DataFrame:
    """The stored rows at these places, missing values where the place is -1; rows numbered from 0."""
    found = stored.reindex(np.where(place < 0, len(stored), place))
    return found.set_axis(pd.RangeIndex(len(place)))


def _differing(table: Table, rows: pd.DataFrame, before: pd.DataFrame, content: list[str]) -> pd.DataFrame:
    """By row and column, whether the value is not the one that stands."""
    return pd.DataFrame(
        {name: ~_equal(table.columns[name], rows[name], before[name]) for name in content}, index=rows.index
    )


def _equal(column: Column[Any], values: pd.Series[Any], before: pd.Series[Any]) -> _Flags:
    none, was_none = values.isna().to_numpy(), before.isna().to_numpy()
    if isinstance(column.type, Geometry):
        alike = _same_shapes(values, before, ~(none | was_none))
    elif isinstance(column.type, Double):
        tolerance = _DEGREES if column.name in ("lon", "lat") else _NUMBERS
        alike = np.isclose(values.to_numpy(), before.to_numpy(), rtol=0, atol=tolerance)
    elif isinstance(column.type, Date | Text):
        alike = (values == before).to_numpy(dtype=bool)
    else:
        alike = (values == before).fillna(False).to_numpy(dtype=bool)
    equal: _Flags = (none & was_none) | (alike & ~none & ~was_none)
    return equal


def _same_shapes(values: pd.Series[Any], before: pd.Series[Any], there: _Flags) -> _Flags:
    alike = np.zeros(len(values), dtype=bool)
    one, other = (shapely.normalize(column.to_numpy(dtype="object")[there]) for column in (values, before))
    alike[there] = shapely.equals_exact(one, other, tolerance=_DEGREES)
    return alike


def _answer(same: _Flags, known: _Flags, before: pd.DataFrame, differs: pd.DataFrame) -> Compared:
    state = np.where(same, "unchanged", np.where(known, "changed", "new"))
    told = differs.mask(pd.Series(same), False) if same.any() else differs
    return Compared(pd.Series(state, dtype="str"), before, told.astype(bool))
