"""Find the region that a person means by a name, an abbreviation or a code."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from geo.model import BoundaryError, Region
from geo.regions.boundaries import regions
from geo.regions.codes import codes_behind_number, dotted, enclosing_regency, level_of
from geo.regions.folders import SHIPPED_FOLDER

Kind = Literal["province", "kabupaten", "kota"]
Doubt = Literal["several", "another_kind", "code_systems", "number", "code_and_name"]
"""Why no single region is given: several fit; only one of another kind fits ("Kota Sidoarjo"); Kemendagri and BPS use
the code differently; a spreadsheet made a number of the code; code and name speak of different regions."""

_PREFIXES: tuple[tuple[str, Kind], ...] = (
    (r"provinsi|propinsi|prov|prop", "province"),
    (r"kabupaten|kab", "kabupaten"),
    (r"kotamadya|kotamadia|kodya|kota", "kota"),
)
_WITH_CODE = re.compile(r"(\d[\d.]*)\s*[-–—:|/]?\s*([^\W\d_].*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to a name: ``region`` when it is sure, else the ``candidates`` to choose from and the ``doubt``."""

    region: Region | None
    candidates: tuple[Region, ...]
    doubt: Doubt | None = None

    @property
    def ambiguous(self) -> bool:
        """Whether a person has to choose."""
        return self.region is None


def find_region(
    text: str, *, level: Literal[1, 2] | None = None, province: str | None = None, folder: Path | None = None
) -> Match | None:
    """The region meant by ``text``, ``None`` when nothing fits; never a guess between several.

    Understands names with or without "Prov.", "Kab.", "Kota", the aliases of ``data/boundaries/aliases.toml``, codes
    with or without dots (of a kecamatan or desa: its kabupaten/kota), a code before a name ("35.07 Malang") and a
    province after a comma ("Malang, Jatim"). ``level`` and ``province`` (a code) narrow the choice.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    known = [
        one for one in regions(level, folder=folder) if province is None or one.province_code == dotted(province)[:2]
    ]
    if not any(character.isalnum() for character in words):
        return None
    if words[0].isdigit():
        return _by_number(words, known, folder=folder)
    return _by_name(words, known) or _by_name_and_province(words, known, folder=folder)


# --- codes -------------------------------------------------------------------------------------------------------


def _by_number(words: str, known: list[Region], *, folder: Path | None) -> Match | None:
    with_name = _WITH_CODE.fullmatch(words)
    if with_name is None:
        return _by_code(words, known)
    by_code, by_name = _by_code(with_name[1].rstrip("."), known), find_region_among(with_name[2], known)
    if by_code is None or by_name is None:
        return _doubtful(by_code or by_name, "code_and_name")
    agreed = [one for one in by_code.candidates if one in by_name.candidates]
    if len(agreed) == 1:
        return Match(agreed[0], (agreed[0],))
    return Match(None, _distinct([*by_code.candidates, *by_name.candidates]), "code_and_name")


def _by_code(code: str, known: list[Region]) -> Match | None:
    by_code = {one.code: one for one in known}
    other = _aliases().bps.get(code)
    if other is not None:
        both = [by_code[one] for one in (dotted(code), other) if one in by_code]
        return Match(None, tuple(both), "code_systems") if both else None
    wanted = dotted(code)
    wanted = wanted if level_of(wanted) else enclosing_regency(wanted) or wanted
    if wanted in by_code:
        return Match(by_code[wanted], (by_code[wanted],))
    guesses = tuple(by_code[one] for one in codes_behind_number(code) if one in by_code)
    return Match(None, guesses, "number") if guesses else None


# --- names -------------------------------------------------------------------------------------------------------


def find_region_among(words: str, known: Iterable[Region]) -> Match | None:
    """The one of the ``known`` regions meant by a name without a code, see ``find_region``."""
    return _by_name(words, list(known))


def _by_name(words: str, known: list[Region]) -> Match | None:
    kind, key = _kind_and_key(words)
    whole = _squashed(words)
    named = [one for one in known if key in _keys(one) or whole in _keys(one)]
    fitting = [one for one in named if kind is None or _kind(one) == kind or whole in _keys(one)]
    if len(fitting) == 1:
        return Match(fitting[0], (fitting[0],))
    if fitting:
        return Match(None, tuple(fitting), "several")
    return Match(None, tuple(named), "another_kind") if named else None


def _by_name_and_province(words: str, known: list[Region], *, folder: Path | None) -> Match | None:
    name, comma, after = words.rpartition(",")
    if not comma:
        return None
    province = _by_name(after, list(regions(1, folder=folder)))
    if province is None or province.region is None:
        return None
    return _by_name(name, [one for one in known if one.province_code == province.region.code and one.level == 2])


def _kind(region: Region) -> Kind:
    if region.level == 1:
        return "province"
    return "kota" if region.code[3:] >= "71" else "kabupaten"


def _kind_and_key(words: str) -> tuple[Kind | None, str]:
    """What kind of region a name says it is, if it says so, and the name without that, squashed."""
    for pattern, kind in _PREFIXES:
        match = re.match(rf"(?:{pattern})\b\.?\s*(.+)", words, re.IGNORECASE | re.DOTALL)
        if match is not None:
            return kind, _squashed(match[1])
    return None, _squashed(words)


def _squashed(words: str) -> str:
    """Letters and digits only, without case, accents, "administrasi" and with "kep." written out."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    plain = re.sub(r"\b(?:administrasi|adm)\b\.?", " ", plain)
    plain = re.sub(r"\b(?:kep)\b\.?", "kepulauan", plain)
    return "".join(character for character in plain if character.isalnum())


def _keys(region: Region) -> frozenset[str]:
    return _keys_of(region.code, region.name)


@lru_cache(maxsize=2_000)
def _keys_of(code: str, name: str) -> frozenset[str]:
    other = _aliases().names.get(code, ())
    return frozenset({_kind_and_key(name)[1], *(_squashed(one) for one in other)})


def plain_name(name: str) -> str:
    """What is left of a name when its kind, case, blanks and signs are taken away; for comparing names."""
    return _kind_and_key(name)[1]


def bps_twins() -> Mapping[str, str]:
    """BPS code to Kemendagri code of the same region where the two lists differ."""
    return dict(_aliases().bps)


def other_names() -> Mapping[str, tuple[str, ...]]:
    """Names besides the official one by code, such as Jatim for 35."""
    return dict(_aliases().names)


# --- aliases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Aliases:
    names: Mapping[str, tuple[str, ...]]
    bps: Mapping[str, str]


@lru_cache(maxsize=1)
def _aliases() -> _Aliases:
    path = SHIPPED_FOLDER / "aliases.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        listed = table["provinces"] | table["regencies"]
        return _Aliases({code: tuple(names) for code, names in listed.items()}, dict(table["bps"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BoundaryError(f"{path.name} cannot be read ({error}). Put the shipped file back.") from error


def _doubtful(match: Match | None, doubt: Doubt) -> Match | None:
    return Match(None, match.candidates, doubt) if match else None


def _distinct(found: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(dict.fromkeys(found))
