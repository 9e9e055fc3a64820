"""Frozen values about cohorts that several rooms share; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from bot.model import CohortId, MemberId, ProblemId


class Preset(StrEnum):
    """How a cohort begins; everything it sets can be changed afterwards."""

    STUDY_GROUP = "study_group"
    """The board is posted, and everybody is asked at joining whether and how it names them."""
    WORKPLACE = "workplace"
    """Nobody is on the board until they ask for it, and then under an alias."""


class Office(StrEnum):
    """What somebody is in a cohort."""

    LEARNER = "learner"
    MENTOR = "mentor"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group that learns together."""

    id: CohortId
    name: str
    preset: Preset
    zone: str
    """IANA name: its midnights end its weeks, its wall clock times what is posted."""
    created_at: datetime
    next_zone: str | None = None
    """The zone from `next_zone_from` on."""
    next_zone_from: date | None = None
    """A Monday."""
    invite_code: str | None = None
    self_service: bool = True
    """Whoever knows the code may join; else only who was invited by list."""
    reviewers: str = "mentors"
    """Who settles doubtful grades: mentors, peers or none."""
    blind: bool = False
    """Neither side of a review learns the other's name."""
    starts_on: date | None = None
    ends_on: date | None = None
    """Its last day, by its own zone. So `starts_on`, its first."""
    goal: int = 10
    """Due concepts a week and person that the team aims at while there is no average of four weeks."""
    board: bool = True
    """Whether the week's board is posted in its channels."""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """What a member is in a cohort; somebody may hold several offices."""

    cohort: CohortId
    member: MemberId
    office: Office
    joined_at: datetime
    alias: str | None = None
    """The name on the board where it is not to be their own."""
    on_board: bool = False
    asked_at: datetime | None = None
    """When they said whether and how the board may name them."""
    check_in: bool = False
    """An organiser may be told that they have gone silent."""
    thanks: bool = False
    """They may be thanked by name below the board for their reviews."""
    by_role: str | None = None
    """platform:workspace, where they hold it only as long as they hold a role there; None: in their own right."""
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a cohort's prompts and boards are posted: one place on each platform."""

    cohort: CohortId
    platform: str
    workspace: str
    """As in `door.invocation.Place`."""
    channel: str
    bound_at: datetime
    closed_at: datetime | None = None
    """Since when the platform takes nothing for it."""
    closed_why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to be done for a cohort at an instant, once or on days of the week."""

    cohort: CohortId
    kind: str
    """prompt, board, midweek …; or "close:PROMPT" and the like, which are done once."""
    due_at: datetime
    local_time: time | None = None
    """Set for what is repeated, by the cohort's wall clock."""
    weekdays: tuple[int, ...] = ()
    """Monday is 0; empty: done once."""
    next_local_date: date | None = None
    """The local date that the next one is for."""
    last_local_date: date | None = None
    """The last one that was used."""
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A problem put before a whole cohort."""

    id: str
    cohort: CohortId
    problem: ProblemId
    version: int
    variant: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of a member's points; what was booked is corrected by a further line, never changed."""

    member: MemberId
    item: str
    """What it is for: the id of a serving, or "review:" and a ticket's."""
    kind: str
    """due, new, prompt, checkpoint, mock, review; "none" for what does not count; "correction", "void", "restored"."""
    day: date
    """The member's local date when they earned it, whatever their zone is now: daily limits hold for it."""
    earned_at: datetime
    """When they answered."""
    booked_at: datetime
    points: int
    reason: str
    """A word of `points` for why, which its words spell out."""
    rule: int
    """The version of the rules that it was booked by."""
    id: int = 0
    """Its place in the ledger; 0 before it is written."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Points that an organiser is asked about: two people's answers are nearly the same. Quiet until they decide."""

    id: str
    member: MemberId
    serving: str
    other_serving: str
    """The earlier answer that it is nearly the same as."""
    opened_at: datetime
    state: str = "open"
    """open, cleared, voided, appealed, upheld or restored."""
    reason: str = ""
    """What the organiser said."""
    decided_by: MemberId | None = None
    decided_at: datetime | None = None
