"""The tables of cohorts: who is in them, what is posted where and when, and points."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.store.columns import Instant, metadata, of_member

cohort = Table(
    "cohort",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("preset", String(20), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("invite_code", String(32), unique=True),
    Column("self_service", Boolean, nullable=False),
    # who settles doubtful grades: mentors, peers or none
    Column("reviewers", String(16), nullable=False, server_default="mentors"),
    # neither side of a review learns the other's name
    Column("blind", Boolean, nullable=False, server_default=sa.false()),
    Column("starts_on", sa.Date),
    Column("ends_on", sa.Date),
    Column("created_at", Instant, nullable=False),
    Column("archived_at", Instant),
    # the zone from a Monday on
    Column("next_zone", String(64)),
    Column("next_zone_from", sa.Date),
    # due concepts a week and person while there is no average
    Column("goal", Integer, nullable=False, server_default="10"),
    Column("board", Boolean, nullable=False, server_default=sa.true()),
)

membership = Table(
    "membership",
    metadata,
    Column("id", String(32), primary_key=True),
    of_member(index=True),
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), index=True),
    # learner, mentor or organiser; without a cohort it holds for the whole installation (`rolecall grant`)
    Column("role", String(16), nullable=False),
    Column("alias", String(100)),
    Column("on_board", Boolean, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
    # when they said whether and how the board may name them
    Column("asked_at", Instant),
    Column("check_in", Boolean, nullable=False, server_default=sa.false()),
    Column("thanks", Boolean, nullable=False, server_default=sa.false()),
    # platform:tenant:user of the account that the others know them by; empty: they have but one
    Column("joined_as", String(160)),
    # platform:workspace, where they hold it only as long as they hold a role there
    Column("by_role", String(96)),
    Index("uq_membership_in_cohort", "member_id", "cohort_id", "role", unique=True),
    Index(
        "uq_membership_everywhere",
        "member_id",
        "role",
        unique=True,
        sqlite_where=text("cohort_id IS NULL"),
        postgresql_where=text("cohort_id IS NULL"),
    ),
)

# Where a cohort's prompts and boards are posted.
channel = Table(
    "channel",
    metadata,
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("bound_at", Instant, nullable=False),
    # since when, and why, the platform takes nothing for it
    Column("closed_at", Instant),
    Column("closed_why", String(200)),
    sa.UniqueConstraint("platform", "workspace", "channel"),
)

# People whom an organiser has put on a cohort's list, until they join or decline.
invitation = Table(
    "invitation",
    metadata,
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("invited_at", Instant, nullable=False),
    Index("ix_invitation_account", "platform", "tenant", "user_id"),
)

# What whoever holds a role of a workspace is in a cohort.
office_role = Table(
    "office_role",
    metadata,
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    # the platform's id of the role
    Column("role_id", String(64), primary_key=True),
    # mentor or organiser
    Column("office", String(16), nullable=False),
    Index("ix_office_role_workspace", "platform", "workspace"),
)

# What is to be done for a cohort and when: the counterpart of a member's schedule.
agenda = Table(
    "agenda",
    metadata,
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(48), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    # set for what is repeated
    Column("local_time", sa.Time),
    # digits 0 (Monday) to 6; empty: done once
    Column("weekdays", String(7), nullable=False),
    Column("next_local_date", sa.Date),
    Column("last_local_date", sa.Date),
    Column("settings", JSON, nullable=False),
)

prompt = Table(
    "prompt",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False),
    Column("problem_id", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("variant", String(40), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_prompt_cohort_id_opened_at", "cohort_id", "opened_at"),
)

# Points, append-only: what was booked is corrected by a further line. Not a projection: it says what was when.
points = Table(
    "points",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_member(),
    # a serving's id, or "review:" and a ticket's
    Column("item", String(48), nullable=False),
    Column("kind", String(16), nullable=False),
    # the member's local date when it was earned
    Column("day", sa.Date, nullable=False),
    Column("earned_at", Instant, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("rule", Integer, nullable=False),
    Index("ix_points_member_id_day", "member_id", "day"),
    # all that a board asks of a member is in it
    Index("ix_points_member_id_booked_at", "member_id", "booked_at", "earned_at", "points", "kind"),
)

# Points that an organiser is asked about: answers of two people that are nearly the same.
doubt = Table(
    "doubt",
    metadata,
    Column("id", String(32), primary_key=True),
    of_member(index=True),
    Column("serving_id", String(32), nullable=False, unique=True),
    Column("other_serving_id", String(32), nullable=False),
    Column("opened_at", Instant, nullable=False),
    # open, cleared, voided, appealed, upheld or restored
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(32)),
    Column("decided_at", Instant),
    Index("ix_doubt_state_opened_at", "state", "opened_at"),
)
