"""The Markdown that authors may use -> blocks of the door. Bold, italic, code, lists, fences and paragraphs; no more.

Platforms draw these and nothing else, so anything else is refused here and not lost there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.door.messages import Block, Bullets, CodeBlock, Paragraph, Spans, Text
from bot.errors import RolecallError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Style = Literal["plain", "bold", "italic", "code"]

_REMEDIES = {
    "heading": ("a heading", "write a paragraph, in **bold** if need be"),
    "table": ("a table", "write a list, or a fenced block"),
    "html_block": ("HTML", "put it in `backticks`, or leave it out"),
    "html_inline": ("HTML", "put it in `backticks`, or leave it out"),
    "image": ("a picture", "describe it in words"),
    "link": ("a link", "name the thing, and give the address under `sources`"),
    "blockquote": ("a quotation block", "use quotation marks"),
    "hr": ("a dividing line", "leave it out"),
    "code_block": ("indented code", "put it between lines of ```, or take the four spaces out"),
    "fence": ("a code block inside a list", "put it below the list"),
    "s": ("crossed-out text", "leave it out"),
}


class MarkdownError(RolecallError):
    """A text uses Markdown that not every platform can draw."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"The text {problem}: {remedy}.")
        self.problem = problem
        self.remedy = remedy


@lru_cache(maxsize=4096)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text. Raises MarkdownError for anything outside the subset."""
    tokens = _parser().parse(text)
    found: list[Block] = []
    while tokens:
        token = tokens.pop(0)
        if token.type == "paragraph_open":
            found.append(Paragraph(_spans(tokens.pop(0))))
            tokens.pop(0)
        elif token.type == "fence":
            found.append(CodeBlock(token.content.rstrip("\n")))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            found.append(_bullets(tokens, numbered=token.type.startswith("ordered")))
        else:
            raise _refused(token)
    return tuple(found)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _bullets(tokens: list[Token], numbered: bool) -> Bullets:
    items: list[Spans] = []
    while (token := tokens.pop(0)).type not in ("bullet_list_close", "ordered_list_close"):
        if token.type == "list_item_open":
            items.append(())
        elif token.type == "inline":
            if items[-1]:
                raise MarkdownError("has a list item of two paragraphs", "make two items, or one paragraph")
            items[-1] = _spans(token)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            raise MarkdownError("has a list inside a list", "write one list")
        elif token.type not in ("list_item_close", "paragraph_open", "paragraph_close"):
            raise _refused(token)
    return Bullets(tuple(items), numbered)


def _spans(inline: Token) -> Spans:
    spans: list[Text] = []
    styles: list[Style] = ["plain"]
    opened: dict[str, Style] = {"strong_open": "bold", "em_open": "italic"}

    def add(text: str, style: Style) -> None:
        if spans and spans[-1].style == style:
            text = spans.pop().text + text
        if text:
            spans.append(Text(text, style))

    for token in inline.children or []:
        if token.type in opened:
            styles.append(opened[token.type])
        elif token.type in ("strong_close", "em_close"):
            styles.pop()
        elif token.type == "text":
            add(token.content, styles[-1])
        elif token.type == "code_inline":
            add(token.content, "code")
        elif token.type == "softbreak":
            add(" ", styles[-1])
        elif token.type == "hardbreak":
            add("\n", styles[-1])
        else:
            raise _refused(token)
    return tuple(spans)


def _refused(token: Token) -> MarkdownError:
    kind = token.type.removesuffix("_open")
    what, remedy = _REMEDIES.get(kind, (kind.replace("_", " "), "leave it out"))
    return MarkdownError(f"holds {what}", remedy)
