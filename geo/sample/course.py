"""Shape one synthetic site's plan and the way its work really went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from geo.model import Status
from geo.sample.months import LAST_MONTH

Percents = npt.NDArray[np.float64]

LONGEST_MONTHS = 28

_PLAN_BANDS: dict[Status, tuple[float, float]] = {
    Status.SESUAI_RENCANA: (25, 93),
    Status.WASPADA: (22, 88),
    Status.TERLAMBAT: (25, 88),
    Status.KRITIS: (38, 95),
    Status.BELUM_LAPOR: (4, 45),
    Status.TIDAK_AKTIF: (35, 80),
}
"""Planned percent on the sample's day, by the situation a site is to be in."""

_CONTRACT_CEILING = 64.0
"""Sites that are late but not critical, and under contract rules, stay below Periode II (70 percent) in their plan."""

_LAGS: dict[Status, tuple[float, float]] = {
    Status.SESUAI_RENCANA: (0.3, 4.5),
    Status.WASPADA: (-4.4, -0.8),
    Status.TERLAMBAT: (-9.2, -5.8),
    Status.KRITIS: (-24.0, -11.5),
}
"""Deviation on the sample's day, in percentage points, by situation."""

_LAGS_PERIOD_2 = (-16.0, -6.5)


@dataclass(frozen=True)
class Course:
    """A plan and what came of it; months count from January 2025.

    ``plan`` holds the cumulative planned percent at the end of each month from ``first_month`` on, the last exactly
    100; ``done`` the cumulative realised percent at the end of each month until the site's last report.
    """

    situation: Status
    first_month: int
    plan: Percents
    done: Percents

    @property
    def last_reported_month(self) -> int:
        """Month of the last report; before ``first_month`` when there is none."""
        return self.first_month + len(self.done) - 1


def s_curve(months: int, *, skew: float = 1.0) -> Percents:
    """Cumulative percent at the end of each of ``months`` equal steps: slow, fast, slow; the last is exactly 100."""
    passed = (np.arange(1, months + 1) / months) ** skew
    percents: Percents = np.round(100 * (3 * passed**2 - 2 * passed**3), 2)
    percents[-1] = 100.0
    return percents


def draw_course(situation: Status, rng: np.random.Generator, *, contract: bool, silent_months: int = 0) -> Course:
    """A course that ends in ``situation`` on the sample's day.

    ``contract`` says that the critical-contract rules apply; ``silent_months`` is how many of the last months went
    unreported, which only a critical site can bear without changing its situation.
    """
    if situation == Status.BELUM_MULAI:
        first = LAST_MONTH + int(rng.integers(1, 4))
        return Course(situation, first, s_curve(int(rng.integers(8, 13))), np.array([]))
    if situation == Status.SELESAI:
        return _finished(rng)
    first, months = _span(situation, rng, contract=contract, silent_months=silent_months)
    plan = s_curve(months)
    if situation == Status.BELUM_LAPOR:
        return Course(situation, first, plan, np.array([]))
    if situation == Status.TIDAK_AKTIF:
        return Course(situation, first, plan, _halted(plan, first, rng))
    now = LAST_MONTH - first
    low, high = _lag(situation, plan[now], contract=contract)
    reached = min(round(float(plan[now] + rng.uniform(low, high)), 1), 99.2)
    told = now - silent_months
    if silent_months:
        reached = min(reached, round(float(plan[told]) + 1, 1))
    return Course(situation, first, plan, _path(plan[: told + 1], reached, rng))


@cache
def _spans(low: float, high: float, earliest: int, latest: int) -> tuple[tuple[int, int], ...]:
    """Every (first month, number of months) whose plan stands between ``low`` and ``high`` percent on the day."""
    return tuple(
        (first, months)
        for first in range(earliest, latest + 1)
        for months in range(LAST_MONTH - first + 2, LONGEST_MONTHS + 1)
        if low <= s_curve(months)[LAST_MONTH - first] <= high
    )


def _span(situation: Status, rng: np.random.Generator, *, contract: bool, silent_months: int) -> tuple[int, int]:
    low, high = _PLAN_BANDS[situation]
    if contract and situation in (Status.WASPADA, Status.TERLAMBAT):
        high = _CONTRACT_CEILING
    earliest = 13 if situation == Status.BELUM_LAPOR else 0
    choices = _spans(low, high, earliest, LAST_MONTH - 3 - silent_months)
    # the beginning first, so that early and late beginnings are as frequent as each other
    begins = sorted({first for first, _ in choices})
    begin = begins[int(rng.integers(len(begins)))]
    lengths = [months for first, months in choices if first == begin]
    return begin, lengths[int(rng.integers(len(lengths)))]


def _lag(situation: Status, planned: float, *, contract: bool) -> tuple[float, float]:
    if contract and situation == Status.KRITIS and planned >= 70:
        return _LAGS_PERIOD_2
    return _LAGS[situation]


def _path(plan: Percents, reached: float, rng: np.random.Generator) -> Percents:
    """Realisation that follows the plan, slips from some month on, never falls, and ends at ``reached``."""
    count = len(plan)
    onset = int(rng.integers(0, max(1, count // 3)))
    slipped = np.clip((np.arange(count) - onset) / max(1, count - 1 - onset), 0, 1) ** 0.7
    wished = plan + (reached - plan[-1]) * slipped + rng.normal(0.5, 1.0, count)
    path = np.array(np.round(np.maximum.accumulate(np.clip(wished, 0, reached)), 1), dtype=np.float64)
    path[-1] = reached
    return path


def _finished(rng: np.random.Generator) -> Course:
    """Done, on time or up to three months late, with a few reports after that."""
    first = int(rng.integers(0, 9))
    delay = int(rng.integers(0, 4))
    months = int(rng.integers(7, LAST_MONTH - first - delay))
    plan = s_curve(months)
    slow = np.interp(
        np.arange(1, months + delay + 1) * months / (months + delay), np.arange(months + 1), np.append(0, plan)
    )
    path = np.maximum.accumulate(np.clip(slow + rng.normal(0, 1.0, len(slow)), 0, 98.5))
    after = min(3, LAST_MONTH - first + 1 - len(path))
    done = np.concatenate([np.round(path[:-1], 1), np.full(1 + after, 100.0)])
    return Course(Status.SELESAI, first, plan, done)


def _halted(plan: Percents, first: int, rng: np.random.Generator) -> Percents:
    """Work that stopped some months ago; the last value repeats in the report that says so."""
    stop = max(3, LAST_MONTH - first - int(rng.integers(3, 8)))
    path = _path(plan[:stop], round(float(plan[stop - 1]) * 0.85, 1), rng)
    halted: Percents = np.append(path, path[-1])
    return halted
