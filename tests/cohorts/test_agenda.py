"""What is due for cohorts gets done: for old ones too, once, and whatever happens to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cohort_model import Cohort, Entry, Preset
from bot.cohorts import agenda as due
from bot.cohorts import prompting
from bot.cohorts.timetable import Task
from bot.model import CohortId
from bot.store import agenda, cohorts
from tests.cohorts.group import group
from tests.talk import DAY, Talk


def tick(chat: Talk) -> int:
    world = chat.world
    return due.tick(world.rolecall.store, world.rolecall.bank, world.new_key, world.now())


def test_a_cohort_that_an_operator_made_gets_what_every_cohort_has(chat: Talk) -> None:
    made = Cohort(CohortId("c1"), "Spring", Preset.STUDY_GROUP, "UTC", chat.world.now())
    with chat.tx() as tx:
        cohorts.create(tx, made)

    tick(chat)
    tick(chat)

    with chat.tx() as tx:
        assert [e.kind for e in agenda.of_cohort(tx, made.id)] == ["silent", "midweek", "board"]


def test_what_fails_is_put_off_and_stands_in_nobody_elses_way(chat: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    one, now = group(chat), chat.world.now()
    other = group(chat, "Pia", ("Cyd",), name="Autumn", channel="#autumn")
    with chat.tx() as tx:
        for of in (one, other):
            agenda.keep(tx, Entry(of.id, "close:p1", now))
    done: list[CohortId] = []

    def close(task: Task) -> None:
        if task.cohort.id == one.id:
            raise LookupError("the prompt is broken")
        done.append(task.cohort.id)

    monkeypatch.setattr(due, "DONE_BY", {**due.DONE_BY, "close": close})
    tick(chat)

    assert done == [other.id]
    with chat.tx() as tx:
        left = agenda.entry_of(tx, one.id, "close:p1")
        assert left is not None
        assert left.due_at == now + due.PUT_OFF
        assert agenda.entry_of(tx, other.id, "close:p1") is None


def test_an_archived_cohort_is_left_alone(chat: Talk) -> None:
    made, now = group(chat), chat.world.now()
    known = made.cohort
    with chat.tx() as tx:
        cohorts.save(tx, replace(known, archived_at=now))
        agenda.keep(tx, Entry(made.id, prompting.PROMPT, now - timedelta(hours=1)))

    assert tick(chat) == 0


def test_a_date_is_used_once_whatever_becomes_of_the_clock(chat: Talk) -> None:
    """What falls due on a Monday is next due a week later, also where the tick comes late."""
    made = group(chat)
    with chat.tx() as tx:
        before = agenda.entry_of(tx, made.id, "board")
    assert before is not None
    chat.world.wait(before.due_at - chat.world.now() + 2 * DAY)

    with chat.tx() as tx:
        after = agenda.entry_of(tx, made.id, "board")
    assert after is not None
    assert after.last_local_date == before.next_local_date
    assert after.due_at - before.due_at == 7 * DAY
