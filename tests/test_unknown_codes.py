"""Records whose programme or region no table knows are shown by their code, never lost and never a fault."""

from __future__ import annotations

import csv
import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from geo import regions
from geo.__main__ import main
from geo.drawing import web_map
from geo.drawing.snapshot import picture
from geo.drawing.view import map_view
from geo.export import FORMATS, MAP_FORMATS, WHATS, export_frame, table_bytes
from geo.locale import translator
from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import State, roll_up, state
from geo.progress.since import Then, changes_since, earlier
from geo.sample import SAMPLE_AS_OF
from geo.startup import fill
from geo.store import open_store
from tests.prepared import shared_sample

T = translator("id")


@pytest.fixture(scope="module")
def strange() -> dict[str, pd.DataFrame]:
    tables = shared_sample()
    sites = tables["sites"].copy()
    sites.loc[sites.index[0], "programme"] = "jembatan"
    sites.loc[sites.index[1], "region_code"] = "99.99"
    sites.loc[sites.index[2], "region_code"] = "35"
    return {**tables, "sites": sites}


@pytest.fixture(scope="module")
def now(strange: dict[str, pd.DataFrame]) -> State:
    return state(strange, Filters(on=SAMPLE_AS_OF), load_programmes())


def test_a_region_nobody_knows_is_called_by_its_code() -> None:
    assert regions.region_label("99.99") == "99.99"
    assert regions.region_label("35.07.09.1008") == "Kabupaten Malang"
    assert regions.region_label(None) == ""


def test_the_map_holds_every_site_and_its_legend_adds_up(now: State) -> None:
    content = web_map.payload(map_view(now), T)
    assert content["shown"] is None
    assert len(content["details"]["rows"]) == len(now.positions) == 120
    assert sum(map_view(now).programme_counts.values()) == 120
    assert "jembatan" in str(content["legend"])
    assert sum(count or 0 for count in content["counts"][0]) == 120
    assert "99.99" in str(content["details"]["rows"])


def test_a_province_nobody_knows_is_shown_without_finer_boundaries(strange: dict[str, pd.DataFrame]) -> None:
    view = map_view(state(strange, Filters(on=SAMPLE_AS_OF, provinces=("99",)), load_programmes()))
    assert (view.level, len(view.points)) == (1, 1)
    assert web_map.payload(view, T)["areas"]["99"]["t"][0] == "99"


@pytest.mark.parametrize("form", ["svg", "html"])
def test_pictures_are_drawn_all_the_same(now: State, form: str) -> None:
    assert b"jembatan" in picture(map_view(now), T, form=form, sample=True).lower()


@pytest.mark.parametrize("what", WHATS)
def test_tables_are_written_all_the_same(now: State, strange: dict[str, pd.DataFrame], what: str) -> None:
    programmes = load_programmes()
    before = earlier(strange, Then(date(2026, 6, 30)), known_at=None, programmes=programmes)
    frame = export_frame(what, now, strange, changes=changes_since(before, now.standing, now.filters, programmes))
    for form in FORMATS:
        if "lon" in frame or form not in MAP_FORMATS:
            assert table_bytes(frame, form, about={"posisi": "2026-10-31"})


def test_money_leaves_as_whole_rupiah(now: State, strange: dict[str, pd.DataFrame]) -> None:
    text = table_bytes(export_frame("regions", now, strange), "json", about={}).decode()
    assert '"contract_value": 1' in text
    assert ".0," not in "".join(line for line in text.splitlines() if "_spend" in line or "contract_value" in line)


def test_check_names_the_codes_that_no_table_knows(
    strange: dict[str, pd.DataFrame],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    store = open_store()
    store.migrate()
    fill(store, strange, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert main(["check"]) == 2
    told = capsys.readouterr().err
    assert "unknown programme" in told
    assert "99.99" in told


def test_check_of_a_fresh_place_writes_no_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    assert main(["check"]) == 0
    assert "empty" in capsys.readouterr().out
    assert main(["sample", "--sites", "5", "--months", "3"]) == 0


@pytest.mark.skipif(os.name != "posix", reason="rights of files are told in another way elsewhere")
def test_only_this_user_can_read_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    open_store().migrate()
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_single_records_of_people_are_refused_for_the_public_with_the_way_to_their_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", "--what", "beneficiaries", "--audience", "public"]) == 2
    assert "--what people" in capsys.readouterr().err


def test_codes_may_be_given_with_commas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    assert main(["export", "--what", "position", "--program", "ktn,rusun", "--provinsi", "35,52"]) == 0
    lines = capsysbinary.readouterr().out.decode("utf-8-sig").splitlines()
    assert {row["programme"] for row in csv.DictReader(lines)} == {"ktn", "rusun"}


# --- figures -----------------------------------------------------------------------------------------------------


def one(site: dict[str, object], plan: list[tuple[str, float]], told: list[tuple[str, float | None]]) -> State:
    """A state on 1 May 2026 of one site with a plan and reports."""
    sites = pd.DataFrame([{"code": "A", "programme": "ktn", "name": "A", "region_code": "35.07", **site}])
    for name in ("lon", "lat", "location_precision", "institution_code", "start_date", "target_date", "year"):
        sites[name] = None
    sites = sites.assign(data_status="synthetic", source_url=None)
    if "contract_value" not in sites:
        sites["contract_value"] = None
    plans = pd.DataFrame([("A", *row, None) for row in plan], columns=["site_code", "as_of", "percent", "spend"])
    reports = pd.DataFrame(
        [("A", day, f"{day}T00:00Z", percent, None, "in_progress", "") for day, percent in told],
        columns=["site_code", "as_of", "recorded_at", "percent", "spend", "stage", "note"],
    )
    obstacles = pd.DataFrame({name: [] for name in ("site_code", "opened", "closed", "severity")})
    tables = {"sites": sites, "plans": plans, "reports": reports, "obstacles": obstacles}
    return state(tables, Filters(on=date(2026, 5, 1)), load_programmes())


@pytest.mark.parametrize(("begin", "silent"), [("2026-04-20", False), ("2026-03-17", False), ("2026-03-01", True)])
def test_who_never_reported_is_silent_only_45_days_after_the_plan_began(begin: str, silent: bool) -> None:
    positions = one({}, [(begin, 0), ("2026-12-31", 100)], []).positions
    assert positions["status"].tolist() == ["belum_lapor"]
    assert positions["silent"].tolist() == [silent]


def test_a_contract_of_zero_rupiah_is_no_contract() -> None:
    plan: list[tuple[str, float]] = [("2026-01-01", 0), ("2026-05-01", 80), ("2026-12-31", 100)]
    for value, status in ((0, "terlambat"), (1, "kritis")):
        assert one({"contract_value": value}, plan, [("2026-05-01", 72.0)]).positions["status"].tolist() == [status]


def test_a_report_without_a_percent_is_no_silence_from_the_beginning() -> None:
    rollup = roll_up(one({}, [("2026-01-01", 0), ("2026-12-31", 100)], [("2026-04-30", None)]).positions).iloc[0]
    assert (rollup["belum_lapor"], rollup["never_reported"]) == (1, 0)


def test_a_day_of_any_century_has_a_position() -> None:
    tables = shared_sample()
    for day in (date(1, 1, 1), date(1600, 1, 1), date(9999, 12, 31)):
        assert len(state(tables, Filters(on=day), load_programmes()).positions) == 120


def test_a_kabupaten_alone_brings_its_own_province(now: State) -> None:
    chosen = state(shared_sample(), Filters(on=SAMPLE_AS_OF, regencies=("35.07",)), load_programmes())
    assert chosen.by_province["province"].tolist() == ["35"]
    assert now.by_province["province"].tolist()[:5] == ["32", "33", "35", "52", "72"]
