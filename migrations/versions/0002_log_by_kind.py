"""An index for reading a member's events of one kind."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("log", schema=None) as batch_op:
        batch_op.create_index("ix_log_member_id_kind_id", ["member_id", "kind", "id"], unique=False)
