"""From a model's reply to verdicts: what it may claim, and what is wrong with a claim. Score and band are not here.

A claim stands when its quote stands in the answer; a claim that does not stand becomes `unsure`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue.problem import Criterion
from bot.grading.llm_prompt import Asked, Finding, Reading
from bot.grading.llm_quotes import FEWEST, locate
from bot.model import Judge, Mistake, State, Verdict

CONFIDENCE = 0.8
"""Of a verdict that a model gives: published per-criterion accuracy of the best on RiceChem, about 80 %."""

LONGEST_REASON = 240
"""Characters of a model's reason that are shown."""

_CHANCE = {State.MET: CONFIDENCE, State.PARTLY: 0.5, State.MISSED: 1 - CONFIDENCE, State.UNSURE: 0.5}
_JUDGES = re.compile(
    r"\b(?:strong|lean|no)[ _-]?hire\b|\b(?:full|top) (?:marks|score)\b|\d\s*/\s*\d|https?:|www\.|[<>@]", re.IGNORECASE
)
"""Talk of scores and bands, which no model decides, and what a chat would turn into a link or a mention."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What stands of a reply, and in `faults` what does not, in words for the model."""

    verdicts: tuple[Verdict, ...]
    mistakes: tuple[Mistake, ...]
    faults: tuple[str, ...]


def examine(asked: Asked, reading: Reading) -> Examined:
    """One verdict per criterion of the question, in its order, and the misconceptions whose quote stands."""
    faults: list[str] = []
    known = [str(c.id) for c in asked.question.criteria]
    count = Counter(finding.criterion for finding in reading.criteria)
    faults += [f"{id!r:.60} is no criterion here" for id in count if id not in known]
    verdicts = []
    for criterion in asked.question.criteria:
        found = [finding for finding in reading.criteria if finding.criterion == criterion.id]
        if len(found) != 1:
            faults.append(f"{criterion.id} must stand exactly once and stands {len(found)} times")
            verdicts.append(unsure(criterion))
            continue
        verdict, fault = _verdict(asked, criterion, found[0])
        verdicts.append(verdict)
        faults += fault
    mistakes, wrong = _mistakes(asked, reading)
    return Examined(tuple(verdicts), mistakes, (*faults, *wrong))


def unsure(criterion: Criterion) -> Verdict:
    """The verdict on a criterion of which a model said nothing that stands."""
    return Verdict(
        criterion.id,
        State.UNSURE,
        confidence=0.5,
        why="the language model gave no evidence that holds",
        by=Judge.MODEL,
    )


def _verdict(asked: Asked, criterion: Criterion, finding: Finding) -> tuple[Verdict, Sequence[str]]:
    word = finding.verdict.strip().lower()
    if word not in set(State):
        return unsure(criterion), [f"{criterion.id}: the verdict is one of met, partly, missed, unsure"]
    state = State(word)
    quote = locate(asked.answer, finding.quote, asked.unusable) if state is not State.MISSED else None
    if quote is None and state in {State.MET, State.PARTLY}:
        return unsure(criterion), [f"{criterion.id}: {_not_found(finding.quote)}"]
    if state is State.MISSED:
        why = f"listened for: {criterion.statement}"
    else:
        why = _reason(finding.reason) or (f'read "{quote.text}"' if quote else "the language model is not sure")
    confidence = CONFIDENCE if state is not State.UNSURE else 0.5
    return Verdict(criterion.id, state, quote, confidence, why, Judge.MODEL, _CHANCE[state]), ()


def _mistakes(asked: Asked, reading: Reading) -> tuple[tuple[Mistake, ...], list[str]]:
    known = {m.id for m in asked.question.problem.misconceptions}
    mistakes: dict[str, Mistake] = {}
    faults = []
    for held in reading.misconceptions:
        quote = locate(asked.answer, held.quote, asked.unusable)
        if held.misconception not in known:
            faults.append(f"{held.misconception!r:.60} is no misconception here")
        elif quote is None:
            faults.append(f"{held.misconception}: {_not_found(held.quote)}")
        else:
            mistakes.setdefault(held.misconception, Mistake(held.misconception, quote, CONFIDENCE))
    return tuple(mistakes.values()), faults


def _not_found(quote: str) -> str:
    return f"the quote {quote!r:.200} does not stand in the answer; copy at least {FEWEST} words letter for letter"


def _reason(reason: str) -> str:
    """The model's reason on one line; empty where it passes judgement or would not be plain text in a chat."""
    line = " ".join("".join(c if c.isprintable() else " " for c in reason).split())
    return "" if _JUDGES.search(line) or len(line) > LONGEST_REASON else line
