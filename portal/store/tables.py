"""All tables of the portal. Every key begins with the service id; nothing joins across services.

The columns that hold sealed bytes stand in `store.sealed`; no other column holds anything a person wrote.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from portal.store.types import UtcTime

HASH = 64
"""Characters of a SHA-256 or HMAC-SHA-256 as lower-case hex."""
OPAQUE = 255
"""Characters of an opaque id given by somebody else: a core, an issuer."""

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)


def _service() -> Column[str]:
    return Column("service_id", String(64), primary_key=True)


def _id() -> Column[str]:
    return Column("id", Uuid(as_uuid=False), primary_key=True)


def _to_account(on_delete: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["service_id", "account_id"], ["account.service_id", "account.id"], ondelete=on_delete)


account = Table(
    "account",
    metadata,
    _service(),
    _id(),
    Column("realm", String(16), nullable=False),
    Column("issuer", String(OPAQUE), nullable=False),
    Column("subject", String(OPAQUE), nullable=False),
    Column("person_id", String(OPAQUE)),
    Column("pseudonym", String(HASH), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_sign_in_at", UtcTime),
    UniqueConstraint("service_id", "issuer", "subject"),
    UniqueConstraint("service_id", "pseudonym"),
)

session = Table(
    "session",
    metadata,
    _service(),
    Column("token_hash", String(HASH), primary_key=True),
    Column("realm", String(16), nullable=False),
    Column("account_id", Uuid(as_uuid=False), nullable=False),
    Column("subject", String(OPAQUE), nullable=False),
    Column("issuer", String(OPAQUE), nullable=False),
    Column("provider_sid", String(OPAQUE)),
    Column("provider_subject", String(OPAQUE)),
    Column("profile_id", String(64), nullable=False),
    Column("assurance", Integer, nullable=False),
    Column("auth_time", UtcTime, nullable=False),
    Column("csrf_secret", LargeBinary, nullable=False),
    Column("display_name_sealed", LargeBinary),
    Column("language", String(35)),
    Column("sealed_number", LargeBinary),
    Column("id_token_sealed", LargeBinary),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("idle_until", UtcTime, nullable=False),
    Column("absolute_until", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoke_reason", String(32)),
    Column("draft_right_used", Boolean, nullable=False, server_default=text("false")),
    Column("core_asked", Boolean, nullable=False, server_default=text("true")),
    Column("enrolment", String(16), nullable=False, server_default=text("'eid'")),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    Column("locked", Boolean, nullable=False, server_default=text("false")),
    Column("previous_sign_in_at", UtcTime),
    _to_account("CASCADE"),
    Index(None, "service_id", "account_id"),
    Index(None, "service_id", "issuer", "provider_sid"),
    Index(None, "service_id", "issuer", "provider_subject"),
)

dead_provider_session = Table(
    "dead_provider_session",
    metadata,
    _service(),
    Column("issuer", String(OPAQUE), primary_key=True),
    Column("provider_sid", String(OPAQUE), primary_key=True),
    Column("at", UtcTime, nullable=False),
)

sign_in = Table(
    "sign_in",
    metadata,
    _service(),
    Column("state_hash", String(HASH), primary_key=True),
    Column("browser_hash", String(HASH), nullable=False),
    Column("realm", String(16), nullable=False),
    Column("profile_id", String(64), nullable=False),
    Column("nonce", String(HASH), nullable=False),
    Column("verifier_sealed", LargeBinary, nullable=False),
    Column("next_url", String(2048)),
    Column("language", String(35)),
    Column("assurance", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    # Set when somebody who is signed in proves anew who they are: whose account it must be
    Column("step_up_for", Uuid(as_uuid=False)),
)

logged_jti = Table(
    "logged_jti",
    metadata,
    _service(),
    Column("jti_hash", String(HASH), primary_key=True),
    Column("expires_at", UtcTime, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    _service(),
    _id(),
    Column("account_id", Uuid(as_uuid=False), nullable=False),
    Column("key", String(OPAQUE), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    _to_account("CASCADE"),
    UniqueConstraint("service_id", "account_id", "key"),
)

submission = Table(
    "submission",
    metadata,
    _service(),
    _id(),
    # The number of the audit row written with it: grows in the order of commits, which orders the lanes
    Column("sequence", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("lane", String(OPAQUE * 2), nullable=False),
    Column("item", String(OPAQUE), nullable=False),
    Column("account_id", Uuid(as_uuid=False), nullable=False),
    Column("realm", String(16), nullable=False),
    Column("subject", String(OPAQUE), nullable=False),
    Column("assurance", Integer, nullable=False),
    Column("enrolment", String(16), nullable=False, server_default=text("'eid'")),
    Column("action", String(64), nullable=False),
    Column("receiving_service_id", String(64), nullable=False),
    Column("case_id", String(OPAQUE)),
    Column("thread_id", String(OPAQUE)),
    Column("referral_id", String(OPAQUE)),
    Column("target_id", String(OPAQUE)),
    Column("composed_at", UtcTime, nullable=False),
    # Whether a child wrote it about its own case; empty when that was not known then
    Column("of_child", Boolean),
    # Since when it is brought to those who take in new requests, because the right to bring it there has ended
    Column("to_intake_at", UtcTime),
    Column("sealed", LargeBinary),
    Column("fingerprint", String(HASH), nullable=False),
    Column("state", String(32), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    # Undelivered: when to try; delivered: when to ask for the receipt; empty: nothing is left to do
    Column("next_attempt_at", UtcTime),
    Column("lease_token", String(HASH)),
    Column("lease_until", UtcTime),
    Column("error_code", String(32)),
    Column("accepted_at", UtcTime),
    Column("registered_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("seen_by", String(OPAQUE)),
    Column("answered_at", UtcTime),
    Column("rejected_at", UtcTime),
    Column("reconciled_at", UtcTime),
    Column("wiped_at", UtcTime),
    Column("attention_since", UtcTime),
    _to_account(),
    UniqueConstraint("service_id", "sequence"),
    CheckConstraint("(sealed IS NULL) = (wiped_at IS NOT NULL)", name="sealed_until_wiped"),
    Index("submission_lane", "service_id", "lane", "sequence"),
    Index("submission_account", "service_id", "account_id", "sequence"),
    Index("submission_received", "receiving_service_id", "id"),
    Index(
        "submission_due",
        "next_attempt_at",
        "service_id",
        sqlite_where=text("next_attempt_at IS NOT NULL"),
        postgresql_where=text("next_attempt_at IS NOT NULL"),
    ),
)

# The files of a submission, each sealed on its own; gone when its body is
submission_file = Table(
    "submission_file",
    metadata,
    _service(),
    _id(),
    Column("submission_id", Uuid(as_uuid=False), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["service_id", "submission_id"], ["submission.service_id", "submission.id"]),
    Index(None, "service_id", "submission_id"),
)

audit_event = Table(
    "audit_event",
    metadata,
    _service(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("event", String(32), nullable=False),
    Column("realm", String(16)),
    Column("actor", String(HASH)),
    Column("action", String(64)),
    Column("outcome", String(32), nullable=False),
    Column("item", String(OPAQUE)),
    Column("previous_hash", String(HASH), nullable=False),
    Column("hash", String(HASH), nullable=False),
    # Set for staff alone: as what they work here, and the thread or case it was about
    Column("role", String(16)),
    Column("about", String(OPAQUE * 2)),
    Index(
        "audit_event_about",
        "service_id",
        "about",
        "at",
        sqlite_where=text("about IS NOT NULL"),
        postgresql_where=text("about IS NOT NULL"),
    ),
)

audit_head = Table(
    "audit_head",
    metadata,
    _service(),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(HASH), nullable=False),
    Column("proof", String(HASH), nullable=False),
)

# When a chain's head is next to be brought to the core; whoever moves it on has the turn
audit_anchor = Table(
    "audit_anchor",
    metadata,
    _service(),
    Column("due_at", UtcTime, nullable=False),
)

seen_mark = Table(
    "seen_mark",
    metadata,
    _service(),
    Column("session_hash", String(HASH), primary_key=True),
    Column("item", String(OPAQUE), primary_key=True),
    Column("at", UtcTime, nullable=False),
)

change_cursor = Table(
    "change_cursor",
    metadata,
    _service(),
    Column("cursor", String(OPAQUE), nullable=False),
    Column("at", UtcTime, nullable=False),
)

change_mark = Table(
    "change_mark",
    metadata,
    _service(),
    Column("item", String(OPAQUE), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# A caseworker's word that the child before them may come in: a short code, once, for ten minutes (rules.md R4)
invitation = Table(
    "invitation",
    metadata,
    _service(),
    _id(),
    Column("person_id", String(OPAQUE), nullable=False),
    Column("code_hash", String(HASH), nullable=False),
    Column("passkey_allowed", Boolean, nullable=False),
    Column("made_by", Uuid(as_uuid=False), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    # Set by the browser in which the code was typed; from then on it is good in that browser alone
    Column("browser_hash", String(HASH)),
    Column("words_hash", String(HASH)),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
    UniqueConstraint("service_id", "code_hash"),
    Index(None, "service_id", "person_id"),
)

# What a child without a national ID signs in with: four words and a PIN, or a passkey
credential = Table(
    "credential",
    metadata,
    _service(),
    _id(),
    Column("account_id", Uuid(as_uuid=False), nullable=False),
    Column("kind", String(16), nullable=False),
    # A keyed hash of the words, or the passkey's own id
    Column("lookup", String(1400), nullable=False),
    # Argon2id of the PIN (RFC 9106), in its own text form
    Column("secret", String(OPAQUE)),
    Column("public_key", LargeBinary),
    Column("sign_count", BigInteger, nullable=False, server_default=text("0")),
    Column("made_by", Uuid(as_uuid=False), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("wait_until", UtcTime),
    Column("revoked_at", UtcTime),
    _to_account("CASCADE"),
    UniqueConstraint("service_id", "kind", "lookup"),
    Index(None, "service_id", "account_id"),
)

# The challenge of a passkey that one browser has begun to make or to use (WebAuthn Level 3 §13.4.3)
passkey_challenge = Table(
    "passkey_challenge",
    metadata,
    _service(),
    Column("browser_hash", String(HASH), primary_key=True),
    Column("purpose", String(16), primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

# The optional code before what somebody has written (rules.md R20). A row without a secret counts tries at no code
own_code = Table(
    "own_code",
    metadata,
    _service(),
    Column("account_id", Uuid(as_uuid=False), primary_key=True),
    Column("secret", String(OPAQUE)),
    Column("set_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("wait_until", UtcTime),
    _to_account("CASCADE"),
)

# Messages of the team that went to the wrong person: hidden from the moment of the click, whatever the core still says
stopped_message = Table(
    "stopped_message",
    metadata,
    _service(),
    Column("thread_id", String(OPAQUE), primary_key=True),
    Column("message_id", String(OPAQUE), primary_key=True),
    # What tells the core, and who sent it
    Column("submission_id", Uuid(as_uuid=False), nullable=False),
    Column("account_id", Uuid(as_uuid=False), nullable=False),
    # It was still here and was never tried: nobody can have read it
    Column("never_sent", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# Counters of rate limits, where the database keeps them; keys are keyed hashes
limit_window = Table(
    "limit_window",
    metadata,
    _service(),
    Column("key", String(HASH), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)
