"""Saying what one thinks: kept after each page, sent once, to the team and nobody else."""

from __future__ import annotations

from portal.core.errors import CoreError
from portal.domain.people import Relation
from portal.domain.submission import SubmissionKind
from portal.family.views.answers import Answer, Statement, statement_from
from portal.family.views.forms import pending_key, statement_key
from portal.family.views.questions import Occasion
from portal.outbox.box import NewSubmission
from portal.web.errors import NoError
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import draft, drop_draft, keep_draft, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def is_adult(visit: Visit) -> bool:
    """Is it known to be somebody else than the child?"""
    return visit.grant.relation not in {None, Relation.SELF}


def offered(visit: Visit) -> bool:
    """Does this core take views? While it cannot say, they are kept."""
    if visit.grant.keep_only:
        return True
    try:
        return visit.core.capabilities().views
    except CoreError:
        return True


def begun(visit: Visit, occasion: Occasion) -> Statement | None:
    """What this person has begun to say at an occasion, if anything."""
    kept = draft(visit, statement_key(case_of(visit), occasion.place))
    return None if kept is None else statement_from(kept.content)


def begun_or_new(visit: Visit, occasion: Occasion) -> Statement:
    """The same, or one without answers."""
    return begun(visit, occasion) or Statement(new_id())


def keep_answer(visit: Visit, occasion: Occasion, statement: Statement) -> None:
    """Keep what is answered so far."""
    keep_draft(visit, statement_key(case_of(visit), occasion.place), statement.kept())


def pending(visit: Visit, occasion: Occasion, code: str) -> Answer | None:
    """One answer that came after the session had run out."""
    kept = draft(visit, pending_key(case_of(visit), occasion.place, code))
    if kept is None:
        return None
    return Answer(tuple(kept.content.get("chosen", "").split()), kept.content.get("words", ""))


def drop_pending(visit: Visit, occasion: Occasion, code: str) -> None:
    """It stands in the statement now."""
    drop_draft(visit, pending_key(case_of(visit), occasion.place, code))


def content_of(visit: Visit, occasion: Occasion, statement: Statement) -> dict[str, object]:
    """What would be sent."""
    said = statement.sent(
        occasion, lambda text: visit.parts.texts.translate(visit.language, text), adult=is_adult(visit)
    )
    return {**said, "language": visit.language}


def send(visit: Visit, occasion: Occasion, statement: Statement) -> str:
    """Put it into the letterbox; the draft goes in the same transaction. The id it is kept under."""
    key = statement_key(case_of(visit), occasion.place)
    content = content_of(visit, occasion, statement)
    return put_in_box(visit, NewSubmission(statement.submission_id, SubmissionKind.VIEW, content, draft_key=key))


def was_sent(visit: Visit, submission_id: str) -> bool:
    """Has this person sent something under this id?"""
    sent = visit.parts.box.sent(visit.service.id, visit.session.account_id)
    return any(item.id == submission_id for item in sent)
