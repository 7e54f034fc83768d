"""What the portal reads as a system, without an acting person. Holds no case text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from portal.core.errors import CoreFault
from portal.core.wire_shapes import closed, count, each, identifier, instant, level, or_none, text, truth
from portal.domain.capability import LEAST_CHARACTERS, Capabilities, ChangePage, CoreChange, Limits
from portal.domain.delivery import Receipt
from portal.domain.people import UNRESOLVED_PREFIX

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BEARER = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_RESERVED = (UNRESOLVED_PREFIX, "referral:")
_LONGEST_CURSOR = 64


class _ChangeType(StrEnum):
    MESSAGE = "message.added"
    COMMENT = "comment.added"
    REFERRAL = "referral.updated"
    RECEIPT = "receipt.updated"
    PLAN = "plan.updated"
    STANDING = "standing.changed"


@dataclass(frozen=True)
class Token:
    """A bearer token (RFC 6750) and how long it lives, in seconds."""

    value: str = field(repr=False)
    lives_seconds: int


def token(value: object) -> Token:
    """The answer of the token endpoint. More fields than the contract names are allowed here (RFC 6749 5.1)."""
    if not isinstance(value, dict):
        raise CoreFault
    bearer = text(value.get("access_token"))
    # The token goes into a header: nothing but its own alphabet may (RFC 6750 2.1).
    if text(value.get("token_type")).lower() != "bearer" or not _BEARER.fullmatch(bearer):
        raise CoreFault
    return Token(bearer, count(value.get("expires_in"), least=1))


def capabilities(value: object) -> Capabilities:
    """What the core can do; its own name and version are for its operator."""
    fields = closed(value, "contract", "system", "flags", "limits")
    text(fields["contract"])
    for part in closed(fields["system"], "name", "version").values():
        text(part)
    can = ("plans", "comments", "threads", "referrals", "documents", "trail", "complaints", "views", "visits")
    flags = closed(fields["flags"], *can, "withdrawals", "attachments")
    names = ("message_characters", "comment_characters", "referral_answer_characters", "attachment_bytes")
    limits = closed(fields["limits"], *names)
    return Capabilities(
        plans=truth(flags["plans"]),
        comments=truth(flags["comments"]),
        threads=truth(flags["threads"]),
        referrals=truth(flags["referrals"]),
        documents=truth(flags["documents"]),
        trail=truth(flags["trail"]),
        complaints=truth(flags["complaints"]),
        views=truth(flags["views"]),
        visits=truth(flags["visits"]),
        withdrawals=truth(flags["withdrawals"]),
        limits=Limits(
            message_characters=count(limits["message_characters"], least=LEAST_CHARACTERS),
            comment_characters=count(limits["comment_characters"], least=LEAST_CHARACTERS),
            referral_answer_characters=count(limits["referral_answer_characters"], least=LEAST_CHARACTERS),
            attachment_bytes=count(limits["attachment_bytes"]),
        ),
        attachments=truth(flags["attachments"]),
    )


def person_id(value: object) -> str:
    """The opaque id of a person the core knows; never one of the names kept for those it does not know."""
    found = identifier(closed(value, "person_id")["person_id"])
    if found.startswith(_RESERVED):
        raise CoreFault
    return found


def receipt(value: object, operation_id: str) -> Receipt:
    """The core's word about the submission asked about, and about no other."""
    fields = closed(value, "operation_id", "level", "at", "sha256", "seen_by")
    if identifier(fields["operation_id"]) != operation_id:
        raise CoreFault
    return Receipt(
        operation_id=operation_id,
        state=level(fields["level"]),
        at_utc=instant(fields["at"]),
        sha256=or_none(digest, fields["sha256"]),
        seen_by=or_none(text, fields["seen_by"]),
    )


def change_page(value: object) -> ChangePage:
    """A run of changes. Types that are not known are passed over, as the contract asks."""
    fields = closed(value, "items", "next_cursor", "more")
    found = each(_change, fields["items"])
    return ChangePage(
        items=tuple(change for change in found if change.type in set(_ChangeType)),
        next_cursor=_cursor(fields["next_cursor"]),
        more=truth(fields["more"]),
    )


def _change(value: object) -> CoreChange:
    fields = closed(value, "cursor", "id", "type", "case_id", "entity_id", "at")
    instant(fields["at"])  # order is the cursor's business; kept out so that nobody sorts by it
    return CoreChange(
        cursor=_cursor(fields["cursor"]),
        id=identifier(fields["id"]),
        type=text(fields["type"]),
        case_id=or_none(identifier, fields["case_id"]),
        entity_id=or_none(identifier, fields["entity_id"]),
    )


def _cursor(value: object) -> str:
    cursor = text(value)
    if not 1 <= len(cursor) <= _LONGEST_CURSOR:
        raise CoreFault
    return cursor


def digest(value: object) -> str:
    """A SHA-256 as lower-case hex."""
    found = text(value)
    if not _DIGEST.fullmatch(found):
        raise CoreFault
    return found
