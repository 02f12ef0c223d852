"""Since when the sample's rows are known, and how what was known changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.model import LATE, Status
from geo.programmes import load_programmes
from geo.progress import position
from geo.sample import SAMPLE_AS_OF
from geo.sample.moments import obstacle_states, some_days_after
from geo.sample.months import CLOSING
from tests.prepared import shared_sample

Tables = dict[str, pd.DataFrame]
END = pd.Timestamp(CLOSING)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shared_sample()


@pytest.fixture(scope="module")
def revised(tables: Tables) -> list[str]:
    """Sites whose plan was recorded more than once."""
    known = tables["plans"].groupby("site_code")["recorded_at"].nunique()
    return list(known[known > 1].index)


def without_zone(moments: pd.Series) -> pd.Series:
    naive: pd.Series = moments.dt.tz_localize(None)
    return naive


def test_nothing_of_the_sample_is_recorded_after_its_day(tables: Tables) -> None:
    moments = {
        (name, column): frame[column].max()
        for name, frame in tables.items()
        for column in ("recorded_at", "held_at", "closed_at")
        if column in frame
    }
    assert len(moments) == 14
    assert {key for key, latest in moments.items() if latest > END} == set()


def test_a_made_up_row_says_since_when_it_is_known(tables: Tables) -> None:
    sites = tables["sites"].set_index("code")
    made = sites.index[sites["data_status"] == "synthetic"]
    assert sites.loc[made, "recorded_at"].notna().all()
    for name in ("site_indicators", "plans", "beneficiaries"):
        of_made = tables[name][tables[name]["site_code"].isin(made)]
        assert of_made["recorded_at"].notna().all(), name
    assert tables["obstacles"]["recorded_at"].notna().all()
    assert tables["actions"]["recorded_at"].notna().all()


def test_a_site_is_known_before_its_plan_and_its_plan_before_the_work_begins(tables: Tables) -> None:
    sites = tables["sites"].dropna(subset=["recorded_at"]).set_index("code")
    first_plan = tables["plans"].groupby("site_code")["recorded_at"].min().reindex(sites.index)
    assert (sites["recorded_at"] < first_plan).all()
    assert (without_zone(first_plan) < sites["start_date"]).all()


def test_a_count_is_known_only_after_the_day_it_speaks_of(tables: Tables) -> None:
    for name in ("site_indicators", "beneficiaries"):
        told = tables[name].dropna(subset=["recorded_at"])
        assert (without_zone(told["recorded_at"]) >= told["as_of"]).all(), name


def test_all_actions_of_an_institution_are_known_at_once_in_january_of_their_year(tables: Tables) -> None:
    actions = tables["actions"]
    assert (actions["recorded_at"].dt.month == 1).all()
    assert (actions["recorded_at"].dt.year == actions["year"]).all()
    assert (actions.groupby(["year", "institution_code"])["recorded_at"].nunique() == 1).all()


def test_three_works_under_contract_had_their_plan_revised_in_2026(tables: Tables, revised: list[str]) -> None:
    sites = tables["sites"].set_index("code").loc[revised]
    assert len(sites) == 3
    assert sites["programme"].isin(["ktn", "rusun"]).all()
    assert sites["contract_value"].notna().all()
    assert sites["name"].str.contains("Contoh").all()
    latest = tables["plans"].groupby("site_code")["recorded_at"].max()[revised]
    assert latest.dt.strftime("%Y-%m-%d").tolist() == ["2026-05-18", "2026-08-12", "2026-08-27"]


def test_a_revised_plan_ends_later_and_asks_less_of_every_day_until_then(tables: Tables, revised: list[str]) -> None:
    plans = tables["plans"]
    for code in revised:
        before, after = (points for _, points in plans[plans["site_code"] == code].groupby("recorded_at"))
        assert before["as_of"].max() > after["recorded_at"].iloc[0].tz_localize(None)
        assert after["as_of"].max() > before["as_of"].max()
        both = before.merge(after, on="as_of", suffixes=("_before", "_after"))
        assert (both["percent_before"] >= both["percent_after"]).all()
        assert after["as_of"].max() == tables["sites"].set_index("code").loc[code, "target_date"]


def test_without_the_revision_each_of_them_would_be_late_and_further_behind(tables: Tables, revised: list[str]) -> None:
    contract = [code for code, programme in load_programmes().items() if programme.contract_rules]
    own = tables["plans"][tables["plans"]["site_code"].isin(revised)]
    sites = tables["sites"][tables["sites"]["code"].isin(revised)]
    moments = own.groupby("site_code")["recorded_at"]
    judged = [
        position(
            sites,
            own[own["recorded_at"] == chosen],
            tables["reports"],
            on=SAMPLE_AS_OF,
            contract_programmes=contract,
        ).set_index("code")
        for chosen in (moments.transform("min"), moments.transform("max"))
    ]
    before, after = judged
    assert set(before["status"]) <= {str(status) for status in LATE}
    assert (before["deviation_points"] < after["deviation_points"]).all()
    assert set(after["status"]) == {Status.SESUAI_RENCANA, Status.WASPADA, Status.TERLAMBAT}


def test_an_obstacle_is_one_row_when_opened_and_another_when_closed(tables: Tables) -> None:
    states = tables["obstacles"].sort_values("recorded_at", kind="stable").groupby("code")
    assert set(states.size()) == {1, 2}
    assert states["closed"].first().isna().sum() == (states.size() == 1).sum()
    for _, rows in states:
        assert pd.isna(rows["closed"].iloc[0])
        assert rows["closed"].notna().sum() == len(rows) - 1
        assert rows["recorded_at"].is_unique
    same = ["site_code", "action_code", "opened", "category", "severity", "note", "follow_up"]
    assert (states[same].nunique(dropna=False) == 1).all(axis=None)


def test_an_obstacle_is_known_only_after_it_arose_and_closed_only_after_it_ended(tables: Tables) -> None:
    obstacles = tables["obstacles"]
    told = without_zone(obstacles["recorded_at"])
    assert (told >= obstacles["opened"]).all()
    assert (told >= obstacles["closed"])[obstacles["closed"].notna()].all()


def test_states_of_obstacles_count_their_codes_from_one() -> None:
    stands = pd.DataFrame(
        {
            "site_code": ["A", "B"],
            "opened": pd.to_datetime(["2026-05-01", "2026-10-31"]),
            "closed": pd.to_datetime(pd.Series(["2026-06-01", None])),
        }
    )
    states = obstacle_states(stands, np.random.default_rng(1))
    assert states["code"].tolist() == ["K-0001", "K-0001", "K-0002"]
    assert states["closed"].isna().tolist() == [True, False, True]
    assert states["recorded_at"].iloc[2] == END


def test_moments_lie_between_the_days_asked_for_in_office_hours() -> None:
    days = pd.to_datetime(pd.Series(["2026-03-31"] * 200 + [None]))
    moments = some_days_after(days, np.random.default_rng(1), least=2, most=4)
    assert set(moments.dropna().dt.day) == {2, 3, 4}
    assert moments.dropna().dt.hour.between(1, 9).all()
    assert moments.isna().tolist() == [False] * 200 + [True]
