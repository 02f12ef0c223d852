"""Decisions and kept runs on the command line, and a kept run as slides."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pptx import Presentation

from geo.__main__ import main
from geo.store import open_store
from geo.stories import keep_story
from tests.prepared import sample_folder

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose store holds the shipped sample."""
    return sample_folder(tmp_path_factory.mktemp("filled"))


@pytest.fixture(autouse=True)
def own_store(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(filled))
    monkeypatch.delenv("GEO_DATABASE_URL", raising=False)


def test_a_decision_is_noted_listed_and_closed(capsys: Capture) -> None:
    asked = ("decisions", "add", "Percepat serah terima", "--responsible", "Dinas Koperasi", "--due", "2028-12-01")
    assert main((*asked, "--provinsi", "72")) == 0
    code = capsys.readouterr().out.strip()
    assert re.fullmatch(r"K-[2-9A-Z]{6}", code)
    assert main(("decisions", "list")) == 0
    assert f"{code}\t2028-12-01\topen\t72\tDinas Koperasi\tPercepat serah terima" in capsys.readouterr().out
    assert main(("decisions", "close", code)) == 0
    assert main(("decisions", "close", code)) == 2
    capsys.readouterr()
    assert main(("decisions", "list")) == 0
    assert code not in capsys.readouterr().out
    assert main(("decisions", "list", "--all")) == 0
    assert f"{code}\t2028-12-01\tdone" in capsys.readouterr().out


def test_a_decision_that_names_a_person_is_refused(capsys: Capture) -> None:
    assert main(("decisions", "add", "Tinjau", "--responsible", "Ibu Contoh", "--due", "2028-12-01")) == 2
    assert "names a person" in capsys.readouterr().err


def test_a_kept_run_becomes_slides_of_its_pages_with_its_notes(filled: Path, tmp_path: Path, capsys: Capture) -> None:
    store = open_store()
    keep_story(
        store, name="Rapat pimpinan", query={"program": "koperasi"}, pages=["72", "keputusan"],
        notes={"72": "Mulai dari yang paling tertinggal"}, actor="layar", at=datetime.now(UTC),
    )  # fmt: skip
    store.close()
    out = tmp_path / "rapat.pptx"
    assert main(("brief", "--story", "Rapat pimpinan", "--out", str(out))) == 0
    slides = Presentation(io.BytesIO(out.read_bytes())).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides if slide.shapes.title is not None]
    texts = " ".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert "Mulai dari yang paling tertinggal" in texts
    assert any("keputusan" in title for title in titles)
    assert not any("Jawa Barat" in title or "Renaksi" in title for title in titles)
    capsys.readouterr()
    assert main(("stories", "list")) == 0
    assert capsys.readouterr().out == "Rapat pimpinan\tprogram=koperasi\t72,keputusan\n"
    assert main(("brief", "--story", "Tidak ada", "--out", str(out))) == 2
    assert main(("brief", "--story", "Rapat pimpinan", "--out", str(tmp_path / "rapat.pdf"))) == 2
    assert main(("stories", "drop", "Rapat pimpinan")) == 0
    assert main(("brief", "--story", "Rapat pimpinan", "--out", str(out))) == 2
