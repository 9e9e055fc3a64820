"""What a member waits for: from the cold start to the first prompt, and for each reply on a large database.

    python benchmarks/play.py [--json] [--attempts N]

Start: `rolecall play` in a process of its own, piped `start`, until the first problem is printed; median of 5,
the operating system's file cache warm, Python's byte code compiled. Beside it the bare import of SQLAlchemy,
the largest part that is not ours. Replies: p95 over 200 members of `practice` and `answer` on a SQLite file
with N attempts (default 100,000), synchronous commits on; beside it the same on an empty file. Memory: the
process's peak resident size after those replies.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.door import intents as i
from bot.model import Band
from bot.store import tables
from tests.talk import MONDAY, Talk, talk

START_GOAL, REPLY_GOAL, MEMORY_GOAL = 1.5, 30.0, 120.0


def seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def start_seconds() -> tuple[float, float]:
    """Seconds from the process's start to the first problem, and of a process that only imports SQLAlchemy."""

    def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            begun = subprocess.Popen(
                [sys.executable, "-m", "bot", "play", "--plain", "--db", f"{folder}/play.db"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
            )
            assert begun.stdin
            assert begun.stdout
            begun.stdin.write(b"start\n")
            begun.stdin.flush()
            while b"[1] Answer" not in (line := begun.stdout.readline()):
                assert line, "no prompt came"
            times.append(time.perf_counter() - at)
            begun.communicate()

    times: list[float] = []
    for _ in range(6):
        at = time.perf_counter()
        play()
    bare = [seconds(lambda: subprocess.run([sys.executable, "-c", "import sqlalchemy"], check=True)) for _ in range(5)]
    return statistics.median(times[1:]), statistics.median(bare)


def fill(chat: Talk, attempts: int) -> None:
    """Writes attempts of 1,000 other members straight into the tables, as practice would have left them."""
    problems = list(chat.world.rolecall.bank.problems.values())
    people = [f"m{n:031d}" for n in range(1000)]
    member = {"zone": "UTC", "remind_at": MONDAY.time(), "reminders": False, "paused": False, "joined_at": MONDAY}
    with chat.tx() as tx:
        tx.execute(tables.member.insert(), [{"id": p, "name": p, **member} for p in people])
        for begin in range(0, attempts, 10_000):
            log, servings, done = [], [], []
            for n in range(begin, min(attempts, begin + 10_000)):
                who, problem, id = people[n % 1000], problems[(n // 1000) % len(problems)], f"s{n:031d}"
                at = MONDAY - timedelta(days=200) + timedelta(seconds=n)
                log.append(
                    {"member_id": who, "kind": "answered", "at": at, "serving_id": id, "data": {"text": "x" * 400}}
                )
                common = {"member_id": who}
                servings.append(
                    common
                    | {"id": id, "problem_id": problem.id, "version": 1, "variant": "v1", "origin": "new", "hints": 0}
                    | {
                        "revealed": False,
                        "number": n,
                        "served_at": at,
                        "expires_at": at,
                        "closed_at": at,
                        "concept": None,
                    }
                )
                done.append(
                    common
                    | {"serving_id": id, "text": "x" * 400, "answered_at": at, "assessment": {}, "score": 0.5}
                    | {"band": Band.LEAN_HIRE, "lowest": Band.LEAN_HIRE, "highest": Band.LEAN_HIRE}
                    | {"provisional": False, "by_learner": False}
                )
            tx.execute(tables.log.insert(), log)
            tx.execute(tables.serving.insert(), servings)
            tx.execute(tables.attempt.insert(), done)


def reply_ms(folder: Path, attempts: int) -> tuple[float, float]:
    """p95 of `practice` and of `answer`, in milliseconds."""
    practice, answer = [], []
    with talk(folder, db=f"{attempts}.db") as chat:
        fill(chat, attempts)
        for n in range(200):
            name = f"Learner {n}"
            chat.settled(name)
            wish = i.SubmitAnswer(answer=chat.strong(name))
            answer.append(seconds(lambda name=name, wish=wish: chat.say(name, wish)))  # type: ignore[misc]
            practice.append(seconds(lambda name=name: chat.say(name, i.Practice())))  # type: ignore[misc]
    return _p95(practice), _p95(answer)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--attempts", type=int, default=100_000)
    given = arguments.parse_args()
    start, bare = start_seconds()
    with tempfile.TemporaryDirectory() as folder:
        empty = reply_ms(Path(folder), 0)
        large = reply_ms(Path(folder), given.attempts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures: dict[str, tuple[float, float | None]] = {
        "start_to_first_prompt_s": (start, START_GOAL),
        "start_over_bare_sqlalchemy_import": (start / bare, None),
        "practice_p95_ms": (large[0], REPLY_GOAL),
        "answer_p95_ms": (large[1], REPLY_GOAL),
        "practice_over_empty_file": (large[0] / empty[0], None),
        "answer_over_empty_file": (large[1] / empty[1], None),
        "resident_mb": (memory, MEMORY_GOAL),
    }
    found = {
        name: {"value": round(value, 3), "goal": goal, "ok": goal is None or value <= goal}
        for name, (value, goal) in figures.items()
    }
    if given.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        goal = "" if figure["goal"] is None else f"  (goal: at most {figure['goal']})"
        print(f"{name:36} {figure['value']:>10}{goal}{'' if figure['ok'] else '  MISSED'}")


if __name__ == "__main__":
    main()
