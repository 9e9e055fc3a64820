"""Boards: posted on Mondays, provisional for three days, true for as long as they stand, and each member's own week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cohort_model import LedgerRow, Preset
from bot.cohorts import agenda, boards
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.messages import ChannelPost, DirectMessage, Push, Sent, Unreachable
from bot.errors import RolecallError
from bot.store import delivery, posted
from bot.store import points as ledger
from tests.cohorts.group import Group, group
from tests.talk import DAY, Talk, buttons, talk, words

SEVEN = ("Ana", "Ben", "Cem", "Dea", "Eli", "Fay", "Gus")
WEEK = 7 * DAY
HOUR = timedelta(hours=1)


def earns(chat: Talk, name: str, points: int, *, due: int = 0, ago: timedelta = timedelta(), item: str = "") -> None:
    """Points booked now for an answer given some time ago; `due`: as so many due concepts, else as a new problem."""
    now, member = chat.world.now(), chat.member(name)
    kinds = ["due"] * due or ["new"]
    rows = [
        LedgerRow(
            member=member,
            item=item or f"{name}-{now:%m%d%H%M%S}-{n}-{points}",
            kind=kind,
            day=(now - ago).date(),
            earned_at=now - ago,
            booked_at=now,
            points=points if n == 0 else 0,
            reason="x",
            rule=1,
        )
        for n, kind in enumerate(kinds)
    ]
    with chat.tx() as tx:
        ledger.append(tx, rows)


def all_earn(chat: Talk, names: Sequence[str] = SEVEN, *, first: int = 70, due: int = 2) -> None:
    """The first ten points more than the second, and so on."""
    for n, name in enumerate(names):
        earns(chat, name, first - 10 * n, due=due)


def until(chat: Talk, day: int, hour: int = 9, month: int = 1) -> None:
    chat.world.wait(datetime(2026, month, day, hour, tzinfo=UTC) - chat.world.now())


def sent(made: Group) -> list[Push]:
    """Boards that came to the channel, and their later versions."""
    return [p for p in made.posts if p.key.startswith("board:")]


def standing(made: Group) -> list[str]:
    """What each board in the channel says now, in the order in which they were posted."""
    shown: dict[str, str] = {}
    for n, push in enumerate(made.chat.inbox.pushes, 1):
        if push in sent(made):
            shown[push.replaces or str(n)] = words(push.message)
    return list(shown.values())


def refresh(made: Group, *, at_once: bool = True) -> None:
    cohort = made.cohort
    with made.chat.tx() as tx:
        boards.refresh(tx, cohort, made.chat.world.now(), at_once=at_once)
    made.chat.world.settle()


def lines(made: Group) -> list[str]:
    """What was said on Thursdays."""
    return [words(p.message).strip() for p in made.posts if p.key.startswith("midweek:")]


@pytest.fixture
def seven(chat: Talk) -> Group:
    """Seven who learn since a week, and have points in the week that ends on the 18th."""
    made = group(chat, learners=SEVEN)
    until(chat, 14, 10)
    all_earn(chat)
    return made


# --- when


def test_the_board_of_a_week_is_posted_on_monday_at_nine_and_made_final_after_three_days(seven: Group) -> None:
    until(seven.chat, 19, 8)
    assert standing(seven) == []
    until(seven.chat, 19, 9)
    [first] = sent(seven)
    until(seven.chat, 21, 23)
    assert sent(seven) == [first]
    until(seven.chat, 22, 0)

    assert first.key == f"board:{seven.id}:2026-W03:terminal"
    assert first.to == ChannelPost("terminal", "#ml")
    assert "Provisional until 2026-01-22" in words(first.message)
    assert first.message.title == "Spring: 12 to 18 January 2026"
    final = sent(seven)[1]
    assert final.replaces is not None
    assert final.key == f"{first.key}:r1"
    assert "rovisional" not in words(final.message)
    assert "1 | Ana | 70\n2 | Ben | 60\n3 | Cem | 50" in words(final.message)
    until(seven.chat, 25)
    assert sent(seven) == [first, final]


def test_it_names_the_top_three_of_seven_and_nobody_else(seven: Group) -> None:
    until(seven.chat, 19)

    [said] = standing(seven)
    assert "1 | Ana | 70\n2 | Ben | 60\n3 | Cem | 50" in said
    assert not any(name in said for name in SEVEN[3:])
    assert "Together: 14 due concepts cleared of the 70 that the team aimed at." in said
    assert "by the clocks of UTC" in said


def test_its_buttons_lead_to_ones_own_week_and_to_how_one_appears(seven: Group) -> None:
    until(seven.chat, 19)

    there = buttons(sent(seven)[0].message)
    assert there == {"My week": c.Board(seven.id), "How I appear": c.Appear(seven.id)}
    assert "Points this week so far: 0" in words(seven.says("Gus", there["My week"]))


def test_a_week_of_167_hours_is_posted_at_nine_of_its_own_clocks(tmp_path: Path) -> None:
    with talk(tmp_path, start=datetime(2026, 3, 23, 12, tzinfo=UTC)) as chat:
        made = group(chat, learners=SEVEN, zone="Europe/Berlin", starts="")
        chat.world.wait(datetime(2026, 3, 29, 21, 59, tzinfo=UTC) - chat.world.now())
        all_earn(chat)
        chat.world.wait(timedelta(minutes=2))
        earns(chat, "Gus", 60)  # on Monday

        until(chat, 30, 6, month=3)
        assert sent(made) == []
        until(chat, 30, 7, month=3)

        assert "1 | Ana | 70" in standing(made)[0]
        assert "Provisional until 2026-04-01" in standing(made)[0]  # Thursday 00:00 there, 22:00 UTC


def test_the_team_hears_on_thursday_how_far_it_is_and_nobody_is_named(seven: Group) -> None:
    until(seven.chat, 15, 9)

    assert lines(seven) == ["Together so far this week: 14 due concepts cleared, 56 more to the goal of 70."]
    earns(seven.chat, "Ana", 5, due=80)
    until(seven.chat, 19)
    earns(seven.chat, "Ana", 5, due=80)
    until(seven.chat, 22)
    assert "80 due concepts cleared, the goal of 70 is reached" in lines(seven)[-1]


def test_there_is_no_line_in_a_week_of_which_the_cohort_had_only_a_part(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    all_earn(chat)
    until(chat, 8)
    assert lines(made) == []
    until(chat, 12)
    assert "Together: 14 due concepts cleared." in standing(made)[0]


def test_nothing_is_posted_of_a_week_in_which_nothing_was_done(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    until(chat, 26)

    assert made.posts == []


def test_a_cohort_of_one_has_no_board(chat: Talk) -> None:
    made = group(chat, learners=["Ana"])
    until(chat, 14)
    earns(chat, "Ana", 30, due=5)
    until(chat, 20)

    assert sent(made) == []
    with pytest.raises(RolecallError, match="nobody else learns here"):
        made.says("Olga", c.PostBoard(made.id))


def test_fewer_than_five_see_the_team_alone(chat: Talk) -> None:
    made = group(chat, learners=SEVEN[:4])
    until(chat, 14)
    all_earn(chat, SEVEN[:4])
    until(chat, 19)

    said = standing(made)[-1]
    assert "Together: 8 due concepts cleared of the 40" in said
    assert not any(name in said for name in SEVEN)
    assert "Your place" not in words(made.says("Ana", c.Board()))


def test_where_twelve_are_level_nobody_is_named(chat: Talk) -> None:
    names = [f"Zz{n}" for n in "abcdefghijkl"]
    made = group(chat, learners=names)
    until(chat, 14)
    for name in names:
        earns(chat, name, 30, due=1)
    until(chat, 19)

    said = standing(made)[-1]
    assert "So many are level that there are no places to tell." in said
    assert not any(name in said for name in names)


def test_who_rose_most_above_their_usual_week_is_named_without_a_number(chat: Talk) -> None:
    made = group(chat, learners=SEVEN)
    for day in (14, 21, 28, 35):
        until(chat, (day - 1) % 31 + 1, month=1 + day // 32)
        all_earn(chat)
    until(chat, 11, month=2)
    all_earn(chat, SEVEN[:6])
    earns(chat, "Gus", 49)  # from 10; Gus is fourth
    until(chat, 16, month=2)

    said = standing(made)[-1]
    assert "Most improved on their own usual week: Gus." in said
    assert "49" not in said
    assert "39" not in said
    assert "Together: 12 due concepts cleared of the 13 that the team aimed at." in said  # 9 tenths of 14


def test_after_a_time_switched_off_the_week_that_ended_last_is_posted(seven: Group) -> None:
    bot, later = seven.chat.world.rolecall, datetime(2026, 1, 29, 9, tzinfo=UTC)
    agenda.tick(bot.store, bot.bank, bot.new_id, later)
    with seven.chat.tx() as tx:
        assert [p.data["week"] for p in posted.posted(tx, seven.id, boards.WEEK)] == ["2026-01-05", "2026-01-19"]
        assert posted.posted(tx, seven.id, boards.MIDWEEK) == []  # that was for the 15th


def test_switching_the_board_off_stops_it_and_on_begins_it_again(seven: Group) -> None:
    seven.says("Olga", c.SaveCohort(seven.id, board="no"))
    until(seven.chat, 20)
    assert sent(seven) == []

    all_earn(seven.chat)
    seven.says("Olga", c.SaveCohort(seven.id, board="yes"))
    until(seven.chat, 26)
    assert [p.key for p in sent(seven)] == [f"board:{seven.id}:2026-W04:terminal"]


def test_the_last_board_is_that_of_the_week_in_which_the_cohort_ends(chat: Talk) -> None:
    made = group(chat, learners=SEVEN, ends="2026-01-16")
    for day in (14, 21):
        until(chat, day)
        all_earn(chat)
    until(chat, 2, month=2)

    assert {p.key.split(":")[2] for p in made.posts} == {"2026-W03"}
    assert "That was the last week of Spring." in standing(made)[0]


# --- what stands in the channel stays true


def test_who_opts_out_is_gone_at_once_from_every_board_that_stands_there(seven: Group) -> None:
    until(seven.chat, 21, 10)
    all_earn(seven.chat)
    until(seven.chat, 30)
    assert ["Ana" in said for said in standing(seven)] == [True, True]

    seven.says("Ana", c.Appear(seven.id, "off"))

    for said in standing(seven):
        assert "Ana" not in said
        assert "1 | Ben | 60\n2 | Cem | 50\n3 | Dea | 40" in said


def test_who_leaves_or_deletes_what_is_kept_of_them_is_gone_at_once(seven: Group) -> None:
    until(seven.chat, 19)

    seven.says("Ana", c.LeaveCohort(seven.id, "yes"))
    assert "Ana" not in standing(seven)[0]
    seven.says("Ben", i.Delete("yes"))
    assert "Ben" not in standing(seven)[0]
    assert "1 | Cem | 50" in standing(seven)[0]


def test_what_the_team_did_does_not_tell_what_one_who_left_had_done(seven: Group) -> None:
    until(seven.chat, 19)
    seven.says("Ana", c.LeaveCohort(seven.id, "yes"))

    assert "Together: 14 due concepts cleared" in standing(seven)[0]


def test_opting_out_of_one_board_leaves_the_others(chat: Talk) -> None:
    made = [group(chat, learners=SEVEN, name=name, channel=f"#{name}") for name in ("one", "two", "three")]
    until(chat, 14)
    all_earn(chat)
    until(chat, 19)
    assert all("1 | Ana | 70" in standing(m)[-1] for m in made)

    chat.say("Ana", c.Appear(made[1].id, "off"))

    assert ["Ana" in standing(m)[-1] for m in made] == [True, False, True]


def test_who_changes_their_name_has_the_new_one_on_boards_that_stand_there(seven: Group) -> None:
    until(seven.chat, 19)

    seven.says("Ana", i.SaveSettings(name="Anahita"))

    assert "1 | Anahita | 70" in standing(seven)[0]


def test_an_alias_that_is_chosen_later_does_not_take_a_names_place_on_an_old_board(seven: Group) -> None:
    until(seven.chat, 23)

    seven.says("Ana", c.Appear(seven.id, "alias", alias="Fox"))

    assert "Fox" not in standing(seven)[0]
    assert "Ana" not in standing(seven)[0]


def test_who_says_once_more_what_holds_keeps_their_place_on_an_old_board(seven: Group) -> None:
    until(seven.chat, 23)

    again = words(seven.says("Ana", c.Appear(seven.id, "name")))

    assert "1 | Ana | 70" in standing(seven)[0]
    assert "posted already" not in again
    assert "posted already" in words(seven.says("Ana", c.Appear(seven.id, "off")))


def test_who_joins_later_does_not_come_onto_an_old_board(seven: Group) -> None:
    seven.says("Hal", i.Start())
    earns(seven.chat, "Hal", 90)
    until(seven.chat, 19)
    seven.joins("Hal")

    assert "Hal" not in standing(seven)[0]


def test_a_grade_that_is_settled_in_time_changes_the_board_when_it_is_made_final(seven: Group) -> None:
    until(seven.chat, 21)
    earns(seven.chat, "Ben", 15, ago=6 * DAY)
    until(seven.chat, 22, 1)

    assert "1 | Ben | 75\n2 | Ana | 70" in standing(seven)[0]


def test_a_grade_that_is_settled_later_counts_to_the_week_in_which_it_was(seven: Group) -> None:
    until(seven.chat, 22, 1)
    earns(seven.chat, "Ben", 15, ago=6 * DAY)
    all_earn(seven.chat, SEVEN[:1] + SEVEN[2:])
    until(seven.chat, 26)

    assert "2 | Ben | 60" in standing(seven)[0]
    assert "Ben" not in standing(seven)[-1]
    assert "This week so far" not in standing(seven)[-1]
    assert "The weeks before: 15, 60, newest first" in words(seven.says("Ben", c.Board()))


def test_points_that_are_taken_back_change_a_board_at_most_once_an_hour(seven: Group) -> None:
    until(seven.chat, 19, 12)

    def taken(points: int) -> None:
        earns(seven.chat, "Ana", -points, ago=5 * DAY)
        refresh(seven, at_once=False)

    taken(15)
    assert "2 | Ana | 55" in standing(seven)[0]
    taken(10)
    taken(10)
    seven.chat.world.wait(HOUR / 2)
    assert "2 | Ana | 55" in standing(seven)[0]
    seven.chat.world.wait(HOUR / 2)
    assert "Ana" not in standing(seven)[0]
    assert len(sent(seven)) == 3


def test_what_says_the_same_is_not_sent_again(seven: Group) -> None:
    until(seven.chat, 19)
    for _ in range(3):
        refresh(seven)

    assert len(sent(seven)) == 1


def test_a_zone_that_is_changed_leaves_what_was_posted_as_it_is(seven: Group) -> None:
    earns(
        seven.chat, "Gus", 90, ago=timedelta(days=2, hours=9)
    )  # on the 12th at one in UTC, not yet Monday in New York
    for zone in ("America/New_York", "UTC"):
        until(seven.chat, 19 if zone == "America/New_York" else 27)
        seven.says("Olga", c.SaveCohort(seven.id, zone=zone))
    before = standing(seven)[0]
    assert "1 | Gus | 100" in before
    refresh(seven)

    assert "1 | Gus | 100" in standing(seven)[0]


def test_a_board_in_a_channel_that_the_cohort_has_left_is_changed_where_it_stands(seven: Group) -> None:
    until(seven.chat, 19)
    seven.in_channel("Olga", c.BindChannel(seven.id), "#new")
    seven.says("Olga", c.ArchiveCohort(seven.id, "yes"))

    seven.says("Ana", i.Delete("yes"))

    assert "Ana" not in standing(seven)[0]


def test_a_channel_that_is_gone_ends_the_posts_and_the_member_may_still_opt_out(seven: Group) -> None:
    seven.chat.inbox.refuses = Unreachable("channel_not_found")
    until(seven.chat, 19, 10)
    seven.chat.inbox.refuses = None

    said = seven.says("Ana", c.Appear(seven.id, "off"))

    assert said.summary
    assert sent(seven) == []
    with pytest.raises(RolecallError, match=r"can no longer post .* cohort bind there"):
        seven.says("Olga", c.PostBoard(seven.id, "1"))


def test_who_opts_out_while_nobody_knows_whether_the_board_arrived_is_gone_when_it_did(seven: Group) -> None:
    until(seven.chat, 19, 8)
    seven.chat.inbox.failing = ConnectionResetError("no answer")
    until(seven.chat, 19, 9)
    assert "Ana" in standing(seven)[0]

    seven.says("Ana", c.Appear(seven.id, "off"))
    seven.chat.world.wait(timedelta(minutes=3))

    assert "Ana" not in standing(seven)[0]


def test_a_change_of_which_nobody_knows_whether_it_arrived_is_made_again_without_asking(seven: Group) -> None:
    class Forgetful:
        """Knows of no message."""

        asked = 0

    until(seven.chat, 19)
    found = Forgetful()
    inbox = seven.chat.inbox

    async def find(key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        found.asked += 1
        return None

    inbox.find = find  # type: ignore[method-assign]
    inbox.failing = ConnectionResetError("no answer")
    seven.says("Ana", c.Appear(seven.id, "off"))
    seven.says("Ben", c.Appear(seven.id, "off"))
    seven.chat.world.wait(timedelta(minutes=5))

    assert found.asked == 0
    assert all("Ana" not in words(p.message) for p in sent(seven)[1:])
    assert "1 | Cem | 50" in words(sent(seven)[-1].message)
    with seven.chat.tx() as tx:
        assert {p.state for p in posted.posted(tx, seven.id, boards.WEEK)} <= {"sent", "skipped"}


def test_an_old_change_that_comes_late_says_what_is_true_by_then(seven: Group) -> None:
    until(seven.chat, 19)
    seven.chat.inbox.failing = ConnectionResetError("no answer")
    seven.says("Ana", c.Appear(seven.id, "off"))
    seven.chat.world.wait(timedelta(seconds=10))
    seven.says("Ben", c.Appear(seven.id, "off"))
    seven.chat.world.wait(timedelta(minutes=10))

    assert "Ana" not in words(sent(seven)[-1].message)
    assert "Ben" not in words(sent(seven)[-1].message)


def test_what_may_have_to_be_changed_is_not_forgotten_while_the_cohort_lives(seven: Group) -> None:
    until(seven.chat, 19)

    def forget() -> int:
        with seven.chat.tx() as tx:
            delivery.forget_sent(tx, seven.chat.world.now() + DAY, {boards.WEEK})
            return len(posted.posted(tx, seven.id, boards.WEEK))

    assert forget() == 1
    seven.says("Olga", c.ArchiveCohort(seven.id, "yes"))
    assert forget() == 0


# --- on demand


def test_an_organiser_posts_the_week_so_far_which_becomes_the_weeks_board(seven: Group) -> None:
    seven.says("Olga", c.PostBoard(seven.id))

    [so_far] = standing(seven)
    assert "This week so far, as of 2026-01-14" in so_far
    assert "1 | Ana | 70" in so_far
    until(seven.chat, 22, 1)
    assert "Final: its points" in standing(seven)[0]


def test_at_most_three_a_day_are_posted_on_demand(seven: Group) -> None:
    for _ in range(3):
        seven.says("Olga", c.PostBoard(seven.id))
    with pytest.raises(RolecallError, match="three times today"):
        seven.says("Olga", c.PostBoard(seven.id))
    seven.chat.world.wait(DAY)
    seven.says("Olga", c.PostBoard(seven.id, "0"))

    assert len(standing(seven)) == 4


def test_only_organisers_post_a_board(seven: Group) -> None:
    with pytest.raises(RolecallError, match="organise"):
        seven.says("Ana", c.PostBoard(seven.id))


def test_an_old_board_is_not_posted_and_an_empty_one_neither(seven: Group) -> None:
    with pytest.raises(RolecallError, match="this week's board so far, or last week's"):
        seven.says("Olga", c.PostBoard(seven.id, "2"))
    with pytest.raises(RolecallError, match="nothing on that board yet"):
        seven.says("Olga", c.PostBoard(seven.id, "1"))


def test_a_cohort_without_a_channel_hears_how_to_bind_one(chat: Talk) -> None:
    made = group(chat, learners=SEVEN, channel="")
    all_earn(chat)

    with pytest.raises(RolecallError, match="/rolecall cohort bind"):
        made.says("Olga", c.PostBoard(made.id))


# --- one's own week


def test_a_member_below_the_middle_sees_their_own_place_and_nobody_else_does(seven: Group) -> None:
    until(seven.chat, 19)

    said = words(seven.says("Fay", c.Board()))

    assert "Spring: 12 to 18 January 2026" in said
    assert "Your place: 6." in said
    assert "1 | Ana | 70" in said
    assert "Fay |" not in said
    assert "Spring: 19 to 25 January 2026" in said


def test_ones_week_stands_beside_ones_own_last_four(seven: Group) -> None:
    until(seven.chat, 21)
    earns(seven.chat, "Ana", 20)
    until(seven.chat, 28)
    earns(seven.chat, "Ana", 5)

    said = words(seven.says("Ana", c.Board()))

    assert "Points this week so far: 5" in said
    assert "The weeks before: 20, 70, newest first" in said
    assert "brings 45 points." in said
    assert "45 more points, and you have done a tenth more than usual." in said


def test_a_points_change_after_the_week_shows_on_the_board_within_the_hour(seven: Group) -> None:
    until(seven.chat, 19, 14)
    earns(seven.chat, "Ana", 5, ago=2 * DAY)
    ana, now = seven.chat.member("Ana"), seven.chat.world.now()
    with seven.chat.tx() as tx:
        boards.points_changed(tx, ana, now - 2 * DAY, now)
    seven.chat.world.wait(HOUR)

    assert "1 | Ana | 75" in standing(seven)[0]


def test_somebody_in_no_cohort_sees_their_own_week_in_their_own_zone(chat: Talk) -> None:
    chat.settled("Ana", zone="Asia/Tokyo")
    said = chat.say("Ana", c.Board())

    assert "Points this week so far: 8" in words(said)  # the warm-up
    assert "by the clocks of Asia/Tokyo" in words(said)
    assert "/rolecall cohort join CODE" in words(said)
    assert "three days of this week" in words(said)


def test_somebody_in_several_cohorts_chooses(chat: Talk) -> None:
    one, two = (group(chat, learners=["Ana", "Ben"], name=n, channel=f"#{n}") for n in ("one", "two"))

    there = buttons(chat.say("Ana", c.Board()))

    assert there["one"] == c.Board(one.id)
    assert "two" in words(chat.say("Ana", there["two"]))
    assert buttons(chat.say("Ana", there["two"]))["one"] == c.Board(one.id)
    assert "two: " in words(two.in_channel("Ana", c.Board()))


def test_earlier_weeks_are_a_button_away_back_to_the_cohorts_first(seven: Group) -> None:
    until(seven.chat, 28)
    said = seven.says("Gus", c.Board())
    first = seven.says("Gus", buttons(said)["Earlier week"])

    assert "Spring: 12 to 18 January 2026" in words(first)
    assert "Your place: 7." in words(first)
    assert buttons(first)["Later week"] == c.Board(seven.id)
    before = seven.says("Gus", buttons(first)["Earlier week"])
    assert "There was nothing on this board." in words(before)
    assert "Earlier week" not in buttons(before)
    for nonsense in ("-1", "x", "9" * 9, "²"):
        with pytest.raises(RolecallError):
            seven.says("Gus", c.Board(seven.id, nonsense))


def test_who_is_not_on_the_board_is_told_how_to_come_onto_it(seven: Group) -> None:
    seven.says("Gus", c.Appear(seven.id, "off"))

    said = seven.says("Gus", c.Board())

    assert "No board names you" in words(said)
    assert "Your place" not in words(said)
    assert buttons(said)["How I appear"] == c.Appear(seven.id)


def test_organisers_find_the_buttons_to_post_it_and_others_do_not(seven: Group) -> None:
    assert "Post this week so far" in buttons(seven.says("Olga", c.Board()))
    assert "Post this week so far" not in buttons(seven.says("Ana", c.Board()))


def test_in_a_workplace_nobody_is_named_until_they_ask_and_then_by_their_alias(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    made.says("Olga", c.SaveCohort(made.id, self_service="yes", board="yes"))
    for name in SEVEN:
        made.joins(name, "")
    for name in SEVEN[:5]:
        made.says(name, c.Appear(made.id, "alias", alias=f"Fox {name[0]}"))
    until(chat, 14)
    all_earn(chat)
    until(chat, 19)

    assert "1 | Fox A | 70\n2 | Fox B | 60\n3 | Fox C | 50" in standing(made)[-1]
    assert not any(name in standing(made)[-1] for name in SEVEN)
