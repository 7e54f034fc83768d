"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)
_UUID = sa.Uuid(as_uuid=False)
_DUE = sa.text("next_attempt_at IS NOT NULL")


def upgrade() -> None:
    """Make every table."""
    _account()
    _audit_event()
    _audit_head()
    _change_cursor()
    _change_mark()
    _dead_provider_session()
    _logged_jti()
    _seen_mark()
    _sign_in()
    _draft()
    _session()
    _session_indexes()
    _submission()
    _submission_indexes()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("realm", sa.String(16), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(255)),
        sa.Column("pseudonym", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_sign_in_at", _TIME),
        sa.PrimaryKeyConstraint("service_id", "id", name="account_pkey"),
        sa.UniqueConstraint("service_id", "issuer", "subject", name="account_service_id_issuer_subject_key"),
        sa.UniqueConstraint("service_id", "pseudonym", name="account_service_id_pseudonym_key"),
    )


def _audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("realm", sa.String(16)),
        sa.Column("actor", sa.String(64)),
        sa.Column("action", sa.String(64)),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("item", sa.String(255)),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("service_id", "sequence", name="audit_event_pkey"),
    )


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="audit_head_pkey"),
    )


def _change_cursor() -> None:
    op.create_table(
        "change_cursor",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("cursor", sa.String(255), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="change_cursor_pkey"),
    )


def _change_mark() -> None:
    op.create_table(
        "change_mark",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("item", sa.String(255), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "item", name="change_mark_pkey"),
    )


def _dead_provider_session() -> None:
    op.create_table(
        "dead_provider_session",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("provider_sid", sa.String(255), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "issuer", "provider_sid", name="dead_provider_session_pkey"),
    )


def _logged_jti() -> None:
    op.create_table(
        "logged_jti",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("jti_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "jti_hash", name="logged_jti_pkey"),
    )


def _seen_mark() -> None:
    op.create_table(
        "seen_mark",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("item", sa.String(255), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "session_hash", "item", name="seen_mark_pkey"),
    )


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("realm", sa.String(16), nullable=False),
        sa.Column("profile_id", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("next_url", sa.String(2048)),
        sa.Column("language", sa.String(35)),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("service_id", "state_hash", name="sign_in_pkey"),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("account_id", _UUID, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "account_id"],
            ["account.service_id", "account.id"],
            name="draft_service_id_account_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name="draft_pkey"),
        sa.UniqueConstraint("service_id", "account_id", "key", name="draft_service_id_account_id_key_key"),
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("realm", sa.String(16), nullable=False),
        sa.Column("account_id", _UUID, nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("provider_sid", sa.String(255)),
        sa.Column("provider_subject", sa.String(255)),
        sa.Column("profile_id", sa.String(64), nullable=False),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("auth_time", _TIME, nullable=False),
        sa.Column("csrf_secret", sa.LargeBinary(), nullable=False),
        sa.Column("display_name_sealed", sa.LargeBinary()),
        sa.Column("language", sa.String(35)),
        sa.Column("sealed_number", sa.LargeBinary()),
        sa.Column("id_token_sealed", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("idle_until", _TIME, nullable=False),
        sa.Column("absolute_until", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME),
        sa.Column("revoke_reason", sa.String(32)),
        sa.Column("draft_right_used", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "account_id"],
            ["account.service_id", "account.id"],
            name="session_service_id_account_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "token_hash", name="session_pkey"),
    )


def _session_indexes() -> None:
    op.create_index("session_service_id_account_id", "session", ["service_id", "account_id"])
    op.create_index("session_service_id_issuer_provider_sid", "session", ["service_id", "issuer", "provider_sid"])
    op.create_index(
        "session_service_id_issuer_provider_subject", "session", ["service_id", "issuer", "provider_subject"]
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("id", _UUID, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lane", sa.String(510), nullable=False),
        sa.Column("item", sa.String(255), nullable=False),
        sa.Column("account_id", _UUID, nullable=False),
        sa.Column("realm", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("receiving_service_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(255)),
        sa.Column("thread_id", sa.String(255)),
        sa.Column("referral_id", sa.String(255)),
        sa.Column("target_id", sa.String(255)),
        sa.Column("composed_at", _TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", _TIME),
        sa.Column("lease_token", sa.String(64)),
        sa.Column("lease_until", _TIME),
        sa.Column("error_code", sa.String(32)),
        sa.Column("accepted_at", _TIME),
        sa.Column("registered_at", _TIME),
        sa.Column("seen_at", _TIME),
        sa.Column("seen_by", sa.String(255)),
        sa.Column("answered_at", _TIME),
        sa.Column("rejected_at", _TIME),
        sa.Column("reconciled_at", _TIME),
        sa.Column("wiped_at", _TIME),
        sa.Column("attention_since", _TIME),
        sa.CheckConstraint("(sealed IS NULL) = (wiped_at IS NOT NULL)", name=op.f("submission_sealed_until_wiped")),
        sa.ForeignKeyConstraint(
            ["service_id", "account_id"],
            ["account.service_id", "account.id"],
            name="submission_service_id_account_id_fkey",
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name="submission_pkey"),
        sa.UniqueConstraint("service_id", "sequence", name="submission_service_id_sequence_key"),
    )


def _submission_indexes() -> None:
    op.create_index("submission_account", "submission", ["service_id", "account_id", "sequence"])
    op.create_index(
        "submission_due", "submission", ["next_attempt_at", "service_id"], sqlite_where=_DUE, postgresql_where=_DUE
    )
    op.create_index("submission_lane", "submission", ["service_id", "lane", "sequence"])
    op.create_index("submission_received", "submission", ["receiving_service_id", "id"])
