"""Answering a prompt is private: one serving each, a verdict for its author, and a summary that names nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalogue.problem import Problem
from bot.cohort_model import Prompt
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import Message, Paragraph
from bot.errors import RolecallError
from bot.grading.question import Question
from bot.model import Assessment, Flag, Origin, Serving, State
from bot.practice.projection import rebuild
from bot.store import learning, prompts
from tests.cohorts.group import Group, group
from tests.reviews.room import Marking
from tests.talk import DAY, Talk, buttons, talk, words

HOUR = timedelta(hours=1)
SHOW = "Show it in the summary, without my name"


class Marker(Marking):
    """As Marking, but for a while it may not be there."""

    away = False

    def grade(self, question: Question, answer: str) -> Assessment:
        if self.away:
            raise TimeoutError("no grader")
        return super().grade(question, answer)


@dataclass
class Room:
    chat: Talk
    of: Group
    grader: Marker
    prompt: Prompt

    @property
    def problem(self) -> Problem:
        return self.chat.world.rolecall.bank.problems[self.prompt.problem]

    def answers(self, name: str, text: str, states: Mapping[int, State] | None = None) -> Message:
        """Somebody answers the prompt by its button; `states` is what the grader says of criteria."""
        self.grader.states[text] = states or {}
        form = self.chat.form(name, c.AnswerPrompt(self.prompt.id))
        return self.of.says(name, form.submit({"answer": text}))

    def serving(self, name: str) -> Serving:
        member = self.chat.member(name)
        with self.chat.tx() as tx:
            found = learning.serving_for(tx, member, self.prompt.id)
        assert found is not None
        return found

    @property
    def summary(self) -> Message:
        """The one summary, after the prompt has closed."""
        self.chat.world.wait(4 * DAY)
        (post,) = [p for p in self.of.posts if p.key.startswith("summary:")]
        return post.message


LEARNERS = ("Ana", "Ben", "Cem", "Dora", "Emil", "Fay")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A cohort whose prompt has just been posted, on Monday at ten; it closes on Thursday at ten."""
    grader = Marker()
    with talk(tmp_path, grader=grader) as chat:
        spring = group(chat, learners=LEARNERS)
        spring.says("Olga", c.SavePrompts(days="Mon", time="10:00"))
        chat.world.wait(HOUR)
        with chat.tx() as tx:
            (prompt,) = prompts.of_cohort(tx, spring.id)
        yield Room(chat, spring, grader, prompt)


def test_a_double_click_opens_one_form_for_one_serving(room: Room) -> None:
    first = room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))
    again = room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))
    assert first.submits == again.submits
    served = room.serving("Ana")
    assert (served.origin, served.expires_at) == (Origin.PROMPT, room.prompt.closes_at)


def test_the_verdict_is_for_its_author_alone(room: Room) -> None:
    before = len(room.of.posts)
    verdict = room.answers("Ana", "I would read ten wrong answers first.")
    assert verdict.title == "Strong Hire"
    assert len(room.of.posts) == before
    with pytest.raises(RolecallError, match="the first answer counts"):
        room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))
    assert room.of.says("Ana", c.OpenPrompt(room.prompt.id)).title == "Strong Hire"


def test_hints_are_private_and_are_not_forgotten_by_skipping(room: Room) -> None:
    opened = room.of.says("Ana", c.OpenPrompt(room.prompt.id))
    hint = room.of.says("Ana", i.Hint(room.serving("Ana").id))
    assert hint.title
    assert hint.title.startswith("Hint 1")
    room.of.says("Ana", buttons(opened)["Skip"])
    first = room.serving("Ana").id
    room.of.says("Ana", c.OpenPrompt(room.prompt.id))
    assert room.serving("Ana").id != first
    assert room.serving("Ana").hints == 1
    assert room.serving("Ana").origin is Origin.PROMPT


def test_an_answer_that_could_not_be_judged_can_be_given_again(room: Room) -> None:
    room.grader.flags["?? ??"] = (Flag.OFF_TOPIC,)
    room.answers("Ana", "?? ??")
    assert room.answers("Ana", "I would read ten wrong answers first.").title == "Strong Hire"
    assert "1 of you" not in words(room.summary)


def test_who_has_looked_at_the_answer_sees_it_again_and_cannot_answer(room: Room) -> None:
    room.of.says("Ana", buttons(room.of.says("Ana", c.OpenPrompt(room.prompt.id)))["Show the answer"])
    assert room.problem.reference[:30] in words(room.of.says("Ana", c.OpenPrompt(room.prompt.id)))
    with pytest.raises(RolecallError, match="done with that problem"):
        room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))


def test_an_outsider_is_shown_the_way_in(room: Room) -> None:
    with pytest.raises(RolecallError, match=f"cohort join {room.of.cohort.invite_code}"):
        room.chat.form("Zoe", c.AnswerPrompt(room.prompt.id))
    room.of.says("Zoe", next(b.intent for b in room.of.says("Zoe", c.OpenPrompt(room.prompt.id)).buttons))
    assert room.answers("Zoe", "I would read ten wrong answers first.").title == "Strong Hire"


def test_an_outsider_of_a_closed_cohort_is_told_whom_to_ask(room: Room) -> None:
    room.of.says("Olga", c.SaveCohort(room.of.id, self_service="no"))
    with pytest.raises(RolecallError, match="Ask one of its organisers"):
        room.chat.form("Zoe", c.AnswerPrompt(room.prompt.id))


def test_an_organiser_may_answer_too(room: Room) -> None:
    assert room.answers("Olga", "I would read ten wrong answers first.").title == "Strong Hire"


def test_a_prompt_that_has_closed_says_when_and_can_be_practised_unrated(room: Room) -> None:
    room.chat.form("Ben", c.AnswerPrompt(room.prompt.id))
    room.chat.world.wait(4 * DAY)
    with pytest.raises(RolecallError, match="closed on Thursday 8 January at 10:00"):
        room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))
    closed = room.of.says("Ana", c.OpenPrompt(room.prompt.id))
    assert room.problem.title in words(room.of.says("Ana", buttons(closed)["Practise it"]))
    assert room.chat.serving("Ana").origin is Origin.SELF
    late = room.serving("Ben").id
    with pytest.raises(RolecallError, match="That prompt has closed"):
        room.chat.form("Ben", i.WriteAnswer(late))
    room.of.says("Ben", i.SubmitAnswer(late, "I would read ten wrong answers first."))
    with room.chat.tx() as tx:
        assert not learning.attempts_at(tx, room.prompt.id)


def test_a_prompt_closes_with_its_cohort(room: Room) -> None:
    room.chat.world.wait(DAY)
    room.of.says("Olga", c.ArchiveCohort(confirm="yes"))
    with pytest.raises(RolecallError, match="closed on Tuesday 6 January at 10:00"):
        room.chat.form("Ana", c.AnswerPrompt(room.prompt.id))
    assert "closed on 2026-01-06" in words(room.of.says("Ben", c.OpenPrompt(room.prompt.id)))


def test_who_comes_late_tries_the_problem_from_its_summary(room: Room) -> None:
    tried = room.of.says("Ana", buttons(room.summary)["Try it yourself"])
    assert room.problem.title in (tried.title or words(tried))
    assert room.chat.serving("Ana").origin is Origin.SELF


def test_an_unknown_prompt_is_refused(room: Room) -> None:
    with pytest.raises(RolecallError, match="no longer know that prompt"):
        room.of.says("Ana", c.OpenPrompt("p404"))


# --- the summary


def test_the_summary_counts_five_and_more_and_names_what_was_left_out_most(room: Room) -> None:
    for n, name in enumerate(LEARNERS[:5]):
        room.answers(
            name,
            f"Number {n}: read ten wrong answers.",
            {1: State.MISSED, 0: State.MISSED} if n < 2 else {1: State.MISSED},
        )
    said = words(room.summary)
    assert "5 of you answered" in said
    assert f"Most often left out: {room.problem.criteria[1].statement}" in said
    assert "6" not in said.splitlines()[1]  # never how many there could have been
    assert not any(name in said for name in LEARNERS)


def test_of_fewer_than_five_no_figure_is_told(room: Room) -> None:
    for n, name in enumerate(LEARNERS[:4]):
        room.answers(name, f"Number {n}: read ten wrong answers.", {0: State.MISSED})
    said = words(room.summary)
    assert "Thank you to those of you who answered." in said
    assert "Most often left out" not in said
    assert "4" not in said.partition("A good answer")[0].partition("\n")[2]


def test_with_no_answer_there_is_only_the_reference(room: Room) -> None:
    summary = room.summary
    assert summary.title == f"Closed: {room.problem.title}"
    first = words(summary).splitlines()[1]
    assert first == "A good answer"
    assert room.problem.reference[:30] not in summary.summary


def test_a_good_answer_appears_without_its_author_where_they_agree(room: Room) -> None:
    verdict = room.answers("Ana", "I, Ana, would read ten wrong answers first.")
    agreed = room.of.says("Ana", buttons(verdict)[SHOW])
    assert "without your name" in words(agreed)
    said = words(room.summary)
    assert "I, …, would read ten wrong answers first." in said
    assert "Ana" not in said


def test_all_that_gives_the_answer_away_is_covered_for_who_still_thinks(room: Room) -> None:
    for n, name in enumerate(LEARNERS[:4]):
        room.answers(name, f"Number {n}: read ten wrong answers.", {1: State.MISSED} if n < 2 else {})
    verdict = room.answers("Emil", "I would read ten wrong answers first.")
    room.of.says("Emil", buttons(verdict)[SHOW])

    summary = room.summary

    told = replace(summary, blocks=tuple(b for b in summary.blocks if not (isinstance(b, Paragraph) and b.spoils)))
    assert words(told).splitlines()[1:] == [
        "5 of you answered. Thank you.",
        "One of your answers",
        "Shown with its author's consent, without a name.",
        "A good answer",
    ]
    (asked,) = [p.message for p in room.of.posts if p.key.startswith("prompt:")]
    assert not any(isinstance(b, Paragraph) and b.spoils for b in asked.blocks)


def test_what_was_taken_back_does_not_appear(room: Room) -> None:
    verdict = room.answers("Ana", "I would read ten wrong answers first.")
    room.of.says("Ana", buttons(room.of.says("Ana", buttons(verdict)[SHOW]))["Take it back"])
    assert "ten wrong answers" not in words(room.summary)


def test_an_answer_whose_author_has_left_does_not_appear(room: Room) -> None:
    verdict = room.answers("Ana", "I would read ten wrong answers first.")
    room.of.says("Ana", buttons(verdict)[SHOW])
    room.of.says("Ana", c.LeaveCohort(room.of.id, confirm="yes"))
    assert "ten wrong answers" not in words(room.summary)


def test_who_has_left_is_promised_no_place_in_the_summary(room: Room) -> None:
    verdict = room.answers("Ana", "I would read ten wrong answers first.")
    room.of.says("Ana", c.LeaveCohort(room.of.id))
    with pytest.raises(RolecallError, match="you have left it"):
        room.of.says("Ana", buttons(verdict)[SHOW])


def test_only_a_strong_answer_to_an_open_prompt_is_asked_for(room: Room) -> None:
    weak = room.answers("Ana", "Something.", dict.fromkeys(range(8), State.MISSED))
    assert SHOW not in buttons(weak)
    with pytest.raises(RolecallError, match="settled Strong Hire"):
        room.of.says("Ana", c.OfferAnswer(room.serving("Ana").id))
    strong = room.answers("Ben", "I would read ten wrong answers first.")
    with pytest.raises(RolecallError, match="somebody else's"):
        room.of.says("Ana", buttons(strong)[SHOW])
    room.chat.world.wait(4 * DAY)
    assert SHOW not in buttons(room.of.says("Ben", i.ReadVerdict(room.serving("Ben").id)))
    with pytest.raises(RolecallError, match="can no longer change"):
        room.of.says("Ben", buttons(strong)[SHOW])


def test_own_practice_is_never_asked_for(room: Room) -> None:
    room.of.says("Ana", i.Practice(room.problem.id))
    verdict = room.of.says("Ana", i.SubmitAnswer(answer="I would read ten wrong answers first."))
    assert verdict.title == "Strong Hire"
    assert SHOW not in buttons(verdict)


def test_the_summary_waits_for_late_grades_for_an_hour_at_most(room: Room) -> None:
    room.chat.world.wait(3 * DAY - timedelta(minutes=30))
    room.grader.away = True
    room.answers("Ana", "I would read ten wrong answers first.")
    room.chat.world.wait(HOUR)
    assert not [p for p in room.of.posts if p.key.startswith("summary:")]
    room.grader.away = False
    room.chat.world.wait(HOUR)
    assert len([p for p in room.of.posts if p.key.startswith("summary:")]) == 1


def test_a_grader_that_stays_away_does_not_keep_the_summary(room: Room) -> None:
    room.grader.away = True
    room.answers("Ana", "I would read ten wrong answers first.")
    assert "Thank you to those of you" in words(room.summary)


def test_the_log_alone_gives_the_serving_of_a_prompt_again(room: Room) -> None:
    room.answers("Ana", "I would read ten wrong answers first.")
    before = room.serving("Ana")
    with room.chat.tx() as tx:
        rebuild(tx)
    assert room.serving("Ana") == before
    assert before.prompt == room.prompt.id
