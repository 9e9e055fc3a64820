"""Slack's payloads -> who wishes, where, and what was typed. Pure: no client, no wish is judged here.

Their shapes: docs.slack.dev, "Interaction payloads", "Slash commands", "Events API" (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.door.invocation import Place

Payload = Mapping[str, Any]

_MARK = re.compile(r"<(#[A-Z]\w+|!\w[^>|]*|[a-z][a-z0-9+.-]*:[^>|\s]*)(?:\|([^>]*))?>")
"""What Slack makes of a channel, of @here, and of an address."""
_NAMED = re.compile(r"(?<!=)<@[UW]\w+\|([^>]+)>")
"""A mention with a name that is not the value of an option: who=<@U1|ada> has to be the id."""


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
    channel = str(body.get("channel_id", ""))
    return Arrival(
        key=str(body.get("trigger_id", "")),
        user=str(body.get("user_id", "")),
        user_team=str(body.get("team_id", "")),
        name=str(body.get("user_name", "")),
        place=Place(str(body.get("team_id", "")), channel, is_private=_is_private(channel)),
        response_url=str(body.get("response_url", "")),
        trigger_id=str(body.get("trigger_id", "")),
    )


def of_interaction(body: Payload) -> Arrival:
    """Of a pressed button, the message shortcut, or a sent form, whose place is kept in the form's origin."""
    user: Payload = body.get("user") or {}
    team, channel = _team(body), _id(body.get("channel"))
    message: Payload = body.get("message") or body.get("container") or {}
    return Arrival(
        key=str(body.get("trigger_id", "")),
        user=_id(user),
        user_team=str(user.get("team_id") or team),
        name=str(user.get("name") or user.get("username") or ""),
        place=Place(team, channel, is_private=_is_private(channel), thread=thread_of(message)),
        response_url=str(body.get("response_url") or ""),
        trigger_id=str(body.get("trigger_id", "")),
    )


def of_event(body: Payload) -> Arrival:
    """Of an event in its envelope: a message, a mention, a visit of the Home tab."""
    event: Payload = body.get("event") or {}
    team = _team(body)
    is_visit = event.get("type") == "app_home_opened"
    channel = "" if is_visit else _id(event.get("channel"))
    return Arrival(
        key=str(body.get("event_id", "")),
        user=_id(event.get("user")),
        user_team=str(event.get("user_team") or event.get("team") or team),
        name="",
        place=Place(team, channel, is_private=_is_private(channel), thread=thread_of(event)),
    )


def thread_of(message: Payload) -> str | None:
    """The first message of the thread that a message is in; None for one that is in none, or the first itself."""
    thread = message.get("thread_ts")
    return str(thread) if thread and thread != message.get("ts") else None


def wires(message: Payload) -> list[str]:
    """What the buttons of a message of ours carry, in their order."""
    return [
        str(element["value"])
        for block in message.get("blocks") or ()
        if block.get("type") == "actions"
        for element in block.get("elements") or ()
        if element.get("type") == "button" and element.get("value")
    ]


def commanded(body: Payload) -> str:
    """The text behind a slash command, in which a mention has a name: it is put as that, but for an option's value."""
    return unmarked(_NAMED.sub(r"@\1", str(body.get("text") or "")))


def typed(event: Payload) -> str:
    """The text of a message as its author saw it: Slack's escapes and marks for links undone."""
    return unmarked(str(event.get("text") or ""))


def unmarked(text: str) -> str:
    """A text without Slack's escapes and marks; somebody's mention stays the <@id> that the bot knows them by."""
    shown = _MARK.sub(_shown, text) if "<" in text else text
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(mark: re.Match[str]) -> str:
    inner, label = mark[1], mark[2]
    if inner[0] == "#":
        return f"#{label}" if label else inner
    if inner[0] == "!":
        return label or f"@{inner[1:].partition('^')[0]}"
    return label or inner


def _team(body: Payload) -> str:
    """The team that the app is installed in.

    In a shared channel `team_id` may be the sender's: the view and the authorizations say which installation is meant
    (docs.slack.dev, "Slack Connect", 2026-11). An installation for a whole organisation names no team but the user's.
    """
    view: Payload = body.get("view") or {}
    first: Payload = next(iter(body.get("authorizations") or ()), {})
    user: Payload = body["user"] if isinstance(body.get("user"), Mapping) else {}
    named = view.get("app_installed_team_id") or _id(body.get("team")) or first.get("team_id")
    return str(named or body.get("team_id") or user.get("team_id") or "")


def _id(named: object) -> str:
    """Slack names users, teams and channels by their id, or by an object that has it."""
    return str(named.get("id") or "") if isinstance(named, Mapping) else str(named or "")


def _is_private(channel: str) -> bool:
    """Whether a place is somebody's direct messages; the Home tab, which is no channel, is private, too."""
    return not channel or channel.startswith("D")
