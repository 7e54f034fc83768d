"""What is delivered in tests of the adapter: one submission of each kind, under what, and where it goes."""

from __future__ import annotations

from portal.access import actions
from portal.access.actions import Action
from portal.access.standing import Target
from portal.domain.submission import SubmissionKind
from tests.contract.adapter_samples import CASE, OPERATION, REFERRAL, THREAD
from tests.contract.deliveries_of_views import OF_VIEWS

IN_CASE = Target(case_id=CASE)
TEXT: dict[str, object] = {"body": "Hei 😀", "language": "nb"}

DELIVERIES: dict[SubmissionKind, tuple[Action, Target, str, dict[str, object]]] = {
    SubmissionKind.MESSAGE: (actions.WRITE_MESSAGE, IN_CASE, f"/cases/{CASE}/messages/{OPERATION}", TEXT),
    SubmissionKind.COMMENT: (
        actions.COMMENT_ON_PLAN,
        IN_CASE,
        f"/cases/{CASE}/comments/{OPERATION}",
        {**TEXT, "plan_id": "plan-1", "plan_version": "v3", "target_type": "goal", "target_id": "goal-1"},
    ),
    SubmissionKind.ACCESS_REQUEST: (
        actions.ASK_TO_SEE_MORE,
        IN_CASE,
        f"/cases/{CASE}/access-requests/{OPERATION}",
        {"body": "", "language": "nb"},
    ),
    SubmissionKind.REFERRAL: (
        actions.ASK_FOR_HELP,
        Target(),
        f"/referrals/{OPERATION}",
        {
            "answers": [{"question": "safe_now", "answer": "Ja"}],
            "language": "nb",
            "number": {"scheme": "no-pid", "value": "00000000000"},
        },
    ),
    SubmissionKind.CLASSIFICATION: (
        actions.CLASSIFY,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/classifications/{OPERATION}",
        {"item_id": "m-1", "item_class": "report_of_concern", "reason": "Barnet er redd."},
    ),
    SubmissionKind.REFERRAL_MESSAGE: (
        actions.WRITE_ON_HELP,
        Target(referral_id=REFERRAL),
        f"/referrals/{REFERRAL}/messages/{OPERATION}",
        TEXT,
    ),
    SubmissionKind.REPLY: (
        actions.REPLY,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/messages/{OPERATION}",
        {**TEXT, "acknowledged": {"kinds": ["school"], "reason": "De vet det."}},
    ),
    SubmissionKind.OPENED: (
        actions.MARK_OPENED,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/opened/{OPERATION}",
        {"message_id": "m-1"},
    ),
    SubmissionKind.REMARK_ANSWER: (
        actions.REPLY,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/remarks/c-1/answers/{OPERATION}",
        {**TEXT, "remark_id": "c-1", "outcome": "no", "reason_code": "harm"},
    ),
    SubmissionKind.APPEAL: (
        actions.APPEAL,
        IN_CASE,
        f"/cases/{CASE}/appeals/{OPERATION}",
        {**TEXT, "about_id": "decision-1"},
    ),
    SubmissionKind.CONSENT_WITHDRAWN: (
        actions.WITHDRAW_CONSENT,
        IN_CASE,
        f"/cases/{CASE}/no-longer-agreeing/{OPERATION}",
        TEXT,
    ),
    SubmissionKind.SHARING_ANSWER: (
        actions.ANSWER_ABOUT_WORDS,
        IN_CASE,
        f"/cases/{CASE}/sharing-answers/{OPERATION}",
        {"question_id": "question-1", "answer": "no", "body": "", "language": "nb"},
    ),
    SubmissionKind.SENTENCE_ANSWER: (
        actions.ANSWER_ABOUT_WORDS,
        IN_CASE,
        f"/cases/{CASE}/sentence-answers/{OPERATION}",
        {"sentence_id": "sentence-1", "right": False, "body": "Jeg vil hjem", "language": "nb"},
    ),
    SubmissionKind.STAYS_OPEN: (
        actions.CHOOSE_WHO_STAYS,
        IN_CASE,
        f"/cases/{CASE}/stays-open/{OPERATION}",
        {"choices": [{"person_id": "person-2", "stays_open": True}], "language": "nb"},
    ),
    SubmissionKind.VISIT_WISH: (
        actions.SAY_ABOUT_VISITS,
        IN_CASE,
        f"/cases/{CASE}/visit-wishes/{OPERATION}",
        {**TEXT, "about_id": None, "wish": "say"},
    ),
    SubmissionKind.SHARING_QUESTION: (
        actions.DECIDE_SHARING,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/sharing-questions/{OPERATION}",
        {"words_id": "said-1", "person_id": "person-2", "why": "Da kan hun hjelpe", "language": "nb"},
    ),
    SubmissionKind.SHARING_DECISION: (
        actions.DECIDE_SHARING,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/sharing-decisions/{OPERATION}",
        {
            "words_id": "said-1",
            "person_id": "person-2",
            "decision": "override",
            "reason_code": "danger",
            "tell_author_from": "2031-03-09",
            "language": "nb",
        },
    ),
    SubmissionKind.STOP_MESSAGE: (
        actions.STOP_MESSAGE,
        Target(thread_id=THREAD),
        f"/staff/threads/{THREAD}/stops/{OPERATION}",
        {"message_id": "m-2", "reason": ""},
    ),
    SubmissionKind.COMPLAINT: (
        actions.WRITE_COMPLAINT,
        IN_CASE,
        f"/cases/{CASE}/complaints/{OPERATION}",
        {**TEXT, "about": "worker", "not_these": ["worker-2"], "other_worker": True},
    ),
    SubmissionKind.COMPLAINT_ANSWER: (
        actions.ANSWER_COMPLAINT,
        Target(),
        f"/staff/complaints/complaint-1/answers/{OPERATION}",
        {**TEXT, "complaint_id": "complaint-1"},
    ),
    **OF_VIEWS,
}
MARKED = {
    SubmissionKind.MESSAGE,
    SubmissionKind.COMMENT,
    SubmissionKind.VIEW,
    SubmissionKind.CONSENT_WITHDRAWN,
    SubmissionKind.SHARING_ANSWER,
    SubmissionKind.SENTENCE_ANSWER,
    SubmissionKind.COMPLAINT,
    SubmissionKind.VISIT_WISH,
}
"""What goes to the core marked as to be assessed before access, written by the child (rules.md R13)."""
IN_PATH = {"remark_id", "complaint_id", "view_id"}
