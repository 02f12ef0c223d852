"""What the synthetic programme year around the reported record is like."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES, DataStatus, Stage, Status
from geo.programmes import load_programmes
from geo.progress import position
from geo.regions import locate_points, regions
from geo.sample import SAMPLE_AS_OF, reported_tables, sample_tables
from geo.sample.files import read_text
from geo.sample.frames import COLUMNS

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return sample_tables()


@pytest.fixture(scope="module")
def positions(tables: Tables) -> pd.DataFrame:
    judged = position(
        tables["sites"],
        tables["plans"],
        tables["reports"],
        on=SAMPLE_AS_OF,
        contract_programmes=[code for code, programme in load_programmes().items() if programme.contract_rules],
    )
    return judged.assign(province=tables["sites"]["region_code"].str[:2].to_numpy())


def synthetic(sites: pd.DataFrame) -> pd.DataFrame:
    return sites[sites["data_status"] == DataStatus.SYNTHETIC]


def test_the_same_call_gives_the_same_frames(tables: Tables) -> None:
    again = sample_tables()
    assert list(again) == list(tables) == list(COLUMNS)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_a_frame_changed_by_its_reader_does_not_change_the_next_call() -> None:
    first = sample_tables()["sites"]
    first["name"] = "changed"
    assert "changed" not in set(sample_tables()["sites"]["name"])


def test_the_tables_have_the_canonical_columns_and_dtypes(tables: Tables) -> None:
    for name, frame in tables.items():
        assert {column: str(frame[column].dtype) for column in frame} == dict(COLUMNS[name]), name
        assert frame.index.equals(pd.RangeIndex(len(frame))), name


def test_there_are_120_sites_with_the_reported_ones_untouched(tables: Tables) -> None:
    assert len(tables["sites"]) == 120
    reported = reported_tables()
    codes = set(reported["sites"]["code"])
    for name in ("sites", "site_indicators", "plans", "reports"):
        key = "code" if name == "sites" else "site_code"
        kept = tables[name][tables[name][key].isin(codes)].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, reported[name])


def test_no_synthetic_site_or_action_is_named_without_the_word_contoh(tables: Tables) -> None:
    assert synthetic(tables["sites"])["name"].str.contains("Contoh").all()
    assert tables["actions"]["title"].str.startswith("Contoh: ").all()


def test_a_synthetic_row_claims_no_source(tables: Tables) -> None:
    made = set(synthetic(tables["sites"])["code"])
    claims = tables["claims"]
    assert claims.loc[claims["data_status"] == DataStatus.SYNTHETIC, "source_url"].isna().all()
    for name in ("site_indicators", "reports"):
        assert tables[name].loc[tables[name]["site_code"].isin(made), "source_url"].isna().all()
    assert set(tables["reports"].loc[tables["reports"]["site_code"].isin(made), "data_status"]) == {"synthetic"}


def test_every_reference_finds_its_row(tables: Tables) -> None:
    keys = {
        "site_code": set(tables["sites"]["code"]),
        "institution_code": set(tables["institutions"]["code"]),
        "action_code": set(tables["actions"]["code"]),
        "programme": set(load_programmes()),
    }
    for name, frame in tables.items():
        for column in set(keys) & set(frame.columns):
            unknown = set(frame[column].dropna()) - keys[column]
            assert not unknown, (name, column)
    for name in ("institutions", "sites", "actions"):
        assert tables[name]["code"].is_unique
    assert not tables["plans"].duplicated(["site_code", "as_of", "recorded_at"]).any()
    assert not tables["action_reports"].duplicated(["action_code", "as_of", "recorded_at"]).any()
    assert not tables["closures"].duplicated(["year", "checkpoint"]).any()
    assert not tables["beneficiaries"].duplicated(["site_code", "as_of", "group"]).any()
    assert not tables["reports"].duplicated(["site_code", "as_of", "recorded_at"]).any()


def test_every_site_has_a_plan_that_never_falls_and_ends_at_exactly_100(tables: Tables) -> None:
    plans = tables["plans"].sort_values(["site_code", "recorded_at", "as_of"])
    assert set(plans["site_code"]) == set(tables["sites"]["code"])
    by_revision = plans.groupby(["site_code", "recorded_at"])
    assert (by_revision["percent"].last() == 100.0).all()
    assert not (by_revision["percent"].diff() < 0).any()
    assert not (by_revision["spend"].diff() < 0).any()
    assert plans["percent"].between(0, 100).all()


def test_realised_progress_and_spending_never_fall_once_corrections_are_taken(tables: Tables) -> None:
    reports = tables["reports"].sort_values("recorded_at").drop_duplicates(["site_code", "as_of"], keep="last")
    by_site = reports.sort_values("as_of").groupby("site_code")
    assert not (by_site["percent"].diff() < 0).any()
    assert not (by_site["spend"].diff() < 0).any()


def test_spending_stays_within_the_contract_and_the_budget(tables: Tables) -> None:
    value = tables["sites"].set_index("code")["contract_value"]
    for name in ("plans", "reports"):
        told = tables[name].dropna(subset=["spend"])
        assert (told["spend"] <= told["site_code"].map(value)).all()
        assert (told["spend"] >= 0).all()
    budget = tables["actions"].set_index("code")["budget"]
    spent = tables["action_reports"]
    funded = spent[spent["action_code"].map(budget).notna()]
    assert (funded["spend"] <= funded["action_code"].map(budget)).all()
    assert spent.drop(funded.index)["spend"].isna().all()


def test_every_region_code_is_a_kabupaten_or_kota_that_exists(tables: Tables) -> None:
    known = {region.code: region.name for region in regions(2)}
    for name in ("sites", "actions"):
        assert tables[name]["region_code"].str.fullmatch(r"\d\d\.\d\d").all()
        assert set(tables[name]["region_code"]) <= set(known)
    districts = read_text("focus_districts")
    assert {code: known[code] for code in districts["code"]} == dict(
        zip(districts["code"], districts["name"], strict=True)
    )


def test_every_point_lies_in_the_region_its_site_names(tables: Tables) -> None:
    found = locate_points(tables["sites"][["lon", "lat"]], level=2, within_m=5_000)
    assert list(found["code"]) == list(tables["sites"]["region_code"])


def test_every_focus_district_has_synthetic_sites(tables: Tables) -> None:
    assert set(synthetic(tables["sites"])["region_code"]) == set(read_text("focus_districts")["code"])


def test_every_situation_occurs_and_each_province_shows_at_least_five(positions: pd.DataFrame) -> None:
    assert set(positions["status"]) == {str(status) for status in Status} - {str(Status.TANPA_RENCANA)}
    kinds = positions.groupby("province")["status"].nunique()
    assert set(kinds.index) == set(FOCUS_PROVINCES)
    assert (kinds >= 5).all()


@pytest.mark.parametrize(
    ("status", "low", "high"),
    [
        (Status.SELESAI, 20, 30),
        (Status.SESUAI_RENCANA, 25, 35),
        (Status.WASPADA, 11, 19),
        (Status.TERLAMBAT, 7, 13),
        (Status.KRITIS, 5, 10),
        (Status.BELUM_LAPOR, 3, 8),
        (Status.BELUM_MULAI, 2, 6),
        (Status.TIDAK_AKTIF, 1, 5),
    ],
)
def test_the_shares_of_the_situations_are_believable(
    positions: pd.DataFrame, status: Status, low: int, high: int
) -> None:
    percent = 100 * (positions["status"] == str(status)).mean()
    assert low <= percent <= high


def test_sulawesi_tengah_lags_clearly_behind_the_others(positions: pd.DataFrame) -> None:
    deviation = positions.groupby("province")["deviation_points"].mean()
    assert deviation.idxmin() == "72"
    assert deviation["72"] < deviation.drop("72").min() - 3


def test_some_sites_never_reported_and_some_fell_silent_for_three_months(
    tables: Tables, positions: pd.DataFrame
) -> None:
    never = ~tables["sites"]["code"].isin(tables["reports"]["site_code"])
    assert never.sum() >= 6
    running = positions[~positions["status"].isin([Status.SELESAI, Status.TIDAK_AKTIF])]
    assert (running["age_days"].fillna(0) > 90).sum() >= 3


def test_corrections_change_the_percent_and_are_recorded_later(tables: Tables) -> None:
    reports = tables["reports"]
    made = reports[reports["data_status"] == DataStatus.SYNTHETIC].sort_values("recorded_at")
    again = made[made.duplicated(["site_code", "as_of"], keep=False)].groupby(["site_code", "as_of"])
    assert len(again) >= 15
    assert (again["percent"].nunique() == 2).all()
    assert (again["recorded_at"].nunique() == 2).all()


def test_a_correction_changes_what_is_shown_only_from_the_moment_it_was_recorded(tables: Tables) -> None:
    reports = tables["reports"]
    twice = reports[reports.duplicated(["site_code", "as_of"], keep=False) & reports["percent"].notna()]
    first, second = twice.sort_values(["site_code", "as_of", "recorded_at"]).iloc[:2].to_dict("records")
    site = tables["sites"][tables["sites"]["code"] == first["site_code"]]
    shown = [
        position(site, tables["plans"], reports, on=first["as_of"].date(), known_at=report["recorded_at"])
        for report in (first, second)
    ]
    assert [frame["actual_percent"].iloc[0] for frame in shown] == [first["percent"], second["percent"]]


def test_some_reports_arrive_weeks_late_and_none_after_the_sample_day(tables: Tables) -> None:
    reports = tables["reports"]
    delay = reports["recorded_at"].dt.tz_localize(None) - reports["as_of"]
    assert (delay > pd.Timedelta(days=24)).sum() >= 20
    assert (delay >= pd.Timedelta(0)).all()
    end = pd.Timestamp(datetime(2026, 11, 1, tzinfo=UTC))
    assert (reports["recorded_at"] < end).all()
    assert (tables["action_reports"]["recorded_at"] < end).all()
    assert reports["as_of"].max() == pd.Timestamp(SAMPLE_AS_OF)


def test_sites_were_postponed_cancelled_and_carried_over(tables: Tables) -> None:
    stages = set(tables["reports"]["stage"])
    assert {Stage.POSTPONED, Stage.CANCELLED, Stage.CARRIED_OVER, Stage.SOFT_LAUNCH} <= stages


def test_obstacles_have_every_category_and_severity_and_some_are_closed(tables: Tables) -> None:
    obstacles = tables["obstacles"]
    assert set(obstacles["category"]) == {"lahan", "perizinan", "anggaran", "cuaca", "logistik", "koordinasi"}
    assert set(obstacles["severity"]) == {1, 2, 3}
    closed = set(obstacles.loc[obstacles["closed"].notna(), "code"])
    assert len(closed) >= 20
    assert obstacles["code"].nunique() - len(closed) >= 20
    assert not (obstacles["closed"] < obstacles["opened"]).any()
    assert (obstacles["site_code"].notna() ^ obstacles["action_code"].notna()).all()


def test_about_400_actions_of_2026_cover_all_institutions_and_provinces(tables: Tables) -> None:
    actions, institutions = tables["actions"], tables["institutions"]
    actions = actions[actions["year"] == 2026]
    assert 350 <= len(actions) <= 450
    acting = institutions[institutions["kind"].isin(["kl", "pemda"])]
    assert set(actions["institution_code"]) == set(acting["code"])
    named = actions[actions["institution_code"].isin(acting.loc[acting["kind"] == "kl", "code"])]
    assert (named.groupby("institution_code")["region_code"].agg(lambda codes: codes.str[:2].nunique()) >= 4).all()
    assert not actions.duplicated(["institution_code", "region_code", "title"]).any()


def test_targets_of_an_action_rise_through_the_checkpoints(tables: Tables) -> None:
    targets = tables["actions"][["target_b03", "target_b06", "target_b09", "target_b12"]]
    assert not (targets.diff(axis="columns") < 0).any(axis=None)
    assert (targets["target_b12"] > 0).all()


def test_action_reports_are_quarterly_within_target_and_of_every_fate(tables: Tables) -> None:
    reports = tables["action_reports"]
    of_this_year = reports[reports["action_code"].str.startswith("RA-2026-")]
    assert set(of_this_year["as_of"].dt.strftime("%Y-%m-%d")) == {"2026-03-31", "2026-06-30", "2026-09-30"}
    assert (reports["achieved"] <= reports["action_code"].map(tables["actions"].set_index("code")["target_b12"])).all()
    assert {Stage.POSTPONED, Stage.CANCELLED, Stage.CARRIED_OVER, Stage.OPERATIONAL} <= set(reports["stage"])
    never = tables["actions"][~tables["actions"]["code"].isin(reports["action_code"])]
    assert 10 <= (never["year"] == 2026).sum() <= 60


def test_beneficiaries_are_counted_by_quarter_and_group_and_never_by_person(tables: Tables) -> None:
    counts = tables["beneficiaries"]
    assert set(counts["group"]) == {"mitra", "penyintas", "masyarakat"}
    assert set(counts["as_of"].dt.month) == {3, 6, 9, 12}
    assert (counts["count"] >= 0).all()
    for name, frame in tables.items():
        assert not {"person", "nik", "full_name", "nama", "phone"} & set(frame.columns), name


def test_authors_are_offices(tables: Tables) -> None:
    told = tables["reports"]["author"].to_list() + tables["action_reports"]["author"].to_list()
    offices = ("Satgas Wilayah ", "Dinas ", "Badan ", "Bagian Perencanaan ", "Penyusun data contoh")
    assert all(str(author).startswith(offices) for author in told)


def test_indicators_of_sites_are_those_of_their_programme(tables: Tables) -> None:
    programmes = load_programmes()
    of_site = tables["sites"].set_index("code")["programme"]
    for row in tables["site_indicators"].itertuples(index=False):
        units = {item.code: item.unit.id for item in programmes[of_site[row.site_code]].indicators}
        assert units.get(row.indicator) == row.unit, row
