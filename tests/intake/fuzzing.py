"""Mutate good files by a seed and read them as the child does, to find what a reader does not expect.

``python -m tests.intake.fuzzing SEED ROUNDS`` prints one line of JSON: rounds by outcome, the slowest round, and every
round that ended neither with sheets nor with a refusal. It runs under the limits of the child.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from geo.intake.cells import Finding
from geo.intake.guard import Limits, confine
from geo.intake.kinds import KINDS
from geo.intake.messages import sentences
from geo.intake.readers import layers
from geo.intake.readers.source import RefusedFileError
from geo.intake.steps import Choices, propose, read
from geo.locale import translator
from geo.programmes import load_programmes
from geo.store import open_store
from tests.intake.sent import SENT
from tests.prepared import sample_store

GOOD = (
    "biasa.csv", "biasa.tsv", "biasa.xlsx", "biasa.xls", "biasa.ods", "biasa.geojson", "biasa.gpkg", "biasa.zip",
    "biasa.kml", "biasa.kmz", "biasa.gpx", "tersembunyi.xlsx", "rumus.xlsx", "tanggal.xlsx", "lembar.ods", "silang.kml",
    "silang.geojson", "utm.zip", "bersama.xlsx",
)  # fmt: skip
"""Files of ``awkward`` that are mutated: each format, and what makes its reader take less trodden paths."""

SENT_TOO = (
    "berjudul.xlsx",
    "jumlah.xlsx",
    "per-bulan.csv",
    "bilangan.csv",
    "tanggal.csv",
    "derajat-menit.csv",
    "bps.csv",
)
"""Files of ``sent`` that are mutated as well, for the steps behind the reader."""

TOKENS = (
    b"0", b"-1", b"1e999", b"NaN", b"-Infinity", b"99999999999999999999", b"1048577", b"16385", b"2958466", b"null",
    b"true", b"", b'"', b"'", b"<", b">", b"&", b"&#0;", b"]]>", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", b"=1+1",
    b"#REF!", b"A1:XFD1048576", b"../../x", b"{}", b"[]", b"\r\n", b";", b",",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TAG = re.compile(rb"<[^<>]{1,200}>")
_QUOTED = re.compile(rb'"[^"<>]{0,80}"')


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The content after one to four changes; archives are opened, one member changed, and packed again."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        if content[:4] == b"PK\x03\x04" and dice.random() < 0.8:
            content = _member_mutated(content, dice)
        else:
            content = dice.choice(CHANGES)(content, dice)
    return content


def _member_mutated(content: bytes, dice: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, zlib.error):
        return _flip(content, dice)
    if not members:
        return content
    name = dice.choice(sorted(members))
    roll = dice.random()
    if roll < 0.05:
        del members[name]
    elif roll < 0.1:
        members[dice.choice(("x/", "../x", "a" * 300, "xl/worksheets/sheet9.xml"))] = members[name]
    else:
        members[name] = dice.choice(CHANGES)(members[name], dice)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, told in members.items():
            archive.writestr(member, told)
    return out.getvalue()


# --- changes -----------------------------------------------------------------------------------------------------


def _flip(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 20))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _without_part(content: bytes, dice: random.Random) -> bytes:
    begin = dice.randrange(len(content) + 1)
    return content[:begin] + content[begin + dice.choice((1, 10, 200)) :]


def _twice(content: bytes, dice: random.Random) -> bytes:
    begin = dice.randrange(len(content) + 1)
    part = content[begin : begin + dice.choice((5, 100, 1000))]
    return content[:begin] + part * dice.choice((2, 50)) + content[begin:]


def _token(content: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.choice(TOKENS) + content[at:]


def _in_place_of(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    def change(content: bytes, dice: random.Random) -> bytes:
        places = [found.span() for found in pattern.finditer(content[:200_000])]
        if not places:
            return _token(content, dice)
        begin, end = dice.choice(places)
        token = dice.choice(TOKENS)
        if pattern is _QUOTED:
            token = b'"' + token.replace(b'"', b"") + b'"'
        return content[:begin] + token + content[end:]

    return change


def _swapped(content: bytes, dice: random.Random) -> bytes:
    tags = [found.span() for found in _TAG.finditer(content[:200_000])]
    if len(tags) < 2:
        return _twice(content, dice)
    (a, b), (c, d) = sorted(dice.sample(tags, 2))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


CHANGES = (
    _flip, _cut, _without_part, _twice, _token, _in_place_of(_NUMBER), _in_place_of(_NUMBER), _in_place_of(_TAG),
    _in_place_of(_QUOTED), _swapped,
)  # fmt: skip


# --- rounds ------------------------------------------------------------------------------------------------------


def run(seed: int, rounds: int) -> dict[str, object]:
    """Outcomes of ``rounds`` mutated files, each taken through the first three steps in this very process."""
    os.environ.update(layers.ENVIRONMENT)  # before GDAL is loaded, as the parent does it for its child
    from geo.intake.readers import source, upload
    from tests.intake.awkward import CASES

    def here(_module: str, job: object, *, receive: Callable[[Path], object], **_: object) -> object:
        with contextlib.redirect_stdout(io.StringIO()):
            upload.work(job, limits)
        return receive(Path.cwd())

    limits = Limits(max_mb=20, rows=20_000, columns=1_000, cells=200_000, seconds=300)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in CASES:
            if case.file in GOOD:
                case.write(folder / case.file)
        for sent in SENT:
            if sent.file in SENT_TOO:
                sent.write(folder / sent.file)
        files = (*GOOD, *SENT_TOO, *SENT_TOO)
        good = {file: (folder / file).read_bytes() for file in files}
        steps = Steps(folder / "store.sqlite", limits)
        source.run_apart = here
        confine(Limits(seconds=36_000))
        outcomes: Counter[str] = Counter()
        failed: list[str] = []
        slowest = (0.0, "")
        for at in range(rounds):
            file = files[at % len(files)]
            place = folder / f"r{at}"
            place.mkdir()
            (place / file).write_bytes(mutated(good[file], random.Random(f"{seed}-{at}")))
            os.chdir(place)
            began = time.monotonic()
            outcome = steps.outcome(place / file)
            slowest = max(slowest, (time.monotonic() - began, f"{seed}-{at} {file}"))
            outcomes[outcome.split(":")[0]] += 1
            if outcome.startswith("failed"):
                failed.append(f"{seed}-{at} {file} {outcome}")
            os.chdir(folder)
            shutil.rmtree(place)
    return {"outcomes": outcomes, "slowest": slowest, "failed": failed}


class Steps:
    """The steps read, recognise and check, held against a store with the sample."""

    def __init__(self, file: Path, limits: Limits) -> None:
        self.limits = limits
        self.store = open_store(f"sqlite:///{sample_store(file)}")
        self.programmes = load_programmes()
        self.kinds = [None, *KINDS]
        self.worker = ThreadPoolExecutor(max_workers=1)  # keeps whatever is raised, to be looked at

    def outcome(self, file: Path) -> str:
        """``refused``, ``unread`` (nothing to check in it), ``checked``, or ``failed`` and where."""
        done = self.worker.submit(self._outcome, file)
        error = done.exception()
        if error is None:
            return done.result()
        if isinstance(error, RefusedFileError):
            return "refused" if error.findings and all(map(self._said, error.findings)) else "failed: no reason"
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"failed: {type(error).__name__} at {last.filename}:{last.lineno}"

    def _outcome(self, file: Path) -> str:
        source = read(file, name=file.name, limits=self.limits)
        kind = self.kinds[int(source.sha256[:8], 16) % len(self.kinds)]
        at = datetime(2026, 11, 2, tzinfo=UTC)
        proposal = propose(source, self.store, self.programmes, on=date(2026, 11, 2), at=at, choices=Choices(kind=kind))
        found = [*proposal.told, *(one.finding for one in (proposal.checked.findings if proposal.checked else ()))]
        if not all(map(self._said, found)):
            return "failed: no words"
        if proposal.checked is None:
            return "unread"
        table = proposal.table
        return "checked" if table is not None and len(proposal.checked.verdicts) == len(table.body) else "failed: sum"

    def _said(self, finding: Finding) -> bool:
        return all(sentences(translator(language), finding)[0] for language in ("id", "en"))


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
