"""A view and the influence answer to it, as a core of any make gives them."""

from typing import Any

INFLUENCE: dict[str, Any] = {
    "heard": "Jeg vil ha møtet etter skolen.",
    "changed": "Møtet er flyttet.",
    "not_changed": "",
    "by": "Kari",
    "at": "2031-03-03T10:00:00Z",
}
VIEW: dict[str, Any] = {
    "id": "view-1",
    "occasion": {"code": "meeting", "text": "Et møte"},
    "answers": [
        {
            "question": {"code": "scale", "text": "Hvordan er det for deg?"},
            "chosen": [{"code": "7", "text": "7"}],
            "words": "Nesten bra",
        }
    ],
    "at": "2031-03-02T10:00:00Z",
    "influence": INFLUENCE,
    "later": {"reason": "Vi må spørre lederen.", "until": "2031-03-07"},
}
NEW_VIEW: dict[str, Any] = {"occasion": VIEW["occasion"], "answers": VIEW["answers"], "language": "nb"}
NEW_ANSWER: dict[str, Any] = {
    "heard": "Du vil ha møtet etter skolen.",
    "changed": "Møtet er flyttet.",
    "not_changed": "",
    "language": "nb",
}
NEW_LATER: dict[str, Any] = {"reason": "Vi må spørre lederen.", "until": "2031-03-07", "language": "nb"}
