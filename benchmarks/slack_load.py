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

import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import _load
from benchmarks._load import Act, Figures, Pace, Run, members, p99
from benchmarks._members import fill, name_of
from benchmarks._slack_driver import SECRET, Mode, load
from benchmarks._slack_platform import TEAM
from benchmarks._wave import fresh

COMMANDS = 10_000
RATE = 300.0
FAST, STEADY = Pace(64), Pace(64, a_second=RATE)
DUE = 10_000
ALONE = 100
MODES: tuple[Mode, ...] = ("socket", "http")

LONGEST = 250.0
"""The goal for an acknowledgement, ms."""


def acts(commands: int) -> list[Act]:
    """Those who are due are others."""
    return _load.acts(commands, lambda number: name_of(DUE + number))


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


def told(where: str, run: Run, *, goals: bool = True) -> Figures:
    return _load.told(where, run, longest=LONGEST, rate=RATE, goals=goals)


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
    yield _load.alone(mode, rolecall(mode, acts(ALONE), Pace(1, until_replied=True)))


def main() -> None:
    arguments = _load.arguments(__doc__, COMMANDS)
    arguments.add_argument("--only", choices=MODES)
    given = arguments.parse_args()
    modes: Iterable[Mode] = [given.only] if given.only else MODES
    _load.show((figures for mode in modes for figures in served(mode, given.commands)), as_json=given.json)


if __name__ == "__main__":
    main()
