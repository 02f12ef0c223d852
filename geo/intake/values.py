"""Read numbers, rupiah, percentages, days, moments and words as people write them in cells.

Every ``read_`` function takes one cell, every ``column_`` function a whole column: the clean majority at once, each
distinct messy cell once. Both follow the Indonesian rule (``geo.locale``: ``1.250`` is a thousand, ``1,25`` a decimal,
``03/04/2026`` is 3 April); what can mean two things is asked, and what was only written otherwise is noted. Numbers in
a finding's ``told`` are plain digits, days are ISO: ``MESSAGES`` prints them in the reader's language.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype
from rapidfuzz import fuzz, process

from geo.intake.cells import Finding, Level, Messages, Raw, ReadColumn, Reading
from geo.locale import Translator

Mark = Literal[",", "."]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Findings = tuple[Finding, ...]

MOST_RUPIAH: Final = 2**53 - 1
"""Largest amount taken: what a spreadsheet holds to the last rupiah, more than twice the state's budget."""

LARGEST: Final = 10**18
"""Largest number taken, either sign."""

FIRST_YEAR: Final = 1945
LAST_YEAR: Final = 2100
EARLY_YEAR: Final = 2000
"""Years taken are ``FIRST_YEAR`` to ``LAST_YEAR``; days before ``EARLY_YEAR`` are flagged."""

OFF_MAGNITUDE: Final = 2.5
"""Powers of ten between an amount and the middle of its neighbours from where on it is flagged.

Neighbours differ among themselves, so a thousandfold error seldom shows as exactly 3.
"""

FEWEST_NEIGHBOURS: Final = 5
"""Amounts above zero that a group needs to have a middle; a smaller one is held against the whole column."""

_SPREAD: Final = 4 * 1.4826  # four standard deviations, estimated from the median distance to the median
_LONGEST_FIGURE: Final = 80  # characters of a cell that can still be a number or a day
_NEAR_WORD: Final = 70.0  # likeness, 0 to 100, of a misspelt month or magnitude with the word that is meant

_LEVELS: Final[Mapping[str, Level]] = {
    "value.nothing": Level.NOTED,
    "value.invisible": Level.FLAGGED,
    "value.formula_error": Level.REFUSED,
    "number.unreadable": Level.REFUSED,
    "number.misgrouped": Level.REFUSED,
    "number.boolean": Level.REFUSED,
    "number.date": Level.REFUSED,
    "number.not_finite": Level.REFUSED,
    "number.too_large": Level.REFUSED,
    "number.approximate": Level.ASKED,
    "number.lookalike": Level.ASKED,
    "number.unit_unknown": Level.ASKED,
    "number.letter": Level.ASKED,
    "number.none": Level.ASKED,
    "number.comma": Level.FLAGGED,
    "number.mark_contradicted": Level.FLAGGED,
    "number.scientific": Level.FLAGGED,
    "number.english": Level.NOTED,
    "number.brackets": Level.NOTED,
    "number.scaled": Level.NOTED,
    "number.unit_left_out": Level.NOTED,
    "number.nil": Level.NOTED,
    "money.negative": Level.REFUSED,
    "money.percent": Level.REFUSED,
    "money.too_large": Level.REFUSED,
    "money.comma": Level.ASKED,
    "money.no_unit": Level.ASKED,
    "money.english_magnitude": Level.FLAGGED,
    "money.grouped_magnitude": Level.FLAGGED,
    "money.neighbours": Level.FLAGGED,
    "money.scaled": Level.NOTED,
    "money.rounded": Level.NOTED,
    "percent.outside": Level.REFUSED,
    "percent.fraction_or_percent": Level.ASKED,
    "percent.thousands": Level.ASKED,
    "percent.fraction": Level.NOTED,
    "date.unreadable": Level.REFUSED,
    "date.impossible": Level.REFUSED,
    "date.outside": Level.REFUSED,
    "date.two_digit_year": Level.ASKED,
    "date.no_year": Level.ASKED,
    "date.year_only": Level.ASKED,
    "date.month_misspelt": Level.ASKED,
    "date.month_first": Level.ASKED,
    "date.lookalike": Level.ASKED,
    "date.month_first_column": Level.FLAGGED,
    "date.future": Level.FLAGGED,
    "date.early": Level.FLAGGED,
    "date.period_end": Level.NOTED,
    "date.serial": Level.NOTED,
    "date.compact": Level.NOTED,
    "date.time_dropped": Level.NOTED,
    "moment.unreadable": Level.REFUSED,
    "moment.future": Level.FLAGGED,
    "moment.no_zone": Level.NOTED,
    "moment.day_only": Level.NOTED,
    "word.lookalike": Level.FLAGGED,
    "word.from_date": Level.FLAGGED,
    "word.from_boolean": Level.FLAGGED,
    "word.from_number": Level.NOTED,
    "word.spaces": Level.NOTED,
}


def _found(code: str, *, proposal: str | None = None, **told: str) -> Finding:
    return Finding(_LEVELS[code], code, told, proposal)


# --- what a text is before it is a value -------------------------------------------------------------------------

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
_NOTHING: Final = frozenset(
    {
        "n/a", "na", "n.a", "n.a.", "null", "kosong", "tba", "tbd", "menyusul", "belum", "blm", "belum ada", "blm ada",
        "belum lapor", "belum melapor", "belum dilaporkan", "tidak dilaporkan", "tidak lapor", "belum tersedia",
        "tidak tersedia", "belum diketahui", "tidak diketahui", "belum diisi", "tidak berlaku", "belum ditetapkan",
        "not available", "not reported", "not yet", "unknown", "not applicable",
    }
)  # fmt: skip
_NOTHING_AS_WORD: Final = frozenset({"n/a", "n.a", "n.a.", "null"})
_NIL: Final = frozenset({"nihil", "nol", "zero", "nil"})
_NONE: Final = frozenset({"tidak ada", "tdk ada", "tak ada", "tidak ada kegiatan", "none"})
_NOT_FINITE: Final = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "-infinity", "+infinity", "∞", "-∞"})
_FORMULA_ERROR: Final = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|#+)", re.I)
_KEPT: Final = "\n\r\t"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs"})


def _is_missing(raw: object) -> bool:
    return raw is None or raw is pd.NaT or raw is pd.NA


def _visible(text: str) -> tuple[str, bool]:
    """The text without control, zero-width and direction signs and broken halves, and whether there were any."""
    if text.isprintable():
        return text, False
    kept = "".join(sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in _HIDDEN)
    return kept, len(kept) < len(text)


def _plain(text: str) -> tuple[str, Findings]:
    """One line with single spaces, compatible forms made one, and what was found hidden in it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()), ()
    visible, hidden = _visible(text)
    plain = unicodedata.normalize("NFKC", visible).translate(_DASHES)
    return " ".join(plain.split()), (_found("value.invisible"),) if hidden else ()


def _is_nothing(low: str, words: frozenset[str] = _NOTHING) -> bool:
    return low in words or not low.strip("-._? ")


# --- numerals ----------------------------------------------------------------------------------------------------

Style = Literal["plain", "dot", "comma", "point", "english"]

_SCALES: Final = {
    "ribu": 3, "rb": 3, "rbu": 3, "thousand": 3, "juta": 6, "jt": 6, "jta": 6, "million": 6, "miliar": 9, "milyar": 9,
    "milliar": 9, "mlr": 9, "mlyr": 9, "billion": 9, "bn": 9, "triliun": 12, "trilyun": 12, "trilliun": 12,
    "trillion": 12,
}  # fmt: skip
_LETTERS: Final = {"k": 3, "m": 9, "t": 12}
_SCALE_WORDS: Final = {3: "ribu", 6: "juta", 9: "miliar", 12: "triliun"}
_CURRENCY: Final = frozenset({"rp", "idr", "rupiah"})
_PERCENT: Final = frozenset({"%", "persen", "percent", "prosen"})
_UNITS: Final = frozenset(
    {
        "orang", "org", "jiwa", "kk", "peserta", "unit", "paket", "kegiatan", "keg", "buah", "bh", "lokasi", "titik",
        "desa", "kelurahan", "kecamatan", "kabupaten", "provinsi", "dokumen", "dok", "laporan", "lap", "kali", "hari",
        "bulan", "tahun", "ha", "hektar", "hektare", "m2", "km", "km2", "meter", "ton", "kg", "ekor", "bidang",
        "kelompok", "koperasi", "rumah", "gedung", "lantai", "ruang", "sekolah", "pesantren", "people", "persons",
        "units", "sites", "activities", "reports", "times", "days", "months", "hectares",
    }
)  # fmt: skip
_NUMERAL: Final = re.compile(
    r"(?P<before>(?:rp[.:]?|idr|[+(-]|\s)*)"
    r"(?P<figure>[.,]?\d(?:[\d.,' ]*\d)?)(?P<power>e[+-]?\d{1,2})?"
    r"(?P<end>[.,](?:-{1,2}|=)?)?\s*(?P<unit>(?:[a-z%][a-z0-9%/. ]*)?)(?P<close>\)?)",
    re.IGNORECASE,
)
_ROUGHLY: Final = re.compile(
    r"(?:±|\+/-|~|≈|[<>≥≤]=?|kurang lebih|sekitar|kira-kira|lebih dari|kurang dari|hampir|minimal|maksimal|min\.?|"
    r"maks\.?|about|approx\.?|at least|up to)\s*(?P<rest>.*\d.*)",
    re.IGNORECASE,
)
_LOOKALIKE: Final = re.compile(r"[\dOoIl|.,/ -]*")
_LOOKALIKE_DIGITS: Final = str.maketrans("OoIl|", "00111")
_SWAPPED: Final = str.maketrans(".,", ",.")
_SPACED: Final = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?")
_DOTTED: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_COMMA: Final = re.compile(r"\d*,\d+")
_COMMA_TRIPLE: Final = re.compile(r"[1-9]\d{0,2},\d{3}")
_POINT: Final = re.compile(r"\d*\.\d+")
_ENGLISH: Final = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")


@dataclass(frozen=True, slots=True)
class _Numeral:
    """A number as it was written. ``style``: ``dot`` for a lone 1.250, ``comma`` for a lone 1,250, else as named."""

    value: Decimal
    notes: Findings = ()
    style: Style = "plain"
    currency: bool = False
    percent: bool = False
    power: int | None = None  # of ten, by the word or letter behind the figure
    letter: str = ""  # that letter, where it is one
    unit: str = ""

    @property
    def amount(self) -> Decimal:
        return self.value if self.power is None else self.value.scaleb(self.power)


def _figure(text: str, decimal: Mark | None) -> tuple[Decimal, Style] | None:
    """The value of digits and marks; ``None`` where the marks don't stand as separators do."""
    figure = text.translate(_SWAPPED) if decimal == "." else text
    if " " in figure or "'" in figure:
        if not _SPACED.fullmatch(figure):
            return None
        figure = figure.replace(" ", "").replace("'", "").replace(".", ",")
    if figure.isdigit():
        return Decimal(figure), "plain"
    if _DOTTED.fullmatch(figure):
        alone = decimal is None and figure.count(".") == 1 and "," not in figure
        return Decimal(figure.replace(".", "").replace(",", ".")), "dot" if alone else "plain"
    if _COMMA.fullmatch(figure):
        triple = decimal is None and _COMMA_TRIPLE.fullmatch(figure)
        return Decimal(figure.replace(",", ".")), "comma" if triple else "plain"
    if _POINT.fullmatch(figure):
        return Decimal(figure), "point"
    if _ENGLISH.fullmatch(figure):
        return Decimal(figure.replace(",", "")), "english"
    return None


def _with_unit(numeral: _Numeral, unit: str) -> _Numeral:
    """The numeral with the words behind it understood: magnitude, currency, percent sign, unit."""
    for word in unit.casefold().replace("%", " % ").split():
        bare = word.rstrip(".,")
        if bare in _CURRENCY:
            numeral = replace(numeral, currency=True)
        elif bare in _PERCENT:
            numeral = replace(numeral, percent=True)
        elif bare in _SCALES and numeral.power is None:
            numeral = replace(numeral, power=_SCALES[bare])
        elif bare in _LETTERS and numeral.power is None:
            numeral = replace(numeral, power=_LETTERS[bare], letter=bare)
        else:
            numeral = replace(numeral, unit=f"{numeral.unit} {bare}".strip())
    return numeral


def _parsed(text: str, decimal: Mark | None) -> _Numeral | Finding | None:
    """A numeral, what is wrong with its marks, or ``None`` where the text isn't one."""
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return None
    before = match["before"]
    brackets = "(" in before
    if brackets != bool(match["close"]) or before.count("(") > 1 or sum(map(before.count, "+-(")) > 1:
        return None
    figure = _figure(match["figure"], decimal)
    if figure is None:
        return _found("number.misgrouped")
    value, style = figure
    notes: list[Finding] = []
    if match["power"]:
        power = int(match["power"][1:])
        if not -12 <= power <= 18:
            return _found("number.too_large" if power > 0 else "number.unreadable")
        value, style = value.scaleb(power), "plain"
        notes.append(_found("number.scientific"))
    if brackets:
        notes.append(_found("number.brackets"))
    if style == "english":
        notes.append(_found("number.english"))
    negative = brackets or "-" in before
    named = "r" in before.casefold() or "i" in before.casefold()
    return _with_unit(_Numeral(-value if negative else value, tuple(notes), style, currency=named), match["unit"])


def _numeral(raw: Raw, decimal: Mark | None) -> _Numeral | Findings:
    """The numeral in a cell, or why there is none (nothing at all for an empty cell)."""
    if _is_missing(raw):
        return ()
    if isinstance(raw, bool | np.bool_):
        return (_found("number.boolean"),)
    if isinstance(raw, date | time):
        return (_found("number.date"),)
    if isinstance(raw, str):
        return _numeral_in_text(raw, decimal)
    assert raw is not None  # noted for the type checker: a missing cell was answered above
    if isinstance(raw, float | np.floating) and not math.isfinite(raw):
        return (_found("number.not_finite"),)
    if abs(raw) > LARGEST:
        return (_found("number.too_large"),)
    return _Numeral(Decimal(int(raw)) if isinstance(raw, int | np.integer) else Decimal(repr(float(raw))))


def _numeral_in_text(raw: str, decimal: Mark | None) -> _Numeral | Findings:
    text, hidden = _plain(raw)
    text = text.lstrip("'").strip()
    low = text.casefold()
    if _is_nothing(low):
        return (*hidden, _found("value.nothing")) if text else hidden
    if low in _NIL:
        return _Numeral(Decimal(0), (*hidden, _found("number.nil")))
    found = _figure_lookalike(text, decimal)
    if found is None and len(text) <= _LONGEST_FIGURE:
        found = _parsed(text, decimal)
    if isinstance(found, _Numeral):
        if abs(found.amount) > LARGEST:
            return (*hidden, _found("number.too_large"))
        return replace(found, notes=(*hidden, *found.notes))
    return (*hidden, found or _why_no_number(text, low, decimal))


def _why_no_number(text: str, low: str, decimal: Mark | None) -> Finding:
    if low in _NONE:
        return _found("number.none", proposal="0")
    if _FORMULA_ERROR.fullmatch(text):
        return _found("value.formula_error")
    if low in _NOT_FINITE:
        return _found("number.not_finite")
    if len(text) > _LONGEST_FIGURE:
        return _found("number.unreadable")
    if rough := _ROUGHLY.fullmatch(text):
        inner = _parsed(rough["rest"], decimal)
        if isinstance(inner, _Numeral) and not inner.unit:
            return _found("number.approximate", proposal=rough["rest"])
    return _found("number.unreadable")


def _figure_lookalike(text: str, decimal: Mark | None) -> Finding | _Numeral | None:
    """Asks where a number has letters for digits: ``1O0``."""
    if not _has_lookalikes(text):
        return None
    meant = text.translate(_LOOKALIKE_DIGITS)
    return _found("number.lookalike", proposal=meant) if isinstance(_parsed(meant, decimal), _Numeral) else None


def _has_lookalikes(text: str) -> bool:
    """Whether a text is of digits, marks and some letters that look like digits."""
    return (
        len(text) <= _LONGEST_FIGURE
        and _LOOKALIKE.fullmatch(text) is not None
        and any(map(str.isdigit, text))
        and text != text.translate(_LOOKALIKE_DIGITS)
    )


def _typed(value: Decimal, decimal: Mark | None = None) -> str:
    """A number as a file would carry it: no grouping, decimals behind the file's mark."""
    plain = format(value.normalize(), "f")
    return plain if decimal == "." else plain.replace(".", ",")


def _unknown_unit(numeral: _Numeral, decimal: Mark | None, *, alone: bool) -> Finding:
    """Asks about the word behind a number; the word itself is never told, it may be a name."""
    near = process.extractOne(numeral.unit, list(_SCALES), scorer=fuzz.ratio, score_cutoff=_NEAR_WORD)
    figure = _typed(numeral.value, decimal)
    if near and len(numeral.unit) >= 4 and numeral.power is None:
        return _found("number.unit_unknown", proposal=f"{figure} {_SCALE_WORDS[_SCALES[near[0]]]}")
    return _found("number.unit_unknown", proposal=_typed(numeral.amount, decimal) if alone else None)


def read_number(raw: Raw, *, decimal: Mark | None = None, unit: int = 1) -> Reading[float]:
    """A plain number.

    ``decimal`` is the file's decimal mark where it is known, such as ``.`` in an export of this program; ``None``
    reads by the Indonesian rule and flags ``1,250``. ``unit`` is what the heading multiplies by (``(ribu)``: 1000); a
    magnitude in the cell comes before it. A known unit behind the number (``120 orang``) is left out and noted.
    """
    numeral = _numeral(raw, decimal)
    if isinstance(numeral, tuple):
        return Reading(None, numeral)
    notes = list(numeral.notes)
    if numeral.unit and not set(numeral.unit.split()) <= _UNITS:
        return Reading(None, (*notes, _unknown_unit(numeral, decimal, alone=True)))
    if numeral.letter and not numeral.currency:
        word = _SCALE_WORDS[_LETTERS[numeral.letter]]
        return Reading(None, (*notes, _found("number.letter", proposal=f"{_typed(numeral.value, decimal)} {word}")))
    value = numeral.amount if numeral.power is not None else numeral.value * unit
    if abs(value) > LARGEST:
        return Reading(None, (*notes, _found("number.too_large")))
    if numeral.power is not None:
        notes.append(_found("number.scaled", number=format(value, "f")))
    if numeral.unit or numeral.percent:
        notes.append(_found("number.unit_left_out", unit=numeral.unit or "%"))
    if numeral.style == "comma" and numeral.value % Decimal("0.01") == 0 and numeral.power is None:
        notes.append(_found("number.comma", proposal=_typed(numeral.value * 1000)))
    return Reading(float(value), tuple(notes))


# --- rupiah ------------------------------------------------------------------------------------------------------


def read_money(raw: Raw, *, decimal: Mark | None = None, unit: int = 1) -> Reading[int]:
    """An amount in whole rupiah, 0 to ``MOST_RUPIAH``; M is miliar (10^9). Arguments as for ``read_number``."""
    numeral = _numeral(raw, decimal)
    if isinstance(numeral, tuple):
        return Reading(None, numeral)
    wrong = _wrong_money(numeral, decimal, unit)
    if wrong is not None:
        return Reading(None, (*numeral.notes, wrong))
    exact = numeral.amount if numeral.power is not None else numeral.value * unit
    if exact > MOST_RUPIAH:
        return Reading(None, (*numeral.notes, _found("money.too_large")))
    whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    notes = [*numeral.notes, *_magnitude_notes(numeral, whole)]
    if abs(exact - whole) > Decimal("0.005"):
        if exact < 1000 and numeral.power is None and unit == 1:
            return Reading(None, (*notes, _found("money.no_unit")))
        notes.append(_found("money.rounded", amount=str(whole)))
    return Reading(int(whole), tuple(notes))


def _wrong_money(numeral: _Numeral, decimal: Mark | None, unit: int) -> Finding | None:
    if numeral.percent:
        return _found("money.percent")
    if numeral.unit:
        return _unknown_unit(numeral, decimal, alone=False)
    if numeral.value < 0:
        return _found("money.negative")
    if numeral.style == "comma" and numeral.power is None and unit == 1:
        return _found("money.comma", proposal=_typed(numeral.value * 1000))
    return None


def _magnitude_notes(numeral: _Numeral, whole: Decimal) -> list[Finding]:
    """What to say about an amount with a magnitude behind it; one in English spelling may mean another."""
    if numeral.power is None:
        return []
    told = {"amount": str(whole)}
    if numeral.style == "point" and numeral.letter == "m":
        return [_found("money.english_magnitude", proposal=f"{_typed(numeral.value)} juta", **told)]
    if numeral.style == "dot":
        word = _SCALE_WORDS[numeral.power]
        return [_found("money.grouped_magnitude", proposal=f"{_typed(numeral.value / 1000)} {word}", **told)]
    return [_found("money.scaled", **told)]


# --- percentages -------------------------------------------------------------------------------------------------

_TOUCH: Final = Decimal("0.000001")  # percent; what sums of binary fractions are off by


def read_percent(raw: Raw, *, fraction: bool | None, decimal: Mark | None = None) -> Reading[float]:
    """A percentage, 0 to 100.

    ``fraction`` says what a number without a percent sign is: ``True`` a share of 1 (as Excel keeps its percentages),
    ``False`` a percentage, ``None`` unknown, so that anything above 0 and up to 1 is asked. ``column_percents`` finds
    out from the column. Outside 0 to 100 is refused.
    """
    numeral = _numeral(raw, decimal)
    if isinstance(numeral, tuple):
        return Reading(None, numeral)
    if numeral.currency or numeral.unit or numeral.power is not None:
        return Reading(None, (*numeral.notes, _found("number.unreadable")))
    value, notes = numeral.value, list(numeral.notes)
    if not numeral.percent and fraction is None and _TOUCH < value <= 1:
        return Reading(None, (*notes, _fraction_or_percent(value, decimal)))
    if numeral.style == "dot" and 100 < value <= 100_000:
        return Reading(None, (*notes, _found("percent.thousands", proposal=f"{_typed(value / 1000)}%")))
    if not numeral.percent and fraction:
        value *= 100
        notes.append(_FRACTION)
    if not -_TOUCH <= value <= 100 + _TOUCH:
        return Reading(None, (*notes, _found("percent.outside")))
    return Reading(round(float(min(max(value, Decimal(0)), Decimal(100))), 9), tuple(notes))


_FRACTION: Final = _found("percent.fraction")


def _fraction_or_percent(value: Decimal, decimal: Mark | None) -> Finding:
    small, large = format(value.normalize(), "f"), format((value * 100).normalize(), "f")
    proposal = f"{_typed(value * 100, decimal)}%"
    return _found("percent.fraction_or_percent", proposal=proposal, small=small, large=large)


# --- days --------------------------------------------------------------------------------------------------------

_MONTH_NAMES: Final[Sequence[str]] = (
    "januari january jan", "februari pebruari february feb peb", "maret march mar mrt", "april apr", "mei may",
    "juni june jun", "juli july jul", "agustus august agt agst agu ags aug", "september sept sep",
    "oktober october okt oct", "november nopember nov nop", "desember december des dec",
)  # fmt: skip
_MONTHS: Final = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_PARTS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WEEKDAY: Final = re.compile(
    r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"mon|tue|wed|thu|fri|sat|sun)[,.]? (?=\S*\d)"
)
_BEFORE_DAY: Final = re.compile(
    r"^(?:posisi |data )?(?:per|tgl\.?|tanggal|s/d|s\.d\.?|sd|sampai(?: dengan)?|as of) +(?=\S)"
)
_CLOCK: Final = re.compile(
    r"(?P<day>.*\d)(?:t| |, )(?:pukul |jam )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<half>am|pm)?\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2}|wib|wita|wit)?"
)
_YEAR_MONTH_DAY: Final = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_TWO_DIGITS: Final = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2'?(\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/., ]*([a-z]{3,12})[-/., ]*'?(\d{4}|\d{2})")
_NAMED_ENGLISH: Final = re.compile(r"([a-z]{3,12})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NAMED_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ]([a-z]{3,12})[-/. ](\d{1,2})")
_NO_YEAR: Final = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,12}|[-/]\d{1,2})")
_MONTH_YEAR: Final = re.compile(r"(?:akhir |end of )?([a-z]{3,12})[-/., ]*'?(\d{4}|\d{2})")
_MONTH_NUMBER: Final = re.compile(r"(?:(\d{1,2})[-/.](\d{4})|(\d{4})[-/](\d{1,2}))")
_YEAR_WORD: Final = r"[-/., ]*(?:(?:tahun|thn|th\.|ta|t\.a\.|year)[ ./]*)?"
_PERIOD: Final = re.compile(
    rf"(?:(?P<first>\d{{4}})[-/., ]*)?(?P<kind>triwulan|tri wulan|trw|tw|kuartal|kwartal|quarter|q|semester|smt|sem|b)"
    rf"[-. ]*(?:ke-? ?)?(?P<part>iv|iii|ii|i|\d{{1,2}})(?:{_YEAR_WORD}(?P<last>\d{{4}}))?"
)
_DIGITS: Final = re.compile(r"\d{4,}(?:[.,]\d+)?")
_SERIAL_1904: Final = 1462  # days between the two counts of Excel
_FIRST_SERIAL: Final = (date(1990, 1, 1) - date(1899, 12, 30)).days
_LAST_SERIAL: Final = (date(LAST_YEAR, 12, 31) - date(1899, 12, 30)).days

_OUTSIDE: Final = _found("date.outside", first=str(FIRST_YEAR), last=str(LAST_YEAR))

Day = date | Finding


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What a day is held against."""

    on: date
    planned: bool
    year: int | None
    epoch_1904: bool


def read_date(
    raw: Raw, *, on: date, planned: bool = False, year: int | None = None, epoch_1904: bool = False
) -> Reading[date]:
    """A day, day first; a month, quarter, semester or checkpoint (``TW II 2026``, ``B06``) is its last day, noted.

    ``on`` is the day of the import: what lies behind it is flagged unless the column is ``planned``. ``year`` stands
    in where a period names none; without it, it is asked. ``epoch_1904`` counts Excel's serial days from 1904, as old
    workbooks of the Macintosh do.
    """
    against = _Calendar(on, planned, year, epoch_1904)
    if _is_missing(raw):
        return Reading(None)
    if isinstance(raw, datetime):
        return _settled(raw.date(), against, [] if raw.time() == time(0) else [_found("date.time_dropped")])
    if isinstance(raw, date):
        return _settled(raw, against, [])
    if isinstance(raw, str):
        return _day_in_text(raw, against)
    if raw is None or isinstance(raw, bool | np.bool_ | time) or not abs(raw) < LARGEST:
        return Reading(None, (_found("date.unreadable"),))
    return _day_in_number(float(raw), against)


def _proposed(code: str, day: date) -> Finding:
    """Asks with a day as proposal, or says that no such day would be taken."""
    return _found(code, proposal=day.isoformat()) if FIRST_YEAR <= day.year <= LAST_YEAR else _OUTSIDE


def _settled(day: date, against: _Calendar, notes: Sequence[Finding]) -> Reading[date]:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Reading(None, (*notes, _OUTSIDE))
    if day.year < EARLY_YEAR:
        return Reading(day, (*notes, _found("date.early", day=day.isoformat())))
    if day > against.on and not against.planned:
        return Reading(day, (*notes, _found("date.future", day=day.isoformat(), on=against.on.isoformat())))
    return Reading(day, tuple(notes))


def _day_in_number(number: float, against: _Calendar) -> Reading[date]:
    """A year, a serial day of Excel, or a day written without separators."""
    serial = number + (_SERIAL_1904 if against.epoch_1904 else 0)
    if number == int(number) and EARLY_YEAR - 10 <= number <= LAST_YEAR:
        return Reading(None, (_found("date.year_only", proposal=f"{int(number)}-12-31"),))
    if _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        day = date(1899, 12, 30) + timedelta(days=int(serial))
        return _settled(day, against, [_found("date.serial", day=day.isoformat())])
    digits = str(int(number)) if number == int(number) and number > 0 else ""
    day_first = digits.zfill(8) if len(digits) == 7 else digits
    if len(day_first) == 8:
        for order in ((day_first[:4], day_first[4:6], day_first[6:]), (day_first[4:], day_first[2:4], day_first[:2])):
            made = _made(*map(int, order)) if order[0][:2] in ("19", "20") else None
            if isinstance(made, date):
                return _settled(made, against, [_found("date.compact", day=made.isoformat())])
    return Reading(None, (_found("date.unreadable"),))


def _made(year: int, month: int, day: int) -> Day:
    """The day, or why there is none."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return _found("date.unreadable")
    days = calendar.monthrange(year, month)[1]
    if day > days:
        return _found("date.impossible", month=f"{year:04}-{month:02}-01", days=str(days))
    return date(year, month, day)


def _month_end(year: int, month: int) -> Day:
    return _made(year, month, calendar.monthrange(year, month)[1] if 1 <= month <= 12 and year else 1)


def _day_in_text(raw: str, against: _Calendar) -> Reading[date]:
    text, hidden = _plain(raw)
    low = text.lstrip("'").strip().casefold()
    notes = list(hidden)
    if _is_nothing(low):
        return Reading(None, (*notes, _found("value.nothing")) if low else hidden)
    if _FORMULA_ERROR.fullmatch(low):
        return Reading(None, (*notes, _found("value.formula_error")))
    if len(low) > _LONGEST_FIGURE:
        return Reading(None, (*notes, _found("date.unreadable")))
    bare = _BEFORE_DAY.sub("", _WEEKDAY.sub("", low, count=1), count=1)
    clock = _CLOCK.fullmatch(bare)
    found = _written_day(bare, against)
    if clock and found.value is None and not _DIGITS.fullmatch(bare):
        found = _written_day(clock["day"], against)
        midnight = not any(int(clock[part] or 0) for part in ("hour", "minute", "second"))
        notes += [] if midnight else [_found("date.time_dropped")]
    return Reading(found.value, (*notes, *found.findings))


def _written_day(text: str, against: _Calendar) -> Reading[date]:
    """The day in a text of small letters without time of day."""
    if _DIGITS.fullmatch(text):
        return _day_in_number(float(text.replace(",", ".")) if len(text) < 16 else -1.0, against)
    spaced = re.sub(r"\s*([-/.])\s*", r"\1", text)
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(spaced):
            found = read(match, against)
            if found is not None:
                return found
    return Reading(None, (_day_lookalike(text, against) or _found("date.unreadable"),))


def _answer(made: Day, against: _Calendar) -> Reading[date]:
    return _settled(made, against, ()) if isinstance(made, date) else Reading(None, (made,))


def _year_month_day(match: re.Match[str], against: _Calendar) -> Reading[date]:
    return _answer(_made(int(match[1]), int(match[3]), int(match[4])), against)


def _day_month_year(match: re.Match[str], against: _Calendar) -> Reading[date]:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    if month > 12:
        swapped = _made(year, day, month)
        if isinstance(swapped, date):
            return Reading(None, (_proposed("date.month_first", swapped),))
    return _answer(_made(year, month, day), against)


def _either(first: Day, second: Day) -> Reading[date]:
    """Asks which of two days is meant; what is wrong with both is what is wrong with the first."""
    days = [day.isoformat() for day in (first, second) if isinstance(day, date)]
    if not days:
        assert isinstance(first, Finding)
        return Reading(None, (first,))
    return Reading(None, (_found("date.two_digit_year", proposal=days[0], first=days[0], second=days[-1]),))


def _two_digits(match: re.Match[str], _against: _Calendar) -> Reading[date]:
    one, month, last = int(match[1]), int(match[3]), int(match[4])
    return _either(_made(2000 + last, month, one), _made(2000 + one, month, last))


def _month_of(name: str) -> tuple[int, bool] | None:
    """The month of a name and whether it is spelled so; ``None`` where no month is near."""
    if name in _MONTHS:
        return _MONTHS[name], True
    scores: dict[int, float] = {}
    for known, score, _ in process.extract(name, list(_MONTHS), scorer=fuzz.ratio, score_cutoff=_NEAR_WORD, limit=None):
        scores.setdefault(_MONTHS[known], score)
    ranked = sorted(scores.items(), key=lambda one: -one[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0], False


def _misspelt(made: Day) -> Reading[date]:
    return Reading(None, (_proposed("date.month_misspelt", made) if isinstance(made, date) else made,))


def _with_name(year: str, name: str, day: str, against: _Calendar) -> Reading[date] | None:
    month = _month_of(name)
    if month is None:
        return None
    if len(year) == 2:
        return _either(_made(2000 + int(year), month[0], int(day)), _made(2000 + int(day), month[0], int(year)))
    made = _made(int(year), month[0], int(day))
    return _answer(made, against) if month[1] else _misspelt(made)


def _month_and_year(match: re.Match[str], against: _Calendar) -> Reading[date] | None:
    month, year = _month_of(match[1]), match[2]
    if month is None:
        return None
    if len(year) == 2:
        return _either(_month_end(2000 + int(year), month[0]), _made(against.on.year, month[0], int(year)))
    end = _month_end(int(year), month[0])
    return _at_end(end, against) if month[1] else _misspelt(end)


def _month_number(match: re.Match[str], against: _Calendar) -> Reading[date]:
    return _at_end(_month_end(int(match[2] or match[3]), int(match[1] or match[4])), against)


def _at_end(end: Day, against: _Calendar) -> Reading[date]:
    """The last day of a period, noted; a running period's is not in the future yet, but its end is."""
    if isinstance(end, date):
        return _settled(end, against, [_found("date.period_end", day=end.isoformat())])
    return Reading(None, (end,))


def _without_year(match: re.Match[str], against: _Calendar) -> Reading[date] | None:
    name = match[2].lstrip("-/")
    month = (int(name), True) if name.isdigit() else _month_of(name)
    made = _made(against.year or against.on.year, month[0], int(match[1])) if month else None
    return Reading(None, (_found("date.no_year", proposal=made.isoformat()),)) if isinstance(made, date) else None


def _period(match: re.Match[str], against: _Calendar) -> Reading[date] | None:
    kind, part = match["kind"], match["part"]
    number = _PARTS.get(part) or (int(part) if part.isdigit() else 0)
    if kind == "b":
        month = number if part.isdigit() and number in (3, 6, 9, 12) else 0
    elif kind.startswith("s"):
        month = number * 6 if number <= 2 else 0
    else:
        month = number * 3 if number <= 4 else 0
    if not month:
        return None
    year = match["first"] or match["last"]
    if not year and against.year is None:
        end = _month_end(against.on.year, month)
        return Reading(None, (_found("date.no_year", proposal=end.isoformat() if isinstance(end, date) else None),))
    return _at_end(_month_end(int(year) if year else against.year or 0, month), against)


def _day_lookalike(text: str, against: _Calendar) -> Finding | None:
    """Asks where a day has letters for digits: ``17/O8/2026``."""
    if not _has_lookalikes(text):
        return None
    meant = _written_day(text.translate(_LOOKALIKE_DIGITS), against).value
    return None if meant is None else _found("date.lookalike", proposal=meant.isoformat())


_FORMS: Final[Sequence[tuple[re.Pattern[str], Callable[[re.Match[str], _Calendar], Reading[date] | None]]]] = (
    (_YEAR_MONTH_DAY, _year_month_day),
    (_DAY_MONTH_YEAR, _day_month_year),
    (_TWO_DIGITS, _two_digits),
    (_PERIOD, _period),
    (_NAMED, lambda match, against: _with_name(match[3], match[2], match[1], against)),
    (_NAMED_ENGLISH, lambda match, against: _with_name(match[3], match[1], match[2], against)),
    (_NAMED_YEAR_FIRST, lambda match, against: _with_name(match[1], match[2], match[3], against)),
    (_MONTH_YEAR, _month_and_year),
    (_MONTH_NUMBER, _month_number),
    (_NO_YEAR, _without_year),
)


# --- moments -----------------------------------------------------------------------------------------------------

_ZONES: Final = {"wib": 7, "wita": 8, "wit": 9, "z": 0, "utc": 0}
_WIB: Final = timezone(timedelta(hours=7), "WIB")


def read_moment(raw: Raw, *, at: datetime) -> Reading[datetime]:
    """A moment, aware and in UTC, for ``recorded_at``.

    Without a zone it is Western Indonesian Time, noted; a bare day is its first moment there, noted. ``at`` is the
    moment of the import (aware): what lies behind it is flagged.
    """
    if _is_missing(raw):
        return Reading(None)
    clock = None
    if isinstance(raw, str):
        text, hidden = _plain(raw)
        clock = _CLOCK.fullmatch(text.casefold())
        day = read_date(clock["day"] if clock else text, on=at.date(), planned=True)
        notes = [*hidden, *day.findings]
    elif isinstance(raw, datetime):
        return _at_moment(raw, at, [])
    else:
        day = read_date(raw, on=at.date(), planned=True)
        notes = list(day.findings)
    if day.value is None:
        lost = notes or ([_found("moment.unreadable")] if isinstance(raw, str) and raw.strip() else [])
        return Reading(None, tuple(lost))
    if clock is None:
        start = datetime.combine(day.value, time(0), _WIB)
        return _at_moment(start, at, [*notes, _found("moment.day_only")])
    written = _clock_time(clock)
    if written is None:
        return Reading(None, (*notes, _found("moment.unreadable")))
    return _at_moment(datetime.combine(day.value, written, written.tzinfo), at, notes)


def _clock_time(clock: re.Match[str]) -> time | None:
    """The time of day with its zone, if one is written."""
    hour, minute, second = (int(clock[part] or 0) for part in ("hour", "minute", "second"))
    if clock["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if clock["half"] == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int(f"{clock['part'] or '':0<6}"[:6])
    zone = clock["zone"]
    if not zone:
        return time(hour, minute, second, micro)
    if zone in _ZONES:
        offset = timedelta(hours=_ZONES[zone])
    else:
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    return time(hour, minute, second, micro, timezone(offset))


def _at_moment(moment: datetime, at: datetime, notes: Sequence[Finding]) -> Reading[datetime]:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return Reading(None, (*notes, _OUTSIDE))
    if moment.tzinfo is None:
        moment, notes = moment.replace(tzinfo=_WIB), [*notes, _found("moment.no_zone")]
    moment = moment.astimezone(UTC)
    if moment > at:
        notes = [*notes, _found("moment.future")]
    return Reading(moment, tuple(notes))


# --- words -------------------------------------------------------------------------------------------------------

_LOOKS_LIKE: Final = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХҮԌԚԜаеіјорсухѕһԁԛԝүΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ",
    "ABES3IJKMHOPCTYXYGQWaeijopcyxshdqwyABEZHIKMNOPTYXaivopu",
)
_LINE_END: Final = re.compile("\r\n|[\n\r\u2028\u2029]")


def read_word(raw: Raw, *, code: bool = False, lines: bool = False) -> Reading[str]:
    """A text as it may be stored: NFC, no control, zero-width or direction signs, no spaces at its ends.

    ``code``: an identifier; compatible forms are made one as well (``Ａ`` is A). ``lines``: a note, whose lines and
    inner spaces stay. Names and codes with Cyrillic or Greek letters that look Latin are flagged with the Latin
    spelling as proposal. Dashes, ``n/a`` and ``null`` are nothing. Text that looks like a formula stays as it is.
    """
    if _is_missing(raw):
        return Reading(None)
    if isinstance(raw, str):
        return _cleaned(raw, code=code, lines=lines)
    if isinstance(raw, bool | np.bool_):
        return Reading("TRUE" if raw else "FALSE", (_found("word.from_boolean"),))
    if isinstance(raw, datetime) and raw.time() == time(0):
        return Reading(raw.date().isoformat(), (_found("word.from_date"),))
    if isinstance(raw, date | time):
        return Reading(raw.isoformat(), (_found("word.from_date"),))
    if raw is None or raw != raw or raw in (math.inf, -math.inf):
        return Reading(None, (_found("number.not_finite"),))
    if abs(raw) > LARGEST:
        return Reading(None, (_found("number.too_large"),))
    return Reading(str(int(raw)) if raw == int(raw) else repr(float(raw)), (_found("word.from_number"),))


def _by_line(text: str) -> str:
    """The text with plain line ends and no spaces before them."""
    return "\n".join(line.rstrip() for line in _LINE_END.split(text)).strip()


def _cleaned(raw: str, *, code: bool, lines: bool) -> Reading[str]:
    visible, hidden = _visible(raw)
    text = unicodedata.normalize("NFKC" if code else "NFC", visible)
    text = _by_line(text) if lines else " ".join(text.split())
    low = text.casefold().translate(_DASHES)
    if _is_nothing(low, _NOTHING_AS_WORD):
        return Reading(None, (_found("value.nothing"),) if text else ())
    if _FORMULA_ERROR.fullmatch(text):
        return Reading(None, (_found("value.formula_error"),))
    notes = [_found("value.invisible")] if hidden else []
    if not hidden and not lines and text != unicodedata.normalize("NFKC" if code else "NFC", raw):
        notes.append(_found("word.spaces"))
    if not lines and (latin := _latin(text)) is not None:
        notes.append(_found("word.lookalike", proposal=latin))
    return Reading(text, tuple(notes))


def _latin(text: str) -> str | None:
    """The Latin spelling of a text some of whose letters only look Latin; ``None`` where none do."""
    if text.isascii():
        return None
    latin = text.translate(_LOOKS_LIKE)
    return latin if latin != text and not any(_is_greek_or_cyrillic(sign) for sign in latin) else None


def _is_greek_or_cyrillic(sign: str) -> bool:
    return "\u0370" <= sign <= "\u052f"


# --- columns -----------------------------------------------------------------------------------------------------

Clean = Callable[["pd.Series[str]"], tuple[Flags, Floats]]


def text_and_numbers(values: pd.Series[Any], cells: npt.NDArray[np.object_]) -> tuple[Flags, Flags]:
    """Which cells are text, and which numbers (a truth value is neither)."""
    given = values.notna().to_numpy()
    none = np.zeros(len(cells), dtype=bool)
    kind = infer_dtype(values, skipna=True)
    if kind == "string":
        return given, none
    if kind in ("floating", "integer", "mixed-integer-float"):
        return none, given
    text = np.fromiter((isinstance(cell, str) for cell in cells), dtype=bool, count=len(cells))
    number = np.fromiter((type(cell) in (int, float) for cell in cells), dtype=bool, count=len(cells))
    return text, number & given


def _empty(values: pd.Series[Any], cells: npt.NDArray[np.object_]) -> Flags:
    """Which cells hold nothing; among mixed cells NaN is something, a number that is none."""
    if values.dtype != object:
        return values.isna().to_numpy()
    return np.fromiter((cell is None for cell in cells), dtype=bool, count=len(cells))


def _distinct(cells: Sequence[Any]) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """The place of each cell among the distinct ones; 1, 1.0 and True are three."""
    seen: dict[tuple[type, Any], int] = {}
    places = [seen.setdefault((type(cell), cell), len(seen)) for cell in cells]
    return np.array(places, dtype=np.intp), [cell for _, cell in seen]


def _read_column(
    values: pd.Series[Any],
    one: Callable[[Any], Reading[Any]],
    *,
    as_number: Callable[[Any], float] = float,
    clean: Clean | None = None,
    plain: Callable[[Floats], Flags] | None = None,
    factor: float = 1,
) -> tuple[Floats, dict[int, Findings]]:
    """Every cell as a float (NaN where nothing) and what was found.

    ``clean`` says of distinct texts which are plain, and their values; ``plain`` of numbers which are taken as they
    are, times ``factor``; ``one`` reads each distinct cell that is left.
    """
    cells = values.to_numpy(dtype=object)
    out = np.full(len(cells), np.nan)
    text, number = text_and_numbers(values, cells)
    left = ~text & ~_empty(values, cells)
    if plain is not None and number.any():
        floats = _floats(cells, number)
        taken = number & plain(floats)
        out[taken] = floats[taken] * factor
        left &= ~taken
    findings: dict[int, Findings] = {}
    if text.any():
        _take_texts(cells, np.flatnonzero(text), one, as_number, clean, out, findings)
    at = np.flatnonzero(left)
    if len(at):
        places, distinct = _distinct(cells[at].tolist())
        _spread(at, places, [one(cell) for cell in distinct], as_number, out, findings)
    return out, dict(sorted(findings.items())) if findings else findings


def _floats(cells: npt.NDArray[np.object_], number: Flags) -> Floats:
    out = np.full(len(cells), np.nan)
    with suppress(OverflowError):  # whole numbers beyond any float: then all are read one by one
        out[number] = cells[number].astype("float64")
    return out


def _take_texts(
    cells: npt.NDArray[np.object_],
    at: npt.NDArray[np.intp],
    one: Callable[[Any], Reading[Any]],
    as_number: Callable[[Any], float],
    clean: Clean | None,
    out: Floats,
    findings: dict[int, Findings],
) -> None:
    """Fill ``out`` and ``findings`` for the cells that are text."""
    places, distinct = pd.factorize(cells[at])
    known = np.zeros(len(distinct), dtype=bool)
    if clean is not None:
        known, found = clean(texts_of(distinct))
        out[at] = np.where(known, found, np.nan)[places]
    messy = np.flatnonzero(~known)
    if not len(messy):
        return
    rank = np.full(len(distinct), -1, dtype=np.intp)
    rank[messy] = np.arange(len(messy))
    ranked = rank[places]
    chosen = ranked >= 0
    _spread(at[chosen], ranked[chosen], [one(distinct[place]) for place in messy], as_number, out, findings)


def _spread(
    at: npt.NDArray[np.intp],
    places: npt.NDArray[np.intp],
    readings: Sequence[Reading[Any]],
    as_number: Callable[[Any], float],
    out: Floats,
    findings: dict[int, Findings],
) -> None:
    """Give every position in ``at`` the reading in its place."""
    numbers = [math.nan if one.value is None else as_number(one.value) for one in readings]
    out[at] = np.array(numbers, dtype="float64")[places]
    told = np.array([bool(one.findings) for one in readings], dtype=bool)[places]
    for position, place in zip(at[told].tolist(), places[told].tolist(), strict=True):
        findings[position] = readings[place].findings


def _add(findings: dict[int, Findings], more: Mapping[int, Finding]) -> dict[int, Findings]:
    """The findings with one more at some positions, in order."""
    if not more:
        return findings
    both = findings | {at: (*findings.get(at, ()), one) for at, one in more.items()}
    return dict(sorted(both.items()))


def texts_of(distinct: Iterable[str]) -> pd.Series[str]:
    """Texts as a column; a broken half of a sign, which no encoding knows, is shown as U+FFFD."""
    texts = list(distinct)
    try:
        return pd.Series(texts, dtype="str")
    except UnicodeEncodeError:
        whole = [text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for text in texts]
        return pd.Series(whole, dtype="str")


def _matches(texts: pd.Series[str], pattern: str) -> Flags:
    return texts.str.fullmatch(f"(?:{pattern})").to_numpy(dtype=bool)


def _parse(texts: pd.Series[str], chosen: Flags, *, drop: str, mark: str) -> Floats:
    """Chosen texts as floats after dropping a grouping mark and setting the decimal mark; NaN elsewhere."""
    out = np.full(len(texts), np.nan)
    if chosen.any():
        picked = texts[chosen].str.replace(drop, "", regex=False)
        out[chosen] = picked.str.replace(mark, ".", regex=False).to_numpy(dtype=object).astype("float64")
    return out


_SIGNED: Final = "-?"
_WITH_DOTS: Final = r"[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,6})?"
_WITH_COMMAS: Final = r"[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,6})?"
_WITH_COMMA: Final = r"\d{1,15}(?:,\d{1,12})?"
_WITH_POINT: Final = r"\d{1,15}(?:\.\d{1,12})?"
_THOUSANDS_BY_COMMA: Final = r"[1-9]\d{0,2},\d\d0"


def _clean_numbers(texts: pd.Series[str], decimal: Mark | None, factor: int) -> tuple[Flags, Floats]:
    """Distinct texts that are plain numbers by the rule of ``decimal``."""
    if decimal == ".":
        grouped = _matches(texts, _SIGNED + _WITH_COMMAS)
        pointed = _matches(texts, _SIGNED + _WITH_POINT)
        values = np.where(
            grouped, _parse(texts, grouped, drop=",", mark="."), _parse(texts, pointed, drop=",", mark=".")
        )
        return grouped | pointed, values * factor
    grouped = _matches(texts, _SIGNED + _WITH_DOTS)
    simple = _matches(texts, _SIGNED + _WITH_COMMA)
    if decimal is None:
        simple = simple & ~_matches(texts, _SIGNED + _THOUSANDS_BY_COMMA)
    pointed = _matches(texts, _SIGNED + _WITH_POINT) & ~grouped & ~simple
    values = np.where(
        pointed, _parse(texts, pointed, drop=" ", mark="."), _parse(texts, grouped | simple, drop=".", mark=",")
    )
    return grouped | simple | pointed, values * factor


def column_numbers(values: pd.Series[Any], *, decimal: Mark | None = None, unit: int = 1) -> ReadColumn:
    """A column of numbers as ``float64``; arguments as for ``read_number``.

    With ``decimal=None`` a lone ``1.250`` is a thousand; it is flagged where other cells of the column write their
    decimals with a point, and a lone ``1,250`` where others write thousands with a comma.
    """
    numbers, findings = _read_column(
        values,
        partial(read_number, decimal=decimal, unit=unit),
        clean=lambda texts: _clean_numbers(texts, decimal, unit),
        plain=lambda floats: np.abs(floats) <= LARGEST / unit,
        factor=unit,
    )
    if decimal is None:
        findings = _add(findings, _contradicted(values, findings))
    return ReadColumn(pd.Series(numbers, index=values.index, name=values.name, dtype="float64"), findings)


def _contradicted(values: pd.Series[Any], findings: Mapping[int, Findings]) -> dict[int, Finding]:
    """Positions whose lone mark other cells of the column use otherwise."""
    cells = values.to_numpy(dtype=object)
    text, _ = text_and_numbers(values, cells)
    at = np.flatnonzero(text)
    if not len(at):
        return {}
    places, distinct = pd.factorize(cells[at])
    texts = texts_of(distinct).str.strip()
    lone_dot = _matches(texts, r"-?[1-9]\d{0,2}\.\d{3}")
    lone_comma = _matches(texts, r"-?[1-9]\d{0,2},\d{3}")
    points = _matches(texts, r"-?(?:\d+\.(?:\d{1,2}|\d{4,})|0\d*\.\d+|\d{4,}\.\d+|[1-9]\d{0,2}(?:,\d{3})+\.\d+)").any()
    commas = _matches(texts, r"-?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})").any()
    doubtful = (lone_dot & bool(points)) | (lone_comma & bool(commas))
    marks = str.maketrans({".": ",", ",": None})
    by_place = {
        place: _found(
            "number.mark_contradicted", proposal=_typed(Decimal(texts[place].translate(marks).replace(",", ".")))
        )
        for place in np.flatnonzero(doubtful).tolist()
    }
    chosen = doubtful[places]
    pairs = zip(at[chosen].tolist(), places[chosen].tolist(), strict=True)
    told = {position: {one.code for one in findings.get(position, ())} for position in at[chosen].tolist()}
    return {position: by_place[place] for position, place in pairs if "number.comma" not in told[position]}


_MONEY: Final = r"(?:[Rr][Pp]\.?[ \xa0]?)?(?:\d{1,15}|[1-9]\d{0,2}(?:\.\d{3}){1,4})(?:,-|,0{1,2})?"
_MONEY_POINT: Final = r"(?:[Rr][Pp]\.?[ \xa0]?)?(?:\d{1,15}|[1-9]\d{0,2}(?:,\d{3}){1,4})(?:\.0{1,2})?"


def _clean_money(texts: pd.Series[str], decimal: Mark | None, unit: int) -> tuple[Flags, Floats]:
    """Distinct texts that are plain whole rupiah and, times ``unit``, not too many."""
    clean = _matches(texts, _MONEY_POINT if decimal == "." else _MONEY)
    out = np.full(len(texts), np.nan)
    if clean.any():
        whole = texts[clean].str.replace(r"\.0{1,2}$|," if decimal == "." else r",(?:-|0{1,2})$|\.", "", regex=True)
        digits = whole.str.replace(r"^[Rr][Pp][. \xa0]*", "", regex=True)
        out[clean] = digits.to_numpy(dtype=object).astype("float64") * unit
    return clean & (out <= MOST_RUPIAH), out


def column_money(
    values: pd.Series[Any], *, decimal: Mark | None = None, unit: int = 1, groups: pd.Series[Any] | None = None
) -> ReadColumn:
    """A column of whole rupiah as ``Int64``; arguments as for ``read_money``.

    Amounts about three orders of magnitude off their neighbours are flagged, see ``money_off``; ``groups`` names the
    neighbourhood of each cell (same length), such as its programme.
    """
    amounts, findings = _read_column(
        values,
        partial(read_money, decimal=decimal, unit=unit),
        clean=lambda texts: _clean_money(texts, decimal, unit),
        plain=lambda floats: (floats >= 0) & (floats <= MOST_RUPIAH / unit) & _is_whole(floats, unit),
        factor=unit,
    )
    whole = pd.Series(np.round(amounts), index=values.index, name=values.name).astype("Int64")
    return ReadColumn(whole, _add(findings, money_off(whole, groups=groups)))


def _is_whole(floats: Floats, unit: int) -> Flags:
    """Which numbers times ``unit`` are whole rupiah but for what binary fractions are off by."""
    amounts = np.clip(floats, 0, MOST_RUPIAH / unit) * unit
    return np.abs(amounts - np.round(amounts)) <= 0.005


def money_off(amounts: pd.Series[Any], *, groups: pd.Series[Any] | None = None) -> dict[int, Finding]:
    """Positions whose amount lies about three orders of magnitude from its neighbours, with what was likely meant.

    Neighbours are the amounts above zero of the same group, or all of them where a group has fewer than
    ``FEWEST_NEIGHBOURS``; too few altogether find nothing. The measure is the distance of log10 to its median, which a
    few wrong amounts don't move; where the neighbours themselves lie far apart, more is needed.
    """
    plain = amounts.to_numpy(dtype="float64", na_value=np.nan)
    powers = pd.Series(np.log10(plain, where=plain > 0, out=np.full(len(plain), np.nan)))
    middle, least = _neighbourhood(powers, np.zeros(len(plain), dtype=np.intp))
    if groups is not None:
        own_middle, own_least = _neighbourhood(powers, pd.factorize(groups.to_numpy(dtype=object))[0])
        middle, least = (
            np.where(np.isnan(own_middle), middle, own_middle),
            np.where(np.isnan(own_middle), least, own_least),
        )
    distance = powers.to_numpy() - middle
    off = np.flatnonzero(np.abs(distance) >= least)
    return {int(at): _off(plain[at], float(middle[at]), float(distance[at])) for at in off}


def _neighbourhood(powers: pd.Series[Any], groups: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """For each amount the median of its group and the distance from where on it is off; NaN in a group too small."""
    by_group = powers.groupby(groups)
    middle = by_group.transform("median")
    enough = by_group.transform("count") >= FEWEST_NEIGHBOURS
    spread = (powers - middle).abs().groupby(groups).transform("median") * _SPREAD
    return middle.where(enough).to_numpy("float64"), np.maximum(spread.to_numpy("float64"), OFF_MAGNITUDE)


def _off(amount: float, middle: float, distance: float) -> Finding:
    steps = -3 * round(distance / 3)
    meant = Decimal(int(amount)).scaleb(steps)
    whole = meant == int(meant) and 1 <= meant <= MOST_RUPIAH
    proposal = str(int(meant)) if whole else None
    return _found("money.neighbours", proposal=proposal, amount=str(int(amount)), usual=str(round(10**middle)))


_PERCENT_TEXT: Final = r"\d{1,3}(?:,\d{1,12})? ?%?"
_PERCENT_POINT: Final = r"\d{1,3}(?:\.(?:\d{1,2}|\d{4,12}))? ?%?"
_PERCENT_POINT_KNOWN: Final = r"\d{1,3}(?:\.\d{1,12})? ?%?"
_PERCENT_SIGN: Final = r"(?i:%|persen|percent|prosen)"


def _clean_percents(texts: pd.Series[str], decimal: Mark | None) -> tuple[Flags, Floats]:
    clean = _matches(texts, _PERCENT_POINT_KNOWN if decimal == "." else f"{_PERCENT_TEXT}|{_PERCENT_POINT}")
    out = np.full(len(texts), np.nan)
    if clean.any():
        bare = texts[clean].str.rstrip("% ").str.replace(",", ".", regex=False)
        out[clean] = bare.to_numpy(dtype=object).astype("float64")
    return clean & (out <= 100), out


def column_percents(values: pd.Series[Any], *, fraction: bool | None = None, decimal: Mark | None = None) -> ReadColumn:
    """A column of percentages, 0 to 100, as ``float64``; arguments as for ``read_percent``.

    ``fraction=None`` finds out: where no cell without a percent sign lies above 1, at least two lie above 0 and one
    between 0 and 1, and no signed cell lies above 1, the column holds shares of 1 and each is multiplied by 100, noted.
    Where both occur, every cell above 0 and up to 1 is asked. So are ones among nothing but zeros.
    """
    percents, findings = _read_column(
        values,
        partial(read_percent, fraction=False, decimal=decimal),
        clean=lambda texts: _clean_percents(texts, decimal),
        plain=lambda floats: (floats >= 0) & (floats <= 100),
    )
    unsigned = ~_signed(values)
    small = unsigned & (percents > float(_TOUCH)) & (percents <= 1)
    if fraction is None:
        fraction = _holds_fractions(percents, findings, small)
    if fraction:
        percents, findings = _as_fractions(percents, findings, unsigned)
    elif fraction is None:
        more = {
            int(at): _fraction_or_percent(Decimal(repr(float(percents[at]))), decimal) for at in np.flatnonzero(small)
        }
        percents, findings = np.where(small, np.nan, percents), _add(findings, more)
    percents = np.round(percents, 9)
    return ReadColumn(pd.Series(percents, index=values.index, name=values.name, dtype="float64"), findings)


def _signed(values: pd.Series[Any]) -> Flags:
    """Which cells carry a percent sign or its word."""
    out = np.zeros(len(values), dtype=bool)
    cells = values.to_numpy(dtype=object)
    text, _ = text_and_numbers(values, cells)
    at = np.flatnonzero(text)
    if len(at):
        places, distinct = pd.factorize(cells[at])
        out[at] = texts_of(distinct).str.contains(_PERCENT_SIGN).to_numpy(dtype=bool)[places]
    return out


def _holds_fractions(percents: Floats, findings: Mapping[int, Findings], small: Flags) -> bool | None:
    """Whether unsigned cells are shares of 1, percentages, or (``None``) not to be told."""
    outside = any(one.code in ("percent.outside", "percent.thousands") for told in findings.values() for one in told)
    large = outside or bool((percents > 1).any())
    between = bool((small & (percents < 1)).any())
    if between:
        return True if not large and np.count_nonzero(small) >= 2 else None
    return False if large or not small.any() else None


def _as_fractions(
    percents: Floats, findings: dict[int, Findings], unsigned: Flags
) -> tuple[Floats, dict[int, Findings]]:
    """Unsigned cells times 100, each noted; above 100 refused."""
    known = unsigned & np.isfinite(percents)
    times = np.where(known, percents * 100, percents)
    outside = known & (times > 100 + float(_TOUCH))
    more: dict[int, Finding] = dict.fromkeys(np.flatnonzero(known & ~outside & (percents > 0)).tolist(), _FRACTION)
    more |= dict.fromkeys(np.flatnonzero(outside).tolist(), _found("percent.outside"))
    return np.where(outside, np.nan, np.minimum(times, 100)), _add(findings, more)


def column_dates(
    values: pd.Series[Any], *, on: date, planned: bool = False, year: int | None = None, epoch_1904: bool = False
) -> ReadColumn:
    """A column of days as ``datetime64[us]``; arguments as for ``read_date``.

    Where one cell can only be month first (``08/17/2026``), the others that can be read both ways are flagged.
    """
    read = partial(read_date, on=on, planned=planned, year=year, epoch_1904=epoch_1904)
    ordinals, findings = _read_column(values, read, as_number=date.toordinal)
    if any(one.code == "date.month_first" for told in findings.values() for one in told):
        findings = _add(findings, _read_both_ways(values))
    since = np.where(np.isnan(ordinals), 0, ordinals - date(1970, 1, 1).toordinal()).astype("int64")
    days = since.astype("datetime64[D]")
    days[np.isnan(ordinals)] = np.datetime64("NaT")
    return ReadColumn(pd.Series(days.astype("datetime64[us]"), index=values.index, name=values.name), findings)


def _read_both_ways(values: pd.Series[Any]) -> dict[int, Finding]:
    found: dict[int, Finding] = {}
    for at, cell in enumerate(values.tolist()):
        match = _DAY_MONTH_YEAR.fullmatch(_plain(cell)[0]) if isinstance(cell, str) else None
        if match and int(match[1]) <= 12 and int(match[3]) <= 12 and int(match[1]) != int(match[3]):
            other = _made(int(match[4]), int(match[1]), int(match[3]))
            if isinstance(other, date):
                found[at] = _found("date.month_first_column", proposal=other.isoformat())
    return found


def column_moments(values: pd.Series[Any], *, at: datetime) -> ReadColumn:
    """A column of moments as ``datetime64[us, UTC]``; ``at`` as for ``read_moment``."""
    cells = values.to_numpy(dtype=object)
    places, distinct = _distinct([None if pd.isna(cell) else cell for cell in cells])
    readings = [read_moment(cell, at=at) for cell in distinct]
    moments = pd.Series([one.value for one in readings], dtype="datetime64[us, UTC]").take(places)
    told = [readings[place].findings for place in places.tolist()]
    findings = {where: found for where, found in enumerate(told) if found}
    return ReadColumn(pd.Series(moments.array, index=values.index, name=values.name), findings)


_CLEAN_WORD: Final = r"[0-9A-Za-z][!-~]*(?: [!-~]+)*"


def column_words(values: pd.Series[Any], *, code: bool = False, lines: bool = False) -> ReadColumn:
    """A column of texts as ``str``; arguments as for ``read_word``."""
    cells = values.to_numpy(dtype=object).copy()
    text, _ = text_and_numbers(values, cells)
    missing = _empty(values, cells)
    at = np.flatnonzero(text)
    left = ~text & ~missing
    if len(at):
        places, uniques = pd.factorize(cells[at])
        texts = texts_of(uniques)
        clean = _matches(texts, _CLEAN_WORD) & ~texts.str.lower().isin(list(_NOTHING_AS_WORD)).to_numpy(dtype=bool)
        left[at] = ~clean[places]
    findings: dict[int, Findings] = {}
    at = np.flatnonzero(left)
    if len(at):
        places, distinct = _distinct(cells[at].tolist())
        readings = [read_word(cell, code=code, lines=lines) for cell in distinct]
        for position, place in zip(at.tolist(), places.tolist(), strict=True):
            cells[position] = readings[place].value
            if readings[place].findings:
                findings[position] = readings[place].findings
    cells[missing] = None
    return ReadColumn(pd.Series(cells, index=values.index, name=values.name, dtype="str"), findings)


# --- words for people --------------------------------------------------------------------------------------------


def _day(t: Translator, told: Mapping[str, str], name: str = "day") -> str:
    return t.date(date.fromisoformat(told[name]))


def _rupiah(t: Translator, told: Mapping[str, str], name: str = "amount") -> str:
    return t.rupiah(int(told[name]))


def _two_digit_year(t: Translator, told: Mapping[str, str]) -> str:
    if told["first"] == told["second"]:
        return t("The year has only two digits. Is it {day}?", day=_day(t, told, "first"))
    return t(
        "The year has only two digits: {first} or {second}?",
        first=_day(t, told, "first"),
        second=_day(t, told, "second"),
    )


MESSAGES: Final[Messages] = {
    "value.nothing": lambda t, told: (t("Read as not reported, not as zero."), ""),
    "value.invisible": lambda t, told: (
        t("Invisible characters were removed."),
        t("Compare what was read with what was meant."),
    ),
    "value.formula_error": lambda t, told: (
        t("The formula in this cell shows an error."),
        t("Correct the formula or type the value."),
    ),
    "number.unreadable": lambda t, told: (
        t("This is not a number."),
        t("Type digits only, such as 1.250 or 1.250,5."),
    ),
    "number.misgrouped": lambda t, told: (
        t("The dots and commas do not separate thousands, so the number is not clear."),
        t("Type it as 1.250.000 or without dots."),
    ),
    "number.boolean": lambda t, told: (t("TRUE and FALSE are not numbers."), t("Type the number.")),
    "number.date": lambda t, told: (
        t("A date stands where a number is expected; the spreadsheet may have turned a number into a date."),
        t("Format the column as a number and type the value again."),
    ),
    "number.not_finite": lambda t, told: (
        t("This is not a number that can be counted with (NaN or infinity)."),
        t("Type the number, or leave the cell empty if it is not known."),
    ),
    "number.too_large": lambda t, told: (t("The number is too large."), t("Check the number of digits.")),
    "number.approximate": lambda t, told: (
        t("The number is only approximate."),
        t("Accept the number itself, or type the exact one."),
    ),
    "number.lookalike": lambda t, told: (
        t("The number contains letters that look like digits."),
        t("Accept the proposal, or type the number again."),
    ),
    "number.unit_unknown": lambda t, told: (
        t("The words beside the number are not known as a unit."),
        t("Leave only the number in the cell."),
    ),
    "number.letter": lambda t, told: (
        t("The letter behind the number can be a magnitude or a unit."),
        t("Write ribu, juta, miliar or triliun, or leave the letter out."),
    ),
    "number.none": lambda t, told: (
        t("“None” can mean zero or not reported."),
        t("Type 0 for zero; leave the cell empty if nothing was reported."),
    ),
    "number.comma": lambda t, told: (
        t("Read as a decimal, by the Indonesian rule; the comma may have been meant to separate thousands."),
        t("If thousands were meant, accept the proposal."),
    ),
    "number.mark_contradicted": lambda t, told: (
        t("Other cells of this column use this dot or comma the other way."),
        t("Check the number; if the other reading was meant, accept the proposal."),
    ),
    "number.scientific": lambda t, told: (
        t("The number is written with a power of ten, so digits may be lost."),
        t("Format the column as a number and compare."),
    ),
    "number.english": lambda t, told: (t("Read in English spelling: commas separate thousands."), ""),
    "number.brackets": lambda t, told: (t("Brackets were read as a minus sign."), ""),
    "number.scaled": lambda t, told: (t("Read as {number}.", number=t.limit(float(told["number"]))), ""),
    "number.unit_left_out": lambda t, told: (
        t("The unit beside the number was left out: {unit}.", unit=told["unit"]),
        "",
    ),
    "number.nil": lambda t, told: (t("Read as zero."), ""),
    "money.negative": lambda t, told: (
        t("An amount of money below zero cannot be taken."),
        t("Type the amount without a minus sign or brackets, or leave the cell empty."),
    ),
    "money.percent": lambda t, told: (
        t("A percentage stands where an amount of money is expected."),
        t("Type the amount in rupiah."),
    ),
    "money.too_large": lambda t, told: (
        t("The amount is larger than {most}.", most=t.rupiah(MOST_RUPIAH)),
        t("Check the number of digits and the unit."),
    ),
    "money.comma": lambda t, told: (
        t("The comma can separate thousands or decimals."),
        t("Accept the proposal if thousands were meant, or type the amount without commas."),
    ),
    "money.no_unit": lambda t, told: (
        t("The amount is below a thousand rupiah and has decimals, so its unit seems to be missing."),
        t("Write the unit behind the number: ribu, juta, miliar or triliun."),
    ),
    "money.english_magnitude": lambda t, told: (
        t(
            "M was read as miliar: {amount}. The number is in English spelling, where M means million.",
            amount=_rupiah(t, told),
        ),
        t("If million was meant, accept the proposal."),
    ),
    "money.grouped_magnitude": lambda t, told: (
        t("The dot was read as separating thousands: {amount}.", amount=_rupiah(t, told)),
        t("If the dot was meant as a decimal mark, accept the proposal."),
    ),
    "money.neighbours": lambda t, told: (
        t(
            "{amount} is about a thousand times or more away from its neighbours, which are around {usual}.",
            amount=t.rupiah_short(int(told["amount"])),
            usual=t.rupiah_short(int(told["usual"])),
        ),
        t("Check the unit (rupiah, juta, miliar) and the number of digits."),
    ),
    "money.scaled": lambda t, told: (t("Read as {amount}.", amount=_rupiah(t, told)), ""),
    "money.rounded": lambda t, told: (t("Rounded to whole rupiah: {amount}.", amount=_rupiah(t, told)), ""),
    "percent.outside": lambda t, told: (
        t("A percentage lies between 0 and 100."),
        t("Check the number; realisation above 100% cannot be recorded."),
    ),
    "percent.fraction_or_percent": lambda t, told: (
        t(
            "It is not clear whether {small}% or {large}% is meant.",
            small=t.limit(float(told["small"])),
            large=t.limit(float(told["large"])),
        ),
        t("Accept the proposal, or write the percent sign behind the number."),
    ),
    "percent.thousands": lambda t, told: (
        t("With a dot before three digits this is a number in the thousands, not a percentage."),
        t("If the dot was meant as a decimal mark, accept the proposal."),
    ),
    "percent.fraction": lambda t, told: (t("Read as a share of 1 and multiplied by 100."), ""),
    "date.unreadable": lambda t, told: (
        t("This is not a date."),
        t("Type it as 17/08/2026 or 17 Agustus 2026."),
    ),
    "date.impossible": lambda t, told: (
        t(
            "There is no such day: {month} has {days} days.",
            month=t.month(date.fromisoformat(told["month"])),
            days=told["days"],
        ),
        t("Type the right day."),
    ),
    "date.outside": lambda t, told: (
        t("The year lies outside {first} to {last}.", first=told["first"], last=told["last"]),
        t("Check the year."),
    ),
    "date.two_digit_year": lambda t, told: (
        _two_digit_year(t, told),
        t("Accept the proposal, or write the year with four digits."),
    ),
    "date.no_year": lambda t, told: (
        t("The year is missing."),
        t("Accept the proposal, or write the year with four digits."),
    ),
    "date.year_only": lambda t, told: (
        t("Only a year is given."),
        t("Accept the proposal, or type the day."),
    ),
    "date.month_misspelt": lambda t, told: (
        t("The name of the month is not spelled as any month."),
        t("Accept the proposal, or correct the name."),
    ),
    "date.month_first": lambda t, told: (
        t("Dates are read day first, and there is no month with this number."),
        t("If the month was meant to come first, accept the proposal."),
    ),
    "date.lookalike": lambda t, told: (
        t("The date contains letters that look like digits."),
        t("Accept the proposal, or type the date again."),
    ),
    "date.month_first_column": lambda t, told: (
        t("Read day first, but another date of this column has the month first."),
        t("If the month comes first here too, accept the proposal."),
    ),
    "date.future": lambda t, told: (
        t("{day} lies after the day of the import, {on}.", day=_day(t, told), on=_day(t, told, "on")),
        t("Check the date."),
    ),
    "date.early": lambda t, told: (
        t("{day} is long before the programme.", day=_day(t, told)),
        t("Check the year."),
    ),
    "date.period_end": lambda t, told: (t("Read as the last day of the period: {day}.", day=_day(t, told)), ""),
    "date.serial": lambda t, told: (
        t("Read as the spreadsheet's number for {day}.", day=_day(t, told)),
        "",
    ),
    "date.compact": lambda t, told: (t("Read as {day}.", day=_day(t, told)), ""),
    "date.time_dropped": lambda t, told: (t("The time of day was left out."), ""),
    "moment.unreadable": lambda t, told: (
        t("This is not a moment."),
        t("Type it as 2026-08-17 14:05 WIB."),
    ),
    "moment.future": lambda t, told: (
        t("The moment lies after the moment of the import."),
        t("Check date, time and time zone."),
    ),
    "moment.no_zone": lambda t, told: (t("Without a time zone it was read as Western Indonesian Time (WIB)."), ""),
    "moment.day_only": lambda t, told: (t("Without a time it was read as the beginning of the day (WIB)."), ""),
    "word.lookalike": lambda t, told: (
        t("Some letters look like Latin letters but are not."),
        t("Accept the proposal, or type the text again."),
    ),
    "word.from_date": lambda t, told: (
        t("A date stands where text is expected; the spreadsheet may have turned text into a date."),
        t("Format the column as text and type the value again."),
    ),
    "word.from_boolean": lambda t, told: (
        t("TRUE or FALSE stands where text is expected."),
        t("Check the cell."),
    ),
    "word.from_number": lambda t, told: (
        t("A number was read as text; zeros in front may be lost."),
        "",
    ),
    "word.spaces": lambda t, told: (t("Superfluous spaces were removed."), ""),
}
"""Every code of this module, see ``Messages``."""
