"""Which messages with buttons stand on the screen, for whom, and which button somebody means.

A button is kept as platforms keep it: a label and a short wire text, so that it outlives a restart.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from adapters.terminal.choosing import choose, matching
from bot.door.commands import encode
from bot.door.invocation import Place
from bot.door.messages import Choice, Message
from bot.errors import RolecallError

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Shown:
    ref: str
    reader: str | None
    """Account id of the only person who sees it; None: everybody in the place."""
    place: Place
    buttons: tuple[Choice, ...]
    """Value: the wire text."""


class Chat:
    def __init__(self) -> None:
        self._shown: deque[Shown] = deque(maxlen=_KEPT)

    def remember(self, ref: str, message: Message, reader: str | None, place: Place) -> None:
        """Keeps a message's buttons; a message with the same reference is replaced."""
        buttons = tuple(Choice(encode(b), b.label) for b in message.buttons)
        self.forget(ref)
        if buttons:
            self._shown.append(Shown(ref, reader, place, buttons))

    def forget(self, ref: str) -> None:
        self._shown = deque((s for s in self._shown if s.ref != ref), maxlen=_KEPT)

    def numbered(self, text: str, reader: str) -> tuple[str, Place] | None:
        """The button with that number under the reader's latest message with buttons: its wire text and place."""
        latest = next(iter(self._seen_by(reader)), None)
        if latest is None or not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(latest.buttons)):
            return None
        return latest.buttons[int(text) - 1].value, latest.place

    def labelled(self, label: str, reader: str) -> tuple[str, Place]:
        """The button with that label, looking at the newest messages first. Raises RolecallError."""
        seen = self._seen_by(reader)
        if not seen:
            raise RolecallError("There is no button to press yet. Type start, or help.")
        meant = next((s for s in seen if matching(label, s.buttons)), seen[0])
        return choose(label, meant.buttons).value, meant.place

    def _seen_by(self, reader: str) -> list[Shown]:
        """Newest first."""
        return [s for s in reversed(self._shown) if s.reader in (None, reader)]
