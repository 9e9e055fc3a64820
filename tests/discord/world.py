"""A Discord as it stands: simcord's, on a clock of the test's, and what simcord leaves out. It knows no HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simcord._clock import Clock as SimcordClock
from simcord.backend import Backend, serializers
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Interaction, Message, User
from simcord.http import router

Json = dict[str, Any]
Clock = Callable[[], datetime]

NONCE_MEMORY = timedelta(minutes=5)
"""How long the same nonce gives back the first message; Discord's documentation says "the past few minutes"."""


@dataclass(slots=True)
class Person:
    """What simcord's `User` does not know of somebody."""

    id: int
    tz: str
    """The zone of their devices, in which they read instants."""
    locale: str
    takes_dms: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed from some instant on."""

    at: datetime
    content: str
    embeds: list[Json]
    components: list[Json]
    attachments: list[Json]


@dataclass(slots=True)
class OpenModal:
    """A form before somebody's eyes."""

    interaction: Interaction
    """The one that it answers."""
    spec: Json


class World:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.backend = Backend(clock=_Clock(clock))
        self.backend.bot_user.name = "Rolecall"
        # what simcord writes down of everything that happens, for its own reports
        self.backend.http_requests = deque(maxlen=0)  # type: ignore[assignment]
        self.backend.transcript = deque(maxlen=0)  # type: ignore[assignment]
        self.people: dict[int, Person] = {}
        self.modals: dict[int, OpenModal] = {}
        """By person."""
        self.versions: dict[int, list[Version]] = {}
        """Of the bot's messages, by id, the newest last."""
        self._nonces: dict[tuple[int, str], tuple[int, datetime]] = {}

    def person(self, name: str, id: int | None, tz: str, locale: str) -> int:
        backend = self.backend
        user = User(backend.snowflake() if id is None else backend.reserve_id(id), name)
        backend.users[user.id] = user
        self.people[user.id] = Person(user.id, tz, locale)
        return user.id

    def shares_guild(self, user: int) -> bool:
        return any(user in guild.members for guild in self.backend.guilds.values())

    def call(self, method: str, path: str, body: Any, params: Mapping[str, str], files: list[Any]) -> Any:
        """What a call of the bot's does. Raises BackendError where Discord refuses."""
        parts = path.strip("/").split("/")
        if parts[0] == "webhooks":
            self._check_token(parts[2])
        nonce = ""
        if method == "POST" and parts[0] == "channels" and parts[2:] == ["messages"]:
            channel = self.backend.get_channel(int(parts[1]))
            self._check_door(channel)
            nonce = str(body.get("nonce") or "") if body.get("enforce_nonce") else ""
            if nonce and (first := self._sent_before(channel.id, nonce)):
                return dict(serializers.message_payload(self.backend, first)) | {"nonce": nonce}
        if method == "GET" and parts[0] == "channels" and parts[2:] == ["messages"] and "after" in params:
            params = self._page(int(parts[1]), params)
        answer = router.dispatch(self.backend, method, path, json=body, params=dict(params), files=files)
        if nonce:
            self._nonces[int(parts[1]), nonce] = int(answer["id"]), self.clock()
            answer["nonce"] = nonce
        self._note(answer)
        return answer

    def _page(self, channel: int, params: Mapping[str, str]) -> Mapping[str, str]:
        """Discord shows the messages that came next after one; simcord would show the newest of all."""
        known = self.backend.messages[channel].values()
        later = sorted(m.id for m in known if m.id > int(params["after"]) and not m.is_ephemeral)
        page = later[: int(params.get("limit", 50))]
        return {**params, "before": str(page[-1] + 1)} if page else params

    def _check_token(self, token: str) -> None:
        """An interaction's token is good for fifteen minutes."""
        id = self.backend.interaction_tokens.get(token)
        if id is not None and (self.backend.interactions[id].expires_at or "") <= self.backend.now_iso():
            raise BackendError(401, 50027, "Invalid Webhook Token")

    def _check_door(self, channel: Channel) -> None:
        """Whether somebody's direct messages, or a thread, take what the bot says."""
        for user in channel.recipient_ids:
            if not self.shares_guild(user):
                raise BackendError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
            if not self.people[user].takes_dms:
                raise BackendError(403, 50007, "Cannot send messages to this user")
        state = channel.thread_metadata
        if state is not None and state.archived:
            if state.locked:
                raise BackendError(400, 50083, "Thread is archived")
            state.archived = False

    def _sent_before(self, channel: int, nonce: str) -> Message | None:
        id, at = self._nonces.get((channel, nonce), (0, datetime.min.replace(tzinfo=UTC)))
        if self.clock() - at > NONCE_MEMORY:
            return None
        return self.backend.messages[channel].get(id)

    def _note(self, answer: Any) -> None:
        """Writes down what a message shows now."""
        if not isinstance(answer, dict):
            return
        shown = answer.get("resource", {}).get("message") or answer
        if "embeds" not in shown or "channel_id" not in shown:
            return
        message = self.backend.messages[int(shown["channel_id"])].get(int(shown["id"]))
        if message is None or message.author_id != self.backend.bot_user.id:
            return
        version = Version(self.clock(), message.content, message.embeds, message.components, message.attachments)
        known = self.versions.setdefault(message.id, [])
        if not known or (known[-1].content, known[-1].embeds) != (version.content, version.embeds):
            known.append(version)


class _Clock(SimcordClock):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._read = clock

    def now(self) -> datetime:
        return self._read()


def utc_now() -> datetime:
    return datetime.now(UTC)
