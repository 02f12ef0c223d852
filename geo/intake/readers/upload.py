"""Read one upload and leave its sheets in the folder that this process stands in."""

from __future__ import annotations

import errno
import gc
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from geo.intake.formats import Format
    from geo.intake.guard import Limits
    from geo.intake.readers.contents import Contents, Said, Tell

DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What readers and libraries raise over a file that is not what it says; each is told as a damaged file."""


_OUR_FAULTS: Final = frozenset({errno.EFBIG, errno.ENOSPC, errno.EMFILE, errno.ENOENT, errno.EACCES})


class _WithoutPandas:
    """Let nobody import pandas: pyarrow and pyogrio would do so just to ask whether a value is one of its tables."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(fullname)


def work(job: Mapping[str, object], limits: Limits) -> None:
    """Read the file of the job (``path``, ``name``); every outcome, also a refusal, becomes a file in this folder."""
    sys.meta_path.insert(0, _WithoutPandas())
    gc.disable()  # millions of cells and no cycles: looking for them would take a third of the time
    from geo.intake.readers.contents import Said, UnreadableError, UnwantedDriversError
    from geo.intake.readers.packing import pack, pack_drivers, pack_refusal

    folder = Path.cwd()
    reasons: list[Said] = []
    try:
        tell = _tell()
        contents, found = _read(Path(str(job["path"])), str(job["name"]), folder, limits, tell)
        pack(contents, found, folder, limits, tell)
    except UnreadableError as error:
        reasons.append(error.said)
    except UnwantedDriversError as error:
        pack_drivers(error.drivers, folder)
    except MemoryError:
        reasons.append(Said("refused", "limit.memory", {"limit": str(limits.memory_mb)}))
    except OSError as error:  # a place beyond the end of a broken archive, for one
        if error.errno in _OUR_FAULTS:
            raise
        reasons.append(_of_fault(error, limits))
    except DAMAGE as error:
        reasons.append(_of_fault(error, limits))
    if reasons:
        pack_refusal(reasons, folder)


def _of_fault(error: BaseException, limits: Limits) -> Said:
    """The refusal that stands for an error of a library; its text stays here, as it may quote the file."""
    from geo.intake.readers.contents import Said

    if isinstance(error, expat.ExpatError) and error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
        return Said("refused", "limit.memory", {"limit": str(limits.memory_mb)})
    return Said("refused", "file.damaged", {})


def _read(path: Path, name: str, folder: Path, limits: Limits, tell: Tell) -> tuple[Contents, Format]:
    from geo.intake.formats import ending_fits, recognised
    from geo.intake.readers.contents import UnreadableError, listed, reference, said

    found = recognised(path)
    contents = _reader(found, folder)(path, limits, tell)
    if not ending_fits(name, found):
        ending = Path(name).suffix.lower()[:12] or "–"
        contents.said.insert(0, said("flagged", "file.ending", ending=ending, format=found))
    uncomputed = [grid for grid in contents.sheets if grid.uncomputed]
    if all(grid.blank for grid in contents.sheets):
        raise UnreadableError("file.uncomputed" if uncomputed else "file.empty")
    for grid in uncomputed:
        cells = listed(reference(row, column) for row, column in grid.uncomputed)
        contents.said.append(
            said("flagged", "sheet.uncomputed", sheet=grid.name, count=len(grid.uncomputed), cells=cells)
        )
    return contents, found


def _tell() -> Tell:
    """A function that writes the share of the work to the parent, one line for each hundredth."""
    last = -1

    def tell(share: float) -> None:
        nonlocal last
        step = int(100 * min(1.0, max(0.0, share)))
        if step > last:
            last = step
            print(step / 100, flush=True)

    return tell


def _reader(found: Format, folder: Path) -> Callable[[Path, Limits, Tell], Contents]:
    """The reader of a format; only what it needs is imported."""
    from geo.intake.formats import Format

    if found is Format.CSV:
        from geo.intake.readers.delimited import read_delimited

        return read_delimited
    if found in {Format.XLSX, Format.XLSM}:
        from geo.intake.readers.workbook import read_workbook

        return read_workbook
    if found is Format.XLS:
        from geo.intake.readers.oldworkbook import read_old_workbook

        return read_old_workbook
    if found is Format.ODS:
        from geo.intake.readers.opendocument import read_opendocument

        return read_opendocument
    return _spatial_reader(found, folder)


def _spatial_reader(found: Format, folder: Path) -> Callable[[Path, Limits, Tell], Contents]:
    from geo.intake.formats import Format
    from geo.intake.readers import geojson, layers, placemarks

    if found is Format.GEOPACKAGE:
        return lambda path, limits, tell: layers.read_geopackage(path, limits, tell, folder)
    if found is Format.SHAPEFILE:
        return lambda path, limits, tell: layers.read_shapefiles(path, limits, tell, folder)
    return {
        Format.GEOJSON: geojson.read_geojson,
        Format.KML: placemarks.read_kml,
        Format.KMZ: placemarks.read_kmz,
        Format.GPX: placemarks.read_gpx,
    }[found]
