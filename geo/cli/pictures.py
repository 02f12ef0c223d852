"""Draw the map on the command line, and find, draw again and check what was exported."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from geo.access import Deed, Sight, sight_of
from geo.cli.viewer import viewer_of
from geo.drawing.print_map import CMYK_IS_FOR_PDF, SIZES
from geo.drawing.request import Basis, Request, address, parse_number
from geo.drawing.snapshot import FORMS, picture
from geo.drawing.view import INDICATORS, map_view
from geo.export import file_name
from geo.gather import briefing_of, present_basis, request_of, state_of
from geo.locale import translator
from geo.model import FOCUS_PROVINCES, Filters, Problem, RefusedError, UnknownCodeError
from geo.programmes import load_programmes
from geo.progress import State, narrowed
from geo.startup import ready_store
from geo.store import Exported, Store, StoredSnapshot
from geo.writing import permit

Chosen = Callable[[argparse.Namespace], tuple[Store, Filters, Sight]]

PLACE: Final = "{provinsi}"
"""What stands for the province's code in a name of ``--each``."""
NO_INDICATOR: Final = "none"
DEFAULTS: Final[Mapping[str, str]] = {
    "size": "layar",
    "indicator": INDICATORS[0],
    "classification": "BIASA",
    "colours": "rgb",
}
"""What is drawn where an option is left out."""

_CHOICES: Final = (
    "posisi", "known_at", "provinsi", "kabkota", "program", "status", "title", "extent", "no_graticule", "each",
    *DEFAULTS,
)  # fmt: skip
_NUMBERS: Final = re.compile(rb"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")
_WIB: Final = ZoneInfo("Asia/Jakarta")


class Write(Protocol):
    """Writes a file whole or not at all; ``first`` is done when its bytes are safe, and undoes it by failing."""

    def __call__(self, content: bytes, out: Path | None, *, first: Callable[[], object] | None = None) -> None: ...


def snapshot(asked: argparse.Namespace, chosen: Chosen, write: Write) -> int:
    """Draw the map or answer about an export; 2 where a file is not what was recorded."""
    if asked.find or asked.check or asked.again:
        return _answer(asked, write)
    problems = [*_wrong_out(asked), *_wrong_choices(asked)]
    if problems:
        raise RefusedError(problems)
    store, filters, sight = chosen(asked)
    if filters.known_at is not None and filters.known_at > datetime.now(UTC):
        filters = filters.but(known_at=None)  # what will be known is not known yet
    rests_on = present_basis(store)
    figures: State | None = None
    for request, out in _requests(asked, filters, sight, rests_on, sample=store.is_sample()):
        figures = _figures(store, request, figures)
        content = map_file(figures, request, sample=store.is_sample())
        _hand_out(store, request, content, out, by=asked.by, write=write)
    return 0


def map_file(figures: State, request: Request, *, sample: bool, number: str | None = None) -> bytes:
    """The picture of a request whose figures are given; ``number`` is the request's own unless given."""
    return picture(
        map_view(figures, indicator=request.indicator),
        translator(request.language),
        form=request.form,
        size=request.size,
        sample=sample,
        title=request.title,
        classification=request.classification,
        audience=request.audience,
        number=request.number if number is None else number,
        address=address(request),
        graticule=request.graticule,
        extent=request.extent,
        colours=request.colours,
    )


# --- what is asked for -------------------------------------------------------------------------------------------


def _wrong_out(asked: argparse.Namespace) -> list[Problem]:
    if asked.out is None:
        return [Problem("it is not told where to write the picture", "Add --out FILE.png (or .pdf, .svg, .html).")]
    if asked.each:
        if not asked.out.is_dir() and PLACE not in asked.out.name:
            remedy = f"Name a folder that is there, or a file with {PLACE} in its name."
            return [Problem(f"--each would write every picture to {asked.out}", remedy)]
        if asked.out.is_dir():
            return []
    form = asked.out.suffix.lstrip(".").lower()
    if form not in FORMS:
        return [Problem(f"unknown kind of picture {asked.out.suffix!r}", f"End the name with {', '.join(FORMS)}.")]
    return []


def _wrong_choices(asked: argparse.Namespace) -> list[Problem]:
    problems = []
    told = {name: getattr(asked, name) or usual for name, usual in DEFAULTS.items()}
    if told["size"] not in SIZES:
        problems.append(Problem(f"unknown size {asked.size!r}", f"Choose one of: {', '.join(SIZES)}."))
    if told["indicator"] not in (*INDICATORS, NO_INDICATOR):
        problems.append(Problem(f"unknown indicator {asked.indicator!r}", f"Choose one of: {', '.join(INDICATORS)}."))
    if told["colours"] == "cmyk" and asked.out is not None and _form(asked.out) in set(FORMS) - {"pdf"}:
        problems.append(CMYK_IS_FOR_PDF)
    if asked.each and asked.kabkota:
        problems.append(Problem("--each draws whole provinces", "Leave out --kabkota, or leave out --each."))
    return problems


def _form(out: Path) -> str:
    """The kind of picture by the ending of a name; a folder is filled with PNG."""
    return "png" if out.is_dir() else out.suffix.lstrip(".").lower()


def _requests(
    asked: argparse.Namespace, filters: Filters, sight: Sight, rests_on: Basis, *, sample: bool
) -> Iterator[tuple[Request, Path]]:
    """What is to be drawn, and where to: one picture, or with ``--each`` one for every province."""
    form = _form(asked.out)
    told = {name: getattr(asked, name) or usual for name, usual in DEFAULTS.items()}
    whole = request_of(
        "map",
        form,
        filters,
        rests_on,
        language=asked.bahasa,
        size=DEFAULTS["size"] if form == "html" else told["size"],  # a web page has none
        indicator=None if told["indicator"] == NO_INDICATOR else told["indicator"],
        extent=asked.extent,
        title=(asked.title or "").strip() or None,
        classification=told["classification"],
        audience=asked.audience,
        sight=sight.key,
        graticule=not asked.no_graticule,
        colours=told["colours"],
    )
    if not asked.each:
        yield whole, asked.out
        return
    for code in filters.provinces or FOCUS_PROVINCES:
        one = replace(whole, filters=whole.filters.but(provinces=(code,)))
        if asked.out.is_dir():
            yield (
                one,
                asked.out / file_name(one.filters, "peta", form, sample=sample, public=asked.audience == "public"),
            )
        else:
            yield one, asked.out.with_name(asked.out.name.replace(PLACE, code))


def _figures(store: Store, request: Request, before: State | None) -> State:
    """The figures of a request; ``before``: of the one before it, which rests on the same records and clocks."""
    if before is None:
        return state_of(store, request)
    return narrowed(before.standing, request.filters, load_programmes())


def _hand_out(
    store: Store,
    request: Request,
    content: bytes,
    out: Path,
    *,
    by: str,
    write: Write,
    number: str | None = None,
) -> None:
    """Record an export and write its file: both or neither."""
    exported = Exported(
        number=request.number if number is None else number,
        what=request.what,
        form=request.form,
        size=request.size,
        request=request.as_dict(),
        data_version=request.data_version,
        content=content,
        file_name=out.name,
    )
    write(content, out, first=lambda: store.record_snapshot(exported, actor=by, at=datetime.now(UTC)))
    print(f"snapshot {exported.number}", file=sys.stderr)


# --- what was exported -------------------------------------------------------------------------------------------


def _answer(asked: argparse.Namespace, write: Write) -> int:
    given = [f"--{name.replace('_', '-')}" for name in _CHOICES if getattr(asked, name)]
    if given:
        told = f"{', '.join(given)} cannot be used with --find, --again or --check"
        raise RefusedError([Problem(told, "Leave it out: what was exported says it.")])
    if bool(asked.again) != bool(asked.out):
        told, remedy = (
            ("it is not told where to write the picture", "Add --out FILE.")
            if asked.again
            else ("--out goes with a picture that is drawn", "Leave it out, or draw it with --again NUMBER.")
        )
        raise RefusedError([Problem(told, remedy)])
    store = ready_store(at=datetime.now(UTC))
    if asked.find:
        return _find(store, _may_have(asked, store, parse_number(asked.find)), as_json=asked.format == "json")
    if asked.check:
        return _check(store, asked.check)
    _may_have(asked, store, parse_number(asked.again))
    return _again(store, parse_number(asked.again), asked.out, by=asked.by, write=write)


def _may_have(asked: argparse.Namespace, store: Store, number: str) -> str:
    """The number, where the account may have all that the export shows; refused otherwise."""
    viewer, rows = viewer_of(asked, store), _found(store, number)
    request = Request.from_dict(rows[0].request)
    if not sight_of(viewer).covers(Sight.from_key(request.sight)):
        permit(store, viewer, Deed.EXPORT_INTERNAL, *request.filters.provinces, at=datetime.now(UTC))
        told = f"snapshot {number} shows more than the account {viewer.account} may see"
        raise RefusedError([Problem(told, "Ask an administrator for the right.")])
    return number


def _found(store: Store, number: str) -> list[StoredSnapshot]:
    rows = store.snapshots(number)
    if not rows:
        raise UnknownCodeError(
            f"No export has the number {number}. Compare it with the picture; what was exported from another database "
            "is found there alone."
        )
    return rows


def _find(store: Store, number: str, *, as_json: bool) -> int:
    rows = _found(store, number)
    if as_json:
        print(json.dumps(_as_json(rows), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_as_text(rows)))
    return 0


def _as_json(rows: list[StoredSnapshot]) -> dict[str, Any]:
    first = rows[0]
    exports = [
        {"at": row.at.isoformat(), "by": row.actor, "file": row.file_name, "bytes": row.bytes, "sha256": row.sha256}
        for row in rows
    ]
    reopened = address(Request.from_dict(first.request))
    told = {"number": first.number, "data_version": first.data_version, "address": reopened}
    return {**told, "request": first.request, "exports": exports}


def _as_text(rows: list[StoredSnapshot]) -> Iterator[str]:
    first = rows[0]
    request = Request.from_dict(first.request)
    chosen = request.filters
    choices = {
        "provinsi": chosen.provinces,
        "kabkota": chosen.regencies,
        "program": chosen.programmes,
        "status": chosen.statuses,
    }
    told = {
        "what": f"{request.what}, {request.form}, {request.size}, {request.language}",
        "title": request.title or "the usual one",
        "filters": "; ".join(f"{name}={','.join(codes)}" for name, codes in choices.items() if codes) or "everything",
        "posisi": chosen.on.isoformat(),
        "known at": f"{request.known_at.astimezone(_WIB):%Y-%m-%d %H:%M} WIB ({request.known_at.isoformat()})",
        "last record": request.recorded_to.isoformat(),
        "indicator": request.indicator or NO_INDICATOR,
        "extent": "of its regions" if request.extent is None else ",".join(f"{side:g}" for side in request.extent),
        "marks": f"{request.classification}, for {request.audience} use, {request.colours}, "
        f"{'with' if request.graticule else 'without'} graticule",
        "data": request.data_version,
        "software": request.software,
        "address": address(request),
    }
    yield f"snapshot {first.number}"
    yield from (f"  {name:<12}{text}" for name, text in told.items())
    for row in rows:
        yield f"  {'exported':<12}{row.at.isoformat()} by {row.actor}: {row.file_name}, {row.bytes} bytes, {row.sha256}"


def _check(store: Store, file: Path) -> int:
    """Tell which export a file is."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RefusedError(
            [Problem(f"{file} cannot be read ({error.strerror or error})", "Check its name.")]
        ) from error
    rows = store.snapshots(sha256=sha256(content).hexdigest())
    if rows:
        for row in rows:
            print(f"{file}: unaltered, snapshot {row.number}, exported {row.at.isoformat()} by {row.actor}")
        return 0
    borne = dict.fromkeys(found.decode() for found in _NUMBERS.findall(content))
    known = [number for number in borne if store.snapshots(number, limit=1)]
    if known:
        told = f"{file} bears the number {', '.join(known)} and is not the file that was exported: it was altered"
        remedy = "Draw it again with --again, or find what was exported with --find."
    else:
        told = f"{file} is no file that was exported from here, or it was altered"
        remedy = "Look its number up with --find."
    raise RefusedError([Problem(told, remedy)])


# --- again -------------------------------------------------------------------------------------------------------


def _again(store: Store, number: str, out: Path, *, by: str, write: Write) -> int:
    """Draw an export again from what was known then, and tell whether it is the same to the byte.

    One that is not never bears the number of the other: it gets its own, or where there is none is not written.
    """
    rows = _found(store, number)
    then = Request.from_dict(rows[0].request)
    if out.suffix.lstrip(".").lower() != then.form:
        raise RefusedError([Problem(f"snapshot {number} is a {then.form}", f"End the name with .{then.form}.")])
    if then.template is not None:
        told = f"snapshot {number} was made with an organisation's own template, which is not kept"
        raise RefusedError([Problem(told, "Make it with the command brief and --template.")])
    now = replace(present_basis(store), recorded_to=then.basis.recorded_to)
    changed = list(_changed(then.basis, now))
    same_ground = not set(changed) & {"programmes", "thresholds", "boundaries"}
    if same_ground:
        content = _drawn(store, then, number)
        if sha256(content).hexdigest() in {row.sha256 for row in rows}:
            _hand_out(store, then, content, out, by=by, write=write, number=number)
            print(f"{out}: the same to the byte as what was exported")
            return 0
    reasons = _reasons(changed, same_ground=same_ground)
    anew = replace(then, basis=now)
    if anew.number == number:
        raise RefusedError([Problem(f"snapshot {number} comes out different", reasons)])
    _hand_out(store, anew, _drawn(store, anew, anew.number), out, by=by, write=write)
    print(f"{out}: not the same as snapshot {number}, so it bears its own number. {reasons}", file=sys.stderr)
    return 2


def _drawn(store: Store, request: Request, number: str) -> bytes:
    if request.what == "map":
        return map_file(state_of(store, request), request, sample=store.is_sample(), number=number)
    from geo.cli.brief import drawn

    return drawn(request.what, briefing_of(store, request), None, None)


def _changed(then: Basis, now: Basis) -> Iterator[str]:
    """What an export rests on that is no longer as it was."""
    for name in ("software", "programmes", "thresholds", "boundaries", "records"):
        if getattr(then, name) != getattr(now, name):
            yield name


def _reasons(changed: Iterable[str], *, same_ground: bool) -> str:
    told = {
        "software": "the software was updated since",
        "programmes": "the programmes were changed since",
        "thresholds": "the thresholds were changed since",
        "boundaries": "the boundaries were replaced since",
    }
    reasons = [told[name] for name in changed if name in told]
    if not reasons and "records" in changed and same_ground:
        reasons = ["records that name an earlier moment were taken in since"]
    if not reasons:
        reasons = ["the libraries or fonts that draw are others"]
    return f"Reason: {'; '.join(reasons)}."
