"""One wish from beginning to end: who it is, what they wish for, what Rolecall says to it, and where that is shown.

Rolecall is ordinary synchronous code: it runs in threads. What goes wrong is told here, in plain words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from adapters.discord import sentences
from adapters.discord.arrivals import Arrival
from adapters.discord.forms import Forms
from adapters.discord.installation import PLATFORM
from adapters.discord.people import People
from adapters.discord.refusals import PEOPLE
from adapters.discord.replying import ClosedError, Replies, Said, Spot
from adapters.failures import reference
from adapters.pools import Pools
from adapters.sentences import STILL_THERE, failed, said
from adapters.turns import Turns
from bot.door.intents import Intent
from bot.door.invocation import Invocation
from bot.door.messages import Message, Reading
from bot.errors import RolecallError, StoreError
from bot.model import Account
from bot.rolecall import Rolecall

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that somebody did in Discord."""

    arrival: Arrival
    spot: Spot
    wish: Intent | RolecallError
    """What they wish for by it, or what is to be said to that."""
    is_typed: bool = False
    """Whether it is a text that stands in a chat."""
    is_aside: bool = False
    """Whether it was perhaps not said to us."""
    texts: tuple[str, ...] = ()
    """What they have written in a command, which Discord shows nobody again."""


@dataclass(frozen=True, slots=True)
class Working:
    rolecall: Rolecall
    pools: Pools
    turns: Turns
    people: People
    replies: Replies
    forms: Forms

    async def wished(self, ask: Ask) -> None:
        """Grants a wish, and says what came of it."""
        try:
            await self._granted(await self._invocation(ask), ask.spot)
        except RolecallError as refusal:
            is_lost = isinstance(refusal, StoreError)
            if ask.is_aside and is_lost:  # perhaps it was not said to us at all
                log.warning("discord_aside_unread", guild=ask.arrival.place.workspace)
                return
            await self.replies.say(ask.spot, _refusal(str(refusal), ask, is_lost=is_lost))
        except Exception:
            trouble = _failed(ask)
            if not ask.is_aside:
                await self.replies.say(ask.spot, _refusal(trouble, ask, is_lost=True))

    async def opened(self, ask: Ask, asked: asyncio.Future[None]) -> None:
        """Opens the form that is wished for. `asked` is told that the response is under way; where it has been given up
        by then, the form is offered by a button."""
        try:
            invocation = await self._invocation(ask)
            form = await self.pools.run(partial(self.rolecall.form_for, invocation))
            if asked.done():
                self.replies.acknowledged(ask.spot)
            else:
                asked.set_result(None)
            await self.forms.open(ask.spot, invocation.intent, form)
            return
        except RolecallError as refusal:
            trouble = str(refusal)
        except Exception:
            trouble = _failed(ask)
        self.replies.acknowledged(ask.spot)
        if not asked.done():
            asked.set_result(None)
        await self.replies.say(ask.spot, said(trouble))

    async def submitted(self, ask: Ask, attempt: str, typed: Mapping[str, str]) -> None:
        """Grants what a form was filled in for; where that is refused, nothing of what was typed is lost."""
        try:
            await self._granted(await self._invocation(ask), ask.spot)
        except RolecallError as refusal:
            await self.forms.refused(ask.spot, attempt, str(refusal), typed)
        except Exception:
            await self.forms.refused(ask.spot, attempt, _failed(ask), typed)

    async def _invocation(self, ask: Ask) -> Invocation:
        wish, arrival = ask.wish, ask.arrival
        if isinstance(wish, RolecallError):
            raise wish
        return Invocation(arrival.key, await self.people.actor(arrival), arrival.place, wish)

    async def _granted(self, invocation: Invocation, spot: Spot) -> None:
        if invocation.intent.opens_form:  # typed: a form opens after a press or a command only
            form = await self.pools.run_at_last(partial(self.rolecall.form_for, invocation))
            await self.forms.open(spot, invocation.intent, form)
            return
        reply = await self.pools.run_at_last(partial(self.rolecall.reply_to, invocation, waits=True))
        if reply is None:
            await self.replies.nothing(spot)
            return
        shown = Said()
        try:
            shown = await self.replies.say(spot, reply.message)
        finally:  # somebody has to wait for a verdict, or it comes to nobody
            if reading := reply.reading:
                self.turns.beside(partial(self._read, spot, shown, reading))
        if reply.trial:
            self.turns.beside(partial(self._try_door, spot, invocation.actor.account, reply.trial))

    async def _read(self, spot: Spot, shown: Said, reading: Reading) -> None:
        if verdict := await self.pools.read(reading):
            await self.replies.replace(spot, shown, verdict.message)

    async def _try_door(self, spot: Spot, account: Account, trial: Message) -> None:
        """Sends the first direct message to somebody who has just agreed, and tells them where none gets through."""
        why = None
        try:
            await self.replies.direct(spot.user, trial)
        except ClosedError as error:
            why = PEOPLE.get(error.code)
            if why is None:  # not their door: what comes next is tried all the same
                log.warning("discord_trial_failed", why=str(error))
                return
        if told := await self.pools.run_at_last(partial(self.rolecall.door_tried, account, why)):
            await self.replies.say(spot, told)


def _refusal(reason: str, ask: Ask, *, is_lost: bool) -> Message:
    if ask.texts:
        return sentences.refused(reason, ask.texts, None)
    return said(f"{reason}\n{STILL_THERE}" if ask.is_typed and is_lost else reason)


def _failed(ask: Ask) -> str:
    """What is said of the present exception."""
    return failed(reference(PLATFORM, ask.arrival.key))
