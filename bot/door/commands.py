"""How typed text and pressed buttons become wishes. Which commands there are is the table's business."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import takewhile

from rapidfuzz import process

from bot.door import cohort_intents, dates, naming
from bot.door import intents as i
from bot.door.command_table import COMMANDS, GROUPS, ROOT, Command, Option, OptionKind
from bot.door.intents import Intent
from bot.door.messages import LIMITS, Button
from bot.door.naming import Names, short
from bot.errors import UsageError

Vocabulary = Mapping[OptionKind, Names]
"""For each kind with a closed set of values: a name that may be typed -> the value it means, the shown name first."""

_NOUNS: dict[OptionKind, str] = {
    "want": "topic, role or interview round",
    "target": "role",
    "topic": "page or role",
    "sector": "sector or industry",
    "problem": "problem or topic",
}
"""What a value of a kind is called where the kind's own name will not do."""
_CONNECTING = {"vs", "versus", "and", "or", "with", "in", "at", "for", "of", "the", "a", "to", "than", "from"}
_LONGEST_NAME = 6
"""Words."""
_LONGEST_LINE = 20
"""Words of which the first that mean nothing are looked for; more than any command needs."""

_FREE: dict[OptionKind, tuple[Callable[[str], object], str]] = {
    "duration": (re.compile(r"\d{1,4} ?(?:m|h|d|w)", re.I).fullmatch, "a time such as 3h or 2d"),
    "until": (dates.is_length_or_day, "a number of days such as 7, or a date such as 3 Dec"),
    "yes_no": (re.compile(r"yes|no|y|n|on|off", re.I).fullmatch, "yes or no"),
    "code": (re.compile(r"[a-z0-9]{4} ?[-–—]? ?[a-z0-9]{4}", re.I).fullmatch, "a code such as K7QD-M2XA"),
}
"""What a value of an open kind is known by, and an example."""
_SIGN = r"(?: ?= ?|:(?=\S))"
"""Between the name of an option and its value. Discord writes a colon; where a space follows one, it is prose."""
_ONLY_WITH_SLASH: set[OptionKind] = {"cohort"}
"""Kinds whose values are any words: a line without a slash that begins like such a command is somebody's answer."""


OTHER_VERSION = "That belongs to another version of me. Type /rolecall help for what I can do now."
SHORT = 8
"""Words; a longer line is somebody's answer, however it begins."""


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
    return _parse(text.strip().removeprefix("/").strip(), vocabulary, near=True)


def parse_bare(text: str, vocabulary: Vocabulary) -> Intent | None:
    """The wish that a line without a slash means, or None where it does not parse completely as it is spelt.

    Raises UsageError for a short line that begins with a command of two words: nobody's answer begins "role salary".
    """
    words = text.split()
    try:
        wish = _parse(text.strip(), vocabulary, near=False)
    except UsageError:
        if len(words) <= SHORT and (two := find(" ".join(words[:2]))) and two.group == words[0].lower():
            return parse(text, vocabulary)
        return None
    if isinstance(wish, cohort_intents.Announce) and words[0].lower() in GROUPS:
        return wish
    # prose that begins with "decode" or "announce" is an answer
    return None if isinstance(wish, i.SubmitPosting | cohort_intents.Announce) else wish


def read(text: str, vocabulary: Vocabulary) -> Intent | None:
    """The wish of a text that is a complete command, with or without a slash; None for somebody's own words.

    Raises UsageError for a text that begins with a slash and is no command.
    """
    text = text.strip()
    if text.startswith("/"):
        return parse(text, vocabulary)
    bare = parse_bare(text, vocabulary)
    return bare if "\n" not in text or isinstance(bare, i.SubmitAnswer) else None


def chosen(path: str, values: Mapping[str, str], vocabulary: Vocabulary) -> Intent:
    """The wish of a command whose options came one by one, by name, as a platform's own command forms give them.

    Raises UsageError for a command or an option that this version does not know, and for a value that means nothing.
    """
    command = find(path)
    names = {o.name: o for o in command.options} if command else {}
    if command is None or not values.keys() <= names.keys():
        raise UsageError(OTHER_VERSION)
    return _wish(command, {n: _value(command, names[n], v, vocabulary, near=True) for n, v in values.items() if v})


def _parse(text: str, vocabulary: Vocabulary, *, near: bool) -> Intent:
    words = text.split()
    if words and words[0].lower() == ROOT:
        text = text[len(words[0]) :]
        words = words[1:]
    if not words:
        return i.Help()
    command, rest = _command(words)
    if rest and command.options and command.options[0].kind == "text":
        values = _with_text(command, _after(text, len(words) - len(rest)))
    else:
        values = _arguments(command, rest, vocabulary, near=near)
    return _wish(command, values)


def _wish(command: Command, values: Mapping[str, str]) -> Intent:
    is_given = values.keys() - {"cohort"}  # to name a cohort fills in nothing yet
    return (command.given if is_given and command.given else command.intent)(**values)


def _with_text(command: Command, text: str) -> dict[str, str]:
    """A text as it was typed, and the name=value of other options before or after it."""
    first, *others = command.options
    values = {}
    for option in others:
        pair = rf'{option.name}{_SIGN}(?:["“]([^"”]*)["”]|(\S+))'
        found = re.match(rf"{pair}(?:\s+|$)", text, re.I) or re.search(rf"(?:^|\s+){pair}\s*$", text, re.I)
        if found:
            values[option.name] = (found[1] or found[2] or "").strip()
            text = text[: found.start()] + text[found.end() :]
    if others and (named := re.match(f"{first.name}{_SIGN}", text, re.I)):
        text = text[named.end() :].strip().strip('"“”')
    return values | ({first.name: text} if text.strip() else {})


def _after(text: str, words: int) -> str:
    """The text behind its first words, as it was typed."""
    start = re.match(rf"\s*(?:\S+\s+){{{words}}}", text)
    return text[start.end() :] if start else ""


def _command(words: list[str]) -> tuple[Command, list[str]]:
    first = words[0].lower()
    if len(words) > 1 and (two := find(f"{first} {words[1]}")):
        return two, words[2:]
    if one := find(first):
        return one, words[1:]
    if first in GROUPS:
        names = ", ".join(c.name for c in COMMANDS if c.group == first)
        if len(words) > 1:
            raise UsageError(f"/{ROOT} {first} has no “{short(words[1])}”. It has: {names}.")
        return Command("help", i.Help, "", options=(Option("command", "command", ""),)), [first]
    near = nearest(first)
    hint = f"Did you mean /{ROOT} {near}?" if near else f"/{ROOT} help lists what I know."
    raise UsageError(f"I know no command “{short(words[0])}”. {hint}")


def _arguments(command: Command, words: list[str], vocabulary: Vocabulary, *, near: bool) -> dict[str, str]:
    if not words:
        return {}
    if not command.options:
        raise UsageError(f"{command.path} takes nothing after it. Write {command.usage}.")
    names = {o.name: o for o in command.options}
    if pairs := _pairs(" ".join(words), names):
        return {name: _value(command, names[name], value, vocabulary, near=near) for name, value in pairs}
    if all(o.kind in vocabulary for o in command.options):
        return _placed(command, re.split(r"[\s,;/]+", " ".join(words).strip(" ,;/")), vocabulary, near=near)
    first = command.options[0]
    if len(command.options) > 1 and (first.kind in vocabulary or first.kind in _ONLY_WITH_SLASH):
        plain = list(takewhile(lambda w: not _pairs(w, names), words))
        given = {first.name: _value(command, first, " ".join(plain), vocabulary, near=near)}
        return given | _arguments(command, words[len(plain) :], vocabulary, near=near)
    if len(command.options) > 1 and command.intent.opens_form:
        raise UsageError(f"Write {command.path} alone for the form, or name=value pairs: {command.usage}.")
    if len(command.options) > 1:
        written = " ".join(f"{o.name}=…" for o in command.options)
        raise UsageError(f"Write {command.path} with name=value pairs: /{ROOT} {command.path} {written}.")
    return {first.name: _value(command, first, " ".join(words), vocabulary, near=near)}


def _placed(command: Command, words: list[str], vocabulary: Vocabulary, *, near: bool) -> dict[str, str]:
    """The words shared out among options of closed kinds, whose order does not matter where the kinds differ."""
    for slips in (False, True) if near else (False,):  # a name as it is spelt goes before one that is only near
        found = _share(words, command.options, vocabulary, near=slips)
        if found is not None:
            return found
    left, unknown = list(command.options), list[str]()
    words = words[:_LONGEST_LINE]
    while words:
        taken = next(((o, n) for o in left for n, _ in _readings(words, o, vocabulary, near=True)), None)
        if taken:
            left.remove(taken[0])
        elif not _connects(words[0]):
            unknown.append(words[0])
        elif unknown:
            break
        words = words[taken[1] if taken else 1 :]
    text = short(" ".join(unknown))
    if not left:
        raise UsageError(f"“{text}” is more than {command.path} can take. Write {command.usage}.")
    if all(o.kind == "rating" for o in left):
        raise UsageError(f"A rating is a number from 1 to 5, not “{text}”. Write {command.usage}.")
    sets = {_noun(o): vocabulary[o.kind] for o in left}
    raise UsageError(f"I know no {' or '.join(sets)} called “{text}”. {naming.remedy(text, sets)}")


def _share(
    words: list[str], options: tuple[Option, ...], vocabulary: Vocabulary, *, near: bool
) -> dict[str, str] | None:
    """Every word given to an option or passed over; None where that cannot be done."""
    if not words:
        return {}
    for option in options:
        others = tuple(o for o in options if o is not option)
        for count, value in _readings(words, option, vocabulary, near=near):
            rest = _share(words[count:], others, vocabulary, near=near)
            if rest is not None:
                return {option.name: value, **rest}
    return _share(words[1:], options, vocabulary, near=near) if _connects(words[0]) else None


def _readings(words: list[str], option: Option, vocabulary: Vocabulary, *, near: bool) -> Iterator[tuple[int, str]]:
    """How many of the first words name a value of the option, and which; the longest name first."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        value = naming.find(" ".join(words[:count]), vocabulary[option.kind], near=near)
        if value is not None:
            yield count, value


def _noun(option: Option) -> str:
    return _NOUNS.get(option.kind, option.kind)


def _connects(word: str) -> bool:
    return word.lower().strip(".:&+") in _CONNECTING or not word.strip(".:&+-")


def _pairs(text: str, names: Mapping[str, Option]) -> list[tuple[str, str]]:
    """The name=value pairs of a text that begins with one; a phone writes Name = value."""
    starts = [m for m in re.finditer(rf"(?:(?<=\s)|^)(\w+){_SIGN}", text) if m[1].lower() in names]
    if not starts or starts[0].start():
        return []
    ends = [m.start() for m in starts[1:]] + [len(text)]
    return [(m[1].lower(), text[m.end() : end].strip().strip('"“”')) for m, end in zip(starts, ends, strict=True)]


def _value(command: Command, option: Option, text: str, vocabulary: Vocabulary, *, near: bool) -> str:
    if option.kind in vocabulary:
        return naming.meant(text, vocabulary[option.kind], _noun(option), near=near)
    if option.kind in _ONLY_WITH_SLASH:
        if not near:
            raise UsageError(f"Write {command.usage}.")
        return text.strip('"“”')
    if option.kind in _FREE:
        is_one, example = _FREE[option.kind]
        if not is_one(text) or (option.kind == "code" and not near and "-" not in text):  # "join tables" is prose
            raise UsageError(f"{command.path}: {option.name} is {example}, not “{short(text)}”.")
    return text


@cache
def _wires() -> dict[str, type[Intent]]:
    named = {**vars(i), **vars(cohort_intents)}
    kinds = [t for t in named.values() if isinstance(t, type) and issubclass(t, Intent)]
    return {t.wire: t for t in kinds if t.wire}


def encode(button: Button) -> str:
    """What a platform stores for a button: its wish, as `encoded`."""
    return encoded(button.intent)


def encoded(wish: Intent) -> str:
    """A wish's wire name and its values, at most LIMITS.BUTTON_WIRE characters. Raises ValueError for a longer one."""
    values = [str(getattr(wish, f.name)) for f in fields(wish)]
    while values and not values[-1]:
        values.pop()
    wire = "|".join([wish.wire, *values])
    if len(wire) > LIMITS.BUTTON_WIRE:
        raise ValueError(f"the wish {wish.wire!r} needs {len(wire)} characters, at most {LIMITS.BUTTON_WIRE}")
    return wire


def written(intent: Intent) -> tuple[str, dict[str, str]]:
    """A wish as a platform keeps it beside a form: its wire name, and its values that are not empty."""
    values = {f.name: str(getattr(intent, f.name)) for f in fields(intent)}
    return intent.wire, {name: value for name, value in values.items() if value}


def wished(wire: str, values: Mapping[str, str]) -> Intent:
    """The wish that was `written`. Raises UsageError for one that this version does not know."""
    kind = _wires().get(wire)
    if kind is None or not values.keys() <= {f.name for f in fields(kind)}:
        raise UsageError(OTHER_VERSION)
    return kind(**values)


def filled(submits: Intent, values: Mapping[str, str]) -> Intent:
    """The wish that a filled-in form completes. UsageError for fields that this version does not know."""
    if not values.keys() <= {f.name for f in fields(submits)}:
        raise UsageError(OTHER_VERSION)
    return replace(submits, **values)


def decode(wire: str) -> Intent:
    """The wish of a stored button. Raises UsageError for one that this version does not know."""
    name, *values = wire.split("|")
    kind = _wires().get(name)
    if kind is None or len(values) > len(fields(kind)):
        raise UsageError(OTHER_VERSION)
    return kind(**{f.name: value for f, value in zip(fields(kind), values, strict=False)})
