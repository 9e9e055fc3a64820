"""Reviews by mentors and peers, predictions, and what a language model said and cost."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    # Not in batch mode: that builds the table anew in SQLite, and dropping the old one takes its members' rows with it.
    op.add_column("member", sa.Column("predicts", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cohort", sa.Column("reviewers", sa.String(length=16), nullable=False, server_default="mentors"))
    op.add_column("cohort", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attempt", sa.Column("predicted", sa.String(length=16), nullable=True))

    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("route", sa.String(length=12), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=True),
        sa.Column("problem_id", sa.String(length=80), nullable=False),
        sa.Column("serving_id", sa.String(length=32), nullable=True),
        sa.Column("concept", sa.String(length=80), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("escalated_at", instant, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_ticket_cohort_id_cohort"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_ticket_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_ticket_serving_id", ["serving_id"], unique=False)
        batch_op.create_index("ix_ticket_state_opened_at", ["state", "opened_at"], unique=False)

    op.create_table(
        "decision",
        sa.Column("ticket_id", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("claimed_at", instant, nullable=False),
        sa.Column("claimed_until", instant, nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("thanked_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_decision_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_decision_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "member_id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_member_id"), ["member_id"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_opinion_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_opinion")),
    )
    op.create_table(
        "spending",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_spending_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending")),
    )
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spending_at"), ["at"], unique=False)
        batch_op.create_index("ix_spending_member_id_at", ["member_id", "at"], unique=False)
