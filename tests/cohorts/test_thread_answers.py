"""What is typed below a prompt's post: an answer is judged for its author alone, and who only talks hears nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cohort_model import Prompt
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.invocation import Invocation, Place
from bot.door.messages import Message
from bot.model import Serving
from bot.store import learning, members, prompts
from tests.cohorts.group import Group, group
from tests.talk import DAY, Talk, buttons, talk, words

ANSWER = "I would read ten wrong answers first and count which kind of mistake is the most frequent one."


@dataclass
class Thread:
    chat: Talk
    of: Group
    prompt: Prompt
    post: str
    """The platform's reference of the prompt's post."""

    def event(self, name: str, text: str, post: str = "") -> Invocation:
        where = Place("terminal", self.of.channel, is_private=False, thread=post or self.post)
        asked = self.chat.invocation(name, c.AnswerInThread(post or self.post, text))
        return Invocation(asked.key, asked.actor, where, asked.intent)

    def says(self, name: str, text: str, post: str = "") -> Message | None:
        """What somebody hears, in private, who types below a post."""
        reply = self.chat.world.rolecall.reply_to(self.event(name, text, post))
        self.chat.world.settle()
        return reply.message if reply else None

    def serving(self, name: str) -> Serving | None:
        member = self.chat.member(name)
        with self.chat.tx() as tx:
            return learning.serving_for(tx, member, self.prompt.id)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.chat.tx() as tx:
            names = tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            return {name: tx.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[Thread]:
    """A cohort whose prompt has just been posted, on Monday at ten; it closes on Thursday at ten."""
    with talk(tmp_path) as chat:
        spring = group(chat, learners=("Ana", "Ben"))
        spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
        chat.world.wait(timedelta(hours=1))
        with chat.tx() as tx:
            (prompt,) = prompts.of_cohort(tx, spring.id)
        number = next(n for n, p in enumerate(chat.inbox.pushes, 1) if p.key.startswith("prompt:"))
        yield Thread(chat, spring, prompt, str(number))


def test_an_answer_below_the_prompt_is_judged_for_its_author_alone(thread: Thread) -> None:
    posts = len(thread.of.posts)

    heard = thread.says("Ana", ANSWER)

    assert heard is not None
    assert heard.title in {"Strong Hire", "Lean Hire", "No Hire"}
    assert len(thread.of.posts) == posts
    serving = thread.serving("Ana")
    assert serving is not None
    with thread.chat.tx() as tx:
        attempt = learning.attempt_of(tx, serving.id)
    assert attempt is not None
    assert attempt.text == ANSWER


def test_the_button_knows_of_an_answer_that_was_typed_below(thread: Thread) -> None:
    verdict = thread.says("Ana", ANSWER)

    assert verdict is not None
    assert thread.of.says("Ana", c.OpenPrompt(thread.prompt.id)).title == verdict.title


@pytest.mark.parametrize(
    "said", ["Good one, I have no idea!", "Has anybody of you tried it with a longer context window yet? "]
)
def test_talk_is_left_alone(thread: Thread, said: str) -> None:
    before = thread.rows()

    assert thread.says("Ana", said) is None

    assert thread.rows() == before


def test_what_is_said_after_the_answer_is_talk(thread: Thread) -> None:
    thread.says("Ana", ANSWER)
    before = thread.rows()

    assert thread.says("Ana", "What did the others say to that? I was thinking of recall, too.") is None

    assert thread.rows() == before


def test_a_stranger_in_the_channel_is_neither_answered_nor_kept(thread: Thread) -> None:
    before = thread.rows()

    assert thread.says("Zoe", ANSWER) is None

    assert thread.rows() == before
    with thread.chat.tx() as tx:
        assert members.of_account(tx, thread.chat.actor("Zoe").account) is None


def test_somebody_who_is_in_another_cohort_only_is_not_answered(thread: Thread) -> None:
    group(thread.chat, "Otto", ("Cem",), name="Autumn", channel="#autumn")
    before = thread.rows()

    assert thread.says("Cem", ANSWER) is None

    assert thread.rows() == before


def test_below_any_other_post_nothing_is_taken_as_an_answer(thread: Thread) -> None:
    thread.of.says("Olga", c.Announce("We meet on Thursday at ten, in the big room."))
    before = thread.rows()

    assert thread.says("Ana", ANSWER, post=str(len(thread.chat.inbox.pushes))) is None
    assert thread.says("Ana", ANSWER, post="none of ours") is None

    assert thread.rows() == before


def test_below_a_prompt_that_has_closed_nothing_is_taken_as_an_answer(thread: Thread) -> None:
    thread.chat.world.wait(4 * DAY)

    assert thread.says("Ana", ANSWER) is None
    assert thread.serving("Ana") is None


def test_who_has_looked_at_the_answer_only_talks(thread: Thread) -> None:
    opened = thread.of.says("Ana", c.OpenPrompt(thread.prompt.id))
    thread.of.says("Ana", buttons(opened)["Show the answer"])

    assert thread.says("Ana", ANSWER) is None


def test_the_same_event_twice_is_one_answer_and_one_verdict(thread: Thread) -> None:
    event = thread.event("Ana", ANSWER)

    assert thread.chat.world.rolecall.reply_to(event) is not None
    assert thread.chat.world.rolecall.reply_to(event) is None


def test_what_is_too_long_is_given_back_in_private(thread: Thread) -> None:
    heard = thread.says("Ana", "word " * 700)

    assert heard is not None
    assert "3,000" in words(heard)
    assert thread.says("Ana", ANSWER) is not None


def test_what_gives_up_is_no_answer(thread: Thread) -> None:
    heard = thread.says("Ana", "Sorry, I honestly don't know this one at all, really")

    assert heard is not None
    serving = thread.serving("Ana")
    assert serving is not None
    assert i.WriteAnswer(serving.id) in buttons(heard).values()
