"""Read one stranger's boundary file in a process of its own: the other half of ``replace``.

Run as a script, never imported by the software: the driver list must stand in the environment before GDAL starts, and
a file that crashes or fills memory takes only this process with it. It imports nothing of ours.

Arguments: source, target (.npz), most memory in bytes, code column, name column. Without columns, those of the file are
written as JSON to standard output, and nothing else is done. The target holds ``wkb`` (all
geometries, one after the other), ``ends`` (where each ends), ``codes``, ``names`` (text) and ``about`` (JSON: columns,
crs as WKT, kind of the code column). What a person can mend is written as JSON to standard output with status 3.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any, NoReturn

MENDABLE = 3
MOST_UNPACKED_BYTES = 1_500_000_000
SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
SIDECARS = (".shx", ".dbf", ".prj", ".cpg")
DRIVERS = {"GeoJSON", "ESRI Shapefile", "GPKG"}


def refuse(message: str, remedy: str) -> NoReturn:
    """Tell what a person can mend, and end."""
    json.dump({"message": message, "remedy": remedy}, sys.stdout)
    sys.exit(MENDABLE)


def limit_memory(most_bytes: int) -> None:
    """Keep this process below a size, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def without_tables() -> None:
    """Keep pyogrio from loading packages it can do without: half a second, and code no stranger's file need meet."""
    for name in ("geopandas", "pandas", "pyarrow", "shapely"):
        sys.modules[name] = None  # type: ignore[assignment]  # how Python itself marks a module that must not load


def unpacked(archive: Path, folder: Path) -> Path:
    """The one boundary file in a zip, taken out under a name of ours."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [one for one in packed.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
            main = [one for one in members if Path(one.filename).suffix.lower() in SUFFIXES]
            if len(main) != 1:
                names = ", ".join(one.filename for one in main) or "none"
                refuse(f"the archive must hold exactly one boundary file, it holds: {names}", "Pack only one.")
            stem = str(Path(main[0].filename).with_suffix("")).lower()
            wanted = [one for one in members if str(Path(one.filename).with_suffix("")).lower() == stem]
            wanted = [one for one in wanted if Path(one.filename).suffix.lower() in (*SUFFIXES, *SIDECARS)]
            if sum(one.file_size for one in wanted) > MOST_UNPACKED_BYTES:
                refuse("the archive unpacks to more than 1.5 GB", "Generalise the boundaries first.")
            for one in wanted:
                (folder / ("areas" + Path(one.filename).suffix.lower())).write_bytes(packed.read(one))
    # damaged, with a password, packed by a method that Python does not know, cut off
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        refuse("the archive cannot be opened", "Pack it again, without a password.")
    return folder / ("areas" + Path(main[0].filename).suffix.lower())


def as_text(value: Any) -> str:
    """A cell as text, empty for missing."""
    if value is None or value != value:  # a missing number is not equal to itself
        return ""
    return str(value).strip()


def columns_of(source: Path, wanted: tuple[str, str]) -> dict[str, Any]:
    """What the file says about itself; refuses a file without the wanted columns, or with several layers."""
    import pyogrio

    layers = pyogrio.list_layers(source)
    with_areas = [str(name) for name, kind in layers if kind is not None]
    if len(with_areas) != 1:
        refuse(f"the file must hold one layer, it holds: {', '.join(with_areas) or 'none'}", "Export one layer only.")
    about: dict[str, Any] = pyogrio.read_info(source, layer=with_areas[0])
    fields = [str(name) for name in about["fields"]]
    absent = [name for name in wanted if name and name not in fields]
    if absent:
        refuse(
            f"there is no column {' and no column '.join(repr(name) for name in absent)};"
            f" the columns are: {', '.join(fields)}",
            "Name the columns exactly as the file spells them.",
        )
    return about


def main(source_name: str, target_name: str, most_bytes: str, code_column: str, name_column: str) -> None:
    """Read the source and write what is in it to the target."""
    source, target = Path(source_name), Path(target_name)
    limit_memory(int(most_bytes))
    if source.suffix.lower() == ".zip":
        source = unpacked(source, target.parent)
    if source.suffix.lower() not in SUFFIXES:
        refuse(f"'{source.suffix}' is no boundary file's ending", f"Use {', '.join(SUFFIXES)} or .zip.")
    without_tables()
    import numpy as np
    import pyogrio

    surplus = set(pyogrio.list_drivers()) - DRIVERS
    if surplus:
        sys.exit(f"drivers that must not be there: {', '.join(sorted(surplus))}")
    try:
        about = columns_of(source, (code_column, name_column))
        if not (code_column and name_column):
            json.dump({"columns": [str(name) for name in about["fields"]]}, sys.stdout)
            return
        read = list(dict.fromkeys((code_column, name_column)))
        meta, _, shapes, cells = pyogrio.raw.read(source, columns=read)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.GeometryError):
        refuse("this is no Shapefile, GeoPackage or GeoJSON", "Export it again from the program that made it.")
    if shapes is None:
        refuse("the file has no geometry", "Choose the file with the boundaries.")
    by_name = dict(zip([str(name) for name in meta["fields"]], cells, strict=True))
    blobs = [bytes(shape) if shape is not None else b"" for shape in shapes]
    np.savez(
        target,
        wkb=np.frombuffer(b"".join(blobs), dtype=np.uint8),
        ends=np.cumsum([len(blob) for blob in blobs], dtype=np.int64),
        codes=np.array([as_text(value) for value in by_name[code_column]], dtype=np.str_),
        names=np.array([as_text(value) for value in by_name[name_column]], dtype=np.str_),
        about=np.array(
            json.dumps({"crs": meta["crs"], "kind": by_name[code_column].dtype.kind, "driver": about.get("driver", "")})
        ),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
