"""Make briefings of the sample, and read slides back as a program that knows nothing of how they were made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.util import Emu

from geo.briefing.contents import briefing
from geo.briefing.deck import deck
from geo.briefing.parts import Briefing
from geo.locale import translator
from geo.model import Filters, Language
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.action_plan import action_plan
from geo.progress.changes import Changes
from geo.progress.since import changes_since, earlier, last_meeting
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

ADDRESS = "http://127.0.0.1:8501/?posisi=2026-10-31"
NUMBER = "K7QM3-XPA2D"


@cache
def tables() -> Mapping[str, pd.DataFrame]:
    return shared_sample()


def told(
    language: Language = "id",
    *,
    given: Mapping[str, pd.DataFrame] | None = None,
    on: date = SAMPLE_AS_OF,
    **choice: Any,
) -> tuple[Briefing, State]:
    """A briefing of the sample, or of other tables, and the state behind it."""
    records = given or tables()
    filters, programmes = Filters(on=on, **choice), load_programmes()
    now = state(records, filters, programmes)
    then = last_meeting(records["meetings"], on=filters.on)
    before = None if then is None else earlier(records, then, known_at=None, programmes=programmes)

    def changes(codes: tuple[str, ...]) -> Changes | None:
        if before is None:
            return None
        asked = filters.but(provinces=codes or filters.provinces)
        return changes_since(before, now.standing, asked, programmes, actions=records["actions"])

    done = briefing(
        now, action_plan(records, filters), translator(language), changes=changes, then=then, tables=records,
        sample=True, known_at=datetime(2026, 11, 15, tzinfo=UTC), number=NUMBER, address=ADDRESS,
    )  # fmt: skip
    return done, now


TWO, ONE = ("52", "72"), ("72",)


@cache
def made(language: Language = "id") -> tuple[Briefing, State, bytes]:
    """A briefing of the sample, its state and its deck: in Indonesian of two provinces, in English of one."""
    done, now = told(language, provinces=TWO if language == "id" else ONE)
    return done, now, deck(done)


@cache
def opened(content: bytes) -> Any:
    """A deck to look at; it is read once, so nothing may be changed in it."""
    return Presentation(io.BytesIO(content))


def texts(slide: Any) -> list[str]:
    """Every paragraph on a slide, tables included, in reading order."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs if paragraph.text]
        if shape.has_table:
            found += [cell for row in rows(shape) for cell in row if cell]
    return found


def rows(shape: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in shape.table.rows]


def tables_of(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.has_table]


def charts_of(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def title(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text)


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text)


def titled(content: bytes, start: str) -> Any:
    """The first slide whose title begins so."""
    return next(slide for slide in opened(content).slides if title(slide).startswith(start))


def box(shape: Any) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in inches."""
    left, top = Emu(shape.left).inches, Emu(shape.top).inches
    return left, top, left + Emu(shape.width).inches, top + Emu(shape.height).inches


# --- the parts of the file ---------------------------------------------------------------------------------------

_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def faults(content: bytes) -> list[str]:
    """What PowerPoint would want to repair: parts twice or without a type, links that lead nowhere, ids twice."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        found += [f"{name} twice" for name in set(names) if names.count(name) > 1]
        types = etree.fromstring(packed.read("[Content_Types].xml"))
        defaults = {entry.get("Extension").lower() for entry in types.iter(f"{_CT}Default")}
        overrides = [entry.get("PartName").lstrip("/") for entry in types.iter(f"{_CT}Override")]
        found += [f"a type for {name}, which is not there" for name in overrides if name not in names]
        reached = {"[Content_Types].xml"}
        for name in names:
            if name.endswith((".xml", ".rels")):
                root = etree.fromstring(packed.read(name))
                found += [f"{name}: {fault}" for fault in _id_faults(name, root)]
            if name.endswith(".rels"):
                reached.add(name)
                found += _rel_faults(name, root, names, reached)
            elif name != "[Content_Types].xml" and name not in overrides:
                kind = PurePosixPath(name).suffix.lstrip(".").lower()
                found += [] if kind in defaults else [f"{name} has no type"]
        found += [f"nothing leads to {name}" for name in names if name not in reached]
    return found


def _rel_faults(name: str, root: Any, names: list[str], reached: set[str]) -> Iterator[str]:
    home = PurePosixPath(name).parent.parent
    keys = [entry.get("Id") for entry in root.iter(_RELS)]
    if len(set(keys)) != len(keys):
        yield f"{name}: a relationship twice"
    for entry in root.iter(_RELS):
        if entry.get("TargetMode") == "External":
            yield f"{name}: leads to {entry.get('Target')}"
            continue
        target = _joined(home, entry.get("Target"))
        reached.add(target)
        if target not in names:
            yield f"{name}: {target} is not there"


def _joined(home: PurePosixPath, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    parts: list[str] = [part for part in home.parts if part != "."]
    for part in PurePosixPath(target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _id_faults(name: str, root: Any) -> Iterator[str]:
    if not re.match(r"ppt/slides/slide\d+\.xml", name):
        return
    shapes = list(root.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}cNvPr"))
    for told_of in ("id", "name"):
        every = [shape.get(told_of) for shape in shapes]
        yield from (f"{told_of} {one!r} twice" for one in set(every) if every.count(one) > 1)
