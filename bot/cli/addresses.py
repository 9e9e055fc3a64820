"""The address of a platform's API, where the operator has set another one than the platform's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.errors import RolecallError


def api(url: str, setting: str, owner: str) -> str:
    """The address without a slash at its end. RolecallError, naming the setting, for what is none."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise RolecallError(f"{setting} is no address. Leave it empty for {owner}'s own.")
    return url.rstrip("/")
