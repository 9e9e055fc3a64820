"""Boards and progress as they come, and as they come at worst."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.pictures import board, progress
from bot.pictures.board import BoardPicture
from bot.pictures.progress import ProgressPicture

WEEK = "Week of Mon 5 Jan 2026"
LONG = "Wojciech Łukaszewski-Brzęczyszczykiewicz, the third of his name in this house"

SMALL = BoardPicture(
    title="Spring study group",
    subtitle=f"{WEEK} · provisional until Thu 15 Jan",
    places=((1, "Ana", 58), (2, "Bela Kovács", 44), (2, "Chidi", 44)),
    improved=(("Dara O’Neill", 21),),
    goal=(34, 40),
    note="Weeks end at midnight in Europe/Berlin. Write /rolecall board to see your own week, or to choose how you "
    "appear here.",
)
LARGE = BoardPicture(
    title="Machine learning people of the north-west, and of everywhere else that they went afterwards",
    subtitle=WEEK,
    places=(
        (1, "Ana", 12_345),
        (1, "x" * 300, 12_345),
        (3, "田中 Ken", 9_800),
        (4, "🚀 Zoë 🚀", 7_000),
        (4, "مرحبا", 7_000),
        (4, "He\u202ello\u0336\u0321", 7_000),
        (7, LONG, 4_000),
        (8, "Σωκράτης", 999),
        (9, "Дмитрий", 10),
        (10, "@everyone <!channel>", 1),
    ),
    improved=(("田中", 12), ("Ana", 12), ("B" * 300, 12)),
    goal=(412, 380),
    note="Thanks for their reviews: Imani, Jo.",
)
BOARDS = {
    "board": SMALL,
    "board_of_ten": LARGE,
    "board_of_the_goal_alone": BoardPicture("Spring", WEEK, goal=(0, 30)),
    "board_of_nothing": BoardPicture("Spring", WEEK, note="Nothing was answered in this week."),
}

TOPICS = (
    ("Retrieval-augmented generation", 4, 8),
    ("Data structures and algorithms", 3, 7),
    ("Evaluating LLM systems", 6, 9),
    ("Recommendation and ranking", 7, 7),
    ("Monitoring and drift", 1, 9),
    ("Distributed training", 3, 9),
    ("Trees and ensembles", 0, 6),
    ("Infrastructure cost", 6, 8),
    ("Causal inference", 2, 8),
    ("Cost and latency", 1, 9),
    ("ML fundamentals", 2, 2),
    ("SQL", 1, 1),
)
BUSY = ProgressPicture(
    topics=TOPICS,
    days=(*((n * n + 3 * n) % 17 * (n % 4 > 0) for n in range(77)), 4, 0, 11, 3, 0, 0, 0),
    forecast=(10, 3, 0, 1, 7, 12, 5, 0, 0, 2, 4, 1, 0, 104),
    today=date(2026, 1, 8),
    waiting=30,
)
PROGRESS = {
    "progress": BUSY,
    "progress_of_the_first_day": ProgressPicture(
        topics=(("SQL", 1, 1),), days=(0,) * 80 + (2, 0, 0, 0), forecast=(0,) * 4 + (1,) + (0,) * 9, today=BUSY.today
    ),
    "progress_after_a_long_break": ProgressPicture(
        topics=(("SQL", 0, 1),), days=(0,) * 84, forecast=(0,) * 14, today=date(2026, 3, 1)
    ),
}

PICTURES: dict[str, Callable[[], bytes]] = {
    **{name: (lambda b=b: board.draw(b)) for name, b in BOARDS.items()},  # type: ignore[misc]
    **{name: (lambda p=p: progress.draw(p)) for name, p in PROGRESS.items()},  # type: ignore[misc]
}
