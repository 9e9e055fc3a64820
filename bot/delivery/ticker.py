"""The heartbeat of a running bot: APScheduler ticks, the due times are our rows.

Jobs are few, fixed and kept in memory. APScheduler's defaults would drop ticks that
come a second late, so misfires are always run, merged into one, and never beside themselves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

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
