"""The language model as a grader: which model, what a call yields or why it fails, and what it costs.

How the model is reached is `llm_client`'s business, which alone needs the extra `llm` and is imported at the first
call. No score and no band comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import SecretStr

from bot.grading import guards, rubric
from bot.grading.deterministic import gives_up
from bot.grading.llm_prompt import PROMPT_VERSION, Asked, prepare
from bot.grading.llm_reading import unsure
from bot.grading.question import Question
from bot.model import Assessment, State, Verdict

MAKERS = ("anthropic", "openai")


class Reason(StrEnum):
    """Why a call gave no verdicts."""

    SLOW = "slow"
    BUSY = "busy"
    DOWN = "down"
    REFUSED = "refused"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is reached and what it charges."""

    maker: str
    """One of MAKERS: whose API is spoken."""
    model: str
    """The model's name there."""
    api_key: SecretStr
    base_url: str = ""
    """Empty: the maker's own address."""
    json_schema: bool = True
    """Whether the address can hold a model to a JSON schema."""
    price_in: float | None = None
    """US dollars per million tokens read; None: from the library's table, which knows makers' own addresses only."""
    price_out: float | None = None
    """The same of tokens written."""

    @property
    def name(self) -> str:
        return f"{self.maker}:{self.model}"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one grading took, all its requests together."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None
    """None where the price is not known."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The model's verdicts on one answer."""

    assessment: Assessment
    spent: Spent


class UnansweredError(Exception):
    """The model gave no verdicts."""

    def __init__(self, reason: Reason, spent: Spent) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.spent = spent


class LlmGrader:
    """Grades by asking a language model. Safe to share; each call is a connection of its own."""

    def __init__(self, endpoint: Endpoint, *, seconds: float) -> None:
        """`seconds`: the time that one grading may take, its retries included."""
        self.endpoint = endpoint
        self.seconds = seconds

    @property
    def version(self) -> str:
        return f"{self.endpoint.name}, prompt {PROMPT_VERSION}"

    def key(self, asked: Asked) -> str:
        """What an opinion depends on: the same key, the same opinion."""
        return asked.key(f"{self.endpoint.name} {self.endpoint.base_url}")

    def ask(self, asked: Asked) -> Opinion:
        """The model's opinion of an answer that can be graded; raises UnansweredError.

        Blocks for at most `seconds`, and must not be called in the thread of a running event loop.
        """
        from bot.grading.llm_client import converse

        examined, spent = converse(self.endpoint, asked, self.seconds)
        assessment = Assessment(
            examined.verdicts,
            examined.mistakes,
            grader="llm",
            version=self.version,
            cost_usd=spent.cost_usd or 0.0,
        )
        return Opinion(assessment, spent)

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        """The model's verdicts alone, for measuring it; all unsure where it gives none.

        `without` names exemplars that it is not shown. What cannot be graded is not sent.
        """
        flags = guards.flags(question, answer)
        if rubric.NOT_GRADABLE.intersection(flags) or gives_up(answer):
            silent = tuple(Verdict(c.id, State.MISSED, why="there is nothing to grade") for c in question.criteria)
            return Assessment(silent, (), flags, grader="llm", version=self.version)
        try:
            found = self.ask(prepare(question, answer, without)).assessment
        except UnansweredError as error:
            found = Assessment(
                tuple(map(unsure, question.criteria)),
                grader="llm",
                version=self.version,
                cost_usd=error.spent.cost_usd or 0.0,
                fallback=f"The language model gave no verdicts ({error.reason}).",
            )
        return replace(found, flags=flags)
