"""Slack's payloads -> who wishes, where, and what was typed. Pure: no client, no wish is judged here.

Their shapes: docs.slack.dev, "Interaction payloads", "Slash commands", "Events API" (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.door.invocation import Place

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What every payload says, whatever its kind."""

    key: str
    """Slack's id of the event; a redelivery has it again."""
    user: str
    user_team: str
    """The workspace that the person belongs to; not ours for somebody of a Slack Connect channel."""
    name: str
    """As the payload calls them; often empty."""
    place: Place
    """`place.workspace` is the team that the app is installed in; the channel is empty on the Home tab."""
    response_url: str = ""
    trigger_id: str = ""
    """Opens a modal within three seconds."""


def of_command(body: Payload) -> Arrival:
    raise NotImplementedError


def of_action(body: Payload) -> Arrival:
    """Of a pressed button (`block_actions`), in a message or on the Home tab."""
    raise NotImplementedError


def of_submission(body: Payload) -> Arrival:
    """Of a sent form (`view_submission`); its place is kept in the form's origin."""
    raise NotImplementedError


def of_shortcut(body: Payload) -> Arrival:
    """Of the message shortcut (`message_action`)."""
    raise NotImplementedError


def of_event(body: Payload) -> Arrival:
    """Of an event in its envelope: a message, a mention, a visit of the Home tab."""
    raise NotImplementedError


def wires(message: Payload) -> list[str]:
    """What the buttons of a message of ours carry, in their order."""
    raise NotImplementedError


def typed(event: Payload) -> str:
    """The text of a message as its author saw it: Slack's escapes and marks for links and mentions undone."""
    raise NotImplementedError
