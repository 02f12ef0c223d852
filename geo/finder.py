"""Find a site, a region or an institution by a name that may be mistyped.

Every word of the request is compared with the distinct words of all names, not with the names themselves: a hundred
thousand sites share few words, so an answer takes a few hundredths of a second. Names are raw text; whoever shows
them escapes them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from geo.model import province_of

Kind = Literal["site", "region", "institution"]
Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

NEAR: Final = 75.0
"""Least likeness of two words, 0 to 100, that counts as a typing error: one wrong letter in four."""

NEAR_WHOLE: Final = 80.0
"""Least likeness of two names without their blanks, for requests whose words are joined or split otherwise."""

_LITERAL: Final = 95.0  # from here on a word was typed rightly, if not to its end
_SHORTEST_NEAR: Final = 3  # letters; shorter words and numbers have to be right
_NEAR_SHORT: Final = 85.0  # likeness that counts for the shortest: one letter forgotten ("aeh"), not one wrong
_MOST_CHARACTERS: Final = 120
_MOST_WORDS: Final = 8
_KIND_WORDS: Final = frozenset({"kabupaten", "kab", "kota", "kotamadya", "provinsi", "propinsi", "prov"})
_KIND_WEIGHT: Final = 0.3
_APOSTROPHES: Final = re.compile("['’ʼ‘`]")
_NO_WORD: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Found:
    """One answer; ``within`` is a site's region code, a region's province code or ``""``.

    ``score``: 100 for the code itself, 85 to 99 where every word was typed rightly, 70 to 85 where one was not,
    50 to 70 where only the request's rarest word fits.
    """

    kind: Kind
    code: str
    name: str
    within: str
    score: float


@dataclass(frozen=True)
class _Entry:
    kind: Kind
    code: str
    name: str
    within: str


@dataclass
class Index:
    """All names made ready for ``find``; build it once with ``index`` and share it, nothing alters it.

    Entry ``i`` owns the words ``words[owned[first[i]]]`` up to the next entry's; ``above`` holds the places (up to
    two) of the regions it lies in. The last place of every array is an entry without words, for "lies in none".
    """

    entries: tuple[_Entry, ...]
    codes: Mapping[str, tuple[int, ...]] = field(repr=False)
    words: list[str] = field(repr=False)
    word_lengths: Scores = field(repr=False)
    lettered: list[str] = field(repr=False)
    lettered_at: Places = field(repr=False)
    owned: Places = field(repr=False)
    first: Places = field(repr=False)
    above: Places = field(repr=False)
    lengths: Scores = field(repr=False)
    joined: list[str] = field(repr=False)


# --- words -------------------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    """Words without case, accents and punctuation: ``Kab. Tojo Una-Una`` gives kab, tojo, una, una."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text).casefold()).split()


def _weight(word: str) -> float:
    return len(word) * (_KIND_WEIGHT if word in _KIND_WORDS else 1.0)


def _joined(words: Iterable[str]) -> str:
    return "".join(word for word in words if word not in _KIND_WORDS)


# --- the index ---------------------------------------------------------------------------------------------------


def index(
    sites: pd.DataFrame,
    regions: pd.DataFrame,
    institutions: pd.DataFrame,
    *,
    other_names: Mapping[str, Sequence[str]] | None = None,
) -> Index:
    """The names of three tables made ready for ``find``.

    ``sites`` has code, name, region_code; ``regions`` (provinces and kabupaten/kota) and ``institutions`` have code
    and name. ``other_names`` gives more names of a region by its code, such as Jatim for 35. Nothing is altered.
    """
    entries = _entries(sites, regions, institutions)
    others = other_names or {}
    named = [_words(entry.name) for entry in entries]
    numbers: dict[str, int] = {}
    owned: list[int] = []
    first = []
    for entry, name in zip(entries, named, strict=True):
        first.append(len(owned))
        more = others.get(entry.code, ()) if entry.kind == "region" else ()
        every = dict.fromkeys([*name, *_words(entry.code), *(word for one in more for word in _words(one))])
        owned.extend(numbers.setdefault(word, len(numbers)) for word in every or ("",))
    first.append(len(owned))
    owned.append(numbers.setdefault("", len(numbers)))
    words = sorted(numbers)
    place = np.empty(len(words), dtype=np.intp)
    place[[numbers[word] for word in words]] = np.arange(len(words))
    lettered = [at for at, word in enumerate(words) if len(word) >= _SHORTEST_NEAR and not _has_digit(word)]
    return Index(
        entries=entries,
        codes=_codes(entries),
        words=words,
        word_lengths=np.array([len(word) for word in words], dtype=np.float32),
        lettered=[words[at] for at in lettered],
        lettered_at=np.array(lettered, dtype=np.intp),
        owned=place[np.array(owned, dtype=np.intp)],
        first=np.array(first, dtype=np.intp),
        above=_above(entries),
        lengths=np.array([max(1.0, sum(map(_weight, name))) for name in named], dtype=np.float32),
        joined=[_joined(name) for name in named],
    )


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _entries(sites: pd.DataFrame, regions: pd.DataFrame, institutions: pd.DataFrame) -> tuple[_Entry, ...]:
    """Provinces, kabupaten/kota, institutions, sites, each by name: the order of what fits equally well."""
    found = [
        *(_Entry("region", code, name, province_of(code) if len(code) > 2 else "") for code, name in _pairs(regions)),
        *(_Entry("institution", code, name, "") for code, name in _pairs(institutions)),
        *(
            _Entry("site", code, name, within)
            for (code, name), within in zip(_pairs(sites), _texts(sites["region_code"]), strict=True)
        ),
    ]
    rank = {"region": 0, "institution": 1, "site": 2}
    provinces = {entry for entry in found if entry.kind == "region" and not entry.within}
    return tuple(sorted(found, key=lambda one: (rank[one.kind], one not in provinces, one.name.casefold(), one.code)))


def _pairs(table: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(_texts(table["code"]), _texts(table["name"]), strict=True)


def _texts(column: pd.Series[Any]) -> list[str]:
    return [value if isinstance(value, str) else "" for value in column.tolist()]


def _codes(entries: Sequence[_Entry]) -> dict[str, tuple[int, ...]]:
    """Places of the entries by code, without case and punctuation."""
    codes: dict[str, tuple[int, ...]] = {}
    for at, entry in enumerate(entries):
        key = "".join(_words(entry.code))
        if key:
            codes[key] = (*codes.get(key, ()), at)
    return codes


def _above(entries: Sequence[_Entry]) -> Places:
    """Places of the kabupaten/kota and the province around each entry, shape (entries, 2)."""
    nowhere = len(entries)
    at = {entry.code: place for place, entry in enumerate(entries) if entry.kind == "region"}
    rows = [
        (at.get(entry.within[:5], nowhere), at.get(entry.within[:2], nowhere)) if entry.within else (nowhere, nowhere)
        for entry in entries
    ]
    return np.array(rows, dtype=np.intp).reshape(-1, 2)


# --- the answer --------------------------------------------------------------------------------------------------


def find(index: Index, query: str, *, limit: int = 8) -> list[Found]:
    """What a person may mean by ``query``, likeliest first, always in the same order.

    The code itself comes first, then names with every word of the request (or its beginning), then those with typing
    errors. A word may name the region around: "koperasi malang" finds a co-operative in Malang. Of three words one may
    be missing; Kabupaten, Kota and Provinsi always may. Where all that finds nothing, the request's rarest word decides
    alone. Only the first 120 characters and 8 words count.
    """
    typed = _words(query[:_MOST_CHARACTERS])[:_MOST_WORDS]
    if not typed or not index.entries or limit < 1:
        return []
    asked = list(dict.fromkeys(typed))
    scores = _by_words(index, asked)
    if not scores.any():
        scores = _by_whole(index, _joined(typed))
    if not scores.any():
        scores = _by_rarest(index, asked)
    scores[list(index.codes.get("".join(typed), ()))] = 100.0
    places = np.flatnonzero(scores)
    best = places[np.argsort(-scores[places], kind="stable")[:limit]]
    return [_found(index.entries[at], float(scores[at])) for at in best.tolist()]


def _found(entry: _Entry, score: float) -> Found:
    return Found(entry.kind, entry.code, entry.name, entry.within, round(score, 2))


def _by_words(index: Index, asked: Sequence[str]) -> Scores:
    """Score of every entry by its words, 0 where too few are near."""
    own = np.stack([_likeness(index, word) for word in asked])
    around = np.maximum(own[:, index.above[:, 0]], own[:, index.above[:, 1]])
    own = own[:, :-1]
    likeness = np.maximum(own, around)
    weights = np.array([_weight(word) for word in asked], dtype=np.float32)
    needed = [place for place, word in enumerate(asked) if word not in _KIND_WORDS] or list(range(len(asked)))
    missing = (likeness[needed] == 0).sum(axis=0)
    fits = (missing <= len(needed) // 3) & (own[needed] > 0).any(axis=0)
    quality = weights @ likeness / weights.sum()
    covered = np.minimum(1.0, (weights @ own) / 100 / index.lengths)
    literal = (likeness >= _LITERAL).all(axis=0)
    near = 70 + 15 * (0.7 * np.clip((quality - 70) / 30, 0, 1) + 0.3 * covered)
    scores = np.where(literal, 85 + 14 * covered, near)
    return np.where(fits & (quality >= 70), np.round(scores, 2), 0.0).astype(np.float32)


def _likeness(index: Index, word: str) -> Scores:
    """How near the nearest own word of every entry is to ``word``, 0 to 100; the last place is the empty entry."""
    by_word = np.zeros(len(index.words), dtype=np.float32)
    if len(word) >= _SHORTEST_NEAR and not _has_digit(word) and index.lettered:
        least = NEAR if len(word) > _SHORTEST_NEAR else _NEAR_SHORT
        near = process.cdist([word], index.lettered, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)[0]
        by_word[index.lettered_at] = np.minimum(near, _LITERAL - 1)
    start = bisect_left(index.words, word)
    end = bisect_left(index.words, word + "\U0010ffff", lo=start)
    by_word[start:end] = _LITERAL + (100 - _LITERAL) * len(word) / index.word_lengths[start:end]
    return np.maximum.reduceat(by_word[index.owned], index.first)


def _by_whole(index: Index, joined: str) -> Scores:
    """Score of every entry by its whole name without blanks, for "ktnturen" and "banyu wangi"."""
    if len(joined) <= _SHORTEST_NEAR + 1:
        return np.zeros(len(index.entries), dtype=np.float32)
    near = process.cdist([joined], index.joined, scorer=fuzz.ratio, score_cutoff=NEAR_WHOLE, dtype=np.float32)[0]
    return np.where(near > 0, np.round(70 + 0.75 * (near - NEAR_WHOLE), 2), 0.0).astype(np.float32)


def _by_rarest(index: Index, asked: Sequence[str]) -> Scores:
    """Score of every entry by the one word of several that fits the fewest entries, kinds and short words left out."""
    scores = np.zeros(len(index.entries), dtype=np.float32)
    words = [word for word in asked if len(word) > _SHORTEST_NEAR and word not in _KIND_WORDS]
    alone = [one for one in (_by_words(index, [word]) for word in words) if one.any()] if len(asked) > 1 else []
    return np.round(min(alone, key=np.count_nonzero) * np.float32(0.7), 2) if alone else scores
