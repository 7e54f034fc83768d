"""Who of the staff has looked at what can be found by what it was about; when a journal's head goes to the core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.types import UtcTime

revision = "v0004"
down_revision = "v0003"

_SAID = sa.text("about IS NOT NULL")


def upgrade() -> None:
    """Rows from before have neither, and their hashes hold as they are."""
    op.add_column("audit_event", sa.Column("role", sa.String(16)))
    op.add_column("audit_event", sa.Column("about", sa.String(510)))
    op.create_index(
        "audit_event_about",
        "audit_event",
        ["service_id", "about", "at"],
        sqlite_where=_SAID,
        postgresql_where=_SAID,
    )
    op.create_table(
        "audit_anchor",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="audit_anchor_pkey"),
    )
