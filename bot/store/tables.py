"""Every table, and of each: whose it is. It decides the shape of what is stored, nothing else.

The log is the truth about learning; serving, attempt, exposure, review and card are
projections of it (`practice.projection`). Instants are UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.store import cohort_tables  # noqa: F401 - the schema is whole only with them
from bot.store.columns import Instant, Lenient, of_member
from bot.store.columns import metadata as metadata

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

workspace = Table(
    "workspace",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
    sa.UniqueConstraint("platform", "tenant"),
)

member = Table(
    "member",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("remind_at", sa.Time, nullable=False),
    Column("role", String(32)),
    Column("reminders", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("paused_until", Instant),
    Column("joined_at", Instant, nullable=False),
    Column("settled_at", Instant),
    # whether every verdict is preceded by the question which band they expect
    Column("predicts", Boolean, nullable=False, server_default=sa.false()),
    # light, standard or active: how often they are reminded
    Column("level", String(12), nullable=False, server_default="standard"),
    # the days of the week on which they may be reminded: digits 0 (Monday) to 6
    Column("weekdays", String(7), nullable=False, server_default="0123456"),
    # nothing comes by itself between these wall times; empty: it may at any hour
    Column("quiet_from", sa.Time),
    Column("quiet_until", sa.Time),
    # whether they get a summary of each week
    Column("summary", Boolean, nullable=False, server_default=sa.true()),
    Column("interview_on", sa.Date),
    Column("interview_set_at", Instant),
    # when they last wished for anything, to within a few minutes
    Column("seen_at", Instant),
)

account = Table(
    "account",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("tenant", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    of_member(index=True),
    Column("display_name", String(200), nullable=False),
    Column("linked_at", Instant, nullable=False),
    # since when, and why, the platform lets nothing through to them; emptied when they were told
    Column("closed_at", Instant),
    Column("closed_why", String(200)),
    # when they said that reminders are to come here, and not to another of their accounts
    Column("preferred_at", Instant),
)

# A code by which somebody on another platform becomes the same member.
link_code = Table(
    "link_code",
    metadata,
    of_member(primary_key=True),
    Column("code", String(12), nullable=False, unique=True),
    # platform:tenant:user of who asked for it
    Column("account", String(160), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# In which workspaces somebody was met whose account is the same in all of a platform's.
presence = Table(
    "presence",
    metadata,
    of_member(primary_key=True),
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Index("ix_presence_workspace", "platform", "workspace"),
)

rubric = Table(
    "rubric",
    metadata,
    Column("problem_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_member(),
    Column("kind", String(24), nullable=False),
    Column("at", Instant, nullable=False),
    Column("serving_id", String(32)),
    Column("data", JSON, nullable=False),
    Index("ix_log_member_id_id", "member_id", "id"),
    Index("ix_log_member_id_kind_id", "member_id", "kind", "id"),
    sqlite_autoincrement=True,
)

serving = Table(
    "serving",
    metadata,
    Column("id", String(32), primary_key=True),
    of_member(),
    Column("problem_id", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("variant", String(40), nullable=False),
    Column("concept", String(80)),
    Column("origin", String(16), nullable=False),
    Column("hints", Integer, nullable=False),
    Column("revealed", Boolean, nullable=False),
    # the cohort's prompt that it answers
    Column("prompt_id", String(32)),
    # the id of the log's event: the order in which problems were put, also within one instant
    Column("number", Integer, nullable=False),
    Column("served_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_serving_member_id_number", "member_id", "number"),
    Index("ix_serving_problem_id_served_at", "problem_id", "served_at"),
    Index(
        "ix_serving_prompt",
        "prompt_id",
        "member_id",
        "number",
        sqlite_where=text("prompt_id IS NOT NULL"),
        postgresql_where=text("prompt_id IS NOT NULL"),
    ),
    Index(
        "ix_serving_open",
        "member_id",
        "number",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

attempt = Table(
    "attempt",
    metadata,
    # One answer per serving: what makes double clicks and two answers at once harmless.
    Column("serving_id", String(32), ForeignKey("serving.id", ondelete="CASCADE"), primary_key=True),
    of_member(),
    Column("text", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("assessment", JSON(none_as_null=True)),
    Column("score", sa.Float),
    Column("band", String(16)),
    Column("lowest", String(16)),
    Column("highest", String(16)),
    Column("provisional", Boolean),
    Column("by_learner", Boolean),
    # the band that the learner expected before the verdict
    Column("predicted", String(16)),
    Index("ix_attempt_member_id_answered_at", "member_id", "answered_at"),
)

# Work that is still to do; not a projection, so that a rebuild forgets no try.
ungraded = Table(
    "ungraded",
    metadata,
    Column("serving_id", String(32), primary_key=True),
    of_member(),
    Column("tries", Integer, nullable=False),
    Column("retry_at", Instant, nullable=False, index=True),
    Column("last_error", String(200)),
)

# Answers whose points have to be looked at again; work, as `ungraded` is.
unbooked = Table(
    "unbooked",
    metadata,
    Column("serving_id", String(32), primary_key=True),
    of_member(index=True),
)

exposure = Table(
    "exposure",
    metadata,
    of_member(primary_key=True),
    Column("problem_id", String(80), primary_key=True),
    Column("variant", String(40), primary_key=True),
    # the concept of a recall question, empty for the full problem
    Column("concept", String(80), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("serving_id", String(32), ForeignKey("serving.id", ondelete="CASCADE"), primary_key=True),
    Column("concept", String(80), primary_key=True),
    of_member(),
    Column("rating", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_review_member_id_concept_at", "member_id", "concept", "at"),
)

card = Table(
    "card",
    metadata,
    of_member(primary_key=True),
    Column("concept", String(80), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("stability", sa.Float, nullable=False),
    Column("difficulty", sa.Float, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("last_rating", Integer, nullable=False),
    Column("interval_days", Integer, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
)

# A question put to mentors or peers. Work, not a projection: what they decide is in the learner's log.
ticket = Table(
    "ticket",
    metadata,
    Column("id", String(32), primary_key=True),
    of_member(index=True),
    # doubt, appeal or leech
    Column("kind", String(12), nullable=False),
    # mentors or peers
    Column("route", String(12), nullable=False),
    Column("cohort_id", String(32), ForeignKey("cohort.id", ondelete="SET NULL")),
    Column("problem_id", String(80), nullable=False),
    Column("serving_id", String(32)),
    Column("concept", String(80)),
    # ids of criteria and misconceptions, and "flags"
    Column("points", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("escalated_at", Instant),
    Column("closed_at", Instant),
    # the mentor who is told of it first, and since when
    Column("offered_to", String(32)),
    Column("offered_at", Instant),
    Index("ix_ticket_state_opened_at", "state", "opened_at"),
    Index("ix_ticket_serving_id", "serving_id"),
    Index("ix_ticket_cohort_id_closed_at", "cohort_id", "closed_at"),
)

decision = Table(
    "decision",
    metadata,
    Column("ticket_id", String(32), ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    # the reviewer
    of_member(primary_key=True, index=True),
    Column("claimed_at", Instant, nullable=False),
    Column("claimed_until", Instant, nullable=False),
    # point -> state, and where its quote stands; empty until something is decided
    Column("points", JSON, nullable=False),
    Column("note", Text, nullable=False),
    # when everything that was asked was decided
    Column("decided_at", Instant),
    Column("thanked_at", Instant),
)

# What a language model said of an answer, so that the same answer is not paid for twice.
opinion = Table(
    "opinion",
    metadata,
    of_member(primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_member(),
    Column("at", Instant, nullable=False, index=True),
    Column("model", String(100), nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("cost_usd", sa.Float, nullable=False),
    # answered, or why not
    Column("outcome", String(24), nullable=False),
    Index("ix_spending_member_id_at", "member_id", "at"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("id", String(32), primary_key=True),
    of_member(),
    Column("kind", String(24), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("local_time", sa.Time, nullable=False),
    # digits 0 (Monday) to 6
    Column("weekdays", String(7), nullable=False),
    # the local date that the next one is for
    Column("next_local_date", sa.Date, nullable=False),
    # the last local date that one fell due for, in whatever zone: a date is never used twice
    Column("last_local_date", sa.Date),
    Column("due_at", Instant, nullable=False),
    Column("paused", Boolean, nullable=False),
    # whether the member moved the next one to an instant of their own
    Column("snoozed", Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("member_id", "kind"),
    Index("ix_schedule_due", "due_at", sqlite_where=text("paused = 0"), postgresql_where=text("NOT paused")),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("dedupe_key", String(120), nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("member_id", String(32), ForeignKey("member.id", ondelete="CASCADE"), index=True),
    # whose channel it goes to, where it is no direct message
    Column("cohort_id", String(32)),
    Column("platform", String(16), nullable=False, server_default=""),
    # platform:tenant
    Column("workspace", String(96), nullable=False, server_default=""),
    # the channel, by which sends are paced: dm:platform:tenant:user
    Column("bucket", String(160), nullable=False),
    Column("nonce", String(25), nullable=False),
    Column("data", Lenient, nullable=False),
    # the words, as they may have arrived already; forgotten when the message is settled
    Column("message", Lenient(none_as_null=True)),
    Column("state", String(12), nullable=False),
    Column("reason", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    # when it was last handed to the platform
    Column("tried_at", Instant),
    Column("sent_at", Instant),
    # how often it was sent again although it was perhaps there, since the platform could not be asked
    Column("resent", Integer, nullable=False, server_default="0"),
    Column("platform_ref", String(200)),
    Column("last_error", String(200)),
    Index("ix_outbox_state_not_before", "state", "not_before"),
    Index(
        "ix_outbox_cohort_id",
        "cohort_id",
        sqlite_where=text("cohort_id IS NOT NULL"),
        postgresql_where=text("cohort_id IS NOT NULL"),
    ),
)

# How fast something may be sent to: a channel, a workspace or a whole platform.
bucket = Table(
    "bucket",
    metadata,
    Column("name", String(160), primary_key=True),
    # its turn comes next at
    Column("free_at", Instant, nullable=False),
    # the platform wants nothing before
    Column("held_until", Instant),
    # calls that the platform refused, counted since an instant
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("refused_since", Instant),
)

inbox = Table(
    "inbox",
    metadata,
    Column("workspace", String(96), primary_key=True),
    Column("event_id", String(120), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

PROJECTIONS = (card, review, exposure, attempt, serving)
"""What `rolecall db rebuild` empties and recomputes from the log, in an order that foreign keys allow."""

NOT_PERSONAL = {
    "meta": "settings of the installation",
    "workspace": "a chat workspace, not a person",
    "cohort": "a group, not a person",
    "channel": "where a group meets",
    "agenda": "what a group does when",
    "prompt": "what a group was asked",
    "office_role": "which roles of a workspace make people what in a group, without who holds them",
    "invitation": "accounts on an organiser's list, forgotten when they join, decline or delete what is kept of them",
    "rubric": "problems as they were served",
    "bucket": "names of channels and when each may be written to, forgotten within a day",
    "inbox": "ids of platform events, without who or what",
}
"""Tables that hold nothing about a member, and why. All others have a member_id, which export and delete follow."""


def personal() -> tuple[Table, ...]:
    """The tables that hold something about a member, in an order in which rows may be deleted."""
    return tuple(t for t in reversed(metadata.sorted_tables) if t.name not in NOT_PERSONAL)
