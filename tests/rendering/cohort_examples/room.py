"""What the organiser's room says: the report, the download, who is silent, and a channel that is closed."""

from __future__ import annotations

from bot.cohort_model import Cohort, Preset
from bot.cohorts import report_words, room_words
from bot.door.messages import Form, Message
from bot.model import CohortId
from tests.talk import MONDAY

SPRING = Cohort(CohortId("c1"), "Spring", Preset.STUDY_GROUP, "Europe/Berlin", MONDAY)

EXAMPLES: dict[str, Message | Form] = {**room_words.examples(), **report_words.examples(SPRING)}
