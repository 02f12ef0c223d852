"""Name the things the programme speaks of.

Nothing here reads a file, a clock or a database. Every other module of ``geo`` uses these names, so a word that a
table, a screen and an export share is spelled in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

Language = Literal["id", "en"]
"""Languages of the screens; Indonesian comes first everywhere."""

BBox = tuple[float, float, float, float]
"""``(west, south, east, north)`` in degrees, WGS 84 (EPSG:4326)."""

FOCUS_PROVINCES: tuple[str, ...] = ("32", "33", "35", "52", "72")
"""Kemendagri codes of the five provinces of the programme."""


# --- what can go wrong -------------------------------------------------------------------------------------------


class GeoError(Exception):
    """Base of every error that a person can mend; its text says what is wrong, where, and what to do.

    - ``GeoError``
        - ``RefusedError`` : the request was understood and turned down, with a list of ``Problem``
        - ``UnknownCodeError`` : a code that no table holds
        - ``StoreError`` : the database cannot be opened, is too old or too new
        - ``BoundaryError`` : a boundary file is missing, damaged or of another kind
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in data: where it stands, what is wrong, what to do.

    ``row`` counts from 1 as a spreadsheet does (a header, if any, is row 1); ``None`` speaks of the whole file.
    """

    message: str
    remedy: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else None,
                f"column {self.column}" if self.column else None,
            )
            if part
        )
        shown = f" ({self.value!r})" if self.value is not None else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}: {self.message}{shown}.{remedy}" if place else f"{self.message}{shown}.{remedy}"


class RefusedError(GeoError):
    """Nothing was done; ``problems`` lists every reason, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownCodeError(GeoError):
    """A code that no table holds."""


class StoreError(GeoError):
    """The database cannot be opened, is too old or too new."""


class BoundaryError(GeoError):
    """A boundary file is missing, damaged or of another kind."""


# --- vocabulary --------------------------------------------------------------------------------------------------


class Status(StrEnum):
    """How a site stands on a day, worst first where an order is needed."""

    KRITIS = "kritis"
    TERLAMBAT = "terlambat"
    WASPADA = "waspada"
    BELUM_LAPOR = "belum_lapor"
    SESUAI_RENCANA = "sesuai_rencana"
    SELESAI = "selesai"
    BELUM_MULAI = "belum_mulai"
    TIDAK_AKTIF = "tidak_aktif"
    TANPA_RENCANA = "tanpa_rencana"
    """Reports exist but there is no plan to hold them against, so nothing can be judged."""


LATE: tuple[Status, ...] = (Status.KRITIS, Status.TERLAMBAT, Status.WASPADA)
"""Statuses behind plan, worst first."""


class Stage(StrEnum):
    """Stage of a site as its reporter states it."""

    PLANNED = "planned"
    PREPARATION = "preparation"
    IN_PROGRESS = "in_progress"
    SOFT_LAUNCH = "soft_launch"
    OPERATIONAL = "operational"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CARRIED_OVER = "carried_over"


class ActionStatus(StrEnum):
    """How an action of the action plan stands in the programme's own words."""

    BELUM_LAPOR = "belum_lapor"
    BELUM_MULAI = "belum_mulai"
    BERJALAN = "berjalan"
    SELESAI = "selesai"
    DILANJUTKAN = "dilanjutkan"
    DITUNDA = "ditunda"
    DIBATALKAN = "dibatalkan"


CHECKPOINTS: tuple[str, ...] = ("b03", "b06", "b09", "b12")
"""Checkpoints of an action plan: targets by the end of March, June, September and December."""


class DataStatus(StrEnum):
    """Where a record comes from: a public source, a calculation on one, or made up for the sample."""

    REPORTED = "reported"
    DERIVED = "derived"
    SYNTHETIC = "synthetic"


class LocationPrecision(StrEnum):
    """What a site's point stands for."""

    EXACT = "exact"
    VILLAGE = "village"
    DISTRICT = "district"


class InstitutionKind(StrEnum):
    """Ministry or agency (K/L), local government, or partner."""

    KL = "kl"
    PEMDA = "pemda"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the screens."""

    id: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity that a programme's sites report, with its unit."""

    code: str
    name: Words
    unit: Words


@dataclass(frozen=True, slots=True)
class Programme:
    """A line of work, defined wholly in ``data/programmes.toml``.

    ``symbol`` names a shape of ``geo.drawing.symbols``; ``colour`` (``#rrggbb``) stands for the programme where no
    status is shown; ``geometry`` says whether its sites' own areas are drawn; ``contract_rules`` says whether
    the critical-contract thresholds of Permen PU 07/PRT/M/2011 apply to its sites that have a contract value;
    ``houses_people`` whether people live at its sites, so that the public is not told what these are called.
    """

    code: str
    name: Words
    short: Words
    symbol: str
    colour: str
    geometry: Literal["point", "area"] = "point"
    contract_rules: bool = False
    indicators: tuple[Indicator, ...] = ()
    houses_people: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A province (level 1, ``35``) or kabupaten/kota (level 2, ``35.07``) by its Kemendagri code."""

    code: str
    name: str
    level: Literal[1, 2]
    bbox: BBox | None = None
    approximate: bool = False

    @property
    def province_code(self) -> str:
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a viewer asked to see; every screen and every export is a function of one of these.

    Empty tuples mean "no restriction". ``on`` is the day the figures speak of; ``known_at`` (UTC) leaves out what was
    recorded later, ``None`` means everything recorded so far.
    """

    on: date
    known_at: datetime | None = None
    provinces: tuple[str, ...] = ()
    regencies: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    search: str = field(default="")

    def but(self, **changes: object) -> Self:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # mypy cannot match a mapping to named fields


def province_of(region_code: str) -> str:
    """The province code of a region code of any level: ``35.07.09`` gives ``35``."""
    return region_code[:2]


def regency_of(region_code: str) -> str | None:
    """The kabupaten/kota code of a region code, ``None`` for a bare province."""
    return region_code[:5] if len(region_code) >= 5 else None
