"""Who owes which report since when, and when an institution was last heard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.progress import position
from geo.progress.thresholds import DEFAULT, Thresholds
from geo.progress.waiting import AWAITED_COLUMNS, LAST_WORDS_COLUMNS, awaited, last_words, plan_begun

ON = date(2026, 10, 31)
INSTITUTIONS = pd.DataFrame(
    {
        "code": ["BNPT", "PUPR", "IDLE"],
        "name": ["Counter-terrorism agency", "Public works", "Nothing to do"],
        "kind": ["kl", "kl", "pemda"],
        "field": ["polhukam", "marves", "pemda"],
    }
)


def sites(*told: dict[str, Any]) -> pd.DataFrame:
    usual: dict[str, Any] = {
        "code": "A", "name": "Site", "province": "35", "institution_code": "BNPT", "as_of": None, "silent": False,
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **site} for site in told], columns=list(usual))
    return frame.astype({"as_of": "datetime64[us]", "silent": bool})


def actions(*told: dict[str, Any]) -> pd.DataFrame:
    usual: dict[str, Any] = {
        "code": "RA-1", "year": 2026, "title": "Training", "province": "33", "institution_code": "PUPR",
        "checkpoint": "b09", "latest_as_of": None, "missing_since": None,
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **action} for action in told], columns=list(usual))
    return frame.astype({"latest_as_of": "datetime64[us]", "missing_since": "datetime64[us]"})


def starts(**days: str) -> pd.Series:
    return pd.Series(pd.to_datetime(pd.Series(days)).astype("datetime64[us]"))


# --- what is owed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "speaks_of"), [("2026-08-31", "2026-09-30"), ("2026-08-15", "2026-08-31"), ("2026-01-31", "2026-02-28")]
)
def test_a_silent_site_owes_the_first_month_end_after_its_last_report(told: str, speaks_of: str) -> None:
    table = awaited(sites({"as_of": told, "silent": True}), actions(), INSTITUTIONS, on=ON)
    assert list(table.columns) == list(AWAITED_COLUMNS)
    row = table.iloc[0]
    assert (row["kind"], row["owed"], row["speaks_of"]) == ("site", "monthly", pd.Timestamp(speaks_of))
    assert row["last_report"] == pd.Timestamp(told)
    assert row["since"] == pd.Timestamp(told) + pd.Timedelta(days=DEFAULT.silent_after_days)
    assert row["days"] == (pd.Timestamp(ON) - row["since"]).days
    assert row["institution"] == "Counter-terrorism agency"


def test_a_site_that_reports_in_time_and_an_action_that_owes_nothing_are_not_awaited() -> None:
    table = awaited(sites({"as_of": "2026-10-31"}), actions({}), INSTITUTIONS, on=ON)
    assert table.empty
    assert list(table.columns) == list(AWAITED_COLUMNS)


@pytest.mark.parametrize(("began", "speaks_of"), [("2026-03-31", "2026-03-31"), ("2026-04-01", "2026-04-30")])
def test_who_never_reported_owes_since_the_plan_began_and_has_no_last_report(began: str, speaks_of: str) -> None:
    row = awaited(sites({"silent": True}), actions(), INSTITUTIONS, on=ON, begun=starts(A=began)).iloc[0]
    assert row["since"] == pd.Timestamp(began) + pd.Timedelta(days=45)
    assert row["speaks_of"] == pd.Timestamp(speaks_of)
    assert pd.isna(row["last_report"])


def test_who_never_reported_and_has_no_known_beginning_is_awaited_all_the_same_before_all_others() -> None:
    table = awaited(
        sites({"as_of": "2020-01-31", "silent": True}, {"code": "B", "silent": True}), actions(), INSTITUTIONS, on=ON
    )
    assert table["code"].tolist() == ["B", "A"]
    assert pd.isna(table.at[0, "days"])


def test_an_action_owes_the_report_for_its_checkpoint_from_the_day_it_is_missing() -> None:
    told = actions({"missing_since": "2026-10-14", "latest_as_of": "2026-06-30"})
    row = awaited(sites(), told, INSTITUTIONS, on=ON).iloc[0]
    assert (row["kind"], row["owed"], row["speaks_of"]) == ("action", "b09", pd.Timestamp("2026-09-30"))
    assert (row["since"], row["days"], row["name"]) == (pd.Timestamp("2026-10-14"), 17, "Training")
    assert row["last_report"] == pd.Timestamp("2026-06-30")


def test_the_longest_owed_stand_first_sites_and_actions_together() -> None:
    table = awaited(
        sites(
            {"code": "A", "as_of": "2026-08-31", "silent": True}, {"code": "B", "as_of": "2026-05-31", "silent": True}
        ),
        actions({"missing_since": "2026-07-20", "checkpoint": "b06"}),
        INSTITUTIONS,
        on=ON,
    )
    assert table["code"].tolist() == ["B", "RA-1", "A"]
    assert table["days"].is_monotonic_decreasing


def test_a_report_is_owed_even_where_nobody_knows_the_institution() -> None:
    table = awaited(
        sites(
            {"code": "A", "as_of": "2026-05-31", "silent": True, "institution_code": None},
            {"code": "B", "as_of": "2026-06-30", "silent": True, "institution_code": "NEW"},
        ),
        actions(),
        INSTITUTIONS,
        on=ON,
    )
    assert table["institution_code"].isna().tolist() == [True, False]
    assert table["institution"].isna().all()


def test_the_days_of_grace_are_those_of_the_thresholds() -> None:
    told = sites({"as_of": "2026-09-30", "silent": True})
    row = awaited(told, actions(), INSTITUTIONS, on=ON, thresholds=Thresholds(silent_after_days=10)).iloc[0]
    assert (row["since"], row["days"]) == (pd.Timestamp("2026-10-10"), 21)


def test_what_a_position_calls_silent_is_owed_for_at_least_a_day() -> None:
    every = pd.DataFrame(
        {"code": ["A", "B", "C"], "programme": "ktn", "name": "x", "province": "35", "institution_code": "BNPT"}
    )
    plans = pd.DataFrame(
        {
            "site_code": ["A", "A", "B", "B", "C", "C"],
            "as_of": ["2026-01-01", "2026-12-31"] * 3,
            "percent": [0, 100] * 3,
        }
    )
    plans["spend"] = None
    reports = pd.DataFrame(
        {
            "site_code": ["B", "C"], "as_of": ["2026-09-15", "2026-09-16"], "recorded_at": "2026-10-01T00:00Z",
            "percent": 60.0, "spend": None, "stage": "in_progress", "note": None,
        }
    )  # fmt: skip
    told = position(every, plans, reports, on=ON)
    told = told.join(every[["name", "province", "institution_code"]])
    begun = plan_begun(every, plans)
    assert begun.to_dict() == dict.fromkeys("ABC", pd.Timestamp("2026-01-02"))
    table = awaited(told, actions(), INSTITUTIONS, on=ON, begun=begun)
    assert table["code"].tolist() == ["A", "B"]
    assert table["days"].tolist() == [257, 1]


# --- last words ----------------------------------------------------------------------------------------------------


def test_the_last_word_of_an_institution_is_the_latest_of_its_sites_and_actions() -> None:
    table = last_words(
        sites({"as_of": "2026-08-31"}, {"code": "B", "as_of": "2026-07-31"}, {"code": "C"}),
        actions({"institution_code": "BNPT", "latest_as_of": "2026-09-30"}),
        INSTITUTIONS,
        on=ON,
    )
    assert list(table.columns) == list(LAST_WORDS_COLUMNS)
    row = table.iloc[0]
    assert (row["last_report"], row["age_days"]) == (pd.Timestamp("2026-09-30"), 31)
    assert (row["sites"], row["sites_reported"], row["actions"], row["actions_reported"]) == (3, 2, 1, 1)
    assert (row["institution"], row["institution_kind"], row["field"]) == (
        "Counter-terrorism agency", "kl", "polhukam",
    )  # fmt: skip


def test_an_institution_with_neither_sites_nor_actions_is_left_out() -> None:
    assert last_words(sites({}), actions({}), INSTITUTIONS, on=ON)["institution_code"].tolist() == ["BNPT", "PUPR"]
    assert last_words(sites(), actions(), INSTITUTIONS, on=ON).empty


def test_never_reported_is_missing_and_not_an_age_of_zero() -> None:
    row = last_words(sites({}), actions(), INSTITUTIONS, on=ON).iloc[0]
    assert row["never_reported"]
    assert pd.isna(row["last_report"])
    assert pd.isna(row["age_days"])
    assert row["sites_reported"] == 0


def test_who_owes_stands_first_then_the_oldest_word_and_who_never_spoke_before_it() -> None:
    told = sites(
        {"code": "A", "institution_code": "DONE", "as_of": "2022-03-24"},
        {"code": "B", "institution_code": "SLOW", "as_of": "2026-06-30", "silent": True},
        {"code": "C", "institution_code": "MUTE", "silent": True},
    )
    table = last_words(told, actions(), INSTITUTIONS, on=ON, begun=starts(C="2026-09-01"))
    assert table["institution_code"].tolist() == ["MUTE", "SLOW", "DONE"]
    assert table["owed"].tolist() == [1, 1, 0]
    assert table["institution"].isna().all()


def test_what_an_institution_owes_is_what_the_list_of_awaited_reports_says() -> None:
    told = sites({"as_of": "2026-06-30", "silent": True}, {"code": "B", "as_of": "2026-05-31", "silent": True})
    late = actions({"institution_code": "BNPT", "missing_since": "2026-10-14"}, {"code": "RA-2"})
    table = last_words(told, late, INSTITUTIONS, on=ON).set_index("institution_code")
    owed = awaited(told, late, INSTITUTIONS, on=ON)
    assert table.at["BNPT", "owed"] == len(owed) == 3
    assert table.at["BNPT", "oldest_since"] == owed["since"].min() == pd.Timestamp("2026-07-15")
    assert table.at["PUPR", "owed"] == 0
    assert pd.isna(table.at["PUPR", "oldest_since"])


def test_the_order_of_the_rows_never_matters() -> None:
    told = sites(
        *({"code": code, "as_of": "2026-06-30", "silent": True, "institution_code": None} for code in "AB"),
        *({"code": code, "silent": True, "institution_code": "PUPR"} for code in "CD"),
    )
    late = actions(*({"code": code, "missing_since": "2026-10-14"} for code in ("RA-1", "RA-2")))
    turned = told.iloc[::-1], late.iloc[::-1], INSTITUTIONS.iloc[::-1]
    for answer in (awaited, last_words):
        pd.testing.assert_frame_equal(answer(told, late, INSTITUTIONS, on=ON), answer(*turned, on=ON))
