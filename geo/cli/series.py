"""Draw a picture of every province on the command line, together in one ZIP."""

from __future__ import annotations

import argparse
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geo.cli.brief import NUMBER, Chosen, progress_to
from geo.drawing.print_map import CMYK_IS_FOR_PDF, SIZES
from geo.drawing.request import Request
from geo.drawing.snapshot import FORMS
from geo.drawing.view import INDICATORS
from geo.export import file_name
from geo.gather import present_basis, request_of, state_of
from geo.model import FOCUS_PROVINCES, Problem, RefusedError
from geo.progress import narrowed
from geo.store import Exported

if TYPE_CHECKING:
    from geo.cli.pictures import Write

NO_INDICATOR = "none"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the ZIP: the same pictures give the same bytes."""


def series(asked: argparse.Namespace, chosen: Chosen, write: Write) -> int:
    """Make the pictures, record each, write the ZIP: all or nothing; tell the numbers."""
    from geo.cli.pictures import map_file

    _refuse_wrong(asked)
    store, filters, sight = chosen(asked)
    if filters.known_at is not None and filters.known_at > datetime.now(UTC):
        filters = filters.but(known_at=None)  # what will be known is not known yet
    told = progress_to(asked.progress) or (lambda _share: None)
    sample = store.is_sample()
    whole = request_of(
        "map",
        asked.form,
        filters,
        present_basis(store),
        language=asked.bahasa,
        size="layar" if asked.form == "html" else asked.size,
        indicator=None if asked.indicator == NO_INDICATOR else asked.indicator,
        title=(asked.title or "").strip() or None,
        classification=asked.classification,
        audience=asked.audience,
        sight=sight.key,
        graticule=not asked.no_graticule,
        colours=asked.colours,
    )
    requests = _each(whole)
    told(0.0)
    figures = state_of(store, whole)
    made: list[Exported] = []
    for place, request in enumerate(requests):
        told(0.1 + 0.88 * place / len(requests))
        content = map_file(narrowed(figures.standing, request.filters, figures.programmes), request, sample=sample)
        made.append(
            Exported(
                number=request.number,
                what=request.what,
                form=request.form,
                size=request.size,
                request=request.as_dict(),
                data_version=request.data_version,
                content=content,
                file_name=file_name(
                    request.filters, "peta", request.form, sample=sample, public=asked.audience == "public"
                ),
            )
        )

    def record() -> None:
        at = datetime.now(UTC)
        for one in made:
            store.record_snapshot(one, actor=asked.by, at=at)

    write(_packed(made), asked.out, first=record)
    told(1.0)
    for one in made:
        print(f"{NUMBER}{one.number}")
    return 0


def _refuse_wrong(asked: argparse.Namespace) -> None:
    problems = []
    if asked.out.suffix.lower() != ".zip":
        problems.append(Problem(f"unknown kind of file {asked.out.suffix!r}", "End the name with .zip."))
    if not asked.out.parent.is_dir():
        problems.append(Problem(f"there is no folder {asked.out.parent}", "Make it first.", file=asked.out.name))
    if asked.form not in FORMS:
        problems.append(Problem(f"unknown kind of picture {asked.form!r}", f"Choose one of: {', '.join(FORMS)}."))
    if asked.size not in SIZES:
        problems.append(Problem(f"unknown size {asked.size!r}", f"Choose one of: {', '.join(SIZES)}."))
    if asked.indicator not in (*INDICATORS, NO_INDICATOR):
        remedy = f"Choose one of: {', '.join((*INDICATORS, NO_INDICATOR))}."
        problems.append(Problem(f"unknown indicator {asked.indicator!r}", remedy))
    if asked.colours == "cmyk" and asked.form != "pdf":
        problems.append(CMYK_IS_FOR_PDF)
    if asked.kabkota:
        problems.append(Problem("a series draws whole provinces", "Leave out --kabkota."))
    if problems:
        raise RefusedError(problems)


def _each(whole: Request) -> list[Request]:
    """The request for each province that is chosen, or for each focus province."""
    codes = whole.filters.provinces or FOCUS_PROVINCES
    return [replace(whole, filters=whole.filters.but(provinces=(code,))) for code in codes]


def _packed(made: list[Exported]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in made:
            entry = zipfile.ZipInfo(one.file_name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, one.content)
    return target.getvalue()
