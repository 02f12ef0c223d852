"""Give the sender his own workbook back, with a verdict on each cell and each row."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from openpyxl import Workbook

from geo.export.workbook import escaped
from geo.intake.cells import Level
from geo.intake.formats import Format
from geo.intake.guard import Limits, StoppedError, run_apart
from geo.intake.marks import MOST_COMMENTS, RESULT, SIGNS, Marks, as_job, mark, write_text
from geo.intake.messages import sentences, sum_sentence
from geo.intake.readers.sheet import Sheet
from geo.intake.readers.source import Source
from geo.intake.tables import Table
from geo.intake.verdicts import CellFinding, Checked, Verdict, weight
from geo.locale import Translator

OWN_BYTES: Final = 20 * 1024 * 1024
OWN_CELLS: Final = 200_000
"""Up to here a workbook comes back as the sender made it; larger ones as their sheet alone, for time and memory."""

MOST_FINDINGS: Final = 50_000
"""Findings listed in the summary."""

LONGEST: Final = 32_000
"""Characters of a cell."""


def returned_bytes(
    original: bytes | None,
    source: Source,
    sheet_at: int,
    table: Table,
    checked: Checked,
    t: Translator,
    *,
    limits: Limits | None = None,
) -> bytes:
    """A workbook (XLSX): colours and comments on cells with findings, two more columns with the verdict on each row.

    In front stands a sheet with the sums (rows in the file = accepted + flagged + refused) and all findings. An XLSX
    of moderate size keeps its formats, its other sheets and its formulas (it is opened in a process of its own, under
    ``limits``); macros, links to other files and names of authors are left out. Everything else comes back as a new
    workbook with the cells of the sheet as they stand in the file. ``original`` holds the bytes of the file, ``None``
    where they are gone.
    """
    sheet = source.sheets[sheet_at]
    own = _own(original, source, sheet)
    marks = _marks(source, sheet, table, checked, t, own=own)
    if own and original is not None:
        kept = _marked(original, marks, limits or Limits.from_environment())
        if kept is not None:
            return kept
        marks = _marks(source, sheet, table, checked, t, own=False)
    return _anew(sheet, marks)


def _own(original: bytes | None, source: Source, sheet: Sheet) -> bool:
    small = source.size <= OWN_BYTES and sum(one.cells.size for one in source.sheets) <= OWN_CELLS
    return original is not None and small and source.format in (Format.XLSX, Format.XLSM)


def _marked(original: bytes, marks: Marks, limits: Limits) -> bytes | None:
    """The sender's workbook with the marks; ``None`` where it cannot be written again."""
    with tempfile.TemporaryDirectory(prefix="geo-returned-") as folder:
        file = Path(folder) / "original.xlsx"
        file.write_bytes(original)
        try:
            return run_apart(
                "geo.intake.marks",
                as_job(file, marks),
                limits=limits,
                receive=lambda left: (left / RESULT).read_bytes(),
            )
        except (StoppedError, OSError):
            return None


def _anew(sheet: Sheet, marks: Marks) -> bytes:
    """A new workbook with the cells of the sheet where they stand in the file."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = marks.sheet
    for row, cells in zip(sheet.rows.tolist(), sheet.cells.to_numpy(dtype=object), strict=True):
        for column, raw in zip(sheet.columns.tolist(), cells, strict=True):
            if raw is None:
                continue
            cell = page.cell(row, column)
            if isinstance(raw, str):
                write_text(cell, escaped(raw)[:LONGEST])
            else:
                cell.value = raw
    mark(book, marks, plain=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- what is written ---------------------------------------------------------------------------------------------


def _marks(source: Source, sheet: Sheet, table: Table, checked: Checked, t: Translator, *, own: bool) -> Marks:
    by_row: dict[int, list[CellFinding]] = {}
    by_cell: dict[tuple[int, int], list[CellFinding]] = {}
    for one in checked.findings:
        by_row.setdefault(one.row, []).append(one)
        if one.column is not None:
            by_cell.setdefault((one.row, one.column), []).append(one)
    texts = _Texts(t)
    headings = dict(zip(table.columns.tolist(), table.headings, strict=True))
    return Marks(
        sheet=sheet.name if own else _sheet_name(sheet.name, t),
        cells=[[row, column, _heaviest(found), texts.of(found)] for (row, column), found in by_cell.items()],
        rows=[
            [row, _level(verdict, by_row.get(row, ())), verdict_name(verdict, t), texts.of(by_row.get(row, ()))]
            for row, verdict in checked.verdicts.items()
        ],
        column=_results_column(sheet, table, t),
        heading_row=max(table.header_rows, default=0),
        headings=[t("Check result"), t("What was found")],
        summary_name=t("Check results"),
        facts=_facts(source, checked, t),
        told=[*(_joined(sentences(t, one)) for one in table.told), *_warnings(checked, by_cell, t, own=own)],
        table=_listed(checked, headings, t) if checked.findings else [],
    )


def _results_column(sheet: Sheet, table: Table, t: Translator) -> int:
    """Where the results stand: behind everything, or where they stood when the file was sent before."""
    before = [column for column, heading in zip(table.columns.tolist(), table.headings, strict=True)
              if heading == t("Check result")]  # fmt: skip
    return int(before[0]) if before else int(np.max(sheet.columns, initial=0)) + 1


class _Texts:
    """The words of findings, each worked out once."""

    def __init__(self, t: Translator) -> None:
        self._t = t
        self._known: dict[tuple[Any, ...], str] = {}

    def of(self, found: Iterable[CellFinding]) -> str:
        return escaped("\n".join(self._one(one) for one in found)[:LONGEST])

    def _one(self, one: CellFinding) -> str:
        finding = one.finding
        key = (finding.level, finding.code, tuple(finding.told.items()), finding.proposal)
        if key not in self._known:
            proposal = self._t("Proposal: {value}.", value=finding.proposal) if finding.proposal else ""
            told = _joined((*sentences(self._t, finding), proposal))
            self._known[key] = f"{SIGNS[finding.level]} {level_name(finding.level, self._t)}: {told}"
        return self._known[key]


def _joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)


def _heaviest(found: Iterable[CellFinding]) -> str:
    return str(max(found, key=lambda one: (weight(one.level), one.level is Level.REFUSED)).level)


def _level(verdict: Verdict, found: Iterable[CellFinding]) -> str:
    """The level that gives a row's verdict its colour; a row that is only asked about is not shown as wrong."""
    levels = {one.level for one in found}
    if verdict is Verdict.REFUSED and Level.ASKED in levels and Level.REFUSED not in levels:
        return str(Level.ASKED)
    return str(verdict)


def _facts(source: Source, checked: Checked, t: Translator) -> list[list[str]]:
    counts = Counter(checked.verdicts.values())
    told = sum_sentence(t, counts)
    return [[t("File"), escaped(source.name)], ["SHA-256", source.sha256], [t("Rows"), told]]


def _warnings(
    checked: Checked, by_cell: Mapping[tuple[int, int], object], t: Translator, *, own: bool
) -> Iterable[str]:
    if own:
        yield t("Pictures, charts, macros and links to other files are left out of this copy; keep your own file.")
    if len(by_cell) > MOST_COMMENTS:
        yield t("Only the first {count} cells have a comment; all are coloured.", count=t.integer(MOST_COMMENTS))
    if len(checked.findings) > MOST_FINDINGS:
        yield t("Only the first {count} findings are listed below.", count=t.integer(MOST_FINDINGS))


def _listed(checked: Checked, headings: Mapping[int, str], t: Translator) -> list[list[Any]]:
    head: list[Any] = [
        t("Cell"), t("Column"), t("Value"), t("Verdict"), t("What is wrong"), t("What to do"), t("Proposal"),
    ]  # fmt: skip
    known: dict[tuple[Any, ...], tuple[str, str]] = {}
    listed = [head]
    for one in checked.findings[:MOST_FINDINGS]:
        finding = one.finding
        key = (finding.code, tuple(finding.told.items()))
        if key not in known:
            wrong, remedy = sentences(t, finding)
            known[key] = escaped(wrong), escaped(remedy)
        heading = headings.get(one.column, "") if one.column is not None else ""
        listed.append(
            [one.row, one.column, escaped(heading), escaped(one.value), str(one.level), level_name(one.level, t),
             *known[key], escaped(finding.proposal or "")]
        )  # fmt: skip
    return listed


def verdict_name(verdict: Verdict, t: Translator) -> str:
    """What becomes of a row, in a word."""
    if verdict is Verdict.ACCEPTED:
        return t("accepted")
    return t("flagged") if verdict is Verdict.FLAGGED else t("refused")


def level_name(level: Level, t: Translator) -> str:
    """How much a finding weighs, in a word."""
    return {
        Level.REFUSED: t("refused"),
        Level.ASKED: t("asked"),
        Level.FLAGGED: t("flagged"),
        Level.NOTED: t("noted"),
    }[level]


_NOT_IN_A_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def _sheet_name(name: str, t: Translator) -> str:
    """A name that a sheet of a new workbook may have."""
    return escaped(name.translate(_NOT_IN_A_NAME)).strip(" '")[:31] or t("Data")
