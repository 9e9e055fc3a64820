"""chat.* and response_url: messages, seen by all in their place or by one person alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.slack import outgoing
from tests.slack.api import Api, ApiError, Rules, wanted
from tests.slack.validation import check_message
from tests.slack.world import Json, Message, Room, World


def post_message(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("chat:write")
    wanted(arguments, "channel")
    room = _to(api, arguments["channel"])
    thread = _thread(room, arguments)
    _check(api.world, arguments)
    message = _post(api, room, arguments, thread=thread)
    api.posted(message)
    return {"ok": True, "channel": room.id, "ts": message.ts, "message": _answered(api.world, message)}


def post_ephemeral(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("chat:write")
    wanted(arguments, "channel", "user")
    room = _to(api, arguments["channel"])
    if arguments["user"] not in room.members:
        raise ApiError("user_not_in_channel")
    _check(api.world, arguments)
    message = _post(api, room, arguments, thread=_thread(room, arguments), to=arguments["user"])
    return {"ok": True, "message_ts": message.ts}


def update(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("chat:write")
    wanted(arguments, "channel", "ts")
    message = _own(api, arguments, "cant_update_message")
    if api.world.rooms[message.channel].archived:
        raise ApiError("is_archived")
    _check(api.world, arguments)
    api.world.change(message, arguments["text"], arguments.get("blocks") or [], arguments.get("metadata"))
    api.changed(message)
    found = _answered(api.world, message)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": found}


def delete(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("chat:write")
    wanted(arguments, "channel", "ts")
    message = _own(api, arguments, "cant_delete_message")
    message.deleted = True
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def _to(api: Api, channel: str) -> Room:
    """Where a message goes; a person's id means their direct messages. Raises ApiError."""
    if channel.startswith(("U", "W")):
        return direct(api, channel)
    room = api.room(channel)
    if room.kind == "im":
        other = next(member for member in room.members if member != api.team.bot_user)
        return direct(api, other)
    if api.team.bot_user not in room.members:
        raise ApiError("not_in_channel")
    if room.archived:
        raise ApiError("is_archived")
    return room


def direct(api: Api, user: str) -> Room:
    """The direct messages with a person. Raises ApiError."""
    if user == api.team.bot_user:
        raise ApiError("cannot_dm_bot")
    if user not in api.world.people:
        raise ApiError("channel_not_found")
    person = api.person(user)
    if person.deleted:
        raise ApiError("user_disabled")
    if person.shut:
        raise ApiError(person.shut)
    return api.world.dm(api.team.id, user)


def _thread(room: Room, arguments: Mapping[str, Any]) -> str:
    thread = str(arguments.get("thread_ts") or "")
    if thread and thread not in room.by_ts:
        raise ApiError("thread_not_found")
    return thread


def _own(api: Api, arguments: Mapping[str, Any], not_ours: str) -> Message:
    message = api.room(arguments["channel"]).by_ts.get(arguments["ts"])
    if message is None or message.deleted or message.to:
        raise ApiError("message_not_found")
    if not message.is_ours:
        raise ApiError(not_ours)
    return message


def _check(world: World, arguments: Mapping[str, Any]) -> None:
    """Raises SlackRefusesError, or ApiError where a picture is not ready yet."""
    check_message(arguments, world.ready_files())
    for n, block in enumerate(arguments.get("blocks") or []):
        file = world.files.get(block.get("slack_file", {}).get("id", ""))
        if file is not None and file.busy:
            file.busy -= 1
            raise ApiError("invalid_blocks", errors=[f"invalid slack file [json-pointer:/blocks/{n}/slack_file]"])


def _post(api: Api, room: Room, arguments: Mapping[str, Any], *, thread: str = "", to: str = "") -> Message:
    return api.world.post(
        room,
        api.team.bot_user,
        arguments["text"],
        arguments.get("blocks") or [],
        thread=thread,
        to=to,
        metadata=arguments.get("metadata"),
        is_ours=True,
    )


def _answered(world: World, message: Message) -> Json:
    found = outgoing.message_of(world, message)
    return found | ({"metadata": message.metadata} if message.metadata else {})


def respond(world: World, rules: Rules, id: str, sent: Mapping[str, Any]) -> Message | None:
    """What the app sends to a response_url. Returns the message that was changed in sight of all.

    `replace_original` replaces the message whose button was pressed, be it public or private. A command has none: then
    it posts one more (github.com/slackapi/bolt-python/issues/1268). Raises ApiError and SlackRefusesError.
    """
    url = world.response_urls.get(id)
    if url is None or world.clock() - url.at > timedelta(seconds=rules.response_url_seconds):
        raise ApiError("expired_url")
    if url.uses >= rules.response_url_uses:
        raise ApiError("used_url")
    room = world.rooms[url.channel]
    original = url.original
    if sent.get("delete_original") and original is not None:
        url.uses += 1
        original.deleted = True
        return None
    _check(world, sent)
    url.uses += 1
    if sent.get("replace_original") and original is not None and original.is_ours:
        world.change(original, sent["text"], sent.get("blocks") or [])
        return None if original.to else original
    to = "" if sent.get("response_type") == "in_channel" else url.user
    thread = str(sent.get("thread_ts") or (original.thread if original else ""))
    bot = world.teams[url.team].bot_user
    world.post(room, bot, sent["text"], sent.get("blocks") or [], thread=thread, to=to, is_ours=True)
    return None


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
}
