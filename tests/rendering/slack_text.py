"""Slack's blocks as short lines that can be read and compared; nothing of a block is left out."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]
WIDTH = 110


def readable(text: str, blocks: list[dict[str, Any]]) -> str:
    """One Slack message."""
    lines = [f"text {_quoted(text)}", *(line for block in blocks for line in _block(block))]
    return "".join(f"{_wrapped(line)}\n" for line in lines)


def form(view: Node) -> str:
    lines = [*_rest("modal", view, "type", "blocks"), *(line for block in view["blocks"] for line in _block(block))]
    return "".join(f"{_wrapped(line)}\n" for line in lines)


def _block(block: Node) -> Iterator[str]:
    match block:
        case {"type": "header", "text": said, **rest} if not rest:
            yield f"header {_plain(said)}"
        case {"type": "context", "elements": [said], **rest} if not rest:
            yield f"context {_plain(said)}"
        case {"type": "image", "slack_file": {"id": file}, "alt_text": alt, **rest} if not rest:
            yield f"image {file} {_quoted(alt)}"
        case {"type": "actions", "elements": buttons, **rest} if not rest:
            yield "actions"
            yield from (f"  {_button(button)}" for button in buttons)
        case {"type": "rich_text", "elements": parts, **rest} if not rest:
            yield "rich_text"
            yield from (f"  {line}" for part in parts for line in _part(part))
        case {"type": "input", "block_id": name, **rest}:
            yield f"input {name}"
            yield from (f"  {line}" for line in _rest("", rest))
        case _:
            raise ValueError(f"no short line for {block}")


def _part(part: Node) -> Iterator[str]:
    rest = {key: value for key, value in part.items() if key not in ("type", "elements", "style")}
    kind = " ".join([part["type"].removeprefix("rich_text_"), *(f"{key}={value}" for key, value in rest.items())])
    if part["type"] == "rich_text_list":
        yield f"{kind} {part['style']}"
        for item in part["elements"]:
            yield from (f"  {line}" for line in _part(item))
    else:
        yield " ".join([kind, *map(_element, part["elements"])])


def _element(element: Node) -> str:
    match element:
        case {"type": "text", "text": text, **rest}:
            return _quoted(text) + _style(rest)
        case {"type": kind, **rest}:
            style = _style({key: rest.pop(key) for key in ["style"] if key in rest})
            return f"{kind}({', '.join(f'{key} {value}' for key, value in rest.items())}){style}"
    raise ValueError(f"no short form for {element}")


def _style(rest: Node) -> str:
    assert rest.keys() <= {"style"} and all(v is True for v in rest.get("style", {}).values()), rest
    return "".join(f".{how}" for how in rest.get("style", {}))


def _button(button: Node) -> str:
    rest = {key: value for key, value in button.items() if key not in ("type", "action_id", "text", "value")}
    more = "".join(f" {key}={value}" for key, value in rest.items())
    return f"{button['action_id']} {_plain(button['text'])} -> {button['value']}{more}"


def _rest(name: str, node: Node, *but: str) -> Iterator[str]:
    """The other keys of something, one a line."""
    if name:
        yield name
    for key, value in node.items():
        if key in but:
            continue
        if key == "options":
            yield f"  {key}"
            yield from (f"    {_plain(option['text'])} -> {option['value']}" for option in value)
        elif isinstance(value, dict) and value.get("type") == "plain_text":
            yield f"  {key} {_plain(value)}"
        elif isinstance(value, dict):
            yield f"  {key}"
            yield from (f"  {line}" for line in _rest("", value))
        else:
            yield f"  {key} {value}"


def _plain(said: Node) -> str:
    assert said.keys() == {"type", "text", "emoji"} and not said["emoji"] and said["type"] == "plain_text", said
    return _quoted(said["text"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wrapped(line: str) -> str:
    inset = " " * (len(line) - len(line.lstrip()) + 4)
    whole = textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=inset,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        expand_tabs=False,
    )
    return "\n".join(whole)
