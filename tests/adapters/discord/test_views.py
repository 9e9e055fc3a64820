"""Forms as Discord's modals: what is asked, what is filled in already, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.components import validate_modal

from adapters.discord import sizes
from adapters.discord.views import modal, values
from bot.door.intents import SaveSettings, SubmitAnswer
from bot.door.messages import LIMITS, Choice, Field, Form
from bot.model import ServingId

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


def opened(form: Form, **typed: str) -> dict[str, Any]:
    """The modal, which Discord takes."""
    shown = modal(form, "a1", typed).to_dict()
    validate_modal(shown)
    for label in shown["components"]:
        assert sizes.units(label["label"]) <= 45
        assert sizes.units(label.get("description", "")) <= 100
        field = label["component"]
        assert sizes.units(field.get("value", "")) <= field.get("max_length", 0)
    return shown


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {label["component"]["custom_id"]: label["component"] for label in view["components"]}


def chosen(field: dict[str, Any]) -> list[str]:
    return [option["value"] for option in field["options"] if option["default"]]


def beginning_with(name: str, initial: str) -> Form:
    """The settings, where one of the fields is filled in already."""
    return replace(
        SETTINGS, fields=tuple(replace(f, initial=initial) if f.name == name else f for f in SETTINGS.fields)
    )


def filled_in(view: dict[str, Any], **typed: str) -> dict[str, Any]:
    """An opened modal as it comes back."""
    sent = [
        {"type": 18, "id": n, "component": _state(label["component"], typed)}
        for n, label in enumerate(view["components"], start=1)
    ]
    return {"custom_id": view["custom_id"], "components": sent}


def _state(field: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    given = typed.get(field["custom_id"], "")
    kept = {"type": field["type"], "custom_id": field["custom_id"]}
    return kept | ({"values": [given] if given else []} if field["type"] == 3 else {"value": given})


def test_a_form_asks_for_each_thing_in_its_own_way() -> None:
    asked = inputs(opened(SETTINGS))
    assert (asked["name"]["style"], asked["name"]["value"], asked["name"]["max_length"]) == (1, "Ana", 60)
    assert (asked["zone"]["value"], asked["zone"]["placeholder"]) == ("Europe/Berlin", "Europe/Berlin")
    assert (asked["time"]["value"], asked["time"]["placeholder"]) == ("09:00", "09:00")
    assert [(option["label"], option["value"]) for option in asked["role"]["options"]] == [
        ("ML engineer", "mle"),
        ("MLOps engineer", "mlops"),
    ]
    assert chosen(asked["role"]) == ["mle"]
    assert inputs(opened(ANSWER))["answer"]["style"] == 2
    assert opened(ANSWER)["components"][0]["description"] == "Fraud and recall"


def test_only_what_is_required_must_be_filled_in() -> None:
    asked = inputs(opened(SETTINGS))
    assert [name for name, field in asked.items() if not field["required"]] == ["goal"]
    free = Form("Where", (Field("place", "Place", "choice", required=False, choices=ROLES),), SaveSettings())
    place = inputs(opened(free))["place"]
    assert (place["required"], place["min_values"], chosen(place)) == (False, 0, [])


def test_what_was_typed_before_stands_in_the_form_again() -> None:
    asked = inputs(opened(SETTINGS, name="Ana Maria", zone="Berlim", role="mlops", goal=""))
    assert asked["name"]["value"] == "Ana Maria"
    assert asked["zone"]["value"] == "Berlim"
    assert chosen(asked["role"]) == ["mlops"]
    assert "value" not in asked["goal"]
    assert asked["time"]["value"] == "09:00"


def test_a_field_that_was_emptied_stays_empty() -> None:
    assert "value" not in inputs(opened(SETTINGS, name=""))["name"]


def test_an_answer_of_3_000_characters_is_shown_again_whole() -> None:
    answer = ("```sql\nselect *\n```\n" * 200)[:3_000]
    assert inputs(opened(ANSWER, answer=answer))["answer"]["value"] == answer


@pytest.mark.parametrize("role", ["gone", "x" * 200])
def test_a_choice_that_is_not_offered_can_be_typed(role: str) -> None:
    field = inputs(opened(SETTINGS, role=role))["role"]
    assert (field["type"], field["value"]) == (4, role[:100])


def test_choices_that_discord_does_not_take_can_be_typed() -> None:
    for choices in ((), (ROLES[0], ROLES[0]), (Choice("", "None"),), (Choice("v" * 101, "Long"),)):
        field = Field("role", "Which role?", "choice", choices=choices)
        assert inputs(opened(Form("Role", (field,), SaveSettings())))["role"]["type"] == 4


@settings(max_examples=20)
@given(initial=st.text(max_size=4_000) | st.text("👩🏽`|", max_size=4_000))
def test_discord_takes_a_form_whatever_it_begins_with(initial: str) -> None:
    for name in ("name", "zone", "time", "role", "goal"):
        opened(beginning_with(name, initial))
    opened(ANSWER, answer=initial)


def test_labels_of_emoji_stay_within_their_sizes() -> None:
    wide = Field("name", "🦊" * LIMITS.FIELD_LABEL, "choice", choices=(Choice("a", "🦊" * 75),), hint="🦊" * 300)
    opened(Form("🦊" * LIMITS.FORM_TITLE, (wide,), SaveSettings()))


def test_what_was_filled_in_comes_back_by_field() -> None:
    typed = {"name": "Ana", "zone": "Asia/Tokyo", "time": "17:30", "role": "mlops", "goal": ""}
    assert values(filled_in(opened(SETTINGS), **typed)) == typed
    assert values(filled_in(opened(SETTINGS))) == dict.fromkeys(typed, "")
    assert values({"custom_id": "f", "components": []}) == {}


def test_what_older_apps_send_in_rows_is_read_too() -> None:
    rows = [{"type": 1, "components": [{"type": 4, "custom_id": "name", "value": "Ana"}]}]
    assert values({"components": rows}) == {"name": "Ana"}
