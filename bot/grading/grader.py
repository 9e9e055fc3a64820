"""What every grader promises: verdicts with evidence, never a score or a band."""

from __future__ import annotations

from typing import Protocol

from bot.grading.question import Question
from bot.model import Assessment


class Grader(Protocol):
    """Judges one answer, each criterion of the question on its own."""

    def grade(self, question: Question, answer: str) -> Assessment:
        """One verdict per criterion of the question, in its order; never raises because of the answer."""
        ...
