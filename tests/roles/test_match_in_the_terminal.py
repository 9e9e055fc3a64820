"""The whole questionnaire at a terminal, as a person types it, interrupted half way."""

from __future__ import annotations

import re
from pathlib import Path

from tests.adapters.terminal.test_play import acted, play, transcript

FIRST_HALF = """\
role match
1
2
> click Try out an idea
1
4
2
"""
SECOND_HALF = """\
role match
2
1
2
> click Fill in
3
3
2
> click A course
1
> fill pipelines="A course" experiment=Never papers=Never
1
another

soon
0
6 weeks
10
> click Leave out
> click ML engineer
> click Make AI engineer my target
"""


def test_the_questionnaire_is_done_with_few_keystrokes_and_survives_a_restart(tmp_path: Path) -> None:
    shown = acted(f"{FIRST_HALF}> wait 3d\n> restart\n{SECOND_HALF}", tmp_path)

    assert "Something went wrong" not in shown
    before, after = shown.split("── restarted ──")
    assert "Question 7 of 14" in before
    assert "Your answers are kept: 6 of 14 so far." in after
    assert "“soon” is no number of months" in after
    assert "even 1 will do" in after
    assert "Best fit: AI engineer" in after
    assert "Your target is now: AI engineer" in after
    assert max(map(len, shown.split("\n"))) <= 80
    typed = re.sub(r"> (click|fill) .*", "1", FIRST_HALF + SECOND_HALF).replace("role match", "")
    assert len(typed) < 180, "three minutes leave a second for each character, reading included"


def test_another_process_takes_it_up_where_the_first_left_it(tmp_path: Path) -> None:
    kept = ("--db", str(tmp_path / "kept.db"), "--start", "2026-01-05T09:00Z", "--seed", "7")
    assert "Question 7 of 14" in transcript(play(tmp_path, FIRST_HALF, *kept))

    shown = transcript(play(tmp_path, SECOND_HALF, *kept))

    assert "Your answers are kept: 6 of 14 so far." in shown
    assert "Your two roles, based on your answers" in shown
