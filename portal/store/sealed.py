"""The register of columns that hold sealed bytes. Holds no key and opens nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed bytes; `by` says whose key opens it: the web's draft keys or the delivery worker's."""

    table: str
    column: str
    by: str


SEALED = (
    SealedColumn("session", "display_name_sealed", "web"),
    SealedColumn("session", "id_token_sealed", "web"),
    SealedColumn("session", "sealed_number", "worker"),
    SealedColumn("sign_in", "verifier_sealed", "web"),
    SealedColumn("draft", "sealed", "web"),
    SealedColumn("submission", "sealed", "worker"),
    SealedColumn("submission_file", "sealed", "worker"),
)
"""The register of sealed columns; a test holds every binary column against it."""

NOT_CONTENT = frozenset(
    {
        ("session", "csrf_secret"),
        ("credential", "public_key"),
        ("passkey_challenge", "challenge"),
    }
)
"""Binary columns that are random values of our own or public keys, not sealed text."""
