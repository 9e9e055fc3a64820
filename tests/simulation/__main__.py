"""Replays seeds: `python -m tests.simulation --seed 7 --members 100 --days 365`; many of them with `--seeds 500`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.oracle import broken
from tests.simulation.world import simulate


def command(seed: int, members: int, days: int) -> str:
    """What replays a seed."""
    return f"python -m tests.simulation --seed {seed} --members {members} --days {days}"


def main() -> int:
    """Exits with 1 where a promise was broken."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    which = asked.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="one seed")
    which.add_argument("--seeds", type=int, help="so many seeds")
    asked.add_argument("--from", dest="first", type=int, default=1, help="the first of them, to go on after a stop")
    asked.add_argument("--members", type=int, default=100)
    asked.add_argument("--days", type=int, default=365)
    given = asked.parse_args()
    seeds = [given.seed] if given.seed is not None else range(given.first, given.first + given.seeds)
    failed = 0
    for seed in seeds:
        began, used = time.monotonic(), time.process_time()
        outcome = simulate(seed, given.members, given.days)
        wrong = broken(outcome)
        failed += bool(wrong)
        print(
            f"seed {seed}: {len(outcome.ledger)} messages, {len(outcome.history.calls)} calls, "
            f"{len(wrong)} promises broken; "
            f"{time.monotonic() - began:.1f} s, {time.process_time() - used:.1f} s of CPU",
            flush=True,
        )
        for what in wrong[:20]:
            print(f"  {what}")
        if wrong:
            print(f"  replay: {command(seed, given.members, given.days)}", flush=True)
        if given.seed is not None:
            print("  " + ", ".join(f"{what} {n}" for what, n in sorted(outcome.happened.items())))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
