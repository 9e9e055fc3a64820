"""kill -9 at the worst moments of a whole Rolecall: a process of its own, SIGKILL, and the next on the same file.

The steps of delivery are killed one by one in test_kill_points."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.talk import DAY, MONDAY, talk

LIFE = """
import os, signal, sys
from pathlib import Path
from bot.door import intents as i
from bot.grading.deterministic import DeterministicGrader
from tests.talk import DAY, talk

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

folder, moment = Path(sys.argv[1]), sys.argv[2]
grader = DeterministicGrader()
with talk(folder, grader=grader) as chat:
    chat.settled("Ana")
    answer = chat.strong("Ana")
    if moment == "before the verdict":
        grader.grade = die
    elif moment == "after the verdict":
        import bot.rolecall
        bot.rolecall.practice.reply_to_answer = die
    elif moment == "while sending":
        type(chat.inbox).deliver = die
    elif moment == "before marking as sent":
        import bot.delivery.outbox
        deliver = type(chat.inbox).deliver
        async def send_and_die(self, push):
            (folder / "sent").open("a").write(push.key + "\\n")
            die()
        type(chat.inbox).deliver = send_and_die
    (folder / "reached").write_text(moment)
    chat.say("Ana", i.SubmitAnswer(answer=answer))
    chat.world.wait(30 * DAY)
"""


def live_and_die(folder: Path, moment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIFE, str(folder), moment],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (folder / "reached").read_text() == moment, done.stderr
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_killed_between_saving_and_grading_the_learner_gets_the_verdict_after_the_restart(tmp_path: Path) -> None:
    live_and_die(tmp_path, "before the verdict")

    with talk(tmp_path) as chat:
        chat.world.settle()

        assert [p.message.title for p in chat.inbox.pushes] == ["Strong Hire"]
        assert len(chat.kept("Ana")["attempt"]) == 2
        assert not chat.kept("Ana")["ungraded"]


def test_killed_after_the_verdict_was_recorded_it_is_not_given_twice(tmp_path: Path) -> None:
    live_and_die(tmp_path, "after the verdict")

    with talk(tmp_path) as chat:
        chat.world.settle()

        assert all(a["band"] for a in chat.kept("Ana")["attempt"])
        assert [e["kind"] for e in chat.kept("Ana")["log"]].count("assessed") == 2


def test_killed_before_a_reminder_went_out_it_comes_once(tmp_path: Path) -> None:
    live_and_die(tmp_path, "while sending")

    with talk(tmp_path) as chat:
        died_on = chat.world.now().date()
        chat.world.wait(DAY / 4)

        [push] = [p for p in chat.inbox.pushes if p.message.title == "Time to recall"]
        assert push.key.endswith(f":{died_on}")


def test_killed_after_a_reminder_went_out_it_is_doubled_at_most_once(tmp_path: Path) -> None:
    live_and_die(tmp_path, "before marking as sent")
    [sent] = (tmp_path / "sent").read_text().split()

    with talk(tmp_path) as chat:
        chat.world.wait(DAY / 4)

        assert [p.key for p in chat.inbox.pushes] == [sent]
        assert chat.world.now() > MONDAY
