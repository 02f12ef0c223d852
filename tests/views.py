"""Make a view of some tables, for tests that look at what a map shows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.drawing.view import MapView, map_view
from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import state
from geo.sample import SAMPLE_AS_OF


def view_of(tables: dict[str, pd.DataFrame], *, indicator: str | None = "progress", **filters: Any) -> MapView:
    """The map of the tables for these filters, on the sample's day unless ``on`` says otherwise."""
    return map_view(state(tables, Filters(**{"on": SAMPLE_AS_OF, **filters}), load_programmes()), indicator=indicator)
