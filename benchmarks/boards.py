"""What a week's board costs in a large cohort, beside simpler ways to the same figures, in one run on one machine.

    python benchmarks/boards.py [--json] [--runs N]

MEMBERS learn in one cohort; the ledger holds ROWS rows, spread evenly over them and over WEEKS weeks. The board is that
of the last of these: all its queries, the rules, and names (`board`); the same and a member's own week, with two boards
in one look (`my week`). Beside it, in the same transaction: the rows of those weeks summed in Python (`naive`), and the
same queries without the covering index (`no index`). On a SQLite file and, where there is a server, on PostgreSQL.

`picture`: ten places, two of the most improved, a goal and thanks, drawn as PNG. Figures are medians of the runs, after
one that warms up.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa

from benchmarks.delivery import files_in, server
from bot.cohort_model import Cohort, Office, Preset
from bot.cohorts import standings, week_board, weeks
from bot.cohorts.weeks import Week
from bot.model import CohortId, MemberId
from bot.pictures.board import BoardPicture, draw
from bot.store import cohorts
from bot.store import standings as totals
from bot.store.cohort_tables import membership, points
from bot.store.session import Store, Tx, open_store
from bot.store.tables import member

MEMBERS = 5_000
ROWS = 1_000_000
WEEKS = 20
KINDS = ("due", "due", "new", "prompt", "correction")
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
NOW = BEGAN + timedelta(weeks=WEEKS, hours=9)
"""Monday at nine."""
COHORT = Cohort(CohortId("big"), "Big", Preset.STUDY_GROUP, "UTC", BEGAN)
LAST = weeks.before(COHORT, weeks.week_of(COHORT, NOW))
INDEX = "ix_points_member_id_booked_at"

Figures = dict[str, tuple[float, float | None]]
"""Figure -> value and goal; less is better."""


def fill(store: Store) -> None:
    chance = random.Random(7)
    ids = [f"{chance.getrandbits(64):016x}" for _ in range(MEMBERS)]
    person = {"zone": "UTC", "remind_at": time(9), "reminders": False, "paused": False, "joined_at": BEGAN}
    seat = {"cohort_id": COHORT.id, "role": Office.LEARNER.value, "on_board": True, "joined_at": BEGAN}
    with store.begin() as tx:
        cohorts.create(tx, COHORT)
        tx.execute(sa.insert(member), [{"id": id, "name": f"Member {id}", **person} for id in ids])
        tx.execute(sa.insert(membership), [{"id": f"s{id}", "member_id": id, **seat} for id in ids])
    for week in range(WEEKS):
        since = BEGAN + timedelta(weeks=week)
        answered = sorted(since + timedelta(seconds=chance.random() * 7 * 86_400) for _ in range(ROWS // WEEKS))
        rows = [
            {
                "member_id": chance.choice(ids),
                "item": f"{chance.getrandbits(64):016x}",
                "kind": chance.choice(KINDS),
                "day": at.date(),
                "earned_at": at,
                # one in twenty is graded by people, some of these after the board is final
                "booked_at": at + timedelta(hours=chance.random() * 200 if chance.random() < 0.05 else 0.01),
                "points": chance.randint(0, 14),
                "reason": "band",
                "rule": 1,
            }
            for at in answered
        ]
        with store.begin() as tx:
            tx.execute(sa.insert(points), rows)


def board(tx: Tx) -> object:
    """What a post needs."""
    return week_board.board_of(tx, week_board.look(tx, COHORT, LAST), NOW)


def my_week(tx: Tx) -> object:
    """What a member's private view needs of the totals."""
    found = week_board.look(tx, COHORT, weeks.week_of(COHORT, NOW), boards=2)
    own = totals.own(tx, found.tallies[0].member, week_board.spans(COHORT, found.weeks[:5]))
    return own, [week_board.board_of(tx, found, NOW, n) for n in (0, 1)]


def naive(tx: Tx) -> dict[Week, dict[MemberId, int]]:
    """The points of the same weeks by member, from rows that are summed here."""
    asked = weeks.weeks_until(COHORT, LAST, 1 + standings.HISTORY)
    learners = sa.select(membership.c.member_id).where(membership.c.cohort_id == COHORT.id)
    rows = sa.select(points.c.member_id, points.c.earned_at, points.c.booked_at, points.c.points).where(
        points.c.member_id.in_(learners), points.c.booked_at >= asked[-1].starts_at, points.c.booked_at < LAST.final_at
    )
    total: dict[Week, dict[MemberId, int]] = {week: defaultdict(int) for week in asked}
    for r in tx.execute(rows):
        for week in asked:
            if week.starts_at <= r.earned_at < week.ends_at and r.booked_at < week.final_at:
                total[week][r.member_id] += r.points
    return total


def took(tx: Tx, work: Callable[[Tx], object], runs: int) -> float:
    """Milliseconds."""
    work(tx)
    times = []
    for _ in range(runs):
        begun = perf_counter()
        work(tx)
        times.append(perf_counter() - begun)
    return 1000 * statistics.median(times)


def boards(where: str, place: str, runs: int, goal: float | None) -> Figures:
    with closing(open_store(place, upgrade=True)) as store:
        fill(store)
        with store.begin() as tx:
            tx.exec_driver_sql("ANALYZE points")
        with store.begin() as tx:
            ours, mine, theirs = took(tx, board, runs), took(tx, my_week, runs), took(tx, naive, runs)
        with store.begin() as tx:
            tx.exec_driver_sql(f"DROP INDEX {INDEX}")
            without = took(tx, board, 1)
    return {
        f"{where}: board, ms": (ours, goal),
        f"{where}: my week and two boards, ms": (mine, None),
        f"{where}: naive, ms": (theirs, None),
        f"{where}: board, ratio to naive": (ours / theirs, 0.5),
        f"{where}: no index, ms": (without, None),
        f"{where}: board, ratio to no index": (ours / without, 0.5),
    }


def picture(runs: int) -> Figures:
    full = BoardPicture(
        title="A cohort with a name of some length",
        subtitle="12 to 18 January 2026, provisional",
        places=tuple((n, f"Member number {n} of the cohort", 400 - 13 * n) for n in range(1, 11)),
        improved=(("Ana", None), ("Ben", None)),
        goal=(12_345, 15_000),
        note="Thank you for reading answers: Mia and Olga.",
    )
    times = []
    for _ in range(runs + 1):
        begun = perf_counter()
        draw(full)
        times.append(1000 * (perf_counter() - begun))
    return {"picture, first, ms": (times[0], 500.0), "picture, ms": (statistics.median(times[1:]), 500.0)}


def parts(runs: int) -> Iterator[Figures]:
    """Each part's figures, as soon as they are measured."""
    yield picture(runs)
    with files_in(Path(tempfile.gettempdir()))() as place:
        yield boards("sqlite", place, runs, 200.0)
    with server() as postgresql:
        if postgresql:
            with postgresql() as place:
                yield boards("postgresql", place, runs, None)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--runs", type=int, default=5, help="of which the median is taken")
    given = arguments.parse_args()
    found: dict[str, dict[str, float | bool | None]] = {}
    for figures in parts(given.runs):
        for name, (value, goal) in figures.items():
            ok = goal is None or value <= goal
            found[name] = {"value": round(value, 3), "goal": goal, "ok": ok}
            if not given.json:
                told = "" if goal is None else f"  (goal: {goal:.3g})"
                print(f"{name:40} {value:>10.3f}{told}{'' if ok else '  MISSED'}", flush=True)
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
