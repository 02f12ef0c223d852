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
    action_watch_from: float = 80.0
    """An action with at least this share (percent) of the target of the checkpoint that is due is ``waspada``; below
    it is ``terlambat``. These shares are the programme's own, no regulation sets them."""
    action_late_from: float = 50.0
    """Below this share (percent) of the target of the checkpoint that is due an action is ``kritis``."""
    action_grace_days: int = 14
    """Days after a checkpoint until its report is owed."""
    spend_ahead_points: float = 30.0
    """Spend (percent of the money) may run ahead of progress (percent) by this; beyond it somebody should ask why."""
    forecast_reports: int = 6
    """How many of the latest reports tell the recent pace."""
    forecast_least: int = 4
    """With fewer reports than this nothing is forecast."""
    news_province_points: float = 1.0
    """A province whose deviation, like for like, moved by this is among the changes that matter most."""
    news_correction_points: float = 2.0
    """A correction of a shown figure by this is among the changes that matter most."""


DEFAULT = Thresholds()
