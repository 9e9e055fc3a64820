"""What `rolecall doctor` looks at besides content and models: each check says what it found and what to do.

Settings, database, clock, disk, rights, zone data, signs of life and deliveries; none of the checks changes anything.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
import stat
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import tzdata

from bot import calendar
from bot.cli.health import FRESH
from bot.door.messages import clip, count
from bot.errors import RolecallError
from bot.settings import Settings, known_names, strange_names

if TYPE_CHECKING:
    from bot.store.health import Beat, Deliveries


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found, in a sentence, with what to do about it where that is something."""

    health: Health
    about: str
    said: str


CLOCK_WARN, CLOCK_FAIL = timedelta(seconds=30), timedelta(minutes=5)
"""How far clocks may differ: reminders come at a minute; a lease, after which a message counts as lost, has two."""
DISK_WARN, DISK_FAIL = 500_000_000, 50_000_000
"""Bytes that should be free; below the second a SQLite file can hardly be written."""
OVERDUE = timedelta(minutes=10)
LATELY = timedelta(days=1)


def settings_named(settings: Settings) -> list[Found]:
    """Whether every variable that looks like a setting is one, and the zone of newcomers is known."""
    found = []
    for name in strange_names():
        meant = next(iter(difflib.get_close_matches(name, known_names(), 1, cutoff=0.85)), "")
        hint = f"Did you mean {meant}?" if meant else ".env.example lists those there are."
        found.append(Found(Health.WARN, "settings", f"{name} is not one of mine, so it changes nothing. {hint}"))
    if not calendar.knows(settings.default_zone):
        said = "ROLECALL_DEFAULT_ZONE names no time zone that this machine knows. Write it like Europe/Berlin."
        found.append(Found(Health.FAIL, "settings", said))
    return found


def file_of(settings: Settings) -> Path | None:
    """The file of the database; None for a server, or an address that is none."""
    from bot.cli.alone import sqlite_file

    with contextlib.suppress(RolecallError):
        return sqlite_file(settings.database_place)
    return None


def database(settings: Settings, now: Callable[[], datetime]) -> list[Found]:
    """Whether the database opens at this program's schema, and all that can be asked of it then."""
    from bot.reviews import offers
    from bot.store import health, installation, roster
    from bot.store.session import open_store

    file, place = file_of(settings), settings.database_place
    if file and not file.exists():
        return [Found(Health.WARN, "database", f"there is none at {place} yet; the first start creates it.")]
    store = open_store(place, upgrade=False, create=False)
    with closing(store), store.read() as tx:
        at, server, beats = now(), health.clock(tx), health.beats(tx)
        said = f"it opens, and its schema is this program's. It holds {_bytes(health.size(tx))}."
        found = [
            Found(Health.OK, "database", said),
            *lived_in(health.zones(tx)),
            *unorganised(roster.without_organiser(tx)),
        ]
        if installation.setting(tx, "kind") == "play":
            return [*found, Found(Health.OK, "clock", "this database is for rolecall play, whose clock is its own.")]
        lately = health.deliveries(tx, before=at - OVERDUE, since=at - LATELY)
        return [
            *found,
            *clock(at, server, health.last_written(tx)),
            *alive(beats, at),
            *delivered(lately, health.closed_doors(tx), at),
            *unread(offers.stranded(tx, at)),
        ]


def clock(now: datetime, server: datetime, written: datetime | None) -> list[Found]:
    """Whether this machine's clock agrees with the database's, and lies behind nothing that was written."""
    off = abs(now - server)
    behind = written - now if written else timedelta()
    if off > CLOCK_WARN:
        said = f"this machine and the database server differ by {_lasting(off)}."
    elif behind > CLOCK_WARN:
        said = f"it is {_lasting(behind)} behind what already stands in the database."
    else:
        return [Found(Health.OK, "clock", f"it says {now:%Y-%m-%d %H:%M:%S} UTC, which fits the database.")]
    worst = Health.FAIL if max(off, behind) > CLOCK_FAIL else Health.WARN
    return [Found(worst, "clock", f"{said} Let a time service set it (timedatectl set-ntp true), then start again.")]


def zone_data() -> list[Found]:
    """Which zone data is read, and whether newer is at hand."""
    version, where = _zone_data()
    if version and version < tzdata.IANA_VERSION:
        said = f"{version} from {where} is read, and {tzdata.IANA_VERSION} came with Rolecall. "
        return [Found(Health.WARN, "zone data", f"{said}Renew the system's, or set PYTHONTZPATH to nothing.")]
    return [Found(Health.OK, "zone data", f"{version or 'of an unknown version'}, from {where}.")]


def lived_in(zones: Mapping[str, int]) -> list[Found]:
    """Whether this machine knows the zones that members live in; `zones` says how many live in each."""
    gone = {zone: n for zone, n in sorted(zones.items()) if not calendar.knows(zone)}
    if not gone:
        return []
    lost = f"{count(sum(gone.values()), 'member')} in zones that this machine does not know: {', '.join(gone)}. "
    said = f"{lost}Their hours count as UTC. Run pip install --upgrade tzdata, or ask them to choose another zone."
    return [Found(Health.WARN, "zones", said)]


def unorganised(cohorts: Sequence[str]) -> list[Found]:
    """Whether each cohort has somebody who may change it; `cohorts` are the names of those that have nobody."""
    if not cohorts:
        return []
    more = f" and {len(cohorts) - 5} more" if cohorts[5:] else ""
    said = f"nobody organises {', '.join(clip(name, 60) for name in cohorts[:5])}{more}. "
    remedy = "Make somebody its organiser: rolecall grant organiser NAME --cohort COHORT."
    return [Found(Health.WARN, "cohorts", said + remedy)]


def unread(stranded: int) -> list[Found]:
    """Whether somebody who is here may read each answer that waits for a mentor; `stranded` is how many nobody may."""
    if not stranded:
        return []
    waits = f"{count(stranded, 'answer')} {'waits' if stranded == 1 else 'wait'} for mentors who are all away or gone. "
    return [Found(Health.WARN, "reviews", f"{waits}Make somebody a mentor: rolecall grant mentor NAME.")]


def _zone_data() -> tuple[str | None, str]:
    """The version of the zone data that Python reads, and where: the first folder of its path, else the package."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "UTC").is_file():
            return _version_in(folder), str(folder)
    return tzdata.IANA_VERSION, "the package tzdata"


def _version_in(folder: Path) -> str | None:
    for name, mark in (("tzdata.zi", "# version "), ("+VERSION", "")):
        try:
            with (folder / name).open(encoding="utf-8") as file:
                line = file.readline(40).strip()
        except OSError:
            continue
        if line.startswith(mark):
            return line.removeprefix(mark)
    return None


def disk(file: Path | None) -> list[Found]:
    """Whether there is room where a SQLite file lies, or will."""
    if file is None:
        return []
    folder = next((f for f in file.absolute().parents if f.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    if free >= DISK_WARN:
        return [Found(Health.OK, "disk", f"{_bytes(free)} free where the database lies.")]
    worst = Health.FAIL if free < DISK_FAIL else Health.WARN
    return [Found(worst, "disk", f"only {_bytes(free)} free where the database lies. Make room.")]


def rights(files: Sequence[Path | None]) -> list[Found]:
    """Whether strangers on this machine may read learners' answers or keys."""
    return [
        Found(Health.WARN, "rights", f"every user of this machine may read {file}. Run: chmod 600 {file}")
        for file in files
        if file and _open_to_all(file)
    ]


def _open_to_all(file: Path) -> bool:
    return os.name != "nt" and file.is_file() and bool(file.stat().st_mode & stat.S_IROTH) and _reachable(file)


def _reachable(file: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in file.resolve().parents)


def alive(beats: Sequence[Beat], now: datetime) -> list[Found]:
    """Whether ticker and sender run anywhere."""
    found = []
    for part in ("ticker", "sender"):
        last = next((b for b in beats if b.part == part), None)
        if last is None:
            found.append(Found(Health.WARN, part, "it has not run on this database yet. Start rolecall run."))
        elif now - last.at >= FRESH:
            said = f"no sign of life for {_lasting(now - last.at)}; the last was on {last.host}. Start rolecall run."
            found.append(Found(Health.WARN, part, said))
        else:
            hosts = sorted({b.host for b in beats if b.part == part and now - b.at < FRESH})
            found.append(Found(Health.OK, part, f"alive on {', '.join(hosts)}."))
    return found


def delivered(lately: Deliveries, closed: int, now: datetime) -> list[Found]:
    """Whether what is due goes out, and what became of it within a day."""
    found = []
    if lately.overdue and lately.oldest:
        waits = (
            f"{lately.overdue} due for more than {_lasting(OVERDUE)}, the oldest for {_lasting(now - lately.oldest)}."
        )
        found.append(
            Found(Health.FAIL, "delivery", f"{waits} See that rolecall run is alive; then rolecall deliveries.")
        )
    if lately.dead:
        said = f"{lately.dead} given up within a day. rolecall deliveries says why."
        found.append(Found(Health.WARN, "delivery", said))
    if lately.unknown:
        said = f"{lately.unknown} perhaps sent; the platform will be asked. rolecall deliveries shows them."
        found.append(Found(Health.WARN, "delivery", said))
    if lately.resent:
        said = (
            f"{lately.resent} within a day sent again, though perhaps there. ROLECALL_RESEND_UNCERTAIN=false would "
            "rather lose them."
        )
        found.append(Found(Health.WARN, "delivery", said))
    if closed:
        said = f"{count(closed, 'account')} let no message through. They are told when they next write."
        found.append(Found(Health.WARN, "delivery", said))
    return found or [Found(Health.OK, "delivery", "nothing is late, and nothing was given up within a day.")]


def _lasting(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size:
            return count(seconds // size, unit)
    return count(seconds, "second")


def _bytes(n: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if n >= size:
            return f"{n / size:.1f} {unit}"
    return f"{n / 1000:.0f} kB"
