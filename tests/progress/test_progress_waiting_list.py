"""The list of awaited reports follows the filters: sites and actions that pass them, with plans as known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import Thresholds, state
from geo.progress.action_plan import action_plan
from geo.progress.waiting_list import WaitingList, waiting_list

ON = date(2026, 10, 31)
SITES = pd.DataFrame(
    {
        "code": ["S-1", "S-2", "S-3"],
        "programme": ["ktn", "koperasi", "koperasi"],
        "name": ["Kawasan A", "Koperasi B", "Koperasi C"],
        "region_code": ["35.07", "33.10", "35.07"],
        "institution_code": ["KL-1", "KL-1", "KL-2"],
        **dict.fromkeys(
            (
                "lon", "lat", "location_precision", "start_date", "target_date", "contract_value", "year",
                "data_status", "source_url",
            )
        ),
    }
)  # fmt: skip
PLANS = pd.DataFrame(
    [
        (code, day, moment, percent, None)
        for code in ("S-1", "S-2", "S-3")
        for day, moment, percent in (
            ("2026-02-28", "2026-01-05T02:00Z", 0.0),
            ("2026-12-31", "2026-01-05T02:00Z", 100.0),
        )
    ],
    columns=["site_code", "as_of", "recorded_at", "percent", "spend"],
)
REPORTS = pd.DataFrame(
    {
        "site_code": ["S-1", "S-3"],
        "as_of": ["2026-06-30", "2026-09-30"],
        "recorded_at": ["2026-07-03T02:00Z", "2026-10-03T02:00Z"],
        "percent": [30.0, 70.0],
        "spend": [None, None],
        "stage": ["in_progress", "in_progress"],
    }
)
TABLES = {
    "sites": SITES,
    "plans": PLANS,
    "reports": REPORTS,
    "obstacles": pd.DataFrame(columns=["site_code", "action_code", "opened", "closed", "severity"]),
    "institutions": pd.DataFrame(
        {
            "code": ["KL-1", "KL-2"],
            "name": ["Kementerian A", "Kementerian B"],
            "kind": ["kl", "kl"],
            "field": ["pmk"] * 2,
        }
    ),
    "actions": pd.DataFrame(
        {
            "code": ["A-1", "A-2"],
            "year": [2026, 2026],
            "institution_code": ["KL-2", "KL-2"],
            "region_code": ["35", "33"],
            "programme": ["ktn", "koperasi"],
            "kind": ["non_physical"] * 2,
            "title": ["Pelatihan", "Pendampingan"],
            "target_b09": [10.0, 10.0],
            "target_b12": [20.0, 20.0],
        }
    ),
    "action_reports": pd.DataFrame(
        {"action_code": ["A-2"], "as_of": ["2026-09-30"], "recorded_at": ["2026-10-03T02:00Z"], "achieved": [10.0]}
    ),
    "closures": pd.DataFrame(columns=["year", "checkpoint", "closed_at", "author"]),
}


def listed(
    *, among: dict[str, pd.DataFrame] | None = None, limits: Thresholds | None = None, **asked: Any
) -> WaitingList:
    tables = TABLES if among is None else among
    filters = Filters(**{"on": ON, **asked})
    limits = limits or Thresholds()
    now = state(tables, filters, load_programmes(), thresholds=limits)
    return waiting_list(now, action_plan(tables, filters, thresholds=limits))


def owed(found: WaitingList) -> dict[str, str]:
    return {row["code"]: row["since"].date().isoformat() for row in found.reports.to_dict("records")}


def test_a_site_owes_since_its_last_report_or_the_beginning_of_its_plan_and_an_action_since_its_checkpoint() -> None:
    # 45 days after 30 June; after 1 March, the first day with a plan above zero; 14 days after 30 September
    assert owed(listed()) == {"S-2": "2026-04-15", "S-1": "2026-08-14", "A-1": "2026-10-14"}


def test_who_reported_in_time_owes_nothing_and_is_told_with_its_last_word() -> None:
    found = listed().institutions.set_index("institution_code")
    assert found.loc["KL-2", ["sites", "sites_reported", "actions", "actions_reported", "owed"]].tolist() == [
        1, 1, 2, 1, 1,
    ]  # fmt: skip
    assert found.loc["KL-2", "last_report"] == pd.Timestamp("2026-09-30")
    assert found.loc["KL-1", "age_days"] == 123


def test_the_filters_choose_who_is_listed() -> None:
    assert set(owed(listed(provinces=("35",)))) == {"S-1", "A-1"}
    assert set(owed(listed(programmes=("koperasi",)))) == {"S-2"}
    assert set(owed(listed(search="kawasan"))) == {"S-1"}
    assert listed(search="zzz").reports.empty
    assert listed(search="zzz").institutions.empty


def test_reports_and_plans_recorded_later_leave_the_list_of_that_moment_as_it_was() -> None:
    knew = datetime(2026, 10, 31, 12, tzinfo=UTC)
    before = owed(listed(known_at=knew))
    after = "2026-11-05T02:00Z"
    late_report = REPORTS.iloc[[0]].assign(site_code="S-2", as_of="2026-09-30", recorded_at=after)
    moved_plan = PLANS.iloc[2:4].assign(recorded_at=after, as_of=["2026-11-30", "2026-12-31"])
    later = {
        **TABLES,
        "reports": pd.concat([REPORTS, late_report], ignore_index=True),
        "plans": pd.concat([PLANS, moved_plan], ignore_index=True),
    }
    assert owed(listed(among=later, known_at=knew)) == before
    assert "S-2" not in owed(listed(among=later))


def test_a_longer_grace_makes_the_list_shorter() -> None:
    assert set(owed(listed(limits=Thresholds(silent_after_days=150)))) == {"S-2", "A-1"}


def test_over_the_turn_of_the_year_the_last_checkpoint_is_still_awaited_until_the_next_is_due() -> None:
    last_year = TABLES["actions"].assign(year=2025, code=["B-1", "B-2"])
    tables = {**TABLES, "actions": pd.concat([TABLES["actions"], last_year], ignore_index=True)}
    owed, counted = {}, {}
    for on in (date(2026, 1, 31), date(2026, 4, 30)):
        filters = Filters(on=on)
        waiting = waiting_list(state(tables, filters, load_programmes()), action_plan(tables, filters))
        owed[on] = waiting.reports.loc[waiting.reports["owed"] == "b12", "code"].tolist()
        assert waiting.institutions["owed"].sum() == len(waiting.reports)
        counted[on] = int(waiting.institutions.set_index("institution_code").at["KL-2", "actions"])
    assert owed == {date(2026, 1, 31): ["B-1", "B-2"], date(2026, 4, 30): []}
    assert set(counted.values()) == {4}


def test_the_last_word_of_an_institution_may_speak_of_the_year_before() -> None:
    last_year = TABLES["actions"].iloc[[1]].assign(year=2025, code="B-2")
    said = pd.DataFrame(
        {"action_code": ["B-2"], "as_of": ["2025-12-31"], "recorded_at": ["2026-01-05T02:00Z"], "achieved": [20.0]}
    )
    tables = {
        **TABLES,
        "actions": pd.concat([TABLES["actions"], last_year], ignore_index=True),
        "action_reports": pd.concat([TABLES["action_reports"], said], ignore_index=True),
    }
    filters = Filters(on=date(2026, 1, 31))
    listed = waiting_list(state(tables, filters, load_programmes()), action_plan(tables, filters)).institutions
    assert listed.set_index("institution_code").at["KL-2", "last_report"] == pd.Timestamp(2025, 12, 31)
