"""Headings as institutions write them are recognised, each column at most once, and what is missing is said."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geo.intake import headings
from geo.intake.cells import Level
from geo.intake.headings import (
    LEAVE_OUT,
    MESSAGES,
    Reason,
    Recognised,
    canonical_cells,
    fitting_kinds,
    period_in,
    recognise,
    running_totals,
)
from geo.intake.kinds import KINDS, Kind, kind_columns
from geo.intake.tables import Table
from geo.locale import translator


def table(columns: Mapping[str, Sequence[Any]], *, titles: Sequence[str] = ()) -> Table:
    body = pd.DataFrame({name: list(values) for name, values in columns.items()}, dtype=object)
    return Table(
        tuple(columns),
        body,
        np.arange(2, 2 + len(body), dtype=np.int64),
        np.arange(1, 1 + len(columns), dtype=np.int64),
        (1,),
        {},
        tuple(titles),
    )


def bare(*names: str) -> Table:
    return table({name: [] for name in names})


def codes(found: Recognised) -> set[str]:
    return {one.code for one in found.told}


WRITTEN: dict[Kind, dict[str, str]] = {
    "sites": {
        "code": "Kode Lokasi | KODE LOKASI | ID Lokasi | No. Lokasi | kd_lokasi | Kode | site_code | Kd. Site | "
        "Nomor ID Lokasi",
        "name": "Nama Lokasi | NAMA KAWASAN | Nama Koperasi | Nama Rusun | Nama Lokasi Kegiatan | nm_lokasi | "
        "Nama Lokus | Nama Objek Lokasi | Nama Kampung/Kawasan | Nama Lokasi (Desa/Kel)",
        "programme": "Program | Jenis Program | Nama Program | Kode Program | Jenis Kawasan/Program",
        "region_code": "Kode Kab/Kota | Kode Wilayah (Kemendagri) | Kode BPS | Kab/Kota | Kabupaten/Kota | "
        "KAB. / KOTA | Kabupaten | Kab/Kota Lokasi | kabkota | Provinsi | Kode Kabupaten/Kota (BPS) | "
        "Nama Kab./Kota | KABUPATEN / KOTA | Kab-Kota",
        "lon": "Bujur | Longitude | Long | Bujur (BT) | Koordinat / X | Koordinat Bujur | Bujur Timur (BT) | "
        "longtitude | X | Titik Koordinat / Bujur | Easting (X) | Long (BT) | Bujur (derajat desimal) | "
        "LONGITUDE (X)",
        "lat": "Lintang | Latitude | Lat. | Lintang (LS) | Koordinat Y | Titik Koordinat / Lintang | "
        "Lintang Selatan | Northing (Y) | Lat (LS) | Lintang (derajat desimal)",
        "coordinates": "Koordinat | Titik Koordinat | Koordinat (Lat, Long) | Titik Koordinat GPS | Kordinat | "
        "Titik kordinat lokasi | Lokasi (Lat,Long)",
        "utm_zone": "Zona UTM",
        "institution_code": "Instansi | K/L | K/L Pembina | Instansi Penanggung Jawab | Satker | Kode Instansi | "
        "OPD Pelaksana | K/L/D Penanggung Jawab | Instansi Pembina | Instansi PJ | Kementrian/Lembaga",
        "start_date": "Tanggal Mulai | Tgl. Mulai Kontrak | Tgl Mulai | Tanggal SPMK | Tanggal Mulai Pekerjaan | "
        "Tgl mulai pekerjaan | Tanggal Mulai Konstruksi | Tanggal Kontrak Awal",
        "target_date": "Target Selesai | Tgl Selesai | Rencana Selesai | Tanggal Akhir Kontrak | Tgl. PHO | "
        "Tgl. Target Penyelesaian | Tanggal Akhir Pelaksanaan",
        "contract_value": "Nilai Kontrak | Nilai Kontrak (Rp) | Nilai Kontrak (Rp juta) | NILAI KONTRAK (Rp.) | "
        "Harga Kontrak | Nilai Kontrak Fisik (Rp) | Total Nilai Kontrak",
        "year": "Tahun | T.A. | Thn Anggaran | Tahun Anggaran | Thn. Anggaran",
        "district": "Kecamatan | Kec",
        "village": "Desa/Kel. | Kelurahan/Desa",
        "source_url": "Sumber | Link Sumber",
        "": "No | No. | NO URUT | Luas (ha) | Nama Kepala Desa | No HP | NIK | Foto | Alamat | Jumlah KK | "
        "Nama Pemilik Lahan | Nomor Telepon | Luas Lahan (m2)",
    },
    "reports": {
        "site_code": "Kode Lokasi | Nama Lokasi | Kode Lks",
        "as_of": "Tgl Laporan | Tanggal Pelaporan | Posisi Data | Per Tanggal | Periode | Data per Tanggal | "
        "Tgl. Data | Posisi Laporan | Periode Pelaporan | Tgl. Pelaporan | Tanggal Posisi Data | Data s.d. Tanggal",
        "percent": "Realisasi Fisik (%) | Realisasi Fisik | Progres Fisik (%) | Progress (%) | % Fisik | "
        "Realisasi / Fisik (%) | Fisik (%) | Kemajuan Fisik Kumulatif | Real. Fisik | "
        "Realisasi Fisik s.d. Bulan Ini (%) | Persentase Realisasi Fisik | Realisai Fisik | Capaian Fisik | "
        "Bobot Realisasi (%) | Realisasi / % | Progres Fisik Kumulatif (%) | Prog. Fisik | "
        "Realisasi Fisik Kumulatif s/d saat ini | Persentase Progres Fisik | Real. Fisik (%) | "
        "Kemajuan Pekerjaan (%) | Realisasi Fisik Lapangan (%)",
        "spend": "Realisasi Keuangan (Rp) | Realisasi Keuangan | Serapan Anggaran (Rp) | "
        "Realisasi Anggaran (Rp juta) | Realisasi / Keuangan (Rp) | SP2D | Realisasi (Rp) | "
        "Realisasi Keu. s.d. saat ini (Rp) | Penyerapan | Realisasi / Rp | Realisasi Keu (Rp Juta) | "
        "Penyerapan Anggaran (Rp) | Real. Anggaran (Rp) | Realisasi SP2D (Rp) | Jumlah Serapan (Rp)",
        "stage": "Status | Status Kemajuan | Tahapan | Status Pekerjaan | Status Pelaksanaan Kegiatan | "
        "Tahap Pekerjaan | Status Terkini | Status Progres",
        "note": "Keterangan | Ket. | Catatan | KETERANGAN  | Keterangan/Kendala | Catatan Lapangan",
        "author": "Unit Pelapor | Jabatan Pelapor | Dilaporkan oleh (unit)",
        "source_url": "Link Evidensi | Sumber Data",
        "": "Rencana Fisik (%) | Rencana / Fisik (%) | Deviasi (%) | Deviasi | Target | Pagu (Rp) | Sisa Anggaran | "
        "Realisasi Keuangan (%) | Nama Pelapor | Realisasi Bulan Lalu | Email | Realisasi Keuangan s.d. Juni | "
        "Foto Progres | Tanggal Foto Progres | Deviasi Fisik | Target Fisik (%) | Rencana s.d. Bulan Ini (%) | "
        "Nama Petugas Pelapor",
    },
    "plans": {
        "site_code": "Kode Lokasi",
        "as_of": "Tanggal | Tanggal Rencana | Periode",
        "percent": "Rencana Fisik (%) | Rencana Kumulatif (%) | Rencana | Target Progres | Bobot Rencana (%)",
        "spend": "Rencana Keuangan (Rp) | RPD (Rp) | Target Serapan (Rp)",
        "": "Realisasi Fisik (%) | Deviasi",
    },
    "actions": {
        "code": "Kode Renaksi | Kode Rencana Aksi | No. Renaksi | No Renaksi | Kode Renaksi 2026",
        "title": "Rencana Aksi | Judul Renaksi | Nama Kegiatan | Kegiatan | Uraian Rencana Aksi | "
        "Nama Rencana Aksi | Uraian Kegiatan",
        "year": "Tahun",
        "institution_code": "K/L | Kementerian/Lembaga | K/L Penanggung Jawab | Penanggung Jawab | "
        "Instansi Pelaksana | K/L Pelaksana | Instansi/K/L | K/L Penanggungjawab",
        "kind": "Fisik/Non Fisik | Jenis Kegiatan (Fisik/Non-Fisik) | Jenis Kegiatan | Fisik/Nonfisik | "
        "Sifat (Fisik/Non Fisik)",
        "indicator": "Indikator Keberhasilan | Indikator | Output | Indikator Output",
        "unit": "Satuan | Satuan Target",
        "target_b03": "Target B03 | TW I | Target B03 2026 | Target s/d B03",
        "target_b06": "B06 | TW II | Target Bulan 06 | Target B6 | Target B.06 | Target TW-II",
        "target_b09": "Target / B09 | Target Triwulan III | Target B-09 | Target (TW III)",
        "target_b12": "Target s.d. B12 | Target TW4 | Target / TW IV | Target Desember | Sasaran TW IV",
        "budget": "Pagu (Rp) | Pagu Anggaran | Anggaran (Rp juta) | Alokasi Anggaran (Rp.000) | PAGU (Rp) | "
        "Pagu Angaran | Pagu Anggaran (Rp Ribu) | Jumlah Pagu | Total Anggaran (Rp) | Anggaran 2026",
        "contract": "Nilai Kontrak | Nilai Kontrak (jika ada)",
        "region_code": "Lokus (Kab/Kota) | Provinsi | Lokasi (Kab/Kota) | Lokus | Prov",
        "": "Realisasi B03 | Realisasi Anggaran",
    },
    "action_reports": {
        "action_code": "Kode Renaksi | Kode RA",
        "achieved": "Capaian | Realisasi Capaian | Capaian s.d. TW ini | Realisasi Output | Capaian Kinerja | "
        "Realisasi Volume | Persentase Capaian",
        "spend": "Realisasi Anggaran (Rp) | Serapan (Rp)",
        "obstacle": "Kendala | Kendala/Permasalahan | Permasalahan yang Dihadapi | Kendala yang Dihadapi | "
        "Hambatan/Kendala",
        "as_of": "Tgl Laporan | Tanggal Lapor",
        "stage": "Status",
        "": "Target | Serapan (%)",
    },
    "beneficiaries": {
        "group": "Kelompok Sasaran | Kategori Penerima Manfaat | Kelompok Penerima Manfaat",
        "count": "Jumlah Penerima Manfaat | Jml Penerima (orang) | Jumlah | Jumlah PM | "
        "Jumlah Penerima Manfaat (Orang) | Jml Org",
        "as_of": "Tgl Data | Tanggal Pendataan",
        "": "Nama Penerima | Nama Penerima Manfaat",
    },
    "obstacles": {
        "code": "Kode Kendala | No. Kendala",
        "opened": "Tanggal Muncul | Sejak | Tgl Kejadian | Tanggal Kendala Muncul",
        "category": "Kelompok Masalah | Jenis Kendala | Kategori | Jenis Permasalahan",
        "severity": "Tingkat | Tingkat Keparahan | Tingkat Kendala (1-3)",
        "note": "Uraian Kendala | Permasalahan | Uraian Permasalahan",
        "follow_up": "Tindak Lanjut | RTL | Rencana Tindak Lanjut | Solusi | Langkah Tindak Lanjut | "
        "Upaya yang Dilakukan",
        "closed": "Tgl Selesai | Tgl Penyelesaian",
        "action_code": "Kode Renaksi",
    },
    "institutions": {
        "code": "Kode Instansi | Singkatan | Kode K/L",
        "name": "Nama Instansi | Nama K/L | Nama Kementerian/Lembaga/Daerah",
        "kind": "Jenis Instansi | Kelompok Instansi",
        "field": "Bidang Koordinasi | Bidang Koordinator",
        "": "Alamat Kantor | Telepon",
    },
    "boundaries": {
        "code": "KDPKAB | Kode Wilayah",
        "name": "WADMKK | NAMOBJ",
        "geometry": "geometry",
        "": "SHAPE_Leng",
    },
}
"""Headings as they stand in files of institutions, by kind and by what each is to be taken for ("": nothing)."""

EXPECTED = [
    (kind, heading, column or None)
    for kind, columns in WRITTEN.items()
    for column, together in columns.items()
    for heading in together.split(" | ")
]


@pytest.mark.parametrize(("kind", "heading", "column"), EXPECTED)
def test_a_heading_is_taken_for_what_it_means(kind: Kind, heading: str, column: str | None) -> None:
    found = recognise(bare(heading), kind)
    assert {one.heading: one.column for one in found.matches}.get(heading) == column


def test_the_list_of_headings_is_long_enough_to_mean_something() -> None:
    assert len(EXPECTED) >= 350


@pytest.mark.parametrize("kind", KINDS)
def test_the_headings_of_the_template_and_the_canonical_names_are_all_recognised(kind: Kind) -> None:
    columns = [column for column in kind_columns(kind).columns if not column.helper]
    for names in ([column.heading for column in columns], [column.name for column in columns]):
        found = recognise(bare(*names), kind)
        assert [found.heading_of.get(column.name) for column in columns] == names
        assert found.missing == ()
        assert found.unmapped == ()


def test_one_column_is_never_taken_twice() -> None:
    found = recognise(bare("Realisasi Fisik (%)", "Progres Fisik", "Kode Lokasi", "Kode"), "reports")
    assert found.heading_of == {"percent": "Realisasi Fisik (%)", "site_code": "Kode Lokasi"}
    assert found.unmapped == ("Progres Fisik", "Kode")


def test_codes_are_preferred_and_names_help() -> None:
    found = recognise(bare("Kab/Kota", "Kode Kab/Kota", "Provinsi"), "sites")
    assert found.heading_of == {"region_code": "Kode Kab/Kota", "region_name": "Kab/Kota", "province": "Provinsi"}


def test_names_stand_in_where_there_are_no_codes() -> None:
    found = recognise(bare("Kab/Kota", "Provinsi", "K/L"), "actions")
    by_column = {one.column: one for one in found.matches}
    assert by_column["region_code"].by_name
    assert by_column["institution_code"].by_name
    assert by_column["province"].heading == "Provinsi"
    assert "heading.by_name" in codes(found)


def test_the_locus_of_an_action_is_its_region_and_that_of_a_report_its_site() -> None:
    assert recognise(bare("Lokus"), "actions").heading_of == {"region_code": "Lokus"}
    assert recognise(bare("Lokus"), "reports").heading_of == {"site_code": "Lokus"}


def test_what_is_missing_and_what_is_left_is_listed() -> None:
    found = recognise(bare("No", "Kode Lokasi", "Foto"), "reports")
    assert found.missing == (("as_of",), ("percent", "spend", "stage", "note"))
    assert found.unmapped == ("Foto",)
    assert {"heading.missing", "heading.missing_one_of", "heading.unmapped"} <= codes(found)


def test_coordinates_in_one_cell_fill_both_columns() -> None:
    found = recognise(bare("Kode", "Nama", "Program", "Kab/Kota", "Titik Koordinat"), "sites")
    assert found.missing == ()


def test_shapes_of_the_file_need_no_columns_of_coordinates() -> None:
    names = bare("Kode", "Nama", "Program", "Kab/Kota")
    assert recognise(names, "sites").missing == (("lon",), ("lat",))
    assert recognise(names, "sites", located=True).missing == ()


def test_a_month_needs_a_year() -> None:
    assert ("as_of",) in recognise(bare("Kode Lokasi", "Bulan", "Realisasi (%)"), "reports").missing
    assert recognise(bare("Kode Lokasi", "Bulan", "Tahun", "Realisasi (%)"), "reports").missing == ()
    assert recognise(bare("Kode Lokasi", "Bulan", "Realisasi (%)"), "reports", year=2026).missing == ()


def test_a_day_in_the_title_is_offered_and_asked() -> None:
    names = table({"Kode Lokasi": ["A-1"], "Realisasi (%)": [5]}, titles=["LAPORAN POSISI 30 Juni 2026"])
    found = recognise(names, "reports")
    assert found.offered == {"as_of": "30 Juni 2026"}
    asked = [one for one in found.told if one.code == "heading.in_title"]
    assert [(one.level, one.proposal) for one in asked] == [(Level.ASKED, "30 Juni 2026")]


# --- memory and choice -------------------------------------------------------------------------------------------


def test_what_was_remembered_comes_first_and_what_is_chosen_wins() -> None:
    names = bare("Kolom Satu", "Realisasi Fisik", "Progres")
    remembered = {"kolom  satu": "site_code", "Realisasi Fisik": LEAVE_OUT, "Progres": "percent"}
    found = recognise(names, "reports", remembered=remembered)
    assert found.heading_of == {"site_code": "Kolom Satu", "percent": "Progres"}
    assert {one.reason for one in found.matches} == {Reason.REMEMBERED}
    again = recognise(names, "reports", remembered=remembered, chosen={"Realisasi Fisik": "percent"})
    assert again.heading_of["percent"] == "Realisasi Fisik"
    assert {one.column: one.reason for one in again.matches}["percent"] is Reason.CHOSEN


def test_a_remembered_column_that_the_kind_has_not_is_passed_over() -> None:
    assert recognise(bare("Kode Lokasi"), "reports", remembered={"Kode Lokasi": "nonsense"}).heading_of == {
        "site_code": "Kode Lokasi"
    }


def test_a_mapping_survives_being_written_and_read() -> None:
    names = bare("No", "Kd Lok", "Tgl Laporan", "Realisasi Fisik (%)", "Foto", "K/L")
    first = recognise(names, "reports")
    again = recognise(names, "reports", remembered=json.loads(json.dumps(first.as_dict())))
    assert again.heading_of == first.heading_of
    assert again.unmapped == first.unmapped


# --- content -----------------------------------------------------------------------------------------------------


def test_longitudes_and_latitudes_are_known_by_their_values() -> None:
    found = recognise(
        table({"Kolom A": ["-7,1234", "-8.20110", -6.91234], "Kolom B": ["112,5678", "113.40222", 107.61234]}), "sites"
    )
    assert found.heading_of == {"lat": "Kolom A", "lon": "Kolom B"}
    assert {one.reason for one in found.matches} == {Reason.CONTENT}
    assert "heading.content" in codes(found)


def test_codes_and_days_are_known_by_their_values() -> None:
    found = recognise(
        table({"Isian 1": ["KTN-01", "KTN-02", "KOP-9"], "Isian 2": ["30/06/2026", "31 Juli 2026", "2026-08-31"]}),
        "reports",
    )
    assert found.heading_of == {"site_code": "Isian 1", "as_of": "Isian 2"}


def test_region_codes_are_known_by_their_values() -> None:
    found = recognise(table({"Isian": ["35.07", "33.08", "7209"]}), "sites")
    assert found.heading_of == {"region_code": "Isian"}


def test_a_bare_realisasi_is_percent_or_money_by_its_values() -> None:
    assert recognise(table({"Realisasi": [12.5, 40, 80]}), "reports").heading_of == {"percent": "Realisasi"}
    money = table({"Realisasi": [125_000_000, 400_000_000, 950_000_000]})
    assert recognise(money, "reports").heading_of == {"spend": "Realisasi"}


def test_a_name_that_its_content_contradicts_is_not_taken_as_sure() -> None:
    found = recognise(table({"Tanggal": ["belum ada", "menunggu", "lengkap"]}), "reports")
    assert all(one.confidence < headings.SURE for one in found.matches)


def test_cells_that_could_be_anything_are_taken_for_nothing() -> None:
    found = recognise(table({"Isian": ["satu", "dua", "tiga"], "Lain": [1, 2, 3]}), "sites")
    assert found.matches == ()


# --- units -------------------------------------------------------------------------------------------------------


def test_a_scale_in_a_heading_is_carried_and_told() -> None:
    found = recognise(bare("Pagu (Rp juta)"), "actions")
    unit = found.matches[0].unit
    assert unit is not None
    assert unit.factor == 1_000_000
    told = next(one for one in found.told if one.code == "heading.scale")
    assert "1.000.000" in MESSAGES[told.code](translator("id"), told.told)[0]


def test_percent_of_an_amount_is_flagged() -> None:
    assert "heading.percent_for_amount" in codes(recognise(bare("Capaian (%)"), "action_reports"))


# --- wide tables -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "end"),
    [
        ("Jan 2026", date(2026, 1, 31)),
        ("Februari 2028", date(2028, 2, 29)),
        ("Agt-26", date(2026, 8, 31)),
        ("2026-01-01", date(2026, 1, 31)),
        ("2026-03-15", date(2026, 3, 15)),
        ("2026-06", date(2026, 6, 30)),
        ("06/2026", date(2026, 6, 30)),
        ("B03 2026", date(2026, 3, 31)),
        ("B12", date(2025, 12, 31)),
        ("TW I", date(2025, 3, 31)),
        ("Triwulan IV 2026", date(2026, 12, 31)),
        ("TW2", date(2025, 6, 30)),
        ("Q3 2026", date(2026, 9, 30)),
        ("Semester II", date(2025, 12, 31)),
        ("Rencana / Jan 2026", date(2026, 1, 31)),
        ("2026 / Mei", date(2026, 5, 31)),
        ("Rencana Fisik s.d. Juni 2026 (%)", date(2026, 6, 30)),
        ("s.d. 15 Juli 2026", date(2026, 7, 15)),
        ("31 Februari 2026", date(2026, 2, 28)),
    ],
)
def test_a_heading_names_a_period(heading: str, end: date) -> None:
    period = period_in(heading)
    assert period is not None
    assert period.end(2025) == end


@pytest.mark.parametrize(
    "heading", ["Tahun 2026", "Rencana", "Maju", "Kode 2026", "B13", "TW V", "2026-13-40", "", "Jan Ember 2026"]
)
def test_other_headings_name_no_period(heading: str) -> None:
    assert period_in(heading) is None


def test_a_plan_with_a_column_for_each_month_becomes_long() -> None:
    wide = table(
        {
            "Kode Lokasi": ["A-1", "A-2", "A-3"],
            "Jan 2026": [10, None, None],
            "Feb 2026": [40, 25, None],
            "Mar 2026": [100, 100, None],
        }
    )
    found = recognise(wide, "plans")
    assert found.missing == ()
    assert found.wide is not None
    assert not found.wide.adds_up
    cells = canonical_cells(wide, found)
    assert cells.cells.to_dict("list") == {
        "site_code": ["A-1", "A-1", "A-1", "A-2", "A-2"],
        "as_of": ["2026-01-31", "2026-02-28", "2026-03-31", "2026-02-28", "2026-03-31"],
        "percent": [10, 40, 100, 25, 100],
    }
    assert cells.rows.tolist() == [2, 2, 2, 3, 3]
    assert cells.columns["percent"].tolist() == [2, 3, 4, 3, 4]
    assert cells.columns["site_code"].tolist() == [1] * 5
    assert cells.without == (4,)


def test_percent_and_money_of_a_period_stand_in_one_row() -> None:
    wide = table(
        {
            "Kode Lokasi": ["A-1"],
            "Rencana Fisik (%) / B03": [10],
            "Rencana Fisik (%) / B06": [100],
            "Rencana Keuangan (Rp juta) / B03": [50],
            "Rencana Keuangan (Rp juta) / B06": [None],
        },
        titles=["RENCANA TAHUN 2026"],
    )
    found = recognise(wide, "plans")
    cells = canonical_cells(wide, found)
    assert cells.cells["as_of"].tolist() == ["2026-03-31", "2026-06-30"]
    assert cells.cells["percent"].tolist() == [10, 100]
    assert cells.cells["spend"].tolist() == [50, None]
    assert cells.units["spend"].factor == 1_000_000


def test_months_without_a_year_are_asked() -> None:
    found = recognise(table({"Kode Lokasi": ["A-1"], "TW I": [10], "TW II": [100]}), "plans")
    asked = [one for one in found.told if one.code == "wide.year"]
    assert [one.level for one in asked] == [Level.ASKED]
    again = recognise(table({"Kode Lokasi": ["A-1"], "TW I": [10], "TW II": [100]}), "plans", year=2026)
    assert "wide.year" not in codes(again)


def test_shares_of_each_month_are_told_from_cumulative_figures() -> None:
    months = {"Jan 2026": [10, 20], "Feb 2026": [30, 30], "Mar 2026": [60, 50]}
    found = recognise(table({"Kode Lokasi": ["A-1", "A-2"], **months}), "plans")
    assert found.wide is not None
    assert found.wide.adds_up
    assert "wide.adds_up" in codes(found)


def test_running_totals_keep_what_is_missing() -> None:
    values = pd.Series([10.0, np.nan, 30.0, 5.0])
    totals = running_totals(values, pd.Series(["a", "a", "a", "b"]))
    assert totals.tolist()[0] == 10
    assert np.isnan(totals.tolist()[1])
    assert totals.tolist()[2:] == [40, 5]


def test_in_a_report_the_planned_months_are_not_taken() -> None:
    wide = table({"Kode Lokasi": ["A-1"], "Rencana / Jan 2026": [10], "Realisasi / Jan 2026": [8]})
    found = recognise(wide, "reports")
    assert found.wide is not None
    assert [one.heading for one in found.wide.columns] == ["Realisasi / Jan 2026"]
    assert found.unmapped == ("Rencana / Jan 2026",)


def test_achievements_of_each_checkpoint_become_long() -> None:
    wide = table({"Kode Renaksi": ["R-1"], "Target B03": [9], "Realisasi B03": [3], "Realisasi B06": [7]})
    found = recognise(wide, "action_reports", year=2026)
    cells = canonical_cells(wide, found).cells
    assert cells["as_of"].tolist() == ["2026-03-31", "2026-06-30"]
    assert cells["achieved"].tolist() == [3, 7]
    assert found.unmapped == ("Target B03",)


def test_a_column_for_each_group_becomes_long() -> None:
    wide = table(
        {
            "Kode Lokasi": ["A-1"],
            "Tanggal": ["1/6/2026"],
            "Mitra Deradikalisasi": [4],
            "Penyintas": [0],
            "Masyarakat Sekitar": [9],
        }
    )
    found = recognise(wide, "beneficiaries")
    assert found.missing == ()
    cells = canonical_cells(wide, found).cells
    assert cells["group"].tolist() == ["mitra", "penyintas", "masyarakat"]
    assert cells["count"].tolist() == [4, 0, 9]


def test_a_long_table_keeps_its_rows_and_places() -> None:
    long = table(
        {
            "Kode Lokasi": ["A-1", "A-2"],
            "Foto": [1, 2],
            "Tgl Laporan": ["1/6/2026", datetime.fromisoformat("2026-06-02")],
            "Progres": [1, 2],
        }
    )
    cells = canonical_cells(long, recognise(long, "reports"))
    assert list(cells.cells) == ["site_code", "as_of", "percent"]
    assert cells.rows.tolist() == [2, 3]
    assert cells.columns["percent"].tolist() == [4, 4]


# --- which kind --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("sites", ["Kode Lokasi", "Nama Lokasi", "Program", "Kab/Kota", "Lintang", "Bujur"]),
        ("reports", ["Kode Lokasi", "Tgl Laporan", "Realisasi Fisik (%)", "Realisasi Keuangan (Rp)", "Keterangan"]),
        ("plans", ["Kode Lokasi", "Rencana / Jan 2026", "Rencana / Feb 2026", "Rencana / Mar 2026"]),
        ("plans", ["Kode Lokasi", "Tanggal", "Rencana Fisik (%)", "Rencana Keuangan (Rp)"]),
        ("actions", ["Kode Renaksi", "Tahun", "K/L", "Rencana Aksi", "Jenis", "Kab/Kota", "B03", "B06", "Pagu (Rp)"]),
        ("action_reports", ["Kode Renaksi", "Tgl Laporan", "Capaian", "Serapan (Rp)", "Kendala"]),
        ("beneficiaries", ["Kode Lokasi", "Tanggal", "Kelompok Sasaran", "Jumlah Penerima Manfaat"]),
        ("obstacles", ["Kode Lokasi", "Tanggal Muncul", "Kategori Kendala", "Tingkat", "Uraian Kendala", "Solusi"]),
        ("institutions", ["Kode Instansi", "Nama Instansi", "Jenis Instansi", "Bidang Koordinasi"]),
        ("boundaries", ["KDPKAB", "WADMKK", "geometry"]),
    ],
)  # fmt: skip
def test_the_kind_is_known_by_the_headings(kind: Kind, names: list[str]) -> None:
    assert fitting_kinds(bare(*names))[0].kind == kind
    assert recognise(bare(*names)).kind == kind


def test_shapes_speak_for_sites_and_areas_for_boundaries() -> None:
    fields = table({"kode": ["A-1", "A-2"], "nama": ["Satu", "Dua"]})
    points = replace(fields, shapes=(Point(112, -7), None))
    areas = replace(fields, shapes=(box(112, -8, 113, -7), box(113, -8, 114, -7)))
    assert fitting_kinds(points)[0].kind == "sites"
    assert fitting_kinds(areas)[0].kind == "boundaries"


def test_two_kinds_that_fit_alike_are_asked() -> None:
    found = recognise(bare("Kode", "Nama"))
    assert "kind.unsure" in codes(found)


# --- always ------------------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.floats(), st.sampled_from(["1.2.3,4", "-", "Rp", "12 ,"])
)


@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from([row[1] for row in EXPECTED])), unique=True, max_size=8),
    st.lists(VALUES, max_size=5),
    st.sampled_from([None, *KINDS]),
)
@settings(max_examples=60, deadline=None)
def test_any_table_is_answered_and_no_column_is_taken_twice(
    names: list[str], values: list[Any], kind: Kind | None
) -> None:
    found = recognise(table(dict.fromkeys(names, values)), kind)
    columns = [one.column for one in found.matches]
    assert len(columns) == len(set(columns))
    positions = [one.position for one in found.matches] + [
        one.position for one in (found.wide.columns if found.wide else ())
    ]
    assert len(positions) == len(set(positions))
    assert all(headings.LEAST <= one.confidence <= 1 for one in found.matches)
    for one in found.told:
        assert one.code in MESSAGES
    cells = canonical_cells(table(dict.fromkeys(names, values)), found)
    assert len(cells.cells) == len(cells.rows)
    assert all(len(places) == len(cells.rows) for places in cells.columns.values())


def test_the_table_given_is_not_altered() -> None:
    given_ = table({"Kode Lokasi": ["A-1"], "Jan 2026": [10], "Feb 2026": [100]})
    copy = given_.body.copy()
    canonical_cells(given_, recognise(given_, "plans"))
    pd.testing.assert_frame_equal(given_.body, copy)


def test_every_code_of_the_module_has_its_words() -> None:
    source = inspect.getsource(headings)
    emitted = {
        part for part in source.split('"') if part.startswith(("heading.", "kind.", "wide.")) and " " not in part
    }
    assert emitted == set(MESSAGES)
    told = dict.fromkeys(
        ("heading", "headings", "column", "columns", "kind", "other", "value", "count", "first", "last"), "7"
    )
    for code, sentences in MESSAGES.items():
        wrong, _ = sentences(translator("en"), {**told, "factor": "1000"})
        assert wrong.endswith("."), code
        assert "{" not in wrong, code
