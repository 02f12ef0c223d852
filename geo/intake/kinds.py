"""Describe what a file of each kind may bring: its columns, what they are called, and what stands in them.

The canonical columns are those of ``geo.store.schema``, read from there; what is added here is how people write the
headings. Headings are compared by their words (``heading_words``): without case, order, units and little words, with
abbreviations written out and English put into Indonesian, so a list of names stays short.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, Literal

from sqlalchemy import Column, Date, Double, Integer, Text

from geo.model import Words
from geo.store.columns import Geometry, UtcTime
from geo.store.schema import metadata

Kind = Literal[
    "sites", "plans", "reports", "actions", "action_reports", "beneficiaries", "obstacles", "institutions", "boundaries"
]
"""What a file is about; each but ``boundaries`` is a table of the store."""

KINDS: Final[tuple[Kind, ...]] = (
    "sites",
    "plans",
    "reports",
    "actions",
    "action_reports",
    "beneficiaries",
    "obstacles",
    "institutions",
    "boundaries",
)


class Form(StrEnum):
    """What the cells of a column look like, and so which reader takes them."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    WHOLE = "whole"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    YEAR = "year"
    MONTH = "month"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    COORDINATES = "coordinates"
    ZONE = "zone"
    REGION = "region"
    CHOICE = "choice"
    ADDRESS = "address"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that a file of a kind may bring.

    - ``heading``: how the template writes it; ``aliases`` holds it and every other way, canonical name included.
    - ``required``: no row can be taken without it. What the import fills by itself (``recorded_at``,
      ``data_status``, ``location_precision``) is not.
    - ``fills``: of a helper only: the canonical columns that it can fill, alone or with a second helper in
      ``together_with``. A helper is read, held against the canonical column and never stored.
    - ``values``: the words allowed, where the schema has a closed list.
    - ``about``: what it means, in both languages.
    """

    name: str
    form: Form
    required: bool
    heading: str
    aliases: tuple[str, ...]
    about: Words
    values: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    together_with: str | None = None

    @property
    def helper(self) -> bool:
        """Whether it only helps to read another column."""
        return bool(self.fills)


@dataclass(frozen=True)
class KindColumns:
    """All columns of a kind: ``columns`` in the order of the schema, helpers last.

    - ``one_of``: groups of columns of which a file needs at least one.
    - ``by_period``: columns that may stand once for each period (``Jan 2026``, ``B03``, ``TW I``): first the progress,
      then the money.
    - ``by_group``: the column that may stand once for each beneficiary group.
    - ``not_figures``: words of a heading that speak of another figure (a plan in a report), so that it is not taken.
    """

    kind: Kind
    columns: tuple[Wanted, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    by_period: tuple[str, ...] = ()
    by_group: str | None = None
    not_figures: frozenset[str] = frozenset()

    def wanted(self, name: str) -> Wanted:
        """The column of a name; ``KeyError`` where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, helpers too."""
        return tuple(column.name for column in self.columns)


# --- headings as people write them -------------------------------------------------------------------------------

_SITE_CODE: Final = "Kode Lokasi | Kode Site | Site Code | Nomor Lokasi | Kode Titik | Kode Kawasan | Kode Unit Lokasi"
_SITE_NAME: Final = (
    "Nama Lokasi | Lokasi | Nama Site | Site Name | Nama Titik | Nama Kawasan | Kawasan | Nama Koperasi | Koperasi | "
    "Nama Rusun | Nama Rumah Susun | Nama Warung | Lokasi Kegiatan | Titik Lokasi | Lokasi Pekerjaan | Nama Objek | "
    "Nama Sarana | Nama Tempat"
)
_LOCUS: Final = "Lokus | Nama Lokus | Lokasi Fokus"
_AS_OF: Final = (
    "Tanggal Laporan | Tanggal Pelaporan | Tanggal Data | Tanggal Pendataan | Tanggal | Posisi | Posisi Tanggal | "
    "Per Tanggal | Data Per | Posisi Data | Posisi Laporan | Periode | Periode Laporan | Periode Data | As Of | "
    "Report Date | Status Per Tanggal | Tanggal Status | Tanggal Update | Tanggal Pemutakhiran | Update Terakhir | "
    "Batas Data | Cut Off | Tanggal Cut Off | Triwulan Pelaporan | Waktu Laporan"
)
_SPEND: Final = (
    "Realisasi Keuangan | Realisasi Anggaran | Serapan Anggaran | Serapan | Penyerapan | Penyerapan Anggaran | "
    "Realisasi | Pengeluaran | Pengeluaran Kumulatif | SP2D | Realisasi SP2D | Nilai SP2D | Keuangan | Pencairan | "
    "Realisasi Pencairan | Dana Terserap | Anggaran Terserap | Realisasi Belanja | Belanja | Realisasi Dana | Spend | "
    "Spending | Disbursement | Expenditure | Jumlah Realisasi Keuangan | Nilai Realisasi | Progres Keuangan | "
    "Realisasi Keuangan Kumulatif | Capaian Keuangan | Total Realisasi | Jumlah Realisasi"
)
_STAGE: Final = (
    "Tahap | Tahapan | Status | Tahap Pekerjaan | Status Terkini | Status Progres | Status Akhir | Status Saat Ini | "
    "Status Kegiatan | Status Pelaksanaan | Status Pekerjaan | Stage | Tahap Pelaksanaan | Tahapan Pekerjaan | "
    "Status Lokasi | Status Pembangunan | Status Kemajuan | Kondisi | Keadaan | Status Renaksi | Status Operasional"
)
_NOTE: Final = (
    "Catatan | Keterangan | Uraian | Penjelasan | Note | Notes | Remarks | Komentar | Catatan Lapangan | "
    "Keterangan Lain | Uraian Progres | Deskripsi | Uraian Kemajuan | Informasi Tambahan | Keterangan Tambahan"
)
_AUTHOR: Final = (
    "Unit Pelapor | Jabatan Pelapor | Satuan Pelapor | Pelapor | Instansi Pelapor | Author | Reported By | "
    "Dilaporkan Oleh | Sumber Laporan | Satker Pelapor | OPD Pelapor | Unit Pengisi"
)
_INSTITUTION: Final = (
    "Kode Instansi | Kode K/L | Kode KL | Institution Code | Kode Lembaga | Kode Satker | Kode Kementerian | Kode OPD"
)
_INSTITUTION_NAME: Final = (
    "Instansi | Nama Instansi | Instansi Pembina | K/L Pembina | Instansi/K/L | OPD Pelaksana | Satker Pelaksana | "
    "K/L Pelaksana | K/L | K/L/D | Kementerian/Lembaga | Kementerian | Lembaga | Instansi Penanggung Jawab | "
    "Penanggung Jawab | K/L Penanggung Jawab | Pelaksana | Instansi Pelaksana | Satker | Satuan Kerja | OPD | "
    "Perangkat Daerah | Nama OPD | Nama K/L | Nama Lembaga | Institution | Ministry | Agency | "
    "Instansi Pengampu | Pengampu | Leading Sector | Unit Pelaksana | Unit Kerja | Nama Satker | "
    "Responsible Institution | SKPD | Institution Name | Unit Organisasi | Penanggung Jawab Kegiatan | Instansi Terkait"
)
_REGION_CODE: Final = (
    "Kode Wilayah | Kode Kab/Kota | Kode Kabupaten | Kode Kota | Kode Kemendagri | Kode BPS | Region Code | "
    "Kode Daerah | Kode Wilayah Kemendagri | Kode Administrasi | Kode Wilayah Administrasi | Kode Wilayah BPS | "
    "Kodewil | Kode Adm | Regency Code | District Code"
)
_REGION_NAME: Final = (
    "Kab/Kota | Kabupaten | Kota | Nama Kab/Kota | Nama Kabupaten | Nama Kota | Kabupaten/Kota | Wilayah | "
    "Nama Wilayah | Daerah | Nama Daerah | Regency | Region | District | City | Kab. | Kabkota | Daerah Tk II | "
    "Wilayah Administrasi | Lokasi Kab/Kota | Kab/Kota Lokasi | Lokus Kab/Kota | Region Name | WADMKK"
)
_PROVINCE: Final = (
    "Provinsi | Nama Provinsi | Province | Propinsi | Prov. | Kode Provinsi | Province Code | Lokasi Provinsi | "
    "WADMPR | Provinsi Lokus"
)
_PROGRAMME: Final = (
    "Program | Kode Program | Programme | Jenis Program | Nama Program | Jenis Lokasi | Jenis Kawasan | "
    "Programme Code | Kelompok Program | Program Prioritas | Program Sinergisitas | Kategori Lokasi"
)
_YEAR: Final = (
    "Tahun Anggaran | Tahun | TA | T.A. | Year | Budget Year | Tahun Kegiatan | Tahun Pelaksanaan | Fiscal Year"
)
_SOURCE: Final = (
    "Alamat Sumber | Tautan Sumber | Sumber | URL | Link | Tautan | Source URL | Link Sumber | Source | Sumber Data | "
    "Referensi | Link Berita | Tautan Evidensi | Link Evidensi"
)
_DATA_STATUS: Final = "Asal Data | Data Status | Status Data | Jenis Data"
_RECORDED: Final = (
    "Saat Dicatat | Recorded At | Dicatat Pada | Waktu Pencatatan | Tanggal Pencatatan | Timestamp | Waktu Rekam | "
    "Tanggal Input | Waktu Input"
)
_ACTION_CODE: Final = (
    "Kode Rencana Aksi | Kode Renaksi | Action Code | Nomor Renaksi | Nomor Rencana Aksi | Kode Aksi | Kode RO | "
    "Kode Kegiatan | Kode Output"
)
_ACTION_TITLE: Final = (
    "Rencana Aksi | Judul Rencana Aksi | Renaksi | Nama Renaksi | Nama Rencana Aksi | Judul Renaksi | Kegiatan | "
    "Nama Kegiatan | Uraian Kegiatan | Uraian Rencana Aksi | Uraian Renaksi | Judul | Judul Kegiatan | Action | "
    "Title | Action Title | Aksi | Aktivitas | Activity | Nama Aksi | Nama Paket | Paket Pekerjaan | Pekerjaan | "
    "Nama Pekerjaan"
)
_LON: Final = (
    "Bujur | Longitude | Bujur BT | Long | Lon | Lng | Bujur Timur | BT | X | Koordinat X | Koordinat Bujur | "
    "Titik X | Garis Bujur | Koordinat BT | Easting | Koordinat Timur | Absis | Bujur Timur BT | "
    "Koordinat Bujur Timur | X Coord | Longitude X | Bujur Long | Bujur X"
)
_LAT: Final = (
    "Lintang | Latitude | Lintang LS | Lat | Lintang Selatan | LS | Y | Koordinat Y | Koordinat Lintang | Titik Y | "
    "Garis Lintang | Koordinat LS | Northing | Koordinat Utara | Ordinat | Lintang Selatan LS | "
    "Koordinat Lintang Selatan | Y Coord | Latitude Y | Lintang Utara | LU | Lintang LS LU | Lintang Lat | Lintang Y"
)
_COORDINATES: Final = (
    "Koordinat | Titik Koordinat | Koordinat Lokasi | Lat Long | LatLon | Lintang Bujur | Koordinat GPS | GPS | "
    "Coordinates | Titik GPS | Koordinat Lintang Bujur | Lintang/Bujur | Letak Koordinat | Lokasi Koordinat | "
    "Share Loc | Lokasi Lintang Bujur | Koordinat XY | Titik Peta | Geotag | Geotagging"
)
_ZONE: Final = "Zona UTM | Zona | UTM Zone | Zone UTM | Zona Koordinat | Zone"
_MONTH: Final = (
    "Bulan | Bulan Laporan | Bulan Pelaporan | Month | Triwulan | TW | Periode Bulan | Quarter | Periode Triwulan"
)

_TARGETS: Final = {
    f"target_b{month}": (
        f"Target B{month} | B{month} | Rencana B{month} | Target Bulan {month} | Target {name} | Target sd {name} | "
        f"Target TW {roman} | Target Triwulan {roman} | Rencana TW {roman} | TW {roman} | Triwulan {roman} | "
        f"Sasaran B{month} | {name} | Rencana {name} | Target Kumulatif B{month} | Target TW{quarter} | "
        f"TW{quarter} | "
        f"Target Q{quarter} | Q{quarter} | Target TW {quarter} | TW {quarter} | Target Triwulan {quarter} | "
        f"Triwulan {quarter}"
    )
    for quarter, (month, name, roman) in enumerate(
        (("03", "Maret", "I"), ("06", "Juni", "II"), ("09", "September", "III"), ("12", "Desember", "IV")), start=1
    )
}

_HEADINGS: Final[Mapping[Kind, Mapping[str, str]]] = {
    "sites": {
        "code": f"{_SITE_CODE} | Kode | Code | ID | Kode Koperasi | Kode Rusun | Kode Warung | Nomor Register",
        "programme": f"{_PROGRAMME} | Jenis",
        "name": f"{_SITE_NAME} | {_LOCUS} | Nama | Name",
        "region_code": _REGION_CODE,
        "lon": _LON,
        "lat": _LAT,
        "footprint": "Batas Lahan | Poligon | Footprint | Geometri | Geometry | WKT | Polygon | Deliniasi | Outline | "
        "Geom",
        "location_precision": "Ketelitian Letak | Presisi Lokasi | Location Precision | Ketelitian | Akurasi Titik | "
        "Ketelitian Koordinat | Akurasi Koordinat | Presisi Koordinat",
        "institution_code": _INSTITUTION,
        "start_date": "Tanggal Mulai | Mulai | Tanggal SPMK | SPMK | Tanggal Kontrak | Start Date | Mulai Pekerjaan | "
        "Tanggal Mulai Pekerjaan | Awal Kontrak | Tanggal Awal | Mulai Kontrak | Mulai Pelaksanaan | "
        "Tanggal Mulai Kontrak | Tanggal Mulai Pelaksanaan | Groundbreaking | Tanggal Groundbreaking",
        "target_date": "Tanggal Target Selesai | Target Selesai | Tanggal Selesai | Selesai | Akhir Kontrak | "
        "Target Date | Tanggal Akhir Kontrak | Rencana Selesai | Tanggal Rencana Selesai | End Date | Tanggal Akhir | "
        "PHO | Tanggal PHO | Rencana PHO | Target PHO | Batas Waktu | Tenggat | Selesai Kontrak | Selesai Pekerjaan | "
        "Target Penyelesaian | Tanggal Selesai Kontrak | Target Rampung | Finish Date | Due Date | "
        "Target Completion Date",
        "contract_value": "Nilai Kontrak | Kontrak | Contract Value | Harga Kontrak | Nilai Pekerjaan | Nilai SPK | "
        "Besar Kontrak | Jumlah Kontrak | Total Kontrak | Nilai Kontrak Rupiah",
        "year": f"{_YEAR} | Tahun Pembangunan | Tahun Pembentukan",
        "data_status": _DATA_STATUS,
        "source_url": _SOURCE,
        "recorded_at": _RECORDED,
        "coordinates": _COORDINATES,
        "utm_zone": _ZONE,
        "region_name": _REGION_NAME,
        "province": _PROVINCE,
        "district": "Kecamatan | Nama Kecamatan | Kec. | WADMKC | Subdistrict | Distrik",
        "village": "Desa/Kelurahan | Desa | Kelurahan | Nama Desa | Kel/Desa | Village | WADMKD | Nama Desa/Kelurahan",
        "institution_name": _INSTITUTION_NAME,
    },
    "plans": {
        "site_code": f"{_SITE_CODE} | Kode | Code | ID",
        "as_of": f"{_AS_OF} | Tanggal Rencana | Plan Date | Tanggal Target | Akhir Periode | Jadwal",
        "recorded_at": _RECORDED,
        "percent": "Rencana Fisik | Rencana Kumulatif | Rencana | Rencana Progres | Target Fisik | Target Progres | "
        "Target | Planned Progress | Plan | Planned | Percent | Rencana Fisik Kumulatif | Kumulatif Rencana | "
        "Progres Rencana | Bobot Rencana | Bobot Kumulatif | Kurva S | Rencana Kurva S | Fisik | Progres | Bobot | "
        "Kumulatif | Rencana Kemajuan | Rencana Kemajuan Fisik | Target Fisik Kumulatif | Rencana Progres Fisik",
        "spend": "Rencana Keuangan | Rencana Pengeluaran | Rencana Anggaran | Rencana Serapan | Planned Spending | "
        "Planned Spend | Rencana Penarikan | Rencana Penarikan Dana | RPD | Target Keuangan | Target Serapan | "
        "Spend | Rencana | Target | Rencana Penyerapan | Rencana Belanja | Target Anggaran | "
        "Rencana Keuangan Kumulatif | Rencana Pencairan | Keuangan",
        "site_name": f"{_SITE_NAME} | {_LOCUS} | Nama | Nama Paket | Nama Kegiatan | Pekerjaan",
        "month": _MONTH,
        "year": _YEAR,
    },
    "reports": {
        "site_code": f"{_SITE_CODE} | Kode | Code | ID",
        "as_of": _AS_OF,
        "recorded_at": _RECORDED,
        "percent": "Realisasi Fisik | Progres Fisik | Kemajuan Fisik | Progres | Kemajuan | Realisasi | Capaian | "
        "Capaian Fisik | Percent | Realisasi Progres | Realisasi Kumulatif | Progres Kumulatif | Fisik | "
        "Physical Progress | Realisasi Fisik Kumulatif | Bobot Realisasi | Realisasi Progres Fisik | "
        "Fisik Realisasi | Kumulatif | Progres Saat Ini | Realisasi Kemajuan Fisik | Persentase | "
        "Kumulatif Realisasi | Actual Progress | Actual | Kemajuan Pekerjaan | Progres Pekerjaan | Progres Lapangan | "
        "Progres Fisik Kumulatif | Progres Pembangunan | Capaian Fisik Kumulatif | Realisasi Pekerjaan | "
        "Bobot Fisik | Penyelesaian Fisik | Prestasi Pekerjaan | Persentase Penyelesaian",
        "spend": _SPEND,
        "stage": _STAGE,
        "note": f"{_NOTE} | Kendala | Permasalahan | Kendala Lapangan | Uraian Kegiatan",
        "source_url": _SOURCE,
        "data_status": _DATA_STATUS,
        "author": _AUTHOR,
        "site_name": f"{_SITE_NAME} | {_LOCUS} | Nama | Nama Paket | Nama Kegiatan | Pekerjaan",
        "month": _MONTH,
        "year": _YEAR,
    },
    "actions": {
        "code": f"{_ACTION_CODE} | Kode | Code | ID",
        "year": _YEAR,
        "institution_code": _INSTITUTION,
        "region_code": _REGION_CODE,
        "programme": _PROGRAMME,
        "site_code": _SITE_CODE,
        "kind": "Jenis | Fisik/Non-Fisik | Jenis Kegiatan | Jenis Renaksi | Jenis Rencana Aksi | Kind | Sifat | "
        "Tipe | Fisik Non Fisik | Sifat Kegiatan | Tipe Kegiatan | Kategori | Kategori Kegiatan | Type | "
        "Klasifikasi | Bentuk Kegiatan",
        "title": _ACTION_TITLE,
        "indicator": "Indikator | Indikator Keberhasilan | Indikator Kinerja | Indicator | Ukuran Keberhasilan | "
        "Keluaran | Output | Indikator Output | Indikator Keluaran | Indikator Capaian | Ukuran | Rincian Output | "
        "Indikator Renaksi | IKU",
        "unit": "Satuan | Unit | Satuan Target | Satuan Indikator | Satuan Output | Unit of Measure | Satuan Ukur",
        **_TARGETS,
        "target_b12": f"{_TARGETS['target_b12']} | Target Akhir Tahun | Target Akhir | Target Tahunan",
        "budget": "Pagu | Pagu Anggaran | Anggaran | Budget | Alokasi Anggaran | Alokasi | Jumlah Anggaran | "
        "Total Anggaran | Pagu DIPA | Nilai Anggaran | Kebutuhan Anggaran | Pagu Dana | DIPA | Biaya | "
        "Rencana Anggaran | Total Pagu | Besaran Anggaran | Pagu Renaksi | Budget Ceiling | Pagu Efektif | "
        "Dukungan Anggaran | Pagu Indikatif",
        "contract": "Nilai Kontrak | Kontrak | Contract | Contract Value | Harga Kontrak | Total Kontrak | Nilai SPK",
        "recorded_at": _RECORDED,
        "site_name": _SITE_NAME,
        "region_name": f"{_REGION_NAME} | {_LOCUS}",
        "province": _PROVINCE,
        "institution_name": _INSTITUTION_NAME,
    },
    "action_reports": {
        "action_code": f"{_ACTION_CODE} | Kode | Code | ID",
        "as_of": _AS_OF,
        "recorded_at": _RECORDED,
        "achieved": "Capaian | Realisasi | Realisasi Capaian | Capaian Kumulatif | Achieved | Achievement | "
        "Realisasi Fisik | Realisasi Output | Capaian Output | Volume Capaian | Realisasi Volume | Realisasi Target | "
        "Hasil | Hasil Capaian | Realisasi Kegiatan | Capaian Renaksi | Capaian Target | Realisasi Kumulatif | "
        "Capaian Indikator | Realisasi Indikator | Capaian Fisik | Capaian Kinerja | Realisasi Kinerja | "
        "Jumlah Capaian | Volume Realisasi | Progres",
        "spend": _SPEND,
        "stage": _STAGE,
        "obstacle": "Kendala | Permasalahan | Hambatan | Kendala/Hambatan | Obstacle | Masalah | "
        "Kendala dan Permasalahan | Isu | Kendala yang Dihadapi | Tantangan | Kendala Pelaksanaan | "
        "Hambatan dan Kendala | Permasalahan dan Kendala | Issue",
        "author": _AUTHOR,
        "action_title": _ACTION_TITLE,
        "month": _MONTH,
        "year": _YEAR,
    },
    "beneficiaries": {
        "site_code": f"{_SITE_CODE} | Kode | Code | ID",
        "as_of": _AS_OF,
        "group": "Kelompok | Kelompok Sasaran | Kategori Penerima | Group | Jenis Penerima | Kategori | Sasaran | "
        "Kelompok Penerima | Kelompok Penerima Manfaat | Kategori Penerima Manfaat | Beneficiary Group | Unsur | "
        "Jenis Penerima Manfaat | Target Group | Kategori Sasaran | Jenis Sasaran",
        "count": "Jumlah Penerima Manfaat | Jumlah | Penerima Manfaat | Jumlah Orang | Count | Banyaknya | "
        "Jumlah Penerima | Orang | Jumlah Peserta | Jumlah Anggota | Beneficiaries | Number of Beneficiaries | "
        "Jumlah Jiwa | Jumlah Sasaran | Total | Penerima | Banyak Penerima | Jumlah Warga",
        "recorded_at": _RECORDED,
        "site_name": f"{_SITE_NAME} | {_LOCUS} | Nama",
        "month": _MONTH,
        "year": _YEAR,
    },
    "obstacles": {
        "code": "Kode Kendala | Nomor Kendala | Obstacle Code | Kode | Code | ID | Kode Masalah | Kode Isu | "
        "Kode Permasalahan",
        "site_code": _SITE_CODE,
        "action_code": _ACTION_CODE,
        "opened": "Tanggal Muncul | Tanggal Kendala | Tanggal Terjadi | Opened | Tanggal Mulai | Sejak | Tanggal | "
        "Tanggal Lapor | Tanggal Kejadian | Tanggal Dibuka | Mulai | Tanggal Ditemukan | Tanggal Identifikasi | "
        "Muncul Tanggal | Tanggal Laporan | Start Date",
        "category": "Kategori | Kategori Kendala | Jenis Kendala | Category | Jenis | Jenis Permasalahan | "
        "Kelompok Kendala | Bidang Kendala | Kategori Permasalahan | Jenis Masalah | Klasifikasi | Jenis Hambatan | "
        "Kategori Masalah | Kategori Isu | Kelompok Masalah | Kelompok Permasalahan",
        "severity": "Tingkat | Tingkat Keparahan | Severity | Tingkat Kendala | Bobot Kendala | Skala | Prioritas | "
        "Level | Berat Ringan | Tingkat Risiko | Dampak | Tingkat Kesulitan | Tingkat Permasalahan | Derajat",
        "note": f"{_NOTE} | Uraian Kendala | Kendala | Permasalahan | Uraian Permasalahan | Hambatan | "
        "Masalah | Isu | Deskripsi Kendala | Uraian Masalah | Kendala yang Dihadapi | Kendala/Hambatan",
        "follow_up": "Tindak Lanjut | Rencana Tindak Lanjut | RTL | Follow Up | Solusi | Upaya | Upaya Penyelesaian | "
        "Langkah Penyelesaian | Rekomendasi | Penyelesaian | Upaya Tindak Lanjut | Langkah Tindak Lanjut | Tindakan | "
        "Saran | Alternatif Solusi | Usulan Penyelesaian",
        "closed": "Tanggal Selesai | Closed | Tanggal Ditutup | Tanggal Penyelesaian | Selesai | Tanggal Teratasi | "
        "Tuntas | Tanggal Tuntas | End Date | Ditutup | Teratasi Tanggal",
        "recorded_at": _RECORDED,
        "site_name": f"{_SITE_NAME} | {_LOCUS} | Nama",
        "action_title": _ACTION_TITLE,
    },
    "institutions": {
        "code": f"{_INSTITUTION} | Kode | Code | Singkatan | Akronim | ID | Abbreviation",
        "name": "Nama Instansi | Nama | Instansi | Name | Nama K/L | Nama Lembaga | Kementerian/Lembaga | "
        "Nama Kementerian/Lembaga | Institution | Institution Name | Nama OPD | Nama Kementerian | K/L | Lembaga | "
        "Kementerian | Nama Satker | Nama Satuan Kerja | Nama Organisasi",
        "kind": "Jenis Instansi | Kelompok Instansi | Jenis | Kind | Tipe | Kategori | Jenis Lembaga | Kelompok | "
        "Institution Kind | Kategori Instansi | Tipe Instansi | Type | Unsur",
        "field": "Bidang | Bidang Koordinasi | Field | Koordinator | Rumpun | Kelompok Bidang | Bidang Urusan | "
        "Kemenko | Kemenko Pengampu | Urusan",
        "recorded_at": _RECORDED,
    },
    "boundaries": {
        "code": f"{_REGION_CODE} | Kode | Code | KDPKAB | KDCPUM | KDEPUM | KDBBPS | KDPPUM | Kode Provinsi | "
        "ID | Kode Prov | KODE KK | KDPBPS",
        "name": f"{_REGION_NAME} | Nama | Name | NAMOBJ | Provinsi | Nama Provinsi | WADMPR | Province | Nama Objek",
        "geometry": "Geometri | Geometry | Poligon | WKT | Polygon | Geom | Batas | The Geom | Shape | Batas Wilayah",
    },
}

_HELPERS: Final[Mapping[str, tuple[Form, tuple[str, ...], str | None, Words]]] = {
    "coordinates": (
        Form.COORDINATES,
        ("lon", "lat"),
        None,
        Words(id="Lintang dan bujur dalam satu sel.", en="Latitude and longitude in one cell."),
    ),
    "utm_zone": (
        Form.ZONE,
        ("lon", "lat"),
        "lon",
        Words(id="Zona UTM dari koordinat dalam meter.", en="UTM zone of coordinates in metres."),
    ),
    "region_name": (
        Form.REGION,
        ("region_code",),
        None,
        Words(id="Nama kabupaten/kota.", en="Name of the kabupaten or kota."),
    ),
    "province": (Form.REGION, ("region_code",), None, Words(id="Provinsi.", en="The province.")),
    "district": (Form.TEXT, ("region_code",), "region_code", Words(id="Nama kecamatan.", en="Name of the kecamatan.")),
    "village": (Form.TEXT, ("region_code",), "region_code", Words(id="Nama desa.", en="Name of the village.")),
    "institution_name": (
        Form.TEXT,
        ("institution_code",),
        None,
        Words(id="Nama instansi.", en="Name of the institution."),
    ),
    "site_name": (Form.TEXT, ("site_code",), None, Words(id="Nama lokasi.", en="Name of the site.")),
    "action_title": (Form.TEXT, ("action_code",), None, Words(id="Judul rencana aksi.", en="Title of the action.")),
    "month": (
        Form.MONTH,
        ("as_of",),
        "year",
        Words(id="Bulan atau triwulan yang dilaporkan.", en="The month or quarter it speaks of."),
    ),
    "year": (Form.YEAR, ("as_of",), "month", Words(id="Tahun yang dilaporkan.", en="The year it speaks of.")),
}

_FILLED: Final = frozenset({"recorded_at", "data_status", "location_precision"})
_ONE_OF: Final[Mapping[Kind, tuple[tuple[str, ...], ...]]] = {
    "reports": (("percent", "spend", "stage", "note"),),
    "action_reports": (("achieved", "spend", "stage", "obstacle"),),
    "obstacles": (("site_code", "action_code"),),
}
_BY_PERIOD: Final[Mapping[Kind, tuple[str, str]]] = {
    "plans": ("percent", "spend"),
    "reports": ("percent", "spend"),
    "action_reports": ("achieved", "spend"),
}
_NOT_FIGURES: Final[Mapping[Kind, frozenset[str]]] = {
    "plans": frozenset({"realisasi", "capaian", "deviasi", "sisa"}),
    "reports": frozenset({"rencana", "target", "deviasi", "sisa", "lalu", "pagu"}),
    "action_reports": frozenset({"rencana", "target", "deviasi", "sisa", "lalu", "pagu"}),
    "actions": frozenset({"realisasi", "capaian", "deviasi", "sisa", "serapan"}),
    "sites": frozenset({"realisasi", "sisa", "deviasi"}),
}
_BOUNDARY_COLUMNS: Final[Mapping[str, tuple[Form, Words]]] = {
    "code": (Form.REGION, Words(id="Kode wilayah Kemendagri.", en="Kemendagri code of the region.")),
    "name": (Form.TEXT, Words(id="Nama wilayah.", en="Name of the region.")),
    "geometry": (Form.SHAPE, Words(id="Batas wilayah (EPSG:4326).", en="Boundary of the region (EPSG:4326).")),
}


@cache
def kind_columns(kind: Kind) -> KindColumns:
    """The columns of a kind; ``KeyError`` for a kind that does not exist."""
    names = _HEADINGS[kind]
    own = (
        [_boundary(name, text) for name, text in names.items()]
        if kind == "boundaries"
        else [_stored(column, names[column.name]) for column in metadata.tables[kind].columns if column.name != "id"]
    )
    known = {column.name for column in own}
    helpers = [_helper(name, text) for name, text in names.items() if name not in known]
    return KindColumns(
        kind,
        (*own, *helpers),
        one_of=_ONE_OF.get(kind, ()),
        by_period=_BY_PERIOD.get(kind, ()),
        by_group="count" if kind == "beneficiaries" else None,
        not_figures=_NOT_FIGURES.get(kind, frozenset()),
    )


def _aliases(name: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The heading of the template, and every way to write it."""
    written = [part.strip() for part in text.split("|")]
    return written[0], tuple(dict.fromkeys([*written, name]))


def _stored(column: Column[Any], text: str) -> Wanted:
    heading, aliases = _aliases(column.name, text)
    info = column.info
    return Wanted(
        column.name,
        _form(column),
        not column.nullable and column.name not in _FILLED,
        heading,
        aliases,
        Words(id=info["id"], en=info["en"]),
        values=tuple(info.get("values", ())),
    )


def _boundary(name: str, text: str) -> Wanted:
    heading, aliases = _aliases(name, text)
    form, about = _BOUNDARY_COLUMNS[name]
    return Wanted(name, form, True, heading, aliases, about)


def _helper(name: str, text: str) -> Wanted:
    heading, aliases = _aliases(name, text)
    form, fills, second, about = _HELPERS[name]
    return Wanted(name, form, False, heading, aliases, about, fills=fills, together_with=second)


_BY_NAME: Final[Mapping[str, Form]] = {
    "lon": Form.LONGITUDE,
    "lat": Form.LATITUDE,
    "region_code": Form.REGION,
    "year": Form.YEAR,
    "source_url": Form.ADDRESS,
    "programme": Form.CHOICE,
    "category": Form.CHOICE,
    "severity": Form.CHOICE,
    "field": Form.CHOICE,
}
_BY_TYPE: Final[tuple[tuple[type[Any], Form], ...]] = (
    (UtcTime, Form.MOMENT),
    (Geometry, Form.SHAPE),
    (Date, Form.DATE),
    (Integer, Form.WHOLE),
    (Double, Form.NUMBER),
    (Text, Form.TEXT),
)


def _form(column: Column[Any]) -> Form:
    unit = column.info.get("unit")
    if column.name in _BY_NAME:
        return _BY_NAME[column.name]
    if column.info.get("values"):
        return Form.CHOICE
    if column.name.endswith("code"):
        return Form.CODE
    if unit in ("Rp", "%"):
        return Form.MONEY if unit == "Rp" else Form.PERCENT
    return next(form for kind, form in _BY_TYPE if isinstance(column.type, kind))


# --- units in a heading ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """What a heading says about its figures: ``family`` of the unit, and by how much each is to be multiplied.

    ``written`` is the hint as it stands in the heading; ``factor`` is 1 unless it says otherwise (``Rp juta``:
    1 000 000).
    """

    family: Literal["rupiah", "percent"]
    factor: int
    written: str


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """A heading taken apart: its words in one spelling, and the unit it names."""

    words: tuple[str, ...]
    unit: Unit | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The words without their order."""
        return tuple(sorted(set(self.words)))


_SCALES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("ribu", "ribuan", "rb", "rbu", "thousand", "thousands"), 10**3),
    **dict.fromkeys(("juta", "jutaan", "jt", "million", "millions", "mio"), 10**6),
    **dict.fromkeys(("miliar", "milyar", "miliaran", "milyaran", "mlyr", "billion", "billions"), 10**9),
    **dict.fromkeys(("triliun", "trilyun", "triliunan", "trillion"), 10**12),
}
_RUPIAH_WORDS: Final = frozenset({"rp", "rupiah", "idr", "rph"})
_PERCENT_WORDS: Final = frozenset({"persen", "persentase", "prosentase", "presentase", "percentage", "pct", "prosen"})
_ZEROS: Final = re.compile(r"(?:x\s*)?(?:rp\.?\s*)?(?:1[.,]?)?((?:[.,]?000){1,4})(?![\d])(?:[.,]00\b)?", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_NO_WORD: Final = re.compile(r"[\W_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

_LONGEST: Final = 200  # characters; what is longer is no heading
_STOP_WORDS: Final = (
    "dan yang di ke dari per untuk sd s d sampai dengan saat ini the of pada "
    "oleh dalam utk wajib diisi isi atau and by in dlm nya opsional optional required mohon format"
)
_STOP: Final = frozenset(_STOP_WORDS.split())
_SPELLINGS: Final[Mapping[str, str]] = {
    one: words
    for words, others in {
        "kabupaten": "kab kabupten kabupatn",
        "kabupaten kota": "kabkota kabko kabkot",
        "tanggal": "tgl tggl tgal date tnggl",
        "provinsi": "prov propinsi prop province",
        "tahun": "thn th year tahn",
        "tahun anggaran": "ta",
        "realisasi": "real realisas actual relisasi realiasi",
        "rencana": "renc rcn plan planned perencanaan rencna",
        "renaksi": "rencanaaksi",
        "progres": "progress prog progrss progess",
        "kumulatif": "kum komulatif cumulative akumulasi akumulatif kumulative",
        "keuangan": "keu financial finansial",
        "jumlah": "jml jlh jmlh number banyaknya banyak",
        "keterangan": "ket remark remarks",
        "catatan": "cat note notes",
        "koordinat": "koord coordinate coordinates kordinat coord",
        "bujur": "longitude long lon lng longtitude bujr",
        "lintang": "latitude lat latitute lntang",
        "penanggung jawab": "pj penanggungjawab pjawab",
        "kecamatan": "kec",
        "kelurahan": "kel",
        "kode": "kd code kde kodes id",
        "lokasi": "lok site location lks loc",
        "nama": "nm name nma",
        "laporan": "lap report pelaporan lapor reporting",
        "nilai": "nil value",
        "kontrak": "kontr contract kntrk",
        "program": "programme",
        "instansi": "inst institution",
        "lembaga": "lbg",
        "kementerian": "kementrian kemen ministry",
        "kl": "kld klpd",
        "triwulan": "tw triw twulan",
        "bulan": "bln month",
        "mulai": "start",
        "selesai": "finish end",
        "nomor": "no nomer nmr",
        "permasalahan": "masalah problem problems",
        "kendala": "obstacle kendla",
        "wilayah": "wil region",
        "target": "trgt tgt",
        "capaian": "achievement achieved cap",
        "sasaran": "sasrn",
        "satuan kerja": "satker",
        "desa": "ds village",
        "pengeluaran": "expenditure",
        "serapan": "penyerapan terserap absorption",
        "anggaran": "angg agr",
        "kegiatan": "keg kgtn giat",
        "deviasi": "dev deviation selisih",
        "rumah susun": "rusun",
        "tindak lanjut": "tl",
        "evidensi": "eviden evidence",
        "maret": "mar march mrt",
        "juni": "jun june",
        "september": "sep sept",
        "desember": "des dec december",
    }.items()
    for one in others.split()
}
_PHRASES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"\b{pattern}\b"), replaced)
    for pattern, replaced in (
        (r"k ?/ ?l(?: ?/ ?d)?", "kl"),
        (r"kab\.? ?(?:/|-|&|dan|atau)? ?kota", "kabupaten kota"),
        (r"t\.a\.?", "ta "),
        (r"s ?[./] ?d\.?", " "),
        (r"(?:rencana|renc\.?) aksi", "renaksi"),
        (r"action plan", "renaksi"),
        (r"non[- ]fisik", "nonfisik"),
        (r"tindaklanjut", "tindak lanjut"),
        (r"lat ?long?", "lintang bujur"),
        (r"b ?0?([369])", r"b0\1"),
        (r"b[- ]12", "b12"),
        (r"tw[. ]?([1-4])", r"tw \1"),
        (r"q ?([1-4])", r"tw \1"),
    )
)


def heading_words(heading: str) -> HeadingWords:
    """A heading taken apart: words in one spelling, without units, numbers of a list and little words.

    ``Tgl. Laporan`` and ``report_date`` both give ``tanggal laporan``; ``Pagu (Rp juta)`` gives ``pagu`` and a unit
    with the factor 1 000 000.
    """
    return _taken_apart(heading[:_LONGEST])


@lru_cache(maxsize=8192)
def _taken_apart(heading: str) -> HeadingWords:
    text = unicodedata.normalize("NFKC", heading)
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = _CAMEL.sub(" ", text).casefold().replace("_", " ")
    text, unit = _without_unit(text)
    for pattern, replaced in _PHRASES:
        text = pattern.sub(replaced, text)
    words = [part for word in _NO_WORD.sub(" ", text).split() for part in _SPELLINGS.get(word, word).split()]
    kept = tuple(word for word in words if word not in _STOP)
    return HeadingWords(kept or tuple(words), unit)


def _without_unit(text: str) -> tuple[str, Unit | None]:
    """The heading without its unit, in brackets or not, and the unit."""
    hints = [(found[1], found[0]) for found in _BRACKETS.finditer(text)]
    for inside, whole in hints:
        unit = _unit(inside, bracketed=True)
        if unit is not None:
            return text.replace(whole, " "), unit
    unit = _unit(text, bracketed=False)
    for inside, whole in hints:
        if inside.strip() in _OTHER_UNITS:
            text = text.replace(whole, " ")
    if unit is None:
        return text, None
    words = [word for word in _NO_WORD.sub(" ", text.replace("%", " ")).split() if not _says_unit(word)]
    return (" ".join(words) if words else "persentase" if unit.family == "percent" else "rupiah"), unit


_OTHER_UNITS: Final = frozenset(
    {"orang", "ha", "unit", "jiwa", "kk", "buah", "ton", "kg", "m", "m2", "derajat", "°", "dd"}
)


def _says_unit(word: str) -> bool:
    return word in _RUPIAH_WORDS or word in _PERCENT_WORDS or word in _SCALES


def _unit(text: str, *, bracketed: bool) -> Unit | None:
    words = _NO_WORD.sub(" ", text).split()
    written = " ".join(text.split())
    if "%" in text or any(word in _PERCENT_WORDS for word in words):
        return Unit("percent", 1, "%" if not bracketed else written)
    scale = next((_SCALES[word] for word in words if word in _SCALES), None)
    rupiah = any(word in _RUPIAH_WORDS for word in words) or bool(re.search(r"\brp\.?\s*\d", text))
    if scale is not None and (rupiah or bracketed or "dalam" in words or "dlm" in words):
        return Unit("rupiah", scale, written)
    if bracketed and (zeros := _ZEROS.fullmatch(text.strip())):
        return Unit("rupiah", 10 ** zeros[1].count("0"), written)
    return Unit("rupiah", 1, written) if rupiah else None
