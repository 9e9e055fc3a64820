"""A study group with mentors on a real Rolecall, and a grader that says of each answer what the story needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from bot.cohort_model import Cohort, Preset
from bot.door import intents as i
from bot.door.intents import SubmitReview
from bot.door.messages import Form, Message, Push
from bot.grading.question import Question
from bot.grading.text import sentences
from bot.model import (
    Assessment,
    Attempt,
    CohortId,
    Flag,
    Mistake,
    ServingId,
    State,
    Ticket,
    TicketId,
    Verdict,
)
from bot.store import cohorts, learning, members, reviews
from bot.store.cohort_tables import membership
from tests.talk import Talk, talk, words

ANSWER = "First I would read ten wrong answers. Then I would measure recall on them. Last I would rerank."
HOUR = timedelta(hours=1)


@dataclass
class Marking:
    """Finds every criterion met by the first sentence, but for what the story says of an answer."""

    states: dict[str, Mapping[int, State]] = field(default_factory=dict)
    """Answer -> number of a criterion, from 0 -> its state."""
    mistakes: set[str] = field(default_factory=set)
    """Answers that hold the problem's first misconception."""
    flags: dict[str, tuple[Flag, ...]] = field(default_factory=dict)

    def grade(self, question: Question, answer: str) -> Assessment:
        said, first = self.states.get(answer, {}), sentences(answer)[0]
        states = [said.get(n, State.MET) for n in range(len(question.criteria))]
        return Assessment(
            verdicts=tuple(
                Verdict(c.id, state, None if state is State.MISSED else first, 0.95, "listened")
                for c, state in zip(question.criteria, states, strict=True)
            ),
            mistakes=(Mistake(question.problem.misconceptions[0].id, first),) if answer in self.mistakes else (),
            flags=self.flags.get(answer, ()),
        )


@dataclass
class Room:
    chat: Talk
    grader: Marking

    def office(
        self, name: str, role: str, cohort: str = "", *, reviewers: str = "mentors", blind: bool = False
    ) -> None:
        """Makes somebody learner, mentor or organiser, of a cohort or of everything."""
        self.chat.say(name, i.Help())
        member, now, id = self.chat.member(name), self.chat.world.now(), self.chat.world.new_key()
        with self.chat.tx() as tx:
            if not cohort:
                members.grant(tx, id, member, role, now)
                return
            known = next((c.id for c in cohorts.living(tx) if c.name == cohort), None)
            if known is None:
                known = CohortId(self.chat.world.new_key())
                group = Cohort(known, cohort, Preset.STUDY_GROUP, "UTC", now, reviewers=reviewers, blind=blind)
                cohorts.create(tx, group)
            cohorts.enrol(tx, id, member, known, role, now)

    def answers(self, name: str, text: str = ANSWER, **states: State) -> tuple[ServingId, Message]:
        """A newcomer answers their first full problem; `c0=State.UNSURE` is what the grader says of its criterion 0."""
        self.chat.settled(name)
        self.grader.states[text] = {int(key[1:]): state for key, state in states.items()}
        serving = self.chat.serving(name).id
        return serving, self.chat.say(name, i.SubmitAnswer(serving, text))

    def leaves(self, name: str) -> None:
        """Ends everything that somebody is, here and in every cohort."""
        member, now = self.chat.member(name), self.chat.world.now()
        with self.chat.tx() as tx:
            tx.execute(update(membership).where(membership.c.member_id == member).values(left_at=now))

    def attempt(self, serving: ServingId) -> Attempt:
        with self.chat.tx() as tx:
            found = learning.attempt_of(tx, serving)
        assert found is not None
        return found

    def assessment(self, serving: ServingId) -> Assessment:
        found = self.attempt(serving).assessment
        assert found is not None
        return found

    def tickets(self, serving: ServingId) -> list[Ticket]:
        with self.chat.tx() as tx:
            return list(reviews.tickets_on(tx, serving))

    def ticket(self, serving: ServingId) -> TicketId:
        """The one ticket on an answer."""
        (found,) = self.tickets(serving)
        return found.id

    def judges(self, name: str, ticket: TicketId, *values: str, note: str = "") -> Message:
        """Takes a ticket and fills in its form."""
        self.chat.say(name, i.TakeTicket(ticket))
        return self.fills_in(name, self.chat.form(name, i.WriteReview(ticket)), *values, note=note)

    def fills_in(self, name: str, form: Form, *values: str, note: str = "") -> Message:
        given = dict(zip((f.name for f in form.fields if f.kind == "choice"), values, strict=True))
        wish = form.submit({**given, "note": note})
        assert isinstance(wish, SubmitReview)
        return self.chat.say(name, wish)

    def pushed(self, name: str, kind: str = "") -> list[Push]:
        """What has come to somebody by itself, of one kind."""
        account = self.chat.actor(name).account
        return [
            p for p in self.chat.inbox.pushes if getattr(p.to, "account", None) == account and p.key.startswith(kind)
        ]

    def heard(self, name: str, kind: str) -> str:
        """The words of the one push of a kind."""
        (push,) = self.pushed(name, kind)
        return words(push.message)


@contextmanager
def room(folder: Path, db: str = "play.db") -> Iterator[Room]:
    grader = Marking()
    with talk(folder, grader=grader, db=db) as chat:
        yield Room(chat, grader)
