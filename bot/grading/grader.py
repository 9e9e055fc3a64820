"""What every grader promises: verdicts with evidence, never a score or a band."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.grading.question import Question
from bot.model import Assessment, MemberId


class Grader(Protocol):
    """Judges one answer, each criterion of the question on its own."""

    def grade(self, question: Question, answer: str) -> Assessment:
        """One verdict per criterion of the question, in its order; never raises because of the answer."""
        ...


class Judging(Protocol):
    """Judges a member's answer: which grader does it may depend on what was spent for them (`grading.cascade`)."""

    def grade(self, question: Question, answer: str, *, member: MemberId, now: datetime) -> Assessment:
        """As `Grader.grade`."""
        ...
