"""Asking for help: kept after each page, sent once, to the service that was chosen. Nothing can be taken back."""

from __future__ import annotations

import base64

from portal.domain.submission import SubmissionKind
from portal.family.ask_for_help.answers import PLACE, Answer, Asking, asking_from
from portal.family.ask_for_help.forms import DRAFT_KEY, pending_key
from portal.outbox.box import SEALED_NUMBER, NewSubmission
from portal.web.visit import Visit
from portal.web.writing import draft, drop_draft, keep_draft, put_in_box


def begun(visit: Visit) -> Asking | None:
    """What this person has begun to ask, if anything."""
    kept = draft(visit, DRAFT_KEY)
    return None if kept is None else asking_from(kept.content)


def keep(visit: Visit, asking: Asking) -> None:
    """Keep what is answered so far."""
    keep_draft(visit, DRAFT_KEY, asking.kept())


def keep_answer(visit: Visit, asking: Asking, code: str, answer: Answer) -> None:
    """Keep one more answer; what was kept of it when a session had run out is then of no more use."""
    keep(visit, asking.with_answer(code, answer))
    drop_draft(visit, pending_key(code))


def pending(visit: Visit, code: str) -> Asking | None:
    """One answer that came after the session had run out, as an asking with nothing else."""
    kept = draft(visit, pending_key(code))
    if kept is None:
        return None
    asking = asking_from({"who": kept.content.get("who", "")})
    return asking.with_answer(code, Answer(kept.content.get("choice", ""), kept.content.get("words", "")))


def receiver(visit: Visit, asking: Asking) -> str:
    """The service that gets it: the chosen one, or this one for "I do not know"."""
    chosen = asking.answer(PLACE).choice
    return chosen if chosen in visit.parts.settings.services else visit.service.id


def send(visit: Visit, asking: Asking) -> str:
    """Put it into the letterbox; the draft goes in the same transaction. The id it is kept under.

    The person number travels sealed: only the delivery worker can open it.
    """
    content: dict[str, object] = {"answers": asking.sent(visit.jurisdiction), "language": visit.language}
    number = visit.session.sealed_number
    if number is not None:
        content[SEALED_NUMBER] = base64.b64encode(number).decode()
    new = NewSubmission(
        asking.submission_id,
        SubmissionKind.REFERRAL,
        content,
        receiving_service_id=receiver(visit, asking),
        draft_key=DRAFT_KEY,
    )
    return put_in_box(visit, new)


def was_sent(visit: Visit, submission_id: str) -> bool:
    """Has this person sent something under this id?"""
    sent = visit.parts.box.sent(visit.service.id, visit.session.account_id)
    return any(item.id == submission_id for item in sent)
