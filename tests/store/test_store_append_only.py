"""State that reports are events: added, never altered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from geo.store import Store, open_store


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports SET percent = 99",
        "DELETE FROM reports",
        "INSERT OR REPLACE INTO reports (id, site_code, as_of, recorded_at, percent, data_status) "
        "VALUES (1, 'KTN-1', '2026-08-31', '2026-09-02 03:00:00.000000', 99, 'reported')",
    ],
)
def test_the_database_itself_refuses_to_alter_a_report(filled_store: Store, statement: str) -> None:
    before = filled_store.reports()
    connection = sqlite3.connect(filled_store.place)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    pd.testing.assert_frame_equal(filled_store.reports(), before)


@pytest.mark.parametrize("statement", ["UPDATE action_reports SET achieved = 9", "DELETE FROM action_reports"])
def test_reports_on_actions_are_append_only_too(filled_store: Store, at: datetime, statement: str) -> None:
    action = pd.DataFrame(
        {
            "code": ["A-1"],
            "year": [2026],
            "institution_code": ["PUPR"],
            "region_code": ["35"],
            "kind": ["non_physical"],
            "title": ["Pelatihan contoh"],
        }
    )
    report = pd.DataFrame({"action_code": ["A-1"], "as_of": ["2026-09-30"], "recorded_at": [at], "achieved": [3.0]})
    filled_store.add({"actions": action, "action_reports": report}, actor="test", at=at)
    connection = sqlite3.connect(filled_store.place)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    assert filled_store.action_reports()["achieved"].tolist() == [3.0]


def test_a_correction_is_a_new_row_beside_the_old_one(filled_store: Store, reports: pd.DataFrame, at: datetime) -> None:
    correction = reports.iloc[[1]].assign(percent=50.0, recorded_at=pd.Timestamp("2026-10-15T03:00Z"))
    filled_store.add({"reports": correction}, actor="test", at=at)
    stored = filled_store.reports()
    september = stored[(stored["site_code"] == "KTN-1") & (stored["as_of"] == "2026-09-30")]
    assert september["percent"].tolist() == [55.5, 50.0]


def test_a_day_can_be_seen_as_it_was_known_then(filled_store: Store, reports: pd.DataFrame, at: datetime) -> None:
    correction = reports.iloc[[1]].assign(percent=50.0, recorded_at=pd.Timestamp("2026-10-15T03:00Z"))
    filled_store.add({"reports": correction}, actor="test", at=at)
    then = filled_store.reports(known_at=datetime.fromisoformat("2026-10-02T10:00:00+07:00"))
    assert then["percent"].tolist() == [40.0, 55.5]


def test_serial_numbers_follow_the_order_of_recording_and_stay_out_of_the_frames(filled_store: Store) -> None:
    assert filled_store.table("reports", with_id=True)["id"].tolist() == [1, 2, 3]
    assert "id" not in filled_store.reports()


def test_a_copy_has_the_same_guards(filled_store: Store, tmp_path: Path, at: datetime) -> None:
    connection = sqlite3.connect(filled_store.backup(tmp_path / "copy.sqlite", actor="test", at=at))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM reports")
    connection.close()


def _plan(at: str, *percents: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_code": "KTN-1",
            "as_of": pd.to_datetime(["2026-01-31", "2026-06-30", "2026-12-31"]),
            "recorded_at": pd.Timestamp(at),
            "percent": list(percents),
        }
    )


def test_a_revised_plan_stands_whole_beside_the_old_one(filled_store: Store, at: datetime) -> None:
    filled_store.add({"plans": _plan("2026-01-05T03:00Z", 0, 60, 100)}, actor="test", at=at)
    filled_store.add({"plans": _plan("2026-05-05T03:00Z", 0, 40, 100)}, actor="test", at=at)
    plans = filled_store.plans()
    assert plans.groupby("recorded_at")["percent"].apply(list).tolist() == [[0, 60, 100], [0, 40, 100]]


def test_a_revision_that_is_no_whole_plan_is_refused(
    filled_store: Store, at: datetime, problems_of: Callable[..., str]
) -> None:
    filled_store.add({"plans": _plan("2026-01-05T03:00Z", 0, 60, 100)}, actor="test", at=at)
    assert "the plan does not end at 100" in problems_of(plans=_plan("2026-05-05T03:00Z", 0, 40, 100).iloc[:2])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plans SET percent = 99",
        "DELETE FROM plans",
        "INSERT OR REPLACE INTO plans VALUES ('KTN-1', '2026-06-30', '2026-01-05 03:00:00.000000', 99, NULL)",
        "UPDATE obstacles SET closed = '2026-10-01'",
        "DELETE FROM obstacles",
        "DELETE FROM meetings",
        "UPDATE closures SET closed_at = '2026-12-01 00:00:00.000000'",
        "INSERT OR REPLACE INTO closures VALUES (2026, 'b03', '2026-12-01 00:00:00.000000', NULL)",
    ],
)
def test_plans_obstacles_meetings_and_closed_checkpoints_are_never_altered(
    filled_store: Store, at: datetime, statement: str
) -> None:
    filled_store.add(
        {
            "plans": _plan("2026-01-05T03:00Z", 0, 60, 100),
            "obstacles": pd.DataFrame(
                {"code": ["K-1"], "site_code": ["KTN-1"], "opened": ["2026-09-01"], "category": ["lahan"],
                 "severity": [3]}
            ),
            "meetings": pd.DataFrame({"name": ["Rapat contoh"], "as_of": ["2026-09-30"], "held_at": [at]}),
            "closures": pd.DataFrame({"year": [2026], "checkpoint": ["b03"], "closed_at": [at]}),
        },
        actor="test",
        at=at,
    )  # fmt: skip
    connection = sqlite3.connect(filled_store.place)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_row_without_a_moment_is_known_from_the_moment_of_the_change(filled_store: Store, at: datetime) -> None:
    assert set(filled_store.sites()["recorded_at"]) == {pd.Timestamp(at)}


def test_a_row_may_be_known_from_the_start(filled_store: Store, sites: pd.DataFrame, at: datetime) -> None:
    early = sites.iloc[[0]].assign(code="KTN-2", recorded_at=None)
    filled_store.add({"sites": early}, actor="test", at=at)
    assert filled_store.sites(["KTN-2"])["recorded_at"].isna().all()


def test_the_version_of_a_table_changes_with_that_table_alone(filled_store: Store, at: datetime) -> None:
    before = filled_store.versions()
    meeting = pd.DataFrame({"name": ["Rapat contoh"], "as_of": ["2026-09-30"], "held_at": [at]})
    filled_store.add({"meetings": meeting}, actor="test", at=at)
    after = filled_store.versions()
    assert {name for name in after if after[name] != before[name]} == {"", "meetings"}


def test_versions_of_two_stores_differ(filled_store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.migrate()
    assert set(other.versions().values()).isdisjoint(filled_store.versions().values())
    other.close()
