"""Write files as institutions send them: right in what they mean, awkward in how they say it, or wrong.

``SENT`` names them, each with the verdict that it has to get from the first step to the third. The readers' own
awkward files (broken, locked, hostile) stand in ``awkward``. Codes of sites are those of the shipped sample; no office
and no person is real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

A, B, C = "CTH-32.76-KOP-10", "CTH-72.71-RSN-10", "CTH-52.04-RSN-16"
"""Sites of the sample with little progress and no report of October 2026."""

DAY = "31/10/2026"
NIK = "3507090101800001"
"""Sixteen digits of a valid region and day of birth, as no person has them: the number of the day is made up."""


@dataclass(frozen=True)
class Sent:
    """One file and its verdict.

    - ``rows``: accepted, flagged and refused rows of the file; ``None`` where it does not come to that.
    - ``codes``: findings that there must be, whether of the file, the table or a cell; ``never``: that must not be.
    - ``values``: column -> its values in the rows that may be taken; ``proposals``: what is proposed, in order.
    - ``refused``: code of the refusal where the file cannot be read; ``secret``: what must not be repeated then.
    """

    file: str
    write: Callable[[Path], None]
    kind: Any = None
    rows: tuple[int, int, int] | None = None
    codes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    values: Mapping[str, list[Any]] = field(default_factory=dict)
    proposals: tuple[str, ...] = ()
    refused: str | None = None
    secret: str = ""


# --- how files are written ---------------------------------------------------------------------------------------


def csv(*rows: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_text("\n".join(rows) + "\n", encoding=encoding) and None


def book(*rows: list[Any], change: Callable[[Any], None] | None = None) -> Callable[[Path], None]:
    """A workbook of one sheet; ``change`` has the last word."""

    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        for row in rows:
            made.worksheets[0].append(row)
        if change:
            change(made)
        made.save(path)

    return write


def reports(*rows: str, head: str = "Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Realisasi Keuangan (Rp)") -> Any:
    return csv(head, *rows)


def places(*rows: str, head: str = "Lintang;Bujur") -> Any:
    """Sites of Kabupaten Malang, which only differ in how they say where they are."""
    begin = f"Kode Lokasi;Program;Nama Lokasi;Kode Wilayah;{head}"
    return csv(begin, *(f"BARU-{at};koperasi;Koperasi Baru {at};35.07;{row}" for at, row in enumerate(rows)))


def regions(*rows: str) -> Any:
    """Actions, which only differ in how they name their region."""
    head = "Kode Rencana Aksi;Tahun Anggaran;Kode Instansi;Kode Wilayah;Jenis;Rencana Aksi"
    return csv(head, *(f"RB-{at};2026;BNPT;{row};non-fisik;Pelatihan {at}" for at, row in enumerate(rows)))


HEAD = ["Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", "Realisasi Keuangan (Rp)"]
ROW_A: list[Any] = [A, date(2026, 10, 31), 41.5, 50_000_000]
ROW_B: list[Any] = [B, date(2026, 10, 31), 22, 400_000_000]


# --- sheets ------------------------------------------------------------------------------------------------------


def _titled(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet.insert_rows(1, 4)
    sheet["A1"], sheet["A2"] = "LAPORAN REALISASI KEGIATAN", "Dinas Koperasi Contoh, Tahun Anggaran 2026"
    sheet.merge_cells("A1:D1")


def _two_rows(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet.append(["Kode Lokasi", "Tanggal Laporan", "Realisasi", None])
    sheet.append([None, None, "Fisik (%)", "Keuangan (Rp)"])
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(area)
    sheet.append(ROW_A)
    sheet.append(ROW_B)


def _blank_columns(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet.insert_cols(2, 2)
    sheet.insert_cols(1)


def _totals(made: Any) -> None:
    made.worksheets[0].append(["JUMLAH", None, None, 450_000_000])
    made.worksheets[0].append([])
    made.worksheets[0].append(["Catatan: angka sementara"])


def _hidden_sheet(made: Any) -> None:
    sheet = made.create_sheet("Lama", 0)
    sheet.append(HEAD)
    for day in range(1, 20):
        sheet.append([A, date(2025, 1, day), 1, 1])
    sheet.sheet_state = "hidden"


def _several_sheets(made: Any) -> None:
    made.worksheets[0].title = "Laporan"
    made.create_sheet("Petunjuk", 0).append(["Isi lembar Laporan", "sebelum tanggal 5"])
    made.create_sheet("Rekap")["A1"] = "dihitung sendiri"


def _numbered(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet.insert_cols(1)
    for at, text in enumerate(["No", 1, 2], start=1):
        sheet.cell(at, 1, text)
    sheet.insert_rows(2)
    for at in range(1, 6):
        sheet.cell(2, at, f"({at})")


def _commented(made: Any) -> None:
    made.worksheets[0]["C2"].comment = Comment(f"penerima {NIK}", "Kantor")


def _hidden_column(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet["F1"], sheet["F2"] = "Keterangan", f"NIK {NIK}"
    sheet.column_dimensions["F"].hidden = True


def _property(made: Any) -> None:
    made.properties.subject = "Hubungi 0812-3456-7890"


def _named_sheet(made: Any) -> None:
    made.worksheets[0].title = NIK


def _named_property(made: Any) -> None:
    made.custom_doc_props.append(StringProperty(name=f"NIK {NIK}", value="x"))


def _second_sheet(made: Any) -> None:
    sheet = made.create_sheet(f"NIK {NIK}")
    sheet["B3"] = NIK
    sheet.sheet_state = "veryHidden"


def _formula(made: Any) -> None:
    made.worksheets[0]["C2"] = "=40+1.5"


SHEETS: tuple[Sent, ...] = (
    Sent("baku.xlsx", book(HEAD, ROW_A, ROW_B), rows=(2, 0, 0), values={"percent": [41.5, 22.0]}),
    Sent("berjudul.xlsx", book(HEAD, ROW_A, ROW_B, change=_titled), rows=(2, 0, 0), codes=("table.title",)),
    Sent(
        "dua-baris-judul.xlsx",
        book(change=_two_rows),
        rows=(2, 0, 0),
        codes=("table.header_rows",),
        values={"percent": [41.5, 22.0], "spend": [50_000_000, 400_000_000]},
    ),
    Sent("kolom-kosong.xlsx", book(HEAD, ROW_A, ROW_B, change=_blank_columns), rows=(2, 0, 0)),
    Sent("jumlah.xlsx", book(HEAD, ROW_A, ROW_B, change=_totals), rows=(2, 0, 0), codes=("table.total",)),
    Sent("lembar-lama.xlsx", book(HEAD, ROW_A, change=_hidden_sheet), rows=(1, 0, 0), codes=("sheet.hidden",)),
    Sent("lembar-banyak.xlsx", book(HEAD, ROW_A, change=_several_sheets), rows=(1, 0, 0), codes=("sheet.chosen",)),
    Sent("bernomor.xlsx", book(HEAD, ROW_A, ROW_B, change=_numbered), rows=(2, 0, 0), codes=("table.numbering",)),
    Sent("tanpa-baris.xlsx", book(HEAD), codes=("file.no_rows",)),
    Sent("tanpa-kolom.csv", csv("Kode Lokasi;Catatan", f"{A};x"), "reports", codes=("file.missing_columns",)),
    Sent("rumus-kosong.xlsx", book(HEAD, ROW_A, ROW_B, change=_formula), rows=(1, 0, 1), codes=("cell.uncomputed",)),
    Sent(
        "inggris.csv",
        csv("Site code,Report date,Physical progress (%)", f"{A},2026-10-31,41.5"),
        rows=(1, 0, 0),
        values={"percent": [41.5]},
    ),
    Sent(
        "salah-ketik.csv",
        csv("Kode Lokassi;Tangal Laporan;Realisai Fisik (%)", f"{A};{DAY};41,5"),
        rows=(1, 0, 0),
        codes=("heading.similar",),
    ),
    Sent(
        "per-bulan.csv",
        csv("Kode Lokasi;Ags 2026;Sep 2026;Okt 2026", f"{A};30%;35%;41,5%"),
        "reports",
        rows=(1, 0, 0),
        codes=("wide.periods",),
        values={"percent": [30.0, 35.0, 41.5]},
    ),
)

# --- values ------------------------------------------------------------------------------------------------------

VALUES: tuple[Sent, ...] = (
    Sent(
        "bilangan.csv",
        reports(f"{A};{DAY};72,55%;1.250.000", f"{B};{DAY};41,5;Rp 1,2 M", f"{C};{DAY};20;750,5 juta"),
        rows=(3, 0, 0),
        values={"percent": [72.55, 41.5, 20.0], "spend": [1_250_000, 1_200_000_000, 750_500_000]},
    ),
    Sent(
        "pecahan.csv",
        reports(f"{A};{DAY};0,7255;", f"{B};{DAY};0,4;", f"{C};{DAY};0,2;"),
        codes=("percent.fraction",),
        rows=(3, 0, 0),
        values={"percent": [72.55, 40.0, 20.0]},
    ),
    Sent(
        "satu-pecahan.csv",
        reports(f"{A};{DAY};0,7255;", f"{B};{DAY};41,5;"),
        rows=(1, 0, 1),
        codes=("percent.fraction_or_percent",),
    ),
    Sent(
        "tanggal.csv",
        reports(f"{A};17/08/2026;20;", f"{B};17 Agustus 2026;20;", f"{C};2026-08-17;20;"),
        rows=(3, 0, 0),
        values={"as_of": [date(2026, 8, 17)] * 3},
    ),
    Sent(
        "hari-dahulu.csv",
        reports(f"{A};03/04/2026;20;", f"{B};13/04/2026;20;"),
        rows=(2, 0, 0),
        values={"as_of": [date(2026, 4, 3), date(2026, 4, 13)]},
    ),
    Sent(
        "nomor-seri.csv",
        reports(f"{A};46326;20;", f"{B};46326;20;"),
        values={"as_of": [date(2026, 10, 31)] * 2},
        codes=("date.serial",),
        rows=(2, 0, 0),
    ),
    Sent("tahun-pendek.csv", reports(f"{A};31/10/26;20;"), rows=(0, 0, 1), codes=("date.two_digit_year",)),
    Sent("tanggal-mustahil.csv", reports(f"{A};31/09/2026;20;"), rows=(0, 0, 1), codes=("date.impossible",)),
    Sent("masa-depan.csv", reports(f"{A};05/12/2026;20;"), rows=(0, 1, 0), codes=("date.future",)),
    Sent("lebih-100.csv", reports(f"{A};{DAY};140;", f"{B};{DAY};-3;"), rows=(0, 0, 2), codes=("percent.outside",)),
    Sent("turun.csv", reports(f"{B};{DAY};4;"), rows=(0, 1, 0), codes=("progress.falls",)),
    Sent(
        "turun-dalam-berkas.csv",
        reports(f"{A};30/09/2026;50;", f"{A};{DAY};40;"),
        rows=(1, 1, 0),
        codes=("progress.falls",),
    ),
    Sent(
        "uang-seribu.csv",
        reports(
            *(f"{B};{day:02}/10/2026;{day};{300_000_000 + day * 1_000_000}" for day in range(11, 20)),
            f"{B};{DAY};30;390000",
        ),
        rows=(9, 1, 0),
        codes=("money.neighbours",),
        proposals=("390000000",),
    ),
    Sent("melebihi-kontrak.csv", reports(f"{A};{DAY};50;999.000.000"), rows=(0, 1, 0), codes=("money.above",)),
    Sent(
        "rencana-tak-selesai.csv",
        csv("Kode Lokasi;Tanggal;Rencana Fisik (%)", f"{A};30/06/2026;40", f"{A};31/12/2026;90"),
        "plans",
        rows=(0, 0, 2),
        codes=("plan.unfinished",),
    ),
    Sent("dua-kali.csv", reports(f"{A};{DAY};20;", f"{A};{DAY};20;"), codes=("row.twice_same",)),
    Sent("dua-jawaban.csv", reports(f"{A};{DAY};20;", f"{A};{DAY};30;"), rows=(0, 0, 2), codes=("row.twice",)),
    Sent(
        "satuan-judul.csv",
        reports(f"{A};{DAY};20;50", head="Kode Lokasi;Tanggal;Realisasi Fisik (%);Realisasi Keuangan (Juta Rp)"),
        values={"spend": [50_000_000]},
        codes=("heading.scale",),
    ),
    Sent("rumus-rusak.csv", reports(f"{A};{DAY};#REF!;"), rows=(0, 0, 1), codes=("value.formula_error",)),
    Sent(
        "tahap.csv",
        csv("Kode Lokasi;Tanggal Laporan;Tahap", f"{A};{DAY};Konstruksi", f"{B};{DAY};konstruks"),
        "reports",
        rows=(1, 0, 1),
        codes=("choice.nearly",),
        values={"stage": ["in_progress"]},
    ),
)

# --- places ------------------------------------------------------------------------------------------------------

PLACES: tuple[Sent, ...] = (
    Sent("koma.csv", places("-8,1701;112,6402"), rows=(1, 0, 0), values={"lon": [112.6402], "lat": [-8.1701]}),
    Sent(
        "derajat-menit.csv",
        places("8°10'12\" LS;112°38'24\" BT", "8 10 12 S;112 38 24 E", "S 8° 10.2';E 112° 38.4'"),
        values={"lon": [112.64] * 3, "lat": [-8.17] * 3},
        codes=("place.sexagesimal",),
    ),
    Sent("satu-sel.csv", places("-8.17, 112.64", head="Koordinat"), values={"lon": [112.64], "lat": [-8.17]}),
    Sent("tertukar.csv", places("112,64;-8,17"), codes=("place.swapped",)),
    Sent("utm.csv", places("9096600;680650;49S", head="Lintang;Bujur;Zona UTM"), codes=("place.utm",)),
    Sent("rusak-excel.csv", places("-817;11264", "-8170000;112640000"), codes=("place.power",)),
    Sent("nol.csv", places("0;0"), rows=(0, 0, 1), codes=("place.zero",)),
    Sent("luar-negeri.csv", places("48,85;2,35"), rows=(0, 0, 1), codes=("place.outside",)),
    Sent("lain-kabupaten.csv", places("-7,25;112,74"), rows=(0, 1, 0), codes=("place.elsewhere",)),
    Sent("sebagian.csv", places("-8,17;"), rows=(0, 0, 1), codes=("place.half",)),
    Sent("tanpa-tanda.csv", places("8,17;112,64"), codes=("place.sign",)),
)

# --- codes -------------------------------------------------------------------------------------------------------

CODES: tuple[Sent, ...] = (
    Sent("tanpa-titik.csv", regions("3507", "35.07"), rows=(2, 0, 0), values={"region_code": ["35.07", "35.07"]}),
    Sent("pecahan-excel.csv", regions("33.1"), rows=(0, 0, 1), codes=("region.fraction",), proposals=("33.10",)),
    Sent("nama.csv", regions("Kab. Malang", "Kota Malang"), values={"region_code": ["35.07", "35.73"]}),
    Sent("nama-saja.csv", regions("Malang"), rows=(0, 0, 1), codes=("region.several",)),
    Sent("nama-salah-ketik.csv", regions("Kab. Banyuwngi"), rows=(0, 0, 1), codes=("region.nearly",)),
    Sent("bps.csv", regions("7271", "7201", "7212"), codes=("region.code_systems",)),
    Sent("tidak-dikenal.csv", regions("99.99"), rows=(0, 0, 1), codes=("region.unknown_code",)),
    Sent("kode-lokasi.csv", reports(f"{A.lower()};{DAY};20;", f"X-1;{DAY};20;"), rows=(0, 0, 2),
         codes=("reference.near_sites", "reference.unknown_sites"), proposals=(A,)),
    Sent(
        "instansi.csv",
        csv(
            "Kode Rencana Aksi;Tahun;Instansi;Kode Wilayah;Jenis;Rencana Aksi",
            "RB-1;2026;Kementerian Pertanian;35.07;fisik;Gudang",
            "RB-2;2026;Kementerian Pertahian;35.07;fisik;Gudang dua",
        ),
        "actions",
        codes=("institution.nearly",),
        values={"institution_code": ["KEMENTAN"]},
    ),
    Sent("mirip.csv", csv(
        "Kode Lokasi;Program;Nama Lokasi;Kode Wilayah;Lintang;Bujur",
        "BARU-1;koperasi;Kоperasi Baru;35.07;-8,17;112,64",
    ), codes=("word.lookalike",)),
    Sent("sudah-ada.csv", csv(
        "Kode Lokasi;Program;Nama Lokasi;Kode Wilayah;Lintang;Bujur",
        "BARU-1;rusun;Rusun Contoh Kabonena;72.71;-0,88905;119,83353",
    ), rows=(0, 1, 0), codes=("site.same_name",)),
)  # fmt: skip

# --- personal data -----------------------------------------------------------------------------------------------

PERSONAL: tuple[Sent, ...] = (
    Sent("nik.csv", csv("Kode Lokasi;Tanggal Laporan;Catatan", f"{A};{DAY};{NIK}"),
         refused="personal.cell", secret=NIK),
    Sent("telepon.csv", csv("Kode Lokasi;Tanggal Laporan;Catatan", f"{A};{DAY};hubungi 0812-3456-7890"),
         refused="personal.cell", secret="3456"),
    Sent("surel.csv", csv("Kode Lokasi;Tanggal Laporan;Catatan", f"{A};{DAY};kantor@contoh.go.id"),
         refused="personal.cell", secret="kantor@"),
    Sent("nama-penerima.csv", csv("Kode Lokasi;Tanggal Laporan;Nama Penerima", f"{A};{DAY};(dihapus)"),
         refused="personal.heading", secret="dihapus"),
    Sent("komentar.xlsx", book(HEAD, ROW_A, change=_commented), refused="personal.comment", secret=NIK),
    Sent("kolom-tersembunyi.xlsx", book(HEAD, ROW_A, change=_hidden_column), refused="personal.cell", secret=NIK),
    Sent(f"laporan-{NIK}.xlsx", book(HEAD, ROW_A), refused="personal.file_name", secret=NIK),
    Sent("nama-lembar.xlsx", book(HEAD, ROW_A, change=_named_sheet), refused="personal.sheet_name", secret=NIK),
    Sent("nama-properti.xlsx", book(HEAD, ROW_A, change=_named_property), refused="personal.property", secret=NIK),
    Sent("lembar-tersembunyi.xlsx", book(HEAD, ROW_A, change=_second_sheet), refused="personal.cell", secret=NIK),
    Sent("properti.xlsx", book(HEAD, ROW_A, change=_property), refused="personal.property", secret="3456"),
)  # fmt: skip

SENT: tuple[Sent, ...] = (*SHEETS, *VALUES, *PLACES, *CODES, *PERSONAL)
