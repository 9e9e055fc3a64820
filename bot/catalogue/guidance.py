"""The shape of what there is to read: pages, frameworks, mistakes, the roadmap and the programme."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.catalogue.problem import DottedId, Line, Name, Part
from bot.catalogue.records import Alias, Record, SchemaOne


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
