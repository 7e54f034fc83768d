"""The answers about each adult: yes, no, or none at all, which is never taken for either."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

FIELD = "stays-"
ANSWERS = {"yes": True, "no": False}


def choices_of(form: MultiDict[str, str]) -> list[dict[str, object]]:
    """What was chosen, as a submission holds it; who was skipped is not in it."""
    return [
        {"person_id": name.removeprefix(FIELD), "stays_open": ANSWERS[answer]}
        for name, answer in sorted(form.items())
        if name.startswith(FIELD) and answer in ANSWERS
    ]
