"""Cohorts: channels, invitations, what is posted when, prompts, and points."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _id(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _of(table: str, what: str) -> sa.ForeignKeyConstraint:
    column = f"{what}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{what}.id"], name=op.f(f"fk_{table}_{column}_{what}"), ondelete="CASCADE"
    )


def _index_of_some(name: str, table: str, first: str, *others: str) -> None:
    """An index of the rows in which its first column is filled."""
    filled = sa.text(f"{first} IS NOT NULL")
    op.create_index(name, table, [first, *others], sqlite_where=filled, postgresql_where=filled)


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    # Not in batch mode: that builds the table anew in SQLite, and dropping the old one takes its members' rows with it.
    op.add_column("cohort", sa.Column("next_zone", sa.String(length=64), nullable=True))
    op.add_column("cohort", sa.Column("next_zone_from", sa.Date(), nullable=True))
    op.add_column("cohort", sa.Column("goal", sa.Integer(), nullable=False, server_default="10"))
    op.add_column("cohort", sa.Column("board", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("membership", sa.Column("asked_at", instant, nullable=True))
    op.add_column("membership", sa.Column("check_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("membership", sa.Column("thanks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("serving", sa.Column("prompt_id", sa.String(length=32), nullable=True))
    op.create_index("ix_serving_problem_id_served_at", "serving", ["problem_id", "served_at"])
    _index_of_some("ix_serving_prompt", "serving", "prompt_id", "member_id", "number")
    op.add_column("ticket", sa.Column("offered_to", sa.String(length=32), nullable=True))
    op.add_column("ticket", sa.Column("offered_at", instant, nullable=True))
    op.create_index("ix_ticket_cohort_id_closed_at", "ticket", ["cohort_id", "closed_at"])
    op.add_column("outbox", _id("cohort_id", nullable=True))
    _index_of_some("ix_outbox_cohort_id", "outbox", "cohort_id")

    op.create_table(
        "channel",
        _id("cohort_id"),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("bound_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("closed_why", sa.String(length=200), nullable=True),
        _of("channel", "cohort"),
        sa.PrimaryKeyConstraint("cohort_id", "platform", name=op.f("pk_channel")),
        sa.UniqueConstraint("platform", "workspace", "channel", name=op.f("uq_channel_platform_workspace_channel")),
    )
    op.create_table(
        "invitation",
        _id("cohort_id"),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("invited_at", instant, nullable=False),
        _of("invitation", "cohort"),
        sa.PrimaryKeyConstraint("cohort_id", "platform", "tenant", "user_id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_account", "invitation", ["platform", "tenant", "user_id"])
    op.create_table(
        "agenda",
        _id("cohort_id"),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("local_time", sa.Time(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("next_local_date", sa.Date(), nullable=True),
        sa.Column("last_local_date", sa.Date(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        _of("agenda", "cohort"),
        sa.PrimaryKeyConstraint("cohort_id", "kind", name=op.f("pk_agenda")),
    )
    op.create_index(op.f("ix_agenda_due_at"), "agenda", ["due_at"])
    op.create_table(
        "prompt",
        _id("id"),
        _id("cohort_id"),
        sa.Column("problem_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("closes_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        _of("prompt", "cohort"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
    )
    op.create_index("ix_prompt_cohort_id_opened_at", "prompt", ["cohort_id", "opened_at"])
    op.create_table(
        "unbooked",
        _id("serving_id"),
        _id("member_id"),
        _of("unbooked", "member"),
        sa.PrimaryKeyConstraint("serving_id", name=op.f("pk_unbooked")),
    )
    op.create_index(op.f("ix_unbooked_member_id"), "unbooked", ["member_id"])
    op.create_table(
        "points",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("member_id"),
        sa.Column("item", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("earned_at", instant, nullable=False),
        sa.Column("booked_at", instant, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        _of("points", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points")),
    )
    op.create_index("ix_points_member_id_day", "points", ["member_id", "day"])
    op.create_index(
        "ix_points_member_id_booked_at", "points", ["member_id", "booked_at", "earned_at", "points", "kind"]
    )
    op.create_table(
        "doubt",
        _id("id"),
        _id("member_id"),
        _id("serving_id"),
        _id("other_serving_id"),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _id("decided_by", nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        _of("doubt", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
        sa.UniqueConstraint("serving_id", name=op.f("uq_doubt_serving_id")),
    )
    op.create_index(op.f("ix_doubt_member_id"), "doubt", ["member_id"])
    op.create_index("ix_doubt_state_opened_at", "doubt", ["state", "opened_at"])
