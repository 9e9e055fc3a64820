"""What people do in Discord's client, as Discord tells the bot of it. All of it runs in the local Discord's loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcord import interactions as building
from simcord._modal import _modal_submit_nodes
from simcord.backend import serializers
from simcord.backend.access import message_accessible
from simcord.backend.command_access import command_access
from simcord.backend.models import Interaction, Message
from simcord.components import walk_components

from tests.discord.world import Json, OpenModal, World

ROOT = "rolecall"
FIRST_RESPONSE = 3.0
"""Seconds that Discord waits for the first response to an interaction."""
SLASH, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE_MENU = 3
MENTIONABLE = 9


@dataclass(slots=True)
class Act:
    """Something that somebody did, and the bot's first response."""

    interaction: Interaction
    kind: str = ""
    """One of message, deferred, deferred_update, update, modal, autocomplete; empty where nothing came in time."""
    seconds: float = 0.0
    """Until the first response."""

    @property
    def is_private(self) -> bool:
        """Whether only they see the response."""
        return self.interaction.ephemeral

    @property
    def modal(self) -> Json | None:
        return self.interaction.modal

    @property
    def late(self) -> bool:
        return not self.kind or self.seconds > FIRST_RESPONSE


@dataclass(slots=True)
class Acts:
    world: World
    acts: list[Act] = field(default_factory=list)
    patience: float = 10.0
    """Seconds for which an act waits for its first response, so that a late one is seen."""
    _waiting: dict[int, asyncio.Future[str]] = field(default_factory=dict)

    @property
    def in_flight(self) -> int:
        """Acts that still wait for their first response."""
        return len(self._waiting)

    def answered(self, interaction: int) -> None:
        """The bot has sent a first response, which was taken or refused."""
        waiting = self._waiting.get(interaction)
        if waiting is not None and not waiting.done():
            waiting.set_result(str(self.world.backend.interactions[interaction].response_kind or ""))

    async def command(
        self,
        user: int,
        path: str,
        channel: int = 0,
        options: Mapping[str, str | int] | None = None,
        *,
        forced: bool = False,
    ) -> Act:
        """Uses a slash command; `path` is what stands behind its name. No channel: in the direct messages with the bot.

        `options`: text, or for a mentionable the id of a person or a role. `forced`: also with values that Discord's
        client would not let them choose.
        """
        place = self._place(user, channel)
        root = self._root(user, place, ROOT, kind=1)
        leaf, nesting = building.walk_to_subcommand(root, path.split())
        given, resolved = self._options(place, leaf, options or {}, forced)
        data: Json = {"id": root["id"], "name": ROOT, "type": 1, "options": building.nest_options(root, nesting, given)}
        if resolved:
            data["resolved"] = resolved
        return await self._interact(user, place, SLASH, data)

    async def autocomplete(
        self,
        user: int,
        path: str,
        option: str,
        typed: str,
        channel: int = 0,
        filled: Mapping[str, str | int] | None = None,
    ) -> list[str]:
        """The values that are offered while they type into an option."""
        place = self._place(user, channel)
        root = self._root(user, place, ROOT, kind=1)
        leaf, nesting = building.walk_to_subcommand(root, path.split())
        asked = next(known for known in leaf["options"] if known["name"] == option)
        assert asked.get("autocomplete"), f"{option} of {path} has no autocomplete"
        given, _ = self._options(place, leaf, filled or {}, forced=True)
        given.append({"name": option, "type": asked["type"], "value": typed, "focused": True})
        data = {"id": root["id"], "name": ROOT, "type": 1, "options": building.nest_options(root, nesting, given)}
        act = await self._interact(user, place, AUTOCOMPLETE, data)
        return [str(choice["value"]) for choice in act.interaction.autocomplete_choices or []]

    async def menu(self, user: int, name: str, message: Message) -> Act:
        """Picks an entry of a message's menu."""
        place = message.channel_id
        root = self._root(user, place, name, kind=MESSAGE_MENU)
        shown = dict(serializers.message_payload(self.world.backend, message))
        data = {
            "id": root["id"],
            "name": name,
            "type": MESSAGE_MENU,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): shown}},
        }
        return await self._interact(user, place, SLASH, data)

    async def press(self, user: int, message: Message, label: str) -> Act:
        """Presses the button of a message whose label begins like this."""
        backend = self.world.backend
        assert message_accessible(backend, message.channel_id, message, user), "they do not see that message"
        button = button_of(message, label)
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": button.get("id", 0)}
        return await self._interact(user, message.channel_id, COMPONENT, data, on=message)

    async def submit(self, user: int, values: Mapping[str, str]) -> Act:
        """Fills in the open form, by the ids or the beginnings of the labels of its fields, and sends it.

        A field that is not filled in keeps what the form showed. Raises SetupError for what Discord's client would
        not send: too long, too short, or nothing where something is needed.
        """
        shown = self.modal(user)
        controls = dict(_controls(shown.spec))
        filled: dict[str, Any] = {id: held for id, control in controls.items() if (held := _prefilled(control))}
        for name, value in values.items():
            id = _named(shown.spec, name)
            filled[id] = _chosen(controls[id], value)
        filled = {id: value for id, value in filled.items() if value not in ("", [])}
        nodes = _modal_submit_nodes(shown.spec["components"], None, filled, {}, shown.interaction.channel_id, [])
        del self.world.modals[user]
        data = {"custom_id": shown.spec["custom_id"], "components": nodes}
        source = shown.interaction.source_message_id
        known = self.world.backend.messages[shown.interaction.channel_id].get(source or 0)
        return await self._interact(user, shown.interaction.channel_id, MODAL_SUBMIT, data, on=known)

    async def close(self, user: int) -> None:
        """Closes the open form, of which the bot hears nothing."""
        self.modal(user)
        del self.world.modals[user]

    async def say(self, user: int, text: str, channel: int = 0) -> Message:
        """Types a message into a channel or a thread; no channel: to the bot itself."""
        return self.world.backend.create_message(self._place(user, channel), user, text)

    async def thread(self, user: int, message: Message, name: str) -> int:
        """Starts a thread from a message, and returns its id, which is the message's."""
        return self.world.backend.create_thread(message.channel_id, name, user, message_id=message.id).id

    def modal(self, user: int) -> OpenModal:
        assert user in self.world.modals, f"{self.world.backend.users[user].name} has no form open"
        return self.world.modals[user]

    def _place(self, user: int, channel: int) -> int:
        backend = self.world.backend
        if not channel:
            return backend.get_dm_channel(user).id
        guild = backend.get_channel(channel).guild_id
        assert guild is None or user in backend.get_guild(guild).members, "they are not on that server"
        return channel

    def _root(self, user: int, channel: int, name: str, kind: int) -> Json:
        backend = self.world.backend
        root = backend.find_command(name, backend.get_channel(channel).guild_id, type=kind)
        assert root is not None, f"Discord lists no command {name!r}"
        access = command_access(backend, root, user_id=user, channel_id=channel)
        assert access.allowed, f"they do not see {name!r} there: {access.reason}"
        return root

    def _options(
        self, channel: int, leaf: Json, given: Mapping[str, str | int], forced: bool
    ) -> tuple[list[Json], Json]:
        known = {option["name"]: option for option in leaf.get("options") or []}
        missing = [name for name, option in known.items() if option.get("required") and name not in given]
        assert forced or not missing, f"Discord's client asks for {missing}"
        found: list[Json] = []
        resolved: Json = {}
        for name, value in given.items():
            assert name in known, f"{leaf['name']} has no option {name!r}, only {sorted(known)}"
            option = known[name]
            if option["type"] == MENTIONABLE:
                self._resolve(channel, int(value), resolved)
                value = str(value)
            elif not forced:
                value = building.validate_option_value(leaf["name"], option, value)
            found.append({"name": name, "type": option["type"], "value": value})
        return found, resolved

    def _resolve(self, channel: int, id: int, resolved: Json) -> None:
        backend = self.world.backend
        guild = backend.guilds.get(backend.get_channel(channel).guild_id or 0)
        if guild is not None and id in guild.roles:
            resolved.setdefault("roles", {})[str(id)] = dict(serializers.role_payload(guild.roles[id]))
            return
        resolved.setdefault("users", {})[str(id)] = dict(serializers.user_payload(backend.get_user(id)))
        if guild is not None and id in guild.members:
            member = dict(serializers.member_payload(backend, guild, guild.members[id], with_user=False))
            member["permissions"] = str(backend.compute_permissions(guild.id, id, channel))
            resolved.setdefault("members", {})[str(id)] = member

    async def _interact(self, user: int, channel: int, kind: int, data: Json, *, on: Message | None = None) -> Act:
        backend = self.world.backend
        interaction, payload = building.base_payload(
            backend,
            type=kind,
            channel_id=channel,
            guild_id=backend.get_channel(channel).guild_id,
            user_id=user,
            data=data,
        )
        payload["locale"] = self.world.people[user].locale
        if on is not None:
            interaction.source_message_id = on.id
            payload["message"] = dict(serializers.message_payload(backend, on))
        act, begun = Act(interaction), time.monotonic()
        self.acts.append(act)
        self._waiting[interaction.id] = asyncio.get_running_loop().create_future()
        backend.emit("INTERACTION_CREATE", payload)
        try:
            act.kind = await asyncio.wait_for(self._waiting[interaction.id], self.patience)
        except TimeoutError:
            pass
        finally:
            del self._waiting[interaction.id]
        act.seconds = time.monotonic() - begun
        if interaction.modal is not None:
            self.world.modals[user] = OpenModal(interaction, interaction.modal)
        return act


def buttons_of(message: Message) -> list[Json]:
    return [part for part in walk_components(message.components) if part["type"] == 2]


def button_of(message: Message, label: str) -> Json:
    """By the beginning of its label."""
    found = buttons_of(message)
    for button in found:
        if (button.get("label") or "").startswith(label):
            assert not button.get("disabled"), f"the button {label!r} cannot be pressed"
            return button
    raise AssertionError(f"no button {label!r}, only {[button.get('label') for button in found]}")


def _controls(spec: Json) -> Iterator[tuple[str, Json]]:
    for part in walk_components(spec["components"]):
        if "custom_id" in part:
            yield part["custom_id"], part


def _named(spec: Json, name: str) -> str:
    """The id of a form's field, by itself or the beginning of its label."""
    labels = {}
    for part in walk_components(spec["components"]):
        inner = part.get("component") or (part if part.get("label") and "custom_id" in part else None)
        if inner is not None and inner.get("custom_id"):
            labels[inner["custom_id"]] = part.get("label") or ""
    for id, label in labels.items():
        if id == name or label.startswith(name):
            return str(id)
    raise AssertionError(f"no field {name!r}, only {labels}")


def _prefilled(control: Json) -> str | list[str]:
    options: Sequence[Json] = control.get("options") or []
    chosen = [str(option["value"]) for option in options if option.get("default")]
    if control["type"] == 4:
        return str(control.get("value") or "")
    return chosen[0] if chosen and control["type"] == 21 else chosen


def _chosen(control: Json, value: str) -> str | list[str]:
    """A text; of a list, the option that has this value or label."""
    options: Sequence[Json] = control.get("options") or []
    if not options:
        return value
    found = [str(option["value"]) for option in options if value in (option["value"], option["label"])]
    assert found or not value, f"no option {value!r}, only {[option['label'] for option in options]}"
    return (found[0] if found else "") if control["type"] == 21 else found
