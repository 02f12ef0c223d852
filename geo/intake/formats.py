"""Tell a file's format by what it contains; its ending is only compared."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from geo.intake.readers.contents import UnreadableError

HEAD: Final = 65_536
"""Bytes from the beginning of a file that decide, where no archive has to be opened."""


class Format(StrEnum):
    """Formats that are read."""

    XLSX = "XLSX"
    XLSM = "XLSM"
    XLS = "XLS"
    ODS = "ODS"
    CSV = "CSV"
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    KML = "KML"
    KMZ = "KMZ"
    GPX = "GPX"


ENDINGS: Final[dict[Format, tuple[str, ...]]] = {
    Format.XLSX: (".xlsx", ".xltx"),
    Format.XLSM: (".xlsm", ".xltm"),
    Format.XLS: (".xls", ".xlt"),
    Format.ODS: (".ods", ".ots"),
    Format.CSV: (".csv", ".tsv", ".tab", ".txt", ".psv"),
    Format.GEOJSON: (".geojson", ".json"),
    Format.GEOPACKAGE: (".gpkg",),
    Format.SHAPEFILE: (".zip", ".shz"),
    Format.KML: (".kml",),
    Format.KMZ: (".kmz",),
    Format.GPX: (".gpx",),
}
"""Endings that a file of each format may have."""

ACCEPTED: Final = tuple(sorted({ending for endings in ENDINGS.values() for ending in endings}))
"""Every ending, for a screen's file chooser."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"PAR1", "Parquet"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
"""First bytes of files that are not read, with the name that people know."""

_UNREAD_PARTS: Final[tuple[tuple[str, str], ...]] = (
    ("word/", "Word"),
    ("ppt/", "PowerPoint"),
    ("xl/workbook.bin", "XLSB"),
    ("index/document.iwa", "Numbers"),
)
_OLD_BOOKS = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_BOM = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def recognised(path: Path) -> Format:
    """The format of a file by its content; raises ``UnreadableError`` for one that is not read, with its name.

    Only the first 64 KiB are looked at, and the list of contents of an archive.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe\x1a"):
        raise UnreadableError("file.nul" if head.count(0) > 16 else "file.empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_archive(path)
    if head.startswith(_OLE):
        return _of_ole(path)
    if head.startswith(b"SQLite format 3\x00"):
        return _of_sqlite(head)
    if head.startswith(b"\x00\x00\x27\x0a"):
        raise UnreadableError("shape.alone")
    for magic, name in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise UnreadableError("file.unread", format=name)
    if head.startswith(_OLD_BOOKS[1:]) or (head.startswith(_OLD_BOOKS[0]) and b"\x00" in head[:16]):
        return Format.XLS
    return _of_text(head)


def ending_fits(name: str, found: Format) -> bool:
    """Whether the ending of a file's name is one of the format's."""
    return Path(name).suffix.lower() in ENDINGS[found]


def _of_archive(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
            kind = archive.read("mimetype")[:100].decode("ascii", "replace") if _small(archive, "mimetype") else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableError("file.damaged") from error
    if not names:
        raise UnreadableError("file.empty")
    if "opendocument.spreadsheet" in kind:
        return Format.ODS
    if "opendocument" in kind:
        raise UnreadableError("file.unread", format="OpenDocument")
    if any(name.endswith("xl/workbook.xml") for name in names):
        return Format.XLSM if any(name.endswith("vbaproject.bin") for name in names) else Format.XLSX
    for part, shown in _UNREAD_PARTS:
        if any(name.startswith(part) for name in names):
            raise UnreadableError("file.unread", format=shown)
    for ending, found in ((".shp", Format.SHAPEFILE), (".kml", Format.KMZ)):
        if any(name.endswith(ending) for name in names):
            return found
    raise UnreadableError("zip.other")


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 1000


def _of_ole(path: Path) -> Format:
    """What a compound file holds, by the names in its directory, which stand there in UTF-16."""
    content = path.read_bytes()
    if _wide("EncryptedPackage") in content or _wide("EncryptionInfo") in content:
        raise UnreadableError("file.password")
    if _wide("Workbook") in content or _wide("Book") in content:
        return Format.XLS
    for name, shown in (("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")):
        if _wide(name) in content:
            raise UnreadableError("file.unread", format=shown)
    raise UnreadableError("file.damaged")


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _of_sqlite(head: bytes) -> Format:
    if head[68:72] in {b"GPKG", b"GP10", b"GP11"} or b"gpkg_contents" in head:
        return Format.GEOPACKAGE
    raise UnreadableError("file.unread", format="SQLite")


def _of_text(head: bytes) -> Format:
    start = _BOM.match(head)
    body = head[start.end() :] if start else head
    if head.startswith((b"\xff\xfe{", b"\xfe\xff\x00{")):
        return Format.GEOJSON  # in UTF-16, which its reader refuses with a reason
    if body.startswith((b"{", b"[")):
        return Format.GEOJSON if body.startswith(b"{") else _json_list(body)
    if body.startswith(b"<") or head.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        return _of_markup(head)
    return Format.CSV


def _json_list(body: bytes) -> Format:
    """A list in JSON is no GeoJSON; a text whose first cell begins with a bracket is a table all the same."""
    if body[1:].lstrip()[:1] in (b"{", b"[", b'"', b"]"):
        raise UnreadableError("json.kind")
    return Format.CSV


def _of_markup(head: bytes) -> Format:
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2])
    text = _COMMENT.sub("", head.decode(wide or "utf-8", "replace"))
    lowered = text.lower()
    root = _ROOT.search(text)
    name = root[1].lower() if root else ""
    if name in {"html", "table", "body", "head", "div"} or "<!doctype html" in lowered:
        raise UnreadableError("file.html")
    if "<!doctype" in lowered or "<!entity" in lowered:
        raise UnreadableError("xml.entities")
    if name == "kml":
        return Format.KML
    if name == "gpx":
        return Format.GPX
    if name == "workbook":
        raise UnreadableError("file.unread", format="XML Spreadsheet 2003")
    raise UnreadableError("file.unread", format="XML")
