"""The command line: accounts, the log, backups; what each prints, refuses and leaves behind."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.access import Role
from geo.cli.users import ROLES
from geo.store import Store, open_store

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that is no sample: tables, and nothing in them but one institution."""
    file = tmp_path_factory.mktemp("prepared") / "sinergisitas.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO institutions VALUES ('K-1', 'Contoh', 'kl', NULL, NULL)")
        connection.commit()
    return file


@pytest.fixture(autouse=True)
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a copy of it."""
    for name in ("GEO_DATABASE_URL", "GEO_AUDIT_DAYS", "GEO_BACKUP_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "sinergisitas.sqlite").write_bytes(prepared.read_bytes())
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Store:
    """The store, not open: commands come and go."""
    opened = open_store()
    opened.close()
    return opened


def _run(capsys: Capture, *arguments: str, status: int = 0) -> str:
    """What a command prints, or says on the error output where it is refused."""
    capsys.readouterr()
    assert main(list(arguments)) == status
    told = capsys.readouterr()
    return told.out if status == 0 else told.err


def _log(capsys: Capture, *more: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(_run(capsys, "log", "--format", "csv", *more).removeprefix("\ufeff"))))
    return rows[::-1]


# --- users -------------------------------------------------------------------------------------------------------


def test_the_roles_are_those_that_access_knows() -> None:
    assert list(ROLES) == [str(role) for role in Role]


def test_one_command_makes_the_first_administrator(capsys: Capture) -> None:
    assert "There is no administrator: python -m geo users add" in _run(capsys, "users", "list")
    told = _run(capsys, "users", "add", "Kepala@contoh.go.id", "--role", "administrator")
    assert told.startswith("added: kepala@contoh.go.id\tadministrator\t-\tenabled")
    listed = _run(capsys, "users", "list")
    assert "kepala@contoh.go.id\tadministrator" in listed
    assert "There is no administrator" not in listed
    (row,) = _log(capsys, "--deed", "account")
    assert (row["actor"], row["origin"], row["object"]) == ("lokal", "perintah", "kepala@contoh.go.id")


def test_a_change_keeps_what_it_does_not_name(capsys: Capture) -> None:
    _run(capsys, "users", "add", "jatim@contoh.go.id", "--role", "coordinator", "--provinces", "35,32")
    assert "\tverifier\t32,35\t" in _run(capsys, "users", "change", "jatim@contoh.go.id", "--role", "verifier")
    assert "\tverifier\t33\t" in _run(capsys, "users", "change", "jatim@contoh.go.id", "--provinces", "33")
    assert "\tviewer\t-\t" in _run(capsys, "users", "change", "jatim@contoh.go.id", "--role", "viewer")


def test_disable_enable_and_sign_out_say_what_they_did(capsys: Capture, store: Store) -> None:
    _run(capsys, "users", "add", "a@contoh.go.id", "--role", "viewer")
    assert "disabled: a@contoh.go.id" in _run(capsys, "users", "disable", "a@contoh.go.id")
    assert "enabled: a@contoh.go.id" in _run(capsys, "users", "enable", "a@contoh.go.id")
    told = _run(capsys, "users", "sign-out", "A@contoh.go.id")
    account = store.account("a@contoh.go.id")
    store.close()
    assert account is not None
    assert told.strip() == (
        f"signed out: a@contoh.go.id; sessions that began before {account.valid_since.isoformat()} are dead"
    )
    assert [row["outcome"] for row in _log(capsys, "--deed", "account")] == [
        "added", "disabled", "enabled", "signed out everywhere",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "b@contoh.go.id", "--role", "coordinator"], "a coordinator needs provinces"),
        (["add", "b@contoh.go.id", "--role", "coordinator", "--provinces", "99"], "99"),
        (["add", "b@contoh.go.id", "--role", "coordinator", "--provinces", "35.07"], "is no province"),
        (["add", "a@contoh.go.id", "--role", "viewer"], "there is an account a@contoh.go.id already"),
        (["change", "b@contoh.go.id", "--role", "viewer"], "there is no account"),
        (["change", "a@contoh.go.id", "--role", "viewer"], "the last administrator"),
        (["disable", "a@contoh.go.id"], "the last administrator"),
        (["disable", "b@contoh.go.id"], "There is no account"),
        (["list", "--as", "b@contoh.go.id"], "b@contoh.go.id"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(capsys: Capture, arguments: list[str], told: str) -> None:
    _run(capsys, "users", "add", "a@contoh.go.id", "--role", "administrator")
    assert told in _run(capsys, "users", *arguments, status=2)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_only_an_administrator_manages_accounts_and_the_attempt_is_logged(capsys: Capture, role: str) -> None:
    provinces = ["--provinces", "35"] if role in ("coordinator", "verifier") else []
    _run(capsys, "users", "add", "a@contoh.go.id", "--role", role, *provinces)
    for action in (["list"], ["add", "b@contoh.go.id", "--role", "administrator"], ["sign-out", "a@contoh.go.id"]):
        told = _run(capsys, "users", *action, "--as", "a@contoh.go.id", status=2)
        assert "does not allow manage users" in told
    refused = _log(capsys, "--deed", "refused")
    assert [(row["actor"], row["object"]) for row in refused] == [("a@contoh.go.id", "users")] * 3


# --- the log -----------------------------------------------------------------------------------------------------


@pytest.fixture
def logged(store: Store, capsys: Capture) -> Store:
    """Two accounts and a formula for a name."""
    _run(capsys, "users", "add", "=cmd@contoh.go.id", "--role", "viewer")
    _run(capsys, "users", "add", "auditor@contoh.go.id", "--role", "auditor")
    return store


@pytest.mark.usefixtures("logged")
def test_the_log_prints_as_lines_csv_and_json(capsys: Capture, folder: Path) -> None:
    lines = _run(capsys, "log").splitlines()
    assert [line.split("\t")[5] for line in lines] == ["=cmd@contoh.go.id", "auditor@contoh.go.id"]
    assert [row["object"] for row in _log(capsys)] == ["'=cmd@contoh.go.id", "auditor@contoh.go.id"]  # no formula
    _run(capsys, "log", "--format", "json", "--out", str(folder / "log.json"), "--deed", "export")
    (row,) = json.loads((folder / "log.json").read_text(encoding="utf-8"))
    assert (row["deed"], row["object"]) == ("export", "audit")  # that it was exported is logged itself


@pytest.mark.usefixtures("logged")
def test_the_log_is_chosen_from_and_cut(capsys: Capture) -> None:
    assert len(_run(capsys, "log", "--text", "AUDITOR").splitlines()) == 1
    assert _run(capsys, "log", "--actor", "nobody").strip() == ""
    assert _run(capsys, "log", "--until", "2020-01-01").strip() == ""
    assert len(_run(capsys, "log", "--since", "2020-01-01").splitlines()) == 2
    assert main(["log", "--limit", "1"]) == 0
    assert "1 older rows are not shown" in capsys.readouterr().err


@pytest.mark.usefixtures("logged")
def test_an_auditor_reads_the_log_and_a_viewer_does_not(capsys: Capture) -> None:
    assert "auditor@contoh.go.id" in _run(capsys, "log", "--as", "auditor@contoh.go.id")
    assert "does not allow read log" in _run(capsys, "log", "--as", "=cmd@contoh.go.id", status=2)
    told = _run(capsys, "log", "--as", "auditor@contoh.go.id", "--prune-before", "2020-01-01", "--out", "x", status=2)
    assert "does not allow configure" in told


def test_a_sound_log_says_so_with_its_head_and_an_altered_one_names_the_row(capsys: Capture, logged: Store) -> None:
    head = _run(capsys, "log", "--head").strip()
    told = _run(capsys, "log", "--verify")
    assert f"the log holds, 2 rows. Its head: {head}" in told
    assert "--against a head that was written down elsewhere" in told
    assert "--against" not in _run(capsys, "log", "--verify", "--against", head)
    with closing(sqlite3.connect(logged.place)) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET actor = 'lain' WHERE id = 2")
        connection.commit()
    assert "audit, row 2: row 2 was altered" in _run(capsys, "log", "--verify", status=2)
    assert "row 9 was written down" in _run(capsys, "log", "--verify", "--against", f"9:{'0' * 64}", status=2)
    assert "row 2 was altered" in _run(capsys, "check", status=2)


@pytest.mark.usefixtures("logged")
def test_pruning_asks_for_a_file_and_for_the_days_to_be_kept(
    capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ["--out", str(folder / "lama.jsonl")]
    assert "Add --out FILE.jsonl" in _run(capsys, "log", "--prune-before", "2020-01-01", status=2)
    assert "kept for good" in _run(capsys, "log", "--prune-before", "2020-01-01", *out, status=2)
    monkeypatch.setenv("GEO_AUDIT_DAYS", "30")
    assert "nothing in the log is that old" in _run(capsys, "log", "--prune-before", "2020-01-01", *out, status=2)
    assert "the last 30 days has to be kept" in _run(capsys, "log", "--prune-before", "2099-01-01", *out, status=2)
    assert not (folder / "lama.jsonl").exists()


def test_a_head_without_verify_is_refused(capsys: Capture) -> None:
    assert "only goes with --verify" in _run(capsys, "log", "--against", "1:x", status=2)


# --- backups -----------------------------------------------------------------------------------------------------


def test_a_backup_goes_and_comes_back(capsys: Capture, folder: Path, store: Store) -> None:
    told = _run(capsys, "backup", "--out", str(folder / "salinan.sqlite"))
    assert "not encrypted: keep it where only you can read it" in told
    _run(capsys, "users", "add", "a@contoh.go.id", "--role", "viewer")
    told = _run(capsys, "restore", str(folder / "salinan.sqlite"))
    assert "the former store is kept as" in told
    assert "stands in the former store alone" in told
    assert store.account("a@contoh.go.id") is None
    store.close()
    (row,) = _log(capsys, "--deed", "restore")
    assert (row["object"], row["origin"]) == ("salinan.sqlite", "perintah")


def test_a_passphrase_comes_from_the_environment_and_stands_nowhere(
    capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "enam kata yang tidak ditebak orang"
    monkeypatch.setenv("GEO_BACKUP_PASSPHRASE", words)
    out = str(folder / "salinan.age")
    told = _run(capsys, "backup", "--out", out, "--encrypt")
    assert ", encrypted)" in told
    told += "".join(map(str, _log(capsys)))
    monkeypatch.setenv("GEO_BACKUP_PASSPHRASE", f"{words} lain")
    told += _run(capsys, "restore", out, status=2)
    assert "the passphrase or key is another one" in told
    assert words not in told
    monkeypatch.setenv("GEO_BACKUP_PASSPHRASE", words)
    assert "is the backup salinan.age" in _run(capsys, "restore", out)


def test_a_passphrase_is_asked_for_twice_where_somebody_is_there(
    capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = iter(["kata sandi panjang", "kata sandi lain", "kata sandi panjang", "kata sandi panjang"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(said))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    out = str(folder / "salinan.age")
    assert "the two are not the same" in _run(capsys, "backup", "--out", out, "--encrypt", status=2)
    assert ", encrypted)" in _run(capsys, "backup", "--out", out, "--encrypt")


def test_nobody_to_ask_is_told(capsys: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    told = _run(capsys, "backup", "--out", str(folder / "salinan.age"), "--encrypt", status=2)
    assert "Set GEO_BACKUP_PASSPHRASE, or name a file of keys" in told


def test_keys_lock_here_what_is_opened_with_the_secret_one(capsys: Capture, folder: Path) -> None:
    key, out = str(folder / "kunci.txt"), str(folder / "salinan.age")
    public = _run(capsys, "backup", "--make-key", key).splitlines()[0].removeprefix("public key: ")
    (folder / "umum.txt").write_text(public)
    _run(capsys, "backup", "--out", out, "--encrypt", "--recipients", str(folder / "umum.txt"))
    assert "no secret key is in the file" in _run(
        capsys, "restore", out, "--identity", str(folder / "umum.txt"), status=2
    )
    assert "is the backup salinan.age" in _run(capsys, "restore", out, "--identity", key)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["backup", "--out", "{folder}/data/sinergisitas.sqlite"], "exists already"),
        (["backup", "--out", "{folder}/x", "--recipients", "{folder}/y"], "only goes with --encrypt"),
        (["backup", "--out", "{folder}/x", "--encrypt", "--recipients", "{folder}/y"], "cannot be read"),
        (["restore", "{folder}/none"], "there is no file"),
        (["restore", "{folder}/data/sinergisitas.sqlite"], "is the store itself"),
    ],
)
def test_a_backup_that_cannot_be_is_refused(capsys: Capture, folder: Path, arguments: list[str], told: str) -> None:
    assert told in _run(capsys, *(part.format(folder=folder) for part in arguments), status=2)
    assert not (folder / "x").exists()


def test_only_an_administrator_makes_backups(capsys: Capture, folder: Path) -> None:
    _run(capsys, "users", "add", "a@contoh.go.id", "--role", "viewer")
    told = _run(capsys, "backup", "--out", str(folder / "x"), "--as", "a@contoh.go.id", status=2)
    assert "does not allow configure" in told
    assert not (folder / "x").exists()


@pytest.mark.skipif(os.name == "nt", reason="rights of files are lists there")
def test_an_export_of_the_log_may_be_read_as_the_umask_says_but_what_is_pruned_and_backed_up_may_not(
    capsys: Capture, folder: Path
) -> None:
    before = os.umask(0)
    try:
        _run(capsys, "backup", "--out", str(folder / "salinan"))
    finally:
        os.umask(before)
    assert (folder / "salinan").stat().st_mode & 0o077 == 0
