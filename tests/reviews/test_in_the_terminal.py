"""The whole story as four people type it: doubt, a mentor's form, the learner told, an appeal, a second mentor."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from adapters.terminal import app, keyboard
from adapters.terminal.gateway import TerminalGateway
from adapters.terminal.people import People, account_of
from adapters.terminal.screen import Screen
from bot.cli.compose import PlayWorld, open_play
from bot.model import Card, State
from bot.store import learning, members
from tests.reviews.room import Marking
from tests.talk import MONDAY

ANSWER = "Compare both on real traffic. Take forty complaints. Let people check some of the scores."
ARRIVALS = "> as Maya\nhelp\n> as Noor\nhelp\n"
DOUBT = f"""\
> as Ana
start
A silent detector catches nothing.
> click Set up
> fill zone=UTC time=08:30 role=ai_engineer reminders=yes
{ANSWER}
"""
REVIEW = """\
> as Maya
mentor queue
> click Read
> click Grade
> fill first=missed note="Say how many cases you take."
"""
APPEAL = """\
> as Ana
progress
2
> click I did say
> click “Let people
> as Maya
mentor take
> as Noor
mentor take
> click Grade
> fill first=met:2
"""


def typed(world: PlayWorld, gateway: TerminalGateway, folder: Path, script: str) -> str:
    out = io.StringIO()
    screen, people = Screen(out, plain=True, width=80), People("Ana", None)
    app.play_lines(
        world, gateway, screen, people, keyboard.from_stream(io.StringIO(script)), folder=folder, welcome=False
    )
    return " ".join(out.getvalue().split())


def cards(world: PlayWorld) -> dict[str, Card]:
    with world.rolecall.store.begin() as tx:
        ana = members.of_account(tx, account_of("ana"))
        assert ana is not None
        return {card.concept: card for card in learning.cards(tx, ana.id)}


def test_from_doubt_to_a_settled_appeal(tmp_path: Path) -> None:
    gateway, grader = TerminalGateway(), Marking()
    grader.states[ANSWER] = {0: State.UNSURE, 1: State.MISSED}
    with open_play(tmp_path / "play.db", start=MONDAY, seed=7, zone="UTC", gateway=gateway, grader=grader) as world:
        typed(world, gateway, tmp_path, ARRIVALS)
        with world.rolecall.store.begin() as tx:
            for name in ("maya", "noor"):
                mentor = members.of_account(tx, account_of(name))
                assert mentor is not None
                members.grant(tx, f"grant-{name}", mentor.id, "mentor", MONDAY)

        verdict = typed(world, gateway, tmp_path, DOUBT)
        assert "Provisional: I am not sure about one point or more." in verdict
        assert "It is next in the queue." in verdict
        doubtful = cards(world)

        review = typed(world, gateway, tmp_path, REVIEW)
        assert "1 answer waits for you" in review
        assert f"Ana wrote | {ANSWER[:60]}" in review
        assert "Thank you. It is settled, and the learner is told." in review
        assert "DM to Ana" in review
        assert "Their note | Say how many cases you take." in review
        settled = cards(world)
        assert settled.keys() > doubtful.keys()

        appeal = typed(world, gateway, tmp_path, APPEAL)
        assert "A mentor who has not judged this answer before decides." in appeal
        assert "Nothing waits for you." in appeal
        assert "Noor has read your answer" in appeal
        upheld = cards(world)
        later = [c for c in upheld if upheld[c].due_at > settled[c].due_at + timedelta(hours=12)]
        assert later
