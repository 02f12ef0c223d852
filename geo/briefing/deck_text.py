"""Measure letters and fit texts into boxes, so that nothing on a slide runs over its edge.

Widths are those of Arial, which Helvetica and Liberation Sans share; Calibri and Carlito are narrower, so what fits
here fits there. The few wider fonts that organisations use are known by name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from fontTools import agl  # type: ignore[import-untyped]  # it publishes no types

from geo.drawing.escape import plain_text

LEAST: Final = 14.0
"""The smallest letters of a slide's body in points: what can be read from four metres."""

LINE: Final = 1.2
"""Height of a line as a multiple of its type size; fonts have 1.15 to 1.22."""

_WIDER: Final = {
    "verdana": 1.2,
    "dejavu sans": 1.18,
    "tahoma": 1.04,
    "century gothic": 1.12,
    "montserrat": 1.18,
    "poppins": 1.16,
    "segoe ui": 1.02,
    "open sans": 1.08,
    "noto sans": 1.08,
    "trebuchet ms": 1.0,
}
_SLACK: Final = 1.03  # renderers round the place of each letter
_METRICS: Final = "fonts/pdfcorefonts"
_MISSING_WIDTH: Final = 0.75


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text with the size (points) at which it fits its box, as the lines it breaks into.

    ``cut`` tells that even the least size left no room: the text then ends with an ellipsis.
    """

    text: str
    size: float
    lines: int
    cut: bool = False

    @property
    def height(self) -> float:
        """In points."""
        return self.lines * self.size * LINE


def font_factor(family: str) -> float:
    """How much wider than Arial a font runs; fonts that are not known count a little wider."""
    name = family.strip().lower()
    if name in {"", "arial", "helvetica", "liberation sans", "calibri", "carlito", "arimo"}:
        return 1.0
    return _WIDER.get(name, 1.05)


@lru_cache(maxsize=2)
def _widths(bold: bool) -> dict[str, float]:
    """Width of each letter as a multiple of the type size, from the metrics of the standard fonts of PDF."""
    file = Path(mpl.get_data_path(), _METRICS, "Helvetica-Bold.afm" if bold else "Helvetica.afm")
    found = {}
    for line in file.read_text(encoding="latin-1").splitlines():
        if line.startswith("C "):
            parts = dict(part.split(" ", 1) for part in line.replace(" ; ", ";").rstrip(" ;").split(";") if " " in part)
            letter = agl.toUnicode(parts["N"])
            if len(letter) == 1:
                found[letter] = float(parts["WX"]) / 1000
    return found


@lru_cache(maxsize=16_384)
def width(text: str, bold: bool = False) -> float:
    """Width of a text as a multiple of its type size."""
    known = _widths(bold)
    return sum(_letter(letter, known) for letter in text) * _SLACK


def _letter(letter: str, known: dict[str, float]) -> float:
    if letter in known:
        return known[letter]
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if letter == "\u00a0":
        return known[" "]
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    plain = unicodedata.normalize("NFD", letter)[0]
    return known.get(plain, _MISSING_WIDTH if letter.islower() else 1.0)


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """The lines of a text in a width given as a multiple of the type size; a word that is too long is parted."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        tried = f"{line} {word}" if line else word
        if width(tried, bold) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, bold) > room and len(line) > 1:
            kept = max(1, _most(line, room, bold))
            lines.append(line[:kept])
            line = line[kept:]
    return [*lines, line]


def _most(text: str, room: float, bold: bool) -> int:
    """How many letters of a text fit."""
    used = 0.0
    for count, letter in enumerate(text):
        used += width(letter, bold)
        if used > room:
            return count
    return len(text)


def fit(
    text: object,
    across: float,
    down: float,
    *,
    size: float,
    least: float = LEAST,
    bold: bool = False,
    factor: float = 1.0,
    most: int | None = None,
) -> Fitted:
    """The text at the largest size from ``size`` down to ``least`` that fits ``across`` by ``down`` points.

    ``most`` limits the lines. What does not fit at the least size is cut at the end of a word and ends with ``…``.
    """
    told = " ".join(plain_text(text).split())
    tried = size
    while True:
        room = across / tried / factor
        lines = wrapped(told, room, bold=bold)
        allowed = max(1, int(down / (tried * LINE) + 0.05))
        allowed = min(allowed, most) if most else allowed
        if len(lines) <= allowed and not (tried > least and _parted(told, lines)):
            return Fitted(told, tried, len(lines))
        if tried <= least:
            return Fitted(_shortened(lines[:allowed], room, bold), tried, allowed, cut=True)
        tried = max(least, tried - 1.0)


def _parted(text: str, lines: list[str]) -> bool:
    """Whether a word was broken within."""
    return " ".join(lines) != text


def _shortened(lines: list[str], room: float, bold: bool) -> str:
    last = lines[-1]
    while last and width(f"{last}…", bold) > room:
        last = last[:-1]
    return " ".join([*lines[:-1], f"{last.rstrip(' ,;·')}…"])
