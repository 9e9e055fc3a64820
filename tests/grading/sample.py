"""The problem that most of these stories are told about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.catalogue.problem import Problem
from bot.grading import rubric
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import full
from bot.model import Assessment, Outcome, State, Verdict

STRONG = (
    "I'd compare the feature histograms of this week against last spring. For today, revert the pipeline to the "
    "previous version. We should not retrain before we know the reason. It has cost us $8,500 a month."
)


@cache
def feed() -> Problem:
    text = (Path(__file__).parent / "feed.yaml").read_text(encoding="utf-8")
    return Problem.model_validate(yaml.safe_load(text))


def graded(answer: str) -> Assessment:
    return DeterministicGrader().grade(full(feed()), answer)


def outcome(answer: str) -> Outcome:
    return rubric.outcome(full(feed()), graded(answer))


def verdict(answer: str, criterion: str) -> Verdict:
    return next(v for v in graded(answer).verdicts if v.criterion == criterion)


def state(answer: str, criterion: str) -> State:
    return verdict(answer, criterion).state
