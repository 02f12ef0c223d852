"""Say every finding of the intake in words, whichever of its modules made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.intake import check, codes, headings, personal, places, reading, references, rules, steps, tables, values
from geo.intake.cells import Finding, Messages
from geo.intake.readers import messages as readers
from geo.intake.verdicts import Verdict
from geo.locale import Translator

SOURCES: Final[tuple[Messages, ...]] = (
    readers.MESSAGES,
    personal.MESSAGES,
    tables.MESSAGES,
    headings.MESSAGES,
    values.MESSAGES,
    codes.MESSAGES,
    places.MESSAGES,
    references.MESSAGES,
    reading.MESSAGES,
    rules.MESSAGES,
    check.MESSAGES,
    steps.MESSAGES,
)
"""The words of each module; no code stands in two of them."""

ALL_MESSAGES: Final[Messages] = {code: say for source in SOURCES for code, say in source.items()}


def sentences(t: Translator, finding: Finding) -> tuple[str, str]:
    """What is wrong and what to do, the latter perhaps empty. Raises ``KeyError`` on a code that no module knows."""
    return ALL_MESSAGES[finding.code](t, finding.told)


def sum_sentence(t: Translator, counts: Mapping[Verdict, int]) -> str:
    """What became of the rows of a file, adding up to their number."""
    accepted, flagged, refused = (counts.get(verdict, 0) for verdict in Verdict)
    return t.plural(
        "{n} row in the file = {accepted} accepted + {flagged} flagged + {refused} refused.",
        "{n} rows in the file = {accepted} accepted + {flagged} flagged + {refused} refused.",
        accepted + flagged + refused,
        accepted=t.integer(accepted),
        flagged=t.integer(flagged),
        refused=t.integer(refused),
    )
