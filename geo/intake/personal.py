"""Refuse personal data: find where it stands, and never say what it is.

Found are population numbers (NIK, also those of family cards, which are built alike), phone numbers and e-mail
addresses in cells, headings, comments, hidden columns and document properties, and columns whose heading asks for them
or for names, birthdays and home addresses of persons. UU 27/2022; see "Law that shapes the system" in the reference.
No function keeps or returns a value it looked at.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from geo.intake.cells import Finding, Level, Messages
from geo.intake.values import text_and_numbers, texts_of
from geo.locale import Translator

Flags = npt.NDArray[np.bool_]


class Kind(StrEnum):
    """What sort of personal data."""

    NIK = "nik"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    BIRTH = "birth"
    ADDRESS = "address"


class Part(StrEnum):
    """What part of a file."""

    CELL = "cell"
    HEADING = "heading"
    COMMENT = "comment"
    PROPERTY = "property"
    FILE_NAME = "file_name"
    SHEET_NAME = "sheet_name"


@dataclass(frozen=True, slots=True)
class Place:
    """Where personal data stands.

    ``row`` and ``column`` count from 1 as the file does; a property of the document has a ``name`` instead, the name of
    a sheet its place among the sheets as ``row``.
    """

    kind: Kind
    part: Part
    row: int | None = None
    column: int | None = None
    name: str = ""


PROVINCES: Final = frozenset(
    [*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)]
)
"""Kemendagri codes of the provinces, with which a NIK begins; 54 was Timor Timur, and such cards are gone."""

PERSON_PROPERTIES: Final = frozenset(
    {"creator", "author", "lastmodifiedby", "last_modified_by", "lastauthor", "last_author", "initialcreator",
     "initial_creator", "manager", "printedby", "printed_by", "owner", "contact"}
)  # fmt: skip
"""Properties in which office programs put the name of whoever wrote or saved the document."""

FEWEST_CODES: Final = 10
"""Numbers of 16 digits that a column needs before it can be told to hold codes and not NIK."""

MOST_NIK_AMONG_CODES: Final = 0.3
"""Share of valid NIK up to which such a column holds codes: 3 in 100 numbers are so by chance, nearly all NIK are."""

MOST_BARE_PHONES: Final = 0.8
"""Share of a column's cells with digits from which on bare digits 628... are phone numbers; at least two."""

HEADING_ROWS: Final = 60
HEADING_CELLS: Final = 8
"""Rows from the top, and filled cells of a column, in which headings are looked for."""

_LONGEST_HEADING: Final = 60  # characters; what is longer is a sentence
_SHOWN: Final = 20  # ranges of cells that a finding names
_NEAR_WORD: Final = 86.0  # likeness, 0 to 100, of a misspelt word of a heading
_SHORTEST_NEAR: Final = 6  # letters; shorter words have to be right


# --- one text ----------------------------------------------------------------------------------------------------

_GROUPS: Final[Sequence[Sequence[int]]] = (
    (16,), (4, 4, 4, 4), (6, 6, 4), (6, 10), (12, 4), (2, 2, 2, 6, 4), (2, 2, 2, 2, 2, 2, 4), (1,) * 16,
)  # fmt: skip
"""In which groups people write a NIK, with the same separator between all of them."""


def _grouped(groups: Sequence[int], name: str) -> str:
    first, *others = (rf"\d{{{size}}}" for size in groups)
    separators = (rf"(?P<{name}>[ .\-/]{{1,2}})", *(rf"(?P={name})" for _ in others))
    return first + "".join(separator + digits for separator, digits in zip(separators, others, strict=False))


_SIXTEEN: Final = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:"
    + "|".join(_grouped(groups, f"by{at}") for at, groups in enumerate(_GROUPS))
    + r")(?!\d|[.,](?!0{1,2}(?!\d))\d)"
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:([. ])\d{3})(?:\1\d{3})+")
_AT_SIGN: Final = re.compile(r"@|[\[(] ?at ?[\])]", re.IGNORECASE)
_AT: Final = re.compile(
    r"[\w.+-]{1,64}(?:@| ?[\[(] ?at ?[\])] ?)(?:[\w-]{1,63}(?:\.| ?[\[(] ?(?:dot|titik) ?[\])] ?)){1,6}[a-z]{2,24}\b",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r"\s*[+-]?(?:rp\.? ?)?[1-9]\d{0,2}(?:[. ]\d{3})+(?:,(?:\d+|-))?\s*", re.IGNORECASE)
_LABELLED: Final = re.compile(
    r"\b(?:hp|h\.p\.|handphone|no\.? ?hp|wa|whatsapp|telp|telpon|telepon|tlp|tel|phone|mobile|ponsel)(?![a-z])"
    r"[ .:/=-]{0,4}"
    r"\(?[+0-9](?:[ .\-()]{0,2}\d){6,14}(?!\d)",
    re.IGNORECASE,
)
_NO_NUMBER_BEFORE: Final = r"(?<!\d)(?<!\d[.,])(?<!\w[-_/])(?<![A-Za-z])"
_MOBILE: Final = re.compile(
    _NO_NUMBER_BEFORE
    + r"\(?(?:\+ ?62\)?[ .\-]?(?:\(0\) ?)?|0)8\d{1,2}\)?(?:\d{5,10}|(?:[ .\-]{1,2}\d{3,5}){2,3})(?!\d|[.,]\d)"
)
_MOBILE_BARE: Final = re.compile(_NO_NUMBER_BEFORE + r"62[ -]?8[1-9]\d(?:\d{6,9}|(?:[ \-]\d{3,4}){2,3})(?!\d|[.,]\d)")
_ABROAD: Final = re.compile(
    r"(?<![\w+])\+ ?(?:62[ \-]?|[1-9]\d{0,2}[ \-])\(?\d{1,4}\)?(?:[ \-]?\d{2,5}){2,4}(?!\d|[.,]\d)"
)
_FIXED: Final = re.compile(
    _NO_NUMBER_BEFORE
    + r"(?:\(0\d{2,3}\) ?[-.]? ?|0(?:2[1-9]|[2-7]\d{2}|9\d{2})(?: ?- ?| ))\d{3,4}[ .\-]?\d{2,5}(?!\d|[.,-]\d)"
)


def personal_in_text(text: str, *, money: bool = False) -> Kind | None:
    """What personal data a text holds: ``NIK``, ``EMAIL``, ``PHONE`` or nothing.

    ``money``: the text is an amount of money, so that only a NIK, an e-mail address and a phone number with its leading
    0 or +62 and no thousands marks count.
    """
    plain = _plain(text)
    if any(_is_nik(match[0]) for match in _SIXTEEN.finditer(plain)):
        return Kind.NIK
    if _AT_SIGN.search(plain) and _AT.search(plain):
        return Kind.EMAIL
    if _AMOUNT.fullmatch(plain):
        return None
    patterns = (_MOBILE,) if money else (_MOBILE, _MOBILE_BARE, _LABELLED, _ABROAD, _FIXED)
    return Kind.PHONE if any(pattern.search(plain) for pattern in patterns) else None


def _plain(text: str) -> str:
    """The text with full-width and other digits made plain, dashes made one, and nothing invisible in it."""
    if text.isascii() and text.isprintable():
        return text
    signs = []
    for sign in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(sign)
        if category == "Nd":
            signs.append(str(unicodedata.digit(sign)))
        elif category in ("Pd", "Sm") and sign in "‐‑‒–—―−":
            signs.append("-")
        elif sign.isspace():
            signs.append(" ")
        elif category not in ("Cc", "Cf", "Cs"):
            signs.append(sign)
    return "".join(signs)


def _is_nik(written: str, *, cut: bool = False) -> bool:
    """Whether 16 digits, spaced or dotted as people do, are a valid NIK; ``cut`` allows the lost last digits of Excel.

    The parts: province, kabupaten, kecamatan, day (plus 40 for women), month, year, and a number from 1.
    """
    if _THOUSANDS.fullmatch(written):
        return False
    digits = [int(sign) for sign in written if sign.isdigit()]
    province, regency, district, day, month, year = (10 * digits[at] + digits[at + 1] for at in range(0, 12, 2))
    day -= 40 if day > 40 else 0
    return (
        province in PROVINCES
        and 1 <= regency <= 79
        and district >= 1
        and 1 <= month <= 12
        and 1 <= day <= monthrange(2000 if year % 4 == 0 else 2001, month)[1]
        and (cut or any(digits[12:]))
    )


# --- one heading -------------------------------------------------------------------------------------------------

_PERSONS: Final = frozenset(
    {
        "penerima", "mitra", "peserta", "anggota", "pemilik", "ketua", "orang", "lengkap", "petugas", "pegawai", "napi",
        "narapidana", "wbp", "napiter", "penyintas", "korban", "keluarga", "istri", "suami", "anak", "ibu", "ayah",
        "bapak", "penghuni", "penyuluh", "pendamping", "pengurus", "kepala", "responden", "warga", "siswa", "santri",
        "ustadz", "ustaz", "kyai", "guru", "pic", "pelapor", "penginput", "pengisi", "operator", "binaan", "klien",
        "kontak", "alias", "panggilan", "individu", "pasangan", "wali", "ahli", "bendahara", "sekretaris", "pejabat",
        "direktur", "penanggung", "beneficiary", "beneficiaries", "recipient", "recipients", "participant",
        "participants", "member",
        "members", "owner", "person", "persons", "partner", "partners", "full", "first", "last", "family", "survivor",
        "victim", "spouse", "child", "mother", "father", "officer", "reporter", "resident", "contact", "leader",
    }
)  # fmt: skip
_PLACES: Final = frozenset(
    {
        "lokasi", "kantor", "koperasi", "situs", "proyek", "kegiatan", "bangunan", "usaha", "gedung", "lokus", "lahan",
        "rusun", "warung", "ktn", "kawasan", "pesantren", "ponpes", "sekolah", "instansi", "lembaga", "dinas", "opd",
        "web", "website", "url", "laman", "unit", "site", "office", "project", "building", "school",
        "institution", "ip", "sumber", "source", "organisasi", "perusahaan", "penyedia",
        "organization", "organisation", "company",
    }
)  # fmt: skip
_PHONES: Final = frozenset(
    {"hp", "handphone", "telp", "telepon", "telpon", "tlp", "telephone", "whatsapp", "phone", "ponsel", "mobile",
     "cellphone", "nohp", "notelp", "wa", "tel"}
)  # fmt: skip
_EMAILS: Final = frozenset({"email", "emails", "surel"})
_NIKS: Final = frozenset({"nik", "ktp", "nokk", "noktp"})
_PHRASES: Final[Sequence[tuple[str, Kind]]] = (
    ("induk kependudukan", Kind.NIK), ("kartu keluarga", Kind.NIK), ("no kk", Kind.NIK), ("nomor kk", Kind.NIK),
    ("identity number", Kind.NIK), ("identity card", Kind.NIK), ("id card", Kind.NIK), ("national id", Kind.NIK),
    ("nomor identitas", Kind.NIK), ("no identitas", Kind.NIK), ("nomor paspor", Kind.NIK), ("no paspor", Kind.NIK),
    ("e mail", Kind.EMAIL), ("tanggal lahir", Kind.BIRTH), ("tgl lahir", Kind.BIRTH), ("tempat lahir", Kind.BIRTH),
    ("ttl", Kind.BIRTH), ("date of birth", Kind.BIRTH), ("birth date", Kind.BIRTH), ("birthdate", Kind.BIRTH),
    ("place of birth", Kind.BIRTH), ("birthday", Kind.BIRTH), ("dob", Kind.BIRTH), ("no kontak", Kind.PHONE),
    ("nomor kontak", Kind.PHONE), ("contact number", Kind.PHONE), ("contact person", Kind.NAME),
    ("penerima by name", Kind.NAME), ("by name by address", Kind.NAME), ("bnba", Kind.NAME),
)  # fmt: skip
_NAME_WORDS: Final = frozenset({"nama", "nm", "name", "names"})
_ADDRESS_WORDS: Final = frozenset({"alamat", "address", "domisili"})
_COUNTS: Final = frozenset({"jumlah", "jml", "total", "banyak", "banyaknya", "count", "persentase"})
_NO_LETTER: Final = re.compile(r"[\W_]+")
_LONG_WORDS: Final = tuple(
    sorted(
        word
        for word in (*_PERSONS, *_PLACES, *_PHONES, "alamat", "address", "kependudukan", "tanggal")
        if len(word) >= _SHORTEST_NEAR
    )
)
_KNOWN_WORDS: Final = frozenset(
    {
        *_LONG_WORDS, "penerimaan", "anggaran", "kelurahan", "kecamatan", "program", "kabupaten", "provinsi",
        "contract",
        "contracts", "kontrak", "pendampingan", "pembinaan", "penyuluhan", "pelaporan", "kepemilikan", "pelatihan",
    }
)  # fmt: skip
"""Words that are not taken for another one although they are near it."""


def personal_heading(heading: str) -> Kind | None:
    """What personal data a column's heading asks for, in Indonesian or English, also mistyped; ``None``: none.

    A bare ``Alamat`` counts, ``Alamat kantor`` and ``Alamat sumber`` don't; ``Nama penerima`` counts, ``Nama koperasi
    penerima`` doesn't, neither does ``Jumlah penerima`` nor a bare ``Nama``.
    """
    words = _heading_words(heading)
    if not words or len(heading) > _LONGEST_HEADING or words[:2] == ["number", "of"]:
        return None
    joined = f" {' '.join(words)} "
    for phrase, kind in _PHRASES:
        if f" {phrase} " in joined:
            return kind
    every = set(words)
    if every & _NIKS and not every & _COUNTS:
        return Kind.NIK
    if every & _EMAILS and not every & _COUNTS:
        return Kind.EMAIL
    if every & _PHONES and not every & _COUNTS:
        return Kind.PHONE
    if every & _ADDRESS_WORDS and not every & _PLACES:
        return Kind.ADDRESS
    return Kind.NAME if _asks_for_a_name(words) else None


def _heading_words(heading: str) -> list[str]:
    text = _NO_LETTER.sub(" ", _plain(heading).casefold().replace("'", "")).split()
    return [_spelled(word) for word in text]


def _spelled(word: str) -> str:
    """The known word that a mistyped one is near to, or the word itself."""
    if len(word) < _SHORTEST_NEAR or word in _KNOWN_WORDS:
        return word
    near = process.extractOne(word, _LONG_WORDS, scorer=fuzz.ratio, score_cutoff=_NEAR_WORD)
    return str(near[0]) if near else word


def _asks_for_a_name(words: Sequence[str]) -> bool:
    """Whether the word beside ``nama`` (behind it) or ``name`` (before it, or behind ``of``) stands for persons."""
    small = [word for word in words if word not in ("of", "the", "para", "dan", "and", "no", "nomor")]
    if set(small) & _COUNTS:
        return False
    for at, word in enumerate(small):
        if word in ("nama", "nm") and at + 1 < len(small) and small[at + 1] in _PERSONS:
            return True
        before, behind = small[at - 1] if at else "", small[at + 1] if at + 1 < len(small) else ""
        of_person = behind in _PERSONS and "of" in words
        if word in ("name", "names") and (before in _PERSONS or of_person):
            return True
    return False


# --- one column --------------------------------------------------------------------------------------------------

_CANDIDATE: Final = r"@|[\[(] ?[aA][tT] ?[\])]|\d(?:\D{0,3}\d){6}|[^\x00-\x7f]"
_HARMLESS: Final = (
    r"-?(?:[Rr][Pp]\.? ?)?(?:[1-9]\d{0,2}(?:[. ]\d{3})+(?:,(?:\d+|-))?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?)"
    r"|\d{1,2}[-/]\d{1,2}[-/]\d{4}|-?\d{1,3}[.,]\d+|-?[1-9]\d{0,14}[.,]\d{1,12}"
    r"|-?[1-57-9]\d{0,14}|-?6(?:[013-9]\d{0,13})?|\d{4}-\d\d-\d\d(?:[ T][\d:.]+(?:\+\d\d:\d\d|Z)?)?"
)


def personal_in_column(values: pd.Series[Any], *, money: bool = False) -> dict[int, Kind]:
    """Positions (from 0) of cells with personal data.

    ``money``: see ``personal_in_text``; a number in such a column is never a phone number. What a number alone can't
    say, the column does: bare digits 628... are phone numbers where nearly all its figures are (``MOST_BARE_PHONES``),
    else amounts; a column of at least ``FEWEST_CODES`` numbers of 16 digits of which few are valid NIK holds codes.
    """
    cells = values.to_numpy(dtype=object)
    text, number = text_and_numbers(values, cells)
    seen = _Seen({}, [], 0, int(number.sum()))
    if number.any():
        _look_at_numbers(cells, np.flatnonzero(number), seen)
    if text.any():
        _look_at_texts(cells, np.flatnonzero(text), seen, money=money)
    found = dict(seen.found)
    niks = sum(kind is Kind.NIK for kind in found.values())
    if seen.sixteen >= FEWEST_CODES and niks <= MOST_NIK_AMONG_CODES * seen.sixteen:
        found = {at: kind for at, kind in found.items() if kind is not Kind.NIK}
    if not money and len(seen.bare) >= max(2.0, MOST_BARE_PHONES * seen.figures):
        found |= dict.fromkeys(seen.bare, Kind.PHONE)
    return dict(sorted(found.items()))


@dataclass
class _Seen:
    """What a column shows: kinds by position, bare digits 628..., how many of 16 digits, how many cells with digits."""

    found: dict[int, Kind]
    bare: list[int]
    sixteen: int
    figures: int


def _look_at_numbers(cells: npt.NDArray[np.object_], at: npt.NDArray[np.intp], seen: _Seen) -> None:
    for position in at[_large(cells[at])].tolist():
        digits = str(int(cells[position]))
        if len(digits) == 16:
            seen.sixteen += 1
            if _is_nik(digits, cut=True):
                seen.found[position] = Kind.NIK
        elif _MOBILE_BARE.fullmatch(digits):
            seen.bare.append(position)


def _large(cells: npt.NDArray[np.object_]) -> Flags:
    """Which numbers are whole and long enough for a phone number with its country or a NIK."""
    try:
        floats = cells.astype("float64")
    except OverflowError:  # a whole number beyond any float
        return np.array([10**10 <= cell < 10**16 and cell == int(cell) for cell in cells], dtype=bool)
    phone = (floats >= 62 * 10**9) & (floats < 63 * 10**12)
    nik = (floats >= 10**15) & (floats < 10**16)
    large: Flags = (phone | nik) & (floats == np.floor(floats))
    return large


def _look_at_texts(cells: npt.NDArray[np.object_], at: npt.NDArray[np.intp], seen: _Seen, *, money: bool) -> None:
    """Each distinct text is looked at once."""
    places, distinct = pd.factorize(cells[at])
    texts = texts_of(distinct)
    seen.figures += int(texts.str.contains(r"\d").to_numpy(dtype=bool)[places].sum())
    harmless = texts.str.fullmatch(f"(?:{_HARMLESS})").to_numpy(dtype=bool)
    candidate = texts.str.contains(_CANDIDATE).to_numpy(dtype=bool) & ~harmless
    kinds: dict[int, Kind] = {}
    bare: set[int] = set()
    long = np.zeros(len(distinct), dtype=bool)
    for place in np.flatnonzero(candidate).tolist():
        text = distinct[place].strip()
        long[place] = sum(map(str.isdigit, text)) == 16
        if text.isdigit() and _MOBILE_BARE.fullmatch(text):
            bare.add(place)
        elif kind := personal_in_text(text, money=money):
            kinds[place] = kind
    seen.sixteen += int(long[places].sum())
    if kinds or bare:
        for position, place in zip(at.tolist(), places.tolist(), strict=True):
            if place in kinds:
                seen.found[position] = kinds[place]
            elif place in bare:
                seen.bare.append(position)


# --- a sheet and a document --------------------------------------------------------------------------------------

_MONEY_HEADING: Final = re.compile(
    r"\b(?:rp|rupiah|idr|pagu|anggaran|biaya|harga|dana|belanja|budget|spend(?:ing)?|cost|amount|nilai (?:kontrak|pagu|"
    r"proyek)|contract(?: value)?|contract_value|realisasi keuangan|serapan)\b",
    re.IGNORECASE,
)


def scan(
    cells: pd.DataFrame,
    *,
    rows: Sequence[int] | npt.NDArray[np.int64],
    columns: Sequence[int] | npt.NDArray[np.int64],
    notes: Iterable[tuple[int, int, str]] = (),
    money: Collection[int] | None = None,
) -> tuple[Place, ...]:
    """Where a sheet holds personal data, in its cells (hidden ones too) and in comments.

    ``cells`` holds raw values; ``rows`` and ``columns`` are the file's numbers (from 1) of its rows and columns;
    ``notes`` are comments as (row, column, text); ``money`` the positions (from 0) of columns of money, ``None`` looks
    for them by their headings. A heading counts where anything stands below it.
    """
    places: list[Place] = []
    for at in range(cells.shape[1]):
        values = cells.iloc[:, at]
        heading, is_money = _headings(values)
        if heading is not None:
            places.append(Place(heading[1], Part.HEADING, int(rows[heading[0]]), int(columns[at])))
        of_money = is_money if money is None else at in money
        found = personal_in_column(values, money=of_money)
        places += [Place(kind, Part.CELL, int(rows[row]), int(columns[at])) for row, kind in found.items()]
    for row, column, text in notes:
        kind = personal_in_text(text)
        if kind:
            places.append(Place(kind, Part.COMMENT, row, column))
    return tuple(places)


def _headings(values: pd.Series[Any]) -> tuple[tuple[int, Kind] | None, bool]:
    """The first heading of a column that asks for personal data with anything below it, and whether one is of money."""
    given = np.flatnonzero(values.notna().to_numpy())
    last = int(given[-1]) if len(given) else -1
    found: tuple[int, Kind] | None = None
    money = False
    for at in given[given < HEADING_ROWS][:HEADING_CELLS].tolist():
        cell = values.iloc[at]
        if not isinstance(cell, str) or len(cell) > _LONGEST_HEADING or at == last or not any(map(str.isalpha, cell)):
            continue
        money = money or _is_money_heading(cell)
        kind = personal_heading(cell) if found is None else None
        found = (at, kind) if kind else found
    return found, money


def _is_money_heading(cell: str) -> bool:
    """Whether a text is a heading of money and not an amount with its currency."""
    return _MONEY_HEADING.search(cell) is not None and not any(map(str.isdigit, cell))


def scan_texts(texts: Mapping[str, str]) -> tuple[Place, ...]:
    """Where document properties hold a NIK, a phone number or an address of e-mail, be it as what they are called.

    ``texts`` maps what a text is (``title``) to the text. Properties that hold a person's name are no ground to refuse
    a file, as every office program writes them: ``without_persons`` drops them.
    """
    kinds = ((name, personal_in_text(text) or personal_in_text(name)) for name, text in texts.items())
    return tuple(Place(kind, Part.PROPERTY, name=name) for name, kind in kinds if kind)


def scan_names(file: str, sheets: Sequence[str]) -> tuple[Place, ...]:
    """Where the name of the file or names of its sheets hold such data."""
    of_file, of_sheets = personal_in_text(file), [personal_in_text(sheet) for sheet in sheets]
    places = [Place(of_file, Part.FILE_NAME)] if of_file else []
    places += [Place(kind, Part.SHEET_NAME, row=at) for at, kind in enumerate(of_sheets, start=1) if kind]
    return tuple(places)


def shown_name(name: str) -> str:
    """The name of a file, a sheet or a property where it may be repeated, else dots in its place."""
    return "…" if personal_in_text(name) else name


def without_persons(properties: Mapping[str, str]) -> dict[str, str]:
    """The properties without those in which office programs put a person's name; nobody stores or shows these."""
    return {name: value for name, value in properties.items() if _property_word(name) not in PERSON_PROPERTIES}


def _property_word(name: str) -> str:
    """``dc:creator`` and ``meta:initial-creator`` as ``creator`` and ``initial_creator``."""
    return name.rsplit(":", 1)[-1].rsplit("}", 1)[-1].strip().casefold().replace("-", "_").replace(" ", "_")


# --- what is told ------------------------------------------------------------------------------------------------


def findings(places: Iterable[Place], *, sheet: str | None = None) -> tuple[Finding, ...]:
    """One refusal for each kind and part, with the cells (``C5:C104, F7``) and their number; never a value.

    ``sheet`` is named with its cells, for a file of several sheets.
    """
    grouped: dict[tuple[Part, Kind], list[Place]] = {}
    for place in places:
        grouped.setdefault((place.part, place.kind), []).append(place)
    return tuple(
        Finding(Level.REFUSED, f"personal.{part}", _told(kind, found, sheet))
        for (part, kind), found in sorted(grouped.items())
    )


def _told(kind: Kind, places: Sequence[Place], sheet: str | None) -> dict[str, str]:
    if places[0].part is Part.PROPERTY:
        names = list(dict.fromkeys(shown_name(place.name) for place in places))
        return {"kind": str(kind), "cells": ", ".join(names[:_SHOWN]), "number": str(len(names))}
    if places[0].part is Part.SHEET_NAME:
        numbers = [str(place.row) for place in places]
        return {"kind": str(kind), "cells": ", ".join(numbers[:_SHOWN]), "number": str(len(numbers))}
    at = sorted({(place.column or 0, place.row or 0) for place in places})
    ranges = _ranges(at)
    more = ", …" if len(ranges) > _SHOWN else ""
    before = "" if sheet is None else f"{shown_name(sheet)}!"
    return {"kind": str(kind), "cells": before + ", ".join(ranges[:_SHOWN]) + more, "number": str(len(at))}


def _ranges(at: Sequence[tuple[int, int]]) -> list[str]:
    """Cells by column and row, runs of rows in one column as ``C5:C104``."""
    runs: list[tuple[int, int, int]] = []
    for column, row in at:
        if runs and runs[-1][0] == column and runs[-1][2] + 1 == row:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    return [
        f"{_letters(column)}{first}" + (f":{_letters(column)}{last}" if last > first else "")
        for column, first, last in runs
    ]


def _letters(column: int) -> str:
    """``1`` as ``A``, ``28`` as ``AB``."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- words for people --------------------------------------------------------------------------------------------


def kind_name(t: Translator, kind: str) -> str:
    """A sort of personal data in words, in the middle of a sentence."""
    return {
        Kind.NIK: t("population numbers (NIK)"),
        Kind.PHONE: t("phone numbers"),
        Kind.EMAIL: t("e-mail addresses"),
        Kind.NAME: t("names of persons"),
        Kind.BIRTH: t("dates or places of birth"),
        Kind.ADDRESS: t("addresses of persons"),
    }[Kind(kind)]


MESSAGES: Final[Messages] = {
    "personal.cell": lambda t, told: (
        t("Personal data is refused: {kind} in {cells}.", kind=kind_name(t, told["kind"]), cells=told["cells"]),
        t("Remove it from the file and send the file again; this file was not kept."),
    ),
    "personal.heading": lambda t, told: (
        t(
            "Personal data is refused: the heading in {cells} asks for {kind}.",
            kind=kind_name(t, told["kind"]),
            cells=told["cells"],
        ),
        t("Delete the column, or rename it if it holds no personal data; this file was not kept."),
    ),
    "personal.comment": lambda t, told: (
        t(
            "Personal data is refused: {kind} in the comments at {cells}.",
            kind=kind_name(t, told["kind"]),
            cells=told["cells"],
        ),
        t("Remove it from the file and send the file again; this file was not kept."),
    ),
    "personal.file_name": lambda t, told: (
        t("Personal data is refused: {kind} in the name of the file.", kind=kind_name(t, told["kind"])),
        t("Give the file another name and send it again; this file was not kept."),
    ),
    "personal.sheet_name": lambda t, told: (
        t(
            "Personal data is refused: {kind} in the name of sheet {cells}, counted from the left.",
            kind=kind_name(t, told["kind"]),
            cells=told["cells"],
        ),
        t("Give the sheet another name and send the file again; this file was not kept."),
    ),
    "personal.property": lambda t, told: (
        t(
            "Personal data is refused: {kind} in the properties of the file ({cells}).",
            kind=kind_name(t, told["kind"]),
            cells=told["cells"],
        ),
        t("Remove it from the file and send the file again; this file was not kept."),
    ),
}
"""Every code of this module, see ``Messages``."""
