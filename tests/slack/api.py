"""What every method of the Web API stands on: who calls, in which world, and how Slack says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.slack.world import Json, Message, Person, Room, Team, World


class ApiError(Exception):
    """An answer that is not ok; not a fault of the payload, of which SlackRefusesError tells."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.answer: Json = {"ok": False, "error": code, **more}


@dataclass(slots=True)
class Rules:
    """What may be set about this Slack as a whole."""

    trigger_seconds: float = 3.0
    response_url_seconds: float = 1_800.0
    response_url_uses: int = 5
    home_tab: bool = True
    slow_files: int = 0
    """How many messages each new file is too young for."""


@dataclass(frozen=True, slots=True)
class Api:
    """One call's view of the world."""

    world: World
    rules: Rules
    team: Team
    scopes: frozenset[str]
    root: str
    """The address of this Slack, such as "http://127.0.0.1:1234"."""
    posted: Callable[[Message], None]
    """Tells the app of a new message."""
    changed: Callable[[Message], None]

    def needs(self, *scopes: str) -> None:
        missing = [scope for scope in scopes if scope not in self.scopes]
        if missing:
            raise ApiError("missing_scope", needed=",".join(missing), provided=",".join(sorted(self.scopes)))

    def room(self, id: str) -> Room:
        """A channel of this workspace that the app may know of. Raises ApiError."""
        room = self.world.rooms.get(id)
        if room is None or room.team != self.team.id:
            raise ApiError("channel_not_found")
        if room.private and self.team.bot_user not in room.members:
            raise ApiError("channel_not_found")
        return room

    def person(self, id: str) -> Person:
        person = self.world.people.get(id)
        if person is None:
            raise ApiError("user_not_found")
        if person.team != self.team.id and not any(
            room.shared and id in room.members for room in self.world.rooms.values() if room.team == self.team.id
        ):
            raise ApiError("user_not_visible")
        return person


Method = Callable[[Api, Mapping[str, Any]], Json]


def wanted(arguments: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not arguments.get(name):
            raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing {name}"]})


def switched_on(value: object) -> bool:
    """A flag, as JSON or as a form has it."""
    return value is True or str(value).lower() in ("1", "true")
