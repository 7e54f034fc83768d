"""Every action the portal knows. A route names one; a route without one cannot be registered (house.md, ring 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from portal.domain.people import Assurance, Realm


class Scope(StrEnum):
    """What a grant of the core opens, in the core's own contract."""

    OVERVIEW = "overview"
    PLAN = "plan"
    COMMENT = "comment"
    CONVERSATION = "conversation"


class Needs(Enum):
    """What an action is about, and so which facts it needs."""

    NOTHING = "nothing"
    SIGNED_IN = "signed_in"
    PERSON = "person"
    CASE = "case"
    REFERRAL = "referral"
    WORKER = "worker"
    THREAD = "thread"


@dataclass(frozen=True)
class Action:
    """One thing that can be done.

    `carries_in`: it only carries words towards the core, so that the words are kept even while the core
    cannot be asked (rules.md, "Help cannot be blocked"); the delivery worker decides again with fresh facts.
    `seen`: the name under which reading is written to the audit journal, or None for what shows no case, and for
    what shows one only now and then (`Visit.note_seen`).
    `polls`: a page that lies open asks by itself; nobody has read anything yet.
    """

    name: str
    realm: Realm | None
    needs: Needs
    scope: Scope | None = None
    assurance: Assurance = Assurance.LOW
    carries_in: bool = False
    seen: str | None = None
    polls: bool = False


_SUBSTANTIAL = Assurance.SUBSTANTIAL
_HIGH = Assurance.HIGH
_FAMILY = Realm.FAMILY
_STAFF = Realm.STAFF

PUBLIC = Action("public", None, Needs.NOTHING)
USE_ACCOUNT = Action("use_account", _FAMILY, Needs.SIGNED_IN)
USE_STAFF_ACCOUNT = Action("use_staff_account", _STAFF, Needs.SIGNED_IN)

SEE_HOME = Action("see_home", _FAMILY, Needs.PERSON, assurance=_SUBSTANTIAL, seen="home")
SEE_OVERVIEW = Action("see_overview", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, seen="overview")
SEE_PLAN = Action("see_plan", _FAMILY, Needs.CASE, Scope.PLAN, _SUBSTANTIAL, seen="plan")
COMMENT_ON_PLAN = Action("comment_on_plan", _FAMILY, Needs.CASE, Scope.COMMENT, _SUBSTANTIAL, carries_in=True)
SEE_CONVERSATION = Action(
    "see_conversation", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, seen="conversation"
)
SEE_NEWS = Action("see_news", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, polls=True)
WRITE_MESSAGE = Action("write_message", _FAMILY, Needs.CASE, Scope.CONVERSATION, _SUBSTANTIAL, carries_in=True)
ASK_TO_SEE_MORE = Action("ask_to_see_more", _FAMILY, Needs.CASE, Scope.OVERVIEW, _SUBSTANTIAL, carries_in=True)

ASK_FOR_HELP = Action("ask_for_help", _FAMILY, Needs.SIGNED_IN, carries_in=True)
SEE_SENT = Action("see_sent", _FAMILY, Needs.SIGNED_IN)
SEE_HELP_ANSWER = Action("see_help_answer", _FAMILY, Needs.REFERRAL, seen="help_answer")
WRITE_ON_HELP = Action("write_on_help", _FAMILY, Needs.REFERRAL, carries_in=True)

SEE_INBOX = Action("see_inbox", _STAFF, Needs.WORKER, assurance=_HIGH, seen="inbox")
READ_THREAD = Action("read_thread", _STAFF, Needs.THREAD, assurance=_HIGH, seen="thread")
REPLY = Action("reply", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)
MARK_OPENED = Action("mark_opened", _STAFF, Needs.THREAD, assurance=_HIGH, carries_in=True)

ACTIONS: dict[str, Action] = {action.name: action for action in list(globals().values()) if isinstance(action, Action)}
"""Every action by name, for stored submissions and the generated access table."""
