"""Everything that content/ knows about roles, their interviews and their market, in one value.

Its parts stand in `role`, `asking`, `market` and `guidance`. Which file holds what, and whether the files fit each
other, is `landscape_files`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogue.asking import Matching, Questionnaire, SelfAssessment
from bot.catalogue.guidance import Framework, Mistake, Page, Programme, RoadmapStep
from bot.catalogue.market import Figure, Market, Salaries
from bot.catalogue.problem import Part
from bot.catalogue.records import Publication
from bot.catalogue.role import Contrast, EmergingRole, Postings, RoleGuide
from bot.model import Role


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
