"""The app's manifest, as Slack's "From a manifest" takes it: which permissions and events it asks for, and why.

Derived from the command table. What is asked for is what the rest of this package calls and hears, nothing besides.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.door.command_table import COMMANDS, GROUPS, ROOT
from bot.errors import UsageError

SCOPES = {
    "app_mentions:read": "to hear when somebody writes @Rolecall in a channel that it is in",
    "channels:history": "to read answers in the thread of a prompt, in channels that it was invited to",
    "chat:write": "to post in channels that it was invited to, and to write to members",
    "commands": "the slash command and the shortcut",
    "files:write": "to upload the pictures of boards and progress",
    "groups:history": "the same as channels:history, in private channels",
    "im:history": "to read what is typed to it in its own direct messages",
    "im:write": "to open a direct message with a member",
    "users:read": "names, time zones, and who is an admin of the workspace",
}
"""What the bot's token may do, and why."""

EVENTS = {
    "app_home_opened": "somebody opens the app's Home tab",
    "app_mention": "somebody writes @Rolecall in a channel",
    "app_uninstalled": "the app was removed: nothing is sent any more, and what is kept is deleted 14 days later",
    "message.channels": "answers in the thread of a prompt; everything else in a channel is passed over",
    "message.groups": "the same in private channels",
    "message.im": "answers and commands typed in the direct messages with the app",
    "tokens_revoked": "the token was taken back: nothing is sent any more",
}
"""What Slack tells the app, and when."""

SOCKET_SCOPE = "connections:write"
"""What the app-level token of Socket Mode needs; it stands in no manifest."""
SHORTCUT = "answer_this"
"""The message shortcut's callback id."""
PATH = "slack/events"
"""Where every signed HTTP request goes, below the bot's address."""

_STORY = (
    "Rolecall asks what interviewers ask for roles in machine learning and AI. You answer in your own words, and it "
    "scores the answer point by point, with your own sentences as evidence. What you find hard comes back on the right "
    "day, by a direct message at the hour that you choose. Groups get prompts in their channel and a board each week. "
    "Verdicts are private, are practice, and are never shared with an employer."
)


def manifest(command: str = ROOT, http: str = "") -> dict[str, Any]:
    """The manifest: Socket Mode, or signed HTTP to the bot's public address `http` (https://…).

    Raises UsageError for an address that Slack would not take.
    """
    to = {"url": request_url(http)} if http else {}
    request = {"request_url": to["url"]} if http else {}
    return {
        "display_information": {
            "name": "Rolecall",
            "description": "A mentor for AI interviews: it asks, judges point by point, reminds on the right day.",
            "long_description": _STORY,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Rolecall", "always_online": True},
            "slash_commands": [
                {
                    "command": f"/{command}",
                    **to,
                    "description": "Practise for interviews: problems, verdicts, reviews, roles, cohorts",
                    "usage_hint": usage_hint(),
                    "should_escape": True,
                }
            ],
            "shortcuts": [
                {
                    "name": "Answer this",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Write your answer to a problem of Rolecall's, in private",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **request,
                **({"message_menu_options_url": to["url"]} if http else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def usage_hint() -> str:
    """What can follow the slash command, as Slack shows it while somebody types."""
    names = [c.name for c in COMMANDS if c.group is None]
    return f"[{' | '.join([*names, *(f'{group} …' for group in GROUPS)])}]"


def request_url(base: str) -> str:
    """The address for Slack's requests, from the bot's public one. Raises UsageError where that is none."""
    found = urlsplit(base)
    if found.scheme != "https" or not found.hostname or found.query or found.fragment:
        raise UsageError("Slack sends its requests to an https address. Write it like --http https://bot.example.org/")
    return f"{base.rstrip('/').removesuffix(f'/{PATH}')}/{PATH}"


def as_yaml(of: dict[str, Any]) -> str:
    """The manifest as YAML, where every permission and every event says what it is for."""
    text = yaml.safe_dump(of, sort_keys=False, allow_unicode=True, width=110)
    why = {f"- {name}": reason for name, reason in (SCOPES | EVENTS).items()}
    lines = [f"{line}  # {why[line.strip()]}" if line.strip() in why else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"
