"""The heartbeat of a running bot: APScheduler ticks, the due times are our rows.

Jobs are few, fixed and kept in memory. APScheduler's defaults would drop ticks that
come a second late, so misfires are always run, merged into one, and never beside themselves.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]


def ticker(jobs: Mapping[str, tuple[Job, float]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that runs each named job every so many seconds."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name, (job, seconds) in jobs.items():
        scheduler.add_job(job, "interval", seconds=seconds, id=name)
    return scheduler


@contextmanager
def ticking(jobs: Mapping[str, tuple[Job, float]]) -> Iterator[None]:
    """Runs the jobs in a thread with an event loop of its own until the end of the block.

    Leaving the block lets the job that is running finish.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="ticker", daemon=True)
    thread.start()
    running: set[asyncio.Task[object]] = set()

    def tracked(job: Job) -> Job:
        async def run() -> None:
            task = asyncio.ensure_future(job())
            running.add(task)
            task.add_done_callback(running.discard)
            await asyncio.shield(task)  # stopping the scheduler cancels its jobs, not the work in them

        return run

    async def start() -> AsyncIOScheduler:
        scheduler = ticker({name: (tracked(job), seconds) for name, (job, seconds) in jobs.items()})
        scheduler.start()
        return scheduler

    scheduler = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield
    finally:

        async def stop() -> None:
            scheduler.shutdown(wait=False)
            if running:
                await asyncio.wait(set(running))
            await loop.shutdown_default_executor()

        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
