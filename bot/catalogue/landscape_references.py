"""Whether the files of the landscape fit each other: every name that is used exists, and nothing is left out.

A file that could not be read has its own fault, so what would need it is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from bot.catalogue.asking import Answer
from bot.catalogue.fault import Fault, one_of, short
from bot.catalogue.landscape_pieces import LISTS, Piece, Pieces, walk
from bot.catalogue.reading import Place
from bot.catalogue.records import Record
from bot.door.intents import SaveAssessment, SubmitMatch
from bot.model import Interest, Preference, Role, Skill

DEGREES = tuple("01234")
"""The values of an answer on a scale from 0 (never, none) to 4."""
INTERESTS = ("interest_first", "interest_second", "interest_least", "scenario")
NEEDED = (*INTERESTS, *Skill, *Preference, "months", "hours_per_week")
"""What a result cannot be computed without."""
RATINGS = range(5, 26)
"""Sums of five ratings from 1 to 5."""


def reference_faults(folder: Path, pieces: Pieces) -> Iterator[Fault]:
    """Everything that keeps well-shaped files from being one landscape."""
    yield from _sources(pieces)
    yield from _ids(pieces)
    yield from _roles(folder, pieces)
    yield from _pages(pieces)
    yield from _contrasts(pieces)
    yield from _matching(pieces)
    yield from _questionnaire(pieces)
    yield from _self_assessment(pieces)
    yield from _money_and_market(pieces)
    yield from _guidance(pieces)
    yield from _shared_names(pieces)


def _sources(pieces: Pieces) -> Iterator[Fault]:
    """Whoever states a fact is listed."""
    if pieces.sources is None:
        return
    known = list(pieces.sources.value)
    for piece in pieces:
        for place, part in walk(piece.value):
            if isinstance(part, Record) and part.source not in known:
                remedy = f"add it there, or {_lower(one_of(part.source, known))}"
                yield piece.fault((*place, "source"), f"there is no source “{part.source}” in sources.yaml", remedy)


def _ids(pieces: Pieces) -> Iterator[Fault]:
    """No list holds an id twice."""
    for piece in pieces:
        for place, part in walk(piece.value):
            if not isinstance(part, tuple):
                continue
            name = "name" if place[-1:] == ("fields",) else "id"
            seen: set[str] = set()
            for index, item in enumerate(part):
                id = getattr(item, name, None)
                if id in seen:
                    problem = f"the {name} {id} is used twice"
                    yield piece.fault((*place, index, name), problem, f"give each its own {name}")
                seen |= {id} if isinstance(id, str) else set()


def _roles(folder: Path, pieces: Pieces) -> Iterator[Fault]:
    """One file for each role, with levels in their order and figures that exist."""
    for piece in pieces.roles:
        guide, stem = piece.value, piece.document.file.stem
        if guide.role != stem:
            remedy = f"write `role: {stem}`, or rename the file"
            yield piece.fault(("role",), f"“{guide.role}” does not match the file's name", remedy)
        if guide.mistaken_for is guide.role:
            yield piece.fault(("mistaken_for",), "is the role itself", "name another of the six")
        if not any(ask.weight for ask in guide.profile.skills.values()):
            yield piece.fault(
                ("profile", "skills"), "no skill has a weight", "give what its loop tests a weight above 0"
            )
        if [e.level for e in guide.levels.levels] != ["entry", "mid", "senior"]:
            yield piece.fault(("levels", "levels"), "are not entry, mid and senior", "write each once, in this order")
        yield from _figures_exist(pieces, piece)
    here = {piece.document.file.stem for piece in pieces.roles}
    for role in Role:
        path = folder / "roles" / f"{role}.yaml"
        if role not in here and pieces.whole:
            yield Fault(path, 1, "file", "is missing", "write it, or restore it from version control")


def _pages(pieces: Pieces) -> Iterator[Fault]:
    known = _readable(pieces)
    for piece in pieces.pages:
        page, stem = piece.value, piece.document.file.stem
        if page.id != stem:
            remedy = f"write `id: {stem}`, or rename the file"
            yield piece.fault(("id",), f"“{page.id}” does not match the file's name", remedy)
        yield from _figures_exist(pieces, piece)
        for index, name in enumerate(page.see):
            if pieces.whole and name not in known:
                yield piece.fault(("see", index), f"there is no page or role “{name}”", one_of(name, known))


def _figures_exist(pieces: Pieces, piece: Piece[Any]) -> Iterator[Fault]:
    if pieces.figures is None:
        return
    known = list(dict.fromkeys(figure.id for figure in pieces.figures.value.figures))
    for index, name in enumerate(piece.value.figures):
        if name not in known:
            remedy = f"add it there, or {_lower(one_of(name, known))}"
            yield piece.fault(("figures", index), f"there is no figure “{name}” in figures.yaml", remedy)


def _readable(pieces: Pieces) -> list[str]:
    return [*(str(role) for role in Role), *(piece.value.id for piece in pieces.pages), *LISTS]


def _contrasts(pieces: Pieces) -> Iterator[Fault]:
    """Each two roles are told apart once."""
    if (piece := pieces.contrasts) is None:
        return
    seen: set[frozenset[Role]] = set()
    for index, contrast in enumerate(piece.value.contrasts):
        one, other = contrast.between
        place = ("contrasts", index, "between")
        if one is other:
            yield piece.fault(place, f"{one} is compared with itself", "name two roles")
        elif frozenset(contrast.between) in seen:
            yield piece.fault(place, f"{one} and {other} are told apart twice", "keep one of the two")
        seen.add(frozenset(contrast.between))
    for one, other in combinations(Role, 2):
        if frozenset((one, other)) not in seen:
            remedy = f"add one with `between: [{one}, {other}]`"
            yield piece.fault(("contrasts",), f"nothing tells {one} and {other} apart", remedy)


def _matching(pieces: Pieces) -> Iterator[Fault]:
    """Every dimension has a name, and skills are shown by topics that the bank has."""
    if (piece := pieces.matching) is None:
        return
    for field, every in (("interests", Interest), ("skills", Skill), ("preferences", Preference)):
        for name in every:
            if name not in getattr(piece.value, field):
                yield piece.fault((field, str(name)), "is missing", f"add `{name}:`")
    for skill, scale in piece.value.skills.items():
        for index, topic in enumerate(scale.topics):
            if pieces.topics and topic not in pieces.topics:
                yield piece.fault(
                    ("skills", str(skill), "topics", index),
                    f"there is no topic or area “{topic}” in topics.yaml",
                    one_of(topic, list(pieces.topics)),
                )


def _questionnaire(pieces: Pieces) -> Iterator[Fault]:
    """A question has buttons or a form, a button says what the matcher understands, and all it needs is asked."""
    if (piece := pieces.questionnaire) is None:
        return
    typed = [field.name for field in fields(SubmitMatch) if field.name != "question"]
    understood = _understood(pieces)
    asked = {question.id for question in piece.value.questions if question.answers}
    asked |= {field.name for question in piece.value.questions for field in question.fields}
    for name in NEEDED:
        if name not in asked:
            remedy = f"add a question with the id `{name}`, or a line of a form with that name"
            yield piece.fault(("questions",), f"nothing asks for {name}", remedy)
    for n, question in enumerate(piece.value.questions):
        place: Place = ("questions", n)
        if bool(question.answers) == bool(question.fields):
            has = "has buttons as well as a form" if question.answers else "has neither buttons nor a form"
            yield piece.fault(place, has, "write either `answers` for buttons, or `fields` for a form")
        yield from _values(piece, (*place, "answers"), question.id, question.answers, understood)
        for m, field in enumerate(question.fields):
            within = (*place, "fields", m)
            if field.name not in typed:
                yield piece.fault((*within, "name"), f"no form takes “{field.name}”", one_of(field.name, typed))
            yield from _values(piece, (*within, "answers"), field.name, field.answers, understood)


def _understood(pieces: Pieces) -> Mapping[str, tuple[str, ...]]:
    """What is asked -> the values that it may have; what takes any word is left out."""
    known: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(INTERESTS, tuple(Interest)),
        **dict.fromkeys(chain(Skill, Preference), DEGREES),
        "in_mind": (*Role, "none"),
        "current": (*Role, "another"),
        "check": ("chosen", "grabbed"),
    }
    if pieces.market:
        known["sector"] = tuple(sector.id for sector in pieces.market.value.sectors)
    if pieces.salaries:
        known["place"] = tuple(place.id for place in pieces.salaries.value.places)
    return known


def _values(
    piece: Piece[Any],
    place: Place,
    asked: str,
    answers: tuple[Answer, ...],
    understood: Mapping[str, tuple[str, ...]],
) -> Iterator[Fault]:
    allowed = [str(value) for value in understood.get(asked, ())]
    given: set[str] = set()
    for index, answer in enumerate(answers):
        at = (*place, index, "value")
        if allowed and answer.value not in allowed:
            problem = f"“{short(answer.value)}” is no answer to {asked}"
            yield piece.fault(at, problem, one_of(answer.value, allowed))
        elif answer.value in given:
            yield piece.fault(at, f"the value {answer.value} is used twice", "give each answer its own")
        given.add(answer.value)


def _self_assessment(pieces: Pieces) -> Iterator[Fault]:
    """The form's five ratings, and one band for every sum of them."""
    if (piece := pieces.self_assessment) is None:
        return
    rated = [field.name for field in fields(SaveAssessment)]
    for n, dimension in enumerate(piece.value.dimensions):
        if dimension.id not in rated:
            yield piece.fault(("dimensions", n, "id"), f"no form takes “{dimension.id}”", one_of(dimension.id, rated))
        if sorted(dimension.anchors) != [1, 3, 5]:
            remedy = "say what 1, 3 and 5 mean"
            yield piece.fault(("dimensions", n, "anchors"), "are not those of 1, 3 and 5", remedy)
    reached = RATINGS.start
    for n, band in enumerate(piece.value.bands):
        if band.low != reached or band.high < band.low:
            problem = f"goes from {band.low} to {band.high}, the sums before it end at {reached - 1}"
            yield piece.fault(("bands", n), problem, f"let it begin at {reached} and end later")
            break
        reached = band.high + 1
    else:
        if reached != RATINGS.stop:
            problem = f"end at {reached - 1}, five ratings can make {RATINGS[-1]}"
            yield piece.fault(("bands",), problem, f"let the last one end at {RATINGS[-1]}")
    for n, band in enumerate(piece.value.bands):
        for index, name in enumerate(band.read):
            if pieces.whole and name not in _readable(pieces):
                problem = f"there is no page or role “{name}”"
                yield piece.fault(("bands", n, "read", index), problem, one_of(name, _readable(pieces)))


def _money_and_market(pieces: Pieces) -> Iterator[Fault]:
    if piece := pieces.salaries:
        places = [place.id for place in piece.value.places]
        for n, pay in enumerate(piece.value.pay):
            if pay.place not in places:
                yield piece.fault(
                    ("pay", n, "place"), f"there is no place “{pay.place}” under `places`", one_of(pay.place, places)
                )
            if pay.high < pay.low:
                yield piece.fault(("pay", n, "high"), f"{pay.high} is less than `low`", "exchange the two")
    if market := pieces.market:
        yield from _sectors(market)
        for role in Role:
            if role not in market.value.heatmap.cells:
                yield market.fault(("heatmap", "cells", str(role)), "is missing", f"add a line for the {role.label}")
    if postings := pieces.postings:
        for role in Role:
            if role not in postings.value.cues:
                yield postings.fault(("cues", str(role)), "is missing", f"add the cues of the {role.label}")


def _sectors(piece: Piece[Any]) -> Iterator[Fault]:
    market, known = piece.value, [sector.id for sector in piece.value.sectors]
    named: list[tuple[Place, str]] = []
    for role, cells in market.heatmap.cells.items():
        line: Place = ("heatmap", "cells", str(role))
        named += [((*line, name), name) for name in cells]
        for name in known:
            if name not in cells:
                yield piece.fault((*line, name), "is missing", f"add `{name}:` with low, medium, high or very_high")
    for field in ("trends", "companies", "contexts"):
        for n, note in enumerate(getattr(market, field)):
            named += [((field, n, "sectors", index), name) for index, name in enumerate(note.sectors)]
    named += [(("industries", n, "sector"), i.sector) for n, i in enumerate(market.industries) if i.sector]
    for place, name in named:
        if name not in known:
            yield piece.fault(place, f"there is no sector “{name}” under `sectors`", one_of(name, known))


def _guidance(pieces: Pieces) -> Iterator[Fault]:
    if (piece := pieces.programme) is None:
        return
    stem = piece.document.file.stem
    if piece.value.id != stem:
        remedy = f"write `id: {stem}`"
        yield piece.fault(("id",), f"“{piece.value.id}” does not match the file's name", remedy)
    days = [checkpoint.day for checkpoint in piece.value.checkpoints]
    for n, (day, before) in enumerate(zip(days[1:], days, strict=False), 1):
        if day <= before:
            yield piece.fault(("checkpoints", n, "day"), f"{day} does not come after {before}", "sort them by day")


Named = tuple[str, str, Piece[Any], Place, str]
"""What somebody types, what it means, the file and place that says so, and whose name it may share."""


def _shared_names(pieces: Pieces) -> Iterator[Fault]:
    """What is typed means one thing; an industry may be called like its sector, a page like the list that it opens."""
    for group in (_names_to_read(pieces), _names_of_places(pieces), _names_of_sectors(pieces)):
        owners = {name: f"the list {name}" for name in LISTS}
        for name, owner, piece, place, shares in group:
            key = " ".join(re.split(r"[\s_-]+", name.lower()))
            first = owners.setdefault(key, owner)
            if first not in (owner, shares):
                remedy = "leave it out of one of the two"
                yield piece.fault(place, f"“{name}” is a name of {first} already", remedy)


def _names_to_read(pieces: Pieces) -> Iterator[Named]:
    for guide in pieces.roles:
        owner = f"the role {guide.value.role}"
        yield from _all_names(guide, (), owner, (("role", guide.value.role), ("role", guide.value.role.label)))
    if pieces.emerging:
        for n, role in enumerate(pieces.emerging.value.roles):
            own = (("id", role.id), ("name", role.name))
            yield from _all_names(pieces.emerging, ("roles", n), f"the emerging role {role.id}", own)
    for page in pieces.pages:
        yield from _all_names(
            page, (), f"the page {page.value.id}", (("id", page.value.id),), f"the list {page.value.id}"
        )


def _names_of_places(pieces: Pieces) -> Iterator[Named]:
    if pieces.salaries:
        for n, place in enumerate(pieces.salaries.value.places):
            own = (("id", place.id), ("name", place.name))
            yield from _all_names(pieces.salaries, ("places", n), f"the place {place.id}", own)


def _names_of_sectors(pieces: Pieces) -> Iterator[Named]:
    if (piece := pieces.market) is None:
        return
    for n, sector in enumerate(piece.value.sectors):
        own = (("id", sector.id), ("name", sector.name))
        yield from _all_names(piece, ("sectors", n), f"the sector {sector.id}", own)
    for n, industry in enumerate(piece.value.industries):
        own = (("id", industry.id), ("name", industry.name))
        shares = f"the sector {industry.sector}"
        yield from _all_names(piece, ("industries", n), f"the industry {industry.id}", own, shares)


def _all_names(
    piece: Piece[Any], place: Place, owner: str, own: tuple[tuple[str, str], ...], shares: str = ""
) -> Iterator[Named]:
    """The names in these fields, and the aliases, of the part at a place."""
    part = piece.value
    for step in place:
        part = getattr(part, step) if isinstance(step, str) else part[step]
    for field, name in own:
        yield name, owner, piece, (*place, field), shares
    for index, alias in enumerate(part.aliases):
        yield alias, owner, piece, (*place, "aliases", index), shares


def _lower(remedy: str) -> str:
    """A remedy as the second half of a sentence."""
    return f"write {remedy.removeprefix('did you mean ').rstrip('?')}" if remedy.startswith("did you mean") else remedy
