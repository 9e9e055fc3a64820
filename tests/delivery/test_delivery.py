"""A reminder is never lost, and sent twice only where the platform cannot be asked. A real Rolecall, one member."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.cli.compose import tick
from bot.delivery import outbox
from bot.delivery.sweep import sweep
from bot.door import intents as i
from bot.door.invocation import CannotAskError
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, TryLater, Unreachable
from bot.store import delivery as rows
from bot.store import schedules
from tests.talk import DAY, Inbox, Talk

HOUR = timedelta(hours=1)
CLOSED = ("dead", "the platform does not let me write to you")


@pytest.fixture
def due(chat: Talk) -> Talk:
    """Ana, whose reminder falls due in some days at nine, and who wants no summaries."""
    learner(chat, "Ana")
    return chat


def learner(chat: Talk, name: str, time: str = "09:00", quiet: str = "none") -> None:
    chat.settled(name, time=time)
    chat.say(name, i.SaveReminders(summary="no", quiet=quiet))
    chat.say(name, i.Skip())


def states(chat: Talk) -> list[tuple[str, str | None]]:
    return [(r["state"], r["reason"]) for r in chat.kept("Ana")["outbox"] if r["kind"] == "review_due"]


def reached(chat: Talk) -> set[str]:
    return {p.to.account.user_id for p in chat.inbox.pushes if isinstance(p.to, DirectMessage)}


def meanwhile(chat: Talk, happens: Callable[[], object]) -> None:
    """Something that happens once, while the next message is on its way."""
    kind = chat.inbox.__class__

    class Watching(kind):  # type: ignore[misc, valid-type]
        async def deliver(self, push: Push) -> Delivery:
            chat.inbox.__class__ = kind
            await asyncio.to_thread(happens)
            return await Inbox.deliver(self, push)

    chat.inbox.__class__ = Watching


def test_one_row_a_local_date_however_often_the_sweep_runs(due: Talk) -> None:
    due.world.wait(3 * DAY)
    for _ in range(5):
        sweep(due.world.rolecall.store, due.world.now())

    assert len(states(due)) == 3


def test_a_platform_that_is_busy_is_asked_again_later(due: Talk) -> None:
    due.inbox.refuses = TryLater(6 * 3600)
    due.world.wait(2 * DAY)
    assert due.inbox.pushes == []
    assert states(due)[-1] == ("ready", None)

    due.inbox.refuses = None
    due.world.wait(6 * HOUR)

    assert len(due.inbox.pushes) == 1


def test_a_closed_door_ends_in_the_ledger_and_is_knocked_at_no_more(due: Talk) -> None:
    due.inbox.refuses = Unreachable("closed DMs")
    due.world.wait(20 * DAY)

    assert [s for s in states(due) if s[0] != "skipped"] == [CLOSED]
    assert due.kept("Ana")["member"][0]["paused"]


def test_an_answer_that_was_lost_on_the_way_back_is_looked_up_and_not_repeated(due: Talk) -> None:
    due.inbox.failing = ConnectionResetError("the answer was lost")
    due.until_pushed()
    due.world.wait(HOUR)

    assert len(due.inbox.pushes) == 1
    assert states(due)[-1][0] == "sent"


def test_where_the_platform_cannot_be_asked_one_late_duplicate_is_preferred_to_a_loss(due: Talk) -> None:
    class Mute(type(due.inbox)):  # type: ignore[misc]
        async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
            raise CannotAskError

    due.inbox.__class__ = Mute
    due.inbox.failing = ConnectionResetError("the answer was lost")
    due.until_pushed()
    due.world.wait(HOUR)

    first, again = due.inbox.pushes
    assert first == again, "word for word"
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
    due.world.wait(HOUR)

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
    later = due.world.now() + 6 * DAY
    due.world.rolecall.clock = lambda: later

    asyncio.run(tick(due.world.rolecall, {}, "one"))
    assert states(due) == [("ready", None)]

    asyncio.run(tick(due.world.rolecall, {"terminal": due.inbox}, "two"))
    assert len(due.inbox.pushes) == 1


def test_a_schedule_whose_zone_vanished_goes_on_by_utc(due: Talk) -> None:
    learner(due, "Ben")
    ana = due.member("Ana")
    with due.tx() as tx:
        tx.exec_driver_sql(f"UPDATE schedule SET zone = 'Mars/Base' WHERE member_id = '{ana}'")
        tx.exec_driver_sql(f"UPDATE member SET zone = 'Mars/Base' WHERE id = '{ana}'")

    due.until_pushed()

    assert reached(due) == {"ana", "ben"}


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


def test_a_reminder_under_way_when_its_member_pauses_arrives_and_none_comes_after_it(due: Talk) -> None:
    rolecall = due.world.rolecall
    meanwhile(due, lambda: rolecall.reply_to(due.invocation("Ana", i.Pause(), key="pausing")))
    due.until_pushed()
    due.world.wait(30 * DAY)

    assert len(due.inbox.pushes) == 1
    assert ("sent", None) in states(due)


def test_a_member_who_deletes_everything_while_a_reminder_is_under_way_leaves_nothing_and_holds_up_nobody(
    due: Talk,
) -> None:
    learner(due, "Ben")
    rolecall, ana = due.world.rolecall, due.member("Ana")
    due.say("Ben", i.Pause())
    meanwhile(due, lambda: rolecall.reply_to(due.invocation("Ana", i.Delete(confirm="yes"), key="leaving")))
    due.until_pushed()
    due.say("Ben", i.Resume())
    due.world.wait(10 * DAY)

    assert reached(due) == {"ana", "ben"}
    assert [p for p in due.inbox.pushes if isinstance(p.to, DirectMessage) and p.to.member == ana] == due.inbox.pushes[
        :1
    ]
    with due.tx() as tx:
        assert schedules.schedule_of(tx, ana, "review_due") is None


def test_a_member_who_deletes_everything_between_two_ticks_gets_nothing_more(due: Talk) -> None:
    due.until_pushed()
    due.say("Ana", i.Delete(confirm="yes"))
    due.world.wait(20 * DAY)

    assert len(due.inbox.pushes) == 1


def test_quiet_hours_that_begin_between_claim_and_sending_put_it_off_to_their_end(
    chat: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner(chat, "Ana", time="21:59", quiet="22:00-23:00")
    claim, rolecall = rows.claim, chat.world.rolecall
    evening = chat.cards("Ana")[0].due_at.replace(hour=21, minute=59, second=0, microsecond=0)
    chat.world.wait(evening - HOUR - chat.world.now())
    now = evening

    def claim_slowly(*args: Any) -> None:
        nonlocal now
        claim(*args)
        now = evening + timedelta(minutes=2)

    monkeypatch.setattr(rows, "claim", claim_slowly)
    rolecall.clock = lambda: now
    asyncio.run(tick(rolecall, {"terminal": chat.inbox}, "one"))
    assert chat.inbox.pushes == []
    assert states(chat)[-1] == ("ready", None)

    monkeypatch.undo()
    now = evening.replace(hour=22, minute=59)
    asyncio.run(tick(rolecall, {"terminal": chat.inbox}, "two"))
    assert chat.inbox.pushes == []
    now = evening.replace(hour=23, minute=0)
    asyncio.run(tick(rolecall, {"terminal": chat.inbox}, "three"))

    assert len(chat.inbox.pushes) == 1
