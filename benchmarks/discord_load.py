"""How fast `rolecall run` responds to Discord first, and how soon it has replied, beside a bot that says a constant.

    python benchmarks/discord_load.py [--json] [--commands N]

Members of one server use slash commands, and send in a form with an answer now and then. What plays Discord, its
gateway and its REST API, is a process of its own (`_discord_driver`, `_discord_platform`), and so is the bot, on a
SQLite file on disk with DUE members beside those who do something; both share the machine's cores. The bare bot is one
on discord.py that defers and edits, as the bot itself does.

- as fast as the first responses come, with 64 at a time that have none yet. That is faster than anybody can grant
  them, so what waits for its reply grows meanwhile, and with it the time until the reply;
- the same while the reminders of the DUE members are due in the same second: swept at once, and sent as fast as
  Discord allows;
- `alone`: a member at a time, who waits for the reply.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import _load
from benchmarks._discord_driver import load
from benchmarks._discord_platform import TOKEN, user_of
from benchmarks._load import Act, Figures, Pace, Run, members, p99
from benchmarks._members import fill
from benchmarks._wave import fresh

COMMANDS = 10_000
RATE, LONGEST = 150.0, 500.0
"""The goals: first responses a second, and the p99 until one, ms."""
FAST = Pace(64)
DUE = 10_000
ALONE = 100
SETTINGS = {
    "ROLECALL_DISCORD_TOKEN": TOKEN,
    "ROLECALL_DISCORD_BASE_URL": "{api}",
    "ROLECALL_SLACK_BOT_TOKEN": "",
    "ROLECALL_LLM_MODEL": "",
}
"""Environment variables."""


def acts(commands: int) -> list[Act]:
    """Those who are due are others."""
    return _load.acts(commands, lambda number: user_of(DUE + number))


def rolecall(commands: list[Act], pace: Pace, due: int = 0) -> Run:
    """On a database in which so many members are due now."""
    now = datetime.now(UTC)
    noon = f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"  # where it is noon, no hour is quiet
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = str(Path(folder, "bench.db"))
        fresh(_filled, place, DUE + members(len(commands)), due, now, noon)
        own = SETTINGS | {"ROLECALL_MAILBOX": folder}
        return fresh(load, [sys.executable, "-m", "bot", "run", "--db", place], own, commands, pace)


def _filled(place: str, count: int, due: int, at: datetime, zone: str) -> None:
    fill(place, count, due, at=at, zone=zone, platform="discord", user_of=user_of)


def bare(commands: list[Act], pace: Pace) -> Run:
    return fresh(load, [sys.executable, "-m", "benchmarks._discord_bare"], SETTINGS, commands, pace)


def told(where: str, run: Run, *, goals: bool = True) -> Figures:
    return _load.told(where, run, longest=LONGEST, rate=RATE, goals=goals)


def served(commands: int) -> Iterator[Figures]:
    todo = acts(commands)
    least = bare(todo, FAST)
    yield told("bare discord.py", least, goals=False)
    calm = rolecall(todo, FAST)
    yield told("discord", calm)
    yield {
        "discord: ack, p99, ratio to bare discord.py": (p99(calm.acks) / p99(least.acks), None, True),
        "discord: acknowledged a second, ratio to bare": (least.acking / calm.acking, None, False),
    }
    storm = rolecall(todo, FAST, DUE)
    yield told(f"discord, {DUE} due", storm, goals=False)
    yield {f"discord, {DUE} due: reminders sent meanwhile": (storm.pushes, None, False)}
    yield _load.alone("discord", rolecall(acts(ALONE), Pace(1, until_replied=True)))


def main() -> None:
    given = _load.arguments(__doc__, COMMANDS).parse_args()
    _load.show(served(given.commands), as_json=given.json)


if __name__ == "__main__":
    main()
