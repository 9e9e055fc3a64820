"""What boards say, in the channel and to one member."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cohort_model import Cohort, Preset
from bot.cohorts import board_words, weeks
from bot.cohorts.week_board import WeekBoard
from bot.door.messages import Message
from bot.model import CohortId
from tests.talk import MONDAY

_COHORT = Cohort(CohortId("c1"), "Spring", Preset.STUDY_GROUP, "Europe/Berlin", MONDAY)
_WEEK = weeks.week_from(_COHORT, date(2025, 12, 29))
BOARD = WeekBoard(
    cohort=_COHORT.id,
    name=_COHORT.name,
    week=_WEEK,
    zone=_COHORT.zone,
    state="provisional",
    places=(
        (1, "Ana", 1_204),
        (2, "<@U123> *Ben*", 180),
        (2, "Ben", 180),
        (4, "N" * 300, 96),
        (5, "‮drawkcab\nline", 5),
    ),
    level=False,
    improved=("Ida", "Cem"),
    cleared=134,
    goal=150,
    thanks=("Mia", "Olga"),
)
EXAMPLES: dict[str, Message] = board_words.examples(BOARD, MONDAY + timedelta(hours=3))
