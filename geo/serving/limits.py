"""Keep anybody from doing too often what costs the server, or tries keys: buckets that fill again with time."""

from __future__ import annotations

import math
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from starlette.types import ASGIApp, Receive, Scope, Send

from geo.serving.answers import refuse

KEPT: Final = 10_000
"""Buckets kept at a time. Who was not seen for longest is forgotten first: their bucket has filled again by then,
unless ten thousand others came meanwhile, which no single sender can be."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` times at once, and as many again within ``seconds``."""

    count: int
    seconds: float

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read ``10/60``: ten times a minute. Raises ``ValueError`` for what is none."""
        found = re.fullmatch(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*", text)
        if not found or not int(found[1]) or not int(found[2]):
            raise ValueError(text)
        return cls(int(found[1]), float(found[2]))

    def __str__(self) -> str:
        return f"{self.count}/{self.seconds:g}"


class Buckets:
    """What everybody has left. Safe for several threads; ``clock`` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float], kept: int = KEPT) -> None:
        self._clock = clock
        self._kept = kept
        self._lock = threading.Lock()
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def wait_s(self, deed: str, who: str, limit: Limit) -> int:
        """Take one from a bucket: 0 where there was one, else the whole seconds until there is."""
        now = self._clock()
        with self._lock:
            left, since = self._left.pop((deed, who), (float(limit.count), now))
            left = min(limit.count, left + (now - since) * limit.count / limit.seconds)
            wait = 0 if left >= 1 else max(1, math.ceil((1 - left) * limit.seconds / limit.count))
            self._left[deed, who] = (left if wait else left - 1, now)
            while len(self._left) > self._kept:
                self._left.popitem(last=False)
        return wait


class RateLimits:
    """Answer 429 where somebody asks too often.

    ``deed`` names what a request does, ``None`` for what is not counted; ``who`` tells who asks. Where ``limits``
    answers ``None`` for a deed, it is not limited.
    """

    def __init__(
        self,
        app: ASGIApp,
        buckets: Buckets,
        deed: Callable[[Scope], str | None],
        who: Callable[[Scope], str],
        limits: Callable[[], Mapping[str, Limit]],
    ) -> None:
        self.app = app
        self.buckets = buckets
        self.deed = deed
        self.who = who
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        deed = self.deed(scope) if scope["type"] in {"http", "websocket"} else None
        limit = self.limits().get(deed) if deed else None
        if deed and limit:
            wait = self.buckets.wait_s(deed, self.who(scope), limit)
            if wait:
                await refuse(
                    scope,
                    receive,
                    send,
                    429,
                    f"Terlalu sering. Coba lagi dalam {wait} detik. Too often: try again in {wait} s.",
                    headers={"Retry-After": str(wait)},
                )
                return
        await self.app(scope, receive, send)
