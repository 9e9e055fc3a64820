"""Opening forms, and what becomes of a form whose outcome came too late to be the answer to its submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.sentences import form_by_button, sent_back
from adapters.slack import refusals, sentences, views
from adapters.slack.calls import Calls
from adapters.slack.origin import Origin
from adapters.slack.payloads import Payload
from adapters.slack.render import surface
from adapters.slack.replying import Replies, Spot
from adapters.slack.sizes import Json
from bot.door.intents import Intent
from bot.door.messages import Form, Message, paragraph

log = structlog.get_logger()

SECONDS = 2.4
"""How long a submission waits for its outcome; Slack waits three seconds."""
_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata")
_INITIAL = {"value": "initial_value", "selected_option": "initial_option", "selected_time": "initial_time"}


class Forms:
    def __init__(self, calls: Calls, replies: Replies, root: str) -> None:
        self._calls, self._replies, self._root = calls, replies, root

    async def open(self, spot: Spot, wish: Intent, form: Form, trigger: str, *, in_modal: bool) -> None:
        """Opens a form, or offers a button for it where there is no trigger, or Slack no longer takes it."""
        view = views.modal(form, Origin(spot.place, form.submits, spot.response_url), root=self._root)
        client = self._calls.sending(spot.team)
        why = ""
        try:
            if trigger:
                await (client.views_push if in_modal else client.views_open)(trigger_id=trigger, view=view)
                return
        except SlackApiError as error:
            why = refusals.code(error)
            if why == "exchanged_trigger_id":  # a redelivery: the form is open
                return
        except (aiohttp.ClientError, TimeoutError) as error:
            why = type(error).__name__
        log.info("slack_form_by_button", team=spot.team.id, why=why)
        await self._replies.say(spot, form_by_button(form, wish))

    async def ended(self, spot: Spot, view: Payload, refused: Mapping[str, str]) -> None:
        """Changes a modal that says to wait: to a closing word, or to the form with all that had been typed.

        Where it was closed meanwhile, what had been typed comes as a message.
        """
        reason = next(iter(refused.values()), "")
        shown = again(view, reason, self._root) if refused else self.notice(view, sentences.DONE)
        try:
            await self._calls.sending(spot.team).views_update(view_id=str(view["id"]), view=shown)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            if refused:
                await self._replies.say(spot, sent_back(reason, _texts(view)))

    def notice(self, view: Payload, text: str) -> Json:
        """A modal with the title of a form, which only says something."""
        return views.notice(str(view["title"]["text"]), text, root=self._root)


def again(view: Payload, reason: str, root: str = "rolecall") -> Json:
    """A submitted modal as it was, with what had been typed, and above it why it is open again."""
    typed = view.get("state", {}).get("values", {})
    why = surface(Message("Not sent yet", (paragraph(reason),)), root=root)
    fields = [_refilled(block, typed) for block in view["blocks"] if block["type"] == "input"]
    return {key: view[key] for key in _KEPT if view.get(key)} | {"blocks": [*why, *fields]}


def _refilled(block: Payload, typed: Mapping[str, Any]) -> Json:
    element = {name: value for name, value in block["element"].items() if name not in _INITIAL.values()}
    state = typed.get(block["block_id"], {}).get(element["action_id"], {})
    given = {initial: state[kind] for kind, initial in _INITIAL.items() if state.get(kind)}
    return {**block, "element": element | given}


def _texts(view: Payload) -> list[str]:
    return [text for text in views.values(view).values() if text.strip()]
