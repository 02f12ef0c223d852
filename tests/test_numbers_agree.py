"""The figures in an atlas, a deck and an annex, read out of the files, are those that the command export gives."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pypdf
import pytest

from geo.__main__ import main
from geo.locale import Translator, translator
from geo.model import Language

DAY, LAST = "2026-06-30", "2026-10-31"
FOCUS = {
    "32": "Jawa Barat",
    "33": "Jawa Tengah",
    "35": "Jawa Timur",
    "52": "Nusa Tenggara Barat",
    "72": "Sulawesi Tengah",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with exports of two days, a briefing of one in three forms, and an English atlas of the other."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("agree")
        patch.setenv("GEO_DATA_DIR", str(folder))
        for day in (DAY, LAST):
            for what in ("regions", "position"):
                out = folder / f"{what}-{day}.json"
                asked = ["export", "--what", what, "--format", "json", "--posisi", day, "--out", str(out)]
                assert main(asked) == 0
        for form in ("pdf", "pptx", "xlsx"):
            assert main(["brief", "--posisi", DAY, "--out", str(folder / f"brief.{form}")]) == 0
        assert main(["brief", "--posisi", LAST, "--bahasa", "en", "--out", str(folder / "english.pdf")]) == 0
        yield folder


def exported(folder: Path, what: str, day: str) -> dict[str, dict[str, Any]]:
    """The rows of an export by code."""
    told = json.loads((folder / f"{what}-{day}.json").read_text(encoding="utf-8"))
    rows = told["data"] if isinstance(told, dict) else told
    return {row["code"] or "": row for row in rows}


def region_line(row: dict[str, Any], name: str, t: Translator) -> list[str]:
    """What the tables of regions say of a row of the export."""
    return [
        name,
        t.integer(row["sites"]),
        t.percent(row["actual_percent"]),
        t.percent(row["plan_percent"]),
        t.points(row["deviation_points"], unit=False),
        f"{t.integer(row['base'])}/{t.integer(row['sites'])}",
        t.integer(row["late"]),
        t.integer(row["kritis"]),
        t.integer(row["silent"]),
        t.integer(row["selesai"]),
        t.share(row["spend_share"], digits=1),
    ]


def pdf_text(file: Path) -> str:
    """All text of a PDF, without blanks."""
    return unspaced(page.extract_text() for page in pypdf.PdfReader(file).pages)


def slide_tables(file: Path) -> list[list[list[str]]]:
    """The native tables of a deck, row by row."""
    slides = pptx.Presentation(io.BytesIO(file.read_bytes())).slides
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
    ]


@pytest.mark.parametrize(("name", "day", "language"), [("brief.pdf", DAY, "id"), ("english.pdf", LAST, "en")])
def test_the_atlas_says_what_the_export_says(files: Path, name: str, day: str, language: Language) -> None:
    t = translator(language)
    text = pdf_text(files / name)
    rows = exported(files, "regions", day)
    for code, region in FOCUS.items():
        assert unspaced(region_line(rows[code], region, t)) in text
    sites = exported(files, "position", day)
    assert len(sites) > 100
    for code, site in sites.items():
        figures = unspaced(
            (
                t.percent(site["actual_percent"]),
                t.percent(site["plan_percent"]),
                t.points(site["deviation_points"], unit=False),
            )
        )
        rows_of_it = [text[at.end() : at.end() + 160] for at in re.finditer(re.escape(code), text)]
        assert any(figures in row for row in rows_of_it), (code, figures, rows_of_it)


def unspaced(texts: Iterable[str]) -> str:
    """Texts one behind another without blanks: where a line breaks says nothing."""
    return re.sub(r"\s+", "", "".join(texts))


def test_the_deck_says_what_the_export_says(files: Path) -> None:
    t = translator("id")
    rows = exported(files, "regions", DAY)
    lines = [line for table in slide_tables(files / "brief.pptx") for line in table]
    for code, region in FOCUS.items():
        wanted = region_line(rows[code], region, t)
        found = [line for line in lines if line[0] == region]
        assert found, region
        for line in found:
            assert set(line) <= set(wanted), (line, wanted)
        assert any({wanted[2], wanted[3], wanted[4]} <= set(line) for line in found), (found, wanted)


def test_the_annex_holds_the_very_numbers_of_the_export(files: Path) -> None:
    book = openpyxl.load_workbook(files / "brief.xlsx", data_only=True)
    numbers = {
        round(float(cell), 6)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, (int, float)) and not isinstance(cell, bool)
    }
    for what in ("regions", "position"):
        for code, row in exported(files, what, DAY).items():
            for name in ("actual_percent", "plan_percent", "deviation_points"):
                if row[name] is not None:
                    assert round(float(row[name]), 6) in numbers, (what, code, name)
