"""What a learner lends becomes an example for the grader: graded by people, without names, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.catalogue.problem import Exemplar
from bot.cli.app import app
from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import ProblemId, State
from tests.reviews.room import Room
from tests.talk import buttons, words

OWN = "I am Ana Berg. First I would read ten wrong answers. Ana would then measure recall."


def lent(hall: Room, name: str, text: str, verdict: str = "met:1") -> str:
    """Somebody's doubtful answer, judged by Maya and lent; returns the problem's id."""
    serving, _ = hall.answers(name, text, c0=State.UNSURE, c2=State.PARTLY)
    hall.judges("Maya", hall.ticket(serving), verdict)
    told = hall.pushed(name, "settled")[-1].message
    assert "Without your name" in words(hall.chat.say(name, buttons(told)["Lend it as an example"]))
    return str(hall.attempt(serving).serving.problem)


def exported(folder: Path, *options: str) -> tuple[dict[str, list[dict[str, object]]], str]:
    """The YAML by problem, and what is said beside it."""
    file = folder / "lent.yaml"
    done = CliRunner().invoke(
        app, ["exemplars", "export", "--db", str(folder / "play.db"), "--to", str(file), *options]
    )
    assert done.exit_code == 0, done.output or done.exception
    return yaml.safe_load(file.read_text(encoding="utf-8")), done.output


def test_an_answer_that_was_judged_and_lent_is_written_without_its_authors_name(hall: Room, tmp_path: Path) -> None:
    hall.office("Maya", "mentor")
    problem = lent(hall, "Ana Berg", OWN)
    hall.answers("Ben", "I would look at the logs first. Then I would count the failures.")

    found, said = exported(tmp_path)

    (one,) = found[problem]
    assert one["text"] == "I am …. First I would read ten wrong answers. … would then measure recall."
    exemplar = Exemplar.model_validate_json(json.dumps(one))
    criteria = [c.id for c in hall.chat.world.rolecall.bank.problems[ProblemId(problem)].criteria]
    assert (exemplar.style, exemplar.partly) == ("learner", (criteria[2],))
    assert exemplar.met == (*criteria[:2], *criteria[3:])
    assert "1 answer; 3 other graded ones are not lent and stay private." in said


def test_what_equals_an_example_that_is_there_is_not_written_twice(hall: Room, tmp_path: Path) -> None:
    hall.office("Maya", "mentor")
    problem = lent(hall, "Ana", "First I would read ten wrong answers. Then I would rerank.")
    lent(hall, "Ben", "First I would read  ten wrong answers.\nThen I would rerank.", "missed")

    assert len(exported(tmp_path)[0][problem]) == 1


def test_one_problem_is_exported_alone(hall: Room, tmp_path: Path) -> None:
    hall.office("Maya", "mentor")
    problem = lent(hall, "Ana", OWN)
    other = next(id for id in hall.chat.world.rolecall.bank.problems if id != problem)

    assert list(exported(tmp_path, problem)[0]) == [problem]
    assert exported(tmp_path, str(other))[0] == {}


def test_nobody_lends_somebody_elses_answer(hall: Room, tmp_path: Path) -> None:
    serving, _ = hall.answers("Ana")

    with pytest.raises(RolecallError, match="belongs to somebody else"):
        hall.chat.say("Ben", i.Lend(serving))
    assert exported(tmp_path)[0] == {}
