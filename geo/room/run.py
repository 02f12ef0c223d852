"""Keep the pages of runs ready: worked out once for a sight, a choice and the records, in the background and ahead."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from starlette.datastructures import QueryParams

from geo import regions
from geo.access import Audience, Sight, Viewer, sight_of
from geo.drawing.request import Basis
from geo.gather import briefing_of, present_basis, request_of, tables_seen
from geo.locale import translator
from geo.model import FOCUS_PROVINCES
from geo.programmes import load_programmes
from geo.progress.decisions import standing_decisions, within
from geo.room import pages
from geo.room.pages import Page
from geo.room.wish import ZONE, Wish, wish_of
from geo.store import DATA_TABLES, Store
from geo.stories import Story, story

_KEPT: Final = 12
"""Runs whose pages are kept: two languages, two audiences, some choices."""


@dataclass(frozen=True, slots=True)
class Run:
    """The pages of a run in order, and the version of what they rest on."""

    pages: tuple[Page, ...]
    version: str


class Room:
    """The runs of a server. Safe for several threads.

    ``store`` gives the records when they are first needed, ``clock`` the present moment (aware).
    """

    def __init__(self, store: Callable[[], Store], clock: Callable[[], datetime]) -> None:
        self._store, self.clock = store, clock
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="room")
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, Future[tuple[Page, ...]]] = OrderedDict()

    @property
    def store(self) -> Store:
        return self._store()

    @property
    def today(self) -> date:
        """The day in Jakarta, where the agency sits."""
        return self.clock().astimezone(ZONE).date()

    def usual_day(self) -> date:
        """The day shown where none is asked for: today, or with the sample the day that the sample speaks of."""
        told = self.store.meta().get("sample_as_of")
        return date.fromisoformat(told) if told and self.store.is_sample() else self.today

    def sight(self, wish: Wish, viewer: Viewer) -> Sight:
        """What the viewer may see in a run."""
        return sight_of(viewer, Audience.PUBLIC if wish.public else Audience.INTERNAL)

    # --- pages ---

    def version(self, wish: Wish, viewer: Viewer) -> str:
        """A text that differs whenever the pages of a run may."""
        chosen = self._story(wish)
        asked = wish if chosen is None else told_by(chosen, wish)
        told = "" if chosen is None else repr(chosen)
        return _short(self._version(asked, self.sight(asked, viewer)), told)

    def opening(self, wish: Wish, viewer: Viewer) -> Page | None:
        """The first page, where it is the one of decisions, which waits for no figures."""
        chosen = self._story(wish)
        if chosen is not None and chosen.pages[:1] != (pages.OPENING,):
            return None
        wish = wish if chosen is None else told_by(chosen, wish)
        first, _ = self._framing(wish, self.sight(wish, viewer))
        return first

    def run(self, wish: Wish, viewer: Viewer) -> Run:
        """All pages of a run; takes seconds where they were not prepared.

        Raises ``RefusedError`` for a kept run that there is not.
        """
        chosen = self._story(wish)
        asked = wish if chosen is None else told_by(chosen, wish)
        sight = self.sight(asked, viewer)
        version = self.version(wish, viewer)
        figures = self._prepared(asked, sight).result()
        first, last = self._framing(asked, sight)
        every = (first, *figures, last)
        return Run(every if chosen is None else arranged(every, chosen, public=wish.public), version)

    def stories(self) -> dict[str, Story]:
        """The runs that are kept, by name."""
        return {name: Story.from_dict(name, told) for name, told in self.store.stories().items()}

    def _story(self, wish: Wish) -> Story | None:
        return story(self.store, wish.story) if wish.story else None

    def prepare(self, wish: Wish, viewer: Viewer) -> None:
        """Begin to work out the pages of a run in the background, if they are not there."""
        chosen = self._story(wish)
        asked = wish if chosen is None else told_by(chosen, wish)
        self._prepared(asked, self.sight(asked, viewer))

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- how ---

    def _framing(self, wish: Wish, sight: Sight) -> tuple[Page, Page]:
        """The pages of decisions, first and last."""
        t = translator(wish.language)
        filters = wish.filters(self.usual_day())
        moment = self.store.records().at
        rows = tables_seen(self.store, sight.key, max(moment, self.clock()), "decisions")["decisions"]
        standing = within(standing_decisions(rows, filters.known_at), filters.provinces)
        places = ", ".join(regions.region_label(code) for code in filters.regencies or filters.provinces)
        programmes = load_programmes()
        chosen = ", ".join(programmes[code].short.in_language(wish.language) for code in filters.programmes)
        subject = f"{places or t('Five provinces of the programme')} · {chosen or t('all programmes')}"
        sample, today = self.store.is_sample(), self.today
        first = pages.opening(
            t, subject=subject, on=filters.on, sample=sample, standing=standing, today=today, sight=sight
        )
        last = pages.closing(
            t, subject=subject, on=filters.on, sample=sample, standing=standing, today=today, sight=sight
        )
        return first, last

    def _prepared(self, wish: Wish, sight: Sight) -> Future[tuple[Page, ...]]:
        basis = present_basis(self.store)
        key = self._key(wish, sight, basis)
        with self._lock:
            known = self._runs.get(key)
            if known is None or (known.done() and known.exception() is not None):
                known = self._pool.submit(self._figures, wish, sight, basis)
                self._runs[key] = known
            self._runs.move_to_end(key)
            while len(self._runs) > _KEPT:
                self._runs.popitem(last=False)[1].cancel()
        return known

    def _figures(self, wish: Wish, sight: Sight, basis: Basis) -> tuple[Page, ...]:
        request = request_of(
            "deck",
            "pptx",
            wish.filters(self.usual_day()),
            basis,
            language=wish.language,
            indicator="deviation",
            sight=sight.key,
            audience=str(Audience.PUBLIC if wish.public else Audience.INTERNAL),
        )
        return pages.figures_pages(briefing_of(self.store, request))

    def _version(self, wish: Wish, sight: Sight) -> str:
        basis = present_basis(self.store)
        decided = self.store.versions()["decisions"]
        return _short(self._key(wish, sight, basis), decided, self.today.isoformat())

    def _key(self, wish: Wish, sight: Sight, basis: Basis) -> str:
        """What the figures of a run depend on; decisions are no part of it."""
        versions: Mapping[str, str] = self.store.versions()
        tables = [versions[name] for name in (*DATA_TABLES, "meta") if name != "decisions"]
        settings = (basis.programmes, basis.thresholds, basis.boundaries, basis.software)
        return _short(*tables, *settings, sight.key, repr(replace(wish, story="")), str(self.usual_day()))


def told_by(chosen: Story, wish: Wish) -> Wish:
    """What a kept run shows, in the language and for the audience that are asked for now."""
    known = {region.code for region in regions.regions()}
    kept = wish_of(QueryParams(dict(chosen.query)), regions=known, programmes=load_programmes())
    return replace(kept, language=wish.language, public=wish.public, story=chosen.name)


def arranged(every: tuple[Page, ...], chosen: Story, *, public: bool) -> tuple[Page, ...]:
    """The pages that a kept run chose, in its order, with its notes; the public is not shown what somebody wrote."""
    by_key = {page.key: page for page in every}
    kept = [by_key[key] for key in chosen.pages if key in by_key]
    return tuple(page if public else pages.with_note(page, chosen.notes.get(page.key, "")) for page in kept or every)


def provinces_of(wish: Wish) -> tuple[str, ...]:
    """Provinces to which the digits of the keyboard lead, in order."""
    return wish.provinces or FOCUS_PROVINCES


def _short(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:20]
