"""Make a briefing on the command line: the atlas as PDF, the deck as PPTX, the annex as XLSX."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.access import Audience, Sight
from geo.briefing.parts import Briefing
from geo.cli.stories import story_asked
from geo.drawing.request import What
from geo.drawing.view import INDICATORS
from geo.gather import WHAT_OF, Progress, briefing_of, part_of, present_basis, request_of
from geo.model import Filters, Problem, RefusedError
from geo.store import Exported, Store
from geo.stories import Story

if TYPE_CHECKING:
    from geo.cli.pictures import Write

Chosen = Callable[[argparse.Namespace], tuple[Store, Filters, Sight]]

NO_INDICATOR: Final = "none"
_GATHERED: Final = 0.25
"""Share of the work after which the pages are gathered and the drawing begins."""


def brief(asked: argparse.Namespace, chosen: Chosen, write: Write) -> int:
    """Make the file, record it and write it, both or neither; tell its number."""
    what = _what(asked)
    template = None if asked.template is None else _read_template(asked.template)
    kept = story_asked(asked)
    store, filters, sight = chosen(asked)
    if filters.known_at is not None and filters.known_at > datetime.now(UTC):
        filters = filters.but(known_at=None)  # what will be known is not known yet
    request = request_of(
        what,
        asked.out.suffix.lstrip(".").lower(),
        filters,
        present_basis(store),
        language=asked.bahasa,
        indicator=None if asked.indicator == NO_INDICATOR else asked.indicator,
        title=(asked.title or "").strip() or None,
        classification=asked.classification,
        audience=asked.audience,
        sight=sight.key,
        since=asked.since,
        template=None if template is None else sha256(template).hexdigest(),
        **({} if kept is None else _run_of(kept, Audience(asked.audience))),
    )
    told = progress_to(asked.progress)
    gathered = briefing_of(store, request, progress=part_of(told, 0.0, _GATHERED))
    content = drawn(what, gathered, template, part_of(told, _GATHERED, 0.99))
    exported = Exported(
        number=request.number,
        what=request.what,
        form=request.form,
        size=request.size,
        request=request.as_dict(),
        data_version=request.data_version,
        content=content,
        file_name=asked.out.name,
    )
    write(content, asked.out, first=lambda: store.record_snapshot(exported, actor=asked.by, at=datetime.now(UTC)))
    if told:
        told(1.0)
    print(f"{NUMBER}{request.number}")
    return 0


def _run_of(kept: Story, audience: Audience) -> dict[str, Any]:
    """What a kept run adds to the request of a deck; the public is not shown what somebody wrote."""
    notes = {} if audience is Audience.PUBLIC else kept.notes
    return {"pages": kept.pages, "notes": tuple(sorted(notes.items()))}


NUMBER: Final = "snapshot "
"""What stands before the number where it is printed."""


def _what(asked: argparse.Namespace) -> What:
    """What the ending of the file asks for; everything that is wrong with the options is refused before any work."""
    ending = asked.out.suffix.lstrip(".").lower()
    problems = []
    if ending not in WHAT_OF:
        remedy = "End the name with .pdf (atlas), .pptx (deck) or .xlsx (annex)."
        problems.append(Problem(f"unknown kind of briefing {asked.out.suffix!r}", remedy))
    if asked.template is not None and ending != "pptx":
        problems.append(Problem("--template only goes with a .pptx", "Leave it out, or ask for a deck."))
    if asked.story is not None and ending != "pptx":
        problems.append(Problem("--story only goes with a .pptx", "Leave it out, or ask for a deck."))
    if asked.indicator not in (*INDICATORS, NO_INDICATOR):
        remedy = f"Choose one of: {', '.join((*INDICATORS, NO_INDICATOR))}."
        problems.append(Problem(f"unknown indicator {asked.indicator!r}", remedy))
    if not asked.out.parent.is_dir():
        problems.append(Problem(f"there is no folder {asked.out.parent}", "Make it first.", file=asked.out.name))
    elif asked.out.is_dir():
        problems.append(Problem(f"{asked.out} is a folder", "Name a file in it.", file=asked.out.name))
    if problems:
        raise RefusedError(problems)
    return WHAT_OF[ending]


def _read_template(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        told = Problem(f"the template cannot be read ({error.strerror or error})", "Name a .pptx file.", file=path.name)
        raise RefusedError([told]) from error


def drawn(what: What, gathered: Briefing, template: bytes | None, progress: Progress | None) -> bytes:
    """The file of a briefing; ``template`` is the organisation's own one of a deck."""
    if what == "atlas":
        from geo.briefing.atlas import atlas

        return atlas(gathered, progress=progress)
    if what == "deck":
        from geo.briefing.deck import deck

        return deck(gathered, template=template, progress=progress)
    from geo.briefing.annex import annex

    return annex(gathered, progress=progress)


# --- progress ----------------------------------------------------------------------------------------------------


def progress_to(machine: bool) -> Progress | None:
    """Where progress is told: for a program a line ``0.42`` on the standard output, on a terminal a percentage."""
    if machine:
        return _steps(lambda share: print(f"{share:.2f}", flush=True))
    if sys.stderr.isatty():
        return _steps(_on_terminal)
    return None


def _on_terminal(share: float) -> None:
    print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _steps(tell: Progress) -> Progress:
    """Hears every share and passes on those that are a hundredth further than the last."""
    last = -1.0

    def heard(share: float) -> None:
        nonlocal last
        if share >= last + 0.01 or (share >= 1 and last < 1):
            last = share
            tell(share)

    return heard
