"""What a piece of work costs the process that does it: time, how long its event loop stood still, memory."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

BEAT = 0.002
"""Seconds between two heartbeats of an idle loop."""


@dataclass(frozen=True, slots=True)
class Wave:
    seconds: float
    block: float
    """Seconds: the longest that the event loop came late for a heartbeat."""
    memory: float
    """Megabytes: by how much the process grew at its largest; 0 where the system does not tell."""


def fresh(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function returns in a process of its own, which nothing before it has warmed or filled."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


async def measured(work: Callable[[], Awaitable[object]], *, beats: bool = True) -> Wave:
    """Does the work on the running loop, with a heartbeat beside it; without one nothing is known of its blocks."""
    longest, done = 0.0, False

    async def beat() -> None:
        nonlocal longest
        while beats and not done:
            slept = perf_counter()
            await asyncio.sleep(BEAT)
            longest = max(longest, perf_counter() - slept - BEAT)

    gc.freeze()  # as `rolecall run` does; otherwise one full collection of what was imported is the longest block
    heart = asyncio.ensure_future(beat())
    await asyncio.sleep(10 * BEAT)
    longest, before = 0.0, _size()
    begun = perf_counter()
    await work()
    seconds = perf_counter() - begun
    done = True
    await heart
    return Wave(seconds, longest, _size(peak=True) - before)


def _size(*, peak: bool = False) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    if not peak:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    line = "VmHWM:" if peak else "VmRSS:"
    return int(status.read_text(encoding="utf-8").partition(line)[2].split()[0]) / 1024
