"""A value somewhere in a payload, and what may be asked of it. It knows JSON, and nothing of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn


class SlackRefusesError(AssertionError):
    """What Slack would answer instead of taking a payload."""

    def __init__(self, code: str, where: str, why: str) -> None:
        super().__init__(f"{code}: {why} [json-pointer:{where}]")
        self.code = code
        """Slack's error, such as "invalid_blocks"."""
        self.where = where
        """A JSON pointer, such as "/blocks/0/text"."""
        self.why = why


@dataclass(frozen=True, slots=True)
class Node:
    value: Any
    where: str
    code: str

    def refuse(self, why: str) -> NoReturn:
        raise SlackRefusesError(self.code, self.where, why)

    def child(self, key: str | int, value: Any) -> Node:
        return Node(value, f"{self.where}/{key}", self.code)

    def object(self, required: Iterable[str], optional: Iterable[str] = ()) -> Node:
        """Itself, a mapping with these keys and no others."""
        if not isinstance(self.value, dict):
            self.refuse("must provide an object")
        missing = set(required) - self.value.keys()
        if missing:
            self.refuse(f"missing required field: {min(missing)}")
        unknown = self.value.keys() - set(required) - set(optional)
        if unknown:
            self.refuse(f"invalid additional property: {min(unknown)}")
        return self

    def __getitem__(self, key: str) -> Node:
        return self.child(key, self.value[key])

    def given(self, *keys: str) -> list[Node]:
        """Those of its parts that are there."""
        return [self[key] for key in keys if key in self.value]

    def items(self, least: int, most: int | None = None) -> list[Node]:
        if not isinstance(self.value, list):
            self.refuse("must provide an array")
        if len(self.value) < least:
            self.refuse(f"no fewer than {least} items allowed")
        if most is not None and len(self.value) > most:
            self.refuse(f"no more than {most} items allowed")
        return [self.child(n, value) for n, value in enumerate(self.value)]

    def text(self, most: int | None = None, *, blank: bool = False) -> str:
        """A text of 1 to `most` characters; only spaces and line ends where it may be `blank`."""
        value = self.value
        if not isinstance(value, str):
            self.refuse("must provide a string")
        if not (value if blank else value.strip()):
            self.refuse("must be more than 0 characters")
        if most is not None and len(value) > most:
            self.refuse(f"must be less than {most + 1} characters")
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            self.refuse("must be valid Unicode without NUL")
        return value

    def like(self, pattern: str, what: str) -> str:
        if not isinstance(self.value, str) or not re.fullmatch(pattern, self.value):
            self.refuse(f"must be {what}")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse("must provide a boolean")
        return self.value

    def whole(self, least: int, most: int) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            self.refuse(f"must be a whole number from {least} to {most}")
        return self.value

    def one_of(self, *values: str) -> str:
        if self.value not in values or not isinstance(self.value, str):
            self.refuse(f"must be one of {', '.join(values)}, not {self.value!r}")
        return self.value
