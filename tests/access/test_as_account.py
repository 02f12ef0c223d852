"""The command line with the rights of an account: what it may not have is refused, logged, and not written."""

from __future__ import annotations

import csv
import html
import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from geo.__main__ import main
from geo.sample import sample_tables
from geo.startup import fill
from geo.store import Store, open_store

Capture = pytest.CaptureFixture[str]
AT = datetime(2026, 11, 1, tzinfo=UTC)
ACCOUNTS = {
    "pimpinan@contoh.go.id": ("viewer", ()),
    "jatim@contoh.go.id": ("coordinator", ("35",)),
    "tamu@contoh.go.id": ("guest", ()),
    "auditor@contoh.go.id": ("auditor", ()),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("accounts") / "store.db"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    fill(store, sample_tables(), at=AT)
    store.set_account("admin@contoh.go.id", role="administrator", actor="test", at=AT)
    for name, (role, provinces) in ACCOUNTS.items():
        store.set_account(name, role=role, provinces=provinces, actor="test", at=AT)
    copy = store.backup(file.with_name("copy.db"), actor="test", at=AT)
    store.close()
    return copy


@pytest.fixture(autouse=True)
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    for name in ("GEO_DATABASE_URL", "GEO_PROGRAMMES", "GEO_THRESHOLDS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copy(prepared, tmp_path / "sinergisitas.sqlite")
    return tmp_path


def store() -> Store:
    return open_store()


def run(*arguments: str | Path) -> int:
    return main([str(one) for one in arguments])


def exported(folder: Path, *options: str, what: str = "sites") -> list[dict[str, str]]:
    out = folder / "out.csv"
    assert run("export", "--what", what, "--out", out, *options) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def housing() -> set[str]:
    sites = sample_tables()["sites"]
    return set(sites["name"][(sites["programme"] == "rusun") & sites["region_code"].str.startswith("35")])


def test_an_account_gets_what_its_role_may_have(folder: Path) -> None:
    for name, options, clear in (
        ("pimpinan@contoh.go.id", ("--provinsi", "35"), True),
        ("jatim@contoh.go.id", ("--provinsi", "35"), True),
        ("jatim@contoh.go.id", ("--audience", "public"), False),
        ("tamu@contoh.go.id", ("--audience", "public"), False),
    ):
        names = {row["name"] for row in exported(folder, "--as", name, *options)}
        assert bool(names & housing()) == clear, name
        assert len(names) > 5


@pytest.mark.parametrize(
    ("account", "options"),
    [
        ("jatim@contoh.go.id", ()),
        ("jatim@contoh.go.id", ("--provinsi", "72")),
        ("jatim@contoh.go.id", ("--provinsi", "35,72")),
        ("jatim@contoh.go.id", ("--kabkota", "72.02")),
        ("tamu@contoh.go.id", ("--provinsi", "35")),
        ("auditor@contoh.go.id", ("--audience", "public")),
    ],
)
def test_what_a_role_may_not_have_is_refused_logged_and_not_written(
    folder: Path, account: str, options: tuple[str, ...], capsys: Capture
) -> None:
    out = folder / "out.csv"
    assert run("export", "--what", "sites", "--out", out, "--as", account, *options) == 2
    assert "does not allow export" in capsys.readouterr().err
    assert not out.exists()
    logged = store().audit_rows(deed="refused").iloc[0]
    assert (logged["actor"], logged["origin"]) == (account, "perintah")


def test_an_account_that_is_unknown_or_disabled_does_nothing(folder: Path, capsys: Capture) -> None:
    store().disable("jatim@contoh.go.id", actor="test", at=datetime.now(UTC))
    for name in ("jatim@contoh.go.id", "siapa@contoh.go.id"):
        assert run("export", "--what", "sites", "--as", name, "--provinsi", "35", "--out", folder / "x.csv") == 2
        assert "no account" in capsys.readouterr().err
    assert not (folder / "x.csv").exists()


def test_every_export_is_logged_with_what_was_chosen_and_the_fingerprint(folder: Path) -> None:
    exported(folder, "--as", "pimpinan@contoh.go.id", "--provinsi", "35", what="position")
    logged = store().audit_rows(deed="export").iloc[0]
    told = json.loads(logged["details"])
    assert (logged["actor"], logged["object"]) == ("pimpinan@contoh.go.id", "position")
    assert "35" in told["filters"]["provinces"]
    assert (told["audience"], len(told["sha256"])) == ("internal", 64)


def test_a_picture_for_the_public_says_so_and_hides_what_is_not_public(folder: Path, capsys: Capture) -> None:
    told = ("snapshot", "--provinsi", "35", "--program", "rusun", "--size", "layar")
    assert run(*told, "--out", folder / "umum.svg", "--audience", "public") == 0
    assert run(*told, "--out", folder / "internal.svg") == 0
    public, internal = ((folder / f"{name}.html") for name in ("umum", "internal"))
    assert run(*told[:-2], "--out", public, "--audience", "public") == 0
    assert run(*told[:-2], "--out", internal) == 0
    assert any(name in internal.read_text(encoding="utf-8") for name in housing())
    assert not any(name in public.read_text(encoding="utf-8") for name in housing())
    capsys.readouterr()


def words_in(file: Path) -> str:
    """All the text of a briefing, a series of pages or a workbook."""
    if file.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    with zipfile.ZipFile(file) as packed:
        return "\n".join(
            html.unescape(packed.read(name).decode()) for name in packed.namelist() if name.endswith((".xml", ".html"))
        )


@pytest.mark.parametrize("ending", ["pdf", "pptx", "xlsx", "zip"])
def test_briefings_and_series_for_the_public_say_so_and_hide_what_is_not_public(folder: Path, ending: str) -> None:
    command = ("series", "--form", "html") if ending == "zip" else ("brief",)
    files = {name: folder / f"{name}.{ending}" for name in ("public", "internal")}
    for name, file in files.items():
        assert run(*command, "--provinsi", "35", "--program", "rusun", "--out", file, "--audience", name) == 0
    told = {name: " ".join(words_in(file).split()) for name, file in files.items()}
    names = {" ".join(name.split()) for name in housing()}
    assert any(name in told["internal"] for name in names)
    assert not [name for name in names if name in told["public"]]
    assert "untuk umum" in told["public"]
    assert "untuk umum" not in told["internal"]


def test_a_public_picture_cannot_be_confidential(folder: Path, capsys: Capture) -> None:
    options = ("--audience", "public", "--classification", "TERBATAS")
    assert run("snapshot", "--provinsi", "35", "--out", folder / "x.png", *options) == 2
    assert "not confidential" in capsys.readouterr().err


def test_a_number_is_answered_only_to_those_who_may_see_all_that_it_shows(folder: Path, capsys: Capture) -> None:
    assert run("snapshot", "--provinsi", "72", "--out", folder / "x.html") == 0
    number = capsys.readouterr().err.split("snapshot ")[1].split()[0]
    assert run("snapshot", "--find", number, "--as", "pimpinan@contoh.go.id") == 0
    for account in ("jatim@contoh.go.id", "tamu@contoh.go.id"):
        assert run("snapshot", "--find", number, "--as", account) == 2
        assert run("snapshot", "--again", number, "--out", folder / "y.html", "--as", account) == 2
    assert not (folder / "y.html").exists()
