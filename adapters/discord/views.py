"""Form -> Discord's modal, and what was filled in -> values by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord

from adapters.discord import ids, sizes
from adapters.inert import inert, inert_line
from bot.door.messages import Field, Form

_PLACEHOLDERS = {"zone": "Europe/Berlin", "time": "09:00"}


def modal(form: Form, attempt: str, typed: Mapping[str, str] | None = None) -> discord.ui.Modal:
    """A form's modal, to be made in a running loop. `typed`: what was filled in before, which it shows again.

    It is never stored by discord.py: what is sent in comes to `app`, also after a restart.
    """
    shown = discord.ui.Modal(
        title=sizes.clipped(inert_line(form.title), sizes.FORM_TITLE), custom_id=ids.form(attempt, form.submits)
    )
    for field in form.fields:
        shown.add_item(_label(field, (typed or {}).get(field.name, field.initial)))
    shown.stop()
    return shown


def values(data: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into a submitted modal, by field; an empty text for what was left empty."""
    return dict(_filled(data.get("components", ())))


def _filled(components: Any) -> Iterator[tuple[str, str]]:
    for component in components:
        if "component" in component:
            yield from _filled([component["component"]])
        elif "components" in component:
            yield from _filled(component["components"])
        elif "custom_id" in component:
            chosen = component.get("values") or [component.get("value")]
            yield component["custom_id"], str(chosen[0] or "")


def _label(field: Field, initial: str) -> discord.ui.Label[discord.ui.Modal]:
    return discord.ui.Label(
        text=sizes.clipped(inert_line(field.label), sizes.FORM_LABEL),
        description=sizes.clipped(inert_line(field.hint), sizes.FORM_HINT) or None,
        component=_select(field, initial) if _is_select(field, initial) else _text(field, initial),
    )


def _is_select(field: Field, initial: str) -> bool:
    known = [choice.value for choice in field.choices]
    fit = all(0 < sizes.units(value) <= sizes.FORM_VALUE for value in known) and len(known) == len(set(known))
    return field.kind == "choice" and bool(known) and fit and initial in ("", *known)


def _select(field: Field, initial: str) -> discord.ui.Select[discord.ui.Modal]:
    options = [
        discord.SelectOption(
            label=sizes.clipped(inert_line(choice.label), sizes.FORM_VALUE) or choice.value,
            value=choice.value,
            default=choice.value == initial,
        )
        for choice in field.choices
    ]
    return discord.ui.Select(
        custom_id=field.name, options=options, required=field.required, min_values=int(field.required)
    )


def _text(field: Field, initial: str) -> discord.ui.TextInput[discord.ui.Modal]:
    most = min(field.max_length, sizes.FORM_TEXT)
    is_long = field.kind == "paragraph"
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
        required=field.required,
        max_length=most,
        default=sizes.within(inert(initial) if is_long else inert_line(initial), most) or None,
        placeholder=_PLACEHOLDERS.get(field.kind),
    )
