"""What the terminal needs around it: Rolecall, a clock that can be moved, and fresh event ids.

`bot/cli/compose.py` builds it. The terminal owns neither clock, file nor chance.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.door.commands import Vocabulary
from bot.door.invocation import Invocation
from bot.door.messages import Choice, Form, Reply
from bot.model import Account


class Rolecall(Protocol):
    """The side of `bot.rolecall.Rolecall` that an adapter uses."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    def reply_to(self, invocation: Invocation) -> Reply | None:
        """None: this event was already handled. Raises RolecallError."""

    def form_for(self, invocation: Invocation) -> Form:
        """The form of a wish that opens one. Raises RolecallError."""

    def zone_of(self, account: Account) -> str | None:
        """The time zone of the member behind an account. Raises RolecallError."""

    def suggest(self, field: str, prefix: str) -> tuple[Choice, ...]:
        """Values of a field whose choices are too many for a list, such as time zones."""


class World(Protocol):
    @property
    def rolecall(self) -> Rolecall:
        """A new object after `restart`."""

    def now(self) -> datetime:
        """Aware, UTC, virtual."""

    def wait(self, length: timedelta) -> None:
        """Moves the clock through every tick; what falls due arrives through the gateway."""

    def settle(self) -> None:
        """Delivers what is due right now."""

    def restart(self) -> None:
        """Drops the state of the process, keeps the file."""

    def new_key(self) -> str:
        """An id for one event."""
