"""Taking files in on the command line: the four steps, their refusals, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo import __main__ as program
from geo.__main__ import main
from geo.intake.kinds import KINDS
from geo.regions import boundary_source, load_boundaries
from geo.store import Store, open_store
from tests.prepared import sample_folder

Capture = pytest.CaptureFixture[str]
HEADINGS = "Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Catatan\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own with the shipped sample."""
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    for name in ("GEO_DATABASE_URL", "GEO_PROGRAMMES"):
        monkeypatch.delenv(name, raising=False)
    sample_folder(tmp_path / "data")
    return tmp_path


def store() -> Store:
    return open_store()


def a_site() -> str:
    reports = store().reports()
    most = reports.groupby("site_code")["percent"].max()
    taken = set(reports.loc[reports["as_of"] == pd.Timestamp("2026-10-31"), "site_code"])
    return str(next(code for code, percent in most.items() if percent < 60 and code not in taken))


def written(folder: Path, *rows: str) -> Path:
    file = folder / "laporan.csv"
    file.write_text(HEADINGS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def run(*arguments: str | Path) -> int:
    try:
        return main([str(one) for one in arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_a_file_is_read_recognised_checked_written_and_taken_back(folder: Path, capsys: Capture) -> None:
    before = store().reports()
    file = written(folder, f"{a_site()};31/10/2026;61,5%;Atap terpasang")
    assert run("import", file, "--by", "Dinas Contoh") == 0
    told = capsys.readouterr().out
    assert "Kode Lokasi -> site_code (name" in told
    assert "1 row in the file = 1 accepted + 0 flagged + 0 refused." in told
    assert "1 new, 0 changed, 0 unchanged." in told
    assert len(store().reports()) == len(before) + 1
    assert run("batches") == 0
    number, _, kind, name, office, *_ = capsys.readouterr().out.splitlines()[0].split("\t")
    assert (kind, name, office) == ("reports", "laporan.csv", "Dinas Contoh")
    assert run("undo", number, "--by", "Dinas Contoh") == 0
    assert "its history stays" in capsys.readouterr().out
    pd.testing.assert_frame_equal(store().reports(), before)


def test_the_same_file_twice_changes_nothing_and_says_so(folder: Path, capsys: Capture) -> None:
    file = written(folder, f"{a_site()};31/10/2026;61,5%;Atap terpasang")
    assert run("import", file) == 0
    versions = store().versions()
    capsys.readouterr()
    assert run("import", file) == 0
    assert "Nothing was written: the store holds all of this already." in capsys.readouterr().out
    assert store().versions() == versions


def test_a_refused_row_keeps_the_file_out_and_is_told_with_its_cell_and_remedy(folder: Path, capsys: Capture) -> None:
    file = written(folder, f"{a_site()};31/10/2026;61,5%;baik", "TIDAK-ADA;31/10/2026;20%;x")
    versions = store().versions()
    verdict = folder / "hasil.xlsx"
    assert run("import", file, "--verdict", verdict) == 2
    told = capsys.readouterr()
    assert "A3 ('TIDAK-ADA') [refused]" in told.err
    assert "Nothing was written." in told.err
    assert "2 rows in the file = 1 accepted + 0 flagged + 1 refused." in told.out
    assert store().versions() == versions
    assert openpyxl.load_workbook(verdict).sheetnames[0] == "Check results"
    assert run("import", file, "--skip-refused") == 0
    assert "1 new, 0 changed" in capsys.readouterr().out


def test_a_file_that_is_refused_as_a_whole_has_its_rows_counted_too(folder: Path, capsys: Capture) -> None:
    file = folder / "laporan.csv"
    file.write_text("Kode Lokasi;Catatan\nA;x\nB;y\n", encoding="utf-8")
    assert run("import", file, "--kind", "reports") == 2
    told = capsys.readouterr()
    assert "2 rows in the file = 0 accepted + 0 flagged + 2 refused." in told.out
    assert told.out.count("Tanggal Laporan") == 1
    assert "Nothing was written." in told.err


def test_a_trial_writes_nothing(folder: Path, capsys: Capture) -> None:
    versions = store().versions()
    assert run("import", written(folder, f"{a_site()};31/10/2026;61,5%;x"), "--dry-run") == 0
    told = capsys.readouterr().out
    assert "1 new" in told
    assert "this was a trial" in told
    assert store().versions() == versions
    assert run("batches") == 0
    assert capsys.readouterr().out == ""


def test_headings_days_and_proposals_are_settled_by_options(folder: Path, capsys: Capture) -> None:
    code = a_site()
    file = folder / "laporan.csv"
    file.write_text(f"Lokasinya;Berapa;Uraian\n{code.lower()};61;x\n", encoding="utf-8")
    options = ["--kind", "reports", "--column", "Lokasinya=site_code", "--column", "Berapa=percent"]
    options += ["--column", "Uraian=", "--set", "as_of=31/10/2026"]
    assert run("import", file, *options) == 2
    assert f"Proposal: {code}." in capsys.readouterr().err
    assert run("import", file, *options, "--accept", "reference.near_sites") == 0
    added = store().reports().query("site_code == @code").sort_values("recorded_at").iloc[-1]
    assert (added["as_of"], added["percent"]) == (pd.Timestamp("2026-10-31"), 61.0)
    assert pd.isna(added["note"])


def test_the_columns_of_an_institution_are_remembered(folder: Path, capsys: Capture) -> None:
    code = a_site()
    file = folder / "laporan.csv"
    file.write_text(f"Xx;Tanggal Laporan;Yy\n{code};31/10/2026;61\n", encoding="utf-8")
    columns = ["--column", "Xx=site_code", "--column", "Yy=percent"]
    assert run("import", file, "--kind", "reports", "--institution", "BNPT", *columns) == 0
    file.write_text(f"Xx;Tanggal Laporan;Yy\n{code};30/10/2026;60\n", encoding="utf-8")
    capsys.readouterr()
    assert run("import", file, "--kind", "reports", "--institution", "BNPT") == 0
    assert "Xx -> site_code (remembered" in capsys.readouterr().out


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_an_old_archive_keeps_its_moments_only_where_an_administrator_asks_for_it(kept: bool, folder: Path) -> None:
    code = a_site()
    file = folder / "arsip.csv"
    file.write_text(
        f"site_code,as_of,percent,recorded_at\n{code},2026-10-31,61,2026-11-01T02:00:00Z\n", encoding="utf-8"
    )
    began = datetime.now(UTC)
    assert run("import", file, "--kind", "reports", *(["--keep-recorded-at"] if kept else [])) == 0
    reports = store().reports()
    added = reports[(reports["site_code"] == code) & (reports["as_of"] == pd.Timestamp("2026-10-31"))].iloc[-1]
    if kept:
        assert added["recorded_at"] == pd.Timestamp("2026-11-01T02:00:00Z")
    else:
        assert added["recorded_at"] >= pd.Timestamp(began)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04broken", "laporan.csv"),
        (HEADINGS.encode() + b"A;31/10/2026;1;3507090101800001\n", "D2"),
    ],
    ids=["empty", "broken", "personal"],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    content: bytes, reason: str, folder: Path, capsys: Capture
) -> None:
    versions = store().versions()
    file = folder / "laporan.csv"
    file.write_bytes(content)
    assert run("import", file) == 2
    told = capsys.readouterr().err
    assert reason in told
    assert "Traceback" not in told
    assert "3507090101800001" not in told
    assert store().versions() == versions


@pytest.mark.parametrize(
    "content", [HEADINGS + "A;31/10/2026;1;x\n", "", "PK\x03\x04broken"], ids=["sound", "empty", "broken"]
)
def test_a_file_that_is_named_by_personal_data_is_refused_without_its_name(
    content: str, folder: Path, capsys: Capture
) -> None:
    file = folder / "laporan 3507090101800001.csv"
    file.write_text(content, encoding="utf-8")
    assert run("import", file) == 2
    told = capsys.readouterr()
    assert "3507090101800001" not in told.err + told.out
    assert told.err.strip()


def test_what_cannot_be_done_is_refused_with_a_reason(folder: Path, capsys: Capture) -> None:
    file = written(folder, f"{a_site()};31/10/2026;61;x")
    for asked, reason in (
        (["import", folder / "tidak-ada.csv"], "there is no file"),
        (["import", file, "--sheet", "Lembar 9"], "there is no sheet"),
        (["import", file, "--kind", "anything"], "invalid choice"),
        (["undo", "77"], "77"),
        (["template", "boundaries", "--out", folder / "x.xlsx"], "regions replace"),
    ):
        assert run(*asked) == 2
        assert reason in capsys.readouterr().err


def provinces(folder: Path, *, code: str = "KDPPUM") -> Path:
    """The boundaries in force, as an agency might send them."""
    areas = load_boundaries(1)[["code", "name", "geometry"]].rename(columns={"code": code, "name": "WADMPR"})
    file = folder / "batas.geojson"
    file.write_text(areas.to_json(), encoding="utf-8")
    return file


def test_boundaries_replace_those_in_force_after_a_trial_that_does_not(folder: Path, capsys: Capture) -> None:
    file = provinces(folder)
    asked = ["import", file, "--kind", "boundaries", "--level", "1", "--source", "Badan Contoh"]
    assert run(*asked, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "38 rows in the file = 38 taken + 0 repaired + 0 joined + 0 refused" in told
    assert "codes were taken from the column KDPPUM, names from WADMPR" in told
    assert "this was a trial" in told
    assert boundary_source(1) != "Badan Contoh"
    assert run(*asked) == 0
    assert "is in force; the former file is kept as" in capsys.readouterr().out
    assert boundary_source(1) == "Badan Contoh"


def test_boundaries_are_refused_with_what_is_missing(folder: Path, capsys: Capture) -> None:
    file = provinces(folder, code="Nomor")
    asked = ["import", file, "--kind", "boundaries"]
    for options, reason in (
        ([], "Add --level 1 for provinces or --level 2 for kabupaten and kota."),
        (["--level", "1"], "the columns are: id, Nomor, WADMPR"),
        (["--level", "1", "--skip-refused", "--set", "code=1"], "--set, --skip-refused cannot be used with boundaries"),
    ):
        assert run(*asked, *options) == 2
        assert reason in capsys.readouterr().err
    assert run(*asked, "--level", "1", "--code", "Nomor") == 0


def test_what_holds_boundaries_is_told_the_command_that_takes_them(folder: Path, capsys: Capture) -> None:
    assert run("import", provinces(folder)) == 2
    assert "python -m geo import FILE --kind boundaries --level 2" in capsys.readouterr().out
    assert run("import", written(folder, "A;31/10/2026;1;x"), "--level", "1") == 2
    assert "--level cannot be used with records" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_empty_template_is_written_and_refused_until_it_is_filled_in(
    language: str, folder: Path, capsys: Capture
) -> None:
    file = folder / "laporan.xlsx"
    assert run("template", "reports", "--out", file, "--bahasa", language) == 0
    assert run("import", file) == 2
    assert "There is no row below the headings." in capsys.readouterr().out
    book = openpyxl.load_workbook(file)
    row = {"Kode": a_site(), "Site": a_site(), "Tanggal": "31/10/2026", "As": "31/10/2026"}
    row |= {"Realisasi Fisik": 61, "Percent": 61}
    for cell in book["data"][1]:
        words = str(cell.value)
        cell.offset(1).value = next((value for begin, value in row.items() if words.startswith(begin)), None)
    book.save(file)
    assert run("import", file) == 0
    assert "1 new" in capsys.readouterr().out


def test_the_kinds_offered_are_those_that_are_known() -> None:
    assert program._KINDS == KINDS
