"""A reminder is never lost, and sent twice only where the platform cannot be asked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.cli.compose import tick
from bot.delivery import outbox
from bot.delivery.sweep import sweep
from bot.door import intents as i
from bot.door.messages import DirectMessage, Push, Sent, TryLater, Unreachable
from bot.store.delivery import OutboxRow
from tests.talk import DAY, Talk


@pytest.fixture
def due(chat: Talk) -> Talk:
    """Ana, whose reminder falls due in some days at nine."""
    chat.settled("Ana")
    chat.say("Ana", i.Skip())
    return chat


def states(chat: Talk) -> list[tuple[str, str | None]]:
    return [(r["state"], r["reason"]) for r in chat.kept("Ana")["outbox"] if r["kind"] == "review_due"]


def test_one_row_a_local_date_however_often_the_sweep_runs(due: Talk) -> None:
    due.world.wait(3 * DAY)
    for _ in range(5):
        sweep(due.world.rolecall.store, due.world.now())

    assert len(states(due)) == 3


def test_days_that_were_slept_through_are_merged_into_the_latest(due: Talk) -> None:
    later = due.world.now() + 30 * DAY + timedelta(hours=3)

    assert sweep(due.world.rolecall.store, later) == 1

    planned = due.kept("Ana")["schedule"][0]
    assert planned["due_at"] == due.world.now() + 31 * DAY


def test_a_platform_that_is_busy_is_asked_again_later(due: Talk) -> None:
    due.inbox.refuses = TryLater(90)
    due.world.wait(6 * DAY)
    assert due.inbox.pushes == []

    due.inbox.refuses = None
    due.world.wait(timedelta(minutes=2))

    assert len(due.inbox.pushes) == 1


def test_a_closed_door_ends_in_the_ledger_with_its_reason(due: Talk) -> None:
    due.inbox.refuses = Unreachable("closed DMs")
    due.world.wait(6 * DAY)

    assert states(due)[-1] == ("dead", "the platform does not let me write to you")


def test_an_answer_that_was_lost_on_the_way_back_is_looked_up_and_not_repeated(due: Talk) -> None:
    due.inbox.failing = ConnectionResetError("the answer was lost")
    due.until_pushed()
    due.world.wait(timedelta(hours=1))

    assert len(due.inbox.pushes) == 1
    assert states(due)[-1][0] == "sent"


def test_where_the_platform_cannot_be_asked_one_late_duplicate_is_preferred_to_a_loss(due: Talk) -> None:
    class Mute(type(due.inbox)):  # type: ignore[misc]
        async def find(self, key: str) -> Sent | None:
            raise LookupError

    due.inbox.__class__ = Mute
    due.inbox.failing = ConnectionResetError("the answer was lost")
    due.until_pushed()
    due.world.wait(timedelta(hours=1))

    assert [p.key for p in due.inbox.pushes] == [due.inbox.pushes[0].key] * 2
    assert states(due)[-1][0] == "sent"


def test_a_message_caught_in_a_crash_is_looked_up_by_the_next_process(due: Talk) -> None:
    class Killed(BaseException):
        """The process dies in the middle of the call."""

    class Dying(type(due.inbox)):  # type: ignore[misc]
        async def deliver(self, push: Push) -> Sent:
            self.pushes.append(push)
            raise Killed

    due.inbox.__class__, kind = Dying, due.inbox.__class__
    with pytest.raises(Killed):
        due.until_pushed()
    due.inbox.__class__ = kind
    assert states(due)[-1][0] == "sending"

    due.world.restart()
    due.world.wait(DAY / 24)

    assert len(due.inbox.pushes) == 1
    assert states(due)[-1][0] == "sent"


def test_two_processes_share_the_work_without_doubling_it(due: Talk) -> None:
    later = due.world.now() + 6 * DAY
    due.world.rolecall.clock = lambda: later

    async def both() -> None:
        gateways = {"terminal": due.inbox}
        await asyncio.gather(*(tick(due.world.rolecall, gateways, owner) for owner in ("one", "two")))

    asyncio.run(both())

    assert len(due.inbox.pushes) == 1


def test_a_row_of_a_platform_that_is_not_here_waits_for_it(due: Talk) -> None:
    later = due.world.now() + 4 * DAY
    due.world.rolecall.clock = lambda: later

    asyncio.run(tick(due.world.rolecall, {}, "one"))

    assert states(due)[-1] == ("ready", "its platform is not running here")


def test_a_row_that_cannot_be_written_stands_in_nobodys_way(due: Talk) -> None:
    due.settled("Ben")
    rolecall, broken = due.world.rolecall, due.member("Ana")
    say = rolecall.push_for

    def push_for(row: OutboxRow, now: datetime) -> Push | outbox.Skip | outbox.Later:
        if row.member == broken:
            raise KeyError("poison")
        return say(row, now)

    rolecall.push_for = push_for  # type: ignore[method-assign]
    due.until_pushed()

    assert {p.to.account.user_id for p in due.inbox.pushes if isinstance(p.to, DirectMessage)} == {"ben"}
    due.world.wait(DAY)
    assert ("dead", "it could not be written") in states(due)


def test_a_broken_schedule_stands_in_nobodys_way(due: Talk) -> None:
    due.settled("Ben")
    ana = due.member("Ana")
    with due.tx() as tx:
        tx.exec_driver_sql(f"UPDATE schedule SET zone = 'Mars/Base' WHERE member_id = '{ana}'")

    due.until_pushed()

    assert {p.to.account.user_id for p in due.inbox.pushes if isinstance(p.to, DirectMessage)} == {"ben"}


def test_after_a_long_sleep_there_is_one_reminder_not_two(due: Talk) -> None:
    later = due.world.now() + 6 * DAY - timedelta(minutes=2)
    due.world.rolecall.clock = lambda: later
    asyncio.run(tick(due.world.rolecall, {"terminal": due.inbox}, "one"))
    due.world.rolecall.clock = lambda: later + timedelta(minutes=2)
    asyncio.run(tick(due.world.rolecall, {"terminal": due.inbox}, "one"))

    assert len(due.inbox.pushes) == 1


def test_a_key_is_put_once(due: Talk) -> None:
    member = due.member("Ana")
    with due.tx() as tx:
        put = [outbox.put(tx, key="k", kind="verdict", member=member, now=due.world.now()) for _ in range(2)]

    assert put == [True, False]
