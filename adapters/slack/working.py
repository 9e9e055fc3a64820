"""One wish from beginning to end: who it is, what they wish for, what Rolecall says to it, and where that is shown.

Rolecall is ordinary synchronous code: it runs in threads. What goes wrong is told here, in plain words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from adapters.failures import reference
from adapters.pools import Pools
from adapters.sentences import STILL_THERE, failed, said
from adapters.slack import sentences, threads, views
from adapters.slack.calls import Calls
from adapters.slack.forms import Forms
from adapters.slack.home import Home
from adapters.slack.installation import Team, Teams
from adapters.slack.origin import unpack
from adapters.slack.payloads import Arrival, Payload
from adapters.slack.people import PLATFORM, People
from adapters.slack.replying import Replies, Said, Spot
from adapters.turns import Turns
from adapters.wishes import about
from bot.door import commands
from bot.door.cohort_intents import AnswerInThread
from bot.door.intents import Intent, Today
from bot.door.invocation import Invocation, Place
from bot.door.messages import Message, Reading, Reply
from bot.errors import FieldError, RolecallError, StoreError
from bot.model import Account
from bot.rolecall import Rolecall

HOME_AGAIN = 2.0
"""Seconds before a Home tab that Slack could not take is drawn once more."""
SETTLING = 0.5
"""Seconds between the acknowledgement that changes a modal and the next change, which must not overtake it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that somebody did in Slack."""

    arrival: Arrival
    read: Callable[[Team], Intent]
    """What they wish for by it. Raises RolecallError."""
    is_typed: bool = False
    """Whether it is a text that stands in a chat."""
    is_aside: bool = False
    """Whether it was perhaps not said to the app."""
    in_modal: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    rolecall: Rolecall
    teams: Teams
    root: str
    calls: Calls
    pools: Pools
    turns: Turns
    people: People
    replies: Replies
    forms: Forms
    home: Home

    async def wished(self, ask: Ask) -> None:
        """Grants a wish, and says what came of it."""
        arrival = ask.arrival
        team = self.teams().get(arrival.place.workspace)
        if team is None:
            if arrival.response_url:
                await self.replies.turn_away(arrival.response_url, said(sentences.NOT_HERE))
            return
        spot = Spot(team, arrival.user, arrival.place, arrival.response_url)
        try:
            actor = await self.people.actor(team, arrival)
            if actor is None:
                if not ask.is_aside:
                    await self.replies.say(spot, said(sentences.NOT_HERE))
                return
            wish = ask.read(team)
            if ask.is_typed and arrival.place.is_private and arrival.place.thread:
                wish = about(wish, await threads.question(self.calls.sending(team), arrival))
            await self._granted(ask, spot, Invocation(arrival.key, actor, arrival.place, wish))
        except RolecallError as refusal:
            is_lost = ask.is_typed and isinstance(refusal, StoreError)
            text = f"{refusal}\n{STILL_THERE}" if is_lost else str(refusal)
            await self.replies.say(spot, said(text))
        except Exception:
            text = failed(reference(PLATFORM, arrival.key))
            await self.replies.say(spot, said(f"{text}\n{STILL_THERE}" if ask.is_typed else text))
        await self._refreshed(spot, arrival)

    async def submitted(self, arrival: Arrival, view: Payload, refused: asyncio.Future[dict[str, str]]) -> None:
        """Grants what a form was filled in for; `refused` is told what is wrong with it, if anything, by field.

        Where nobody waits for that any more, the modal, which says to wait by then, is changed.
        """
        team = self.teams().get(arrival.place.workspace)
        errors, reply, spot = dict[str, str](), None, None
        try:
            if team is None:
                raise RolecallError(sentences.NOT_HERE)
            spot = Spot(team, arrival.user, arrival.place)
            origin = unpack(str(view.get("private_metadata", "")))
            place = replace(origin.place, workspace=team.id)
            spot = Spot(team, arrival.user, place, origin.response_url)
            actor = await self.people.actor(team, arrival)
            if actor is None:
                raise RolecallError(sentences.NOT_HERE)
            wish = commands.filled(origin.submits, views.values(view))
            reply = await self._reply(Invocation(arrival.key, actor, place, wish))
        except RolecallError as refusal:
            field = refusal.field if isinstance(refusal, FieldError) else ""
            errors = views.errors(view, field, str(refusal), root=self.root)
        except Exception:
            errors = views.errors(view, "", failed(reference(PLATFORM, arrival.key)), root=self.root)
        is_late = refused.cancelled()
        if not is_late:
            refused.set_result(errors)
        if spot is None:
            return
        try:
            if reply:
                await self._say(spot, reply, arrival)
        finally:
            if is_late:
                await asyncio.sleep(SETTLING)
                await self.forms.ended(spot, view, errors)
        await self._refreshed(spot, arrival)

    async def visited(self, arrival: Arrival, *, is_last: bool = False) -> None:
        """Draws somebody's Home tab; once more where Slack could not take it, lest they look at an empty one."""
        team = self.teams().get(arrival.place.workspace)
        if team is None:
            return
        message = await self._at_home(team, arrival)
        if message and not await self.home.draw(team, arrival.user, message) and not is_last:
            self.turns.beside(partial(self._visited_again, replace(arrival, key=f"{arrival.key}:again")))

    async def _visited_again(self, arrival: Arrival) -> None:
        await asyncio.sleep(HOME_AGAIN)
        self.turns.add(person(arrival), partial(self.visited, arrival, is_last=True))

    async def _granted(self, ask: Ask, spot: Spot, invocation: Invocation) -> None:
        if invocation.intent.opens_form:
            form = await self.pools.run(partial(self.rolecall.form_for, invocation))
            await self.forms.open(spot, invocation.intent, form, ask.arrival.trigger_id, in_modal=ask.in_modal)
        elif reply := await self.pools.run_at_last(self._replying(invocation)):
            await self._say(spot, reply, ask.arrival)
        elif isinstance(invocation.intent, AnswerInThread) and not ask.is_aside:  # said to the app, and no answer
            await self.replies.say(spot, said(sentences.NO_COMMAND))

    async def _reply(self, invocation: Invocation) -> Reply | None:
        return await self.pools.run(self._replying(invocation))

    def _replying(self, invocation: Invocation) -> Callable[[], Reply | None]:
        return partial(self.rolecall.reply_to, invocation, waits=True)

    async def _say(self, spot: Spot, reply: Reply, arrival: Arrival) -> None:
        said = Said()
        try:
            said = await self.replies.say(spot, reply.message)
        finally:  # somebody has to wait for a verdict, or it comes to nobody
            if reading := reply.reading:
                self.turns.beside(partial(self._read, spot, said, reading, arrival))

    async def _read(self, spot: Spot, said: Said, reading: Reading, arrival: Arrival) -> None:
        if verdict := await self.pools.read(reading):
            await self.replies.replace(spot, said, verdict.message)
            await self._refreshed(spot, replace(arrival, key=f"{arrival.key}:read"))

    async def _refreshed(self, spot: Spot, arrival: Arrival) -> None:
        later = partial(self.turns.add, person(arrival), partial(self.visited, arrival))
        if self.home.is_due(spot.team, spot.user, later):
            await self.visited(arrival)

    async def _at_home(self, team: Team, arrival: Arrival) -> Message | None:
        """What somebody finds on their Home tab. Who is not a member yet does not become one by it."""
        try:
            if await self.pools.run(partial(self.rolecall.zone_of, Account(PLATFORM, team.id, arrival.user))) is None:
                return self.rolecall.welcome()
            actor = await self.people.actor(team, arrival)
            if actor is None:
                return None
            at_home = Place(team.id, "", is_private=True)
            reply = await self._reply(Invocation(f"{arrival.key}:home", actor, at_home, Today()))
            return reply.message if reply else None
        except RolecallError as refusal:
            return said(str(refusal))
        except Exception:
            return said(failed(reference(PLATFORM, arrival.key)))


def person(arrival: Arrival) -> str:
    """Whose turn it is."""
    return f"{arrival.place.workspace}/{arrival.user}"
