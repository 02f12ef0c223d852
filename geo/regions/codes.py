"""Read Kemendagri region codes, which are text and never numbers.

Levels: province ``35``, kabupaten/kota ``35.07``, kecamatan ``35.07.09``, desa/kelurahan ``35.07.09.1008``. Within a
province kabupaten count from 01 to 69 and kota from 71 to 99 (Permendagri 58/2021 and its current list, Kepmendagri
300.2.2-2138/2025).
"""

from __future__ import annotations

import re
from typing import Literal

Level = Literal[1, 2]
"""1 is the province, 2 the kabupaten/kota."""

_PROVINCE = re.compile(r"[1-9][1-9]|[2-9]\d", re.ASCII)
_REGENCY = re.compile(r"(?:[1-9][1-9]|[2-9]\d)\.(?:0[1-9]|[1-6]\d|7[1-9]|[89]\d)", re.ASCII)
_DEEPER = re.compile(r"((?:[1-9][1-9]|[2-9]\d)\.\d\d)\.\d\d(?:\.\d{4})?", re.ASCII)
_FRACTION = re.compile(r"(\d\d)\.(\d)", re.ASCII)
_WHOLE_FLOAT = re.compile(r"(\d{2,4})\.0+", re.ASCII)


def dotted(code: str) -> str:
    """The code in official print: ``3507`` gives ``35.07``; anything else comes back stripped and unchanged."""
    bare = code.strip()
    return f"{bare[:2]}.{bare[2:]}" if len(bare) == 4 and bare.isascii() and bare.isdigit() else bare


def is_code(code: str, level: Level) -> bool:
    """Whether ``code`` is well-formed at ``level``; says nothing about whether such a region exists."""
    return (_PROVINCE if level == 1 else _REGENCY).fullmatch(code) is not None


def level_of(code: str) -> Level | None:
    """The level of a well-formed code, ``None`` for everything else."""
    if is_code(code, 1):
        return 1
    return 2 if is_code(code, 2) else None


def enclosing_regency(code: str) -> str | None:
    """The kabupaten/kota of a dotted kecamatan or desa code, ``None`` for everything else."""
    match = _DEEPER.fullmatch(code)
    return match[1] if match and is_code(match[1], 2) else None


def codes_behind_number(text: str) -> tuple[str, ...]:
    """What a code that a spreadsheet turned into a number may have been: ``33.1`` was ``33.10``, ``3507.0`` ``35.07``.

    Empty when the text does not look like such a number.
    """
    fraction = _FRACTION.fullmatch(text)
    whole = _WHOLE_FLOAT.fullmatch(text)
    guesses: list[str] = []
    if fraction and fraction[2] != "0":
        guesses.append(f"{fraction[1]}.{fraction[2]}0")
    if whole:
        guesses.append(dotted(whole[1]))
    return tuple(guess for guess in guesses if level_of(guess) is not None)
