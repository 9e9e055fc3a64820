"""What appears on the screen: replies, pushes and edits, each with the header that says for whom, where and when."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC

from adapters.terminal.chat import Chat
from adapters.terminal.people import People, channel, dm
from adapters.terminal.render import moment, zone_of
from adapters.terminal.screen import Screen
from adapters.terminal.world import World
from bot.door.intents import Intent
from bot.door.invocation import Actor, Place
from bot.door.messages import ChannelPost, Form, Push, Reply
from bot.errors import RolecallError
from bot.model import Account

ONLY_YOU = "only you can see this"
NOW_READS = "an earlier message now reads"
"""Above a changed message: what was printed stays where it is."""


class Arrivals:
    def __init__(self, world: World, screen: Screen, chat: Chat, people: People) -> None:
        self._world, self._screen, self._chat, self._people = world, screen, chat, people
        self._replies = 0
        self._zones: dict[str, str] = {}

    def reply(self, reply: Reply | None, intent: Intent, place: Place) -> None:
        """Draws what the current person's wish brought; nothing for an event that was handled before."""
        if reply is None:
            return
        is_private = intent.visibility == "private"
        self._screen.message(reply.message, mark=ONLY_YOU if is_private and not place.is_private else "")
        self._replies += 1
        reader = self._people.current.id if is_private or place.is_private else None
        self._chat.remember(f"reply:{self._replies}", reply.message, reader, place)

    def push(self, ref: str, push: Push) -> None:
        """Draws what nobody asked for just now."""
        if isinstance(push.to, ChannelPost):
            place, reader = channel(push.to.channel), None
            where, when = push.to.channel, f"{moment(self._world.now(), UTC)} UTC"
        else:
            reader = push.to.account.user_id
            place, actor = dm(reader), self._people.actor(reader)
            self._ask_zone(actor.account)
            where, when = f"DM to {actor.display_name}", self.local_now(actor)
            if reader != self._people.current.id:
                where += f" (you are {self._people.current.name})"
        if push.replaces:
            when += f" · {NOW_READS}"
        self._screen.message(push.message, header=f"{where} · {when}")
        self._chat.remember(ref, push.message, reader, place)

    def local_now(self, actor: Actor) -> str:
        """The virtual time in that person's zone; in UTC, and saying so, where it is not known."""
        zone = self._zones.get(actor.account.user_id, actor.zone)
        return moment(self._world.now(), zone_of(zone)) if zone else f"{moment(self._world.now(), UTC)} UTC"

    def learn_zone(self, form: Form, user: str) -> None:
        """Takes a person's zone from the form that shows their settings."""
        if zone := next((f.initial for f in form.fields if f.kind == "zone" and f.initial), None):
            self._zones[user] = zone

    def _ask_zone(self, account: Account) -> None:
        """Not by their form: to ask for that would count as a sign of life."""
        with suppress(RolecallError):
            if zone := self._world.rolecall.zone_of(account):
                self._zones[account.user_id] = zone
