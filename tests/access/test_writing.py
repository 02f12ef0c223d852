"""Changes on behalf of a viewer: only in provinces of their own, refusals logged, nothing half done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from geo import writing
from geo.access import LOCAL_ADMINISTRATOR, Role, Viewer
from geo.intake.guard import Limits
from geo.intake.kinds import Kind
from geo.intake.steps import Choices, Proposal, propose, read
from geo.model import RefusedError
from geo.programmes import load_programmes
from geo.sample import sample_tables
from geo.startup import fill
from geo.store import Store, open_store

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
ON = date(2026, 11, 2)
EAST = Viewer("koordinator.jatim", Role.COORDINATOR, ("35",))
HEADINGS = "Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%)\n"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("prepared") / "store.db"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    fill(store, sample_tables(), at=datetime(2026, 11, 1, tzinfo=UTC))
    copy = store.backup(file.with_name("copy.db"), actor="test", at=datetime(2026, 11, 1, tzinfo=UTC))
    store.close()
    return copy


@pytest.fixture
def store(prepared: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(prepared, tmp_path / "store.db")
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def site_in(store: Store, province: str) -> str:
    sites = store.sites()
    reports = store.reports()
    low = reports.groupby("site_code")["percent"].max()
    fit = sites[sites["region_code"].str.startswith(province) & sites["code"].map(low).lt(60)]
    return str(fit["code"].iloc[0])


def proposed(store: Store, folder: Path, *sites: str, kind: Kind = "reports") -> Proposal:
    file = folder / "laporan.csv"
    file.write_text(HEADINGS + "".join(f"{site};31/10/2026;71,5%\n" for site in sites), encoding="utf-8")
    source = read(file, name=file.name, limits=Limits())
    return propose(source, store, load_programmes(), on=ON, at=AT, choices=Choices(kind=kind))


def refusals(store: Store) -> pd.DataFrame:
    return store.audit_rows(deed="refused")


def test_a_coordinator_reports_for_the_own_province_and_takes_it_back(store: Store, tmp_path: Path) -> None:
    before = store.reports()
    done = writing.commit(EAST, proposed(store, tmp_path, site_in(store, "35")), store, actor=EAST.account, at=AT)
    assert done.batch is not None
    assert store.batch(done.batch).mapping["provinces"] == ["35"]
    writing.undo(EAST, done.batch, store, actor=EAST.account, at=AT)
    pd.testing.assert_frame_equal(store.reports(), before)
    assert refusals(store).empty


def test_one_row_about_another_province_refuses_the_whole_file_and_is_logged(store: Store, tmp_path: Path) -> None:
    asked = proposed(store, tmp_path, site_in(store, "35"), site_in(store, "72"))
    before = store.versions()
    with pytest.raises(RefusedError, match="72"):
        writing.commit(EAST, asked, store, actor=EAST.account, at=AT)
    assert {name: version for name, version in store.versions().items() if name} == {
        name: version for name, version in before.items() if name
    }
    logged = refusals(store).iloc[0]
    assert (logged["actor"], logged["object"]) == (EAST.account, "import laporan.csv")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.COORDINATOR)])
def test_nobody_else_may_bring_anything_in(store: Store, tmp_path: Path, role: Role) -> None:
    viewer = Viewer("seseorang", role, ("35",))
    with pytest.raises(RefusedError, match="import"):
        writing.commit(viewer, proposed(store, tmp_path, site_in(store, "35")), store, actor="seseorang", at=AT)


def test_a_batch_of_another_province_cannot_be_taken_back(store: Store, tmp_path: Path) -> None:
    west = site_in(store, "72")
    done = writing.commit(
        LOCAL_ADMINISTRATOR, proposed(store, tmp_path, west), store, actor="Sekretariat Contoh", at=AT
    )
    assert done.batch is not None
    with pytest.raises(RefusedError, match="undo"):
        writing.undo(EAST, done.batch, store, actor=EAST.account, at=AT)
    assert store.batch(done.batch).undone_at is None
    verifier = Viewer("verifikator", Role.VERIFIER, ("72",))
    writing.undo(verifier, done.batch, store, actor=verifier.account, at=AT)
    assert store.batch(done.batch).undone_at is not None


def test_moments_of_an_archive_meetings_and_closures_are_the_administrators(store: Store, tmp_path: Path) -> None:
    asked = proposed(store, tmp_path, site_in(store, "35"))
    with pytest.raises(RefusedError, match="configure"):
        writing.commit(EAST, asked, store, actor=EAST.account, at=AT, keep_recorded_at=True)
    with pytest.raises(RefusedError, match="configure"):
        writing.record_meeting(EAST, store, name="Rapat", as_of=ON, held_at=AT, actor=EAST.account, at=AT)
    with pytest.raises(RefusedError, match="configure"):
        writing.close_checkpoint(EAST, store, year=2026, checkpoint="b09", author="Dinas", actor=EAST.account, at=AT)
    assert len(refusals(store)) == 3


OWNERS = {
    "sites": pd.DataFrame({"code": ["A", "B", "B"], "region_code": ["35.07", "72.02", "35.07"]}),
    "actions": pd.DataFrame({"code": ["R1", "R2"], "region_code": ["52.01", None]}),
}


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("reports", {"site_code": ["A"]}, {"35"}),
        ("reports", {"site_code": ["B"]}, {"35", "72"}),  # it once lay elsewhere
        ("reports", {"site_code": ["A", None]}, {"35", None}),
        ("action_reports", {"action_code": ["R1"]}, {"52"}),
        ("action_reports", {"action_code": ["R2"]}, {None}),
        ("obstacles", {"site_code": ["A", None], "action_code": [None, "R1"]}, {"35", "52"}),
        ("sites", {"code": ["A"], "region_code": ["72.05"]}, {"35", "72"}),  # to move a site takes both
        ("sites", {"code": ["A"]}, {"35"}),
        ("sites", {"code": ["NEW"]}, {None}),
        ("actions", {"code": ["NEW"], "region_code": [None]}, {None}),
        ("actions", {"code": ["NEW"], "region_code": ["35"], "site_code": ["B"]}, {"35", "72"}),
        ("institutions", {"code": ["PUPR"]}, {None}),
    ],
)
def test_rows_lie_where_they_say_and_where_what_they_name_lies(
    kind: str, rows: dict[str, list[str | None]], expected: set[str | None]
) -> None:
    frame = pd.DataFrame({name: pd.array(values, dtype="str") for name, values in rows.items()})
    assert writing.provinces_of(kind, frame, OWNERS) == expected


def test_a_batch_that_does_not_say_where_belongs_to_the_whole_programme() -> None:
    assert writing.provinces_of_batch({"columns": {}}) == {None}
    assert writing.provinces_of_batch({"provinces": ["", "35"]}) == {None, "35"}
