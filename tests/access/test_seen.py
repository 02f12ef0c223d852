"""What a sight leaves in the tables: places coarse and always the same, names, notes and counts only where seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from geo.access import EVERYTHING, PUBLIC, Sight, guarded
from geo.access.seen import GRID_DEGREES
from geo.model import Filters, Programme
from geo.programmes import load_programmes
from geo.progress import state
from geo.regions import locate
from geo.sample import sample_tables

OWN = Sight(("35",), ("35",))


@pytest.fixture(scope="module")
def programmes() -> Mapping[str, Programme]:
    return load_programmes()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return dict(sample_tables())


def seen(tables: dict[str, pd.DataFrame], sight: Sight) -> dict[str, pd.DataFrame]:
    return guarded(tables, sight, load_programmes(), owners=tables)


def housing(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    sites = tables["sites"]
    return sites[sites["programme"] == "rusun"]


def test_whoever_sees_everything_gets_the_tables_themselves(tables: dict[str, pd.DataFrame]) -> None:
    assert all(rows is tables[name] for name, rows in seen(tables, EVERYTHING).items())


def test_nothing_that_is_handed_in_is_altered(tables: dict[str, pd.DataFrame]) -> None:
    before = {name: rows.copy(deep=True) for name, rows in tables.items()}
    seen(tables, PUBLIC)
    for name, rows in tables.items():
        pd.testing.assert_frame_equal(rows, before[name])


@pytest.mark.parametrize("sight", [PUBLIC, OWN])
def test_columns_and_kinds_stay_so_that_the_figures_can_be_made_of_them(
    tables: dict[str, pd.DataFrame], sight: Sight
) -> None:
    for name, rows in seen(tables, sight).items():
        assert dict(rows.dtypes) == dict(tables[name].dtypes), name


def test_for_the_public_every_point_is_the_middle_of_a_cell_or_of_its_kabupaten(
    tables: dict[str, pd.DataFrame],
) -> None:
    shown, true = seen(tables, PUBLIC)["sites"], tables["sites"]
    cells = ((shown[["lon", "lat"]] / GRID_DEGREES) % 1 - 0.5).abs().max(axis=1) < 1e-3
    assert cells.sum() > len(shown) / 2, "most lie in a cell of their own kabupaten"
    assert not (shown[["lon", "lat"]] == true[["lon", "lat"]]).any().any()
    for lon, lat, code in shown[["lon", "lat", "region_code"]].itertuples(index=False):
        found = locate(lon, lat, within_m=0.0)
        assert found is not None
        assert found.code == code[:5]


def test_points_are_moved_to_the_same_place_every_time_and_whatever_else_is_in_the_table(
    tables: dict[str, pd.DataFrame],
) -> None:
    whole = seen(tables, PUBLIC)["sites"].set_index("code")
    part = dict(tables) | {"sites": tables["sites"].iloc[40:60]}
    again = guarded(part, PUBLIC, load_programmes(), owners=tables)["sites"].set_index("code")
    pd.testing.assert_frame_equal(again[["lon", "lat"]], whole.loc[again.index, ["lon", "lat"]])


def test_no_name_code_or_source_of_a_place_where_people_live_is_left_in_any_table(
    tables: dict[str, pd.DataFrame],
) -> None:
    hidden = housing(tables)
    assert len(hidden) > 5
    words = {*hidden["name"], *hidden["code"], *hidden["source_url"].dropna()}
    for name, rows in seen(tables, PUBLIC).items():
        text = rows.to_csv()
        assert [word for word in words if word in text] == [], name


def test_a_new_place_where_people_live_changes_no_older_name(tables: dict[str, pd.DataFrame]) -> None:
    before = seen(tables, PUBLIC)["sites"]
    first = housing(tables).iloc[[0]]
    new = first.assign(code="AAA-FIRST-OF-ALL", recorded_at=pd.Timestamp("2026-11-30", tz="UTC"))
    after = seen(dict(tables) | {"sites": pd.concat([tables["sites"], new], ignore_index=True)}, PUBLIC)["sites"]
    assert list(after["code"])[:-1] == list(before["code"])
    assert len(set(after["code"])) == len(after)


def test_notes_and_authors_are_left_out_where_a_place_is_not_seen_clearly(tables: dict[str, pd.DataFrame]) -> None:
    east = set(tables["sites"]["code"][tables["sites"]["region_code"].str.startswith("35")])
    for sight, clear in ((PUBLIC, set[str]()), (OWN, east)):
        reports = seen(tables, sight)["reports"]
        told = reports.dropna(subset=["note"])["site_code"]
        assert set(told) <= clear
        assert bool(clear) == bool(len(told))
        assert reports["author"].notna().sum() == reports["site_code"].isin(clear).sum()


def test_counts_of_people_are_there_for_own_provinces_alone(tables: dict[str, pd.DataFrame]) -> None:
    assert seen(tables, PUBLIC)["beneficiaries"].empty
    own = seen(tables, OWN)["beneficiaries"]
    provinces = own["site_code"].map(tables["sites"].set_index("code")["region_code"].str[:2])
    assert set(provinces) == {"35"}
    people = seen(tables, PUBLIC)["site_indicators"]
    named = ~people["site_code"].str.startswith("RUSUN-")  # of the others the source would tell the name
    assert people["source_url"][(people["unit"] == "orang") & named].notna().all()


def test_a_site_that_once_lay_in_another_province_is_not_own(tables: dict[str, pd.DataFrame]) -> None:
    moved = tables["sites"][tables["sites"]["region_code"].str.startswith("33")].iloc[[0]]
    code = moved["code"].iloc[0]
    sites = pd.concat([tables["sites"], moved.assign(region_code="35.07")], ignore_index=True)
    owners = dict(tables) | {"sites": sites}
    left = guarded(tables, OWN, load_programmes(), owners=owners)["reports"]
    assert left["note"][left["site_code"] == code].isna().all()


def test_a_table_that_no_rule_knows_is_shown_to_nobody_but_those_who_see_everything(
    tables: dict[str, pd.DataFrame],
) -> None:
    strange = {"diaries": pd.DataFrame({"site_code": ["X"], "text": ["secret"]})}
    assert guarded(strange, PUBLIC, load_programmes(), owners=tables)["diaries"].empty
    assert len(guarded(strange, EVERYTHING, load_programmes(), owners=tables)["diaries"]) == 1


def test_figures_are_the_same_for_everybody(
    tables: dict[str, pd.DataFrame], programmes: Mapping[str, Programme]
) -> None:
    filters = Filters(on=date(2026, 10, 31))
    whole = state(tables, filters, programmes)
    for sight in (PUBLIC, OWN):
        part = state(seen(tables, sight), filters, programmes)
        pd.testing.assert_series_equal(part.national, whole.national)
        pd.testing.assert_frame_equal(part.by_province, whole.by_province)
        pd.testing.assert_frame_equal(part.by_regency, whole.by_regency)
