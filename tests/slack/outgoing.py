"""What Slack tells the app: the payload of each thing that happens. Shapes as in tests/adapters/slack/payloads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.slack.world import APP, Json, Message, Person, Room, Team, View, World

_EMPTY: dict[str, str] = {
    "plain_text_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
}
"""Of each kind of input, where its state holds what is chosen."""


def event(world: World, team: Team, event: Mapping[str, Any], *, shared: bool = False) -> Json:
    """An event in its envelope, with an id of its own."""
    number = world.number()
    return {
        "token": "verification-token",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": APP,
        "event": dict(event),
        "type": "event_callback",
        "event_id": f"Ev{number:08d}",
        "event_time": int(world.clock().timestamp()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise or None,
                "team_id": team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{number}",
    }


def message_of(world: World, message: Message) -> Json:
    """A message as Slack gives it back, in events, in payloads and in the history."""
    team = world.teams[world.rooms[message.channel].team]
    found: Json = {
        "user": message.user,
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "team": message.team,
        "blocks": message.blocks,
    }
    if message.is_ours:
        found |= {"bot_id": team.bot, "app_id": APP, "bot_profile": _bot_profile(team)}
    else:
        found["client_msg_id"] = f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"
    if len(message.versions) > 1:
        found["edited"] = {"user": message.user, "ts": message.ts}
    if message.thread:
        parent = world.rooms[message.channel].by_ts.get(message.thread)
        found |= {"thread_ts": message.thread, "parent_user_id": parent.user if parent else ""}
    return found


def _bot_profile(team: Team) -> Json:
    return {
        "id": team.bot,
        "deleted": False,
        "name": "Rolecall",
        "updated": 1_700_000_000,
        "app_id": APP,
        "user_id": team.bot_user,
        "icons": {},
        "team_id": team.id,
    }


def message_event(world: World, message: Message) -> Json:
    """A new message in a channel or with the app."""
    room = world.rooms[message.channel]
    found = message_of(world, message) | {
        "channel": room.id,
        "event_ts": message.ts,
        "channel_type": room.kind,
    }
    if message.team != room.team:
        found |= {"user_team": message.team, "source_team": message.team}
    return event(world, world.teams[room.team], found, shared=room.shared)


def mention_event(world: World, message: Message) -> Json:
    room = world.rooms[message.channel]
    found = message_of(world, message) | {"type": "app_mention", "channel": room.id, "event_ts": message.ts}
    if message.team != room.team:
        found |= {"user_team": message.team, "source_team": message.team}
    return event(world, world.teams[room.team], found, shared=room.shared)


def changed_event(world: World, message: Message) -> Json:
    room = world.rooms[message.channel]
    now = message_of(world, message)
    before = now | {"text": message.versions[-2].text, "blocks": message.versions[-2].blocks}
    ts = world.ts()
    found = {
        "type": "message",
        "subtype": "message_changed",
        "message": now,
        "previous_message": before,
        "channel": room.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": room.kind,
    }
    return event(world, world.teams[room.team], found, shared=room.shared)


def home_event(world: World, team: Team, user: str, tab: str) -> Json:
    found: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": world.dm(team.id, user).id,
        "tab": tab,
        "event_ts": world.ts(),
    }
    if tab == "home" and user in world.homes:
        found["view"] = view_of(world, world.homes[user])
    return event(world, team, found)


def command(world: World, person: Person, team: Team, room: Room, name: str, text: str, url: str) -> Json:
    """The decoded form of a slash command."""
    named = {"im": "directmessage", "group": "privategroup"}.get(room.kind, room.name)
    return {
        "token": "verification-token",
        "team_id": team.id,
        "team_domain": team.name.lower(),
        **({"enterprise_id": team.enterprise, "enterprise_name": "Org"} if team.enterprise else {}),
        "channel_id": room.id,
        "channel_name": named,
        "user_id": person.id,
        "user_name": person.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": world.trigger(team.id, person.id),
    }


def _interaction(world: World, kind: str, person: Person, team: Team) -> Json:
    enterprise = {"id": team.enterprise, "name": "Org"} if team.enterprise else None
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name.lower(),
            "name": person.name.lower(),
            "team_id": person.team,
        },
        "api_app_id": APP,
        "token": "verification-token",
        "team": {"id": team.id, "domain": team.name.lower()},
        "enterprise": enterprise,
        "is_enterprise_install": False,
    }


def _in_view(world: World, kind: str, person: Person, team: Team) -> Json:
    """Within a form `team` is the sender's workspace; the view names the one that has installed the app."""
    found = _interaction(world, kind, person, team)
    return found if person.team == team.id else found | {"team": {"id": person.team, "domain": "elsewhere"}}


def action(world: World, person: Person, team: Team, button: Json, block: str, on: Message | View, url: str) -> Json:
    """A pressed button (`block_actions`)."""
    found = _interaction(world, "block_actions", person, team) | {
        "trigger_id": world.trigger(team.id, person.id),
        "actions": [{**button, "block_id": block, "action_ts": world.ts()}],
    }
    if isinstance(on, View):
        return found | {"container": {"type": "view", "view_id": on.id}, "view": view_of(world, on)}
    room = world.rooms[on.channel]
    container: Json = {
        "type": "message",
        "message_ts": on.ts,
        "channel_id": room.id,
        "is_ephemeral": bool(on.to),
    }
    if on.thread:
        container["thread_ts"] = on.thread
    found |= {
        "container": container,
        "channel": {"id": room.id, "name": room.name},
        "state": {"values": {}},
        "response_url": url,
    }
    return found if on.to else found | {"message": message_of(world, on)}


def submission(world: World, person: Person, team: Team, view: View) -> Json:
    return _in_view(world, "view_submission", person, team) | {
        "trigger_id": world.trigger(team.id, person.id),
        "view": view_of(world, view),
        "response_urls": [],
    }


def closed(world: World, person: Person, team: Team, view: View) -> Json:
    return _in_view(world, "view_closed", person, team) | {"view": view_of(world, view), "is_cleared": False}


def suggestion(world: World, person: Person, team: Team, view: View, block: str, action: str, typed: str) -> Json:
    return _in_view(world, "block_suggestion", person, team) | {
        "container": {"type": "view", "view_id": view.id},
        "action_id": action,
        "block_id": block,
        "value": typed,
        "view": view_of(world, view),
    }


def shortcut(world: World, person: Person, team: Team, callback: str, message: Message, url: str) -> Json:
    room = world.rooms[message.channel]
    return _interaction(world, "message_action", person, team) | {
        "action_ts": world.ts(),
        "channel": {"id": room.id, "name": room.name},
        "callback_id": callback,
        "trigger_id": world.trigger(team.id, person.id),
        "response_url": url,
        "message_ts": message.ts,
        "message": message_of(world, message),
    }


def view_of(world: World, view: View) -> Json:
    """A view as Slack gives it back, with what its inputs hold."""
    body = view.body
    team = world.teams[view.team]
    return {
        "id": view.id,
        "team_id": view.team,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": values(view)},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous or None,
        "root_view_id": view.root,
        "app_id": APP,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": view.team,
        "bot_id": team.bot,
    }


def values(view: View) -> Json:
    """`state.values`: of each input, by block and action, what it holds."""
    return {
        block["block_id"]: view.typed.get(block["block_id"])
        or {block["element"]["action_id"]: _initial(block["element"])}
        for block in view.body["blocks"]
        if block["type"] == "input"
    }


def _initial(element: Json) -> Json:
    kind = element["type"]
    held = _EMPTY[kind]
    initial = element.get(held.replace("selected", "initial").replace("value", "initial_value"))
    return {"type": kind, held: [] if initial is None and kind == "checkboxes" else initial}


def state(element: Json, chosen: Any) -> Json:
    """What an input holds once somebody has chosen or typed something."""
    return {"type": element["type"], _EMPTY[element["type"]]: chosen}


def held(state: Json) -> Any:
    return state[_EMPTY[state["type"]]]


_LINK = re.compile(r"https?://[^\s<>]+")


def composed(text: str) -> tuple[str, list[Json]]:
    """What somebody types, as Slack's composer sends it: the escaped text, and rich text with links and code."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    elements: list[Json] = []
    for n, piece in enumerate(text.split("```") if text.count("```") % 2 == 0 else [text]):
        if not piece.strip("\n"):
            continue
        if n % 2:
            code = [{"type": "text", "text": piece.strip("\n")}]
            elements.append({"type": "rich_text_preformatted", "elements": code, "border": 0})
        else:
            elements.append({"type": "rich_text_section", "elements": _linked(piece)})
    return _LINK.sub(lambda link: f"<{link[0]}>", escaped), [{"type": "rich_text", "elements": elements}]


def _linked(piece: str) -> list[Json]:
    found: list[Json] = []
    end = 0
    for link in _LINK.finditer(piece):
        if link.start() > end:
            found.append({"type": "text", "text": piece[end : link.start()]})
        found.append({"type": "link", "url": link[0]})
        end = link.end()
    if piece[end:]:
        found.append({"type": "text", "text": piece[end:]})
    return found
