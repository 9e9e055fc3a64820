"""The wall clock jumps or drifts: no message is repeated, and none is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.delivery import recovery, sending
from bot.delivery.sweep import sweep
from bot.door.messages import Delivery, Push
from bot.store.session import Store
from tests.faults.life import words
from tests.faults.scene import EARLY, Scene
from tests.faults.server import NAME, Line

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAYS = 4


def run(scene: Scene, jump_at: datetime, jump: timedelta, drift: float = 1.0, *, slow: bool = False) -> Counter[str]:
    """Some days of hourly ticks; the clock jumps once, or goes too fast or too slow. How often each key was taken."""
    now, jumped = EARLY, False

    class Jumping(Line):
        async def deliver(self, push: Push) -> Delivery:
            nonlocal now, jumped
            if slow and not jumped and now >= jump_at:
                now, jumped = now + jump, True
            return await super().deliver(push)

    def clock() -> datetime:
        return now

    with scene.store() as store:
        line = Jumping(scene.platform.socket)
        while now < EARLY + DAYS * DAY:
            if not slow and not jumped and now >= jump_at:
                now, jumped = now + jump, True
            sweep(store, now)
            asyncio.run(_send(store, line, clock))
            now += HOUR * drift
    return scene.platform.keys


async def _send(store: Store, line: Line, clock: Callable[[], datetime]) -> None:
    await recovery.ask_after(store, {NAME: line}, clock=clock, owner="one")
    await sending.drain(store, {NAME: line}, words, clock=clock, owner="one")


@pytest.fixture
def few(on_file: Scene) -> Scene:
    """Three people are enough."""
    with on_file.store() as store, store.begin() as tx:
        tx.exec_driver_sql("DELETE FROM member WHERE id > 'm00002'")
    return on_file


def dates(keys: Counter[str]) -> set[str]:
    return {key.rpartition(":")[2] for key in keys}


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY], ids=["+1h", "-1h", "+1d", "-1d"])
@pytest.mark.parametrize(
    "hour",
    [
        pytest.param(0.9, id="just before", marks=pytest.mark.slow),
        pytest.param(1.1, id="just after"),
        pytest.param(5.0, id="hours after", marks=pytest.mark.slow),
    ],
)
def test_a_jump_repeats_nothing_and_loses_no_date_that_came(few: Scene, jump: timedelta, hour: float) -> None:
    keys = run(few, EARLY + DAY + hour * HOUR, jump)

    assert set(keys.values()) == {1}
    wanted = {f"2026-03-{2 + n:02}" for n in range(DAYS)}
    if jump == DAY:  # a date that the clock left out may have none: its hour never came, or is merged into the next
        assert wanted - dates(keys) <= {"2026-03-03", "2026-03-04"}
        assert len(wanted - dates(keys)) <= 1
    else:
        assert dates(keys) == wanted
    assert few.states().keys() == {"sent"}


@pytest.mark.parametrize("jump", [HOUR, pytest.param(-HOUR, marks=pytest.mark.slow), DAY, -DAY], ids=str)
def test_a_jump_between_sending_and_marking_repeats_nothing(few: Scene, jump: timedelta) -> None:
    keys = run(few, EARLY + DAY, jump, slow=True)

    assert set(keys.values()) == {1}
    assert few.states()["sent"] == len(keys)
    assert few.states().total() - few.states()["sent"] <= (2 if jump == DAY else 0), "what a lost day made useless"


@pytest.mark.parametrize("drift", [0.97, 1.03])
def test_a_clock_that_drifts_sends_one_for_each_date(few: Scene, drift: float) -> None:
    keys = run(few, EARLY + 99 * DAY, HOUR, drift)

    assert dates(keys) == {f"2026-03-{2 + n:02}" for n in range(DAYS)}
    assert set(keys.values()) == {1}
