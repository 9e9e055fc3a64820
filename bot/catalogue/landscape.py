"""The shape of what content/ knows about roles, their interviews and their market.

Whatever states a fact is a `Record`: without source and date it does not load. Which file
holds what, and whether the files fit each other, is `landscape_files`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.catalogue.problem import DottedId, Line, Name, Part
from bot.model import Interest, Preference, Role, Round, Skill

Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 &/+-]*$", max_length=40)]
"""Another name that may be typed: lower case, single spaces."""
Level = Annotated[int, Field(ge=0, le=4)]
ButtonLabel = Annotated[str, StringConstraints(min_length=1, max_length=75, strip_whitespace=True)]
FieldLabel = Annotated[str, StringConstraints(min_length=1, max_length=45, strip_whitespace=True)]
SchemaOne = Annotated[Literal[1], Field(alias="schema")]


class Publication(Part):
    """Somebody who states facts. `content/sources.yaml` lists them by id."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=90, strip_whitespace=True)]
    """As a reply shows it behind a fact."""
    primary: bool
    """It measured, or names who did; False is shown as “names no primary source”."""
    url: str | None = None
    note: str = ""


class Record(Part):
    """A statement of fact: who says so, and when it held."""

    source: Name
    """An id from sources.yaml."""
    as_of: Annotated[int, Field(ge=1900, le=2100)] | date


# --- roles


class Dimensions(Record):
    """A role in the comparison of all roles. What it pays stands in salaries.yaml."""

    primary_focus: Line
    key_skill: Line
    interview_emphasis: Line
    supply_demand: Line
    coding: Line
    reading: Line
    staff_path: Line


class Ask(Part):
    """What a loop asks of one skill."""

    need: Level
    weight: Annotated[float, Field(ge=0, le=5)]
    """How much of the loop tests it."""


class Profile(Part):
    """Who fits a role: what the matcher compares a member's answers with."""

    interests: dict[Interest, Level]
    skills: dict[Skill, Ask]
    preferences: dict[Preference, Level]

    @cached_property
    def whole_weight(self) -> float:
        """The weights of all skills together."""
        return sum(ask.weight for ask in self.skills.values())

    @model_validator(mode="after")
    def _complete(self) -> Profile:
        for name, given, all_ in (
            ("interests", set(self.interests), set(Interest)),
            ("skills", set(self.skills), set(Skill)),
            ("preferences", set(self.preferences), set(Preference)),
        ):
            if missing := sorted(all_ - given):
                raise ValueError(f"{name}: {missing[0]} is missing")
        return self


class LoopRound(Part):
    round: Round
    name: ButtonLabel
    """What this role calls it: "Product demo"."""
    tests: Line
    prepare: Line
    """What to study for it, in one sentence."""
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]
    sometimes: bool = False
    """Not every company holds it."""


class Loop(Record):
    derived: bool = False
    """No source describes this loop; it follows from the role's interview emphasis, and a reply says so."""
    note: str = ""
    rounds: Annotated[tuple[LoopRound, ...], Field(min_length=1)]


class Expectations(Part):
    """What one level of a role is expected to show."""

    level: Literal["entry", "mid", "senior"]
    years: Line
    """A hint such as "0–2"; the level is by evidence."""
    skills: Annotated[tuple[Line, ...], Field(min_length=1)]
    ai_fluency: str = ""
    red_flags: Annotated[tuple[Line, ...], Field(min_length=1)]


class Levels(Record):
    derived: bool = False
    note: str = ""
    levels: Annotated[tuple[Expectations, ...], Field(min_length=3, max_length=3)]


class Rung(Part):
    title: Line
    impact: Line
    """What somebody on this rung is answerable for."""


class Ladder(Record):
    derived: bool = False
    note: str = ""
    rungs: Annotated[tuple[Rung, ...], Field(min_length=3)]


class RoleGuide(Part):
    """All about one role: content/roles/<role>.yaml."""

    schema_version: SchemaOne
    role: Role
    aliases: tuple[Alias, ...] = ()
    """What people type for it: "mle", "ml eng". The id and the label are understood anyway."""
    one_line: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    day: Line
    """What the work is like, in Markdown of the kind that problems use; at most 600 characters."""
    best_for: Line
    skip_if: Line
    mistaken_for: Role
    """The role that people confuse it with."""
    dimensions: Dimensions
    profile: Profile
    loop: Loop
    levels: Levels
    ladder: Ladder
    figures: tuple[DottedId, ...] = ()
    """Ids from figures.yaml that belong to this role."""


class Contrast(Record):
    """Two roles told apart in sixty seconds."""

    between: tuple[Role, Role]
    decide_by: Annotated[str, StringConstraints(min_length=1, max_length=110)]
    """The question that decides, as "features people touch or platforms others build on"."""
    text: Line
    """60 seconds aloud: at most 160 words."""


class Contrasts(Part):
    schema_version: SchemaOne
    contrasts: tuple[Contrast, ...]


class EmergingRole(Record):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    what: Line
    viability: Line
    """Whether to aim at it, and from where."""
    near: Annotated[tuple[Role, ...], Field(min_length=1)]


class EmergingRoles(Part):
    schema_version: SchemaOne
    roles: Annotated[tuple[EmergingRole, ...], Field(min_length=1)]


# --- matching


class SkillScale(Part):
    name: Line
    """As in "your biggest gap is …"."""
    weeks_per_level: Annotated[float, Field(gt=0)]
    """Weeks at ten hours a week from one level to the next."""
    topics: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Topics or areas of the bank whose answers show it."""


class Matching(Record):
    """What the matcher knows besides the roles: content/matching.yaml."""

    schema_version: SchemaOne
    interests: dict[Interest, Line]
    """Interest -> its name in a sentence: "building products"."""
    skills: dict[Skill, SkillScale]
    preferences: dict[Preference, Line]


class Answer(Part):
    value: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    label: ButtonLabel


class AskedField(Part):
    """One line of a question that is a form."""

    name: Name
    label: FieldLabel
    answers: tuple[Answer, ...] = ()
    """None: a line is typed."""
    hint: str = ""
    required: bool = True


class Question(Part):
    id: Name
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """In the list of answers that may be changed."""
    ask: Line
    answers: tuple[Answer, ...] = ()
    """Buttons; none for a form."""
    fields: Annotated[tuple[AskedField, ...], Field(max_length=5)] = ()
    optional: bool = False


class Questionnaire(Part):
    """The questions of `role match`, in their order: content/questionnaire.yaml."""

    schema_version: SchemaOne
    version: Annotated[int, Field(ge=1)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    def question(self, id: str) -> Question | None:
        return next((q for q in self.questions if q.id == id), None)


# --- self-assessment


class Rated(Part):
    """One dimension that members rate themselves on, 1 to 5."""

    id: Name
    name: FieldLabel
    anchors: dict[int, ButtonLabel]
    """1, 3 and 5 -> what it means."""


class AssessmentBand(Part):
    low: int
    high: int
    name: Line
    advice: Line
    """Sentences of ours: what to do now."""
    read: tuple[Name, ...] = ()
    """Pages or roles to open next."""


class SelfAssessment(Record):
    schema_version: SchemaOne
    dimensions: Annotated[tuple[Rated, ...], Field(min_length=5, max_length=5)]
    bands: Annotated[tuple[AssessmentBand, ...], Field(min_length=1)]
    outcomes: tuple[Line, ...]
    """What a member can do after all of this."""


# --- money and market


class PayPlace(Part):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    cost_of_living: float | None = None
    """Against the national average; None where it varies or is not known."""


class Pay(Record):
    """What one source says one kind of person is paid. Records are shown side by side, never averaged."""

    role: Role
    measure: Literal["base", "total"]
    low: Annotated[int, Field(gt=0)]
    high: Annotated[int, Field(gt=0)]
    """A year, in `currency`."""
    open_ended: bool = False
    """The source writes “and more” behind `high`."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    scope: Line
    """Whom it is about: "L5", "entry, 0–2 years", "all levels"."""
    place: Name
    note: str = ""


class Salaries(Part):
    schema_version: SchemaOne
    places: tuple[PayPlace, ...]
    pay: tuple[Pay, ...]
    notes: tuple[Line, ...] = ()
    """How to read the records."""


Demand = Literal["low", "medium", "high", "very_high"]


class Sector(Part):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    note: str = ""


class Heatmap(Record):
    cells: dict[Role, dict[Name, Demand]]


class MarketNote(Record):
    """A trend, or what one kind of company looks for."""

    id: Name
    name: Line
    text: Line
    sectors: tuple[Name, ...] = ()


class Industry(Record):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    requirement: Line
    knowledge: Line
    sector: Name | None = None
    """The column of the heat map that it belongs to."""


class Market(Part):
    """content/market.yaml"""

    schema_version: SchemaOne
    sectors: tuple[Sector, ...]
    heatmap: Heatmap
    trends: tuple[MarketNote, ...]
    companies: tuple[MarketNote, ...]
    industries: tuple[Industry, ...]
    contexts: tuple[MarketNote, ...] = ()
    """Corporate, start-up, remote."""


class Figure(Record):
    """One figure in a sentence of ours."""

    id: DottedId
    text: Line
    calc: str | None = None
    """An arithmetic expression that evaluates to a number in `text`."""


class Figures(Part):
    schema_version: SchemaOne
    figures: tuple[Figure, ...]


# --- guidance


class Framework(Record):
    """A frame for an answer to a question that every loop asks."""

    id: Name
    name: Line
    trigger: Line
    """The question that it answers."""
    steps: Annotated[tuple[Line, ...], Field(min_length=2)]
    example: Line


class Frameworks(Part):
    schema_version: SchemaOne
    frameworks: tuple[Framework, ...]


class Mistake(Record):
    id: Name
    mistake: Line
    consequence: Line
    reality: Line
    instead: Line


class Mistakes(Part):
    schema_version: SchemaOne
    mistakes: tuple[Mistake, ...]


class RoadmapStep(Record):
    title: Line
    learn: Line
    resources: tuple[Line, ...] = ()
    done_when: Line


class Roadmap(Part):
    schema_version: SchemaOne
    steps: Annotated[tuple[RoadmapStep, ...], Field(min_length=1)]


class Checkpoint(Part):
    day: Annotated[int, Field(ge=0)]
    task: Line


class Programme(Record):
    """A ladder of days: content/programmes/<id>.yaml."""

    schema_version: SchemaOne
    id: Name
    title: Line
    checkpoints: Annotated[tuple[Checkpoint, ...], Field(min_length=1)]


class Page(Part):
    """Something to read in two minutes: content/pages/<id>.yaml."""

    schema_version: SchemaOne
    id: Name
    title: Annotated[str, StringConstraints(min_length=1, max_length=75)]
    aliases: tuple[Alias, ...] = ()
    best_for: str = ""
    skip_if: str = ""
    text: Line
    """In the Markdown of problems, at most 1,300 characters; every number in it stands in one of its figures."""
    figures: tuple[DottedId, ...] = ()
    """Ids from figures.yaml, shown with source and date below the text."""
    see: tuple[Name, ...] = ()
    """Other pages, or roles."""


# --- reading postings


class PostingCues(Part):
    """The words by which a posting gives a role away."""

    titles: tuple[Line, ...]
    """A title counts less than duties: titles are used loosely."""
    strong: tuple[Line, ...]
    """Phrases or stems that hardly any other role's posting has."""
    usual: tuple[Line, ...]
    """Phrases or stems that go with the role and turn up elsewhere too."""


class Postings(Part):
    """content/postings.yaml"""

    schema_version: SchemaOne
    cues: dict[Role, PostingCues]


class Landscape(Part):
    """Everything that is known about the roles. Nothing in it ever changes."""

    sources: Mapping[str, Publication]
    roles: Mapping[Role, RoleGuide]
    contrasts: tuple[Contrast, ...]
    emerging: tuple[EmergingRole, ...]
    matching: Matching
    questionnaire: Questionnaire
    self_assessment: SelfAssessment
    salaries: Salaries
    market: Market
    figures: Mapping[str, Figure]
    frameworks: tuple[Framework, ...]
    mistakes: tuple[Mistake, ...]
    roadmap: tuple[RoadmapStep, ...]
    programme: Programme
    postings: Postings
    pages: Mapping[str, Page]

    def contrast(self, one: Role, other: Role) -> Contrast:
        """What tells two different roles apart, whichever is named first."""
        return next(c for c in self.contrasts if set(c.between) == {one, other})
