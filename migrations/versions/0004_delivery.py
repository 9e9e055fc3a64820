"""How often and when members are reminded, their interview's date, closed doors, and the pace of platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    every_day = sa.Column("weekdays", sa.String(length=7), nullable=False, server_default="0123456")
    # Not in batch mode: that builds the table anew in SQLite, and dropping the old one takes its members' rows with it.
    op.add_column("member", sa.Column("level", sa.String(length=12), nullable=False, server_default="standard"))
    op.add_column("member", every_day)
    op.add_column("member", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("member", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.add_column("member", sa.Column("summary", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("member", sa.Column("interview_on", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("interview_set_at", instant, nullable=True))
    op.add_column("member", sa.Column("seen_at", instant, nullable=True))
    # Nobody's reminder falls into quiet hours that they did not choose.
    op.execute(
        "UPDATE member SET quiet_from = '22:00:00.000000', quiet_until = '07:00:00.000000' "
        "WHERE remind_at >= '07:00:00.000000' AND remind_at < '22:00:00.000000'"
    )
    # Else they would count as never seen, and be reminded without end.
    op.execute(
        "UPDATE member SET seen_at = COALESCE((SELECT max(log.at) FROM log WHERE log.member_id = member.id), joined_at)"
    )

    op.add_column("account", sa.Column("closed_at", instant, nullable=True))
    op.add_column("account", sa.Column("closed_why", sa.String(length=200), nullable=True))

    op.drop_column("schedule", "quiet_from")
    op.drop_column("schedule", "quiet_until")
    op.add_column("schedule", sa.Column("last_local_date", sa.Date(), nullable=True))
    op.add_column("schedule", sa.Column("snoozed", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.add_column("outbox", sa.Column("platform", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("workspace", sa.String(length=96), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("tried_at", instant, nullable=True))
    op.add_column("outbox", sa.Column("resent", sa.Integer(), nullable=False, server_default="0"))
    # Until now a row's bucket was dm:platform:tenant:user, on the terminal alone.
    op.execute("UPDATE outbox SET platform = 'terminal', workspace = 'terminal:', tried_at = sent_at")

    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("free_at", instant, nullable=False),
        sa.Column("held_until", instant, nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("refused_since", instant, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )
