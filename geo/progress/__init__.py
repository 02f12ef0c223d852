"""Turn reports and plans into figures; everything here is a pure function of what is passed in."""

from geo.progress.attention import attention
from geo.progress.curve import curve
from geo.progress.position import COLUMNS as POSITION_COLUMNS
from geo.progress.position import position
from geo.progress.rollup import ROLLUP_COLUMNS, roll_up, status_counts
from geo.progress.state import Standing, State, located, narrowed, standing, state
from geo.progress.thresholds import DEFAULT as DEFAULT_THRESHOLDS
from geo.progress.thresholds import Thresholds

__all__ = [
    "DEFAULT_THRESHOLDS",
    "POSITION_COLUMNS",
    "ROLLUP_COLUMNS",
    "Standing",
    "State",
    "Thresholds",
    "attention",
    "curve",
    "located",
    "narrowed",
    "position",
    "roll_up",
    "standing",
    "state",
    "status_counts",
]
