"""The app as it is served: what takes long, what is in hand when it stops, consent to direct messages, threads."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from adapters.discord import forms
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import Question
from bot.model import Account, Assessment, ProblemId
from tests.adapters.discord.wire import Wired, hasty, wired
from tests.discord.local import Message

pytestmark = pytest.mark.enable_socket
names = count(1)


class Slow(DeterministicGrader):
    """Grades when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = Event()
        self.may_end.set()
        self.is_broken = False

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        assert self.may_end.wait(20)
        if self.is_broken:
            raise LookupError("a grader of another version")
        return super().grade(question, answer, without)


@pytest.fixture(scope="module")
def grader() -> Slow:
    return Slow()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, grader: Slow) -> Iterator[Wired]:
    """One for all: each story has people of its own."""
    with hasty(), wired(tmp_path_factory.mktemp("served"), grader=grader, reads_threads=True) as found:
        yield found
        assert found.discord.refusals == [] and found.discord.late == []


@pytest.fixture
def app(served: Wired, grader: Slow) -> Iterator[Wired]:
    served.discord.recover()
    yield served
    grader.is_broken = False
    grader.may_end.set()
    served.quiet()


@pytest.fixture
def ada(app: Wired) -> int:
    return app.person(f"Ada{next(names)}")


def begun(app: Wired, user: int) -> Message:
    """The first problem, on the server."""
    act = app.discord.command(user, "start", app.room)
    app.quiet()
    return app.discord.replies(act)[-1]


def read(app: Wired, message: Message) -> str:
    return app.discord.text_of(message)


# What takes long


def test_a_slow_verdict_takes_the_place_of_the_notice_that_the_answer_is_read(
    app: Wired, ada: int, grader: Slow
) -> None:
    problem = begun(app, ada)
    grader.may_end.clear()
    app.discord.press(ada, problem, "Answer")
    act = app.discord.submit(ada, answer=app.strong())
    [notice] = app.discord.wait(lambda: app.discord.replies(act))
    app.discord.wait(lambda: "still reading it" in read(app, app.discord.replies(act)[0]))
    other = app.discord.command(ada, "help", app.room)
    app.discord.wait(lambda: app.discord.replies(other))  # meanwhile they go on
    grader.may_end.set()
    app.quiet()
    [verdict] = app.discord.replies(act)
    assert verdict.id == notice.id and "Strong Hire" in read(app, verdict)


def test_a_verdict_that_outlives_its_response_comes_as_a_direct_message(app: Wired, ada: int, grader: Slow) -> None:
    problem = begun(app, ada)
    grader.may_end.clear()
    app.discord.press(ada, problem, "Answer")
    act = app.discord.submit(ada, answer=app.strong())
    app.discord.wait(lambda: app.discord.replies(act))
    app.discord.wait(lambda: "still reading it" in read(app, app.discord.replies(act)[0]))
    app.discord.fail("* /webhooks/*", status=401, code=50027, times=None)
    grader.may_end.set()
    app.quiet()
    assert "Strong Hire" in read(app, app.discord.dm(ada)[-1])


def test_a_verdict_in_a_channel_that_was_deleted_meanwhile_comes_as_a_direct_message(
    app: Wired, ada: int, grader: Slow
) -> None:
    app.discord.command(ada, "start", app.room)
    gone = app.discord.channel(app.guild, "short-lived")
    grader.may_end.clear()
    act = app.discord.command(ada, "answer", gone, {"answer": app.strong()})
    app.discord.wait(lambda: app.discord.replies(act))
    app.discord.wait(lambda: "still reading it" in read(app, app.discord.replies(act)[0]))
    app.discord.delete_channel(gone)
    grader.may_end.set()
    app.quiet()
    assert "Strong Hire" in read(app, app.discord.dm(ada)[-1])


def test_an_answer_that_no_grader_can_read_is_kept_and_its_author_told_so(app: Wired, ada: int, grader: Slow) -> None:
    begun(app, ada)
    grader.is_broken = True
    act = app.discord.command(ada, "answer", app.room, {"answer": app.strong()})
    app.quiet()
    assert "Your answer is saved" in read(app, app.discord.replies(act)[0])


def test_a_form_that_takes_long_is_offered_by_a_button(app: Wired, ada: int, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, form_for = Event(), app.world.rolecall.form_for

    def slowly(invocation: Any) -> Any:
        assert may_end.wait(20)
        return form_for(invocation)

    monkeypatch.setattr(forms, "SECONDS", 0.05)
    monkeypatch.setattr(app.world.rolecall, "form_for", slowly)
    act = app.discord.command(ada, "settings", app.room)
    assert act.kind == "deferred"
    may_end.set()
    app.quiet()
    assert "Press the button" in read(app, app.discord.replies(act)[0])
    monkeypatch.undo()
    app.discord.press(ada, app.discord.replies(act)[0], "Your settings")
    assert app.discord.modal(ada)


@pytest.mark.slow
def test_while_the_database_is_locked_for_five_seconds_people_are_acknowledged_and_then_answered(
    app: Wired, ada: int
) -> None:
    problem = begun(app, ada)
    with closing(sqlite3.connect(app.world.rolecall.store.place, isolation_level=None, check_same_thread=False)) as db:
        db.execute("BEGIN IMMEDIATE")
        Timer(5.0, lambda: db.execute("ROLLBACK")).start()
        hint = app.discord.press(ada, problem, "Hint")
        form = app.discord.press(ada, problem, "Answer")
        assert hint.seconds < 1.0 and form.seconds < 3.0
        app.quiet()
    assert "Hint 1" in read(app, app.discord.replies(hint)[0])
    assert "Press the button" in read(app, app.discord.replies(form)[0])


# Consent to direct messages


def test_who_agrees_to_direct_messages_gets_the_first_at_once(app: Wired, ada: int) -> None:
    begun(app, ada)
    act = app.discord.command(ada, "settings", app.room, {"reminders": "yes"})
    app.quiet()
    assert len(app.discord.dm(ada)) == 1
    assert all("did not get through" not in read(app, message) for message in app.discord.replies(act))


def test_who_agrees_behind_a_closed_door_is_told_where_they_are_what_to_do(app: Wired, ada: int) -> None:
    begun(app, ada)
    app.discord.shut_dms(ada)
    act = app.discord.command(ada, "settings", app.room, {"reminders": "yes"})
    app.quiet()
    told = app.discord.replies(act)[-1]
    assert told.is_ephemeral and "did not get through" in read(app, told)
    app.discord.open_dms(ada)
    app.discord.press(ada, told, "Try again")
    app.quiet()
    assert len(app.discord.dm(ada)) == 1


def test_a_trial_that_fails_for_another_reason_closes_no_door(app: Wired, ada: int) -> None:
    begun(app, ada)
    app.discord.fail("POST /users/@me/channels", status=503, times=None)
    act = app.discord.command(ada, "settings", app.room, {"reminders": "yes"})
    app.quiet()
    assert all("did not get through" not in read(app, message) for message in app.discord.replies(act))


# Threads


def test_what_is_typed_in_a_prompts_thread_is_judged_for_its_author_alone(app: Wired, ada: int) -> None:
    problem = ProblemId("career.market.three_months")
    ben = app.discord.person(f"Ben{next(names)}", app.guild, manages=True)
    made = app.discord.command(ben, "cohort create", app.room, {"name": "ML study"})
    app.discord.command(ben, "cohort bind", app.room)
    app.quiet()
    code = re.search(r"cohort join (\S{9})", app.discord.text_of(app.discord.replies(made)[0]))
    assert code
    app.discord.command(ada, "cohort join", app.room, {"code": code[1]})
    asked = app.discord.command(ben, "cohort assign", app.room, {"problem": problem})
    app.quiet()
    app.discord.press(ben, app.discord.replies(asked)[-1], "Post it now")
    app.quiet()
    app.world.settle()
    prompt = app.discord.messages(app.room)[-1]
    thread = app.discord.thread(ben, prompt)

    app.discord.say(ada, "Interesting one!", thread)
    app.quiet()
    assert app.discord.dm(ada) == []
    exemplars = app.world.rolecall.bank.problems[problem].exemplars
    app.discord.say(ada, next(e.text for e in exemplars if e.band == "strong_hire"), thread)
    [verdict] = app.discord.wait(lambda: app.discord.dm(ada))
    assert "Strong Hire" in read(app, verdict)
    assert [m.author_id for m in app.discord.messages(thread) if m.author_id == app.discord.bot] == []


def test_who_only_talks_in_channels_does_not_become_a_member(app: Wired) -> None:
    gus = app.person("Gus")
    app.discord.say(gus, "I think it is the share of positives that are found, of all there are.", app.room)
    app.quiet()
    assert app.world.rolecall.zone_of(Account("discord", "", str(gus))) is None


# The end


def test_what_is_in_hand_when_it_stops_is_finished(tmp_path: Path) -> None:
    with hasty(), wired(tmp_path) as app:
        ada = app.person("Ada")
        acts = [app.discord.command(ada, path, app.room) for path in ("start", "today", "progress")]
    assert all(app.discord.world.backend.interactions[act.interaction.id].loading is False for act in acts)


def test_it_stops_also_where_discord_no_longer_hears(tmp_path: Path) -> None:
    with wired(tmp_path) as app:
        app.discord.die()
        began = time.monotonic()
    assert time.monotonic() - began < 5.0
