"""Every message and form that any capability has, as Discord gets it: what it refuses, and what a person would see.

`pytest tests/rendering --golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from simcord.components import validate_modal

from adapters.discord import sizes
from adapters.discord.render import parts
from adapters.discord.views import modal
from bot.door.messages import Paragraph
from tests.adapters.discord import markdown
from tests.adapters.discord.drawn import check, texts
from tests.rendering import discord_text
from tests.rendering.form_examples import FORMS
from tests.rendering.test_examples import EXAMPLES

GOLDEN = Path(__file__).parent / "golden" / "discord"
COMMANDS = {"rolecall": 1}


@pytest.mark.parametrize("name", EXAMPLES)
def test_discord_draws_it_as_agreed(name: str, golden: bool) -> None:
    found = parts(EXAMPLES[name], commands=COMMANDS, notifies=True)
    agrees(GOLDEN / f"{name}.txt", "".join(map(discord_text.readable, found)), golden)


@pytest.mark.parametrize("name", FORMS)
def test_discord_draws_the_form_as_agreed(name: str, golden: bool) -> None:
    agrees(GOLDEN / "forms" / f"{name}.txt", discord_text.form(modal(FORMS[name], "00").to_dict()), golden)


def test_no_file_is_left_of_what_is_said_no_more() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == EXAMPLES.keys()
    assert {file.stem for file in GOLDEN.glob("forms/*.txt")} == FORMS.keys()


def agrees(file: Path, drawn: str, golden: bool) -> None:
    if golden:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_discord_takes_the_message_as_one(name: str) -> None:
    for commands in ({}, {"rolecall": 9_223_372_036_854_775_807}):
        (only,) = parts(EXAMPLES[name], commands=commands, mark="f" * 25)
        check(only)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_in_the_message_is_live_by_chance(name: str) -> None:
    (only,) = parts(EXAMPLES[name])
    meant = {"time", "link", "role"}
    if any(isinstance(block, Paragraph) and block.spoils for block in EXAMPLES[name].blocks):
        meant.add("spoiler")
    for text in texts(only):
        assert not markdown.kinds(text) & (markdown.LIVE - meant)


@pytest.mark.parametrize("name", FORMS)
def test_discord_takes_the_form_and_shows_all_of_its_hints(name: str) -> None:
    shown = modal(FORMS[name], "00").to_dict()
    validate_modal(shown)
    for field, label in zip(FORMS[name].fields, shown["components"], strict=True):
        assert (label["label"], label.get("description", "")) == (field.label, field.hint)
        assert sizes.units(label["component"].get("value", "")) <= sizes.FORM_TEXT
