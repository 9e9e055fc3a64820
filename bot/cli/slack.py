"""Slack as the settings describe it: whether it is served, in which way, and what does not fit together."""

from __future__ import annotations

import re

from adapters.slack.installation import SLACK_API, Installation
from bot.cli import addresses
from bot.errors import RolecallError
from bot.settings import Settings

APPS = "api.slack.com/apps"
BOT_TOKEN_AT = f'It stands at {APPS} → your app → "OAuth & Permissions" → "Bot User OAuth Token"'
APP_TOKEN_AT = f'Make one at {APPS} → your app → "Basic Information" → "App-Level Tokens"'


def installation_of(settings: Settings) -> Installation | None:
    """What is set up for Slack; None where nothing is. RolecallError says what does not fit, and the remedy."""
    bot = settings.slack_bot_token.get_secret_value()
    app = settings.slack_app_token.get_secret_value()
    secret = settings.slack_signing_secret.get_secret_value()
    if not (bot or app or secret):
        return None
    for name, value in (("BOT_TOKEN", bot), ("APP_TOKEN", app), ("SIGNING_SECRET", secret)):
        if not re.fullmatch(r"[\w.-]*", value, re.ASCII):
            raise _wrong(name, "holds a space, a quotation mark or another sign that it cannot have. Copy it once more")
    if bot.startswith("xapp-") or app.startswith("xoxb-"):
        raise _wrong(
            "BOT_TOKEN", "begins with xoxb-, and ROLECALL_SLACK_APP_TOKEN with xapp-. They are the wrong way round"
        )
    if not bot:
        raise _wrong("BOT_TOKEN", f"is missing. {BOT_TOKEN_AT}")
    if bot.startswith("xoxe"):
        raise _wrong("BOT_TOKEN", "would expire within a day. Make the app anew from rolecall manifest slack")
    if not bot.startswith("xoxb-"):
        raise _wrong("BOT_TOKEN", f"has to begin with xoxb-. {BOT_TOKEN_AT}")
    if app and not app.startswith("xapp-"):
        raise _wrong("APP_TOKEN", f"has to begin with xapp-. {APP_TOKEN_AT}")
    if secret.startswith(("xoxb-", "xapp-")):
        raise _wrong("SIGNING_SECRET", f'is a token. The secret stands at {APPS} → your app → "Basic Information"')
    if not (app or secret):
        raise RolecallError(
            "ROLECALL_SLACK_BOT_TOKEN alone cannot hear anybody. Set ROLECALL_SLACK_APP_TOKEN for Socket Mode, or "
            "ROLECALL_SLACK_SIGNING_SECRET for signed HTTP (docs/slack.md)."
        )
    base = settings.slack_base_url
    return Installation(
        bot_token=bot,
        app_token=app,
        signing_secret=secret,
        base_url=f"{addresses.api(base, 'ROLECALL_SLACK_BASE_URL', 'Slack')}/" if base else SLACK_API,
        root=slash_command(settings.slack_command),
        host=settings.slack_host,
        port=settings.slack_port,
    )


def mode(of: Installation) -> str:
    """How events come."""
    return "Socket Mode" if of.app_token else f"signed HTTP on {of.host}:{of.port}"


def slash_command(name: str) -> str:
    """The slash command's name, where Slack would take it. Raises RolecallError."""
    plain = name.strip().removeprefix("/")
    if not re.fullmatch(r"[a-z0-9_-]{1,31}", plain):
        raise RolecallError(
            "A slash command has at most 31 small letters, digits, - and _. Write it like mentor or interview-practice."
        )
    return plain


def _wrong(name: str, said: str) -> RolecallError:
    """Never with the value: it is a secret, or part of one."""
    return RolecallError(f"ROLECALL_SLACK_{name} {said}.")
