"""State what comes back: canonical columns, settled types, missing as missing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from geo.model import Stage, StoreError
from geo.store import Store
from geo.store.schema import DATA_TABLES, canonical_columns


def test_an_empty_table_has_the_same_columns_and_types_as_a_filled_one(
    filled_store: Store, fresh_store: Store, reports: pd.DataFrame
) -> None:
    filled = filled_store.reports()
    empty = filled_store.reports(known_at=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    assert len(filled) == 3
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == filled.dtypes.to_dict()


@pytest.mark.parametrize("name", DATA_TABLES)
def test_every_table_reads_with_its_canonical_columns(filled_store: Store, name: str) -> None:
    assert tuple(filled_store.table(name).columns) == canonical_columns(name)


def test_types_are_settled(filled_store: Store) -> None:
    sites = filled_store.sites()
    found = {name: str(kind) for name, kind in sites.dtypes.items()}
    assert found["code"] == "str"
    assert found["lon"] == "float64"
    assert found["contract_value"] == "Int64"
    assert found["start_date"] == "datetime64[us]"
    assert str(filled_store.reports()["recorded_at"].dtype) == "datetime64[us, UTC]"


def test_rupiah_beyond_the_precision_of_a_float_are_exact(filled_store: Store) -> None:
    sites = filled_store.sites(["KTN-1"])
    assert sites["contract_value"].tolist() == [9_007_199_254_740_993]


def test_missing_zero_and_empty_stay_apart(filled_store: Store) -> None:
    values = filled_store.sites().set_index("code")["contract_value"]
    assert values["RUS-1"] == 0
    assert values.isna().to_dict() == {"KOP-1": True, "KTN-1": False, "RUS-1": False}
    assert filled_store.reports()["percent"].isna().tolist() == [False, False, True]


def test_empty_text_counts_as_missing(filled_store: Store, reports: pd.DataFrame, at: datetime) -> None:
    filled_store.add({"reports": reports.assign(note="")}, actor="test", at=at)
    assert filled_store.reports()["note"].isna().all()


def test_every_usual_way_to_hold_a_value_is_taken(filled_store: Store, at: datetime) -> None:
    reports = pd.DataFrame(
        {
            "site_code": pd.Categorical(["KTN-1", "KOP-1"]),
            "as_of": [date(2026, 10, 1), "2026-10-02"],
            "recorded_at": [at, pd.Timestamp("2026-10-31T12:00+07:00")],
            "percent": [Decimal("1.5"), pd.NA],
            "spend": [7.0, None],
            "stage": [Stage.PLANNED, Stage.POSTPONED],
            "data_status": "reported",
        },
        index=[9, 9],
    )
    filled_store.add({"reports": reports}, actor="test", at=at)
    stored = filled_store.reports().tail(2)
    assert stored["site_code"].tolist() == ["KTN-1", "KOP-1"]
    assert stored["as_of"].dt.day.tolist() == [1, 2]
    assert stored["recorded_at"].dt.hour.tolist() == [5, 5]
    assert stored["percent"].fillna(-1).tolist() == [1.5, -1]
    assert stored["spend"].fillna(-1).tolist() == [7, -1]
    assert stored["stage"].tolist() == ["planned", "postponed"]


def test_codes_keep_their_zeros(filled_store: Store) -> None:
    assert filled_store.sites()["region_code"].tolist() == ["32.10", "35.07", "72"]


@pytest.mark.parametrize(("codes", "found"), [(["RUS-1", "KTN-1", "NONE"], ["KTN-1", "RUS-1"]), ([], [])])
def test_sites_can_be_chosen_by_code(filled_store: Store, codes: list[str], found: list[str]) -> None:
    assert filled_store.sites(codes)["code"].tolist() == found


def test_more_codes_than_a_statement_takes_are_no_trouble(filled_store: Store) -> None:
    codes = [f"NONE-{number}" for number in range(40_000)]
    assert filled_store.sites(["KTN-1", *codes])["code"].tolist() == ["KTN-1"]


def test_actions_can_be_chosen_by_year(filled_store: Store, at: datetime) -> None:
    actions = pd.DataFrame(
        {
            "code": ["A-1", "A-2", "A-3"],
            "year": [2025, 2026, 2026],
            "institution_code": "PUPR",
            "region_code": "35",
            "kind": "physical",
            "title": "Pembangunan contoh",
        }
    )
    filled_store.add({"actions": actions}, actor="test", at=at)
    assert filled_store.actions(2026)["code"].tolist() == ["A-2", "A-3"]
    assert len(filled_store.actions()) == 3


def test_text_of_strangers_is_kept_as_typed(filled_store: Store, sites: pd.DataFrame, at: datetime) -> None:
    hostile = ["'; DROP TABLE sites; --", "<script>${x}`", "\u202eنص ‏ 😀"]
    filled_store.add({"sites": sites.assign(code=["N-1", "N-2", "N-3"], name=hostile)}, actor="test", at=at)
    assert filled_store.sites(["N-1", "N-2", "N-3"])["name"].tolist() == hostile


def test_a_sample_is_one_only_while_synthetic_rows_are_there(
    fresh_store: Store, sites: pd.DataFrame, institutions: pd.DataFrame, at: datetime
) -> None:
    real = sites.assign(data_status="reported")
    fresh_store.add({"institutions": institutions, "sites": real}, actor="test", at=at, meta={"sample": "true"})
    assert not fresh_store.is_sample()
    made_up = sites.assign(code=["N-1", "N-2", "N-3"], data_status="synthetic")
    fresh_store.add({"sites": made_up}, actor="test", at=at)
    assert fresh_store.is_sample()
    fresh_store.set_meta({"sample": "false"}, actor="test", at=at)
    assert not fresh_store.is_sample()
    assert fresh_store.meta()["sample"] == "false"


def test_an_unknown_table_is_named(fresh_store: Store) -> None:
    with pytest.raises(StoreError, match="No table 'laporan'"):
        fresh_store.table("laporan")


def test_a_read_may_be_limited_to_the_columns_that_are_needed(filled_store: Store) -> None:
    read = filled_store.tables("reports", "sites", columns={"reports": ["percent", "site_code"]})
    assert list(read["reports"]) == ["percent", "site_code"]
    assert tuple(read["sites"]) == canonical_columns("sites")


def test_a_column_that_does_not_exist_is_named(filled_store: Store) -> None:
    with pytest.raises(StoreError, match="nonsense"):
        filled_store.tables("reports", columns={"reports": ["nonsense"]})
