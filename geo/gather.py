"""Gather from the store what an export rests on: its basis, its figures, all pages of a briefing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from geo import __version__
from geo.access import OWNERS, Sight, guarded
from geo.drawing.request import Basis, Request, What, address, basis, public_url, settled
from geo.model import Filters, Problem, RefusedError
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.since import Then, changes_since, earlier, last_meeting
from geo.store import Store
from geo.thresholds import load_thresholds

if TYPE_CHECKING:  # at run time the screens would load what only draws briefings
    from pandas import DataFrame

    from geo.briefing.parts import Briefing
    from geo.progress.changes import Changes

_OF_POSITIONS: Final = ("sites", "plans", "reports", "obstacles")
"""Tables from which ``geo.progress.state`` works."""

Progress = Callable[[float], None]
"""Hears the share done, from 0 to 1."""

WHAT_OF: Final[Mapping[str, What]] = {"pdf": "atlas", "pptx": "deck", "xlsx": "annex"}
"""What a briefing is, by the ending of its file."""

PAGE_OF: Final[Mapping[What, str]] = {"atlas": "a4_landscape", "deck": "16:9", "annex": "workbook"}
"""The page of a briefing, as its request names it."""


def present_basis(store: Store) -> Basis:
    """What an export made now rests on."""
    records = store.records()
    return basis(
        records.version,
        records.at,
        programmes=load_programmes(),
        thresholds=load_thresholds(),
        software=__version__,
    )


def request_of(what: What, form: str, filters: Filters, rests_on: Basis, **choices: Any) -> Request:
    """A request whose moment is settled and whose address is the public one; ``choices`` are further fields of it."""
    return Request(
        what=what,
        form=form,
        filters=settled(filters, rests_on.recorded_to),
        basis=rests_on,
        base=public_url(),
        **{"size": PAGE_OF.get(what, "layar"), **choices},
    )


def state_of(store: Store, request: Request) -> State:
    """Every figure of a request, from the records up to its moment.

    Raises ``RefusedError`` where programmes, thresholds or boundaries are no longer those of the request: its number
    would tell of other figures than the file.
    """
    return _figures(_tables(store, request, *_OF_POSITIONS), request)


def briefing_of(store: Store, request: Request, *, progress: Progress | None = None) -> Briefing:
    """All pages of the atlas, deck or annex that is asked for.

    Raises ``RefusedError`` as ``state_of`` does, and where the day of ``since`` is not an earlier one.
    """
    from geo.briefing.contents import briefing
    from geo.locale import translator
    from geo.progress.action_plan import action_plan

    filters = request.filters
    if request.since is not None and request.since >= filters.on:
        told = Problem(
            f"{request.since} is not before {filters.on}", "Give an earlier day that changes are told since."
        )
        raise RefusedError([told])
    tables = _tables(store, request)
    _tell(progress, 0.1)
    figures = _figures(tables, request)
    _tell(progress, 0.4)
    then = _then(tables, filters, request.since)
    plan = action_plan(tables, filters, thresholds=figures.thresholds)
    _tell(progress, 0.5)
    changes = _changes(tables, figures, then)
    _tell(progress, 0.7)
    return briefing(
        figures,
        plan,
        translator(request.language),
        changes=changes,
        then=then,
        tables=tables,
        sample=store.is_sample(),
        indicator=request.indicator,
        title=request.title,
        classification=request.classification,
        audience=request.audience,
        known_at=request.known_at,
        number=request.number,
        address=address(request),
        run=request.pages,
        own_notes=dict(request.notes),
        progress=part_of(progress, 0.7, 1.0),
    )


def part_of(progress: Progress | None, begin: float, end: float) -> Progress | None:
    """Hears the share of a step that takes the work from one share of the whole to another."""
    if progress is None:
        return None
    return lambda share: progress(begin + (end - begin) * min(max(share, 0.0), 1.0))


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        progress(share)


def _tables(store: Store, request: Request, *names: str) -> dict[str, DataFrame]:
    """The tables of these names, all where none is named, up to the moment of a request."""
    now, then = present_basis(store), request.basis
    if (now.programmes, now.thresholds, now.boundaries) != (then.programmes, then.thresholds, then.boundaries):
        told = "programmes, thresholds or boundaries have changed since this was asked for"
        raise RefusedError([Problem(told, "Load the page anew and ask again.")])
    return tables_seen(store, request.sight, request.recorded_to, *names)


def tables_seen(store: Store, sight: str, moment: datetime, *names: str) -> dict[str, DataFrame]:
    """The tables of these names (all where none is named) as a sight (``Sight.key``) has them, up to a moment."""
    looks = Sight.from_key(sight)
    wanted = (*names, *(owner for owner in OWNERS if owner not in names)) if names and not looks.is_whole else names
    found = store.tables_until(moment, *wanted)
    seen = guarded(found, looks, load_programmes(), owners=found)
    return {name: seen[name] for name in names or seen}


def _figures(tables: Mapping[str, DataFrame], request: Request) -> State:
    return state(tables, request.filters, load_programmes(), thresholds=load_thresholds())


def _then(tables: Mapping[str, DataFrame], filters: Filters, since: date | None) -> Then | None:
    if since is not None:
        return Then(since)
    return last_meeting(tables["meetings"], on=filters.on, known_at=filters.known_at)


def _changes(
    tables: Mapping[str, DataFrame], figures: State, then: Then | None
) -> Callable[[tuple[str, ...]], Changes | None]:
    """What changed since then, asked for the whole (no code) or for some provinces."""
    if then is None:
        return lambda _codes: None
    filters, programmes = figures.filters, figures.programmes
    before = earlier(tables, then, known_at=filters.known_at, programmes=programmes, thresholds=figures.thresholds)

    def changed(codes: tuple[str, ...]) -> Changes:
        chosen = filters.but(provinces=codes or filters.provinces)
        return changes_since(before, figures.standing, chosen, programmes, actions=tables["actions"])

    return changed
