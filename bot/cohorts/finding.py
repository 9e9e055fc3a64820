"""Which cohort somebody means, and whether they may do there what they wish. Asked on every use."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cohort_model import Cohort, Office
from bot.cohorts import words
from bot.context import Context
from bot.errors import RolecallError
from bot.model import CohortId
from bot.store import cohorts


def visible(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they are in or organise. Raises RolecallError that lists them."""
    everywhere = cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id)
    return _meant(ctx, typed, all_visible(ctx), words.NO_COHORTS if everywhere else words.IN_NONE)


def all_visible(ctx: Context) -> Sequence[Cohort]:
    """The living cohorts that the member is in or organises: all, for an organiser of the installation."""
    if cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id):
        return cohorts.living(ctx.tx)
    return _each_once([*_in_office(ctx, None), *_by_workspace(ctx)])


def mine(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they are in. Raises RolecallError that lists those."""
    return _meant(ctx, typed, _in_office(ctx, None), words.IN_NONE)


def learnt_in(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they learn in. Raises RolecallError."""
    return _meant(ctx, typed, _in_office(ctx, Office.LEARNER), words.IN_NONE)


def run_by(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they organise: all, for an organiser of the installation; those
    that meet in the workspace, for whom that makes their organiser.

    Raises RolecallError that says who may, or lists those that could be meant.
    """
    if cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id):
        return _meant(ctx, typed, cohorts.living(ctx.tx), words.NO_COHORTS)
    run = _each_once([*_in_office(ctx, Office.ORGANISER), *_by_workspace(ctx)])
    return _meant(ctx, typed, run, words.ORGANISES_NONE)


def organises(ctx: Context, id: CohortId) -> bool:
    """Whether the member organises a cohort, or the installation, or the workspace in which it meets."""
    held = any(s.cohort == id and s.office is Office.ORGANISER for s in cohorts.seats_of(ctx.tx, ctx.member.id))
    by_workspace = not held and any(c.id == id for c in _by_workspace(ctx))
    return held or by_workspace or cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id)


def _by_workspace(ctx: Context) -> Sequence[Cohort]:
    """The cohorts that meet in the workspace in which something is said, for whom that makes their organiser."""
    if not ctx.organises or ctx.account is None or ctx.place is None or not ctx.place.workspace:
        return ()
    return cohorts.meeting_in(ctx.tx, ctx.account.platform, ctx.place.workspace)


def _each_once(found: Sequence[Cohort]) -> Sequence[Cohort]:
    return list({one.id: one for one in found}.values())


def _in_office(ctx: Context, office: Office | None) -> Sequence[Cohort]:
    held = [s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id) if office is None or s.office is office]
    return [c for id in dict.fromkeys(held) if (c := cohorts.cohort_of(ctx.tx, id))]


def _meant(ctx: Context, typed: str, known: Sequence[Cohort], none: str) -> Cohort:
    if not known:
        raise RolecallError(none)
    typed = " ".join(typed.split())
    if found := next((c for c in known if typed and c.id == typed), None):
        return found
    meant = [c for c in known if c.name.casefold() == typed.casefold()] if typed else known
    if len(meant) == 1:
        return meant[0]
    here = met_here(ctx)
    if found := next((c for c in meant if c.id == here), None):
        return found
    if not meant and (said := _of_old_button(ctx, typed)):
        raise RolecallError(said)
    names = [c.name for c in known]
    raise RolecallError(words.not_that_one(typed, names, several=bool(meant)) if typed else words.which_one(names))


def _of_old_button(ctx: Context, typed: str) -> str:
    """What is said of a cohort's id that is none of theirs, without its name; "" for what is no id."""
    may_be_id = typed.isascii() and typed.isalnum()
    of = cohorts.cohort_of(ctx.tx, CohortId(typed)) if may_be_id else None
    if of is None:
        return ""
    return words.ARCHIVED if of.archived_at else words.NOT_YOURS


def met_here(ctx: Context) -> CohortId | None:
    """The cohort, archived or not, that the channel belongs to in which something is said; None in private."""
    if ctx.place is None or ctx.account is None or ctx.place.is_private:
        return None
    found = cohorts.met_in(ctx.tx, ctx.account.platform, ctx.place.workspace, ctx.place.channel)
    return found.id if found else None
