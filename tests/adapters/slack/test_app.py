"""People use the app in Slack: commands, typed answers, buttons, forms, mentions, threads, shortcuts, the Home tab."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from adapters.slack import working
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import Question
from bot.model import Account, Assessment, ProblemId
from tests.adapters.slack.running import ADA, BEN, ROOM, Running, running
from tests.slack.local import TEAM

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        yield found
        assert found.slack.refusals == [] and found.slack.late == []


@pytest.fixture(params=["sockets", "http"])
def either(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    """The app, served in each of both ways."""
    with running(tmp_path, http=request.param == "http") as found:
        yield found
        assert found.slack.refusals == [] and found.slack.late == []


def test_a_command_in_the_direct_messages_is_answered_there_for_good(either: Running) -> None:
    assert either.slack.command(ADA, "start").ok
    assert "Hello Ada" in either.last()
    assert either.whispers() == []


def test_a_typed_answer_is_judged(either: Running) -> None:
    either.slack.command(ADA, "start")
    either.slack.say(ADA, either.strong())
    assert "Strong Hire" in either.last()


def test_a_newcomers_zone_is_the_one_that_slack_knows(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    assert app.world.rolecall.zone_of(Account("slack", TEAM, ADA)) == "Europe/Madrid"


def test_a_command_in_a_channel_is_answered_for_its_author_alone(app: Running) -> None:
    app.slack.command(ADA, "help", ROOM)
    app.quiet()
    assert "What I can do" in app.whispers(ADA)[0]
    assert app.whispers(BEN) == [] and app.slack.messages(ROOM) == []


def test_a_mistyped_command_is_answered_with_the_nearest(app: Running) -> None:
    app.slack.command(ADA, "practise")
    assert "/rolecall practice" in app.last()


def test_a_whole_command_may_be_typed_without_its_slash(app: Running) -> None:
    app.slack.say(ADA, "help")
    assert "What I can do" in app.last()


def test_a_button_is_a_wish(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.press(ADA, app.slack.dm(ADA)[-1], "Hint")
    assert "Hint 1" in app.last()


def test_what_is_answered_in_a_thread_is_replied_to_in_the_thread(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    problem = app.slack.dm(ADA)[-1]
    app.slack.say(ADA, app.strong(), thread=problem)
    assert "Strong Hire" in app.last()
    assert app.slack.dm(ADA)[-1].thread == problem.ts


def test_what_is_typed_in_the_thread_of_a_problem_is_about_that_problem(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    first = app.slack.dm(ADA)[-1]
    app.slack.command(ADA, "practice rag")
    app.quiet()
    app.slack.say(ADA, app.strong(), thread=first)
    assert "Strong Hire" in app.last()
    app.slack.say(ADA, "That was an easy one, and I liked it.", thread=first)
    assert "You have answered this one already" in app.last()
    app.slack.say(ADA, "practice", thread=first)
    assert "You still have this one open" in app.last()
    app.slack.say(ADA, "hint", thread=first)
    assert "Hint 1" in app.last()


def test_where_slack_does_not_show_a_thread_what_is_typed_there_is_about_the_open_problem(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.fail("conversations.replies", retry_after=30.0)
    app.slack.say(ADA, app.strong(), thread=app.slack.dm(ADA)[-1])
    assert "Strong Hire" in app.last()


def test_a_form_is_filled_in_and_closes(either: Running) -> None:
    either.slack.command(ADA, "settings")
    either.slack.wait(lambda: either.slack.modal(ADA))
    either.slack.submit(ADA, zone="Europe/Lisbon")
    assert "Europe/Lisbon" in either.last()
    assert either.slack.modal(ADA) is None


def test_a_refused_field_is_told_below_it_and_the_form_stays(app: Running) -> None:
    app.slack.command(ADA, "me pause")
    app.slack.command(ADA, "reminders")
    app.quiet()
    modal = app.slack.wait(lambda: app.slack.modal(ADA))
    app.slack.submit(ADA, quiet="from dusk")
    assert list(modal.errors) == ["quiet"]
    assert app.slack.modal(ADA) is modal


def test_time_zones_are_offered_while_they_are_typed(either: Running) -> None:
    either.slack.command(ADA, "settings")
    either.slack.wait(lambda: either.slack.modal(ADA))
    assert "Europe/Madrid" in either.slack.suggest(ADA, "zone", "madri")


def test_a_form_that_could_not_be_opened_in_time_is_opened_by_a_button(app: Running) -> None:
    app.slack.fail("views.open", error="expired_trigger_id")
    app.slack.command(ADA, "settings")
    assert "Press the button" in app.last()
    app.slack.press(ADA, app.slack.dm(ADA)[-1], "Your settings")
    assert app.slack.wait(lambda: app.slack.modal(ADA))


def test_a_mention_is_answered_in_the_channel_for_its_author_alone(app: Running) -> None:
    app.slack.mention(ADA, "help practice", ROOM)
    app.slack.mention(BEN, "", ROOM)
    app.quiet()
    assert "/rolecall practice" in app.whispers(ADA)[0]
    assert "What I can do" in app.whispers(BEN)[0]
    assert [m.user for m in app.slack.messages(ROOM)] == [ADA, BEN]


def test_talk_in_a_channel_is_not_listened_to(app: Running) -> None:
    app.slack.say(ADA, "hint", ROOM)
    app.slack.say(BEN, "start", ROOM, thread=app.slack.messages(ROOM)[0])
    app.quiet()
    assert app.whispers(ADA) == app.whispers(BEN) == app.texts(ADA) == app.texts(BEN) == []
    assert app.slack.calls_of("users.info") == []


def test_the_shortcut_opens_the_form_of_the_message_it_points_at(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.shortcut(ADA, "answer_this", app.slack.dm(ADA)[-1])
    app.slack.wait(lambda: app.slack.modal(ADA))
    app.slack.submit(ADA, answer=app.strong())
    assert "Strong Hire" in app.last()


def test_the_shortcut_on_any_other_message_says_what_it_is_for(app: Running) -> None:
    app.slack.say(BEN, "Lunch?", ROOM)
    app.slack.shortcut(ADA, "answer_this", app.slack.messages(ROOM)[0])
    app.quiet()
    assert "nothing to answer" in app.whispers()[0]


def test_a_file_without_words_is_answered_with_what_can_be_read(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    dm = app.slack.dm(ADA)[0].channel
    event = {"type": "message", "subtype": "file_share", "user": ADA, "text": "", "channel": dm, "channel_type": "im"}
    app.slack.event(event | {"ts": "1700000000.000100", "team": TEAM, "files": [{"id": "F1"}]})
    assert "text only" in app.last()


def test_edits_and_what_other_apps_write_are_passed_over(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.quiet()
    before, dm = app.texts(), app.slack.dm(ADA)[0].channel
    there = {"type": "message", "channel": dm, "channel_type": "im", "ts": "1700000000.000100"}
    app.slack.event(there | {"subtype": "message_changed", "message": {"user": ADA, "text": "skip"}})
    app.slack.event(there | {"bot_id": "B0OTHER", "user": BEN, "text": "skip"})
    app.quiet()
    assert app.texts() == before


def test_one_persons_wishes_are_granted_in_their_order(app: Running) -> None:
    for text in ("start", "help practice", "help review", "help board"):
        app.slack.command(ADA, text)
    app.quiet()
    firsts = [text.splitlines()[0] for text in app.texts()]
    assert firsts[0].startswith("Hello")
    assert [f for f in firsts if f.startswith("/rolecall")] == [
        "/rolecall practice",
        "/rolecall review",
        "/rolecall board",
    ]


def test_an_answer_typed_below_a_prompt_is_judged_for_its_author_alone(app: Running) -> None:
    app.slack.command(BEN, "cohort create", ROOM)
    app.slack.wait(lambda: app.slack.modal(BEN))
    app.slack.submit(BEN, name="ML study")
    app.quiet()
    code = re.search(r"cohort join (\S{9})", app.whispers(BEN)[-1])
    assert code
    app.slack.command(ADA, f"cohort join {code[1]}", ROOM)
    app.slack.command(BEN, "cohort assign career.market.three_months", ROOM)
    app.quiet()
    app.slack.press(BEN, app.slack.ephemerals(BEN, ROOM)[-1], "Post it now")
    app.quiet()
    app.world.settle()
    prompt = app.slack.messages(ROOM)[-1]
    before = len(app.whispers())

    app.slack.say(ADA, "Interesting one!", ROOM, thread=prompt)
    app.quiet()
    assert len(app.whispers()) == before

    problem = app.world.rolecall.bank.problems[ProblemId("career.market.three_months")]
    answer = next(e.text for e in problem.exemplars if e.band == "strong_hire")
    app.slack.say(ADA, answer, ROOM, thread=prompt)
    app.quiet()
    assert len(app.whispers()) == before + 1
    assert app.slack.ephemerals(ADA, ROOM)[-1].thread == prompt.ts
    assert len(app.slack.messages(ROOM)) == 3

    app.slack.mention(BEN, "I would look at it", ROOM, thread=prompt)
    app.quiet()
    assert "Behind my name I understand commands" in app.whispers(BEN)[-1]
    app.slack.mention(BEN, answer, ROOM, thread=prompt)
    app.quiet()
    assert "Strong Hire" in app.whispers(BEN)[-1]


# The Home tab


def test_the_home_tab_welcomes_a_stranger_and_keeps_nothing_of_them(app: Running) -> None:
    app.slack.open_home(ADA)
    home = app.slack.wait(lambda: app.slack.home(ADA))
    assert "Welcome to Rolecall" in app.slack.text_of(home, ADA)
    assert app.world.rolecall.zone_of(Account("slack", TEAM, ADA)) is None
    assert app.texts() == []


def test_a_press_on_the_home_tab_is_answered_in_the_direct_messages_and_the_tab_is_drawn_anew(app: Running) -> None:
    app.slack.open_home(ADA)
    home = app.slack.wait(lambda: app.slack.home(ADA))
    app.slack.press(ADA, home, "Start")
    assert "Hello Ada" in app.last()
    assert "Today" in app.slack.text_of(app.slack.wait(lambda: app.slack.home(ADA)), ADA)


def test_the_home_tab_keeps_up_with_what_is_done_elsewhere(app: Running) -> None:
    app.slack.command(ADA, "start")
    app.slack.open_home(ADA)
    app.slack.say(ADA, app.strong())
    app.quiet()
    assert "Strong Hire" in app.slack.text_of(app.slack.wait(lambda: app.slack.home(ADA)), ADA)


def test_a_home_tab_that_slack_could_not_take_is_drawn_once_more(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "HOME_AGAIN", 0.1)
    app.slack.command(ADA, "start")
    app.quiet()
    app.slack.fail("views.publish", status=500)
    app.slack.open_home(ADA)
    assert "Today" in app.slack.text_of(app.slack.wait(lambda: app.slack.home(ADA)), ADA)

    app.slack.fail("views.publish", status=500, times=None)
    app.slack.open_home(ADA)
    app.quiet()
    assert len(app.slack.calls_of("views.publish")) == 4


def test_the_home_tab_is_not_drawn_with_every_wish(tmp_path: Path) -> None:
    with running(tmp_path, every=0.3) as app:
        app.slack.open_home(ADA)
        for _ in range(5):
            app.slack.command(ADA, "start")
        app.quiet()
        assert len(app.slack.calls_of("views.publish")) == 1
        app.slack.wait(lambda: len(app.slack.calls_of("views.publish")) == 2)


# Slow verdicts


class Slow(DeterministicGrader):
    """Grades when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = Event()

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        assert self.may_end.wait(20)
        return super().grade(question, answer, without)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Running, Slow]]:
    grader = Slow()
    with running(tmp_path, grader=grader) as app:
        app.world.rolecall.patience = 0.05
        app.slack.command(ADA, "start")
        app.quiet()
        try:
            yield app, grader
        finally:
            grader.may_end.set()


def test_a_slow_verdict_takes_the_place_of_the_notice_that_the_answer_is_read(slow: tuple[Running, Slow]) -> None:
    app, grader = slow
    app.slack.say(ADA, app.strong())
    app.slack.wait(lambda: "still reading it" in app.texts()[-1])
    grader.may_end.set()
    assert "Strong Hire" in app.last()
    assert len(app.slack.dm(ADA)[-1].versions) == 2
    assert not any("still reading it" in text for text in app.texts())


def test_while_an_answer_is_read_its_author_goes_on(slow: tuple[Running, Slow]) -> None:
    app, _ = slow
    app.slack.say(ADA, app.strong())
    app.slack.wait(lambda: "still reading it" in app.texts()[-1])
    app.slack.command(ADA, "help")
    app.slack.wait(lambda: "What I can do" in app.texts()[-1])


def test_a_slow_verdict_in_a_channel_comes_below_the_notice(slow: tuple[Running, Slow]) -> None:
    app, grader = slow
    app.slack.command(ADA, f"answer {app.strong()}", ROOM)
    app.slack.wait(lambda: "still reading it" in (app.whispers() or [""])[-1])
    grader.may_end.set()
    app.quiet()
    assert ["still reading it" in text for text in app.whispers()] == [True, False]
    assert "Strong Hire" in app.whispers()[-1]


def test_a_verdict_that_is_found_after_the_app_has_stopped_comes_by_itself(slow: tuple[Running, Slow]) -> None:
    app, grader = slow
    app.slack.say(ADA, app.strong())
    app.slack.wait(lambda: "still reading it" in app.texts()[-1])
    asyncio.run_coroutine_threadsafe(app.app.close(), app.loop).result(10)
    grader.may_end.set()

    def has_come() -> bool:
        app.world.settle()
        return "Strong Hire" in app.texts()[-1]

    app.slack.wait(has_come)


def test_a_verdict_never_takes_the_place_of_the_post_whose_button_was_pressed(slow: tuple[Running, Slow]) -> None:
    app, grader = slow
    app.slack.command(ADA, "hint", ROOM)
    app.quiet()
    whisper = app.slack.ephemerals(ADA)[-1]
    app.slack.press(ADA, whisper, "Answer")
    app.slack.wait(lambda: app.slack.modal(ADA))
    app.slack.submit(ADA, answer=app.strong())
    grader.may_end.set()
    app.quiet()
    assert "Strong Hire" in app.whispers()[-1]
    assert "Hint 1" in app.whispers()[0]


def test_a_form_whose_outcome_takes_long_says_to_wait_and_then_that_it_is_done(
    slow: tuple[Running, Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, grader = slow
    app.world.rolecall.patience = 30.0
    monkeypatch.setattr("bot.rolecall.QUICK", 30.0)
    app.slack.press(ADA, app.slack.dm(ADA)[-1], "Answer")
    app.slack.wait(lambda: app.slack.modal(ADA))
    ack = app.slack.submit(ADA, answer=app.strong())
    assert ack.ok and ack.payload["response_action"] == "update"
    modal = app.slack.wait(lambda: app.slack.modal(ADA))
    assert "still working on this" in app.slack.text_of(modal, ADA)
    grader.may_end.set()
    app.quiet()
    assert "done" in app.slack.text_of(app.slack.wait(lambda: app.slack.modal(ADA)), ADA)
    assert "Strong Hire" in app.texts()[-1]
