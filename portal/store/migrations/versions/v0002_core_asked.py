"""A session remembers whether the core could be asked at sign-in who this is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"


def upgrade() -> None:
    """Add the column; sessions that are open already go on as they were."""
    op.add_column("session", sa.Column("core_asked", sa.Boolean(), nullable=False, server_default=sa.text("true")))
