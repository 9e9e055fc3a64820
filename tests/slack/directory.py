"""auth.test, users.info, conversations.* and files.*: who and what there is, and pictures on their way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tests.slack import outgoing
from tests.slack.api import Api, ApiError, switched_on, wanted
from tests.slack.chat import direct
from tests.slack.world import File, Json, Message, Person, Room, Team, World

_T = TypeVar("_T")
PNG = b"\x89PNG\r\n\x1a\n"


def auth_test(api: Api, arguments: Mapping[str, Any]) -> Json:
    team = api.team
    found = {
        "ok": True,
        "url": f"https://{team.name.lower()}.slack.com/",
        "team": team.name,
        "user": "rolecall",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot,
        "is_enterprise_install": False,
    }
    return found | ({"enterprise_id": team.enterprise} if team.enterprise else {})


def users_info(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("users:read")
    wanted(arguments, "user")
    if arguments["user"] == api.team.bot_user:
        return {"ok": True, "user": _bot(api.team)}
    return {"ok": True, "user": user_of(api.world, api.person(arguments["user"]), api.team)}


def _bot(team: Team) -> Json:
    return {
        "id": team.bot_user,
        "team_id": team.id,
        "name": "rolecall",
        "deleted": False,
        "real_name": "Rolecall",
        "profile": {"display_name": "", "real_name": "Rolecall", "bot_id": team.bot, "team": team.id},
        "is_bot": True,
        "is_app_user": False,
    }


def user_of(world: World, person: Person, asking: Team) -> Json:
    """A person as another workspace (`asking`) or their own sees them."""
    names = {"display_name": person.name, "real_name": f"{person.name} Example"}
    found = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name.lower(),
        "deleted": person.deleted,
        "real_name": names["real_name"],
        "profile": {**names, "team": person.team},
        "is_bot": False,
        "updated": 1_700_000_000,
    }
    if person.enterprise:
        teams = [person.team]
        found["enterprise_user"] = {"id": person.id, "enterprise_id": person.enterprise, "teams": teams}
    if asking.id != person.team and (not person.enterprise or asking.enterprise != person.enterprise):
        return found | {"is_stranger": True}
    return found | {
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": _offset(person.tz, world.clock()),
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_app_user": False,
    }


def _offset(zone: str, at: datetime) -> int:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def conversations_open(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("im:write")
    wanted(arguments, "users")
    room = direct(api, str(arguments["users"]))
    return {"ok": True, "no_op": False, "already_open": False, "channel": {"id": room.id}}


_READ = {"im": "im:read", "group": "groups:read", "channel": "channels:read"}
_HISTORY = {"im": "im:history", "group": "groups:history", "channel": "channels:history"}


def conversations_info(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "channel")
    room = api.room(arguments["channel"])
    api.needs(_READ[room.kind])
    if room.kind == "im":
        return {"ok": True, "channel": {"id": room.id, "is_im": True, "user": _other(api, room)}}
    return {
        "ok": True,
        "channel": {
            "id": room.id,
            "name": room.name,
            "is_channel": not room.private,
            "is_private": room.private,
            "is_archived": room.archived,
            "is_member": api.team.bot_user in room.members,
            "is_ext_shared": room.shared,
        },
    }


def _other(api: Api, room: Room) -> str:
    return next(member for member in room.members if member != api.team.bot_user)


def conversations_members(api: Api, arguments: Mapping[str, Any]) -> Json:
    wanted(arguments, "channel")
    room = api.room(arguments["channel"])
    api.needs(_READ[room.kind])
    members, cursor = _page(sorted(room.members), arguments, 100)
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}


def conversations_history(api: Api, arguments: Mapping[str, Any]) -> Json:
    """Newest first, without answers in threads, and without what only one person sees."""
    wanted(arguments, "channel")
    room = api.room(arguments["channel"])
    api.needs(_HISTORY[room.kind])
    if api.team.bot_user not in room.members:
        raise ApiError("not_in_channel")
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "9999999999")
    inclusive = switched_on(arguments.get("inclusive"))

    def is_asked_for(message: Message) -> bool:
        if message.deleted or message.to or (message.thread and message.thread != message.ts):
            return False
        ts = float(message.ts)
        return float(oldest) <= ts <= float(latest) if inclusive else float(oldest) < ts < float(latest)

    found = [message for message in reversed(room.messages) if is_asked_for(message)]
    page, cursor = _page(found, arguments, 100)
    with_metadata = switched_on(arguments.get("include_all_metadata"))
    return {
        "ok": True,
        "messages": [_with_metadata(api.world, message, with_metadata) for message in page],
        "has_more": bool(cursor),
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def conversations_replies(api: Api, arguments: Mapping[str, Any]) -> Json:
    """A thread, oldest first: the message below which it stands, then what was answered."""
    wanted(arguments, "channel", "ts")
    room = api.room(arguments["channel"])
    api.needs(_HISTORY[room.kind])
    if api.team.bot_user not in room.members:
        raise ApiError("not_in_channel")
    first = room.by_ts.get(str(arguments["ts"]))
    if first is None or first.deleted:
        raise ApiError("thread_not_found")
    answers = [m for m in room.messages if m.thread == first.ts and m is not first and not m.deleted and not m.to]
    page, cursor = _page([first, *answers], arguments, 999)
    return {
        "ok": True,
        "messages": [outgoing.message_of(api.world, message) for message in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _with_metadata(world: World, message: Message, wanted: bool) -> Json:
    found = outgoing.message_of(world, message)
    return found | ({"metadata": message.metadata} if wanted and message.metadata else {})


def _page(found: Sequence[_T], arguments: Mapping[str, Any], size: int) -> tuple[Sequence[_T], str]:
    """A page of at most `limit`, and the cursor of the next, empty at the end. Raises ApiError."""
    limit = min(int(arguments.get("limit") or size), 999)
    cursor = str(arguments.get("cursor") or "")
    if cursor and not cursor.isdigit():
        raise ApiError("invalid_cursor")
    start = int(cursor or 0)
    rest = start + limit
    return found[start:rest], str(rest) if rest < len(found) else ""


def upload_url(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("files:write")
    wanted(arguments, "filename", "length")
    id = f"F{api.world.number():08d}"
    busy = api.rules.slow_files
    api.world.files[id] = File(
        id, str(arguments["filename"]), int(arguments["length"]), str(arguments.get("alt_txt") or ""), busy=busy
    )
    return {"ok": True, "upload_url": f"{api.root}/upload/v1/{id}", "file_id": id}


def complete_upload(api: Api, arguments: Mapping[str, Any]) -> Json:
    """Also without a channel: then nobody sees the file until a message shows it."""
    api.needs("files:write")
    wanted(arguments, "files")
    found = []
    for wish in arguments["files"]:
        file = api.world.files.get(wish.get("id", ""))
        if file is None or not file.content:
            raise ApiError("file_not_found")
        if len(file.content) != file.length:
            raise ApiError("file_update_failed")
        file.complete = True
        found.append({"id": file.id, "title": wish.get("title") or file.name})
    if arguments.get("channel_id"):
        room = api.room(arguments["channel_id"])
        if api.team.bot_user not in room.members:
            raise ApiError("not_in_channel")
    return {"ok": True, "files": found}


def files_info(api: Api, arguments: Mapping[str, Any]) -> Json:
    api.needs("files:read")
    wanted(arguments, "file")
    file = api.world.files.get(arguments["file"])
    if file is None:
        raise ApiError("file_not_found")
    kind = "image/png" if file.content.startswith(PNG) else "application/octet-stream"
    return {
        "ok": True,
        "file": {
            "id": file.id,
            "name": file.name,
            "size": len(file.content),
            "mimetype": kind,
            "alt_txt": file.alt,
        },
    }


METHODS = {
    "auth.test": auth_test,
    "users.info": users_info,
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": files_info,
}
