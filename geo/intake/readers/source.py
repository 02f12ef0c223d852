"""Read an upload into sheets of raw cells; the bytes of the stranger are parsed in another process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from geo.intake.cells import Finding, Level, Messages
from geo.intake.guard import MB, Limits, StoppedError, run_apart
from geo.intake.readers.layers import ENVIRONMENT, without
from geo.intake.readers.messages import MESSAGES
from geo.intake.readers.packing import RESULT, TYPES
from geo.intake.readers.sheet import Sheet
from geo.locale import translator
from geo.model import Problem, RefusedError

_SAMPLE: Final = 1_000
"""Cells that tell whether the texts of a column repeat."""

MODULE: Final = "geo.intake.readers.upload"


@dataclass(frozen=True)
class Source:
    """A file as it was read.

    - ``sha256``: of its bytes, in hexadecimal; ``size`` in bytes; ``format`` a value of ``geo.intake.formats.Format``.
    - ``properties``: document properties by name (title, creator, ...); of a text file encoding, separator and decimal.
    - ``findings``: about the file as a whole: encoding, macros left out, coordinate system assumed, shapes repaired.
    """

    name: str
    sha256: str
    format: str
    size: int
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str]
    findings: tuple[Finding, ...]


class RefusedFileError(RefusedError):
    """A file that cannot be read: ``problems`` in English, ``findings`` to say the same in another language."""

    def __init__(self, name: str, findings: tuple[Finding, ...], *, messages: Messages = MESSAGES) -> None:
        self.findings = findings
        super().__init__(_problem(name, finding, messages) for finding in findings)


def read_source(path: Path, *, name: str, limits: Limits, progress: Callable[[float], None] | None = None) -> Source:
    """The sheets of an upload; ``name`` is what the sender calls it, ``path`` where it lies.

    ``progress`` hears shares from 0 to 1, in this thread and at least twice a second; an error that it raises ends the
    reading and passes through, which is how a person cancels. Raises ``RefusedFileError`` for whatever cannot be read,
    also when the reader crashes or exceeds a limit; nothing of the file is left behind by this.
    """
    if not (path.is_file() and os.access(path, os.R_OK)):  # nor a pipe or a device, which would have no end
        raise _refused(name, "file.missing")
    size = path.stat().st_size
    if size > limits.max_mb * MB:
        raise _refused(name, "limit.size", size=f"{size / MB:.0f}", limit=limits.max_mb)
    if size == 0:
        raise _refused(name, "file.empty")
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(_digest, path)
        told, sheets = _read(path, name, limits, progress)
    if "refused" in told:
        raise RefusedFileError(name, _findings(told["refused"]))
    return Source(
        name=name,
        sha256=digest.result(),
        format=told["format"],
        size=size,
        sheets=sheets,
        properties=told["properties"],
        findings=_findings(told["said"]),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _read(
    path: Path, name: str, limits: Limits, progress: Callable[[float], None] | None
) -> tuple[dict[str, Any], tuple[Sheet, ...]]:
    """What the child left; it runs again without them when it has found drivers that it must not have."""
    job = {"path": str(path.resolve()), "name": name}
    environment = ENVIRONMENT
    try:
        for _ in range(2):
            told, sheets = run_apart(
                MODULE, job, limits=limits, receive=_received, progress=progress, environment=environment
            )
            if "drivers" not in told:
                return told, sheets
            environment = without(told["drivers"])
    except StoppedError as stopped:
        if stopped.reason == "seconds":
            raise _refused(name, "limit.seconds", limit=limits.seconds) from stopped
        if stopped.reason == "memory":
            raise _refused(name, "limit.memory", limit=limits.memory_mb) from stopped
        raise _refused(name, "file.crashed") from stopped
    raise _refused(name, "file.crashed")


def _refused(name: str, code: str, **told: object) -> RefusedFileError:
    finding = Finding(Level.REFUSED, code, {key: str(value) for key, value in told.items()})
    return RefusedFileError(name, (finding,))


def _findings(reasons: list[Any]) -> tuple[Finding, ...]:
    return tuple(Finding(Level(level), code, told) for level, code, told in reasons)


def _problem(name: str, finding: Finding, messages: Messages) -> Problem:
    wrong, remedy = messages[finding.code](translator("en"), finding.told)
    return Problem(wrong.rstrip("."), remedy, file=name)


# --- what the child left -----------------------------------------------------------------------------------------


def _received(folder: Path) -> tuple[dict[str, Any], tuple[Sheet, ...]]:
    try:
        told = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        sheets = tuple(_sheet(one, folder / f"sheet-{at}.arrow") for at, one in enumerate(told.get("sheets", ())))
    except (OSError, ValueError, KeyError) as error:
        raise StoppedError("stopped") from error
    return told, sheets


def _sheet(told: dict[str, Any], file: Path) -> Sheet:
    with pa.OSFile(str(file), "rb") as source, pa.ipc.open_file(source) as reader:
        table = reader.read_all()
    columns = np.asarray(told["columns"], dtype=np.int64)
    rows = table["rows"].to_numpy().astype(np.int64)
    cells = np.full((len(columns), len(rows)), None, dtype=object)
    for field in table.column_names:
        place, _, kind = field.partition(":")
        if kind in TYPES:
            _put(cells[int(place)], table[field], kind)
    return Sheet(
        name=told["name"],
        hidden=told["hidden"],
        cells=pd.DataFrame(cells.T, dtype=object, copy=False),
        rows=rows,
        columns=columns,
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in told["merged"]),
        hidden_columns=frozenset(told["hidden_columns"]),
        hidden_rows=frozenset(told["hidden_rows"]),
        notes=tuple((row, column, text) for row, column, text in told["notes"]),
        uncomputed=tuple((row, column) for row, column in told["uncomputed"]),
        geometry=_geometry(table["geometry"]) if told["located"] else None,
    )


def _put(cells: npt.NDArray[np.object_], column: pa.ChunkedArray, kind: str) -> None:
    """Set the cells of one kind; those of other kinds stay."""
    if kind == "text":
        values = _texts(column)
    else:
        values = np.empty(len(column), dtype=object)
        values[:] = column.to_pylist()
    if column.null_count == 0:
        cells[:] = values
    else:
        held = column.is_valid().to_numpy(zero_copy_only=False)
        cells[held] = values[held]


def _texts(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """Texts of a column, ``None`` where there is none; where they repeat, equal ones are one and the same object."""
    sample = column.slice(0, _SAMPLE)
    if len(sample) < _SAMPLE or 2 * len(sample.unique()) > _SAMPLE:
        texts: npt.NDArray[np.object_] = column.to_numpy(zero_copy_only=False)
        return texts
    coded = column.combine_chunks().dictionary_encode()
    found = np.full(len(coded.dictionary) + 1, None, dtype=object)
    found[:-1] = coded.dictionary.to_numpy(zero_copy_only=False)
    places: npt.NDArray[np.int32] = coded.indices.fill_null(len(found) - 1).to_numpy(zero_copy_only=False)
    return found[places]


def _geometry(column: pa.ChunkedArray) -> list[Any]:
    return list(shapely.from_wkb(np.array(column.to_pylist(), dtype=object)).tolist())
