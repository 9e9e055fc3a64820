"""The strict validator takes what Slack takes, and refuses what Slack refuses, with Slack's error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack.validation import (
    SlackRefusesError,
    check_message,
    check_options,
    check_submission_answer,
    check_view,
)

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def said(text: str = "Hello", **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def button(n: int = 0, **more: Any) -> Json:
    return {"type": "button", "text": plain("Hint"), "action_id": f"b{n}", "value": "hint", **more}


def option(label: str, value: str = "") -> Json:
    return {"text": plain(label), "value": value or label}


def field(element: Json, id: str = "answer") -> Json:
    return {"type": "input", "block_id": id, "label": plain("Your answer"), "element": element}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "value", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "value", "options": [option("Yes"), option("No")], **more}


def message(*blocks: Json, text: str = "A hint", **more: Any) -> Json:
    return {"channel": "C1", "text": text, "blocks": list(blocks), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Answer"), "submit": plain("Send"), "blocks": list(blocks), **more}


DATE = {"type": "date", "timestamp": 1_800_000_000, "format": "{date_short} {time}", "fallback": "15 Jan 2027"}
LIST = {"type": "rich_text_list", "style": "bullet", "elements": [section(said()), section(said(bold=True))]}
PICTURE = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A board of five"}


def test_what_slack_takes_is_taken() -> None:
    sent = message(
        {"type": "header", "text": plain("Warm-up")},
        rich(section(said(), DATE, {"type": "user", "user_id": "U1"}, {"type": "channel", "channel_id": "C1"})),
        rich(LIST, {"type": "rich_text_quote", "elements": [said("mine")]}),
        rich({"type": "rich_text_preformatted", "elements": [said("a | b")]}),
        PICTURE,
        {"type": "actions", "elements": [button(0, style="primary"), button(1)]},
        metadata={"event_type": "rolecall_push", "event_payload": {"key": "0a1b"}},
        unfurl_links=False,
    )
    check_message(sent, files={"F1"})
    for block in sent["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict()["type"] == block["type"]


def test_a_form_that_slack_takes_is_taken() -> None:
    form = modal(
        field(typed(multiline=True, max_length=3_000, initial_value="So far")),
        field(select(initial_option=option("Yes")), "public"),
        field({"type": "timepicker", "action_id": "value", "initial_time": "09:30"}, "time"),
        field({"type": "external_select", "action_id": "zone", "min_query_length": 1}, "zone"),
        private_metadata="{}",
        callback_id="form",
    )
    check_view(form)
    assert View(**form).to_dict()["callback_id"] == "form"


def test_a_home_tab_that_slack_takes_is_taken() -> None:
    check_view({"type": "home", "blocks": [rich(section(said())), {"type": "divider"}]})


REFUSED_MESSAGES: dict[str, tuple[Json, str, str]] = {
    "more than 50 blocks": (message(*[rich(section(said()))] * 51), "invalid_blocks", "/blocks"),
    "no block at all": (message(), "invalid_blocks", "/blocks"),
    "a text for nobody": (message(rich(section(said())), text=" "), "no_text", "/text"),
    "a text too long": (message(rich(section(said())), text="a" * 4_001), "msg_too_long", "/text"),
    "a broadcast in the text": (
        message(rich(section(said())), text="Hi <!channel>"),
        "invalid_arguments",
        "/text",
    ),
    "too much in all": (
        message(*[rich(section(said("a" * 3_000)))] * 5),
        "msg_blocks_too_long",
        "/blocks",
    ),
    "an unknown block": (message({"type": "markdown", "text": "x"}), "invalid_blocks", "/blocks/0"),
    "a block without a type": (message({"text": plain("x")}), "invalid_blocks", "/blocks/0"),
    "an unknown key": (message({"type": "divider", "colour": "red"}), "invalid_blocks", "/blocks/0"),
    "an unknown argument": (message(rich(section(said())), link_names=True), "invalid_arguments", ""),
    "two blocks of one id": (
        message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}),
        "invalid_blocks",
        "/blocks/1/block_id",
    ),
    "an id too long": (
        message({"type": "divider", "block_id": "a" * 256}),
        "invalid_blocks",
        "/blocks/0/block_id",
    ),
    "a header too long": (
        message({"type": "header", "text": plain("a" * 151)}),
        "invalid_blocks",
        "/blocks/0/text/text",
    ),
    "Markdown in a header": (
        message({"type": "header", "text": {"type": "mrkdwn", "text": "*a*"}}),
        "invalid_blocks",
        "/blocks/0/text/type",
    ),
    "a section too long": (
        message({"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3_001}}),
        "invalid_blocks",
        "/blocks/0/text/text",
    ),
    "a field too long": (
        message({"type": "section", "fields": [plain("a" * 2_001)]}),
        "invalid_blocks",
        "/blocks/0/fields/0/text",
    ),
    "11 fields": (message({"type": "section", "fields": [plain("a")] * 11}), "invalid_blocks", "/blocks/0/fields"),
    "an empty section": (message({"type": "section"}), "invalid_blocks", "/blocks/0"),
    "11 elements of a context": (
        message({"type": "context", "elements": [plain("a")] * 11}),
        "invalid_blocks",
        "/blocks/0/elements",
    ),
    "26 buttons in a row": (
        message({"type": "actions", "elements": [button(n) for n in range(26)]}),
        "invalid_blocks",
        "/blocks/0/elements",
    ),
    "no button in a row": (message({"type": "actions", "elements": []}), "invalid_blocks", "/blocks/0/elements"),
    "two buttons of one id": (
        message({"type": "actions", "elements": [button(), button()]}),
        "invalid_blocks",
        "/blocks/0/elements/1/action_id",
    ),
    "a label too long": (
        message({"type": "actions", "elements": [button(text=plain("a" * 76))]}),
        "invalid_blocks",
        "/blocks/0/elements/0/text/text",
    ),
    "a value too long": (
        message({"type": "actions", "elements": [button(value="a" * 2_001)]}),
        "invalid_blocks",
        "/blocks/0/elements/0/value",
    ),
    "a style of its own": (
        message({"type": "actions", "elements": [button(style="default")]}),
        "invalid_blocks",
        "/blocks/0/elements/0/style",
    ),
    "an input in a message": (message(field(typed())), "invalid_blocks", "/blocks/0"),
    "a picture nobody can hear": (
        message({"type": "image", "slack_file": {"id": "F1"}}),
        "invalid_blocks",
        "/blocks/0",
    ),
    "a picture that is not there": (
        message({**PICTURE, "slack_file": {"id": "F9"}}),
        "invalid_blocks",
        "/blocks/0/slack_file",
    ),
    "an alt text too long": (
        message({**PICTURE, "alt_text": "a" * 2_001}),
        "invalid_blocks",
        "/blocks/0/alt_text",
    ),
    "an empty text": (message(rich(section(said("")))), "invalid_blocks", "/blocks/0/elements/0/elements/0/text"),
    "an empty line": (message(rich(section())), "invalid_blocks", "/blocks/0/elements/0/elements"),
    "an empty rich text": (message(rich()), "invalid_blocks", "/blocks/0/elements"),
    "half a character": (
        message(rich(section(said("\ud83d")))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/text",
    ),
    "a list in a list": (
        message(rich({**LIST, "elements": [LIST]})),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0",
    ),
    "a list of texts": (
        message(rich({**LIST, "elements": [said()]})),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0",
    ),
    "a text beside a section": (message(rich(said())), "invalid_blocks", "/blocks/0/elements/0"),
    "a mention in code": (
        message(rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]})),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/type",
    ),
    "a broadcast": (
        message(rich(section({"type": "broadcast", "range": "here"}))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0",
    ),
    "a style that is none": (
        message(rich(section(said(blink=True)))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/style",
    ),
    "a date without a fallback": (
        message(rich(section({k: v for k, v in DATE.items() if k != "fallback"}))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0",
    ),
    "a token that is none": (
        message(rich(section({**DATE, "format": "{year}"}))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/format",
    ),
    "a fraction of a second": (
        message(rich(section({**DATE, "timestamp": 1.5}))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/timestamp",
    ),
    "a link to a script": (
        message(rich(section({"type": "link", "url": "javascript:alert(1)"}))),
        "invalid_blocks",
        "/blocks/0/elements/0/elements/0/url",
    ),
    "metadata without a name": (
        message(rich(section(said())), metadata={"event_payload": {}}),
        "invalid_metadata_schema",
        "/metadata",
    ),
    "metadata too large": (
        message(rich(section(said())), metadata={"event_type": "a", "event_payload": {"k": "a" * 8_000}}),
        "metadata_too_large",
        "/metadata",
    ),
}
REFUSED_VIEWS: dict[str, tuple[Json, str, str]] = {
    "an input and no way to send it": (
        {k: v for k, v in modal(field(typed())).items() if k != "submit"},
        "invalid_arguments",
        "/view",
    ),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "invalid_arguments", "/view/blocks"),
    "a title too long": (
        modal({"type": "divider"}, title=plain("a" * 25)),
        "invalid_arguments",
        "/view/title/text",
    ),
    "a title of the Home tab": (
        {"type": "home", "blocks": [{"type": "divider"}], "title": plain("Home")},
        "invalid_arguments",
        "/view",
    ),
    "metadata too long": (
        modal({"type": "divider"}, private_metadata="a" * 3_001),
        "invalid_arguments",
        "/view/private_metadata",
    ),
    "a callback id too long": (
        modal({"type": "divider"}, callback_id="a" * 256),
        "invalid_arguments",
        "/view/callback_id",
    ),
    "a view too large": (
        modal(*[rich(section(said("a" * 3_000)))] * 90),
        "view_too_large",
        "/view",
    ),
    "more typed already than fits": (
        modal(field(typed(max_length=10, initial_value="a" * 11))),
        "invalid_arguments",
        "/view/blocks/0/element/initial_value",
    ),
    "an input longer than Slack has": (
        modal(field(typed(max_length=3_001))),
        "invalid_arguments",
        "/view/blocks/0/element/max_length",
    ),
    "an input without a label": (
        modal({"type": "input", "element": typed()}),
        "invalid_arguments",
        "/view/blocks/0",
    ),
    "a placeholder too long": (
        modal(field(typed(placeholder=plain("a" * 151)))),
        "invalid_arguments",
        "/view/blocks/0/element/placeholder/text",
    ),
    "a button as an input": (modal(field(button())), "invalid_arguments", "/view/blocks/0/element"),
    "a select of nothing": (modal(field(select(options=[]))), "invalid_arguments", "/view/blocks/0/element/options"),
    "101 options": (
        modal(field(select(options=[option(str(n)) for n in range(101)]))),
        "invalid_arguments",
        "/view/blocks/0/element/options",
    ),
    "an option too long": (
        modal(field(select(options=[option("a" * 76, "a")]))),
        "invalid_arguments",
        "/view/blocks/0/element/options/0/text/text",
    ),
    "an option's value too long": (
        modal(field(select(options=[option("a", "a" * 151)]))),
        "invalid_arguments",
        "/view/blocks/0/element/options/0/value",
    ),
    "two options of one value": (
        modal(field(select(options=[option("a", "v"), option("b", "v")]))),
        "invalid_arguments",
        "/view/blocks/0/element/options/1",
    ),
    "a choice that is not offered": (
        modal(field(select(initial_option=option("Perhaps")))),
        "invalid_arguments",
        "/view/blocks/0/element/initial_option",
    ),
    "a time that is none": (
        modal(field({"type": "timepicker", "action_id": "value", "initial_time": "9:30"})),
        "invalid_arguments",
        "/view/blocks/0/element/initial_time",
    ),
    "an external select with options": (
        modal(field({**select(), "type": "external_select"})),
        "invalid_arguments",
        "/view/blocks/0/element",
    ),
    "two fields in focus": (
        modal(field(typed(focus_on_load=True), "a"), field(typed(focus_on_load=True), "b")),
        "invalid_arguments",
        "/view/blocks",
    ),
}


def _refused(check: Callable[[], None]) -> tuple[str, str]:
    with pytest.raises(SlackRefusesError) as refused:
        check()
    return refused.value.code, refused.value.where


@pytest.mark.parametrize("what", REFUSED_MESSAGES)
def test_a_message_that_slack_refuses_is_refused(what: str) -> None:
    sent, code, where = REFUSED_MESSAGES[what]
    assert _refused(lambda: check_message(sent, files={"F1"})) == (code, where)


@pytest.mark.parametrize("what", REFUSED_VIEWS)
def test_a_view_that_slack_refuses_is_refused(what: str) -> None:
    view, code, where = REFUSED_VIEWS[what]
    assert _refused(lambda: check_view(view)) == (code, where)


def test_an_error_stands_below_an_input_of_the_form() -> None:
    check_submission_answer({"response_action": "errors", "errors": {"answer": "Too short."}}, {"answer"})
    elsewhere = {"response_action": "errors", "errors": {"other": "Too short."}}
    assert _refused(lambda: check_submission_answer(elsewhere, {"answer"})) == ("invalid_arguments", "/errors/other")


def test_an_answered_form_may_become_another_one_that_slack_takes() -> None:
    check_submission_answer({}, set())
    check_submission_answer({"response_action": "update", "view": modal({"type": "divider"})}, set())
    bad = {"response_action": "update", "view": modal()}
    assert _refused(lambda: check_submission_answer(bad, set())) == ("invalid_arguments", "/view/blocks")


def test_suggestions_are_options_and_may_be_none() -> None:
    check_options({"options": []})
    check_options({"options": [option("Europe/Paris")]})
    long = {"options": [option("a" * 76, "a")]}
    assert _refused(lambda: check_options(long)) == ("invalid_arguments", "/options/0/text/text")
