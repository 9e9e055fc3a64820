"""The command table -> Discord's application commands: one two-level group, with options, choices and autocomplete."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.door.command_table import COMMANDS, GROUPS, ROOT, Command, Option
from bot.door.messages import LIMITS, Choice

ANSWER_THIS = "Answer this prompt"
"""The entry of a message's context menu."""

Commanded = Callable[[discord.Interaction, Command, Mapping[str, str]], Awaitable[None]]
"""What is done when a command comes, with its options as text."""
PointedAt = Callable[[discord.Interaction, discord.Message], Awaitable[None]]
Suggest = Callable[[str, str], tuple[Choice, ...]]
"""Kind of option and what is typed -> up to 25 values."""

_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=False)
_SOMEBODY = discord.Member | discord.User | discord.Role | None
_LONGEST = 100
"""Characters of what is typed into an option that are compared with its values; none is longer."""
_YES_NO = (Choice("yes", "yes"), Choice("no", "no"))
_ROOT = "Interview practice for AI careers, judged line by line"


def fill(tree: app_commands.CommandTree[Any], suggest: Suggest, commanded: Commanded, pointed_at: PointedAt) -> None:
    """Puts every command into the tree, in the place of those that were there.

    `fill(tree, suggest, nobody, nobody)` is enough for what Discord is told.
    """
    tree.clear_commands(guild=None)
    root = app_commands.Group(name=ROOT, description=_ROOT, allowed_contexts=_CONTEXTS, allowed_installs=_INSTALLS)
    groups = {name: app_commands.Group(name=name, description=said, parent=root) for name, said in GROUPS.items()}
    for command in COMMANDS:
        (groups[command.group] if command.group else root).add_command(_command(command, suggest, commanded))
    tree.add_command(root, override=True)

    async def chosen(interaction: discord.Interaction, message: discord.Message) -> None:
        await pointed_at(interaction, message)

    tree.add_command(
        app_commands.ContextMenu(
            name=ANSWER_THIS, callback=chosen, allowed_contexts=_CONTEXTS, allowed_installs=_INSTALLS
        ),
        override=True,
    )


async def nobody(*_: object) -> None:
    """Does nothing: for a tree of which Discord is only told."""


def _command(command: Command, suggest: Suggest, commanded: Commanded) -> app_commands.Command[Any, ..., None]:
    async def called(interaction: discord.Interaction, **values: object) -> None:
        given = {name: _text(value) for name, value in values.items() if value is not None}
        await commanded(interaction, command, given)

    at = inspect.Parameter.POSITIONAL_OR_KEYWORD
    called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # where discord.py looks for options
        [
            inspect.Parameter("interaction", at, annotation=discord.Interaction),
            *(inspect.Parameter(o.name, at, default=None, annotation=_kind(o)) for o in command.options),
        ]
    )
    app_commands.describe(**{o.name: o.summary for o in command.options})(called)
    made = app_commands.Command[Any, ..., None](name=command.name, description=command.summary, callback=called)
    for option in command.options:
        _offer(made, option, suggest)
    return made


def _kind(option: Option) -> Any:
    return _SOMEBODY if option.kind == "person" else str | None


def _offer(command: app_commands.Command[Any, ..., None], option: Option, suggest: Suggest) -> None:
    """Choices where they are few, suggestions while somebody types where they are many."""
    few = _YES_NO if option.kind == "yes_no" else suggest(option.kind, "")
    if not few:
        return
    parameter = command._params[option.name]
    if len(few) < LIMITS.CHOICES:
        parameter.choices = list[app_commands.Choice[Any]](_choices(few))
        return

    async def suggested(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(suggest(option.kind, typed[:_LONGEST]))

    command.autocomplete(option.name)(suggested)


def _choices(found: tuple[Choice, ...]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=c.label, value=c.value) for c in found]


def _text(value: object) -> str:
    """An option's value as somebody might have typed it."""
    return value.mention if isinstance(value, discord.Member | discord.User | discord.Role) else str(value)
