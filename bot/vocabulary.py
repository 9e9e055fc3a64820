"""Every name that a member may type where a command takes one of a closed set of values, drawn from the content.

It knows what things are called; how a slip is forgiven is `door.naming`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.catalogue import Catalogue
from bot.catalogue.landscape import Landscape
from bot.cohort_model import Office, Preset
from bot.door.command_table import COMMANDS, GROUPS
from bot.door.commands import Vocabulary
from bot.door.naming import Names
from bot.model import Level, Role, Round

NOT_SURE = "not sure yet"
TOPICS: Mapping[str, tuple[str, ...]] = {
    "pages": ("All pages", "reading", "read", "everything"),
    "frameworks": ("Answer frameworks", "answers", "answer frames", "frames"),
    "mistakes": ("Common mistakes", "errors", "pitfalls"),
    "roadmap": ("Learning roadmap", "road map", "learning plan", "study plan"),
    "emerging": ("Emerging roles", "emerging", "new roles", "hybrid roles"),
    "programme": ("Checkpoints", "ladder of days", "program", "checkpoint ladder"),
    "outcomes": ("What you can do afterwards", "learning outcomes", "goals"),
    "pay_notes": ("How to read pay", "reading pay", "base and total"),
    "sources": ("Sources", "references", "who says so"),
}
"""What `role about` shows besides roles and pages: its name, and other words for it."""

Entry = tuple[str, str, Iterable[str]]
"""A value, the name that is shown for it, and other names."""


def vocabulary(bank: Catalogue) -> Vocabulary:
    """What may be typed for each kind of option whose values are a closed set."""
    known = bank.landscape
    return {
        "want": wants(bank),
        "role": roles(known),
        "target": targets(known),
        "topic": topics(known),
        "place": places(known),
        "sector": sectors(known),
        "rating": {n: n for n in "12345"},
        "level": levels(),
        "problem": problems(bank),
        "preset": presets(),
        "appearance": appearances(),
        "office": offices(),
        "reviewers": reviewers(),
        "command": {c.path: c.path for c in COMMANDS} | {c.name: c.path for c in COMMANDS} | {g: g for g in GROUPS},
    }


def roles(known: Landscape) -> Names:
    return _names(_roles(known))


def targets(known: Landscape) -> Names:
    """The roles, and the answer of somebody who has not chosen one."""
    return _names([*_roles(known), (NOT_SURE, "Not sure yet", ("not sure", "unsure", "none", "no role"))])


def levels() -> Names:
    """How often a member is reminded."""
    return _names(
        [
            (Level.LIGHT, "Light", ("every third day", "rarely", "less")),
            (Level.STANDARD, "Standard", ("normal", "when due", "default")),
            (Level.ACTIVE, "Active", ("daily", "every day", "more")),
        ]
    )


def topics(known: Landscape) -> Names:
    """Whatever `role about` can show; a page's name gives way to a role's, a list's to a page's."""
    return _names(
        [
            *_roles(known),
            *((p.id, p.title, p.aliases) for p in known.pages.values()),
            *((t, name, others) for t, (name, *others) in TOPICS.items()),
            *((e.id, e.name, e.aliases) for e in known.emerging),
            *((f.id, f.name, ()) for f in known.frameworks),
        ]
    )


def places(known: Landscape) -> Names:
    return _names((p.id, p.name, p.aliases) for p in known.salaries.places)


def sectors(known: Landscape) -> Names:
    """Sectors and industries; where both have one id, it means the sector."""
    sectors: list[Entry] = [(s.id, s.name, s.aliases) for s in known.market.sectors]
    return _names([*sectors, *((i.id, i.name, i.aliases) for i in known.market.industries)])


def wants(bank: Catalogue) -> Names:
    return _names(
        [
            *_roles(bank.landscape),
            *((r.value, r.label, ()) for r in Round),
            *((t, name, (t.split(".")[-1],)) for t, name in bank.topics.items()),
            *((a, name, ()) for a, name in bank.areas.items()),
        ]
    )


def problems(bank: Catalogue) -> Names:
    """What may be assigned: a problem, or a topic, role or round to take one from."""
    return {**wants(bank), **_names([(p.id, p.title, ()) for p in bank.problems.values()])}


def presets() -> Names:
    return _names(
        [(Preset.STUDY_GROUP, "Study group", ("study", "group")), (Preset.WORKPLACE, "Workplace", ("work", "company"))]
    )


def appearances() -> Names:
    """How a member appears on a board."""
    return _names(
        [
            ("name", "By name", ("name", "named", "my name", "yes", "on")),
            ("alias", "Under an alias", ("alias", "nickname")),
            ("off", "Not at all", ("off", "none", "no", "hide")),
        ]
    )


def offices() -> Names:
    """What somebody may be made in a cohort; "none" takes them off its list."""
    return _names([*((o.value, o.value.capitalize(), ()) for o in Office), ("none", "None", ("remove", "nothing"))])


def reviewers() -> Names:
    return _names([("mentors", "Mentors", ("mentor",)), ("peers", "Peers", ("peer",)), ("none", "None", ("nobody",))])


def worth_offering(bank: Catalogue) -> Vocabulary:
    """The vocabulary without the topics, roles and rounds that no problem of the bank has yet."""
    known = vocabulary(bank)
    tags = [p.tags for p in bank.problems.values()]
    topics = {topic for t in tags for topic in t.topics}
    in_bank = {*topics, *(t.split(".")[0] for t in topics), *(str(t.round) for t in tags)}
    in_bank |= {str(role) for t in tags for role in t.roles}
    return {**known, "want": {name: value for name, value in known["want"].items() if value in in_bank}}


def _roles(known: Landscape) -> list[Entry]:
    return [(r.value, r.label, known.roles[r].aliases) for r in Role]


def _names(entries: Iterable[Entry]) -> Names:
    """First what is shown, then ids, then the rest, so that another name never hides a shown one."""
    listed = list(entries)
    names: dict[str, str] = {}
    for value, shown, _ in listed:
        names.setdefault(shown, value)
    for value, _, _ in listed:
        names.setdefault(value, value)
    for value, _, others in listed:
        for other in others:
            names.setdefault(other, value)
    return names
