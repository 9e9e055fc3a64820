"""Four weeks of a cohort of thirty, from the Friday before its first Monday to the day when its last board is final.

It is read from above to below, as it happens; each `@on` is what somebody does at an instant of the cohort's own zone,
and what everybody then sees. It knows no platform: people type commands, press buttons by their labels, and read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.catalogue import Catalogue
from tests.scenarios.answers import Skill
from tests.scenarios.cast import LEARNERS, MENTORS, NEWCOMER, ORGANISERS, SPRING, Learner
from tests.scenarios.month import CHANNEL, ZONE, Month, berlin
from tests.scenarios.stage import Post, Shown, Stage

START = datetime(2026, 3, 13, 8, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 16), date(2026, 4, 12)
AWAY = date(2026, 4, 3), date(2026, 4, 10)
"""The mentors' holidays: their first day, and the day on which they are back."""
BY_NAME = {learner.name: learner for learner in LEARNERS}


Beat = Callable[[Month], None]
STORY: list[tuple[datetime, Beat]] = []


def on(day: str, at: str) -> Callable[[Beat], Beat]:
    def told(beat: Beat) -> Beat:
        assert not STORY or STORY[-1][0] <= berlin(day, at), f"{beat.__name__} is told too late"
        STORY.append((berlin(day, at), beat))
        return beat

    return told


# --- Friday the 13th: the cohort is set up


@on("2026-03-13", "10:00")
def olga_sets_the_cohort_up(month: Month) -> None:
    month.stage.arrive("Olga", ZONE, manages=True)
    made = month.types(
        "Olga",
        f'/rolecall cohort create name="Spring 2026" preset="study group" zone={ZONE} starts={FIRST} ends={LAST}',
        CHANNEL,
    )
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", made.text)
    assert code, made.text
    month.code = code[0]
    month.types("Olga", "/rolecall cohort edit goal=4")
    assert not month.posts(), "setting up posts nothing"


@on("2026-03-13", "10:30")
def everybody_joins(month: Month) -> None:
    for who in (*MENTORS, "Piet"):
        month.stage.arrive(who, ZONE)
        month.types(who, f"/rolecall cohort join {month.code}")
    for learner in LEARNERS:
        if learner.since != NEWCOMER:
            joins(month, learner)


def joins(month: Month, learner: Learner) -> None:
    """A newcomer's first ten minutes: hello, warm-up, settings, what they prepare for, and the cohort."""
    name = learner.name
    month.stage.arrive(name, learner.zone)
    put = month.types(name, "start")
    month.types(name, month.next_answer(learner, put.text))
    role, reminders = learner.role or "not sure yet", "yes" if learner.reminded else "no"
    saved = month.types(
        name, f'/rolecall settings name={name} zone={learner.zone} time=08:00 role="{role}" reminders={reminders}'
    )
    assert (learner.role or "no role yet") in saved.text.lower(), saved.text
    if learner.interview:
        kept = month.types(name, f"/rolecall me reminders interview={learner.interview}")
        assert "2026" in kept, kept.text
    joined = month.types(name, f"/rolecall cohort join {month.code}")
    assert "Spring 2026" in joined.text, joined.text
    if learner.show:
        alias = f' alias="{learner.alias}"' if learner.alias else ""
        month.types(name, f"/rolecall cohort appear show={learner.show}{alias}")
    if learner.show == "name":
        month.may_name(name)


@on("2026-03-13", "11:00")
def offices_and_prompts(month: Month) -> None:
    for mentor in MENTORS:
        month.types("Olga", f"/rolecall cohort appoint who={mentor} office=mentor")
    month.types("Maya", "/rolecall cohort appear thanks=yes")
    month.types("Olga", "/rolecall cohort appoint who=Piet office=organiser")
    for who in ("Maya", *ORGANISERS):
        month.may_name(who)
    planned = month.types("Piet", '/rolecall cohort prompts days="Tue Fri" time=09:00')
    assert "Tue 17 Mar 2026 09:00" in planned
    assert "Fri 20 Mar 2026 09:00" in planned
    ahead = month.types("Piet", "/rolecall cohort preview")
    assert "Tue 17 Mar 2026 09:00" in ahead
    shown = month.types("Olga", "/rolecall cohort show")
    for line in ("Organisers: Olga, Piet", "Learners: 28"):
        assert line in shown, shown.text


@on("2026-03-13", "12:00")
def what_must_stay_private(month: Month) -> None:
    """Ana reads what is paid and lets herself be matched, also in the channel: only she may ever see it."""
    for channel in ("", CHANNEL):
        paid = month.types("Ana", "/rolecall role salary ai engineer", channel)
        assert "USD base" in paid.text, paid.text
    month.types("Ana", "/rolecall role match", CHANNEL)
    assert not month.posts(), "what somebody asks for in the channel is answered privately"


# --- the first week: 16 to 22 March, winter time


@on("2026-03-17", "09:00")
def the_first_prompt(month: Month) -> None:
    (prompt,) = month.posts()
    assert prompt.at == datetime(2026, 3, 17, 8, 0, tzinfo=UTC), "nine o'clock in Berlin, in winter"
    assert "Open until Fri 20 Mar 2026 08:00" in prompt.text
    assert prompt.buttons == ("Answer privately", "Hints and more")
    title = prompt.text.split("\n")[0]
    for who in ("Ana", "Jun", "Noor"):
        assert title in month.stage.press(who, "Hints and more", CHANNEL).text, "the same for all"


@on("2026-03-17", "10:00")
def ben_lets_his_answer_be_shown(month: Month) -> None:
    ben = BY_NAME["Ben"]
    verdict = month.answers_prompt(ben)
    assert "Strong Hire" in verdict, verdict.text
    month.stage.press("Ben", "Show it in the summary")
    month.agreed.append(month.said[-1])


@on("2026-03-19", "09:30")
def how_far_the_team_is(month: Month) -> None:
    (line,) = month.posted_at(berlin("2026-03-19", "09:00"))
    assert re.search(r"\d+ due concepts cleared, \d+ more to the goal of 112", line.text), line.text


@on("2026-03-20", "08:30")
def the_first_summary(month: Month) -> None:
    (closed,) = month.posts("Closed:")
    assert closed.at == datetime(2026, 3, 20, 7, 0, tzinfo=UTC), "an hour before the next prompt"
    assert re.search(r"\d+ of you answered", closed.text)
    assert "One of your answers" in closed.text
    assert month.agreed[0][:60] in closed.text
    assert "A good answer" in closed.text


@on("2026-03-20", "09:30")
def rosa_keeps_the_prompt_for_sunday(month: Month) -> None:
    month.keeps_prompt(BY_NAME["Rosa"])


@on("2026-03-20", "12:00")
def sami_closes_their_messages(month: Month) -> None:
    month.stage.shut_door("Sami")


@on("2026-03-21", "12:00")
def sami_is_asked_to_open_them(month: Month) -> None:
    """A reminder did not get through: the channel says that, and nothing of what it was about."""
    (knock,) = month.posts("Sami")
    assert "I cannot write to you directly" in knock.text
    assert len(knock.text) < 120


@on("2026-03-22", "18:00")
def rosa_is_not_understood(month: Month) -> None:
    verdict = month.answers_prompt(BY_NAME["Rosa"], Skill.FAIR)
    assert "Provisional" in verdict, verdict.text


# --- the second week: 23 to 29 March, of 167 hours


@on("2026-03-23", "09:30")
def the_first_board(month: Month) -> None:
    board = month.board("2026-03-23")
    looks_like_a_board(board)
    assert "Provisional until Thu 26 Mar 2026 00:00" in board.text
    tied = [place for place, name, _ in board.rows if name in ("Tara", "Uwe")]
    assert len(tied) == 2, board.text
    assert tied[0] == tied[1], "who learnt the same as well is at the same place"


def looks_like_a_board(board: Post) -> None:
    """Places by points as everybody is used to them, of the upper half at most, and no name but those agreed."""
    places = [int(place) for place, _, _ in board.rows]
    points = [int(n) for _, _, n in board.rows]
    assert points == sorted(points, reverse=True), board.text
    assert places == [1 + sum(more > n for more in points) for n in points], board.text
    on_it = {w.alias or w.name for w in LEARNERS if w.show in ("name", "alias")}
    assert {name for _, name, _ in board.rows} <= on_it
    assert 3 <= len(board.rows) <= min(10, len(on_it) // 2), board.text


@on("2026-03-23", "16:00")
def a_mentor_has_understood_rosa(month: Month) -> None:
    """Her answer of last week was settled this afternoon: that week's board is not final, and says other points."""
    board = month.board("2026-03-23")
    assert points_of(board.versions[0], "Rosa") < points_of(board.versions[-1], "Rosa"), board.text
    assert "Provisional" in board.text
    looks_like_a_board(board)


def points_of(board: Shown, name: str) -> int:
    return next(int(points) for _, called, points in board.rows if called == name)


@on("2026-03-24", "08:00")
def zoe_joins_late(month: Month) -> None:
    joins(month, BY_NAME["Zoe"])


@on("2026-03-25", "12:00")
def ivo_wants_off_the_board(month: Month) -> None:
    """In the middle of the week his row is gone from the board that stands in the channel; the others move up."""
    assert "Ivo" in month.board("2026-03-23").text
    month.types("Ivo", "/rolecall cohort appear show=off")
    month.must_not_name("Ivo")
    assert not month.posts("Ivo")
    looks_like_a_board(month.board("2026-03-23"))


@on("2026-03-26", "00:30")
def the_first_board_is_final(month: Month) -> None:
    """Seventy-two hours after the week's end."""
    board = month.board("2026-03-23")
    assert "Final" in board.text
    month.noted["first, final"] = board.text


@on("2026-03-26", "09:30")
def in_the_middle_of_the_week(month: Month) -> None:
    (line,) = month.posted_at(berlin("2026-03-26", "09:00"))
    assert re.search(r"\d+ due concepts cleared, (\d+ more to )?the goal of \d+", line.text), line.text


@on("2026-03-27", "12:00")
def olga_has_something_to_say(month: Month) -> None:
    month.types("Olga", "/rolecall cohort announce Clocks go forward on Sunday. Prompts stay at nine, Berlin time.")
    (said,) = month.posts("Clocks go forward on Sunday")
    assert "Olga" in said.text


# --- the third week: 30 March to 5 April, summer time


@on("2026-03-30", "09:30")
def the_board_of_a_short_week(month: Month) -> None:
    board = month.board("2026-03-30")
    assert board.at == datetime(2026, 3, 30, 7, 0, tzinfo=UTC), "nine o'clock in Berlin, in summer"
    looks_like_a_board(board)
    assert "Ivo" not in board.text
    assert month.board("2026-03-23").text == month.noted["first, final"], "what is final stays"


@on("2026-03-31", "09:30")
def a_prompt_in_summer_time(month: Month) -> None:
    (prompt,) = month.posted_at(datetime(2026, 3, 31, 7, 0, tzinfo=UTC))
    assert "Answer privately" in prompt.buttons


@on("2026-04-01", "10:00")
def piet_assigns_a_problem(month: Month) -> None:
    shown = month.types("Piet", "/rolecall cohort assign problem=Streaming days=2")
    assert not month.posted_at(month.stage.now()), "first he sees what would be posted"
    month.stage.press("Piet", next(b for b in shown.buttons if b.startswith("Post")))
    (prompt,) = month.posted_at(month.stage.now())
    assert "Open until Fri 3 Apr 2026 10:00" in prompt.text


@on("2026-04-02", "21:00")
def the_mentors_go_on_holiday(month: Month) -> None:
    for mentor in MENTORS:
        month.types(mentor, f"/rolecall me pause {AWAY[1]}")


@on("2026-04-03", "09:30")
def two_keep_the_prompt_for_later(month: Month) -> None:
    for who in ("Priya", "Zoe"):
        month.keeps_prompt(BY_NAME[who])


@on("2026-04-03", "09:45")
def ana_answers_it(month: Month) -> None:
    month.answers_prompt(BY_NAME["Ana"])
    month.noted["Ana's words"] = month.said[-1]


@on("2026-04-03", "12:00")
def rosa_leaves(month: Month) -> None:
    for monday in ("2026-03-23", "2026-03-30"):
        assert "Rosa" in month.board(monday).text
    month.types("Rosa", "/rolecall cohort leave")
    month.must_not_name("Rosa")
    assert not month.posts("Rosa"), "nothing that stands in the channel names her any more"


@on("2026-04-04", "12:00")
def zoe_hands_in_the_same_words(month: Month) -> None:
    verdict = month.answers_prompt(BY_NAME["Zoe"], words=month.noted["Ana's words"])
    assert "Strong Hire" in verdict, "the verdict is on the answer, whoever wrote it"


@on("2026-04-05", "12:00")
def priya_is_not_understood(month: Month) -> None:
    verdict = month.answers_prompt(BY_NAME["Priya"], Skill.FAIR)
    assert "Provisional" in verdict, verdict.text


# --- the fourth week: 6 to 12 April, without mentors until Friday


@on("2026-04-06", "09:30")
def the_third_board(month: Month) -> None:
    board = month.board("2026-04-06")
    looks_like_a_board(board)
    assert re.search(r"Most improved on their own usual week: \w+", board.text), board.text


@on("2026-04-06", "10:30")
def olga_takes_points_back(month: Month) -> None:
    """She sees who and how alike, and no answer; the board that stands in the channel follows, and says nothing."""
    asked, number = doubt_about(month, "Olga")
    assert "100 % alike" in asked
    assert not any(run in asked for run in month.said if len(run) > 40)
    month.stage.press("Olga", f"{number}: take them back")
    month.stage.fill("Olga", reason="I cannot tell these two answers apart. Tell me about it?")


def doubt_about(month: Month, organiser: str) -> tuple[Shown, int]:
    """What an organiser is asked about, and the number of what concerns Zoe; whatever stands before it may stay."""
    while True:
        asked = month.types(organiser, "/rolecall cohort doubts")
        lines = [line for line in asked.text.split("\n") if " alike, " in line]
        for n, line in enumerate(lines, 1):
            if line.startswith("Zoe and Ana"):
                return asked, n
        assert lines, asked.text
        month.stage.press(organiser, "1: the points stay")


@on("2026-04-06", "13:00")
def zoe_appeals(month: Month) -> None:
    board = month.board("2026-04-06")
    assert points_of(board.versions[-1], "Zoe") < points_of(board.versions[0], "Zoe"), board.text
    looks_like_a_board(board)
    assert any("An organiser has taken back the" in p.text for p in month.stage.inbox("Zoe"))
    month.stage.press("Zoe", "Appeal")


@on("2026-04-06", "15:00")
def piet_gives_them_back(month: Month) -> None:
    _, number = doubt_about(month, "Piet")
    month.stage.press("Piet", f"{number}: give them back")


@on("2026-04-06", "17:00")
def the_board_follows_again(month: Month) -> None:
    board = month.board("2026-04-06")
    assert points_of(board.versions[-1], "Zoe") == points_of(board.versions[0], "Zoe"), board.text


@on("2026-04-07", "12:00")
def piet_may_leave_and_olga_may_not(month: Month) -> None:
    asked = month.types("Piet", "/rolecall cohort leave")
    month.stage.press("Piet", next(label for label in asked.buttons if "eave" in label))
    month.must_not_name("Piet")
    refused = month.types("Olga", "/rolecall cohort leave")
    assert "would have no organiser" in refused.text, refused.text
    assert "Olga" in month.types("Olga", "/rolecall cohort show").text


@on("2026-04-09", "00:30")
def the_third_board_is_final(month: Month) -> None:
    month.noted["third, final"] = month.board("2026-04-06").text
    assert "Final" in month.noted["third, final"]


@on("2026-04-10", "13:30")
def priya_looks_at_her_week(month: Month) -> None:
    month.noted["Priya"] = month.types("Priya", "/rolecall board").text


@on("2026-04-10", "15:30")
def the_mentors_are_back(month: Month) -> None:
    """What they have settled since was answered in a week that is final: it counts to this one."""
    before, now = (
        int(re.findall(r"Points this week so far: (\d+)", text)[0])
        for text in (month.noted["Priya"], month.types("Priya", "/rolecall board").text)
    )
    assert before < now
    assert month.board("2026-04-06").text == month.noted["third, final"], "and changes nothing that was final"


# --- afterwards


@on("2026-04-13", "09:30")
def the_last_board(month: Month) -> None:
    board = month.board("2026-04-13")
    looks_like_a_board(board)


@on("2026-04-16", "12:00")
def all_is_quiet(month: Month) -> None:
    """The last prompt was Friday's. Nothing comes after the last week's board but what closes what was open."""
    assert "Final" in month.board("2026-04-13").text
    assert not month.posts(since=berlin("2026-04-13", "09:01"))


# --- telling it


def traffic() -> Iterator[tuple[datetime, Beat]]:
    """What everybody does by themselves: practice at their hour, and most days the channel's prompt."""
    for n, who in enumerate(LEARNERS):
        for day in (who.since + timedelta(days=d) for d in range((who.until - who.since).days + 1)):
            if day.weekday() in who.days:
                at = datetime.combine(day, time(who.hour, 2 * n), ZoneInfo(who.zone)).astimezone(UTC)
                yield at, partial(sits_down, who=who, day=day)
    for day in (FIRST + timedelta(days=d) for d in range((LAST - FIRST).days + 1)):
        if day.weekday() < 5 and not AWAY[0] <= day < AWAY[1]:
            for n, mentor in enumerate(MENTORS):
                yield berlin(day, f"14:{30 * n:02}"), partial(Month.reviews, mentor=mentor)


def sits_down(month: Month, who: Learner, day: date) -> None:
    prompt = month.open_prompt
    if who.prompts and prompt and (who.name, prompt.at) not in month.answered:
        month.keeps_prompt(who)
        if random.Random(f"{who.name} {prompt.at}").random() < 0.7:
            month.answers_prompt(who)
    month.practises(who, who.a_day + (who.more if day >= SPRING else 0))


def play(stage: Stage, bank: Catalogue, also: Sequence[tuple[datetime, Beat]] = ()) -> Month:
    """Tells the whole story on a stage; `also`: what happens there beside it, and when."""
    month = Month(stage, bank)
    for at, beat in sorted([*traffic(), *STORY, *also], key=lambda due: due[0]):
        stage.wait_until(at)
        beat(month)
    return month
