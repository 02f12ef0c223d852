"""Counts of people that are published together give no small one back, whoever reads them and whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from scipy.optimize import linprog

from geo.access.counts import THRESHOLD, Block, Count, Place, Publication, audit, cells_of, publish

PERIODS = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
Shown = list[tuple[frozenset[Count], int | None]]


# --- an auditor of its own: it knows only what is shown ------------------------------------------------------------


def shown_cells(published: Publication, places: dict[str, Place]) -> Shown:
    """Every cell of the tables as a reader sees it: which counts it adds up, and the number or nothing."""
    shown: Shown = []
    for level, code, programme, group in cells_of(published, places):
        sites = {
            site
            for site, place in places.items()
            if code in {"site": {site}, "regency": {place.regency}, "province": {place.province}}.get(str(level), {""})
            and programme in (None, place.programme)
        }
        groups = {one.group for one in published.block_of if group in (None, one.group)}
        counts = frozenset(one for one in published.block_of if one.site in sites and one.group in groups)
        shown.append((counts, published.total(sites, groups)))
    return shown


def narrowed(shown: Shown, *, insider: frozenset[Count] = frozenset(), least: int = THRESHOLD) -> list[str]:
    """Hidden cells that a reader narrows to an interval shorter than ``least``, by linear programming."""
    unknown = sorted({one for counts, _ in shown for one in counts})
    place = {one: at for at, one in enumerate(unknown)}

    def row(counts: frozenset[Count]) -> np.ndarray:
        made = np.zeros(len(unknown))
        made[[place[one] for one in counts]] = 1.0
        return made

    told = [(row(counts), number) for counts, number in shown if number is not None]
    equal = np.array([one for one, _ in told]).reshape(len(told), len(unknown))
    sums = np.array([number for _, number in told], dtype=float)
    bounds = [(one.people, one.people) if one in insider else (0, None) for one in unknown]
    found = []
    for counts, number in dict(shown).items():
        if number is not None or counts & insider:  # of totals an insider knows a part anyway
            continue
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(
                sign * row(counts), A_eq=equal if told else None, b_eq=sums if told else None, bounds=bounds
            )
            ends.append(float("inf") * sign if solved.status == 3 else sign * solved.fun)
        if abs(ends[1]) - ends[0] < least - 1e-6:
            found.append(f"{sorted((one.site, one.group) for one in counts)}: {ends}")
    return found


# --- made-up programmes --------------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, Place], list[list[Count]]]:
    """Sites in provinces and kabupaten, and the counts in force in each period: some new, some corrected, some kept."""
    places = {}
    for province in range(draw(st.integers(1, 2))):
        for number in range(draw(st.integers(1, 5))):
            regency = draw(st.sampled_from([None, f"{province}.1", f"{province}.2"]))
            places[f"S{province}{number}"] = Place(regency, str(province), draw(st.sampled_from(["ktn", "rusun"])))
    people = st.one_of(st.integers(0, 6), st.integers(0, 40))
    in_force: dict[tuple[str, str], Count] = {}
    periods = []
    for period in PERIODS[: draw(st.integers(1, 3))]:
        for site in places:
            for group in ("mitra", "penyintas"):
                if draw(st.integers(0, 3)) or (site, group) not in in_force:
                    in_force[site, group] = Count(site, group, period, draw(people))
        periods.append(list(in_force.values()))
    return places, periods


def published_one_after_another(places: dict[str, Place], periods: Sequence[Sequence[Count]]) -> list[Publication]:
    done: list[Publication] = []
    for period, counts in zip(PERIODS, periods, strict=False):
        done.append(publish(counts, places, period=period, earlier=done))
    return done


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_nothing_hidden_can_be_narrowed_from_all_periods_together(
    history: tuple[dict[str, Place], list[list[Count]]],
) -> None:
    places, periods = history
    done = published_one_after_another(places, periods)
    shown = [cell for one in done for cell in shown_cells(one, places)]
    assert narrowed(shown) == []
    for province in {place.province for place in places.values()}:
        own = frozenset(one for past in done for one in past.block_of if places[one.site].province == province)
        assert narrowed(shown, insider=own) == [], f"a coordinator of {province}"


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_no_small_count_is_ever_shown_and_what_is_shown_is_true(
    history: tuple[dict[str, Place], list[list[Count]]],
) -> None:
    places, periods = history
    for published in published_one_after_another(places, periods):
        for counts, number in shown_cells(published, places):
            assert number in (None, sum(one.people for one in counts))
            assert number is None or number == 0 or number >= THRESHOLD


# --- the attacks, with the guard and without it ----------------------------------------------------------------------


def at(site: str, people: int, period: date = PERIODS[0], group: str = "mitra") -> Count:
    return Count(site, group, period, people)


PLACES = {
    "A": Place("35.07", "35", "ktn"),
    "B": Place("35.07", "35", "ktn"),
    "C": Place("35.15", "35", "koperasi"),
    "D": Place("72.02", "72", "ktn"),
    "E": Place("72.02", "72", "ktn"),
}


def small_alone_hidden(counts: Sequence[Count], period: date = PERIODS[0]) -> Shown:
    """The weak guard: every cell is shown but those below the threshold."""
    whole = Publication(period, THRESHOLD, tuple(Block(frozenset({one})) for one in counts))
    return [
        (cell, None if 0 < number < THRESHOLD else number)
        for cell, number in shown_cells(whole, PLACES)
        if number is not None
    ]


def test_a_small_count_comes_back_from_the_totals_unless_others_are_hidden_too() -> None:
    counts = [at("A", 3), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    assert len(narrowed(small_alone_hidden(counts))) > 0
    assert narrowed(shown_cells(publish(counts, PLACES, period=PERIODS[0]), PLACES)) == []


def test_two_periods_give_the_difference_away_unless_they_are_published_together() -> None:
    first = [at("A", 9), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    second = [at("A", 3, PERIODS[1]), *first[1:]]
    one = publish(first, PLACES, period=PERIODS[0])
    alone = publish(second, PLACES, period=PERIODS[1])
    assert narrowed([*shown_cells(one, PLACES), *shown_cells(alone, PLACES)]) != []
    together = publish(second, PLACES, period=PERIODS[1], earlier=[one])
    assert narrowed([*shown_cells(one, PLACES), *shown_cells(together, PLACES)]) == []


def test_two_exports_of_parts_give_it_away_unless_both_are_slices_of_one_publication() -> None:
    counts = [at("A", 3), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    whole = publish(counts, PLACES, period=PERIODS[0])
    part = [one for one in counts if one.site in ("A", "C")]
    solved_anew = publish(part, PLACES, period=PERIODS[0])
    both = [*shown_cells(whole, PLACES), *shown_cells(solved_anew, PLACES)]
    assert narrowed(both) != []
    slice_ = [cell for cell in shown_cells(whole, PLACES) if {one.site for one in cell[0]} <= {"A", "C"}]
    assert narrowed([*shown_cells(whole, PLACES), *slice_]) == []


def test_a_coordinator_knows_a_province_and_learns_nothing_of_the_others() -> None:
    counts = [at("A", 3), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    own = frozenset(one for one in counts if PLACES[one.site].province == "72")
    across = Publication(  # the weak guard: a block that reaches into the coordinator's province
        PERIODS[0],
        THRESHOLD,
        (Block(frozenset({counts[0], counts[3]})), *(Block(frozenset({counts[place]})) for place in (1, 2, 4))),
    )
    assert narrowed(shown_cells(across, PLACES), insider=own) != []
    assert narrowed(shown_cells(publish(counts, PLACES, period=PERIODS[0]), PLACES), insider=own) == []


def test_a_count_that_was_hidden_stays_so_although_it_is_no_longer_small_beside_others() -> None:
    first = [at("A", 3), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    one = publish(first, PLACES, period=PERIODS[0])
    partner = next(count for count in one.block_of if count.site != "A" and not one.is_open(count))
    second = [at("A", 8, PERIODS[1]), *first[1:]]
    two = publish(second, PLACES, period=PERIODS[1], earlier=[one])
    assert not two.is_open(partner), "it would give the small count of the first period away"


def test_a_province_with_too_few_people_tells_not_even_their_sum() -> None:
    counts = [at("A", 30), at("B", 20), at("C", 30), at("D", 2), at("E", 1)]
    published = publish(counts, PLACES, period=PERIODS[0])
    assert published.total({"D", "E"}, {"mitra"}) is None
    assert published.total(set(PLACES), {"mitra"}) is None, "the whole less the other province would tell it"
    assert published.total({"A", "B", "C"}, {"mitra"}) == 80


def test_a_breach_is_told_by_the_auditor_of_the_program_too() -> None:
    counts = [at("A", 3), at("B", 20), at("C", 30), at("D", 9), at("E", 12)]
    good = publish(counts, PLACES, period=PERIODS[0])
    assert audit([good], PLACES) == []
    too_small = Publication(PERIODS[0], THRESHOLD, (Block(frozenset(counts[:1]), told=False),
                            *(Block(frozenset({one})) for one in counts[1:])))  # fmt: skip
    later = Publication(PERIODS[1], THRESHOLD, (Block(frozenset({counts[0], at("B", 2, PERIODS[1])})),
                        *(Block(frozenset({one})) for one in counts[2:])))  # fmt: skip
    assert audit([too_small, later], PLACES) != []


def test_what_is_published_does_not_hang_on_the_order_of_the_records() -> None:
    counts = [at("A", 3), at("B", 20), at("C", 30), at("D", 4), at("E", 12)]
    one, other = (publish(order, PLACES, period=PERIODS[0]) for order in (counts, counts[::-1]))
    assert set(one.blocks) == set(other.blocks)


@pytest.mark.parametrize("wrong", [[at("A", -1)], [at("A", 3), at("A", 4, PERIODS[1])]])
def test_counts_that_cannot_be_are_refused(wrong: list[Count]) -> None:
    with pytest.raises(ValueError, match="one count"):
        publish(wrong, PLACES, period=PERIODS[0])


def test_the_sample_is_safe_in_every_quarter_and_not_everything_is_hidden() -> None:
    from geo.sample import sample_tables

    tables = sample_tables()
    sites, told = tables["sites"], tables["beneficiaries"].sort_values("as_of")
    places = {
        code: Place(region[:5] if len(region) > 2 else None, region[:2], programme)
        for code, region, programme in sites[["code", "region_code", "programme"]].itertuples(index=False)
    }
    done: list[Publication] = []
    for period in sorted(set(told["as_of"].dt.date)):
        now = told[told["as_of"] <= pd.Timestamp(period)].drop_duplicates(["site_code", "group"], keep="last")
        counts = [
            Count(site, group, as_of.date(), int(people))
            for site, group, as_of, people in now[["site_code", "group", "as_of", "count"]].itertuples(index=False)
        ]
        done.append(publish(counts, places, period=period, earlier=done))
    assert audit(done, places) == []
    cells = shown_cells(done[-1], places)
    hidden = sum(number is None for _, number in cells)
    assert 0 < hidden < len(cells) * 0.7
