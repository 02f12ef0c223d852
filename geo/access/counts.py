"""Publish counts of people so that no small one can be worked out again.

To hide the small counts alone protects nobody: a total less its other parts gives them back. Hidden counts are
therefore put together in blocks. A block lies within one province, holds two counts or more and at least twice the
threshold; what is published is a sum of whole blocks, or it is hidden. Whoever reads everything that is published
learns the sums of the blocks and nothing else, be it a coordinator who knows every count of another province.

Counts that stay in force are the same unknown in the next period, and a correction is a new one. So blocks of different
periods are equations in common unknowns, and the whole of what has been published is looked through by integer
programming (HiGHS): no hidden count, and no hidden total, may be narrowed to fewer values than the threshold. Where
that fails, blocks are joined, and at last their sum is hidden, too.

There are programs for this in R and C++ (sdcTable, GaussSuppression, tau-argus), the last one for Python, too
(pytauargus, young). They protect tables that are published at once; of none was it found that it takes earlier periods
as given, which cannot be called back, so this is solved here.

What it does not protect: a count of the threshold or more that is published as it is, and a zero, which tells that
there is nobody. Who knows single counts of a block from elsewhere learns what is left of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

THRESHOLD: Final = 5
"""Counts below it, but for zero, are never published."""

HIDDEN: Final = None
"""What stands in the place of a hidden count."""

_LEAST: Final = 1
"""The least that a hidden count can be: a zero is never hidden."""


@dataclass(frozen=True, slots=True, order=True)
class Count:
    """One recorded count: of people of a group at a site, told for a day. The same record is the same unknown."""

    site: str
    group: str
    as_of: date
    people: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site lies: codes of the kabupaten/kota, ``None`` where it is not known, and of the province."""

    regency: str | None
    province: str
    programme: str


@dataclass(frozen=True)
class Block:
    """Counts of which only the sum is published, or (not ``told``) not even that."""

    counts: frozenset[Count]
    told: bool = True

    @cached_property
    def people(self) -> int:
        return sum(one.people for one in self.counts)


@dataclass(frozen=True)
class Publication:
    """What is published of a period (its last day): counts in force, in blocks; those alone in theirs are open."""

    period: date
    threshold: int
    blocks: tuple[Block, ...]

    @cached_property
    def block_of(self) -> dict[Count, Block]:
        return {one: block for block in self.blocks for one in block.counts}

    @cached_property
    def in_force(self) -> dict[tuple[str, str], Count]:
        """The count of each site and group."""
        return {(one.site, one.group): one for one in self.block_of}

    def is_open(self, count: Count) -> bool:
        """Whether a count is published as it is."""
        block = self.block_of[count]
        return block.told and len(block.counts) == 1

    def total(self, sites: Collection[str], groups: Collection[str]) -> int | None:
        """The people of these groups at these sites; ``HIDDEN`` where the sum is not of whole blocks."""
        chosen = {one for one in self.block_of if one.site in sites and one.group in groups}
        if any(not block.told or not block.counts <= chosen for block in {self.block_of[one] for one in chosen}):
            return HIDDEN
        return sum(one.people for one in chosen)


@dataclass(frozen=True, slots=True)
class Breach:
    """A hidden cell that all that is published together narrows to fewer values than the threshold."""

    period: date
    counts: frozenset[Count]
    low: int
    high: int


Places = Mapping[str, Place]


# --- publishing --------------------------------------------------------------------------------------------------


def publish(
    counts: Iterable[Count],
    places: Places,
    *,
    period: date,
    earlier: Sequence[Publication] = (),
    threshold: int = THRESHOLD,
) -> Publication:
    """What can be published of the counts in force in a period, given all that was published before.

    ``counts`` holds one count for each site and group. What was published stays as it is; only this period is decided.
    Raises ``ValueError`` for two counts of one site and group and for negative ones.
    """
    present = sorted(counts)
    if len({(one.site, one.group) for one in present}) != len(present) or any(one.people < 0 for one in present):
        raise ValueError("there must be one count, not negative, for each site and group")
    known = {one for past in earlier for one in past.block_of if past.is_open(one)}
    seen = {one for past in earlier for one in past.block_of}
    kept = _kept(present, earlier, places)
    held = {one for block in kept for one in block.counts}
    unknown = [one for one in present if one not in held and one not in known]
    forced = {one for one in unknown if one in seen or 0 < one.people < threshold}
    by_province: dict[str, list[Count]] = defaultdict(list)
    for one in unknown:
        by_province[places[one.site].province].append(one)
    made = [block for _, pool in sorted(by_province.items()) for block in _blocks(pool, forced, places, threshold)]
    single = [Block(frozenset({one})) for one in present if one in known]
    found = Publication(period, threshold, (*single, *kept, *made))
    return _mended(found, earlier, places)


def _kept(present: Sequence[Count], earlier: Sequence[Publication], places: Places) -> list[Block]:
    """Blocks of which every count is still in force stay together: published again, their sum tells nothing new.

    Where a site was moved into another province, its block no longer lies within one, and is not kept.
    """
    left, kept = set(present), []
    for past in reversed(earlier):
        for block in past.blocks:
            together = len({places[one.site].province for one in block.counts}) == 1 if block.counts <= left else False
            if len(block.counts) > 1 and together:
                kept.append(block)
                left -= block.counts
    return kept


def _blocks(pool: Sequence[Count], forced: set[Count], places: Places, threshold: int) -> Iterator[Block]:
    """Blocks of one province: each small count finds partners as near as can be, everything else stays open."""
    free = {one for one in pool if one not in forced and one.people > 0}
    waiting = {one for one in pool if one in forced}
    yield from (Block(frozenset({one})) for one in pool if one not in forced and one.people == 0)
    levels: tuple[Callable[[Count], tuple[object, ...]], ...] = (
        lambda one: (places[one.site].regency, places[one.site].programme, one.group),
        lambda one: (places[one.site].regency, one.group),
        lambda one: (one.group,),  # of the whole province: totals by group are asked for more than those of a kabupaten
        lambda one: (places[one.site].regency,),
        lambda _one: (),
    )
    for level in levels:
        near: dict[tuple[object, ...], list[Count]] = defaultdict(list)
        for one in sorted(waiting | free):
            near[level(one)].append(one)
        for _, group in sorted(near.items(), key=lambda item: str(item[0])):
            inside = [one for one in group if one in waiting]
            partners = [one for one in group if one in free]
            chosen = _partners(inside, partners, threshold) if inside else None
            if chosen is not None:
                yield Block(frozenset({*inside, *chosen}))
                waiting -= set(inside)
                free -= set(chosen)
    if waiting:  # a whole province holds too few: not even the sum is told
        yield Block(frozenset(waiting), told=False)
    yield from (Block(frozenset({one})) for one in sorted(free))


def _partners(inside: Sequence[Count], partners: Sequence[Count], threshold: int) -> list[Count] | None:
    """The fewest people that have to be hidden beside ``inside``, ``None`` where there are too few.

    The block must hold two counts and twice the threshold of people, and leave each count as many values as the
    threshold.
    """
    people = sum(one.people for one in inside)

    def enough(total: int, number: int) -> bool:
        return number >= 2 and total >= 2 * threshold and total - number * _LEAST >= threshold

    if enough(people, len(inside)):
        return []
    if not partners or not enough(people + sum(one.people for one in partners), len(inside) + len(partners)):
        return None
    # a partner costs what it hides, and a little for itself, so that among equals the fewest are taken
    cost = np.array([one.people + 0.5 for one in partners])
    size = np.array([float(one.people) for one in partners])
    ones = np.ones(len(partners))
    needs = [
        LinearConstraint(size[None, :], 2 * threshold - people, np.inf),
        LinearConstraint(ones[None, :], 2 - len(inside), np.inf),
        LinearConstraint((size - _LEAST)[None, :], threshold - people + len(inside) * _LEAST, np.inf),
    ]
    solved = milp(cost, constraints=needs, integrality=ones, bounds=Bounds(0, 1))
    if not solved.success:
        return list(partners)
    return [one for one, taken in zip(partners, solved.x, strict=True) if taken > 0.5]


def _mended(found: Publication, earlier: Sequence[Publication], places: Places) -> Publication:
    """Join blocks, and at last tell no sum, until nothing that is hidden can be narrowed.

    Blocks whose sum is out already stay: to hide it now would hide nothing.
    """
    facts = {block.counts for past in earlier for block in past.blocks if block.told}
    before = _System(block for past in earlier for block in past.blocks if block.told)
    while True:
        system = _System(block for past in (*earlier, found) for block in past.blocks if block.told)
        breaches = [
            one for one in _breaches([*earlier, found], places, system) if system.narrows(one.counts, beyond=before)
        ]
        if not breaches:
            return found
        reached = {system.part_of[one] for breach in breaches for one in breach.counts if one in system.part_of}
        touched = {block for one, block in found.block_of.items() if system.part_of.get(one) in reached}
        movable = [block for block in touched if block.counts not in facts and len(block.counts) > 1]
        by_province: dict[str, list[Block]] = defaultdict(list)
        for block in sorted(movable, key=lambda block: min(block.counts)):
            by_province[places[next(iter(block.counts)).site].province].append(block)
        joined = []
        for group in by_province.values():
            # one block that fails by itself cannot be helped by another sum
            told = len(group) > 1 and all(block.told for block in group)
            joined.append(Block(frozenset(one for block in group for one in block.counts), told=told))
        gone = {block for group in by_province.values() for block in group}
        left = tuple(block for block in found.blocks if block not in gone)
        if all(not block.told for block in gone):  # nothing is left to be hidden
            raise RuntimeError("what was published before narrows a hidden count already")
        found = Publication(found.period, found.threshold, (*left, *joined))


# --- looking through ---------------------------------------------------------------------------------------------


def cells_of(published: Publication, places: Places) -> dict[tuple[object, ...], frozenset[Count]]:
    """Every cell of the published tables by its key: level and code, programme, group; ``None`` stands for all."""
    cells: dict[tuple[object, ...], set[Count]] = defaultdict(set)
    for one in published.block_of:
        place = places[one.site]
        regions = [("site", one.site), ("province", place.province), ("whole", "")]
        if place.regency is not None:
            regions.append(("regency", place.regency))
        for level, code in regions:
            for programme in (place.programme, None):
                for group in (one.group, None):
                    cells[level, code, programme, group].add(one)
    return {key: frozenset(counts) for key, counts in cells.items()}


def audit(publications: Sequence[Publication], places: Places) -> list[Breach]:
    """Hidden cells that everything published together narrows to fewer values than the threshold.

    An attacker knows every published sum, that no count is negative, that a hidden one is no zero, and that counts are
    whole.
    """
    system = _System(block for past in publications for block in past.blocks if block.told)
    return _breaches(publications, places, system)


def _breaches(publications: Sequence[Publication], places: Places, system: _System) -> list[Breach]:
    found: list[Breach] = []
    # a count is protected by the threshold with which it was first published, whatever it is set to later
    first = {one: past.threshold for past in reversed(publications) for one in past.block_of}
    for place, past in enumerate(publications):
        before: _System | None = None
        for counts in set(cells_of(past, places).values()):
            if not _is_hidden(past, counts):
                continue
            least = min((first[one] for one in counts if one not in system.known), default=0)
            if system.spread(counts) >= least:
                continue
            low, high = system.reach(counts)
            if high is None or high - low >= least:
                continue
            # a sum that earlier tables told already, by themselves, was no secret when it was hidden
            before = before or _System(block for one in publications[:place] for block in one.blocks if block.told)
            if system.narrows(counts, beyond=before):
                found.append(Breach(past.period, counts, low, high))
    return found


def _is_hidden(published: Publication, counts: frozenset[Count]) -> bool:
    blocks = {published.block_of[one] for one in counts}
    return any(not block.told or not block.counts <= counts for block in blocks)


@dataclass
class _System:
    """Equations of told blocks in common unknowns, apart by what hangs together."""

    told: Iterable[Block]
    _kept: dict[frozenset[Count], tuple[int, int | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        blocks = list(self.told)
        self.known = {one: one.people for block in blocks if len(block.counts) == 1 for one in block.counts}
        root: dict[Count, Count] = {}

        def top(one: Count) -> Count:
            while root.setdefault(one, one) != one:
                one = root[one]
            return one

        several = {block.counts: block for block in blocks if len(block.counts) > 1}
        for counts in several:
            first, *others = sorted(counts)
            for other in others:
                root[top(other)] = top(first)
        self.part_of = {one: top(one) for one in list(root)}
        self.parts: dict[Count, list[Block]] = defaultdict(list)
        standing: dict[Count, list[int]] = defaultdict(list)
        for number, block in enumerate(several.values()):
            self.parts[top(next(iter(block.counts)))].append(block)
            for one in block.counts:
                standing[one].append(number)
        self.stands_in = {one: frozenset(blocks) for one, blocks in standing.items()}
        # of unknown counts that stand in the same blocks: how many, and their people
        self.alike: dict[frozenset[int], tuple[int, int]] = {}
        for one, blocks_of_it in self.stands_in.items():
            if one not in self.known:
                count, people = self.alike.get(blocks_of_it, (0, 0))
                self.alike[blocks_of_it] = (count + 1, people + one.people)

    def reach(self, counts: frozenset[Count]) -> tuple[int, int | None]:
        """Between what the sum of some counts can lie; ``None`` where nothing bounds it above."""
        low, high = 0, 0
        apart: dict[Count, set[Count]] = defaultdict(set)
        for one in counts:
            if one in self.known:
                low, high = low + one.people, high + one.people
            elif one in self.part_of:
                apart[self.part_of[one]].add(one)
            else:
                return low, None
        for part, inside in apart.items():
            least, most = self._within(part, frozenset(inside))
            low, high = low + least, high + most
        return low, high

    def spread(self, counts: frozenset[Count]) -> int:
        """How far apart the sum of some counts can lie at least; ``reach`` is no narrower, and takes far longer.

        People may be moved between unknown counts that stand in the same blocks, and no sum shows it.
        """
        alike: dict[frozenset[int], list[Count]] = defaultdict(list)
        for one in counts:
            if one in self.part_of and one not in self.known:
                alike[self.stands_in[one]].append(one)
        far = 0
        for blocks, inside in alike.items():
            number, people = self.alike[blocks]
            far += people - number * _LEAST if len(inside) < number else 0
        return far

    def narrows(self, counts: frozenset[Count], *, beyond: _System) -> bool:
        """Whether more is known here of what is not open among some counts than there."""
        hidden = frozenset(one for one in counts if one not in self.known)
        return self.reach(hidden) != beyond.reach(hidden)

    def _within(self, part: Count, inside: frozenset[Count]) -> tuple[int, int]:
        if inside in self._kept:
            low, high = self._kept[inside]
            assert high is not None
            return low, high
        blocks = self.parts[part]
        if len(blocks) == 1:
            whole = blocks[0]
            others = len(whole.counts) - len(inside)
            if not others:
                answer = (whole.people, whole.people)
            else:
                answer = (len(inside) * _LEAST, whole.people - others * _LEAST)
        else:
            answer = self._solved(blocks, inside)
        self._kept[inside] = answer
        return answer

    def _solved(self, blocks: Sequence[Block], inside: frozenset[Count]) -> tuple[int, int]:
        """By integer programming. Known counts are taken off."""
        unknown = sorted({one for block in blocks for one in block.counts})
        place = {one: at for at, one in enumerate(unknown)}
        rows = np.zeros((len(blocks), len(unknown)))
        sums = np.zeros(len(blocks))
        low, high = np.full(len(unknown), float(_LEAST)), np.full(len(unknown), np.inf)
        for row, block in enumerate(blocks):
            sums[row] = block.people
            for one in block.counts:
                rows[row, place[one]] = 1.0
        for one in unknown:
            if one in self.known:
                low[place[one]] = high[place[one]] = one.people
        goal = np.zeros(len(unknown))
        for one in inside:
            goal[place[one]] = 1.0
        constraints = [LinearConstraint(rows, sums, sums)]
        bounds = Bounds(low, high)
        ends = []
        for sign in (1.0, -1.0):
            solved = milp(sign * goal, constraints=constraints, integrality=np.ones(len(unknown)), bounds=bounds)
            if not solved.success:
                raise RuntimeError(f"the counts could not be looked through: {solved.message}")
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]
