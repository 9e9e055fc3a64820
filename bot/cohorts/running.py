"""Setting up, changing, binding and ending a cohort."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot import calendar
from bot.cohort_model import Channel, Cohort, Office, Preset
from bot.cohorts import boards, cohort_fields, finding, silence, weeks
from bot.cohorts import running_words as words
from bot.cohorts.timetable import following
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.intents import AS_IT_IS
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.members import fields
from bot.model import CohortId
from bot.store import agenda, cohorts, invitations, members, office_roles, roster


def new_form(ctx: Context) -> Form:
    _may_create(ctx)
    return words.new_form(ctx.member.zone, calendar.local_date(ctx.now, ctx.member.zone))


def edit_form(ctx: Context, wish: c.EditCohort) -> Form:
    cohort = finding.run_by(ctx, wish.cohort)
    return words.edit_form(cohort, cohort.next_zone or cohort.zone)


def create(ctx: Context, wish: c.CreateCohort) -> Message:
    """Sets up a cohort, which its creator organises; one that is created in a free channel is posted there.

    Raises RolecallError for somebody who may not, FieldError for a bad value.
    """
    _may_create(ctx)
    name = cohort_fields.cohort_name(wish.name)
    zone = fields.zone(wish.zone) if wish.zone.strip() else ctx.member.zone
    preset = cohort_fields.preset(wish.preset)
    today = calendar.local_date(ctx.now, zone)
    starts = cohort_fields.day("starts", wish.starts, today)
    ends = cohort_fields.day("ends", wish.ends, today)
    cohort_fields.check_days(starts, ends, today, ends_is_new=True)
    members.lock(ctx.tx, {ctx.member.id})  # of two clicks at once, the second finds the first's cohort
    _refuse_namesake(ctx, name, None)
    new = Cohort(
        id=CohortId(ctx.new_id()),
        name=name,
        preset=preset,
        zone=zone,
        created_at=ctx.now,
        invite_code=_code(ctx),
        self_service=preset is Preset.STUDY_GROUP,
        starts_on=starts,
        ends_on=ends,
        board=preset is Preset.STUDY_GROUP,
    )
    cohorts.create(ctx.tx, new)
    cohorts.enrol(ctx.tx, ctx.new_id(), ctx.member.id, new.id, Office.ORGANISER, ctx.now, joined_as=ctx.account)
    boards.begin(ctx.tx, new, ctx.now)
    silence.begin(ctx.tx, new, ctx.now)
    here = _here(ctx, new)
    hindered = _hindered(ctx, here) if here else None
    if here and not hindered and not cohorts.bind(ctx.tx, here):
        hindered = words.TAKEN
    return words.created(new, here.channel if here and not hindered else None, hindered)


def _may_create(ctx: Context) -> None:
    if not ctx.manages and not cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id):
        raise RolecallError(words.MAY_NOT_CREATE)


def _refuse_namesake(ctx: Context, name: str, of: CohortId | None) -> None:
    """Somebody's cohorts have to be told apart; those of others may be called as they like."""
    for seat in cohorts.seats_of(ctx.tx, ctx.member.id):
        other = cohorts.cohort_of(ctx.tx, seat.cohort)
        if other and other.id != of and seat.office is Office.ORGANISER and other.name.casefold() == name.casefold():
            raise FieldError("name", f"You organise a cohort called “{name}” already. Choose another name.")


def _code(ctx: Context) -> str:
    return cohort_fields.new_code(ctx.new_id, lambda drawn: cohorts.coded(ctx.tx, drawn) is not None)


def renew_code(ctx: Context, cohort: Cohort) -> Cohort:
    """Gives a cohort a new code; the one until now stops working."""
    new = replace(_locked(ctx, cohort), invite_code=_code(ctx))
    cohorts.save(ctx.tx, new)
    return new


def _locked(ctx: Context, cohort: Cohort) -> Cohort:
    """The cohort as it is once nobody else can change it."""
    return cohorts.cohort_of(ctx.tx, cohort.id, lock=True) or cohort


def save(ctx: Context, wish: c.SaveCohort) -> Message:
    """Changes what is given; a new zone holds from next week on. Raises FieldError for a bad value."""
    old = _locked(ctx, finding.run_by(ctx, wish.cohort))
    now = settled(old, ctx.now)
    today = calendar.local_date(ctx.now, now.zone)
    starts = now.starts_on if wish.starts == AS_IT_IS else cohort_fields.day("starts", wish.starts, today)
    ends = now.ends_on if wish.ends == AS_IT_IS else cohort_fields.day("ends", wish.ends, today)
    cohort_fields.check_days(starts, ends, today, ends_is_new=ends != now.ends_on)
    new = replace(
        now,
        name=cohort_fields.cohort_name(wish.name) if wish.name else now.name,
        starts_on=starts,
        ends_on=ends,
        goal=cohort_fields.goal(wish.goal) if wish.goal else now.goal,
        self_service=fields.yes_no("self_service", wish.self_service) if wish.self_service else now.self_service,
        board=fields.yes_no("board", wish.board) if wish.board else now.board,
        reviewers=cohort_fields.reviewers(wish.reviewers) if wish.reviewers else now.reviewers,
        blind=fields.yes_no("blind", wish.blind) if wish.blind else now.blind,
    )
    if wish.zone:
        new = _in_zone(new, fields.zone(wish.zone), weeks.after(new, weeks.week_of(new, ctx.now)).monday)
    if new.name != old.name:
        _refuse_namesake(ctx, new.name, new.id)
    if new.self_service and new.invite_code is None:
        new = replace(new, invite_code=_code(ctx))
    if new != old:
        cohorts.save(ctx.tx, new)
        _replan(ctx, old, new)
    return words.saved(words.changes(now, new), new)


def settled(of: Cohort, now: datetime) -> Cohort:
    """The cohort with a zone that holds by now as the one that it has."""
    if of.next_zone is None or weeks.zone_at(of, now) != of.next_zone:
        return of
    return replace(of, zone=of.next_zone, next_zone=None, next_zone_from=None)


def _in_zone(of: Cohort, zone: str, from_monday: date) -> Cohort:
    if zone == of.zone:
        return replace(of, next_zone=None, next_zone_from=None)
    return of if zone == of.next_zone else replace(of, next_zone=zone, next_zone_from=from_monday)


def _replan(ctx: Context, old: Cohort, new: Cohort) -> None:
    """Keeps what is planned to the cohort's wall clock and dates. What is overdue is left to whoever does it."""
    if (old.board, old.starts_on, old.ends_on) != (new.board, new.starts_on, new.ends_on):
        boards.begin(ctx.tx, new, ctx.now)
    if (old.zone, old.next_zone) != (new.zone, new.next_zone):
        for entry in agenda.of_cohort(ctx.tx, new.id):
            if entry.weekdays and entry.due_at > ctx.now:
                agenda.keep(ctx.tx, following(new, entry, ctx.now))


def bind(ctx: Context, wish: c.BindChannel) -> Message:
    """Posts the cohort's prompts and boards where it is said. Raises RolecallError where that cannot be."""
    cohort = _locked(ctx, finding.run_by(ctx, wish.cohort))
    here = _here(ctx, cohort)
    if here is None:
        raise RolecallError(words.NOT_IN_PRIVATE)
    if hindered := _hindered(ctx, here):
        raise RolecallError(hindered)
    before = next((ch for ch in cohorts.channels(ctx.tx, cohort.id) if ch.platform == here.platform), None)
    again = before is not None and (before.workspace, before.channel) == (here.workspace, here.channel)
    if not cohorts.bind(ctx.tx, here):
        raise RolecallError(words.TAKEN)
    return words.bound(cohort, here.channel, before.channel if before else None, again=again)


def _here(ctx: Context, cohort: Cohort) -> Channel | None:
    """The channel in which something is said, as the cohort's; None in private."""
    if ctx.place is None or ctx.account is None or ctx.place.is_private:
        return None
    return Channel(cohort.id, ctx.account.platform, ctx.place.workspace, ctx.place.channel, ctx.now)


def _hindered(ctx: Context, here: Channel) -> str | None:
    """Why a channel cannot be bound. A cohort is named only to somebody who is in it."""
    other = cohorts.met_in(ctx.tx, here.platform, here.workspace, here.channel)
    if other is None or other.archived_at is not None or other.id == here.cohort:
        return None
    inside = any(s.cohort == other.id for s in cohorts.seats_of(ctx.tx, ctx.member.id))
    return words.taken_by(other.name) if inside else words.TAKEN


def show(ctx: Context, wish: c.ShowCohort) -> Message:
    """One cohort, or the list of those that could be meant."""
    mine = cohorts.seats_of(ctx.tx, ctx.member.id)
    if not wish.cohort:
        known = finding.all_visible(ctx)
        here = finding.met_here(ctx)
        if len(known) > 1 and not any(one.id == here for one in known):
            return words.several(sorted(known, key=lambda one: one.name.casefold()))
    cohort = finding.visible(ctx, wish.cohort)
    organises = finding.organises(ctx, cohort.id)
    roles = office_roles.of_cohort(ctx.tx, cohort.id) if organises else ()
    offices = roster.held(ctx.tx, cohort.id, Office.ORGANISER, Office.MENTOR)
    people = words.People(
        organisers=[one.name for one in offices if one.office is Office.ORGANISER],
        mentors=[one.name for one in offices if one.office is Office.MENTOR],
        learners=cohorts.size(ctx.tx, cohort.id, Office.LEARNER),
        invited=invitations.size(ctx.tx, cohort.id),
    )
    return words.shown(
        settled(cohort, ctx.now),
        people,
        cohorts.channels(ctx.tx, cohort.id),
        [s for s in mine if s.cohort == cohort.id],
        _when(ctx, cohort),
        organises=organises,
        roles=[(r.role, r.office) for r in roles],
    )


def _when(ctx: Context, cohort: Cohort) -> str:
    if has_ended(ctx, cohort):
        return "ended"
    return "to come" if is_to_come(ctx, cohort) else ""


def has_ended(ctx: Context, cohort: Cohort) -> bool:
    """Whether a cohort's last day has passed, by its own zone."""
    return cohort.ends_on is not None and weeks.day_of(cohort, ctx.now) > cohort.ends_on


def is_to_come(ctx: Context, cohort: Cohort) -> bool:
    """Whether a cohort's first day has yet to come, by its own zone."""
    return cohort.starts_on is not None and weeks.day_of(cohort, ctx.now) < cohort.starts_on


def archive(ctx: Context, wish: c.ArchiveCohort) -> Message:
    """Ends a cohort once that is confirmed. Its people keep what they learned, and nobody is written to."""
    cohort = finding.run_by(ctx, wish.cohort)
    if wish.confirm.lower() != "yes":
        learners = cohorts.size(ctx.tx, cohort.id, Office.LEARNER)
        return words.ask_to_archive(cohort, learners, has_channel=bool(cohorts.channels(ctx.tx, cohort.id)))
    cohorts.save(ctx.tx, replace(_locked(ctx, cohort), archived_at=ctx.now))
    invitations.drop_all(ctx.tx, cohort.id)
    return words.archived(cohort)
