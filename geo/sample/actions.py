"""Make up the action plans of all institutions for 2025 and 2026, with quarterly reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.model import FOCUS_PROVINCES, Stage
from geo.sample.frames import from_rows
from geo.sample.months import CLOSING, SAMPLE_AS_OF
from geo.sample.year import Wordings, short_region, task_force

Row = Mapping[str, Any]

_PROFILES = ((0.0, 0.3, 0.7, 1.0), (0.25, 0.5, 0.75, 1.0), (0.0, 0.0, 0.5, 1.0), (0.1, 0.6, 1.0, 1.0))
"""Shares of the year's target by the end of March, June, September and December."""

_FATES = ("done", "good", "short", "poor", "silent", "postponed", "cancelled", "carried")
_ODDS_2025 = {
    "32": (0.24, 0.43, 0.08, 0.04, 0.03, 0.04, 0.04, 0.10),
    "33": (0.24, 0.44, 0.08, 0.04, 0.03, 0.04, 0.04, 0.09),
    "35": (0.32, 0.44, 0.06, 0.02, 0.02, 0.03, 0.03, 0.08),
    "52": (0.22, 0.42, 0.09, 0.05, 0.03, 0.05, 0.04, 0.10),
    "72": (0.16, 0.32, 0.12, 0.08, 0.06, 0.07, 0.05, 0.14),
}
_ODDS_2026 = {
    "32": (0.15, 0.42, 0.20, 0.08, 0.06, 0.03, 0.02, 0.04),
    "33": (0.16, 0.42, 0.19, 0.08, 0.06, 0.03, 0.02, 0.04),
    "35": (0.22, 0.45, 0.15, 0.05, 0.05, 0.02, 0.02, 0.04),
    "52": (0.13, 0.40, 0.22, 0.09, 0.07, 0.03, 0.02, 0.04),
    "72": (0.07, 0.26, 0.25, 0.18, 0.12, 0.05, 0.03, 0.04),
}
_REACH = {
    "done": (1.0, 1.0),
    "good": (1.0, 1.12),
    "short": (0.72, 0.97),
    "poor": (0.15, 0.6),
    "postponed": (0.0, 0.3),
    "cancelled": (0.0, 0.15),
    "carried": (0.3, 0.7),
}
"""What share of its target an action reaches at each checkpoint, by its fate."""


@dataclass(frozen=True)
class ActionYear:
    """One year's action plan: how far it has come, who takes part, where, and how it tends to end.

    ``checkpoints`` are the quarters' ends that are told of; ``odds`` give by province how frequent each fate is.
    """

    year: int
    checkpoints: tuple[date, ...]
    odds: Mapping[str, tuple[float, ...]]
    per_named: int
    per_unnamed: int
    per_province: int
    per_district: int
    without_institutions: frozenset[str] = frozenset()
    without_districts: frozenset[str] = frozenset()
    further_districts: Mapping[str, str] = field(default_factory=dict)
    """Names by code of places where institutions acted that are not among the districts they are given."""

    def places(self, districts: pd.DataFrame) -> dict[str, str]:
        """Names of the kabupaten/kota of this year's plan by code."""
        kept = districts[~districts["code"].isin(self.without_districts)]
        return dict(zip(kept["code"], kept["name"], strict=True)) | dict(self.further_districts)

    def takes_part(self, code: str, kind: str) -> bool:
        """Whether an institution has actions in this year's plan."""
        absent = kind == "partner" or code in self.without_institutions
        return not absent and code.removeprefix("PEMDA-") not in self.without_districts


_LATER_DISTRICTS = frozenset({"32.76", "33.11", "35.20", "52.07", "72.12"})

ACTIONS_2025 = ActionYear(
    year=2025,
    checkpoints=(date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)),
    odds=_ODDS_2025,
    per_named=6,
    per_unnamed=2,
    per_province=3,
    per_district=2,
    without_institutions=frozenset({"KL-10", "KL-11"}),
    without_districts=_LATER_DISTRICTS,
    further_districts={"35.10": "Kabupaten Banyuwangi", "72.06": "Kabupaten Morowali"},
)
"""A plan that is over, of fewer institutions and other places than that of the year after."""

ACTIONS_2026 = ActionYear(
    year=2026,
    checkpoints=(date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)),
    odds=_ODDS_2026,
    per_named=8,
    per_unnamed=4,
    per_province=4,
    per_district=2,
)
"""The plan under way on the sample's day."""


def action_tables(
    plan: ActionYear,
    institutions: pd.DataFrame,
    districts: pd.DataFrame,
    sites: pd.DataFrame,
    activities: Wordings,
    obstacles: Wordings,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """The tables ``actions`` and ``action_reports`` of one year's plan.

    ``activities`` (by institution) and ``obstacles`` (by programme) are the catalogues of wordings; ``sites`` the
    synthetic sites that physical actions may serve. Targets are cumulative and in the action's unit; money is rupiah.
    When the actions became known is not said (``recorded_at`` is missing).
    """
    actions = from_rows("actions", _action_rows(plan, institutions, districts, sites, activities, rng))
    names = dict(zip(institutions["code"], institutions["name"], strict=True))
    listed = [dict(zip(actions.columns, values, strict=True)) for values in actions.itertuples(index=False, name=None)]
    reports = [row for action in listed for row in _report_rows(plan, action, names, obstacles, rng)]
    return {"actions": actions, "action_reports": from_rows("action_reports", reports)}


def _action_rows(
    plan: ActionYear,
    institutions: pd.DataFrame,
    districts: pd.DataFrame,
    sites: pd.DataFrame,
    activities: Wordings,
    rng: np.random.Generator,
) -> Iterator[Row]:
    regions = plan.places(districts)
    served: dict[tuple[str, str], str] = {}
    for site, region, programme in zip(sites["code"], sites["region_code"], sites["programme"], strict=True):
        served.setdefault((region, programme), site)
    number = 0
    for place, institution in enumerate(institutions.itertuples(index=False)):
        code, kind = str(institution.code), str(institution.kind)
        if not plan.takes_part(code, kind):
            continue
        catalogue = activities["PEMDA" if kind == "pemda" else "KL" if code.startswith("KL-") else code]
        for turn, region in enumerate(_regions(plan, code, kind, place, list(regions))):
            number += 1
            activity = catalogue[(turn + place) % len(catalogue)]
            yield _action(plan.year, number, code, region, regions[region], activity, served, rng)


def _regions(plan: ActionYear, code: str, kind: str, place: int, districts: list[str]) -> list[str]:
    """Where an institution acts: K/L in every province in turn, local governments at home."""
    if kind == "pemda":
        home = code.removeprefix("PEMDA-")
        within = [district for district in districts if district.startswith(home)]
        return [within[turn % len(within)] for turn in range(plan.per_district if len(home) > 2 else plan.per_province)]
    chosen = []
    for turn in range(plan.per_unnamed if code.startswith("KL-") else plan.per_named):
        province = FOCUS_PROVINCES[(place + turn) % len(FOCUS_PROVINCES)]
        within = [district for district in districts if district[:2] == province]
        chosen.append(within[(place + 2 * turn + turn // len(FOCUS_PROVINCES)) % len(within)])
    return chosen


def _action(
    year: int,
    number: int,
    institution: str,
    region: str,
    region_name: str,
    activity: Row,
    served: Mapping[tuple[str, str], str],
    rng: np.random.Generator,
) -> Row:
    total = int(rng.integers(int(activity["low"]), int(activity["high"]) + 1))
    shares = _PROFILES[int(rng.integers(len(_PROFILES)))]
    budget = int(round(total * int(activity["unit_cost"]) * float(rng.uniform(0.95, 1.2)), -5))
    physical = activity["kind"] == "physical"
    site = served.get((region, activity["programme"]))
    place = short_region(region_name)
    return {
        "code": f"RA-{year}-{number:04d}",
        "year": year,
        "institution_code": institution,
        "region_code": region,
        "programme": activity["programme"],
        "site_code": site if physical and site is not None and rng.random() < 0.6 else None,
        "kind": activity["kind"],
        "title": f"Contoh: {activity['title']}, {place}",
        "indicator": activity["indicator"],
        "unit": activity["unit"],
        **{
            f"target_b{month}": float(np.floor(total * share))
            for month, share in zip(("03", "06", "09", "12"), shares, strict=True)
        },
        "budget": budget,
        "contract": int(round(budget * float(rng.uniform(0.88, 0.99)), -5)) if physical else None,
    }


def _report_rows(
    plan: ActionYear,
    action: Mapping[str, Any],
    names: Mapping[str, str],
    obstacles: Wordings,
    rng: np.random.Generator,
) -> Iterator[Row]:
    fate = _FATES[int(rng.choice(len(_FATES), p=plan.odds[action["region_code"][:2]]))]
    if fate == "silent":
        return
    low, high = _REACH[fate]
    reach, price = float(rng.uniform(low, high)), float(rng.uniform(0.85, 1.0))
    total, before = float(action["target_b12"]), 0.0
    fitting = obstacles[action["programme"]]
    missed = int(rng.integers(len(plan.checkpoints))) if rng.random() < 0.12 else None
    for turn, as_of in enumerate(plan.checkpoints):
        target, last = float(action[f"target_b{as_of:%m}"]), as_of == plan.checkpoints[-1]
        wished = total if fate == "done" and last else float(np.floor(target * reach))
        before = min(total, max(before, wished))
        if turn == missed:
            continue
        troubled = fate in ("poor", "postponed", "cancelled", "carried") or rng.random() < 0.08
        row = {
            "action_code": action["code"],
            "as_of": as_of,
            "recorded_at": _recorded(as_of, rng),
            "achieved": before,
            "spend": min(int(action["budget"]), int(round(action["budget"] * price * before / total, -3))),
            "stage": _stage(fate, before, total, last=last).value,
            "obstacle": fitting[int(rng.integers(len(fitting)))]["note"] if troubled else None,
            "author": _author(action, names, turn),
        }
        if not last and before >= 2 and rng.random() < 0.05:
            yield row | {"achieved": before - 1}
            later = row["recorded_at"] + timedelta(days=int(rng.integers(4, 30)), hours=2)
            yield row | {"recorded_at": min(later, CLOSING)}
        else:
            yield row


def _stage(fate: str, achieved: float, total: float, *, last: bool) -> Stage:
    ending = {"postponed": Stage.POSTPONED, "cancelled": Stage.CANCELLED, "carried": Stage.CARRIED_OVER}.get(fate)
    if last and ending is not None:
        return ending
    if achieved >= total:
        return Stage.OPERATIONAL
    return Stage.IN_PROGRESS if achieved > 0 else Stage.PREPARATION


def _author(action: Mapping[str, Any], names: Mapping[str, str], turn: int) -> str:
    if turn == 1:
        return task_force(action["region_code"])
    return f"Bagian Perencanaan {names[action['institution_code']]}"


def _recorded(as_of: date, rng: np.random.Generator) -> datetime:
    """When a quarter's report arrived: within three weeks, one in fourteen later, never after the sample's day."""
    days = int(rng.integers(25, 70)) if rng.random() < 0.07 else int(rng.integers(2, 21))
    moment = datetime.combine(as_of, time(int(rng.integers(1, 10)), int(rng.integers(0, 60))), tzinfo=UTC)
    return min(moment + timedelta(days=days), CLOSING)


def action_obstacles(actions: pd.DataFrame, texts: Wordings, rng: np.random.Generator) -> pd.DataFrame:
    """The table ``obstacles`` of every seventeenth action, each as it stands on the sample's day, without a code."""
    rows = []
    chosen = actions.iloc[5::17]
    for code, year, programme in zip(chosen["code"], chosen["year"], chosen["programme"], strict=True):
        fitting = texts[programme]
        text = fitting[int(rng.integers(len(fitting)))]
        opened = date(int(year), 2, 1) + timedelta(days=int(rng.integers(0, 240)))
        closed = opened + timedelta(days=int(rng.integers(10, 80)))
        rows.append(
            {
                "action_code": code,
                "opened": opened,
                "category": text["category"],
                "severity": int(rng.integers(1, 4)),
                "note": text["note"],
                "follow_up": text["follow_up"],
                "closed": closed if rng.random() < 0.5 and closed <= SAMPLE_AS_OF else None,
            }
        )
    return from_rows("obstacles", rows)
