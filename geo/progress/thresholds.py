"""Keep every threshold that turns a figure into a status in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits in percentage points (late is positive here), percent and days.

    The contract limits follow Permen PU 07/PRT/M/2011 (kontrak kritis). At a plan of exactly ``period_2_from`` percent
    the regulation's two periods overlap; this project counts it as Periode II.
    """

    watch_points: float = 5.0
    """Late by up to this is ``waspada``."""
    critical_points: float = 10.0
    """Late by more than this is ``kritis`` where no contract rule applies."""
    contract_period_1_points: float = 10.0
    contract_period_2_points: float = 5.0
    period_2_from: float = 70.0
    silent_after_days: int = 45
    """Monthly reports and two weeks of grace: after this a site that still works is silent."""


DEFAULT = Thresholds()
