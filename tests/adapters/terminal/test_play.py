"""`rolecall play` with scripts and piped lines, on the real bot."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.terminal import app, keyboard
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.people import People, account_of
from adapters.terminal.screen import Screen
from bot.cli import play as cli
from bot.cli.compose import open_play
from bot.errors import RolecallError
from bot.store import members

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIRST_DAYS = """\
start
A silent detector that never raises an alarm is right 99 times
> click Set up
> fill zone=Europe/Berlin time=08:30 role=ai_engineer reminders=yes
hint
answer
I would go for it,
because retrieval matters.

> wait 10d
"""


def play(
    folder: Path, script: str = "", *options: str, stdin: str | bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs the program in a folder of its own; without `stdin`, on a script."""
    args = [sys.executable, "-m", "bot", "play", *options]
    if stdin is None:
        (folder / "script.txt").write_text(script, "utf-8")
        args += ["--script", str(folder / "script.txt")]
    given = stdin.encode() if isinstance(stdin, str) else stdin or b""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ROLECALL_")} | {
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    return subprocess.run(args, input=given, capture_output=True, cwd=folder, env=env, timeout=60)


def transcript(run: subprocess.CompletedProcess[bytes]) -> str:
    assert run.stderr == b""
    assert run.returncode == 0
    return run.stdout.decode()


def test_the_first_days_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    first, again = (transcript(play(tmp_path, FIRST_DAYS)) for _ in range(2))

    assert first == again
    assert first.startswith("Ana> start\n\n  Hello Ana.")
    assert re.search(r"\n  (Strong Hire|Lean Hire|No Hire)\n  ─+\n", first)
    assert "“A silent detector that never raises an alarm is right 99 times”" in " ".join(first.split())
    assert "| I would go for it,\n| because retrieval matters.\n|\n" in first
    assert re.search(r"\n> wait 10d\n\n── DM to Ana · \w{3} \d+ Jan 2026 08:30 ──\n", first)
    assert first.endswith("── 10d later · Thu 15 Jan 2026 10:00 ──\n")
    assert "\x1b" not in first
    assert not re.search(r" $|\t", first, re.M)
    assert max(map(len, first.split("\n"))) <= 80


def acted(script: str, folder: Path, *, zone: str | None = None, start: datetime = MONDAY) -> str:
    """The transcript of a script, on the real bot but in this process."""
    out, gateway = io.StringIO(), TerminalGateway()
    screen, people = Screen(out, plain=True, width=80), People("Ana", zone)
    with open_play(folder / "play.db", start=start, seed=7, zone=zone or "UTC", gateway=gateway) as world:
        lines = keyboard.from_stream(io.StringIO(script))
        app.play_lines(world, gateway, screen, people, lines, folder=folder, welcome=False)
    return out.getvalue()


def test_the_clock_runs_in_the_persons_zone(tmp_path: Path) -> None:
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    shown = acted("start\n> click Answer\ncancel\n> wait 1h\n", tmp_path, zone="Europe/Berlin", start=night)

    assert shown.endswith("── 1h later · Sun 29 Mar 2026 03:30 ──\n")


def test_a_restart_keeps_the_open_problem_and_the_buttons(tmp_path: Path) -> None:
    shown = acted("start\n> restart\n> click Hint\nskip\n", tmp_path)

    assert "── restarted ──" in shown
    assert "Hint 1 of" in shown
    assert "Put away" in shown


def test_two_members_do_not_see_each_others_buttons(tmp_path: Path) -> None:
    shown = acted("start\n> as Ben\n> click Skip\n> in #cohort\nstart\n", tmp_path)

    assert "There is no button to press yet." in shown
    assert "Ben in #cohort> start\n\n  (only you can see this)\n\n  Hello Ben." in shown


def test_a_file_beside_the_script_is_the_answer(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("A detector that flags nothing is right 99 times.\nIt finds no fraud.\n")
    shown = acted("start\nanswer\n> fill answer=@mine.txt\n", tmp_path)

    assert re.search(r"“A detector that flags nothing is right 99\s+times\.", shown)


def test_an_unknown_zone_is_asked_again_until_it_is_known(tmp_path: Path) -> None:
    shown = acted("settings\n> fill zone=Berln reminders=yes role=mle\n> click Europe/Berlin\n", tmp_path)

    assert "I know no time zone called “Berln”. Did you mean Europe/Berlin?" in shown
    assert "(Europe/Berlin)" in shown.split("> click")[1]


def test_a_database_is_kept_between_sittings(tmp_path: Path) -> None:
    acted("start\n", tmp_path)

    assert "You still have this one open." in acted("start\n", tmp_path)


def test_what_appears_on_the_screen_is_no_sign_of_life_of_its_reader(tmp_path: Path) -> None:
    """Ben sits at the terminal for two weeks; Ana, who does not stir, is asked once and then left alone."""
    answer = "A model that always says no is just as accurate, and it never catches a single fraud."
    settings = "/rolecall settings name=Ana zone=Europe/Berlin time=09:00 role=mle reminders=yes"
    shown = acted(f"start\n{answer}\n{settings}\nskip\n> as Ben\nstart\n> wait 14d\n", tmp_path)

    titles = re.findall(r"── DM to Ana \(you are Ben\) · .* 09:00 ──\n\n  (.*)\n", shown)
    assert titles == ["Time to recall", "Time to recall", "Time to recall", "Shall I go on?"]


def test_deleting_oneself_leaves_nobody_behind_when_time_passes(tmp_path: Path) -> None:
    gateway = TerminalGateway()
    with open_play(tmp_path / "play.db", start=MONDAY, seed=7, zone="UTC", gateway=gateway) as world:
        screen, people = Screen(io.StringIO(), plain=True, width=80), People("Ana", None)
        read = keyboard.from_stream(io.StringIO("start\nme delete yes\n> wait 3d\n"))
        app.play_lines(world, gateway, screen, people, read, folder=tmp_path, welcome=False)
        with world.rolecall.store.begin() as tx:
            assert members.of_account(tx, account_of("ana")) is None


def test_piped_lines_are_echoed_and_end_the_sitting(tmp_path: Path) -> None:
    shown = transcript(play(tmp_path, "", "--as", "Ana", stdin="start\nanswer\nIt flags nothing at all.\nAnd so on."))

    assert shown.startswith("Rolecall in your terminal. You are Ana;")
    assert "Type start" in shown.split("Ana> start")[0]
    assert "| And so on.\n|\n" in shown, "the end of the input ends a text, too"
    assert (tmp_path / "data" / "rolecall" / "play.db").exists()
    again = transcript(play(tmp_path, "", "--as", "Ana", stdin="skip\nstart\n"))
    assert "nothing leaves this computer" in again


def test_a_piped_sitting_says_that_a_problem_is_open(tmp_path: Path) -> None:
    play(tmp_path, "", stdin="start\n")

    assert "A problem is open: type your answer" in transcript(play(tmp_path, "", stdin=""))


def test_a_script_may_come_from_standard_input(tmp_path: Path) -> None:
    shown = transcript(play(tmp_path, "", "--script", "-", stdin="help practice\nquit\nstart\n"))

    assert shown.startswith("Ana> help practice\n")
    assert shown.endswith("Ana> quit\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xfe\x00\x01binary\x1b[2J",
        b"\x1b]0;title\x07\x1b[31mred",
        "\u202eevil\u2066 עברית".encode(),
        "\u200b\u200b\ufeff".encode(),
        "🙂🙂🙂".encode(),
        b"[red]x[/red] [/]",
        b"x" * 3001,
    ],
    ids=["binary", "codes", "bidi", "zero width", "emoji", "markup", "long"],
)
def test_an_odd_answer_gets_a_sentence_and_leaves_the_screen_alone(tmp_path: Path, answer: bytes) -> None:
    shown = acted(f"start\n{answer.decode(errors='replace')}\nhint\n", tmp_path)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    assert "Something went wrong" not in shown
    reply = shown.split("[4] Skip\n\nAna>")[1].split("\n\nAna> hint")[0]
    assert len(reply.split()) > 8, "says what happened"


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({"script": "nowhere.txt"}, "I cannot read the script nowhere.txt"),
        ({"name": "!!!"}, "A name has 1 to 40 letters"),
        ({"zone": "Berln"}, "Did you mean Europe/Berlin?"),
        ({"start": "tomorrow"}, "such as 2026-01-05T09:00Z"),
        ({"db": "text.db"}, "text.db"),
        ({"db": "/proc/none/play.db"}, "Name another file with --db."),
    ],
)
def test_an_option_that_cannot_be_used_says_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, str], remedy: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.db").write_text("This is a text, and certainly no database.\n" * 40)
    given = {"script": "-"} | options

    with pytest.raises(RolecallError) as refused:
        cli.play(**{"db": Path(given.pop("db"))} if "db" in given else {}, **given)  # type: ignore[arg-type]

    assert remedy in str(getattr(refused.value, "detail", refused.value))


def test_a_script_of_binary_bytes_is_no_text_file(tmp_path: Path) -> None:
    (tmp_path / "script.bin").write_bytes(b"\x7fELF\x02\x01\0\0\0start\n")
    run = play(tmp_path, "", "--script", "script.bin", stdin="")

    assert run.returncode == 1
    assert run.stdout == b""
    assert run.stderr.startswith(b"rolecall: The script script.bin is no text file: it holds NUL characters.")


def test_a_refused_fill_does_not_end_the_program(tmp_path: Path) -> None:
    shown = acted(
        "settings\n> fill zone=Berln role=mle\n> fill zone=UTC role=plumber\nnot sure yet\nprogress\n", tmp_path
    )

    assert "None is called “plumber”" in shown
    assert "Saved, Ana" in shown


def test_an_error_of_the_program_is_one_sentence(tmp_path: Path) -> None:
    run = play(tmp_path, "", "--script", "nowhere.txt", stdin="")

    assert run.returncode == 1
    assert run.stdout == b""
    assert run.stderr == b"rolecall: I cannot read the script nowhere.txt: No such file or directory.\n"


def test_a_reader_that_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "script.txt").write_text("help\n" * 400)
    run = subprocess.run(
        f'"{sys.executable}" -m bot play --script script.txt | head -n 1',
        shell=True,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        timeout=60,
    )

    assert run.stdout == b"Ana> help\n"
    assert run.stderr == b""
