"""Slack in a running bot: one workspace, learned from its token."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from adapters.slack.app import SlackApp
from adapters.slack.gateway import SlackGateway
from adapters.slack.installation import Installation
from adapters.slack.serving import serve
from adapters.slack.teams import Workspaces
from bot.cli.slack import mode
from bot.door.invocation import Gateway
from bot.rolecall import Rolecall


class Slack:
    """Implements `bot.cli.platforms.Platform`."""

    name = "slack"

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._teams = Workspaces()

    def __str__(self) -> str:
        names = [team.name for team in self._teams().values()]
        return f"Slack ({mode(self._installation)})" + (f" for {', '.join(names)}" if names else "")

    async def enter(self) -> None:
        await self._teams.learn(self._installation)

    def gateway(self, rolecall: Rolecall) -> Gateway:
        return SlackGateway(self._installation, self._teams, partial(rolecall.user_ids, self.name))

    def remember(self, rolecall: Rolecall) -> None:
        for team in self._teams().values():
            rolecall.workspace_here(self.name, team.id, team.name)

    async def serve(self, rolecall: Rolecall, connected: Callable[[], None]) -> None:
        await serve(SlackApp(rolecall, self._installation, self._teams), self._installation, ready=connected)

    async def close(self) -> None:
        """Nothing is held: each call to Slack opens a connection of its own."""
