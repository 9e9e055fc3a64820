"""An organiser says something to the whole cohort: plain text, with their name, and not all day long."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.terminal.screen import Screen
from bot.cohort_model import Channel
from bot.door import cohort_intents as c
from bot.door.messages import Push
from bot.errors import FieldError, RolecallError
from bot.store import cohorts, delivery
from tests.cohorts.group import Group, group
from tests.talk import DAY, Talk, talk, words

NEWS = "On Friday we meet at 17:00.\n\n@everyone **Bring** one <b>question</b>."


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path) as chat:
        yield chat


def said(of: Group) -> list[Push]:
    return [p for p in of.posts if p.key.startswith("announcement:")]


def test_it_is_posted_as_it_was_typed_with_who_wrote_it(chat: Talk) -> None:
    spring = group(chat)
    form = chat.form("Olga", c.WriteAnnouncement())
    reply = spring.says("Olga", form.submit({"text": NEWS}))
    assert "the channel of “Spring” now (Terminal)" in words(reply)
    (post,) = said(spring)
    assert words(post.message).splitlines()[1:] == [
        "On Friday we meet at 17:00.",
        "@everyone **Bring** one <b>question</b>.",
        "Olga, organiser",
    ]


def test_nothing_in_it_becomes_a_mention_or_a_style(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.Announce(NEWS + "\x1b[31m"))
    out = io.StringIO()
    Screen(out, plain=True, width=80).message(said(spring)[0].message)
    assert "**Bring** one <b>question</b>" in out.getvalue()
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("  \n ", "Write what the cohort should know"), ("x" * 1501, "Cut 1 of them, or make two")],
)
def test_too_little_and_too_much_are_refused(chat: Talk, text: str, remedy: str) -> None:
    spring = group(chat)
    with pytest.raises(FieldError, match=remedy) as refused:
        spring.says("Olga", c.Announce(text))
    assert refused.value.field == "text"
    spring.says("Olga", c.Announce("x" * 1500))
    assert len(said(spring)) == 1


def test_the_sixth_of_a_day_has_to_wait_for_tomorrow(chat: Talk) -> None:
    spring = group(chat)
    for n in range(5):
        spring.says("Olga", c.Announce(f"News {n}"))
    with pytest.raises(RolecallError, match="5 announcements today"):
        spring.says("Olga", c.Announce("News 5"))
    chat.world.wait(DAY)
    spring.says("Olga", c.Announce("News 6"))
    assert len(said(spring)) == 6


def test_only_organisers_announce(chat: Talk) -> None:
    spring = group(chat)
    with pytest.raises(RolecallError, match="for the organisers"):
        spring.says("Ana", c.Announce("Hello"))


def test_without_a_channel_it_says_how_to_get_one_before_anything_is_written(chat: Talk) -> None:
    spring = group(chat, channel="")
    for attempt in (lambda: chat.form("Olga", c.WriteAnnouncement()), lambda: spring.says("Olga", c.Announce("Hello"))):
        with pytest.raises(RolecallError, match="/rolecall cohort bind"):
            attempt()


def test_a_channel_that_takes_nothing_is_named_and_the_other_gets_it(chat: Talk) -> None:
    spring = group(chat)
    with chat.tx() as tx:
        shut = Channel(spring.id, "discord", "G1", "D1", chat.world.now())
        cohorts.bind(tx, shut)
        cohorts.close_channel(tx, shut, chat.world.now(), "Missing Access")
    reply = words(spring.says("Olga", c.Announce("Hello")))
    assert "now (Terminal)" in reply
    assert "on Discord: Missing Access. Let me in again" in reply
    assert len(said(spring)) == 1


def test_its_text_is_not_kept_for_long(chat: Talk) -> None:
    spring = group(chat)
    spring.says("Olga", c.Announce("The door code is 4711."))
    chat.world.wait(4 * DAY)
    with chat.tx() as tx:
        rows = [r for r in delivery.ledger(tx, None, 50) if r.kind == "announcement"]
    assert len(rows) == 1
    assert "4711" not in json.dumps([rows[0].data, rows[0].message])
