"""Run what reads a stranger's file apart from the server, with limits, and end it whatever happens.

The child is a fresh interpreter in a process group of its own, with limits of memory, processor time, file size and
open files, an environment without the server's settings, and a private folder for what it hands back. Nothing that it
writes is executed or unpickled here. Whatever way it ends, the folder is gone afterwards and so is the child.

- **Progress**: the child writes shares to its standard output, one in a line; the parent's thread that waits hears
  them, and calls ``progress`` at least every ``HEARTBEAT_SECONDS`` even where nothing moved.
- **Cancel**: ``progress`` raises whatever it likes, or a signal does; the child is killed and the error passes through.
- **Time**: the parent's clock kills the child after ``Limits.seconds``; the system stops it after twice as much
  processor time, should the parent be gone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Final, Literal, Self, TypeVar

T = TypeVar("T")

PREFIX: Final = "GEO_IMPORT_"
"""Begins the names of the environment variables that set limits, such as ``GEO_IMPORT_MAX_MB``."""

FOLDER: Final = "geo-intake-"
"""Begins the names of the private folders below the system's folder for temporary files."""

MB: Final = 1024 * 1024

HEARTBEAT_SECONDS: Final = 0.5
"""Longest time between two calls of ``progress``, so that it can stop a child that tells nothing."""

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TZ")  # of the server's environment; its settings stay here
_QUIET = {
    "PYTHONUTF8": "1",
    "PYTHONSAFEPATH": "1",  # the folder that a child stands in holds parts of the upload: nothing is imported from it
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",  # each arena of each thread would count 64 MB against the limit of memory
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PROJ_NETWORK": "OFF",
}
_OPEN_FILES = 128
_JOB = "job.json"

_STARVED = re.compile(
    r"MemoryError|bad_alloc|failed to map segment|Cannot allocate memory|launch worker thread|can't start new thread"
)  # what Python, C++, the loader of libraries and Arrow write when the limit of memory stops them

Reason = Literal["seconds", "memory", "stopped"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may cost; each is set by the environment variable ``GEO_IMPORT_`` and its name in capitals.

    - ``max_mb``: size of the file in MiB; unpacked, an archive may hold twenty times as much.
    - ``rows``, ``columns``: rows with content of all sheets together, columns with content of each sheet.
    - ``cells``: rows times columns of all sheets together, blank ones between others too, as they are held in memory.
    - ``seconds``: time on the clock for reading one file.
    - ``memory_mb``: address space of the reader in MiB; the interpreter and its libraries take some 600 of it.
    """

    max_mb: int = 100
    rows: int = 500_000
    columns: int = 1_000
    cells: int = 25_000_000
    seconds: int = 120
    memory_mb: int = 4_096

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The limits as the environment (default: the server's) sets them; raises ``ValueError`` for a bad number."""
        given = os.environ if environment is None else environment
        chosen = {}
        for one in fields(cls):
            text = given.get(variable(one.name), "").strip()
            if text:
                if not (text.isascii() and text.isdigit() and int(text) > 0):
                    raise ValueError(f"{variable(one.name)} is {text!r}: give a whole number above 0.")
                chosen[one.name] = int(text)
        return cls(**chosen)


def variable(limit: str) -> str:
    """Name of the environment variable that sets a limit: ``max_mb`` gives ``GEO_IMPORT_MAX_MB``."""
    return PREFIX + limit.upper()


class StoppedError(Exception):
    """The child took too long (``seconds``), got no more ``memory``, or ended without an answer (``stopped``)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


# --- the parent's side -------------------------------------------------------------------------------------------


def run_apart(
    module: str,
    job: Mapping[str, object],
    *,
    limits: Limits,
    receive: Callable[[Path], T],
    progress: Callable[[float], None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> T:
    """Run ``work(job, limits)`` of a module in a child, and give what ``receive(folder)`` makes of the files it leaves.

    The child stands in ``folder`` and under the limits before it loads the module (``geo.intake.readers.__main__``);
    ``job`` holds plain values. ``progress`` is called in this thread with shares from 0 to 1, never falling, the last
    one after ``receive``. ``environment`` adds variables. Raises ``StoppedError``; an error of ``progress`` or
    ``receive`` passes through, after the child was ended and the folder removed.
    """
    _sweep()
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        task = {"module": module, "job": dict(job), "limits": asdict(limits)}
        (folder / _JOB).write_text(json.dumps(task), encoding="utf-8")
        with (folder / "errors.txt").open("wb") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", "geo.intake.readers"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=_environment(folder, environment or {}),
                start_new_session=True,
            )
        try:
            status = _wait(child, limits.seconds, progress)
        finally:
            _end(child)
        if status == -getattr(signal, "SIGXCPU", 0) != 0:
            raise StoppedError("seconds")
        if status != 0:
            raise StoppedError(_reason(status, folder / "errors.txt"))
        received = receive(folder)
    if progress:
        progress(1.0)
    return received


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_QUIET, "PYTHONPATH": str(_ROOT), "TMPDIR": str(folder), "HOME": str(folder), **more}


def _wait(child: subprocess.Popen[bytes], seconds: float, progress: Callable[[float], None] | None) -> int:
    """Exit status of the child; passes on its progress meanwhile."""
    shares: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    assert child.stdout is not None
    threading.Thread(target=_listen, args=(child.stdout, shares), daemon=True).start()
    deadline = time.monotonic() + seconds
    furthest = 0.0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise StoppedError("seconds")
        try:
            share = shares.get(timeout=min(left, HEARTBEAT_SECONDS))
        except queue.Empty:
            share = furthest
        if share is None:
            break
        furthest = max(furthest, share)
        if progress:
            progress(furthest)
    try:
        return child.wait(timeout=max(0.5, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise StoppedError("seconds") from None


def _listen(pipe: IO[bytes], shares: queue.SimpleQueue[float | None]) -> None:
    with pipe:
        while line := pipe.readline(32):
            with contextlib.suppress(ValueError):
                share = float(line)
                if 0.0 <= share <= 1.0:
                    shares.put(share)
    shares.put(None)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's whole group, and wait for the child."""
    if child.poll() is None:
        if sys.platform == "win32":
            child.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _reason(status: int, errors: Path) -> Reason:
    """Why the child stopped; logs where. Its messages stay out of the log, because they may quote the file."""
    text = errors.read_text(encoding="utf-8", errors="replace")
    places = " <- ".join(line.strip() for line in reversed(text.splitlines()) if line.startswith("  File "))
    logging.getLogger(__name__).warning("a reader ended with status %s: %s", status, places[:2000] or "no place known")
    return "memory" if _STARVED.search(text) else "stopped"


def _sweep() -> None:
    """Remove folders of servers that were killed in the middle: what they held was private."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*-*"):
        owner = folder.name.removeprefix(FOLDER).partition("-")[0]
        with contextlib.suppress(OSError):
            if owner.isdigit() and folder.stat().st_uid == os.getuid() and not _alive(int(owner)):
                _remove(folder)


def _remove(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            _remove(entry)
        else:
            entry.unlink()
    folder.rmdir()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


# --- the child's side --------------------------------------------------------------------------------------------


def taken_task(folder: Path) -> tuple[str, dict[str, object], Limits]:
    """The module, the job and the limits that the parent left in the folder for this child."""
    told = json.loads((folder / _JOB).read_text(encoding="utf-8"))
    return told["module"], told["job"], Limits(**told["limits"])


def confine(limits: Limits) -> None:
    """Put this process under the limits, for good; to be called before anything of the file is touched.

    Processor time may be twice the time on the clock, for two threads. Where the system has no such limits (Windows),
    only the clock of the parent holds.
    """
    if sys.platform == "win32":
        return
    import resource

    for which, most, more in (
        (resource.RLIMIT_AS, limits.memory_mb * MB, 0),
        (resource.RLIMIT_CPU, limits.seconds * 2, 5),  # first a signal that tells the limit, then the end
        (resource.RLIMIT_FSIZE, limits.memory_mb * MB, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, hard = resource.getrlimit(which)
        last = most + more if hard == resource.RLIM_INFINITY else min(most + more, hard)
        with contextlib.suppress(ValueError, OSError):  # a system that does not know this one
            resource.setrlimit(which, (min(most, last), last))
