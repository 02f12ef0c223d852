"""Many filters on one standing: every figure is what plain work over the chosen rows gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import FOCUS_PROVINCES, LATE, Filters, Status
from geo.programmes import load_programmes
from geo.progress import ROLLUP_COLUMNS, Standing, attention, narrowed, roll_up, standing, status_counts
from geo.progress.state import passes
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

ON = date(2026, 10, 31)
STATUSES = [str(status) for status in Status]


Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows, ``None`` where a value is missing."""
    told = frame.astype("object").where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in told.to_dict("records")]


# --- plain work, row by row ----------------------------------------------------------------------------------------


def plain_passes(row: Row, filters: Filters, text: str = "name") -> bool:
    """Whether one site or action passes, the status left aside."""
    region = row["region_code"] or ""
    words = f"{row[text]} {row['code']}".casefold()
    return (
        (not filters.provinces or region[:2] in filters.provinces)
        and (not filters.regencies or region[:5] in filters.regencies)
        and (not filters.programmes or row["programme"] in filters.programmes)
        and (not filters.search or filters.search.casefold() in words)
    )


def plain_rows(whole: Standing, filters: Filters) -> pd.DataFrame:
    rows = records(whole.positions)
    kept = [plain_passes(row, filters) and (not filters.statuses or row["status"] in filters.statuses) for row in rows]
    return whole.positions[pd.Series(kept, dtype=bool)].reset_index(drop=True)


def plain_roll_up(rows: list[Row]) -> Row:
    """A roll-up as its description has it, with a loop for each figure."""

    def total(name: str, among: list[Row]) -> float:
        told = [float(row[name]) for row in among if row[name] is not None]
        return math.fsum(told) if told else math.nan

    def count(holds: Callable[[Row], Any]) -> int:
        return sum(bool(holds(row)) for row in rows)

    def has_value(row: Row) -> bool:
        return row["contract_value"] is not None and bool(row["contract_value"] > 0)

    active = [row for row in rows if row["status"] != "tidak_aktif"]
    base = [row for row in active if row["plan_percent"] is not None and row["actual_percent"] is not None]
    money = [row for row in active if has_value(row) and row["actual_spend"] is not None]
    by_value = all(has_value(row) for row in base)
    weight = {id(row): float(row["contract_value"]) if by_value else 1.0 for row in base}

    def mean(name: str) -> float:
        if not base:
            return math.nan
        return math.fsum(row[name] * weight[id(row)] for row in base) / math.fsum(weight.values())

    told, value = total("actual_spend", money), total("contract_value", money)
    return {
        "sites": len(rows),
        "base": len(base),
        "reported": count(lambda row: row["as_of"] is not None),
        "plan_percent": mean("plan_percent"),
        "actual_percent": mean("actual_percent"),
        "deviation_points": mean("actual_percent") - mean("plan_percent"),
        "weighting": "none" if not base else "contract_value" if by_value else "mean",
        **{status: [row["status"] for row in rows].count(status) for status in STATUSES},
        "late": count(lambda row: row["status"] in LATE),
        "silent": count(lambda row: row["silent"]),
        "never_reported": count(lambda row: row["as_of"] is None and row["status"] == "belum_lapor"),
        "done_untold": count(lambda row: row["actual_percent"] is None and row["status"] == "selesai"),
        "blocked": count(lambda row: row["blocked"]),
        "contract_value": total("contract_value", active),
        "plan_spend": total("plan_spend", active),
        "actual_spend": total("actual_spend", active),
        "spend_share": told / value if money else math.nan,
        "spend_told": told,
        "spend_value": value,
        "spend_base": len(money),
        "share_reported": count(lambda row: row["as_of"] is not None) / len(rows) if rows else math.nan,
        "fresh": sum(row["as_of"] is not None and not row["silent"] for row in active),
    }


def assert_rolled(found: pd.DataFrame, rows: list[Row], by: str, names: list[str]) -> None:
    assert list(found.columns) == [by, *ROLLUP_COLUMNS]
    assert found[by].tolist() == names
    for answer in records(found):
        expected = plain_roll_up([row for row in rows if row[by] == answer[by]])
        assert answer.pop("weighting") == expected["weighting"], answer[by]
        for name in set(ROLLUP_COLUMNS) - {"weighting"}:
            # averages are rounded to the sixth place
            limit = 1.01e-6 if name.endswith(("percent", "points")) else 1e-9
            found_value = math.nan if answer[name] is None else answer[name]
            assert found_value == pytest.approx(expected[name], rel=1e-9, abs=limit, nan_ok=True), (answer[by], name)


# --- roll-ups of any rows ------------------------------------------------------------------------------------------

percents = st.one_of(st.none(), st.floats(0, 100).map(lambda number: round(number, 3)))
rupiah = st.one_of(st.none(), st.just(0), st.integers(1, 10**12))
any_rows = st.lists(
    st.fixed_dictionaries(
        {
            "province": st.sampled_from(["32", "33", None]),
            "status": st.sampled_from([*STATUSES, "no such status"]),
            "plan_percent": percents,
            "actual_percent": percents,
            "contract_value": rupiah,
            "plan_spend": rupiah,
            "actual_spend": rupiah,
            "as_of": st.sampled_from([pd.Timestamp(ON), pd.NaT]),
            "silent": st.booleans(),
            "blocked": st.booleans(),
        }
    ),
    max_size=8,
)
NUMBERS = ("plan_percent", "actual_percent", "contract_value", "plan_spend", "actual_spend")
ROW = ("province", "status", *NUMBERS, "as_of", "silent", "blocked")


@settings(max_examples=30, deadline=None)
@given(any_rows)
def test_a_roll_up_of_any_rows_is_what_a_loop_over_them_gives(rows: list[Row]) -> None:
    frame = pd.DataFrame(rows, columns=list(ROW)).astype(dict.fromkeys(NUMBERS, "float64"))
    told = records(frame)
    there = sorted({row["province"] for row in rows} - {None})
    assert_rolled(roll_up(frame, by="province"), told, "province", there)
    assert_rolled(roll_up(frame, by="province", groups=["99", "33"]), told, "province", ["99", "33"])
    whole = roll_up(frame).assign(all="x")
    assert_rolled(whole[["all", *ROLLUP_COLUMNS]], [{**row, "all": "x"} for row in told], "all", ["x"])


def test_the_names_of_groups_are_text_even_where_there_is_no_group() -> None:
    frame = pd.DataFrame([], columns=list(ROW)).astype(dict.fromkeys(NUMBERS, "float64"))
    assert (
        roll_up(frame, by="province")["province"].dtype
        == roll_up(frame, by="province", groups=["35"])["province"].dtype
    )


# --- narrowing -----------------------------------------------------------------------------------------------------


def assert_narrowed(whole: Standing, filters: Filters) -> None:
    """Every figure of a state equals the same figure of the rows that a plain loop chooses."""
    now, rows = narrowed(whole, filters, load_programmes()), plain_rows(whole, filters)
    pd.testing.assert_frame_equal(now.positions, rows)
    sites = whole.sites[whole.sites["code"].isin(plain_rows(whole, filters.but(statuses=()))["code"])]
    pd.testing.assert_frame_equal(now.sites, sites.reset_index(drop=True))
    told = records(rows)
    named = filters.provinces or tuple(sorted({code[:2] for code in filters.regencies})) or FOCUS_PROVINCES
    others = sorted(set(rows["province"].dropna()) - set(named))
    assert_rolled(now.by_province, told, "province", [*named, *others])
    assert_rolled(now.by_regency, told, "regency", sorted(set(rows["regency"].dropna())))
    shown = [code for code in now.programmes if not filters.programmes or code in filters.programmes]
    assert_rolled(now.by_programme, told, "programme", shown)
    assert set(rows["programme"].dropna()) <= set(shown)
    pd.testing.assert_series_equal(now.national, roll_up(rows).iloc[0])
    pd.testing.assert_frame_equal(now.statuses, status_counts(rows))
    pd.testing.assert_frame_equal(now.needs_attention, attention(rows))


@pytest.fixture(scope="module")
def sample() -> Standing:
    return standing(shared_sample(), on=SAMPLE_AS_OF, programmes=load_programmes())


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"provinces": ("35",)},
        {"provinces": ("33", "72"), "statuses": ("kritis", "belum_lapor")},
        {"regencies": ("35.07", "33.10")},
        {"programmes": ("rusun", "ktn"), "statuses": ("selesai",)},
        {"search": "KA"},
        {"search": "no such site"},
        {"provinces": ("99",)},
        {"programmes": ("no such programme",)},
    ],
    ids=str,
)
def test_the_figures_of_the_sample_are_those_of_the_chosen_rows(sample: Standing, chosen: Row) -> None:
    assert_narrowed(sample, Filters(on=SAMPLE_AS_OF, **chosen))


REGIONS = ("35.07", "35.07.09", "33.10", "72", "99.01", None)
PROGRAMMES = ("ktn", "rusun", "unknown")
some_sites = st.lists(
    st.tuples(
        st.sampled_from(REGIONS),
        st.sampled_from([*PROGRAMMES, None]),
        st.sampled_from([None, 0.0, 40.0, 100.0]),  # reported, against a plan of 50
        st.sampled_from([None, 1_000, 2_500]),
        st.sampled_from([None, 1, 3]),  # severity of an obstacle
    ),
    max_size=6,
)
some_filters = st.fixed_dictionaries(
    {
        "provinces": st.sampled_from([(), ("35",), ("33", "99"), ("72",)]),
        "regencies": st.sampled_from([(), ("35.07",), ("33.10", "99.01"), ("72",)]),
        "programmes": st.sampled_from([(), ("ktn",), ("unknown", "rusun")]),
        "statuses": st.sampled_from([(), ("kritis", "belum_lapor"), ("selesai",)]),
        "search": st.sampled_from(["", "SITE", "-1", "nothing"]),
    }
)


def small_tables(sites: list[tuple[Any, ...]]) -> dict[str, pd.DataFrame]:
    """Sites ``S-0``, ``S-1``... with one plan point, one report and one obstacle each at most."""
    codes = [f"S-{number}" for number in range(len(sites))]
    rows = pd.DataFrame(sites, columns=["region_code", "programme", "percent", "contract_value", "severity"])
    rows = rows.astype({"percent": "float64", "contract_value": "float64", "severity": "float64"}).assign(code=codes)
    plain: Row = {"lon": 112.6, "lat": -8.1, "location_precision": "exact", "year": 2026, "data_status": "reported"}
    empty = {name: pd.Series(None, index=rows.index, dtype="object") for name in ("institution_code", "source_url")}
    placed = rows.assign(
        name="Site " + rows["code"].astype("str"), start_date="2026-01-01", target_date="2026-12-31", **plain, **empty
    )
    dated = rows[["code"]].rename(columns={"code": "site_code"}).assign(as_of="2026-10-31", spend=None)
    told = dated.assign(
        recorded_at="2026-11-01T00:00Z", percent=rows["percent"], stage="in_progress", note=None, spend=10.0
    )
    opened = dated[["site_code"]].assign(opened="2026-09-01", closed=None, severity=rows["severity"], action_code=None)
    return {
        "sites": placed.drop(columns=["percent", "severity"]),
        "plans": dated.assign(percent=50.0),
        "reports": told[told["percent"].notna()],
        "obstacles": opened[opened["severity"].notna()],
    }


@settings(max_examples=15, deadline=None)
@given(some_sites, some_filters)
def test_any_filter_of_any_sites_gives_the_figures_of_the_chosen_rows(
    sites: list[tuple[Any, ...]], chosen: Row
) -> None:
    whole = standing(small_tables(sites), on=ON, programmes=load_programmes())
    assert_narrowed(whole, Filters(on=ON, **chosen))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(REGIONS), st.sampled_from(PROGRAMMES)), max_size=6), some_filters)
def test_actions_pass_as_a_loop_over_them_says(rows: list[tuple[Any, ...]], chosen: Row) -> None:
    actions = pd.DataFrame(rows, columns=["region_code", "programme"]).astype("object")
    actions = actions.assign(code=[f"A-{number}" for number in range(len(rows))], title="Site survey")
    actions.index = actions.index + 7
    filters = Filters(on=ON, **chosen)
    expected = [plain_passes(row, filters, "title") for row in records(actions)]
    pd.testing.assert_series_equal(
        passes(actions, filters, text="title"), pd.Series(expected, index=actions.index, dtype=bool)
    )


def test_who_writes_into_the_rows_of_a_state_changes_no_other(sample: Standing) -> None:
    first = narrowed(sample, Filters(on=SAMPLE_AS_OF), load_programmes())
    kept = sample.positions.copy()
    first.positions["status"] = "kritis"
    first.sites["name"] = ""
    pd.testing.assert_frame_equal(sample.positions, kept)
    pd.testing.assert_frame_equal(narrowed(sample, Filters(on=SAMPLE_AS_OF), load_programmes()).positions, kept)
