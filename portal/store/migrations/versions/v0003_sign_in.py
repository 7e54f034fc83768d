"""Ways in without a national ID, codes of one's own, step-up, shared computers, and counters of limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.types import UtcTime

revision = "v0003"
down_revision = "v0002"

_FALSE = sa.text("false")


def upgrade() -> None:
    """Columns have defaults, so that sessions and submissions that are there go on as they were."""
    op.add_column("session", sa.Column("enrolment", sa.String(16), nullable=False, server_default="eid"))
    op.add_column("session", sa.Column("shared", sa.Boolean(), nullable=False, server_default=_FALSE))
    op.add_column("session", sa.Column("locked", sa.Boolean(), nullable=False, server_default=_FALSE))
    op.add_column("session", sa.Column("previous_sign_in_at", UtcTime()))
    op.add_column("sign_in", sa.Column("shared", sa.Boolean(), nullable=False, server_default=_FALSE))
    op.add_column("sign_in", sa.Column("step_up_for", sa.Uuid(as_uuid=False)))
    op.add_column("submission", sa.Column("enrolment", sa.String(16), nullable=False, server_default="eid"))
    _invitation()
    _credential()
    _small_ones()


def _invitation() -> None:
    op.create_table(
        "invitation",
        *_key("id"),
        sa.Column("person_id", sa.String(255), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("passkey_allowed", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("browser_hash", sa.String(64)),
        sa.Column("words_hash", sa.String(64)),
        sa.Column("used_at", UtcTime()),
        sa.Column("revoked_at", UtcTime()),
        sa.PrimaryKeyConstraint("service_id", "id", name="invitation_pkey"),
        sa.UniqueConstraint("service_id", "code_hash", name="invitation_service_id_code_hash_key"),
    )
    op.create_index("invitation_service_id_person_id", "invitation", ["service_id", "person_id"])


def _credential() -> None:
    op.create_table(
        "credential",
        *_key("id"),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("lookup", sa.String(1400), nullable=False),
        sa.Column("secret", sa.String(255)),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("sign_count", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("last_used_at", UtcTime()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("wait_until", UtcTime()),
        sa.Column("revoked_at", UtcTime()),
        sa.PrimaryKeyConstraint("service_id", "id", name="credential_pkey"),
        sa.UniqueConstraint("service_id", "kind", "lookup", name="credential_service_id_kind_lookup_key"),
        _to_account("credential"),
    )
    op.create_index("credential_service_id_account_id", "credential", ["service_id", "account_id"])


def _small_ones() -> None:
    op.create_table(
        "passkey_challenge",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "browser_hash", "purpose", name="passkey_challenge_pkey"),
    )
    op.create_table(
        "own_code",
        *_key("account_id"),
        sa.Column("secret", sa.String(255)),
        sa.Column("set_at", UtcTime()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("wait_until", UtcTime()),
        sa.PrimaryKeyConstraint("service_id", "account_id", name="own_code_pkey"),
        _to_account("own_code"),
    )
    op.create_table(
        "limit_window",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "key", name="limit_window_pkey"),
    )


def _key(name: str) -> tuple[sa.Column[str], sa.Column[str]]:
    service = sa.Column("service_id", sa.String(64), nullable=False)
    return service, sa.Column(name, sa.Uuid(as_uuid=False), nullable=False)


def _to_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["service_id", "account_id"],
        ["account.service_id", "account.id"],
        name=f"{table}_service_id_account_id_fkey",
        ondelete="CASCADE",
    )
