"""Write the awkward files that institutions and strangers send, each with the verdict that it has to get.

``CASES`` names them; ``write(folder)`` writes them all. Nothing here is a real office, place of work or person.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pyproj
import shapely
from openpyxl.comments import Comment
from openpyxl.workbook.properties import CalcProperties
from pyogrio.raw import write as write_layer
from shapely.geometry import Point

HEADER = ("kode", "nama", "kabupaten", "tanggal", "rencana", "realisasi")
ROWS = (
    ("KOP-1", "Koperasi Contoh Satu", "Kabupaten Malang", date(2026, 3, 31), 25.5, 20),
    ("KOP-2", "Koperasi Contoh Dua", "Kota Malang", date(2026, 3, 31), 40, 41.25),
    ("RSN-1", "Rusun Contoh", "Kabupaten Sidoarjo", date(2026, 6, 30), 100, 72.55),
)
"""A plain table of three rows, which most of the files carry in some disguise."""


@dataclass(frozen=True)
class Case:
    """One file: what writes it, the code of its refusal (``None``: it is read), codes that must be told about it."""

    file: str
    write: Callable[[Path], None]
    refused: str | None = None
    told: tuple[str, ...] = ()


def write(folder: Path) -> dict[str, Path]:
    """Write every case into ``folder``; the path of each by the name of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        case.write(folder / case.file)
    return {case.file: folder / case.file for case in CASES}


# --- text --------------------------------------------------------------------------------------------------------


def csv_text(separator: str = ",", *, decimal: str = ".", end: str = "\n") -> str:
    """The plain table as text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(HEADER)
    for code, name, regency, day, plan, done in ROWS:
        numbers = (str(value).replace(".", decimal) for value in (plan, done))
        writer.writerow((code, name, regency, day.strftime("%d/%m/%Y"), *numbers))
    return out.getvalue()


def text(content: str | bytes, encoding: str = "utf-8") -> Callable[[Path], None]:
    """Writes this text."""
    return lambda path: _bytes(path, content if isinstance(content, bytes) else content.encode(encoding))


def _bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


RAGGED = "kode,nama,nilai\nKOP-1,Koperasi Satu,1\nKOP-2,Koperasi, Dua,2\nKOP-3\nKOP-4,Koperasi Empat,4\n"
MIXED = "kode,nama\nKOP-1,Café Satu\n".encode() + "KOP-2,Café Dua\n".encode("cp1252")
TITLED = "Laporan Koperasi Contoh\n\nkode,nama,nilai\nKOP-1,Koperasi Satu,1\nKOP-2,Koperasi Dua,2\n"


# --- workbooks ---------------------------------------------------------------------------------------------------


def book() -> openpyxl.Workbook:
    """A workbook with the plain table on its one sheet."""
    made = openpyxl.Workbook()
    made.active.title = "Data"
    for row in (HEADER, *ROWS):
        made.active.append(row)
    made.properties.creator = "Dinas Koperasi Contoh"
    return made


def saved(change: Callable[[openpyxl.Workbook], None] | None = None) -> Callable[[Path], None]:
    """Writes the plain workbook after ``change``."""

    def write_book(path: Path) -> None:
        made = book()
        if change:
            change(made)
        made.save(path)

    return write_book


def _hidden_and_merged(made: openpyxl.Workbook) -> None:
    sheet = made.active
    sheet.insert_rows(1)
    sheet["A1"] = "Laporan Triwulan I"
    sheet.merge_cells("A1:F1")
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet["B3"].comment = Comment("Periksa lagi", "Dinas Contoh")
    other = made.create_sheet("Tersembunyi")
    other.sheet_state = "hidden"
    other["A1"] = "rahasia"


def _formulas(made: openpyxl.Workbook) -> None:
    made.active["G1"] = "selisih"
    for row in (2, 3, 4):
        made.active[f"G{row}"] = f"=E{row}-F{row}"
    made.calculation = CalcProperties(fullCalcOnLoad=True)


def _only_formulas(made: openpyxl.Workbook) -> None:
    sheet = made.active
    sheet.delete_rows(1, 10)
    sheet["A1"] = "=1+1"


def _far_corner(made: openpyxl.Workbook) -> None:
    made.active["XFD1048576"] = "x"


def _wide(made: openpyxl.Workbook) -> None:
    for column in range(1, 16_385):
        made.active.cell(6, column, column)


def _dated(made: openpyxl.Workbook) -> None:
    sheet = made.active
    sheet["G2"] = datetime.fromisoformat("2026-08-17T10:30")
    sheet["G3"] = date(2026, 8, 17)
    sheet["G4"] = 0.5
    sheet["G4"].number_format = "hh:mm"
    sheet["H2"] = 0.7255
    sheet["H2"].number_format = "0.00%"
    sheet["H3"] = True


def repacked(change: Callable[[str, bytes], bytes | None], *, more: dict[str, bytes] | None = None):
    """Writes the plain workbook with its parts changed (``None`` drops one) and ``more`` parts added."""

    def write_book(path: Path) -> None:
        plain = io.BytesIO()
        book().save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                content = change(name, source.read(name))
                if content is not None:
                    target.writestr(name, content)
            for name, content in (more or {}).items():
                target.writestr(name, content)

    return write_book


def same(_: str, content: bytes) -> bytes:
    """Leaves a part as it is."""
    return content


def _with_rows(rows: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</sheetData>", rows + b"</sheetData>") if name.endswith("sheet1.xml") else content

    return change


def _blank_rows() -> bytes:
    return b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(5, 1_000_005))


def _only_chart(name: str, content: bytes) -> bytes:
    return content.replace(b'/worksheet"', b'/chartsheet"') if name.endswith("workbook.xml.rels") else content


def _entity(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    declared = b'<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    body = content[content.index(b"<worksheet") :].replace(b"</sheetData>", b"&secret;</sheetData>")
    return b'<?xml version="1.0"?>' + declared + body


_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KINDS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
SHARED = (
    b"<si><t>kode</t></si><si><r><t>Koperasi </t></r><r><t>Contoh</t></r><rPh><t>x</t></rPh></si>"
    b"<si><t>dua_x000A_baris</t></si>"
)


def by_hand(shared: bytes = SHARED, *, before: bytes = b"") -> Callable[[Path], None]:
    """Writes a workbook as Excel does, with its texts in a part of their own; ``before`` stands above that part."""
    cells = b'<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="3"><c r="B3" t="s"><v>2</v></c></row>'
    return zipped(
        {
            "_rels/.rels": _RELATED
            + b'<Relationship Id="r1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' % _KINDS,
            "xl/workbook.xml": b'<workbook %s xmlns:r="%s"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets>'
            b"</workbook>" % (_MAIN, _KINDS),
            "xl/_rels/workbook.xml.rels": _RELATED
            + b'<Relationship Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>' % _KINDS
            + b'<Relationship Id="r2" Type="%s/sharedStrings" Target="/xl/sharedStrings.xml"/>' % _KINDS
            + b"</Relationships>",
            "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (_MAIN, cells),
            "xl/sharedStrings.xml": b'<?xml version="1.0"?>%s<sst %s>%s</sst>' % (before, _MAIN, shared),
        }
    )


def _laughs() -> bytes:
    made = b"".join(b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 10))
    return b'<!DOCTYPE sst [<!ENTITY a0 "ha">%s]>' % made


def cut(source: Callable[[Path], None], share: float) -> Callable[[Path], None]:
    """Writes the file and cuts it off."""

    def write_part(path: Path) -> None:
        source(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return write_part


def zipped(parts: dict[str, bytes]) -> Callable[[Path], None]:
    """Writes an archive."""

    def write_zip(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    return write_zip


def encrypted(source: Callable[[Path], None]) -> Callable[[Path], None]:
    """Writes the archive and marks all that is in it as encrypted."""

    def write_locked(path: Path) -> None:
        source(path)
        raw = bytearray(path.read_bytes())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = raw.find(mark)
            while at >= 0:
                raw[at + place] |= 1
                at = raw.find(mark, at + 4)
        path.write_bytes(bytes(raw))

    return write_locked


def _lying(path: Path) -> None:
    """A workbook whose worksheet unpacks to far more than the archive declares."""
    repacked(_with_rows(b'<row r="9"><c r="A9"><v>1</v></c></row>' + b" " * 3_000_000))(path)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(mark)
        while struct.unpack_from("<I", raw, at + place)[0] != entry.file_size:
            at = raw.find(mark, at + 4)
        struct.pack_into("<I", raw, at + place, 500)
    path.write_bytes(bytes(raw))


def _linked(path: Path) -> None:
    shapefile(without=(".prj",))(path)
    entry = zipfile.ZipInfo("lokasi.prj")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc/passwd")


def _overlapping(path: Path) -> None:
    """An archive whose many entries all point at one and the same packed block."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = block.compress(b"0" * 1_000_000) + block.flush()
    crc = zlib.crc32(b"0" * 1_000_000)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 1_000_000, 12, 0)
    out = local + b"xl/workbook." + packed
    central = b""
    for at in range(3_000):
        name = b"xl/workbook.xml" if at == 0 else b"%012d" % at
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), 1_000_000, len(name), *(0,) * 6
        )
        central += name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 3_000, 3_000, len(central), len(out), 0)
    path.write_bytes(out + central + end)


# --- the old binary workbook -------------------------------------------------------------------------------------


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with these streams, each of 4 096 bytes or more, as a word of 512-byte sectors."""
    sectors: list[bytes] = []
    table: list[int] = [0xFFFFFFFD]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1 if streams else 0xFFFFFFFF)]
    begin = 1 + (len(streams) + 1 + 3) // 4
    table += [*range(2, begin), 0xFFFFFFFE][: begin - 1]
    for at, (name, content) in enumerate(streams.items()):
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\x00")
        count = len(padded) // 512
        first = len(table)
        following = at + 2 if at + 1 < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, first, len(padded), right=following))
        table += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += [padded[place : place + 512] for place in range(0, len(padded), 512)]
    directory = b"".join(entries).ljust((begin - 1) * 512, b"\x00")
    assert len(table) <= 128
    allocation = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
        0,
    )
    header += struct.pack("<108I", *[0xFFFFFFFF] * 108)
    return header + allocation + directory + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    wide = name.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<64sHBBIII36xIII", wide, len(wide), kind, 1, 0xFFFFFFFF, right, child, first, size, 0)


def _summary(texts: dict[int, str]) -> bytes:
    """A property set of these texts, by the numbers that the format gives them."""
    values = b""
    places = b""
    for number, value in texts.items():
        places += struct.pack("<II", number, 8 + 8 * len(texts) + len(values))
        raw = value.encode("cp1252") + b"\x00"
        values += struct.pack("<II", 30, len(raw)) + raw + b"\x00" * (-len(raw) % 4)
    section = struct.pack("<II", 8 + len(places) + len(values), len(texts)) + places + values
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, b"", 48) + section


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of a binary workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def _label(row: int, column: int, value: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + value.encode("utf-16-le"))


def old_book(*, password: bool = False, macros: bool = False) -> Callable[[Path], None]:
    """Writes the plain table as an Excel 97 workbook; dates as text."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    if password:
        begin += record(0x2F, struct.pack("<HHHH", 0, 0, 0, 0))
    begin += record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0, 1, 0) + b"A")
    begin += record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    name = "Data"
    place = len(begin) + 4 + 8 + len(name) + 4
    begin += record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name.encode()) + record(0x0A)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    sheet += record(0x7D, struct.pack("<HHHHHH", 2, 2, 2560, 0, 1, 0))
    for row, cells in enumerate((HEADER, *ROWS)):
        for column, value in enumerate(cells):
            if isinstance(value, int | float):
                sheet += record(0x0203, struct.pack("<HHHd", row, column, 0, value))
            else:
                sheet += _label(row, column, str(value))
    sheet += record(0xE5, struct.pack("<HHHHH", 1, 0, 0, 4, 5)) + record(0x0A)
    streams = {
        "Workbook": begin + sheet,
        "\x05SummaryInformation": _summary({2: "Laporan", 4: "Dinas Koperasi Contoh"}),
    }
    if macros:
        streams["_VBA_PROJECT_CUR"] = b"macros"
    return lambda path: _bytes(path, compound(streams))


# --- OpenDocument ------------------------------------------------------------------------------------------------

_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def _ods_cell(value: object) -> str:
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


def ods(*, extra: str = "", encrypted: bool = False, before: str = "") -> Callable[[Path], None]:
    """Writes the plain table as an OpenDocument spreadsheet, with ``extra`` rows behind it."""
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in (HEADER, *ROWS))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_SPACES}><office:automatic-styles>'
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        '<table:table table:name="Data"><table:table-column table:number-columns-repeated="2"/>'
        f'<table:table-column table:visibility="collapse"/>{rows}{extra}</table:table>'
        '<table:table table:name="Tersembunyi" table:style-name="ta2"><table:table-row>'
        f"{_ods_cell('rahasia')}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    secret = "<m:encryption-data/>" if encrypted else ""
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{secret}</m:manifest>'
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


ODS_EXTRA = (
    '<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-spanned="3" '
    'office:value-type="string"><office:annotation><dc:creator>Dinas Contoh</dc:creator><text:p>Periksa lagi</text:p>'
    '</office:annotation><text:p>satu<text:s text:c="2"/>dua</text:p><text:p>tiga</text:p></table:table-cell>'
    '<table:covered-table-cell table:number-columns-repeated="2"/><table:table-cell table:formula="of:=1+1"/>'
    '</table:table-row><table:table-row table:number-rows-repeated="1048571">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
ODS_CORNER = (
    '<table:table-row table:number-rows-repeated="1048571"><table:table-cell/></table:table-row><table:table-row>'
    '<table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="string"><text:p>x'
    "</text:p></table:table-cell></table:table-row>"
)
ODS_WIDE = (
    '<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x'
    "</text:p></table:table-cell></table:table-row>"
)
ODS_LINK = '<table:table-source xlink:href="file:///etc/passwd" table:table-name="Data"/>'
ODS_BOMB = (
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="900" '
    'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)


# --- maps --------------------------------------------------------------------------------------------------------

FLAT = [[[112.0, -7.0], [113.0, -7.0], [112.0, -7.0], [112.0, -7.0]]]
BOW_TIE = [[[112.0, -7.0], [112.1, -7.1], [112.1, -7.0], [112.0, -7.1], [112.0, -7.0]]]


def features(*geometries: object, **members: object) -> dict[str, object]:
    """A FeatureCollection of these geometries, with a code and a name each."""
    made = [
        {"type": "Feature", "properties": {"kode": f"KOP-{at}", "nama": "Koperasi Contoh"}, "geometry": geometry}
        for at, geometry in enumerate(geometries, start=1)
    ]
    return {"type": "FeatureCollection", **members, "features": made}


def point(lon: float, lat: float) -> dict[str, object]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def geojson(document: object) -> Callable[[Path], None]:
    """Writes JSON as Python does, which lets NaN pass."""
    return text(json.dumps(document))


def _write_points(path: Path, driver: str, crs: str | None) -> None:
    """Write two points with a code and a number; without ``crs`` they are degrees and the file does not say so."""
    change = pyproj.Transformer.from_crs("EPSG:4326", crs or "EPSG:4326", always_xy=True)
    spots = [Point(*change.transform(lon, lat)) for lon, lat in ((112.63, -7.98), (112.71, -7.45))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyogrio warns where no system of coordinates is given, which is meant
        write_layer(
            path,
            np.array([shapely.to_wkb(spot) for spot in spots], dtype=object),
            [np.array(["KOP-1", "KOP-2"], dtype=object), np.array([1.5, 2.0])],
            ["kode", "nilai"],
            driver=driver,
            layer="lokasi",
            geometry_type="Point",
            crs=crs,
            encoding="UTF-8",
        )


def shapefile(
    *, crs: str | None = "EPSG:4326", without: tuple[str, ...] = (), prefix: str = "", cut_off: str = ""
) -> Callable[[Path], None]:
    """Writes two points as a zipped Shapefile, ``without`` some of its parts, half of one ``cut_off``."""

    def write_shape(path: Path) -> None:
        folder = path.with_suffix(".parts")
        folder.mkdir()
        _write_points(folder / "lokasi.shp", "ESRI Shapefile", crs)
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(folder.iterdir()):
                if part.suffix not in without:
                    raw = part.read_bytes()
                    name = zipfile.ZipInfo("x")
                    name.filename = f"{prefix}{part.name}"  # set behind the back of what would tidy it
                    archive.writestr(name, raw[: len(raw) // 2] if part.suffix == cut_off else raw)
        shutil.rmtree(folder)

    return write_shape


def geopackage(*, crs: str = "EPSG:4326") -> Callable[[Path], None]:
    """Writes two points as a GeoPackage."""
    return lambda path: _write_points(path, "GPKG", crs)


def _foreign_table(path: Path) -> None:
    geopackage()(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema=1")
    connection.execute(
        "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, "
        "'CREATE VIRTUAL TABLE x USING VirtualOGR(''/etc/passwd'')')"
    )
    connection.commit()
    connection.close()


def kml(placemarks: str, *, before: str = "") -> str:
    """A KML document."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{placemarks}</Document></kml>"
    )


PLACEMARK = (
    "<Placemark><name>Koperasi Contoh</name><ExtendedData><Data name='kode'><value>KOP-1</value></Data></ExtendedData>"
    "<Point><coordinates>112.63,-7.98,400</coordinates></Point></Placemark>"
)
KML_BOW_TIE = (
    "<Placemark><name>Lahan Contoh</name><Polygon><outerBoundaryIs><LinearRing><coordinates>112,-7 112.1,-7.1 112.1,-7 "
    "112,-7.1 112,-7</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)
MODEL = "<Placemark><name>Model</name><MultiGeometry><Model/></MultiGeometry></Placemark>"
LINK = "<NetworkLink><Link><href>http://192.0.2.1/secret.kml</href></Link></NetworkLink>"
GPX = (
    '<gpx version="1.1" creator="x"><wpt lat="-7.98" lon="112.63"><ele>400</ele><name>Koperasi Contoh</name></wpt>'
    '<trk><name>Jalan</name><trkseg><trkpt lat="-7.9" lon="112.6"/><trkpt lat="-7.8" lon="112.7"/></trkseg></trk></gpx>'
)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


def _many(path: Path) -> None:
    zipped({f"{at}.shp": b"" for at in range(5_001)})(path)


def _no_geopackage(path: Path) -> None:
    """A SQLite database that is no GeoPackage."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()


CASES: tuple[Case, ...] = (
    # plain tables in every format
    Case("biasa.csv", text(csv_text())),
    Case("biasa.tsv", text(csv_text("\t"))),
    Case("biasa.xlsx", saved()),
    Case("biasa.xls", old_book()),
    Case("biasa.ods", ods()),
    Case("biasa.geojson", geojson(features(point(112.63, -7.98), point(112.71, -7.45)))),
    Case("biasa.gpkg", geopackage()),
    Case("biasa.zip", shapefile()),
    Case("biasa.kml", text(kml(PLACEMARK))),
    Case("biasa.kmz", zipped({"doc.kml": kml(PLACEMARK).encode()})),
    Case("biasa.gpx", text(GPX)),
    # text
    Case("titik-koma.csv", text(csv_text(";", decimal=","))),
    Case("pipa.csv", text(csv_text("|", decimal=","))),
    Case("bom.csv", text("\ufeff" + csv_text(";", decimal=",", end="\r\n"))),
    Case("utf16.csv", text("\ufeff" + csv_text("\t"), "utf-16-le"), told=("csv.encoding",)),
    Case("utf16-tanpa-bom.csv", text(csv_text(), "utf-16-le"), told=("csv.encoding",)),
    Case("barat.csv", text("kode,nama\nKOP-1,Café Contoh\n", "cp1252"), told=("csv.encoding",)),
    Case("campur.csv", text(MIXED), "csv.mixed_encoding"),
    Case("nul.csv", text("kode,nama\nKOP-1,Ko\x00perasi\n"), "csv.nul"),
    Case("nul-semua.csv", text(b"\x00" * 5000), "file.nul"),
    Case("tidak-rata.csv", text(RAGGED), told=("csv.long", "csv.short")),
    Case("kutip-terbuka.csv", text('kode,nama\nKOP-1,"Koperasi\nKOP-2,Dua\n' + "KOP-3,Tiga\n" * 50), "csv.quote"),
    Case("kutip-dua.csv", text('k,n\n1,"A\n' + "2,B\n" * 40 + '3,C"\n4,D\n'), told=("csv.swallowed",)),
    Case("judul.csv", text(TITLED)),
    Case("petunjuk.csv", text("sep=;\nkode;nilai\nKOP-1;1,5\n")),
    Case("kosong.csv", text(""), "file.empty"),
    Case("spasi.csv", text("\ufeff \r\n\r\n"), "file.empty"),
    Case("pemisah-saja.csv", text(",,,\n,,,\n"), "file.empty"),
    Case("lebar.csv", text(",".join(map(str, range(16_384))) + "\n"), "limit.columns"),
    Case("rtl.csv", text("kode,nama\nKOP-1,\u202eContoh\u202c\nKOP-2,Kоperasi\n")),
    # workbooks
    Case("tersembunyi.xlsx", saved(_hidden_and_merged)),
    Case("rumus.xlsx", saved(_formulas), told=("sheet.uncomputed",)),
    Case("rumus-saja.xlsx", saved(_only_formulas), "file.uncomputed"),
    Case("bersama.xlsx", by_hand()),
    Case("tanpa-teks.xlsx", by_hand(b"<si><t>satu</t></si>"), "file.damaged"),
    Case("pojok.xlsx", saved(_far_corner)),
    Case("lebar.xlsx", saved(_wide), "limit.columns"),
    Case("sejuta-kosong.csv", text(csv_text() + "\n" * 1_000_000 + "KOP-9,Koperasi Contoh,,,,\n")),
    Case("sejuta-koma.csv", text(csv_text() + ",,,,,\n" * 1_000_000 + "KOP-9,Koperasi Contoh,,,,\n")),
    Case("terpotong.csv", text(csv_text().rpartition(",30/")[0]), told=("csv.short",)),
    Case("acak.csv", text(bytes(range(128, 256)) * 3), "csv.bad_encoding"),
    Case("luas.csv", text(",".join(["x"] * 900) + "\n" + "x\n" * 40_000), "limit.cells"),
    Case("sejuta-kosong.xlsx", repacked(_with_rows(_blank_rows()))),
    Case("tanggal.xlsx", saved(_dated)),
    Case("makro.xlsm", repacked(same, more={"xl/vbaProject.bin": b"x"}), told=("file.macros",)),
    Case("tautan.xlsx", repacked(same, more={"xl/externalLinks/externalLink1.xml": b"<x/>"}), told=("file.links",)),
    Case("makro-tersamar.xlsx", repacked(same, more={"xl/vbaProject.bin": b"x"}), told=("file.macros", "file.ending")),
    Case("nul.xlsx", repacked(_with_rows(b'<row r="9"><c r="B9" t="str"><v>a_x0000_b</v></c></row>')), "cell.nul"),
    Case("tanpa-lembar.xlsx", repacked(lambda name, raw: None if "sheet1" in name else raw), "file.part"),
    Case("grafik.xlsx", repacked(_only_chart), "file.no_sheet"),
    Case("bohong.xlsx", _lying, "file.damaged"),
    Case("entitas.xlsx", repacked(_entity), "xml.entities"),
    Case("tertawa.xlsx", by_hand(b"<si><t>&a9;</t></si>" * 3, before=_laughs()), "xml.entities"),
    Case("terpotong.xlsx", cut(saved(), 0.6), "file.damaged"),
    Case("bom-zip.xlsx", repacked(same, more={"xl/media/a.bin": b"0" * 60_000_000}), "zip.bomb"),
    Case("tindih.xlsx", _overlapping, "zip.bomb"),
    Case("jalur.xlsx", repacked(same, more={"../../evil.txt": b"x"}), "zip.path"),
    Case(
        "sandi.xlsx",
        lambda path: _bytes(path, compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
        "file.password",
    ),
    Case("sandi.xls", old_book(password=True), "file.password"),
    Case("makro.xls", old_book(macros=True), told=("file.macros",)),
    Case("terpotong.xls", cut(old_book(), 0.4), "file.damaged"),
    Case("lembar.ods", ods(extra=ODS_EXTRA), told=("sheet.uncomputed",)),
    Case("pojok.ods", ods(extra=ODS_CORNER)),
    Case("lebar.ods", ods(extra=ODS_WIDE), "limit.columns"),
    Case("tautan.ods", ods(extra=ODS_LINK), told=("file.links",)),
    Case("entitas.ods", ods(before=DOCTYPE), "xml.entities"),
    Case("terpotong.ods", cut(ods(), 0.6), "file.damaged"),
    Case("ulang.ods", ods(extra=ODS_BOMB), "limit.rows"),
    Case("sandi.ods", ods(encrypted=True), "file.password"),
    Case("kosong.xlsx", lambda path: openpyxl.Workbook().save(path), "file.empty"),
    Case("bukan.xlsx", text(csv_text()), told=("file.ending",)),
    Case("sebenarnya-xlsx.csv", lambda path: _bytes(path, _book_bytes()), told=("file.ending",)),
    Case("laman.xls", text("<html><body><table><tr><td>1</td></tr></table></body></html>"), "file.html"),
    Case("dokumen.docx", zipped({"word/document.xml": b"<x/>"}), "file.unread"),
    Case("laporan.pdf", text("%PDF-1.7\n"), "file.unread"),
    Case("arsip.zip", zipped({"data.csv": b"a,b\n"}), "zip.other"),
    Case("kosong.zip", zipped({}), "file.empty"),
    Case("banyak.zip", _many, "zip.entries"),
    # maps
    Case("nan.geojson", geojson(features(point(float("nan"), -7.0))), "json.constant"),
    Case("bujur200.geojson", geojson(features(point(200.0, -7.0))), "geometry.range"),
    Case("tanpa-bentuk.geojson", geojson(features(None, point(112.0, -7.0))), told=("geometry.none",)),
    Case("silang.geojson", geojson(features({"type": "Polygon", "coordinates": BOW_TIE})), told=("geometry.repaired",)),
    Case("terpotong.geojson", text(json.dumps(features(point(112.0, -7.0)))[:-20]), "json.damaged"),
    Case("bukan-geo.json", geojson({"rows": []}), "json.kind"),
    Case("dalam.geojson", text('{"type":' + "[" * 100_000), "json.deep"),
    Case("null-semua.geojson", geojson(features(None, None)), told=("geometry.none",)),
    Case("kosong.geojson", geojson(features()), "file.empty"),
    Case("datar.geojson", geojson(features({"type": "Polygon", "coordinates": FLAT})), told=("geometry.lost",)),
    Case("bentuk-salah.geojson", geojson(features({"type": "Point", "coordinates": "x"})), "geometry.wrong"),
    Case("fitur-salah.geojson", geojson({"type": "FeatureCollection", "features": ["x"]}), "json.feature"),
    Case("ganda.geojson", text('{"type":"FeatureCollection","features":[],"type":"x"}'), "json.twice"),
    Case("takhingga.geojson", text(json.dumps(features(None)).replace('"KOP-1"', "1e999")), "json.number"),
    Case("nul.geojson", text(json.dumps(features(None)).replace("KOP-1", "KOP\\u0000")), "cell.nul"),
    Case("utf16.geojson", text("\ufeff" + json.dumps(features(point(112.0, -7.0))), "utf-16-le"), "csv.bad_encoding"),
    Case(
        "crs-asing.geojson",
        geojson(
            features(point(1.0, 1.0), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}})
        ),
        "crs.unknown",
    ),
    Case("aliran.geojson", geojson({"type": "gdal_streamed_alg", "command_line": "x"}), "json.kind"),
    Case("vrt.kml", text(VRT), "file.unread"),
    Case("vrt.gpkg", text(VRT), "file.unread"),
    Case("wfs.gpkg", text("<OGRWFSDataSource><URL>http://192.0.2.1/</URL></OGRWFSDataSource>"), "file.unread"),
    Case("vrt.zip", zipped({"x.shp": VRT.encode(), "x.dbf": b"x"}), "file.damaged"),
    Case("vrt.geojson", text(VRT), "file.unread"),
    Case("tanpa-prj.zip", shapefile(crs=None, without=(".prj",)), told=("crs.assumed",)),
    Case("utm-tanpa-prj.zip", shapefile(crs="EPSG:32749", without=(".prj",)), "crs.missing"),
    Case("utm.zip", shapefile(crs="EPSG:32749"), told=("crs.transformed",)),
    Case("tanpa-dbf.zip", shapefile(without=(".dbf",)), "shape.no_dbf"),
    Case("tanpa-shx.zip", shapefile(without=(".shx",)), told=("shape.no_shx",)),
    Case("keluar.zip", shapefile(prefix="../"), "zip.path"),
    Case("simbolik.zip", _linked, "zip.path"),
    Case("mutlak.zip", shapefile(prefix="/etc/"), "zip.path"),
    Case("kandar.zip", shapefile(prefix="C:/"), "zip.path"),
    Case("miring.zip", shapefile(prefix="..\\..\\"), "zip.path"),
    Case("sandi.zip", encrypted(shapefile()), "file.password"),
    Case("terpotong.zip", cut(shapefile(), 0.5), "file.damaged"),
    Case("shp-terpotong.zip", shapefile(cut_off=".shp"), "file.damaged"),
    Case("dbf-terpotong.zip", shapefile(cut_off=".dbf"), "file.damaged"),
    Case("sendiri.shp", text(b"\x00\x00\x27\x0a" + b"\x00" * 96), "shape.alone"),
    Case("utm.gpkg", geopackage(crs="EPSG:32749"), told=("crs.transformed",)),
    Case("asing.gpkg", _foreign_table, "file.foreign_table"),
    Case("basis.gpkg", _no_geopackage, "file.unread"),
    Case("terpotong.gpkg", cut(geopackage(), 0.5), "file.damaged"),
    Case("model.kml", text(kml(PLACEMARK + MODEL)), told=("kml.models", "geometry.none")),
    Case("bujur200.kml", text(kml(PLACEMARK.replace("112.63", "200"))), "geometry.range"),
    Case("silang.kml", text(kml(KML_BOW_TIE)), told=("geometry.repaired",)),
    Case("dalam.kml", text(kml("<Placemark>" + "<MultiGeometry>" * 100_000)), "xml.deep"),
    Case("kosong.kml", text(kml("")), "file.empty"),
    Case("terpotong.kml", text(kml(PLACEMARK)[:-30]), "file.damaged"),
    Case("terpotong.kmz", cut(zipped({"doc.kml": kml(PLACEMARK).encode()}), 0.6), "file.damaged"),
    Case("bom.kmz", zipped({"doc.kml": kml(PLACEMARK + " " * 9_000_000).encode()}), "zip.bomb"),
    Case("keluar.kmz", zipped({"doc.kml": kml(PLACEMARK).encode(), "../x.kml": b"<kml/>"}), "zip.path"),
    Case("dua.kmz", zipped({"doc.kml": kml(PLACEMARK).encode(), "x.kml": b"<kml/>"}), told=("kml.others",)),
    Case("entitas.kmz", zipped({"doc.kml": kml(PLACEMARK, before=DOCTYPE).encode()}), "xml.entities"),
    Case("entitas.gpx", text(DOCTYPE + GPX), "xml.entities"),
    Case("kosong.gpx", text('<gpx version="1.1"></gpx>'), "file.empty"),
    Case("terpotong.gpx", text(GPX[:-20]), "file.damaged"),
    Case("tautan.kml", text(kml(LINK)), "kml.link_only"),
    Case("tautan-juga.kml", text(kml(PLACEMARK + LINK)), told=("kml.links",)),
    Case(
        "entitas.kml",
        text(kml(PLACEMARK, before=DOCTYPE)),
        "xml.entities",
    ),
)
"""Every awkward file of the readers; cells and tables add their own."""


def _book_bytes() -> bytes:
    out = io.BytesIO()
    book().save(out)
    return out.getvalue()
