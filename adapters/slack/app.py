"""The Slack app: which payload becomes which wish. Everything is acknowledged before anything is done."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from adapters.slack.installation import Installation, Teams
from bot.rolecall import Rolecall


class SlackApp:
    """One app before one Rolecall, in the event loop that it is used in."""

    bolt: AsyncApp

    def __init__(self, rolecall: Rolecall, installation: Installation, teams: Teams) -> None:
        raise NotImplementedError

    async def quiet(self) -> None:
        """Waits until no wish is being worked on."""
        raise NotImplementedError
