"""Which cohort somebody means, and whether they may do there what they wish. Asked on every use."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cohort_model import Cohort, Office
from bot.cohorts import words
from bot.context import Context
from bot.errors import RolecallError
from bot.model import CohortId
from bot.store import cohorts


def mine(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they are in. Raises RolecallError that lists those."""
    return _meant(ctx, typed, _in_office(ctx, None), words.IN_NONE)


def learnt_in(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they learn in. Raises RolecallError."""
    return _meant(ctx, typed, _in_office(ctx, Office.LEARNER), words.IN_NONE)


def run_by(ctx: Context, typed: str) -> Cohort:
    """The cohort that the member means, of those that they organise: all, for an organiser of the installation.

    Raises RolecallError that says who may, or lists those that could be meant.
    """
    if cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id):
        return _meant(ctx, typed, cohorts.living(ctx.tx), words.NO_COHORTS)
    return _meant(ctx, typed, _in_office(ctx, Office.ORGANISER), words.ORGANISES_NONE)


def organises(ctx: Context, id: CohortId) -> bool:
    """Whether the member organises a cohort, or the installation."""
    held = any(s.cohort == id and s.office is Office.ORGANISER for s in cohorts.seats_of(ctx.tx, ctx.member.id))
    return held or cohorts.is_organiser_everywhere(ctx.tx, ctx.member.id)


def _in_office(ctx: Context, office: Office | None) -> Sequence[Cohort]:
    held = [s.cohort for s in cohorts.seats_of(ctx.tx, ctx.member.id) if office is None or s.office is office]
    return [c for id in dict.fromkeys(held) if (c := cohorts.cohort_of(ctx.tx, id))]


def _meant(ctx: Context, typed: str, known: Sequence[Cohort], none: str) -> Cohort:
    if not known:
        raise RolecallError(none)
    typed = " ".join(typed.split())
    if typed:
        by_name = [c for c in known if c.name.casefold() == typed.casefold()]
        found = next((c for c in known if c.id == typed), None) or (by_name[0] if len(by_name) == 1 else None)
        if found is None:
            raise RolecallError(words.not_that_one(typed, [c.name for c in known], several=len(by_name) > 1))
        return found
    if len(known) == 1:
        return known[0]
    if ctx.place and ctx.account and not ctx.place.is_private:
        here = cohorts.met_in(ctx.tx, ctx.account.platform, ctx.place.workspace, ctx.place.channel)
        if here and any(c.id == here.id for c in known):
            return here
    raise RolecallError(words.which_one([c.name for c in known]))
