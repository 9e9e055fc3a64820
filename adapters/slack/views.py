"""Form -> Slack's modal, and what was filled in -> the completed wish. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.inert import inert, inert_line
from adapters.slack.origin import Origin, pack
from adapters.slack.render import surface
from adapters.slack.sizes import Json
from adapters.slack.spans import Reader, plain
from bot.door.messages import LIMITS, Field, Form, Message, paragraph

FORM = "form"
"""The callback id of every form."""
ZONE = "zone"
"""The action id of a field that asks for a time zone, whose choices come from the app while it is typed."""
_VALUE = "value"
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_HINT = 2_000
_ERROR = 1_000


def modal(form: Form, origin: Origin, *, root: str = "rolecall") -> Json:
    """A form's modal; each field is an input block whose id is the field's name."""
    reader = Reader(root)
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(reader.named(form.title), LIMITS.FORM_TITLE),
        "submit": plain("Send", LIMITS.FORM_TITLE),
        "close": plain("Cancel", LIMITS.FORM_TITLE),
        "private_metadata": pack(origin),
        "blocks": [_input(field, reader) for field in form.fields],
    }


def notice(title: str, text: str, *, root: str = "rolecall") -> Json:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": plain(Reader(root).named(title), LIMITS.FORM_TITLE),
        "close": plain("Close", LIMITS.FORM_TITLE),
        "blocks": surface(Message(title, (paragraph(text),)), root=root),
    }


def home(message: Message, *, root: str = "rolecall") -> Json:
    """The Home tab."""
    return {"type": "home", "blocks": surface(message, root=root)}


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into a submitted modal, by field; an empty text for what was left empty."""
    filled = view.get("state", {}).get("values", {})
    return {name: _filled(next(iter(states.values()), {})) for name, states in filled.items()}


def errors(view: Mapping[str, Any], field: str, text: str, *, root: str = "rolecall") -> dict[str, str]:
    """Slack's `errors` for a refusal: below its field, or below the first where the view has no such field."""
    names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return {field if field in names else names[0]: plain(Reader(root).named(text), _ERROR)["text"]}


def _filled(state: Mapping[str, Any]) -> str:
    found = state.get("value") or state.get("selected_time") or (state.get("selected_option") or {}).get("value")
    return str(found or "")


def _input(field: Field, reader: Reader) -> Json:
    drawn: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(reader.named(field.label), LIMITS.FIELD_LABEL),
        "element": _element(field),
        "optional": not field.required,
    }
    hint = plain(reader.named(field.hint), _HINT)
    return drawn | {"hint": hint} if hint["text"] else drawn


def _element(field: Field) -> Json:
    initial = field.initial
    if field.kind == "choice" and field.choices:
        options = [_option(choice.value, choice.label) for choice in field.choices]
        chosen = [option for option in options if option["value"] == initial]
        return {"type": "static_select", "action_id": _VALUE, "options": options} | _initial("option", chosen)
    if field.kind == "zone":
        zone = inert_line(initial)
        known = [_option(zone, zone)] if 0 < len(zone) <= LIMITS.CHOICE_LABEL else []
        return {"type": "external_select", "action_id": ZONE, "min_query_length": 0} | _initial("option", known)
    if field.kind == "time" and _TIME.fullmatch(initial):
        return {"type": "timepicker", "action_id": _VALUE, "initial_time": initial}
    most = min(field.max_length, LIMITS.ANSWER)
    element = {"type": "plain_text_input", "action_id": _VALUE, "max_length": most}
    if field.kind == "paragraph":
        element["multiline"] = True
    return element | _initial("value", [text] if (text := inert(initial)[:most]) else [])


def _option(value: str, label: str) -> Json:
    return {"text": plain(label, LIMITS.CHOICE_LABEL), "value": value}


def _initial(kind: str, found: list[Any]) -> Json:
    return {f"initial_{kind}": found[0]} if found else {}
