"""What somebody typed, pressed or pointed at -> what they wish for. Pure. It knows the command table, and no place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from adapters.slack import payloads
from adapters.slack.sentences import NOTHING_TO_ANSWER, TEXT_ONLY
from bot.door import commands
from bot.door.cohort_intents import AnswerInThread
from bot.door.command_table import ROOT
from bot.door.commands import Vocabulary
from bot.door.intents import Intent, SubmitAnswer
from bot.errors import RolecallError, UsageError

Payload = Mapping[str, Any]

SPOKEN = {None, "file_share", "thread_broadcast"}
"""Subtypes of messages that a person has typed; the others tell of edits, joins and the like."""


def of_command(body: Payload, vocabulary: Vocabulary) -> Intent:
    """Raises UsageError for what is no command."""
    return commands.parse(payloads.unmarked(str(body.get("text") or "")), vocabulary)


def of_direct_message(event: Payload, vocabulary: Vocabulary, root: str) -> Intent:
    """A command where the text is one as a whole, an answer otherwise. RolecallError where there is no text."""
    text = payloads.typed(event)
    if not text.strip():
        raise RolecallError(TEXT_ONLY)
    return commands.read(_with_our_root(text, root), vocabulary) or SubmitAnswer(answer=text)


def of_mention(event: Payload, vocabulary: Vocabulary, bot_user: str, root: str) -> Intent:
    """The command behind the mention; nothing behind it asks for help. Raises UsageError."""
    text = re.sub(rf"\s*{_mention(bot_user)}\s*", " ", payloads.typed(event)).strip()
    return commands.parse(_with_our_root(text, root), vocabulary)


def in_thread(event: Payload, team: str, bot_user: str) -> Intent | None:
    """What was typed below a message in a channel; None for what is not ours to read."""
    thread, text = payloads.thread_of(event), payloads.typed(event)
    is_ours = str(event.get("parent_user_id") or bot_user) == bot_user
    if not thread or not is_ours or not text.strip() or re.search(_mention(bot_user), text):
        return None
    return AnswerInThread(post=f"{team}/{event.get('channel')}/{thread}", answer=text)


def is_spoken(event: Payload) -> bool:
    """Whether a person has typed this message."""
    return event.get("subtype") in SPOKEN and not event.get("bot_id") and bool(event.get("user"))


def pressed(body: Payload) -> Intent:
    """Of a button. Raises UsageError for one that is not ours, or of another version."""
    found: Payload = next(iter(body.get("actions") or ()), {})
    if found.get("type") != "button" or not re.fullmatch(r"b\d+", str(found.get("action_id"))):
        raise UsageError(commands.OTHER_VERSION)
    return commands.decode(str(found.get("value", "")))


def pointed_at(message: Payload) -> Intent:
    """The first button of a message that opens a form. RolecallError where there is none."""
    for wire in payloads.wires(message):
        try:
            wish = commands.decode(wire)
        except UsageError:
            continue
        if wish.opens_form:
            return wish
    raise RolecallError(NOTHING_TO_ANSWER)


def filled(submits: Intent, values: Mapping[str, str]) -> Intent:
    """The wish that a filled-in form completes. UsageError for fields that this version does not know."""
    if not values.keys() <= {f.name for f in fields(submits)}:
        raise UsageError(commands.OTHER_VERSION)
    return replace(submits, **values)


def _with_our_root(text: str, root: str) -> str:
    """With the name that the door knows, where the slash command is called something else here."""
    return re.sub(rf"^\s*/?{re.escape(root)}\b", f"/{ROOT}", text, flags=re.I) if root != ROOT else text


def _mention(user: str) -> str:
    return rf"<@{re.escape(user)}(?:\|[^>]*)?>"
