"""Read XLSX and XLSM as a stream of XML: values, merged and hidden parts, comments, formulas without a value.

Cells are kept only where there is one, so a stray cell at the far corner of a sheet costs one cell. Macros and links to
other files are parts of the archive that nothing here opens.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal
from xml.parsers import expat

from geo.intake.readers.archive import Archive
from geo.intake.readers.contents import (
    LAST_COLUMN,
    LAST_ROW,
    Contents,
    Grid,
    Said,
    Tell,
    UnreadableError,
    check_rows,
    said,
)
from geo.intake.readers.markup import Node, feed, local, parser, pieces

if TYPE_CHECKING:
    from geo.intake.cells import Raw
    from geo.intake.guard import Limits

Form = Literal["", "day", "moment", "clock"]
"""What a number format makes of a number: nothing, a date, a date with time, a time of the day."""

_BUILT_IN: Final[dict[int, Form]] = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)), "day"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 47), "clock"),
    22: "moment",
}
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_DIGITS = "0123456789"
_LAST_SERIAL = 2_958_466  # the first day of the year 10000
_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_NO_PROPERTY = frozenset({"TitlesOfParts", "HeadingPairs", "coreProperties", "Properties", "property"})


def read_workbook(path: Path, limits: Limits, tell: Tell) -> Contents:
    """All worksheets of an XLSX or XLSM; raises ``UnreadableError``."""
    archive = Archive(path, limits)
    return _Book(archive, limits, tell).contents()


# --- number formats and serial dates -----------------------------------------------------------------------------


def form_of(code: str) -> Form:
    """What a number format's code shows: ``dd/mm/yyyy`` a day, ``[h]:mm`` (a duration) a number."""
    first = code.split(";")[0].lower()
    if _ELAPSED.search(first):
        return ""
    plain = _LITERAL.sub("", first)
    if "general" in plain:
        return ""
    clock = "h" in plain or "s" in plain
    day = "y" in plain or "d" in plain or ("m" in plain and not clock)
    return "moment" if day and clock else "day" if day else "clock" if clock else ""


def moment_of(serial: float, form: Form, *, from_1904: bool = False) -> Raw:
    """The date of a serial number, or the number itself where it is no date.

    Excel counts a 29 February 1900 that never was, so days before 1 March 1900 are one off in its count.
    """
    if not form or not 0 <= serial < _LAST_SERIAL:
        return serial
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if serial >= 60 else 31)
    try:
        found = datetime.combine(first, time()) + timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return serial
    if form == "clock" and serial < 1:
        return found.time()
    return found.date() if form == "day" and found.time() == time() else found


def column_number(letters: str) -> int:
    """``A`` gives 1, ``XFD`` 16384; refuses letters beyond that."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= LAST_COLUMN or not letters.isascii() or not letters.isupper():
        raise UnreadableError("file.damaged")
    return number


def unescaped(text: str) -> str:
    """Excel's ``_x000D_`` and the like as the characters that they stand for."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if not 0xD800 <= int(found[1], 16) < 0xE000 else "", text)


def corners(reference: str) -> tuple[int, int, int, int] | None:
    """``B2:D4`` as row, column, last row, last column; ``None`` where it is no range."""
    found = _RANGE.fullmatch(reference)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    row, column = int(top), column_number(left)
    return row, column, int(bottom or row), column_number(right) if right else column


# --- the workbook ------------------------------------------------------------------------------------------------


class _Book:
    def __init__(self, archive: Archive, limits: Limits, tell: Tell) -> None:
        self.archive = archive
        self.limits = limits
        self.tell = tell
        self.done = 0
        self.total = 1
        self.rows = 0

    def contents(self) -> Contents:
        main = self._main()
        related = self._related(main)
        sheets: list[Node] = []
        from_1904 = False
        for node in self._pieces(main, {"sheet", "workbookPr"}):
            if node.tag == "sheet":
                sheets.append(node)
            else:
                from_1904 = node.attributes.get("date1904") in {"1", "true"}
        parts = [(one, related.get(one.attributes.get("id", ""), ("", ""))) for one in sheets]
        tables = [(one, target) for one, (kind, target) in parts if kind == "worksheet"]
        if not tables:
            raise UnreadableError("file.no_sheet")
        strings = next((target for kind, target in related.values() if kind == "sharedStrings"), "")
        styles = next((target for kind, target in related.values() if kind == "styles"), "")
        held = [target for _, target in tables] + ([strings] if strings in self.archive else [])
        self.total = max(1, sum(self.archive.size(target) for target in held if target in self.archive))
        shared = self._shared(strings) if strings in self.archive else []
        forms = self._forms(styles) if styles in self.archive else []
        contents = Contents(properties=self._properties(), said=self._beside())
        for node, target in tables:
            grid = Grid(node.attributes.get("name", ""), hidden=node.attributes.get("state", "visible") != "visible")
            with self.archive.open(target) as stream:
                _SheetReader(grid, shared, forms, from_1904, self._row).read(stream, self._moved)
            grid.notes = self._notes(target)
            contents.sheets.append(grid)
        return contents

    def _moved(self, count: int) -> None:
        self.done += count
        self.tell(0.9 * self.done / self.total)

    def _row(self) -> None:
        self.rows += 1
        if self.rows > self.limits.rows:
            check_rows(self.rows, self.limits)

    def _pieces(self, part: str, tags: set[str]) -> Iterator[Node]:
        with self.archive.open(part) as stream:
            yield from pieces(stream, tags)

    def _main(self) -> str:
        kinds = self._related("").values() if "_rels/.rels" in self.archive else ()
        found = next((target for kind, target in kinds if kind == "officeDocument"), "xl/workbook.xml")
        return found if found in self.archive else "xl/workbook.xml"

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and path of the parts that ``part`` names, by their id; what lies outside the file is left out."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if listing not in self.archive:
            return {}
        found = {}
        for node in self._pieces(listing, {"Relationship"}):
            given = node.attributes
            if given.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target)
        return found

    def _beside(self) -> list[Said]:
        names = [name.lower() for name in self.archive.names]
        told = []
        if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
            told.append(said("noted", "file.macros"))
        if any("externallinks/" in name for name in names) or any(name.endswith("connections.xml") for name in names):
            told.append(said("noted", "file.links"))
        return told

    def _shared(self, part: str) -> list[str]:
        """The strings that cells refer to by number, without their phonetic readings."""
        strings: list[str] = []
        parts: list[str] = []
        state = {"text": False, "phonetic": False}

        def start(tag: str, _: dict[str, str]) -> None:
            name = local(tag)
            if name == "si":
                parts.clear()
            elif name == "rPh":
                state["phonetic"] = True
            elif name == "t":
                state["text"] = not state["phonetic"]

        def end(tag: str) -> None:
            name = local(tag)
            if name == "si":
                strings.append(unescaped("".join(parts)))
            elif name == "rPh":
                state["phonetic"] = False
            elif name == "t":
                state["text"] = False

        def text(part: str) -> None:
            if state["text"]:
                parts.append(part)

        made = parser()
        made.StartElementHandler = start
        made.EndElementHandler = end
        made.CharacterDataHandler = text
        with self.archive.open(part) as stream:
            feed(made, stream, self._moved)
        return strings

    def _forms(self, part: str) -> list[Form]:
        """What each cell style makes of a number."""
        own: dict[int, Form] = {}
        forms: list[Form] = []
        for node in self._pieces(part, {"numFmts", "cellXfs"}):
            if node.tag == "numFmts":
                for one in node.children:
                    own[_whole(one.attributes.get("numFmtId"))] = form_of(one.attributes.get("formatCode", ""))
            else:
                used = [_whole(one.attributes.get("numFmtId")) for one in node.children if one.tag == "xf"]
                forms = [own.get(one, _BUILT_IN.get(one, "")) for one in used]
        return forms

    def _properties(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in _PROPERTIES:
            if part not in self.archive:
                continue
            for top in self._pieces(part, {"coreProperties", "Properties"}):
                for node in top.children:
                    name = node.attributes.get("name", node.tag) if node.tag == "property" else node.tag
                    text = node.all_text().strip()
                    if text and name not in _NO_PROPERTY:
                        found[name] = text
        return found

    def _notes(self, part: str) -> list[tuple[int, int, str]]:
        found = []
        for kind, target in self._related(part).values():
            if kind not in {"comments", "threadedComment"} or target not in self.archive:
                continue
            for node in self._pieces(target, {"comment", "threadedComment"}):
                place = corners(node.attributes.get("ref", ""))
                text = unescaped(node.all_text()).strip()
                if place and text:
                    found.append((place[0], place[1], text))
        return sorted(set(found))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


# --- a worksheet -------------------------------------------------------------------------------------------------


class _SheetReader:
    """Fill a grid from one worksheet; ``row_begun`` is called for every row that has a value."""

    def __init__(
        self, grid: Grid, shared: list[str], forms: list[Form], from_1904: bool, row_begun: Callable[[], None]
    ) -> None:
        self.grid = grid
        self.shared = shared
        self.forms = forms
        self.from_1904 = from_1904
        self.row_begun = row_begun

    def read(self, stream: IO[bytes], moved: Callable[[int], None]) -> None:
        made = parser()
        self._prepare(made)
        feed(made, stream, moved)

    def _prepare(self, made: expat.XMLParserType) -> None:
        """Set the handlers: one closure, because this runs five times for each of millions of cells."""
        grid, shared, forms = self.grid, self.shared, self.forms
        columns = grid.columns
        numbers: dict[str, int] = {}
        row = column = counted = 0
        kind = style = ""
        formula = collecting = valued = inside = False
        parts: list[str] = []
        value_of = partial(_value, shared=shared, forms=forms, from_1904=self.from_1904)

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal row, column, kind, style, formula, collecting, valued, inside
            if ":" in tag:
                tag = local(tag)
            if tag == "c":
                place = given.get("r")
                if place is None:
                    column += 1
                else:
                    letters = place.rstrip(_DIGITS)
                    known = numbers.get(letters)
                    column = numbers[letters] = column_number(letters) if known is None else known
                kind = given.get("t", "")
                style = given.get("s", "")
                formula = valued = False
                inside = True
            elif tag == "v":
                collecting = valued = True
                parts.clear()
            elif tag == "t":
                if inside and kind == "inlineStr":
                    if not valued:
                        parts.clear()
                    collecting = valued = True
            elif tag == "f":
                formula = inside
            elif tag == "row":
                place = given.get("r")
                following = row + 1 if place is None else int(place)
                if not row < following <= LAST_ROW:
                    raise UnreadableError("file.damaged")
                row = following
                column = 0
                if given.get("hidden") in {"1", "true"}:
                    grid.hidden_rows.add(row)
            elif tag == "rPh":
                collecting = False
            elif tag == "col":
                self._column(given)
            elif tag == "mergeCell":
                area = corners(given.get("ref", ""))
                if area:
                    grid.merged.append(area)

        def end(tag: str) -> None:
            nonlocal collecting, inside, counted
            if ":" in tag:
                tag = local(tag)
            if tag in {"v", "t"}:
                collecting = False
            elif tag == "c":
                inside = False
                if valued and (parts or not formula or kind == "str"):
                    value = value_of("".join(parts), kind, style)
                    if value is not None and value != "":
                        if row != counted:
                            counted = row
                            self.row_begun()
                        held = columns.get(column)
                        if held is None:
                            held = columns[column] = ([], [])
                        held[0].append(row)
                        held[1].append(value)
                elif formula:
                    grid.uncomputed.append((row, column))

        def text(part: str) -> None:
            if collecting:
                parts.append(part)

        made.StartElementHandler = start
        made.EndElementHandler = end
        made.CharacterDataHandler = text

    def _column(self, given: dict[str, str]) -> None:
        if given.get("hidden") in {"1", "true"} or given.get("width") == "0":
            first, last = int(given.get("min", "1")), int(given.get("max", "1"))
            self.grid.hidden_columns.update(range(max(1, first), min(last, LAST_COLUMN) + 1))


def _value(text: str, kind: str, style: str, *, shared: list[str], forms: list[Form], from_1904: bool) -> Raw:
    """A cell's value from its text, its type and its style."""
    if kind == "s":
        return shared[int(text)]
    if kind in {"str", "inlineStr", "e"}:
        return unescaped(text)
    if kind == "b":
        return text.strip() in {"1", "true"}
    if kind == "d":
        return _iso(text)
    if not text:
        return None
    form = forms[int(style)] if style and forms else ""
    if form:
        return moment_of(float(text), form, from_1904=from_1904)
    return number_of(text)


def number_of(text: str) -> int | float:
    """``12`` and ``12.0`` are whole numbers, as the format does not tell them apart."""
    if text.isdigit() and len(text) < 19:
        return int(text)
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):
        raise UnreadableError("file.damaged")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _iso(text: str) -> Raw:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == 10:
        return date(found.year, found.month, found.day)
    return found.replace(tzinfo=None)
