"""Form -> Slack's modal, and what was filled in -> the completed wish. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.origin import Origin
from bot.door.messages import Form, Message

Json = dict[str, Any]
FORM = "form"
"""The callback id of every form."""


def modal(
    form: Form, origin: Origin, *, root: str = "rolecall", refused: str = "", typed: Mapping[str, str] | None = None
) -> Json:
    """A form's modal; each field is an input block whose id is the field's name.

    `refused` says above the fields why it is opened again; `typed`: what had been filled in then.
    """
    raise NotImplementedError


def notice(title: str, text: str) -> Json:
    """A modal that only says something."""
    raise NotImplementedError


def home(message: Message, *, root: str = "rolecall") -> Json:
    """The Home tab."""
    raise NotImplementedError


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into a submitted modal, by field; an empty text for what was left empty."""
    raise NotImplementedError


def errors(view: Mapping[str, Any], field: str, text: str) -> dict[str, str]:
    """Slack's `errors` for a refusal: below its field, or below the first where the view has no such field."""
    raise NotImplementedError
