"""State that a backup holds everything, opens only with its key, and comes back at one stroke or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyrage
import pytest
from alembic import command
from sqlalchemy import create_engine

from geo.model import RefusedError, StoreError
from geo.store import Store, open_store
from geo.store.migration import configuration, newest
from geo.store.restoring import Restored, restore
from geo.store.safekeeping import Identities, Key, Lock, Passphrase, Recipients, make_key
from geo.store.schema import metadata

T1 = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
T2 = T1 + timedelta(days=1)
WORDS = Passphrase("kata sandi untuk uji coba")
OTHER = Passphrase("kata sandi yang salah sekali")

on_posix = pytest.mark.skipif(os.name == "nt", reason="rights of files are lists there, inherited from the folder")


@pytest.fixture
def wide_umask() -> Iterator[None]:
    """A careless machine: what is made is open to all unless the maker says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def store(filled_store: Store) -> Store:
    """Records, an account, and a log that tells of them and of an export."""
    filled_store.set_account("kepala@contoh.go.id", role="administrator", actor="lokal", at=T1)
    filled_store.log("export", "K7QM3-XPA2D", actor="kepala@contoh.go.id", at=T1)
    return filled_store


def _whole(store: Store) -> dict[str, pd.DataFrame]:
    """Every table there is, of every kind."""
    return {name: store.table(name, with_id="id" in table.columns) for name, table in metadata.tables.items()}


def _rights(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def _no_key() -> Key:
    raise AssertionError("a key was asked for that is not needed")


def _restore(file: Path, store: Store, key: Callable[[], Key] = _no_key) -> Restored:
    return restore(file, key=key, actor="lokal", at=T2, url=f"sqlite:///{store.place}")


def _with_keys(folder: Path) -> tuple[Lock, Key]:
    make_key(folder / "kunci.txt")
    return Recipients.from_file(folder / "kunci.txt"), Identities.from_file(folder / "kunci.txt")


# --- there and back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["plain", "passphrase", "keys"])
def test_what_comes_back_is_what_was_copied_in_every_table(store: Store, tmp_path: Path, how: str) -> None:
    lock, key = {"plain": (None, None), "passphrase": (WORDS, WORDS)}.get(how) or _with_keys(tmp_path)
    before = _whole(store)
    copy = store.backup(tmp_path / "salinan", actor="kepala@contoh.go.id", at=T1, lock=lock)
    store.set_meta({"sample": "false"}, actor="kepala@contoh.go.id", at=T2)
    store.sign_out_everywhere("kepala@contoh.go.id", actor="lokal", at=T2)
    store.close()
    done = _restore(copy, store, lambda: key if key is not None else _no_key())
    assert (done.encrypted, done.head.last) == (how != "plain", before["audit_head"]["last"].iloc[0])
    after = _whole(store)
    assert set(after) == set(metadata.tables)
    for name in set(after) - {"audit", "audit_head"}:
        pd.testing.assert_frame_equal(after[name], before[name])
    pd.testing.assert_frame_equal(after["audit"].iloc[:-1], before["audit"])
    assert store.check() == []


def test_the_log_tells_of_the_copy_and_of_its_return(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan.age", actor="kepala@contoh.go.id", at=T1, lock=WORDS)
    row = store.audit_rows(limit=1).iloc[0]
    assert (row["deed"], row["object"], row["actor"]) == ("backup", "salinan.age", "kepala@contoh.go.id")
    former = store.audit_head()
    store.close()
    done = _restore(copy, store, lambda: WORDS)
    row = store.audit_rows(limit=1).iloc[0]
    assert (row["deed"], row["object"]) == ("restore", "salinan.age")
    assert former.text in row["details"]
    assert (done.former, done.head.last) == (former, former.last - 1)
    assert store.verify_audit() == []


def test_the_former_store_is_kept_beside_whole(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan", actor="a", at=T1)
    store.set_meta({"sample": "false"}, actor="a", at=T2)
    former = _whole(store)
    store.close()
    done = _restore(copy, store)
    assert done.kept == Path(store.place).with_name("store.before-20261103T030000Z.sqlite")
    kept = open_store(f"sqlite:///{done.kept}")
    for name, rows in _whole(kept).items():
        pd.testing.assert_frame_equal(rows, former[name])
    kept.close()
    assert store.meta().get("sample") is None


def test_two_former_stores_of_one_second_have_two_names(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan", actor="a", at=T1)
    store.close()
    kept = [_restore(copy, store).kept for _ in range(2)]
    assert len({name for name in kept if name is not None and name.exists()}) == 2


def test_a_backup_comes_back_where_there_is_no_store(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan", actor="a", at=T1)
    place = tmp_path / "baru" / "lain.sqlite"
    done = restore(copy, key=_no_key, actor="lokal", at=T2, url=f"sqlite:///{place}")
    assert (done.place, done.kept, done.former) == (place, None, None)
    other = open_store(f"sqlite:///{place}")
    pd.testing.assert_frame_equal(other.sites(), store.sites())
    other.close()
    assert [file.name for file in place.parent.iterdir()] == ["lain.sqlite"]


def test_a_backup_takes_the_place_of_a_damaged_store(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan", actor="a", at=T1)
    before = store.sites()
    store.close()
    Path(store.place).write_bytes(b"SQLite format 3\x00" + b"broken" * 1000)
    done = _restore(copy, store)
    assert done.former is None
    assert done.kept is not None
    assert b"broken" in done.kept.read_bytes()
    pd.testing.assert_frame_equal(store.sites(), before)


def test_a_backup_of_an_older_schema_is_brought_up_to_this_software(store: Store, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'lama.sqlite'}")
    with engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.exec_driver_sql("INSERT INTO institutions VALUES ('K-1', 'Lama', 'kl', NULL, NULL)")
        connection.commit()
    engine.dispose()
    store.close()
    _restore(tmp_path / "lama.sqlite", store)
    assert store.revision() == newest()
    assert store.institutions()["code"].tolist() == ["K-1"]


def test_what_age_opens_elsewhere_is_what_was_written_here(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan.age", actor="a", at=T1, lock=WORDS)
    assert pyrage.passphrase.decrypt(copy.read_bytes(), WORDS.words).startswith(b"SQLite format 3\x00")
    assert b"KTN Contoh" not in copy.read_bytes()


# --- what is refused ---------------------------------------------------------------------------------------------


def _cut(content: bytes) -> bytes:
    return content[: len(content) - 100]


def _cut_at_a_block(content: bytes) -> bytes:
    """Without the last block of 64 KiB, as if the file ended there."""
    return content[: len(content) - (len(content) % 65_552 or 65_552)]


def _turned(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _longer(content: bytes) -> bytes:
    return content + b"x" * 100


@pytest.mark.parametrize("damage", [_cut, _cut_at_a_block, _turned, _longer])
@pytest.mark.parametrize("how", ["passphrase", "keys"])
def test_an_encrypted_backup_that_was_altered_by_a_byte_does_not_come_back(
    store: Store, tmp_path: Path, damage: Callable[[bytes], bytes], how: str
) -> None:
    lock, key = (WORDS, WORDS) if how == "passphrase" else _with_keys(tmp_path)
    copy = store.backup(tmp_path / "salinan.age", actor="a", at=T1, lock=lock)
    copy.write_bytes(damage(copy.read_bytes()))
    _refused(copy, store, "cannot be decrypted", lambda: key)


def _refused(file: Path, store: Store, told: str, key: Callable[[], Key] = _no_key) -> None:
    """The restore is refused, and everything is as it was."""
    before = _whole(store)
    store.close()
    beside = {one.name for one in Path(store.place).parent.iterdir()}
    with pytest.raises(RefusedError, match=told):
        _restore(file, store, key)
    assert {one.name for one in Path(store.place).parent.iterdir()} == beside
    for name, rows in _whole(store).items():
        pd.testing.assert_frame_equal(rows, before[name])


def test_the_wrong_passphrase_or_key_opens_nothing(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan.age", actor="a", at=T1, lock=WORDS)
    _refused(copy, store, "the passphrase or key is another one", lambda: OTHER)
    _, key = _with_keys(tmp_path)
    _refused(copy, store, "the passphrase or key is another one", lambda: key)


def _damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = b"\xff" * 3000
    file.write_bytes(content)


def _halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _done(*statements: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return run


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_damaged, "the backup (is damaged|cannot be used)"),
        (_halved, "the backup (is damaged|cannot be used)"),
        (_done("UPDATE alembic_version SET version_num = '9999'"), "is newer than this software"),
        (_done("DROP TABLE alembic_version"), "is another program's database"),
        (_done("DROP TRIGGER reports_no_update"), "a guard is missing"),
        (
            _done(
                "PRAGMA writable_schema=1",
                "DROP TRIGGER audit_no_update",
                "UPDATE audit SET actor = 'lain' WHERE id = 2",
            ),
            "row 2 was altered",
        ),
        (lambda file: file.write_text("bukan cadangan"), "is no backup of this software"),
        (lambda file: file.write_bytes(b""), "is no backup of this software"),
        (lambda file: (file.unlink(), sqlite3.connect(file).execute("VACUUM").connection.close()), "is no backup"),
    ],
    ids=["damaged", "halved", "newer", "foreign", "unguarded", "log-altered", "text", "empty", "empty-database"],
)
def test_what_is_no_sound_backup_does_not_come_back(
    store: Store, tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    copy = store.backup(tmp_path / "salinan.sqlite", actor="a", at=T1)
    spoil(copy)
    _refused(copy, store, told)


def test_nothing_comes_back_while_somebody_has_the_store_open(store: Store, tmp_path: Path) -> None:
    copy = store.backup(tmp_path / "salinan", actor="a", at=T1)
    store.close()
    other = open_store(f"sqlite:///{store.place}")
    other.sites()
    with pytest.raises(RefusedError, match=r"is in use\. Stop the dashboard"):
        _restore(copy, store)
    other.close()
    assert _restore(copy, store).kept is not None


def test_the_store_itself_and_what_is_not_there_are_no_backups(store: Store, tmp_path: Path) -> None:
    store.close()
    with pytest.raises(RefusedError, match="is the store itself"):
        _restore(Path(store.place), store)
    with pytest.raises(RefusedError, match="there is no file"):
        _restore(tmp_path / "none", store)


def test_a_database_that_is_no_file_says_what_to_use(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Use pg_dump and pg_restore"):
        restore(tmp_path / "x", key=_no_key, actor="a", at=T1, url="postgresql+psycopg://a:secret@host/data")


def test_a_backup_that_cannot_be_logged_is_not_made(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_told: object, **_more: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("geo.store.audit.append", fails)
    before = {file.name for file in tmp_path.iterdir()}
    with pytest.raises(RuntimeError, match="the disk is full"):
        store.backup(tmp_path / "salinan.age", actor="a", at=T1, lock=WORDS)
    assert {file.name for file in tmp_path.iterdir()} == before


# --- keys --------------------------------------------------------------------------------------------------------


def test_a_short_passphrase_is_refused_and_none_is_ever_shown() -> None:
    with pytest.raises(RefusedError, match="fewer than 12 characters"):
        Passphrase("rahasia")
    assert WORDS.words not in repr(WORDS)


def test_public_keys_lock_and_do_not_unlock(tmp_path: Path) -> None:
    public = make_key(tmp_path / "kunci.txt")
    (tmp_path / "umum.txt").write_text(f"# kantor\n\n{public}\n")
    assert Recipients.from_file(tmp_path / "umum.txt") == Recipients.from_file(tmp_path / "kunci.txt")
    with pytest.raises(RefusedError, match="no secret key is in the file"):
        Identities.from_file(tmp_path / "umum.txt")
    secret = Identities.from_file(tmp_path / "kunci.txt")
    assert secret.keys[0] not in repr(secret)


@pytest.mark.parametrize("content", [None, b"", b"age1short", b"\xff\xfe"])
def test_a_file_without_keys_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "umum.txt").write_bytes(content)
    with pytest.raises(RefusedError, match=r"umum\.txt"):
        Recipients.from_file(tmp_path / "umum.txt")


def test_a_damaged_public_key_locks_nothing(store: Store, tmp_path: Path) -> None:
    (tmp_path / "umum.txt").write_text("age1" + "q" * 58)
    lock = Recipients.from_file(tmp_path / "umum.txt")
    with pytest.raises(RefusedError, match="a public key is damaged"):
        store.backup(tmp_path / "salinan.age", actor="a", at=T1, lock=lock)
    assert not (tmp_path / "salinan.age").exists()


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "kunci.txt").write_text("precious")
    with pytest.raises(RefusedError, match="exists already"):
        make_key(tmp_path / "kunci.txt")
    assert (tmp_path / "kunci.txt").read_text() == "precious"


# --- rights of files ---------------------------------------------------------------------------------------------


@on_posix
@pytest.mark.usefixtures("wide_umask")
def test_only_this_user_reads_what_holds_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    store = open_store()
    store.migrate()
    store.log("sign_in", "a", actor="a", at=T1)
    copies = [
        store.backup(tmp_path / "salinan" / name, actor="a", at=T1, lock=lock)
        for name, lock in (("polos", None), ("terkunci", WORDS))
    ]
    make_key(tmp_path / "kunci.txt")
    side = Path(f"{store.place}-wal")
    assert side.exists()
    for file in (Path(store.place), side, *copies, tmp_path / "kunci.txt"):
        assert _rights(file) == 0o600, file
    assert _rights(tmp_path / "data") == 0o700
    assert _rights(tmp_path / "salinan") == 0o700
    store.close()
    done = restore(copies[0], key=_no_key, actor="a", at=T2)
    assert done.kept is not None
    assert (_rights(done.place), _rights(done.kept)) == (0o600, 0o600)


@on_posix
def test_looser_rights_of_before_are_tightened_at_the_next_start(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir(mode=0o755)
    shutil.copy(migrated_file, tmp_path / "data" / "sinergisitas.sqlite")
    (tmp_path / "data" / "sinergisitas.sqlite").chmod(0o644)
    store = open_store()
    assert _rights(Path(store.place)) == 0o600
    assert _rights(tmp_path / "data") == 0o700
    assert store.check() == []
    store.close()


@on_posix
def test_a_folder_of_all_users_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o1777)
    open_store().close()
    assert _rights(tmp_path / "data") == 0o1777


@on_posix
def test_a_store_that_others_may_read_is_told(store: Store) -> None:
    Path(store.place).chmod(0o640)
    assert [problem.message for problem in store.check()] == ["others may read it"]
