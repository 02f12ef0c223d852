"""A reader runs apart from the server, inside its limits, and leaves nothing behind."""

from __future__ import annotations

import os
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.intake import guard
from geo.intake.guard import Limits, StoppedError, run_apart, variable

AMPLE = Limits(seconds=20)
CHILD = """
import os, sys, time
from pathlib import Path

def work(job, limits):
    folder = Path.cwd()
    Path({pid!r}).write_text(str(os.getpid()))
{body}
"""


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files of its own, where everything left behind is seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def child(tmp_path: Path):
    """Makes a module of this body; gives its name and the variables with which it is found."""

    def make(body: str) -> tuple[str, dict[str, str]]:
        written = CHILD.format(pid=str(tmp_path / "pid"), body=textwrap.indent(body.strip(), "    "))
        (tmp_path / "planted.py").write_text(written, encoding="utf-8")
        root = Path(guard.__file__).parents[2]
        return "planted", {"PYTHONPATH": os.pathsep.join([str(root), str(tmp_path)])}

    return make


def gone(tmp_path: Path) -> bool:
    process = int((tmp_path / "pid").read_text())
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def run(made: tuple[str, dict[str, str]], *, limits: Limits = AMPLE, progress=None):
    return run_apart(
        made[0],
        {"word": "halo"},
        limits=limits,
        receive=lambda folder: (folder / "answer").read_text(),
        progress=progress,
        environment=made[1],
    )


def test_the_answer_of_the_child_comes_back(private: Path, child, tmp_path: Path) -> None:
    assert run(child("(folder / 'answer').write_text(job['word'] * 2)")) == "halohalo"
    assert gone(tmp_path)


def test_progress_is_heard_in_the_calling_thread_and_never_falls(private: Path, child) -> None:
    heard: list[tuple[float, int]] = []
    body = "(folder / 'answer').write_text('')\nfor x in ('0.2', 'x', '0.1', '7', 'nan', '0.6'): print(x, flush=True)"
    run(child(body), progress=lambda share: heard.append((share, threading.get_ident())))
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert set(shares) - {0.0} == {0.2, 0.6, 1.0}
    assert {thread for _, thread in heard} == {threading.get_ident()}


def test_a_child_that_takes_too_long_is_killed(private: Path, child, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(StoppedError, match="seconds"):
        run(child("time.sleep(60)"), limits=Limits(seconds=1))
    assert time.monotonic() - begun < 10
    assert gone(tmp_path)


def test_a_child_that_closes_its_pipe_and_stays_is_killed(private: Path, child, tmp_path: Path) -> None:
    with pytest.raises(StoppedError, match="seconds"):
        run(child("os.close(1); time.sleep(60)"), limits=Limits(seconds=1))
    assert gone(tmp_path)


def test_a_child_of_the_child_is_killed_with_it(private: Path, child, tmp_path: Path) -> None:
    body = f"if os.fork() == 0:\n Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    with pytest.raises(StoppedError):
        run(child(body), limits=Limits(seconds=1))
    deadline = time.monotonic() + 5
    while not gone(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)  # the grandchild belongs to the system now, which buries it in its own time
    state = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    assert gone(tmp_path) or " Z " in state.read_text()


@pytest.mark.parametrize(
    "body", ["os.abort()", "os._exit(7)", "raise SystemExit(1)", "os.kill(os.getpid(), 11)", "1 / 0"]
)
def test_a_child_that_crashes_is_told_apart_from_an_answer(private: Path, child, body: str) -> None:
    with pytest.raises(StoppedError, match="stopped"):
        run(child(body))


def test_the_log_says_where_a_child_stopped_but_not_over_what(
    private: Path, child, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoppedError):
        run(child("raise ValueError('3273010101800001')"))
    assert "planted.py" in caplog.text
    assert "3273010101800001" not in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_a_child_cannot_take_more_memory_files_or_open_files_than_allowed(private: Path, child) -> None:
    body = """
told = []
try: bytearray(400 * 1024 * 1024)
except MemoryError: told.append('memory')
try:
    with open(folder / 'big', 'wb') as out:
        for _ in range(400): out.write(b'0' * 1024 * 1024)
except OSError: told.append('file')
kept = []
try:
    for _ in range(500): kept.append(open('/dev/null'))
except OSError: told.append('open files')
for one in kept: one.close()
(folder / 'answer').write_text(', '.join(told))
"""
    assert run(child(body), limits=Limits(seconds=20, memory_mb=256)) == "memory, file, open files"


def test_a_child_sees_none_of_the_servers_settings(private: Path, child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATABASE_URL", "postgresql://secret")
    seen = run(child("(folder / 'answer').write_text(' '.join(os.environ))")).split()
    assert "GEO_DATABASE_URL" not in seen
    assert "PYTHONPATH" in seen


def test_an_error_of_the_listener_ends_the_child(private: Path, child, tmp_path: Path) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(child("print('0.5', flush=True); time.sleep(60)"), progress=stop)
    assert gone(tmp_path)


def test_a_child_that_tells_nothing_can_be_cancelled_all_the_same(private: Path, child, tmp_path: Path) -> None:
    begun = time.monotonic()

    def stop(_: float) -> None:
        if (tmp_path / "pid").exists():
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run(child("time.sleep(60)"), progress=stop)
    assert time.monotonic() - begun < 15
    assert gone(tmp_path)


def test_the_whole_is_told_when_the_answer_is_there_and_not_before(private: Path, child) -> None:
    told: list[str] = []
    made = child("(folder / 'answer').write_text(''); print('0.9', flush=True)")
    run_apart(
        made[0],
        {},
        limits=AMPLE,
        receive=lambda _: told.append("answer"),
        progress=lambda share: told.append(str(share)),
        environment=made[1],
    )
    assert told[-3:] == ["0.9", "answer", "1.0"]


@pytest.mark.parametrize("words", ["MemoryError", "ImportError: x.so: failed to map segment from shared object"])
def test_a_child_that_gets_no_more_memory_is_told_apart_from_a_crash(private: Path, child, words: str) -> None:
    with pytest.raises(StoppedError, match="memory"):
        run(child(f"sys.stderr.write({words!r}); sys.stderr.flush(); os.abort()"))


def test_nothing_is_imported_from_the_folder_that_holds_the_upload(private: Path, child) -> None:
    places = run(child("(folder / 'answer').write_text(repr(['' in sys.path, str(folder) in sys.path]))"))
    assert places == "[False, False]"


def test_folders_of_servers_that_are_gone_are_removed(private: Path, child) -> None:
    left = private / f"{guard.FOLDER}99999999-abc"
    (left / "inner").mkdir(parents=True)
    (left / "inner" / "sheet-0.arrow").write_text("x")
    run(child("(folder / 'answer').write_text('')"))
    assert not left.exists()


def test_limits_come_from_the_environment_and_keep_their_defaults() -> None:
    assert Limits.from_environment({}) == Limits()
    assert Limits.from_environment({"GEO_IMPORT_ROWS": "12", "GEO_IMPORT_MAX_MB": " 3 "}) == Limits(rows=12, max_mb=3)
    assert variable("memory_mb") == "GEO_IMPORT_MEMORY_MB"


@pytest.mark.parametrize("text", ["0", "-1", "ten", "1.5", "²"])
def test_a_limit_that_is_no_number_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(ValueError, match="GEO_IMPORT_SECONDS"):
        Limits.from_environment({"GEO_IMPORT_SECONDS": text})
