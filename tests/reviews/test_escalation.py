"""Answers that wait too long: those who may decide hear of it each working day for a week, and nobody hears twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.door import intents as i
from bot.model import State
from bot.reviews.escalation import escalate
from bot.reviews.notice import WORK
from tests.reviews.room import Room, room
from tests.talk import DAY


def days_told(hall: Room, name: str) -> list[int]:
    """The days since Monday (0) for which somebody was told of work."""
    return sorted({int(p.key[-2:]) - 5 for p in hall.pushed(name, WORK)})


def test_a_mentor_is_told_each_day_for_a_week_while_an_answer_is_overdue(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.answers("Ana", c0=State.UNSURE)

    hall.chat.world.wait(20 * DAY)

    assert days_told(hall, "Maya") == [1, 3, 4, 5, 6, 7, 8, 9]
    assert len(hall.pushed("Maya", WORK)) == 8


def test_the_daily_word_ends_with_the_decision(hall: Room) -> None:
    hall.office("Maya", "mentor")
    serving, _ = hall.answers("Ana", c0=State.UNSURE)
    hall.chat.world.wait(4 * DAY)

    hall.judges("Maya", hall.ticket(serving), "met:0")
    hall.chat.world.wait(10 * DAY)

    assert days_told(hall, "Maya") == [1, 3, 4]


def test_a_mentor_who_comes_back_from_a_pause_hears_of_what_is_still_overdue(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.office("Noor", "mentor")
    hall.answers("Ana", c0=State.UNSURE)
    hall.chat.say("Maya", i.Pause("5"))

    hall.chat.world.wait(8 * DAY)

    assert days_told(hall, "Maya") == [6, 7, 8]


def test_work_is_told_on_the_mentors_own_days(hall: Room) -> None:
    hall.office("Maya", "mentor")
    hall.chat.say("Maya", i.SaveReminders(days="Wed Fri"))
    hall.answers("Ana", c0=State.UNSURE)

    hall.chat.world.wait(14 * DAY)

    assert days_told(hall, "Maya") == [2, 4, 9]


def test_two_workers_at_once_tell_everybody_once(tmp_path: Path, postgres_store: str) -> None:
    with room(tmp_path, db=postgres_store) as hall:
        hall.office("Maya", "mentor")
        for n in range(5):
            hall.answers(f"Ana{n}", f"Answer {n} reads the logs first. Then it counts.", c0=State.UNSURE)
        store, late = hall.chat.world.rolecall.store, hall.chat.world.now() + 3 * DAY

        with ThreadPoolExecutor(2) as workers:
            marked = list(workers.map(lambda _: escalate(store, late), range(2)))

        assert sum(marked) == 5
        assert escalate(store, late) == 0
        told = [r["dedupe_key"] for r in hall.chat.kept("Maya")["outbox"] if r["kind"] == WORK]
        assert len(told) == len(set(told)) == 2
