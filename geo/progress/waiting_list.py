"""Gather who owes which report, and when each institution was last heard, for one choice of filters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.progress.action_plan import ActionPlan, action_plan
from geo.progress.state import State
from geo.progress.waiting import awaited, last_words, plan_begun


@dataclass(frozen=True, eq=False)
class WaitingList:
    """``reports`` that are owed (``geo.progress.waiting.awaited``) and ``institutions`` with their last word."""

    reports: pd.DataFrame
    institutions: pd.DataFrame


def waiting_list(state: State, plan: ActionPlan) -> WaitingList:
    """What the sites and the actions that pass the filters owe on the filters' day.

    Until this year's first checkpoint is due, the reports for the last one of the year before are still awaited; an
    institution's last word may speak of the year before, too.
    """
    before = action_plan(plan.tables, plan.filters, year=plan.year - 1, thresholds=plan.thresholds).positions
    if plan.due is not None:
        before = before.assign(missing_since=pd.Series(pd.NaT, index=before.index, dtype="datetime64[us]"))
    both = pd.concat([before, plan.positions], ignore_index=True)
    begun = plan_begun(state.sites, state.standing.plans)
    on, limits = state.filters.on, state.thresholds
    return WaitingList(
        awaited(state.positions, both, plan.institutions, on=on, begun=begun, thresholds=limits),
        last_words(state.positions, both, plan.institutions, on=on, begun=begun, thresholds=limits),
    )
