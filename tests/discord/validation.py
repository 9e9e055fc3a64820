"""What Discord refuses that simcord takes: commands, choices, embeds and nonces (docs.discord.com, 2026-11)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from simcord.backend.errors import BackendError

from tests.discord.world import Json

NAME = re.compile(r"[-_'\w]{1,32}", re.U)
MOST_COMMANDS = {1: 100, 2: 15, 3: 15}
"""Global commands by kind: slash, of a user's menu, of a message's menu."""
SUB_COMMAND, SUB_GROUP = 1, 2


def invalid(where: str, why: str) -> BackendError:
    """As Discord says it: the reasons by field."""
    errors: Json = {"_errors": [{"code": "BASE_TYPE_BAD", "message": why}]}
    for part in reversed(where.split(".")):
        errors = {part: errors}
    return BackendError(400, 50035, "Invalid Form Body", errors=errors)


def check(method: str, path: str, body: Any, uploads: Collection[str]) -> None:
    """Raises BackendError for a body that Discord does not take. `uploads`: the names of the files that come along."""
    if method == "PUT" and path.endswith("/commands"):
        check_commands(body)
        return
    if not isinstance(body, Mapping):
        return
    if path.endswith("/callback"):
        data = body.get("data") or {}
        if body.get("type") == 8:
            check_choices(data.get("choices", []), "data.choices")
        check_embeds(data, uploads)
    elif "/messages" in path or path.startswith("/webhooks/"):
        check_embeds(body, uploads)
        if len(str(body.get("nonce") or "")) > 25:
            raise invalid("nonce", "Must be 25 or fewer in length.")


def check_embeds(message: Mapping[str, Any], uploads: Collection[str]) -> None:
    kept = any("filename" not in known for known in message.get("attachments") or [])
    for n, embed in enumerate(message.get("embeds") or []):
        if not any(embed.get(part) for part in ("title", "description", "fields", "image", "footer", "author")):
            raise invalid(f"embeds.{n}.description", "This field is required")
        urls = {"url": embed.get("url")} | {
            part: (embed.get(part) or {}).get("url") for part in ("image", "thumbnail", "author")
        }
        for part, url in urls.items():
            scheme, _, rest = (url or "").partition("://")
            if url and (len(url) > 2_048 or scheme not in ("http", "https", "attachment")):
                raise invalid(f"embeds.{n}.{part}", "Not a well formed URL.")
            if scheme == "attachment" and rest not in uploads and not kept:
                raise invalid(f"embeds.{n}.{part}", f"No file {rest!r} comes along.")
    for n, known in enumerate(message.get("attachments") or []):
        if len(known.get("description") or "") > 1_024:
            raise invalid(f"attachments.{n}.description", "Must be 1024 or fewer in length.")


def check_choices(choices: Any, where: str) -> None:
    if len(choices) > 25:
        raise invalid(where, "Must be 25 or fewer in length.")
    for n, choice in enumerate(choices):
        if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(str(choice["value"])) <= 100:
            raise invalid(f"{where}.{n}", "Name and value must be between 1 and 100 in length.")


def check_commands(commands: Any) -> None:
    for kind, most in MOST_COMMANDS.items():
        if sum(command.get("type", 1) == kind for command in commands) > most:
            raise invalid("commands", f"At most {most} of kind {kind}.")
    _distinct([f"{command.get('type', 1)} {command['name']}" for command in commands], "commands")
    for n, command in enumerate(commands):
        if command.get("type", 1) != 1:
            if not 1 <= len(command["name"]) <= 32 or command.get("description") or command.get("options"):
                raise invalid(f"{n}", "Of a menu, only a name of 1 to 32 characters.")
            continue
        _check_node(command, str(n), depth=0)
        if _size(command) > 8_000:
            raise invalid(f"{n}", "Command exceeds maximum size (8000).")


def _check_node(node: Mapping[str, Any], where: str, *, depth: int) -> None:
    name, kind = node["name"], node.get("type", SUB_COMMAND)
    if not NAME.fullmatch(name) or name != name.lower():
        raise invalid(f"{where}.name", f"{name!r} is no name of a command.")
    if not 1 <= len(node.get("description") or "") <= 100:
        raise invalid(f"{where}.description", "Must be between 1 and 100 in length.")
    options = node.get("options") or []
    if len(options) > 25:
        raise invalid(f"{where}.options", "Must be 25 or fewer in length.")
    _distinct([option["name"] for option in options], f"{where}.options")
    nested = [option for option in options if option["type"] in (SUB_COMMAND, SUB_GROUP)]
    if nested and len(nested) != len(options):
        raise invalid(f"{where}.options", "Sub-commands and options exclude each other.")
    if any(option["type"] == SUB_GROUP for option in options) and depth:
        raise invalid(f"{where}.options", "Groups stand only at the top.")
    if depth and kind == SUB_COMMAND and nested:
        raise invalid(f"{where}.options", "Sub-commands have no sub-commands.")
    asked = [bool(option.get("required")) for option in options if option not in nested]
    if asked != sorted(asked, reverse=True):
        raise invalid(f"{where}.options", "Required options must be placed before non-required options")
    for n, option in enumerate(options):
        if option in nested:
            _check_node(option, f"{where}.options.{n}", depth=depth + 1)
        else:
            _check_option(option, f"{where}.options.{n}")


def _check_option(option: Mapping[str, Any], where: str) -> None:
    _check_node({**option, "options": []}, where, depth=2)
    choices = option.get("choices") or []
    check_choices(choices, f"{where}.choices")
    if choices and option.get("autocomplete"):
        raise invalid(f"{where}.autocomplete", "Choices and autocomplete exclude each other.")
    _distinct([choice["name"] for choice in choices], f"{where}.choices")


def _distinct(names: list[str], where: str) -> None:
    if len(set(names)) != len(names):
        raise invalid(where, "Names must be unique.")


def _size(node: Mapping[str, Any]) -> int:
    """Discord counts names, descriptions and values together."""
    own = len(node["name"]) + len(node.get("description") or "")
    own += sum(len(c["name"]) + len(str(c["value"])) for c in node.get("choices") or [])
    return own + sum(_size(option) for option in node.get("options") or [])
