"""Recognise which column of the data dictionary each heading of a table means.

What a person chose or an institution's earlier file had comes first, then the names of ``geo.intake.kinds``, then
names with typing errors, then what stands in the cells. Every proposal carries its reason and how sure it is; no column
is proposed twice. A table with one column for each month (or each group) is recognised too, and ``canonical_cells``
turns it into one row for each.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from geo.intake.cells import Finding, Level, Messages
from geo.intake.kinds import KINDS, Form, HeadingWords, Kind, KindColumns, Unit, Wanted, heading_words, kind_columns
from geo.intake.layout import template_kind
from geo.intake.tables import Table, listed

LEAST: Final = 0.5
"""Proposals less sure than this are not made."""

SURE: Final = 0.9
"""From here on a proposal needs no second look."""

LEAVE_OUT: Final = ""
"""In a remembered or chosen mapping: this heading is not taken."""

_SAMPLED: Final = 200
_LARGEST: Final = 1e30
_LONGEST: Final = 60  # characters of a cell that are looked at; figures, days and codes are shorter


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


class Reason(StrEnum):
    """Why a heading was taken for a column."""

    CHOSEN = "chosen"
    REMEMBERED = "remembered"
    NAME = "name"
    SIMILAR = "similar"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Matched:
    """A heading (at ``position`` of the table, from 0) taken for a canonical column or helper.

    ``confidence`` lies between 0 and 1. ``unit`` is what the heading says of its figures: each is to be multiplied by
    ``unit.factor``. ``by_name``: names stand there instead of the codes that the column holds.
    """

    heading: str
    position: int
    column: str
    reason: Reason
    confidence: float
    unit: Unit | None = None
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class WideColumn:
    """One of several columns that hold the same figure: of the day ``key`` (ISO) or of the group ``key``.

    ``key`` is ``None`` where the heading names a month and nothing names its year.
    """

    heading: str
    position: int
    into: str
    key: str | None
    unit: Unit | None = None


@dataclass(frozen=True)
class Wide:
    """Columns that are turned into rows: ``key_column`` (``as_of`` or ``group``) takes their keys.

    ``adds_up``: the figures are those of each period alone and add up to the whole (100 %), so that a running total
    (``running_totals``) gives the cumulative figures that the store keeps.
    """

    key_column: str
    columns: tuple[WideColumn, ...]
    adds_up: bool = False


@dataclass(frozen=True)
class Recognised:
    """A proposal for a table.

    - ``missing``: what is required and not there, each a group of columns of which one would do.
    - ``unmapped``: headings that no column takes; those that only number the rows are not listed.
    - ``offered``: values that the titles above the table give for missing columns (``as_of``, ``year``), as written;
      a person accepts them or not.
    """

    kind: Kind
    matches: tuple[Matched, ...]
    unmapped: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    wide: Wide | None = None
    offered: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Finding, ...] = ()

    @property
    def heading_of(self) -> dict[str, str]:
        """Canonical column -> heading."""
        return {one.column: one.heading for one in self.matches}

    def as_dict(self) -> dict[str, str]:
        """Heading -> canonical column, to be remembered and given to ``recognise`` again.

        Headings that a person wants left out carry ``LEAVE_OUT``; columns of periods are recognised anew each time.
        """
        return {
            **dict.fromkeys(self.unmapped, LEAVE_OUT),
            **{one.heading: one.column for one in self.matches},
        }


@dataclass(frozen=True)
class Fit:
    """How well a table fits a kind, 0 to 1."""

    kind: Kind
    score: float


def recognise(
    table: Table,
    kind: Kind | None = None,
    *,
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    located: bool = False,
    year: int | None = None,
) -> Recognised:
    """The proposal for ``table``; of the kind that fits best where ``kind`` is ``None``.

    ``remembered`` (an institution's last mapping) and ``chosen`` (what a person says now, which wins) map headings to
    canonical columns or to ``LEAVE_OUT``; headings are compared by their words, columns that the kind has not are
    passed over. ``located``: every row has a shape of its own (as in ``table.shapes``), so coordinates need no column.
    ``year`` completes headings that name a month alone; without it a single year in the titles does.
    """
    looks = _looks(table)
    located = located or table.shapes is not None
    fits = () if kind else _fits(table, looks)
    found = _proposal(
        table,
        kind_columns(kind or fits[0].kind),
        looks,
        chosen=chosen,
        remembered=remembered,
        located=located,
        year=year,
    )
    return replace(found, told=(*_told_kind(fits), *found.told))


def fitting_kinds(table: Table) -> tuple[Fit, ...]:
    """Every kind with how well the headings fit it, best first; those of a template fit its kind and no other."""
    return _fits(table, _looks(table))


def _looks(table: Table) -> list[_Look]:
    return [_look(table.body.iloc[:, place]) for place in range(len(table.headings))]


def _fits(table: Table, looks: Sequence[_Look]) -> tuple[Fit, ...]:
    headings = sum(not _numbers_rows(heading) for heading in table.headings)
    shaped = _shaped(table)
    located = table.shapes is not None
    found = [_proposal(table, kind_columns(kind), looks, located=located) for kind in KINDS]
    fits = [Fit(one.kind, round(_fit(one, headings) * shaped.get(one.kind, _OTHERWISE), 3)) for one in found]
    own = template_kind(table.headings)
    if own is not None:
        fits = [Fit(one.kind, 1.0 if one.kind == own else one.score * _OTHERWISE) for one in fits]
    return tuple(sorted(fits, key=lambda one: -one.score))


_OTHERWISE: Final = 0.7  # of a kind that has no shapes, in a file that has


def _shaped(table: Table) -> Mapping[Kind, float]:
    """How well each kind agrees with the shapes of the table: areas may be boundaries, points and lines only sites."""
    if table.shapes is None:
        return dict.fromkeys(KINDS, 1.0)
    shapes = [shape for shape in table.shapes[:_SAMPLED] if shape is not None]
    areas = sum(shape.geom_type in ("Polygon", "MultiPolygon") for shape in shapes) > len(shapes) / 2
    return {"sites": 1.0, "boundaries": 1.0 if areas else 0.5}


def _proposal(
    table: Table,
    columns: KindColumns,
    looks: Sequence[_Look],
    *,
    chosen: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    located: bool = False,
    year: int | None = None,
) -> Recognised:
    hint = year or _year_in(table.titles)
    given = _given(table.headings, columns, chosen, remembered)
    wide = _wide(table, columns, looks, given, hint)
    taken = {one.position for one in wide.columns} if wide else set()
    matches = _assigned(table.headings, columns, looks, given, taken)
    if wide and not _wanted_wide(wide, matches):
        wide = None
        matches = _assigned(table.headings, columns, looks, given, set())
    matches = _promoted(matches, columns)
    missing = _missing(columns, matches, wide, located=located, year=hint)
    unmapped = _unmapped(table.headings, matches, wide)
    offered = _offered(table.titles, {one for group in missing for one in group})
    told = (*_told_matches(matches, columns), *_told_wide(wide), *_told_rest(unmapped, missing, offered))
    return Recognised(columns.kind, matches, unmapped, missing, wide, offered, told)


def _fit(found: Recognised, headings: int) -> float:
    """Weight of the required columns found, and of the headings that found a column."""
    columns = kind_columns(found.kind)
    own = {one.name for one in columns.columns if not one.helper}
    required = [one.name for one in columns.columns if one.required]
    groups = len(required) + len(columns.one_of)
    taken = sum(one.confidence for one in found.matches if one.column in own)
    taken += 0.8 * sum(one.confidence for one in found.matches if one.column not in own)
    taken += len(found.wide.columns) if found.wide else 0
    return 0.5 * (1 - len(found.missing) / groups) + 0.5 * taken / max(1, headings)


# --- what is given -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Given:
    column: str
    reason: Reason


def _given(
    headings: Sequence[str],
    columns: KindColumns,
    chosen: Mapping[str, str] | None,
    remembered: Mapping[str, str] | None,
) -> dict[int, _Given]:
    """Position of a heading -> what a person chose for it now, or for the same words before."""
    found: dict[int, _Given] = {}
    used: set[str] = set()
    for reason, mapping in ((Reason.CHOSEN, chosen), (Reason.REMEMBERED, remembered)):
        by_text = {_plain(heading): column for heading, column in (mapping or {}).items()}
        for position, heading in enumerate(headings):
            column = by_text.get(_plain(heading))
            if column is None or position in found or column in used:
                continue
            if column == LEAVE_OUT or column in columns.names:
                found[position] = _Given(column, reason)
                used |= {column} - {LEAVE_OUT}
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())


# --- names -------------------------------------------------------------------------------------------------------

_GENERIC: Final = _set(
    "kode nama jenis tanggal jumlah total kategori unit nilai status kelompok target rencana realisasi progres "
    "selesai mulai posisi periode program tahun bulan kumulatif orang uraian tipe tingkat hasil penerima sasaran "
    "fisik keuangan x y shape triwulan kontrak pekerjaan anggaran lokasi daerah wilayah kota bobot kondisi instansi "
    "pelaksana bidang dampak lembaga"
)
_PERSONAL: Final = _set(
    "nik ktp hp telepon telp handphone ponsel wa whatsapp email lahir rekening npwp nip kelamin agama ayah ibu kepala "
    "ketua direktur petugas pejabat usia umur kontak narahubung pic pengurus bendahara sekretaris tandatangan paraf"
)
_MONEY_WORDS: Final = _set(
    "keuangan anggaran serapan belanja dana sp2d pagu kontrak pengeluaran pencairan biaya rupiah harga"
)
_PHYSICAL_WORDS: Final = frozenset({"fisik", "nonfisik"})
_NO_FIGURE: Final = _set("status tahap tahapan tanggal kode nama catatan keterangan foto dokumen dokumentasi")
_FIGURES: Final = frozenset({Form.PERCENT, Form.MONEY, Form.NUMBER})
_SERIAL: Final = frozenset(
    {("nomor",), ("nomor", "urut"), ("#",), ("urut",), ("row",), ("index",), ("unnamed",), ("fid",)}
)
_NEAR: Final = 84.0


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write a column's heading."""

    column: str
    text: str
    words: tuple[str, ...]
    key: tuple[str, ...]
    unit: Unit | None
    place: int


@cache
def _names(kind: Kind) -> tuple[_Name, ...]:
    return tuple(
        _Name(wanted.name, _plain(alias), words.words, words.key, words.unit, place)
        for wanted in kind_columns(kind).columns
        for place, alias in enumerate(wanted.aliases)
        for words in (heading_words(alias),)
    )


@cache
def _known_words(kind: Kind) -> frozenset[str]:
    return frozenset(word for name in _names(kind) for word in name.key)


def _numbers_rows(heading: str) -> bool:
    return heading_words(heading).key in _SERIAL


@lru_cache(maxsize=8192)
def _named(heading: str, kind: Kind) -> Mapping[str, tuple[float, Reason]]:
    """Column -> how sure its name is meant by the heading, and whether it was written so or nearly so."""
    columns = kind_columns(kind)
    whole = heading_words(heading)
    last = heading_words(heading.rsplit(" / ", 1)[-1]) if " / " in heading else whole
    outside = heading_words(_BRACKETS.sub(" ", heading)).key
    years = _without_years(whole.key), _without_years(last.key)
    written = _Written(_plain(heading), whole.words, whole.unit is not None, whole.key, *years, outside)
    found: dict[str, tuple[float, Reason]] = {}
    for name in _names(kind):
        sure, reason = _likeness(written, name, kind)
        if sure < LEAST or sure <= found.get(name.column, (0.0, reason))[0]:
            continue
        if not _speaks_of_other(whole, name, columns.wanted(name.column), columns):
            found[name.column] = (sure, reason)
    return found


@dataclass(frozen=True, slots=True)
class _Written:
    """A heading in the forms in which it is compared."""

    text: str
    words: tuple[str, ...]
    with_unit: bool
    key: tuple[str, ...]
    yearless: tuple[str, ...]
    last: tuple[str, ...]
    outside: tuple[str, ...]


_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def _likeness(written: _Written, name: _Name, kind: Kind) -> tuple[float, Reason]:
    later = min(0.02, 0.0005 * name.place)  # of two names that fit, the one that stands earlier in the list
    if written.text == name.text or written.words == name.words:
        return (0.99 if written.with_unit else 0.98) - later, Reason.NAME
    if name.key in (written.key, written.yearless):
        return 0.96 - later, Reason.NAME
    if _PERSONAL & set(written.key):
        return 0.0, Reason.SIMILAR
    if name.key == written.last:
        return 0.91 - later, Reason.NAME
    if name.key == written.outside:
        return 0.87 - later, Reason.SIMILAR
    likeness = max(_contained(written.yearless, name.key), _near(written.yearless, name.key, kind))
    return likeness - later, Reason.SIMILAR


def _without_years(key: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(word for word in key if not re.fullmatch(r"20\d\d", word))
    return kept or key


def _contained(key: tuple[str, ...], name: tuple[str, ...]) -> float:
    """How much of a longer heading the name covers; a single general word is no name."""
    if not set(name) < set(key) or len(key) - len(name) > 2 or (len(name) == 1 and name[0] in _GENERIC):
        return 0.0
    if ("nama" in key and "nama" not in name) or (len(name) == 1 and len(name[0]) < 4):
        return 0.0  # names of persons are no column
    return 0.5 + 0.35 * sum(map(len, name)) / sum(map(len, key))


def _near(key: tuple[str, ...], name: tuple[str, ...], kind: Kind) -> float:
    """Likeness of a heading with typing errors; a word that is known is no typing error."""
    if set(key) & _known_words(kind) - set(name) or abs(len(key) - len(name)) > 1:
        return 0.0
    if any(char.isdigit() for word in set(key) ^ set(name) for char in word):
        return 0.0
    written, wanted = "".join(key), "".join(name)
    if min(len(written), len(wanted)) < 5:
        return 0.0
    score = max(fuzz.token_sort_ratio(" ".join(key), " ".join(name)), fuzz.ratio(written, wanted))
    return 0.88 * score / 100 if score >= _NEAR else 0.0


def _speaks_of_other(whole: HeadingWords, name: _Name, wanted: Wanted, columns: KindColumns) -> bool:
    """Whether the heading names a figure or a unit that the column cannot hold."""
    if wanted.form not in _FIGURES:
        return wanted.form not in (Form.TEXT, Form.WHOLE) and bool(whole.unit) and name.unit is None
    words = set(whole.words) - set(name.key)
    if words & (columns.not_figures | _NO_FIGURE):
        return True
    family = whole.unit.family if whole.unit else None
    if wanted.form is Form.MONEY:
        return family == "percent" or (wanted.name == "spend" and bool(words & _PHYSICAL_WORDS))
    if wanted.form is Form.PERCENT:
        return family == "rupiah" or bool(words & _MONEY_WORDS)
    return family == "rupiah" or bool(words & _MONEY_WORDS)


# --- content -----------------------------------------------------------------------------------------------------

_NUMBER: Final = re.compile(
    r"(?:rp\.?\s*)?[-−(]?\s*(?:rp\.?\s*)?([\d.,\s]*\d)\s*"
    r"(%|,-|\)|rb|ribu|jt|juta|m|miliar|milyar|t|triliun)?\s*",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T].*)?|\d{1,2}\s+[a-z]{3,9}\.?\s+(?:\d{4}|\d{2})|"
    r"(?:tw|triwulan|b\d\d?)\s*\S*\s*(?:20\d\d)?|"
    r"(?:jan|feb|mar|apr|mei|jun|jul|agu|agt|sep|okt|nov|des)[a-z]*\.?\s+20\d\d",
    re.IGNORECASE,
)
_REGION: Final = re.compile(r"[1-9]\d\.\d\d(?:\.\d\d(?:\.\d{4})?)?|[1-9]\d\d\d")
_CODE: Final = re.compile(r"(?=.*\d)[A-Z][A-Z0-9]*(?:[-./_ ][A-Z0-9]+)+|[A-Z]{2,}[-_.]?\d+|[A-Z]{2,}(?:-[A-Z0-9.]+)+")
_ADDRESS: Final = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_PAIR: Final = re.compile(r".*\d\s*[,;/ ]\s*-?.*\d.*")
_TURNED: Final = re.compile(r"\D*\d{1,3}\s*°.*|.*\d\s*(?:LS|LU|BT|S|E|N)\b.*")


@dataclass(frozen=True)
class _Look:
    """What stands in a column: how many distinct values were looked at, and the share of each form among them."""

    count: int
    shares: Mapping[Form, float]
    texts: frozenset[str]
    middle: float | None
    words: float


def _look(column: pd.Series[Any]) -> _Look:
    values = _sample(column)
    texts = [" ".join(str(value)[:_LONGEST].split()) for value in values]
    numbers = [_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    count = len(values)
    shares = (
        {
            form: sum(
                1 for value, text, number in zip(values, texts, numbers, strict=True) if test(value, text, number)
            )
            / count
            for form, test in _TESTS.items()
        }
        if count
        else {}
    )
    return _Look(
        count,
        shares,
        frozenset(text.casefold() for text in texts),
        float(np.median(np.abs(known))) if known else None,
        sum(len(text.split()) for text in texts) / count if count else 0.0,
    )


def _sample(column: pd.Series[Any]) -> list[Any]:
    """Up to 200 distinct values, from the beginning, the middle and the end."""
    length = len(column)
    places = np.unique(np.linspace(0, max(0, length - 1), min(length, 2 * _SAMPLED)).astype(np.int64))
    picked = column.iloc[places].dropna().tolist()
    seen: dict[str, Any] = {}
    for value in picked:
        if str(value).strip():
            seen.setdefault(str(value), value)
    return list(seen.values())[:_SAMPLED]


def _number(value: Any) -> float | None:
    """A number roughly, to tell kinds of columns apart; what a cell really says is for the readers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < _LARGEST else None
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    if found is None:
        return None
    digits = found[1].replace(" ", "")
    if digits.count(".") > 1 or digits.count(",") > 1:
        digits = digits.replace(".", "") if digits.count(".") > 1 else digits.replace(",", "")
    if "." in digits and "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", ".")
    scale = {"rb": 1e3, "ribu": 1e3, "jt": 1e6, "juta": 1e6, "m": 1e9, "miliar": 1e9, "milyar": 1e9, "t": 1e12}
    try:
        number = float(digits) * scale.get((found[2] or "").casefold(), 1)
    except ValueError:
        return None
    return -number if str(value).strip().startswith(("-", "−", "(")) else number


def _is_degrees(text: str, number: float | None, low: float, high: float) -> bool:
    return (number is not None and low <= number <= high and bool(re.search(r"[.,]\d{2,}", text))) or bool(
        number is None and _TURNED.fullmatch(text)
    )


def _is_moment(value: Any, text: str, number: float | None) -> bool:
    if isinstance(value, datetime | date):
        return True
    return bool(_DAY.fullmatch(text)) if number is None or text.count(".") == 2 else 30_000 <= number <= 65_000


_TESTS: Final[Mapping[Form, Any]] = {
    Form.NUMBER: lambda value, text, number: number is not None,
    Form.PERCENT: lambda value, text, number: number is not None and (text.endswith("%") or 0 <= number <= 110),
    Form.MONEY: lambda value, text, number: number is not None and (number >= 10_000 or "rp" in text.casefold()),
    Form.DATE: _is_moment,
    Form.YEAR: lambda value, text, number: number is not None and 2000 <= number <= 2100 and number == int(number),
    Form.LONGITUDE: lambda value, text, number: _is_degrees(text, number, 94, 142),
    Form.LATITUDE: lambda value, text, number: _is_degrees(text, number, -12, 7),
    Form.COORDINATES: lambda value, text, number: number is None and bool(_PAIR.fullmatch(text)) and len(text) > 8,
    Form.REGION: lambda value, text, number: bool(_REGION.fullmatch(text)),
    Form.CODE: lambda value, text, number: bool(_CODE.fullmatch(text)),
    Form.ADDRESS: lambda value, text, number: bool(_ADDRESS.fullmatch(text)),
}


def _agreement(form: Form, look: _Look, unit: Unit | None) -> float:
    """What the content makes of a name, as a factor: 1 where it agrees or says nothing."""
    if not look.count:
        return 1.0
    share = look.shares.get
    if form in _FIGURES or form is Form.WHOLE:
        if share(Form.NUMBER, 0.0) < 0.3:
            return 0.55
        if form is Form.PERCENT and share(Form.PERCENT, 0.0) < 0.3:
            return 0.6
        if form is Form.MONEY and unit is None and (look.middle or 0.0) <= 100 and share(Form.MONEY, 0.0) < 0.1:
            return 0.9
        return 0.8 if share(Form.DATE, 0.0) > 0.8 and share(Form.MONEY, 0.0) > 0.8 and form is Form.PERCENT else 1.0
    if form is Form.DATE and max(share(Form.DATE, 0.0), share(Form.YEAR, 0.0)) < 0.3:
        return 0.6
    if form in (Form.LONGITUDE, Form.LATITUDE) and not any(any(map(str.isdigit, text)) for text in look.texts):
        return 0.5
    if form in (Form.LONGITUDE, Form.LATITUDE) and share(Form.COORDINATES, 0.0) > 0.8 and share(form, 0.0) < 0.5:
        return 0.7
    if form is Form.CODE and look.words > 4:
        return 0.6
    return 0.7 if form is Form.TEXT and share(Form.NUMBER, 0.0) > 0.9 else 1.0


_TELLING: Final[tuple[tuple[Form, float], ...]] = (
    (Form.LONGITUDE, 0.65),
    (Form.LATITUDE, 0.65),
    (Form.REGION, 0.6),
    (Form.DATE, 0.6),
    (Form.CODE, 0.58),
    (Form.ADDRESS, 0.6),
    (Form.COORDINATES, 0.55),
)
_DECISIVE: Final = 0.9
_FEWEST: Final = 2


def _by_content(heading: str, look: _Look, columns: KindColumns) -> Iterator[tuple[str, float]]:
    """Columns that the content alone speaks for: only forms that nothing else looks like."""
    if look.count < _FEWEST or _numbers_rows(heading) or _PERSONAL & set(heading_words(heading).words):
        return
    for form, sure in _TELLING:
        if look.shares.get(form, 0.0) < _DECISIVE or (form is Form.COORDINATES and look.words > 4):
            continue
        fitting = [one for one in columns.columns if one.form is form and (one.required or not one.helper)]
        fitting = [one for one in fitting if one.required] or fitting
        if form is Form.REGION:
            fitting = [one for one in fitting if one.name in ("region_code", "code")]
        if len(fitting) == 1 or (fitting and form is Form.CODE):
            yield fitting[0].name, sure
    for wanted in columns.columns:
        words = {value.casefold() for value in wanted.values}
        if words and look.texts and look.texts <= words:
            yield wanted.name, 0.62


# --- one heading for one column ----------------------------------------------------------------------------------


def _assigned(
    headings: Sequence[str],
    columns: KindColumns,
    looks: Sequence[_Look],
    given: Mapping[int, _Given],
    taken: set[int],
) -> tuple[Matched, ...]:
    """The surest proposals, one for each heading and each column, in the order of the headings."""
    proposals = [
        *_given_matches(headings, given),
        *(
            one
            for position, heading in enumerate(headings)
            if position not in taken and position not in given
            for one in _proposals(position, heading, columns, looks[position])
        ),
    ]
    order = {name: place for place, name in enumerate(columns.names)}
    proposals.sort(key=lambda one: (-one.confidence, order[one.column], one.position))
    chosen: dict[int, Matched] = {}
    used: set[str] = set()
    for one in proposals:
        if one.position not in chosen and one.column not in used:
            chosen[one.position] = one
            used.add(one.column)
    return tuple(chosen[position] for position in sorted(chosen))


def _given_matches(headings: Sequence[str], given: Mapping[int, _Given]) -> Iterator[Matched]:
    for position, one in given.items():
        if one.column != LEAVE_OUT:
            unit = heading_words(headings[position]).unit
            yield Matched(headings[position], position, one.column, one.reason, 1.0, unit)


def _proposals(position: int, heading: str, columns: KindColumns, look: _Look) -> Iterator[Matched]:
    if _numbers_rows(heading):
        return
    unit = heading_words(heading).unit
    named = _named(heading, columns.kind)
    for column, (sure, reason) in named.items():
        confidence = round(sure * _agreement(columns.wanted(column).form, look, unit), 3)
        if confidence >= LEAST:
            yield Matched(heading, position, column, reason, confidence, unit)
    for column, sure in _by_content(heading, look, columns):
        if column not in named:
            yield Matched(heading, position, column, Reason.CONTENT, sure, unit)


def _promoted(matches: Sequence[Matched], columns: KindColumns) -> tuple[Matched, ...]:
    """Names taken for the codes they stand for, where the file has no codes."""
    found = {one.column: one for one in matches}
    for wanted in columns.columns:
        target = wanted.fills[0] if len(wanted.fills) == 1 and wanted.together_with is None else None
        if target and target not in found and wanted.name in found:
            one = found.pop(wanted.name)
            found[target] = Matched(
                one.heading, one.position, target, one.reason, one.confidence, one.unit, by_name=True
            )
    return tuple(sorted(found.values(), key=lambda one: one.position))


def _missing(
    columns: KindColumns, matches: Sequence[Matched], wide: Wide | None, *, located: bool, year: int | None
) -> tuple[tuple[str, ...], ...]:
    there = {one.column for one in matches}
    if wide:
        there |= {wide.key_column, *(one.into for one in wide.columns)}
    if located:
        there |= {"lon", "lat", "footprint", "geometry"}
    for wanted in columns.columns:
        second = wanted.together_with
        if wanted.name in there and wanted.fills and (second is None or second in there or (second == "year" and year)):
            there |= {*wanted.fills} if second != wanted.fills[0] else set()
    single = [(one.name,) for one in columns.columns if one.required and one.name not in there]
    return (*single, *(group for group in columns.one_of if not there & set(group)))


def _unmapped(headings: Sequence[str], matches: Sequence[Matched], wide: Wide | None) -> tuple[str, ...]:
    taken = {one.position for one in matches} | {one.position for one in (wide.columns if wide else ())}
    return tuple(heading for place, heading in enumerate(headings) if place not in taken and not _numbers_rows(heading))


# --- a column for each period or group ---------------------------------------------------------------------------

_MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar mrt", "april apr",
            "mei may", "juni june jun", "juli july jul", "agustus august agu agt agust ags aug", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ROMAN: Final[Mapping[str, int]] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PERIOD_FILLERS: Final = _set(
    "rencana renc target plan planned realisasi real actual capaian fisik kumulatif kum progres progress kemajuan "
    "keuangan keu anggaran serapan penyerapan rp rupiah persen persentase bulan bln tahun thn ta sd s d akhir posisi "
    "per tanggal tgl kurva juta jt ribu milyar miliar pengeluaran bobot s/d periode dan dalam"
)
_ISO_DAY: Final = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_YEAR_MONTH: Final = re.compile(r"\b(20\d\d)\s*[-/.]\s*(0?[1-9]|1[0-2])\b")
_MONTH_YEAR: Final = re.compile(r"\b(0?[1-9]|1[0-2])\s*[-/.]\s*(20\d\d)\b")
_GROUPS: Final[Mapping[str, str]] = {
    "mitra": "mitra",
    "deradikalisasi": "mitra",
    "penyintas": "penyintas",
    "korban": "penyintas",
    "survivor": "penyintas",
    "survivors": "penyintas",
    "masyarakat": "masyarakat",
    "warga": "masyarakat",
    "community": "masyarakat",
}
_GROUP_FILLERS: Final = _set(
    "jumlah jml orang umum sekitar binaan penerima manfaat kelompok program terorisme the of jiwa lokal setempat dan "
    "terdampak tindak pidana"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a heading names, by its last month and, where it says so, its day and year."""

    month: int
    year: int | None
    day: int | None = None

    def end(self, year: int | None) -> date | None:
        """Its last day; ``year`` is taken where it names none."""
        known = self.year or year
        if known is None:
            return None
        last = calendar.monthrange(known, self.month)[1]
        return date(known, self.month, min(self.day, last) if self.day else last)


def period_in(heading: str) -> Period | None:
    """The period that a heading names and nothing else: ``Jan 2026``, ``Rencana / B03``, ``TW II``, ``2026-06``.

    A first day of a month stands for the whole month, for spreadsheets show such a date as ``Jan-26``. ``None`` where
    the heading names no period or speaks of something else besides.
    """
    text = heading.casefold()
    if found := _ISO_DAY.search(text):
        year, month, day = (int(part) for part in found.groups())
        if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
            return None
        period: Period | None = Period(month, year, None if day == 1 else day)
        return period if _only_fillers(_ISO_DAY.sub(" ", text)) else None
    for pattern, first in ((_YEAR_MONTH, "year"), (_MONTH_YEAR, "month")):
        if found := pattern.search(text):
            one, two = int(found[1]), int(found[2])
            period = Period(two, one) if first == "year" else Period(one, two)
            return period if _only_fillers(pattern.sub(" ", text)) else None
    return _spelled_period(re.findall(r"[^\W_]+", text))


def _only_fillers(text: str) -> bool:
    return all(word in _PERIOD_FILLERS for word in re.findall(r"[^\W_]+", text))


def _spelled_period(words: list[str]) -> Period | None:
    month: int | None = None
    year: int | None = None
    day: int | None = None
    expects: str | None = None
    for place, word in enumerate(words):
        found = _month_of(word) if month is None else None
        if expects and word in _ROMAN:
            month, expects = _ROMAN[word] * (3 if expects == "quarter" else 6), None
        elif word in ("tw", "triwulan", "triw", "kuartal", "quarter"):
            expects = "quarter"
        elif word in ("semester", "smt", "sem"):
            expects = "half"
        elif found:
            month = found
        elif re.fullmatch(r"20\d\d", word):
            year = int(word)
        elif re.fullmatch(r"\d\d", word) and month and year is None and place and 20 <= int(word) <= 60:
            year = 2000 + int(word)
        elif (
            re.fullmatch(r"\d{1,2}", word) and month is None and place + 1 < len(words) and words[place + 1] in _MONTHS
        ):
            day = int(word)
        elif word not in _PERIOD_FILLERS:
            return None
    return Period(month, year, day) if month and month <= 12 and not expects else None


def _month_of(word: str) -> int | None:
    if word in _MONTHS:
        return _MONTHS[word]
    if found := re.fullmatch(r"b0?([1-9]|1[0-2])", word):
        return int(found[1])
    if found := re.fullmatch(r"(?:tw|q)([1-4])", word):
        return 3 * int(found[1])
    found = re.fullmatch(r"tw(i{1,3}|iv)", word)
    return 3 * _ROMAN[found[1]] if found else None


def _group_in(heading: str) -> str | None:
    words = re.findall(r"[^\W_]+", heading.casefold())
    groups = {_GROUPS[word] for word in words if word in _GROUPS}
    plain = all(word in _GROUPS or word in _GROUP_FILLERS for word in words)
    return groups.pop() if len(groups) == 1 and plain else None


def _wide(
    table: Table, columns: KindColumns, looks: Sequence[_Look], given: Mapping[int, _Given], year: int | None
) -> Wide | None:
    """The columns that hold one figure for each period or group; ``None`` where there are none."""
    free = [(place, heading) for place, heading in enumerate(table.headings) if place not in given]
    if columns.by_group:
        groups = [(place, heading, _group_in(heading)) for place, heading in free]
        found = [WideColumn(heading, place, columns.by_group, key) for place, heading, key in groups if key]
        return Wide("group", _each_once(found)) if found else None
    if not columns.by_period:
        return None
    periods = [
        WideColumn(
            heading, place, into, end.isoformat() if (end := period.end(year)) else None, heading_words(heading).unit
        )
        for place, heading in free
        if (period := period_in(heading)) and (into := _figure_of(heading, columns, looks[place]))
    ]
    if not periods:
        return None
    kept = _each_once(periods)
    return Wide("as_of", kept, adds_up=_adds_up(table.body, kept))


def _each_once(found: Sequence[WideColumn]) -> tuple[WideColumn, ...]:
    """The columns without those that name the same figure of the same period or group again."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        if one.key is None or (one.into, one.key) not in seen:
            kept.append(one)
        if one.key is not None:
            seen.add((one.into, one.key))
    return tuple(kept)


def _figure_of(heading: str, columns: KindColumns, look: _Look) -> str | None:
    """Which figure a column of a period holds; ``None`` where it is another kind's."""
    words = heading_words(heading)
    if set(words.words) & columns.not_figures:
        return None
    money = (words.unit is not None and words.unit.family == "rupiah") or bool(set(words.words) & _MONEY_WORDS)
    percent = words.unit is not None and words.unit.family == "percent"
    if money and percent:
        return None
    if not money and not percent and look.shares.get(Form.MONEY, 0.0) > 0.5:
        money = True
    return columns.by_period[1 if money else 0]


def _wanted_wide(wide: Wide, matches: Sequence[Matched]) -> bool:
    """Whether the columns are to be turned: several, or one that alone says the day or group."""
    return len(wide.columns) > 1 or wide.key_column not in {one.column for one in matches}


def _adds_up(body: pd.DataFrame, wide: Sequence[WideColumn]) -> bool:
    """Whether the percentages of nearly all rows add up to 100 (or 1) instead of rising to it."""
    places = [one.position for one in wide if one.into == "percent"]
    if len(places) < 3:
        return False
    rows = [
        [_number(value) for value in row] for row in body.iloc[:_SAMPLED, places].itertuples(index=False, name=None)
    ]
    known = [[value for value in row if value is not None] for row in rows]
    looked = [row for row in known if len([value for value in row if value]) >= 2]
    votes = [_sums_to_whole(row) for row in looked]
    return bool(votes) and sum(votes) >= 0.8 * len(votes)


def _sums_to_whole(row: Sequence[float]) -> bool:
    total = sum(row)
    return (abs(total - 100) <= 0.6 or abs(total - 1) <= 0.006) and max(row) < 0.99 * total


# --- the cells by canonical names --------------------------------------------------------------------------------


@dataclass(frozen=True)
class CanonicalCells:
    """Raw cells under canonical names, one row for each row that may go into the store.

    - ``cells``: canonical columns and helpers, raw as in the file; ``as_of`` or ``group`` of wide columns is text.
    - ``rows``: file row of each row; wide columns give several rows from one.
    - ``columns``: canonical column -> file column of each row's cell.
    - ``units``: canonical column -> unit of its heading.
    - ``without``: file rows of a wide table that hold no figure at all, and so give no row.
    """

    cells: pd.DataFrame = field(repr=False)
    rows: npt.NDArray[np.int64] = field(repr=False)
    columns: Mapping[str, npt.NDArray[np.int64]] = field(repr=False)
    units: Mapping[str, Unit]
    without: tuple[int, ...] = ()


def canonical_cells(table: Table, found: Recognised) -> CanonicalCells:
    """The cells of ``table`` as ``found`` reads them; nothing given is altered.

    Columns of a period without a year are passed over: ``recognise`` asks for the year. Units of wide columns are those
    of the first column of each figure.
    """
    positions = [one.position for one in found.matches]
    plain = table.body.iloc[:, positions].set_axis([one.column for one in found.matches], axis=1)
    units = {one.column: one.unit for one in found.matches if one.unit}
    count = len(plain)
    columns = {one.column: np.full(count, table.columns[one.position]) for one in found.matches}
    if found.wide is None:
        return CanonicalCells(plain, table.rows, columns, units)
    return _long(table, found.wide, plain, columns, units)


def _long(
    table: Table,
    wide: Wide,
    plain: pd.DataFrame,
    columns: Mapping[str, npt.NDArray[np.int64]],
    units: Mapping[str, Unit],
) -> CanonicalCells:
    """One row for each row and key that holds a figure, by row and then in the order of the keys."""
    keys = list(dict.fromkeys(one.key for one in wide.columns if one.key is not None))
    figures = list(dict.fromkeys(one.into for one in wide.columns))
    at = {(one.key, one.into): one for one in wide.columns}
    plain = plain.drop(columns=[name for name in (wide.key_column, *figures) if name in plain])
    parts: list[tuple[npt.NDArray[np.int64], str, dict[str, Any], dict[str, int]]] = []
    for key in keys:
        own = {figure: at[key, figure] for figure in figures if (key, figure) in at}
        values = {figure: table.body.iloc[:, one.position].to_numpy(dtype=object) for figure, one in own.items()}
        filled = np.logical_or.reduce([pd.notna(column) for column in values.values()])
        rows = np.flatnonzero(filled).astype(np.int64)
        places = {figure: int(table.columns[one.position]) for figure, one in own.items()}
        parts.append((rows, key, {figure: column[rows] for figure, column in values.items()}, places))
    source = np.concatenate([part[0] for part in parts]) if parts else np.array([], dtype=np.int64)
    order = np.argsort(source, kind="stable")
    cells = plain.iloc[source[order]].reset_index(drop=True)
    where = {name: places[source[order]] for name, places in columns.items() if name in plain}
    cells[wide.key_column] = _stacked([np.full(len(part[0]), part[1], dtype=object) for part in parts], order)
    for figure in figures:
        values_by_part = [part[2].get(figure, np.full(len(part[0]), None, dtype=object)) for part in parts]
        cells[figure] = _stacked(values_by_part, order)
        numbers = [np.full(len(part[0]), part[3].get(figure, 0), dtype=np.int64) for part in parts]
        where[figure] = np.concatenate(numbers)[order] if numbers else source
    where[wide.key_column] = where[figures[0]]
    first = {one.into: one.unit for one in reversed(wide.columns)}
    without = np.setdiff1d(np.arange(len(table.body)), source)
    return CanonicalCells(
        cells,
        table.rows[source[order]],
        where,
        {**units, **{figure: unit for figure, unit in first.items() if unit}},
        tuple(table.rows[without].tolist()),
    )


def _stacked(parts: Sequence[npt.NDArray[np.object_]], order: npt.NDArray[np.int64]) -> pd.Series[Any]:
    values = np.concatenate(parts)[order] if parts else np.array([], dtype=object)
    return pd.Series(values, dtype=object)


def running_totals(values: pd.Series[Any], of: pd.Series[Any]) -> pd.Series[Any]:
    """Cumulative figures from those of each period, in the order of the rows, for each of ``of`` (such as a site).

    Both have the same index. A missing figure stays missing and adds nothing.
    """
    return values.groupby(of, sort=False, dropna=False).cumsum()


# --- titles ------------------------------------------------------------------------------------------------------

_TITLE_DAY: Final = re.compile(
    r"\b(\d{1,2}\s+(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|agt|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*\.?\s+20\d\d|"
    r"\d{1,2}[/-]\d{1,2}[/-]20\d\d|20\d\d-\d\d-\d\d|(?:triwulan|tw)\s*(?:i{1,3}|iv|[1-4])\s*(?:tahun\s*)?20\d\d)\b",
    re.IGNORECASE,
)
_TITLE_YEAR: Final = re.compile(r"(?<![\d/.-])(20\d\d)(?![\d/.-])")


def _year_in(titles: Iterable[str]) -> int | None:
    """The one year that the titles name; ``None`` where they name none, or several."""
    years = {int(year) for title in titles for year in _TITLE_YEAR.findall(title)}
    return years.pop() if len(years) == 1 else None


def _offered(titles: Sequence[str], missing: set[str]) -> dict[str, str]:
    offered: dict[str, str] = {}
    days = {" ".join(day.split()) for title in titles for day in _TITLE_DAY.findall(title)}
    if "as_of" in missing and len(days) == 1:
        offered["as_of"] = days.pop()
    year = _year_in(titles)
    if "year" in missing and year:
        offered["year"] = str(year)
    return offered


# --- what is told ------------------------------------------------------------------------------------------------

_CLOSE: Final = 0.08


def _told_kind(fits: Sequence[Fit]) -> Iterator[Finding]:
    if not fits:
        return
    best, second = fits[:2]
    if best.score - second.score < _CLOSE:
        told = {"kind": best.kind, "other": second.kind}
        yield Finding(Level.ASKED, "kind.unsure", told, proposal=best.kind)
    else:
        yield Finding(Level.NOTED, "kind.fits", {"kind": best.kind})


def _told_matches(matches: Sequence[Matched], columns: KindColumns) -> Iterator[Finding]:
    for one in matches:
        told = {"heading": one.heading, "column": one.column}
        if one.reason is Reason.CONTENT:
            yield Finding(Level.FLAGGED, "heading.content", told, proposal=one.column)
        elif one.confidence < SURE:
            yield Finding(Level.FLAGGED, "heading.similar", told, proposal=one.column)
        if one.unit and one.unit.factor > 1:
            told = {"heading": one.heading, "factor": str(one.unit.factor)}
            yield Finding(Level.NOTED, "heading.scale", told)
        if one.by_name:
            yield Finding(Level.NOTED, "heading.by_name", {"heading": one.heading, "column": one.column})
        if columns.wanted(one.column).form is Form.NUMBER and one.unit and one.unit.family == "percent":
            yield Finding(Level.FLAGGED, "heading.percent_for_amount", {"heading": one.heading, "column": one.column})


def _told_wide(wide: Wide | None) -> Iterator[Finding]:
    if wide is None:
        return
    told = {"count": str(len(wide.columns)), "first": wide.columns[0].heading, "last": wide.columns[-1].heading}
    yield Finding(Level.NOTED, "wide.periods" if wide.key_column == "as_of" else "wide.groups", told)
    units = {one.unit.factor: one for one in wide.columns if one.unit and one.unit.factor > 1}
    for factor, one in units.items():
        yield Finding(Level.NOTED, "heading.scale", {"heading": one.heading, "factor": str(factor)})
    without = [one.heading for one in wide.columns if one.key is None]
    if without:
        yield Finding(Level.ASKED, "wide.year", {"headings": listed(without)})
    if wide.adds_up:
        yield Finding(Level.FLAGGED, "wide.adds_up")


def _told_rest(
    unmapped: Sequence[str], missing: Sequence[tuple[str, ...]], offered: Mapping[str, str]
) -> Iterator[Finding]:
    if unmapped:
        yield Finding(Level.NOTED, "heading.unmapped", {"headings": listed(unmapped)})
    for group in missing:
        if len(group) == 1 and group[0] in offered:
            told = {"column": group[0], "value": offered[group[0]]}
            yield Finding(Level.ASKED, "heading.in_title", told, proposal=offered[group[0]])
        elif len(group) == 1:
            yield Finding(Level.REFUSED, "heading.missing", {"column": group[0]})
        else:
            yield Finding(Level.REFUSED, "heading.missing_one_of", {"columns": ", ".join(group)})


MESSAGES: Final[Messages] = {
    "kind.fits": lambda t, told: (t("By its headings the file holds “{kind}”.", **told), ""),
    "kind.unsure": lambda t, told: (
        t("The headings fit “{kind}” and “{other}” nearly as well.", **told),
        t("Say which of them the file holds."),
    ),
    "heading.similar": lambda t, told: (
        t("The heading “{heading}” was taken for {column} because of its name.", **told),
        t("Check that it is meant so, or choose another column."),
    ),
    "heading.content": lambda t, told: (
        t("The heading “{heading}” was taken for {column} because of what its cells hold.", **told),
        t("Check that it is meant so, or choose another column."),
    ),
    "heading.scale": lambda t, told: (
        t(
            "The figures under “{heading}” are multiplied by {factor}, as the heading says.",
            heading=told["heading"],
            factor=t.integer(int(told["factor"])),
        ),
        "",
    ),
    "heading.by_name": lambda t, told: (
        t("There is no column of codes: {column} is looked up by the names under “{heading}”.", **told),
        "",
    ),
    "heading.percent_for_amount": lambda t, told: (
        t("The heading “{heading}” speaks of percent; {column} is counted in its own unit.", **told),
        t("Give the amount that was reached, or leave the column out."),
    ),
    "heading.unmapped": lambda t, told: (
        t("These columns are not taken: {headings}.", **told),
        t("Choose a column for them if they are needed."),
    ),
    "heading.missing": lambda t, told: (
        t("No column was found for {column}, which every row needs.", **told),
        t("Choose the heading that holds it, or add the column to the file."),
    ),
    "heading.missing_one_of": lambda t, told: (
        t("At least one of these columns is needed: {columns}.", **told),
        t("Choose the heading that holds it, or add the column to the file."),
    ),
    "heading.in_title": lambda t, told: (
        t("No column holds {column}; the title says “{value}”.", **told),
        t("Confirm that it holds for every row, or choose a column."),
    ),
    "wide.periods": lambda t, told: (
        t("{count} columns from “{first}” to “{last}” stand for one period each.", **told),
        t("Each of them becomes a row of its own."),
    ),
    "wide.groups": lambda t, told: (
        t("{count} columns from “{first}” to “{last}” stand for one group each.", **told),
        t("Each of them becomes a row of its own."),
    ),
    "wide.year": lambda t, told: (
        t("These headings name a period without its year: {headings}.", **told),
        t("Say which year the file speaks of."),
    ),
    "wide.adds_up": lambda t, told: (
        t("The percentages of the periods add up to 100, so they were added up from period to period."),
        t("Check that they are not cumulative already."),
    ),
}
