"""A lane carries the newest text to whoever listens, and ends with whoever holds it."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from geo import lane
from geo.lane import Lane

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run in an event loop of another thread: in this one the browser's may be running."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_a_lane_is_found_by_its_token_as_long_as_somebody_holds_it() -> None:
    held = Lane()
    token = held.token
    assert lane.find(token) is held
    assert held.address == f"{lane.PREFIX}/{token}"
    del held
    gc.collect()
    assert lane.find(token) is None


def test_no_two_lanes_have_one_token_and_none_can_be_guessed() -> None:
    tokens = {Lane().token for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 24


def test_a_text_sent_from_another_thread_reaches_every_listener() -> None:
    async def run() -> list[str]:
        held = Lane()
        with held.listening() as first, held.listening() as second:
            threading.Thread(target=held.send, args=("satu",)).start()
            return [await asyncio.wait_for(first.next(), 5), await asyncio.wait_for(second.next(), 5)]

    assert run_apart(run()) == ["satu", "satu"]


def test_who_is_slow_gets_the_newest_text_alone() -> None:
    async def run() -> tuple[str, bool]:
        held = Lane()
        with held.listening() as listener:
            for text in ("lama", "lebih baru", "terbaru"):
                held.send(text)
            await asyncio.sleep(0)
            got = await asyncio.wait_for(listener.next(), 5)
            waits = asyncio.create_task(listener.next())
            await asyncio.sleep(0.05)
            empty = not waits.done()
            waits.cancel()
            return got, empty

    assert run_apart(run()) == ("terbaru", True)


def test_who_has_left_is_sent_nothing_and_a_stopped_loop_is_no_fault() -> None:
    async def run(held: Lane) -> bool:
        with held.listening() as listener:
            pass
        held.send("terlambat")
        waits = asyncio.create_task(listener.next())
        await asyncio.sleep(0.05)
        silent = not waits.done()
        waits.cancel()
        return silent

    held = Lane()
    assert run_apart(run(held))

    async def stay() -> None:
        held.listening().__enter__()

    run_apart(stay())
    held.send("tak ada yang mendengar")
