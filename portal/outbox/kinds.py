"""What each kind of submission needs and where it queues. The order of a lane is the order a person wrote in."""

from __future__ import annotations

from collections.abc import Mapping

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import Target
from portal.domain.submission import SubmissionKind

ACTION_OF: Mapping[SubmissionKind, Action] = {
    SubmissionKind.MESSAGE: actions.WRITE_MESSAGE,
    SubmissionKind.COMMENT: actions.COMMENT_ON_PLAN,
    SubmissionKind.REFERRAL: actions.ASK_FOR_HELP,
    SubmissionKind.CLASSIFICATION: actions.CLASSIFY,
    SubmissionKind.REFERRAL_MESSAGE: actions.WRITE_ON_HELP,
    SubmissionKind.REPLY: actions.REPLY,
    SubmissionKind.OPENED: actions.MARK_OPENED,
    SubmissionKind.ACCESS_REQUEST: actions.ASK_TO_SEE_MORE,
    SubmissionKind.REMARK_ANSWER: actions.REPLY,
    SubmissionKind.APPEAL: actions.APPEAL,
    SubmissionKind.SHARING_ANSWER: actions.ANSWER_ABOUT_WORDS,
    SubmissionKind.SENTENCE_ANSWER: actions.ANSWER_ABOUT_WORDS,
    SubmissionKind.STAYS_OPEN: actions.CHOOSE_WHO_STAYS,
    SubmissionKind.SHARING_QUESTION: actions.DECIDE_SHARING,
    SubmissionKind.SHARING_DECISION: actions.DECIDE_SHARING,
    SubmissionKind.VISIT_WISH: actions.SAY_ABOUT_VISITS,
    SubmissionKind.STOP_MESSAGE: actions.STOP_MESSAGE,
    SubmissionKind.COMPLAINT: actions.WRITE_COMPLAINT,
    SubmissionKind.COMPLAINT_ANSWER: actions.ANSWER_COMPLAINT,
    SubmissionKind.VIEW: actions.GIVE_VIEW,
    SubmissionKind.INFLUENCE_ANSWER: actions.REPLY,
    SubmissionKind.INFLUENCE_LATER: actions.REPLY,
    SubmissionKind.CONSENT_WITHDRAWN: actions.WITHDRAW_CONSENT,
}
"""The action whose grant is needed to accept a submission of a kind, and to deliver it."""

NEVER_REFUSED = frozenset(
    {
        SubmissionKind.REFERRAL,
        SubmissionKind.STOP_MESSAGE,
        SubmissionKind.CLASSIFICATION,
        SubmissionKind.COMPLAINT,
    }
)
"""Never given up: what the core refuses waits for a human. Asking for help (rules.md, "Help cannot be blocked");

a stop and a classification, so that nobody believes a message is stopped, or a report of concern opened, when the core
has not done it; and what somebody says about whoever works with them, so that it is never lost between two desks.
"""

NOT_WRITTEN = frozenset({SubmissionKind.OPENED, SubmissionKind.STOP_MESSAGE})
"""Kinds that carry no words to anybody of a family and are not shown as something sent."""

_LANES: Mapping[SubmissionKind, str] = {
    SubmissionKind.MESSAGE: "message",
    SubmissionKind.COMMENT: "comment",
    SubmissionKind.REFERRAL: "referral",
    SubmissionKind.CLASSIFICATION: "classification",
    SubmissionKind.REFERRAL_MESSAGE: "referral",
    SubmissionKind.REPLY: "thread",
    SubmissionKind.OPENED: "thread",
    SubmissionKind.ACCESS_REQUEST: "access_request",
    SubmissionKind.REMARK_ANSWER: "thread",
    SubmissionKind.APPEAL: "appeal",
    SubmissionKind.VISIT_WISH: "visit_wish",
    SubmissionKind.SHARING_ANSWER: "sharing",
    SubmissionKind.SENTENCE_ANSWER: "sharing",
    SubmissionKind.STAYS_OPEN: "stays_open",
    SubmissionKind.SHARING_QUESTION: "sharing",
    SubmissionKind.SHARING_DECISION: "sharing",
    SubmissionKind.STOP_MESSAGE: "stop",
    SubmissionKind.COMPLAINT: "complaint",
    SubmissionKind.COMPLAINT_ANSWER: "complaint",
    SubmissionKind.VIEW: "view",
    SubmissionKind.INFLUENCE_ANSWER: "thread",
    SubmissionKind.INFLUENCE_LATER: "thread",
    SubmissionKind.CONSENT_WITHDRAWN: "consent_withdrawn",
}


def item_of(submission_id: str, target: Target) -> str:
    """What a submission belongs to: its case, thread or referral; a referral belongs to itself."""
    return target.case_id or target.thread_id or target.referral_id or submission_id


def lane_of(kind: SubmissionKind, item: str, account_id: str) -> str:
    """The queue in which nothing overtakes: one per person and thread, so that nobody waits for somebody else."""
    return f"{_LANES[kind]}:{item}:{account_id}"
