"""An operator asks the doctor before the learners come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogue import load
from bot.cli.app import app
from bot.grading.question import full
from bot.model import Band
from bot.store.session import open_store
from tests.grading.llm_server import KEY, LlmServer, Reply, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LlmServer]:
    with serving() as running:
        monkeypatch.setenv("ROLECALL_LLM_MODEL", "openai:local")
        monkeypatch.setenv("ROLECALL_LLM_API_KEY", KEY)
        monkeypatch.setenv("ROLECALL_LLM_BASE_URL", f"{running.url}/v1")
        yield running


@pytest.fixture
def db(tmp_path: Path) -> str:
    place = str(tmp_path / "rolecall.db")
    open_store(place).close()
    return place


def doctor(*arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code, and each line by what it is about."""
    result = CliRunner().invoke(app, ["doctor", *arguments])
    assert KEY not in result.output
    lines = (line.split(": ", 1) for line in result.output.splitlines())
    return result.exit_code, dict(lines)


def sample() -> Reply:
    """What a good model says of the warm-up's strong exemplar."""
    problem = load(None).warm_up
    strong = next(e for e in problem.exemplars if e.band is Band.STRONG_HIRE)
    criteria = [
        {
            "criterion": c.id,
            "quote": strong.text if c.id in strong.met else "",
            "reason": "It says so.",
            "verdict": "met" if c.id in strong.met else "missed",
        }
        for c in full(problem).criteria
    ]
    return Reply(json.dumps({"criteria": criteria, "misconceptions": []}))


def test_an_installation_without_a_language_model_is_well(db: str) -> None:
    code, said = doctor("--db", db)

    assert code == 0
    assert said["ok    database"] == "it opens, and its schema is this program's."
    assert "problems, all readable" in said["ok    content"]
    assert said["ok    language model"] == "none is set; the built-in grader judges alone."


def test_a_database_that_is_not_there_yet_is_no_fault_and_is_not_created(tmp_path: Path) -> None:
    code, said = doctor("--db", str(tmp_path / "new.db"))

    assert code == 0
    assert "the first start creates it" in said["warn  database"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("Dear diary, today I learned about precision and recall." * 20)

    code, said = doctor("--db", str(tmp_path / "notes.db"))

    assert code == 1
    assert "is not a database file" in said["fail  database"]


def test_content_that_does_not_load_is_a_fault(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_CONTENT", str(tmp_path / "nowhere"))

    code, said = doctor("--db", db)

    assert code == 1
    assert "fail  content" in said


def test_a_model_that_grades_the_sample_well_is_well_and_an_unknown_price_is_said(db: str, server: LlmServer) -> None:
    server.will(sample())

    code, said = doctor("--db", db)

    assert code == 0
    assert said["ok    language model"].startswith("openai:local graded a sample answer as it should")
    assert "ROLECALL_LLM_PRICE_IN" in said["warn  its price"]


def test_a_price_that_was_set_is_used(db: str, server: LlmServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_LLM_PRICE_IN", "1")
    monkeypatch.setenv("ROLECALL_LLM_PRICE_OUT", "10")
    server.will(sample())

    assert doctor("--db", db)[1]["ok    its price"] == "$0.0020 for the sample."


def test_a_model_that_hears_nothing_in_a_good_answer_is_doubted(db: str, server: LlmServer) -> None:
    said = json.loads(sample().text)
    for finding in said["criteria"]:
        finding["verdict"] = "missed"
    server.will(Reply(json.dumps(said)))

    assert "Choose a stronger model" in doctor("--db", db)[1]["warn  language model"]


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (Reply(status=401, body=json.dumps({"error": {"message": f"bad key {KEY}"}}).encode()), "ROLECALL_LLM_API_KEY"),
        (Reply(status=404), "ROLECALL_LLM_MODEL"),
        (Reply(status=503), "ROLECALL_LLM_BASE_URL"),
        (Reply("Great answer!"), "ROLECALL_LLM_JSON_SCHEMA=false"),
    ],
)
def test_a_model_that_cannot_grade_is_a_fault_with_the_setting_to_look_at(
    db: str, server: LlmServer, reply: Reply, advice: str
) -> None:
    server.will(reply, reply)

    code, said = doctor("--db", db)

    assert code == 1
    assert advice in said["fail  language model"]


def test_without_a_sample_nothing_is_sent(db: str, server: LlmServer) -> None:
    code, said = doctor("--db", db, "--no-sample")

    assert (code, said["ok    language model"]) == (0, "openai:local is set.")
    assert server.requests == []


def test_a_model_without_its_key_is_a_fault(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_LLM_MODEL", "anthropic:claude-haiku-4-5")

    code, said = doctor("--db", db)

    assert code == 1
    assert "needs ROLECALL_LLM_API_KEY as well" in said["fail  language model"]
