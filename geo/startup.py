"""Open the store and make it ready: the same for the server and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import pandas as pd

from geo.sample import SAMPLE_AS_OF, sample_tables
from geo.store import Store, open_store

SAMPLE_ACTOR: Final = "sample"


def ready_store(*, at: datetime) -> Store:
    """The store, its tables up to date; an empty one is filled with the shipped sample, recorded at ``at`` (UTC).

    Two processes may start at once on an empty store: one fills it, the other finds it filled.
    """
    store = open_store()
    store.migrate()
    if store.is_empty():
        fill(store, sample_tables(), at=at)
    return store


def fill(store: Store, tables: Mapping[str, pd.DataFrame], *, at: datetime) -> dict[str, int]:
    """Put a sample into an empty store and mark it as one; the rows by table, none where the store was not empty."""
    meta = {"sample": "true", "sample_as_of": SAMPLE_AS_OF.isoformat()}
    return store.add(tables, actor=SAMPLE_ACTOR, at=at, meta=meta, only_if_empty=True)
