"""What a platform must offer so that a scenario can be played on it: people who type, press and read.

It knows no platform and nothing of Rolecall: wishes are typed commands and labels of buttons, and what is read is text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it stood from an instant on."""

    at: datetime
    text: str
    """What is read: the title and the blocks, line by line; instants as "Tue 17 Mar 2026 09:00"."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of its tables, without their heads."""
    buttons: tuple[str, ...] = ()
    """Their labels."""
    unseen: tuple[str, ...] = ()
    """What reaches the platform beside it: the notification, descriptions of pictures, what buttons carry."""
    pictures: tuple[bytes, ...] = ()
    """PNG."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a form that is open: each field, and the labels of its choices."""

    def __contains__(self, words: str) -> bool:
        return words in self.text

    @property
    def everything(self) -> str:
        """All text that the platform has got."""
        return "\n".join((self.text, *self.buttons, *self.unseen))


@dataclass(slots=True)
class Post:
    """A message that nobody asked for just now, with all that it ever said, the newest last."""

    versions: list[Shown] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.versions[0].at

    @property
    def text(self) -> str:
        """What it says now."""
        return self.versions[-1].text

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return self.versions[-1].rows

    @property
    def buttons(self) -> tuple[str, ...]:
        return self.versions[-1].buttons


class Stage(Protocol):
    """`who` is a person's name on the platform. A channel is named with its "#"; none is the talk with the bot."""

    knows_zones: bool
    """Whether the platform tells the bot in which zone somebody lives; else they are asked."""

    def arrive(self, who: str, zone: str, *, manages: bool = False) -> None:
        """Lets somebody speak who lives in an IANA zone; `manages`: who runs the workspace."""

    def now(self) -> datetime:
        """Aware, UTC."""

    def wait_until(self, at: datetime) -> None:
        """Lets time pass; what falls due meanwhile is sent. Nothing happens for an instant that has been."""

    def say(self, who: str, line: str, channel: str = "") -> Shown:
        """Types a line; returns what the bot says to this person, be it an answer, a refusal or a form's questions."""

    def press(self, who: str, label: str, channel: str = "") -> Shown:
        """Presses the button whose label begins so, of the newest message before the person's eyes that has one."""

    def fill(self, who: str, **values: str) -> Shown:
        """Fills in and sends the form that is open."""

    def channel(self, name: str) -> Sequence[Post]:
        """What stands in a channel, oldest first."""

    def inbox(self, who: str) -> Sequence[Post]:
        """What has come to a person by itself, oldest first."""

    def shut_door(self, who: str) -> None:
        """Lets no private message through to a person from now on, as somebody who has closed their messages."""

    def transcript(self, channel: str, zone: str) -> str:
        """The channel as its members read it, each change where it happened, in local times of a zone."""
