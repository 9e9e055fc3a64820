"""`rolecall run` in real processes: who may serve a database, who can talk to it, and how it ends."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pexpect
import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cli.app import app
from bot.delivery import outbox
from bot.door import intents as i
from bot.model import Account, MemberId
from bot.store import delivery as rows
from bot.store import installation, members, tables
from bot.store.session import Tx, open_store
from bot.store.tables import outbox as outbox_table
from tests.talk import DAY, talk

ROOT = Path(__file__).parents[1]

# A child of a program with threads may deadlock in theory; these children run another program at once.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def rolecall(*arguments: str | Path, typed: str | None = None) -> tuple[int, str]:
    """Exit code, and everything the program said; without `typed` nobody types."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *(str(a) for a in arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL if typed is None else None,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def refused(*arguments: str) -> tuple[int, str]:
    """As `rolecall`, without a process, for what never gets as far as to begin."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, str(result.exception)


@contextmanager
def running(*arguments: str | Path, main: str = "", **env: str) -> Iterator[subprocess.Popen[str]]:
    """`rolecall run`, or a main program of one's own, without anybody who types; at the first line it said it is up."""
    process = subprocess.Popen(
        [sys.executable, *(["-c", main] if main else ["-m", "bot"]), "run", *(str(a) for a in arguments)],
        cwd=ROOT,
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """The next line that a process says."""
    assert process.stdout
    return process.stdout.readline()


def stopped(process: subprocess.Popen[str]) -> int:
    process.terminate()
    return process.wait(timeout=20)


def until(reached: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not (done := reached()) and time.monotonic() < end:
        time.sleep(0.05)
    return done


@contextmanager
def reading(place: str | Path) -> Iterator[Tx]:
    with closing(open_store(str(place))) as store, store.begin() as tx:
        yield tx


def states(place: str | Path) -> list[str]:
    with reading(place) as tx:
        return [r.state for r in tx.execute(outbox_table.select().order_by(outbox_table.c.id))]


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """A live database that knows Zoe, who has answered her first question."""
    with talk(tmp_path, db="live.db", start=datetime.now(UTC) - timedelta(minutes=5)) as chat:
        chat.say("Zoe", i.Start())
        chat.say("Zoe", i.SubmitAnswer(answer=chat.strong("Zoe")))
    place = tmp_path / "live.db"
    begin_to_live(place)
    return place


def begin_to_live(place: str | Path) -> None:
    """Makes a database of a talk one that `run` serves."""
    with reading(place) as tx:
        installation.keep_setting(tx, "kind", "live")


def write_to_zoe(place: Path, key: str = "verdict:again") -> None:
    """Puts a message to her into the outbox, which is due now: the verdict on her answer."""
    with reading(place) as tx:
        zoe = members.of_account(tx, Account("terminal", "", "zoe"))
        assert zoe
        serving = tx.exec_driver_sql("SELECT serving_id FROM attempt").scalar_one()
        outbox.put(tx, key=key, kind="verdict", member=zoe.id, now=datetime.now(UTC), data={"serving": serving})


def test_a_second_program_on_the_same_file_is_refused_by_the_name_of_the_first(live: Path, tmp_path: Path) -> None:
    other_name = tmp_path / "link.db"
    other_name.symlink_to(live)
    with running("--db", live) as first:
        assert said(first)

        for command in (("run", "--db", other_name), ("play", "--db", live)):
            code, words = rolecall(*command, typed="start\n")
            assert code == 1
            assert f"Process {first.pid}, running since {datetime.now(UTC):%Y-%m-%d}" in words
            assert "Stop it first" in words

        assert rolecall("grant", "mentor", "zoe", "--db", live)[0] == 0


def test_after_a_kill_the_file_is_free(live: Path) -> None:
    with running("--db", live) as first:
        assert said(first)
        first.kill()
        first.wait()

        assert rolecall("run", "--db", live, "--as", "Zoe", typed="help\n")[0] == 0


def test_one_file_cannot_be_split_over_processes(live: Path) -> None:
    code, words = refused("run", "--only", "sender", "--db", str(live))

    assert (code, "set ROLECALL_DATABASE to postgresql://" in words) == (1, True)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("sweeper", "no part called sweeper. --only takes terminal, slack, discord, ticker, sender."),
        ("slack", "needs the tokens of a Slack app"),
        ("discord", "needs the token of a Discord bot"),
    ],
)
def test_a_part_that_cannot_run_alone_is_refused_with_the_reason(part: str, words: str) -> None:
    code, heard = refused("run", "--only", part, "--db", "postgresql://nobody@localhost/nothing")

    assert (code, words in heard) == (1, True)


def test_a_terminal_alone_needs_somebody_who_types() -> None:
    code, heard = rolecall("run", "--only", "terminal", "--db", "postgresql://nobody@localhost/nothing")

    assert (code, "needs somebody who types" in heard) == (1, True)


def test_without_anybody_to_talk_to_it_says_so_works_on_and_ends_when_asked(live: Path) -> None:
    with running("--db", live) as service:
        first = said(service)
        write_to_zoe(live)
        assert until(lambda: states(live) == ["sent"])
        assert stopped(service) == 0

    assert "nobody can talk to me" in first
    assert "start rolecall run in a terminal" in first
    code, heard = rolecall("run", "--db", live, "--as", "Zoe", typed="help\n")
    assert (code, heard.count("DM to Zoe")) == (0, 1)
    assert "DM to Zoe" not in rolecall("run", "--db", live, "--as", "Zoe", typed="help\n")[1]


@pytest.mark.slow
def test_its_parts_give_signs_of_life(live: Path) -> None:
    with running("--db", live) as service:
        assert said(service)

        assert until(lambda: rolecall("health", "--part", "sender", "--db", live) == (0, ""))
        assert rolecall("health", "--part", "ticker", "--db", live) == (0, "")


@contextmanager
def slow_delivery(live: Path) -> Iterator[Callable[[], None]]:
    """Somebody holds Zoe's mailbox, so that what is sent to her takes until it is let go."""
    folder = live.with_name(f"{live.name}.mailbox")
    folder.mkdir(mode=0o700)
    with (folder / "zoe.jsonl").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.close


def test_asked_to_end_it_finishes_what_it_is_sending_and_begins_nothing_new(live: Path) -> None:
    with slow_delivery(live) as let_go, running("--db", live) as service:
        assert said(service)
        write_to_zoe(live)
        assert until(lambda: states(live) == ["sending"])
        service.terminate()
        write_to_zoe(live, "verdict:later")
        time.sleep(0.5)
        assert service.poll() is None
        let_go()
        assert service.wait(timeout=9) == 0

    assert states(live) == ["sent", "ready"]


@pytest.mark.slow
def test_asked_twice_it_ends_at_once_and_the_next_one_looks_after_what_was_in_flight(live: Path) -> None:
    with slow_delivery(live) as let_go, running("--db", live) as service:
        assert said(service)
        write_to_zoe(live)
        assert until(lambda: states(live) == ["sending"])
        service.terminate()
        time.sleep(0.5)
        service.terminate()
        assert service.wait(timeout=5) == 128 + signal.SIGTERM
        assert states(live) == ["sending"]
        let_go()

    hasty = "from datetime import timedelta; from bot.cli import live; live.ASK_AFTER = timedelta(seconds=1); "
    with running("--db", live, main=f"{hasty}from bot.__main__ import main; main()"):
        assert until(lambda: states(live) == ["ready"]), "it is not in the mailbox, so it is sent again in a while"


@pytest.mark.slow
def test_what_takes_too_long_is_given_up(live: Path) -> None:
    patient = "from bot.cli import stopping; stopping.GRACE = 1.0; from bot.__main__ import main; main()"
    with slow_delivery(live), running("--db", live, main=patient) as process:
        write_to_zoe(live)
        assert until(lambda: states(live) == ["sending"])
        process.terminate()

        assert process.wait(timeout=8) == 0


def test_at_a_prompt_ctrl_c_leaves_a_form_and_a_request_to_end_says_goodbye(live: Path) -> None:
    terminal = pexpect.spawn(
        sys.executable, ["-m", "bot", "run", "--db", str(live), "--as", "Zoe"], cwd=ROOT, encoding="utf-8", timeout=30
    )
    terminal.expect("Zoe> ")
    terminal.sendline("settings")
    terminal.expect_exact("[Zoe]> ")
    time.sleep(0.2)
    terminal.sendintr()
    terminal.expect("You left the form")
    terminal.kill(signal.SIGTERM)
    terminal.expect("Everything is saved")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 0


@pytest.mark.slow
def test_split_over_processes_a_reminder_comes_once(postgres_store: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with talk(tmp_path, db=postgres_store, start=now - 10 * DAY) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.SaveReminders(quiet="none"))  # whatever the time is when this runs
        chat.say("Ana", i.SaveSettings(time=f"{now - timedelta(minutes=5):%H:%M}"))
        chat.say("Ana", i.Skip())
    begin_to_live(postgres_store)

    box = {"ROLECALL_DATABASE": postgres_store, "ROLECALL_MAILBOX": str(tmp_path / "mail")}
    with ExitStack() as parts:
        for part in ("sender", "sender", "ticker"):
            assert f"Running: {part}." in said(parts.enter_context(running("--only", part, **box)))
        terminal = pexpect.spawn(
            sys.executable,
            ["-m", "bot", "run", "--only", "terminal", "--as", "Ana"],
            cwd=ROOT,
            env=os.environ | box,
            encoding="utf-8",
            timeout=30,
        )
        terminal.expect("DM to Ana")
        terminal.expect("Time to recall")
        terminal.expect("Ana> ")
        terminal.sendline("quit")
        terminal.expect(pexpect.EOF)

    assert [state for state in states(postgres_store) if state != "skipped"] == ["sent"]
    assert len((tmp_path / "mail" / "ana.jsonl").read_text().splitlines()) == 1


MANY = 10_000


def people_who_are_due(place: str, many: int) -> None:
    """So many members who wish for something new each day, and whose reminder of today has just fallen due."""
    now = datetime.now(UTC)
    told = {"name": "Zoe", "zone": "UTC", "remind_at": clock_time(9), "reminders": True, "paused": False}
    times = {"joined_at": now, "settled_at": now, "seen_at": now}
    who = [(MemberId(f"m{n}"), Account("terminal", "", f"u{n}")) for n in range(many)]
    with reading(place) as tx:
        tx.execute(insert(tables.member), [{"id": id, "level": "active", **told, **times} for id, _ in who])
        account = [
            {"member_id": id, "platform": a.platform, "tenant": a.tenant, "user_id": a.user_id, "display_name": "Zoe"}
            for id, a in who
        ]
        tx.execute(insert(tables.account), [{"linked_at": now, **row} for row in account])
        due = [
            outbox.new_row(
                a, id, key=f"review_due:{id}:{now:%Y-%m-%d}", kind="review_due", not_before=now, expires_at=now + DAY
            )
            for id, a in who
        ]
        rows.put(tx, due, now)


@pytest.mark.slow
def test_two_senders_of_which_one_is_killed_half_way_send_ten_thousand_reminders_once(
    postgres_store: str, tmp_path: Path
) -> None:
    people_who_are_due(postgres_store, MANY)
    mail = tmp_path / "mail"
    box = {"ROLECALL_DATABASE": postgres_store, "ROLECALL_MAILBOX": str(mail)}
    with running("--only", "sender", **box) as killed, running("--only", "sender", **box) as left:
        assert said(killed) and said(left)
        assert until(lambda: mail.exists() and len(list(mail.iterdir())) > MANY / 2, 300)
        killed.kill()
        assert killed.wait() == -signal.SIGKILL
        # what it was sending is looked up when its lease has run out
        assert until(lambda: set(states(postgres_store)) == {"sent"}, 500)
        assert stopped(left) == 0

    letters = {file.name: len(file.read_text().splitlines()) for file in mail.glob("*.jsonl")}
    assert letters == {f"u{n}.jsonl": 1 for n in range(MANY)}
