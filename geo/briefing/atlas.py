"""Typeset a briefing as an atlas: A4 pages as PDF, tagged, with contents, bookmarks and links.

The template (``assets/atlas.typ``) gets everything as JSON and sets it as text: what stands in the data is never
markup. No clock, no font of the machine and no network enter the file: the same briefing gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import matplotlib as mpl
import typst

from geo.briefing.atlas_content import Progress, atlas_content
from geo.briefing.parts import Briefing
from geo.drawing.print_type import font_file

TEMPLATE: Final = files("geo.briefing").joinpath("assets", "atlas.typ")
_OWN: Final = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
_FALLBACK: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LastResortHE-Regular.ttf")
"""For signs that the first family lacks; the last one draws a box that names the script of whatever is left."""
_PICTURES_SHARE: Final = 0.85


def atlas(briefing: Briefing, *, progress: Callable[[float], None] | None = None) -> bytes:
    """The atlas of a briefing as a PDF (1.7, PDF/UA-1: tags, language, title, alternatives for pictures).

    ``progress`` hears shares from 0 to 1; what it raises passes through, so that a job can be cancelled between two
    pages. Raises ``RefusedError`` where the address is longer than a QR code holds.
    """
    told: Progress = progress or (lambda share: None)
    told(0.0)
    content = atlas_content(briefing, lambda share: told(share * _PICTURES_SHARE))
    document = _typeset(json.dumps(content, ensure_ascii=False, allow_nan=False))
    told(1.0)
    return document


def _typeset(content: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        fonts = Path(folder)
        _lay_out_fonts(fonts)
        compiler = typst.Compiler(
            TEMPLATE.read_bytes(),
            root=folder,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]),
            sys_inputs={"content": content},
            package_path=folder,
            package_cache_path=folder,
        )
        document = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(document, bytes)
    return document


def _lay_out_fonts(folder: Path) -> None:
    """Put the fonts of the atlas, and no others, where the typesetter looks for them."""
    for style in _OWN:
        with as_file(font_file(style)) as file:
            shutil.copy(file, folder)
    for name in _FALLBACK:
        shutil.copy(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, folder)
