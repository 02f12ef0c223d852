"""Say what a printed map shows: its figures, shapes and words, and nothing of how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from geo.model import BBox, Language, Programme, Status

if TYPE_CHECKING:
    import geopandas


@dataclass(frozen=True, slots=True)
class Labels:
    """Every word of the sheet in one language; ``{...}`` are filled in here."""

    language: Language
    position: str
    known: str
    programmes: str
    statuses_title: str
    sites: str
    areas: str
    no_data: str
    no_site: str
    no_sites: str
    not_drawn: str
    scale_at: str
    north: str
    east_suffix: str
    west_suffix: str
    south_suffix: str
    north_suffix: str
    inset: str
    sources: str
    approximate: str
    sample: str
    classification: str
    thousands: str
    decimal: str
    statuses: Mapping[Status, str]
    class_methods: Mapping[str, str]
    number: str
    official: str

    def count(self, number: int) -> str:
        """A whole number with the language's separator: ``1.250`` or ``1,250``."""
        return f"{number:,}".replace(",", self.thousands)

    def decimals(self, number: float) -> str:
        """A number with as few decimals as it needs, in the language's own print."""
        return f"{number:g}".replace(".", self.decimal)


LABELS_ID: Final = Labels(
    language="id",
    position="Posisi per {date}",
    known="Tercatat sampai {moment} WIB",
    programmes="Program",
    statuses_title="Status lokasi",
    sites="lokasi",
    areas="wilayah",
    no_data="Belum ada data",
    no_site="Tidak ada lokasi",
    no_sites="Tidak ada lokasi pada pilihan ini",
    not_drawn="{count} lokasi tidak tergambar (tanpa koordinat atau di luar bingkai)",
    scale_at="Skala pada lintang {latitude}",
    north="U",
    east_suffix="BT",
    west_suffix="BB",
    south_suffix="LS",
    north_suffix="LU",
    inset="Letak di Indonesia",
    sources="Sumber",
    approximate="Batas wilayah perkiraan, bukan batas resmi.",
    sample="DATA CONTOH – bukan angka resmi",
    classification="Klasifikasi",
    thousands=".",
    decimal=",",
    statuses={
        Status.KRITIS: "Kritis",
        Status.TERLAMBAT: "Terlambat",
        Status.WASPADA: "Waspada",
        Status.BELUM_LAPOR: "Belum lapor",
        Status.SESUAI_RENCANA: "Sesuai rencana",
        Status.SELESAI: "Selesai",
        Status.BELUM_MULAI: "Belum mulai",
        Status.TIDAK_AKTIF: "Tidak aktif",
        Status.TANPA_RENCANA: "Tanpa rencana",
    },
    class_methods={"fixed": "Kelas tetap: batasnya sama setiap bulan"},
    number="Nomor gambar",
    official="bukan batas resmi",
)

LABELS_EN: Final = Labels(
    language="en",
    position="As of {date}",
    known="Recorded until {moment} WIB",
    programmes="Programme",
    statuses_title="Status of sites",
    sites="sites",
    areas="regions",
    no_data="No data yet",
    no_site="No site",
    no_sites="No sites in this selection",
    not_drawn="{count} sites not drawn (no coordinates, or outside the frame)",
    scale_at="Scale at latitude {latitude}",
    north="N",
    east_suffix="E",
    west_suffix="W",
    south_suffix="S",
    north_suffix="N",
    inset="Place in Indonesia",
    sources="Sources",
    approximate="Boundaries are approximate, not official.",
    sample="SAMPLE DATA – not official figures",
    classification="Classification",
    thousands=",",
    decimal=".",
    statuses={
        Status.KRITIS: "Critical",
        Status.TERLAMBAT: "Late",
        Status.WASPADA: "Watch",
        Status.BELUM_LAPOR: "Not reported",
        Status.SESUAI_RENCANA: "On track",
        Status.SELESAI: "Done",
        Status.BELUM_MULAI: "Not started",
        Status.TIDAK_AKTIF: "Inactive",
        Status.TANPA_RENCANA: "No plan",
    },
    class_methods={"fixed": "Fixed classes: the same every month"},
    number="Picture number",
    official="not official",
)

LABELS: Final[dict[Language, Labels]] = {"id": LABELS_ID, "en": LABELS_EN}


@dataclass(frozen=True, slots=True)
class MapIndicator:
    """What the areas are coloured by; ``code`` is one of ``palette.SCALES``."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a printed map shows; the same snapshot gives the same bytes.

    - ``points``: code, name, programme, status, lon, lat (degrees; missing ones are counted, not drawn).
    - ``areas``: code, name, value (missing is hatched), geometry, EPSG:4326; what the map is about. With a column
      ``sites``, areas without any are plain land: the indicator does not apply to them.
    - ``context``: geometry and optionally name: land around, drawn muted; ``outline``: geometry for the inset.
    - ``status_counts`` and ``programme_counts`` are printed as given, so they equal those on the screens.
    - ``known_at``: UTC; printed in Western Indonesian Time.
    - ``number``: the number under which the picture is recorded; ``address``: where the same view opens again, drawn as
      a QR code. Nothing is drawn of what is empty.
    - ``graticule``: lines and degrees of longitude and latitude.
    - ``audience``: whom it is made for, in words; it stands beside the classification.
    - ``approximate``: the boundaries are not official; ``sample``: the figures are made up.
    """

    title: str
    subtitle: str
    on: date
    extent: BBox
    points: pd.DataFrame
    areas: geopandas.GeoDataFrame
    programmes: tuple[Programme, ...]
    status_counts: Mapping[str, int]
    programme_counts: Mapping[str, int]
    context: geopandas.GeoDataFrame | None = None
    outline: geopandas.GeoDataFrame | None = None
    indicator: MapIndicator | None = None
    known_at: datetime | None = None
    sources: tuple[str, ...] = ()
    sample: bool = True
    approximate: bool = True
    classification: Literal["BIASA", "TERBATAS"] = "BIASA"
    audience: str = ""
    footer: str = ""
    highlights: tuple[str, ...] = ()
    labels: Labels = field(default=LABELS_ID)
    number: str = ""
    address: str = ""
    graticule: bool = True


def siteless(areas: geopandas.GeoDataFrame) -> pd.Series:
    """Areas to which the indicator does not apply, because they have no site; none where that is not told."""
    return areas["sites"].eq(0) if "sites" in areas.columns else pd.Series(False, index=areas.index)


def values_of(areas: geopandas.GeoDataFrame) -> list[float | None]:
    """The indicator's value of each area, ``None`` where it is missing."""
    if "value" not in areas.columns:
        return [None] * len(areas)
    return [None if pd.isna(value) else float(value) for value in areas["value"]]
