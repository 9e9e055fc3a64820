"""What happened in a simulated world, by the bot's own clock. It judges nothing: that is the oracle's.

The clock may be set forward or back: what lies between two such jumps is an epoch, and
instants can only be compared within one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody wishes to get, from some instant on."""

    zone: str
    at: time
    weekdays: tuple[int, ...]
    quiet: tuple[time, time] | None
    kinds: frozenset[str]
    """What they get; empty while they paused without an end."""
    starts: datetime | None = None
    """Nothing until then: they are away."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that was so for a while."""

    what: str
    epoch: int
    start: datetime
    end: datetime
    value: Any


@dataclass(slots=True)
class Call:
    """One call to a platform."""

    key: str
    platform: str
    person: str
    words: str
    epoch: int
    at: datetime
    """By the bot's clock."""
    second: float
    """By the platform's clock, which nobody moves."""
    process: str
    outcome: str
    """accepted, refused, closed, or failed: nothing was taken."""
    wait: float = 0.0
    """Seconds that a refusal asked for."""
    scope: str = ""
    """What a refusal is for: a channel, or the whole platform."""
    uncertain: bool = False
    """The sender did not learn, or could not write down, what became of it."""


@dataclass(frozen=True, slots=True)
class Snooze:
    person: str
    epoch: int
    at: datetime
    until: datetime
    zone: str


@dataclass
class History:
    spans: list[Span] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    snoozes: list[Snooze] = field(default_factory=list)
    practised: dict[tuple[str, date], float] = field(default_factory=dict)
    """(person, local date) -> second."""
    seen: dict[str, list[datetime]] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    """Who left -> second."""
    new_rules: list[tuple[int, tuple[str, str]]] = field(default_factory=list)
    """(the epoch that begins with them, (zone, whose rules it has))."""
    epoch: int = 0
    _open: dict[str, tuple[datetime, Any]] = field(default_factory=dict)

    def begin(self, what: str, now: datetime, value: Any = True) -> None:
        """From now on it is so."""
        if what in self._open:
            if self._open[what][1] == value:
                return
            self.end(what, now)
        self._open[what] = (now, value)

    def end(self, what: str, now: datetime) -> None:
        if what in self._open:
            start, value = self._open.pop(what)
            self.spans.append(Span(what, self.epoch, start, max(start, now), value))

    def jump(self, before: datetime, after: datetime) -> None:
        """The clock is moved: a new epoch."""
        going_on = {what: value for what, (_, value) in self._open.items()}
        for what in going_on:
            self.end(what, before)
        self.epoch += 1
        for what, value in going_on.items():
            self.begin(what, after, value)

    def finish(self, now: datetime) -> None:
        for what in list(self._open):
            self.end(what, now)

    def snoozes_of(self, person: str) -> list[Snooze]:
        return [s for s in self.snoozes if s.person == person]
