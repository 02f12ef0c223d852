"""Say at which moment each row of the sample became known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.sample.frames import MOMENT, joined
from geo.sample.months import CLOSING, SAMPLE_AS_OF

_LATEST_PLAN = date(SAMPLE_AS_OF.year, 10, 28)
"""Works that begin after the sample's day were planned by then."""


def some_days_after(days: pd.Series[Any], rng: np.random.Generator, *, least: int, most: int) -> pd.Series[Any]:
    """Moments (UTC, in office hours) ``least`` to ``most`` days after each day, none after ``CLOSING``.

    Negative numbers of days lie before it. A missing day gives a missing moment; the index is that of ``days``.
    """
    count = len(days)
    waited = pd.to_timedelta(rng.integers(least, most + 1, count), unit="D")
    clock = pd.to_timedelta(rng.integers(60, 600, count), unit="min")
    moments = days.dt.tz_localize("UTC") + waited + clock
    told: pd.Series[Any] = moments.where(~(moments > pd.Timestamp(CLOSING)), pd.Timestamp(CLOSING)).astype(MOMENT)
    return told


def planning_moments(sites: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """When each of ``sites`` and its first plan became known: columns ``site`` and ``plan``, index the site's code.

    A plan is recorded within the week before the work begins, a site some weeks before its plan.
    """
    starts = sites.set_index("code")["start_date"]
    begins = starts.where(starts <= pd.Timestamp(_LATEST_PLAN), pd.Timestamp(_LATEST_PLAN))
    plan = some_days_after(begins, rng, least=-6, most=-1)
    settled = plan.dt.tz_localize(None).dt.normalize()
    return pd.DataFrame({"site": some_days_after(settled, rng, least=-42, most=-7), "plan": plan})


def action_moments(actions: pd.DataFrame, rng: np.random.Generator) -> pd.Series[Any]:
    """When each action became known: all those of an institution at once, in January of their year."""
    key = ["year", "institution_code"]
    signed = actions[key].drop_duplicates().sort_values(key, ignore_index=True)
    new_year = pd.to_datetime(signed["year"].astype("str") + "-01-01")
    signed["recorded_at"] = some_days_after(new_year, rng, least=4, most=28)
    return actions[key].merge(signed, on=key, how="left")["recorded_at"].set_axis(actions.index)


def obstacle_states(obstacles: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Obstacles with a code and as they became known: one row when opened, and a further one when closed.

    ``obstacles`` has one row each, as it stands on the sample's day. ``K-0001`` is the first of them. An opening is
    recorded within nine days, a closing within five, and never in the other order.
    """
    numbers = pd.Series(np.arange(1, len(obstacles) + 1)).astype("str").str.zfill(4)
    told = obstacles.assign(code="K-" + numbers)
    opened = some_days_after(told["opened"], rng, least=1, most=9)
    closed = some_days_after(told["closed"], rng, least=0, most=5)
    first = told.assign(closed=None, recorded_at=opened)
    last = told.assign(recorded_at=closed)[told["closed"].notna()]
    return joined("obstacles", (first, last)).sort_values(["code", "recorded_at"], ignore_index=True)
