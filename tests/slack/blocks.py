"""What Slack takes as a block and as an interactive element, with every size.

docs.slack.dev, "Block Kit" (read 2026-11), and slack_sdk's models, which leave out more than 50 blocks, long fields,
Markdown in a header, duplicate ids, long option texts and empty selects. Blocks and elements that Rolecall has no use
for are refused like unknown ones: add them here when there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from zoneinfo import available_timezones

from tests.slack import rich_text
from tests.slack.shapes import Node

ID = 255


def check(blocks: Node, *, most: int, surface: str, files: Collection[str] | None = None) -> None:
    """`surface`: message, modal or home. `files`: the ids of files that Slack has; None: any."""
    ids: set[str] = set()
    focused = 0
    for block in blocks.items(1, most):
        if not isinstance(block.value, dict) or "type" not in block.value:
            block.refuse("missing required field: type")
        for id in block.given("block_id"):
            if id.text(ID) in ids:
                id.refuse("block_id already exists for another block")
            ids.add(id.value)
        kind = block.value["type"]
        if kind == "input" and surface != "modal":
            block.refuse("an input stands in a modal only")
        if kind not in _BLOCKS:
            block.refuse(f"unsupported type: {kind}")
        _BLOCKS[kind](block)
        if kind == "image" and files is not None:
            _file_is_there(block, files)
        focused += kind == "input" and bool(block.value["element"].get("focus_on_load"))
    if focused > 1:
        blocks.refuse("only one element may have focus_on_load")


def weight(blocks: object) -> int:
    """About what Slack counts: the characters of all texts, and its "buffer for block containers" as ten for each.

    github.com/slackapi/bolt-js/issues/2509 and 2867: the exact rule is not public, about 13,200 is what it takes.
    """
    if isinstance(blocks, dict):
        texts = (len(blocks[key]) for key in ("text", "url", "fallback") if isinstance(blocks.get(key), str))
        return 10 + sum(texts) + sum(weight(value) for value in blocks.values() if isinstance(value, dict | list))
    if isinstance(blocks, list):
        return sum(weight(value) for value in blocks)
    return 0


def plain(text: Node, most: int) -> str:
    """A text object that Slack does not parse."""
    text.object({"type", "text"}, {"emoji"})
    text["type"].one_of("plain_text")
    for emoji in text.given("emoji"):
        emoji.flag()
    return text["text"].text(most)


def _any_text(text: Node, most: int) -> None:
    if isinstance(text.value, dict) and text.value.get("type") == "mrkdwn":
        text.object({"type", "text"}, {"verbatim"})
        if "<!" in text["text"].text(most).replace("<!date^", ""):
            text.refuse("nobody wants a broadcast")
        return
    plain(text, most)


def _header(block: Node) -> None:
    block.object({"type", "text"}, {"block_id"})
    plain(block["text"], 150)


def _section(block: Node) -> None:
    block.object({"type"}, {"block_id", "text", "fields", "accessory", "expand"})
    if not block.value.keys() & {"text", "fields"}:
        block.refuse("missing required field: text or fields")
    for text in block.given("text"):
        _any_text(text, 3_000)
    for fields in block.given("fields"):
        for field in fields.items(1, 10):
            _any_text(field, 2_000)
    for accessory in block.given("accessory"):
        _element(accessory, _ACTIONS | {"image"})


def _divider(block: Node) -> None:
    block.object({"type"}, {"block_id"})


def _context(block: Node) -> None:
    block.object({"type", "elements"}, {"block_id"})
    for element in block["elements"].items(1, 10):
        if isinstance(element.value, dict) and element.value.get("type") == "image":
            _image_element(element)
        else:
            _any_text(element, 3_000)


def _actions(block: Node) -> None:
    block.object({"type", "elements"}, {"block_id"})
    ids: set[str] = set()
    for element in block["elements"].items(1, 25):
        _element(element, _ACTIONS)
        for id in element.given("action_id"):
            if id.value in ids:
                id.refuse("action_id already exists for another action")
            ids.add(id.value)


def _image(block: Node) -> None:
    block.object({"type", "alt_text"}, {"block_id", "image_url", "slack_file", "title"})
    _picture(block)
    for title in block.given("title"):
        plain(title, 2_000)


def _image_element(element: Node) -> None:
    element.object({"type", "alt_text"}, {"image_url", "slack_file"})
    _picture(element)


def _picture(image: Node) -> None:
    image["alt_text"].text(2_000)
    if len(image.value.keys() & {"image_url", "slack_file"}) != 1:
        image.refuse("either image_url or slack_file must be given")
    for url in image.given("image_url"):
        url.like(r"https?://\S{1,2990}", "a URL")
    for file in image.given("slack_file"):
        file.object({"id"})["id"].like("F[A-Z0-9]+", "the id of a file")


def _file_is_there(block: Node, files: Collection[str]) -> None:
    for file in block.given("slack_file"):
        if file.value["id"] not in files:
            file.refuse("invalid slack file")


def _input(block: Node) -> None:
    block.object({"type", "label", "element"}, {"block_id", "hint", "optional", "dispatch_action"})
    plain(block["label"], 2_000)
    for hint in block.given("hint"):
        plain(hint, 2_000)
    for flag in block.given("optional", "dispatch_action"):
        flag.flag()
    _element(block["element"], _INPUTS)


def _element(element: Node, allowed: Collection[str]) -> None:
    if not isinstance(element.value, dict) or element.value.get("type") not in allowed:
        kind = element.value.get("type") if isinstance(element.value, dict) else element.value
        element.refuse(f"unsupported type: {kind}")
    for id in element.given("action_id"):
        id.text(ID)
    for placeholder in element.given("placeholder"):
        plain(placeholder, 150)
    for focus in element.given("focus_on_load"):
        focus.flag()
    for confirm in element.given("confirm"):
        _confirm(confirm)
    _ELEMENTS[element.value["type"]](element)


def _confirm(confirm: Node) -> None:
    confirm.object({"title", "text", "confirm", "deny"}, {"style"})
    plain(confirm["title"], 100)
    plain(confirm["text"], 300)
    plain(confirm["confirm"], 30)
    plain(confirm["deny"], 30)
    for style in confirm.given("style"):
        style.one_of("primary", "danger")


def _button(button: Node) -> None:
    button.object({"type", "text", "action_id"}, {"url", "value", "style", "confirm", "accessibility_label"})
    plain(button["text"], 75)
    for value in button.given("value"):
        value.text(2_000)
    for url in button.given("url"):
        url.like(r"(?:https?|mailto|slack):\S{1,2990}", "a URL")
    for style in button.given("style"):
        style.one_of("primary", "danger")
    for label in button.given("accessibility_label"):
        label.text(75)


def _options(options: Node, most: int) -> list[object]:
    seen: set[str] = set()
    for option in options.items(1, most):
        _option(option)
        if option.value["value"] in seen:
            option.refuse("another option has the same value")
        seen.add(option.value["value"])
    return list(options.value)


def _option(option: Node) -> None:
    option.object({"text", "value"}, {"description"})
    plain(option["text"], 75)
    option["value"].text(150)
    for description in option.given("description"):
        plain(description, 75)


def options(found: Node) -> None:
    """The answer to a `block_suggestion`; it may be empty."""
    found.object({"options"})
    if found["options"].items(0, 100):
        _options(found["options"], 100)


_COMMON = {"placeholder", "focus_on_load", "confirm"}


def _select(select: Node) -> None:
    select.object({"type", "action_id"}, {"options", "option_groups", "initial_option", *_COMMON})
    if len(select.value.keys() & {"options", "option_groups"}) != 1:
        select.refuse("either options or option_groups must be given")
    values: list[object] = []
    for options in select.given("options"):
        values += _options(options, 100)
    for groups in select.given("option_groups"):
        for group in groups.items(1, 100):
            group.object({"label", "options"})
            plain(group["label"], 75)
            values += _options(group["options"], 100)
    _is_among(select.given("initial_option"), values)


def _is_among(initial: list[Node], values: list[object]) -> None:
    for option in initial:
        if option.value not in values:
            option.refuse("initial_option must be exactly one of the options")


def _external_select(select: Node) -> None:
    select.object({"type", "action_id"}, {"min_query_length", "initial_option", *_COMMON})
    for length in select.given("min_query_length"):
        length.whole(0, 100)
    for option in select.given("initial_option"):
        _option(option)


def _few(element: Node, initial: str) -> None:
    """Checkboxes and radio buttons."""
    element.object({"type", "action_id", "options"}, {initial, "focus_on_load", "confirm"})
    values = _options(element["options"], 10)
    for chosen in element.given(initial):
        _is_among(chosen.items(1, 10) if initial == "initial_options" else [chosen], values)


def _overflow(element: Node) -> None:
    element.object({"type", "action_id", "options"}, {"confirm"})
    _options(element["options"], 5)


def _timepicker(picker: Node) -> None:
    picker.object({"type", "action_id"}, {"initial_time", "timezone", *_COMMON})
    for time in picker.given("initial_time"):
        time.like(r"([01]\d|2[0-3]):[0-5]\d", "in format 'HH:mm'")
    for zone in picker.given("timezone"):
        if zone.value not in available_timezones():
            zone.refuse("must be an IANA zone")


def _datepicker(picker: Node) -> None:
    picker.object({"type", "action_id"}, {"initial_date", *_COMMON})
    for date in picker.given("initial_date"):
        date.like(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "in format 'YYYY-MM-DD'")


def _text_input(element: Node) -> None:
    optional = {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", *_COMMON}
    element.object({"type", "action_id"}, optional - {"confirm"})
    for flag in element.given("multiline"):
        flag.flag()
    least, most = 0, 3_000
    for length in element.given("min_length"):
        least = length.whole(0, 3_000)
    for length in element.given("max_length"):
        most = length.whole(1, 3_000)
    if least > most:
        element.refuse("min_length must not be above max_length")
    for value in element.given("initial_value"):
        if len(value.text(most, blank=True)) < least:
            value.refuse("initial_value must not be shorter than min_length")


def _single(*optional: str) -> Callable[[Node], None]:
    """An element of which only the keys are looked at."""

    def check(element: Node) -> None:
        element.object({"type", "action_id"}, {*optional, *_COMMON})

    return check


_BLOCKS: dict[str, Callable[[Node], None]] = {
    "header": _header,
    "section": _section,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "rich_text": rich_text.check,
}
_ELEMENTS: dict[str, Callable[[Node], None]] = {
    "button": _button,
    "overflow": _overflow,
    "image": _image_element,
    "static_select": _select,
    "external_select": _external_select,
    "users_select": _single("initial_user"),
    "channels_select": _single("initial_channel"),
    "checkboxes": lambda element: _few(element, "initial_options"),
    "radio_buttons": lambda element: _few(element, "initial_option"),
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "plain_text_input": _text_input,
}
_SELECTS = {"static_select", "external_select", "users_select", "channels_select"}
_PICKERS = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
_ACTIONS = _PICKERS | {"button", "overflow"}
_INPUTS = _PICKERS | {"plain_text_input"}
