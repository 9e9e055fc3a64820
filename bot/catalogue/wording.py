"""Pydantic's complaints about a content file -> faults in plain words. It knows the models, not the bank."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.catalogue.fault import Fault, one_of, short
from bot.catalogue.reading import Document, Place
from bot.catalogue.records import Record

_RECORD = {
    "source": ("states no source, and without one no fact is loaded", "add `source:` with an id from sources.yaml"),
    "as_of": (
        "has no date, and without one no fact is loaded",
        "add `as_of:` with the year or the day on which it held, as in 2026 or 2026-11-30",
    ),
}
"""What is said where a statement of fact lacks the fields that make it one."""

_PATTERNS = {
    r"^[A-Z]{3}$": ("is not a currency", "write its three capitals, as in USD"),
    r"^[a-z0-9][a-z0-9 &/+-]*$": (
        "is not a name that is looked up",
        "use lower-case letters, digits and single spaces, as in ml eng",
    ),
}
"""What is said of a text that is no id but has a pattern."""


def faults_of(document: Document, error: ValidationError, root: Any) -> list[Fault]:
    """One fault for each place that is wrong: the deepest complaint of each branch. `root` is the file's type."""
    at: dict[Place, list[Mapping[str, Any]]] = {}
    for complaint in error.errors(include_url=False):
        at.setdefault(_place(document.data, complaint), []).append(complaint)
    return [
        _fault(document, root, place, complaints)
        for place, complaints in at.items()
        if not any(other != place and other[: len(place)] == place for other in at)
    ]


def _place(data: Any, complaint: Mapping[str, Any]) -> Place:
    """Pydantic's location without the names of types that it tried."""
    place: Place = ()
    loc: Sequence[str | int] = complaint["loc"]
    for index, step in enumerate(loc):
        if step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data)):
            data = data[step]
        elif not (complaint["type"] == "missing" and index == len(loc) - 1):
            continue
        place = (*place, step)
    return place


def _fault(document: Document, root: Any, place: Place, complaints: list[Mapping[str, Any]]) -> Fault:
    first = complaints[0]
    kind, given = first["type"], first["input"]
    if kind == "missing":
        return _missing(document, root, place)
    if kind == "extra_forbidden":
        known = sorted(_fields(root, place[:-1]))
        return document.fault(place, f"there is no field `{short(place[-1])}` here", one_of(place[-1], known))
    if kind == "value_error":
        return _by_model(document, place, str(first["ctx"]["error"]))
    of_key = first["loc"][-1] == "[key]"
    allowed = _allowed(_key(root, place[:-1]) if of_key else _annotation(root, place))
    if allowed and (kind in ("literal_error", "enum")):
        return document.fault(place, f"“{short(given)}” is not known", one_of(given, allowed))
    problem, remedy = _plain(kind, given, first.get("ctx", {}), place, _purpose(root, place))
    return document.fault(place, problem, remedy)


def _missing(document: Document, root: Any, place: Place) -> Fault:
    name = place[-1]
    if isinstance(name, int):
        return document.fault(place[:-1], f"has {_entries(name)}, {name + 1} are needed", "add one")
    if name in _RECORD and any(issubclass(model, Record) for model in _models(_annotation(root, place[:-1]))):
        return document.fault(place, *_RECORD[name])
    return document.fault(place, "is missing", f"add `{name}:`{_purpose(root, place)}")


def _plain(kind: str, given: Any, ctx: Mapping[str, Any], place: Place, purpose: str) -> tuple[str, str]:
    field = next((step for step in reversed(place) if isinstance(step, str)), "")
    if given is None:
        return "is empty", f"write a value{purpose}, or delete the line if the field is optional"
    if field == "as_of":
        return f"“{short(given)}” is not a year or a date", "write 2026 or 2026-11-30"
    if kind.startswith("date"):
        return f"“{short(given)}” is not a date", "write it as 2026-11-30"
    if field in ("says", "also", "unit") and not isinstance(given, str | list | dict):
        quantity = f", or {{number: {short(given)}}} for a quantity" if _is_number(given) else ""
        return f"`{short(given)}` is not text", f'put it in quotes ("{short(given)}"){quantity}'
    if field == "also" and kind == "tuple_type":
        return (
            "a set of groups is not in brackets",
            'write a list of sets, each like `says`: [[["one way", "another way"], ["second thing"]]]',
        )
    if field == "says" and kind == "tuple_type":
        return (
            "a group of ways is not in brackets",
            'write a list of groups: [["one way", "another way"], ["second thing"]]',
        )
    if kind == "string_type":
        if isinstance(given, dict):
            return "is a list of fields where one text is expected", "put the text in quotes if it holds a colon"
        if isinstance(given, list):
            return "is a list where one text is expected", "write one text, without brackets or dashes"
        return f"`{short(given)}` is not text", f'put it in quotes ("{short(given)}")'
    if kind == "string_too_short":
        return "is empty", f"write a text{purpose}"
    if kind == "string_too_long":
        return f"has {len(given)} characters, at most {ctx['max_length']} are allowed", "shorten it"
    if kind == "string_pattern_mismatch":
        if ctx["pattern"] in _PATTERNS:
            what, remedy = _PATTERNS[ctx["pattern"]]
            return f"“{short(given)}” {what}", remedy
        example = "llm.rag.chunking" if r"\." in str(ctx["pattern"]) else "c1"
        return (
            f"“{short(given)}” is not an id of this kind",
            f"use lower-case letters, digits and underscores, as in {example}",
        )
    if kind == "too_short":
        needed = "1 is needed" if ctx["min_length"] == 1 else f"{ctx['min_length']} are needed"
        return f"has {_entries(ctx['actual_length'])}, at least {needed}", f"add one{purpose}"
    if kind == "too_long":
        return f"has {_entries(ctx['actual_length'])}, at most {ctx['max_length']} are allowed", "take the weakest out"
    if kind in ("tuple_type", "list_type"):
        return "is not a list", f"write it in brackets: [{short(given)}]"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"“{short(given)}” is not a set of fields", "write `name: value` pairs, indented below it"
    if kind.startswith("int"):
        return f"“{short(given)}” is not a whole number", "write digits only, such as 3"
    if kind.startswith("float"):
        return f"“{short(given)}” is not a number", "write a number such as 0.8"
    if kind.startswith("bool"):
        return f"“{short(given)}” is neither true nor false", "write true or false"
    if kind == "literal_error":
        return f"“{short(given)}” is not known", f"write {ctx['expected']}"
    for sign, key in (("at least", "ge"), ("more than", "gt"), ("at most", "le"), ("less than", "lt")):
        if key in ctx:
            return f"{short(given)} is out of range", f"write a number of {sign} {ctx[key]}"
    return (
        f"“{short(given)}” does not fit ({kind.replace('_', ' ')})",
        "compare it with the same field of another problem",
    )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _by_model(document: Document, place: Place, said: str) -> Fault:
    """The fault behind a model's own sentence, "what: the id x is used twice" or "what: x is missing"."""
    what, _, rest = said.partition(": ")
    if rest.endswith(" is missing"):
        name = rest.removesuffix(" is missing")
        return document.fault((*place, what, name), "is missing", f"add `{name}:`")
    items = document.data.get(what) or []
    ids = [item.get("id") for item in items]
    again = [index for index, taken in enumerate(ids) if f"the id {taken} " in rest]
    place = (what, again[-1]) if again else (what,)
    return document.fault(
        place, rest, "give each its own id; `v1` is the prompt itself" if what == "variants" else "give each its own id"
    )


def _purpose(root: Any, place: Place) -> str:
    """What the models say a field is for, in brackets."""
    model = _models(_annotation(root, place[:-1]))
    for field in (field for m in model for name, field in m.model_fields.items() if place[-1] in (name, field.alias)):
        if field.description:
            return f" ({' '.join(field.description.split()).rstrip('.')})"
    return ""


def _fields(root: Any, place: Place) -> list[str]:
    return [field.alias or name for m in _models(_annotation(root, place)) for name, field in m.model_fields.items()]


def _annotation(root: Any, place: Place) -> Any:
    """The type that the models expect at a place; None where they know no such place."""
    expected: Any = root
    for step in place:
        if isinstance(step, int):
            items = [a for a in _parts(expected) if get_origin(a) is tuple]
            expected = get_args(items[0])[0] if items else None
            continue
        fields = {f.alias or n: f for m in _models(expected) for n, f in m.model_fields.items()}
        values = [get_args(a)[1] for a in _parts(expected) if get_origin(a) is dict]
        expected = fields[step].annotation if step in fields else values[0] if values else None
    return expected


def _key(root: Any, place: Place) -> Any:
    """The type of the names in a mapping."""
    return next((get_args(a)[0] for a in _parts(_annotation(root, place)) if get_origin(a) is dict), None)


def _parts(expected: Any) -> list[Any]:
    """The alternatives of a type, without what Annotated adds."""
    if get_origin(expected) in (Union, types.UnionType):
        return [part for alternative in get_args(expected) for part in _parts(alternative)]
    if hasattr(expected, "__metadata__"):
        return _parts(get_args(expected)[0])
    return [expected]


def _models(expected: Any) -> list[type[BaseModel]]:
    return [part for part in _parts(expected) if isinstance(part, type) and issubclass(part, BaseModel)]


def _allowed(expected: Any) -> list[str]:
    """The words that a closed type allows."""
    words: list[str] = []
    for part in _parts(expected):
        if get_origin(part) is Literal:
            words += [str(word) for word in get_args(part)]
        elif isinstance(part, type) and issubclass(part, Enum):
            words += [str(member.value) for member in part]
    return words
