"""What members hear of their points, and organisers of points in doubt."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cohorts import doubts_words, points, points_words
from bot.cohorts.doubts_words import Case
from bot.cohorts.points_words import Line
from bot.door.messages import Form, Message
from tests.talk import MONDAY

MON, WED = date(2026, 1, 5), date(2026, 1, 7)
WRONG_CHUNKS = "The answers cite the wrong pages"
LINES = (
    Line(MON, WRONG_CHUNKS, 6, "new", "strong_hire", 3, 2),
    Line(MON, "recall of recall at k", 10, "due", "strong_hire", 3, recall=True),
    Line(MON, "Is the new prompt really better?", 2, "prompt", "no_hire", 2),
    Line(MON, "Is the new prompt really better?", 3, "correction", points.REVIEWED, later=date(2026, 1, 19)),
    Line(WED, "*Two* <b>prompts</b> " * 8, 0, "none", points.REPEATS_REFERENCE, 4),
    Line(WED, "recall of precision", 0, "none", points.DAILY_LIMIT, 3),
    Line(WED, "review of Late events", 5, "review", points.REVIEWED_ANOTHER),
    Line(WED, WRONG_CHUNKS, -6, "void", points.NEARLY_THE_SAME, 3, 2),
    Line(WED, WRONG_CHUNKS, 6, "restored", points.GIVEN_BACK, 3, 2),
)
REASON = "We spoke on Tuesday, and you said that you had used a *shared* answer."
CASE = Case("d1", False, "Ben", "Ana", WRONG_CHUNKS, 97, MONDAY, 9, "", may_decide=True)
APPEAL = Case("d2", True, "Cleo <!channel>", "", WRONG_CHUNKS, None, MONDAY, 1, REASON, may_decide=True)
MINE = Case("d3", True, "Dora", "Emil", WRONG_CHUNKS, 100, MONDAY + timedelta(days=1), 12, REASON, may_decide=False)

EXAMPLES: dict[str, Message | Form] = {
    "points_week": points_words.week(MON, LINES, 26, back=0, page=1, pages=2, own_choice=3, appeals=("d1",)),
    "points_earlier_week": points_words.week(MON, (), 0, back=2, page=1, pages=1, own_choice=0),
    "doubts": doubts_words.listed("Spring", (CASE, APPEAL, MINE), 2, "Europe/Berlin"),
    "doubts_none": doubts_words.listed("Spring", (), 0, "UTC"),
    "doubts_void_form": doubts_words.form("d1", "Ben", appealed=False),
    "doubts_uphold_form": doubts_words.form("d2", "Cleo", appealed=True),
    "doubts_say_why": doubts_words.say_why("d1"),
    "doubts_asked_again": doubts_words.asked_again("Spring <!channel>", "c1"),
    "doubts_cleared": doubts_words.cleared("c1"),
    "doubts_taken_back": doubts_words.taken_back("Ben", 9, "c1"),
    "doubts_upheld": doubts_words.upheld("Cleo", "c1"),
    "doubts_given_back": doubts_words.given_back("Cleo", "c1"),
    "points_voided": doubts_words.voided("d1", WRONG_CHUNKS, MONDAY, "Europe/Berlin", 9, REASON),
    "points_appealed": doubts_words.appealed(),
    "points_restored": doubts_words.restored(WRONG_CHUNKS),
    "points_upheld": doubts_words.stays(WRONG_CHUNKS, REASON),
}
