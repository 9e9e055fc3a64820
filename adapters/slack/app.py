"""The Slack app: which payload becomes which wish. Everything is acknowledged before anything is done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.latest import Latest
from adapters.pools import Pools
from adapters.slack import forms, home, payloads, sentences, wishes
from adapters.slack.calls import Calls
from adapters.slack.forms import Forms
from adapters.slack.home import Home
from adapters.slack.installation import Installation, Team, Teams
from adapters.slack.manifest import SHORTCUT
from adapters.slack.payloads import Arrival, Payload
from adapters.slack.people import PLATFORM, People
from adapters.slack.replying import Replies
from adapters.slack.spans import plain
from adapters.slack.teams import is_refused
from adapters.slack.working import Ask, Working, person
from adapters.turns import Turns
from bot.door import commands
from bot.door.intents import Intent
from bot.door.messages import LIMITS
from bot.errors import StoreError, UsageError
from bot.rolecall import Rolecall

log = structlog.get_logger()

REMEMBERED = 10_000
"""Events whose redelivery is passed over at once; the bot itself remembers them for longer."""
LEAVING = (0.0, 5.0, 30.0, 120.0)
"""Seconds before each look whether a workspace has left: Slack says so once, and may say so before it is true."""
_ALL = re.compile("")
"""Every command, button, form, field, shortcut and event."""


class SlackApp:
    """One app before one Rolecall, in the event loop that it is used in."""

    bolt: AsyncApp

    def __init__(
        self, rolecall: Rolecall, installation: Installation, teams: Teams, *, home_every: float = home.EVERY
    ) -> None:
        """`home_every`: seconds between two drawings of one person's Home tab."""
        self._rolecall, self._teams, self._root = rolecall, teams, installation.root
        self.calls = Calls(installation)
        self._pools, self._turns = Pools(PLATFORM), Turns()
        replies = Replies(self.calls, self._pools.users(rolecall), installation.root)
        self._home = Home(self.calls, installation.root, home_every)
        self._forms = Forms(self.calls, replies, installation.root)
        people = People(self.calls.reading)
        self._working = Working(
            rolecall=rolecall,
            teams=teams,
            root=installation.root,
            calls=self.calls,
            pools=self._pools,
            turns=self._turns,
            people=people,
            replies=replies,
            forms=self._forms,
            home=self._home,
        )
        self._seen: Latest[str, None] = Latest(REMEMBERED)
        self._unknown: set[str] = set()
        self.bolt = self._listening(installation)

    async def quiet(self) -> None:
        """Waits until no wish is being worked on."""
        await self._turns.quiet()

    async def close(self) -> None:
        """Leaves what is still being worked on."""
        self._home.close()
        self._turns.close()
        self._pools.close()
        await self.calls.close()

    def _listening(self, installation: Installation) -> AsyncApp:
        bolt = AsyncApp(
            name="rolecall",
            client=AsyncWebClient(base_url=installation.base_url, retry_handlers=[]),
            signing_secret=installation.signing_secret,
            authorize=_authorizing(self._teams),
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        bolt.command(_ALL)(self._command)
        bolt.event(_ALL)(self._event)
        bolt.block_action(_ALL)(self._action)
        bolt.view(_ALL)(self._submission)
        bolt.options(_ALL)(self._suggestion)
        bolt.shortcut(_ALL)(self._shortcut)
        bolt.view_closed(_ALL)(self._closed)
        return bolt

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        vocabulary = self._rolecall.vocabulary
        self._take(Ask(payloads.of_command(body), lambda _: wishes.of_command(body, vocabulary)))

    async def _action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        in_modal = (body.get("view") or {}).get("type") == "modal"
        self._take(Ask(payloads.of_interaction(body), lambda _: wishes.pressed(body), in_modal=in_modal))

    async def _shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()

        def read(_: Team) -> Intent:
            if body.get("callback_id") != SHORTCUT:
                raise UsageError(commands.OTHER_VERSION)
            return wishes.pointed_at(body.get("message") or {})

        self._take(Ask(payloads.of_interaction(body), read))

    async def _submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        arrival, view = payloads.of_interaction(body), body["view"]
        refused: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._turns.add(person(arrival), partial(self._working.submitted, arrival, view, refused))
        try:
            errors = await asyncio.wait_for(refused, forms.SECONDS)
        except TimeoutError:
            await ack(response_action="update", view=self._forms.notice(view, sentences.ONE_MOMENT))
        else:
            await (ack(response_action="errors", errors=errors) if errors else ack())

    async def _suggestion(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        found = self._rolecall.suggest(str(body.get("action_id", "")), str(body.get("value") or ""))
        await ack(options=[{"text": plain(c.label, LIMITS.CHOICE_LABEL), "value": c.value} for c in found])

    async def _closed(self, ack: AsyncAck) -> None:
        await ack()

    async def _event(self, body: dict[str, Any]) -> None:
        """Bolt has acknowledged it."""
        event, arrival = body["event"], payloads.of_event(body)
        match event.get("type"):
            case "message" if wishes.is_spoken(event) and arrival.place.is_private:
                vocabulary, root = self._rolecall.vocabulary, self._root
                self._take(
                    Ask(
                        arrival,
                        lambda team: wishes.of_direct_message(event, vocabulary, team.bot_user, root),
                        is_typed=True,
                    )
                )
            case "message" if wishes.is_spoken(event) and arrival.place.thread:
                self._below(event, arrival)
            case "message":
                pass
            case "app_mention" if wishes.is_spoken(event):
                vocabulary, root = self._rolecall.vocabulary, self._root
                self._take(
                    Ask(arrival, lambda team: wishes.of_mention(event, vocabulary, team.id, team.bot_user, root))
                )
            case "app_home_opened" if event.get("tab") == "home":
                if self._is_new(arrival.key):
                    self._turns.add(person(arrival), partial(self._working.visited, arrival))
            case "app_uninstalled":
                self._turns.beside(partial(self._left, arrival.place.workspace))
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                self._turns.beside(partial(self._left, arrival.place.workspace))
            case "app_home_opened" | "app_mention" | "tokens_revoked":
                pass
            case other:
                if other not in self._unknown:
                    self._unknown.add(str(other))
                    log.warning("slack_event_unknown", kind=str(other))

    def _below(self, event: Payload, arrival: Arrival) -> None:
        """What somebody typed in a thread of a channel: most of it is none of the app's business."""
        team = self._teams().get(arrival.place.workspace)
        wish = wishes.in_thread(event, team.id, team.bot_user) if team else None
        if wish:
            self._take(Ask(arrival, lambda _: wish, is_typed=True, is_aside=True))

    def _take(self, ask: Ask) -> None:
        """Has a wish granted in its turn, unless it was taken already."""
        if self._is_new(ask.arrival.key):
            self._turns.add(person(ask.arrival), partial(self._working.wished, ask))

    def _is_new(self, key: str) -> bool:
        if key in self._seen:
            return False
        self._seen[key] = None
        return True

    async def _left(self, id: str) -> None:
        """Notes that a workspace has left, where its token no longer works: Slack may say so late, after a return."""
        for wait in LEAVING:
            await asyncio.sleep(wait)
            team = self._teams().get(id)
            try:
                if team is None or await is_refused(self.calls.reading(team)):
                    await self._pools.run(partial(self._rolecall.workspace_left, PLATFORM, id))
                    return
            except (StoreError, ConnectionError) as error:
                log.warning("slack_leaving_not_noted", team=id, error=type(error).__name__)
        log.warning("slack_has_not_left", team=id)


def _authorizing(teams: Teams) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Whose token it is, without asking Slack each time. Who is not of a team of ours is turned away later."""
        team = teams().get(team_id or "")
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=team.bot_user if team else None,
            bot_token=team.token if team else None,
        )

    return authorize
