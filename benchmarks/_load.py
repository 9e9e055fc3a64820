"""What load tests of a platform share: the members' day, the app in a process of its own, the pace, and the figures."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Protocol

from aiohttp import web

START_SECONDS = 60.0
STOP_SECONDS = 30.0
PATIENCE = 30.0
"""Seconds that an act waits for its first answer; the platforms themselves have three."""
SILENCE = 20.0
"""Seconds without a further reply after which no more are waited for."""

ANSWER = (
    "I would first look at how often each class occurs, because with few positives a model that never says yes is "
    "right nearly always. Precision and recall show what accuracy hides: how many of the alarms are true, and how many "
    "of the cases are found. I would choose the threshold by what a miss and a false alarm cost."
)
DAY = (
    *("today", "practice", "hint", "progress", "help", "today", "hint", "progress", "practice", "help"),
    *("today", "practice", "hint", "progress", "help", "today", "practice", "hint", "progress", ANSWER),
)
"""What a member wishes, one after another."""

Figures = dict[str, tuple[float, float | None, bool]]
"""Figure -> value, goal, and whether less is better."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something a member does: a command, or an answer that they write."""

    user: str
    text: str
    is_command: bool = True


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast acts come."""

    in_flight: int
    """At most so many are not acknowledged."""
    a_second: float = 0.0
    """At most; 0: as fast as they are acknowledged."""
    until_replied: bool = False
    """Whether the next also waits for the reply; only with one in flight."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured, in seconds."""

    acks: list[float]
    """Of each act, until it was acknowledged."""
    replies: list[float]
    """Of each act that got one, until its reply arrived."""
    acking: float
    """From the first act to the last acknowledgement."""
    replying: float
    """From the first act to the last reply."""
    refused: int
    """Acts that were not acknowledged with success."""
    pushes: int
    """Messages that nobody asked for just then: reminders."""
    memory: float
    """Megabytes of the app at its largest; 0 where the system does not tell."""


class Answers(Protocol):
    """What came back to a platform."""

    answered: dict[str, float]
    """When the reply to an act came, by the act's number."""
    pushes: int


Send = Callable[[Act, str], Awaitable[bool]]
"""Sends an act and waits for its acknowledgement; False for any other answer than success."""


def members(commands: int) -> int:
    """How many do something: each lives through DAY once."""
    return max(1, commands // len(DAY))


def acts(commands: int, user: Callable[[int], str]) -> list[Act]:
    """The members take turns; `user` names one by their number."""
    turns = (divmod(n, members(commands)) for n in range(commands))
    lines = ((user(member), DAY[step % len(DAY)]) for step, member in turns)
    return [Act(user, line, is_command=line != ANSWER) for user, line in lines]


async def driven(platform: Answers, app: Process, acts: Sequence[Act], send: Send, pace: Pace) -> Run:
    """Sends the acts, and waits for their replies."""
    sent: dict[str, float] = {}
    acks: list[float] = []
    todo, refused, begun = iter(enumerate(acts)), 0, perf_counter()

    async def one_after_another() -> None:
        nonlocal refused
        for n, act in todo:
            if pace.a_second:
                await asyncio.sleep(begun + n / pace.a_second - perf_counter())
            sent[str(n)] = at = perf_counter()
            refused += not await send(act, str(n))
            acks.append(perf_counter() - at)
            if pace.until_replied:
                await _silent(platform, n + 1)

    await asyncio.gather(*(one_after_another() for _ in range(pace.in_flight)))
    acking = perf_counter() - begun
    await _silent(platform, len(acts))
    replies = [at - sent[number] for number, at in platform.answered.items()]
    replying = max(platform.answered.values(), default=begun) - begun
    return Run(acks, replies, acking, replying, refused, platform.pushes, _largest(app))


async def _silent(platform: Answers, acts: int) -> None:
    """Waits until every act has its reply, or none has come for a while."""
    replied, since = -1, perf_counter()
    while len(platform.answered) < acts and perf_counter() - since < SILENCE:
        if len(platform.answered) > replied:
            replied, since = len(platform.answered), perf_counter()
        await asyncio.sleep(0.002)


@asynccontextmanager
async def serving(app: web.Application, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(command: Sequence[str], settings: Mapping[str, str]) -> AsyncIterator[Process]:
    """The app; what it said is shown where something goes wrong. `settings`: environment variables."""
    with tempfile.TemporaryFile() as said:
        nothing = asyncio.subprocess.DEVNULL
        app = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **settings}, stdin=nothing, stdout=said, stderr=said
        )
        try:
            yield app
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read()[-4000:].decode(errors="replace"))
            raise
        finally:
            if app.returncode is None:
                app.terminate()
            try:
                await asyncio.wait_for(app.wait(), STOP_SECONDS)
            except TimeoutError:
                app.kill()
                await app.wait()


async def until_up(app: Process, is_up: Callable[[], Awaitable[bool]]) -> None:
    end = perf_counter() + START_SECONDS
    while app.returncode is None and perf_counter() < end:
        if await is_up():
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the app did not start")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _largest(app: Process) -> float:
    status = Path(f"/proc/{app.pid}/status")
    if not status.exists():
        return 0.0
    return int(status.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) / 1024


def p99(seconds: list[float]) -> float:
    """Milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=100)[-1]


def told(where: str, run: Run, *, longest: float, rate: float, goals: bool = True) -> Figures:
    """`longest`: the goal for an acknowledgement's p99, in ms; `rate`: for acknowledgements a second."""
    found: Figures = {
        f"{where}: ack, median, ms": (1000 * statistics.median(run.acks), None, True),
        f"{where}: ack, p99, ms": (p99(run.acks), longest, True),
        f"{where}: ack, longest, ms": (1000 * max(run.acks), None, True),
        f"{where}: acknowledged a second": (len(run.acks) / run.acking, rate, False),
        f"{where}: not acknowledged with success": (run.refused, 0.0, True),
        f"{where}: without a reply": (len(run.acks) - len(run.replies), 0.0, True),
        f"{where}: replies a second": (len(run.replies) / run.replying, None, False),
        f"{where}: reply, p99, ms": (p99(run.replies), None, True),
        f"{where}: memory, MB": (run.memory, None, True),
    }
    return found if goals else {name: (value, None, less) for name, (value, _, less) in found.items()}


def alone(where: str, run: Run) -> Figures:
    """Of a member at a time, who waits for the reply."""
    return {
        f"{where}: alone, reply, median, ms": (1000 * statistics.median(run.replies), None, True),
        f"{where}: alone, reply, p99, ms": (p99(run.replies), None, True),
    }


def arguments(description: str | None, commands: int) -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--json", action="store_true")
    found.add_argument("--commands", type=int, default=commands)
    return found


def show(measured: Iterable[Figures], *, as_json: bool) -> None:
    found: dict[str, dict[str, float | bool | None]] = {}
    for figures in measured:
        for name, (value, goal, less) in figures.items():
            ok = goal is None or (value <= goal if less else value >= goal)
            found[name] = {"value": round(value, 3), "goal": goal, "ok": ok}
            if not as_json:
                aim = "" if goal is None else f"  (goal: {goal:.3g})"
                print(f"{name:55} {value:>10.3f}{aim}{'' if ok else '  MISSED'}", flush=True)
    if as_json:
        print(json.dumps(found))
