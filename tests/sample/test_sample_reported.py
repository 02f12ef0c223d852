"""What the shipped sample says about the publicly reported record."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.model import DataStatus, LocationPrecision, Stage
from geo.sample import SAMPLE_AS_OF, reported_tables
from geo.sample.files import FOLDER, read_text
from geo.sample.frames import COLUMNS, typed


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return reported_tables()


def test_the_tables_have_the_canonical_columns_and_dtypes(tables: dict[str, pd.DataFrame]) -> None:
    for name, frame in tables.items():
        assert {column: str(frame[column].dtype) for column in frame} == dict(COLUMNS[name]), name


def test_five_ktn_twelve_outlets_three_cooperatives_and_five_flats_are_reported(
    tables: dict[str, pd.DataFrame],
) -> None:
    counts = tables["sites"]["programme"].value_counts().to_dict()
    assert counts == {"warung_nkri": 12, "ktn": 5, "rusun": 5, "koperasi": 3}


def test_every_reported_row_names_an_https_source(tables: dict[str, pd.DataFrame]) -> None:
    for name in ("sites", "site_indicators", "reports", "claims"):
        assert tables[name]["source_url"].str.startswith("https://").all(), name


def test_nothing_in_the_reported_layer_is_synthetic(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["sites"]["data_status"]) == {DataStatus.REPORTED}
    assert set(tables["reports"]["data_status"]) == {DataStatus.REPORTED, DataStatus.DERIVED}
    assert not tables["sites"]["name"].str.contains("Contoh").any()


def test_no_progress_percent_is_claimed_where_no_source_gives_one(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["reports"]["percent"].isna().all()


def test_conflicting_areas_of_one_site_stand_side_by_side(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["site_indicators"]
    turen = claims[(claims["site_code"] == "KTN-TUREN") & (claims["indicator"] == "luas_lahan")]
    assert sorted(turen["value"]) == [13.5, 15.0, 15.7, 16.0]
    assert turen["source_url"].is_unique


def test_the_planned_months_of_april_2022_are_the_plans_of_four_ktn(tables: dict[str, pd.DataFrame]) -> None:
    plans = tables["plans"]
    ends = plans[plans["percent"] == 100].set_index("site_code")["as_of"].dt.strftime("%Y-%m")
    assert ends["KTN-GARUT"] == ends["KTN-TEMANGGUNG"] == "2022-05"
    assert (ends["KTN-SUMBAWA"], ends["KTN-MOROWALI"]) == ("2022-06", "2022-07")


def test_garut_opened_after_its_planned_month(tables: dict[str, pd.DataFrame]) -> None:
    reports = tables["reports"]
    garut = reports[(reports["site_code"] == "KTN-GARUT") & (reports["stage"] == Stage.OPERATIONAL)]
    assert garut["as_of"].min() == pd.Timestamp("2022-07-02")
    target = tables["sites"].set_index("code").loc["KTN-GARUT", "target_date"]
    assert target == pd.Timestamp("2022-05-31")


def test_no_reported_point_pretends_to_be_exact(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["sites"]["location_precision"]) == {LocationPrecision.VILLAGE, LocationPrecision.DISTRICT}


def test_46_ministries_and_agencies_31_local_governments_and_partners_are_listed(
    tables: dict[str, pd.DataFrame],
) -> None:
    institutions = tables["institutions"]
    kinds = institutions["kind"].value_counts()
    assert (kinds["kl"], kinds["pemda"]) == (46, 31)
    assert kinds["partner"] > 0
    unnamed = institutions[institutions["field"] == "belum_teridentifikasi"]
    assert len(unnamed) == 11
    assert unnamed["name"].str.startswith("K/L belum teridentifikasi ").all()
    assert institutions["code"].is_unique
    assert institutions["code"].str.fullmatch(r"[A-Z0-9.\-]+").all()


def test_26_focus_districts_are_listed_and_the_one_without_source_says_so() -> None:
    districts = read_text("focus_districts")
    assert len(districts) == 26
    assert districts["code"].str[:2].value_counts().to_dict() == {"35": 6, "32": 5, "33": 5, "52": 5, "72": 5}
    unsourced = districts[districts["source_url"].isna()]
    assert list(unsourced["code"]) == ["33.11"]
    assert list(unsourced["data_status"]) == ["synthetic"]
    assert districts["source_url"].dropna().str.startswith("https://").all()


def test_published_totals_of_the_action_plan_tell_planned_from_done(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"]
    assert set(claims["data_status"]) == {DataStatus.REPORTED}
    assert set(claims["measure"]) == {"planned", "done"}
    whole = claims[claims["region_code"].isna()].set_index(["year", "measure"])["value"].to_dict()
    assert whole == {(2022, "planned"): 663, (2022, "done"): 679, (2023, "planned"): 298, (2024, "planned"): 798}


def test_a_year_without_published_total_has_none_and_a_different_unit_is_kept(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"]
    assert 2021 not in set(claims["year"])
    first = claims[claims["year"] == 2020].set_index("region_code")
    assert first["unit"].to_dict() == {"72": "renaksi", "35": "renaksi", "52": "kegiatan"}


def test_everything_reported_is_known_from_the_start_but_plans_that_say_when(tables: dict[str, pd.DataFrame]) -> None:
    for name in ("sites", "site_indicators"):
        assert tables[name]["recorded_at"].isna().all(), name
    plans = tables["plans"]
    assert (plans.groupby("site_code")["recorded_at"].nunique() == 1).all()
    stated = plans.set_index("site_code")["recorded_at"].dt.strftime("%Y-%m")
    assert set(stated[["KTN-GARUT", "KTN-TEMANGGUNG", "KTN-SUMBAWA", "KTN-MOROWALI"]]) == {"2022-04"}


def test_nothing_reported_lies_after_the_day_the_sample_speaks_of(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["reports"]["as_of"].max() <= pd.Timestamp(SAMPLE_AS_OF)


def test_a_code_that_looks_like_a_number_stays_text() -> None:
    rows = pd.DataFrame({"code": ["A", "B"], "region_code": ["33.10", "35.07"], "contract_value": ["1000", None]})
    sites = typed("sites", rows)
    assert list(sites["region_code"]) == ["33.10", "35.07"]
    assert sites["contract_value"].isna().tolist() == [False, True]


def test_a_column_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="sites has no column owner"):
        typed("sites", pd.DataFrame({"code": ["A"], "owner": ["B"]}))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"institutions\.csv"):
        reported_tables(tmp_path)


def test_every_file_of_the_sample_is_utf_8_with_unix_line_ends() -> None:
    files = sorted(FOLDER.glob("*.csv"))
    assert len(files) == 11
    for file in files:
        content = file.read_bytes()
        assert content.decode("utf-8")
        assert b"\r" not in content
