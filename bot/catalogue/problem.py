"""The shape of a problem file. What a field means stands here; whether the content is good is `lint`'s business.

Every value is frozen, and an unknown field is a fault: a typo never passes silently.
The JSON Schema for editors is generated from these models.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.model import Band, ConceptId, CriterionId, ProblemId, Role, Round

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
DottedId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

WEIGHT = {"must": 3, "core": 2, "bonus": 1}


class Part(BaseModel):
    """Frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Tags(Part):
    roles: Annotated[tuple[Role | Literal["all"], ...], Field(min_length=1)]
    round: Round
    subtype: (
        Literal[
            "paper_discussion", "product_demo", "incident_sim", "business_case", "role_fit", "negotiation", "transition"
        ]
        | None
    ) = None
    topics: Annotated[tuple[DottedId, ...], Field(min_length=1)]
    """Ids from content/topics.yaml; the first is the main one and names the file's folder."""
    level: Literal["entry", "mid", "senior"]
    difficulty: Annotated[int, Field(ge=1, le=5)]
    minutes: Annotated[int, Field(ge=1, le=60)]
    """How long an answer takes to think and type."""
    format: Literal["explain", "compare", "design", "debug", "calculate", "choose", "story", "code"]
    answer_mode: Literal["free_text"] = "free_text"
    warm_up: bool = False
    """The first thing a newcomer is asked: one sentence answers it. Exactly one problem is."""


class Quantity(Part):
    """A number that an answer must hold, in digits or as a word."""

    number: float
    tolerance: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Relative: 0.05 lets 5 % more or less pass."""
    unit: tuple[Line, ...] = ()
    """Words or signs one of which must stand beside the number; none: any number of that size."""


class Variant(Part):
    id: Name
    prompt: Line


class Hint(Part):
    level: Annotated[int, Field(ge=1, le=3)]
    kind: Literal["direction", "key_insight", "partial"] = "direction"
    text: Line
    reveals: tuple[CriterionId, ...] = ()
    """Criteria whose content this hint gives away."""


class Recall(Part):
    """What a due review asks: one concept, a sentence or two on a phone."""

    concept: ConceptId
    ask: Line
    criteria: Annotated[tuple[CriterionId, ...], Field(min_length=1)]


Way = str | Quantity
Group = Annotated[tuple[Way, ...], Field(min_length=1)]
"""Ways to say one thing: words, phrases or stems ("optimis" also hears "optimising"), or a quantity."""


class Claim(Part):
    """Something an answer can say, and the words it can be said with."""

    statement: Line
    says: Annotated[tuple[Group, ...], Field(min_length=1)]
    """Groups of ways to say one thing each; every group must be heard close together, or `at_least` of them."""
    at_least: Annotated[int, Field(ge=1)] | None = None
    also: tuple[Annotated[tuple[Group, ...], Field(min_length=1)], ...] = ()
    """Further sets of groups that say the same in another way: any one set, heard whole, is enough."""

    @property
    def sets(self) -> tuple[tuple[tuple[Group, ...], int], ...]:
        """Every set of groups, and how many of its groups must be heard."""
        needed = min(self.at_least or len(self.says), len(self.says))
        return ((self.says, needed), *((groups, len(groups)) for groups in self.also))

    @property
    def ways(self) -> Iterator[Way]:
        """Every way in every group of every set."""
        return (way for groups, _ in self.sets for group in groups for way in group)


class Criterion(Claim):
    id: CriterionId
    kind: Literal["must", "core", "bonus"]
    """Decides the weight: must 3, core 2, bonus 1."""
    concept: ConceptId
    reference_span: Line
    """Where the reference says it, word for word."""

    @property
    def weight(self) -> int:
        return WEIGHT[self.kind]


class Misconception(Claim):
    id: Name
    severity: Literal["fatal", "minor"]
    feedback: str = ""
    """The correction, in two or three sentences."""


class BandRule(Part):
    all: tuple[CriterionId, ...] = ()
    """Criteria that must be met."""
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.0
    no_fatal: bool = True


class Otherwise(Part):
    default: Literal[True] = True


class Bands(Part):
    strong_hire: BandRule
    lean_hire: BandRule
    no_hire: Otherwise = Otherwise()


class Exemplar(Part):
    """An answer with the verdict that a fair interviewer would give. The grader's test, and its example."""

    id: Name
    band: Band
    met: tuple[CriterionId, ...] = ()
    partly: tuple[CriterionId, ...] = ()
    misconceptions: tuple[Name, ...] = ()
    style: Literal[
        "concise",
        "detailed",
        "paraphrase",
        "partial",
        "fluent_wrong",
        "keyword_stuffing",
        "injection",
        "vague",
        "learner",
    ]
    """`learner`: lent by a learner and graded by people (`rolecall exemplars export`)."""
    text: Line
    variant: Name = "v1"


class FollowUp(Part):
    when_missing: CriterionId
    ask: Line


class Fact(Part):
    id: DottedId | None = None
    text: Line
    """The figure as it stands in the problem, or a derived one with its `calc`."""
    source: Line
    as_of: Annotated[int, Field(ge=1900, le=2100)] | date
    calc: str | None = None
    """An arithmetic expression that evaluates to the number in `text`."""


class Source(Part):
    title: Line
    url: str | None = None
    accessed: date | None = None
    licence: str | None = None
    used_for: Literal["facts", "topic", "text"]


class Reviewer(Part):
    name: Line
    kind: Literal["person", "model"]
    trade: str | None = None


class Problem(Part):
    """One problem of the bank: content/problems/<main topic>/<last part of the id>.yaml."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    id: Annotated[ProblemId, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$", max_length=80)]
    """Stable, never reused."""
    version: Annotated[int, Field(ge=1)]
    """Goes up with every edit that can change a verdict."""
    status: Literal["draft", "review", "live", "retired"]
    title: Line
    tags: Tags
    concepts: Annotated[tuple[ConceptId, ...], Field(min_length=1, max_length=4)]
    """What memory schedules; ids from content/concepts."""
    prompt: Line
    variants: tuple[Variant, ...] = ()
    """The same question in another dress: same concepts, same criteria."""
    recall: tuple[Recall, ...] = ()
    hints: Annotated[tuple[Hint, ...], Field(min_length=1, max_length=3)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=8)]
    misconceptions: tuple[Misconception, ...] = ()
    bands: Bands
    reference: Line
    exemplars: tuple[Exemplar, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()
    author: str | None = None
    reviewers: tuple[Reviewer, ...] = ()
    reviewed_on: date | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Problem:
        for what, ids in (
            ("criteria", [str(c.id) for c in self.criteria]),
            ("misconceptions", [m.id for m in self.misconceptions]),
            ("exemplars", [e.id for e in self.exemplars]),
            ("variants", ["v1", *(v.id for v in self.variants)]),
        ):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{what}: the id {twice[0]} is used twice")
        return self

    @property
    def topic(self) -> str:
        return self.tags.topics[0]

    def criterion(self, id: str) -> Criterion:
        return next(c for c in self.criteria if c.id == id)

    def prompt_of(self, variant: str) -> str:
        """The prompt of a variant; the first one's id is v1."""
        return next((v.prompt for v in self.variants if v.id == variant), self.prompt)

    def criteria_of(self, concept: str) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.concept == concept)
