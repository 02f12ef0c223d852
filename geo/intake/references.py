"""Find what a row speaks of: the site or the action whose code or name it gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from rapidfuzz import fuzz, process

from geo.intake.cells import Finding, Level, Messages, ReadColumn, Reading
from geo.intake.values import column_words

_NEAR: Final = 82
"""Likeness (0 to 100) from which a name is proposed."""

_MOST: Final = 5
"""Choices shown."""


@dataclass(frozen=True)
class Register:
    """Codes that a row may speak of, with their names.

    ``names``: code -> name. ``what``: the table they stand in (``sites``, ``actions``).
    """

    names: Mapping[str, str]
    what: str

    def labels(self, codes: Sequence[str]) -> str:
        """Codes with their names, for a person."""
        shown = [f"{code} ({self.names[code]})" for code in codes[:_MOST]]
        return "; ".join(shown) + ("; …" if len(codes) > _MOST else "")


def column_codes(cells: pd.Series[Any], register: Register) -> ReadColumn:
    """Codes of the register, as written or by another case or spacing (asked); unknown ones are refused.

    What is near a code is proposed, never taken.
    """
    read = column_words(cells, code=True)
    strange = read.values.notna() & ~read.values.isin(list(register.names))
    if not strange.any():
        return read
    places, distinct = pd.factorize(read.values[strange])
    plain: dict[str, list[str]] = {}
    for code in register.names:
        plain.setdefault(_squashed(code), []).append(code)
    told = [_unknown_code(str(code), plain, register) for code in distinct]
    findings = dict(read.findings)
    at = [int(position) for position, one in enumerate(strange.tolist()) if one]
    for position, place in zip(at, places.tolist(), strict=True):
        findings[position] = (*findings.get(position, ()), told[place])
    return ReadColumn(read.values.where(~strange), findings)


def _unknown_code(code: str, plain: Mapping[str, list[str]], register: Register) -> Finding:
    same = plain.get(_squashed(code), [])
    near = same or [one for one, _, _ in process.extract(code, list(register.names), scorer=fuzz.ratio, limit=_MOST,
                                                         score_cutoff=_NEAR)]  # fmt: skip
    if not near:
        return Finding(Level.REFUSED, f"reference.unknown_{register.what}")
    proposal = near[0] if len(near) == 1 else None
    return Finding(Level.ASKED, f"reference.near_{register.what}", {"choices": register.labels(near)}, proposal)


def column_names(cells: pd.Series[Any], register: Register) -> ReadColumn:
    """Codes from a column of names: one of exactly that name is taken and noted, several are asked, near ones asked."""
    read = column_words(cells)
    places, distinct = pd.factorize(read.values)
    by_name: dict[str, list[str]] = {}
    for code, name in register.names.items():
        by_name.setdefault(_squashed(name), []).append(code)
    told = [_named(str(name), by_name, register) for name in distinct]
    codes = [told[place].value if place >= 0 else None for place in places.tolist()]
    findings: dict[int, tuple[Finding, ...]] = {}
    for position, place in enumerate(places.tolist()):
        found = told[place].findings if place >= 0 else ()
        if found:
            findings[position] = found
    return ReadColumn(pd.Series(codes, index=cells.index, dtype="str"), findings)


def _named(name: str, by_name: Mapping[str, list[str]], register: Register) -> Reading[str]:
    if name in register.names:
        return Reading(name)
    same = by_name.get(_squashed(name), [])
    if len(same) == 1:
        told = {"choices": register.labels(same)}
        return Reading(same[0], (Finding(Level.NOTED, "reference.by_name", told),))
    if same:
        told = {"choices": register.labels(same)}
        return Reading(None, (Finding(Level.ASKED, "reference.several", told),))
    near = process.extract(
        _squashed(name), list(by_name), scorer=fuzz.token_sort_ratio, limit=_MOST, score_cutoff=_NEAR
    )
    codes = [code for found, _, _ in near for code in by_name[found]]
    if not codes:
        return Reading(None, (Finding(Level.REFUSED, f"reference.unknown_{register.what}"),))
    proposal = codes[0] if len(codes) == 1 else None
    told = {"choices": register.labels(codes)}
    return Reading(None, (Finding(Level.ASKED, f"reference.near_{register.what}", told, proposal),))


def _squashed(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


MESSAGES: Final[Messages] = {
    "reference.unknown_sites": lambda t, _: (
        t("No site has this code or name."),
        t("Send the site first, or correct the code."),
    ),
    "reference.unknown_actions": lambda t, _: (
        t("No action has this code or title."),
        t("Send the action first, or correct the code."),
    ),
    "reference.near_sites": lambda t, told: (
        t("No site has this code or name. Is it {choices}?", choices=told["choices"]),
        t("Choose one of them."),
    ),
    "reference.near_actions": lambda t, told: (
        t("No action has this code or title. Is it {choices}?", choices=told["choices"]),
        t("Choose one of them."),
    ),
    "reference.several": lambda t, told: (
        t("Several have this name: {choices}.", choices=told["choices"]),
        t("Write the code instead of the name."),
    ),
    "reference.by_name": lambda t, told: (t("Found by its name: {choices}.", choices=told["choices"]), ""),
}
"""Every code of this module, see ``Messages``."""
