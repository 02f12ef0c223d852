"""State what the log tells, that it is written with the change itself, and that it is pruned without a break."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.model import RefusedError, StoreError
from geo.store import Batch, Exported, Store, coming_from
from geo.store.audit import BEGINNING, Mark

T1 = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MAP = Exported(
    number="K7QM3-XPA2D",
    what="map",
    form="png",
    size="layar",
    request={"filters": {"provinces": ["35"]}},
    data_version="records=abc.1",
    content=b"\x89PNG picture",
    file_name="peta.png",
)


def _newest(store: Store) -> dict[str, Any]:
    row: dict[str, Any] = store.audit_rows(limit=1).to_dict("records")[0]
    return row | {name: json.loads(row[name]) if isinstance(row[name], str) else None for name in ("before", "details")}


def _signed_in(store: Store, *actors: str, at: datetime = T1) -> None:
    for day, actor in enumerate(actors):
        store.log("sign_in", actor, actor=actor, at=at + day * DAY)


def _batch(store: Store, rows: pd.DataFrame, *, kind: str = "beneficiaries", at: datetime = T1) -> int:
    batch = Batch(kind, "kiriman.xlsx", "ab" * 32, rows=len(rows), institution_code="PUPR")
    done = store.commit_batch(batch, {kind: rows}, actor="Dinas Contoh", at=at)
    assert done.batch is not None
    return done.batch


# --- what is told ------------------------------------------------------------------------------------------------


def test_a_row_tells_who_when_from_where_what_and_what_came_of_it(fresh_store: Store) -> None:
    with coming_from("10.0.0.7"):
        number = fresh_store.log(
            "refused", "import", actor="tamu", at=T1, outcome="undo", details={"provinces": "35"}, before={"a": 1}
        )
    row = _newest(fresh_store)
    assert row | {"hash": "", "previous": ""} == {
        "id": number,
        "at": pd.Timestamp(T1),
        "actor": "tamu",
        "origin": "10.0.0.7",
        "deed": "refused",
        "object": "import",
        "outcome": "undo",
        "before": {"a": 1},
        "details": {"provinces": "35"},
        "previous": "",
        "hash": "",
    }


def test_the_origin_holds_within_and_in_its_own_thread_alone(fresh_store: Store) -> None:
    with coming_from("perintah"):
        thread = threading.Thread(target=lambda: _signed_in(fresh_store, "lain"))
        thread.start()
        thread.join()
        with coming_from("127.0.0.1"):
            _signed_in(fresh_store, "dalam")
        _signed_in(fresh_store, "luar")
    _signed_in(fresh_store, "sesudah")
    told = dict(zip(*(fresh_store.audit_rows()[name] for name in ("actor", "origin")), strict=True))
    assert {actor: None if pd.isna(origin) else origin for actor, origin in told.items()} == {
        "lain": None,
        "dalam": "127.0.0.1",
        "luar": "perintah",
        "sesudah": None,
    }


def test_an_import_is_told_with_its_file_and_counts_but_no_value_of_a_beneficiary(filled_store: Store) -> None:
    rows = pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-09-30"], "group": ["mitra"], "count": [98_761]})
    number = _batch(filled_store, rows)
    row = _newest(filled_store)
    assert (row["deed"], row["object"], row["actor"]) == ("import", f"batch {number}", "Dinas Contoh")
    assert row["details"] == {
        "batch": number,
        "kind": "beneficiaries",
        "file_name": "kiriman.xlsx",
        "file_sha256": "ab" * 32,
        "institution": "PUPR",
        "rows": 1,
        "tables": {"beneficiaries": {"new": 1, "changed": 0, "unchanged": 0}},
    }
    _batch(filled_store, rows.assign(count=98_762), at=T1 + DAY)
    filled_store.undo_batch(number + 1, actor="Dinas Contoh", at=T1 + 2 * DAY)
    assert "9876" not in filled_store.audit_rows().to_csv()


def test_taking_a_batch_back_is_told(filled_store: Store) -> None:
    rows = pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-09-30"], "group": ["mitra"], "count": [12]})
    number = _batch(filled_store, rows)
    undone = filled_store.undo_batch(number, actor="Dinas Contoh", at=T1 + DAY)
    row = _newest(filled_store)
    assert (row["deed"], row["object"]) == ("undo", f"batch {number}")
    assert row["details"] == {"batch": undone.batch, "withdrawn": {"beneficiaries": 1}, "restored": {}}


def test_an_export_is_told_with_number_request_and_fingerprint(fresh_store: Store) -> None:
    kept = fresh_store.record_snapshot(MAP, actor="Deputi Contoh", at=T1)
    row = _newest(fresh_store)
    assert (row["deed"], row["object"]) == ("export", "K7QM3-XPA2D")
    assert row["details"]["request"] == {"filters": {"provinces": ["35"]}}
    assert row["details"]["sha256"] == sha256(MAP.content).hexdigest()
    assert (row["details"]["snapshot"], row["details"]["form"]) == (kept, "png")


def test_a_configuration_is_told_as_it_was_and_as_it_is(fresh_store: Store) -> None:
    fresh_store.set_meta({"sample": "true"}, actor="a", at=T1)
    fresh_store.set_meta({"sample": "false"}, actor="b", at=T1)
    row = _newest(fresh_store)
    assert (row["deed"], row["before"], row["details"]) == ("configuration", {"sample": "true"}, {"sample": "false"})


def test_a_remembered_mapping_is_told_as_it_was_and_as_it_is(filled_store: Store) -> None:
    filled_store.remember_mapping("PUPR", "reports", {"Kemajuan": "percent"}, actor="a", at=T1)
    filled_store.remember_mapping("PUPR", "reports", {"Realisasi": "percent"}, actor="b", at=T1)
    row = _newest(filled_store)
    assert (row["before"], row["details"]) == ({"Kemajuan": "percent"}, {"Realisasi": "percent"})


def test_rows_that_are_added_are_told_by_table(filled_store: Store) -> None:
    row = _newest(filled_store)
    assert row["deed"] == "write"
    assert row["details"] == {"rows": {"institutions": 2, "sites": 3, "reports": 3}, "meta": {}}


def test_a_strangers_text_stays_one_row_on_one_line(fresh_store: Store) -> None:
    fresh_store.log("refused", "a\r\n2\tx\u2028\ud800b", actor="t\x00amu" + "x" * 1000, at=T1, details={"\n": "\ud800"})
    row = _newest(fresh_store)
    assert row["object"] == "a 2 x b"
    assert row["actor"].startswith("t amux")
    assert len(row["actor"]) == 500
    assert fresh_store.verify_audit() == []


def test_of_details_too_large_only_the_fingerprint_is_kept(fresh_store: Store) -> None:
    fresh_store.log("export", "x", actor="a", at=T1, details={"text": "x" * 30_000})
    assert set(_newest(fresh_store)["details"]) == {"characters", "sha256"}


@pytest.mark.parametrize(("deed", "actor"), [("Sign In", "a"), ("", "a"), ("sign_in", " ")])
def test_a_row_that_says_nothing_is_refused(fresh_store: Store, deed: str, actor: str) -> None:
    with pytest.raises(RefusedError):
        fresh_store.log(deed, "x", actor=actor, at=T1)
    assert fresh_store.audit_head().last == 0


def test_a_moment_without_time_zone_is_refused(fresh_store: Store) -> None:
    with pytest.raises(RefusedError, match="no time zone"):
        fresh_store.log("sign_in", "x", actor="a", at=datetime(2026, 1, 1))  # noqa: DTZ001  # that is what is refused


# --- with the change itself --------------------------------------------------------------------------------------


def test_a_change_that_cannot_be_logged_is_not_made(filled_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_told: object, **_more: object) -> int:
        raise RuntimeError("the disk is full")

    before = {name: filled_store.table(name) for name in ("meta", "batches", "snapshots", "beneficiaries", "meetings")}
    monkeypatch.setattr("geo.store.audit.append", fails)
    rows = pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-09-30"], "group": ["mitra"], "count": [12]})
    meeting = pd.DataFrame({"name": ["Rapat"], "as_of": ["2026-09-30"], "held_at": [T1]})
    for change in (
        lambda: filled_store.set_meta({"sample": "x"}, actor="a", at=T1),
        lambda: filled_store.record_snapshot(MAP, actor="a", at=T1),
        lambda: filled_store.add({"meetings": meeting}, actor="a", at=T1),
        lambda: _batch(filled_store, rows),
    ):
        with pytest.raises(RuntimeError, match="the disk is full"):
            change()
    for name, table in before.items():
        pd.testing.assert_frame_equal(filled_store.table(name), table)


def test_a_change_that_is_refused_leaves_no_row(filled_store: Store) -> None:
    before = filled_store.audit_head()
    with pytest.raises(RefusedError):
        filled_store.add({"meetings": pd.DataFrame({"name": ["Rapat"]})}, actor="a", at=T1)
    assert filled_store.audit_head() == before


def test_a_dry_run_and_a_file_that_changes_nothing_leave_no_row(filled_store: Store) -> None:
    rows = pd.DataFrame({"site_code": ["KTN-1"], "as_of": ["2026-09-30"], "group": ["mitra"], "count": [12]})
    _batch(filled_store, rows)
    before = filled_store.audit_head()
    batch = Batch("beneficiaries", "kiriman.xlsx", "cd" * 32, rows=1)
    filled_store.commit_batch(batch, {"beneficiaries": rows}, actor="a", at=T1)
    filled_store.commit_batch(batch, {"beneficiaries": rows.assign(count=13)}, actor="a", at=T1, dry_run=True)
    assert filled_store.audit_head() == before


def test_the_log_changes_no_version_by_which_figures_are_kept(filled_store: Store) -> None:
    before, records = filled_store.versions(), filled_store.records()
    _signed_in(filled_store, "a")
    filled_store.record_snapshot(MAP, actor="a", at=T1)
    assert filled_store.versions() == before
    assert filled_store.records() == records


# --- reading -----------------------------------------------------------------------------------------------------


def test_rows_are_found_by_time_actor_deed_and_text_the_newest_first(fresh_store: Store) -> None:
    _signed_in(fresh_store, "a", "b", "c")
    fresh_store.log("refused", "ekspor 100 %", actor="a", at=T1 + 3 * DAY, details={"wilayah": "Jawa Timur"})

    def numbers(**chosen: Any) -> list[int]:
        rows = fresh_store.audit_rows(**chosen)["id"].tolist()
        assert fresh_store.audit_count(**{k: v for k, v in chosen.items() if k not in ("limit", "offset")}) >= len(rows)
        return rows

    assert numbers() == [4, 3, 2, 1]
    assert numbers(limit=2, offset=1) == [3, 2]
    assert numbers(since=T1 + DAY, until=T1 + 3 * DAY) == [3, 2]
    assert numbers(actor="a") == [4, 1]
    assert numbers(deed="refused") == [4]
    assert numbers(text="JAWA") == [4]
    assert numbers(text="100 %") == [4]
    assert numbers(text="%") == [4]  # a sign, not a pattern
    assert fresh_store.audit_count(actor="a") == 2


def test_a_log_without_rows_has_its_columns(fresh_store: Store) -> None:
    rows = fresh_store.audit_rows()
    assert list(rows.columns) == [
        "id", "at", "actor", "origin", "deed", "object", "outcome", "before", "details", "previous", "hash",
    ]  # fmt: skip
    assert rows.empty
    assert fresh_store.audit_head().text == f"0:{BEGINNING}"
    assert fresh_store.verify_audit() == []


def test_each_row_follows_on_the_one_before_it(fresh_store: Store) -> None:
    _signed_in(fresh_store, "a", "b", "c")
    rows = fresh_store.audit_rows().iloc[::-1]
    assert rows["previous"].tolist() == [BEGINNING, *rows["hash"].tolist()[:-1]]
    assert fresh_store.audit_head().text == f"3:{rows['hash'].tolist()[-1]}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'lain'",
        "DELETE FROM audit WHERE id = 2",
        "INSERT OR REPLACE INTO audit SELECT id, at, 'lain', origin, deed, object, outcome, before, details, previous, "
        "hash FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 7, at, actor, origin, deed, object, outcome, before, details, hash, 'x' "
        "FROM audit WHERE id = 3",
        "INSERT INTO audit SELECT 4, at, actor, origin, deed, object, outcome, before, details, 'x', 'x' "
        "FROM audit WHERE id = 3",
        "UPDATE audit_head SET last = 2",
        "UPDATE audit_head SET hash = 'x'",
        "UPDATE audit_head SET pruned = 9",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, 'x', 0, 'x')",
    ],
)
def test_the_database_itself_alters_no_row_and_lets_none_in_but_at_the_end(fresh_store: Store, statement: str) -> None:
    _signed_in(fresh_store, "a", "b", "c")
    connection = sqlite3.connect(fresh_store.place)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    assert fresh_store.verify_audit() == []


# --- retention ---------------------------------------------------------------------------------------------------


def test_old_rows_move_to_a_file_and_the_rest_still_holds(
    fresh_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_AUDIT_DAYS", "30")
    _signed_in(fresh_store, "a", "b", "c")
    moved = fresh_store.audit_rows().iloc[::-1][:2]
    done = fresh_store.prune_audit(T1 + 2 * DAY, file=tmp_path / "lama.jsonl", actor="kepala", at=T1 + 40 * DAY)
    told = [json.loads(line) for line in (tmp_path / "lama.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["actor"], row["hash"]) for row in told] == [
        tuple(row) for row in moved[["id", "actor", "hash"]].itertuples(index=False)
    ]
    assert (done.rows, done.last) == (2, 2)
    assert (tmp_path / "lama.jsonl").stat().st_mode & 0o077 == 0
    assert fresh_store.audit_rows()[["id", "deed"]].to_numpy().tolist() == [[4, "prune"], [3, "sign_in"]]
    assert fresh_store.verify_audit() == []
    assert fresh_store.check() == []
    row = _newest(fresh_store)
    assert row["details"]["sha256"] == sha256((tmp_path / "lama.jsonl").read_bytes()).hexdigest()
    assert (row["details"]["last"], row["details"]["hash"]) == (2, told[-1]["hash"])


def test_what_was_pruned_once_is_followed_by_what_is_pruned_next(
    fresh_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_AUDIT_DAYS", "1")
    _signed_in(fresh_store, "a", "b", "c", "d")
    for number, day in ((1, 1), (2, 3)):
        file = tmp_path / f"{number}.jsonl"
        fresh_store.prune_audit(T1 + day * DAY, file=file, actor="kepala", at=T1 + 40 * DAY)
        _signed_in(fresh_store, "e", at=T1 + 50 * DAY)
    assert fresh_store.verify_audit() == []
    lines = [json.loads(line) for n in (1, 2) for line in (tmp_path / f"{n}.jsonl").read_text().splitlines()]
    assert [row["id"] for row in lines] == [1, 2, 3]
    assert lines[1]["previous"] == lines[0]["hash"]


def test_the_log_is_kept_for_good_unless_it_is_said_for_how_long(
    fresh_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _signed_in(fresh_store, "a", "b")
    monkeypatch.delenv("GEO_AUDIT_DAYS", raising=False)
    with pytest.raises(RefusedError, match="kept for good"):
        fresh_store.prune_audit(T1 + DAY, file=tmp_path / "lama.jsonl", actor="a", at=T1 + 40 * DAY)
    monkeypatch.setenv("GEO_AUDIT_DAYS", "40")
    with pytest.raises(RefusedError, match="the last 40 days has to be kept"):
        fresh_store.prune_audit(T1 + DAY, file=tmp_path / "lama.jsonl", actor="a", at=T1 + 40 * DAY)
    monkeypatch.setenv("GEO_AUDIT_DAYS", "sebulan")
    with pytest.raises(RefusedError, match="GEO_AUDIT_DAYS is no number of days"):
        fresh_store.prune_audit(T1 + DAY, file=tmp_path / "lama.jsonl", actor="a", at=T1 + 40 * DAY)
    assert not (tmp_path / "lama.jsonl").exists()
    assert fresh_store.audit_head().pruned == 0


def test_nothing_is_removed_where_nothing_is_old_or_the_file_is_there(
    fresh_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_AUDIT_DAYS", "1")
    _signed_in(fresh_store, "a", "b")
    with pytest.raises(RefusedError, match="nothing in the log is that old"):
        fresh_store.prune_audit(T1, file=tmp_path / "lama.jsonl", actor="a", at=T1 + 40 * DAY)
    (tmp_path / "lama.jsonl").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        fresh_store.prune_audit(T1 + DAY, file=tmp_path / "lama.jsonl", actor="a", at=T1 + 40 * DAY)
    with pytest.raises(StoreError, match="Nothing was removed"):
        fresh_store.prune_audit(T1 + DAY, file=tmp_path / "none" / "x.jsonl", actor="a", at=T1 + 40 * DAY)
    assert (tmp_path / "lama.jsonl").read_text() == "precious"
    assert fresh_store.audit_head().last == 2
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".sqlite-shm") == [
        "lama.jsonl", "store.sqlite", "store.sqlite-wal",
    ]  # fmt: skip


# --- heads written down ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "3", "3:xyz", f"-1:{BEGINNING}", f"3:{BEGINNING.replace('0', 'G')}"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="this is no head of a log"):
        Mark.from_text(text)


def test_a_head_written_down_is_found_again(fresh_store: Store) -> None:
    _signed_in(fresh_store, "a", "b")
    mark = Mark.from_text(f" {fresh_store.audit_head().text}\n")
    _signed_in(fresh_store, "c")
    assert fresh_store.verify_audit(marks=[mark]) == []
