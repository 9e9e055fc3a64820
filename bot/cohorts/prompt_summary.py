"""What becomes of a prompt when it closes: what its answers had in common, and one of them as an example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.anonymous import without_names
from bot.catalogue.problem import Problem
from bot.cohorts import outlets, prompt_words, timetable
from bot.cohorts.posting import Posting
from bot.cohorts.prompt_answers import may_be_shown
from bot.cohorts.prompting import CLOSE, PROMPT
from bot.cohorts.timetable import Task
from bot.delivery import outbox
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.model import Attempt, Band, CohortId, MemberId, ServingId, State
from bot.practice.projection import served_problem
from bot.store import cohorts, learning, posted, prompts
from bot.store.delivery import PERHAPS_SENT
from bot.store.history import names_of
from bot.store.session import Tx

SUMMARY = "summary"
LATE_GRADES = timedelta(hours=1)
"""How long the summary waits for answers that are still being graded."""
LOOK_AGAIN = timedelta(minutes=5)


def close(task: Task) -> None:
    """Closes a prompt and puts its summary into the channels that have seen it, once."""
    tx, now = task.tx, task.now
    prompt = prompts.prompt_of(tx, task.entry.kind.removeprefix(f"{CLOSE}:"), lock=True)
    if prompt is None or prompt.closed_at is not None:
        return
    waiting = any(a.assessment is None for a in learning.attempts_at(tx, prompt.id))
    if waiting and now < prompt.closes_at + LATE_GRADES:
        timetable.plan_once(tx, task.cohort, task.entry.kind, now + LOOK_AGAIN)
        return
    prompts.close(tx, prompt.id, now)
    for channel in outlets.taking(tx, task.cohort):
        seen = posted.of_key(tx, f"{PROMPT}:{prompt.id}:{channel.platform}")
        if seen is None or seen.state not in PERHAPS_SENT:
            continue
        key = f"{SUMMARY}:{prompt.id}:{channel.platform}"
        outbox.post(tx, channel, key=key, kind=SUMMARY, now=now, data={"prompt": prompt.id})


def summary_post(of: Posting) -> Message | Skip:
    prompt = prompts.prompt_of(of.tx, str(of.row.data["prompt"]))
    if prompt is None:
        return Skip("the prompt is no longer known")
    problem = served_problem(of.tx, prompt.problem, prompt.version)
    answers = [a for a in learning.attempts_at(of.tx, prompt.id) if not _is_void(a)]
    return prompt_words.summary(
        problem,
        answered=len({a.serving.member for a in answers}),
        most_missed=most_missed(problem, answers),
        example=_example(of.tx, of.cohort.id, answers, prompts.offered(of.tx, prompt.id)),
        to_practise=of.bank.problems.get(prompt.problem),
    )


def _is_void(attempt: Attempt) -> bool:
    return attempt.outcome is not None and attempt.outcome.band is Band.NOT_GRADABLE


def most_missed(problem: Problem, answers: Sequence[Attempt]) -> str:
    """The must or core criterion that most answers left out, the weightier of several; "" where no two did."""
    missed = Counter(
        v.criterion for a in answers if a.assessment for v in a.assessment.verdicts if v.state is State.MISSED
    )
    counted = [c for c in problem.criteria if c.kind != "bonus" and missed[c.id] > 1]
    worst = max(counted, key=lambda c: (missed[c.id], c.weight), default=None)
    return worst.statement if worst else ""


def _example(tx: Tx, of: CohortId, answers: Sequence[Attempt], offered: Collection[ServingId]) -> str:
    """The best answer whose author agreed and is still here, without their names; "" where there is none."""
    seated = {s.member: s.alias for s in cohorts.seats(tx, of)}
    shown = [a for a in answers if a.serving.id in offered and may_be_shown(a) and a.serving.member in seated]
    best = max(shown, key=lambda a: (a.outcome.score if a.outcome else 0.0, a.serving.id), default=None)
    return _nameless(tx, best, seated[best.serving.member]) if best else ""


def _nameless(tx: Tx, answer: Attempt, alias: str | None) -> str:
    names = names_of(tx, MemberId(answer.serving.member))
    return without_names(answer.text, [*names, alias] if alias else names)
