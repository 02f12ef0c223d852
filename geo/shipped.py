"""Answer for the files that packages ship with their screens: from memory, compressed once, asked for early.

Streamlit's front end is some hundred small modules. It reads each from disk at every visit, sends it uncompressed, and
lets the browser find out one by one which it needs: on a slow line, and on a busy server, that is most of the time a
screen takes to open. Their names carry a hash of their content, so browsers may keep them for good.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

HASHED: Final = re.compile(r".+\.[A-Za-z0-9_-]{8}\.[a-z0-9]+")
"""File names that change with the content."""

MEDIA_TYPES: Final = {
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "gif": "image/gif",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "wasm": "application/wasm",
}
"""By the end of a file's name; not from the machine's own list, which may call JavaScript plain text."""

SHRINKS: Final = frozenset({"text/javascript", "text/css", "application/json", "image/svg+xml", "font/ttf"})
"""What shrinks when compressed."""

_IMPORTED: Final = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([^"'/]+\.js)["']""")
"""A static import in a built module; ``import("./x.js")`` is none."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file as it is sent; ``gzipped`` is ``None`` where compressing gains nothing."""

    content: bytes
    media_type: str
    gzipped: bytes | None


class Files:
    """The hashed files below folders, by address; each is read when it is first asked for or by ``read_all``."""

    def __init__(self, folders: Mapping[str, Traversable]) -> None:
        """``folders``: address of a folder, such as ``/static``, and where it is."""
        self._files = {
            address: file
            for start, folder in folders.items()
            for address, file in _below(start, folder)
            if HASHED.fullmatch(file.name)
        }
        self._held: dict[str, Shipped] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def find(self, address: str) -> Shipped | None:
        """The file of an address, ``None`` where there is none."""
        if address not in self._held and address in self._files:
            file = self._files[address]
            content = file.read_bytes()
            media_type = MEDIA_TYPES.get(file.name.rpartition(".")[2], "application/octet-stream")
            zipped = gzip.compress(content, 6, mtime=0) if media_type in SHRINKS else content
            self._held[address] = Shipped(content, media_type, zipped if len(zipped) < len(content) else None)
        return self._held.get(address)

    def read_all(self) -> None:
        """Read and compress every file, so that no visitor waits for it: half a second for Streamlit's."""
        for address in self._files:
            self.find(address)


def _below(address: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Every file below a folder with its address."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(f"{address}/{entry.name}", entry)
        else:
            yield f"{address}/{entry.name}", entry


def modules_needed(folder: Path, names: Iterable[str]) -> list[str]:
    """File names of the built modules that ``names`` (such as ``Multiselect``) are made of, with all they import.

    A name without a file, as another version of the package may have it, is left out.
    """
    there = {file.name for file in folder.glob("*.js")}
    waiting = [
        file for name in names for file in sorted(there) if re.fullmatch(rf"{re.escape(name)}\.[\w-]{{8}}\.js", file)
    ]
    found: list[str] = []
    while waiting:
        file = waiting.pop(0)
        if file not in found:
            found.append(file)
            text = (folder / file).read_text(encoding="utf-8")
            waiting += [name for name in _IMPORTED.findall(text) if name in there]
    return found
