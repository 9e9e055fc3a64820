"""A rubric was corrected: old answers are read once more, memory follows, and whoever it concerns is told once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.catalogue.problem import Problem
from bot.door import intents as i
from bot.model import Band, State
from bot.practice import projection
from bot.practice.regrading import Change, regrade
from tests.reviews.room import ANSWER as REVIEWED
from tests.reviews.room import room
from tests.talk import DAY, Talk, buttons, words

MONTH = timedelta(days=30)
ANSWER = "Zebra crossings, because each of them has stripes that a car has to stop at, and that is the whole point."


def corrected(problem: Problem) -> Problem:
    """The problem a version later, with a way to say each criterion that nobody heard before."""
    heard = tuple(
        c.model_copy(update={"says": (("zebra crossing",),), "at_least": None, "also": ()}) for c in problem.criteria
    )
    return problem.model_copy(update={"version": problem.version + 1, "criteria": heard})


def answered(chat: Talk) -> Problem:
    """The warm-up, answered in words that its rubric does not know."""
    chat.say("Ana", i.Start())
    problem = chat.world.rolecall.bank.problems[chat.serving("Ana").problem]
    heard = chat.say("Ana", i.SubmitAnswer(answer=ANSWER))
    for button in heard.buttons:
        if button.label in {"None, for the rest too", "None of them"}:
            chat.say("Ana", button.intent)
    return problem


def correct(chat: Talk, problem: Problem, **how: bool) -> list[Change]:
    bench, now = chat.world.rolecall.bench, chat.world.now()
    return regrade(bench.store, bench.grader, corrected(problem), now, now - MONTH, **how)


def test_a_better_verdict_is_told_once_and_memory_follows(chat: Talk) -> None:
    problem = answered(chat)
    before = chat.cards("Ana")
    chat.world.wait(DAY)

    [change] = correct(chat, problem)
    chat.world.settle()
    chat.world.wait(DAY)

    told = [words(p.message) for p in chat.inbox.pushes if p.key.startswith("regraded:")]
    assert len(told) == 1
    assert "It was No Hire. You did nothing wrong" in told[0]
    assert change.after.band is not Band.NO_HIRE
    after = chat.cards("Ana")
    assert all(new.last_rating > old.last_rating for old, new in zip(before, after, strict=True))
    assert all(new.due_at > old.due_at for old, new in zip(before, after, strict=True))


def test_a_second_run_finds_nothing_to_do(chat: Talk) -> None:
    problem = answered(chat)
    correct(chat, problem)

    assert correct(chat, problem) == []


def test_a_dry_run_writes_nothing(chat: Talk) -> None:
    problem = answered(chat)
    before = chat.kept("Ana")

    assert correct(chat, problem, dry_run=True)

    assert chat.kept("Ana") == before


def test_an_answer_of_long_ago_is_left_alone(chat: Talk) -> None:
    problem = answered(chat)
    chat.world.wait(2 * MONTH)

    assert correct(chat, problem) == []


def test_a_verdict_that_stays_is_not_worth_a_message(chat: Talk) -> None:
    problem = answered(chat)
    same = problem.model_copy(update={"version": problem.version + 1})
    bench, now = chat.world.rolecall.bench, chat.world.now()

    regrade(bench.store, bench.grader, same, now, now - MONTH)
    chat.world.settle()

    assert chat.inbox.pushes == []


def test_what_was_regraded_survives_a_rebuild(chat: Talk) -> None:
    problem = answered(chat)
    correct(chat, problem)
    before = chat.kept("Ana")

    with chat.tx() as tx:
        projection.rebuild(tx)

    assert chat.kept("Ana")["attempt"] == before["attempt"]
    assert chat.kept("Ana")["card"] == before["card"]


def test_an_open_problem_keeps_the_rubric_it_was_served_with(chat: Talk) -> None:
    chat.say("Ana", i.Start())
    problem = chat.world.rolecall.bank.problems[chat.serving("Ana").problem]

    assert correct(chat, problem) == []

    assert chat.serving("Ana").version == problem.version


def test_what_people_said_of_a_misconception_stays_said(tmp_path: Path) -> None:
    with room(tmp_path) as hall:
        hall.office("Maya", "mentor")
        hall.grader.mistakes.add(REVIEWED)
        serving, verdict = hall.answers("Ana")
        hall.chat.say("Ana", buttons(verdict)["I did not mean that mistake"])
        hall.judges("Maya", hall.ticket(serving), "missed")
        before = hall.attempt(serving).outcome

        correct(hall.chat, hall.chat.world.rolecall.bank.problems[hall.attempt(serving).serving.problem])

        assert hall.attempt(serving).outcome == before
        assert hall.assessment(serving).mistakes == ()


def test_what_the_learner_claimed_where_nobody_could_decide_stays_claimed(tmp_path: Path) -> None:
    with room(tmp_path) as hall:
        serving, verdict = hall.answers("Ana", c1=State.MISSED)
        (label,) = (label for label in buttons(verdict) if label.startswith("I did say"))
        asked = hall.chat.say("Ana", buttons(verdict)[label])
        hall.chat.say("Ana", next(iter(buttons(asked).values())))

        correct(hall.chat, hall.chat.world.rolecall.bank.problems[hall.attempt(serving).serving.problem])

        outcome = hall.attempt(serving).outcome
        assert outcome is not None
        assert outcome.by_learner
        assert hall.chat.inbox.pushes == []


def test_what_waits_for_a_reviewer_is_left_alone_and_not_counted_in_a_dry_run(tmp_path: Path) -> None:
    with room(tmp_path) as hall:
        hall.office("Maya", "mentor")
        serving, _ = hall.answers("Ana", c0=State.UNSURE)
        problem = hall.chat.world.rolecall.bank.problems[hall.attempt(serving).serving.problem]

        assert correct(hall.chat, problem, dry_run=True) == []
        assert correct(hall.chat, problem) == []

        hall.judges("Maya", hall.ticket(serving), "met:0")
        assert len(correct(hall.chat, problem)) == 1
