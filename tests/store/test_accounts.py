"""State who may come in: one look a run, every change logged, never without an administrator."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from geo.access import RIGHTS, Role, Scope
from geo.model import RefusedError, UnknownCodeError
from geo.store import Account, Store
from geo.store.accounts import EVER, SCOPED
from geo.store.schema import ROLES

T1 = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
T2 = T1 + timedelta(hours=1)
T3 = T1 + timedelta(hours=2)


@pytest.fixture
def store(fresh_store: Store) -> Store:
    """A store with one administrator and one coordinator."""
    fresh_store.set_account("kepala@contoh.go.id", role="administrator", actor="lokal", at=T1)
    fresh_store.set_account("jatim@contoh.go.id", role="coordinator", provinces=["35"], actor="lokal", at=T1)
    return fresh_store


def _logged(store: Store) -> list[tuple[str, str, Any, Any]]:
    rows = store.audit_rows(deed="account").iloc[::-1]
    told = [
        [None if not isinstance(text, str) else json.loads(text) for text in rows[name]]
        for name in ("before", "details")
    ]
    return list(zip(rows["object"], rows["outcome"], *told, strict=True))


def test_the_roles_are_those_that_access_knows() -> None:
    assert list(ROLES) == [str(role) for role in Role]
    scoped = {str(role) for role, rights in RIGHTS.items() if frozenset({Scope.OWN}) in rights.values()}
    assert set(SCOPED) == scoped


def test_an_account_is_found_whatever_the_case_of_its_letters(store: Store) -> None:
    found = store.account(" JaTim@Contoh.go.id ")
    assert found == Account("jatim@contoh.go.id", "coordinator", ("35",), False, EVER, T1, T1, "lokal")


@pytest.mark.parametrize(
    "name",
    ["", " ", "orang lain", "kepala@contoh.go.id\n x", "\u212aepala@contoh.go.id", "kepala＠contoh.go.id", "x" * 255],
)
def test_a_name_that_no_account_can_have_is_nobody(store: Store, name: str) -> None:
    assert store.account(name) is None
    with pytest.raises(RefusedError, match="this can be no account"):
        store.set_account(name, role="administrator", actor="lokal", at=T2)


def test_a_letter_that_folds_into_another_is_nobody_elses_name(store: Store) -> None:
    kelvin = "\u212aepala@contoh.go.id"
    assert kelvin.casefold() == "kepala@contoh.go.id"  # folding alone would let a stranger in as the administrator
    assert store.account(kelvin) is None


def test_accounts_are_listed_by_name_disabled_ones_too(store: Store) -> None:
    store.disable("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T2)
    assert [(one.account, one.disabled) for one in store.accounts()] == [
        ("jatim@contoh.go.id", True),
        ("kepala@contoh.go.id", False),
    ]


@pytest.mark.parametrize(
    ("role", "provinces", "told"),
    [
        ("raja", [], "no such role"),
        ("coordinator", [], "a coordinator needs provinces"),
        ("verifier", [], "a verifier needs provinces"),
        ("coordinator", ["35.07"], "no code of a province"),
        ("viewer", ["35"], "has no provinces of its own"),
    ],
)
def test_a_role_that_cannot_be_is_refused(store: Store, role: str, provinces: list[str], told: str) -> None:
    before = store.audit_head()
    with pytest.raises(RefusedError, match=told):
        store.set_account("baru@contoh.go.id", role=role, provinces=provinces, actor="lokal", at=T2)
    assert store.account("baru@contoh.go.id") is None
    assert store.audit_head() == before


def test_a_new_account_takes_no_other_ones_place_and_a_change_needs_one(store: Store) -> None:
    with pytest.raises(RefusedError, match=r"there is an account jatim@contoh\.go\.id already"):
        store.set_account("JATIM@contoh.go.id", role="viewer", actor="lokal", at=T2, new=True)
    with pytest.raises(RefusedError, match="there is no account"):
        store.set_account("baru@contoh.go.id", role="viewer", actor="lokal", at=T2, new=False)


@pytest.mark.parametrize("deed", ["disable", "enable", "sign_out_everywhere"])
def test_an_account_that_nobody_has_cannot_be_changed(store: Store, deed: str) -> None:
    with pytest.raises(UnknownCodeError, match="There is no account"):
        getattr(store, deed)("baru@contoh.go.id", actor="lokal", at=T2)


def test_a_change_keeps_who_was_disabled_disabled(store: Store) -> None:
    store.disable("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T2)
    store.set_account("jatim@contoh.go.id", role="verifier", provinces=["36", "35", "36"], actor="x", at=T3)
    found = store.account("jatim@contoh.go.id")
    assert found is not None
    assert (found.disabled, found.role, found.provinces, found.changed_by) == (True, "verifier", ("35", "36"), "x")


def test_signing_out_everywhere_moves_the_moment_since_which_sessions_count(store: Store) -> None:
    store.sign_out_everywhere("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T2)
    found = store.account("jatim@contoh.go.id")
    assert found is not None
    assert found.valid_since == T2


def test_a_clock_gone_back_wakes_no_dead_session(store: Store) -> None:
    store.sign_out_everywhere("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T3)
    assert store.sign_out_everywhere("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T2).valid_since == T3


def test_sessions_of_a_disabled_account_stay_dead_when_it_is_enabled_again(store: Store) -> None:
    store.disable("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T2)
    again = store.enable("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T3)
    assert (again.disabled, again.valid_since) == (False, T2)


def test_the_last_administrator_can_neither_be_disabled_nor_become_something_else(store: Store) -> None:
    before = store.audit_head()
    with pytest.raises(RefusedError, match="the last administrator"):
        store.disable("kepala@contoh.go.id", actor="lokal", at=T2)
    with pytest.raises(RefusedError, match="the last administrator"):
        store.set_account("kepala@contoh.go.id", role="viewer", actor="lokal", at=T2)
    found = store.account("kepala@contoh.go.id")
    assert found is not None
    assert (found.role, found.disabled) == ("administrator", False)
    assert store.audit_head() == before


def test_a_disabled_administrator_does_not_count_as_one(store: Store) -> None:
    store.set_account("wakil@contoh.go.id", role="administrator", actor="lokal", at=T1)
    store.disable("wakil@contoh.go.id", actor="lokal", at=T2)
    with pytest.raises(RefusedError, match="the last administrator"):
        store.disable("kepala@contoh.go.id", actor="lokal", at=T3)
    store.enable("wakil@contoh.go.id", actor="lokal", at=T3)
    assert store.disable("kepala@contoh.go.id", actor="lokal", at=T3).disabled


def test_every_change_is_logged_with_before_and_after(store: Store) -> None:
    store.set_account("jatim@contoh.go.id", role="viewer", actor="kepala@contoh.go.id", at=T2)
    store.disable("jatim@contoh.go.id", actor="kepala@contoh.go.id", at=T3)
    made, changed, disabled = _logged(store)[1:]
    coordinator = {"role": "coordinator", "provinces": ["35"], "disabled": False, "valid_since": EVER.isoformat()}
    viewer = coordinator | {"role": "viewer", "provinces": []}
    assert made == ("jatim@contoh.go.id", "added", None, coordinator)
    assert changed == ("jatim@contoh.go.id", "changed", coordinator, viewer)
    dead = viewer | {"disabled": True, "valid_since": T3.isoformat()}
    assert disabled == ("jatim@contoh.go.id", "disabled", viewer, dead)


def test_a_change_that_cannot_be_logged_is_not_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_told: object, **_more: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("geo.store.accounts.append", fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        store.set_account("jatim@contoh.go.id", role="viewer", actor="lokal", at=T2)
    found = store.account("jatim@contoh.go.id")
    assert found is not None
    assert found.role == "coordinator"


def test_accounts_change_no_version_by_which_figures_are_kept(store: Store) -> None:
    before = store.versions()
    store.disable("jatim@contoh.go.id", actor="lokal", at=T2)
    assert store.versions() == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts",
        "UPDATE accounts SET role = 'raja'",
        "UPDATE accounts SET account = 'Kepala@contoh.go.id' WHERE role = 'administrator'",
    ],
)
def test_the_database_itself_removes_no_account_and_knows_the_roles(store: Store, statement: str) -> None:
    connection = sqlite3.connect(store.place)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
