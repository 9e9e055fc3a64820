"""The bot that plans reminders as APScheduler's guide suggests: a stored job for each member.

Each job is a date. When it runs, it writes down that the member is to be reminded and adds the next day's job. It
runs on the connections of Rolecall's own store, so that nothing but the plan differs; but its threads have all the
time they want to wait for each other on SQLite, where they would else give up and lose reminders.
"""

from __future__ import annotations

import asyncio
import pickle
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from benchmarks._wave import Wave, measured
from bot.store.session import open_store

PATIENCE = 600.0
"""Seconds."""

tables = sa.MetaData()
intent = sa.Table(
    "intent",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("member", sa.String(32), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
)

engine: sa.Engine
scheduler: AsyncIOScheduler
"""Both belong to the process, since a stored job can name nothing but a function of a module."""


def remind(member: str, at: datetime) -> None:
    """The job. APScheduler runs plain functions on the loop's threads."""
    with engine.begin() as tx:
        tx.execute(sa.insert(intent).values(member=member, due_at=at))
    tomorrow = at + timedelta(days=1)
    scheduler.add_job(remind, "date", run_date=tomorrow, args=[member, tomorrow], id=_id(member, tomorrow))


def _id(member: str, at: datetime) -> str:
    return f"{member}:{at.date()}"


def fill(place: str, members: int, due: int) -> None:
    """Stores a job for each member; the first so many are due, the others in a year."""
    store = open_store(place, upgrade=True)
    try:
        tables.create_all(store.engine)
        jobs = SQLAlchemyJobStore(engine=store.engine).jobs_t
        jobs.create(store.engine)
        now = datetime.now(UTC).replace(microsecond=0)
        plan = AsyncIOScheduler(timezone=UTC)
        rows = [_row(plan, f"m{n:06}", now if n < due else now + timedelta(days=365)) for n in range(members)]
        with store.begin() as tx:
            tx.execute(sa.insert(jobs), rows)
    finally:
        store.close()


def _row(plan: AsyncIOScheduler, member: str, at: datetime) -> dict[str, object]:
    """A job as `add_job` stores it, which would take minutes one by one."""
    job = Job(
        plan,
        id=_id(member, at),
        name="remind",
        func=remind,
        args=[member, at],
        kwargs={},
        trigger=DateTrigger(at),
        executor="default",
        next_run_time=at,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    state = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
    return {"id": job.id, "next_run_time": at.timestamp(), "job_state": state}


def wave(place: str, due: int) -> Wave:
    """What it costs until every due reminder is written down and planned for the next day."""
    global engine, scheduler
    store = open_store(place)
    engine = store.engine.execution_options(busy_seconds=PATIENCE)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": None},
    )
    try:
        return asyncio.run(_wave(due))
    finally:
        store.close()


async def _wave(due: int) -> Wave:
    ended = asyncio.Event()
    failed: list[Exception] = []
    left = due

    def one_done(event: JobExecutionEvent) -> None:
        nonlocal left
        left -= 1
        if event.exception:
            failed.append(event.exception)
        if failed or not left:
            ended.set()

    async def work() -> None:
        scheduler.start()
        await ended.wait()
        if failed:
            raise failed[0]

    scheduler.add_listener(one_done, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    try:
        return await measured(work)
    finally:
        scheduler.shutdown()
