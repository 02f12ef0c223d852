"""Numbers, rupiah, percentages, days, moments and words are understood as people in Indonesia write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake import values as module
from geo.intake.cells import Level, Raw, ReadColumn, Reading
from geo.intake.values import (
    MESSAGES,
    MOST_RUPIAH,
    column_dates,
    column_moments,
    column_money,
    column_numbers,
    column_percents,
    column_words,
    money_off,
    read_date,
    read_moment,
    read_money,
    read_number,
    read_percent,
    read_word,
)
from geo.locale import translator

ON = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=100), st.datetimes(), st.dates(), st.times(),
    st.text(alphabet=st.characters(codec=None), max_size=10),
    st.text(alphabet="0123456789.,-+()% RprpIDRjtMmTkEe/oOl'", max_size=25),
    st.from_regex(r"[0-9]{1,4}[-/. ](0?[1-9]|[A-Za-z]{3,9})[-/. ][0-9]{1,4}", fullmatch=True),
)  # fmt: skip


def codes(reading: Reading[Any]) -> list[str]:
    return [one.code for one in reading.findings]


def told(column: ReadColumn) -> dict[int, list[str]]:
    return {at: [one.code for one in found] for at, found in column.findings.items()}


def proposals(column: ReadColumn) -> dict[int, str | None]:
    return {at: found[-1].proposal for at, found in column.findings.items()}


def numbers(column: ReadColumn) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.values]


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1.250.000", 1250000),
        ("1.250,5", 1250.5),
        ("1.250", 1250),
        ("1,25", 1.25),
        ("12.5", 12.5),
        ("0.725", 0.725),
        ("1250.50", 1250.5),
        (",5", 0.5),
        ("-7", -7),
        ("−7,5", -7.5),
        (" 1\u00a0250\u00a0000 ", 1250000),
        ("1 250 000,5", 1250000.5),
        ("'1250", 1250),
        ("１２", 12),
        (1250, 1250),
        (12.5, 12.5),
        (0, 0),
    ],
)
def test_a_number_is_read_by_the_indonesian_rule_without_a_word(raw: Raw, expected: float) -> None:
    assert read_number(raw) == Reading(float(expected))


@pytest.mark.parametrize(
    ("raw", "expected", "code"),
    [
        ("1,250.50", 1250.5, "number.english"),
        ("1,250,000", 1250000, "number.english"),
        ("(1.000)", -1000, "number.brackets"),
        ("12 ribu", 12000, "number.scaled"),
        ("1,2 juta", 1200000, "number.scaled"),
        ("120 orang", 120, "number.unit_left_out"),
        ("2,5 m²", 2.5, "number.unit_left_out"),
        ("25%", 25, "number.unit_left_out"),
        ("nihil", 0, "number.nil"),
        ("Nol", 0, "number.nil"),
        ("1,25E+09", 1.25e9, "number.scientific"),
        ("1,250", 1.25, "number.comma"),
        ("1\u200b250", 1250, "value.invisible"),
        ("12\x00", 12, "value.invisible"),
    ],
)
def test_what_was_written_otherwise_is_taken_and_said(raw: Raw, expected: float, code: str) -> None:
    reading = read_number(raw)
    assert reading.value == expected
    assert codes(reading) == [code]
    assert reading.findings[0].level in (Level.NOTED, Level.FLAGGED)


@pytest.mark.parametrize("raw", ["-", "–", "—", "--", "n/a", "N/A", "belum ada", "Belum lapor", "…", "?", "null"])
def test_a_word_or_dash_for_nothing_is_missing_and_never_zero(raw: str) -> None:
    for reading in (read_number(raw), read_money(raw), read_percent(raw, fraction=None), read_date(raw, on=ON)):
        assert reading.value is None
        assert codes(reading) == ["value.nothing"]


@pytest.mark.parametrize("raw", [None, "", "   ", "\u00a0", pd.NaT, pd.NA])
def test_an_empty_cell_is_missing_without_a_word(raw: Any) -> None:
    readings = (read_number(raw), read_money(raw), read_percent(raw, fraction=None), read_date(raw, on=ON))
    assert {*readings, read_word(raw), read_moment(raw, at=AT)} == {Reading(None)}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("tiga", "number.unreadable"),
        ("10-20", "number.unreadable"),
        ("=1+1", "number.unreadable"),
        ("-(5)", "number.unreadable"),
        ("(5", "number.unreadable"),
        ("9" * 300, "number.unreadable"),
        ("1.25.000", "number.misgrouped"),
        ("1,25.000", "number.misgrouped"),
        ("1.250.00", "number.misgrouped"),
        (True, "number.boolean"),
        (date(2026, 5, 1), "number.date"),
        (datetime.fromisoformat("2026-05-01 07:30"), "number.date"),
        (time(7, 30), "number.date"),
        (float("nan"), "number.not_finite"),
        (float("-inf"), "number.not_finite"),
        ("NaN", "number.not_finite"),
        ("∞", "number.not_finite"),
        (10**400, "number.too_large"),
        (1e300, "number.too_large"),
        ("1e99", "number.too_large"),
        ("#REF!", "value.formula_error"),
        ("#N/A", "value.formula_error"),
        ("#####", "value.formula_error"),
    ],
)
def test_what_is_no_number_is_refused(raw: Raw, code: str) -> None:
    reading = read_number(raw)
    assert reading.value is None
    assert codes(reading) == [code]
    assert reading.findings[0].level is Level.REFUSED


@pytest.mark.parametrize(
    ("raw", "code", "proposal"),
    [
        ("± 50", "number.approximate", "50"),
        ("sekitar 1.250", "number.approximate", "1.250"),
        (">100", "number.approximate", "100"),
        ("1O0", "number.lookalike", "100"),
        ("l.25O", "number.lookalike", "1.250"),
        ("12 kucing", "number.unit_unknown", "12"),
        ("1,2 miliyar", "number.unit_unknown", "1,2 miliar"),
        ("1,2 M", "number.letter", "1,2 miliar"),
        ("tidak ada", "number.none", "0"),
    ],
)
def test_what_may_mean_two_things_is_asked_with_a_proposal_that_can_be_read(raw: str, code: str, proposal: str) -> None:
    reading = read_number(raw)
    assert (reading.value, codes(reading), reading.findings[0].proposal) == (None, [code], proposal)
    assert reading.findings[0].level is Level.ASKED
    assert read_number(proposal).value is not None


def test_a_known_decimal_point_turns_both_marks_round() -> None:
    assert read_number("1.250", decimal=".") == Reading(1.25)
    assert read_number("1,250", decimal=".") == Reading(1250.0)
    assert read_number("1,250.5", decimal=".") == Reading(1250.5)
    assert read_number("1,250", decimal=",") == Reading(1.25)


def test_the_unit_of_the_heading_multiplies_unless_the_cell_has_its_own() -> None:
    assert read_number("1,5", unit=1000).value == 1500
    assert read_number("1,5 juta", unit=1000).value == 1_500_000
    assert read_money("1.250,5", unit=10**6) == Reading(1_250_500_000)
    assert read_money("Rp 1,2 M", unit=10**6).value == 1_200_000_000


def test_what_a_word_beside_a_number_says_is_told_only_where_it_is_a_known_unit() -> None:
    assert "kucing" not in repr(read_number("12 kucing").findings)
    assert read_number("12 orang").findings[0].told == {"unit": "orang"}


# --- rupiah ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Rp 1.250.000.000", 1_250_000_000),
        ("Rp. 1.250.000,-", 1_250_000),
        ("Rp.1.250.000,00", 1_250_000),
        ("Rp\u00a01.250.000", 1_250_000),
        ("IDR 500.000", 500_000),
        ("1.250.000 rupiah", 1_250_000),
        ("1.250", 1250),
        ("1250000.00", 1_250_000),
        (1250000, 1_250_000),
        (1250000.0000001, 1_250_000),
        ("0", 0),
    ],
)
def test_money_is_whole_rupiah(raw: Raw, expected: int) -> None:
    reading = read_money(raw)
    assert reading == Reading(expected)
    assert isinstance(reading.value, int)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Rp 1,2 M", 1_200_000_000),
        ("1,2M", 1_200_000_000),
        ("1,2 miliar", 1_200_000_000),
        ("1,2 milyar", 1_200_000_000),
        ("2,5 T", 2_500_000_000_000),
        ("2,5 Triliun rupiah", 2_500_000_000_000),
        ("750 jt", 750_000_000),
        ("750 Juta", 750_000_000),
        ("500rb", 500_000),
        ("500 ribu", 500_000),
        ("500k", 500_000),
        ("3 billion", 3_000_000_000),
        ("Rp1,25 jt.", 1_250_000),
    ],
)
def test_m_is_miliar_and_every_magnitude_is_said_in_full(raw: str, expected: int) -> None:
    reading = read_money(raw)
    assert reading.value == expected
    assert codes(reading) == ["money.scaled"]
    assert reading.findings[0].told == {"amount": str(expected)}


def test_a_magnitude_that_may_be_misread_is_flagged_with_the_other_reading() -> None:
    english = read_money("1.2 M")
    assert (english.value, codes(english)) == (1_200_000_000, ["money.english_magnitude"])
    assert read_money(english.findings[0].proposal).value == 1_200_000
    grouped = read_money("1.250 M")
    assert (grouped.value, codes(grouped)) == (1_250_000_000_000, ["money.grouped_magnitude"])
    assert read_money(grouped.findings[0].proposal).value == 1_250_000_000


@pytest.mark.parametrize(
    ("raw", "code", "level"),
    [
        ("(1.000)", "money.negative", Level.REFUSED),
        (-5, "money.negative", Level.REFUSED),
        ("72%", "money.percent", Level.REFUSED),
        (MOST_RUPIAH + 1, "money.too_large", Level.REFUSED),
        ("9999 T", "money.too_large", Level.REFUSED),
        ("1,250", "money.comma", Level.ASKED),
        ("1,25", "money.no_unit", Level.ASKED),
        (1.25, "money.no_unit", Level.ASKED),
        ("1.000/bulan", "number.unreadable", Level.REFUSED),
        ("1.000 per bulan", "number.unit_unknown", Level.ASKED),
    ],
)
def test_money_that_cannot_be_so_is_not_taken(raw: Raw, code: str, level: Level) -> None:
    reading = read_money(raw)
    assert reading.value is None
    assert reading.findings[-1].code == code
    assert reading.findings[-1].level is level


def test_a_unit_as_large_as_a_trillion_never_breaks_an_amount() -> None:
    assert codes(read_money("9" * 18, unit=10**12)) == ["money.too_large"]
    assert read_money(MOST_RUPIAH).value == MOST_RUPIAH


def test_sen_are_rounded_and_said() -> None:
    reading = read_money("1.250.000,50")
    assert (reading.value, codes(reading)) == (1_250_001, ["money.rounded"])


# --- percentages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "fraction", "expected"),
    [
        ("72,55%", None, 72.55),
        ("72,55 %", True, 72.55),
        ("72,55 persen", None, 72.55),
        ("72,55", None, 72.55),
        (72.55, False, 72.55),
        ("0,7255", False, 0.7255),
        ("0,7255%", None, 0.7255),
        (0, None, 0.0),
        (100.0000000001, False, 100.0),
    ],
)
def test_a_percentage_is_read(raw: Raw, fraction: bool | None, expected: float) -> None:
    assert read_percent(raw, fraction=fraction) == Reading(expected)


@pytest.mark.parametrize("raw", [0.7255, "0,7255", "0.7255"])
def test_a_share_of_one_is_asked_unless_it_is_known_to_be_one(raw: Raw) -> None:
    known, asked = read_percent(raw, fraction=True), read_percent(raw, fraction=None)
    assert (known.value, codes(known)) == (72.55, ["percent.fraction"])
    assert (asked.value, codes(asked)) == (None, ["percent.fraction_or_percent"])
    assert asked.findings[0].proposal == "72,55%"
    assert asked.findings[0].told == {"small": "0.7255", "large": "72.55"}


@pytest.mark.parametrize("raw", ["101%", 150, "-1%", -0.5, "1.250.000"])
def test_a_percentage_outside_0_to_100_is_refused(raw: Raw) -> None:
    assert read_percent(raw, fraction=False).value is None
    assert codes(read_percent(raw, fraction=False)) == ["percent.outside"]


def test_a_percentage_with_a_dot_before_three_digits_is_asked() -> None:
    reading = read_percent("12.500", fraction=False)
    assert (reading.value, codes(reading), reading.findings[0].proposal) == (None, ["percent.thousands"], "12,5%")
    assert read_percent("12.500", fraction=False, decimal=".") == Reading(12.5)


# --- days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "17/08/2026", "17-8-2026", "17.08.2026", "17 08 2026", "17 - 8 - 2026", "2026-08-17", "2026/8/17",
        "17 Agustus 2026", "17 agustus 2026", "17 Agt 2026", "17-Agt-2026", "17 Ags. 2026", "17 August 2026",
        "August 17, 2026", "Aug 17 2026", "17th August 2026", "Senin, 17 Agustus 2026", "Monday, 17 August 2026",
        "per 17 Agustus 2026", "2026-Aug-17", "2026-08-17 00:00:00", "2026-08-17T00:00:00", date(2026, 8, 17),
        datetime.fromisoformat("2026-08-17"), pd.Timestamp("2026-08-17"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_many_spellings_without_a_word(raw: Raw) -> None:
    assert read_date(raw, on=ON) == Reading(date(2026, 8, 17))


def test_the_day_comes_first() -> None:
    assert read_date("03/04/2026", on=ON) == Reading(date(2026, 4, 3))


@pytest.mark.parametrize(
    ("raw", "expected", "code"),
    [
        (46251, date(2026, 8, 17), "date.serial"),
        (46251.75, date(2026, 8, 17), "date.serial"),
        ("46251", date(2026, 8, 17), "date.serial"),
        (20260817, date(2026, 8, 17), "date.compact"),
        ("17082026", date(2026, 8, 17), "date.compact"),
        (3042026, date(2026, 4, 3), "date.compact"),
        ("2026-08-17 10:30", date(2026, 8, 17), "date.time_dropped"),
        ("17/08/2026 10.30 WIB", date(2026, 8, 17), "date.time_dropped"),
        (datetime.fromisoformat("2026-08-17 10:30"), date(2026, 8, 17), "date.time_dropped"),
        ("Juni 2026", date(2026, 6, 30), "date.period_end"),
        ("akhir Juni 2026", date(2026, 6, 30), "date.period_end"),
        ("06/2026", date(2026, 6, 30), "date.period_end"),
        ("2026-02", date(2026, 2, 28), "date.period_end"),
        ("TW II 2026", date(2026, 6, 30), "date.period_end"),
        ("Triwulan I Tahun 2026", date(2026, 3, 31), "date.period_end"),
        ("tw2/2026", date(2026, 6, 30), "date.period_end"),
        ("Q1 2026", date(2026, 3, 31), "date.period_end"),
        ("2026 TW II", date(2026, 6, 30), "date.period_end"),
        ("Semester I 2026", date(2026, 6, 30), "date.period_end"),
        ("B06 2026", date(2026, 6, 30), "date.period_end"),
        ("5 Mei 1998", date(1998, 5, 5), "date.early"),
        ("2 September 2026", date(2026, 9, 2), "date.future"),
    ],
)
def test_a_day_written_otherwise_is_taken_and_said(raw: Raw, expected: date, code: str) -> None:
    reading = read_date(raw, on=ON)
    assert (reading.value, codes(reading)) == (expected, [code])


def test_serial_days_of_the_old_macintosh_count_from_1904() -> None:
    assert read_date(46251 - 1462, on=ON, epoch_1904=True).value == date(2026, 8, 17)


def test_a_planned_day_may_lie_in_the_future() -> None:
    assert read_date("31/12/2027", on=ON, planned=True) == Reading(date(2027, 12, 31))


def test_a_checkpoint_takes_the_year_that_is_known() -> None:
    known, asked = read_date("B06", on=ON, year=2025), read_date("B06", on=ON)
    assert (known.value, codes(known)) == (date(2025, 6, 30), ["date.period_end"])
    assert (asked.value, codes(asked), asked.findings[0].proposal) == (None, ["date.no_year"], "2026-06-30")


@pytest.mark.parametrize(
    ("raw", "code", "proposal"),
    [
        ("17/08/26", "date.two_digit_year", "2026-08-17"),
        ("17-Agt-26", "date.two_digit_year", "2026-08-17"),
        ("Agt-26", "date.two_digit_year", "2026-08-31"),
        ("17 Agustus", "date.no_year", "2026-08-17"),
        ("17/08", "date.no_year", "2026-08-17"),
        ("TW II", "date.no_year", "2026-06-30"),
        ("2026", "date.year_only", "2026-12-31"),
        (2026, "date.year_only", "2026-12-31"),
        ("17 Agusuts 2026", "date.month_misspelt", "2026-08-17"),
        ("17 Setember 2025", "date.month_misspelt", "2025-09-17"),
        ("Febuari 2026", "date.month_misspelt", "2026-02-28"),
        ("08/17/2026", "date.month_first", "2026-08-17"),
        ("17/O8/2026", "date.lookalike", "2026-08-17"),
    ],
)
def test_a_doubtful_day_is_asked_with_a_proposal(raw: Raw, code: str, proposal: str) -> None:
    reading = read_date(raw, on=ON)
    assert (reading.value, codes(reading), reading.findings[0].proposal) == (None, [code], proposal)
    assert reading.findings[0].level is Level.ASKED
    assert read_date(proposal, on=ON, planned=True) == Reading(date.fromisoformat(proposal))


def test_both_days_that_a_two_digit_year_can_mean_are_told() -> None:
    assert read_date("17/08/26", on=ON).findings[0].told == {"first": "2026-08-17", "second": "2017-08-26"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("31/02/2026", "date.impossible"),
        ("31 Juni 2026", "date.impossible"),
        ("29 Februari 2025", "date.impossible"),
        ("31-02-31", "date.impossible"),
        ("32/01/2026", "date.unreadable"),
        ("00/00/0000", "date.unreadable"),
        ("17/13/26", "date.unreadable"),
        ("besok", "date.unreadable"),
        ("17 Kucing 2026", "date.unreadable"),
        (True, "date.unreadable"),
        (time(7, 30), "date.unreadable"),
        (float("nan"), "date.unreadable"),
        (10**400, "date.unreadable"),
        (12.5, "date.unreadable"),
        ("17/08/1845", "date.outside"),
        ("17/08/2226", "date.outside"),
        ("#REF!", "value.formula_error"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(raw: Raw, code: str) -> None:
    reading = read_date(raw, on=ON)
    assert (reading.value, codes(reading)) == (None, [code])
    assert reading.findings[0].level is Level.REFUSED


@given(st.dates(date(2000, 1, 1), ON))
def test_every_day_survives_every_spelling(day: date) -> None:
    name = translator("id").date(day).split()[1]
    serial = (day - date(1899, 12, 30)).days
    written: list[Raw] = [
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", serial,
        datetime.fromisoformat(day.isoformat()),
        f"{day.day} {name} {day.year}", f"{day:%Y%m%d}", f"{day:%d%m%Y}",
    ]  # fmt: skip
    assert {read_date(raw, on=ON).value for raw in written} == {day}


# --- moments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2026-08-17T03:05:00Z", []),
        ("2026-08-17 10:05:00+07:00", []),
        ("2026-08-17 11:05 WITA", []),
        ("17 Agustus 2026 10.05 WIB", []),
        (datetime(2026, 8, 17, 12, 5, tzinfo=timezone(timedelta(hours=9))), []),
        (datetime.fromisoformat("2026-08-17 10:05"), ["moment.no_zone"]),
        ("17/08/2026 10:05", ["moment.no_zone"]),
        ("17/08/2026 10:05 am", ["moment.no_zone"]),
    ],
)
def test_a_moment_is_read_in_utc(raw: Raw, found: list[str]) -> None:
    reading = read_moment(raw, at=AT)
    assert reading.value == datetime(2026, 8, 17, 3, 5, tzinfo=UTC)
    assert codes(reading) == found


def test_a_bare_day_is_its_beginning_and_the_future_is_flagged() -> None:
    day = read_moment("17/08/2026", at=AT)
    assert (day.value, codes(day)) == (datetime(2026, 8, 16, 17, tzinfo=UTC), ["moment.day_only"])
    assert codes(read_moment("2026-09-01T03:00:01Z", at=AT)) == ["moment.future"]
    assert codes(read_moment("2026-08-17 25:00", at=AT)) == ["moment.unreadable"]


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2026-08-31")))
def test_every_moment_survives_its_iso_spelling(moment: datetime) -> None:
    utc = moment.replace(tzinfo=UTC)
    assert read_moment(utc.isoformat(), at=AT) == Reading(utc)


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected", "found"),
    [
        ("KTN Contoh", "KTN Contoh", []),
        ("  KTN\u00a0 Contoh\n", "KTN Contoh", ["word.spaces"]),
        ("KTN\u200b Contoh", "KTN Contoh", ["value.invisible"]),
        ("\u202eKTN\x00 Contoh", "KTN Contoh", ["value.invisible"]),
        ("Kop\ud800erasi", "Koperasi", ["value.invisible"]),
        ("Jum'at Café", "Jum'at Café", []),
        ("=1+1", "=1+1", []),
        ("-", None, ["value.nothing"]),
        ("n/a", None, ["value.nothing"]),
        ("tidak ada", "tidak ada", []),
        ("#REF!", None, ["value.formula_error"]),
        (3507, "3507", ["word.from_number"]),
        (3507.0, "3507", ["word.from_number"]),
        (33.1, "33.1", ["word.from_number"]),
        (True, "TRUE", ["word.from_boolean"]),
        (datetime.fromisoformat("2026-05-01"), "2026-05-01", ["word.from_date"]),
    ],
)
def test_a_text_is_cleaned_and_what_was_hidden_in_it_is_said(raw: Raw, expected: str | None, found: list[str]) -> None:
    reading = read_word(raw)
    assert (reading.value, codes(reading)) == (expected, found)


def test_letters_that_only_look_latin_are_flagged_with_the_latin_spelling() -> None:
    reading = read_word("КTN-001", code=True)  # the first letter is Cyrillic
    assert (codes(reading), reading.findings[0].proposal) == (["word.lookalike"], "KTN-001")
    assert read_word("Ｋ-1", code=True).value == "K-1"
    assert read_word("Жук").findings == ()


def test_a_note_keeps_its_lines() -> None:
    assert read_word("satu \r\ndua\n", lines=True).value == "satu\ndua"
    assert read_word("satu\ndua").value == "satu dua"


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_a_cleaned_text_is_visible_and_stays_as_it_is(raw: str, code: bool, lines: bool) -> None:
    text = read_word(raw, code=code, lines=lines).value
    if text is not None:
        assert {unicodedata.category(sign) for sign in text} & {"Cc", "Cf", "Cs"} <= ({"Cc"} if lines else set())
        assert text.encode("utf-8")
        assert read_word(text, code=code, lines=lines).value == text


# --- columns -----------------------------------------------------------------------------------------------------


def test_a_column_reads_each_cell_as_it_stands_alone() -> None:
    raw = ["1.250", 7, None, "1,5", True, "kucing", 2.5, "-", "1.250.000,5", date(2026, 1, 1), float("nan"), ""]
    column = column_numbers(pd.Series(raw, index=range(100, 112), name="target", dtype=object))
    assert numbers(column) == [1250.0, 7.0, None, 1.5, None, None, 2.5, None, 1250000.5, None, None, None]
    assert told(column) == {
        4: ["number.boolean"], 5: ["number.unreadable"], 7: ["value.nothing"], 9: ["number.date"],
        10: ["number.not_finite"],
    }  # fmt: skip
    assert column.values.dtype == "float64"
    assert list(column.values.index) == list(range(100, 112))
    assert column.values.name == "target"


@given(st.lists(RAW, max_size=12))
@settings(deadline=None)
def test_a_column_agrees_with_its_cells(raw: list[Raw]) -> None:
    cells = pd.Series(raw, dtype=object)
    pairs = [
        (column_numbers(cells, decimal=","), [read_number(cell, decimal=",") for cell in raw]),
        (column_money(cells, decimal=","), [read_money(cell, decimal=",") for cell in raw]),
        (column_percents(cells, fraction=False), [read_percent(cell, fraction=False) for cell in raw]),
        (column_words(cells), [read_word(cell) for cell in raw]),
    ]
    for column, readings in pairs:
        assert len(column.values) == len(raw)
        assert numbers(column) == pytest.approx([one.value for one in readings])
        own = {at: [one for one in found if one.code != "money.neighbours"] for at, found in column.findings.items()}
        assert {at: found for at, found in own.items() if found} == {
            at: list(one.findings) for at, one in enumerate(readings) if one.findings
        }
    days = column_dates(cells, on=ON)
    assert numbers(days) == [
        None if (day := read_date(cell, on=ON).value) is None else pd.Timestamp(day) for cell in raw
    ]


@given(st.lists(RAW, max_size=8))
@settings(deadline=None)
def test_nothing_that_a_file_can_hold_breaks_a_column(raw: list[Raw]) -> None:
    cells = pd.Series(raw, dtype=object)
    for column in (
        column_numbers(cells, unit=1000), column_money(cells, unit=10**6), column_percents(cells),
        column_percents(cells, fraction=True), column_dates(cells, on=ON, year=2026), column_moments(cells, at=AT),
        column_words(cells, code=True), column_words(cells, lines=True),
    ):  # fmt: skip
        assert set(column.findings) <= set(range(len(raw)))
        assert list(column.findings) == sorted(column.findings)
        for at, found in column.findings.items():
            if any(one.level in (Level.REFUSED, Level.ASKED) for one in found):
                assert pd.isna(column.values.iloc[at]), (raw[at], found)


@given(RAW)
def test_a_proposal_is_read_without_asking_again(raw: Raw) -> None:
    number, money = read_number(raw), read_money(raw)
    percent, day = read_percent(raw, fraction=None), read_date(raw, on=ON)
    for reading, read in (
        (number, read_number), (money, read_money), (percent, lambda one: read_percent(one, fraction=None)),
        (day, lambda one: read_date(one, on=ON)),
    ):  # fmt: skip
        for one in reading.findings:
            if one.proposal is not None and one.code not in ("number.approximate", "number.lookalike"):
                assert read(one.proposal).value is not None, one


def test_a_column_of_the_dtypes_that_frames_have_is_read() -> None:
    assert numbers(column_numbers(pd.Series([1.5, np.nan]))) == [1.5, None]
    assert numbers(column_money(pd.Series([1, None], dtype="Int64"))) == [1, None]
    assert numbers(column_numbers(pd.Series(["1.250", None], dtype="str"))) == [1250.0, None]
    assert numbers(column_dates(pd.Series(pd.to_datetime(["2026-08-17", None])), on=ON))[0] == pd.Timestamp(2026, 8, 17)
    assert told(column_numbers(pd.Series([True, False]))) == {0: ["number.boolean"], 1: ["number.boolean"]}
    assert column_money(pd.Series([1, 2])).values.dtype == "Int64"
    assert column_dates(pd.Series(["2026-08-17"]), on=ON).values.dtype == "datetime64[us]"
    assert column_moments(pd.Series(["2026-08-17"]), at=AT).values.dtype == "datetime64[us, UTC]"
    assert column_words(pd.Series(["a"])).values.dtype == "str"


@pytest.mark.parametrize("dtype", [object, "str"])
def test_an_empty_column_is_an_empty_answer(dtype: Any) -> None:
    empty = pd.Series([], dtype=dtype)
    for column in (
        column_numbers(empty), column_money(empty), column_percents(empty), column_dates(empty, on=ON),
        column_moments(empty, at=AT), column_words(empty),
    ):  # fmt: skip
        assert len(column.values) == 0
        assert column.findings == {}


def test_a_lone_dot_is_flagged_only_where_the_column_writes_decimals_with_a_point() -> None:
    assert column_numbers(pd.Series(["1.250", "3.000", "12"])).findings == {}
    mixed = column_numbers(pd.Series(["1.250", "12.5", "0.75"]))
    assert numbers(mixed) == [1250.0, 12.5, 0.75]
    assert (told(mixed), proposals(mixed)) == ({0: ["number.mark_contradicted"]}, {0: "1,25"})


def test_a_lone_comma_is_flagged_where_the_column_writes_thousands_with_commas() -> None:
    mixed = column_numbers(pd.Series(["1,255", "1,250,000"]))
    assert numbers(mixed) == [1.255, 1250000.0]
    assert told(mixed) == {0: ["number.mark_contradicted"], 1: ["number.english"]}
    assert proposals(mixed)[0] == "1255"


def test_a_column_of_shares_of_one_is_multiplied_and_noted() -> None:
    column = column_percents(pd.Series([0.7255, "0,5", 1, 0, None], dtype=object))
    assert numbers(column) == [72.55, 50.0, 100.0, 0.0, None]
    assert told(column) == {at: ["percent.fraction"] for at in (0, 1, 2)}


@pytest.mark.parametrize("other", [85, "85", "85%", 150, "12.500"])
def test_a_mixture_of_shares_and_percentages_is_asked(other: Raw) -> None:
    column = column_percents(pd.Series([0.7255, "1", "0,5%", other], dtype=object))
    assert numbers(column)[:3] == [None, None, 0.5]
    assert told(column)[0] == told(column)[1] == ["percent.fraction_or_percent"]
    assert proposals(column)[0] == "72,55%"


def test_percentages_with_a_one_among_them_are_plain_and_ones_alone_are_asked() -> None:
    assert column_percents(pd.Series([0, 1, 25, 100])).findings == {}
    assert told(column_percents(pd.Series([0, 1, 0]))) == {1: ["percent.fraction_or_percent"]}
    assert told(column_percents(pd.Series([0.5]))) == {0: ["percent.fraction_or_percent"]}
    assert numbers(column_percents(pd.Series([0.5, 1]), fraction=False)) == [0.5, 1.0]


def test_a_share_above_one_in_a_known_column_is_refused() -> None:
    column = column_percents(pd.Series([0.5, 1.2]), fraction=True)
    assert numbers(column) == [50.0, None]
    assert told(column)[1] == ["percent.outside"]


def test_one_date_with_the_month_first_makes_the_others_doubtful() -> None:
    column = column_dates(pd.Series(["08/17/2026", "03/04/2026", "05/05/2026", "25/03/2026", "2026-01-02"]), on=ON)
    assert told(column) == {0: ["date.month_first"], 1: ["date.month_first_column"]}
    assert proposals(column) == {0: "2026-08-17", 1: "2026-03-04"}
    assert numbers(column)[1] == pd.Timestamp(2026, 4, 3)


def test_an_amount_a_thousand_times_off_its_neighbours_is_flagged() -> None:
    column = column_money(pd.Series(["1.250.000.000", "900.000.000", "2.100.000", "1.500.000.000", "700.000.000", 0]))
    assert (told(column), proposals(column)) == ({2: ["money.neighbours"]}, {2: "2100000000"})
    assert numbers(column)[2] == 2_100_000


def test_amounts_are_held_against_their_own_group_where_it_is_large_enough() -> None:
    amounts = pd.Series([10**6] * 6 + [10**9] * 6 + [10**6, 10**9], dtype="Int64")
    groups = pd.Series(["warung"] * 6 + ["rusun"] * 6 + ["rusun", "warung"])
    assert set(money_off(amounts, groups=groups)) == {12, 13}
    assert money_off(amounts) == {}
    assert money_off(amounts[:4], groups=groups[:4]) == {}


def test_amounts_that_lie_far_apart_by_nature_are_not_flagged() -> None:
    assert money_off(pd.Series([10**power for power in range(3, 13)])) == {}


def test_the_column_given_is_not_altered() -> None:
    raw = pd.Series(["Rp 1,2 M", " a ", None, 0.5, "03/04/2026"], dtype=object)
    copy = raw.copy()
    for read in (column_numbers, column_money, column_percents, column_words):
        read(raw)
    column_dates(raw, on=ON)
    pd.testing.assert_series_equal(raw, copy)


@given(st.lists(st.integers(0, 10**14), min_size=1, max_size=30))
def test_amounts_survive_every_usual_spelling(amounts: list[int]) -> None:
    dotted = [f"{amount:,}".replace(",", ".") for amount in amounts]
    for written in (amounts, dotted, [f"Rp {one}" for one in dotted], [f"Rp. {one},-" for one in dotted]):
        assert numbers(column_money(pd.Series(written, dtype=object))) == amounts


def many(kind: str, rows: int) -> pd.Series[Any]:
    random = np.random.default_rng(5)
    amounts = random.integers(10**9, 10**11, rows)
    if kind == "money":
        return pd.Series([f"Rp {amount:,}".replace(",", ".") for amount in amounts], dtype=object)
    if kind == "number":
        return pd.Series([f"{amount / 100:.2f}".replace(".", ",") for amount in amounts], dtype=object)
    if kind == "percent":
        return pd.Series([f"{amount % 10000 / 100:.2f}%".replace(".", ",") for amount in amounts], dtype=object)
    if kind == "date":
        return pd.Series([f"{at % 28 + 1:02}/{at % 12 + 1:02}/{2015 + at % 11}" for at in range(rows)], dtype=object)
    return pd.Series([f"Koperasi Contoh {at:06}" for at in range(rows)], dtype=object)


@pytest.mark.parametrize("kind", ["money", "number", "percent", "date", "word"])
def test_a_hundred_thousand_clean_cells_are_read_without_a_finding(kind: str) -> None:
    raw = many(kind, 100_000)
    read = {
        "money": column_money, "number": column_numbers, "percent": column_percents, "word": column_words,
        "date": lambda cells: column_dates(cells, on=ON),
    }[kind]  # fmt: skip
    column = read(raw)
    assert column.values.notna().all()
    assert column.findings == {}


# --- words for people --------------------------------------------------------------------------------------------


def spoken() -> list[Reading[Any]]:
    """Readings whose findings tell something."""
    return [
        *(read_number(raw) for raw in ("1,2 juta", "12 orang", "1,250")),
        *(read_money(raw) for raw in ("1.2 M", "1.250 M", "1,2 M", "1.250.000,50", MOST_RUPIAH * 2)),
        read_percent(0.7255, fraction=None),
        *(read_date(raw, on=ON) for raw in ("31/02/2026", "17/08/26", "17/08/45", "1/1/1800", "1/1/1999", "1/1/2027")),
        *(read_date(raw, on=ON) for raw in ("B06 2026", 46251, 20260817)),
        Reading(None, tuple(money_off(pd.Series([10**9] * 6 + [10**6])).values())),
    ]


def test_every_code_has_its_words_and_every_word_its_code() -> None:
    source = Path(module.__file__).read_text("utf-8")
    named = re.findall(r'"((?:value|number|money|percent|date|moment|word)\.[a-z_]+)"', source)
    assert set(named) == set(MESSAGES)
    assert {code for code in MESSAGES if named.count(code) < 3} == set(), "its level, its use and its words"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_is_a_sentence_in_both_languages(language: Any) -> None:
    t = translator(language)
    examples = {one.code: one.told for reading in spoken() for one in reading.findings}
    for code, message in MESSAGES.items():
        wrong, remedy = message(t, examples.get(code, {}))
        assert wrong.endswith((".", "?")), code
        assert remedy == "" or remedy.endswith("."), code
        assert "{" not in wrong + remedy


def test_a_message_prints_amounts_and_days_in_the_language() -> None:
    t = translator("id")
    assert "Rp 1.200.000.000" in MESSAGES["money.scaled"](t, {"amount": "1200000000"})[0]
    assert "30 Juni 2026" in MESSAGES["date.period_end"](t, {"day": "2026-06-30"})[0]
