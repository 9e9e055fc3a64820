"""Words that were kept are sent again as they were, also by a later version."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.door import intents as i
from bot.door.frozen import from_json, to_json
from bot.door.messages import (
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
    Table,
    Text,
    When,
    bold,
    code,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.model import MemberId, ServingId
from tests.rendering.test_examples import EXAMPLES

WHOLE_VOCABULARY = Message(
    "Two questions are due",
    (
        heading("Today"),
        paragraph("Hello ", Mention(MemberId("m1"), "Ana"), ", ", bold("two"), Text(" soon", "italic"), code("x = 1")),
        quote("Recall is what the model finds."),
        note("Read ", Link("https://example.org/recall", "about recall")),
        CodeBlock("def f():\n    return 1"),
        Bullets((spans("one"), spans("two"))),
        Bullets((spans("first"),), numbered=True),
        Facts((("Next", spans(When(datetime(2026, 1, 5, 8, 30, tzinfo=UTC), "Europe/Berlin"))),)),
        Paragraph(
            (
                When(datetime(2026, 1, 6, tzinfo=UTC), "UTC", "date"),
                When(datetime(2026, 1, 6, 9, 15, 0, 250_000, tzinfo=UTC), "UTC", "time"),
            )
        ),
        Table(("Topic", "Held"), (("RAG", "3"), ("SQL", "1"))),
        Picture(b"\x89PNG\r\n\x1a\n\x00\xff", "A line that rises"),
    ),
    (
        Button("Answer", i.WriteAnswer(ServingId("s1")), primary=True),
        Button("Not today", i.Snooze("1d")),
    ),
    title="Your reviews",
)

KEPT_TODAY: dict[str, Any] = {
    "summary": "Two questions are due",
    "title": "Your reviews",
    "blocks": [
        {"is": "heading", "spans": [{"is": "plain", "text": "Today"}]},
        {
            "is": "body",
            "spans": [
                {"is": "plain", "text": "Hello "},
                {"is": "mention", "member": "m1", "name": "Ana"},
                {"is": "plain", "text": ", "},
                {"is": "bold", "text": "two"},
                {"is": "italic", "text": " soon"},
                {"is": "code", "text": "x = 1"},
            ],
        },
        {"is": "quote", "spans": [{"is": "plain", "text": "Recall is what the model finds."}]},
        {
            "is": "note",
            "spans": [
                {"is": "plain", "text": "Read "},
                {"is": "link", "url": "https://example.org/recall", "label": "about recall"},
            ],
        },
        {"is": "code", "text": "def f():\n    return 1"},
        {"is": "bullets", "items": [[{"is": "plain", "text": "one"}], [{"is": "plain", "text": "two"}]]},
        {"is": "numbered", "items": [[{"is": "plain", "text": "first"}]]},
        {
            "is": "facts",
            "pairs": [["Next", [{"is": "day_time", "at": "2026-01-05T08:30:00+00:00", "zone": "Europe/Berlin"}]]],
        },
        {
            "is": "body",
            "spans": [
                {"is": "date", "at": "2026-01-06T00:00:00+00:00", "zone": "UTC"},
                {"is": "time", "at": "2026-01-06T09:15:00.250000+00:00", "zone": "UTC"},
            ],
        },
        {"is": "table", "head": ["Topic", "Held"], "rows": [["RAG", "3"], ["SQL", "1"]]},
        {"is": "picture", "png": "iVBORw0KGgoA/w==", "alt": "A line that rises"},
    ],
    "buttons": [
        {"label": "Answer", "wire": "answer|s1", "primary": True},
        {"label": "Not today", "wire": "snooze|1d", "primary": False},
    ],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_message_comes_back_from_the_database_word_for_word(name: str) -> None:
    assert from_json(json.loads(json.dumps(to_json(EXAMPLES[name])))) == EXAMPLES[name]


def test_a_message_kept_by_an_earlier_version_can_still_be_read() -> None:
    assert from_json(KEPT_TODAY) == WHOLE_VOCABULARY


def test_messages_are_kept_as_they_were_until_now() -> None:
    assert to_json(WHOLE_VOCABULARY) == KEPT_TODAY


def test_an_instant_is_kept_whatever_zone_it_was_written_in() -> None:
    in_karachi = datetime(2026, 1, 5, 14, 0, tzinfo=timezone(timedelta(hours=5)))
    kept = to_json(Message("s", (Paragraph((When(in_karachi, "Asia/Karachi"),)),)))
    assert kept["blocks"][0]["spans"][0]["at"] == "2026-01-05T09:00:00+00:00"


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ({"blocks": [{"is": "hologram"}]}, "hologram"),
        ({"blocks": [{"is": "body", "spans": [{"is": "blinking"}]}]}, "blinking"),
        ({"buttons": [{"label": "Go", "wire": "teleport|s1", "primary": False}]}, "teleport"),
    ],
)
def test_what_only_a_later_version_knows_is_named(kept: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        from_json(KEPT_TODAY | kept)


def test_a_channel_that_is_named_is_kept_by_its_id() -> None:
    message = Message("Posted", (note("In ", Room("C0LAN2Q65")),))

    assert from_json(json.loads(json.dumps(to_json(message)))) == message


def test_what_rings_what_is_covered_and_whom_a_role_names_is_kept() -> None:
    said = Message(
        "For you",
        (
            paragraph(Mention(MemberId("m1"), "Ana", rings=True), " and ", Holders("80351110224678912")),
            Paragraph(spans("Recall, since most payments are fine."), "quote", spoils=True),
        ),
    )

    assert from_json(json.loads(json.dumps(to_json(said)))) == said
