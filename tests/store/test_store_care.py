"""State that the store can be copied and looked through."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from geo.model import StoreError
from geo.store import Store, open_store


def test_a_backup_is_one_whole_file(filled_store: Store, tmp_path: Path, at: datetime) -> None:
    copy = filled_store.backup(tmp_path / "copies" / "copy.sqlite", actor="test", at=at)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.sqlite"]
    restored = open_store(f"sqlite:///{copy}")
    for name, rows in filled_store.tables().items():
        pd.testing.assert_frame_equal(restored.table(name), rows)
    assert restored.data_version() == filled_store.data_version()
    assert restored.check() == []
    restored.close()


def test_a_backup_never_replaces_a_file(filled_store: Store, tmp_path: Path, at: datetime) -> None:
    (tmp_path / "copy.sqlite").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        filled_store.backup(tmp_path / "copy.sqlite", actor="test", at=at)
    assert (tmp_path / "copy.sqlite").read_text() == "precious"


def test_a_backup_that_fails_leaves_no_file(filled_store: Store, tmp_path: Path, at: datetime) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="the copy failed"):
        filled_store.backup(tmp_path / "file" / "copy.sqlite", actor="test", at=at)


def test_a_sound_store_has_no_problems(filled_store: Store) -> None:
    assert filled_store.check() == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("DROP TRIGGER reports_no_update", "a guard is missing"),
        ("DELETE FROM sites WHERE code = 'KTN-1'", "refers to a missing row of sites"),
        (
            "INSERT INTO plans VALUES ('KTN-1', '2026-12-31', '2026-01-01 00:00:00.000000', 90, NULL)",
            "the plan does not end at 100",
        ),
        ("DROP TABLE obstacles", "tables are missing"),
    ],
)
def test_damage_is_found(filled_store: Store, damage: str, found: str) -> None:
    connection = sqlite3.connect(filled_store.place)  # without foreign keys, as a careless tool would
    connection.execute(damage)
    connection.commit()
    connection.close()
    assert found in "\n".join(str(problem) for problem in filled_store.check())


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sites (code, programme, name, region_code, lon, lat, location_precision, data_status) "
        "VALUES ('N', 'ktn', 'N', '35', 200, 0, 'exact', 'reported')",
        "INSERT INTO plans VALUES ('NONE', '2026-12-31', '2026-01-01 00:00:00.000000', 100, NULL)",
        "INSERT INTO plans VALUES ('KTN-1', '2026-12-31', '2026-01-01 00:00:00.000000', 100.5, NULL)",
        "INSERT INTO plans VALUES ('KTN-1', '2026-12-31', '2026-01-01 00:00:00.000000', 100, -1)",
        "INSERT INTO institutions VALUES ('N', 'N', 'ngo', NULL, NULL)",
        "DELETE FROM sites WHERE code = 'KTN-1'",
    ],
)
def test_the_database_holds_the_limits_by_itself(filled_store: Store, statement: str) -> None:
    connection = sqlite3.connect(filled_store.place)
    connection.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
