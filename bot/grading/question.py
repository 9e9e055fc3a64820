"""What was asked: the whole problem or the recall of one concept. It knows nothing of grading."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue.problem import Criterion, Problem


@dataclass(frozen=True, slots=True)
class Question:
    """A problem, the criteria that count this time, and the words that were put to the learner."""

    problem: Problem
    criteria: tuple[Criterion, ...]
    prompt: str
    references: tuple[str, ...] = ()
    """Acceptable answers in full, any of which would do; empty: the problem's own reference."""

    @property
    def is_recall(self) -> bool:
        """True for the recall of a concept, which a sentence or two answers."""
        return any(self.prompt == recall.ask for recall in self.problem.recall)


def full(problem: Problem, variant: str = "v1") -> Question:
    """The whole problem in one of its variants; an unknown variant falls back to the first prompt."""
    return Question(problem, problem.criteria, problem.prompt_of(variant))


def recall(problem: Problem, concept: str) -> Question:
    """The recall question of a concept, with the criteria it asks for; KeyError if the concept has none."""
    for question in problem.recall:
        if question.concept == concept:
            asked = set(question.criteria)
            return Question(problem, tuple(c for c in problem.criteria if c.id in asked), question.ask)
    raise KeyError(concept)
