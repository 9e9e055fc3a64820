"""YAML text -> plain values, each with its line; every way in which YAML surprises an author becomes a fault.

It knows YAML 1.1 and nothing of problems. Values are str, int, float, bool, date, None, list and dict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.catalogue.fault import Fault, Finding, short

Place = tuple[str | int, ...]
"""The way to a value: ("criteria", 0, "says")."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A YAML file that could be read."""

    file: Path
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def field(self, place: Place) -> str:
        """The dotted name of a value: ids name the items of a list, a plain item goes by its list's name."""
        names, value = [], self.data
        for step in place:
            value = _inside(value, step)
            if isinstance(step, str):
                names.append(step)
            elif isinstance(value, dict) and "." not in str(value.get("id", ".")):
                names.append(str(value["id"]))
            elif isinstance(value, dict | list):
                names.append(str(step + 1))
        return ".".join(names) or "file"

    def place(self, field: str) -> Place:
        """The way to a dotted name; as far as it exists."""
        place: Place = ()
        value = self.data
        for name in field.split("."):
            step = _step(value, name)
            if step is None:
                break
            place, value = (*place, step), _inside(value, step)
        return place

    def fault(self, place: Place, problem: str, remedy: str) -> Fault:
        return Fault(self.file, self.line(place), self.field(place), problem, remedy)

    def found(self, finding: Finding) -> Fault:
        """A finding, now with its file and line."""
        return Fault(self.file, self.line(self.place(finding.field)), *finding)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and step < len(value) else None


def _step(value: Any, name: str) -> str | int | None:
    if isinstance(value, dict):
        return name if name in value else None
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and item.get("id") == name:
                return index
        if name.isdigit() and 0 < int(name) <= len(value):
            return int(name) - 1
    return None


def read(file: Path, raw: bytes) -> tuple[Document | None, tuple[Fault, ...]]:
    """The document of a file's bytes, and what is wrong with its YAML. No document where it cannot be parsed."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, (Fault(file, line, "file", "is not UTF-8 text", "save the file with the encoding UTF-8"),)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return None, (_syntax(file, text, error),)
    except yaml.YAMLError as error:
        problem = f"holds a character that YAML does not allow ({short(str(error).splitlines()[0], 60)})"
        return None, (Fault(file, 1, "file", problem, "delete it; invisible characters come from copying"),)
    if root is None:
        return None, (Fault(file, 1, "file", "is empty", "write the fields, or delete the file"),)
    walk = _Walk()
    document = Document(file, walk.value(root, ()), walk.lines)
    faults = (Fault(file, n, document.field(place), problem, remedy) for n, place, problem, remedy in walk.found)
    return document, tuple(faults)


class _Walk:
    """One pass over the nodes: values, lines and faults."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.found: list[tuple[int, Place, str, str]] = []
        """Line, place, problem, remedy."""
        self.around: list[yaml.Node] = []

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if any(outer is node for outer in self.around):
            self.fault(node, place, "refers to itself", "write the value out instead of `*name`")
            return None
        self.around.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return dict(self.pairs(node, place))
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
            assert isinstance(node, yaml.ScalarNode)
            return self.scalar(node, place)
        finally:
            self.around.pop()

    def pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(key_node, place, "a field's name is not a word", "write `name: value`")
                continue
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in first:
                problem = f"stands twice, first in line {first[key]}"
                self.fault(key_node, (*place, key), problem, "keep one of the two")
                continue
            first[key] = line
            self.lines[(*place, key)] = line
            yield key, self.value(value_node, (*place, key))

    def scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        text, kind = str(node.value), node.tag.rpartition(":")[2]
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            if text.lower() in ("true", "false"):
                return text.lower() == "true"
            meant = "true" if text.lower() in ("yes", "on", "y") else "false"
            self.fault(node, place, f"`{text}` is read as {meant}", f'put it in quotes ("{text}"), or write {meant}')
            return text
        if kind in ("int", "float"):
            try:
                return int(text) if kind == "int" and str(int(text)) == text.lstrip("+") else _number(text)
            except ValueError:
                self.fault(
                    node,
                    place,
                    f"`{text}` is read as a number in another notation",
                    f'put it in quotes ("{text}"), or write a plain number such as 1000 or 0.5',
                )
                return text
        if kind == "timestamp":
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.fault(node, place, f"`{text}` is read as a date", f'put it in quotes ("{text}")')
                return text
        self.fault(
            node, place, f"`{short(node.tag)}` is not known here", "leave the `!` out, or put the text in quotes"
        )
        return text

    def fault(self, node: yaml.Node, place: Place, problem: str, remedy: str) -> None:
        self.found.append((node.start_mark.line + 1, place, problem, remedy))


def _number(text: str) -> float:
    """A decimal number; ValueError for 0x1F, 010, 1_000, 1:30, .inf and .nan."""
    digits = text.lstrip("+-")
    if ":" in text or "_" in text or not any(c.isdigit() for c in text) or (digits[0] == "0" and digits[1:2].isalnum()):
        raise ValueError(text)
    return float(text)


_QUOTES = "put the whole text in quotes, or write it on the next line under `>-`"

_SYNTAX = (
    (
        "mapping values are not allowed",
        "a text holds a colon followed by a space, or a line is indented wrongly",
        _QUOTES,
    ),
    ("undefined alias", "a text begins with `*`, which means something else in YAML", _QUOTES),
    ("scanning an alias", "a text begins with `*`, which means something else in YAML", _QUOTES),
    ("scanning an anchor", "a text begins with `&`, which means something else in YAML", _QUOTES),
    ("scanning a tag", "a text begins with `!`, which means something else in YAML", _QUOTES),
    ("scanning a directive", "a line begins with `%`, which means something else in YAML", _QUOTES),
    ("mapping keys are not allowed", "a text begins with `?`, which means something else in YAML", _QUOTES),
    ("block sequence entries are not", "a text begins with `- `, which means something else in YAML", _QUOTES),
    ("scanning a block scalar", "text follows a `|` or `>`", "write the text on the next line, or put it in quotes"),
    ("expected node content", "a value is missing, or begins with a sign that YAML keeps for itself", _QUOTES),
    ("unexpected ':'", "a colon stands in a text without quotes", _QUOTES),
    ("found unexpected end of stream", "a quote or bracket is opened and never closed", "close it"),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes around the text"),
    ("cannot start any token", "a text begins with a sign that YAML keeps for itself", _QUOTES),
    (
        "did not find expected ',' or",
        "a list or braces on one line is not closed, or a text in it needs quotes",
        _QUOTES,
    ),
    ("expected ',' or", "a list or braces on one line is not closed, or a text in it needs quotes", _QUOTES),
    (
        "did not find expected key",
        "the indentation does not fit the lines above, or text follows a closing quote",
        _QUOTES,
    ),
    ("could not find expected ':'", "a line is not `name: value`", "indent it below the text that it belongs to"),
    (
        "expected '-' indicator",
        "a list item does not begin with `- ` at the indentation of the others",
        "indent it alike",
    ),
    ("but found another document", "a line `---` begins a second document", "delete that line"),
)


def _syntax(file: Path, text: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    begun = error.context_mark.line + 1 if error.context_mark else line
    since = f" (it begins in line {begun})" if begun < line and "flow" in (error.context or "") else ""
    said = f"{error.problem or ''} {error.context or ''}"
    if re.match(r" *\t", "".join(text.splitlines()[line - 1 : line])):
        return Fault(file, line, "file", "cannot be read as YAML: a tab indents the line", "indent it with spaces")
    for sign, problem, remedy in _SYNTAX:
        if sign in said:
            return Fault(file, line, "file", f"cannot be read as YAML: {problem}{since}", remedy)
    return Fault(
        file, line, "file", f"cannot be read as YAML ({short(said, 80)})", "compare this line with its neighbours"
    )
