"""Read, prove and prune the log on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # at run time they would load pandas for a mere --help
    from geo.store import Store

Write = Callable[[bytes, Path | None], None]

_HERE = ZoneInfo("Asia/Jakarta")
"""Where the agency sits, and so where its days begin."""

_SHOWN = 100


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], write: Write) -> None:
    """The command ``log``; ``write`` puts bytes into a file or to the standard output."""
    one = commands.add_parser("log", help="who did what and when; prove that nothing of it was altered")
    one.add_argument("--since", type=_day, metavar="DATE", help="from this day on (WIB)")
    one.add_argument("--until", type=_day, metavar="DATE", help="up to this day, included (WIB)")
    one.add_argument("--actor", metavar="ACCOUNT", help="what this account did")
    one.add_argument("--deed", metavar="DEED", help="sign_in, refused, write, import, undo, export, account, ...")
    one.add_argument("--text", metavar="TEXT", help="rows that hold this text")
    one.add_argument("--limit", type=_count, metavar="N", help=f"the newest N rows (default of text: {_SHOWN})")
    one.add_argument("--format", choices=["text", "csv", "json"], default="text", help="(default text)")
    one.add_argument("--out", type=Path, help="file to write (default: standard output)")
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help="do it with the rights of this account")
    asks = one.add_argument_group("the chain of the log").add_mutually_exclusive_group()
    asks.add_argument("--verify", action="store_true", help="tell whether a row was altered, removed or put in")
    asks.add_argument(
        "--head", action="store_true", help="print number and hash of the newest row, to be written down elsewhere"
    )
    asks.add_argument(
        "--prune-before",
        type=_day,
        metavar="DATE",
        help="move what is older to --out FILE.jsonl; GEO_AUDIT_DAYS says how many days are kept at least",
    )
    one.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="with --verify: a head that was written down; may be repeated",
    )
    one.set_defaults(command=lambda asked: log(asked, write))


def log(asked: argparse.Namespace, write: Write) -> int:
    """Show or export the log, prove it, or prune it."""
    from geo.startup import ready_store

    at = datetime.now(UTC)
    _refuse_mixed(asked)
    with closing(ready_store(at=at)) as store:
        return _answer(store, asked, write, at=at)


def _answer(store: Store, asked: argparse.Namespace, write: Write, *, at: datetime) -> int:
    from geo.access import Deed
    from geo.cli.viewer import viewer_of
    from geo.writing import permit

    viewer = viewer_of(asked, store)
    deed = Deed.CONFIGURE if asked.prune_before else Deed.READ_LOG
    permit(store, viewer, deed, at=at, about="log")
    if asked.verify:
        return _verify(store, asked.against)
    if asked.head:
        print(store.audit_head().text)
        return 0
    if asked.prune_before is not None:
        done = store.prune_audit(_begins(asked.prune_before), file=asked.out, actor=viewer.account, at=at)
        print(
            f"{done.rows} rows, up to number {done.last}, are in {done.file} (SHA-256 {done.sha256}) and here no more"
        )
        return 0
    _show(store, asked, write, actor=viewer.account, at=at)
    return 0


def _refuse_mixed(asked: argparse.Namespace) -> None:
    from geo.model import Problem, RefusedError

    found = []
    if asked.against and not asked.verify:
        found.append(Problem("--against only goes with --verify", "Add it, or leave both out."))
    if asked.prune_before is not None and asked.out is None:
        found.append(Problem("it is not told where the rows go that are removed", "Add --out FILE.jsonl."))
    if found:
        raise RefusedError(found)


def _verify(store: Store, against: list[str]) -> int:
    from geo.store import Mark

    problems = store.verify_audit(marks=[Mark.from_text(text) for text in against])
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 2
    head = store.audit_head()
    removed = f"; up to {head.pruned} removed by retention" if head.pruned else ""
    print(f"the log holds, {head.last - head.pruned} rows{removed}. Its head: {head.text}")
    if not against:
        print("A log that was worked out anew as a whole shows only --against a head that was written down elsewhere.")
    return 0


def _show(store: Store, asked: argparse.Namespace, write: Write, *, actor: str, at: datetime) -> None:
    chosen: dict[str, Any] = {
        "since": None if asked.since is None else _begins(asked.since),
        "until": None if asked.until is None else _begins(date.fromordinal(asked.until.toordinal() + 1)),
        "actor": asked.actor,
        "deed": asked.deed,
        "text": asked.text,
    }
    if asked.format != "text":
        from geo.export import table_bytes

        rows = store.audit_rows(**chosen, limit=asked.limit)
        told = {name: str(value) for name, value in chosen.items() if value is not None}
        details = {"rows": len(rows), "form": asked.format, **told}
        write(table_bytes(rows, asked.format, about={}), asked.out)
        store.log("export", "audit", actor=actor, at=at, details=details)
        return
    limit = asked.limit or _SHOWN
    rows = store.audit_rows(**chosen, limit=limit)
    lines = [_line(row) for row in rows.iloc[::-1].to_dict("records")]
    if asked.out is not None:
        write("".join(f"{line}\n" for line in lines).encode(), asked.out)
    else:
        print("\n".join(lines))
    more = store.audit_count(**chosen) - len(rows)
    if more > 0:
        print(f"{more} older rows are not shown; see them with --limit or --format csv", file=sys.stderr)


def _line(row: dict[Any, Any]) -> str:
    """A row as one line, the newest last: number, moment in UTC, who, from where, what, to what, outcome, details."""
    told = [row[name] if isinstance(row[name], str) else "-" for name in ("origin", "before", "details")]
    moment = row["at"].isoformat(timespec="seconds")
    return "\t".join(
        [str(row["id"]), moment, row["actor"], told[0], row["deed"], row["object"], row["outcome"], told[1], told[2]]
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=_HERE).astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-10-31") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)
