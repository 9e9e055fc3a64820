"""A message or a view as a person reads it, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.slack.world import Json, Message, View

_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "date_long": "%A, %B %-d, %Y",
    "date_long_full": "%B %-d, %Y",
    "date_long_pretty": "%A, %B %-d, %Y",
    "date": "%B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_short": "%b %-d, %Y",
    "date_short_pretty": "%b %-d, %Y",
    "day_divider_pretty": "%A, %B %-d",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
    "ago": "%Y-%m-%d %H:%M",
}


def text_of(
    shown: Message | View | Mapping[str, Any] | list[Json],
    zone: str = "UTC",
    *,
    names: Mapping[str, str] | None = None,
    instant: Callable[[datetime], str] | None = None,
) -> str:
    """Titles, texts, lists, descriptions of pictures in brackets, and buttons as "[Label]".

    `zone` is the reader's. `names`: of people and channels, by id. `instant` writes an aware instant in the reader's
    zone; None: as its format says.
    """
    blocks: list[Json]
    if isinstance(shown, Message):
        if not shown.blocks:
            return shown.text
        blocks = shown.blocks
    elif isinstance(shown, View):
        blocks = shown.body["blocks"]
    else:
        blocks = shown["blocks"] if isinstance(shown, Mapping) else shown
    reader = _Reader(ZoneInfo(zone), names or {}, instant)
    lines = [line for block in blocks for line in reader.block(block)]
    if isinstance(shown, View):
        lines += [f"! {error}" for error in shown.errors.values()]
    return "\n".join(lines)


class _Reader:
    def __init__(self, zone: ZoneInfo, names: Mapping[str, str], instant: Callable[[datetime], str] | None) -> None:
        self.zone, self.names, self.instant = zone, names, instant

    def block(self, block: Json) -> list[str]:
        kind = block["type"]
        if kind == "rich_text":
            return [line for part in block["elements"] for line in self._part(part)]
        if kind in ("header", "section"):
            texts = [block["text"]] if "text" in block else []
            return [text["text"] for text in (*texts, *block.get("fields", []))]
        if kind == "context":
            return [e["text"] if "text" in e else f"[{e['alt_text']}]" for e in block["elements"]]
        if kind == "image":
            return [f"[{block['alt_text']}]"]
        if kind == "actions":
            return [f"[{element['text']['text']}]" for element in block["elements"] if "text" in element]
        if kind == "input":
            return [block["label"]["text"], *([block["hint"]["text"]] if "hint" in block else [])]
        return []

    def _part(self, part: Json) -> list[str]:
        kind = part["type"]
        if kind == "rich_text_list":
            first = part.get("offset", 0) + 1
            marks = [f"{first + n}." if part["style"] == "ordered" else "•" for n in range(len(part["elements"]))]
            indent = "  " * part.get("indent", 0)
            return [f"{indent}{mark} {self._line(item)}" for mark, item in zip(marks, part["elements"], strict=True)]
        lines = self._line(part).removesuffix("\n").split("\n")
        return [f"> {line}" for line in lines] if kind == "rich_text_quote" else lines

    def _line(self, part: Json) -> str:
        return "".join(self._element(element) for element in part["elements"])

    def _element(self, element: Json) -> str:
        kind = element["type"]
        if kind == "date":
            return self._date(element)
        if kind == "user":
            return f"@{self.names.get(element['user_id'], element['user_id'])}"
        if kind == "channel":
            return f"#{self.names.get(element['channel_id'], element['channel_id'])}"
        if kind == "emoji":
            return f":{element['name']}:"
        return str(element.get("text") or element.get("url"))

    def _date(self, element: Json) -> str:
        at = datetime.fromtimestamp(element["timestamp"], UTC).astimezone(self.zone)
        if self.instant is not None:
            return self.instant(at)
        return re.sub(r"\{(\w+)\}", lambda token: at.strftime(_FORMATS[token[1]]), element["format"])
