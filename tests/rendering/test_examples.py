"""Every message that any capability can say, drawn by every renderer, as a person will see it.

`pytest tests/rendering --golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.terminal.screen import Screen
from bot import guide
from bot.catalogue import load
from bot.door.intents import About, Intent
from bot.door.messages import LIMITS, Message
from bot.grading import rubric
from bot.grading.question import full
from bot.linking import words as linking
from bot.members import reminder_words
from bot.members import words as members
from bot.model import (
    FLAGS,
    Assessment,
    Attempt,
    Card,
    Flag,
    Horizon,
    Level,
    Member,
    MemberId,
    Mistake,
    Origin,
    Quote,
    Role,
    Route,
    Serving,
    ServingId,
    State,
    Ticket,
    TicketId,
    TicketKind,
    Verdict,
)
from bot.practice import progress_words, today_words, weekly_words
from bot.practice import reminder_words as practice_reminders
from bot.practice import words as practice
from bot.reviews import case_words, mentor_words
from bot.reviews import words as review_words
from bot.roles import assess_words, knowledge, market, posting_words, reading, result_words
from bot.roles import words as role_words
from bot.roles.decoding import Reading, decode
from bot.roles.paging import part
from bot.roles.questions import questionnaire_of
from bot.store.delivery import OutboxRow
from tests.rendering.cohort_examples import boards, people, points, prompts, room
from tests.talk import MONDAY

GOLDEN = Path(__file__).parent / "golden"
PROBLEM = load(Path(__file__).parents[1] / "catalogue" / "content").warm_up
ANSWER = "It could call every payment fine. Then it would catch no fraud. I would look at recall."
POSTING = """Data Scientist, Search

We are a bookshop on the web, and readers find too little of what they look for.

You will train the ranking models of our search, put them into production and retrain them when tastes change.
You will measure each one in an A/B test. You will not run the Kubernetes clusters; another team does.

You know PyTorch and SQL. Airflow is a plus."""
ANA = Member(MemberId("m1"), "Ana", zone="Europe/Berlin", reminders=True, settled_at=MONDAY)
BUSY = replace(ANA, role=Role.MLE, level=Level.ACTIVE, horizon=Horizon(MONDAY.date() + timedelta(days=12), MONDAY))
SERVING = Serving(
    id=ServingId("s1"),
    member=ANA.id,
    problem=PROBLEM.id,
    version=1,
    variant="v1",
    origin=Origin.NEW,
    served_at=MONDAY,
    expires_at=MONDAY + timedelta(days=7),
)
CARD = Card(PROBLEM.concepts[0], MONDAY + timedelta(days=4), 4.0, 5.0, MONDAY, 3, 4, 1, 1, 0)
ROW = OutboxRow(
    id=1,
    dedupe_key="k",
    kind="review_due",
    member=ANA.id,
    bucket="dm:terminal::ana",
    data={},
    state="skipped",
    reason="nothing was due",
    not_before=MONDAY,
    expires_at=MONDAY,
    attempt=0,
    sent_at=None,
)


def attempt(*states: State, mistake: bool = False, flags: tuple[Flag, ...] = ()) -> Attempt:
    """An answer with the given verdicts on the problem's criteria, the rest missed."""
    quote = Quote(ANSWER[:33], 0, 33)
    padded = [*states, *([State.MISSED] * (len(PROBLEM.criteria) - len(states)))]
    assessment = Assessment(
        verdicts=tuple(
            Verdict(c.id, s, quote if s in {State.MET, State.PARTLY} else None)
            for c, s in zip(PROBLEM.criteria, padded, strict=True)
        ),
        mistakes=(Mistake(PROBLEM.misconceptions[0].id, quote),) if mistake else (),
        flags=flags,
    )
    return Attempt(SERVING, ANSWER, MONDAY, assessment, rubric.outcome(full(PROBLEM), assessment))


def all_examples() -> dict[str, Message]:
    def judged(done: Attempt) -> Message:
        return practice.examples(PROBLEM, SERVING, done, CARD, ANA)["verdict"]

    return {
        **practice.examples(PROBLEM, SERVING, attempt(State.MET, State.PARTLY), CARD, ANA),
        **practice_reminders.examples(PROBLEM, judged(attempt(State.MET, State.PARTLY)), CARD, ANA),
        **progress_words.examples(PROBLEM.title, attempt(State.MET, State.PARTLY), CARD, ANA),
        **weekly_words.examples(ANA, MONDAY.date()),
        **today_words.examples(PROBLEM.title, attempt(State.MET, State.PARTLY), ANA, BUSY),
        "verdict_unsure": judged(attempt(State.UNSURE)),
        "verdict_wrong": judged(attempt(mistake=True)),
        "verdict_not_gradable": judged(attempt(flags=(Flag.TOO_SHORT,))),
        **reviewing(),
        **members.examples(ANA),
        **reminder_words.examples(ANA, ROW),
        **linking.examples(ANA, MONDAY),
        **guide.examples(),
        **matching(),
        **{name: part(message, 1, _again) for name, message in about_roles().items()},
        **postings(),
        **of_cohorts(),
    }


def of_cohorts() -> dict[str, Message]:
    parts = (boards, people, points, prompts, room)
    found = {name: said for part in parts for name, said in part.EXAMPLES.items() if isinstance(said, Message)}
    return {f"cohort_{name.removeprefix('cohort_')}": said for name, said in found.items()}


def reviewing() -> dict[str, Message]:
    done = attempt(State.MET, State.PARTLY)
    judged = practice.examples(PROBLEM, SERVING, done, CARD, ANA)["verdict"]
    ticket = Ticket(
        TicketId("t1"), ANA.id, TicketKind.DOUBT, Route.MENTORS, PROBLEM.id, (PROBLEM.criteria[0].id, FLAGS), MONDAY
    )
    now = MONDAY + timedelta(hours=3)
    return {
        **review_words.examples(PROBLEM, SERVING, done, judged),
        **mentor_words.examples(PROBLEM.title, ticket, now),
        **case_words.examples(PROBLEM, ticket, done, now),
    }


def postings() -> dict[str, Message]:
    known = load().landscape
    read = decode(POSTING, known.postings)
    assert isinstance(read, Reading)
    return posting_words.examples(known, read)


def matching() -> dict[str, Message]:
    known = load().landscape
    return {**role_words.match_examples(questionnaire_of(known)), **result_words.examples(known)}


def about_roles() -> dict[str, Message]:
    known = load().landscape
    return {
        **reading.examples(known),
        **knowledge.examples(known),
        **market.examples(known, MONDAY),
        **assess_words.examples(known),
    }


def _again(number: int) -> Intent:
    return About(f"mistakes:{number}")


EXAMPLES = all_examples()


def drawn(message: Message, width: int) -> str:
    out = io.StringIO()
    Screen(out, plain=True, width=width).message(message)
    return out.getvalue()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_terminal_draws_it_as_agreed(name: str, golden: bool) -> None:
    file = GOLDEN / f"{name}.txt"
    seen = drawn(EXAMPLES[name], 80)
    if golden:
        file.write_text(seen, encoding="utf-8")
    assert seen == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 120])
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_line_is_wider_than_the_screen(name: str, width: int) -> None:
    assert max(len(line) for line in drawn(EXAMPLES[name], width).splitlines()) <= width


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n != "exported"])
def test_it_fits_into_one_message_of_every_platform(name: str) -> None:
    assert len(drawn(EXAMPLES[name], 10_000)) <= LIMITS.MESSAGE * 1.5


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_summary_gives_no_verdict_away(name: str) -> None:
    assert not any(band in EXAMPLES[name].summary for band in ("Hire", "hire"))
