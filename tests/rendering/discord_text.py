"""What Discord gets of a message or a form, as lines that can be read and compared; nothing of it is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from adapters.discord.render import Part


def readable(part: Part) -> str:
    """One of Discord's messages."""
    sent = part.sent()
    lines = [f"content {_quoted(part.content)}"]
    if sent["allowed_mentions"].to_dict() != {"parse": [], "users": []}:
        lines.append(f"rings {part.rings}")
    described = {name: alt for name, _, alt in part.attached}
    for embed in part.embeds:
        lines += _embed(dict(embed.to_dict()), described)
    lines += [f"unused {name}" for name in described]
    for row in sent["view"].to_components() if "view" in sent else ():
        lines += ["row", *(f"  {_button(button)}" for button in row["components"])]
    return "".join(f"{line}\n" for line in lines)


def form(view: dict[str, Any]) -> str:
    lines = [f"modal {_quoted(view['title'])} {view['custom_id']}"]
    for label in view["components"]:
        lines += _label(label)
    return "".join(f"{line}\n" for line in lines)


def _embed(embed: dict[str, Any], described: dict[str, str]) -> Iterator[str]:
    assert embed.keys() <= {"type", "flags", "description", "image"}, embed
    yield "embed"
    yield from (f"  | {line}".rstrip() for line in embed.get("description", "").split("\n") if embed.get("description"))
    if "image" in embed:
        name = embed["image"]["url"].removeprefix("attachment://")
        yield f"  image {name} {_quoted(described.pop(name))}"


def _button(button: dict[str, Any]) -> str:
    assert button.keys() == {"type", "style", "label", "disabled", "custom_id"} and not button["disabled"], button
    return f"{button['custom_id']} {_quoted(button['label'])}{' primary' if button['style'] == 1 else ''}"


def _label(label: dict[str, Any]) -> Iterator[str]:
    assert label.keys() <= {"type", "label", "description", "component"} and label["type"] == 18, label
    yield " ".join(["label", *(_quoted(label[key]) for key in ("label", "description") if key in label)])
    component = label["component"]
    options = component.pop("options", ())
    kind = {3: "select", 4: "text"}[component.pop("type")]
    rest = {key: value for key, value in component.items() if key != "custom_id"}
    yield f"  {kind} {component['custom_id']} {json.dumps(rest, ensure_ascii=False)}"
    for option in options:
        yield f"    {option['value']} {_quoted(option['label'])}{' chosen' if option['default'] else ''}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
