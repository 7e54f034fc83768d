"""Reading one's own words for their page, and handing an answer to the letterbox."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for

from portal.core.errors import CoreError
from portal.domain.submission import SubmissionKind
from portal.domain.words import MyWords, ShareAnswer
from portal.family.my_words.build import Desk, can_be_corrected, is_open
from portal.family.my_words.forms import words_key
from portal.family.my_words.pages import Box, MyWordsPage
from portal.outbox.box import NewSubmission
from portal.web.errors import DownError, NoError
from portal.web.mendable import locked_page
from portal.web.pages import Page
from portal.web.visit import Visit
from portal.web.writing import ShownError, Written, is_locked, limit, put_in_box


def case_of(visit: Visit) -> str:
    """The case of the grant. Raises `NoError` without one."""
    if visit.grant.target.case_id is None:
        raise NoError
    return visit.grant.target.case_id


def text_limit(visit: Visit) -> int:
    """Most characters beside an answer, and of a correction."""
    return limit(visit, lambda limits: limits.comment_characters)


def words_page(visit: Visit, mending: Box | None = None, errors: tuple[ShownError, ...] = ()) -> MyWordsPage:
    """What this person has said. Raises `CoreError`."""
    case_id = case_of(visit)
    found = visit.core.my_words(visit.grant, visit.language)
    desk = Desk(visit, found, mending)
    return MyWordsPage(
        is_child=found.reader.is_child,
        child_name=found.child.first_name,
        content_language=found.content_language,
        team=found.team,
        worker=found.worker_first_name,
        sentences=desk.sentences(),
        words=desk.words(),
        withdrawals=found.withdrawals,
        limit=text_limit(visit),
        back_url=url_for("family_overview.overview", case_id=case_id),
        messages_url=url_for("family_conversation.conversation", case_id=case_id),
        say_url=url_for("family_views.start", case_id=case_id),
        see_more_url=url_for("family_overview.ask_to_see_more", case_id=case_id),
        answer_url=url_for("family_my_words.answer", case_id=case_id),
        sentence_url=url_for("family_my_words.sentence", case_id=case_id),
        errors=errors,
    )


def page_to_mend(visit: Visit, box: Box, errors: tuple[ShownError, ...]) -> Page:
    """The page with what was written and what is wrong; before the person's own code, the question for that.

    Raises `CoreError`, and `DownError` without a core. What was written is in a draft by then.
    """
    if is_locked(visit):
        return locked_page(url_for("family_my_words.words", case_id=case_of(visit), write=box.about_id))
    if visit.grant.keep_only:
        raise DownError
    page = words_page(visit, box, errors)
    visit.note_seen("my_words")
    return page


def question_is_open(visit: Visit, question_id: str) -> bool:
    """Can it still be answered? While that cannot be asked, the answer is kept, and the core decides."""
    return _known(visit, lambda found: is_open(found, question_id))


def sentence_is_open(visit: Visit, sentence_id: str) -> bool:
    """Can it still be corrected? As `question_is_open`."""
    return _known(visit, lambda found: can_be_corrected(found, sentence_id))


def send_answer(visit: Visit, question_id: str, answer: ShareAnswer, written: Written) -> str:
    """Put a yes or no into the letterbox, with words or without. Gives the id it is kept under."""
    content: dict[str, object] = {
        "question_id": question_id,
        "answer": answer.value,
        "body": written.text,
        "language": visit.language,
    }
    return _send(visit, SubmissionKind.SHARING_ANSWER, written, content, question_id)


def send_sentence_answer(visit: Visit, sentence_id: str, written: Written, *, right: bool) -> str:
    """Put into the letterbox that a sentence is right, or what it is to say instead. Gives the id it is kept under."""
    text = "" if right else written.text
    content: dict[str, object] = {"sentence_id": sentence_id, "right": right, "body": text, "language": visit.language}
    return _send(visit, SubmissionKind.SENTENCE_ANSWER, written, content, sentence_id)


def _send(visit: Visit, kind: SubmissionKind, written: Written, content: dict[str, object], about_id: str) -> str:
    key = words_key(case_of(visit), about_id)
    return put_in_box(visit, NewSubmission(written.id, kind, content, target_id=about_id, draft_key=key))


def _known(visit: Visit, of: Callable[[MyWords], bool]) -> bool:
    if visit.grant.keep_only:
        return True
    try:
        return of(visit.core.my_words(visit.grant, visit.language))
    except CoreError:
        return True
