"""What people do in Slack's client, as Slack tells the app of it. Every act waits for the app's ack.

All of it runs in the event loop of the local Slack; `LocalSlack` has the same acts for everybody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.slack import outgoing
from tests.slack.deliveries import Ack, Deliveries
from tests.slack.validation import SlackRefusesError, check_message, check_options, check_submission_answer
from tests.slack.world import Json, Message, Person, ResponseUrl, Room, Team, View, World

REQUIRED = "Please complete this required field."


@dataclass(slots=True)
class Acts:
    world: World
    deliveries: Deliveries
    refusals: list[SlackRefusesError]
    echoes: bool = True
    """The app hears of its own messages, too, as in Slack."""
    root: str = ""
    _later: set[asyncio.Task[Ack]] = field(default_factory=set)

    async def command(self, user: str, text: str, channel: str = "", *, name: str = "/rolecall") -> Ack:
        """Types a slash command; `text` is what stands behind its name. No channel: to the app itself."""
        person, team, room = self._there(user, channel)
        url = self.response_url(team, room, person)
        ack = await self.deliveries.deliver(
            "slash_commands", outgoing.command(self.world, person, team, room, name, text, url)
        )
        if ack.payload.keys() & {"text", "blocks"}:
            self._checked(lambda: check_message(ack.payload))
            blocks = ack.payload.get("blocks") or []
            self.world.post(room, team.bot_user, ack.payload.get("text", ""), blocks, to=user, is_ours=True)
        return ack

    async def say(self, user: str, text: str, channel: str = "", *, thread: Message | str = "") -> Ack:
        """Types a message; it mentions the app where it says "@Rolecall"."""
        person, team, room = self._there(user, channel)
        escaped, blocks = outgoing.composed(text)
        is_mention = "@Rolecall" in text
        if is_mention:
            escaped = escaped.replace("@Rolecall", f"<@{team.bot_user}>")
            blocks = _with_mention(blocks, team.bot_user)
        parent = thread.ts if isinstance(thread, Message) else thread
        message = self.world.post(room, user, escaped, blocks, thread=parent, team=person.team)
        acks = []
        if team.bot_user in room.members:
            acks.append(self.deliveries.deliver("events_api", outgoing.message_event(self.world, message)))
        if is_mention and room.kind != "im":
            acks.append(self.deliveries.deliver("events_api", outgoing.mention_event(self.world, message)))
        return _slowest(await asyncio.gather(*acks))

    async def press(self, user: str, on: Message | View, label: str) -> Ack:
        """Presses the button of a message or a view whose label begins like this."""
        block, button = find_button(on.body["blocks"] if isinstance(on, View) else on.blocks, label)
        person = self.world.people[user]
        if isinstance(on, View):
            team, url = self.world.teams[on.team], ""
        else:
            room = self.world.rooms[on.channel]
            team = self.world.teams[room.team]
            url = self.response_url(team, room, person, original=on)
        return await self.deliveries.deliver(
            "interactive", outgoing.action(self.world, person, team, button, block, on, url)
        )

    async def shortcut(self, user: str, callback_id: str, message: Message) -> Ack:
        """Picks a message shortcut from a message's menu."""
        person = self.world.people[user]
        room = self.world.rooms[message.channel]
        team = self.world.teams[room.team]
        url = self.response_url(team, room, person)
        payload = outgoing.shortcut(self.world, person, team, callback_id, message, url)
        return await self.deliveries.deliver("interactive", payload)

    async def fill(self, user: str, values: Mapping[str, str]) -> None:
        """Types into the open modal and picks from its lists, by the id of a block or the beginning of its label."""
        view = self.modal(user)
        for name, value in values.items():
            block = _input(view, name)
            element = block["element"]
            chosen = await self._chosen(user, block, value)
            view.typed[block["block_id"]] = {element["action_id"]: outgoing.state(element, chosen)}

    async def submit(self, user: str, values: Mapping[str, str] | None = None) -> Ack:
        """Sends the open modal. What the client itself refuses does not reach the app."""
        await self.fill(user, values or {})
        view = self.modal(user)
        view.errors = _missing(view)
        if view.errors:
            return Ack(0.0, {"response_action": "errors", "errors": view.errors})
        team = self.world.teams[view.team]
        ack = await self.deliveries.deliver(
            "interactive", outgoing.submission(self.world, self.world.people[user], team, view)
        )
        if not ack.ok:
            view.errors = {"": "We had some trouble connecting. Try again?"}
            return ack
        asked = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
        if self._checked(lambda: check_submission_answer(ack.payload, asked, self.world.ready_files())):
            self._react(user, view, ack.payload)
        return ack

    def _react(self, user: str, view: View, answer: Json) -> None:
        stack = self.world.modals[user]
        action = answer.get("response_action", "")
        if action == "errors":
            view.errors = dict(answer["errors"])
        elif action == "update":
            self.world.show(view, answer["view"])
        elif action == "push":
            stack.append(self.world.view(view.team, user, answer["view"], on=view))
        elif action == "clear":
            stack.clear()
        elif view in stack:
            stack.remove(view)

    async def close(self, user: str) -> Ack:
        """Closes the topmost modal with its cross."""
        view = self.modal(user)
        self.world.modals[user].remove(view)
        if not view.body.get("notify_on_close"):
            return Ack(0.0, {})
        team = self.world.teams[view.team]
        return await self.deliveries.deliver(
            "interactive", outgoing.closed(self.world, self.world.people[user], team, view)
        )

    async def suggest(self, user: str, field: str, typed: str) -> list[Json]:
        """The options that the app offers in a list of its own while somebody types into it."""
        view = self.modal(user)
        block = _input(view, field)
        element = block["element"]
        assert element["type"] == "external_select", f"{field} is a {element['type']}"
        if len(typed) < element.get("min_query_length", 3):
            return []
        person, team = self.world.people[user], self.world.teams[view.team]
        action = element["action_id"]
        payload = outgoing.suggestion(self.world, person, team, view, block["block_id"], action, typed)
        ack = await self.deliveries.deliver("interactive", payload)
        if not ack.ok or not self._checked(lambda: check_options(ack.payload)):
            return []
        return list(ack.payload["options"])

    async def open_home(self, user: str, tab: str = "home") -> Ack:
        """Looks at the app's Home tab, or at its tab "messages"."""
        person = self.world.people[user]
        return await self.deliveries.deliver(
            "events_api", outgoing.home_event(self.world, self.world.teams[person.team], user, tab)
        )

    async def event(self, event: Mapping[str, Any], team: str) -> Ack:
        """Any event, as it stands within its envelope."""
        return await self.deliveries.deliver("events_api", outgoing.event(self.world, self.world.teams[team], event))

    def heard(self, payload: Json) -> None:
        """Tells the app of something in the background."""
        if self.echoes:
            task = asyncio.get_running_loop().create_task(self.deliveries.deliver("events_api", payload))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    @property
    def is_busy(self) -> bool:
        """The app is still to hear of something in the background."""
        return bool(self._later)

    def modal(self, user: str) -> View:
        stack = self.world.modals.get(user)
        assert stack, f"{user} has no modal open"
        return stack[-1]

    def _there(self, user: str, channel: str) -> tuple[Person, Team, Room]:
        person = self.world.people[user]
        if channel:
            room = self.world.rooms[channel]
            assert user in room.members, f"{user} is not in {channel}"
            return person, self.world.teams[room.team], room
        return person, self.world.teams[person.team], self.world.dm(person.team, user)

    def response_url(self, team: Team, room: Room, person: Person, *, original: Message | None = None) -> str:
        """A new address for replies to this person; `original`: the message whose button they pressed."""
        id = f"{self.world.number()}"
        self.world.response_urls[id] = ResponseUrl(team.id, room.id, person.id, self.world.clock(), original)
        return f"{self.root}/respond/{id}"

    async def _chosen(self, user: str, block: Json, value: str) -> Any:
        element = block["element"]
        if element["type"] == "external_select":
            offered = await self.suggest(user, block["block_id"], value)
            return _option(offered, value)
        if element["type"] in ("static_select", "radio_buttons"):
            groups = [group["options"] for group in element.get("option_groups", [])]
            return _option([*element.get("options", []), *(o for group in groups for o in group)], value)
        if element["type"] == "checkboxes":
            return [_option(element["options"], one) for one in value.split(", ") if one]
        return value or None

    def _checked(self, check: Callable[[], None]) -> bool:
        """Whether Slack takes an answer; what it does not take is remembered."""
        try:
            check()
        except SlackRefusesError as refused:
            self.refusals.append(refused)
            return False
        return True


def find_button(blocks: list[Json], label: str) -> tuple[str, Json]:
    """The id of the block and the button whose label begins like this; AssertionError tells which there are."""
    found = [
        (block["block_id"], element)
        for block in blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if block["type"] in ("actions", "section") and element.get("type") == "button"
    ]
    for block, button in found:
        if button["text"]["text"].startswith(label):
            return block, button
    raise AssertionError(f"no button {label!r}, only {[button['text']['text'] for _, button in found]}")


def _input(view: View, name: str) -> Json:
    inputs: list[Json] = [block for block in view.body["blocks"] if block["type"] == "input"]
    for block in inputs:
        if block["block_id"] == name or block["label"]["text"].startswith(name):
            return block
    raise AssertionError(f"no input {name!r}, only {[block['block_id'] for block in inputs]}")


def _option(options: list[Json], wanted: str) -> Json | None:
    """By its value or its label; nothing for an empty text."""
    if not wanted:
        return None
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise AssertionError(f"no option {wanted!r}, only {[option['text']['text'] for option in options]}")


def _missing(view: View) -> dict[str, str]:
    """What Slack's client refuses to send: empty inputs that are not optional, and texts of another length."""
    errors = {}
    for block in view.body["blocks"]:
        if block["type"] != "input":
            continue
        held = outgoing.held(next(iter(outgoing.values(view)[block["block_id"]].values())))
        element = block["element"]
        if not held and not block.get("optional"):
            errors[block["block_id"]] = REQUIRED
        elif isinstance(held, str) and len(held) > element.get("max_length", 3_000):
            errors[block["block_id"]] = f"Please shorten this to {element.get('max_length', 3_000)} characters."
        elif isinstance(held, str) and len(held) < element.get("min_length", 0):
            errors[block["block_id"]] = f"Please write at least {element['min_length']} characters."
    return errors


def _with_mention(blocks: list[Json], bot: str) -> list[Json]:
    def split(text: str) -> list[Json]:
        pieces: list[Json] = []
        for n, piece in enumerate(text.split("@Rolecall")):
            if n:
                pieces.append({"type": "user", "user_id": bot})
            if piece:
                pieces.append({"type": "text", "text": piece})
        return pieces

    return [
        {
            **block,
            "elements": [
                {**part, "elements": [p for e in part["elements"] for p in (split(e["text"]) if "text" in e else [e])]}
                for part in block["elements"]
            ],
        }
        for block in blocks
    ]


def _slowest(acks: list[Ack]) -> Ack:
    """Of what one message made known; a message that the app does not hear of is answered with nothing."""
    return max(acks, key=lambda ack: (not ack.ok, ack.seconds), default=Ack(0.0, {}))
