"""The shape of what a member is asked about themselves: the questions of `role match`, and the self-assessment."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.catalogue.problem import Line, Name, Part
from bot.catalogue.records import ButtonLabel, FieldLabel, Record, SchemaOne
from bot.model import Interest, Preference, Skill


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
