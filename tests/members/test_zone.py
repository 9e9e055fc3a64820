"""Where nobody knows in which zone somebody lives, they are asked, briefly; and they may answer with their city."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import calendar
from bot.door import intents as i
from bot.door.intents import Intent
from bot.errors import FieldError
from bot.members import fields
from tests.talk import Talk, words

ASKED = "Days and hours are those of UTC until I know where you are"


def says(chat: Talk, wish: Intent, zone: str | None = None) -> str:
    """What Ana hears; `zone`: what the platform says of her."""
    asked = chat.invocation("Ana", wish)
    reply = chat.world.rolecall.reply_to(replace(asked, actor=replace(asked.actor, zone=zone)))
    assert reply is not None
    chat.world.settle()
    return words(reply.message)


def answer(chat: Talk, zone: str | None = None) -> str:
    return says(chat, i.SubmitAnswer(answer=chat.strong("Ana")), zone)


def test_who_is_new_is_asked_once_below_the_first_verdict(chat: Talk) -> None:
    says(chat, i.Start())

    assert ASKED in answer(chat)
    says(chat, i.Practice())
    assert ASKED not in answer(chat)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC"])
def test_nobody_is_asked_whose_platform_knows_it(chat: Talk, zone: str) -> None:
    says(chat, i.Start(), zone)
    assert ASKED not in answer(chat, zone)


def test_a_zone_that_nobody_knows_is_as_good_as_none(chat: Talk) -> None:
    says(chat, i.Start(), "Middle/Earth")
    assert ASKED in answer(chat, "Middle/Earth")


def test_who_has_told_it_is_not_asked_again_and_is_still_asked_for_the_rest(chat: Talk) -> None:
    says(chat, i.Start())

    says(chat, i.SaveSettings(zone="são paulo"))
    verdict = answer(chat)

    assert ASKED not in verdict
    [row] = chat.kept("Ana")["member"]
    assert (row["zone"], row["settled_at"]) == ("America/Sao_Paulo", None)


def test_who_has_filled_in_the_form_is_not_asked(chat: Talk) -> None:
    says(chat, i.SaveSettings("Ana", "UTC", "09:00", "mle", "no"))

    says(chat, i.Start())
    assert ASKED not in answer(chat)


# --- what may be typed as a zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("São Paulo", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        (" NEW  YORK ", "America/New_York"),
        ("Zürich", "Europe/Zurich"),
        ("Mumbai", "Asia/Kolkata"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),  # two names of one zone
        ("Istanbul", "Europe/Istanbul"),
    ],
)
def test_a_city_will_do(typed: str, zone: str) -> None:
    assert fields.zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("Lodon", ["Europe/London"]),
        ("Sao", ["Africa/Sao_Tome", "America/Sao_Paulo"]),
        ("Argentina", ["America/Argentina/Buenos_Aires", "America/Argentina/Cordoba"]),
    ],
)
def test_what_is_not_clear_is_answered_with_what_could_be_meant_five_at_most(typed: str, named: list[str]) -> None:
    with pytest.raises(FieldError) as refused:
        fields.zone(typed)

    assert all(zone in str(refused.value) for zone in named)
    assert len([z for z in calendar.zone_names() if z in str(refused.value)]) <= 5


def test_a_city_is_offered_while_it_is_typed() -> None:
    assert fields.nearest_zones("Mumb", 5)[0] == "Asia/Kolkata"
    assert fields.nearest_zones("São P", 5)[0] == "America/Sao_Paulo"


def test_every_city_lies_in_a_zone_that_is_known_and_bears_no_name_of_one() -> None:
    own = {zone.rsplit("/", 1)[-1].replace("_", " ").lower() for zone in calendar.zone_names()}

    assert set(fields.CITIES.values()) <= set(calendar.zone_names())
    assert not set(fields.CITIES) & own
