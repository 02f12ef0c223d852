"""Personal data is found wherever a file can carry it, its place is told, and harmless figures are let through."""

from __future__ import annotations

import time as clock
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake.cells import Level
from geo.intake.personal import (
    MESSAGES,
    PROVINCES,
    Kind,
    Part,
    Place,
    findings,
    personal_heading,
    personal_in_column,
    personal_in_text,
    scan,
    scan_texts,
    without_persons,
)
from geo.locale import translator

# Numbers that are built as the real ones but belong to nobody: kecamatan 99, the day of a calendar's end.
NIK = "3507993112990001"
NIK_WOMAN = "3507997112990001"
PHONE = "081200000000"


@pytest.mark.parametrize(
    "text",
    [
        NIK, NIK_WOMAN, f"{NIK}.0", f"{NIK},00",
        f"'{NIK}", f"NIK: {NIK}", f"NIK.{NIK}", "3507 9931 1299 0001", "350799 311299 0001",
        "35.07.99.311299.0001", "35.07.99.31.12.99.0001", "3507-9931-1299-0001", "3 5 0 7 9 9 3 1 1 2 9 9 0 0 0 1",
        "3507\u200b993112990001", "３５０７９９３１１２９９０００１", f"({NIK})", f"dinas;{NIK};x",
    ],
)  # fmt: skip
def test_a_nik_is_found_in_every_spelling(text: str) -> None:
    assert personal_in_text(text) is Kind.NIK


@pytest.mark.parametrize(
    "text",
    [
        "9907993112990001",  # no such province
        "5407993112990001",  # a province that is no more
        "3507993113990001",  # a thirteenth month
        "3507993202990001",  # 32 February
        "3507993002990001",  # 30 February
        "3507992902970001",  # 29 February of a year without one
        "3507000112990001",  # no kecamatan
        "3507993112990000",  # nobody is number 0
        "35079931129900012",
        "350799311299000",
        "1.250.000.000.000.000",
        "1 250 000 000 000 000",
        "3.507.993.112.990.001",
        "-7.1234 112.12345678",
        "112.5678901234567",
        "0.3507993112990001",
    ],
)
def test_sixteen_digits_that_are_no_nik_are_let_through(text: str) -> None:
    assert personal_in_text(text) is None


@pytest.mark.parametrize(
    "text",
    [
        PHONE, "0812-0000-0000", "0812 0000 0000", "0812.0000.0000", "+6281200000000", "+62 812-0000-0000",
        "(+62) 812 0000 0000", "6281200000000", "62 812 0000 0000", "(021) 5550000", "021-5550000", "0341 555000",
        "(0341) 555000", "+62 21 5550000", "Telp. 555000 0", "HP: 81200000000", "WA 0812 0000 0000", "hp0812-0000-000",
        f"hubungi {PHONE}.", f"{PHONE}/{PHONE}", "+1 202 555 0100",
    ],
)  # fmt: skip
def test_a_phone_number_is_found_in_every_spelling(text: str) -> None:
    assert personal_in_text(text) is Kind.PHONE


@pytest.mark.parametrize(
    "text",
    [
        "dinas@example.go.id", "DINAS@EXAMPLE.GO.ID", "surat: dinas.contoh+1@mail.example.com.",
        "dinas [at] example.com",
        "dinas(at)example(dot)com", "dinas＠example.com", "<dinas@example.com>", "mailto:dinas@example.com",
    ],
)  # fmt: skip
def test_an_email_address_is_found_in_every_spelling(text: str) -> None:
    assert personal_in_text(text) is Kind.EMAIL


@pytest.mark.parametrize(
    "text",
    [
        "", "Koperasi Contoh", "Rp 1.250.000.000", "Rp. 62.812.345.678,-", "1.250.000.000,50", "62.812.345.678",
        "+1.250.000.000", "-7,123456; 112,567890", "-7.081234567, 112.081234567", "0.8123456789",
        "7°07'24\" LS 112°34'04\" BT",
        "49S 693000 9215000", "SP DIPA-113.01.1.417591/2026", "DIPA-018.03.2.239098/2026", "018.03.2.239098",
        "5.1.02.01.01.0024", "5.1.02.01.01.0024.12345", "35.07.09.1008", "3507091008", "62.08.01.2001", "6208012001",
        "17/08/2026 10:30:00", "2026-08-17T10:30:00+07:00", "20260817", "17-08-2026 s/d 31-12-2026", "01-08-2026",
        "SITE-0812345678", "KTN_081234567890", "Nomor 12/PRT/M/2011", "1:25.000", "2024-2026", "https://example.com/maps/@-7.98,112.63",
        "5 unit @ Rp 500.000", "5@Rp.500.000", "ISBN 978-602-0000-00-0", "08.00-16.00 WIB",
        "Perpres 39/2019, UU 4/2011",
    ],
)  # fmt: skip
def test_harmless_texts_are_let_through(text: str) -> None:
    assert personal_in_text(text) is None


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("NIK", Kind.NIK), ("No. KTP", Kind.NIK), ("Nomor Induk Kependudukan", Kind.NIK), ("No KK", Kind.NIK),
        ("Identity Number", Kind.NIK), ("Nama Penerima", Kind.NAME), ("NAMA PENERIMA MANFAAT", Kind.NAME),
        ("nama_penerima", Kind.NAME), ("Nama Mitra", Kind.NAME), ("Nama Lengkap", Kind.NAME), ("Nama Peserta",
        Kind.NAME),
        ("Nama Ketua Koperasi", Kind.NAME), ("Nama Penanggung Jawab", Kind.NAME),
        ("Nama Instansi Penanggung Jawab", None), ("Nama penrima", Kind.NAME),
        ("Beneficiary Name", Kind.NAME), ("Name of participant", Kind.NAME), ("Full name", Kind.NAME),
        ("Contact Person", Kind.NAME), ("No HP", Kind.PHONE), ("No. Telp/HP", Kind.PHONE), ("Nomor Telepon",
        Kind.PHONE),
        ("Whatsapp", Kind.PHONE), ("Phone number", Kind.PHONE), ("Email", Kind.EMAIL), ("E-mail", Kind.EMAIL),
        ("Alamat email", Kind.EMAIL), ("Alamat", Kind.ADDRESS), ("Alamat Rumah", Kind.ADDRESS), ("Home address",
        Kind.ADDRESS),
        ("Tanggal Lahir", Kind.BIRTH), ("Tgl. Lahir", Kind.BIRTH), ("Tempat/Tgl Lahir", Kind.BIRTH), ("TTL",
        Kind.BIRTH),
        ("Date of birth", Kind.BIRTH), ("BNBA", Kind.NAME),
        ("Nama", None), ("Nama Lokasi", None), ("Nama Kegiatan", None), ("Nama Koperasi Penerima", None),
        ("Nama Program", None), ("Nama Instansi", None), ("Nama Kelurahan", None), ("Nama Pendampingan", None),
        ("Contract name", None), ("Site name", None), ("Jumlah Penerima Manfaat", None), ("Jumlah peserta", None),
        ("Number of phone calls", None),
        ("Penerima Manfaat (orang)", None), ("Penanggung Jawab", None), ("Alamat Kantor", None), ("Alamat Lokasi",
        None),
        ("Alamat Sumber", None), ("Alamat sumber yang terbuka.", None),
        ("Alamat Koperasi", None), ("Site address", None), ("Tanggal Mulai", None), ("Tanggal Laporan", None),
        ("Nilai Kontrak", None), ("Kontrak", None), ("Realisasi Fisik (%)", None), ("Teknik", None), ("Mitra", None),
        ("Komunikasi", None), ("Jumlah NIK valid", None), ("", None), ("Nama penerima " * 10, None),
    ],
)  # fmt: skip
def test_a_heading_that_asks_for_persons_is_told_from_one_that_does_not(heading: str, kind: Kind | None) -> None:
    assert personal_heading(heading) is kind


# --- columns -----------------------------------------------------------------------------------------------------


def test_positions_are_told_in_text_and_in_numbers() -> None:
    column = pd.Series(
        ["Contoh", None, NIK, int(NIK), float(NIK), PHONE, 12.5, True, "dinas@example.com"], dtype=object
    )
    assert personal_in_column(column) == {
        2: Kind.NIK, 3: Kind.NIK, 4: Kind.NIK, 5: Kind.PHONE, 8: Kind.EMAIL,
    }  # fmt: skip


def test_a_nik_whose_last_digits_excel_lost_is_still_found() -> None:
    assert personal_in_column(pd.Series([3507993112990000.0])) == {0: Kind.NIK}


def test_bare_digits_are_phone_numbers_only_where_nearly_all_of_the_column_are() -> None:
    phones = [6281200000000 + at for at in range(5)]
    assert set(personal_in_column(pd.Series(phones))) == set(range(5))
    assert set(personal_in_column(pd.Series(["Nomor", *map(str, phones)]))) == set(range(1, 6))
    assert personal_in_column(pd.Series([62812345678, 1250000000, 900000000, 70000000])) == {}
    assert personal_in_column(pd.Series(["62812345678", "1250000000", "900000000"])) == {}


def test_a_column_of_budget_codes_is_not_taken_for_population_numbers() -> None:
    random = np.random.default_rng(7)
    codes = pd.Series([str(code) for code in random.integers(10**15, 10**16, 2000)])
    assert any(personal_in_text(code) is Kind.NIK for code in codes)
    assert personal_in_column(codes) == {}
    assert set(personal_in_column(pd.Series([NIK] * 2000))) == set(range(2000))


@pytest.mark.parametrize("seed", range(2))
def test_a_hundred_thousand_amounts_of_money_raise_no_alarm(seed: int) -> None:
    random = np.random.default_rng(seed)
    amounts = np.floor(10 ** random.uniform(3, 14.9, 100_000)).astype("int64")
    dotted = [f"{amount:,}".replace(",", ".") for amount in amounts]
    spaced = [f"{amount:,}".replace(",", " ") for amount in amounts]
    for written in (amounts, amounts.astype("float64"), dotted, spaced, list(map(str, amounts))):
        assert personal_in_column(pd.Series(written), money=True) == {}
        assert personal_in_column(pd.Series(written)) == {}
    for written in (
        [f"Rp {one}" for one in dotted],
        [f"Rp. {one},-" for one in dotted],
        [f"{one},50" for one in dotted],
    ):
        assert personal_in_column(pd.Series(written)) == {}


@pytest.mark.parametrize("seed", range(2))
def test_coordinates_dates_and_region_codes_raise_no_alarm(seed: int) -> None:
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(95, 141, 20_000), random.uniform(-11, 6, 20_000)
    for digits in (4, 6, 8, 12):
        pairs = [f"{y:.{digits}f}, {x:.{digits}f}" for x, y in zip(lon, lat, strict=True)]
        spaced = [f"{y:.{digits}f} {x:.{digits}f}" for x, y in zip(lon, lat, strict=True)]
        comma = [f"{x:.{digits}f}".replace(".", ",") for x in lon]
        for written in (pairs, spaced, comma):
            assert personal_in_column(pd.Series(written)) == {}
    assert personal_in_column(pd.Series(lon)) == {}
    days = pd.Series(pd.date_range("2015-01-01", periods=5000))
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%Y%m%d"):
        assert personal_in_column(days.dt.strftime(pattern)) == {}
    parts = [random.integers(low, high, 5000) for low, high in ((11, 97), (1, 80), (1, 60), (1001, 2999))]
    codes = [f"{a}.{b:02}.{c:02}.{d}" for a, b, c, d in zip(*parts, strict=True)]
    assert personal_in_column(pd.Series(codes)) == {}
    assert personal_in_column(pd.Series([code.replace(".", "") for code in codes])) == {}


@given(
    st.sampled_from(sorted(PROVINCES)), st.integers(1, 79), st.integers(1, 99), st.dates(), st.booleans(),
    st.integers(1, 9999),
)  # fmt: skip
@settings(max_examples=200)
def test_every_well_formed_nik_is_found(a: int, b: int, c: int, birth: Any, woman: bool, number: int) -> None:
    day = birth.day + (40 if woman else 0)
    nik = f"{a}{b:02}{c:02}{day:02}{birth.month:02}{birth.year % 100:02}{number:04}"
    assert personal_in_text(f"x {nik} y") is Kind.NIK


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    personal_in_text(text)
    assert personal_in_column(pd.Series(["\ud800", NIK + "\ud800"], dtype=object)) == {1: Kind.NIK}
    personal_heading(text)
    personal_in_column(pd.Series([text, None, 10**400, float("inf"), True], dtype=object))


@given(st.integers(1000, 10**15 - 1), st.floats(95, 141), st.floats(-11, 6), st.integers(1, 12), st.dates())
def test_amounts_coordinates_and_days_are_harmless(amount: int, lon: float, lat: float, digits: int, day: Any) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    harmless = [
        dotted, f"Rp {dotted}", f"Rp. {dotted},-", f"{dotted},50", f"{amount:,}.00", f"{amount}.0", f"+{dotted}",
        f"{lat:.{digits}f}, {lon:.{digits}f}", f"{lat:.{digits}f} {lon:.{digits}f}",
        f"{lon:.{digits}f}".replace(".", ","),
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y} 08.00-16.00 WIB", f"{day:%d.%m.%Y}",
    ]  # fmt: skip
    assert [text for text in harmless if personal_in_text(text) is not None] == []


def test_a_hostile_text_is_answered_at_once() -> None:
    start = clock.perf_counter()
    for text in (
        "a.a" * 10_000 + "@",
        "@" + "a." * 10_000,
        "0 " * 10_000,
        "0812-" * 10_000,
        "+62" * 10_000,
        "1" * 30_000,
    ):
        personal_in_text(text)
    assert clock.perf_counter() - start <= 2.0


# --- sheets and documents ----------------------------------------------------------------------------------------

SHEET = pd.DataFrame(
    [
        ["Daftar penerima manfaat", None, None, None],
        ["Lokasi", "Nama Penerima", "Pagu (Rp)", "Catatan"],
        ["KTN Contoh", "A", 62812345678, None],
        ["KTN Contoh", "B", 62812345679, f"hubungi {PHONE}"],
        ["KTN Contoh", "C", 62812345680, None],
    ],
    dtype=object,
)


def test_a_sheet_is_searched_with_its_headings_comments_and_hidden_columns() -> None:
    places = scan(
        SHEET, rows=[3, 4, 5, 6, 7], columns=[1, 2, 3, 28], notes=[(5, 1, f"NIK {NIK}"), (6, 1, "Dinas Contoh")]
    )
    assert places == (
        Place(Kind.NAME, Part.HEADING, 4, 2),
        Place(Kind.PHONE, Part.CELL, 6, 28),
        Place(Kind.NIK, Part.COMMENT, 5, 1),
    )


def test_which_columns_hold_money_can_be_given() -> None:
    rows, columns = [1, 2, 3, 4, 5], [1, 2, 3, 4]
    amounts = {place.column for place in scan(SHEET, rows=rows, columns=columns, money=[])}
    assert amounts == {2, 3, 4}
    assert {place.column for place in scan(SHEET, rows=rows, columns=columns, money=[2])} == {2, 4}


def test_a_heading_with_nothing_below_it_is_harmless() -> None:
    cells = pd.DataFrame([["Lokasi", "NIK"], ["KTN Contoh", None]], dtype=object)
    assert scan(cells, rows=[1, 2], columns=[1, 2]) == ()


def test_an_empty_sheet_is_harmless() -> None:
    assert scan(pd.DataFrame(), rows=[], columns=[]) == ()


def test_properties_are_searched_and_names_of_persons_dropped_without_a_word() -> None:
    properties = {"title": "Laporan", "dc:creator": "Dinas Contoh", "lastModifiedBy": "Dinas Contoh", "keywords": PHONE}
    assert scan_texts(properties) == (Place(Kind.PHONE, Part.PROPERTY, name="keywords"),)
    assert set(without_persons(properties)) == {"title", "keywords"}


def test_a_finding_names_the_cells_and_never_what_they_hold() -> None:
    places = [Place(Kind.NIK, Part.CELL, row, 3) for row in (*range(5, 105), 110)] + [Place(Kind.NIK, Part.CELL, 7, 28)]
    (found,) = findings(places)
    assert found.level is Level.REFUSED
    assert found.told == {"kind": "nik", "cells": "C5:C104, C110, AB7", "number": "102"}
    assert found.proposal is None
    secret = findings(scan(SHEET, rows=range(1, 6), columns=range(1, 5), notes=[(5, 1, f"NIK {NIK}")]))
    assert NIK not in repr(secret)
    assert PHONE not in repr(secret)


def test_a_long_list_of_cells_is_cut() -> None:
    (found,) = findings([Place(Kind.PHONE, Part.CELL, row, 1) for row in range(2, 200, 2)])
    assert found.told["cells"].endswith("A40, …")
    assert found.told["number"] == "99"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_part_and_kind_has_its_words(language: Any) -> None:
    t = translator(language)
    for part in Part:
        for kind in Kind:
            (found,) = findings([Place(kind, part, 5, 3, name="title" if part is Part.PROPERTY else "")])
            wrong, remedy = MESSAGES[found.code](t, found.told)
            assert {Part.PROPERTY: "title", Part.FILE_NAME: "", Part.SHEET_NAME: "5"}.get(part, "C5") in wrong
            assert wrong.endswith(".")
            assert remedy.endswith(".")
    assert set(MESSAGES) == {f"personal.{part}" for part in Part}


def test_a_sheet_of_a_hundred_thousand_rows_is_searched_to_its_end() -> None:
    random = np.random.default_rng(3)
    amounts = random.integers(10**6, 10**11, 100_000)
    cells = pd.DataFrame(
        {
            "code": [f"S-{at:06}" for at in range(100_000)],
            "name": [f"Koperasi Contoh {at:06}" for at in range(100_000)],
            "spend": [f"Rp {amount:,}".replace(",", ".") for amount in amounts],
            "lon": [str(lon) for lon in random.uniform(95, 141, 100_000)],
            "as_of": ["2026-06-30"] * 100_000,
            "percent": random.uniform(0, 100, 100_000),
        }
    ).astype(object)
    assert scan(cells, rows=range(1, 100_001), columns=range(1, 7)) == ()
    cells.iat[-1, 1] = "0812 3456 7890"
    assert len(scan(cells, rows=range(1, 100_001), columns=range(1, 7))) == 1
