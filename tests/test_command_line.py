"""The command line: what it prints, what it refuses, and that it leaves nothing half written."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from geo.__main__ import main
from geo.export import WHATS, export_frame, table_bytes
from geo.model import CHECKPOINTS, Filters
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.since import Then, changes_since, earlier, last_meeting
from geo.sample import SAMPLE_AS_OF
from geo.store import open_store
from tests.prepared import sample_folder, shared_sample

ROOT = Path(__file__).resolve().parents[1]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose store holds the shipped sample."""
    return sample_folder(tmp_path_factory.mktemp("filled"))


@pytest.fixture(autouse=True)
def own_store(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(filled))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)
    monkeypatch.delenv("GEO_PROGRAMMES", raising=False)


def run(*arguments: str) -> int:
    """The exit status of a command, that of a refused option included."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


def exported(folder: Path, *arguments: str) -> list[dict[str, object]]:
    out = folder / "out.json"
    assert run("export", "--format", "json", "--out", str(out), *arguments) == 0
    rows: list[dict[str, object]] = json.loads(out.read_text("utf-8"))
    return rows


def shown(**filters: object) -> State:
    """What the screens show of the sample in the store."""
    tables = open_store().tables("sites", "plans", "reports", "obstacles")
    return state(tables, Filters(on=SAMPLE_AS_OF).but(**filters), load_programmes())


def expected(what: str, *, since: date | None = None, **filters: object) -> list[dict[str, object]]:
    """The rows of an export as the functions behind the screens give them."""
    tables, programmes = open_store().tables(), load_programmes()
    now = shown(**filters)
    changes = None
    if what == "changes":
        chosen = now.filters
        then = Then(since) if since else last_meeting(tables["meetings"], on=chosen.on, known_at=chosen.known_at)
        assert then is not None
        changes = changes_since(
            earlier(tables, then, known_at=chosen.known_at, programmes=programmes),
            now.standing,
            chosen,
            programmes,
            actions=tables["actions"],
        )
    rows: list[dict[str, object]] = json.loads(
        table_bytes(export_frame(what, now, tables, changes=changes), "json", about={})
    )
    return rows


@pytest.fixture
def own_copy(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own with the sample, which a test may write to."""
    folder = tmp_path / "own"
    shutil.copytree(filled, folder)
    monkeypatch.setenv("GEO_DATA_DIR", str(folder))
    return folder


# --- sample ------------------------------------------------------------------------------------------------------


def test_an_empty_place_is_filled_with_the_shipped_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "new"))
    assert run("sample") == 0
    assert "sites: 120" in capsys.readouterr().out
    store = open_store()
    assert store.is_sample()
    told = store.tables()
    store.close()
    shipped = shared_sample()
    assert {name: len(told[name]) for name in shipped} == {name: len(rows) for name, rows in shipped.items()}


def test_a_second_sample_is_refused_and_changes_nothing(capsys: Capture) -> None:
    before = open_store().data_version()
    assert run("sample") == 2
    assert "holds records already" in capsys.readouterr().err
    assert open_store().data_version() == before


def test_a_larger_sample_has_the_sites_asked_for_and_the_same_seed_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = []
    for name in ("one", "two"):
        monkeypatch.setenv("GEO_DATABASE_URL", f"sqlite:///{tmp_path / name}.sqlite")
        assert run("sample", "--sites", "50", "--months", "6", "--seed", "3") == 0
        store = open_store()
        assert store.is_sample()
        codes.append(store.sites()[["code", "lon", "lat"]])
        store.close()
    assert len(codes[0]) == 50
    pd.testing.assert_frame_equal(*codes)


@pytest.mark.parametrize("wrong", [("--sites", "0"), ("--sites", "-5"), ("--months", "1.5"), ("--seed", "x")])
def test_a_sample_of_an_impossible_size_is_refused(wrong: tuple[str, str]) -> None:
    assert run("sample", *wrong) == 2


# --- export ------------------------------------------------------------------------------------------------------


def test_an_exported_position_is_exactly_what_the_screens_show(tmp_path: Path) -> None:
    rows = exported(tmp_path, "--what", "position")
    expected = shown().positions
    assert [row["code"] for row in rows] == expected["code"].tolist()
    assert list(rows[0])[:7] == [
        "code", "plan_percent", "actual_percent", "deviation_points", "status", "as_of", "age_days",
    ]  # fmt: skip
    for row, site in zip(rows, expected.to_dict("records"), strict=True):
        assert row["status"] == site["status"]
        for name in ("plan_percent", "actual_percent", "deviation_points", "age_days"):
            assert row[name] is None if pd.isna(site[name]) else row[name] == pytest.approx(site[name]), name
        assert row["as_of"] == (None if pd.isna(site["as_of"]) else site["as_of"].date().isoformat())
    assert {row["catatan"] for row in rows} == {"DATA CONTOH – bukan angka resmi"}
    assert {row["posisi"] for row in rows} == {SAMPLE_AS_OF.isoformat()}


def test_exported_regions_are_the_roll_up_of_the_screens(tmp_path: Path) -> None:
    rows = exported(tmp_path, "--what", "regions")
    national = shown().national
    assert (rows[0]["level"], rows[0]["code"], rows[0]["sites"]) == (0, "", int(national["sites"]))
    assert rows[0]["actual_percent"] == pytest.approx(national["actual_percent"])
    provinces = {row["code"]: row["actual_percent"] for row in rows if row["level"] == 1}
    assert provinces == pytest.approx(shown().by_province.set_index("province")["actual_percent"].to_dict())


def test_the_choices_of_an_export_are_the_filters_of_the_screens(tmp_path: Path) -> None:
    asked = ("--provinsi", "35", "--program", "ktn", "--program", "rusun", "--posisi", "2026-06-30", "--bahasa", "en")
    rows = exported(tmp_path, "--what", "position", *asked)
    expected = shown(on=date(2026, 6, 30), provinces=("35",), programmes=("ktn", "rusun")).positions
    assert [row["code"] for row in rows] == expected["code"].tolist() != []
    assert [row["status"] for row in rows] == expected["status"].tolist()
    assert {row["catatan"] for row in rows} == {"SAMPLE DATA – not official figures"}
    critical = exported(tmp_path, "--what", "position", "--status", "kritis")
    assert [row["code"] for row in critical] == shown(statuses=("kritis",)).positions["code"].tolist() != []


@pytest.mark.parametrize("day", ["2020-01-01", "2025-01-31", "2030-12-31"])
def test_every_day_has_a_position_however_little_was_known(day: str, tmp_path: Path) -> None:
    assert len(exported(tmp_path, "--what", "position", "--posisi", day)) == len(shown().positions)
    assert exported(tmp_path, "--what", "regions", "--posisi", day)[0]["sites"] == len(shown().positions)


def test_what_was_recorded_later_is_left_out_of_the_reports(tmp_path: Path) -> None:
    rows = exported(tmp_path, "--what", "reports", "--known-at", "2026-01-15T00:00")
    assert rows
    assert max(str(row["recorded_at"]) for row in rows) <= "2026-01-15T00:00:00+00:00"


def test_without_a_file_the_bytes_go_to_the_standard_output_and_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, write_through=True))
    assert run("export", "--what", "sites", "--format", "geojson") == 0
    assert len(json.loads(written.getvalue())["features"]) == len(shown().positions)


KNEW = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("what", ["position", "regions", "actions", "changes"])
@pytest.mark.parametrize(
    ("asked", "known_at"),
    [((), None), (("--known-at", "2026-10-14T02:00:00+00:00"), KNEW)],
    ids=["known now", "known then"],
)
def test_an_export_of_a_past_day_is_what_the_screens_show_of_it(
    what: str, asked: tuple[str, ...], known_at: datetime | None, tmp_path: Path
) -> None:
    rows = exported(tmp_path, "--what", what, "--posisi", "2026-09-30", *asked)
    assert rows
    assert {row.pop("posisi") for row in rows} == {"2026-09-30"}
    assert {row.pop("diketahui", None) for row in rows} == {known_at.isoformat() if known_at else None}
    for row in rows:
        assert row.pop("catatan") == "DATA CONTOH – bukan angka resmi"
        assert all(row.pop(name) for name in ("saringan", "bahasa", "sumber", "lisensi", "untuk"))
        met = (row.pop("sejak", None), row.pop("rapat", None))
        assert (met[0] is not None, met[1] is not None) == (what == "changes", what == "changes")
    assert rows == expected(what, on=date(2026, 9, 30), known_at=known_at)


def test_changes_are_told_since_the_day_asked_for_or_since_the_last_meeting(tmp_path: Path) -> None:
    since = exported(tmp_path, "--what", "changes", "--since", "2026-06-30")
    met = exported(tmp_path, "--what", "changes")
    for rows, wanted in ((since, expected("changes", since=date(2026, 6, 30))), (met, expected("changes"))):
        found = [{name: row[name] for name in wanted[0]} for row in rows]
        assert found == wanted
    assert since != met


def test_changes_are_limited_to_the_regions_asked_for_and_not_by_status(tmp_path: Path) -> None:
    there = exported(tmp_path, "--what", "changes", "--provinsi", "35")
    assert there
    # a province of the roll-up stands by its own code, an action of no place by none
    assert {str(row["region_code"])[:2] for row in there if row["region_code"]} == {"35"}
    critical = exported(tmp_path, "--what", "changes", "--provinsi", "35", "--status", "kritis")
    assert {row.pop("saringan") for row in there} == {"provinsi=35"}
    assert {row.pop("saringan") for row in critical} == {"provinsi=35; status=kritis"}
    assert critical == there


def test_what_is_known_by_a_bare_day_is_known_by_its_end_in_jakarta(tmp_path: Path) -> None:
    day = exported(tmp_path, "--what", "reports", "--known-at", "2026-10-14")
    end = exported(tmp_path, "--what", "reports", "--known-at", "2026-10-14T16:59:59.999999+00:00")
    assert day == end
    same = exported(tmp_path, "--what", "reports", "--known-at", "2026-10-14T23:59:59.999999+07:00")
    assert same == end


@pytest.mark.parametrize("what", ["matrix", "evaluation", "awaited", "restatements", "reconciliation"])
def test_the_lists_of_the_action_plan_are_written_as_the_screens_have_them(what: str, tmp_path: Path) -> None:
    rows = exported(tmp_path, "--what", what)
    wanted = expected(what)
    assert [{name: row[name] for name in wanted[0]} for row in rows] == wanted


def test_the_exports_offered_are_those_that_can_be_written(capsys: Capture) -> None:
    assert run("export", "--help") == 0
    listed = re.search(r"--what\s+\{([^}]*)\}", capsys.readouterr().out)
    assert listed is not None
    assert tuple(re.split(r",\s*", listed[1])) == WHATS


# --- meetings and checkpoints ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_copy")
def test_a_meeting_is_recorded_listed_and_compared_with(tmp_path: Path, capsys: Capture) -> None:
    name = "Rapat contoh"
    assert run("meetings", "add", "--name", name, "--posisi", "2026-10-15", "--held-at", "2026-10-20T02:00") == 0
    assert "figures of 2026-10-15, held at 2026-10-20T02:00:00+00:00" in capsys.readouterr().out
    assert run("meetings", "list") == 0
    assert f"2026-10-15\t2026-10-20T02:00:00+00:00\t{name}" in capsys.readouterr().out.splitlines()
    rows = exported(tmp_path, "--what", "changes")
    meeting = Then(date(2026, 10, 15), datetime(2026, 10, 20, 2, 0, tzinfo=UTC), name)
    assert last_meeting(open_store().meetings(), on=SAMPLE_AS_OF) == meeting
    wanted = expected("changes")
    assert [{column: row[column] for column in wanted[0]} for row in rows] == wanted


@pytest.mark.usefixtures("own_copy")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--name", "  "), "no name"),
        (("--name", "Rapat", "--held-at", "2199-01-01T00:00"), "lies in the future"),
        (("--name", "Rapat", "--posisi", "2026-10-22", "--held-at", "2026-10-20T02:00"), "a day after the meeting"),
        (("--name", "Rapat", "--held-at", "kemarin"), "is no moment"),
        (("--posisi", "2026-09-30"), "--name"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_not_recorded(
    arguments: tuple[str, ...], told: str, capsys: Capture
) -> None:
    before = open_store().meetings()
    assert run("meetings", "add", *arguments) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""
    pd.testing.assert_frame_equal(open_store().meetings(), before)


@pytest.mark.usefixtures("own_copy")
def test_a_meeting_is_recorded_once(capsys: Capture) -> None:
    asked = ("meetings", "add", "--name", "Rapat", "--posisi", "2026-10-15", "--held-at", "2026-10-20T02:00")
    assert (run(*asked), run(*asked)) == (0, 2)
    assert "recorded already" in capsys.readouterr().err


@pytest.mark.usefixtures("own_copy")
def test_a_checkpoint_is_closed_once_and_listed_with_its_office(capsys: Capture) -> None:
    assert run("checkpoints", "list", "--year", "2026") == 0
    assert [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()] == [["2026", "b03"], ["2026", "b06"]]
    asked = ("checkpoints", "close", "b09", "--year", "2026", "--by", "Sekretariat")
    assert run(*asked) == 0
    assert "closed: b09 of 2026" in capsys.readouterr().out
    assert run("checkpoints", "list") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[:2] for line in lines] == [
        *(["2025", checkpoint] for checkpoint in CHECKPOINTS), ["2026", "b03"], ["2026", "b06"], ["2026", "b09"],
    ]  # fmt: skip
    assert lines[-1][3] == "Sekretariat"
    assert run(*asked) == 2
    assert "closed already" in capsys.readouterr().err


@pytest.mark.usefixtures("own_copy")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("b05", "--year", "2026", "--by", "x"), "invalid choice"),
        (("b06", "--by", "x"), "--year"),
        (("b06", "--year", "2026"), "--by"),
        (("b06", "--year", "2026", "--by", "x"), "closed already"),
        (("b12", "--year", "2099", "--by", "x"), "has not passed"),
        (("b12", "--year", "2019", "--by", "x"), "no action of the year"),
    ],
)
def test_a_checkpoint_that_cannot_be_closed_is_refused_and_stays_as_it_was(
    arguments: tuple[str, ...], told: str, capsys: Capture
) -> None:
    before = open_store().closures()
    assert run("checkpoints", "close", *arguments) == 2
    assert told in capsys.readouterr().err
    pd.testing.assert_frame_equal(open_store().closures(), before)


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "required"),
        (("nothing",), "invalid choice"),
        (("export",), "--what"),
        (("export", "--what", "persons"), "invalid choice"),
        (("export", "--what", "sites", "--format", "doc"), "invalid choice"),
        (("export", "--what", "sites", "--nonsense", "1"), "unrecognized"),
        (("export", "--what", "sites", "--posisi", "31-10-2026"), "is no day"),
        (("export", "--what", "sites", "--posisi", "2026-02-30"), "is no day"),
        (("export", "--what", "sites", "--known-at", "later"), "is no moment"),
        (("export", "--what", "sites", "--status", "baik"), "no status 'baik'"),
        (("export", "--what", "sites", "--bahasa", "nl"), "choose id or en"),
        (("export", "--what", "sites", "--provinsi", "99"), "99"),
        (("export", "--what", "sites", "--provinsi", "Jabar"), "Jabar"),
        (("export", "--what", "sites", "--kabkota", "35.99"), "35.99"),
        (("export", "--what", "sites", "--program", "jalan", "--program", "tol"), "no programme 'tol'"),
        (("export", "--what", "changes", "--format", "geojson"), "needs points"),
        (("export", "--what", "position", "--since", "2026-06-30"), "only goes with --what changes"),
        (("export", "--what", "changes", "--since", "2026-13-01"), "is no day"),
        (("export", "--what", "changes", "--since", "2026-10-31"), "is not before 2026-10-31"),
        (("export", "--what", "changes", "--since", "2026-08-01", "--posisi", "2026-07-31"), "is not before"),
        (("export", "--what", "changes", "--posisi", "2026-03-31"), "no meeting before 2026-03-31"),
        (("export", "--what", "changes", "--known-at", "2026-04-01T00:00"), "no meeting before"),
        (("meetings",), "required"),
        (("checkpoints", "open", "b06"), "invalid choice"),
        (("snapshot", "--out", "peta.gif"), "unknown kind of picture"),
        (("snapshot", "--out", "peta"), "unknown kind of picture"),
        (("snapshot", "--out", "peta.png", "--size", "a0"), "unknown size"),
        (("snapshot", "--out", "peta.png", "--indicator", "x"), "unknown indicator"),
        (("snapshot", "--out", "peta.png", "--classification", "RAHASIA"), "invalid choice"),
        (("regions", "replace", "none.gpkg", "--level", "3", "--code", "a", "--name", "b"), "invalid choice"),
        (("regions", "list", "--level", "9"), "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_refused_with_status_2_and_a_reason(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""
    assert list(tmp_path.iterdir()) == []


def test_several_reasons_are_told_at_once(capsys: Capture) -> None:
    assert run("snapshot", "--out", "peta.gif", "--size", "a0", "--indicator", "x") == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


@pytest.mark.parametrize(("option", "code"), [("--provinsi", "35.07"), ("--kabkota", "35")])
def test_a_code_of_the_other_level_is_refused_rather_than_choosing_nothing(
    option: str, code: str, capsys: Capture
) -> None:
    assert run("export", "--what", "sites", option, code) == 2
    assert code in capsys.readouterr().err


def test_a_missing_folder_is_refused_and_nothing_is_made(tmp_path: Path, capsys: Capture) -> None:
    assert run("export", "--what", "sites", "--out", str(tmp_path / "none" / "sites.csv")) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_for_a_file_name_is_refused_and_nothing_is_left_behind(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "sites.csv").mkdir()
    assert run("export", "--what", "sites", "--out", str(tmp_path / "sites.csv")) == 2
    assert "is a folder" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["sites.csv"]


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "sites.csv"
    out.write_text("old")
    assert run("export", "--what", "sites", "--out", str(out)) == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfcode,")
    assert [entry.name for entry in tmp_path.iterdir()] == ["sites.csv"]


def test_a_write_that_fails_keeps_the_old_file_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    out = tmp_path / "sites.csv"
    out.write_text("old")

    def full(_file: Path, _target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert run("export", "--what", "sites", "--out", str(out)) == 2
    assert "no space left" in capsys.readouterr().err
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("sites.csv", "old")]


# --- snapshot ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["png", "pdf", "svg", "html"])
def test_a_snapshot_of_each_kind_is_a_file_of_that_kind(kind: str, tmp_path: Path) -> None:
    out = tmp_path / f"peta.{kind.upper() if kind == 'png' else kind}"
    assert run("snapshot", "--out", str(out), "--title", "Uji <b>&</b>", "--classification", "TERBATAS") == 0
    content = out.read_bytes()
    starts = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-", "svg": b"<?xml", "html": b"<!doctype html>"}
    assert content.startswith(starts[kind])
    if kind == "svg":
        words = "".join(ET.fromstring(content).itertext())
        assert "Uji <b>&</b>" in words
        assert "TERBATAS" in words
        assert "CONTOH" in words
    if kind == "html":
        text = content.decode("utf-8")
        assert "Uji &lt;b&gt;&amp;&lt;/b&gt;" in text
        asks = re.sub(r'<a href="http://127\.0\.0\.1:8501/peta\?[^"]*"', "<a", markup(text))  # for a person to follow
        assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//""", asks)
    assert [entry.name for entry in tmp_path.iterdir()] == [out.name]


def markup(page: str) -> str:
    """A page without the inside of its scripts."""
    return re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_a_snapshot_of_one_province_without_an_indicator_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "peta.svg"
    assert run("snapshot", "--out", str(out), "--provinsi", "52", "--indicator", "none", "--bahasa", "en") == 0
    assert "Nusa Tenggara Barat" in "".join(ET.fromstring(out.read_bytes()).itertext())


# --- the rest ----------------------------------------------------------------------------------------------------


def test_the_check_finds_a_fresh_sample_in_order(capsys: Capture) -> None:
    assert run("check") == 0
    printed = capsys.readouterr().out
    for told in ("all in order", "sample data", "38 provinces", "514 kabupaten/kota", "Leaflet", "streamlit"):
        assert told in printed


def test_the_list_of_regions_has_a_line_each(capsys: Capture) -> None:
    assert run("regions", "list", "--level", "1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 38
    assert "35\tJawa Timur" in lines


@pytest.mark.parametrize(
    "command",
    [
        "",
        "sample",
        "export",
        "import",
        "undo",
        "batches",
        "template",
        "snapshot",
        "regions",
        "regions list",
        "regions build",
        "regions replace",
        "check",
        "meetings",
        "meetings list",
        "meetings add",
        "decisions",
        "decisions list",
        "decisions add",
        "decisions close",
        "stories",
        "stories list",
        "stories drop",
        "checkpoints",
        "checkpoints list",
        "checkpoints close",
    ],
)
def test_every_command_explains_itself(command: str, capsys: Capture) -> None:
    assert run(*command.split(), "--help") == 0
    assert "usage: python -m geo" in capsys.readouterr().out


def test_the_program_runs_as_a_module_and_prints_nothing_but_the_answer(filled: Path) -> None:
    environment = {**os.environ, "GEO_DATA_DIR": str(filled), "PYTHONWARNINGS": "error::FutureWarning"}
    done = subprocess.run(
        [sys.executable, "-m", "geo", "export", "--what", "regions", "--format", "json"],
        cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    assert json.loads(done.stdout)[0]["sites"] == len(shown().positions)
