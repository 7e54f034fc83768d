"""The inbox of a worker as the contract has it, with one thread in it."""

from __future__ import annotations

from typing import Any

THREAD = "thread-4"
_WHO = {"thread_id": THREAD, "about": "Sofie", "with_name": "Sofie", "with_relation": "self"}

INBOX: dict[str, Any] = {
    "content_language": "nb",
    "first_name": "Kari",
    "team": "Team Fjord",
    "away_until": None,
    "cover_first_name": None,
    "page": 1,
    "pages": 1,
    "mark": "0" * 32,
    "threads": [
        {
            **_WHO,
            "kind": "case",
            "reason": "due",
            "unopened": 1,
            "unanswered_remarks": {
                "comments": 2,
                "access_requests": 1,
                "appeals": 0,
                "views": 1,
                "visit_wishes": 3,
                "withdrawals": 0,
            },
            "waiting_since": "2031-03-03T10:00:00Z",
            "answer_due": "2031-03-10",
            "covering_for": "Jonas",
        }
    ],
    "unopened": [{**_WHO, "since": "2031-03-03T10:00:00Z"}],
    "address_unknown": ["Adam"],
    "breach_reports": [
        {
            "thread_id": THREAD,
            "message_id": "m-2",
            "with_name": "Sofie",
            "stopped_at": "2031-03-03T11:00:00Z",
            "stopped_by": "Kari",
        }
    ],
}
