"""What a running Rolecall gets from content/, and what it says where it gets nothing."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.catalogue import Catalogue, content_folder, load, loading
from bot.errors import RolecallError
from bot.model import ConceptId, ProblemId
from tests.catalogue.conftest import PROBLEM, plant

BAD_DEPLOY = ProblemId("ops.incident.bad_deploy")
ROLLBACK = ConceptId("ops.incident.rollback")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The folders that were parsed, rather than read from the cache."""
    folders: list[Path] = []
    parse = loading._parse

    def counted(folder: Path, files: dict[Path, bytes]) -> object:
        folders.append(folder)
        return parse(folder, files)

    monkeypatch.setattr(loading, "_parse", counted)
    yield folders


def test_the_shipped_content_loads(cache: Path) -> None:
    catalogue = load(cache=cache)
    assert catalogue.warm_up.tags.warm_up
    assert list(catalogue.problems) == sorted(catalogue.problems)
    for problem in catalogue.problems.values():
        assert problem.status == "live"
        assert problem.topic in catalogue.topics
        assert all(catalogue.concepts[concept] for concept in problem.concepts)
        assert (content_folder() / "problems" / problem.topic / f"{problem.id.rpartition('.')[2]}.yaml").is_file()


def test_look_ups(content: Path, cache: Path) -> None:
    catalogue = load(content, cache=cache)
    assert list(catalogue.problems) == [BAD_DEPLOY]
    assert catalogue.warm_up is catalogue.problems[BAD_DEPLOY]
    assert catalogue.concepts[ROLLBACK] == "Rolling back first"
    assert catalogue.topics["ops.serving"] == "Serving models"
    assert catalogue.areas == {"ops": "Operations", "career": "Career"}
    assert catalogue.problems_for(ROLLBACK) == (catalogue.warm_up,)
    assert catalogue.problems_for(ConceptId("ops.incident.unheard")) == ()
    assert catalogue.topic_of(ROLLBACK) == "ops.incident"


def test_only_live_problems_are_asked(content: Path, cache: Path) -> None:
    other = content / "problems/ops.incident/second.yaml"
    other.write_bytes(PROBLEM.read_bytes())
    plant("id: ops.incident.bad_deploy", "id: ops.incident.second", other)
    plant("warm_up: true", "warm_up: false", other)
    assert len(load(content, cache=cache).problems) == 2
    for status in ("draft", "review", "retired"):
        other.write_text(other.read_text(encoding="utf-8").replace("status: live", f"status: {status}"))
        assert list(load(content, cache=cache).problems) == [BAD_DEPLOY]
        other.write_text(other.read_text(encoding="utf-8").replace(f"status: {status}", "status: live"))


def test_nothing_can_be_changed(content: Path, cache: Path) -> None:
    catalogue = load(content, cache=cache)
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.warm_up = catalogue.warm_up  # type: ignore[misc]
    with pytest.raises(TypeError):
        catalogue.problems[BAD_DEPLOY] = catalogue.warm_up  # type: ignore[index]
    with pytest.raises(TypeError):
        catalogue.concepts[ROLLBACK] = ""  # type: ignore[index]
    with pytest.raises(ValidationError):
        catalogue.warm_up.title = ""  # type: ignore[misc]
    with pytest.raises(ValidationError):
        catalogue.warm_up.criteria[0].statement = ""  # type: ignore[misc]
    assert isinstance(catalogue.warm_up.criteria[0].says[0], tuple)


def test_a_fault_is_said_with_its_count_and_the_remedy(content: Path, cache: Path) -> None:
    plant("round: unique", "round: uniqe")
    plant("difficulty: 2", "difficulty: 9")
    with pytest.raises(RolecallError) as error:
        load(content, cache=cache)
    assert str(error.value) == (
        "The content has 2 faults, the first is: problems/ops.incident/bad_deploy.yaml:9: tags.round: "
        "“uniqe” is not known: did you mean `unique`? `rolecall check content` lists every fault with its remedy."
    )
    assert not cache.exists()


def test_a_folder_without_content_is_said(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(RolecallError, match=r"There is no content in empty: topics\.yaml is missing\."):
        load(tmp_path / "empty", cache=cache)


def test_the_second_time_nothing_is_parsed(content: Path, cache: Path, parsed: list[Path]) -> None:
    first, second = load(content, cache=cache), load(content, cache=cache)
    assert len(parsed) == 1
    assert_same(first, second)


def test_a_changed_file_is_parsed_again(content: Path, cache: Path, parsed: list[Path]) -> None:
    load(content, cache=cache)
    plant("title: Errors after a release", "title: Errors after an update")
    assert load(content, cache=cache).warm_up.title == "Errors after an update"
    plant("Keeping a timeline", "Keeping a log", content / "concepts/ops.yaml")
    assert load(content, cache=cache).concepts[ConceptId("ops.incident.timeline")] == "Keeping a log"
    (content / "problems/ops.incident/second.yaml").write_text("schema: 1\n")
    with pytest.raises(RolecallError):
        load(content, cache=cache)
    assert len(parsed) == 4


@pytest.mark.parametrize("rest", ["", "{", '{"problems": []}', "\x00\x01", "[]"])
def test_a_corrupt_cache_is_replaced(content: Path, cache: Path, parsed: list[Path], rest: str) -> None:
    good = load(content, cache=cache)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole.partition(b"\n")[0] + b"\n" + rest.encode())
    assert_same(load(content, cache=cache), good)
    assert len(parsed) == 2
    assert file.read_bytes() == whole
    assert list(cache.iterdir()) == [file]


def test_a_cache_of_another_version_is_replaced(content: Path, cache: Path, parsed: list[Path]) -> None:
    load(content, cache=cache)
    (file,) = cache.iterdir()
    head, _, body = file.read_bytes().partition(b"\n")
    file.write_bytes(json.dumps("0" * len(json.loads(head))).encode() + b"\n" + body)
    load(content, cache=cache)
    assert len(parsed) == 2


def test_a_cache_that_cannot_be_written_is_done_without(content: Path, tmp_path: Path, parsed: list[Path]) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    assert_same(load(content, cache=blocked), load(content, cache=blocked))
    assert len(parsed) == 2
    assert blocked.read_text() == "a file where the folder should be"


def test_two_folders_do_not_share_a_cache_file(content: Path, cache: Path) -> None:
    load(content, cache=cache)
    load(cache=cache)
    assert len(list(cache.iterdir())) == 2


def test_importing_the_catalogue_loads_no_reader_of_text() -> None:
    heavy = ["markdown_it", "yaml", "rapidfuzz", "typer", "bot.grading"]
    code = f"import sys, bot.catalogue; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def assert_same(one: Catalogue, other: Catalogue) -> None:
    assert dict(one.problems) == dict(other.problems)
    assert dict(one.concepts) == dict(other.concepts)
    assert dict(one.topics) == dict(other.topics)
