"""Forms as Slack's modals: what is asked, what is filled in already, what came back, and what was refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.forms import again
from adapters.slack.origin import Origin, unpack
from adapters.slack.views import errors, home, modal, notice, values
from bot.door.intents import SaveSettings, SubmitAnswer
from bot.door.invocation import Place
from bot.door.messages import Choice, Field, Form, Message, paragraph
from bot.model import ServingId
from tests.adapters.slack.recorded import recorded
from tests.slack.validation import check_submission_answer, check_view

CHANNEL = Place("T01AB2CD3", "C01AB2CD3", is_private=False, thread="1767603600.000100")
ANSWER = Form(
    "Your answer",
    (Field("answer", "In your own words", "paragraph", max_length=3_000, hint="Fraud and recall"),),
    SubmitAnswer(ServingId("s1")),
)
ROLES = (Choice("mle", "ML engineer"), Choice("mlops", "MLOps engineer"))
SETTINGS = Form(
    "Your settings",
    (
        Field("name", "What shall I call you?", initial="Ana", max_length=60),
        Field("zone", "Your time zone", "zone", initial="Europe/Berlin"),
        Field("time", "When shall I remind you?", "time", initial="09:00", hint="such as 09:00"),
        Field("role", "Which role do you aim at?", "choice", choices=ROLES, initial="mle"),
        Field("goal", "Your goal", required=False),
    ),
    SaveSettings(),
)


def opened(form: Form) -> dict[str, Any]:
    """The modal, which Slack takes."""
    view = modal(form, Origin(CHANNEL, form.submits, "https://hooks.slack.example/1"))
    check_view(view)
    return view


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def beginning_with(name: str, initial: str) -> Form:
    """The settings, where one of the fields is filled in already."""
    return replace(
        SETTINGS, fields=tuple(replace(f, initial=initial) if f.name == name else f for f in SETTINGS.fields)
    )


def filled_in(view: dict[str, Any], **typed: str) -> dict[str, Any]:
    """An opened modal as it comes back."""
    return view | {"state": {"values": {name: _state(inputs(view)[name], given) for name, given in typed.items()}}}


def _state(element: dict[str, Any], given: str) -> dict[str, Any]:
    if element["type"] == "timepicker":
        return {element["action_id"]: {"selected_time": given}}
    if element["type"] == "plain_text_input":
        return {element["action_id"]: {"value": given or None}}
    offered = {o["value"]: o for o in element.get("options", [])}
    zone = {"text": {"type": "plain_text", "text": given, "emoji": False}, "value": given}
    return {element["action_id"]: {"selected_option": offered.get(given, zone)}}


def submitted(**typed: Any) -> dict[str, Any]:
    """A view as it comes back: each field's name and the state of its element."""
    blocks = [{"type": "input", "block_id": name} for name in typed]
    states = {name: {"zone" if name == "zone" else "value": state} for name, state in typed.items()}
    return {"blocks": blocks, "state": {"values": states}}


def test_a_form_asks_for_each_thing_in_its_own_way() -> None:
    asked = inputs(opened(SETTINGS))
    assert asked["name"] == {
        "type": "plain_text_input", "action_id": "value", "max_length": 60, "initial_value": "Ana",
    }  # fmt: skip
    assert (asked["zone"]["type"], asked["zone"]["action_id"]) == ("external_select", "zone")
    assert asked["zone"]["initial_option"]["value"] == "Europe/Berlin"
    assert asked["time"] == {"type": "timepicker", "action_id": "value", "initial_time": "09:00"}
    assert asked["role"]["initial_option"] == asked["role"]["options"][0]
    assert [option["value"] for option in asked["role"]["options"]] == ["mle", "mlops"]


def test_only_what_is_required_must_be_filled_in() -> None:
    optional = {block["block_id"]: block["optional"] for block in opened(SETTINGS)["blocks"]}
    assert [name for name, may_stay_empty in optional.items() if may_stay_empty] == ["goal"]


def test_a_form_remembers_over_a_restart_what_it_is_for_and_where_it_was_opened() -> None:
    kept = unpack(opened(ANSWER)["private_metadata"])
    assert kept == Origin(CHANNEL, SubmitAnswer(ServingId("s1")), "https://hooks.slack.example/1")


def test_a_refused_form_says_why_and_keeps_every_word() -> None:
    sent = filled_in(opened(SETTINGS), name="Ana Maria", zone="Asia/Tokyo", time="17:30", role="mlops", goal="")
    refused = again(sent, "I know no time zone called “Berlim”. Type /rolecall help.", "mentor")
    check_view(refused)
    why, *fields = refused["blocks"]
    assert why["elements"][0]["elements"][0]["text"] == "I know no time zone called “Berlim”. Type /mentor help."
    assert len(fields) == 5
    asked = inputs(refused)
    assert asked["name"]["initial_value"] == "Ana Maria"
    assert asked["zone"]["initial_option"]["value"] == "Asia/Tokyo"
    assert asked["time"]["initial_time"] == "17:30"
    assert asked["role"]["initial_option"]["text"]["text"] == "MLOps engineer"
    assert "initial_value" not in asked["goal"]


def test_a_field_that_was_emptied_stays_empty() -> None:
    refused = again(filled_in(opened(SETTINGS), name=""), "Write a name.")
    assert "initial_value" not in inputs(refused)["name"]


def test_three_thousand_characters_with_backticks_stay_in_the_open_form() -> None:
    answer = ("```sql\nselect *\n```\n" * 200)[:3_000]
    refused = again(filled_in(opened(ANSWER), answer=answer), "Try again in a minute.")
    check_view(refused)
    assert inputs(refused)["answer"] == {
        "type": "plain_text_input",
        "action_id": "value",
        "max_length": 3_000,
        "multiline": True,
        "initial_value": answer,
    }


@pytest.mark.parametrize("time", ["9:00", "noon", "", "25:00", "09:00:00"])
def test_a_time_that_the_picker_cannot_show_is_a_line(time: str) -> None:
    assert inputs(opened(beginning_with("time", time)))["time"]["type"] == "plain_text_input"


@pytest.mark.parametrize("role", ["gone", ""])
def test_a_choice_that_is_no_longer_there_is_not_chosen(role: str) -> None:
    assert "initial_option" not in inputs(opened(beginning_with("role", role)))["role"]


@pytest.mark.parametrize("zone", ["", " ", "Z" * 200])
def test_what_cannot_be_a_zone_is_not_chosen(zone: str) -> None:
    assert "initial_option" not in inputs(opened(beginning_with("zone", zone)))["zone"]


@given(initial=st.text(max_size=3_000))
def test_slack_takes_a_form_whatever_it_begins_with(initial: str) -> None:
    for name in ("name", "zone", "time", "role", "goal"):
        opened(beginning_with(name, initial))


SENDABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""What Slack sends: valid Unicode."""


@given(typed=st.text(SENDABLE, max_size=3_000), reason=st.text(max_size=4_000))
def test_slack_takes_a_form_back_whatever_was_typed_and_refused(typed: str, reason: str) -> None:
    check_view(again(filled_in(opened(ANSWER), answer=typed), reason))


def test_what_was_filled_in_comes_back_by_field() -> None:
    view = submitted(
        name={"type": "plain_text_input", "value": "Ana"},
        goal={"type": "plain_text_input", "value": None},
        zone={"type": "external_select", "selected_option": {"text": {}, "value": "Asia/Tokyo"}},
        role={"type": "static_select", "selected_option": None},
        time={"type": "timepicker", "selected_time": "17:30"},
    )
    assert values(view) == {"name": "Ana", "goal": "", "zone": "Asia/Tokyo", "role": "", "time": "17:30"}
    assert values({"blocks": [], "state": {"values": {}}}) == {}


def test_slacks_own_example_of_every_input_is_read() -> None:
    read = values(recorded("submission_every_input")["view"])
    assert read == {"name": "", "zone": "Europe/Madrid", "time": "07:15", "role": "", "reminders": "yes"}


def test_a_refusal_stands_below_its_field_or_below_the_first() -> None:
    view = opened(SETTINGS)
    why = "I know no such zone. Type /rolecall help."
    assert errors(view, "zone", why, root="mentor") == {"zone": "I know no such zone. Type /mentor help."}
    assert errors(view, "serving", "That problem is gone.") == {"name": "That problem is gone."}
    long = errors(view, "zone", "no " * 3_000)
    check_submission_answer({"response_action": "errors", "errors": long}, inputs(view).keys())


def test_a_notice_only_says_something() -> None:
    view = notice("One moment", "I am still at it. /rolecall today shows it. <!channel>", root="mentor")
    check_view(view)
    assert "submit" not in view
    assert view["blocks"][0]["elements"][0]["elements"][0]["text"] == (
        "I am still at it. /mentor today shows it. <!channel>"
    )


def test_the_home_tab_has_the_message_and_its_title() -> None:
    view = home(Message("Today", (paragraph("Nothing is due."),), title="Today"))
    check_view(view)
    assert [block["type"] for block in view["blocks"]] == ["header", "rich_text"]
