"""Every action the portal knows. A route names one; a route without one cannot be registered (house.md, ring 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum

from portal.domain.people import Assurance, Realm, Relation


class Scope(StrEnum):
    """What a grant of the core opens, in the core's own contract."""

    OVERVIEW = "overview"
    PLAN = "plan"
    COMMENT = "comment"
    CONVERSATION = "conversation"
    DOCUMENTS = "documents"


_OF_ITEMS = frozenset({Scope.OVERVIEW, Scope.PLAN, Scope.DOCUMENTS})


class Needs(Enum):
    """What an action is about, and so which facts it needs."""

    NOTHING = "nothing"
    SIGNED_IN = "signed_in"
    PERSON = "person"
    CASE = "case"
    REFERRAL = "referral"
    WORKER = "worker"
    THREAD = "thread"
    CHILD = "child"
    WORKERS_CASE = "workers_case"


@dataclass(frozen=True)
class Action:
    """One thing that can be done.

    `carries_in`: it only carries words towards the core, so that the words are kept even while the core
    cannot be asked (rules.md, "Help cannot be blocked"); the delivery worker decides again with fresh facts.
    `seen`: the name under which reading is written to the audit journal, or None for what shows no case, and for
    what shows one only now and then (`Visit.note_seen`).
    `polls`: a page that lies open asks by itself; nobody has read anything yet.
    `freshness`: the person must have proved who they are within this time (step-up; sign-in.md item 28).
    `in_person`: open also to a child whom a caseworker enrolled in person (rules.md R4); nothing is by default.
    `own_words`: shows what the person has written, so their optional code stands before it (rules.md R20).
    `decisions`: tells of decisions, which a guardian may not be told of where that is dangerous (rules.md R9).
    `relations`: only for these; None for every relation a family has, and for whoever works here.
    """

    name: str
    realm: Realm | None
    needs: Needs
    scope: Scope | None = None
    assurance: Assurance = Assurance.LOW
    carries_in: bool = False
    seen: str | None = None
    polls: bool = False
    freshness: timedelta | None = None
    in_person: bool = False
    own_words: bool = False
    decisions: bool = False
    relations: frozenset[Relation] | None = None

    @property
    def shows_items(self) -> bool:
        """Shows what the service has released about a case, and so must know what is withheld (rules.md R11)."""
        return self.scope in _OF_ITEMS and not self.carries_in


_SUBSTANTIAL = Assurance.SUBSTANTIAL
_HIGH = Assurance.HIGH
_FAMILY = Realm.FAMILY
_STAFF = Realm.STAFF

_JUST_NOW = timedelta(minutes=5)
"""A step-up is for what is opened now, not for the rest of the day (sign-in.md §1.3, `stepup_max_age`)."""

PUBLIC = Action("public", None, Needs.NOTHING, in_person=True)
USE_ACCOUNT = Action("use_account", _FAMILY, Needs.SIGNED_IN, in_person=True)
USE_STAFF_ACCOUNT = Action("use_staff_account", _STAFF, Needs.SIGNED_IN)

ASK_TIME_LEFT = Action("ask_time_left", _FAMILY, Needs.SIGNED_IN, polls=True, in_person=True)
ASK_STAFF_TIME_LEFT = Action("ask_staff_time_left", _STAFF, Needs.SIGNED_IN, polls=True)

SEE_HOME = Action("see_home", _FAMILY, Needs.PERSON, assurance=_SUBSTANTIAL, seen="home", in_person=True)
SEE_OVERVIEW = Action(
    "see_overview", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, seen="overview", in_person=True
)
SEE_PLAN = Action("see_plan", _FAMILY, Needs.CASE, Scope.PLAN, _SUBSTANTIAL, seen="plan", in_person=True)
COMMENT_ON_PLAN = Action(
    "comment_on_plan", _FAMILY, Needs.CASE, Scope.COMMENT, _SUBSTANTIAL, carries_in=True, in_person=True
)
SEE_CONVERSATION = Action(
    "see_conversation",
    _FAMILY,
    Needs.CASE,
    Scope.CONVERSATION,
    _SUBSTANTIAL,
    seen="conversation",
    in_person=True,
    own_words=True,
)
SEE_NEWS = Action(
    "see_news", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, polls=True, in_person=True, own_words=True
)
WRITE_MESSAGE = Action(
    "write_message", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, carries_in=True, in_person=True
)
GIVE_VIEW = Action("give_view", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, carries_in=True, in_person=True)
"""Say what one thinks, by occasion."""
ASK_TO_SEE_MORE = Action(
    "ask_to_see_more", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True
)
WITHDRAW_CONSENT = Action(
    "withdraw_consent", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True
)
"""Say that one no longer agrees to help that is voluntary."""
SEE_DOCUMENTS = Action("see_documents", _FAMILY, Needs.CASE, Scope.DOCUMENTS, _SUBSTANTIAL, seen="documents")
SEE_DOCUMENT = Action("see_document", _FAMILY, Needs.CASE, Scope.DOCUMENTS, _HIGH, freshness=_JUST_NOW)
"""Whoever shows it notes which document was seen, when the core has given it."""

SEE_REQUESTS = Action(
    "see_requests",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    seen="requests",
    in_person=True,
    own_words=True,
)
"""What became of one's wishes to see more (R11)."""
SEE_DECISIONS = Action(
    "see_decisions",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    seen="decisions",
    in_person=True,
    decisions=True,
)
"""That there is a decision, its easy explanation and the last day to appeal: at any age and assurance (R8, R9)."""
APPEAL = Action("appeal", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True)
SEE_MY_WORDS = Action(
    "see_my_words",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    seen="my_words",
    in_person=True,
    own_words=True,
)
"""What one has said, and who has been let read it (R13)."""
ANSWER_ABOUT_WORDS = Action(
    "answer_about_words", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True
)
"""Whether somebody else may read what one has said, and whether one's view is put down rightly (R13)."""
SEE_RIGHTS = Action("see_rights", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, seen="rights", in_person=True)
"""What one has a right to in the phase of one's case."""
SEE_ON_PAPER = Action(
    "see_on_paper",
    _FAMILY,
    Needs.CASE,
    Scope.PLAN,
    _SUBSTANTIAL,
    seen="on_paper",
    in_person=True,
    decisions=True,
)
"""All that one may see but documents, on one page to print or save (rules.md R18)."""
SEE_OWN_COMPLAINTS = Action(
    "see_own_complaints",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    seen="own_complaints",
    in_person=True,
    own_words=True,
)
"""What one has said about whoever works with one, and the answer (rules.md, safety 11)."""
WRITE_COMPLAINT = Action(
    "write_complaint", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True
)
SEE_TRAIL = Action(
    "see_trail", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, seen="trail", in_person=True, own_words=True
)
"""Who has looked at or changed what in one's own projection (R17); that messages were read says that there are some."""
SEE_WHO_STAYS = Action(
    "see_who_stays",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    seen="who_stays",
    in_person=True,
    own_words=True,
    relations=frozenset({Relation.SELF}),
)
"""Who could see something until one is 18, and what one has chosen for each of them since (R15)."""
CHOOSE_WHO_STAYS = Action(
    "choose_who_stays",
    _FAMILY,
    Needs.CASE,
    Scope.OVERVIEW,
    _SUBSTANTIAL,
    carries_in=True,
    in_person=True,
    relations=frozenset({Relation.SELF}),
)
"""A young adult says what stays open to whom (R15)."""
SEE_VISITS = Action("see_visits", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, seen="visits", in_person=True)
"""Whom a child sees and where it lives, without the place for whom that is shielded from (R1, R2, R4)."""
SAY_ABOUT_VISITS = Action(
    "say_about_visits", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True, in_person=True
)
"""More, less, not now, or something to say: to the team alone (R13)."""

ASK_FOR_HELP = Action("ask_for_help", _FAMILY, Needs.SIGNED_IN, carries_in=True, in_person=True)
SEE_SENT = Action("see_sent", _FAMILY, Needs.SIGNED_IN, in_person=True, own_words=True)
SEE_HELP_ANSWER = Action("see_help_answer", _FAMILY, Needs.REFERRAL, seen="help_answer", in_person=True, own_words=True)
WRITE_ON_HELP = Action("write_on_help", _FAMILY, Needs.REFERRAL, carries_in=True, in_person=True)

SEE_INBOX = Action("see_inbox", _STAFF, Needs.WORKER, assurance=_HIGH, seen="inbox")
SEE_INBOX_NEWS = Action("see_inbox_news", _STAFF, Needs.WORKER, assurance=_HIGH, polls=True)
"""Whether anything in the inbox is new; the answer says no more than that."""
READ_THREAD = Action("read_thread", _STAFF, Needs.THREAD, assurance=_HIGH, seen="thread")
REPLY = Action("reply", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
MARK_OPENED = Action("mark_opened", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
STOP_MESSAGE = Action("stop_message", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
"""A message went to the wrong person: hide it at once and report a breach (rules.md, safety 13)."""
CLASSIFY = Action("classify", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
"""Say that something of a family is a report of concern, an application for help, or neither (R21)."""
SEE_SHARING = Action("see_sharing", _STAFF, Needs.THREAD, assurance=_HIGH, seen="sharing")
DECIDE_SHARING = Action("decide_sharing", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
"""Ask an author whether somebody may read their words, release what they said yes to, or override (R13)."""
_LEADERS = frozenset({Relation.LEADER})
SEE_COMPLAINTS = Action("see_complaints", _STAFF, Needs.WORKER, assurance=_HIGH, seen="complaints", relations=_LEADERS)
"""What was said about those who work here, by whoever has got it: a leader whom it is not about."""
ANSWER_COMPLAINT = Action(
    "answer_complaint", _STAFF, Needs.WORKER, assurance=_HIGH, carries_in=True, relations=_LEADERS
)
PREVIEW = Action("preview", _STAFF, Needs.WORKERS_CASE, assurance=_HIGH, seen="preview")
"""See a page as one of one's families would; read only."""
SEE_CHILDREN = Action("see_children", _STAFF, Needs.WORKER, assurance=_HIGH, seen="children")
ENROL_CHILD = Action("enrol_child", _STAFF, Needs.CHILD, assurance=_HIGH, seen="way_in")
"""Let a child in without a national ID, take that away, or reset its code: the child of one's own cases (R4, R20)."""

ACTIONS: dict[str, Action] = {action.name: action for action in list(globals().values()) if isinstance(action, Action)}
"""Every action by name, for stored submissions and the generated access table."""
