"""Hand a change to the map that waits for it, beside the page's own way and before it.

A page brings a change to the map's frame together with everything else it draws, which takes a browser longer than the
map itself. The same change still comes that way: a lane that is closed, blocked or slow costs time and nothing else.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from weakref import WeakValueDictionary

PREFIX: Final = "/langsung"
"""First part of every address; ``app.py`` answers below it."""


class Lane:
    """The way to one map of one viewer. Whoever holds it keeps it open: it ends with the viewer's session.

    ``owner`` is the account that may listen, ``None`` where the token alone decides. ``send`` may be called from any
    thread; listeners belong to the event loop they were made in.
    """

    def __init__(self, owner: str | None = None) -> None:
        self.owner: Final = owner
        self.token: Final = secrets.token_urlsafe(18)
        """Known to this viewer alone: who knows it hears what the map shows."""
        self._listeners: set[Listener] = set()
        _lanes[self.token] = self

    @property
    def address(self) -> str:
        """The address on this server, without the host."""
        return f"{PREFIX}/{self.token}"

    def send(self, text: str) -> None:
        """Hand a text to every listener; one that has not taken the last text yet gets only this one."""
        for listener in tuple(self._listeners):
            listener.put(text)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A listener of the running event loop."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


class Listener:
    """One browser's end of a lane."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str] = asyncio.Queue(maxsize=1)

    def put(self, text: str) -> None:
        """Take a text, from any thread; what was not fetched yet is overtaken."""
        with suppress(RuntimeError):  # the server is stopping
            self._loop.call_soon_threadsafe(self._replace, text)

    async def next(self) -> str:
        """The newest text, as soon as there is one."""
        return await self._queue.get()

    def _replace(self, text: str) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(text)


_lanes: Final[WeakValueDictionary[str, Lane]] = WeakValueDictionary()


def find(token: str) -> Lane | None:
    """The lane of a token, ``None`` where its viewer has gone."""
    return _lanes.get(token)
