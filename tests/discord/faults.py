"""What goes wrong with a call on purpose."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from types import MappingProxyType
from typing import Any

from aiohttp import web

VIA = "1.1 google"
"""The header by which discord.py tells Discord's own refusals from those of Cloudflare before it."""


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a route.

    `after_effect`: the call does what it should, and then its answer is lost in this way.
    """

    route: str
    """Such as "POST /channels/*/messages"."""
    status: int = 0
    code: int = 0
    """Discord's own number, such as 50007."""
    message: str = ""
    retry_after: float | None = None
    """Of status 429, seconds; None: Cloudflare refuses, in HTML and without a word about when to come back."""
    for_all: bool = False
    """Of status 429: the limit of the whole bot."""
    cut: bool = False
    """The connection is closed without an answer."""
    slow: float = 0.0
    """Seconds before anything else; with `after_effect`, before the answer."""
    times: int | None = 1
    """None: until it is lifted."""
    after_effect: bool = False
    where: Callable[[Mapping[str, Any]], bool] = lambda body: True
    """Which bodies it is for."""

    @property
    def refuses(self) -> bool:
        return self.cut or bool(self.status)

    def answer(self) -> web.Response:
        if self.status == 429 and self.retry_after is not None:
            limited = {
                "message": "You are being rate limited.",
                "retry_after": self.retry_after,
                "global": self.for_all,
            }
            headers = {"Retry-After": str(math.ceil(self.retry_after))}
            headers |= {"X-RateLimit-Global": "true"} if self.for_all else {}
            return as_json(limited, 429, headers)
        if self.code or 400 <= self.status < 429:
            said = {"message": self.message or f"{self.status}: refused by the test", "code": self.code}
            return as_json(said, self.status)
        return web.Response(status=self.status, text="<html>error code: 1015</html>", content_type="text/html")


def as_json(said: Any, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """discord.py reads JSON only where the type says nothing else, not even an encoding."""
    headers = {"Content-Type": "application/json", "Via": VIA, **headers}
    return web.Response(body=json.dumps(said).encode(), status=status, headers=headers)


@dataclass(slots=True)
class Faults:
    planned: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str, body: Mapping[str, Any]) -> Fault | None:
        for fault in self.planned:
            if fnmatch(f"{method} {path}", fault.route) and fault.where(body):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.planned.remove(fault)
                return fault
        return None
