"""Setting up, changing, binding and ending a cohort, as an organiser meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.cohort_model import Office, Preset
from bot.cohorts import timetable
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.door.commands import encode
from bot.door.intents import Intent
from bot.door.messages import Message
from bot.errors import FieldError, RolecallError
from bot.store import agenda, cohorts, members
from tests.cohorts.group import group, said_in
from tests.talk import DAY, Talk, buttons, words


def stranger(chat: Talk, name: str, wish: Intent) -> Message:
    """What somebody hears who does not run the workspace."""
    said = chat.invocation(name, wish)
    reply = chat.world.rolecall.reply_to(replace(said, actor=replace(said.actor, manages=False)))
    assert reply is not None
    return reply.message


# --- setting up


def test_a_cohort_runs_after_one_command_in_its_channel(chat: Talk) -> None:
    said = said_in(chat, "Olga", c.CreateCohort("Spring", zone="berlin"), "#ml")
    with chat.tx() as tx:
        (made,) = cohorts.living(tx)
        (where,) = cohorts.channels(tx, made.id)
        (seat,) = cohorts.seats(tx, made.id)
    assert (made.zone, made.preset, made.board, made.self_service) == ("Europe/Berlin", Preset.STUDY_GROUP, True, True)
    assert (where.channel, seat.office) == ("#ml", Office.ORGANISER)
    assert "are posted in #ml, where you are now" in words(said)
    assert f"/rolecall cohort join {made.invite_code}" in words(said)
    assert "/rolecall cohort prompts" in words(said)


def test_created_in_private_it_says_how_to_bind_a_channel(chat: Talk) -> None:
    said = chat.say("Olga", c.CreateCohort("Spring"))
    assert "/rolecall cohort bind" in words(said)


def test_the_form_asks_five_things_and_sets_up_what_was_filled_in(chat: Talk) -> None:
    form = chat.form("Olga", c.NewCohort())
    filled = {f.name: f.initial for f in form.fields} | {"name": "Work", "preset": "workplace", "ends": "in 8 weeks"}
    chat.say("Olga", form.submit(filled))
    with chat.tx() as tx:
        (made,) = cohorts.living(tx)
    assert (made.board, made.self_service) == (False, False)
    assert (made.starts_on, made.ends_on) == (date(2026, 1, 5), date(2026, 3, 2))


def test_whoever_does_not_run_the_workspace_sets_up_none(chat: Talk) -> None:
    with pytest.raises(RolecallError, match="whoever runs this workspace"):
        stranger(chat, "Eve", c.CreateCohort("Mine"))


def test_an_organiser_of_the_installation_sets_one_up_on_any_platform(chat: Talk) -> None:
    chat.settled("Eve")
    eve = chat.member("Eve")
    with chat.tx() as tx:
        members.grant(tx, "grant1", eve, "organiser", chat.world.now())
    stranger(chat, "Eve", c.CreateCohort("Mine"))
    assert "Mine" in words(stranger(chat, "Eve", c.ShowCohort()))


def test_a_value_that_will_not_do_is_asked_for_again(chat: Talk) -> None:
    for field, given in (
        ("name", {"name": " \u200b\u3164"}),
        ("name", {"name": "x" * 300}),
        ("preset", {"preset": "party"}),
        ("zone", {"zone": "Europe/Atlantis"}),
        ("starts", {"starts": "soonish"}),
        ("ends", {"ends": "3/12/2026"}),
        ("ends", {"starts": "2026-03-01", "ends": "2026-02-01"}),
        ("ends", {"ends": "2025-12-01"}),
        ("ends", {"ends": "9999-12-31"}),
        ("starts", {"starts": "0001-01-01"}),
    ):
        with pytest.raises(FieldError) as refused:
            chat.say("Olga", c.CreateCohort(**({"name": "Spring"} | given)))
        assert refused.value.field == field
    with chat.tx() as tx:
        assert not cohorts.living(tx)


def test_a_name_of_markup_and_mentions_stays_a_name(chat: Talk) -> None:
    made = group(chat, learners=(), name="*Spring* <!channel> @everyone", channel="")
    assert made.cohort.name == "*Spring* <!channel> @everyone"
    assert made.says("Olga", c.ShowCohort()).title == "*Spring* <!channel> @everyone"


def test_an_organiser_has_no_two_cohorts_of_one_name(chat: Talk) -> None:
    group(chat, learners=())
    with pytest.raises(FieldError, match="organise a cohort called"):
        chat.say("Olga", c.CreateCohort("spring"))
    chat.say("Paul", c.CreateCohort("Spring"))  # that there is another one is none of his business


# --- the channel


def test_a_channel_has_one_cohort_which_only_its_people_hear_of(chat: Talk) -> None:
    group(chat, learners=("Ana",), name="Layoffs", channel="#ml")
    said = said_in(chat, "Paul", c.CreateCohort("Autumn"), "#ml")
    assert "Another cohort" in words(said) and "Layoffs" not in words(said)
    with pytest.raises(RolecallError, match="Another cohort") as refused:
        said_in(chat, "Paul", c.BindChannel(), "#ml")
    assert "Layoffs" not in str(refused.value)
    said_in(chat, "Ana", c.CreateCohort("Winter"), "#other")
    with pytest.raises(RolecallError, match="that of “Layoffs”"):
        said_in(chat, "Ana", c.BindChannel("Winter"), "#ml")


def test_what_is_set_up_in_a_channel_of_another_names_itself_in_the_next_steps(chat: Talk) -> None:
    group(chat, learners=())
    said = words(said_in(chat, "Olga", c.CreateCohort("Autumn"), "#ml"))
    assert "Use another channel" in said and "/rolecall cohort bind cohort=Autumn" in said
    assert "/rolecall cohort prompts days=Mon Thu time=09:00 cohort=Autumn" in said


def test_no_channel_is_bound_in_private(chat: Talk) -> None:
    made = group(chat, learners=(), channel="")
    with pytest.raises(RolecallError, match="private conversation"):
        made.says("Olga", c.BindChannel())


def test_binding_again_opens_a_closed_channel(chat: Talk) -> None:
    made = group(chat)
    with chat.tx() as tx:
        cohorts.close_channel(tx, cohorts.channels(tx, made.id)[0], chat.world.now(), "the channel was deleted")
    assert "can no longer post in #ml (the channel was deleted)" in words(made.says("Ana", c.ShowCohort()))
    assert "already" in words(made.in_channel("Olga", c.BindChannel()))
    assert "no longer post" not in words(made.says("Ana", c.ShowCohort()))


def test_another_channel_takes_the_place_of_the_first(chat: Talk) -> None:
    made = group(chat)
    assert "are posted in #new, no longer in #ml" in words(made.in_channel("Olga", c.BindChannel(), "#new"))
    said_in(chat, "Paul", c.CreateCohort("Autumn"), "#ml")
    with chat.tx() as tx:
        assert [ch.channel for ch in cohorts.channels(tx, made.id)] == ["#new"]


def test_only_organisers_bind_change_and_archive(chat: Talk) -> None:
    made = group(chat)
    for wish in (c.BindChannel(), c.SaveCohort(name="Mine"), c.ArchiveCohort(confirm="yes"), c.InviteToCohort()):
        with pytest.raises(RolecallError, match="for the organisers"):
            made.in_channel("Ana", wish)


# --- changing


def test_the_form_of_settings_shows_what_is_and_saves_what_is_filled_in(chat: Talk) -> None:
    made = group(chat, ends="2026-03-01")
    form = made.form("Olga", c.EditCohort())
    given = {f.name: f.initial for f in form.fields}
    assert given == {"name": "Spring", "zone": "UTC", "starts": "", "ends": "2026-03-01", "goal": "10"}
    assert "That is how it is already" in words(made.says("Olga", form.submit(given)))
    made.says("Olga", form.submit(given | {"ends": "", "goal": "15"}))
    assert (made.cohort.ends_on, made.cohort.goal) == (None, 15)


def test_what_is_not_in_the_form_is_changed_by_name(chat: Talk) -> None:
    made = group(chat, preset=Preset.WORKPLACE, learners=())
    said = made.says("Olga", c.SaveCohort(self_service="yes", board="on", reviewers="peers", blind="yes"))
    now = made.cohort
    assert (now.self_service, now.board, now.reviewers, now.blind) == (True, True, "peers", True)
    assert "go to others of the cohort" in words(said)


def test_a_setting_that_will_not_do_changes_nothing(chat: Talk) -> None:
    made = group(chat, learners=())
    before = made.cohort
    for field, wish in (
        ("goal", c.SaveCohort(goal="0")),
        ("goal", c.SaveCohort(goal="many")),
        ("goal", c.SaveCohort(goal="²")),
        ("board", c.SaveCohort(board="maybe")),
        ("reviewers", c.SaveCohort(reviewers="robots")),
        ("ends", c.SaveCohort(ends="yesterdayish")),
        ("ends", c.SaveCohort(starts="2026-05-01", ends="2026-04-01")),
        ("name", c.SaveCohort(name="n" * 61)),
    ):
        with pytest.raises(FieldError) as refused:
            made.says("Olga", wish)
        assert (refused.value.field, made.cohort) == (field, before)


def test_a_new_zone_holds_from_the_next_monday_and_moves_what_is_planned(chat: Talk) -> None:
    made = group(chat, learners=(), zone="Europe/Berlin")
    cohort = made.cohort
    with chat.tx() as tx:
        timetable.plan(tx, cohort, "prompt", time(9), (0, 3), chat.world.now())
    said = made.says("Olga", c.SaveCohort(zone="Asia/Tokyo"))
    assert "From Monday 12 January 2026 on its weeks are those of Asia/Tokyo" in words(said)
    assert (made.cohort.zone, made.cohort.next_zone) == ("Europe/Berlin", "Asia/Tokyo")
    with chat.tx() as tx:
        due = agenda.entry_of(tx, made.id, "prompt")
    assert due is not None and due.due_at == datetime(2026, 1, 8, 8, tzinfo=UTC)  # this week's Thursday stays Berlin's


def test_what_is_planned_for_next_week_moves_with_the_zone(chat: Talk) -> None:
    made = group(chat, learners=(), zone="Europe/Berlin")
    cohort = made.cohort
    with chat.tx() as tx:
        timetable.plan(tx, cohort, "prompt", time(9), (0,), chat.world.now())
    made.says("Olga", c.SaveCohort(zone="Asia/Tokyo"))
    with chat.tx() as tx:
        due = agenda.entry_of(tx, made.id, "prompt")
    assert due is not None and due.due_at == datetime(2026, 1, 12, 0, tzinfo=UTC)
    made.says("Olga", c.SaveCohort(zone="Europe/Berlin"))
    assert made.cohort.next_zone is None
    with chat.tx() as tx:
        due = agenda.entry_of(tx, made.id, "prompt")
    assert due is not None and due.due_at == datetime(2026, 1, 12, 8, tzinfo=UTC)


def test_a_zone_that_holds_by_now_is_the_one_that_the_next_change_begins_from(chat: Talk) -> None:
    made = group(chat, learners=(), zone="Europe/Berlin", channel="")
    made.says("Olga", c.SaveCohort(zone="Asia/Tokyo"))
    chat.world.wait(8 * DAY)
    assert "Monday to Monday in Asia/Tokyo" in words(made.says("Olga", c.ShowCohort()))
    made.says("Olga", c.SaveCohort(zone="America/Lima"))
    now = made.cohort
    assert (now.zone, now.next_zone, now.next_zone_from) == ("Asia/Tokyo", "America/Lima", date(2026, 1, 19))


# --- showing


def test_a_member_sees_what_the_cohort_is_and_who_runs_it(chat: Talk) -> None:
    made = group(chat, ends="2026-03-01")
    said = made.says("Ana", c.ShowCohort())
    assert "Organisers: Olga" in words(said) and "Learners: 2" in words(said)
    assert "from 5 January 2026 to 1 March 2026" in words(said)
    assert "You are on its board by name" in words(said)
    assert "Archive" not in buttons(said) and "Archive" in buttons(made.says("Olga", c.ShowCohort()))


def test_a_member_of_three_cohorts_chooses_from_a_list_or_is_in_the_channel_of_one(chat: Talk) -> None:
    groups = [group(chat, learners=("Ana",), name=f"Group {n}", channel=f"#g{n}") for n in range(3)]
    said = chat.say("Ana", c.ShowCohort())
    assert list(buttons(said)) == ["Group 0", "Group 1", "Group 2"]
    assert "Group 1" in str(chat.say("Ana", buttons(said)["Group 1"]).title)
    assert "Group 2" in str(groups[2].in_channel("Ana", c.ShowCohort()).title)
    with pytest.raises(RolecallError, match="Which cohort do you mean"):
        chat.say("Ana", c.LeaveCohort())


def test_of_two_cohorts_of_one_name_the_one_of_the_channel_is_meant(chat: Talk) -> None:
    first = group(chat, "Olga", ("Ana",), name="Spring", channel="#one")
    chat.say("Pia", c.CreateCohort("Spring"))
    with chat.tx() as tx:
        other = next(made for made in cohorts.living(tx) if made.id != first.id)
    said_in(chat, "Pia", c.BindChannel(other.id), "#two")
    chat.say("Ana", c.JoinCohort(other.invite_code or ""))
    with pytest.raises(RolecallError, match="Several cohorts are called “spring”"):
        chat.say("Ana", c.LeaveCohort("spring"))
    said_in(chat, "Ana", c.LeaveCohort("spring"), "#two")
    assert len(first.seats("Ana")) == 1
    with chat.tx() as tx:
        assert not [s for s in cohorts.seats(tx, other.id) if s.office is Office.LEARNER]


def test_every_button_fits_what_platforms_keep(chat: Talk) -> None:
    made = group(chat, name="N" * 60)
    for wish in (c.ShowCohort(), c.ArchiveCohort(), c.InviteToCohort(), c.Roster(), c.LeaveCohort(), c.Appear()):
        for name in ("Olga", "Ana"):
            try:
                said = made.says(name, wish)
            except RolecallError:
                continue
            assert all(encode(b) for b in said.buttons)


# --- ending


def test_archiving_asks_first_and_then_frees_the_channel_and_writes_to_nobody(chat: Talk) -> None:
    made = group(chat)
    asked = made.says("Olga", c.ArchiveCohort())
    assert made.cohort.archived_at is None and "2 learners keep" in words(asked)
    before = len(chat.inbox.pushes)
    made.says("Olga", buttons(asked)["Yes, archive it"])
    chat.world.wait(14 * DAY)
    assert made.cohort.archived_at is not None and len(chat.inbox.pushes) == before
    with pytest.raises(RolecallError, match="You are in no cohort"):
        made.says("Ana", c.ShowCohort())
    said_in(chat, "Paul", c.CreateCohort("Autumn"), "#ml")
    with chat.tx() as tx:
        assert cohorts.met_in(tx, "terminal", "terminal", "#ml") == cohorts.living(tx)[0]


def test_an_old_button_of_a_cohort_says_what_has_become_of_it_and_shows_no_id(chat: Talk) -> None:
    made, other = group(chat), group(chat, name="Autumn", channel="#autumn")
    made.says("Ana", c.LeaveCohort(made.id))
    for wish in (c.Board(made.id), c.Appear(made.id), c.LeaveCohort(made.id)):
        with pytest.raises(RolecallError, match="no longer in that cohort"):
            made.says("Ana", wish)
    made.says("Olga", c.ArchiveCohort(made.id, confirm="yes"))
    for name, old in (("Olga", c.InviteToCohort(made.id)), ("Ben", c.Appear(made.id))):
        with pytest.raises(RolecallError, match="has been archived"):
            made.says(name, old)
    assert other.cohort.archived_at is None


def test_an_ended_cohort_says_so_and_lets_nobody_in(chat: Talk) -> None:
    made = group(chat, ends="2026-01-11", zone="Pacific/Kiritimati", channel="")
    chat.world.wait(timedelta(days=6, hours=1))
    assert "It has ended" in words(made.says("Ana", c.ShowCohort()))  # there it is the twelfth by now
    with pytest.raises(RolecallError, match="has ended"):
        made.says("Cem", c.JoinCohort(made.cohort.invite_code or ""))
    assert "nobody can join" in words(made.says("Olga", c.InviteToCohort()))
    made.says("Olga", c.SaveCohort(ends="in 4 weeks"))
    made.joins("Cem")
    assert made.seats("Cem")


def test_who_organises_a_cohort_alone_hears_of_it_before_they_delete_themselves(chat: Talk) -> None:
    made = group(chat)
    assert "Nobody else organises “Spring”" in words(made.says("Olga", i.Delete()))
    assert "Spring" not in words(made.says("Ana", i.Delete()))
    made.says("Olga", c.Appoint(who="Ana", office="organiser"))
    assert "Spring" not in words(made.says("Olga", i.Delete()))


def test_a_cohort_of_one_is_shown_and_archived_like_any_other(chat: Talk) -> None:
    made = group(chat, learners=())
    assert "Learners: 0" in words(made.says("Olga", c.ShowCohort()))
    assert "It has no learners, and nobody is written to" in words(made.says("Olga", c.ArchiveCohort()))
    made.says("Olga", c.ArchiveCohort(confirm="yes"))
    assert made.cohort.archived_at is not None
