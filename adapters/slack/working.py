"""One wish from beginning to end: who it is, what they wish for, what Rolecall says to it, and where that is shown.

Rolecall is ordinary synchronous code: it runs in threads. What goes wrong is told here, in plain words.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import structlog

from adapters.slack import sentences, views, wishes
from adapters.slack.forms import Forms
from adapters.slack.home import Home
from adapters.slack.installation import Team, Teams
from adapters.slack.mentions import mentioned
from adapters.slack.origin import unpack
from adapters.slack.payloads import Arrival, Payload
from adapters.slack.people import PLATFORM, People
from adapters.slack.replying import Replies, Said, Spot, Users
from adapters.slack.turns import Turns
from bot.door.intents import Intent, SubmitAnswer, Today
from bot.door.invocation import Actor, Invocation, Place
from bot.door.messages import Message, Reading, Reply
from bot.errors import FieldError, RolecallError
from bot.model import Account, MemberId
from bot.rolecall import Rolecall

log = structlog.get_logger()
_T = TypeVar("_T")

Read = Callable[[Team], Intent | None]
"""What is wished for, None for nothing; raises RolecallError."""
THREADS = 32
READING_SECONDS = 30.0
"""How long a shown "I am reading" is waited for; after that the verdict comes by itself."""
SETTLING = 0.5
"""Seconds between the acknowledgement that changes a modal and the next change, which must not overtake it."""


class Pools:
    """Threads: for wishes, and apart from them for those that wait for an answer to be read."""

    def __init__(self) -> None:
        self._wishes = ThreadPoolExecutor(THREADS, thread_name_prefix="slack")
        self._readings = ThreadPoolExecutor(THREADS, thread_name_prefix="slack-reading")

    async def run(self, call: Callable[[], _T]) -> _T:
        return await _run(self._wishes, call)

    async def read(self, reading: Reading) -> Reply | None:
        return await _run(self._readings, partial(reading.wait, READING_SECONDS))

    def users(self, rolecall: Rolecall) -> Users:
        async def users(team: str, message: Message) -> dict[MemberId, str]:
            found = mentioned(message)
            return dict(await self.run(partial(rolecall.user_ids, PLATFORM, team, found))) if found else {}

        return users

    def close(self) -> None:
        self._wishes.shutdown(wait=False, cancel_futures=True)
        self._readings.shutdown(wait=False, cancel_futures=True)


async def _run(pool: Executor, call: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(pool, call)


@dataclass(frozen=True, slots=True)
class Working:
    rolecall: Rolecall
    teams: Teams
    root: str
    pools: Pools
    turns: Turns
    people: People
    replies: Replies
    forms: Forms
    home: Home

    async def wished(
        self, arrival: Arrival, read: Read, *, is_command: bool, in_modal: bool, is_typed: bool, is_aside: bool
    ) -> None:
        """Grants a wish. `is_typed`: its text stands in a chat; `is_aside`: it was perhaps not said to the app."""
        team = self.teams().get(arrival.place.workspace)
        if team is None:
            if arrival.response_url:
                await self.replies.turn_away(arrival.response_url, sentences.said(sentences.NOT_HERE))
            return
        spot = Spot(team, arrival.user, arrival.place, arrival.response_url, is_command)
        still_there = f"\n{sentences.STILL_THERE}" if is_typed else ""
        try:
            wish = read(team)
            if wish is None:
                return
            actor = await self.people.actor(team, arrival)
            if actor is None:
                if not is_aside:
                    await self.replies.say(spot, sentences.said(sentences.NOT_HERE))
                return
            invocation = Invocation(arrival.key, actor, arrival.place, wish)
            if wish.opens_form:
                form = await self.pools.run(partial(self.rolecall.form_for, invocation))
                await self.forms.open(spot, wish, form, arrival.trigger_id, in_modal=in_modal)
            elif reply := await self.pools.run(partial(self.rolecall.reply_to, invocation, waits=True)):
                await self._say(spot, reply)
        except RolecallError as refusal:
            await self.replies.say(spot, sentences.said(str(refusal)))
