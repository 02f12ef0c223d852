"""State how a store is found and what is refused at the door."""

from __future__ import annotations

import sqlite3
import traceback
from pathlib import Path

import pytest

from geo.model import StoreError
from geo.store import Store, open_store


def test_the_data_folder_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "new" / "folder"))
    store = open_store()
    assert store.place == str(tmp_path / "new" / "folder" / "sinergisitas.sqlite")
    store.close()


def test_the_address_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEO_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    store = open_store()
    assert store.place == str(tmp_path / "other.sqlite")
    store.close()


def test_connections_are_set_up_for_many_readers_and_one_writer(fresh_store: Store) -> None:
    with fresh_store._engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "busy_timeout": 5_000, "foreign_keys": 1}


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite").write_text("kode;nama\n" * 500)
    with pytest.raises(StoreError, match=r"notes.sqlite: cannot be opened \(file is not a database\)"):
        open_store(f"sqlite:///{tmp_path / 'notes.sqlite'}")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE bookmarks (address TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="another program's database"):
        open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"the folder cannot be made .* Set GEO_DATA_DIR"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'store.sqlite'}")


def test_a_folder_without_the_right_to_write_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere, so the answer is given here
    with pytest.raises(StoreError, match="cannot be written"):
        open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+nosuchdriver://admin:Rahasia123@db.example/geo", "the driver is not installed"),
        ("postgresql+psycopg://admin:Rahasia123@127.0.0.1:1/geo?connect_timeout=1", "not installed|cannot be opened"),
        ("mysql://admin:Rahasia123@db.example/geo", "unknown kind of database"),
        ("postgresql://admin:Rahasia123@db.example:port/geo", "cannot be read"),
        ("admin:Rahasia123@db.example", "cannot be read"),
        ("sqlite://", "needs a file"),
    ],
)
def test_a_refusal_never_shows_the_password(url: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as refusal:
        open_store(url)
    assert "Rahasia123" not in "".join(traceback.format_exception(refusal.value))
