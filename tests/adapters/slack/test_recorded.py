"""Every shape in which Slack tells of people is understood: who, where, and by what key a redelivery is known."""

from __future__ import annotations

import pytest

from adapters.slack import payloads, views
from adapters.slack.origin import unpack
from adapters.slack.payloads import Arrival
from bot.door import intents as i
from bot.door.invocation import Place
from tests.adapters.slack.recorded import FOLDER, recorded

TEAM, GRID, OTHER = "T0ROLE0001", "T0GRID0001", "T0OTHER001"
ANA, ANA_ON_GRID, GUEST = "U0ANA00001", "W0ANA00001", "U0GUEST001"
CHANNEL, PRIVATE, DM = "C0COHORT01", "C0PRIV0001", "D0ANA00001"
POST = "1795000000.000100"

EVENT_KEYS = {name: recorded(name).get("event_id") for name in (f.stem for f in FOLDER.glob("*.json"))}


def who(found: Arrival) -> tuple[str, str]:
    return found.user, found.user_team


def in_channel(team: str = TEAM, thread: str | None = None) -> Place:
    return Place(team, CHANNEL, is_private=False, thread=thread)


def in_dm(team: str = TEAM, thread: str | None = None) -> Place:
    return Place(team, DM, is_private=True, thread=thread)


@pytest.mark.parametrize(
    ("name", "person", "place"),
    [
        ("command_in_channel", (ANA, TEAM), in_channel()),
        ("command_in_dm", (ANA, TEAM), in_dm()),
        ("command_in_private_channel", (ANA, TEAM), Place(TEAM, PRIVATE, is_private=False)),
        ("command_grid", (ANA_ON_GRID, GRID), in_channel(GRID)),
    ],
)
def test_a_slash_command(name: str, person: tuple[str, str], place: Place) -> None:
    body = recorded(name)
    found = payloads.of_command(body)
    assert (who(found), found.place) == (person, place)
    assert (found.key, found.trigger_id) == (body["trigger_id"],) * 2
    assert (found.name, found.response_url) == ("ana", body["response_url"])


@pytest.mark.parametrize(
    ("name", "person", "place"),
    [
        ("action_in_channel", (ANA, TEAM), in_channel()),
        ("action_in_dm", (ANA, TEAM), in_dm()),
        ("action_in_thread", (ANA, TEAM), in_dm(thread=POST)),
        ("action_ephemeral", (ANA, TEAM), in_channel()),
        ("action_home", (ANA, TEAM), Place(TEAM, "", is_private=True)),
        ("action_connect", (GUEST, OTHER), in_channel()),
        ("action_grid", (ANA_ON_GRID, GRID), in_channel(GRID)),
        ("action_org_install", (ANA_ON_GRID, GRID), in_channel(GRID)),
    ],
)
def test_a_pressed_button(name: str, person: tuple[str, str], place: Place) -> None:
    body = recorded(name)
    found = payloads.of_interaction(body)
    assert (who(found), found.place) == (person, place)
    assert (found.key, found.trigger_id) == (body["trigger_id"],) * 2
    assert found.response_url == body.get("response_url", "")


@pytest.mark.parametrize(
    ("name", "person", "team"),
    [
        ("submission", (ANA, TEAM), TEAM),
        ("submission_connect", (GUEST, OTHER), TEAM),
        ("submission_org_install", (ANA_ON_GRID, GRID), GRID),
    ],
)
def test_a_sent_form(name: str, person: tuple[str, str], team: str) -> None:
    body = recorded(name)
    found = payloads.of_interaction(body)
    assert (who(found), found.place.workspace, found.key) == (person, team, body["trigger_id"])


def test_a_sent_form_knows_where_it_was_opened_and_what_it_answers() -> None:
    view = recorded("submission")["view"]
    origin = unpack(view["private_metadata"])
    assert (origin.place, origin.submits) == (in_channel(), i.SubmitAnswer(serving="sv_01"))  # type: ignore[arg-type]
    assert views.values(view)["answer"].endswith('positives, "never" scores 98 %.\n```\nrecall = 0\n```')


def test_every_kind_of_field_is_read_and_what_was_left_empty_is_empty() -> None:
    filled = views.values(recorded("submission_every_input")["view"])
    assert filled == {"name": "", "zone": "Europe/Madrid", "time": "07:15", "role": "", "reminders": "yes"}


@pytest.mark.parametrize(("name", "place"), [("shortcut", in_channel()), ("shortcut_in_thread", in_dm(thread=POST))])
def test_the_message_shortcut(name: str, place: Place) -> None:
    body = recorded(name)
    found = payloads.of_interaction(body)
    assert (who(found), found.place, found.key) == ((ANA, TEAM), place, body["trigger_id"])
    assert payloads.wires(body["message"]) == ["answer|sv_01", "hint|sv_01|1"]


@pytest.mark.parametrize(
    ("name", "person", "place"),
    [
        ("message_im", (ANA, TEAM), in_dm()),
        ("message_im_thread", (ANA, TEAM), in_dm(thread=POST)),
        ("message_im_grid", (ANA_ON_GRID, GRID), in_dm(GRID)),
        ("message_thread", (ANA, TEAM), in_channel(thread=POST)),
        ("message_thread_private", (ANA, TEAM), Place(TEAM, PRIVATE, is_private=False, thread=POST)),
        ("message_thread_broadcast", (ANA, TEAM), in_channel(thread=POST)),
        ("message_connect", (GUEST, OTHER), in_channel(thread=POST)),
        ("message_connect_sent_for_them", (GUEST, OTHER), in_channel(thread=POST)),
        ("message_in_shared_channel_of_ours", (ANA, TEAM), in_channel(thread=POST)),
        ("mention", (ANA, TEAM), in_channel()),
        ("mention_in_thread", (ANA, TEAM), in_channel(thread=POST)),
        ("mention_connect_grid", ("W0GUEST001", "E0OTHER001"), in_channel()),
        ("home_opened", (ANA, TEAM), Place(TEAM, "", is_private=True)),
        ("home_opened_first", (ANA, TEAM), Place(TEAM, "", is_private=True)),
        ("home_opened_org_install", (ANA_ON_GRID, GRID), Place(GRID, "", is_private=True)),
    ],
)
def test_an_event(name: str, person: tuple[str, str], place: Place) -> None:
    found = payloads.of_event(recorded(name))
    assert (who(found), found.place, found.key) == (person, place, EVENT_KEYS[name])


def test_a_typed_message_reads_as_its_author_saw_it() -> None:
    typed = payloads.typed(recorded("message_im_escaped")["event"])
    assert typed.startswith("With 1 < 2 & 3 > 2, ")
    assert "&lt;" not in typed and "<https" not in typed and "|" not in typed
    assert "https://example.org/a?b=1&c=2" in typed or "the page" in typed
