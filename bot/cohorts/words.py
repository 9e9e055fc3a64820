"""What every room of cohorts says: which cohort is meant, and who may do what. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.door.messages import clip

IN_NONE = "You are in no cohort. Whoever has a code joins with /rolecall cohort join CODE."
NO_COHORTS = "There is no cohort yet. /rolecall cohort create sets one up."
ORGANISES_NONE = (
    "That is for the organisers of a cohort, and you organise none. Who may set one up does so with "
    "/rolecall cohort create."
)
ARCHIVED = "That cohort has been archived, so there is nothing more to do in it. /rolecall cohort show lists yours."
NOT_YOURS = "You are no longer in that cohort, or do not run it. /rolecall cohort show lists yours."


def which_one(names: Sequence[str]) -> str:
    return f"Which cohort do you mean? Add cohort=NAME: {_listed(names)}."


def not_that_one(typed: str, names: Sequence[str], *, several: bool) -> str:
    if several:
        return f"Several cohorts are called “{clip(typed, 40)}”. Say it in the channel of the one that you mean."
    return f"You have no cohort called “{clip(typed, 40)}”. You have: {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{clip(name, 40)}”" for name in names[:10]]
    return ", ".join(shown) + ("" if len(names) <= 10 else f" and {len(names) - 10} more")
