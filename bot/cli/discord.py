"""Discord as the settings describe it: whether it is served, and what cannot be right."""

from __future__ import annotations

import base64
import binascii
import re

from adapters.discord.installation import Installation
from bot.cli import addresses
from bot.errors import RolecallError
from bot.settings import Settings

APPLICATIONS = "discord.com/developers/applications"
TOKEN_AT = f'It stands at {APPLICATIONS} → your app → "Bot": press "Reset Token" and copy it'
GUILD_AT = (
    "In Discord: your settings → Advanced → Developer Mode; then a right click on the server's name → Copy Server ID"
)
ID = re.compile(r"[0-9]{15,20}")
"""Of a server, an application or a person: Discord's ids have 17 to 19 digits today."""
OTHER_KEYS = {
    r"[0-9a-f]{64}": "the application's public key",
    r"[\w-]{32}": "the client secret",
    ID.pattern: "an id",
}
"""What stands on the same pages and is taken for the token."""


def installation_of(settings: Settings) -> Installation | None:
    """What is set up for Discord; None where nothing is. RolecallError says what cannot be right, and the remedy."""
    token = settings.discord_token.get_secret_value()
    if not token:
        return None
    base = settings.discord_base_url
    return Installation(
        token=_token(token),
        guild=server(settings.discord_guild, "ROLECALL_DISCORD_GUILD"),
        reads_threads=settings.discord_read_threads,
        base_url=addresses.api(base, "ROLECALL_DISCORD_BASE_URL", "Discord") if base else "",
    )


def server(id: str, name: str) -> int:
    """The id of a server as it was typed; 0 for none. `name`: where it was typed. Raises RolecallError."""
    if not id:
        return 0
    if not ID.fullmatch(id.strip()):
        raise RolecallError(f"{name} is no server's id, which is a long number. {GUILD_AT}.")
    return int(id)


def application_of(settings: Settings) -> int | None:
    """The id of the application, which a bot's token begins with; None where that cannot be read."""
    first = settings.discord_token.get_secret_value().split(".")[0]
    try:
        id = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(id) if ID.fullmatch(id) else None


def _token(token: str) -> str:
    if token.casefold().startswith(("bot ", "bearer ")):
        raise _wrong("TOKEN", f'has to be the token alone, without "{token.split()[0]}" before it')
    if re.search(r"[^\w.-]", token, re.ASCII):
        raise _wrong("TOKEN", "holds a space, a quotation mark or another sign that it cannot have. Copy it once more")
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token, re.ASCII):
        other = next((what for like, what in OTHER_KEYS.items() if re.fullmatch(like, token, re.ASCII)), "")
        seems = f"looks like {other}. The bot's token" if other else "is not the bot's token, which"
        raise _wrong("TOKEN", f"{seems} has three parts with dots between them. {TOKEN_AT}")
    return token


def _wrong(name: str, said: str) -> RolecallError:
    """Never with the value: it is a secret, or part of one."""
    return RolecallError(f"ROLECALL_DISCORD_{name} {said}.")
