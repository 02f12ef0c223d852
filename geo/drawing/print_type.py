"""Measure and set the letters of a printed map; the fonts come with the program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal

import numpy as np
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from geo.drawing.escape import plain_text
from geo.drawing.layout import wrap

FAMILY: Final = ("Source Sans Pro", "DejaVu Sans")  # the second one for signs that the first lacks
_WEIGHTS: Final = {"normal": "Regular", "semibold": "Semibold", "bold": "Bold"}


def font_file(style: str) -> Traversable:
    return files("font_source_sans_pro").joinpath("files", f"SourceSansPro-{style}.ttf")


for _style in (*_WEIGHTS.values(), "It"):
    fontManager.addfont(str(font_file(_style)))

for _entry in [entry for entry in fontManager.ttflist if entry.name == FAMILY[1] and entry.weight == 700]:
    fontManager.ttflist.append(replace(_entry, weight=600))  # the fallback has no semibold; its bold will do

Weight = Literal["normal", "semibold", "bold"]


@lru_cache(maxsize=64)
def font(weight: Weight, points: float, italic: bool) -> FontProperties:
    return FontProperties(
        family=list(FAMILY), weight=weight, size=points, style="italic" if italic and weight == "normal" else "normal"
    )


@lru_cache(maxsize=8192)
def width_in_sizes(text: str, weight: Weight, italic: bool) -> float:
    """Width of a text as a multiple of its type size."""
    if not text:
        return 0.0
    return float(text_to_path.get_text_width_height_descent(text, font(weight, 100.0, italic), ismath=False)[0]) / 100


@lru_cache(maxsize=2048)
def letters(text: str, weight: Weight, italic: bool) -> Path:
    """The outlines of a text set at size 1, y up, the origin at its beginning on the baseline."""
    corners, codes = text_to_path.get_text_path(font(weight, 100.0, italic), text, ismath=False)
    outline = Path(np.asarray(corners, dtype=float).reshape(-1, 2) / text_to_path.FONT_SCALE, codes, readonly=True)
    return outline


@dataclass(frozen=True, slots=True)
class Type:
    """A way of setting text: size in em, weight, colour."""

    size: float
    colour: str
    weight: Weight = "normal"
    italic: bool = False

    @property
    def line(self) -> float:
        return self.size * 1.22

    def measure(self, text: str) -> float:
        return self.size * width_in_sizes(text, self.weight, self.italic)

    def wrap(self, text: str, width: float, *, most: int | None = None) -> tuple[str, ...]:
        return wrap(plain_text(text), width, self.measure, most=most)
