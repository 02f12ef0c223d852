"""Say what changed between two days, or between what was shown then and what stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from geo.model import Status
from geo.progress.attention import SEVERE
from geo.progress.clocks import day, days
from geo.progress.rollup import roll_up
from geo.progress.thresholds import DEFAULT, Thresholds

RANKS: Mapping[str, int] = {
    str(Status.KRITIS): 0,
    str(Status.TERLAMBAT): 1,
    str(Status.WASPADA): 2,
    str(Status.BELUM_LAPOR): 3,
    str(Status.TANPA_RENCANA): 4,
    str(Status.BELUM_MULAI): 4,
    str(Status.SESUAI_RENCANA): 5,
    str(Status.SELESAI): 6,
}
"""Rank of a status: a higher one is better. ``tidak_aktif`` has none: giving a site up is neither."""

CHANGE_KINDS: tuple[str, ...] = (
    "moved",
    "appeared",
    "gone",
    "obstacle_opened",
    "obstacle_closed",
    "gained",
    "correction",
    "late_arrival",
    "newly_silent",
    "speaking_again",
)
"""Kinds of row in ``rows``, in its order."""

BAD_NEWS: tuple[str, ...] = (
    "newly_critical",
    "obstacle_opened",
    "province_lost",
    "correction",
    "newly_silent",
    "stopped",
    "worsened",
)
"""Kinds of bad news in ``top``, gravest first."""

GOOD_NEWS: tuple[str, ...] = ("completed", "recovered", "obstacle_closed", "province_gained", "speaking_again")
"""Kinds of good news in ``top``, greatest first."""

ROW_COLUMNS: tuple[str, ...] = (
    "kind",
    "code",
    "name",
    "region_code",
    "before",
    "after",
    "difference",
    "unit",
    "detail",
)
"""Columns of ``rows``."""

TOP_COLUMNS: tuple[str, ...] = (*ROW_COLUMNS, "good", "count")
"""Columns of ``top``."""

_FIGURES = ("plan_percent", "actual_percent", "deviation_points", "contract_value", "plan_spend", "actual_spend")
_TEXTS = ("name", "programme", "region_code", "province", "status", "stage")
_SITE = ["code", "name", "programme", "region_code", "province"]
_OBSTACLE_TEXTS = ("code", "site_code", "action_code", "category", "note", "follow_up")


@dataclass(frozen=True, eq=False)
class Changes:
    """What changed from the day ``since`` to the day ``on``; every frame worst first and the same for any row order.

    Sites stand with ``code``, ``name``, ``programme``, ``region_code``, ``province``; ``against`` tells whether the
    movements are measured from what was ``shown`` on ``since`` or from that day as it is known now (``restated``).

    - ``moved``: another status than before: ``status_before``, ``status_after``, ``deviation_before``,
      ``deviation_after``, ``actual_before``, ``actual_after``, ``contract_value``, ``better`` (by ``RANKS``; missing
      where neither better nor worse), ``by_correction`` (later knowledge changed the status of ``since`` itself).
    - ``appeared``, ``gone``: sites only after, only before: ``status``, ``actual_percent``, ``contract_value``.
    - ``obstacles_opened``, ``obstacles_closed``: with ``site_code``, ``action_code``, ``name``, ``province``,
      ``severe``, ``still_open``, ``at_work`` (the site is neither done nor given up), ``recorded_late`` (it happened by
      ``since`` and came to be known afterwards) and ``age_days`` (up to its end or ``on``).
    - ``gained``: the whole (province ``""``) and each province, like for like: means over the ``n`` active sites with
      plan and realisation both before and after; ``n_before`` and ``n_after`` count each side alone. ``weighting`` is
      ``contract_value`` (as known after) where all ``n`` have one, else ``mean``. ``deviation_change_points`` is
      the change of the deviation: progress that kept up with the plan leaves it at zero.
    - ``corrections``: sites whose percent, planned percent, spend or status for the day ``since`` was shown otherwise
      than it is known now, though no later report came for them: ``shown_percent``, ``restated_percent``,
      ``difference_points``, ``plan_shown``, ``plan_restated``, ``spend_shown``, ``spend_restated`` (rupiah),
      ``status_shown``, ``status_restated``, ``as_of_shown``, ``as_of_restated``. The lowered ones first.
    - ``late_arrivals``: the same columns, where what was shown lacked a report for a later day up to ``since`` that
      has come since then, or any report at all (then ``shown_percent`` is missing).
    - ``newly_silent``, ``speaking_again``: ``as_of_before``, ``as_of_after``, ``age_before``, ``age_after`` (days).
    """

    since: date
    on: date
    against: Literal["shown", "restated"]
    moved: pd.DataFrame
    appeared: pd.DataFrame
    gone: pd.DataFrame
    obstacles_opened: pd.DataFrame
    obstacles_closed: pd.DataFrame
    gained: pd.DataFrame
    corrections: pd.DataFrame
    late_arrivals: pd.DataFrame
    newly_silent: pd.DataFrame
    speaking_again: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all changed; an average that stood still is no change."""
        listed = [getattr(self, each.name) for each in fields(self) if each.name not in ("since", "on", "against")]
        lists = [frame for frame in listed if frame is not self.gained]
        return all(frame.empty for frame in lists) and bool(_stood_still(self.gained).all())


def compare(
    restated: pd.DataFrame,
    after: pd.DataFrame,
    *,
    since: date,
    on: date,
    obstacles_before: pd.DataFrame,
    obstacles_after: pd.DataFrame,
    shown: pd.DataFrame | None = None,
    against: Literal["shown", "restated"] = "restated",
    actions: pd.DataFrame | None = None,
) -> Changes:
    """What changed from ``since`` to ``on``.

    ``restated``, ``after`` and ``shown`` are positions of all sites (``State.positions``): the day ``since`` as known
    now, the day ``on`` as known now, and the day ``since`` as it was known then. ``against`` says which of the two
    pictures of ``since`` the movements start from: after a meeting what it was shown, between two plain dates the
    restated one. Without ``shown`` there are no corrections.

    ``obstacles_before`` and ``obstacles_after`` hold what was known then and what is known now, closed ones included;
    of rows with the same ``code`` the one recorded last counts, rows without one are told apart by their content.
    An obstacle of a site that is in none of the positions is left out, and so is one of an action that ``actions``
    (``code``, ``title``, ``programme``, ``region_code``), where given, does not hold.

    Raises ``ValueError`` where ``against`` is ``shown`` and nothing shown is given.
    """
    if against == "shown" and shown is None:
        raise ValueError("movements against what was shown need the positions that were shown")
    now, then = _told(after), _told(restated)
    seen = None if shown is None else _told(shown)
    base = seen if against == "shown" and seen is not None else then
    both = _paired(base, now)
    opened, closed = _obstacles(obstacles_before, obstacles_after, base, now, actions, day(since), day(on))
    corrections, late_arrivals = _corrected(seen, then)
    silent_before, silent_after = both["silent_before"], both["silent_after"]
    return Changes(
        since=since,
        on=on,
        against=against,
        moved=_moved(both, seen, then),
        appeared=_only(now, base),
        gone=_only(base, now),
        obstacles_opened=opened,
        obstacles_closed=closed,
        gained=_gained(base, now),
        corrections=corrections,
        late_arrivals=late_arrivals,
        newly_silent=_silence(both[silent_after & ~silent_before], "age_after"),
        speaking_again=_silence(both[silent_before & ~silent_after & _told_more(both)], "age_before"),
    )


def rows(changes: Changes) -> pd.DataFrame:
    """Every single change as one row of ``ROW_COLUMNS``, in the order of ``CHANGE_KINDS``, for an export.

    ``before`` and ``after`` are statuses for ``moved``, ``appeared`` and ``gone``, else numbers in percent or days;
    ``difference`` is in ``unit`` (``points`` or ``days``); for ``moved`` it is the change of the deviation. Rows of
    ``gained`` carry a province as ``code``, empty for the whole. ``detail`` holds codes, and the notes of obstacles.
    """
    pieces = [
        _moved_rows(changes.moved, "moved"),
        _plain(changes.appeared, "appeared", after=changes.appeared["status"]),
        _plain(changes.gone, "gone", before=changes.gone["status"]),
        _obstacle_rows(changes.obstacles_opened, "obstacle_opened"),
        _obstacle_rows(changes.obstacles_closed, "obstacle_closed"),
        _gained_rows(changes.gained, "gained"),
        _correction_rows(changes.corrections, "correction"),
        _correction_rows(changes.late_arrivals, "late_arrival"),
        _silence_rows(changes.newly_silent, "newly_silent"),
        _silence_rows(changes.speaking_again, "speaking_again"),
    ]
    return pd.concat(pieces, ignore_index=True)


def top(changes: Changes, n: int = 5, *, thresholds: Thresholds = DEFAULT) -> pd.DataFrame:
    """The ``n`` changes that matter most: the columns of ``rows`` with ``good`` and ``count`` (how many of its kind).

    What can stand here, within each kind the gravest first:

    - ``newly_critical``: the largest contract value, then the largest lag (of works without one only the lag counts).
    - ``obstacle_opened``: severe ones that still stand at a site at work or at an action, the oldest first.
    - ``province_lost``: a province whose deviation, like for like, fell by ``news_province_points`` or more.
    - ``correction``: a shown percent changed by ``news_correction_points`` or more, or a shown status changed.
    - ``newly_silent``; ``stopped`` (postponed or cancelled); ``worsened`` (any other change to a worse status).
    - good: ``completed``, ``recovered`` (no longer ``kritis`` or ``terlambat``), ``obstacle_closed`` (severe),
      ``province_gained``, ``speaking_again``.

    The gravest of each kind come first, in the order of ``BAD_NEWS``, then the second of each kind, and so on. With
    two places or more the last one is kept for good news if there is any; good news also fills what bad news leaves
    free. A site stands once, with its gravest change.
    """
    pieces = _news(changes, thresholds.news_province_points, thresholds.news_correction_points)
    counts = {kind: len(piece) for kind, piece in pieces.items()}
    listed = pd.concat(pieces.values(), ignore_index=True)
    listed["good"] = listed["kind"].isin(GOOD_NEWS)
    listed["count"] = listed["kind"].map(counts).astype("int64")
    bad, good = _in_turn(listed[~listed["good"]]), listed[listed["good"]]
    chosen = bad.head(n - 1 if n >= 2 else n)
    good = _in_turn(good[~good["code"].isin(chosen["code"])])
    if good.empty:
        chosen = bad.head(n)
    return pd.concat([chosen, good.head(n - len(chosen))], ignore_index=True)[list(TOP_COLUMNS)]


def _in_turn(news: pd.DataFrame) -> pd.DataFrame:
    """The first of each kind, then the second of each, every site once with what comes first of it."""
    once = news.drop_duplicates("code")
    order = once["kind"].map({kind: place for place, kind in enumerate((*BAD_NEWS, *GOOD_NEWS))})
    placed = once.assign(_turn=once.groupby("kind").cumcount(), _order=order)
    return placed.sort_values(["_turn", "_order"])


# --- positions, side by side ---------------------------------------------------------------------------------------


def _told(positions: pd.DataFrame) -> pd.DataFrame:
    """The columns that are compared, typed, by site code in its order."""
    columns = ["code", *_TEXTS, *_FIGURES, "as_of", "age_days", "silent"]
    told = positions.reindex(columns=columns)
    typed = {name: _text(told[name]) for name in ("code", *_TEXTS)}
    typed |= {name: pd.to_numeric(told[name]).astype("float64") for name in (*_FIGURES, "age_days")}
    typed |= {"as_of": days(told["as_of"]), "silent": told["silent"].eq(True)}
    return pd.DataFrame(typed).sort_values("code", kind="stable").set_index("code", drop=False).rename_axis(None)


def _text(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), None)


def _paired(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Sites of both sides: described as they are after, everything that is compared with ``_before``, ``_after``."""
    kept = after[after.index.isin(before.index)]
    compared = ["status", "stage", *_FIGURES, "as_of", "age_days", "silent"]
    first = before.reindex(kept.index)[compared].add_suffix("_before")
    second = kept[compared].add_suffix("_after")
    described = kept[[*_SITE, "contract_value"]]
    return pd.concat([described, first, second], axis=1).rename(
        columns={
            "deviation_points_before": "deviation_before",
            "deviation_points_after": "deviation_after",
            "actual_percent_before": "actual_before",
            "actual_percent_after": "actual_after",
            "age_days_before": "age_before",
            "age_days_after": "age_after",
        }
    )


def _differ(first: pd.Series, second: pd.Series) -> pd.Series:
    """Whether two columns of the same index differ; missing equals missing, and dust is no difference."""
    if first.dtype.kind == "f":
        first, second = first.round(6), second.round(6)
    return (first != second) & ~(first.isna() & second.isna())


def _moved(both: pd.DataFrame, seen: pd.DataFrame | None, then: pd.DataFrame) -> pd.DataFrame:
    moved = both[_differ(both["status_before"], both["status_after"])]
    before = moved["status_before"].map(RANKS).astype("Float64")
    after = moved["status_after"].map(RANKS).astype("Float64")
    better = (after > before).astype("boolean").mask(after == before)
    worse = better.eq(False).fillna(False).to_numpy(dtype=bool)
    first = (then if seen is None else seen)["status"].reindex(moved.index)
    second = then["status"].reindex(moved.index)
    by_correction = _differ(first, second) & first.notna() & second.notna()
    moved = moved.assign(better=better, by_correction=by_correction)
    order = pd.DataFrame(
        {
            "turn": np.select([worse, ~better.isna()], [0.0, 2.0], default=1.0),
            "rank": after.fillna(RANKS[Status.BELUM_LAPOR]).astype(float),
            "lag": moved["deviation_after"],
            "value": -moved["contract_value"],
            "code": moved["code"],
        }
    )
    columns = [
        *_SITE, "status_before", "status_after", "deviation_before", "deviation_after", "actual_before",
        "actual_after", "contract_value", "better", "by_correction",
    ]  # fmt: skip
    return moved[columns].reindex(order.sort_values(list(order.columns)).index).reset_index(drop=True)


def _only(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    alone = here[~here.index.isin(there.index)]
    rank = alone["status"].map(RANKS).astype("float64")
    columns = [*_SITE, "status", "deviation_points", "actual_percent", "contract_value"]
    return alone.assign(_rank=rank).sort_values(["_rank", "code"])[columns].reset_index(drop=True)


def _told_more(both: pd.DataFrame) -> pd.Series:
    """Whether a report tells something new: silence that ends only because a plan was moved is no speaking."""
    anything = pd.Series(False, index=both.index)
    for first, second in (
        ("as_of_before", "as_of_after"),
        ("actual_before", "actual_after"),
        ("stage_before", "stage_after"),
        ("actual_spend_before", "actual_spend_after"),
    ):
        anything |= _differ(both[first], both[second])
    return anything & both["as_of_after"].notna()


def _silence(both: pd.DataFrame, age: str) -> pd.DataFrame:
    """Longest silence first; who never reported before all others."""
    columns = [*_SITE, "as_of_before", "as_of_after", "age_before", "age_after"]
    listed = both.assign(_age=-both[age].fillna(np.inf)).sort_values(["_age", "code"])[columns].reset_index(drop=True)
    return listed.astype({"age_before": "Int64", "age_after": "Int64"})


# --- averages and corrections --------------------------------------------------------------------------------------


def _gained(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    known_before, known_after = before[_counted(before)], after[_counted(after)]
    common = known_after.index[known_after.index.isin(known_before.index)]
    second = known_after.loc[common]
    # the weights and the provinces of today on both sides, or the movement would be one of the weights
    fixed = {name: second[name] for name in ("contract_value", "province")}
    provinces = sorted(set(before["province"].dropna()) | set(after["province"].dropna()))
    first, second = _averages(known_before.loc[common].assign(**fixed), provinces), _averages(second, provinces)
    table = pd.DataFrame({"province": pd.Series(["", *provinces], dtype="object")})
    for name in ("actual", "plan"):
        table[f"{name}_before"], table[f"{name}_after"] = first[f"{name}_percent"], second[f"{name}_percent"]
    table["deviation_before"], table["deviation_after"] = first["deviation_points"], second["deviation_points"]
    table["gained_points"] = (table["actual_after"] - table["actual_before"]).round(6)
    table["deviation_change_points"] = (table["deviation_after"] - table["deviation_before"]).round(6)
    table["n"] = second["base"]
    table["n_before"] = _averages(known_before, provinces)["base"]
    table["n_after"] = _averages(known_after, provinces)["base"]
    table["weighting"] = second["weighting"]
    return _whole_first(table)


def _counted(positions: pd.DataFrame) -> pd.Series:
    """Sites that a roll-up averages."""
    active = positions["status"] != str(Status.TIDAK_AKTIF)
    return active & positions["plan_percent"].notna() & positions["actual_percent"].notna()


def _averages(positions: pd.DataFrame, provinces: list[str]) -> pd.DataFrame:
    """The roll-up over everything, sites placed in no province included, and below it that of each province."""
    return pd.concat([roll_up(positions), roll_up(positions, by="province", groups=provinces)], ignore_index=True)


def _whole_first(table: pd.DataFrame) -> pd.DataFrame:
    ordered = table.assign(_part=table["province"] != "")
    ordered = ordered.sort_values(["_part", "deviation_change_points", "province"])
    return ordered.drop(columns="_part").reset_index(drop=True)


def _stood_still(gained: pd.DataFrame) -> pd.Series:
    return gained[["gained_points", "deviation_change_points"]].fillna(0).eq(0).all(axis=1)


def _corrected(seen: pd.DataFrame | None, then: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Corrections and late arrivals: what of the day shown differs from the same day as it is known now."""
    shown = then.iloc[:0] if seen is None else seen
    against = then.iloc[:0] if seen is None else then
    earlier = shown.reindex(against.index)
    figures = {"shown_percent": earlier["actual_percent"].astype("float64")}
    figures["restated_percent"] = against["actual_percent"]
    figures["difference_points"] = (figures["restated_percent"] - figures["shown_percent"]).round(6)
    figures |= {"status_shown": _text(earlier["status"]), "status_restated": against["status"]}
    figures |= {"as_of_shown": days(earlier["as_of"]), "as_of_restated": against["as_of"]}
    for name, column in (("plan", "plan_percent"), ("spend", "actual_spend")):
        figures |= {f"{name}_shown": earlier[column].astype("float64"), f"{name}_restated": against[column]}
    table = against[_SITE].assign(**figures)
    differs = _differ(table["shown_percent"], table["restated_percent"])
    for name in ("status", "plan", "spend"):
        differs |= _differ(table[f"{name}_shown"], table[f"{name}_restated"])
    # a report for a later day than the last one that was known then: it came late, nobody changed a figure
    late = (table["as_of_restated"] > table["as_of_shown"]) | (
        table["as_of_shown"].isna() & table["as_of_restated"].notna()
    )
    rank = table["status_restated"].map(RANKS).astype("float64")
    table = table.assign(_rank=rank, _late=late, _shown=against.index.isin(shown.index))[differs]
    table = table.sort_values(["difference_points", "_rank", "code"])
    corrections = table[~table["_late"] & table["_shown"]]
    late_arrivals = table[table["_late"]]
    private = ["_rank", "_late", "_shown"]
    return (
        corrections.drop(columns=private).reset_index(drop=True),
        late_arrivals.drop(columns=private).reset_index(drop=True),
    )


# --- obstacles -----------------------------------------------------------------------------------------------------


def _obstacles(
    before: pd.DataFrame,
    after: pd.DataFrame,
    base: pd.DataFrame,
    now: pd.DataFrame,
    actions: pd.DataFrame | None,
    since: pd.Timestamp,
    on: pd.Timestamp,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Obstacles that began and that ended after ``since`` and up to ``on``, or became known afterwards."""
    first, told = _last_states(before), _described(_last_states(after), base, now, actions)
    stood = first.index[(first["opened"] <= since) & ~(first["closed"] <= since)]
    stood_before = pd.Series(told.index.isin(stood), index=told.index)
    begun, ended, ended_before = told["opened"] <= on, told["closed"] <= on, told["closed"] <= since
    told = told.assign(
        severe=(told["severity"] >= SEVERE).fillna(False).astype(bool),
        still_open=begun & ~ended,
        age_days=(told["closed"].where(ended, on) - told["opened"]).dt.days.astype("Int64"),
    )
    opened = told.assign(recorded_late=told["opened"] <= since)[begun & ~ended_before & ~stood_before]
    closed = told.assign(recorded_late=ended_before)[begun & ended & (~ended_before | stood_before)]
    return _severe_first(opened), _severe_first(closed)


def _last_states(obstacles: pd.DataFrame) -> pd.DataFrame:
    """One row per obstacle by a key that is the same in both frames: its code, or its content where it has none."""
    columns = [*_OBSTACLE_TEXTS, "severity", "opened", "closed", "recorded_at"]
    told = obstacles.reindex(columns=columns).reset_index(drop=True)
    typed = {name: _text(told[name]) for name in _OBSTACLE_TEXTS}
    typed |= {"severity": pd.to_numeric(told["severity"]).astype("Int64")}
    typed |= {"opened": days(told["opened"]), "closed": days(told["closed"])}
    typed |= {"recorded_at": pd.to_datetime(told["recorded_at"], utc=True, format="ISO8601")}
    content = ["site_code", "action_code", "category", "note", "severity", "opened"]
    told = pd.DataFrame(typed).sort_values(["recorded_at", *content, "closed", "follow_up"], na_position="first")
    # rows of equal content are told apart by their number
    alone = told.groupby(content, dropna=False).cumcount().astype(str).astype("object")
    for name in content:
        alone = alone + "\x1f" + told[name].astype("object").where(told[name].notna(), "").astype(str)
    key = ("=" + told["code"]).where(told["code"].notna(), alone)
    keyed = told.drop(columns="recorded_at").set_axis(pd.Index(key.to_numpy(), dtype="object"))
    return keyed[~keyed.index.duplicated(keep="last")]


def _described(told: pd.DataFrame, base: pd.DataFrame, now: pd.DataFrame, actions: pd.DataFrame | None) -> pd.DataFrame:
    """Obstacles of the sites and actions that are looked at, with what they stand at."""
    sites = pd.concat([now, base[~base.index.isin(now.index)]])
    texts = ["name", "programme", "region_code", "province"]
    at_site = sites[[*texts, "status"]].reindex(told["site_code"]).set_axis(told.index)
    columns = ["code", "title", "programme", "region_code"]
    listed = pd.DataFrame(columns=columns) if actions is None else actions.reindex(columns=columns)
    listed = listed.rename(columns={"title": "name"}).drop_duplicates("code").set_index("code")
    listed["province"] = listed["region_code"].astype("object").str[:2]
    at_action = listed[texts].reindex(told["action_code"]).set_axis(told.index)
    done = [str(Status.SELESAI), str(Status.TIDAK_AKTIF)]
    named = {name: _text(at_site[name].where(told["site_code"].notna(), at_action[name])) for name in texts}
    known_site = told["site_code"].isin(sites.index)
    known_action = told["site_code"].isna() & (told["action_code"].isin(listed.index) | (actions is None))
    return told.assign(**named, at_work=~at_site["status"].isin(done)).loc[known_site | known_action]


def _severe_first(told: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "code", "site_code", "action_code", "name", "programme", "region_code", "province", "category", "severity",
        "severe", "still_open", "at_work", "recorded_late", "opened", "closed", "age_days", "note", "follow_up",
    ]  # fmt: skip
    kept = told.assign(_grave=-told["severity"].astype("float64"))
    kept = kept.sort_values(["_grave", "opened", "site_code", "action_code", "code", "note", "category"])
    return kept[columns].reset_index(drop=True)


# --- one row per change --------------------------------------------------------------------------------------------


def _plain(
    told: pd.DataFrame,
    kind: str,
    *,
    before: pd.Series | None = None,
    after: pd.Series | None = None,
    difference: pd.Series | None = None,
    unit: str = "",
    detail: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows of ``ROW_COLUMNS``; numbers and texts stand side by side, so missing is ``None`` throughout."""
    nothing = _text(pd.Series(None, index=told.index, dtype="object"))
    row = pd.DataFrame(
        {
            "kind": pd.Series(kind, index=told.index, dtype="object"),
            "code": _text(told["code"]),
            "name": _text(told["name"]),
            "region_code": _text(told["region_code"]),
            "before": nothing if before is None else _text(before),
            "after": nothing if after is None else _text(after),
            "difference": np.nan if difference is None else difference.astype("float64").round(6),
            "unit": pd.Series(unit, index=told.index, dtype="object"),
            "detail": pd.Series("", index=told.index, dtype="object") if detail is None else detail.astype("object"),
        }
    )
    return row.astype({"difference": "float64"}).reset_index(drop=True)


def _moved_rows(moved: pd.DataFrame, kind: str) -> pd.DataFrame:
    way = moved["better"].astype("object").map({True: "better", False: "worse"}).astype("object").fillna("neither")
    return _plain(
        moved,
        kind,
        before=moved["status_before"],
        after=moved["status_after"],
        difference=moved["deviation_after"] - moved["deviation_before"],
        unit="points",
        detail=way + moved["by_correction"].map({True: ";by_correction", False: ""}).astype("object"),
    )


def _obstacle_rows(told: pd.DataFrame, kind: str) -> pd.DataFrame:
    place = told.assign(code=told["site_code"].where(told["site_code"].notna(), told["action_code"]))
    parts = [
        told["category"].fillna(""),
        told["severity"].astype("object").fillna("").astype(str).radd("severity="),
        told["recorded_late"].map({True: "recorded_late", False: ""}).astype("object"),
        told["note"].fillna(""),
    ]
    return _plain(place, kind, difference=told["age_days"], unit="days", detail=_joined(parts))


def _joined(parts: Sequence[pd.Series]) -> pd.Series:
    """Texts joined by ``;``, empty ones left out."""
    joined = parts[0].astype("object")
    for part in parts[1:]:
        divider = np.where((joined != "") & (part != ""), ";", "")
        joined = joined + pd.Series(divider, index=joined.index, dtype="object") + part.astype("object")
    return joined


def _gained_rows(gained: pd.DataFrame, kind: str, *, deviation: bool = False) -> pd.DataFrame:
    place = gained.assign(code=gained["province"], name=None, region_code=gained["province"])
    sides = [gained[name].astype(str).radd(f"{name}=") for name in ("n", "n_before", "n_after")]
    quantity = "deviation" if deviation else "actual"
    return _plain(
        place,
        kind,
        before=gained[f"{quantity}_before"],
        after=gained[f"{quantity}_after"],
        difference=gained["deviation_change_points" if deviation else "gained_points"],
        unit="points",
        detail=_joined([*sides, gained["weighting"]]),
    )


def _correction_rows(told: pd.DataFrame, kind: str) -> pd.DataFrame:
    changed = _differ(told["status_shown"], told["status_restated"])
    status = told["status_shown"].fillna("").astype("object") + ">" + told["status_restated"].fillna("")
    return _plain(
        told,
        kind,
        before=told["shown_percent"],
        after=told["restated_percent"],
        difference=told["difference_points"],
        unit="points",
        detail=_joined([status.where(changed, ""), *_altered(told)]),
    )


def _altered(told: pd.DataFrame) -> list[pd.Series]:
    """What else than the percent was shown otherwise: ``plan=40>60``, ``spend=900>100`` (rupiah)."""
    pieces = []
    for name in ("plan", "spend"):
        first, second = told[f"{name}_shown"], told[f"{name}_restated"]
        words = [
            f"{name}={'' if pd.isna(a) else f'{a:g}'}>{'' if pd.isna(b) else f'{b:g}'}" if differs else ""
            for a, b, differs in zip(first.round(2), second.round(2), _differ(first, second), strict=True)
        ]
        pieces.append(pd.Series(words, index=told.index, dtype="object"))
    return pieces


def _silence_rows(told: pd.DataFrame, kind: str) -> pd.DataFrame:
    last = told["as_of_after"].dt.strftime("%Y-%m-%d").astype("object")
    return _plain(
        told,
        kind,
        before=told["age_before"],
        after=told["age_after"],
        difference=told["age_after"].astype("Float64") - told["age_before"].astype("Float64"),
        unit="days",
        detail=("last_report=" + last).where(last.notna(), "never_reported"),
    )


# --- what matters most ---------------------------------------------------------------------------------------------


def _news(changes: Changes, province_points: float, correction_points: float) -> dict[str, pd.DataFrame]:
    """By kind of ``BAD_NEWS`` and ``GOOD_NEWS`` the rows that can stand among the most important, gravest first."""
    moved = changes.moved
    before, after = moved["status_before"], moved["status_after"]
    worse, better = moved["better"].eq(False).fillna(False), moved["better"].eq(True).fillna(False)
    critical, done = after == str(Status.KRITIS), after == str(Status.SELESAI)
    stopped = after == str(Status.TIDAK_AKTIF)
    recovered = better & ~done & ~critical & (after != str(Status.TERLAMBAT))
    recovered &= before.isin([str(Status.KRITIS), str(Status.TERLAMBAT)])
    opened, closed = changes.obstacles_opened, changes.obstacles_closed
    standing = opened["severe"] & opened["still_open"] & opened["at_work"]
    provinces = changes.gained[changes.gained["province"] != ""]
    pace = provinces["deviation_change_points"]
    shown = changes.corrections
    size = shown["difference_points"].abs()
    altered = (size >= correction_points) | _differ(shown["status_shown"], shown["status_restated"])
    gravest = shown.assign(_size=-size).sort_values(["_size", "code"])
    return {
        "newly_critical": _moved_rows(_by_value(moved[critical]), "newly_critical"),
        "obstacle_opened": _obstacle_rows(opened[standing], "obstacle_opened"),
        "province_lost": _gained_rows(provinces[pace <= -province_points], "province_lost", deviation=True),
        "correction": _correction_rows(gravest[altered.reindex(gravest.index)], "correction"),
        "newly_silent": _silence_rows(changes.newly_silent, "newly_silent"),
        "stopped": _moved_rows(_by_value(moved[stopped]), "stopped"),
        "worsened": _moved_rows(moved[worse & ~critical], "worsened"),
        "completed": _moved_rows(_by_value(moved[done]), "completed"),
        "recovered": _moved_rows(_by_value(moved[recovered]), "recovered"),
        "obstacle_closed": _obstacle_rows(closed[closed["severe"]], "obstacle_closed"),
        "province_gained": _gained_rows(
            provinces[pace >= province_points].sort_values(
                ["deviation_change_points", "province"], ascending=[False, True]
            ),
            "province_gained",
            deviation=True,
        ),
        "speaking_again": _silence_rows(changes.speaking_again, "speaking_again"),
    }


def _by_value(moved: pd.DataFrame) -> pd.DataFrame:
    """The largest contract value first, then the largest lag."""
    return moved.assign(_value=-moved["contract_value"]).sort_values(["_value", "deviation_after", "code"])
