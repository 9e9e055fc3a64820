"""A message waits for its reader in a file: once, whatever crashes, and its words no longer than needed."""

from __future__ import annotations

import asyncio
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.mailbox import Mailbox, Reading
from bot.door.intents import Review
from bot.door.messages import Button, ChannelPost, DirectMessage, Message, Push, Sent, TryLater, Unreachable, paragraph
from bot.errors import RolecallError
from bot.model import Account, MemberId

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BUTTONS = (Button("Review now", Review()),)
DUE = Message("It is time", (paragraph("Chunking is due."),), BUTTONS, title="Time to recall")


def push(key: str, user: str = "ana", platform: str = "terminal") -> Push:
    return Push(key, DirectMessage(MemberId("m1"), Account(platform, "", user)), DUE)


class Screen:
    """Whoever draws what Ana reads."""

    def __init__(self, folder: Path) -> None:
        self.gateway, self.drawn = TerminalGateway(), list[Push]()
        self.reading = Reading(folder, self.gateway, lambda: "ana")

    def look(self) -> list[str]:
        """The keys of what appears now."""
        self.gateway.attach(lambda _, arrived: self.drawn.append(arrived))
        before = len(self.drawn)
        self.reading.show_new()
        return [p.key for p in self.drawn[before:]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def mailbox(folder: Path) -> Mailbox:
    return Mailbox(folder, lambda: NOON)


def deliver(mailbox: Mailbox, *pushes: Push) -> list[object]:
    return [asyncio.run(mailbox.deliver(p)) for p in pushes]


def found(mailbox: Mailbox, key: str) -> Sent | None:
    return asyncio.run(mailbox.find(key, push(key).to, NOON))


def test_a_message_waits_in_a_file_that_people_can_read_and_only_its_owner_may(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))

    [letter] = [json.loads(line) for line in (folder / "ana.jsonl").read_text().splitlines()]
    said = [line.strip() for line in letter["text"].splitlines() if line.strip("─ ")]
    assert said == ["Time to recall", "Chunking is due.", "[1] Review now"]
    assert (letter["key"], letter["at"]) == ("a", "2026-01-05T12:00:00+00:00")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "ana.jsonl").stat().st_mode) == 0o600


def test_one_key_is_one_letter_whoever_sends_it(mailbox: Mailbox, folder: Path) -> None:
    first, again = deliver(mailbox, push("a"))[0], deliver(Mailbox(folder, lambda: NOON), push("a"))[0]

    assert isinstance(first, Sent)
    assert again == first
    assert found(mailbox, "a") == first
    assert found(mailbox, "b") is None
    assert len((folder / "ana.jsonl").read_text().splitlines()) == 1


def test_senders_at_once_lose_nothing_and_double_nothing(mailbox: Mailbox, folder: Path) -> None:
    pushes = [push(f"key {n % 20}") for n in range(60)]
    with ThreadPoolExecutor(6) as senders:
        list(senders.map(lambda p: deliver(Mailbox(folder, lambda: NOON), p), pushes))

    assert sorted(Screen(folder).look()) == sorted({p.key for p in pushes})


def test_a_letter_is_shown_once_with_its_buttons_and_then_its_words_are_gone(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"), push("b"))
    screen = Screen(folder)

    assert screen.look() == ["a", "b"]
    assert screen.drawn[0] == push("a")
    assert (screen.look(), Screen(folder).look()) == ([], [])
    assert "Chunking" not in (folder / "ana.jsonl").read_text()


def test_what_was_read_does_not_come_again(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))
    Screen(folder).look()

    deliver(mailbox, push("a"), push("b"))

    assert found(mailbox, "a") is not None
    assert Screen(folder).look() == ["b"]


def test_keys_of_long_ago_are_forgotten(folder: Path) -> None:
    for days, key in ((0, "old"), (40, "new")):
        deliver(Mailbox(folder, lambda days=days: NOON + timedelta(days=days)), push(key))  # type: ignore[misc]
    Screen(folder).look()

    assert "old" not in (folder / "ana.jsonl").read_text()


def test_what_comes_while_somebody_reads_is_shown_next(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))
    screen = Screen(folder)

    def draw(_: str, arrived: Push) -> None:
        screen.drawn.append(arrived)
        deliver(mailbox, push("b"))

    screen.gateway.attach(draw)
    screen.reading.show_new()

    assert [p.key for p in screen.drawn] == ["a"]
    assert screen.look() == ["b"]


def test_nothing_is_taken_out_before_somebody_draws_it(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))
    screen = Screen(folder)
    screen.reading.show_new()

    def breaks(_: str, arrived: Push) -> None:
        raise BrokenPipeError

    screen.gateway.attach(breaks)
    with pytest.raises(BrokenPipeError):
        screen.reading.show_new()

    assert Screen(folder).look() == ["a"]


def test_everybody_gets_their_own_mail(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a", "ana"), push("b", "ben"))

    assert Screen(folder).look() == ["a"]


def test_a_torn_line_costs_no_other(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))
    with (folder / "ana.jsonl").open("ab") as file:
        file.write(b'{"key": "torn", "at": "2026-01-05T12:00:00+00:00", "text": "\xff')

    deliver(mailbox, push("b"))

    assert Screen(folder).look() == ["a", "b"]


def test_a_letter_of_a_newer_version_is_shown_as_its_text(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, push("a"))
    file = folder / "ana.jsonl"
    file.write_text(file.read_text().replace('"is": "body"', '"is": "hologram"'))
    screen = Screen(folder)

    assert screen.look() == ["a"]
    assert "Chunking is due." in str(screen.drawn[0].message.blocks)


@pytest.mark.parametrize("user", ["../ana", "a/b", "..", "", "Ana", "con:", "ana\n", "å" * 200], ids=ascii)
def test_any_account_id_has_a_file_of_its_own_in_the_folder(mailbox: Mailbox, folder: Path, user: str) -> None:
    deliver(mailbox, push("theirs", user), push("ana's"))

    assert {p.parent for p in folder.parent.rglob("*.jsonl")} == {folder}
    assert Screen(folder).look() == ["ana's"]


def test_another_platform_and_its_channels_are_out_of_reach(mailbox: Mailbox) -> None:
    assert isinstance(deliver(mailbox, push("a", platform="slack"))[0], Unreachable)
    assert isinstance(deliver(mailbox, Push("b", ChannelPost("T1", "#rag"), DUE))[0], Unreachable)


def test_a_folder_that_is_gone_is_tried_again_later(mailbox: Mailbox, folder: Path) -> None:
    folder.rmdir()

    assert isinstance(deliver(mailbox, push("a"))[0], TryLater)


def test_a_folder_that_cannot_be_made_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(RolecallError, match="ROLECALL_MAILBOX"):
        Mailbox(tmp_path / "file" / "mail", lambda: NOON)


def post(key: str, channel: str = "#ml", replaces: str | None = None) -> Push:
    return Push(key, ChannelPost("terminal", channel), DUE, replaces)


def test_a_post_in_a_channel_is_shown_to_everybody_who_is_there(mailbox: Mailbox, folder: Path) -> None:
    one, other = Screen(folder), Screen(folder)
    deliver(mailbox, post("a"), post("b", "#data"), post("a"))

    assert sorted(one.look()) == sorted(other.look()) == ["a", "b"]
    assert one.look() == []
    assert found(mailbox, "a") is not None
    assert {p.to for p in one.drawn} == {ChannelPost("terminal", "#ml"), ChannelPost("terminal", "#data")}


def test_what_stood_in_a_channel_before_is_not_shown_again(mailbox: Mailbox, folder: Path) -> None:
    deliver(mailbox, post("a"))
    late = Screen(folder)
    deliver(mailbox, post("b", replaces="mailbox:a"))

    assert late.look() == ["b"]
    assert late.drawn[0].replaces == "mailbox:a"


def test_the_words_of_a_post_that_is_replaced_are_gone_and_it_is_known_all_the_same(
    mailbox: Mailbox, folder: Path
) -> None:
    first = replace(post("a"), message=Message("The board", (paragraph("1. Ana"),)))
    deliver(mailbox, first, post("other"), post("b", replaces="mailbox:a"))
    deliver(mailbox, first, post("c", replaces="mailbox:a"), post("b", replaces="mailbox:a"))

    [wall] = folder.glob("*.jsonl")
    assert "Ana" not in wall.read_text()
    kept = [json.loads(line) for line in wall.read_text().splitlines()]
    assert [(one["key"], "text" in one) for one in kept] == [
        ("a", False),
        ("other", True),
        ("b", False),
        ("c", True),
    ]


def test_a_channel_forgets_after_a_month(folder: Path) -> None:
    deliver(Mailbox(folder, lambda: NOON - timedelta(days=31)), post("old"))
    deliver(Mailbox(folder, lambda: NOON), post("new"))

    [wall] = folder.glob("*.jsonl")
    assert [json.loads(line)["key"] for line in wall.read_text().splitlines()] == ["new"]
