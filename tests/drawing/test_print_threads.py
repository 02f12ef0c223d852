"""Two pictures drawn at once do not mix, and drawing changes nothing of matplotlib that others share."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest

from geo.drawing.print_map import LABELS_EN, SIZES, Colours, Form, Snapshot, draw_map
from tests.drawing.test_print_map import POINTS, many
from tests.drawing.test_print_quality import NUMBERED

ROUNDS = 4
ONE = NUMBERED
OTHER = replace(
    many(40), title="Another map", labels=LABELS_EN, graticule=False, indicator=None, address="http://127.0.0.1/peta?x"
)
KINDS: tuple[tuple[Form, Colours], ...] = (("png", "rgb"), ("svg", "rgb"), ("pdf", "rgb"), ("pdf", "cmyk"))


def digest(snapshot: Snapshot, form: Form, colours: Colours) -> str:
    return hashlib.sha256(draw_map(snapshot, size=SIZES["layar"], form=form, colours=colours)).hexdigest()


@pytest.mark.parametrize(("form", "colours"), KINDS)
def test_two_maps_drawn_at_once_are_those_drawn_one_by_one(form: Form, colours: Colours) -> None:
    expected = [digest(ONE, form, colours), digest(OTHER, form, colours)]
    assert expected[0] != expected[1]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(digest, (ONE, OTHER)[turn % 2], form, colours) for turn in range(2 * ROUNDS)]
        assert [job.result() for job in jobs] == expected * ROUNDS


def test_different_forms_at_once_do_not_disturb_each_other() -> None:
    expected = {kind: digest(ONE, *kind) for kind in KINDS}
    with ThreadPoolExecutor(4) as pool:
        jobs = [(kind, pool.submit(digest, ONE, *kind)) for kind in KINDS * 3]
        for kind, job in jobs:
            assert job.result() == expected[kind]


def test_drawing_changes_no_setting_of_matplotlib() -> None:
    before = dict(mpl.rcParams)
    for form, colours in KINDS:
        digest(ONE, form, colours)
    assert dict(mpl.rcParams) == before


def test_what_others_set_for_their_own_drawings_does_not_reach_ours() -> None:
    expected = digest(ONE, "png", "rgb")
    with mpl.rc_context({"hatch.linewidth": 4.0, "lines.linewidth": 5.0, "font.family": "serif", "axes.linewidth": 3}):
        assert digest(ONE, "png", "rgb") == expected


def test_other_processes_with_other_hash_seeds_draw_the_same_bytes_in_every_form() -> None:
    code = (
        "from tests.drawing.test_print_threads import KINDS, OTHER, digest;"
        "print(*(digest(OTHER, *kind) for kind in KINDS))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
            timeout=240,
            cwd=Path(__file__).resolve().parents[2],
        ).stdout
        for seed, zone in (("0", "UTC"), ("4711", "Pacific/Auckland"))
    }
    assert told == {" ".join(digest(OTHER, *kind) for kind in KINDS) + "\n"}


def test_an_order_of_points_that_says_nothing_changes_no_byte() -> None:
    turned = replace(NUMBERED, points=POINTS.iloc[::-1].reset_index(drop=True))
    assert digest(turned, "png", "rgb") == digest(NUMBERED, "png", "rgb")
