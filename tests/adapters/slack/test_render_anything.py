"""Whatever people type, Slack takes the message, all of it is there, and none of it does anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.inert import inert
from adapters.slack.render import parts, surface
from bot.door.intents import About
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Message,
    Paragraph,
    Picture,
    Spans,
    Table,
    Text,
)
from tests.adapters.slack.test_render import visible
from tests.slack.validation import check_message, check_view

SNIPPETS = (
    "<!channel>", "@everyone", "<@U01AB2CD3>", "<https://x.example|y>", "&amp;", "&lt;", ":smile:", "```", "*", "_",
    "~", ">", "\n\n", "\n", "\0", "\x1b[31m", "\ud800", "\u202e", "\u200d", "e\u0301", "👩‍👩‍👧", "{date}", '"', "\\",
    "/rolecall", "word ", "Sentence. ", "x" * 700, "召回率。" * 300,
)  # fmt: skip
TYPED = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=20), max_size=30).map("".join)
SPANS = st.lists(st.builds(Text, TYPED, st.sampled_from(["plain", "bold", "italic", "code"])), max_size=4).map(tuple)
BLOCKS = (
    st.builds(Paragraph, SPANS, st.sampled_from(["body", "heading", "quote", "note"]))
    | st.builds(CodeBlock, TYPED)
    | st.builds(Bullets, st.lists(SPANS, max_size=4).map(tuple), st.booleans())
)
BOUNDED = (
    st.builds(Facts, st.lists(st.tuples(TYPED, SPANS), max_size=3).map(tuple))
    | st.lists(st.tuples(TYPED, TYPED), max_size=3).map(lambda rows: Table(("A", "B"), tuple(rows)))
    | st.builds(Picture, st.just(b""), TYPED)
)
BUTTONS = st.lists(TYPED.filter(str.strip), max_size=25).map(
    lambda labels: tuple(
        Button(label[: LIMITS.BUTTON_LABEL].strip() or "–", About(str(n))) for n, label in enumerate(labels)
    )
)
INERT = {
    "header", "plain_text", "context", "actions", "button", "image", "rich_text", "rich_text_section",
    "rich_text_quote", "rich_text_preformatted", "rich_text_list", "text",
}  # fmt: skip


def nothing_is_lost(blocks: list[Block]) -> None:
    found = parts(Message("A message", tuple(blocks)))
    expected = "".join(map(_told, blocks))
    assert visible([part.blocks for part in found]) == (expected or "Amessage")


def nothing_is_live(blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str) -> None:
    message = Message(f"S{summary}"[: LIMITS.SUMMARY], tuple(blocks), buttons, f"T{title}"[: LIMITS.TITLE])
    files = {n: f"F{n}" for n, block in enumerate(blocks) if isinstance(block, Picture) and n % 2}
    for part in parts(message, files=files, root="mentor"):
        check_message({"channel": "C01AB2CD3", "text": part.text, "blocks": part.blocks}, set(files.values()))
        assert {node["type"] for node in _nodes(part.blocks)} <= INERT
        assert not any(node["emoji"] for node in _nodes(part.blocks) if node["type"] == "plain_text")
    check_view({"type": "home", "blocks": surface(message)})


@settings(max_examples=20)
@given(st.lists(BLOCKS, max_size=6))
def test_nothing_that_was_said_is_lost(blocks: list[Block]) -> None:
    nothing_is_lost(blocks)


@settings(max_examples=20)
@given(st.lists(BLOCKS | BOUNDED, max_size=6), BUTTONS, TYPED, TYPED)
def test_slack_takes_it_and_finds_nothing_live_in_it(
    blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str
) -> None:
    nothing_is_live(blocks, buttons, title, summary)


@pytest.mark.slow
@given(st.lists(BLOCKS, max_size=12))
def test_nothing_of_a_hundred_messages_is_lost(blocks: list[Block]) -> None:
    nothing_is_lost(blocks)


@pytest.mark.slow
@given(st.lists(BLOCKS | BOUNDED, max_size=12), BUTTONS, TYPED, TYPED)
def test_nothing_in_a_hundred_messages_is_live(
    blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str
) -> None:
    nothing_is_live(blocks, buttons, title, summary)


def _told(block: Block) -> str:
    match block:
        case Paragraph(spans, _):
            return _seen(spans)
        case CodeBlock(text):
            return "".join(inert(text).split())
        case Bullets(items, _):
            return "".join(_seen(item) or "–" for item in items)
    raise TypeError(block)


def _seen(spans: Spans) -> str:
    return "".join("".join(inert(s.text) for s in spans if isinstance(s, Text)).split())


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for one in node:
            yield from _nodes(one)
