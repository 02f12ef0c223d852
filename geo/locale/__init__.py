"""Speak Indonesian or English: words by gettext catalogues, numbers and dates by Babel."""

from __future__ import annotations

import datetime as dt
import gettext
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geo.model import Language

CATALOGUES = Path(__file__).parent
DOMAIN = "messages"
MISSING = "–"
"""What stands for a missing figure; never a zero."""

_WIB = ZoneInfo("Asia/Jakarta")
_LOCALES = {"id": Locale("id", "ID"), "en": Locale("en", "GB")}

Number = float | int | np.floating | np.integer | Decimal | None


class Translator:
    """Words, numbers and dates in one language; call it with an English text to get the text of the language.

    Every formatter gives ``MISSING`` for a missing value (``None``, NaN, NaT, NA).
    """

    def __init__(self, language: Language, catalogue: gettext.NullTranslations) -> None:
        self.language: Language = language
        self._catalogue = catalogue
        self._locale = _LOCALES[language]

    def __call__(self, text: str, /, **values: object) -> str:
        translated = self._catalogue.gettext(text)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form for ``count``, which fills ``{n}`` with its formatted number."""
        return self._catalogue.ngettext(one, many, count).format(n=self.integer(count), **values)

    def integer(self, value: Number) -> str:
        """``12345`` as ``12.345``."""
        return MISSING if _missing(value) else format_decimal(round(float(value)), "#,##0", self._locale)  # type: ignore[arg-type]  # _missing has ruled None out

    def number(self, value: Number, *, digits: int = 1) -> str:
        """A decimal with exactly ``digits`` digits behind the mark: ``72,6``."""
        if _missing(value):
            return MISSING
        return _signless(format_decimal(float(value), _pattern(digits), self._locale))  # type: ignore[arg-type]  # as above

    def percent(self, value: Number, *, digits: int = 1) -> str:
        """A percentage given as 0 to 100: ``72,6%``."""
        return MISSING if _missing(value) else f"{self.number(value, digits=digits)}%"

    def share(self, value: Number, *, digits: int = 0) -> str:
        """A share given as 0 to 1, as a percentage."""
        return MISSING if _missing(value) else self.percent(float(value) * 100, digits=digits)  # type: ignore[arg-type]  # as above

    def points(self, value: Number, *, digits: int = 1, unit: bool = True) -> str:
        """A difference in percentage points with its sign: ``-6,2 poin``, ``+1,0 poin``."""
        if _missing(value):
            return MISSING
        text = self.number(value, digits=digits)
        signed = f"+{text}" if float(value) > 0 and any(c in "123456789" for c in text) else text  # type: ignore[arg-type]  # as above
        return f"{signed} {self('points')}" if unit else signed

    def limit(self, value: Number) -> str:
        """A threshold with the digits it has: ``10``, ``7,25``."""
        if value is None or _missing(value):
            return MISSING
        exact = float(value)
        return self.number(exact, digits=next((n for n in range(4) if round(exact, n) == round(exact, 4)), 4))

    def rupiah(self, value: Number) -> str:
        """Rupiah in full: ``Rp 1.250.000.000``."""
        return MISSING if _missing(value) else f"Rp {self.integer(value)}"

    def rupiah_short(self, value: Number) -> str:
        """Rupiah with the magnitude written out: ``Rp 1,25 miliar``; never a bare M, which misleads a thousandfold."""
        if _missing(value):
            return MISSING
        amount = float(value)  # type: ignore[arg-type]  # as above
        units = ((1e12, 5e6, self("trillion")), (1e9, 5e3, self("billion")), (1e6, 0.5, self("million")))
        for limit, half_a_digit, word in units:
            if abs(amount) >= limit - half_a_digit:  # 999.999.999 rounds to 1 miliar, not to 1.000 juta
                text = format_decimal(amount / limit, "#,##0.##", self._locale)
                return f"Rp {text} {word}"
        return self.rupiah(amount)

    def date(self, value: dt.date | pd.Timestamp | None) -> str:
        """``17 Agustus 2026``."""
        return MISSING if _missing(value) else format_date(_day(value), "d MMMM y", self._locale)

    def date_short(self, value: dt.date | pd.Timestamp | None) -> str:
        """``17/08/2026``, day first in both languages."""
        return MISSING if _missing(value) else format_date(_day(value), "dd/MM/y", self._locale)

    def month(self, value: dt.date | pd.Timestamp | None) -> str:
        """``Agu 2026``."""
        return MISSING if _missing(value) else format_date(_day(value), "MMM y", self._locale)

    def moment(self, value: dt.datetime | None) -> str:
        """``17 Agustus 2026 14.05 WIB``: a moment (aware) in Western Indonesian Time, where the agency sits."""
        return MISSING if _missing(value) else format_datetime(value, "d MMMM y HH.mm 'WIB'", _WIB, self._locale)

    def age(self, days: Number) -> str:
        """``12 hari``; missing means that nothing was ever reported."""
        return MISSING if _missing(days) else self.plural("{n} day", "{n} days", round(float(days)))  # type: ignore[arg-type]  # as above

    @property
    def separators(self) -> str:
        """Decimal mark and thousands separator, as plotly wants them."""
        return ",." if self.language == "id" else ".,"


@lru_cache(maxsize=2)
def translator(language: Language) -> Translator:
    """The translator of a language; anything but ``en`` speaks Indonesian."""
    chosen: Language = "en" if language == "en" else "id"
    file = CATALOGUES / chosen / "LC_MESSAGES" / f"{DOMAIN}.po"
    buffer = BytesIO()
    with file.open("rb") as source:
        write_mo(buffer, read_po(source, locale=chosen, domain=DOMAIN))
    buffer.seek(0)
    return Translator(chosen, gettext.GNUTranslations(buffer))


def _missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]  # scalars only, which isna takes


def _day(value: dt.date | pd.Timestamp | None) -> dt.date:
    return pd.Timestamp(value).date()  # type: ignore[arg-type]  # a missing value never comes here


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _signless(text: str) -> str:
    """A rounded minus zero without its sign."""
    return text.lstrip("-") if text.startswith("-") and not any(c in "123456789" for c in text) else text
