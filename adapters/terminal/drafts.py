"""Words that one person typed and Rolecall has not taken: which of them a form that opens goes on with.

A draft belongs to the problem it was written for, so that it never becomes part of the answer to another one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.door.intents import Intent

Values = Mapping[str, str]
"""Field name -> what was typed."""


class Drafts:
    """A wish without its typed values says what a draft is for; without its problem, it is for whichever is next."""

    def __init__(self) -> None:
        self._kept: dict[Intent, Values] = {}

    def keep(self, wish: Intent, typed: Values) -> None:
        self._kept[wish] = typed

    def take(self, wish: Intent) -> Values:
        """The draft that the form of this wish goes on with, which is kept no longer; empty where there is none."""
        return self._kept.pop(wish, None) or self._kept.pop(type(wish)(), {})

    def drop(self, wish: Intent) -> None:
        """Forgets what Rolecall has taken; for a wish that names no problem, every draft of its kind."""
        if wish == type(wish)():
            self._kept = {w: typed for w, typed in self._kept.items() if type(w) is not type(wish)}
        else:
            self._kept.pop(wish, None)
