"""Put an official boundary file in the place of the shipped one, or say everything that is wrong with it.

Official boundaries are those of BIG (Badan Informasi Geospasial). Nothing is changed unless all is well; then the new
file appears at once and the one it replaces stays beside it under the next number (``provinces.1.geojson``).
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import shapely

from geo.model import BBox, BoundaryError, Problem, RefusedError
from geo.regions import reading
from geo.regions.boundaries import load_boundaries
from geo.regions.codes import codes_behind_number, dotted, is_code
from geo.regions.columns import found_columns
from geo.regions.features import CRS, collection_text, feature, snapped
from geo.regions.folders import FILE_NAMES, active_folder, boundary_file
from geo.regions.matching import Former, Pieces, displaced, exchanged, former_codes, joined, row_problem
from geo.regions.names import bps_twins, plain_name
from geo.regions.web import generalised

EXTENT: BBox = (94.0, -12.0, 142.0, 7.0)
"""Nothing of Indonesia lies outside (degrees, WGS 84)."""

OVERLAP_SHARE = 0.01
"""Neighbours may overlap by this share of the smaller one: files drawn at different scales do."""
CHANGED_SHARE = 0.01
"""An area that changed by more than this share of what it was is told."""
MOST_VERTICES = 300_000
"""Finer files are generalised to this many corners, so that loading stays well under a second."""

TIMEOUT_S = 180
MOST_BYTES = 6_000_000_000
"""Of address space for the reading process, of which it uses a part."""
LARGEST_FILE_BYTES = 500_000_000

_TARGET = "contents.npz"
_EQUAL_AREA = "EPSG:6933"
_LEVEL_WORDS = {1: "a province code such as 35", 2: "a kabupaten/kota code such as 35.07"}


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a replacement changed. ``changed_share`` maps codes to the share (0 to 1) of their former area that differs.

    ``kept`` is the replaced file, ``None`` after a trial; ``notes`` tell what was mended on the way (repaired areas,
    generalisation); ``verdicts`` hold one for each row of the file.
    """

    file: Path
    kept: Path | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str, str], ...]
    changed_share: dict[str, float]
    notes: tuple[str, ...]
    verdicts: tuple[RowVerdict, ...]


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What became of a row of the file (from 1); ``code`` and ``name`` as they stand there."""

    row: int
    code: str
    name: str
    verdict: Literal["taken", "repaired", "joined", "refused"]
    told: str


class RefusedBoundariesError(RefusedError):
    """A boundary file that is not taken: every problem, and a verdict for each of its rows."""

    def __init__(self, problems: Iterable[Problem], verdicts: tuple[RowVerdict, ...]) -> None:
        self.verdicts = verdicts
        super().__init__(problems)


def report_bytes(verdicts: Iterable[RowVerdict]) -> bytes:
    """The verdicts as CSV (UTF-8 with a mark, for spreadsheets), one line for each row of the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("row", "code", "name", "verdict", "told"))
    writer.writerows((one.row, harmless(one.code), harmless(one.name), one.verdict, one.told) for one in verdicts)
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@dataclass(frozen=True, slots=True)
class _Contents:
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: tuple[shapely.Geometry | None, ...]
    crs: str | None
    numeric: bool


def replace_boundaries(
    file: Path,
    *,
    level: Literal[1, 2],
    code_column: str | None = None,
    name_column: str | None = None,
    folder: Path | None = None,
    source: str = "",
    accept_missing: bool = False,
    accept_renumbered: bool = False,
    dry_run: bool = False,
) -> Replacement:
    """Make ``file`` the boundaries of ``level`` in ``folder`` (default ``active_folder()``).

    Reads Shapefile (with its side files, or zipped), GeoPackage and GeoJSON in any known CRS. A column that is not
    named is found by what such files call it, and told. ``dry_run`` checks and compares alike and writes nothing.
    ``source`` is the text to credit, the file's name when empty. A file that lacks present regions is refused unless
    ``accept_missing``, one whose codes are not those of the same areas today unless ``accept_renumbered``. Rows of one
    region are joined, crossing outlines repaired, axes exchanged throughout put right; each is told.
    Raises ``RefusedBoundariesError`` with every problem found (``RefusedError`` where the file cannot be read at all),
    ``BoundaryError`` when the folder cannot be written; nothing is changed then.
    """
    notes: list[_Note] = []
    if code_column is None or name_column is None:
        code_column, name_column = found_columns(
            _fields(file), level, code=code_column, name=name_column, file=file.name
        )
        notes.append(_Note(f"codes were taken from the column {code_column}, names from {name_column}"))
    contents = _read(file, code_column, name_column)
    present = load_boundaries(level, folder=folder)
    pieces, shapes, problems, mended = _matched(contents, level, file, code_column, name_column, present)
    notes += mended
    if shapes is not None:
        problems += _overlap_problems(pieces, shapes, file)
        problems += _displaced_problems(pieces, shapes, present, file)
    former = [] if shapes is None else former_codes(pieces.codes, pieces.names, shapes, present)
    if not accept_renumbered:
        problems += _former_problems(pieces, former, present, file)
    elsewhere = {one.code for one in former}
    problems += _coverage_problems((*pieces.codes, *elsewhere), present, file, accept_missing=accept_missing)
    verdicts = _verdicts(contents, pieces, problems, notes)
    if problems or shapes is None:
        raise RefusedBoundariesError(problems, verdicts)
    codes = pieces.codes
    frame = gpd.GeoDataFrame(
        {"code": codes, "name": _printed_names(codes, pieces.names, present, level)}, geometry=list(shapes), crs=CRS
    )
    frame = frame.sort_values("code", ignore_index=True)
    frame, more = _generalised(frame)
    folder = folder or active_folder()
    path, kept = folder / FILE_NAMES[level], None
    if not dry_run:
        path, kept = _write(_text(frame, level, source or file.name), level, folder)
    told = tuple(note.text for note in notes)
    return _compared(frame, present, path, kept, told + more, verdicts)


# --- rows and regions --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Note:
    """What was mended, and the regions (places in ``Pieces``) that it concerns."""

    text: str
    at: tuple[int, ...] = ()


def _matched(
    contents: _Contents,
    level: Literal[1, 2],
    file: Path,
    code_column: str,
    name_column: str,
    present: gpd.GeoDataFrame,
) -> tuple[Pieces, list[shapely.Geometry] | None, list[Problem], list[_Note]]:
    """Regions with their areas (``None`` when any is unusable), what is wrong with the rows, and what was mended."""
    codes = tuple(dotted(code) for code in contents.codes)
    raw: Sequence[shapely.Geometry | None] = contents.shapes
    notes: list[_Note] = []
    turned = exchanged(codes, raw, present, EXTENT) if _in_degrees(contents.crs) else None
    if turned is not None:
        raw = turned
        notes.append(_Note("longitude and latitude were exchanged in every row, and were put right"))
    pieces = joined(codes, contents.names, raw)
    notes += [_Note(text) for text in pieces.notes]
    problems = [
        *_code_problems(contents, codes, pieces, level, file, code_column),
        *_name_problems(codes, contents.names, present, file, name_column),
    ]
    shapes, shape_problems, mended = _shapes(pieces, contents.crs, file)
    return pieces, shapes, problems + shape_problems, notes + mended


def _in_degrees(crs: str | None) -> bool:
    try:
        return crs is not None and pyproj.CRS.from_user_input(crs).is_geographic
    except pyproj.exceptions.CRSError:
        return False


def _former_problems(
    pieces: Pieces, former: Iterable[Former], present: gpd.GeoDataFrame, file: Path
) -> Iterable[Problem]:
    names = dict(zip(present["code"], present["name"], strict=True))
    for one in former:
        said = f"no region has this code today; {one.code} {names[one.code]} has {one.share:.0%} of its area in common"
        remedy = f"Use {one.code}, or accept the new codes expressly where they are the ones in force."
        yield row_problem(pieces, one.at, said, remedy, file.name)


def _displaced_problems(
    pieces: Pieces, shapes: Sequence[shapely.Geometry], present: gpd.GeoDataFrame, file: Path
) -> Iterable[Problem]:
    for at, metres, there in displaced(pieces.codes, shapes, present):
        where = f", where {there} is" if there else ""
        said = f"the area lies {metres / 1000:.0f} km from the region of this code{where}"
        yield row_problem(pieces, at, said, "Correct the code.", file.name)


def _verdicts(
    contents: _Contents, pieces: Pieces, problems: Iterable[Problem], notes: Iterable[_Note]
) -> tuple[RowVerdict, ...]:
    """One for each row of the file."""
    wrong: dict[int, list[str]] = {}
    for problem in problems:
        if problem.row is not None:
            wrong.setdefault(problem.row, []).append(f"{problem.message}. {problem.remedy}")
    repaired = {row: note.text for note in notes for at in note.at for row in pieces.rows[at]}
    first = {row: rows[0] for rows in pieces.rows for row in rows}
    told = []
    for row, (code, name) in enumerate(zip(contents.codes, contents.names, strict=True), start=1):
        reasons = wrong.get(first[row], []) if row not in wrong else wrong[row]
        if reasons:
            told.append(RowVerdict(row, code, name, "refused", " ".join(reasons)))
        elif first[row] != row:
            told.append(RowVerdict(row, code, name, "joined", f"part of the region in row {first[row]}"))
        elif row in repaired:
            told.append(RowVerdict(row, code, name, "repaired", repaired[row]))
        else:
            told.append(RowVerdict(row, code, name, "taken", ""))
    return tuple(told)


# --- reading -----------------------------------------------------------------------------------------------------


def _fields(file: Path) -> list[str]:
    """The columns of the file."""
    with tempfile.TemporaryDirectory() as workdir:
        fields: list[str] = json.loads(_asked(file, Path(workdir), "", ""))["columns"]
        return fields


def _read(file: Path, code_column: str, name_column: str) -> _Contents:
    """What the file holds."""
    with tempfile.TemporaryDirectory() as workdir:
        _asked(file, Path(workdir), code_column, name_column)
        return _contents(Path(workdir) / _TARGET)


def _asked(file: Path, workdir: Path, code_column: str, name_column: str) -> str:
    """What a child process says of the file, which reads it with few drivers, little memory and little time."""
    if not file.is_file():
        raise RefusedError([Problem("there is no such file", "Check the path.", file=file.name)])
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise RefusedError([Problem("larger than 500 MB", "Generalise the boundaries first.", file=file.name)])
    words = [str(file.resolve()), str(workdir / _TARGET), str(MOST_BYTES), code_column, name_column]
    command = [sys.executable, "-I", str(Path(reading.__file__).resolve()), *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file's name is an argument, never a command
            command, env=_environment(str(workdir)), capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        late = Problem(f"not read within {TIMEOUT_S} s", "Generalise the boundaries first.", file=file.name)
        raise RefusedError([late]) from error
    if done.returncode == reading.MENDABLE:
        said = json.loads(done.stdout)
        raise RefusedError([Problem(said["message"], said["remedy"], file=file.name)])
    if done.returncode != 0:
        remedy = "It may be damaged, or too large for this machine; export it again from the program that made it."
        raise RefusedError([Problem("the file cannot be read", remedy, file=file.name)])
    return done.stdout


def _contents(target: Path) -> _Contents:
    with np.load(target, allow_pickle=False) as arrays:
        blob = arrays["wkb"].tobytes()
        ends = arrays["ends"].tolist()
        about = json.loads(str(arrays["about"]))
        codes, names = tuple(arrays["codes"].tolist()), tuple(arrays["names"].tolist())
    starts = [0, *ends[:-1]]
    pieces = [blob[start:end] or None for start, end in zip(starts, ends, strict=True)]
    shapes = tuple(shapely.from_wkb(pieces, on_invalid="ignore")) if pieces else ()
    return _Contents(codes, names, shapes, about["crs"], about["kind"] == "f")


def _environment(workdir: str) -> dict[str, str]:
    """The child's whole environment: only the wanted drivers, no network, no settings of the surroundings."""
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    skipped = ",".join(_unwanted_drivers())
    return keep | {
        "OGR_SKIP": skipped,
        "GDAL_SKIP": skipped,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_HTTP_TIMEOUT": "1",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "TMPDIR": workdir,
    }


@cache
def _unwanted_drivers() -> tuple[str, ...]:
    return tuple(sorted(set(pyogrio.list_drivers()) - reading.DRIVERS))


# --- checks ------------------------------------------------------------------------------------------------------


def _code_problems(
    contents: _Contents, codes: Sequence[str], pieces: Pieces, level: Literal[1, 2], file: Path, column: str
) -> list[Problem]:
    problems: list[Problem] = []
    if not codes:
        problems.append(Problem("the file holds no areas", "Choose the file with the boundaries.", file=file.name))
    times = Counter(pieces.codes)  # rows of one region are joined by now: what is left bears different names
    for row, (raw, code) in enumerate(zip(contents.codes, codes, strict=True), start=1):
        guesses = [guess for guess in codes_behind_number(raw) if is_code(guess, level)]
        if guesses and (contents.numeric or not is_code(code, level)):
            said = "the code arrived as a number"
            remedy = f"It could have been {' or '.join(guesses)}; store the column as text."
        elif not is_code(code, level):
            said, remedy = "not a code of this level", f"Write {_LEVEL_WORDS[level]}."
        elif times[code] > 1:
            said, remedy = f"the code appears {times[code]} times", "Give each region its own code, or one name."
        else:
            continue
        problems.append(Problem(said, remedy, file=file.name, row=row, column=column, value=raw))
    return problems


def _name_problems(
    codes: Sequence[str], names: Sequence[str], present: gpd.GeoDataFrame, file: Path, column: str
) -> list[Problem]:
    """Empty names, and the code list of BPS taken for that of Kemendagri (they differ in Sulawesi Tengah)."""
    problems = [
        Problem("the name is empty", "Fill it in, or choose another column.", file=file.name, row=row, column=column)
        for row, name in enumerate(names, start=1)
        if not name
    ]
    known = dict(zip(present["code"], present["name"], strict=True))
    for row, (code, name) in enumerate(zip(codes, names, strict=True), start=1):
        twin = bps_twins().get(code.replace(".", ""))
        if twin in known and plain_name(name) == plain_name(known[twin]) != plain_name(known.get(code, "")):
            remedy = f"Use the Kemendagri code {twin}, or choose the column that holds those codes."
            problems.append(
                Problem(
                    "this is the code of BPS for the region", remedy, file=file.name, row=row, value=f"{code} {name}"
                )
            )
    return problems


def _coverage_problems(
    codes: Sequence[str], present: gpd.GeoDataFrame, file: Path, *, accept_missing: bool
) -> list[Problem]:
    missing = [] if accept_missing else sorted(set(present["code"]) - set(codes))
    if not missing:
        return []
    listed = ", ".join(missing[:20]) + (f" and {len(missing) - 20} more" if len(missing) > 20 else "")
    remedy = "Use a file of the whole country, or accept the missing ones expressly."
    return [Problem(f"{len(missing)} present regions are missing: {listed}", remedy, file=file.name)]


def _shapes(
    pieces: Pieces, crs: str | None, file: Path
) -> tuple[list[shapely.Geometry] | None, list[Problem], list[_Note]]:
    """Areas in EPSG:4326 (``None`` when any is unusable), what is wrong with them, and what was mended."""
    if crs is None:
        remedy = "Add the .prj file, or export again with a coordinate reference system."
        return None, [Problem("the coordinate reference system is missing", remedy, file=file.name)], []
    problems: list[Problem] = []
    mended: list[int] = []
    shapes: list[shapely.Geometry] = []
    rows = [several[0] for several in pieces.rows]
    for at, (row, code, raw) in enumerate(zip(rows, pieces.codes, pieces.shapes, strict=True)):
        if raw is None or raw.is_empty or raw.geom_type not in ("Polygon", "MultiPolygon"):
            said = "no area" if raw is None or raw.is_empty else f"a {raw.geom_type}, no area"
            problems.append(
                Problem(f"row holds {said}", "Every row needs a polygon.", file=file.name, row=row, value=code)
            )
        else:
            shapes.append(raw)
            mended += [] if raw.is_valid else [at]
    if problems or not shapes:
        return None, problems, []
    try:
        placed = gpd.GeoSeries(shapes, crs=crs).force_2d().to_crs(CRS)
    except (pyproj.exceptions.ProjError, ValueError):
        remedy = "Export it in EPSG:4326."
        return None, [Problem("the coordinate reference system is not known", remedy, file=file.name)], []
    problems = _extent_problems(rows, pieces.codes, placed, file)
    if problems:
        return None, problems, []
    areas = [_polygons(shape) for shape in placed]
    problems = [
        Problem("nothing is left of the area when repaired", "Draw it anew.", file=file.name, row=row, value=code)
        for row, code, area in zip(rows, pieces.codes, areas, strict=True)
        if area.is_empty
    ]
    listed = ", ".join(pieces.codes[at] for at in mended)
    notes = [_Note(f"repaired crossing outlines of {listed}", tuple(mended))] if mended else []
    return None if problems else areas, problems, notes


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure")
    return snapped(valid, decimals=6)


def _extent_problems(rows: Sequence[int], codes: Sequence[str], placed: gpd.GeoSeries, file: Path) -> list[Problem]:
    west, south, east, north = EXTENT
    problems = []
    for row, code, box in zip(rows, codes, placed.bounds.itertuples(index=False), strict=True):
        if not (west <= box.minx and south <= box.miny and box.maxx <= east and box.maxy <= north):
            swapped = west <= box.miny and box.maxy <= east and south <= box.minx and box.maxx <= north
            remedy = (
                "Check the coordinate reference system; all of Indonesia lies in 94 to 142 east, 12 south to 7 north."
            )
            if swapped:
                remedy = "Latitude and longitude are exchanged; longitude comes first."
            problems.append(Problem("the area lies outside Indonesia", remedy, file=file.name, row=row, value=code))
    return problems


def _overlap_problems(pieces: Pieces, shapes: Sequence[shapely.Geometry], file: Path) -> list[Problem]:
    flat = gpd.GeoSeries(list(shapes), crs=CRS).to_crs(_EQUAL_AREA).to_numpy()
    flat = shapely.make_valid(flat)
    size = shapely.area(flat)
    first, second = shapely.STRtree(flat).query(flat, predicate="intersects")
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if one < other]
    problems = []
    for one, other in sorted(pairs):
        common = float(shapely.intersection(flat[one], flat[other]).area)
        if common > OVERLAP_SHARE * min(size[one], size[other]):
            said = f"overlaps {pieces.codes[other]} by {common / 1e6:.1f} km2"
            row, code = pieces.rows[one][0], pieces.codes[one]
            problems.append(Problem(said, "Mend the common edge.", file=file.name, row=row, value=code))
    return problems


# --- writing -----------------------------------------------------------------------------------------------------


def _printed_names(
    codes: Sequence[str], names: Sequence[str], present: gpd.GeoDataFrame, level: Literal[1, 2]
) -> list[str]:
    """The file's names: in present spelling where only case, "Kab." or blanks differ, with their kind at level 2."""
    known = dict(zip(present["code"], present["name"], strict=True))
    printed = []
    for code, name in zip(codes, names, strict=True):
        if code in known and plain_name(name) == plain_name(known[code]):
            printed.append(known[code])
        elif level == 2 and not name.lower().startswith(("kabupaten", "kota ")):
            printed.append(("Kota " if code[3:] >= "71" else "Kabupaten ") + name)
        else:
            printed.append(name)
    return printed


def _generalised(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    before = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    if before <= MOST_VERTICES:
        return frame, ()
    simple = [snapped(shape, decimals=6) for shape in generalised(frame, most_vertices=MOST_VERTICES)]
    after = int(shapely.get_num_coordinates(simple).sum())
    note = f"generalised from {before} to {after} corners for display; keep the original file for measuring"
    return frame.set_geometry(gpd.GeoSeries(simple, crs=CRS)), (note,)


def _text(frame: gpd.GeoDataFrame, level: int, source: str) -> str:
    columns = zip(frame.geometry, frame["code"], frame["name"], strict=True)
    common = {"level": level, "approximate": False}
    return collection_text(
        feature(
            shape,
            {"code": code, "name": name, **common, "province_code": code[:2], "source": source},
            decimals=6,
        )
        for shape, code, name in columns
    )


def _write(text: str, level: Literal[1, 2], folder: Path) -> tuple[Path, Path]:
    """Write the new file beside the old one, keep the old one under a number, then swap at once."""
    path = folder / FILE_NAMES[level]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", encoding="utf-8", delete=False) as part:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
        fresh = Path(part.name)
        try:
            fresh.chmod(0o644)
            kept = _keep(boundary_file(level, folder=folder), folder, path)
            try:
                fresh.replace(path)
            except OSError:
                kept.unlink(missing_ok=True)
                raise
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise BoundaryError(f"{folder} cannot be written ({error.strerror}). Nothing was changed.") from error
    return path, kept


def _keep(present: Path, folder: Path, path: Path) -> Path:
    """A copy of the present file under the next free number: ``provinces.1.geojson``."""
    stem, suffix = path.stem, path.suffix
    numbers = [one.name[len(stem) + 1 : -len(suffix)] for one in folder.glob(f"{stem}.*{suffix}")]
    latest = max((int(number) for number in numbers if number.isdigit()), default=0)
    kept = folder / f"{stem}.{latest + 1}{suffix}"
    shutil.copyfile(present, kept)
    return kept


def _compared(
    fresh: gpd.GeoDataFrame,
    present: gpd.GeoDataFrame,
    path: Path,
    kept: Path | None,
    notes: tuple[str, ...],
    verdicts: tuple[RowVerdict, ...],
) -> Replacement:
    new, old = (frame.to_crs(_EQUAL_AREA).set_index("code") for frame in (fresh, present))
    common = sorted(set(new.index) & set(old.index))
    return Replacement(
        file=path,
        kept=kept,
        added=tuple(sorted(set(new.index) - set(old.index))),
        removed=tuple(sorted(set(old.index) - set(new.index))),
        renamed=tuple(
            (code, str(old.at[code, "name"]), str(new.at[code, "name"]))
            for code in common
            if old.at[code, "name"] != new.at[code, "name"]
        ),
        changed_share=dict(_changes(new, old, common)),
        notes=notes,
        verdicts=verdicts,
    )


def _changes(new: gpd.GeoDataFrame, old: gpd.GeoDataFrame, codes: Sequence[str]) -> Iterable[tuple[str, float]]:
    for code in codes:
        before, after = (shapely.make_valid(frame.at[code, "geometry"]) for frame in (old, new))
        share = float(shapely.symmetric_difference(before, after).area / before.area)
        if share > CHANGED_SHARE:
            yield code, round(share, 4)
