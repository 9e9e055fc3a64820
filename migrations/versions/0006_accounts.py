"""One person on several platforms: links, where reminders go, and in which workspaces somebody was met."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    # Not in batch mode: that builds the table anew in SQLite, and dropping the old one takes its members' rows with it.
    op.add_column("account", sa.Column("preferred_at", instant, nullable=True))
    op.add_column("membership", sa.Column("joined_as", sa.String(length=160), nullable=True))
    op.add_column("membership", sa.Column("by_role", sa.String(length=96), nullable=True))

    op.create_table(
        "link_code",
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=160), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_link_code_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code_code")),
    )
    op.create_table(
        "presence",
        sa.Column("member_id", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_presence_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "platform", "workspace", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_workspace", "presence", ["platform", "workspace"])
    op.create_table(
        "office_role",
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("role_id", sa.String(length=64), nullable=False),
        sa.Column("office", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_office_role_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "platform", "workspace", "role_id", name=op.f("pk_office_role")),
    )
    op.create_index("ix_office_role_workspace", "office_role", ["platform", "workspace"])
