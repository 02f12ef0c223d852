"""Say the pages that are not of a region in plain sentences; every figure in them stands on the page, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from geo.briefing.parts import Briefing, Change
from geo.locale import Translator
from geo.progress.decisions import overdue
from geo.progress.matrix import TOTAL


def of_changes(changes: Sequence[Change], since: str, t: Translator) -> tuple[str, ...]:
    """What changed since an earlier day; ``since`` names it."""
    if not changes:
        return (t("Nothing of weight has changed since {since}.", since=since),)
    worse = sum(not change.good for change in changes)
    better = len(changes) - worse
    told = []
    if worse:
        told.append(
            t.plural(
                "{n} of the weightiest changes is for the worse",
                "{n} of the weightiest changes are for the worse",
                worse,
            )
        )
    if better:
        told.append(t.plural("{n} is for the better", "{n} are for the better", better))
    return t("Compared with {since}.", since=since), "; ".join(told) + "."


def of_plan(briefing: Briefing) -> tuple[str, ...]:
    """The year's action plan at its checkpoint."""
    t, rows = briefing.t, briefing.matrix.raw
    every = rows[(rows["institution_code"] == TOTAL) & (rows["province"] == TOTAL)]
    if not len(every) or not int(every["actions"].iloc[0]):
        return (briefing.matrix.empty,)
    total = every.iloc[0]
    if pd.isna(total["achieved_percent"]):
        first = t("No action that is due has reported a figure yet.")
    else:
        first = t(
            "On average the actions have reached {achieved} of the target.",
            achieved=t.percent(total["achieved_percent"]),
        )
    late, silent = int(total["late"]), int(total["not_reported"])
    second = t.plural("{n} action is behind the target", "{n} actions are behind the target", late)
    third = t.plural("{n} has not reported", "{n} have not reported", silent)
    return (first, f"{second}; {third}.")


def of_decisions(decisions: pd.DataFrame, on: date, t: Translator) -> tuple[str, ...]:
    """Decisions that are open on the day ``on``, and how many of them are past their day."""
    if not len(decisions):
        return (t("No decision of earlier meetings is open."),)
    told = t.plural("{n} decision is open", "{n} decisions are open", len(decisions))
    late = int(overdue(decisions, on).sum())
    if late:
        told += "; " + t.plural("{n} is past its day", "{n} are past their day", late)
    return (f"{told}.",)
