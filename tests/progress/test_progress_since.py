"""What is compared with an earlier position: what a meeting was shown, or an earlier day and its corrections."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import located, standing
from geo.progress.changes import Changes, rows
from geo.progress.since import Then, changes_since, earlier, first_told, last_meeting, meetings_before

AUGUST, ON = date(2026, 8, 31), date(2026, 9, 30)
HELD = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
MEETING = Then(AUGUST, HELD, "Rapat contoh")
Tables = dict[str, pd.DataFrame]


def sites(*codes: str) -> pd.DataFrame:
    """Sites A (East Java), B (Central Java), C (Central Sulawesi), known from the start."""
    whole = pd.DataFrame(
        {
            "code": ["A", "B", "C"],
            "programme": ["koperasi", "ktn", "koperasi"],
            "name": ["Koperasi A", "Kawasan B", "Koperasi C"],
            "region_code": ["35.07", "33.10", "72.71"],
            "lon": [112.6, 110.6, 119.9],
            "lat": [-8.1, -7.6, -0.9],
            "location_precision": ["exact", "village", "exact"],
            "start_date": ["2026-01-01"] * 3,
            "year": [2026] * 3,
            "data_status": ["synthetic"] * 3,
        }
    )
    kept = whole[whole["code"].isin(codes or ("A", "B", "C"))].reset_index(drop=True)
    return kept.assign(institution_code=None, target_date=None, contract_value=None, source_url=None)


def plans(*codes: str) -> pd.DataFrame:
    points = [("2026-08-31", 50.0), ("2026-09-30", 60.0), ("2026-12-31", 100.0)]
    found = [(code, day, percent, None) for code in codes or ("A", "B", "C") for day, percent in points]
    return pd.DataFrame(found, columns=["site_code", "as_of", "percent", "spend"])


def reports(*told: tuple[str, str, str, float]) -> pd.DataFrame:
    """Rows of site, day, moment of recording, percent."""
    frame = pd.DataFrame(told, columns=["site_code", "as_of", "recorded_at", "percent"])
    return frame.assign(spend=None, stage="in_progress", note=None)


def obstacles(*found: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of code, site, opened, closed, moment of recording; severe ones."""
    frame = pd.DataFrame(found, columns=["code", "site_code", "opened", "closed", "recorded_at"])
    return frame.assign(action_code=None, category="lahan", severity=3, note=None, follow_up=None)


def tables(**changed: pd.DataFrame) -> Tables:
    usual = {
        "sites": sites(),
        "plans": plans(),
        "reports": reports(
            ("A", "2026-08-31", "2026-09-02T02:00Z", 50.0),  # shown at the meeting
            ("A", "2026-08-31", "2026-09-20T02:00Z", 30.0),  # corrected afterwards
            ("A", "2026-09-30", "2026-10-02T02:00Z", 40.0),
            ("B", "2026-08-31", "2026-09-02T02:00Z", 48.0),
            ("B", "2026-09-30", "2026-10-01T02:00Z", 60.0),
            ("C", "2026-08-31", "2026-09-25T02:00Z", 45.0),  # came after the meeting
            ("C", "2026-08-31", "2026-10-05T02:00Z", 35.0),  # and was corrected
            ("C", "2026-09-30", "2026-10-01T02:00Z", 55.0),
        ),
        "obstacles": obstacles(),
    }
    return {**usual, **changed}


def told(then: Then, *, among: Tables | None = None, known_at: datetime | None = None, **filters: Any) -> Changes:
    records = tables() if among is None else among
    programmes = load_programmes()
    chosen = Filters(on=ON, known_at=known_at, **filters)
    now = standing(records, on=ON, known_at=known_at, programmes=programmes)
    return changes_since(earlier(records, then, known_at=known_at, programmes=programmes), now, chosen, programmes)


def percents(then: Then, *, known_at: datetime | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Percent by site as shown and as restated, ``None`` where missing."""
    before = earlier(tables(), then, known_at=known_at, programmes=load_programmes())
    shown, restated = (
        {
            str(code): None if pd.isna(percent) else float(percent)
            for code, percent in zip(each.positions["code"], each.positions["actual_percent"], strict=True)
        }
        for each in (before.shown, before.restated)
    )
    return shown, restated


# --- a meeting ---------------------------------------------------------------------------------------------------


def test_a_meeting_was_shown_what_had_been_recorded_by_its_moment() -> None:
    assert percents(MEETING) == ({"A": 50.0, "B": 48.0, "C": None}, {"A": 30.0, "B": 48.0, "C": 35.0})


def test_after_a_meeting_movements_start_from_the_figures_that_were_shown() -> None:
    found = told(MEETING)
    assert found.against == "shown"
    moved = found.moved.set_index("code")
    assert moved.loc["A", ["status_before", "status_after"]].tolist() == ["sesuai_rencana", "kritis"]
    assert moved.loc["A", "actual_before"] == 50.0
    whole = found.gained[found.gained["province"] == ""].iloc[0]
    assert (whole["n"], whole["gained_points"]) == (2, pytest.approx((40 + 60) / 2 - (50 + 48) / 2))


def test_a_correction_after_the_meeting_alters_shown_figures_and_a_late_report_is_no_correction() -> None:
    found = told(MEETING)
    assert found.corrections[["code", "shown_percent", "restated_percent"]].values.tolist() == [["A", 50.0, 30.0]]
    assert found.late_arrivals["code"].tolist() == ["C"]
    assert found.late_arrivals["shown_percent"].isna().all()


def test_a_site_recorded_after_the_meeting_is_new_on_the_list() -> None:
    later = sites().assign(recorded_at=[None, None, "2026-09-20T02:00Z"])
    found = told(MEETING, among=tables(sites=later))
    assert found.appeared["code"].tolist() == ["C"]
    assert found.corrections["code"].tolist() == ["A"]


def test_a_revised_plan_leaves_the_status_that_the_meeting_was_shown() -> None:
    first = plans().assign(recorded_at="2026-01-02T02:00Z")
    lower = plans("B").assign(recorded_at="2026-09-15T02:00Z", percent=[10.0, 20.0, 100.0])
    found = told(MEETING, among=tables(plans=pd.concat([first, lower])))
    assert found.moved.set_index("code").loc["B", "status_before"] == "waspada"
    before = earlier(tables(plans=pd.concat([first, lower])), MEETING, known_at=None, programmes=load_programmes())
    planned = [each.positions.set_index("code").loc["B", "plan_percent"] for each in (before.shown, before.restated)]
    assert planned == [50.0, 10.0]


def test_an_obstacle_that_was_not_known_at_the_meeting_is_new_though_it_is_older() -> None:
    known = obstacles(
        ("K-1", "A", "2026-08-01", None, "2026-08-02T02:00Z"),
        ("K-2", "B", "2026-08-01", None, "2026-09-12T02:00Z"),
        ("K-1", "A", "2026-08-01", "2026-09-20", "2026-09-21T02:00Z"),
    )
    met = told(MEETING, among=tables(obstacles=known))
    assert met.obstacles_opened["code"].tolist() == ["K-2"]
    assert met.obstacles_closed["code"].tolist() == ["K-1"]
    plain = told(Then(AUGUST), among=tables(obstacles=known))
    assert plain.obstacles_opened.empty
    assert plain.obstacles_closed["code"].tolist() == ["K-1"]


# --- a plain day -------------------------------------------------------------------------------------------------


def test_from_a_plain_day_movements_start_from_that_day_as_it_is_known_now() -> None:
    found = told(Then(AUGUST))
    assert found.against == "restated"
    moved = found.moved.set_index("code")
    assert "A" not in moved.index  # critical then and now, as it is known now
    gained = found.gained.set_index("province")["gained_points"]
    assert (gained["35"], gained["33"], gained["72"]) == (10.0, 12.0, 20.0)
    assert found.gained["n"].iloc[0] == 3


def test_of_a_plain_day_only_what_was_first_told_otherwise_is_a_correction() -> None:
    shown, restated = percents(Then(AUGUST))
    assert (shown, restated) == ({"A": 50.0, "B": 48.0, "C": 45.0}, {"A": 30.0, "B": 48.0, "C": 35.0})
    found = told(Then(AUGUST))
    assert sorted(found.corrections["code"]) == ["A", "C"]
    assert found.late_arrivals.empty


@pytest.mark.parametrize(
    ("corrected", "shown"), [("2026-08-31T16:59:59Z", 25.0), ("2026-08-31T17:00:00Z", 20.0)], ids=["that day", "next"]
)
def test_a_correction_made_by_the_end_of_the_day_in_jakarta_belongs_to_what_was_told(
    corrected: str, shown: float
) -> None:
    told_twice = reports(("A", "2026-08-15", "2026-08-16T02:00Z", 20.0), ("A", "2026-08-15", corrected, 25.0))
    before = earlier(tables(reports=told_twice), Then(AUGUST), known_at=None, programmes=load_programmes())
    assert before.shown.positions["actual_percent"].tolist()[0] == shown
    assert before.restated.positions["actual_percent"].tolist()[0] == 25.0


def test_first_told_is_the_report_known_by_the_moment_or_the_first_one_of_its_day() -> None:
    kept = first_told(tables()["reports"], datetime(2026, 9, 21, tzinfo=UTC))
    august = kept[kept["as_of"] == "2026-08-31"]
    assert sorted(zip(august["site_code"], august["percent"], strict=True)) == [
        ("A", 30.0), ("A", 50.0), ("B", 48.0), ("C", 45.0),
    ]  # fmt: skip


def test_what_is_known_limits_both_pictures_of_an_earlier_day() -> None:
    knew = datetime(2026, 9, 15, tzinfo=UTC)
    picture = {"A": 50.0, "B": 48.0, "C": None}
    assert percents(Then(AUGUST), known_at=knew) == (picture, picture)
    assert percents(MEETING, known_at=knew) == (picture, picture)
    assert told(Then(AUGUST), known_at=knew).corrections.empty
    later = datetime(2026, 10, 3, tzinfo=UTC)
    assert percents(MEETING, known_at=later)[1] == {"A": 30.0, "B": 48.0, "C": 45.0}
    assert told(Then(AUGUST), known_at=later).corrections["code"].tolist() == ["A"]


def test_a_kept_standing_of_the_earlier_day_gives_the_same_answer() -> None:
    programmes = load_programmes()
    kept = standing(tables(), on=AUGUST, programmes=programmes)
    before = earlier(tables(), MEETING, known_at=None, programmes=programmes, restated=kept)
    assert before.restated is kept
    now = standing(tables(), on=ON, programmes=programmes)
    pd.testing.assert_frame_equal(rows(changes_since(before, now, Filters(on=ON), programmes)), rows(told(MEETING)))


# --- filters and order -------------------------------------------------------------------------------------------


def test_a_filter_by_status_is_left_aside() -> None:
    pd.testing.assert_frame_equal(rows(told(MEETING, statuses=("selesai",))), rows(told(MEETING)))


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({"provinces": ("35",)}, {"A"}),
        ({"regencies": ("33.10",)}, {"B"}),
        ({"programmes": ("koperasi",)}, {"A", "C"}),
        ({"search": "kawasan"}, {"B"}),
    ],
)
def test_other_filters_choose_whose_changes_are_told(filters: dict[str, Any], codes: set[str]) -> None:
    found = told(MEETING, **filters)
    told_of = {*found.moved["code"], *found.corrections["code"], *found.late_arrivals["code"]}
    assert told_of <= codes
    assert set(found.gained["province"]) - {""} <= {{"A": "35", "B": "33", "C": "72"}[code] for code in codes}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(8)), st.sampled_from([MEETING, Then(AUGUST)]))
def test_the_order_of_rows_never_matters(order: list[int], then: Then) -> None:
    known = obstacles(
        ("K-1", "A", "2026-08-01", None, "2026-08-02T02:00Z"),
        ("K-1", "A", "2026-08-01", "2026-09-20", "2026-09-21T02:00Z"),
        ("K-2", "B", "2026-09-11", None, "2026-09-12T02:00Z"),
    )
    straight = tables(obstacles=known)
    mixed = {
        name: frame.iloc[[place for place in order if place < len(frame)]].reset_index(drop=True)
        for name, frame in straight.items()
        if name != "plans"
    }
    mixed["plans"] = straight["plans"].iloc[::-1]
    pd.testing.assert_frame_equal(rows(told(then, among=mixed)), rows(told(then, among=straight)))


def test_nothing_changed_between_two_pictures_of_the_same_records() -> None:
    same = reports(("A", "2026-08-31", "2026-08-31T02:00Z", 100.0))
    flat = plans("A").assign(percent=100.0)
    assert told(Then(AUGUST), among=tables(sites=sites("A"), plans=flat, reports=same)).is_empty


# --- meetings ----------------------------------------------------------------------------------------------------

MEETINGS = pd.DataFrame(
    {
        "name": ["Kedua", "Pertama", "Ulangan", "Ketiga"],
        "as_of": ["2026-06-30", "2026-03-31", "2026-06-30", "2026-09-30"],
        "held_at": ["2026-07-22T02:00Z", "2026-04-22T02:00Z", "2026-08-05T02:00Z", "2026-10-14T02:00Z"],
    }
)


@pytest.mark.parametrize(
    ("on", "known_at", "name"),
    [
        (date(2026, 10, 31), None, "Ketiga"),
        (date(2026, 9, 30), None, "Ulangan"),
        (date(2026, 10, 31), datetime(2026, 10, 14, 1, 59, tzinfo=UTC), "Ulangan"),
        (date(2026, 10, 31), datetime(2026, 10, 14, 2, 0, tzinfo=UTC), "Ketiga"),
        (date(2026, 10, 31), datetime(2026, 8, 1, tzinfo=UTC), "Kedua"),
        (date(2026, 6, 30), None, "Pertama"),
        (date(2026, 3, 31), None, None),
        (date(2026, 10, 31), datetime(2026, 4, 1, tzinfo=UTC), None),
    ],
)
def test_the_last_meeting_spoke_of_an_earlier_day_and_was_held_by_the_moment(
    on: date, known_at: datetime | None, name: str | None
) -> None:
    for listed in (MEETINGS, MEETINGS.iloc[::-1]):
        found = last_meeting(listed, on=on, known_at=known_at)
        assert (found.name if found else None) == name


def test_a_meeting_to_compare_with_keeps_its_day_its_moment_and_its_name() -> None:
    found = last_meeting(MEETINGS, on=date(2026, 10, 31))
    assert found == Then(date(2026, 9, 30), datetime(2026, 10, 14, 2, 0, tzinfo=UTC), "Ketiga")


def test_meetings_are_listed_the_last_one_first() -> None:
    assert meetings_before(MEETINGS, on=date(2026, 10, 31))["name"].tolist() == [
        "Ketiga", "Ulangan", "Kedua", "Pertama",
    ]  # fmt: skip
    assert meetings_before(MEETINGS.iloc[:0], on=date(2026, 10, 31)).empty


def test_a_site_recorded_later_is_in_neither_picture_of_what_was_known() -> None:
    later = sites().assign(recorded_at=[None, None, "2026-09-20T02:00Z"])
    knew = datetime(2026, 9, 15, tzinfo=UTC)
    before = earlier(tables(sites=later), MEETING, known_at=knew, programmes=load_programmes())
    assert before.restated.positions["code"].tolist() == before.shown.positions["code"].tolist() == ["A", "B"]
    assert located(tables(sites=later), on=AUGUST, programmes=load_programmes())["code"].tolist() == ["A", "B", "C"]
