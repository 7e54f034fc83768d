"""Parts of a core's answers about what was said about whoever works there, about invented people."""

from typing import Any

_LEADER = {"first_name": "Marit", "role": "leader"}
_TOLD = {"text": "Jeg snakker med Kari. Du skal få si det du vil.", "by": _LEADER, "answered_on": "2031-03-03"}
_COMPLAINT: dict[str, Any] = {
    "id": "complaint-1",
    "about": "worker",
    "not_these": ["Kari"],
    "other_worker": True,
    "body": "Hun avbryter meg",
    "at": "2031-03-01T08:00:00Z",
    "answer": _TOLD,
}
COMPLAINTS: dict[str, Any] = {
    "team": [{"id": "worker-2", "first_name": "Kari"}],
    "goes_to": _LEADER,
    "otherwise": None,
    "complaints": [{**_COMPLAINT, "mine": True, "state": "answered", "goes_to": _LEADER}],
}
STAFF_COMPLAINTS: dict[str, Any] = {
    "content_language": "nb",
    "complaints": [
        {
            **_COMPLAINT,
            "child_name": "Sofie",
            "with_name": "Sofie",
            "with_relation": "self",
            "about_reader": False,
        }
    ],
}
