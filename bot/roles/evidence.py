"""What a member's graded answers show of each skill; it replaces what was claimed, since answers age. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor

from bot.catalogue.asking import SkillScale
from bot.model import Skill

ENOUGH = 8
"""Graded answers in a skill's topics from which they count."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One graded answer."""

    topics: tuple[str, ...]
    """Such as "llm.rag"."""
    score: float
    """0..1."""


def shown_skills(answers: Iterable[Shown], skills: Mapping[Skill, SkillScale]) -> dict[Skill, int]:
    """The level (0..4) of each skill with enough answers, from the latest eight; `answers` are newest first.

    A mean score of 1 is level 4, and halves are rounded up: eight Lean Hires around 0.5 show a 2.
    """
    listed = list(answers)
    levels: dict[Skill, int] = {}
    for skill, scale in skills.items():
        latest = [a.score for a in listed if any(_within(t, scale.topics) for t in a.topics)][:ENOUGH]
        if len(latest) == ENOUGH:
            levels[skill] = floor(4 * sum(latest) / ENOUGH + 0.5)
    return levels


def _within(topic: str, topics: tuple[str, ...]) -> bool:
    """Whether a topic is one of these, or lies in an area among them."""
    return any(topic == known or topic.startswith(known + ".") for known in topics)
