"""What nobody foresaw, in the log, under a reference that its member can give to the operator."""

from __future__ import annotations

import hashlib

import structlog

log = structlog.get_logger()


def reference(platform: str, key: str) -> str:
    """That of the exception which is being handled. `key`: the platform's id of what somebody did."""
    found = hashlib.blake2s(key.encode(), digest_size=4).hexdigest()
    log.error(f"{platform}_wish_failed", reference=found, exc_info=True)
    return found
