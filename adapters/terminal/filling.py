"""A form being filled in, one line at a time: which field is asked, what a typed line means for it.

It draws nothing and sends nothing. Words that were typed stay in it until the form is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.terminal.choosing import choose, matching
from bot.door.intents import Intent
from bot.door.messages import Choice, Field, Form
from bot.errors import FieldError, RolecallError

Suggest = Callable[[str, str], tuple[Choice, ...]]
"""Field and what was typed -> the nearest values, nearest first."""

SUGGESTED = 3


class Filling:
    """`draft` holds values from an earlier try; they stand in for the fields' initial values."""

    def __init__(self, form: Form, draft: Mapping[str, str]) -> None:
        self.form = form
        self.lines: list[str] = []
        """Of the paragraph that is being written."""
        self.offered: tuple[Choice, ...] = ()
        """The values nearest to the one that was refused."""
        self._values: dict[str, str] = {}
        self._initial = {f.name: draft.get(f.name) or f.initial for f in form.fields}
        self._to_ask = [f.name for f in form.fields]

    @property
    def done(self) -> bool:
        return not self._to_ask

    @property
    def field(self) -> Field:
        """The field that is asked now."""
        return self._field(self._to_ask[0])

    @property
    def initial(self) -> str:
        """The value that Enter alone takes."""
        return self._initial[self.field.name]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be picked by number now."""
        return self.offered or self.field.choices

    @property
    def goes_on(self) -> bool:
        """Whether lines are added to the paragraph's initial text. One that does not fit is typed anew instead."""
        return bool(self.initial.strip()) and len(self.initial) <= self.field.max_length

    @property
    def written(self) -> str:
        """The paragraph that is asked now, with what has been typed of it so far."""
        if not self.lines:
            return self.initial
        return "\n".join([self.initial, *self.lines] if self.goes_on else self.lines)

    def intent(self) -> Intent:
        return self.form.submit(self._values)

    def draft(self) -> dict[str, str]:
        """Everything typed so far, for another try."""
        typed = {self.field.name: self.written} if self.lines and not self.done else {}
        mended = {f.name: v for f in self.form.fields if (v := self._initial[f.name]) != f.initial}
        return mended | self._values | typed

    @property
    def has_text(self) -> bool:
        """Whether somebody has begun to write a paragraph."""
        return any(self.draft().get(f.name) for f in self.form.fields if f.kind == "paragraph")

    def ask_again(self, name: str, suggest: Suggest) -> None:
        """After a refusal: asks that field (or everything, if the form has no such field); keeps the rest.

        A paragraph's refused words become its initial value, so that they can be mended; for a refused
        zone the nearest ones are offered.
        """
        known = [f for f in self.form.fields if f.name == name]
        self._to_ask = [f.name for f in known or self.form.fields]
        for field in known or self.form.fields:
            refused = self._values.pop(field.name, "")
            if refused and (field.kind == "paragraph" or not known):
                self._initial[field.name] = refused
            elif refused and field.kind == "zone":
                self.offered = suggest(field.name, refused)[:SUGGESTED]

    def type(self, line: str) -> None:
        """Takes one typed line. Raises RolecallError that says why it was refused; the field is then still asked."""
        field = self.field
        if field.kind == "paragraph":
            if line.strip():
                self.lines.append(line)
                return
            text, self.lines = self.written, []
            self._take(field, text)
        elif not line.strip():
            self._take(field, self.initial)
        elif field.choices or matching(line, self.offered):
            self._take(field, choose(line, self.choices).value)
        else:
            self._take(field, line.strip())

    def write(self, text: str) -> None:
        """Takes the whole text of the paragraph that is asked now, as an editor or a paste gives it."""
        self.lines = []
        self._take(self.field, text.strip("\n"))

    def pick(self, choice: Choice) -> None:
        """Takes one of `choices`."""
        self._take(self.field, choice.value)

    def fill(self, values: Mapping[str, str]) -> None:
        """Takes several fields at once; those not given keep their initial value.

        Raises RolecallError that says what was refused; those fields are asked first, and the others are kept.
        """
        names = {f.name for f in self.form.fields}
        if unknown := [name for name in values if name not in names]:
            known = ", ".join(f.name for f in self.form.fields)
            raise RolecallError(f"This form has no field “{unknown[0]}”. It has: {known}.")
        self._set_aside()
        refusals: dict[str, str] = {}
        for field in self.form.fields:
            try:
                if field.name in values:
                    self._replace(field, values[field.name])
                elif field.name in self._to_ask and (self._initial[field.name] or not field.required):
                    self._take(field, self._initial[field.name])
            except RolecallError as refusal:
                refusals[field.name] = str(refusal)
        if refusals:
            self._to_ask = [*refusals, *(name for name in self._to_ask if name not in refusals)]
            self.offered = ()
            raise RolecallError("\n".join(refusals.values()))

    def _set_aside(self) -> None:
        """Makes the begun paragraph its own initial text, so that another field may be asked before it."""
        if self.lines:
            self._initial[self.field.name], self.lines = self.written, []

    def _replace(self, field: Field, given: str) -> None:
        """Takes a value; the one taken before becomes the initial one, in case this one is refused."""
        if taken := self._values.pop(field.name, ""):
            self._initial[field.name] = taken
        self._take(field, choose(given, field.choices).value if given and field.choices else given)

    def _field(self, name: str) -> Field:
        return next(f for f in self.form.fields if f.name == name)

    def _take(self, field: Field, value: str) -> None:
        if not value.strip() and field.required:
            raise FieldError(field.name, f"{field.label} cannot stay empty.")
        if len(value) > field.max_length:
            if field.kind == "paragraph":
                self._initial[field.name] = value
            raise FieldError(
                field.name, f"That has {len(value):,} characters, and {field.max_length:,} fit. Please shorten it."
            )
        self._values[field.name] = value
        self.offered = ()
        if field.name in self._to_ask:
            self._to_ask.remove(field.name)
