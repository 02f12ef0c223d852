"""Write the workbook that a sender fills in: headings, drop-downs, and what each column means."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from geo.intake.kinds import Form, Kind, Wanted
from geo.intake.layout import DATA, GUIDE, LISTS, template_columns, template_heading
from geo.intake.reading import choices_of
from geo.locale import Translator, translator
from geo.model import Language, Problem, Programme, RefusedError

Tables = Mapping[str, pd.DataFrame]

READY_ROWS: Final = 5_000
"""Rows below the heading that have formats and drop-downs; more may be filled in."""

_FORMATS: Final[Mapping[Form, str]] = {
    Form.DATE: "dd/mm/yyyy",
    Form.MONEY: "#,##0",
    Form.PERCENT: "0.00",
    Form.NUMBER: "#,##0.##",
    Form.WHOLE: "#,##0",
    Form.YEAR: "0",
    Form.LONGITUDE: "0.000000",
    Form.LATITUDE: "0.000000",
}
_TEXT: Final = "@"

_REQUIRED_FILL: Final = PatternFill("solid", start_color="FF0B4F6C")
_OPTIONAL_FILL: Final = PatternFill("solid", start_color="FFDDE8EE")
_EXAMPLE_FILL: Final = PatternFill("solid", start_color="FFF4F1E6")
_EDGE: Final = Border(bottom=Side("thin", color="FF7A8C96"))


def template_bytes(
    kind: Kind, language: Language, *, programmes: Mapping[str, Programme], tables: Tables, sample: bool
) -> bytes:
    """An empty workbook (XLSX) for a kind; what it offers to choose comes from ``tables`` and ``programmes``.

    ``tables`` holds the store's institutions, sites and actions; ``sample`` says in the workbook that they are a
    synthetic sample. Raises ``RefusedError`` for boundaries, which come as map files.
    """
    if kind == "boundaries":
        raise RefusedError([Problem("boundaries come as a map file", "See the command regions replace.")])
    t = translator(language)
    columns = [_column(kind, wanted, t, programmes, tables) for wanted in template_columns(kind)]
    book = Workbook()
    book.properties.creator = book.properties.title = "Sinergisitas"
    data = book.worksheets[0]
    data.title = DATA
    _write_data(data, columns, t)
    _write_guide(book.create_sheet(GUIDE[language]), columns, t, sample=sample)
    _write_lists(book, columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def examples(kind: Kind, tables: Tables, programmes: Mapping[str, Programme]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two rows as they may be filled in, by canonical column; codes are ones that ``tables`` know where there are any.

    The figures are made up. The two rows of a plan are one plan.
    """
    sites, actions = _codes(tables, "sites", "CONTOH-LOKASI"), _codes(tables, "actions", "CONTOH-RENCANA")
    known = _codes(tables, "institutions", "CONTOH-INSTANSI")
    programme = next(iter(programmes), "")
    first = dict(_EXAMPLES[kind])
    second = {**first, **_SECOND[kind]}
    for at, row in enumerate((first, second)):
        for name, codes in (("site_code", sites), ("action_code", actions), ("institution_code", known)):
            if name in row:
                row[name] = codes[0 if kind == "plans" else min(at, len(codes) - 1)]
        if "programme" in row:
            row["programme"] = programme
    return first, second


# --- columns -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    wanted: Wanted
    heading: str
    offered: tuple[str, ...]
    strict: bool
    about: str
    form: str
    examples: tuple[Any, ...]


def _column(kind: Kind, wanted: Wanted, t: Translator, programmes: Mapping[str, Programme], tables: Tables) -> _Column:
    rows = examples(kind, tables, programmes)
    words = _words(kind, wanted, t.language, programmes)
    return _Column(
        wanted,
        template_heading(wanted, t.language),
        tuple(words.values()) or _known_codes(wanted, tables),
        bool(words),
        wanted.about.in_language(t.language),
        _form_name(wanted.form, t),
        tuple(words.get(str(row.get(wanted.name)), row.get(wanted.name)) for row in rows),
    )


def _words(kind: Kind, wanted: Wanted, language: Language, programmes: Mapping[str, Programme]) -> dict[str, str]:
    """The words of a closed list: as the store has them -> as a person chooses them."""
    if wanted.form is not Form.CHOICE:
        return {}
    choices = choices_of(kind, wanted.name, programmes)
    return {code: names[0] if names and language == "id" else code for code, names in choices.items()}


def _known_codes(wanted: Wanted, tables: Tables) -> tuple[str, ...]:
    source = {"site_code": "sites", "action_code": "actions", "institution_code": "institutions"}.get(wanted.name)
    if source is None or source not in tables:
        return ()
    return tuple(sorted(tables[source]["code"].dropna().astype(str).unique()))


def _codes(tables: Tables, name: str, otherwise: str) -> list[str]:
    if name not in tables or not len(tables[name]):
        return [otherwise]
    return [str(code) for code in tables[name]["code"].drop_duplicates().head(2)]


def _form_name(form: Form, t: Translator) -> str:
    if form is Form.DATE:
        return t("date: day/month/year")
    if form is Form.MONEY:
        return t("rupiah, in full")
    if form is Form.PERCENT:
        return t("percent, 0 to 100")
    if form in (Form.WHOLE, Form.YEAR):
        return t("whole number")
    if form in (Form.LONGITUDE, Form.LATITUDE):
        return t("decimal degrees")
    if form is Form.NUMBER:
        return t("number")
    return t("text")


# --- sheets ------------------------------------------------------------------------------------------------------


def _write_data(sheet: Any, columns: Sequence[_Column], t: Translator) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.tabColor = "0B4F6C"
    sheet.row_dimensions[1].height = 32
    for at, column in enumerate(columns, start=1):
        letter = get_column_letter(at)
        _head(sheet.cell(1, at), column)
        sheet.column_dimensions[letter].width = min(44, max(14, len(column.heading) + 4))
        # a format of the column as a whole reaches every row and costs nothing
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.wanted.form, _TEXT)
        rule = _rule(column, at, t)
        rule.add(f"{letter}2:{letter}{READY_ROWS + 1}")
        sheet.add_data_validation(rule)


def _head(cell: Any, column: _Column) -> None:
    cell.value = column.heading
    required = column.wanted.required
    cell.font = Font(bold=True, color="FFFFFFFF" if required else "FF1B2A33")
    cell.fill = _REQUIRED_FILL if required else _OPTIONAL_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = _EDGE


def _rule(column: _Column, at: int, t: Translator) -> DataValidation:
    """What a cell takes, with the column's meaning beside it while somebody types."""
    form = column.wanted.form
    if column.offered:
        rule = DataValidation("list", formula1=_list_name(at))
        rule.errorStyle = "stop" if column.strict else "warning"
    elif form is Form.DATE:
        rule = DataValidation("date", operator="between", formula1="DATE(2000,1,1)", formula2="DATE(2100,12,31)")
    elif form is Form.PERCENT:
        rule = DataValidation("decimal", operator="between", formula1="0", formula2="100")
    elif form in (Form.WHOLE, Form.YEAR):
        rule = DataValidation("whole", operator="between", formula1="0", formula2="1000000000")
    elif form in (Form.MONEY, Form.NUMBER):
        rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
    elif form is Form.LONGITUDE:
        rule = DataValidation("decimal", operator="between", formula1="94", formula2="142")
    elif form is Form.LATITUDE:
        rule = DataValidation("decimal", operator="between", formula1="-12", formula2="7")
    else:
        rule = DataValidation()
    rule.allow_blank = True
    rule.showInputMessage = rule.showErrorMessage = True
    rule.promptTitle = column.wanted.heading[:32]
    rule.prompt = f"{column.about} ({column.form})"[:255]
    rule.errorTitle = t("Not as expected")
    rule.error = t("This column takes: {form}.", form=column.form)[:255]
    return rule


def _list_name(at: int) -> str:
    return f"pilihan_{at}"


def _write_lists(book: Workbook, columns: Sequence[_Column]) -> None:
    """What the drop-downs offer, one column each, on a sheet that is not shown."""
    offering = [(at, column) for at, column in enumerate(columns, start=1) if column.offered]
    if not offering:
        return
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "veryHidden"
    for place, (at, column) in enumerate(offering, start=1):
        letter = get_column_letter(place)
        for row, word in enumerate(column.offered, start=1):
            cell = sheet.cell(row, place, word)
            cell.data_type, cell.quotePrefix = "s", True
        name = _list_name(at)
        book.defined_names[name] = DefinedName(
            name, attr_text=f"{LISTS}!${letter}$1:${letter}${len(column.offered)}", hidden=True
        )


def _write_guide(sheet: Any, columns: Sequence[_Column], t: Translator, *, sample: bool) -> None:
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDEFG", (28, 10, 22, 40, 58, 24, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    row = 1
    sheet.cell(row, 1, t("How to fill in this workbook")).font = Font(bold=True, size=14)
    for line in _steps(t, sample=sample):
        row += 1
        sheet.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=7)
        sheet.row_dimensions[row].height = 15 * (1 + len(line) // 150)
    row += 2
    heads = (
        t("Column of the sheet"), t("Required"), t("Form"), t("Allowed words"), t("Meaning"), t("Example 1"),
        t("Example 2"),
    )  # fmt: skip
    for at, head in enumerate(heads, start=1):
        cell = sheet.cell(row, at, head)
        cell.font, cell.fill, cell.border = Font(bold=True), _OPTIONAL_FILL, _EDGE
    for column in columns:
        row += 1
        _explain(sheet, row, column, t)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _explain(sheet: Any, row: int, column: _Column, t: Translator) -> None:
    few = column.strict and len(column.offered) <= 12
    told = (
        column.heading,
        t("yes") if column.wanted.required else t("no"),
        column.form,
        ", ".join(column.offered) if few else t("see the drop-down") if column.offered else "",
        column.about,
    )
    for at, text in enumerate(told, start=1):
        sheet.cell(row, at, text or None).alignment = Alignment(wrap_text=True, vertical="top")
    for at, value in enumerate(column.examples, start=6):
        cell = sheet.cell(row, at, value)
        cell.fill = _EXAMPLE_FILL
        cell.number_format = _FORMATS.get(column.wanted.form, _TEXT)
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _steps(t: Translator, *, sample: bool) -> Iterator[str]:
    yield t("1. Fill in the sheet “data”, one row each; columns with * are required. Leave empty what is not known: "
            "empty means “not reported”, not zero.")  # fmt: skip
    yield t("2. Do not enter personal data: no identity numbers, telephone numbers, e-mail addresses or names of "
            "persons. A file that holds any is refused and not kept.")  # fmt: skip
    yield t("3. Send the file on the page “Import”. It is checked first; nothing is stored before you confirm.")
    yield t("4. You get this workbook back with a verdict on each cell. Correct what is refused and send it again; "
            "rows that are stored already change nothing.")  # fmt: skip
    yield t("Column names may be changed or moved; the import recognises the usual ways to write them.")
    yield t("The examples at the right are made up.")
    if sample:
        yield t("The codes offered here are those of a SYNTHETIC SAMPLE, not of official data.")


# --- examples ----------------------------------------------------------------------------------------------------

_DAY: Final = date(2026, 6, 30)

_EXAMPLES: Final[Mapping[str, dict[str, Any]]] = {
    "sites": {
        "code": "CONTOH-001", "programme": "", "name": "Kawasan Contoh Satu", "region_code": "35.07", "lon": 112.6402,
        "lat": -8.1701, "institution_code": "", "start_date": date(2026, 2, 1), "target_date": date(2026, 12, 15),
        "contract_value": 1_250_000_000, "year": 2026,
    },
    "plans": {"site_code": "", "as_of": date(2026, 6, 30), "percent": 45.0, "spend": 560_000_000},
    "reports": {
        "site_code": "", "as_of": _DAY, "percent": 42.5, "spend": 115_000_000, "stage": "in_progress",
        "note": "Pondasi selesai, dinding dikerjakan.", "author": "Dinas Pekerjaan Umum Contoh",
    },
    "actions": {
        "code": "CONTOH-RA-001", "year": 2026, "institution_code": "", "region_code": "35.07", "programme": "",
        "kind": "physical", "title": "Pembangunan gudang contoh", "indicator": "Gudang terbangun", "unit": "unit",
        "target_b03": 0, "target_b06": 1, "target_b09": 2, "target_b12": 3, "budget": 900_000_000,
        "contract": 850_000_000,
    },
    "action_reports": {
        "action_code": "", "as_of": _DAY, "achieved": 1, "spend": 100_000_000, "stage": "in_progress",
        "obstacle": "Menunggu izin lokasi.", "author": "Satuan Tugas Contoh",
    },
    "beneficiaries": {"site_code": "", "as_of": _DAY, "group": "mitra", "count": 24},
    "obstacles": {
        "code": "CONTOH-K-001", "site_code": "", "opened": date(2026, 5, 4), "category": "perizinan", "severity": 2,
        "note": "Izin lokasi belum terbit.", "follow_up": "Rapat dengan dinas terkait.",
    },
    "institutions": {"code": "CONTOH-001", "name": "Dinas Pertanian Contoh", "kind": "pemda", "field": "ekonomi"},
}  # fmt: skip
_SECOND: Final[Mapping[str, dict[str, Any]]] = {
    "sites": {"code": "CONTOH-002", "name": "Kawasan Contoh Dua", "lon": 112.5213, "lat": -8.1214,
              "contract_value": None},
    "plans": {"as_of": date(2026, 12, 31), "percent": 100.0, "spend": 1_250_000_000},
    "reports": {"percent": None, "spend": None, "stage": "preparation", "note": "Lelang berjalan."},
    "actions": {
        "code": "CONTOH-RA-002", "kind": "non_physical", "title": "Pelatihan contoh", "indicator": "Peserta terlatih",
        "unit": "orang", "target_b06": 20, "target_b09": 40, "target_b12": 60, "budget": 150_000_000, "contract": None,
    },
    "action_reports": {"achieved": None, "obstacle": None, "stage": "preparation"},
    "beneficiaries": {"group": "masyarakat", "count": 60},
    "obstacles": {"code": "CONTOH-K-002", "category": "lahan", "severity": 3, "closed": date(2026, 6, 1)},
    "institutions": {"code": "CONTOH-002", "name": "Kementerian Contoh", "kind": "kl", "field": "polhukam"},
}  # fmt: skip
