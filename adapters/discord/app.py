"""The Discord app: which event becomes which wish. Everything is acknowledged before anything is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters import wishes
from adapters.discord import arrivals, forms, ids, sentences, tree, views
from adapters.discord.client import Client
from adapters.discord.forms import Forms
from adapters.discord.installation import PLATFORM, Installation
from adapters.discord.people import People
from adapters.discord.pressing import buttons
from adapters.discord.replying import Replies, Spot
from adapters.discord.servers import Servers
from adapters.discord.working import Ask, Working
from adapters.latest import Latest
from adapters.pools import Pools
from adapters.turns import Turns
from bot.door import commands
from bot.door.cohort_intents import AnswerInThread
from bot.door.command_table import Command
from bot.door.intents import Intent
from bot.errors import RolecallError, UsageError
from bot.model import Account
from bot.rolecall import Rolecall

log = structlog.get_logger()

REMEMBERED = 10_000
"""Events whose redelivery is passed over at once; the bot itself remembers them for longer."""

Interaction = discord.Interaction[Any]


class DiscordApp:
    """One app before one Rolecall, in the event loop of its client."""

    def __init__(self, rolecall: Rolecall, installation: Installation, client: Client) -> None:
        """Fills the client's command tree, and listens to its events."""
        self.installation = installation
        self._rolecall, self._client = rolecall, client
        self._pools, self._turns = Pools(PLATFORM), Turns()
        self._replies = Replies(client, self._pools.users(rolecall))
        self._servers = Servers(rolecall, self._pools)
        self._working = Working(
            rolecall=rolecall,
            pools=self._pools,
            turns=self._turns,
            people=People(client, self._asked_servers),
            replies=self._replies,
            forms=Forms(self._replies),
        )
        self._seen: Latest[str, None] = Latest(REMEMBERED)
        self._is_leaving = False
        tree.fill(client.tree, rolecall.suggest, self._commanded, self._pointed_at)
        client.tree.error(self._unknown_command)
        client.add_dynamic_items(buttons(self._pressed))
        for listener in (
            self.on_interaction,
            self.on_message,
            self.on_ready,
            self.on_guild_join,
            self.on_guild_available,
            self.on_guild_remove,
        ):
            client.event(listener)

    async def quiet(self) -> None:
        """Waits until no wish is being worked on."""
        await self._turns.quiet()

    def leave(self) -> None:
        """Takes nothing up any more: who presses a button now hears that it failed, and presses again."""
        self._is_leaving = True

    async def close(self) -> None:
        """Leaves what is still being worked on."""
        self._turns.close()
        self._pools.close()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Forms that were sent in, and buttons that this version does not know; discord.py brings the rest."""
        data: dict[str, Any] = {**(interaction.data or {})}
        id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            await self._submitted(interaction, id, views.values(data))
        elif interaction.type is discord.InteractionType.component and not ids.PRESS.fullmatch(id):
            await self._take(interaction, _unknown)

    async def on_message(self, message: discord.Message) -> None:
        if not arrivals.is_spoken(message) or self._client.user is None:
            return
        if isinstance(message.channel, discord.DMChannel):  # a server that is not in memory is None, too
            self._spoken(message, arrivals.said(message, self._client.user.id))
        elif self.installation.reads_threads and (post := arrivals.post(message)):
            self._below(message, AnswerInThread(post=post, answer=message.content.strip()))

    async def on_ready(self) -> None:
        self._turns.add("servers", partial(self._servers.are, self._client))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._turns.add("servers", partial(self._servers.is_here, guild))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self._turns.add("servers", partial(self._servers.is_here, guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._turns.add("servers", partial(self._servers.has_left, guild))

    async def _commanded(self, interaction: Interaction, command: Command, values: Mapping[str, str]) -> None:
        texts = tuple(values[o.name] for o in command.options if o.kind == "text" and o.name in values)
        read = partial(commands.chosen, command.path, values, self._rolecall.vocabulary)
        await self._take(interaction, read, texts)

    async def _pointed_at(self, interaction: Interaction, message: discord.Message) -> None:
        await self._take(interaction, lambda: wishes.answerable(arrivals.wires(message)))

    async def _pressed(self, interaction: Interaction, wire: str) -> None:
        await self._take(interaction, partial(commands.decode, wire))

    async def _unknown_command(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """A command that Discord still lists, or lists otherwise than this version has it."""
        if interaction.type is discord.InteractionType.autocomplete:
            return  # it has only been begun, and there is nothing yet that could be answered
        if isinstance(error, app_commands.CommandInvokeError):
            log.error("discord_command_failed", exc_info=True)
        else:
            log.warning("discord_command_unknown", error=type(error).__name__)
        await self._take(interaction, _unknown)

    async def _submitted(self, interaction: Interaction, id: str, typed: Mapping[str, str]) -> None:
        found = ids.FORM.fullmatch(id)
        attempt, wire = (found["attempt"], found["wire"]) if found else ("", "")
        if ask := self._ask(interaction, lambda: commands.filled(commands.decode(wire), typed)):
            self._turns.add(ask.spot.user, partial(self._working.submitted, ask, attempt, typed))
            await self._replies.acknowledged(ask.spot)

    async def _take(self, interaction: Interaction, read: Callable[[], Intent], texts: tuple[str, ...] = ()) -> None:
        """Has a wish granted in its turn, unless it was taken already; Discord hears of it at once."""
        ask = self._ask(interaction, read, texts)
        if ask and isinstance(ask.wish, Intent) and ask.wish.opens_form:
            await self._open(ask)
        elif ask:
            self._turns.add(ask.spot.user, partial(self._working.wished, ask))
            await self._replies.acknowledged(ask.spot)

    async def _open(self, ask: Ask) -> None:
        """A form has to be the first response; where it takes too long, there is a button for it later."""
        asked = asyncio.get_running_loop().create_future()
        self._turns.add(ask.spot.user, partial(self._working.opened, ask, asked))
        try:
            await asyncio.wait_for(asked, forms.SECONDS)
        except TimeoutError:
            await self._replies.acknowledged(ask.spot)

    def _spoken(self, message: discord.Message, text: str) -> None:
        vocabulary = self._rolecall.vocabulary
        answered = message.reference.resolved if message.reference else None
        above = list(arrivals.wires(answered)) if isinstance(answered, discord.Message) else []

        def read() -> Intent:
            if message.attachments and not text:
                raise RolecallError(sentences.TEXT_ONLY)
            return wishes.about(wishes.typed(text, vocabulary), wishes.question(above))

        self._hear(message, read)

    def _below(self, message: discord.Message, wish: AnswerInThread) -> None:
        if wish.answer:
            self._hear(message, lambda: wish, is_aside=True)

    def _hear(self, message: discord.Message, read: Callable[[], Intent], *, is_aside: bool = False) -> None:
        arrival = arrivals.of_message(message)
        if self._is_new(arrival.key):
            spot = Spot(arrival.user, arrival.place)
            ask = Ask(arrival, spot, _wish(read), is_typed=True, is_aside=is_aside)
            self._turns.add(arrival.user, partial(self._working.wished, ask))

    def _ask(self, interaction: Interaction, read: Callable[[], Intent], texts: tuple[str, ...] = ()) -> Ask | None:
        arrival = arrivals.of_interaction(interaction)
        if not self._is_new(arrival.key):
            return None
        return Ask(arrival, Spot(arrival.user, arrival.place, interaction), _wish(read), texts=texts)

    def _is_new(self, key: str) -> bool:
        if self._is_leaving or key in self._seen:
            return False
        self._seen[key] = None
        return True

    async def _asked_servers(self, account: Account) -> frozenset[str]:
        return await self._pools.run(partial(self._rolecall.role_workspaces, account))


def _unknown() -> Intent:
    raise UsageError(commands.OTHER_VERSION)


def _wish(read: Callable[[], Intent]) -> Intent | RolecallError:
    """What is wished for, or what is said to it where it cannot be."""
    try:
        return read()
    except RolecallError as refusal:
        return refusal
