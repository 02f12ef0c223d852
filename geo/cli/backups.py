"""Copy the store and put copies back on the command line."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time they would load pandas for a mere --help
    from geo.store.safekeeping import Key, Lock, Passphrase

PASSPHRASE = "GEO_BACKUP_PASSPHRASE"  # noqa: S105  # the name of the variable, not what stands in it


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands ``backup`` and ``restore``."""
    told = f"the passphrase comes from the environment's {PASSPHRASE}, else it is asked for; it is no option"
    one = commands.add_parser("backup", help="copy the whole store to one file while it is in use", epilog=told)
    asks = one.add_mutually_exclusive_group(required=True)
    asks.add_argument("--out", type=Path, metavar="FILE", help="file to write; it must not exist")
    asks.add_argument(
        "--make-key",
        type=Path,
        metavar="FILE",
        help="make a pair of keys: the secret one goes to FILE, to be kept away",
    )
    one.add_argument("--encrypt", action="store_true", help="encrypt it (age format), by a passphrase if by no keys")
    one.add_argument(
        "--recipients", type=Path, metavar="FILE", help="with --encrypt: public keys (age1...), one a line"
    )
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help="do it with the rights of this account")
    one.set_defaults(command=backup)
    one = commands.add_parser(
        "restore", help="put a backup in the place of the store, which nothing may have open", epilog=told
    )
    one.add_argument("file", type=Path, help="a file that backup made")
    one.add_argument("--identity", type=Path, metavar="FILE", help="secret keys (AGE-SECRET-KEY-1...), one a line")
    one.set_defaults(command=restore)


def backup(asked: argparse.Namespace) -> int:
    """Copy the store."""
    from geo.access import Deed
    from geo.cli.viewer import viewer_of
    from geo.model import Problem, RefusedError
    from geo.startup import ready_store
    from geo.store.safekeeping import make_key
    from geo.writing import permit

    if asked.make_key is not None:
        print(f"public key: {make_key(asked.make_key)}")
        print(
            f"{asked.make_key} holds the secret one: keep it away from this machine, and safe; without it nothing opens"
        )
        return 0
    if asked.recipients is not None and not asked.encrypt:
        raise RefusedError([Problem("--recipients only goes with --encrypt", "Add it, or leave both out.")])
    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        viewer = viewer_of(asked, store)
        permit(store, viewer, Deed.CONFIGURE, at=at, about="backup")
        lock = _lock(asked.recipients) if asked.encrypt else None
        made = store.backup(asked.out, actor=viewer.account, at=at, lock=lock)
    how = "encrypted" if lock is not None else "not encrypted: keep it where only you can read it"
    print(f"{made} ({made.stat().st_size} bytes, {how})")
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Put a backup back, as whoever may write the store's own folder: no account is asked, there may be none."""
    from geo.access import LOCAL_ADMINISTRATOR
    from geo.store.restoring import restore as run

    done = run(asked.file, key=lambda: _key(asked.identity), actor=LOCAL_ADMINISTRATOR.account, at=datetime.now(UTC))
    print(f"{done.place} is the backup {asked.file.name}; its log ends at {done.head.text}")
    if done.kept is not None:
        print(f"the former store is kept as {done.kept}")
    if done.former is not None and done.former.last > done.head.last:
        told = f"what was logged since, up to row {done.former.last}, stands in the former store alone"
        print(f"{told}: heads written down since then will not be found here")
    return 0


def _lock(recipients: Path | None) -> Lock:
    from geo.store.safekeeping import Recipients

    return Recipients.from_file(recipients) if recipients is not None else _passphrase(twice=True)


def _key(identity: Path | None) -> Key:
    from geo.store.safekeeping import Identities

    return Identities.from_file(identity) if identity is not None else _passphrase(twice=False)


def _passphrase(*, twice: bool) -> Passphrase:
    """The words, from the environment or asked for without showing them. Raises ``RefusedError`` where neither is."""
    from geo.model import Problem, RefusedError
    from geo.store.safekeeping import Passphrase

    words = os.environ.get(PASSPHRASE)
    if words:
        return Passphrase(words)
    if not sys.stdin.isatty():
        told = "the backup is locked by a passphrase, and nobody is here to be asked for it"
        raise RefusedError([Problem(told, f"Set {PASSPHRASE}, or name a file of keys.")])
    words = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != words:
        raise RefusedError([Problem("the two are not the same", "Do it again.")])
    return Passphrase(words)
