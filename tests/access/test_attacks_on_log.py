"""Attack the log as whoever holds the database's file would; each attack is found, and without its guard it is not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo.store import Exported, Mark, Store, open_store
from geo.store import audit as log

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LAST = 6
EXPORT = Exported("K7QM3-XPA2D", "map", "png", "layar", {}, "records=abc.1", b"\x89PNG picture", "peta.png")

Connection = sqlite3.Connection


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose log has six rows, the first of which tells of an export."""
    file = tmp_path_factory.mktemp("log") / "store.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    store.record_snapshot(EXPORT, actor="akun", at=AT)
    for number in range(1, LAST):
        store.log("refused", f"ekspor {number}", actor=f"akun{number}", at=AT + timedelta(minutes=number))
    store.close()
    return file


@pytest.fixture
def store(written: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it that may be spoilt."""
    shutil.copy(written, tmp_path / "store.sqlite")
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.close()


# --- what an attacker does ---------------------------------------------------------------------------------------


def alter(connection: Connection) -> None:
    """Put somebody else's name to what was done."""
    connection.execute("UPDATE audit SET actor = 'lain' WHERE id = 3")


def alter_moment(connection: Connection) -> None:
    """Let it have been at another moment."""
    connection.execute("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 3")


def alter_with_hash(connection: Connection) -> None:
    """Alter a row and work its hash out anew."""
    alter(connection)
    _hash_anew(connection, 3)


def alter_newest_with_hash(connection: Connection) -> None:
    """Alter the newest row, on which none follows, and work its hash out anew."""
    connection.execute("UPDATE audit SET actor = 'lain' WHERE id = ?", (LAST,))
    _hash_anew(connection, LAST)


def remove(connection: Connection) -> None:
    """Remove a row and leave its number empty."""
    connection.execute("DELETE FROM audit WHERE id = 3")


def remove_and_close_up(connection: Connection) -> None:
    """Remove a row, number the later ones anew, and move the head back by one."""
    connection.execute("DELETE FROM audit WHERE id = 3")
    for number in range(4, LAST + 1):
        connection.execute("UPDATE audit SET id = ? WHERE id = ?", (number - 1, number))
    connection.execute("UPDATE audit_head SET last = last - 1")


def swap(connection: Connection) -> None:
    """Let two rows stand in each other's place."""
    for before, after in ((2, 99), (4, 2), (99, 4)):
        connection.execute("UPDATE audit SET id = ? WHERE id = ?", (after, before))


def put_in(connection: Connection) -> None:
    """Put a row between two others that never was, numbering the later ones anew."""
    for number in range(LAST, 2, -1):
        connection.execute("UPDATE audit SET id = ? WHERE id = ?", (number + 1, number))
    connection.execute(
        "INSERT INTO audit SELECT 3, at, 'lain', origin, deed, object, outcome, before, details, hash, 'x' "
        "FROM audit WHERE id = 2"
    )
    connection.execute("UPDATE audit_head SET last = last + 1")


def put_at_the_end(connection: Connection) -> None:
    """Add a row past the head, with a right hash."""
    connection.execute(
        "INSERT INTO audit SELECT id + 1, at, 'lain', origin, deed, object, outcome, before, details, hash, 'x' "
        "FROM audit WHERE id = ?",
        (LAST,),
    )
    _hash_anew(connection, LAST + 1)


def cut_the_end(connection: Connection) -> None:
    """Remove the newest rows."""
    connection.execute("DELETE FROM audit WHERE id > 4")


def cut_the_end_with_head(connection: Connection) -> None:
    """Remove the newest rows and put the head back to what is left."""
    cut_the_end(connection)
    connection.execute("UPDATE audit_head SET last = 4, hash = (SELECT hash FROM audit WHERE id = 4)")


def cut_the_beginning(connection: Connection) -> None:
    """Remove the oldest rows and claim that retention did."""
    connection.execute("UPDATE audit_head SET pruned = 2, pruned_hash = (SELECT hash FROM audit WHERE id = 2)")
    connection.execute("DELETE FROM audit WHERE id <= 2")


def work_out_anew(connection: Connection) -> None:
    """Alter a row and work the whole chain and the head out anew."""
    alter(connection)
    for number in range(3, LAST + 1):
        connection.execute(
            "UPDATE audit SET previous = (SELECT hash FROM audit WHERE id = ?) WHERE id = ?", (number - 1, number)
        )
        _hash_anew(connection, number)
    connection.execute("UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE id = ?)", (LAST,))


def lose_the_head(connection: Connection) -> None:
    """Remove the head."""
    connection.execute("DELETE FROM audit_head")


def _hash_anew(connection: Connection, number: int) -> None:
    connection.row_factory = sqlite3.Row
    row = connection.execute("SELECT * FROM audit WHERE id = ?", (number,)).fetchone()
    connection.execute("UPDATE audit SET hash = ? WHERE id = ?", (log.row_hash(dict(row)), number))


# --- what finds it -----------------------------------------------------------------------------------------------


def _no_hash(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_sound", lambda _row: True)


def _no_chain(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_follows", lambda _row, _previous: True)


def _no_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_gaps", lambda _number, _expected: [])


def _no_head(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_at_the_end", lambda _head, _last, _digest: [])


def _no_numbers_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_untold", lambda _connection, _told: [])


def _no_anchor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(log, "_unanchored", lambda _head, _anchored: [])


@dataclass(frozen=True)
class Attack:
    """What is done, what is told of it, and the guards without which it passes unnoticed."""

    done: Callable[[Connection], None]
    told: str
    guards: tuple[Callable[[pytest.MonkeyPatch], None], ...]


ATTACKS = (
    Attack(alter, "row 3 was altered", (_no_hash,)),
    Attack(alter_moment, "row 3 was altered", (_no_hash,)),
    Attack(alter_with_hash, "row 4 does not follow on the row before it", (_no_chain,)),
    Attack(alter_newest_with_hash, f"row {LAST} is not the one that the head names", (_no_head,)),
    Attack(remove, "row 3 is missing", (_no_numbers, _no_chain)),
    Attack(remove_and_close_up, "row 3 was altered, or another row stands in its place", (_no_hash, _no_chain)),
    Attack(swap, "row 2 was altered, or another row stands in its place", (_no_hash, _no_chain)),
    Attack(put_in, "row 3 was altered, or another row stands in its place", (_no_hash, _no_chain)),
    Attack(put_at_the_end, f"row {LAST + 1} came in past the head of the log", (_no_head,)),
    Attack(cut_the_end, f"rows 5 to {LAST} are missing: the end of the log was cut off", (_no_head,)),
    Attack(cut_the_beginning, "rows up to 2 are missing, and no row tells", (_no_anchor,)),
)

OUTSIDE = (
    Attack(cut_the_end_with_head, f"row {LAST} was written down, and the log ends at 4", ()),
    Attack(work_out_anew, f"row {LAST} is not the one whose hash was written down", ()),
)
"""What nothing in the database itself can show."""


def _named(attack: Attack) -> str:
    return attack.done.__name__


def _attack(store: Store, attack: Attack) -> None:
    """Past the triggers, as somebody does who holds the file."""
    with closing(sqlite3.connect(store.place)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        attack.done(connection)
        connection.commit()


@pytest.mark.parametrize("attack", ATTACKS, ids=_named)
def test_an_attack_is_found_and_the_first_row_named(store: Store, attack: Attack) -> None:
    assert store.verify_audit() == []
    _attack(store, attack)
    found = store.verify_audit()
    assert attack.told in found[0].message
    assert any(attack.told in problem.message for problem in store.check())


@pytest.mark.parametrize("attack", ATTACKS, ids=_named)
def test_without_its_guard_the_attack_passes_unnoticed(
    store: Store, attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    _attack(store, attack)
    for weaken in attack.guards:
        assert store.verify_audit() != []  # one guard is not enough to take away where there are two
        weaken(monkeypatch)
    assert store.verify_audit() == []


@pytest.mark.parametrize("attack", OUTSIDE, ids=_named)
def test_what_the_database_cannot_show_is_found_against_a_head_written_down(store: Store, attack: Attack) -> None:
    mark = Mark.from_text(store.audit_head().text)
    _attack(store, attack)
    assert store.verify_audit() == []  # this is what the manual owns up to
    assert attack.told in store.verify_audit(marks=[mark])[0].message


def test_an_export_whose_row_was_cut_off_gives_the_attack_away_head_or_no_head(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record_snapshot(EXPORT, actor="akun", at=AT)
    _attack(store, Attack(cut_the_end_with_head, "", ()))
    (found,) = store.verify_audit()
    assert "snapshot 2 is stored, and no row tells of it" in found.message
    _no_numbers_told(monkeypatch)
    assert store.verify_audit() == []


def test_a_log_without_head_is_told(store: Store) -> None:
    _attack(store, Attack(lose_the_head, "", ()))
    assert "The head of the log is gone" in store.verify_audit()[0].message


# what retention may do, a trigger cannot refuse: the missing row that tells of it gives that attack away
@pytest.mark.parametrize(
    "attack", [one for one in (*ATTACKS, *OUTSIDE) if one.done is not cut_the_beginning], ids=_named
)
def test_the_triggers_refuse_the_attack_in_the_first_place(store: Store, attack: Attack) -> None:
    with (
        closing(sqlite3.connect(store.place)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        attack.done(connection)
    assert store.verify_audit() == []


def test_a_store_without_its_triggers_is_told_before_anything_is_altered(store: Store) -> None:
    _attack(store, Attack(lambda _connection: None, "", ()))
    told = "\n".join(str(problem) for problem in store.check())
    for guard in ("audit_no_update", "audit_no_delete", "audit_in_order", "audit_head_no_update", "accounts_no_delete"):
        assert guard in told
