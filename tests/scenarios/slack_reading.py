"""What stands in Slack as the person before it reads it: blocks as lines of text, with their buttons and inputs.

It knows Slack's blocks, and nothing of who wrote them. An instant is read from its fallback, which is told in the zone
of the message; Slack itself would show it in the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

from adapters.tables import WIDEST
from adapters.terminal.render import moment
from tests.scenarios import hearing
from tests.scenarios.stage import Shown

Json = Mapping[str, Any]
_FACT = re.compile(r"[^:]+: (.*)")
_INSTANTS: dict[str, Literal["day_time", "date", "time"]] = {
    "%Y-%m-%d %H:%M": "day_time",
    "%Y-%m-%d": "date",
    "%H:%M": "time",
}


def message(
    at: datetime,
    notification: str,
    blocks: Sequence[Json],
    *,
    names: Mapping[str, str],
    files: Mapping[str, bytes],
    unseen: Sequence[str] = (),
) -> Shown:
    """`names`: of channels with their "#" and of people with an "@", by id; `files`: what was uploaded, by id.

    `unseen`: what else Slack was told.
    """
    pictures, pressed = [b for b in blocks if b["type"] == "image"], buttons(blocks)
    return Shown(
        at,
        "\n".join(line for block in blocks for line in _lines(block, names)),
        tuple(row for block in blocks for row in _rows(block, names)),
        tuple(b["text"]["text"] for b in pressed),
        (notification, *(p["alt_text"] for p in pictures), *(str(b.get("value")) for b in pressed), *unseen),
        tuple(files[p["slack_file"]["id"]] for p in pictures),
    )


def modal(at: datetime, view: Json, errors: Mapping[str, str]) -> Shown:
    """A form or a notice; `errors`: what stands below its inputs, by block."""
    inputs = [b for b in view["blocks"] if b["type"] == "input"]
    asked = [f"{_text(b, 'label')} {_text(b, 'hint')} {_initial(b['element'])}".strip() for b in inputs]
    said = [line for block in view["blocks"] for line in _lines(block, {})]
    return Shown(
        at,
        "\n".join([view["title"]["text"], *errors.values(), *said, *asked]),
        fields={b["block_id"]: tuple(o["text"]["text"] for o in b["element"].get("options", ())) for b in inputs},
    )


def buttons(blocks: Sequence[Json]) -> list[Json]:
    return [e for block in blocks if block["type"] == "actions" for e in block["elements"]]


def _lines(block: Json, names: Mapping[str, str]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield block["text"]["text"]
        case "context":
            yield from (e["text"] for e in block["elements"])
        case "rich_text":
            for part in block["elements"]:
                items = part["elements"] if part["type"] == "rich_text_list" else [part]
                yield from (_said(item, names) for item in items)
        case "actions" | "image" | "input":
            pass
        case other:
            raise AssertionError(f"nobody has said how a block of the kind {other} is read")


def _said(part: Json, names: Mapping[str, str]) -> str:
    return "".join(_element(e, names) for e in part["elements"])


def _element(element: Json, names: Mapping[str, str]) -> str:
    match element["type"]:
        case "text":
            return str(element["text"])
        case "link":
            return f"{element['text']} ({element['url']})"
        case "channel":
            return names[element["channel_id"]]
        case "user":
            return names[element["user_id"]]
        case "date":
            return _instant(element["fallback"])
    raise AssertionError(f"nobody has said how {element} is read")


def _instant(fallback: str) -> str:
    for written, style in _INSTANTS.items():
        with suppress(ValueError):
            return moment(datetime.strptime(fallback, written).replace(tzinfo=UTC), UTC, style)
    raise AssertionError(f"{fallback} is no instant")


def _rows(block: Json, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Of a table in columns of a fixed pitch, or as a list of rows that begin with a bold cell."""
    for part in block["elements"] if block["type"] == "rich_text" else ():
        if part["type"] == "rich_text_preformatted":
            yield from hearing.rows(_said(part, names), WIDEST)
        elif part["type"] == "rich_text_list":
            for item in part["elements"]:
                first, *others = item["elements"]
                told = "".join(e.get("text", "") for e in others)
                if first.get("style") == {"bold": True} and told.startswith(" – "):
                    facts = [_FACT.fullmatch(cell) for cell in told.removeprefix(" – ").split(" · ")]
                    yield (first["text"], *(fact[1] for fact in facts if fact))


def _text(block: Json, name: str) -> str:
    return str(block.get(name, {}).get("text", ""))


def _initial(element: Json) -> str:
    option = element.get("initial_option")
    return str(option["text"]["text"] if option else element.get("initial_value") or element.get("initial_time") or "")
