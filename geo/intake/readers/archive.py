"""Open a ZIP of strangers: no tricks in names, no bombs, nothing unpacked beyond what it declared."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from geo.intake.readers.contents import UnreadableError

if TYPE_CHECKING:
    from geo.intake.guard import Limits

MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 20
"""Times the limit of the file's own size that everything unpacked may take."""

RATIO: Final = 300
"""Times that one entry may shrink by packing; a worksheet of equal rows reaches about 60."""

_RATIO_FROM = 4 * 1024 * 1024  # smaller entries do no harm whatever their ratio
_MB = 1024 * 1024


class Archive:
    """A ZIP that passed the checks; raises ``UnreadableError`` when it does not.

    ``names`` are the plain paths of its files by the lower-case path, so that they are found as Windows finds them.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise UnreadableError("file.damaged") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableError("zip.entries", count=len(entries), limit=MOST_ENTRIES)
        for entry in entries:
            _check_name(entry)
            if entry.flag_bits & 0x1:
                raise UnreadableError("file.password")
            if entry.file_size > _RATIO_FROM and entry.file_size > RATIO * max(1, entry.compress_size):
                raise UnreadableError("zip.bomb")
        held = sum(entry.compress_size for entry in entries)
        if held > path.stat().st_size:  # entries that lie over one another: a bomb of another kind
            raise UnreadableError("zip.bomb")
        unpacked = sum(entry.file_size for entry in entries)
        most = limits.max_mb * MOST_UNPACKED
        if unpacked > most * _MB:
            raise UnreadableError("zip.unpacked", size=unpacked // _MB, limit=most)
        self._entries = {entry.filename.lower(): entry for entry in entries if not entry.is_dir()}

    @property
    def names(self) -> list[str]:
        return [entry.filename for entry in self._entries.values()]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def size(self, name: str) -> int:
        """Bytes of a file when unpacked, as the archive declares it; no more is ever read."""
        return self._entries[name.lower()].file_size

    def open(self, name: str) -> IO[bytes]:
        """A file of the archive, as a stream; raises ``UnreadableError`` where there is none."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise UnreadableError("file.part", part=name)
        return self._zip.open(entry)

    def unpack(self, name: str, target: Path) -> None:
        """Write a file of the archive under a name of our own choosing."""
        with self.open(name) as source, target.open("wb") as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or ".." in path.parts or drive or "\x00" in name:
        raise UnreadableError("zip.path")
    mode = entry.external_attr >> 16
    if mode and (stat.S_ISLNK(mode) or stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)):
        raise UnreadableError("zip.path")
