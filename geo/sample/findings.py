"""Add what a reconciliation and a closed checkpoint should bring to light in the action plan of 2026."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.model import DataStatus, Stage
from geo.sample.actions import ACTIONS_2026
from geo.sample.frames import from_rows
from geo.sample.year import short_region, task_force

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Case:
    """An action that does not add up; without a ``budget`` (rupiah) nothing was set aside for it.

    ``targets`` and ``achieved`` are cumulative, in the activity's unit, by checkpoint.
    """

    institution: str
    region: str
    title: str
    targets: tuple[int, int, int, int]
    achieved: tuple[int, int, int]
    budget: int | None = None
    spent: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Share of the budget that was spent by each checkpoint."""


_CASES = (
    _Case("KEMENDES", "72.08", "Pendampingan badan usaha milik desa", (0, 2, 4, 6), (0, 2, 3)),
    _Case("KEMENAG", "33.10", "Pembinaan moderasi beragama", (30, 60, 90, 120), (30, 55, 80)),
    _Case("PEMDA-35.24", "35.24", "Bantuan ternak kambing", (0, 0, 20, 40), (0, 0, 12)),
    _Case(
        "PUPR",
        "72.12",
        "Sumur bor dan penampungan air",
        (0, 1, 3, 5),
        (0, 1, 2),
        budget=950_000_000,
        spent=(0.2, 0.55, 0.9),
    ),
    _Case(
        "ESDM",
        "52.04",
        "Penerangan jalan tenaga surya",
        (4, 8, 14, 20),
        (2, 5, 8),
        budget=400_000_000,
        spent=(0.3, 0.65, 0.92),
    ),
)
"""Three actions without a budget, and two whose money is nearly spent while two fifths of the work are done."""


def unreconciled_tables(
    first_number: int,
    institutions: pd.DataFrame,
    districts: pd.DataFrame,
    activities: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Tables ``actions`` and ``action_reports`` with actions of 2026 that a reconciliation lists.

    Codes count on from ``first_number``; wordings are those of ``activities``.
    """
    regions = dict(zip(districts["code"], districts["name"], strict=True))
    names = dict(zip(institutions["code"], institutions["name"], strict=True))
    codes = [f"RA-{ACTIONS_2026.year}-{first_number + place:04d}" for place in range(len(_CASES))]
    actions = [
        _action(code, case, activities[activities["title"] == case.title].iloc[0], regions[case.region])
        for code, case in zip(codes, _CASES, strict=True)
    ]
    reports = [
        row
        for code, case in zip(codes, _CASES, strict=True)
        for row in _reports(code, case, f"Bagian Perencanaan {names[case.institution]}", rng)
    ]
    return {"actions": from_rows("actions", actions), "action_reports": from_rows("action_reports", reports)}


def _action(code: str, case: _Case, activity: pd.Series[Any], region_name: str) -> Row:
    budget = case.budget
    return {
        "code": code,
        "year": ACTIONS_2026.year,
        "institution_code": case.institution,
        "region_code": case.region,
        "programme": activity["programme"],
        "kind": activity["kind"],
        "title": f"Contoh: {case.title}, {short_region(region_name)}",
        "indicator": activity["indicator"],
        "unit": activity["unit"],
        **{f"target_b{month}": value for month, value in zip(("03", "06", "09", "12"), case.targets, strict=True)},
        "budget": budget,
        "contract": budget * 95 // 100 if budget is not None and activity["kind"] == "physical" else None,
    }


def _reports(code: str, case: _Case, office: str, rng: np.random.Generator) -> Iterator[Row]:
    for as_of, achieved, share in zip(ACTIONS_2026.checkpoints, case.achieved, case.spent, strict=True):
        yield {
            "action_code": code,
            "as_of": as_of,
            "recorded_at": _office_hour(as_of, int(rng.integers(4, 16)), rng),
            "achieved": achieved,
            "spend": None if case.budget is None else round(case.budget * share),
            "stage": (Stage.IN_PROGRESS if achieved else Stage.PREPARATION).value,
            "author": task_force(case.region) if as_of.month == 6 else office,
        }


def late_corrections(action_reports: pd.DataFrame, rng: np.random.Generator, *, count: int = 6) -> pd.DataFrame:
    """Further ``action_reports`` that lower ``count`` figures of June 2026 after the checkpoint B06 was closed.

    Only figures are lowered that stood alone, stay above those of March, and are followed by one of September, so that
    the situation on the sample's day remains. Money that was spent stays spent.
    """
    reports = action_reports.assign(recorded_day=action_reports["recorded_at"].dt.tz_localize(None))
    march, june, september = (reports[reports["as_of"] == pd.Timestamp(day)] for day in ACTIONS_2026.checkpoints)
    before = march.groupby("action_code")["achieved"].max()
    alone = june[~june.duplicated("action_code", keep=False) & (june["recorded_day"] < pd.Timestamp(2026, 7, 31))]
    gained = alone["achieved"] - alone["action_code"].map(before).fillna(0)
    fit = alone[
        (gained >= 3) & (alone["stage"] == Stage.IN_PROGRESS) & alone["action_code"].isin(september["action_code"])
    ]
    chosen = fit.iloc[np.sort(rng.choice(len(fit), count, replace=False))][list(action_reports.columns)]
    rows = [dict(zip(chosen.columns, values, strict=True)) for values in chosen.itertuples(index=False, name=None)]
    taken = np.ceil(gained.loc[chosen.index] * rng.uniform(0.2, 0.5, count))
    return from_rows(
        "action_reports",
        (
            row
            | {
                "recorded_at": _office_hour(date(2026, 8, 10), int(rng.integers(0, 42)), rng),
                "achieved": row["achieved"] - float(less),
                "obstacle": "Sebagian hasil belum diterima pada pemeriksaan lapangan.",
            }
            for row, less in zip(rows, taken, strict=True)
        ),
    )


def stated_totals(actions: pd.DataFrame) -> pd.DataFrame:
    """The table ``claims`` with made-up totals of the plan of 2026: provinces that don't add up to the whole.

    Sulawesi Tengah states two actions more than the table holds, the whole two more than its parts.
    """
    year = ACTIONS_2026.year
    held = actions.loc[actions["year"] == year, "region_code"].str[:2].value_counts().sort_index()
    parts = {str(code): int(number) + (2 if code == "72" else 0) for code, number in held.items()}
    told = {
        "year": year,
        "measure": "planned",
        "unit": "renaksi",
        "data_status": DataStatus.SYNTHETIC.value,
        "recorded_at": datetime(year, 2, 16, 3, tzinfo=UTC),
    }
    rows = [told | {"region_code": code, "value": number} for code, number in parts.items()]
    return from_rows("claims", [told | {"value": sum(parts.values()) + 2}, *rows])


def _office_hour(day: date, days: int, rng: np.random.Generator) -> datetime:
    return datetime.combine(day, time(int(rng.integers(1, 10)), int(rng.integers(0, 60))), tzinfo=UTC) + timedelta(
        days=days
    )
