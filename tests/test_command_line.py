"""What an operator types: grant, db, run and play, with right and wrong arguments."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cohort_model import Cohort, Preset
from bot.errors import RolecallError
from bot.model import CohortId
from bot.store import cohorts, reviews
from bot.store.session import open_store

ROOT = Path(__file__).parents[1]


def rolecall(*arguments: str | Path) -> tuple[int, str]:
    """Exit code, and everything a command said to whoever typed it."""
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exception is None or isinstance(done.exception, RolecallError | SystemExit), done.exception
    refusal = f"{done.exception}\n" if isinstance(done.exception, RolecallError) else ""
    return done.exit_code, done.output + refusal


def program(*arguments: str | Path, typed: str = "") -> tuple[int, str]:
    """As `rolecall`, in a process of its own, to which lines are typed."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *(str(a) for a in arguments)],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live database that knows Zoe and Ben; Ben calls himself zoe."""
    place = tmp_path_factory.mktemp("live") / "live.db"
    assert program("run", "--db", place, "--as", "Zoe", typed="start\n")[0] == 0
    assert program("run", "--db", place, "--as", "Ben", typed="settings name=zoe\n")[0] == 0
    return place


@pytest.fixture
def live(inhabited: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(inhabited, tmp_path / "live.db"))


def test_run_serves_this_terminal_on_the_real_clock(tmp_path: Path) -> None:
    code, said = program("run", "--db", tmp_path / "live.db", "--as", "Zoe", typed="start\n> wait 3d\n> restart\n")

    assert code == 0
    assert "Hello Zoe" in said
    assert "Time is real here" in said


def test_run_and_play_refuse_each_others_databases(live: Path, tmp_path: Path) -> None:
    assert program("play", "--db", tmp_path / "play.db", typed="start\n")[0] == 0

    code, said = program("run", "--db", tmp_path / "play.db")
    assert (code, "belongs to rolecall play" in said) == (1, True)
    code, said = program("play", "--db", live)
    assert (code, "is a live database" in said) == (1, True)


def test_grant_names_an_office_once_and_an_id_wins_over_a_name(live: Path) -> None:
    assert rolecall("grant", "mentor", "zoe", "--db", live) == (0, "Zoe (terminal zoe) is mentor here.\n")
    assert rolecall("grant", "mentor", "terminal:zoe", "--db", live) == (
        0,
        "Zoe (terminal zoe) is already mentor here.\n",
    )
    assert rolecall("grant", "organiser", "ben", "--db", live) == (0, "zoe (terminal ben) is organiser here.\n")


def test_grant_makes_a_cohort_whose_peers_review_blind(live: Path) -> None:
    spring = ("--cohort", "Spring", "--db", live)
    assert rolecall("grant", "learner", "zoe", "--reviewers", "peers", "--blind", *spring) == (
        0,
        "Zoe (terminal zoe) is learner of Spring.\n",
    )
    assert rolecall("grant", "mentor", "terminal:ben", *spring) == (0, "zoe (terminal ben) is mentor of Spring.\n")

    store = open_store(str(live))
    with store.begin() as tx:
        [id] = [c.id for c in cohorts.living(tx)]
        assert reviews.is_blind(tx, id)
        assert (len(reviews.holders(tx, "learner", id)), len(reviews.holders(tx, "mentor", id))) == (1, 1)
    store.close()


def test_grant_knows_a_cohort_by_its_name_or_id_and_never_guesses_between_two(live: Path) -> None:
    assert rolecall("grant", "mentor", "zoe", "--cohort", "Spring", "--db", live)[0] == 0
    assert rolecall("grant", "mentor", "zoe", "--cohort", "spring", "--db", live) == (
        0,
        "Zoe (terminal zoe) is already mentor of Spring.\n",
    )
    store = open_store(str(live))
    with store.begin() as tx:
        cohorts.create(
            tx, Cohort(CohortId("c2"), "Spring", Preset.STUDY_GROUP, "UTC", datetime(2026, 1, 5, tzinfo=UTC))
        )
    store.close()

    code, said = rolecall("grant", "mentor", "zoe", "--cohort", "Spring", "--db", live)
    assert (code, "2 cohorts are called Spring. Name one of" in said) == (1, True)
    assert rolecall("grant", "mentor", "zoe", "--cohort", "c2", "--db", live) == (
        0,
        "Zoe (terminal zoe) is mentor of Spring.\n",
    )


def test_grant_of_a_learner_needs_a_cohort(live: Path) -> None:
    code, said = rolecall("grant", "learner", "zoe", "--db", live)

    assert (code, "Name the cohort that this is about" in said) == (1, True)


def test_grant_to_somebody_unknown_says_what_they_must_do(live: Path) -> None:
    code, said = rolecall("grant", "mentor", "Zack", "--db", live)

    assert code == 1
    assert "I know nobody called Zack. They have to say /rolecall start once" in said


def test_commands_on_a_database_that_is_not_there_create_none(tmp_path: Path) -> None:
    for arguments in (("grant", "mentor", "Zoe"), ("db", "rebuild")):
        code, said = rolecall(*arguments, "--db", tmp_path / "typo.db")
        assert (code, "There is no database at" in said) == (1, True)
    assert not (tmp_path / "typo.db").exists()


def test_db_upgrade_and_rebuild(live: Path, tmp_path: Path) -> None:
    assert "is up to date" in rolecall("db", "upgrade", "--db", tmp_path / "new.db")[1]
    code, said = rolecall("db", "rebuild", "--db", live)
    assert code == 0
    assert "events of the log" in said


def test_regrade_says_what_a_corrected_rubric_would_change_before_it_does(
    live: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = "Look at recall, since a model that always says no is right nearly each time.\n"
    assert program("run", "--db", live, "--as", "Zoe", typed=answered)[0] == 0
    shutil.copytree(ROOT / "content", tmp_path / "content")
    file = tmp_path / "content" / "problems" / "ml.fundamentals" / "accuracy_trap.yaml"
    raised = re.sub(r"^version: \d+$", "version: 99", file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    file.write_text(raised, encoding="utf-8")
    monkeypatch.setenv("ROLECALL_CONTENT", str(tmp_path / "content"))
    regrade = ("regrade", "ml.fundamentals.accuracy_trap", "--db", live)

    code, said = rolecall(*regrade, "--dry-run")
    assert (code, "1 earlier answer to grade anew" in said, "Nothing was written." in said) == (0, True, True)
    code, said = rolecall(*regrade)
    assert (code, "version 99: 1 earlier answer graded anew (" in said) == (0, True)
    assert "0 earlier answers graded anew" in rolecall(*regrade)[1]


def test_a_wrong_default_zone_is_refused_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLECALL_DEFAULT_ZONE", "Europe/Berln")

    code, said = program("run", "--db", tmp_path / "live.db")

    assert (code, "Did you mean Europe/Berlin?" in said) == (1, True)
