"""Messages that went to the wrong person: which ids no family page shows any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.types import UtcTime

revision = "v0005"
down_revision = "v0006"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "stopped_message",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("thread_id", sa.String(255), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("submission_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("never_sent", sa.Boolean(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "thread_id", "message_id", name="stopped_message_pkey"),
    )
