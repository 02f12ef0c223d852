"""Run long exports as processes of their own, so that nobody else waits for them and each can be stopped.

A job is a command line of this software. It tells its share done line by line and leaves one file in a folder that only
this user may read; the file outlives neither its viewer's session nor the server.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from geo.model import GeoError

if sys.platform != "win32":
    import fcntl

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
Fault = Literal["refused", "broken", "ended", "empty"]
"""Why a job failed: it was refused with reasons, it broke, the system ended it, it left no file."""

ROOT: Final = Path(__file__).resolve().parents[1]
COMMAND: Final = (sys.executable, "-m", "geo")

_PREFIX: Final = "sinergisitas-ekspor-"
_LOCK: Final = ".server"
_SAID: Final = ".said"
_SAID_MOST: Final = 20_000
_LINES: Final = 20
_SHARE: Final = re.compile(r"(0(\.\d+)?|1(\.0+)?)")
_REFUSED: Final = 2
"""The status with which a command line of this software tells that it was refused."""

log: Final = logging.getLogger("sinergisitas.jobs")


class BusyError(GeoError):
    """Too many jobs wait already, or the server is stopping: nothing was started."""


class GoneError(GeoError):
    """The file of a job is not there, or not any more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: the kind, the reasons that a refusal gave, and by which reference the log tells the rest."""

    kind: Fault
    reasons: tuple[str, ...] = ()
    reference: str = ""


class Job:
    """One command and what becomes of it; made by ``Runner.start``.

    ``key`` names it, ``file_name`` is the name of its file, ``about`` what its owner says of it. ``share`` is the share
    done (0 to 1), ``failure`` tells why a failed one failed.
    """

    def __init__(
        self, runner: Runner, arguments: Sequence[str], *, owner: str, file_name: str, about: Mapping[str, str]
    ) -> None:
        self.key: Final = secrets.token_hex(8)
        self.owner: Final = owner
        self.file_name: Final = file_name
        self.about: Final = dict(about)
        self.state: JobState = "queued"
        self.share = 0.0
        self.failure: Failure | None = None
        self._runner: Final = runner
        self._arguments: Final = tuple(arguments)
        self._folder: Final = runner.folder / self.key
        self._process: subprocess.Popen[str] | None = None
        self._lines: Final[deque[str]] = deque(maxlen=_LINES)
        self._begun: float | None = None
        self._ended: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran; 0 while it waits."""
        if self._begun is None:
            return 0.0
        return (time.monotonic() if self._ended is None else self._ended) - self._begun

    @property
    def ahead(self) -> int:
        """How many waiting jobs begin before it."""
        return self._runner.ahead_of(self)

    @property
    def told(self) -> tuple[str, ...]:
        """The last lines it printed, those about its progress left out."""
        return tuple(self._lines)

    @property
    def path(self) -> Path:
        """Where its file is, or will be."""
        return self._folder / self.file_name

    @property
    def length(self) -> int:
        """Bytes of its file; 0 where there is none."""
        try:
            return self.path.stat().st_size if self.state == "done" else 0
        except OSError:
            return 0

    def result(self) -> bytes:
        """The bytes of its file. Raises ``GoneError`` where there is none, or none any more."""
        if self.state != "done":
            raise GoneError(f"{self.file_name} is not made. Make it anew.")
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise GoneError(f"{self.file_name} is no longer kept. Make it anew.") from error

    def cancel(self) -> None:
        """Stop it with every process it has started and remove its files; one that is over stays as it is."""
        self._runner.cancel(self)


class Runner:
    """Runs jobs, at most ``at_once`` at a time; the others wait in the order they came.

    - ``command`` stands before a job's arguments; ``environment`` is added to that of this process, which is passed on
      whole: every setting (``GEO_...``) holds there, too.
    - ``waiting``: how many may wait; ``kept_s``: how long a file is kept after its job was done.
    - ``parent``: where the runner makes its own folder, by default among the temporary files.

    ``close``, or the end of this process, stops every job and removes every file. What a server that was killed left
    behind, the next one removes.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] = COMMAND,
        at_once: int = 2,
        waiting: int = 12,
        kept_s: float = 1800.0,
        environment: Mapping[str, str] | None = None,
        parent: Path | None = None,
    ) -> None:
        place = parent or Path(tempfile.gettempdir())
        sweep(place)
        self.folder: Final = place / f"{_PREFIX}{secrets.token_hex(8)}"
        self._lock: Final = _own_folder(self.folder)
        self._command: Final = tuple(command)
        self._environment: Final = dict(environment or {})
        self._at_once: Final = at_once
        self._waiting: Final = waiting
        self._kept_s: Final = kept_s
        self._guard: Final = threading.RLock()
        self._jobs: Final[dict[str, Job]] = {}
        self._queue: Final[deque[Job]] = deque()
        self._running: Final[set[Job]] = set()
        self._closed = False
        _OPEN.add(self)

    # --- what owners do ---

    def start(
        self,
        arguments: Sequence[str],
        *,
        owner: str,
        file_name: str,
        about: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Job:
        """A job that runs the command with ``arguments``, ``--out`` its file and ``--progress``, now or in turn.

        ``files`` are put beside the result before it begins; an argument ``{name}`` stands for the path of one. Raises
        ``BusyError``.
        """
        plain = (file_name, *(files or {}))
        if any(not name or Path(name).name != name or name.startswith(".") for name in plain) or len(set(plain)) < len(
            plain
        ):
            raise ValueError(f"no plain file names: {', '.join(plain)}")
        job = Job(self, arguments, owner=owner, file_name=file_name, about=about or {})
        with self._guard:
            self._forget_old()
            if self._closed:
                raise BusyError("The server is stopping. Try again in a minute.")
            if len(self._queue) >= self._waiting:
                raise BusyError(
                    f"{len(self._queue)} exports are waiting already. Try again when some of them are done."
                )
            job._folder.mkdir(mode=0o700)
            for name, content in (files or {}).items():
                (job._folder / name).write_bytes(content)
            self._jobs[job.key] = job
            self._queue.append(job)
            self._begin_next()
        return job

    def jobs(self, owner: str) -> tuple[Job, ...]:
        """The jobs of an owner, the newest first; one that was over long enough ago is gone."""
        with self._guard:
            self._forget_old()
            return tuple(job for job in reversed(list(self._jobs.values())) if job.owner == owner)

    def ahead_of(self, job: Job) -> int:
        """How many waiting jobs begin before this one."""
        with self._guard:
            return self._queue.index(job) if job in self._queue else 0

    def cancel(self, job: Job) -> None:
        """See ``Job.cancel``."""
        with self._guard:
            if job.is_over:
                return
            job.state, job._ended = "cancelled", time.monotonic()
            if job in self._queue:
                self._queue.remove(job)
            process = job._process
        if process is not None:
            _kill(process)
        shutil.rmtree(job._folder, ignore_errors=True)

    def forget(self, job: Job) -> None:
        """Stop a job where it still runs, remove its files, and drop it from the list."""
        self.cancel(job)
        with self._guard:
            self._jobs.pop(job.key, None)
        shutil.rmtree(job._folder, ignore_errors=True)

    def end(self, owner: str) -> None:
        """Forget every job of an owner: the viewer has gone."""
        for job in self.jobs(owner):
            self.forget(job)

    def close(self) -> None:
        """Stop every job and remove every file, for good."""
        with self._guard:
            self._closed = True
            left = list(self._jobs.values())
        for job in left:
            self.forget(job)
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        _OPEN.discard(self)

    # --- how they run ---

    def _begin_next(self) -> None:
        while self._queue and len(self._running) < self._at_once and not self._closed:
            job = self._queue.popleft()
            job.state, job._begun = "running", time.monotonic()
            self._running.add(job)
            threading.Thread(target=self._run, args=(job,), name=f"export-{job.key}", daemon=True).start()

    def _run(self, job: Job) -> None:
        """Run a job to its end, hearing what it tells."""
        status: int | None = None
        try:
            process = self._launch(job)
            if process is not None and process.stdout is not None:
                with process.stdout as lines:
                    _listen(job, lines)
                status = process.wait()
        except OSError:
            log.exception("An export could not be run")
        finally:
            self._over(job, status)

    def _launch(self, job: Job) -> subprocess.Popen[str] | None:
        """The process of a job; ``None`` where it was stopped before it began."""
        arguments = [_path_for(text, job._folder) for text in job._arguments]
        with self._guard:
            if job.state != "running":
                return None
            with (job._folder / _SAID).open("wb") as said:
                job._process = subprocess.Popen(  # noqa: S603  # a list, no shell; its program is ours
                    [*self._command, *arguments, "--out", str(job.path), "--progress"],
                    cwd=ROOT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **self._environment},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,
                )
            return job._process

    def _over(self, job: Job, status: int | None) -> None:
        with self._guard:
            self._running.discard(job)
            if job.state == "running":
                job.failure = _failure(job, status)
                job._ended = time.monotonic()
                if job.failure is None:
                    job.share = 1.0
                job.state = "done" if job.failure is None else "failed"
                self._forget_later(job)
            self._begin_next()

    def _forget_later(self, job: Job) -> None:
        """Remove the file when it has been kept long enough, also where nobody asks any more."""
        timer = threading.Timer(self._kept_s, self.forget, args=(job,))
        timer.daemon = True
        timer.start()

    def _forget_old(self) -> None:
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job._ended is not None and now - job._ended > self._kept_s:
                del self._jobs[job.key]
                shutil.rmtree(job._folder, ignore_errors=True)


_OPEN: Final[set[Runner]] = set()


@atexit.register
def close_all() -> None:
    """Close every runner of this process: the server is stopping."""
    for runner in tuple(_OPEN):
        runner.close()


class Desk:
    """One viewer's jobs. Whoever holds it keeps them: with the viewer's session they are stopped and their files go."""

    def __init__(self, runner: Runner) -> None:
        self._runner: Final = runner
        self._owner: Final = secrets.token_urlsafe(18)
        # in a thread of its own: this may be called in the middle of anything
        leaving = weakref.finalize(self, _in_a_thread, runner, self._owner)
        leaving.atexit = False  # the runner's own end does it

    def start(
        self,
        arguments: Sequence[str],
        *,
        file_name: str,
        about: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Job:
        """See ``Runner.start``."""
        return self._runner.start(arguments, owner=self._owner, file_name=file_name, about=about, files=files)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The viewer's jobs, the newest first."""
        return self._runner.jobs(self._owner)

    @property
    def is_busy(self) -> bool:
        """Whether one of them waits or runs."""
        return any(not job.is_over for job in self.jobs)

    def find(self, key: str) -> Job | None:
        """One of the viewer's own jobs by its key."""
        return next((job for job in self.jobs if job.key == key), None)

    def forget(self, job: Job) -> None:
        """See ``Runner.forget``."""
        self._runner.forget(job)


def _in_a_thread(runner: Runner, owner: str) -> None:
    threading.Thread(target=runner.end, args=(owner,), name="export-end", daemon=True).start()


# --- one process -------------------------------------------------------------------------------------------------


def _path_for(text: str, folder: Path) -> str:
    """The argument, or the path of the file that ``{name}`` stands for."""
    name = text[1:-1] if text.startswith("{") and text.endswith("}") else ""
    return str(folder / name) if name and Path(name).name == name and (folder / name).is_file() else text


def _listen(job: Job, lines: Iterable[str]) -> None:
    """Take a job's share from what it prints; it never goes back."""
    for line in lines:
        text = line.strip()
        if _SHARE.fullmatch(text):
            job.share = max(job.share, float(text))
        elif text:
            job._lines.append(text)


def _failure(job: Job, status: int | None) -> Failure | None:
    """Why a job failed, ``None`` where it left its file; what is not for its owner's eyes goes to the log."""
    if status == 0 and job.path.is_file() and job.path.stat().st_size:
        return None
    said = _said(job)
    if status == _REFUSED:
        return Failure("refused", tuple(line for line in said.splitlines() if line.strip()))
    kind: Fault = "empty" if status == 0 else "ended" if status is not None and status < 0 else "broken"
    reference = secrets.token_hex(4)
    log.error("The export of reference %s failed with status %s:\n%s", reference, status, said)
    return Failure(kind, reference=reference)


def _said(job: Job) -> str:
    """The end of what a job wrote to its standard error."""
    try:
        return (job._folder / _SAID).read_bytes()[-_SAID_MOST:].decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started, and wait until it is gone."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
    process.wait()


# --- the folder --------------------------------------------------------------------------------------------------


def _own_folder(folder: Path) -> IO[bytes]:
    """Make a folder that only this user may read, and hold its lock; it has its name only when the lock is held."""
    new = folder.with_name(f".{folder.name}")
    new.mkdir(mode=0o700)
    lock = _held(new / _LOCK)
    if sys.platform == "win32":  # there an open file cannot be moved; nor can its folder be removed
        if lock is not None:
            lock.close()
        new.rename(folder)
        lock = _held(folder / _LOCK)
    else:
        new.rename(folder)
    if lock is None:
        raise GeoError(f"{folder} cannot be held. Name another folder for temporary files (TMPDIR).")
    return lock


def _held(path: Path) -> IO[bytes] | None:
    """The open lock file, ``None`` where another process holds it."""
    file = path.open("ab")
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
    return file


def sweep(parent: Path) -> int:
    """Remove the folders of servers that were killed; how many there were. Folders in use and of others stay."""
    swept = 0
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            if folder.is_symlink() or not folder.is_dir() or not _is_ours(folder):
                continue
            lock = _held(folder / _LOCK)
        except OSError:
            continue
        if lock is None:
            continue
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)
        swept += not folder.exists()
    return swept


def _is_ours(folder: Path) -> bool:
    return sys.platform == "win32" or folder.stat().st_uid == os.getuid()
