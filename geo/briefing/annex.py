"""Write the Excel annex of a briefing: every row behind its pages, typed, with every digit."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from geo import regions
from geo.briefing.annex_words import dictionary, head, of_province
from geo.briefing.deck_books import steady
from geo.briefing.deck_charts import curve_lines
from geo.briefing.matrix import province_heading
from geo.briefing.parts import Briefing, RegionPage
from geo.briefing.words import rules
from geo.export import about, harmless, whole_money
from geo.export.cells import plain_column
from geo.export.workbook import LONGEST, MOST_ROWS, escaped
from geo.locale import Translator
from geo.locale.terms import reason_name, status_name
from geo.model import Problem, RefusedError

CONTENTS: Final = "isi"
ABOUT: Final = "keterangan"
DICTIONARY: Final = "kamus"
"""Sheets beside those with data, named alike in both languages."""

HEAD_ROWS: Final = 2
"""Rows above the data of a sheet: headings in words, canonical names."""

_EXACT: Final = 2**53
_HEAD: Final = PatternFill("solid", start_color="FF0F4C5C")
_NAMES: Final = PatternFill("solid", start_color="FFE6EFF4")
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_NARROWEST, _WIDEST = 10, 44

_PERCENT, _POINTS, _SHARE, _MONEY = '0.0"%"', "+0.0;-0.0;0.0", "0.0%", '"Rp" #,##0'
_COUNT, _DAY, _DEGREES, _PLAIN = "#,##0", "dd/mm/yyyy", "0.00000", "General"
_AS_THEY_ARE: Final = frozenset({"year", "level", "severity"})

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of data: its name, what it tells, and its rows in canonical columns."""

    name: str
    told: str
    rows: pd.DataFrame


def annex(briefing: Briefing, *, progress: Progress | None = None) -> bytes:
    """The annex as an XLSX file; the same briefing gives the same bytes.

    One sheet for each table of the pages, all pages in it (column ``page``), with filters: headings in words above the
    canonical names, numbers with every digit, days as days, moments as ISO text in UTC. ``isi`` leads to them,
    ``keterangan`` says what the file is, ``kamus`` what each column means. ``progress`` hears shares from 0 to 1; what
    it raises ends the work. Raises ``RefusedError`` for more rows or longer texts than a sheet can hold.
    """
    told = progress or (lambda share: None)
    told(0.0)
    t = briefing.t
    sheets = _sheets(briefing)
    _refuse_too_large(sheets)
    book = Workbook(write_only=True)
    _set_properties(book, briefing)
    marked = _mark(briefing)
    _write_contents(book, briefing, sheets, marked)
    for place, sheet in enumerate(sheets, start=1):
        _write_rows(book, sheet, t, marked)
        told(place / (len(sheets) + 1))
    said = {"keterangan": list(_about(briefing)), "isi": list(_about(briefing).values())}
    _write_plain(book, ABOUT, said, [24, 100], marked)
    words = [row for sheet in sheets for row in dictionary(sheet.name, list(sheet.rows.columns), t)]
    heads = (t("Sheet"), t("Column"), t("Heading"), t("Type"), t("Unit"), t("Values"), t("Meaning"))
    columns = {head: [row[at] for row in words] for at, head in enumerate(heads)}
    _write_plain(book, DICTIONARY, columns, [22, 24, 28, 14, 18, 30, 80], marked)
    out = io.BytesIO()
    book.save(out)
    packed = steady(out.getvalue(), _moment(briefing))
    told(1.0)
    return packed


# --- what stands on the sheets -----------------------------------------------------------------------------------


def _sheets(briefing: Briefing) -> list[_Sheet]:
    t = briefing.t
    pages = briefing.pages if len(briefing.provinces) != 1 else briefing.provinces
    whole = pages[0]
    made = [
        _Sheet(t("Headline figures"), t("The headline figures of each page in words"), _figures(pages)),
        _Sheet(t("Regions"), t("The whole, the provinces and the kabupaten/kota"), _regions(briefing)),
        _Sheet(t("Programmes"), t("Each page by programme"), _programmes(pages)),
        _Sheet(t("Late and blocked"), whole.late.title, _sites(whole.late.raw, t, reasons=True)),
        _Sheet(t("Silent"), whole.silent.title, _sites(whole.silent.raw, t)),
        _Sheet(t("Obstacles"), whole.obstacles.title, _obstacles(whole.obstacles.raw, t)),
        _Sheet(t("Changes"), t("What changed most, by page: {since}", since=whole.changes_note), _changes(pages)),
        _Sheet(t("Curves"), t("Planned and realised (S-curve)"), _curves(pages)),
        _Sheet(t("Curve lines"), t("The lines as the slides draw them, with the forecast"), _lines(pages, t)),
        _Sheet(t("Matrix"), f"{briefing.matrix.title}: {briefing.plan_title}", _wide(briefing)),
        _Sheet(t("Matrix, long"), t("The matrix with one cell in each row"), _long(briefing)),
        _Sheet(t("Sites"), briefing.sites.title, _sites(briefing.sites.raw, t)),
    ]
    return [_Sheet(_sheet_name(one.name), one.told, whole_money(one.rows)) for one in made]


def _sheet_name(words: str) -> str:
    return _FORBIDDEN.sub(" ", words)[:31]


def _paged(pages: Sequence[RegionPage], rows: Callable[[RegionPage], pd.DataFrame]) -> pd.DataFrame:
    """Rows of all pages below each other, with the page in front."""
    parts = []
    for page in pages:
        part = rows(page).reset_index(drop=True)
        part.insert(0, "page", pd.Series([page.key] * len(part), dtype="str"))
        part.insert(1, "page_name", pd.Series([page.name] * len(part), dtype="str"))
        parts.append(part)
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _figures(pages: Sequence[RegionPage]) -> pd.DataFrame:
    def rows(page: RegionPage) -> pd.DataFrame:
        told = [(one.label, one.value, one.said, one.note) for one in page.figures]
        return pd.DataFrame(told, columns=["label", "value", "said", "note"], dtype="str")

    return _paged(pages, rows)


def _regions(briefing: Briefing) -> pd.DataFrame:
    """Exactly the rows of the export ``regions``, with the region's name."""
    rows = briefing.regions.reset_index(drop=True).copy()
    if "code" in rows:
        whole = briefing.national.name
        rows.insert(2, "region", [regions.region_label(code) if code else whole for code in rows["code"]])
    return rows


def _programmes(pages: Sequence[RegionPage]) -> pd.DataFrame:
    return _paged(pages, lambda page: page.programmes.raw)


def _sites(raw: pd.DataFrame, t: Translator, *, reasons: bool = False) -> pd.DataFrame:
    """Sites with their canonical columns, and in words what is a code."""
    rows = raw.copy()
    words = {
        "region": [regions.region_label(code) for code in rows["region_code"]],
        "status_words": [status_name(t, status) for status in rows["status"]],
        "rule_words": rules(rows, t),
    }
    if reasons:
        words["reason_words"] = [reason_name(t, reason) for reason in rows["reason"]]
    rows = rows.assign(**{name: pd.Series(told, index=rows.index, dtype="str") for name, told in words.items()})
    first = ["code", "name", "region", "programme", "status_words", *(["reason_words", "since"] if reasons else [])]
    second = ["actual_percent", "plan_percent", "deviation_points", "as_of", "age_days", "rule_words"]
    front = [*first, *second]
    return rows[[*front, *(name for name in rows.columns if name not in front)]]


def _obstacles(raw: pd.DataFrame, t: Translator) -> pd.DataFrame:
    rows = raw.copy()
    rows.insert(0, "region", pd.Series([regions.region_label(code) for code in rows["region_code"]], dtype="str"))
    told = [status_name(t, status) for status in rows["status"]]
    return rows.assign(status_words=pd.Series(told, index=rows.index, dtype="str"))


def _changes(pages: Sequence[RegionPage]) -> pd.DataFrame:
    def rows(page: RegionPage) -> pd.DataFrame:
        told = [(one.kind, one.name, one.place, one.told, one.others, one.good) for one in page.changes]
        return pd.DataFrame(told, columns=["kind", "name", "place", "told", "others", "good"])

    return _paged(pages, rows)


def _curves(pages: Sequence[RegionPage]) -> pd.DataFrame:
    return _paged(pages, lambda page: page.state.curve)


def _lines(pages: Sequence[RegionPage], t: Translator) -> pd.DataFrame:
    def rows(page: RegionPage) -> pd.DataFrame:
        told = [
            (line.name, pd.Timestamp(day), value)
            for line in curve_lines(page, t)
            for day, value in zip(line.days, line.values, strict=True)
        ]
        made = pd.DataFrame(told, columns=["series", "as_of", "percent"])
        return made.astype({"series": "str", "as_of": "datetime64[us]", "percent": "float64"})

    return _paged(pages, rows)


def _named(briefing: Briefing) -> Callable[[str], str]:
    """Institutions in words, by their code, from the rows of the matrix that the pages show."""
    keys = list(dict.fromkeys(briefing.matrix.raw["institution_code"]))
    shown = [row[0].text for row in briefing.matrix.rows]
    known = dict(zip(keys, shown, strict=False))
    return lambda key: known.get(key, key)


def _long(briefing: Briefing) -> pd.DataFrame:
    rows = briefing.matrix.raw.copy()
    named = _named(briefing)
    rows.insert(1, "institution", pd.Series([named(key) for key in rows["institution_code"]], dtype="str"))
    rows.insert(3, "region", pd.Series([province_heading(code, briefing.t) for code in rows["province"]], dtype="str"))
    return rows


def _wide(briefing: Briefing) -> pd.DataFrame:
    """Mean share of the target by institution and province, percent with every digit, beside reported and actions."""
    rows, named = briefing.matrix.raw, _named(briefing)
    keys = list(dict.fromkeys(rows["institution_code"]))
    made: dict[str, list[Any]] = {"institution_code": keys, "institution": [named(key) for key in keys]}
    cells = {(row["institution_code"], row["province"]): row for row in rows.to_dict("records")}
    for code in dict.fromkeys(rows["province"]):
        for measure in ("achieved_percent", "reported", "actions"):
            found = [cells.get((key, code), {}).get(measure) for key in keys]
            made[f"{measure}_{code or 'all'}"] = found
    return pd.DataFrame(made)


# --- how they are written ----------------------------------------------------------------------------------------


def _format(name: str, values: pd.Series) -> str:
    """How a column's cells are shown; the cells keep every digit."""
    name = of_province(name)[0] or name
    if values.dtype.kind == "M":
        return _DAY if not isinstance(values.dtype, pd.DatetimeTZDtype) else _PLAIN
    if name in _AS_THEY_ARE or not pd.api.types.is_numeric_dtype(values) or values.dtype.kind == "b":
        return _PLAIN
    if name.endswith("_percent") or name == "percent":
        return _PERCENT
    if name == "deviation_points":
        return _POINTS
    if name in ("spend_share", "share_reported"):
        return _SHARE
    if name in _MONEY_COLUMNS:
        return _MONEY
    if name in ("lon", "lat"):
        return _DEGREES
    return _COUNT if pd.api.types.is_integer_dtype(values) else _PLAIN


_MONEY_COLUMNS: Final = frozenset(
    {"contract_value", "plan_spend", "actual_spend", "spend_told", "spend_value", "budget", "spend"}
)


def _write_rows(book: Workbook, sheet: _Sheet, t: Translator, marked: str) -> None:
    """A sheet of data: two rows of headings that stay in sight, filters, typed cells."""
    columns = {str(name): _values(sheet.rows[name]) for name in sheet.rows.columns}
    heads = [head(name, t) for name in columns]
    page = _page(book, sheet.name, marked)
    page.freeze_panes = f"A{HEAD_ROWS + 1}"
    page.print_title_rows = f"1:{HEAD_ROWS}"
    for place, (words, values) in enumerate(zip(heads, columns.values(), strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = _width(words, values[:50])
    page.append([_styled(page, words, _HEAD, _font(bold=True, color="FFFFFFFF")) for words in heads])
    page.append([_styled(page, name, _NAMES, _font(italic=True, color="FF4B565F", size=9)) for name in columns])
    shown = [_format(str(name), sheet.rows[name]) for name in sheet.rows.columns]
    for row in zip(*columns.values(), strict=True):
        page.append([_cell(page, value, how) for value, how in zip(row, shown, strict=True)])
    last = get_column_letter(max(1, len(columns)))
    page.auto_filter.ref = f"A{HEAD_ROWS}:{last}{HEAD_ROWS + len(sheet.rows)}"


def _write_contents(book: Workbook, briefing: Briefing, sheets: Sequence[_Sheet], marked: str) -> None:
    """The first sheet: what the annex is, and the way to each sheet."""
    t = briefing.t
    page = _page(book, CONTENTS, marked)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 30, 90
    page.column_dimensions["C"].width = 10
    title = _text(page, briefing.title)
    title.font = _font(bold=True, size=16, color="FF0F4C5C")
    page.append([title])
    lines = [briefing.subject, *([marked] if marked else []), t("Excel annex")]
    for line in lines:
        page.append([_text(page, line)])
    page.append([])
    heads = (t("Sheet"), t("What it tells"), t("Rows"))
    page.append([_styled(page, words, _HEAD, _font(bold=True, color="FFFFFFFF")) for words in heads])
    row = len(lines) + 3
    links: list[tuple[str, str, int | None]] = [(one.name, one.told, len(one.rows)) for one in sheets]
    links += [(ABOUT, t("What this file is: day, moment, number, sources, licence"), None),
              (DICTIONARY, t("What each column means"), None)]  # fmt: skip
    for place, (name, told, count) in enumerate(links, start=row + 1):
        cell = _text(page, name)
        cell.font = _font(underline="single", color="FF0F4C5C")
        cell.hyperlink = Hyperlink(ref=f"A{place}", location=f"'{name}'!A1", display=name)
        page.append([cell, _text(page, told), count])


def _write_plain(
    book: Workbook, name: str, columns: Mapping[str, Sequence[str]], widths: Iterable[float], marked: str
) -> None:
    page = _page(book, name, marked)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    for place, across in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = across
    page.append([_styled(page, words, _HEAD, _font(bold=True, color="FFFFFFFF")) for words in columns])
    for row in zip(*columns.values(), strict=True):
        page.append([_wrapped(page, text) for text in row])


def _page(book: Workbook, name: str, marked: str) -> Any:
    page = book.create_sheet(name)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    if marked:
        page.HeaderFooter.oddHeader.right.text = marked.replace("&", "&&")
    page.HeaderFooter.oddFooter.left.text = name.replace("&", "&&")
    page.HeaderFooter.oddFooter.right.text = "&P/&N"
    return page


def _values(column: pd.Series) -> list[Any]:
    """Cells as a workbook keeps them: days as ``date``, numbers, texts ready for XML, ``None`` where missing."""
    if column.dtype.kind == "M" and not isinstance(column.dtype, pd.DatetimeTZDtype):
        return [None if told is None else date.fromisoformat(told) for told in plain_column(column)]
    return [_value(value) for value in plain_column(column)]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return escaped(value)
    return str(value) if isinstance(value, int) and abs(value) > _EXACT else value


def _cell(page: Any, value: Any, shown: str) -> Any:
    if isinstance(value, str):
        plain = not value.startswith("#") and harmless(value) == value
        return value if plain else _text(page, value)
    if value is None or (shown == _PLAIN and not isinstance(value, float)):
        return value
    exact = isinstance(value, float) and float(f"{value:.16g}") != value
    cell: Any = WriteOnlyCell(page, repr(value) if exact else value)
    if exact:
        cell.data_type = "n"  # the library writes 16 digits of a number, and some need 17
    cell.number_format = shown
    return cell


def _font(**look: Any) -> Font:
    """Letters as in the cells that have none of their own."""
    return Font(name="Calibri", family=2, **look)


def _text(page: Any, text: str) -> Any:
    """A text that stays one, whatever it begins with."""
    cell: Any = WriteOnlyCell(page, escaped(text))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _styled(page: Any, text: str, fill: PatternFill, font: Font) -> Any:
    cell = _text(page, text)
    cell.fill, cell.font = fill, font
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _wrapped(page: Any, text: str) -> Any:
    cell = _text(page, text)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _width(head: str, values: Iterable[Any]) -> float:
    """In characters; a heading may take two lines."""
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    longest = max(longest, len(head) // 2 + 2, *(len(word) for word in head.split(" ")))
    return float(min(_WIDEST, max(_NARROWEST, longest + 2)))


def _refuse_too_large(sheets: Sequence[_Sheet]) -> None:
    problems = [
        Problem(
            f"the sheet {sheet.name!r} would hold {len(sheet.rows)} rows, more than fit",
            "Choose fewer regions or programmes.",
        )
        for sheet in sheets
        if len(sheet.rows) + HEAD_ROWS > MOST_ROWS
    ]
    for sheet in sheets:
        for name in sheet.rows.columns:
            column = sheet.rows[name]
            if column.dtype.kind in "ifbuM":
                continue
            problems += [
                Problem(f"a cell holds {LONGEST} characters and this text has {len(value)}", "Shorten the text.",
                        row=row, column=str(name))
                for row, value in enumerate(column, start=HEAD_ROWS + 1)
                if isinstance(value, str) and len(value) > LONGEST
            ]  # fmt: skip
    if problems:
        raise RefusedError(problems)


# --- what the file says of itself --------------------------------------------------------------------------------


def _mark(briefing: Briefing) -> str:
    t = briefing.t
    parts = [t("SAMPLE DATA – not official figures")] if briefing.sample else []
    parts += [t("As of {day}", day=t.date(briefing.on)), briefing.marking, briefing.number]
    return " · ".join(part for part in parts if part)


def _about(briefing: Briefing) -> dict[str, str]:
    t = briefing.t
    filters = briefing.national.state.filters
    told = {"judul": briefing.title, "cakupan": briefing.subject}
    told |= about(filters, t, sample=briefing.sample, since=briefing.then, public=briefing.audience == "public")
    if briefing.known_at is not None:
        told["diketahui"] = briefing.known_at.astimezone(UTC).isoformat()
    told |= {
        "klasifikasi": briefing.classification,
        "nomor": briefing.number,
        "alamat": briefing.address,
        "dasar": t("Base: sites with plan and report, of all sites. Missing is not zero."),
    }
    told |= {f"sumber_{place}": text for place, text in enumerate(briefing.sources, start=1)}
    return {name: text for name, text in told.items() if text}


def _moment(briefing: Briefing) -> datetime:
    return (briefing.known_at or datetime.combine(briefing.on, time(), UTC)).astimezone(UTC)


def _set_properties(book: Workbook, briefing: Briefing) -> None:
    moment = _moment(briefing).replace(tzinfo=None)
    told = book.properties
    told.creator = told.lastModifiedBy = "Sinergisitas"
    told.title = escaped(briefing.title)
    told.subject = escaped(briefing.subject)
    told.created = told.modified = moment
    told.description = "\n".join(f"{name}: {escaped(text)}" for name, text in _about(briefing).items())
