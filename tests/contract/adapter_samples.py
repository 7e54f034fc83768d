"""Answers of a core as the contract has them, one of each kind, about invented people."""

from __future__ import annotations

import copy
from typing import Any

from tests.contract import samples_of_answers
from tests.contract.samples_of_answers import DECISION, NEWS, REQUEST, WAITING
from tests.contract.samples_of_complaints import COMPLAINTS, STAFF_COMPLAINTS
from tests.contract.samples_of_files import ATTACHMENTS, LIMITS
from tests.contract.samples_of_inbox import INBOX
from tests.contract.samples_of_views import INFLUENCE, VIEW
from tests.contract.samples_of_visits import VISITS
from tests.contract.samples_of_withdrawals import WITHDRAWAL

CASE = "2b6f1c9e-7d51-4a0b-8f0e-5c1b2f3a4d5e"
OTHER_CASE = "9d0c5b1a-1111-4222-8333-444455556666"
CHILD = "child-17"
THREAD = "thread-4"
DOCUMENT = samples_of_answers.DOCUMENT
REFERRAL = "5f0d6a1e-2c3b-4d5e-8f90-112233445566"
OPERATION = "6f2c1f0e-3b1c-4f0a-9a51-0a7c1d2e3f40"
PERSON = "person-1"

_CHILD = {"id": CHILD, "first_name": "Sofie"}
_READER = {"first_name": "Sofie", "relation": "self"}
_WORKER = {
    "id": "worker-2",
    "first_name": "Kari",
    "team": "Team Fjord",
    "phone": "55 00 00 00",
    "hours": "9-15",
    "away_until": "2031-03-20",
    "cover_first_name": "Jonas",
    "bears_place": False,
}
_MARKS = {"bears_place": False, "for_all": True, "named": False}
_MESSAGE = {
    "id": OPERATION,
    "author_kind": "family",
    "author_name": "Sofie",
    "mine": True,
    "body": "Kan vi snakke på torsdag? 😀",
    "sent_at": "2031-03-03T10:00:00.250Z",
    "state": "seen",
    "opened_by": "Kari",
    "attachments": ATTACHMENTS,
}
_REPLY = {**_MESSAGE, "id": "m-2", "author_kind": "worker", "author_name": "Kari", "mine": False, "opened_by": None}
_COMMENT = {
    "id": "c-1",
    "mine": True,
    "plan_version": "v3",
    "plan_had_changed": True,
    "stance": "partly",
    "body": "Dette vil jeg gjerne",
    "created_at": "2031-03-01T08:00:00Z",
    "state": "answered",
    "opened_by": "Kari",
    "answer": "Vi prøver det.",
    "answered_by": "Kari",
}
_MEASURE = {
    "id": "measure-1",
    "text": "Fotball hver uke",
    "responsible": "Kari",
    "state": "ongoing",
    "since": "2031-02-01",
    "until": "2031-06-01",
    "comments": [_COMMENT],
    **_MARKS,
}
_GOAL = {
    "id": "goal-1",
    "text": "Flere venner",
    "state": "active",
    "own_words": {"text": "Noen å være med", "mine": True, "released": False},
    "measures": [_MEASURE],
    "comments": [
        {**_COMMENT, "id": "c-2", "opened_by": None, "answer": None, "answered_by": None, "state": "registered"}
    ],
    **_MARKS,
}
_CLOSING = {
    "closed_on": "2031-05-01",
    "readable_until": "2031-08-01",
    "file_how": "Ring oss, så får du en kopi",
    "goes_to": "Team Fjell",
}
_APPOINTMENT = {
    "id": "a-1",
    "kind": "visit",
    "title": "Besøk hos pappa",
    "starts_at": "2031-03-06T15:00:00Z",
    "place": "Storgata 1",
    "cancelled_reason": None,
    **_MARKS,
}
_DOCUMENT = {
    "id": DOCUMENT,
    "kind": "decision",
    "title": "Hjelp til leksene",
    "dated": "2031-02-20",
    "author": "Kari",
    **_MARKS,
}
_KNOWN_TRUE = {"state": "known", "value": True}
_KNOWN_FALSE = {"state": "known", "value": False}
_UNKNOWN = {"state": "unknown"}
_CASE_PAGE = {"case_id": CASE, "child": _CHILD, "reader": _READER, "content_language": "nb"}
_THREAD_HEAD = {"thread_id": THREAD, "kind": "case", "about": "Sofie", "with_name": "Sofie", "with_relation": "self"}

_REMARK = {
    "id": "c-1",
    "kind": "comment",
    "about": "Flere venner",
    "plan_version": "v3",
    "plan_had_changed": True,
    "stance": "partly",
    "wish": None,
    "body": "Dette vil jeg gjerne",
    "at": "2031-03-01T08:00:00Z",
    "outcome": None,
    "answer": "Vi prøver det.",
    "answered_by": "Kari",
}
_WISH = {
    **_REMARK,
    "id": "w-1",
    "kind": "access_request",
    "about": None,
    "plan_version": None,
    "plan_had_changed": False,
    "stance": None,
    "body": "",
    "answer": None,
    "answered_by": None,
}

_CASE_PERSON = {"person_id": PERSON, "first_name": "Sofie", "relation": "self", "enrolment": "eid"}
_ABOUT = {"id": "goal-1", "text": "Flere venner", "bears_place": False, "for_all": True, "named": False}
_MOTHER = {"first_name": "Ingrid", "relation": "mother"}
_SENTENCE = {
    "id": "sentence-1",
    "about": "Dagene hos mormor",
    "text": "Sofie vil være hos mormor",
    "answer_by": "2031-03-10",
    "issued": False,
    "right": None,
    "correction": None,
    "answered_at": None,
}

_CAN = ("plans", "comments", "threads", "documents", "trail", "complaints", "views", "visits", "attachments")
_SAMPLES: dict[str, dict[str, Any]] = {
    "Token": {"access_token": "synthetic.bearer-1", "token_type": "Bearer", "expires_in": 300},
    "Capabilities": {
        "contract": "1.0.0",
        "system": {"name": "Prøvekjerne", "version": "7"},
        "flags": {**dict.fromkeys(_CAN, True), "withdrawals": True, "referrals": False},
        "limits": LIMITS,
    },
    "PersonResolution": {"person_id": PERSON},
    "Standing": {
        "admitted": _KNOWN_TRUE,
        "grants": {
            "state": "known",
            "value": [
                {
                    "case_id": CASE,
                    "child_id": CHILD,
                    "relation": "self",
                    "scopes": ["overview", "plan", "comment", "conversation", "documents"],
                    "valid_from": "2031-01-01",
                    "valid_to": None,
                    "basis": "own case",
                }
            ],
        },
        "relations": [{"child_id": CHILD, "relation": "self"}],
        "children": [
            {
                "child_id": CHILD,
                "blocked": _KNOWN_FALSE,
                "address": {"state": "known", "value": "open"},
                "inside_protection": _UNKNOWN,
                "age": {"state": "known", "value": 15},
                "party": _KNOWN_TRUE,
                "withheld": {
                    "state": "known",
                    "value": [
                        {
                            "item_id": "document-9",
                            "reason": "harm",
                            "assessor": "leader",
                            "review_on": "2031-06-01",
                            "investigation_open": None,
                        }
                    ],
                },
                "responsibility": _UNKNOWN,
                "danger": _KNOWN_FALSE,
            }
        ],
        "worker_roles": {"state": "known", "value": ["caseworker"]},
        "thread_open_to_worker": _KNOWN_TRUE,
        "referral_mine": _KNOWN_FALSE,
        "child_open_to_worker": _UNKNOWN,
        "case_open_to_worker": _UNKNOWN,
    },
    "Home": {
        "content_language": "nb",
        "first_name": "Sofie",
        "cases": [{"case_id": CASE, "child": _CHILD, "relation": "self", "unread_messages": 2}],
    },
    "Overview": {
        **_CASE_PAGE,
        "phase": "plan",
        "phase_text": "Vi lager en plan",
        "phase_marks": {"id": "phase-1", **_MARKS},
        "clock": {"label": "Planen skal være ferdig", "by": "2031-04-01", "late_reason": "Vi venter på et svar"},
        "closing": _CLOSING,
        "moving": {"to_service": "Lillevik kommune", "phone": "55 00 00 20", "hours": "9-15", "greeted": False},
        "next_steps": [
            {"id": "step-1", "text": "Møte", "who": "Kari", "by": "2031-03-10", "late_reason": None, **_MARKS}
        ],
        "worker": _WORKER,
        "team": ["Kari", "Jonas"],
        "appointments": [_APPOINTMENT],
        "changes": [{"kind": "message_added", "at": "2031-03-03T10:00:00Z"}],
        "unread_messages": 0,
        "answer_due": "2031-03-10",
        "documents": True,
        "asks_about_words": False,
        "who_stays": False,
        "decisions": True,
    },
    "PlanView": {
        **_CASE_PAGE,
        "readers": ["Kari", "Jonas"],
        "plan": {
            "case_id": CASE,
            "plan_id": "plan-1",
            "version": "v3",
            "title": "Planen din",
            "updated_at": "2031-03-01T07:00:00Z",
            "goals": [_GOAL],
            "comments": [{**_COMMENT, "id": "c-3", "stance": None}],
        },
        "news": NEWS,
        "shared_words": [
            {
                "id": "said-3",
                "author_name": "Ingrid",
                "released": True,
                "about": _ABOUT,
                "stance": "disagree",
                "body": "Vi har det fint",
                "since": "2031-03-01T09:00:00Z",
            }
        ],
    },
    "MyWords": {
        **_CASE_PAGE,
        "team": ["Kari", "Jonas"],
        "worker_first_name": "Kari",
        "words": [
            {
                "id": "said-1",
                "kind": "comment",
                "mine": True,
                "about": _ABOUT,
                "stance": "not_happening",
                "body": "Jeg vil ha ro",
                "at": "2031-03-01T08:00:00Z",
                "readers": [
                    {
                        "person": _MOTHER,
                        "since": "2031-03-02T08:00:00Z",
                        "until": None,
                        "reason_code": "danger",
                        "told_from": "2031-03-03",
                    }
                ],
                "questions": [
                    {
                        "id": "question-1",
                        "person": _MOTHER,
                        "why": "Da kan hun hjelpe",
                        "asked_by": "Kari",
                        "asked_at": "2031-03-01T09:00:00Z",
                        "answer": "yes",
                        "answered_at": "2031-03-01T10:00:00Z",
                        "settled": False,
                    }
                ],
                "influence": INFLUENCE,
                "answer_until": None,
            }
        ],
        "sentences": [_SENTENCE],
        "withdrawals": [WITHDRAWAL],
    },
    "WhoStays": {
        **_CASE_PAGE,
        "worker_first_name": "Kari",
        "adult_on": "2031-03-04",
        "people": [{"person_id": "person-2", **_MOTHER, "stays_open": None}],
    },
    "Complaints": COMPLAINTS | _CASE_PAGE,
    "StaffComplaints": STAFF_COMPLAINTS,
    "StaffSharing": {
        **{name: _THREAD_HEAD[name] for name in ("thread_id", "about", "with_name", "with_relation")},
        "content_language": "nb",
        "words": [
            {
                "id": "said-1",
                "kind": "statement",
                "about": None,
                "stance": None,
                "body": "Jeg vil ha ro",
                "at": "2031-03-01T08:00:00Z",
                "assess_before_access": True,
                "readers": [
                    {
                        "person_id": "person-2",
                        "person": _MOTHER,
                        "why": "Da kan hun hjelpe",
                        "asked_by": "Kari",
                        "asked_at": "2031-03-01T09:00:00Z",
                        "answer": "no",
                        "answer_words": "Ikke ennå",
                        "answered_at": "2031-03-01T10:00:00Z",
                        "decision": "override",
                        "open_since": "2031-03-02T08:00:00Z",
                        "reason_code": "danger",
                        "tell_author_from": "2031-03-03",
                    }
                ],
            }
        ],
        "sentences": [_SENTENCE],
    },
    "Documents": {
        **_CASE_PAGE,
        "documents": [_DOCUMENT, {**_DOCUMENT, "id": "document-2", "kind": "minutes", "dated": "2031-02-11"}],
    },
    "Document": {
        **_CASE_PAGE,
        "document": _DOCUMENT,
        "paragraphs": [
            {"kind": "heading", "text": "Hva vi har bestemt"},
            {"kind": "text", "text": "Du får hjelp til leksene."},
        ],
    },
    "Requests": {
        **_CASE_PAGE,
        "documents": True,
        "requests": [REQUEST, WAITING],
    },
    "Decisions": {
        **_CASE_PAGE,
        "worker_first_name": "Kari",
        "decisions": [
            DECISION,
            {**DECISION, "id": "decision-2", "about_moving": False, "document_id": None, "appeal_way": None},
        ],
    },
    "Visits": {**_CASE_PAGE, **VISITS},
    "Conversation": {
        **_CASE_PAGE,
        "thread_id": THREAD,
        "worker": {**_WORKER, "away_until": None, "cover_first_name": None},
        "closing": {**_CLOSING, "goes_to": None},
        "readers": ["Kari"],
        "answer_due": None,
        "messages": [_MESSAGE, _REPLY],
    },
    "HelpConversation": {
        "referral_id": REFERRAL,
        "content_language": "nb",
        "received_at": "2031-03-03T10:00:00Z",
        "state": "registered",
        "worker_first_name": None,
        "readers": ["Kari"],
        "messages": [_REPLY],
    },
    "Inbox": INBOX,
    "ShieldedFrom": {
        "thread_id": THREAD,
        "places_hidden": True,
        "items": [{"kind": "school", "text": "Lia skole"}, {"kind": "words", "text": "Jeg vil ikke hjem."}],
    },
    "WorkersChildren": {"children": [{"child_id": CHILD, "first_name": "Sofie", "age": 9, "case_id": CASE}]},
    "CasePeople": {"case_id": CASE, "child_name": "Sofie", "people": [_CASE_PERSON]},
    "StaffConversation": {
        **_THREAD_HEAD,
        "content_language": "nb",
        "classifications": samples_of_answers.CLASSIFICATIONS,
        "answer_due": None,
        "last_unopened_id": OPERATION,
        "messages": [_MESSAGE, _REPLY],
        "remarks": [_REMARK, _WISH, {**_WISH, "id": "k-1", "kind": "appeal", "about": "Vedtak", "outcome": "upheld"}],
        "views": [VIEW],
        "referral": None,
        "own_case_id": CASE,
        "stops": [{"message_id": "m-2", "by_role": "caseworker", "at": "2031-03-03T11:00:00Z", "opened_since": None}],
    },
    "StaffConversation of a referral": {
        **_THREAD_HEAD,
        "thread_id": REFERRAL,
        "kind": "referral",
        "with_relation": None,
        "content_language": "nb",
        "classifications": None,
        "answer_due": "2031-03-10",
        "last_unopened_id": None,
        "messages": [],
        "remarks": [],
        "views": [],
        "referral": {
            "referral_id": REFERRAL,
            "received_at": "2031-03-03T10:00:00Z",
            "decide_by": "2031-03-10",
            "identity_known": True,
            "attachments": [],
            "answers": [{"question": "what_helps", "answer": "At noen ringer"}],
        },
        "own_case_id": None,
        "stops": [],
    },
    "Receipt": {
        "operation_id": OPERATION,
        "level": "registered",
        "at": "2031-03-04T09:30:01Z",
        "sha256": "0a" * 32,
        "seen_by": None,
    },
    "Trail": {
        **_CASE_PAGE,
        "since": "2030-03-01",
        "thread_id": THREAD,
        "rows": [
            {
                "day": "2031-03-01",
                "role": "caseworker",
                "doing": "changed",
                "thing": "plan",
                "item_id": "goal-1",
                "bears_place": False,
                "for_all": True,
                "named": False,
            }
        ],
    },
    "JournalHead": {"sequence": 7, "hash": "0b" * 32, "at": "2031-03-04T09:30:01Z"},
    "ChangePage": {
        "items": [
            {
                "cursor": "41",
                "id": "e-41",
                "type": "message.added",
                "case_id": CASE,
                "entity_id": THREAD,
                "at": "2031-03-03T10:00:00Z",
            },
            {
                "cursor": "42",
                "id": "e-42",
                "type": "standing.changed",
                "case_id": None,
                "entity_id": None,
                "at": "2031-03-03T10:00:01Z",
            },
        ],
        "next_cursor": "42",
        "more": False,
    },
}

_SAMPLES["CasePersonStanding"] = {
    "person": _CASE_PERSON,
    "standing": _SAMPLES["Standing"],
    "shielded": {"places_hidden": True, "items": [{"kind": "school", "text": "Lia skole"}]},
}


def sample(name: str, **changes: Any) -> dict[str, Any]:
    """A fresh copy of one answer, with some of its fields changed."""
    return {**copy.deepcopy(_SAMPLES[name]), **changes}
