"""Supply the sample: the publicly reported record, and a synthetic programme year around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geo.sample.actions import action_tables
from geo.sample.bulk import synthetic_tables
from geo.sample.files import read_text, reported_tables
from geo.sample.frames import COLUMNS, from_rows, joined
from geo.sample.months import SAMPLE_AS_OF
from geo.sample.year import (
    beneficiary_frame,
    indicator_frame,
    obstacle_frame,
    plan_frame,
    report_frame,
    site_frame,
    synthetic_sites,
)

__all__ = ["SAMPLE_AS_OF", "reported_tables", "sample_tables", "synthetic_tables"]

_SEED = 20261031


def sample_tables(folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """The whole sample: the reported layer and, around it, a deterministic synthetic programme year.

    Every canonical table, typed as ``geo.sample.frames.COLUMNS`` says. Synthetic sites carry "Contoh" in their name
    and ``data_status`` ``synthetic``; nothing synthetic is attached to a reported site. The same files always give the
    same frames. Raises ``FileNotFoundError`` when ``folder`` lacks a file of the sample.
    """
    reported = reported_tables(folder)
    made = _synthetic_year(reported["institutions"], folder)
    return {table: joined(table, (reported[table], made[table])) for table in COLUMNS}


def _synthetic_year(institutions: pd.DataFrame, folder: Path | None) -> dict[str, pd.DataFrame]:
    districts, villages = read_text("focus_districts", folder), read_text("villages", folder)
    obstacle_texts, activities = read_text("obstacle_texts", folder), read_text("activities", folder)
    # a stream of its own for each part, so that a change to one leaves the others as they were
    streams = [np.random.Generator(np.random.PCG64(seed)) for seed in np.random.SeedSequence(_SEED).spawn(6)]
    sites = synthetic_sites(districts, villages, streams[0])
    listed = site_frame(sites)
    acts = action_tables(institutions, districts, listed, activities, obstacle_texts, streams[5])
    return {
        "institutions": from_rows("institutions", ()),
        "sites": listed,
        "site_indicators": indicator_frame(sites, streams[1]),
        "plans": plan_frame(sites),
        "reports": report_frame(sites, read_text("report_texts", folder), streams[2]),
        "actions": acts["actions"],
        "action_reports": acts["action_reports"],
        "beneficiaries": beneficiary_frame(sites, streams[3]),
        "obstacles": joined("obstacles", (obstacle_frame(sites, obstacle_texts, streams[4]), acts["obstacles"])),
    }
