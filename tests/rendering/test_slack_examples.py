"""Every message and form that any capability has, as Slack gets it: what Slack refuses, and what a person would see.

`pytest tests/rendering --golden` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, get_type_hints

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack.forms import again
from adapters.slack.origin import Origin
from adapters.slack.render import parts
from adapters.slack.views import home, modal
from bot.door.invocation import Place
from bot.door.messages import Form, Message, Picture
from tests.rendering import form_examples, slack_text, test_examples
from tests.rendering.form_examples import FORMS
from tests.rendering.test_examples import EXAMPLES
from tests.slack.validation import check_message, check_view

GOLDEN = Path(__file__).parent / "golden" / "slack"
DIRECT = Place("T01AB2CD3", "D01AB2CD3", is_private=True)
ROOT = Path(__file__).parents[2]
WORDS = sorted({*ROOT.glob("bot/**/*words.py"), ROOT / "bot/guide.py"})


def files_of(message: Message) -> dict[int, str]:
    return {n: f"F0{n}" for n, block in enumerate(message.blocks) if isinstance(block, Picture)}


def modal_of(form: Form, **said: Any) -> dict[str, Any]:
    return modal(form, Origin(DIRECT, form.submits, "https://hooks.slack.example/r/1"), **said)


@pytest.mark.parametrize("name", EXAMPLES)
def test_slack_draws_it_as_agreed(name: str, golden: bool) -> None:
    message = EXAMPLES[name]
    drawn = "\n".join(slack_text.readable(p.text, p.blocks) for p in parts(message, files=files_of(message)))
    agrees(GOLDEN / f"{name}.txt", drawn, golden)


@pytest.mark.parametrize("name", FORMS)
def test_slack_draws_the_form_as_agreed(name: str, golden: bool) -> None:
    agrees(GOLDEN / "forms" / f"{name}.txt", slack_text.form(modal_of(FORMS[name])), golden)


def test_no_file_is_left_of_what_is_said_no_more() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == EXAMPLES.keys()
    assert {file.stem for file in GOLDEN.glob("forms/*.txt")} == FORMS.keys()


def agrees(file: Path, drawn: str, golden: bool) -> None:
    if golden:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("root", ["rolecall", "interview-mentor-of-the-academy"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_slack_takes_the_message(name: str, root: str) -> None:
    message = EXAMPLES[name]
    for files in ({}, files_of(message)):
        drawn = parts(message, root=root, files=files)
        for part in drawn:
            check_message({"channel": "C01AB2CD3", "text": part.text, "blocks": part.blocks}, files.values())
            for block in part.blocks:
                parsed = Block.parse(block)
                assert parsed is not None
                assert parsed.to_dict() == block
        assert len(drawn) == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_slack_takes_the_message_on_the_home_tab(name: str) -> None:
    view = home(EXAMPLES[name])
    check_view(view)
    assert View(**view).to_dict()["blocks"] == view["blocks"]


@pytest.mark.parametrize("root", ["rolecall", "interview-mentor-of-the-academy"])
@pytest.mark.parametrize("name", FORMS)
def test_slack_takes_the_form(name: str, root: str) -> None:
    opened = modal_of(FORMS[name], root=root)
    refused = again(opened, "Write a name that the others know.", root)
    for view in (opened, refused):
        check_view(view)
        assert View(**view).to_dict()["blocks"] == view["blocks"]
    assert len(refused["blocks"]) == len(opened["blocks"]) + 1


def test_no_message_and_no_form_is_without_an_example() -> None:
    """Whatever a words module can say is said while the examples are made, and so has been seen by the tests above."""
    can_say = list(sayings())
    said = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            said.add(frame.f_code)

    sys.setprofile(watch)
    try:
        for module in cohort_examples():
            importlib.reload(module)
        test_examples.all_examples()
        form_examples.all_forms()
    finally:
        sys.setprofile(None)
    assert len(can_say) > 100
    assert [f"{f.__module__}.{f.__name__}" for f in can_say if f.__code__ not in said] == []


def cohort_examples() -> list[ModuleType]:
    found = (Path(__file__).parent / "cohort_examples").glob("[a-z]*.py")
    return [importlib.import_module(f"tests.rendering.cohort_examples.{file.stem}") for file in sorted(found)]


def sayings() -> Iterator[FunctionType]:
    """Every function of a words module that makes a message or a form."""
    for file in WORDS:
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        own = [f for f in vars(module).values() if isinstance(f, FunctionType) and f.__module__ == module.__name__]
        yield from (f for f in own if get_type_hints(f)["return"] in (Message, Form))
