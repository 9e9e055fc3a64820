"""Which points of an answer people are asked about. Pure; it knows no ticket and no reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

from bot.grading import rubric
from bot.grading.question import Question
from bot.model import FLAGS, Assessment, Band, CriterionId, State, Verdict

AT_ONCE = 4
"""Points on one form, and criteria that are put to people without the learner's asking."""


def doubts(asked: Question, assessment: Assessment) -> tuple[str, ...]:
    """What only people can settle and the band depends on: unsure criteria, heaviest first, at most AT_ONCE; FLAGS."""
    if rubric.outcome(asked, assessment).band is Band.NOT_GRADABLE:
        return ()
    matter = _heaviest(asked, _deciding(asked, assessment))[:AT_ONCE]
    return (*(str(v.criterion) for v in matter), *_flags(asked, assessment))


def all_open(asked: Question, assessment: Assessment) -> tuple[str, ...]:
    """All that a learner may want to have read: what is unsure or their own judgement, heaviest first; FLAGS."""
    if rubric.outcome(asked, assessment).band is Band.NOT_GRADABLE:
        return ()
    open_ = [v for v in assessment.verdicts if v.state is State.UNSURE or (v.by_learner and not v.appealed)]
    return (*(str(v.criterion) for v in _heaviest(asked, open_)), *_flags(asked, assessment))


def _flags(asked: Question, assessment: Assessment) -> tuple[str, ...]:
    return (FLAGS,) if rubric.withheld(asked, assessment) else ()


def _heaviest(asked: Question, verdicts: Iterable[Verdict]) -> list[Verdict]:
    weights = {c.id: c.weight for c in asked.criteria}
    return sorted((v for v in verdicts if v.criterion in weights), key=lambda v: -weights[v.criterion])


def _deciding(asked: Question, assessment: Assessment) -> list[Verdict]:
    """The unsure criteria to which some way of settling the others leaves the band. A problem has at most eight."""
    unsure = [v for v in assessment.verdicts if v.state is State.UNSURE]
    ways = list(product((State.MISSED, State.MET), repeat=len(unsure)))
    bands = {way: _band(asked, assessment, dict(zip((v.criterion for v in unsure), way, strict=True))) for way in ways}
    return [
        v
        for n, v in enumerate(unsure)
        if any(bands[way] is not bands[(*way[:n], State.MET, *way[n + 1 :])] for way in ways)
    ]


def _band(asked: Question, assessment: Assessment, states: Mapping[CriterionId, State]) -> Band:
    verdicts = (replace(v, state=states.get(v.criterion, v.state)) for v in assessment.verdicts)
    return rubric.outcome(asked, replace(assessment, verdicts=tuple(verdicts))).band
