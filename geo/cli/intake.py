"""Take files in on the command line: the same four steps as on the screen, and the way back."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pandas import DataFrame

from geo import writing
from geo.access import Deed, guarded, may, sight_of
from geo.cli.viewer import viewer_of
from geo.intake.cells import Finding
from geo.intake.guard import Limits
from geo.intake.headings import LEAVE_OUT
from geo.intake.kinds import Kind
from geo.intake.messages import sentences, sum_sentence
from geo.intake.personal import shown_name
from geo.intake.readers.source import RefusedFileError, Source
from geo.intake.returned import level_name, returned_bytes
from geo.intake.steps import Choices, Proposal, answers_of, propose, read
from geo.intake.tables import column_letters
from geo.intake.templates import template_bytes
from geo.intake.verdicts import CellFinding, Verdict
from geo.locale import Translator, translator
from geo.model import Problem, RefusedError
from geo.programmes import load_programmes
from geo.startup import ready_store
from geo.store import Store

Write = Callable[[bytes, Path | None], None]

SHOWN = 200
"""Findings printed; the verdict workbook holds all of them."""


def import_file(asked: argparse.Namespace, write: Write) -> int:
    """Read, recognise, check and commit a file; 2 where a row is refused and nothing was written."""
    t = translator(asked.bahasa)
    at = datetime.now(UTC)
    store = ready_store(at=at)
    source = _read(asked.file, t)
    proposal = _proposal(asked, source, store, at)
    _tell(proposal, t)
    if asked.verdict is not None and proposal.checked is not None and proposal.table is not None:
        original = asked.file.read_bytes()
        book = returned_bytes(original, source, proposal.at or 0, proposal.table, proposal.checked, t)
        write(book, asked.verdict)
    if proposal.checked is None or not (proposal.complete or (asked.skip_refused and proposal.takeable)):
        print(t("Nothing was written."), file=sys.stderr)
        return 2
    done = writing.commit(
        viewer_of(asked, store),
        proposal,
        store,
        actor=asked.account or asked.by,
        at=at,
        institution=asked.institution,
        keep_recorded_at=asked.keep_recorded_at,
        partly=asked.skip_refused,
        dry_run=asked.dry_run,
    )
    print(t("{new} new, {changed} changed, {unchanged} unchanged.", new=t.integer(done.new),
            changed=t.integer(done.changed), unchanged=t.integer(done.unchanged)))  # fmt: skip
    if asked.dry_run:
        print(t("Nothing was written: this was a trial."))
    elif done.batch is None:
        print(t("Nothing was written: the store holds all of this already."))
    else:
        print(t("Written as batch {batch}; the command undo {batch} takes it back.", batch=done.batch))
    return 0


def undo(asked: argparse.Namespace) -> int:
    """Take a batch back."""
    at = datetime.now(UTC)
    store = ready_store(at=at)
    done = writing.undo(viewer_of(asked, store), asked.batch, store, actor=asked.account or asked.by, at=at)
    for table in dict.fromkeys((*done.withdrawn, *done.restored)):
        print(f"{table}: {done.withdrawn.get(table, 0)} withdrawn, {done.restored.get(table, 0)} restored")
    print(f"batch {done.undone} was taken back (as batch {done.batch}); its history stays")
    return 0


def batches(asked: argparse.Namespace) -> int:
    """List what was taken in, the newest first; of an account's own provinces alone where it has no others."""
    store = ready_store(at=datetime.now(UTC))
    viewer = viewer_of(asked, store)
    for row in store.batches().to_dict("records"):
        if not all(
            may(viewer, Deed.UNDO, province) for province in writing.provinces_of_batch(json.loads(row["mapping"]))
        ):
            continue
        undone = "" if row["undone_at"] is None or row["undone_at"] != row["undone_at"] else "\ttaken back"
        print(
            f"{row['id']}\t{row['at'].isoformat()}\t{row['kind']}\t{row['file_name']}\t{row['actor']}\t"
            f"{row['new']} new, {row['changed']} changed, {row['unchanged']} unchanged{undone}"
        )
    return 0


def template(asked: argparse.Namespace, write: Write) -> int:
    """Write the template workbook of a kind."""
    store = ready_store(at=datetime.now(UTC))
    made = template_bytes(
        asked.kind,
        asked.bahasa,
        programmes=load_programmes(),
        tables=store.tables("institutions", "sites", "actions"),
        sample=store.is_sample(),
    )
    write(made, asked.out)
    return 0


# --- the steps ---------------------------------------------------------------------------------------------------


def _read(file: Path, t: Translator) -> Source:
    if not file.is_file():
        raise RefusedError([Problem(f"there is no file {file}", "Check its name.", file=file.name)])
    try:
        return read(file, name=file.name, limits=Limits.from_environment(), progress=_progress)
    except RefusedFileError as refused:
        problems = [_problem(file.name, finding, t) for finding in refused.findings]
        raise RefusedError(problems) from refused


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:4.0%}", end="" if share < 1 else "\r", file=sys.stderr, flush=True)


def _problem(name: str, finding: Finding, t: Translator) -> Problem:
    wrong, remedy = sentences(t, finding)
    return Problem(wrong.rstrip("."), remedy, file=shown_name(name))


def _proposal(asked: argparse.Namespace, source: Source, store: Store, at: datetime) -> Proposal:
    kind: Kind | None = asked.kind
    remembered = None
    if asked.institution and kind:
        told = store.remembered_mapping(asked.institution, kind)
        remembered = dict(told["columns"]) if told and "columns" in told else None
    names = [sheet.name for sheet in source.sheets]
    if asked.sheet is not None and asked.sheet not in names:
        problem = Problem(f"there is no sheet {asked.sheet!r}", f"Choose one of: {', '.join(names)}.")
        raise RefusedError([problem])
    choices = Choices(
        kind=kind,
        sheet=None if asked.sheet is None else names.index(asked.sheet),
        mapping=_pairs(asked.column, LEAVE_OUT),
        constants=_pairs(asked.set, ""),
        year=asked.year,
    )
    on = at.astimezone(ZoneInfo("Asia/Jakarta")).date()
    programmes = load_programmes()
    sight = sight_of(viewer_of(asked, store))

    def look(tables: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
        return guarded(tables, sight, programmes, owners=tables)

    first = propose(source, store, programmes, on=on, at=at, choices=choices, remembered=remembered, look=look)
    if not asked.accept or first.checked is None:
        return first
    choices = replace(choices, answers=answers_of(first.checked, asked.accept))
    return propose(source, store, programmes, on=on, at=at, choices=choices, remembered=remembered, look=look)


def _pairs(texts: Iterable[str], absent: str) -> dict[str, str]:
    pairs = (text.partition("=") for text in texts)
    return {name.strip(): value.strip() or absent for name, _, value in pairs}


# --- what is told ------------------------------------------------------------------------------------------------


def _tell(proposal: Proposal, t: Translator) -> None:
    at_once = any(finding.code == "file.missing_columns" for finding in proposal.told)
    for finding in proposal.told:
        if not (at_once and finding.code == "heading.missing"):
            print(f"- {' '.join(sentences(t, finding)).strip()}")
    if proposal.found is not None:
        for one in proposal.found.matches:
            print(f"  {one.heading} -> {one.column} ({one.reason}, {one.confidence:.0%})")
    checked = proposal.checked
    if checked is None:
        _tell_sum({Verdict.REFUSED: proposal.refused_whole}, t)
        return
    for found in checked.findings[:SHOWN]:
        print(_line(found, t), file=sys.stderr)
    if len(checked.findings) > SHOWN:
        more = t.integer(len(checked.findings) - SHOWN)
        print(t("... and {more} further findings; --verdict FILE.xlsx holds all of them.", more=more), file=sys.stderr)
    _tell_sum(Counter(checked.verdicts.values()), t)


def _tell_sum(counts: Mapping[Verdict, int], t: Translator) -> None:
    print(sum_sentence(t, counts))


def _line(found: CellFinding, t: Translator) -> str:
    place = f"{column_letters(found.column)}{found.row}" if found.column else t("row {row}", row=found.row)
    wrong, remedy = sentences(t, found.finding)
    shown = f" ({found.value!r})" if found.value else ""
    proposal = t("Proposal: {value}.", value=found.finding.proposal) if found.finding.proposal else ""
    return " ".join(
        part for part in (f"{place}{shown} [{level_name(found.level, t)}]", wrong, remedy, proposal) if part
    )
