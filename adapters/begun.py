"""Messages in several parts: how many of them stand on the platform already, so that they go on where they broke off.

What it forgets, a look for the message finds again (`Gateway.find`), and one always comes before it is sent anew.
"""

from __future__ import annotations

from adapters.latest import Latest

KEPT = 1_000
"""Messages: those that are given up would stay for ever."""


class Begun:
    """By the key of the push, for the latest that were begun."""

    def __init__(self) -> None:
        self._parts: Latest[str, int] = Latest(KEPT)

    def parts(self, key: str) -> int:
        """How many parts stand there; 0 where that is not known."""
        return self._parts.get(key, 0)

    def stand(self, key: str, parts: int) -> None:
        """So many parts stand there, at least."""
        self._parts[key] = max(parts, self.parts(key))

    def done(self, key: str) -> None:
        self._parts.pop(key, None)
