"""The command table, and how typed text and pressed buttons become wishes.

The table is the single source of every platform's commands, the help and the
README's table. Names are two levels deep, at most 25 on each level (Discord).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from rapidfuzz import process

from bot.door import intents as i
from bot.door.intents import Intent
from bot.door.messages import LIMITS, Button
from bot.errors import UsageError

ROOT = "rolecall"

OptionKind = Literal["want", "word", "duration", "days", "zone", "time", "yes_no", "role", "command", "text"]


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    """The name of the wish's attribute."""
    kind: OptionKind
    summary: str


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    intent: type[Intent]
    summary: str
    group: str | None = None
    options: tuple[Option, ...] = ()
    """All optional; typed in this order or as name=value."""

    @property
    def path(self) -> str:
        return f"{self.group} {self.name}" if self.group else self.name

    @property
    def usage(self) -> str:
        return " ".join([f"/{ROOT}", self.path, *(f"[{o.name}]" for o in self.options)])


GROUPS = {"me": "Your reminders and your data"}

COMMANDS: tuple[Command, ...] = (
    Command("start", i.Start, "Say hello and get your first problem"),
    Command(
        "practice",
        i.Practice,
        "Get a problem: what is due first, then something new",
        options=(Option("want", "want", "a topic, role or interview round"),),
    ),
    Command("review", i.Review, "Answer the recall questions that are due"),
    Command(
        "answer",
        i.WriteAnswer,
        "Answer the open problem in your own words",
        options=(Option("answer", "text", "your answer; leave it out to write over several lines"),),
    ),
    Command("hint", i.Hint, "Get the next hint for the open problem"),
    Command("reveal", i.Reveal, "See the reference answer; the problem then counts as not known"),
    Command("skip", i.Skip, "Put the open problem away unanswered"),
    Command("progress", i.Progress, "See what you hold, what is due and how your answers were judged"),
    Command(
        "settings",
        i.Settings,
        "Your name, time zone, reminder time and target role",
        options=(
            Option("name", "word", "what I call you"),
            Option("zone", "zone", "such as Europe/Berlin"),
            Option("time", "time", "such as 09:00"),
            Option("role", "role", "the role you prepare for"),
            Option("reminders", "yes_no", "yes or no"),
        ),
    ),
    Command(
        "help",
        i.Help,
        "What I can do, or how one command works",
        options=(Option("command", "command", "command"),),
    ),
    Command(
        "pause",
        i.Pause,
        "Stop reminders, for a number of days or until you resume",
        group="me",
        options=(Option("days", "days", "how many days"),),
    ),
    Command("resume", i.Resume, "Start reminders again", group="me"),
    Command(
        "snooze",
        i.Snooze,
        "Move the next reminder, by a day if you name no time",
        group="me",
        options=(Option("length", "duration", "such as 3h or 2d"),),
    ),
    Command("why", i.Why, "Why you did or did not get a reminder", group="me"),
    Command("export", i.Export, "Everything that is kept about you, as JSON", group="me"),
    Command(
        "delete",
        i.Delete,
        "Delete everything that is kept about you",
        group="me",
        options=(Option("confirm", "word", "yes, to go ahead"),),
    ),
)

Vocabulary = Mapping[OptionKind, Mapping[str, str]]
"""For each kind with a closed set of values: what may be typed (lower case) -> the value it means."""

_FREE = {
    "duration": (re.compile(r"\d{1,4} ?(?:m|h|d|w)", re.I), "a time such as 3h or 2d"),
    "days": (re.compile(r"\d{1,3}"), "a number of days, such as 7"),
    "yes_no": (re.compile(r"yes|no|y|n|on|off", re.I), "yes or no"),
}


def find(path: str) -> Command | None:
    """The command of a path such as "me pause", or of a second-level name alone."""
    words = " ".join(path.lower().split())
    by_path = {c.path: c for c in COMMANDS}
    return by_path.get(words) or {c.name: c for c in COMMANDS if c.group}.get(words)


def nearest(word: str, *, at_least: float = 55) -> str | None:
    """The command or group whose name is closest to a word; None where nothing is as close (0..100)."""
    found = process.extractOne(word.lower(), [c.name for c in COMMANDS] + list(GROUPS), score_cutoff=at_least)
    return found[0] if found else None


def parse(text: str, vocabulary: Vocabulary) -> Intent:
    """The wish that a typed command means, with or without "/rolecall" before it.

    Raises UsageError that names the nearest command, or the argument and how it is written.
    """
    return _parse(text.strip().removeprefix("/").strip(), vocabulary)


def parse_bare(text: str, vocabulary: Vocabulary) -> Intent | None:
    """The wish that a line without a slash means, or None where it does not parse completely."""
    try:
        return _parse(text.strip(), vocabulary)
    except UsageError:
        return None


def _parse(text: str, vocabulary: Vocabulary) -> Intent:
    words = text.split()
    if words and words[0].lower() == ROOT:
        words = words[1:]
    if not words:
        return i.Help()
    command, rest = _command(words)
    if command.intent is i.WriteAnswer and rest:
        return i.SubmitAnswer(answer=text[text.index(rest[0], text.lower().index(command.name) + len(command.name)) :])
    values = _arguments(command, rest, vocabulary)
    if command.intent is i.Settings and values:
        return i.SaveSettings(**values)
    return command.intent(**values)


def _command(words: list[str]) -> tuple[Command, list[str]]:
    first = words[0].lower()
    if len(words) > 1 and (two := find(f"{first} {words[1]}")):
        return two, words[2:]
    if one := find(first):
        return one, words[1:]
    if first in GROUPS:
        names = ", ".join(c.name for c in COMMANDS if c.group == first)
        if len(words) > 1:
            raise UsageError(f"/{ROOT} {first} has no “{_short(words[1])}”. It has: {names}.")
        return Command("help", i.Help, "", options=(Option("command", "command", ""),)), [first]
    near = nearest(first)
    hint = f"Did you mean /{ROOT} {near}?" if near else f"/{ROOT} help lists what I know."
    raise UsageError(f"I know no command “{_short(words[0])}”. {hint}")


def _arguments(command: Command, words: list[str], vocabulary: Vocabulary) -> dict[str, str]:
    if not command.options:
        if words:
            raise UsageError(f"{command.path} takes nothing after it. Write {command.usage}.")
        return {}
    values: dict[str, str] = {}
    names = {o.name: o for o in command.options}
    if words and words[0].partition("=")[0] in names and "=" in words[0]:
        for name, value in _pairs(command, " ".join(words), names):
            values[name] = _value(command, names[name], value, vocabulary)
        return values
    if len(command.options) > 1 and words:
        raise UsageError(f"Write {command.path} alone for the form, or name=value pairs: {command.usage}.")
    if words:
        option = command.options[0]
        values[option.name] = _value(command, option, " ".join(words), vocabulary)
    return values


def _pairs(command: Command, text: str, names: Mapping[str, Option]) -> list[tuple[str, str]]:
    starts = [m for m in re.finditer(r"(?:(?<=\s)|^)(\w+)=", text) if m[1] in names]
    ends = [m.start() for m in starts[1:]] + [len(text)]
    return [(m[1], text[m.end() : end].strip().strip('"')) for m, end in zip(starts, ends, strict=True)]


def _value(command: Command, option: Option, text: str, vocabulary: Vocabulary) -> str:
    if option.kind in vocabulary:
        known = vocabulary[option.kind]
        spoken = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
        if spoken in known:
            return known[spoken]
        nearest = process.extractOne(spoken, list(known), score_cutoff=60)
        hint = f"Did you mean “{nearest[0]}”?" if nearest else f"Give {option.summary}."
        raise UsageError(f"I know no {option.summary} called “{_short(text)}”. {hint}")
    if option.kind in _FREE:
        pattern, example = _FREE[option.kind]
        if not pattern.fullmatch(text):
            raise UsageError(f"{command.path}: {option.name} is {example}, not “{_short(text)}”.")
    return text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _wires() -> dict[str, type[Intent]]:
    kinds = [t for t in vars(i).values() if isinstance(t, type) and issubclass(t, Intent)]
    return {t.wire: t for t in kinds if t.wire}


def encode(button: Button) -> str:
    """What a platform stores for a button: the wish's wire name and its values, at most 100 characters."""
    values = [str(getattr(button.intent, f.name)) for f in fields(button.intent)]
    while values and not values[-1]:
        values.pop()
    wire = "|".join([button.intent.wire, *values])
    if len(wire) > LIMITS.BUTTON_WIRE:
        raise ValueError(f"the button {button.label!r} needs {len(wire)} characters, at most {LIMITS.BUTTON_WIRE}")
    return wire


def decode(wire: str) -> Intent:
    """The wish of a stored button. Raises UsageError for one that this version does not know."""
    name, *values = wire.split("|")
    kind = _wires().get(name)
    if kind is None or len(values) > len(fields(kind)):
        raise UsageError("That button belongs to another version of me. Type /rolecall help for what I can do now.")
    return kind(**{f.name: value for f, value in zip(fields(kind), values, strict=False)})
