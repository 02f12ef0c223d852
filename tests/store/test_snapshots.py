"""State what the store keeps of exports, and which records an export rests on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from alembic import command
from sqlalchemy import create_engine

from geo.model import Filters, RefusedError, StoreError
from geo.progress import state
from geo.store import Batch, Exported, Store, open_store
from geo.store.migration import configuration, known_revisions

T1 = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
T2 = datetime(2026, 11, 3, 3, 0, tzinfo=UTC)
T3 = datetime(2026, 11, 4, 3, 0, tzinfo=UTC)
MAP = Exported(
    number="K7QM3-XPA2D",
    what="map",
    form="png",
    size="layar",
    request={"filters": {"on": "2026-10-31", "provinces": ["35"]}, "title": "Rapat – ≥ 50 %"},
    data_version="records=abc.1; programmes=p; thresholds=t; boundaries=b",
    content=b"\x89PNG picture",
    file_name="peta.png",
)


def _commit(store: Store, table: str, rows: pd.DataFrame, at: datetime, **options: Any) -> int:
    batch = Batch(table, "kiriman.xlsx", sha256(repr((table, at)).encode()).hexdigest(), rows=len(rows))
    done = store.commit_batch(batch, {table: rows}, actor="Dinas Contoh", at=at, **options)
    assert done.batch is not None
    return done.batch


def _report(percent: float, **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-09-30"], "percent": [percent], **more})


# --- the list ----------------------------------------------------------------------------------------------------


def test_an_export_is_kept_wholly_but_for_its_bytes(filled_store: Store) -> None:
    number = filled_store.record_snapshot(MAP, actor="Deputi Contoh", at=T1)
    (kept,) = filled_store.snapshots()
    assert (kept.id, kept.number, kept.what, kept.form, kept.size) == (number, "K7QM3-XPA2D", "map", "png", "layar")
    assert (kept.request, kept.data_version) == (MAP.request, MAP.data_version)
    assert (kept.sha256, kept.bytes) == (sha256(MAP.content).hexdigest(), len(MAP.content))
    assert (kept.file_name, kept.actor, kept.at) == ("peta.png", "Deputi Contoh", T1)


def test_exports_are_found_by_number_and_by_fingerprint_the_newest_first(filled_store: Store) -> None:
    other = replace(MAP, number="00000-00001", content=b"another")
    for exported, at in ((MAP, T1), (other, T2), (MAP, T3)):
        filled_store.record_snapshot(exported, actor="proses", at=at)
    assert [kept.at for kept in filled_store.snapshots()] == [T3, T2, T1]
    assert [kept.at for kept in filled_store.snapshots("K7QM3-XPA2D")] == [T3, T1]
    assert [kept.number for kept in filled_store.snapshots(sha256=sha256(b"another").hexdigest())] == ["00000-00001"]
    assert [kept.at for kept in filled_store.snapshots(limit=1)] == [T3]
    assert filled_store.snapshots("ZZZZZ-ZZZZZ") == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"number": "k7qm3xpa2d"}, "no number of a snapshot"),
        ({"number": "K7QM3-XPA2U"}, "no number of a snapshot"),
        ({"content": b""}, "the file is empty"),
        ({"file_name": " "}, "file_name is empty"),
        ({"data_version": ""}, "data_version is empty"),
    ],
)
def test_an_incomplete_description_is_refused_and_nothing_is_kept(
    filled_store: Store, change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(RefusedError, match=complaint):
        filled_store.record_snapshot(replace(MAP, **change), actor="proses", at=T1)
    assert filled_store.snapshots() == []


def test_an_export_names_its_office_and_a_moment_with_a_zone(filled_store: Store) -> None:
    with pytest.raises(RefusedError, match="actor is empty"):
        filled_store.record_snapshot(MAP, actor=" ", at=T1)
    with pytest.raises(RefusedError, match="at has no time zone"):
        filled_store.record_snapshot(MAP, actor="proses", at=T1.replace(tzinfo=None))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshots SET sha256 = 'x'",
        "DELETE FROM snapshots",
        "INSERT OR REPLACE INTO snapshots SELECT id, number, what, form, size, '{}', data_version, sha256, bytes, "
        "file_name, actor, at FROM snapshots",
    ],
)
def test_the_database_itself_keeps_the_list_of_exports(filled_store: Store, statement: str) -> None:
    filled_store.record_snapshot(MAP, actor="proses", at=T1)
    connection = sqlite3.connect(filled_store.place)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_an_export_makes_no_cache_stale(filled_store: Store) -> None:
    before = (filled_store.versions(), filled_store.data_version(), filled_store.records())
    filled_store.record_snapshot(MAP, actor="proses", at=T1)
    assert (filled_store.versions(), filled_store.data_version(), filled_store.records()) == before


def test_a_list_that_cannot_be_written_fails_aloud(filled_store: Store) -> None:
    connection = sqlite3.connect(filled_store.place)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON snapshots BEGIN SELECT RAISE(ABORT, 'no more'); END")
    connection.close()
    with pytest.raises(RefusedError, match="no more"):
        filled_store.record_snapshot(MAP, actor="proses", at=T1)


def test_a_copy_of_the_store_finds_the_exports(filled_store: Store, tmp_path: Path) -> None:
    filled_store.record_snapshot(MAP, actor="proses", at=T1)
    copy = open_store(f"sqlite:///{filled_store.backup(tmp_path / 'copy.sqlite', actor='test', at=T1)}")
    assert copy.snapshots("K7QM3-XPA2D") == filled_store.snapshots("K7QM3-XPA2D")
    copy.close()


@contextmanager
def _of_schema(url: str, revision: str) -> Iterator[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
        connection.commit()
    engine.dispose()


def test_a_store_of_the_third_schema_keeps_its_records_and_can_list_exports(store_url: str) -> None:
    with _of_schema(store_url, "0003") as connection:
        connection.exec_driver_sql(
            "INSERT INTO sites (code, programme, name, region_code, lon, lat, location_precision, data_status) "
            "VALUES ('S-1', 'ktn', 'Contoh', '35.07', 112, -8, 'exact', 'synthetic')"
        )
    store = open_store(store_url)
    with pytest.raises(StoreError, match="Run the migrations"):
        store.snapshots()
    assert store.migrate() == list(known_revisions()[3:])
    store.record_snapshot(MAP, actor="proses", at=T1)
    assert len(store.sites()) == len(store.snapshots()) == 1
    assert store.check() == []
    store.close()


# --- which records -----------------------------------------------------------------------------------------------


def test_records_are_told_by_the_moment_of_the_last_write(filled_store: Store, at: datetime) -> None:
    before = filled_store.records()
    assert before.at == at
    _commit(filled_store, "reports", _report(50.0), T1)
    after = filled_store.records()
    assert after.at == T1
    assert after.version != before.version
    filled_store.undo_batch(1, actor="Dinas Contoh", at=T2)
    assert filled_store.records().at == T2


def test_what_no_figure_rests_on_changes_no_records(filled_store: Store) -> None:
    before = filled_store.records()
    filled_store.remember_mapping("PUPR", "reports", {"columns": {"a": "percent"}}, actor="proses", at=T1)
    assert filled_store.records() == before


def test_a_row_that_is_known_later_than_it_was_written_moves_the_moment(filled_store: Store) -> None:
    filled_store.add({"reports": _report(50.0, recorded_at=[T2], data_status=["reported"])}, actor="x", at=T1)
    assert filled_store.records().at == T2


def test_an_empty_store_has_a_moment_too(fresh_store: Store) -> None:
    assert fresh_store.records().at == datetime(2000, 1, 1, tzinfo=UTC)


def test_the_same_records_are_told_the_same_after_a_restart(filled_store: Store, store_url: str) -> None:
    other = open_store(store_url)
    assert other.records() == filled_store.records()
    other.close()


# --- as they stood -----------------------------------------------------------------------------------------------


def _figures(tables: dict[str, pd.DataFrame], known_at: datetime | None) -> pd.DataFrame:
    found = state(tables, Filters(on=datetime(2026, 10, 31, tzinfo=UTC).date(), known_at=known_at), {})
    return found.positions.drop(columns=["institution_code"], errors="ignore")


def test_tables_as_they_stood_give_the_figures_of_then_whatever_comes_after(filled_store: Store) -> None:
    _commit(filled_store, "reports", _report(50.0), T1)
    shown = _figures(filled_store.tables(), None)
    records = filled_store.records()
    minute = records.at + timedelta(minutes=1)
    soon = records.at + timedelta(seconds=20)  # before the minute that was printed has passed
    _commit(filled_store, "reports", _report(70.0), soon)
    _commit(filled_store, "sites", filled_store.sites(["KTN-1"]).assign(name="Nama baru"), soon)
    then = _figures(filled_store.tables_until(records.at), minute)
    pd.testing.assert_frame_equal(then, shown)
    now = _figures(filled_store.tables(history=True), minute)
    assert now.set_index("code").loc["KTN-1", "name"] == "Nama baru"


def test_tables_as_they_stood_keep_what_was_taken_back_later(filled_store: Store) -> None:
    batch = _commit(filled_store, "reports", _report(50.0), T1)
    shown = _figures(filled_store.tables(), None)
    filled_store.undo_batch(batch, actor="Dinas Contoh", at=T1 + timedelta(seconds=30))
    pd.testing.assert_frame_equal(_figures(filled_store.tables_until(T1), T1 + timedelta(minutes=1)), shown)
    assert filled_store.tables_until(T2, "reports")["reports"]["withdrawn_at"].notna().sum() == 1


def test_tables_as_they_stood_leave_out_checkpoints_closed_later(filled_store: Store) -> None:
    closed = pd.DataFrame({"year": [2026, 2026], "checkpoint": ["b03", "b06"], "closed_at": [T1, T3]})
    filled_store.add({"closures": closed}, actor="x", at=T3)
    assert filled_store.tables_until(T2, "closures")["closures"]["checkpoint"].tolist() == ["b03"]


def test_a_moment_without_zone_is_refused(filled_store: Store) -> None:
    with pytest.raises(RefusedError, match="moment has no time zone"):
        filled_store.tables_until(T1.replace(tzinfo=None))
