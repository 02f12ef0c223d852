"""Draw every size, form, day and region once and lay the pictures side by side, to look at them one by one.

Run with ``python -m tests.drawing.contact_sheet FOLDER [--only TEXT]``: the files and, for each form, a sheet of
thumbnails. PDF is looked at as ``pdftoppm`` (poppler-utils) shows it, SVG and HTML as Chromium does.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from geo.drawing.print_map import SIZES
from geo.drawing.snapshot import FORMS, picture
from geo.drawing.view import MapView
from geo.locale import translator
from geo.model import Language
from geo.sample import sample_tables
from tests.views import view_of

DAYS: Final = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 10, 31))
REGIONS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "semua": {},
    "dua": {"provinces": ("33", "35")},
    "jatim": {"provinces": ("35",)},
    "ntb": {"provinces": ("52",)},
    "malang": {"regencies": ("35.07",)},
    "seribu": {"regencies": ("31.01",)},
}
"""The whole programme, two provinces, a province each of many and of few sites, one kabupaten, and the longest name."""
NUMBER: Final = "K7QM3-XPA2D"
ADDRESS: Final = (
    "http://127.0.0.1:8501/peta?provinsi=35&posisi=2026-10-31&dikenal=2026-11-02T14%3A05&indikator=progress"
)
_THUMB: Final = 520


@dataclass(frozen=True)
class Wanted:
    """One picture of the contact sheet."""

    size: str
    form: str
    day: date
    region: str

    @property
    def language(self) -> Language:
        """Indonesian and English in turns."""
        return "en" if (list(SIZES).index(self.size) + list(REGIONS).index(self.region)) % 2 else "id"

    @property
    def name(self) -> str:
        return f"{self.size}-{self.region}-{self.day:%m}-{self.language}.{self.form}"

    def view(self, tables: dict[str, pd.DataFrame]) -> MapView:
        indicator = ("progress", "deviation", None)[DAYS.index(self.day)]
        return view_of(tables, indicator=indicator, on=self.day, **REGIONS[self.region])

    def bytes(self, tables: dict[str, pd.DataFrame]) -> bytes:
        options: dict[str, Any] = {"number": NUMBER, "address": ADDRESS}
        if self.region == "ntb":
            options |= {"graticule": False, "classification": "TERBATAS"}
        if self.region == "malang":
            options |= {"colours": "cmyk" if self.form == "pdf" else "rgb"}
        if self.region == "seribu":
            options |= {"title": ("Perkembangan lokasi program di Kabupaten Administrasi Kepulauan Seribu " * 2)[:140]}
        view, t = self.view(tables), translator(self.language)
        return picture(view, t, form=self.form, size=self.size, sample=True, **options)


def every() -> Iterator[Wanted]:
    """Every picture; HTML has no size and comes once."""
    for form in FORMS:
        for size in SIZES if form != "html" else ("layar",):
            for day in DAYS:
                yield from (Wanted(size, form, day, region) for region in REGIONS)


def make(folder: Path, *, only: str = "") -> list[Path]:
    """Draw the pictures whose name holds ``only`` and a contact sheet of each form; gives the sheets."""
    tables = sample_tables()
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[Path]] = {form: [] for form in FORMS}
    for wanted in every():
        if only in wanted.name:
            file = folder / wanted.name
            file.write_bytes(wanted.bytes(tables))
            files[wanted.form].append(file)
    return [_sheet(made, folder / f"contact-{form}.png") for form, made in files.items() if made]


def _sheet(files: list[Path], target: Path) -> Path:
    thumbs = [_thumb(picture) for picture in _pictures(files)]
    across = max(1, math.ceil(math.sqrt(len(thumbs))))
    sheet = Image.new("RGB", (across * (_THUMB + 8), math.ceil(len(thumbs) / across) * (_THUMB + 24)), "#777")
    for index, (thumb, file) in enumerate(zip(thumbs, files, strict=True)):
        x, y = index % across * (_THUMB + 8), index // across * (_THUMB + 24)
        sheet.paste(thumb, (x, y))
        ImageDraw.Draw(sheet).text((x + 4, y + _THUMB + 4), file.name, fill="white")
    sheet.save(target)
    return target


def _thumb(file: Path) -> Image.Image:
    with Image.open(file) as opened:
        small = opened.convert("RGB")
    small.thumbnail((_THUMB, _THUMB))
    return small


def _pictures(files: list[Path]) -> list[Path]:
    """The files as pixels."""
    form = files[0].suffix
    if form == ".png":
        return files
    if form == ".pdf":
        return [_rendered(file) for file in files]
    shown = [file.with_suffix(f"{file.suffix}.png") for file in files]
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 1200})
        for file, target in zip(files, shown, strict=True):
            page.goto(file.resolve().as_uri())
            page.wait_for_timeout(500 if form == ".html" else 100)
            page.screenshot(path=target, full_page=form == ".html")
        browser.close()
    return shown


def _rendered(file: Path) -> Path:
    tool = shutil.which("pdftoppm")
    if tool is None:
        raise SystemExit("pdftoppm is missing; it comes with poppler-utils")
    target = file.with_suffix(".pdf")
    subprocess.run([tool, "-r", "110", "-png", "-singlefile", str(file), str(target)], check=True)
    return target.with_suffix(".pdf.png")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--only", default="", help="pictures whose name holds this")
    asked = arguments.parse_args()
    for made in make(asked.folder, only=asked.only):
        print(made)
