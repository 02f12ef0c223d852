"""Count the months of the sample, the last of which ends on ``SAMPLE_AS_OF``."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time

SAMPLE_AS_OF = date(2026, 10, 31)
"""The day the sample speaks of; nothing in it is later known or reported."""

CLOSING = datetime.combine(SAMPLE_AS_OF, time(15), tzinfo=UTC)
"""The last moment at which anything of the sample was recorded (22.00 WIB)."""

FIRST_YEAR = 2025
LAST_MONTH = 21
"""Index of the month of ``SAMPLE_AS_OF`` when January 2025 is month 0."""


def month_start(month: int) -> date:
    """First day of a month counted from January 2025 (month 0)."""
    return date(FIRST_YEAR + month // 12, month % 12 + 1, 1)


def month_end(month: int) -> date:
    """Last day of a month counted from January 2025 (month 0)."""
    first = month_start(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def quarter_months(first: int, last: int) -> tuple[int, ...]:
    """The months in which a quarter ends, from ``first`` to ``last``, both included."""
    return tuple(month for month in range(first, last + 1) if month % 3 == 2)
