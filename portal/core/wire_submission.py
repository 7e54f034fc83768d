"""What a person sends, as the request that brings it in. One submission makes the same bytes at every attempt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from portal.access import actions
from portal.access.actions import Action
from portal.core.errors import Invalid
from portal.core.wire_attachments import ATTACHMENTS
from portal.domain.submission import Submission, SubmissionKind


@dataclass(frozen=True)
class Operation:
    """How one kind is delivered: under which action, to which path, with which fields of content.

    What stands `in_path` is content, too, and does not stand in the body. `marked`: it is never given to anybody before
    access is assessed, whoever wrote it; `marked_by_child`: when the child did (rules.md R13).
    """

    action: Action
    path: str
    fields: frozenset[str]
    optional: frozenset[str] = frozenset()
    in_path: frozenset[str] = frozenset()
    marked: bool = False
    marked_by_child: bool = False


_TEXT = frozenset({"body", "language"})

OPERATIONS: Mapping[SubmissionKind, Operation] = {
    SubmissionKind.MESSAGE: Operation(
        actions.WRITE_MESSAGE,
        "/cases/{case_id}/messages/{id}",
        _TEXT,
        frozenset({ATTACHMENTS}),
        marked_by_child=True,
    ),
    SubmissionKind.COMMENT: Operation(
        actions.COMMENT_ON_PLAN,
        "/cases/{case_id}/comments/{id}",
        _TEXT | {"plan_id", "plan_version", "target_type", "target_id"},
        frozenset({"stance"}),
        marked_by_child=True,
    ),
    SubmissionKind.ACCESS_REQUEST: Operation(actions.ASK_TO_SEE_MORE, "/cases/{case_id}/access-requests/{id}", _TEXT),
    SubmissionKind.REFERRAL: Operation(
        actions.ASK_FOR_HELP, "/referrals/{id}", frozenset({"answers", "language"}), frozenset({"number", ATTACHMENTS})
    ),
    SubmissionKind.CLASSIFICATION: Operation(
        actions.CLASSIFY,
        "/staff/threads/{thread_id}/classifications/{id}",
        frozenset({"item_id", "item_class", "reason"}),
    ),
    SubmissionKind.REFERRAL_MESSAGE: Operation(actions.WRITE_ON_HELP, "/referrals/{referral_id}/messages/{id}", _TEXT),
    SubmissionKind.REPLY: Operation(
        actions.REPLY,
        "/staff/threads/{thread_id}/messages/{id}",
        _TEXT,
        frozenset({"acknowledged", "answer_promised_for"}),
    ),
    SubmissionKind.OPENED: Operation(
        actions.MARK_OPENED, "/staff/threads/{thread_id}/opened/{id}", frozenset({"message_id"})
    ),
    SubmissionKind.REMARK_ANSWER: Operation(
        actions.REPLY,
        "/staff/threads/{thread_id}/remarks/{remark_id}/answers/{id}",
        _TEXT,
        frozenset({"outcome", "reason_code", "acknowledged"}),
        in_path=frozenset({"remark_id"}),
    ),
    SubmissionKind.APPEAL: Operation(actions.APPEAL, "/cases/{case_id}/appeals/{id}", _TEXT | {"about_id"}),
    SubmissionKind.SHARING_ANSWER: Operation(
        actions.ANSWER_ABOUT_WORDS,
        "/cases/{case_id}/sharing-answers/{id}",
        _TEXT | {"question_id", "answer"},
        marked=True,
    ),
    SubmissionKind.SENTENCE_ANSWER: Operation(
        actions.ANSWER_ABOUT_WORDS,
        "/cases/{case_id}/sentence-answers/{id}",
        _TEXT | {"sentence_id", "right"},
        marked=True,
    ),
    SubmissionKind.STAYS_OPEN: Operation(
        actions.CHOOSE_WHO_STAYS, "/cases/{case_id}/stays-open/{id}", frozenset({"choices", "language"})
    ),
    SubmissionKind.SHARING_QUESTION: Operation(
        actions.DECIDE_SHARING,
        "/staff/threads/{thread_id}/sharing-questions/{id}",
        frozenset({"words_id", "person_id", "why", "language"}),
        frozenset({"acknowledged"}),
    ),
    SubmissionKind.SHARING_DECISION: Operation(
        actions.DECIDE_SHARING,
        "/staff/threads/{thread_id}/sharing-decisions/{id}",
        frozenset({"words_id", "person_id", "decision", "reason_code", "tell_author_from", "language"}),
        frozenset({"acknowledged"}),
    ),
    SubmissionKind.VISIT_WISH: Operation(
        actions.SAY_ABOUT_VISITS,
        "/cases/{case_id}/visit-wishes/{id}",
        _TEXT | {"about_id", "wish"},
        marked_by_child=True,
    ),
    SubmissionKind.STOP_MESSAGE: Operation(
        actions.STOP_MESSAGE, "/staff/threads/{thread_id}/stops/{id}", frozenset({"message_id", "reason"})
    ),
    SubmissionKind.COMPLAINT: Operation(
        actions.WRITE_COMPLAINT,
        "/cases/{case_id}/complaints/{id}",
        _TEXT | {"about", "not_these", "other_worker"},
        marked=True,
    ),
    SubmissionKind.COMPLAINT_ANSWER: Operation(
        actions.ANSWER_COMPLAINT,
        "/staff/complaints/{complaint_id}/answers/{id}",
        _TEXT,
        in_path=frozenset({"complaint_id"}),
    ),
    SubmissionKind.VIEW: Operation(
        actions.GIVE_VIEW,
        "/cases/{case_id}/views/{id}",
        frozenset({"occasion", "answers", "language"}),
        marked_by_child=True,
    ),
    SubmissionKind.CONSENT_WITHDRAWN: Operation(
        actions.WITHDRAW_CONSENT, "/cases/{case_id}/no-longer-agreeing/{id}", _TEXT, marked_by_child=True
    ),
    SubmissionKind.INFLUENCE_ANSWER: Operation(
        actions.REPLY,
        "/staff/threads/{thread_id}/views/{view_id}/answers/{id}",
        frozenset({"heard", "changed", "not_changed", "language"}),
        frozenset({"acknowledged"}),
        in_path=frozenset({"view_id"}),
    ),
    SubmissionKind.INFLUENCE_LATER: Operation(
        actions.REPLY,
        "/staff/threads/{thread_id}/views/{view_id}/later/{id}",
        frozenset({"reason", "until", "language"}),
        in_path=frozenset({"view_id"}),
    ),
}


MARK = "assess_before_access"
"""Nobody in the family is given access before the service has assessed whether that may harm anybody (R13)."""

_NOT_DIGESTED = frozenset({"composed_at", "number", MARK})


def body(submission: Submission, *, by_child: bool = False) -> bytes:
    """The request body in its canonical form (RFC 8785). Raises `Invalid` for content that is not of its kind.

    `by_child`: the child of the case wrote it, as the grant to deliver it says.
    """
    operation = OPERATIONS[submission.kind]
    mark = {MARK: True} if operation.marked or (operation.marked_by_child and by_child) else {}
    return _canonical({**_members(submission), **mark})


def body_digest(submission: Submission) -> str:
    """What `Receipt.sha256` must be when the core stored what was sent, in lower-case hex.

    Covers the canonical body without `composed_at`, `number` and the mark, as the contract says. Raises `Invalid` as
    `body` does.
    """
    members = _members(submission)
    stored = {name: value for name, value in members.items() if name not in _NOT_DIGESTED}
    return hashlib.sha256(_canonical(stored)).hexdigest()


def key(submission: Submission) -> str:
    """The idempotency key, which is the submission's own id. Raises `Invalid` when that is no UUID."""
    if not is_uuid(submission.id):
        raise Invalid
    return submission.id


def is_uuid(identifier: str) -> bool:
    """Is this a UUID in its usual form (RFC 9562 section 4)?"""
    try:
        return str(UUID(identifier)) == identifier
    except ValueError:
        return False


def _members(submission: Submission) -> Mapping[str, object]:
    operation = OPERATIONS[submission.kind]
    given = submission.content.keys()
    needed = operation.fields | operation.in_path
    if not needed <= given <= needed | operation.optional:
        raise Invalid
    if submission.composed_at_utc.utcoffset() is None:
        raise Invalid
    written = submission.composed_at_utc.astimezone(UTC).isoformat().replace("+00:00", "Z")
    said = {name: value for name, value in submission.content.items() if name not in operation.in_path}
    return {**said, "composed_at": written}


def _canonical(members: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(members, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode(
            "utf-8"
        )
    except (TypeError, ValueError, RecursionError):  # no JSON, no Unicode, or no end
        raise Invalid from None
