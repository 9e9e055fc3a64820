"""How fast `rolecall run` acknowledges Slack, and how soon it has replied, beside a Bolt app that says a constant.

    python benchmarks/slack_load.py [--json] [--commands N] [--only socket|http]

Members of one workspace use the slash command, and type an answer now and then. What plays Slack is a process of its
own (`_slack_driver`, `_slack_platform`), and so is the bot, on a SQLite file on disk with DUE members beside those who
do something; both share the machine's cores. By Socket Mode and by signed HTTP:

- as fast as they are acknowledged, with 64 at a time that are not yet. That is faster than anybody can grant them, so
  what waits for its reply grows meanwhile, and with it the time until the reply;
- the same while the reminders of the DUE members are due in the same second: swept at once, and sent as fast as Slack
  allows;
- the same again, but RATE commands a second, so that acknowledging competes with granting all the time;
- `alone`: a member at a time, who waits for the reply.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._members import fill, name_of
from benchmarks._slack_driver import SECRET, Mode, Pace, Run, load
from benchmarks._slack_platform import TEAM, Act
from benchmarks._wave import fresh

COMMANDS = 10_000
RATE = 300.0
FAST, STEADY = Pace(64), Pace(64, a_second=RATE)
DUE = 10_000
ALONE = 100
MODES: tuple[Mode, ...] = ("socket", "http")

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


def members(commands: int) -> int:
    """How many do something: each lives through DAY once."""
    return max(1, commands // len(DAY))


def acts(commands: int) -> list[Act]:
    """The members take turns; those who are due are others."""
    turns = (divmod(n, members(commands)) for n in range(commands))
    lines = ((name_of(DUE + member), DAY[step % len(DAY)]) for step, member in turns)
    return [Act(user, line, is_command=line != ANSWER) for user, line in lines]


def settings(mode: Mode) -> dict[str, str]:
    """Environment variables."""
    return {
        "ROLECALL_SLACK_BOT_TOKEN": "xoxb-1-load-test",
        "ROLECALL_SLACK_APP_TOKEN": "xapp-1-load-test" if mode == "socket" else "",
        "ROLECALL_SLACK_SIGNING_SECRET": SECRET if mode == "http" else "",
        "ROLECALL_SLACK_BASE_URL": "{api}",
        "ROLECALL_SLACK_PORT": "{port}",
        "ROLECALL_LLM_MODEL": "",
    }


def rolecall(mode: Mode, commands: list[Act], pace: Pace, due: int = 0) -> Run:
    """On a database in which so many members are due now."""
    now = datetime.now(UTC)
    noon = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"  # where it is noon, no hour is quiet
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = str(Path(folder, "bench.db"))
        fresh(filled, place, DUE + members(len(commands)), due, now, noon)
        own = settings(mode) | {"ROLECALL_MAILBOX": folder}
        return fresh(load, [sys.executable, "-m", "bot", "run", "--db", place], own, mode, commands, pace)


def filled(place: str, count: int, due: int, at: datetime, zone: str) -> None:
    fill(place, count, due, at=at, zone=zone, platform="slack", tenant=TEAM)


def bare(mode: Mode, commands: list[Act], pace: Pace) -> Run:
    return fresh(load, [sys.executable, "-m", "benchmarks._slack_bare", mode], settings(mode), mode, commands, pace)


def p99(seconds: list[float]) -> float:
    """Milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=100)[-1]


def told(where: str, run: Run, *, goals: bool = True) -> Figures:
    found: Figures = {
        f"{where}: ack, median, ms": (1000 * statistics.median(run.acks), None, True),
        f"{where}: ack, p99, ms": (p99(run.acks), 250.0, True),
        f"{where}: ack, longest, ms": (1000 * max(run.acks), None, True),
        f"{where}: acknowledged a second": (len(run.acks) / run.acking, RATE, False),
        f"{where}: not acknowledged with success": (run.refused, 0.0, True),
        f"{where}: without a reply": (len(run.acks) - len(run.replies), 0.0, True),
        f"{where}: replies a second": (len(run.replies) / run.replying, None, False),
        f"{where}: reply, p99, ms": (p99(run.replies), None, True),
        f"{where}: memory, MB": (run.memory, None, True),
    }
    return found if goals else {name: (value, None, less) for name, (value, _, less) in found.items()}


def served(mode: Mode, commands: int) -> Iterator[Figures]:
    todo = acts(commands)
    least = bare(mode, todo, FAST)
    yield told(f"{mode}: bare bolt", least, goals=False)
    calm = rolecall(mode, todo, FAST)
    yield told(mode, calm)
    yield {
        f"{mode}: ack, p99, ratio to bare bolt": (p99(calm.acks) / p99(least.acks), None, True),
        f"{mode}: acknowledged a second, ratio to bare bolt": (least.acking / calm.acking, None, False),
    }
    storm = rolecall(mode, todo, FAST, DUE)
    yield told(f"{mode}, {DUE} due", storm)
    yield {f"{mode}, {DUE} due: reminders sent meanwhile": (storm.pushes, None, False)}
    steady = told(f"{mode}, {DUE} due, steady", rolecall(mode, todo, STEADY, DUE))
    yield {name: figure for name, figure in steady.items() if not name.endswith("acknowledged a second")}
    alone = rolecall(mode, acts(ALONE), Pace(1, until_replied=True))
    yield {
        f"{mode}: alone, reply, median, ms": (1000 * statistics.median(alone.replies), None, True),
        f"{mode}: alone, reply, p99, ms": (p99(alone.replies), None, True),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--commands", type=int, default=COMMANDS)
    arguments.add_argument("--only", choices=MODES)
    given = arguments.parse_args()
    found: dict[str, dict[str, float | bool | None]] = {}
    for mode in [given.only] if given.only else MODES:
        for figures in served(mode, given.commands):
            for name, (value, goal, less) in figures.items():
                ok = goal is None or (value <= goal if less else value >= goal)
                found[name] = {"value": round(value, 3), "goal": goal, "ok": ok}
                if not given.json:
                    aim = "" if goal is None else f"  (goal: {goal:.3g})"
                    print(f"{name:55} {value:>10.3f}{aim}{'' if ok else '  MISSED'}", flush=True)
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
