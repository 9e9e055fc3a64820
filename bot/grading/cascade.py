"""Which grader judges what, the cheapest first, and what holds where two of them differ. It keeps nothing itself.

Guards and the deterministic grader come first; what they leave unsure goes to the language model, from memory where
it has judged the same before; what is unsure then is for people, with a sentence to look at where a finder knows one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.catalogue.problem import Criterion
from bot.grading import rubric
from bot.grading.grader import Grader
from bot.grading.llm import LlmGrader, Reason, UnansweredError
from bot.grading.llm_prompt import prepare
from bot.grading.question import Question
from bot.model import Assessment, MemberId, State, Verdict

CAPPED = "The language model has been used as often as one day allows"
FAILED = {
    Reason.SLOW: "The language model took too long",
    Reason.BUSY: "The language model has too much to do just now",
    Reason.DOWN: "The language model could not be reached",
    Reason.REFUSED: "The language model refused the request",
    Reason.UNUSABLE: "The language model gave no usable verdicts",
}
ALONE = "so the built-in grader judged this alone. Your answer is safe; what is unsure below can still be settled."

ANSWERED = "answered"
"""The outcome of a call that gave verdicts; the other outcomes are the Reasons."""


class Ledger(Protocol):
    """What has been asked of the model before, and what that cost."""

    def cached(self, member: MemberId, key: str) -> Assessment | None:
        """The opinion that was kept under this key."""
        ...

    def keep(self, member: MemberId, key: str, said: Assessment, now: datetime) -> None:
        """Keeps an opinion; a second one under the same key changes nothing."""
        ...

    def book(self, member: MemberId, model: str, now: datetime) -> int | None:
        """Books a call and returns its number; None where a cap is reached."""
        ...

    def spent(self, call: int, tokens_in: int, tokens_out: int, cost_usd: float | None, outcome: str) -> None:
        """Writes down what a booked call took; an unknown cost is None."""
        ...


class Finder(Protocol):
    """Looks for what may be evidence where no grader quotes any; it decides nothing."""

    def find(self, question: Question, answer: str, assessment: Assessment) -> Assessment:
        """The assessment, with a quote where a verdict is unsure and had none."""
        ...


class Cascade:
    """The graders of an installation, one after the other. Safe to share."""

    def __init__(
        self,
        first: Grader,
        model: LlmGrader | None = None,
        ledger: Ledger | None = None,
        finder: Finder | None = None,
    ) -> None:
        """Without a model (which needs the ledger), the first grader's word is the last before people's."""
        self._first = first
        self._model = model
        self._ledger = ledger
        self._finder = finder

    def grade(self, question: Question, answer: str, *, member: MemberId, now: datetime) -> Assessment:
        """One verdict per criterion of the question, in its order; `fallback` says where the model was of no help."""
        judged = self._judge(question, answer, member, now)
        return self._finder.find(question, answer, judged) if self._finder else judged

    def _judge(self, question: Question, answer: str, member: MemberId, now: datetime) -> Assessment:
        first = self._first.grade(question, answer)
        if self._model is None or self._ledger is None or not _worth_asking(first):
            return first
        asked = prepare(question, answer)
        key = self._model.key(asked)
        opinion = self._ledger.cached(member, key)
        if opinion is not None:
            return combine(question, first, replace(opinion, cost_usd=0.0))
        call = self._ledger.book(member, self._model.endpoint.name, now)
        if call is None:
            return replace(first, fallback=f"{CAPPED}, {ALONE}")
        try:
            answered = self._model.ask(asked)
        except UnansweredError as error:
            spent = error.spent
            self._ledger.spent(call, spent.tokens_in, spent.tokens_out, spent.cost_usd, error.reason)
            return replace(first, cost_usd=spent.cost_usd or 0.0, fallback=f"{FAILED[error.reason]}, {ALONE}")
        spent = answered.spent
        self._ledger.spent(call, spent.tokens_in, spent.tokens_out, spent.cost_usd, ANSWERED)
        self._ledger.keep(member, key, answered.assessment, now)
        return combine(question, first, answered.assessment)


def _worth_asking(first: Assessment) -> bool:
    """What cannot be graded is never sent, and what is decided needs no second opinion."""
    gradable = not rubric.NOT_GRADABLE.intersection(first.flags)
    return gradable and any(verdict.state is State.UNSURE for verdict in first.verdicts)


def combine(question: Question, first: Assessment, second: Assessment) -> Assessment:
    """The first grader's verdicts, the second's where the first is unsure; a must on which they differ is unsure.

    Misconceptions that either heard count; flags are the first's.
    """
    theirs = {verdict.criterion: verdict for verdict in second.verdicts}
    criteria = {str(c.id): c for c in question.criteria}
    verdicts = tuple(_settle(criteria[v.criterion], v, theirs.get(v.criterion)) for v in first.verdicts)
    heard = {mistake.misconception for mistake in first.mistakes}
    return replace(
        first,
        verdicts=verdicts,
        mistakes=first.mistakes + tuple(m for m in second.mistakes if m.misconception not in heard),
        grader="cascade",
        version=f"{first.grader} {first.version}; {second.grader} {second.version}",
        cost_usd=first.cost_usd + second.cost_usd,
    )


def _settle(criterion: Criterion, first: Verdict, second: Verdict | None) -> Verdict:
    if second is None or second.state is State.UNSURE:
        return first
    if first.state is State.UNSURE:
        return second
    if criterion.kind == "must" and {first.state, second.state} == {State.MET, State.MISSED}:
        why = "two graders differ: one heard it, the other did not"
        return replace(first, state=State.UNSURE, quote=first.quote or second.quote, confidence=0.5, why=why)
    return first
