"""Three weeks of a cohort at work: nothing with a name stands in its channel until somebody asks for it.

Whoever reads the channel must not learn who prepares for what, nor who takes part at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.catalogue import Catalogue
from tests.scenarios import answers
from tests.scenarios.answers import Skill
from tests.scenarios.stage import Post, Stage

ZONE = "Europe/Madrid"
CHANNEL = "#platform"
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
PEOPLE = ("Amira", "Bruno", "Carla", "Dmitri", "Elsa", "Farid")
ALIASES = ("Copper", "Juniper", "Lantern", "Marble", "Pebble", "Sparrow")


def madrid(day: str, at: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def own_words(who: str) -> tuple[str, str]:
    """Words that stand in somebody's answers and nowhere else."""
    return f"{who[::-1].capitalize()}works", f"{who[::-1].capitalize()}field"


@dataclass
class Team:
    stage: Stage
    bank: Catalogue
    turns: int = 0

    def practises(self, day: str) -> None:
        """Everybody answers three things, some of them well."""
        for n, who in enumerate(PEOPLE):
            self.stage.wait_until(madrid(day, f"12:{n:02}"))
            for _ in range(3):
                put = self.stage.say(who, "practice")
                self.turns += 1
                skill = Skill.EXPERT if n < 3 else Skill.FAIR
                self.stage.say(who, answers.answer(self.bank, put.text, skill, self.turns, own_words(who)))

    def monday(self, day: str) -> Post | None:
        """What came at nine on a Monday."""
        self.stage.wait_until(madrid(day, "09:01"))
        came = [p for p in self.stage.channel(CHANNEL) if p.at == madrid(day, "09:00")]
        assert len(came) < 2
        return came[0] if came else None

    def nobody_is_named(self) -> None:
        for post in self.stage.channel(CHANNEL):
            for version in post.versions:
                named = [who for who in PEOPLE if re.search(rf"\b{who}", version.everything)]
                assert not named, version.text


def play(stage: Stage, bank: Catalogue) -> Team:
    team = Team(stage, bank)
    sets_up(team)
    everybody_joins(team)

    for day in ("2026-05-04", "2026-05-06", "2026-05-08"):
        team.practises(day)
    assert team.monday("2026-05-11") is None, "no board is posted until an organiser wants one"
    team.nobody_is_named()

    stage.say("Olga", "/rolecall cohort edit board=yes")
    for day in ("2026-05-11", "2026-05-13", "2026-05-15"):
        team.practises(day)
    board = team.monday("2026-05-18")
    assert board, "the team's goal is posted"
    assert not board.rows, "and no places, since nobody has asked to be on it"
    team.nobody_is_named()

    for who, alias in zip(PEOPLE, ALIASES, strict=True):
        stage.say(who, f"/rolecall cohort appear show=alias alias={alias}")
    for day in ("2026-05-18", "2026-05-20", "2026-05-22"):
        team.practises(day)
    board = team.monday("2026-05-25")
    assert board
    assert 1 <= len(board.rows) <= 3, board.text
    assert {name for _, name, _ in board.rows} <= set(ALIASES)
    team.nobody_is_named()

    first = PEOPLE[ALIASES.index(board.rows[0][1])]
    stage.say(first, "/rolecall cohort appear show=name")
    assert first in board.text, "who asks for it is named at once"
    return team


def sets_up(team: Team) -> None:
    stage = team.stage
    stage.arrive("Olga", ZONE, manages=True)
    for who in PEOPLE:
        stage.arrive(who, ZONE)
    made = stage.say("Olga", f"/rolecall cohort create name=Platform preset=workplace zone={ZONE}", CHANNEL)
    assert "Its code" in made.text
    stage.say("Olga", "/rolecall cohort edit self_service=yes goal=2")
    stage.say("Olga", "/rolecall cohort prompts days=Wed time=10:00")


def everybody_joins(team: Team) -> None:
    stage = team.stage
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", stage.say("Olga", "/rolecall cohort invite").text)
    assert code
    for who in PEOPLE:
        put = stage.say(who, "start")
        stage.say(who, answers.answer(team.bank, put.text, Skill.EXPERT, 0, own_words(who)))
        stage.say(who, f'/rolecall settings name={who} zone={ZONE} time=08:00 role="data engineer" reminders=no')
        joined = stage.say(who, f"/rolecall cohort join {code[0]}")
        assert "Nobody is on a board here unless they ask for it" in joined.text
