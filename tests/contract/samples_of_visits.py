"""What a core answers about visits, about invented people."""

from __future__ import annotations

from typing import Any

_MARKS = {"bears_place": False, "for_all": True, "named": False}

VISITS: dict[str, Any] = {
    "readers": ["Kari", "Jonas"],
    "worker_first_name": "Kari",
    "living": [{"id": "living-1", "text": "Du bor hos mamma", **_MARKS}],
    "arrangements": [
        {
            "id": "arrangement-1",
            "with_whom": "Pappa",
            "how_often": "Annenhver helg",
            "place": "Storgata 1",
            **_MARKS,
        }
    ],
    "visits": [
        {
            "id": "a-1",
            "arrangement_id": "arrangement-1",
            "title": "Helg hos pappa",
            "starts_at": "2031-03-06T15:00:00Z",
            "place": "Storgata 1",
            "cancelled_reason": "Pappa er syk",
            **_MARKS,
        }
    ],
    "said": [
        {
            "id": "w-1",
            "mine": True,
            "about_id": "arrangement-1",
            "wish": "less",
            "body": "Det er for lenge",
            "at": "2031-03-01T08:00:00Z",
            "state": "answered",
            "opened_by": "Kari",
            "answer": "Vi finner ut av det.",
            "answered_by": "Kari",
        }
    ],
}
