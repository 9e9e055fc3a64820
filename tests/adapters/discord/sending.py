"""A server with people and a channel, and an outbox that sends there in virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.discord.client import Client
from adapters.discord.gateway import DiscordGateway
from adapters.discord.installation import Installation
from bot.loops import Loop, event_loop
from bot.model import Account, MemberId
from tests.adapters import outbox
from tests.adapters.outbox import Clock
from tests.discord.local import LocalDiscord, Message

PEOPLE = {"101": "Ana", "102": "Ben", "103": "Cem"}
POST = "POST /channels/*/messages"


@dataclass
class Server:
    """The bot's client is logged in and not connected, in a loop of its own."""

    discord: LocalDiscord
    clock: Clock
    loop: Loop
    client: Client
    guild: int
    room: int

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """What the gateway remembers is gone."""
        users = {MemberId(f"m:{id}"): id for id in PEOPLE}
        self.gateway = DiscordGateway(self.client, lambda members: {m: users[m] for m in members if m in users})

    def account(self, user: str) -> Account:
        return account(user)

    def came(self, user: str) -> list[str]:
        """What a person can read in their conversation with the bot."""
        return [said(message) for message in self.discord.dm(int(user))]

    def posts(self) -> int:
        """How often the bot has tried to say something."""
        return len([call for call in self.discord.calls_of("POST", "/messages") if "/channels/" in call.path])


Outbox = outbox.Outbox[Server]


@contextmanager
def server(clock: Clock | None = None) -> Iterator[Server]:
    clock = clock or Clock()
    with LocalDiscord(clock=clock) as local:
        guild = local.guild("Study group")
        room = local.channel(guild, "ml")
        for id, name in PEOPLE.items():
            local.person(name, guild, id=int(id))
        with event_loop("discord") as loop:
            client = Client(Installation(local.token, base_url=local.api_url))
            loop.call(client.login(local.token))
            try:
                yield Server(local, clock, loop, client, guild, room)
            finally:
                loop.call(client.close())


def account(user: str) -> Account:
    return Account("discord", "", user)


def opened(to: Server, folder: Path) -> AbstractContextManager[Outbox]:
    """On a database with the people of the server as its members."""
    return outbox.opened(to, PEOPLE, folder)


def said(message: Message) -> str:
    """The words of a message, without the line above them."""
    return "\n".join(str(embed.get("description", "")) for embed in message.embeds)
