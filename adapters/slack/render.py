"""Message -> Slack's blocks. Pure: no client, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.door.messages import Message
from bot.model import MemberId

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One Slack message."""

    text: str
    """The top-level text: notifications and screen readers."""
    blocks: list[Json]


def parts(
    message: Message,
    *,
    root: str = "rolecall",
    users: Mapping[MemberId, str] | None = None,
    files: Mapping[int, str] | None = None,
) -> list[Part]:
    """The Slack messages that a message becomes, nearly always one; the buttons stand in the last.

    `users`: Slack's user ids of members who are mentioned; who is not there is named. `files`: Slack's file ids of the
    message's pictures, by their position among its blocks; one that is not there is told by its description.
    """
    raise NotImplementedError


def surface(message: Message, *, root: str = "rolecall") -> list[Json]:
    """The blocks of a message on the Home tab or in a modal, at most 100; what is too long is cut, and says so."""
    raise NotImplementedError
