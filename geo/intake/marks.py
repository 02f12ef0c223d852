"""Colour and comment the cells of a workbook with what a check found; also the child that opens a sender's own one.

Loads nothing but openpyxl, so that the child which opens a stranger's workbook starts quickly (see ``guard``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from geo.intake.guard import Limits

AUTHOR: Final = "Sinergisitas"
RESULT: Final = "returned.xlsx"
MOST_COMMENTS: Final = 20_000
MOST_LINKS: Final = 20_000
"""Comments on cells, and rows of the summary that lead to their cell: spreadsheets grow slow with more."""

FILLS: Final[Mapping[str, str]] = {
    "refused": "FFF6C9C4",
    "asked": "FFE2D4F3",
    "flagged": "FFFBE2AC",
    "noted": "FFD8E5EE",
    "accepted": "FFD6EBD8",
}
"""Fill of a cell by the heaviest thing found in it; each bears dark text (at least 9:1)."""

SIGNS: Final[Mapping[str, str]] = {"refused": "✖", "asked": "?", "flagged": "!", "noted": "i", "accepted": "✔"}
"""Beside the colour, for whoever does not see it."""

_INK: Final = "FF1B2A33"
_WIDE: Final = 60


@dataclass(frozen=True)
class Marks:
    """What is to be written into a workbook; plain values only, so that it can cross to the child as JSON.

    - ``sheet``: name of the sheet. ``cells``: row, column, level, text; ``rows``: row, level, verdict in words, text.
    - ``column``: where the two columns of results begin; ``heading_row`` (0: none) and ``headings`` stand above them.
    - ``summary_name``, ``facts`` (label, text), ``told`` (lines), ``table`` (header, then one row a finding: row,
      column, heading, value, level, words): the sheet that is put in front.
    """

    sheet: str
    cells: list[list[Any]]
    rows: list[list[Any]]
    column: int
    heading_row: int
    headings: list[str]
    summary_name: str
    facts: list[list[str]]
    told: list[str]
    table: list[list[Any]] = field(default_factory=list)


def work(job: Mapping[str, Any], _limits: Limits) -> None:
    """In the child: open the workbook at ``path``, mark it, and leave it in this folder."""
    marks = Marks(**job["marks"])
    book = load_workbook(job["path"], keep_vba=False, keep_links=False, rich_text=True)
    mark(book, marks)
    book.save(Path.cwd() / RESULT)


def as_job(path: Path, marks: Marks) -> dict[str, object]:
    """What ``work`` is given."""
    return {"path": str(path.resolve()), "marks": asdict(marks)}


def mark(book: Any, marks: Marks, *, plain: bool = False) -> None:
    """Mark the sheet and put the summary in front; the workbook's other sheets stay as they are.

    ``plain``: the cells have no look of their own to be kept, which makes marking many of them a matter of seconds.
    """
    _add_styles(book)
    sheet = book[marks.sheet]
    covered = _covered(sheet)
    for at, (row, column, level, text) in enumerate(marks.cells):
        top, left = covered.get((row, column), (row, column))
        cell = sheet.cell(top, left)
        if plain:
            form = cell.number_format
            cell.style = _style_name(level)
            cell.number_format = form
        else:
            paint(cell, level)
        if at < MOST_COMMENTS:
            cell.comment = comment(text, before=cell.comment.text if cell.comment else "")
    _write_results(sheet, marks)
    _drop_former(book, marks)
    _write_summary(book.create_sheet(_free(book.sheetnames, marks.summary_name), 0), marks)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    book.template = False
    properties = book.properties
    properties.creator, properties.lastModifiedBy = AUTHOR, None


def _drop_former(book: Any, marks: Marks) -> None:
    """Take away the summary that the file got when it was sent before."""
    former = next((one for one in book.worksheets if one.title == marks.summary_name), None)
    if former is not None and former.cell(1, 1).value == marks.summary_name and len(book.worksheets) > 1:
        book.remove(former)


def _covered(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells hidden below a merged one -> the one that is seen."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def paint(cell: Any, level: str) -> None:
    """Give a cell the fill of a level and dark ink."""
    cell.fill = PatternFill("solid", start_color=FILLS[level])
    font = copy(cell.font)
    font.color = _INK
    cell.font = font


def comment(text: str, *, before: str = "") -> Comment:
    """A comment large enough for its text; what somebody wrote there before stays above it."""
    whole = f"{before}\n——\n{text}" if before else text
    made = Comment(whole, AUTHOR)
    lines = sum(1 + len(line) // 46 for line in whole.splitlines())
    made.width, made.height = 340, min(420, 24 + 18 * lines)
    return made


def _write_results(sheet: Any, marks: Marks) -> None:
    if marks.heading_row:
        for at, heading in enumerate(marks.headings):
            cell = sheet.cell(marks.heading_row, marks.column + at, heading)
            cell.font = Font(bold=True)
    for row, level, verdict, text in marks.rows:
        write_text(sheet.cell(row, marks.column), f"{SIGNS[level]} {verdict}", style=_style_name(level))
        if text:
            write_text(sheet.cell(row, marks.column + 1), text)
    for at, width in enumerate((16, _WIDE)):
        sheet.column_dimensions[get_column_letter(marks.column + at)].width = width


def write_text(cell: Any, text: str, *, style: str | None = None) -> Any:
    """Put a text into a cell so that no spreadsheet takes it for a formula, also when it is edited."""
    cell.value = text
    cell.data_type = "s"
    if style:
        cell.style = style
    if text[:1] in _FORMULA:
        cell.quotePrefix = True
    return cell


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "#")


def _style_name(name: str) -> str:
    return f"{AUTHOR} {name}"


def _add_styles(book: Any) -> None:
    """The looks of marks as styles of the workbook: a cell refers to one in no time."""
    present = set(book.named_styles)
    made = [NamedStyle(_style_name(level), font=Font(color=_INK), fill=PatternFill("solid", start_color=fill))
            for level, fill in FILLS.items()]  # fmt: skip
    made.append(NamedStyle(_style_name("words"), alignment=Alignment(wrap_text=True, vertical="top")))
    made.append(NamedStyle(_style_name("link"), font=Font(underline="single", color="FF0B4F6C")))
    for style in made:
        if style.name not in present:
            book.add_named_style(style)


def _free(names: Iterable[str], wanted: str) -> str:
    taken = {name.casefold() for name in names}
    tries = (wanted, *(f"{wanted} {number}" for number in range(2, 100)))
    return next(name for name in tries if name.casefold() not in taken)


def _write_summary(sheet: Any, marks: Marks) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.cell(1, 1, marks.summary_name).font = Font(bold=True, size=14)
    row = 1
    for label, text in marks.facts:
        row += 1
        sheet.cell(row, 1, label).font = Font(bold=True)
        write_text(sheet.cell(row, 2), text)
    for line in marks.told:
        row += 1
        write_text(sheet.cell(row, 2), line)
    if not marks.table:
        return
    row += 2
    head, *findings = marks.table
    for at, text in enumerate(head, start=1):
        cell = sheet.cell(row, at, text)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color="FFDDE8EE")
    first = row
    link = _linked(marks.sheet)
    for finding in findings:
        row += 1
        _write_finding(sheet, row, finding, link)
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(head))}{row}"
    sheet.freeze_panes = None
    for at, width in enumerate((16, 30, 26, 16, 60, 60, 24), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def _linked(sheet: str) -> Callable[[int, int], str]:
    quoted = sheet.replace("'", "''")
    return lambda row, column: f"#'{quoted}'!{get_column_letter(max(1, column))}{row}"


def _write_finding(sheet: Any, row: int, finding: Sequence[Any], link: Callable[[int, int], str]) -> None:
    at_row, at_column, heading, value, level, word, *words = finding
    place = f"{get_column_letter(at_column)}{at_row}" if at_column else str(at_row)
    cell = write_text(sheet.cell(row, 1), place)
    if row <= MOST_LINKS:
        cell.hyperlink = link(at_row, at_column or 0)
        cell.style = _style_name("link")
    for at, text in enumerate((heading, value, f"{SIGNS[level]} {word}", *words), start=2):
        if text:
            write_text(sheet.cell(row, at), text, style=_style_name(level if at == 4 else "words"))
