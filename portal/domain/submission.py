"""What a person sends: the kinds, where they go, and their content on its way to the core."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from portal.domain.people import Actor


class SubmissionKind(StrEnum):
    """What is sent. The value is stored with the row and is a stable word of the portal."""

    MESSAGE = "message"
    COMMENT = "comment"
    REFERRAL = "referral"
    CLASSIFICATION = "classification"
    REFERRAL_MESSAGE = "referral_message"
    REPLY = "reply"
    OPENED = "opened"
    ACCESS_REQUEST = "access_request"
    REMARK_ANSWER = "remark_answer"
    APPEAL = "appeal"
    SHARING_ANSWER = "sharing_answer"
    SENTENCE_ANSWER = "sentence_answer"
    STAYS_OPEN = "stays_open"
    SHARING_QUESTION = "sharing_question"
    SHARING_DECISION = "sharing_decision"
    STOP_MESSAGE = "stop_message"
    COMPLAINT = "complaint"
    COMPLAINT_ANSWER = "complaint_answer"
    VIEW = "view"
    INFLUENCE_ANSWER = "influence_answer"
    INFLUENCE_LATER = "influence_later"
    VISIT_WISH = "visit_wish"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True)
class Destination:
    """The opaque ids a submission is addressed to; each is None where it does not apply."""

    case_id: str | None = None
    thread_id: str | None = None
    referral_id: str | None = None


@dataclass(frozen=True)
class Submission:
    """One thing to bring to the core, under an id that is also its idempotency key and the entity's id there.

    `content` holds only JSON values, its keys by kind:

    - message, reply, referral_message: `body`, `language`; a message may have `attachments` (list of {id, media_type,
      sha256, bytes, evidence}, whose contents go before it), and perhaps an empty `body`; a reply may have
      `acknowledged` ({kinds, reason}: the worker was shown what it would give away and sends it all the same)
    - comment: `plan_id`, `plan_version`, `target_type`, `target_id`, `body`, `language`; perhaps `stance` (of
      `domain.words`), and then the body may be empty
    - referral: `answers` (list of {question, answer}), `language`, `number` ({scheme, value}) where known;
      `attachments` where a message could not be brought where it was written
    - classification: `item_id` (a message of the family, or the asking for help), `item_class` (of
      `domain.classification`), `reason`
    - opened: `message_id` (the last one that was opened)
    - reply that is no answer yet: `answer_promised_for` (ISO date), too
    - access_request: `body` (may be empty), `language`; it names no document (rules.md R11)
    - appeal: `about_id` (the decision, or refused wish to see more, it is against), `body` (may be empty), `language`
    - sharing_answer: `question_id`, `answer` ("yes" or "no"), `body` (may be empty), `language`
    - sentence_answer: `sentence_id`, `right` (bool), `body` (the correction; empty when right), `language`
    - stays_open: `choices` (list of {person_id, stays_open}), `language`
    - sharing_question: `words_id` (the item asked about), `person_id` (who would read it), `why`, `language`; perhaps
      `acknowledged`
    - sharing_decision: `words_id`, `person_id`, `decision` ("release", "keep" or "override"), `reason_code` (of the
      country's pack, for an override, else None), `tell_author_from` (ISO date or None), `language`; perhaps
      `acknowledged`
    - view: `occasion` ({code, text}), `answers` (list of {question: {code, text}, chosen: list of {code, text},
      words}), `language`; each text as it was read
    - influence_answer: `view_id`, `heard`, `changed`, `not_changed` (one of these two may be empty), `language`;
      perhaps `acknowledged`
    - influence_later: `view_id`, `reason`, `until` (ISO date), `language`
    - visit_wish: `about_id` (the arrangement or visit, or None for all of it), `wish` (of `domain.visits.VisitWish`),
      `body` (may be empty, but not with `say`), `language`
    - consent_withdrawn: `body` (may be empty), `language`
    - stop_message: `message_id`, `reason` (may be empty)
    - complaint: `about` (of `domain.complaint`), `not_these` (list of worker ids it is about), `other_worker` (bool),
      `body`, `language`
    - complaint_answer: `complaint_id`, `body`, `language`
    - remark_answer: `remark_id` (the comment, access request or appeal it answers), `body`, `language`; for an answer
      that its reader finds here `outcome` (of `domain.request`), and `reason_code` (of the country's pack) with a no;
      perhaps `acknowledged`
    """

    id: str
    kind: SubmissionKind
    actor: Actor
    destination: Destination
    composed_at_utc: datetime
    content: dict[str, object] = field(repr=False)
