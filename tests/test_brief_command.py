"""``python -m geo brief``: what it makes, records, refuses, and that it leaves nothing half written."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest

from geo.__main__ import main
from geo.drawing.request import Request
from geo.store import Store, open_store
from tests.prepared import sample_folder

ROOT = Path(__file__).resolve().parents[1]
Capture = pytest.CaptureFixture[str]
SMALL = ("--provinsi", "72", "--program", "rusun")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose store holds the shipped sample."""
    return sample_folder(tmp_path_factory.mktemp("briefs"))


@pytest.fixture(autouse=True)
def store(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("GEO_DATA_DIR", str(filled))
    for name in ("GEO_DATABASE_URL", "GEO_PROGRAMMES", "GEO_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    return open_store()


def run(*arguments: str) -> int:
    """The exit status of the command, that of a refused option included."""
    try:
        return main(["brief", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_an_atlas_is_made_recorded_and_told_by_its_number(store: Store, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "atlas.pdf"
    chosen = ("--posisi", "2026-09-30", "--since", "2026-06-30", "--classification", "TERBATAS", "--bahasa", "en")
    assert run("--out", str(out), *SMALL, *chosen, "--title", "For the meeting", "--by", "Sekretariat") == 0
    printed = capsys.readouterr().out.strip()
    number = printed.removeprefix("snapshot ")
    (kept,) = store.snapshots(number)
    assert (kept.what, kept.form, kept.actor, kept.file_name) == ("atlas", "pdf", "Sekretariat", "atlas.pdf")
    assert kept.sha256 == sha256(out.read_bytes()).hexdigest()
    request = Request.from_dict(kept.request)
    assert request.number == number
    assert (request.filters.provinces, request.filters.programmes) == (("72",), ("rusun",))
    assert (request.filters.on, request.since) == (date(2026, 9, 30), date(2026, 6, 30))
    assert (request.classification, request.language, request.title) == ("TERBATAS", "en", "For the meeting")
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages)
    for told in (number, "For the meeting", "TERBATAS", "30 September 2026"):
        assert told in text


@pytest.mark.parametrize(("ending", "what"), [("pptx", "deck"), ("xlsx", "annex")])
def test_the_same_question_has_the_same_number_and_the_same_bytes(
    store: Store, tmp_path: Path, capsys: Capture, ending: str, what: str
) -> None:
    files = [tmp_path / f"{name}.{ending}" for name in ("first", "second")]
    for file in files:
        assert run("--out", str(file), *SMALL) == 0
    first, second = capsys.readouterr().out.split("\n")[:2]
    assert first == second
    assert files[0].read_bytes() == files[1].read_bytes()
    assert [kept.what for kept in store.snapshots(first.removeprefix("snapshot "))] == [what, what]


def test_progress_is_told_line_by_line_from_nothing_to_all(tmp_path: Path, capsys: Capture) -> None:
    assert run("--out", str(tmp_path / "annex.xlsx"), *SMALL, "--progress") == 0
    *lines, number = capsys.readouterr().out.splitlines()
    shares = [float(line) for line in lines]
    assert shares == sorted(shares)
    assert shares[0] < 0.2
    assert shares[-1] == 1.0
    assert len(shares) > 5
    assert number.startswith("snapshot ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "F.docx"), "unknown kind of briefing '.docx'. End the name with .pdf (atlas), .pptx (deck)"),
        (("--out", "F"), "unknown kind of briefing ''"),
        (("--out", "no/F.pdf"), "there is no folder no. Make it first."),
        (("--out", "folder.pdf"), "folder.pdf is a folder. Name a file in it."),
        (("--out", "F.pdf", "--template", "T.pptx"), "--template only goes with a .pptx"),
        (("--out", "F.pptx", "--template", "T.pptx"), "the template cannot be read (No such file or directory)"),
        (("--out", "F.pptx", "--template", "text.pptx"), "template"),
        (("--out", "F.pdf", "--indicator", "luck"), "unknown indicator 'luck'. Choose one of: progress, deviation"),
        (("--out", "F.pdf", "--posisi", "2026-06-30", "--since", "2026-06-30"), "2026-06-30 is not before 2026-06-30"),
        (("--out", "F.pdf", "--program", "x"), "no programme 'x'"),
        (("--out", "F.pdf", "--provinsi", "35.07"), "is no province"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_neither_file_nor_record(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.pdf").mkdir()
    Path("text.pptx").write_text("no presentation", encoding="utf-8")
    before = (sorted(tmp_path.iterdir()), len(store.snapshots()))
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert (sorted(tmp_path.iterdir()), len(store.snapshots())) == before


def test_stopping_it_leaves_neither_file_nor_record(store: Store, tmp_path: Path) -> None:
    before = len(store.snapshots())
    command = [sys.executable, "-m", "geo", "brief", "--out", str(tmp_path / "atlas.pdf"), "--progress"]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as making:
        assert making.stdout is not None
        assert making.stderr is not None
        assert float(making.stdout.readline()) < 1
        making.send_signal(signal.SIGINT)
        said = making.stderr.read()
    assert making.returncode == 130
    assert said.strip() == "Stopped."
    assert list(tmp_path.iterdir()) == []
    assert len(store.snapshots()) == before


# --- series ------------------------------------------------------------------------------------------------------


def series(*arguments: str) -> int:
    return main(["series", *arguments])


def test_a_series_holds_a_recorded_picture_of_every_province_chosen(
    store: Store, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "maps.zip"
    assert (
        series("--out", str(out), "--provinsi", "32,72", "--form", "svg", "--bahasa", "en", "--by", "Sekretariat") == 0
    )
    numbers = [line.removeprefix("snapshot ") for line in capsys.readouterr().out.splitlines()]
    with zipfile.ZipFile(out) as packed:
        names = packed.namelist()
        drawn = [packed.read(name) for name in names]
    kept = [store.snapshots(number)[0] for number in numbers]
    assert [one.sha256 for one in kept] == [sha256(content).hexdigest() for content in drawn]
    assert [one.file_name for one in kept] == names
    assert [Request.from_dict(one.request).filters.provinces for one in kept] == [("32",), ("72",)]
    assert {(one.actor, one.form) for one in kept} == {("Sekretariat", "svg")}
    assert all(number.encode() in content for number, content in zip(numbers, drawn, strict=True))


def test_the_same_series_has_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("first.zip", "second.zip")]
    for file in files:
        assert series("--out", str(file), "--provinsi", "72", "--size", "persegi") == 0
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "F.pdf"), "unknown kind of file '.pdf'. End the name with .zip."),
        (("--out", "no/F.zip"), "there is no folder no. Make it first."),
        (("--out", "F.zip", "--form", "bmp"), "unknown kind of picture 'bmp'. Choose one of: png, pdf, svg, html."),
        (("--out", "F.zip", "--size", "a0"), "unknown size 'a0'"),
        (("--out", "F.zip", "--indicator", "luck"), "unknown indicator 'luck'"),
        (("--out", "F.zip", "--colours", "cmyk"), "only a PDF can hold the colours of a printing press"),
        (("--out", "F.zip", "--kabkota", "35.07"), "a series draws whole provinces. Leave out --kabkota."),
    ],
)
def test_a_series_that_cannot_be_made_is_refused(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = len(store.snapshots())
    assert series(*arguments) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert len(store.snapshots()) == before
