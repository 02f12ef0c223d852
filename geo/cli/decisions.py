"""Note, list and close decisions of meetings on the command line."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, date, datetime


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command ``decisions`` with its actions."""
    group = commands.add_parser("decisions", help="what meetings decided").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = group.add_parser("list", help="list the decisions, the one that is due first before the others")
    one.add_argument("--all", action="store_true", help="those that were carried out, too")
    _add_account(one)
    one.set_defaults(command=decisions_list)
    one = group.add_parser("add", help="note a decision")
    one.add_argument("text", help="what was decided")
    one.add_argument("--responsible", required=True, metavar="OFFICE", help="office or function, not a person")
    one.add_argument("--due", required=True, type=_day, metavar="DATE")
    one.add_argument("--meeting", type=_day, metavar="DATE", help="day of the meeting (default: today)")
    one.add_argument("--provinsi", metavar="CODE", help="province it concerns (default: the whole programme)")
    one.add_argument("--lokasi", metavar="CODE", help="site it concerns")
    _add_writer(one)
    one.set_defaults(command=decisions_add)
    one = group.add_parser("close", help="note that a decision was carried out")
    one.add_argument("code", metavar="CODE")
    _add_writer(one)
    one.set_defaults(command=decisions_close)


def _add_account(one: argparse.ArgumentParser) -> None:
    told = "do it with the rights of this account (default: as administrator of this machine)"
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help=told)


def _add_writer(one: argparse.ArgumentParser) -> None:
    one.add_argument("--by", default="administrator", metavar="OFFICE", help="office that notes it, not a person")
    _add_account(one)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-10-31") from None


def decisions_list(asked: argparse.Namespace) -> int:
    """List decisions as the account may see them: code, due, state, place, office, text."""
    from geo.access import sight_of
    from geo.cli.viewer import viewer_of
    from geo.gather import tables_seen
    from geo.progress.decisions import open_decisions, standing_decisions
    from geo.startup import ready_store

    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        seen = tables_seen(store, sight_of(viewer_of(asked, store)).key, at, "decisions")["decisions"]
    rows = standing_decisions(seen)
    for row in (rows if asked.all else open_decisions(rows)).to_dict("records"):
        place = row["region_code"] if isinstance(row["region_code"], str) else ""
        text = row["text"] if isinstance(row["text"], str) else "(hidden)"
        told = (row["code"], f"{row['due']:%Y-%m-%d}", row["state"], place, row["responsible"], text)
        print("\t".join(told))
    return 0


def decisions_add(asked: argparse.Namespace) -> int:
    """Note a decision and print its code."""
    from geo.cli.viewer import viewer_of
    from geo.decisions import ZONE
    from geo.startup import ready_store
    from geo.writing import note_decision

    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        code = note_decision(
            viewer_of(asked, store),
            store,
            text=asked.text,
            responsible=asked.responsible,
            due=asked.due,
            meeting_day=asked.meeting or at.astimezone(ZONE).date(),
            region_code=asked.provinsi,
            site_code=asked.lokasi,
            actor=asked.account or asked.by,
            at=at,
        )
    print(code)
    return 0


def decisions_close(asked: argparse.Namespace) -> int:
    """Note that a decision was carried out."""
    from geo.cli.viewer import viewer_of
    from geo.startup import ready_store
    from geo.writing import close_decision

    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        close_decision(viewer_of(asked, store), store, asked.code, actor=asked.account or asked.by, at=at)
    print(f"done: {asked.code}")
    return 0
