"""What the people of the four weeks do and see, and what the story remembers while it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.catalogue import Catalogue
from tests.scenarios import answers
from tests.scenarios.answers import Skill
from tests.scenarios.cast import LEARNERS, MENTORS, ORGANISERS, OWN_WORDS, Learner
from tests.scenarios.private import Secrets
from tests.scenarios.stage import Post, Shown, Stage

ZONE = "Europe/Berlin"
CHANNEL = "#ml"
FOREVER = datetime.max.replace(tzinfo=UTC)
A_DAY = 20
"""Answers that a mentor reads on a day, at most."""


def berlin(day: str | date, at: str) -> datetime:
    """An instant by the cohort's wall clock."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time.fromisoformat(at), ZoneInfo(ZONE)).astimezone(UTC)


@dataclass
class Month:
    """What the story remembers while it is told."""

    stage: Stage
    bank: Catalogue
    code: str = ""
    turns: dict[str, int] = field(default_factory=dict)
    """How many answers each has given."""
    said: list[str] = field(default_factory=list)
    """Every answer that anybody gave."""
    judged: list[tuple[str, str]] = field(default_factory=list)
    """Whose answers were judged how: the heads of verdicts."""
    agreed: list[str] = field(default_factory=list)
    """Those whose authors let them appear."""
    named: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    """When each may be named in the channel."""
    answered: set[tuple[str, datetime]] = field(default_factory=set)
    """Who has dealt with the prompt of which instant."""
    noted: dict[str, str] = field(default_factory=dict)
    """What the story compares later."""

    # what people do

    def types(self, who: str, line: str, channel: str = "") -> Shown:
        return self.stage.say(who, line, channel)

    def next_answer(self, who: Learner, asked: str, skill: Skill | None = None) -> str:
        """What somebody answers to what they read; with a skill, as well as that."""
        turn = self.turns[who.name] = self.turns.get(who.name, -1) + 1
        text = answers.answer(self.bank, asked, skill or who.skill, 0 if skill else turn, who.own)
        self.said.append(text)
        return text

    def practises(self, who: Learner, times: int) -> None:
        for _ in range(times):
            put = self.types(who.name, "practice")
            if "Answer" not in put.buttons:
                return
            self._heard(who, self.types(who.name, self.next_answer(who, put.text)))

    def answers_prompt(self, who: Learner, skill: Skill | None = None, words: str = "") -> Shown:
        """Presses the button in the channel and fills in what opens, with `words` if given; returns the verdict."""
        prompt = self.keeps_prompt(who)
        opened = self.stage.press(who.name, "Answer privately", CHANNEL)
        assert list(opened.fields) == ["answer"], opened.text
        return self._heard(who, self.stage.fill(who.name, answer=words or self.next_answer(who, prompt.text, skill)))

    def _heard(self, who: Learner, verdict: Shown) -> Shown:
        self.judged.append((who.name, verdict.text.split("\n")[0]))
        return verdict

    def keeps_prompt(self, who: Learner) -> Post:
        """Notes that somebody need not think of the open prompt when they next sit down."""
        prompt = self.open_prompt
        assert prompt
        self.answered.add((who.name, prompt.at))
        return prompt

    def reviews(self, mentor: str) -> None:
        """Reads what waits and finds each point met by the first sentence that is offered."""
        for _ in range(A_DAY):
            case = self.types(mentor, "mentor take")
            way = next((b for b in case.buttons if b in ("Grade", "Write a note")), None)
            if way is None:
                return
            form = self.stage.press(mentor, way)
            told = {name: labels[1] for name, labels in form.fields.items() if labels}
            self.stage.fill(mentor, **(told or {"note": "Draw it once on paper, with the numbers of your own work."}))

    # what is seen

    @property
    def open_prompt(self) -> Post | None:
        """The latest prompt, while it is open."""
        asked = [p for p in self.stage.channel(CHANNEL) if "Answer privately" in p.buttons]
        until = re.search(r"Open until \w+ (\d+ \w+ \d+ \d\d:\d\d)", asked[-1].text) if asked else None
        if until is None:
            return None
        closes = datetime.strptime(until[1], "%d %b %Y %H:%M").replace(tzinfo=ZoneInfo(ZONE))
        return asked[-1] if self.stage.now() < closes else None

    def board(self, monday: str) -> Post:
        """The board that came on a Monday at nine, about the week before."""
        (found,) = [p for p in self.posted_at(berlin(monday, "09:00")) if not p.text.startswith("Closed:")]
        return found

    def posts(self, *words: str, since: datetime | None = None) -> list[Post]:
        """What stands in the channel, says all these words, and came not before an instant."""
        found = [p for p in self.stage.channel(CHANNEL) if all(w in p.text for w in words)]
        return [p for p in found if since is None or p.at >= since]

    def posted_at(self, at: datetime) -> list[Post]:
        return [p for p in self.stage.channel(CHANNEL) if p.at == at]

    def secrets(self) -> Secrets:
        """What nothing in the channel may give away, at the end of the story."""
        return Secrets(
            interviews=[date.fromisoformat(who.interview) for who in LEARNERS if who.interview],
            answers=self.said,
            own_words=[word for words in OWN_WORDS.values() for word in words],
            names={name: self.named.get(name, ()) for name in (*(who.name for who in LEARNERS), *MENTORS, *ORGANISERS)},
        )

    # who may be named

    def may_name(self, who: str) -> None:
        self.named.setdefault(who, []).append((self.stage.now(), FOREVER))

    def must_not_name(self, who: str) -> None:
        """Any longer: nothing that stands in the channel from now on, and nothing that is still to come."""
        self.named[who] = [(since, self.stage.now()) for since, _ in self.named.get(who, [])]
