"""One choice of filters gives one set of figures, whichever way it was narrowed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES, Filters
from geo.programmes import load_programmes
from geo.progress import State, Thresholds, located, narrowed, position, roll_up, standing, state
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

ON = date(2026, 10, 31)
SITES = pd.DataFrame(
    {
        "code": ["KTN-1", "KOP-1", "RUS-1"],
        "programme": ["ktn", "koperasi", "rusun"],
        "name": ["Kawasan Malang", "Koperasi (Sari) 100%", "Rusun Poso"],
        "region_code": ["35.07", "33.10", "72"],
        "lon": [112.6, 110.6, None],
        "lat": [-8.1, -7.6, None],
        "location_precision": ["exact", "village", "district"],
        "institution_code": [None, None, None],
        "start_date": ["2026-01-01", "2026-01-01", "2026-01-01"],
        "target_date": [None, None, None],
        "contract_value": [1_000.0, None, 2_000.0],
        "year": [2026, 2026, 2026],
        "data_status": ["reported", "synthetic", "reported"],
        "source_url": [None, None, None],
    }
)
PLANS = pd.DataFrame(
    {
        "site_code": ["KTN-1", "KOP-1", "RUS-1"],
        "as_of": ["2026-10-31", "2026-10-31", "2026-10-31"],
        "percent": [50.0, 100.0, 80.0],
        "spend": [None, None, None],
    }
)
REPORTS = pd.DataFrame(
    {
        "site_code": ["KTN-1", "KOP-1", "RUS-1"],
        "as_of": ["2026-10-31", "2026-10-31", "2026-10-31"],
        "recorded_at": ["2026-11-01T00:00Z"] * 3,
        "percent": [50.0, 100.0, 74.0],
        "spend": [None, None, None],
        "stage": ["in_progress", "operational", "in_progress"],
        "note": [None, None, None],
    }
)


def obstacles(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of site, opened, closed, severity."""
    return pd.DataFrame(rows, columns=["site_code", "opened", "closed", "severity"]).assign(action_code=None)


def chosen(*, hindered: pd.DataFrame | None = None, **filters: Any) -> State:
    tables = {
        "sites": SITES, "plans": PLANS, "reports": REPORTS,
        "obstacles": obstacles() if hindered is None else hindered,
    }  # fmt: skip
    return state(tables, Filters(**{"on": ON, **filters}), load_programmes())


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, ["KTN-1", "KOP-1", "RUS-1"]),
        ({"provinces": ("35",)}, ["KTN-1"]),
        ({"provinces": ("35", "72")}, ["KTN-1", "RUS-1"]),
        ({"regencies": ("33.10",)}, ["KOP-1"]),
        ({"provinces": ("35",), "regencies": ("33.10",)}, []),
        ({"programmes": ("rusun", "ktn")}, ["KTN-1", "RUS-1"]),
        ({"statuses": ("kritis",)}, ["RUS-1"]),
        ({"statuses": ("kritis", "selesai")}, ["KOP-1", "RUS-1"]),
        ({"search": "MALANG"}, ["KTN-1"]),
        ({"search": "rus-1"}, ["RUS-1"]),
        ({"search": "(sari) 100%"}, ["KOP-1"]),
        ({"search": ".*"}, []),
        ({"search": "zzz"}, []),
    ],
)
def test_each_filter_leaves_the_sites_it_names(filters: dict[str, Any], codes: list[str]) -> None:
    assert chosen(**filters).positions["code"].tolist() == codes


def test_a_state_holds_exactly_the_position_of_its_sites() -> None:
    contracts = [code for code, programme in load_programmes().items() if programme.contract_rules]
    expected = position(SITES, PLANS, REPORTS, on=ON, contract_programmes=contracts)
    found = chosen().positions
    pd.testing.assert_frame_equal(found[list(expected.columns)], expected)
    assert found["status"].tolist() == ["sesuai_rencana", "selesai", "kritis"]


def test_a_site_known_by_its_province_alone_has_no_kabupaten_and_still_counts() -> None:
    now = chosen()
    assert now.positions["province"].tolist() == ["35", "33", "72"]
    assert now.positions["regency"].isna().tolist() == [False, False, True]
    assert now.national["sites"] == now.by_province["sites"].sum() == 3


def test_the_focus_provinces_always_stand_and_others_where_they_have_sites() -> None:
    assert chosen().by_province["province"].tolist() == list(FOCUS_PROVINCES)
    assert chosen(provinces=("35",)).by_province["province"].tolist() == ["35"]


def test_programmes_stand_in_the_order_of_their_file() -> None:
    assert chosen().by_programme["programme"].tolist() == list(load_programmes())
    assert chosen(programmes=("rusun", "ktn")).by_programme["programme"].tolist() == ["ktn", "rusun"]


def test_a_choice_without_sites_has_every_figure_and_no_average() -> None:
    none = chosen(search="zzz")
    assert none.national["sites"] == 0
    assert pd.isna(none.national["actual_percent"])
    assert none.curve.empty
    assert none.needs_attention.empty
    assert none.statuses["sites"].sum() == 0


# --- obstacles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "blocked"),
    [
        (("KTN-1", "2026-10-31", None, 3), True),
        (("KTN-1", "2026-11-01", None, 3), False),
        (("KTN-1", "2026-09-01", "2026-11-01", 3), True),
        (("KTN-1", "2026-09-01", "2026-10-31", 3), False),
        (("KTN-1", "2026-09-01", None, 2), False),
        (("KOP-1", "2026-09-01", None, 3), False),
    ],
    ids=["opened that day", "opened later", "closed later", "closed that day", "moderate", "site is done"],
)
def test_a_site_is_blocked_while_a_severe_obstacle_is_open_and_it_is_at_work(
    row: tuple[Any, ...], *, blocked: bool
) -> None:
    found = chosen(hindered=obstacles(row)).positions.set_index("code").loc[row[0]]
    assert bool(found["blocked"]) is blocked
    assert pd.isna(found["blocked_since"]) is not blocked


def test_a_site_has_been_blocked_since_its_oldest_open_severe_obstacle() -> None:
    hindered = obstacles(
        ("KTN-1", "2026-05-01", "2026-06-01", 3), ("KTN-1", "2026-08-01", None, 3), ("KTN-1", "2026-09-01", None, 3)
    )
    found = chosen(hindered=hindered).positions.set_index("code").loc["KTN-1"]
    assert found["blocked_since"] == pd.Timestamp("2026-08-01")
    assert found["obstacles"] == 2


def test_an_obstacle_of_an_action_without_a_site_blocks_nobody() -> None:
    assert not chosen(hindered=obstacles((None, "2026-05-01", None, 3))).positions["blocked"].any()


# --- two clocks --------------------------------------------------------------------------------------------------

BRIEFED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
AFTER = "2026-11-20T02:00Z"
SINCE_EVER = obstacles(("KTN-1", "2026-09-01", None, 3)).assign(code="K-1", recorded_at="2026-09-02T02:00Z")


def two_tables(**added: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of that briefing, each with its moments, and what was recorded since."""
    then = {
        "sites": SITES.assign(recorded_at="2026-01-01T02:00Z"),
        "plans": PLANS.assign(recorded_at="2026-01-02T02:00Z"),
        "reports": REPORTS,
        "obstacles": SINCE_EVER,
    }
    return {name: pd.concat([rows, added[name]]) if name in added else rows for name, rows in then.items()}


ADDED = {
    "sites": SITES.iloc[[0]].assign(code="NEW-1", recorded_at=AFTER),
    "plans": PLANS.iloc[[0]].assign(percent=90.0, recorded_at=AFTER),
    "reports": REPORTS.iloc[[0]].assign(percent=20.0, recorded_at=AFTER),
    "obstacles": SINCE_EVER.assign(closed="2026-10-01", recorded_at=AFTER),
}


@pytest.mark.parametrize("table", [*ADDED, "all"])
def test_what_is_recorded_later_never_changes_what_was_known(table: str) -> None:
    added = ADDED if table == "all" else {table: ADDED[table]}
    filters, programmes = Filters(on=ON, known_at=BRIEFED), load_programmes()
    before, after = (state(tables, filters, programmes) for tables in (two_tables(), two_tables(**added)))
    pd.testing.assert_frame_equal(after.positions, before.positions)
    pd.testing.assert_frame_equal(after.curve, before.curve)
    pd.testing.assert_frame_equal(after.by_province, before.by_province)
    pd.testing.assert_frame_equal(after.needs_attention, before.needs_attention)
    pd.testing.assert_series_equal(after.earned, before.earned)
    assert after.forecast == before.forecast
    now = state(two_tables(**added), Filters(on=ON), programmes)
    assert not now.positions.equals(before.positions)


def test_an_obstacle_closed_since_still_blocks_the_site_of_that_briefing() -> None:
    tables, programmes = two_tables(**ADDED), load_programmes()
    blocked = [
        state(tables, Filters(on=ON, known_at=moment), programmes).positions.set_index("code").loc["KTN-1", "blocked"]
        for moment in (BRIEFED, None)
    ]
    assert blocked == [True, False]


def test_a_record_without_a_moment_was_known_from_the_start() -> None:
    sites = two_tables()["sites"].assign(recorded_at=[None, AFTER, "2026-01-01T02:00Z"])
    known = located({**two_tables(), "sites": sites}, on=ON, known_at=BRIEFED, programmes=load_programmes())
    assert known["code"].tolist() == ["KTN-1", "RUS-1"]


def test_the_order_of_rows_changes_no_figure_of_a_moment() -> None:
    tables, filters, programmes = two_tables(**ADDED), Filters(on=ON, known_at=BRIEFED), load_programmes()
    turned = {name: rows.iloc[::-1] for name, rows in tables.items()} | {"sites": tables["sites"]}
    pd.testing.assert_frame_equal(
        state(turned, filters, programmes).positions, state(tables, filters, programmes).positions
    )


# --- one standing, many filters ----------------------------------------------------------------------------------


def test_several_filters_share_one_standing_and_leave_it_as_it_was() -> None:
    programmes = load_programmes()
    whole = standing(two_tables(), on=ON, programmes=programmes)
    kept = whole.positions.copy()
    for filters in (Filters(on=ON), Filters(on=ON, provinces=("35",)), Filters(on=ON, statuses=("kritis",))):
        shared, alone = narrowed(whole, filters, programmes), state(two_tables(), filters, programmes)
        assert shared.standing is whole
        pd.testing.assert_frame_equal(shared.positions, alone.positions)
        pd.testing.assert_series_equal(shared.national, alone.national)
        pd.testing.assert_frame_equal(shared.curve, alone.curve)
    pd.testing.assert_frame_equal(whole.positions, kept)


@pytest.mark.parametrize(
    "filters", [Filters(on=date(2026, 10, 30)), Filters(on=ON, known_at=BRIEFED)], ids=["another day", "another moment"]
)
def test_a_standing_answers_for_no_other_day_and_no_other_moment(filters: Filters) -> None:
    programmes = load_programmes()
    whole = standing(two_tables(), on=ON, programmes=programmes)
    with pytest.raises(ValueError, match="of another moment"):
        narrowed(whole, filters, programmes)


def test_kept_positions_give_the_standing_that_would_be_worked_out() -> None:
    programmes = load_programmes()
    kept = located(two_tables(), on=ON, programmes=programmes)
    pd.testing.assert_frame_equal(
        standing(two_tables(), on=ON, programmes=programmes, positions=kept).positions,
        standing(two_tables(), on=ON, programmes=programmes).positions,
    )


def test_a_state_judges_by_the_thresholds_it_was_given() -> None:
    free = SITES.assign(contract_value=None)
    tables = {"sites": free, "plans": PLANS, "reports": REPORTS, "obstacles": obstacles()}
    limits = Thresholds(watch_points=7.0)
    lenient = state(tables, Filters(on=ON), load_programmes(), thresholds=limits)
    assert lenient.thresholds is limits
    assert lenient.positions["status"].tolist() == ["sesuai_rencana", "selesai", "waspada"]
    usual = state(tables, Filters(on=ON), load_programmes())
    assert usual.positions["status"].tolist() == ["sesuai_rencana", "selesai", "terlambat"]


def test_a_part_is_worked_out_once() -> None:
    whole = chosen()
    assert whole.within(provinces=("35",)) is whole.within(provinces=("35",))
    assert whole.within(provinces=("35",)) is not whole.within(provinces=("33",))


# --- narrowing ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> dict[str, pd.DataFrame]:
    return shared_sample()


@pytest.mark.parametrize(
    "narrowed", [{"provinces": ("35",)}, {"regencies": ("35.07",)}, {"provinces": ("33",), "regencies": ("33.10",)}]
)
def test_narrowing_a_state_equals_filtering_from_the_start(
    sample: dict[str, pd.DataFrame], narrowed: dict[str, tuple[str, ...]]
) -> None:
    programmes, whole = load_programmes(), Filters(on=SAMPLE_AS_OF)
    narrow = state(sample, whole, programmes).within(**narrowed)
    filtered = state(sample, whole.but(**narrowed), programmes)
    pd.testing.assert_frame_equal(narrow.positions, filtered.positions)
    pd.testing.assert_frame_equal(narrow.curve, filtered.curve)
    pd.testing.assert_frame_equal(narrow.by_province, filtered.by_province)
    pd.testing.assert_frame_equal(narrow.by_regency, filtered.by_regency)
    pd.testing.assert_series_equal(narrow.national, filtered.national)
    pd.testing.assert_frame_equal(narrow.needs_attention, filtered.needs_attention)
    assert narrow.filters == filtered.filters


def test_the_cards_of_the_sample_add_up(sample: dict[str, pd.DataFrame]) -> None:
    now = state(sample, Filters(on=SAMPLE_AS_OF), load_programmes())
    assert now.national["sites"] == len(now.positions) == len(sample["sites"])
    for parts in (now.by_province, now.by_programme):
        for name in ("sites", "base", "late", "silent", "blocked", "spend_base"):
            assert parts[name].sum() == now.national[name], name
    assert now.statuses["sites"].sum() == now.national["sites"]
    pd.testing.assert_series_equal(roll_up(now.positions).iloc[0], now.national)
