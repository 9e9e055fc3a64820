"""What every file of the landscape is made of: who says something, and when it held. Without both nothing loads."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.catalogue.problem import Name, Part

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
    primary: bool | None
    """It measured, or names who did; False is shown as “names no primary source”, and null is our own view."""
    url: str | None = None
    note: str = ""


class Record(Part):
    """A statement of fact: who says so, and when it held."""

    source: Name
    """An id from sources.yaml."""
    as_of: Annotated[int, Field(ge=1900, le=2100)] | date
