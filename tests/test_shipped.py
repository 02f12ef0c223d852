"""Files that packages ship: found by address, compressed once, their modules followed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from geo.shipped import Files, modules_needed

CODE = b"export const words = ['tempat', 'tempat', 'tempat', 'tempat', 'tempat', 'tempat', 'tempat'];\n" * 9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "Slider.AAAAaaaa.js").write_bytes(
        b'import{a}from"./common.BBBBbbbb.js";import"./side.CCCCcccc.js";'
    )
    (tmp_path / "js" / "SliderTicks.EEEEeeee.js").write_bytes(CODE)
    (tmp_path / "js" / "common.BBBBbbbb.js").write_bytes(
        b'import*as x from "./Slider.AAAAaaaa.js";import("./late.DDDDdddd.js")'
    )
    (tmp_path / "js" / "side.CCCCcccc.js").write_bytes(CODE)
    (tmp_path / "js" / "late.DDDDdddd.js").write_bytes(CODE)
    (tmp_path / "letters.FFFFffff.woff2").write_bytes(bytes(range(256)))
    (tmp_path / "index.html").write_text("<p>", encoding="utf-8")
    return tmp_path


def test_files_whose_name_carries_a_hash_are_found_by_their_address(folder: Path) -> None:
    files = Files({"/static": folder})
    assert "/static/js/side.CCCCcccc.js" in set(files)
    assert "/static/index.html" not in set(files)
    assert files.find("/static/index.html") is None
    assert files.find("/static/js/../index.html") is None
    assert files.find("/static/js") is None


def test_code_is_compressed_and_what_is_compressed_already_is_not(folder: Path) -> None:
    files = Files({"/static": folder})
    code, letters = files.find("/static/js/side.CCCCcccc.js"), files.find("/static/letters.FFFFffff.woff2")
    assert code is not None
    assert code.gzipped is not None
    assert (gzip.decompress(code.gzipped), code.content, code.media_type) == (CODE, CODE, "text/javascript")
    assert letters is not None
    assert (letters.gzipped, letters.media_type) == (None, "font/woff2")


def test_a_file_is_read_once(folder: Path) -> None:
    files = Files({"/static": folder})
    files.read_all()
    (folder / "js" / "side.CCCCcccc.js").unlink()
    kept = files.find("/static/js/side.CCCCcccc.js")
    assert kept is not None
    assert kept.content == CODE


def test_a_module_comes_with_what_it_imports_at_once_and_not_with_what_it_loads_later(folder: Path) -> None:
    needed = modules_needed(folder / "js", ["Slider", "NotInThisVersion"])
    assert needed == ["Slider.AAAAaaaa.js", "common.BBBBbbbb.js", "side.CCCCcccc.js"]
