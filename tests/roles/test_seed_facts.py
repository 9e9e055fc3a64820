"""Every figure and table cell on which Rolecall was founded can be asked for, and is shown with its source and date.

The facts stand in seed_facts.yaml. A fact counts as shown where one message holds all of its strings, the source's
title and the date: the reply itself, or the part of it that the reply's button leads to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.catalogue.records import Publication
from bot.door.commands import parse
from bot.door.intents import Intent
from bot.door.messages import Form
from tests.talk import Talk, buttons, talk, words

NEXT = "Next part"
"""The button of a reply that is too long for one message."""

CELLS = {
    "1.1": 6 * 8,  # roles by dimensions
    "2.1": 4 * 7 + 2 + 4,  # roles by rounds; two derived loops; hiring times and the length of a loop
    "3.1": 6 * 5 + 5 + 4,  # roles by sectors; trends; companies
    "4": 6 + 8 + 1,  # the national table and the anecdote; cities; what moves pay
    "5": 3 * 4 + 6,  # levels by columns; general red flags
}
"""Section -> how many facts its tables hold."""


@dataclass(frozen=True)
class Fact:
    section: str
    name: str
    shows: tuple[str, ...]
    ask: tuple[str, ...]
    """Commands as they are typed, one after the other."""
    source: str
    """Part of its title."""
    as_of: str
    """As shown, or part of it."""
    never: tuple[str, ...] = ()
    """What none of the messages may hold."""


def _facts() -> Iterator[Fact]:
    for group in yaml.safe_load(Path(__file__).with_name("seed_facts.yaml").read_text("utf-8")):
        ask = (group["ask"],) if isinstance(group["ask"], str) else tuple(group["ask"])
        rest = group.get("source", ""), group.get("as_of", ""), tuple(group.get("never", ()))
        for name, shows in group["facts"].items():
            yield Fact(group["section"], name, tuple(shows), ask, *rest)


FACTS = tuple(_facts())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with talk(tmp_path_factory.mktemp("facts")) as chat:
        chat.settled("Ana")
        yield Asked(chat)


class Asked:
    """Asks each command once and remembers what came."""

    def __init__(self, chat: Talk) -> None:
        self.chat = chat
        self.told: dict[tuple[str, ...], tuple[str, ...]] = {}

    @property
    def sources(self) -> Mapping[str, Publication]:
        return self.chat.world.rolecall.bank.landscape.sources

    def messages(self, commands: tuple[str, ...]) -> tuple[str, ...]:
        """The last command's reply, part by part."""
        if commands not in self.told:
            *before, last = (parse(c, self.chat.world.rolecall.vocabulary) for c in commands)
            for wish in before:
                self.chat.say("Ana", wish)
            self.told[commands] = tuple(_plain(text) for text in self._texts(last))
        return self.told[commands]

    def _texts(self, wish: Intent) -> Iterator[str]:
        if wish.opens_form:
            yield _form(self.chat.form("Ana", wish))
            return
        part: Intent | None = wish
        while part:
            reply = self.chat.say("Ana", part)
            yield words(reply)
            part = buttons(reply).get(NEXT)


def _form(form: Form) -> str:
    lines = [line for f in form.fields for line in (f.label, f.hint, *(c.label for c in f.choices))]
    return "\n".join([form.title, *lines])


def _plain(text: str) -> str:
    """Lower case, one kind of dash, no space before %, single spaces."""
    text = re.sub("[\u2010-\u2014]", "-", text.lower())
    return " ".join(re.sub(r"\s+%", "%", text).split())


def _lacks(message: str, fact: Fact, sources: Mapping[str, Publication]) -> list[str]:
    """What a message does not hold of a fact. A year inside a source's title is no date."""
    lacks = [s for s in (*fact.shows, fact.source) if _plain(s) not in message]
    for source in sources.values():
        message = message.replace(_plain(source.title), "")
    return lacks if _plain(fact.as_of) in message else [*lacks, f"the date {fact.as_of}"]


@pytest.mark.parametrize("fact", [pytest.param(f, id=f"{f.section} {f.name}") for f in FACTS])
def test_a_fact_is_shown_with_its_source_and_date(asked: Asked, fact: Fact) -> None:
    messages = asked.messages(fact.ask)

    lacking = min((_lacks(m, fact, asked.sources) for m in messages), key=len)

    assert not lacking, f"{fact.ask[-1]} does not show {lacking}:\n{messages[0]}"
    assert not [n for n in fact.never for m in messages if _plain(n) in m]


def test_the_facts_cover_every_section() -> None:
    assert {f.section.partition(".")[0] for f in FACTS} == {str(n) for n in range(1, 15)}
    assert {f.section for f in FACTS if f.section.startswith("14.")} == {f"14.{n}" for n in range(1, 19)}


def test_the_facts_cover_every_cell_of_the_tables() -> None:
    held = Counter(f.section for f in FACTS)

    assert {section: held[section] for section in CELLS} == CELLS
    assert len({(f.section, f.name, f.ask) for f in FACTS}) == len(FACTS)
