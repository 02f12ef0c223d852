"""List who owes which report since when, and when each institution was last heard."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo.model import CHECKPOINTS
from geo.progress.clocks import day, days
from geo.progress.plan import overtaken
from geo.progress.thresholds import DEFAULT, Thresholds

MONTHLY = "monthly"
"""What a site owes; an action owes the report for a checkpoint (one of ``geo.model.CHECKPOINTS``)."""

AWAITED_COLUMNS: tuple[str, ...] = (
    "institution_code",
    "institution",
    "kind",
    "code",
    "name",
    "province",
    "owed",
    "speaks_of",
    "since",
    "days",
    "last_report",
)
"""Columns of ``awaited``, in order."""

LAST_WORDS_COLUMNS: tuple[str, ...] = (
    "institution_code",
    "institution",
    "institution_kind",
    "field",
    "last_report",
    "age_days",
    "never_reported",
    "sites",
    "sites_reported",
    "actions",
    "actions_reported",
    "owed",
    "oldest_since",
)
"""Columns of ``last_words``, in order."""


def plan_begun(sites: pd.DataFrame, plans: pd.DataFrame) -> pd.Series:
    """By site code, the first day on which the plan exceeds zero; sites whose plan never does are left out.

    From this day on a site that never reported is expected to. ``plans`` holds the plan in force.
    """
    never = pd.DataFrame({"site_code": sites["code"].astype("object"), "as_of": pd.Timestamp(1, 1, 1), "percent": 0.0})
    return overtaken(sites, plans, never.drop_duplicates("site_code"))


def awaited(
    positions: pd.DataFrame,
    action_positions: pd.DataFrame,
    institutions: pd.DataFrame,
    *,
    on: date,
    begun: pd.Series | None = None,
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """Reports that are owed on the day ``on``: one row of ``AWAITED_COLUMNS`` each, the longest owed first.

    - A site (``kind`` ``site``) owes its monthly report when it is ``silent``: ``owed`` is ``monthly``, ``speaks_of``
      the first end of a month after its last report, or, where it never reported, the first one from the day its plan
      began. It is owed ``since`` the last day of the grace of ``thresholds.silent_after_days`` after the last
      report or that beginning. ``begun`` gives the beginnings by site code (see ``plan_begun``); without
      one, ``since`` of a site that never reported is missing, and it stands before all others.
    - An action (``kind`` ``action``) owes the report for its checkpoint from ``missing_since``; ``owed`` is the
      checkpoint and ``speaks_of`` its day.

    ``days`` counts from ``since`` to ``on``. ``institution`` is missing where ``institutions`` doesn't know the code,
    and both are where a site or an action names none: a report is owed all the same.
    """
    at = day(on)
    pieces = [_awaited_sites(positions, begun, thresholds), _awaited_actions(action_positions)]
    table = pd.concat([piece for piece in pieces if len(piece)] or pieces[:1], ignore_index=True)
    names = institutions.drop_duplicates("code").set_index("code")["name"].astype("object")
    named = names.reindex(table["institution_code"]).set_axis(table.index)
    table = table.assign(institution=_text(named), days=(at - table["since"]).dt.days.astype("Int64"))
    ordered = table.sort_values(["since", "institution_code", "kind", "code"], na_position="first", ignore_index=True)
    return ordered[list(AWAITED_COLUMNS)]


def last_words(
    positions: pd.DataFrame,
    action_positions: pd.DataFrame,
    institutions: pd.DataFrame,
    *,
    on: date,
    begun: pd.Series | None = None,
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """When each institution was last heard: one row of ``LAST_WORDS_COLUMNS`` per institution with sites or actions.

    ``last_report`` is the latest day that any report of its sites or actions speaks of, ``age_days`` its age on
    ``on``; both are missing, never zero, where ``never_reported`` holds. ``sites_reported`` and ``actions_reported``
    count those that ever reported; ``owed`` and ``oldest_since`` sum up ``awaited``. Those that owe come first: who
    never reported, then the oldest word. An institution that only a site or an action knows stands without a name.
    """
    at = day(on)
    sides = {
        "sites": (positions["institution_code"], days(positions["as_of"])),
        "actions": (action_positions["institution_code"], days(action_positions["latest_as_of"])),
    }
    heard = {
        name: pd.DataFrame({"key": _text(owner), "last": last}).groupby("key")["last"].agg(["max", "size", "count"])
        for name, (owner, last) in sides.items()
    }
    keys = sorted(set(heard["sites"].index) | set(heard["actions"].index))
    index = pd.Index(keys, dtype="object")
    table = pd.DataFrame({"institution_code": index}, index=index)
    for name, told in heard.items():
        counts = told[["size", "count"]].reindex(keys, fill_value=0).astype(int)
        table[name], table[f"{name}_reported"] = counts["size"], counts["count"]
    newest = pd.DataFrame({name: told["max"].reindex(keys) for name, told in heard.items()})
    table["last_report"] = newest.max(axis=1).astype("datetime64[us]")
    table["age_days"] = (at - table["last_report"]).dt.days.astype("Int64")
    table["never_reported"] = table["last_report"].isna()
    owed = awaited(positions, action_positions, institutions, on=on, begun=begun, thresholds=thresholds)
    due = owed.groupby("institution_code")["since"].agg(["size", "min"]).reindex(keys)
    table["owed"], table["oldest_since"] = due["size"].fillna(0).astype(int), due["min"].astype("datetime64[us]")
    known = institutions.reindex(columns=["code", "name", "kind", "field"]).drop_duplicates("code").set_index("code")
    known = known.reindex(keys)
    table["institution"], table["institution_kind"] = _text(known["name"]), _text(known["kind"])
    table["field"] = _text(known["field"])
    order = table.assign(_quiet=table["owed"] == 0, _age=-table["age_days"].astype("Float64").fillna(np.inf))
    order = order.sort_values(["_quiet", "_age", "oldest_since", "institution_code"])
    return order[list(LAST_WORDS_COLUMNS)].reset_index(drop=True)


def _awaited_sites(positions: pd.DataFrame, begun: pd.Series | None, thresholds: Thresholds) -> pd.DataFrame:
    silent = positions[positions["silent"].eq(True)]
    last = days(silent["as_of"])
    start = pd.Series(pd.NaT, index=silent.index, dtype="datetime64[us]")
    if begun is not None:
        start = days(begun.reindex(silent["code"])).set_axis(silent.index)
    grace = pd.Timedelta(days=thresholds.silent_after_days)
    # the month that the last report spoke of is told; a plan that begins on a month's last day owes that very day
    after_last = last + pd.Timedelta(days=1) + pd.offsets.MonthEnd(0)
    return _owed(
        silent,
        "site",
        name=silent["name"],
        owed=pd.Series(MONTHLY, index=silent.index, dtype="object"),
        speaks_of=after_last.where(last.notna(), start + pd.offsets.MonthEnd(0)),
        since=last.fillna(start) + grace,
        last=last,
    )


def _awaited_actions(positions: pd.DataFrame) -> pd.DataFrame:
    missing = positions[positions["missing_since"].notna()]
    month = missing["checkpoint"].map({name: 3 * place for place, name in enumerate(CHECKPOINTS, start=1)})
    year = pd.to_numeric(missing["year"])
    first = pd.to_datetime({"year": year.astype(int), "month": month.astype(int), "day": 1})
    return _owed(
        missing,
        "action",
        name=missing["title"],
        owed=missing["checkpoint"],
        speaks_of=first + pd.offsets.MonthEnd(0),
        since=days(missing["missing_since"]),
        last=days(missing["latest_as_of"]),
    )


def _owed(
    rows: pd.DataFrame,
    kind: str,
    *,
    name: pd.Series,
    owed: pd.Series,
    speaks_of: pd.Series,
    since: pd.Series,
    last: pd.Series,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "institution_code": _text(rows["institution_code"]),
            "kind": pd.Series(kind, index=rows.index, dtype="object"),
            "code": _text(rows["code"]),
            "name": _text(name),
            "province": _text(rows["province"]),
            "owed": _text(owed),
            "speaks_of": speaks_of.astype("datetime64[us]"),
            "since": since.astype("datetime64[us]"),
            "last_report": last.astype("datetime64[us]"),
        }
    )


def _text(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), None)
