"""Hold rows against each other and against the store: keys, order, plans, money, places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.intake.cells import Finding, Level, Messages
from geo.intake.kinds import Kind, kind_columns

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "sites": ("code",),
    "institutions": ("code",),
    "actions": ("code",),
    "reports": ("site_code", "as_of"),
    "action_reports": ("action_code", "as_of"),
    "plans": ("site_code", "as_of"),
    "beneficiaries": ("site_code", "as_of", "group"),
    "obstacles": ("code",),
}
"""What makes a row of a kind the same row; as ``Store.compare`` takes it."""

NEAR_METRES: Final = 50.0
"""A new site this close to another of its programme may be the same one."""

_TARGETS: Final = ("target_b03", "target_b06", "target_b09", "target_b12")
_METRES_PER_DEGREE: Final = 111_320.0

Tables = Mapping[str, pd.DataFrame]
Flags = npt.NDArray[np.bool_]


class Remark(NamedTuple):
    """A finding about a row (position in the frame, from 0); ``name`` is the column it stands on, empty for the row."""

    position: int
    name: str
    finding: Finding


def required(kind: Kind, rows: pd.DataFrame, settled: Flags) -> Iterator[Remark]:
    """Cells that must not be empty, in rows that nothing refuses yet (``settled`` is false there)."""
    columns = kind_columns(kind)
    for one in columns.columns:
        if one.required and not one.helper:
            empty = rows[one.name].isna().to_numpy() if one.name in rows else np.ones(len(rows), dtype=bool)
            for at in np.flatnonzero(empty & ~settled).tolist():
                yield Remark(at, one.name, Finding(Level.REFUSED, "row.required", {"heading": one.heading}))
    for group in columns.one_of:
        there = [rows[name].notna().to_numpy() for name in group if name in rows]
        empty = ~np.logical_or.reduce(there) if there else np.ones(len(rows), dtype=bool)
        headings = ", ".join(columns.wanted(name).heading for name in group)
        for at in np.flatnonzero(empty & ~settled).tolist():
            yield Remark(at, "", Finding(Level.REFUSED, "row.says_nothing", {"headings": headings}))


def repeated(kind: Kind, rows: pd.DataFrame, file_rows: npt.NDArray[np.int64]) -> tuple[list[Remark], Flags]:
    """Rows of the same key in one file, and which rows are left out because an earlier one says exactly the same.

    Rows that contradict each other are all refused: which one holds is for the sender to say. Where the file states
    when each became known (``recorded_at``), as an export does, rows of different moments are successive states.
    """
    key = [name for name in (*KEYS[kind], "recorded_at") if name in rows]
    dropped = np.zeros(len(rows), dtype=bool)
    if not key or not len(rows):
        return [], dropped
    whole = rows[[name for name in key if name != "recorded_at"]].notna().all(axis=1).to_numpy()
    twice = rows[key].duplicated(keep=False).to_numpy() & whole
    if not twice.any():
        return [], dropped
    places = np.flatnonzero(twice)
    alike = rows.drop(columns=[name for name in ("footprint",) if name in rows]).iloc[places]
    remarks: list[Remark] = []
    for _, group in alike.groupby(key, sort=False, dropna=False):
        at = [int(place) for place in places[alike.index.get_indexer(group.index)]]
        numbers = ", ".join(str(file_rows[place]) for place in at[:8]) + (", …" if len(at) > 8 else "")
        if len(group.drop_duplicates()) == 1:
            dropped[at[1:]] = True
            told = {"row": str(file_rows[at[0]])}
            remarks += [Remark(place, "", Finding(Level.FLAGGED, "row.twice_same", told)) for place in at[1:]]
        else:
            told = {"rows": numbers}
            remarks += [Remark(place, KEYS[kind][-1], Finding(Level.REFUSED, "row.twice", told)) for place in at]
    return remarks, dropped


def falling_progress(rows: pd.DataFrame, stored: pd.DataFrame) -> Iterator[Remark]:
    """Reports whose progress lies below that of an earlier day, in the file or in the store."""
    if "percent" not in rows or not len(rows):
        return
    columns = ["site_code", "as_of", "percent"]
    new = rows[columns].assign(position=np.arange(len(rows)))
    if "recorded_at" in rows:
        new = new.loc[rows["recorded_at"].sort_values(kind="stable", na_position="first").index]
    order = ["as_of", "recorded_at"]
    old = stored[[*columns, "recorded_at"]].sort_values(order).drop_duplicates(["site_code", "as_of"], keep="last")
    old = old[old["site_code"].isin(new["site_code"])][columns].assign(position=-1)
    both = pd.concat([old, new], ignore_index=True) if len(old) else new
    both = both.dropna(subset=columns).drop_duplicates(["site_code", "as_of"], keep="last")
    both = both.sort_values(["site_code", "as_of"], ignore_index=True)
    before = both.groupby("site_code", sort=False)[["percent", "as_of"]].shift()
    falls = (both["position"] >= 0) & (both["percent"] < before["percent"] - 1e-9)
    for place in np.flatnonzero(falls.to_numpy()).tolist():
        told = {"before": repr(float(before["percent"].iloc[place])), "day": f"{before['as_of'].iloc[place]:%Y-%m-%d}"}
        yield Remark(int(both["position"].iloc[place]), "percent", Finding(Level.FLAGGED, "progress.falls", told))


def broken_plans(rows: pd.DataFrame, refused: Flags) -> Iterator[Remark]:
    """Plans that fall, do not end at 100 or have lost a row; a plan of a site is taken whole or not at all."""
    if not len(rows) or "percent" not in rows:
        return
    plan = rows[["site_code", "as_of", "percent"]].assign(position=np.arange(len(rows)), refused=refused)
    revisions = rows.groupby(["site_code", *(["recorded_at"] if "recorded_at" in rows else [])], dropna=False).ngroup()
    plan = plan.assign(revision=revisions.to_numpy())
    torn = plan.groupby("revision")["refused"].transform("any") & ~plan["refused"]
    for at in plan.loc[torn.to_numpy(), "position"].tolist():
        yield Remark(at, "", Finding(Level.REFUSED, "plan.torn"))
    whole = plan[~plan["refused"] & ~torn].dropna().sort_values(["revision", "as_of"])
    falls = whole.groupby("revision")["percent"].diff() < 0
    for at in whole.loc[falls, "position"].tolist():
        yield Remark(int(at), "percent", Finding(Level.REFUSED, "plan.falls"))
    last = whole.drop_duplicates("revision", keep="last")
    short = last[(last["percent"] - 100).abs() > 1e-9]
    broken = set(whole.loc[falls, "revision"]) | set(short["revision"])
    for at, percent in zip(short["position"].tolist(), short["percent"].tolist(), strict=True):
        yield Remark(int(at), "percent", Finding(Level.REFUSED, "plan.unfinished", {"percent": repr(float(percent))}))
    told = {*whole.loc[falls, "position"].tolist(), *short["position"].tolist()}
    others = whole[whole["revision"].isin(broken) & ~whole["position"].isin(told)]
    for at in others["position"].tolist():
        yield Remark(int(at), "", Finding(Level.REFUSED, "plan.torn"))


def wrong_order(rows: pd.DataFrame) -> Iterator[Remark]:
    """Ends before beginnings, and targets that fall from checkpoint to checkpoint."""
    for first, last, code in (("start_date", "target_date", "row.dates"), ("opened", "closed", "row.closed_early")):
        if first in rows and last in rows:
            for at in np.flatnonzero((rows[last] < rows[first]).to_numpy()).tolist():
                day = f"{rows[first].iloc[at]:%Y-%m-%d}"
                yield Remark(at, last, Finding(Level.REFUSED, code, {"day": day}))
    given = [name for name in _TARGETS if name in rows]
    for earlier, later in pairwise(given):
        for at in np.flatnonzero((rows[later] < rows[earlier]).to_numpy()).tolist():
            yield Remark(at, later, Finding(Level.FLAGGED, "target.falls"))


def money_above(rows: pd.DataFrame, limits: pd.Series[Any], *, column: str) -> Iterator[Remark]:
    """Spending above the contract or budget of what the row speaks of; ``limits``: code -> rupiah."""
    if "spend" not in rows:
        return
    most = rows[column].map(limits).to_numpy("float64", na_value=np.nan)
    spent = rows["spend"].to_numpy("float64", na_value=np.nan)
    with np.errstate(invalid="ignore"):
        above = np.flatnonzero(spent > most)
    for at in above.tolist():
        told = {"limit": str(int(most[at]))}
        yield Remark(at, "spend", Finding(Level.FLAGGED, "money.above", told))


def seen_before(rows: pd.DataFrame, stored: pd.DataFrame) -> Iterator[Remark]:
    """New sites that may be known under another code: the same name in the region, or a stone's throw away."""
    if not len(rows) or not {"code", "programme", "lon", "lat", "name", "region_code"} <= set(rows.columns):
        return
    new = np.flatnonzero(~rows["code"].isin(stored["code"]).to_numpy() & rows["code"].notna().to_numpy())
    if not len(new) or not len(stored):
        return
    named = {
        (programme, region[:5], " ".join(name.casefold().split())): code
        for programme, region, name, code in stored[["programme", "region_code", "name", "code"]].itertuples(
            index=False
        )
    }
    cells = _by_cell(stored)
    columns = ["programme", "region_code", "name", "lon", "lat"]
    new = new[rows[columns].iloc[new].notna().all(axis=1).to_numpy()]
    for at, programme, region, name, lon, lat in zip(
        new.tolist(), *(rows[column].iloc[new].tolist() for column in columns), strict=True
    ):
        same = named.get((programme, region[:5], " ".join(name.casefold().split())))
        near = same or _nearest(cells, programme, lon, lat)
        if near:
            code = "site.same_name" if same else "site.near"
            yield Remark(at, "code", Finding(Level.FLAGGED, code, {"code": near}, near))


def _by_cell(stored: pd.DataFrame) -> dict[tuple[str, int, int], list[tuple[str, float, float]]]:
    """Sites by programme and a grid a little wider than ``NEAR_METRES``."""
    cells: dict[tuple[str, int, int], list[tuple[str, float, float]]] = {}
    exact = stored[stored["location_precision"] == "exact"]
    for code, programme, lon, lat in exact[["code", "programme", "lon", "lat"]].itertuples(index=False):
        cells.setdefault((programme, *_cell(lon, lat)), []).append((code, lon, lat))
    return cells


def _cell(lon: float, lat: float) -> tuple[int, int]:
    width = NEAR_METRES / _METRES_PER_DEGREE * 1.1
    return int(lon // width), int(lat // width)


def _nearest(
    cells: Mapping[tuple[str, int, int], list[tuple[str, float, float]]], programme: str, lon: float, lat: float
) -> str | None:
    column, row = _cell(lon, lat)
    best: tuple[float, str] | None = None
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            for code, other_lon, other_lat in cells.get((programme, x, y), ()):
                east = (lon - other_lon) * np.cos(np.radians(lat))
                metres = float(np.hypot(east, lat - other_lat)) * _METRES_PER_DEGREE
                if metres <= NEAR_METRES and (best is None or metres < best[0]):
                    best = (metres, code)
    return best[1] if best else None


def of_kind(kind: Kind, rows: pd.DataFrame, stored: Tables) -> Iterator[Remark]:
    """What the rules of a kind find in rows that can be read."""
    yield from wrong_order(rows)
    rule = _RULES.get(kind)
    if rule:
        yield from rule(rows, stored)


def _reports(rows: pd.DataFrame, stored: Tables) -> Iterator[Remark]:
    yield from falling_progress(rows, stored["reports"])
    yield from money_above(rows, stored["sites"].set_index("code")["contract_value"], column="site_code")


def _action_reports(rows: pd.DataFrame, stored: Tables) -> Iterator[Remark]:
    yield from money_above(rows, stored["actions"].set_index("code")["budget"], column="action_code")


def _sites(rows: pd.DataFrame, stored: Tables) -> Iterator[Remark]:
    yield from seen_before(rows, stored["sites"])


_RULES: Final[Mapping[str, Callable[[pd.DataFrame, Tables], Iterator[Remark]]]] = {
    "reports": _reports,
    "action_reports": _action_reports,
    "sites": _sites,
}


def _fraction(text: str) -> float:
    return float(text)


MESSAGES: Final[Messages] = {
    "row.required": lambda t, told: (
        t("{heading} is missing.", heading=told["heading"]),
        t("Fill the cell; without it the row cannot be taken."),
    ),
    "row.says_nothing": lambda t, told: (
        t("The row says nothing: all of these are empty: {headings}.", headings=told["headings"]),
        t("Fill at least one of them."),
    ),
    "row.twice": lambda t, told: (
        t("Rows {rows} speak of the same and contradict each other.", rows=told["rows"]),
        t("Keep the row that holds and delete the others."),
    ),
    "row.twice_same": lambda t, told: (
        t("Row {row} says exactly the same; this row is left out.", row=told["row"]),
        "",
    ),
    "row.dates": lambda t, told: (
        t("The end lies before the begin ({day}).", day=_told_day(t, told["day"])),
        t("Correct one of the two days."),
    ),
    "row.closed_early": lambda t, told: (
        t("Closed before it arose ({day}).", day=_told_day(t, told["day"])),
        t("Correct one of the two days."),
    ),
    "progress.falls": lambda t, told: (
        t(
            "Progress falls: on {day} it was {before}.",
            day=_told_day(t, told["day"]),
            before=t.percent(_fraction(told["before"])),
        ),
        t("Check both figures; if the earlier one was wrong, send it corrected, too."),
    ),
    "plan.falls": lambda t, _: (
        t("The plan falls here; a plan is cumulative."),
        t("Correct the figure, or send cumulative figures."),
    ),
    "plan.unfinished": lambda t, told: (
        t("The plan ends at {percent}, not at 100%.", percent=t.percent(_fraction(told["percent"]))),
        t("Send the whole plan of the site, up to 100%."),
    ),
    "plan.torn": lambda t, _: (
        t("Another row of this site's plan cannot be taken, and a plan is taken whole."),
        t("Correct the other row."),
    ),
    "target.falls": lambda t, _: (
        t("The target falls; targets are cumulative."),
        t("Check the targets of this row."),
    ),
    "money.above": lambda t, told: (
        t("More was spent than the contract or budget of {limit}.", limit=t.rupiah(int(told["limit"]))),
        t("Check the amount and its unit."),
    ),
    "site.same_name": lambda t, told: (
        t("A site of this name stands in this region already: {code}.", code=told["code"]),
        t("If it is the same one, use its code."),
    ),
    "site.near": lambda t, told: (
        t("Another site of this programme stands within 50 m: {code}.", code=told["code"]),
        t("If it is the same one, use its code."),
    ),
}
"""Every code of this module, see ``Messages``."""


def _told_day(t: Any, iso: str) -> str:
    return str(t.date(pd.Timestamp(iso).date()))
