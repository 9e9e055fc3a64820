"""Discord is told of every command of the table, within its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord import tree
from bot.catalogue import load
from bot.door.command_table import COMMANDS, Command
from bot.suggesting import suggesting

Json = Mapping[str, Any]
SUB, GROUP, TEXT, SOMEBODY = 1, 2, 3, 9


@pytest.fixture(scope="module")
def suggest() -> tree.Suggest:
    return suggesting(load())


@pytest.fixture(scope="module")
def listed(suggest: tree.Suggest) -> list[Json]:
    found = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for _ in range(2):  # who serves again fills it again
        tree.fill(found, suggest, tree.nobody, tree.nobody)
    return [command.to_dict(found) for command in found.get_commands()]


@pytest.fixture(scope="module")
def options(listed: list[Json]) -> dict[str, list[Json]]:
    """Of every command, by its path."""
    return dict(_leaves(listed[0], ()))


def _leaves(of: Json, path: tuple[str, ...]) -> Iterator[tuple[str, list[Json]]]:
    for child in of["options"]:
        at = (*path, child["name"])
        if child["type"] == GROUP:
            yield from _leaves(child, at)
        else:
            yield " ".join(at), child["options"]


def _size(of: Json) -> int:
    """As Discord counts it (discord.com/developers, "Application commands", 2026-11)."""
    own = sum(len(str(of.get(key, ""))) for key in ("name", "description", "value"))
    return own + sum(map(_size, [*of.get("options", ()), *of.get("choices", ())]))


def test_every_command_of_the_table_is_listed_with_its_options(options: dict[str, list[Json]]) -> None:
    assert {path: [o["name"] for o in of] for path, of in options.items()} == {
        command.path: [o.name for o in command.options] for command in COMMANDS
    }


def test_the_list_is_within_discords_limits(listed: list[Json]) -> None:
    def within(of: Json) -> None:
        children = of.get("options", [])
        assert len(children) <= 25 and len(of.get("choices", [])) <= 25
        assert 1 <= len(of["description"]) <= 100 and len(of["name"]) <= 32
        for child in children:
            within(child)

    within(listed[0])
    assert _size(listed[0]) <= 8_000


def test_commands_are_for_servers_and_the_bots_own_direct_messages(listed: list[Json]) -> None:
    assert [command["name"] for command in listed] == ["rolecall", tree.ANSWER_THIS]
    assert all(command["contexts"] == [0, 1] and command["integration_types"] == [0] for command in listed)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.path)
def test_few_values_are_choices_and_many_are_offered_while_somebody_types(
    command: Command, options: dict[str, list[Json]], suggest: tree.Suggest
) -> None:
    for option, told in zip(command.options, options[command.path], strict=True):
        few = len(suggest(option.kind, ""))
        assert told["type"] == (SOMEBODY if option.kind == "person" else TEXT)
        assert bool(told.get("autocomplete")) == (few == 25)
        if 0 < few < 25:
            assert [c["value"] for c in told["choices"]] == [c.value for c in suggest(option.kind, "")]
        if option.kind == "yes_no":
            assert [c["value"] for c in told["choices"]] == ["yes", "no"]
