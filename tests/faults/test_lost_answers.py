"""The platform took a message, and its answer never came: the message is there once, and counts as sent."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import sending
from tests.faults.life import work
from tests.faults.scene import NINE, Scene
from tests.faults.server import Line, Mood


def run(scene: Scene, *, looks: bool = True) -> None:
    with scene.store() as store:
        asyncio.run(work(store, Line(scene.platform.socket, looks), NINE, "one"))


@pytest.mark.parametrize("mood", ["close", "stall", "break"])
def test_a_message_whose_answer_is_lost_is_there_once(
    scene: Scene, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CALL_SECONDS", 0.2)
    scene.platform.moods.extend(["take", mood, "take", mood, mood])

    run(scene)

    assert scene.platform.keys == dict.fromkeys(scene.expected, 1)
    assert scene.states() == {"sent": len(scene.expected)}
    assert scene.resent().total() == 0


def test_where_the_platform_cannot_be_asked_it_is_sent_once_more_and_that_is_counted(on_file: Scene) -> None:
    on_file.platform.moods.extend(["take", "close", "break"])

    run(on_file, looks=False)

    assert on_file.platform.keys.keys() == on_file.expected
    assert sorted(on_file.platform.keys.values())[-3:] == [1, 2, 2]
    assert on_file.resent() == {key: times - 1 for key, times in on_file.platform.keys.items()}


def test_every_try_says_the_same_words(on_file: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    on_file.platform.moods.extend(["break"] * 40)

    run(on_file, looks=False)

    texts: dict[str, set[str]] = {}
    for message in on_file.platform.taken:
        texts.setdefault(message["key"], set()).add(message["text"])
    assert {len(said) for said in texts.values()} == {1}


def test_a_platform_that_loses_every_answer_and_cannot_be_asked_is_written_to_twice_at_most(on_file: Scene) -> None:
    on_file.platform.moods.extend(["close"] * 1000)

    run(on_file, looks=False)

    assert set(on_file.platform.keys.values()) == {2}
    assert on_file.states() == {"dead": len(on_file.expected)}
