"""Pictures on the command line: their numbers, finding, drawing again, checking, and reopening them on the screens."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.__main__ import main
from geo.cli import pictures
from geo.drawing.request import Request
from geo.model import FOCUS_PROVINCES
from geo.store import Batch, Store, StoredSnapshot, open_store
from tests.prepared import sample_folder

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose store holds the shipped sample."""
    return sample_folder(tmp_path_factory.mktemp("filled"))


@pytest.fixture(autouse=True)
def folder(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A copy of the sample's store that a test may write to, and a folder to write pictures in."""
    shutil.copytree(filled, tmp_path / "data")
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    for name in ("GEO_DATABASE_URL", "GEO_PROGRAMMES", "GEO_THRESHOLDS", "GEO_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "out").mkdir()
    capsys.readouterr()
    return tmp_path / "out"


def run(*arguments: object) -> int:
    """The exit status of ``snapshot``, that of a refused option included."""
    try:
        return main(["snapshot", *map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)


def drawn(capsys: Capture, *arguments: object) -> str:
    """Draw a picture; the number printed."""
    capsys.readouterr()
    assert run(*arguments) == 0
    return capsys.readouterr().err.splitlines()[-1].removeprefix("snapshot ")


def kept() -> list[StoredSnapshot]:
    return open_store().snapshots()


def correct(store: Store, *, at: datetime, percent: float = 12.0, **more: Any) -> None:
    """Commit another figure for the last report of a site in Jawa Timur."""
    sites = store.sites()
    reports = store.reports().dropna(subset=["percent"])
    site = sites.loc[sites["region_code"].str.startswith("35") & sites["code"].isin(reports["site_code"]), "code"].iloc[
        0
    ]
    last = reports[reports["site_code"] == site].sort_values("as_of").iloc[-1]
    rows = pd.DataFrame({"site_code": [site], "as_of": [last["as_of"]], "percent": [percent], **more})
    batch = Batch("reports", "koreksi.csv", "0" * 64, rows=1)
    done = store.commit_batch(batch, {"reports": rows}, actor="Dinas Contoh", at=at, keep_recorded_at=bool(more))
    assert done.new + done.changed == 1


# --- the number --------------------------------------------------------------------------------------------------


def test_an_export_is_recorded_with_its_number_office_request_and_fingerprint(folder: Path, capsys: Capture) -> None:
    before = open_store().versions()
    out = folder / "peta.svg"
    number = drawn(capsys, "--out", out, "--provinsi", "35", "--title", "Rapat", "--by", "Deputi Contoh")
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", number)
    (one,) = kept()
    assert (one.number, one.what, one.form, one.file_name, one.actor) == (
        number, "map", "svg", "peta.svg", "Deputi Contoh",
    )  # fmt: skip
    assert one.bytes == out.stat().st_size
    request = Request.from_dict(one.request)
    assert (request.filters.provinces, request.title, request.number) == (("35",), "Rapat", number)
    assert number in out.read_text("utf-8")
    assert open_store().versions() == before


def test_the_same_question_has_the_same_number_and_bytes_whoever_asks_and_whenever(
    folder: Path, capsys: Capture
) -> None:
    numbers = {
        drawn(capsys, "--out", folder / name, "--provinsi", "35", "--by", name) for name in ("satu.svg", "dua.svg")
    }
    assert len(numbers) == 1
    assert (folder / "satu.svg").read_bytes() == (folder / "dua.svg").read_bytes()
    other = drawn(capsys, "--out", folder / "tiga.svg", "--provinsi", "35", "--no-graticule")
    assert other not in numbers


@pytest.mark.parametrize("end", ["png", "pdf", "svg", "html"])
def test_each_kind_can_be_found_drawn_again_and_checked(end: str, folder: Path, capsys: Capture) -> None:
    first, again = folder / f"satu.{end}", folder / f"lagi.{end}"
    number = drawn(capsys, "--out", first, "--provinsi", "52", "--extent", "115.5,-9.2,117,-8")
    assert run("--again", number.lower().replace("-", " "), "--out", again) == 0
    assert "the same to the byte" in capsys.readouterr().out
    assert again.read_bytes() == first.read_bytes()
    assert run("--check", again) == 0
    assert f"unaltered, snapshot {number}" in capsys.readouterr().out


def test_a_moment_to_come_means_what_is_known_by_now(folder: Path, capsys: Capture) -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    now = drawn(capsys, "--out", folder / "a.svg", "--provinsi", "52")
    assert drawn(capsys, "--out", folder / "b.svg", "--provinsi", "52", "--known-at", later) == now


# --- again -------------------------------------------------------------------------------------------------------


def test_a_correction_leaves_what_was_exported_as_it_was(folder: Path, capsys: Capture) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "35")
    correct(open_store(), at=datetime.now(UTC))  # within the minute that the picture tells
    assert run("--again", number, "--out", folder / "lagi.svg") == 0
    assert (folder / "lagi.svg").read_bytes() == (folder / "rapat.svg").read_bytes()
    today = drawn(capsys, "--out", folder / "kini.svg", "--provinsi", "35")
    assert today != number
    words = [re.sub(r"[0-9A-Z]{5}-[0-9A-Z]{5}", "", (folder / name).read_text("utf-8")) for name in
             ("rapat.svg", "kini.svg")]  # fmt: skip
    assert words[0] != words[1]


def test_what_rests_on_other_thresholds_gets_its_own_number_and_the_reason(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "35")
    limits = folder / "thresholds.toml"
    limits.write_text("watch_points = 1.0\n")
    monkeypatch.setenv("GEO_THRESHOLDS", str(limits))
    assert run("--again", number, "--out", folder / "lagi.svg") == 2
    told = capsys.readouterr().err
    assert f"not the same as snapshot {number}" in told
    assert "the thresholds were changed since" in told
    newest = kept()[0]
    assert newest.number != number
    assert newest.number in (folder / "lagi.svg").read_text("utf-8")
    assert number not in (folder / "lagi.svg").read_text("utf-8")


def test_records_that_name_an_earlier_moment_are_told_as_the_reason(folder: Path, capsys: Capture) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "35")
    long_ago = pd.Timestamp("2026-11-02T03:00Z")
    correct(open_store(), at=datetime.now(UTC) + timedelta(minutes=5), recorded_at=[long_ago])
    assert run("--again", number, "--out", folder / "lagi.svg") == 2
    assert "records that name an earlier moment were taken in since" in capsys.readouterr().err


def test_what_other_libraries_draw_is_not_written_under_the_old_number(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "52")
    monkeypatch.setattr(pictures, "picture", lambda *_args, **_options: b"<svg/>")
    assert run("--again", number, "--out", folder / "lagi.svg") == 2
    assert "the libraries or fonts that draw are others" in capsys.readouterr().err
    assert not (folder / "lagi.svg").exists()
    assert len(kept()) == 1


def test_a_newer_software_that_draws_the_same_says_so(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "52")
    monkeypatch.setattr("geo.gather.__version__", "9.0.0")
    assert run("--again", number, "--out", folder / "lagi.svg") == 0


def test_a_picture_is_drawn_again_as_what_it_was(folder: Path, capsys: Capture) -> None:
    number = drawn(capsys, "--out", folder / "rapat.svg", "--provinsi", "52")
    assert run("--again", number, "--out", folder / "lagi.png") == 2
    assert "is a svg" in capsys.readouterr().err


# --- find and check ----------------------------------------------------------------------------------------------


def test_a_number_finds_filters_clocks_version_office_and_moment(folder: Path, capsys: Capture) -> None:
    number = drawn(capsys, "--out", folder / "peta.svg", "--provinsi", "35", "--program", "ktn", "--posisi",
                   "2026-06-30", "--known-at", "2026-10-31T02:00", "--by", "Deputi Contoh")  # fmt: skip
    assert run("--find", number) == 0
    told = capsys.readouterr().out
    for part in (
        number, "provinsi=35; program=ktn", "2026-06-30", "2026-10-31 09:00 WIB", "records=", "boundaries=",
        "by Deputi Contoh: peta.svg", "diketahui=2026-10-31T09:00",
    ):  # fmt: skip
        assert part in told
    assert run("--find", number, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert Request.from_dict(found["request"]).number == found["number"] == number
    assert [export["by"] for export in found["exports"]] == ["Deputi Contoh"]


@pytest.mark.parametrize(
    ("number", "told"), [("ZZZZZ-ZZZZZ", "No export has the number ZZZZZ-ZZZZZ"), ("12", "no number of a snapshot")]
)
def test_a_number_that_finds_nothing_is_told(number: str, told: str, capsys: Capture) -> None:
    assert run("--find", number) == 2
    assert told in capsys.readouterr().err


def test_an_altered_file_is_told_with_the_number_it_bears(folder: Path, capsys: Capture) -> None:
    out = folder / "peta.svg"
    number = drawn(capsys, "--out", out, "--provinsi", "52")
    out.write_bytes(out.read_bytes().replace(b"</svg>", b"<!-- --></svg>"))
    assert run("--check", out) == 2
    assert f"bears the number {number} and is not the file that was exported" in capsys.readouterr().err


def test_a_strange_file_and_a_missing_one_are_told(folder: Path, capsys: Capture) -> None:
    (folder / "lain.png").write_bytes(b"\x89PNG K7QM3-XPA2D")
    assert run("--check", folder / "lain.png") == 2
    assert "no file that was exported from here" in capsys.readouterr().err
    assert run("--check", folder / "tiada.png") == 2
    assert "cannot be read" in capsys.readouterr().err


# --- several -----------------------------------------------------------------------------------------------------


def test_several_provinces_give_one_picture_or_with_each_one_apiece(folder: Path, capsys: Capture) -> None:
    drawn(capsys, "--out", folder / "jawa.svg", "--provinsi", "35,52")
    assert run("--each", "--out", folder / "peta-{provinsi}.svg", "--provinsi", "35,52") == 0
    assert sorted(path.name for path in folder.iterdir()) == ["jawa.svg", "peta-35.svg", "peta-52.svg"]
    chosen = [Request.from_dict(one.request).filters.provinces for one in kept()]
    assert chosen == [("52",), ("35",), ("35", "52")]
    alone = drawn(capsys, "--out", folder / "satu.svg", "--provinsi", "52")
    assert (folder / "satu.svg").read_bytes() == (folder / "peta-52.svg").read_bytes()
    assert kept()[1].number == alone


def test_each_without_provinces_fills_a_folder_with_the_five(folder: Path) -> None:
    assert run("--each", "--out", folder) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert [name.split("-")[2] for name in names] == sorted(FOCUS_PROVINCES)
    assert {Path(name).suffix for name in names} == {".png"}
    assert len({one.number for one in kept()}) == len(FOCUS_PROVINCES)


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "not told where to write"),
        (("--again", "K7QM3-XPA2D"), "not told where to write"),
        (("--find", "K7QM3-XPA2D", "--out", "a.png"), "--out goes with a picture"),
        (("--find", "K7QM3-XPA2D", "--provinsi", "35"), "--provinsi cannot be used with --find"),
        (("--find", "K7QM3-XPA2D", "--check", "a.png"), "not allowed with"),
        (("--again", "K7QM3-XPA2D", "--out", "a.png", "--size", "4k", "--each"), "--each, --size cannot be used"),
        (("--out", "a.png", "--extent", "112,-8,111,-7"), "west must lie below east"),
        (("--out", "a.png", "--extent", "112,-8,113"), "is no extent"),
        (("--out", "a.png", "--extent", "112,-8,nan,-7"), "is no extent"),
        (("--out", "a.png", "--colours", "cmyk"), "PDF"),
        (("--each", "--out", "a.png"), "every picture to a.png"),
        (("--each", "--out", "peta-{provinsi}.gif"), "unknown kind of picture"),
        (("--each", "--out", "{provinsi}.png", "--kabkota", "35.07"), "--each draws whole provinces"),
        (("--out", "a.png", "--by", " "), "actor is empty"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    arguments: tuple[str, ...], told: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(folder)
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert list(folder.iterdir()) == []
    assert kept() == []


def test_a_public_address_that_is_none_is_refused_before_drawing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("GEO_PUBLIC_URL", "sinergisitas")
    assert run("--out", folder / "a.png") == 2
    assert "GEO_PUBLIC_URL is no address" in capsys.readouterr().err


def test_an_export_that_cannot_be_recorded_fails_and_keeps_the_old_file(folder: Path, capsys: Capture) -> None:
    out = folder / "peta.svg"
    out.write_text("old")
    connection = sqlite3.connect(open_store().place)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON snapshots BEGIN SELECT RAISE(ABORT, 'no more'); END")
    connection.close()
    assert run("--out", out, "--provinsi", "52") == 2
    assert "no more" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("peta.svg", "old")]


# --- the screens -------------------------------------------------------------------------------------------------


def _screen() -> None:
    """What every screen does with its address, and what it then takes for its filters."""
    import streamlit as st

    from pages.parts import address, filters, queries

    spoken = address.language()
    unknown = address.adopt("peta", filters.allowed(), moment=filters.moment_of, default_on=queries.default_day())
    st.session_state["_found"] = (filters.ready(), st.session_state.get("indikator"), spoken, unknown)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--provinsi", "35"),
        ("--provinsi", "32,35", "--program", "ktn,koperasi", "--status", "kritis", "--indicator", "none"),
        ("--provinsi", "35", "--kabkota", "35.07", "--indicator", "deviation", "--bahasa", "en"),
        ("--posisi", "2026-06-30", "--known-at", "2026-07-10"),
        ("--posisi", "2026-06-30", "--known-at", "2026-07-10T02:00:30"),
    ],
)
def test_the_screens_read_from_the_address_the_filters_clocks_and_indicator_of_the_picture(
    arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--out", folder / "peta.svg", *arguments) == 0
    request = Request.from_dict(kept()[0].request)
    later = request.known_at.astimezone(pictures._WIB).replace(tzinfo=None) + timedelta(minutes=2)
    monkeypatch.setattr("pages.parts.filters.local_now", lambda: later)
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_function(_screen, default_timeout=60)
    for name, values in parse_qs(urlsplit(pictures.address(request)).query).items():
        app.query_params[name] = values
    app.run()
    st.cache_data.clear()
    st.cache_resource.clear()
    assert not app.exception
    found, indicator, spoken, unknown = app.session_state["_found"]
    assert unknown == []
    assert found == request.filters
    shown = {"tanpa": None, None: "progress"}.get(indicator, indicator)
    assert (shown, spoken) == (request.indicator, request.language)
