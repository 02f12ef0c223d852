"""List, drop and use kept runs of the briefing room on the command line."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time they would load pandas for a mere --help
    from geo.stories import Story


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command ``stories`` with its actions."""
    group = commands.add_parser("stories", help="kept runs of the briefing room").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = group.add_parser("list", help="list the kept runs with their pages")
    one.set_defaults(command=stories_list)
    one = group.add_parser("drop", help="forget a name; what it stood for stays in the history")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--by", default="administrator", metavar="OFFICE", help="office that drops it, not a person")
    told = "do it with the rights of this account (default: as administrator of this machine)"
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help=told)
    one.set_defaults(command=stories_drop)


def stories_list(_asked: argparse.Namespace) -> int:
    """List the kept runs: name, filters, pages."""
    from geo.startup import ready_store

    with closing(ready_store(at=datetime.now(UTC))) as store:
        kept = store.stories()
    for name, told in kept.items():
        query = "&".join(f"{key}={value}" for key, value in told["query"].items())
        print(f"{name}\t{query}\t{','.join(told['pages'])}")
    return 0


def stories_drop(asked: argparse.Namespace) -> int:
    """Forget a name."""
    from geo.cli.viewer import viewer_of
    from geo.startup import ready_store
    from geo.writing import drop_story

    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        drop_story(viewer_of(asked, store), store, asked.name, actor=asked.account or asked.by, at=at)
    print(f"dropped: {asked.name}")
    return 0


def story_asked(asked: argparse.Namespace) -> Story | None:
    """The kept run that ``--story`` names; its filters and days take the place of the options.

    Raises ``RefusedError`` where there is none of this name.
    """
    from geo.room.wish import moment_of
    from geo.startup import ready_store
    from geo.stories import story

    if asked.story is None:
        return None
    with closing(ready_store(at=datetime.now(UTC))) as store:
        found = story(store, asked.story)
    query = found.query
    for name, key in (("provinsi", "provinsi"), ("kabkota", "kabkota"), ("program", "program"), ("status", "status")):
        setattr(asked, name, [code for code in query.get(key, "").split(",") if code])
    asked.posisi = date.fromisoformat(query["posisi"]) if "posisi" in query else None
    asked.known_at = moment_of(query["diketahui"]) if "diketahui" in query else None
    return found
