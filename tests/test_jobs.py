"""Long exports run as processes of their own: told, stopped, kept apart, and gone with their viewer."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.jobs import BusyError, Desk, GoneError, Job, Runner, sweep

LIMIT_S = 60

WORKER = """
import os, subprocess, sys, time
words = sys.argv[1:]
out = words[words.index("--out") + 1]
def say(line): print(line, flush=True)
def wait_for(path):
    while not os.path.exists(path): time.sleep(0.01)
what = words[0]
if what == "write":
    say("0.25"); say("snapshot K7QM3-XPA2D"); say("0.10"); say("0.75")
    open(out, "w").write(" ".join(words[1:words.index("--out")]))
elif what == "wait":
    say("0.50"); wait_for(words[1]); open(out, "w").write(words[1])
elif what == "refuse":
    print("no programme 'x'. Known: ktn.", file=sys.stderr); print("no status 'y'.", file=sys.stderr); sys.exit(2)
elif what == "break":
    raise ValueError("secret inside")
elif what == "die":
    os.kill(os.getpid(), 9)
elif what == "nothing":
    pass
elif what == "children":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(words[1], "w").write(str(child.pid)); say("0.50"); time.sleep(600)
elif what == "environment":
    open(out, "w").write(os.environ["GEO_DATA_DIR"] + " " + os.environ["ADDED"])
elif what == "read":
    open(out, "w").write(open(words[1]).read())
"""


@pytest.fixture
def worker(tmp_path: Path) -> tuple[str, ...]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER, encoding="utf-8")
    return sys.executable, str(script)


@pytest.fixture
def make(worker: tuple[str, ...], tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    """A factory of runners of the slow command; all are closed after the test."""
    made: list[Runner] = []
    (tmp_path / "place").mkdir()

    def runner(**options: object) -> Runner:
        made.append(Runner(**{"command": worker, "parent": tmp_path / "place", **options}))  # type: ignore[arg-type]  # as the test says
        return made[-1]

    yield runner
    for one in made:
        one.close()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; the test fails when it never is."""
    deadline = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def ended(job: Job) -> Job:
    until(lambda: job.is_over)
    return job


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_job_leaves_its_file_and_tells_its_share_and_its_words(make: Callable[..., Runner]) -> None:
    job = ended(make().start(["write", "a b"], owner="x", file_name="atlas.pdf", about={"what": "atlas"}))
    assert (job.state, job.share, job.failure) == ("done", 1.0, None)
    assert job.result() == b"a b"
    assert job.length == 3
    assert job.told == ("snapshot K7QM3-XPA2D",)
    assert job.about == {"what": "atlas"}
    assert job.path.name == "atlas.pdf"
    assert job.seconds > 0


def test_the_share_is_heard_while_it_works_and_never_goes_back(make: Callable[..., Runner], tmp_path: Path) -> None:
    job = make().start(["wait", str(tmp_path / "go")], owner="x", file_name="a.pdf")
    until(lambda: job.share == 0.5)
    assert job.state == "running"
    assert job.length == 0
    with pytest.raises(GoneError):
        job.result()
    (tmp_path / "go").touch()
    assert ended(job).share == 1.0


def test_cancelling_ends_the_whole_group_and_leaves_no_file(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make()
    job = runner.start(["children", str(tmp_path / "pid")], owner="x", file_name="a.pdf")
    until(lambda: job.share == 0.5)
    child = int((tmp_path / "pid").read_text())
    assert alive(child)
    job.cancel()
    assert job.state == "cancelled"
    until(lambda: not alive(child))
    assert not job.path.parent.exists()
    job.cancel()
    assert job.state == "cancelled"


def test_a_job_that_waits_can_be_cancelled_and_never_begins(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make(at_once=1)
    first = runner.start(["wait", str(tmp_path / "go")], owner="x", file_name="a.pdf")
    second = runner.start(["write", "b"], owner="x", file_name="b.pdf")
    assert (second.state, second.seconds) == ("queued", 0.0)
    second.cancel()
    (tmp_path / "go").touch()
    assert ended(first).state == "done"
    assert second.state == "cancelled"
    assert second.told == ()


def test_two_run_at_once_and_do_not_mix(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make()
    jobs = [runner.start(["wait", str(tmp_path / name)], owner=name, file_name="same.pdf") for name in ("east", "west")]
    until(lambda: all(job.share == 0.5 for job in jobs))
    for job in jobs:
        (tmp_path / job.owner).touch()
    for job in jobs:
        assert ended(job).result() == str(tmp_path / job.owner).encode()
        assert runner.jobs(job.owner) == (job,)


def test_a_third_waits_for_its_turn_and_says_how_many_are_before_it(
    make: Callable[..., Runner], tmp_path: Path
) -> None:
    runner = make(at_once=2)
    gates = [tmp_path / str(place) for place in range(4)]
    jobs = [runner.start(["wait", str(gate)], owner="x", file_name="a.pdf") for gate in gates]
    assert [job.state for job in jobs] == ["running", "running", "queued", "queued"]
    assert [job.ahead for job in jobs] == [0, 0, 0, 1]
    gates[1].touch()
    until(lambda: jobs[2].state == "running")
    assert [job.ahead for job in jobs] == [0, 0, 0, 0]
    assert jobs[3].state == "queued"
    for gate in gates:
        gate.touch()
    assert {ended(job).state for job in jobs} == {"done"}


def test_more_than_may_wait_are_turned_away(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make(at_once=1, waiting=1)
    for _ in range(2):
        runner.start(["wait", str(tmp_path / "go")], owner="x", file_name="a.pdf")
    with pytest.raises(BusyError, match="1 exports are waiting already"):
        runner.start(["write", "b"], owner="y", file_name="b.pdf")
    assert runner.jobs("y") == ()


def test_a_refusal_is_told_in_its_own_sentences(make: Callable[..., Runner]) -> None:
    failure = ended(make().start(["refuse"], owner="x", file_name="a.pdf")).failure
    assert failure is not None
    assert failure.kind == "refused"
    assert failure.reasons == ("no programme 'x'. Known: ktn.", "no status 'y'.")


@pytest.mark.parametrize(("what", "kind"), [("break", "broken"), ("die", "ended"), ("nothing", "empty")])
def test_what_broke_is_told_by_its_kind_and_the_rest_only_to_the_log(
    make: Callable[..., Runner], caplog: pytest.LogCaptureFixture, what: str, kind: str
) -> None:
    job = ended(make().start([what], owner="x", file_name="a.pdf"))
    assert job.state == "failed"
    assert job.failure is not None
    assert (job.failure.kind, job.failure.reasons) == (kind, ())
    assert job.failure.reference in caplog.text
    assert ("secret inside" in caplog.text) == (what == "break")


def test_a_command_that_cannot_begin_fails_and_lets_the_next_one_run(
    make: Callable[..., Runner], tmp_path: Path
) -> None:
    runner = make(command=(str(tmp_path / "missing"),), at_once=1)
    jobs = [runner.start([], owner="x", file_name="a.pdf") for _ in range(2)]
    assert [ended(job).state for job in jobs] == ["failed", "failed"]


def test_settings_reach_the_command(make: Callable[..., Runner], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", "/a/folder")
    job = make(environment={"ADDED": "too"}).start(["environment"], owner="x", file_name="a.pdf")
    assert ended(job).result() == b"/a/folder too"


def test_a_file_that_goes_with_a_job_is_named_by_its_braces(make: Callable[..., Runner]) -> None:
    runner = make()
    job = runner.start(["read", "{in.pptx}"], owner="x", file_name="a.pptx", files={"in.pptx": b"template"})
    assert ended(job).result() == b"template"
    literal = runner.start(["write", "{other}", "{../x}"], owner="x", file_name="a.pptx")
    assert ended(literal).result() == b"{other} {../x}"


@pytest.mark.parametrize("name", ["../a.pdf", "/a.pdf", "b/a.pdf", ".said", ""])
def test_a_file_lies_in_its_own_folder_and_nowhere_else(make: Callable[..., Runner], name: str) -> None:
    with pytest.raises(ValueError, match="no plain file names"):
        make().start(["write"], owner="x", file_name=name)


def test_the_folder_is_for_this_user_alone(make: Callable[..., Runner]) -> None:
    job = ended(make().start(["write", "a"], owner="x", file_name="a.pdf"))
    assert [path.stat().st_mode & 0o077 for path in (job.path.parent, job.path.parent.parent)] == [0, 0]


def test_a_file_is_kept_for_a_while_and_no_longer(make: Callable[..., Runner]) -> None:
    runner = make(kept_s=0.05)
    job = ended(runner.start(["write", "a"], owner="x", file_name="a.pdf"))
    until(lambda: not job.path.parent.exists())
    until(lambda: runner.jobs("x") == ())
    with pytest.raises(GoneError, match=r"a\.pdf is no longer kept"):
        job.result()


def test_jobs_end_and_files_go_with_the_viewer(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make()
    desk, other = Desk(runner), Desk(runner)
    done = ended(desk.start(["write", "a"], file_name="a.pdf"))
    busy = desk.start(["wait", str(tmp_path / "never")], file_name="b.pdf")
    kept = ended(other.start(["write", "c"], file_name="c.pdf"))
    assert desk.jobs == (busy, done)
    assert desk.is_busy
    assert not other.is_busy
    assert desk.find(done.key) is done
    assert other.find(done.key) is None
    del desk
    gc.collect()
    until(lambda: busy.state == "cancelled" and not done.path.parent.exists())
    assert kept.result() == b"c"


def test_forgetting_a_job_takes_it_from_the_list(make: Callable[..., Runner]) -> None:
    desk = Desk(make())
    job = ended(desk.start(["write", "a"], file_name="a.pdf"))
    desk.forget(job)
    assert desk.jobs == ()
    assert not job.path.parent.exists()


def test_closing_stops_all_and_leaves_nothing(make: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make()
    job = runner.start(["wait", str(tmp_path / "never")], owner="x", file_name="a.pdf")
    until(lambda: job.share == 0.5)
    runner.close()
    assert job.state == "cancelled"
    assert not runner.folder.exists()
    with pytest.raises(BusyError):
        runner.start(["write"], owner="x", file_name="a.pdf")


def test_what_a_killed_server_left_is_swept_and_what_a_living_one_holds_is_not(
    make: Callable[..., Runner], tmp_path: Path
) -> None:
    place = tmp_path / "place"
    living = make()
    told = "import sys, time; from pathlib import Path; from geo.jobs import Runner\n"
    told += f"print(Runner(parent=Path({str(place)!r})).folder, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        left = Path(server.stdout.readline().strip())
        (left / "atlas.pdf").write_bytes(b"confidential")
        assert sweep(place) == 0
        os.kill(server.pid, signal.SIGKILL)
    assert left.is_dir()
    assert sweep(place) == 1
    assert not left.exists()
    assert living.folder.is_dir()
    (place / "sinergisitas-ekspor-link").symlink_to(tmp_path)
    assert sweep(place) == 0
    assert tmp_path.is_dir()


def test_a_server_that_stops_of_itself_leaves_nothing(tmp_path: Path) -> None:
    told = f"from pathlib import Path; from geo.jobs import Runner; Runner(parent=Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", told], check=True)
    assert list(tmp_path.iterdir()) == []
