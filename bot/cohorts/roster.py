"""Who is in a cohort, and putting people on its list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot import calendar
from bot.cohort_model import Cohort, Office
from bot.cohorts import by_role, by_role_words, finding, joining, roster_list
from bot.cohorts import roster_words as words
from bot.cohorts.joining_words import last_organiser
from bot.cohorts.roster_list import Fault
from bot.cohorts.roster_words import Checked, Person
from bot.context import Context
from bot.door import cohort_intents as c
from bot.door.messages import Form, Message
from bot.errors import FieldError, RolecallError
from bot.model import Account, Member, MemberId
from bot.store import cohorts, invitations, members, office_roles
from bot.store import roster as people
from bot.store.session import Tx

_RANKS = (Office.ORGANISER, Office.MENTOR, Office.LEARNER)


def form(ctx: Context, wish: c.PasteRoster) -> Form:
    return words.form(finding.run_by(ctx, wish.cohort))


def show(ctx: Context, wish: c.Roster) -> Message:
    """One page of who is what in a cohort, for its organisers and mentors. Raises RolecallError for others."""
    cohort = _run_or_mentored(ctx, wish.cohort)
    everybody = _people(ctx.tx, cohort)
    pages = max(1, -(-len(everybody) // words.PAGE))
    page = min(max(int(wish.page) if re.fullmatch(r"[0-9]{1,4}", wish.page) else 1, 1), pages)
    invited = invitations.of_cohort(ctx.tx, cohort.id)
    shown = everybody[(page - 1) * words.PAGE : page * words.PAGE]
    if not finding.organises(ctx, cohort.id):
        return words.roster(cohort, shown, page, pages, len(invited))
    roles = [(r.role, r.office) for r in office_roles.of_cohort(ctx.tx, cohort.id)]
    return words.roster(cohort, shown, page, pages, list(invited.items()), roles)


def _run_or_mentored(ctx: Context, typed: str) -> Cohort:
    cohort = finding.visible(ctx, typed)
    held = {s.office for s in cohorts.seats_of(ctx.tx, ctx.member.id) if s.cohort == cohort.id}
    if held <= {Office.LEARNER} and not finding.organises(ctx, cohort.id):
        raise RolecallError(words.NOT_YOURS)
    return cohort


def _people(tx: Tx, cohort: Cohort) -> Sequence[Person]:
    """Organisers first, then mentors, then learners; in the order in which they joined."""
    held = people.held(tx, cohort.id)
    offices: dict[MemberId, set[Office]] = {}
    for one in held:
        offices.setdefault(one.member, set()).add(one.office)
    first = {one.member: one for one in reversed(held)}
    accounts = {known.member: known.account for known in reversed(people.accounts_in(tx, cohort.id))}
    called = Counter(one.name.casefold() for one in first.values())
    ranks = {member: min(_RANKS.index(o) for o in offices[member]) for member in offices}
    by_rank = sorted(first.values(), key=lambda one: (ranks[one.member], one.joined_at, one.name.casefold()))
    return [
        Person(
            name=one.name,
            account=accounts.get(one.member) if called[one.name.casefold()] > 1 else None,
            offices=tuple(o for o in _RANKS if o in offices[one.member]),
            since=calendar.local_date(one.joined_at, cohort.zone),
        )
        for one in by_rank
    ]


# --- appointing


def appoint(ctx: Context, wish: c.Appoint) -> Message:
    """Makes somebody organiser, mentor or learner, or takes them off the roster; nobody is written to. So whoever
    holds a role that is mentioned, as `by_role` says.

    Who is made a learner is no longer anything else. Whoever is not in the cohort is put on its list, known to
    Rolecall or not: nobody gets in unasked, and nobody learns who uses it. Raises RolecallError where it is not clear
    who is meant, or the cohort would be left without an organiser.
    """
    cohort = finding.run_by(ctx, wish.cohort)
    who, office = wish.who.strip(), wish.office.strip().lower()
    if not who or not office:
        raise RolecallError(words.WHO)
    if office != "none" and office not in {o.value for o in Office}:
        raise FieldError("office", words.OFFICES)
    cohorts.cohort_of(ctx.tx, cohort.id, lock=True)
    if role := by_role.mentioned(who):
        return by_role.appoint(ctx, cohort, role, office)
    member = _inside(ctx, cohort, who)
    person = members.of_id(ctx.tx, member) if member else None
    if member is None or person is None:
        return _outside(ctx, cohort, who, office)
    seats = [s for s in cohorts.seats(ctx.tx, cohort.id) if s.member == member]
    held = [s.office for s in seats]
    ends = Office if office == "none" else [o for o in Office if o is not Office.LEARNER] if office == "learner" else []
    if kept := [s.office for s in seats if s.by_role and s.office in ends]:
        raise RolecallError(by_role_words.held_by(cohort, person.name, kept))
    stays = Office.ORGANISER in held and office not in {"learner", "none"}
    if Office.ORGANISER in held and not stays and cohorts.size(ctx.tx, cohort.id, Office.ORGANISER) == 1:
        raise RolecallError(last_organiser(cohort))
    if office == "none":
        joining.vacate(ctx.tx, member, cohort, ctx.now)
        return words.removed(cohort, person.name)
    return _seated(ctx, cohort, person, Office(office), held)


def _outside(ctx: Context, cohort: Cohort, who: str, office: str) -> Message:
    """Puts an account on a cohort's list, or takes it off."""
    mention = re.fullmatch(r"<@!?[^>]+>", who)
    platform, _, id = who.rpartition(":") if not mention else (ctx.account.platform if ctx.account else "", "", who)
    account = roster_list.account(platform, id, "", _tenants(ctx.tx, cohort, ctx.account)) if platform else ""
    if not isinstance(account, Account):
        raise RolecallError(words.nobody(who))
    if office == "none":
        invitations.drop(ctx.tx, cohort.id, [account])
        return words.removed(cohort, words.id_of(account))
    invitations.keep(ctx.tx, cohort.id, {account: Office(office)}, ctx.now)
    return words.put_on_list(cohort, words.id_of(account), Office(office))


def _seated(ctx: Context, cohort: Cohort, person: Member, office: Office, held: Sequence[Office]) -> Message:
    """Gives somebody who holds offices one of them, or a further one."""
    new = cohorts.enrol(ctx.tx, ctx.new_id(), person.id, cohort.id, office, ctx.now)
    if new:
        _as_before(ctx, cohort, person.id, office)
    ended = [o for o in held if o is not Office.LEARNER] if office is Office.LEARNER else []
    if ended:
        joining.vacate(ctx.tx, person.id, cohort, ctx.now, Office.LEARNER)
    return words.appointed(cohort, person.name, office, changed=new or bool(ended), ended=ended)


def _as_before(ctx: Context, cohort: Cohort, member: MemberId, new: Office) -> None:
    """How somebody appears does not change with a further office."""
    had = next(s for s in cohorts.seats(ctx.tx, cohort.id) if s.member == member and s.office is not new)
    as_it_is = {"on_board": had.on_board, "alias": had.alias, "asked_at": had.asked_at}
    cohorts.change_seat(ctx.tx, member, cohort.id, **as_it_is, check_in=had.check_in, thanks=had.thanks)


def _inside(ctx: Context, cohort: Cohort, who: str) -> MemberId | None:
    """Who of a cohort is meant by an id, a mention or a name. Raises RolecallError that lists the ids of several."""
    plain = re.sub(r"^<@!?([^|>]+)(?:\|[^>]*)?>$", r"\1", who).removeprefix("@").strip()
    said = plain.casefold()
    known = people.accounts_in(ctx.tx, cohort.id)
    names = {one.member: one.name.casefold() for one in people.held(ctx.tx, cohort.id)}
    by_id = [k for k in known if plain in {k.account.user_id, words.id_of(k.account)}]
    found = by_id or [k for k in known if said in {k.display_name.casefold(), names[k.member]}]
    meant = {k.member: k.account for k in reversed(found)}
    if len(meant) > 1:
        raise RolecallError(words.several(who, list(meant.values())))
    return next(iter(meant), None)


# --- the list


def take_list(ctx: Context, wish: c.ImportRoster) -> Message:
    """Checks a list of people and, where that is wished, invites them. Raises RolecallError for no header."""
    cohort = finding.run_by(ctx, wish.cohort)
    go = wish.go.strip().lower() == "yes"
    return words.report(cohort, invite_all(ctx.tx, cohort, wish.people, ctx.now, ctx.account, go=go), go=go)


def invite_all(
    tx: Tx, cohort: Cohort, text: str, now: datetime, by: Account | None, *, go: bool
) -> Sequence[Checked | Fault]:
    """What becomes of every line of a list of people, which with `go` are put on the cohort's list.

    Seats that somebody has are left alone. `by`: whose workspace is meant where a line names none; else it is that of
    the cohort's channel. Raises RolecallError where the list has no header.
    """
    inside = {known.account for known in people.accounts_in(tx, cohort.id)}
    listed = invitations.of_cohort(tx, cohort.id)
    found: list[Checked | Fault] = []
    for one in roster_list.read(text, _tenants(tx, cohort, by)):
        if isinstance(one, Fault):
            found.append(one)
            continue
        becomes = "invited"
        if one.account in inside:
            becomes = "inside"
        elif one.account in listed:
            becomes = "listed" if listed[one.account] is one.office else "changed"
        found.append(Checked(one.line, one.account, one.office, becomes))
    if go:
        new = {c.account: c.office for c in found if isinstance(c, Checked) and c.becomes in {"invited", "changed"}}
        invitations.keep(tx, cohort.id, new, now)
    return found


def _tenants(tx: Tx, cohort: Cohort, by: Account | None) -> dict[str, str]:
    """By platform, the workspace in which a cohort has its channel; on the platform of an account, the account's."""
    theirs = {ch.platform: ch.workspace for ch in cohorts.channels(tx, cohort.id)}
    return theirs | ({by.platform: by.tenant} if by else {})
