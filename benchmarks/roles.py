"""How long matching, lookups and decoding take, and how often the matcher names the role that two raters chose.

    python benchmarks/roles.py [--json]

One match is the median over the sheets of tests/roles; 20,000 sheets are random ones, matched one after the other.
Lookups are whole replies of a real Rolecall on a SQLite file, the slowest command's median; the posting has 9,000
characters. The shares are measured on data/match_sheets.yaml, which the matcher was not tuned on.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import yaml

from bot.catalogue import load
from bot.door.commands import parse
from bot.roles.decoding import decode
from bot.roles.matching import match
from bot.roles.sheet import sheet_from
from tests.roles.test_matching import random_sheet
from tests.talk import talk

SHEETS = Path(__file__).parents[1] / "tests" / "roles"
MANY = 20_000
HELD_OUT = Path(__file__).parent / "data" / "match_sheets.yaml"
LOOKUPS = (
    "role about",
    "role about agents",
    "role about mle",
    "role compare mle ai engineer",
    "role loop mlops",
    "role level data engineer",
    "role salary ai engineer seattle",
    "role market",
    "role market finance",
)


def seconds(action: Callable[[], object]) -> float:
    begun = perf_counter()
    action()
    return perf_counter() - begun


def measure() -> dict[str, dict[str, float | bool]]:
    """Figure -> value, goal and whether the goal is met."""
    landscape = load().landscape
    listed = yaml.safe_load((SHEETS / "personas.yaml").read_text(encoding="utf-8"))["personas"]
    sheets = [sheet_from(p["answers"]) for p in listed]
    one = statistics.median(seconds(partial(match, s, landscape)) for s in sheets * 5)
    rng = random.Random(1)
    many = [random_sheet(rng) for _ in range(MANY)]
    all_of_them = seconds(lambda: [match(s, landscape) for s in many])
    labelled = yaml.safe_load(HELD_OUT.read_text(encoding="utf-8"))["personas"]
    ranked = [[s.role for s in match(sheet_from(p["answers"]), landscape).ranking[:2]] for p in labelled]
    wanted = [set(p["expect_first"]) for p in labelled]
    first = sum(two[0] in want for two, want in zip(ranked, wanted, strict=True)) / len(labelled)
    either = sum(bool(want & set(two)) for two, want in zip(ranked, wanted, strict=True)) / len(labelled)
    texts = [p["text"] for p in yaml.safe_load((SHEETS / "postings.yaml").read_text(encoding="utf-8"))]
    long = "\n".join(texts)[:9_000]
    posting = statistics.median(seconds(lambda: decode(long, landscape.postings)) for _ in range(7))
    with tempfile.TemporaryDirectory() as scratch, talk(Path(scratch), start=datetime(2026, 11, 21, tzinfo=UTC)) as t:
        wishes = [parse(line, t.world.rolecall.vocabulary) for line in LOOKUPS]
        t.say("Ana", wishes[0])
        slowest = max(
            statistics.median(seconds(partial(t.world.rolecall.reply_to, t.invocation("Ana", wish))) for _ in range(9))
            for wish in wishes
        )
    found = {
        "match_ms": (one * 1000, 2.0),
        f"match_{MANY}_s": (all_of_them, 20.0),
        "slowest_lookup_ms": (slowest * 1000, 20.0),
        "decode_9000_ms": (posting * 1000, 50.0),
    }
    shares = {"held_out_first": (first, 0.85), "held_out_top_two": (either, 1.0)}
    return {
        **{n: {"value": round(value, 2), "goal": goal, "ok": value <= goal} for n, (value, goal) in found.items()},
        **{n: {"value": round(value, 3), "goal": goal, "ok": value >= goal} for n, (value, goal) in shares.items()},
    }


def main() -> None:
    figures = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:<20} {figure['value']:>8} {figure['goal']:>8}  {'ok' if figure['ok'] else 'MISSED'}")


if __name__ == "__main__":
    main()
