"""What a button and a form carry: found again after a restart, and never too long."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord import ids
from adapters.discord.render import parts
from adapters.discord.views import modal
from bot.door import commands
from bot.door.intents import Skip, SubmitAnswer
from bot.door.messages import LIMITS, Button
from bot.model import ServingId
from tests.rendering.form_examples import FORMS
from tests.rendering.test_examples import EXAMPLES

MOST = 100
"""Characters of a custom id (discord.com/developers, "Component reference", 2026-11)."""


def test_every_button_of_every_message_is_found_again_by_its_id() -> None:
    for message in EXAMPLES.values():
        (part,) = parts(message)
        found = [ids.PRESS.fullmatch(button.custom_id or "") for button in part.buttons]
        assert [int(one["place"]) for one in found if one] == list(range(len(message.buttons)))
        meant = [commands.decode(one["wire"]) for one in found if one]
        assert meant == [commands.decode(commands.encode(button)) for button in message.buttons]


def test_two_buttons_with_one_wish_differ() -> None:
    skip = Button("Skip", Skip(ServingId("s1")))
    assert ids.press(0, skip) != ids.press(1, skip)


def test_every_form_is_found_again_by_its_id_and_differs_at_each_attempt() -> None:
    async def opened() -> None:
        for form in FORMS.values():
            first, second = modal(form, "0a").custom_id, modal(form, "zz").custom_id
            assert first != second
            found = ids.FORM.fullmatch(second)
            assert found and found["attempt"] == "zz"
            assert commands.decode(found["wire"]) == commands.decode(commands.encoded(form.submits))
            assert not ids.PRESS.fullmatch(second)

    asyncio.run(opened())


def test_the_longest_wish_fits_and_a_longer_one_is_refused() -> None:
    room = LIMITS.BUTTON_WIRE - len("submit|")
    longest = SubmitAnswer(ServingId("s" * room))
    assert len(ids.form("00", longest)) == MOST
    assert len(ids.press(LIMITS.BUTTONS - 1, Button("Send", longest))) <= MOST
    with pytest.raises(ValueError, match="at most 96"):
        ids.form("00", SubmitAnswer(ServingId("s" * (room + 1))))
