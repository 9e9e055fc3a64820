"""The sender that leaves its queue to procrastinate: one task for each message, on the same PostgreSQL."""

from __future__ import annotations

import asyncio

from procrastinate import App, PsycopgConnector

from benchmarks._wave import Wave, measured


async def deliver(number: int) -> None:
    """The platform answers at once."""


def wave(place: str, rows: int, at_once: int) -> Wave:
    """What it costs one worker to do so many tasks, in a database that holds nothing else."""
    app = App(connector=PsycopgConnector(conninfo=place))
    task = app.task(deliver)

    async def run() -> Wave:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            await task.batch_defer_async(*({"number": n} for n in range(rows)))
            work = lambda: app.run_worker_async(concurrency=at_once, wait=False)  # noqa: E731
            return await measured(work, beats=False)

    return asyncio.run(run())
