"""State that every column is documented in both languages."""

from __future__ import annotations

import pytest

from geo.model import Language, Stage
from geo.store import dictionary
from geo.store.schema import DATA_TABLES, canonical_columns, metadata


def test_every_column_of_every_table_is_documented() -> None:
    undocumented = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if not (column.info.get("id") and column.info.get("en"))
    ]
    assert undocumented == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_dictionary_lists_the_canonical_columns_in_order(language: Language) -> None:
    listed = dictionary(language)
    assert list(listed.columns) == ["table", "column", "type", "unit", "required", "values", "description"]
    for name in DATA_TABLES:
        assert tuple(listed.loc[listed["table"] == name, "column"]) == canonical_columns(name)


def test_the_internal_dictionary_lists_everything() -> None:
    assert len(dictionary("en", internal=True)) == sum(len(table.columns) for table in metadata.tables.values())


def test_a_row_says_type_unit_limits_and_meaning() -> None:
    english = dictionary("en").set_index(["table", "column"])
    percent = english.loc[("reports", "percent")]
    assert percent[["type", "unit", "required", "values"]].tolist() == ["number", "%", False, "0 … 100"]
    assert english.loc[("sites", "contract_value"), "unit"] == "Rp"
    assert english.loc[("reports", "stage"), "values"] == " | ".join(Stage)
    assert english.loc[("reports", "recorded_at"), "type"] == "time (UTC)"
    assert dictionary("id").set_index(["table", "column"]).loc[("beneficiaries", "count"), "unit"] == "orang"


def test_money_is_whole_rupiah_and_every_money_column_says_so() -> None:
    listed = dictionary("en").set_index("column")
    for name in ("spend", "contract_value", "budget", "contract"):
        assert (listed.loc[[name], "unit"] == "Rp").all()
        assert (listed.loc[[name], "type"] == "whole number").all()
