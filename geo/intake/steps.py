"""Take a file in by four steps, the same ones on the screen and on the command line: read, recognise, check, commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.export import own_columns, unescaped, verbatim
from geo.intake import personal
from geo.intake.cells import Finding, Level, Messages
from geo.intake.check import Given, check
from geo.intake.formats import Format
from geo.intake.guard import Limits
from geo.intake.headings import LEAVE_OUT, Recognised, recognise
from geo.intake.kinds import Kind, kind_columns
from geo.intake.readers.sheet import Sheet
from geo.intake.readers.source import RefusedFileError, Source, read_source
from geo.intake.reading import Circumstances
from geo.intake.tables import Choice, Table, choose_sheet, table_in
from geo.intake.verdicts import Checked, Verdict
from geo.model import Problem, Programme, RefusedError
from geo.store import Batch, Committed, Compared, Store

STORED: Final = ("institutions", "sites", "actions", "reports")
"""Tables that a check is held against, whatever the kind."""


Look = Callable[[Mapping[str, pd.DataFrame]], dict[str, pd.DataFrame]]
"""Gives tables as somebody may see them."""


@dataclass(frozen=True)
class Choices:
    """What a person decides about a file; everything may be left to the proposal.

    - ``sheet``: its place among the sheets. ``mapping``: heading -> canonical column or ``LEAVE_OUT``.
    - ``constants``: canonical column -> text for every row. ``year``: of periods that name none.
    - ``answers``: file row and column -> text in place of the cell's.
    """

    kind: Kind | None = None
    sheet: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[tuple[int, int], str] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True)
class Proposal:
    """A file as it would be taken.

    - ``at``: place of the sheet; ``None`` where no sheet holds a table, and then so is all that follows.
    - ``checked``, ``compared``: ``None`` where required columns are missing (``found.missing``).
    - ``told``: what was taken and why, and what is wrong with the file as a whole.
    - ``choices``: as they were given.
    """

    source: Source
    choice: Choice
    at: int | None
    table: Table | None
    found: Recognised | None
    checked: Checked | None
    compared: Compared | None
    told: tuple[Finding, ...]
    choices: Choices

    @property
    def takeable(self) -> bool:
        """Whether there is a row that can be taken."""
        return self.checked is not None and len(self.checked.rows) > 0

    @property
    def refused_whole(self) -> int:
        """Rows of a file that is refused as a whole, and so not row by row."""
        return 0 if self.checked is not None or self.table is None else len(self.table.rows)

    @property
    def complete(self) -> bool:
        """Whether every row of the file can be taken."""
        return self.takeable and self.checked is not None and self.checked.count(Verdict.REFUSED) == 0


def read(path: Path, *, name: str, limits: Limits, progress: Callable[[float], None] | None = None) -> Source:
    """Step 1: the sheets of a file, in a process of their own, and nothing personal in them.

    Properties that hold a person's name are dropped. Raises ``RefusedFileError`` with every reason; the places of
    personal data are told, never the data.
    """
    source = read_source(path, name=name, limits=limits, progress=progress)
    named = personal.scan_names(name, [sheet.name for sheet in source.sheets])
    found = [*personal.findings((*named, *personal.scan_texts(source.properties)))]
    for sheet in source.sheets:
        found += personal.findings(
            personal.scan(sheet.cells, rows=sheet.rows, columns=sheet.columns, notes=sheet.notes),
            sheet=sheet.name if len(source.sheets) > 1 else None,
        )
    if found:
        raise RefusedFileError(personal.shown_name(name), tuple(found), messages=personal.MESSAGES)
    return replace(source, properties=personal.without_persons(source.properties))


def propose(
    source: Source,
    store: Store,
    programmes: Mapping[str, Programme],
    *,
    on: date,
    at: datetime,
    choices: Choices | None = None,
    remembered: Mapping[str, str] | None = None,
    look: Look = dict,
) -> Proposal:
    """Steps 2 and 3: the table, its columns, every problem, and what would be new or changed. Nothing is written.

    ``on`` and ``at`` are the day and the (aware) moment of the import, ``remembered`` the last mapping of the sender;
    ``look`` narrows the stored tables to what the sender may see, so that no finding tells more.
    """
    choices = choices or Choices()
    choice = choose_sheet(source.sheets, kind=choices.kind)
    place = choices.sheet if choices.sheet is not None else choice.at
    if place is None:
        return Proposal(source, choice, None, None, None, None, None, (*source.findings, *choice.told), choices)
    sheet = source.sheets[place]
    table = table_in(sheet, kind=choices.kind)
    told = (*source.findings, *choice.told, *table.told)
    if not len(table.headings):
        return Proposal(source, choice, place, table, None, None, None, told, choices)
    own = own_columns(table.headings)
    found = recognise(
        table,
        choices.kind,
        remembered=remembered,
        chosen={**dict.fromkeys(own, LEAVE_OUT), **choices.mapping},
        located=sheet.geometry is not None,
        year=choices.year,
    )
    canonical = bool(own) or _canonical(table, found)
    if canonical:
        table = _unmarked(table, source.format)
    told = (*told, *found.told)
    missing = tuple(group for group in found.missing if not set(group) & set(choices.constants))
    if found.kind == "boundaries":
        told = (*told, Finding(Level.REFUSED, "file.boundaries"))
    elif missing:
        columns = kind_columns(found.kind)
        names = [" / ".join(columns.wanted(name).heading for name in group) for group in missing]
        told = (*told, Finding(Level.REFUSED, "file.missing_columns", {"headings": "; ".join(names)}))
    elif not len(table.body):
        told = (*told, Finding(Level.REFUSED, "file.no_rows"))
    if missing or found.kind == "boundaries" or not len(table.body):
        return Proposal(source, choice, place, table, found, None, None, told, choices)
    stored = look(store.tables(*dict.fromkeys((*STORED, found.kind))))
    against = Circumstances(
        on, at, programmes, stored["institutions"], decimal="." if canonical else None, year=choices.year
    )
    given = Given(_shapes(sheet), frozenset(sheet.uncomputed), choices.constants, choices.answers)
    checked = check(table, found, stored, against, given=given)
    compared = store.compare(found.kind, checked.rows)
    return Proposal(source, choice, place, table, found, checked, compared, told, choices)


def answers_of(checked: Checked, codes: Collection[str]) -> dict[tuple[int, int], str]:
    """The proposals of all findings of these codes as ``Choices.answers``."""
    return {
        (one.row, one.column): one.finding.proposal
        for one in checked.findings
        if one.finding.code in codes and one.column is not None and one.finding.proposal is not None
    }


def commit(
    proposal: Proposal,
    store: Store,
    *,
    actor: str,
    at: datetime,
    institution: str | None = None,
    keep_recorded_at: bool = False,
    partly: bool = False,
    dry_run: bool = False,
    beside: Mapping[str, Any] | None = None,
) -> Committed:
    """Step 4: write what is new and changed in one transaction, as a batch; ``actor`` is an office or process.

    ``beside`` is kept with the batch's mapping. Whether somebody may do this is for ``geo.writing``.
    ``partly`` takes the rows that can be taken and leaves the refused ones to the sender. Raises ``RefusedError`` where
    nothing can be taken, or not all of it without ``partly``.
    """
    checked, found = proposal.checked, proposal.found
    name = proposal.source.name
    if checked is None or found is None or not proposal.takeable:
        raise RefusedError([Problem("nothing in this file can be taken", "See the findings.", file=name)])
    if not (partly or proposal.complete):
        refused = checked.count(Verdict.REFUSED)
        told = Problem(f"{refused} rows cannot be taken", "Correct them, or choose to take the others.", file=name)
        raise RefusedError([told])
    batch = Batch(
        found.kind,
        name,
        proposal.source.sha256,
        len(checked.verdicts),
        institution,
        {"columns": found.as_dict(), "sheet": proposal.source.sheets[proposal.at or 0].name, **(beside or {})},
    )
    return store.commit_batch(
        batch, {found.kind: checked.rows}, actor=actor, at=at, keep_recorded_at=keep_recorded_at, dry_run=dry_run
    )


def _shapes(sheet: Sheet) -> dict[int, Any]:
    if sheet.geometry is None:
        return {}
    pairs = zip(sheet.rows.tolist(), sheet.geometry, strict=True)
    return {row: shape for row, shape in pairs if shape is not None}


def _canonical(table: Table, found: Recognised) -> bool:
    """Whether the headings are the store's own names, as in an export: then decimals follow a point."""
    names = set(kind_columns(found.kind).names)
    return bool(found.matches) and all(one.heading == one.column and one.column in names for one in found.matches)


def _unmarked(table: Table, form: str) -> Table:
    """An export's table without the marks that keep its texts from being taken for formulas."""
    plain = {Format.CSV: verbatim, Format.XLSX: unescaped}.get(Format(form))
    if plain is None:
        return table
    body = table.body.copy()
    for at in range(body.shape[1]):
        cells: pd.Series[Any] = body.iloc[:, at]
        marked = [isinstance(cell, str) and ("'" in cell or "_x" in cell) for cell in cells.tolist()]
        if any(marked):
            mended = [plain(cell) if one else cell for cell, one in zip(cells.tolist(), marked, strict=True)]
            body.isetitem(at, pd.Series(mended, index=body.index, dtype=object).array)
    return replace(table, body=body)


MESSAGES: Final[Messages] = {
    "file.missing_columns": lambda t, told: (
        t("These columns are missing: {headings}.", headings=told["headings"]),
        t("Say which columns of the file hold them, or add them to the file."),
    ),
    "file.no_rows": lambda t, _: (t("There is no row below the headings."), t("Fill in the rows and send it again.")),
    "file.boundaries": lambda t, _: (
        t("Boundaries are not taken in here."),
        t(
            "An administrator replaces them: {command} (1 for provinces, 2 for kabupaten and kota).",
            command="python -m geo import FILE --kind boundaries --level 2",
        ),
    ),
}
"""Every code of this module, see ``Messages``."""
