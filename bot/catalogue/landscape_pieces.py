"""The files of the landscape, each read on its own. Whether they fit each other is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.catalogue.asking import Matching, Questionnaire, SelfAssessment
from bot.catalogue.fault import Fault
from bot.catalogue.guidance import Frameworks, Mistakes, Page, Programme, Roadmap
from bot.catalogue.market import Figures, Market, Salaries
from bot.catalogue.reading import Document, Place
from bot.catalogue.records import Publication
from bot.catalogue.role import Contrasts, EmergingRoles, Postings, RoleGuide

T = TypeVar("T")

LISTS = ("emerging", "frameworks", "mistakes", "outcomes", "programme", "roadmap", "sources")
"""What can be read besides roles and pages."""


@dataclass(frozen=True)
class Piece(Generic[T]):
    """A file that has its shape."""

    document: Document
    value: T

    def fault(self, place: Place, problem: str, remedy: str) -> Fault:
        return self.document.fault(place, problem, remedy)


@dataclass(frozen=True)
class Pieces:
    """All files of the landscape; None for one that is missing or has not its shape."""

    sources: Piece[dict[str, Publication]] | None
    contrasts: Piece[Contrasts] | None
    emerging: Piece[EmergingRoles] | None
    matching: Piece[Matching] | None
    questionnaire: Piece[Questionnaire] | None
    self_assessment: Piece[SelfAssessment] | None
    salaries: Piece[Salaries] | None
    market: Piece[Market] | None
    figures: Piece[Figures] | None
    frameworks: Piece[Frameworks] | None
    mistakes: Piece[Mistakes] | None
    roadmap: Piece[Roadmap] | None
    programme: Piece[Programme] | None
    postings: Piece[Postings] | None
    roles: tuple[Piece[RoleGuide], ...]
    """In the order of their files' names."""
    pages: tuple[Piece[Page], ...]
    topics: Mapping[str, str]
    """Topics and areas of the bank around them -> name; empty where there is no bank."""
    whole: bool
    """Every role and page that is there has its shape."""

    def __iter__(self) -> Iterator[Piece[Any]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Piece):
                yield value
        yield from self.roles
        yield from self.pages


def walk(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """A value and everything inside it, each with its place in the file."""
    yield place, value
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*place, field.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walk(item, (*place, str(key)))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*place, index))
