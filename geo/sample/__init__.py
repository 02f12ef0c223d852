"""Supply the sample: the publicly reported record, and a synthetic programme year around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from geo.sample.actions import ACTIONS_2025, ACTIONS_2026, action_obstacles, action_tables
from geo.sample.bulk import synthetic_tables
from geo.sample.diary import closure_frame, decision_frame, meeting_frame
from geo.sample.files import read_text, reported_tables
from geo.sample.findings import late_corrections, stated_totals, unreconciled_tables
from geo.sample.frames import COLUMNS, from_rows, joined
from geo.sample.moments import action_moments, obstacle_states, planning_moments, some_days_after
from geo.sample.months import SAMPLE_AS_OF
from geo.sample.year import (
    beneficiary_frame,
    by_word,
    indicator_frame,
    obstacle_frame,
    plan_frame,
    report_frame,
    site_frame,
    synthetic_sites,
)

__all__ = ["SAMPLE_AS_OF", "reported_tables", "sample_tables", "synthetic_tables"]

_SEED = 20261031
_PARTS = (
    "sites",
    "indicators",
    "reports",
    "beneficiaries",
    "obstacles",
    "actions_2026",
    "planning",
    "indicator_moments",
    "beneficiary_moments",
    "obstacle_moments",
    "action_moments",
    "actions_2025",
    "unreconciled",
    "corrections",
)
"""Parts that draw random numbers; a new one stands last, or all that follow it change."""


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
    activities = read_text("activities", folder)
    obstacle_texts = by_word(read_text("obstacle_texts", folder), "programmes")
    catalogue = by_word(activities, "institutions")
    streams = _streams()
    sites = synthetic_sites(districts, villages, streams["sites"])
    listed = site_frame(sites)
    known = planning_moments(listed, streams["planning"])
    now = action_tables(
        ACTIONS_2026, institutions, districts, listed, catalogue, obstacle_texts, streams["actions_2026"]
    )
    hindered = joined(
        "obstacles",
        (
            obstacle_frame(sites, obstacle_texts, streams["obstacles"]),
            action_obstacles(now["actions"], obstacle_texts, streams["actions_2026"]),
        ),
    )
    odd = unreconciled_tables(len(now["actions"]) + 1, institutions, districts, activities, streams["unreconciled"])
    begun = listed[listed["year"] <= ACTIONS_2025.year]
    past = action_tables(
        ACTIONS_2025, institutions, districts, begun, catalogue, obstacle_texts, streams["actions_2025"]
    )
    corrected = late_corrections(now["action_reports"], streams["corrections"])
    actions = joined("actions", (now["actions"], odd["actions"], past["actions"]))
    told = (now["action_reports"], odd["action_reports"], past["action_reports"], corrected)
    indicators = indicator_frame(sites, streams["indicators"])
    beneficiaries = beneficiary_frame(sites, streams["beneficiaries"])
    soon, later = streams["indicator_moments"], streams["beneficiary_moments"]
    return {
        "institutions": from_rows("institutions", ()),
        "sites": listed.assign(recorded_at=known["site"].to_numpy()),
        "site_indicators": indicators.assign(recorded_at=some_days_after(indicators["as_of"], soon, least=2, most=8)),
        "plans": plan_frame(sites, dict(zip(known.index, known["plan"], strict=True))),
        "reports": report_frame(sites, read_text("report_texts", folder), streams["reports"]),
        "actions": actions.assign(recorded_at=action_moments(actions, streams["action_moments"])),
        "action_reports": joined("action_reports", told),
        "beneficiaries": beneficiaries.assign(
            recorded_at=some_days_after(beneficiaries["as_of"], later, least=2, most=12)
        ),
        "obstacles": obstacle_states(hindered, streams["obstacle_moments"]),
        "meetings": meeting_frame(),
        "closures": closure_frame(),
        "claims": stated_totals(actions),
        "decisions": decision_frame(),
    }


def _streams() -> dict[str, np.random.Generator]:
    """Random numbers for each part, so that a change to one part leaves the others as they were."""
    seeds = np.random.SeedSequence(_SEED).spawn(len(_PARTS))
    return {part: np.random.Generator(np.random.PCG64(seed)) for part, seed in zip(_PARTS, seeds, strict=True)}
