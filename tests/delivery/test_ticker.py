"""The bot keeps ticking: beside slow jobs, after failures, and whatever the wall clock does."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from structlog.testing import capture_logs

from bot.delivery import ticker
from bot.delivery.ticker import ticking

INTERVAL = 0.3
JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1), timedelta(days=1)]


def until(reached: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not reached() and time.monotonic() < end:
        time.sleep(0.01)
    return reached()


class Counting:
    """A job that counts its ticks."""

    def __init__(self) -> None:
        self.ticks = 0

    async def __call__(self) -> None:
        self.ticks += 1


def test_a_job_is_done_at_once_and_then_at_its_interval() -> None:
    often, seldom = Counting(), Counting()
    with ticking({"often": (often, 0.05), "seldom": (seldom, 3600)}):
        assert until(lambda: often.ticks >= 4)

    assert seldom.ticks == 1


def test_a_slow_job_is_not_done_twice_at_once_and_holds_up_no_other() -> None:
    quick, may_end, began = Counting(), threading.Event(), list[float]()

    async def slow() -> None:
        began.append(time.monotonic())
        await asyncio.to_thread(may_end.wait, 20)

    with ticking({"slow": (slow, 0.05), "quick": (quick, 0.05)}):
        assert until(lambda: quick.ticks >= 4)
        assert len(began) == 1
        may_end.set()
        assert until(lambda: len(began) >= 2)


def test_what_is_running_at_the_end_is_finished() -> None:
    steps = list[str]()

    async def job() -> None:
        steps.append("begun")
        await asyncio.sleep(0.3)
        steps.append("finished")

    with ticking({"job": (job, 0.05)}):
        assert until(lambda: bool(steps))

    assert steps == ["begun", "finished"]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_ticks_go_on_when_the_clock_of_the_scheduler_jumps(jump: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    offset, job = [timedelta()], Counting()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            moved = datetime.now(tz) + offset[0]
            return cls.combine(moved.date(), moved.timetz())

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Clock)
    with ticking({"job": (job, INTERVAL)}):
        assert until(lambda: job.ticks >= 2)
        offset[0], before, at = jump, job.ticks, time.monotonic()
        assert until(lambda: job.ticks >= before + 2)
        intervals = (time.monotonic() - at) / INTERVAL

    assert job.ticks - before <= intervals + 2, "no tick is made up for"


def test_a_job_that_takes_long_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker, "LONG", 0.1)
    may_end, quick = threading.Event(), Counting()

    async def slow() -> None:
        await asyncio.to_thread(may_end.wait, 20)

    with capture_logs() as logged, ticking({"slow": (slow, 3600), "quick": (quick, 0.05)}):
        assert until(lambda: bool(logged))
        so_far = quick.ticks
        assert until(lambda: quick.ticks >= so_far + 4)
        may_end.set()

    assert [(line["event"], line["job"]) for line in logged] == [("job_takes_long", "slow")]


LIFE = """
import sys, time
from bot.cli import logs
from bot.delivery.ticker import ticking

async def tick():
    print(time.time(), flush=True)

logs.configure()
with ticking({"tick": (tick, 0.3)}):
    sys.stdin.read()
"""


def has_come(ticks: list[float], wanted: int) -> bool:
    return len(ticks) >= wanted


def faketime() -> str | None:
    """The library that fakes a process's clock: of the system, or of the package libfaketime."""
    places = [Path("/usr/lib/x86_64-linux-gnu/faketime"), Path("/usr/lib/aarch64-linux-gnu/faketime")]
    if (package := importlib.util.find_spec("libfaketime")) and package.origin:
        places.append(Path(package.origin).parent / "vendor" / "libfaketime" / "src")
    found = (place / name for place in places for name in ("libfaketimeMT.so.1", "libfaketime.so.1"))
    return next((str(file) for file in found if file.exists()), None)


def test_a_process_ticks_on_while_somebody_sets_the_clock(tmp_path: Path) -> None:
    if (library := faketime()) is None:
        pytest.skip("no libfaketime: apt-get install libfaketime, or pip install libfaketime")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    env = os.environ | {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    life = subprocess.Popen(
        [sys.executable, "-c", LIFE],
        cwd=Path(__file__).parents[2],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    ticks = list[float]()
    assert life.stdout
    read = threading.Thread(target=lambda: ticks.extend(float(line) for line in life.stdout or ()), daemon=True)
    read.start()
    try:
        assert until(partial(has_come, ticks, 2))
        for jump in ("-1h", "+1d", "-1d"):
            before = len(ticks)
            new = offset.with_suffix(".new")
            new.write_text(jump)
            new.replace(offset)
            assert until(partial(has_come, ticks, before + 2), 10), f"no ticks after {jump}"
        assert max(ticks) - min(ticks) > timedelta(days=1).total_seconds(), "its clock was not set"
    finally:
        life.communicate("", timeout=20)
