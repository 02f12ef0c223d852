"""Read which region, institution or word of a closed list a cell means.

Names and spellings that are known lead to their code; typing errors lead to a question with a proposal, never to a
value. No finding repeats a cell's text, which may hold what must not be shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from geo.intake.cells import Finding, Level, Messages, Raw, ReadColumn, Reading
from geo.locale import Translator, translator
from geo.locale.terms import (
    action_kind_name,
    action_status_name,
    category_name,
    data_status_name,
    field_name,
    precision_name,
    severity_name,
    stage_name,
)
from geo.model import CHECKPOINTS, ActionStatus, DataStatus, LocationPrecision, Programme, Region, Stage
from geo.regions import boundary_stamp, find_region, other_names, regions
from geo.regions.names import Match, bps_twins, plain_name

Coding = Literal["kemendagri", "bps"]
"""Whose list of region codes a column follows: the Ministry of Home Affairs' (ours) or Statistics Indonesia's."""

SAME_IN_BOTH: Final = ("32", "33", "35", "52", "72")
"""Provinces for which it is known where the two lists differ: nowhere, or as ``geo.regions`` lists it (72)."""

NEAR_NAME: Final = 80.0
"""Least likeness of two names, 0 to 100, for one to be proposed for the other: about one wrong letter in five."""

NEAR_WORD: Final = 75.0
"""The same for the words of a closed list, which are few and far apart."""

MOVED: Final[Mapping[str, str]] = {
    # Kalimantan Utara, from Kalimantan Timur by UU 20/2012
    **{"64.04": "65.01", "64.06": "65.02", "64.05": "65.03", "64.10": "65.04", "64.73": "65.71"},
    # Papua Selatan, Papua Tengah and Papua Pegunungan, from Papua by UU 14, 15 and 16/2022
    **{"91.01": "93.01", "91.16": "93.02", "91.17": "93.03", "91.18": "93.04"},
    **{"91.04": "94.01", "91.07": "94.02", "91.08": "94.03", "91.09": "94.04"},
    **{"91.25": "94.05", "91.26": "94.06", "91.27": "94.07", "91.28": "94.08"},
    **{"91.02": "95.01", "91.12": "95.02", "91.13": "95.03", "91.14": "95.04"},
    **{"91.21": "95.05", "91.22": "95.06", "91.23": "95.07", "91.24": "95.08"},
    # Papua Barat Daya, from Papua Barat by UU 29/2022
    **{"92.01": "96.01", "92.04": "96.02", "92.05": "96.03", "92.09": "96.04", "92.10": "96.05", "92.71": "96.71"},
}
"""Kemendagri codes that a new province dissolved, to the code that the same region has now."""

FORMER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "Irian Jaya": ("91",),
    "Irian Jaya Barat": ("92",),
    "Toba Samosir": ("12.12",),
    "Sawahlunto Sijunjung": ("13.03",),
    "Kutai": ("64.02",),
    "Pasir": ("64.01",),
    "Selayar": ("73.01",),
    "Mamuju Utara": ("76.01",),
    "Maluku Tenggara Barat": ("81.03",),
    "Yapen Waropen": ("91.05", "91.15"),
    "Buol Tolitoli": ("72.04", "72.05"),
}
"""Names that regions bore before they were renamed or parted, to the codes of what they are now."""


# --- text --------------------------------------------------------------------------------------------------------

_INVISIBLE: Final = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\x00")
)
_DASHES: Final = str.maketrans(dict.fromkeys("−–—‒―﹣－‐‑", "-"))
_NOTHING: Final = frozenset(
    {
        *("", "na", "nan", "none", "null", "kosong", "nihil", "belumada", "blmada", "tidakada", "tdkada", "menyusul"),
        *("belumtersedia", "tidaktersedia", "belumdiketahui", "tidakdiketahui", "belumdiisi", "tba", "tbd"),
    }
)
_OTHER_SIGNS: Final = re.compile(r"[^\w\s./?()\[\]‐-―−-]")  # a cell of other signs says something, if nothing known
_LONGEST: Final = 200
_LARGEST: Final = 10**18  # a whole number that no code comes near


def _text(raw: Any) -> str:
    """A cell as text without invisible signs, one blank between words, and no apostrophe that a spreadsheet put before
    it; whole numbers without their ``.0``.
    """
    if isinstance(raw, float | np.floating) and float(raw).is_integer():
        raw = int(raw)
    text = "9" * (_LONGEST + 1) if isinstance(raw, int) and abs(raw) > _LARGEST else str(raw)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE).translate(_DASHES))
    return " ".join(text.replace("\x00", "").split()).lstrip("'\u2019").lstrip()


def _ascii_texts(cells: pd.Series[Any]) -> pd.Series[Any]:
    """The cells that are text of ASCII letters and signs, dtype ``str``; missing for all others."""
    texts = [value if isinstance(value, str) and value.isascii() else None for value in cells.tolist()]
    return pd.Series(texts, index=cells.index, dtype="str")


def _squashed(text: str) -> str:
    """Letters and digits only, without case and accents."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain.casefold() if sign.isalnum())


def _is_nothing(raw: Any) -> bool:
    if raw is None or raw is pd.NA or raw is pd.NaT or (isinstance(raw, float) and raw != raw):
        return True
    if not isinstance(raw, str) or len(raw) >= 40 or raw[:1].isdigit():
        return False
    return _squashed(_text(raw)) in _NOTHING and not _OTHER_SIGNS.search(raw)


def _nothing(raw: Any) -> Reading[str]:
    """The reading of a cell that is empty, or says that it holds nothing."""
    said = isinstance(raw, str) and bool(raw.strip())
    return Reading(None, (Finding(Level.NOTED, "word.nothing"),) if said else ())


def _refused(code: str, **told: str) -> Reading[str]:
    return Reading(None, (Finding(Level.REFUSED, code, told),))


def _asked(code: str, *, proposal: str | None = None, **told: str) -> Reading[str]:
    return Reading(None, (Finding(Level.ASKED, code, told, proposal),))


def _taken(value: str, level: Level, code: str, **told: str) -> Reading[str]:
    return Reading(value, (Finding(level, code, told),))


def _column(columns: Sequence[pd.Series[Any] | None], reader: Callable[[Sequence[Any]], Reading[str]]) -> ReadColumn:
    """Read each distinct row of cells once; the values have the index of the first column."""
    first = columns[0]
    assert first is not None
    present = [column for column in columns if column is not None]
    place = np.zeros(len(first), dtype=np.int64)
    for column in present:
        numbers, distinct = pd.factorize(_told_apart(column), use_na_sentinel=True)
        place = place * (len(distinct) + 1) + numbers + 1
    groups, firsts = np.unique(place, return_index=True)
    group = np.searchsorted(groups, place)
    cells = [[None] * len(firsts) if column is None else column.iloc[firsts].tolist() for column in columns]
    readings = [reader(row) for row in zip(*cells, strict=True)]
    values = np.array([*(reading.value for reading in readings), None], dtype=object)[group]
    told = np.array([bool(reading.findings) for reading in readings], dtype=bool)[group]
    found = np.flatnonzero(told)
    return ReadColumn(
        pd.Series(values, index=first.index, dtype="str"),
        {row: readings[number].findings for row, number in zip(found.tolist(), group[found].tolist(), strict=True)},
    )


def _told_apart(column: pd.Series[Any]) -> pd.Series[Any]:
    """The column with booleans that cannot be taken for the numbers 0 and 1."""
    if column.dtype != object:
        return column
    values = column.tolist()
    if not any(isinstance(value, bool) for value in values):
        return column
    return pd.Series(["\x00boolean" if isinstance(value, bool) else value for value in values], dtype=object)


# --- regions -----------------------------------------------------------------------------------------------------


def read_region(
    raw: Raw,
    *,
    province: str | None = None,
    coding: Coding | None = None,
    name: str | None = None,
    level: Literal[1, 2] | None = None,
) -> Reading[str]:
    """The dotted Kemendagri code of the region that a cell means by a code or a name.

    ``province``: dotted code of the province that the row states. ``coding``: whose list a code without dots follows,
    ``None`` where that is not known. ``name``: the name of the region, where another cell states it beside a code.
    ``level``: 1 only provinces, 2 only kabupaten/kota (and what lies in them); ``None`` both. The codes of kecamatan
    and desa keep their depth; that they exist is checked down to the kabupaten/kota.
    """
    return _read_region(raw, _known(), province, coding, name, level)


def column_regions(
    cells: pd.Series[Any],
    *,
    provinces: pd.Series[Any] | None = None,
    names: pd.Series[Any] | None = None,
    coding: Coding | None = None,
    level: Literal[1, 2] | None = None,
) -> ReadColumn:
    """``read_region`` of a whole column; ``provinces`` and ``names`` are the columns beside it.

    Without ``coding`` the column's own is taken, where it has one (``coding_of``); codes that only it makes clear are
    flagged. Values are of dtype ``str``.
    """
    known = _known()
    follows = cache(lambda: coding_of(cells, names=names) if coding is None else None)

    def reader(row: Sequence[Any]) -> Reading[str]:
        raw, province, name = row
        beside = name if isinstance(name, str) else None
        stated = province if isinstance(province, str) else None
        found = _read_region(raw, known, stated, coding, beside, level)
        if found.findings == () or found.findings[0].code not in _BY_CODING:
            return found
        inferred = follows()
        if inferred is None:
            return found
        settled = _read_region(raw, known, stated, inferred, beside, level)
        if settled.value is None or settled.value == found.value:
            return settled
        told = {"system": _system(inferred), "region": known.label(settled.value)}
        return _taken(settled.value, Level.FLAGGED, "region.by_column", **told)

    texts = _ascii_texts(cells)
    plain = _plain_codes(texts, provinces, names, level, known)
    rows = np.flatnonzero(~plain)
    read = _column([None if column is None else column.iloc[rows] for column in (cells, provinces, names)], reader)
    values = texts.where(plain)
    values.iloc[rows] = read.values.to_numpy()
    return ReadColumn(values, {int(rows[place]): findings for place, findings in read.findings.items()})


def _plain_codes(
    texts: pd.Series[Any],
    provinces: pd.Series[Any] | None,
    names: pd.Series[Any] | None,
    level: Literal[1, 2] | None,
    known: _Known,
) -> npt.NDArray[np.bool_]:
    """Which cells are dotted codes of regions in force that nothing beside them can contradict."""
    plain = texts.str.fullmatch(_DOTTED_CODE).fillna(False) & texts.str.slice(0, 5).isin(list(known.by_code))
    if names is not None:
        plain &= names.isna().to_numpy()
    if provinces is not None:
        stated = _ascii_texts(provinces).str.slice(0, 2).to_numpy(object)
        plain &= provinces.isna().to_numpy() | (stated == texts.str.slice(0, 2).to_numpy(object))
    if level is not None:
        plain &= (texts.str.len() == 2) == (level == 1)
    return plain.to_numpy(dtype=bool)


_DOTTED_CODE: Final = (
    r"[0-9]{2}(?:\.(?:[0-9][1-9]|[1-9]0)(?:\.(?:[0-9][1-9]|[1-9]0)(?:\.(?:[0-9]{3}[1-9]|[1-9][0-9]{3}))?)?)?"
)
_BY_CODING: Final = ("region.code_systems", "region.system_assumed")


def coding_of(cells: pd.Series[Any], *, names: pd.Series[Any] | None = None) -> Coding | None:
    """The one list of codes that everything in a column fits; ``None`` without a sign of either, or with both.

    Signs: dots and six digits are Kemendagri's, seven digits BPS's; a name with a code that the two lists give to
    different regions.
    """
    known = _known()
    table = pd.DataFrame({"cell": cells.astype(object)})
    table["name"] = None if names is None else names.astype(object).to_numpy()
    signs: set[Coding] = set()
    for cell, name in table.drop_duplicates().itertuples(index=False, name=None):
        if isinstance(cell, bool) or _is_nothing(cell) or isinstance(cell, datetime | date | time):
            continue
        signs.update(_signs(_text(cell)[:_LONGEST], name if isinstance(name, str) else None, known))
    return signs.pop() if len(signs) == 1 else None


@dataclass(frozen=True)
class _Known:
    """The regions in force, by code and by the plain forms of their names."""

    by_code: Mapping[str, Region]
    keys: Mapping[str, tuple[Region, ...]]
    official: Mapping[str, Region]
    former: Mapping[str, tuple[Region, ...]]
    twins: Mapping[str, str]
    stamp: str

    def label(self, code: str) -> str:
        """``35.07 Kabupaten Malang``; of a kecamatan or desa its own code and its kabupaten's name."""
        found = self.by_code.get(code[:5])
        return f"{code} {found.name}" if found else code

    def labels(self, found: Iterable[Region]) -> str:
        return "; ".join(f"{one.code} {one.name}" for one in found)


def _known() -> _Known:
    return _known_as_of(boundary_stamp(1), boundary_stamp(2))


@lru_cache(maxsize=2)
def _known_as_of(*stamps: str) -> _Known:
    listed = regions()
    by_code = {one.code: one for one in listed}
    keys: dict[str, tuple[Region, ...]] = {}
    for one in listed:
        for name in dict.fromkeys((plain_name(one.name), *map(plain_name, other_names().get(one.code, ())))):
            keys[name] = (*keys.get(name, ()), one)
    former = {
        _squashed(name): tuple(by_code[code] for code in codes if code in by_code)
        for name, codes in FORMER_NAMES.items()
    }
    official = {one.name.casefold(): one for one in listed}
    return _Known(by_code, keys, official, former, bps_twins(), " ".join(stamps))


_ONLY_CODE: Final = re.compile(r"\d[\d.,\s-]*")
_CODE_AND_NAME: Final = re.compile(r"[(\[]?(\d[\d.,]*)\s*[-:|/)\]]?\s*(\D.*)")
_NAME_AND_CODE: Final = re.compile(r"(\D*[^\W\d])\W*?(?:[(\[]\s*(\d[\d.,]*)\s*[)\]]|\s(\d\d\.\d\d(?:\.[\d.]+)?))")
_OFFICE: Final = (
    (re.compile(r"^(?:pemerintah(?:\s+daerah)?|pemda)\s+", re.IGNORECASE), ""),
    (re.compile(r"^pemkab\.?\s+", re.IGNORECASE), "Kabupaten "),
    (re.compile(r"^pemkot\.?\s+", re.IGNORECASE), "Kota "),
    (re.compile(r"^pemprov\.?\s+", re.IGNORECASE), "Provinsi "),
    (re.compile(r"\b(?:daerah\s+tingkat|dati|tk\.?|tingkat)\s+i{1,2}\b\.?", re.IGNORECASE), " "),
    (re.compile(r"^(.+?)(?:\s*,)?\s+[(\[]?kab(?:upaten)?\b\.?[)\]]?$", re.IGNORECASE), r"Kabupaten \1"),
    (re.compile(r"^(.+?)(?:\s*,\s*kota|\s*[(\[]kota[)\]])$", re.IGNORECASE), r"Kota \1"),
    (re.compile(r"^(?:the\s+)?(.+?)\s+regency$", re.IGNORECASE), r"Kabupaten \1"),
    (re.compile(r"^(?:the\s+)?(.+?)\s+city$", re.IGNORECASE), r"Kota \1"),
    (re.compile(r"^(?:the\s+)?(.+?)\s+province$", re.IGNORECASE), r"Provinsi \1"),
)


def _read_region(
    raw: Any,
    known: _Known,
    province: str | None,
    coding: Coding | None,
    name: str | None,
    level: Literal[1, 2] | None,
) -> Reading[str]:
    if _is_nothing(raw):
        return _nothing(raw)
    if isinstance(raw, bool):
        return _refused("region.unreadable")
    if isinstance(raw, datetime | date | time):
        return _region_of_moment(raw, known)
    text = _text(raw)
    if len(text) > _LONGEST:
        return _refused("region.unreadable")
    if _ONLY_CODE.fullmatch(text):
        found = _region_of_code(text, known, coding, _named(name, province, known))
    elif parts := _code_with_name(text):
        found = _region_of_code(parts[0], known, coding, _named(parts[1], province, known), same_cell=True)
    else:
        found = _region_of_name(_without_office(text), known, province, level)
    return _in_province(_at_level(found, level), province, known)


def _code_with_name(text: str) -> tuple[str, str] | None:
    first = _CODE_AND_NAME.fullmatch(text)
    if first and any(map(str.isalpha, first[2])):
        return first[1].rstrip(".,"), first[2]
    last = _NAME_AND_CODE.fullmatch(text)
    return ((last[2] or last[3]).rstrip(".,"), last[1]) if last else None


def _without_office(text: str) -> str:
    for pattern, instead in _OFFICE:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def _at_level(found: Reading[str], level: Literal[1, 2] | None) -> Reading[str]:
    if found.value is None or level is None or (len(found.value) == 2) == (level == 1):
        return found
    return _refused("region.province_wanted" if level == 1 else "region.regency_wanted")


def _in_province(found: Reading[str], province: str | None, known: _Known) -> Reading[str]:
    if found.value is None or not province or found.value[:2] == province[:2]:
        return found
    told = {"region": known.label(found.value), "province": known.label(province[:2])}
    return _asked("region.other_province", **told)


def _region_of_moment(raw: datetime | date | time, known: _Known) -> Reading[str]:
    """A code such as 12.05 that a spreadsheet took for a time of day, or for a day and a month."""
    if isinstance(raw, time):
        codes = [f"{raw.hour:02}.{raw.minute:02}"]
    else:
        codes = [f"{raw.day:02}.{raw.month:02}", f"{raw.month:02}.{raw.day:02}"]
    found = [known.by_code[code] for code in dict.fromkeys(codes) if code in known.by_code]
    if not found:
        return _refused("region.unreadable")
    return _asked("region.moment", choices=known.labels(found), proposal=found[0].code if len(found) == 1 else None)


# --- region codes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Code:
    """A code by its groups of digits; ``form`` says whose it can be and how it was written."""

    groups: tuple[str, ...]
    form: Literal["dotted", "bare", "bps", "fraction"]

    @property
    def dotted(self) -> str:
        return ".".join(self.groups)

    @property
    def regency(self) -> str:
        """The first four digits (two, for a province)."""
        return "".join(self.groups[:2])


_WIDTHS: Final = ((2,), (2, 2), (2, 2, 2), (2, 2, 2, 4))


def _code(text: str) -> _Code | None:
    """The groups of a code's digits, empty groups of zeros at the end left out; ``None`` for what is no code.

    Kemendagri writes 2, 4, 6 or 10 digits, BPS 2, 4, 7 or 10; of the ten, the seventh is 1 or 2 with Kemendagri (the
    first of a kelurahan's or desa's four) and nearly always 0 with BPS (the last of a kecamatan's three).
    """
    groups = (text,) if text.isdecimal() else tuple(part for part in re.split(r"[.,\s-]+", text) if part)
    widths = tuple(map(len, groups))
    if widths in _WIDTHS[1:]:
        return _without_zeros(groups, "dotted")
    if len(groups) == 2 and widths[0] in (4, 6) and set(groups[1]) == {"0"}:  # 3507.0
        groups, widths = groups[:1], widths[:1]
    if widths == (2, 1):
        return _Code(groups[:1], "bare") if groups[1] == "0" else _Code(groups, "fraction")
    if len(groups) != 1:
        return None
    digits = groups[0]
    if len(digits) == 7 or (len(digits) == 10 and digits[6] == "0" and digits[6:] != "0000"):
        return _without_zeros((digits[:2], digits[2:4], digits[4:7], digits[7:]), "bps")
    if len(digits) in (2, 4, 6, 10):
        parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
        return _without_zeros(tuple(part for part in parts if part), "bare")
    return None


def _without_zeros(groups: tuple[str, ...], form: Literal["dotted", "bare", "bps"]) -> _Code:
    while len(groups) > 1 and not groups[-1].strip("0"):
        groups = groups[:-1]
    return _Code(groups, form)


@dataclass(frozen=True, slots=True)
class _Named:
    """The regions that a name beside a code can mean; ``spoken`` is false where there is no name."""

    spoken: bool
    candidates: tuple[Region, ...]

    def allows(self, region: Region) -> bool:
        return any(one == region or one.code == region.province_code for one in self.candidates)


def _named(name: str | None, province: str | None, known: _Known) -> Callable[[], _Named]:
    """The name beside a code, looked up only where it is needed."""

    def found() -> _Named:
        if name is None or _is_nothing(name):
            return _Named(False, ())
        return _looked_up(_without_office(_text(name))[:_LONGEST], province, known.stamp)

    return found


@lru_cache(maxsize=4_096)
def _looked_up(name: str, province: str | None, _stamp: str) -> _Named:
    match = find_region(name, province=province) if not name[:1].isdigit() else None
    return _Named(True, match.candidates if match else ())


def _region_of_code(
    text: str, known: _Known, coding: Coding | None, named: Callable[[], _Named], *, same_cell: bool = False
) -> Reading[str]:
    code = _code(text)
    if code is None:
        return _refused("region.unknown_code")
    if code.form == "fraction":
        return _region_of_fraction(code, known, named())
    if code.form == "bps" or (code.form == "bare" and coding == "bps"):
        found = _region_of_bps(code, known)
    elif code.form == "bare" and coding is None and len(code.groups) == 2 and code.regency in known.twins:
        return _region_of_either(code, known, named())
    else:
        found = _region_of_kemendagri(code, known, sure=coding == "kemendagri")
    return _agreeing(found, known, named(), same_cell=same_cell) if found.value is not None else found


def _region_of_kemendagri(code: _Code, known: _Known, *, sure: bool) -> Reading[str]:
    found = known.by_code.get(code.dotted[:5])
    if found is None:
        moved = MOVED.get(code.dotted[:5])
        if moved is not None and moved in known.by_code:
            return _asked("region.moved", proposal=moved, region=known.label(moved))
        return _refused("region.unknown_code")
    if code.form == "dotted" or len(code.groups) == 1:
        return Reading(code.dotted)
    told = {"region": known.label(code.dotted)}
    if not sure and len(code.groups) == 2 and code.groups[0] not in SAME_IN_BOTH:
        return _taken(code.dotted, Level.FLAGGED, "region.system_assumed", **told)
    return _taken(code.dotted, Level.NOTED, "region.dotted", **told)


def _region_of_bps(code: _Code, known: _Known) -> Reading[str]:
    """A code of BPS: its kabupaten/kota, since the two lists number kecamatan and desa differently."""
    first = code.groups[0]
    listed = first in SAME_IN_BOTH or (len(code.groups) == 1 and first < "91")
    if not listed:
        return _asked("region.bps_unlisted")
    own = ".".join(code.groups[:2])
    value = known.twins.get(code.regency, own)
    if value not in known.by_code:
        return _refused("region.unknown_code")
    if len(code.groups) == 1:
        return Reading(value)
    told = {"region": known.label(value)}
    if len(code.groups) > 2:
        return _taken(value, Level.FLAGGED, "region.bps_district", **told)
    return _taken(value, Level.NOTED, "region.bps" if value != own else "region.dotted", **told)


def _region_of_either(code: _Code, known: _Known, named: _Named) -> Reading[str]:
    """A code that the two lists give to different regions: only a name beside it decides."""
    both = [known.by_code[one] for one in (code.dotted, known.twins[code.regency]) if one in known.by_code]
    fitting = [one for one in both if one in named.candidates]
    if len(fitting) == 1:
        return _taken(fitting[0].code, Level.NOTED, "region.by_name_beside", region=known.label(fitting[0].code))
    return _asked("region.code_systems", choices=known.labels(both), bps=known.label(both[-1].code))


def _region_of_fraction(code: _Code, known: _Known, named: _Named) -> Reading[str]:
    """``33.1``: a spreadsheet drops the zero of 33.10, a person that of 33.01."""
    first, digit = code.groups
    codes = (f"{first}.{digit}0", f"{first}.0{digit}")
    both = [known.by_code[one] for one in codes if one in known.by_code]
    if not both:
        return _refused("region.unknown_code")
    fitting = [one for one in both if one in named.candidates]
    if len(fitting) == 1:
        return _taken(fitting[0].code, Level.NOTED, "region.by_name_beside", region=known.label(fitting[0].code))
    proposal = both[0].code
    return _asked("region.fraction", choices=known.labels(both), proposal=proposal, region=known.label(proposal))


def _agreeing(found: Reading[str], known: _Known, named: _Named, *, same_cell: bool) -> Reading[str]:
    """The reading of a code, unless the name beside it speaks of another region."""
    value = found.value or ""
    by_code = known.by_code[value[:5]]
    if not named.spoken or named.allows(by_code) or not (named.candidates or same_cell):
        return found
    both = [by_code, *(one for one in named.candidates if one != by_code)]
    return _asked("region.code_and_name", choices=known.labels(both))


def _signs(text: str, name: str | None, known: _Known) -> Iterator[Coding]:
    """What a cell says about whose list its column follows."""
    parts = None if _ONLY_CODE.fullmatch(text) else _code_with_name(text)
    bare, beside = parts or (text, name)
    code = _code(bare) if _ONLY_CODE.fullmatch(bare) else None
    if code is None or len(code.groups) < 2 or code.form == "fraction":
        return
    if code.form == "bps":
        yield "bps"
    elif code.form == "dotted" or len(code.groups) > 2:
        yield "kemendagri"
    elif code.regency in known.twins:
        candidates = _named(beside, None, known)().candidates
        fits = {
            "kemendagri": known.by_code.get(code.dotted) in candidates,
            "bps": known.by_code.get(known.twins[code.regency]) in candidates,
        }
        if fits["kemendagri"] != fits["bps"]:
            yield "kemendagri" if fits["kemendagri"] else "bps"


def _system(coding: Coding) -> str:
    return "BPS" if coding == "bps" else "Kemendagri"


# --- region names ------------------------------------------------------------------------------------------------

_KINDS: Final = (
    (re.compile(r"(?:provinsi|propinsi|prov|prop)\b", re.IGNORECASE), "province"),
    (re.compile(r"(?:kabupaten|kab)\b", re.IGNORECASE), "kabupaten"),
    (re.compile(r"(?:kotamadya|kotamadia|kodya|kota)\b", re.IGNORECASE), "kota"),
)


def _find(text: str, known: _Known, level: Literal[1, 2] | None, province: str | None) -> Match | None:
    """``find_region`` of a name without a code, not asked where none of its parts is the name of any region."""
    name, _, after = text.rpartition(",")
    whole = {plain_name(text), _squashed(text)}
    parts = {plain_name(name), _squashed(name)} if name and plain_name(after) in known.keys else set()
    if not any(key in known.keys for key in whole | parts):
        return None
    return find_region(text, level=level, province=province)


def _region_of_name(text: str, known: _Known, province: str | None, level: Literal[1, 2] | None) -> Reading[str]:
    official = known.official.get(text.casefold())
    if official is not None and (level == official.level or (level is None and _alone(official, known))):
        return Reading(official.code)
    match = _find(text, known, level, province) or (_find(text, known, level, None) if province else None)
    if match is None:
        return _region_once_named(text, known) or _region_nearly_named(text, known, province, level)
    if match.region is not None:
        found = match.region
        return _taken(found.code, Level.NOTED, "region.by_name", region=known.label(found.code))
    code = "region.another_kind" if match.doubt == "another_kind" else "region.several"
    only = match.candidates[0].code if len(match.candidates) == 1 else None
    return _asked(code, choices=known.labels(match.candidates), proposal=only)


def _alone(official: Region, known: _Known) -> bool:
    """Whether an official name is nobody else's: that of a province may be a kabupaten's without its kind."""
    return official.level == 2 or known.keys[plain_name(official.name)] == (official,)


def _region_once_named(text: str, known: _Known) -> Reading[str] | None:
    """A region by a name that it no longer bears."""
    found = known.former.get(_squashed(text)) or known.former.get(plain_name(text))
    if not found:
        return None
    if len(found) > 1:
        return _asked("region.parted", choices=known.labels(found))
    return _taken(found[0].code, Level.FLAGGED, "region.renamed", region=known.label(found[0].code))


def _region_nearly_named(text: str, known: _Known, province: str | None, level: Literal[1, 2] | None) -> Reading[str]:
    """Proposals for a name with typing errors, or for the kabupaten/kota at the end of a longer address."""
    found = _nearest(text, known, province, level)
    if not found and "," in text:
        parts = [part.strip() for part in text.split(",")]
        matches = [_find(part, known, level, province) for part in parts if _kind(part)]
        found = [one for match in matches if match for one in match.candidates]
    found = list(dict.fromkeys(found))
    if not found:
        return _refused("region.unknown_name")
    only = found[0].code if len(found) == 1 else None
    return _asked("region.nearly", choices=known.labels(found[:6]), proposal=only)


def _kind(text: str) -> str | None:
    return next((kind for pattern, kind in _KINDS if pattern.match(text)), None)


def _kind_of(region: Region) -> str:
    if region.level == 1:
        return "province"
    return "kota" if region.code[3:] >= "71" else "kabupaten"


def _nearest(text: str, known: _Known, province: str | None, level: Literal[1, 2] | None) -> list[Region]:
    """The regions whose names are most like a text, of the kind it names where one of them is."""
    key = plain_name(text)
    if len(key) < 4:
        return []
    near = process.extract(key, list(known.keys), scorer=fuzz.ratio, score_cutoff=NEAR_NAME, limit=10)
    scored = [
        (score, one)
        for name, score, _ in near
        for one in known.keys[name]
        if level in (None, one.level) and (not province or one.province_code == province[:2])
    ]
    best = max((score for score, _ in scored), default=0.0)
    found = [one for score, one in scored if score >= best - 1e-9]
    of_kind = [one for one in found if _kind_of(one) == _kind(text)]
    return of_kind or found


# --- institutions ------------------------------------------------------------------------------------------------


def read_institution(raw: Raw, institutions: pd.DataFrame) -> Reading[str]:
    """The code of the institution that a cell means, out of the table ``institutions`` (code, name, kind).

    Its code, its name, a name with its abbreviation in brackets, or for a local government the region that it governs.
    """
    return _read_institution(raw, _institutions(institutions))


def column_institutions(cells: pd.Series[Any], institutions: pd.DataFrame) -> ReadColumn:
    """``read_institution`` of a whole column; values are of dtype ``str``."""
    names = _institutions(institutions)
    return _column([cells], lambda row: _read_institution(row[0], names))


@dataclass(frozen=True)
class _Institutions:
    """Institutions by the plain forms of what they are called, and local governments by region code."""

    names: Mapping[str, str]
    exact: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    governing: Mapping[str, str]

    def labels(self, codes: Iterable[str]) -> str:
        return "; ".join(f"{code} {self.names[code]}" for code in codes)


_STATE: Final = re.compile(
    r"\s+(?:r\.?i\.?|republik indonesia)$|,?\s*\(?persero\)?|\btbk\b\.?|^p\.?t\.?\s+", re.IGNORECASE
)
_MINISTRY: Final = re.compile(r"^(?:kementrian|kementerian|kemen(?:ter)?\.|departemen|ministry of)\s*", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_OFFICE_OF_REGION: Final = re.compile(r"\D+\s((?:kab(?:upaten)?|kota|prov(?:insi)?)\b\.?\s*\D+)", re.IGNORECASE)
_GOVERNMENT: Final = re.compile(r"^(?:pemerintah|pemda|pemkab|pemkot|pemprov)\b", re.IGNORECASE)


def _institution_key(text: str) -> str:
    return _squashed(_MINISTRY.sub("kementerian ", _STATE.sub("", text)).replace("&", "dan"))


def _institutions(table: pd.DataFrame) -> _Institutions:
    names = {str(code): str(name) for code, name in zip(table["code"], table["name"], strict=True)}
    keys: dict[str, tuple[str, ...]] = {}
    for code, name in names.items():
        aliases = (code, name, *(part for part in name.split("/") if len(part) > 2))
        for key in dict.fromkeys(_institution_key(one) for one in aliases):
            keys[key] = (*keys.get(key, ()), code)
    told = Counter(names.values())
    exact = {name: code for code, name in names.items() if told[name] == 1} | {code: code for code in names}
    governing = {}
    for code, name in names.items():
        match = find_region(_without_office(name)) if _GOVERNMENT.match(name) else None
        if match is not None and match.region is not None:
            governing[match.region.code] = code
    return _Institutions(names, exact, keys, governing)


def _read_institution(raw: Any, known: _Institutions) -> Reading[str]:
    if _is_nothing(raw):
        return _nothing(raw)
    if isinstance(raw, bool | datetime | date | time):
        return _refused("institution.unknown")
    text = _text(raw)
    if len(text) > _LONGEST:
        return _refused("institution.unknown")
    if text in known.exact:
        return Reading(known.exact[text])
    found = _institutions_called(text, known)
    if len(found) == 1:
        return _taken(found[0], Level.NOTED, "institution.by_name", institution=known.labels(found))
    if found:
        return _asked("institution.several", choices=known.labels(found))
    return _institution_nearly_called(text, known)


def _institutions_called(text: str, known: _Institutions) -> list[str]:
    """The codes of the institutions that a text names, by itself or with an abbreviation in brackets."""
    found = list(known.keys.get(_institution_key(text), ()))
    brackets = None if found else _IN_BRACKETS.fullmatch(text)
    if brackets:
        parts = [known.keys.get(_institution_key(part), ()) for part in brackets.groups()]
        found = list(dict.fromkeys(code for part in parts for code in part))
    if not found and (_GOVERNMENT.match(text) or _kind(text)):
        match = find_region(_without_office(text))
        region = match.region if match else None
        found = [known.governing[region.code]] if region and region.code in known.governing else []
    return found


def _institution_nearly_called(text: str, known: _Institutions) -> Reading[str]:
    brackets = _IN_BRACKETS.fullmatch(text)
    parts = [text, *(brackets.groups() if brackets else ())]
    scored: dict[str, float] = {}
    for part in parts:
        key = _institution_key(part)
        if len(key) < 4:
            continue
        near = process.extract(key, list(known.keys), scorer=fuzz.ratio, score_cutoff=NEAR_NAME, limit=5)
        for name, score, _ in near:
            for code in known.keys[name]:
                scored[code] = max(score, scored.get(code, 0.0))
    if not scored:
        return _government_over(text, known)
    best = max(scored.values())
    found = [code for code, score in scored.items() if score >= best - 1e-9]
    only = found[0] if len(found) == 1 else None
    return _asked("institution.nearly", choices=known.labels(found[:6]), proposal=only)


def _government_over(office: str, known: _Institutions) -> Reading[str]:
    """The local government of the region that an office of it names, as a proposal: Dinas Sosial Kab. Malang."""
    named = _OFFICE_OF_REGION.fullmatch(office)
    match = find_region(named[1]) if named else None
    code = known.governing.get(match.region.code) if match and match.region else None
    if code is None:
        return _refused("institution.unknown")
    return _asked("institution.nearly", choices=known.labels([code]), proposal=code)


# --- closed lists ------------------------------------------------------------------------------------------------

Choices = Mapping[str, Sequence[str]]
"""Word of the store -> how people spell it; the first spelling is the one that they are shown."""


def read_choice(raw: Raw, choices: Choices) -> Reading[str]:
    """The word of a closed list that a cell means; upper and lower case, blanks and signs make no difference."""
    return _read_choice(raw, _spellings(choices))


def column_choices(cells: pd.Series[Any], choices: Choices) -> ReadColumn:
    """``read_choice`` of a whole column; values are of dtype ``str``."""
    spellings = _spellings(choices)
    return _column([cells], lambda row: _read_choice(row[0], spellings))


@dataclass(frozen=True)
class _Spellings:
    words: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]

    def labels(self, codes: Iterable[str]) -> str:
        return ", ".join(self.shown[code] for code in codes)


def _spellings(choices: Choices) -> _Spellings:
    words: dict[str, tuple[str, ...]] = {_squashed(code): (code,) for code in choices}
    for code, spelled in choices.items():
        for key in dict.fromkeys(map(_squashed, spelled)):
            if code not in words.get(key, ()):
                words[key] = (*words.get(key, ()), code)
    return _Spellings(words, {code: next(iter(spelled), code) for code, spelled in choices.items()})


def _read_choice(raw: Any, known: _Spellings) -> Reading[str]:
    if _is_nothing(raw):
        return _nothing(raw)
    text = "" if isinstance(raw, bool | datetime | date | time) else _text(raw)
    key = _squashed(text) if len(text) <= _LONGEST else ""
    found = known.words.get(key, ())
    if len(found) == 1:
        return Reading(found[0])
    if found:
        return _asked("choice.several", choices=known.labels(found))
    near = process.extract(key, list(known.words), scorer=fuzz.ratio, score_cutoff=NEAR_WORD) if len(key) > 3 else []
    best = max((score for _, score, _ in near), default=0.0)
    close = list(dict.fromkeys(code for word, score, _ in near if score >= best - 1e-9 for code in known.words[word]))
    if len(close) == 1:
        return _asked("choice.nearly", choices=known.labels(close), proposal=known.shown[close[0]])
    shown = known.labels(list(known.shown)[:20])
    return _refused("choice.unknown", choices=shown)


_FINISHED: Final = ("selesai", "sudah selesai", "done", "completed")
"""What is said of a site that is built; whether it is in use is another question, so it is asked."""

_MORE: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "stage": {
        "planned": ("rencana", "perencanaan", "belum mulai", "belum dimulai", "belum dilaksanakan", "not started"),
        "preparation": ("persiapan", "tahap persiapan", "dalam persiapan", "preparing"),
        "in_progress": (
            *("berjalan", "sedang berjalan", "proses", "dalam proses", "dalam pelaksanaan", "pelaksanaan"),
            *("sedang dilaksanakan", "on progress", "ongoing", "on going", "pembangunan", "under way", "konstruksi"),
        ),
        "soft_launch": ("soft launching", "peluncuran awal", "soft opening", *_FINISHED),
        "operational": ("beroperasi", "sudah beroperasi", "operasional", *_FINISHED),
        "postponed": ("ditunda", "tertunda", "tunda", "penundaan", "on hold"),
        "cancelled": ("dibatalkan", "batal", "pembatalan", "canceled"),
        "carried_over": ("dilanjutkan", "lanjutan", "dilanjutkan tahun berikutnya", "carry over", "luncuran"),
    },
    "action_status": {
        "belum_lapor": ("belum melapor", "tidak lapor", "no report"),
        "belum_mulai": ("belum dimulai", "belum dilaksanakan", "belum berjalan"),
        "berjalan": ("sedang berjalan", "proses", "dalam proses", "on progress", "ongoing", "in progress"),
        "selesai": ("sudah selesai", "completed", "tuntas"),
        "dilanjutkan": ("lanjutan", "carry over", "luncuran"),
        "ditunda": ("tertunda", "tunda"),
        "dibatalkan": ("batal", "canceled"),
    },
    "kind": {
        "physical": ("fisik", "kegiatan fisik", "infrastruktur"),
        "non_physical": ("non fisik", "nonfisik", "kegiatan non fisik", "bukan fisik"),
    },
    "institution_kind": {
        "kl": ("K/L", "kementerian/lembaga", "kementerian", "lembaga", "ministry", "agency", "ministry or agency"),
        "pemda": ("pemerintah daerah", "pemda", "local government", "pemprov", "pemkab", "pemkot"),
        "partner": ("mitra", "mitra kerja", "swasta", "perguruan tinggi", "partner"),
    },
    "category": {
        "lahan": ("tanah", "pembebasan lahan", "masalah lahan"),
        "perizinan": ("izin", "ijin", "perijinan", "permit", "licensing"),
        "anggaran": ("dana", "pendanaan", "biaya", "funding"),
        "cuaca": ("hujan", "banjir", "iklim"),
        "logistik": ("pengadaan bahan", "material", "bahan", "supply"),
        "koordinasi": ("koordinasi antarinstansi", "koordinasi lintas instansi"),
        "penyedia": ("kontraktor", "rekanan", "vendor", "penyedia jasa"),
        "sdm": ("sumber daya manusia", "tenaga kerja", "personel", "personil", "human resources"),
    },
    "severity": {
        "1": ("ringan", "rendah", "low"),
        "2": ("sedang", "menengah", "medium"),
        "3": ("berat", "tinggi", "parah", "serious", "high"),
    },
    "location_precision": {
        "exact": ("tepat", "letak sebenarnya", "titik lokasi", "exact"),
        "village": ("desa", "titik desa", "kelurahan", "titik tengah desa"),
        "district": ("kabupaten", "kabupaten/kota", "titik kabupaten", "titik tengah kabupaten/kota", "kecamatan"),
    },
    "data_status": {
        "reported": ("dilaporkan", "terlapor", "laporan"),
        "derived": ("turunan", "diturunkan", "hasil hitungan"),
        "synthetic": ("sintetis", "contoh", "buatan", "sample"),
    },
    "group": {
        "mitra": ("mitra deradikalisasi", "programme partners", "partners"),
        "penyintas": ("survivors", "penyintas aksi terorisme", "korban"),
        "masyarakat": ("community", "warga", "umum", "masyarakat umum"),
    },
    "checkpoint": {
        "b03": ("B03", "B3", "TW I", "TW 1", "triwulan I", "triwulan 1", "Maret", "March"),
        "b06": ("B06", "B6", "TW II", "TW 2", "triwulan II", "triwulan 2", "Juni", "June"),
        "b09": ("B09", "B9", "TW III", "TW 3", "triwulan III", "triwulan 3", "September"),
        "b12": ("B12", "TW IV", "TW 4", "triwulan IV", "triwulan 4", "Desember", "December"),
    },
    "measure": {
        "planned": ("direncanakan", "rencana"),
        "done": ("terlaksana", "dilaksanakan", "realisasi", "carried out"),
    },
    "field": {
        "polhukam": ("politik, hukum, dan keamanan",),
        "pmk": ("pembangunan manusia dan kebudayaan",),
        "perekonomian": ("ekonomi",),
        "marves": ("kemaritiman dan investasi", "maritim"),
        "pemda": ("daerah",),
        "mitra": ("mitra kerja",),
        "penyelenggara": ("instansi penyelenggara",),
        "lainnya": ("lain-lain", "lain", "other"),
        "belum_teridentifikasi": ("tidak teridentifikasi", "unknown"),
    },
}
"""Column -> word of the store -> spellings besides those of the screens."""

_NAMES: Final[Mapping[str, Callable[[Translator, str], str]]] = {
    "stage": stage_name,
    "action_status": action_status_name,
    "kind": action_kind_name,
    "category": category_name,
    "severity": lambda t, severity: severity_name(t, int(severity)),
    "location_precision": precision_name,
    "data_status": data_status_name,
    "field": field_name,
}
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "stage": tuple(map(str, Stage)),
    "action_status": tuple(map(str, ActionStatus)),
    "location_precision": tuple(map(str, LocationPrecision)),
    "data_status": tuple(map(str, DataStatus)),
    "checkpoint": CHECKPOINTS,
}

CLOSED_LISTS: Final[tuple[str, ...]] = tuple(_MORE)
"""What ``choices_for`` knows; ``kind`` is that of actions, ``severity`` is read as text."""


@lru_cache(maxsize=32)
def choices_for(name: str) -> Choices:
    """The words of a closed list with their Indonesian and English spellings, in the order of the vocabulary.

    The screens' own words come first (Indonesian, English). Raises ``KeyError`` for a list that is not known.
    """
    more = _MORE[name]
    named = _NAMES.get(name)
    spelled: dict[str, tuple[str, ...]] = {}
    for code in _ORDERS.get(name, tuple(more)):
        screens = (named(translator("id"), code), named(translator("en"), code)) if named else ()
        spelled[code] = (*screens, *more.get(code, ()))
    return spelled


def programme_choices(programmes: Mapping[str, Programme]) -> Choices:
    """The programmes with their names and short names in both languages."""
    return {
        code: (one.short.id, one.short.en, one.name.id, one.name.en, f"{one.name.id} ({one.short.id})")
        for code, one in programmes.items()
    }


# --- in words ----------------------------------------------------------------------------------------------------


def _choose(t: Translator) -> str:
    return t("Choose one of them.")


def _write_code(t: Translator) -> str:
    return t("Write the code with its dot, such as 35.07, as text.")


MESSAGES: Final[Messages] = {
    "word.nothing": lambda t, _: (t("This says that nothing is known; it was taken as empty."), ""),
    "region.unreadable": lambda t, _: (t("This is neither the code nor the name of a region."), _write_code(t)),
    "region.unknown_code": lambda t, _: (
        t("No province, kabupaten or kota has this code."),
        t("Check the code in the Kemendagri list; it may have been dissolved."),
    ),
    "region.unknown_name": lambda t, _: (t("No province, kabupaten or kota has this name."), _write_code(t)),
    "region.province_wanted": lambda t, _: (
        t("A province is wanted here, not a kabupaten or kota."),
        t("Give the province."),
    ),
    "region.regency_wanted": lambda t, _: (
        t("A kabupaten or kota is wanted here, not a province."),
        t("Give the kabupaten or kota."),
    ),
    "region.other_province": lambda t, told: (
        t(
            "{region} does not lie in {province}, which the row states.",
            region=told["region"],
            province=told["province"],
        ),
        t("Correct the region or the province."),
    ),
    "region.moment": lambda t, told: (
        t("The spreadsheet took the code for a date or a time; it may have been {choices}.", choices=told["choices"]),
        t("Format the column as text and write the code again."),
    ),
    "region.fraction": lambda t, told: (
        t(
            "A code ends with two digits; a spreadsheet drops a final zero. It may be {choices}.",
            choices=told["choices"],
        ),
        t("Choose the code, and format the column as text."),
    ),
    "region.moved": lambda t, told: (
        t("This code was dissolved when a new province was formed; the region is now {region}.", region=told["region"]),
        t("Accept the new code."),
    ),
    "region.dotted": lambda t, told: (t("The code was read as {region}.", region=told["region"]), ""),
    "region.system_assumed": lambda t, told: (
        t(
            "The code was read as Kemendagri's: {region}. BPS may number this province differently.",
            region=told["region"],
        ),
        _write_code(t),
    ),
    "region.bps": lambda t, told: (
        t("The BPS code was turned into Kemendagri's: {region}.", region=told["region"]),
        "",
    ),
    "region.bps_district": lambda t, told: (
        t(
            "BPS numbers kecamatan and desa differently; only the kabupaten or kota was taken: {region}.",
            region=told["region"],
        ),
        t("Give the Kemendagri code if the kecamatan or desa matters."),
    ),
    "region.bps_unlisted": lambda t, _: (
        t("For this province it is not known here how BPS codes differ from Kemendagri's."),
        t("Give the Kemendagri code with its dot, or the name."),
    ),
    "region.code_systems": lambda t, told: (
        t(
            "Kemendagri and BPS give this code to different regions: {choices}. By BPS it is {bps}.",
            choices=told["choices"],
            bps=told["bps"],
        ),
        t("Write the Kemendagri code with its dot, or add the name."),
    ),
    "region.by_column": lambda t, told: (
        t(
            "The code fits two lists; like the rest of the column it was read as {system}: {region}.",
            system=told["system"],
            region=told["region"],
        ),
        t("Check the region."),
    ),
    "region.by_name_beside": lambda t, told: (
        t("The code fits two regions; the name beside it decided: {region}.", region=told["region"]),
        "",
    ),
    "region.code_and_name": lambda t, told: (
        t("Code and name speak of different regions: {choices}.", choices=told["choices"]),
        t("Correct the code or the name."),
    ),
    "region.by_name": lambda t, told: (t("The name was read as {region}.", region=told["region"]), ""),
    "region.several": lambda t, told: (
        t("Several regions bear this name: {choices}.", choices=told["choices"]),
        t("Write Kabupaten or Kota before the name, or give the code."),
    ),
    "region.another_kind": lambda t, told: (
        t("There is no such region of this kind, but {choices}.", choices=told["choices"]),
        t("Accept the proposal, or correct the name."),
    ),
    "region.renamed": lambda t, told: (
        t("This is a former name; the region is now {region}.", region=told["region"]),
        t("Check the region."),
    ),
    "region.parted": lambda t, told: (
        t("This region was parted; today there are {choices}.", choices=told["choices"]),
        _choose(t),
    ),
    "region.nearly": lambda t, told: (
        t("No region has exactly this name. Near to it: {choices}.", choices=told["choices"]),
        t("Accept the proposal, or correct the name."),
    ),
    "institution.unknown": lambda t, _: (
        t("No institution has this code or name."),
        t("Correct it, or add the institution first."),
    ),
    "institution.by_name": lambda t, told: (
        t("The name was read as {institution}.", institution=told["institution"]),
        "",
    ),
    "institution.several": lambda t, told: (
        t("This fits several institutions: {choices}.", choices=told["choices"]),
        t("Give the code of one of them."),
    ),
    "institution.nearly": lambda t, told: (
        t("No institution is called exactly so. Near to it: {choices}.", choices=told["choices"]),
        t("Accept the proposal, or correct the name."),
    ),
    "choice.unknown": lambda t, told: (
        t("This word is not in the list. Known are: {choices}.", choices=told["choices"]),
        _choose(t),
    ),
    "choice.several": lambda t, told: (
        t("This word can mean: {choices}.", choices=told["choices"]),
        _choose(t),
    ),
    "choice.nearly": lambda t, told: (
        t("This word is not in the list. Near to it: {choices}.", choices=told["choices"]),
        t("Accept the proposal, or correct the word."),
    ),
}
"""What the findings of this module say."""
