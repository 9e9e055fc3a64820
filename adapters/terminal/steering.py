"""What a line beginning with ">" asks of the terminal itself: who speaks, where, and how time passes.

Pure parsing: it does nothing and knows no session. ">>" is not steering but a learner's line that begins with ">".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import UsageError


@dataclass(frozen=True, slots=True)
class As:
    name: str


@dataclass(frozen=True, slots=True)
class In:
    channel: str
    """With its "#"."""


@dataclass(frozen=True, slots=True)
class Dm:
    pass


@dataclass(frozen=True, slots=True)
class Wait:
    length: timedelta
    words: str


@dataclass(frozen=True, slots=True)
class Click:
    label: str


@dataclass(frozen=True, slots=True)
class Fill:
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restart:
    pass


Steering = As | In | Dm | Wait | Click | Fill | Restart

USAGE = {
    "as": "> as NAME",
    "in": "> in #CHANNEL",
    "dm": "> dm",
    "wait": "> wait 3d",
    "click": "> click LABEL",
    "fill": '> fill NAME=VALUE NAME="TWO WORDS"',
    "restart": "> restart",
}
LONGEST_WAIT = timedelta(weeks=104)

_LENGTH = re.compile(r"(?:\d{1,5}[mhdw])+", re.I)
_PART = re.compile(r"(\d+)([mhdw])", re.I)
_UNIT = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_PAIR = re.compile(r'\s*(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]\S*|)(?=\s|$)')
_ESCAPED = {"n": "\n"}


def is_steering(line: str) -> bool:
    return line.startswith(">") and not line.startswith(">>")


def unescaped(line: str) -> str:
    """What the learner typed: ">>" at the start stands for one ">"."""
    return line[1:] if line.startswith(">>") else line


def parse(line: str) -> Steering:
    """The steering of a line that begins with ">". Raises UsageError that says how it is written."""
    verb, _, rest = line[1:].strip().partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb not in USAGE:
        known = ", ".join(USAGE.values())
        raise UsageError(f"A line beginning with > steers: {known}. Begin it with >> to send it as text.")
    if bool(rest) is (verb in ("dm", "restart")):
        raise UsageError(f"Write {USAGE[verb]}.")
    match verb:
        case "as":
            slug(rest)
            return As(" ".join(rest.split()))
        case "in":
            if not re.fullmatch(r"#?[\w-]{1,80}", rest):
                raise UsageError("A channel is one word, such as #cohort.")
            return In("#" + rest.removeprefix("#"))
        case "wait":
            return Wait(_length(rest), rest)
        case "click":
            return Click(_unquoted(rest))
        case "fill":
            return Fill(_pairs(rest))
        case "dm":
            return Dm()
        case _:
            return Restart()


def slug(name: str) -> str:
    """The account id of a person's name: "Ana María" -> "ana-maría". Raises UsageError for a name without letters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in folded).split()
    if not words or len("-".join(words)) > 40:
        raise UsageError("A name has 1 to 40 letters or digits, such as Ana.")
    return "-".join(words)


def _length(text: str) -> timedelta:
    compact = "".join(text.split())
    if not _LENGTH.fullmatch(compact):
        raise UsageError("Write how long to wait as 30m, 8h, 3d, 2w or 1d12h.")
    length = sum((int(n) * _UNIT[unit.lower()] for n, unit in _PART.findall(compact)), timedelta())
    if not timedelta() < length <= LONGEST_WAIT:
        raise UsageError("Wait between one minute (1m) and two years (104w).")
    return length


def _pairs(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            raise UsageError(f"Write {USAGE['fill']}; this does not fit: {text[at:].strip()[:40]}")
        values[pair[1]] = _unquoted(pair[2])
        at = pair.end()
    return values


def _unquoted(value: str) -> str:
    if len(value) < 2 or not (value.startswith('"') and value.endswith('"')):
        return value
    return re.sub(r"\\(.)", lambda m: _ESCAPED.get(m[1], m[1]), value[1:-1])
