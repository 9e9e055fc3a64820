"""Whatever people type, Discord takes the message, all of it is there, and none of it does anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.inert import inert, inert_line
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
from tests.adapters.discord import markdown
from tests.adapters.discord.drawn import drawn, seen, texts

SNIPPETS = (
    "@everyone", "<@1>", "<@&1>", "<#1>", "</rolecall help:1>", "/rolecall help", "<t:1>", "<:a:1>", ":a:", "||", "|",
    "```", "`", "``", "# ", "### ", "-# ", "> ", ">>> ", "- ", "1. ", "[x](http://y)", "http://y.z", "//", ":", "\\",
    "_", "*", "**", "~~", "~", "<", ">", "1", "\n", "\n\n", "  ", " ", "word ", "Sentence. ", "\0", "\x1b[31m",
    "\ud800", "\u202e", "\u200b", "\u200d", "e\u0301", "👩‍👩‍👧", "召回率。" * 200, "x" * 900, "*" * 900,
)  # fmt: skip
TYPED = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=25).map("".join)
SPANS = st.lists(st.builds(Text, TYPED, st.sampled_from(["plain", "bold", "italic", "code"])), max_size=4).map(tuple)
BLOCKS = st.one_of(
    st.builds(Paragraph, SPANS, st.sampled_from(["body", "heading", "quote", "note"]), st.booleans()),
    st.builds(CodeBlock, TYPED),
    st.builds(Bullets, st.lists(SPANS, max_size=4).map(tuple), st.booleans()),
    st.builds(Facts, st.lists(st.tuples(TYPED, SPANS), max_size=3).map(tuple)),
)
BOUNDED = st.lists(st.tuples(TYPED, TYPED), max_size=3).map(lambda rows: Table(("A", "B"), tuple(rows))) | st.builds(
    Picture, st.just(b""), TYPED
)
BUTTONS = st.lists(TYPED.filter(str.strip), max_size=25).map(
    lambda labels: tuple(
        Button(label[: LIMITS.BUTTON_LABEL].strip() or "–", About(str(n))) for n, label in enumerate(labels)
    )
)


def nothing_is_lost(blocks: list[Block]) -> None:
    found = drawn(Message("A message", tuple(blocks)))
    assert seen(*found) == ("".join(map(_told, blocks)) or "Amessage")


def nothing_is_live(
    blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str, *, covers: bool
) -> None:
    message = Message(f"S{summary}"[: LIMITS.SUMMARY], tuple(blocks), buttons, f"T{title}"[: LIMITS.TITLE])
    for part in drawn(message, notifies=True, mark="f" * 25):
        assert not markdown.kinds(part.content) & markdown.LIVE
        for text in texts(part):
            assert not markdown.kinds(text) & (markdown.LIVE - ({"spoiler"} if covers else set()))


@settings(max_examples=25)
@given(st.lists(BLOCKS, max_size=6))
def test_nothing_that_was_said_is_lost(blocks: list[Block]) -> None:
    nothing_is_lost(blocks)


@settings(max_examples=15)
@given(st.lists(BLOCKS | BOUNDED, max_size=6), BUTTONS, TYPED, TYPED)
def test_discord_takes_it_and_finds_nothing_live_in_it(
    blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str
) -> None:
    nothing_is_live(blocks, buttons, title, summary, covers=any(getattr(block, "spoils", False) for block in blocks))


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(BLOCKS, max_size=8))
def test_nothing_of_three_hundred_messages_is_lost(blocks: list[Block]) -> None:
    nothing_is_lost(blocks)


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(BLOCKS | BOUNDED, max_size=8), BUTTONS, TYPED, TYPED)
def test_nothing_in_a_hundred_and_fifty_messages_is_live(
    blocks: list[Block], buttons: tuple[Button, ...], title: str, summary: str
) -> None:
    nothing_is_live(blocks, buttons, title, summary, covers=any(getattr(block, "spoils", False) for block in blocks))


def _told(block: Block) -> str:
    match block:
        case Paragraph(spans, _):
            return _seen(spans)
        case CodeBlock(text):
            return "".join(inert(text).split())
        case Bullets(items, _):
            return "".join(_seen(item) or "–" for item in items)
        case Facts(pairs):
            return "".join(map(_fact, pairs))
    raise TypeError(block)


def _fact(pair: tuple[str, Spans]) -> str:
    label = inert_line(pair[0])
    ending = "" if label.endswith((":", "?", "!")) else ":"
    return "".join(label.split()) + ending + (_seen(pair[1]) or "–")


def _seen(spans: Spans) -> str:
    return "".join("".join(inert(s.text) for s in spans if isinstance(s, Text)).split())
