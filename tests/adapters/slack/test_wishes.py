"""What is typed and pointed at is read as its author meant it."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import payloads, wishes
from bot.catalogue import load
from bot.door import intents as i
from bot.door.cohort_intents import Announce, AnswerInThread, Appoint
from bot.door.commands import Vocabulary
from bot.door.intents import Intent
from bot.errors import RolecallError, UsageError
from bot.model import ServingId
from bot.vocabulary import vocabulary

BOT = "U0BOT"


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return vocabulary(load(None))


def said(text: str, **also: str) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": text, "ts": "2.0", "channel": "C1", **also}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("help", i.Help()),
        ("/rolecall hint", i.Hint()),
        (" /mentor hint", i.Hint()),
        ("mentor hint", i.Hint()),
        ("me why", i.Why()),
        ("Recall &lt; precision &amp; both matter", i.SubmitAnswer(answer="Recall < precision & both matter")),
        ("help\nthe model by more data", i.SubmitAnswer(answer="help\nthe model by more data")),
        ("mentoring helps to skip the queue", i.SubmitAnswer(answer="mentoring helps to skip the queue")),
        ("```x = 1```", i.SubmitAnswer(answer="```x = 1```")),
        ("<@U0BOT> hint", i.Hint()),
        ("<@U0BOT>: recall counts", i.SubmitAnswer(answer="recall counts")),
    ],
)
def test_what_is_typed_to_the_app(known: Vocabulary, text: str, wish: Intent) -> None:
    assert wishes.of_direct_message(said(text), known, BOT, "mentor") == wish


def test_what_begins_with_a_slash_and_is_no_command_is_told_so(known: Vocabulary) -> None:
    with pytest.raises(UsageError, match="/rolecall practice"):
        wishes.of_direct_message(said("/practise"), known, BOT, "rolecall")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("<@U0BOT>", i.Help()),
        ("<@U0BOT> progress", i.Progress()),
        ("progress <@U0BOT|rolecall>", i.Progress()),
        ("<@U0BOT> /mentor progress", i.Progress()),
        ("<@U0BOT>, progress", i.Progress()),
    ],
)
def test_a_mention(known: Vocabulary, text: str, wish: Intent) -> None:
    assert wishes.of_mention(said(text), known, "T1", BOT, "mentor") == wish


def test_a_sentence_behind_a_mention_has_no_nearest_command(known: Vocabulary) -> None:
    with pytest.raises(UsageError, match="Behind my name I understand commands"):
        wishes.of_mention(said("hey <@U0BOT> what can you do?"), known, "T1", BOT, "rolecall")
    with pytest.raises(UsageError, match="Did you mean /rolecall practice"):
        wishes.of_mention(said("<@U0BOT> practise rag"), known, "T1", BOT, "rolecall")


@pytest.mark.parametrize("subtype", ["me_message", "file_share", "thread_broadcast"])
def test_people_type_in_several_ways(subtype: str) -> None:
    assert wishes.is_spoken(said("recalls", subtype=subtype))
    assert not wishes.is_spoken(said("recalls", subtype=subtype, bot_id="B1"))


def test_what_is_said_below_a_post_of_ours_may_be_an_answer() -> None:
    below = said("Recall counts.", thread_ts="1.0", parent_user_id=BOT)
    assert wishes.in_thread(below, "T1", BOT) == AnswerInThread(post="T1/C1/1.0", answer="Recall counts.")


@pytest.mark.parametrize(
    "other",
    [
        said("Recall counts."),
        said("Recall counts.", thread_ts="2.0", parent_user_id=BOT),
        said("Recall counts.", thread_ts="1.0", parent_user_id="U9"),
        said("<@U0BOT> help", thread_ts="1.0", parent_user_id=BOT),
        said(" ", thread_ts="1.0", parent_user_id=BOT),
    ],
    ids=["in no thread", "the first of a thread", "below somebody else's", "a mention", "nothing"],
)
def test_what_else_is_said_in_a_channel_is_not_ours_to_read(other: dict[str, Any]) -> None:
    assert wishes.in_thread(other, "T1", BOT) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a &lt;b&gt; &amp;lt; c", "a <b> &lt; c"),
        ("<https://a.org/?x=1&amp;y=2>", "https://a.org/?x=1&y=2"),
        ("<http://a.org|a.org> and <mailto:a@b.org|a@b.org>", "a.org and a@b.org"),
        ("<#C1|general> <#C2|> <!here> <!subteam^S1|@team>", "#general #C2 @here @team"),
        ("<@U1> and <@U2|ben>", "<@U1> and <@U2|ben>"),
        ("if a<b and c>d: print(a|b)", "if a<b and c>d: print(a|b)"),
    ],
)
def test_slacks_marks_are_undone(typed: str, read: str) -> None:
    assert payloads.unmarked(typed) == read


def test_a_mention_behind_a_command_is_a_name_in_a_text_and_an_id_as_an_options_value(known: Vocabulary) -> None:
    announced = wishes.of_command({"text": "cohort announce Ask &lt;Ada&gt; or <@U2|ben>."}, known)
    assert announced == Announce(text="Ask <Ada> or @ben.")
    appointed = wishes.of_command({"text": "cohort appoint who=<@U2|ben> office=mentor"}, known)
    assert appointed == Appoint(who="<@U2|ben>", office="mentor")


def button(wire: str) -> dict[str, Any]:
    return {"type": "button", "action_id": "b0", "value": wire}


def test_the_first_button_that_opens_the_form_for_an_answer_is_pointed_at() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x"}},
        {"type": "actions", "elements": [button("another app's"), button("settings"), button("answer|s1")]},
        {"type": "actions", "elements": [button("settings")]},
    ]
    assert wishes.pointed_at({"blocks": blocks}) == i.WriteAnswer(serving=ServingId("s1"))


@pytest.mark.parametrize(
    "message",
    [{}, {"blocks": None}, {"blocks": [{"type": "actions", "elements": [button("hint"), button("settings")]}]}],
)
def test_a_message_without_a_form_for_an_answer_has_nothing_to_answer(message: dict[str, Any]) -> None:
    with pytest.raises(RolecallError, match="nothing to answer"):
        wishes.pointed_at(message)
