"""What boards say, in the channel and to one member. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.cohorts import standings
from bot.cohorts.week_board import WeekBoard
from bot.cohorts.weeks import Week
from bot.door.cohort_intents import Appear, Board, Points, PostBoard
from bot.door.messages import (
    LIMITS,
    Block,
    Button,
    Facts,
    Message,
    Picture,
    Spans,
    Table,
    When,
    bold,
    clip,
    count,
    heading,
    note,
    paragraph,
    spans,
)
from bot.model import CohortId
from bot.pictures.board import BoardPicture

NAME = 40
"""Characters of a name on a board."""
COHORT = 60

ALONE = "A board is for two people or more, and nobody else learns here yet. /rolecall cohort invite shows the code."
NOTHING_YET = "There is nothing on that board yet. It fills as due questions and prompts are answered."
ENOUGH = "The board was posted three times today. It can be posted again tomorrow; /rolecall board shows it to you."
ONLY_LATEST = "I can post this week's board so far, or last week's. Add week=1 for last week's."
NO_WEEK = "Say how many weeks back as a number, such as week=1 for last week."
HOW_TO_JOIN = "You are in no cohort. Whoever has a code joins with /rolecall cohort join CODE, and learns with others."


# --- in the channel


def post(board: WeekBoard, now: datetime, png: bytes = b"") -> Message:
    """A week's board for everybody. `now` counts for a week that is not over; `png` shows what the text says."""
    return Message(
        summary=clip(f"The week's board of {clip(board.name, COHORT)}", LIMITS.SUMMARY),
        title=clip(f"{clip(board.name, COHORT)}: {dates(board.week)}", LIMITS.TITLE),
        blocks=(
            note(*_state(board, now)),
            *((Picture(png, _alt(board)),) if png else ()),
            *_standing(board),
            *((paragraph(_goodbye(board)),) if board.is_last else ()),
            note(
                f"Weeks run from Monday to Monday by the clocks of {board.zone}. "
                "Only those are named who want to be, and no place below the middle is shown."
            ),
        ),
        buttons=(
            Button("My week", Board(board.cohort)),
            Button("How I appear", Appear(board.cohort)),
        ),
    )


def _goodbye(board: WeekBoard) -> str:
    return (
        f"That was the last week of {clip(board.name, COHORT)}. What you have learned stays yours, and "
        "/rolecall practice goes on."
    )


def midweek(board: WeekBoard, goal: int) -> Message:
    """One line on how far the team is. `goal`: due concepts, at least 1."""
    more = goal - board.cleared
    rest = f"{more} more to the goal of {goal}" if more > 0 else f"the goal of {goal} is reached. Thank you, all of you"
    return Message(
        summary=clip(f"How far {clip(board.name, COHORT)} is this week", LIMITS.SUMMARY),
        blocks=(paragraph(bold("Together so far this week"), f": {_cleared(board.cleared)}, {rest}."),),
        buttons=(Button("My week", Board(board.cohort)),),
    )


def _state(board: WeekBoard, now: datetime) -> tuple[str | When, ...]:
    if board.state == "so_far":
        return "This week so far, as of ", When(now, board.zone), "."
    if board.state == "provisional":
        return "Provisional until ", When(board.week.final_at, board.zone), ": answers may still be read and settled."
    return ("Final: its points no longer change.",)


def picture(board: WeekBoard) -> BoardPicture:
    """What `post` says, to be drawn. It says no time: what it is good for stands in the text beside it."""
    return BoardPicture(
        title=clip(board.name, COHORT),
        subtitle=f"{dates(board.week)}, {board.state.replace('_', ' ')}",
        places=tuple((place, clip(name, NAME), points) for place, name, points in board.places),
        improved=tuple((clip(name, NAME), None) for name in board.improved),
        goal=(board.cleared, board.goal) if board.goal is not None else None,
        note=f"Thank you for reading answers: {listed(board.thanks)}." if board.thanks else "",
    )


def _alt(board: WeekBoard) -> str:
    """The picture's content in one line; at most some 800 characters."""
    said = [f"{place}. {clip(name, NAME)}, {count(points, 'point')}" for place, name, points in board.places]
    parts = [f"The board of {clip(board.name, COHORT)}, {dates(board.week)}"]
    if said:
        parts.append("; ".join(said))
    if board.improved:
        parts.append(f"Most improved: {listed(board.improved)}")
    if board.goal is not None:
        parts.append(f"{_cleared(board.cleared)} of {board.goal:,}")
    return ". ".join(parts) + "."


def _standing(board: WeekBoard) -> tuple[Block, ...]:
    """Places, who improved, how far the team is, and thanks: the same for everybody."""
    blocks: list[Block] = []
    if board.places:
        rows = [(str(place), clip(name, NAME), f"{points:,}") for place, name, points in board.places]
        blocks += [heading("Top places"), Table(("Place", "Name", "Points"), tuple(rows))]
    elif board.level:
        blocks.append(paragraph("So many are level that there are no places to tell."))
    if board.improved:
        blocks.append(paragraph(bold("Most improved"), f" on their own usual week: {listed(board.improved)}."))
    if board.cleared or board.goal is not None:
        blocks.append(paragraph(bold("Together"), f": {_together(board)}."))
    if board.thanks:
        blocks.append(paragraph(bold("Thank you"), f" for reading answers: {listed(board.thanks)}."))
    return tuple(blocks)


def _together(board: WeekBoard) -> str:
    """How far the team is, or was."""
    if board.goal is None:
        return _cleared(board.cleared)
    if board.cleared >= board.goal:
        return f"{_cleared(board.cleared)}, and the goal of {board.goal:,} is reached"
    return f"{_cleared(board.cleared)} of the {board.goal:,} that the team {_aims(board)} at"


def _aims(board: WeekBoard) -> str:
    return "aims" if board.state == "so_far" else "aimed"


def _cleared(n: int) -> str:
    return f"{n:,} due concept{'' if n == 1 else 's'} cleared"


def listed(names: Sequence[str]) -> str:
    """Names in one line, such as "Ana, Ben and Cem"; at most ten of them."""
    shown = [clip(name, NAME) for name in names[:10]]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and {len(names) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def dates(week: Week) -> str:
    """Its days, such as "5 to 11 January 2026"."""
    first, last = week.monday, week.monday + timedelta(days=6)
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {_day(last)}"
    return f"{first.day}{'' if first.month == last.month else f' {first:%B}'} to {_day(last)}"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


# --- to one member


@dataclass(frozen=True, slots=True)
class Mine:
    """A member's own week."""

    points: int
    earlier: tuple[int, ...]
    """Points of the four weeks before, newest first."""
    held: int
    """Concepts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A board, and where the member stands on it, for their eyes only."""

    board: WeekBoard
    place: int | None = None


def week(
    mine: Mine,
    boards: Sequence[Shown] = (),
    *,
    now: datetime,
    zone: str,
    back: int = 0,
    has_earlier: bool = False,
    organises: bool = False,
    unnamed: bool = False,
    others: Sequence[tuple[CohortId, str]] = (),
) -> Message:
    """A member's own week and boards of one cohort. `back`: of so many weeks ago; then their own week is left out.

    `zone`: by which their weeks are counted where there is no board. `unnamed`: the cohort's boards do not name them,
    and may. `others`: cohorts that they may look at instead.
    """
    blocks: list[Block] = []
    if back == 0:
        blocks += [*_mine(mine), paragraph(_trend(mine)), paragraph(_aim(mine))]
    for shown in boards:
        blocks += _private(shown, now)
    if unnamed:
        blocks.append(note("No board names you, since you have not asked for it. “How I appear” changes that."))
    if not boards and not others:
        blocks.append(note(HOW_TO_JOIN))
    elif not boards:
        blocks.append(paragraph("Which cohort's board do you want to see?"))
    by = boards[0].board.zone if boards else zone
    blocks.append(note(f"Weeks run from Monday to Monday by the clocks of {by}. Only you see this."))
    cohort = boards[0].board.cohort if boards else None
    return Message(
        summary="Your week" if back == 0 else "An earlier week",
        title="Your week" if back == 0 else None,
        blocks=tuple(blocks),
        buttons=(
            *_of_cohort(cohort, back, has_earlier=has_earlier, organises=organises),
            *(Button(clip(name, LIMITS.BUTTON_LABEL), Board(id)) for id, name in others[:10]),
        ),
    )


def _of_cohort(cohort: CohortId | None, back: int, *, has_earlier: bool, organises: bool) -> list[Button]:
    buttons = [Button("Why these points", Points())] if back == 0 else []
    if cohort is None:
        return buttons
    if has_earlier:
        buttons.append(Button("Earlier week", Board(cohort, str(max(back, 1) + 1))))
    if back:
        buttons.append(Button("Later week", Board(cohort, str(back - 1) if back > 2 else "")))
    buttons.append(Button("How I appear", Appear(cohort)))
    if organises and back == 0:
        buttons.append(Button("Post this week so far", PostBoard(cohort, "0")))
        buttons.append(Button("Post last week's board", PostBoard(cohort, "1")))
    return buttons


def _mine(mine: Mine) -> tuple[Block, ...]:
    pairs: list[tuple[str, Spans]] = [("Points this week so far", spans(f"{mine.points:,}"))]
    if any(mine.earlier):
        before = [f"{n:,}" for n in mine.earlier[: 1 + max(w for w, n in enumerate(mine.earlier) if n)]]
        label = "The week before" if len(before) == 1 else "The weeks before"
        pairs.append((label, spans(", ".join(before) + (", newest first" if len(before) > 1 else ""))))
    pairs.append(("Concepts you hold", spans(f"{mine.held:,}")))
    return (Facts(tuple(pairs)),)


def _trend(mine: Mine) -> str:
    before = standings.usual(mine.earlier)
    if before is None:
        return "When you have had two weeks with points, you see here how this one compares with your own."
    if mine.points > before:
        return f"This week is above your usual one, which brings {before:g} points."
    last, rest = mine.earlier[0], sorted(mine.earlier[1:])[1]
    if last > rest:
        return f"Last week was above the ones before it. Your usual week brings {before:g} points."
    if last < rest:
        return f"Last week was lighter than the ones before, as weeks are. Your usual one brings {before:g} points."
    return f"Your usual week brings {before:g} points."


def _aim(mine: Mine) -> str:
    goal = standings.next_goal(mine.earlier)
    if goal is None:
        return "A good next step: answer what is due on three days of this week."
    if mine.points >= goal:
        return f"You have passed {goal:,} points, a tenth more than your usual week."
    return f"A good next step: {count(goal - mine.points, 'more point')}, and you have done a tenth more than usual."


def _private(shown: Shown, now: datetime) -> list[Block]:
    board = shown.board
    blocks: list[Block] = [heading(f"{clip(board.name, COHORT)}: {dates(board.week)}"), note(*_state(board, now))]
    standing = _standing(board)
    empty = "Nothing on this board yet." if board.state == "so_far" else "There was nothing on this board."
    blocks += standing or (paragraph(empty),)
    if shown.place is not None:
        blocks.append(paragraph(f"Your place: {shown.place}. Nobody else is shown it unless it is among the top."))
    elif not board.places and not board.level:
        blocks.append(note("Places are told when five people or more on the board have points."))
    return blocks


def posting(cohort: str) -> Message:
    return Message(
        summary="The board is on its way",
        blocks=(paragraph(f"The board of “{clip(cohort, COHORT)}” is on its way to the channel."),),
    )


def examples(board: WeekBoard, now: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests. `board`: a full one of a week that is provisional."""
    quiet = replace(board, places=(), improved=(), thanks=(), state="final")
    level = replace(board, places=(), improved=(), thanks=(), level=True, state="so_far", goal=None, cleared=1)
    rising, new = Mine(34, (28, 25, 0, 20), 12), Mine(6, (0, 0, 0, 0), 1)
    return {
        "board_post": post(board, now, b"PNG"),
        "board_post_final": post(quiet, now),
        "board_post_level": post(level, now),
        "board_post_last": post(replace(quiet, cleared=151, is_last=True), now),
        "board_midweek": midweek(board, board.cleared + 9),
        "board_midweek_reached": midweek(board, max(1, board.cleared)),
        "board_mine": week(rising, (Shown(board, 7), Shown(level)), now=now, zone="UTC", organises=True),
        "board_newcomer": week(new, now=now, zone="Europe/Berlin"),
        "board_choose": week(
            replace(rising, points=3), now=now, zone="UTC", others=((board.cohort, board.name), (board.cohort, "Other"))
        ),
        "board_earlier": week(rising, (Shown(quiet),), now=now, zone="UTC", back=3, has_earlier=True, unnamed=True),
        "board_posting": posting(board.name),
    }
