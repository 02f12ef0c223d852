"""Keep runs of the briefing room: which pages in which order, of which filters, with which notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from geo.intake.personal import personal_in_text
from geo.model import Problem, RefusedError
from geo.store import Store

LONGEST_NAME: Final = 80
LONGEST_NOTE: Final = 300
_PARAMETERS: Final = ("provinsi", "kabkota", "program", "status", "posisi", "diketahui")
_PAGE: Final = re.compile(r"[a-z]{3,20}|\d\d")


@dataclass(frozen=True, slots=True)
class Story:
    """A kept run.

    ``query``: its filters and days as an address says them; ``pages``: keys of its pages in order; ``notes``: own words
    by key of the page.
    """

    name: str
    query: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"query": dict(self.query), "pages": list(self.pages), "notes": dict(self.notes)}

    @classmethod
    def from_dict(cls, name: str, told: Mapping[str, Any]) -> Self:
        return cls(name, dict(told.get("query", {})), tuple(told.get("pages", ())), dict(told.get("notes", {})))


def keep_story(
    store: Store,
    *,
    name: str,
    query: Mapping[str, str],
    pages: Collection[str],
    notes: Mapping[str, str],
    actor: str,
    at: datetime,
) -> Story:
    """Keep a run under a name, in place of what the name stood for.

    Raises ``RefusedError`` with every reason: no name, no page, a text that is too long or holds personal data.
    """
    told = " ".join(name.split())
    kept = {key: " ".join(str(note).split()) for key, note in notes.items()}
    kept = {key: note for key, note in kept.items() if note}
    problems = []
    if not told:
        problems.append(Problem("the run has no name", "Give it a name.", column="name"))
    if len(told) > LONGEST_NAME:
        problems.append(Problem("the name is too long", f"Use at most {LONGEST_NAME} characters.", column="name"))
    chosen = tuple(dict.fromkeys(str(page) for page in pages))
    if not chosen or not all(_PAGE.fullmatch(page) for page in chosen):
        problems.append(Problem("the run has no page", "Choose at least one page.", column="pages"))
    for key, note in kept.items():
        if key not in chosen:
            problems.append(Problem("a note belongs to no page", "Choose the page, too.", column="notes", value=key))
        if len(note) > LONGEST_NOTE:
            remedy = f"Use at most {LONGEST_NOTE} characters."
            problems.append(Problem("the note is too long", remedy, column="notes", value=key))
    if any(personal_in_text(text) is not None for text in (told, *kept.values())):
        problems.append(Problem("personal data is refused", "Leave out identity, phone and e-mail data of persons."))
    if problems:
        raise RefusedError(problems)
    chosen_query = {key: str(query[key])[:200] for key in _PARAMETERS if query.get(key)}
    story = Story(told, chosen_query, chosen, kept)
    store.keep_story(told, story.as_dict(), actor=actor, at=at)
    return story


def story(store: Store, name: str) -> Story:
    """A kept run. Raises ``RefusedError`` where none has this name."""
    kept = store.stories()
    told = " ".join(name.split())
    if told not in kept:
        names = ", ".join(kept) or "none"
        raise RefusedError([Problem("no run is kept under this name", f"Kept are: {names}.", value=name)])
    return Story.from_dict(told, kept[told])


def drop_story(store: Store, name: str, *, actor: str, at: datetime) -> None:
    """Forget a name; what it stood for stays in the history. Raises ``RefusedError`` where none has this name."""
    store.keep_story(story(store, name).name, None, actor=actor, at=at)
