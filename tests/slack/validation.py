"""What Slack takes: a message, a view, the answer to a form. Stricter than Slack where Slack forgives in silence.

What this module does not know is refused. Besides Slack's own rules there are ours: every message has a text for
notifications and screen readers, forms stand in modals only, and nothing that anybody typed can become a mention.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from tests.slack import blocks
from tests.slack.shapes import Node, SlackRefusesError

__all__ = ["SlackRefusesError", "check_message", "check_options", "check_submission_answer", "check_view"]

BLOCKS_OF_MESSAGE = 50
BLOCKS_OF_VIEW = 100
TEXT = 4_000
"""docs.slack.dev, "chat.update": msg_too_long above it; chat.postMessage cuts at 40,000 and recommends this."""
WEIGHT = 13_200
METADATA = 8_000
VIEW = 250_000
ERROR = 2_000
PLACE = 40
_TEXTUAL = {"text", "blocks"}
_PLACE = {"channel", "user", "ts", "thread_ts"}
_SWITCHES = {"unfurl_links", "unfurl_media", "mrkdwn", "reply_broadcast", "replace_original", "delete_original"}


def check_message(payload: Mapping[str, Any], files: Collection[str] | None = None) -> None:
    """Of chat.postMessage, chat.update, chat.postEphemeral, or sent to a `response_url`.

    `files`: the ids of files that Slack has; None: any. Raises SlackRefusesError.
    """
    message = Node(dict(payload), "", "invalid_arguments")
    message.object((), _TEXTUAL | _PLACE | _SWITCHES | {"metadata", "response_type"})
    for switch in message.given(*_SWITCHES):
        switch.flag()
    if payload.get("delete_original") and not payload.keys() & _TEXTUAL:
        return
    for where in message.given(*_PLACE):
        where.text(PLACE)
    for kind in message.given("response_type"):
        kind.one_of("ephemeral", "in_channel")
    _text(message)
    for found in message.given("blocks"):
        found = Node(found.value, found.where, "invalid_blocks")
        blocks.check(found, most=BLOCKS_OF_MESSAGE, surface="message", files=files)
        if blocks.weight(found.value) > WEIGHT:
            raise SlackRefusesError("msg_blocks_too_long", found.where, f"{blocks.weight(found.value)} characters")
    for metadata in message.given("metadata"):
        _metadata(Node(metadata.value, metadata.where, "invalid_metadata_schema"))


def _text(message: Node) -> None:
    if not str(message.value.get("text") or "").strip():
        raise SlackRefusesError("no_text", "/text", "every message has a text for screen readers and notifications")
    text = Node(message.value["text"], "/text", "msg_too_long").text(TEXT)
    if re.search("<[!@#]", text):
        message["text"].refuse("a mention stands in a block, and broadcasts nowhere")


def _metadata(metadata: Node) -> None:
    metadata.object({"event_type", "event_payload"})
    metadata["event_type"].like(r"[A-Za-z0-9_]{1,255}", "letters, digits and _")
    if not isinstance(metadata.value["event_payload"], dict):
        metadata["event_payload"].refuse("must provide an object")
    if len(json.dumps(metadata.value)) > METADATA:
        raise SlackRefusesError("metadata_too_large", metadata.where, f"more than {METADATA} characters")


def check_view(view: Mapping[str, Any], files: Collection[str] | None = None) -> None:
    """A modal or a Home tab. Raises SlackRefusesError."""
    found = Node(dict(view), "/view", "invalid_arguments")
    if found.value.get("type") == "home":
        found.object({"type", "blocks"}, {"private_metadata", "callback_id", "external_id"})
    else:
        optional = {"submit", "close", "private_metadata", "callback_id", "external_id"}
        found.object({"type", "title", "blocks"}, optional | {"clear_on_close", "notify_on_close"})
        found["type"].one_of("modal", "home")
    for title in found.given("title", "submit", "close"):
        blocks.plain(title, 24)
    for kept in found.given("private_metadata"):
        kept.text(3_000)
    for id in found.given("callback_id", "external_id"):
        id.text(blocks.ID)
    for flag in found.given("clear_on_close", "notify_on_close"):
        flag.flag()
    blocks.check(found["blocks"], most=BLOCKS_OF_VIEW, surface=found.value["type"], files=files)
    if "submit" not in found.value and any(block["type"] == "input" for block in view["blocks"]):
        found.refuse("missing required field: submit, as there is an input")
    if len(json.dumps(found.value, ensure_ascii=False).encode()) > VIEW:
        raise SlackRefusesError("view_too_large", "/view", f"more than {VIEW} bytes")


def check_submission_answer(answer: Mapping[str, Any], asked: Collection[str], files: Collection[str] = ()) -> None:
    """The ack of a `view_submission`; `asked`: the ids of the inputs of the view. Raises SlackRefusesError."""
    if not answer:
        return
    found = Node(dict(answer), "", "invalid_arguments")
    found.object({"response_action"}, {"errors", "view"})
    action = found["response_action"].one_of("errors", "update", "push", "clear")
    if action == "errors":
        found.object({"response_action", "errors"})
        errors = found["errors"]
        if not isinstance(errors.value, dict) or not errors.value:
            errors.refuse("must provide an object with at least one error")
        for id in errors.value:
            errors[id].text(ERROR)
            if id not in asked:
                errors[id].refuse("no input has this block_id")
    elif action in ("update", "push"):
        found.object({"response_action", "view"})
        check_view(found.value["view"], files)


def check_options(answer: Mapping[str, Any]) -> None:
    """The answer to a `block_suggestion`. Raises SlackRefusesError."""
    blocks.options(Node(dict(answer), "", "invalid_arguments"))
