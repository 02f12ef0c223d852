"""Codes, names and words lead to what they mean, and never to a guess."""

from __future__ import annotations

import itertools
import re
from datetime import date, time
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake import codes as module
from geo.intake.cells import Level, Raw, ReadColumn, Reading
from geo.intake.codes import (
    CLOSED_LISTS,
    FORMER_NAMES,
    MESSAGES,
    MOVED,
    Coding,
    choices_for,
    coding_of,
    column_choices,
    column_institutions,
    column_regions,
    programme_choices,
    read_choice,
    read_institution,
    read_region,
)
from geo.locale import translator
from geo.model import ActionStatus, DataStatus, LocationPrecision, Stage
from geo.programmes import load_programmes
from geo.regions import region_table, regions
from tests.prepared import shared_sample

INSTITUTIONS = pd.DataFrame(
    {
        "code": ["KEMENSOS", "KEMENAG", "BNPT", "BAPPENAS", "KEMENKO-PMK", "PEMDA-35.07", "PEMDA-35", "PEMDA-33.72"],
        "name": [
            "Kementerian Sosial",
            "Kementerian Agama",
            "Badan Nasional Penanggulangan Terorisme",
            "Kementerian Perencanaan Pembangunan Nasional/Bappenas",
            "Kementerian Koordinator Bidang Pembangunan Manusia dan Kebudayaan",
            "Pemerintah Kabupaten Malang",
            "Pemerintah Provinsi Jawa Timur",
            "Pemerintah Kota Surakarta",
        ],
        "kind": ["kl", "kl", "partner", "kl", "kl", "pemda", "pemda", "pemda"],
    }
)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped boundaries, whoever runs the tests."""
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))


def told(reading: Reading[str]) -> list[str]:
    return [finding.code for finding in reading.findings]


def level(reading: Reading[str]) -> Level | None:
    return reading.findings[0].level if reading.findings else None


def proposal(reading: Reading[str]) -> str | None:
    return reading.findings[0].proposal


def choices(reading: Reading[str]) -> list[str]:
    return [one.split()[0] for one in reading.findings[0].told["choices"].split("; ")]


def column(values: list[Raw]) -> pd.Series:
    return pd.Series(values, dtype=object)


# --- region codes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("35", "35"),
        (35, "35"),
        (35.0, "35"),
        ("35.07", "35.07"),
        (35.07, "35.07"),
        (" 35.07 ", "35.07"),
        ("35,07", "35.07"),
        ("35-07", "35.07"),
        ("35 07", "35.07"),
        ("35.07.09", "35.07.09"),
        ("35.07.09.1008", "35.07.09.1008"),
        ("35.00.00.0000", "35"),
        ("35.07.00.0000", "35.07"),
        ("35.07\u200b", "35.07"),
        ("'35.07", "35.07"),
        ("72.01", "72.01"),
        ("Kabupaten Malang", "35.07"),
        ("Jawa Timur", "35"),
    ],
)
def test_a_dotted_code_and_an_official_name_are_plain(raw: Raw, code: str) -> None:
    assert read_region(raw) == Reading(code)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("3507", "35.07"),
        (3507, "35.07"),
        (3507.0, "35.07"),
        ("3507.0", "35.07"),
        ("350709", "35.07.09"),
        (350709, "35.07.09"),
        ("3507091008", "35.07.09.1008"),
        ("350700", "35.07"),
        ("7208", "72.08"),
        ("720109", "72.01.09"),
    ],
)
def test_a_code_without_dots_is_read_and_noted(raw: Raw, code: str) -> None:
    reading = read_region(raw)
    assert reading.value == code
    assert told(reading) == ["region.dotted"]
    assert level(reading) is Level.NOTED


@pytest.mark.parametrize("raw", [None, "", " ", float("nan")])
def test_an_empty_cell_is_missing_and_nothing_else(raw: Raw) -> None:
    assert read_region(raw) == Reading(None)
    assert read_institution(raw, INSTITUTIONS) == Reading(None)
    assert read_choice(raw, choices_for("stage")) == Reading(None)


@pytest.mark.parametrize("raw", ["-", "–", "n/a", "belum ada", "Tidak ada", "..."])
def test_a_word_for_nothing_is_missing_and_noted(raw: Raw) -> None:
    for reading in (
        read_region(raw), read_institution(raw, INSTITUTIONS), read_choice(raw, choices_for("stage"))
    ):  # fmt: skip
        assert reading.value is None
        assert told(reading) == ["word.nothing"]


@pytest.mark.parametrize(
    ("raw", "candidates", "proposed"),
    [
        (33.1, ["33.10", "33.01"], "33.10"),
        ("33.1", ["33.10", "33.01"], "33.10"),
        ("33,1", ["33.10", "33.01"], "33.10"),
        (35.7, ["35.07"], "35.07"),
        (72.1, ["72.10", "72.01"], "72.10"),
    ],
)
def test_a_code_that_lost_a_zero_is_asked_and_never_guessed(raw: Raw, candidates: list[str], proposed: str) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert told(reading) == ["region.fraction"]
    assert level(reading) is Level.ASKED
    assert choices(reading) == candidates
    assert proposal(reading) == proposed


def test_a_name_beside_a_code_that_lost_a_zero_decides() -> None:
    for reading in (read_region(33.1, name="Kab. Klaten"), read_region("33.1 Klaten")):
        assert reading.value == "33.10"
        assert told(reading) == ["region.by_name_beside"]
    assert read_region(33.1, name="Cilacap").value == "33.01"


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        (time(12, 5), ["12.05"]),
        (pd.Timestamp("2026-05-12").to_pydatetime(), ["12.05"]),
        (date(2026, 7, 11), ["11.07"]),
    ],
)
def test_a_code_that_became_a_time_or_a_date_is_asked(raw: Raw, candidates: list[str]) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert told(reading) == ["region.moment"]
    assert choices(reading) == candidates


@pytest.mark.parametrize("raw", ["99", "35.70", "3570", "1", "350", "35.07.9", 12345678, "0", -35.07])
def test_a_code_that_no_region_has_is_refused(raw: Raw) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert level(reading) is Level.REFUSED
    assert told(reading) in (["region.unknown_code"], ["region.unknown_name"])


@pytest.mark.parametrize("raw", [True, time(23, 59), "x" * 5_000, 1e300])
def test_what_is_neither_code_nor_name_is_refused(raw: Raw) -> None:
    assert told(read_region(raw)) == ["region.unreadable"]


def test_dissolved_codes_are_asked_with_the_code_of_today() -> None:
    reading = read_region("91.01")
    assert reading.value is None
    assert told(reading) == ["region.moved"]
    assert level(reading) is Level.ASKED
    assert proposal(reading) == "93.01"
    assert proposal(read_region("6473")) == "65.71"


def test_every_dissolved_code_is_gone_and_its_successor_is_there() -> None:
    listed = {one.code for one in regions()}
    assert not listed & set(MOVED)
    assert set(MOVED.values()) <= listed
    assert len(set(MOVED.values())) == len(MOVED)
    new = {code for code in listed if code[:2] in ("65", "93", "94", "95", "96") and len(code) > 2}
    assert set(MOVED.values()) == new


def test_every_former_name_leads_to_regions_of_today_and_is_none_of_theirs() -> None:
    named = {one.code: one.name for one in regions()}
    for name, codes in FORMER_NAMES.items():
        assert set(codes) <= set(named), name
        assert read_region(name).value in (*codes, None), name
        assert read_region(name).findings, name


def test_the_stated_province_is_held_against_the_code() -> None:
    assert read_region("35.07", province="35") == Reading("35.07")
    reading = read_region("35.07", province="33")
    assert reading.value is None
    assert told(reading) == ["region.other_province"]
    assert level(reading) is Level.ASKED
    assert told(read_region("Kab. Malang", province="33")) == ["region.other_province"]


def test_a_wanted_level_refuses_the_other() -> None:
    assert told(read_region("35", level=2)) == ["region.regency_wanted"]
    assert told(read_region("35.07", level=1)) == ["region.province_wanted"]
    assert read_region("Yogyakarta", level=2).value == "34.71"


# --- the two lists of codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["7201", 7201, 7201.0, "7203"])
def test_a_code_that_two_lists_give_to_different_regions_is_asked(raw: Raw) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert told(reading) == ["region.code_systems"]
    assert len(choices(reading)) == 2


@pytest.mark.parametrize(
    ("coding", "name", "code"),
    [
        ("kemendagri", None, "72.01"),
        ("bps", None, "72.07"),
        (None, "Banggai", "72.01"),
        (None, "Kab. Banggai Kepulauan", "72.07"),
    ],
)
def test_it_is_read_where_the_list_or_the_name_is_known(coding: Coding | None, name: str | None, code: str) -> None:
    reading = read_region("7201", coding=coding, name=name)
    assert reading.value == code
    assert level(reading) is Level.NOTED


def test_a_code_with_its_name_in_one_cell_is_read() -> None:
    assert read_region("7201 Banggai Kepulauan").value == "72.07"
    assert read_region("7201 - Kab. Banggai").value == "72.01"
    assert read_region("35.07 Malang") == Reading("35.07")
    assert read_region("Kab. Malang (35.07)") == Reading("35.07")
    assert read_region("Malang 35.07") == Reading("35.07")
    assert read_region("[35.07] Malang") == Reading("35.07")
    assert read_region("3573 - Kota Malang").value == "35.73"


def test_a_name_that_speaks_of_another_region_than_the_code_is_asked() -> None:
    for reading in (read_region("3507 Kota Surabaya"), read_region("35.07", name="Kota Surabaya")):
        assert reading.value is None
        assert told(reading) == ["region.code_and_name"]
        assert choices(reading) == ["35.07", "35.78"]
    assert read_region("35.07", name="Jawa Timur") == Reading("35.07")


def test_kecamatan_and_desa_codes_of_bps_give_their_kabupaten_and_are_flagged() -> None:
    for raw, code in (("7201010", "72.07"), ("7201010001", "72.07"), ("3507090", "35.07"), (3507090008, "35.07")):
        reading = read_region(raw)
        assert reading.value == code
        assert told(reading) == ["region.bps_district"]
        assert level(reading) is Level.FLAGGED


def test_where_the_lists_are_not_known_to_agree_a_bare_code_is_flagged_and_a_bps_code_asked() -> None:
    assert told(read_region("7301")) == ["region.system_assumed"]
    assert level(read_region("7301")) is Level.FLAGGED
    assert told(read_region("7301", coding="bps")) == ["region.bps_unlisted"]
    assert told(read_region("94", coding="bps")) == ["region.bps_unlisted"]
    assert read_region("73.01") == Reading("73.01")
    assert read_region("35", coding="bps") == Reading("35")


@pytest.mark.parametrize(
    ("cells", "names", "coding"),
    [
        (["7201", "7202", "7208"], None, None),
        (["7201", "7201010"], None, "bps"),
        (["7201", "720109"], None, "kemendagri"),
        (["7201", "72.08"], None, "kemendagri"),
        (["7201 Banggai", "7202"], None, "kemendagri"),
        (["7201", "7202"], ["Banggai Kepulauan", None], "bps"),
        (["7201", "7202"], ["Banggai Kepulauan", "Poso"], None),
        (["7201", "7201010", "72.08"], None, None),
        (["Banggai", None, True, 7201], None, None),
    ],
)
def test_a_column_follows_a_list_where_everything_in_it_fits_only_that(
    cells: list[Raw], names: list[Raw] | None, coding: Coding | None
) -> None:
    assert coding_of(column(cells), names=None if names is None else column(names)) == coding


def test_each_cell_of_a_column_reads_as_it_does_alone() -> None:
    cells: list[Raw] = [
        "35.07", "35.07.09", "35.07.09.2010", "35.07.00", "3507", 35.07, 33.1, "Kab. Malang", None, "99.01", True, "33",
        10**400, 10**5000, "\ud800", "35.07\n", "3５.07",
    ]  # fmt: skip
    provinces: list[Raw] = ["35", None, "35", "33", "35.07", "35", "33", "33", "35", None, None, "35", *[None] * 5]
    wanted: tuple[Literal[1, 2] | None, ...] = (None, 1, 2)
    for name, level in itertools.product((None, "Malang", "Kota Surabaya"), wanted):
        names = [name if place % 2 else None for place in range(len(cells))]
        whole = column_regions(
            column(cells), provinces=column(provinces), names=pd.Series(names, dtype=object), level=level
        )
        for place, cell in enumerate(cells):
            stated = str(provinces[place]) if provinces[place] else None
            alone = read_region(cell, province=stated, name=names[place], level=level)
            value = whole.values.iloc[place]
            assert (None if pd.isna(value) else value, whole.findings.get(place, ())) == (alone.value, alone.findings)


def test_a_column_of_codes_keeps_its_index_and_its_cells() -> None:
    cells = pd.Series(["35.07", "x", "3507"], index=[7, 8, 9], dtype="str")
    before = cells.copy()
    found = column_regions(cells)
    assert found.values.index.tolist() == [7, 8, 9]
    assert found.values.dtype == "str"
    assert sorted(found.findings) == [1, 2]
    assert cells.equals(before)


def test_codes_that_only_the_column_makes_clear_are_flagged() -> None:
    found = column_regions(column(["7201", "7201010", "7208"]))
    assert found.values.tolist() == ["72.07", "72.07", "72.08"]
    assert [one.code for one in found.findings[0]] == ["region.by_column"]
    assert found.findings[0][0].level is Level.FLAGGED
    asked = column_regions(column(["7201", "7208"]))
    assert asked.values.isna().tolist() == [True, False]
    assert asked.findings[0][0].level is Level.ASKED


# --- region names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Kab. Malang", "35.07"),
        ("KAB MALANG", "35.07"),
        ("Kota Malang", "35.73"),
        ("Jatim", "35"),
        ("Prov. Jawa Timur", "35"),
        ("Solo", "33.72"),
        ("Pemkab Malang", "35.07"),
        ("Pemkot Malang", "35.73"),
        ("Pemerintah Daerah Kabupaten Malang", "35.07"),
        ("Pemprov Jatim", "35"),
        ("Kabupaten Dati II Malang", "35.07"),
        ("Malang Regency", "35.07"),
        ("Malang City", "35.73"),
        ("Tojo Una Una", "72.09"),
        ("Kab. Bandung, Jabar", "32.04"),
        ("MALANG, KAB", "35.07"),
        ("Malang (Kab.)", "35.07"),
        ("Malang Kab", "35.07"),
        ("Malang, Kota", "35.73"),
        ("Kab. Lima Puluh Kota", "13.07"),
        ("Lima Puluh Kota", "13.07"),
    ],
)
def test_names_and_aliases_lead_to_the_code(raw: str, code: str) -> None:
    reading = read_region(raw)
    assert reading.value == code
    assert told(reading) in ([], ["region.by_name"])


@pytest.mark.parametrize(
    ("raw", "code", "candidates", "proposed"),
    [
        ("Malang", "region.several", ["35.07", "35.73"], None),
        ("Gorontalo", "region.several", ["75", "75.01", "75.71"], None),
        ("Kota Sidoarjo", "region.another_kind", ["35.15"], "35.15"),
        ("Kab. Mallang", "region.nearly", ["35.07"], "35.07"),
        ("Mallang", "region.nearly", ["35.07", "35.73"], None),
        ("Sidorajo", "region.nearly", ["35.15"], "35.15"),
        ("Jawa Timor", "region.nearly", ["35"], "35"),
        ("Мalang", "region.nearly", ["35.07", "35.73"], None),
        ("Turen, Kab. Malang", "region.nearly", ["35.07"], "35.07"),
        ("Kab. Malang, Kab. Blitar", "region.nearly", ["35.07", "35.05"], None),
        ("Buol Tolitoli", "region.parted", ["72.04", "72.05"], None),
    ],
)
def test_a_doubtful_name_is_asked(raw: str, code: str, candidates: list[str], proposed: str | None) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert told(reading) == [code]
    assert level(reading) is Level.ASKED
    assert choices(reading) == candidates
    assert proposal(reading) == proposed


def test_the_province_decides_between_regions_of_one_name_only_where_one_is_left() -> None:
    assert read_region("Banjar", province="32").value == "32.79"
    assert told(read_region("Malang", province="35")) == ["region.several"]


def test_a_former_name_is_read_and_flagged() -> None:
    reading = read_region("Kab. Toba Samosir")
    assert reading.value == "12.12"
    assert told(reading) == ["region.renamed"]
    assert level(reading) is Level.FLAGGED


@pytest.mark.parametrize("raw", ["Atlantis", "Kota", "xyz", "..x..", "🗺"])
def test_a_name_that_no_region_has_is_refused(raw: str) -> None:
    reading = read_region(raw)
    assert reading.value is None
    assert level(reading) is Level.REFUSED


@pytest.mark.parametrize("number", [1, 2])
def test_every_region_is_found_by_its_code_and_its_name(number: Literal[1, 2]) -> None:
    for one in regions(number):
        assert read_region(one.code) == Reading(one.code)
        assert read_region(one.name, level=number) == Reading(one.code)


@settings(max_examples=150, deadline=None)
@given(code=st.sampled_from([one.code for one in regions(2)]), at=st.integers(0, 20), letter=st.sampled_from("xqz"))
def test_a_mistyped_name_is_never_taken(code: str, at: int, letter: str) -> None:
    name = str(region_table().set_index("code").loc[code, "name"])
    at = at % len(name)
    reading = read_region(name[:at] + letter + name[at + 1 :])
    assert reading.value in (None, code)


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), st.dates(), st.times(),
    st.text(alphabet="0123456789.,- KabKotmlng()", max_size=20),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(raw=anything, province=st.sampled_from([None, "35", "72"]), coding=st.sampled_from([None, "bps", "kemendagri"]))
def test_every_cell_gives_a_known_region_or_a_reason(raw: Raw, province: str | None, coding: Coding | None) -> None:
    reading = read_region(raw, province=province, coding=coding)
    known = {one.code for one in regions()}
    if reading.value is None:
        assert told(reading) in ([], ["word.nothing"]) or level(reading) in (Level.REFUSED, Level.ASKED)
    else:
        assert reading.value[:5] in known
        assert level(reading) in (None, Level.NOTED, Level.FLAGGED)
    assert set(told(reading)) <= set(MESSAGES)


# --- columns -----------------------------------------------------------------------------------------------------


def test_a_column_of_regions_reads_as_its_cells_do() -> None:
    cells: list[Raw] = ["35.07", 3507, "Kab. Malang", None, 33.1, "Malang", True, "35.07"]
    index = pd.Index(range(20, 28))
    found = column_regions(pd.Series(cells, dtype=object, index=index))
    assert found.values.index.equals(index)
    assert found.values.dtype == "str"
    for place, raw in enumerate(cells):
        alone = read_region(raw)
        assert found.findings.get(place, ()) == alone.findings
        assert found.values.iloc[place] == alone.value if alone.value else pd.isna(found.values.iloc[place])


def test_provinces_and_names_stand_beside_the_column() -> None:
    found = column_regions(
        column(["Banjar", "Banjar", "7201", "35.07"]),
        provinces=column(["32", "63", "72", "33"]),
        names=column([None, None, "Banggai", "Malang"]),
    )
    assert found.values.tolist()[:3] == ["32.79", "63.03", "72.01"]
    assert [one.code for one in found.findings[3]] == ["region.other_province"]


def test_a_column_without_rows_is_read() -> None:
    for found in (column_regions(column([])), column_choices(column([]), choices_for("stage"))):
        assert isinstance(found, ReadColumn)
        assert len(found.values) == 0
        assert found.findings == {}


# --- institutions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code", "plain"),
    [
        ("KEMENSOS", "KEMENSOS", True),
        ("Kementerian Sosial", "KEMENSOS", True),
        ("kemensos", "KEMENSOS", False),
        ("Kementerian Sosial RI", "KEMENSOS", False),
        ("KEMENTERIAN SOSIAL (KEMENSOS)", "KEMENSOS", False),
        ("Kemensos (Kementerian Sosial)", "KEMENSOS", False),
        ("Kementerian Sosial (Kemensos RI)", "KEMENSOS", False),
        ("Kementrian Sosial", "KEMENSOS", False),
        ("Bappenas", "BAPPENAS", False),
        ("Kemenko PMK", "KEMENKO-PMK", False),
        ("Pemkab Malang", "PEMDA-35.07", False),
        ("Pemerintah Daerah Kab. Malang", "PEMDA-35.07", False),
        ("Pemprov Jatim", "PEMDA-35", False),
        ("Pemkot Solo", "PEMDA-33.72", False),
        ("Badan Nasional Penanggulangan Terorisme (BNPT)", "BNPT", False),
    ],
)
def test_an_institution_is_found_by_code_name_and_abbreviation(raw: str, code: str, plain: bool) -> None:
    reading = read_institution(raw, INSTITUTIONS)
    assert reading.value == code
    assert told(reading) == ([] if plain else ["institution.by_name"])


def test_a_mistyped_institution_is_proposed_and_not_taken() -> None:
    for raw, code in (
        ("Kementerian Sosail", "KEMENSOS"),
        ("Kementerian Agamma RI", "KEMENAG"),
        ("BAPENAS", "BAPPENAS"),
    ):
        reading = read_institution(raw, INSTITUTIONS)
        assert reading.value is None
        assert told(reading) == ["institution.nearly"]
        assert level(reading) is Level.ASKED
        assert proposal(reading) == code


def test_an_office_of_a_local_government_is_proposed_as_that_and_not_taken() -> None:
    reading = read_institution("Dinas Koperasi Contoh Kab. Malang", INSTITUTIONS)
    assert reading.value is None
    assert told(reading) == ["institution.nearly"]
    assert proposal(reading) == "PEMDA-35.07"


def test_a_text_that_names_two_institutions_is_asked() -> None:
    reading = read_institution("Kementerian Sosial (Kemenag)", INSTITUTIONS)
    assert reading.value is None
    assert told(reading) == ["institution.several"]


@pytest.mark.parametrize("raw", ["Dinas Koperasi Contoh", "Pemkab Garut", True, date(2026, 1, 1), "x" * 900])
def test_an_institution_that_no_table_holds_is_refused(raw: Raw) -> None:
    reading = read_institution(raw, INSTITUTIONS)
    assert reading.value is None
    assert level(reading) in (Level.REFUSED, Level.ASKED)


def test_a_name_that_two_institutions_bear_is_asked() -> None:
    table = pd.DataFrame({"code": ["A-1", "A-2"], "name": ["Dinas Koperasi Contoh"] * 2, "kind": ["pemda"] * 2})
    assert told(read_institution("Dinas Koperasi Contoh", table)) == ["institution.several"]
    assert read_institution("A-2", table) == Reading("A-2")


def test_an_empty_cell_or_an_empty_table_names_no_institution() -> None:
    assert read_institution(None, INSTITUTIONS) == Reading(None)
    assert told(read_institution("BNPT", INSTITUTIONS.head(0))) == ["institution.unknown"]


def test_every_institution_of_the_sample_is_found_by_its_code_and_its_name() -> None:
    table = shared_sample()["institutions"]
    for name in ("code", "name"):
        found = column_institutions(table[name], table)
        assert found.values.tolist() == table["code"].tolist()
        assert found.findings == {}


# --- closed lists ------------------------------------------------------------------------------------------------

DOUBTFUL = [("stage", "selesai"), ("stage", "sudah selesai"), ("stage", "done"), ("stage", "completed")]


@pytest.mark.parametrize(
    ("name", "raw", "word"),
    [
        ("stage", "in_progress", "in_progress"),
        ("stage", "Berjalan", "in_progress"),
        ("stage", "ON PROGRESS", "in_progress"),
        ("stage", "soft launching", "soft_launch"),
        ("stage", "Belum mulai", "planned"),
        ("stage", "Ditunda", "postponed"),
        ("action_status", "Belum Lapor", "belum_lapor"),
        ("action_status", "Under way", "berjalan"),
        ("kind", "Fisik", "physical"),
        ("kind", "Non-fisik", "non_physical"),
        ("kind", "NON FISIK", "non_physical"),
        ("category", "Lahan", "lahan"),
        ("category", "land", "lahan"),
        ("category", "perijinan", "perizinan"),
        ("severity", 2, "2"),
        ("severity", 2.0, "2"),
        ("severity", "Berat", "3"),
        ("location_precision", "desa", "village"),
        ("data_status", "Sintetis", "synthetic"),
        ("institution_kind", "K/L", "kl"),
        ("institution_kind", "Pemerintah Daerah", "pemda"),
        ("group", "Mitra deradikalisasi", "mitra"),
        ("checkpoint", "TW II", "b06"),
        ("checkpoint", "B3", "b03"),
        ("measure", "terlaksana", "done"),
        ("field", "Polhukam", "polhukam"),
    ],
)
def test_a_word_is_read_in_its_spellings(name: str, raw: Raw, word: str) -> None:
    assert read_choice(raw, choices_for(name)) == Reading(word)


def test_a_programme_is_read_by_code_name_and_short_name() -> None:
    choices = programme_choices(load_programmes())
    for raw in ("ktn", "KTN", "Kawasan Terpadu Nusantara", "Kawasan Terpadu Nusantara (KTN)", "warung_nkri"):
        assert read_choice(raw, choices).value == ("warung_nkri" if raw.startswith("w") else "ktn")


def test_a_mistyped_word_is_proposed_and_not_taken() -> None:
    reading = read_choice("Berjalaan", choices_for("action_status"))
    assert reading.value is None
    assert told(reading) == ["choice.nearly"]
    assert read_choice(proposal(reading), choices_for("action_status")).value == "berjalan"


@pytest.mark.parametrize("raw", ["entah", True, date(2026, 1, 1), 7, "x" * 900])
def test_a_word_outside_the_list_is_refused_and_the_list_told(raw: Raw) -> None:
    reading = read_choice(raw, choices_for("kind"))
    assert reading.value is None
    assert told(reading) == ["choice.unknown"]
    assert "isik" in reading.findings[0].told["choices"]


def test_a_spelling_of_two_words_is_asked() -> None:
    reading = read_choice("lain", {"a": ("lain",), "b": ("Lain",)})
    assert reading.value is None
    assert told(reading) == ["choice.several"]


@pytest.mark.parametrize("name", CLOSED_LISTS)
def test_every_word_and_spelling_of_a_list_is_read_as_that_word_unless_it_is_known_to_be_doubtful(name: str) -> None:
    choices = choices_for(name)
    for word, spelled in choices.items():
        for raw in (word, *spelled):
            if (name, raw) not in DOUBTFUL:
                assert read_choice(raw, choices) == Reading(word), raw


def test_whether_a_finished_site_is_in_use_is_asked() -> None:
    for name, raw in DOUBTFUL:
        reading = read_choice(raw, choices_for(name))
        assert reading.value is None
        assert told(reading) == ["choice.several"]
        assert reading.findings[0].told["choices"] == "soft launching, beroperasi"
    assert read_choice("selesai", choices_for("action_status")) == Reading("selesai")


def test_the_lists_hold_every_word_of_the_vocabulary() -> None:
    for name, vocabulary in (
        ("stage", Stage), ("action_status", ActionStatus), ("data_status", DataStatus),
        ("location_precision", LocationPrecision),
    ):  # fmt: skip
        assert tuple(choices_for(name)) == tuple(map(str, vocabulary))


def test_a_boolean_in_a_column_is_not_taken_for_a_number() -> None:
    found = column_choices(column([1, True, "1", 3]), choices_for("severity"))
    assert found.values.isna().tolist() == [False, True, False, False]
    assert [one.code for one in found.findings[1]] == ["choice.unknown"]


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(anything, max_size=8))
def test_every_column_gives_words_of_the_list_or_reasons(cells: list[Raw]) -> None:
    choices = choices_for("stage")
    found = column_choices(column(cells), choices)
    assert set(found.values.dropna()) <= set(choices)
    for place, findings in found.findings.items():
        assert pd.isna(found.values.iloc[place])
        assert {finding.code for finding in findings} <= set(MESSAGES)


# --- words -------------------------------------------------------------------------------------------------------


def test_every_code_of_the_module_has_its_words_and_no_words_are_left_over() -> None:
    source = Path(module.__file__).read_text("utf-8").partition("MESSAGES: Final")[0]
    assert set(re.findall(r'"((?:region|institution|choice|word)\.[a-z_]+)"', source)) == set(MESSAGES)


def test_every_finding_is_put_into_words_in_both_languages() -> None:
    words = dict.fromkeys(("region", "choices", "province", "bps", "system", "institution"), "x")
    for make in MESSAGES.values():
        for language in ("en", "id"):
            wrong, remedy = make(translator(language), words)
            assert wrong
            assert "{" not in wrong + remedy


def test_no_finding_repeats_what_stood_in_the_cell() -> None:
    secret = "Rahasia 0812 3456 7890"
    for reading in (
        read_region(secret), read_institution(secret, INSTITUTIONS), read_choice(secret, choices_for("stage")),
    ):  # fmt: skip
        assert "ahasia" not in repr(reading)
        assert "7890" not in repr(reading)
