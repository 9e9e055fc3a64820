"""What Slack takes as a `rich_text` block. Its texts are never parsed, so nothing in them can be a link or a mention.

docs.slack.dev, "Rich text block" (read 2026-11); what it does not name is refused here, and broadcasts always.
"""

from __future__ import annotations

from tests.slack.shapes import Node

_STYLES = ("bold", "italic", "strike", "code", "underline")
_HIGHLIGHTS = ("bold", "italic", "strike", "highlight", "client_highlight", "unlink")
DATE_TOKENS = (
    "date_num",
    "date_slash",
    "date_long",
    "date_long_full",
    "date_long_pretty",
    "date",
    "date_pretty",
    "date_short",
    "date_short_pretty",
    "day_divider_pretty",
    "time",
    "time_secs",
    "ago",
)
_DATE = r"(?:[^{}]|\{(?:" + "|".join(DATE_TOKENS) + r")\})*"


def check(block: Node) -> None:
    block.object({"type", "elements"}, {"block_id"})
    for part in block["elements"].items(1):
        _kind(part)


def _kind(part: Node) -> None:
    kind = _type(part)
    if kind == "rich_text_list":
        _list(part)
    elif kind == "rich_text_section":
        _section(part)
    elif kind in ("rich_text_quote", "rich_text_preformatted"):
        part.object({"type", "elements"}, {"border"})
        for border in part.given("border"):
            border.whole(0, 1)
        for element in part["elements"].items(1):
            if kind == "rich_text_preformatted":
                element["type"].one_of("text", "link")
            _element(element)
    else:
        part.refuse(f"unsupported type: {kind}")


def _type(part: Node) -> str:
    if not isinstance(part.value, dict) or "type" not in part.value:
        part.refuse("missing required field: type")
    return str(part.value["type"])


def _list(part: Node) -> None:
    part.object({"type", "elements", "style"}, {"indent", "offset", "border"})
    style = part["style"].one_of("bullet", "ordered")
    for indent in part.given("indent"):
        indent.whole(0, 8)
    for offset in part.given("offset"):
        offset.whole(0, 10_000)
        if style != "ordered":
            offset.refuse("only an ordered list has an offset")
    for border in part.given("border"):
        border.whole(0, 1)
    for item in part["elements"].items(1):
        if _type(item) != "rich_text_section":
            item.refuse("a list holds sections only")
        _section(item)


def _section(part: Node) -> None:
    part.object({"type", "elements"})
    for element in part["elements"].items(1):
        _element(element)


def _element(element: Node) -> None:
    kind = _type(element)
    styles: tuple[str, ...] = _STYLES
    if kind == "text":
        element.object({"type", "text"}, {"style"})
        element["text"].text(blank=True)
    elif kind == "link":
        element.object({"type", "url"}, {"text", "unsafe", "style"})
        element["url"].like(r"(?:https?|mailto|slack):\S{1,2990}", "a URL")
        for text in element.given("text"):
            text.text()
        for unsafe in element.given("unsafe"):
            unsafe.flag()
    elif kind == "user":
        styles = _HIGHLIGHTS
        element.object({"type", "user_id"}, {"style"})
        element["user_id"].like(r"[UW][A-Z0-9]+", "the id of a user")
    elif kind == "channel":
        styles = _HIGHLIGHTS
        element.object({"type", "channel_id"}, {"style"})
        element["channel_id"].like(r"[CG][A-Z0-9]+", "the id of a channel")
    elif kind == "emoji":
        element.object({"type", "name"}, {"unicode", "skin_tone", "style"})
        element["name"].like(r"[a-z0-9_+'-]+", "the name of an emoji")
    elif kind == "date":
        element.object({"type", "timestamp", "format", "fallback"}, {"url", "style"})
        element["timestamp"].whole(0, 2**33)
        if "{" not in element["format"].like(_DATE, "a format of known tokens"):
            element["format"].refuse("must have a token")
        element["fallback"].text()
    else:
        element.refuse(f"unsupported type: {kind}")
    for style in element.given("style"):
        for flag in style.object((), styles).given(*styles):
            flag.flag()
