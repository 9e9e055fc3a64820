"""Whose turn it is, and how long a refusal counts."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.delivery import pacing
from bot.delivery.pacing import REFUSALS, WINDOW, in_turn, refused
from bot.door.invocation import Pace
from bot.store.buckets import Bucket
from bot.store.delivery import OutboxRow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HARD_LIMIT = 1_000
"""Refusals in ten minutes, in any of them, that must not be reached."""


def row(n: int, channel: str) -> OutboxRow:
    return OutboxRow(
        id=n,
        dedupe_key=f"k{n}",
        kind="verdict",
        member=None,
        bucket=channel,
        data={},
        state="ready",
        reason=None,
        not_before=NOON,
        expires_at=NOON + timedelta(days=1),
        attempt=0,
        sent_at=None,
        platform="slack",
        workspace="slack:T1",
    )


def free(rows: list[OutboxRow]) -> dict[str, Bucket]:
    names = {name for r in rows for name in (r.bucket, r.workspace, r.platform)}
    return {name: Bucket(name, NOON) for name in names}


def test_a_channel_gets_one_message_a_second() -> None:
    rows = [row(1, "a"), row(2, "a"), row(3, "b")]

    taken, _ = in_turn(rows, free(rows), {"slack": Pace(channel=1.0)}, NOON)

    assert [r.id for r in taken] == [1, 3]


def test_what_knows_no_limit_is_not_held_up() -> None:
    rows = [row(n, "a") for n in range(50)]

    taken, changed = in_turn(rows, free(rows), {"slack": Pace()}, NOON)

    assert taken == rows
    assert changed == []


def test_a_held_bucket_keeps_the_later_of_two_instants() -> None:
    held = pacing.held(pacing.held(Bucket("a", NOON), NOON + 5 * SECOND), NOON + 2 * SECOND)

    assert held.held_until == NOON + 5 * SECOND


@given(gaps=st.lists(st.floats(0, 3), min_size=1, max_size=60), length=st.floats(0.02, 0.5))
def test_on_the_average_a_platforms_rate_is_kept_however_often_it_is_asked(gaps: list[float], length: float) -> None:
    rows = [row(n, f"c{n}") for n in range(400)]
    pace, buckets, now = {"slack": Pace(platform=length)}, free(rows), NOON
    sent: list[datetime] = []
    for gap in gaps:
        taken, changed = in_turn(rows, buckets, pace, now)
        buckets |= {b.name: b for b in changed}
        sent += [now] * len(taken)
        rows = rows[len(taken) :]
        now += gap * SECOND

    for n, at in enumerate(sent):
        for window in (1.0, 10.0):
            seen = n + 1 - bisect_left(sent, at - window * SECOND)
            assert seen <= window / length + 1.0 / length + 2, "more than its rate and one second's worth"


@settings(max_examples=30)
@example(gaps=[(1, 599.0), (449, 1.0), (450, 0.0)])
@given(gaps=st.lists(st.tuples(st.integers(1, 1000), st.floats(0, 700)), min_size=1, max_size=5))
def test_refusals_stay_under_the_hard_limit_in_any_ten_minutes(gaps: list[tuple[int, float]]) -> None:
    platform, now = Bucket("slack", NOON), NOON
    times: list[datetime] = []
    for many, gap in gaps:
        for _ in range(many):
            if platform.held_until and platform.held_until > now:
                break
            times.append(now)
            platform = refused(platform, now)
        now += timedelta(seconds=gap)

    for n, at in enumerate(times):
        assert n + 1 - bisect_left(times, at - WINDOW + timedelta(microseconds=1)) < HARD_LIMIT


def test_after_its_window_a_platform_may_be_written_to_again() -> None:
    platform = Bucket("slack", NOON)
    for _ in range(REFUSALS):
        platform = refused(platform, NOON)
    assert platform.held_until == NOON + WINDOW

    assert refused(platform, NOON + WINDOW).refused == 1
