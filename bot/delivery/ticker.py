"""The heartbeat of a running bot: APScheduler ticks, the due times are our rows.

Jobs are few, fixed and kept in memory. APScheduler's defaults would drop ticks that
come a second late, so misfires are always run, merged into one, and never beside
themselves. It sleeps by the wall clock, so that a clock set back would stop it: a
watchdog on the monotonic clock starts a job anew that has not fired.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.loops import beside, event_loop

Job = Callable[[], Coroutine[Any, Any, object]]
"""What is to be done at each tick. It sees to its own failures."""

PATIENCE = 3
"""Intervals without a tick after which a job is started anew."""
LONG = 300.0
"""Seconds after which a job that is still running is worth a line in the log."""

log = structlog.get_logger()


class _Ticks:
    """The jobs, when each last began and whether it still runs, in seconds of the loop's monotonic clock."""

    def __init__(self, jobs: Mapping[str, tuple[Job, float]]) -> None:
        self._loop = asyncio.get_running_loop()
        self._intervals = {name: seconds for name, (_, seconds) in jobs.items()}
        self._began = dict.fromkeys(jobs, self._loop.time())
        self._running: dict[str, asyncio.Task[object]] = {}
        self._told: set[str] = set()
        # Jobs that take longer than their interval are the watchdog's business, once, not a warning at each tick.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self.scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._jobs = {name: self._tracked(name, job) for name, (job, _) in jobs.items()}
        for name, seconds in self._intervals.items():
            self.scheduler.add_job(self._jobs[name], "interval", seconds=seconds, id=name)

    async def serve(self) -> None:
        """Does each job once, then ticks, and looks after the ticks; cancelled, it finishes what is running."""
        self.scheduler.start()
        try:
            await asyncio.gather(self._watch(), *(run() for run in self._jobs.values()), return_exceptions=True)
        finally:
            await self._finish()

    def _tracked(self, name: str, job: Job) -> Job:
        async def run() -> None:
            if name in self._running:
                return
            self._began[name] = self._loop.time()
            task = self._running[name] = asyncio.create_task(job())
            try:
                await asyncio.shield(task)  # stopping the scheduler cancels its jobs, not the work in them
            finally:
                if task.done():
                    self._began[name] = self._loop.time()  # the next tick is an interval away, however long this took
                    del self._running[name]
                    self._told.discard(name)

        return run

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(min(self._intervals.values()))
            for name, seconds in self._intervals.items():
                silent = self._loop.time() - self._began[name]
                if name not in self._running and silent > PATIENCE * seconds:
                    log.warning("ticks_stopped", job=name, seconds=round(silent))
                    self._began[name] = self._loop.time()
                    self.scheduler.reschedule_job(name, trigger="interval", seconds=seconds)
                elif name in self._running and silent > LONG and name not in self._told:
                    log.warning("job_takes_long", job=name, seconds=round(silent))
                    self._told.add(name)

    async def _finish(self) -> None:
        """Starts nothing more, and waits for what is running."""
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # else it tells of the cancelled ones as of errors
        self.scheduler.shutdown(wait=False)
        if running := set(self._running.values()):
            await asyncio.wait(running)


@contextmanager
def ticking(jobs: Mapping[str, tuple[Job, float]]) -> Iterator[None]:
    """Runs each named job now and every so many seconds, in a thread of its own, until the end of the block.

    Leaving the block lets jobs that are running finish, however long that takes.
    """
    if not jobs:
        yield
        return

    async def tick() -> None:
        await _Ticks(jobs).serve()

    with event_loop("ticker") as loop, beside((loop, tick())):
        yield
