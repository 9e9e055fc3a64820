"""`rolecall check` from the shell: the lock, copying, single files, the grader and the schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogue import content_folder
from bot.catalogue.schema import schema_file, schema_text
from bot.cli.check import app
from bot.grading import exemplars
from tests.catalogue.conftest import PROBLEM, plant


def run(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of output."""
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output.splitlines()


def test_good_content_passes_with_its_grades(content: Path) -> None:
    assert run("content", "content") == (0, ["1 problem: no faults, no warnings."])


def test_faults_are_listed_in_order_and_fail(content: Path) -> None:
    plant("round: unique", "round: uniqe")
    plant("difficulty: 2", "difficulty: 9")
    assert run("content", "content") == (
        1,
        [
            f"{PROBLEM}:9: tags.round: “uniqe” is not known: did you mean `unique`?",
            f"{PROBLEM}:13: tags.difficulty: 9 is out of range: write a number of at most 5",
            "no problems: 2 faults, no warnings.",
        ],
    )


def test_a_warning_does_not_fail(content: Path) -> None:
    plant("Keeping a timeline", "Keeping a timeline\nops.incident.people: Who does what", content / "concepts/ops.yaml")
    code, lines = run("content", "content", "--no-grader")
    assert code == 0
    assert lines == [
        "content/concepts/ops.yaml:3: warning: ops.incident.people: no problem has this concept: "
        "take the line out, or write one",
        "1 problem: no faults, 1 warning.",
    ]


@pytest.mark.parametrize("below", [".", "problems/ops.incident"])
def test_a_single_file_from_anywhere(content: Path, monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    file = PROBLEM.resolve()
    plant("reference_span: roll back", "reference_span: go back")
    monkeypatch.chdir(content / below)
    relative = file.relative_to(Path.cwd())
    expected = (
        f"{relative}:38: criteria.c1.reference_span: “go back to the previous version” does not stand in the reference"
    )
    for given in (file, relative):
        code, lines = run("content", str(given), "--no-grader")
        assert code == 1
        assert lines[1] == f"{expected}: copy the words from `reference` exactly"


def test_a_single_file_outside_a_content_folder(content: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_bytes(PROBLEM.read_bytes())
    _, lines = run("content", "draft.yaml", "--no-grader")
    assert "draft.yaml:17: concepts: there is no concept “ops.incident.timeline” in content/concepts" in lines[-2]
    assert not any("file's place" in line for line in lines)


@pytest.mark.parametrize("given", ["nowhere", "content/nothing.yaml"])
def test_a_path_that_is_not_there(content: Path, given: str) -> None:
    code, lines = run("content", given)
    assert (code, lines) == (1, [f"There is no {given}. Give a content folder, or a problem file."])


def test_copied_words(content: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "book.txt").write_text("… and 'Users suffer now, but the cause can wait until tomorrow', they said.")
    code, lines = run("content", "content", "--no-grader", "--against", str(texts))
    assert (code, lines[:-1]) == (0, [])
    plant("because users suffer now and", "because users suffer now but")
    code, lines = run("content", "content", "--no-grader", "--against", str(texts))
    assert code == 1
    assert lines[1] == (
        f"{PROBLEM}:61: reference: “users suffer now but the cause can wait” stands in book.txt too: "
        "say it in your own words"
    )


def test_nothing_to_compare_with(content: Path, tmp_path: Path) -> None:
    code, lines = run("content", "content", "--against", str(tmp_path / "texts"))
    assert code == 1
    assert lines[0].startswith("There is no text to compare with in ")


class TestLock:
    def test_a_missing_lock_is_a_fault_and_written_on_demand(self, content: Path) -> None:
        (content / "lock.json").unlink()
        assert run("content", "content", "--no-grader") == (
            1,
            [
                "content/lock.json:1: lock: there is no lock yet: "
                "run `rolecall check content --lock` once the problems are finished",
                "1 problem: 1 fault, no warnings.",
            ],
        )
        code, lines = run("content", "content", "--no-grader", "--lock")
        assert (code, lines) == (0, ["lock.json: 1 entry written.", "1 problem: no faults, no warnings."])
        assert run("content", "content", "--no-grader")[0] == 0

    def test_a_change_that_grading_sees_needs_a_new_version(self, content: Path) -> None:
        plant("Checks that the error rate falls", "Checks that the share of errors falls")
        for arguments in ((), ("--lock",)):
            code, lines = run("content", "content", "--no-grader", *arguments)
            assert code == 1
            assert lines[0] == (
                f"{PROBLEM}:4: version: is still 1, but the content that grading reads has changed: "
                "write `version: 2`, then run `rolecall check content --lock`"
            )
        plant("version: 1", "version: 2")
        code, lines = run("content", "content", "--no-grader")
        assert (code, lines[0]) == (
            1,
            f"{PROBLEM}:4: version: is 2, lock.json has 1: run `rolecall check content --lock`",
        )
        assert run("content", "content", "--no-grader", "--lock")[0] == 0
        plant("version: 2", "version: 1")
        assert run("content", "content", "--no-grader")[1][0] == (
            f"{PROBLEM}:4: version: was 2 before: write `version: 3`"
        )

    @pytest.mark.parametrize(
        ("instead_of", "write"),
        [
            ("title: Errors after a release", "title: Errors after the release"),
            ("then search in peace", "and search in peace"),
            ("minutes: 4", "minutes: 5"),
            ("Start with them.", "Start there."),
            ("prompt: |\n  Ten minutes ago", "# a comment\nprompt: |\n  Ten minutes ago"),
        ],
    )
    def test_other_changes_do_not(self, content: Path, instead_of: str, write: str) -> None:
        plant(instead_of, write)
        assert run("content", "content", "--no-grader") == (0, ["1 problem: no faults, no warnings."])

    def test_a_new_problem_is_named(self, content: Path) -> None:
        other = content / "problems/ops.incident/second.yaml"
        other.write_bytes(PROBLEM.read_bytes())
        plant("id: ops.incident.bad_deploy", "id: ops.incident.second", other)
        plant("warm_up: true", "warm_up: false", other)
        code, lines = run("content", "content", "--no-grader")
        assert code == 1
        assert (
            "content/problems/ops.incident/second.yaml:4: version: is not in lock.json yet: "
            "run `rolecall check content --lock`" in lines
        )

    def test_a_live_problem_does_not_vanish(self, content: Path) -> None:
        PROBLEM.rename(content / "problems/ops.incident/new_name.yaml")
        plant(
            "id: ops.incident.bad_deploy", "id: ops.incident.new_name", content / "problems/ops.incident/new_name.yaml"
        )
        _, lines = run("content", "content", "--no-grader")
        assert lines[0] == (
            "content/lock.json:1: ops.incident.bad_deploy: is in the lock, but its file is gone: restore the file with "
            "`status: retired`; if it was never published, delete its entry from lock.json"
        )

    def test_nothing_is_locked_while_something_is_wrong(self, content: Path) -> None:
        before = (content / "lock.json").read_bytes()
        plant("version: 1", "version: 2")
        plant("reference_span: roll back", "reference_span: go back")
        code, lines = run("content", "content", "--no-grader", "--lock")
        assert code == 1
        assert lines[-2] == "lock.json is as it was: it is written when nothing else is wrong."
        assert (content / "lock.json").read_bytes() == before

    @pytest.mark.parametrize("broken", ["", "[]", '{"a": {"version": 1}}', '{"a": 3}'])
    def test_a_broken_lock_is_named_and_kept(self, content: Path, broken: str) -> None:
        (content / "lock.json").write_text(broken)
        code, lines = run("content", "content", "--no-grader", "--lock")
        assert code == 1
        assert lines[0] == (
            "content/lock.json:1: lock: cannot be read: "
            "restore it from version control, or delete it and run `rolecall check content --lock`"
        )
        assert (content / "lock.json").read_text() == broken


class TestGrader:
    def test_an_exemplar_that_the_grader_hears_differently_is_named(self, content: Path) -> None:
        plant("then watch the error rate until it is normal. Post", "then sleep. Post")
        code, lines = run("content", "content")
        assert code == 1
        assert any(":39: criteria.c2: " in line and "e1" in line for line in lines)
        assert not any("criteria.c2: " in line for line in run("content", "content", "--no-grader")[1])

    def test_the_whole_bank_has_to_be_decided(self, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        report = exemplars.Report((), decided=5, judged=10, strong=4, strong_reached=3)
        monkeypatch.setattr(exemplars, "check", lambda problem: report)
        assert run("content", "content") == (
            1,
            [
                "content/problems:1: criteria: the grader decides 5 of 10 criteria, at least 60% are needed: "
                "add ways to `says` where exemplars stay unsure",
                "content/problems:1: exemplars: 3 of 4 strong exemplars reach Strong Hire, at least 80% are needed: "
                "add the words that they use to `says`",
                "1 problem: 2 faults, no warnings.",
            ],
        )
        assert run("content", str(PROBLEM))[0] == 0


def test_the_committed_schema_is_current() -> None:
    assert schema_file(content_folder()).read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_printed() -> None:
    code, lines = run("schema")
    assert code == 0
    schema = json.loads("\n".join(lines))
    assert schema["additionalProperties"] is False
    assert "reference" in schema["required"]
    assert "Stable, never reused." in schema["properties"]["id"]["description"]
