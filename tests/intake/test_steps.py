"""From a file to the store and back: what leaves comes back unchanged, and nothing is written half."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo.export import RECORDS, records, table_bytes
from geo.intake.guard import Limits
from geo.intake.headings import LEAVE_OUT
from geo.intake.kinds import Kind
from geo.intake.readers.source import RefusedFileError
from geo.intake.steps import Choices, Proposal, answers_of, commit, propose, read
from geo.intake.verdicts import Verdict
from geo.model import RefusedError
from geo.programmes import load_programmes
from geo.store import Store, open_store
from tests.export.exported import ABOUT
from tests.prepared import sample_store

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
ON = date(2026, 11, 2)
FORMS = [(kind, form) for kind in RECORDS for form in ("csv", "xlsx")]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the sample, which no test of this module changes."""
    file = sample_store(tmp_path_factory.mktemp("filled") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with the sample, for a test of its own."""
    file = sample_store(tmp_path / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


def proposed(store: Store, file: Path, kind: Kind | None, choices: Choices | None = None) -> Proposal:
    source = read(file, name=file.name, limits=Limits())
    return propose(source, store, load_programmes(), on=ON, at=AT, choices=choices or Choices(kind=kind))


def written(folder: Path, text: str, name: str = "kiriman.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(("kind", "form"), [*FORMS, ("sites", "geojson"), ("sites", "gpkg")])
def test_what_was_exported_changes_nothing_when_it_comes_back(
    kind: Kind, form: str, filled: Store, tmp_path: Path
) -> None:
    leaving = records(kind, filled.tables(kind))
    file = tmp_path / f"ekspor.{form}"
    file.write_bytes(table_bytes(leaving, form, about=ABOUT))
    proposal = proposed(filled, file, kind)
    assert proposal.compared is not None
    assert proposal.checked is not None
    assert proposal.checked.count(Verdict.REFUSED) == 0
    assert len(proposal.checked.rows) == len(leaving) > 0
    counts = proposal.compared.counts
    assert (counts.new, counts.changed, counts.unchanged) == (0, 0, len(leaving))
    versions = filled.versions()
    done = commit(proposal, filled, actor="Kantor Uji", at=AT)
    assert done.batch is None
    assert filled.versions() == versions


REPORTS = (
    "Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Realisasi Keuangan (Rp);Tahap;Catatan\n"
    "{code};31/10/2026;72,55%;Rp 1.250.000;konstruksi;Atap terpasang\n"
)


def a_site(store: Store) -> str:
    """A site whose reported progress lies below 70 and which has no report of 31 October."""
    reports = store.reports()
    most = reports.groupby("site_code")["percent"].max()
    taken = set(reports.loc[reports["as_of"] == pd.Timestamp("2026-10-31"), "site_code"])
    return str(next(code for code, percent in most.items() if percent < 70 and code not in taken))


def test_a_report_is_read_checked_written_and_taken_back(store: Store, tmp_path: Path) -> None:
    before = store.reports()
    file = written(tmp_path, REPORTS.format(code=a_site(store)))
    proposal = proposed(store, file, None)
    assert proposal.found is not None
    assert proposal.found.kind == "reports"
    assert proposal.complete
    done = commit(proposal, store, actor="Kantor Uji", at=AT)
    assert (done.new, done.changed, done.unchanged) == (1, 0, 0)
    after = store.reports()
    added = after[~after["recorded_at"].isin(before["recorded_at"])].iloc[0]
    assert (added["as_of"], added["percent"], added["spend"]) == (pd.Timestamp("2026-10-31"), 72.55, 1_250_000)
    assert (added["stage"], added["note"]) == ("in_progress", "Atap terpasang")
    assert done.batch is not None
    store.undo_batch(done.batch, actor="Kantor Uji", at=datetime(2026, 11, 3, tzinfo=UTC))
    pd.testing.assert_frame_equal(store.reports(), before)


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, REPORTS.format(code=a_site(store)))
    commit(proposed(store, file, "reports"), store, actor="Kantor Uji", at=AT)
    versions = store.versions()
    again = commit(proposed(store, file, "reports"), store, actor="Kantor Uji", at=datetime(2026, 11, 4, tzinfo=UTC))
    assert again.batch is None
    assert again.unchanged == 1
    assert again.same_file is not None
    assert store.versions() == versions


def test_a_refused_row_keeps_the_whole_file_out_unless_the_others_are_chosen(store: Store, tmp_path: Path) -> None:
    text = REPORTS.format(code=a_site(store)) + "TIDAK-ADA;31/10/2026;50%;;;x\n"
    proposal = proposed(store, written(tmp_path, text), "reports")
    assert proposal.checked is not None
    counts = [proposal.checked.count(verdict) for verdict in Verdict]
    assert (sum(counts), counts[-1]) == (2, 1)
    assert [(one.row, one.column, one.finding.code) for one in proposal.checked.findings if one.row == 3] == [
        (3, 1, "reference.unknown_sites")
    ]
    versions = store.versions()
    with pytest.raises(RefusedError, match="1 rows cannot be taken"):
        commit(proposal, store, actor="Kantor Uji", at=AT)
    assert store.versions() == versions
    assert commit(proposal, store, actor="Kantor Uji", at=AT, partly=True).new == 1


def test_what_is_asked_is_refused_until_it_is_answered(store: Store, tmp_path: Path) -> None:
    code = a_site(store)
    text = REPORTS.format(code=code.replace("-", " ").lower())
    proposal = proposed(store, written(tmp_path, text), "reports")
    assert proposal.checked is not None
    assert proposal.checked.count(Verdict.REFUSED) == 1
    answers = answers_of(proposal.checked, ["reference.near_sites"])
    assert answers == {(2, 1): code}
    answered = proposed(store, written(tmp_path, text), "reports", Choices(kind="reports", answers=answers))
    assert answered.complete


def test_a_column_can_be_left_out_and_a_day_given_for_every_row(store: Store, tmp_path: Path) -> None:
    text = f"Kode Lokasi;Realisasi Fisik (%);Catatan\n{a_site(store)};72;x\n"
    lacking = proposed(store, written(tmp_path, text), "reports")
    assert lacking.checked is None
    assert [one.code for one in lacking.told if one.code == "file.missing_columns"]
    choices = Choices(kind="reports", mapping={"Catatan": LEAVE_OUT}, constants={"as_of": "31/10/2026"})
    given = proposed(store, written(tmp_path, text), "reports", choices)
    assert given.checked is not None
    assert given.complete
    assert "note" not in given.checked.rows
    assert given.checked.rows["as_of"].tolist() == [pd.Timestamp("2026-10-31")]


@pytest.mark.parametrize(
    "secret", ["3507090101800001", "0812 3456 7890", "kantor@contoh.go.id"], ids=["identity", "phone", "mail"]
)
def test_personal_data_is_refused_by_its_place_and_never_repeated(secret: str, tmp_path: Path) -> None:
    file = written(tmp_path, f"Kode Lokasi;Tanggal Laporan;Catatan\nA;31/10/2026;{secret}\n")
    with pytest.raises(RefusedFileError) as refused:
        read(file, name=file.name, limits=Limits())
    assert "C2" in str(refused.value)
    assert secret not in str(refused.value)
    assert all(secret not in text for one in refused.value.findings for text in one.told.values())


def test_the_refusal_names_the_sheet_of_a_cell_where_there_are_several(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Kode Lokasi", "Catatan"])
    book.create_sheet("Lama").append(["Catatan", "3507090101800001"])
    book.save(tmp_path / "dua.xlsx")
    with pytest.raises(RefusedFileError) as refused:
        read(tmp_path / "dua.xlsx", name="dua.xlsx", limits=Limits())
    assert [one.told["cells"] for one in refused.value.findings] == ["Lama!B1"]
