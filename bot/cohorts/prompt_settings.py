"""What an organiser typed about the problems that their cohort is asked, as the value it means. Pure.

Refuses with the remedy. Which problem it comes to is `prompt_choice`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import vocabulary
from bot.catalogue import Catalogue
from bot.catalogue.problem import Problem
from bot.door import naming
from bot.door.naming import Names
from bot.errors import FieldError, UsageError
from bot.model import Role
from bot.practice.picking import matches

LEVELS: Mapping[str, str] = {"entry": "Entry", "mid": "Mid", "senior": "Senior"}
MOST = 9
"""The highest weight of a role."""
DAYS_OPEN = range(1, 15)
_ANY = {"", "all", "any", "every", "everything", "none", "-"}
_LEVEL_NAMES: Names = {
    **{shown: value for value, shown in LEVELS.items()},
    "junior": "entry",
    "beginner": "entry",
    "easy": "entry",
    "middle": "mid",
    "intermediate": "mid",
    "advanced": "senior",
    "staff": "senior",
}
_BETWEEN = re.compile(r"[,;/\n+]+|\band\b|&")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which problems a cohort is asked."""

    topics: tuple[str, ...] = ()
    """Topics and areas; empty: all."""
    level: str = ""
    """entry, mid or senior; empty: all."""
    roles: Mapping[Role, int] = field(default_factory=dict)
    """In which mix; empty: all."""

    def suits(self, problem: Problem) -> bool:
        """Whether a problem is of these topics, this level and one of these roles."""
        tags = problem.tags
        of_topic = not self.topics or any(matches(problem, topic) for topic in self.topics)
        of_role = not self.roles or "all" in tags.roles or bool(set(self.roles) & set(tags.roles))
        return of_topic and of_role and self.level in {"", tags.level}


def stored(wanted: Wanted) -> dict[str, object]:
    """As the agenda keeps it."""
    return {"topics": list(wanted.topics), "level": wanted.level, "roles": {str(r): n for r, n in wanted.roles.items()}}


def wanted_from(settings: Mapping[str, object]) -> Wanted:
    """From what the agenda keeps; everything where it keeps nothing."""
    topics, roles = settings.get("topics"), settings.get("roles")
    return Wanted(
        topics=tuple(str(t) for t in topics) if isinstance(topics, list) else (),
        level=str(settings.get("level") or ""),
        roles={Role(r): int(n) for r, n in roles.items()} if isinstance(roles, dict) else {},
    )


def topics(text: str, bank: Catalogue) -> tuple[str, ...]:
    """Topics and areas by their names, with commas between them; none: all."""
    if text.strip().lower() in _ANY:
        return ()
    names = _topic_names(bank)
    if whole := naming.find(text, names, near=False):
        return (whole,)  # a name such as "Trees and ensembles"
    return tuple(dict.fromkeys(_meant("topics", part, names, "topic") for part in _parts(text)))


def _topic_names(bank: Catalogue) -> Names:
    return {name: value for name, value in vocabulary.wants(bank).items() if value in {*bank.topics, *bank.areas}}


def level(text: str) -> str:
    """entry, mid or senior, or "" for all."""
    return "" if text.strip().lower() in _ANY else _meant("level", text, _LEVEL_NAMES, "level")


def roles(text: str, bank: Catalogue) -> dict[Role, int]:
    """Roles and their weights from "AI engineer 2, MLOps", in the order of roles; a weight is 1 to 9, 1 if not said."""
    names = vocabulary.roles(bank.landscape)
    found: dict[Role, int] = {}
    if text.strip().lower() in _ANY:
        return found
    for part in _parts(text):
        shape = re.fullmatch(r"(?:(\d+)\s*[x×*]?\s+)?(.*?)(?:[\s:=x×*]+(\d+))?", part)
        weight = int(shape[1] or shape[3] or 1) if shape else 1
        role = Role(_meant("roles", shape[2] if shape else part, names, "role"))
        if not 1 <= weight <= MOST:
            raise FieldError("roles", f"Write how often each role comes as a number from 1 to {MOST}, not {weight}.")
        found[role] = weight
    return {role: found[role] for role in Role if role in found}


def typed_roles(mix: Mapping[Role, int]) -> str:
    """A mix as an organiser would write it."""
    return ", ".join(f"{role.label} {weight}" for role, weight in mix.items())


def days_open(text: str, default: int) -> int:
    """Whole days, 1 to 14."""
    said = re.sub(r"\s*days?$", "", text.strip().lower())
    if not said:
        return default
    if not said.isdecimal() or int(said) not in DAYS_OPEN:
        raise FieldError("days", f"A problem stays open for {DAYS_OPEN[0]} to {DAYS_OPEN[-1]} days. Write days=3.")
    return int(said)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _meant(field: str, text: str, names: Names, noun: str) -> str:
    try:
        return naming.meant(text, names, noun)
    except UsageError as refused:
        raise FieldError(field, str(refused)) from None
