"""What a person in Slack sees of a message, and how a long one is divided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.render import Part, parts, surface
from bot.door.intents import About, Help, Practice
from bot.door.messages import (
    Block,
    Bullets,
    Button,
    CodeBlock,
    Facts,
    Holders,
    Link,
    Mention,
    Message,
    Paragraph,
    Picture,
    Room,
    Span,
    Table,
    When,
    bold,
    code,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.model import MemberId
from tests.slack.validation import check_message, check_view

ANA = MemberId("m1")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
SENTENCE = "A sentence of an answer that says something about recall. "
LONG: list[tuple[str, str]] = [
    ("paragraphs", (SENTENCE * 4 + "\n\n") * 300),
    ("one paragraph", SENTENCE * 1_000),
    ("one word", "x" * 5_000),
    ("lines of JSON", json.dumps([{"text": 'He said "no" & <left>'}] * 5_000, indent=1)[:200_000]),
    ("Chinese", "召回率很重要。" * 3_000),
    ("spaces", "a" + " " * 20_000 + "b"),
]


def said(*blocks: Block, **more: Any) -> Message:
    return Message("A message", blocks, **more)


def drawn(message: Message, **options: Any) -> list[Part]:
    """The parts, each of which Slack takes."""
    found = parts(message, **options)
    for part in found:
        check_message({"channel": "C01AB2CD3", "text": part.text, "blocks": part.blocks})
    return found


def blocks(message: Message, **options: Any) -> list[dict[str, Any]]:
    (only,) = drawn(message, **options)
    return only.blocks


def elements(*line: str | Span, **options: Any) -> list[dict[str, Any]]:
    """What one paragraph becomes."""
    (block,) = blocks(said(paragraph(*line)), **options)
    (section,) = block["elements"]
    return list(section["elements"])


def texts(node: Any) -> Iterator[str]:
    """Every text in blocks, in the order in which it is read."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)


def visible(node: Any) -> str:
    return "".join("".join(texts(node)).split())


@pytest.mark.parametrize("kind", ["body", "quote", "note", "code", "bullet", "numbered", "fact", "cell"])
@pytest.mark.parametrize(("name", "text"), LONG, ids=[name for name, _ in LONG])
def test_a_text_of_any_length_is_divided_and_none_of_it_is_lost(name: str, text: str, kind: str) -> None:
    shapes: dict[str, Block] = {
        "code": CodeBlock(text),
        "bullet": Bullets((spans(text),)),
        "numbered": Bullets((spans(text),), numbered=True),
        "fact": Facts((("Said", spans(text)),)),
        "cell": Table(("Said",), ((text,),)),
    }
    block = shapes.get(kind) or Paragraph(spans(text), kind)  # type: ignore[arg-type]
    found = drawn(said(block, buttons=(Button("Next", Practice()),)))
    seen = visible([part.blocks for part in found])
    assert seen.removeprefix("Said").removeprefix(":") == "".join(text.split()) + "Next"
    assert all(len(json.dumps(part.blocks, ensure_ascii=False)) <= 12_000 for part in found)


def test_a_long_answer_is_broken_between_its_paragraphs() -> None:
    answer = "\n\n".join([SENTENCE * 20] * 5)
    whole = ["".join(texts(block)) for block in blocks(said(quote(answer)))]
    assert [text.count("\n\n") + 1 for text in whole] == [3, 2]
    assert all(text.startswith("A sentence") and text.endswith("recall.") for text in whole)


def test_an_export_becomes_numbered_messages_with_its_button_below_the_last() -> None:
    export = json.dumps({"attempts": ["I would look at the recall."] * 5_000})
    found = drawn(said(CodeBlock(export), buttons=(Button("Delete everything", Practice()),)))
    assert len(found) > 10
    assert found[0].text == f"A message (1 of {len(found)})"
    with_buttons = [n for n, part in enumerate(found) if part.blocks[-1]["type"] == "actions"]
    assert with_buttons == [len(found) - 1]
    assert len(found[-1].blocks) > 1


def test_a_hundred_paragraphs_become_several_messages() -> None:
    many = tuple(paragraph(f"Point {n}.") for n in range(100))
    found = drawn(said(*many, buttons=tuple(Button(f"No {n}", About(str(n))) for n in range(25))))
    assert [len(part.blocks) for part in found] == [45, 45, 15]


def test_five_buttons_stand_in_a_row_and_each_is_known_by_itself() -> None:
    buttons = tuple(Button(f"Verdict {n}", About(str(n)), primary=n == 0) for n in range(7))
    first, second = blocks(said(buttons=buttons))[-2:]
    assert [b["text"]["text"] for b in second["elements"]] == ["Verdict 5", "Verdict 6"]
    assert [b["action_id"] for b in (*first["elements"], *second["elements"])] == [f"b{n}" for n in range(7)]
    assert first["elements"][3]["value"] == "about|3"
    assert [b.get("style") for b in first["elements"][:2]] == ["primary", None]


@pytest.mark.parametrize(
    "typed", ["<!channel>", "@everyone", "<@U01AB2CD3>", "&amp;", ":smile:", "*bold* _it_ ~x~ `c`", "```", "> quote"]
)
def test_what_somebody_typed_is_shown_as_it_was_typed(typed: str) -> None:
    assert elements(typed) == [{"type": "text", "text": typed}]
    (quoted,) = blocks(said(quote(typed)))
    assert quoted["elements"][0]["elements"] == [{"type": "text", "text": typed}]
    (small,) = blocks(said(note(typed)))
    assert small["elements"] == [{"type": "plain_text", "text": typed, "emoji": False}]
    (button,) = blocks(said(paragraph("Choose"), buttons=(Button(typed, Help()),)))[1]["elements"]
    assert button["text"] == {"type": "plain_text", "text": typed, "emoji": False}


def test_control_characters_and_broken_text_leave_no_trace() -> None:
    assert elements("a\0b\x07 \u202edrawkcab\ud800 \x1b[31mred") == [{"type": "text", "text": "ab drawkcab� red"}]


@pytest.mark.parametrize("text", ["", "  \n", "\u202e", "\0"])
def test_a_message_without_anything_to_see_shows_its_summary(text: str) -> None:
    empty = said(paragraph(text), quote(text), note(text), CodeBlock(text), heading(text))
    assert list(texts(blocks(empty))) == ["A message"]
    assert list(texts(blocks(said(Bullets((spans(text),)), Facts((("Name", spans(text)),)))))) == [
        "–",
        "Name:",
        " ",
        "–",
    ]


def test_the_notification_is_the_summary_and_mentions_nobody() -> None:
    (part,) = drawn(Message("<!channel> & <@U01AB2CD3>", (paragraph("Lean Hire"),), title="Strong Hire"))
    assert part.text == "&lt;!channel&gt; &amp; &lt;@U01AB2CD3&gt;"


def test_only_addresses_of_the_web_and_of_mail_become_links() -> None:
    (web,) = elements(Link("https://rolecall.example/a?b=1&c=2", "the page"))
    assert web == {"type": "link", "url": "https://rolecall.example/a?b=1&c=2", "text": "the page"}
    assert elements(Link("mailto:ana@rolecall.example", ""))[0]["type"] == "link"
    for address in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "slack://open",
        "https://a b",
        "https://" + "a" * 3_000,
    ):
        assert {e["type"] for e in elements(Link(address, "the page"))} == {"text"}


def test_who_is_known_in_slack_is_mentioned_and_others_are_named() -> None:
    mention = Mention(ANA, "Ana <!here>")
    assert elements(mention, users={ANA: "U01AB2CD3"}) == [{"type": "user", "user_id": "U01AB2CD3"}]
    assert elements(mention) == [{"type": "text", "text": "Ana <!here>", "style": {"bold": True}}]


def test_a_channel_shows_its_name() -> None:
    assert elements(Room("C01AB2CD3")) == [{"type": "channel", "channel_id": "C01AB2CD3"}]
    assert elements(Room("#ml")) == [{"type": "text", "text": "#ml", "style": {"bold": True}}]


def test_a_role_of_another_platform_is_named_by_its_id() -> None:
    assert elements(Holders("80351")) == [{"type": "text", "text": "the role 80351", "style": {"bold": True}}]


def test_an_instant_is_drawn_by_the_readers_own_clock() -> None:
    (found,) = elements(When(MONDAY, "Europe/Berlin"))
    assert found == {
        "type": "date",
        "timestamp": 1767603600,
        "format": "{date_short} at {time}",
        "fallback": "2026-01-05 10:00",
    }
    assert elements(When(MONDAY, "Nowhere/Land", "time"))[0]["fallback"] == "09:00"


def test_a_heading_stays_with_what_it_is_above() -> None:
    first, second = blocks(said(heading("Met"), paragraph("Recall."), heading("Missed"), Bullets((spans("Cost."),))))
    assert [e["text"] for e in first["elements"][0]["elements"]] == ["Met", "\n", "Recall."]
    assert [part["type"] for part in second["elements"]] == ["rich_text_section", "rich_text_list"]
    assert list(texts(blocks(said(heading("Last"))))) == ["Last"]
    assert list(texts(blocks(said(heading("Small"), note("print"))))) == ["Small", "print"]


def test_a_numbered_list_goes_on_counting_behind_a_long_item() -> None:
    found = blocks(said(Bullets((spans("One."), spans(SENTENCE * 100), spans("Three.")), numbered=True)))
    lists = [part for block in found for part in block["elements"] if part["type"] == "rich_text_list"]
    assert [(part.get("offset", 0), len(part["elements"])) for part in lists] == [(0, 2), (2, 1)]


def test_a_narrow_table_has_columns_and_a_wide_one_is_a_list() -> None:
    head = ("Place", "Name", "Points")
    (narrow,) = blocks(said(Table(head, (("1", "Ana", "1,204"), ("12", "召回", "96")))))
    assert narrow["elements"][0]["type"] == "rich_text_preformatted"
    assert list(texts(narrow)) == ["Place  Name  Points\n1      Ana   1,204\n12     召回  96"]
    (wide,) = blocks(said(Table(head, (("1", "Ana of the evening group in Spring", "1,204"), ("2", "", "96")))))
    assert list(texts(wide)) == [
        "1",
        " – Name: Ana of the evening group in Spring · Points: 1,204",
        "2",
        " – Points: 96",
    ]


def test_a_picture_is_shown_with_its_description_or_told_by_it() -> None:
    board = said(paragraph("The week."), Picture(b"png", "1. Ana, 12 points." + " x" * 2_000))
    _, image = blocks(board, files={1: "F01AB2CD3"})
    assert image["slack_file"] == {"id": "F01AB2CD3"}
    assert image["alt_text"].startswith("1. Ana, 12 points.")
    _, told = blocks(board)
    assert told["elements"][0]["text"].startswith("Picture: 1. Ana, 12 points.")


def test_a_slash_command_with_another_name_is_written_with_that_name() -> None:
    message = Message(
        "Type /rolecall help",
        (
            paragraph("Type /rolecall settings, or ", code("/rolecall me pause"), " or ", bold("/rolecall"), "."),
            note("/rolecall help"),
            Facts((("/rolecall why", spans("/rolecall why")),)),
            quote("I typed /rolecall why"),
            CodeBlock("/rolecall export"),
            paragraph("see github.com/rolecall or /rolecall-eu"),
        ),
        (Button("Type /rolecall start", Practice()),),
        title="/rolecall",
    )
    (part,) = drawn(message, root="mentor")
    assert part.text == "Type /mentor help"
    assert "\n".join(texts(part.blocks)).count("/mentor") == 8
    kept = [t for t in texts(part.blocks) if "/rolecall" in t]
    assert kept == ["I typed /rolecall why", "/rolecall export", "see github.com/rolecall or /rolecall-eu"]


def test_the_home_tab_takes_a_hundred_blocks_and_says_that_it_was_cut() -> None:
    long = said(*(paragraph(f"Point {n}.") for n in range(300)), buttons=(Button("Settings", Practice()),))
    shown = surface(long)
    check_view({"type": "home", "blocks": shown})
    assert len(shown) == 100
    assert shown[-1]["type"] == "actions"
    assert list(texts(shown[-2])) == [
        "There is more than fits here. /rolecall help names the commands that send you all of it as a message."
    ]


def test_a_view_stays_below_250_kilobytes() -> None:
    heavy = {"type": "home", "blocks": surface(said(*[quote("召" * 2_000)] * 90))}
    check_view(heavy)
    assert len(json.dumps(heavy)) < 250_000
    assert "There is more than fits here." in list(texts(heavy))[-1]
