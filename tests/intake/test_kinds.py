"""Every column of the data dictionary is known by its headings, and a heading is taken apart the same way each time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.intake.kinds import KINDS, Form, Kind, heading_words, kind_columns
from geo.store.schema import canonical_columns


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "boundaries"])
def test_a_kind_has_every_column_of_its_table(kind: Kind) -> None:
    own = [column.name for column in kind_columns(kind).columns if not column.helper]
    assert own == list(canonical_columns(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_can_be_written_in_several_ways_and_by_its_own_name(kind: Kind) -> None:
    for column in kind_columns(kind).columns:
        assert column.name in column.aliases
        assert column.heading == column.aliases[0]
        assert len(column.aliases) >= 3, column.name
        assert column.about.id
        assert column.about.en


@pytest.mark.parametrize("kind", KINDS)
def test_helpers_and_groups_speak_of_columns_that_the_kind_has(kind: Kind) -> None:
    columns = kind_columns(kind)
    own = {column.name for column in columns.columns if not column.helper}
    for column in columns.columns:
        assert set(column.fills) <= own, column.name
        assert column.together_with is None or column.together_with in columns.names
    assert {name for group in columns.one_of for name in group} <= own
    assert set(columns.by_period) <= own


def test_what_the_import_fills_by_itself_is_not_required() -> None:
    required = {column.name for column in kind_columns("sites").columns if column.required}
    assert required == {"code", "programme", "name", "region_code", "lon", "lat"}


@pytest.mark.parametrize(
    ("kind", "column", "form"),
    [
        ("sites", "lon", Form.LONGITUDE),
        ("sites", "contract_value", Form.MONEY),
        ("sites", "footprint", Form.SHAPE),
        ("sites", "location_precision", Form.CHOICE),
        ("reports", "as_of", Form.DATE),
        ("reports", "percent", Form.PERCENT),
        ("reports", "recorded_at", Form.MOMENT),
        ("actions", "target_b06", Form.NUMBER),
        ("beneficiaries", "count", Form.WHOLE),
        ("boundaries", "code", Form.REGION),
    ],
)
def test_a_column_has_the_form_of_its_cells(kind: Kind, column: str, form: Form) -> None:
    assert kind_columns(kind).wanted(column).form is form


def test_an_unknown_column_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        kind_columns("sites").wanted("percent")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tgl. Laporan", "report_date"),
        ("Kab/Kota", "Kabupaten / Kota"),
        ("KAB. KOTA", "kabupaten dan kota"),
        ("K/L", "KL"),
        ("Kode Rencana Aksi", "kode renaksi"),
        ("Target s.d. B6", "target B06"),
        ("TW.2", "Triwulan 2"),
        ("Realisasi\n Fisik (%)", "realisasi fisik"),
        ("siteCode", "Kode Lokasi"),
        ("Nilai Kontrak (Rp)", "NILAI KONTRAK"),
        ("Jml Penerima Manfaat (orang)", "jumlah penerima manfaat"),
    ],
)
def test_two_ways_to_write_a_heading_have_the_same_words(one: str, other: str) -> None:
    assert heading_words(one).key == heading_words(other).key


@pytest.mark.parametrize(
    ("heading", "family", "factor"),
    [
        ("Pagu (Rp)", "rupiah", 1),
        ("Pagu (Rp juta)", "rupiah", 10**6),
        ("Pagu (dalam jutaan rupiah)", "rupiah", 10**6),
        ("Pagu (Juta)", "rupiah", 10**6),
        ("Pagu Rp. Juta", "rupiah", 10**6),
        ("Pagu (Rp ribu)", "rupiah", 10**3),
        ("Pagu (Rp.000)", "rupiah", 10**3),
        ("Pagu (Rp 1.000)", "rupiah", 10**3),
        ("Pagu (x Rp1.000.000)", "rupiah", 10**6),
        ("Pagu (Miliar Rp)", "rupiah", 10**9),
        ("Pagu (Rp milyar)", "rupiah", 10**9),
        ("Nilai Kontrak dalam ribuan", "rupiah", 10**3),
        ("Realisasi (%)", "percent", 1),
        ("% Fisik", "percent", 1),
        ("Persentase Realisasi", "percent", 1),
    ],
)
def test_a_unit_in_a_heading_is_read(heading: str, family: str, factor: int) -> None:
    unit = heading_words(heading).unit
    assert unit is not None
    assert (unit.family, unit.factor) == (family, factor)


@pytest.mark.parametrize("heading", ["Luas (ha)", "Nama Lokasi", "Koordinat (DD)", "Program 1000 Kampung", "Juta", ""])
def test_a_heading_without_a_unit_of_ours_has_none(heading: str) -> None:
    assert heading_words(heading).unit is None


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_taken_apart_twice_the_same(heading: str) -> None:
    first = heading_words(heading)
    assert first == heading_words(heading)
    assert first.unit is None or first.unit.factor >= 1
