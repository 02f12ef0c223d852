"""Make the workbooks of an import: the template that goes out, and the sender's own file with its verdicts."""

from __future__ import annotations

from geo.intake.kinds import Kind
from geo.intake.returned import returned_bytes
from geo.intake.steps import Proposal
from geo.intake.templates import template_bytes
from geo.locale import Translator
from geo.model import Language
from pages.parts import queries


def template(kind: Kind, language: Language) -> bytes:
    """The template workbook of a kind."""
    return template_bytes(
        kind,
        language,
        programmes=queries.programmes(),
        tables=queries.tables("institutions", "sites", "actions"),
        sample=queries.is_sample(),
    )


def returned(original: bytes, proposal: Proposal, t: Translator) -> bytes:
    """The sender's workbook with a verdict in each cell; raises ``ValueError`` for a file that was not checked."""
    if proposal.table is None or proposal.checked is None:
        raise ValueError("a file that was not checked has no verdicts")
    return returned_bytes(original, proposal.source, proposal.at or 0, proposal.table, proposal.checked, t)
