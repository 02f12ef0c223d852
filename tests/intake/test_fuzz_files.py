"""Files that were mutated at random are read or refused with a reason: nothing is raised, nothing hangs, nothing stays.

The budget of a run is ``GEO_FUZZ_ROUNDS`` (files, default 400); ``GEO_FUZZ_SEED`` makes them others.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from geo.intake.guard import Limits
from geo.intake.readers.source import RefusedFileError, read_source
from tests.intake.awkward import CASES
from tests.intake.fuzzing import GOOD, mutated

ROUNDS = int(os.environ.get("GEO_FUZZ_ROUNDS", "400"))
SEED = int(os.environ.get("GEO_FUZZ_SEED", "20261124"))
ROOT = Path(__file__).resolve().parents[2]


def test_a_mutated_file_is_checked_or_refused_with_a_reason_and_never_raises(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.intake.fuzzing", str(SEED), str(ROUNDS)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60 + ROUNDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["failed"] == []
    assert sum(told["outcomes"].values()) == ROUNDS
    assert told["outcomes"]["checked"] >= ROUNDS / 20  # else nothing behind the reader was tried
    assert told["slowest"][0] < 30  # a hang, not a measure of speed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["12-1422", "12-5283"])
def test_files_that_broke_a_reader_once_are_refused(seed: str, tmp_path: Path) -> None:
    path = tmp_path / "biasa.xls"
    next(case for case in CASES if case.file == path.name).write(path)
    path.write_bytes(mutated(path.read_bytes(), random.Random(seed)))
    with pytest.raises(RefusedFileError) as refused:
        read_source(path, name=path.name, limits=Limits())
    assert [one.code for one in refused.value.findings] == ["file.damaged"]


@pytest.mark.parametrize("file", GOOD)
def test_a_mutated_file_leaves_no_child_and_no_file_behind(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    path = tmp_path / file
    next(case for case in CASES if case.file == file).write(path)
    path.write_bytes(mutated(path.read_bytes(), random.Random(f"{SEED}-{file}")))
    assert outcome(path)
    assert list(temporary.iterdir()) == []


def outcome(path: Path) -> int:
    """How many sheets were read, or how many reasons given."""
    try:
        return len(read_source(path, name=path.name, limits=Limits()).sheets)
    except RefusedFileError as refused:
        return len([problem for problem in refused.problems if problem.message])


def test_the_same_seed_gives_the_same_files() -> None:
    content = bytes(range(256)) * 4
    first, again = (mutated(content, random.Random("1-1")) for _ in range(2))
    assert first == again != content
