"""What somebody typed, pressed or pointed at -> what they wish for. Pure. It knows the command table, and no place."""

from __future__ import annotations

import re

from adapters import wishes
from adapters.slack import payloads
from adapters.slack.payloads import Payload
from adapters.slack.sentences import NO_COMMAND
from bot.door import commands
from bot.door.cohort_intents import AnswerInThread
from bot.door.command_table import GROUPS, ROOT
from bot.door.commands import Vocabulary
from bot.door.intents import Intent
from bot.errors import UsageError

SPOKEN = {None, "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages that a person has typed; the others tell of edits, joins and the like."""
_SENTENCE = 3
"""Words."""


def of_command(body: Payload, vocabulary: Vocabulary) -> Intent:
    """Raises UsageError for what is no command."""
    return commands.parse(payloads.commanded(body), vocabulary)


def of_direct_message(event: Payload, vocabulary: Vocabulary, bot_user: str, root: str) -> Intent:
    """A command where the text is one as a whole, an answer otherwise. RolecallError where there is no text."""
    return wishes.typed(_with_our_root(_said(event, bot_user), root), vocabulary)


def of_mention(event: Payload, vocabulary: Vocabulary, team: str, bot_user: str, root: str) -> Intent:
    """The command behind the mention, help where there is nothing, or an answer in a thread. Raises UsageError."""
    text = _with_our_root(_said(event, bot_user), root)
    try:
        return commands.parse(text, vocabulary)
    except UsageError:
        words = text.lower().split()
        if len(words) < _SENTENCE or commands.find(words[0]) or words[0] in {*GROUPS, ROOT}:
            raise
        if below := _below(event, team, bot_user):
            return below
        raise UsageError(NO_COMMAND) from None  # a sentence has no command that is nearest to it


def in_thread(event: Payload, team: str, bot_user: str) -> Intent | None:
    """What was typed below a message in a channel; None for what is not ours to read, or comes as a mention, too."""
    return None if re.search(_mention(bot_user), payloads.typed(event)) else _below(event, team, bot_user)


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
    """The first button of a message that opens the form for an answer. RolecallError where there is none."""
    return wishes.answerable(payloads.wires(message))


def _below(event: Payload, team: str, bot_user: str) -> Intent | None:
    thread, text = payloads.thread_of(event), _said(event, bot_user)
    is_ours = str(event.get("parent_user_id") or bot_user) == bot_user
    if not thread or not is_ours or not text:
        return None
    return AnswerInThread(post=f"{team}/{event.get('channel')}/{thread}", answer=text)


def _said(event: Payload, bot_user: str) -> str:
    """What somebody typed, without the mention of the app."""
    return re.sub(rf"\s*{_mention(bot_user)}[\s,:]*", " ", payloads.typed(event)).strip()


def _with_our_root(text: str, root: str) -> str:
    """With the name that the door knows, where the slash command is called something else here."""
    return re.sub(rf"^\s*/?{re.escape(root)}\b", f"/{ROOT}", text, flags=re.I) if root != ROOT else text


def _mention(user: str) -> str:
    return rf"<@{re.escape(user)}(?:\|[^>]*)?>"
