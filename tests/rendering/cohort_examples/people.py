"""What is said about what a cohort is, and who is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.cohort_model import Channel, Cohort, Office, Preset, Seat
from bot.cohorts import by_role_words, joining_words, roster_words, running_words
from bot.cohorts.roster_list import Fault
from bot.cohorts.roster_words import Checked, Person
from bot.cohorts.running_words import People
from bot.door.messages import Form, Message
from bot.model import Account, CohortId, MemberId
from tests.talk import MONDAY

STUDY = Cohort(
    id=CohortId("c1"),
    name="Spring",
    preset=Preset.STUDY_GROUP,
    zone="Europe/Berlin",
    created_at=MONDAY,
    invite_code="K7QD-M2XA",
    starts_on=date(2026, 1, 12),
    ends_on=date(2026, 3, 9),
)
WORK = replace(
    STUDY, name="Platform <!channel>", preset=Preset.WORKPLACE, self_service=False, board=False, starts_on=None
)
MOVED = replace(
    STUDY,
    next_zone="Asia/Tokyo",
    next_zone_from=date(2026, 1, 12),
    blind=True,
    reviewers="peers",
    goal=15,
    ends_on=None,
)
ROLES = (("80351110224678912", Office.MENTOR), ("80351110224678913", Office.ORGANISER))
CHANNEL = Channel(STUDY.id, "terminal", "terminal", "#ml", MONDAY)
CLOSED = replace(CHANNEL, closed_at=MONDAY, closed_why="the channel was deleted")
SEAT = Seat(STUDY.id, MemberId("m1"), Office.LEARNER, MONDAY, alias="Blue Heron", on_board=True, asked_at=MONDAY)
PEOPLE = People(("Olga",), ("Mia", "Noor"), 12, 3)
ANA, CEM = Account("terminal", "", "ana"), Account("slack", "T02AB3CD4", "U02AB3CD4")
SINCE = date(2026, 1, 5)
ROSTER = (
    Person("Olga", None, (Office.ORGANISER,), SINCE),
    Person("Ana", ANA, (Office.MENTOR, Office.LEARNER), SINCE),
    Person("Ana", CEM, (Office.LEARNER,), SINCE),
)
LINES = (
    Checked(2, ANA, Office.LEARNER, "inside"),
    Checked(3, CEM, Office.MENTOR, "invited"),
    Fault(4, "“matrix” is none of slack, discord, terminal"),
    Fault(5, "the same person as in line 3"),
)

EXAMPLES: dict[str, Message | Form] = {
    "cohort_new_form": running_words.new_form("Europe/Berlin", SINCE),
    "cohort_edit_form": running_words.edit_form(STUDY, STUDY.zone),
    "cohort_created": running_words.created(STUDY, None, None),
    "cohort_created_in_channel": running_words.created(STUDY, "#ml", None),
    "cohort_created_workplace": running_words.created(WORK, None, running_words.TAKEN),
    "cohort_saved": running_words.saved(running_words.changes(STUDY, MOVED), MOVED),
    "cohort_saved_nothing": running_words.saved([], STUDY),
    "cohort_bound": running_words.bound(STUDY, "#ml", None, again=False),
    "cohort_bound_elsewhere": running_words.bound(STUDY, "#ml", "#old", again=False),
    "cohort_shown": running_words.shown(STUDY, PEOPLE, (CHANNEL,), (SEAT,), "", organises=False),
    "cohort_shown_to_organiser": running_words.shown(MOVED, PEOPLE, (CLOSED,), (), "to come", organises=True),
    "cohort_shown_with_roles": running_words.shown(STUDY, PEOPLE, (), (), "", organises=True, roles=ROLES),
    "cohorts_of_mine": running_words.several((STUDY, WORK)),
    "cohort_archive_asked": running_words.ask_to_archive(STUDY, 12, has_channel=True),
    "cohort_archived": running_words.archived(STUDY),
    "cohort_invite": joining_words.invite(STUDY, has_ended=False, renewed=False),
    "cohort_invite_renewed": joining_words.invite(STUDY, has_ended=False, renewed=True),
    "cohort_invite_by_list": joining_words.invite(WORK, has_ended=False, renewed=False),
    "cohort_invite_ended": joining_words.invite(STUDY, has_ended=True, renewed=False),
    "cohort_code_unknown": joining_words.unknown_code(),
    "cohort_codes_too_many": joining_words.too_many(MONDAY + timedelta(hours=1), "Europe/Berlin"),
    "cohort_joined": joining_words.joined(STUDY, Office.LEARNER, "#ml", begins=True, newcomer=True),
    "cohort_joined_workplace": joining_words.joined(WORK, Office.LEARNER, None, begins=False, newcomer=False),
    "cohort_joined_as_mentor": joining_words.joined(STUDY, Office.MENTOR, "#ml", begins=False, newcomer=False),
    "cohort_already_in": joining_words.already_in(STUDY),
    "cohort_invited": joining_words.invited([(STUDY, Office.LEARNER), (WORK, Office.MENTOR)]),
    "cohort_not_invited": joining_words.invited([]),
    "cohort_declined": joining_words.declined("Spring"),
    "cohort_alias_form": joining_words.alias_form(STUDY, "Blue Heron"),
    "cohort_appears": joining_words.appears(STUDY, [SEAT], changed=True),
    "cohort_leave_asked": joining_words.ask_to_leave(STUDY, [Office.ORGANISER, Office.MENTOR]),
    "cohort_leave_asked_by_list": joining_words.ask_to_leave(WORK, []),
    "cohort_left": joining_words.left(STUDY),
    "cohort_left_but_mentor": joining_words.left(STUDY, [Office.MENTOR]),
    **by_role_words.examples(STUDY),
    "roster": roster_words.roster(STUDY, ROSTER, 1, 2, [(CEM, Office.MENTOR)]),
    "roster_with_roles": roster_words.roster(STUDY, ROSTER, 1, 1, [], ROLES),
    "roster_for_mentor": roster_words.roster(STUDY, ROSTER, 2, 2, 3),
    "roster_form": roster_words.form(STUDY),
    "roster_checked": roster_words.report(STUDY, LINES, go=False),
    "roster_imported": roster_words.report(STUDY, LINES, go=True),
    "appointed": roster_words.appointed(STUDY, "Ana", Office.MENTOR, changed=True, ended=()),
    "appointed_less": roster_words.appointed(STUDY, "Ana", Office.LEARNER, changed=True, ended=(Office.MENTOR,)),
    "appointed_already": roster_words.appointed(STUDY, "Ana", Office.ORGANISER, changed=False, ended=()),
    "appointed_outsider": roster_words.put_on_list(STUDY, "terminal:cem", Office.MENTOR),
    "appointed_none": roster_words.removed(STUDY, "Ana"),
}
