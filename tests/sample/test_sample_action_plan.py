"""What the sample's action plans of two years, its meetings and its stated totals are like."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES, DataStatus, Stage
from geo.regions import regions
from geo.sample.actions import ACTIONS_2025, ACTIONS_2026
from tests.prepared import shared_sample

Tables = dict[str, pd.DataFrame]
KEY = ["action_code", "as_of"]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return shared_sample()


def of_year(tables: Tables, year: int) -> pd.DataFrame:
    return tables["actions"][tables["actions"]["year"] == year]


def last_told(reports: pd.DataFrame) -> pd.DataFrame:
    """The last recorded report of each action and day."""
    return reports.sort_values("recorded_at").drop_duplicates(KEY, keep="last").set_index(KEY)


def closed_at(tables: Tables, year: int, checkpoint: str) -> pd.Timestamp:
    closures = tables["closures"]
    chosen = closures[(closures["year"] == year) & (closures["checkpoint"] == checkpoint)]
    return pd.Timestamp(chosen["closed_at"].item())


def test_2025_has_a_whole_year_of_reports_and_2026_three_quarters(tables: Tables) -> None:
    reports = tables["action_reports"]
    told = {
        str(year): set(days.dt.strftime("%m-%d"))
        for year, days in reports["as_of"].groupby(reports["action_code"].str[3:7])
    }
    assert told == {"2025": {"03-31", "06-30", "09-30", "12-31"}, "2026": {"03-31", "06-30", "09-30"}}


def test_the_year_2025_ended_with_actions_done_carried_over_postponed_and_cancelled(tables: Tables) -> None:
    actions = of_year(tables, 2025)
    assert 250 <= len(actions) <= 320
    assert actions["code"].str.fullmatch(r"RA-2025-\d{4}").all()
    reports = tables["action_reports"]
    december = last_told(reports[reports["as_of"] == pd.Timestamp("2025-12-31")])
    ending = december["stage"].value_counts(normalize=True)
    assert ending[Stage.OPERATIONAL] > 0.5
    assert min(ending[Stage.CARRIED_OVER], ending[Stage.POSTPONED], ending[Stage.CANCELLED]) > 0.01
    assert 3 <= (~actions["code"].isin(reports["action_code"])).sum() <= 20


def test_the_two_years_share_most_places_but_not_all(tables: Tables) -> None:
    before, after = (set(of_year(tables, year)["region_code"]) for year in (2025, 2026))
    assert before - after == {"35.10", "72.06"}
    assert after - before == {"32.76", "33.11", "35.20", "52.07", "72.12"}
    assert len(before & after) == 21
    assert set(of_year(tables, 2025)["region_code"].str[:2]) == set(FOCUS_PROVINCES)


def test_a_place_of_2025_only_has_the_name_of_its_region() -> None:
    known = {region.code: region.name for region in regions(2)}
    assert ACTIONS_2025.further_districts
    assert all(known[code] == name for code, name in ACTIONS_2025.further_districts.items())


def test_institutions_that_joined_in_2026_have_no_actions_of_2025(tables: Tables) -> None:
    before, after = (set(of_year(tables, year)["institution_code"]) for year in (2025, 2026))
    assert before < after
    away = {"KL-10", "KL-11", "PEMDA-32.76", "PEMDA-33.11", "PEMDA-35.20", "PEMDA-52.07", "PEMDA-72.12"}
    assert after - before == away


def test_actions_of_2025_serve_no_site_that_began_later(tables: Tables) -> None:
    started = tables["sites"].set_index("code")["start_date"]
    served = of_year(tables, 2025)["site_code"].dropna()
    assert len(served) >= 10
    assert (served.map(started) < pd.Timestamp("2026-01-01")).all()


def test_no_institution_plans_the_same_thing_twice_at_one_place_in_a_year(tables: Tables) -> None:
    actions = tables["actions"]
    assert not actions.duplicated(["year", "institution_code", "region_code", "title"]).any()


def test_the_frozen_figures_of_june_2026_were_restated_afterwards_and_some_fell(tables: Tables) -> None:
    reports = tables["action_reports"]
    june = reports[reports["as_of"] == pd.Timestamp(ACTIONS_2026.checkpoints[1])]
    frozen = last_told(june[june["recorded_at"] <= closed_at(tables, 2026, "b06")])["achieved"]
    now = last_told(june)["achieved"]
    assert len(now) - len(frozen) >= 3
    changed = (now.reindex(frozen.index) - frozen).loc[lambda gain: gain != 0]
    assert (changed < 0).sum() == 6
    assert (changed > 0).any()


def test_a_lowered_figure_of_june_stays_above_march_and_is_followed_by_september(tables: Tables) -> None:
    told = last_told(tables["action_reports"])["achieved"].unstack().sort_index(axis="columns")
    falls = told.ffill(axis="columns").diff(axis="columns") < 0
    assert not falls.any(axis=None)


def test_three_actions_of_2026_have_no_budget_and_report_no_spending(tables: Tables) -> None:
    actions, reports = tables["actions"], tables["action_reports"]
    unfunded = actions[actions["budget"].isna()]
    assert unfunded["code"].tolist() == ["RA-2026-0397", "RA-2026-0398", "RA-2026-0399"]
    assert unfunded["contract"].isna().all()
    told = reports[reports["action_code"].isin(unfunded["code"])]
    assert len(told) == 9
    assert told["spend"].isna().all()


def test_two_actions_spent_nine_tenths_with_two_fifths_of_the_work_done(tables: Tables) -> None:
    actions = tables["actions"].set_index("code").loc[["RA-2026-0400", "RA-2026-0401"]]
    september = tables["action_reports"][tables["action_reports"]["as_of"] == pd.Timestamp("2026-09-30")]
    told = september.set_index("action_code").loc[actions.index]
    assert (told["spend"] / actions["budget"]).tolist() == pytest.approx([0.9, 0.92])
    assert (told["achieved"] / actions["target_b12"]).tolist() == [0.4, 0.4]
    assert set(actions["kind"]) == {"physical"}


def test_the_stated_total_of_2026_agrees_neither_with_its_parts_nor_with_the_table(tables: Tables) -> None:
    claims = tables["claims"]
    made = claims[claims["data_status"] == DataStatus.SYNTHETIC]
    assert set(made["year"]) == {2026}
    parts = made.dropna(subset=["region_code"]).set_index("region_code")["value"]
    assert set(parts.index) == set(FOCUS_PROVINCES)
    whole = made.loc[made["region_code"].isna(), "value"].item()
    held = of_year(tables, 2026)["region_code"].str[:2].value_counts()
    assert (whole, parts.sum(), held.sum()) == (405, 403, 401)
    assert list((parts - held).loc[lambda gap: gap != 0].index) == ["72"]


def test_four_meetings_were_held_after_the_day_they_spoke_of(tables: Tables) -> None:
    meetings = tables["meetings"]
    assert meetings["name"].str.startswith("Contoh: ").all()
    assert meetings["as_of"].dt.strftime("%m-%d").tolist() == ["03-31", "06-30", "08-31", "09-30"]
    assert meetings["held_at"].dt.strftime("%m-%d %H").tolist() == ["04-22 02", "07-22 02", "09-11 02", "10-14 02"]


def test_2025_is_closed_and_of_2026_all_but_the_last_checkpoint_that_was_due(tables: Tables) -> None:
    closed = tables["closures"].groupby("year")["checkpoint"].agg(list)
    assert closed.to_dict() == {2025: ["b03", "b06", "b09", "b12"], 2026: ["b03", "b06"]}
    assert set(tables["closures"]["author"]) == {"Sekretariat Sinergisitas (contoh)"}
