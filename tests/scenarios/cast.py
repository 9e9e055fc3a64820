"""The thirty people of the four weeks: where they live, when they practise, what they keep to themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tests.scenarios.answers import Skill

DAILY, WEEKDAYS, WEEKENDS = tuple(range(7)), tuple(range(5)), (5, 6)


@dataclass(frozen=True, slots=True)
class Learner:
    name: str
    zone: str
    skill: Skill
    days: tuple[int, ...]
    """When they practise by themselves; Monday is 0."""
    hour: int
    """Then, by their own clock."""
    a_day: int
    """So many problems and questions."""
    show: str = "name"
    """What they say at joining: name, alias or off; "": nothing."""
    alias: str = ""
    reminded: bool = False
    """Whether they want to be reminded."""
    prompts: bool = True
    """Whether they answer the channel's prompts."""
    role: str = ""
    """What they prepare for; "": they do not know yet."""
    interview: str = ""
    """Its date."""
    more: int = 0
    """So many more from SPRING on."""
    since: date = date(2026, 3, 14)
    until: date = date(2026, 4, 12)
    """Their first and last day of practice."""

    @property
    def own(self) -> tuple[str, str]:
        """Two made-up words that stand in all their answers and nobody else's: either gives its author away."""
        return OWN_WORDS[self.name]


E, F, N = Skill.EXPERT, Skill.FAIR, Skill.NOVICE
NEWCOMER = date(2026, 3, 24)
SPRING = date(2026, 3, 30)
"""The first day of summer time that is a Monday."""

LEARNERS = (
    Learner("Ana", "Europe/Berlin", E, DAILY, 8, 2, role="ai engineer", interview="2026-05-17", reminded=True),
    Learner("Ben", "Europe/Berlin", E, WEEKDAYS, 18, 2),
    Learner("Cem", "Europe/Istanbul", E, WEEKDAYS, 20, 2, "alias", "Grey Heron", role="mlops engineer"),
    Learner("Dora", "Europe/Lisbon", F, DAILY, 7, 1, more=3),
    Learner(
        "Eli", "America/New_York", F, WEEKDAYS, 12, 2, role="data scientist", interview="2026-06-23", reminded=True
    ),
    Learner("Fay", "Europe/London", E, WEEKENDS, 10, 3, "alias", "Paper Boat"),
    Learner("Gil", "Asia/Jerusalem", F, (6, 0, 1, 2, 3), 19, 2),
    Learner("Hana", "Asia/Tokyo", E, (0, 2, 4), 21, 2, "off", role="data engineer", reminded=True),
    Learner("Ivo", "Europe/Zagreb", E, DAILY, 6, 2, role="research engineer"),
    Learner("Jun", "Asia/Seoul", F, (1, 3), 22, 2, "alias", "Slow Tide"),
    Learner("Kofi", "Africa/Accra", E, DAILY, 9, 2, until=date(2026, 3, 25)),
    Learner("Lena", "Europe/Berlin", N, WEEKDAYS, 17, 1, reminded=True),
    Learner("Mateo", "America/Bogota", F, WEEKENDS, 11, 3, ""),
    Learner("Nia", "Africa/Nairobi", E, (0, 2, 4), 18, 1, more=2),
    Learner("Omar", "Africa/Cairo", F, (0, 1, 2), 16, 2, "off"),
    Learner("Priya", "Asia/Kolkata", E, WEEKDAYS, 20, 2, interview="2026-07-29"),
    Learner("Quinn", "Australia/Sydney", F, (0, 3), 19, 1, "off", role="ml engineer"),
    Learner("Rosa", "America/Sao_Paulo", E, DAILY, 19, 2, until=date(2026, 4, 2)),
    Learner("Sami", "Europe/Helsinki", F, WEEKDAYS, 8, 1, reminded=True),
    Learner("Tara", "Europe/Berlin", E, (0, 2, 4), 13, 3, prompts=False),
    Learner("Uwe", "Europe/Berlin", E, (0, 2, 4), 13, 3, prompts=False),
    Learner("Vera", "Europe/Kyiv", N, (2,), 15, 1, ""),
    Learner("Wen", "Asia/Shanghai", F, WEEKENDS, 9, 2, "off"),
    Learner("Ximena", "America/Mexico_City", F, WEEKDAYS, 20, 1, "alias", "Kite"),
    Learner("Yuki", "Pacific/Auckland", N, DAILY, 7, 1, "off"),
    Learner("Zoe", "Europe/Paris", E, WEEKDAYS, 9, 2, since=NEWCOMER, reminded=True),
)
"""Tara and Uwe learn together: on the same days, the same things, as well as each other."""
ORGANISERS = ("Olga", "Piet")
MENTORS = ("Maya", "Noor")

OWN_WORDS: Mapping[str, tuple[str, str]] = {
    learner.name: words
    for learner, words in zip(
        LEARNERS,
        (
            ("Quillfern", "Brontelle"),
            ("Ostravane", "Mirrowick"),
            ("Tamberlode", "Fennimar"),
            ("Vexhollow", "Ardenquist"),
            ("Zephyrdale", "Corvanty"),
            ("Maplethorn", "Isendrake"),
            ("Gallowmere", "Tuskenby"),
            ("Brindlewax", "Halverine"),
            ("Oxenfjord", "Pellagrin"),
            ("Ravenmoss", "Quorlette"),
            ("Saltmarrow", "Undervane"),
            ("Thistlecot", "Wexforth"),
            ("Umberlynn", "Yarrowick"),
            ("Crestavon", "Zindelmar"),
            ("Duskwater", "Ambergast"),
            ("Elderquay", "Birchmont"),
            ("Foxglovian", "Cindervale"),
            ("Glimmerby", "Dorrington-Voss"),
            ("Hollowbeck", "Emberline"),
            ("Ironquist", "Farrowdell"),
            ("Junipark", "Goldenreath"),
            ("Kestrelford", "Hazelwynd"),
            ("Lanternby", "Ivorcliffe"),
            ("Moorgantry", "Jasperton"),
            ("Nettlewick", "Kindlemore"),
            ("Orchardine", "Larkspurne"),
        ),
        strict=True,
    )
}
