"""Whether Discord's list of our commands is what it should be, and bringing it up to date. Asked of Discord itself.

The list is the whole bot's, or that of one server (`Installation.guild`), where a change is seen at once by its people
alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.discord.client import Client
from adapters.discord.installation import Installation

Json = Mapping[str, Any]

EVERYWHERE_ONLY = ("contexts", "integration_types")
"""What a server's own commands do not have."""
SAID = ("name", "description", "type", "nsfw", "default_member_permissions", *EVERYWHERE_ONLY)
OPTION = (
    *("name", "description", "type", "required", "autocomplete", "channel_types"),
    *("min_value", "max_value", "min_length", "max_length"),
)


async def differs(client: Client, installation: Installation) -> bool:
    """Whether Discord lists other commands than the client's tree, which is filled. Raises discord.HTTPException."""
    return _alike(await _listed(client, installation), installation) != _alike(_ours(client), installation)


async def sync(client: Client, installation: Installation) -> bool:
    """Has Discord list the tree's commands; False where it does already, and nothing was sent.

    Discord takes 200 new commands a day, and no more. The client knows their ids afterwards. Raises
    discord.HTTPException.
    """
    ours, listed = _ours(client), await _listed(client, installation)
    is_same = _alike(listed, installation) == _alike(ours, installation)
    if not is_same:
        id = _application(client)
        if installation.guild:
            ours = [{key: value for key, value in one.items() if key not in EVERYWHERE_ONLY} for one in ours]
            listed = await client.http.bulk_upsert_guild_commands(id, installation.guild, payload=ours)
        else:
            listed = await client.http.bulk_upsert_global_commands(id, payload=ours)
    client.command_ids = _ids(listed)
    return not is_same


async def command_ids(client: Client, installation: Installation) -> dict[str, int]:
    """Discord's ids of the listed commands, by name. Raises discord.HTTPException."""
    return _ids(await _listed(client, installation))


async def _listed(client: Client, installation: Installation) -> Any:
    id = _application(client)
    if installation.guild:
        return await client.http.get_guild_commands(id, installation.guild)
    return await client.http.get_global_commands(id)


def _application(client: Client) -> int:
    if client.application_id is None:
        raise ValueError("the client is not logged in")
    return client.application_id


def _ours(client: Client) -> list[dict[str, Any]]:
    return [command.to_dict(client.tree) for command in client.tree.get_commands(type=None)]


def _ids(listed: Iterable[Json]) -> dict[str, int]:
    return {one["name"]: int(one["id"]) for one in listed}


def _alike(commands: Iterable[Json], installation: Installation) -> dict[tuple[int, str], Json]:
    """Commands by kind and name, as they compare equal: without ids, versions, and what says nothing."""
    keys = [key for key in SAID if not (installation.guild and key in EVERYWHERE_ONLY)]
    return {(one.get("type", 1), one["name"]): _said(one, keys) for one in commands}


def _said(of: Json, keys: Iterable[str]) -> Json:
    said = {key: _value(key, of[key]) for key in keys if of.get(key) not in (None, "") and of[key] is not False}
    if choices := of.get("choices"):
        said["choices"] = [(one["name"], one["value"]) for one in choices]
    if options := of.get("options"):
        said["options"] = [_said(one, OPTION) for one in options]
    return said


def _value(key: str, value: Any) -> object:
    if key == "default_member_permissions":
        return int(value)
    return sorted(map(int, value)) if key in EVERYWHERE_ONLY else value
