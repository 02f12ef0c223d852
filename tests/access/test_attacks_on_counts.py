"""Attacks on published counts of people: each finds nothing, and succeeds against a weakened copy of its guard.

The attacker is no part of the program. He has the tables alone, and knows that counts are whole, that a hidden one is
no zero, which records stayed in force, and, as a coordinator, every count of a province.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.access.counts import THRESHOLD, Block, Count, Place, Publication, audit, publish

FIRST, SECOND, THIRD = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)
MOST = 1_000_000
Cell = tuple[frozenset[Count], int | None]
"""Which counts a cell adds up, and the number that stands in it, ``None`` where it is hidden."""


# --- what is seen, and who looks --------------------------------------------------------------------------------


def tables(published: Publication, places: Mapping[str, Place]) -> list[Cell]:
    """Every cell: site, kabupaten, province, whole, by each programme and all, each group and all."""
    cells: dict[tuple[object, ...], set[Count]] = defaultdict(set)
    for one in published.block_of:
        place = places[one.site]
        for where in (("site", one.site), ("regency", place.regency), ("province", place.province), ("whole",)):
            for programme in (place.programme, "all"):
                for group in (one.group, "all"):
                    if where[-1] is not None:
                        cells[(*where, programme, group)].add(one)
    told = []
    for counts in {frozenset(inside) for inside in cells.values()}:
        number = published.total({one.site for one in counts}, {one.group for one in counts})
        told.append((counts, number))
    return told


def recovered(cells: Sequence[Cell], *, knows: Collection[Count] = ()) -> list[tuple[list[str], int, int]]:
    """Hidden cells without a part in ``knows`` that integer programming narrows to fewer values than the threshold."""
    known = {one: one.people for one in knows}
    known |= {next(iter(counts)): number for counts, number in cells if number is not None and len(counts) == 1}
    unknown = sorted({one for counts, _ in cells for one in counts} - set(known))
    at = {one: place for place, one in enumerate(unknown)}

    def row(counts: Collection[Count]) -> np.ndarray:
        made = np.zeros(len(unknown))
        made[[at[one] for one in counts if one in at]] = 1.0
        return made

    sums = {
        frozenset(counts & at.keys()): number - sum(known[one] for one in counts if one in known)
        for counts, number in cells
        if number is not None and counts & at.keys()
    }
    numbers = list(sums.values())
    told = [LinearConstraint(np.array([row(one) for one in sums]), numbers, numbers)] if sums else []
    found = []
    for counts in {frozenset(counts) for counts, number in cells if number is None and not counts & set(knows)}:
        ends = []
        for sign in (1.0, -1.0):
            solved = milp(
                sign * row(counts), constraints=told, integrality=np.ones(len(unknown)), bounds=Bounds(1, MOST)
            )
            assert solved.success, solved.message
            ends.append(round(sign * solved.fun) + sum(known.get(one, 0) for one in counts))
        if ends[1] - ends[0] < THRESHOLD:
            found.append((sorted(f"{one.site} {one.group}" for one in counts), ends[0], ends[1]))
    return found


def at(site: str, people: int, period: date = FIRST, group: str = "mitra") -> Count:
    return Count(site, group, period, people)


PLACES = {
    "A": Place("35.07", "35", "ktn"),
    "B": Place("35.07", "35", "ktn"),
    "C": Place("35.15", "35", "koperasi"),
    "D": Place("72.02", "72", "ktn"),
    "E": Place("72.02", "72", "ktn"),
    "F": Place(None, "72", "koperasi"),
}
COUNTS = [at("A", 3), at("B", 20), at("C", 30), at("D", 4), at("E", 12), at("F", 25)]


def only_small_hidden(counts: Sequence[Count]) -> list[Cell]:
    """The weakened guard: numbers below the threshold are hidden, nothing else."""
    everything = Publication(FIRST, THRESHOLD, tuple(Block(frozenset({one})) for one in counts))
    cells = tables(everything, PLACES)
    return [(cell, None if number is not None and 0 < number < THRESHOLD else number) for cell, number in cells]


# --- the attacks ----------------------------------------------------------------------------------------------------


def test_reconstruction_from_totals_recovers_every_small_count_where_only_small_ones_are_hidden() -> None:
    given_back = {name for names, low, high in recovered(only_small_hidden(COUNTS)) for name in names if low == high}
    assert given_back == {"A mitra", "D mitra"}
    assert recovered(tables(publish(COUNTS, PLACES, period=FIRST), PLACES)) == []


def test_a_partner_that_is_too_small_narrows_a_hidden_count() -> None:
    counts = [at("A", 3), at("B", 3), at("C", 30)]
    weak = Publication(FIRST, THRESHOLD, (Block(frozenset(counts[:2])), Block(frozenset(counts[2:]))))
    assert recovered(tables(weak, PLACES)) != []
    assert recovered(tables(publish(counts, PLACES, period=FIRST), PLACES)) == []


def test_differencing_two_periods_gives_away_what_stayed_in_force_where_each_is_solved_alone() -> None:
    earlier = [at("A", 9), *COUNTS[1:]]
    later = [at("A", 3, SECOND), *COUNTS[1:]]
    first = publish(earlier, PLACES, period=FIRST)
    alone = publish(later, PLACES, period=SECOND)
    assert recovered([*tables(first, PLACES), *tables(alone, PLACES)]) != []
    jointly = publish(later, PLACES, period=SECOND, earlier=[first])
    assert recovered([*tables(first, PLACES), *tables(jointly, PLACES)]) == []


def test_differencing_a_correction_gives_away_the_count_that_was_corrected_where_it_is_solved_alone() -> None:
    first = publish([at("A", 3), at("B", 7), *COUNTS[2:]], PLACES, period=FIRST)
    corrected = [at("A", 8), at("B", 7), *COUNTS[2:]]
    alone = publish(corrected, PLACES, period=FIRST)
    assert recovered([*tables(first, PLACES), *tables(alone, PLACES)]) != []
    jointly = publish(corrected, PLACES, period=FIRST, earlier=[first])
    assert recovered([*tables(first, PLACES), *tables(jointly, PLACES)]) == []


def test_differencing_two_exports_gives_a_count_away_where_each_filter_is_solved_alone() -> None:
    whole = publish(COUNTS, PLACES, period=FIRST)
    chosen = [one for one in COUNTS if one.site in ("A", "C", "D", "E", "F")]
    alone = publish(chosen, PLACES, period=FIRST)
    assert recovered([*tables(whole, PLACES), *tables(alone, PLACES)]) != []
    sites = {one.site for one in chosen}
    slices = [
        (frozenset(one for one in COUNTS if one.site in part), whole.total(part, {"mitra"}))
        for part in ({site} for site in sites)
    ]
    slices.append((frozenset(chosen), whole.total(sites, {"mitra"})))
    assert recovered([*tables(whole, PLACES), *slices]) == []


def test_a_coordinator_subtracts_what_is_known_of_the_own_province_where_partners_lie_there() -> None:
    own = [one for one in COUNTS if PLACES[one.site].province == "72"]
    small, partner = COUNTS[0], own[1]
    others = [Block(frozenset({one})) for one in COUNTS if one not in (small, partner)]
    across = Publication(FIRST, THRESHOLD, (Block(frozenset({small, partner})), *others))
    assert recovered(tables(across, PLACES)) == [], "nobody without inside knowledge gets it"
    assert recovered(tables(across, PLACES), knows=own) != []
    for province in ("35", "72"):
        inside = [one for one in COUNTS if PLACES[one.site].province == province]
        assert recovered(tables(publish(COUNTS, PLACES, period=FIRST), PLACES), knows=inside) == []


def test_a_coordinator_of_the_province_that_a_site_moved_to_learns_nothing_of_the_old_one_anew() -> None:
    first = publish(COUNTS, PLACES, period=FIRST)
    moved = {**PLACES, "A": Place("72.02", "72", "ktn")}
    second = publish([*COUNTS[1:], at("A", 2, SECOND)], moved, period=SECOND, earlier=[first])
    assert all(len({moved[one.site].province for one in block.counts}) == 1 for block in second.blocks)
    inside = [one for one in second.block_of if moved[one.site].province == "72" and one.as_of == SECOND]
    assert recovered([*tables(first, PLACES), *tables(second, moved)], knows=inside) == []


@pytest.mark.parametrize(("before", "after"), [(5, 10), (10, 5)])
def test_another_threshold_publishes_on_and_gives_nothing_of_the_earlier_tables_away(before: int, after: int) -> None:
    first = publish(COUNTS, PLACES, period=FIRST, threshold=before)
    later = [at("A", 7, SECOND), *COUNTS[1:]]
    second = publish(later, PLACES, period=SECOND, earlier=[first], threshold=after)
    assert audit([first, second], PLACES) == []
    assert recovered([*tables(first, PLACES), *tables(second, PLACES)]) == []
    assert all(block.people >= after for block in second.blocks if any(one.as_of == SECOND for one in block.counts))


def test_a_total_that_an_earlier_table_told_is_no_breach_when_hidden_later_but_one_that_was_hidden_first_is() -> None:
    hidden, others = frozenset(COUNTS[:2]), [Block(frozenset({one})) for one in COUNTS[2:3]]
    told = Publication(FIRST, THRESHOLD, (Block(hidden), *others))
    untold = Publication(SECOND, THRESHOLD, (Block(hidden, told=False), *others))
    assert audit([told, untold], PLACES) == []
    assert hidden in {one.counts for one in audit([untold, told], PLACES)}


# --- made-up programmes ---------------------------------------------------------------------------------------------

History = tuple[dict[str, Place], list[tuple[date, list[Count]]]]


def history(seed: int) -> History:
    """Sites in provinces and kabupaten over several quarters; some counts stay in force, some are corrected, some
    corrections are taken back, some sites drop out.
    """
    chance = random.Random(seed)
    places = {}
    for province in range(1, chance.randint(2, 3)):
        for number in range(chance.randint(2, 4)):
            regency = chance.choice([None, f"{province}.1", f"{province}.2"])
            places[f"S{province}{number}"] = Place(regency, str(province), chance.choice(["ktn", "rusun"]))
    in_force: dict[tuple[str, str], Count] = {}
    past: dict[tuple[str, str], list[Count]] = defaultdict(list)
    told = []
    for period in (FIRST, SECOND, THIRD):
        for site in places:
            for group in ("mitra", "penyintas"):
                key = (site, group)
                if past[key] and chance.random() < 0.5:
                    continue
                old = past[key] and chance.random() < 0.2
                people = chance.choice([chance.randint(0, 6), chance.randint(0, 40)])
                in_force[key] = chance.choice(past[key]) if old else Count(site, group, period, people)
                past[key].append(in_force[key])
        told.append((period, [one for one in in_force.values() if chance.random() < 0.95]))
        if chance.random() < 0.3:
            key = chance.choice(sorted(in_force))
            in_force[key] = Count(*key, in_force[key].as_of, chance.randint(0, 12))
            told.append((period, list(in_force.values())))
    return places, told


def jointly(made: History) -> list[Publication]:
    places, told = made
    done: list[Publication] = []
    for period, counts in told:
        done.append(publish(counts, places, period=period, earlier=done))
    return done


def alone(made: History) -> list[Publication]:
    places, told = made
    return [publish(counts, places, period=period) for period, counts in told]


def broken(made: History, way: Callable[[History], list[Publication]]) -> bool:
    """Whether anybody, or a coordinator of any province, recovers a hidden cell from all that is published."""
    places, _ = made
    done = way(made)
    cells = list(dict.fromkeys(cell for one in done for cell in tables(one, places)))
    inside = {province: set[Count]() for province in {place.province for place in places.values()}}
    for one in (one for past in done for one in past.block_of):
        inside[places[one.site].province].add(one)
    return any(recovered(cells, knows=knows) for knows in (set[Count](), *inside.values()))


def test_no_made_up_programme_is_broken_by_anybody_and_one_solved_period_by_period_is() -> None:
    seeds = range(6)
    assert [seed for seed in seeds if broken(history(seed), jointly)] == []
    assert any(broken(history(seed), alone) for seed in seeds)
