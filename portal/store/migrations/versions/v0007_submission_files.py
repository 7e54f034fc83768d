"""Files go with what a person sends, each sealed beside its submission until that is wiped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "submission_file",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("submission_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "id", name="submission_file_pkey"),
        sa.ForeignKeyConstraint(
            ["service_id", "submission_id"],
            ["submission.service_id", "submission.id"],
            name="submission_file_service_id_submission_id_fkey",
        ),
    )
    op.create_index("submission_file_service_id_submission_id", "submission_file", ["service_id", "submission_id"])
