"""What is due for cohorts gets done: for old ones too, once, and whatever happens to others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.cohort_model import Cohort, Entry, Preset
from bot.cohorts import agenda as due
from bot.cohorts import timetable
from bot.cohorts.timetable import Task
from bot.door import cohort_intents as c
from bot.errors import StoreError
from bot.model import CohortId
from bot.store import agenda, cohorts, prompts
from tests.cohorts.group import Group, group
from tests.cohorts.test_boards import SEVEN, all_earn, standing, until
from tests.talk import DAY, Talk, talk


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


def test_it_gets_that_also_where_prompts_were_planned_first(chat: Talk) -> None:
    made = Cohort(CohortId("c1"), "Spring", Preset.STUDY_GROUP, "UTC", chat.world.now())
    with chat.tx() as tx:
        cohorts.create(tx, made)
        timetable.plan(tx, made, "prompt", time(9), (0,), chat.world.now())

    tick(chat)

    with chat.tx() as tx:
        assert {e.kind for e in agenda.of_cohort(tx, made.id)} == {"prompt", "silent", "midweek", "board"}


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


def test_what_somebody_else_has_done_meanwhile_is_not_done_again(chat: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first fails; before it puts the entry off, another worker does it."""
    made, now = group(chat), chat.world.now()
    with chat.tx() as tx:
        agenda.keep(tx, Entry(made.id, "close:p1", now))
    done: list[CohortId] = []

    def close(task: Task) -> None:
        done.append(task.cohort.id)
        if len(done) == 1:
            raise LookupError("the prompt is broken")

    def by_another(*_: object, **__: object) -> None:
        tick(chat)

    monkeypatch.setattr(due, "DONE_BY", {**due.DONE_BY, "close": close})
    monkeypatch.setattr(due, "log", Mock(exception=by_another))
    tick(chat)

    assert len(done) == 2
    with chat.tx() as tx:
        assert agenda.entry_of(tx, made.id, "close:p1") is None


def test_of_an_archived_cohort_only_what_was_begun_is_finished(chat: Talk) -> None:
    """A problem that is open closes; no further one is asked, and nothing is posted."""
    made = group(chat)
    made.says("Olga", c.SavePrompts(made.id, days="every day", time="09:00"))
    chat.world.wait(DAY)
    with chat.tx() as tx:
        asked = prompts.of_cohort(tx, made.id)
    assert [p.closed_at for p in asked] == [None]
    had = len(made.posts)

    made.says("Olga", c.ArchiveCohort(made.id, "yes"))
    chat.world.wait(14 * DAY)

    with chat.tx() as tx:
        left = prompts.of_cohort(tx, made.id)
    assert [p.id for p in left] == [p.id for p in asked]
    assert left[0].closed_at is not None
    assert len(made.posts) == had


def test_a_board_that_stands_becomes_final_though_its_cohort_was_archived(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    until(chat, 14)
    all_earn(chat)
    until(chat, 19)
    assert "Provisional" in standing(made)[0]

    made.says("Olga", c.ArchiveCohort(made.id, "yes"))
    until(chat, 23)

    assert "Provisional" not in standing(made)[0]
    assert len(standing(made)) == 1


def test_any_number_of_workers_asks_every_cohort_once_while_organisers_change_their_minds(
    tmp_path: Path, store_place: str
) -> None:
    with talk(tmp_path, db=store_place) as chat:
        made = [group(chat, f"Olga{n}", (), name=f"Group {n}", channel=f"#g{n}") for n in range(6)]
        for of in made:
            of.says(of.organiser, c.SavePrompts(of.id, days="every day", time="09:00"))
        bot, later = chat.world.rolecall, chat.world.now() + DAY

        def work(_: int) -> None:
            for _again in range(3):  # a worker that finds others in its way has its turn a moment later
                with suppress(StoreError):
                    due.tick(bot.store, bot.bank, chat.world.new_key, later)

        def change(of: Group) -> None:
            with suppress(StoreError):
                of.says(of.organiser, c.SavePrompts(of.id, level="mid"))

        with ThreadPoolExecutor(8) as pool:
            working, changing = pool.map(work, range(4)), pool.map(change, made)
            assert list(working) + list(changing) == [None] * 10
        work(0)

        with chat.tx() as tx:
            assert [len(prompts.of_cohort(tx, of.id)) for of in made] == [1] * 6


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


def test_after_new_zone_data_the_hour_is_right_again_and_what_was_put_off_stays_so(chat: Talk) -> None:
    made = group(chat)
    with chat.tx() as tx:
        board, midweek = (agenda.entry_of(tx, made.id, kind) for kind in ("board", "midweek"))
        assert board is not None
        assert midweek is not None
        agenda.keep(tx, replace(board, due_at=board.due_at + timedelta(hours=1)))
    chat.world.wait(midweek.due_at - chat.world.now())
    tried_again = chat.world.now() + due.PUT_OFF
    with chat.tx() as tx:
        agenda.keep(tx, replace(midweek, due_at=tried_again))

    assert due.realign(chat.world.rolecall.store, chat.world.now()) == 1
    assert due.realign(chat.world.rolecall.store, chat.world.now()) == 0
    with chat.tx() as tx:
        assert agenda.entry_of(tx, made.id, "board") == board
        assert agenda.entry_of(tx, made.id, "midweek") == replace(midweek, due_at=tried_again)
