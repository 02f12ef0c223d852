"""Hold every colour, and the rules by which a value gets one.

A status is never told by colour alone: each has a mark, and the hollow ones a line style, so that a black-and-white
print and a colour-blind reader lose nothing. Class breaks are fixed, so that the same colour means the same thing on
every map of every month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from geo.model import Status, UnknownCodeError

Theme = Literal["light", "dark", "print"]
Line = Literal["solid", "dashed", "dotted"]
MarkName = Literal["none", "check", "exclamation", "arrow_down", "dot", "question", "cross_out", "dash"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Colours of everything on a map that is not data, as ``#rrggbb``.

    ``land`` is a region of the programme without a value, ``context`` the land around it, ``paper`` what the map lies
    on. ``casing`` is the thin rim that lifts a symbol off whatever is below it.
    """

    paper: str
    sea: str
    land: str
    context: str
    border: str
    border_strong: str
    hatch: str
    ink: str
    muted: str
    grid: str
    casing: str
    accent: str
    warning: str


GROUNDS: Final[dict[Theme, Ground]] = {
    "light": Ground(
        paper="#fbfaf6",
        sea="#e3edf2",
        land="#f6f2e8",
        context="#e9e5da",
        border="#b3ada0",
        border_strong="#6f6a60",
        hatch="#a39c8e",
        ink="#17242e",
        muted="#55616a",
        grid="#c6d5dd",
        casing="#ffffff",
        accent="#0f4c5c",
        warning="#9a1b2f",
    ),
    "dark": Ground(
        paper="#12191f",
        sea="#16232c",
        land="#2a333a",
        context="#20292f",
        border="#56626b",
        border_strong="#8c99a3",
        hatch="#6d7a84",
        ink="#f1efe8",
        muted="#b4bec5",
        grid="#2c3b45",
        casing="#0d1318",
        accent="#7cc4cf",
        warning="#ff9d8f",
    ),
    "print": Ground(
        paper="#ffffff",
        sea="#e6eff4",
        land="#f9f6ee",
        context="#ece9e0",
        border="#aaa498",
        border_strong="#5c584f",
        hatch="#9a9385",
        ink="#14202a",
        muted="#4b565f",
        grid="#c3d3dc",
        casing="#ffffff",
        accent="#0f4c5c",
        warning="#9a1b2f",
    ),
}


def ground(theme: Theme) -> Ground:
    """The colours of land, sea, lines and letters of a theme."""
    return GROUNDS[theme]


# --- status ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status looks in one theme.

    ``fill``, ``outline`` and ``mark_colour`` belong to the symbol; ``text`` is the status's colour for words, readable
    (4.5:1) on the paper of the theme. ``mark`` and ``line`` tell the status without colour; ``glyph`` is the nearest
    single character, for tables.
    """

    status: Status
    fill: str
    outline: str
    mark_colour: str
    text: str
    line: Line
    mark: MarkName
    glyph: str

    @property
    def hollow(self) -> bool:
        return self.line != "solid" or self.status is Status.BELUM_MULAI


_SHAPES: Final[dict[Status, tuple[Line, MarkName, str]]] = {
    Status.KRITIS: ("solid", "exclamation", "!"),
    Status.TERLAMBAT: ("solid", "arrow_down", "↓"),
    Status.WASPADA: ("solid", "dot", "•"),
    Status.BELUM_LAPOR: ("dashed", "question", "?"),
    Status.SESUAI_RENCANA: ("solid", "none", "■"),
    Status.SELESAI: ("solid", "check", "✓"),
    Status.BELUM_MULAI: ("solid", "none", "□"),
    Status.TIDAK_AKTIF: ("solid", "cross_out", "×"),
    Status.TANPA_RENCANA: ("dotted", "dash", "–"),
}

_LIGHT_FILLS: Final[dict[Status, tuple[str, str, str]]] = {  # fill, mark, words
    Status.KRITIS: ("#a3122f", "#ffffff", "#a3122f"),
    Status.TERLAMBAT: ("#dc5d1f", "#17242e", "#a8430c"),
    Status.WASPADA: ("#f7c744", "#17242e", "#7a5a00"),
    Status.BELUM_LAPOR: ("#ffffff", "#17242e", "#3d4952"),
    Status.SESUAI_RENCANA: ("#66b4e2", "#17242e", "#1c6696"),
    Status.SELESAI: ("#08706a", "#ffffff", "#086159"),
    Status.BELUM_MULAI: ("#ffffff", "#17242e", "#55616a"),
    Status.TIDAK_AKTIF: ("#92979c", "#17242e", "#555b61"),
    Status.TANPA_RENCANA: ("#ffffff", "#17242e", "#55616a"),
}

_DARK_FILLS: Final[dict[Status, tuple[str, str, str]]] = {
    Status.KRITIS: ("#d6354f", "#ffffff", "#ff8c9c"),
    Status.TERLAMBAT: ("#e97a3a", "#12191f", "#f7a472"),
    Status.WASPADA: ("#ffd866", "#12191f", "#ffd866"),
    Status.BELUM_LAPOR: ("#12191f", "#f1efe8", "#d5dbe0"),
    Status.SESUAI_RENCANA: ("#7cc5f0", "#12191f", "#82c6ee"),
    Status.SELESAI: ("#1d9078", "#ffffff", "#5fd0b4"),
    Status.BELUM_MULAI: ("#12191f", "#f1efe8", "#b4bec5"),
    Status.TIDAK_AKTIF: ("#4c555d", "#ffffff", "#b0b7bd"),
    Status.TANPA_RENCANA: ("#12191f", "#f1efe8", "#b4bec5"),
}


def status_look(status: Status | str, theme: Theme = "light") -> StatusLook:
    """Fill, outline, mark, line style and text colour of a status; print looks as light.

    Raises ``UnknownCodeError`` for a word that is no status.
    """
    try:
        known = Status(status)
    except ValueError:
        raise UnknownCodeError(f"{status!r} is no status; known: {', '.join(Status)}") from None
    fill, mark_colour, text = (_DARK_FILLS if theme == "dark" else _LIGHT_FILLS)[known]
    line, mark, glyph = _SHAPES[known]
    return StatusLook(known, fill, GROUNDS[theme].ink, mark_colour, text, line, mark, glyph)


# --- values ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """Fixed classes of an indicator: class ``i`` lies between ``breaks[i - 1]`` and ``breaks[i]``.

    A value on a break belongs to the class above it, except where ``upper_inclusive`` names the break. ``low`` and
    ``high`` are the ends of the printed labels, ``None`` where the scale is open. ``method`` is the code of how the
    breaks came about, for legends: ``fixed`` ones are the same for every month and every selection.
    """

    indicator: str
    kind: Literal["sequential", "diverging"]
    breaks: tuple[float, ...]
    low: float | None
    high: float | None
    whole: bool = False
    upper_inclusive: tuple[float, ...] = ()
    method: Literal["fixed"] = "fixed"

    @property
    def count(self) -> int:
        return len(self.breaks) + 1

    def colours(self, theme: Theme = "light") -> tuple[str, ...]:
        """One colour for each class, lowest class first."""
        return (_DIVERGING if self.kind == "diverging" else _SEQUENTIAL)[theme]

    def labels(self) -> tuple[str, ...]:
        """One label for each class, such as ``0–20``, ``> 5`` or ``3–5``; digits and signs only, the unit apart."""
        return tuple(self._label(index) for index in range(self.count))

    def _label(self, index: int) -> str:
        lower = self.low if index == 0 else self.breaks[index - 1]
        upper = self.high if index == self.count - 1 else self.breaks[index]
        if self.whole:
            return _whole_label(lower, upper)
        if lower is None:
            return f"< {_number(upper)}"
        if upper is None:
            return f"> {_number(lower)}"
        joint = " … " if lower < 0 else "–"
        return f"{_number(lower)}{joint}{_number(upper)}"


def _whole_label(lower: float | None, upper: float | None) -> str:
    if upper is None:
        return f"≥ {_number(lower)}"
    last = upper - 1
    return _number(last) if lower is None or lower == last else f"{_number(lower)}–{_number(last)}"


def _number(value: float | None) -> str:
    return f"{value:g}".replace("-", "−") if value is not None else ""


_SEQUENTIAL: Final[dict[Theme, tuple[str, ...]]] = {
    "light": ("#edf5e8", "#c3dfd3", "#93c5bd", "#5fa3a3", "#34797f"),
    "dark": ("#22393d", "#2b5154", "#3a6d6e", "#549090", "#86bbb3"),
    "print": ("#edf5e8", "#c3dfd3", "#93c5bd", "#5fa3a3", "#34797f"),
}
_DIVERGING: Final[dict[Theme, tuple[str, ...]]] = {
    "light": ("#9e5e0d", "#d29455", "#f9cca4", "#b7d9f2", "#6ba7cd", "#0275a0"),
    "dark": ("#e19e3e", "#a37330", "#6a4d27", "#35566b", "#4483a7", "#58b5e8"),
    "print": ("#9e5e0d", "#d29455", "#f9cca4", "#b7d9f2", "#6ba7cd", "#0275a0"),
}
"""Behind plan in browns, on plan in blues, as many and as light on either side of zero. Brown and blue stay apart for
every kind of eye, and brown is no red: the lowest class is not the status Kritis."""

_PERCENT_BREAKS: Final = (20.0, 40.0, 60.0, 80.0)

SCALES: Final[dict[str, Scale]] = {
    "progress": Scale("progress", "sequential", _PERCENT_BREAKS, 0, 100),
    "share_reporting": Scale("share_reporting", "sequential", _PERCENT_BREAKS, 0, 100),
    "absorption": Scale("absorption", "sequential", _PERCENT_BREAKS, 0, 100),
    "sites": Scale("sites", "sequential", (1, 3, 6, 11), None, None, whole=True),
    "deviation": Scale("deviation", "diverging", (-10, -5, 0, 5, 10), None, None, upper_inclusive=(5, 10)),
}
"""Indicators a map can be coloured by. Percent for the first three, a count of sites, percentage points."""


def scale(indicator: str) -> Scale:
    """The fixed classes of an indicator; raises ``UnknownCodeError`` for one that has none."""
    try:
        return SCALES[indicator]
    except KeyError:
        raise UnknownCodeError(f"{indicator!r} has no classes; known: {', '.join(SCALES)}") from None


def class_of(value: float | None, indicator: str) -> int | None:
    """The class (0 is lowest) of a value, ``None`` where there is none: missing is hatched, it is not zero.

    Values outside the printed ends fall in the outermost class. Zero is the middle of deviation: exactly 0 is on plan,
    exactly -5 is not yet beyond -5 and exactly 5 not beyond 5. The classes below zero are those by which a status is
    judged. Differences below a millionth do not count.
    """
    classes = scale(indicator)
    if value is None or value != value or math.isinf(value):
        return None
    rounded = round(float(value), 6)
    passed = (rounded > edge if edge in classes.upper_inclusive else rounded >= edge for edge in classes.breaks)
    return sum(passed)


def class_colour(value: float | None, indicator: str, theme: Theme = "light") -> str | None:
    """The colour of a value's class, ``None`` where the hatch of "no data" belongs."""
    index = class_of(value, indicator)
    return None if index is None else scale(indicator).colours(theme)[index]


# --- measures of a colour ----------------------------------------------------------------------------------------


def linear_rgb(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` as linear light, 0 to 1 (IEC 61966-2-1)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white), as WCAG 2 defines it."""
    red, green, blue = linear_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Near-black or white, whichever is easier to read on the colour."""
    dark, light = GROUNDS["light"].ink, "#ffffff"
    return dark if contrast_ratio(dark, colour) >= contrast_ratio(light, colour) else light
