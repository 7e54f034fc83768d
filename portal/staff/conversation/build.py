"""Lays out the remarks of a thread: each with its answer, or with the answer on its way, or with a box for one."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.conversation import Message, Remark, RemarkKind
from portal.domain.delivery import DeliveryState
from portal.domain.submission import SubmissionKind
from portal.outbox.box import SentItem
from portal.staff.conversation.forms import ANSWER, answer_key
from portal.staff.conversation.pages import AnswerBox, ShownRemark
from portal.web.forms import new_id
from portal.web.visit import Visit
from portal.web.writing import OnItsWay, begun


@dataclass(frozen=True)
class Waiting:
    """What this worker has sent in a thread and the core does not show yet, oldest first."""

    replies: tuple[OnItsWay, ...]
    answers: tuple[tuple[str, OnItsWay], ...]
    """With the remark each is about."""

    def not_in(self, messages: tuple[Message, ...]) -> tuple[OnItsWay, ...]:
        """The replies the core does not show yet."""
        shown = {message.id for message in messages}
        return tuple(item for item in self.replies if item.id not in shown)

    def to(self, remark_id: str) -> tuple[OnItsWay, ...]:
        """The answers to one remark."""
        return tuple(item for about, item in self.answers if about == remark_id)


def waiting_in(visit: Visit, thread_id: str) -> Waiting:
    """What is on its way, from the portal's own rows."""
    found = visit.parts.box.waiting(visit.service.id, visit.session.account_id, thread_id)[::-1]
    replies = tuple(_coming(item) for item in found if item.kind is SubmissionKind.REPLY)
    answers = (item for item in found if item.kind is SubmissionKind.REMARK_ANSWER)
    return Waiting(replies, tuple((item.target_id or "", _coming(item)) for item in answers))


@dataclass(frozen=True)
class Desk:
    """The remarks of one thread being laid out. `mending` is a box whose text could not be taken in."""

    visit: Visit
    thread_id: str
    waiting: Waiting
    mending: AnswerBox | None

    def shown(self, remarks: tuple[Remark, ...], kind: RemarkKind) -> tuple[ShownRemark, ...]:
        """Those of one kind, oldest first."""
        return tuple(self._shown(remark) for remark in remarks if remark.kind is kind)

    def _shown(self, remark: Remark) -> ShownRemark:
        coming = () if remark.answer is not None else self.waiting.to(remark.id)
        return ShownRemark(remark, coming, self._box(remark, coming))

    def _box(self, remark: Remark, coming: tuple[OnItsWay, ...]) -> AnswerBox | None:
        if self.mending is not None and self.mending.remark_id == remark.id:
            return self.mending
        if remark.answer is not None or any(item.state is not DeliveryState.REJECTED for item in coming):
            return None
        if self.visit.query(ANSWER) != remark.id:
            return AnswerBox(remark.id, new_id(), "", begun=False, draft_until=None)
        written = begun(self.visit, answer_key(self.thread_id, remark.id))
        return AnswerBox(remark.id, written.id, written.text, begun=True, draft_until=written.draft_until)


def _coming(item: SentItem) -> OnItsWay:
    return OnItsWay(item.id, item.composed_at_utc, item.state)
