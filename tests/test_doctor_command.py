"""An operator asks the doctor before the learners come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.catalogue import load
from bot.cli import checkup
from bot.cli.app import app
from bot.grading.question import full
from bot.model import Band
from bot.store import installation
from bot.store.session import Tx, open_store
from bot.store.tables import account, member, outbox, schedule
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
    assert said["ok    database"].startswith("it opens, and its schema is this program's.")
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


def test_a_mistyped_setting_and_an_unknown_zone_are_named(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("# ROLECALL_NOTE=of mine\nROLECALL_DATABSE=/srv/secret.db\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROLECALL_DEFAULT_ZONE", "Mars/Olympus")

    code, said = doctor("--db", db)

    assert code == 1
    assert said["warn  settings"] == (
        "ROLECALL_DATABSE is not one of mine, so it changes nothing. Did you mean ROLECALL_DATABASE?"
    )
    assert "ROLECALL_DEFAULT_ZONE names no time zone" in said["fail  settings"]


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


NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("server", "written", "health", "part"),
    [
        (timedelta(), None, "ok", "it says 2026-01-05 09:00:00 UTC"),
        (timedelta(seconds=20), timedelta(days=-9), "ok", "which fits the database"),
        (timedelta(seconds=-45), None, "warn", "the database server differ by 45 seconds"),
        (timedelta(minutes=9), None, "fail", "differ by 9 minutes"),
        (timedelta(), timedelta(seconds=90), "warn", "it is 90 seconds behind what already stands in the database"),
        (timedelta(), timedelta(days=1), "fail", "it is 24 hours behind what already stands in the database"),
        (timedelta(), timedelta(days=3), "fail", "it is 3 days behind"),
    ],
)
def test_a_clock_that_is_off_is_measured(server: timedelta, written: timedelta | None, health: str, part: str) -> None:
    [found] = checkup.clock(NOW, NOW + server, None if written is None else NOW + written)

    assert found.health == health
    assert part in found.said
    assert ("timedatectl" in found.said) == (health != "ok")


def zoe(tx: Tx, zone: str = "Europe/Berlin") -> None:
    """A member, as one who has joined in the terminal."""
    joined = {"reminders": True, "paused": False, "joined_at": NOW}
    tx.execute(sa.insert(member).values(id="zoe", name="Zoe", zone=zone, remind_at=time(9), **joined))
    tx.execute(
        sa.insert(account).values(
            platform="terminal", tenant="", user_id="zoe", member_id="zoe", display_name="Zoe", linked_at=NOW
        )
    )


def message(tx: Tx, key: str, state: str, not_before: datetime, **more: object) -> None:
    values: dict[str, object] = {"kind": "review_due", "member_id": "zoe", "platform": "terminal"}
    values |= {
        "workspace": "terminal:",
        "bucket": "dm:terminal::zoe",
        "nonce": key,
        "data": {},
        "created_at": NOW,
        "attempt": 1,
        **more,
    }
    expires = not_before + timedelta(days=1)
    tx.execute(
        sa.insert(outbox).values(dedupe_key=key, state=state, not_before=not_before, expires_at=expires, **values)
    )


def test_what_is_late_or_was_given_up_is_counted_with_what_to_do(store_place: str) -> None:
    now = datetime.now(UTC)
    store = open_store(store_place)
    with store.begin() as tx:
        zoe(tx)
        message(tx, "late", "ready", now - timedelta(hours=5))
        message(tx, "stalled", "sending", now - timedelta(hours=1), lease_until=now - timedelta(minutes=50))
        message(tx, "soon", "ready", now - timedelta(minutes=2))
        message(tx, "dead", "dead", now - timedelta(hours=2))
        message(tx, "long dead", "dead", now - timedelta(days=9))
        message(tx, "doubled", "sent", now - timedelta(hours=2), resent=2)
        tx.execute(
            sa.insert(schedule).values(
                id="s",
                member_id="zoe",
                kind="review_due",
                zone="UTC",
                local_time=time(9),
                weekdays="0123456",
                next_local_date=date(2026, 1, 6),
                due_at=now - timedelta(minutes=30),
                paused=False,
            )
        )
        tx.execute(sa.update(account).values(closed_at=now, closed_why="blocked"))
        installation.keep_setting(tx, "beat:ticker:one", (now - timedelta(hours=7)).isoformat())
        installation.keep_setting(tx, "beat:sender:two", now.isoformat())
    store.close()

    result = CliRunner().invoke(app, ["doctor", "--db", store_place])

    assert result.exit_code == 1
    for line in (
        "fail  delivery: 3 due for more than 10 minutes, the oldest for 5 hours. See that rolecall run is alive",
        "warn  delivery: 1 given up within a day. rolecall deliveries says why.",
        "warn  delivery: 2 within a day sent again, though perhaps there.",
        "warn  delivery: 1 account let no message through.",
        "warn  ticker: no sign of life for 7 hours; the last was on one. Start rolecall run.",
        "ok    sender: alive on two.",
    ):
        assert line in result.output


def test_on_a_server_its_clock_and_size_are_asked(postgres_store: str) -> None:
    code, said = doctor("--db", postgres_store)

    assert code == 0
    assert "MB" in said["ok    database"]
    assert "fits the database" in said["ok    clock"]
    assert "ok    disk" not in said


def test_members_whose_zone_is_gone_are_counted(db: str) -> None:
    store = open_store(db)
    with store.begin() as tx:
        zoe(tx, zone="Europe/Atlantis")
    store.close()

    code, said = doctor("--db", db)

    assert code == 0
    assert said["warn  zones"].startswith("1 member in zones that this machine does not know: Europe/Atlantis.")
    assert "pip install --upgrade tzdata" in said["warn  zones"]


def test_zone_data_older_than_ours_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "UTC").touch()
    (tmp_path / "tzdata.zi").write_text("# version 2001a\n")
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    assert "2001a from" in checkup.zone_data()[0].said
    assert checkup.zone_data()[0].health == "warn"

    monkeypatch.setattr("zoneinfo.TZPATH", ())
    assert checkup.zone_data()[0].said.endswith("from the package tzdata.")


@pytest.mark.parametrize(("free", "health"), [(900_000_000, "ok"), (499_000_000, "warn"), (12_000_000, "fail")])
def test_a_disk_that_is_nearly_full_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, health: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))

    [found] = checkup.disk(tmp_path / "to" / "come.db")

    assert (found.health, f"{free // 10**6}.0 MB free" in found.said) == (health, True)


def test_a_file_that_anybody_may_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rolecall.db"
    file.touch(mode=0o600)
    assert checkup.rights([file, None, tmp_path / "none", tmp_path]) == []

    file.chmod(0o644)
    monkeypatch.setattr(checkup, "_reachable", lambda _: True)  # a test's own folder is for its user alone
    assert f"chmod 600 {file}" in checkup.rights([file])[0].said


def test_a_new_database_is_for_its_user_alone(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "new.db"))
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    store.close()

    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_a_server_that_cannot_be_reached_is_named_without_its_password() -> None:
    result = CliRunner().invoke(app, ["doctor", "--db", "postgresql://zoe:s3cret%40x@127.0.0.1:1/none"])

    assert result.exit_code == 1
    assert "fail  database" in result.output
    assert "s3cret" not in result.output


def test_it_changes_nothing(db: str) -> None:
    before = Path(db).read_bytes()

    doctor("--db", db)

    assert Path(db).read_bytes() == before
