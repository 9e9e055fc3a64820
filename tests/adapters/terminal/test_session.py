"""What a typed line does, and that no word is lost where it is refused."""

from __future__ import annotations

import asyncio
import io
import re
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.terminal import keyboard
from adapters.terminal.people import account_of
from bot.cli import logs
from bot.door.intents import Hint, Intent, Practice, SaveSettings, Skip, Start, SubmitAnswer, WriteAnswer
from bot.door.messages import Button, ChannelPost, Delivery, DirectMessage, Push
from bot.errors import FieldError, RolecallError
from bot.model import MemberId, ServingId
from tests.adapters.terminal.desk import ANSWER, Desk, said, typed

HINT, SKIP = Button("Hint", Hint(ServingId("s1"), "1")), Button("Skip this one", Skip(ServingId("s1")))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("start", Start()),
        ("/start", Start()),
        ("/rolecall start", Start()),
        ("practice rag", Practice("llm.rag")),
        ("practice makes perfect", SubmitAnswer(answer="practice makes perfect")),
        ("it depends", SubmitAnswer(answer="it depends")),
        ("answer it depends", SubmitAnswer(answer="it depends")),
        ("answer it depends\non the cost", SubmitAnswer(answer="it depends\non the cost")),
        ("\\answer it depends", SubmitAnswer(answer="answer it depends")),
        ("/answer it depends", SubmitAnswer(answer="it depends")),
        ("42", SubmitAnswer(answer="42")),
        ("\\42", SubmitAnswer(answer="42")),
        ("\\start", SubmitAnswer(answer="start")),
        ("\\quit", SubmitAnswer(answer="quit")),
        ("\\frac{1}{2}", SubmitAnswer(answer="\\frac{1}{2}")),
        (">> quoted", SubmitAnswer(answer="> quoted")),
        ("start\nand a second pasted line", SubmitAnswer(answer="start\nand a second pasted line")),
        ("e", SubmitAnswer(answer="e")),
    ],
)
def test_what_a_line_means(desk: Desk, line: str, wish: Intent) -> None:
    typed(desk.sit_down(), line)

    assert desk.wishes == [wish]


def test_an_empty_line_does_nothing(desk: Desk) -> None:
    typed(desk.sit_down(), "", "   ")

    assert desk.wishes == []
    assert desk.shown == ""


def test_an_unknown_command_names_the_nearest(desk: Desk) -> None:
    typed(desk.sit_down(), "/practise")

    assert "Did you mean /rolecall practice?" in desk.shown
    assert desk.wishes == []


@pytest.mark.parametrize("word", ["quit", "exit", "/quit", "QUIT"])
def test_leaving(desk: Desk, word: str) -> None:
    session = desk.sit_down()
    typed(session, word)

    assert session.left


def test_a_number_presses_the_latest_button_and_a_backslash_sends_it(desk: Desk) -> None:
    desk.answers = {Start: said("A problem", HINT, SKIP), SubmitAnswer: said("Heard")}
    typed(desk.sit_down(), "start", "2", "\\2", "3", "/answer 2")

    assert desk.wishes[1:] == [
        SKIP.intent,
        SubmitAnswer(answer="2"),
        SubmitAnswer(answer="3"),
        SubmitAnswer(answer="2"),
    ]


def test_a_label_clicks_even_an_older_button_and_after_a_restart(desk: Desk) -> None:
    desk.answers = {Start: said("A problem", HINT, SKIP), Practice: said("Next", Button("Start", Start()))}
    typed(desk.sit_down(), "start", "practice", "> restart", "> click skip", "> click HINT")

    assert desk.restarts == 1
    assert desk.wishes[2:] == [SKIP.intent, HINT.intent]


def test_a_wrong_label_lists_the_right_ones(desk: Desk) -> None:
    desk.answers = {Start: said("A problem", HINT, SKIP)}
    session = desk.sit_down()
    typed(session, "> click Hint", "start", "> click Answer")

    assert "There is no button to press yet" in desk.shown.split("A problem")[0]
    typed(session, "> click Answer")
    assert "None is called “Answer”. Choose from: 1 Hint · 2 Skip this one" in desk.shown


def test_nobody_presses_a_button_that_only_another_person_sees(desk: Desk) -> None:
    desk.answers = {Start: said("A problem", HINT)}
    typed(desk.sit_down(), "start", "> as Ben", "1", "> click Hint")

    assert desk.wishes[1:] == [SubmitAnswer(answer="1")]
    assert "There is no button to press yet" in desk.shown


def test_each_person_keeps_their_place_and_their_open_form(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "> in #cohort", "answer", "first line", "> as Ben")
    assert session.prompt == "Ben> "
    typed(session, "start", "> as ana")
    assert session.prompt == "| "
    typed(session, "second line", "")

    assert session.prompt == "Ana in #cohort> "
    assert [(i.actor.display_name, i.place.channel) for i in desk.heard] == [("Ben", "dm:ben"), ("Ana", "#cohort")]
    assert desk.wishes[-1] == SubmitAnswer(answer="first line\nsecond line")


def test_a_private_reply_in_a_channel_says_so(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "start")
    assert "only you can see this" not in desk.shown

    typed(session, "> in #cohort", "start")
    assert "(only you can see this)" in desk.shown


# Forms


def test_a_form_is_asked_field_by_field(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "settings", "", "Europe/Berlin")
    assert "[1] ML engineer  [2] Not sure yet" in desk.shown
    typed(session, "2")

    assert desk.wishes == [SaveSettings(name="Ana", zone="Europe/Berlin", role="none")]
    assert not session.is_filling


@pytest.mark.parametrize("choice", ["1", "ml engineer", "mle", "ML", "> click ML", "> fill role=mle"])
def test_a_choice_is_made_by_number_label_or_beginning(desk: Desk, choice: str) -> None:
    typed(desk.sit_down(), "settings", "", "", choice)

    assert desk.wishes == [SaveSettings(name="Ana", zone="UTC", role="mle")]


def test_a_field_that_needs_something_is_asked_again(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "settings", "", "", "", "gardener")

    assert "Your role cannot stay empty." in desk.shown
    assert session.is_filling
    typed(session, "1")
    assert desk.wishes == [SaveSettings(name="Ana", zone="UTC", role="mle")]


def test_a_refused_field_alone_is_asked_again_with_the_nearest_values(desk: Desk) -> None:
    desk.answers = {SaveSettings: FieldError("zone", "I know no such zone.")}
    session = desk.sit_down()
    typed(session, "settings", "Anna", "Berln", "1")
    shown = desk.shown

    assert "I know no such zone." in shown
    assert "[1] Europe/Berlin  [2] Europe/Belfast" in shown
    desk.answers = {}
    typed(session, "1")
    assert desk.wishes[-1] == SaveSettings(name="Anna", zone="Europe/Berlin", role="mle")
    assert not session.is_filling


def test_fill_completes_the_form_at_once(desk: Desk) -> None:
    typed(desk.sit_down(), "settings", '> fill role="Not sure yet" zone=Asia/Tokyo')

    assert desk.wishes == [SaveSettings(name="Ana", zone="Asia/Tokyo", role="none")]


def test_fill_goes_on_asking_for_what_is_missing(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "settings", "> fill zone=Asia/Tokyo")

    assert session.is_filling
    typed(session, "1")
    assert desk.wishes == [SaveSettings(name="Ana", zone="Asia/Tokyo", role="mle")]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["> fill zone=UTC"], "No form is open."),
        (["settings", "> fill colour=red"], "no field “colour”. It has: name, zone, role."),
        (
            ["settings", "> fill role=gardener"],
            "None is called “gardener”. Choose from: 1 ML engineer · 2 Not sure yet",
        ),
        (["answer", "> fill answer=@nowhere.txt"], "I cannot read the file nowhere.txt: No such file"),
    ],
)
def test_a_fill_that_does_not_fit_says_why(desk: Desk, lines: list[str], words: str) -> None:
    typed(desk.sit_down(), *lines)

    assert words in " ".join(desk.shown.split())
    assert desk.wishes == []


def test_a_file_beside_the_script_fills_a_text(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("from a file\nsecond line\n", "utf-8")
    desk.folder = tmp_path
    typed(desk.sit_down(), "answer", "> fill answer=@answer.txt", "settings", "> fill name=@answer.txt role=mle")

    assert desk.wishes[0] == SubmitAnswer(answer="from a file\nsecond line")
    assert desk.wishes[1] == SaveSettings(name="@answer.txt", zone="UTC", role="mle")


def test_an_answer_over_several_lines(desk: Desk) -> None:
    lines = ["  indented", "42", "start", "/etc/hosts", "\\cancel", ">> quoted"]
    typed(desk.sit_down(), "answer", *lines, "")

    assert desk.wishes == [SubmitAnswer(answer="  indented\n42\nstart\n/etc/hosts\ncancel\n> quoted")]


def test_a_command_with_a_slash_works_while_writing(desk: Desk) -> None:
    typed(desk.sit_down(), "answer", "begun", "/hint", "ended", "")

    assert desk.wishes == [Hint(), SubmitAnswer(answer="begun\nended")]


def test_cancel_leaves_and_keeps_the_text(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "settings", "cancel")
    assert "You left the form. Nothing was changed." in desk.shown
    typed(session, "answer", "half a thought", "cancel")
    assert "Your words are kept" in desk.shown
    typed(session, "answer")
    assert "| half a thought" in desk.shown
    typed(session, "cancel", "answer", "")

    assert desk.wishes == [SubmitAnswer(answer="half a thought")]


def test_a_text_that_is_too_long_is_given_back_to_be_mended(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "answer", "x" * 61, "")

    shown = desk.shown
    assert "That has 61 characters, and 60 fit." in shown
    assert "x" * 61 in shown
    assert session.is_filling
    typed(session, "x" * 60, "")
    assert desk.wishes == [SubmitAnswer(answer="x" * 60)]


def test_the_editor_takes_what_was_begun(desk: Desk) -> None:
    session = desk.sit_down(editor=lambda begun: begun + " and finished")
    typed(session, "answer", "begun", "e")
    typed(session, "e")

    assert desk.wishes == [SubmitAnswer(answer="begun and finished"), SubmitAnswer(answer=" and finished")]


def test_an_editor_that_fails_leaves_the_form_open(desk: Desk) -> None:
    def fails(begun: str) -> str:
        raise RolecallError("The editor did not work.")

    session = desk.sit_down(editor=fails)
    typed(session, "answer", "begun", "e")
    assert "The editor did not work." in desk.shown
    typed(session, "ended", "")

    assert desk.wishes == [SubmitAnswer(answer="begun\nended")]


def test_lines_are_added_to_a_draft(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "answer", "one", "cancel", "answer", "two", "cancel", "answer")
    assert "| one\n  | two" in desk.shown.split("What you type now is added to it")[-1]
    typed(session, "three", "")

    assert desk.wishes == [SubmitAnswer(answer="one\ntwo\nthree")]


def test_a_draft_stays_with_its_problem(desk: Desk) -> None:
    session = desk.sit_down()
    desk.forms[WriteAnswer] = replace(ANSWER, submits=SubmitAnswer(ServingId("s1")))
    typed(session, "answer", "about the first", "cancel")
    desk.forms[WriteAnswer] = replace(ANSWER, submits=SubmitAnswer(ServingId("s2")))
    typed(session, "answer", "about the second", "")
    desk.forms[WriteAnswer] = replace(ANSWER, submits=SubmitAnswer(ServingId("s1")))
    typed(session, "answer", "")

    assert desk.wishes == [
        SubmitAnswer(ServingId("s2"), "about the second"),
        SubmitAnswer(ServingId("s1"), "about the first"),
    ]


def test_the_editor_opens_the_whole_draft_and_sends_only_what_it_changed(desk: Desk) -> None:
    opened: list[str] = []

    def looks(begun: str) -> str:
        opened.append(begun)
        return begun

    session = desk.sit_down(editor=looks)
    typed(session, "answer", "one", "cancel", "answer", "two", "e")

    assert opened == ["one\ntwo"]
    assert "Nothing was changed in the editor" in desk.shown
    assert desk.wishes == []
    typed(session, "")
    assert desk.wishes == [SubmitAnswer(answer="one\ntwo")]


def test_another_form_keeps_the_text_that_was_begun(desk: Desk) -> None:
    typed(desk.sit_down(), "answer", "begun", "/settings", "cancel", "answer", "ended", "")

    assert desk.wishes == [SubmitAnswer(answer="begun\nended")]


def test_a_refused_fill_asks_the_refused_field_even_when_another_was_asked(desk: Desk) -> None:
    desk.answers = {SaveSettings: FieldError("zone", "I know no such zone.")}
    session = desk.sit_down()
    typed(session, "settings", "> fill zone=Berln role=mle")
    assert "cancel to leave the form" in desk.shown
    desk.answers = {}
    typed(session, "> fill zone=UTC role=plumber")

    assert "None is called “plumber”" in desk.shown
    assert session.prompt == "[ML engineer]> "
    typed(session, "2")
    assert desk.wishes[-1] == SaveSettings(name="Ana", zone="UTC", role="none")


# Channels


def test_in_a_channel_only_commands_and_buttons_count(desk: Desk) -> None:
    desk.answers = {Start: said("A problem", HINT)}
    session = desk.sit_down()
    typed(session, "start", "> in #cohort", "my thoughts on this", "\\42")
    assert desk.wishes == [Start()]
    assert desk.shown.count("In a channel I listen to commands and buttons only") == 2
    typed(session, "1", "answer in one line", "practice rag", "> dm", "my thoughts")

    assert desk.wishes[1:] == [
        HINT.intent,
        SubmitAnswer(answer="in one line"),
        Practice("llm.rag"),
        SubmitAnswer(answer="my thoughts"),
    ]


def test_a_form_of_the_dm_waits_while_its_member_is_in_a_channel(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "answer", "one", "> in #cohort", "> in #other", "chatter", "hint")
    shown = " ".join(desk.shown.split())
    assert shown.count("The form “Your answer” waits in your DM; > dm goes back to it.") == 1
    assert session.prompt == "Ana in #other> "
    typed(session, "> fill answer=x")
    assert "waits in your DM" in desk.shown
    typed(session, "> dm")
    assert session.prompt == "| "
    typed(session, "two", "")

    assert desk.wishes == [Hint(), SubmitAnswer(answer="one\ntwo")]


# Lines that arrive together


@pytest.mark.parametrize(
    ("pasted", "wishes"),
    [
        (["one", "two", "", "three"], [SubmitAnswer(answer="one\ntwo\n\nthree")]),
        (["one", "two", "", "hint"], [SubmitAnswer(answer="one\ntwo"), Hint()]),
        (["hint", "one"], [Hint(), SubmitAnswer(answer="one")]),
        (["answer", "one", "", "two", "", ""], [SubmitAnswer(answer="one\n\ntwo")]),
        (["one", "> as Ben", "two"], [SubmitAnswer(answer="one"), SubmitAnswer(answer="two")]),
        (["answer one", "two"], [SubmitAnswer(answer="one\ntwo")]),
        (["settings", "Anna", "UTC", "1"], [SaveSettings(name="Anna", zone="UTC", role="mle")]),
    ],
)
def test_lines_that_arrive_together_are_one_text(desk: Desk, pasted: list[str], wishes: list[Intent]) -> None:
    session, waiting = desk.sit_down(), deque(pasted)
    read = keyboard.joining(lambda prompt: waiting.popleft(), session.is_text, lambda: bool(waiting))
    for _ in pasted:
        if len(desk.wishes) < len(wishes):
            session.handle(read(session.prompt))

    assert desk.wishes == wishes
    assert not waiting


# Refusals and faults


def test_a_refused_answer_is_offered_again(desk: Desk) -> None:
    desk.answers = {SubmitAnswer: RolecallError("No problem is open. Type practice.")}
    session = desk.sit_down()
    typed(session, "all my words")
    assert "No problem is open. Type practice.\n  Your words are kept: type answer" in desk.shown
    desk.answers = {}
    typed(session, "practice", "answer")
    assert "| all my words" in desk.shown
    typed(session, "")

    assert desk.wishes[-1] == SubmitAnswer(answer="all my words")
    typed(session, "answer")
    assert "all my words" not in desk.shown


def test_a_form_refused_as_a_whole_keeps_its_values(desk: Desk) -> None:
    desk.answers = {SaveSettings: RolecallError("Not now.")}
    session = desk.sit_down()
    typed(session, "settings", "Anna", "Asia/Tokyo", "2")
    assert "Not now.\n  Your words are kept: open the form again" in desk.shown
    desk.answers = {}
    typed(session, "settings", "", "", "")

    assert desk.wishes[-1] == SaveSettings(name="Anna", zone="Asia/Tokyo", role="none")


@pytest.mark.parametrize("lines", [["my words"], ["answer", "my words", ""]])
def test_a_fault_shows_a_reference_and_keeps_the_words(desk: Desk, lines: list[str]) -> None:
    log = io.StringIO()
    logs.configure(log)
    desk.answers = {SubmitAnswer: ZeroDivisionError("secret my words")}
    session = desk.sit_down()
    typed(session, *lines)
    shown = desk.shown

    assert (found := re.search(r"Something went wrong \(reference ([0-9a-f]{8})\)\. Your words are kept\.", shown))
    assert "ZeroDivisionError" not in shown
    assert "Traceback" not in shown
    logs.configure()
    assert found[1] in log.getvalue()
    assert "secret" not in log.getvalue()
    desk.answers = {}
    typed(session, "answer", "")
    assert desk.wishes[-1] == SubmitAnswer(answer="my words")


def test_a_fault_outside_an_answer_leaves_the_session_alive(desk: Desk) -> None:
    desk.forms[WriteAnswer] = ZeroDivisionError()
    session = desk.sit_down()
    typed(session, "answer", "> jump", "start")

    shown = desk.shown
    assert "Something went wrong" in shown
    assert "A line beginning with > steers" in shown
    assert desk.wishes == [Start()]


def test_an_event_that_was_handled_already_says_nothing(desk: Desk) -> None:
    desk.answers = {Start: None}
    typed(desk.sit_down(), "start")

    assert desk.shown == ""


# Pushes


def deliver(desk: Desk, push: Push) -> Delivery:
    return asyncio.run(desk.gateway.deliver(push))


def dm(user: str, text: str = "Time to recall", key: str = "k") -> Push:
    return Push(key, DirectMessage(MemberId("m"), account_of(user)), said(text, Button("Why this?", Start())))


def test_a_push_comes_with_person_place_and_their_local_time(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "settings", "> fill role=mle")
    desk.on_wait = lambda: deliver(desk, dm("ana"))
    typed(session, "> wait 3d", "1")

    shown = desk.shown
    assert "── DM to Ana · Thu 8 Jan 2026 09:00 ──\n\n  Time to recall" in shown
    assert "── 3d later · Thu 8 Jan 2026 09:00 ──" in shown
    assert desk.wishes[-1] == Start()
    assert desk.heard[-1].place.channel == "dm:ana"


def test_a_push_for_somebody_else_says_so_and_waits_for_them(desk: Desk) -> None:
    session = desk.sit_down()
    typed(session, "> as Ben", "> as Ana")
    deliver(desk, dm("ben"))
    assert "DM to Ben (you are Ana)" in desk.shown
    typed(session, "1", "> as Ben", "1")

    assert desk.wishes == [SubmitAnswer(answer="1"), Start()]


def test_without_a_known_zone_the_time_says_utc(desk: Desk) -> None:
    desk.zone = None
    desk.sit_down()
    deliver(desk, dm("ana"))

    assert "DM to Ana · Mon 5 Jan 2026 09:00 UTC" in desk.shown


def test_a_post_in_a_channel_is_everybodys(desk: Desk) -> None:
    session = desk.sit_down()
    deliver(desk, Push("k", ChannelPost("terminal", "#cohort"), said("Prompt of the week", HINT)))
    assert "── #cohort · Mon 5 Jan 2026 09:00 UTC ──" in desk.shown
    typed(session, "1", "> as Ben", "1")

    assert [(i.actor.display_name, i.place.channel) for i in desk.heard] == [("Ana", "#cohort"), ("Ben", "#cohort")]


def test_an_edited_message_loses_its_old_buttons(desk: Desk) -> None:
    session = desk.sit_down()
    sent = deliver(desk, dm("ana"))
    deliver(desk, Push("k:r1", dm("ana").to, said("Done meanwhile"), replaces=getattr(sent, "ref", "")))
    assert "Done meanwhile" in desk.shown
    typed(session, "1")

    assert desk.wishes == [SubmitAnswer(answer="1")]
