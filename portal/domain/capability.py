"""What a core can do. Pages ask these flags, never an adapter's name."""

from __future__ import annotations

from dataclasses import dataclass, field

LEAST_CHARACTERS = 4_000
"""What every core takes at least (the contract says so): so much may be written while it cannot be asked."""


@dataclass(frozen=True)
class Limits:
    """Limits of the core, shown beforehand at every box; lengths in characters, those of files in bytes."""

    message_characters: int
    comment_characters: int
    referral_answer_characters: int
    attachment_bytes: int = 0


@dataclass(frozen=True)
class Capabilities:
    """What this core offers; a missing function becomes a sentence and a phone number."""

    plans: bool
    comments: bool
    threads: bool
    referrals: bool
    documents: bool
    trail: bool
    visits: bool
    limits: Limits
    complaints: bool = field(kw_only=True)
    views: bool = field(kw_only=True)
    withdrawals: bool = field(kw_only=True)
    attachments: bool = field(kw_only=True, default=False)


@dataclass(frozen=True)
class CoreChange:
    """One entry of the change feed: that something changed, never what (core-systems.md 5.5)."""

    cursor: str
    id: str
    type: str
    case_id: str | None
    entity_id: str | None


@dataclass(frozen=True)
class ChangePage:
    """A run of changes; `next_cursor` is where to go on, `more` whether to go on at once."""

    items: tuple[CoreChange, ...]
    next_cursor: str
    more: bool
