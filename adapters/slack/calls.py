"""The clients of one event loop: one for sending and one for asking per workspace, over one set of connections."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import web
from adapters.slack.installation import Installation, Team


class Calls:
    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[tuple[str, bool], AsyncWebClient] = {}

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=web.SECONDS))
        return self._session

    def sending(self, team: Team) -> AsyncWebClient:
        return self._client(team, sends=True)

    def reading(self, team: Team) -> AsyncWebClient:
        return self._client(team, sends=False)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _client(self, team: Team, *, sends: bool) -> AsyncWebClient:
        client = self._clients.get((team.token, sends))
        if client is None:
            client = (web.sending if sends else web.reading)(self._installation, team.token)
            self._clients[team.token, sends] = client
        client.session = self.session
        return client
