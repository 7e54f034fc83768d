"""A holding answer: one press says that it is read, and by which day a real answer comes. It answers nothing itself."""

from __future__ import annotations

from datetime import date, timedelta

from portal.domain.submission import SubmissionKind
from portal.outbox.box import NewSubmission
from portal.texts import N_
from portal.web.errors import NoError
from portal.web.visit import Visit
from portal.web.writing import put_in_box

OFFERED = 4
"""Working days to choose from; longer than that nobody should have to wait for a word."""
FARTHEST = timedelta(days=14)
_SATURDAY = 5


def days_to_promise(today: date) -> tuple[date, ...]:
    """The next days from Monday to Friday. A proposal to a person, never a deadline by law: holidays stand in it."""
    days = (today + timedelta(days=ahead) for ahead in range(1, FARTHEST.days))
    return tuple(day for day in days if day.weekday() < _SATURDAY)[:OFFERED]


def promised_day(text: str, today: date) -> date:
    """The day of the button that was pressed. Raises `NoError` for a day no form of ours offers any more."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoError from None
    if not today <= day <= today + FARTHEST:
        raise NoError
    return day


def send_holding(visit: Visit, submission_id: str, day: date) -> None:
    """Put the holding answer into the letterbox. What was begun in the box of the thread stays."""
    texts = visit.parts.texts
    told = N_("I have read this. You hear from me %(day)s.").with_(
        day=texts.dates(visit.language).by_day(day, visit.today)
    )
    content = {
        "body": texts.translate(visit.language, told),
        "language": visit.language,
        "answer_promised_for": day.isoformat(),
    }
    put_in_box(visit, NewSubmission(submission_id, SubmissionKind.REPLY, content))
