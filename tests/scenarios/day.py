"""A learner's day: hello, warm-up, settings, match and practice; on Monday reminder, review, prompt and board.

It is read from above to below, as it happens, and each part is something that Ana or her team does and then sees. It
knows no platform: people type commands, press buttons by their labels, and read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.catalogue import Catalogue
from tests.scenarios import answers
from tests.scenarios.answers import Skill
from tests.scenarios.private import Leak, Secrets, leaks
from tests.scenarios.stage import Post, Shown, Stage

ZONE = "Europe/Berlin"
CHANNEL = "#ml"
START = datetime(2026, 3, 26, 8, 0, tzinfo=UTC)
"""A Thursday; on the Sunday after it clocks go forward."""
INTERVIEW = date(2026, 5, 17)
OWN = ("Quillfern", "Brontelle")
"""Words that stand in Ana's answers and nowhere else."""
TEAM = ("Ben", "Cleo", "Dev", "Eva", "Finn")
ALIAS = "Copper"
RUN = 5
"""So many words of an answer in a row are a quotation."""


def berlin(day: str, at: str) -> datetime:
    """An instant by Ana's wall clock."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(ZONE)).astimezone(UTC)


@dataclass
class Day:
    """What the story remembers while it is told."""

    stage: Stage
    bank: Catalogue
    code: str = ""
    asked: str = ""
    """What Ana has before her."""
    answers: list[str] = field(default_factory=list)
    """All that anybody answered."""

    def writes(self, asked: str, own: tuple[str, str] = OWN, skill: Skill = Skill.EXPERT) -> str:
        self.answers.append(answers.answer(self.bank, asked, skill, len(self.answers), own))
        return self.answers[-1]

    def verdict(self, said: Shown) -> None:
        """Ana reads a verdict on her latest answer, in her own words."""
        assert said.text.startswith("Strong Hire"), said.text
        quoted = [quote.rstrip("….") for quote in re.findall(r"You said: “(.+?)”", said.text)]
        assert quoted, said.text
        for quote in quoted:
            assert _plain(quote) in _plain(self.answers[-1]), quote

    def channel_keeps_to_itself(self) -> None:
        """Nothing in the channel says what Ana answered, prepares for or asked for, nor who takes part."""
        assert self.leaks() == []

    def leaks(self) -> list[tuple[str, Leak]]:
        """In all that the channel ever got: its text, its buttons, its notifications, its pictures' descriptions."""
        secrets = Secrets((INTERVIEW,), self.answers, OWN, {"Ana": ()})
        return [
            (version.everything, leak)
            for post in self.stage.channel(CHANNEL)
            for version in post.versions
            for leak in leaks(version.everything, version.at, self.bank, secrets)
        ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# --- Thursday: the group is there before Ana is


def olga_sets_the_group_up(day: Day) -> None:
    day.stage.arrive("Olga", ZONE, manages=True)
    made = day.stage.say("Olga", f'/rolecall cohort create name=Spring preset="study group" zone={ZONE}', CHANNEL)
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", made.text)
    assert code, made.text
    day.code = code[0]
    planned = day.stage.say("Olga", "/rolecall cohort prompts days=Mon time=10:00")
    assert "Mon 30 Mar 2026 10:00" in planned, planned.text
    for who in TEAM:
        day.stage.arrive(who, ZONE)
        day.stage.say(who, f"/rolecall cohort join {day.code}")
        named = day.stage.press(who, "With my name")
        assert "on its board by name" in named, named.text


# --- ten o'clock: her first ten minutes


def ana_says_hello(day: Day) -> None:
    day.stage.wait_until(berlin("2026-03-26", "10:00"))
    day.stage.arrive("Ana", ZONE)
    put = day.stage.say("Ana", "start")
    assert "Hello Ana" in put, put.text
    day.asked = put.text


def she_answers_the_warm_up(day: Day) -> None:
    """In one typed sentence, before any form."""
    said = day.stage.say("Ana", day.writes(day.asked))
    day.verdict(said)
    assert ("until I know where you are" in said) != day.stage.knows_zones, said.text


def she_sets_up_her_practice(day: Day) -> None:
    form = day.stage.press("Ana", "Set up my practice")
    assert list(form.fields) == ["name", "zone", "time", "role", "reminders"]
    if day.stage.knows_zones:
        assert ZONE in form, "her zone is known from her profile"
    saved = day.stage.fill("Ana", name="Ana", zone=ZONE, time="09:00", role="Not sure yet", reminders="yes")
    assert "I will remind you at 09:00 (Europe/Berlin)" in saved, saved.text
    kept = day.stage.say("Ana", f"/rolecall me reminders days=weekdays interview={INTERVIEW}")
    assert "Monday to Friday" in kept, kept.text


# --- which role fits her

MATCH: tuple[str | dict[str, str], ...] = (
    "Build a feature that people use",
    "Find out from numbers",
    "Try out an idea",
    "Sit with users",
    "As close as possible",
    "Half a day",
    "I read summaries",
    "Only in an emergency",
    "Explain a confidence interval",
    {
        "swe": "Shipped it to users, or at work",
        "llm_apps": "Built a project alone",
        "ml_training": "A course or tutorial",
        "ops": "Built a project alone",
    },
    {"pipelines": "A course or tutorial", "experiment": "Never", "papers": "Never"},
    {"current": "Another job, studies, or none yet", "years": "", "months": "6", "hours_per_week": "10"},
    "Leave out",
    "ML engineer",
)
"""Ana's answers: a button, or what she fills in."""


def she_is_matched(day: Day) -> None:
    asked = day.stage.say("Ana", "role match")
    for number, given in enumerate(MATCH, 1):
        assert f"Question {number} of {len(MATCH)}" in asked, asked.text
        if isinstance(given, str):
            asked = day.stage.press("Ana", given)
        else:
            form = day.stage.press("Ana", "Fill in")
            assert list(form.fields) == list(given)
            asked = day.stage.fill("Ana", **given)
    assert "Best fit: AI engineer" in asked, asked.text
    assert "Not ML engineer, which you had in mind" in asked, asked.text
    aimed = day.stage.press("Ana", "Make AI engineer my target")
    assert "Your target is now: AI engineer" in aimed, aimed.text


def she_joins_the_group(day: Day) -> None:
    joined = day.stage.say("Ana", f"/rolecall cohort join {day.code}")
    assert "You are in Spring" in joined, joined.text
    day.stage.press("Ana", "Under an alias")
    named = day.stage.fill("Ana", alias=ALIAS)
    assert ALIAS in named, named.text


def she_asks_in_the_channel(day: Day) -> None:
    """Only she reads what she asks for there."""
    paid = day.stage.say("Ana", "/rolecall role salary ai engineer", CHANNEL)
    assert "USD base" in paid, paid.text
    assert not day.stage.channel(CHANNEL)


# --- a full problem


def she_practises(day: Day) -> None:
    put = day.stage.say("Ana", "practice")
    assert {"Answer", "Skip"} <= set(put.buttons), put.buttons
    day.asked = put.text
    hint = day.stage.press("Ana", "Hint")
    assert "Hint 1 of" in hint, hint.text


def she_opens_the_form(day: Day) -> None:
    form = day.stage.press("Ana", "Answer")
    assert list(form.fields) == ["answer"]


def she_sends_her_answer(day: Day) -> None:
    day.verdict(day.stage.fill("Ana", answer=day.writes(day.asked)))


# --- Monday: what she met on Thursday is due


def she_is_reminded(day: Day) -> None:
    """At nine by her own clock, which has gone forward since she chose the hour."""
    day.stage.wait_until(berlin("2026-03-30", "09:01"))
    (due,) = [post for post in day.stage.inbox("Ana") if "Time to recall" in post.text]
    assert due.at == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert "Review now" in due.buttons


def she_reviews(day: Day) -> None:
    asked = day.stage.press("Ana", "Review now")
    assert "Recall:" in asked, asked.text
    heard = day.stage.say("Ana", day.writes(asked.text))
    assert "You said: “" in heard, heard.text
    assert OWN[0] in heard, "she reads her own words"
    assert "Next review" in heard.buttons, heard.buttons


def the_channel_is_asked(day: Day) -> None:
    day.stage.wait_until(berlin("2026-03-30", "10:01"))
    (prompt,) = day.stage.channel(CHANNEL)
    assert prompt.at == berlin("2026-03-30", "10:00")
    assert prompt.buttons == ("Answer privately", "Hints and more")
    for n, who in enumerate(TEAM):
        _answers_prompt(day, who, prompt, (f"Haven{who}", f"Port{who}"), Skill.FAIR if n > 2 else Skill.EXPERT)


def she_answers_privately(day: Day) -> None:
    (prompt,) = day.stage.channel(CHANNEL)
    day.verdict(_answers_prompt(day, "Ana", prompt, OWN))
    assert len(day.stage.channel(CHANNEL)) == 1
    day.channel_keeps_to_itself()


def _answers_prompt(day: Day, who: str, prompt: Post, own: tuple[str, str], skill: Skill = Skill.EXPERT) -> Shown:
    form = day.stage.press(who, "Answer privately", CHANNEL)
    assert list(form.fields) == ["answer"]
    return day.stage.fill(who, answer=day.writes(prompt.text, own, skill))


def the_board_is_posted(day: Day) -> None:
    """Ana leads, under the name that she chose; the picture says the same to who cannot see it."""
    day.stage.say("Olga", "/rolecall board")
    day.stage.press("Olga", "Post this week so far")
    board = day.stage.channel(CHANNEL)[-1].versions[-1]
    assert board.rows[0][:2] == ("1", ALIAS), board.text
    assert {name for _, name, _ in board.rows} <= {ALIAS, *TEAM}
    assert [png[:4] for png in board.pictures] == [b"\x89PNG"]
    assert any(ALIAS in text and board.rows[0][2] in text for text in board.unseen), "as its description says"
    day.channel_keeps_to_itself()


def she_reads_her_verdict_again(day: Day) -> None:
    """What was said privately in the channel is not lost with it."""
    today = day.stage.say("Ana", "today")
    assert "Last verdicts" in today, today.text
    day.verdict(day.stage.press("Ana", next(b for b in today.buttons if b.startswith("Verdict:"))))


STORY: tuple[Callable[[Day], None], ...] = (
    olga_sets_the_group_up,
    ana_says_hello,
    she_answers_the_warm_up,
    she_sets_up_her_practice,
    she_is_matched,
    she_joins_the_group,
    she_asks_in_the_channel,
    she_practises,
    she_opens_the_form,
    she_sends_her_answer,
    she_is_reminded,
    she_reviews,
    the_channel_is_asked,
    she_answers_privately,
    the_board_is_posted,
    she_reads_her_verdict_again,
)

Part = Callable[[Day], None]


def play(stage: Stage, bank: Catalogue, *, between: Callable[[Part], None] = lambda told: None) -> Day:
    """Tells the whole story on a stage; `between` is called after each part."""
    day = Day(stage, bank)
    for part in STORY:
        part(day)
        between(part)
    return day
