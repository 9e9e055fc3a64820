"""What the local Discord refuses of commands, as Discord does."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.backend.errors import BackendError

from tests.discord.validation import check_choices, check_commands

Json = dict[str, Any]


def option(name: str = "topic", **more: Any) -> Json:
    return {"type": 3, "name": name, "description": "Which", **more}


def sub(name: str = "start", *options: Json, **more: Any) -> Json:
    return {"type": 1, "name": name, "description": "Begins", "options": list(options), **more}


def group(name: str = "practice", *subs: Json) -> Json:
    return {"type": 2, "name": name, "description": "Learns", "options": list(subs)}


def root(*options: Json, **more: Any) -> Json:
    return {"type": 1, "name": "rolecall", "description": "A mentor", "options": list(options), **more}


def menu(name: str = "Answer this") -> Json:
    return {"type": 3, "name": name}


def choice(n: int, name: str = "") -> Json:
    return {"name": name or f"choice {n}", "value": f"v{n}"}


def test_what_discord_takes_is_taken() -> None:
    answer = option("answer", required=True)
    topic = option(choices=[choice(n) for n in range(25)])
    zone = option("zone", autocomplete=True)
    check_commands([root(group("practice", sub("start", answer, topic, zone)), sub("help")), menu()])


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (root(*(sub(f"s{n}") for n in range(26))), "25 or fewer"),
        (root(sub("Start")), "no name"),
        (root(sub("start now")), "no name"),
        (root(sub("s" * 33)), "no name"),
        (root(sub(description="")), "between 1 and 100"),
        (root(sub(description="x" * 101)), "between 1 and 100"),
        (root(sub("start"), sub("start")), "unique"),
        (root(sub("start"), option()), "exclude each other"),
        (root(group("a", group("b", sub()))), "Groups stand only at the top"),
        (root(sub("start", option("a"), option("b", required=True))), "before non-required"),
        (root(sub("start", option(choices=[choice(n) for n in range(26)]))), "25 or fewer"),
        (root(sub("start", option(choices=[choice(1, "x" * 101)]))), "between 1 and 100"),
        (root(sub("start", option(choices=[choice(1, "same"), choice(2, "same")]))), "unique"),
        (root(sub("start", option(choices=[choice(1)], autocomplete=True))), "exclude each other"),
        (root(*(sub(f"s{n}", *(option(f"o{m}", description="x" * 100) for m in range(25))) for n in range(4))), "8000"),
        (menu("x" * 33), "1 to 32"),
        ({**menu(), "description": "No menu has one"}, "only a name"),
    ],
)
def test_what_discord_does_not_take_is_refused(command: Json, why: str) -> None:
    with pytest.raises(BackendError) as refused:
        check_commands([command])
    assert refused.value.code == 50035 and why in str(refused.value.errors)


def test_there_are_so_many_commands_and_no_more() -> None:
    check_commands([root(name=f"c{n}") for n in range(100)])
    with pytest.raises(BackendError):
        check_commands([root(name=f"c{n}") for n in range(101)])
    with pytest.raises(BackendError):
        check_commands([menu(f"Menu {n}") for n in range(16)])


@pytest.mark.parametrize("choices", [[choice(n) for n in range(26)], [{"name": "", "value": "v"}]])
def test_what_is_offered_while_somebody_types_has_bounds(choices: list[Json]) -> None:
    with pytest.raises(BackendError):
        check_choices(choices, "data.choices")
