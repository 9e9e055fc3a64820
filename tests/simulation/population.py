"""A seeded population: where people live, what they wish for, and what they do in a year. No bot code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from random import Random

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
    "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago",
    "America/Denver", "America/Halifax", "America/Havana", "America/Los_Angeles", "America/Mexico_City",
    "America/New_York", "America/Nuuk", "America/Phoenix", "America/Santiago", "America/Sao_Paulo",
    "America/St_Johns", "Asia/Beirut", "Asia/Dubai", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kabul", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Manila", "Asia/Shanghai", "Asia/Singapore", "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores",
    "Australia/Adelaide", "Australia/Darwin", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin",
    "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Pacific/Apia", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Pago_Pago", "UTC",
)  # fmt: skip
TIMES = tuple(time(h, m) for h in range(6, 22) for m in (0, 0, 0, 30))
_RARE = ((6,), (0,), (2,), (3,), (5,), (1, 4))
"""What most people wish for here: few messages leave time for many people, zones and faults."""
WEEKDAYS = (*_RARE, *_RARE, *_RARE, *_RARE, (0, 2, 4), (5, 6), (1, 3), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6))
QUIET = (None, (time(22), time(5)), (time(23, 30), time(5, 30)), (time(22), time(6)))
PLATFORMS = ("slack", "discord")
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    platform: str
    zone: str
    at: time
    weekdays: tuple[int, ...]
    quiet: tuple[time, time] | None
    summary: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does at a second of the world's time, if they can."""

    second: float
    person: str
    what: str
    value: object = None


def people(rng: Random, members: int) -> list[Person]:
    """The first of them live in all the zones there are, so that a population of some size has every one."""
    zones = list(ZONES)
    rng.shuffle(zones)
    return [
        Person(
            id=f"p{n:04}",
            platform=rng.choice(PLATFORMS),
            zone=zones[n % len(zones)],
            at=rng.choice(TIMES),
            weekdays=rng.choice(WEEKDAYS),
            quiet=rng.choice(QUIET),
            summary=rng.random() < 0.25,
        )
        for n in range(members)
    ]


_A_YEAR: dict[str, float] = {
    "pause": 2, "stop": 0.4, "snooze": 8, "travel": 1.2, "time": 0.7, "weekdays": 0.5, "summary": 0.3,
    "close": 0.3, "leave": 0.05, "look in": 6, "practise": 12,
}  # fmt: skip
"""How often somebody does it."""


def deeds(rng: Random, of: list[Person], days: int) -> list[Deed]:
    done: list[Deed] = []
    for person in of:
        for what, often in _A_YEAR.items():
            expected = often * days / 365
            for _ in range(int(expected) + (rng.random() < expected % 1)):
                done += _one(rng, person, what, rng.uniform(0, days) * DAY)
    return sorted(done, key=lambda d: d.second)


def _one(rng: Random, person: Person, what: str, at: float) -> list[Deed]:
    match what:
        case "pause":
            return [Deed(at, person.id, what, rng.randint(1, 14))]
        case "stop":
            return [Deed(at, person.id, what), Deed(at + rng.uniform(1, 30) * DAY, person.id, "go on")]
        case "snooze":
            return [Deed(at, person.id, what, rng.choice((20, 60, 180, 600, 1440, 3000)))]
        case "travel":
            there = Deed(at, person.id, what, rng.choice(ZONES))
            return [there, Deed(at + rng.uniform(0.3, 20) * DAY, person.id, what, person.zone)]
        case "time":
            return [Deed(at, person.id, what, rng.choice(TIMES))]
        case "weekdays":
            return [Deed(at, person.id, what, rng.choice(WEEKDAYS))]
        case "close":
            return [Deed(at, person.id, what), Deed(at + rng.uniform(1, 30) * DAY, person.id, "open")]
    return [Deed(at, person.id, what)]
