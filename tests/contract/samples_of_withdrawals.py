"""That somebody no longer agrees, as a core of any make gives it to its writer."""

from typing import Any

WITHDRAWAL: dict[str, Any] = {
    "id": "withdrawn-1",
    "mine": True,
    "at": "2031-03-02T10:00:00Z",
    "state": "answered",
    "opened_by": "Kari",
    "body": "Jeg vil ikke ha hjelp hjemme mer.",
    "answer": "Vi snakkes på fredag.",
    "answered_by": "Kari",
}
