"""What goes wrong in a simulated year, and when: seeded. It knows neither the bot nor the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.simulation.population import DAY, PLATFORMS

CHANGED = (
    ("Europe/Berlin", "Etc/GMT-1"),
    ("America/New_York", "Etc/GMT+4"),
    ("America/Havana", "America/Bogota"),
    ("Africa/Casablanca", "UTC"),
    ("Asia/Beirut", "Etc/GMT-3"),
    ("Pacific/Apia", "Etc/GMT-14"),
    ("America/Sao_Paulo", "Etc/GMT+2"),
)
"""A zone, and the one whose rules it suddenly has."""

LOST, SLOW, FAILED, BUSY = 0.004, 0.002, 0.004, 0.006
"""Shares of calls: taken but the answer is lost; taken and never answered; not taken; refused."""


@dataclass(frozen=True, slots=True)
class Fault:
    second: float
    what: str
    value: object = None


def plan(rng: Random, days: int, workers: int) -> list[Fault]:
    """A year's worth of trouble, scaled to so many days."""
    found: list[Fault] = []

    def often(times: float) -> list[float]:
        expected = times * days / 365
        return [rng.uniform(0.5, days) * DAY for _ in range(int(expected) + (rng.random() < expected % 1))]

    found += [Fault(s, "kill", rng.randint(1, 30)) for s in often(150)]
    found += [Fault(s, "off", rng.choice((600, 3 * 3600, 9 * 3600, 30 * 3600, 3 * DAY, 9 * DAY))) for s in often(8)]
    for s in often(8):
        found.append(Fault(s, "clock", rng.choice((1, -1)) * rng.choice((timedelta(hours=1), timedelta(days=1)))))
    for s in often(10):
        found += _while(s, rng.uniform(60, 1200), "lock", None)
    for platform in PLATFORMS:
        for s in often(6):
            found += _while(s, rng.uniform(0.1, 8) * 3600, "outage", (platform, rng.choice(("says so", "fails"))))
        for s in often(5):
            found += _while(s, rng.uniform(0.1, 3) * 3600, "storm", (platform, rng.uniform(5, 900)))
    if workers > 1:
        found += [Fault(s, "stall", rng.uniform(60, 600)) for s in often(60)]
    found += [Fault(s, "zone data", rng.choice(CHANGED)) for s in often(1.5)]
    return sorted(found, key=lambda f: f.second)


def _while(second: float, length: float, what: str, value: object) -> list[Fault]:
    return [Fault(second, what, value), Fault(second + length, f"no {what}", value)]
