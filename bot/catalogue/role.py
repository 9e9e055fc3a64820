"""The shape of what is known of a role: what it is, whom it suits, its interviews, levels and postings."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.catalogue.problem import DottedId, Line, Name, Part
from bot.catalogue.records import Alias, ButtonLabel, Level, Record, SchemaOne
from bot.model import Interest, Preference, Role, Round, Skill


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
    def likes(self) -> tuple[float, ...]:
        """The interests in the order of `Interest`."""
        return tuple(float(self.interests[i]) for i in Interest)

    @cached_property
    def asked(self) -> tuple[tuple[Skill, int, float], ...]:
        """Skill, need and weight of everything that the loop tests."""
        return tuple((skill, ask.need, ask.weight) for skill, ask in self.skills.items() if ask.need and ask.weight)

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
