"""One choice of filters gives one set of figures, whichever way it was narrowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.model import FOCUS_PROVINCES, Filters
from geo.programmes import load_programmes
from geo.progress import State, position, roll_up, state
from geo.sample import SAMPLE_AS_OF, sample_tables

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


# --- narrowing ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> dict[str, pd.DataFrame]:
    return sample_tables()


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
