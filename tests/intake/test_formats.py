"""A file's format is told by what it contains."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.intake.formats import ACCEPTED, ENDINGS, Format, ending_fits, recognised
from geo.intake.readers.contents import UnreadableError
from tests.intake import awkward

PLAIN = {
    "biasa.csv": Format.CSV,
    "biasa.tsv": Format.CSV,
    "biasa.xlsx": Format.XLSX,
    "biasa.xls": Format.XLS,
    "biasa.ods": Format.ODS,
    "biasa.geojson": Format.GEOJSON,
    "biasa.gpkg": Format.GEOPACKAGE,
    "biasa.zip": Format.SHAPEFILE,
    "biasa.kml": Format.KML,
    "biasa.kmz": Format.KMZ,
    "biasa.gpx": Format.GPX,
    "makro.xlsm": Format.XLSM,
    "bukan.xlsx": Format.CSV,
    "sebenarnya-xlsx.csv": Format.XLSX,
}


def case(file: str) -> awkward.Case:
    return next(one for one in awkward.CASES if one.file == file)


def written(folder: Path, content: bytes, name: str = "berkas") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> tuple[str, dict[str, str]]:
    with pytest.raises(UnreadableError) as caught:
        recognised(path)
    return caught.value.said.code, caught.value.said.told


@pytest.mark.parametrize("file", PLAIN)
def test_the_content_decides_whatever_the_name_says(tmp_path: Path, file: str) -> None:
    path = tmp_path / "berkas.bin"
    case(file).write(path)
    assert recognised(path) is PLAIN[file]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x1f\x8b\x08\x00\x00", "GZIP"),
        (b"MZ\x90\x00\x03\x00", "EXE"),
        (b"SQLite format 3\x00" + b"\x00" * 100, "SQLite"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:x'/>", "XML Spreadsheet 2003"),
        (b"<OGRVRTDataSource/>", "XML"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(tmp_path: Path, content: bytes, shown: str) -> None:
    assert refusal(written(tmp_path, content)) == ("file.unread", {"format": shown})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe  \r\n", "file.empty"),
        (b"\x00" * 64, "file.nul"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 90, "shape.alone"),
        (b"<!DOCTYPE html><p>", "file.html"),
        (b"<table><tr><td>1</td></tr></table>", "file.html"),
        (b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "xml.entities"),
        (b'[{"a": 1}]', "json.kind"),
        (b"PK\x03\x04 and nothing more", "file.damaged"),
        (awkward.compound({"Other": b"x"}), "file.damaged"),
    ],
)
def test_what_cannot_be_a_table_is_refused_with_its_own_reason(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(written(tmp_path, content))[0] == code


def test_a_table_may_begin_with_letters_that_programs_begin_with(tmp_path: Path) -> None:
    assert recognised(written(tmp_path, b"MZ,BZh\n1,2\n")) is Format.CSV


def test_a_table_may_begin_with_a_bracket(tmp_path: Path) -> None:
    assert recognised(written(tmp_path, b"[kode],nama\n1,2\n")) is Format.CSV


def test_every_format_has_an_ending_that_fits_and_is_accepted() -> None:
    for found in Format:
        assert ENDINGS[found]
        for ending in ENDINGS[found]:
            assert ending_fits(f"Laporan{ending.upper()}", found)
            assert ending in ACCEPTED
    assert not ending_fits("laporan.xlsx", Format.CSV)


@given(st.binary(max_size=300))
def test_any_bytes_are_recognised_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), content)
    with contextlib.suppress(UnreadableError):
        assert recognised(path) in Format
