"""A submission knows whether a child wrote it about its own case, and whether it went to those who take in requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.types import UtcTime

revision = "v0006"
down_revision = "v0004"


def upgrade() -> None:
    """Add the columns; of what is on its way already it is not known."""
    op.add_column("submission", sa.Column("of_child", sa.Boolean()))
    op.add_column("submission", sa.Column("to_intake_at", UtcTime()))
