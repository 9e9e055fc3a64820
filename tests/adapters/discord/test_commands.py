"""Every command of the table works in Discord, for somebody new and for somebody who runs the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.door.command_table import COMMANDS, Command, OptionKind
from tests.adapters.discord.running import Running, answer, kept, running

VALUES: dict[OptionKind, str] = {
    "want": "rag",
    "word": "none",
    "duration": "3h",
    "until": "7",
    "level": "light",
    "zone": "Europe/Madrid",
    "time": "09:00",
    "yes_no": "yes",
    "target": "mlops",
    "role": "mle",
    "topic": "frameworks",
    "place": "us",
    "sector": "finance",
    "rating": "3",
    "cohort": "Spring",
    "code": "K7QD-M2XA",
    "problem": "rag",
    "preset": "study_group",
    "appearance": "name",
    "office": "mentor",
    "reviewers": "peers",
    "command": "practice",
    "text": "What counts here is recall.",
}


@pytest.fixture(scope="module")
def school(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With a cohort of Ben's, who manages the server."""
    with kept(runner, running(tmp_path_factory.mktemp("school"))) as found:
        runner.run(found.command(found.ben, "cohort create", name="Spring"))
        runner.run(found.command(found.ada, "start"))
        yield found


def _is_right(result: str) -> bool:
    return bool(result) and "wrong on my side" not in result and "another version" not in result


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.path)
async def test_a_command_alone_is_answered_or_opens_its_form(school: Running, command: Command) -> None:
    for who in (school.ada, school.ben):
        result = await school.command(who, command.path)
        assert result.modal or (result.ephemeral and _is_right(answer(result)))
        assert command.intent.opens_form or not result.modal


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.options], ids=lambda c: c.path)
async def test_a_command_takes_its_options(school: Running, command: Command) -> None:
    given = {o.name: school.ada if o.kind == "person" else VALUES[o.kind] for o in command.options}
    if command.name == "delete":
        given["confirm"] = "not yet"
    result = await school.command(school.ben, command.path, **given)
    said = answer(result)
    assert result.modal or (result.ephemeral and _is_right(said))
    assert "I know no" not in said or command.name == "join"  # there is no such code
    assert not any(message.flags.ephemeral is False for message in school.room.history())
