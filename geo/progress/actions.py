"""Say where each action of the action plan stands against the checkpoint that is due, frozen figures kept apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.model import CHECKPOINTS, ActionStatus, Stage, Status, UnknownCodeError, province_of, regency_of
from geo.progress.clocks import counted, day, days, recorded
from geo.progress.thresholds import DEFAULT, Thresholds

ACTION_COLUMNS: tuple[str, ...] = (
    "code",
    "year",
    "institution_code",
    "region_code",
    "province",
    "regency",
    "programme",
    "site_code",
    "kind",
    "title",
    "indicator",
    "unit",
    "budget",
    "contract",
    "checkpoint",
    "target",
    "target_year",
    "closed",
    "closed_at",
    "due",
    "reported",
    "fresh",
    "achieved",
    "restated",
    "achieved_percent",
    "restated_percent",
    "latest",
    "latest_as_of",
    "age_days",
    "spend",
    "spend_percent",
    "stage",
    "obstacle",
    "action_status",
    "status",
    "rule",
    "limit_percent",
    "next_step",
    "missing_since",
)
"""Columns of the position of an action, in order."""

RESTATEMENT_COLUMNS: tuple[str, ...] = (
    "year",
    "checkpoint",
    "code",
    "institution_code",
    "region_code",
    "province",
    "programme",
    "kind",
    "title",
    "unit",
    "target",
    "counted",
    "before",
    "after",
    "before_percent",
    "after_percent",
    "points",
    "closed_at",
)
"""Columns of the list of restatements, in order."""

SUMMARY_COLUMNS: tuple[str, ...] = (
    "year",
    "checkpoint",
    "closed_at",
    "due",
    "restated",
    "restated_due",
    "first_told",
    "base_before",
    "base_after",
    "percent_before",
    "percent_after",
    "points",
    "base_both",
    "points_both",
)
"""Columns of the summary of restatements, in order."""

_TARGETS = tuple(f"target_{checkpoint}" for checkpoint in CHECKPOINTS)
_TEXTS = ("institution_code", "region_code", "programme", "site_code", "kind", "title", "indicator", "unit")
_TIES = ["achieved", "spend", "stage", "obstacle", "author"]
_REPORT_COLUMNS = ("action_code", "as_of", "recorded_at", *_TIES)
_HISTORY = ("entered_at", "withdrawn_at")
_WIB = pd.Timedelta(hours=7)
"""What Western Indonesian Time, where a day ends, is ahead of UTC."""

_INACTIVE = (str(Stage.POSTPONED), str(Stage.CANCELLED))
_ENDED = (str(ActionStatus.SELESAI), str(ActionStatus.DITUNDA), str(ActionStatus.DIBATALKAN))


def checkpoint_day(year: int, checkpoint: str) -> date:
    """The last day of a checkpoint's month: ``(2026, "b06")`` gives 30 June 2026.

    Raises ``UnknownCodeError`` for what is none of ``geo.model.CHECKPOINTS``.
    """
    month = _month(checkpoint)
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def due_checkpoint(year: int, on: date) -> str | None:
    """The last checkpoint of ``year`` whose day has come on the day ``on``; ``None`` before the end of March."""
    come = [checkpoint for checkpoint in CHECKPOINTS if checkpoint_day(year, checkpoint) <= on]
    return come[-1] if come else None


def _month(checkpoint: str) -> int:
    if checkpoint not in CHECKPOINTS:
        raise UnknownCodeError(f"{checkpoint!r} is no checkpoint; use one of {', '.join(CHECKPOINTS)}.")
    return int(checkpoint[1:])


def action_positions(
    actions: pd.DataFrame,
    action_reports: pd.DataFrame,
    closures: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
    checkpoint: str | None = None,
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """Where each action stands on the day ``on``, as known at ``known_at`` (aware; ``None``: all that is recorded).

    One row per action known by then, in the order of ``actions``, columns ``ACTION_COLUMNS``. Each quantity keeps the
    latest value told for it; of several reports of an action for one day the one recorded last is in force.

    - ``checkpoint``: the last one of the action's own year that has come by ``on``, or the one asked for where that is
      earlier; missing before the first. ``target`` is its cumulative target, ``target_year`` that of the whole year
      (B12, else the largest told), both in ``unit``.
    - ``closed``, ``closed_at`` (UTC): an administrator had closed that checkpoint by ``known_at``. ``achieved``,
      ``reported``, ``due`` and the judgement built on them are then those known at the closing, for ever.
    - ``achieved``: told for a day up to the checkpoint's (before the first: up to ``on``); missing, never zero,
      where nobody told. ``restated``: the same as known at ``known_at``. ``achieved_percent``, ``restated_percent``:
      0 to 100 of ``target``, what exceeds it cut off; missing without a figure or a target above zero.
    - ``reported``: a report of any content counts for the checkpoint, even an old one; ``fresh``: one speaks of the
      very quarter that the checkpoint ends. ``due``: the target is above zero, and the action
      was known and neither postponed nor cancelled (on ``on``; where closed, at the closing).
    - ``latest``: the last figure told for a day up to ``on``; ``latest_as_of`` and ``age_days`` speak of the last
      report, whatever it told; ``obstacle`` is its text. ``spend`` in rupiah, ``spend_percent`` of ``budget``.
    - ``action_status``: a ``geo.model.ActionStatus`` by the latest word, whichever checkpoint is shown.
    - ``status``: a ``geo.model.Status`` for the colour, ``rule`` what decided it, ``limit_percent`` the share of the
      target that it was held against, ``next_step`` what is to be done (missing: nothing).
    - ``missing_since``: the day up to which the report for the checkpoint could be handed in
      (``action_grace_days`` after it), where that day has passed and no report came for a day of the quarter that
      the checkpoint ends. Not asked of finished, postponed or cancelled actions, nor of those entered later.

    Raises ``UnknownCodeError`` for an unknown ``checkpoint``.
    """
    at, moment = day(on), _moment(known_at)
    frame = _known(recorded(actions, known_at), moment)
    frame["checkpoint"] = _checkpoints(frame["year"], on, checkpoint)
    frame["_day"] = _checkpoint_days(frame)
    frame["target"], frame["target_year"] = _target(frame), _year_target(frame)
    frame["closed_at"] = _closings(frame, closures, moment)
    frame["closed"] = frame["closed_at"].notna()
    reports = _settled(action_reports, frame["code"], at, moment)
    frame = _add_told(frame, reports, at, moment)
    frame["action_status"] = _action_status(frame, on)
    decided = _decide(frame, thresholds)
    frame[list(decided.columns)] = decided
    frame["missing_since"] = _missing_since(frame, reports[counted(reports, known_at)], at, thresholds)
    frame["closed_at"] = frame["closed_at"].dt.tz_localize("UTC")
    return frame[list(ACTION_COLUMNS)]


# --- the actions -------------------------------------------------------------------------------------------------


def _moment(known_at: datetime | None) -> Any:
    """The moment in UTC without its zone, a timestamp; ``NaT`` sets no limit."""
    if known_at is None:
        return pd.NaT
    return pd.Timestamp(known_at).tz_convert("UTC").tz_localize(None).as_unit("us")


def _moments(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values, utc=True, format="ISO8601").dt.tz_localize(None).astype("datetime64[us]")


def _number(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values).astype("float64")


def _plain(texts: pd.Series) -> pd.Series:
    """Texts as Python's own, ``None`` where missing."""
    return texts.astype("object").where(texts.notna(), None)


def _known(actions: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """The actions known at the moment with typed columns, rows numbered from 0."""
    columns = ["code", "year", *_TEXTS, *_TARGETS, "budget", "contract", "recorded_at"]
    kept = actions.reindex(columns=columns).reset_index(drop=True)
    kept["recorded_at"] = _moments(kept["recorded_at"])
    kept = kept[~(kept["recorded_at"] > moment)].reset_index(drop=True)
    texts = {name: _plain(kept[name]) for name in ("code", *_TEXTS)}
    numbers = {name: _number(kept[name]) for name in (*_TARGETS, "budget", "contract")}
    kept = kept.assign(year=pd.to_numeric(kept["year"]).astype("Int64"), **texts, **numbers)
    kept["province"] = _plain(kept["region_code"].map(province_of, na_action="ignore"))
    kept["regency"] = _plain(kept["region_code"].map(regency_of, na_action="ignore"))
    return kept


def _checkpoints(years: pd.Series, on: date, asked: str | None) -> pd.Series:
    """For each year the checkpoint that is judged on the day, missing where none is due."""
    limit = CHECKPOINTS.index(asked) if asked is not None and _month(asked) else len(CHECKPOINTS)
    judged: dict[int, str | None] = {}
    for year in years.dropna().unique():
        due = due_checkpoint(int(year), on)
        judged[int(year)] = None if due is None else CHECKPOINTS[min(CHECKPOINTS.index(due), limit)]
    return _plain(years.astype("object").map(judged))


def _checkpoint_days(frame: pd.DataFrame) -> pd.Series:
    pairs = frame[["year", "checkpoint"]].dropna().drop_duplicates()
    known = {(int(y), c): pd.Timestamp(checkpoint_day(int(y), c)) for y, c in pairs.itertuples(index=False)}
    keys = pd.MultiIndex.from_arrays([frame["year"].astype("object"), frame["checkpoint"]])
    table = pd.Series(known, dtype="datetime64[us]")
    if table.empty:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return table.reindex(keys).set_axis(frame.index)


def _opening(frame: pd.DataFrame) -> pd.Series:
    """The last day before the quarter that the checkpoint ends."""
    return frame["_day"] - pd.offsets.MonthEnd(3)


def _target(frame: pd.DataFrame) -> pd.Series:
    """The target at the checkpoint; targets are cumulative, so a blank one is the last that was told before it."""
    target = pd.Series(np.nan, index=frame.index)
    told = frame[list(_TARGETS)].ffill(axis=1)
    for checkpoint, column in zip(CHECKPOINTS, _TARGETS, strict=True):
        target = target.mask(frame["checkpoint"] == checkpoint, told[column])
    return target


def _year_target(frame: pd.DataFrame) -> pd.Series:
    return frame[_TARGETS[-1]].fillna(frame[list(_TARGETS)].max(axis=1))


def _closings(frame: pd.DataFrame, closures: pd.DataFrame, moment: pd.Timestamp) -> pd.Series:
    """When the checkpoint of each row was closed (UTC, no zone), missing if it was not by the moment."""
    told = closures.reindex(columns=["year", "checkpoint", "closed_at"])
    told = told.assign(year=pd.to_numeric(told["year"]).astype("Int64"), closed_at=_moments(told["closed_at"]))
    told = told[~(told["closed_at"] > moment)].dropna()
    if told.empty:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    first = told.groupby(["year", "checkpoint"])["closed_at"].min().rename("closing")  # the first closing holds
    return frame[["year", "checkpoint"]].join(first, on=["year", "checkpoint"])["closing"]


# --- what was told -----------------------------------------------------------------------------------------------


def _settled(reports: pd.DataFrame, codes: pd.Series, at: pd.Timestamp, moment: pd.Timestamp) -> pd.DataFrame:
    """The reports of these actions that may count, in an order that only their content decides.

    ``place`` is the row of the action; sorted by place, day and moment of recording, ties by content.
    """
    kept = reports.reindex(columns=[*_REPORT_COLUMNS, *_HISTORY]).reset_index(drop=True)
    kept = kept.assign(
        entered_at=_moments(kept["entered_at"]),
        withdrawn_at=_moments(kept["withdrawn_at"]),
        place=pd.Index(codes).get_indexer(pd.Index(kept["action_code"].astype("object"))),
        as_of=days(kept["as_of"]),
        recorded_at=_moments(kept["recorded_at"]),
        achieved=_number(kept["achieved"]),
        spend=_number(kept["spend"]),
    )
    kept = kept[(kept["place"] >= 0) & (kept["as_of"] <= at) & ~(kept["recorded_at"] > moment)]
    keys = ["place", "as_of", "recorded_at"]
    if kept.duplicated(keys).any():
        kept = kept.sort_values(_TIES, na_position="first")
    return kept.sort_values(keys, na_position="first", kind="stable", ignore_index=True)


def _told(reports: pd.DataFrame, until: pd.Series, moment: pd.Series) -> pd.DataFrame:
    """What each action had told for days up to its own ``until``, as recorded by its own ``moment`` (NaT: no limit).

    Rows numbered as ``until``: achieved, spend and stage each by the latest value told, as_of of the last report and
    its obstacle.
    """
    place = reports["place"].to_numpy()
    at, withdrawn = moment.to_numpy()[place], reports["withdrawn_at"].to_numpy()
    counts = (reports["as_of"].to_numpy() <= until.to_numpy()[place]) & ~(reports["recorded_at"].to_numpy() > at)
    # what was taken back since counts for a moment before that
    counts &= np.isnat(withdrawn) | ((withdrawn > at) & ~(reports["entered_at"].to_numpy() > at))
    in_force = reports[counts].drop_duplicates(["place", "as_of"], keep="last")
    # GroupBy.last skips missing values: each quantity keeps the latest value told for it
    told = in_force.groupby("place")[["as_of", "achieved", "spend", "stage"]].last()
    told["obstacle"] = in_force.drop_duplicates("place", keep="last").set_index("place")["obstacle"]
    texts = {name: _plain(told[name].reindex(until.index)) for name in ("stage", "obstacle")}
    every: pd.DataFrame = told.reindex(until.index).assign(**texts)
    return every


def _add_told(frame: pd.DataFrame, reports: pd.DataFrame, at: pd.Timestamp, moment: pd.Timestamp) -> pd.DataFrame:
    """The frame with what was told: for the checkpoint as frozen and as known now, and on the day."""
    today = pd.Series(at, index=frame.index, dtype="datetime64[us]")
    known = pd.Series(moment, index=frame.index, dtype="datetime64[us]")
    judged = frame["closed_at"].fillna(known)
    until = frame["_day"].fillna(at)
    frozen = _told(reports, until, judged)
    restated = _told(reports, until, known)
    latest = _told(reports, today, known)
    closing_day = (frame["closed_at"] + _WIB).dt.normalize()
    at_closing = _told(reports, today.mask(closing_day < at, closing_day), judged)
    entered_late = (frame["recorded_at"] > frame["closed_at"]).astype(bool)
    return frame.assign(
        achieved=frozen["achieved"],
        restated=restated["achieved"],
        reported=frozen["as_of"].notna(),
        fresh=(frozen["as_of"] > _opening(frame).fillna(pd.Timestamp(1, 1, 1))).astype(bool),
        achieved_percent=_percent(frozen["achieved"], frame["target"]),
        restated_percent=_percent(restated["achieved"], frame["target"]),
        due=frame["target"].gt(0) & ~at_closing["stage"].isin(_INACTIVE) & ~entered_late,
        latest=latest["achieved"],
        latest_as_of=latest["as_of"],
        age_days=(at - latest["as_of"]).dt.days.astype("Int64"),
        spend=latest["spend"],
        spend_percent=(100 * latest["spend"] / frame["budget"].where(frame["budget"] > 0)).round(6),
        stage=latest["stage"],
        obstacle=latest["obstacle"],
        _entered_late=entered_late,
        _judged_stage=at_closing["stage"].where(frame["closed"], latest["stage"]),
        _judged_latest=at_closing["achieved"].where(frame["closed"], latest["achieved"]),
    )


def _percent(achieved: pd.Series, target: pd.Series) -> pd.Series:
    # division leaves dust in the last bits; a threshold must not turn on it
    return (100 * (achieved / target.where(target > 0)).clip(upper=1)).round(6)


# --- the judgement -----------------------------------------------------------------------------------------------


def _begun(frame: pd.DataFrame) -> pd.Series:
    return frame["latest"].gt(0) | frame["stage"].isin([str(Stage.IN_PROGRESS), str(Stage.SOFT_LAUNCH)])


def _action_status(frame: pd.DataFrame, on: date) -> pd.Series:
    """The status in the programme's words; the first condition that holds decides."""
    stage = frame["stage"]
    come = _checkpoints(frame["year"], on, None).map({c: place for place, c in enumerate(CHECKPOINTS)})
    has_come = come.fillna(-1).to_numpy(dtype=int)[:, None] >= np.arange(len(CHECKPOINTS))
    something_due = (frame[list(_TARGETS)].gt(0) & has_come).any(axis=1)
    fulfilled = frame["target_year"].gt(0) & (frame["latest"] >= frame["target_year"])
    choices = [
        (stage == Stage.POSTPONED, ActionStatus.DITUNDA),
        (stage == Stage.CANCELLED, ActionStatus.DIBATALKAN),
        (stage == Stage.CARRIED_OVER, ActionStatus.DILANJUTKAN),
        ((stage == Stage.OPERATIONAL) | fulfilled, ActionStatus.SELESAI),
        (_begun(frame), ActionStatus.BERJALAN),
        (frame["latest_as_of"].isna() & something_due, ActionStatus.BELUM_LAPOR),
    ]
    conditions = [condition.to_numpy(dtype=bool) for condition, _ in choices]
    chosen = np.select(conditions, [str(status) for _, status in choices], default=str(ActionStatus.BELUM_MULAI))
    return pd.Series(chosen, index=frame.index, dtype="object")


def _decide(frame: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """``status``, ``rule``, ``limit_percent`` and ``next_step``; the first condition that holds decides."""
    percent, stage, latest = frame["achieved_percent"], frame["_judged_stage"], frame["_judged_latest"]
    idle = stage.isin(_INACTIVE)
    fulfilled = frame["target_year"].gt(0) & (latest >= frame["target_year"])
    done = (stage != Stage.CARRIED_OVER) & ((stage == Stage.OPERATIONAL) | fulfilled)
    begun = latest.gt(0) | stage.isin([str(Stage.IN_PROGRESS), str(Stage.SOFT_LAUNCH)])
    untold = percent.isna()
    nothing_due = ~frame["target"].gt(0)
    watch, late = limits.action_watch_from, limits.action_late_from
    choices: list[tuple[pd.Series, Status, str, float | None, str | None]] = [
        (idle, Status.TIDAK_AKTIF, "stage", None, None),
        (done, Status.SELESAI, "done", None, None),
        (frame["target_year"].isna(), Status.TANPA_RENCANA, "no_target", None, "request_target"),
        (nothing_due & begun, Status.SESUAI_RENCANA, "nothing_due", None, None),
        (nothing_due, Status.BELUM_MULAI, "nothing_due", None, None),
        (frame["_entered_late"] & begun, Status.SESUAI_RENCANA, "entered_after_closing", None, None),
        (frame["_entered_late"], Status.BELUM_MULAI, "entered_after_closing", None, None),
        (untold & frame["restated"].notna(), Status.BELUM_LAPOR, "told_after_closing", None, None),
        (untold & frame["reported"], Status.BELUM_LAPOR, "no_figure", None, "request_report"),
        (untold, Status.BELUM_LAPOR, "no_report", None, "request_report"),
        (percent < late, Status.KRITIS, "checkpoint_critical", late, "recovery_plan"),
        (percent < watch, Status.TERLAMBAT, "checkpoint_late", watch, "explanation"),
        (percent < 100, Status.WASPADA, "checkpoint_watch", 100.0, "watch_next_report"),
    ]
    conditions = [condition.to_numpy(dtype=bool) for condition, *_ in choices]
    chosen = np.select(conditions, list(range(len(choices))), default=len(choices))
    outcomes = [outcome for _, *outcome in choices] + [[Status.SESUAI_RENCANA, "checkpoint_met", 100.0, None]]
    table = pd.DataFrame(outcomes, columns=["status", "rule", "limit_percent", "next_step"], dtype="object")
    table["status"] = table["status"].map(str).astype("object")
    table["limit_percent"] = table["limit_percent"].astype("float64")
    decided = table.take(chosen).set_axis(frame.index)
    decided["next_step"] = _plain(decided["next_step"])
    return decided


def _missing_since(frame: pd.DataFrame, reports: pd.DataFrame, at: pd.Timestamp, limits: Thresholds) -> pd.Series:
    """The last day for the report on the checkpoint where that day has passed without one."""
    deadline = frame["_day"] + pd.Timedelta(days=limits.action_grace_days)
    place, told_for = reports["place"].to_numpy(), reports["as_of"].to_numpy()
    fits = (told_for > _opening(frame).to_numpy()[place]) & (told_for <= frame["_day"].to_numpy()[place])
    came = frame.index.isin(reports.loc[fits, "place"].unique())
    entered = (frame["recorded_at"] + _WIB).dt.normalize()
    asked = ~frame["action_status"].isin(_ENDED) & ~(entered > deadline)
    return deadline.where(asked & ~came & (deadline < at)).astype("datetime64[us]")


# --- restatements ------------------------------------------------------------------------------------------------


def closed_positions(
    actions: pd.DataFrame,
    action_reports: pd.DataFrame,
    closures: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
) -> pd.DataFrame:
    """Positions at every closed checkpoint up to the one due on the day, one row per action and checkpoint.

    The columns of ``action_positions`` and ``differs``: the figure is not the frozen one any more.
    """
    parts = []
    for checkpoint in CHECKPOINTS:
        found = action_positions(actions, action_reports, closures, on=on, known_at=known_at, checkpoint=checkpoint)
        parts.append(found[found["closed"] & (found["checkpoint"] == checkpoint)])
    together = pd.concat(parts, ignore_index=True)
    differ = together["achieved"].ne(together["restated"]) & (
        together["achieved"].notna() | together["restated"].notna()
    )
    return together.assign(differs=differ)


def restatements(
    actions: pd.DataFrame,
    action_reports: pd.DataFrame,
    closures: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
    closed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Figures of closed checkpoints that differ today from those frozen at the closing, ``RESTATEMENT_COLUMNS``.

    One row per action and closed checkpoint up to the one due on ``on``, sorted by year, checkpoint and code.
    ``before`` and ``after`` are cumulative figures in ``unit``: one that was first told after the closing has no
    ``before``, one that was withdrawn no ``after``. ``points`` is the change of the share of the target, in
    percentage points, missing where one side is. ``counted`` tells whether the action was due at that checkpoint and so
    weighs in the shares of ``restatement_summary``. ``closed`` is what ``closed_positions`` gave for the same question.
    """
    together = closed
    if together is None:
        together = closed_positions(actions, action_reports, closures, on=on, known_at=known_at)
    changed = together[together["differs"]].rename(
        columns={
            "achieved": "before",
            "restated": "after",
            "achieved_percent": "before_percent",
            "restated_percent": "after_percent",
            "due": "counted",
        }
    )
    changed["points"] = (changed["after_percent"] - changed["before_percent"]).round(6)
    return changed.sort_values(["year", "checkpoint", "code"], ignore_index=True)[list(RESTATEMENT_COLUMNS)]


def restatement_summary(
    actions: pd.DataFrame,
    action_reports: pd.DataFrame,
    closures: pd.DataFrame,
    *,
    on: date,
    known_at: datetime | None = None,
    closed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How far each closed checkpoint was restated: one row per year and closed checkpoint, ``SUMMARY_COLUMNS``.

    - ``restated``: actions whose figure differs from the frozen one; ``restated_due`` of them were due at the closing,
      ``first_told`` of them had told none by then.
    - ``due``: actions that were due at the closing; only these weigh in what follows.
    - ``percent_before``: mean share of the target (0 to 100, each action capped) over the ``base_before`` due actions
      that had told a figure at the closing: what was published. ``percent_after``: the same over the ``base_after``
      that have told one by now. ``points`` = after - before, in percentage points, missing where one side is.
    - ``points_both``: the same change over the ``base_both`` due actions that have a figure on both sides.
    """
    together = closed
    if together is None:
        together = closed_positions(actions, action_reports, closures, on=on, known_at=known_at)
    before = together["achieved_percent"].where(together["due"])
    after = together["restated_percent"].where(together["due"])
    both = before.notna() & after.notna()
    work = together[["year", "checkpoint", "closed_at"]].assign(
        due=together["due"].astype(int),
        restated=together["differs"].astype(int),
        restated_due=(together["differs"] & together["due"]).astype(int),
        first_told=(together["differs"] & together["achieved"].isna()).astype(int),
        base_before=before.notna().astype(int),
        base_after=after.notna().astype(int),
        base_both=both.astype(int),
        before=before,
        after=after,
        change=(after - before).where(both),
    )
    groups = work.groupby(["year", "checkpoint"])
    counts = groups[["due", "restated", "restated_due", "first_told", "base_before", "base_after", "base_both"]].sum()
    means = groups[["before", "after", "change"]].mean()
    answer = counts.assign(
        closed_at=groups["closed_at"].first(),
        percent_before=means["before"].round(6),
        percent_after=means["after"].round(6),
        points=(means["after"] - means["before"]).round(6),
        points_both=means["change"].round(6),
    )
    return answer.reset_index()[list(SUMMARY_COLUMNS)]
