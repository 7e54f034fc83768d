"""Reading what was said for its page, asking its author, and handing a decision to the letterbox."""

from __future__ import annotations

from flask import url_for

from portal.domain.submission import SubmissionKind
from portal.domain.words import PossibleReader, ShareDecision, StaffSharing, StaffWords
from portal.outbox.box import NewSubmission
from portal.staff.checked import Acknowledged, Checked, LeakWarning, check_words, noting, telling
from portal.staff.sharing.forms import ASK, CHANGED, Decision, Pair, against, question_key
from portal.staff.sharing.pages import SharingPage, ShownReader, ShownWords, Ways
from portal.texts import Text
from portal.web.errors import DownError, NoError
from portal.web.forms import FieldError, new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, ShownError, Written, begun, limit, put_in_box

KINDS = frozenset({SubmissionKind.SHARING_QUESTION, SubmissionKind.SHARING_DECISION})


def thread_of(visit: Visit) -> str:
    """The thread of the grant. Raises `NoError` without one."""
    if visit.grant.target.thread_id is None:
        raise NoError
    return visit.grant.target.thread_id


def text_limit(visit: Visit) -> int:
    """Most characters of the why of a question."""
    return limit(visit, lambda limits: limits.comment_characters)


def sharing_page(
    visit: Visit,
    mending: Ways | None = None,
    errors: tuple[ShownError, ...] = (),
    warning: LeakWarning | None = None,
) -> SharingPage:
    """What the person of the thread has said. Raises `CoreError`."""
    thread_id = thread_of(visit)
    found = visit.core.staff_sharing(visit.grant, visit.language)
    waiting = _on_its_way(visit, thread_id)
    return SharingPage(
        with_name=found.with_name,
        relation=found.with_relation,
        content_language=found.content_language,
        words=tuple(_words(visit, item, waiting, mending) for item in found.words),
        sentences=found.sentences,
        reasons=tuple((reason.code, reason.adult) for reason in visit.jurisdiction.overrides),
        limit=text_limit(visit),
        back_url=url_for("staff_conversation.thread", thread_id=thread_id),
        ask_url=url_for("staff_sharing.ask", thread_id=thread_id),
        decide_url=url_for("staff_sharing.decide", thread_id=thread_id),
        errors=errors,
        warning=warning,
    )


def page_to_mend(
    visit: Visit, ways: Ways, errors: tuple[ShownError, ...], warning: LeakWarning | None = None
) -> SharingPage:
    """The page with what was written and what is wrong. Raises `CoreError`, and `DownError` without a core."""
    if visit.grant.keep_only:
        raise DownError
    page = sharing_page(visit, ways, errors, warning)
    visit.note_seen("sharing")
    return page


def question_hindered(visit: Visit, pair: Pair) -> Text | None:
    """What hinders asking, or None. Raises `CoreError`, and `DownError` without a core."""
    reader = _found(visit).find(pair.words_id, pair.person_id)
    return CHANGED if reader is None or reader.asked or reader.open_since_utc is not None else None


def decision_checked(visit: Visit, pair: Pair, decision: Decision) -> Checked:
    """Whether this can be decided so, and what the words would tell whoever gets to read them.

    Raises as `question_hindered`: nothing is opened blindly.
    """
    found = _found(visit)
    hindered = against(decision, found.find(pair.words_id, pair.person_id))
    if hindered is not None:
        return Checked((FieldError("main", hindered),))
    if decision.kind is ShareDecision.KEEP:
        return Checked()
    words = "\n".join(item.body for item in found.words if item.id == pair.words_id)
    shielded = visit.core.shielded(visit.grant, visit.language, pair.person_id)
    return check_words(visit, words, shielded, pair.field(decision.kind), text_limit(visit))


def send_question(visit: Visit, pair: Pair, written: Written, told: Acknowledged | None) -> None:
    """Put the question to the author into the letterbox; its draft goes in the same transaction."""
    content = {
        "words_id": pair.words_id,
        "person_id": pair.person_id,
        "why": written.text,
        "language": visit.language,
        **telling(told),
    }
    key, along = question_key(thread_of(visit), pair), noting(visit, told)
    kind = SubmissionKind.SHARING_QUESTION
    put_in_box(visit, NewSubmission(written.id, kind, content, target_id=pair.words_id, draft_key=key, along=along))


def send_decision(visit: Visit, pair: Pair, submission_id: str, decision: Decision, told: Acknowledged | None) -> None:
    """Put the decision into the letterbox."""
    content = {
        "words_id": pair.words_id,
        "person_id": pair.person_id,
        "decision": decision.kind.value,
        "reason_code": decision.reason_code,
        "tell_author_from": None if decision.tell_from is None else decision.tell_from.isoformat(),
        "language": visit.language,
        **telling(told),
    }
    kind, along = SubmissionKind.SHARING_DECISION, noting(visit, told)
    put_in_box(visit, NewSubmission(submission_id, kind, content, target_id=pair.words_id, along=along))


def _found(visit: Visit) -> StaffSharing:
    if visit.grant.keep_only:
        raise DownError
    return visit.core.staff_sharing(visit.grant, visit.language)


def _words(
    visit: Visit, item: StaffWords, waiting: dict[str, tuple[OnItsWay, ...]], mending: Ways | None
) -> ShownWords:
    return ShownWords(item, tuple(_reader(visit, item, one, waiting, mending) for one in item.readers))


def _reader(
    visit: Visit,
    item: StaffWords,
    reader: PossibleReader,
    waiting: dict[str, tuple[OnItsWay, ...]],
    mending: Ways | None,
) -> ShownReader:
    pair = Pair(item.id, reader.person_id)
    reason = visit.jurisdiction.override(reader.reason_code) if reader.reason_code is not None else None
    ways = mending if mending is not None and mending.pair == pair else _ways(visit, pair)
    return ShownReader(reader, reason.adult if reason is not None else None, waiting.get(item.id, ()), ways)


def _ways(visit: Visit, pair: Pair) -> Ways:
    if visit.query(ASK) != pair.id:
        return Ways(pair, new_id(), new_id(), "", begun=False, draft_until=None)
    written = begun(visit, question_key(thread_of(visit), pair))
    return Ways(pair, written.id, new_id(), written.text, begun=True, draft_until=written.draft_until)


def _on_its_way(visit: Visit, thread_id: str) -> dict[str, tuple[OnItsWay, ...]]:
    """By what was said: that something was asked or decided about it, and is not at the core yet."""
    found: dict[str, tuple[OnItsWay, ...]] = {}
    for item in reversed(visit.parts.box.waiting(visit.service.id, visit.session.account_id, thread_id)):
        if item.kind in KINDS and item.target_id is not None:
            coming = OnItsWay(item.id, item.composed_at_utc, item.state)
            found[item.target_id] = (*found.get(item.target_id, ()), coming)
    return found
